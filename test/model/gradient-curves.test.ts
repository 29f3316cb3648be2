// The curves of the gradient plot: equal to the engine's numbers however they are sliced, and to those of PyTorch.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import {
  Random,
  clipFactor,
  finish,
  gatePathGains,
  lossGradient,
  stateGains,
  stateGainsAt,
  stateSize,
  unroll,
  type CellType,
  type InitialState,
  type Slices,
} from '../../src/engine/index.js';
import { checkGradient } from '../../src/model/gradients/check.js';
import {
  bandOf,
  clippedShares,
  lineOf,
  maximumLag,
  sharesOf,
} from '../../src/model/gradients/curves.js';
import { randomRun, runOfReading, type GradientRun } from '../../src/model/gradients/run.js';
import { workFor } from '../../src/model/slices.js';
import { Reading } from '../../src/model/reading.js';
import { trainedModel } from '../../src/model/story-model.js';
import { weightsOf, type GoldenCase } from '../../tools/golden/compare.js';
import {
  assertClose,
  assertSame,
  bothKernels,
  relativeDifferenceOfEach,
} from '../support/engine.js';
import { distinctWords, hold, median, randomNetwork, read, skip } from '../support/model.js';

const cellTypes: readonly CellType[] = ['rnn', 'lstm', 'gru'];
const [, simd] = await bothKernels();

/** Row t of a table `[T × T]` by lag. */
const byLag = (table: Float64Array, t: number): Float64Array => {
  const T = Math.sqrt(table.length);
  return table.slice(t * T, t * T + t + 1).reverse();
};

/** A trained network's reading of so many words, of which `<unk>` is one in seven. */
function readingOf(cell: CellType, length: number, seed = 'curves'): Reading {
  const random = new Random(seed);
  const words = ['<unk>', ...distinctWords(6, random)];
  const network = randomNetwork(cell, words, { inputSize: 4, hiddenSize: 6, seed });
  const text = Array.from({ length }, () => random.pick([...words.slice(1), 'elsewhere']));
  return new Reading(trainedModel('file', network, words), read(text.join(' ')));
}

/** The run of a reading that has been read to its end. */
function readRun(cell: CellType, length: number, seed?: string): GradientRun {
  const reading = readingOf(cell, length, seed);
  reading.readTo(length);
  return runOfReading(reading);
}

/** The number of slices, and the result. */
function counted<T>(work: Slices<T>): readonly [number, T] {
  for (let slices = 1; ; slices++) {
    const { done, value } = work.next();
    if (done) return [slices, value];
  }
}

/** All arrays of a result, one after the other. */
const arraysOf = (result: object): Float64Array[] =>
  Object.values(result).filter((value) => value instanceof Float64Array);

test('state lines are the golden norms over √S', () => {
  const folder = new URL('../golden/', import.meta.url);
  let seen = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const golden = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as GoldenCase;
    if (!golden.state_jacobian_norm || !golden.x) continue;
    const weights = weightsOf(golden);
    const initial = { h: golden.h0, ...(golden.c0 && { c: golden.c0 }) } as InitialState;
    const unrolled = unroll(weights, Float64Array.from(golden.x.flat()), initial);
    const run: GradientRun = {
      cell: weights.cell,
      weights,
      unrolled,
      network: null,
      words: [],
      target: () => null,
    };
    const root = Math.sqrt(stateSize(weights));
    const table = Float64Array.from(golden.state_jacobian_norm.flat(), (value) => value / root);
    for (let t = 0; t < unrolled.length; t++) {
      const { values } = finish(lineOf(run, 'state', t));
      assertClose(values, byLag(table, t), 1e-12, `${file} at ${t}`);
    }
    seen++;
  }
  assert.ok(seen >= 7, `${seen} cases`);
});

