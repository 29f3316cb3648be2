// Runs work in slices beside a page: a few milliseconds at a time, input and painting in between, nothing left behind.

import { workFor, type Slices } from '../slices.js';

/** Work that is under way. */
export interface Pumped<T> {
  /** What the work returns; null if it was cancelled. Rejected with what it throws. */
  readonly result: Promise<T | null>;
  /** Leaves the work where it is. It can be taken up again by another pump. */
  cancel(): void;
}

/**
 * Does the work in tasks of its own.
 * @param budget milliseconds of a task, overrun by at most one slice.
 */
export function pump<T>(work: Slices<T>, budget: number, now: () => number): Pumped<T> {
  let cancel = (): void => undefined;
  const result = new Promise<T | null>((resolve, reject) => {
    const tasks = new Tasks(() => {
      try {
        const { done, value } = workFor(work, budget, now);
        if (done) {
          tasks.close();
          resolve(value);
        } else tasks.next();
      } catch (error) {
        tasks.close();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    cancel = () => {
      tasks.close();
      resolve(null);
    };
    tasks.next();
  });
  return { result, cancel };
}

/** Runs something again and again, each time in a task that waits its turn. */
class Tasks {
  private open = true;
  private readonly channel = new MessageChannel();

  constructor(private readonly run: () => void) {
    this.channel.port1.onmessage = () => {
      if (this.open) run();
    };
  }

  next(): void {
    const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => void };
    // timers of a page are slowed down to 4 ms; in Node it is messages that let nothing else have a turn
    if (setImmediate) setImmediate(() => this.open && this.run());
    else this.channel.port2.postMessage(null);
  }

  close(): void {
    this.open = false;
    this.channel.port1.close();
  }
}
