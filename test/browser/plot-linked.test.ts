// A <gradient-plot> that follows a <rnn-visualizer>: its text, weights, step and interventions; and alone, word by word.

import { expect, fixture } from '@open-wc/testing';
import '../../src/define/gradient-plot.js'; // the others are defined later
import type { CellType, Intervention } from '../../src/engine/index.js';
import { englishFollowing } from '../../src/model/following-strings.js';
import { english, randomModel, storyModel, type SentenceModel } from '../../src/model/index.js';
import { englishPlot } from '../../src/model/plot-strings.js';
import { Diagram, bothSettled, heldIn, key } from '../support/diagram.js';
import { eventually, Figure, frame, seen } from '../support/figure.js';
import { hold, skip } from '../support/model.js';
import {
  draws,
  kite,
  loaded,
  mountPair,
  mountPlot,
  page,
  Plot,
  readRun,
  recurrentCells,
} from '../support/plot.js';

const text = 'The cat sat on the mat';
const other = 'The bird sat on the roof';

/** Both stand at the same place of the same text; the lines are those of the networks there. */
async function follows(
  plot: Plot,
  figure: Figure,
  model: (cell: CellType) => SentenceModel | Promise<SentenceModel>,
  cells: readonly CellType[] = recurrentCells,
  interventions: readonly Intervention[] = [],
): Promise<void> {
  await bothSettled(figure, plot);
  const runs = new Map<CellType, number[]>();
  const t = figure.element.step - 1;
  for (const cell of cells) {
    const run = readRun(await model(cell), figure.words.join(' '), interventions);
    runs.set(cell, t < 0 ? [] : run.gains(t));
  }
  const right = (): void => {
    expect(plot.words).to.deep.equal(figure.words);
    expect(plot.wordNow).to.equal(figure.wordNow);
    expect(plot.plot.step).to.equal(t + 1);
    expect(plot.cells).to.deep.equal(t < 0 ? [] : [...cells]);
    if (t < 0) expect(plot.narration).to.equal(englishPlot.notRead);
    else for (const cell of cells) draws(plot, plot.line(cell), runs.get(cell)!, `${cell} at ${t}`);
  };
  // until other weights are there, and what comes of them
  await eventually(() => {
    try {
      right();
      return true;
    } catch {
      return false;
    }
  }, 'the same').catch(right);
}

const visualizer = (id: string, sentence = text, attributes = 'cell="lstm"'): string =>
  `<rnn-visualizer id="${id}" model="random" ${attributes}>${sentence}</rnn-visualizer>`;
const plotFor = (id: string, attributes = ''): string =>
  `<gradient-plot for="${id}" ${attributes}></gradient-plot>`;
const untrained = (cell: CellType): SentenceModel => randomModel(cell);

