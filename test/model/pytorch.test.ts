// Networks of PyTorch: every cell, element type and way of naming is read as what it is, and computes what it computed.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import {
  readLogits,
  runSequence,
  softmax,
  type CellType,
  type Network,
} from '../../src/engine/index.js';
import { loadModel, packNetwork } from '../../src/model/index.js';
import { Reading } from '../../src/model/reading.js';
import { writeSafetensors } from '../../src/model/safetensors.js';
import type { SentenceModel } from '../../src/model/sentence-model.js';
import { fromBfloat16, fromFloat16, toFloat16 } from '../../src/model/tensor-numbers.js';
import { tokenize } from '../../src/model/tokenizer.js';
import { byHand, words as byHandWords } from '../../tools/fixture.js';
import type { GoldenCase } from '../../tools/golden/compare.js';
import { largestError, type PytorchCase } from '../../tools/pytorch/compare.js';
import { randomNetwork, read } from '../support/model.js';
import {
  stateDict,
  stateDictFile,
  tensorOf,
  toBfloat16,
  type FloatType,
  type Names,
} from '../support/weight-files.js';

const words = ['<unk>', '.', ',', 'red', 'kite', 'naïve', '凧'];
const cells = ['rnn', 'lstm', 'gru'] as const;
const sentence = read('Red kite, red 凧 zorb.');

/** Every number of a network changed alike. */
function mapped({ embedding, cell, readout }: Network, change: (value: number) => number): Network {
  const map = (values: ArrayLike<number>): Float64Array => Float64Array.from(values, change);
  return {
    embedding: map(embedding),
    cell: {
      ...cell,
      weightIh: map(cell.weightIh),
      weightHh: map(cell.weightHh),
      biasIh: map(cell.biasIh),
      biasHh: map(cell.biasHh),
    },
    readout: { weight: map(readout.weight), bias: map(readout.bias) },
  };
}

/** States and probabilities of the sentence, straight from the engine. */
function computed(
  { embedding, cell, readout }: Network,
  vocabulary = words,
): { h: Float64Array; p: Float64Array } {
  const I = cell.inputSize;
  const x = sentence.flatMap(({ key }) => {
    const row = Math.max(0, vocabulary.indexOf(key));
    return [...embedding.subarray(row * I, (row + 1) * I)];
  });
  const { h } = runSequence(cell, Float64Array.from(x));
  const last = h.slice(-cell.hiddenSize);
  return { h, p: softmax(readLogits(readout, last, 1, cell.hiddenSize)) };
}

/** Reads the sentence with a model and compares every number with the engine's. */
function assertComputes(model: SentenceModel, network: Network): void {
  const { h, p } = computed(network);
  const reading = new Reading(model, sentence);
  reading.readTo(sentence.length);
  assert.deepEqual(reading.trace.h, h);
  for (const { word, probability } of reading.predictions(sentence.length - 1, words.length)!) {
    assert.equal(probability, p[words.indexOf(word)]);
  }
  assert.equal(model.kind, 'file');
  assert.equal(model.vocabularySize, words.length);
  assert.equal(model.predicts, true);
}

const rounding: Readonly<Record<FloatType, (value: number) => number>> = {
  F64: (value) => value,
  F32: Math.fround,
  F16: (value) => fromFloat16(toFloat16(value)),
  BF16: (value) => fromBfloat16(toBfloat16(value)),
};

test('all 65,536 bfloat16 patterns are the upper halves of float32 numbers', () => {
  const view = new DataView(new ArrayBuffer(4));
  for (let bits = 0; bits < 65536; bits++) {
    view.setUint32(0, bits * 65536);
    assert.ok(Object.is(fromBfloat16(bits), view.getFloat32(0)), bits.toString(16));
  }
});

for (const type of ['F64', 'F32', 'F16', 'BF16'] as const) {
  test(`${type}: every cell computes with the numbers that the file holds`, () => {
    for (const cell of cells) {
      for (const [inputSize, hiddenSize] of [
        [3, 5],
        [5, 3],
        [4, 4],
        [1, 1],
      ]) {
        const network = randomNetwork(cell, words, { inputSize, hiddenSize });
        const model = loadModel(stateDictFile(network, words, { type }));
        assert.equal(model.cell.cell, cell);
        assert.equal(model.cell.hiddenSize, hiddenSize);
        assert.equal(model.cell.inputSize, inputSize);
        assertComputes(model, mapped(network, rounding[type]));
      }
    }
  });
}

