// Tables of Jacobian norms on both kernels: alike, of any size, over hundreds of steps, near cancellation, out of range.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  JacobianRecursion,
  Random,
  initialWeights,
  jacobianNorms,
  kernelOf,
  localInfluence,
  stepJacobian,
  unroll,
  type CellWeights,
  type InitialState,
  type JacobianKind,
  type Kernel,
} from '../../src/engine/index.js';
import { orthogonalBlock } from '../../src/engine/initial.js';
import {
  assertClose,
  between,
  bothKernels,
  normals,
  randomCell,
  recurrentVariants,
  relativeDifference,
  relativeDifferenceOfEach,
  rounded,
  roundedCell,
  variantNamed,
  variants,
  type Variant,
} from '../support/engine.js';

const [reference, simd] = await bothKernels();
const kinds: readonly JacobianKind[] = ['input', 'state'];

/** A cell whose sums stay of the size of 1, rarely saturated, and what it reads; all numbers in float32. */
function problem(variant: Variant, [I, H, T]: readonly [number, number, number], random: Random) {
  const cell = randomCell(variant, I, H, random);
  const weights = roundedCell({
    ...cell,
    weightIh: cell.weightIh.map((value) => value / Math.sqrt(I)),
    weightHh: cell.weightHh.map((value) => (1.4 * value) / Math.sqrt(H)),
  });
  return { weights, x: rounded(normals(random, T * I)) };
}

/** The table row by row. */
function byRecursion(
  weights: CellWeights,
  x: Float64Array,
  by: JacobianKind,
  kernel: Kernel,
): Float64Array {
  const T = x.length / weights.inputSize;
  const table = new Float64Array(T * T);
  const loaded = kernel.open(100_000).load(weights);
  const unrolled = unroll(loaded, x);
  const recursion = new JacobianRecursion(loaded, by, kernel);
  for (let t = 0; t < T; t++) {
    recursion.advance(unrolled);
    table.set(recursion.norms(), t * T);
  }
  return table;
}

/** The largest relative difference of an entry so far, by what is compared; and those of all entries. */
const worst: Record<string, number> = {};

const differences: number[] = [];

function relativeDifferences(found: Float64Array, expected: Float64Array): Float64Array {
  return found
    .map((value, i) => Math.abs(value - expected[i]) / expected[i])
    .filter((_, i) => expected[i] > 0);
}

function assertEach(
  found: Float64Array,
  expected: Float64Array,
  tolerance: number,
  what: string,
  record = '',
): void {
  const difference = relativeDifferenceOfEach(found, expected);
  if (record) worst[record] = Math.max(worst[record] ?? 0, difference);
  assert.ok(difference <= tolerance, `${what}: relative difference ${difference}`);
}

for (const variant of variants) {
  for (const by of kinds) {
    test(`${variant.name}: both kernels find the same ${by} norms, in tables and row by row`, () => {
      for (const T of [0, 1, 2, 7, 8, 9, 16, 17, 33, 70]) {
        const random = new Random(`tables/${variant.name}/${by}/${T}`);
        const [I, H] = [between(random, 1, 12), between(random, 1, 12)];
        const { weights, x } = problem(variant, [I, H, T], random);
        const what = `I=${I} H=${H} T=${T}`;
        const expected = jacobianNorms(weights, x, by);
        const found = jacobianNorms(weights, x, by, {}, simd);
        assertEach(found, expected, 5e-5, what, 'each entry, T ≤ 70');
        differences.push(...relativeDifferences(found, expected));
        const rows = byRecursion(weights, x, by, simd);
        assertEach(rows, expected, 5e-5, `${what}, row by row`, 'each entry, T ≤ 70, row by row');
        const loaded = simd.open(100_000).load(weights);
        assert.deepEqual(jacobianNorms(loaded, x, by), found, 'the kernel of the weights');
        assert.equal(kernelOf(loaded).name, 'simd');
        assertClose(jacobianNorms(loaded, x, by, {}, reference), expected, 0, 'another kernel');
      }
    });
  }

  test(`${variant.name}: a table has room for any size, and reads and writes nothing beyond`, () => {
    for (const [I, H, T] of [
      [40, 3, 20],
      [1, 40, 20],
      [3, 24, 70],
      [20, 33, 40],
      [3, 90, 9],
    ]) {
      const { weights, x } = problem(variant, [I, H, T], new Random('room'));
      for (const by of kinds) {
        const found = jacobianNorms(weights, x, by, {}, simd);
        const expected = jacobianNorms(weights, x, by);
        const difference = relativeDifference(found, expected);
        assert.ok(difference <= 2e-6, `${by}, I=${I} H=${H} T=${T}: ${difference}`);
        byRecursion(weights, x.subarray(0, 18 * I), by, simd);
      }
    }
  });
}

