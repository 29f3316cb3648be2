// The matrix product against a triple loop, for any size, stride, offset and transposition; and the kernels before it.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Random } from '../../src/engine/index.js';
import {
  addColumnSums,
  fillRows,
  matrix,
  multiply,
  norm,
  useProductKernel,
  type MatrixView,
} from '../../src/engine/products.js';
import { assertClose, between, normals } from '../support/engine.js';

afterEach(() => useProductKernel(null));

function at({ data, offset, row, column }: MatrixView, i: number, j: number): number {
  return data[offset + i * row + j * column];
}

/** The meaning of `multiply`, element by element, in a copy of C's whole array. */
function plain(
  [m, n, k]: readonly [number, number, number],
  a: MatrixView,
  b: MatrixView,
  c: MatrixView,
  add: boolean,
): Float64Array {
  const result = c.data.slice();
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += at(a, i, l) * at(b, l, j);
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

test('every size around the tiles agrees with the triple loop', () => {
  const random = new Random('tiles');
  for (let m = 0; m <= 5; m++) {
    for (let n = 0; n <= 9; n++) {
      for (let k = 0; k <= 3; k++) {
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

/** A product of 3 × 2 × 4, with what it should give. */
function example() {
  const random = new Random('example');
  const a = matrix(normals(random, 12), 4);
  const b = matrix(normals(random, 8), 2);
  const c = matrix(normals(random, 6), 2);
  return { a, b, c, expected: plain([3, 2, 4], a, b, c, true) };
}

test('a kernel that declines is asked with all arguments and then ignored', () => {
  const { a, b, c, expected } = example();
  const calls: unknown[][] = [];
  useProductKernel((...args) => {
    calls.push(args);
    return false;
  });
  multiply(3, 2, 4, a, b, c, true);
  assert.deepEqual(calls, [[3, 2, 4, a, b, c, true]]);
  assertClose(c.data, expected, 0, 'the reference product');
});

test('a kernel that accepts is used instead, until it is taken away', () => {
  const { a, b, c, expected } = example();
  const before = c.data.slice();
  let calls = 0;
  useProductKernel((m, n, _k, _a, _b, { data }, add) => {
    calls++;
    assert.equal(add, false);
    data.fill(42, 0, m * n);
    return true;
  });
  multiply(3, 2, 4, a, b, c);
  assert.equal(calls, 1);
  assert.deepEqual(c.data, new Float64Array(6).fill(42));
  useProductKernel(null);
  c.data.set(before);
  multiply(3, 2, 4, a, b, c, true);
  assert.equal(calls, 1);
  assertClose(c.data, expected, 0, 'the reference product again');
});

test('a later kernel takes the place of the one before', () => {
  const { a, b, c } = example();
  const called: string[] = [];
  useProductKernel(() => called.push('first') > 0);
  useProductKernel(() => called.push('second') > 0);
  multiply(3, 2, 4, a, b, c);
  assert.deepEqual(called, ['second']);
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
