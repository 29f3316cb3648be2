// tanh, σ and exp of four float32 numbers, within a few units in the last place (largest relative error 4e-7).

import { storeLanes } from './lanes';

/**
 * Every constant four times over. Read from memory they are operands of the instruction that uses them; written as
 * `f32x4.splat(c)` each would be built anew in a register at every use.
 */
const tanhTable = memory.data<f32>([
  8, 8, 8, 8, -8, -8, -8, -8,
  1.5230399e-8, 1.5230399e-8, 1.5230399e-8, 1.5230399e-8,
  2.1894648e-5, 2.1894648e-5, 2.1894648e-5, 2.1894648e-5,
  3.5715972e-3, 3.5715972e-3, 3.5715972e-3, 3.5715972e-3,
  0.13444497, 0.13444497, 0.13444497, 0.13444497,
  8.522439e-7, 8.522439e-7, 8.522439e-7, 8.522439e-7,
  3.4112907e-4, 3.4112907e-4, 3.4112907e-4, 3.4112907e-4,
  2.6164439e-2, 2.6164439e-2, 2.6164439e-2, 2.6164439e-2,
  0.46777825, 0.46777825, 0.46777825, 0.46777825,
  1, 1, 1, 1,
], 16);
const expTable = memory.data<f32>([
  87, 87, 87, 87, -87, -87, -87, -87,
  1.44269504, 1.44269504, 1.44269504, 1.44269504,
  // 1.5·2²³ + 127: adding it rounds to an integer, whose last bits are the exponent field of 2ⁿ
  12583039, 12583039, 12583039, 12583039,
  // ln 2 in two parts: the first has few enough bits that n times it is exact
  0.693359375, 0.693359375, 0.693359375, 0.693359375,
  -2.1219444e-4, -2.1219444e-4, -2.1219444e-4, -2.1219444e-4,
  8.2903148e-3, 8.2903148e-3, 8.2903148e-3, 8.2903148e-3,
  4.1897931e-2, 4.1897931e-2, 4.1897931e-2, 4.1897931e-2,
  0.16667636, 0.16667636, 0.16667636, 0.16667636,
  0.4999915, 0.4999915, 0.4999915, 0.4999915,
  0.99999971, 0.99999971, 0.99999971, 0.99999971,
  1, 1, 1, 1,
], 16);

@inline
function next(sum: v128, x: v128, coefficient: usize): v128 {
  return f32x4.add(f32x4.mul(sum, x), v128.load(coefficient));
}

/**
 * x·P(x²) / Q(x²) with P and Q of degree 4, clamped to |x| ≤ 8. The coefficients minimise the largest relative error
 * over (0, 8], which is 7e-9 before rounding (least squares, reweighted until the error is level: Lawson's method).
 */
@inline
export function tanh4(value: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(value, v128.load(tanhTable)), v128.load(tanhTable + 16));
  const s = f32x4.mul(x, x);
  let p = v128.load(tanhTable + 32);
  p = next(p, s, tanhTable + 48);
  p = next(p, s, tanhTable + 64);
  p = next(p, s, tanhTable + 80);
  p = next(p, s, tanhTable + 160);
  let q = v128.load(tanhTable + 96);
  q = next(q, s, tanhTable + 112);
  q = next(q, s, tanhTable + 128);
  q = next(q, s, tanhTable + 144);
  q = next(q, s, tanhTable + 160);
  return f32x4.div(f32x4.mul(x, p), q);
}

/** 2ⁿ·eʳ with x = n·ln 2 + r, |r| ≤ ln 2 / 2, and a polynomial of degree 5 (relative error 9e-8), for |x| ≤ 87. */
@inline
export function exp4(value: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(value, v128.load(expTable)), v128.load(expTable + 16));
  const shift = v128.load(expTable + 48);
  const shifted = f32x4.add(f32x4.mul(x, v128.load(expTable + 32)), shift);
  const n = f32x4.sub(shifted, shift);
  let r = f32x4.sub(x, f32x4.mul(n, v128.load(expTable + 64)));
  r = f32x4.sub(r, f32x4.mul(n, v128.load(expTable + 80)));
  let p = v128.load(expTable + 96);
  p = next(p, r, expTable + 112);
  p = next(p, r, expTable + 128);
  p = next(p, r, expTable + 144);
  p = next(p, r, expTable + 160);
  p = next(p, r, expTable + 176);
  return f32x4.mul(p, i32x4.shl(shifted, 23));
}

/** 1 / (1 + e⁻ˣ); by the exponential, so that small values keep their relative accuracy. */
@inline
export function sigmoid4(x: v128): v128 {
  const one = v128.load(expTable + 176);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

export function tanh(count: i32, x: usize, out: usize): void {
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2;
    storeLanes(out + at, tanh4(v128.load(x + at)), count - i);
  }
}

export function sigmoid(count: i32, x: usize, out: usize): void {
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2;
    storeLanes(out + at, sigmoid4(v128.load(x + at)), count - i);
  }
}
