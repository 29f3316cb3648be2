// The training tool: every cell sees the same sentences, and a run that was interrupted ends as one that was not.

import assert from 'node:assert/strict';
import test from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { loadKernel, parametersOf, type Batch, type CellType } from '../../src/engine/index.js';
import { grid } from '../../tools/story/grid.js';
import {
  batchOf,
  longestBatch,
  settings,
  trainNetwork,
  validationBatches,
  type Checkpoint,
} from '../../tools/story/run.js';

const choice = { learningRate: 0.01, initialisation: { forgetBias: 1 } };

test('a run resumed from a checkpoint equals an uninterrupted one to the bit', () => {
  const steps = 5;
  const saved: Buffer[] = [];
  const whole = trainNetwork({
    cell: 'rnn',
    choice,
    steps,
    checkpointEvery: 2,
    onCheckpoint: (checkpoint) => saved.push(serialize(checkpoint)),
  });
  assert.equal(saved.length, 2);
  const resumed = trainNetwork({
    cell: 'rnn',
    choice,
    steps,
    resume: deserialize(saved[0]) as Checkpoint,
  });
  parametersOf(whole).forEach((values, i) => {
    assert.deepEqual(parametersOf(resumed)[i], values);
  });
});

test('a batch depends on the number of its step alone, and other steps have other sentences', () => {
  assert.deepEqual(batchOf(7, 100), batchOf(7, 100));
  assert.notDeepEqual(batchOf(7, 100).words, batchOf(8, 100).words);
});

test('the longest gap grows with the curriculum', () => {
  const longest = (from: number): number =>
    Math.max(...Array.from({ length: 40 }, (_, i) => batchOf(from + i, 1000).length));
  assert.ok(longest(960) > longest(0) + 20);
});

test('every batch has room in the working memory of a run', () => {
  const longest = (batches: readonly Batch[]): number =>
    Math.max(...batches.map(({ length }) => length));
  const { steps } = settings;
  // the last steps have the longest gaps
  const last = Array.from({ length: 400 }, (_, i) => batchOf(steps - 1 - i, steps));
  assert.ok(longest(last) <= longestBatch && longest(validationBatches(32)) <= longestBatch);
  assert.ok(longest(last) > longestBatch / 2, 'and not far too much');
});

test('a run on the SIMD kernel resumes to the bit, too, and comes near the reference', async () => {
  const kernel = await loadKernel(0);
  const saved: Buffer[] = [];
  const options = { cell: 'gru', choice, steps: 4, kernel } as const;
  const whole = trainNetwork({
    ...options,
    checkpointEvery: 2,
    onCheckpoint: (checkpoint) => saved.push(serialize(checkpoint)),
  });
  const resumed = trainNetwork({ ...options, resume: deserialize(saved[0]) as Checkpoint });
  const exact = trainNetwork({ cell: 'gru', choice, steps: 4 });
  parametersOf(whole).forEach((values, i) => {
    assert.deepEqual(parametersOf(resumed)[i], values);
    values.forEach((value, j) => {
      assert.ok(Math.abs(value - parametersOf(exact)[i][j]) < 1e-3);
    });
  });
});

test('validation sentences are not those of the training', () => {
  const key = (words: Int32Array): string => words.join(' ');
  const trained = new Set(Array.from({ length: 50 }, (_, i) => key(batchOf(i, 100).words)));
  for (const { words } of validationBatches(8)) assert.ok(!trained.has(key(words)));
});

test('every recurrent cell has a grid of the same size and the same learning rates', () => {
  const rates = (cell: CellType): number[] => grid[cell].map(({ learningRate }) => learningRate);
  assert.deepEqual(rates('lstm'), rates('rnn'));
  assert.deepEqual(rates('gru'), rates('rnn'));
  assert.deepEqual([...new Set(rates('feedforward'))], [...new Set(rates('rnn'))]);
});
