// The race itself: the same bits for the same settings, what it measures checked by other means, and that it learns.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { deserialize, serialize } from 'node:v8';
import {
  Unrolled,
  finish,
  loadKernel,
  parametersOf,
  plainNetwork,
  readLogits,
  referenceKernel,
  softmax,
  unroll,
  type Floats,
  type Kernel,
  type Network,
  type Slices,
} from '../../src/engine/index.js';
import {
  TrainingRace,
  evaluatedAt,
  freshNetwork,
  freshNetworks,
  networksOf,
  testGaps,
  type Snapshot,
  type StepReport,
} from '../../src/model/training/race.js';
import { RecallProbe, firstWordGradient } from '../../src/model/training/recall.js';
import {
  allows,
  parameterCount,
  trainableCells,
  trainingDefaults,
  trainingLimits,
  type NumericSetting,
  type TrainingSettings,
} from '../../src/model/training/settings.js';
import { heldOutInSlices, heldOutSentences, taskWords } from '../../src/model/training/task.js';

const simd = await loadKernel(0);

const small: TrainingSettings = {
  ...trainingDefaults,
  gap: 3,
  examples: 60,
  hiddenSize: 9,
  batch: 6,
  steps: 7,
};

/** What a report says but for the time it took. */
const measured = ({ step, cells }: StepReport) => ({
  step,
  cells: cells.map(({ loss, answerLoss, evaluation }) => ({ loss, answerLoss, evaluation })),
});

function run(settings: TrainingSettings, kernel: Kernel = referenceKernel) {
  const race = new TrainingRace(settings, kernel);
  const reports: StepReport[] = [];
  finish(
    race.run(
      (report) => reports.push(report),
      () => Infinity,
    ),
  );
  return { race, reports: reports.map(measured), networks: race.networks! };
}

test('the same settings give the same bits, on either kernel', () => {
  for (const kernel of [referenceKernel, simd]) {
    const [first, second] = [run(small, kernel), run(small, kernel)];
    assert.deepEqual(first.reports, second.reports);
    assert.deepEqual(first.networks, second.networks);
  }
});

test('the kernels differ by rounding alone', () => {
  const [exact, fast] = [run(small), run(small, simd)];
  exact.reports.forEach(({ cells }, step) => {
    cells.forEach(({ loss, answerLoss }, i) => {
      if (step === 0) return;
      const other = fast.reports[step].cells[i];
      assert.ok(Math.abs(other.loss - loss) < 1e-4 * loss);
      assert.ok(Math.abs(other.answerLoss - answerLoss) < 1e-3 * answerLoss);
    });
  });
});

test('left within a step and taken up again, or moved elsewhere between two steps: the same bits', () => {
  for (const kernel of [referenceKernel, simd]) {
    const whole = run(small, kernel);
    const reports: StepReport[] = [];
    const race = new TrainingRace(small, kernel);
    const work = race.run(
      (report) => reports.push(report),
      () => 3,
    );
    // asked for its networks in the middle of steps, too
    for (let i = 0; !work.next().done; i++)
      if (i % 50 === 0) assert.equal(race.networks?.length ?? 3, 3);
    assert.equal(race.step, 3);
    const moved = deserialize(serialize(race.snapshot)) as Snapshot;
    assert.deepEqual(moved.step, 3);
    assert.deepEqual(networksOf(small, moved).map(parametersOf), race.networks!.map(parametersOf));
    const other = new TrainingRace(small, kernel, moved);
    finish(
      other.run(
        (report) => reports.push(report),
        () => Infinity,
      ),
    );
    assert.deepEqual(reports.map(measured), whole.reports);
    assert.deepEqual(other.networks, whole.networks);
  }
});

test('other cells in the race change nothing for one of them', () => {
  const all = run(small);
  const alone = run({ ...small, cells: ['lstm'] });
  const place = small.cells.indexOf('lstm');
  assert.deepEqual(alone.networks, [all.networks[place]]);
  assert.deepEqual(
    alone.reports.map(({ cells }) => cells),
    all.reports.map(({ cells }) => [cells[place]]),
  );
});

