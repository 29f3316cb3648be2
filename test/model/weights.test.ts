// Our own weight files: what is written comes back, what is broken is refused, and what is shipped is small and complete.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  Random,
  cellTypes,
  parametersOf,
  type CellType,
  type Floats,
  type Network,
} from '../../src/engine/index.js';
import {
  maximumFileBytes,
  readSafetensors,
  writeSafetensors,
  type Tensor,
} from '../../src/model/safetensors.js';
import { storyModel } from '../../src/model/shipped.js';
import { storyWords } from '../../src/model/story/vocabulary.js';
import { bytesOf, storyLimit } from '../../src/model/story/weight-text.js';
import { fromFloat16, toFloat16 } from '../../src/model/tensor-numbers.js';
import { WeightFileError } from '../../src/model/weight-file-error.js';
import { packNetwork, unpackNetwork } from '../../src/model/weights.js';
import { between } from '../support/engine.js';
import { randomNetwork, read } from '../support/model.js';
import { fileWithHeader as file } from '../support/weight-files.js';
import { textOf } from '../../tools/story/text-of.js';

const words = ['<unk>', '.', ',', 'red', 'kite', 'naïve', '凧'];

const refused = (bytes: Uint8Array, why: RegExp): void => {
  assert.throws(
    () => readSafetensors(bytes),
    (error) => error instanceof WeightFileError && why.test(error.message),
    String(why),
  );
};

const tensor = (dtype: string, shape: unknown, offsets: unknown): Record<string, unknown> => ({
  dtype,
  shape,
  data_offsets: offsets,
});

// ---- half precision ---------------------------------------------------------------------------------------------------

test('all 65,536 half-precision patterns are read as IEEE 754 says', () => {
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits >> 15 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const value = fromFloat16(bits);
    if (exponent === 31 && fraction > 0) assert.ok(Number.isNaN(value), bits.toString(16));
    else if (exponent === 31) assert.equal(value, sign * Infinity);
    else {
      // subnormal numbers have the exponent of the smallest normal ones and no hidden bit
      const whole = exponent === 0 ? fraction : 1024 + fraction;
      const expected = sign * whole * 2 ** (Math.max(exponent, 1) - 25);
      assert.ok(Object.is(value, expected), `${bits.toString(16)}: ${value}, not ${expected}`);
    }
  }
  assert.equal(fromFloat16(0x3c00), 1);
  assert.equal(fromFloat16(0xc000), -2);
  assert.equal(fromFloat16(0x3555), 0.333251953125);
  assert.equal(fromFloat16(0x7bff), 65504);
  assert.equal(fromFloat16(0x0001), 2 ** -24);
});

test('every half-precision number is written as itself', () => {
  for (let bits = 0; bits < 65536; bits++) {
    const value = fromFloat16(bits);
    const written = toFloat16(value);
    if (Number.isNaN(value)) assert.ok(Number.isNaN(fromFloat16(written)));
    else assert.equal(written, bits, `${bits.toString(16)} = ${value}`);
  }
});

test('other numbers are rounded to the nearest one', () => {
  // neighbours of all finite positive numbers, and what lies between them
  for (let bits = 0; bits < 0x7bff; bits++) {
    const [low, high] = [fromFloat16(bits), fromFloat16(bits + 1)];
    const gap = high - low;
    for (const sign of [0, 0x8000]) {
      const direction = sign ? -1 : 1;
      assert.equal(toFloat16(direction * (low + 0.49 * gap)), sign | bits);
      assert.equal(toFloat16(direction * (low + 0.51 * gap)), sign | (bits + 1));
    }
  }
});

test('halfway between two, rounding goes away from zero (not to even: no reader can tell)', () => {
  for (let bits = 0; bits < 0x7bff; bits += 7) {
    const middle = (fromFloat16(bits) + fromFloat16(bits + 1)) / 2;
    assert.equal(toFloat16(middle), bits + 1);
    assert.equal(toFloat16(-middle), 0x8000 | (bits + 1));
  }
});

test('numbers beyond the range become infinite, not wrong', () => {
  assert.equal(toFloat16(65504), 0x7bff);
  assert.equal(toFloat16(65519.99), 0x7bff);
  for (const value of [65520, 1e5, 1e300, Infinity]) {
    assert.equal(toFloat16(value), 0x7c00);
    assert.equal(toFloat16(-value), 0xfc00);
  }
  assert.equal(toFloat16(2 ** -26), 0);
  assert.equal(toFloat16(-(2 ** -26)), 0x8000);
  assert.equal(toFloat16(Number.MIN_VALUE), 0);
  assert.equal(toFloat16(0), 0);
  assert.equal(toFloat16(-0), 0x8000);
});

