// Gains of the gradient through time and of the gates' direct path, their summary by lag, and what untrained networks do.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import {
  Random,
  StateChain,
  Unrolled,
  byLag,
  gatePathGains,
  gatePathGainsAt,
  initialWeights,
  stateGains,
  stateGainsAt,
  stateJacobian,
  stateNorms,
  stateSize,
  unroll,
  type CellType,
  type CellWeights,
  type Floats,
  type InitialState,
  type Initialisation,
  type Intervention,
} from '../../src/engine/index.js';
import { quantile } from '../../src/engine/gain.js';
import { norm } from '../../src/engine/products.js';
import { weightsOf, type GoldenCase } from '../../tools/golden/compare.js';
import {
  assertClose,
  assertSame,
  awayFromKinks,
  between,
  bothKernels,
  derivatives,
  normals,
  randomCell,
  randomInitial,
  randomInterventions,
  readUnder,
  recurrentVariants,
  relativeDifferenceOfEach,
  rounded,
  roundedCell,
  variantNamed,
  variants,
  type Variant,
} from '../support/engine.js';

/** Row t of a table `[T × T]` up to its diagonal. */
const rowOf = (table: Float64Array, T: number, t: number): Float64Array =>
  table.subarray(t * T, t * T + t + 1);

/** s after each of these steps, `[S]`. */
function stateAt(weights: CellWeights, unrolled: Unrolled, t: number): Float64Array {
  const { h, c } = unrolled.steps[t];
  const state = new Float64Array(stateSize(weights));
  state.set(h);
  state.set(c, h.length);
  return state;
}

/** The interventions as a run that begins at that step sees them. */
const since = (list: readonly Intervention[], first: number): Intervention[] =>
  list
    .filter(({ to }) => to > first)
    .map((each) => ({ ...each, from: Math.max(0, each.from - first), to: each.to - first }));

/** ∂s_t/∂s_k `[S × S]` by finite differences: what follows step k is read again from a nudged state. */
function jacobianByNudging(
  weights: CellWeights,
  x: Float64Array,
  unrolled: Unrolled,
  list: readonly Intervention[],
  t: number,
  k: number,
): Float64Array {
  const S = stateSize(weights);
  const { inputSize: I, hiddenSize: H } = weights;
  const jacobian = new Float64Array(S * S);
  const state = stateAt(weights, unrolled, k);
  const rest = x.subarray((k + 1) * I, (t + 1) * I);
  const after = (): Float64Array => {
    const initial = { h: state.subarray(0, H), c: state.subarray(H) };
    const later = readUnder(since(list, k + 1), weights, rest, initial);
    return t === k ? state : stateAt(weights, later, t - k - 1);
  };
  for (let j = 0; j < S; j++) {
    derivatives(after, state, j).forEach((value, i) => (jacobian[i * S + j] = value));
  }
  return jacobian;
}

/** A small cell, inputs, an initial state and interventions, away from the kinks of ReLU units. */
function drawn(variant: Variant, random: Random, T: number) {
  const [I, H] = [between(random, 1, 3), between(random, 1, 4)];
  return awayFromKinks(
    () => {
      const weights = randomCell(variant, I, H, random);
      const initial = randomInitial(weights, random);
      return { weights, x: normals(random, T * I), initial, list: randomInterventions(random, T) };
    },
    ({ weights, x, initial, list }) => [weights, readUnder(list, weights, x, initial)],
  );
}

