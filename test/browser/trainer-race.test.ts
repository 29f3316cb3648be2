// A whole training in <rnn-trainer> from its default seed: who gets it, and whether every number shown is what it says.

import { expect } from '@open-wc/testing';
import '../../src/define/rnn-trainer.js';
import { eventually, seen } from '../support/figure.js';
import {
  SourceWorker,
  firstWordGradientOf,
  mountTrainer,
  recallOf,
  servedWorkers,
  trainedCells,
  written,
  type Csv,
  type Trainer,
} from '../support/trainer.js';

servedWorkers();

const spoken = { rnn: 'Simple RNN', lstm: 'LSTM', gru: 'GRU' } as const;
const share = ({ right, asked }: { right: number; asked: number }): number => right / asked;

/** A row of a CSV table by its first column. */
const rowOf = (table: readonly string[][], first: number): number[] => {
  const found = table.find(([name]) => name === String(first));
  if (!found) throw new Error(`There is no row ${first}`);
  return found.map(Number);
};

describe('a training from the default seed', () => {
  // fewer steps than the 1,000 of the default: the learning rate falls faster, all else is the same
  const steps = 400;
  const gap = 20;
  const place = document.createElement('div');
  const announced: string[] = [];
  let trainer: Trainer;
  let csv: Csv;

  before(async function () {
    this.timeout(120_000);
    document.body.append(place);
    trainer = await mountTrainer(`steps="${steps}"`, '', place);
    const observer = new MutationObserver(() => {
      const { narration } = trainer;
      if (narration !== announced.at(-1)) announced.push(narration);
    });
    observer.observe(trainer.part('narration'), {
      childList: true,
      characterData: true,
      subtree: true,
    });
    await trainer.press('Start training');
    await trainer.finished();
    csv = await trainer.csv();
    observer.disconnect();
  });

  after(() => {
    place.remove();
  });

  it('LSTM and GRU answer 95 % and more at the trained gap, the simple RNN little more than chance', () => {
    const [{ cells }] = trainer.heard('rnn-train-complete');
    const [rnn, lstm, gru] = cells;
    expect(lstm.recall).to.be.at.least(0.95);
    expect(gru.recall).to.be.at.least(0.95);
    expect(rnn.recall).to.be.below(0.4);
    expect(rnn.learnedAt).to.equal(null);
    expect(gru.learnedAt).to.be.below(lstm.learnedAt!);
    expect(lstm.learnedAt).to.be.below(steps);
  });

  it('announces the start, each moment of 95 %, and the end, and nothing in between', () => {
    const [{ cells }] = trainer.heard('rnn-train-complete');
    const [rnn, lstm, gru] = cells;
    const moment = (name: string, step: number | null): RegExp =>
      new RegExp(`^${name}: (9[5-9]|>99|100)% right after ${step} steps\\.$`);
    expect(announced[0]).to.equal('Starting …');
    expect(announced[1]).to.equal('Training: Simple RNN, LSTM and GRU.');
    expect(announced[2]).to.match(moment('GRU', gru.learnedAt));
    expect(announced[3]).to.match(moment('LSTM', lstm.learnedAt));
    const shown = [rnn, lstm, gru].map(
      ({ cell, recall }) => `${spoken[cell as 'rnn']} ${written({ right: recall!, asked: 1 })}`,
    );
    expect(announced[4]).to.equal(
      `Finished after 400 steps. Right answers: ${shown[0]}, ${shown[1]} and ${shown[2]}.`,
    );
    expect(announced).to.have.length(5);
  });

  it('progress is told in order, and ends with what the completion says', () => {
    const told = trainer.heard('rnn-train-progress');
    expect(told.length).to.be.above(3);
    told.reduce((before, now) => {
      expect(now.step).to.be.above(before.step);
      for (const [i, { recall, loss, learnedAt }] of now.cells.entries()) {
        expect(recall).to.be.within(0, 1);
        expect(loss).to.be.above(0);
        if (before.cells[i].learnedAt !== null) {
          expect(learnedAt, 'a first time stays the first').to.equal(before.cells[i].learnedAt);
        }
      }
      return now;
    });
    expect(trainer.heard('rnn-train-start')).to.deep.equal([{ cells: trainedCells, steps }]);
    expect(trainer.heard('rnn-error')).to.deep.equal([]);
  });

  it('prints as many parameters as there are, counted by hand', async () => {
    const [I, H] = [24, 48];
    for (const [cell, blocks] of [
      ['rnn', 1],
      ['lstm', 4],
      ['gru', 3],
    ] as const) {
      const model = await trainer.network(cell);
      const V = model.vocabularySize!;
      // W, U and two biases a block; a vector a word; a row and a bias a word of the readout
      const own = blocks * (H * I + H * H + 2 * H);
      const all = own + V * I + V * H + V;
      expect(trainer.result(cell).parameters).to.equal(
        `${all.toLocaleString('en')} ${own.toLocaleString('en')} in the cell`,
      );
    }
    // 4 blocks against 3
    expect(seen(trainer.part('base'))).to.contain(
      'The GRU has 3,552 fewer parameters in its cell than the LSTM (25% fewer).',
    );
  });

  it('shows the recall that the saved weights have, at the trained gap and all others', async function () {
    const [{ cells }] = trainer.heard('rnn-train-complete');
    const last = rowOf(csv.tables[0], steps);
    const gaps = csv.tables[1].slice(1).map(([each]) => Number(each));
    expect(gaps).to.deep.equal([0, 5, 10, 15, 20, 25, 30, 35, 40]);
    for (const [i, cell] of trainedCells.entries()) {
      const model = await trainer.network(cell);
      // the trained gap is asked twice, with other words in between
      const own = recallOf(model, gap, 2);
      expect(share(own), cell).to.equal(cells[i].recall);
      expect(last[1 + i]).to.equal(share(own));
      expect(trainer.result(cell).right).to.equal(written(own));
      const end = [...trainer.part('chart-recall').querySelectorAll('.line-name:not(.mark)')];
      expect(end.map(seen).some((each) => each.endsWith(` ${written(own)}`))).to.equal(true);
      for (const each of gaps) {
        const asked = recallOf(model, each, each === gap ? 2 : 1);
        expect(rowOf(csv.tables[1], each)[1 + i], `${cell} across ${each}`).to.equal(share(asked));
      }
    }
  });

  it('shows the gradient that reaches the first word through the saved weights', async function () {
    const last = rowOf(csv.tables[0], steps);
    const norms: number[] = [];
    for (const [i, cell] of trainedCells.entries()) {
      const norm = firstWordGradientOf(await trainer.network(cell), gap);
      // the same sum in another order
      expect(last[7 + i] / norm, cell).to.be.closeTo(1, 1e-9);
      norms.push(norm);
    }
    expect(norms[0], 'it vanished').to.be.below(1e-3 * Math.min(norms[1], norms[2]));
  });

  it('tables say what the CSV file says, and “100%” and “0%” only if it is that', async () => {
    const tables = await trainer.tables();
    tables.forEach((rows, t) => {
      rows.slice(1).forEach((row, r) => {
        row.forEach((shown, c) => {
          const value = csv.tables[t][r + 1][c];
          const where = `table ${t}, row ${row[0]}, column ${rows[0][c]}: ${value}`;
          if (value === '') expect(shown, where).to.equal('–');
          else if (c > 0 && (t === 1 || c < 4)) {
            expect(shown === '100%', where).to.equal(value === '1');
            expect(shown === '0%', where).to.equal(value === '0');
            expect(parseFloat(shown.replace(/[<>]/, '')), where).to.be.closeTo(
              100 * Number(value),
              1,
            );
          } else if (c === 0 || (t === 0 && c < 7)) {
            const told = Number(shown.replace(/[<,]/g, ''));
            expect(told, where).to.be.closeTo(Number(value), 0.005 * Number(value) + 0.001);
          }
        });
      });
    });
  });

  it('asks across larger gaps: the counts are those of the saved weights, until they forget', async function () {
    const models = {
      rnn: await trainer.network('rnn'),
      lstm: await trainer.network('lstm'),
      gru: await trainer.network('gru'),
    };
    for (const far of [0, 21, 60, 300]) {
      const answers = await trainer.ask(far);
      for (const cell of trainedCells) {
        const own = recallOf(models[cell], far);
        expect(answers[cell], `${cell} across ${far}`).to.deep.equal(own);
        expect(trainer.narration).to.contain(
          `${spoken[cell]} ${written(own)} right (${own.right} of ${own.asked})`,
        );
      }
    }
    const drawn = trainer.part('chart-gaps').querySelectorAll('circle.dot');
    expect(drawn.length).to.be.at.least(3);
  });

  it('refuses gaps that there are not, and goes on with the last answers', async () => {
    const said = (): string => seen(trainer.part('test-gap').querySelector('.answers'));
    await trainer.ask(3);
    const before = said();
    for (const bad of ['-1', '2001', '2.5', '1e9']) {
      await trainer.set('test-gap', bad);
      await trainer.press('Ask');
      await eventually(() =>
        trainer.narration.startsWith(`Words between: ${bad} cannot be used; 0 to 2,000 can.`),
      );
      expect(said()).to.equal(before);
      // what was refused before is said again, not left standing
      await trainer.ask(3);
    }
    expect(trainer.heard('rnn-error')).to.deep.equal([]);
  });

  it('refuses an empty gap in words that name it', async () => {
    await trainer.set('test-gap', '');
    await trainer.press('Ask');
    await eventually(() => trainer.narration.includes('0 to 2,000 can.'));
    expect(trainer.narration).not.to.match(/^Words between: cannot be used/);
  });
});