// ---- networks ---------------------------------------------------------------------------------------------------------

/** The largest error that integers with a float16 scale for each row make: half a step of the row. */
function assertQuantised(found: Floats, original: Floats, columns: number, limit: number): void {
  assert.equal(found.length, original.length);
  for (let start = 0; start < original.length; start += columns) {
    const row = original.subarray(start, start + columns);
    const largest = [...row].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // a scale below the smallest half-precision numbers is rounded too
    const bound = Math.max(0.5 * (largest / limit + 2 ** -25), limit * 2 ** -25) * 1.001;
    row.forEach((value, j) => {
      const error = Math.abs(found[start + j] - value);
      assert.ok(error <= bound, `${value} came back as ${found[start + j]}`);
    });
  }
}

function assertRounded(found: Floats, original: Floats): void {
  assert.deepEqual(
    found,
    Float64Array.from(original, (value) => fromFloat16(toFloat16(value))),
  );
}

function assertComesBack(network: Network, limit = 127): void {
  const { network: found, words: foundWords } = unpackNetwork(packNetwork(network, words, limit));
  const { inputSize: I, hiddenSize: H } = network.cell;
  assert.deepEqual(foundWords, words);
  assert.equal(found.cell.cell, network.cell.cell);
  assert.equal(found.cell.inputSize, I);
  assert.equal(found.cell.hiddenSize, H);
  assertQuantised(found.embedding, network.embedding, I, limit);
  assertQuantised(found.cell.weightIh, network.cell.weightIh, I, limit);
  assertQuantised(found.cell.weightHh, network.cell.weightHh, H, limit);
  assertQuantised(found.readout.weight, network.readout.weight, H, limit);
  assertRounded(found.cell.biasIh, network.cell.biasIh);
  assertRounded(found.cell.biasHh, network.cell.biasHh);
  assertRounded(found.readout.bias, network.readout.bias);
}

for (const cell of cellTypes) {
  test(`${cell}: a packed network comes back within half a step of 255 levels, or of 31`, () => {
    const random = new Random(`pack/${cell}`);
    for (let i = 0; i < 20; i++) {
      const network = randomNetwork(cell, words, {
        inputSize: between(random, 1, 9),
        hiddenSize: between(random, 1, 9),
        seed: `pack ${i}`,
      });
      const scale = 10 ** between(random, -8, 3);
      for (const values of parametersOf(network)) {
        values.forEach((value, j) => (values[j] = value * scale));
      }
      assertComesBack(network);
      assertComesBack(network, storyLimit);
    }
  });

  test(`${cell}: rows of zeros, one large number, and mixed sizes come back`, () => {
    const network = randomNetwork(cell, words, { inputSize: 4, hiddenSize: 3 });
    network.embedding.fill(0, 0, 4);
    network.embedding.set([1e-12, -2e-12, 0, 0], 4);
    network.embedding.set([1000, -0.001, 3, 0], 8);
    network.readout.weight.set([127, 64, -1]);
    assertComesBack(network);
    const { network: found } = unpackNetwork(packNetwork(network, words));
    assert.deepEqual(found.embedding.subarray(0, 8), new Float64Array(8));
    assert.deepEqual(Array.from(found.readout.weight.subarray(0, 3)), [127, 64, -1], 'exactly');
  });

  test(`${cell}: packing what was unpacked changes nothing`, () => {
    const once = packNetwork(randomNetwork(cell, words), words);
    const { network, words: again } = unpackNetwork(once);
    assert.deepEqual(packNetwork(network, again), once);
  });
}

test('with a limit no integer in a matrix is larger, and each row has one of that size', () => {
  const packed = packNetwork(randomNetwork('gru', words), words, storyLimit);
  for (const { type, shape, bytes } of readSafetensors(packed).tensors.values()) {
    if (type !== 'I8') continue;
    const sizes = Array.from(Int8Array.from(bytes), Math.abs);
    for (let start = 0; start < sizes.length; start += shape[1]) {
      assert.equal(Math.max(...sizes.slice(start, start + shape[1])), storyLimit);
    }
  }
});

