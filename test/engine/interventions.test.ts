// Gates held and words skipped: against a plain implementation, finite differences, and what can be said beforehand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BackwardWorkspace,
  JacobianRecursion,
  Random,
  Twins,
  Unrolled,
  backpropagate,
  cellJacobians,
  cells,
  localInfluence,
  stateSize,
  stepJacobian,
  traceOf,
  unroll,
  type CellStep,
  type CellWeights,
  type Floats,
  type HeldGate,
  type InitialState,
  type Intervention,
} from '../../src/engine/index.js';
import { norm } from '../../src/engine/products.js';
import {
  assertClose,
  assertSame,
  awayFromKinks,
  between,
  bothKernels,
  derivatives,
  dot,
  gradient,
  heldGates,
  normals,
  randomCell,
  randomInitial,
  randomInterventions,
  readUnder,
  recurrentVariants,
  roundedCell,
  variantNamed,
  variants,
  type Variant,
} from '../support/engine.js';

const hold = (gate: HeldGate, value: number, from = 0, to = Infinity): Intervention => ({
  kind: 'hold',
  gate,
  value,
  from,
  to,
});
const skip = (from: number, to: number): Intervention => ({ kind: 'skip', from, to });

/** The gates of a cell that can be held. */
const gatesOf = (weights: CellWeights): HeldGate[] =>
  heldGates.filter((gate) => cells[weights.cell].gates.includes(gate));

/** Everything that a run leaves behind. */
const left = ({ x, input, gates, kept, h, c }: Unrolled): Record<string, Floats> => ({
  x,
  input,
  gates,
  kept,
  h,
  c,
});

function assertSameRun(actual: Unrolled, expected: Unrolled, what: string): void {
  const [a, b] = [left(actual), left(expected)];
  for (const name of Object.keys(b)) assertSame(a[name], b[name], `${name}, ${what}`);
}

/** A random cell, T inputs of N rows and an initial state. */
function drawn(variant: Variant, random: Random, T: number, N = 1) {
  const weights = randomCell(variant, between(random, 1, 4), between(random, 1, 5), random);
  const x = normals(random, T * N * weights.inputSize);
  return { weights, x, initial: randomInitial(weights, random, N) };
}

// A plain implementation -------------------------------------------------------------------------------------------

/** σ, tanh and products number by number, one row, without the engine: all states `[T × H]` and gates `[T × G·H]`. */
function plainRun(
  weights: CellWeights,
  x: Floats,
  initial: { h: Floats; c?: Floats },
  interventions: readonly Intervention[],
): { h: number[]; c: number[]; gates: number[] } {
  const { cell, inputSize: I, hiddenSize: H } = weights;
  const all = { h: [] as number[], c: [] as number[], gates: [] as number[] };
  let h = Array.from(initial.h);
  let c = Array.from(initial.c ?? []);
  const units = Array.from({ length: H }, (_, j) => j);
  const squash = (value: number): number => 1 / (1 + Math.exp(-value));
  for (let t = 0; t * I < x.length; t++) {
    const now = interventions.filter(({ from, to }) => t >= from && t < to);
    const fromInput = (b: number, j: number): number =>
      weights.biasIh[b * H + j] +
      dot(weights.weightIh.slice((b * H + j) * I, (b * H + j + 1) * I), x.slice(t * I, t * I + I));
    const fromState = (b: number, j: number, state = h): number =>
      weights.biasHh[b * H + j] +
      dot(weights.weightHh.slice((b * H + j) * H, (b * H + j + 1) * H), state);
    const gate = (name: HeldGate, b: number): number[] => {
      let value: number | undefined;
      for (const each of now) if (each.kind === 'hold' && each.gate === name) value = each.value;
      return units.map((j) => value ?? squash(fromInput(b, j) + fromState(b, j)));
    };
    let gates: number[][];
    if (now.some(({ kind }) => kind === 'skip')) {
      gates = cells[cell].gates.map(() => units.map(() => NaN));
      if (cell === 'feedforward') h = units.map(() => 0);
    } else if (cell === 'lstm') {
      const [i, f, o] = [gate('input', 0), gate('forget', 1), gate('output', 3)];
      const g = units.map((j) => Math.tanh(fromInput(2, j) + fromState(2, j)));
      gates = [i, f, g, o];
      c = units.map((j) => f[j] * c[j] + i[j] * g[j]);
      h = units.map((j) => o[j] * Math.tanh(c[j]));
    } else if (cell === 'gru') {
      const [r, z] = [gate('reset', 0), gate('update', 1)];
      const reset = h.map((value, j) => r[j] * value);
      const n = units.map((j) =>
        Math.tanh(
          fromInput(2, j) +
            (weights.resetAfter === false ? fromState(2, j, reset) : r[j] * fromState(2, j)),
        ),
      );
      gates = [r, z, n];
      h = units.map((j) => (1 - z[j]) * n[j] + z[j] * h[j]);
    } else {
      const sums = units.map((j) => fromInput(0, j) + (cell === 'rnn' ? fromState(0, j) : 0));
      h = sums.map((sum) => (weights.nonlinearity === 'relu' ? Math.max(0, sum) : Math.tanh(sum)));
      gates = [h];
    }
    all.h.push(...h);
    all.c.push(...c);
    all.gates.push(...gates.flat());
  }
  return all;
}

