// Random networks in a <gradient-plot>: what each control changes, while it is dragged and after.

import { expect } from '@open-wc/testing';
import '../../src/define/gradient-plot.js';
import type { CellType } from '../../src/engine/index.js';
import { englishPlot } from '../../src/model/plot-strings.js';
import { slide } from '../support/diagram.js';
import { eventually, seen } from '../support/figure.js';
import {
  draws,
  kite,
  mountPlot,
  randomDefaults,
  randomRunOf,
  recurrentCells,
  type Plot,
  type RandomSettings,
} from '../support/plot.js';

/** Small ones, of which also the bands are computed at once. */
const small = { hiddenSize: 12, length: 60 } as const;

const random = (attributes = ''): Promise<Plot> =>
  mountPlot(
    `<gradient-plot source="random" ${attributes} hidden-size="12" length="60"></gradient-plot>`,
  );

/** All lines are those of these networks, exactly. */
function shows(plot: Plot, settings: Partial<RandomSettings>, cells = recurrentCells): void {
  for (const cell of cells) {
    const run = randomRunOf(cell, { ...small, ...settings });
    draws(plot, plot.line(cell), run.gains(run.unrolled.length - 1), cell);
  }
}

/** A line in numbers, whatever the axes are just now; null below them. */
const values = (plot: Plot, cell: CellType): (number | null)[] =>
  plot.line(cell).map(({ exponent }) => (exponent < plot.axes().low ? null : exponent));

describe('the controls of random networks', () => {
  it('are there when the reader asks for random networks, as the author has set them', async () => {
    const plot = await mountPlot(
      `<gradient-plot recurrent-scale="1.3" hidden-size="12" length="60">${kite}</gradient-plot>`,
    );
    expect(plot.has('settings')).to.equal(false);
    expect(plot.chosenSource).to.equal(englishPlot.source.text);
    await plot.change(() => plot.choose('source', 1));
    expect(plot.chosenSource).to.equal(englishPlot.source.random);
    expect(plot.has('settings')).to.equal(true);
    expect(plot.has('words'), 'nothing is read').to.equal(false);
    expect(plot.has('next')).to.equal(false);
    expect(plot.setting('recurrentScale').value).to.equal('1.3');
    shows(plot, { recurrentScale: 1.3 });
    await plot.change(() => plot.choose('source', 0));
    expect(plot.has('settings')).to.equal(false);
    expect(plot.wordNow).to.equal('is');
    expect(plot.plot.getAttribute('source'), 'the author’s').to.equal(null);
    expect(plot.heard('rnn-error')).to.deep.equal([]);
  });

  it('have the ranges of the page: radius 0.5 to 4, biases −2 to 5, up to 300 steps', async () => {
    const plot = await random();
    for (const [name, min, max] of [
      ['recurrentScale', '0.5', '4'],
      ['forgetBias', '-2', '5'],
      ['updateBias', '-2', '5'],
    ] as const) {
      expect([plot.setting(name).min, plot.setting(name).max], name).to.deep.equal([min, max]);
    }
    expect(plot.setting('length').max).to.equal('300');
    expect(plot.parts('setting').map((each) => each.getAttribute('name'))).to.include.members([
      'inputScale',
      'hiddenSize',
    ]);
  });

  for (const [name, value, changed] of [
    ['recurrentScale', 1.6, recurrentCells],
    ['inputScale', 0.4, recurrentCells],
    ['forgetBias', -1, ['lstm']],
    ['updateBias', 0.5, ['gru']],
    ['length', 90, recurrentCells],
    ['hiddenSize', 16, recurrentCells],
  ] as const) {
    it(`${name} changes ${changed.join(', ')}, and nothing else; its number stands beside it`, async () => {
      const plot = await random();
      const before = new Map(
        recurrentCells.map((cell) => [cell, randomRunOf(cell, small).gains(59)]),
      );
      const attributes = plot.plot.getAttributeNames();
      await plot.set(name, value);
      shows(plot, { [name]: value });
      for (const cell of recurrentCells) {
        const run = randomRunOf(cell, { ...small, [name]: value });
        const same = run.gains(59).every((each, lag) => each === before.get(cell)![lag]);
        const kept = !(changed as readonly string[]).includes(cell);
        // (a longer run begins with the shorter one)
        if (name !== 'length') expect(same, cell).to.equal(kept);
      }
      const label = plot.setting(name).closest('label')!;
      expect(seen(label.querySelector('.amount'))).to.equal(String(value).replace('-', '−'));
      expect(plot.plot.getAttributeNames(), 'the author’s').to.deep.equal(attributes);
    });
  }

  it('are those of the cells that are shown', async () => {
    const names = (plot: Plot): (string | null)[] =>
      plot.parts('setting').map((each) => each.getAttribute('name'));
    expect(names(await random('cell="rnn"'))).not.to.include.members(['forgetBias']);
    expect(names(await random('cell="rnn"'))).not.to.include.members(['updateBias']);
    const lstm = names(await random('cell="lstm"'));
    expect(lstm).to.include('forgetBias');
    expect(lstm).not.to.include('updateBias');
    const gru = names(await random('cell="gru"'));
    expect(gru).to.include('updateBias');
    expect(gru).not.to.include('forgetBias');
  });

  it('have another seed at the press of a button', async () => {
    const plot = await random('seed="4"');
    const said = (): string => seen(plot.part('seed').parentElement!.querySelector('.amount'));
    expect(said()).to.equal('4');
    shows(plot, { seed: 4 });
    await plot.change(() => plot.click(plot.part('seed')));
    expect(said()).to.equal('5');
    shows(plot, { seed: 5 });
    expect(plot.plot.seed).to.equal(4);
  });

  it('give way to the author, who sets an attribute anew', async () => {
    const plot = await random();
    await plot.set('recurrentScale', 2);
    await plot.set('forgetBias', 0);
    shows(plot, { recurrentScale: 2, forgetBias: 0 });
    await plot.change(() => {
      plot.plot.recurrentScale = 0.7;
    });
    shows(plot, { recurrentScale: 0.7, forgetBias: 0 });
    expect(plot.setting('recurrentScale').value).to.equal('0.7');
    expect(plot.setting('forgetBias').value, 'the reader’s').to.equal('0');
  });

  it('point 20 steps back at first, or as far as there are steps', async () => {
    const plot = await random();
    expect(plot.lag).to.equal(20);
    await plot.set('length', 10);
    expect(plot.lag, 'the last one').to.equal(9);
    expect(plot.marked, 'there is no word').to.equal(-1);
  });
});