test('a packed network is small: a byte a weight', () => {
  const network = randomNetwork('lstm', words, { inputSize: 24, hiddenSize: 64 });
  const count = parametersOf(network).reduce((sum, { length }) => sum + length, 0);
  const rows = words.length * 2 + 2 * 4 * 64;
  const biases = 2 * 4 * 64 + words.length;
  const header = 1500;
  assert.ok(packNetwork(network, words).length <= count + 2 * rows + biases + header);
});

test('a network file is a safetensors file in PyTorch’s shapes', () => {
  const { tensors, metadata } = readSafetensors(
    packNetwork(randomNetwork('gru', words, { inputSize: 3, hiddenSize: 5 }), words),
  );
  assert.deepEqual(metadata, { cell: 'gru', vocabulary: words.join('\n') });
  assert.deepEqual(
    [...tensors].map(([name, { type, shape }]) => [name, type, ...shape]),
    [
      ['embedding.weight', 'I8', 7, 3],
      ['embedding.weight.scale', 'F16', 7],
      ['cell.weight_ih_l0', 'I8', 15, 3],
      ['cell.weight_ih_l0.scale', 'F16', 15],
      ['cell.weight_hh_l0', 'I8', 15, 5],
      ['cell.weight_hh_l0.scale', 'F16', 15],
      ['cell.bias_ih_l0', 'F16', 15],
      ['cell.bias_hh_l0', 'F16', 15],
      ['readout.weight', 'I8', 7, 5],
      ['readout.weight.scale', 'F16', 7],
      ['readout.bias', 'F16', 7],
    ],
  );
});

test('matrices in float32 or float16 are read as well', () => {
  const network = randomNetwork('rnn', words);
  const packed = readSafetensors(packNetwork(network, words));
  for (const type of ['F32', 'F16'] as const) {
    const size = type === 'F32' ? 4 : 2;
    const bytes = new Uint8Array(network.embedding.length * size);
    const view = new DataView(bytes.buffer);
    network.embedding.forEach((value, i) => {
      if (type === 'F32') view.setFloat32(4 * i, value, true);
      else view.setUint16(2 * i, toFloat16(value), true);
    });
    const tensors = new Map(packed.tensors);
    tensors.set('embedding.weight', { type, shape: [words.length, 3], bytes });
    tensors.delete('embedding.weight.scale');
    const found = unpackNetwork(writeSafetensors({ ...packed, tensors })).network.embedding;
    const round = (value: number): number =>
      type === 'F32' ? Math.fround(value) : fromFloat16(toFloat16(value));
    assert.deepEqual(found, network.embedding.map(round));
  }
});

test('a file is read wherever it stands in memory', () => {
  const bytes = packNetwork(randomNetwork('rnn', words), words);
  const larger = new Uint8Array(bytes.length + 64).fill(255);
  larger.set(bytes, 3);
  assert.deepEqual(unpackNetwork(larger.subarray(3, 3 + bytes.length)), unpackNetwork(bytes));
});

// ---- what is refused --------------------------------------------------------------------------------------------------

test('containers: what is written is read', () => {
  const tensors = new Map<string, Tensor>([
    ['a', { type: 'I8', shape: [2, 2], bytes: Uint8Array.of(1, 2, 3, 255) }],
    ['scalar', { type: 'F32', shape: [], bytes: Uint8Array.of(0, 0, 128, 63) }],
    ['nothing', { type: 'F64', shape: [0, 3], bytes: new Uint8Array(0) }],
    ['naïve 凧', { type: 'BF16', shape: [1], bytes: Uint8Array.of(1, 2) }],
  ]);
  const metadata = { cell: 'rnn', text: 'a "quoted"\nline, 凧' };
  const bytes = writeSafetensors({ tensors, metadata });
  const found = readSafetensors(bytes);
  assert.deepEqual(found.metadata, metadata);
  assert.deepEqual([...found.tensors.keys()], [...tensors.keys()]);
  for (const [name, { type, shape, bytes: data }] of tensors) {
    const { bytes: foundData, ...rest } = found.tensors.get(name)!;
    assert.deepEqual(rest, { type, shape });
    assert.deepEqual(Array.from(foundData), Array.from(data));
  }
  const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal((8 + headerLength) % 8, 0, 'the data are aligned');
});

test('containers: without metadata, and without anything, are fine', () => {
  assert.deepEqual(readSafetensors(file({ a: tensor('I8', [2], [0, 2]) }, 2)).metadata, {});
  assert.equal(readSafetensors(file({})).tensors.size, 0);
});