// Hundreds of steps ------------------------------------------------------------------------------------------------

for (const variant of recurrentVariants) {
  test(`${variant.name}: over 300 steps no pair vanishes or is lost, on either kernel`, () => {
    const [I, H, T] = [3, 16, 300];
    const random = new Random(`vanishing/${variant.name}`);
    const drawn = initialWeights(variant.cell, I, H, 'vanishing', { recurrentScale: 0.25 });
    const weights = roundedCell({
      ...drawn,
      ...(variant.resetAfter !== undefined && { resetAfter: variant.resetAfter }),
      ...(variant.nonlinearity && { nonlinearity: variant.nonlinearity }),
    });
    // so that some ReLU units are awake at every step
    if (variant.nonlinearity) weights.biasIh.fill(0.25);
    const x = rounded(normals(random, T * I, 0.3));
    for (const by of kinds) {
      const expected = jacobianNorms(weights, x, by);
      const found = jacobianNorms(weights, x, by, {}, simd);
      const first = expected[(T - 1) * T];
      assert.ok(first < 1e-30, `${by}: it vanishes, down to ${first}`);
      for (let t = 0; t < T; t++) {
        for (let k = 0; k <= t; k++) {
          assert.ok(expected[t * T + k] > 0 && found[t * T + k] > 0, `${by} (${t},${k})`);
        }
      }
      assertEach(found, expected, 1e-4, by, 'each entry, T = 300, vanishing');
      const recursion = byRecursion(weights, x, by, reference);
      assertEach(expected, recursion, 1e-9, `${by}, reference against its recursion`);
      if (by === 'state') continue;
      for (const [kernel, tolerance] of [
        [reference, 1e-9],
        [simd, 1e-4],
      ] as const) {
        const loaded = kernel.open(100_000).load(weights);
        const unrolled = unroll(loaded, x);
        for (const [t, k] of [
          [0, 0],
          [10, 7],
          [299, 298],
          [299, 150],
          [299, 0],
        ]) {
          const found = Float64Array.of(localInfluence(loaded, unrolled, t, k));
          const entry = Float64Array.of(expected[t * T + k]);
          assertEach(found, entry, tolerance, `one pair, (${t},${k}), on ${kernel.name}`);
        }
      }
    }
  });
}

/** ReLU units in a ring, each three times the one before less 2: they stay at 1, and every derivative is 3 to a power. */
function exploding(H: number): { weights: CellWeights; initial: InitialState } {
  const weightHh = new Float64Array(H * H);
  for (let j = 0; j < H; j++) weightHh[j * H + ((j + 1) % H)] = 3;
  const weights: CellWeights = {
    ...{ cell: 'rnn', nonlinearity: 'relu', inputSize: 1, hiddenSize: H },
    weightIh: Float64Array.from({ length: H }, (_, j) => j + 1),
    weightHh,
    biasIh: new Float64Array(H).fill(-2),
    biasHh: new Float64Array(H),
  };
  return { weights, initial: { h: new Float64Array(H).fill(1) } };
}

test('what explodes is right as far as float64 reaches, and infinite beyond', () => {
  const [H, T] = [3, 660];
  const { weights, initial } = exploding(H);
  const x = new Float64Array(T);
  const size = { input: Math.sqrt(1 + 4 + 9), state: Math.sqrt(3) };
  for (const kernel of [reference, simd]) {
    for (const by of kinds) {
      const found = jacobianNorms(weights, x, by, initial, kernel);
      let infinite = 0;
      for (let t = 0; t < T; t++) {
        for (let k = 0; k <= t; k++) {
          // 3 to the power of t − k is right in two halves where it is too large for one
          const half = 3 ** Math.floor((t - k) / 2);
          const expected = size[by] * half * 3 ** Math.ceil((t - k) / 2);
          const value = found[t * T + k];
          if (expected === Infinity) {
            infinite++;
            assert.equal(value, Infinity, `(${t},${k})`);
          } else {
            const tolerance = kernel === simd ? 5e-5 : 1e-12;
            assert.ok(Math.abs(value / expected - 1) <= tolerance, `(${t},${k}) ${value}`);
          }
        }
      }
      assert.ok(infinite > 0 && infinite < 200, `${infinite} are beyond`);
    }
  }
});

