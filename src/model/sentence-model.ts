// What the reading needs of a network: an input vector for a token, the cell, and perhaps a next-word prediction.

import type { CellType, CellWeights, Floats, Readout } from '../engine/index.js';
import type { Token } from './tokenizer.js';

/** Where the running weights come from; `trained`: from a training on the page. */
export type ModelKind = 'story' | 'random' | 'file' | 'trained';

/** One candidate for the next word. */
export interface Prediction {
  /** As the vocabulary has it; a space and a line break as “␣” and “⏎”. */
  readonly word: string;
  /** Probability, softmax over the whole vocabulary. */
  readonly probability: number;
}

export interface SentenceModel {
  readonly kind: ModelKind;
  readonly cell: CellWeights;
  /** Number of words the network was trained with; null if it takes any word. */
  readonly vocabularySize: number | null;
  /** Whether it expects next words: false if it has learned nothing to predict, or was saved without a readout. */
  readonly predicts: boolean;
  /** What turns a hidden state into a logit for each word of the vocabulary; null unless `predicts`. */
  readonly readout: Readout | null;
  /** Whether it reads words it does not know as vectors of zeros, for want of a token that stands for them. */
  readonly unknownAsZeros: boolean;
  /** Whether the network was trained with this token; always true for untrained networks. */
  knows(token: Token): boolean;
  /** Row of a token in the vocabulary, for an unknown word that of `<unk>`; null if there is none. */
  row(token: Token): number | null;
  /** `[I]` input vector of a token. */
  vector(token: Token): Floats;
  /** The `count` most probable next words for a hidden state `[H]`; null unless `predicts`. */
  predict(h: Floats, count: number): Prediction[] | null;
}

/** Loads or makes the network of one kind for one cell. */
export type ModelLoader = (cell: CellType) => Promise<SentenceModel> | SentenceModel;
