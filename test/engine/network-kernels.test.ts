// Whole networks on the SIMD kernel: gradients and training as on the reference, bit for bit the same twice, in one workspace.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Adam,
  NetworkGradients,
  Random,
  clipGradientNorm,
  kernelOf,
  linearDecay,
  loadNetwork,
  parametersOf,
  plainNetwork,
  type AdamState,
  type Batch,
  type Floats,
  type Kernel,
  type Network,
} from '../../src/engine/index.js';
import {
  assertClose,
  assertSame,
  between,
  bothKernels,
  normals,
  randomCell,
  relativeDifference,
  rounded,
  roundedCell,
  variantNamed,
  variants,
  type Variant,
} from '../support/engine.js';

const [reference, simd] = await bothKernels();

/** V words, I numbers each, H units. */
type Sizes = readonly [V: number, I: number, H: number];

/** A network whose numbers are all float32. */
function randomNetwork(variant: Variant, [V, I, H]: Sizes, random: Random): Network {
  const cell = randomCell(variant, I, H, random);
  const weights = roundedCell({
    ...cell,
    weightHh: cell.weightHh.map((value) => value / Math.sqrt(H)),
  });
  return {
    embedding: rounded(normals(random, V * I)),
    cell: weights,
    readout: {
      weight: rounded(normals(random, V * H, 1 / Math.sqrt(H))),
      bias: rounded(normals(random, V)),
    },
  };
}

/** Words in a row, each to be followed by another, some of which do not count. */
function randomBatch(rows: number, length: number, V: number, random: Random): Batch {
  const indices = (): Int32Array =>
    Int32Array.from({ length: rows * length }, () => random.integer(V));
  const weights = Float64Array.from({ length: rows * length }, () =>
    random.pick<number>([0, 1, 3]),
  );
  weights[0] = 1;
  return { rows, length, words: indices(), targets: indices(), weights };
}

const names = [
  'embedding',
  'weightIh',
  'weightHh',
  'biasIh',
  'biasHh',
  'readout weight',
  'readout bias',
];
/** The largest differences from the reference so far, relative to the largest number of the same array. */
const worst: Record<string, number> = {};

function note(name: string, difference: number): number {
  worst[name] = Math.max(worst[name] ?? 0, difference);
  return difference;
}

for (const variant of variants) {
  test(`network with ${variant.name}: loss and gradients are those of the reference`, () => {
    for (let seed = 0; seed < 6; seed++) {
      const random = new Random(`network/${variant.name}/${seed}`);
      const sizes = [
        between(random, 2, 50),
        between(random, 1, 20),
        between(random, 1, 40),
      ] as const;
      const [rows, length] = [between(random, 1, 9), between(random, 1, 12)];
      const network = randomNetwork(variant, sizes, random);
      const batch = randomBatch(rows, length, sizes[0], random);
      const [expected, found] = [reference, simd].map((kernel) => {
        const loaded = loadNetwork(kernel, network, rows, length);
        const calculus = new NetworkGradients(loaded, rows, length);
        const result = calculus.lossAndGradients(batch);
        const gradients = result.gradients.map((values) => values.slice());
        assert.equal(calculus.loss(batch), result.loss, 'the loss alone');
        return { loss: result.loss, gradients };
      });
      const what = `${sizes.join('×')}, ${rows} rows of ${length}`;
      const loss = note('loss', Math.abs(found.loss / expected.loss - 1));
      assert.ok(loss <= 2e-6, `loss of ${what}: ${loss}`);
      expected.gradients.forEach((values, p) => {
        const difference = note(names[p], relativeDifference(found.gradients[p], values));
        assert.ok(difference <= 1e-5, `${names[p]} of ${what}: ${difference}`);
      });
    }
  });
}

test('the largest differences of a network between the kernels', (t) => {
  for (const [name, difference] of Object.entries(worst)) {
    t.diagnostic(`${name}: ${difference.toExponential(1)}`);
    assert.ok(difference > 0, `${name} has been computed in float32`);
  }
});

// Training ---------------------------------------------------------------------------------------------------------

interface Run {
  readonly losses: readonly number[];
  readonly network: Network;
  readonly state: AdamState;
}

