// Why a weight file is refused: a file for every reason, with the code, the details and the words that come out.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { CellType } from '../../src/engine/index.js';
import { english, loadModel, packNetwork, unpackNetwork } from '../../src/model/index.js';
import { maximumFileBytes, writeSafetensors, type Tensor } from '../../src/model/safetensors.js';
import {
  WeightFileError,
  weightFileMessages,
  type WeightFileCode,
} from '../../src/model/weight-file-error.js';
import { randomNetwork } from '../support/model.js';
import {
  fileWithHeader,
  stateDict,
  tensorOf,
  type StateDictOptions,
} from '../support/weight-files.js';

const words = ['<unk>', 'the', 'cat', 'sat', 'down'];

interface Sizes extends StateDictOptions {
  readonly cell?: CellType;
  readonly inputSize?: number;
  readonly hiddenSize?: number;
}

/** A valid file (5 words, I = 3, H = 4, an LSTM unless said otherwise) with something changed. */
function changed(
  change: (tensors: Map<string, Tensor>, metadata: Record<string, string>) => void,
  { cell = 'lstm', inputSize = 3, hiddenSize = 4, ...options }: Sizes = {},
): Uint8Array {
  const network = randomNetwork(cell, words, { inputSize, hiddenSize });
  const { tensors, metadata } = stateDict(network, words, options);
  change(tensors, metadata);
  return writeSafetensors({ tensors, metadata });
}

/** Another tensor in a valid file, or one in place of the one that has the name. */
const withTensor = (name: string, shape: readonly number[], sizes: Sizes = {}): Uint8Array =>
  changed((tensors) => {
    const count = shape.reduce((product, size) => product * size, 1);
    tensors.set(name, tensorOf(new Float64Array(count), shape));
  }, sizes);

const withMetadata = (entries: Record<string, string>, sizes: Sizes = {}): Uint8Array =>
  changed((_, metadata) => Object.assign(metadata, entries), sizes);

/** A second cell or layer beside the first one. */
function withLayers(cell: CellType, ...ends: string[]): Uint8Array {
  return changed(
    (tensors) => {
      for (const end of ends) {
        for (const part of ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']) {
          const tensor = tensors.get(`rnn.${part}_l0`);
          assert.ok(tensor);
          tensors.set(end.includes('.') ? end.replace('*', part) : `rnn.${part}${end}`, tensor);
        }
      }
    },
    { cell },
  );
}

/** nn.LSTM(3, 8, proj_size=4) */
const projected = changed(
  (tensors) => {
    tensors.set('rnn.weight_hr_l0', tensorOf(new Float64Array(32), [4, 8]));
    tensors.set('rnn.weight_hh_l0', tensorOf(new Float64Array(128), [32, 4]));
    tensors.set('rnn.weight_ih_l0', tensorOf(new Float64Array(96), [32, 3]));
  },
  { biases: false },
);

const header = (tensor: Record<string, unknown>, bytes = 4): Uint8Array =>
  fileWithHeader({ a: { dtype: 'I8', shape: [4], data_offsets: [0, 4], ...tensor } }, bytes);

/** The first bytes of a file of torch.save: a ZIP archive since 1.6, pickles before. */
const torchSave = (...start: number[]): Uint8Array => {
  const bytes = new Uint8Array(5000);
  bytes.set(start);
  return bytes;
};

const withNumber = (value: number): Uint8Array =>
  changed(
    (tensors) => {
      tensors.set('fc.bias', tensorOf([1, 2, value, 4, 5], [5], 'F64'));
    },
    { type: 'F32' },
  );

