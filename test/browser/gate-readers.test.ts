// Every reader of a <gate-diagram>: by keyboard, by ear, in slow motion or without motion, in the dark, on strict pages.

import { expect } from '@open-wc/testing';
import { emulateMedia, itNeeding, sendKeys, sendMouse, tabThrough } from '../support/browser.js';
import '../../src/define/gate-diagram.js';
import '../../src/define/rnn-visualizer.js';
import { cellTypes, type CellType, type StepPart } from '../../src/engine/index.js';
import { cellGraph } from '../../src/model/cell-graph.js';
import { englishDiagram } from '../../src/model/diagram-strings.js';
import { NumberWriter, english, randomModel, storyModel } from '../../src/model/index.js';
import { nodeName, sentenceOf } from '../../src/model/step-text.js';
import { eventually, frame, seen, widen } from '../support/figure.js';
import type { Diagram } from '../support/diagram.js';
import {
  bothSettled,
  key,
  kite,
  meanOf,
  mountDiagram,
  mountPair,
  named,
  readUnder,
  undoName,
} from '../support/diagram.js';

const text = 'The cat sat on the mat';
const random = (attributes = ''): string =>
  `<gate-diagram model="random" ${attributes}>${text}</gate-diagram>`;
const numbers = new NumberWriter('en');

