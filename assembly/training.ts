// What training needs besides the cells: softmax and Adam.

import { exp4 } from './activations';
import { storeLanes, sumOfLanes } from './lanes';

/**
 * One row of logits becomes e^(logit − maximum).
 * @returns their sum; the maximum is stored at `maximum`.
 */
export function exponentials(V: i32, logits: usize, maximum: usize): f32 {
  let largest = load<f32>(logits);
  const end = logits + ((<usize>V) << 2);
  for (let p = logits + 4; p < end; p += 4) largest = max(largest, load<f32>(p));
  store<f32>(maximum, largest);
  const shift = f32x4.splat(largest);
  let sums = f32x4.splat(0);
  let tail: f32 = 0;
  for (let j = 0; j < V; j += 4) {
    const p = logits + ((<usize>j) << 2);
    const left = V - j;
    const e = exp4(f32x4.sub(v128.load(p), shift));
    storeLanes(p, e, left);
    if (left >= 4) sums = f32x4.add(sums, e);
    else for (let q = p; q < end; q += 4) tail += load<f32>(q);
  }
  return sumOfLanes(sums) + tail;
}

/** One update of Adam; `rate` and `correction` hold the bias corrections (see `Adam` in src/engine/training.ts). */
export function adam(
  count: i32,
  parameter: usize,
  gradient: usize,
  first: usize,
  second: usize,
  rate: f32,
  correction: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
): void {
  const b1 = f32x4.splat(beta1);
  const b2 = f32x4.splat(beta2);
  const n1 = f32x4.splat(1 - beta1);
  const n2 = f32x4.splat(1 - beta2);
  const rates = f32x4.splat(rate);
  const inverse = f32x4.splat(1 / correction);
  const small = f32x4.splat(epsilon);
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2;
    const left = count - i;
    const g = v128.load(gradient + at);
    const m = f32x4.add(f32x4.mul(b1, v128.load(first + at)), f32x4.mul(n1, g));
    const v = f32x4.add(f32x4.mul(b2, v128.load(second + at)), f32x4.mul(n2, f32x4.mul(g, g)));
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, inverse)), small);
    const moved = f32x4.sub(v128.load(parameter + at), f32x4.div(f32x4.mul(rates, m), root));
    storeLanes(first + at, m, left);
    storeLanes(second + at, v, left);
    storeLanes(parameter + at, moved, left);
  }
}
