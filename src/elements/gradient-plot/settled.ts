// Numbers that take a while, computed once the reader stays where they are.

/** As long as the last ones took no longer than this, they are computed at once; else after a pause. Milliseconds. */
const quick = 20;
const pause = 150;

export class Settled<T> {
  private known: { readonly key: readonly unknown[]; readonly value: T } | null = null;
  private awaited: readonly unknown[] | null = null;
  private took = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param changed called when there is a value that was not there when it was asked for. */
  constructor(private readonly changed: () => void) {}

  /** The value for a key; null until it has been computed. */
  get(key: readonly unknown[], compute: () => T): T | null {
    if (this.known && same(this.known.key, key)) return this.known.value;
    if (this.took <= quick) return this.compute(key, compute);
    if (this.awaited && same(this.awaited, key)) return null;
    this.awaited = key;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.awaited = null;
      try {
        this.compute(key, compute);
      } catch {
        // the next drawing comes upon it, and says so
        this.took = 0;
      }
      this.changed();
    }, pause);
    return null;
  }

  /** Nothing is computed any more that was asked for before. */
  stop(): void {
    clearTimeout(this.timer);
    this.awaited = null;
  }

  private compute(key: readonly unknown[], compute: () => T): T {
    const start = performance.now();
    const value = compute();
    this.took = performance.now() - start;
    this.known = { key, value };
    return value;
  }
}

const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((each, i) => each === b[i]);
