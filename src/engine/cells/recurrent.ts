// The product that recurrent cells share: U h₋ + b' for a range of blocks.

import { matrix, multiply } from '../products.js';
import type { CellStep, CellWeights } from './cell.js';

/**
 * out[N × G·H] = operand[N × H] · U[blocks]ᵀ + b'[blocks], for the blocks `[first, end)` of H rows each;
 * columns of other blocks are left alone. The operand is h₋ unless another is given.
 */
export function addRecurrent(
  weights: CellWeights,
  step: Pick<CellStep, 'rows' | 'hPrevious'>,
  out: Float64Array,
  first = 0,
  end = weights.biasHh.length / weights.hiddenSize,
  operand: Float64Array = step.hPrevious,
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
