// Steps in plain sentences: how numbers are written, what is said at each step, and that every wording exists.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellTypes, type CellType } from '../../src/engine/index.js';
import { NumberWriter, describeModel, narrate, suggest } from '../../src/model/describe.js';
import { englishDetails } from '../../src/model/detail-strings.js';
import { randomModel } from '../../src/model/random-model.js';
import { Reading } from '../../src/model/reading.js';
import type { SentenceModel } from '../../src/model/sentence-model.js';
import type { SessionState } from '../../src/model/session.js';
import { trainedModel } from '../../src/model/story-model.js';
import { english } from '../../src/model/strings.js';
import { joinTokens, tokenize, type TokenMode } from '../../src/model/tokenizer.js';
import { blind, randomNetwork, read } from '../support/model.js';

const numbers = new NumberWriter('en');
const { narration, theCell } = english;

interface Situation {
  readonly text?: string;
  readonly mode?: TokenMode;
  readonly models?: readonly SentenceModel[];
  readonly step?: number;
  readonly follow?: number;
}

/** A state of a session as it would be there. */
function state(situation: Situation, changes: Partial<SessionState> = {}): SessionState {
  const { text = 'Anna has a red kite', mode = 'words', step = 0, follow = 0 } = situation;
  const tokens = mode === 'words' ? read(text) : tokenize(text, mode);
  const readings = new Map(
    (situation.models ?? [randomModel('rnn')]).map((model) => {
      const reading = new Reading(model, tokens);
      reading.readTo(step);
      return [model.cell.cell, reading];
    }),
  );
  return {
    tokens,
    mode,
    cells: [...readings.keys()],
    readings,
    interventions: [],
    picked: null,
    step,
    follow,
    kind: 'random',
    known: 0,
    loading: false,
    problem: null,
    ...changes,
  };
}

const say = (situation: Situation, changes?: Partial<SessionState>): string =>
  narrate(state(situation, changes), english, numbers);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The same state, in which every word is remembered as much. */
function remembering(before: SessionState, ratio: number | null): SessionState {
  const imprint = ratio === null ? 0 : 2;
  for (const reading of before.readings.values()) {
    reading.memory = () => ({ distance: (ratio ?? 0) * imprint, imprint, ratio });
  }
  return before;
}

// ---- numbers ----------------------------------------------------------------------------------------------------------

test('a share is never written as 0 % unless it is nothing', () => {
  const written: [number, string][] = [
    [0, '0%'],
    [1e-300, '<0.1%'],
    [0.0005, '<0.1%'],
    [0.00099, '<0.1%'],
    [0.001, '0.1%'],
    [0.0246, '2.5%'],
    [0.0949, '9.5%'],
    [0.1, '10%'],
    [0.644, '64%'],
    [1, '100%'],
    [2.4, '240%'],
  ];
  for (const [value, text] of written) assert.equal(numbers.percent(value), text, String(value));
});

test('a probability is never written as certain unless it is', () => {
  const written: [number, string][] = [
    [0, '<1%'],
    [0.0099, '<1%'],
    [0.01, '1%'],
    [0.5, '50%'],
    [0.984, '98%'],
    [0.99, '99%'],
    [0.9901, '>99%'],
    [0.999999, '>99%'],
    [1, '100%'],
  ];
  for (const [value, text] of written) {
    assert.equal(numbers.probability(value), text, String(value));
  }
});

test('a quantity below a thousandth is not written as nothing', () => {
  const written: [number, string][] = [
    [0, '0'],
    [1e-12, '<0.001'],
    [0.00099, '<0.001'],
    [0.001, '0.001'],
    [0.1234, '0.123'],
    [1.234, '1.23'],
    [12.34, '12.3'],
    [123.4, '123'],
    [12345.6, '12,346'],
  ];
  for (const [value, text] of written) assert.equal(numbers.quantity(value), text, String(value));
});

test('unit values have two decimals, small ones three, and nothing but zero is written as zero', () => {
  const written: [number, string][] = [
    [0.957, '0.96'],
    [-0.957, '−0.96'],
    [1, '1.00'],
    [0.004, '0.004'],
    [-0.004, '−0.004'],
    [0.0002, '<0.001'],
    [-0.0002, '>−0.001'],
    [0, '0.00'],
    [-0, '0.00'],
    [-0.012, '−0.01'],
  ];
  for (const [value, text] of written) assert.equal(numbers.value(value), text, String(value));
});

test('factors, plain and whole numbers', () => {
  assert.equal(numbers.times(2.41), '2.4');
  assert.equal(numbers.times(12), '12.0');
  assert.equal(numbers.plain(1.5), '1.5');
  assert.equal(numbers.plain(2), '2');
  assert.equal(numbers.whole(5000), '5,000');
});

