// One step in symbols, sentences and sums: every node has them, they name the true units, and the sums are true.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Random,
  Unrolled,
  cells,
  takeApart,
  type CellWeights,
  type HeldGate,
  type Intervention,
  type StepAnatomy,
  type StepPart,
} from '../../src/engine/index.js';
import { cellGraph } from '../../src/model/cell-graph.js';
import { NumberWriter } from '../../src/model/describe.js';
import { storyModel } from '../../src/model/shipped.js';
import { englishStep as english } from '../../src/model/step-strings.js';
import {
  arithmeticOf,
  equationOf,
  nodeName,
  sentenceOf,
  shapesOf,
  spokenEquation,
  symbolOf,
  type Piece,
} from '../../src/model/step-text.js';
import {
  normals,
  randomCell,
  variantNamed,
  variants as engineVariants,
  type Variant,
} from '../support/engine.js';
import { read } from '../support/model.js';
import { checkSigns } from '../support/sums.js';

/** No element runs the original GRU. */
const variants = engineVariants.filter(({ resetAfter }) => resetAfter !== false);

const numbers = new NumberWriter('en');

/** Pieces as one text, with `_` before a subscript. */
const text = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => piece.text + (piece.sub ? `_${piece.sub}` : '')).join('');

interface Run {
  readonly name: string;
  readonly weights: CellWeights;
  readonly unrolled: Unrolled;
}

function run(
  name: string,
  weights: CellWeights,
  inputs: readonly ArrayLike<number>[],
  interventions: readonly Intervention[] = [],
): Run {
  const unrolled = new Unrolled(weights, 1, inputs.length);
  unrolled.start();
  unrolled.intervene(weights, interventions);
  for (const input of inputs) unrolled.advance(weights, input);
  return { name, weights, unrolled };
}

/** A random cell that reads random inputs; `scale` makes its numbers larger or smaller. */
function randomRun(
  variant: Variant,
  interventions: readonly Intervention[] = [],
  { scale = 1, steps = 6, units = 7 } = {},
): Run {
  const random = new Random(`${variant.name}/${scale}`);
  const weights = randomCell(variant, 5, units, random);
  const inputs = Array.from({ length: steps }, () => normals(random, 5, scale));
  return run(variant.name, weights, inputs, interventions);
}

/** The trained networks read a sentence of theirs. */
const storyRuns = await Promise.all(
  (['feedforward', 'rnn', 'lstm', 'gru'] as const).map(async (cell) => {
    const model = await storyModel(cell);
    const words = read('Anna has a red kite. The cat sat on the mat. The kite of Anna is');
    const inputs = words.map((word) => model.vector(word));
    return run(`story ${cell}`, model.cell, inputs);
  }),
);

const nodesOf = (weights: CellWeights): StepPart[] => cellGraph(weights).map(({ id }) => id);

/** All steps of a run, taken apart. */
const stepsOf = ({ weights, unrolled }: Run): StepAnatomy[] =>
  Array.from({ length: unrolled.length }, (_, t) => takeApart(weights, unrolled, t));

const sentence = (
  id: StepPart,
  anatomy: StepAnatomy,
  weights: CellWeights,
  held?: number,
): string => sentenceOf(id, anatomy, weights, held, english, numbers);

const arithmetic = (
  id: StepPart,
  unit: number,
  anatomy: StepAnatomy,
  weights: CellWeights,
  { held, writer = numbers }: { held?: number; writer?: NumberWriter } = {},
): string => arithmeticOf(id, unit, anatomy, weights, held, english, writer);

// ---- symbols ----------------------------------------------------------------------------------------------------------

