// The numbers behind the drawing: memory bars, the followed word, single units, definitions, the table, and every width.

import { expect } from '@open-wc/testing';
import { itNeeding, resetMouse, sendKeys, sendMouse, setViewport } from '../support/browser.js';
import '../../src/define/rnn-visualizer.js';
import { initialWeights, Random } from '../../src/engine/index.js';
import { packNetwork, randomModel, storyModel } from '../../src/model/index.js';
import { chance, expected, percent, quantity, value } from '../support/expected.js';
import { eventually, type Figure, frame, mount, seen, widen } from '../support/figure.js';

const text = 'The dog chases a small boat';
const kite = 'Anna has a red kite. The cat sat on the mat. The kite of Anna is';
const all = ['rnn', 'lstm', 'gru'] as const;

describe('memory bars', () => {
  for (const [layout, width] of [
    ['columns', 760],
    ['rows', 360],
  ] as const) {
    it(`are as long as the memory of their word (${layout})`, async () => {
      const figure = await mount(
        `<rnn-visualizer model="random" cell="gru" layout="${layout}">${text}</rnn-visualizer>`,
      );
      await widen(figure, width);
      const truth = expected(randomModel('gru'), text);
      const side = layout === 'columns' ? 'height' : 'width';
      for (let t = 0; t < 6; t++) {
        await figure.next();
        const imprint = Number(figure.bar('gru', t).querySelector('svg .fill')!.getAttribute(side));
        for (let k = 0; k < 6; k++) {
          const bar = figure.bar('gru', k);
          const fill = bar.querySelector('svg .fill');
          if (k > t) {
            expect(fill, 'not read yet').to.equal(null);
            continue;
          }
          const ratio = truth.memory(t, k);
          expect(figure.memory('gru', k)).to.equal(percent(ratio));
          expect(seen(bar)).to.equal(percent(ratio));
          const length = Number(fill!.getAttribute(side));
          expect(length / imprint, `word ${k} after ${t}`).to.be.closeTo(
            Math.min(ratio, 1.4),
            0.03,
          );
        }
      }
    });
  }

  it('show the number of the followed word, and the others when asked', async () => {
    const figure = await mount(`<rnn-visualizer model="random">${text}</rnn-visualizer>`);
    await figure.next(4);
    const shown = (word: number): boolean =>
      getComputedStyle(figure.bar('rnn', word).querySelector('.amount')!).visibility === 'visible';
    expect([0, 1, 2, 3].map(shown)).to.deep.equal([true, false, false, false]);
    figure.bar('rnn', 0).focus();
    await sendKeys({ press: 'ArrowRight' });
    await figure.settled();
    expect([0, 1, 2, 3].map(shown)).to.deep.equal([true, true, false, false]);
  });

  it('say it when a word left no imprint', async () => {
    const known = ['<unk>', '.', 'nothing', 'world'];
    const embedding = new Random('e').normals(4 * 4);
    embedding.fill(0, 8, 12);
    const file = packNetwork(
      {
        embedding,
        cell: initialWeights('rnn', 4, 5, 3),
        readout: { weight: new Random('r').normals(4 * 5), bias: new Random('b').normals(4) },
      },
      known,
    );
    const url = URL.createObjectURL(new Blob([file as BlobPart]));
    const figure = await mount(`<rnn-visualizer model="${url}">nothing world</rnn-visualizer>`);
    URL.revokeObjectURL(url);
    await figure.next(2);
    expect(figure.narration).to.contain('no imprint');
    expect(figure.bar('rnn', 0).getAttribute('aria-label')).to.contain('no imprint');
    expect(figure.bar('rnn', 0).querySelector('svg .fill')).to.equal(null);
    expect(figure.memory('rnn', 1)).to.equal('100%');
    await figure.disclose('table');
    expect(seen(figure.part('table'))).to.contain('no imprint');
    expect(seen(figure.part('base'))).not.to.match(/NaN|Infinity|∞/);
  });
});

