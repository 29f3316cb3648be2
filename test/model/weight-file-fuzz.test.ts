// Weight files are untrusted: ten thousand broken ones give a network that computes, or a WeightFileError, and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random, runSequence } from '../../src/engine/index.js';
import { loadModel, packNetwork } from '../../src/model/index.js';
import { readSafetensors, writeSafetensors, type Tensor } from '../../src/model/safetensors.js';
import type { SentenceModel } from '../../src/model/sentence-model.js';
import { WeightFileError } from '../../src/model/weight-file-error.js';
import { between } from '../support/engine.js';
import { randomNetwork, read } from '../support/model.js';
import { stateDict, stateDictFile, tensorOf } from '../support/weight-files.js';

const mutations = 10_000;
const words = ['<unk>', 'the', 'cat', '.', 'naïve', '凧'];
const sentence = read('the 凧 purrs');

function tied(): Uint8Array {
  const network = randomNetwork('rnn', words, { inputSize: 4, hiddenSize: 4 });
  const { tensors, metadata } = stateDict(network, words, { type: 'F16' });
  tensors.delete('fc.weight');
  return writeSafetensors({
    tensors,
    metadata: { ...metadata, 'fc.weight': 'embedding.weight', unknown: 'cat' },
  });
}

/** One file of each kind: every cell, every element type, with and without what may be missing. */
const originals: readonly Uint8Array[] = [
  stateDictFile(randomNetwork('lstm', words), words, { type: 'F64' }),
  stateDictFile(randomNetwork('gru', words), words, { type: 'F32', biases: false }),
  stateDictFile(randomNetwork('rnn', words), words, {
    type: 'F16',
    metadata: { nonlinearity: 'relu', cell: 'rnn', vocabulary: words.join('\n') },
  }),
  stateDictFile(randomNetwork('lstm', words, { inputSize: 5 }), words, {
    type: 'BF16',
    readout: false,
    names: { cell: '' },
  }),
  tied(),
  packNetwork(randomNetwork('gru', words), words),
  packNetwork(randomNetwork('feedforward', words), words),
];

const textOf = new TextDecoder();
const bytesOf = new TextEncoder();

/** The file with its header's text changed, and the length before it with it. */
function withHeader(file: Uint8Array, change: (text: string) => string): Uint8Array {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = bytesOf.encode(change(textOf.decode(file.subarray(8, 8 + length))));
  const out = new Uint8Array(8 + header.length + file.length - 8 - length);
  new DataView(out.buffer).setBigUint64(0, BigInt(header.length), true);
  out.set(header, 8);
  out.set(file.subarray(8 + length), 8 + header.length);
  return out;
}

/** Replaces one of the places where the header matches. */
function replaceOne(text: string, pattern: RegExp, by: string, random: Random): string {
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return text;
  const { index, 0: found } = random.pick(places);
  return text.slice(0, index) + by + text.slice(index + found.length);
}

const strangeNumbers =
  '0 1 2 3 4 5 -1 0.5 1e9 1e400 9007199254740993 4294967296 null "4" [] [[4]] {} true NaN'.split(
    ' ',
  );
const strangeNames =
  '__proto__ constructor toString __metadata__ a.weight rnn.weight_hh_l1 rnn.weight_hr_l0 rnn.weight_ih_l0_reverse weight_hh_l0 embedding.weight.scale'.split(
    ' ',
  );
const strangeTypes = 'F64 F32 F16 BF16 I8 I64 F8_E4M3 f32'.split(' ');
const strangeWords = [
  '',
  '[',
  '["a"]',
  '{}',
  'cat',
  'cat\\ncat',
  '\\u0000',
  'relu',
  'lstm',
  '<unk>',
];
/** Deep nesting: a value, or one that a careless conversion to text would recurse into. */
const deep = '['.repeat(20_000) + ']'.repeat(20_000);

type Mutation = (file: Uint8Array, random: Random) => Uint8Array;