/** Trains on the same few batches over and over; resumes where a run stood. */
function train(variant: Variant, kernel: Kernel, steps: number, resume?: Run): Run {
  const random = new Random(`train/${variant.name}`);
  const [V, I, H, rows, length] = [13, 6, 18, 7, 9];
  const network = randomNetwork(variant, [V, I, H], random);
  const batches = [0, 1, 2].map(() => randomBatch(rows, length, V, random));
  const loaded = loadNetwork(kernel, resume?.network ?? network, rows, length);
  const room = kernelOf(loaded.cell);
  const parameters = parametersOf(loaded);
  const adam = new Adam(parameters, { kernel: room }, resume?.state);
  const calculus = new NetworkGradients(loaded, rows, length);
  const losses: number[] = [];
  for (let step = adam.state.step; step < steps; step++) {
    const { loss, gradients } = calculus.lossAndGradients(batches[step % batches.length]);
    clipGradientNorm(gradients, 0.5, room);
    adam.update(gradients, linearDecay(0.02, step, 100));
    losses.push(loss);
  }
  return { losses, network: plainNetwork(loaded), state: adam.state };
}

for (const variant of variants) {
  test(`training with ${variant.name}: twice the same, bit for bit, and as on the reference`, (t) => {
    const steps = 20;
    const [first, second] = [train(variant, simd, steps), train(variant, simd, steps)];
    assert.deepEqual(first, second);
    const expected = train(variant, reference, steps);
    const differences = first.losses.map((loss, i) => Math.abs(loss / expected.losses[i] - 1));
    const parameters = parametersOf(expected.network).map((values, p) =>
      relativeDifference(parametersOf(first.network)[p], values, 1e-3),
    );
    t.diagnostic(`losses ${Math.max(...differences).toExponential(1)}`);
    t.diagnostic(`parameters ${Math.max(...parameters).toExponential(1)}`);
    for (const [step, difference] of differences.entries()) {
      assert.ok(difference <= 1e-5, `loss at step ${step}: ${difference}`);
    }
    for (const [p, difference] of parameters.entries()) {
      assert.ok(difference <= 5e-5, `${names[p]}: ${difference}`);
    }
    const [before, after] = [first.losses.slice(0, 3), first.losses.slice(-3)].map((losses) =>
      losses.reduce((a, b) => a + b),
    );
    assert.ok(after < 0.8 * before, `the loss falls from ${before / 3} to ${after / 3}`);
  });

  test(`training with ${variant.name}: resumed, it goes on bit for bit`, () => {
    const whole = train(variant, simd, 12);
    const half = train(variant, simd, 5);
    const resumed = train(variant, simd, 12, half);
    assert.deepEqual([...half.losses, ...resumed.losses], whole.losses);
    assert.deepEqual(resumed.network, whole.network);
    assert.deepEqual(resumed.state, whole.state);
    assert.equal(whole.state.step, 12);
  });
}

test('a network loaded and taken back is the same network', () => {
  for (const variant of variants) {
    const network = randomNetwork(variant, [5, 3, 7], new Random('back'));
    const loaded = loadNetwork(simd, network, 1, 1);
    assert.equal(kernelOf(loaded.cell).name, 'simd');
    const back = plainNetwork(loaded);
    assert.equal(kernelOf(back.cell), reference);
    const expected = parametersOf(network);
    parametersOf(back).forEach((values, p) => {
      assert.ok(values instanceof Float64Array, 'float64');
      assertSame(values, expected[p], names[p]);
    });
    assert.equal(back.cell.resetAfter, variant.resetAfter);
    assert.equal(back.cell.nonlinearity, variant.nonlinearity);
    parametersOf(back)[1].fill(0);
    assert.notEqual(parametersOf(loaded)[1][0], 0, 'it is a copy');
    assert.equal(loadNetwork(reference, network, 1, 1), network, 'the reference has it as it is');
  }
});

// The workspace ----------------------------------------------------------------------------------------------------

test('a loaded network has room for training, whatever its sizes', () => {
  for (const variant of variants) {
    for (const [V, I, H, rows, length] of [
      [2, 1, 1, 1, 1],
      [3, 2, 128, 32, 60],
      [500, 1, 4, 3, 2],
      [2, 60, 3, 16, 80],
      [4, 3, 90, 1, 300],
      [300, 8, 30, 40, 20],
    ]) {
      const random = new Random('room');
      const network = randomNetwork(variant, [V, I, H], random);
      const loaded = loadNetwork(simd, network, rows, length);
      const kernel = kernelOf(loaded.cell);
      const adam = new Adam(parametersOf(loaded), { kernel });
      const calculus = new NetworkGradients(loaded, rows, length);
      const { loss, gradients } = calculus.lossAndGradients(randomBatch(rows, length, V, random));
      clipGradientNorm(gradients, 1, kernel);
      adam.update(gradients, 0.01);
      assert.ok(loss > 0);
    }
  }
});

