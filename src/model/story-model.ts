// A trained next-word network with its vocabulary, as a model that reads sentences.

import { readLogits, softmax, type Network } from '../engine/index.js';
import type { ModelKind, SentenceModel } from './sentence-model.js';
import { isMark, unknownWord } from './story/language.js';
import type { Token } from './tokenizer.js';

/**
 * @param words the vocabulary in the order of the embedding's rows; the unknown-word token stands first if it is missing.
 */
export function trainedModel(
  kind: ModelKind,
  network: Network,
  words: readonly string[],
): SentenceModel {
  const { cell, embedding, readout } = network;
  const I = cell.inputSize;
  const index = new Map(words.map((word, i) => [word, i]));
  const unknown = index.get(unknownWord) ?? 0;
  const lookUp = ({ key, mark }: Token): number =>
    // marks that the network never saw are read as a pause
    index.get(key) ?? (mark ? index.get(',') : undefined) ?? unknown;
  return {
    kind,
    cell,
    vocabularySize: words.length,
    knows: (token) => lookUp(token) !== unknown,
    vector(token) {
      const row = lookUp(token);
      return embedding.subarray(row * I, (row + 1) * I);
    },
    predict(h, count) {
      const p = softmax(readLogits(readout, h, 1, cell.hiddenSize));
      return Array.from(p, (probability, i) => ({ word: words[i], probability }))
        .filter(({ word }) => word !== unknownWord)
        .sort((a, b) => b.probability - a.probability)
        .slice(0, count);
    },
  };
}

/** Share of a text's words (marks not counted) that the story networks were trained with; 1 for a text without words. */
export function knownShare(tokens: readonly Token[], words: ReadonlySet<string>): number {
  const spoken = tokens.filter(({ mark, key }) => !mark && !isMark(key));
  if (spoken.length === 0) return 1;
  return spoken.filter(({ key }) => words.has(key)).length / spoken.length;
}