test('a file may mix element types', () => {
  const network = randomNetwork('gru', words);
  const { tensors, metadata } = stateDict(network, words, { type: 'F64' });
  const { shape } = tensors.get('embedding.weight')!;
  tensors.set('embedding.weight', tensorOf(network.embedding, shape, 'F16'));
  const rounded = { ...network, embedding: mapped(network, rounding.F16).embedding };
  assertComputes(loadModel(writeSafetensors({ tensors, metadata })), rounded);
});

test('networks with PyTorch’s reference numbers give PyTorch’s states', () => {
  const folder = new URL('../golden/', import.meta.url);
  let compared = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const golden = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as GoldenCase;
    // nn.GRU has no such cell
    if (golden.reset_after === false) continue;
    const { cell, input_size: I, hidden_size: H } = golden;
    // the inputs of the case are the vectors of words
    const vocabulary = golden.x.map((_, t) => `word${t}`);
    const flat = (rows: readonly (readonly number[])[]): number[] => rows.flat();
    const width = golden.bias_ih.length;
    const tensors = new Map([
      ['embedding.weight', tensorOf(flat(golden.x), [vocabulary.length, I], 'F64')],
      [`${cell}.weight_ih_l0`, tensorOf(flat(golden.weight_ih), [width, I], 'F64')],
      [`${cell}.weight_hh_l0`, tensorOf(flat(golden.weight_hh), [width, H], 'F64')],
      [`${cell}.bias_ih_l0`, tensorOf(golden.bias_ih, [width], 'F64')],
      [`${cell}.bias_hh_l0`, tensorOf(golden.bias_hh, [width], 'F64')],
    ]);
    const metadata = { vocabulary: JSON.stringify(vocabulary) };
    const model = loadModel(writeSafetensors({ tensors, metadata }));
    assert.equal(model.cell.cell, cell);
    const tokens = read(vocabulary.join(' '));
    const x = Float64Array.from(tokens.flatMap((token) => [...model.vector(token)]));
    const initial = {
      ...(golden.h0 && { h: Float64Array.from(golden.h0) }),
      ...(golden.c0 && { c: Float64Array.from(golden.c0) }),
    };
    const { h } = runSequence(model.cell, x, initial);
    const expected = golden.h ? flat(golden.h) : golden.h_last!;
    expected.forEach((value, i) => {
      // what the engine itself is held to
      assert.ok(Math.abs(h[h.length - expected.length + i] - value) < 1e-9, `${name}: ${i}`);
    });
    const reading = new Reading(model, tokens);
    reading.readTo(tokens.length);
    assert.deepEqual(reading.trace, runSequence(model.cell, x));
    compared++;
  }
  assert.ok(compared >= 6, `${compared} cases`);
});

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

test('a network that PyTorch trained and saved predicts what PyTorch predicts', () => {
  // written by `npm run pytorch -- --write` from the recipe of docs/own-network.md
  const model = loadModel(fixture('pytorch.safetensors'));
  const expected = JSON.parse(new TextDecoder().decode(fixture('pytorch.json'))) as PytorchCase;
  const error = largestError(model, expected);
  // PyTorch computed in float64, too
  assert.ok(error < 1e-12, `${error}`);
  const tokens = read('Ben has a green kite. Anna has a blue ball. The kite of Ben is');
  assert.deepEqual(
    tokens.map(({ key }) => key),
    expected.sentence,
  );
  const reading = new Reading(model, tokens);
  reading.readTo(tokens.length);
  const [best] = reading.predictions(tokens.length - 1)!;
  assert.equal(best.word, 'green');
  assert.ok(best.probability > 0.9);
});

