// What gradients are taken of, readings and random networks; the facts of docs/gradients.md; the curves as CSV.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Random,
  finish,
  initialWeights,
  readLogits,
  softmax,
  unroll,
  type CellType,
} from '../../src/engine/index.js';
import { csvOf, type Curves } from '../../src/model/gradients/csv.js';
import { bandOf, lineOf, sharesOf } from '../../src/model/gradients/curves.js';
import { fullness, limitsOf } from '../../src/model/gradients/facts.js';
import {
  randomRun,
  randomRunDefaults,
  runOfReading,
  type GradientRun,
  type RandomRunOptions,
} from '../../src/model/gradients/run.js';
import { randomModel } from '../../src/model/random-model.js';
import { Reading } from '../../src/model/reading.js';
import type { ModelKind } from '../../src/model/sentence-model.js';
import { trainedModel } from '../../src/model/story-model.js';
import { assertSame } from '../support/engine.js';
import { median, randomNetwork, read } from '../support/model.js';

const words = ['<unk>', 'the', 'kite', 'of', 'anna', 'is', 'red', ','];

/** The words up to the last one, read by a network with these words. */
function reading(
  text: string,
  kind: ModelKind = 'file',
  vocabulary = words,
  seed = 'network',
): Reading {
  const network = randomNetwork('gru', vocabulary, { seed });
  const tokens = read(text);
  const found = new Reading(trainedModel(kind, network, vocabulary), tokens);
  found.readTo(tokens.length);
  return found;
}

test('the target is the next word of the text, by its row', () => {
  const run = runOfReading(reading('The kite of Anna is RED'));
  assert.deepEqual(run.words, ['The', 'kite', 'of', 'Anna', 'is', 'RED']);
  assert.deepEqual(run.target(0), { row: 2, word: 'kite', read: true });
  assert.deepEqual(run.target(2), { row: 4, word: 'Anna', read: true });
  assert.deepEqual(run.target(4), { row: 6, word: 'RED', read: true });
});

test('an unknown next word is <unk>, or no target where there is none', () => {
  assert.deepEqual(runOfReading(reading('the dragon')).target(0), {
    row: 0,
    word: 'dragon',
    read: true,
  });
  const without = runOfReading(reading('the dragon is', 'file', words.slice(1)));
  assert.equal(without.target(0), null);
  assert.equal(without.target(1)?.row, 4);
});

test('after the last word the target is what the network expects most', () => {
  for (const kind of ['file', 'story'] as const) {
    for (const text of ['the', 'the kite', 'anna is red', 'red of is anna the kite', 'of of of']) {
      const found = reading(text, kind);
      const t = found.length - 1;
      const p = softmax(readLogits(found.model.readout!, found.hidden(t), 1, 5));
      // the story networks' “some other word” is no answer
      if (kind === 'story') p[0] = 0;
      const row = p.indexOf(Math.max(...p));
      const expected = { row, word: words[row], read: false };
      const run = runOfReading(found);
      assert.deepEqual(run.target(t), expected, `${kind}: ${text}`);
      assert.equal(run.target(t)?.word, found.predictions(t, 1)?.[0].word);
    }
  }
});

test('a vocabulary whose names look alike on the screen still has the right row', () => {
  const alike = ['␣', ' ', 'a'];
  const rows = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const found = reading('a b a', 'file', alike, String(seed));
    const p = softmax(readLogits(found.model.readout!, found.hidden(2), 1, 5));
    const target = runOfReading(found).target(2);
    assert.ok(target, 'something is expected');
    assert.equal(target.row, p.indexOf(Math.max(...p)));
    rows.add(target.row);
  }
  assert.deepEqual([...rows].sort(), [0, 1, 2]);
});

test('untrained networks, and those without a readout, predict nothing', () => {
  const tokens = read('the kite is red');
  const { embedding, cell } = randomNetwork('rnn', words);
  const models = [
    randomModel('lstm'),
    trainedModel('file', { embedding, cell, readout: null }, words),
  ];
  for (const model of models) {
    const found = new Reading(model, tokens);
    found.readTo(4);
    const run = runOfReading(found);
    assert.equal(run.network, null);
    assert.deepEqual([run.target(0), run.target(3)], [null, null]);
    assert.equal(finish(lineOf(run, 'state', 3)).values.length, 4);
  }
});

