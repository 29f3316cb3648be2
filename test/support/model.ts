// Helpers of the model's tests: the bits of numbers, medians, small networks, sentences, interventions.

import {
  Random,
  cells,
  initialWeights,
  type CellType,
  type CellWeights,
  type Floats,
  type HeldGate,
  type Intervention,
  type Network,
} from '../../src/engine/index.js';
import type { SentenceModel } from '../../src/model/sentence-model.js';
import { tokenize, type Token } from '../../src/model/tokenizer.js';

/** The 64 bits of a number, in hexadecimal. */
export function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

/** English words and marks as tokens. */
export const read = (text: string): Token[] => tokenize(text, 'words', 'en');

/** `count` different words that nobody knows. */
export function distinctWords(count: number, random: Random): string[] {
  const words = new Set<string>();
  while (words.size < count) words.add(`w${random.uint32().toString(36)}`);
  return [...words];
}

/** A network with every number random (recurrent biases included), and its vocabulary. */
export function randomNetwork(
  cell: CellType,
  words: readonly string[],
  { inputSize = 3, hiddenSize = 5, seed = 'network' } = {},
): Network {
  const random = new Random(`${seed}/${cell}`);
  const weights = initialWeights(cell, inputSize, hiddenSize, seed);
  return {
    embedding: random.normals(words.length * inputSize),
    cell: {
      ...weights,
      biasIh: random.normals(weights.biasIh.length),
      biasHh: random.normals(weights.biasHh.length),
    },
    readout: {
      weight: random.normals(words.length * hiddenSize),
      bias: random.normals(words.length),
    },
  };
}

/** A cell that does not see its input: no word leaves an imprint. */
export function blind(model: SentenceModel): SentenceModel {
  const cell: CellWeights = {
    ...model.cell,
    weightIh: new Float64Array(model.cell.weightIh.length),
  };
  return { ...model, cell };
}

/** The block of `values` that belongs to one gate of a cell. */
export function gateBlock(weights: CellWeights, values: Floats, block: number): Floats {
  const size = values.length / cells[weights.cell].gates.length;
  return values.subarray(block * size, (block + 1) * size);
}

/** `[T × I]` what a model reads. */
export function inputsOf(model: SentenceModel, tokens: readonly Token[]): Float64Array {
  return Float64Array.from(tokens.flatMap((token) => Array.from(model.vector(token))));
}

/** A gate held over words `from` to `to` − 1. */
export const hold = (gate: HeldGate, value: number, from = 0, to = Infinity): Intervention => ({
  kind: 'hold',
  gate,
  value,
  from,
  to,
});

/** Words skipped; one, unless `to` says more. */
export const skip = (from: number, to = from + 1): Intervention => ({ kind: 'skip', from, to });
