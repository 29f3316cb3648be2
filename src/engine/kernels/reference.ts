// The reference kernel: float64 in TypeScript, the cells' own equations and plain loops. Works under any policy.

import { cells } from '../cells/index.js';
import type { CellWeights } from '../cells/cell.js';
import { sigmoid, tanh } from '../functions.js';
import { addColumnSums, fillRows, multiply } from '../products.js';
import { matrix, type BackwardArrays, type Kernel } from './kernel.js';

/** The float64 kernel. It takes any arrays, and is its own workspace. */
export const referenceKernel: Kernel = {
  name: 'reference',
  open: () => referenceKernel,
  array: (length) => new Float64Array(length),
  // weights of another kernel would run on that one
  load: (weights) =>
    kernelOf(weights) === referenceKernel ? weights : { ...weights, kernel: referenceKernel },
  changed: () => undefined,

  projectInputs(weights, x, out, rows) {
    const { inputSize: I, weightIh, biasIh } = weights;
    const width = biasIh.length;
    fillRows(out, biasIh, rows);
    const W = matrix(weightIh, I, { transposed: true });
    multiply(rows, width, I, matrix(x, I), W, matrix(out, width), true);
  },

  forward(weights, unrolled, from, to) {
    const cell = cells[weights.cell];
    for (let t = from; t < to; t++) cell.forward(weights, unrolled.steps[t]);
  },

  backward(weights, unrolled, direct, arrays: BackwardArrays, from, to) {
    const cell = cells[weights.cell];
    const { input, recurrent, dh, dc } = arrays;
    const size = dh.length;
    const width = unrolled.rows * weights.biasIh.length;
    for (let t = to - 1; t >= from; t--) {
      const start = t * size;
      for (let i = 0; i < size; i++) dh[i] = dh[i] + direct[start + i];
      cell.backward(weights, unrolled.steps[t], {
        h: dh,
        c: dc,
        input: input.subarray(t * width, (t + 1) * width),
        recurrent: recurrent.subarray(t * width, (t + 1) * width),
        hPrevious: dh,
        cPrevious: dc,
      });
    }
  },

  multiply,

  sigmoid(values) {
    for (let i = 0; i < values.length; i++) values[i] = sigmoid(values[i]);
  },

  tanh(values) {
    for (let i = 0; i < values.length; i++) values[i] = tanh(values[i]);
  },

  addColumnSums,

  sumOfSquares(values) {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
    return sum;
  },

  largest(values) {
    let largest = 0;
    for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
    return largest;
  },

  addScaledRows(factors, source, target) {
    const columns = source.length / factors.length;
    for (let i = 0, p = 0; i < factors.length; i++) {
      for (let j = 0; j < columns; j++, p++) target[p] = target[p] + factors[i] * source[p];
    }
  },

  scale(values, factor) {
    for (let i = 0; i < values.length; i++) values[i] = values[i] * factor;
  },
};

/** The kernel that these weights were loaded into; the reference for plain ones. */
export function kernelOf(weights: Pick<CellWeights, 'kernel'>): Kernel {
  return weights.kernel ?? referenceKernel;
}