/** NaN where both are. */
const zeroedNaN = (values: ArrayLike<number>, at: ArrayLike<number>): Float64Array =>
  Float64Array.from(values, (value, i) => (Number.isNaN(at[i]) && Number.isNaN(value) ? 0 : value));

for (const variant of variants) {
  test(`${variant.name}: a run under interventions agrees with a plain implementation`, () => {
    let held = 0;
    let skipped = 0;
    for (let seed = 0; seed < 40; seed++) {
      const random = new Random(`plain/${variant.name}/${seed}`);
      const T = between(random, 1, 8);
      const { weights, x, initial } = drawn(variant, random, T);
      const list = seed === 0 ? [] : randomInterventions(random, T);
      const { h, c, gates, steps } = readUnder(list, weights, x, initial);
      const expected = plainRun(weights, x, initial, list);
      const H = weights.hiddenSize;
      assertClose(h.subarray(H), expected.h, 1e-12, `h, seed ${seed}`);
      assertClose(c.subarray(c.length && H), expected.c, 1e-12, `c, seed ${seed}`);
      const known = zeroedNaN(gates, expected.gates);
      assertClose(known, zeroedNaN(expected.gates, gates), 1e-12, `gates, seed ${seed}`);
      held += steps.filter((step) => step.held?.some((value) => value !== undefined)).length;
      skipped += steps.filter((step) => step.skipped).length;
    }
    assert.ok(skipped > 5);
    assert.equal(held > 20, variant.cell === 'lstm' || variant.cell === 'gru');
  });

  test(`${variant.name}: no intervention changes nothing, and neither do those that are over`, () => {
    for (const rows of [1, 3]) {
      const random = new Random(`none/${variant.name}/${rows}`);
      const T = 6;
      const { weights, x, initial } = drawn(variant, random, T, rows);
      const plain = new Unrolled(weights, rows, T);
      const run = (unrolled: Unrolled): Unrolled => {
        unrolled.x.set(x);
        unrolled.run(weights, T, initial);
        return unrolled;
      };
      run(plain);
      const used = readUnder([], weights, x, initial, rows);
      assertSameRun(used, plain, 'an empty list');
      used.intervene(weights, [skip(0, 2), ...heldGates.map((gate) => hold(gate, 0.5))]);
      assert.throws(() => assertSameRun(run(used), plain, 'held'));
      used.intervene(weights, []);
      assertSameRun(run(used), plain, 'after others');
      used.intervene(weights, [
        hold('forget', 0, 3, 3),
        hold('update', 0, T, Infinity),
        skip(9, 9),
      ]);
      assertSameRun(run(used), plain, 'of no step');
      const dh = normals(random, T * rows * weights.hiddenSize);
      const [a, b] = [used, plain].map((each) => backpropagate(weights, each, dh));
      for (const name of Object.keys(b) as (keyof typeof b)[]) assertSame(a[name], b[name], name);
    }
  });

  test(`${variant.name}: what is before the first intervention is as without, and may be copied`, () => {
    for (let seed = 0; seed < 10; seed++) {
      const random = new Random(`prefix/${variant.name}/${seed}`);
      const T = between(random, 3, 9);
      const { weights, x, initial } = drawn(variant, random, T);
      const [I, H] = [weights.inputSize, weights.hiddenSize];
      const first = between(random, 1, T - 1);
      const list = randomInterventions(random, T - first).map((each) => ({
        ...each,
        from: each.from + first,
        to: each.to + first,
      }));
      const free = unroll(weights, x, initial);
      const run = readUnder(list, weights, x, initial);
      assertSame(run.h.subarray(0, (first + 1) * H), free.h.subarray(0, (first + 1) * H), 'h');
      const width = first * weights.biasIh.length;
      assertSame(run.gates.subarray(0, width), free.gates.subarray(0, width), 'gates');
      const copied = new Unrolled(weights, 1, T);
      copied.start(initial);
      copied.intervene(weights, list);
      copied.copyPrefix(free, first);
      for (let t = first; t < T; t++) copied.advance(weights, x.subarray(t * I, (t + 1) * I));
      assertSameRun(copied, run, `from ${first} of ${T}`);
    }
  });

  test(`${variant.name}: a skipped step hands on what it got; its gates are NaN, which goes nowhere`, () => {
    const random = new Random(`skipped/${variant.name}`);
    const { weights, x, initial } = drawn(variant, random, 5, 2);
    const unrolled = readUnder([skip(2, 4)], weights, x, initial, 2);
    for (const t of [2, 3]) {
      const { h, c, hPrevious, cPrevious, gates, kept } = unrolled.steps[t];
      const feedforward = variant.cell === 'feedforward';
      assertSame(h, feedforward ? new Float64Array(h.length) : hPrevious, 'h');
      assertSame(c, cPrevious, 'c');
      assert.ok(gates.every(Number.isNaN) && gates.length > 0);
      assert.ok(kept.every((value) => value === 0));
    }
    assert.ok(!unrolled.h.some(Number.isNaN));
    assert.ok(!unrolled.steps[4].gates.some(Number.isNaN));
    const trace = traceOf(
      weights,
      readUnder([skip(1, 2)], weights, x, randomInitial(weights, random)),
    );
    const H = weights.hiddenSize;
    for (const values of Object.values(trace.gates)) {
      const found = values.findIndex(Number.isNaN);
      assert.deepEqual([found, values.filter(Number.isNaN).length], [H, H]);
    }
    // without the word at all
    const I = 2 * weights.inputSize;
    const without = Float64Array.from([...x.subarray(0, 2 * I), ...x.subarray(4 * I)]);
    const [last] = readUnder([], weights, without, initial, 2).steps.slice(-1);
    assertSame(unrolled.steps[4].h, last.h, 'h without the words');
  });
}