describe('by keyboard', () => {
  it('everything can be reached, once and in order', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    await diagram.hold('forget', 0);
    await diagram.hold('input', 1);
    const stops = await tabThrough(diagram.diagram);
    const reachable = [
      ...diagram.root.querySelectorAll<HTMLElement>('button, input, summary, [tabindex="0"]'),
    ].filter((each) => each.tabIndex === 0 && !each.matches('[type=radio]:not(:checked)'));
    expect(stops).to.deep.equal(reachable);
    const has = (selector: string): number => stops.filter((each) => each.matches(selector)).length;
    expect([has('.word'), has('.node'), has('[type=radio]')], 'one stop a group').to.deep.equal([
      1, 1, 1,
    ]);
    expect(has('[part~=hold-value]')).to.equal(3);
    expect(has('[part~=release]'), 'two holds, and both at once').to.equal(3);
    for (const part of ['next', 'back', 'slow', 'skip', 'unit', 'hold-slider']) {
      expect(has(`[part~=${part}]`), part).to.equal(1);
    }
    for (const each of stops)
      expect(focusedNameOf(each), each.outerHTML.slice(0, 80)).not.to.equal('');
  });

  const focusedNameOf = (element: Element): string =>
    element.getAttribute('aria-label') ?? seen(element.closest('label') ?? element);

  it('the words are walked through with arrows, Home and End', async () => {
    const diagram = await mountDiagram(random());
    const stop = (): string[] =>
      diagram.wordButtons
        .filter((word) => word.tabIndex === 0)
        .map((word) => seen(word.querySelector('bdi')));
    expect(stop()).to.deep.equal(['The']);
    diagram.wordButtons[0].focus();
    for (const [press, word, step] of [
      ['ArrowRight', 'The', 1],
      ['ArrowRight', 'cat', 2],
      ['ArrowDown', 'sat', 3],
      ['ArrowUp', 'cat', 2],
      ['ArrowLeft', 'The', 1],
      ['End', 'mat', 6],
      ['ArrowRight', 'mat', 6],
      ['Home', 'The', 0],
      ['ArrowLeft', 'The', 0],
    ] as const) {
      await sendKeys({ press });
      await diagram.settled();
      expect(diagram.diagram.step, press).to.equal(step);
      expect(stop(), press).to.deep.equal([word]);
      expect(seen(diagram.focused!.querySelector('bdi')), press).to.equal(word);
      expect(diagram.wordNow, 'aria-current').to.equal(step === 0 ? null : word);
    }
    expect(diagram.heard('rnn-step').every(({ trigger }) => trigger === 'user')).to.equal(true);
    await sendKeys({ press: 'Enter' });
    await diagram.settled();
    expect(diagram.wordNow).to.equal('The');
  });

  it('arrows step from the buttons, too', async () => {
    const diagram = await mountDiagram(random());
    const next = diagram.part('next');
    next.focus();
    for (const [press, step] of [
      ['ArrowRight', 1],
      ['ArrowRight', 2],
      ['ArrowLeft', 1],
      ['Space', 2],
      ['Enter', 3],
    ] as const) {
      await sendKeys({ press });
      await diagram.settled();
      expect(diagram.diagram.step, press).to.equal(step);
      expect(diagram.focused).to.equal(next);
    }
  });

  for (const cell of cellTypes) {
    it(`the nodes of the ${cell} are walked through in the order of computation`, async () => {
      const diagram = await mountDiagram(random(`cell="${cell}" step="3"`));
      const ids = cellGraph({ cell }).map(({ id }) => id);
      const at = (): StepPart => {
        const stops = diagram.nodes.filter((node) => node.getAttribute('tabindex') === '0');
        expect(stops).to.deep.equal([diagram.node(diagram.chosen)]);
        expect(diagram.focused).to.equal(stops[0]);
        return diagram.chosen;
      };
      // real keys in one cell; in the others what they amount to
      const press = async (name: string): Promise<void> => {
        if (cell === 'lstm') await sendKeys({ press: name });
        else await key(diagram, diagram.focused!, name);
        await diagram.settled();
      };
      diagram.node(diagram.chosen).focus();
      await press('Home');
      expect(at()).to.equal(ids[0]);
      for (const [i, id] of ids.slice(1).entries()) {
        await press(i % 2 ? 'ArrowRight' : 'ArrowDown');
        expect(at()).to.equal(id);
        expect(seen(diagram.part('explanation'))).to.contain(nodeName(id, cell, englishDiagram));
      }
      await press('ArrowRight');
      expect(at(), 'the last one').to.equal(ids.at(-1));
      await press('ArrowUp');
      expect(at()).to.equal(ids.at(-2));
      await press('End');
      await press('ArrowLeft');
      expect(at()).to.equal(ids.at(-2));
      expect(diagram.heard('rnn-step'), 'no word was read').to.deep.equal([]);
    });
  }

  it('a node is chosen by Enter and by Space', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    for (const [id, name] of [
      ['c', 'Enter'],
      ['h', ' '],
    ] as const) {
      const pressed = await key(diagram, diagram.node(id), name);
      expect(diagram.chosen).to.equal(id);
      expect(pressed).to.deep.equal({ left: false, bubbled: false });
    }
    expect(diagram.heard('rnn-unit-select'), 'a key points at no unit').to.deep.equal([]);
  });

  it('handled keys go no further, others are left alone', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    await diagram.choose('forget');
    const [word, node, next] = [
      diagram.wordButtons[2],
      diagram.node('forget'),
      diagram.part('next'),
    ];
    for (const target of [word, node, next]) {
      for (const name of ['ArrowLeft', 'ArrowRight', 'Home', 'End']) {
        expect(await key(diagram, target, name), name).to.deep.equal({
          left: false,
          bubbled: false,
        });
      }
      for (const name of ['Tab', 'a', 'PageDown', 'PageUp', 'Escape', 'F5']) {
        expect(await key(diagram, target, name), name).to.deep.equal({ left: true, bubbled: true });
      }
      for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) {
        expect(
          await key(diagram, target, 'ArrowRight', { [modifier]: true }),
          modifier,
        ).to.deep.equal({ left: true, bubbled: true });
      }
    }
    await diagram.choose('forget');
    diagram.forgetEvents();
    for (const input of [diagram.unitSlider, diagram.holdSlider, diagram.radio(true)]) {
      for (const name of ['ArrowLeft', 'ArrowDown', 'Home', 'End']) {
        expect(await key(diagram, input, name), name).to.deep.equal({ left: true, bubbled: false });
      }
      expect(await key(diagram, input, 'a')).to.deep.equal({ left: true, bubbled: true });
    }
    expect(diagram.events).to.deep.equal([]);
    // buttons press themselves
    expect((await key(diagram, next, 'Enter')).left).to.equal(true);
    expect((await key(diagram, word, ' ')).left).to.equal(true);
  });

  it('arrows that have nothing to do with the direction of a line leave the page to scroll', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    for (const part of ['next', 'slow', 'skip', 'cell-button']) {
      for (const name of ['ArrowDown', 'ArrowUp']) {
        const { left } = await key(diagram, diagram.part(part), name);
        expect(left, `${name} on ${part}`).to.equal(true);
      }
    }
  });

  it('what is pressed keeps the focus', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    await diagram.choose('forget');
    for (const element of [
      diagram.holdButton(0),
      diagram.holdButton(1),
      diagram.holdButton(null),
      diagram.part('skip'),
      diagram.part('slow'),
      diagram.parts('cell-button')[2],
    ]) {
      element.focus();
      await sendKeys({ press: 'Enter' });
      await diagram.settled();
      expect(diagram.focused, seen(element)).to.equal(element);
    }
  });

  it('whoever undoes something is not lost', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    await diagram.hold('forget', 0);
    await diagram.hold('input', 0);
    for (const left of [1, 0]) {
      diagram.part('release').focus();
      await sendKeys({ press: 'Enter' });
      await diagram.settled();
      expect(diagram.held).to.have.length(left);
      expect(diagram.focused, 'the focus is still in the diagram').not.to.equal(null);
    }
  });
});

