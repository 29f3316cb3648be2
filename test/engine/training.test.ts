// Loss, clipping, learning rate and Adam against plain formulas; and a small training from beginning to end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Adam,
  NetworkGradients,
  Random,
  clipGradientNorm,
  crossEntropy,
  gradientNorm,
  initialWeights,
  kernelOf,
  linearDecay,
  loadNetwork,
  parametersOf,
  readLogits,
  referenceKernel,
  softmax,
  type AdamState,
  type Batch,
  type CellType,
  type Kernel,
  type Network,
} from '../../src/engine/index.js';
import { assertClose, bothKernels, dot, gradient, normals } from '../support/engine.js';

// Softmax and cross-entropy ----------------------------------------------------------------------------------------

test('softmax is exp / Σ exp', () => {
  const random = new Random('softmax');
  for (const size of [1, 2, 7, 100]) {
    const logits = normals(random, size, 3);
    const copy = logits.slice();
    const exponentials = logits.map(Math.exp);
    const sum = exponentials.reduce((a, b) => a + b);
    const p = softmax(logits);
    assertClose(
      p,
      exponentials.map((e) => e / sum),
      1e-15,
      `${size} logits`,
    );
    assertClose([p.reduce((a, b) => a + b)], [1], 1e-14, 'sum');
    assert.deepEqual(logits, copy, 'the logits are left alone');
  }
});

test('softmax of extreme logits', () => {
  assertClose(softmax(Float64Array.of(1e6, 1e6, -1e6)), [0.5, 0.5, 0], 0, 'large');
  assertClose(softmax(Float64Array.of(-1e308, -1e308)), [0.5, 0.5], 0, 'all very negative');
  assertClose(softmax(Float64Array.of(1e308, -1e308)), [1, 0], 0, 'far apart');
  assertClose(softmax(Float64Array.of(-Infinity, 2, 2)), [0, 0.5, 0.5], 0, 'an impossible word');
  const shifted = softmax(Float64Array.of(1000, 1001, 1003));
  assertClose(shifted, softmax(Float64Array.of(0, 1, 3)), 1e-15, 'only differences count');
});

/** Σ w −log softmax / Σ w, written down as it is defined. */
function plainCrossEntropy(
  logits: Float64Array,
  targets: readonly number[],
  weights: readonly number[],
): number {
  const V = logits.length / targets.length;
  let [sum, total] = [0, 0];
  targets.forEach((target, n) => {
    const p = softmax(logits.slice(n * V, (n + 1) * V));
    sum -= weights[n] * Math.log(p[target]);
    total += weights[n];
  });
  return sum / total;
}

test('cross-entropy and its derivative agree with the formula and finite differences', () => {
  const random = new Random('cross-entropy');
  for (let seed = 0; seed < 5; seed++) {
    const V = 2 + random.integer(6);
    const rows = 1 + random.integer(5);
    const logits = normals(random, rows * V, 2);
    const targets = Array.from({ length: rows }, () => random.integer(V));
    const weights = Array.from({ length: rows }, () => random.pick([1, 3, 0.5]));
    const delta = logits.slice();
    const loss = crossEntropy(delta, targets, weights, rows);
    assertClose([loss], [plainCrossEntropy(logits, targets, weights)], 1e-13, 'loss');
    const expected = gradient(() => crossEntropy(logits.slice(), targets, weights, rows), logits);
    assertClose(delta, expected, 1e-9, `${rows} rows of ${V}`);
    // and (p − 1[target]) w / Σ w
    const total = weights.reduce((a, b) => a + b);
    for (let n = 0; n < rows; n++) {
      const p = softmax(logits.slice(n * V, (n + 1) * V));
      p[targets[n]] -= 1;
      assertClose(
        delta.slice(n * V, (n + 1) * V),
        p.map((value) => (value * weights[n]) / total),
        1e-15,
        'p − 1',
      );
    }
  }
});

test('cross-entropy of extreme logits stays finite', () => {
  const cases: [number[], number, number, number[]][] = [
    // logits, target, loss, derivative
    [[1000, 0], 0, 0, [0, 0]],
    [[1000, 0], 1, 1000, [1, -1]],
    [[-1000, 0], 0, 1000, [-1, 1]],
    [[1e6, 1e6], 0, Math.LN2, [-0.5, 0.5]],
    [[-1e6, -1e6], 1, Math.LN2, [0.5, -0.5]],
    [[-1e15, 0, -1e15], 0, 1e15, [-1, 1, 0]],
  ];
  for (const [logits, target, loss, derivative] of cases) {
    const delta = Float64Array.from(logits);
    assertClose([crossEntropy(delta, [target], [1], 1)], [loss], 1e-15, `loss of ${logits.join()}`);
    assertClose(delta, derivative, 1e-15, `derivative of ${logits.join()}`);
  }
  // confident and right: the loss is about e^-30, not lost to rounding further than 1 + e^-30 is
  assertClose([crossEntropy(Float64Array.of(30, 0), [0], [1], 1)], [Math.exp(-30)], 1e-15, 'e^-30');
});

