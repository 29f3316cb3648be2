// What a state owes to earlier words: twins against direct re-runs, Jacobians against finite differences.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  JacobianRecursion,
  Random,
  Twins,
  Unrolled,
  cells,
  jacobianNorms,
  memoryMatrix,
  runSequence,
  stateSize,
  stepJacobians,
  unroll,
  type CellWeights,
  type InitialState,
} from '../../src/engine/index.js';
import { norm, useProductKernel } from '../../src/engine/products.js';
import {
  assertClose,
  between,
  derivatives,
  normals,
  randomCell,
  randomInitial,
  recurrentVariants,
  variants,
} from '../support/engine.js';

afterEach(() => useProductKernel(null));

/** s_t of every step, `[T × S]`: h, or h and c. */
function states(weights: CellWeights, x: Float64Array, initial: InitialState = {}): Float64Array {
  const { h, c, length } = runSequence(weights, x, initial);
  const H = weights.hiddenSize;
  const S = stateSize(weights);
  const rows = new Float64Array(length * S);
  for (let t = 0; t < length; t++) {
    rows.set(h.subarray(t * H, (t + 1) * H), t * S);
    if (c) rows.set(c.subarray(t * H, (t + 1) * H), t * S + H);
  }
  return rows;
}

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
        assert.ok(found[t * T + t] > 0, 'a word leaves an imprint');
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
  const weights = randomCell({ name: 'rnn', cell: 'rnn' }, 2, 3, random);
  const x = normals(random, 4 * 2);
  const expected = memoryMatrix(weights, x);
  const twins = new Twins(weights, unroll(weights, x));
  twins.ensure(3, [0, 0, 2, 0]);
  for (let t = 0; t < 4; t++) assert.equal(twins.distance(t, 0), expected[t * 4]);
});

test('twins of a step that has not been done are refused', () => {
  const random = new Random('refused');
  const weights = randomCell({ name: 'gru', cell: 'gru' }, 2, 3, random);
  const real = new Unrolled(weights, 1, 4);
  real.start();
  const twins = new Twins(weights, real);
  assert.throws(() => twins.ensure(0, [0]), RangeError);
  real.advance(weights, normals(random, 2));
  twins.ensure(0, [0]);
  assert.throws(() => twins.ensure(1, [0]), /step 1 has not been done yet/);
  assert.ok(twins.distance(0, 0) > 0, 'an imprint');
});