describe('what is announced', () => {
  /** The sentence about a node, from numbers of its own. */
  async function said(cell: CellType, id: StepPart, t: number, held?: number): Promise<string> {
    const model = await storyModel(cell);
    const under =
      held === undefined
        ? []
        : [{ kind: 'hold', gate: id as 'forget', value: held, from: t, to: Infinity } as const];
    const truth = readUnder(model, kite, under);
    const sentence = sentenceOf(id, truth.anatomy(t), model.cell, held, englishDiagram, numbers);
    return `${englishDiagram.at(truth.tokens[t].text)} ${sentence}`;
  }

  it('is how to begin, then what the chosen node does at each word', async () => {
    const diagram = await mountDiagram('<gate-diagram></gate-diagram>');
    const region = diagram.part('narration');
    expect(region.getAttribute('role')).to.equal('status');
    expect(region.getAttribute('aria-live')).to.equal('polite');
    expect(diagram.narration).to.equal(english.narration.invite.words('Anna'));
    for (let t = 0; t < 5; t++) {
      await diagram.next();
      expect(diagram.narration).to.equal(await said('lstm', 'forget', t));
    }
    for (const id of diagram.ids) {
      await diagram.choose(id);
      expect(diagram.narration).to.equal(await said('lstm', id, 4));
    }
    expect(diagram.part('narration'), 'never replaced').to.equal(region);
  });

  it('is what is held, and that it is undone', async () => {
    const diagram = await mountDiagram('<gate-diagram step="9"></gate-diagram>');
    await diagram.hold('forget', 0);
    const { title } = english.intervention;
    const what = named.onward('forget', '0', 'sat');
    expect(diagram.narration).to.contain(await said('lstm', 'forget', 8, 0));
    expect(diagram.narration).to.contain(`${title}: ${what}.`);
    await diagram.press(undoName(what));
    expect(diagram.narration).to.equal(await said('lstm', 'forget', 8));
    await diagram.press(englishDiagram.skip('sat'));
    expect(diagram.narration).to.contain(englishDiagram.skipped);
    expect(diagram.narration).to.contain(named.skipped('sat'));
  });

  it('comes from one voice: in a diagram that follows only while its reader is there', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" model="random"', text);
    const live = (): string | null => diagram.part('narration').getAttribute('aria-live');
    expect(live()).to.equal('off');
    await figure.next();
    await diagram.settled();
    expect(live()).to.equal('off');
    diagram.part('next').focus();
    await sendKeys({ press: 'Enter' });
    await bothSettled(diagram, figure);
    expect(live()).to.equal('polite');
    figure.part('next').focus();
    await sendKeys({ press: 'Enter' });
    await bothSettled(figure, diagram);
    expect(live()).to.equal('off');
    const alone = await mountDiagram(random());
    expect(alone.part('narration').getAttribute('aria-live')).to.equal('polite');
  });

  it('what a node is called has its mean, and at what it is held', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    for (const id of diagram.ids) {
      expect(diagram.name(id)).to.equal(
        englishDiagram.nodeLabel(
          nodeName(id, 'lstm', englishDiagram),
          id === 'x' ? `“${diagram.wordNow}”` : '',
          diagram.mean(id),
          '',
        ),
      );
      expect(diagram.node(id).getAttribute('role')).to.equal('button');
    }
    await diagram.hold('forget', 1);
    expect(diagram.name('forget')).to.equal(
      englishDiagram.nodeLabel(englishDiagram.nodeName.forget, '', '1.00', '1'),
    );
    expect(diagram.node('forget').getAttribute('aria-pressed')).to.equal('true');
    expect(diagram.node('input').getAttribute('aria-pressed')).to.equal('false');
    diagram.diagram.seek(0);
    await diagram.settled();
    expect(diagram.name('forget'), 'nothing read yet').to.equal(englishDiagram.nodeName.forget);
  });

  it('a word has its number, and how far the gate was open', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    await diagram.choose('output');
    const model = randomModel('lstm');
    const truth = readUnder(model, text);
    for (const [t, word] of diagram.wordButtons.entries()) {
      const name = english.goTo(truth.tokens[t].text, t + 1);
      const mean = (id: StepPart): string => {
        return numbers.value(meanOf(truth.anatomy(t).parts[id]!));
      };
      const label = word.getAttribute('aria-label');
      expect(label).to.equal(
        t < 3 ? `${name}, ${englishDiagram.driven(english.gateName.output, mean('output'))}` : name,
      );
      const fill = word.querySelector('.drive .fill');
      expect(fill !== null).to.equal(t < 3);
      if (t < 3) expect(seen(word.querySelector('.amount'))).to.equal(mean('output'));
    }
    expect(diagram.part('words').getAttribute('aria-label')).to.equal(englishDiagram.sentence);
    // of what is no gate the one that keeps the state is shown
    await diagram.choose('c');
    expect(diagram.wordButtons[0].getAttribute('aria-label')).to.contain(english.gateName.forget);
  });
});

