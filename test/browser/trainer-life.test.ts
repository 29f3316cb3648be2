// What a <rnn-trainer> leaves behind when it pauses, stops, is hidden, removed, or started twice: nothing that goes on.

import { expect } from '@open-wc/testing';
import '../../src/define/rnn-trainer.js';
import '../../src/define/rnn-visualizer.js';
import { eventually, seen } from '../support/figure.js';
import {
  SourceWorker,
  census,
  hide,
  inTheEnd,
  long,
  mountTrainer,
  ready,
  servedWorkers,
  small,
  wait,
  type Census,
  type Trainer,
} from '../support/trainer.js';

servedWorkers();

/** Longer than the longest step of these sizes and the interval of reports. */
const aWhile = 200;

let open: Census;

/** Nothing of the library goes on: no worker, no channel, no timer. */
async function allAtRest(what: string): Promise<void> {
  await eventually(() => open.workers.size === 0 && open.channels.size === 0, `${what}: at rest`);
  // what an offered file is called for is forgotten after a second
  await eventually(() => open.timers.size === 0, `${what}: no timers`);
  await wait(0); // a message that is under way when its channel is closed may still arrive, and is not heeded
  const turns = open.turns();
  const steps = open.stepsHeard();
  await wait(aWhile);
  expect(open.turns(), `${what}: slices`).to.equal(turns);
  expect(open.stepsHeard(), `${what}: steps of a worker`).to.equal(steps);
}

/** The counts of steps as they were shown, from now on. */
function stepsShown(trainer: Trainer): number[] {
  const shown = [trainer.step];
  new MutationObserver(() => shown.push(trainer.step)).observe(trainer.part('progress'), {
    attributeFilter: ['aria-valuenow'],
  });
  return shown;
}

const places = [
  ['in a worker', ''],
  ['in slices', 'accelerate="off"'],
] as const;

beforeEach(() => {
  open = census();
});
afterEach(() => {
  open.end();
  Reflect.deleteProperty(document, 'hidden');
});

