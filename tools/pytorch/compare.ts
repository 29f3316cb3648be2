// Compares a loaded network with what PyTorch predicted from the same file.

import { Reading } from '../../src/model/reading.js';
import type { SentenceModel } from '../../src/model/sentence-model.js';

export interface PytorchCase {
  readonly name: string;
  readonly file: string;
  readonly sentence: readonly string[];
  readonly words: readonly string[];
  /** Of every word of the vocabulary after every word of the sentence. */
  readonly probabilities: readonly (readonly number[])[];
}

/** The largest difference of a probability. */
export function largestError(model: SentenceModel, expected: PytorchCase): number {
  const { sentence, words, probabilities } = expected;
  const tokens = sentence.map((text) => ({ text, key: text, mark: text === '.' }));
  const reading = new Reading(model, tokens);
  reading.readTo(tokens.length);
  let worst = 0;
  for (const [t, row] of probabilities.entries()) {
    const found = new Map(
      reading.predictions(t, words.length)?.map(({ word, probability }) => [word, probability]),
    );
    for (const [i, probability] of row.entries()) {
      const error = Math.abs((found.get(words[i]) ?? NaN) - probability);
      // a NaN must not get lost in `Math.max`
      worst = error > worst || Number.isNaN(error) ? error : worst;
    }
  }
  return worst;
}
