// A training race as an element uses it: its phases, what it leaves behind, and the same result wherever it computes.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  loadKernel,
  parametersOf,
  referenceKernel,
  type CellType,
  type Network,
} from '../../src/engine/index.js';
import { loadModel } from '../../src/model/load-model.js';
import { tokenize } from '../../src/model/tokenizer.js';
import { pump } from '../../src/model/training/pump.js';
import { modelOfTraining, networkFile } from '../../src/model/training/save.js';
import { trainingDefaults, type TrainingSettings } from '../../src/model/training/settings.js';
import {
  Training,
  type TrainingOptions,
  type TrainingPhase,
  type TrainingState,
} from '../../src/model/training/training.js';
import { taskWords } from '../../src/model/training/task.js';
import { readWeightFile } from '../../src/model/weight-files.js';
import { PageWorker, running } from '../support/page-worker.js';

const small: TrainingSettings = {
  ...trainingDefaults,
  gap: 3,
  examples: 60,
  hiddenSize: 9,
  batch: 6,
  steps: 24,
};

const page = globalThis as { Worker?: unknown; trustedTypes?: unknown };
const made: Training[] = [];

function train(options: Partial<TrainingOptions> = {}, settings: Partial<TrainingSettings> = {}) {
  const training = new Training(
    { ...small, ...settings },
    { accelerate: true, worker: false, loadKernel, ...options },
  );
  made.push(training);
  const phases: TrainingPhase[] = [];
  training.subscribe(({ phase }) => {
    if (phases.at(-1) !== phase) phases.push(phase);
  });
  return { training, phases };
}

afterEach(() => {
  for (const training of made.splice(0)) training.dispose();
  assert.equal(running.size, 0, 'workers that go on');
  delete page.Worker;
  delete page.trustedTypes;
});

/** Waits until something holds of the state. */
function when(training: Training, holds: (state: TrainingState) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (state: TrainingState): void => {
      if (state.phase === 'failed') reject(new Error(state.problem ?? ''));
      if (holds(state)) resolve();
    };
    training.subscribe(look);
    look(training.state);
  });
}
const finished = (training: Training): Promise<void> =>
  when(training, ({ phase }) => phase === 'finished');
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What does not depend on time or place. */
async function resultOf(training: Training): Promise<unknown> {
  const networks = await Promise.all(training.settings.cells.map((cell) => training.network(cell)));
  return {
    cells: training.state.cells.map(({ answerLoss, evaluations, learnedAt }) => ({
      answerLoss,
      evaluations,
      learnedAt,
    })),
    networks: networks.map(parametersOf),
  };
}

test('a run: starting, running, finished; curves as long as the run, evaluations, parameters, times', async () => {
  const { training, phases } = train();
  assert.equal(training.state.phase, 'idle');
  assert.deepEqual(training.words, taskWords);
  training.start();
  training.start();
  await finished(training);
  assert.deepEqual(phases, ['starting', 'running', 'finished']);
  const { step, steps, kernel, inWorker, cells, secondsLeft, stepsPerSecond } = training.state;
  assert.deepEqual([step, steps, kernel, inWorker], [24, 24, 'simd', false]);
  assert.deepEqual([secondsLeft, stepsPerSecond], [null, null]);
  for (const { answerLoss, evaluations, millisecondsPerStep, parameters } of cells) {
    assert.equal(answerLoss.length, 24);
    assert.ok(answerLoss.every((value) => value > 0));
    assert.deepEqual(
      evaluations.map((each) => each.step),
      [0, 5, 10, 15, 20, 24],
    );
    assert.ok(millisecondsPerStep! > 0 && parameters.network > parameters.cell);
  }
});

test('what hangs on an earlier state never changes', async () => {
  const { training } = train();
  const states: { state: TrainingState; copy: string }[] = [];
  const text = (state: TrainingState): string =>
    JSON.stringify(
      state.cells.map(({ answerLoss, evaluations }) => [[...answerLoss], evaluations]),
    );
  training.subscribe((state) => states.push({ state, copy: text(state) }));
  training.start();
  await finished(training);
  assert.ok(states.length > 3);
  for (const { state, copy } of states) assert.equal(text(state), copy);
});

