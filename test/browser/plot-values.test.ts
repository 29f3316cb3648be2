// What a <gradient-plot> shows, in its lines and bands, are the numbers of the networks that run.

import { expect } from '@open-wc/testing';
import '../../src/define/gradient-plot.js';
import { gatePathGainsAt, runSequence, type CellType } from '../../src/engine/index.js';
import { englishPlot } from '../../src/model/plot-strings.js';
import { randomModel } from '../../src/model/index.js';
import { seen } from '../support/figure.js';
import {
  draws,
  kite,
  mountPlot,
  randomRunOf,
  quartiles,
  readRun,
  recurrentCells,
  trained,
} from '../support/plot.js';

describe('the lines', () => {
  it('of the trained networks are the gains of all lags, cell by cell, from every step', async () => {
    const truth = await trained();
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    const last = truth.rnn.tokens.length - 1;
    expect(plot.words).to.deep.equal(truth.rnn.tokens.map(({ text }) => text));
    expect(plot.plot.step, 'the whole sentence').to.equal(last + 1);
    expect(plot.wordNow).to.equal('is');
    expect(plot.cells).to.deep.equal([...recurrentCells]);
    expect(plot.lineNames.filter((name) => name !== '')).to.deep.equal([
      'Simple RNN',
      'LSTM',
      'GRU',
    ]);
    for (const t of [last, 12, 3, 1]) {
      await plot.goTo(t);
      for (const cell of recurrentCells) {
        const gains = truth[cell].gains(t);
        expect(gains[0]).to.be.closeTo(1, 1e-12);
        draws(plot, plot.line(cell), gains, `${cell} from ${t}`);
      }
    }
  });

  it('are those of the simple RNN that vanishes and of gated cells that do not, on one axis', async () => {
    const truth = await trained();
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    const t = truth.rnn.tokens.length - 1;
    const end = (cell: CellType): number => plot.line(cell).at(-1)!.exponent;
    for (const [a, b] of [
      ['rnn', 'lstm'],
      ['rnn', 'gru'],
    ] as const) {
      expect(Math.sign(end(a) - end(b))).to.equal(
        Math.sign(truth[a].gains(t)[t] - truth[b].gains(t)[t]),
      );
    }
    const { low, high } = plot.axes();
    expect(low).to.be.below(0);
    expect(high, 'room above 1').to.be.at.least(1);
  });

  it('of random networks are the gains of all lags, with the attributes that the author gives', async () => {
    for (const [attributes, settings] of [
      ['', {}],
      [
        'recurrent-scale="1.7" input-scale="0.5" forget-bias="0.5" update-bias="-1" length="60" seed="7" hidden-size="12"',
        {
          recurrentScale: 1.7,
          inputScale: 0.5,
          forgetBias: 0.5,
          updateBias: -1,
          length: 60,
          seed: 7,
          hiddenSize: 12,
        },
      ],
    ] as const) {
      const plot = await mountPlot(`<gradient-plot source="random" ${attributes}></gradient-plot>`);
      expect(plot.has('words'), 'there is no sentence').to.equal(false);
      expect(plot.cells).to.deep.equal([...recurrentCells]);
      for (const cell of recurrentCells) {
        const run = randomRunOf(cell, settings);
        draws(plot, plot.line(cell), run.gains(run.unrolled.length - 1), `${cell} ${attributes}`);
      }
    }
  });

  it('of untrained networks that read the sentence are theirs', async () => {
    const plot = await mountPlot(
      `<gradient-plot model="random" seed="5" hidden-size="20" forget-bias="1">${kite}</gradient-plot>`,
    );
    const options = { seed: 5, hiddenSize: 20, forgetBias: 1 };
    for (const cell of recurrentCells) {
      const run = readRun(randomModel(cell, options), kite);
      draws(plot, plot.line(cell), run.gains(run.tokens.length - 1), cell);
    }
  });

  it('are those of the cells that are asked for, in that order', async () => {
    const truth = await trained();
    const t = truth.rnn.tokens.length - 1;
    for (const [attributes, cells] of [
      ['cell="gru"', ['gru']],
      ['compare="lstm rnn"', ['lstm', 'rnn']],
      ['compare="gru rnn" cell="lstm"', ['gru', 'rnn']],
    ] as const) {
      const plot = await mountPlot(`<gradient-plot ${attributes}></gradient-plot>`);
      expect(plot.cells).to.deep.equal([...cells]);
      for (const cell of cells) draws(plot, plot.line(cell), truth[cell].gains(t), cell);
      const named = englishPlot.cell;
      expect(plot.lineNames.filter(Boolean)).to.have.members(cells.map((cell) => named[cell]));
    }
  });

  it('of a feedforward layer ends at once: nothing comes back', async () => {
    const plot = await mountPlot('<gradient-plot cell="feedforward"></gradient-plot>');
    const line = plot.line('feedforward');
    expect(line[0].exponent).to.be.closeTo(0, 0.02);
    for (const { exponent } of line.slice(1)) expect(exponent).to.be.below(plot.axes().low);
    await plot.pointAt(5);
    expect(plot.narration).to.contain('is worth nothing of itself here in the feedforward layer');
  });

  it('have a reference line at 1 between two named zones', async () => {
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    const axes = plot.axes();
    const line = plot.chart().querySelector('line.reference')!;
    const y = Number(line.getAttribute('y1'));
    expect(Number(line.getAttribute('y2'))).to.equal(y);
    expect(axes.exponent(y)).to.be.closeTo(0, 1e-9);
    const zone = (name: string): number => {
      const text = [...plot.chart().querySelectorAll('text')].find((each) => seen(each) === name);
      return axes.exponent(Number(text!.getAttribute('y')));
    };
    expect(zone('exploding')).to.be.above(0);
    expect(zone('vanishing')).to.be.below(0);
  });

  it('have ticks that are powers of ten', async () => {
    const plot = await mountPlot('<gradient-plot source="random" hidden-size="8"></gradient-plot>');
    const names = [...plot.chart().querySelectorAll('text.tick-name[text-anchor="end"]')].map(seen);
    expect(names).to.include('1');
    for (const name of names) expect(name).to.match(/^(1|10|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/);
    const upright = [...plot.chart().querySelectorAll('text.title')].map(seen);
    expect(upright[0]).to.contain('gain of a nudge');
    expect(upright).to.include('steps back');
  });
});

describe('the band', () => {
  it('is the middle half of what one gets from every step so far', async () => {
    const truth = await trained();
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    const last = truth.rnn.tokens.length - 1;
    for (const t of [last, 11]) {
      await plot.goTo(t);
      for (const cell of recurrentCells) {
        const { upper, lower } = quartiles(truth[cell], t);
        const band = plot.band(cell);
        draws(plot, band.upper, upper, `${cell} above`);
        draws(plot, band.lower, lower, `${cell} below`);
      }
      expect(plot.caption).to.contain('middle half');
      expect(plot.caption).to.contain(`each of the ${t + 1} words`);
    }
  });

  it('needs eight steps, and says so', async () => {
    const plot = await mountPlot('<gradient-plot step="7"></gradient-plot>');
    expect(plot.root.querySelector('path.band')).to.equal(null);
    expect(plot.caption).to.contain(englishPlot.noBand);
    await plot.change(() => plot.click(plot.part('next')));
    expect(plot.root.querySelectorAll('path.band')).to.have.length(3);
    expect(plot.caption).not.to.contain(englishPlot.noBand);
  });

  it('of a hundred random steps is theirs', async () => {
    const plot = await mountPlot(
      '<gradient-plot source="random" compare="rnn gru" hidden-size="8"></gradient-plot>',
    );
    for (const cell of ['rnn', 'gru'] as const) {
      const { upper, lower } = quartiles(randomRunOf(cell, { hiddenSize: 8 }), 99);
      // the lines choose the axis; a band may leave it below
      draws(plot, plot.band(cell).upper, upper, `${cell} above`);
      draws(plot, plot.band(cell).lower, lower, `${cell} below`);
    }
  });
});

describe('the thin line', () => {
  it('is the product of the forget gates alone, of the LSTM only, and says what it is', async () => {
    const truth = await trained();
    const t = truth.lstm.tokens.length - 1;
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    const thin = [...plot.chart().querySelectorAll('path.thin')];
    expect(thin.map((each) => each.getAttribute('class'))).to.deep.equal(['thin cell-lstm']);
    // by hand: the gates of each step multiplied, unit by unit, and the root mean square over the units
    const { unrolled, weights } = truth.lstm;
    const { forget } = runSequence(weights, unrolled.x).gates;
    const H = weights.hiddenSize;
    const product = new Float64Array(H).fill(1);
    const byHand = Array.from({ length: t + 1 }, (_, lag) => {
      const size = Math.sqrt(product.reduce((sum, each) => sum + each * each, 0) / H);
      for (let j = 0; j < H; j++) product[j] *= forget![(t - lag) * H + j];
      return size;
    });
    draws(plot, plot.line('lstm', 'thin'), byHand, 'forget gates');
    const label = [...plot.chart().querySelectorAll('text.thin-name')].map(seen);
    expect(label).to.deep.equal([englishPlot.path]);
    expect(plot.caption).to.contain('product of the forget gates alone');
    // it is not the gain
    const gains = truth.lstm.gains(t);
    expect(byHand.some((each, lag) => Math.abs(Math.log10(each / gains[lag])) > 0.1)).to.equal(
      true,
    );

    const none = await mountPlot('<gradient-plot compare="rnn gru"></gradient-plot>');
    expect(none.root.querySelector('path.thin')).to.equal(null);
    expect(none.caption).not.to.contain('forget gates');
  });

  it('is that of the random LSTM, too', async () => {
    const plot = await mountPlot('<gradient-plot source="random" cell="lstm"></gradient-plot>');
    const { weights, unrolled } = randomRunOf('lstm');
    const path = [...gatePathGainsAt(weights, unrolled, 99, 'forget')].reverse();
    draws(plot, plot.line('lstm', 'thin'), path);
  });
});
