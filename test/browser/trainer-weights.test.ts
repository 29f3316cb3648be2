// The networks of a <rnn-trainer> elsewhere: in the figures of the page, in files, and back again, bit by bit.

import { expect, fixture } from '@open-wc/testing';
import '../../src/define/gate-diagram.js';
import '../../src/define/gradient-plot.js';
import '../../src/define/rnn-trainer.js';
import '../../src/define/rnn-visualizer.js';
import { parametersOf, plainNetwork, type Network } from '../../src/engine/index.js';
import { english, loadModel, type SentenceModel } from '../../src/model/index.js';
import { readWeightFile } from '../../src/model/weight-files.js';
import { Diagram, meanOf, readUnder } from '../support/diagram.js';
import { chance, expected, value } from '../support/expected.js';
import { eventually, Figure, seen } from '../support/figure.js';
import { Plot, draws, readRun } from '../support/plot.js';
import type { Trainer } from '../support/trainer.js';
import {
  inTheEnd,
  long,
  mountTrainer,
  ready,
  recallOf,
  servedWorkers,
  small,
  trainedCells,
  wait,
  written,
} from '../support/trainer.js';
import { stateDictFile, type StateDictOptions } from '../support/weight-files.js';

servedWorkers();

const text = 'Anna has a red kite. The cat sat on the mat. The kite of Anna is';
const words = 18;

/** A visualizer that can run what is trained here. */
const reader = (attributes = 'compare="rnn lstm gru"'): string =>
  `<rnn-visualizer id="reads" step="${words}" ${attributes}>${text}</rnn-visualizer>`;

/** What networks trained on the page predict after word t: “some other word” is no answer of theirs. */
const guesses = (model: SentenceModel, t: number): { word: string; chance: string }[] => {
  const H = model.cell.hiddenSize;
  const h = expected(model, text).trace.h.slice(t * H, (t + 1) * H);
  return model
    .predict(h, 6)!
    .filter(({ word }) => word !== '<unk>')
    .slice(0, 5)
    .map(({ word, probability }) => ({ word, chance: chance(probability) }));
};

async function pair(
  attributes: string,
  markup = reader(),
): Promise<{ trainer: Trainer; figure: Figure; place: HTMLElement }> {
  const trainer = await mountTrainer(`${attributes} for="reads"`, markup);
  const place = trainer.element.parentElement!;
  const figure = new Figure(place.querySelector('rnn-visualizer')!);
  await eventually(() => figure.badge.startsWith('Trained story'), 'the figure reads');
  return { trainer, figure, place };
}

async function use(trainer: Trainer, figure: Figure): Promise<void> {
  await inTheEnd(() => trainer.part('use').getAttribute('aria-disabled') === 'false', 'usable');
  trainer.part('use').click();
  await eventually(() => figure.badge === english.modelBadge.trained, 'the figure runs them');
  await figure.settled();
}

/** The tensors of a file as a network. */
const networkIn = (bytes: Uint8Array): Network => {
  const { embedding, cell, readout } = readWeightFile(bytes);
  return plainNetwork({ embedding, cell, readout: readout! });
};

/** Every number of a network is that of another one. */
function same(network: Network, other: Network): void {
  const [mine, theirs] = [parametersOf(network), parametersOf(other)];
  mine.forEach((values, i) => {
    expect(values.length, `length of tensor ${i}`).to.equal(theirs[i].length);
    const at = values.findIndex((each, k) => each !== theirs[i][k]);
    expect(at, `first other number in tensor ${i}`).to.equal(-1);
  });
}

/** The same network with another vocabulary: rows in another order, and words that the task has not. */
function rearranged(bytes: Uint8Array, options: StateDictOptions = {}): Uint8Array {
  const { embedding, cell, readout } = networkIn(bytes);
  const { words: known } = readWeightFile(bytes);
  const order = known.map((_, row) => row).reverse();
  const rows = (values: ArrayLike<number>, width: number): Float64Array =>
    Float64Array.from([
      ...Array.from({ length: width }, () => -1),
      ...order.flatMap((row) => Array.from({ length: width }, (_, i) => values[row * width + i])),
    ]);
  const readoutHere = {
    weight: rows(readout.weight, cell.hiddenSize),
    bias: rows(readout.bias, 1),
  };
  return stateDictFile(
    { embedding: rows(embedding, cell.inputSize), cell, readout: readoutHere },
    ['zebra', ...order.map((row) => known[row])],
    { type: 'F64', ...options },
  );
}