/** What is read, what comes out. */
const refusals: readonly (readonly [Uint8Array, WeightFileCode, string])[] = [
  // the container
  [new Uint8Array(maximumFileBytes + 1), 'too-large', 'the file is larger than 50 MB'],
  [new Uint8Array(7), 'too-short', 'the file is too short to be a safetensors file'],
  ...[
    [0x50, 0x4b, 3, 4],
    [0x80, 2, 0x8a, 0x0a, 0x6c],
  ].map(
    (start) =>
      [
        torchSave(...start),
        'torch-save',
        'the file was written by torch.save, which Python alone can read; safetensors.torch.save_file writes one that can be read here',
      ] as const,
  ),
  [
    new TextEncoder().encode('<!doctype html><title>Not found</title>'),
    'web-page',
    'this is a web page, no safetensors file',
  ],
  [
    new Uint8Array(8).fill(255),
    'header-size',
    'no safetensors file: the header claims 18446744073709552000 bytes',
  ],
  [fileWithHeader('{"a":'), 'header-json', 'the header is not valid JSON'],
  [fileWithHeader([]), 'header-object', 'the header is not a JSON object'],
  [fileWithHeader({ __metadata__: [] }), 'metadata-object', '__metadata__ is not an object'],
  [
    fileWithHeader({ __metadata__: { vocabulary: ['a'] } }),
    'metadata-text',
    '__metadata__ holds something else than text',
  ],
  [
    fileWithHeader(
      Object.fromEntries(
        Array.from({ length: 65 }, (_, i) => [
          `t${i}`,
          { dtype: 'I8', shape: [0], data_offsets: [0, 0] },
        ]),
      ),
    ),
    'tensor-count',
    'the file holds more than 64 tensors',
  ],
  [
    fileWithHeader(
      { a: { dtype: 'I8', shape: [25_000_001], data_offsets: [0, 25_000_001] } },
      25_000_001,
    ),
    'number-count',
    'the file holds more than 25 million numbers',
  ],
  [fileWithHeader({ a: 1 }), 'tensor-entry', 'tensor a has no description'],
  [
    header({ dtype: 'I64' }),
    'element-type',
    'tensor a: element type I64 is not supported; F64, F32, F16 and BF16 are',
  ],
  [header({ shape: [-4] }), 'tensor-shape', 'tensor a has no valid shape'],
  [header({ data_offsets: [0, 4.5] }), 'tensor-offsets', 'tensor a has no valid offsets'],
  [header({}, 3), 'offsets-outside', 'the offsets of tensor a lie outside the file'],
  [header({ shape: [5] }), 'offsets-shape', 'the offsets of tensor a do not fit its shape'],
  [header({ shape: [3], data_offsets: [1, 4] }), 'cover', 'tensors overlap or leave a gap'],
  [header({}, 5), 'rest', 'the file ends with 1 byte of no tensor'],
  // the numbers
  [withNumber(NaN), 'not-finite', 'tensor fc.bias holds a number that is not finite'],
  [withNumber(-Infinity), 'not-finite', 'tensor fc.bias holds a number that is not finite'],
  [
    withNumber(-1e39),
    'out-of-range',
    'tensor fc.bias holds a number that is larger than float32 can hold',
  ],
  [
    changed((tensors) =>
      tensors.set('fc.weight', { type: 'I8', shape: [5, 4], bytes: new Uint8Array(20) }),
    ),
    'int8',
    'tensor fc.weight is I8, but no matrix with a scale for each row in fc.weight.scale',
  ],
  // the cell
  [
    changed((tensors) => {
      for (const name of [...tensors.keys()]) if (name.startsWith('rnn.')) tensors.delete(name);
    }),
    'no-cell',
    'no nn.RNN, nn.LSTM or nn.GRU was found: the file holds no weight_hh_l0, but embedding.weight, fc.weight, fc.bias',
  ],
  [
    fileWithHeader({}),
    'no-cell',
    'no nn.RNN, nn.LSTM or nn.GRU was found: the file holds no weight_hh_l0, but nothing',
  ],
  [
    withLayers('gru', 'second.*_l0', 'third.*_l0'),
    'several-cells',
    'the file holds 3 cells (rnn.weight_hh_l0, second.weight_hh_l0, third.weight_hh_l0); one is supported',
  ],
  [
    withLayers('gru', ''),
    'several-cells',
    'the file holds 2 cells (rnn.weight_hh_l0, rnn.weight_hh); one is supported',
  ],
  [
    withLayers('lstm', '_l1'),
    'cell-kind',
    'the file holds an LSTM of 2 layers; one layer, one direction, no projection is supported',
  ],
  [
    withLayers('gru', '_l0_reverse'),
    'cell-kind',
    'the file holds a GRU in both directions; one layer, one direction, no projection is supported',
  ],
  [
    withLayers('rnn', '_l1', '_l2', '_l0_reverse', '_l1_reverse', '_l2_reverse'),
    'cell-kind',
    'the file holds an RNN of 3 layers, in both directions; one layer, one direction, no projection is supported',
  ],
  [
    projected,
    'cell-kind',
    'the file holds an LSTM with a projection; one layer, one direction, no projection is supported',
  ],
  [
    withTensor('rnn.weight_hh_l0', [8, 4]),
    'cell-blocks',
    'rnn.weight_hh_l0 is 8 × 4; an RNN, a GRU and an LSTM have 1, 3 and 4 times as many rows as columns',
  ],
  [
    withTensor('rnn.weight_hh_l0', [0, 0]),
    'cell-blocks',
    'rnn.weight_hh_l0 is 0 × 0; an RNN, a GRU and an LSTM have 1, 3 and 4 times as many rows as columns',
  ],
  [
    changed((tensors) => tensors.delete('rnn.weight_ih_l0')),
    'cell-missing',
    'the cell has no rnn.weight_ih_l0',
  ],
  [
    changed((tensors) => tensors.delete('rnn.bias_hh_l0')),
    'cell-missing',
    'the cell has no rnn.bias_hh_l0',
  ],
  [withTensor('rnn.weight_ih_l0', [12, 3]), 'cell-shape', 'rnn.weight_ih_l0 is 12 × 3, not 16 × 3'],
  [withTensor('rnn.weight_hh_l0', [16]), 'cell-shape', 'rnn.weight_hh_l0 is 16, not a matrix'],
  [withTensor('rnn.bias_ih_l0', []), 'cell-shape', 'rnn.bias_ih_l0 is a single number, not 16'],
  [
    withMetadata({ cell: 'gru' }),
    'cell-name',
    'the metadata says that the cell is “gru”, but the weights are those of an LSTM',
  ],
  [
    withTensor('rnn.weight_hh_l0', [1025, 1025]),
    'cell-units',
    'the cell has 1025 units; 1 to 1024 are supported',
  ],
  [
    withTensor('rnn.weight_ih_l0', [16, 4097]),
    'cell-inputs',
    'the cell reads vectors of 4097 numbers; 1 to 4096 are supported',
  ],
  [
    withMetadata({ nonlinearity: 'sigmoid' }, { cell: 'rnn' }),
    'nonlinearity',
    'the metadata asks for the nonlinearity “sigmoid”; tanh is supported, and in an RNN relu',
  ],
  [
    withMetadata({ nonlinearity: 'relu' }),
    'nonlinearity',
    'the metadata asks for the nonlinearity “relu”; tanh is supported, and in an RNN relu',
  ],
  // the words
  ...[{ vocabulary: '' }, { vocabulary: '[]' }].map(
    (entries) =>
      [
        withMetadata(entries),
        'no-vocabulary',
        'the metadata has no vocabulary: the words in the order of the embedding’s rows, as a JSON array or one a line',
      ] as const,
  ),
  ...['["the", 1]', '{"the":0}', '["the","cat"', '[["the"]]', '[null]'].map(
    (vocabulary) =>
      [
        withMetadata({ vocabulary }),
        'vocabulary-json',
        'the vocabulary in the metadata is no JSON array of words; it has to be one, or text with one word a line',
      ] as const,
  ),
  [
    withMetadata({ vocabulary: 'the\ncat\nsat\nthe\ndown' }),
    'word-twice',
    'the vocabulary has “the” twice',
  ],
  [
    withMetadata({ unknown: '<oov>' }),
    'no-unknown-word',
    'the metadata says that “<oov>” stands for unknown words, but the vocabulary does not have it',
  ],
  [
    withMetadata({ vocabulary: 'the\ncat' }),
    'word-count',
    'the vocabulary has 2 words, but embedding.weight has 5 rows',
  ],
  // embedding and readout
  [
    changed((tensors) => tensors.delete('embedding.weight')),
    'no-embedding',
    'no embedding was found: a matrix of 5 × 3 (words × inputs of the cell) among fc.weight (5 × 4)',
  ],
  [
    changed((tensors) => tensors.delete('embedding.weight'), { inputSize: 4 }),
    'no-embedding',
    'no embedding was found: a matrix of 5 × 4 (words × inputs of the cell) among fc.weight (5 × 4)',
  ],
  [
    changed(() => undefined, {
      inputSize: 4,
      readoutBias: false,
      names: { embedding: 'w1', readout: 'w2' },
    }),
    'ambiguous',
    'neither shapes nor names tell which of w1, w2 is the embedding and which the readout; names such as embedding.weight and readout.weight do',
  ],
  [
    withTensor('positions.emb', [5, 3]),
    'ambiguous',
    'neither shapes nor names tell which of embedding.weight, positions.emb, fc.weight is the embedding and which the readout; names such as embedding.weight and readout.weight do',
  ],
  [
    withTensor('a.out', [5, 4], { readoutBias: false }),
    'ambiguous',
    'neither shapes nor names tell which of embedding.weight, fc.weight, a.out is the embedding and which the readout; names such as embedding.weight and readout.weight do',
  ],
  [
    changed((tensors) => {
      tensors.set('fc.weight', tensorOf(new Float64Array(8), [2, 4]));
      tensors.set('fc.bias', tensorOf([0, 0]));
    }),
    'readout-size',
    'fc.weight has 2 outputs, but a next-word prediction has one for each of the 5 words; without that layer the file can be read, and shows states and memory',
  ],
  [
    withTensor('norm.weight', [4]),
    'extra-tensor',
    'norm.weight (4) belongs neither to an embedding nor to the cell nor to its readout, so this network would not be computed as it was trained',
  ],
  [
    withTensor('attention.in_proj', [12, 5]),
    'extra-tensor',
    'attention.in_proj (12 × 5) belongs neither to an embedding nor to the cell nor to its readout, so this network would not be computed as it was trained',
  ],
];

