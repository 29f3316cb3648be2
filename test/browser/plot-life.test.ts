// Any text, any life of a <gradient-plot>, and what it leaves behind.

import { expect, fixture } from '@open-wc/testing';
import '../../src/define/gradient-plot.js';
import '../../src/define/rnn-visualizer.js';
import { english, randomModel, tokenize } from '../../src/model/index.js';
import { slide } from '../support/diagram.js';
import { eventually, frame, seen } from '../support/figure.js';
import {
  draws,
  loaded,
  mountPlot,
  page,
  Plot,
  randomRunOf,
  readRun,
  recurrentCells,
} from '../support/plot.js';

const text = 'The cat sat on the mat';
const words = text.split(' ');

describe('a text', () => {
  it('may be empty, one word, emoji, or any script', async () => {
    const plot = await mountPlot(`<gradient-plot model="random">${text}</gradient-plot>`);
    for (const each of [
      'a',
      '👩‍👩‍👧 👍🏽 🇪🇺 a',
      'プログラミング言語を学ぶ',
      'مرحبا بالعالم الكبير',
      'e\u0301 \u200b x',
    ]) {
      plot.plot.text = each;
      const tokens = tokenize(each, 'words', 'en').map((token) => token.text);
      await eventually(() => plot.words.join('|') === tokens.join('|'), each);
      await plot.computed();
      for (const cell of recurrentCells) {
        const run = readRun(randomModel(cell), each);
        draws(plot, plot.line(cell), run.gains(tokens.length - 1), `${cell}: ${each}`);
      }
    }
    plot.plot.text = '';
    await plot.settled();
    await eventually(() => !plot.has('word'));
    expect(plot.narration).to.equal(english.narration.empty);
    expect(plot.heard('rnn-error')).to.deep.equal([]);
  });

  it('is never markup: not in words, narration, tables or names', async () => {
    const plot = await mountPlot('<gradient-plot model="random"></gradient-plot>');
    plot.plot.text = '<img src=x onerror=alert(1)> &amp; <b>bold</b> ${html}';
    await eventually(() => plot.words.includes('img'));
    await plot.computed();
    for (const each of ['facts', 'check', 'table'] as const) await plot.unfold(each);
    for (let lag = 0; lag < plot.words.length; lag++) {
      await plot.pointAt(lag);
      expect(plot.narration).to.contain(`“${plot.words.at(-1 - lag)}”`);
    }
    expect(plot.root.querySelector('img, b')).to.equal(null);
    expect(
      plot
        .rows('table')
        .map((row) => row[1])
        .reverse(),
    ).to.deep.equal(plot.words);
  });

  it('may be read by characters', async () => {
    const plot = await mountPlot(
      '<gradient-plot tokens="characters" model="random" cell="gru">The cat</gradient-plot>',
    );
    expect(plot.words).to.have.length(7);
    const run = readRun(randomModel('gru'), 'The cat', [], 'characters');
    draws(plot, plot.line('gru'), run.gains(6));
  });

  it('of 5,000 words is plotted over the last 300, without stopping the page; a longer one is refused', async () => {
    const long = Array.from({ length: 5000 }, (_, i) => `w${i % 97}`).join(' ');
    const plot = await mountPlot(
      '<gradient-plot model="random" hidden-size="8" cell="gru">a b c</gradient-plot>',
    );
    let turns = 0;
    let going = true;
    const watch = (): void => {
      turns++;
      if (going) setTimeout(watch);
    };
    plot.plot.text = long;
    await plot.settled();
    await eventually(() => plot.lagSlider.max === '300', 'the last lags');
    watch();
    await plot.computed();
    going = false;
    const run = readRun(randomModel('gru', { hiddenSize: 8 }), long);
    draws(plot, plot.line('gru'), run.gains(4999).slice(0, 301));
    expect(plot.caption).to.contain('Only the last 300 lags are computed.');
    expect(plot.words.length, 'those around the present one').to.be.below(100);
    expect(turns, 'of the page, meanwhile').to.be.above(10);
    plot.plot.text = `${long} more words than that`;
    await plot.settled();
    await eventually(() => plot.problem !== '');
    expect(plot.heard('rnn-error').map(({ code }) => code)).to.deep.equal(['text-too-long']);
    expect(plot.wordNow, 'the last good state').to.equal(`w${4999 % 97}`);
  });
});