test('rows of weight 0 have no loss, no derivative and need no target', () => {
  const random = new Random('weight 0');
  const logits = normals(random, 3 * 4);
  const delta = logits.slice();
  const loss = crossEntropy(delta, [2, -1, 3], [2, 0, 1], 3);
  const used = Float64Array.of(...logits.slice(0, 4), ...logits.slice(8));
  const alone = used.slice();
  assert.equal(loss, crossEntropy(alone, [2, 3], [2, 1], 2));
  assertClose(delta, [...alone.slice(0, 4), 0, 0, 0, 0, ...alone.slice(4)], 0, 'derivative');
});

test('where nothing counts, loss and derivative are 0', () => {
  const logits = normals(new Random('nothing'), 2 * 3);
  assert.equal(crossEntropy(logits, [0, 1], [0, 0], 2), 0);
  assertClose(logits, new Float64Array(6), 0, 'derivative');
  assert.equal(crossEntropy(new Float64Array(0), [], [], 0), 0);
});

test('the readout is W h + b for every row', () => {
  const random = new Random('readout');
  const [V, H, rows] = [7, 5, 3];
  const readout = { weight: normals(random, V * H), bias: normals(random, V) };
  const h = normals(random, rows * H);
  const expected = Array.from({ length: rows * V }, (_, i) => {
    const [n, v] = [Math.floor(i / V), i % V];
    const row = readout.weight.subarray(v * H, (v + 1) * H);
    return readout.bias[v] + dot(row, h.subarray(n * H, (n + 1) * H));
  });
  assertClose(readLogits(readout, h, rows, H), expected, 1e-14, 'logits');
  assert.equal(readLogits(readout, new Float64Array(0), 0, H).length, 0);
});

// Clipping and learning rate ---------------------------------------------------------------------------------------

test('the gradient norm is that of all arrays together', () => {
  assert.equal(gradientNorm([Float64Array.of(3, 0), Float64Array.of(), Float64Array.of(-4)]), 5);
  assert.equal(gradientNorm([]), 0);
});

test('clipping scales all gradients by one factor, and only when needed', () => {
  const gradients = [Float64Array.of(3, 0), Float64Array.of(-4)];
  assert.equal(clipGradientNorm(gradients, 7), 5, 'below the limit');
  assert.equal(clipGradientNorm(gradients, 5), 5, 'at the limit');
  assert.deepEqual(gradients, [Float64Array.of(3, 0), Float64Array.of(-4)]);
  assert.equal(clipGradientNorm(gradients, 1), 5, 'the norm before clipping is returned');
  assertClose([...gradients[0], ...gradients[1]], [0.6, 0, -0.8], 1e-15, 'clipped');
  assertClose([gradientNorm(gradients)], [1], 1e-15, 'norm after clipping');
  const little = [Float64Array.of(3, 0), Float64Array.of(-4)];
  assert.equal(clipGradientNorm(little, 4.9), 5, 'a little above the limit');
  assertClose([gradientNorm(little)], [4.9], 1e-14, 'norm after clipping a little');
  const zero = [new Float64Array(3)];
  assert.equal(clipGradientNorm(zero, 1), 0);
  assert.deepEqual(zero, [new Float64Array(3)]);
  const random = new Random('clip');
  const many = [normals(random, 40), normals(random, 7, 10)];
  const before = many.map((values) => values.slice());
  const total = clipGradientNorm(many, 2);
  many.forEach((values, p) =>
    assertClose(
      values,
      before[p].map((value) => (value * 2) / total),
      1e-15,
      'direction',
    ),
  );
});

test('the learning rate falls linearly to 0 and stays there', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 100].map((step) => linearDecay(0.5, step, 4)),
    [0.5, 0.375, 0.25, 0.125, 0, 0, 0],
  );
});

// Adam -------------------------------------------------------------------------------------------------------------

/** Algorithm 1 of Kingma & Ba 2015, one number at a time. */
function plainAdam(
  start: number,
  gradients: readonly number[],
  rates: readonly number[],
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {},
): number {
  let [theta, m, v] = [start, 0, 0];
  gradients.forEach((g, i) => {
    const t = i + 1;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g ** 2;
    const mHat = m / (1 - beta1 ** t);
    const vHat = v / (1 - beta2 ** t);
    theta -= (rates[i] * mHat) / (Math.sqrt(vHat) + epsilon);
  });
  return theta;
}

/** Gradients of several parameters for several steps, of very different sizes. */
function gradientSeries(lengths: readonly number[], steps: number, random: Random) {
  return Array.from({ length: steps }, () =>
    lengths.map((length) => normals(random, length).map((g, i) => g * 10 ** ((i % 7) - 5))),
  );
}

