// A cell over time: step by step or at once, continued from a shared beginning, kept in a trace; and the checks of sizes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Random,
  Unrolled,
  cellTypes,
  cells,
  checkWeights,
  parameterCount,
  runSequence,
  stateSize,
  traceOf,
  unroll,
  type CellWeights,
  type Floats,
  type Trace,
} from '../../src/engine/index.js';
import {
  assertClose,
  dot,
  normals,
  randomCell,
  randomInitial,
  recurrentVariants,
  variants,
} from '../support/engine.js';

/** Everything that the steps done so far have left, for comparing two runs. */
function record(unrolled: Unrolled): Record<string, Floats> {
  const { rows, length, capacity } = unrolled;
  const upTo = (array: Floats, perStep: number): Floats =>
    array.slice(0, (array.length / perStep) * length);
  const state = (array: Floats): Floats =>
    array.slice(0, (array.length / (capacity + 1)) * (length + 1));
  assert.ok(rows > 0 && capacity > 0, 'there is something to compare');
  return {
    x: upTo(unrolled.x, capacity),
    h: state(unrolled.h),
    c: state(unrolled.c),
    gates: upTo(unrolled.gates, capacity),
    kept: upTo(unrolled.kept, capacity),
    input: upTo(unrolled.input, capacity),
  };
}

function assertSameRecord(actual: Unrolled, expected: Unrolled): void {
  assert.equal(actual.length, expected.length);
  const [a, b] = [record(actual), record(expected)];
  for (const name of Object.keys(b)) assertClose(a[name], b[name], 0, name);
}

function copyOfTrace(trace: Trace): Trace {
  return structuredClone(trace);
}