// What is known beforehand -------------------------------------------------------------------------------------------

test('a held gate has its value in all rows and units', () => {
  for (const variant of recurrentVariants) {
    const random = new Random(`all units/${variant.name}`);
    const { weights, x, initial } = drawn(variant, random, 4, 3);
    const H = weights.hiddenSize;
    const { gates: names } = cells[weights.cell];
    for (const gate of gatesOf(weights)) {
      for (const value of [0, 1, 0.37, 1e-300]) {
        const { gates } = readUnder([hold(gate, value, 1, 3)], weights, x, initial, 3);
        const block = names.indexOf(gate);
        const mine = gates.filter((_, i) => Math.floor(i / H) % names.length === block);
        mine.forEach((found, i) => {
          assert.equal(found === value, i >= 3 * H && i < 3 * 3 * H, `${gate} at ${i}`);
        });
      }
    }
  }
});

test('an LSTM with forget gate 1 and input gate 0 keeps c, a GRU with update gate 1 keeps h, to the bit', () => {
  for (let seed = 0; seed < 10; seed++) {
    const random = new Random(`keeps/${seed}`);
    const lstm = drawn(variantNamed('lstm'), random, 12);
    const closed = [hold('forget', 1), hold('input', 0)];
    for (const { c } of readUnder(closed, lstm.weights, lstm.x, lstm.initial).steps) {
      assertSame(c, lstm.initial.c!, 'c');
    }
    for (const name of ['gru, reset after', 'gru, reset before']) {
      const { weights, x, initial } = drawn(variantNamed(name), random, 12);
      for (const { h } of readUnder([hold('update', 1)], weights, x, initial).steps) {
        assertSame(h, initial.h, 'h');
      }
    }
  }
});

