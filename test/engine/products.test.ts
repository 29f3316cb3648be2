// The reference kernel's matrix product against a triple loop, for any size, stride, offset and transposition.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random, matrix, type Floats, type MatrixView } from '../../src/engine/index.js';
import { addColumnSums, fillRows, multiply, norm } from '../../src/engine/products.js';
import { assertClose, between, normals } from '../support/engine.js';

function at({ data, offset, row, column }: MatrixView, i: number, j: number): number {
  return data[offset + i * row + j * column];
}

/**
 * The meaning of `multiply`, element by element, in a copy of C's whole array. As documented, each element sums groups of
 * four products, and what is left over one by one.
 */
function plain(
  [m, n, k]: readonly [number, number, number],
  a: MatrixView,
  b: MatrixView,
  c: MatrixView,
  add: boolean,
): Floats {
  const result = c.data.slice();
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const term = (l: number): number => at(a, i, l) * at(b, l, j);
      let sum = 0;
      let l = 0;
      for (; l + 4 <= k; l += 4) sum += term(l) + term(l + 1) + term(l + 2) + term(l + 3);
      for (; l < k; l++) sum += term(l);
      result[c.offset + i * c.row + j * c.column] = (add ? at(c, i, j) : 0) + sum;
    }
  }
  return result;
}

/** A view of `rows × columns` somewhere inside an array of other numbers, in either order, perhaps with gaps. */
function randomView(rows: number, columns: number, random: Random): MatrixView {
  const offset = random.integer(5);
  const step = random.pick([1, 1, 2, 3]);
  const transposed = random.integer(2) === 1;
  const inner = transposed ? rows : columns;
  const outer = transposed ? columns : rows;
  const stride = Math.max(1, inner * step) + random.integer(3);
  const data = normals(random, offset + outer * stride + step + random.integer(5));
  return transposed
    ? { data, offset, row: step, column: stride }
    : { data, offset, row: stride, column: step };
}

test('any product agrees with the triple loop to the last bit and touches nothing else', () => {
  const random = new Random('products');
  for (let round = 0; round < 1500; round++) {
    const size = [0, 1, 2].map(() => between(random, 0, 20)) as [number, number, number];
    const [m, n, k] = size;
    const a = randomView(m, k, random);
    const b = randomView(k, n, random);
    const c = randomView(m, n, random);
    const add = random.integer(2) === 1;
    const inputs = [a.data.slice(), b.data.slice()];
    const expected = plain(size, a, b, c, add);
    multiply(m, n, k, a, b, c, add);
    assertClose(c.data, expected, 0, `${m}×${n}×${k}, add ${add}, round ${round}`);
    assertClose(a.data, inputs[0], 0, 'A');
    assertClose(b.data, inputs[1], 0, 'B');
  }
});

test('a row of the product does not depend on how many rows there are', () => {
  const random = new Random('rows');
  for (const [n, k] of [
    [1, 1],
    [5, 7],
    [12, 16],
    [9, 30],
  ]) {
    const m = 7;
    const a = matrix(normals(random, m * k), k);
    const b = matrix(normals(random, k * n), n);
    const together = new Float64Array(m * n);
    multiply(m, n, k, a, b, matrix(together, n));
    for (let i = 0; i < m; i++) {
      const alone = new Float64Array(n);
      multiply(1, n, k, matrix(a.data, k, { offset: i * k }), b, matrix(alone, n));
      assertClose(alone, together.subarray(i * n, (i + 1) * n), 0, `row ${i} of ${m}×${n}×${k}`);
    }
  }
});

test('every size around the tiles agrees with the triple loop', () => {
  const random = new Random('tiles');
  for (let m = 0; m <= 5; m++) {
    for (let n = 0; n <= 9; n++) {
      for (let k = 0; k <= 9; k++) {
        for (const add of [false, true]) {
          const a = matrix(normals(random, m * k), k);
          const b = matrix(normals(random, k * n), k, { transposed: true });
          const c = matrix(normals(random, m * n), n);
          const expected = plain([m, n, k], a, b, c, add);
          multiply(m, n, k, a, b, c, add);
          assertClose(c.data, expected, 0, `${m}×${n}×${k}, add ${add}`);
        }
      }
    }
  }
});

test('it overwrites unless told to add', () => {
  const data = Float64Array.of(7, NaN);
  multiply(
    1,
    2,
    1,
    matrix(Float64Array.of(2), 1),
    matrix(Float64Array.of(3, 5), 2),
    matrix(data, 2),
  );
  assert.deepEqual(data, Float64Array.of(6, 10));
  multiply(
    1,
    2,
    1,
    matrix(Float64Array.of(2), 1),
    matrix(Float64Array.of(3, 5), 2),
    matrix(data, 2),
    true,
  );
  assert.deepEqual(data, Float64Array.of(12, 20));
});

test('views: row-major, transposed, later', () => {
  const data = Float64Array.of(0, 1, 2, 3, 4, 5);
  assert.deepEqual(matrix(data, 3), { data, offset: 0, row: 3, column: 1 });
  assert.equal(at(matrix(data, 3), 1, 2), 5);
  assert.equal(at(matrix(data, 3, { transposed: true }), 2, 1), 5);
  assert.equal(at(matrix(data, 2, { offset: 1 }), 1, 1), 4);
  assert.equal(at(matrix(data, 2, { offset: 1, transposed: true }), 1, 0), 2);
});

test('rows filled, columns summed, norms', () => {
  const target = new Float64Array(7);
  fillRows(target, Float64Array.of(1, 2), 3);
  assert.deepEqual(target, Float64Array.of(1, 2, 1, 2, 1, 2, 0));
  const sums = Float64Array.of(10, 20);
  addColumnSums(sums, Float64Array.of(1, 2, 3, 4, 500, 600), 2);
  assert.deepEqual(sums, Float64Array.of(14, 26));
  assert.equal(norm(Float64Array.of(3, 4)), 5);
  assert.equal(norm(Float64Array.of(9, 3, 4, 9), 1, 2), 5);
  assert.equal(norm(Float64Array.of(9, 3, 4), 1), 5);
  assert.equal(norm(new Float64Array(0)), 0);
});

test('a norm is right where the squares are out of range, and tells what is no number', () => {
  for (const scale of [1e-320, 1e-300, 1e-170, 1e-150, 1, 1e150, 1e170, 1e300]) {
    const [a, b] = [3 * scale, 4 * scale];
    assertClose([norm(Float64Array.of(a, -b)) / Math.hypot(a, b)], [1], 1e-15, `${scale}`);
  }
  assert.equal(norm(Float64Array.of(5e-324)), 5e-324);
  assert.equal(norm(Float64Array.of(1, -Infinity)), Infinity);
  assert.equal(norm(Float64Array.of(NaN, 1)), NaN);
});