for (const variant of variants) {
  test(`${variant.name}: step by step equals all at once`, () => {
    for (const rows of [1, 3]) {
      const random = new Random(`advance/${variant.name}/${rows}`);
      const [I, H, T] = [3, 5, 8];
      const weights = randomCell(variant, I, H, random);
      const x = normals(random, T * rows * I);
      const initial = randomInitial(weights, random, rows);
      const atOnce = new Unrolled(weights, rows, T);
      atOnce.x.set(x);
      atOnce.run(weights, T, initial);
      const byStep = new Unrolled(weights, rows, T + 2);
      byStep.start(initial);
      for (let t = 0; t < T; t++) {
        assert.equal(byStep.length, t);
        const step = byStep.advance(weights, x.subarray(t * rows * I, (t + 1) * rows * I));
        assert.equal(step, byStep.steps[t]);
        const start = (t + 1) * rows * H;
        assertClose(step.h, atOnce.h.subarray(start, start + rows * H), 0, `h after step ${t}`);
      }
      assertSameRecord(byStep, atOnce);
    }
  });

  test(`${variant.name}: starting anew forgets what was before`, () => {
    const random = new Random(`anew/${variant.name}`);
    const weights = randomCell(variant, 2, 4, random);
    const [first, second] = [normals(random, 6 * 2), normals(random, 4 * 2)];
    const used = new Unrolled(weights, 1, 6);
    used.x.set(first);
    used.run(weights, 6, randomInitial(weights, random));
    used.start();
    assert.equal(used.length, 0);
    for (let t = 0; t < 4; t++) used.advance(weights, second.subarray(2 * t, 2 * t + 2));
    assertSameRecord(used, unroll(weights, second));
    used.x.set(second);
    used.run(weights, 4);
    assertSameRecord(used, unroll(weights, second));
  });

  test(`${variant.name}: going on from a copied beginning equals a fresh run`, () => {
    const random = new Random(`prefix/${variant.name}`);
    const [I, H, T] = [3, 4, 7];
    const weights = randomCell(variant, I, H, random);
    for (const rows of [1, 2]) {
      for (const shared of [0, 1, 4, 7]) {
        const initial = randomInitial(weights, random, rows);
        const before = new Unrolled(weights, rows, T);
        before.x.set(normals(random, T * rows * I));
        before.run(weights, T, initial);
        const kept = record(before);
        const x = normals(random, (T + 3) * rows * I);
        x.set(before.x.subarray(0, shared * rows * I));

        const fresh = new Unrolled(weights, rows, T + 3);
        fresh.x.set(x);
        fresh.run(weights, T + 3, initial);
        const copied = new Unrolled(weights, rows, T + 3);
        copied.copyPrefix(before, shared);
        assert.equal(copied.length, shared);
        for (let t = shared; t < T + 3; t++) {
          copied.advance(weights, x.subarray(t * rows * I, (t + 1) * rows * I));
        }
        assertSameRecord(copied, fresh);
        for (const [name, values] of Object.entries(record(before))) {
          assertClose(values, kept[name], 0, `${name} of the source`);
        }
      }
    }
  });

  test(`${variant.name}: a beginning fits into a smaller capacity`, () => {
    const random = new Random(`smaller/${variant.name}`);
    const weights = randomCell(variant, 2, 3, random);
    const long = unroll(weights, normals(random, 9 * 2), randomInitial(weights, random));
    const short = new Unrolled(weights, 1, 3);
    short.copyPrefix(long, 3);
    assertClose(traceOf(weights, short).h, traceOf(weights, long).h.subarray(0, 3 * 3), 0, 'h');
    assert.throws(() => short.copyPrefix(long, 4), RangeError);
  });

  test(`${variant.name}: a trace is not changed by later steps`, () => {
    const random = new Random(`trace/${variant.name}`);
    const [I, T] = [3, 6];
    const weights = randomCell(variant, I, 4, random);
    const x = normals(random, T * I);
    const unrolled = new Unrolled(weights, 1, T);
    unrolled.start();
    for (let t = 0; t < 3; t++) unrolled.advance(weights, x.subarray(t * I, (t + 1) * I));
    const trace = traceOf(weights, unrolled);
    const copy = copyOfTrace(trace);
    assert.equal(trace.length, 3);
    for (let t = 3; t < T; t++) unrolled.advance(weights, x.subarray(t * I, (t + 1) * I));
    assert.deepEqual(trace, copy);
    unrolled.start(randomInitial(weights, random));
    unrolled.advance(weights, normals(random, I));
    assert.deepEqual(trace, copy);
    assert.deepEqual(
      runSequence(weights, x.subarray(0, 3 * I)),
      copy,
      'nor does it depend on them',
    );
  });

  test(`${variant.name}: a trace has every gate of every step`, () => {
    const random = new Random(`shape/${variant.name}`);
    const [I, H, T] = [2, 3, 5];
    const weights = randomCell(variant, I, H, random);
    const x = normals(random, T * I);
    const unrolled = unroll(weights, x);
    const trace = traceOf(weights, unrolled);
    const { gates, hasCellState } = cells[variant.cell];
    assert.equal(trace.cell, variant.cell);
    assert.equal(trace.hiddenSize, H);
    assert.equal(trace.h.length, T * H);
    assert.equal(trace.c?.length, hasCellState ? T * H : undefined);
    assert.deepEqual(Object.keys(trace.gates), [...gates]);
    gates.forEach((name, block) => {
      const values = trace.gates[name];
      assert.equal(values?.length, T * H);
      for (let t = 0; t < T; t++) {
        const start = (t * gates.length + block) * H;
        assertClose(
          values.subarray(t * H, (t + 1) * H),
          unrolled.gates.subarray(start, start + H),
          0,
          name,
        );
      }
      const relu = variant.nonlinearity === 'relu';
      const low = relu ? -Number.MIN_VALUE : ['state', 'candidate'].includes(name) ? -1 : 0;
      const high = relu ? Infinity : 1;
      assert.ok(
        values.every((value) => value > low && value < high),
        'in the range of its activation',
      );
    });
    if (trace.gates.state) assertClose(trace.gates.state, trace.h, 0, 'state is h');
  });

  test(`${variant.name}: no steps`, () => {
    const random = new Random('no steps');
    const weights = randomCell(variant, 2, 3, random);
    const trace = runSequence(weights, new Float64Array(0), randomInitial(weights, random));
    assert.equal(trace.length, 0);
    assert.equal(trace.h.length, 0);
    assert.equal(trace.c?.length, variant.cell === 'lstm' ? 0 : undefined);
    for (const values of Object.values(trace.gates)) assert.equal(values.length, 0);
    const none = new Unrolled(weights, 2, 0);
    none.run(weights, 0);
    assert.equal(none.length, 0);
    assert.throws(() => none.advance(weights, new Float64Array(4)), RangeError);
    const more = new Unrolled(weights, 2, 3);
    more.copyPrefix(none, 0);
    assert.equal(more.length, 0);
    more.advance(weights, new Float64Array(4));
    assert.equal(more.length, 1);
  });

  test(`${variant.name}: wrong lengths are refused`, () => {
    const weights = randomCell(variant, 3, 4, new Random('lengths'));
    const numbers = (length: number): Float64Array => new Float64Array(length).fill(0.5);
    assert.throws(() => runSequence(weights, numbers(7)), {
      name: 'RangeError',
      message: '7 numbers are no whole rows of 3',
    });
    const unrolled = new Unrolled(weights, 2, 2);
    assert.throws(() => unrolled.run(weights, 3), {
      name: 'RangeError',
      message: '3 steps do not fit into a capacity of 2',
    });
    unrolled.start();
    for (const length of [0, 3, 5, 7, 12]) {
      assert.throws(() => unrolled.advance(weights, numbers(length)), RangeError, `${length}`);
    }
    assert.equal(unrolled.length, 0);
    unrolled.advance(weights, numbers(6));
    unrolled.advance(weights, numbers(6));
    assert.throws(() => unrolled.advance(weights, numbers(6)), {
      name: 'RangeError',
      message: 'the capacity of 2 steps is used up',
    });
    for (const length of [0, 4, 7, 9, 16]) {
      assert.throws(() => unrolled.start({ h: numbers(length) }), RangeError, `h of ${length}`);
      if (variant.cell === 'lstm') {
        assert.throws(() => unrolled.start({ c: numbers(length) }), RangeError, `c of ${length}`);
      }
    }
    assert.throws(() => runSequence(weights, numbers(6), { h: numbers(3) }), RangeError);
  });

  test(`${variant.name}: a beginning that is not there, or of other rows, is refused`, () => {
    const weights = randomCell(variant, 3, 4, new Random('prefix'));
    const one = new Unrolled(weights, 1, 4);
    one.start();
    one.advance(weights, new Float64Array(3));
    const target = new Unrolled(weights, 1, 4);
    assert.throws(() => target.copyPrefix(one, 2), RangeError);
    assert.throws(() => new Unrolled(weights, 2, 4).copyPrefix(one, 1), RangeError);
    target.copyPrefix(one, 1);
    assert.equal(target.length, 1);
  });
}