for (const cell of cellTypes) {
  test(`${cell}: lines, gate paths and shares are the engine's, to the bit`, () => {
    const run = readRun(cell, 40);
    const { weights, unrolled, network } = run;
    assert.ok(network, 'it predicts');
    for (const t of [0, 1, 17, 39]) {
      const state = finish(lineOf(run, 'state', t));
      assertSame(state.values, stateGainsAt(weights, unrolled, t).reverse(), `state at ${t}`);
      assert.equal(state.values[0], 1);
      assert.equal(state.loss, null);
      if (cell !== 'lstm') assert.equal(state.gatePath, null);
      else {
        assert.ok(state.gatePath, 'an LSTM has a path of its own');
        const table = gatePathGains(weights, unrolled, 'forget');
        assertSame(state.gatePath, byLag(table, t), `forget gates at ${t}`);
      }
      const target = run.target(t);
      assert.ok(target, `a word after ${t}`);
      const expected = lossGradient(network, unrolled, t, target.row);
      const loss = finish(lineOf(run, 'loss', t));
      assertSame(loss.values, expected.states.reverse(), `loss at ${t}`);
      assert.deepEqual(loss.loss, { value: expected.loss, target });
      assert.equal(loss.gatePath, null);
      const shares = finish(sharesOf(run, t));
      assertSame(shares.values, expected.steps.reverse(), `shares at ${t}`);
      assert.equal(shares.total, expected.total);
      assert.deepEqual(shares.target, target);
    }
  });

  test(`${cell}: the loss line is the norm of what nudging all numbers of a state does`, () => {
    const run = readRun(cell, 12);
    const S = stateSize(run.weights);
    for (const [t, lag] of [
      [11, 0],
      [11, 5],
      [7, 3],
    ]) {
      const checks = checkGradient(run, 'loss', t, lag, 1, S);
      assert.equal(checks.length, S);
      const estimate = Math.hypot(...checks.map((each) => each.estimate));
      assertClose([finish(lineOf(run, 'loss', t)).values[lag]], [estimate], 1e-8, `${t}, ${lag}`);
    }
  });

  test(`${cell}: the state line is the norm of what nudging all numbers of a state does, over √S`, () => {
    const run = randomRun(cell, { hiddenSize: 3, length: 12 });
    const S = stateSize(run.weights);
    const checks = checkGradient(run, 'state', 11, 4, 1, S * S);
    assert.equal(checks.length, S * S);
    const estimate = Math.hypot(...checks.map((each) => each.estimate)) / Math.sqrt(S);
    assertClose([finish(lineOf(run, 'state', 11)).values[4]], [estimate], 1e-8, cell);
  });
}

test('a line follows 300 lags, or as many as are wanted', () => {
  const run = readRun('gru', 340);
  for (const quantity of ['state', 'loss'] as const) {
    const { values } = finish(lineOf(run, quantity, 339));
    assert.equal(values.length, maximumLag + 1);
    const short = finish(lineOf(run, quantity, 339, { longest: 20 }));
    assertSame(short.values, values.slice(0, 21), quantity);
    assert.equal(finish(lineOf(run, quantity, 4, { longest: 20 })).values.length, 5);
  }
  const { values, total } = finish(sharesOf(run, 339));
  assert.equal(values.length, maximumLag + 1);
  const { network, unrolled } = run;
  assert.equal(total, lossGradient(network!, unrolled, 339, run.target(339)!.row).total);
});

test('interventions are differentiated as they were done', () => {
  const list = [hold('forget', 0.9, 3, 9), skip(5)];
  const reading = readingOf('lstm', 14);
  reading.readTo(14);
  const free = finish(lineOf(runOfReading(reading), 'state', 13));
  const intervened = reading.under(list);
  intervened.readTo(14);
  const run = runOfReading(intervened);
  const line = finish(lineOf(run, 'state', 13));
  assertSame(line.values, stateGainsAt(run.weights, run.unrolled, 13).reverse(), 'as the engine');
  // word 5 was skipped: what comes after it comes from before it
  assert.equal(line.values[13 - 5], line.values[13 - 4]);
  assert.notEqual(line.values[8], free.values[8]);
  assert.equal(line.gatePath![8], line.gatePath![9]);
});

test('on the SIMD kernel a line is the same within 1e-4', () => {
  for (const cell of cellTypes) {
    const run = randomRun(cell, { hiddenSize: 16, forgetBias: 3, updateBias: 3 });
    const exact = finish(lineOf(run, 'state', 99));
    const fast = finish(lineOf(run, 'state', 99, { kernel: simd }));
    assert.ok(relativeDifferenceOfEach(fast.values, exact.values) < 1e-4, cell);
    assert.notDeepEqual(fast.values, exact.values);
  }
});

test('coarse lines are exact at lag 0 and for few units, unbiased and within a factor of 2 for many', () => {
  for (const cell of cellTypes) {
    const errors: number[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      const run = randomRun(cell, { seed, hiddenSize: 32, length: 60 });
      const exact = finish(lineOf(run, 'state', 59));
      const coarse = finish(lineOf(run, 'state', 59, { coarse: true }));
      assert.ok(coarse.coarse && !exact.coarse, 'it says so');
      assertClose([coarse.values[0]], [1], 1e-15, 'lag 0');
      coarse.values.forEach((value, lag) => {
        const ratio = value / exact.values[lag];
        assert.ok(ratio > 0.5 && ratio < 2, `${cell}, seed ${seed}, lag ${lag}: ${ratio}`);
        errors.push(ratio);
      });
    }
    const typical = median(errors.map((ratio) => Math.abs(ratio - 1)));
    assert.ok(typical < 0.15, `${cell}: typically ${typical}`);
    assert.ok(Math.abs(median(errors) - 1) < 0.1, `${cell}: median ${median(errors)}`);
  }
  const small = randomRun('rnn', { hiddenSize: 16 });
  const coarse = finish(lineOf(small, 'state', 99, { coarse: true }));
  assert.equal(coarse.coarse, false);
  assertSame(coarse.values, finish(lineOf(small, 'state', 99)).values, '16 units');
});