test('numbers are written in the reader’s language', () => {
  const german = new NumberWriter('de');
  assert.equal(german.percent(0.0246).replace(/\s/, ' '), '2,5 %');
  assert.equal(german.percent(0.0001).replace(/\s/, ' '), '<0,1 %');
  assert.equal(german.quantity(1.234), '1,23');
  assert.equal(german.whole(5000), '5.000');
});

// ---- narration --------------------------------------------------------------------------------------------------------

test('without a text it asks for one', () => {
  assert.equal(say({ text: '' }), narration.empty);
  assert.equal(say({ text: '', step: 0, follow: -1 }), narration.empty);
});

test('before the first step it says what to do', () => {
  assert.equal(say({ step: 0 }), narration.invite.words('Anna'));
  assert.equal(say({ step: 0, mode: 'characters' }), narration.invite.characters('A'));
});

test('the followed word leaves its imprint', () => {
  assert.equal(say({ step: 1, follow: 0 }), narration.readFollowed('Anna'));
  assert.equal(say({ step: 3, follow: 2 }), narration.readFollowed('a'));
});

test('before the followed word there is nothing to tell of it', () => {
  assert.equal(say({ step: 2, follow: 3 }), narration.readBefore('has'));
});

test('after the followed word it tells how far, and how much is left', () => {
  const situation = { step: 4, follow: 1 };
  const before = state(situation);
  const { ratio } = before.readings.get('rnn')!.memory(3, 1);
  const left = narration.holds(theCell.rnn, numbers.percent(ratio!));
  assert.equal(
    narrate(before, english, numbers),
    `${narration.readAfter.words('red', 2, 'has')} ${capital(left)}.`,
  );
  assert.match(say({ step: 2, follow: 1, mode: 'characters' }), /“n”/);
  assert.ok(
    say({ step: 3, follow: 0, mode: 'characters' }).startsWith(
      narration.readAfter.characters('n', 2, 'A'),
    ),
  );
});

test('the words right after and further after have sentences of their own', () => {
  const one = say({ step: 2, follow: 0 });
  assert.ok(one.startsWith(narration.readAfter.words('has', 1, 'Anna')));
  assert.ok(!one.includes('1 words'));
  assert.ok(say({ step: 4 }).startsWith(narration.readAfter.words('red', 3, 'Anna')));
});

test('what is left is said in the same words as everywhere', () => {
  const clause = (cell: CellType, ratio: number | null): string => {
    const before = state({ models: [randomModel(cell)], step: 4 });
    const text = narrate(remembering(before, ratio), english, numbers);
    return text.slice(narration.readAfter.words('red', 3, 'Anna').length + 1);
  };
  const holds = (amount: string): string => `${capital(narration.holds(theCell.rnn, amount))}.`;
  assert.equal(clause('rnn', 0.64), holds('64%'));
  assert.equal(clause('rnn', 0.0001), holds('<0.1%'));
  assert.equal(clause('rnn', 0), holds('0%'));
  assert.equal(clause('rnn', 1), holds('100%'));
  assert.equal(clause('rnn', 1.05), holds('105%'));
  assert.equal(clause('rnn', 2.41), `${capital(narration.holdsMore(theCell.rnn, '241%'))}.`);
  assert.equal(clause('rnn', null), `${capital(narration.noImprint(theCell.rnn))}.`);
});

test('feedforward hands nothing on', () => {
  const text = say({ models: [randomModel('feedforward')], step: 4 });
  assert.ok(text.endsWith(`${capital(narration.holdsNothing(theCell.feedforward))}.`), text);
});

test('a word without an imprint is said to have none, in every cell', () => {
  for (const cell of cellTypes) {
    const text = say({ models: [blind(randomModel(cell))], step: 3 });
    assert.ok(text.includes(capital(narration.noImprint(theCell[cell]))), text);
    assert.ok(!/NaN|null|Infinity|undefined/.test(text), text);
  }
});

test('a gated cell alone adds the mean of its gate', () => {
  const clauses = { lstm: narration.forgetGate, gru: narration.updateGate };
  for (const [cell, gate] of [
    ['lstm', 'forget'],
    ['gru', 'update'],
  ] as const) {
    const before = state({ models: [randomModel(cell)], step: 4 });
    const mean = numbers.value(before.readings.get(cell)!.gateMean(gate, 3));
    const text = narrate(before, english, numbers);
    assert.ok(text.endsWith(`; ${clauses[cell](mean)}.`), text);
    assert.ok(
      !narrate(state({ models: [randomModel(cell)], step: 1 }), english, numbers).includes(';'),
    );
  }
});