/** What stands in textbooks, node by node: symbol, then equation if the symbol does not say it all. */
const textbook: Readonly<Record<string, Readonly<Partial<Record<StepPart, readonly string[]>>>>> = {
  feedforward: {
    x: ['x', 'x = the embedding of “red”'],
    fromInput: ['W x + b'],
    h: ['h', 'h = tanh(W x + b)'],
  },
  rnn: {
    x: ['x', 'x = the embedding of “red”'],
    hPrevious: ['h₋', 'h₋ = the hidden state handed on by the step before'],
    fromInput: ['W x + b'],
    fromState: ['U h₋ + b′'],
    sum: ['a', 'a = W x + b + U h₋ + b′'],
    h: ['h', 'h = tanh(a)'],
  },
  'rnn, relu': { h: ['h', 'h = max(0, a)'] },
  lstm: {
    x: ['x', 'x = the embedding of “red”'],
    hPrevious: ['h₋', 'h₋ = the hidden state handed on by the step before'],
    cPrevious: ['c₋', 'c₋ = the cell state handed on by the step before'],
    forget: ['f', 'f = σ(W_f x + b_f + U_f h₋ + b′_f)'],
    kept: ['f ⊙ c₋'],
    input: ['i', 'i = σ(W_i x + b_i + U_i h₋ + b′_i)'],
    candidate: ['g', 'g = tanh(W_g x + b_g + U_g h₋ + b′_g)'],
    added: ['i ⊙ g'],
    c: ['c', 'c = f ⊙ c₋ + i ⊙ g'],
    output: ['o', 'o = σ(W_o x + b_o + U_o h₋ + b′_o)'],
    squashed: ['tanh(c)'],
    h: ['h', 'h = o ⊙ tanh(c)'],
  },
  'gru, reset after': {
    x: ['x', 'x = the embedding of “red”'],
    hPrevious: ['h₋', 'h₋ = the hidden state handed on by the step before'],
    reset: ['r', 'r = σ(W_r x + b_r + U_r h₋ + b′_r)'],
    recalled: ['U_n h₋ + b′_n'],
    gated: ['r ⊙ (U_n h₋ + b′_n)'],
    candidate: ['n', 'n = tanh(W_n x + b_n + r ⊙ (U_n h₋ + b′_n))'],
    update: ['z', 'z = σ(W_z x + b_z + U_z h₋ + b′_z)'],
    opening: ['1 − z'],
    kept: ['z ⊙ h₋'],
    added: ['(1 − z) ⊙ n'],
    h: ['h', 'h = (1 − z) ⊙ n + z ⊙ h₋'],
  },
};

/** The entries of a variant, with those of the cell that it is a variant of. */
const entriesOf = (name: string): Partial<Record<StepPart, readonly string[]>> => ({
  ...(name === 'rnn, relu' && textbook['rnn']),
  ...textbook[name],
});

/** The weights of a variant, with 24 inputs and 64 units. */
const sized = (variant: Variant): CellWeights => randomCell(variant, 24, 64, new Random(1));

test('symbols and equations of every node are those of the textbook', () => {
  for (const variant of variants) {
    const weights = sized(variant);
    const expected = entriesOf(variant.name);
    for (const id of nodesOf(weights)) {
      const [symbol, equation = symbol] = expected[id] ?? [];
      assert.equal(text(symbolOf(id, weights)), symbol, `${variant.name}, ${id}`);
      assert.equal(text(equationOf(id, weights, english, 'red')), equation);
    }
  }
});

test('symbols in an equation lead to the nodes that it is made of, and to nothing else', () => {
  const spelling: Partial<Record<StepPart, RegExp>> = {
    hPrevious: /^h₋$/,
    cPrevious: /^c₋$/,
    sum: /^a$/,
    squashed: /^tanh\(c\)$/,
    opening: /^1 − z$/,
    forget: /^f$/,
    update: /^z$/,
    candidate: /^[gn]$/,
  };
  for (const variant of variants) {
    const weights = sized(variant);
    const nodes = new Map(cellGraph(weights).map((node) => [node.id, node]));
    /** What a node is made of, however far back. */
    const behind = (id: StepPart): StepPart[] =>
      nodes.get(id)!.reads.flatMap((each) => [each, ...behind(each)]);
    for (const { id, reads } of nodes.values()) {
      const symbol = symbolOf(id, weights);
      const equation = equationOf(id, weights, english, 'red');
      const has = (part: StepPart): boolean => equation.some((piece) => piece.part === part);
      for (const { part, text: each } of [...symbol, ...equation]) {
        if (part === undefined) assert.ok(each === 'b' || !/^[a-z]?₋?$/.test(each), each);
        else {
          assert.ok(part === id || behind(id).includes(part), `${variant.name}: ${part} in ${id}`);
          assert.match(each, spelling[part] ?? /^[a-z]$/);
        }
      }
      // what is read is there by its symbol, or by the symbols that it is made of in turn
      const there = (part: StepPart): boolean => has(part) || nodes.get(part)!.reads.some(there);
      for (const part of reads) assert.ok(there(part), `${variant.name}: no ${part} in ${id}`);
    }
  }
});

test('parameters have the letter of their gate as a subscript, where there are several gates', () => {
  for (const variant of variants) {
    const weights = sized(variant);
    for (const id of nodesOf(weights)) {
      const equation = equationOf(id, weights, english, 'red');
      for (const { text: each, part, sub } of equation) {
        const parameter = /^[WUb]′?$/.test(each);
        assert.equal(sub !== undefined, parameter && cells[weights.cell].gates.length > 1);
        if (sub) {
          const gate = ['recalled', 'gated'].includes(id) ? 'candidate' : id;
          assert.equal(sub, text(symbolOf(gate, weights)));
        }
        if (parameter) assert.equal(part, undefined);
      }
    }
  }
});

