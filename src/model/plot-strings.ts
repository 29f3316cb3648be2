// The words of <gradient-plot>, in one typed dictionary. They load with the plot.

import type { CellType } from '../engine/index.js';

/** A number, already written out for the reader. */
type Shown = string;

/** What is plotted against the lag. */
export type Quantity = 'state' | 'loss';

/** What lies between two lags. */
export type LagUnit = 'words' | 'characters' | 'steps';

/** An amount, and the cell it is of, with its article. */
type Amounts = readonly (readonly [amount: Shown, cell: string])[];

export interface PlotStrings {
  readonly label: Readonly<Record<Quantity, string>>;
  readonly quantities: string;
  readonly quantity: Readonly<Record<Quantity, string>>;
  readonly sources: string;
  readonly source: Readonly<Record<'text' | 'random', string>>;
  readonly axis: Readonly<Record<Quantity | 'share', string>>;
  readonly formula: Readonly<Record<Quantity | 'share', string>>;
  readonly lagAxis: (unit: LagUnit) => string;
  readonly vanishing: string;
  readonly exploding: string;
  readonly path: string;
  /** Where there is little room. */
  readonly pathShort: string;
  /** Short, at the end of a line. */
  readonly cell: Readonly<Record<CellType, string>>;
  readonly drawing: (title: string, point: string) => string;
  readonly lag: string;
  /** “20 words back”, or “at the last word itself”. */
  readonly back: (lag: number, shown: Shown, unit: LagUnit) => string;
  /** The same with the word that was read there. */
  readonly backAt: (back: string, word: string) => string;
  readonly point: {
    readonly state: (where: string, amounts: Amounts) => string;
    /** With what each amount is of the one at lag 0. */
    readonly loss: (where: string, amounts: Amounts, shares: readonly Shown[]) => string;
  };
  /** Of the cells whose line falls below a thousandth, or rises above ten. */
  readonly vanished: (cell: string, lag: number, shown: Shown, unit: LagUnit) => string;
  readonly exploded: (cell: string, lag: number, shown: Shown, unit: LagUnit) => string;
  /** A value that is exactly 0. */
  readonly nothing: string;
  /** Of which word the loss is, as one or more cells have it. */
  readonly loss: (
    targets: readonly (readonly [word: string, cell: string, loss: Shown])[],
    actual: boolean,
  ) => string;
  /** From which word, or step, it goes back. */
  readonly line: (from: string, step: boolean) => string;
  readonly band: (steps: Shown, all: boolean, unit: LagUnit) => string;
  readonly noBand: string;
  readonly computing: string;
  readonly notRead: string;
  readonly noLoss: string;
  readonly noLossYet: string;
  readonly longest: (lags: Shown) => string;
  readonly settings: string;
  readonly setting: Readonly<
    Record<
      | 'recurrentScale'
      | 'inputScale'
      | 'forgetBias'
      | 'updateBias'
      | 'length'
      | 'hiddenSize'
      | 'seed',
      string
    >
  >;
  readonly newSeed: string;
  readonly tryThis: string;
  readonly presets: Readonly<Record<'vanish' | 'saturate' | 'explode' | 'shut' | 'open', string>>;
  readonly stateSize: string;
  readonly stateSizeHint: string;
  readonly three: string;
  readonly threeText: string;
  readonly threeOnlyText: string;
  readonly things: Readonly<
    Record<
      'memory' | 'influence' | 'gain' | 'share',
      { readonly name: string; readonly means: string }
    >
  >;
  readonly pathText: string;
  readonly shares: string;
  readonly sharesText: string;
  readonly clip: string;
  readonly clipAt: string;
  readonly clipped: (cell: string, total: Shown, factor: Shown) => string;
  readonly unclipped: (cell: string, total: Shown, below: boolean) => string;
  readonly clipMeaning: (clipping: boolean, where: string, ratios: Amounts) => string;
  readonly check: string;
  readonly checkText: Readonly<Record<Quantity, (where: string) => string>>;
  readonly checkAgain: string;
  readonly checkCell: string;
  readonly checkColumns: readonly [entry: string, exact: string, estimate: string, apart: string];
  readonly checkLimit: (limit: Shown) => string;
  /** In place of a difference that says nothing. */
  readonly checkTooSmall: string;
  readonly table: string;
  readonly tableCaption: (quantity: string) => string;
  readonly tableLag: string;
  readonly tableWord: string;
  readonly tableBand: (cell: string) => string;
  readonly csv: string;
}