test('cells side by side are compared in one sentence, in display order', () => {
  const models = (['gru', 'rnn', 'lstm'] as const).map((cell) => randomModel(cell));
  const before = state({ models, step: 4 });
  const clauses = [...before.readings].map(([cell, reading]) => {
    const ratio = reading.memory(3, 0).ratio!;
    return ratio > 1.05
      ? narration.holdsMore(theCell[cell], numbers.percent(ratio))
      : narration.holds(theCell[cell], numbers.percent(ratio));
  });
  const text = narrate(before, english, numbers);
  assert.equal(
    text,
    `${narration.readAfter.words('red', 3, 'Anna')} ${capital(clauses.join('; '))}.`,
  );
});

/** A trained network that always expects the same word, as much as `favour` makes it. */
function expecting(cell: CellType, favour: number): SentenceModel {
  const words = ['<unk>', 'red', 'kite'];
  const network = randomNetwork(cell, words);
  network.readout.weight.fill(0);
  network.readout.bias.set([0, 0, favour]);
  return trainedModel('story', network, words);
}

test('at the end it tells what trained networks expect, or that they can only guess', () => {
  const probability = (favour: number): string =>
    numbers.probability(Math.exp(favour) / (Math.exp(favour) + 2));
  const end = { step: 5, follow: 4 };
  for (const favour of [3, 0.9]) {
    assert.equal(
      say({ ...end, models: [expecting('rnn', favour)] }),
      `${narration.readFollowed('kite')} ${capital(narration.expects(theCell.rnn, 'kite', probability(favour)))}.`,
    );
  }
  assert.equal(
    say({ ...end, models: [expecting('rnn', 0.5)] }),
    `${narration.readFollowed('kite')} ${capital(narration.guesses(theCell.rnn, 'kite', probability(0.5)))}.`,
  );
  const both = say({ ...end, models: [expecting('rnn', 0.5), expecting('gru', 20)] });
  assert.ok(
    both.endsWith(
      `${capital(narration.guesses(theCell.rnn, 'kite', probability(0.5)))}; ${narration.expects(theCell.gru, 'kite', '>99%')}.`,
    ),
    both,
  );
  const before = say({ step: 4, models: [expecting('rnn', 3)] });
  assert.ok(!before.includes('kite'), 'not before the end');
  const untrained = say(end);
  assert.equal(untrained, narration.readFollowed('kite'), 'an untrained network expects nothing');
});

test('while the weights load there is something to read, and no error', () => {
  for (const step of [0, 1, 3, 5]) {
    const text = say({ step }, { readings: new Map(), kind: null, loading: true });
    assert.ok(text.length > 0);
    assert.ok(!/undefined|NaN/.test(text), text);
  }
});