describe('a slider', () => {
  for (const accelerate of ['auto', 'off'] as const) {
    it(`is followed while it is dragged, roughly, and exactly when it is let go (accelerate="${accelerate}")`, async () => {
      // more numbers than directions of a coarse line
      const large = { hiddenSize: 24, length: 80 } as const;
      const plot = await mountPlot(
        `<gradient-plot source="random" hidden-size="24" length="80" accelerate="${accelerate}"></gradient-plot>`,
      );
      const slider = plot.setting('recurrentScale');
      for (const value of [1.2, 1.5, 1.8]) {
        await plot.change(() => slide(plot, slider, value, ['input']));
        for (const cell of recurrentCells) {
          const truth = randomRunOf(cell, { ...large, recurrentScale: value }).gains(79);
          values(plot, cell).forEach((exponent, lag) => {
            // “all within 45 %” of a coarse line
            if (exponent !== null) {
              expect(exponent, `${cell} at ${lag}`).to.be.closeTo(Math.log10(truth[lag]), 0.27);
            }
          });
        }
        expect(plot.root.querySelector('path.band'), 'no bands meanwhile').to.equal(null);
      }
      await slide(plot, slider, 1.8, ['change']);
      await eventually(() => plot.root.querySelectorAll('path.band').length === 3);
      await plot.computed();
      shows(plot, { ...large, recurrentScale: 1.8 });
    });
  }

  it('does not make the axis jump while it is dragged', async () => {
    const plot = await random('cell="rnn"');
    const slider = plot.setting('recurrentScale');
    let { low, high } = plot.axes();
    for (const value of [0.9, 1.4, 2, 3, 4, 2, 1]) {
      await plot.change(() => slide(plot, slider, value, ['input']));
      const now = plot.axes();
      expect(now.low, 'only wider').to.be.at.most(low + 1e-9);
      expect(now.high, 'only wider').to.be.at.least(high - 1e-9);
      ({ low, high } = now);
    }
    await slide(plot, slider, 1, ['change']);
    await plot.computed();
    shows(plot, {}, ['rnn'] as unknown as typeof recurrentCells);
  });

  it('leaves no trace in what comes after: dragged to and fro, all is as it was', async () => {
    const plot = await random();
    await plot.unfold('table');
    const before = JSON.stringify(plot.rows('table'));
    for (const name of ['recurrentScale', 'forgetBias', 'updateBias', 'inputScale'] as const) {
      const original = randomDefaults[name];
      const slider = plot.setting(name);
      await plot.change(() => slide(plot, slider, original - 0.5, ['input']));
      await slide(plot, slider, original, ['input', 'change']);
      await eventually(() => JSON.stringify(plot.rows('table')) === before, `${name} back`);
    }
  });

  it('is followed by the lines at every step of a drag', async () => {
    const plot = await mountPlot('<gradient-plot source="random"></gradient-plot>');
    const slider = plot.setting('recurrentScale');
    const line = (): string => plot.chart().querySelector('path.line')!.getAttribute('d')!;
    for (let i = 0; i < 15; i++) {
      const before = line();
      await slide(plot, slider, 1.2 + i / 10, ['input']);
      await eventually(() => line() !== before, `step ${i}`);
    }
  });
});