test('feedforward is tanh(W x + b), wherever the word stands', () => {
  const random = new Random('feedforward');
  const [I, H, T] = [3, 4, 5];
  const weights = randomCell({ name: 'feedforward', cell: 'feedforward' }, I, H, random);
  const x = normals(random, T * I);
  const { h } = runSequence(weights, x, randomInitial(weights, random));
  for (let t = 0; t < T; t++) {
    const word = x.subarray(t * I, (t + 1) * I);
    for (let j = 0; j < H; j++) {
      const row = weights.weightIh.subarray(j * I, (j + 1) * I);
      assertClose([h[t * H + j]], [Math.tanh(dot(row, word) + weights.biasIh[j])], 1e-15, 'h');
    }
    assertClose(runSequence(weights, word).h, h.subarray(t * H, (t + 1) * H), 0, 'alone');
  }
});

test('a simple RNN is tanh, or max(0, ·), of W x + b + U h + b′', () => {
  for (const nonlinearity of ['tanh', 'relu'] as const) {
    const random = new Random('simple');
    const [I, H, T] = [3, 5, 6];
    const weights = randomCell({ name: '', cell: 'rnn', nonlinearity }, I, H, random);
    const x = normals(random, T * I);
    const initial = randomInitial(weights, random);
    const { h } = runSequence(weights, x, initial);
    let before = initial.h;
    for (let t = 0; t < T; t++) {
      before = before.map((_, j) => {
        const sum =
          dot(weights.weightIh.subarray(j * I, (j + 1) * I), x.subarray(t * I, (t + 1) * I)) +
          dot(weights.weightHh.subarray(j * H, (j + 1) * H), before) +
          weights.biasIh[j] +
          weights.biasHh[j];
        return nonlinearity === 'relu' ? Math.max(0, sum) : Math.tanh(sum);
      });
      assertClose(h.subarray(t * H, (t + 1) * H), before, 1e-14, `${nonlinearity}, step ${t}`);
    }
    assert.equal(h.includes(0), nonlinearity === 'relu', 'some units rest');
    const { nonlinearity: said, ...unsaid } = weights;
    if (said === 'tanh') assertClose(runSequence(unsaid, x, initial).h, h, 0, 'tanh by default');
  }
});