test('a network whose every number was chosen by hand does what was meant', () => {
  assert.deepEqual(fixture('by-hand.safetensors'), Buffer.from(byHand()), 'npm run fixture');
  const model = loadModel(byHand());
  const tokens = read('Anna has a red kite. The kite is');
  const reading = new Reading(model, tokens);
  reading.readTo(tokens.length);
  const now = tokens.length - 1;
  const sigma = (x: number): number => 1 / (1 + Math.exp(-x));
  const [open, shut] = [sigma(12), sigma(-12)];
  // “red” writes ±1 into what was nothing, and five words later it is still there
  const c = open * Math.tanh(12) * open ** (now - 3);
  const h = open * Math.tanh(c);
  const near = (found: number, expected: number): void => {
    assert.ok(Math.abs(found - expected) < 1e-12, `${found}, not ${expected}`);
  };
  near(reading.cellState(now)[0], c);
  near(reading.cellState(now)[1], -c);
  near(reading.hidden(now)[0], h);
  near(reading.hidden(now)[1], -h);
  // the twin that missed “red” has nothing to keep
  const imprint =
    Math.SQRT2 * Math.hypot(open * Math.tanh(12), shut * Math.tanh(open * Math.tanh(12)));
  near(reading.memory(now, 3).ratio!, (Math.SQRT2 * Math.hypot(c, h)) / imprint);
  assert.equal(reading.memory(now, 4).ratio, null, 'a word that is nothing leaves nothing');
  const total = Math.exp(6 * h) + Math.exp(-6 * h) + Math.exp(-5) + (byHandWords.length - 3);
  const predictions = reading.predictions(now, byHandWords.length)!;
  assert.equal(predictions[0].word, 'red');
  near(predictions[0].probability, Math.exp(6 * h) / total);
  assert.deepEqual(
    predictions.slice(-2).map(({ word }) => word),
    ['blue', '<unk>'],
  );
});

// ---- names ------------------------------------------------------------------------------------------------------------

const namings: Readonly<Record<string, Partial<Names>>> = {
  usual: {},
  short: { embedding: 'emb.weight', cell: 'lstm.', readout: 'out.weight', readoutBias: 'out.bias' },
  'encoder and decoder': {
    embedding: 'encoder.weight',
    cell: 'rnn.',
    readout: 'decoder.weight',
    readoutBias: 'decoder.bias',
  },
  'in modules of modules': {
    embedding: 'model.embedder.embedding.weight',
    cell: 'model.rnn.rnn.',
    readout: 'model.head.linear.weight',
    readoutBias: 'model.head.linear.bias',
  },
  'a decoder with everything in it': {
    embedding: 'decoder.embedding.weight',
    cell: 'decoder.gru.',
    readout: 'decoder.fc_out.weight',
    readoutBias: 'decoder.fc_out.bias',
  },
  'the bare state dict of the cell': {
    embedding: 'word_vectors',
    cell: '',
    readout: 'projection',
    readoutBias: 'projection_bias',
  },
  'a cell class': { cell: 'cell.', end: '' },
  'names that say nothing': {
    embedding: 'a.weight',
    cell: 'b.',
    readout: 'c.weight',
    readoutBias: 'c.bias',
  },
  'names from the language': {
    embedding: '__proto__',
    cell: 'constructor.',
    readout: 'toString.weight',
    readoutBias: 'toString.bias',
  },
};

for (const [name, names] of Object.entries(namings)) {
  test(`names: ${name}`, () => {
    for (const [inputSize, hiddenSize] of [
      [3, 5],
      [4, 4],
    ]) {
      const network = randomNetwork('lstm', words, { inputSize, hiddenSize });
      const found = loadModel(stateDictFile(network, words, { names, type: 'F64' }));
      assertComputes(found, network);
    }
  });
}

test('names: the order of the tensors is of no account', () => {
  const network = randomNetwork('gru', words, { inputSize: 4, hiddenSize: 4 });
  const { tensors, metadata } = stateDict(network, words, { type: 'F64' });
  const reversed = new Map([...tensors].reverse());
  assertComputes(loadModel(writeSafetensors({ tensors: reversed, metadata })), network);
});

test('names: two matrices alike are told apart by their names where no bias does', () => {
  const network = randomNetwork('lstm', words, { inputSize: 4, hiddenSize: 4 });
  network.readout.bias.fill(0);
  for (const [embedding, readout] of [
    ['embedding.weight', 'fc.weight'],
    ['emb.weight', 'w'],
    ['w', 'fc.weight'],
    ['encoder.weight', 'decoder.weight'],
    ['decoder.lookup.weight', 'decoder.weight'],
    ['linear.word_embedding', 'embedding.to.logits'],
    ['input.weight', 'output.weight'],
  ]) {
    const names = { embedding, readout };
    const file = stateDictFile(network, words, { names, type: 'F64', readoutBias: false });
    assertComputes(loadModel(file), network);
  }
});