test('containers: sizes that can’t be are refused before anything is read', () => {
  for (const length of [0, 1, 7]) refused(new Uint8Array(length), /too short/);
  const claims = (header: bigint, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setBigUint64(0, header, true);
    return bytes;
  };
  refused(claims(1n, 8), /header claims 1 byte$/);
  refused(claims(100n, 50), /header claims 100 /);
  refused(claims(1_000_001n, 2_000_000), /header claims/);
  refused(claims(2n ** 63n, 100), /header claims/);
  refused(claims(2n ** 64n - 1n, 100), /header claims/);
  refused(claims(0n, 8), /not valid JSON/);
  refused(new Uint8Array(maximumFileBytes + 1), /larger than 50 MB/);
});

test('containers: broken headers are refused', () => {
  for (const text of ['', '{', '{"a":}', "{'a':1}", 'NaN', '<html>', '{}x', '\u0000']) {
    refused(file(text), /not valid JSON/);
  }
  for (const json of ['[]', '1', 'null', '"text"', 'true'])
    refused(file(json), /not a JSON object/);
  const invalid = file('{"a":1}');
  invalid[10] = 0xff;
  refused(invalid, /not valid JSON/);
  for (const json of ['1', 'null', '[]', '"x"']) {
    refused(file(`{"__metadata__":${json}}`), /not an object/);
    refused(file(`{"a":${json}}`), /tensor a has no description/);
  }
  refused(file({ __metadata__: { cell: 1 } }), /something else than text/);
  refused(file({ __metadata__: { cell: { a: 'b' } } }), /something else than text/);
});

test('containers: element types that are not known are refused', () => {
  for (const dtype of ['F128', 'I64', 'f32', '', 'constructor', '__proto__', 'toString']) {
    refused(file({ a: tensor(dtype, [1], [0, 1]) }, 1), /element type/);
  }
  for (const dtype of [1, null, {}, ['F32'], { toString: 1 }]) {
    refused(file({ a: { dtype, shape: [1], data_offsets: [0, 1] } }, 1), /element type/);
  }
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  for (const part of ['dtype', 'shape', 'data_offsets']) {
    const entry = JSON.stringify({ ...tensor('I8', [1], [0, 1]), [part]: 'X' });
    refused(file(`{"a":${entry.replace('"X"', deep)}}`, 1), /tensor a|not valid JSON/);
  }
});

test('containers: shapes that can’t be are refused', () => {
  for (const shape of [
    null,
    4,
    '4',
    {},
    [-1],
    [1.5],
    ['4'],
    [null],
    [1e300],
    [2 ** 53],
    [1, 1, 1, 1, 4],
  ]) {
    refused(file({ a: tensor('I8', shape, [0, 4]) }, 4), /no valid shape/);
  }
});

test('containers: offsets that can’t be are refused', () => {
  for (const offsets of [
    null,
    4,
    [],
    [0],
    [0, 4, 4],
    [-1, 3],
    [0.5, 4],
    ['0', '4'],
    [0, 2 ** 53],
  ]) {
    refused(file({ a: tensor('I8', [4], offsets) }, 4), /no valid offsets/);
  }
  refused(file({ a: tensor('I8', [4], [0, 4]) }, 3), /outside the file/);
  refused(file({ a: tensor('I8', [4], [4, 8]) }, 4), /outside the file/);
  refused(file({ a: tensor('I8', [4], [4, 0]) }, 4), /outside the file/);
  refused(file({ a: tensor('I8', [2 ** 50], [0, 2 ** 50]) }, 4), /outside the file/);
  for (const [dtype, shape] of [
    ['I8', [3]],
    ['I8', [5]],
    ['F32', [4]],
    ['F16', [2, 2]],
    ['I8', [2 ** 52, 2 ** 52]],
    ['I8', [0]],
  ] as const) {
    refused(file({ a: tensor(dtype, shape, [0, 4]) }, 4), /do not fit its shape/);
  }
});