describe('in slow motion', () => {
  for (const cell of cellTypes) {
    it(`Next goes through the ${cell} node by node, and Back the same way`, async () => {
      const model = await storyModel(cell);
      const truth = readUnder(model, kite);
      const nodes = cellGraph({ cell });
      const ids = nodes.map(({ id }) => id);
      const given = nodes.filter(({ operation }) => operation === null).length;
      const diagram = await mountDiagram(`<gate-diagram cell="${cell}"></gate-diagram>`);
      const next = diagram.part('next');
      await diagram.press(englishDiagram.slow);
      expect(diagram.part('slow').getAttribute('aria-pressed')).to.equal('true');
      const reachedUpTo = (count: number, t: number): void => {
        const where = `${count} nodes at ${t}`;
        expect(diagram.chosen, where).to.equal(ids[count - 1]);
        for (const [i, id] of ids.entries()) {
          expect(diagram.mean(id) !== '', `${id}, ${where}`).to.equal(i < count);
          expect(diagram.node(id).querySelector('.units') !== null, `${id}, ${where}`).to.equal(
            i < count,
          );
          expect(diagram.name(id).includes('mean'), where).to.equal(i < count);
        }
        const word = englishDiagram.at(truth.tokens[t].text);
        const sentence = sentenceOf(
          ids[count - 1],
          truth.anatomy(t),
          model.cell,
          undefined,
          englishDiagram,
          numbers,
        );
        expect(diagram.narration, where).to.equal(`${word} ${sentence}`);
        expect(seen(next)).to.equal(
          count < ids.length
            ? englishDiagram.nextNode(nodeName(ids[count], cell, englishDiagram))
            : english.next.words,
        );
      };
      for (const t of [0, 1]) {
        await diagram.next();
        for (let count = given; count <= ids.length; count++) {
          if (count > given) await diagram.next();
          expect(diagram.diagram.step).to.equal(t + 1);
          reachedUpTo(count, t);
        }
      }
      // back through this word and to the end of the one before
      for (let count = ids.length - 1; count >= given; count--) {
        await diagram.press(english.back);
        reachedUpTo(count, 1);
      }
      await diagram.press(english.back);
      expect(diagram.diagram.step).to.equal(1);
      reachedUpTo(ids.length, 0);
      await diagram.press(english.back);
      reachedUpTo(ids.length - 1, 0);
      expect(diagram.heard('rnn-step').map(({ step }) => step)).to.deep.equal([1, 2, 1]);

      await diagram.press(englishDiagram.slow);
      for (const id of ids) expect(diagram.mean(id), id).not.to.equal('');
      expect(seen(next)).to.equal(english.next.words);
      await diagram.next();
      expect(diagram.diagram.step).to.equal(2);
      for (const id of ids) expect(diagram.mean(id), id).not.to.equal('');
    });
  }

  it('the last word is gone through as well, and then there is no more', async () => {
    const diagram = await mountDiagram(random('step="5"'));
    await diagram.press(englishDiagram.slow);
    for (let i = 0; i < 20 && diagram.diagram.step < 6; i++) await diagram.next();
    expect(diagram.diagram.step).to.equal(6);
    const next = diagram.part('next');
    expect(next.getAttribute('aria-disabled')).to.equal('false');
    while (next.getAttribute('aria-disabled') !== 'true') await diagram.next();
    expect(diagram.chosen).to.equal('h');
    expect(diagram.mean('h')).not.to.equal('');
    await diagram.next();
    expect(diagram.chosen).to.equal('h');
  });

  it('begins anew with what is given when the figure that is followed goes on', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" model="random"', text);
    await diagram.press(englishDiagram.slow);
    await figure.next();
    await diagram.settled();
    expect(diagram.chosen).to.equal('cPrevious');
    await diagram.next(2);
    expect(diagram.chosen).to.equal('kept');
    expect(figure.element.step, 'the figure waits').to.equal(1);
    await figure.next();
    await diagram.settled();
    expect(diagram.chosen).to.equal('cPrevious');
    expect(diagram.mean('forget')).to.equal('');
    await figure.press('Back');
    await diagram.settled();
    expect(diagram.mean('h'), 'back is done at once').not.to.equal('');
  });

  it('changes nothing that is held, and goes on in another cell', async () => {
    const diagram = await mountDiagram(random('step="2"'));
    await diagram.hold('forget', 0);
    await diagram.press(englishDiagram.slow);
    expect(diagram.chosen, 'this word is gone through, too').to.equal('cPrevious');
    expect(diagram.mean('forget')).to.equal('');
    await diagram.next();
    expect(diagram.chosen).to.equal('forget');
    expect(diagram.name('forget')).to.contain('held at 0');
    for (const name of ['Simple RNN', 'GRU', 'Feedforward', 'LSTM']) {
      await diagram.press(name);
      const next = diagram.part('next');
      for (let i = 0; i < 20 && seen(next) !== english.next.words; i++) await diagram.next();
      expect(diagram.chosen, name).to.equal('h');
    }
    expect(diagram.diagram.step).to.equal(2);
    expect(diagram.heard('rnn-error')).to.deep.equal([]);
  });
});

