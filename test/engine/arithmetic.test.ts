// The kernels' arithmetic against plain loops in float64: products, activations, sums, cross-entropy, Adam.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Random,
  matrix,
  softmax,
  trainingOf,
  type AdamStep,
  type Floats,
  type Kernel,
  type MatrixView,
} from '../../src/engine/index.js';
import {
  assertClose,
  assertSame,
  between,
  bothKernels,
  normals,
  on,
  relativeDifference,
  relativeDifferenceOfEach,
} from '../support/engine.js';

const [, simd] = await bothKernels();

/** A kernel to test, in a workspace of its own, and how far rounding may take one of its numbers, relatively. */
interface Subject {
  readonly name: Kernel['name'];
  /** 2⁻⁵³ or 2⁻²⁴: half of the distance of 1 to the next number. */
  readonly unit: number;
  readonly open: () => Kernel;
  /** A number as the kernel has it. */
  readonly round: (value: number) => number;
}

const [reference] = await bothKernels();
const subjects: readonly Subject[] = [
  { name: 'reference', unit: 2 ** -53, open: () => reference, round: (value) => value },
  { name: 'simd', unit: 2 ** -24, open: () => simd.open(400_000), round: Math.fround },
];

/** A part of a larger array of the kernel, filled with these numbers, and a check that nothing around it changes. */
function island(kernel: Kernel, values: ArrayLike<number>, random: Random) {
  const before = random.integer(6);
  const all = on(kernel, normals(random, before + values.length + 1 + random.integer(6)));
  const part = all.subarray(before, before + values.length);
  part.set(values);
  const kept = all.slice();
  const checkSurroundings = (what: string): void => {
    const now = all.slice();
    now.set(kept.subarray(before, before + values.length), before);
    assertSame(now, kept, `${what}: what stands around`);
  };
  return { part, checkSurroundings };
}