test('paused, stepped by hand and resumed: the same bits as in one go', async () => {
  for (const accelerate of [true, false]) {
    const straight = train({ accelerate }, { steps: 300 }).training;
    const { training, phases } = train({ accelerate }, { steps: 300 });
    straight.start();
    training.stepOnce();
    await when(training, ({ phase }) => phase === 'paused');
    assert.equal(training.state.step, 1);
    training.resume();
    await when(training, ({ step }) => step > 1);
    training.pause();
    training.resume();
    training.pause();
    const { step } = training.state;
    assert.equal(training.state.phase, 'paused');
    await pause(150);
    assert.equal(training.state.step, step, 'nothing goes on');
    training.stepOnce();
    await when(training, ({ phase }) => phase === 'paused');
    assert.equal(training.state.step, step + 1);
    training.resume();
    await Promise.all([finished(training), finished(straight)]);
    assert.ok(phases.includes('paused'));
    assert.deepEqual(await resultOf(training), await resultOf(straight));
  }
});

test('stopped: nothing goes on, nothing starts again, and networks can be had', async () => {
  const { training } = train({}, { steps: 2000 });
  training.start();
  await when(training, ({ step }) => step > 0);
  training.stop();
  const { step } = training.state;
  for (const act of ['start', 'resume', 'stepOnce', 'pause'] as const) training[act]();
  await pause(100);
  assert.deepEqual([training.state.phase, training.state.step], ['stopped', step]);
  assert.equal((await training.network('gru')).cell.cell, 'gru');
  assert.equal((await training.measure(2)).size, 3);
});

test('before the start: the untrained networks, at chance or below', async () => {
  const { training } = train();
  const network = await training.network('lstm');
  assert.equal(network.cell.hiddenSize, 9);
  for (const { right, asked } of (await training.measure(5)).values()) assert.ok(right < asked / 2);
  assert.equal(training.state.phase, 'idle');
});

test('acceleration off: neither WebAssembly nor a worker is asked for', async () => {
  const asked: string[] = [];
  page.Worker = function () {
    asked.push('worker');
  };
  const { training } = train({
    accelerate: false,
    worker: true,
    loadKernel: () => {
      asked.push('kernel');
      return Promise.resolve(referenceKernel);
    },
  });
  training.start();
  await finished(training);
  await training.measure(0);
  assert.deepEqual(asked, []);
  assert.equal(training.state.kernel, 'reference');
});

test('in a worker: the same bits as without one, on either kernel, also paused and resumed', async () => {
  page.Worker = PageWorker;
  const reference = (): Promise<typeof referenceKernel> => Promise.resolve(referenceKernel);
  for (const kernel of [loadKernel, reference]) {
    const here = train({ loadKernel: kernel }).training;
    here.start();
    const { training, phases } = train({ worker: true, loadKernel: kernel }, {});
    training.stepOnce();
    await when(training, ({ phase }) => phase === 'paused');
    assert.equal(training.state.inWorker, false, 'one step is not worth a worker');
    training.resume();
    await when(training, ({ step }) => step > 3);
    assert.equal(running.size, 1);
    assert.equal(training.state.inWorker, true);
    // asked while it runs
    assert.equal((await training.network('rnn')).cell.cell, 'rnn');
    training.pause();
    await pause(400);
    assert.equal(running.size, 0, 'a pause leaves no worker');
    const { step } = training.state;
    await pause(100);
    assert.equal(training.state.step, step);
    training.resume();
    await finished(training);
    assert.equal(running.size, 0, 'nor does the end');
    await finished(here);
    assert.deepEqual(await resultOf(training), await resultOf(here));
    assert.deepEqual(await training.measure(7), await here.measure(7));
    assert.ok(phases.includes('paused'));
  }
});

test('a worker that is stopped or disposed of while it starts or runs is gone', async () => {
  page.Worker = PageWorker;
  for (const end of ['stop', 'dispose', 'pause'] as const) {
    for (const step of [-1, 2]) {
      const { training } = train({ worker: true }, { steps: 2000 });
      training.start();
      await (step < 0
        ? when(training, () => running.size === 1 || training.state.kernel !== null)
        : when(training, (state) => state.step >= step));
      training[end]();
      await pause(end === 'dispose' ? 0 : 300);
      assert.equal(running.size, 0, `${end} ${step}`);
    }
  }
});

