// Backpropagation against finite differences: every weight, input and initial state of every cell, and of a network.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BackwardWorkspace,
  NetworkGradients,
  Random,
  Unrolled,
  backpropagate,
  parametersOf,
  unroll,
  type Batch,
  type CellWeights,
  type Floats,
  type Network,
  type SequenceGradients,
} from '../../src/engine/index.js';
import {
  assertClose,
  awayFromKinks,
  between,
  dot,
  gradient,
  largestDifference,
  normals,
  randomCell,
  randomInitial,
  variants,
  type Variant,
} from '../support/engine.js';

const names = ['weightIh', 'weightHh', 'biasIh', 'biasHh'] as const;

/** Loss Σ v·h of N sequences of T steps and all its derivatives by backpropagation. */
function problem(weights: CellWeights, T: number, N: number, random: Random) {
  const { inputSize: I, hiddenSize: H } = weights;
  const x = normals(random, T * N * I);
  const initial = randomInitial(weights, random, N);
  const v = normals(random, T * N * H);
  const unrolled = new Unrolled(weights, N, T);
  const run = (): void => {
    unrolled.x.set(x);
    unrolled.run(weights, T, initial);
  };
  const loss = (): number => {
    run();
    return dot(v, unrolled.h.subarray(N * H));
  };
  const back = (): SequenceGradients => {
    run();
    return backpropagate(weights, unrolled, v);
  };
  return { weights, x, initial, v, unrolled, run, loss, back };
}

/** A random cell and its problem, away from the kinks of ReLU units. */
function smoothProblem(
  variant: Variant,
  [I, H, T, N]: readonly [number, number, number, number],
  random: Random,
) {
  return awayFromKinks(
    () => problem(randomCell(variant, I, H, random), T, N, random),
    ({ weights, unrolled, run }) => {
      run();
      return [weights, unrolled];
    },
  );
}

function checkVariant(variant: Variant, seed: number): void {
  const random = new Random(`gradients/${variant.name}/${seed}`);
  const I = between(random, 1, 4);
  const H = between(random, 1, 5);
  const T = between(random, 1, 7);
  const N = between(random, 1, 4);
  const shape = `seed ${seed}: I=${I} H=${H} T=${T} N=${N}`;
  const { weights, x, initial, loss, back } = smoothProblem(variant, [I, H, T, N], random);
  const found = back();
  for (const name of names) {
    assertClose(found[name], gradient(loss, weights[name]), 1e-8, `${name}, ${shape}`);
  }
  assertClose(found.x, gradient(loss, x), 1e-8, `x, ${shape}`);
  assertClose(found.h0, gradient(loss, initial.h), 1e-8, `h0, ${shape}`);
  assertClose(
    found.c0,
    initial.c ? gradient(loss, initial.c) : new Float64Array(0),
    1e-8,
    `c0, ${shape}`,
  );
}

for (const variant of variants) {
  test(`${variant.name}: all derivatives agree with finite differences for random shapes`, () => {
    for (let seed = 0; seed < 12; seed++) checkVariant(variant, seed);
  });

  test(`${variant.name}: the gradients are not trivially zero`, () => {
    const random = new Random(`not zero/${variant.name}`);
    const weights = randomCell(variant, 3, 4, random);
    const { back } = problem(weights, 5, 2, random);
    const found = back();
    const recurrent = variant.cell !== 'feedforward';
    for (const name of [...names, 'x', 'h0'] as const) {
      const expected = recurrent || name === 'weightIh' || name === 'biasIh' || name === 'x';
      assert.equal(Math.max(...Array.from(found[name], Math.abs)) > 1e-3, expected, name);
    }
  });

  test(`${variant.name}: a batch of N rows equals N single sequences`, () => {
    const random = new Random(`rows/${variant.name}`);
    const [I, H, T, N] = [3, 5, 6, 4];
    const weights = randomCell(variant, I, H, random);
    const { x, initial, v, unrolled, back } = problem(weights, T, N, random);
    const together = back();
    const sums = names.map((name) => new Float64Array(weights[name].length));
    for (let n = 0; n < N; n++) {
      /** Row n of a time-major array with N rows of `columns` a step. */
      const own = (array: Floats, columns: number): Float64Array =>
        Float64Array.from(array).filter((_, i) => Math.floor(i / columns) % N === n);
      const single = unroll(weights, own(x, I), {
        h: own(initial.h, H),
        ...(initial.c && { c: own(initial.c, H) }),
      });
      assertClose(own(unrolled.h, H), single.h, 0, `h of row ${n}`);
      assertClose(own(unrolled.c, H), single.c, 0, `c of row ${n}`);
      const width = weights.biasIh.length;
      assertClose(own(unrolled.gates, width), single.gates, 0, `gates of row ${n}`);
      const alone = backpropagate(weights, single, own(v, H));
      assertClose(own(together.x, I), alone.x, 1e-13, `x of row ${n}`);
      assertClose(own(together.h0, H), alone.h0, 1e-13, `h0 of row ${n}`);
      assertClose(own(together.c0, H), alone.c0, 1e-13, `c0 of row ${n}`);
      names.forEach((name, p) => {
        for (let i = 0; i < sums[p].length; i++) sums[p][i] += alone[name][i];
      });
    }
    names.forEach((name, p) => assertClose(together[name], sums[p], 1e-12, name));
  });

  test(`${variant.name}: reused memory and spare capacity change nothing`, () => {
    const random = new Random(`reuse/${variant.name}`);
    const [I, H, N] = [2, 4, 3];
    const weights = randomCell(variant, I, H, random);
    const unrolled = new Unrolled(weights, N, 9);
    const workspace = new BackwardWorkspace(weights, N, 9);
    for (const T of [9, 4, 1, 7]) {
      const { x, initial, v, back } = problem(weights, T, N, random);
      const fresh = back();
      unrolled.x.set(x);
      unrolled.run(weights, T, initial);
      const reused = backpropagate(weights, unrolled, v, workspace);
      for (const name of [...names, 'x', 'h0', 'c0'] as const) {
        assertClose(reused[name], fresh[name], 0, `${name}, T=${T}`);
      }
    }
  });

  test(`${variant.name}: no steps, no gradient`, () => {
    const random = new Random('nothing');
    const weights = randomCell(variant, 2, 3, random);
    const none = backpropagate(weights, unroll(weights, new Float64Array(0)), new Float64Array(0));
    for (const name of names) {
      assertClose(none[name], new Float64Array(weights[name].length), 0, name);
    }
    assert.equal(none.x.length, 0);
  });
}

