// A <gate-diagram> that follows a <rnn-visualizer>: finds it whenever it comes, goes where it goes, and moves it.

import { expect, fixture, waitUntil } from '@open-wc/testing';
import '../../src/define/gate-diagram.js'; // the visualizer is defined later
import { englishDiagram } from '../../src/model/diagram-strings.js';
import type { CellType } from '../../src/engine/index.js';
import {
  english,
  randomModel,
  storyModel,
  trainedModel,
  type SentenceModel,
} from '../../src/model/index.js';
import { value } from '../support/expected.js';
import { contentOf, eventually, Figure, frame, seen } from '../support/figure.js';
import { randomNetwork } from '../support/model.js';
import {
  bothSettled,
  Diagram,
  meanOf,
  mountPair,
  page,
  readUnder,
  undoName,
} from '../support/diagram.js';

const text = 'The cat sat on the mat';
const other = 'The bird sat on the roof';
const place = (): Promise<HTMLElement> => fixture<HTMLElement>('<div></div>');

/** Both show the same place of the same text, and the diagram the numbers of the network that the visualizer runs. */
async function follows(diagram: Diagram, figure: Figure, model: SentenceModel): Promise<void> {
  await bothSettled(figure, diagram);
  expect(diagram.words).to.deep.equal(figure.words);
  expect(diagram.wordNow).to.equal(figure.wordNow);
  expect(diagram.diagram.step).to.equal(figure.element.step);
  const t = figure.element.step - 1;
  const { parts } = readUnder(model, figure.words.join(' ')).anatomy(Math.max(0, t));
  for (const id of diagram.ids) {
    expect(diagram.mean(id), `${id} at ${t}`).to.equal(t < 0 ? '' : value(meanOf(parts[id]!)));
  }
}

describe('a visualizer that is defined later', () => {
  it('is followed when it is', async () => {
    expect(customElements.get('rnn-visualizer')).to.equal(undefined);
    const home = await place();
    home.innerHTML = `<gate-diagram for="late"></gate-diagram>
      <rnn-visualizer id="late" cell="gru" step="3">${text}</rnn-visualizer>`;
    const diagram = new Diagram(home.querySelector('gate-diagram')!);
    await diagram.settled();
    expect(diagram.words, 'nothing to read yet').to.deep.equal([]);
    expect(diagram.has('problem')).to.equal(false);
    await import('../../src/define/rnn-visualizer.js');
    const figure = new Figure(home.querySelector('rnn-visualizer')!);
    await figure.until('rnn-ready');
    await follows(diagram, figure, await storyModel('gru'));
    await diagram.next();
    await follows(diagram, figure, await storyModel('gru'));
    expect(figure.wordNow).to.equal('on');
  });
});

