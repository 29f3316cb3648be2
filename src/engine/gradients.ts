// Backpropagation through time (Werbos 1990): derivatives of a loss by all weights, inputs and initial states.

import type { CellWeights } from './cells/cell.js';
import { cells } from './cells/index.js';
import { addColumnSums, matrix, multiply } from './products.js';
import type { Unrolled } from './sequence.js';

/** ∂L/∂… for everything a cell read; shapes as in `CellWeights` and `Unrolled`. */
export interface SequenceGradients {
  readonly weightIh: Float64Array;
  readonly weightHh: Float64Array;
  readonly biasIh: Float64Array;
  readonly biasHh: Float64Array;
  /** `[T·N × I]` */
  readonly x: Float64Array;
  /** `[N × H]` */
  readonly h0: Float64Array;
  /** `[N × H]`; empty unless the cell is an LSTM. */
  readonly c0: Float64Array;
}

/** Memory of the backward pass, reused from batch to batch. */
export class BackwardWorkspace {
  readonly input: Float64Array;
  readonly recurrent: Float64Array;
  readonly dh: Float64Array;
  readonly dc: Float64Array;
  readonly x: Float64Array;

  constructor(weights: CellWeights, rows: number, capacity: number) {
    const H = weights.hiddenSize;
    const cell = cells[weights.cell];
    const width = cell.gates.length * H;
    this.input = new Float64Array(capacity * rows * width);
    this.recurrent = cell.separateRecurrentGradient
      ? new Float64Array(capacity * rows * width)
      : this.input;
    this.dh = new Float64Array(rows * H);
    this.dc = new Float64Array(cell.hasCellState ? rows * H : 0);
    this.x = new Float64Array(capacity * rows * weights.inputSize);
  }
}

/**
 * Goes back through the steps that `unrolled` has done. Only ∂L/∂h is sequential; the weights' gradients are one product
 * over all steps at the end.
 *
 * @param dh `[T·N × H]` direct derivative of the loss by each hidden state (through the readout).
 * @param workspace memory to reuse; its arrays back the returned `x`, `h0` and `c0`.
 */
export function backpropagate(
  weights: CellWeights,
  unrolled: Unrolled,
  dh: Float64Array,
  workspace = new BackwardWorkspace(weights, unrolled.rows, unrolled.length),
): SequenceGradients {
  const { inputSize: I, hiddenSize: H } = weights;
  const cell = cells[weights.cell];
  const G = cell.gates.length;
  const width = G * H;
  const N = unrolled.rows;
  const T = unrolled.length;
  const { input, recurrent, dh: carried, dc } = workspace;
  carried.fill(0);
  dc.fill(0);
  for (let t = T - 1; t >= 0; t--) {
    const start = t * N * H;
    for (let i = 0; i < N * H; i++) carried[i] = carried[i] + dh[start + i];
    cell.backward(weights, unrolled.steps[t], {
      h: carried,
      c: dc,
      input: input.subarray(t * N * width, (t + 1) * N * width),
      recurrent: recurrent.subarray(t * N * width, (t + 1) * N * width),
      hPrevious: carried,
      cPrevious: dc,
    });
  }
  const total = T * N;
  const gradients: SequenceGradients = {
    weightIh: new Float64Array(weights.weightIh.length),
    weightHh: new Float64Array(weights.weightHh.length),
    biasIh: new Float64Array(width),
    biasHh: new Float64Array(weights.biasHh.length),
    x: workspace.x.subarray(0, total * I),
    h0: carried,
    c0: dc,
  };
  multiply(
    width,
    I,
    total,
    matrix(input, width, { transposed: true }),
    matrix(unrolled.x, I),
    matrix(gradients.weightIh, I),
  );
  addColumnSums(gradients.biasIh, input, total);
  multiply(
    total,
    I,
    width,
    matrix(input, width),
    matrix(weights.weightIh, I),
    matrix(gradients.x, I),
  );
  if (cell.recurrent) {
    addColumnSums(gradients.biasHh, recurrent, total);
    const [firstKept, endKept] = cell.keptOperandBlocks(weights);
    for (let block = 0; block < G; block++) {
      const operand = block >= firstKept && block < endKept ? unrolled.kept : unrolled.h;
      multiply(
        H,
        H,
        total,
        matrix(recurrent, width, { offset: block * H, transposed: true }),
        matrix(operand, H),
        matrix(gradients.weightHh, H, { offset: block * H * H }),
      );
    }
  }
  return gradients;
}