test('slices give the same bits as all at once, whatever goes on between them', () => {
  for (const cell of cellTypes) {
    const run = readRun(cell, 30);
    const other = readRun(cell, 30, 'other');
    const works = (of: GradientRun): (() => Slices<object | null>)[] => [
      () => lineOf(of, 'state', 29),
      () => lineOf(of, 'state', 29, { kernel: simd }),
      () => lineOf(of, 'loss', 29),
      () => bandOf(of, 'state', 29),
      () => bandOf(of, 'loss', 29),
      () => sharesOf(of, 29),
    ];
    works(run).forEach((work, i) => {
      const whole = finish(work());
      const disturbing = works(other)[i]();
      let result: object | null | undefined;
      for (const slices = work(); result === undefined; disturbing.next()) {
        // a clock that stands still until it has been asked a few times
        let now = 0;
        const { done, value } = workFor(slices, 2, () => now++);
        if (done) result = value;
      }
      assert.ok(whole && result, 'both are there');
      const expected = arraysOf(whole);
      arraysOf(result).forEach((array, n) => {
        assertSame(array, expected[n], `${cell}, work ${i}, array ${n}`);
      });
      assert.deepEqual(result, whole);
    });
  }
});

test('every lag is a slice of its own', () => {
  const run = readRun('gru', 50);
  assert.ok(counted(lineOf(run, 'state', 49))[0] >= 50);
  assert.ok(counted(lineOf(run, 'loss', 49))[0] >= 50);
  assert.ok(counted(bandOf(run, 'state', 49))[0] >= (50 * 51) / 2);
  assert.ok(counted(sharesOf(run, 49))[0] >= 50);
});

test('workFor ends at the first slice after its time, and with the result', () => {
  function* work(): Slices<string> {
    for (let i = 0; i < 5; i++) yield;
    return 'done';
  }
  const slices = work();
  let now = 0;
  assert.deepEqual(
    workFor(slices, 3, () => now++),
    { done: false, value: undefined },
  );
  assert.equal(now, 4);
  assert.deepEqual(
    workFor(slices, 0, () => 0),
    { done: false, value: undefined },
  );
  assert.deepEqual(workFor(slices, 1000), { done: true, value: 'done' });
  assert.equal(finish(work()), 'done');
});

