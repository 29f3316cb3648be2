// Finds cell, embedding, readout and words in a PyTorch state dict, and refuses what could not be computed as trained.

import type { CellType, CellWeights, Readout } from '../engine/index.js';
import { readWords } from './file-words.js';
import { maximumTensors, type Tensor, type TensorFile } from './safetensors.js';
import { readNumbers } from './tensor-numbers.js';
import { WeightFileError } from './weight-file-error.js';

/** What a weight file holds. */
export interface WeightFile {
  /** `[V × I]` one input vector a word. */
  readonly embedding: Float64Array;
  readonly cell: CellWeights;
  /** Null if the network was saved without one: then it predicts nothing. */
  readonly readout: Readout | null;
  /** V words, in the order of the embedding's rows. */
  readonly words: readonly string[];
  /** Row of the token that stands for unknown words; null if there is none. */
  readonly unknown: number | null;
}

/** More units make no picture, and reading a long text with them would take gigabytes. */
const maximumUnits = 1024;
const maximumInputs = 4096;

/** The cells by their blocks of rows. (The engine knows, too, but this module is loaded without it.) */
const cellsByBlocks: Readonly<Record<number, CellType>> = { 1: 'rnn', 3: 'gru', 4: 'lstm' };
const cellNames: Readonly<Record<CellType, string>> = {
  feedforward: 'a feedforward layer',
  rnn: 'an RNN',
  lstm: 'an LSTM',
  gru: 'a GRU',
};

interface Named extends Tensor {
  readonly name: string;
}

/**
 * Modules have the names that their author gave them. The cell is known by the ends of its tensors' names
 * (`weight_hh_l0`, or `weight_hh` of a cell class); embedding and readout are known by their shapes, and where both look
 * alike (I = H) by the bias that only a readout has, or by their names.
 * @throws WeightFileError naming what is missing, in excess or ambiguous.
 */
export function readStateDict(file: TensorFile): WeightFile {
  const all = namedTensors(file);
  const { cell, rest } = findCell(file, all);
  const { words, unknown } = readWords(file.metadata);
  const { embedding, readout, bias } = findEnds(rest, words.length, cell);
  const unused = rest.filter((tensor) => ![embedding, readout, bias].includes(tensor));
  if (unused.length > 0) throw unusedError(unused, words.length, cell);
  const read = (tensor: Named): Float64Array => readNumbers(file, tensor);
  return {
    embedding: read(embedding),
    cell,
    readout: readout && {
      weight: read(readout),
      bias: bias ? read(bias) : new Float64Array(words.length),
    },
    words,
    unknown,
  };
}

/** All tensors but the scales of int8 matrices; one that two layers share is there under both names. */
function namedTensors({ tensors, metadata }: TensorFile): Named[] {
  const isScale = (name: string): boolean =>
    name.endsWith('.scale') && tensors.get(name.slice(0, -'.scale'.length))?.type === 'I8';
  const all = [...tensors]
    .filter(([name]) => !isScale(name))
    .map(([name, tensor]) => ({ name, ...tensor }));
  // safetensors.torch.save_model saves a shared tensor once, and notes its other name in the metadata
  for (const [other, name] of Object.entries(metadata)) {
    const shared = tensors.get(name);
    if (!shared || tensors.has(other)) continue;
    if (all.length === maximumTensors) throw new WeightFileError('tensor-count', maximumTensors);
    all.push({ name: other, ...shared });
  }
  return all;
}

const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? 'a single number' : shape.join(' × ');

/** Rows and columns. */
function sizesOf({ name, shape }: Named): readonly [number, number] {
  if (shape.length !== 2)
    throw new WeightFileError('cell-shape', name, shapeText(shape), 'a matrix');
  return [shape[0], shape[1]];
}

// ---- the cell -------------------------------------------------------------------------------------------------------

const cellTensor = /^(.*\.)?(weight|bias)_(ih|hh|hr)(?:_l(\d{1,4})(_reverse)?)?$/s;