test('what explodes beyond float64 and comes back is right again', () => {
  const [T, turn] = [655, 651];
  const weights: CellWeights = {
    ...{ cell: 'rnn', inputSize: 1, hiddenSize: 1 },
    weightIh: Float64Array.of(1),
    weightHh: Float64Array.of(3),
    biasIh: new Float64Array(1),
    biasHh: new Float64Array(1),
  };
  // at 0 each step is times 3; one word saturates the unit, the next one takes it back
  const x = new Float64Array(T);
  const h = Math.sqrt(1 - 2 ** -10);
  x[turn] = Math.atanh(h);
  x[turn + 1] = -3 * h;
  const unrolled = unroll(weights, x);
  const logs = Array.from({ length: T }, (_, t) =>
    Math.log2(stepJacobian(weights, unrolled, t).hidden[0]),
  );
  for (const found of [
    jacobianNorms(weights, x, 'state'),
    byRecursion(weights, x, 'state', reference),
  ]) {
    let cameBack = 0;
    for (let k = 0; k < T; k++) {
      let [log, highest] = [0, 0];
      for (let t = k; t < T; t++) {
        if (t > k) log += logs[t];
        highest = Math.max(highest, log);
        const expected = 2 ** (log / 2) * 2 ** (log / 2);
        const value = found[t * T + k];
        const right =
          expected === Infinity ? value === Infinity : Math.abs(value / expected - 1) <= 1e-9;
        assert.ok(right, `(${t},${k}): ${value}, not ${expected}`);
        if (highest > 1024 && expected < Infinity) cameBack++;
      }
    }
    assert.ok(cameBack > 5, `${cameBack} came back`);
  }
});

test('two small steps at once, near the end of float32, are not lost', () => {
  // a forget gate at 2⁻⁹, which is left as it is, and then at 10⁻³⁸: together below what float32 holds in full
  const weights: CellWeights = {
    ...{ cell: 'lstm', inputSize: 1, hiddenSize: 1 },
    weightIh: Float64Array.of(0, 1, 0, 0),
    weightHh: new Float64Array(4),
    biasIh: new Float64Array(4),
    biasHh: new Float64Array(4),
  };
  const x = Float64Array.of(0, -6.2, -86.9, 0, 0);
  for (const T of [4, 5]) {
    const expected = jacobianNorms(weights, x.subarray(0, T), 'state');
    const found = jacobianNorms(weights, x.subarray(0, T), 'state', {}, simd);
    assert.ok(expected[2 * T] < 1e-40 && expected[2 * T] > 0);
    assertEach(found, expected, 1e-3, `T=${T}`);
  }
});

// Cancellation -----------------------------------------------------------------------------------------------------

/**
 * A linear network that forgets what it reads in one direction and keeps the others: after the cut, what is left of a
 * word is far smaller than what the chain on either side would suggest, ‖U V‖ ≪ ‖U‖ ‖V‖.
 */
function nearlyOrthogonal(H: number, kept: number, forgotten: number): CellWeights {
  const random = new Random('nearly orthogonal');
  const Q = orthogonalBlock(H, random);
  const weightHh = new Float64Array(H * H);
  for (let i = 0; i < H; i++) {
    for (let j = 0; j < H; j++) {
      for (let l = 0; l < H; l++) {
        weightHh[i * H + j] += (l === 0 ? forgotten : kept) * Q[l * H + i] * Q[l * H + j];
      }
    }
  }
  return roundedCell({
    ...{ cell: 'rnn', inputSize: 1, hiddenSize: H },
    weightIh: Q.slice(0, H),
    weightHh,
    biasIh: new Float64Array(H),
    biasHh: new Float64Array(H),
  });
}

