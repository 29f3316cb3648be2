// The gradient of one prediction's loss by every earlier state and step, and the checks by nudging that readers can run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  LossChain,
  Random,
  Unrolled,
  backpropagate,
  checkLossGradient,
  checkStateJacobian,
  clipFactor,
  clipGradientNorm,
  initialWeights,
  lossGradient,
  lossGradientInSteps,
  stateJacobian,
  stateSize,
  unroll,
  type CellWeights,
  type CheckedDerivative,
  type Floats,
  type InitialState,
  type Intervention,
  type PredictingNetwork,
  type Readout,
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
  normals,
  randomCell,
  randomInitial,
  randomInterventions,
  readUnder,
  variantNamed,
  variants,
  type Variant,
} from '../support/engine.js';

const names = ['weightIh', 'weightHh', 'biasIh', 'biasHh'] as const;

function randomReadout(V: number, H: number, random: Random): Readout {
  return { weight: normals(random, V * H), bias: normals(random, V, 0.5) };
}

/** −log p(target), by its definition. */
function lossOf({ weight, bias }: Readout, h: Floats, target: number): number {
  const H = h.length;
  const logits = Array.from(bias, (b, v) => b + dot(weight.subarray(v * H, (v + 1) * H), h));
  return Math.log(logits.reduce((sum, each) => sum + Math.exp(each), 0)) - logits[target];
}

/** A network, T inputs, an initial state and interventions (of none, or some), away from the kinks of ReLU units. */
function drawn(variant: Variant, random: Random, T: number, intervened: boolean) {
  const [I, H, V] = [between(random, 1, 3), between(random, 1, 3), between(random, 2, 5)];
  return awayFromKinks(
    () => {
      const cell = randomCell(variant, I, H, random);
      const list = intervened ? randomInterventions(random, T) : [];
      const initial = randomInitial(cell, random);
      const readout = randomReadout(V, H, random);
      return { cell, readout, x: normals(random, T * I), initial, list };
    },
    ({ cell, x, initial, list }) => [cell, readUnder(list, cell, x, initial)],
  );
}

/** The interventions as a run that begins at that step sees them. */
const since = (list: readonly Intervention[], first: number): Intervention[] =>
  list
    .filter(({ to }) => to > first)
    .map((each) => ({ ...each, from: Math.max(0, each.from - first), to: each.to - first }));

/** Reads with the cell, but at step k with another one, and gives the hidden state after step t. */
function readWith(
  cell: CellWeights,
  x: Float64Array,
  initial: InitialState,
  list: readonly Intervention[],
  [k, other]: readonly [number, CellWeights],
  t: number,
): Floats {
  const I = cell.inputSize;
  const unrolled = new Unrolled(cell, 1, t + 1);
  unrolled.start(initial);
  unrolled.intervene(cell, list);
  for (let step = 0; step <= t; step++) {
    unrolled.advance(step === k ? other : cell, x.subarray(step * I, (step + 1) * I));
  }
  return unrolled.steps[t].h;
}

