// A training batch in slices: the same bits however it is cut, and the loss of a few predictions told by itself.

import assert from 'node:assert/strict';
import test from 'node:test';
import {
  NetworkGradients,
  Random,
  cellTypes,
  crossEntropy,
  finish,
  initialWeights,
  loadKernel,
  loadNetwork,
  referenceKernel,
  softmax,
  type Batch,
  type Kernel,
  type Slices,
} from '../../src/engine/index.js';

const simd = await loadKernel(0);
const kernels: readonly Kernel[] = [referenceKernel, simd];
const [V, I, H, rows, length] = [11, 6, 13, 5, 9];

function network(cell: (typeof cellTypes)[number]) {
  const random = new Random(`slices/${cell}`);
  return {
    embedding: random.normals(V * I),
    cell: initialWeights(cell, I, H, 'slices', { forgetBias: 1, updateBias: 1 }),
    readout: { weight: random.normals(V * H), bias: random.normals(V) },
  };
}

function batch(random = new Random('slices/batch')): Batch {
  const draw = (): Int32Array =>
    Int32Array.from({ length: rows * length }, () => random.integer(V));
  const weights = Float64Array.from({ length: rows * length }, () => random.integer(4));
  return { rows, length, words: draw(), targets: draw(), weights };
}

function count<T>(work: Slices<T>): { slices: number; value: T } {
  for (let slices = 1; ; slices++) {
    const { done, value } = work.next();
    if (done) return { slices, value };
  }
}

for (const cell of cellTypes) {
  test(`${cell}: gradients have the same bits in one slice, in some and in very many, on either kernel`, () => {
    for (const kernel of kernels) {
      const own = loadNetwork(kernel, network(cell), rows, length);
      const whole = new NetworkGradients(own, rows, length).lossAndGradients(batch());
      const counts = [1e9, 3000, 1].map((most) => {
        const other = loadNetwork(kernel, network(cell), rows, length);
        const gradients = new NetworkGradients(other, rows, length);
        const { slices, value } = count(gradients.inSlices(batch(), most));
        value.gradients.forEach((values, i) => {
          assert.deepEqual(values, whole.gradients[i], `${kernel.name}, ${most}, array ${i}`);
        });
        // the sum of the parts, which are rounded one by one
        assert.ok(Math.abs(value.loss - whole.loss) < 1e-12 * whole.loss);
        return slices;
      });
      assert.ok(counts[0] < counts[1] && counts[1] < counts[2], counts.join(' '));
    }
  });
}

test('one object does batch after batch in slices', () => {
  const gradients = new NetworkGradients(network('lstm'), rows, length);
  const random = new Random('several');
  const batches = [batch(random), batch(random)];
  for (const each of batches) {
    const fresh = new NetworkGradients(network('lstm'), rows, length).lossAndGradients(each);
    assert.deepEqual(finish(gradients.inSlices(each, 500)).gradients, fresh.gradients);
  }
});

test('watched predictions: the mean of −log p, each counting the same whatever its weight', () => {
  const plain = batch();
  const watched = [3, 17, 40];
  for (const kernel of kernels) {
    const own = loadNetwork(kernel, network('gru'), rows, length);
    const gradients = new NetworkGradients(own, rows, length);
    // the loss of a batch in which nothing else counts
    const only = new Float64Array(rows * length);
    for (const entry of watched) only[entry] = 1;
    const expected = gradients.loss({ ...plain, weights: only });
    const found = gradients.lossAndGradients({ ...plain, watched });
    assert.ok(Math.abs(found.watched - expected) < 1e-6 * expected, kernel.name);
    assert.deepEqual(found.gradients, gradients.lossAndGradients(plain).gradients);
  }
  const nothing = new NetworkGradients(network('gru'), rows, length).lossAndGradients(plain);
  assert.ok(Number.isNaN(nothing.watched));
});

test('cross-entropy of some rows, divided by the weights of all, adds up to that of all', () => {
  const random = new Random('rows');
  const logits = random.normals(4 * V);
  const targets = [1, 5, 0, 7];
  const weights = [2, 0, 1, 3];
  const all = logits.slice();
  const loss = crossEntropy(all, targets, weights, 4);
  const expected = targets.reduce((sum, target, n) => {
    const p = softmax(logits.slice(n * V, (n + 1) * V));
    return sum - (weights[n] / 6) * Math.log(p[target]);
  }, 0);
  assert.ok(Math.abs(loss - expected) < 1e-12);
  for (const kernel of kernels) {
    const training = kernel.training ?? { crossEntropy };
    const room = kernel.open(1000);
    const [first, second] = [0, 2].map((from) => {
      const part = room.array(2 * V);
      part.set(logits.subarray(from * V, (from + 2) * V));
      const own = room.training ?? training;
      const value = own.crossEntropy(
        part,
        targets.slice(from),
        weights.slice(from, from + 2),
        2,
        6,
      );
      part.forEach((each, i) => assert.ok(Math.abs(each - all[from * V + i]) < 1e-6));
      return value;
    });
    assert.ok(Math.abs(first + second - loss) < 1e-6, kernel.name);
  }
});
