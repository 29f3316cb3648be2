// Sums, sizes and multiples of whole arrays.

import { storeLanes } from './lanes';

export function scale(count: i32, values: usize, factor: f32): void {
  const by = f32x4.splat(factor);
  for (let i = 0; i < count; i += 4) {
    const p = values + ((<usize>i) << 2);
    storeLanes(p, f32x4.mul(v128.load(p), by), count - i);
  }
}

/** target[columns] += Σ over rows of block[rows × columns]. */
export function addColumnSums(rows: i32, columns: i32, block: usize, target: usize): void {
  const row = (<usize>columns) << 2;
  for (let j = 0; j < columns; j += 4) {
    const at = (<usize>j) << 2;
    let even = v128.load(target + at);
    let odd = f32x4.splat(0);
    let p = block + at;
    let i = 0;
    for (; i + 2 <= rows; i += 2) {
      even = f32x4.add(even, v128.load(p));
      odd = f32x4.add(odd, v128.load(p + row));
      p += 2 * row;
    }
    if (i < rows) even = f32x4.add(even, v128.load(p));
    storeLanes(target + at, f32x4.add(even, odd), columns - j);
  }
}

/** Σ values², summed in float64. */
export function sumOfSquares(count: i32, values: usize): f64 {
  let low = f64x2.splat(0);
  let high = low;
  let low2 = low;
  let high2 = low;
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const v = v128.load(values);
    const w = v128.load(values, 16);
    const a = f64x2.promote_low_f32x4(v);
    const b = f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3));
    const c = f64x2.promote_low_f32x4(w);
    const d = f64x2.promote_low_f32x4(v128.shuffle<i32>(w, w, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
    low2 = f64x2.add(low2, f64x2.mul(c, c));
    high2 = f64x2.add(high2, f64x2.mul(d, d));
    values += 32;
  }
  const both = f64x2.add(f64x2.add(low, high), f64x2.add(low2, high2));
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < count; i++) {
    const v = <f64>load<f32>(values);
    sum += v * v;
    values += 4;
  }
  return sum;
}

/** The largest |value|; 0 of none. */
export function largest(count: i32, values: usize): f32 {
  let sizes = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    sizes = f32x4.pmax(sizes, f32x4.abs(v128.load(values)));
    values += 16;
  }
  let most = max(
    max(f32x4.extract_lane(sizes, 0), f32x4.extract_lane(sizes, 1)),
    max(f32x4.extract_lane(sizes, 2), f32x4.extract_lane(sizes, 3)),
  );
  for (; i < count; i++) {
    most = max(most, abs(load<f32>(values)));
    values += 4;
  }
  return most;
}

/** target[rows × columns] += factors[rows] · source, row by row. */
export function addScaledRows(
  rows: i32,
  columns: i32,
  factors: usize,
  source: usize,
  target: usize,
): void {
  const row = (<usize>columns) << 2;
  for (let i = 0; i < rows; i++) {
    const factor = v128.load32_splat(factors);
    for (let j = 0; j < columns; j += 4) {
      const at = (<usize>j) << 2;
      const sum = f32x4.add(v128.load(target + at), f32x4.mul(factor, v128.load(source + at)));
      storeLanes(target + at, sum, columns - j);
    }
    factors += 4;
    source += row;
    target += row;
  }
}