test('a random run is the initialisation of model="random" on normal inputs', () => {
  for (const cell of ['rnn', 'lstm', 'gru'] as const) {
    const options: RandomRunOptions = {
      seed: 5,
      hiddenSize: 7,
      length: 9,
      recurrentScale: 1.5,
      inputScale: 0.5,
      forgetBias: -2,
      updateBias: 3,
    };
    const run = randomRun(cell, options);
    const weights = initialWeights(cell, 16, 7, 5, {
      recurrentScale: 1.5,
      inputScale: 0.5,
      forgetBias: -2,
      updateBias: 3,
    });
    assert.deepEqual(run.weights, weights);
    const { h } = unroll(weights, new Random('5/inputs').normals(9 * 16));
    assertSame(run.unrolled.h, h, cell);
    assert.deepEqual([run.cell, run.network, run.words, run.target(3)], [cell, null, [], null]);
    const plain = randomRun(cell);
    assert.deepEqual(plain.weights, randomRun(cell, randomRunDefaults).weights);
    assert.equal(plain.unrolled.length, 100);
    // a longer run begins with the shorter one
    const longer = randomRun(cell, { ...options, length: 20 });
    assertSame(longer.unrolled.h.subarray(0, 10 * 7), run.unrolled.h, 'longer');
  }
});

/** Medians over 100 seeds of the gain at two lags from the last of 100 steps, 16 units, and of the states' size there. */
function measured(
  cell: CellType,
  options: Partial<RandomRunOptions>,
): { at20: number; at40: number; size: number } {
  const runs = Array.from({ length: 100 }, (_, index) =>
    randomRun(cell, {
      seed: index + 1,
      hiddenSize: 16,
      length: 100,
      forgetBias: 0,
      updateBias: 0,
      ...options,
    }),
  );
  const lines = runs.map((run) => finish(lineOf(run, 'state', 99, { longest: 40 })));
  const at = (lag: number): number => median(lines.map(({ values }) => values[lag]));
  return { at20: at(20), at40: at(40), size: median(runs.map((run) => fullness(run, 99))) };
}

test('over 100 seeds a simple RNN vanishes at radius 0.9 and 1.5 and explodes at 4, while its state stays as full', () => {
  const [low, middle, high] = [0.9, 1.5, 4].map((recurrentScale) =>
    measured('rnn', { recurrentScale }),
  );
  assert.ok(low.at20 < 1e-3 && low.at20 > 1e-6, `radius 0.9: ${low.at20}`);
  assert.ok(middle.at20 < 1 && middle.at40 < 1, `radius 1.5: ${middle.at20}`);
  assert.ok(middle.at20 > low.at20, 'it vanishes more slowly');
  assert.ok(high.at40 > 1 && high.at40 > high.at20, `radius 4: ${high.at40}`);
  for (const { size } of [low, middle, high]) assert.ok(size > 0.6 && size < 0.95, `${size}`);
});

test('over 100 seeds an LSTM vanishes with forget bias 0, partly with 1, and hardly with 3', () => {
  const [zero, one, three] = [0, 1, 3].map((forgetBias) => measured('lstm', { forgetBias }));
  assert.ok(zero.at20 < 1e-3, `bias 0: ${zero.at20}`);
  assert.ok(one.at20 > 1e-3 && one.at20 < 0.1, `bias 1: ${one.at20}`);
  assert.ok(three.at20 > 0.1 && three.at20 < 1, `bias 3: ${three.at20}`);
});

test('facts of a line', () => {
  const values = Float64Array.of(2, 25, 1, 0.003, 0.001, 0.0005);
  assert.deepEqual(limitsOf({ values }), { vanishedAt: 4, explodedAt: 1 });
  const still = limitsOf({ values: Float64Array.of(0) });
  assert.deepEqual(still, { vanishedAt: null, explodedAt: null });
  const run = randomRun('rnn', { hiddenSize: 2, length: 3 });
  const [a, b] = run.unrolled.steps[2].h;
  assert.ok(Math.abs(fullness(run, 2) - Math.sqrt((a * a + b * b) / 2)) < 1e-15);
});