test('equations are spoken in words alone', () => {
  const spoken = (name: string, id: StepPart): string =>
    spokenEquation(id, sized(variantNamed(name)), english, 'red');
  assert.equal(
    spoken('lstm', 'forget'),
    'f equals sigma of W f x plus b f plus U f h before plus b prime f',
  );
  assert.equal(spoken('lstm', 'c'), 'c equals f times c before plus i times g');
  assert.equal(spoken('lstm', 'h'), 'h equals o times tanh of c');
  assert.equal(spoken('lstm', 'x'), 'x equals the embedding of “red”');
  assert.equal(spoken('rnn, relu', 'h'), 'h equals max of 0 and a');
  assert.equal(spoken('feedforward', 'h'), 'h equals tanh of W x plus b');
  assert.equal(
    spoken('gru, reset after', 'candidate'),
    'n equals tanh of W n x plus b n plus r times open bracket, U n h before plus b prime n, close bracket',
  );
  assert.equal(
    spoken('gru, reset after', 'h'),
    'h equals open bracket, 1 minus z, close bracket times n plus z times h before',
  );
  for (const variant of variants) {
    const weights = sized(variant);
    for (const id of nodesOf(weights)) {
      assert.match(
        spokenEquation(id, weights, english, 'red'),
        /^[\w “”,]+$/,
        `${variant.name}, ${id}`,
      );
    }
  }
});

test('shapes name each vector, matrix and sign of the equation once, with its true size', () => {
  const shapes = (name: string, id: StepPart): string =>
    shapesOf(id, sized(variantNamed(name)), english, numbers);
  assert.equal(
    shapes('lstm', 'forget'),
    'f, b, h₋, b′: 64 numbers, one for each unit. x: 24 numbers. W: 64 × 24 weights. U: 64 × 64 weights. σ squeezes each number to between 0 and 1.',
  );
  assert.equal(shapes('lstm', 'x'), 'x: 24 numbers.');
  assert.equal(shapes('lstm', 'cPrevious'), 'c₋: 64 numbers, one for each unit.');
  assert.equal(
    shapes('lstm', 'kept'),
    'f, c₋: 64 numbers, one for each unit. ⊙ multiplies unit by unit.',
  );
  assert.equal(
    shapes('lstm', 'squashed'),
    'tanh(c), c: 64 numbers, one for each unit. tanh squeezes each number to between −1 and 1.',
  );
  assert.equal(
    shapes('rnn, relu', 'h'),
    'h, a: 64 numbers, one for each unit. max(0, …) turns negative numbers into 0.',
  );
  assert.equal(
    shapes('feedforward', 'fromInput'),
    'b: 64 numbers, one for each unit. x: 24 numbers. W: 64 × 24 weights.',
  );
  for (const variant of variants) {
    const weights = sized(variant);
    for (const id of nodesOf(weights)) {
      const pieces = [...symbolOf(id, weights), ...equationOf(id, weights, english, 'red')];
      const shown = shapesOf(id, weights, english, numbers);
      const listed = shown.replace(/: 64 numbers.*/, '').split(', ');
      for (const { text: each, part } of pieces) {
        const count = listed.filter((name) => name === each).length;
        if (part === 'x') assert.match(shown, /x: 24 numbers/);
        else if (part || /^b/.test(each)) assert.equal(count, 1, `${each}: ${shown}`);
        else assert.equal(count, 0);
      }
      const has = (mark: string): boolean => pieces.some((piece) => piece.text.includes(mark));
      assert.equal(shown.includes('W: 64 × 24'), has('W'));
      assert.equal(shown.includes('U: 64 × 64'), has('U'));
      for (const mark of ['σ', 'tanh', 'max(0', '⊙'] as const) {
        assert.equal(
          new RegExp(`${mark.replace('(', '\\(')}.* (squeezes|multiplies|turns)`).test(shown),
          has(mark),
          `${mark}: ${shown}`,
        );
      }
    }
  }
});

test('a single unit has one number, not numbers', () => {
  const weights = randomCell(variantNamed('lstm'), 1, 1, new Random(1));
  assert.match(
    shapesOf('forget', weights, english, numbers),
    /^f, b, h₋, b′: 1 number, .*x: 1 number\./,
  );
});

test('every node has a name, and no two of a cell have the same', () => {
  for (const variant of variants) {
    const weights = sized(variant);
    const names = nodesOf(weights).map((id) => nodeName(id, weights.cell, english));
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[a-z ]+$/);
  }
  assert.equal(nodeName('h', 'lstm', english), 'hidden state');
  assert.equal(nodeName('h', 'feedforward', english), 'output');
});

// ---- sentences --------------------------------------------------------------------------------------------------------

test('every node of every step has a sentence', () => {
  const runs = [...storyRuns, ...variants.map((variant) => randomRun(variant))];
  for (const each of runs) {
    for (const anatomy of stepsOf(each)) {
      for (const id of nodesOf(each.weights)) {
        const said = sentence(id, anatomy, each.weights);
        assert.match(said, /^[A-Z0-9].*\.$/, `${each.name}, ${id}: ${said}`);
        assert.doesNotMatch(said, /NaN|undefined|null|Infinity|units? (and|,|\.)| {2}/, said);
      }
    }
  }
});