test('Adam agrees with a plain implementation', () => {
  for (const options of [{}, { beta1: 0.8, beta2: 0.99, epsilon: 1e-6 }]) {
    const random = new Random('adam');
    const lengths = [5, 0, 9];
    const steps = 25;
    const parameters = lengths.map((length) => normals(random, length));
    const start = parameters.map((values) => values.slice());
    const series = gradientSeries(lengths, steps, random);
    const rates = series.map((_, i) => linearDecay(0.01, i, steps));
    const adam = new Adam(parameters, options);
    series.forEach((gradients, i) => adam.update(gradients, rates[i]));
    parameters.forEach((values, p) => {
      const expected = values.map((_, i) =>
        plainAdam(
          start[p][i],
          series.map((gradients) => gradients[p][i]),
          rates,
          options,
        ),
      );
      assertClose(values, expected, 1e-14, `parameter ${p}`);
      assert.ok(
        values.every((value, i) => Math.abs(value - start[p][i]) > 1e-6),
        'every number moved',
      );
    });
    assert.equal(adam.state.step, steps);
  }
});

test("Adam's first step is the learning rate against the gradient's sign", () => {
  const parameter = Float64Array.of(1, 1, 1);
  new Adam([parameter]).update([Float64Array.of(1e-3, -50, 0)], 0.1);
  assertClose(parameter, [0.9, 1.1, 1], 1e-5, 'first step');
});

test('Adam leaves the gradients alone', () => {
  const gradients = [Float64Array.of(1, 2)];
  new Adam([Float64Array.of(0, 0)]).update(gradients, 0.1);
  assert.deepEqual(gradients, [Float64Array.of(1, 2)]);
});

test('Adam resumed from its state goes on as if it had not been interrupted', () => {
  const random = new Random('resume');
  const lengths = [4, 3];
  const series = gradientSeries(lengths, 12, random);
  const whole = lengths.map((length) => normals(random, length));
  const adam = new Adam(whole);
  let state: AdamState | undefined;
  let resumed: Float64Array[] = [];
  series.forEach((gradients, i) => {
    if (i === 5) {
      state = adam.state;
      resumed = whole.map((values) => values.slice());
    }
    adam.update(gradients, 0.01);
  });
  assert.equal(state?.step, 5);
  const kept = structuredClone(state);
  const second = new Adam(resumed, {}, state);
  series.slice(5).forEach((gradients) => second.update(gradients, 0.01));
  resumed.forEach((values, p) => assertClose(values, whole[p], 0, `parameter ${p}`));
  assert.deepEqual(second.state, adam.state);
  assert.deepEqual(state, kept, 'a state is not changed by going on from it');
});

// From beginning to end --------------------------------------------------------------------------------------------

const symbols = 4;
const filler = symbols;
const gap = 3;

/** One symbol, then fillers; the symbol is asked for at the last step. */
function copyBatch(rows: number, random: Random): Batch {
  const length = gap + 1;
  const words = new Int32Array(rows * length).fill(filler);
  const targets = new Int32Array(rows * length).fill(-1);
  const weights = new Float64Array(rows * length);
  for (let n = 0; n < rows; n++) {
    const symbol = random.integer(symbols);
    words[n] = symbol;
    targets[gap * rows + n] = symbol;
    weights[gap * rows + n] = 1;
  }
  return { rows, length, words, targets, weights };
}

/** Losses of the copying task, step by step. */
function train(cell: CellType, steps: number, kernel: Kernel = referenceKernel): number[] {
  const random = new Random(`copy/${cell}`);
  const [V, I, H, rows] = [symbols + 1, 4, 12, 16];
  const drawn: Network = {
    embedding: normals(random, V * I),
    cell: initialWeights(cell, I, H, 'copy', { forgetBias: 1, updateBias: 1 }),
    readout: { weight: normals(random, V * H, 0.1), bias: new Float64Array(V) },
  };
  const network = loadNetwork(kernel, drawn, rows, gap + 1);
  const room = kernelOf(network.cell);
  const parameters = parametersOf(network);
  const adam = new Adam(parameters, { kernel: room });
  const calculus = new NetworkGradients(network, rows, gap + 1);
  return Array.from({ length: steps }, (_, step) => {
    const { loss, gradients } = calculus.lossAndGradients(copyBatch(rows, random));
    clipGradientNorm(gradients, 1, room);
    adam.update(gradients, linearDecay(0.02, step, steps));
    return loss;
  });
}

const chance = Math.log(symbols);
const lastMean = (losses: readonly number[]): number =>
  losses.slice(-10).reduce((a, b) => a + b) / 10;

const kernels = await bothKernels();

for (const cell of ['rnn', 'lstm', 'gru'] as const) {
  for (const kernel of kernels) {
    test(`${cell}: 12 units learn to copy a symbol seen 3 steps before, on the ${kernel.name} kernel`, () => {
      const losses = train(cell, 200, kernel);
      assert.ok(losses[0] > 0.9 * chance, `at first it knows nothing: ${losses[0]}`);
      assert.ok(lastMean(losses) < 0.05, `in the end ${lastMean(losses)}`);
    });
  }
}

test('feedforward can not learn it: it stays at chance', () => {
  const end = lastMean(train('feedforward', 200));
  assert.ok(end > 0.9 * chance && end < 1.2 * chance, `in the end ${end}, chance is ${chance}`);
});

test('the same training twice gives the same losses', () => {
  for (const kernel of kernels) {
    assert.deepEqual(train('gru', 20, kernel), train('gru', 20, kernel));
  }
});