describe('following a word', () => {
  it('is a click on its bar', async () => {
    const figure = await mount(
      `<rnn-visualizer compare="rnn lstm gru" model="random">${text}</rnn-visualizer>`,
    );
    await figure.next(5);
    expect(figure.narration).to.contain('4 words after “The”');
    figure.forgetEvents();
    await figure.click(figure.bar('lstm', 2));
    expect(figure.heard('rnn-follow-change')).to.deep.equal([{ index: 2, word: 'chases' }]);
    for (const cell of all) {
      expect(figure.bar(cell, 2).getAttribute('aria-pressed'), cell).to.equal('true');
      expect(figure.bar(cell, 0).getAttribute('aria-pressed'), cell).to.equal('false');
    }
    expect(figure.parts('bar-followed')).to.have.length(3);
    expect(figure.narration).to.contain('2 words after “chases”');
    expect(figure.element.follow).to.equal(2);

    await figure.click(figure.bar('rnn', 5));
    expect(figure.narration, 'a word to come').to.equal('Read “small”.');
    await figure.next();
    expect(figure.narration).to.contain('the word to watch');

    figure.forgetEvents();
    await figure.click(figure.bar('rnn', 5));
    expect(figure.events, 'it is followed already').to.deep.equal([]);
    figure.element.follow = 1;
    await figure.settled();
    expect(figure.bar('gru', 1).getAttribute('aria-pressed')).to.equal('true');
    expect(figure.events, 'what the page does').to.deep.equal([]);
  });

  it('is a few keys', async () => {
    const figure = await mount(
      `<rnn-visualizer compare="rnn lstm" model="random">${text}</rnn-visualizer>`,
    );
    await figure.next(6);
    figure.forgetEvents();
    for (const cell of ['rnn', 'lstm']) {
      const stops = figure
        .parts('bar')
        .filter((bar) => bar.dataset['cell'] === cell && bar.tabIndex === 0);
      expect(stops, `bars of a lane are one tab stop: ${cell}`).to.have.length(1);
    }
    figure.bar('lstm', 0).focus();
    for (const [press, word] of [
      ['ArrowLeft', 0],
      ['ArrowRight', 1],
      ['ArrowRight', 2],
      ['ArrowDown', 3],
      ['ArrowUp', 2],
    ] as const) {
      await sendKeys({ press });
      await figure.settled();
      expect(figure.focused, press).to.equal(figure.bar('lstm', word));
    }
    expect(figure.events).to.deep.equal([]);
    expect(figure.element.step, 'arrow keys on bars do not step').to.equal(6);
    await sendKeys({ press: 'Enter' });
    await figure.settled();
    expect(figure.heard('rnn-follow-change')).to.deep.equal([{ index: 2, word: 'chases' }]);
    expect(figure.focused).to.equal(figure.bar('lstm', 2));
    expect(figure.bar('rnn', 2).getAttribute('aria-pressed')).to.equal('true');
  });
});

