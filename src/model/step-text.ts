// One step of a cell taken apart, in symbols, sentences and sums: what stands beside the drawing of each node.

import {
  cells,
  sigmoid,
  tanh,
  type CellType,
  type CellWeights,
  type Floats,
  type GateName,
  type HeldGate,
  type StepAnatomy,
  type StepPart,
} from '../engine/index.js';
import { NumberWriter } from './describe.js';
import type { GivenPart, StepStrings } from './step-strings.js';

/** What of a cell its texts depend on. */
export type StepWeights = Pick<CellWeights, 'cell' | 'inputSize' | 'hiddenSize' | 'nonlinearity'>;

/** Some characters of a formula. The symbol of a node names its node; operators and parameters have none. */
export interface Piece {
  readonly text: string;
  readonly part?: StepPart;
  /** Subscript. */
  readonly sub?: string;
}

/** What a node is called. */
export const nodeName = (id: StepPart, cell: CellType, strings: StepStrings): string =>
  cell === 'feedforward' && id === 'h' ? strings.layerOutput : strings.nodeName[id];

// ---- formulas ---------------------------------------------------------------------------------------------------------

/** Letters that stand for nodes. Besides, A is W x + b and B is U h₋ + b′. */
const letters: Readonly<Record<string, StepPart>> = {
  x: 'x',
  H: 'hPrevious',
  C: 'cPrevious',
  f: 'forget',
  i: 'input',
  g: 'candidate',
  o: 'output',
  r: 'reset',
  z: 'update',
  a: 'sum',
  c: 'c',
  h: 'h',
  s: 'squashed',
  y: 'opening',
};

/** How letters are written that do not stand for themselves; in a GRU g is n. */
const written: Readonly<Record<string, string>> = { H: 'h₋', C: 'c₋', s: 'tanh(c)', y: '1 − z' };

/** What is done to a sum of products. */
const functions = {
  '': (value: number) => value,
  'σ(': sigmoid,
  'tanh(': tanh,
  'max(0, ': (value: number) => Math.max(0, value),
  '1 − ': (value: number) => 1 - value,
};

type Formula = readonly [sum: string, around?: keyof typeof functions];

const gate: Formula = ['A + B', 'σ('];
const candidate: Formula = ['A + B', 'tanh('];

/** The formulas of each cell, and those that are different in a variant of it. */
const formulas: Readonly<Record<string, Readonly<Partial<Record<StepPart, Formula>>>>> = {
  feedforward: { fromInput: ['A'], h: ['A', 'tanh('] },
  rnn: { fromInput: ['A'], fromState: ['B'], sum: ['A + B'], h: ['a', 'tanh('] },
  'rnn relu': { h: ['a', 'max(0, '] },
  lstm: {
    forget: gate,
    input: gate,
    output: gate,
    candidate,
    kept: ['f ⊙ C'],
    added: ['i ⊙ g'],
    c: ['f ⊙ C + i ⊙ g'],
    squashed: ['c', 'tanh('],
    h: ['o ⊙ s'],
  },
  gru: {
    reset: gate,
    update: gate,
    recalled: ['B'],
    gated: ['r ⊙ (B)'],
    candidate: ['A + r ⊙ (B)', 'tanh('],
    opening: ['z', '1 − '],
    kept: ['z ⊙ H'],
    added: ['(y) ⊙ g'],
    h: ['(y) ⊙ g + z ⊙ H'],
  },
};

const formulaOf = (id: StepPart, weights: StepWeights): Formula =>
  formulas[`${weights.cell} ${weights.nonlinearity ?? ''}`]?.[id] ??
  formulas[weights.cell][id] ?? [''];

/** The block of rows that A and B are of. */
function blockOf(id: StepPart, { cell }: StepWeights): number {
  const { gates } = cells[cell];
  const block = gates.indexOf(id as GateName);
  // what leads to the GRU's candidate is of its block, the last one
  return block < 0 ? gates.length - 1 : block;
}

const letterOf = (id: string): string =>
  Object.keys(letters).find((letter) => letters[letter] === id) ?? '';

/** The pieces of what is written with letters in the formula of a node. */
function spell(text: string, id: StepPart, weights: StepWeights): Piece[] {
  const { gates } = cells[weights.cell];
  const glyph = (letter: string): string =>
    letter === 'g' && weights.cell === 'gru' ? 'n' : (written[letter] ?? letter);
  const sub = gates.length > 1 && glyph(letterOf(gates[blockOf(id, weights)]));
  const all = text.replace('A', 'W x + b').replace('B', 'U H + b′');
  return (all.match(/[WUb]′?|\w|\W+/g) ?? []).map((each) => ({
    text: glyph(each),
    ...(letters[each] ? { part: letters[each] } : sub && /\w/.test(each) && { sub }),
  }));
}

