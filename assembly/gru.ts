// The GRU over a range of steps, reset after or before the product (equations in src/engine/cells/gru.ts).

import { sigmoid4, tanh4 } from './activations';
import { storeLanes } from './lanes';
import { accumulate, stateProduct } from './recurrence';

/**
 * Arrays point to the first step of the range; `h` to the state before it. The weights are packed apart for the gates
 * (2·H columns) and the candidate (H columns), which the original form multiplies by another operand.
 */
export function gruForward(
  steps: i32,
  rows: i32,
  H: i32,
  resetAfter: bool,
  input: usize,
  h: usize,
  gates: usize,
  kept: usize,
  gateWeights: usize,
  candidateWeights: usize,
  bias: usize,
): void {
  const row = (<usize>H) << 2;
  const width = row * 3;
  const size = <usize>rows * row;
  const candidateBias = bias + 2 * row;
  for (let t = 0; t < steps; t++) {
    const candidates = gates + 2 * row;
    stateProduct(rows, 2 * H, H, h, row, gateWeights, bias, 0, gates, width);
    if (resetAfter) {
      stateProduct(rows, H, H, h, row, candidateWeights, candidateBias, 0, candidates, width);
    }
    for (let n = 0; n < rows; n++) {
      const wide = <usize>n * width;
      const state = <usize>n * row;
      const x = input + wide;
      const p = gates + wide;
      let at: usize = 0;
      for (; at + 16 <= row; at += 16) {
        gateUnits(4, resetAfter, row, x + at, p + at, h + state + at, kept + state + at);
      }
      if (at < row) {
        const left = <i32>((row - at) >> 2);
        gateUnits(left, resetAfter, row, x + at, p + at, h + state + at, kept + state + at);
      }
    }
    if (!resetAfter) {
      stateProduct(rows, H, H, kept, row, candidateWeights, candidateBias, 0, candidates, width);
    }
    for (let n = 0; n < rows; n++) {
      const wide = <usize>n * width;
      const state = <usize>n * row;
      const x = input + wide;
      const p = gates + wide;
      let at: usize = 0;
      for (; at + 16 <= row; at += 16) {
        stateUnits(
          4, resetAfter, row, x + at, p + at, h + state + at, kept + state + at, h + size + state + at,
        );
      }
      if (at < row) {
        const left = <i32>((row - at) >> 2);
        stateUnits(
          left, resetAfter, row, x + at, p + at, h + state + at, kept + state + at, h + size + state + at,
        );
      }
    }
    h += size;
    input += <usize>rows * width;
    gates += <usize>rows * width;
    kept += size;
  }
}

/** r, z and what is kept, of four units or the last `left` of them. */
@inline
function gateUnits(
  left: i32,
  resetAfter: bool,
  row: usize,
  input: usize,
  gates: usize,
  h: usize,
  kept: usize,
): void {
  const r = sigmoid4(f32x4.add(v128.load(input), v128.load(gates)));
  const z = sigmoid4(f32x4.add(v128.load(input + row), v128.load(gates + row)));
  storeLanes(gates, r, left);
  storeLanes(gates + row, z, left);
  const operand = resetAfter ? v128.load(gates + 2 * row) : f32x4.mul(r, v128.load(h));
  storeLanes(kept, operand, left);
}

/** The candidate and the state, of four units or the last `left` of them. */
@inline
function stateUnits(
  left: i32,
  resetAfter: bool,
  row: usize,
  input: usize,
  gates: usize,
  h: usize,
  kept: usize,
  hAfter: usize,
): void {
  const recurrent = resetAfter
    ? f32x4.mul(v128.load(gates), v128.load(kept))
    : v128.load(gates + 2 * row);
  const z = v128.load(gates + row);
  const candidate = tanh4(f32x4.add(v128.load(input + 2 * row), recurrent));
  const fresh = f32x4.mul(f32x4.sub(f32x4.splat(1), z), candidate);
  storeLanes(gates + 2 * row, candidate, left);
  storeLanes(hAfter, f32x4.add(fresh, f32x4.mul(z, v128.load(h))), left);
}