describe('the visualizer that is followed', () => {
  const lstm = randomModel('lstm');
  const visualizer = (id: string, sentence = text, attributes = 'cell="lstm"'): string =>
    `<rnn-visualizer id="${id}" model="random" ${attributes}>${sentence}</rnn-visualizer>`;
  const diagramFor = (id: string): string => `<gate-diagram for="${id}"></gate-diagram>`;

  before(() => import('../../src/define/rnn-visualizer.js'));

  it('may stand before it or after it', async () => {
    for (const markup of [
      visualizer('v') + diagramFor('v'),
      diagramFor('v') + visualizer('v'),
      `<section>${diagramFor('v')}</section><p>${visualizer('v')}</p>`,
    ]) {
      const { figures, diagrams, place: home } = await page(markup);
      await follows(diagrams[0], figures[0], lstm);
      await figures[0].next(2);
      await follows(diagrams[0], figures[0], lstm);
      await diagrams[0].next();
      await follows(diagrams[0], figures[0], lstm);
      expect(figures[0].wordNow).to.equal('sat');
      home.remove();
    }
  });

  it('may run networks that were trained on the page', async () => {
    const { figures, diagrams } = await page(visualizer('v') + diagramFor('v'));
    const [[figure], [diagram]] = [figures, diagrams];
    await figure.next(3);
    const words = ['<unk>', 'the', 'cat', 'mat'];
    const trained = (cell: CellType) => trainedModel('trained', randomNetwork(cell, words), words);
    const model = trained('lstm');
    figure.element.linkedModels(new Map([['lstm', model]]));
    await figure.until('rnn-model-change');
    await follows(diagram, figure, model);
    expect(diagram.wordNow).to.equal('sat');
    expect(diagram.parts('word').map((word) => word.classList.contains('unknown'))).to.deep.equal([
      false,
      false,
      true,
      true,
      false,
      false,
    ]);
    await diagram.next();
    await follows(diagram, figure, model);

    const alone = new Diagram(
      await fixture(`<gate-diagram model="random" loading="eager">The cat sat</gate-diagram>`),
    );
    await alone.settled();
    alone.diagram.linkedModels(new Map([['gru', trained('gru')]]));
    await alone.until('rnn-model-change');
    expect(seen(alone.part('model'))).to.equal(english.modelBadge.trained);
  });

  it('may be removed and come back', async () => {
    const { figures, diagrams } = await page(visualizer('v') + diagramFor('v'));
    const [[figure], [diagram]] = [figures, diagrams];
    await figure.next(3);
    await follows(diagram, figure, lstm);
    const home = figure.element.parentElement!;
    figure.element.remove();
    await diagram.settled();
    expect(diagram.wordNow, 'what was shown last').to.equal('sat');
    await diagram.next();
    expect(diagram.wordNow, 'and can be stepped').to.equal('on');
    home.append(figure.element);
    await follows(diagram, figure, lstm);
    diagram.forgetEvents();
    figure.forgetEvents();
    await figure.next();
    await follows(diagram, figure, lstm);
    expect(diagram.types).to.deep.equal(['rnn-step']);
    await diagram.press(english.back);
    await follows(diagram, figure, lstm);
    expect(figure.heard('rnn-step').map(({ trigger }) => trigger)).to.deep.equal([
      'user',
      'linked',
    ]);
  });

  it('may be replaced by another one with its id', async () => {
    const {
      figures,
      diagrams,
      place: home,
    } = await page(`${visualizer('v')}${visualizer('w', other)}${diagramFor('v')}`);
    const [[first, second], [diagram]] = [figures, diagrams];
    await first.next(2);
    await follows(diagram, first, lstm);
    const fresh = new Figure(document.createElement('rnn-visualizer'));
    Object.assign(fresh.element, { id: 'v', model: 'random', cell: 'lstm', text: other, step: 4 });
    first.element.replaceWith(fresh.element);
    await fresh.until('rnn-ready');
    await follows(diagram, fresh, lstm);
    expect(diagram.wordNow).to.equal('on');
    diagram.forgetEvents();
    await first.next();
    await bothSettled(first, diagram);
    expect(diagram.events, 'of one that is followed no longer').to.deep.equal([]);
    expect(diagram.wordNow).to.equal('on');

    // an id that goes from one to the other
    fresh.element.id = '';
    second.element.id = 'v';
    await follows(diagram, second, lstm);
    expect(home.contains(first.element)).to.equal(false);
  });

  it('may get its id later, and lose it', async () => {
    const { figures, diagrams } = await page(visualizer('') + diagramFor('v'));
    const [[figure], [diagram]] = [figures, diagrams];
    expect(diagram.words).to.deep.equal([]);
    figure.element.id = 'v';
    await follows(diagram, figure, lstm);
    await figure.next(2);
    figure.element.id = 'u';
    await diagram.settled();
    await figure.next();
    diagram.forgetEvents();
    await figure.next();
    expect(diagram.events, 'not followed any more').to.deep.equal([]);
  });

  it('is another one as soon as the diagram says so; without a name it reads its own text', async () => {
    const { figures, diagrams } = await page(
      `${visualizer('v')}${visualizer('w', other, 'cell="gru"')}
       <gate-diagram for="v" model="random" cell="lstm">Something of its own</gate-diagram>`,
    );
    const [[first, second], [diagram]] = [figures, diagrams];
    await first.next(2);
    await second.next(5);
    await follows(diagram, first, lstm);
    diagram.diagram.setAttribute('for', 'w');
    await diagram.settled();
    await follows(diagram, second, randomModel('gru'));
    expect(diagram.wordNow).to.equal('the');
    expect(diagram.heard('rnn-ready'), 'once').to.have.length(1);

    diagram.diagram.removeAttribute('for');
    await waitUntil(() => diagram.words.length === 4);
    await diagram.settled();
    expect(diagram.words.join(' ')).to.equal('Something of its own');
    expect(diagram.wordNow).to.equal(null);
    diagram.forgetEvents();
    await diagram.next(3);
    expect(diagram.wordNow).to.equal('its');
    expect([first.element.step, second.element.step], 'alone').to.deep.equal([2, 5]);
    expect(diagram.heard('rnn-step').map(({ trigger }) => trigger)).to.deep.equal(
      Array(3).fill('user'),
    );
    await second.next();
    expect(diagram.heard('rnn-step')).to.have.length(3);

    diagram.diagram.htmlFor = 'v';
    await diagram.settled();
    await follows(diagram, first, lstm);
    diagram.diagram.htmlFor = '';
    await diagram.settled();
    expect(diagram.wordNow, 'where it was alone').to.equal('its');
  });

  it('is followed by a diagram that was away', async () => {
    const { figures, diagrams, place: home } = await page(visualizer('v') + diagramFor('v'));
    const [[figure], [diagram]] = [figures, diagrams];
    await figure.next(2);
    await diagram.settled();
    diagram.forgetEvents();
    diagram.diagram.remove();
    await figure.next(2);
    expect(diagram.events).to.deep.equal([]);
    home.prepend(diagram.diagram);
    await follows(diagram, figure, lstm);
    await figure.next();
    await follows(diagram, figure, lstm);
    expect(diagram.types, 'listens once').to.deep.equal(['rnn-step']);
    // moved at once
    const elsewhere = await place();
    elsewhere.append(diagram.diagram);
    await follows(diagram, figure, lstm);
    diagram.forgetEvents();
    await figure.next();
    expect(diagram.types).to.deep.equal(['rnn-step']);
  });

  it('is the one in the same shadow root', async () => {
    const outside = await page(visualizer('v', other) + diagramFor('v'));
    const host = await place();
    const root = host.attachShadow({ mode: 'open' });
    root.append(contentOf(diagramFor('v') + diagramFor('w') + visualizer('v')));
    const [diagram, none] = [...root.querySelectorAll('gate-diagram')].map(
      (each) => new Diagram(each),
    );
    const figure = new Figure(root.querySelector('rnn-visualizer')!);
    await outside.figures[0].next(4);
    await figure.settled();
    await figure.next(2);
    await follows(diagram, figure, lstm);
    await follows(outside.diagrams[0], outside.figures[0], lstm);
    expect(diagram.words.join(' ')).to.equal(text);
    expect(none.words, 'nobody with that id in this root').to.deep.equal([]);
    // out of the shadow root it finds the other one
    outside.place.append(diagram.diagram);
    await follows(diagram, outside.figures[0], lstm);
  });

  it('is a visualizer: what is none is not followed', async () => {
    const { diagrams } = await page(
      `<p id="v">Nothing to follow</p><gate-diagram id="w" for="w"></gate-diagram>${diagramFor('v')}`,
    );
    for (const diagram of diagrams) {
      expect(diagram.words).to.deep.equal([]);
      await diagram.click(diagram.part('next'));
      expect(diagram.events).to.deep.equal([]);
    }
  });

  it('that is not there is named after a while, and the page is told; and no longer when it is there', async () => {
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
    const said = (id: string): { code: string; message: string }[] => [
      { code: 'bad-attribute', message: englishDiagram.lost(id) },
    ];
    try {
      const {
        figures,
        diagrams,
        place: home,
      } = await page(`
        ${diagramFor('nowhere')}
        <gate-diagram id="alone" model="random">${text}</gate-diagram>
        ${visualizer('gone')}${diagramFor('gone')}
        ${diagramFor('late')}
        ${diagramFor('away')}
        ${diagramFor('nowhere')}
      `);
      const [never, alone, gone, late, away, changed] = diagrams;
      alone.diagram.htmlFor = 'none';
      figures[0].element.remove();
      await bothSettled(...diagrams);
      expect(due.size, 'six wait').to.equal(6);
      const first = [...due.keys()];
      away.diagram.remove();
      changed.diagram.htmlFor = 'another';
      home.insertAdjacentHTML('beforeend', visualizer('late'));
      await bothSettled(...diagrams);
      expect(due.size, 'the one that was taken away and the one that has found it do not').to.equal(
        4,
      );
      for (const id of first) due.get(id)?.();
      await bothSettled(...diagrams);
      for (const diagram of [late, away, changed]) {
        expect(diagram.heard('rnn-error'), diagram.diagram.htmlFor).to.deep.equal([]);
        expect(diagram.has('problem'), diagram.diagram.htmlFor).to.equal(false);
      }
      for (const [diagram, id] of [
        [never, 'nowhere'],
        [alone, 'none'],
        [gone, 'gone'],
      ] as const) {
        expect(diagram.heard('rnn-error'), id).to.deep.equal(said(id));
        expect(seen(diagram.part('problem')), id).to.equal(englishDiagram.lost(id));
        expect(diagram.narration).to.contain(englishDiagram.lost(id));
      }
      for (const act of due.values()) act();
      await bothSettled(...diagrams);
      expect(changed.heard('rnn-error')).to.deep.equal(said('another'));

      home.insertAdjacentHTML('beforeend', visualizer('nowhere'));
      home.append(figures[0].element);
      alone.diagram.htmlFor = '';
      for (const diagram of [never, alone, gone]) {
        while (diagram.words.length === 0) await frame();
        await diagram.settled();
        expect(diagram.has('problem'), diagram.diagram.htmlFor).to.equal(false);
        expect(diagram.heard('rnn-error'), 'said once').to.have.length(1);
        expect(diagram.words.join(' ')).to.equal(text);
        await diagram.next(2);
        expect(diagram.wordNow).to.equal('cat');
      }
    } finally {
      Object.assign(window, { setTimeout: start, clearTimeout: stop });
    }
  });

  it('keeps no listener of a diagram that was taken away', async () => {
    const {
      figures: [figure],
      place: home,
    } = await page(visualizer('v'));
    const { element } = figure;
    const { session } = element;
    const own = (): number => (session as unknown as { listeners: Set<unknown> }).listeners.size;
    const before = own();
    const heard = new Set<unknown>();
    const observing = new Set<unknown>();
    /** Has a method tell whom it is called on, and with what. */
    function spy(
      on: object,
      name: string,
      tell: (self: unknown, args: unknown[]) => void,
    ): () => void {
      const original = (on as Record<string, unknown>)[name] as (...args: unknown[]) => unknown;
      Object.assign(on, {
        [name](this: unknown, ...args: unknown[]): unknown {
          tell(this, args);
          return original.apply(this, args);
        },
      });
      return () => Object.assign(on, { [name]: original });
    }
    const undo = [
      spy(element, 'addEventListener', (_, args) => heard.add(args[1])),
      spy(element, 'removeEventListener', (_, args) => heard.delete(args[1])),
      spy(MutationObserver.prototype, 'observe', (self) => observing.add(self)),
      spy(MutationObserver.prototype, 'disconnect', (self) => observing.delete(self)),
    ];
    try {
      const diagram = new Diagram(document.createElement('gate-diagram'));
      diagram.diagram.htmlFor = 'v';
      for (let i = 0; i < 3; i++) {
        home.append(diagram.diagram);
        await diagram.settled();
        await figure.next();
        await follows(diagram, figure, lstm);
        expect([heard.size, own()]).to.deep.equal([1, before + 1]);
        expect(observing.size).to.be.above(0);
        diagram.diagram.remove();
        await diagram.settled();
        expect([heard.size, own(), observing.size]).to.deep.equal([0, before, 0]);
      }
    } finally {
      for (const each of undo) each();
    }
  });
});

