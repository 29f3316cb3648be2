// What the disclosures of <rnn-visualizer> say, which load with them.

import type { CellType } from '../engine/index.js';

/** A number of the plain-language description, already written out for the reader. */
type Shown = string;

export interface DetailStrings {
  readonly computed: readonly string[];
  readonly conventions: Readonly<Record<CellType, string>>;
  readonly reluConvention: string;
  readonly followedNumbers: (
    word: string,
    distance: Shown,
    imprint: Shown,
    ratio: Shown,
    influence: Shown,
  ) => string;
  readonly tableCaption: (cell: string) => string;
  readonly tableColumns: {
    readonly step: string;
    readonly word: string;
    readonly gateMean: (gate: string) => string;
    readonly memoryNow: string;
    readonly prediction: string;
  };
}

export const englishDetails: DetailStrings = {
  computed: [
    'Memory of a word: a twin of the network reads the same sentence with a vector of zeros in place of that word. The bar is the distance between the two states now, divided by their distance right after the word (its imprint). At 100% the word makes as much difference as when it was read; it can be more, if the network builds on it.',
    'The bar is not the size of the state: a state stays full while a word in it is long gone. And it is not the gate: a gate says how much passes at one step, for each unit.',
    'Expected next: the readout turns the hidden state into a number for each word of the vocabulary, a softmax these into probabilities.',
    'Local influence, ‖∂h/∂x‖, is another thing again: how much a tiny change of the word would move the state. It can be small while the word is safely stored.',
  ],
  conventions: {
    feedforward: 'h = tanh(W x + b). Each word alone decides the state.',
    rnn: 'h = tanh(W x + b + U h₋ + b′), with the h₋ of the word before.',
    lstm: 'c = f ⊙ c₋ + i ⊙ g and h = o ⊙ tanh(c), with f, i, o between 0 and 1. What is handed on is h and c.',
    gru: 'h = (1 − z) ⊙ n + z ⊙ h₋: an update gate z near 1 keeps. The reset gate acts after the matrix product.',
  },
  reluConvention: 'h = max(0, W x + b + U h₋ + b′), with the h₋ of the word before.',
  followedNumbers: (word, distance, imprint, ratio, influence) =>
    `“${word}” now: distance ${distance}, imprint ${imprint}, memory ${ratio}; local influence ${influence}.`,
  tableCaption: (cell) => `${cell}: one row for each step, at most the last 300`,
  tableColumns: {
    step: 'step',
    word: 'word',
    gateMean: (gate) => `${gate}, mean`,
    memoryNow: 'memory now',
    prediction: 'expected next',
  },
};
