// Recall: how often the most probable next word is the right answer, by family and gap, on held-out sentences.

import { Random, Unrolled, readLogits, type Network } from '../../src/engine/index.js';
import { gapFiller, story, type Family, type FillerKind } from '../../src/model/story/language.js';

export interface RecallOptions {
  readonly family: Family;
  /** Words between fact and question: the fewest whole filler sentences that make them. */
  readonly gap: number;
  readonly kind: FillerKind;
  /** Held-out sentences to ask. */
  readonly count: number;
  readonly seed?: number;
}

/** Share of held-out sentences whose most probable next word, of the whole vocabulary, is the answer. */
export function recall(
  network: Network,
  indexOf: ReadonlyMap<string, number>,
  options: RecallOptions,
): number {
  const { family, gap, kind, count, seed = 1 } = options;
  const random = new Random(`recall/${seed}/${family}/${gap}/${kind}`);
  let right = 0;
  for (let i = 0; i < count; i++) {
    const { fact, question, answer } = story(family, random, true);
    const tokens = [...fact, ...gapFiller(gap, random, kind), ...question];
    if (
      predict(
        network,
        tokens.map((token) => indexOf.get(token)!),
      ) === indexOf.get(answer)
    )
      right++;
  }
  return right / count;
}

function predict(network: Network, words: readonly number[]): number {
  const { cell, embedding, readout } = network;
  const { inputSize: I, hiddenSize: H } = cell;
  const unrolled = new Unrolled(cell, 1, words.length);
  words.forEach((word, t) => {
    unrolled.x.set(embedding.subarray(word * I, (word + 1) * I), t * I);
  });
  unrolled.run(cell, words.length);
  const logits = readLogits(readout, unrolled.h.subarray(words.length * H), 1, H);
  return logits.indexOf(Math.max(...logits));
}
