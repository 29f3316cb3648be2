// The simple RNN over a range of steps (equations in src/engine/cells/rnn.ts).

import { tanh4 } from './activations';
import { storeLanes } from './lanes';
import { accumulate, stateProduct } from './recurrence';

/** Arrays point to the first step of the range; `h` to the state before it. */
export function rnnForward(
  steps: i32,
  rows: i32,
  H: i32,
  relu: bool,
  input: usize,
  h: usize,
  gates: usize,
  weights: usize,
  bias: usize,
): void {
  const row = (<usize>H) << 2;
  const size = <usize>rows * row;
  for (let t = 0; t < steps; t++) {
    const after = h + size;
    stateProduct(rows, H, H, h, row, weights, bias, 0, gates, row);
    let at: usize = 0;
    for (; at + 16 <= size; at += 16) forwardUnits(4, relu, input + at, gates + at, after + at);
    if (at < size) {
      forwardUnits(<i32>((size - at) >> 2), relu, input + at, gates + at, after + at);
    }
    h = after;
    input += size;
    gates += size;
  }
}

/** Four units, or the last `left` of them; with `left` a constant the compiler drops what it decides. */
@inline
function forwardUnits(left: i32, relu: bool, input: usize, gates: usize, h: usize): void {
  const sum = f32x4.add(v128.load(input), v128.load(gates));
  const out = relu ? f32x4.max(sum, f32x4.splat(0)) : tanh4(sum);
  storeLanes(gates, out, left);
  storeLanes(h, out, left);
}

/** Arrays point to the last step of the range; `h` to the state after it, `direct` to ∂L/∂h through the readout. */
export function rnnBackward(
  steps: i32,
  rows: i32,
  H: i32,
  relu: bool,
  h: usize,
  direct: usize,
  carried: usize,
  delta: usize,
  weights: usize,
): void {
  const row = (<usize>H) << 2;
  const size = <usize>rows * row;
  const one = f32x4.splat(1);
  for (let t = 0; t < steps; t++) {
    accumulate(rows * H, direct, carried);
    for (let at: usize = 0; at < size; at += 16) {
      const y = v128.load(h + at);
      const slope = relu
        ? v128.and(f32x4.gt(y, f32x4.splat(0)), one)
        : f32x4.sub(one, f32x4.mul(y, y));
      storeLanes(delta + at, f32x4.mul(v128.load(carried + at), slope), <i32>((size - at) >> 2));
    }
    stateProduct(rows, H, H, delta, row, weights, 0, 0, carried, row);
    h -= size;
    direct -= size;
    delta -= size;
  }
}