test('every setting changes what is learned', () => {
  const base = run({ ...small, cells: ['lstm'] });
  const changes: readonly Partial<TrainingSettings>[] = [
    { gap: 4 },
    { examples: 61 },
    { hiddenSize: 10 },
    { learningRate: 0.02 },
    { batch: 7 },
    { steps: 8 },
    { seed: 2 },
    { forgetBias: 1 },
    { clip: 0.05 },
  ];
  assert.equal(changes.length, Object.keys(trainingLimits).length);
  for (const change of changes) {
    const other = run({ ...small, cells: ['lstm'], ...change });
    assert.notDeepEqual(other.networks, base.networks, JSON.stringify(change));
  }
});

test('reports: the untrained networks, then every step, evaluated at both ends and in between', () => {
  const { reports } = run(small);
  assert.deepEqual(
    reports.map(({ step }) => step),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  for (const { step, cells } of reports) {
    for (const { loss, answerLoss, evaluation } of cells) {
      assert.equal(Number.isNaN(loss), step === 0);
      assert.equal(Number.isNaN(answerLoss), step === 0);
      assert.equal(evaluation !== null, [0, 5, 7].includes(step));
    }
  }
  const due = Array.from({ length: 1001 }, (_, step) => evaluatedAt(step, { steps: 1000 }));
  assert.equal(due.filter(Boolean).length, 41);
  assert.ok(due[0] && due[1000]);
});

test('test gaps: nine from 0 to twice the trained one, and the trained one; fewer where there are no nine', () => {
  assert.deepEqual(testGaps(20), [0, 5, 10, 15, 20, 25, 30, 35, 40]);
  assert.deepEqual(testGaps(1), [0, 1, 2]);
  assert.deepEqual(testGaps(0), [0, 1, 2]);
  for (let gap = 0; gap <= 100; gap++) {
    const gaps = testGaps(gap);
    assert.ok(gaps.includes(gap) && gaps[0] === 0 && gaps.at(-1) === 2 * Math.max(1, gap));
  }
});

/** The word a network expects most after some words, one sequence by itself. */
function expected({ embedding, cell, readout }: Network, tokens: readonly string[]): string {
  const I = cell.inputSize;
  const x = tokens.flatMap((token) => {
    const row = taskWords.indexOf(token);
    return [...embedding.subarray(row * I, (row + 1) * I)];
  });
  const { h } = unroll(cell, x);
  const logits = readLogits(
    readout,
    h.subarray(tokens.length * cell.hiddenSize),
    1,
    cell.hiddenSize,
  );
  return taskWords[logits.indexOf(Math.max(...logits))];
}

test('recall: counts of right answers as single forward passes give them, at short gaps and long ones', () => {
  for (const kernel of [referenceKernel, simd]) {
    const settings = { ...small, gap: 1, steps: 60, hiddenSize: 20, batch: 16, learningRate: 0.02 };
    const { reports, networks } = run(settings, kernel);
    const partly = new Set<string>();
    networks.forEach((network, i) => {
      const { byGap, recall } = reports[60].cells[i].evaluation!;
      assert.deepEqual(
        byGap.find(({ gap }) => gap === 1),
        { gap: 1, ...recall },
      );
      for (const { gap, right, asked } of byGap) {
        const sentences = [0, ...(gap === 1 ? [1] : [])].flatMap((round) => [
          ...heldOutSentences(gap, round),
        ]);
        const known = sentences.filter(
          ({ tokens, answer }) => expected(network, tokens.slice(0, answer)) === tokens[answer],
        );
        assert.equal(asked, sentences.length);
        assert.equal(right, known.length);
        if (right > 0 && right < asked) partly.add(`${i}/${gap}`);
      }
      // longer than what is kept at once
      const probe = new RecallProbe(kernel, network);
      const long = finish(probe.ask(network, 90));
      const known = heldOutSentences(90).filter(
        ({ tokens, answer }) => expected(network, tokens.slice(0, answer)) === tokens[answer],
      );
      assert.deepEqual(long, { right: known.length, asked: heldOutSentences(90).length });
    });
    assert.ok(partly.size > 2, 'not all right or all wrong');
  }
});

test('recall of a network with a vocabulary of its own, in another order and with other words', () => {
  const { networks } = run({ ...small, gap: 1, steps: 40, hiddenSize: 20, batch: 16 });
  const network = plainNetwork(networks[1]);
  const words = [...taskWords.slice().reverse(), 'zebra'];
  const I = network.cell.inputSize;
  const H = network.cell.hiddenSize;
  const rowsOf = (values: Floats, size: number): Float64Array =>
    Float64Array.from(
      words.flatMap((word) => {
        const row = taskWords.indexOf(word);
        if (row < 0) return new Array<number>(size).fill(-1);
        return [...values.subarray(row * size, (row + 1) * size)];
      }),
    );
  const other: Network = {
    embedding: rowsOf(network.embedding, I),
    cell: network.cell,
    readout: { weight: rowsOf(network.readout.weight, H), bias: rowsOf(network.readout.bias, 1) },
  };
  other.readout.bias[words.length - 1] = -100;
  const asked = finish(new RecallProbe(referenceKernel, network).ask(network, 2));
  assert.deepEqual(finish(new RecallProbe(referenceKernel, other, words).ask(other, 2)), asked);
  assert.ok(asked.right > 0);
});

test('the gradient that reaches the first word equals finite differences in the state after it', () => {
  for (const cell of trainableCells) {
    const network = finish(freshNetwork({ ...small, hiddenSize: 7 }, cell));
    const { cell: weights, embedding, readout } = network;
    const [I, H] = [weights.inputSize, weights.hiddenSize];
    const gap = 2;
    const sentences = heldOutSentences(gap).filter((_, i) => i % 7 === 0);
    assert.equal(new Set(sentences.map(({ tokens, answer }) => tokens[answer])).size, 6);
    const norms = sentences.map(({ tokens, answer }) => {
      const vector = (token: string): Float64Array =>
        new Float64Array(embedding.subarray(taskWords.indexOf(token) * I).subarray(0, I));
      const first = new Unrolled(weights, 1, 1);
      const { h, c } = first.advance(weights, vector(tokens[0]));
      const loss = (state: Float64Array): number => {
        const rest = new Unrolled(weights, 1, answer - 1);
        rest.start({ h: state.subarray(0, H), c: state.subarray(H) });
        for (const token of tokens.slice(1, answer)) rest.advance(weights, vector(token));
        const logits = readLogits(readout, rest.h.subarray((answer - 1) * H), 1, H);
        return -Math.log(softmax(logits)[taskWords.indexOf(tokens[answer])]);
      };
      const state = Float64Array.from([...h, ...c]);
      const square = state.reduce((sum, value, i) => {
        const at = (nudge: number): number => {
          const moved = state.slice();
          moved[i] = value + nudge;
          return loss(moved);
        };
        return sum + ((at(1e-5) - at(-1e-5)) / 2e-5) ** 2;
      }, 0);
      return Math.sqrt(square);
    });
    const mean = norms.reduce((sum, norm) => sum + norm, 0) / norms.length;
    const found = finish(firstWordGradient(network, gap));
    assert.ok(mean > 0 && Math.abs(found - mean) < 1e-5 * mean, `${cell}: ${found}, ${mean}`);
  }
});

test('parameters: as many as there are numbers', () => {
  for (const cell of trainableCells) {
    const { embedding, cell: weights, readout } = finish(freshNetwork(trainingDefaults, cell));
    const own = [weights.weightIh, weights.weightHh, weights.biasIh, weights.biasHh];
    const count = (arrays: readonly ArrayLike<number>[]): number =>
      arrays.reduce((sum, { length }) => sum + length, 0);
    assert.deepEqual(parameterCount(trainingDefaults, cell), {
      cell: count(own),
      network: count([...own, embedding, readout.weight, readout.bias]),
    });
  }
});

test('networks and questions are drawn in small pieces, and equal those drawn at once', () => {
  const settings = { ...trainingDefaults, hiddenSize: 24 };
  const drawn = drain(freshNetworks(settings));
  assert.deepEqual(
    drawn.value,
    trainableCells.map((cell) => finish(freshNetwork(settings, cell))),
  );
  // a row of each of the eight recurrent blocks
  assert.ok(drawn.pieces > 8 * 24);
  const asked = drain(heldOutInSlices(300, 1));
  assert.deepEqual(asked.value, heldOutSentences(300, 1));
  assert.ok(asked.pieces >= asked.value.length);
});

function drain<T>(work: Slices<T>): { readonly value: T; readonly pieces: number } {
  for (let pieces = 0; ; pieces++) {
    const { done, value } = work.next();
    if (done) return { value, pieces };
  }
}

test('the attributes of <rnn-trainer> say what their limits are', () => {
  const { modules } = JSON.parse(
    readFileSync(new URL('../../custom-elements.json', import.meta.url), 'utf8'),
  ) as {
    modules: {
      declarations: { tagName?: string; members?: { name: string; description?: string }[] }[];
    }[];
  };
  const { members } = modules
    .flatMap(({ declarations }) => declarations)
    .find(({ tagName }) => tagName === 'rnn-trainer')!;
  const written = (value: number): string =>
    value.toLocaleString('en', { maximumFractionDigits: 4 }).replace('-', '−');
  for (const [name, { min, max }] of Object.entries(trainingLimits)) {
    const { description } = members!.find((member) => member.name === name)!;
    assert.ok(
      description!.includes(`${written(min)} to ${written(max)}`),
      `${name}: ${description}`,
    );
  }
});

test('limits: the defaults are within them; what is outside, no number or no whole one is not allowed', () => {
  for (const [name, { min, max, integer }] of Object.entries(trainingLimits)) {
    const setting = name as NumericSetting;
    for (const value of [min, max, trainingDefaults[setting]])
      assert.ok(allows(setting, value), name);
    for (const value of [min - 1e-6, max + 1, NaN, Infinity, -Infinity]) {
      assert.ok(!allows(setting, value), `${name} ${value}`);
    }
    assert.equal(allows(setting, min + (max - min) / Math.PI), !integer, name);
  }
});

test('a run of the smallest settings does no harm', () => {
  const least = Object.fromEntries(
    Object.entries(trainingLimits).map(([name, { min }]) => [name, min]),
  ) as Record<NumericSetting, number>;
  const { reports, networks } = run({ cells: trainableCells, ...least });
  assert.equal(reports.length, 2);
  for (const { embedding } of networks) assert.ok(embedding.every(Number.isFinite));
});

test('LSTM and GRU learn a gap of 20 words from the default seed, the simple RNN does not', () => {
  const { reports } = run({ ...trainingDefaults, steps: 400 }, simd);
  const last = reports[400].cells.map(({ evaluation }) => evaluation!);
  const [rnn, lstm, gru] = last.map(({ recall: { right, asked } }) => right / asked);
  assert.ok(lstm >= 0.95 && gru >= 0.95, `${lstm}, ${gru}`);
  assert.ok(rnn < 0.3, `${rnn}`);
  // what would have taught it
  assert.ok(last[0].firstWord < 1e-3 * Math.min(last[1].firstWord, last[2].firstWord));
  // at first they do not even know that the answer is a colour
  for (const { answerLoss } of reports[1].cells) assert.ok(answerLoss > Math.log(6));
});

test('the simple RNN can learn: with one word in between it answers', () => {
  const settings = { ...trainingDefaults, cells: ['rnn'] as const, gap: 1 };
  const { reports } = run(settings, simd);
  const { right, asked } = reports[1000].cells[0].evaluation!.recall;
  assert.ok(right / asked >= 0.95, `${right} of ${asked}`);
});