for (const variant of variants) {
  test(`${variant.name}: the loss gradient by every state is what nudging the state does`, () => {
    for (let seed = 0; seed < 16; seed++) {
      const random = new Random(`states/${variant.name}/${seed}`);
      const T = between(random, 1, 9);
      const { cell, readout, x, initial, list } = drawn(variant, random, T, seed % 2 === 1);
      const { inputSize: I, hiddenSize: H } = cell;
      const unrolled = readUnder(list, cell, x, initial);
      const t = random.integer(T);
      const target = random.integer(readout.bias.length);
      const found = lossGradient({ cell, readout }, unrolled, t, target);
      assertClose([found.loss], [lossOf(readout, unrolled.steps[t].h, target)], 1e-13, 'loss');
      assert.equal(found.states.length, t + 1);
      for (let k = 0; k <= t; k++) {
        const state = new Float64Array(stateSize(cell));
        state.set(unrolled.steps[k].h);
        state.set(unrolled.steps[k].c, H);
        const loss = (): Float64Array => {
          const rest = x.subarray((k + 1) * I, (t + 1) * I);
          const from = { h: state.subarray(0, H), c: state.subarray(H) };
          const later = readUnder(since(list, k + 1), cell, rest, from);
          // at k = t the prediction is made from h_t itself, and c_t plays no part
          const h = k === t ? state.subarray(0, H) : later.steps[t - k - 1].h;
          return Float64Array.of(lossOf(readout, h, target));
        };
        const expected = state.map((_, j) => derivatives(loss, state, j)[0]);
        const what = `seed ${seed}, L${t} by s${k}, ${JSON.stringify(list)}`;
        assertClose([found.states[k]], [norm(expected)], 1e-8, what);
      }
    }
  });

  test(`${variant.name}: what a step adds to the gradient is what changing the weights at that step alone does`, () => {
    for (let seed = 0; seed < 8; seed++) {
      const random = new Random(`steps/${variant.name}/${seed}`);
      const T = between(random, 1, 5);
      const { cell, readout, x, initial, list } = drawn(variant, random, T, seed % 2 === 1);
      const unrolled = readUnder(list, cell, x, initial);
      const t = T - 1 - random.integer(Math.min(2, T));
      const target = random.integer(readout.bias.length);
      const { steps, total, loss } = lossGradient({ cell, readout }, unrolled, t, target);
      assert.equal(steps.length, t + 1);
      const sum = names.map((name) => new Float64Array(cell[name].length));
      for (let k = 0; k <= t; k++) {
        const other: CellWeights = { ...cell };
        for (const name of names) Object.assign(other, { [name]: cell[name].slice() });
        const at = (): Float64Array =>
          Float64Array.of(lossOf(readout, readWith(cell, x, initial, list, [k, other], t), target));
        assertClose(at(), [loss], 1e-13, 'nothing is changed yet');
        const parts = names.map((name) =>
          other[name].map((_, i) => derivatives(at, other[name], i)[0]),
        );
        const what = `seed ${seed}, step ${k} of ${t}, ${JSON.stringify(list)}`;
        assertClose(
          [steps[k]],
          [norm(Float64Array.from(parts.flatMap((part) => [...part])))],
          1e-8,
          what,
        );
        parts.forEach((part, n) => {
          part.forEach((value, i) => (sum[n][i] = sum[n][i] + value));
        });
      }
      // together they are the gradient that training gets
      const dh = new Float64Array(T * cell.hiddenSize);
      const own = unrolled.steps[t].h.slice();
      const direct = own.map(
        (_, j) => derivatives(() => Float64Array.of(lossOf(readout, own, target)), own, j)[0],
      );
      dh.set(direct, t * cell.hiddenSize);
      const whole = backpropagate(cell, unrolled, dh);
      names.forEach((name, n) => {
        assertClose(sum[n], whole[name], 1e-8, name);
      });
      const all = Float64Array.from(names.flatMap((name) => [...whole[name]]));
      assertClose([total], [norm(all)], 1e-8, `total, seed ${seed}`);
    }
  });

  test(`${variant.name}: a derivative beside its estimate, entry by entry, under interventions`, () => {
    for (let seed = 0; seed < 16; seed++) {
      const random = new Random(`checks/${variant.name}/${seed}`);
      const T = between(random, 1, 12);
      const { cell, readout, x, initial, list } = drawn(variant, random, T, seed % 2 === 1);
      const S = stateSize(cell);
      const unrolled = readUnder(list, cell, x, initial);
      const t = random.integer(T);
      const k = random.integer(t + 1);
      const what = `seed ${seed}, ${t} by ${k}, ${JSON.stringify(list)}`;
      const jacobian = stateJacobian(cell, unrolled, t, k);
      const entries = checkStateJacobian(cell, unrolled, t, k, random, 5);
      assert.equal(entries.length, Math.min(5, S * S));
      assert.equal(
        new Set(entries.map(({ row, column }) => row * S + column)).size,
        entries.length,
      );
      for (const { row, column, exact } of entries) assert.equal(exact, jacobian[row * S + column]);
      assertAgree(entries, largest(jacobian), what);

      const target = random.integer(readout.bias.length);
      const { states } = lossGradient({ cell, readout }, unrolled, t, target);
      const all = checkLossGradient({ cell, readout }, unrolled, t, k, target, random, 100);
      assert.deepEqual(
        all.map(({ column }) => column).sort((a, b) => a - b),
        Array.from({ length: S }, (_, j) => j),
      );
      assert.ok(all.every(({ row }) => row === 0));
      const exact = Float64Array.from(all, (each) => each.exact);
      assertClose([norm(exact)], [states[k]], 1e-14, `the norm, ${what}`);
      assertAgree(all, largest(exact), what);
    }
  });
}

const largest = (values: Floats): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** As good as the comments of the checks say. */
function assertAgree(entries: readonly CheckedDerivative[], scale: number, what: string): void {
  for (const { row, column, exact, estimate, resolution } of entries) {
    assert.ok(resolution > 0 && resolution < 1e-3 * Math.max(1, scale), `${resolution}, ${what}`);
    const difference = Math.abs(exact - estimate);
    assert.ok(
      difference <= 1e-6 * scale + resolution,
      `(${row}, ${column}): ${exact} and ${estimate}, ${what}`,
    );
  }
}

