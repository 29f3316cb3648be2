// Every sentence and label a reader meets, in one typed dictionary. A further language is one more object of this type.

import type { CellType, GateName } from '../engine/index.js';
import type { TokenMode } from './tokenizer.js';

/** One wording for words, another for characters. */
type PerToken<T> = Readonly<Record<TokenMode, T>>;

/** A number of the plain-language description, already written out for the reader. */
type Shown = string;

export interface Strings {
  /** BCP 47 tag that numbers are formatted with. */
  readonly language: string;
  readonly cellName: Readonly<Record<CellType, string>>;
  /** Name with article, for sentences. */
  readonly theCell: Readonly<Record<CellType, string>>;
  readonly gateName: Readonly<Record<GateName, string>>;
  readonly defaultText: string;
  /** Word of `defaultText` worth following. */
  readonly defaultFollow: number;
  readonly examples: readonly { readonly text: string; readonly follow: number }[];

  readonly label: string;
  readonly cells: string;
  readonly compareAll: string;
  readonly showGates: string;
  readonly hideGates: string;
  readonly next: PerToken<string>;
  readonly back: string;
  readonly play: string;
  readonly pause: string;
  readonly reset: string;
  readonly speed: string;
  readonly speedValue: (seconds: Shown) => string;
  readonly position: string;
  readonly positionValue: (step: number, total: number, word: string | null) => string;
  readonly yourText: string;
  readonly yourTextHint: string;
  readonly tryThis: string;
  readonly modelBadge: {
    readonly story: (known: Shown) => string;
    readonly storyForced: string;
    readonly random: (seed: number, units: number) => string;
    readonly randomBecause: (known: Shown) => string;
    readonly randomBecauseNone: string;
    readonly file: string;
    readonly fileWithoutReadout: string;
    readonly trained: string;
    readonly switchTo: Readonly<Record<'story' | 'random', string>>;
  };
  readonly forgetBias: string;
  readonly forgetBiasHint: string;
  readonly newSeed: string;

  readonly reads: string;
  readonly hiddenState: string;
  readonly cellState: string;
  readonly memoryOfEach: PerToken<string>;
  readonly memory: string;
  readonly thinksNext: string;
  readonly noPredictionYet: string;
  readonly sameCell: (weights: Shown) => string;
  readonly noHandOver: string;
  readonly unknownWord: string;
  readonly unknownNote: (count: number) => string;
  readonly unknownAsZeros: (count: number) => string;
  /** Name of a bar; the amount is null before the word was read. */
  readonly followThis: (word: string, cell: string, amount: Shown | null) => string;
  readonly memoryIn: PerToken<(cell: string) => string>;
  readonly goTo: (word: string, index: number) => string;
  readonly unitValue: (word: string, unit: number, units: number, value: Shown) => string;
  readonly stateOf: (cell: string, word: string) => string;
  readonly highwayOf: (forget: Shown, input: Shown) => string;
  readonly gateHint: Readonly<Partial<Record<GateName, string>>>;

  readonly legend: {
    readonly units: string;
    readonly unboundedUnits: string;
    readonly imprint: string;
    readonly flow: string;
    readonly join: string;
  };
  readonly details: string;
  readonly table: string;
  readonly noImprint: string;

  /** What is done to the network: in words that follow one another with commas. */
  readonly intervention: {
    /** The last word is empty if there is but one, and null if there is no end. */
    readonly held: (gate: string, value: Shown, first: string, last: string | null) => string;
    readonly skipped: (first: string, last: string) => string;
    readonly title: string;
    readonly undo: string;
    readonly undoAll: string;
  };