describe('a plot alone', () => {
  const steps = (plot: Plot): string[] =>
    plot.heard('rnn-step').map(({ trigger, step, word }) => `${trigger} ${step} ${word}`);

  it('shows the whole sentence, or as much as the author says', async () => {
    const whole = await mountPlot(`<gradient-plot model="random">${text}</gradient-plot>`);
    expect(whole.wordNow).to.equal('mat');
    expect(whole.heard('rnn-step'), 'nobody moved').to.deep.equal([]);
    const part = await mountPlot(`<gradient-plot model="random" step="3">${text}</gradient-plot>`);
    expect(part.wordNow).to.equal('sat');
    expect(part.heard('rnn-ready')).to.have.length(1);
  });

  it('begins with nothing, if the author says so: then it says what to do', async () => {
    const plot = await mountPlot(`<gradient-plot model="random" step="0">${text}</gradient-plot>`, {
      lines: false,
    });
    expect(plot.wordNow).to.equal(null);
    expect(plot.narration).to.equal(englishPlot.notRead);
    expect(plot.cells).to.deep.equal([]);
    expect(plot.has('lag')).to.equal(false);
    await plot.click(plot.part('next'));
    await plot.computed();
    draws(plot, plot.line('rnn'), [1]);
    await plot.change(() => plot.click(plot.part('next')));
    expect(plot.wordNow).to.equal('cat');
  });

  it('goes back and on by buttons, words and keys, and tells the page', async () => {
    const plot = await mountPlot(`<gradient-plot model="random">${text}</gradient-plot>`);
    const at = async (word: string): Promise<void> => {
      await plot.settled();
      expect(plot.wordNow).to.equal(word);
      await plot.computed();
      const t = plot.plot.step - 1;
      for (const cell of recurrentCells) {
        draws(plot, plot.line(cell), readRun(randomModel(cell), text).gains(t), `${cell} ${word}`);
      }
      expect(plot.caption).to.contain(`The lines go back from “${word}”.`);
    };
    expect(plot.part('next').getAttribute('aria-disabled')).to.equal('true');
    await plot.press(english.back);
    await at('the');
    await plot.goTo(1);
    await at('cat');
    await plot.next();
    await at('sat');
    const now = (): HTMLElement => plot.wordButtons[plot.plot.step - 1];
    now().focus();
    for (const [name, word] of [
      ['ArrowRight', 'on'],
      ['ArrowLeft', 'sat'],
      ['ArrowDown', 'on'],
      ['End', 'mat'],
    ] as const) {
      expect(await key(plot, now(), name), name).to.deep.equal({ left: false, bubbled: false });
      await at(word);
    }
    await key(plot, now(), 'Home');
    expect(plot.plot.step).to.equal(0);
    expect(plot.narration).to.equal(englishPlot.notRead);
    expect(steps(plot)).to.deep.equal([
      'user 5 the',
      'user 2 cat',
      'user 3 sat',
      'user 4 on',
      'user 3 sat',
      'user 4 on',
      'user 6 mat',
      'user 0 ',
    ]);
  });

  it('is moved by the page without events', async () => {
    const plot = await mountPlot(`<gradient-plot model="random">${text}</gradient-plot>`);
    plot.forgetEvents();
    for (const [act, word] of [
      [(): void => plot.plot.seek(2), 'cat'],
      [(): void => plot.plot.next(), 'sat'],
      [(): void => plot.plot.previous(), 'cat'],
      [(): unknown => (plot.plot.step = 4), 'on'],
      [(): void => plot.plot.setAttribute('step', '5'), 'the'],
      [(): void => plot.plot.seek(99), 'mat'],
    ] as const) {
      act();
      await plot.settled();
      expect(plot.wordNow).to.equal(word);
    }
    expect(plot.types).to.deep.equal([]);
  });

  it('reads another text of the author to its end', async () => {
    const plot = await mountPlot(`<gradient-plot model="random">${text}</gradient-plot>`);
    plot.plot.text = 'One two three four five six seven eight nine';
    await eventually(() => plot.words.length === 9);
    await plot.settled();
    expect(plot.wordNow).to.equal('nine');
    await plot.press(english.back);
    plot.plot.seed = 9;
    await plot.settled();
    expect(plot.wordNow, 'other weights are no reason to move').to.equal('eight');
  });
});

describe('a visualizer that is defined later', () => {
  it('is followed when it is', async () => {
    expect(customElements.get('rnn-visualizer')).to.equal(undefined);
    const home = await fixture<HTMLElement>('<div></div>');
    home.innerHTML = plotFor('late') + visualizer('late', text, 'cell="gru" step="3"');
    const plot = new Plot(home.querySelector('gradient-plot')!);
    await eventually(() => plot.has('narration'));
    expect(plot.words, 'nothing to read yet').to.deep.equal([]);
    expect(plot.problem).to.equal('');
    const figure = new Figure(home.querySelector('rnn-visualizer')!);
    await import('../../src/define/rnn-visualizer.js');
    await figure.until('rnn-ready');
    await loaded(plot);
    await follows(plot, figure, untrained);
    await plot.next();
    await follows(plot, figure, untrained);
    expect(figure.wordNow).to.equal('on');
  });
});