/** The value below which a share of the numbers lies, between neighbours if need be. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return low === at ? sorted[at] : sorted[low] * (low + 1 - at) + sorted[low + 1] * (at - low);
}

for (const cell of cellTypes) {
  test(`${cell}: a band has the quartiles of all steps that reach so far, of at least 8`, () => {
    const run = readRun(cell, 30);
    const t = 24;
    const table = stateGains(run.weights, run.unrolled);
    const state = finish(bandOf(run, 'state', t));
    const loss = finish(bandOf(run, 'loss', t));
    assert.ok(state && loss, 'enough steps');
    for (const band of [state, loss]) {
      assert.equal(band.lower.length, t + 1 - 7, 'eight steps reach lag 17');
      assert.deepEqual([band.steps, band.available], [25, 25]);
    }
    for (let lag = 0; lag < state.lower.length; lag++) {
      const gains: number[] = [];
      const norms: number[] = [];
      for (let step = lag; step <= t; step++) {
        gains.push(table[step * 30 + step - lag]);
        const target = run.target(step)!;
        const { states } = lossGradient(run.network!, run.unrolled, step, target.row);
        norms.push(states[step - lag]);
      }
      const quartiles = (values: number[]): number[] =>
        [0.25, 0.5, 0.75].map((share) => quantile(values, share));
      const at = ({ lower, median: middle, upper }: typeof state): number[] => [
        lower[lag],
        middle[lag],
        upper[lag],
      ];
      // the table goes another way than the rows
      assertClose(at(state), quartiles(gains), 1e-11, `state, lag ${lag}`);
      assertClose(at(loss), quartiles(norms), 1e-14, `loss, lag ${lag}`);
    }
  });
}

test('no band of fewer than 8 steps', () => {
  const run = readRun('rnn', 12);
  for (const quantity of ['state', 'loss'] as const) {
    assert.equal(finish(bandOf(run, quantity, 6)), null);
    const band = finish(bandOf(run, quantity, 7));
    assert.equal(band?.steps, 8);
    assert.equal(band.lower.length, 1);
  }
});

test('where all steps would take too long, a band is made of some, evenly spread, and says so', () => {
  // 64 units in an LSTM, 160 steps: 8 · 80 products of 128 · 128 · 64
  const run = randomRun('lstm', { hiddenSize: 64, length: 160 });
  const [slices, band] = counted(bandOf(run, 'state', 159, { kernel: simd }));
  assert.ok(band, 'some can be paid for');
  assert.equal(band.available, 160);
  assert.ok(band.steps >= 8 && band.steps < 16, `${band.steps} steps`);
  assert.ok(slices < band.steps * 160 + 200);
  // of the later half, so that it comes half as far back as the line
  assert.ok(band.lower.length > 80, `${band.lower.length} lags`);
  // equal input, equal steps
  assert.deepEqual(finish(bandOf(run, 'state', 159, { kernel: simd })), band);
  const wide = randomRun('lstm', { hiddenSize: 128, length: 160 });
  assert.deepEqual(counted(bandOf(wide, 'state', 159)), [1, null], 'too dear at all');
});

test('a long text gets a band of some of its steps, over all lags', () => {
  const run = readRun('lstm', 5000);
  const band = finish(bandOf(run, 'loss', 4999));
  assert.ok(band, 'some can be paid for');
  assert.equal(band.available, 5000);
  assert.ok(band.steps >= 100 && band.steps < 2000, `${band.steps} steps`);
  assert.equal(band.lower.length, maximumLag + 1);
});

test('clipping takes the same share of all shares', () => {
  const run = readRun('rnn', 20);
  const shares = finish(sharesOf(run, 19));
  const limit = shares.total / 4;
  const { factor, values } = clippedShares(shares, limit);
  assert.equal(factor, clipFactor(shares.total, limit));
  assertClose([factor], [0.25], 1e-15, 'factor');
  values.forEach((value, lag) => {
    assert.equal(value, factor * shares.values[lag]);
    assertClose([value / values[0]], [shares.values[lag] / shares.values[0]], 1e-15, `lag ${lag}`);
  });
  const unclipped = clippedShares(shares, shares.total * 2);
  assert.equal(unclipped.factor, 1);
  assertSame(unclipped.values, shares.values, 'nothing to clip');
});

test('steps that have not been done, and losses of what predicts nothing, are refused', () => {
  const reading = readingOf('rnn', 10);
  reading.readTo(6);
  const run = runOfReading(reading);
  const refused = (work: Slices<unknown>): void => {
    assert.throws(() => finish(work), RangeError);
  };
  for (const t of [-1, 1.5, 6, 9, NaN]) {
    refused(lineOf(run, 'state', t));
    refused(lineOf(run, 'loss', t));
    refused(bandOf(run, 'state', t));
    refused(sharesOf(run, t));
    assert.throws(() => checkGradient(run, 'state', t, 0, 1), RangeError);
  }
  const random = randomRun('rnn', { length: 20 });
  assert.ok(finish(lineOf(random, 'state', 19)).values[19] > 0);
  refused(lineOf(random, 'loss', 19));
  refused(sharesOf(random, 19));
  assert.equal(finish(bandOf(random, 'loss', 19)), null);
  assert.throws(() => checkGradient(random, 'loss', 19, 2, 1), RangeError);
  for (const lag of [-1, 20, 0.5]) {
    assert.throws(() => checkGradient(random, 'state', 19, lag, 1), RangeError);
  }
  // reading on adds steps
  reading.readTo(10);
  assert.equal(finish(lineOf(run, 'loss', 9)).values.length, 10);
});

test('a check draws different entries, the same ones from the same seed, and the estimate comes near', () => {
  for (const cell of cellTypes) {
    const run = readRun(cell, 20);
    const S = stateSize(run.weights);
    for (const quantity of ['state', 'loss'] as const) {
      const checks = checkGradient(run, quantity, 19, 3, 7, 5);
      assert.equal(checks.length, 5);
      assert.equal(new Set(checks.map(({ row, column }) => row * S + column)).size, 5);
      assert.deepEqual(checkGradient(run, quantity, 19, 3, 7, 5), checks);
      assert.notDeepEqual(checkGradient(run, quantity, 19, 3, 8, 5), checks);
      for (const { exact, estimate, relativeError, resolved, resolution } of checks) {
        assert.ok(Math.abs(exact - estimate) < 1e-7, `${exact} and ${estimate}`);
        assert.equal(resolved, Math.abs(exact) > resolution);
        const larger = Math.max(Math.abs(exact), Math.abs(estimate));
        if (larger > 0) assert.equal(relativeError, Math.abs(exact - estimate) / larger);
      }
    }
  }
  // c_t itself has no part in the prediction
  const checks = checkGradient(readRun('lstm', 5), 'loss', 4, 0, 1, 12);
  const ofCell = checks.filter(({ column }) => column >= 6);
  assert.equal(ofCell.length, 6);
  for (const { exact, relativeError, resolved } of ofCell) {
    assert.deepEqual([exact, relativeError, resolved], [0, 0, false]);
  }
});
