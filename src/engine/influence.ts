// The local influence of one word on one later state, by sending every unit of the state back to the word.

import type { CellStep, CellWeights } from './cells/cell.js';
import { cells } from './cells/index.js';
import { matrix, type Floats } from './kernels/kernel.js';
import { multiply, norm } from './products.js';
import type { Unrolled } from './sequence.js';

/**
 * Local influence ‖∂h_t/∂x_k‖_F of one word on one later state: every unit of h_t is sent back from step t to step k.
 * Costs t − k + 1 backward steps of H rows; for whole tables use `jacobianNorms`.
 * @param real what the network did so far (`rows` = 1), at least t + 1 steps.
 * @param word k ≤ t.
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
  const repeated = (row: Floats): Float64Array => {
    const all = new Float64Array(rows * row.length);
    for (let n = 0; n < rows; n++) all.set(row, n * row.length);
    return all;
  };
  return {
    ...step,
    rows,
    hPrevious: repeated(step.hPrevious),
    cPrevious: repeated(step.cPrevious),
    gates: repeated(step.gates),
    kept: repeated(step.kept),
    h: repeated(step.h),
    c: repeated(step.c),
  };
}