test('asked while the worker starts, or as it ends: the networks of then', async () => {
  page.Worker = PageWorker;
  const { training } = train({ worker: true });
  const untrained = await train().training.network('gru');
  // whether it came so far that it has them in float32 is a matter of time
  const rounded = (network: Network): Float32Array[] =>
    parametersOf(network).map((values) => new Float32Array(values));
  training.start();
  await when(training, () => running.size === 1);
  const early = training.network('gru');
  training.pause();
  assert.deepEqual(rounded(await early), rounded(untrained));
  training.resume();
  const late = when(training, ({ step }) => step >= 20).then(() => training.network('gru'));
  await finished(training);
  assert.ok((await late).embedding.every(Number.isFinite));
  assert.notDeepEqual(rounded(await training.network('gru')), rounded(untrained));
});

test('a promise that waits when the race is disposed of is rejected', async () => {
  page.Worker = PageWorker;
  const { training } = train({ worker: true }, { steps: 2000 });
  training.start();
  await when(training, ({ step }) => step > 0);
  const waiting = [training.network('rnn'), training.measure(2000)];
  training.dispose();
  for (const each of waiting) await assert.rejects(each, /disposed/);
  await assert.rejects(training.network('rnn'), /disposed/);
  training.start();
  assert.equal(training.state.phase, 'stopped');
});

test('measure: any gap to 2000 words; others are refused', async () => {
  const { training } = train();
  training.start();
  await finished(training);
  for (const gap of [0, 300]) {
    const answers = await training.measure(gap);
    assert.deepEqual([...answers.keys()], ['rnn', 'lstm', 'gru']);
    for (const { right, asked } of answers.values()) assert.ok(right >= 0 && right <= asked);
  }
  const { byGap } = training.state.cells[2].evaluations.at(-1)!;
  const found = (await training.measure(5)).get('gru');
  assert.deepEqual(
    { gap: 5, ...found },
    byGap.find(({ gap }) => gap === 5),
  );
  for (const gap of [-1, 0.5, 2001, NaN]) await assert.rejects(training.measure(gap), RangeError);
  await assert.rejects(train({}, { cells: ['rnn'] }).training.network('gru'), RangeError);
});

test('a kernel that can not be had, or has no room: failed, and it says why', async () => {
  const { training } = train({ loadKernel: () => Promise.reject(new RangeError('no memory')) });
  training.start();
  await assert.rejects(finished(training), /no memory/);
  assert.deepEqual([training.state.phase, training.state.problem], ['failed', 'no memory']);
  const poor = await loadKernel(0);
  const tight = Object.assign(Object.create(poor) as typeof poor, {
    open: () => {
      throw new RangeError('no room');
    },
  });
  const { training: other } = train({ loadKernel: () => Promise.resolve(tight) });
  other.start();
  await assert.rejects(finished(other), /no room/);
});

for (const { kernel, name } of [
  { kernel: loadKernel, name: 'simd' },
  { kernel: () => Promise.resolve(referenceKernel), name: 'reference' },
] as const) {
  test(`saved and loaded again: the same bits, ${name}`, async () => {
    const { training } = train({ loadKernel: kernel });
    training.start();
    await finished(training);
    for (const cell of small.cells) {
      const network = await training.network(cell);
      const file = readWeightFile(networkFile(network, name));
      assert.deepEqual([file.words, file.unknown], [training.words, 0]);
      assert.deepEqual(parametersOf(file as Network), parametersOf(network));
      // the very same reader and model as for a file of PyTorch
      const [saved, direct] = [loadModel(networkFile(network, name)), modelOfTraining(network)];
      assert.deepEqual([saved.kind, direct.kind], ['file', 'trained']);
      const h = network.readout.weight.subarray(0, 9);
      // (“some other word” is nothing that a trained network is asked to expect)
      const words = taskWords.length;
      assert.deepEqual(
        saved.predict(h, words)!.filter(({ word }) => word !== '<unk>'),
        direct.predict(h, words)!.filter(({ word }) => word !== '<unk>'),
      );
      const [anna, zebra] = tokenize('Anna zebra');
      assert.deepEqual([direct.knows(anna), direct.knows(zebra)], [true, false]);
      assert.deepEqual(direct.vector(zebra), saved.vector(zebra));
    }
  });
}