/**
 * Arrays point to the last step of the range; `h` to the state before it. `delta` is ∂L/∂(input part), `recurrent`
 * ∂L/∂(recurrent part); `scratch` holds rows × H numbers.
 */
export function gruBackward(
  steps: i32,
  rows: i32,
  H: i32,
  resetAfter: bool,
  h: usize,
  gates: usize,
  kept: usize,
  direct: usize,
  carried: usize,
  delta: usize,
  recurrent: usize,
  gateWeights: usize,
  candidateWeights: usize,
  scratch: usize,
): void {
  const row = (<usize>H) << 2;
  const width = row * 3;
  const size = <usize>rows * row;
  const one = f32x4.splat(1);
  for (let t = 0; t < steps; t++) {
    accumulate(rows * H, direct, carried);
    for (let n = 0; n < rows; n++) {
      const wide = <usize>n * width;
      for (let j = 0; j < H; j += 4) {
        const left = H - j;
        const at = (<usize>j) << 2;
        const state = <usize>n * row + at;
        const p = gates + wide + at;
        const d = delta + wide + at;
        const e = recurrent + wide + at;
        const r = v128.load(p);
        const z = v128.load(p + row);
        const candidate = v128.load(p + 2 * row);
        const dh = v128.load(carried + state);
        const before = v128.load(h + state);
        const dn = f32x4.mul(
          f32x4.mul(dh, f32x4.sub(one, z)),
          f32x4.sub(one, f32x4.mul(candidate, candidate)),
        );
        const dz = f32x4.mul(
          f32x4.mul(dh, f32x4.sub(before, candidate)),
          f32x4.mul(z, f32x4.sub(one, z)),
        );
        storeLanes(d + 2 * row, dn, left);
        storeLanes(d + row, dz, left);
        storeLanes(e + row, dz, left);
        storeLanes(e + 2 * row, resetAfter ? f32x4.mul(dn, r) : dn, left);
        if (resetAfter) {
          const dr = f32x4.mul(
            f32x4.mul(dn, v128.load(kept + state)),
            f32x4.mul(r, f32x4.sub(one, r)),
          );
          storeLanes(d, dr, left);
          storeLanes(e, dr, left);
        }
        storeLanes(carried + state, f32x4.mul(dh, z), left);
      }
    }
    const candidates = recurrent + 2 * row;
    if (resetAfter) {
      stateProduct(rows, H, H, candidates, width, candidateWeights, carried, row, carried, row);
    } else {
      stateProduct(rows, H, H, candidates, width, candidateWeights, 0, 0, scratch, row);
      throughReset(rows, H, h, gates, delta, recurrent, scratch, carried);
    }
    stateProduct(rows, H, 2 * H, recurrent, width, gateWeights, carried, row, carried, row);
    h -= size;
    gates -= <usize>rows * width;
    kept -= size;
    direct -= size;
    delta -= <usize>rows * width;
    recurrent -= <usize>rows * width;
  }
}

/** Reset before the product: with e = U_nᵀ δ_n, ∂L/∂r = e ⊙ h₋ and h₋ gets e ⊙ r. */
function throughReset(
  rows: i32,
  H: i32,
  h: usize,
  gates: usize,
  delta: usize,
  recurrent: usize,
  e: usize,
  carried: usize,
): void {
  const row = (<usize>H) << 2;
  const width = row * 3;
  const one = f32x4.splat(1);
  for (let n = 0; n < rows; n++) {
    const wide = <usize>n * width;
    for (let j = 0; j < H; j += 4) {
      const left = H - j;
      const at = (<usize>j) << 2;
      const state = <usize>n * row + at;
      const r = v128.load(gates + wide + at);
      const through = v128.load(e + state);
      const dr = f32x4.mul(
        f32x4.mul(through, v128.load(h + state)),
        f32x4.mul(r, f32x4.sub(one, r)),
      );
      storeLanes(delta + wide + at, dr, left);
      storeLanes(recurrent + wide + at, dr, left);
      storeLanes(
        carried + state,
        f32x4.add(v128.load(carried + state), f32x4.mul(through, r)),
        left,
      );
    }
  }
}