test('checks hold in networks that explode and that vanish, over 40 steps', () => {
  const cases = [
    initialWeights('rnn', 16, 16, 1, { recurrentScale: 4 }),
    initialWeights('rnn', 16, 16, 1, { recurrentScale: 0.9 }),
    initialWeights('lstm', 16, 16, 1, { forgetBias: 3 }),
    initialWeights('gru', 16, 16, 1, { updateBias: 0 }),
  ];
  for (const cell of cases) {
    const random = new Random('long');
    const unrolled = unroll(cell, random.normals(60 * 16));
    const scale = largest(stateJacobian(cell, unrolled, 59, 19));
    const entries = checkStateJacobian(cell, unrolled, 59, 19, random, 20);
    // what is too small for differences is told by the resolution
    assertAgree(entries, scale, `${cell.cell}, ${scale}`);
    if (scale > 1) assert.ok(entries.every(({ resolution }) => resolution < 1e-4 * scale));
    const readout = randomReadout(6, 16, random);
    const network = { cell, readout };
    assertAgree(checkLossGradient(network, unrolled, 59, 19, 2, random), scale, cell.cell);
  }
});

test('the estimate knows nothing of the exact derivative: a wrong one is found', () => {
  const random = new Random('wrong');
  const cell = randomCell(variantNamed('lstm'), 3, 4, random);
  const readout = randomReadout(5, 4, random);
  const unrolled = unroll(cell, normals(random, 6 * 3));
  const states = checkStateJacobian(cell, unrolled, 5, 3, new Random(1), 64);
  const loss = checkLossGradient({ cell, readout }, unrolled, 5, 3, 1, new Random(1), 8);
  // what the derivatives are made of, not what the network does
  for (let i = 4 * 16; i < 6 * 16; i++) unrolled.gates[i] = unrolled.gates[i] * 0.9;
  const again = checkStateJacobian(cell, unrolled, 5, 3, new Random(1), 64);
  const lossAgain = checkLossGradient({ cell, readout }, unrolled, 5, 3, 1, new Random(1), 8);
  const estimates = (list: readonly CheckedDerivative[]): number[] =>
    list.map(({ estimate }) => estimate);
  assert.deepEqual(estimates(again), estimates(states));
  assert.deepEqual(estimates(lossAgain), estimates(loss));
  for (const list of [again, lossAgain]) {
    assert.ok(list.some(({ exact, estimate }) => Math.abs(exact - estimate) > 1e-3));
  }
});

test('the entries that are checked depend on the seed, and nothing is changed by a check', () => {
  const random = new Random('entries');
  const cell = randomCell(variantNamed('gru, reset after'), 2, 6, random);
  const unrolled = unroll(cell, normals(random, 10));
  const before = unrolled.h.slice();
  const check = (seed: number): CheckedDerivative[] =>
    checkStateJacobian(cell, unrolled, 4, 1, new Random(seed));
  assert.equal(check(1).length, 8);
  assert.deepEqual(check(1), check(1));
  assert.notDeepEqual(
    check(1).map(({ row, column }) => [row, column]),
    check(2).map(({ row, column }) => [row, column]),
  );
  assertSame(unrolled.h, before, 'h');
});

test('what comes after step t has no part in its gradient, and room for more steps neither', () => {
  for (const variant of variants) {
    const random = new Random(`later/${variant.name}`);
    const cell = randomCell(variant, 3, 4, random);
    const network: PredictingNetwork = { cell, readout: randomReadout(5, 4, random) };
    const x = normals(random, 9 * 3);
    const long = new Unrolled(cell, 1, 12);
    long.x.set(x);
    long.run(cell, 9);
    const short = unroll(cell, x.subarray(0, 6 * 3));
    assert.deepEqual(lossGradient(network, long, 5, 2), lossGradient(network, short, 5, 2));
  }
});

test('a step that was not done and a word that is not there are refused', () => {
  const random = new Random('refused');
  const cell = initialWeights('rnn', 2, 3, 1);
  const network = { cell, readout: randomReadout(4, 3, random) };
  const unrolled = new Unrolled(cell, 1, 5);
  unrolled.x.set(normals(random, 6));
  unrolled.run(cell, 3);
  for (const [t, target] of [
    [3, 0],
    [-1, 0],
    [2, 4],
    [2, -1],
    [2, 1.5],
    [1.5, 1],
  ]) {
    assert.throws(() => lossGradient(network, unrolled, t, target), RangeError, `${t} ${target}`);
    assert.throws(
      () => checkLossGradient(network, unrolled, t, 0, target, random),
      RangeError,
      `${t} ${target}`,
    );
  }
  assert.equal(lossGradient(network, unrolled, 2, 3).states.length, 3);
});