describe('the visualizer that is followed', () => {
  before(async () => {
    await import('../../src/define/rnn-visualizer.js');
    await import('../../src/define/gate-diagram.js');
  });

  it('may stand before it or after it', async () => {
    for (const markup of [
      visualizer('v') + plotFor('v'),
      plotFor('v') + visualizer('v'),
      `<section>${plotFor('v')}</section><p>${visualizer('v')}</p>`,
    ]) {
      const { figures, plots, place: home } = await page(markup);
      await loaded(plots[0]);
      await follows(plots[0], figures[0], untrained);
      await figures[0].next(2);
      await follows(plots[0], figures[0], untrained);
      await plots[0].next();
      await follows(plots[0], figures[0], untrained);
      expect(figures[0].wordNow).to.equal('sat');
      home.remove();
    }
  });

  it('may come later, go, and come back', async () => {
    const { plots, place: home } = await page(plotFor('v'));
    const [plot] = plots;
    await eventually(() => plot.has('narration'));
    home.insertAdjacentHTML('beforeend', visualizer('v'));
    const figure = new Figure(home.querySelector('rnn-visualizer')!);
    await loaded(plot);
    await figure.next(3);
    await follows(plot, figure, untrained);
    figure.element.remove();
    await plot.settled();
    expect(plot.wordNow, 'what was shown last').to.equal('sat');
    await plot.next();
    expect(plot.wordNow, 'and can be stepped').to.equal('on');
    home.append(figure.element);
    await follows(plot, figure, untrained);
    plot.forgetEvents();
    await figure.next();
    await follows(plot, figure, untrained);
    expect(plot.types).to.deep.equal(['rnn-step']);
  });

  it('may be replaced by another one with its id, or lose its id to it', async () => {
    const { figures, plots } = await page(visualizer('v') + visualizer('w', other) + plotFor('v'));
    const [[first, second], [plot]] = [figures, plots];
    await loaded(plot);
    await first.next(2);
    await follows(plot, first, untrained);
    const fresh = new Figure(document.createElement('rnn-visualizer'));
    Object.assign(fresh.element, { id: 'v', model: 'random', cell: 'gru', text: other, step: 4 });
    fresh.element.seed = 3;
    first.element.replaceWith(fresh.element);
    await fresh.until('rnn-ready');
    await follows(plot, fresh, (cell) => randomModel(cell, { seed: 3 }));
    plot.forgetEvents();
    await first.next();
    await bothSettled(first, plot);
    expect(plot.events, 'of one that is followed no longer').to.deep.equal([]);
    fresh.element.id = '';
    second.element.id = 'v';
    await second.next(3);
    await follows(plot, second, untrained);
  });

  it('is another one as soon as the plot says so; without a name it reads its own text', async () => {
    const { figures, plots } = await page(
      `${visualizer('v')}${visualizer('w', other, 'cell="gru" seed="2"')}
       <gradient-plot for="v" model="random">Something of its own</gradient-plot>`,
    );
    const [[first, second], [plot]] = [figures, plots];
    await loaded(plot);
    await first.next(2);
    await second.next(5);
    await follows(plot, first, untrained);
    plot.plot.setAttribute('for', 'w');
    await follows(plot, second, (cell) => randomModel(cell, { seed: 2 }));
    plot.plot.removeAttribute('for');
    await eventually(() => plot.words.length === 4);
    await plot.computed();
    const run = readRun(randomModel('gru'), 'Something of its own');
    draws(plot, plot.line('gru'), run.gains(plot.plot.step - 1));
    expect(plot.wordNow, 'the whole sentence').to.equal('own');
    await plot.press(english.back);
    expect([first.element.step, second.element.step], 'alone').to.deep.equal([2, 5]);
    plot.plot.htmlFor = 'v';
    await follows(plot, first, untrained);
  });

  it('that is not there is named after a while, and no longer when it is there', async () => {
    // timers of some seconds run when the test says so
    const due = new Map<number, () => void>();
    const [start, stop] = [window.setTimeout.bind(window), window.clearTimeout.bind(window)];
    let count = 0;
    Object.assign(window, {
      setTimeout(act: () => void, delay = 0): number {
        if (delay < 1000) return start(act, delay);
        expect(delay, 'a few seconds').to.be.at.most(10_000);
        due.set(--count, act);
        return count;
      },
      clearTimeout(id: number) {
        if (!due.delete(id)) stop(id);
      },
    });
    const message = englishFollowing.lost('nowhere');
    try {
      const { plots, place: home } = await page(plotFor('nowhere') + plotFor('away'));
      const [never, away] = plots;
      for (const plot of plots) {
        while (!plot.has('narration')) await frame();
        await plot.settled();
        expect(plot.problem).to.equal('');
      }
      expect(due.size).to.equal(2);
      const first = [...due.values()];
      away.plot.remove();
      expect(due.size, 'nobody waits in an element that was taken away').to.equal(1);
      for (const act of first) act();
      await bothSettled(never, away);
      expect(never.heard('rnn-error')).to.deep.equal([{ code: 'bad-attribute', message }]);
      expect(never.problem).to.equal(message);
      home.insertAdjacentHTML('beforeend', visualizer('nowhere'));
      while (never.words.length === 0) await frame();
      await never.settled();
      expect(never.problem).to.equal('');
      expect(never.heard('rnn-error'), 'said once').to.have.length(1);
    } finally {
      Object.assign(window, { setTimeout: start, clearTimeout: stop });
    }
  });
});

