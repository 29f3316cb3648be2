// What a state still owes to an earlier word: twin networks that missed the word.

import type { CellWeights } from './cells/cell.js';
import { cells } from './cells/index.js';
import type { Floats, Kernel } from './kernels/kernel.js';
import { kernelOf } from './kernels/reference.js';
import { Unrolled, roomFor, unroll, type InitialState } from './sequence.js';

/** How far one twin has come: its state after step `reach`, and its distances so far. */
interface Twin {
  reach: number;
  readonly h: Floats;
  readonly c: Floats;
  /** m(t, k) at index t − k. */
  readonly distances: number[];
}

/**
 * Twin networks, each of which read a zero vector in place of one word. m(t,k) = ‖s_t − s_t⁽⁻ᵏ⁾‖₂ with s = h, or [h; c]
 * for the LSTM, is the absolute memory of word k at step t; divided by its imprint m(k,k) it is what the bars show.
 * Each twin goes on from where it stopped, so that one step forward costs one batched step. Twins run under the same
 * interventions as the real network; of a word that it skips they are its equals, at distance 0.
 */
export class Twins {
  private readonly twins = new Map<number, Twin>();
  /** Working memory of one step for so many twins at once. */
  private readonly lanes = new Map<number, Unrolled>();

  /**
   * @param weights of the real network, which its twins share.
   * @param real what it did so far (`rows` = 1), on the kernel of the weights; may grow between calls.
   */
  constructor(
    private readonly weights: CellWeights,
    private readonly real: Unrolled,
  ) {}

  /** m(t, word), or NaN if it was not asked for by `ensure` yet. */
  distance(t: number, word: number): number {
    return this.twins.get(word)?.distances[t - word] ?? NaN;
  }

  /**
   * Computes m(t, k) for every k of `words` (those after t are ignored), all twins of one step as one batch.
   * @throws RangeError if the real network has not done step t yet.
   */
  ensure(t: number, words: Iterable<number>): void {
    if (t >= this.real.length) throw new RangeError(`step ${t} has not been done yet`);
    const behind: number[] = [];
    let from = t + 1;
    for (const word of new Set(words)) {
      if (word > t || word < 0) continue;
      const reach = this.twins.get(word)?.reach ?? word - 1;
      if (reach >= t) continue;
      behind.push(word);
      from = Math.min(from, reach + 1);
    }
    for (let step = from; step <= t; step++) {
      const due = behind.filter((word) => (this.twins.get(word)?.reach ?? word - 1) === step - 1);
      for (let first = 0; first < due.length;) {
        const size = laneSizes.find((rows) => rows <= due.length - first) ?? 1;
        this.step(step, due.slice(first, first + size));
        first += size;
      }
    }
  }

  /** How many cell steps `ensure` would take. */
  cost(t: number, words: Iterable<number>): number {
    let steps = 0;
    for (const word of new Set(words)) {
      if (word >= 0 && word <= t)
        steps += Math.max(0, t - (this.twins.get(word)?.reach ?? word - 1));
    }
    return steps;
  }

  /** Takes over what another set of twins found about the first `length` steps, which both sequences share. */
  adopt(other: Twins, length: number): void {
    for (const [word, twin] of other.twins) {
      if (twin.reach >= length) continue;
      // the distances grow with each step, so each owner has its own
      this.twins.set(word, { ...twin, distances: [...twin.distances] });
    }
  }

  private step(t: number, words: readonly number[]): void {
    const { weights, real } = this;
    const H = weights.hiddenSize;
    const N = words.length;
    const width = weights.biasIh.length;
    const { hasCellState } = cells[weights.cell];
    const actual = real.steps[t];
    const lane = this.lane(N);
    // twins are held and skip what the real network does
    Object.assign(lane.steps[0], { held: actual.held, skipped: actual.skipped });
    words.forEach((word, n) => {
      // a zero vector contributes nothing but the bias
      lane.input.set(word === t ? weights.biasIh : actual.input, n * width);
      const before = this.twins.get(word);
      lane.h.set(before?.h ?? actual.hPrevious, n * H);
      if (hasCellState) lane.c.set(before?.c ?? actual.cPrevious, n * H);
    });
    kernelOf(weights).forward(weights, lane, 0, 1);
    words.forEach((word, n) => {
      const h = lane.h.slice((N + n) * H, (N + n + 1) * H);
      const c = lane.c.slice((N + n) * H, (N + n + 1) * H);
      let sum = 0;
      for (let j = 0; j < H; j++) {
        const dh = h[j] - actual.h[j];
        const dc = hasCellState ? c[j] - actual.c[j] : 0;
        sum += dh * dh + dc * dc;
      }
      const distances = this.twins.get(word)?.distances ?? [];
      distances.push(Math.sqrt(sum));
      this.twins.set(word, { reach: t, h, c, distances });
    });
  }

  private lane(rows: number): Unrolled {
    let lane = this.lanes.get(rows);
    if (!lane) {
      lane = new Unrolled(this.weights, rows, 1);
      this.lanes.set(rows, lane);
    }
    return lane;
  }
}

/** How many twins go together, so that a workspace needs memory for few sizes only. */
const laneSizes = [64, 8, 1];

/** How many numbers of a workspace (`Kernel.open`) `Twins` of these weights need besides what they follow. */
export function roomForTwins(weights: CellWeights): number {
  return laneSizes.reduce((sum, rows) => sum + roomFor(weights, rows, 1), 0);
}

/**
 * The whole table m(t,k), `[T × T]` row-major with zeros for k > t.
 * @param x `[T × I]` inputs.
 * @param initial the state all twins start from. Default zeros.
 * @param kernel what computes it. Default that of the weights; in float32, distances carry an error of about 1e-6 of the states.
 */
export function memoryMatrix(
  weights: CellWeights,
  x: ArrayLike<number>,
  initial: InitialState = {},
  kernel: Kernel = kernelOf(weights),
): Float64Array {
  const T = x.length / weights.inputSize;
  const room = kernel.open(roomFor(weights, 1, T) + roomForTwins(weights));
  const loaded = room.load(weights);
  const unrolled = unroll(loaded, x, initial);
  const twins = new Twins(loaded, unrolled);
  const table = new Float64Array(T * T);
  const words = Array.from({ length: T }, (_, k) => k);
  if (T > 0) twins.ensure(T - 1, words);
  for (let t = 0; t < T; t++) {
    for (let k = 0; k <= t; k++) table[t * T + k] = twins.distance(t, k);
  }
  return table;
}