describe('a diagram that follows', () => {
  before(() => import('../../src/define/rnn-visualizer.js'));

  const triggers = (figure: Figure): string[] =>
    figure.heard('rnn-step').map(({ trigger, step }) => `${trigger} ${step}`);

  it('shows text, step, cell and weights of the figure', async () => {
    const { figure, diagram } = await mountPair('cell="lstm"', text);
    await follows(diagram, figure, await storyModel('lstm'));
    expect(diagram.has('model'), 'said by the figure').to.equal(false);
    await figure.next(3);
    await follows(diagram, figure, await storyModel('lstm'));
    await figure.press('GRU');
    await eventually(() => diagram.ids.includes('update'));
    await follows(diagram, figure, await storyModel('gru'));
    await figure.press('Simple RNN');
    await eventually(() => diagram.ids.includes('sum'));
    await follows(diagram, figure, await storyModel('rnn'));
    await figure.press('Use untrained ones');
    await follows(diagram, figure, randomModel('rnn'));
    await figure.paste(other);
    await follows(diagram, figure, randomModel('rnn'));
    figure.element.cell = 'feedforward';
    await follows(diagram, figure, randomModel('feedforward'));
    figure.element.seed = 7;
    figure.element.step = 5;
    await follows(diagram, figure, randomModel('feedforward', { seed: 7 }));
    figure.element.text = 'Another text of the page';
    await follows(diagram, figure, randomModel('feedforward', { seed: 7 }));
    expect(diagram.words).to.have.length(5);
    expect(diagram.heard('rnn-error')).to.deep.equal([]);
    expect(diagram.heard('rnn-ready'), 'once').to.have.length(1);
  });

  it('says who moved: the reader here, the reader there, auto play; and nothing of what the page does', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" model="random" interval="100"', text);
    figure.forgetEvents();
    await diagram.next();
    await diagram.goTo(3);
    await diagram.press(english.back);
    expect(triggers(diagram)).to.deep.equal(['user 1', 'user 4', 'user 3']);
    expect(triggers(figure)).to.deep.equal(['linked 1', 'linked 4', 'linked 3']);
    expect(diagram.heard('rnn-step')[1]).to.deep.equal({
      index: 3,
      step: 4,
      total: 6,
      word: 'on',
      cells: ['lstm'],
      trigger: 'user',
    });
    const forget = async (): Promise<void> => {
      await bothSettled(figure, diagram);
      diagram.forgetEvents();
      figure.forgetEvents();
    };
    await forget();
    await figure.next();
    await figure.press('Go to word 1, The');
    expect(triggers(figure)).to.deep.equal(['user 4', 'user 1']);
    expect(triggers(diagram)).to.deep.equal(['linked 4', 'linked 1']);
    await forget();
    await figure.press('Auto play');
    await figure.until('rnn-step', 2);
    await figure.press('Pause');
    expect(triggers(figure).slice(0, 2)).to.deep.equal(['autoplay 2', 'autoplay 3']);
    expect(triggers(diagram)).to.deep.equal(
      triggers(figure).map((each) => each.replace('autoplay', 'linked')),
    );
    await forget();
    figure.element.step = 5;
    await bothSettled(figure, diagram);
    figure.element.seek(2);
    figure.element.next();
    await bothSettled(figure, diagram);
    expect([figure.types, diagram.types]).to.deep.equal([[], []]);
    expect(diagram.wordNow).to.equal('sat');
  });

  it('stops auto play when its reader moves', async () => {
    const { figure, diagram } = await mountPair(
      'cell="lstm" model="random" interval="60000"',
      text,
    );
    await figure.press('Auto play');
    figure.forgetEvents();
    await diagram.next();
    await figure.settled();
    expect(figure.types).to.deep.equal(['rnn-pause', 'rnn-step']);
    expect(seen(figure.part('play'))).to.equal('Auto play');
  });

  it('reads to the end without completing what is the figure’s to complete', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" model="random"', text);
    await diagram.toTheEnd();
    expect(diagram.heard('rnn-step')).to.have.length(6);
    expect(diagram.heard('rnn-complete')).to.deep.equal([]);
    expect(figure.heard('rnn-complete')).to.deep.equal([{ total: 6, cells: ['lstm'] }]);
    expect(diagram.heard('rnn-ready'), 'once').to.have.length(1);
  });

  it('shows one of several cells, the one that its author or its reader wants', async () => {
    const { figure, diagram } = await mountPair(
      'compare="rnn lstm gru" model="random" step="3"',
      text,
    );
    const { cellName } = english;
    expect(diagram.cellShown).to.equal(cellName.lstm);
    expect(diagram.parts('cell-button').map(seen)).to.deep.equal([
      cellName.rnn,
      cellName.lstm,
      cellName.gru,
    ]);
    figure.forgetEvents();
    diagram.forgetEvents();
    for (const cell of ['gru', 'rnn', 'lstm'] as const) {
      await diagram.press(cellName[cell]);
      expect(diagram.cellShown).to.equal(cellName[cell]);
      await follows(diagram, figure, randomModel(cell));
    }
    expect(diagram.heard('rnn-cell-change')).to.deep.equal(
      ['gru', 'rnn', 'lstm'].map((cell) => ({ cells: [cell] })),
    );
    await diagram.press(cellName.lstm);
    expect(diagram.types, 'it is shown already').to.have.length(3);
    expect(figure.events, 'all of them run on').to.deep.equal([]);
    expect(figure.element.compare).to.equal('rnn lstm gru');

    await figure.press('GRU');
    await follows(diagram, figure, randomModel('gru'));
    expect(diagram.has('cells'), 'one runs: nothing to choose').to.equal(false);
    await figure.press('Side by side');
    await follows(diagram, figure, randomModel('lstm'));
    expect(diagram.cellShown, 'as chosen before').to.equal(cellName.lstm);

    figure.element.remove();
    const wanted = await mountPair('compare="rnn lstm gru" model="random"', text, 'cell="rnn"');
    expect(wanted.diagram.cellShown).to.equal(cellName.rnn);
    wanted.diagram.diagram.cell = 'gru';
    await wanted.diagram.settled();
    expect(wanted.diagram.cellShown).to.equal(cellName.gru);
    wanted.figure.element.remove();
    const without = await mountPair('compare="rnn gru" model="random"', text);
    expect(without.diagram.cellShown, 'no LSTM runs: the one with gates').to.equal(cellName.gru);
  });

  it('marks the unit that is picked in the figure, and the other way round', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" model="random" step="3"', text);
    const states = figure.part('states');
    const markedThere = (): string | null => states.getAttribute('aria-valuenow');
    await diagram.pickUnit(12);
    await figure.settled();
    expect(diagram.heard('rnn-unit-select')).to.deep.equal([{ cell: 'lstm', unit: 12 }]);
    expect(markedThere()).to.equal('13');
    expect(states.querySelectorAll('.unit-mark')).to.have.length(1);
    for (const id of diagram.ids) expect(diagram.marked(id), id).to.equal(id === 'x' ? -1 : 12);
    expect(diagram.diagram.unit).to.equal(12);
    diagram.forgetEvents();
    await diagram.pickUnit(12);
    expect(diagram.events, 'it is picked already').to.deep.equal([]);

    states.focus();
    states.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }),
    );
    await bothSettled(figure, diagram);
    expect(markedThere()).to.equal('14');
    expect(diagram.marked('c')).to.equal(13);
    expect(diagram.unitSlider.value).to.equal('14');
    expect(seen(diagram.unitSlider.parentElement)).to.contain(englishDiagram.unitOf(14, 32));
    expect(diagram.events, 'not the reader of the diagram').to.deep.equal([]);
    // it stays when the reader goes on
    await figure.next();
    await diagram.settled();
    expect(diagram.marked('h')).to.equal(13);
    states.blur();
    diagram.diagram.unit = 3;
    await bothSettled(diagram, figure);
    expect(markedThere()).to.equal('4');
    expect(diagram.heard('rnn-unit-select'), 'the page did').to.deep.equal([]);
  });

  it('is one of two that follow one figure', async () => {
    const { figures, diagrams } = await page(
      `<gate-diagram for="v"></gate-diagram>
       <rnn-visualizer id="v" compare="lstm gru" model="random">${text}</rnn-visualizer>
       <gate-diagram for="v" cell="gru"></gate-diagram>`,
    );
    const [[figure], [first, second]] = [figures, diagrams];
    await first.next(2);
    await follows(first, figure, randomModel('lstm'));
    await follows(second, figure, randomModel('gru'));
    expect(triggers(first)).to.deep.equal(['user 1', 'user 2']);
    expect(triggers(second)).to.deep.equal(['linked 1', 'linked 2']);
    expect(triggers(figure)).to.deep.equal(['linked 1', 'linked 2']);
    await first.hold('forget', 0);
    await bothSettled(second, figure);
    expect(second.held).to.deep.equal(first.held);
    await second.press(undoName(second.held[0]));
    await bothSettled(first, figure);
    expect(first.held).to.deep.equal([]);
    expect(second.heard('rnn-gate-release')).to.have.length(1);
    expect(first.heard('rnn-gate-release')).to.have.length(0);
    first.diagram.remove();
    await second.next();
    await follows(second, figure, randomModel('gru'));
  });

  it('may be asked to go somewhere by the page, and goes there with the figure', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" model="random"', text);
    figure.forgetEvents();
    diagram.forgetEvents();
    for (const [act, step] of [
      [() => (diagram.diagram.step = 3), 3],
      [() => diagram.diagram.next(), 4],
      [() => diagram.diagram.previous(), 3],
      [() => diagram.diagram.seek(5), 5],
    ] as const) {
      act();
      await bothSettled(diagram, figure);
      expect(diagram.diagram.step).to.equal(step);
      expect(figure.element.step).to.equal(step);
    }
    expect([diagram.types, figure.types]).to.deep.equal([[], []]);
  });

  it('shows a long text around the present word', async () => {
    const words = Array.from({ length: 500 }, (_, i) => `w${i}`);
    const { figure, diagram } = await mountPair('cell="lstm" model="random"', words.join(' '));
    figure.element.seek(300);
    await bothSettled(figure, diagram);
    expect(diagram.wordNow).to.equal('w299');
    expect(diagram.words).to.have.length(60);
  });
});

describe('what can not be followed', () => {
  it('is a diagram that follows another figure itself', async () => {
    const box = await fixture<HTMLElement>(`<div>
      <rnn-visualizer id="first" cell="lstm" model="random" text="One two three"></rnn-visualizer>
      <gate-diagram id="second" for="first"></gate-diagram>
      <gate-diagram for="second"></gate-diagram>
    </div>`);
    const [second, third] = [...box.querySelectorAll('gate-diagram')];
    await waitUntil(() => second.shadowRoot?.querySelectorAll('.word').length === 3);
    expect(third.shadowRoot!.querySelectorAll('.word').length).to.equal(0);
  });
});

describe('a unit that is picked', () => {
  it('is marked in the states and in every gate of the figure, at the present word', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" model="random"', 'One two three four');
    figure.element.seek(3);
    await bothSettled(figure, diagram);
    expect(figure.root.querySelectorAll('.unit-mark').length).to.equal(0);
    await diagram.pickUnit(12);
    await bothSettled(figure, diagram);
    const marks = [...figure.root.querySelectorAll('.unit-mark')];
    expect(marks.length, 'the state, three gates and the candidate').to.equal(5);
    expect(diagram.root.querySelectorAll('.drawing .unit-mark').length).to.equal(11);
  });
});
