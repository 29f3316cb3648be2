// The promise of the figure, kept by clicks: trained networks answer the kite story, untrained ones read anything.

import { expect } from '@open-wc/testing';
import { sendKeys, sendMouse } from '../support/browser.js';
import '../../src/define/rnn-visualizer.js';
import { english, randomModel, storyModel } from '../../src/model/index.js';
import { storyWords } from '../../src/model/story/vocabulary.js';
import { tokenize } from '../../src/model/tokenizer.js';
import { chance, expected, percent, share } from '../support/expected.js';
import { eventually, mount, seen, type Figure } from '../support/figure.js';

const colours = ['red', 'blue', 'green', 'yellow', 'white', 'black'];
const compared = ['rnn', 'lstm', 'gru'] as const;

/** A click as a hand does it: on the middle of what is seen. */
async function clickOn(figure: Figure, element: Element): Promise<void> {
  element.scrollIntoView({ block: 'center' });
  const box = element.getBoundingClientRect();
  const middle: [number, number] = [
    Math.round(box.left + box.width / 2),
    Math.round(box.top + box.height / 2),
  ];
  await sendMouse({ type: 'click', position: middle });
  await figure.settled();
}

describe('the kite story', () => {
  let figure: Figure;

  before(async function () {
    figure = await mount('<rnn-visualizer compare="rnn lstm gru"></rnn-visualizer>');
    // mount() cleans up after the first test otherwise
    document.body.append(figure.element);
    expect(figure.words.join(' ')).to.equal(
      'Anna has a red kite . The cat sat on the mat . The kite of Anna is',
    );
    for (let i = 0; i < 18; i++) await clickOn(figure, figure.button('Next word'));
    expect(figure.wordNow).to.equal('is');
    expect(figure.heard('rnn-complete')).to.deep.equal([{ total: 18, cells: [...compared] }]);
  });

  after(() => {
    figure.element.remove();
  });

  it('shows what each network expects, and it is what the network computes', async () => {
    expect(figure.badge).to.contain('Trained story network');
    expect(figure.predictions).to.have.length(3);
    for (const [lane, cell] of compared.entries()) {
      const truth = expected(await storyModel(cell), english.defaultText);
      expect(figure.predictions[lane], cell).to.deep.equal(
        truth
          .predictions(17)
          .map(({ word, probability }) => ({ word, chance: chance(probability) })),
      );
    }
  });

  it('ends with the LSTM and the GRU sure of the colour', async () => {
    for (const cell of ['lstm', 'gru'] as const) {
      const [first] = figure.predictions[compared.indexOf(cell)];
      expect(first.word, cell).to.equal('red');
      expect(share(first.chance), `${cell}: ${first.chance}`).to.be.above(0.9);
      const model = await storyModel(cell);
      const truth = expected(model, english.defaultText);
      expect(truth.predictions(17)[0].probability, cell).to.be.above(0.9);
    }
  });

  it('ends with the simple RNN sure of no colour', async () => {
    const [shown] = figure.predictions;
    for (const { word, chance: written } of shown) {
      if (colours.includes(word)) expect(share(written), word).to.be.below(0.4);
    }
    const model = await storyModel('rnn');
    const truth = expected(model, english.defaultText);
    const h = truth.trace.h.slice(17 * truth.trace.hiddenSize);
    const all = new Map(
      model.predict(h, storyWords.length)!.map(({ word, probability }) => [word, probability]),
    );
    for (const colour of colours) expect(all.get(colour), colour).to.be.below(0.4);
  });

  it('follows “red” without being told, with the memory that the twins have', async () => {
    for (const cell of compared) {
      const truth = expected(await storyModel(cell), english.defaultText);
      expect(figure.bar(cell, 3).getAttribute('aria-pressed')).to.equal('true');
      expect(figure.memory(cell, 3), cell).to.equal(percent(truth.memory(17, 3)));
    }
  });
});