test('names: shapes decide before names do', () => {
  const network = randomNetwork('lstm', words, { inputSize: 3, hiddenSize: 5 });
  const names = { embedding: 'fc.weight', readout: 'embedding.weight', readoutBias: 'bias' };
  assertComputes(loadModel(stateDictFile(network, words, { names, type: 'F64' })), network);
});

test('names: a matrix that embedding and readout share', () => {
  const network = randomNetwork('gru', words, { inputSize: 4, hiddenSize: 4 });
  const tied: Network = {
    ...network,
    readout: { ...network.readout, weight: network.embedding },
  };
  // save_file of a clone: twice the same numbers
  assertComputes(loadModel(stateDictFile(tied, words, { type: 'F64' })), tied);
  // save_model: once, and the other name in the metadata
  const { tensors, metadata } = stateDict(tied, words, { type: 'F64' });
  tensors.delete('fc.weight');
  const shared = { ...metadata, 'fc.weight': 'embedding.weight' };
  assertComputes(loadModel(writeSafetensors({ tensors, metadata: shared })), tied);
});

// ---- what may be missing ------------------------------------------------------------------------------------------------

test('a cell without biases (bias=False) has biases of zero', () => {
  for (const cell of cells) {
    const network = randomNetwork(cell, words);
    network.cell.biasIh.fill(0);
    network.cell.biasHh.fill(0);
    network.readout.bias.fill(0);
    const options = { type: 'F64', biases: false, readoutBias: false } as const;
    assertComputes(loadModel(stateDictFile(network, words, options)), network);
  }
});

test('a network without a readout has states and no prediction', () => {
  for (const cell of cells) {
    for (const [inputSize, hiddenSize] of [
      [3, 5],
      [4, 4],
    ]) {
      const network = randomNetwork(cell, words, { inputSize, hiddenSize });
      const file = stateDictFile(network, words, { type: 'F64', readout: false });
      const model = loadModel(file);
      assert.equal(model.predicts, false);
      assert.equal(model.predict(new Float64Array(hiddenSize), 5), null);
      const reading = new Reading(model, sentence);
      reading.readTo(sentence.length);
      assert.deepEqual(reading.trace.h, computed(network).h);
      assert.equal(reading.predictions(2), null);
      assert.ok(reading.memory(3, 1).ratio! > 0);
    }
  }
});

test('an RNN with ReLU is one if the metadata says so', () => {
  const network = randomNetwork('rnn', words);
  const metadata = { nonlinearity: 'relu' };
  const file = stateDictFile(network, words, { type: 'F64', metadata });
  const relu: Network = { ...network, cell: { ...network.cell, nonlinearity: 'relu' } };
  assertComputes(loadModel(file), relu);
  const { h } = computed(relu);
  assert.ok(
    h.every((value) => value >= 0) && h.some((value) => value > 1),
    'the states have no upper bound',
  );
  // by hand: h = max(0, W x + b + b')
  const { cell, embedding } = network;
  const [first] = h;
  const x = embedding.subarray(3 * 3, 4 * 3);
  const sum = [...x].reduce((total, value, i) => total + value * cell.weightIh[i], 0);
  assert.ok(Math.abs(first - Math.max(0, sum + cell.biasIh[0] + cell.biasHh[0])) < 1e-12);

  const tanh = loadModel(stateDictFile(network, words, { metadata: { nonlinearity: 'tanh' } }));
  assert.equal(tanh.cell.nonlinearity, undefined);
  const packed = loadModel(packNetwork(relu, words));
  assert.equal(packed.cell.nonlinearity, 'relu', 'our own files say it, too');
});

test('what the metadata says of the cell may be said in capitals', () => {
  const network = randomNetwork('lstm', words);
  for (const cell of ['lstm', 'LSTM']) {
    const file = stateDictFile(network, words, { metadata: { cell } });
    assert.equal(loadModel(file).cell.cell, 'lstm');
  }
});

test('our own files are read, the feedforward layer included', () => {
  for (const cell of ['feedforward', ...cells] satisfies CellType[]) {
    const network = randomNetwork(cell, words);
    const model = loadModel(packNetwork(network, words));
    assert.equal(model.cell.cell, cell);
    assert.equal(model.knows(read('kite')[0]), true);
    const reading = new Reading(model, sentence);
    reading.readTo(sentence.length);
    const { h } = computed(network);
    // a row of int8 is off by at most 1/254 of its largest number
    reading.trace.h.forEach((value, i) => assert.ok(Math.abs(value - h[i]) < 0.1));
  }
});

