// What the cells share: the product U h₋ + b' for a range of blocks, and blocks combined row by row.

import { matrix, type Floats } from '../kernels/kernel.js';
import { multiply } from '../products.js';
import type { CellStep, CellWeights } from './cell.js';

/**
 * out[N × G·H] = operand[N × H] · U[blocks]ᵀ + b'[blocks], for the blocks `[first, end)` of H rows each;
 * columns of other blocks are left alone. The operand is h₋ unless another is given.
 */
export function addRecurrent(
  weights: CellWeights,
  step: Pick<CellStep, 'rows' | 'hPrevious'>,
  out: Floats,
  first = 0,
  end = weights.biasHh.length / weights.hiddenSize,
  operand: Floats = step.hPrevious,
): void {
  const H = weights.hiddenSize;
  const width = weights.biasHh.length;
  const { weightHh, biasHh } = weights;
  for (let n = 0; n < step.rows; n++) {
    for (let j = first * H; j < end * H; j++) out[n * width + j] = biasHh[j];
  }
  multiply(
    step.rows,
    (end - first) * H,
    H,
    matrix(operand, H),
    matrix(weightHh, H, { offset: first * H * H, transposed: true }),
    matrix(out, width, { offset: first * H }),
    true,
  );
}

/**
 * Rows `firstRow + j` of `out` become Σ_b factors[b][j] · (row j of block b), for the H rows of each block of a weight
 * matrix with so many columns: how a derivative by a gate's sum becomes one by what the gate read.
 */
export function combineRows(
  out: Floats,
  firstRow: number,
  weights: Floats,
  columns: number,
  factors: readonly ArrayLike<number>[],
): void {
  const H = factors[0].length;
  const block = H * columns;
  for (let b = 0; b < factors.length; b++) {
    for (let j = 0; j < H; j++) {
      const factor = factors[b][j];
      const to = (firstRow + j) * columns;
      const from = b * block + j * columns;
      if (b === 0) for (let i = 0; i < columns; i++) out[to + i] = factor * weights[from + i];
      else {
        for (let i = 0; i < columns; i++) out[to + i] = out[to + i] + factor * weights[from + i];
      }
    }
  }
}