function refusal(read: () => unknown): WeightFileError {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof WeightFileError, String(error));
    return error;
  }
  throw new Error('it was read');
}

test('every refusal says what was found', () => {
  for (const [bytes, code, message] of refusals) {
    const error = refusal(() => loadModel(bytes));
    assert.equal(error.message, message);
    assert.equal(error.code, code);
    assert.equal(error.name, 'WeightFileError');
    assert.ok(error instanceof Error);
  }
});

test('the code and the details make the message: another language can make its own', () => {
  for (const [bytes] of refusals) {
    const { code, details, message } = refusal(() => loadModel(bytes));
    const make = weightFileMessages[code] as (...all: readonly unknown[]) => string;
    assert.equal(make(...details), message);
    assert.deepEqual(structuredClone(details), details, 'plain data');
  }
  assert.deepEqual(refusal(() => loadModel(withLayers('lstm', '_l1'))).details, [
    'an LSTM',
    2,
    false,
    false,
  ]);
});

test('there is a file for every reason', () => {
  const { readout, ...rest } = randomNetwork('rnn', words);
  const silent = writeSafetensors(stateDict({ ...rest, readout }, words, { readout: false }));
  const last = refusal(() => unpackNetwork(silent));
  assert.equal(last.message, 'the file has no readout');
  assert.deepEqual(
    [...new Set([...refusals.map(([, code]) => code), last.code])].sort(),
    Object.keys(weightFileMessages).sort(),
  );
  loadModel(silent);
});