for (const [where, attribute] of places) {
  const worker = attribute === '';

  describe(`a training ${where}`, () => {
    const start = async (): Promise<Trainer> => {
      const trainer = await mountTrainer(`${long} ${attribute}`);
      await trainer.runs();
      expect(open.workersStarted()).to.equal(worker ? 1 : 0);
      expect(open.workers.size + open.channels.size, 'something goes on').to.be.above(0);
      return trainer;
    };

    it('paused by its button: no step is done or shown after it, and nothing is left', async () => {
      const trainer = await start();
      trainer.part('start').click();
      await trainer.settled();
      const shown = stepsShown(trainer);
      await allAtRest('paused');
      // (what a worker had told by then still comes in)
      if (!worker) expect(shown.length, 'shown').to.be.at.most(1);
      const { step } = trainer;
      await wait(aWhile);
      expect(trainer.step).to.equal(step);
      await trainer.press('Resume');
      await inTheEnd(() => trainer.step > step + 3, 'it goes on');
      await trainer.press('Stop');
      await allAtRest('stopped');
      expect(trainer.heard('rnn-train-stop')).to.have.length(1);
    });

    it('paused or stopped: what is announced is the step that is shown', async () => {
      const trainer = await start();
      trainer.part('start').click();
      await allAtRest('paused');
      expect(trainer.narration).to.equal(`Paused after step ${trainer.step}.`);
      await trainer.press('Resume');
      const { step } = trainer;
      await inTheEnd(() => trainer.step > step + 3, 'it goes on');
      await trainer.press('Stop');
      await allAtRest('stopped');
      expect(trainer.narration).to.equal(`Stopped after step ${trainer.step}.`);
    });

    it('stopped by its button or its method: nothing is left, and its networks can be had', async () => {
      const trainer = await start();
      await trainer.press('Stop');
      await allAtRest('stopped');
      const { step } = trainer;
      expect((await trainer.save('gru')).length).to.be.above(1000);
      expect(trainer.step).to.equal(step);
      expect(open.workersStarted()).to.equal(worker ? 1 : 0);
      await trainer.press('Train anew');
      await inTheEnd(() => trainer.step > 3, 'it runs anew');
      trainer.element.stop();
      await allAtRest('stopped by the page');
      expect(trainer.heard('rnn-train-stop'), 'the reader stopped once').to.have.length(1);
    });

    it('removed while it starts, is paused or asked: nothing is left, nor listens', async () => {
      const listeners = open.listeners();
      for (const moment of ['starts', 'is paused', 'is asked']) {
        const trainer = await mountTrainer(`${long} ${attribute} for="nobody"`);
        if (moment === 'starts') trainer.button('Start').click();
        else await trainer.runs();
        if (moment === 'is paused') await trainer.press('Pause');
        if (moment === 'is asked') {
          await trainer.press('Stop');
          await trainer.set('test-gap', '1000');
          await trainer.press('Ask');
        }
        trainer.element.remove();
        const heard = trainer.events.length;
        await allAtRest(`removed when it ${moment}`);
        expect(trainer.events, moment).to.have.length(heard);
        expect(open.listeners(), `listeners of the document when it ${moment}`).to.equal(listeners);
      }
    });

    it('removed while it follows another element: is drawn no more', async () => {
      const trainer = await mountTrainer(
        `${small} ${attribute} for="followed"`,
        '<rnn-visualizer id="followed"></rnn-visualizer>',
      );
      const { element } = trainer;
      let updates = 0;
      const requestUpdate = element.requestUpdate.bind(element);
      element.requestUpdate = (...what) => {
        // (one update that asks for the next would stop the page in some browsers)
        if (++updates < 20) requestUpdate(...what);
      };
      element.remove();
      await wait(aWhile);
      expect(updates).to.be.below(5);
    });

    it('moved elsewhere on the page waits there, once', async () => {
      const trainer = await start();
      const place = document.createElement('div');
      trainer.element.parentElement!.append(place);
      place.append(trainer.element);
      await ready(trainer);
      await eventually(
        () => trainer.parts('progress').length > 0 && trainer.step === 0,
        'it waits',
      );
      await allAtRest('moved');
      await trainer.runs();
      await trainer.press('Stop');
      expect(trainer.root.adoptedStyleSheets.length, 'one sheet of its own').to.be.below(6);
      await allAtRest('stopped there');
    });

    it('hidden: rests as if it was not there, says why, and goes on when it is seen', async () => {
      const trainer = await start();
      hide(true);
      await trainer.settled();
      expect(trainer.narration).to.equal('Paused while this page is out of sight.');
      const shown = stepsShown(trainer);
      await allAtRest('hidden');
      if (!worker) expect(shown.length).to.be.at.most(1);
      hide(true);
      await allAtRest('hidden twice');
      if (!worker) expect(shown.length).to.be.at.most(1);
      const { step } = trainer;
      hide(false);
      await inTheEnd(() => trainer.step > step + 3, 'it goes on');
      expect(trainer.narration).to.match(/^Training: |^\w+: \d/);
      // started out of sight, it waits
      await trainer.press('Stop');
      hide(true);
      trainer.element.start();
      await allAtRest('started out of sight');
      expect(trainer.step).to.be.below(2);
      // stopped out of sight, it stays so
      trainer.element.stop();
      hide(false);
      await allAtRest('stopped out of sight');
      expect(trainer.running).to.equal(false);
    });

    it('removed while it is hidden does not come back', async () => {
      const trainer = await start();
      hide(true);
      trainer.element.remove();
      hide(false);
      await allAtRest('removed out of sight');
    });

    it('started twice, by clicks, methods or both, is one', async () => {
      for (const twice of [
        (trainer: Trainer) => {
          trainer.element.start();
          trainer.element.start();
        },
        (trainer: Trainer) => {
          trainer.button('Start').click();
          trainer.element.start();
        },
        (trainer: Trainer) => {
          trainer.element.start();
          trainer.element.step();
          trainer.element.start();
        },
      ]) {
        const before = open.workersStarted();
        const trainer = await mountTrainer(`steps="300" cells="gru" ${attribute} ${small}`);
        twice(trainer);
        await trainer.settled();
        expect(trainer.running).to.equal(true);
        await inTheEnd(() => trainer.step > 1, 'it runs');
        trainer.element.start();
        await trainer.finished();
        await allAtRest('finished');
        expect(trainer.heard('rnn-train-complete')).to.have.length(1);
        expect(trainer.heard('rnn-train-start').length).to.be.below(2);
        expect(open.workersStarted() - before).to.equal(worker ? 1 : 0);
      }
    });

    it('paused and resumed at every turn comes to the same numbers', async function () {
      const straight = await mountTrainer(`${small} ${attribute}`);
      await straight.train();
      const trainer = await mountTrainer(`${small} ${attribute}`);
      await trainer.press('One step');
      await inTheEnd(() => trainer.narration === 'Paused after step 1.', 'one step');
      for (let i = 0; i < 6; i++) {
        trainer.part('start').click();
        await wait(i * 15);
        trainer.element.pause();
        if (i % 2) trainer.element.step();
        await wait(20);
      }
      await inTheEnd(() => {
        const done = trainer.heard('rnn-train-complete').length > 0;
        if (!done) trainer.element.start();
        return done;
      }, 'it goes on to the end');
      expect((await trainer.csv()).text).to.equal((await straight.csv()).text);
      await allAtRest('finished');
    });
  });
}

