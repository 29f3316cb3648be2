// What a state still owes to an earlier word: twins that missed the word, and Jacobians as local influence.

import type { CellStep, CellWeights } from './cells/cell.js';
import { cells, stateSize } from './cells/index.js';
import { matrix, multiply, norm } from './products.js';
import { unroll, type InitialState, type Unrolled } from './sequence.js';

/** How far one twin has come: its state after step `reach`, and its distances so far. */
interface Twin {
  reach: number;
  readonly h: Float64Array;
  readonly c: Float64Array;
  /** m(t, k) at index t − k. */
  readonly distances: number[];
}

/**
 * Twin networks, each of which read a zero vector in place of one word. m(t,k) = ‖s_t − s_t⁽⁻ᵏ⁾‖₂ with s = h, or [h; c]
 * for the LSTM, is the absolute memory of word k at step t; divided by its imprint m(k,k) it is what the bars show.
 * Each twin goes on from where it stopped, so that one step forward costs one batched step.
 */
export class Twins {
  private readonly twins = new Map<number, Twin>();

  /** @param real what the real network did so far (a single row); may grow between calls. */
  constructor(
    private readonly weights: CellWeights,
    private readonly real: Unrolled,
  ) {}

  /** m(t, word), or NaN if it was not asked for by `ensure` yet. */
  distance(t: number, word: number): number {
    return this.twins.get(word)?.distances[t - word] ?? NaN;
  }

  /** Computes m(t, k) for every k of `words` (those after t are ignored), all twins of one step as one batch. */
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
      if (due.length > 0) this.step(step, due);
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
    const cell = cells[weights.cell];
    const width = weights.biasIh.length;
    const actual = real.steps[t];
    const input = new Float64Array(N * width);
    const hPrevious = new Float64Array(N * H);
    const cPrevious = new Float64Array(cell.hasCellState ? N * H : 0);
    words.forEach((word, n) => {
      // a zero vector contributes nothing but the bias
      input.set(word === t ? weights.biasIh : actual.input, n * width);
      const before = this.twins.get(word);
      hPrevious.set(before?.h ?? actual.hPrevious, n * H);
      if (cell.hasCellState) cPrevious.set(before?.c ?? actual.cPrevious, n * H);
    });
    const step: CellStep = {
      rows: N,
      input,
      hPrevious,
      cPrevious,
      gates: new Float64Array(N * width),
      kept: new Float64Array(cell.keeps ? N * H : 0),
      h: new Float64Array(N * H),
      c: new Float64Array(cell.hasCellState ? N * H : 0),
    };
    cell.forward(weights, step);
    words.forEach((word, n) => {
      let sum = 0;
      for (let j = 0; j < H; j++) {
        sum += (step.h[n * H + j] - actual.h[j]) ** 2;
        if (cell.hasCellState) sum += (step.c[n * H + j] - actual.c[j]) ** 2;
      }
      const distances = this.twins.get(word)?.distances ?? [];
      distances.push(Math.sqrt(sum));
      this.twins.set(word, {
        reach: t,
        h: step.h.slice(n * H, (n + 1) * H),
        c: cell.hasCellState ? step.c.slice(n * H, (n + 1) * H) : step.c,
        distances,
      });
    });
  }
}

/**
 * The whole table m(t,k), `[T × T]` row-major with zeros for k > t.
 * @param x `[T × I]` inputs.
 */
export function memoryMatrix(
  weights: CellWeights,
  x: Float64Array,
  initial: InitialState = {},
): Float64Array {
  const unrolled = unroll(weights, x, initial);
  const T = unrolled.length;
  const twins = new Twins(weights, unrolled);
  const table = new Float64Array(T * T);
  if (T > 0)
    twins.ensure(
      T - 1,
      Array.from({ length: T }, (_, k) => k),
    );
  for (let t = 0; t < T; t++) {
    for (let k = 0; k <= t; k++) table[t * T + k] = twins.distance(t, k);
  }
  return table;
}

/**
 * The Jacobians of one step, by sending every unit vector back through the cell's own backward step:
 * state `[S × S]` = ∂s_t/∂s_{t−1} and input `[S × I]` = ∂s_t/∂x_t, with s = h or [h; c].
 * @param step one step with a single row.
 */
export function stepJacobians(
  weights: CellWeights,
  step: CellStep,
): { readonly state: Float64Array; readonly input: Float64Array } {
  const { inputSize: I, hiddenSize: H } = weights;
  const cell = cells[weights.cell];
  const width = weights.biasIh.length;
  const S = stateSize(weights);
  const h = new Float64Array(S * H);
  const c = new Float64Array(cell.hasCellState ? S * H : 0);
  for (let j = 0; j < H; j++) {
    h[j * H + j] = 1;
    if (cell.hasCellState) c[(H + j) * H + j] = 1;
  }
  const input = new Float64Array(S * width);
  cell.backward(weights, repeatStep(step, S), {
    h,
    c,
    input,
    recurrent: cell.separateRecurrentGradient ? new Float64Array(S * width) : input,
    hPrevious: h,
    cPrevious: c,
  });
  const state = new Float64Array(S * S);
  for (let n = 0; n < S; n++) {
    state.set(h.subarray(n * H, (n + 1) * H), n * S);
    if (cell.hasCellState) state.set(c.subarray(n * H, (n + 1) * H), n * S + H);
  }
  const inputJacobian = new Float64Array(S * I);
  multiply(
    S,
    I,
    width,
    matrix(input, width),
    matrix(weights.weightIh, I),
    matrix(inputJacobian, I),
  );
  return { state, input: inputJacobian };
}