describe('use these weights', () => {
  it('the figure runs the networks just trained, says so, and gives them back', async () => {
    const { trainer, figure } = await pair(small);
    const before = figure.predictions;
    expect(trainer.part('use').getAttribute('aria-disabled'), 'nothing is trained yet').to.equal(
      'true',
    );
    trainer.part('use').click();
    await trainer.train();
    expect(figure.badge, 'not before it is asked for').to.contain('Trained story');
    figure.forgetEvents();
    await use(trainer, figure);
    expect(trainer.narration).to.equal('The figure “reads” now runs the networks trained here.');
    expect(figure.heard('rnn-model-change')).to.deep.equal([{ model: 'trained', kind: 'trained' }]);
    expect(figure.element.step).to.equal(words);
    for (const [lane, cell] of trainedCells.entries()) {
      const model = await trainer.network(cell);
      expect(figure.predictions[lane], cell).to.deep.equal(guesses(model, words - 1));
      expect([...figure.element.traceFor(cell)!.h]).to.deep.equal([
        ...expected(model, text).trace.h,
      ]);
    }
    // the attribute is the author's
    expect(figure.element.getAttribute('model')).to.equal(null);

    await figure.press('Use untrained ones');
    await eventually(() => figure.badge.startsWith('Untrained'));
    await figure.press('Use the trained ones');
    await eventually(() => figure.badge.startsWith('Trained story'));
    expect(figure.predictions).to.deep.equal(before);
    await use(trainer, figure);
    expect(figure.heard('rnn-error')).to.deep.equal([]);
    expect(trainer.heard('rnn-error')).to.deep.equal([]);
  });

  it('a diagram and a plot of the same figure follow', async () => {
    const markup = `${reader()}<gate-diagram for="reads" cell="lstm"></gate-diagram>
      <gradient-plot for="reads"></gradient-plot>`;
    const { trainer, figure, place } = await pair(`${small} cells="lstm gru"`, markup);
    const diagram = new Diagram(place.querySelector('gate-diagram')!);
    const plot = new Plot(place.querySelector('gradient-plot')!);
    await trainer.train();
    await use(trainer, figure);
    const lstm = await trainer.network('lstm');
    const truth = readUnder(lstm, text).anatomy(words - 1).parts.forget!;
    await eventually(() => diagram.mean('forget') === value(meanOf(truth)), 'the diagram');
    await inTheEnd(() => plot.cells.join() === 'lstm,gru', 'the plot has these lines alone');
    await plot.computed();
    for (const cell of ['lstm', 'gru'] as const) {
      const run = readRun(await trainer.network(cell), text);
      draws(plot, plot.line(cell), run.gains(words - 1), cell);
    }
  });

  it('while it is paused they are those of now, and the figure keeps them as it goes on', async () => {
    const { trainer, figure } = await pair(`${long} cells="gru"`, reader('cell="gru"'));
    await trainer.runs();
    await trainer.press('Pause');
    await wait(200); // until a worker has done its last step
    await use(trainer, figure);
    const model = await trainer.network('gru');
    expect(figure.predictions[0]).to.deep.equal(guesses(model, words - 1));
    const { step } = trainer;
    await trainer.press('Resume');
    await inTheEnd(() => trainer.step > step + 3, 'it goes on');
    expect(figure.predictions[0]).to.deep.equal(guesses(model, words - 1));
    await trainer.press('Stop');
    expect((await trainer.network('gru')).cell.weightHh).not.to.deep.equal(model.cell.weightHh);
  });

  it('the moment it is paused they are already those of the pause', async () => {
    const trainer = await mountTrainer(`${long} cells="gru"`);
    await trainer.runs();
    for (let i = 0; i < 6; i++) {
      trainer.element.pause();
      await trainer.settled();
      const first = await trainer.save('gru');
      await wait(150);
      const later = await trainer.save('gru');
      expect(first.length).to.equal(later.length);
      const at = first.findIndex((byte, k) => byte !== later[k]);
      expect(at, `pause ${i}: first other byte, nobody having trained on`).to.equal(-1);
      const { step } = trainer;
      trainer.element.start();
      await inTheEnd(() => trainer.step > step + 3, 'it goes on');
    }
    trainer.element.stop();
  });

  for (const [what, act] of [
    ['the trainer is removed', (trainer: Trainer) => trainer.element.remove()],
    ['another training starts', (trainer: Trainer) => trainer.element.start()],
    [
      'the figure is removed',
      ({ element }: Trainer) => element.parentElement!.querySelector('rnn-visualizer')!.remove(),
    ],
  ] as const) {
    it(`nothing is thrown into the page if at that moment ${what}`, async () => {
      const thrown: string[] = [];
      const hear = (event: PromiseRejectionEvent): void => {
        thrown.push(String(event.reason));
        // told here, once
        event.preventDefault();
        event.stopImmediatePropagation();
      };
      const { trainer } = await pair(small);
      await trainer.train();
      window.addEventListener('unhandledrejection', hear, { capture: true });
      try {
        trainer.part('use').click();
        trainer.parts('save')[0].click();
        act(trainer);
        await wait(200);
      } finally {
        window.removeEventListener('unhandledrejection', hear, { capture: true });
        trainer.element.stop();
      }
      expect(thrown).to.deep.equal([]);
    });
  }
});