describe('a plot that follows', () => {
  before(async () => {
    await import('../../src/define/rnn-visualizer.js');
    await import('../../src/define/gate-diagram.js');
  });

  const triggers = (figure: Figure): string[] =>
    figure.heard('rnn-step').map(({ trigger, step }) => `${trigger} ${step}`);

  it('shows text, step and weights of the figure, and all its own cells, whichever run there', async () => {
    const { figure, plot } = await mountPair('cell="lstm"', text);
    expect(plot.narration).to.equal(englishPlot.notRead);
    expect(plot.has('model'), 'said by the figure').to.equal(false);
    await figure.next(3);
    await follows(plot, figure, storyModel);
    await figure.press('GRU');
    await follows(plot, figure, storyModel);
    await figure.press('Use untrained ones');
    await follows(plot, figure, untrained);
    await figure.paste(other);
    await follows(plot, figure, untrained);
    figure.element.seed = 7;
    figure.element.hiddenSize = 20;
    figure.element.step = 5;
    await follows(plot, figure, (cell) => randomModel(cell, { seed: 7, hiddenSize: 20 }));
    figure.element.forgetBias = 0;
    figure.element.text = 'Another text of the page';
    await follows(plot, figure, (cell) =>
      randomModel(cell, { seed: 7, hiddenSize: 20, forgetBias: 0 }),
    );
    expect(plot.words).to.have.length(5);
    expect(plot.heard('rnn-error')).to.deep.equal([]);
    expect(plot.heard('rnn-ready'), 'once').to.have.length(1);
  });

  it('shows the cells that it is asked for, in that order', async () => {
    const { figure, plot } = await mountPair(
      'compare="rnn gru" model="random"',
      text,
      'compare="lstm gru"',
    );
    await figure.next(4);
    await follows(plot, figure, untrained, ['lstm', 'gru']);
    await plot.change(() => {
      plot.plot.compare = 'gru';
    });
    await follows(plot, figure, untrained, ['gru']);
  });

  it('shows what it computes for itself of cells that the figure does not run; the figure does not', async () => {
    const { figure, plot } = await mountPair('cell="rnn" model="random"', text);
    await figure.next(5);
    await follows(plot, figure, untrained);
    expect(figure.parts('cell-button').length === 0 || figure.element.cell === 'rnn').to.equal(
      true,
    );
    expect(figure.element.trace, 'of the simple RNN alone').not.to.equal(null);
    await plot.unfold('facts');
    for (const row of plot.rows('facts')) expect(row, row[0]).to.have.length(4);
    for (const row of plot.rows('facts')) expect(row.slice(1), row[0]).not.to.include('–');
  });

  it('moves the figure, and says who moved', async () => {
    const { figure, plot } = await mountPair('cell="lstm" model="random" interval="100"', text);
    figure.forgetEvents();
    plot.forgetEvents();
    await plot.next();
    await plot.goTo(3);
    await plot.press(english.back);
    expect(triggers(plot)).to.deep.equal(['user 1', 'user 4', 'user 3']);
    expect(triggers(figure)).to.deep.equal(['linked 1', 'linked 4', 'linked 3']);
    await figure.next();
    await plot.settled();
    expect(triggers(plot).at(-1)).to.equal('linked 4');
    plot.forgetEvents();
    figure.forgetEvents();
    figure.element.seek(2);
    await bothSettled(figure, plot);
    plot.plot.step = 3;
    await bothSettled(figure, plot);
    expect([plot.wordNow, figure.wordNow]).to.deep.equal(['sat', 'sat']);
    plot.plot.seek(1);
    await bothSettled(figure, plot);
    expect(figure.wordNow).to.equal('The');
    expect([...plot.types, ...figure.types], 'the page’s doing').to.deep.equal([]);
  });

  it('points at the word whose memory is followed there, until the reader points elsewhere', async () => {
    const { figure, plot } = await mountPair('cell="lstm" model="random" step="6"', text);
    await plot.computed();
    figure.element.follow = 2;
    await bothSettled(figure, plot);
    expect(plot.marked).to.equal(2);
    expect(plot.narration).to.contain('at “sat”');
    await plot.pointAt(1);
    expect(plot.marked).to.equal(4);
  });

  it('shows a network under interventions, in every cell that has the gate, and undoes them', async () => {
    const { figure, plot, place: home } = await mountPair('cell="lstm" model="random"', kite);
    home.insertAdjacentHTML('beforeend', '<gate-diagram for="chain"></gate-diagram>');
    const diagram = new Diagram(home.querySelector('gate-diagram')!);
    await diagram.settled();
    await figure.next(10);
    await diagram.hold('forget', 0);
    const held = [hold('forget', 0, 9)];
    await follows(plot, figure, untrained, recurrentCells, held);
    expect(plot.has('intervention')).to.equal(true);
    expect(heldIn(plot)).to.deep.equal(heldIn(diagram));
    await figure.next();
    await follows(plot, figure, untrained, recurrentCells, held);
    diagram.diagram.skip(4);
    await diagram.settled();
    await follows(plot, figure, untrained, recurrentCells, [...held, skip(4)]);
    expect(seen(plot.wordButtons[4])).to.equal('kite');
    expect(plot.wordButtons[4].classList.contains('skipped')).to.equal(true);
    expect(plot.wordButtons[4].getAttribute('aria-label')).to.contain('skipped');

    await plot.press(english.intervention.undoAll);
    await bothSettled(diagram, figure);
    expect(diagram.held).to.deep.equal([]);
    expect(plot.has('intervention')).to.equal(false);
    expect(plot.types).to.include('rnn-gate-release');
    await follows(plot, figure, untrained);
  });

  it('goes on while the reader looks at random networks, and is there again after that', async () => {
    const { figure, plot } = await mountPair('cell="lstm" model="random" step="4"', text);
    await follows(plot, figure, untrained);
    await plot.change(() => plot.choose('source', 1));
    expect(plot.has('words')).to.equal(false);
    const random = plot.chart().innerHTML;
    await figure.next();
    await plot.settled();
    expect(plot.chart().innerHTML, 'random networks read no word').to.equal(random);
    await plot.change(() => plot.choose('source', 0));
    await follows(plot, figure, untrained);
    expect(plot.wordNow).to.equal('the');
  });

  it('is one of two plots, with their own lags, quantities and sources', async () => {
    const { figures, plots } = await page(
      `${visualizer('v', text, 'cell="gru" step="6"')}${plotFor('v')}${plotFor('v', 'source="random"')}`,
    );
    const [a, b] = plots;
    for (const plot of plots) await loaded(plot);
    await a.computed();
    await b.computed();
    await a.pointAt(2);
    expect([a.lag, b.lag]).to.deep.equal([2, 20]);
    await a.press(english.back);
    await follows(a, figures[0], untrained);
    await b.set('recurrentScale', 0.6);
    await follows(a, figures[0], untrained);
    const ids = plots.map((plot) => plot.root.querySelectorAll('[id]').length);
    expect(ids[0]).to.be.above(0);
  });
});
