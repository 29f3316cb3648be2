// What a state owes to earlier words: twins against running the sequence again without the word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Random,
  Twins,
  Unrolled,
  memoryMatrix,
  referenceKernel,
  stateSize,
  unroll,
  type CellWeights,
  type InitialState,
} from '../../src/engine/index.js';
import { norm } from '../../src/engine/products.js';
import {
  assertClose,
  between,
  bothKernels,
  countingKernel,
  normals,
  randomCell,
  randomInitial,
  recurrentVariants,
  relativeDifference,
  rounded,
  roundedCell,
  states,
  variantNamed,
  variants,
} from '../support/engine.js';

/** m(t,k) by its definition: running the whole sequence again without word k. */
function memoryByRunningAgain(
  weights: CellWeights,
  x: Float64Array,
  initial: InitialState,
): Float64Array {
  const I = weights.inputSize;
  const S = stateSize(weights);
  const T = x.length / I;
  const real = states(weights, x, initial);
  const table = new Float64Array(T * T);
  for (let k = 0; k < T; k++) {
    const without = states(weights, x.slice().fill(0, k * I, (k + 1) * I), initial);
    for (let t = k; t < T; t++) {
      const difference = real
        .subarray(t * S, (t + 1) * S)
        .map((value, j) => value - without[t * S + j]);
      table[t * T + k] = norm(difference);
    }
  }
  return table;
}

for (const variant of variants) {
  test(`${variant.name}: twins agree with running the sequence again without the word`, () => {
    for (let seed = 0; seed < 8; seed++) {
      const random = new Random(`twins/${variant.name}/${seed}`);
      const weights = randomCell(variant, between(random, 1, 6), between(random, 1, 7), random);
      const T = between(random, 1, 12);
      const x = normals(random, T * weights.inputSize);
      const initial = randomInitial(weights, random);
      const found = memoryMatrix(weights, x, initial);
      assertClose(found, memoryByRunningAgain(weights, x, initial), 1e-13, `T=${T}, seed ${seed}`);
      for (let t = 0; t < T; t++) {
        // of a few ReLU units, all may rest
        if (variant.nonlinearity !== 'relu') assert.ok(found[t * T + t] > 0, 'an imprint');
        for (let k = t + 1; k < T; k++) assert.equal(found[t * T + k], 0, 'nothing of later words');
      }
    }
  });

  test(`${variant.name}: a word that is the zero vector leaves nothing`, () => {
    const random = new Random('zero word');
    const weights = randomCell(variant, 3, 4, random);
    const x = normals(random, 5 * 3).fill(0, 3, 6);
    const found = memoryMatrix(weights, x);
    for (let t = 1; t < 5; t++) assert.equal(found[t * 5 + 1], 0);
  });

  test(`${variant.name}: twins asked for in any order and in parts agree with the whole table`, () => {
    for (let seed = 0; seed < 6; seed++) {
      const random = new Random(`parts/${variant.name}/${seed}`);
      const [I, H, T] = [3, 5, 14];
      const weights = randomCell(variant, I, H, random);
      const x = normals(random, T * I);
      const expected = memoryMatrix(weights, x);
      const real = new Unrolled(weights, 1, T);
      real.start();
      const twins = new Twins(weights, real);
      const reach = new Array<number>(T).fill(-1);
      while (real.length < T) {
        const more = between(random, 1, Math.min(4, T - real.length));
        for (let i = 0; i < more; i++) {
          real.advance(weights, x.subarray(real.length * I, (real.length + 1) * I));
        }
        for (let round = between(random, 0, 3); round > 0; round--) {
          const t = random.integer(real.length);
          // in any order, some twice, some after t, some that there are not
          const words = Array.from({ length: random.integer(8) }, () => between(random, -1, T));
          twins.ensure(t, words.values());
          for (const k of words) if (k >= 0 && k <= t) reach[k] = Math.max(reach[k], t);
        }
        for (let k = 0; k < T; k++) {
          for (let t = 0; t < T; t++) {
            const known = t >= k && t <= reach[k];
            assert.equal(twins.distance(t, k), known ? expected[t * T + k] : NaN, `m(${t},${k})`);
          }
        }
      }
      twins.ensure(
        T - 1,
        Array.from({ length: T }, (_, k) => T - 1 - k),
      );
      for (let t = 0; t < T; t++) {
        for (let k = 0; k <= t; k++) assert.equal(twins.distance(t, k), expected[t * T + k]);
      }
    }
  });
}

test('a word asked for twice at once counts once', () => {
  const random = new Random('twice');
  const weights = randomCell(variantNamed('rnn'), 2, 3, random);
  const x = normals(random, 4 * 2);
  const expected = memoryMatrix(weights, x);
  const twins = new Twins(weights, unroll(weights, x));
  twins.ensure(3, [0, 0, 2, 0]);
  for (let t = 0; t < 4; t++) assert.equal(twins.distance(t, 0), expected[t * 4]);
});