const headerChanges: readonly ((text: string, random: Random) => string)[] = [
  (text, random) => replaceOne(text, /-?\d+/g, random.pick(strangeNumbers), random),
  (text, random) => replaceOne(text, /\d/g, String(random.integer(10)), random),
  (text, random) => replaceOne(text, /"[^"]+"(?=:\{)/g, `"${random.pick(strangeNames)}"`, random),
  (text, random) =>
    replaceOne(text, /(?<="dtype":)"\w+"/g, `"${random.pick(strangeTypes)}"`, random),
  (text, random) => replaceOne(text, /(?<=":)"[^"]*"/g, `"${random.pick(strangeWords)}"`, random),
  (text, random) =>
    replaceOne(text, /"(?:shape|dtype|data_offsets|vocabulary|cell)"/g, '"x"', random),
  // a key that stands there twice
  (text, random) => replaceOne(text, /\{/g, '{"shape":[1],"__proto__":{"dtype":"F32"},', random),
  (text, random) =>
    random.integer(20) ? text : replaceOne(text, /\[[\d,]*\]|"\w+"/g, deep, random),
  // a whole entry taken out
  (text, random) => replaceOne(text, /"[^"]+":(?:\{"dtype[^}]*\}|"[^"]*"),?/g, '', random),
  (text, random) => {
    const from = random.integer(text.length);
    return text.slice(0, from) + text.slice(from + random.integer(12));
  },
];

const byteChanges: readonly Mutation[] = [
  // a bit
  (file, random) => {
    file[random.integer(file.length)] ^= 1 << random.integer(8);
    return file;
  },
  // the claimed length of the header
  (file, random) => {
    file[random.integer(8)] = random.integer(256);
    return file;
  },
  (file, random) => {
    new DataView(file.buffer).setBigUint64(0, BigInt(random.integer(2 * file.length)), true);
    return file;
  },
  // cut off, or with something more
  (file, random) => file.slice(0, random.integer(file.length)),
  (file, random) => Uint8Array.of(...file, ...new Uint8Array(between(random, 1, 9))),
  // a stretch of the numbers: zeros, largest values, not a number
  (file, random) => {
    const from = between(random, Math.floor(file.length / 2), file.length - 1);
    file.fill(random.pick([0, 255, 127, random.integer(256)]), from, from + random.integer(40));
    return file;
  },
  // a piece taken out
  (file, random) => {
    const from = random.integer(file.length);
    return Uint8Array.of(
      ...file.subarray(0, from),
      ...file.subarray(from + 1 + random.integer(20)),
    );
  },
];

/** One to three changes. */
function mutated(original: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = original.slice();
  const changes = random.pick([1, 1, 1, 2, 3]);
  for (let i = 0; i < changes; i++) {
    if (random.integer(2) === 0) {
      const length =
        bytes.length < 8 ? -1 : Number(new DataView(bytes.buffer).getBigUint64(0, true));
      if (length < 0 || length > bytes.length - 8) break; // there is no header any more
      const change = random.pick(headerChanges);
      bytes = withHeader(bytes, (text) => change(text, random));
    } else if (bytes.length > 8) {
      bytes = random.pick(byteChanges)(bytes, random);
    }
  }
  return bytes;
}