test('load: a network takes the place of the trained one until it is taken away; what can not answer is refused', async () => {
  const { training } = train({}, { steps: 40, hiddenSize: 20, gap: 0, batch: 16 });
  training.start();
  await finished(training);
  const good = await training.network('gru');
  const file = readWeightFile(networkFile(good, 'simd'));
  const { training: other } = train({}, { cells: ['lstm', 'gru'] });
  const before = await other.measure(0);
  assert.ok(other.load('gru', file));
  assert.deepEqual(parametersOf(await other.network('gru')), parametersOf(good));
  const after = await other.measure(0);
  assert.deepEqual(after.get('gru'), (await training.measure(0)).get('gru'));
  assert.deepEqual(after.get('lstm'), before.get('lstm'));
  assert.equal(other.load('lstm', file), false, 'of another cell');
  assert.deepEqual(await other.measure(0, ['gru']), new Map([['gru', after.get('gru')]]));
  await assert.rejects(other.measure(0, ['rnn']), RangeError);
  assert.equal(other.load('rnn', { ...file, cell: { ...file.cell, cell: 'rnn' } }), false);
  assert.equal(other.load('gru', { ...file, readout: null }), false);
  const words = file.words.map((word) => (word === 'kite' ? 'dragon' : word));
  assert.equal(other.load('gru', { ...file, words }), false);
  assert.deepEqual(await other.measure(0), after, 'and nothing has changed');
  other.load('gru', null);
  assert.deepEqual(await other.measure(0), before);
});

test('cells that do not take part, and every cell by itself', async () => {
  for (const cell of ['rnn', 'lstm', 'gru'] satisfies CellType[]) {
    const { training } = train({}, { cells: [cell], steps: 6 });
    training.start();
    await finished(training);
    assert.deepEqual(
      training.state.cells.map((each) => each.cell),
      [cell],
    );
  }
});

test('progress comes at most some ten times a second, and a pace with it', async () => {
  const { training } = train({}, { steps: 150 });
  const times: number[] = [];
  let last = -1;
  const paces: number[] = [];
  training.subscribe(({ step, stepsPerSecond, secondsLeft }) => {
    if (step === last) return;
    last = step;
    times.push(performance.now());
    if (stepsPerSecond === null) return;
    paces.push(stepsPerSecond);
    assert.ok(Math.abs(secondsLeft! * stepsPerSecond - (150 - step)) < 1e-6);
  });
  const start = performance.now();
  training.start();
  await finished(training);
  assert.ok(times.length <= (performance.now() - start) / 100 + 3, `${times.length} times`);
  assert.ok(paces.length > 0 && paces.every((pace) => pace > 0 && Number.isFinite(pace)));
});

test('slices: no task of the reference kernel at the default size is long, and others have their turn', async () => {
  const { training } = train({ accelerate: false }, { ...trainingDefaults, steps: 1, gap: 4 });
  let turns = 0;
  const clock = setInterval(() => turns++, 5);
  training.start();
  await finished(training);
  clearInterval(clock);
  assert.ok(turns > 5, `${turns} turns`);
});

for (const waker of ['messages', 'setImmediate'] as const) {
  test(`pump, woken by ${waker}: does all the work, hands on what it returns and throws, and leaves it where it was cancelled`, async (context) => {
    const own = globalThis.setImmediate;
    // a page has no such function
    if (waker === 'messages') Reflect.deleteProperty(globalThis, 'setImmediate');
    context.after(() => (globalThis.setImmediate = own));
    function* work(): Generator<undefined, string, undefined> {
      for (let i = 0; i < 5; i++) {
        done++;
        yield;
      }
      return 'done';
    }
    let done = 0;
    const now = (): number => performance.now();
    assert.equal(await pump(work(), 0, now).result, 'done');
    assert.equal(done, 5);
    const left = work();
    left.next();
    const pumped = pump(left, 0, now);
    pumped.cancel();
    pumped.cancel();
    assert.equal(await pumped.result, null);
    assert.equal(done, 6);
    assert.equal(await pump(left, 10, now).result, 'done');
    // eslint-disable-next-line require-yield -- it fails before
    function* broken(): Generator<undefined, never, undefined> {
      throw new RangeError('broken');
    }
    await assert.rejects(pump(broken(), 10, now).result, /broken/);
  });
}