for (const variant of variants) {
  test(`${variant.name}: gains and Jacobians of states are what nudging states does, under interventions`, () => {
    for (let seed = 0; seed < 10; seed++) {
      const random = new Random(`gains/${variant.name}/${seed}`);
      const T = between(random, 1, 11);
      const { weights, x, initial, list } = drawn(variant, random, T);
      const S = stateSize(weights);
      for (const done of [[], list]) {
        const unrolled = readUnder(done, weights, x, initial);
        const table = stateGains(weights, unrolled);
        for (let t = 0; t < T; t++) {
          const row = stateGainsAt(weights, unrolled, t);
          assert.equal(row.length, t + 1);
          for (let k = 0; k <= t; k++) {
            const expected = jacobianByNudging(weights, x, unrolled, done, t, k);
            const gain = norm(expected) / Math.sqrt(S);
            const what = `seed ${seed}, s${t} by s${k}, ${JSON.stringify(done)}`;
            assertClose(stateJacobian(weights, unrolled, t, k), expected, 1e-8, what);
            assertClose([table[t * T + k], row[k]], [gain, gain], 1e-8, what);
          }
          assert.ok(table.subarray(t * T + t + 1, (t + 1) * T).every((value) => value === 0));
        }
      }
    }
  });

  test(`${variant.name}: a row of gains is that of the table, however long, and 1 at lag 0`, () => {
    for (const T of [1, 7, 8, 9, 40, 150]) {
      const random = new Random(`row/${variant.name}/${T}`);
      const [I, H] = [between(random, 1, 5), between(random, 1, 6)];
      const weights = randomCell(variant, I, H, random);
      const initial = randomInitial(weights, random);
      const x = normals(random, T * I);
      // room for more steps than there are
      const unrolled = new Unrolled(weights, 1, T + 3);
      unrolled.x.set(x);
      unrolled.run(weights, T, initial);
      const table = stateGains(weights, unrolled);
      assertSame(stateGains(weights, x, initial), table, 'the same from inputs');
      for (const t of [0, T >> 1, T - 1]) {
        const row = stateGainsAt(weights, unrolled, t);
        assertClose([row[t]], [1], 1e-15, 'lag 0');
        const difference = relativeDifferenceOfEach(row, rowOf(table, T, t));
        assert.ok(difference <= 1e-10, `T=${T}, t=${t}: ${difference}`);
        const root = Math.sqrt(stateSize(weights));
        assertSame(
          row,
          stateNorms(weights, unrolled, t).map((value) => value / root),
          'norms',
        );
      }
    }
  });

  test(`${variant.name}: gains on the fast kernel are those of the reference`, async () => {
    const [, simd] = await bothKernels();
    const random = new Random(`kernels/${variant.name}`);
    const T = 60;
    const weights = roundedCell(randomCell(variant, 5, 7, random));
    const x = rounded(normals(random, T * 5));
    const initial: InitialState = { h: rounded(randomInitial(weights, random).h) };
    const unrolled = unroll(weights, x, initial);
    const table = stateGains(weights, x, initial);
    const fast = stateGains(weights, x, initial, simd);
    // chains of 60 steps in float32 (jacobianNorms names its precision)
    assert.ok(relativeDifferenceOfEach(fast, table) < 1e-4);
    const row = stateGainsAt(weights, unrolled, T - 1, simd);
    assert.ok(relativeDifferenceOfEach(row, rowOf(table, T, T - 1)) < 1e-4);
    // loaded weights go by their kernel
    const loaded = simd.open(1e5).load(weights);
    const again = stateGainsAt(loaded, unroll(loaded, x, initial), T - 1);
    if (variant.cell !== 'feedforward') assert.notDeepEqual(again, rowOf(table, T, T - 1));
    assert.ok(
      relativeDifferenceOfEach(again.subarray(T - 10), rowOf(table, T, T - 1).slice(-10)) < 1e-3,
    );
  });
}

test('room for more steps than were done costs no memory of a workspace', async () => {
  const [, simd] = await bothKernels();
  const random = new Random('capacity');
  const weights = randomCell(variantNamed('lstm'), 5, 7, random);
  const unrolled = new Unrolled(weights, 1, 5000);
  unrolled.x.set(normals(random, 10 * 5));
  unrolled.run(weights, 10);
  assert.equal(stateGains(weights, unrolled, {}, simd).length, 100);
});

test('gains are the golden norms over √S', () => {
  const folder = new URL('../golden/', import.meta.url);
  let seen = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const golden = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as GoldenCase;
    if (!golden.state_jacobian_norm || !golden.x) continue;
    const weights = weightsOf(golden);
    const initial = { h: golden.h0, ...(golden.c0 && { c: golden.c0 }) } as InitialState;
    const x = Float64Array.from(golden.x.flat());
    const root = Math.sqrt(stateSize(weights));
    const expected = Float64Array.from(golden.state_jacobian_norm.flat(), (value) => value / root);
    assertClose(stateGains(weights, x, initial), expected, 1e-12, file);
    const unrolled = unroll(weights, x, initial);
    const T = unrolled.length;
    for (let t = 0; t < T; t++) {
      assertClose(
        stateGainsAt(weights, unrolled, t),
        rowOf(expected, T, t),
        1e-12,
        `${file} at ${t}`,
      );
    }
    seen++;
  }
  assert.ok(seen >= 3, `${seen} cases`);
});