describe('the flow', () => {
  afterEach(() => emulateMedia({ reducedMotion: 'no-preference' }));

  const moving = (diagram: Diagram): Animation[] =>
    diagram.drawing.getAnimations({ subtree: true });

  it('lights up in the order of computation, and is over within 400 ms', async () => {
    for (const cell of cellTypes) {
      const diagram = await mountDiagram(random(`cell="${cell}"`));
      expect(moving(diagram)).to.have.length(0);
      await diagram.next();
      const animations = moving(diagram);
      expect(animations.length).to.be.above(5);
      const delays = new Map<string, number>();
      for (const { effect } of animations) {
        const { endTime, delay, activeDuration } = effect!.getComputedTiming();
        expect(Number(endTime), cell).to.be.at.most(400);
        expect(Number(activeDuration)).to.be.above(0);
        const node = (effect as KeyframeEffect).target!.closest<SVGElement>('[data-node]');
        if (node) delays.set(node.dataset['node']!, Number(delay));
      }
      for (const { id, reads } of cellGraph({ cell })) {
        for (const each of reads) expect(delays.get(id)).to.be.above(delays.get(each)!);
      }
      if (cell !== 'lstm') continue;
      await Promise.all(animations.map(({ finished }) => finished));
      expect(moving(diagram)).to.have.length(0);
    }
  });

  it('is cut short by the next step, and there is none backwards or where it stands still', async () => {
    const diagram = await mountDiagram(random());
    await diagram.next();
    const first = moving(diagram);
    await diagram.next();
    expect(new Set(first.map(({ playState }) => playState))).to.deep.equal(new Set(['idle']));
    const second = moving(diagram);
    expect(second.length).to.be.above(5);
    expect(second.some((each) => first.includes(each))).to.equal(false);
    await diagram.press(english.back);
    expect(moving(diagram)).to.have.length(0);
    await diagram.choose('c');
    await diagram.hold('forget', 0);
    expect(moving(diagram)).to.have.length(0);
    await diagram.press(englishDiagram.slow);
    await diagram.next();
    expect(moving(diagram), 'node by node it is slow enough').to.have.length(0);
  });

  it('runs when the figure that is followed goes on', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" model="random"', text);
    await figure.next();
    await diagram.settled();
    expect(moving(diagram).length).to.be.above(5);
  });

  it('is not there for readers who want less motion', async () => {
    await emulateMedia({ reducedMotion: 'reduce' });
    const diagram = await mountDiagram(random());
    await diagram.next(2);
    await frame();
    expect(diagram.root.getAnimations()).to.have.length(0);
  });
});