/**
 * Derivatives of the present state by every earlier input or state, carried forward: J_t,k = ∂s_t/∂s_{t−1} · J_{t−1,k}.
 * One step forward costs one product with all columns kept so far.
 */
export class JacobianRecursion {
  /** Number of sources k so far. */
  length = 0;
  /** Transposed Jacobians, `[length · columns × S]`. */
  private stack = new Float64Array(0);
  private readonly columns: number;
  private readonly size: number;

  /** @param by `input`: ∂s_t/∂x_k;  `state`: ∂s_t/∂s_k. */
  constructor(
    private readonly weights: CellWeights,
    private readonly by: 'input' | 'state',
  ) {
    this.size = stateSize(weights);
    this.columns = by === 'input' ? weights.inputSize : this.size;
  }

  /** Goes through one step (single row); the step becomes the newest source. */
  advance(step: CellStep): void {
    const { size: S, columns } = this;
    const { state, input } = stepJacobians(this.weights, step);
    const rows = this.length * columns;
    const next = new Float64Array((rows + columns) * S);
    multiply(
      rows,
      S,
      S,
      matrix(this.stack, S),
      matrix(state, S, { transposed: true }),
      matrix(next, S),
    );
    for (let j = 0; j < columns; j++) {
      for (let n = 0; n < S; n++) {
        next[(rows + j) * S + n] = this.by === 'input' ? input[n * columns + j] : n === j ? 1 : 0;
      }
    }
    this.stack = next;
    this.length++;
  }

  /**
   * Frobenius norms for every source k ≤ t: of ∂h_t/∂x_k (the hidden state only: *local influence*)
   * or of ∂s_t/∂s_k (the whole state: the *gradient through time*, undivided).
   */
  norms(): Float64Array {
    const { size: S, columns } = this;
    const counted = this.by === 'input' ? this.weights.hiddenSize : S;
    return Float64Array.from({ length: this.length }, (_, k) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) {
        sum += norm(this.stack, (k * columns + j) * S, counted) ** 2;
      }
      return Math.sqrt(sum);
    });
  }
}

/**
 * Local influence ‖∂h_t/∂x_k‖_F of one word on one later state: every unit of h_t is sent back from step t to step k.
 * Costs t − k + 1 backward steps of H rows; for whole tables use `jacobianNorms`.
 */
export function localInfluence(
  weights: CellWeights,
  real: Unrolled,
  t: number,
  word: number,
): number {
  const { inputSize: I, hiddenSize: H } = weights;
  const cell = cells[weights.cell];
  const width = weights.biasIh.length;
  const h = new Float64Array(H * H);
  for (let j = 0; j < H; j++) h[j * H + j] = 1;
  const c = new Float64Array(cell.hasCellState ? H * H : 0);
  const input = new Float64Array(H * width);
  const recurrent = cell.separateRecurrentGradient ? new Float64Array(H * width) : input;
  for (let step = t; step >= word; step--) {
    cell.backward(weights, repeatStep(real.steps[step], H), {
      h,
      c,
      input,
      recurrent,
      hPrevious: h,
      cPrevious: c,
    });
  }
  const jacobian = new Float64Array(H * I);
  multiply(H, I, width, matrix(input, width), matrix(weights.weightIh, I), matrix(jacobian, I));
  return norm(jacobian);
}

/** The same single-row step for `rows` rows, so that as many derivatives can go back through it at once. */
function repeatStep(step: CellStep, rows: number): CellStep {
  const repeated = (row: Float64Array): Float64Array => {
    const all = new Float64Array(rows * row.length);
    for (let n = 0; n < rows; n++) all.set(row, n * row.length);
    return all;
  };
  return {
    rows,
    input: step.input,
    hPrevious: repeated(step.hPrevious),
    cPrevious: repeated(step.cPrevious),
    gates: repeated(step.gates),
    kept: repeated(step.kept),
    h: repeated(step.h),
    c: repeated(step.c),
  };
}

/** All norms of a Jacobian recursion over a sequence, `[T × T]` with zeros for k > t. */
export function jacobianNorms(
  weights: CellWeights,
  x: Float64Array,
  by: 'input' | 'state',
  initial: InitialState = {},
): Float64Array {
  const unrolled = unroll(weights, x, initial);
  const T = unrolled.length;
  const table = new Float64Array(T * T);
  const recursion = new JacobianRecursion(weights, by);
  for (let t = 0; t < T; t++) {
    recursion.advance(unrolled.steps[t]);
    table.set(recursion.norms(), t * T);
  }
  return table;
}