test('a GRU with reset gate 0 has a candidate that knows nothing of the state', () => {
  for (const name of ['gru, reset after', 'gru, reset before']) {
    const random = new Random(`reset/${name}`);
    const { weights, x } = drawn(variantNamed(name), random, 1);
    const candidate = (list: Intervention[], h: Floats): Floats =>
      readUnder(list, weights, x, { h }).gates.subarray(2 * weights.hiddenSize);
    const [a, b] = [0, 1].map(() => randomInitial(weights, random).h);
    assertSame(candidate([hold('reset', 0)], a), candidate([hold('reset', 0)], b), name);
    assert.notDeepEqual(candidate([], a), candidate([], b));
  }
});

test('of several holds of a gate at a step the last in the list counts', () => {
  const random = new Random('last');
  const { weights, x } = drawn(variantNamed('lstm'), random, 6);
  const H = weights.hiddenSize;
  const list = [
    hold('forget', 0.2, 3, 5),
    hold('forget', 0.1),
    hold('input', 1),
    hold('forget', 0.7, 2, 4),
  ];
  const forget = readUnder(list, weights, x).steps.map(({ gates }) => gates[H]);
  assert.deepEqual(forget, [0.1, 0.1, 0.7, 0.7, 0.1, 0.1]);
  const other = readUnder([...list].reverse(), weights, x).steps.map(({ gates }) => gates[H]);
  assert.deepEqual(other, [0.1, 0.1, 0.1, 0.2, 0.2, 0.1]);
});

test('gates that a cell does not have are ignored', () => {
  for (const variant of variants) {
    const random = new Random(`ignored/${variant.name}`);
    const { weights, x, initial } = drawn(variant, random, 4);
    const own = gatesOf(weights);
    assert.equal(own.length, { feedforward: 0, rnn: 0, lstm: 3, gru: 2 }[variant.cell]);
    const others = heldGates.filter((gate) => !own.includes(gate)).map((gate) => hold(gate, 0));
    assertSameRun(
      readUnder(others, weights, x, initial),
      unroll(weights, x, initial),
      variant.name,
    );
  }
});

test('what makes no sense is a RangeError, and changes nothing', () => {
  const random = new Random('refused');
  const { weights, x, initial } = drawn(variantNamed('lstm'), random, 4);
  const before = [hold('forget', 0.5, 1, 3), skip(3, 4)];
  const unrolled = readUnder(before, weights, x, initial);
  const nonsense = [
    ...[-0.1, 1.1, NaN, Infinity, -Infinity].map((value) => hold('forget', value)),
    hold('reset', 2),
    ...[
      [-1, 2],
      [NaN, 2],
      [0, NaN],
      [3, 2],
      [0.5, 2],
      [0, 1.5],
    ].flatMap(([from, to]) => [hold('input', 1, from, to), skip(from, to)]),
    { kind: 'hold', gate: 'forget', from: 0, to: 1 } as unknown as Intervention,
  ];
  for (const each of nonsense) {
    for (const list of [[each], [hold('output', 0), each]]) {
      assert.throws(() => unrolled.intervene(weights, list), RangeError);
    }
  }
  assert.throws(
    () => unrolled.intervene(weights, [hold('forget', 2, 3)]),
    /^RangeError: no hold 2 from 3 to Infinity$/,
  );
  unrolled.run(weights, 4, initial);
  assertSameRun(unrolled, readUnder(before, weights, x, initial), 'after what was refused');
});