test('a chain hands out the norms one by one, and serves one t after another', async () => {
  const [reference, simd] = await bothKernels();
  for (const variant of variants) {
    const random = new Random(`chain/${variant.name}`);
    const weights = randomCell(variant, 3, 4, random);
    const unrolled = readUnder(randomInterventions(random, 12), weights, normals(random, 36));
    for (const kernel of [reference, simd]) {
      const chain = new StateChain(weights, kernel);
      for (const t of [11, 3, 0, 7]) {
        // one that is left on the way disturbs nothing
        chain.norms(unrolled, 9).next();
        const norms = Float64Array.from(chain.norms(unrolled, t)).reverse();
        assertSame(norms, stateNorms(weights, unrolled, t, kernel), `${variant.name}, ${t}`);
      }
    }
  }
});

test('a chain along directions is the Jacobian times these', () => {
  for (const variant of recurrentVariants) {
    const random = new Random(`directions/${variant.name}`);
    const weights = randomCell(variant, 3, 4, random);
    const unrolled = unroll(weights, normals(random, 36));
    const S = stateSize(weights);
    const D = 3;
    const directions = normals(random, S * D);
    let k = 9;
    for (const found of new StateChain(weights, undefined, directions).norms(unrolled, 9)) {
      const jacobian = stateJacobian(weights, unrolled, 9, k);
      const expected = Float64Array.from({ length: D * S }, (_, entry) => {
        const [d, column] = [entry % D, Math.floor(entry / D)];
        let sum = 0;
        for (let i = 0; i < S; i++) sum += directions[i * D + d] * jacobian[i * S + column];
        return sum;
      });
      const size = norm(expected);
      assertClose([found], [size], 1e-12 * size, `${variant.name}, s9 by s${k}`);
      k--;
    }
    assert.equal(k, -1);
  }
});

test('one row of the gate paths is that of the table', () => {
  for (const [name, gate] of [
    ['lstm', 'forget'],
    ['gru, reset after', 'update'],
  ] as const) {
    const random = new Random(`paths/${name}`);
    const weights = randomCell(variantNamed(name), 2, 5, random);
    const unrolled = readUnder(randomInterventions(random, 15), weights, normals(random, 30));
    const table = gatePathGains(weights, unrolled, gate);
    for (let t = 0; t < 15; t++) {
      assertSame(gatePathGainsAt(weights, unrolled, t, gate), rowOf(table, 15, t), `${name}, ${t}`);
    }
  }
  const rnn = initialWeights('rnn', 2, 2, 1);
  const unrolled = unroll(rnn, new Float64Array(4));
  assert.throws(() => gatePathGainsAt(rnn, unrolled, 1, 'forget'), RangeError);
});

test('gains of very long vanishing chains do not end in zero', () => {
  const weights = initialWeights('rnn', 4, 4, 'long', { recurrentScale: 0.5 });
  const T = 500;
  const unrolled = unroll(weights, new Random('long').normals(T * 4));
  const row = stateGainsAt(weights, unrolled, T - 1);
  assert.ok(row[0] > 0 && row[0] < 1e-200, `${row[0]}`);
  assert.ok(
    relativeDifferenceOfEach(row, rowOf(stateGains(weights, unrolled), T, T - 1)) < 1e-9,
    'as the table',
  );
});