/** A valid container that holds something else: other names, shapes, types, words. */
function rearranged(original: Uint8Array, random: Random): Uint8Array {
  const file = readSafetensors(original);
  let tensors = [...file.tensors];
  const metadata = { ...file.metadata };
  for (let changes = between(random, 1, 2); changes > 0 && tensors.length > 0; changes--) {
    const at = random.integer(tensors.length);
    const [name, tensor] = tensors[at];
    const shape = [...tensor.shape];
    const replace = (by: readonly [string, Tensor]): unknown => tensors.splice(at, 1, [...by]);
    switch (random.integer(8)) {
      case 0:
        tensors.splice(at, 1);
        break;
      case 1:
        replace([random.pick([...strangeNames, random.pick(tensors)[0]]), tensor]);
        break;
      case 2: // the same numbers in another shape
        replace([name, { ...tensor, shape: random.pick([shape.reverse(), [...shape, 1]]) }]);
        break;
      case 3: {
        // other sizes, with as many numbers as it takes
        const sizes = shape.map((size) => (random.integer(2) ? size : random.integer(2 * size)));
        const count = sizes.reduce((product, size) => product * size, 1);
        replace([name, tensorOf(random.normals(count), sizes, random.pick(floatTypes))]);
        break;
      }
      case 4: {
        // bytes read as another type
        const size = random.pick([1, 2, 4, 8] as const);
        const type = ({ 1: 'I8', 2: 'BF16', 4: 'F32', 8: 'F64' } as const)[size];
        const bytes = new Uint8Array(shape.reduce((product, each) => product * each, size));
        bytes.forEach((_, i) => (bytes[i] = random.integer(256)));
        replace([name, { type, shape, bytes }]);
        break;
      }
      case 5:
        tensors = [...tensors, [random.pick(strangeNames), tensor]];
        break;
      case 6: {
        const vocabulary = [...words, 'more'].slice(random.integer(3), 7 - random.integer(3));
        metadata['vocabulary'] = vocabulary.join('\n');
        break;
      }
      default:
        metadata[random.pick(['cell', 'nonlinearity', 'unknown', 'vocabulary', 'fc.bias'])] =
          random.pick([...strangeWords, ...words, random.pick(tensors)[0]]);
    }
  }
  return writeSafetensors({ tensors: new Map(tensors), metadata });
}

const floatTypes = ['F64', 'F32', 'F16', 'BF16'] as const;

for (const [what, change] of [
  ['files with broken bytes and headers', mutated],
  ['files that hold something else', rearranged],
] as const) {
  test(`${mutations} ${what}: a network that computes, or a WeightFileError`, (t) => {
    const random = new Random(what);
    const begin = performance.now();
    const codes = new Map<string, number>();
    let networks = 0;
    let slowest = 0;
    for (let i = 0; i < mutations; i++) {
      const bytes = change(random.pick(originals), random);
      const before = performance.now();
      try {
        check(loadModel(bytes));
        networks++;
      } catch (error) {
        if (!(error instanceof WeightFileError)) throw new Error(`number ${i}`, { cause: error });
        assert.ok(error.message.length > 5 && error.message.length < 420, error.message);
        codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
      }
      slowest = Math.max(slowest, performance.now() - before);
    }
    const seconds = (performance.now() - begin) / 1000;
    const counts = [...codes].sort((a, b) => b[1] - a[1]);
    t.diagnostic(
      `${networks} still networks; ${counts.map((each) => each.join(' ')).join(', ')}; ${seconds.toFixed(1)} s, at most ${slowest.toFixed(0)} ms each`,
    );
    assert.ok(networks > mutations / 20 && networks < mutations / 2, `${networks} networks`);
    assert.ok(codes.size >= 15, `${codes.size} reasons: ${[...codes.keys()].join(', ')}`);
    assert.equal(({} as Record<string, unknown>)['dtype'], undefined, 'nothing else has changed');
  });
}

/** Three words and what is expected then: every number is one. */
function check(model: SentenceModel): void {
  const x = Float64Array.from(sentence.flatMap((token) => [...model.vector(token)]));
  const { h, length } = runSequence(model.cell, x);
  assert.equal(length, sentence.length);
  assert.ok(h.every(Number.isFinite), 'a state that is not finite');
  const predictions = model.predict(h.slice(-model.cell.hiddenSize), Infinity);
  assert.equal(predictions !== null, model.predicts);
  const sum = (predictions ?? []).reduce((total, { probability }) => total + probability, 0);
  assert.ok(!predictions || Math.abs(sum - 1) < 1e-9, `probabilities add up to ${sum}`);
}