describe('steps by hand', () => {
  it('do not swallow a start that is pressed while one is computed', async () => {
    const trainer = await mountTrainer(`hidden-size="40" accelerate="off" ${long}`);
    trainer.button('One step').click();
    await trainer.settled();
    const start = trainer.part('start');
    const says = seen(start);
    start.click();
    await inTheEnd(() => trainer.step > 0, 'the step');
    await wait(aWhile);
    expect(trainer.running, `“${says}” was pressed`).to.equal(says !== 'Pause');
    trainer.element.stop();
  });

  it('are one each, as quickly as they are clicked, and none after the last', async () => {
    const trainer = await mountTrainer(`steps="3" cells="gru" ${small}`);
    for (const step of [1, 2]) {
      await trainer.press('One step');
      await inTheEnd(() => trainer.narration === `Paused after step ${step}.`, `step ${step}`);
    }
    trainer.part('step').click();
    trainer.part('step').click();
    await trainer.finished();
    trainer.part('step').click();
    await allAtRest('finished by hand');
    expect(trainer.step).to.equal(3);
    expect(trainer.heard('rnn-train-start')).to.have.length(1);
    expect(trainer.heard('rnn-train-complete')).to.have.length(1);
    expect(open.workersStarted(), 'for so little there is no worker').to.equal(0);
  });
});

describe('a training that is paused and asked', () => {
  it('tells the answers of then no more when it has learned on', async function () {
    const trainer = await mountTrainer(`cells="gru" steps="150" gap="1" ${small}`);
    await trainer.press('One step');
    await inTheEnd(() => trainer.narration === 'Paused after step 1.', 'one step');
    const { gru: early } = await trainer.ask(1);
    await trainer.press('Resume');
    await trainer.finished();
    const { tables } = await trainer.csv();
    const [{ cells }] = trainer.heard('rnn-train-complete');
    expect(cells[0].recall, 'it has learned').to.be.above(0.1 + early!.right / early!.asked);
    const row = tables[1].find(([gap]) => gap === '1')!;
    expect(Number(row[1]), 'recall at the trained gap, by gap and in the end').to.equal(
      cells[0].recall,
    );
  });
});

describe('without workers', () => {
  it('where there is no such thing, or it can not be made, slices come to the same', async function () {
    const there = await mountTrainer(small);
    await there.train();
    const { text } = await there.csv();
    expect(seen(there.part('results').parentElement)).to.contain('in a worker');
    const counted = window.Worker;
    for (const Other of [
      undefined,
      // the last one, since a page that refused is not asked again
      class extends SourceWorker {
        constructor() {
          super('data:text/javascript,');
          throw new DOMException('not on this page', 'SecurityError');
        }
      },
    ]) {
      try {
        Object.assign(window, { Worker: Other });
        const here = await mountTrainer(small);
        await here.train();
        expect(seen(here.part('results').parentElement)).to.contain(
          'on the page itself, in slices',
        );
        expect((await here.csv()).text).to.equal(text);
        expect(here.heard('rnn-error')).to.deep.equal([]);
      } finally {
        window.Worker = counted;
      }
    }
    await allAtRest('finished');
  });
});