for (const variant of recurrentVariants) {
  test(`${variant.name}: the state is handed on, and the initial state counts`, () => {
    const random = new Random(`handed on/${variant.name}`);
    const weights = randomCell(variant, 2, 3, random);
    const x = normals(random, 4 * 2);
    const initial = randomInitial(weights, random);
    // so that some ReLU units do not rest
    if (variant.nonlinearity === 'relu') weights.biasIh.fill(1);
    const whole = runSequence(weights, x, initial);
    assert.ok(
      runSequence(weights, x).h.some((value, i) => Math.abs(value - whole.h[i]) > 1e-6),
      'the initial state counts',
    );
    const head = runSequence(weights, x.subarray(0, 4), initial);
    const tail = runSequence(weights, x.subarray(4), {
      h: head.h.subarray(3),
      ...(head.c && { c: head.c.subarray(3) }),
    });
    assertClose([...head.h, ...tail.h], whole.h, 0, 'h in two parts');
    assertClose([...(head.c ?? []), ...(tail.c ?? [])], whole.c ?? [], 0, 'c in two parts');
    assert.throws(
      () => runSequence(weights, x, { ...initial, h: new Float64Array(2) }),
      RangeError,
    );
  });
}

// Weights ----------------------------------------------------------------------------------------------------------

test('the cells are named in the order in which they are taught', () => {
  assert.deepEqual(cellTypes, ['feedforward', 'rnn', 'lstm', 'gru']);
  assert.deepEqual(Object.keys(cells), cellTypes);
  for (const type of cellTypes) assert.equal(cells[type].type, type);
  assert.deepEqual(cells.lstm.gates, ['input', 'forget', 'candidate', 'output']);
  assert.deepEqual(cells.gru.gates, ['reset', 'update', 'candidate']);
});

test('weights that fit are accepted', () => {
  for (const variant of variants) checkWeights(randomCell(variant, 3, 4, new Random(0)));
});

test('weights that do not fit are refused by name, with both lengths', () => {
  const lstm = randomCell({ name: 'lstm', cell: 'lstm' }, 3, 4, new Random(0));
  const numbers = new Float64Array(5);
  const refused = (weights: CellWeights, message: string): void =>
    assert.throws(() => checkWeights(weights), { name: 'RangeError', message });
  const about = 'of a lstm (I=3, H=4) has';
  refused({ ...lstm, weightIh: numbers }, `weightIh ${about} 48 numbers, not 5`);
  refused({ ...lstm, weightHh: numbers }, `weightHh ${about} 64 numbers, not 5`);
  refused({ ...lstm, biasIh: numbers }, `biasIh ${about} 16 numbers, not 5`);
  refused({ ...lstm, biasHh: numbers }, `biasHh ${about} 16 numbers, not 5`);
  refused(
    { ...lstm, biasIh: numbers, biasHh: numbers, weightHh: numbers },
    `weightHh ${about} 64 numbers, not 5`,
  );
  refused({ ...lstm, cell: 'gru' }, 'weightIh of a gru (I=3, H=4) has 36 numbers, not 48');
  const feedforward = randomCell(variants[0], 3, 4, new Random(0));
  refused(
    { ...feedforward, weightHh: numbers },
    'weightHh of a feedforward (I=3, H=4) has 0 numbers, not 5',
  );
  for (const size of [0, -1, 1.5, NaN]) {
    refused(
      { ...lstm, inputSize: size },
      `inputSize and hiddenSize must be positive integers, not ${size} and 4`,
    );
    refused(
      { ...lstm, hiddenSize: size },
      `inputSize and hiddenSize must be positive integers, not 3 and ${size}`,
    );
  }
});

test('numbers of parameters and of what is handed on', () => {
  const [I, H] = [3, 4];
  const counted = variants.map((variant) => {
    const weights = randomCell(variant, I, H, new Random(0));
    return [variant.name, parameterCount(weights), stateSize(weights)];
  });
  assert.deepEqual(counted, [
    ['feedforward', 12 + 4, 4],
    ['rnn', 12 + 16 + 8, 4],
    ['rnn, relu', 12 + 16 + 8, 4],
    ['lstm', 4 * (12 + 16 + 8), 8],
    ['gru, reset after', 3 * (12 + 16 + 8), 4],
    ['gru, reset before', 3 * (12 + 16 + 8), 4],
  ]);
});