test('what is changed here is what makes the difference', () => {
  for (const cell of ['rnn', 'gru', 'lstm'] as const) loadModel(changed(() => undefined, { cell }));
  loadModel(changed(() => undefined, { inputSize: 4 }));
  loadModel(withTensor('rnn.weight_ih_l0', [16, 3]));
  loadModel(withNumber(3.4e38));
  loadModel(packNetwork(randomNetwork('gru', words), words));
});

test('limits: names for shared tensors count, too', () => {
  const shared = (count: number): Uint8Array =>
    withMetadata(
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`other${i}`, 'fc.bias'])),
    );
  assert.equal(refusal(() => loadModel(shared(57))).code, 'extra-tensor');
  assert.equal(refusal(() => loadModel(shared(58))).code, 'tensor-count');
});

test('limits: as much as is allowed is read', () => {
  const [H, I] = [1024, 4096];
  const names = ['a', 'b'];
  const file = writeSafetensors({
    tensors: new Map([
      ['emb', tensorOf(new Float64Array(2 * I), [2, I], 'BF16')],
      ['weight_ih_l0', tensorOf(new Float64Array(H * I), [H, I], 'BF16')],
      ['weight_hh_l0', tensorOf(new Float64Array(H * H), [H, H], 'BF16')],
    ]),
    metadata: { vocabulary: names.join('\n') },
  });
  const { cell } = loadModel(file);
  assert.deepEqual([cell.inputSize, cell.hiddenSize], [I, H]);
});