/** “, 0.57 in the LSTM and 1.2 in the GRU” */
const rest = (others: Amounts): string =>
  others
    .map(([amount, cell], i) => `${i < others.length - 1 ? ',' : ' and'} ${amount} in ${cell}`)
    .join('');

/** “0.14, 0.83 and 1” */
const listed = (items: readonly string[]): string =>
  items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;

const counted = (count: number, unit: LagUnit): string => (count === 1 ? unit.slice(0, -1) : unit);

export const englishPlot: PlotStrings = {
  label: {
    state: 'How far a nudge of the state gets',
    loss: 'How far back the gradient of the loss gets',
  },
  quantities: 'What is plotted',
  quantity: { state: 'A nudge of the state', loss: 'The gradient of the loss' },
  sources: 'Which networks',
  source: { text: 'This sentence', random: 'Random networks' },
  axis: {
    state: 'gain of a nudge',
    loss: 'gradient of the loss',
    share: 'what a step adds to the gradient of the weights',
  },
  formula: {
    state: '‖∂sₜ/∂sₖ‖ ∕ √S',
    loss: '‖∂Lₜ/∂sₖ‖',
    share: '‖∂Lₜ/∂θₖ‖',
  },
  lagAxis: (unit) => `${unit} back`,
  vanishing: 'vanishing',
  exploding: 'exploding',
  path: 'forget gates alone',
  pathShort: 'gates alone',
  cell: { feedforward: 'Feedforward', rnn: 'Simple RNN', lstm: 'LSTM', gru: 'GRU' },
  drawing: (title, point) => `${title}, on a logarithmic axis. ${point}`,
  lag: 'How far back',
  back: (lag, shown, unit) =>
    lag === 0 ? 'At this step itself' : `${shown} ${counted(lag, unit)} back`,
  backAt: (back, word) => `${back}, at “${word}”`,
  point: {
    state: (where, [[amount, cell] = ['', ''], ...others]) =>
      `${where}, a nudge of the state is worth ${amount} of itself here in ${cell}${rest(others)}.`,
    loss: (where, [[amount, cell] = ['', ''], ...others], shares) =>
      `${where}, the gradient of the loss is ${amount} in ${cell}${rest(others)}: ${listed(shares)} of what it is at this step.`,
  },
  vanished: (cell, lag, shown, unit) =>
    `In ${cell} less than a thousandth comes back from ${shown} ${counted(lag, unit)} on.`,
  exploded: (cell, lag, shown, unit) =>
    `In ${cell} it is more than tenfold from ${shown} ${counted(lag, unit)} on.`,
  nothing: 'nothing',
  loss: (targets, actual) =>
    `L is the loss, −ln of its probability, of the word that ${
      actual ? 'follows' : 'is expected most'
    }: ${targets
      .map(([word, cell, loss]) => `${loss} nats for “${word}” in ${cell}`)
      .join(
        ', ',
      )}. A network that is sure has little error to send back: look at how a line falls, not at how high it begins.`,
  line: (from, step) => `The lines go back from ${step ? 'step ' : ''}${from}.`,
  band: (steps, all, unit) =>
    `The bands hold the middle half of what one gets going back from ${
      all ? `each of the ${steps} ${unit} so far` : `${steps} of the ${unit} so far`
    }.`,
  noBand: 'With a few more of them read, a band will show how much it differs from step to step.',
  computing: 'The band is being computed …',
  notRead: 'Nothing is read yet. Read a few words: the gradient goes back from the last one.',
  noLoss:
    'These networks are untrained: they predict no word, so there is no loss whose gradient could come back.',
  noLossYet: 'The network expects nothing here.',
  longest: (lags) => `Only the last ${lags} lags are computed.`,
  settings: 'Random networks: what they are made of',
  setting: {
    recurrentScale: 'Spectral radius of U',
    inputScale: 'Scale of the input',
    forgetBias: 'Forget bias (LSTM)',
    updateBias: 'Update bias (GRU)',
    length: 'Steps',
    hiddenSize: 'Units',
    seed: 'Seed',
  },
  newSeed: 'Another seed',
  tryThis: 'Try',
  presets: {
    vanish: 'radius 0.9',
    saturate: 'radius 1.5',
    explode: 'radius 4',
    shut: 'forget bias 0',
    open: 'forget bias 3',
  },
  stateSize: 'Size of the state, ‖hₜ‖ ∕ √H',
  stateSizeHint: 'A state can be full although nothing comes back through it.',
  three: 'Three things that are easily confused',
  threeText:
    'Only the third is about training. A word can have faded although gradients get through, and it can be held safely by a unit that has saturated, through which hardly any gradient gets.',
  threeOnlyText:
    'The first two need a sentence: take a word away, nudge its vector. Numbers for them stand here when the networks read one.',
  things: {
    memory: {
      name: 'Fading state',
      means:
        'What of the word is left in the state: the distance to a twin that never read it, as a share of its imprint.',
    },
    influence: {
      name: 'Local influence',
      means:
        'How strongly a tiny change of the word’s vector would move the hidden state now: ‖∂hₜ/∂xₖ‖.',
    },
    gain: {
      name: 'Vanishing gradient',
      means:
        'How much of an error comes back to the state after that word, to teach the network: what is plotted here.',
    },
    share: {
      name: 'Vanishing gradient',
      means:
        'How much of the gradient of the loss comes back to the state after that word, as a share of what it is at this step.',
    },
  },
  pathText:
    'The thin line is something else again: the product of the forget gates alone, the direct way along the cell state. A gradient takes all other ways, too, through the hidden state; they may add to the direct one or cancel it.',
  shares: 'What each step adds to the gradient of the weights',
  sharesText:
    'The weights are the same at every step, so their gradient is a sum over the steps. Where long lags vanish the sum does not: the network goes on learning, from its last few words.',
  clip: 'Clip the gradient',
  clipAt: 'at a norm of',
  clipped: (cell, total, factor) =>
    `${cell}: norm ${total}, so everything is multiplied by ${factor}.`,
  unclipped: (cell, total, below) =>
    below ? `${cell}: norm ${total}, below the limit: nothing changes.` : `${cell}: norm ${total}.`,
  clipMeaning: (clipping, where, [[ratio, cell] = ['', ''], ...others]) =>
    `${where}, a step adds ${ratio} of what the last one adds in ${cell}${rest(others)}${
      clipping
        ? ', clipped or not: clipping moves a whole line down by one factor. It cures exploding, and does not cure vanishing.'
        : '.'
    }`,
  check: 'Check it',
  checkText: {
    state: (where) =>
      `Entries of ∂sₜ/∂sₖ drawn at random, ${where}: the exact derivative beside what happens when that one number of the state is really nudged and the network reads on.`,
    loss: (where) =>
      `Entries of ∂Lₜ/∂sₖ drawn at random, ${where}: the exact derivative beside what happens to the loss when that one number of the state is really nudged and the network reads on.`,
  },
  checkAgain: 'Other entries',
  checkCell: 'Checked in the',
  checkColumns: ['entry', 'exact', 'by nudging', 'relative difference'],
  checkTooSmall: 'too small to tell',
  checkLimit: (limit) => `Nudging cannot tell derivatives below about ${limit} from 0.`,
  table: 'The numbers as a table',
  tableCaption: (quantity) => `${quantity}, by lag`,
  tableLag: 'lag',
  tableWord: 'word',
  tableBand: (cell) => `${cell}, middle half`,
  csv: 'Download as CSV',
};