test('feedforward: nothing is handed on', () => {
  const random = new Random('feedforward');
  const weights = randomCell(variantNamed('feedforward'), 3, 5, random);
  const unrolled = unroll(weights, normals(random, 30));
  assert.deepEqual([...stateGainsAt(weights, unrolled, 9)], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  stateGains(weights, unrolled).forEach((gain, i) => {
    assert.equal(gain, i % 11 === 0 ? 1 : 0);
  });
});

// The direct path ----------------------------------------------------------------------------------------------------

/** A cell without recurrent weights into its gates and candidate: only the direct path is left. */
function onlyDirect(weights: CellWeights): CellWeights {
  return { ...weights, weightHh: weights.weightHh.map(() => 0) };
}

for (const [name, gate] of [
  ['lstm', 'forget'],
  ['gru, reset after', 'update'],
  ['gru, reset before', 'update'],
] as const) {
  test(`${name}: the path of the ${gate} gates is the whole gain where no other path is`, () => {
    for (let seed = 0; seed < 12; seed++) {
      const random = new Random(`path/${name}/${seed}`);
      const T = between(random, 1, 12);
      const { x, initial, list, weights } = drawn(variantNamed(name), random, T);
      const direct = onlyDirect(weights);
      const { hiddenSize: H } = weights;
      for (const done of [[], list]) {
        const unrolled = readUnder(done, direct, x, initial);
        const found = gatePathGains(direct, unrolled, gate);
        for (let t = 0; t < T; t++) {
          for (let k = 0; k < T; k++) {
            if (k > t) {
              assert.equal(found[t * T + k], 0);
              continue;
            }
            // from c to c in the LSTM, whose h goes nowhere here; the whole of h in the GRU
            const S = stateSize(direct);
            const part = stateJacobian(direct, unrolled, t, k).filter(
              (_, p) => p % S >= S - H && p >= S * (S - H),
            );
            assertClose(
              [found[t * T + k]],
              [norm(part) / Math.sqrt(H)],
              1e-14,
              `seed ${seed}, ${t} by ${k}, ${JSON.stringify(done)}`,
            );
          }
        }
      }
    }
  });

  test(`${name}: the path of the ${gate} gates by hand: held gates multiply, a skipped step hands all on`, () => {
    const random = new Random(`by hand/${name}`);
    const weights = randomCell(variantNamed(name), 2, 3, random);
    const list: Intervention[] = [
      { kind: 'hold', gate, value: 0.5, from: 0, to: 4 },
      { kind: 'hold', gate, value: 0, from: 4, to: 5 },
      { kind: 'skip', from: 2, to: 3 },
    ];
    const unrolled = readUnder(list, weights, normals(random, 12));
    const found = gatePathGains(weights, unrolled, gate);
    const expected = [
      [1, 0, 0, 0, 0],
      [0.5, 1, 0, 0, 0],
      [0.5, 1, 1, 0, 0],
      [0.25, 0.5, 0.5, 1, 0],
      [0, 0, 0, 0, 1],
    ];
    expected.forEach((row, t) => {
      assertClose(found.subarray(t * 6, t * 6 + 5), row, 1e-15, `row ${t}`);
    });
    // the last step's gates, block 1 in both cells, are computed
    const gates = unrolled.steps[5].gates.subarray(3, 6);
    assertClose([found[34]], [norm(gates) / Math.sqrt(3)], 1e-15, 'computed');
  });
}

test('cells without such a gate have no such path', () => {
  for (const [cell, gate] of [
    ['rnn', 'forget'],
    ['rnn', 'update'],
    ['feedforward', 'forget'],
    ['gru', 'forget'],
    ['lstm', 'update'],
  ] as const) {
    const weights = initialWeights(cell, 2, 2, 1);
    const unrolled = unroll(weights, [1, 2]);
    assert.throws(() => gatePathGains(weights, unrolled, gate), RangeError, `${cell} ${gate}`);
  }
});

// By lag -------------------------------------------------------------------------------------------------------------

test('the summary by lag has the median and the quartiles of a diagonal', () => {
  const T = 6;
  const table = new Float64Array(T * T).fill(NaN);
  const diagonals = [
    [1, 1, 1, 1, 1, 1],
    [5, 1, 4, 2, 3],
    [0, 8, 0, 4],
    [0, 0, 0],
    [2, Infinity],
    [1e-300],
  ];
  diagonals.forEach((values, lag) => {
    values.forEach((value, k) => (table[(k + lag) * T + k] = value));
  });
  const { median, lower, upper } = byLag(table);
  assert.deepEqual([...median], [1, 3, 2, 0, Infinity, 1e-300]);
  assert.deepEqual([...lower], [1, 2, 0, 0, Infinity, 1e-300]);
  assert.deepEqual([...upper], [1, 4, 5, 0, Infinity, 1e-300]);
  assert.deepEqual(byLag(new Float64Array(0)).median.length, 0);
});

test('quantiles stand between neighbours in proportion', () => {
  assert.equal(quantile([10, 20], 0.25), 12.5);
  assert.equal(quantile([10, 20, 40], 0.75), 30);
  assert.equal(quantile([Infinity, Infinity], 0.5), Infinity);
  assert.equal(quantile([7], 0.25), 7);
});

test('the summary of real gains lies in order and is what sorting each diagonal says', () => {
  for (const variant of recurrentVariants) {
    const random = new Random(`summary/${variant.name}`);
    const T = 40;
    const weights = randomCell(variant, 3, 5, random);
    const table = stateGains(weights, normals(random, T * 3));
    const { median, lower, upper } = byLag(table);
    for (let lag = 0; lag < T; lag++) {
      const values: number[] = [];
      for (let t = lag; t < T; t++) values.push(table[t * T + t - lag]);
      const below = (limit: number): number => values.filter((value) => value < limit).length;
      assert.ok(lower[lag] <= median[lag] && median[lag] <= upper[lag]);
      assert.ok(below(median[lag]) <= values.length / 2, `lag ${lag}`);
      assert.ok(values.length - below(median[lag]) >= values.length / 2);
      assert.ok(below(lower[lag]) <= (values.length + 3) / 4);
      assert.ok(values.length - below(upper[lag]) >= values.length / 4);
    }
  }
});

// Initial weights and the facts --------------------------------------------------------------------------------------

test('inputScale multiplies the input weights alone, and is 1 by default to the bit', () => {
  for (const cell of ['feedforward', 'rnn', 'lstm', 'gru'] as const) {
    const plain = initialWeights(cell, 7, 5, 'scale', { forgetBias: 1 });
    const one = initialWeights(cell, 7, 5, 'scale', { forgetBias: 1, inputScale: 1 });
    const scaled = initialWeights(cell, 7, 5, 'scale', { forgetBias: 1, inputScale: 2.5 });
    assertSame(one.weightIh, plain.weightIh, cell);
    const expected = plain.weightIh.map((value) => 2.5 * value);
    assertClose(scaled.weightIh, expected, 1e-14, cell);
    for (const name of ['weightHh', 'biasIh', 'biasHh'] as const) {
      assertSame(scaled[name], plain[name], `${cell} ${name}`);
    }
    assert.ok(
      initialWeights(cell, 7, 5, 'scale', { inputScale: 0 }).weightIh.every((value) => !value),
    );
  }
});

test('the recurrent factor is the spectral radius from 0.5 to 4: an orthogonal matrix times it', () => {
  for (const recurrentScale of [0.5, 4]) {
    const H = 6;
    const U = initialWeights('rnn', 3, H, 'radius', { recurrentScale }).weightHh;
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < H; j++) {
        let dot = 0;
        for (let l = 0; l < H; l++) dot += U[i * H + l] * U[j * H + l];
        assertClose([dot], [i === j ? recurrentScale ** 2 : 0], 1e-13, `${i} ${j}`);
      }
    }
  }
});