test('where the two sides of a cut are nearly orthogonal, float32 keeps its digits', () => {
  const T = 12; // one cut, six steps on either side
  for (const H of [4, 9, 16]) {
    const weights = nearlyOrthogonal(H, 0.9, 0.4);
    const x = new Float64Array(T).fill(1e-6);
    const expected = jacobianNorms(weights, x, 'input');
    const found = jacobianNorms(weights, x, 'input', {}, simd);
    // the sides: ‖U‖ of the state at the end by that at the cut, ‖V‖ of that at the cut by the last word before
    const U = jacobianNorms(weights, x, 'state')[(T - 1) * T + T / 2 - 1];
    const V = expected[(T / 2 - 1) * T + T / 2 - 1];
    const across = expected[(T - 1) * T + T / 2 - 1];
    assert.ok(across / (U * V) < 1e-2, `‖UV‖ is ${across / (U * V)} of ‖U‖ ‖V‖`);
    assertEach(found, expected, 1e-4, `H=${H}`, 'each entry, near cancellation');
  }
});

test('where an output gate shuts after the cut, float32 keeps its digits', () => {
  const [I, H, T] = [2, 7, 16];
  const random = new Random('shut');
  const drawn = randomCell(variantNamed('lstm'), I, H, random);
  // the second input shuts the output gates, and the forget gates with it
  for (const block of [1, 3]) {
    for (let j = 0; j < H; j++) drawn.weightIh[(block * H + j) * I + 1] = -8;
  }
  const weights = roundedCell(drawn);
  const x = rounded(normals(random, T * I, 0.5).map((value, i) => (i % I === 1 ? 0 : value)));
  for (const shut of [T / 2 - 1, T / 2, T - 1]) {
    const some = x.slice();
    some[shut * I + 1] = 1;
    for (const by of kinds) {
      const expected = jacobianNorms(weights, some, by);
      const found = jacobianNorms(weights, some, by, {}, simd);
      assertEach(found, expected, 1e-4, `${by}, shut at ${shut}`, 'each entry, gates shut');
    }
  }
});

test('a network that blows up every rounding error of its states has the same table on both kernels', () => {
  // far beyond where a simple RNN becomes chaotic: in float32 it would go through other states
  const T = 100;
  const weights = roundedCell(initialWeights('rnn', 8, 16, 0, { recurrentScale: 2.5 }));
  const x = rounded(new Random('z0').normals(T * 8));
  const fast = unroll(simd.open(100_000).load(weights), x).h;
  const drifted = unroll(weights, x).h.some((value, i) => Math.abs(value - fast[i]) > 1e-4);
  assert.ok(drifted, 'the states drift apart');
  for (const by of kinds) {
    const exact = jacobianNorms(weights, x, by);
    const found = jacobianNorms(weights, x, by, {}, simd);
    exact.forEach((value, i) => {
      const right = value === 0 ? found[i] === 0 : Math.abs(found[i] / value - 1) <= 2e-5;
      assert.ok(right, `${by} ${i}: ${found[i]}, not ${value}`);
    });
  }
});

test('a ReLU state that grows until it is no number has no derivatives, which is not to say zeros', () => {
  const T = 120;
  const cell = initialWeights('rnn', 4, 16, 'r', { recurrentScale: 1000 });
  const weights: CellWeights = { ...cell, nonlinearity: 'relu' };
  const x = new Random('z').normals(T * 4);
  assert.ok(unroll(weights, x).h.slice(-16).every(Number.isNaN));
  for (const kernel of [reference, simd]) {
    const found = jacobianNorms(weights, x, 'state', {}, kernel).slice((T - 1) * T, T * T - 1);
    assert.ok(found.every(Number.isNaN), kernel.name);
  }
});

test('the largest differences between the kernels', (t) => {
  differences.sort((a, b) => a - b);
  for (const [share, tolerance] of [
    [0.5, 5e-7],
    [0.99, 2e-5],
  ]) {
    const least = differences[Math.floor(share * differences.length)];
    t.diagnostic(`${share} of all entries, T ≤ 70: ${least.toExponential(1)}`);
    assert.ok(least <= tolerance, `${least}`);
  }
  for (const [name, difference] of Object.entries(worst)) {
    t.diagnostic(`${name}: ${difference.toExponential(1)}`);
    assert.ok(difference > 0, `${name} has been computed in float32`);
  }
});