test('another kernel refuses interventions, and takes an empty list', async () => {
  const [, simd] = await bothKernels();
  for (const variant of variants) {
    const random = new Random('simd');
    const { weights, x } = drawn(variant, random, 4);
    const loaded = simd.open(1e4).load(roundedCell(weights));
    const unrolled = new Unrolled(loaded, 1, 4);
    for (const each of [hold('forget', 1), skip(0, 1)]) {
      assert.throws(
        () => unrolled.intervene(loaded, [each]),
        (error: Error) =>
          error instanceof RangeError && /only the reference intervenes/.test(error.message),
      );
    }
    unrolled.intervene(loaded, []);
    unrolled.x.set(x);
    unrolled.run(loaded, 4);
    assertSameRun(unrolled, unroll(loaded, x), variant.name);
  }
});

// Derivatives ------------------------------------------------------------------------------------------------------

/** Draws as `drawn` does, and interventions, away from the kinks of ReLU units. */
function smooth(variant: Variant, random: Random, T: number, N = 1) {
  return awayFromKinks(
    () => ({ ...drawn(variant, random, T, N), list: randomInterventions(random, T) }),
    ({ weights, x, initial, list }) => [weights, readUnder(list, weights, x, initial, N)],
  );
}

/** s of these steps, one after another. */
const statesOf = (steps: readonly CellStep[]): Float64Array =>
  Float64Array.from(steps.flatMap(({ h, c }) => [...h, ...c]));

