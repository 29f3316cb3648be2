// The one matrix product that everything heavy goes through: C (+)= A·B, any of them transposed by its strides.

/** A matrix inside a typed array: element (i, j) stands at `offset + i * row + j * column`. */
export interface MatrixView {
  readonly data: Float64Array;
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/** Row-major view of `columns` columns, optionally starting later and optionally transposed. */
export function matrix(
  data: Float64Array,
  columns: number,
  options: { offset?: number; transposed?: boolean } = {},
): MatrixView {
  const offset = options.offset ?? 0;
  return options.transposed
    ? { data, offset, row: 1, column: columns }
    : { data, offset, row: columns, column: 1 };
}

/**
 * A faster product with the meaning of `multiply`, for work where float32 is enough. It may decline (return false),
 * for example a product too small to be worth it.
 */
export type ProductKernel = (
  m: number,
  n: number,
  k: number,
  a: MatrixView,
  b: MatrixView,
  c: MatrixView,
  add: boolean,
) => boolean;

let kernel: ProductKernel | null = null;

/** Puts a kernel before the reference product, or takes it away with null. */
export function useProductKernel(next: ProductKernel | null): void {
  kernel = next;
}

/**
 * C[m × n] = (add ? C : 0) + A[m × k] · B[k × n].
 *
 * Works on tiles of 2 × 4 elements: eight running sums and six loads per eight multiply-adds is what fits
 * into the registers; the sum over k runs in order, so results do not depend on the tile.
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
  if (kernel?.(m, n, k, a, b, c, add)) return;
  const A = a.data;
  const B = b.data;
  const C = c.data;
  const aRow = a.row;
  const aColumn = a.column;
  const bRow = b.row;
  const bColumn = b.column;
  const cRow = c.row;
  const cColumn = c.column;
  const mTiles = m - (m % 2);
  const nTiles = n - (n % 4);
  for (let i = 0; i < mTiles; i += 2) {
    const aStart = a.offset + i * aRow;
    for (let j = 0; j < nTiles; j += 4) {
      let p0 = aStart;
      let p1 = aStart + aRow;
      let q0 = b.offset + j * bColumn;
      let q1 = q0 + bColumn;
      let q2 = q1 + bColumn;
      let q3 = q2 + bColumn;
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let l = 0; l < k; l++) {
        const a0 = A[p0];
        const a1 = A[p1];
        const b0 = B[q0];
        const b1 = B[q1];
        const b2 = B[q2];
        const b3 = B[q3];
        s00 += a0 * b0;
        s01 += a0 * b1;
        s02 += a0 * b2;
        s03 += a0 * b3;
        s10 += a1 * b0;
        s11 += a1 * b1;
        s12 += a1 * b2;
        s13 += a1 * b3;
        p0 += aColumn;
        p1 += aColumn;
        q0 += bRow;
        q1 += bRow;
        q2 += bRow;
        q3 += bRow;
      }
      const r0 = c.offset + i * cRow + j * cColumn;
      const r1 = r0 + cRow;
      if (add) {
        C[r0] = C[r0] + s00;
        C[r0 + cColumn] = C[r0 + cColumn] + s01;
        C[r0 + 2 * cColumn] = C[r0 + 2 * cColumn] + s02;
        C[r0 + 3 * cColumn] = C[r0 + 3 * cColumn] + s03;
        C[r1] = C[r1] + s10;
        C[r1 + cColumn] = C[r1 + cColumn] + s11;
        C[r1 + 2 * cColumn] = C[r1 + 2 * cColumn] + s12;
        C[r1 + 3 * cColumn] = C[r1 + 3 * cColumn] + s13;
      } else {
        C[r0] = s00;
        C[r0 + cColumn] = s01;
        C[r0 + 2 * cColumn] = s02;
        C[r0 + 3 * cColumn] = s03;
        C[r1] = s10;
        C[r1 + cColumn] = s11;
        C[r1 + 2 * cColumn] = s12;
        C[r1 + 3 * cColumn] = s13;
      }
    }
    for (let j = nTiles; j < n; j++) {
      single(k, a, b, c, i, j, add);
      single(k, a, b, c, i + 1, j, add);
    }
  }
  for (let i = mTiles; i < m; i++) row(n, k, a, b, c, i, add);
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
  const nTiles = n - (n % 4);
  for (let j = 0; j < nTiles; j += 4) {
    let p = a.offset + i * a.row;
    let q0 = b.offset + j * b.column;
    let q1 = q0 + b.column;
    let q2 = q1 + b.column;
    let q3 = q2 + b.column;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let l = 0; l < k; l++) {
      const x = A[p];
      s0 += x * B[q0];
      s1 += x * B[q1];
      s2 += x * B[q2];
      s3 += x * B[q3];
      p += a.column;
      q0 += b.row;
      q1 += b.row;
      q2 += b.row;
      q3 += b.row;
    }
    const r = c.offset + i * c.row + j * c.column;
    C[r] = (add ? C[r] : 0) + s0;
    C[r + c.column] = (add ? C[r + c.column] : 0) + s1;
    C[r + 2 * c.column] = (add ? C[r + 2 * c.column] : 0) + s2;
    C[r + 3 * c.column] = (add ? C[r + 3 * c.column] : 0) + s3;
  }
  for (let j = nTiles; j < n; j++) single(k, a, b, c, i, j, add);
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
  let p = a.offset + i * a.row;
  let q = b.offset + j * b.column;
  let sum = 0;
  for (let l = 0; l < k; l++) {
    sum += a.data[p] * b.data[q];
    p += a.column;
    q += b.row;
  }
  const r = c.offset + i * c.row + j * c.column;
  c.data[r] = (add ? c.data[r] : 0) + sum;
}

/** Puts the same row vector into each of `rows` rows of `target`. */
export function fillRows(target: Float64Array, row: Float64Array, rows: number): void {
  for (let i = 0; i < rows; i++) target.set(row, i * row.length);
}

/** Adds the sum over the rows of a `[rows × columns]` block to `target`. */
export function addColumnSums(target: Float64Array, block: Float64Array, rows: number): void {
  const columns = target.length;
  for (let i = 0, p = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, p++) target[j] = target[j] + block[p];
  }
}

/** Euclidean norm of `length` numbers from `offset`. */
export function norm(values: Float64Array, offset = 0, length = values.length - offset): number {
  let sum = 0;
  for (let i = offset; i < offset + length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}