  readonly narration: {
    readonly empty: string;
    readonly invite: PerToken<(word: string) => string>;
    /** Where there is no button to press. */
    readonly waiting: (word: string) => string;
    readonly readFollowed: (word: string) => string;
    readonly readAfter: PerToken<(word: string, distance: number, followed: string) => string>;
    readonly readBefore: (word: string) => string;
    readonly holds: (cell: string, amount: Shown) => string;
    readonly holdsMore: (cell: string, amount: Shown) => string;
    readonly holdsNothing: (cell: string) => string;
    readonly noImprint: (cell: string) => string;
    readonly forgetGate: (mean: Shown) => string;
    readonly updateGate: (mean: Shown) => string;
    readonly expects: (cell: string, word: string, probability: Shown) => string;
    readonly guesses: (cell: string, word: string, probability: Shown) => string;
    readonly end: string;
    readonly tryOther: (cells: string) => string;
    readonly tryLonger: string;
  };
  readonly problem: {
    readonly textTooLong: (count: Shown, limit: Shown) => string;
    readonly textKept: string;
    readonly loadFailed: (reason: string) => string;
    readonly overflow: (count: Shown) => string;
    readonly fallback: string;
    readonly badValue: (attribute: string, value: string, used: string) => string;
    readonly internal: string;
  };
  readonly loading: string;
}

const invite = (unit: string) => (word: string) =>
  `Press “Next ${unit}” to let the network read “${word}”.`;

const readAfter = (units: string) => (word: string, distance: number, followed: string) =>
  `Read “${word}”, ${distance === 1 ? 'right' : `${distance} ${units}`} after “${followed}”.`;

