// The LSTM over a range of steps (equations in src/engine/cells/lstm.ts).

import { sigmoid4, tanh4 } from './activations';
import { storeLanes } from './lanes';
import { accumulate, stateProduct } from './recurrence';

/** Arrays point to the first step of the range; `h` and `c` to the state before it. */
export function lstmForward(
  steps: i32,
  rows: i32,
  H: i32,
  input: usize,
  h: usize,
  c: usize,
  gates: usize,
  kept: usize,
  weights: usize,
  bias: usize,
): void {
  const row = (<usize>H) << 2;
  const width = row << 2;
  for (let t = 0; t < steps; t++) {
    stateProduct(rows, H << 2, H, h, row, weights, bias, 0, gates, width);
    h += <usize>rows * row;
    const cAfter = c + <usize>rows * row;
    for (let n = 0; n < rows; n++) {
      const hRow = h + <usize>n * row;
      const state = <usize>n * row;
      let at: usize = 0;
      for (; at + 16 <= row; at += 16) {
        forwardUnits(4, row, at, input, c + state, gates, kept, hRow, cAfter + state);
      }
      if (at < row) {
        const left = <i32>((row - at) >> 2);
        forwardUnits(left, row, at, input, c + state, gates, kept, hRow, cAfter + state);
      }
      input += width;
      gates += width;
      kept += row;
    }
    c = cAfter;
  }
}

/** Four units of one row, or the last `left` of them; with `left` a constant the compiler drops what it decides. */
@inline
function forwardUnits(
  left: i32,
  row: usize,
  at: usize,
  input: usize,
  c: usize,
  gates: usize,
  kept: usize,
  h: usize,
  cAfter: usize,
): void {
  const p = gates + at;
  const x = input + at;
  const i = sigmoid4(f32x4.add(v128.load(x), v128.load(p)));
  const f = sigmoid4(f32x4.add(v128.load(x + row), v128.load(p + row)));
  const g = tanh4(f32x4.add(v128.load(x + 2 * row), v128.load(p + 2 * row)));
  const o = sigmoid4(f32x4.add(v128.load(x + 3 * row), v128.load(p + 3 * row)));
  const cell = f32x4.add(f32x4.mul(f, v128.load(c + at)), f32x4.mul(i, g));
  const squashed = tanh4(cell);
  storeLanes(p, i, left);
  storeLanes(p + row, f, left);
  storeLanes(p + 2 * row, g, left);
  storeLanes(p + 3 * row, o, left);
  storeLanes(cAfter + at, cell, left);
  storeLanes(kept + at, squashed, left);
  storeLanes(h + at, f32x4.mul(o, squashed), left);
}

/** Arrays point to the last step of the range; `c` to the cell state before it. */
export function lstmBackward(
  steps: i32,
  rows: i32,
  H: i32,
  c: usize,
  gates: usize,
  kept: usize,
  direct: usize,
  carriedH: usize,
  carriedC: usize,
  delta: usize,
  weights: usize,
): void {
  const row = (<usize>H) << 2;
  const width = row << 2;
  const size = <usize>rows * row;
  for (let t = 0; t < steps; t++) {
    accumulate(rows * H, direct, carriedH);
    for (let n = 0; n < rows; n++) {
      const wide = <usize>n * width;
      const state = <usize>n * row;
      let at: usize = 0;
      for (; at + 16 <= row; at += 16) {
        backwardUnits(
          4, row, at, c + state, gates + wide, kept + state,
          carriedH + state, carriedC + state, delta + wide,
        );
      }
      if (at < row) {
        backwardUnits(
          <i32>((row - at) >> 2), row, at, c + state, gates + wide, kept + state,
          carriedH + state, carriedC + state, delta + wide,
        );
      }
    }
    stateProduct(rows, H, H << 2, delta, width, weights, 0, 0, carriedH, row);
    c -= size;
    gates -= <usize>rows * width;
    kept -= size;
    direct -= size;
    delta -= <usize>rows * width;
  }
}

/** As `forwardUnits`, back. */
@inline
function backwardUnits(
  left: i32,
  row: usize,
  at: usize,
  c: usize,
  gates: usize,
  kept: usize,
  carriedH: usize,
  carriedC: usize,
  delta: usize,
): void {
  const one = f32x4.splat(1);
  const p = gates + at;
  const i = v128.load(p);
  const f = v128.load(p + row);
  const g = v128.load(p + 2 * row);
  const o = v128.load(p + 3 * row);
  const squashed = v128.load(kept + at);
  const dh = v128.load(carriedH + at);
  const dc = f32x4.add(
    v128.load(carriedC + at),
    f32x4.mul(f32x4.mul(dh, o), f32x4.sub(one, f32x4.mul(squashed, squashed))),
  );
  const di = f32x4.mul(f32x4.mul(dc, g), f32x4.mul(i, f32x4.sub(one, i)));
  const df = f32x4.mul(f32x4.mul(dc, v128.load(c + at)), f32x4.mul(f, f32x4.sub(one, f)));
  const dg = f32x4.mul(f32x4.mul(dc, i), f32x4.sub(one, f32x4.mul(g, g)));
  const dO = f32x4.mul(f32x4.mul(dh, squashed), f32x4.mul(o, f32x4.sub(one, o)));
  const d = delta + at;
  storeLanes(d, di, left);
  storeLanes(d + row, df, left);
  storeLanes(d + 2 * row, dg, left);
  storeLanes(d + 3 * row, dO, left);
  storeLanes(carriedC + at, f32x4.mul(dc, f), left);
}
