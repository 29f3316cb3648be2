// A cell unrolled over time: forward through a sequence, and the immutable trace that drawings are made from.

import type { CellStep, CellWeights, GateName } from './cells/cell.js';
import { cells } from './cells/index.js';
import { fillRows, matrix, multiply } from './products.js';

/** The state a sequence starts from; zeros by default. */
export interface InitialState {
  /** `[N × H]` */
  readonly h?: Float64Array;
  /** `[N × H]`, lstm only. */
  readonly c?: Float64Array;
}

/**
 * Working memory of a cell over up to `capacity` steps of `rows` independent sequences. Filled by `run` (all steps at
 * once) or `advance` (one step); read by backpropagation. Reused from batch to batch in training.
 */
export class Unrolled {
  readonly rows: number;
  readonly capacity: number;
  /** Steps done so far. */
  length = 0;
  /** `[capacity·N × I]` what was read. */
  readonly x: Float64Array;
  /** `[(capacity + 1)·N × H]` hidden states; the first N rows are the initial state. */
  readonly h: Float64Array;
  /** As `h`, for the cell state; empty unless the cell is an LSTM. */
  readonly c: Float64Array;
  /** `[capacity·N × G·H]` gates and candidate after their activations, in the cell's block order. */
  readonly gates: Float64Array;
  /** `[capacity·N × H]` see `CellStep.kept`. */
  readonly kept: Float64Array;
  /** `[capacity·N × G·H]` W_ih x + b_ih. */
  readonly input: Float64Array;
  /** The same memory as one view a step. */
  readonly steps: readonly CellStep[];

  constructor(
    weights: Pick<CellWeights, 'cell' | 'inputSize' | 'hiddenSize'>,
    rows: number,
    capacity: number,
  ) {
    const { inputSize: I, hiddenSize: H } = weights;
    const cell = cells[weights.cell];
    const width = cell.gates.length * H;
    const total = capacity * rows;
    this.rows = rows;
    this.capacity = capacity;
    this.x = new Float64Array(total * I);
    this.h = new Float64Array((total + rows) * H);
    this.c = new Float64Array(cell.hasCellState ? (total + rows) * H : 0);
    this.gates = new Float64Array(total * width);
    this.kept = new Float64Array(cell.keeps ? total * H : 0);
    this.input = new Float64Array(total * width);
    const part = (array: Float64Array, t: number, columns: number): Float64Array =>
      array.length === 0 ? array : array.subarray(t * rows * columns, (t + 1) * rows * columns);
    this.steps = Array.from({ length: capacity }, (_, t) => ({
      rows,
      input: part(this.input, t, width),
      hPrevious: part(this.h, t, H),
      cPrevious: part(this.c, t, H),
      gates: part(this.gates, t, width),
      kept: part(this.kept, t, H),
      h: part(this.h, t + 1, H),
      c: part(this.c, t + 1, H),
    }));
  }

  /** Sets the state before the first step and forgets all steps. */
  start(initial: InitialState = {}): void {
    const size = this.h.length / (this.capacity + 1);
    const set = (name: 'h' | 'c', values: Float64Array | undefined): void => {
      if (values && values.length !== size) {
        throw new RangeError(`the initial ${name} has ${size} numbers, not ${values.length}`);
      }
      if (values) this[name].set(values);
      else this[name].fill(0, 0, size);
    };
    set('h', initial.h);
    if (this.c.length > 0) set('c', initial.c);
    this.length = 0;
  }

  /** Takes over the first `length` steps of another run of the same network, from the same initial state. */
  copyPrefix(other: Unrolled, length: number): void {
    if (other.rows !== this.rows || length > Math.min(other.length, this.capacity)) {
      throw new RangeError(
        `${length} steps of ${this.rows} rows can not be taken from ${other.length} of ${other.rows}`,
      );
    }
    const copy = (to: Float64Array, from: Float64Array, capacity: number, rows: number): void => {
      to.set(from.subarray(0, (from.length / capacity) * rows));
    };
    copy(this.x, other.x, other.capacity, length);
    copy(this.h, other.h, other.capacity + 1, length + 1);
    copy(this.c, other.c, other.capacity + 1, length + 1);
    copy(this.gates, other.gates, other.capacity, length);
    copy(this.kept, other.kept, other.capacity, length);
    copy(this.input, other.input, other.capacity, length);
    this.length = length;
  }