test('containers: every byte belongs to one tensor', () => {
  const two = (a: [number, number], b: [number, number]): Record<string, unknown> => ({
    a: tensor('I8', [a[1] - a[0]], a),
    b: tensor('I8', [b[1] - b[0]], b),
  });
  assert.equal(readSafetensors(file(two([0, 4], [4, 8]), 8)).tensors.size, 2);
  assert.equal(readSafetensors(file(two([4, 8], [0, 4]), 8)).tensors.size, 2, 'in any order');
  refused(file(two([0, 8], [0, 8]), 8), /overlap/);
  refused(file(two([0, 5], [4, 8]), 8), /overlap/);
  refused(file(two([0, 8], [2, 4]), 8), /overlap/);
  refused(file(two([0, 3], [4, 8]), 8), /gap/);
  refused(file(two([1, 4], [4, 8]), 8), /gap/);
  refused(file(two([0, 4], [4, 8]), 9), /ends with 1 byte/);
  refused(file({}, 1), /of no tensor/);
  // 20 views of the same 1 MB
  const many = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`t${i}`, tensor('I8', [1024, 1024], [0, 1024 ** 2])]),
  );
  refused(file(many, 1024 ** 2), /overlap/);
});

test('containers: there is an end to what the numbers would take in memory', () => {
  const one = (count: number): Uint8Array => file({ a: tensor('I8', [count], [0, count]) }, count);
  assert.equal(readSafetensors(one(25_000_000)).tensors.size, 1);
  refused(one(25_000_001), /more than 25 million numbers/);
  // 64 views of the same 16 MB would make 8 GB of numbers
  const many = Object.fromEntries(
    Array.from({ length: 64 }, (_, i) => [`t${i}`, tensor('I8', [4096, 4096], [0, 4096 ** 2])]),
  );
  refused(file(many, 4096 ** 2), /more than 25 million numbers/);
});

test('containers: there is an end to the number of tensors', () => {
  const many = (count: number): Record<string, unknown> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`t${i}`, tensor('I8', [0], [0, 0])]),
    );
  assert.equal(readSafetensors(file(many(64))).tensors.size, 64);
  refused(file(many(65)), /more than 64 tensors/);
});

test('containers: names that mean something in the language are names', () => {
  const json = `{"__proto__":${JSON.stringify(tensor('I8', [1], [0, 1]))},"constructor":${JSON.stringify(tensor('I8', [1], [1, 2]))}}`;
  const { tensors, metadata } = readSafetensors(file(json, 2));
  assert.deepEqual([...tensors.keys()], ['__proto__', 'constructor']);
  assert.equal(metadata['cell'], undefined);
  assert.equal(({} as Record<string, unknown>)['dtype'], undefined, 'nothing else has changed');
});

/** A valid network file with its parts changed. */
function changed(
  change: (tensors: Map<string, Tensor>, metadata: Record<string, string>) => void,
  cell: CellType = 'lstm',
): Uint8Array {
  const { tensors, metadata } = readSafetensors(packNetwork(randomNetwork(cell, words), words));
  const copies = new Map([...tensors].map(([name, t]) => [name, { ...t, bytes: t.bytes.slice() }]));
  const copy = { ...metadata };
  change(copies, copy);
  return writeSafetensors({ tensors: copies, metadata: copy });
}

const noNetwork = (bytes: Uint8Array, why: RegExp): void => {
  assert.throws(
    () => unpackNetwork(bytes),
    (error) => error instanceof WeightFileError && why.test(error.message),
    String(why),
  );
};

test('networks: the unchanged file is fine', () => {
  for (const cell of cellTypes) unpackNetwork(changed(() => undefined, cell));
});

test('networks: a missing tensor is named', () => {
  const parts: readonly [string, RegExp][] = [
    ['embedding.weight', /no embedding was found: a matrix of 7 × 3/],
    ['embedding.weight.scale', /scale for each row in embedding\.weight\.scale$/],
    ['cell.weight_ih_l0', /the cell has no cell\.weight_ih_l0$/],
    ['cell.weight_ih_l0.scale', /scale for each row in cell\.weight_ih_l0\.scale$/],
    ['cell.weight_hh_l0', /holds no weight_hh_l0, but embedding\.weight, cell\.weight_ih_l0/],
    ['cell.weight_hh_l0.scale', /scale for each row in cell\.weight_hh_l0\.scale$/],
    ['cell.bias_ih_l0', /the cell has no cell\.bias_ih_l0$/],
    ['cell.bias_hh_l0', /the cell has no cell\.bias_hh_l0$/],
    ['readout.weight.scale', /scale for each row in readout\.weight\.scale$/],
  ];
  for (const cell of ['rnn', 'lstm', 'gru'] as const) {
    for (const [name, why] of parts) {
      noNetwork(
        changed((tensors) => tensors.delete(name), cell),
        why,
      );
    }
    noNetwork(
      changed((tensors) => tensors.delete('readout.weight'), cell),
      /readout\.weight\.scale \(7\) belongs neither/,
    );
  }
  noNetwork(
    changed((tensors) => tensors.delete('cell.weight_ih_l0'), 'feedforward'),
    /no nn\.RNN/,
  );
});