test('the two conventions of the GRU have different gradients', () => {
  const weights = randomCell({ name: 'gru', cell: 'gru' }, 3, 4, new Random(1));
  const [a, b] = [true, false].map((resetAfter) =>
    problem({ ...weights, resetAfter }, 5, 1, new Random(2)).back(),
  );
  assert.ok(largestDifference(a.weightHh, b.weightHh) > 1e-3, 'they differ');
});

// A whole network -------------------------------------------------------------------------------------------------

const vocabulary = 6;
const parameterNames = [
  'embedding',
  'weightIh',
  'weightHh',
  'biasIh',
  'biasHh',
  'readout weight',
  'readout bias',
];

function randomNetwork(variant: Variant, random: Random): Network {
  const [I, H] = [3, 4];
  return {
    embedding: normals(random, vocabulary * I),
    cell: randomCell(variant, I, H, random),
    readout: { weight: normals(random, vocabulary * H), bias: normals(random, vocabulary) },
  };
}

/** A batch whose sequences have the given lengths and are padded with `padding` (a word or a target of no weight). */
function randomBatch(lengths: readonly number[], random: Random, padding = 0): Batch {
  const rows = lengths.length;
  const length = Math.max(...lengths);
  const words = new Int32Array(rows * length).fill(padding);
  const targets = new Int32Array(rows * length).fill(padding);
  const weights = new Float64Array(rows * length);
  for (let n = 0; n < rows; n++) {
    for (let t = 0; t < lengths[n]; t++) {
      words[t * rows + n] = random.integer(vocabulary);
      targets[t * rows + n] = random.integer(vocabulary);
      weights[t * rows + n] = random.pick([1, 1, 3]);
    }
  }
  return { rows, length, words, targets, weights };
}

/** Loss and gradients that the next call leaves alone. */
function lossAndGradients(calculus: NetworkGradients, batch: Batch) {
  const { loss, gradients } = calculus.lossAndGradients(batch);
  return { loss, gradients: gradients.map((values) => values.slice()) };
}

/** The steps of a network's cell with the words of a batch. */
function stepsOf({ embedding, cell }: Network, batch: Batch): Unrolled {
  const I = cell.inputSize;
  const unrolled = new Unrolled(cell, batch.rows, batch.length);
  batch.words.forEach((word, i) => {
    unrolled.x.set(embedding.subarray(word * I, (word + 1) * I), i * I);
  });
  unrolled.run(cell, batch.length);
  return unrolled;
}

for (const variant of variants) {
  test(`network with ${variant.name}: every derivative agrees with finite differences`, () => {
    for (let seed = 0; seed < 3; seed++) {
      const random = new Random(`network/${variant.name}/${seed}`);
      const [network, batch] = awayFromKinks(
        () =>
          [randomNetwork(variant, random), randomBatch([5, 3, 4, 1].slice(seed), random)] as const,
        ([drawn, words]) => [drawn.cell, stepsOf(drawn, words)],
      );
      const calculus = new NetworkGradients(network, batch.rows, batch.length + seed);
      const { loss, gradients } = lossAndGradients(calculus, batch);
      assert.equal(loss, calculus.loss(batch));
      const parameters = parametersOf(network);
      assert.equal(gradients.length, parameters.length);
      parameters.forEach((parameter, p) => {
        const expected = gradient(() => calculus.loss(batch), parameter);
        assertClose(gradients[p], expected, 1e-8, parameterNames[p]);
      });
      for (const p of [0, 1, 3, 5, 6])
        assert.ok(Math.max(...Array.from(gradients[p], Math.abs)) > 1e-3, 'not trivially zero');
    }
  });
}