function findCell(
  file: TensorFile,
  all: readonly Named[],
): { readonly cell: CellWeights; readonly rest: readonly Named[] } {
  const parts = all.flatMap((tensor) => {
    const match = cellTensor.exec(tensor.name);
    if (!match) return [];
    const [, prefix = '', kind, operand, layer = '0', reverse] = match;
    return [{ tensor, prefix, part: `${kind}_${operand}`, layer: Number(layer), reverse }];
  });
  const claimed = file.metadata['cell'];
  const alone = claimed === 'feedforward';
  const main = parts.filter(({ part }) => part === (alone ? 'weight_ih' : 'weight_hh'));
  if (main.length === 0) {
    throw new WeightFileError(
      'no-cell',
      all.map(({ name }) => name),
    );
  }
  const [{ tensor: first, prefix }] = main;
  const layers = 1 + parts.reduce((most, { layer }) => Math.max(most, layer), 0);
  const bidirectional = parts.some(({ reverse }) => reverse !== undefined);
  const projection = parts.find(({ part }) => part === 'weight_hr')?.tensor;
  const several = main.length > 1 && layers === 1 && !bidirectional;
  if (several || main.some((other) => other.prefix !== prefix)) {
    throw new WeightFileError(
      'several-cells',
      main.map(({ tensor }) => tensor.name),
    );
  }
  const [rows, columns] = sizesOf(first);
  const H = projection ? sizesOf(projection)[1] : alone ? rows : columns;
  const type = alone ? 'feedforward' : cellsByBlocks[rows / H];
  if (layers > 1 || bidirectional || projection) {
    const name = type ? cellNames[type] : 'a cell';
    throw new WeightFileError('cell-kind', name, layers, bidirectional, projection !== undefined);
  }
  if (!type) throw new WeightFileError('cell-blocks', first.name, rows, columns);
  if (claimed !== undefined && claimed.toLowerCase() !== type) {
    throw new WeightFileError('cell-name', claimed, cellNames[type]);
  }
  if (H < 1 || H > maximumUnits) throw new WeightFileError('cell-units', H, maximumUnits);

  // weight_hh_l0 and weight_ih_l0 have the same before and after
  const full = (part: string): string =>
    prefix + part + first.name.slice(prefix.length + 'weight_hh'.length);
  const find = (part: string): Named | undefined => all.find(({ name }) => name === full(part));
  const used = new Set<Named | undefined>();
  const read = (part: string, ...shape: number[]): Float64Array => {
    const tensor = find(part);
    if (!tensor) throw new WeightFileError('cell-missing', full(part));
    const [found, expected] = [shapeText(tensor.shape), shapeText(shape)];
    if (found !== expected) throw new WeightFileError('cell-shape', tensor.name, found, expected);
    used.add(tensor);
    return readNumbers(file, tensor);
  };
  const I = find('weight_ih')?.shape[1] ?? 1;
  if (I < 1 || I > maximumInputs) throw new WeightFileError('cell-inputs', I, maximumInputs);
  const weightIh = read('weight_ih', rows, I);
  const none = new Float64Array(0);
  // with bias=False both are missing
  const biased = [find('bias_ih'), find('bias_hh')].some(Boolean);
  const bias = (part: string): Float64Array => (biased ? read(part, rows) : new Float64Array(rows));
  const cell: CellWeights = {
    cell: type,
    inputSize: I,
    hiddenSize: H,
    weightIh,
    weightHh: alone ? none : read('weight_hh', rows, H),
    biasIh: bias('bias_ih'),
    biasHh: alone ? none : bias('bias_hh'),
    ...nonlinearity(file.metadata['nonlinearity'] ?? 'tanh', type),
  };
  return { cell, rest: all.filter((tensor) => !used.has(tensor)) };
}

/** A state dict does not tell which one an nn.RNN has, so the metadata has to. */
function nonlinearity(name: string, type: CellType): Pick<CellWeights, 'nonlinearity'> {
  if (name === 'relu' && type === 'rnn') return { nonlinearity: 'relu' };
  if (name !== 'tanh') throw new WeightFileError('nonlinearity', name);
  return {};
}

// ---- embedding and readout ------------------------------------------------------------------------------------------

type Role = 'embedding' | 'readout';

const roleWords: Readonly<Record<Role, RegExp>> = {
  embedding: /emb|encod|lookup|wte|vec|input/i,
  readout: /fc|lin|out|dec|proj|head|logit|read|pred|class/i,
};

