// The words of <rnn-trainer>, in one typed dictionary.

import type { NumericSetting, TrainableCell } from './training/settings.js';

/** A number, already written out for the reader. */
type Shown = string;

export interface TrainerStrings {
  readonly label: string;
  /** At the end of a line where there is little room. */
  readonly shortName: Readonly<Record<TrainableCell, string>>;
  readonly intro: (networks: number) => string;
  /** How many words stand between the fact and the question of the example. */
  readonly exampleNote: (words: number, answer: string, chance: Shown) => string;
  readonly moreWords: (words: number) => string;
  /** For who hears the example: before the answer. */
  readonly answer: string;

  readonly settings: string;
  readonly moreSettings: string;
  readonly cells: string;
  readonly setting: Readonly<Record<NumericSetting, string>>;
  readonly hint: Readonly<Partial<Record<NumericSetting, string>>>;
  readonly words: (count: number, shown: Shown) => string;
  readonly outside: (setting: string, value: Shown, low: Shown, high: Shown) => string;
  readonly restore: string;
  readonly settingsOff: string;
  readonly settingsWait: string;
  readonly tryThis: string;
  readonly tries: {
    readonly gap: (sets: string) => string;
    readonly examples: (sets: string) => string;
    readonly longer: (sets: string) => string;
    readonly bias: (sets: string) => string;
  };
  /** What a button sets: “gap 1, 60 sentences”. */
  readonly sets: (changes: readonly (readonly [setting: string, value: Shown])[]) => string;

  readonly start: string;
  readonly startAgain: string;
  readonly pause: string;
  readonly resume: string;
  readonly step: string;
  readonly stop: string;
  readonly progress: string;
  readonly stepOf: (step: Shown, steps: Shown) => string;
  readonly pace: (stepsPerSecond: Shown) => string;
  readonly secondsLeft: (seconds: number) => string;
  readonly where: (inWorker: boolean, fast: boolean) => string;

  readonly invite: string;
  readonly waiting: string;
  readonly starting: string;
  readonly stepping: string;
  readonly started: (cells: string) => string;
  readonly learned: (cell: string, recall: Shown, step: Shown) => string;
  readonly paused: (step: Shown) => string;
  readonly away: string;
  readonly stopped: (step: Shown) => string;
  readonly finished: (steps: Shown, recalls: string) => string;
  readonly recallOf: (cell: string, recall: Shown) => string;

  readonly chart: {
    readonly recall: string;
    readonly recallUnit: string;
    readonly loss: string;
    readonly lossUnit: string;
    readonly byGap: string;
    readonly byGapUnit: string;
    readonly gradient: string;
    readonly gradientUnit: string;
    readonly steps: string;
    readonly gap: string;
    readonly chance: string;
    /** In the large chart before there is anything to draw. */
    readonly invitation: string;
    readonly trainedOn: string;
    readonly beyond: string;
    readonly empty: (title: string) => string;
    readonly now: (title: string, values: string) => string;
    readonly value: (cell: string, value: Shown) => string;
    readonly atGap: (recall: Shown, words: Shown) => string;
    readonly since: (step: Shown) => string;
  };

  readonly results: string;
  readonly resultColumns: {
    readonly cell: string;
    readonly parameters: string;
    readonly milliseconds: string;
    readonly recall: string;
    readonly learnedAt: string;
  };
  readonly inTheCell: (parameters: Shown) => string;
  readonly notYet: string;
  readonly never: string;
  readonly loaded: string;
  readonly loadedNote: string;
  readonly fewer: (cell: string, fewer: Shown, share: Shown, other: string) => string;
  /** Where no other network is behind. */
  readonly reached: (cells: string, step: Shown) => string;
  readonly first: (cells: string, step: Shown) => string;
  readonly then: (cells: string, step: Shown) => string;
  readonly notLearned: (cells: string, count: number, soFar: boolean) => string;

  readonly ask: string;
  readonly askGap: string;
  readonly askButton: string;
  readonly askLater: string;
  readonly asking: (words: Shown) => string;
  readonly asked: (words: Shown, answers: string) => string;
  readonly askedOf: (cell: string, recall: Shown, right: Shown, asked: Shown) => string;