  /** Runs `length` steps whose inputs `[length·N × I]` stand in `this.x`: one product for all inputs, then the recurrence. */
  run(weights: CellWeights, length: number, initial: InitialState = {}): void {
    if (length > this.capacity) {
      throw new RangeError(`${length} steps do not fit into a capacity of ${this.capacity}`);
    }
    this.start(initial);
    projectInputs(weights, this.x, this.input, length * this.rows);
    const cell = cells[weights.cell];
    for (let t = 0; t < length; t++) cell.forward(weights, this.steps[t]);
    this.length = length;
  }

  /** Reads one more input `[N × I]`. */
  advance(weights: CellWeights, x: Float64Array): CellStep {
    const t = this.length;
    const step = this.steps[t];
    if (!step) throw new RangeError(`the capacity of ${this.capacity} steps is used up`);
    const size = this.rows * weights.inputSize;
    if (x.length !== size) throw new RangeError(`an input has ${size} numbers, not ${x.length}`);
    this.x.set(x, t * size);
    projectInputs(weights, x, step.input, this.rows);
    cells[weights.cell].forward(weights, step);
    this.length = t + 1;
    return step;
  }
}

/** out[n × G·H] = x[n × I] · W_ihᵀ + b_ih. */
export function projectInputs(
  weights: CellWeights,
  x: Float64Array,
  out: Float64Array,
  rows: number,
): void {
  const { inputSize: I, weightIh, biasIh } = weights;
  const width = biasIh.length;
  fillRows(out, biasIh, rows);
  multiply(
    rows,
    width,
    I,
    matrix(x, I),
    matrix(weightIh, I, { transposed: true }),
    matrix(out, width),
    true,
  );
}

/** What one network did with one sequence. Nothing changes it afterwards; row t is the step that read input t. */
export interface Trace {
  readonly cell: CellWeights['cell'];
  /** T: number of steps. */
  readonly length: number;
  /** H: number of units. */
  readonly hiddenSize: number;
  /** `[T × H]` hidden state after each step. */
  readonly h: Float64Array;
  /** `[T × H]` cell state after each step; null unless the cell is an LSTM. */
  readonly c: Float64Array | null;
  /** Every gate and the candidate after its activation, `[T × H]` each; `state` alone for feedforward and rnn. */
  readonly gates: Readonly<Partial<Record<GateName, Float64Array>>>;
}

/** Copies the steps done so far into a trace (rows = 1 only). */
export function traceOf(weights: CellWeights, unrolled: Unrolled): Trace {
  const { hiddenSize: H } = weights;
  const T = unrolled.length;
  const names = cells[weights.cell].gates;
  const gates: Partial<Record<GateName, Float64Array>> = {};
  names.forEach((name, block) => {
    const values = new Float64Array(T * H);
    for (let t = 0; t < T; t++) {
      const start = (t * names.length + block) * H;
      values.set(unrolled.gates.subarray(start, start + H), t * H);
    }
    gates[name] = values;
  });
  return {
    cell: weights.cell,
    length: T,
    hiddenSize: H,
    h: unrolled.h.slice(H, (T + 1) * H),
    c: unrolled.c.length > 0 ? unrolled.c.slice(H, (T + 1) * H) : null,
    gates,
  };
}

/**
 * Reads a whole sequence.
 * @param x `[T × I]` inputs.
 */
export function runSequence(
  weights: CellWeights,
  x: Float64Array,
  initial: InitialState = {},
): Trace {
  return traceOf(weights, unroll(weights, x, initial));
}

/** Reads a whole sequence and keeps what backpropagation needs. */
export function unroll(
  weights: CellWeights,
  x: Float64Array,
  initial: InitialState = {},
): Unrolled {
  if (x.length % weights.inputSize !== 0) {
    throw new RangeError(`${x.length} numbers are no whole rows of ${weights.inputSize}`);
  }
  const length = x.length / weights.inputSize;
  const unrolled = new Unrolled(weights, 1, length);
  unrolled.x.set(x);
  unrolled.run(weights, length, initial);
  return unrolled;
}
