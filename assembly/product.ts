// The matrix product C[m × n] = A·B + start, with B in panels of eight columns so that a panel is read front to back.
// Strides are in bytes; `start` is a row of biases (stride 0), C itself (to add to it) or 0 (none).

import { storeLanes } from './lanes';

/** A row of zeros as wide as three panels: where nothing is added, sums start from it. */
const zeros = memory.data(96, 16);

/** Packs B[k × n] as `[⌈n / 8⌉][k][8]`; element (l, j) stands at b + l·row + j·column. Columns beyond n become zeros. */
export function pack(n: i32, k: i32, b: usize, row: usize, column: usize, to: usize): void {
  for (let j = 0; j < n; j += 8) {
    packPanel(n - j, k, b + <usize>j * column, row, column, to);
    to += (<usize>k) << 5;
  }
}

function packPanel(left: i32, k: i32, b: usize, row: usize, column: usize, to: usize): void {
  if (left >= 8 && column == 4) {
    for (let l = 0; l < k; l++) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
      b += row;
      to += 32;
    }
    return;
  }
  for (let lane = 0; lane < 8; lane++) {
    let p = b + <usize>lane * column;
    let q = to + ((<usize>lane) << 2);
    const end = q + ((<usize>k) << 5);
    if (lane < left) {
      for (; q < end; q += 32) {
        store<f32>(q, load<f32>(p));
        p += row;
      }
    } else {
      for (; q < end; q += 32) store<f32>(q, 0);
    }
  }
}

/** The product with a packed B. */
export function packedProduct(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
): void {
  const tiles = m & ~3;
  const panel = (<usize>k) << 5;
  if (tiles > 0) {
    let q = b;
    for (let j = 0; j < n; j += 8) {
      const at = (<usize>j) << 2;
      const from = start ? start + at : zeros;
      panelTiles(tiles, n - j, k, a, aRow, aColumn, q, from, start ? startRow : 0, c + at, cRow);
      q += panel;
    }
  }
  for (let i = tiles; i < m; i++) {
    const row = <usize>i;
    rowProduct(n, k, a + row * aRow, aColumn, b, start ? start + row * startRow : 0, c + row * cRow);
  }
}

/** The product with B as it stands: each panel is packed into `scratch` (32·k bytes) when its turn comes. */
export function product(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  add: bool,
  c: usize,
  cRow: usize,
  scratch: usize,
): void {
  const tiles = m & ~3;
  for (let j = 0; j < n; j += 8) {
    const left = min(8, n - j);
    packPanel(left, k, b + <usize>j * bColumn, bRow, bColumn, scratch);
    const out = c + ((<usize>j) << 2);
    if (tiles > 0) {
      const from = add ? out : zeros;
      panelTiles(tiles, left, k, a, aRow, aColumn, scratch, from, add ? cRow : 0, out, cRow);
    }
    for (let i = tiles; i < m; i++) {
      const at = out + <usize>i * cRow;
      rowProduct(left, k, a + <usize>i * aRow, aColumn, scratch, add ? at : 0, at);
    }
  }
}

@inline
function storePair(c: usize, low: v128, high: v128, left: i32): void {
  if (left >= 8) {
    v128.store(c, low);
    v128.store(c, high, 16);
  } else {
    storeLanes(c, low, left);
    if (left > 4) storeLanes(c + 16, high, left - 4);
  }
}

@inline
function multiplyAdd(sum: v128, x: v128, y: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, y));
}