describe('single units', () => {
  afterEach(async () => {
    await setViewport({ width: 800, height: 600 });
    await resetMouse();
  });

  /** Points at a unit (column and row of the grid) of the state after a word. */
  async function pointAt(
    figure: Figure,
    state: Element,
    column: number,
    row: number,
  ): Promise<void> {
    state.scrollIntoView({ block: 'center' });
    const box = state.querySelector('.frame')!.getBoundingClientRect();
    await sendMouse({
      type: 'move',
      position: [
        Math.round(box.left + (box.width * (column + 0.5)) / 8),
        Math.round(box.top + (box.height * (row + 0.5)) / 4),
      ],
    });
    await figure.settled();
  }

  const areTold = async (scaled: string): Promise<void> => {
    const figure = await mount(
      `<rnn-visualizer model="random" layout="columns" style="display: block; ${scaled}"
        >${text}</rnn-visualizer>`,
    );
    await setViewport({ width: 1600, height: 800 });
    await widen(figure, 1500);
    await figure.next(3);
    await eventually(() => figure.root.getAnimations().length === 0);
    const truth = expected(randomModel('rnn'), text);
    const states = [...figure.part('states').querySelectorAll('.state')];
    for (const [word, column, row] of [
      [2, 0, 0],
      [2, 7, 3],
      [1, 3, 2],
      [0, 5, 1],
    ]) {
      await pointAt(figure, states[word], column, row);
      const unit = row * 8 + column;
      const told = `after “${truth.tokens[word].text}”, unit ${unit + 1} of 32: ${value(truth.hidden(word)[unit])}`;
      expect(seen(figure.part('base'))).to.contain(told);
      expect(figure.part('states').getAttribute('aria-valuetext')).to.equal(told);
    }
    await pointAt(figure, states[4], 1, 1);
    expect(seen(figure.part('base')), 'a word to come has no units yet').not.to.contain('of 32:');
    await pointAt(figure, states[2], 1, 1);
    expect(seen(figure.part('base'))).to.contain('unit 10 of 32');
    await sendMouse({ type: 'move', position: [1, 1] });
    await figure.settled();
    expect(seen(figure.part('base')), 'the pointer has left').not.to.contain('of 32:');
  };

  it('tell their value when pointed at, on a page that is scaled', () =>
    areTold('transform: scale(1.5); transform-origin: 0 0'));

  itNeeding('places in zoomed content', 'tell it on a page that is zoomed', () =>
    areTold('zoom: 2'),
  );

  it('are read one by one with the arrow keys', async () => {
    for (const [width, cell] of [
      [760, 'gru'],
      [340, 'lstm'],
    ] as const) {
      const figure = await mount(
        `<rnn-visualizer model="random" cell="${cell}">${text}</rnn-visualizer>`,
      );
      await widen(figure, width);
      await figure.next(4);
      const truth = expected(randomModel(cell), text);
      const h = truth.hidden(3);
      const after = `after “${truth.tokens[3].text}”, `;
      const slider = figure.root.querySelector<SVGElement>('[role="slider"]')!;
      slider.focus();
      expect(slider.getAttribute('aria-valuetext')).to.equal(
        `${after}unit 1 of 32: ${value(h[0])}`,
      );
      const heard = new Set<number>();
      for (let i = 0; i < 33; i++) {
        await sendKeys({ press: i % 2 ? 'ArrowRight' : 'ArrowDown' });
        await figure.settled();
        const now = Number(slider.getAttribute('aria-valuenow'));
        heard.add(now);
        expect(now).to.be.within(1, Number(slider.getAttribute('aria-valuemax')));
        expect(slider.getAttribute('aria-valuetext')).to.equal(
          `${after}unit ${now} of 32: ${value(h[now - 1])}`,
        );
      }
      expect(heard.size, 'every unit').to.equal(32);
      const before = slider.getAttribute('aria-valuenow');
      await sendKeys({ press: 'ArrowLeft' });
      await figure.settled();
      expect(slider.getAttribute('aria-valuenow')).not.to.equal(before);
      for (const [press, unit] of [
        ['End', 32],
        ['Home', 1],
      ] as const) {
        await sendKeys({ press });
        await figure.settled();
        expect(slider.getAttribute('aria-valuenow'), press).to.equal(String(unit));
      }
      expect(figure.element.step, 'keys on units do not step').to.equal(4);
    }
  });
});