/** Units counted from 1, the highest score first; those without a score are left out. */
function byScore(scores: readonly (number | null)[]): number[] {
  return scores
    .flatMap((score, unit) => (score === null ? [] : [{ score, unit }]))
    .sort((a, b) => b.score - a.score || a.unit - b.unit)
    .map(({ unit }) => unit + 1);
}

/** “units 1, 2 and 3”, “units 1, 2, 3 and 4 more” */
function naming(units: readonly number[], count = units.length): string {
  const first = units.slice(0, 3).map(String);
  const items = count > 3 ? [...first, `${count - 3} more`] : first;
  if (items.length === 1) return `unit ${items[0]}`;
  return `units ${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const at = (anatomy: StepAnatomy, id: StepPart): number[] => [...anatomy.parts[id]!];
const average = (values: readonly number[]): string =>
  numbers.value(values.reduce((sum, value) => sum + value, 0) / values.length);

/** Units whose gate is below 0.1, those first that lose most by it. */
const shut = (gate: readonly number[], on: readonly number[]): number[] =>
  byScore(gate.map((value, unit) => (value < 0.1 ? (1 - value) * Math.abs(on[unit]) : null)));

/** Units with 0.3 or more, the largest first. */
const large = (values: readonly number[]): number[] =>
  byScore(values.map((value) => (Math.abs(value) < 0.3 ? null : Math.abs(value))));

test('gates: the mean and the units that are closed, or that most passes to', () => {
  const runs = [
    ...storyRuns,
    ...['lstm', 'gru, reset after'].flatMap((name) => [
      randomRun(variantNamed(name)),
      randomRun(variantNamed(name), [], { scale: 6, units: 40 }),
    ]),
  ];
  const seen = new Set<string>();
  for (const { weights, unrolled, name } of runs) {
    for (let t = 0; t < unrolled.length; t++) {
      const anatomy = takeApart(weights, unrolled, t);
      const check = (id: StepPart, doing: string): void => {
        const said = sentence(id, anatomy, weights);
        const expected = `The ${english.nodeName[id]} averages ${average(at(anatomy, id))}; ${doing}.`;
        assert.equal(said, expected, `${name}, step ${t}`);
        seen.add(
          said
            .replace(/.*; /, '')
            .replace(/units? [\d, ]+(and [\d]+( more)?)?/g, (list) => list.replace(/\d+/g, '#')),
        );
      };
      if (weights.cell === 'lstm') {
        const erased = shut(at(anatomy, 'forget'), at(anatomy, 'cPrevious'));
        check('forget', erased.length ? `it erases ${naming(erased)}` : 'it erases no unit');
        const taken = large(at(anatomy, 'added'));
        check(
          'input',
          taken.length ? `it lets most into ${naming(taken.slice(0, 3))}` : 'it lets little in',
        );
        const hidden = shut(at(anatomy, 'output'), at(anatomy, 'squashed'));
        const shown = large(at(anatomy, 'h'));
        check(
          'output',
          `it hides ${hidden.length ? naming(hidden) : 'no unit'}, and ${
            shown.length ? `most shows in ${naming(shown.slice(0, 3))}` : 'little shows'
          }`,
        );
      }
      if (weights.cell === 'gru') {
        const replaced = shut(at(anatomy, 'update'), at(anatomy, 'hPrevious'));
        check('update', `it replaces ${replaced.length ? naming(replaced) : 'no unit'}`);
        const unseen = shut(at(anatomy, 'reset'), at(anatomy, 'recalled'));
        const blind = `the candidate of ${naming(unseen.length ? unseen : [0])} does not see the old state`;
        const seeing = 'the candidate of every unit sees the old state';
        check('reset', unseen.length ? blind : seeing);
      }
    }
  }
  // all wordings came up
  for (const wording of [
    'it erases no unit.',
    'it erases unit #.',
    'it erases units #, #, # and # more.',
    'it hides units #, #, # and # more, and most shows in units #, # and #.',
    'it replaces no unit.',
    'the candidate of every unit sees the old state.',
    'it lets most into units #, # and #.',
  ]) {
    assert.ok(seen.has(wording), `${wording}\n${[...seen].join('\n')}`);
  }
});

test('little that passes a gate is said to be little; 0.3 is much, 0.1 is not closed', () => {
  const weights = randomCell(variantNamed('lstm'), 2, 2, new Random(1));
  const all = (...values: number[]): StepAnatomy => ({
    parts: Object.fromEntries(nodesOf(weights).map((id) => [id, Float64Array.from(values)])),
    fromInput: new Float64Array(8),
    fromState: new Float64Array(8),
  });
  const say = (id: StepPart, ...values: number[]): string => sentence(id, all(...values), weights);
  assert.equal(say('input', 0.29, 0.11), 'The input gate averages 0.20; it lets little in.');
  assert.equal(say('input', 0.28, 0.3), 'The input gate averages 0.29; it lets most into unit 2.');
  assert.equal(
    say('output', 0.29, 0.11),
    'The output gate averages 0.20; it hides no unit, and little shows.',
  );
  assert.equal(say('forget', 0.1, 0.2), 'The forget gate averages 0.15; it erases no unit.');
  assert.equal(say('forget', 0.099, 0.2), 'The forget gate averages 0.15; it erases unit 1.');
});

test('vectors: the unit that is largest, or that changes most, with its numbers', () => {
  const wording: Partial<Record<StepPart, (unit: number) => string>> = {
    fromInput: (unit) => `The input pushes unit ${unit} most`,
    fromState: (unit) => `The old state pushes unit ${unit} most`,
    sum: (unit) => `Unit ${unit} is farthest from 0`,
    candidate: (unit) => `The candidate proposes most for unit ${unit}`,
    recalled: (unit) => `The old state offers most to unit ${unit}`,
    gated: (unit) => `Most is lost in unit ${unit}`,
    opening: (unit) => `The new has most room in unit ${unit}`,
    kept: (unit) => `Most is lost in unit ${unit}`,
    added: (unit) => `Most is added to unit ${unit}`,
    c: (unit) => `The cell state changes most in unit ${unit}`,
    squashed: (unit) => `Unit ${unit} is squeezed most`,
    h: (unit) => `The hidden state changes most in unit ${unit}`,
  };
  for (const { weights, unrolled, name } of [
    ...storyRuns,
    ...variants.map((variant) => randomRun(variant)),
  ]) {
    const [old, offered] = [
      weights.cell === 'lstm' ? 'cPrevious' : 'hPrevious',
      'recalled',
    ] as const;
    const before: Partial<Record<StepPart, StepPart>> = {
      gated: offered,
      kept: old,
      c: 'cPrevious',
      squashed: 'c',
      ...(weights.cell !== 'feedforward' && { h: 'hPrevious' }),
    };
    // from the second step on no vector is all zeros
    for (let t = 1; t < unrolled.length; t++) {
      const anatomy = takeApart(weights, unrolled, t);
      for (const id of nodesOf(weights)) {
        const say = wording[id];
        if (!say) continue;
        const values = at(anatomy, id);
        const compared = before[id] ? at(anatomy, before[id]) : null;
        const [unit] = byScore(values.map((value, j) => Math.abs(value - (compared?.[j] ?? 0))));
        const now = numbers.value(values[unit - 1]);
        const was = compared && numbers.value(compared[unit - 1]);
        const most = !compared && id === 'h' ? wording.sum! : say;
        const expected =
          was === null
            ? `${most(unit)}: ${now}.`
            : was === now
              ? 'No unit changes noticeably.'
              : `${say(unit)}, from ${was} to ${now}.`;
        assert.equal(sentence(id, anatomy, weights), expected, `${name}, step ${t}`);
      }
    }
  }
});

test('what is given: how many numbers, and where they come from', () => {
  const { weights, unrolled } = randomRun(variantNamed('lstm'));
  const [first, second] = [0, 1].map((t) => takeApart(weights, unrolled, t));
  assert.equal(
    sentence('x', first, weights),
    '5 numbers that stand for what is read in this step.',
  );
  for (const id of ['hPrevious', 'cPrevious'] as const) {
    assert.equal(
      sentence(id, first, weights),
      '7 numbers, handed on by the step before. All are 0.00.',
    );
    assert.equal(sentence(id, second, weights), '7 numbers, handed on by the step before.');
  }
  assert.equal(sentence('kept', first, weights), 'All are 0.00.');
});

const heldSentences: Readonly<Record<HeldGate, readonly [string, string, string]>> = {
  forget: [
    'The forget gate is held at 0: it erases all of the cell state.',
    'The forget gate is held at 0.25: it keeps this share of the cell state.',
    'The forget gate is held at 1: it keeps all of the cell state.',
  ],
  input: [
    'The input gate is held at 0: it lets in nothing of the candidate.',
    'The input gate is held at 0.25: it lets in this share of the candidate.',
    'The input gate is held at 1: it lets in all of the candidate.',
  ],
  output: [
    'The output gate is held at 0: it shows nothing of the cell state.',
    'The output gate is held at 0.25: it shows this share of the cell state.',
    'The output gate is held at 1: it shows all of the cell state.',
  ],
  reset: [
    'The reset gate is held at 0: it hides all of what the old state offers the candidate.',
    'The reset gate is held at 0.25: it shows this share of what the old state offers the candidate.',
    'The reset gate is held at 1: it shows all of what the old state offers the candidate.',
  ],
  update: [
    'The update gate is held at 0: it replaces all of the old state.',
    'The update gate is held at 0.25: it keeps this share of the old state.',
    'The update gate is held at 1: it keeps all of the old state.',
  ],
};

test('a gate that is held: at what, and what that does, in sentence and sum', () => {
  for (const [gate, sentences] of Object.entries(heldSentences) as [
    HeldGate,
    readonly string[],
  ][]) {
    const names = cells.lstm.gates.includes(gate)
      ? ['lstm']
      : ['gru, reset after', 'gru, reset before'];
    for (const name of names) {
      [0, 0.25, 1].forEach((value, i) => {
        const each = randomRun(variantNamed(name), [
          { kind: 'hold', gate, value, from: 2, to: Infinity },
        ]);
        const anatomy = takeApart(each.weights, each.unrolled, 3);
        assert.equal(sentence(gate, anatomy, each.weights, value), sentences[i]);
        const letter = text(symbolOf(gate, each.weights));
        assert.equal(
          arithmetic(gate, 1, anatomy, each.weights, { held: value }),
          `${letter} = ${value} (held)`,
        );
      });
    }
  }
});

test('what follows from a gate that is held', () => {
  const after = (name: string, gate: HeldGate, value: number, id: StepPart): string => {
    const each = randomRun(variantNamed(name), [{ kind: 'hold', gate, value, from: 2, to: 9 }]);
    return sentence(id, takeApart(each.weights, each.unrolled, 3), each.weights);
  };
  assert.equal(after('lstm', 'forget', 1, 'kept'), 'No unit changes noticeably.');
  assert.equal(after('lstm', 'forget', 0, 'kept'), 'All are 0.00.');
  assert.equal(after('lstm', 'input', 0, 'added'), 'All are 0.00.');
  assert.equal(after('gru, reset after', 'update', 0.5, 'opening'), 'All are 0.50.');
  assert.equal(after('gru, reset after', 'update', 1, 'h'), 'No unit changes noticeably.');
});

test('a skipped step says so, and hands on what it was given', () => {
  for (const variant of variants) {
    const { weights, unrolled } = randomRun(variant, [{ kind: 'skip', from: 3, to: 4 }]);
    const anatomy = takeApart(weights, unrolled, 3);
    for (const id of nodesOf(weights)) {
      const said = sentence(id, anatomy, weights);
      if (id.endsWith('Previous')) assert.equal(said, '7 numbers, handed on by the step before.');
      else if (weights.cell === 'feedforward') {
        assert.equal(said, 'This step is skipped: nothing is read, and nothing was handed on.');
      } else assert.equal(said, 'This step is skipped: the state passes through unchanged.');

      const shown = arithmetic(id, 2, anatomy, weights);
      const value = (part: StepPart): string => numbers.value(anatomy.parts[part]![2]);
      if (weights.cell === 'feedforward') assert.equal(shown, id === 'h' ? 'h = 0.00' : '');
      else if (id === 'h') assert.equal(shown, `h = h₋ = ${value('hPrevious')}`);
      else if (id === 'c') assert.equal(shown, `c = c₋ = ${value('cPrevious')}`);
      else if (!id.endsWith('Previous')) assert.equal(shown, '');
    }
  }
});

// ---- sums -------------------------------------------------------------------------------------------------------------

/** The numbers a sum begins with, computed from weights and states without the code that writes it. */
function firstStage(
  id: StepPart,
  unit: number,
  anatomy: StepAnatomy,
  weights: CellWeights,
): string {
  const { cell, inputSize: I, hiddenSize: H } = weights;
  const value = (part: StepPart): string => numbers.value(anatomy.parts[part]![unit]);
  const after = (written: string): string => (/^[−<>]/.test(written) ? `(${written})` : written);
  const alone = (written: string): string => (/^[<>]/.test(written) ? `(${written})` : written);
  const gate = id === 'gated' || id === 'recalled' ? 'candidate' : id;
  const block = Math.max(0, cells[cell].gates.indexOf(gate as never));
  const row = block * H + unit;
  const dot = (matrix: ArrayLike<number>, columns: number, by: ArrayLike<number>): number => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += matrix[row * columns + j] * by[j];
    return sum;
  };
  const fromInput = (): string =>
    numbers.value(dot(weights.weightIh, I, anatomy.parts.x!) + weights.biasIh[row]);
  const fromState = (): string => {
    const h = at(anatomy, 'hPrevious');
    return numbers.value(dot(weights.weightHh, H, h) + weights.biasHh[row]);
  };
  const times = (a: StepPart, b: StepPart): string => `${alone(value(a))} · ${after(value(b))}`;
  const plus = (a: string, b: string): string => `${alone(a)} + ${after(b)}`;
  const [memory, gates] =
    cell === 'lstm'
      ? (['cPrevious', ['forget', 'input']] as const)
      : (['hPrevious', ['update', 'opening']] as const);
  switch (id) {
    case 'hPrevious':
    case 'cPrevious':
      return value(id);
    case 'fromInput':
      return fromInput();
    case 'fromState':
    case 'recalled':
      return fromState();
    case 'sum':
      return plus(fromInput(), fromState());
    case 'kept':
      return times(gates[0], memory);
    case 'added':
      return times(gates[1], 'candidate');
    case 'opening':
      return `1 − ${after(value('update'))}`;
    case 'squashed':
      return `tanh(${value('c')})`;
    case 'gated':
      return times('reset', 'recalled');
    case 'c':
      return `${times('forget', 'cPrevious')} + ${after(value('input'))} · ${after(value('candidate'))}`;
    case 'h':
      if (cell === 'feedforward') return `tanh(${fromInput()})`;
      if (cell === 'rnn')
        return weights.nonlinearity === 'relu'
          ? `max(0, ${value('sum')})`
          : `tanh(${value('sum')})`;
      if (cell === 'lstm') return times('output', 'squashed');
      return `${times('opening', 'candidate')} + ${after(value('update'))} · ${after(value('hPrevious'))}`;
    case 'candidate':
      if (cell === 'gru') {
        return `tanh(${alone(fromInput())} + ${after(value('reset'))} · ${after(value('recalled'))})`;
      }
      return `tanh(${plus(fromInput(), fromState())})`;
    default:
      return `σ(${plus(fromInput(), fromState())})`;
  }
}

test('every sum has the network’s numbers, ends with its own, and every sign in it is true', (t) => {
  const many = { steps: 12, units: 11 };
  const runs = [
    ...storyRuns,
    ...variants.flatMap((variant) => [
      randomRun(variant, [], many),
      randomRun(variant, [], { ...many, scale: 0.01 }),
      randomRun(variant, [], { ...many, scale: 8 }),
    ]),
    ...(['forget', 'input', 'output', 'reset', 'update'] as const).flatMap((gate) =>
      [0, 0.3, 1].map((value) =>
        randomRun(variantNamed(cells.lstm.gates.includes(gate) ? 'lstm' : 'gru, reset after'), [
          { kind: 'hold', gate, value, from: 2, to: 8 },
        ]),
      ),
    ),
  ];
  const count = { '=': 0, '≈': 0, small: 0, texts: 0 };
  for (const { name, weights, unrolled } of runs) {
    for (let step = 0; step < unrolled.length; step++) {
      const anatomy = takeApart(weights, unrolled, step);
      for (const id of nodesOf(weights)) {
        const block = cells[weights.cell].gates.indexOf(id as never);
        if (unrolled.steps[step].held?.[block] !== undefined) continue;
        for (let unit = 0; unit < weights.hiddenSize; unit++) {
          const shown = arithmetic(id, unit, anatomy, weights);
          if (id === 'x') {
            assert.equal(shown, '');
            continue;
          }
          const where = `${name}, step ${step}, ${id} of unit ${unit}: ${shown}`;
          const last = numbers.value(anatomy.parts[id]![unit]);
          if (/products/.test(shown)) {
            const products = id === 'fromInput' ? weights.inputSize : weights.hiddenSize;
            const symbol = id === 'fromInput' ? 'W x + b' : 'U h₋ + b′';
            assert.equal(shown, `${symbol}: ${products} products and a bias add up to ${last}`);
            assert.equal(firstStage(id, unit, anatomy, weights), last, where);
          } else {
            const stages = shown.split(/ [=≈] /);
            assert.equal(stages.at(-1), last, where);
            assert.ok(
              stages.includes(firstStage(id, unit, anatomy, weights)),
              `${where}; ${firstStage(id, unit, anatomy, weights)}`,
            );
            for (const sign of checkSigns(shown)) count[sign as '=']++;
          }
          // what has a sign of its own stands in parentheses after an operator
          assert.doesNotMatch(shown, /[+·−] ?[−<>]|-/, where);
          assert.doesNotMatch(shown, /NaN|undefined|null|⊙|_|Infinity/, where);
          if (/[<>]/.test(shown)) count.small++;
          count.texts++;
        }
      }
    }
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(Math.min(...Object.values(count)) > 1000, JSON.stringify(count));
});

/** A step with vectors of one unit. */
function made(parts: Partial<Record<StepPart, number>>, fromInput = 0, fromState = 0): StepAnatomy {
  return {
    parts: Object.fromEntries(
      Object.entries(parts).map(([id, value]) => [id, Float64Array.of(value)]),
    ),
    fromInput: Float64Array.of(fromInput, fromInput, fromInput, fromInput),
    fromState: Float64Array.of(fromState, fromState, fromState, fromState),
  };
}

test('sums as they are read', () => {
  const shown = (
    name: string,
    id: StepPart,
    parts: Partial<Record<StepPart, number>>,
    ...affine: number[]
  ): string => {
    const weights = randomCell(variantNamed(name), 24, 1, new Random(1));
    const sum = arithmetic(id, 0, made(parts, ...affine), weights);
    checkSigns(sum);
    return sum;
  };
  assert.equal(
    shown('lstm', 'c', { forget: 0.93, cPrevious: 1.2, input: 0.08, candidate: -0.31, c: 1.0912 }),
    'c = f · c₋ + i · g = 0.93 · 1.20 + 0.08 · (−0.31) = 1.09',
  );
  assert.equal(
    shown('lstm', 'forget', { forget: 0.8494 }, 1.32, 0.41),
    'f = σ(1.32 + 0.41) = σ(1.73) = 0.85',
  );
  assert.equal(
    shown('lstm', 'candidate', { candidate: -0.716 }, -1.314, 0.414),
    'g = tanh(−1.31 + 0.41) = tanh(−0.90) = −0.72',
  );
  assert.equal(
    shown('lstm', 'added', { input: 0.08, candidate: -0.31, added: -0.0248 }),
    'i · g = 0.08 · (−0.31) = −0.02',
  );
  assert.equal(
    shown('lstm', 'squashed', { c: 1.09, squashed: 0.7969 }),
    'tanh(c) = tanh(1.09) = 0.80',
  );
  assert.equal(
    shown(
      'gru, reset after',
      'candidate',
      { reset: 0.82, recalled: -0.31, candidate: 0.2407 },
      0.5,
      -0.31,
    ),
    'n = tanh(0.50 + 0.82 · (−0.31)) = tanh(0.25) = 0.24',
  );
  assert.equal(
    shown('gru, reset after', 'opening', { update: 0.94, opening: 0.06 }),
    '1 − z = 1 − 0.94 = 0.06',
  );
  // digits that were rounded away
  assert.equal(
    shown('gru, reset after', 'opening', { update: 0.9996, opening: 0.0004 }),
    '1 − z = 1 − 1.00 ≈ <0.001',
  );
  assert.equal(
    shown('lstm', 'added', { input: 0.0004, candidate: -0.9, added: -0.00036 }),
    'i · g = (<0.001) · (−0.90) ≈ >−0.001',
  );
  assert.equal(
    shown('lstm', 'added', { input: 0.304, candidate: 0.904, added: 0.274816 }),
    'i · g = 0.30 · 0.90 = 0.27',
  );
  assert.equal(
    shown('lstm', 'added', { input: 0.305, candidate: 0.905, added: 0.276025 }),
    'i · g = 0.31 · 0.91 = 0.28',
  );
  assert.equal(
    shown('lstm', 'added', { input: 0.3449, candidate: 0.9449, added: 0.3259 }),
    'i · g = 0.34 · 0.94 ≈ 0.33',
  );
  // halves: 0.35 · 0.3 = 0.105, although not in binary fractions
  assert.equal(
    shown('lstm', 'added', { input: 0.35, candidate: 0.3, added: 0.1051 }),
    'i · g = 0.35 · 0.30 = 0.11',
  );
  assert.equal(
    shown('lstm', 'added', { input: 0.35, candidate: -0.3, added: -0.1049 }),
    'i · g = 0.35 · (−0.30) ≈ −0.10',
  );
  // three digits below 0.01
  assert.equal(
    shown('lstm', 'added', { input: 0.02, candidate: 0.3, added: 0.006 }),
    'i · g = 0.02 · 0.30 = 0.006',
  );
  assert.equal(
    shown('lstm', 'added', { input: 0.02, candidate: 0.3, added: 0.0059 }),
    'i · g = 0.02 · 0.30 = 0.006',
  );
  // nothing is 0.00
  assert.equal(
    shown('lstm', 'added', { input: 0, candidate: -0.3, added: -0 }),
    'i · g = 0.00 · (−0.30) = 0.00',
  );
  assert.equal(
    shown('lstm', 'added', { input: 0.02, candidate: 0.2, added: 0 }),
    'i · g = 0.02 · 0.20 = 0.00',
  );
  assert.equal(
    shown('rnn, relu', 'h', { sum: -1234.5, h: 0 }),
    'h = max(0, a) = max(0, −1,234.50) = 0.00',
  );
  assert.equal(
    shown('rnn, relu', 'h', { sum: 1234.5, h: 1234.5 }),
    'h = max(0, a) = max(0, 1,234.50) = 1,234.50',
  );
  assert.equal(
    shown('rnn', 'fromInput', { fromInput: 0.41 }),
    'W x + b: 24 products and a bias add up to 0.41',
  );
});

test('in another language the digits look different, and the signs are the same', () => {
  const german = new NumberWriter('de');
  const { weights, unrolled } = randomRun(variantNamed('lstm'));
  for (let step = 0; step < unrolled.length; step++) {
    const anatomy = takeApart(weights, unrolled, step);
    for (const id of nodesOf(weights)) {
      const shown = arithmetic(id, 3, anatomy, weights, { writer: german });
      assert.equal(shown.replaceAll(',', '.'), arithmetic(id, 3, anatomy, weights));
    }
  }
});
