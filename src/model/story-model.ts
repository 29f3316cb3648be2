// A trained next-word network with its vocabulary, as a model that reads sentences.

import { readLogits, softmax, type Network, type Readout } from '../engine/index.js';
import type { ModelKind, SentenceModel } from './sentence-model.js';
import { isMark, unknownWord } from './story/language.js';
import type { Token } from './tokenizer.js';
import type { WeightFile } from './weight-files.js';

/** The network of a weight file as a model. */
export function modelOfFile(
  kind: ModelKind,
  { words, unknown, ...network }: WeightFile,
): SentenceModel {
  return trainedModel(kind, network, words, unknown);
}

/**
 * A word is looked up as typed, then by its key; in networks of our own a mark that they never saw is read as a comma, a
 * pause. All other words are unknown.
 * @param network without a readout it predicts nothing.
 * @param words the vocabulary in the order of the embedding's rows.
 * @param unknown row of the token for unknown words; null: they are read as vectors of zeros. `<unk>` unless given.
 */
export function trainedModel(
  kind: ModelKind,
  network: Omit<Network, 'readout'> & { readonly readout: Readout | null },
  words: readonly string[],
  unknown: number | null = rowOf(words, unknownWord),
): SentenceModel {
  const { cell, embedding, readout } = network;
  const I = cell.inputSize;
  const rows = new Map(words.map((word, row) => [word, row]));
  const own = kind !== 'file';
  const pause = own ? rows.get(',') : undefined;
  const zeros = new Float64Array(I);
  const row = ({ text, key, mark }: Token): number | null =>
    rows.get(text) ?? rows.get(key) ?? (mark ? pause : undefined) ?? unknown;
  return {
    kind,
    cell,
    vocabularySize: words.length,
    predicts: readout !== null,
    readout,
    unknownAsZeros: unknown === null,
    knows: (token) => row(token) !== unknown,
    row,
    vector(token) {
      const at = row(token);
      return at === null ? zeros : embedding.subarray(at * I, (at + 1) * I);
    },
    predict(h, count) {
      if (!readout) return null;
      const p = softmax(readLogits(readout, h, 1, cell.hiddenSize));
      // “some other word” is no answer in a story; what somebody else's network expects is left as it is
      return best(p, count, own ? unknown : null).map((at) => ({
        word: visible[words[at]] ?? words[at],
        probability: p[at],
      }));
    },
  };
}

/** What can't be seen, as the tokenizer writes it: in networks that read characters. */
const visible: Readonly<Record<string, string | undefined>> = Object.assign(
  Object.create(null) as object,
  { ' ': '␣', '\n': '⏎' },
);

function rowOf(words: readonly string[], word: string): number | null {
  const row = words.indexOf(word);
  return row < 0 ? null : row;
}

/** Rows of the `count` largest numbers, the largest first. A vocabulary is too large to be sorted at each step. */
function best(p: Float64Array, count: number, except: number | null): number[] {
  const rows: number[] = [];
  p.forEach((value, row) => {
    if (row === except || (rows.length === count && !(value > p[rows[count - 1]]))) return;
    let at = rows.length;
    while (at > 0 && value > p[rows[at - 1]]) at--;
    rows.splice(at, 0, row);
    if (rows.length > count) rows.pop();
  });
  return rows;
}

/** Share of a text's words (marks not counted) that a network was trained with; 1 for a text without words. */
export function knownShare(tokens: readonly Token[], knows: (token: Token) => boolean): number {
  const spoken = tokens.filter(({ mark, key }) => !mark && !isMark(key));
  if (spoken.length === 0) return 1;
  return spoken.filter(knows).length / spoken.length;
}