for (const variant of variants) {
  test(`${variant.name}: backpropagation under interventions agrees with finite differences`, () => {
    for (let seed = 0; seed < 16; seed++) {
      const random = new Random(`gradients/${variant.name}/${seed}`);
      const [T, N] = [between(random, 1, 6), between(random, 1, 3)];
      const { weights, x, initial, list } = smooth(variant, random, T, N);
      const v = normals(random, T * N * weights.hiddenSize);
      const run = (): Unrolled => readUnder(list, weights, x, initial, N);
      const loss = (): number => dot(v, run().h.subarray(N * weights.hiddenSize));
      const found = backpropagate(weights, run(), v);
      const what = `seed ${seed}: ${JSON.stringify(list)}`;
      for (const name of ['weightIh', 'weightHh', 'biasIh', 'biasHh'] as const) {
        assertClose(found[name], gradient(loss, weights[name]), 1e-8, `${name}, ${what}`);
      }
      assertClose(found.x, gradient(loss, x), 1e-8, `x, ${what}`);
      assertClose(found.h0, gradient(loss, initial.h), 1e-8, `h0, ${what}`);
      const c0 = initial.c ? gradient(loss, initial.c) : [];
      assertClose(found.c0, c0, 1e-8, `c0, ${what}`);
    }
  });

  test(`${variant.name}: Jacobians under interventions agree with finite differences`, () => {
    for (let seed = 0; seed < 12; seed++) {
      const random = new Random(`jacobians/${variant.name}/${seed}`);
      const T = between(random, 1, 6);
      const { weights, x, initial, list } = smooth(variant, random, T);
      const [I, H, S] = [weights.inputSize, weights.hiddenSize, stateSize(weights)];
      const unrolled = readUnder(list, weights, x, initial);
      const recursion = new JacobianRecursion(weights, 'input');
      for (let t = 0; t < T; t++) {
        recursion.advance(unrolled);
        const norms = recursion.norms();
        const h = (): Floats => readUnder(list, weights, x, initial).steps[t].h;
        for (let k = 0; k <= t; k++) {
          const columns = Array.from({ length: I }, (_, i) => derivatives(h, x, k * I + i));
          const expected = norm(Float64Array.from(columns.flatMap((column) => [...column])));
          assertClose(
            [localInfluence(weights, unrolled, t, k)],
            [expected],
            1e-8,
            `h${t} by x${k}`,
          );
          assertClose([norms[k]], [expected], 1e-8, `h${t} by x${k}, forward`);
        }
        // one step alone, from the state that it had, under what is done at that step
        const { hPrevious, cPrevious } = unrolled.steps[t];
        const [word, h0, c0] = [x.slice(t * I, (t + 1) * I), hPrevious.slice(), cPrevious.slice()];
        const now = list
          .filter(({ from, to }) => from <= t && t < to)
          .map((each) => ({ ...each, from: 0, to: 1 }));
        const after = (): Float64Array =>
          statesOf(readUnder(now, weights, word, { h: h0, c: c0 }).steps);
        const { hidden, input, cell } = stepJacobian(weights, unrolled, t);
        const column = (matrix: Floats, columns: number, j: number): Float64Array =>
          Float64Array.from({ length: S }, (_, i) => matrix[i * columns + j]);
        for (let i = 0; i < I; i++) {
          assertClose(column(input, I, i), derivatives(after, word, i), 1e-8, `s by x, step ${t}`);
        }
        for (let j = 0; variant.cell !== 'feedforward' && j < H; j++) {
          assertClose(column(hidden, H, j), derivatives(after, h0, j), 1e-8, `s by h, step ${t}`);
        }
        for (let j = 0; j < c0.length; j++) {
          const expected = derivatives(after, c0, j);
          const found = Float64Array.from(expected, (_, i) => (i % H === j ? cell[i] : 0));
          assertClose(found, expected, 1e-8, `s by c, step ${t}`);
        }
      }
    }
  });

  test(`${variant.name}: no derivative goes through a held gate, and all through a skipped step`, () => {
    const random = new Random(`through/${variant.name}`);
    const [T, N] = [4, 2];
    const { weights, x, initial } = drawn(variant, random, T, N);
    const H = weights.hiddenSize;
    const v = normals(random, T * N * H);
    for (const gate of gatesOf(weights)) {
      const run = readUnder([hold(gate, 0.5)], weights, x, initial, N);
      const found = backpropagate(weights, run, v);
      const block = cells[weights.cell].gates.indexOf(gate);
      for (const name of ['weightIh', 'weightHh', 'biasIh', 'biasHh'] as const) {
        const size = weights[name].length / cells[weights.cell].gates.length;
        const own = found[name].filter((_, i) => Math.floor(i / size) === block);
        assert.ok(own.length > 0 && own.every((value) => value === 0), `${name} of ${gate}`);
        assert.ok(
          found[name].some((value) => value !== 0),
          `other ${name}`,
        );
      }
    }
    const found = backpropagate(weights, readUnder([skip(0, T)], weights, x, initial, N), v);
    const { h0, c0, ...others } = found;
    for (const [name, values] of Object.entries(others)) {
      assert.ok(
        values.every((value) => value === 0),
        name,
      );
    }
    const sum = Float64Array.from({ length: N * H }, (_, i) => {
      let total = 0;
      for (let t = 0; t < T; t++) total += v[t * N * H + i];
      return variant.cell === 'feedforward' ? 0 : total;
    });
    assertClose(h0, sum, 1e-14, 'h0');
    assert.ok(c0.every((value) => value === 0));
  });
}