/** Medians over 100 seeds as docs/gradients.md has them: 16 units, 16 inputs from N(0, 1), the last of 100 steps. */
function medians(cell: CellType, options: Initialisation) {
  const runs = Array.from({ length: 100 }, (_, index) => {
    const weights = initialWeights(cell, 16, 16, index + 1, options);
    const x = new Random(`${index + 1}/inputs`).normals(100 * 16);
    const unrolled = unroll(weights, x);
    const size = (h: Floats): number => norm(h) / 4;
    const row = stateGainsAt(weights, unrolled, 99);
    return [row[79], row[59], size(unrolled.steps[99].h), size(unrolled.steps[79].h)];
  });
  const [at20, at40, size, earlier] = [0, 1, 2, 3].map((i) =>
    quantile(Float64Array.from(runs, (run) => run[i]).sort(), 0.5),
  );
  return { at20, at40, size, earlier };
}

test('simple RNN, 100 seeds: radius 0.9 and 1.5 vanish while the state stays full, radius 4 explodes', () => {
  const small = medians('rnn', { recurrentScale: 0.9 });
  assert.ok(small.at20 < 1e-3 && small.at20 > 1e-6, `0.9 at 20: ${small.at20}`);
  assert.ok(small.size > 0.5 && small.size / small.earlier > 0.9 && small.size < 1);
  const middle = medians('rnn', { recurrentScale: 1.5 });
  assert.ok(middle.at20 < 1 && middle.at40 < 1, `1.5: ${middle.at20}, ${middle.at40}`);
  const large = medians('rnn', { recurrentScale: 4 });
  assert.ok(large.at20 > 1 && large.at40 > 1, `4: ${large.at20}, ${large.at40}`);
});

test('LSTM, 100 seeds: forget bias 0 vanishes, 1 partly, 3 stays of the order of 1', () => {
  const [shut, partly, open] = [0, 1, 3].map((forgetBias) => medians('lstm', { forgetBias }));
  assert.ok(shut.at20 < 1e-3, `0: ${shut.at20}`);
  assert.ok(partly.at20 > 10 * shut.at20 && partly.at20 < 0.1, `1: ${partly.at20}`);
  assert.ok(open.at20 > 0.1 && open.at20 < 10, `3: ${open.at20}`);
  assert.ok(open.at40 > 0.1 && open.at40 < 10, `3 at 40: ${open.at40}`);
});

test('GRU, 100 seeds: update bias 0 vanishes, 3 stays', () => {
  const [half, open] = [0, 3].map((updateBias) => medians('gru', { updateBias }));
  assert.ok(half.at20 < 1e-3, `0: ${half.at20}`);
  assert.ok(open.at20 > 0.1 && open.at20 < 1, `3: ${open.at20}`);
});