const closing = (around: string): string => (around.includes('(') ? ')' : '');

function expressionOf(id: StepPart, weights: StepWeights): Piece[] {
  const [sum, around = ''] = formulaOf(id, weights);
  const pieces = [{ text: around }, ...spell(sum, id, weights), { text: closing(around) }];
  return pieces.filter(({ text }) => text);
}

/** The symbol of a node: its own, or else the expression that makes it. */
export function symbolOf(id: StepPart, weights: StepWeights): Piece[] {
  const letter = letterOf(id);
  return letter ? spell(letter, id, weights) : expressionOf(id, weights);
}

/**
 * The equation of a node, or what it is where the step is given it.
 * @param word what is read, isolated if it runs from right to left.
 */
export function equationOf(
  id: StepPart,
  weights: StepWeights,
  strings: StepStrings,
  word: string,
): Piece[] {
  const given = strings.given[id as GivenPart];
  const right = given ? [{ text: given(word) }] : expressionOf(id, weights);
  // tanh(c) and 1 − z are symbols that say it themselves
  return /[^sy]/.test(letterOf(id)) ? [...symbolOf(id, weights), { text: ' = ' }, ...right] : right;
}

const plain = (pieces: readonly Piece[], separator = ''): string =>
  pieces.map(({ text, sub = '' }) => text + (separator && sub && separator + sub)).join('');

/** The equation of a node as it is spoken. */
export const spokenEquation = (
  id: StepPart,
  weights: StepWeights,
  strings: StepStrings,
  word: string,
): string =>
  plain(equationOf(id, weights, strings, word), ' ')
    .replace(/(σ|tanh|max)\((.*)\)$/, '$1{$2')
    .replace(/0,|./g, (each) => strings.spoken[each] ?? each);

/** What the vectors, matrices and signs of a node’s equation are. */
export function shapesOf(
  id: StepPart,
  weights: StepWeights,
  strings: StepStrings,
  numbers: NumberWriter,
): string {
  const pieces = [...symbolOf(id, weights), ...expressionOf(id, weights)];
  const vectors = pieces.filter(({ text, part }) => (part && part !== 'x') ?? text.startsWith('b'));
  const names = [...new Set(vectors.map(({ text }) => text))];
  const units = numbers.whole(weights.hiddenSize);
  const inputs = numbers.whole(weights.inputSize);
  const all = ` ${plain(pieces)}`;
  return [
    names.length > 0 && strings.vectors(names.join(', '), units),
    ...Object.entries(strings.signs).map(
      ([sign, meaning]) => all.includes(sign) && meaning(units, inputs),
    ),
  ]
    .filter(Boolean)
    .join(' ');
}

// ---- sentences --------------------------------------------------------------------------------------------------------

/** Below this a gate counts as closed. */
const closed = 0.1;

/** From this size on a number counts as much. */
const much = 0.3;

/** How many units a sentence names. */
const most = 3;

/** What a node acts on, to compare with; h₋ where the cell has no such vector. */
const actsOn: Readonly<Partial<Record<StepPart, StepPart>>> = {
  forget: 'cPrevious',
  output: 'squashed',
  reset: 'recalled',
  update: 'hPrevious',
  kept: 'cPrevious',
  gated: 'recalled',
  c: 'cPrevious',
  squashed: 'c',
  h: 'hPrevious',
};

/**
 * One plain sentence about what a node does in this step; '' for what the step does not have.
 * @param held the value that the node, a gate, is held at.
 */
