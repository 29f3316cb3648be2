// A network reading a sentence, against the engine run directly: states, gates, memory, influence, prefixes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Random,
  cells,
  cellTypes,
  jacobianNorms,
  loadKernel,
  memoryMatrix,
  readLogits,
  runSequence,
  softmax,
  type CellType,
  type Floats,
  type GateName,
} from '../../src/engine/index.js';
import { norm } from '../../src/engine/products.js';
import { randomModel } from '../../src/model/random-model.js';
import { Reading } from '../../src/model/reading.js';
import type { SentenceModel } from '../../src/model/sentence-model.js';
import { trainedModel } from '../../src/model/story-model.js';
import type { Token } from '../../src/model/tokenizer.js';
import { assertClose, countingKernel, type ForwardCall } from '../support/engine.js';
import { blind, distinctWords, randomNetwork, read } from '../support/model.js';

const sentence = read('Anna has a red kite. The red cat sat on the mat, and Anna laughed!');
const recurrent = cellTypes.filter((cell) => cells[cell].recurrent);

/** The model on a kernel that writes down what it is asked for. */
function counted(model: SentenceModel): { model: SentenceModel; calls: ForwardCall[] } {
  const { kernel, calls } = countingKernel();
  return { model: { ...model, cell: kernel.load(model.cell) }, calls };
}

/** `[T × I]` what the model reads. */
function inputs(model: SentenceModel, tokens: readonly Token[]): Float64Array {
  return Float64Array.from(tokens.flatMap((token) => Array.from(model.vector(token))));
}

/** Row t of `[T × H]`. */
const row = (values: Floats, t: number, size: number): Floats =>
  values.slice(t * size, (t + 1) * size);

/** m(t,k) by reading everything again with zeros in place of word k. */
function distanceByReadingAgain(
  model: SentenceModel,
  tokens: readonly Token[],
  t: number,
  k: number,
): number {
  const { inputSize: I, hiddenSize: H } = model.cell;
  const x = inputs(model, tokens);
  const real = runSequence(model.cell, x);
  const twin = runSequence(model.cell, x.slice().fill(0, k * I, (k + 1) * I));
  const difference = (a: Float64Array, b: Float64Array): number =>
    norm(row(a, t, H).map((value, j) => value - b[t * H + j]));
  return Math.hypot(difference(real.h, twin.h), real.c && twin.c ? difference(real.c, twin.c) : 0);
}

function everything(reading: Reading): unknown {
  const T = reading.length;
  return Array.from({ length: T }, (_, t) => [
    Array.from(reading.hidden(t)),
    Array.from(reading.cellState(t)),
    Array.from({ length: t + 1 }, (_, k) => reading.memory(t, k)),
  ]);
}

