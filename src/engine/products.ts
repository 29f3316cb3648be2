// The matrix product of the reference kernel: C (+)= A·B, any of them transposed by its strides.

import type { Floats, MatrixView } from './kernels/kernel.js';

/**
 * C[m × n] = (add ? C : 0) + A[m × k] · B[k × n].
 *
 * Works on tiles of 2 × 4 elements, four steps of k at a time: eight running sums are what fits into the registers, and
 * the loop's own work is shared by 32 multiply-adds. Every element sums over k in the same groups of four whatever tile it
 * falls into, so a row's result does not depend on how many rows there are.
 */
export function multiply(
  m: number,
  n: number,
  k: number,
  a: MatrixView,
  b: MatrixView,
  c: MatrixView,
  add = false,
): void {
  const mTiles = m - (m % 2);
  const nTiles = n - (n % 4);
  for (let i = 0; i < mTiles; i += 2) {
    rowPair(nTiles, k, a, b, c, i, add);
    for (let j = nTiles; j < n; j++) {
      single(k, a, b, c, i, j, add);
      single(k, a, b, c, i + 1, j, add);
    }
  }
  if (mTiles === m) return;
  row(nTiles, k, a, b, c, mTiles, add);
  for (let j = nTiles; j < n; j++) single(k, a, b, c, mTiles, j, add);
}

/** Two rows of C, four columns at a time. */
function rowPair(
  n: number,
  k: number,
  a: MatrixView,
  b: MatrixView,
  c: MatrixView,
  i: number,
  add: boolean,
): void {
  const A = a.data;
  const B = b.data;
  const C = c.data;
  const aStep = a.column;
  const bStep = b.row;
  const b2 = 2 * bStep;
  const b3 = 3 * bStep;
  const step = c.column;
  for (let j = 0; j < n; j += 4) {
    let p = a.offset + i * a.row;
    let r = p + a.row;
    let q0 = b.offset + j * b.column;
    let q1 = q0 + b.column;
    let q2 = q1 + b.column;
    let q3 = q2 + b.column;
    let s00 = 0;
    let s01 = 0;
    let s02 = 0;
    let s03 = 0;
    let s10 = 0;
    let s11 = 0;
    let s12 = 0;
    let s13 = 0;
    let l = 4;
    for (; l <= k; l += 4) {
      const a0 = A[p];
      const a1 = A[p + aStep];
      const a2 = A[p + 2 * aStep];
      const a3 = A[p + 3 * aStep];
      const d0 = A[r];
      const d1 = A[r + aStep];
      const d2 = A[r + 2 * aStep];
      const d3 = A[r + 3 * aStep];
      let x = B[q0];
      let y = B[q0 + bStep];
      let z = B[q0 + b2];
      let w = B[q0 + b3];
      s00 += a0 * x + a1 * y + a2 * z + a3 * w;
      s10 += d0 * x + d1 * y + d2 * z + d3 * w;
      x = B[q1];
      y = B[q1 + bStep];
      z = B[q1 + b2];
      w = B[q1 + b3];
      s01 += a0 * x + a1 * y + a2 * z + a3 * w;
      s11 += d0 * x + d1 * y + d2 * z + d3 * w;
      x = B[q2];
      y = B[q2 + bStep];
      z = B[q2 + b2];
      w = B[q2 + b3];
      s02 += a0 * x + a1 * y + a2 * z + a3 * w;
      s12 += d0 * x + d1 * y + d2 * z + d3 * w;
      x = B[q3];
      y = B[q3 + bStep];
      z = B[q3 + b2];
      w = B[q3 + b3];
      s03 += a0 * x + a1 * y + a2 * z + a3 * w;
      s13 += d0 * x + d1 * y + d2 * z + d3 * w;
      p += 4 * aStep;
      r += 4 * aStep;
      q0 += 4 * bStep;
      q1 += 4 * bStep;
      q2 += 4 * bStep;
      q3 += 4 * bStep;
    }
    for (l -= 4; l < k; l++) {
      const x = A[p];
      const y = A[r];
      s00 += x * B[q0];
      s01 += x * B[q1];
      s02 += x * B[q2];
      s03 += x * B[q3];
      s10 += y * B[q0];
      s11 += y * B[q1];
      s12 += y * B[q2];
      s13 += y * B[q3];
      p += aStep;
      r += aStep;
      q0 += bStep;
      q1 += bStep;
      q2 += bStep;
      q3 += bStep;
    }
    const e = c.offset + i * c.row + j * c.column;
    const f = e + c.row;
    C[e] = (add ? C[e] : 0) + s00;
    C[e + step] = (add ? C[e + step] : 0) + s01;
    C[e + 2 * step] = (add ? C[e + 2 * step] : 0) + s02;
    C[e + 3 * step] = (add ? C[e + 3 * step] : 0) + s03;
    C[f] = (add ? C[f] : 0) + s10;
    C[f + step] = (add ? C[f + step] : 0) + s11;
    C[f + 2 * step] = (add ? C[f + 2 * step] : 0) + s12;
    C[f + 3 * step] = (add ? C[f + 3 * step] : 0) + s13;
  }
}