describe('a life', () => {
  it('may begin with createElement, or late, with properties set before', async () => {
    const home = await fixture<HTMLElement>('<div></div>');
    const element = document.createElement('gradient-plot');
    const plot = new Plot(element);
    Object.assign(element, { source: 'random', recurrentScale: 0.8, length: 30, hiddenSize: 8 });
    await frame();
    home.append(element);
    await loaded(plot);
    await plot.computed();
    const run = randomRunOf('rnn', { recurrentScale: 0.8, length: 30, hiddenSize: 8 });
    draws(plot, plot.line('rnn'), run.gains(29));
  });

  it('may begin out of sight', async () => {
    const { plots, place } = await page(
      `<div hidden><gradient-plot model="random">${text}</gradient-plot></div>`,
    );
    const [plot] = plots;
    await plot.computed();
    place.querySelector('div')!.hidden = false;
    place.style.width = '400px';
    await eventually(() => plot.chart().viewBox.baseVal.width === 400);
    draws(plot, plot.line('rnn'), readRun(randomModel('rnn'), text).gains(5));
  });

  it('goes on where it is moved to, with everything that was chosen', async () => {
    const plot = await mountPlot(`<gradient-plot model="random">${text}</gradient-plot>`);
    await plot.goTo(3);
    await plot.pointAt(1);
    await plot.unfold('table');
    const home = await fixture<HTMLElement>('<div></div>');
    home.append(plot.element);
    await plot.computed();
    expect([plot.wordNow, plot.lag, plot.has('table')]).to.deep.equal(['on', 1, true]);
    plot.element.remove();
    await plot.settled();
    plot.plot.text = 'Something else is here now';
    home.append(plot.element);
    await eventually(() => plot.words.length === 5);
    await plot.computed();
    draws(plot, plot.line('gru'), readRun(randomModel('gru'), plot.words.join(' ')).gains(4));
    const sheets = plot.root.adoptedStyleSheets.length;
    plot.element.remove();
    home.append(plot.element);
    await plot.settled();
    expect(plot.root.adoptedStyleSheets, 'styles once').to.have.length(sheets);
  });

  it('that ends while it computes leaves no timer behind, and goes on when it is back', async () => {
    const [start, stop] = [window.setTimeout.bind(window), window.clearTimeout.bind(window)];
    const running = new Set<number>();
    Object.assign(window, {
      setTimeout(act: () => void, delay = 0): number {
        const id = start(() => {
          running.delete(id);
          act();
        }, delay);
        running.add(id);
        return id;
      },
      clearTimeout(id: number) {
        running.delete(id);
        stop(id);
      },
    });
    try {
      const { plots, place } = await page(
        '<gradient-plot source="random" length="300" hidden-size="64"></gradient-plot>',
      );
      const [plot] = plots;
      while (!plot.has('narration')) await frame();
      for (let i = 0; i < 5; i++) await frame();
      expect(running.size, 'it is at work').to.be.above(0);
      plot.element.remove();
      await plot.settled();
      const left = [...running];
      expect(left, 'timers').to.deep.equal([]);
      for (let i = 0; i < 5; i++) await frame();
      expect(running.size).to.equal(0);
      plot.plot.seed = 2;
      for (let i = 0; i < 3; i++) await frame();
      expect(running.size, 'nothing goes on in the background').to.equal(0);
      plot.plot.hiddenSize = 8;
      plot.plot.length = 40;
      place.append(plot.element);
      await plot.settled();
      while (plot.cells.length < 3) await frame();
    } finally {
      Object.assign(window, { setTimeout: start, clearTimeout: stop });
    }
  });

  it('that ends while a slider is dragged is exact when it is back', async () => {
    const plot = await mountPlot(
      '<gradient-plot source="random" hidden-size="8" length="40"></gradient-plot>',
    );
    await plot.change(() => slide(plot, plot.setting('recurrentScale'), 2, ['input']));
    plot.element.remove();
    const home = await fixture<HTMLElement>('<div></div>');
    home.append(plot.element);
    await eventually(() => plot.root.querySelectorAll('path.band').length === 3, 'bands');
  });

  it('may end before the part that draws has come', async () => {
    for (let i = 0; i < 5; i++) {
      const { plots, place } = await page(
        `<gradient-plot model="random">${text}</gradient-plot><gradient-plot></gradient-plot>`,
      );
      for (const plot of plots) plot.element.remove();
      await frame();
      for (const plot of plots) place.append(plot.element);
      for (const plot of plots) await plot.computed();
      place.remove();
    }
  });

  it('of two on one page are two: lags, settings and tables are their own', async () => {
    const { plots } = await page(
      `<gradient-plot source="random" hidden-size="8" length="40"></gradient-plot>
       <gradient-plot source="random" hidden-size="8" length="40" seed="2"></gradient-plot>`,
    );
    const [a, b] = plots;
    for (const plot of plots) await plot.computed();
    await a.set('recurrentScale', 2);
    await a.pointAt(3);
    await a.unfold('table');
    expect([b.lag, b.has('table'), b.setting('recurrentScale').value]).to.deep.equal([
      20,
      false,
      '1',
    ]);
    for (const cell of recurrentCells) {
      const size = { hiddenSize: 8, length: 40 };
      draws(a, a.line(cell), randomRunOf(cell, { ...size, recurrentScale: 2 }).gains(39));
      draws(b, b.line(cell), randomRunOf(cell, { ...size, seed: 2 }).gains(39));
    }
    // both drag at once
    await a.change(() => slide(a, a.setting('recurrentScale'), 1.5, ['input']));
    await b.set('recurrentScale', 0.8);
    await slide(a, a.setting('recurrentScale'), 1.5, ['change']);
    await eventually(() => a.root.querySelector('path.band'));
    draws(
      a,
      a.line('rnn'),
      randomRunOf('rnn', { hiddenSize: 8, length: 40, recurrentScale: 1.5 }).gains(39),
    );
  });

  it('shows the words inside it, and leaves them alone', async () => {
    const plot = await mountPlot(`<gradient-plot model="random">${text}</gradient-plot>`);
    expect(plot.words).to.deep.equal(words);
    plot.plot.textContent = 'Other words now';
    await eventually(() => plot.words.length === 3);
    expect(seen(plot.plot)).to.equal('Other words now');
    plot.plot.className = 'of-the-author';
    plot.plot.setAttribute('role', 'figure');
    await plot.press('Back');
    expect(plot.plot.className).to.equal('of-the-author');
    expect(plot.plot.getAttribute('role')).to.equal('figure');
    expect(plot.plot.hasAttribute('tabindex')).to.equal(false);
  });

  it('with huge weights stays a plot: what is no number is not drawn', async () => {
    const plot = await mountPlot(
      `<gradient-plot source="random" recurrent-scale="10" input-scale="0" hidden-size="8" length="300"></gradient-plot>`,
    );
    for (const path of plot.chart().querySelectorAll('path')) {
      expect(path.getAttribute('d')).not.to.match(/NaN|Infinity/);
    }
    await plot.unfold('table');
    await plot.pointAt(299);
    expect(plot.narration).not.to.match(/NaN|undefined/);
    expect(plot.heard('rnn-error')).to.deep.equal([]);
  });
});
