// Random numbers and initial weights: equal to the last bit on every machine, and distributed as they should be.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Random,
  cells,
  checkWeights,
  hash,
  initialWeights,
  log,
  type Floats,
} from '../../src/engine/index.js';
import { orthogonalBlock } from '../../src/engine/initial.js';
import { assertClose, between, dot } from '../support/engine.js';

/** The 64 bits of a number, in hexadecimal. */
function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** How many float64 numbers lie between the two (of equal sign). */
function unitsApart(a: number, b: number): number {
  const [p, q] = [a, b].map((value) => new BigInt64Array(Float64Array.of(value).buffer)[0]);
  return Number(p > q ? p - q : q - p);
}

/** sfc32 as published, on integers without rounding. */
function* sfc32(a: bigint, b: bigint, c: bigint): Generator<number> {
  const mask = 0xffffffffn;
  for (let counter = 1n; ; counter++) {
    const result = (a + b + counter) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = (((c << 21n) | (c >> 11n)) + result) & mask;
    yield Number(result);
  }
}

test('the generator is sfc32, seeded with three hashes of the text', () => {
  for (const seed of ['kite', 0, -1.5, '']) {
    const [a, b, c] = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((s) => BigInt(hash(`${seed}`, s)));
    const reference = sfc32(a, b, c);
    for (let i = 0; i < 12; i++) reference.next();
    const random = new Random(seed);
    for (let i = 0; i < 1000; i++) assert.equal(random.uint32(), reference.next().value);
  }
});

test('hashes are bit-equal to those of the first release', () => {
  assert.deepEqual(
    ['', 'a', 'kite', 'Kite', 'чай', '🪁'].map((text) => hash(text).toString(16)),
    ['ab3e7c0b', '1a80b1b3', 'bdce1810', 'edbeac95', '6fde306f', 'fe9f7318'],
  );
  assert.equal(hash('kite', 1) === hash('kite', 2), false);
  assert.equal(new Set(Array.from({ length: 10000 }, (_, i) => hash(`word ${i}`))).size, 10000);
});

test('uniform numbers are bit-equal to those of the first release', () => {
  const random = new Random('kite');
  assert.deepEqual(
    Array.from({ length: 6 }, () => bits(random.uniform())),
    [
      '3fec63ca459616b3',
      '3fcfdacfaee886f8',
      '3fedc7fd1c44272b',
      '3fdbfa207b8ec1fe',
      '3feff1e7a53402e2',
      '3febb71ace0735dd',
    ],
  );
});

test('normal numbers are bit-equal to those of the first release', () => {
  assert.deepEqual(Array.from(new Random('kite').normals(8), bits), [
    '3fde665418c39289',
    'bfd3b7ccd38f099f',
    '3fe796c3abc7e014',
    'bfbb8b39bdc99d54',
    '3fc5db8f7e94c4df',
    'bfddc7aa0d357244',
    '3ffa0ab1a7131f4f',
    'c0014fc5952f0c07',
  ]);
  assert.deepEqual(Array.from(new Random(7).normals(4), bits), [
    'bff1b2c12e16541f',
    '3fa6968a7c055960',
    '3fc5f8702a9fd84c',
    'bfc340d0fe2e4db3',
  ]);
});

test('initial weights are bit-equal to those of the first release', () => {
  const found = (['feedforward', 'rnn', 'lstm', 'gru'] as const).map((cell) => {
    const { weightIh, weightHh } = initialWeights(cell, 3, 4, 1);
    return [cell, ...[...weightIh.slice(-2), ...weightHh.slice(-2)].map(bits)];
  });
  assert.deepEqual(found, [
    ['feedforward', '3ff1e2b9c1524e63', 'bfe1028f213667fa'],
    ['rnn', '3fe1a0bcb4f4d13a', 'bfe8d99ce5c3dc55', 'bfb68a319f7a23c5', '3feaad265d349c54'],
    ['lstm', 'bfbc26fbcceaa658', 'bf7a99c3822a1fe8', '3fe0bd33e7794740', '3fce190fe1bced22'],
    ['gru', 'bff40557a8b503ef', '3fdf36f8ae17733b', 'bfd72cec568becc4', 'bfb15f8e6ba1f3a7'],
  ]);
  const uniform = initialWeights('rnn', 3, 4, 1, { recurrent: 'uniform', recurrentScale: 0.5 });
  assert.deepEqual(Array.from(uniform.weightHh.slice(-2), bits), [
    '3fc02a69fd3833fe',
    '3fc9d2fd22a26de2',
  ]);
});

test('a bit-exact digest of many numbers', () => {
  const random = new Random('digest');
  const text = Array.from({ length: 20000 }, () => bits(random.normal())).join();
  assert.equal(hash(text).toString(16), 'ed1cc7dd');
  const block = Array.from(orthogonalBlock(48, new Random('digest')), bits).join();
  assert.equal(hash(block).toString(16), '8c557e1a');
});