describe('by mouse', () => {
  it('a node is chosen by a click, and a unit by a click on its square, at any scale of the page', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    const clickUnit = async (id: StepPart, column: number, row: number): Promise<void> => {
      const bed = diagram.node(id).querySelector('.bed')!;
      bed.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = bed.getBoundingClientRect();
      // (in Firefox the box on the screen has the stroke in it)
      const [all, one] = ['.bed', '.unit-mark'].map((part) =>
        diagram.node(id).querySelector<SVGGraphicsElement>(part)!.getBBox(),
      );
      const [columns, rows] = [all.width / one.width, all.height / one.height].map(Math.round);
      const position: [number, number] = [
        Math.round(left + ((column + 0.5) * width) / columns),
        Math.round(top + ((row + 0.5) * height) / rows),
      ];
      await sendMouse({ type: 'click', position });
      await diagram.settled();
      expect(diagram.chosen).to.equal(id);
      expect(diagram.diagram.unit, `${id}, ${column} ${row}`).to.equal(row * columns + column);
    };
    await clickUnit('c', 3, 0);
    await clickUnit('forget', 5, 1);
    diagram.diagram.style.transform = 'scale(0.6)';
    await clickUnit('output', 6, 1);
    diagram.diagram.style.transform = '';
    const name = diagram.node('input').querySelector('.name')!;
    const { left, top } = name.getBoundingClientRect();
    await sendMouse({ type: 'click', position: [Math.round(left + 6), Math.round(top + 6)] });
    await diagram.settled();
    expect(diagram.chosen, 'by its name').to.equal('input');
    expect(diagram.heard('rnn-unit-select')).to.have.length(3);
    // the numbers of the input belong to no unit
    await diagram.choose('x');
    const { unit } = diagram.diagram;
    const bed = diagram.node('x').querySelector('.bed')!.getBoundingClientRect();
    await sendMouse({
      type: 'click',
      position: [Math.round(bed.left + 8), Math.round(bed.top + 8)],
    });
    await diagram.settled();
    expect(diagram.diagram.unit).to.equal(unit);
    expect(diagram.marked('x')).to.equal(-1);
  });
});