test('twins of a step that has not been done are refused', () => {
  const random = new Random('refused');
  const weights = randomCell(variantNamed('gru, reset after'), 2, 3, random);
  const real = new Unrolled(weights, 1, 4);
  real.start();
  const twins = new Twins(weights, real);
  assert.throws(() => twins.ensure(0, [0]), RangeError);
  real.advance(weights, normals(random, 2));
  twins.ensure(0, [0]);
  assert.throws(() => twins.ensure(1, [0]), /step 1 has not been done yet/);
  assert.ok(twins.distance(0, 0) > 0, 'an imprint');
});

/** So many twins as they go together: 64 or 8 at a time, the rest one by one. */
function lanes(count: number): number[] {
  const [large, middle] = [Math.floor(count / 64), Math.floor((count % 64) / 8)];
  return [
    ...new Array<number>(large).fill(64),
    ...new Array<number>(middle).fill(8),
    ...new Array<number>(count % 8).fill(1),
  ];
}

for (const variant of variants) {
  test(`${variant.name}: one step forward costs one step of each twin, many at a time`, () => {
    const random = new Random('cost');
    const T = 75;
    const { kernel, calls } = countingKernel();
    const weights = kernel.load(randomCell(variant, 3, 4, random));
    const twins = new Twins(weights, unroll(weights, normals(random, T * 3)));
    for (let t = 0; t < T; t++) {
      calls.length = 0;
      const words = Array.from({ length: t + 1 }, (_, k) => k);
      assert.equal(twins.cost(t, words), t + 1);
      twins.ensure(t, words);
      assert.deepEqual(
        calls,
        lanes(t + 1).map((rows) => ({ rows, steps: 1 })),
      );
    }
    calls.length = 0;
    twins.ensure(T - 1, [0, 5, 9]);
    twins.ensure(4, [0, 1]);
    assert.deepEqual(calls, [], 'what is known is not computed again');
    assert.equal(twins.cost(T - 1, [0, 5, 9]), 0);
  });
}

test('a word asked for late costs the steps since it was read', () => {
  const random = new Random('late');
  const { kernel, calls } = countingKernel();
  const weights = kernel.load(randomCell(variantNamed('lstm'), 3, 4, random));
  const twins = new Twins(weights, unroll(weights, normals(random, 10 * 3)));
  calls.length = 0;
  assert.equal(twins.cost(6, [4, 2, 2, 8, -1]), 3 + 5);
  twins.ensure(6, [4, 2, 2, 8, -1]);
  assert.equal(
    calls.reduce((sum, { rows, steps }) => sum + rows * steps, 0),
    3 + 5,
  );
  assert.equal(twins.cost(9, [2, 5]), 3 + 5);
});

for (const variant of variants) {
  test(`${variant.name}: what was found about a shared beginning is taken over`, () => {
    for (let seed = 0; seed < 4; seed++) {
      const random = new Random(`adopt/${variant.name}/${seed}`);
      const [I, H, T] = [3, 4, 9];
      const shared = between(random, 1, T - 1);
      const weights = randomCell(variant, I, H, random);
      const initial = randomInitial(weights, random);
      const first = normals(random, T * I);
      const second = normals(random, (T + 2) * I);
      second.set(first.subarray(0, shared * I));
      const tables = [first, second].map((x) => memoryMatrix(weights, x, initial));

      const real = new Unrolled(weights, 1, T);
      real.start(initial);
      const twins = new Twins(weights, real);
      const all = Array.from({ length: T + 2 }, (_, k) => k);
      for (let t = 0; t < shared; t++) real.advance(weights, first.subarray(t * I, (t + 1) * I));
      twins.ensure(shared - 1, all);

      const otherReal = new Unrolled(weights, 1, T + 2);
      otherReal.copyPrefix(real, shared);
      const otherTwins = new Twins(weights, otherReal);
      otherTwins.adopt(twins, shared);
      for (let t = 0; t < shared; t++) {
        for (let k = 0; k <= t; k++) {
          assert.equal(otherTwins.distance(t, k), tables[0][t * T + k]);
        }
      }

      // both go their own ways from here, in turn
      for (let t = shared; t < T + 2; t++) {
        otherReal.advance(weights, second.subarray(t * I, (t + 1) * I));
        otherTwins.ensure(t, all);
        if (t < T) {
          real.advance(weights, first.subarray(t * I, (t + 1) * I));
          twins.ensure(t, all);
        }
      }
      const agree = (found: Twins, table: Float64Array, length: number): void => {
        for (let t = 0; t < length; t++) {
          for (let k = 0; k <= t; k++) {
            assert.equal(found.distance(t, k), table[t * length + k], `m(${t},${k})`);
          }
        }
      };
      agree(otherTwins, tables[1], T + 2);
      agree(twins, tables[0], T);
    }
  });
}

