// A cell unrolled over time: forward through a sequence, and the immutable trace that drawings are made from.

import type { CellStep, CellWeights, GateName } from './cells/cell.js';
import { cells, checkWeights } from './cells/index.js';
import { checkInterventions, type AnyIntervention, type Intervention } from './interventions.js';
import type { Floats, Kernel } from './kernels/kernel.js';
import { kernelOf } from './kernels/reference.js';

/** The state a sequence starts from; zeros by default. */
export interface InitialState {
  /** h₀ `[N × H]` */
  readonly h?: ArrayLike<number>;
  /** c₀ `[N × H]`, lstm only; other cells ignore it. */
  readonly c?: ArrayLike<number>;
}

/**
 * How many numbers of a workspace (`Kernel.open`) these weights and an `Unrolled` need; an upper bound.
 * @param rows N, sequences side by side.
 * @param capacity T, the longest sequence.
 */
export function roomFor(
  weights: Pick<CellWeights, 'cell' | 'inputSize' | 'hiddenSize'>,
  rows: number,
  capacity: number,
): number {
  const { inputSize: I, hiddenSize: H } = weights;
  const width = cells[weights.cell].gates.length * H;
  const padded = (n: number): number => n + 8;
  const matrices = 2 * padded(width) * I + 3 * padded(width) * padded(H);
  return matrices + (capacity + 1) * rows * (2 * width + I + 3 * H) + 4000;
}

/** `length` numbers of `memory` where it has so many, else an array of its own. */
export function arrayFrom(kernel: Kernel, length: number, memory?: Floats): Floats {
  return memory && memory.length >= length ? memory.subarray(0, length) : kernel.array(length);
}

/**
 * Working memory of a cell over up to `capacity` steps of `rows` independent sequences. Filled by `run` (all steps at
 * once) or `advance` (one step); read by backpropagation. Reused from batch to batch in training.
 */
export class Unrolled {
  /** N: sequences side by side. */
  readonly rows: number;
  /** T: steps there is room for. */
  readonly capacity: number;
  /** Steps done so far. */
  length = 0;
  /** `[capacity·N × I]` what was read. */
  readonly x: Floats;
  /** `[(capacity + 1)·N × H]` hidden states; the first N rows are the initial state. */
  readonly h: Floats;
  /** As `h`, for the cell state; empty unless the cell is an LSTM. */
  readonly c: Floats;
  /** `[capacity·N × G·H]` gates and candidate after their activations, in the cell's block order. */
  readonly gates: Floats;
  /** `[capacity·N × H]` see `CellStep.kept`. */
  readonly kept: Floats;
  /** `[capacity·N × G·H]` W_ih x + b_ih. */
  readonly input: Floats;
  /** The same memory as one view a step, `capacity` of them. */
  readonly steps: readonly CellStep[];