describe('weights as files', () => {
  it('are, loaded again, the same to the bit: recall, predictions, and the file saved anew', async () => {
    const first = await pair(small);
    await first.trainer.train();
    const files = new Map<string, Uint8Array>();
    for (const cell of trainedCells) files.set(cell, await first.trainer.save(cell));
    const asked = [await first.trainer.ask(2), await first.trainer.ask(9)];
    await use(first.trainer, first.figure);
    const { predictions } = first.figure;
    first.place.remove();

    const second = await pair(`${small} seed="77"`);
    const { trainer } = second;
    await trainer.train();
    const [{ cells: other }] = trainer.heard('rnn-train-complete');
    expect(await trainer.save('gru'), 'another seed').not.to.deep.equal(files.get('gru'));
    for (const cell of trainedCells) {
      await trainer.load(files.get(cell)!, `${cell}.safetensors`);
      expect(trainer.narration).to.match(/ from the file: \S+ right across 2 words\.$/);
      expect(trainer.result(cell).right).to.equal(written(asked[0][cell]!));
      expect(await trainer.save(cell), cell).to.deep.equal(files.get(cell));
    }
    expect([await trainer.ask(2), await trainer.ask(9)]).to.deep.equal(asked);
    await use(trainer, second.figure);
    expect(second.figure.predictions).to.deep.equal(predictions);
    // what was trained is told as before
    expect(trainer.heard('rnn-train-complete')).to.deep.equal([
      { step: 40, steps: 40, cells: other },
    ]);
    // the next run is one of its own
    await trainer.train();
    expect(seen(trainer.part('results'))).not.to.contain('from a file');
    expect(await trainer.save('gru')).not.to.deep.equal(files.get('gru'));
    trainer.element.remove();
  });

  it('a network from a file can be used before anything was trained', async () => {
    const source = await mountTrainer(`${small} cells="gru"`);
    await source.train();
    const bytes = await source.save('gru');
    const { trainer, figure } = await pair(small, reader('cell="gru"'));
    await trainer.load(bytes);
    await use(trainer, figure);
    expect(figure.predictions[0]).to.deep.equal(guesses(loadModel(bytes), words - 1));
  });

  it('with a vocabulary of their own answer with it, and are used with it', async () => {
    const { trainer, figure } = await pair(`${small} cells="gru"`, reader('cell="gru"'));
    await trainer.train();
    const bytes = rearranged(await trainer.save('gru'));
    await trainer.load(bytes);
    const own = recallOf(loadModel(bytes), 2);
    expect(trainer.narration).to.equal(`GRU from the file: ${written(own)} right across 2 words.`);
    await use(trainer, figure);
    expect(figure.predictions[0]).to.deep.equal(guesses(loadModel(bytes), words - 1));
  });

  it('with a vocabulary of their own are saved with it', async () => {
    const trainer = await mountTrainer(`${small} cells="gru"`);
    await trainer.train();
    const bytes = rearranged(await trainer.save('gru'), { type: 'F32' });
    await trainer.load(bytes);
    const again = await trainer.save('gru');
    expect(readWeightFile(again).words).to.deep.equal(readWeightFile(bytes).words);
    same(networkIn(again), networkIn(bytes));
  });

  it('are not rounded when they are saved again', async () => {
    const exact = await mountTrainer(`steps="3" cells="rnn" accelerate="off" ${small}`);
    await exact.train();
    const bytes = await exact.save('rnn');
    const network = networkIn(bytes);
    expect(network.cell.weightHh.some((each) => Math.fround(each) !== each)).to.equal(true);
    const trainer = await mountTrainer(`steps="3" cells="rnn" ${small}`);
    await trainer.train();
    await trainer.load(bytes);
    same(networkIn(await trainer.save('rnn')), network);
  });

  it('that are broken, foreign or too large are refused in words; the last good state stays', async () => {
    const trainer = await mountTrainer(`${small} cells="lstm gru"`);
    await trainer.train();
    const good = await trainer.save('gru');
    const shown = await trainer.ask(2);
    const rows = await trainer.tables();
    const network = networkIn(good);
    const { words: known } = readWeightFile(good);
    const spoilt = networkIn(good);
    spoilt.cell.weightHh[3] = NaN;
    const simple = await mountTrainer(`steps="1" cells="rnn" ${small}`);
    await simple.train();
    for (const [name, bytes, reason] of [
      ['empty', new Uint8Array(0), /too short/],
      ['a text', new TextEncoder().encode('The cat sat on the mat.'), /\w{4}/],
      ['a page', new TextEncoder().encode('<!doctype html><p>Not found</p>'), /web page/],
      ['cut off', good.slice(0, good.length - 4), /\w{4}/],
      ['too large', new Uint8Array(51 * 2 ** 20), /50 MB/],
      ['no number', stateDictFile(spoilt, known), /not finite/],
      ['simple', await simple.save('rnn'), /the simple RNN, which is not in this run/],
      ['mute', stateDictFile(network, known, { readout: false }), /no readout/],
      [
        'of others',
        stateDictFile(
          network,
          known.map((word) => (word === 'kite' ? 'dragon' : word)),
        ),
        /all words of this task/,
      ],
    ] as const) {
      const said = await trainer.load(bytes, name);
      expect(said).to.match(new RegExp(`^“${name}” could not be read: `));
      expect(said, name).to.match(reason);
      expect(seen(trainer.part('weights')), 'beside the button as well').to.contain(said);
      expect(await trainer.save('gru'), name).to.deep.equal(good);
      expect(await trainer.tables()).to.deep.equal(rows);
    }
    expect(await trainer.ask(2)).to.deep.equal(shown);
    expect(seen(trainer.part('results'))).not.to.contain('from a file');
    expect(trainer.heard('rnn-error')).to.deep.equal([]);
    await trainer.load(good, 'good');
    expect(trainer.narration).to.contain('GRU from the file');
  });

  it('that the reader chooses as the trainer goes do no harm', async () => {
    const trainer = await mountTrainer(small);
    const field = trainer.part('load').querySelector('input')!;
    const files = new DataTransfer();
    files.items.add(new File(['no network'], 'late'));
    field.files = files.files;
    field.dispatchEvent(new Event('change'));
    const place = (await fixture<HTMLElement>('<div></div>')).appendChild(trainer.element);
    await wait(200);
    await ready(trainer);
    expect(place).to.equal(trainer.element);
    expect(trainer.narration).not.to.contain('late');
  });
});