test('the loss of a network is the weighted mean of −log p of its targets', () => {
  const random = new Random('loss by hand');
  const network = randomNetwork({ name: 'lstm', cell: 'lstm' }, random);
  const batch = randomBatch([4, 2], random);
  const { embedding, cell, readout } = network;
  let [sum, total] = [0, 0];
  for (let n = 0; n < batch.rows; n++) {
    const own = Array.from({ length: batch.length }, (_, t) => t * batch.rows + n);
    const x = Float64Array.from(
      own.flatMap((i) => [...embedding.subarray(3 * batch.words[i], 3 * batch.words[i] + 3)]),
    );
    const { h } = unroll(cell, x);
    own.forEach((i, t) => {
      const state = h.subarray((t + 1) * 4, (t + 2) * 4);
      const scores = Array.from({ length: vocabulary }, (_, v) =>
        Math.exp(dot(readout.weight.subarray(4 * v, 4 * v + 4), state) + readout.bias[v]),
      );
      const p = scores[batch.targets[i]] / scores.reduce((a, b) => a + b);
      sum -= batch.weights[i] * Math.log(p);
      total += batch.weights[i];
    });
  }
  const loss = new NetworkGradients(network, batch.rows, batch.length).loss(batch);
  assertClose([loss], [sum / total], 1e-12, 'loss');
});

for (const variant of variants) {
  test(`network with ${variant.name}: padding has no influence`, () => {
    const network = randomNetwork(variant, new Random('padding'));
    const lengths = [6, 2, 4];
    const batch = randomBatch(lengths, new Random('batch'));
    const calculus = new NetworkGradients(network, batch.rows, batch.length);
    const first = lossAndGradients(calculus, batch);
    const other = lossAndGradients(calculus, randomBatch(lengths, new Random('batch'), 5));
    assert.equal(other.loss, first.loss);
    first.gradients.forEach((values, p) =>
      assertClose(other.gradients[p], values, 0, parameterNames[p]),
    );

    // and the batch is the weighted mean of its sequences, each read alone without padding
    let [loss, total] = [0, 0];
    const sums = first.gradients.map((values) => new Float64Array(values.length));
    lengths.forEach((length, n) => {
      const own = (array: ArrayLike<number>): number[] =>
        Array.from(array)
          .filter((_, i) => i % batch.rows === n)
          .slice(0, length);
      const alone: Batch = {
        rows: 1,
        length,
        words: Int32Array.from(own(batch.words)),
        targets: Int32Array.from(own(batch.targets)),
        weights: Float64Array.from(own(batch.weights)),
      };
      const weight = own(batch.weights).reduce((a, b) => a + b);
      const result = calculus.lossAndGradients(alone);
      total += weight;
      loss += weight * result.loss;
      result.gradients.forEach((values, p) =>
        values.forEach((value, i) => (sums[p][i] += weight * value)),
      );
    });
    assertClose([first.loss], [loss / total], 1e-13, 'loss');
    first.gradients.forEach((values, p) =>
      assertClose(
        values,
        Array.from(sums[p], (value) => value / total),
        1e-13,
        parameterNames[p],
      ),
    );
  });
}

test('a batch in which nothing counts has loss 0 and no gradient', () => {
  const random = new Random('nothing counts');
  const network = randomNetwork({ name: 'gru', cell: 'gru' }, random);
  const batch = randomBatch([3, 2], random);
  const calculus = new NetworkGradients(network, batch.rows, batch.length);
  const { loss, gradients } = calculus.lossAndGradients({ ...batch, weights: new Float64Array(6) });
  assert.equal(loss, 0);
  gradients.forEach((values, p) =>
    assertClose(values, new Float64Array(values.length), 0, parameterNames[p]),
  );
});

test('batches of changing size give what a fresh calculation gives', () => {
  const random = new Random('changing size');
  const network = randomNetwork({ name: 'lstm', cell: 'lstm' }, random);
  const reused = new NetworkGradients(network, 2, 4);
  for (const lengths of [[4, 4], [2, 1], [7, 3], [3, 3, 5], [1]]) {
    const batch = randomBatch(lengths, random);
    const fresh = new NetworkGradients(network, batch.rows, batch.length);
    const expected = fresh.lossAndGradients(batch);
    const found = reused.lossAndGradients(batch);
    assert.equal(found.loss, expected.loss);
    found.gradients.forEach((values, p) =>
      assertClose(values, expected.gradients[p], 0, parameterNames[p]),
    );
  }
});