/** Loss and gradients that the next call leaves alone. */
function lossAndGradients(calculus: NetworkGradients, batch: Batch): [number, Floats[]] {
  const { loss, gradients } = calculus.lossAndGradients(batch);
  return [loss, gradients.map((values) => values.slice())];
}

for (const variant of variants) {
  test(`network with ${variant.name}: batches of any smaller shape go through the same memory, in any order`, () => {
    const random = new Random(`shapes/${variant.name}`);
    const [V, rows, length] = [9, 6, 30];
    const network = randomNetwork(variant, [V, 4, 11], random);
    const loaded = loadNetwork(simd, network, rows, length);
    const calculus = new NetworkGradients(loaded, rows, length);
    const batches = [
      [6, 30],
      [1, 30],
      [5, 3],
      [10, 18],
      [6, 1],
      [2, 20],
    ].map(([N, T]) => randomBatch(N, T, V, random));
    const expected = batches.map((batch) => {
      const own = loadNetwork(simd, network, batch.rows, batch.length);
      return lossAndGradients(new NetworkGradients(own, batch.rows, batch.length), batch);
    });
    // longer and longer, and a short last one in each round, for as many rounds as would fill any workspace
    for (let round = 0; round < 200; round++) {
      const i = random.integer(batches.length);
      assert.deepEqual(lossAndGradients(calculus, batches[i]), expected[i]);
      calculus.loss(randomBatch(between(random, 1, rows), between(random, 1, length), V, random));
    }
  });
}

test('a batch beyond the capacity is computed or refused, and the next one is not affected', () => {
  const random = new Random('beyond');
  const [V, rows, length] = [6, 4, 5];
  const network = randomNetwork(variantNamed('gru, reset after'), [V, 3, 8], random);
  const loaded = loadNetwork(simd, network, rows, length);
  const calculus = new NetworkGradients(loaded, rows, length);
  const usual = randomBatch(rows, length, V, random);
  const expected = lossAndGradients(calculus, usual);
  const longer = randomBatch(rows, 2 * length, V, random);
  const room = loadNetwork(simd, network, rows, 2 * length);
  const [loss, gradients] = lossAndGradients(new NetworkGradients(room, rows, 2 * length), longer);
  const found = lossAndGradients(calculus, longer);
  assertClose([found[0]], [loss], 0, 'a little longer');
  found[1].forEach((values, p) => assertSame(values, gradients[p], names[p]));
  const tooLong = randomBatch(rows, 5000, V, random);
  for (let attempt = 0; attempt < 3; attempt++) {
    assert.throws(() => calculus.lossAndGradients(tooLong), {
      name: 'RangeError',
      message: /do not fit into what is left of a workspace .*open a larger one/,
    });
  }
  assert.deepEqual(lossAndGradients(calculus, usual), expected);
  // on the reference there is always room
  assert.ok(new NetworkGradients(network, rows, length).loss(tooLong) > 0);
});

test('a word that is not in the vocabulary is refused', () => {
  const network = randomNetwork(variantNamed('rnn'), [4, 2, 3], new Random('word'));
  for (const kernel of [reference, simd]) {
    const calculus = new NetworkGradients(loadNetwork(kernel, network, 1, 2), 1, 2);
    for (const word of [-1, 4, 1000]) {
      const batch = {
        ...{ rows: 1, length: 2, words: Int32Array.of(0, word), targets: Int32Array.of(1, 2) },
        weights: [1, 1],
      };
      assert.throws(() => calculus.loss(batch), {
        name: 'RangeError',
        message: `word ${word} is not in the vocabulary`,
      });
    }
  }
});

test('an optimiser of another workspace refuses the gradients', () => {
  const network = randomNetwork(variantNamed('rnn'), [4, 2, 3], new Random('optimiser'));
  const loaded = loadNetwork(simd, network, 1, 2);
  const calculus = new NetworkGradients(loaded, 1, 2);
  const batch = randomBatch(1, 2, 4, new Random('batch'));
  const { gradients } = calculus.lossAndGradients(batch);
  const before = parametersOf(loaded).map((values) => values.slice());
  const adam = new Adam(parametersOf(loaded), { kernel: simd.open(10_000) });
  assert.throws(() => adam.update(gradients, 0.1), TypeError);
  parametersOf(loaded).forEach((values, p) => assertSame(values, before[p], names[p]));
});