describe('with assistive technology', () => {
  afterEach(async () => {
    await emulateMedia({ colorScheme: 'light' });
    document.documentElement.style.colorScheme = '';
    document.body.style.background = '';
  });

  /** Symbols are no words: “f”, “σ” and “h₋” are seen, but the name says “forget gate”. See the next test for the words. */
  const ignoredRules = ['label-content-name-mismatch'];

  it('whoever speaks to the page says what is seen: words and numbers of a node are in its name', async () => {
    const diagram = await mountDiagram('<gate-diagram step="9"></gate-diagram>');
    for (const width of [1240, 700, 360]) {
      await widen(diagram, width);
      for (const id of diagram.ids) {
        const seenWords = [...diagram.node(id).querySelectorAll('text.name tspan, text.mean')]
          .filter((each) => !each.matches('.symbol, .letter, .sub'))
          .map((each) => seen(each).replace(/[“”\u200b]|^mean /g, ''));
        for (const each of seenWords)
          expect(diagram.name(id), `${id} at ${width}`).to.contain(each);
      }
    }
  });

  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1240, 360]) {
      it(`there is no barrier (${scheme}, ${width} px)`, async () => {
        await emulateMedia({ colorScheme: scheme });
        document.documentElement.style.colorScheme = 'light dark';
        document.body.style.background = 'Canvas'; // axe takes a page without a background for white
        const diagram = await mountDiagram('<gate-diagram controls="all volume"></gate-diagram>');
        await widen(diagram, width);
        const check = async (): Promise<void> => {
          // what is on its way to being drawn has other colours
          for (const each of diagram.root.getAnimations()) each.finish();
          await expect(diagram.element).to.be.accessible({ ignoredRules });
        };
        expect(diagram.has('problem')).to.equal(true);
        if (scheme === 'light') await check();
        await diagram.goTo(8);
        await diagram.hold('forget', 0);
        await diagram.hold('input', 1);
        await check();
        await diagram.press(englishDiagram.skip('sat'));
        if (scheme === 'light') await check();
        await diagram.press('GRU');
        await eventually(() => diagram.ids.includes('update'));
        await diagram.press(englishDiagram.slow);
        await diagram.next(3);
        await check();
      });
    }
  }

  /** Contrast of a text of the drawing with what is behind it: axe does not look into drawings. */
  function contrast(element: SVGElement, canvas: CanvasRenderingContext2D): number {
    const paint = (fill: string, opacity = 1): number[] => {
      canvas.globalAlpha = opacity;
      canvas.fillStyle = fill;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb: number[]): number => {
      const [r, g, b] = rgb.map((each) => {
        const c = each / 255;
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    let opacity = 1;
    for (let each: Element | null = element; each; each = each.parentElement) {
      opacity *= Number(getComputedStyle(each).opacity);
    }
    let behind = paint(getComputedStyle(document.body).backgroundColor);
    const circle = element.closest('.operation')?.querySelector('rect');
    if (circle) behind = paint(getComputedStyle(circle).fill, opacity);
    const front = paint(getComputedStyle(element).fill, opacity);
    const [dark, light] = [luminance(behind), luminance(front)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  for (const scheme of ['light', 'dark'] as const) {
    for (const [state, slow] of [
      ['as it stands', false],
      ['in slow motion', true],
    ] as const) {
      it(`every text of the drawing can be read (${scheme}, ${state})`, async () => {
        await emulateMedia({ colorScheme: scheme });
        document.documentElement.style.colorScheme = 'light dark';
        document.body.style.background = 'Canvas';
        const canvas = document
          .createElement('canvas')
          .getContext('2d', { willReadFrequently: true })!;
        for (const cell of ['lstm', 'gru', 'feedforward']) {
          const diagram = await mountDiagram(random(`cell="${cell}" step="3"`));
          diagram.diagram.hold('forget', 0.5);
          diagram.diagram.hold('reset', 0.5);
          if (slow) await diagram.press(englishDiagram.slow);
          if (slow) await diagram.next();
          await diagram.choose(diagram.ids[2]);
          const pale = [...diagram.drawing.querySelectorAll<SVGElement>('text, tspan')]
            .filter((each) =>
              [...each.childNodes].some(
                ({ nodeType, data }: Node & { data?: string }) =>
                  nodeType === Node.TEXT_NODE && data!.trim(),
              ),
            )
            .map((each) => ({ text: seen(each), ratio: contrast(each, canvas) }))
            .filter(({ ratio }) => ratio < 4.5)
            .map(({ text: what, ratio }) => `${what} ${ratio.toFixed(1)}`);
          expect(pale, cell).to.deep.equal([]);
        }
      });
    }
  }

  itNeeding(
    'forced colours',
    'with forced colours strips, the chosen node and what is held can be seen',
    async () => {
      await emulateMedia({ forcedColors: 'active' });
      try {
        const diagram = await mountDiagram(random('step="3"'));
        await diagram.hold('forget', 0);
        const canvas = getComputedStyle(document.body).backgroundColor;
        const visible = (element: Element | null, property: 'fill' | 'stroke'): void => {
          const colour = getComputedStyle(element!)[property];
          expect([canvas, 'none', 'rgba(0, 0, 0, 0)'], element!.outerHTML).not.to.include(colour);
        };
        for (const node of diagram.nodes) {
          visible(node.querySelector('.bed'), 'stroke');
          visible(node.querySelector('.name tspan'), 'fill');
          const square = node.querySelector('.units path');
          if (square) visible(square, 'fill');
        }
        visible(diagram.node('forget').querySelector('.ring'), 'stroke');
        visible(diagram.node('forget').querySelector('.operation rect'), 'fill');
        visible(diagram.drawing.querySelector('.line'), 'stroke');
        visible(diagram.wordButtons[0].querySelector('.fill'), 'fill');
        const pair = document.createElement('p');
        pair.style.cssText =
          'forced-color-adjust: none; color: HighlightText; background: Highlight';
        diagram.element.after(pair);
        const colours = (element: Element): string[] => {
          const { color, backgroundColor } = getComputedStyle(element);
          return [color, backgroundColor];
        };
        expect(colours(diagram.holdButton(0)), 'what is held').to.deep.equal(colours(pair));
        pair.remove();
        // how much these two differ is up to the reader’s system
        await expect(diagram.element).to.be.accessible({
          ignoredRules: [...ignoredRules, 'color-contrast'],
        });
      } finally {
        await emulateMedia({});
      }
    },
  );

  it('targets are large enough for a finger', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    for (const width of [1000, 320]) {
      await widen(diagram, width);
      await diagram.hold('forget', 0);
      const small = [...diagram.root.querySelectorAll<HTMLElement>('button, input, .node')]
        .map((each) => (each.matches('[type=radio]') ? each.closest('label')! : each))
        .map((each) => {
          const box = (each.querySelector('.hit') ?? each).getBoundingClientRect();
          return { name: each.getAttribute('aria-label') ?? seen(each), box };
        })
        .filter(({ box }) => box.width < 23.9 || box.height < 23.9)
        .map(({ name, box }) => `${name}: ${box.width} × ${box.height} at ${width}`);
      expect(small).to.deep.equal([]);
    }
  });
});