describe('“How is this computed?”', () => {
  it('gives the numbers behind the followed word, for every cell', async () => {
    const figure = await mount(
      `<rnn-visualizer compare="rnn lstm gru" follow="3">${kite}</rnn-visualizer>`,
    );
    const details = await figure.disclose('details');
    expect(seen(details)).to.contain('a vector of zeros in place of that word');
    expect(seen(details), 'nothing to tell yet').not.to.contain('imprint 0');
    for (const step of [4, 11, 18]) {
      figure.element.seek(step);
      await figure.settled();
      for (const cell of all) {
        const truth = expected(await storyModel(cell), kite);
        const t = step - 1;
        expect(seen(details), `${cell} at ${step}`).to.contain(
          `“red” now: distance ${quantity(truth.distance(t, 3))}, imprint ${quantity(truth.distance(3, 3))}, ` +
            `memory ${percent(truth.memory(t, 3))}; local influence ${quantity(truth.influence(t, 3))}.`,
        );
      }
    }
    await figure.disclose('details', false);
    expect(seen(details)).to.equal('How is this computed?');
  });

  it('states the convention of the cell', async () => {
    for (const [cell, formula] of [
      ['feedforward', 'h = tanh(W x + b)'],
      ['rnn', 'h = tanh(W x + b + U h₋ + b′)'],
      ['lstm', 'c = f ⊙ c₋ + i ⊙ g'],
      ['gru', 'h = (1 − z) ⊙ n + z ⊙ h₋'],
    ]) {
      const figure = await mount(
        `<rnn-visualizer cell="${cell}" model="random">${text}</rnn-visualizer>`,
      );
      expect(seen(await figure.disclose('details'))).to.contain(formula);
    }
  });
});

describe('the table', () => {
  it('has a row for every word read, with the trace’s numbers', async () => {
    const figure = await mount(`<rnn-visualizer cell="lstm">${kite}</rnn-visualizer>`);
    const truth = expected(await storyModel('lstm'), kite);
    const rows = (): string[][] =>
      [...figure.part('table').querySelectorAll('tbody tr')].map((row) =>
        [...row.children].map(seen),
      );
    await figure.disclose('table');
    expect(figure.has('table'), 'nothing read yet').to.equal(false);
    for (const step of [1, 7, 18]) {
      figure.element.seek(step);
      await figure.settled();
      expect(rows()).to.deep.equal(
        truth.tokens.slice(0, step).map((token, t) => {
          const [best] = truth.predictions(t);
          return [
            String(t + 1),
            token.text,
            percent(truth.memory(step - 1, t)),
            value(truth.gateMean('input', t)),
            value(truth.gateMean('forget', t)),
            value(truth.gateMean('candidate', t)),
            value(truth.gateMean('output', t)),
            `${best.word} ${chance(best.probability)}`,
          ];
        }),
      );
    }
    expect([...figure.part('table').querySelectorAll('thead th')].map(seen)).to.deep.equal([
      'step',
      'word',
      'memory now',
      'input gate, mean',
      'forget gate, mean',
      'candidate, mean',
      'output gate, mean',
      'expected next',
    ]);
  });

  it('is one for each cell, without expectations where there are none', async () => {
    const figure = await mount(
      `<rnn-visualizer compare="rnn gru" model="random" step="6">${text}</rnn-visualizer>`,
    );
    const details = await figure.disclose('table');
    const tables = [...details.querySelectorAll('table')];
    expect(tables.map((table) => seen(table.caption))).to.deep.equal([
      'Simple RNN: one row for each step, at most the last 300',
      'GRU: one row for each step, at most the last 300',
    ]);
    expect(tables.map((table) => table.tHead!.rows[0].cells.length)).to.deep.equal([3, 6]);
  });
});

describe('the predictions', () => {
  it('are handed out for the step that is shown', async () => {
    const figure = await mount(`<rnn-visualizer compare="lstm gru">${kite}</rnn-visualizer>`);
    const { element } = figure;
    expect(element.predictionsFor('lstm'), 'before the first word').to.equal(null);
    expect(element.predictionsFor('rnn'), 'it does not run').to.equal(null);
    await figure.toTheEnd();
    for (const cell of ['lstm', 'gru'] as const) {
      const truth = expected(await storyModel(cell), kite).predictions(figure.words.length - 1);
      expect(element.predictionsFor(cell)).to.deep.equal(truth);
      expect(element.predictionsFor(cell, 2)).to.deep.equal(truth.slice(0, 2));
      const every = element.predictionsFor(cell, Infinity)!;
      expect(every.slice(0, 5)).to.deep.equal(truth);
      expect(new Set(every.map(({ word }) => word)).size, 'the vocabulary').to.equal(every.length);
      expect(every.length).to.be.greaterThan(100);
    }
    const untrained = await mount(
      `<rnn-visualizer model="random" cell="rnn" step="3">${text}</rnn-visualizer>`,
    );
    expect(untrained.element.predictionsFor('rnn')).to.equal(null);
  });
});