test('what stood in the memory before has no part in a skipped step', () => {
  for (const variant of variants) {
    const random = new Random(`memory/${variant.name}`);
    const { weights, x, initial } = drawn(variant, random, 3, 2);
    const [H, I, S] = [weights.hiddenSize, weights.inputSize, stateSize(weights)];
    const fresh = readUnder([skip(1, 2)], weights, x, initial, 2);
    const used = new Unrolled(weights, 2, 3);
    for (const values of Object.values(left(used))) values.fill(NaN);
    used.intervene(weights, [skip(1, 2)]);
    used.x.set(x);
    used.run(weights, 3, initial);
    assertSameRun(used, fresh, variant.name);

    const v = normals(random, 3 * 2 * H);
    const workspace = new BackwardWorkspace(weights, 2, 3);
    for (const values of [workspace.input, workspace.recurrent]) values.fill(NaN);
    const expected = backpropagate(weights, fresh, v);
    const found = backpropagate(weights, used, v, workspace);
    for (const name of Object.keys(expected) as (keyof typeof expected)[]) {
      assertSame(found[name], expected[name], name);
    }

    // derivatives by what was before a step, in arrays of their own
    const all = (length: number): Float64Array => new Float64Array(length).fill(NaN);
    const step = used.steps[1];
    const gradient = {
      h: normals(random, step.h.length),
      c: normals(random, step.c.length),
      input: all(step.gates.length),
      recurrent: all(step.gates.length),
      hPrevious: all(step.h.length),
      cPrevious: all(step.c.length),
    };
    const feedforward = variant.cell === 'feedforward';
    cells[variant.cell].backward(weights, step, gradient);
    const zeros = new Float64Array(step.gates.length);
    assertSame(gradient.input, zeros, 'input');
    assertSame(gradient.recurrent, zeros, 'recurrent');
    assertSame(
      gradient.hPrevious,
      feedforward ? zeros.subarray(0, step.h.length) : gradient.h,
      'hPrevious',
    );
    assertSame(gradient.cPrevious, gradient.c, 'cPrevious');
    const jacobian = {
      hidden: all(S * H),
      input: all(S * I),
      cell: all(variant.cell === 'lstm' ? S : 0),
    };
    cellJacobians[variant.cell](weights, step, jacobian);
    assert.ok(jacobian.input.every((value) => value === 0));
    jacobian.hidden.forEach((value, i) => {
      assert.equal(value, !feedforward && i % (H + 1) === 0 && i < H * H ? 1 : 0);
    });
    jacobian.cell.forEach((value, i) => assert.equal(value, i < H ? 0 : 1));
  }
});

// Twins ------------------------------------------------------------------------------------------------------------

/** m(t, word) of all t ≥ word by reading again with zeros in place of the word, under the same interventions. */
function byReadingAgain(
  list: readonly Intervention[],
  weights: CellWeights,
  x: Floats,
  initial: InitialState,
  word: number,
): number[] {
  const I = weights.inputSize;
  const without = x.slice().fill(0, word * I, (word + 1) * I);
  const [real, twin] = [x, without].map((each) => readUnder(list, weights, each, initial).steps);
  return real.slice(word).map((step, i) => {
    const [a, b] = [statesOf([step]), statesOf([twin[word + i]])];
    return norm(a.map((value, j) => value - b[j]));
  });
}

for (const variant of variants) {
  test(`${variant.name}: twins are under the same interventions`, () => {
    for (let seed = 0; seed < 12; seed++) {
      const random = new Random(`twins/${variant.name}/${seed}`);
      const T = between(random, 1, 12);
      const { weights, x, initial } = drawn(variant, random, T);
      const list = randomInterventions(random, T);
      const real = readUnder(list, weights, x, initial);
      const twins = new Twins(weights, real);
      twins.ensure(
        T - 1,
        Array.from({ length: T }, (_, k) => k),
      );
      for (let k = 0; k < T; k++) {
        const expected = byReadingAgain(list, weights, x, initial, k);
        const found = expected.map((_, i) => twins.distance(k + i, k));
        assertClose(found, expected, 1e-13, `word ${k}, ${JSON.stringify(list)}`);
        // the word was not read
        if (real.steps[k].skipped) assert.ok(found.every((distance) => distance === 0));
      }
    }
  });

  test(`${variant.name}: a skipped word leaves nothing, and one before it is not touched by the step`, () => {
    const random = new Random(`skipped twin/${variant.name}`);
    const T = 24;
    const { weights, x, initial } = drawn(variant, random, T);
    const twins = new Twins(weights, readUnder([skip(3, 5), skip(11, 12)], weights, x, initial));
    // in lanes of one and of many, some of them used before by steps that were not skipped
    twins.ensure(2, [0]);
    for (const t of [4, 12, T - 1])
      twins.ensure(
        t,
        Array.from({ length: T }, (_, k) => k),
      );
    for (const word of [3, 4, 11]) {
      for (let t = word; t < T; t++) assert.equal(twins.distance(t, word), 0, `m(${t}, ${word})`);
    }
    for (const t of [3, 4, 11]) {
      const before = variant.cell === 'feedforward' ? 0 : twins.distance(t - 1, 0);
      assert.equal(twins.distance(t, 0), before, `m(${t}, 0)`);
    }
  });
}
