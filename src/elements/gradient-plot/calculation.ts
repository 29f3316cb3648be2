// Computes what the plot shows: at once what a frame has room for, the rest in slices between frames.

import type { CellType, Kernel } from '../../engine/index.js';
import {
  bandOf,
  lineOf,
  sharesOf,
  type GradientBand,
  type GradientLine,
  type GradientQuantity,
  type GradientShares,
} from '../../model/gradients/curves.js';
import type { GradientRun } from '../../model/gradients/run.js';
import { workFor, type Slices } from '../../model/slices.js';

/** What is to be computed. */
export interface Wanted {
  readonly runs: readonly GradientRun[];
  /** The step it goes back from. */
  readonly t: number;
  readonly quantity: GradientQuantity;
  /** While something is being dragged: the lines alone, on the fast kernel if there is one. */
  readonly draft: boolean;
  readonly kernel: Kernel | null;
}

/** What has been computed, of one and the same input. */
export interface Result {
  readonly wanted: Wanted;
  readonly lines: ReadonlyMap<CellType, GradientLine>;
  readonly bands: ReadonlyMap<CellType, GradientBand>;
  readonly shares: ReadonlyMap<CellType, GradientShares>;
  /** Whether there is more to come. */
  readonly complete: boolean;
}

/** Milliseconds for what is shown in the very next frame, and for each later slice. */
const atOnce = 24;
const slice = 8;

export class Calculation {
  /** The last one: of what is wanted now, unless that has not come so far. */
  result: Result | null = null;
  private wanted: Wanted | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** A draft that is under way. */
  private drafting = false;

  /**
   * @param changed called when there is more of the result than at the last call of `want`.
   * @param failed called when it can't be computed.
   */
  constructor(
    private readonly changed: () => void,
    private readonly failed: () => void,
  ) {}

  /** Begins to compute this, unless it is what is computed already. The last result stays until there are new lines. */
  want(wanted: Wanted): void {
    if (this.wanted && sameWanted(this.wanted, wanted)) return;
    this.wanted = wanted;
    // a hand that goes on dragging would never see the end of a draft that takes longer than its next move
    if (wanted.draft && this.drafting) return;
    this.begin(wanted);
  }

  private begin(wanted: Wanted): void {
    clearTimeout(this.timer);
    this.drafting = wanted.draft;
    this.go(this.plan(wanted), atOnce, wanted);
  }

  /** The result, if it is of what is wanted now. */
  get current(): Result | null {
    return this.result?.wanted === this.wanted ? this.result : null;
  }

  /** Leaves what is not done yet; the same may be wanted again. */
  stop(): void {
    clearTimeout(this.timer);
    this.drafting = false;
    this.wanted = null;
  }

  private go(work: Slices<undefined>, milliseconds: number, wanted: Wanted): void {
    let done: boolean | undefined;
    try {
      ({ done } = workFor(work, milliseconds));
    } catch {
      this.drafting = false;
      this.failed();
      return;
    }
    if (done) this.drafting = false;
    const next = done && this.wanted !== wanted ? this.wanted : null;
    if (done && !next) return;
    this.timer = setTimeout(() => {
      const before = this.result;
      if (next) this.begin(next);
      else this.go(work, slice, wanted);
      if (this.result !== before) this.changed();
    });
  }

  private *plan(wanted: Wanted): Slices<undefined> {
    const { runs, t, quantity, draft, kernel } = wanted;
    const lines = new Map<CellType, GradientLine>();
    const bands = new Map<CellType, GradientBand>();
    const shares = new Map<CellType, GradientShares>();
    const publish = (complete: boolean): void => {
      this.result = {
        wanted,
        lines,
        bands: new Map(bands),
        shares: new Map(shares),
        complete,
      };
    };
    const able = runs.filter((run) => quantity === 'state' || run.target(t) !== null);
    for (const run of able) {
      lines.set(
        run.cell,
        yield* lineOf(run, quantity, t, draft ? (kernel ? { kernel } : { coarse: true }) : {}),
      );
    }
    publish(draft || able.length === 0);
    if (draft) return;
    if (quantity === 'loss') {
      for (const run of able) shares.set(run.cell, yield* sharesOf(run, t));
      publish(false);
    }
    for (const run of able) {
      yield;
      const band = yield* bandOf(run, quantity, t);
      if (band) bands.set(run.cell, band);
    }
    publish(true);
  }
}

const sameWanted = (a: Wanted, b: Wanted): boolean =>
  a.t === b.t &&
  a.quantity === b.quantity &&
  a.draft === b.draft &&
  a.kernel === b.kernel &&
  a.runs.length === b.runs.length &&
  a.runs.every((run, i) => run === b.runs[i]);