for (const variant of variants.filter(({ resetAfter }) => resetAfter !== false)) {
  test(`${variant.name}: one step forward costs one batched step`, () => {
    const random = new Random('cost');
    const weights = randomCell(variant, 3, 4, random);
    const real = unroll(weights, normals(random, 10 * 3));
    const twins = new Twins(weights, real);
    const rows: number[] = [];
    useProductKernel((m) => {
      rows.push(m);
      return false;
    });
    const recurrent = variant.cell !== 'feedforward';
    for (let t = 0; t < 10; t++) {
      rows.length = 0;
      twins.ensure(
        t,
        Array.from({ length: t + 1 }, (_, k) => k),
      );
      assert.deepEqual(rows, recurrent ? [t + 1] : []);
    }
    rows.length = 0;
    twins.ensure(9, [0, 5, 9]);
    twins.ensure(4, [0, 1]);
    assert.deepEqual(rows, [], 'what is known is not computed again');
  });
}

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
  const weights = randomCell({ name: 'lstm', cell: 'lstm' }, I, 3, random);
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
  const weights = randomCell({ name: 'feedforward', cell: 'feedforward' }, I, 6, random);
  const x = normals(random, T * I);
  const memory = memoryMatrix(weights, x);
  const influence = jacobianNorms(weights, x, 'input');
  const throughTime = jacobianNorms(weights, x, 'state');
  for (const [table, name] of [
    [memory, 'memory'],
    [influence, 'influence'],
    [throughTime, 'gradient'],
  ] as const) {
    for (let t = 0; t < T; t++) {
      for (let k = 0; k < T; k++) {
        const value = table[t * T + k];
        assert.ok(k === t ? value > 0 : value === 0, `${name}(${t},${k}) = ${value}`);
      }
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
  test(`${variant.name}: the Jacobians of one step agree with finite differences`, () => {
    for (let seed = 0; seed < 5; seed++) {
      const random = new Random(`step/${variant.name}/${seed}`);
      const weights = randomCell(variant, between(random, 1, 4), between(random, 1, 4), random);
      const { inputSize: I, hiddenSize: H } = weights;
      const S = stateSize(weights);
      const x = normals(random, I);
      const initial = randomInitial(weights, random);
      const after = (): Float64Array => states(weights, x, initial);
      const found = stepJacobians(weights, unroll(weights, x, initial).steps[0]);
      const columnsOf = (matrix: Float64Array, columns: number, j: number): Float64Array =>
        matrix.filter((_, i) => i % columns === j);
      assert.equal(found.input.length, S * I);
      assert.equal(found.state.length, S * S);
      for (let j = 0; j < I; j++) {
        assertClose(columnsOf(found.input, I, j), derivatives(after, x, j), 1e-9, `∂s/∂x[${j}]`);
      }
      for (const [part, offset] of [
        [initial.h, 0],
        [initial.c, H],
      ] as const) {
        for (let j = 0; part && j < H; j++) {
          assertClose(
            columnsOf(found.state, S, offset + j),
            derivatives(after, part, j),
            1e-9,
            `∂s/∂s₋[${offset + j}]`,
          );
        }
      }
    }
  });

  test(`${variant.name}: local influence is the norm of ∂h_t/∂x_k by finite differences`, () => {
    for (let seed = 0; seed < 3; seed++) {
      const random = new Random(`influence/${variant.name}/${seed}`);
      const weights = randomCell(variant, between(random, 1, 4), between(random, 1, 5), random);
      const { inputSize: I, hiddenSize: H } = weights;
      const T = between(random, 2, 7);
      const x = normals(random, T * I);
      const initial = randomInitial(weights, random);
      const squares = new Float64Array(T * T);
      for (let i = 0; i < T * I; i++) {
        const column = derivatives(() => runSequence(weights, x, initial).h, x, i);
        const k = Math.floor(i / I);
        column.forEach((value, p) => (squares[Math.floor(p / H) * T + k] += value * value));
      }
      const found = jacobianNorms(weights, x, 'input', initial);
      assertClose(found, squares.map(Math.sqrt), 1e-8, `T=${T}, seed ${seed}`);
    }
  });

  test(`${variant.name}: the gradient through time is the norm of ∂s_t/∂s_k by finite differences`, () => {
    for (let seed = 0; seed < 3; seed++) {
      const random = new Random(`through time/${variant.name}/${seed}`);
      const weights = randomCell(variant, between(random, 1, 3), between(random, 1, 5), random);
      const { inputSize: I, hiddenSize: H } = weights;
      const S = stateSize(weights);
      const T = between(random, 2, 7);
      const x = normals(random, T * I);
      const initial = randomInitial(weights, random);
      const real = states(weights, x, initial);
      const squares = new Float64Array(T * T);
      for (let k = 0; k < T; k++) {
        squares[k * T + k] = S;
        const h = real.slice(k * S, k * S + H);
        const c = real.slice(k * S + H, (k + 1) * S);
        const rest = x.subarray((k + 1) * I);
        const later = (): Float64Array =>
          states(weights, rest, cells[weights.cell].hasCellState ? { h, c } : { h });
        for (const part of [h, c]) {
          for (let j = 0; j < part.length; j++) {
            derivatives(later, part, j).forEach(
              (value, p) => (squares[(k + 1 + Math.floor(p / S)) * T + k] += value * value),
            );
          }
        }
      }
      const found = jacobianNorms(weights, x, 'state', initial);
      assertClose(found, squares.map(Math.sqrt), 1e-8, `T=${T}, seed ${seed}`);
      for (let t = 0; t < T; t++) assertClose([found[t * T + t]], [Math.sqrt(S)], 1e-14, 'lag 0');
    }
  });

  test(`${variant.name}: a Jacobian recursion grows by one source a step`, () => {
    const random = new Random('recursion');
    const weights = randomCell(variant, 2, 3, random);
    const x = normals(random, 5 * 2);
    const unrolled = unroll(weights, x);
    for (const by of ['input', 'state'] as const) {
      const table = jacobianNorms(weights, x, by);
      const recursion = new JacobianRecursion(weights, by);
      assert.equal(recursion.length, 0);
      assert.equal(recursion.norms().length, 0);
      for (let t = 0; t < 5; t++) {
        recursion.advance(unrolled.steps[t]);
        assert.equal(recursion.length, t + 1);
        assertClose(recursion.norms(), table.slice(t * 5, t * 5 + t + 1), 0, `${by}, t=${t}`);
        for (let k = t + 1; k < 5; k++) assert.equal(table[t * 5 + k], 0);
      }
    }
  });

  test(`${variant.name}: no words, empty tables`, () => {
    const weights = randomCell(variant, 2, 3, new Random('none'));
    const none = new Float64Array(0);
    assert.equal(memoryMatrix(weights, none).length, 0);
    assert.equal(jacobianNorms(weights, none, 'input').length, 0);
    assert.equal(jacobianNorms(weights, none, 'state').length, 0);
  });
}
