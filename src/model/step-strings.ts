// Every word about one step of a cell taken apart, in one typed dictionary. A further language is one more object.

import type { HeldGate, StepPart } from '../engine/index.js';

/** A number, or a list of units, already written out for the reader. */
type Shown = string;

/** The nodes that a step is given. */
export type GivenPart = 'x' | 'hPrevious' | 'cPrevious';

/** What a node does in the unit where it does most of it; the value is written behind it. */
type Most = (unit: number) => string;

export interface StepStrings {
  readonly nodeName: Readonly<Record<StepPart, string>>;
  /** What h is of a layer that hands nothing on. */
  readonly layerOutput: string;
  /** What stands in the place of an equation where there is none; the word is the one that is read. */
  readonly given: Readonly<Record<GivenPart, (word: string) => string>>;
  /** How the characters of an equation are spoken that are not their own names; `{` opens a function, `0,` is in max. */
  readonly spoken: Readonly<Record<string, string>>;

  readonly vectors: (symbols: string, units: Shown) => string;
  /** What a parameter, a function or an operator is, by what an equation with it contains. */
  readonly signs: Readonly<Record<string, (units: Shown, inputs: Shown) => string>>;

  readonly list: (units: readonly number[], more: number) => string;
  readonly averages: (gate: string, mean: Shown, doing: string) => string;
  /** What a gate does: the units that it all but closes, and those that most passes to; '' if there are none. */
  readonly doing: Readonly<Record<HeldGate, (closed: Shown, most: Shown) => string>>;
  /** What a gate does that is held at 0, at 1, or in between: the wording of buttons. And to what. */
  readonly holdEffect: Readonly<
    Record<HeldGate, readonly [zero: string, one: string, between: string, what: string]>
  >;
  readonly heldAt: (gate: string, value: Shown, effect: string) => string;
  readonly most: Readonly<Partial<Record<StepPart, Most>>>;
  readonly value: (most: string, value: Shown) => string;
  readonly change: (most: string, before: Shown, after: Shown) => string;
  readonly unchanged: string;
  readonly all: (value: Shown) => string;
  readonly arrives: Readonly<Record<GivenPart, (numbers: Shown) => string>>;
  readonly skipped: string;
  /** A skipped step of what hands nothing on. */
  readonly skippedLayer: string;

  readonly held: string;
  readonly products: (symbol: string, factors: Shown, value: Shown) => string;
}

const count = (numbers: Shown): string => `${numbers} number${numbers === '1' ? '' : 's'}`;
const handedOn = (units: Shown): string => `${count(units)}, handed on by the step before.`;
const loses: Most = (unit) => `Most is lost in unit ${unit}`;

export const englishStep: StepStrings = {
  nodeName: {
    x: 'input',
    hPrevious: 'hidden state before',
    cPrevious: 'cell state before',
    fromInput: 'from the input',
    fromState: 'from the state',
    sum: 'sum',
    forget: 'forget gate',
    input: 'input gate',
    candidate: 'candidate',
    output: 'output gate',
    reset: 'reset gate',
    update: 'update gate',
    recalled: 'what the old state offers',
    gated: 'what the reset gate lets through',
    opening: 'room for the new',
    kept: 'what is kept',
    added: 'what is added',
    c: 'cell state',
    squashed: 'squeezed cell state',
    h: 'hidden state',
  },
  layerOutput: 'output',
  given: {
    x: (word) => `the embedding of “${word}”`,
    hPrevious: () => 'the hidden state handed on by the step before',
    cPrevious: () => 'the cell state handed on by the step before',
  },
  spoken: {
    '=': 'equals',
    '+': 'plus',
    '−': 'minus',
    '⊙': 'times',
    σ: 'sigma',
    '{': ' of ',
    '0,': '0 and',
    '(': 'open bracket, ',
    ')': ', close bracket',
    '₋': ' before',
    '′': ' prime',
  },

  vectors: (symbols, units) => `${symbols}: ${count(units)}, one for each unit.`,
  signs: {
    ' x': (_, inputs) => `x: ${count(inputs)}.`,
    W: (units, inputs) => `W: ${units} × ${inputs} weights.`,
    U: (units) => `U: ${units} × ${units} weights.`,
    σ: () => 'σ squeezes each number to between 0 and 1.',
    tanh: () => 'tanh squeezes each number to between −1 and 1.',
    max: () => 'max(0, …) turns negative numbers into 0.',
    '⊙': () => '⊙ multiplies unit by unit.',
  },

  list: (units, more) => {
    const named = more > 0 ? [...units, `${more} more`] : units;
    return `${named.length > 1 ? 'units' : 'unit'} ${named.join(', ').replace(/, (?!.*, )/, ' and ')}`;
  },
  averages: (gate, mean, doing) => `The ${gate} averages ${mean}; ${doing}.`,
  doing: {
    forget: (closed) => `it erases ${closed || 'no unit'}`,
    input: (_, most) => (most ? `it lets most into ${most}` : 'it lets little in'),
    output: (closed, most) =>
      `it hides ${closed || 'no unit'}, and ${most ? `most shows in ${most}` : 'little shows'}`,
    reset: (closed) =>
      closed
        ? `the candidate of ${closed} does not see the old state`
        : 'the candidate of every unit sees the old state',
    update: (closed) => `it replaces ${closed || 'no unit'}`,
  },
  holdEffect: {
    forget: ['erases all', 'keeps all', 'keeps this share', 'of the cell state'],
    input: ['lets in nothing', 'lets in all', 'lets in this share', 'of the candidate'],
    output: ['shows nothing', 'shows all', 'shows this share', 'of the cell state'],
    reset: [
      'hides all',
      'shows all',
      'shows this share',
      'of what the old state offers the candidate',
    ],
    update: ['replaces all', 'keeps all', 'keeps this share', 'of the old state'],
  },
  heldAt: (gate, value, effect) => `The ${gate} is held at ${value}: it ${effect}.`,
  most: {
    fromInput: (unit) => `The input pushes unit ${unit} most`,
    fromState: (unit) => `The old state pushes unit ${unit} most`,
    sum: (unit) => `Unit ${unit} is farthest from 0`,
    candidate: (unit) => `The candidate proposes most for unit ${unit}`,
    recalled: (unit) => `The old state offers most to unit ${unit}`,
    gated: loses,
    opening: (unit) => `The new has most room in unit ${unit}`,
    kept: loses,
    added: (unit) => `Most is added to unit ${unit}`,
    c: (unit) => `The cell state changes most in unit ${unit}`,
    squashed: (unit) => `Unit ${unit} is squeezed most`,
    h: (unit) => `The hidden state changes most in unit ${unit}`,
  },
  value: (most, value) => `${most}: ${value}.`,
  change: (most, before, after) => `${most}, from ${before} to ${after}.`,
  unchanged: 'No unit changes noticeably.',
  all: (value) => `All are ${value}.`,
  arrives: {
    x: (inputs) => `${count(inputs)} that stand for what is read in this step.`,
    hPrevious: handedOn,
    cPrevious: handedOn,
  },
  skipped: 'This step is skipped: the state passes through unchanged.',
  skippedLayer: 'This step is skipped: nothing is read, and nothing was handed on.',

  held: 'held',
  products: (symbol, factors, value) =>
    `${symbol}: ${factors} products and a bias add up to ${value}`,
};
