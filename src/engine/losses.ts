// Softmax and cross-entropy, the loss of next-word prediction.

import { exp, log } from './functions.js';
import type { Floats } from './kernels/kernel.js';

/** p = softmax(logits), e^logit over the sum of them, as a new array; shifted by the maximum so that nothing overflows. */
export function softmax(logits: Floats | readonly number[]): Float64Array {
  let maximum = -Infinity;
  for (const value of logits) maximum = Math.max(maximum, value);
  const p = new Float64Array(logits.length);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    p[i] = exp(logits[i] - maximum);
    sum += p[i];
  }
  for (let i = 0; i < p.length; i++) p[i] = p[i] / sum;
  return p;
}

/** Sum of the first `count` numbers. */
export function sumOf(values: ArrayLike<number>, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  return sum;
}

/**
 * Weighted mean cross-entropy Σ_n w_n · −log softmax(logits_n)[target_n] / Σ_n w_n, in nats; 0 if all weights are 0.
 * @param logits `[rows × V]`; overwritten with the derivative of the loss by the logits.
 * @param targets `[rows]` the right word of each row, 0 … V − 1.
 * @param weights `[rows]` how much each row counts, ≥ 0.
 * @param total what the weights are divided by. Default their sum; that of all rows, if these are some of them.
 */
export function crossEntropy(
  logits: Floats,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
  rows: number,
  total = sumOf(weights, rows),
): number {
  const V = rows === 0 ? 0 : logits.length / rows;
  if (total === 0) {
    logits.fill(0);
    return 0;
  }
  let loss = 0;
  for (let n = 0; n < rows; n++) {
    const start = n * V;
    const share = weights[n] / total;
    if (share === 0) {
      logits.fill(0, start, start + V);
      continue;
    }
    let maximum = -Infinity;
    for (let v = start; v < start + V; v++) if (logits[v] > maximum) maximum = logits[v];
    let sum = 0;
    const target = start + targets[n];
    const shifted = logits[target] - maximum;
    for (let v = start; v < start + V; v++) {
      const e = exp(logits[v] - maximum);
      logits[v] = e;
      sum += e;
    }
    loss += share * (log(sum) - shifted);
    const factor = share / sum;
    for (let v = start; v < start + V; v++) logits[v] = logits[v] * factor;
    logits[target] = logits[target] - share;
  }
  return loss;
}