/** Fields of a CSV file, by the grammar of RFC 4180. */
function parsed(csv: string): string[][] {
  assert.ok(csv.endsWith('\r\n'), 'a line ends in CR LF');
  const rows: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let row: string[] = [];
  let end = 0;
  for (const [all, quoted, plain, after] of csv.matchAll(field)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    end += all.length;
    if (after === ',') continue;
    rows.push(row);
    row = [];
  }
  assert.equal(end, csv.length, 'nothing is left over');
  return rows;
}

function curvesOf(runs: readonly GradientRun[], t: number, quantity: 'state' | 'loss'): Curves {
  const lines = new Map(runs.map((run) => [run.cell, finish(lineOf(run, quantity, t))]));
  const bands = new Map(
    runs.flatMap((run) => {
      const band = finish(bandOf(run, quantity, t));
      return band ? [[run.cell, band] as const] : [];
    }),
  );
  const shares = new Map(
    quantity === 'loss' ? runs.map((run) => [run.cell, finish(sharesOf(run, t))]) : [],
  );
  return { lines, bands, shares };
}

test('the CSV of random runs has every number to the last digit', () => {
  const runs = (['rnn', 'lstm', 'gru'] as const).map((cell) => randomRun(cell, { length: 20 }));
  const curves = curvesOf(runs, 19, 'state');
  const [head, ...rows] = parsed(csvOf(curves, [], 19));
  assert.deepEqual(head, [
    'lag',
    ...['rnn', 'rnn_lower', 'rnn_median', 'rnn_upper'],
    ...['lstm', 'lstm_lower', 'lstm_median', 'lstm_upper', 'lstm_forget_gates'],
    ...['gru', 'gru_lower', 'gru_median', 'gru_upper'],
  ]);
  assert.equal(rows.length, 20);
  const column = (name: string): string[] => rows.map((row) => row[head.indexOf(name)]);
  assert.deepEqual(
    column('lag').map(Number),
    rows.map((_, lag) => lag),
  );
  for (const { cell } of runs) {
    assert.deepEqual(column(cell).map(Number), Array.from(curves.lines.get(cell)!.values));
    const { lower, upper } = curves.bands.get(cell)!;
    for (const [name, values] of [
      ['lower', lower],
      ['upper', upper],
    ] as const) {
      const fields = column(`${cell}_${name}`);
      assert.deepEqual(fields.slice(0, values.length).map(Number), Array.from(values));
      assert.ok(
        fields.slice(values.length).every((field) => field === ''),
        'then nothing',
      );
    }
  }
  const gates = Array.from(curves.lines.get('lstm')!.gatePath!);
  assert.deepEqual(column('lstm_forget_gates').map(Number), gates);
});

test('the CSV of a text has the word of each lag, quoted, and none that a spreadsheet would run', () => {
  const found = reading('of the kite is red of the kite is red');
  const run = runOfReading(found);
  const curves = curvesOf([run], 9, 'loss');
  const odd = ['a,b', 'say "hi"', 'line\nbreak', '=1+1', '+x', '-5', '@SUM', '\tx', ' ', 'plain'];
  const [head, ...rows] = parsed(csvOf(curves, odd, 9));
  assert.deepEqual(head, [
    'lag',
    'word',
    'gru',
    'gru_lower',
    'gru_median',
    'gru_upper',
    'gru_share',
  ]);
  assert.deepEqual(
    rows.map(([, word]) => word),
    ['plain', ' ', "'\tx", "'@SUM", "'-5", "'+x", "'=1+1", 'line\nbreak', 'say "hi"', 'a,b'],
  );
  const { values } = curves.shares.get('gru')!;
  assert.deepEqual(
    rows.map((row) => Number(row[6])),
    Array.from(values),
  );
});

test('the CSV of nothing is its first line', () => {
  const nothing: Curves = { lines: new Map(), bands: new Map(), shares: new Map() };
  assert.equal(csvOf(nothing, [], 0), 'lag\r\n');
});