test('equal seeds give equal streams, other seeds other streams', () => {
  const draw = (seed: number | string): number[] => {
    const random = new Random(seed);
    return Array.from(
      { length: 500 },
      (_, i) => [random.uint32(), random.uniform(), random.normal(), random.integer(9)][i % 4],
    );
  };
  assert.deepEqual(draw(3), draw(3));
  assert.deepEqual(draw(3), draw('3'), 'a number and its text are one seed');
  assert.notDeepEqual(draw(3), draw(4));
  assert.notDeepEqual(draw('a'), draw('b'));
  const [a, b] = [new Random(1), new Random(1)];
  const single = Array.from({ length: 9 }, () => a.normal());
  assert.deepEqual([...b.normals(4), ...b.normals(5)], single, 'in parts as one by one');
});

test('moments of 100,000 normal numbers', () => {
  const count = 100000;
  const values = new Random('moments').normals(count);
  const moment = (power: number): number =>
    values.reduce((sum, value) => sum + value ** power, 0) / count;
  // five standard errors of each
  assertClose([moment(1)], [0], 5 * Math.sqrt(1 / count), 'mean');
  assertClose([moment(2)], [1], 5 * Math.sqrt(2 / count), 'variance');
  assertClose([moment(3)], [0], 5 * Math.sqrt(15 / count), 'third moment');
  assertClose([moment(4)], [3], 5 * Math.sqrt(96 / count), 'fourth moment');
  let neighbours = 0;
  for (let i = 1; i < count; i++) neighbours += (values[i - 1] * values[i]) / count;
  assertClose([neighbours], [0], 5 * Math.sqrt(1 / count), 'neighbours are independent');
  const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / count;
  assertClose([beyondTwo], [0.0455], 0.0033, 'beyond two standard deviations');
  assert.ok(
    values.some((value) => Math.abs(value) > 4),
    'beyond four standard deviations',
  );
});

test('uniform numbers fill [0, 1) evenly, integers 0 … n − 1', () => {
  const random = new Random('even');
  const count = 100000;
  const bins = new Array<number>(20).fill(0);
  for (let i = 0; i < count; i++) {
    const u = random.uniform();
    assert.ok(u >= 0 && u < 1, 'in [0, 1)');
    bins[Math.floor(u * 20)]++;
  }
  const chiSquare = (found: readonly number[], expected: number): number =>
    found.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  assert.ok(chiSquare(bins, count / 20) < 50, bins.join()); // 19 degrees of freedom
  const faces = new Array<number>(7).fill(0);
  for (let i = 0; i < 70000; i++) faces[random.integer(7)]++;
  assert.equal(faces.length, 7);
  assert.ok(chiSquare(faces, 10000) < 30, faces.join()); // 6 degrees of freedom
  const items = ['a', 'b', 'c'];
  assert.deepEqual(new Set(Array.from({ length: 99 }, () => random.pick(items))), new Set(items));
});

test('log is within 4 units in the last place of Math.log at every magnitude', () => {
  const random = new Random('log');
  let worst = 0;
  const check = (x: number): void => {
    const apart = unitsApart(log(x), Math.log(x));
    assert.ok(apart <= 4, `log ${x}: ${log(x)} and ${Math.log(x)}`);
    worst = Math.max(worst, apart);
  };
  for (let exponent = -1074; exponent <= 1023; exponent++) {
    const power = 2 ** exponent;
    if (exponent !== 0) check(power);
    for (let i = 0; i < 4; i++) {
      // below 2^-1022 the product is rounded to the few bits that denormal numbers have
      const x = power * (1 + random.uniform());
      if (x !== 1 && x < Infinity) check(x);
    }
  }
  for (const x of [
    5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e300, 1.7976931348623157e308,
  ]) {
    check(x);
  }
  for (let i = 0; i < 20000; i++) check(0.5 + random.uniform());
  for (let k = 1; k <= 52; k++) {
    check(1 + 2 ** -k);
    check(1 - 2 ** -k);
  }
  for (const edge of [Math.SQRT1_2, Math.SQRT2, 2 * Math.SQRT2]) {
    check(edge * (1 - 2 ** -52));
    check(edge);
    check(edge * (1 + 2 ** -52));
  }
  assert.ok(worst > 0, 'the comparison has seen a difference');
});

test('log at its limits', () => {
  assert.equal(log(1), 0);
  assert.equal(log(0), -Infinity);
  assert.equal(log(Infinity), Infinity);
  assert.equal(log(-1), NaN);
  assert.equal(log(NaN), NaN);
});

// Initial weights --------------------------------------------------------------------------------------------------

/** Q·Qᵀ of a square block. */
function gram(Q: Float64Array, H: number): Float64Array {
  return Float64Array.from({ length: H * H }, (_, p) => {
    const [i, j] = [Math.floor(p / H), p % H];
    let sum = 0;
    for (let l = 0; l < H; l++) sum += Q[i * H + l] * Q[j * H + l];
    return sum;
  });
}