for (const cell of cellTypes) {
  const model = randomModel(cell, { seed: 3, hiddenSize: 9 });
  const H = 9;
  const T = sentence.length;

  test(`${cell}: states, gates and trace are those of the engine`, () => {
    const reading = new Reading(model, sentence);
    for (const count of [1, 4, T]) reading.readTo(count);
    const expected = runSequence(model.cell, inputs(model, sentence));
    assert.equal(reading.length, T);
    assert.deepEqual(reading.trace, expected);
    for (let t = 0; t < T; t++) {
      assert.deepEqual(reading.hidden(t).slice(), row(expected.h, t, H));
      const c = expected.c ? row(expected.c, t, H) : new Float64Array(0);
      assert.deepEqual(reading.cellState(t).slice(), c);
    }
    const all: GateName[] = ['state', 'input', 'forget', 'candidate', 'output', 'reset', 'update'];
    for (const gate of all) {
      const values = expected.gates[gate];
      assert.equal(values !== undefined, cells[cell].gates.includes(gate));
      for (let t = 0; t < T; t++) {
        if (!values) {
          assert.equal(reading.gate(gate, t), null);
          assert.equal(reading.gateMean(gate, t), NaN);
          continue;
        }
        const unit = row(values, t, H);
        assert.deepEqual(reading.gate(gate, t)?.slice(), unit);
        const mean = [...unit].reduce((sum, value) => sum + value, 0) / H;
        assert.ok(Math.abs(reading.gateMean(gate, t) - mean) < 1e-15);
      }
    }
  });

  test(`${cell}: memory is the distance to a twin that read zeros, over its imprint`, () => {
    const reading = new Reading(model, sentence);
    reading.readTo(T);
    for (let t = 0; t < T; t++) {
      for (let k = 0; k <= t; k++) {
        const { distance, imprint, ratio } = reading.memory(t, k);
        const expected = distanceByReadingAgain(model, sentence, t, k);
        assertClose([distance], [expected], 1e-13, `m(${t},${k})`);
        assertClose([imprint], [distanceByReadingAgain(model, sentence, k, k)], 1e-13, 'm(k,k)');
        assert.equal(ratio, distance / imprint);
        if (k === t) assert.equal(ratio, 1);
      }
    }
  });

  test(`${cell}: influence is the norm of the Jacobian of the hidden state`, () => {
    const reading = new Reading(model, sentence);
    reading.readTo(T);
    const expected = jacobianNorms(model.cell, inputs(model, sentence), 'input');
    for (let t = 0; t < T; t++) {
      for (let k = 0; k <= t; k++) {
        assertClose([reading.influence(t, k)], [expected[t * T + k]], 1e-12, `(${t},${k})`);
      }
    }
  });

  test(`${cell}: a text with the same beginning takes it over`, () => {
    const old = new Reading(model, sentence);
    old.readTo(10);
    old.ensureMemory(7, [0, 1, 2, 3]);
    old.ensureMemory(9, [4]);
    const asked: string[] = [];
    const watched: SentenceModel = {
      ...model,
      vector(token) {
        asked.push(token.key);
        return model.vector(token);
      },
    };
    // equal models are recognised by identity: one object for both readings
    const first = new Reading(watched, sentence);
    first.readTo(10);
    for (const shared of [0, 1, 6, 10, 13]) {
      const changed = [...sentence.slice(0, shared), ...read('a zorb and 7 more words')];
      asked.length = 0;
      const next = new Reading(watched, changed, first);
      assert.equal(next.length, Math.min(shared, 10), `${shared} words are shared`);
      assert.deepEqual(asked, [], 'nothing is read anew');
      next.readTo(changed.length);
      assert.equal(asked.length, changed.length - Math.min(shared, 10));
      const fresh = new Reading(watched, changed);
      fresh.readTo(changed.length);
      assert.deepEqual(next.trace, fresh.trace);
      assert.deepEqual(everything(next), everything(fresh));
      const grown = new Reading(model, changed, old);
      grown.readTo(changed.length);
      assert.deepEqual(everything(grown), everything(fresh), 'with twins taken over');
    }
    assert.equal(old.length, 10, 'the old reading is left alone');
    const again = new Reading(model, sentence);
    again.readTo(10);
    assert.deepEqual(everything(old), everything(again));
  });

  test(`${cell}: on the fast kernel memories differ by float32 alone, and what was known before stays`, async () => {
    const plain = new Reading(model, sentence);
    const fast = new Reading(model, sentence);
    for (const reading of [plain, fast]) reading.readTo(T - 2);
    const before = fast.memory(T - 3, 0);
    fast.accelerate(await loadKernel(0));
    assert.deepEqual(fast.memory(T - 3, 0), before);
    assert.ok(fast.knownMemory(T - 3, 0) && !fast.knownMemory(T - 3, 1));
    for (const reading of [plain, fast]) reading.readTo(T);
    let rounded = 0;
    for (let t = T - 3; t < T; t++) {
      const words = Array.from({ length: t + 1 }, (_, k) => k);
      fast.ensureMemory(t, words);
      assert.equal(fast.memoryCost(t, words), 0);
      for (const k of words) {
        const [{ distance, imprint }, exact] = [fast.memory(t, k), plain.memory(t, k)];
        assertClose([distance, imprint], [exact.distance, exact.imprint], 2e-6, `(${t},${k})`);
        if (distance !== exact.distance) rounded++;
      }
    }
    // the feedforward layer's are zeros but for the last word's
    assert.ok(rounded > 0, 'they were computed in float32');
  });

  test(`${cell}: another model, however similar, shares nothing`, () => {
    const old = new Reading(model, sentence);
    old.readTo(5);
    assert.equal(new Reading({ ...model }, sentence, old).length, 0);
    assert.equal(new Reading(model, sentence, old).length, 5);
  });

  test(`${cell}: going back changes nothing, and costs nothing`, () => {
    const { model: watched, calls } = counted(model);
    const reading = new Reading(watched, sentence);
    reading.readTo(T);
    const before = everything(reading);
    assert.ok(calls.length > T, 'it did cost something');
    calls.length = 0;
    for (const count of [3, 0, -5, T, T + 100]) {
      reading.readTo(count);
      assert.equal(reading.length, T);
    }
    assert.deepEqual(everything(reading), before);
    assert.deepEqual(calls, []);
  });

  test(`${cell}: a trace is a value that later steps do not change`, () => {
    const reading = new Reading(model, sentence);
    assert.equal(reading.trace.length, 0);
    reading.readTo(4);
    const early = reading.trace;
    const copy = structuredClone(early);
    assert.equal(reading.trace, early, 'the same object while nothing is read');
    reading.readTo(T);
    reading.ensureMemory(T - 1, [0, 1, 2]);
    assert.deepEqual(early, copy);
    assert.equal(reading.trace.length, T);
    const values = reading.trace.h.slice();
    early.h.fill(9);
    assert.deepEqual(reading.trace.h, values, 'nor does writing into an old one reach the new one');
    assert.deepEqual(reading.hidden(0).slice(), row(values, 0, H));
  });

  test(`${cell}: a cell that does not see its input has no ratio`, () => {
    const reading = new Reading(blind(model), sentence);
    reading.readTo(T);
    for (const [t, k] of [
      [0, 0],
      [5, 2],
      [T - 1, 0],
    ]) {
      assert.deepEqual(reading.memory(t, k), { distance: 0, imprint: 0, ratio: null });
    }
  });
}

