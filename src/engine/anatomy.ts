// One step of a cell taken apart: every vector between what it reads and what it hands on, for drawings and tables.

import type { CellStep, CellWeights } from './cells/cell.js';
import { cells } from './cells/index.js';
import { addRecurrent } from './cells/recurrent.js';
import type { Floats } from './kernels/kernel.js';
import type { Unrolled } from './sequence.js';

/**
 * The vectors inside a step. All cells: `x`, `h`, and but for feedforward `hPrevious`. In addition
 *
 * - feedforward: `fromInput` (W x + b)
 * - rnn: `fromInput`, `fromState` (U h₋ + b′), `sum` (of the two)
 * - lstm: `cPrevious`, the gates `input`, `forget`, `output` and the `candidate`, `kept` (f ⊙ c₋), `added` (i ⊙ g), `c`
 *   (the sum of the two), `squashed` (tanh c)
 * - gru: the gates `reset`, `update` and the `candidate`, `recalled` (U_n h₋ + b′_n; not in the original GRU), `gated`
 *   (r ⊙ recalled; original GRU: r ⊙ h₋), `opening` (1 − z), `kept` (z ⊙ h₋), `added` ((1 − z) ⊙ n)
 */
export type StepPart =
  | 'x'
  | 'hPrevious'
  | 'cPrevious'
  | 'fromInput'
  | 'fromState'
  | 'sum'
  | 'input'
  | 'forget'
  | 'candidate'
  | 'output'
  | 'reset'
  | 'update'
  | 'recalled'
  | 'gated'
  | 'opening'
  | 'kept'
  | 'added'
  | 'c'
  | 'squashed'
  | 'h';

/** One step of one sequence, taken apart. Arrays may be views of the run's memory: copy what is to outlast it. */
export interface StepAnatomy {
  /** Every vector that this cell has, by name; `[H]` each, `x` is `[I]`. */
  readonly parts: Readonly<Partial<Record<StepPart, Floats>>>;
  /** `[G·H]` what the input gives to each block: W x + b. Empty where the step was skipped. */
  readonly fromInput: Floats;
  /**
   * `[G·H]` what the state gives to each block: U h₋ + b′ (the original GRU's candidate: U_n (r ⊙ h₋) + b′_n). Empty for
   * feedforward and where the step was skipped.
   */
  readonly fromState: Floats;
}

/**
 * Takes apart step t of a single sequence (`rows` = 1). What the run kept is what it gives; the rest is made of that by
 * the cell's own operations, so that on the reference kernel the parts add up to the last bit. A skipped step has `x` and
 * the states alone.
 * @throws RangeError if step t has not been done.
 */
export function takeApart(weights: CellWeights, unrolled: Unrolled, t: number): StepAnatomy {
  const step = t < unrolled.length ? unrolled.steps[t] : undefined;
  if (!step) throw new RangeError(`step ${t} has not been done yet`);
  const { inputSize: I } = weights;
  const { hPrevious, cPrevious, h, c, skipped } = step;
  const cell = cells[weights.cell];
  const none = new Float64Array(0);
  const fromInput = skipped ? none : step.input;
  const fromState = cell.recurrent ? new Float64Array(fromInput.length) : none;
  if (fromState.length > 0) {
    addRecurrent(weights, step, fromState);
    addRecurrent(weights, step, fromState, ...cell.keptOperandBlocks(weights), step.kept);
  }
  return {
    parts: {
      x: unrolled.x.subarray(t * I, (t + 1) * I),
      ...(cell.recurrent && { hPrevious }),
      ...(cell.hasCellState && { cPrevious }),
      ...(!skipped && between(weights, step, fromState)),
      ...(cell.hasCellState && { c }),
      h,
    },
    fromInput,
    fromState,
  };
}

type Parts = StepAnatomy['parts'];

/** What lies between the vectors that a step reads and those that it hands on. */
function between(weights: CellWeights, step: CellStep, fromState: Floats): Parts {
  const { hiddenSize: H, cell } = weights;
  const { input: fromInput, hPrevious, cPrevious, gates, kept } = step;
  const block = (b: number): Floats => gates.subarray(b * H, (b + 1) * H);
  if (cell === 'lstm') {
    const [input, forget, candidate, output] = [0, 1, 2, 3].map(block);
    return {
      input,
      forget,
      candidate,
      output,
      kept: product(forget, cPrevious),
      added: product(input, candidate),
      squashed: kept,
    };
  }
  if (cell === 'gru') {
    const [reset, update, candidate] = [0, 1, 2].map(block);
    const opening = Float64Array.from(update, (z) => 1 - z);
    return {
      reset,
      update,
      candidate,
      ...(weights.resetAfter === false
        ? { gated: kept }
        : { recalled: kept, gated: product(reset, kept) }),
      opening,
      kept: product(update, hPrevious),
      added: product(opening, candidate),
    };
  }
  if (cell === 'feedforward') return { fromInput };
  const sum = Float64Array.from(fromInput, (value, j) => value + fromState[j]);
  return { fromInput, fromState, sum };
}

/** a ⊙ b */
function product(a: Floats, b: Floats): Floats {
  return Float64Array.from(a, (value, j) => value * b[j]);
}