  /**
   * @param weights the cell, and the kernel whose arrays are wanted.
   * @param memory another one of this network, given up, whose memory is taken over as far as it goes.
   * @throws RangeError if the kernel's workspace is used up.
   */
  constructor(
    weights: Pick<CellWeights, 'cell' | 'inputSize' | 'hiddenSize' | 'kernel'>,
    rows: number,
    capacity: number,
    memory?: Unrolled,
  ) {
    const { inputSize: I, hiddenSize: H } = weights;
    const cell = cells[weights.cell];
    const width = cell.gates.length * H;
    const total = capacity * rows;
    const kernel = kernelOf(weights);
    this.rows = rows;
    this.capacity = capacity;
    this.x = arrayFrom(kernel, total * I, memory?.x);
    this.h = arrayFrom(kernel, (total + rows) * H, memory?.h);
    this.c = arrayFrom(kernel, cell.hasCellState ? (total + rows) * H : 0, memory?.c);
    this.gates = arrayFrom(kernel, total * width, memory?.gates);
    this.kept = arrayFrom(kernel, cell.keeps ? total * H : 0, memory?.kept);
    this.input = arrayFrom(kernel, total * width, memory?.input);
    const part = (array: Floats, t: number, columns: number): Floats =>
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

  /**
   * Sets the state before the first step and forgets all steps. (A new one starts from zeros.)
   * @throws RangeError if a state has another length.
   */
  start(initial: InitialState = {}): void {
    const size = this.h.length / (this.capacity + 1);
    setState(this.h, initial.h, size);
    if (this.c.length > 0) setState(this.c, initial.c, size);
    this.length = 0;
  }

  /**
   * Has gates held and words skipped by the steps that follow, until the next call; an empty list ends all of it. Called
   * before the steps that it changes, so that what goes back through them finds them as they were done. Gates that the
   * cell does not have are ignored. Of several holds of one gate at one step the last counts.
   * @throws RangeError if one makes no sense (see `checkInterventions`), or on any kernel but the reference.
   */
  intervene(
    weights: Pick<CellWeights, 'cell' | 'kernel'>,
    interventions: readonly Intervention[],
  ): void {
    const all: readonly AnyIntervention[] = interventions;
    checkInterventions(all);
    if (all.length > 0 && kernelOf(weights).name !== 'reference') {
      throw new RangeError('only the reference intervenes');
    }
    this.steps.forEach((step, t) => {
      const last = (gate?: GateName): AnyIntervention | undefined =>
        all.filter((each) => each.gate === gate && each.from <= t && t < each.to).pop();
      Object.assign(step, {
        held: cells[weights.cell].gates.map((gate) => last(gate)?.value),
        skipped: !!last(),
      });
    });
  }

  /**
   * Takes over the first `length` steps of another run of the same network, from the same initial state and under the
   * same interventions so far.
   * @throws RangeError if the other has not so many steps, this one not the room, or the rows differ.
   */
  copyPrefix(other: Unrolled, length: number): void {
    if (other.rows !== this.rows || length > Math.min(other.length, this.capacity)) {
      throw new RangeError(
        `no ${length} steps of ${this.rows} rows in ${other.length} of ${other.rows}`,
      );
    }
    const copy = (to: Floats, from: Floats, capacity: number, rows: number): void => {
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

  /**
   * Runs `length` steps whose inputs `[length·N × I]` stand in `this.x`: one product for all inputs, then the recurrence.
   * @throws RangeError if there is no room for so many, or if an initial state has another length.
   */
  run(weights: CellWeights, length: number, initial: InitialState = {}): void {
    if (length > this.capacity) {
      throw new RangeError(`${length} steps exceed the capacity of ${this.capacity}`);
    }
    this.start(initial);
    const kernel = kernelOf(weights);
    kernel.projectInputs(weights, this.x, this.input, length * this.rows);
    kernel.forward(weights, this, 0, length);
    this.length = length;
  }

  /**
   * Reads one more input.
   * @param x `[N × I]`
   * @returns the step it was; the same object as in `steps`.
   * @throws RangeError if the capacity is used up, or if x has another length.
   */
  advance(weights: CellWeights, x: ArrayLike<number>): CellStep {
    const t = this.length;
    const step = this.steps[t];
    if (!step)
      throw new RangeError(`${this.capacity + 1} steps exceed the capacity of ${this.capacity}`);
    const size = this.rows * weights.inputSize;
    if (x.length !== size) throw new RangeError(`an input has ${size} numbers, not ${x.length}`);
    this.x.set(x, t * size);
    const kernel = kernelOf(weights);
    kernel.projectInputs(weights, this.x.subarray(t * size, (t + 1) * size), step.input, this.rows);
    kernel.forward(weights, this, t, t + 1);
    this.length = t + 1;
    return step;
  }
}

function setState(states: Floats, initial: ArrayLike<number> | undefined, size: number): void {
  if (initial && initial.length !== size) {
    throw new RangeError(`an initial state has ${size} numbers, not ${initial.length}`);
  }
  for (let i = 0; i < size; i++) states[i] = initial ? initial[i] : 0;
}

/** What one network did with one sequence. Nothing changes it afterwards; row t is the step that read input t. */
export interface Trace {
  /** What read it. */
  readonly cell: CellWeights['cell'];
  /** T: number of steps. */
  readonly length: number;
  /** H: number of units. */
  readonly hiddenSize: number;
  /** `[T × H]` hidden state after each step. */
  readonly h: Float64Array;
  /** `[T × H]` cell state after each step; null unless the cell is an LSTM. */
  readonly c: Float64Array | null;
  /**
   * Every gate and the candidate after its activation, `[T × H]` each; `state` alone for feedforward and rnn. NaN where a
   * step was skipped: nothing was computed.
   */
  readonly gates: Readonly<Partial<Record<GateName, Float64Array>>>;
}

/** Copies the steps done so far of a single sequence (`rows` = 1) into a trace. */
export function traceOf(weights: CellWeights, unrolled: Unrolled): Trace {
  const { hiddenSize: H } = weights;
  const T = unrolled.length;
  const states = (all: Floats): Float64Array => new Float64Array(all.subarray(H, (T + 1) * H));
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
    h: states(unrolled.h),
    c: unrolled.c.length > 0 ? states(unrolled.c) : null,
    gates,
  };
}

/**
 * Reads a whole sequence, on the kernel of the weights. Their lengths are not checked here (see `checkWeights`).
 * @param x `[T × I]` inputs.
 * @throws RangeError if x is no whole number of inputs, or if an initial state or the weights have another length.
 */
export function runSequence(
  weights: CellWeights,
  x: ArrayLike<number>,
  initial: InitialState = {},
): Trace {
  return traceOf(weights, unroll(weights, x, initial));
}

/** Reads a whole sequence as `runSequence` does, and keeps what derivatives need. */
export function unroll(
  weights: CellWeights,
  x: ArrayLike<number>,
  initial: InitialState = {},
): Unrolled {
  checkWeights(weights);
  if (x.length % weights.inputSize !== 0) {
    throw new RangeError(`${x.length} numbers are no whole rows of ${weights.inputSize}`);
  }
  const length = x.length / weights.inputSize;
  const unrolled = new Unrolled(weights, 1, length);
  unrolled.x.set(x);
  unrolled.run(weights, length, initial);
  return unrolled;
}