describe('a sentence that no story knows', () => {
  const own =
    'Seventeen purple dragons quietly juggle enormous pancakes above foggy Parisian rooftops while nobody watches';

  it('is typed, and the untrained networks step through it', async () => {
    const words = own.split(' ');
    for (const word of words) expect(storyWords).not.to.include(word.toLowerCase());
    const figure = await mount('<rnn-visualizer compare="rnn lstm gru"></rnn-visualizer>');
    figure.field.focus();
    figure.field.select();
    await sendKeys({ type: own });
    await figure.until('rnn-model-change');
    await eventually(() => figure.words.length === words.length);
    expect(figure.words).to.deep.equal(words);
    expect(figure.badge).to.match(/^Untrained networks .* know none of these words/);
    expect(figure.has('predictions'), 'there is nothing to expect').to.equal(false);

    // eleven words: the first one and ten more
    for (let i = 0; i < 11; i++) await clickOn(figure, figure.button('Next word'));
    expect(figure.wordNow).to.equal('rooftops');
    const left = Object.fromEntries(compared.map((cell) => [cell, share(figure.memory(cell, 0))]));
    expect(left['rnn']).to.be.below(0.05);
    expect(left['lstm']).to.be.above(0.3);

    // and as the table has it
    const details = await figure.disclose('table');
    for (const [lane, table] of [...details.querySelectorAll('table')].entries()) {
      const cells = [...table.querySelectorAll('tbody tr')[0].children].map(seen);
      expect(cells.slice(0, 2)).to.deep.equal(['1', 'Seventeen']);
      expect(share(cells[2])).to.equal(left[compared[lane]]);
    }

    for (const cell of compared) {
      const truth = expected(randomModel(cell), own).memory(10, 0);
      expect(figure.memory(cell, 0), cell).to.equal(percent(truth));
    }

    await figure.toTheEnd();
    expect(figure.wordNow).to.equal('watches');
    expect(figure.heard('rnn-complete')).to.deep.equal([
      { total: words.length, cells: [...compared] },
    ]);
    expect(figure.heard('rnn-error')).to.deep.equal([]);
  });
});

describe('text is data', () => {
  const attack = '<img src=x onerror="window.name = \'broken into\'"><b>bold</b>';

  const untouched = async (figure: Figure): Promise<void> => {
    await figure.settled();
    expect(figure.root.querySelector('img, b, script')).to.equal(null);
    expect(document.querySelector('rnn-visualizer img')).to.equal(null);
    expect(window.name).not.to.equal('broken into');
    expect(performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/x'))).to.be
      .false;
  };

  it('typed by the reader', async () => {
    const figure = await mount('<rnn-visualizer></rnn-visualizer>');
    figure.field.focus();
    figure.field.select();
    await sendKeys({ type: `Look ${attack}` });
    // (a machine that is slow at typing has some of it read before)
    const { length } = tokenize(`Look ${attack}`);
    await eventually(() => figure.scrubber.max === String(length));
    await figure.settled();
    expect(figure.field.value).to.equal(`Look ${attack}`);
    expect(figure.words.slice(0, 4)).to.deep.equal(['Look', '<', 'img', 'src']);
    await figure.next(2);
    expect(figure.narration).to.contain('“<”');
    await figure.toTheEnd();
    await figure.disclose('table');
    await untouched(figure);
  });

  it('written by an author: text, examples and every attribute', async () => {
    const names = ['cell', 'compare', 'model', 'layout', 'controls', 'theme', 'tokens'];
    for (const name of names) {
      const figure = await mount('<rnn-visualizer></rnn-visualizer>', { ready: false });
      const example = document.createElement('li');
      example.slot = 'examples';
      example.textContent = attack;
      figure.element.append(attack, example);
      figure.element.setAttribute(name, name === 'controls' ? `all ${attack}` : attack);
      await figure.until('rnn-error');
      expect(seen(figure.part('example'))).to.equal(attack);
      expect(figure.words.slice(0, 3)).to.deep.equal(['<', 'img', 'src']);
      expect(figure.narration).to.contain('<img');
      await untouched(figure);
    }
  });
});