  readonly weights: string;
  readonly use: string;
  readonly used: (id: string) => string;
  readonly lost: (id: string) => string;
  readonly save: string;
  readonly load: string;
  readonly loadHint: string;
  readonly loadedFile: (cell: string, recall: Shown, words: Shown) => string;
  /** Why a file that holds a network is of no use here. */
  readonly otherCell: (cell: string) => string;
  readonly otherTask: string;
  readonly refused: (file: string, reason: string) => string;
  readonly fileName: (cell: string, settings: { gap: number; seed: number }) => string;

  readonly table: string;
  readonly overSteps: string;
  readonly overGaps: string;
  readonly column: {
    readonly step: string;
    readonly gap: string;
    readonly recall: (cell: string) => string;
    readonly loss: (cell: string) => string;
    readonly gradient: (cell: string) => string;
  };
  readonly csv: string;
  /** What went wrong in a training, in the browser's words. */
  readonly failed: (reason: string) => string;
  /** Why what the reader asked for could not be done. */
  readonly notDone: (reason: string) => string;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

export const englishTrainer: TrainerStrings = {
  label: 'Networks learn a recall task, live',
  shortName: { rnn: 'RNN', lstm: 'LSTM', gru: 'GRU' },
  intro: (networks) =>
    `${['A network learns', 'Two networks learn', 'Three networks learn'][networks - 1]}, from nothing, to answer one kind of question: what colour was it? ${
      networks === 1 ? 'It reads' : 'They read the same sentences in the same order,'
    } word by word, with other sentences between the fact and the question.`,
  exampleNote: (words, answer, chance) =>
    `${count(words, 'word')} between the fact and the question. The right answer is “${answer}”; a guess among the six colours is right in ${chance}.`,
  moreWords: (words) => `… ${count(words, 'more word')} …`,
  answer: 'answer:',

  settings: 'What is trained',
  moreSettings: 'More settings',
  cells: 'Networks',
  setting: {
    gap: 'Words between',
    examples: 'Training sentences',
    hiddenSize: 'Units',
    learningRate: 'Learning rate',
    batch: 'Sentences a step',
    steps: 'Steps',
    seed: 'Seed',
    forgetBias: 'Gate bias',
    clip: 'Clip gradients at',
  },
  hint: {
    gap: 'trained with gaps from 0 to this many words',
    examples: 'few: the networks see the same ones again and again',
    hiddenSize: 'numbers in the hidden state',
    forgetBias: 'forget gate (LSTM) and update gate (GRU) at the start: higher keeps more',
    seed: 'another seed: other first weights, other sentences',
    clip: 'largest norm of a step’s gradient',
  },
  words: (n, shown) => `${shown} word${n === 1 ? '' : 's'}`,
  outside: (setting, value, low, high) =>
    `${setting}: ${value || 'an empty field'} cannot be used; ${low} to ${high} can.`,
  restore: 'Back to the first settings',
  settingsOff: 'Stop the training to change its settings.',
  settingsWait: 'The picture shows the last run. Start trains anew with these settings.',
  tryThis: 'Try',
  tries: {
    gap: (sets) => `Can the simple RNN learn at all? ${sets}`,
    examples: (sets) => `Who gets by with few examples? ${sets}`,
    longer: (sets) => `Who still learns over a longer gap? ${sets}`,
    bias: (sets) => `And if the gates start half shut? ${sets}`,
  },
  sets: (changes) => `(${changes.map((pair) => pair.join(': ')).join(', ')})`,

  start: 'Start training',
  startAgain: 'Train anew',
  pause: 'Pause',
  resume: 'Resume',
  step: 'One step',
  stop: 'Stop',
  progress: 'Training',
  stepOf: (step, steps) => `step ${step} of ${steps}`,
  pace: (stepsPerSecond) => `${stepsPerSecond} steps a second`,
  secondsLeft: (seconds) =>
    seconds < 90
      ? `about ${count(seconds, 'second')} left`
      : `about ${count(Math.round(seconds / 60), 'minute')} left`,
  where: (inWorker, fast) =>
    `Trained ${inWorker ? 'in a worker' : 'on the page itself, in slices'}, ${fast ? 'with WebAssembly' : 'without WebAssembly'}.`,

  invite: 'The networks know nothing yet. Press “Start training” and watch who learns to answer.',
  waiting: 'The networks know nothing yet.',
  starting: 'Starting …',
  stepping: 'One step …',
  started: (cells) => `Training: ${cells}.`,
  learned: (cell, recall, step) => `${cell}: ${recall} right after ${step} steps.`,
  paused: (step) => `Paused after step ${step}.`,
  away: 'Paused while this page is out of sight.',
  stopped: (step) => `Stopped after step ${step}.`,
  finished: (steps, recalls) => `Finished after ${steps} steps. Right answers: ${recalls}.`,
  recallOf: (cell, recall) => `${cell} ${recall}`,

  chart: {
    recall: 'Right answers',
    recallUnit: 'at the full gap, on questions that were never trained on',
    loss: 'Loss of the answer',
    lossUnit: '−ln p of the right word, in training',
    byGap: 'How far it reaches',
    byGapUnit: 'by the words between, so far',
    gradient: 'Gradient that reaches the first word',
    gradientUnit:
      '‖∂L/∂s₁‖ of the answer’s loss; it also falls where there is nothing left to correct',
    steps: 'steps',
    gap: 'words',
    chance: 'chance',
    invitation: 'Who will get it, and when?',
    trainedOn: 'trained',
    beyond: 'never trained',
    empty: (title) => `${title}: nothing yet.`,
    now: (title, values) => `${title}. Now: ${values}.`,
    value: (cell, value) => `${cell} ${value}`,
    atGap: (recall, words) => `${recall} at ${words}`,
    since: (step) => `step ${step}`,
  },

  results: 'The networks of this run',
  resultColumns: {
    cell: 'network',
    parameters: 'parameters',
    milliseconds: 'ms a step',
    recall: 'right',
    learnedAt: 'first 95% right',
  },
  inTheCell: (parameters) => `${parameters} in the cell`,
  notYet: 'not yet',
  never: 'not in this run',
  loaded: 'from a file',
  loadedNote: 'Weights from a file take the place of the trained ones until the next run.',
  fewer: (cell, fewer, share, other) =>
    `${cell} has ${fewer} fewer parameters in its cell than ${other} (${share} fewer).`,
  reached: (cells, step) => `${cells} reached 95% at step ${step}`,
  first: (cells, step) => `${cells} reached 95% first, at step ${step}`,
  then: (cells, step) => `${cells} at step ${step}`,
  notLearned: (cells, n, soFar) =>
    `${cells} ${soFar ? `${n === 1 ? 'has' : 'have'} not got there yet` : 'did not get there'}`,

  ask: 'Ask across another gap',
  askGap: 'Words between',
  askButton: 'Ask',
  askLater: 'Once they have learned something, see how far it reaches.',
  asking: (words) => `Asking across ${words} words …`,
  asked: (words, answers) => `Across ${words} words: ${answers}.`,
  askedOf: (cell, recall, right, asked) => `${cell} ${recall} right (${right} of ${asked})`,

  weights: 'The trained networks',
  use: 'Use these weights in the sentence figure',
  used: (id) => `The figure “${id}” now runs the networks trained here.`,
  lost: (id) => `Nothing with the id “${id}” on this page can run these weights.`,
  save: 'Save weights',
  load: 'Load weights …',
  loadHint: 'a safetensors file saved here or from PyTorch; it stays in this browser',
  loadedFile: (cell, recall, words) =>
    `${cell} from the file: ${recall} right across ${words} words.`,
  otherCell: (cell) => `it holds ${cell}, which is not in this run`,
  otherTask: 'it has no readout, or does not know all words of this task',
  refused: (file, reason) => `“${file}” could not be read: ${reason}.`,
  fileName: (cell, { gap, seed }) => `${cell}-gap-${gap}-seed-${seed}.safetensors`,

  table: 'All numbers as a table',
  overSteps: 'Over the training: right answers at the full gap, loss of the answer, gradient',
  overGaps: 'Right answers by the number of words between',
  column: {
    step: 'step',
    gap: 'words between',
    recall: (cell) => `${cell}, right`,
    loss: (cell) => `${cell}, loss`,
    gradient: (cell) => `${cell}, gradient`,
  },
  csv: 'Save as CSV',
  failed: (reason) => `The training had to end; the browser says: “${reason}”.`,
  notDone: (reason) => `That could not be done; the browser says: “${reason}”.`,
};
