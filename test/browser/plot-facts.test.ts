// What a reader can find out with random networks in a <gradient-plot>: the facts of docs/gradients.md, and their limits.

import { expect } from '@open-wc/testing';
import '../../src/define/gradient-plot.js';
import type { CellType } from '../../src/engine/index.js';
import { englishPlot } from '../../src/model/plot-strings.js';
import { eventually, seen } from '../support/figure.js';
import { median } from '../support/model.js';
import {
  draws,
  mountPlot,
  numberOf,
  page,
  randomRunOf,
  tells,
  type Plot,
  type RandomSettings,
} from '../support/plot.js';

const random = (attributes = ''): Promise<Plot> =>
  mountPlot(`<gradient-plot source="random" ${attributes} hidden-size="8"></gradient-plot>`);

/** The gain of a cell at a lag, as it is drawn. */
const gainAt = (plot: Plot, cell: CellType, lag: number): number => {
  const { exponent } = plot.line(cell)[lag];
  return exponent < plot.axes().low ? 0 : 10 ** exponent;
};

describe('the facts of untrained networks', () => {
  /** The settings that they were measured with. */
  const measured = { hiddenSize: 16, length: 100, inputScale: 1, recurrentScale: 1 } as const;
  const facts: readonly (readonly [
    preset: keyof typeof englishPlot.presets,
    cell: CellType,
    settings: Partial<RandomSettings>,
    holds: (gain: number) => boolean,
    what: string,
  ])[] = [
    ['vanish', 'rnn', { recurrentScale: 0.9 }, (gain) => gain < 1e-3, 'below 10⁻³'],
    ['saturate', 'rnn', { recurrentScale: 1.5 }, (gain) => gain < 1, 'below 1'],
    ['explode', 'rnn', { recurrentScale: 4 }, (gain) => gain > 1, 'above 1'],
    ['shut', 'lstm', { forgetBias: 0 }, (gain) => gain < 1e-3, 'below 10⁻³'],
    ['open', 'lstm', { forgetBias: 3 }, (gain) => gain > 0.1, 'above 0.1'],
  ];

  it('are one press away, exactly as they were measured', async () => {
    const plot = await random();
    const names = plot.parts('preset').map(seen);
    expect(names).to.deep.equal(Object.values(englishPlot.presets));
    for (const [i, [preset, cell, settings]] of facts.entries()) {
      await plot.change(() => plot.click(plot.parts('preset')[i]));
      expect(seen(plot.parts('preset')[i])).to.equal(englishPlot.presets[preset]);
      expect(plot.setting('hiddenSize').value).to.equal('16');
      const gains = randomRunOf(cell, { ...measured, ...settings }).gains(99);
      draws(plot, plot.line(cell), gains, preset);
      await plot.pointAt(20);
      const name = cell === 'rnn' ? 'the simple RNN' : 'the LSTM';
      const amount = new RegExp(`([^ ]+(?: · [^ ]+)?)(?: of itself here)? in ${name}`).exec(
        plot.narration,
      );
      tells(amount![1], gains[20], preset);
    }
  });

  for (const [i, [preset, cell, settings, holds, what]] of facts.entries()) {
    it(`${englishPlot.presets[preset]}: the ${cell}’s gain at lag 40 is ${what}, median of 100 seeds`, async () => {
      const plot = await random(`cell="${cell}"`);
      const index = plot
        .parts('preset')
        .findIndex((each) => seen(each) === englishPlot.presets[preset]);
      await plot.change(() => plot.click(plot.parts('preset')[index < 0 ? i : index]));
      const line = (): string => plot.chart().querySelector('path.line')!.getAttribute('d')!;
      const found: number[] = [gainAt(plot, cell, 40)];
      for (let seed = 2; seed <= 100; seed++) {
        const before = line();
        await plot.click(plot.part('seed'));
        // mostly it is there already
        if (line() === before) await eventually(() => line() !== before);
        found.push(gainAt(plot, cell, 40));
      }
      // the drawing is that of the engine at a seed in between, and at the last one
      for (const seed of [50, 100]) {
        const truth = randomRunOf(cell, { ...measured, ...settings, seed }).gains(99)[40];
        if (found[seed - 1] > 0) {
          expect(Math.log10(found[seed - 1])).to.be.closeTo(Math.log10(truth), 0.02);
        }
      }
      expect(holds(median(found)), `${median(found)}`).to.equal(true);
    });
  }

  it('a full state may hand nothing back: the size of the state stands beside the gain', async () => {
    const plot = await random('cell="rnn"');
    await plot.change(() => plot.click(plot.parts('preset')[0]));
    await plot.unfold('facts');
    const [gain, size] = plot.rows('facts').map(([, amount]) => numberOf(amount));
    expect(gain, 'at lag 20').to.be.below(1e-3);
    expect(size, '‖h‖ ∕ √H').to.be.above(0.3);
  });
});

describe('long and large ones', () => {
  it('300 steps of 64 units are computed to the end, while the page goes on', async () => {
    const { plots } = await page(
      '<gradient-plot source="random" length="300" hidden-size="64" cell="gru"></gradient-plot>',
    );
    const [plot] = plots;
    let turns = 0;
    let going = true;
    const watch = (): void => {
      turns++;
      if (going) setTimeout(watch);
    };
    await eventually(() => plot.has('narration'));
    watch();
    await plot.computed();
    going = false;
    const run = randomRunOf('gru', { length: 300, hiddenSize: 64 });
    draws(plot, plot.line('gru'), run.gains(299));
    expect(plot.caption).to.match(/from \d+ of the steps so far|each of the 300 steps/);
    expect(turns, 'of the page, meanwhile').to.be.above(10);
  });
});
