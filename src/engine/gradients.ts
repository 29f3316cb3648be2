// Backpropagation through time (Werbos 1990): derivatives of a loss by all weights, inputs and initial states.

import type { CellWeights } from './cells/cell.js';
import { cells } from './cells/index.js';
import { matrix, type BackwardArrays, type Floats } from './kernels/kernel.js';
import { kernelOf } from './kernels/reference.js';
import { arrayFrom, type Unrolled } from './sequence.js';
import { finish, multiplyInPieces, type Slices } from './slices.js';

/** ∂L/∂… for everything a cell read, summed over all steps and rows that read it. */
export interface SequenceGradients {
  /** ∂L/∂W `[G·H × I]` */
  readonly weightIh: Floats;
  /** ∂L/∂U `[G·H × H]`; empty for `feedforward`. */
  readonly weightHh: Floats;
  /** ∂L/∂b `[G·H]` */
  readonly biasIh: Floats;
  /** ∂L/∂b' `[G·H]`; empty for `feedforward`. */
  readonly biasHh: Floats;
  /** ∂L/∂x of every step `[T·N × I]` */
  readonly x: Floats;
  /** ∂L/∂h₀ `[N × H]` */
  readonly h0: Floats;
  /** ∂L/∂c₀ `[N × H]`; empty unless the cell is an LSTM. */
  readonly c0: Floats;
}

/** Memory of the backward pass, reused from batch to batch; the gradients it returns stand in it. */
export class BackwardWorkspace implements BackwardArrays {
  readonly input: Floats;
  readonly recurrent: Floats;
  readonly dh: Floats;
  readonly dc: Floats;
  /** What `backpropagate` returns; the derivatives by the initial state are `dh` and `dc` at the end. */
  readonly gradients: Omit<SequenceGradients, 'h0' | 'c0'>;

  /**
   * @param weights the cell, and the kernel whose arrays are wanted.
   * @param rows N, sequences side by side.
   * @param capacity T, the longest sequence.
   * @param memory another one for these weights, given up, whose memory is taken over as far as it goes.
   */
  constructor(weights: CellWeights, rows: number, capacity: number, memory?: BackwardWorkspace) {
    const H = weights.hiddenSize;
    const cell = cells[weights.cell];
    const wide = capacity * rows * weights.biasIh.length;
    const kernel = kernelOf(weights);
    this.input = arrayFrom(kernel, wide, memory?.input);
    this.recurrent = cell.separateRecurrentGradient
      ? arrayFrom(kernel, wide, memory?.recurrent)
      : this.input;
    this.dh = arrayFrom(kernel, rows * H, memory?.dh);
    this.dc = arrayFrom(kernel, cell.hasCellState ? rows * H : 0, memory?.dc);
    const kept = memory?.gradients;
    this.gradients = {
      weightIh: kept?.weightIh ?? kernel.array(weights.weightIh.length),
      weightHh: kept?.weightHh ?? kernel.array(weights.weightHh.length),
      biasIh: kept?.biasIh ?? kernel.array(weights.biasIh.length),
      biasHh: kept?.biasHh ?? kernel.array(weights.biasHh.length),
      x: arrayFrom(kernel, capacity * rows * weights.inputSize, kept?.x),
    };
  }
}

/**
 * Goes back through the steps that `unrolled` has done. Only ∂L/∂h is sequential; the weights' gradients are one product
 * over all steps at the end.
 *
 * @param dh `[T·N × H]` direct derivative of the loss by each hidden state (through the readout), an array of the
 * weights' kernel.
 * @param workspace memory to reuse; what is returned stands in it, until it is used again. Default a new one.
 */
export function backpropagate(
  weights: CellWeights,
  unrolled: Unrolled,
  dh: Floats,
  workspace = new BackwardWorkspace(weights, unrolled.rows, unrolled.length),
): SequenceGradients {
  workspace.dh.fill(0);
  workspace.dc.fill(0);
  kernelOf(weights).backward(weights, unrolled, dh, workspace, 0, unrolled.length);
  return finish(gradientsOfSteps(weights, unrolled, unrolled.length, workspace, Infinity));
}

/**
 * The second half of `backpropagate`, in slices: from the derivatives that `Kernel.backward` has left in the workspace for
 * the first T steps to those by weights and inputs.
 * @param most multiply-adds of a slice; one row of a product is never cut.
 */
export function* gradientsOfSteps(
  weights: CellWeights,
  unrolled: Unrolled,
  T: number,
  workspace: BackwardWorkspace,
  most: number,
): Slices<SequenceGradients> {
  const { inputSize: I, hiddenSize: H } = weights;
  const cell = cells[weights.cell];
  const kernel = kernelOf(weights);
  const width = weights.biasIh.length;
  const total = T * unrolled.rows;
  const { input, recurrent, dh: h0, dc: c0 } = workspace;
  const { weightIh, weightHh, biasIh, biasHh, x: all } = workspace.gradients;
  const x = all.subarray(0, total * I);
  biasIh.fill(0);
  biasHh.fill(0);
  const delta = matrix(input, width);
  const transposed = matrix(input, width, { transposed: true });
  const W = matrix(weights.weightIh, I);
  const read = matrix(unrolled.x, I);
  yield* multiplyInPieces(kernel, width, I, total, transposed, read, matrix(weightIh, I), most);
  yield* multiplyInPieces(kernel, total, I, width, delta, W, matrix(x, I), most);
  kernel.addColumnSums(biasIh, input.subarray(0, total * width), total);
  if (cell.recurrent) {
    kernel.addColumnSums(biasHh, recurrent.subarray(0, total * width), total);
    const [firstKept, endKept] = cell.keptOperandBlocks(weights);
    const product = (operand: Floats, first: number, end: number): Slices<void> =>
      multiplyInPieces(
        kernel,
        (end - first) * H,
        H,
        total,
        matrix(recurrent, width, { offset: first * H, transposed: true }),
        matrix(operand, H),
        matrix(weightHh, H, { offset: first * H * H }),
        most,
      );
    yield* product(unrolled.h, 0, firstKept);
    yield* product(unrolled.kept, firstKept, endKept);
    yield* product(unrolled.h, endKept, cell.gates.length);
  }
  return { weightIh, weightHh, biasIh, biasHh, x, h0, c0 };
}