/** One row of C, four columns at a time: the matrix–vector product of a single reading step. */
function row(
  n: number,
  k: number,
  a: MatrixView,
  b: MatrixView,
  c: MatrixView,
  i: number,
  add: boolean,
): void {
  const A = a.data;
  const B = b.data;
  const C = c.data;
  const aStep = a.column;
  const bStep = b.row;
  const b2 = 2 * bStep;
  const b3 = 3 * bStep;
  const step = c.column;
  for (let j = 0; j < n; j += 4) {
    let p = a.offset + i * a.row;
    let q0 = b.offset + j * b.column;
    let q1 = q0 + b.column;
    let q2 = q1 + b.column;
    let q3 = q2 + b.column;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let l = 4;
    for (; l <= k; l += 4) {
      const a0 = A[p];
      const a1 = A[p + aStep];
      const a2 = A[p + 2 * aStep];
      const a3 = A[p + 3 * aStep];
      s0 += a0 * B[q0] + a1 * B[q0 + bStep] + a2 * B[q0 + b2] + a3 * B[q0 + b3];
      s1 += a0 * B[q1] + a1 * B[q1 + bStep] + a2 * B[q1 + b2] + a3 * B[q1 + b3];
      s2 += a0 * B[q2] + a1 * B[q2 + bStep] + a2 * B[q2 + b2] + a3 * B[q2 + b3];
      s3 += a0 * B[q3] + a1 * B[q3 + bStep] + a2 * B[q3 + b2] + a3 * B[q3 + b3];
      p += 4 * aStep;
      q0 += 4 * bStep;
      q1 += 4 * bStep;
      q2 += 4 * bStep;
      q3 += 4 * bStep;
    }
    for (l -= 4; l < k; l++) {
      const x = A[p];
      s0 += x * B[q0];
      s1 += x * B[q1];
      s2 += x * B[q2];
      s3 += x * B[q3];
      p += aStep;
      q0 += bStep;
      q1 += bStep;
      q2 += bStep;
      q3 += bStep;
    }
    const e = c.offset + i * c.row + j * c.column;
    C[e] = (add ? C[e] : 0) + s0;
    C[e + step] = (add ? C[e + step] : 0) + s1;
    C[e + 2 * step] = (add ? C[e + 2 * step] : 0) + s2;
    C[e + 3 * step] = (add ? C[e + 3 * step] : 0) + s3;
  }
}

/** One element of C, for the edges that no tile covers. */
function single(
  k: number,
  a: MatrixView,
  b: MatrixView,
  c: MatrixView,
  i: number,
  j: number,
  add: boolean,
): void {
  const A = a.data;
  const B = b.data;
  const aStep = a.column;
  const bStep = b.row;
  let p = a.offset + i * a.row;
  let q = b.offset + j * b.column;
  let sum = 0;
  let l = 4;
  for (; l <= k; l += 4) {
    sum +=
      A[p] * B[q] +
      A[p + aStep] * B[q + bStep] +
      A[p + 2 * aStep] * B[q + 2 * bStep] +
      A[p + 3 * aStep] * B[q + 3 * bStep];
    p += 4 * aStep;
    q += 4 * bStep;
  }
  for (l -= 4; l < k; l++) {
    sum += A[p] * B[q];
    p += aStep;
    q += bStep;
  }
  const e = c.offset + i * c.row + j * c.column;
  c.data[e] = (add ? c.data[e] : 0) + sum;
}

/** Puts the same row vector into each of `rows` rows of `target`. */
export function fillRows(target: Floats, row: Floats, rows: number): void {
  for (let i = 0; i < rows; i++) target.set(row, i * row.length);
}

/** Adds the sum over the rows of a `[rows × columns]` block to `target`. */
export function addColumnSums(target: Floats, block: Floats, rows: number): void {
  const columns = target.length;
  for (let i = 0, p = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, p++) target[j] = target[j] + block[p];
  }
}

/** Euclidean norm of `length` numbers from `offset`, however small or large they are. */
export function norm(values: Floats, offset = 0, length = values.length - offset): number {
  let sum = 0;
  let largest = 0;
  for (let i = offset; i < offset + length; i++) {
    sum += values[i] * values[i];
    largest = Math.max(largest, Math.abs(values[i]));
  }
  if (sum > 1e-290 && sum < Infinity) return Math.sqrt(sum);
  if (!(largest > 0 && largest < Infinity)) return largest;
  // the squares are out of range, the numbers are not
  sum = 0;
  for (let i = offset; i < offset + length; i++) sum += (values[i] / largest) ** 2;
  return largest * Math.sqrt(sum);
}