function identity(H: number, factor = 1): Float64Array {
  return Float64Array.from({ length: H * H }, (_, p) => (p % (H + 1) === 0 ? factor : 0));
}

test('orthogonal blocks are orthogonal', () => {
  const random = new Random('orthogonal');
  for (const H of [1, 2, 3, 8, 31, 64]) {
    assertClose(gram(orthogonalBlock(H, random), H), identity(H), 1e-12, `${H} units`);
  }
});

test('orthogonal blocks favour no direction', () => {
  const random = new Random('directions');
  const [H, count] = [3, 4000];
  const mean = new Float64Array(H * H);
  const square = new Float64Array(H * H);
  let determinants = 0;
  for (let n = 0; n < count; n++) {
    const Q = orthogonalBlock(H, random);
    Q.forEach((value, i) => {
      mean[i] += value / count;
      square[i] += value ** 2 / count;
    });
    const [a, b, c, d, e, f, g, h, i] = Q;
    determinants += (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) / count;
  }
  assertClose(mean, new Float64Array(9), 0.05, 'mean 0');
  assertClose(square, new Float64Array(9).fill(1 / H), 0.025, 'mean square 1/H');
  assertClose([determinants], [0], 0.08, 'rotations and reflections alike');
});

test('initial weights: sizes, biases and what the options set', () => {
  const random = new Random('initial');
  for (const cell of ['feedforward', 'rnn', 'lstm', 'gru'] as const) {
    const { gates, recurrent } = cells[cell];
    const [I, H] = [between(random, 1, 9), between(random, 1, 9)];
    const options = { forgetBias: 3, updateBias: 2, recurrentScale: 0.5 };
    const plain = initialWeights(cell, I, H, 5);
    const weights = initialWeights(cell, I, H, 5, options);
    checkWeights(weights);
    assert.deepEqual([weights.cell, weights.inputSize, weights.hiddenSize], [cell, I, H]);
    assert.deepEqual(weights.weightIh, plain.weightIh, 'the options leave the input weights alone');
    assert.deepEqual(
      weights.weightHh,
      plain.weightHh.map((value) => value * 0.5),
    );
    const expected = gates.flatMap((gate) =>
      new Array<number>(H).fill(gate === 'forget' ? 3 : gate === 'update' ? 2 : 0),
    );
    assertClose(weights.biasIh, expected, 0, 'biases');
    assertClose(plain.biasIh, new Float64Array(gates.length * H), 0, 'biases by default');
    assertClose(weights.biasHh, new Float64Array(recurrent ? gates.length * H : 0), 0, 'biasHh');
    for (let block = 0; recurrent && block < gates.length; block++) {
      const part = (all: Floats): Float64Array =>
        Float64Array.from(all).slice(block * H * H, (block + 1) * H * H);
      assertClose(gram(part(plain.weightHh), H), identity(H), 1e-12, 'orthogonal');
      assertClose(gram(part(weights.weightHh), H), identity(H, 0.25), 1e-12, 'scaled');
    }
  }
});

test('initial weights: distributions', () => {
  const [I, H] = [16, 60];
  const { weightIh } = initialWeights('lstm', I, H, 'distribution');
  const variance = dot(weightIh, weightIh) / weightIh.length;
  assertClose([variance * I], [1], 5 * Math.sqrt(2 / weightIh.length), 'N(0, 1/I)');
  const mean = Array.from(weightIh).reduce((sum, w) => sum + w, 0) / weightIh.length;
  assertClose([mean], [0], 5 / Math.sqrt(I * weightIh.length), 'mean 0');

  const { weightHh } = initialWeights('gru', I, H, 'distribution', { recurrent: 'uniform' });
  const bound = 1 / Math.sqrt(H);
  assert.ok(
    weightHh.every((w) => Math.abs(w) <= bound),
    'within ±1/√H',
  );
  assert.ok(
    Math.max(...weightHh) > 0.99 * bound && Math.min(...weightHh) < -0.99 * bound,
    'up to ±1/√H',
  );
  const spread = dot(weightHh, weightHh) / weightHh.length;
  assertClose([spread / bound ** 2], [1 / 3], 0.02, 'variance of the uniform distribution');
});

test('initial weights depend on the seed and the cell, and on nothing else', () => {
  const first = initialWeights('gru', 3, 4, 1);
  assert.deepEqual(initialWeights('gru', 3, 4, 1), first);
  assert.deepEqual(initialWeights('gru', 3, 4, '1'), first);
  assert.notDeepEqual(initialWeights('gru', 3, 4, 2).weightIh, first.weightIh);
  assert.notDeepEqual(
    initialWeights('lstm', 3, 4, 1).weightIh.slice(0, 36),
    initialWeights('gru', 3, 4, 1).weightIh,
  );
});