describe('the trace', () => {
  it('is a value: what was handed out never changes, and changing it changes nothing', async () => {
    const element = document.createElement('rnn-visualizer');
    expect(element.trace).to.equal(null);
    const figure = await mount(
      `<rnn-visualizer model="random" compare="lstm rnn">${text}</rnn-visualizer>`,
    );
    await figure.next(3);
    const first = figure.element.trace!;
    const truth = expected(randomModel('lstm'), text).trace;
    expect([first.cell, first.length, first.hiddenSize]).to.deep.equal(['lstm', 3, 32]);
    const copy = structuredClone(first);
    await figure.toTheEnd();
    expect(first).to.deep.equal(copy);
    const last = figure.element.trace!;
    expect(last).to.deep.equal(truth);
    expect(figure.element.traceFor('rnn')).to.deep.equal(expected(randomModel('rnn'), text).trace);
    expect(figure.element.traceFor('gru')).to.equal(null);

    const shown = seen(figure.part('base'));
    last.h.fill(7);
    last.c!.fill(7);
    figure.element.requestUpdate();
    await figure.settled();
    await figure.press('Back');
    await figure.next();
    expect(seen(figure.part('base'))).to.equal(shown);
  });
});

describe('every width', () => {
  after(async () => {
    await setViewport({ width: 800, height: 600 });
  });

  const scrolls = '.scroller, .rows-scroll, .table-scroll';

  const asColumns = (figure: Figure): boolean => {
    const [first, second] = figure.wordButtons.map((word) => word.getBoundingClientRect());
    return second.top < first.bottom;
  };

  /** What is seen of an element: without what its scroll box hides. */
  const visibleBox = (element: Element): DOMRect => {
    const box = element.getBoundingClientRect();
    const around = element.closest(scrolls)?.getBoundingClientRect() ?? box;
    const left = Math.max(box.left, around.left);
    const top = Math.max(box.top, around.top);
    const [right, bottom] = [
      Math.min(box.right, around.right),
      Math.min(box.bottom, around.bottom),
    ];
    return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  };

  /** Everything stands inside the figure, unless it scrolls; no two things to click overlap, and all can be hit. */
  const check = (figure: Figure, when: string): void => {
    const { element } = figure;
    expect(element.scrollWidth, when).to.be.at.most(element.clientWidth);
    const frame = element.getBoundingClientRect();
    for (const inner of figure.root.querySelectorAll('button, input, select, p, svg, h3, li')) {
      if (inner.closest(scrolls) || inner.closest('.hidden') || !inner.checkVisibility()) continue;
      const box = inner.getBoundingClientRect();
      const name = `${when}: ${inner.getAttribute('class')} ${seen(inner).slice(0, 40)}`;
      expect(box.right, name).to.be.at.most(frame.right + 1);
      expect(box.left, name).to.be.at.least(frame.left - 1);
    }
    const targets = [
      ...figure.root.querySelectorAll('button, input, select, summary, textarea'),
    ].filter((target) => target.checkVisibility());
    const boxes = targets.map(visibleBox);
    for (const [i, a] of boxes.entries()) {
      const name = `${when}: ${targets[i].getAttribute('aria-label') ?? seen(targets[i])}`;
      const { width, height } = targets[i].getBoundingClientRect();
      expect(width, name).to.be.at.least(23.9);
      expect(height, name).to.be.at.least(23.9);
      // the stepping buttons and the followed word stay in reach above what scrolls
      const above = '.transport, .pin, .pinned';
      if (targets[i].closest(above)) continue;
      for (const [j, b] of boxes.entries()) {
        if (j <= i || targets[j].closest(above)) continue;
        const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        expect(x > 1 && y > 1, `${name} and ${seen(targets[j])} overlap`).to.equal(false);
      }
    }
  };

  /** In rows, the name of each cell stands over what is of it, whether or not a scroll bar takes room beside that. */
  const checkHeads = ({ root }: Figure): void => {
    const heads = [...root.querySelectorAll('.lane-head')];
    const lanes = root.querySelectorAll('.rows-scroll .lane-cell');
    expect(lanes.length).to.be.at.least(heads.length);
    for (const [i, head] of heads.entries())
      expect(head.getBoundingClientRect().left).to.be.closeTo(
        lanes[i].getBoundingClientRect().left,
        0.5,
      );
  };

  for (const width of [280, 360, 680, 1280]) {
    for (const attributes of [
      'cell="rnn"',
      'cell="lstm"',
      'compare="rnn lstm gru"',
      'compare="lstm gru" model="random"',
      'cell="gru" layout="columns"',
      'compare="rnn gru" layout="rows"',
    ]) {
      it(`holds ${attributes} in ${width} px`, async () => {
        const figure = await mount(`<rnn-visualizer ${attributes}>${kite}</rnn-visualizer>`);
        await widen(figure, width);
        expect(figure.element.clientWidth).to.equal(width);
        for (const step of [0, 9, 18]) {
          figure.element.seek(step);
          await figure.settled();
          check(figure, `step ${step}`);
          checkHeads(figure);
        }
        await figure.disclose('details');
        await figure.disclose('table');
        check(figure, 'disclosed');
        if (attributes.includes('layout="columns"')) expect(asColumns(figure)).to.equal(true);
        else if (attributes.includes('layout="rows"')) expect(asColumns(figure)).to.equal(false);
        else if (width >= 1280) expect(asColumns(figure)).to.equal(true);
        else if (width <= 360) expect(asColumns(figure)).to.equal(false);
      });
    }
  }

  it('reflows in a window of 320 px without scrolling sideways', async () => {
    await setViewport({ width: 320, height: 640 });
    const figure = await mount('<rnn-visualizer compare="rnn lstm gru" step="9"></rnn-visualizer>');
    await frame();
    await frame();
    expect(document.scrollingElement!.scrollWidth).to.be.at.most(320);
    check(figure, '320 px window');
  });

  it('follows its container when that changes', async () => {
    const figure = await mount(`<rnn-visualizer>${kite}</rnn-visualizer>`);
    for (const [width, columns] of [
      [1280, true],
      [360, false],
      [1280, true],
    ] as const) {
      await widen(figure, width);
      await eventually(() => asColumns(figure) === columns);
      check(figure, String(width));
    }
  });

  it('words are not cut where the page has larger text', async () => {
    const figure = await mount(
      '<rnn-visualizer model="random">Grandmothers photographed enormous elephants</rnn-visualizer>',
    );
    for (const size of [16, 19, 22]) {
      figure.element.style.fontSize = `${size}px`;
      for (const width of [900, 901, 400, 401]) {
        await widen(figure, width);
        await figure.settled();
        const cut = [...figure.root.querySelectorAll('.word')].filter(
          (word) => word.scrollWidth > word.clientWidth + 1,
        );
        expect(cut.map(seen), `${size} px text, ${width} px wide`).to.deep.equal([]);
      }
    }
  });

  it('nothing moves while the sentence is read: the next click finds its button', async () => {
    for (const attributes of ['cell="lstm"', 'compare="rnn lstm gru"']) {
      const figure = await mount(`<rnn-visualizer ${attributes}>${kite}</rnn-visualizer>`);
      for (const width of [280, 360, 680, 1280]) {
        await widen(figure, width);
        const top = (): number =>
          Math.round(
            figure.field.getBoundingClientRect().top - figure.element.getBoundingClientRect().top,
          );
        figure.element.reset();
        await figure.settled();
        const before = top();
        for (let step = 1; step < 18; step++) {
          await figure.next();
          expect(top(), `${attributes}, step ${step} at ${width} px`).to.equal(before);
        }
      }
    }
  });
});