test('the messages in docs/own-network.md are those that come out', () => {
  const url = new URL('../../docs/own-network.md', import.meta.url);
  const listed = readFileSync(url, 'utf8')
    .split('## What you may be told')[1]
    .split('\n## ')[0]
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.split('|')[1].trim().replace(/…$/, ''));
  const made = [
    weightFileMessages['torch-save'](),
    weightFileMessages['web-page'](),
    weightFileMessages['cell-kind']('an LSTM', 2, false, false),
    weightFileMessages['no-vocabulary'](),
    weightFileMessages['word-count'](14, 'embedding.weight', 15),
    weightFileMessages['readout-size']('fc.weight', 2, 14),
    weightFileMessages.ambiguous(['a.weight', 'b.weight']),
    weightFileMessages['extra-tensor']('norm.weight', '32'),
    weightFileMessages['not-finite']('lstm.weight_hh_l0'),
    english.problem.overflow('12'),
  ];
  assert.equal(listed.length, made.length);
  listed.forEach((message, i) => {
    assert.ok(made[i].startsWith(message) && message.length > 20, `${message}, not ${made[i]}`);
  });
});

test('messages stay short, whatever the file names', () => {
  const long = 'x'.repeat(5000);
  const files = [
    withTensor(`${long}.norm`, [4]),
    withMetadata({ cell: long }),
    withMetadata({ nonlinearity: long }, { cell: 'rnn' }),
    withMetadata({ unknown: long }),
    withMetadata({ vocabulary: `${long}\n${long}` }),
    fileWithHeader({ [long]: 1 }),
    header({ dtype: long }),
    changed((tensors) => {
      for (const name of [...tensors.keys()]) if (name.startsWith('rnn.')) tensors.delete(name);
      for (let i = 0; i < 40; i++) tensors.set(`${long}${i}`, tensorOf([1]));
    }),
  ];
  for (const bytes of files) {
    const { message } = refusal(() => loadModel(bytes));
    assert.ok(message.length < 420, `${message.length}: ${message}`);
  }
});