test('twins that went on beyond the shared beginning are not taken over', () => {
  const random = new Random('beyond');
  const [I, T, shared] = [2, 6, 3];
  const weights = randomCell(variantNamed('lstm'), I, 3, random);
  const first = normals(random, T * I);
  const second = normals(random, T * I);
  second.set(first.subarray(0, shared * I));
  const twins = new Twins(weights, unroll(weights, first));
  twins.ensure(2, [0]);
  twins.ensure(5, [1]);
  twins.ensure(shared, [2]); // the first step that differs
  const others = new Twins(weights, unroll(weights, second));
  others.adopt(twins, shared);
  const expected = memoryMatrix(weights, second);
  others.ensure(T - 1, [0, 1, 2, 4]);
  for (const k of [0, 1, 2, 4]) {
    for (let t = k; t < T; t++) assert.equal(others.distance(t, k), expected[t * T + k]);
  }
});

test('feedforward owes nothing at all to earlier words', () => {
  const random = new Random('feedforward');
  const [I, T] = [4, 8];
  const weights = randomCell(variantNamed('feedforward'), I, 6, random);
  const x = normals(random, T * I);
  const memory = memoryMatrix(weights, x);
  for (let t = 0; t < T; t++) {
    for (let k = 0; k < T; k++) {
      const value = memory[t * T + k];
      assert.ok(k === t ? value > 0 : value === 0, `memory(${t},${k}) = ${value}`);
    }
  }
});

for (const variant of recurrentVariants) {
  test(`${variant.name}: something is left of earlier words`, () => {
    const random = new Random('left');
    const weights = randomCell(variant, 3, 4, random);
    const table = memoryMatrix(weights, normals(random, 5 * 3));
    for (let t = 0; t < 5; t++)
      for (let k = 0; k < t; k++) assert.ok(table[t * 5 + k] > 0, 'm(t,k) > 0');
  });
}

for (const variant of variants) {
  test(`${variant.name}: no words, an empty table`, () => {
    const weights = randomCell(variant, 2, 3, new Random('none'));
    assert.equal(memoryMatrix(weights, new Float64Array(0)).length, 0);
  });
}

// Both kernels -----------------------------------------------------------------------------------------------------

const [, simd] = await bothKernels();

for (const variant of variants) {
  test(`${variant.name}: both kernels find the same memory`, () => {
    for (let seed = 0; seed < 6; seed++) {
      const random = new Random(`kernels/${variant.name}/${seed}`);
      const [I, H, T] = [between(random, 1, 9), between(random, 1, 21), between(random, 1, 75)];
      const weights = roundedCell(randomCell(variant, I, H, random));
      const scaled = {
        ...weights,
        weightHh: weights.weightHh.map((value) => value / Math.sqrt(H)),
      };
      const x = rounded(normals(random, T * I));
      const expected = memoryMatrix(scaled, x);
      const found = memoryMatrix(scaled, x, {}, simd);
      const difference = relativeDifference(found, expected);
      assert.ok(difference <= 1e-6, `I=${I} H=${H} T=${T}: ${difference}`);
    }
  });

  // twins of different ages go 64, 8 or 1 at a time, the network itself alone
  test(`${variant.name}: a word that leaves no imprint leaves none for ever, on both kernels`, () => {
    for (const kernel of [referenceKernel, simd]) {
      const random = new Random(`no imprint/${variant.name}`);
      const [I, H, T] = [5, 11, 75];
      const weights = kernel.open(3e5).load(randomCell(variant, I, H, random));
      const empty = [0, 3, 40, 73];
      const x = normals(random, T * I);
      for (const k of empty) x.fill(0, k * I, (k + 1) * I);
      const real = new Unrolled(weights, 1, T);
      real.start(randomInitial(weights, random));
      const twins = new Twins(weights, real);
      for (let t = 0; t < T; t++) {
        real.advance(weights, x.subarray(t * I, (t + 1) * I));
        // every word, or few, so that a twin travels in different company
        const words = Array.from({ length: T }, (_, k) => k);
        twins.ensure(t, t % 3 === 0 ? empty : words);
      }
      twins.ensure(T - 1, empty);
      for (const k of empty) {
        for (let t = k; t < T; t++) assert.equal(twins.distance(t, k), 0, `m(${t},${k})`);
      }
    }
  });
}

test('plain weights, and weights of another kernel, are read by the kernel that is asked', () => {
  const random = new Random('asked');
  const weights = roundedCell(randomCell(variantNamed('gru, reset after'), 3, 5, random));
  const x = rounded(normals(random, 6 * 3));
  const tight = simd.open(0).load(weights);
  const expected = memoryMatrix(weights, x);
  const asked = memoryMatrix(tight, x, {}, referenceKernel);
  assertClose(asked, expected, 0, 'the reference, of numbers in float32');
  assertClose(memoryMatrix(tight, x), expected, 1e-5, 'their own unless another is asked');
  const long = rounded(normals(random, 3000 * 3));
  const found = memoryMatrix(tight, long.subarray(0, 200 * 3), {}, simd);
  assert.equal(found.length, 200 * 200, 'in a workspace of its own');
});