test('a memory that float32 rounds to nothing is not shown as nothing, one that is nothing is', async () => {
  const long = read(distinctWords(600, new Random('faded')).join(' '));
  for (const cell of ['rnn', 'feedforward'] satisfies CellType[]) {
    const reading = new Reading(randomModel(cell), long);
    reading.readTo(600);
    reading.accelerate(await loadKernel(0));
    const { distance, imprint } = reading.memory(599, 0);
    assert.ok(imprint > 0.1);
    assert.ok(cell === 'rnn' ? distance > 0 && distance < 1e-6 : distance === 0, `${distance}`);
  }
});

test('feedforward remembers nothing of earlier words', () => {
  const reading = new Reading(randomModel('feedforward'), sentence);
  reading.readTo(sentence.length);
  for (let t = 1; t < sentence.length; t++) {
    for (let k = 0; k < t; k++) {
      assert.equal(reading.memory(t, k).ratio, 0);
      assert.equal(reading.influence(t, k), 0);
    }
  }
});

test('the other cells remember something', () => {
  for (const cell of recurrent) {
    const reading = new Reading(randomModel(cell), sentence);
    reading.readTo(sentence.length);
    for (let k = 0; k < 5; k++) assert.ok(reading.memory(5, k).ratio! > 0, `${cell}, word ${k}`);
  }
});

test('a ratio may exceed 1', () => {
  const [model] = [1, 2, 3, 4, 5]
    .map((seed) => randomModel('lstm', { seed, forgetBias: 6 }))
    .filter((each) => {
      const reading = new Reading(each, sentence);
      reading.readTo(sentence.length);
      return reading.memory(sentence.length - 1, 0).ratio! > 1;
    });
  assert.ok(model, 'not clipped');
});