test('networks: without a readout there is no next-word network', () => {
  noNetwork(
    changed((tensors) => {
      for (const name of ['readout.weight', 'readout.weight.scale', 'readout.bias']) {
        tensors.delete(name);
      }
    }),
    /the file has no readout/,
  );
});

test('networks: a cell that the weights are not those of is refused', () => {
  for (const cell of ['', 'rnn', 'gru', 'transformer', 'constructor', '__proto__']) {
    noNetwork(
      changed((_, metadata) => (metadata['cell'] = cell)),
      new RegExp(`says that the cell is “${cell}”, but the weights are those of an LSTM`),
    );
  }
  noNetwork(
    changed((_, metadata) => (metadata['cell'] = 'feedforward')),
    /belongs neither|is 20/,
  );
  noNetwork(
    changed((_, metadata) => (metadata['cell'] = 'rnn'), 'feedforward'),
    /holds no weight_hh_l0/,
  );
  // what PyTorch wrote does not say it
  assert.equal(
    unpackNetwork(changed((_, metadata) => delete metadata['cell'])).network.cell.cell,
    'lstm',
  );
});

test('networks: a vocabulary that does not fit is refused', () => {
  noNetwork(
    changed((_, metadata) => delete metadata['vocabulary']),
    /no vocabulary/,
  );
  const vocabulary = (text: string, why: RegExp): void => {
    noNetwork(
      changed((_, metadata) => (metadata['vocabulary'] = text)),
      why,
    );
  };
  vocabulary([...words, 'more'].join('\n'), /8 words, but embedding\.weight has 7 rows/);
  vocabulary('<unk>', /1 word, but embedding\.weight has 7 rows/);
  vocabulary([...words.slice(1), 'red'].join('\n'), /“red” twice/);
});

test('networks: sizes that do not fit together are refused', () => {
  const cut = (name: string, rows: number, columns: number): Uint8Array =>
    changed((tensors) => {
      tensors.set(name, {
        type: 'I8',
        shape: [rows, columns],
        bytes: new Uint8Array(rows * columns),
      });
      tensors.set(`${name}.scale`, {
        type: 'F16',
        shape: [rows],
        bytes: new Uint8Array(2 * rows),
      });
    });
  noNetwork(cut('cell.weight_hh_l0', 20, 4), /weight_hh_l0 is 20 × 4; an RNN, a GRU and an LSTM/);
  noNetwork(cut('cell.weight_hh_l0', 0, 0), /weight_hh_l0 is 0 × 0/);
  noNetwork(cut('cell.weight_ih_l0', 19, 3), /weight_ih_l0 is 19 × 3, not 20 × 3/);
  noNetwork(cut('cell.weight_ih_l0', 20, 4), /no embedding was found: a matrix of 7 × 4/);
  noNetwork(cut('cell.weight_ih_l0', 0, 0), /vectors of 0 numbers/);
  noNetwork(cut('embedding.weight', 6, 3), /7 words, but embedding\.weight has 6 rows/);
  noNetwork(cut('readout.weight', 7, 4), /readout\.weight \(7 × 4\) belongs neither/);
  noNetwork(cut('readout.weight', 6, 5), /readout\.weight has 6 outputs/);
  const vector = (name: string, length: number): Uint8Array =>
    changed((tensors) =>
      tensors.set(name, { type: 'F16', shape: [length], bytes: new Uint8Array(2 * length) }),
    );
  for (const length of [0, 19, 40]) {
    for (const name of ['cell.bias_ih_l0', 'cell.bias_hh_l0']) {
      noNetwork(vector(name, length), new RegExp(`${name} is ${length}, not 20`));
    }
  }
  noNetwork(vector('readout.bias', 8), /readout\.bias \(8\) belongs neither/);
  noNetwork(vector('embedding.weight.scale', 6), /scale for each row/);
});

