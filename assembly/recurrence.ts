// What the recurrent cells share: the product of each step with the state before it.

import { packedProduct, rowProduct } from './product';

/** out[rows × n] = h[rows × k] · U + start; rows of h, start and out are `hRow`, `startRow` and `outRow` bytes apart. */
@inline
export function stateProduct(
  rows: i32,
  n: i32,
  k: i32,
  h: usize,
  hRow: usize,
  weights: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  if (rows == 1) rowProduct(n, k, h, 4, weights, start, out);
  else packedProduct(rows, n, k, h, hRow, 4, weights, start, startRow, out, outRow);
}

/** carried += direct, for `count` numbers. */
export function accumulate(count: i32, direct: usize, carried: usize): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(carried, f32x4.add(v128.load(carried), v128.load(direct)));
    carried += 16;
    direct += 16;
  }
  for (; i < count; i++) {
    store<f32>(carried, load<f32>(carried) + load<f32>(direct));
    carried += 4;
    direct += 4;
  }
}