/** What a name says of a matrix: `decoder.embedding.weight` is an embedding, `decoder.weight` a readout. */
function roleOf(name: string): Role | null {
  for (const part of name.split('.').reverse()) {
    const [embedding, readout] = [roleWords.embedding, roleWords.readout].map((each) =>
      each.test(part),
    );
    if (embedding !== readout) return embedding ? 'embedding' : 'readout';
  }
  return null;
}

interface Ends {
  readonly embedding: Named;
  readonly readout: Named | null;
  readonly bias: Named | null;
}

/** The embedding is V × I, the readout V × H, with a bias of V numbers perhaps. */
function findEnds(rest: readonly Named[], V: number, cell: CellWeights): Ends {
  const { inputSize: I, hiddenSize: H } = cell;
  const ofColumns = (columns: number): Named[] =>
    rest.filter(({ shape }) => shape.length === 2 && shape[0] === V && shape[1] === columns);
  const vectors = rest.filter(({ shape }) => shape.length === 1 && shape[0] === V);
  const biasOf = ({ name }: Named): Named | undefined =>
    vectors.find((vector) => vector.name === name.replace(/weight$/, 'bias'));
  const having = (role: Role | null, candidates: readonly Named[]): Named[] =>
    candidates.filter((each) => (biasOf(each) ? 'readout' : roleOf(each.name)) === role);

  let embeddings = ofColumns(I);
  let readouts = ofColumns(H);
  const candidates = [...new Set([...embeddings, ...readouts])];
  if (I === H) {
    const open = having(null, candidates);
    embeddings = having('embedding', candidates);
    readouts = having('readout', candidates);
    // a single matrix of which nothing is known is the one that is missing: first the embedding
    if (embeddings.length === 0) embeddings = open;
    else if (readouts.length === 0) readouts = open;
  } else {
    if (embeddings.length > 1) embeddings = having('embedding', embeddings);
    if (readouts.length > 1) readouts = having('readout', readouts);
    if (ofColumns(H).length > 0 && readouts.length === 0) throw ambiguous(candidates);
    if (ofColumns(I).length > 0 && embeddings.length === 0) throw ambiguous(candidates);
  }
  if (embeddings.length > 1 || readouts.length > 1) throw ambiguous(candidates);
  if (embeddings.length === 0) throw noEmbedding(rest, V, I);
  const readout = readouts.length > 0 ? readouts[0] : null;
  const loose = vectors.filter(({ name }) => /bias/i.test(name));
  const bias = readout && (biasOf(readout) ?? (loose.length === 1 ? loose[0] : null));
  return { embedding: embeddings[0], readout, bias };
}

const ambiguous = (candidates: readonly Named[]): WeightFileError =>
  new WeightFileError(
    'ambiguous',
    candidates.map(({ name }) => name),
  );

/** Most likely the vocabulary has another length than the embedding that was meant. */
function noEmbedding(rest: readonly Named[], V: number, I: number): WeightFileError {
  const matrices = rest.filter(({ shape }) => shape.length === 2);
  const meant = matrices.filter(
    ({ name, shape }) => shape[0] !== V && shape[1] === I && roleOf(name) !== 'readout',
  );
  const best = meant.find(({ name }) => roleOf(name) === 'embedding') ?? meant[0];
  if (best) return new WeightFileError('word-count', V, best.name, best.shape[0]);
  const found = matrices.map(({ name, shape }) => `${name} (${shapeText(shape)})`);
  return new WeightFileError('no-embedding', V, I, found);
}

/** A tensor that nothing here would use: the readout of a classifier, a second layer, a normalisation … */
function unusedError(
  unused: readonly Named[],
  V: number,
  { hiddenSize: H }: CellWeights,
): WeightFileError {
  const classifier = unused.find(
    ({ shape }) => shape.length === 2 && shape[1] === H && shape[0] !== V,
  );
  if (classifier) {
    return new WeightFileError('readout-size', classifier.name, classifier.shape[0], V);
  }
  const [{ name, shape }] = unused;
  return new WeightFileError('extra-tensor', name, shapeText(shape));
}
