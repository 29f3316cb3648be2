// Any value: attributes of a <gradient-plot> that can't be used, and its controls.

import { expect } from '@open-wc/testing';
import '../../src/define/gradient-plot.js';
import '../../src/define/rnn-visualizer.js';
import { englishPlot } from '../../src/model/plot-strings.js';
import { eventually } from '../support/figure.js';
import { draws, mountPlot, type Plot, randomRunOf, recurrentCells } from '../support/plot.js';

const text = 'The cat sat on the mat';

/** Whatever happened before: it steps, switches and computes. */
async function works(plot: Plot): Promise<void> {
  if (plot.chosenSource !== englishPlot.source.text) {
    await plot.choose('source', 0);
  }
  if (plot.chosenQuantity !== englishPlot.quantity.state) await plot.choose('quantity', 0);
  await eventually(() => plot.words.length > 0);
  while (plot.part('back').getAttribute('aria-disabled') !== 'true') {
    await plot.click(plot.part('back'));
  }
  expect(plot.narration).to.equal(englishPlot.notRead);
  await plot.toTheEnd();
  await plot.computed();
  expect(plot.wordNow).to.equal(plot.words.at(-1));
  expect(plot.line(plot.cells[0])[0].exponent, 'gain at lag 0').to.be.closeTo(0, 0.02);
}

describe('attribute values that are none', () => {
  for (const [attribute, value] of [
    ['quantity', 'gradient'],
    ['quantity', 'STATE'],
    ['source', 'web'],
    ['cell', 'transformer'],
    ['compare', 'rnn elman'],
    ['model', 'best'],
    ['length', '1e9'],
    ['length', '0'],
    ['length', '20.5'],
    ['length', 'long'],
    ['length', '-3'],
    ['hidden-size', '1000'],
    ['hidden-size', '0'],
    ['hidden-size', 'many'],
    ['recurrent-scale', '-1'],
    ['recurrent-scale', '1e300'],
    ['recurrent-scale', 'NaN'],
    ['input-scale', '99'],
    ['forget-bias', '99'],
    ['update-bias', '-99'],
    ['update-bias', 'some'],
    ['seed', '1e300'],
    ['seed', 'apple'],
    ['controls', 'all volume'],
    ['theme', 'purple'],
    ['tokens', 'syllables'],
    ['accelerate', 'maybe'],
    ['quantity', `long${'g'.repeat(5000)}`],
  ]) {
    it(`${attribute}="${value.slice(0, 20)}" leaves a working plot, says so, and tells the page once`, async () => {
      const plot = await mountPlot(
        `<gradient-plot ${attribute}="${value}" model="random">${text}</gradient-plot>`,
      );
      await works(plot);
      const errors = plot.heard('rnn-error');
      expect(errors.map(({ message }) => message)).to.have.length(1);
      const [{ code, message }] = errors;
      expect(code).to.equal('bad-attribute');
      expect(message).to.contain(`${attribute}="`);
      expect(message.length).to.be.below(200);
      expect(plot.problem).to.equal(message);
      expect(plot.part('problem').closest('[role="status"]')).not.to.equal(null);

      plot.plot.removeAttribute(attribute);
      await plot.settled();
      expect(plot.problem, 'put right').to.equal('');
    });
  }

  it('with random networks are replaced by what the message names', async () => {
    const plot = await mountPlot(
      `<gradient-plot source="random" length="1e9" hidden-size="1000" recurrent-scale="x" seed="x"></gradient-plot>`,
    );
    for (const cell of recurrentCells) {
      draws(plot, plot.line(cell), randomRunOf(cell).gains(99), cell);
    }
    expect(plot.problem).to.contain('100 is used').and.to.contain('32 is used');
    for (const { code } of plot.heard('rnn-error')) expect(code).to.equal('bad-attribute');
  });

  it('may be taken away, and properties be unset as frameworks do, or be of the wrong type', async () => {
    const plot = await mountPlot(
      `<gradient-plot model="random" quantity="state" source="text" length="50" recurrent-scale="2" input-scale="2"
        update-bias="1" forget-bias="1" hidden-size="8" seed="2" compare="gru" controls="all">${text}</gradient-plot>`,
    );
    const names = [
      'quantity',
      'source',
      'length',
      'recurrentScale',
      'inputScale',
      'updateBias',
      'forgetBias',
      'hiddenSize',
      'seed',
      'compare',
      'cell',
      'controls',
      'model',
      'text',
      'htmlFor',
    ];
    for (const unset of [null, undefined]) {
      for (const name of names) Object.assign(plot.plot, { [name]: unset });
      await plot.settled();
      expect(plot.heard('rnn-error'), String(unset)).to.deep.equal([]);
      await works(plot);
    }
    for (const wrong of [{}, [], 7, true, '']) {
      for (const name of names.filter((each) => !['text', 'htmlFor'].includes(each))) {
        Object.assign(plot.plot, { [name]: wrong });
        await plot.settled();
        Object.assign(plot.plot, { [name]: undefined });
        await plot.settled();
      }
      await works(plot);
    }
  });

  it('a number as text is refused, not taken for one', async () => {
    const plot = await mountPlot(
      `<gradient-plot source="random" hidden-size="8" length="30"></gradient-plot>`,
    );
    Object.assign(plot.plot, { length: '50' });
    await plot.settled();
    expect(plot.problem).to.contain('length="50"');
    expect(plot.heard('rnn-error')).to.have.length(1);
  });
});

describe('controls', () => {
  it('are all there, unless the author says which', async () => {
    const parts = {
      quantity: 'quantity',
      source: 'source',
      words: 'words',
      back: 'back',
      next: 'next',
      lag: 'lag',
      facts: 'disclosure-facts',
      check: 'disclosure-check',
      table: 'disclosure-table',
    };
    for (const [attribute, expected] of [
      ['', Object.keys(parts)],
      ['controls="none"', []],
      ['controls="lag"', ['lag']],
      ['controls="words table quantity"', ['words', 'table', 'quantity']],
    ] as const) {
      const plot = await mountPlot(
        `<gradient-plot model="random" ${attribute}>${text}</gradient-plot>`,
      );
      for (const [name, part] of Object.entries(parts)) {
        expect(plot.has(part), `${name}, ${attribute}`).to.equal(
          (expected as readonly string[]).includes(name),
        );
      }
      expect(plot.cells).to.deep.equal([...recurrentCells]);
      expect(plot.narration).to.contain('is worth');
    }
    const still = await mountPlot(
      '<gradient-plot source="random" hidden-size="8" controls="lag"></gradient-plot>',
    );
    expect(still.has('settings')).to.equal(false);
  });
});