test('every step of every cell can be told', () => {
  const text = '“Wait… שלום!” 🪁 <b>red</b>';
  const models = cellTypes.map((cell) => randomModel(cell, { hiddenSize: 3 }));
  const { length } = read(text);
  for (let step = 0; step <= length; step++) {
    for (let follow = 0; follow < length; follow++) {
      for (const some of [models, ...models.map((model) => [model])]) {
        const told = say({ text, models: some, step, follow });
        assert.ok(told.length > 0 && !/undefined|NaN|null|Infinity|\[object/.test(told), told);
        assert.match(told, /[.”]$/);
      }
    }
  }
});

test('a word from right to left does not rearrange the sentence around it', () => {
  const text = say({ text: 'שלום kite', step: 2 });
  assert.ok(text.includes('\u2068שלום\u2069'), text);
  assert.ok(!text.includes('\u2068kite'), text);
});

// ---- suggestions and badges -------------------------------------------------------------------------------------------

test('at the end it suggests the other cells, or a longer sentence', () => {
  const suggested = (
    cells: readonly CellType[],
    can = { switchCells: true, changeText: true },
  ): string => suggest(state({}, { cells }), english, can);
  const named = (cells: readonly CellType[]): string =>
    new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(
      cells.map((cell) => theCell[cell]),
    );
  const other = (cells: readonly CellType[]): string =>
    `${narration.end} ${narration.tryOther(named(cells))}`;
  assert.equal(suggested(['rnn']), other(['lstm', 'gru']));
  assert.equal(suggested(['lstm']), other(['rnn', 'gru']));
  assert.equal(suggested(['rnn', 'gru']), other(['lstm']));
  assert.equal(suggested(['feedforward']), other(['rnn', 'lstm', 'gru']));
  assert.equal(suggested(['gru', 'lstm', 'rnn']), `${narration.end} ${narration.tryLonger}`);
  assert.equal(suggested([...cellTypes]), `${narration.end} ${narration.tryLonger}`);
  const file = state({}, { cells: ['gru'], kind: 'file' });
  assert.equal(
    suggest(file, english, { switchCells: true, changeText: true }),
    `${narration.end} ${narration.tryLonger}`,
    'a file holds one cell',
  );
  const longer = { switchCells: false, changeText: true };
  assert.equal(suggested(['rnn'], longer), `${narration.end} ${narration.tryLonger}`);
  assert.equal(suggested(['rnn'], { switchCells: false, changeText: false }), narration.end);
});

test('the badge says which weights run, and why', () => {
  const { modelBadge } = english;
  const options = { seed: 7, hiddenSize: 12 };
  const badge = (choice: string, changes: Partial<SessionState>): string =>
    describeModel(state({}, changes), choice, options, english, numbers);
  const random = modelBadge.random(7, 12);
  const problem = { code: 'model-load-failed' } as const;
  assert.equal(badge('auto', { kind: null, loading: true }), english.loading);
  assert.equal(badge('auto', { kind: null }), '', 'nothing runs and nothing loads');
  const ofFile = (model: SentenceModel): string =>
    describeModel(
      state({ models: [model] }, { kind: 'file' }),
      'https://example.org/a',
      options,
      english,
      numbers,
    );
  assert.equal(ofFile(expecting('rnn', 1)), modelBadge.file);
  const silent = { ...expecting('rnn', 1), predicts: false, predict: () => null };
  assert.equal(ofFile(silent), modelBadge.fileWithoutReadout);
  assert.equal(badge('auto', { kind: 'story', known: 0.75 }), modelBadge.story('75%'));
  assert.equal(badge('auto', { kind: 'story', known: 1 }), modelBadge.story('100%'));
  assert.equal(badge('story', { kind: 'story', known: 0.25 }), modelBadge.story('25%'));
  assert.equal(badge('story', { kind: 'story', known: 1 }), modelBadge.storyForced);
  assert.equal(badge('random', { kind: 'random', known: 0.25 }), random);
  assert.equal(
    badge('auto', { kind: 'random', known: 0.25 }),
    `${random} ${modelBadge.randomBecause('25%')}`,
  );
  assert.equal(
    badge('auto', { kind: 'random', known: 0 }),
    `${random} ${modelBadge.randomBecauseNone}`,
  );
  assert.equal(badge('auto', { kind: 'random', mode: 'characters' }), random);
  assert.equal(badge('auto', { kind: 'random', problem }), random, 'not for want of known words');
});

// ---- the dictionary ---------------------------------------------------------------------------------------------------

/** Calls `each` with every string of the dictionary; functions are given arguments of the kinds they take. */
function everyString(
  value: unknown,
  path: string,
  each: (text: string, path: string) => void,
): void {
  if (typeof value === 'string') each(value, path);
  else if (typeof value === 'function') {
    const call = value as (...args: unknown[]) => unknown;
    for (const [kind, args] of [
      ['one', Array<unknown>(6).fill(1)],
      ['some', Array<unknown>(6).fill(3)],
      ['text', Array<unknown>(6).fill('text')],
    ] as const) {
      everyString(call(...args), `${path}(${kind})`, each);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) everyString(inner, `${path}.${key}`, each);
  } else assert.equal(typeof value, 'number', path);
}

test('no wording is empty or broken', () => {
  let count = 0;
  everyString({ ...english, ...englishDetails }, 'english', (text, path) => {
    count++;
    assert.notEqual(text.trim(), '', path);
    assert.ok(!/undefined|NaN|\[object|\$\{|TODO|=>/.test(text), `${path}: ${text}`);
    assert.equal(text, text.trim(), `${path} has spaces at its ends`);
  });
  assert.ok(count > 80, `${count} strings`);
});

test('every cell and gate has its names', () => {
  for (const cell of cellTypes) {
    assert.ok(english.cellName[cell]);
    assert.ok(theCell[cell].toLowerCase().includes(english.cellName[cell].toLowerCase()));
    assert.ok(englishDetails.conventions[cell]);
  }
  assert.deepEqual(Intl.getCanonicalLocales(english.language), [english.language]);
});

test('default and example sentences follow a word, and read as they are written', () => {
  const followed = [
    { text: english.defaultText, follow: english.defaultFollow },
    ...english.examples,
  ].map(({ text, follow }) => {
    const tokens = read(text);
    assert.ok(!tokens[follow].mark, text);
    assert.equal(joinTokens(tokens, 'words'), text);
    return tokens[follow].text;
  });
  assert.equal(followed[0], 'red');
});