export const english: Strings = {
  // British lists: “a, b and c”
  language: 'en-GB',
  cellName: { feedforward: 'Feedforward', rnn: 'Simple RNN', lstm: 'LSTM', gru: 'GRU' },
  theCell: {
    feedforward: 'the feedforward layer',
    rnn: 'the simple RNN',
    lstm: 'the LSTM',
    gru: 'the GRU',
  },
  gateName: {
    state: 'state',
    input: 'input gate',
    forget: 'forget gate',
    candidate: 'candidate',
    output: 'output gate',
    reset: 'reset gate',
    update: 'update gate',
  },
  defaultText: 'Anna has a red kite. The cat sat on the mat. The kite of Anna is',
  defaultFollow: 3,
  examples: [
    { text: 'Anna has a red kite. The cat sat on the mat. The kite of Anna is', follow: 3 },
    { text: 'The dog bites the man. It rains on the roof. Who was bitten? The', follow: 4 },
    {
      text: 'The keys to the old cabinet were lost. The sun is bright today. Now Anna finds',
      follow: 1,
    },
    {
      text: 'Tom swims to the bank. We walk to the park. At the bank there is a lot of',
      follow: 1,
    },
    { text: 'Two purple dragons quietly juggle seven enormous pancakes above Paris', follow: 2 },
  ],

  label: 'A recurrent network reads a sentence word by word',
  cells: 'Kind of network',
  compareAll: 'Side by side',
  showGates: 'Show gates',
  hideGates: 'Hide gates',
  next: { words: 'Next word', characters: 'Next character' },
  back: 'Back',
  play: 'Auto play',
  pause: 'Pause',
  reset: 'Start again',
  speed: 'Speed',
  speedValue: (seconds) => `${seconds} s per word`,
  position: 'Position in the sentence',
  positionValue: (step, total, word) =>
    word === null ? `0 of ${total}, nothing read yet` : `${step} of ${total}, ${word}`,
  yourText: 'Your own sentence',
  yourTextHint: 'Type anything, in any language. The networks read it as you type.',
  tryThis: 'Try this',
  modelBadge: {
    story: (known) => `Trained story networks: they know ${known} of these words.`,
    storyForced: 'Trained story networks.',
    random: (seed, units) =>
      `Untrained networks (seed ${seed}, ${units} units): they have learned nothing, so they predict nothing.`,
    randomBecause: (known) =>
      `The trained networks know only ${known} of these words, so untrained ones read them.`,
    randomBecauseNone:
      'The trained networks know none of these words, so untrained ones read them.',
    file: 'Your own weights.',
    fileWithoutReadout: 'Your own weights, without a readout: they predict nothing.',
    trained: 'Trained on this page.',
    switchTo: { story: 'Use the trained ones', random: 'Use untrained ones' },
  },
  forgetBias: 'Gate bias',
  forgetBiasHint: 'higher: gates start more open and hold more',
  newSeed: 'Another seed',

  reads: 'reads',
  hiddenState: 'hidden state',
  cellState: 'cell state',
  memoryOfEach: { words: 'memory of each word', characters: 'memory of each character' },
  memory: 'memory',
  thinksNext: 'expects next',
  noPredictionYet: 'Nothing read yet.',
  sameCell: (weights) => `One cell, the same ${weights} weights at every word`,
  noHandOver: 'Nothing is handed to the next word',
  unknownWord: 'unknown word',
  unknownNote: (count) =>
    `Underdotted (${count}): not among the words the network was trained on; read as “some word”.`,
  unknownAsZeros: (count) =>
    `Underdotted (${count}): not in the vocabulary of the network; read as a vector of zeros.`,
  followThis: (word, cell, amount) =>
    amount === null ? `“${word}”, ${cell}: not read yet` : `“${word}”, ${cell}: memory ${amount}`,
  memoryIn: {
    words: (cell) => `${cell}: memory of each word`,
    characters: (cell) => `${cell}: memory of each character`,
  },
  goTo: (word, index) => `Go to word ${index}, ${word}`,
  unitValue: (word, unit, units, value) => `after “${word}”, unit ${unit} of ${units}: ${value}`,
  stateOf: (cell, word) => `${cell}, hidden state after “${word}”`,
  highwayOf: (forget, input) => `forget gate averages ${forget}, input gate averages ${input}`,
  gateHint: {
    forget: 'near 1 keeps the cell state, near 0 erases it',
    input: 'how much of the candidate joins',
    output: 'how much of the cell state shows',
    update: 'near 1 keeps the old state, near 0 replaces it',
    reset: 'how much of the old state the candidate sees',
  },

  legend: {
    units: 'a unit, from −1 to +1',
    unboundedUnits: 'a unit, from −1 to +1 and beyond',
    imprint: '100%: the imprint of the word',
    flow: 'cell state, as thick as the forget gate is open',
    join: 'input gate: how much joins',
  },
  details: 'How is this computed?',
  table: 'All numbers as a table',
  noImprint: 'no imprint',

  intervention: {
    held: (gate, value, first, last) =>
      `${gate} held at ${value} ${last === '' ? 'at' : 'from'} “${first}”${
        last === null ? ' on' : last && ` to “${last}”`
      }`,
    skipped: (first, last) => `“${first}”${last && ` to “${last}”`} skipped`,
    title: 'Intervention',
    undo: 'Undo',
    undoAll: 'Undo all',
  },

  narration: {
    empty: 'Type a sentence, and the network will read it word by word.',
    invite: { words: invite('word'), characters: invite('character') },
    waiting: (word) => `Nothing read yet. “${word}” comes first.`,
    readFollowed: (word) =>
      `Read “${word}”, the word to watch: what it has changed now is its imprint.`,
    readAfter: { words: readAfter('words'), characters: readAfter('characters') },
    readBefore: (word) => `Read “${word}”.`,
    holds: (cell, amount) => `${cell} has ${amount} of that imprint left`,
    holdsMore: (cell, amount) => `${cell} holds ${amount} of that imprint`,
    holdsNothing: (cell) => `${cell} hands nothing on, so nothing of it is left`,
    noImprint: (cell) => `on ${cell} it made no imprint`,
    forgetGate: (mean) => `its forget gate averages ${mean}`,
    updateGate: (mean) => `its update gate averages ${mean}`,
    expects: (cell, word, probability) => `${cell} expects “${word}” (${probability})`,
    guesses: (cell, word, probability) =>
      `${cell} can only guess; its best is “${word}” (${probability})`,
    end: 'That was the last word.',
    tryOther: (cells) => `Read the same sentence with ${cells}.`,
    tryLonger: 'Put a longer sentence in the middle and see what is left.',
  },
  problem: {
    textTooLong: (count, limit) => `This text has ${count} words; up to ${limit} can be read.`,
    textKept: 'The last text is still here.',
    loadFailed: (reason) => `The weights could not be loaded (${reason}).`,
    overflow: (count) =>
      `The state of this network grows beyond all bounds, so it can be read up to word ${count}.`,
    fallback: 'Untrained networks read the sentence instead.',
    badValue: (attribute, value, used) =>
      `${attribute}="${value}" is not known here; ${used} is used.`,
    internal: 'Something went wrong inside this figure; this is its last good state.',
  },
  loading: 'Loading the trained networks …',
};