describe('equal settings', () => {
  /** The sizes of the default, for some steps. */
  const brief = 'steps="30"';

  async function numbers(attributes: string): Promise<{ csv: string; where: string }> {
    const trainer = await mountTrainer(attributes);
    await trainer.train();
    const where = /Trained [^.]*\./.exec(seen(trainer.part('base')))?.[0] ?? '';
    return { csv: (await trainer.csv()).text, where };
  }

  it('give equal numbers to the last digit, again, in a worker or not; another seed gives others', async function () {
    const there = await numbers(brief);
    expect(there.where).to.equal('Trained in a worker, with WebAssembly.');
    expect(there.csv.split('\r\n').length).to.be.above(15);
    expect((await numbers(brief)).csv, 'again').to.equal(there.csv);
    try {
      Reflect.deleteProperty(window, 'Worker');
      const here = await numbers(brief);
      expect(here.where).to.equal('Trained on the page itself, in slices, with WebAssembly.');
      expect(here.csv, 'without a worker').to.equal(there.csv);
    } finally {
      window.Worker = SourceWorker;
    }
    expect((await numbers(`${brief} seed="2"`)).csv, 'another seed').not.to.equal(there.csv);
  });

  it('do so for two trainers at once on one page, whatever their sizes', async function () {
    const settings = [
      'steps="20" gap="5"',
      'steps="20" gap="12" hidden-size="40" cells="gru lstm"',
    ];
    const alone = [await numbers(settings[0]), await numbers(settings[1])];
    try {
      // both in the memory of one kernel
      Reflect.deleteProperty(window, 'Worker');
      const together = await Promise.all(settings.map(numbers));
      expect(together[0].csv).to.equal(alone[0].csv);
      expect(together[1].csv).to.equal(alone[1].csv);
    } finally {
      window.Worker = SourceWorker;
    }
  });
});