// ---- words --------------------------------------------------------------------------------------------------------------

/** A model with this vocabulary; the vector of a word is its row: row 3 is [3]. */
function withVocabulary(
  vocabulary: string,
  count: number,
  metadata: Readonly<Record<string, string>> = {},
): SentenceModel {
  const names = Array.from({ length: count }, (_, i) => String(i));
  const network = randomNetwork('rnn', names, { inputSize: 1, hiddenSize: 2 });
  network.embedding.forEach((_, i) => (network.embedding[i] = i));
  network.readout.weight.fill(0);
  network.readout.bias.forEach((_, i) => (network.readout.bias[i] = -i));
  return loadModel(stateDictFile(network, names, { metadata: { ...metadata, vocabulary } }));
}

/** Which row each word is read as, and whether it is known. */
const rows = (model: SentenceModel, text: string): [row: number, known: boolean][] =>
  read(text).map((token) => [model.vector(token)[0], model.knows(token)]);

test('a vocabulary is a JSON array or one word a line', () => {
  for (const vocabulary of [
    '["<unk>","red","kite"]',
    ' \n["<unk>",\n "red", "kite"]\n'.trim(),
    '<unk>\nred\nkite',
    '<unk>\nred\nkite\n',
    '<unk>\r\nred\r\nkite\r\n',
    '[UNK]\nred\nkite',
    '["unk", "red", "k\\u0069te"]',
  ]) {
    assert.deepEqual(
      rows(withVocabulary(vocabulary, 3), 'red kite blue'),
      [
        [1, true],
        [2, true],
        [0, false],
      ],
      vocabulary,
    );
  }
  const bracket = withVocabulary('[PAD]\n[UNK]\nred', 3);
  assert.deepEqual(rows(bracket, 'red blue'), [
    [2, true],
    [1, false],
  ]);
});

test('unknown words are read as the token for them, wherever it stands', () => {
  for (const token of ['<unk>', '[UNK]', '<UNK>', 'unk']) {
    const model = withVocabulary(JSON.stringify(['red', token, 'kite']), 3);
    assert.equal(model.unknownAsZeros, false);
    assert.deepEqual(rows(model, 'kite blue'), [
      [2, true],
      [1, false],
    ]);
  }
  const named = withVocabulary('["<unk>","red","oov"]', 3, { unknown: 'oov' });
  assert.deepEqual(rows(named, 'blue'), [[2, false]]);
});

test('without such a token an unknown word is read as zeros, and leaves no imprint', () => {
  const model = withVocabulary('["red","green","kite"]', 3);
  assert.equal(model.unknownAsZeros, true);
  assert.deepEqual(rows(model, 'green blue kite !'), [
    [1, true],
    [0, false],
    [2, true],
    [0, false],
  ]);
  const reading = new Reading(model, read('green blue'));
  reading.readTo(2);
  assert.equal(reading.memory(1, 1).ratio, null);
});

test('a word is looked up as typed, then in lower case', () => {
  const cased = withVocabulary('["anna","Anna","kite","NASA","…","."]', 6);
  assert.deepEqual(rows(cased, 'Anna anna ANNA Kite… NASA. nasa'), [
    [1, true],
    [0, true],
    [0, true],
    [2, true],
    [4, true],
    [3, true],
    [5, true],
    [0, false],
  ]);
  const plain = withVocabulary('["anna","."]', 2);
  assert.deepEqual(rows(plain, 'Anna …'), [
    [0, true],
    [1, true],
  ]);
});

test('a network may read characters: spaces are a token, and are shown as one', () => {
  const model = withVocabulary('[" ","a","b","A","\\n",";"]', 6);
  const tokens = tokenize('Ab a;', 'characters', 'en');
  assert.deepEqual(
    tokens.map((token) => model.vector(token)[0]),
    [3, 2, 0, 1, 5],
  );
  assert.ok(tokens.every((token) => model.knows(token)));
  assert.deepEqual(
    model.predict(new Float64Array(2), 5)!.map(({ word }) => word),
    ['␣', 'a', 'b', 'A', '⏎'],
  );
});