export function sentenceOf(
  id: StepPart,
  { parts, fromInput }: StepAnatomy,
  weights: StepWeights,
  held: number | undefined,
  strings: StepStrings,
  numbers: NumberWriter,
): string {
  const arrives = strings.arrives[id as GivenPart];
  if (fromInput.length === 0 && (!arrives || id === 'x')) {
    return weights.cell === 'feedforward' ? strings.skippedLayer : strings.skipped;
  }
  const values = [...(parts[id] ?? [])];
  if (values.length === 0) return '';
  const write = (value: number): string => numbers.value(value);
  const before = actsOn[id] && (parts[actsOn[id]] ?? parts.hPrevious);
  /** The units with a score, from the highest to the lowest. */
  const ranked = (score: (value: number, unit: number) => number | false): number[] => {
    const scores = values.map(score);
    return values
      .map((_, unit) => unit)
      .filter((unit) => scores[unit] !== false)
      .sort((a, b) => Number(scores[b]) - Number(scores[a]));
  };

  const effects = strings.holdEffect[id as HeldGate];
  if (effects) {
    const name = strings.nodeName[id];
    if (held !== undefined) {
      const effect = effects[held === 0 ? 0 : held === 1 ? 1 : 2];
      return strings.heldAt(name, numbers.plain(held), `${effect} ${effects[3]}`);
    }
    const list = (units: readonly number[], more = 0): string =>
      units.length > 0
        ? strings.list(
            units.slice(0, most).map((unit) => unit + 1),
            more,
          )
        : '';
    const shut = ranked(
      (value, unit) => value < closed && (1 - value) * Math.abs(before?.[unit] ?? 0),
    );
    const passed = parts[id === 'output' ? 'h' : 'added'];
    const strong = ranked((_, unit) => {
      const size = Math.abs(passed?.[unit] ?? 0);
      return size >= much && size;
    });
    const doing = strings.doing[id as HeldGate];
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    return strings.averages(name, write(mean), doing(list(shut, shut.length - most), list(strong)));
  }

  const equal = values.length > 1 && values.every((value) => value === values[0]);
  const all = equal ? strings.all(write(values[0])) : '';
  if (arrives) return `${arrives(numbers.whole(values.length))} ${all}`.trim();
  if (equal) return all;
  const [unit] = ranked((value, each) => Math.abs(value - (before?.[each] ?? 0)));
  const doing = strings.most[before || id !== 'h' ? id : 'sum']?.(unit + 1) ?? '';
  const now = write(values[unit]);
  if (!before) return strings.value(doing, now);
  const old = write(before[unit]);
  return old === now ? strings.unchanged : strings.change(doing, old, now);
}

// ---- sums -------------------------------------------------------------------------------------------------------------

const digits = new NumberWriter('en');

/** A number as it is written; NaN for “<0.001”. */
const rounded = (value: number): number =>
  Number(digits.value(value).replace('−', '-').replaceAll(',', ''));

/** “=” if what the digits of one stage come to, rounded to the digits of the next value, is that value as it is written. */
function sign(computed: number, value: number): string {
  const scale = value && Math.abs(value) < 0.01 ? 1000 : 100;
  // (halves away from zero, although binary fractions may fall short of them)
  const size = Math.round((Math.abs(computed) + 1e-9) * scale) / scale;
  return size * Math.sign(computed) === rounded(value) ? ' = ' : ' ≈ ';
}

/**
 * The arithmetic of one unit of a node. The last number is the network’s own; “=” stands only where the numbers as they are
 * written come to what follows. '' for x, whose numbers belong to no unit, and for what the step does not have.
 */
export function arithmeticOf(
  id: StepPart,
  unit: number,
  { parts, fromInput, fromState }: StepAnatomy,
  weights: StepWeights,
  held: number | undefined,
  strings: StepStrings,
  numbers: NumberWriter,
): string {
  const value = parts[id]?.[unit];
  if (value === undefined || id === 'x') return '';
  const write = (number: number): string => numbers.value(number);
  const symbol = plain(symbolOf(id, weights));
  if (held !== undefined) return `${symbol} = ${numbers.plain(held)} (${strings.held})`;

  const [sum, around = ''] = formulaOf(id, weights);
  if (fromInput.length === 0 || !sum) {
    // a skipped step hands on what it is given
    const same = `${id}Previous` in parts ? `${symbol}₋ = ` : '';
    return `${symbol} = ${same}${write(value)}`;
  }
  const single = sum.length === 1;
  if (single && !around) {
    const count = sum === 'A' ? weights.inputSize : weights.hiddenSize;
    return strings.products(symbol, numbers.whole(count), write(value));
  }

  const affine: Readonly<Record<string, Floats>> = { A: fromInput, B: fromState };
  const at = blockOf(id, weights) * weights.hiddenSize + unit;
  const read = (letter: string): number =>
    affine[letter]?.[at] ?? parts[letters[letter]]?.[unit] ?? NaN;
  const add = (of: (value: number) => number): number =>
    sum.split('+').reduce((total, term) => {
      const factors = term.match(/\w/g) ?? [];
      return total + factors.reduce((product, letter) => product * of(read(letter)), 1);
    }, 0);
  const end = closing(around);
  const inner = sum.replace(/\(?(\w)\)?/g, (_, letter: string, offset: number) => {
    const text = write(read(letter));
    // what is alone in a function needs no parentheses of its own, nor does a negative number that stands first
    const bare = /^[^−<>]/.test(text) || (end && single) || (!offset && text.startsWith('−'));
    return bare ? text : `(${text})`;
  });

  const expression = plain(expressionOf(id, weights));
  const lead = /[AB]/.test(sum) || symbol === expression ? symbol : `${symbol} = ${expression}`;
  let stages = `${lead} = ${around}${inner}${end}`;
  let computed = add(rounded);
  if (around && !single) {
    const total = add((each) => each);
    stages += `${sign(computed, total)}${around}${write(total)}${end}`;
    computed = rounded(total);
  }
  return (stages + sign(functions[around](computed), value) + write(value)).replaceAll('⊙', '·');
}