test('a text without words can be read', () => {
  for (const cell of cellTypes) {
    const model = randomModel(cell, { hiddenSize: 3 });
    const reading = new Reading(model, []);
    reading.readTo(5);
    assert.equal(reading.length, 0);
    assert.equal(reading.trace.length, 0);
    assert.equal(new Reading(model, sentence, reading).length, 0);
    const full = new Reading(model, sentence);
    full.readTo(3);
    assert.equal(new Reading(model, [], full).length, 0);
  }
});

test('reading without asking for memory runs no twins', () => {
  for (const cell of recurrent) {
    const { model, calls } = counted(randomModel(cell, { hiddenSize: 4 }));
    new Reading(model, sentence).readTo(sentence.length);
    assert.deepEqual(
      calls,
      sentence.map(() => ({ rows: 1, steps: 1 })),
    );
  }
});

test('in a long text each step runs the twins of the words in view, and no others', () => {
  const length = 2000;
  const inView = 40;
  const tokens = read(distinctWords(length, new Random('long')).join(' '));
  assert.equal(tokens.length, length);
  for (const cell of recurrent) {
    const { model, calls } = counted(randomModel(cell, { hiddenSize: 4 }));
    const reading = new Reading(model, tokens);
    const followed = 3;
    const steps: number[] = [];
    for (let t = 0; t < length; t++) {
      calls.length = 0;
      reading.readTo(t + 1);
      const words = Array.from({ length: inView }, (_, i) => t - i).filter((k) => k >= 0);
      reading.ensureMemory(t, [...words, followed]);
      // the word itself is one row
      steps.push(calls.reduce((sum, { rows, steps }) => sum + rows * steps, -1));
    }
    const most = inView + 1;
    assert.ok(Math.max(...steps) <= most, `${cell}: ${Math.max(...steps)} twins at one step`);
    assert.equal(steps[length - 1], most);
    assert.ok(reading.memory(length - 1, followed).distance >= 0);
    const expected = memoryMatrix(model.cell, inputs(model, tokens.slice(0, 60)));
    assert.equal(reading.memory(59, followed).distance, expected[59 * 60 + followed]);
  }
});

const vocabulary = ['<unk>', '.', ',', 'red', 'kite', 'anna', 'has', 'a'];

test('a story network predicts with softmax over the readout, unknown word left out, best first', () => {
  for (const cell of cellTypes) {
    const network = randomNetwork(cell, vocabulary);
    const model = trainedModel('story', network, vocabulary);
    const reading = new Reading(model, sentence);
    reading.readTo(sentence.length);
    for (const t of [0, 5, sentence.length - 1]) {
      const h = reading.hidden(t);
      const p = softmax(readLogits(network.readout, h, 1, h.length));
      const all = reading.predictions(t, 100)!;
      assert.equal(all.length, vocabulary.length - 1);
      for (const { word, probability } of all) {
        assert.equal(probability, p[vocabulary.indexOf(word)]);
      }
      for (let i = 1; i < all.length; i++) {
        assert.ok(all[i - 1].probability >= all[i].probability);
      }
      assert.deepEqual(reading.predictions(t, 3), all.slice(0, 3));
      assert.deepEqual(reading.predictions(t), all.slice(0, 5), 'five by default');
    }
  }
  const untrained = new Reading(randomModel('rnn'), sentence);
  untrained.readTo(1);
  assert.equal(untrained.predictions(0), null);
});