for (const { name, unit, open, round } of subjects) {
  const numbers = (random: Random, length: number, scale = 1): Float64Array =>
    normals(random, length, scale).map(round);

  // Products -------------------------------------------------------------------------------------------------------

  const at = ({ data, offset, row, column }: MatrixView, i: number, j: number): number =>
    data[offset + i * row + j * column];

  /** A view of `rows × columns` somewhere inside an array of other numbers, in either order, perhaps with gaps. */
  const randomView = (
    kernel: Kernel,
    [rows, columns]: readonly [number, number],
    random: Random,
    rowMajor = false,
  ): MatrixView => {
    const offset = random.integer(5);
    const step = rowMajor ? 1 : random.pick([1, 1, 1, 2, 3]);
    const transposed = !rowMajor && random.integer(2) === 1;
    const [outer, inner] = transposed ? [columns, rows] : [rows, columns];
    const stride = Math.max(1, inner * step) + random.pick([0, 0, 1, 5]);
    const data = on(kernel, numbers(random, offset + outer * stride + step + random.integer(5)));
    return transposed
      ? { data, offset, row: step, column: stride }
      : { data, offset, row: stride, column: step };
  };

  /** Checks one product: every element, and that all other numbers stay what they are. */
  const checkProduct = (
    kernel: Kernel,
    [m, n, k]: readonly [number, number, number],
    [a, b, c]: readonly [MatrixView, MatrixView, MatrixView],
    add: boolean,
  ): void => {
    const [A, B, C] = [a, b, c].map(({ data }) => data.slice());
    kernel.multiply(m, n, k, a, b, c, add);
    const what = `${m}×${n}×${k}, add ${add}`;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const place = c.offset + i * c.row + j * c.column;
        let sum = add ? C[place] : 0;
        let size = Math.abs(sum);
        for (let l = 0; l < k; l++) {
          sum += at(a, i, l) * at(b, l, j);
          size += Math.abs(at(a, i, l) * at(b, l, j));
        }
        const difference = Math.abs(c.data[place] - sum);
        // k roundings of partial sums that wander about like √k
        assert.ok(difference <= 4 * Math.sqrt(k + 1) * unit * size, `(${i},${j}) of ${what}`);
        C[place] = c.data[place];
      }
    }
    assertSame(c.data, C, `${what}: around C`);
    assertSame(a.data, A, `${what}: A`);
    assertSame(b.data, B, `${what}: B`);
  };

  test(`${name}: products of any size, offset, order and stride`, () => {
    const random = new Random('products');
    let kernel = open();
    for (let round = 0; round < 1500; round++) {
      if (round % 100 === 0) kernel = open();
      const size = [0, 1, 2].map(() => between(random, 0, 20)) as [number, number, number];
      const [m, n, k] = size;
      const views = [
        randomView(kernel, [m, k], random),
        randomView(kernel, [k, n], random),
        randomView(kernel, [m, n], random, true),
      ] as const;
      checkProduct(kernel, size, views, random.integer(2) === 1);
    }
  });

  test(`${name}: products of every size around the tiles and panels`, () => {
    const random = new Random('tiles');
    for (let m = 0; m <= 9; m++) {
      const kernel = open();
      for (const n of [0, 1, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 24, 25, 31, 33]) {
        for (const k of [0, 1, 2, 3, 4, 5, 9]) {
          for (const transposed of [false, true]) {
            const a = matrix(on(kernel, numbers(random, m * k)), transposed ? m : k, {
              transposed,
            });
            const b = matrix(on(kernel, numbers(random, k * n)), transposed ? k : n, {
              transposed,
            });
            const c = matrix(on(kernel, numbers(random, m * n)), n);
            checkProduct(kernel, [m, n, k], [a, b, c], transposed !== (k % 2 === 0));
          }
        }
      }
    }
  });

  test(`${name}: products with long sums`, () => {
    const random = new Random('long');
    for (const k of [127, 128, 511, 512, 513, 1023, 1024, 1025, 2000]) {
      const kernel = open();
      const [m, n] = [6, 11];
      const views = [
        randomView(kernel, [m, k], random),
        randomView(kernel, [k, n], random),
        randomView(kernel, [m, n], random, true),
      ] as const;
      for (const add of [false, true]) checkProduct(kernel, [m, n, k], views, add);
    }
  });

  // Activations ----------------------------------------------------------------------------------------------------

  /** The smallest float32 there is, …, 100, of either sign, and many from the middle. */
  const arguments_ = (): Float64Array => {
    const random = new Random('activations');
    const values: number[] = [];
    for (let exponent = -149; exponent <= 6; exponent++) {
      for (const factor of [1, 1.25, 1.5, 1.999]) values.push(factor * 2 ** exponent);
    }
    for (let i = 0; i < 20000; i++) values.push(20 * random.uniform(), 100 * random.uniform());
    values.push(7.9, 8, 8.1, 9, 9.1, 86.9, 87, 88, 100);
    return Float64Array.from(values.flatMap((value) => [value, -value])).map(round);
  };

  test(`${name}: tanh of numbers of any size`, (t) => {
    const kernel = open();
    const x = arguments_();
    const values = on(kernel, x);
    kernel.tanh(values);
    const difference = relativeDifferenceOfEach(values, x.map(Math.tanh));
    t.diagnostic(`relative error ${difference.toExponential(1)}`);
    assert.ok(difference <= (name === 'simd' ? 4e-7 : 1e-15), `${difference}`);
    for (let i = 0; i < x.length; i += 2) assert.equal(values[i], -values[i + 1], `odd at ${x[i]}`);
    assert.ok(
      values.every((value) => Math.abs(value) <= 1),
      'within ±1',
    );
  });

  test(`${name}: σ of numbers of any size, small values included`, (t) => {
    const kernel = open();
    const x = arguments_();
    const values = on(kernel, x);
    kernel.sigmoid(values);
    const plain = (value: number): number => 1 / (1 + Math.exp(-value));
    // float32 has no σ(x) of all its digits below x = −87; there it stays at σ(−87) = 1.6e-38
    const expected = x.map((value) => plain(name === 'simd' ? Math.max(value, -87) : value));
    const difference = relativeDifferenceOfEach(values, expected);
    t.diagnostic(`relative error ${difference.toExponential(1)}`);
    assert.ok(difference <= (name === 'simd' ? 4e-7 : 1e-15), `${difference}`);
    assert.ok(
      values.every((value, i) => Math.abs(value - plain(x[i])) <= 2e-38 || x[i] >= -87),
      'nor is it further than 2e-38 from the true value',
    );
    assert.ok(
      values.every((value) => value >= 0 && value <= 1),
      'within 0 and 1',
    );
  });

  test(`${name}: tanh and σ at 0, at infinity and of what is no number`, () => {
    const kernel = open();
    const x = [0, -0, Infinity, -Infinity, NaN, 5e-324, 1e-45, -1e-45, 3e38, -3e38];
    const values = on(kernel, x);
    const exact = values.slice();
    kernel.tanh(values);
    const one = name === 'simd' ? 0.9999997 : 1;
    assertSame(values.subarray(0, 2), [0, -0], 'the sign of 0');
    for (const [i, sign] of [
      [2, 1],
      [3, -1],
      [8, 1],
      [9, -1],
    ]) {
      assert.ok(values[i] * sign >= one && values[i] * sign <= 1, `tanh ${x[i]}: ${values[i]}`);
    }
    assertSame(values.subarray(4, 8), exact.subarray(4, 8), 'NaN and the smallest numbers');
    values.set(x);
    kernel.sigmoid(values);
    assertSame(values.subarray(0, 3), [0.5, 0.5, 1], 'σ at 0 and ∞');
    assert.ok(values[3] >= 0 && values[3] <= 2e-38, `σ(−∞) = ${values[3]}`);
    assertSame(values.subarray(4, 9), [NaN, 0.5, 0.5, 0.5, 1], 'σ');
  });

  test(`${name}: an activation of any number of values, and of no other ones`, () => {
    const random = new Random('lengths');
    const kernel = open();
    for (let length = 0; length <= 21; length++) {
      const x = numbers(random, length, 3);
      for (const activation of ['tanh', 'sigmoid'] as const) {
        const { part, checkSurroundings } = island(kernel, x, random);
        const whole = on(kernel, [...x, ...x, 0, 0, 0, 0]);
        kernel[activation](part);
        kernel[activation](whole);
        assertSame(part, whole.subarray(0, length), `${activation} of ${length}`);
        assertSame(part, whole.subarray(length, 2 * length), `${activation} in another lane`);
        checkSurroundings(`${activation} of ${length}`);
      }
    }
  });

  // Vectors --------------------------------------------------------------------------------------------------------

  test(`${name}: column sums, sums of squares, the largest, multiples, scaled rows`, () => {
    const random = new Random('vectors');
    let kernel = open();
    for (let round = 0; round < 300; round++) {
      if (round % 100 === 0) kernel = open();
      const [rows, columns] = [between(random, 0, 9), between(random, 1, 20)];
      const what = `${rows}×${columns}`;
      const block = numbers(random, rows * columns);
      const given = on(kernel, block);
      const column = (j: number): number[] =>
        Array.from({ length: rows }, (_, i) => block[i * columns + j]);

      const sums = numbers(random, columns);
      const target = island(kernel, sums, random);
      kernel.addColumnSums(target.part, given, rows);
      const expected = sums.map((start, j) => column(j).reduce((a, b) => a + b, start));
      assertClose(target.part, expected, 60 * unit, `column sums of ${what}`);
      target.checkSurroundings(`column sums of ${what}`);

      const squares = block.reduce((sum, value) => sum + value * value, 0);
      assertClose([kernel.sumOfSquares(given)], [squares], 1e-14 * squares, `Σ² of ${what}`);
      const most = Math.max(0, ...block.map(Math.abs));
      assert.equal(kernel.largest(given), most, `the largest of ${what}`);
      assertSame(given, block, `the block of ${what}`);

      const factor = round % 3 === 0 ? 2 ** between(random, -140, 120) : random.normal();
      const multiple = island(kernel, block, random);
      kernel.scale(multiple.part, factor);
      const scaled = block.map((value) => value * factor);
      const exact = round % 3 === 0 && most * factor < 1e38 && factor > 1e-30;
      assertClose(multiple.part, scaled, exact ? 0 : 8 * unit, `${what} × ${factor}`);
      multiple.checkSurroundings(`${what} × ${factor}`);

      const factors = normals(random, rows);
      const start = numbers(random, rows * columns);
      const changed = island(kernel, start, random);
      kernel.addScaledRows(factors, given, changed.part);
      const plain = start.map((value, p) => value + factors[Math.floor(p / columns)] * block[p]);
      assertClose(changed.part, plain, 60 * unit, `scaled rows of ${what}`);
      changed.checkSurroundings(`scaled rows of ${what}`);
    }
  });

  test(`${name}: thousands of scaled rows`, () => {
    const random = new Random('many rows');
    const kernel = open();
    const rows = 9000;
    const [factors, source] = [normals(random, rows), numbers(random, rows * 2)];
    const target = kernel.array(rows * 2);
    kernel.addScaledRows(factors, on(kernel, source), target);
    const plain = source.map((value, p) => factors[Math.floor(p / 2)] * value);
    assertClose(target, plain, 60 * unit, 'scaled rows');
  });

  test(`${name}: the largest number is found wherever it stands, of either sign`, () => {
    const kernel = open();
    for (let length = 1; length <= 13; length++) {
      for (let place = 0; place < length; place++) {
        for (const value of [3, -3, Infinity, -Infinity, 1e-40]) {
          const values = on(kernel, new Float64Array(length));
          values[place] = value;
          assert.equal(kernel.largest(values), Math.abs(values[place]), `${value} at ${place}`);
        }
      }
    }
    assert.equal(kernel.largest(kernel.array(0)), 0);
    assert.equal(kernel.sumOfSquares(kernel.array(0)), 0);
  });

  test(`${name}: the sum of squares of float32 numbers neither overflows nor loses what is small`, () => {
    const kernel = open();
    const values = on(kernel, [3e30, -4e30, 1, 2]);
    const [a, b] = values;
    assertClose([kernel.sumOfSquares(values) / (a * a + b * b)], [1], 1e-15, 'large');
    const small = on(kernel, new Float64Array(101).fill(1e-30).fill(1, 100));
    assert.equal(kernel.sumOfSquares(small), 1);
    assert.ok(kernel.sumOfSquares(small.subarray(0, 100)) > 9.9e-59, 'small');
  });

  // Cross-entropy --------------------------------------------------------------------------------------------------

  /** Loss and derivative of a batch by the formula. */
  const plainCrossEntropy = (
    logits: Float64Array,
    targets: readonly number[],
    weights: readonly number[],
  ): { loss: number; delta: Float64Array } => {
    const V = logits.length / targets.length;
    const total = weights.reduce((a, b) => a + b);
    const delta = new Float64Array(logits.length);
    let loss = 0;
    targets.forEach((target, n) => {
      if (weights[n] === 0) return;
      const row = logits.subarray(n * V, (n + 1) * V);
      const p = softmax(row);
      const largest = Math.max(...row);
      const sum = row.reduce((all, value) => all + Math.exp(value - largest), 0);
      loss += (weights[n] / total) * (Math.log(sum) - (row[target] - largest));
      p.forEach((value, v) => {
        delta[n * V + v] = (weights[n] / total) * (value - (v === target ? 1 : 0));
      });
    });
    return { loss, delta };
  };

  test(`${name}: cross-entropy and its derivative`, (t) => {
    const random = new Random('cross-entropy');
    const kernel = open();
    let worst = 0;
    for (let round = 0; round < 200; round++) {
      const [V, rows] = [between(random, 1, 40), between(random, 1, 6)];
      const logits = numbers(random, rows * V, random.pick([0.1, 2, 20]));
      const targets = Array.from({ length: rows }, () => random.integer(V));
      const weights = Array.from({ length: rows }, () => random.pick<number>([0, 1, 3, 0.5]));
      if (!weights.some((weight) => weight > 0)) weights[0] = 1;
      const { loss, delta } = plainCrossEntropy(logits, targets, weights);
      const { part, checkSurroundings } = island(kernel, logits, random);
      const found = trainingOf(kernel).crossEntropy(part, targets, weights, rows);
      worst = Math.max(
        worst,
        Math.abs(found - loss) / Math.max(loss, 1),
        relativeDifference(part, delta, 0.1),
      );
      checkSurroundings('cross-entropy');
    }
    t.diagnostic(`largest difference ${worst.toExponential(1)}`);
    assert.ok(worst <= 16 * unit, `${worst}`);
  });

  test(`${name}: cross-entropy of extreme logits, of rows that do not count, and of none`, () => {
    const kernel = open();
    const cases: [number[], number, number, number[]][] = [
      // logits, target, loss, derivative
      [[1000, 0], 0, 0, [0, 0]],
      [[1000, 0], 1, 1000, [1, -1]],
      [[1e6, 1e6], 0, Math.LN2, [-0.5, 0.5]],
      [[-1e6, -1e6], 1, Math.LN2, [0.5, -0.5]],
      [[-(2 ** 50), 0, -(2 ** 50), -Infinity, 0], 0, 2 ** 50 + Math.LN2, [-1, 0.5, 0, 0, 0.5]],
    ];
    for (const [logits, target, loss, derivative] of cases) {
      const delta = on(kernel, logits);
      const found = trainingOf(kernel).crossEntropy(delta, [target], [1], 1);
      assertClose([found], [loss], 1e-6 * Math.min(loss, 1), `loss of ${logits.join()}`);
      assertClose(delta, derivative, 1e-7, `derivative of ${logits.join()}`);
    }
    const random = new Random('not counted');
    const logits = on(kernel, normals(random, 3 * 5));
    const alone = on(kernel, logits.slice(5, 10));
    assert.equal(
      trainingOf(kernel).crossEntropy(logits, [-1, 2, 7], [0, 2, 0], 3),
      trainingOf(kernel).crossEntropy(alone, [2], [1], 1),
    );
    assertSame(logits.subarray(5, 10), alone, 'the one that counts');
    for (const rest of [logits.subarray(0, 5), logits.subarray(10)]) {
      assert.ok(
        rest.every((value) => value === 0),
        'no derivative',
      );
    }
    const nothing = on(kernel, [1, 2, 3, 4]);
    assert.equal(trainingOf(kernel).crossEntropy(nothing, [0, 1], [0, 0], 2), 0);
    assertSame(nothing, [0, 0, 0, 0], 'nothing counts');
    assert.equal(trainingOf(kernel).crossEntropy(kernel.array(0), [], [], 0), 0);
  });

  // Adam -----------------------------------------------------------------------------------------------------------

  test(`${name}: Adam moves every number along its own gradient`, (t) => {
    const random = new Random('adam');
    const kernel = open();
    let worst = 0;
    for (let length = 0; length <= 40; length++) {
      const given = [
        numbers(random, length),
        numbers(random, length),
        numbers(random, length, 0.1),
      ];
      const [parameter, gradient, first] = given;
      // gradients of very different sizes
      gradient.forEach((value, i) => (gradient[i] = round(value * 10 ** -(i % 7))));
      const second = numbers(random, length, 0.01).map(Math.abs);
      const steps = between(random, 1, 50);
      const step: AdamStep = {
        rate: 0.01 / (1 - 0.9 ** steps),
        correction: 1 - 0.999 ** steps,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
      };
      const [p, g, m, v] = [parameter, gradient, first, second].map((values) =>
        island(kernel, values, random),
      );
      trainingOf(kernel).adam(p.part, g.part, m.part, v.part, step);
      const expectedFirst = first.map((value, i) => 0.9 * value + 0.1 * gradient[i]);
      const expectedSecond = second.map((value, i) => 0.999 * value + 0.001 * gradient[i] ** 2);
      const moved = parameter.map(
        (value, i) =>
          value -
          (step.rate * expectedFirst[i]) /
            (Math.sqrt(expectedSecond[i] / step.correction) + step.epsilon),
      );
      for (const [found, expected] of [
        [m.part, expectedFirst],
        [v.part, expectedSecond],
        [p.part, moved],
      ] as const) {
        if (length > 0) worst = Math.max(worst, relativeDifference(found, expected));
      }
      assertSame(g.part, gradient, 'the gradient');
      for (const { checkSurroundings } of [p, g, m, v]) checkSurroundings(`Adam of ${length}`);
    }
    t.diagnostic(`largest difference ${worst.toExponential(1)}`);
    // 1 − β₂ of a β₂ in float32 is 1.3e-5 off, as if β₂ were so much nearer to 1
    assert.ok(worst <= (name === 'simd' ? 2e-5 : 1e-14), `${worst}`);
  });
}

test('the SIMD kernel writes products row by row, and says so', () => {
  const kernel = simd.open(0);
  const [a, b, c] = [1, 2, 3].map((value) => on(kernel, [value, value, value, value]));
  const views = [matrix(a, 2), matrix(b, 2), matrix(c, 2, { transposed: true })] as const;
  assert.throws(() => kernel.multiply(2, 2, 2, ...views), { name: 'TypeError', message: /row/ });
  assertSame(c satisfies Floats, [3, 3, 3, 3], 'nothing is written');
});