test('networks: int8 numbers need a matrix and a scale that is none of int8 itself', () => {
  const int8 = (name: string, ...shape: number[]): Uint8Array =>
    changed((tensors) => {
      const bytes = new Uint8Array(shape.reduce((product, size) => product * size, 1));
      tensors.set(name, { type: 'I8', shape, bytes });
    });
  noNetwork(int8('readout.bias', 7), /readout\.bias is I8, but no matrix/);
  noNetwork(int8('embedding.weight.scale', 7), /is I8, but no matrix|belongs neither/);
  noNetwork(int8('embedding.weight.scale', 7, 1), /is I8, but no matrix|belongs neither/);
});

test('networks: numbers that are not finite are refused', () => {
  for (const bits of [0x7c00, 0xfc00, 0x7e00, 0x7c01, 0xffff]) {
    for (const name of ['cell.bias_ih_l0', 'readout.bias', 'embedding.weight.scale']) {
      noNetwork(
        changed((tensors) => {
          const { bytes } = tensors.get(name)!;
          new DataView(bytes.buffer, bytes.byteOffset).setUint16(2, bits, true);
        }),
        /not finite/,
      );
    }
  }
  const bytes = new Uint8Array(Float32Array.of(1, 2, NaN, 4, 5, 6, 7).buffer);
  noNetwork(
    changed((tensors) => tensors.set('readout.bias', { type: 'F32', shape: [7], bytes })),
    /not finite/,
  );
});

// ---- files as text ----------------------------------------------------------------------------------------------------

test('every byte, and every pair of bytes, survives the text that it is written as', () => {
  const bytes = Uint8Array.from({ length: 2 * 65536 }, (_, i) => (i >> 1) >> (i % 2 ? 8 : 0));
  assert.deepEqual(bytesOf(textOf(bytes)), bytes);
  assert.deepEqual(bytesOf(''), new Uint8Array());
});

test('the text needs no escape in a string, a template or a page, and has a character a small number', () => {
  const text = textOf(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  assert.match(text, /^[ -~]+$/);
  assert.doesNotMatch(text, /['"`\\$<]/);
  assert.equal(textOf(Uint8Array.of(0, 15, 241)).length, 3, '0, 15 and −15');
  assert.equal(textOf(Uint8Array.of(16, 240)).length, 4);
});

// ---- what is shipped --------------------------------------------------------------------------------------------------

const modules = Object.fromEntries(
  await Promise.all(
    cellTypes.map(
      async (cell) =>
        [
          cell,
          (await import(`../../src/model/story/weights/${cell}.ts`)) as { weights: string },
        ] as const,
    ),
  ),
) as Record<CellType, { weights: string }>;

test('the shipped networks are complete, alike in size, and know the story words', () => {
  const sizes = new Set<string>();
  for (const cell of cellTypes) {
    const { network, words: found } = unpackNetwork(bytesOf(modules[cell].weights));
    assert.equal(network.cell.cell, cell);
    assert.deepEqual(found, storyWords, cell);
    sizes.add(`${network.cell.inputSize} × ${network.cell.hiddenSize}`);
    for (const values of parametersOf(network)) assert.ok(values.every(Number.isFinite), cell);
    for (const values of [network.embedding, network.readout.weight]) {
      assert.ok(
        values.some((value) => value !== 0),
        cell,
      );
    }
  }
  assert.equal(sizes.size, 1, [...sizes].join(', '));
  assert.equal(new Set(storyWords).size, storyWords.length, 'no word twice');
});

test('the shipped networks load, each once', async () => {
  for (const cell of cellTypes) {
    const model = await storyModel(cell);
    assert.equal(model.kind, 'story');
    assert.equal(model.cell.cell, cell);
    assert.equal(model.vocabularySize, storyWords.length);
    assert.equal(await storyModel(cell), model);
    assert.ok(read('the cat sat on the mat.').every((token) => model.knows(token)));
    assert.ok(!model.knows(read('zorb')[0]));
  }
});

test('all shipped weights together have at most 82 kB gzipped', (t) => {
  const sizes = cellTypes.map(
    (cell) =>
      gzipSync(readFileSync(new URL(`../../src/model/story/weights/${cell}.ts`, import.meta.url)), {
        level: 9,
      }).length,
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  t.diagnostic(
    `gzipped: ${cellTypes.map((cell, i) => `${cell} ${sizes[i]}`).join(', ')}; ${total} B`,
  );
  assert.ok(total <= 82_000, `${total} bytes`);
});