test('a network on the fast kernel has the same gradient, but for the precision of its states', async () => {
  const [, simd] = await bothKernels();
  for (const variant of variants) {
    const random = new Random(`simd/${variant.name}`);
    const cell = randomCell(variant, 3, 5, random);
    const readout = randomReadout(4, 5, random);
    const x = normals(random, 12 * 3);
    const room = simd.open(1e5);
    const loaded = room.load(cell);
    const exact = lossGradient({ cell, readout }, unroll(cell, x), 11, 1);
    const fast = lossGradient({ cell: loaded, readout }, unroll(loaded, x), 11, 1);
    assert.ok(fast.states instanceof Float64Array);
    assertClose([fast.loss, fast.total], [exact.loss, exact.total], 1e-4, variant.name);
    assertClose(fast.states, exact.states, 1e-4, variant.name);
    assertClose(fast.steps, exact.steps, 1e-4, variant.name);
    const checked = checkStateJacobian(loaded, unroll(loaded, x), 11, 9, new Random(1));
    assertAgree(
      checked.map((each) => ({ ...each, resolution: 1e-5 })),
      1,
      variant.name,
    );
  }
});

test('clipping multiplies by one factor, min(1, limit / norm), and leaves the ratios', () => {
  assert.equal(clipFactor(4, 1), 0.25);
  assert.equal(clipFactor(0.5, 1), 1);
  assert.equal(clipFactor(1, 1), 1);
  assert.equal(clipFactor(0, 0), 1);
  assert.equal(clipFactor(3, 0), 0);
  const random = new Random('clip');
  for (const limit of [0.1, 1, 100]) {
    const gradients = [normals(random, 7), normals(random, 5)];
    const before = gradients.map((each) => each.slice());
    const factor = clipFactor(clipGradientNorm(gradients, limit), limit);
    gradients.forEach((each, i) => {
      assertSame(
        each,
        before[i].map((value) => (factor === 1 ? value : value * factor)),
        `${limit}`,
      );
    });
  }
});

for (const variant of variants) {
  test(`${variant.name}: over many steps the whole gradient is that of backpropagation, in pieces as at once`, () => {
    const random = new Random(`pieces/${variant.name}`);
    const drawnCell = randomCell(variant, 3, 4, random);
    // ReLU units must not grow without end
    const cell = { ...drawnCell, weightHh: drawnCell.weightHh.map((weight) => weight / 3) };
    const readout = randomReadout(5, 4, random);
    const T = 53;
    const unrolled = readUnder(randomInterventions(random, T), cell, normals(random, T * 3));
    const chain = new LossChain({ cell, readout }, T);
    for (const t of [52, 15, 16, 0]) {
      const found = lossGradient({ cell, readout }, unrolled, t, 2);
      // ∂L_t/∂h_t = Σ_v (p_v − [v is the target]) · row v of the readout
      const { h } = unrolled.steps[t];
      const direct = new Float64Array(T * 4);
      for (let v = 0; v < 5; v++) {
        const by = Math.exp(-lossOf(readout, h, v)) - (v === 2 ? 1 : 0);
        for (let j = 0; j < 4; j++) direct[t * 4 + j] += by * readout.weight[v * 4 + j];
      }
      const whole = backpropagate(cell, unrolled, direct);
      const expected = Math.hypot(...names.map((name) => norm(whole[name])));
      assertClose([found.total / expected], [1], 1e-12, `total at ${t}`);
      let pieces = 0;
      const work = lossGradientInSteps({ cell, readout }, unrolled, t, 2);
      for (let result = work.next(); ; result = work.next(), pieces++) {
        if (!result.done) continue;
        assert.deepEqual(result.value, found);
        break;
      }
      assert.ok(pieces > t, `${pieces} pieces`);
      chain.norms(unrolled, 40, 1).next();
      assertSame(
        Float64Array.from(chain.norms(unrolled, t, 2)).reverse(),
        found.states,
        `norms alone at ${t}`,
      );
      assert.equal(chain.loss, found.loss);
    }
    assert.throws(() => chain.norms(unrolled, 53, 2).next(), RangeError);
    assert.throws(() => chain.norms(unrolled, 5, 5).next(), RangeError);
  });
}