/** m rows (a multiple of 4) by one panel, in tiles of 4 × 8: eight running sums stay in registers. */
function panelTiles(
  m: i32,
  left: i32,
  k: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
): void {
  const end = b + ((<usize>k) << 5);
  for (let i = 0; i < m; i += 4) {
    let p0 = a;
    let p1 = p0 + aRow;
    let p2 = p1 + aRow;
    let p3 = p2 + aRow;
    const s1 = start + startRow;
    const s2 = s1 + startRow;
    const s3 = s2 + startRow;
    let c00 = v128.load(start);
    let c01 = v128.load(start, 16);
    let c10 = v128.load(s1);
    let c11 = v128.load(s1, 16);
    let c20 = v128.load(s2);
    let c21 = v128.load(s2, 16);
    let c30 = v128.load(s3);
    let c31 = v128.load(s3, 16);
    for (let q = b; q < end; q += 32) {
      const b0 = v128.load(q);
      const b1 = v128.load(q, 16);
      const a0 = v128.load32_splat(p0);
      const a1 = v128.load32_splat(p1);
      c00 = f32x4.add(c00, f32x4.mul(a0, b0));
      c01 = f32x4.add(c01, f32x4.mul(a0, b1));
      c10 = f32x4.add(c10, f32x4.mul(a1, b0));
      c11 = f32x4.add(c11, f32x4.mul(a1, b1));
      const a2 = v128.load32_splat(p2);
      const a3 = v128.load32_splat(p3);
      c20 = f32x4.add(c20, f32x4.mul(a2, b0));
      c21 = f32x4.add(c21, f32x4.mul(a2, b1));
      c30 = f32x4.add(c30, f32x4.mul(a3, b0));
      c31 = f32x4.add(c31, f32x4.mul(a3, b1));
      p0 += aColumn;
      p1 += aColumn;
      p2 += aColumn;
      p3 += aColumn;
    }
    storePair(c, c00, c01, left);
    storePair(c + cRow, c10, c11, left);
    storePair(c + 2 * cRow, c20, c21, left);
    storePair(c + 3 * cRow, c30, c31, left);
    a += 4 * aRow;
    start += 4 * startRow;
    c += 4 * cRow;
  }
}

/**
 * One row by a packed B: the matrix–vector product of a recurrent step. Three panels at a time are six running sums.
 * Like the tiles, each sum goes over k in order, so that a row's result does not depend on how many rows there are.
 */
export function rowProduct(
  n: i32,
  k: i32,
  a: usize,
  aColumn: usize,
  b: usize,
  start: usize,
  c: usize,
): void {
  const panel = (<usize>k) << 5;
  const startStep: usize = start ? 96 : 0;
  if (!start) start = zeros;
  let j = 0;
  for (; n - j > 16; j += 24) {
    let p = a;
    let q0 = b;
    let q1 = b + panel;
    let q2 = q1 + panel;
    const end = q1;
    let s0 = v128.load(start);
    let s1 = v128.load(start, 16);
    let s2 = v128.load(start, 32);
    let s3 = v128.load(start, 48);
    let s4 = v128.load(start, 64);
    let s5 = v128.load(start, 80);
    while (q0 < end) {
      const x = v128.load32_splat(p);
      s0 = multiplyAdd(s0, x, v128.load(q0));
      s1 = multiplyAdd(s1, x, v128.load(q0, 16));
      s2 = multiplyAdd(s2, x, v128.load(q1));
      s3 = multiplyAdd(s3, x, v128.load(q1, 16));
      s4 = multiplyAdd(s4, x, v128.load(q2));
      s5 = multiplyAdd(s5, x, v128.load(q2, 16));
      p += aColumn;
      q0 += 32;
      q1 += 32;
      q2 += 32;
    }
    v128.store(c, s0);
    v128.store(c, s1, 16);
    v128.store(c, s2, 32);
    v128.store(c, s3, 48);
    storePair(c + 64, s4, s5, n - j - 16);
    b += 3 * panel;
    start += startStep;
    c += 96;
  }
  for (; j < n; j += 8) {
    let p = a;
    let q = b;
    b += panel;
    let s0 = v128.load(start);
    let s1 = v128.load(start, 16);
    for (; q < b; q += 32) {
      const x = v128.load32_splat(p);
      s0 = multiplyAdd(s0, x, v128.load(q));
      s1 = multiplyAdd(s1, x, v128.load(q, 16));
      p += aColumn;
    }
    storePair(c, s0, s1, n - j);
    start += 32;
    c += 32;
  }
}