test('a story network reads unknown words as <unk> and unknown marks as a comma', () => {
  const network = randomNetwork('rnn', vocabulary);
  const model = trainedModel('story', network, vocabulary);
  const rowOf = (text: string): Floats => model.vector(read(text)[0]).slice();
  const embedding = (word: string): Floats => row(network.embedding, vocabulary.indexOf(word), 3);
  assert.equal(model.kind, 'story');
  assert.equal(model.vocabularySize, vocabulary.length);
  for (const [typed, known] of [
    ['Kite', 'kite'],
    ['zorb', '<unk>'],
    ['凧', '<unk>'],
    ['…', '.'],
    ['–', ','],
    ['”', ','],
    ['!', ','],
  ]) {
    assert.deepEqual(rowOf(typed), embedding(known), typed);
  }
  assert.deepEqual(
    read('Red zorb , ! < 🪁 anna').map((token) => model.knows(token)),
    [true, false, true, true, false, false, true],
  );
  const withoutComma = ['<unk>', 'a'];
  const bare = trainedModel('story', randomNetwork('rnn', withoutComma), withoutComma);
  assert.equal(bare.knows(read('!')[0]), false, 'without a comma, an unknown mark is unknown');
});

test('of a network of one’s own nothing is left out, and a mark it does not know is unknown', () => {
  const network = randomNetwork('rnn', vocabulary);
  const model = trainedModel('file', network, vocabulary);
  const reading = new Reading(model, sentence);
  reading.readTo(1);
  const all = reading.predictions(0, 100)!;
  assert.deepEqual(all.map(({ word }) => word).sort(), [...vocabulary].sort());
  assert.ok(Math.abs(all.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-12);
  const [mark] = read('!');
  assert.equal(model.knows(mark), false);
  assert.deepEqual(model.vector(mark).slice(), row(network.embedding, 0, 3));
});

test('equal probabilities stand in the order of the vocabulary', () => {
  const network = randomNetwork('rnn', vocabulary);
  network.readout.weight.fill(0);
  network.readout.bias.set([0, 1, 0, 0, 1, 0, 0, 1]);
  const model = trainedModel('file', network, vocabulary);
  const best = model.predict(new Float64Array(5), 5)!;
  assert.deepEqual(
    best.map(({ word }) => word),
    ['.', 'kite', 'a', '<unk>', ','],
  );
  assert.deepEqual(model.predict(new Float64Array(5), 0), []);
});

test('predictions are computed once for each step', () => {
  let asked = 0;
  const model = trainedModel('file', randomNetwork('gru', vocabulary), vocabulary);
  const counting: SentenceModel = {
    ...model,
    predict(h, count) {
      asked++;
      return model.predict(h, count);
    },
  };
  const reading = new Reading(counting, sentence);
  reading.readTo(3);
  const first = reading.predictions(2);
  first!.length = 0;
  for (const count of [1, 5, 3]) assert.equal(reading.predictions(2, count)!.length, count);
  assert.equal(asked, 1);
  assert.deepEqual(reading.predictions(2), model.predict(reading.hidden(2), 5));
  assert.equal(reading.predictions(2, 8)!.length, 8);
  assert.deepEqual(reading.predictions(1), model.predict(reading.hidden(1), 5));
});

test('states are taken over only from words that are read alike: case may matter', () => {
  const cased = ['<unk>', 'Red', 'red', 'kite'];
  const model = trainedModel('file', randomNetwork('lstm', cased), cased);
  const [before, after] = [read('red kite'), read('Red kite')];
  assert.notDeepEqual(model.vector(before[0]), model.vector(after[0]));
  const old = new Reading(model, before);
  old.readTo(2);
  const reading = new Reading(model, after, old);
  assert.equal(reading.length, 0);
  reading.readTo(2);
  const fresh = new Reading(model, after);
  fresh.readTo(2);
  assert.deepEqual(reading.trace, fresh.trace);
  assert.equal(new Reading(model, read('red kite red'), old).length, 2);
});

test('every vector that a model gives has its input size', () => {
  const models: SentenceModel[] = (['rnn', 'lstm'] satisfies CellType[]).flatMap((cell) => [
    randomModel(cell),
    trainedModel('story', randomNetwork(cell, vocabulary), vocabulary),
  ]);
  for (const model of models) {
    for (const token of read('red zorb! … 🪁')) {
      assert.equal(model.vector(token).length, model.cell.inputSize);
    }
  }
});
