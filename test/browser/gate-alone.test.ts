// A <gate-diagram> that reads for itself: any text, any attribute value, any network, any cell; and what it tells the page.

import { expect, fixture, waitUntil } from '@open-wc/testing';
import { sendKeys } from '../support/browser.js';
import '../../src/define/gate-diagram.js';
import { Random, initialWeights, type CellType, type Network } from '../../src/engine/index.js';
import { englishDiagram } from '../../src/model/diagram-strings.js';
import {
  english,
  loadModel,
  maximumTokens,
  randomModel,
  type SentenceModel,
  type TokenMode,
} from '../../src/model/index.js';
import { storyModel } from '../../src/model/shipped.js';
import { value } from '../support/expected.js';
import { eventually, frame, seen } from '../support/figure.js';
import {
  Diagram,
  kite,
  meanOf,
  mountDiagram,
  readUnder,
  shadeOf,
  slide,
} from '../support/diagram.js';
import { checkSigns } from '../support/sums.js';
import { stateDictFile } from '../support/weight-files.js';

const text = 'The cat sat on the mat';
const random = (attributes = '', sentence = text): string =>
  `<gate-diagram model="random" ${attributes}>${sentence}</gate-diagram>`;

/** Every mean in the drawing is the network’s, and nothing else stands there. */
function draws(
  diagram: Diagram,
  model: SentenceModel,
  sentence: string,
  mode: TokenMode = 'words',
): void {
  const { step } = diagram.diagram;
  const truth = readUnder(model, sentence, [], mode);
  expect(diagram.diagram.step).to.be.above(0);
  const { parts } = truth.anatomy(step - 1);
  expect([...diagram.ids].sort()).to.deep.equal(Object.keys(parts).sort());
  for (const id of diagram.ids) {
    expect(diagram.mean(id), id).to.equal(value(meanOf(parts[id]!)));
    const values = [...parts[id]!];
    expect(diagram.shades(id, values.length), id).to.deep.equal(values.map(shadeOf));
  }
}

/** Reads to the end and back by clicks; whatever happened before, this has to work. */
async function works(diagram: Diagram, words: readonly string[]): Promise<void> {
  expect(diagram.words).to.deep.equal(words);
  await diagram.toTheEnd();
  expect(diagram.wordNow).to.equal(words.at(-1));
  expect(diagram.mean('h')).not.to.equal('');
  while (diagram.part('back').getAttribute('aria-disabled') !== 'true')
    await diagram.press(english.back);
  expect(diagram.wordNow).to.equal(null);
  const shown = seen(diagram.part('base')).replace(
    diagram.has('problem') ? seen(diagram.part('problem')) : '',
    '',
  );
  expect(shown).not.to.match(/NaN|Infinity|undefined|null/);
}

describe('the text', () => {
  it('is an attribute, the text inside, or the story of the kite', async () => {
    const words = text.split(' ');
    await works(await mountDiagram(`<gate-diagram text="${text}"></gate-diagram>`), words);
    await works(await mountDiagram(`<gate-diagram text="${text}">Not this</gate-diagram>`), words);
    const inside = await mountDiagram(`<gate-diagram>\n  ${text}\n</gate-diagram>`);
    await works(inside, words);
    inside.diagram.textContent = 'The bird sat';
    await eventually(() => inside.words.length === 3);
    await works(inside, ['The', 'bird', 'sat']);
    inside.diagram.text = 'A kite is red.';
    await eventually(() => inside.words.length === 5);
    await works(inside, ['A', 'kite', 'is', 'red', '.']);
    const none = await mountDiagram('<gate-diagram></gate-diagram>');
    expect(none.words.join(' ')).to.equal(kite.replaceAll('.', ' .'));
    expect(none.diagram.follow, 'red').to.equal(3);
  });

  it('that is changed keeps the place as far as its words are the same', async () => {
    const diagram = await mountDiagram(random('step="5"'));
    diagram.diagram.text = 'The cat sat in the house';
    await diagram.settled();
    expect(diagram.wordNow).to.equal('sat');
    draws(diagram, randomModel('lstm'), 'The cat sat in the house');
  });

  it('may be empty: there is nothing to do, and nothing breaks', async () => {
    const diagram = await mountDiagram(random('text=""', 'Something else'));
    expect(diagram.words).to.deep.equal([]);
    expect(diagram.narration).to.equal(english.narration.empty);
    for (const part of ['next', 'back']) {
      expect(diagram.part(part).getAttribute('aria-disabled'), part).to.equal('true');
      await diagram.click(diagram.part(part));
    }
    diagram.part('next').focus();
    for (const press of ['ArrowRight', 'End', 'Home']) await sendKeys({ press });
    await diagram.press(englishDiagram.slow);
    await diagram.click(diagram.part('next'));
    for (const id of diagram.ids) await diagram.choose(id);
    expect(diagram.heard('rnn-step')).to.deep.equal([]);
    expect(diagram.heard('rnn-error')).to.deep.equal([]);
    expect(diagram.has('what-if')).to.equal(false);
    await diagram.press(englishDiagram.slow);
    diagram.diagram.text = 'Hello again';
    await diagram.settled();
    await works(diagram, ['Hello', 'again']);
  });

  it('may be one word, emoji, or any script', async () => {
    const astronaut = ['👩‍🚀', 'flies', '🚀', 'to', 'the', '🌙', '🇫🇷'];
    await works(await mountDiagram(random('', 'Boat')), ['Boat']);
    await works(await mountDiagram(random('', astronaut.join(' '))), astronaut);
    const long = await mountDiagram(
      random('', 'Donaudampfschifffahrtsgesellschaftskapitänswitwe is here'),
    );
    await works(long, ['Donaudampfschifffahrtsgesellschaftskapitänswitwe', 'is', 'here']);
    expect(long.diagram.scrollWidth).to.be.at.most(long.diagram.clientWidth);
  });

  it('runs from right to left where its script does, with its keys; the drawing does not', async () => {
    const sentence = 'הכלב נשך את האיש';
    const diagram = await mountDiagram(random('', sentence));
    const lefts = (elements: readonly Element[]): number[] =>
      elements.map((each) => each.getBoundingClientRect().left);
    const places = lefts(diagram.wordButtons);
    expect(places).to.deep.equal([...places].sort((a, b) => b - a));
    diagram.wordButtons[0].focus();
    for (const [press, step] of [
      ['ArrowLeft', 1],
      ['ArrowLeft', 2],
      ['ArrowRight', 1],
      ['End', 4],
      ['Home', 0],
    ] as const) {
      await sendKeys({ press });
      await diagram.settled();
      expect(diagram.diagram.step, press).to.equal(step);
    }
    await diagram.next();
    // what is given stands left of what comes of it, and its keys run that way
    const [given, result] = lefts([diagram.node('x'), diagram.node('h')]);
    expect(given).to.be.below(result);
    await diagram.choose('x');
    diagram.node('x').focus();
    await sendKeys({ press: 'ArrowRight' });
    await diagram.settled();
    expect(diagram.chosen).to.equal(diagram.ids[1]);
    expect(diagram.narration, 'the word in its isolates').to.contain('\u2068הכלב\u2069');

    const page = await fixture<HTMLElement>('<div dir="rtl"></div>');
    page.innerHTML = random('step="2"', 'One two three');
    const inRtl = new Diagram(page.querySelector('gate-diagram')!);
    await inRtl.settled();
    const words = lefts(inRtl.wordButtons);
    expect(words).to.deep.equal([...words].sort((a, b) => a - b));
    const nodes = lefts([inRtl.node('x'), inRtl.node('h')]);
    expect(nodes[0]).to.be.below(nodes[1]);
  });

  it('is never markup', async () => {
    const attack = '<img src=x onerror="window.name = \'broken into\'"><b>bold</b>';
    const diagram = await mountDiagram(random(''));
    diagram.diagram.textContent = attack;
    await eventually(() => diagram.words[0] === '<');
    await diagram.toTheEnd();
    for (const id of diagram.ids) await diagram.choose(id);
    for (const name of ['cell', 'model', 'controls', 'theme', 'tokens', 'for']) {
      diagram.diagram.setAttribute(name, attack);
      await diagram.settled();
    }
    expect(diagram.root.querySelector('img, b, script')).to.equal(null);
    expect(diagram.narration).to.contain('<img');
    expect(window.name).not.to.equal('broken into');
  });

  it('may be long: as many words as can be read, and those around the present one in sight', async () => {
    const many = Array.from({ length: maximumTokens }, (_, i) => `w${i}q`);
    const diagram = await mountDiagram(random('hidden-size="8"', many.join(' ')));
    const around = (first: number): void => {
      expect(diagram.words).to.deep.equal(many.slice(first, first + 60));
      const window = englishDiagram.window(
        (first + 1).toLocaleString('en'),
        (first + 60).toLocaleString('en'),
        '5,000',
      );
      expect(seen(diagram.part('base'))).to.contain(window);
    };
    around(0);
    await diagram.goTo(50);
    expect(diagram.wordNow).to.equal('w50q');
    around(21);
    diagram.wordButtons[0].focus();
    await sendKeys({ press: 'End' });
    await diagram.settled();
    expect(diagram.wordNow).to.equal('w4999q');
    around(4940);
    expect(diagram.heard('rnn-complete')).to.deep.equal([{ total: 5000, cells: ['lstm'] }]);
    expect(seen(diagram.focused!.querySelector('bdi'))).to.equal('w4999q');
    await diagram.choose('forget');
    await diagram.hold('forget', 0);
    expect(diagram.mean('forget')).to.equal('0.00');

    diagram.diagram.text = `${many.join(' ')} more`;
    await diagram.settled();
    expect(diagram.heard('rnn-error').map(({ code }) => code)).to.deep.equal(['text-too-long']);
    expect(seen(diagram.part('problem'))).to.contain(english.problem.textKept);
    expect(diagram.wordNow).to.equal('w4999q');
  });

  it('keeps the focus on the word that was clicked, while other words come into sight', async () => {
    const many = Array.from({ length: 200 }, (_, i) => `w${i}`);
    const diagram = await mountDiagram(random('', many.join(' ')));
    const clicked = diagram.wordButtons[50];
    clicked.focus();
    await diagram.click(clicked);
    expect(diagram.wordNow).to.equal('w50');
    expect(seen(diagram.focused!.querySelector('bdi'))).to.equal('w50');
    expect(diagram.focused!.getAttribute('aria-current')).to.equal('step');
  });

  it('may be read by characters', async () => {
    const diagram = await mountDiagram(
      `<gate-diagram tokens="characters" cell="gru">Tea, bad.</gate-diagram>`,
    );
    expect(diagram.words.join(' ')).to.equal('T e a , ␣ b a d .');
    await diagram.press(english.next.characters);
    await diagram.next(3);
    draws(diagram, randomModel('gru'), 'Tea, bad.', 'characters');
    expect(seen(diagram.part('base'))).to.contain(
      englishDiagram.drive.characters(english.gateName.update),
    );
  });
});

describe('the cell', () => {
  it('is the LSTM, or the one that is asked for', async () => {
    for (const [attribute, cell] of [
      ['', 'lstm'],
      ['cell="gru"', 'gru'],
      ['cell="rnn"', 'rnn'],
      ['cell="feedforward"', 'feedforward'],
    ] as const) {
      const diagram = await mountDiagram(random(`${attribute} step="3"`));
      expect(diagram.cellShown).to.equal(english.cellName[cell]);
      draws(diagram, randomModel(cell), text);
      expect(diagram.part('base').getAttribute('aria-label')).to.equal(
        englishDiagram.label(english.cellName[cell]),
      );
      expect(diagram.drawing.getAttribute('aria-label')).to.equal(
        englishDiagram.drawing(english.cellName[cell], 'sat'),
      );
    }
  });

  it('is another one at the press of a button, at the same word; the page is told', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    diagram.forgetEvents();
    for (const cell of ['gru', 'rnn', 'feedforward', 'lstm'] as const) {
      await diagram.press(english.cellName[cell]);
      expect(diagram.cellShown).to.equal(english.cellName[cell]);
      expect(diagram.wordNow).to.equal('sat');
      draws(diagram, randomModel(cell), text);
      expect(diagram.heard('rnn-cell-change').at(-1)).to.deep.equal({ cells: [cell] });
    }
    await diagram.press(english.cellName.lstm);
    expect(diagram.types, 'nothing else was told, nothing was changed').to.deep.equal(
      Array(4).fill('rnn-cell-change'),
    );
    expect(diagram.diagram.getAttribute('cell'), 'the author’s').to.equal(null);
  });

  it('is loaded when it is needed: trained ones, without losing the place', async () => {
    const diagram = await mountDiagram('<gate-diagram step="9"></gate-diagram>');
    for (const cell of ['gru', 'rnn'] as const) {
      await diagram.press(english.cellName[cell]);
      await eventually(() => diagram.cellShown === english.cellName[cell] && diagram.mean('h'));
      expect(diagram.wordNow).to.equal('sat');
    }
    expect(diagram.heard('rnn-ready'), 'once').to.have.length(1);
    expect(diagram.heard('rnn-error')).to.deep.equal([]);
  });
});

describe('attributes', () => {
  it('step and unit say where to begin, and follow what the page does without events', async () => {
    const diagram = await mountDiagram(random('step="4" unit="7"'));
    expect(diagram.wordNow).to.equal('on');
    expect(diagram.marked('h')).to.equal(7);
    expect(diagram.unitSlider.value).to.equal('8');
    expect(diagram.diagram.unit).to.equal(7);
    draws(diagram, randomModel('lstm'), text);
    diagram.forgetEvents();
    for (const [unit, marked] of [
      ['0', 0],
      ['31', 31],
      ['32', 31],
      ['1e9', 31],
      ['-3', 0],
      ['2.7', 2],
      ['many', 0],
    ] as const) {
      diagram.diagram.setAttribute('unit', unit);
      await diagram.settled();
      expect(diagram.marked('forget'), unit).to.equal(marked);
      expect(diagram.diagram.unit, unit).to.equal(marked);
    }
    diagram.diagram.step = 2;
    await diagram.settled();
    expect(diagram.wordNow).to.equal('cat');
    diagram.diagram.next();
    diagram.diagram.next();
    await diagram.settled();
    expect(diagram.wordNow).to.equal('on');
    diagram.diagram.previous();
    await diagram.settled();
    expect(diagram.wordNow).to.equal('sat');
    diagram.diagram.seek(99);
    await diagram.settled();
    expect(diagram.wordNow).to.equal('mat');
    expect(diagram.events).to.deep.equal([]);
  });

  it('unit means a unit of the network that is shown, also of a smaller one', async () => {
    const diagram = await mountDiagram('<gate-diagram step="3" unit="60"></gate-diagram>');
    expect(diagram.marked('h')).to.equal(60);
    diagram.diagram.model = 'random';
    await diagram.settled();
    const { unit } = diagram.diagram;
    expect(unit).to.be.within(0, 31);
    expect(diagram.marked('h')).to.equal(unit);
    expect(diagram.unitSlider.value).to.equal(String(unit + 1));
    expect(diagram.arithmetic).not.to.equal('');
  });

  it('model, seed, hidden-size and forget-bias choose the network', async () => {
    const diagram = await mountDiagram(
      random('seed="5" hidden-size="10" forget-bias="-1" step="2"'),
    );
    const model = randomModel('lstm', { seed: 5, hiddenSize: 10, forgetBias: -1 });
    draws(diagram, model, text);
    expect(seen(diagram.part('model'))).to.equal(english.modelBadge.random(5, 10));
    expect(diagram.heard('rnn-ready')).to.deep.equal([{ cells: ['lstm'], kind: 'random' }]);
    diagram.diagram.seed = 6;
    diagram.diagram.hiddenSize = 1;
    await diagram.settled();
    draws(diagram, randomModel('lstm', { seed: 6, hiddenSize: 1, forgetBias: -1 }), text);
    diagram.diagram.hiddenSize = 256;
    await diagram.settled();
    draws(diagram, randomModel('lstm', { seed: 6, hiddenSize: 256, forgetBias: -1 }), text);
    diagram.diagram.hiddenSize = 7;
    await diagram.settled();
    draws(diagram, randomModel('lstm', { seed: 6, hiddenSize: 7, forgetBias: -1 }), text);
    await diagram.pickUnit(6);
    expect(diagram.marked('c')).to.equal(6);
    const trained = await mountDiagram('<gate-diagram>The cat sat</gate-diagram>');
    expect(trained.heard('rnn-ready')).to.deep.equal([{ cells: ['lstm'], kind: 'story' }]);
    const unknown = await mountDiagram('<gate-diagram>Purple dragons juggle</gate-diagram>');
    expect(seen(unknown.part('model'))).to.contain(english.modelBadge.randomBecauseNone);
  });

  it('controls are all there, unless the author says which', async () => {
    const parts = {
      cells: 'cells',
      words: 'words',
      back: 'back',
      next: 'next',
      slow: 'slow',
      hold: 'what-if',
    };
    for (const [attribute, names] of [
      ['', Object.keys(parts)],
      ['controls="all"', Object.keys(parts)],
      ['controls="none"', []],
      ['controls=""', []],
      ['controls="next  words"', ['next', 'words']],
      ['controls="hold slow"', ['hold', 'slow']],
      ['controls="back cells"', ['back', 'cells']],
    ] as const) {
      const diagram = await mountDiagram(random(`${attribute} step="2"`));
      const found = Object.entries(parts)
        .filter(([, part]) => diagram.has(part))
        .map(([name]) => name);
      expect(new Set(found), attribute).to.deep.equal(new Set(names));
      expect(diagram.has('transport')).to.equal(
        ['back', 'next', 'slow'].some((name) => (names as readonly string[]).includes(name)),
      );
      draws(diagram, randomModel('lstm'), text);
      await diagram.choose('c');
      expect(diagram.chosen, 'nodes can always be chosen').to.equal('c');
      // what is held can always be undone
      diagram.diagram.hold('forget', 0);
      await diagram.settled();
      await diagram.click(diagram.part('release'));
      expect(diagram.has('release')).to.equal(false);
    }
    const waiting = await mountDiagram(random('controls="none"'));
    expect(waiting.narration).to.equal(english.narration.waiting('The'));
  });

  for (const [attribute, wrong] of [
    ['cell', 'transformer'],
    ['model', 'best'],
    ['hidden-size', '0'],
    ['seed', 'apple'],
    ['forget-bias', '99'],
    ['controls', 'all volume'],
    ['theme', 'purple'],
    ['tokens', 'syllables'],
    ['accelerate', 'maybe'],
    ['cell', `long${'g'.repeat(5000)}`],
  ] as const) {
    it(`${attribute}="${wrong.slice(0, 20)}" leaves a working diagram, says so, and tells the page once`, async () => {
      const diagram = await mountDiagram(
        `<gate-diagram ${attribute}="${wrong}">${text}</gate-diagram>`,
      );
      const errors = diagram.heard('rnn-error');
      expect(errors).to.have.length(1);
      expect(errors[0].code).to.equal('bad-attribute');
      expect(errors[0].message).to.contain(`${attribute}="`);
      expect(errors[0].message.length).to.be.below(200);
      expect(seen(diagram.part('problem'))).to.equal(errors[0].message);
      await works(diagram, text.split(' '));
      diagram.diagram.removeAttribute(attribute);
      await diagram.settled();
      expect(diagram.has('problem'), 'put right').to.equal(false);
      expect(diagram.heard('rnn-error')).to.have.length(1);
    });
  }

  it('an unknown cell is read by the one that the message names', async () => {
    const diagram = await mountDiagram(random('cell="transformer" step="2"'));
    const [{ message }] = diagram.heard('rnn-error');
    const used = (Object.keys(english.cellName) as CellType[]).find((cell) =>
      message.endsWith(`; ${cell} is used.`),
    );
    expect(diagram.cellShown).to.equal(english.cellName[used!]);
    diagram.diagram.removeAttribute('cell');
    await diagram.settled();
    expect(diagram.cellShown, 'as without the attribute').to.equal(english.cellName.lstm);
  });

  it('may all be taken away, and every property be unset as frameworks do', async () => {
    const values = {
      text: 'Something else',
      cell: 'gru',
      model: 'random',
      step: '1',
      follow: '1',
      unit: '3',
      'hidden-size': '8',
      seed: '3',
      'forget-bias': '1',
      controls: 'next cells words',
      theme: 'dark',
      tokens: 'characters',
      accelerate: 'off',
    };
    const all = Object.entries(values)
      .map(([name, each]) => `${name}="${each}"`)
      .join(' ');
    const diagram = await mountDiagram(`<gate-diagram ${all}>${text}</gate-diagram>`);
    for (const name of Object.keys(values)) {
      diagram.diagram.removeAttribute(name);
      await diagram.settled();
    }
    await eventually(() => diagram.words.join(' ') === text);
    expect(diagram.cellShown, 'the default').to.equal(english.cellName.lstm);
    for (const unset of [undefined, null]) {
      for (const name of [...Object.keys(values), 'html-for']) {
        const property = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
        Object.assign(diagram.diagram, { [property]: unset });
        await diagram.settled();
      }
      await works(diagram, text.split(' '));
    }
    expect(diagram.heard('rnn-error')).to.deep.equal([]);
  });

  it('properties of the wrong type are refused with a message, not thrown', async () => {
    const diagram = await mountDiagram(random());
    for (const [name, wrong, errors] of [
      ['cell', 3, 1],
      ['seed', {}, 1],
      ['controls', { next: true }, 1],
      ['model', 7, 1],
      ['unit', {}, 0],
      ['unit', 'many', 0],
      ['step', 'far', 0],
    ] as const) {
      diagram.forgetEvents();
      Object.assign(diagram.diagram, { [name]: wrong });
      await diagram.settled();
      expect(diagram.heard('rnn-error'), name).to.have.length(errors);
      Object.assign(diagram.diagram, { [name]: undefined });
      await diagram.settled();
    }
  });
});

describe('the life of an element', () => {
  const place = (): Promise<HTMLElement> => fixture<HTMLElement>('<div></div>');
  const words = text.split(' ');

  it('may begin with createElement, without attributes and children of its own', async () => {
    const element = document.createElement('gate-diagram');
    expect(element.attributes).to.have.length(0);
    expect(element.childNodes).to.have.length(0);
    const diagram = new Diagram(element);
    element.textContent = text;
    (await place()).append(element);
    await diagram.until('rnn-ready');
    await works(diagram, words);
  });

  it('may begin late, with properties set before', async () => {
    const inert = document.implementation.createHTMLDocument();
    const element = inert.createElement('gate-diagram');
    expect('hold' in element, 'not upgraded yet').to.equal(false);
    Object.assign(element, { text, cell: 'gru', model: 'random', step: 2, unit: 3, seed: 5 });
    const diagram = new Diagram(element);
    (await place()).append(element);
    await diagram.until('rnn-ready');
    expect(diagram.wordNow).to.equal('cat');
    expect(diagram.marked('h')).to.equal(3);
    draws(diagram, randomModel('gru', { seed: 5 }), text);
  });

  it('goes on where it is moved to, with everything that was done', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    await diagram.hold('forget', 0);
    await diagram.pickUnit(5);
    const shadow = (await place()).attachShadow({ mode: 'open' });
    for (const parent of [await place(), shadow]) {
      parent.append(diagram.element);
      await diagram.settled();
      expect(diagram.wordNow).to.equal('sat');
      expect(diagram.held).to.have.length(1);
      expect(diagram.marked('forget')).to.equal(5);
    }
    diagram.forgetEvents();
    await diagram.next();
    expect(diagram.types, 'listens once').to.deep.equal(['rnn-step']);
    const copy = new Diagram(document.importNode(diagram.diagram, true));
    expect(copy.diagram.getAttributeNames()).to.deep.equal(['model', 'step']);
    shadow.append(copy.element);
    await copy.until('rnn-ready');
    expect(copy.held, 'reads for itself').to.deep.equal([]);
  });

  it('may begin out of sight', async () => {
    const diagram = await mountDiagram(`<div style="display: none">${random('step="2"')}</div>`);
    await diagram.next();
    diagram.element.parentElement!.style.display = '';
    for (let i = 0; i < 3; i++) await frame();
    await diagram.settled();
    expect(diagram.drawing.getBoundingClientRect().width).to.be.above(200);
    expect(diagram.element.scrollWidth).to.be.at.most(diagram.element.clientWidth);
    draws(diagram, randomModel('lstm'), text);
  });

  it('takes the author’s colours', async () => {
    const diagram = await mountDiagram(
      random('step="2" style="--rnn-gate-forget: rgb(1, 2, 3); color: rgb(4, 5, 6)"'),
    );
    const symbol = diagram.node('forget').querySelector('.symbol')!;
    expect(getComputedStyle(symbol).fill).to.equal('rgb(1, 2, 3)');
    expect(getComputedStyle(diagram.part('base')).color).to.equal('rgb(4, 5, 6)');
  });
});

describe('events', () => {
  it('tell of every step, and once of the end', async () => {
    const diagram = await mountDiagram(random());
    const words = text.split(' ');
    expect(diagram.types).to.deep.equal(['rnn-ready']);
    await diagram.toTheEnd();
    await diagram.press(english.back);
    await diagram.toTheEnd();
    const step = (index: number): object => ({
      index,
      step: index + 1,
      total: 6,
      word: words[index],
      cells: ['lstm'],
      trigger: 'user',
    });
    expect(diagram.heard('rnn-step')).to.deep.equal([0, 1, 2, 3, 4, 5, 4, 5].map(step));
    expect(diagram.heard('rnn-complete')).to.deep.equal([{ total: 6, cells: ['lstm'] }]);
    diagram.diagram.text = 'Another text';
    await diagram.settled();
    await diagram.toTheEnd();
    expect(diagram.heard('rnn-complete')).to.have.length(2);
    expect(diagram.heard('rnn-ready')).to.have.length(1);
  });

  it('tell of a unit that is picked, by the slider or in the drawing', async () => {
    const diagram = await mountDiagram(random('step="3"'));
    diagram.forgetEvents();
    diagram.unitSlider.focus();
    await sendKeys({ press: 'ArrowRight' });
    await diagram.settled();
    expect(diagram.unitSlider.getAttribute('aria-valuetext')).to.equal(
      englishDiagram.unitOf(2, 32),
    );
    await sendKeys({ press: 'End' });
    await diagram.settled();
    await slide(diagram, diagram.unitSlider, 5);
    expect(diagram.heard('rnn-unit-select')).to.deep.equal(
      [1, 31, 4].map((unit) => ({ cell: 'lstm', unit })),
    );
    expect(diagram.types).to.have.length(3);
  });

  it('tell it when a network can not be loaded; untrained ones read on', async () => {
    const diagram = await mountDiagram(
      `<gate-diagram model="/no/such.safetensors">${text}</gate-diagram>`,
    );
    expect(diagram.heard('rnn-error').map(({ code }) => code)).to.deep.equal(['model-load-failed']);
    expect(seen(diagram.part('problem'))).to.contain(english.problem.fallback);
    await works(diagram, text.split(' '));
  });
});

describe('a network of one’s own', () => {
  const vocabulary = ['the', 'cat', 'sat', 'on', 'mat', '.'];
  function network(cell: CellType): Network {
    const random = new Random(cell);
    return {
      embedding: random.normals(6 * 3).map((each) => 2 * each),
      cell: initialWeights(cell, 3, 7, 5),
      readout: { weight: random.normals(6 * 7), bias: random.normals(6) },
    };
  }
  /** Every node with its symbol, its sum and its sentence at every step. */
  async function spelt(diagram: Diagram, model: SentenceModel): Promise<string[]> {
    const truth = readUnder(model, text);
    const sums: string[] = [];
    for (let t = 0; t < 6; t++) {
      await diagram.goTo(t);
      draws(diagram, model, text);
      for (const id of diagram.ids) {
        await diagram.choose(id);
        await diagram.pickUnit(t);
        const sum = diagram.arithmetic;
        if (id === 'x') continue;
        const last = value(truth.anatomy(t).parts[id]![t]);
        expect(sum.endsWith(last), `${sum}, not ${last}`).to.equal(true);
        if (!sum.includes('products')) checkSigns(sum);
        sums.push(sum);
      }
    }
    return sums;
  }

  it('with ReLU is drawn as what it is', async () => {
    const bytes = stateDictFile(network('rnn'), vocabulary, {
      type: 'F64',
      metadata: { nonlinearity: 'relu' },
    });
    const url = URL.createObjectURL(new Blob([bytes as BlobPart]));
    const diagram = await mountDiagram(
      `<gate-diagram model="${url}" cell="gru">${text}</gate-diagram>`,
    );
    URL.revokeObjectURL(url);
    const model = loadModel(bytes);
    expect(diagram.has('cells'), 'the file decides').to.equal(false);
    expect(diagram.ids).to.include('sum');
    const sums = await spelt(diagram, model);
    expect(sums.some((sum) => sum.includes('max(0, '))).to.equal(true);
    expect(sums.every((sum) => !sum.includes('tanh'))).to.equal(true);
    const operation = seen(diagram.node('h').querySelector('.operation'));
    expect(operation).to.equal('ReLU');
    const largest = Math.max(...readUnder(model, text).hidden(5));
    expect(largest, 'beyond the scale').to.be.above(1);
    expect(diagram.heard('rnn-ready')).to.deep.equal([{ cells: ['rnn'], kind: 'file' }]);
    expect(seen(diagram.part('model'))).to.equal(english.modelBadge.file);
  });

  it('that is an LSTM or a GRU is held like any other', async () => {
    for (const [cell, gate] of [
      ['lstm', 'input'],
      ['gru', 'update'],
    ] as const) {
      const bytes = stateDictFile(network(cell), vocabulary, { type: 'F64', readout: false });
      const url = URL.createObjectURL(new Blob([bytes as BlobPart]));
      const diagram = await mountDiagram(
        `<gate-diagram model="${url}" step="3">${text}</gate-diagram>`,
      );
      URL.revokeObjectURL(url);
      await diagram.hold(gate, 0);
      const held = { kind: 'hold', gate, value: 0, from: 2, to: Infinity } as const;
      const { parts } = readUnder(loadModel(bytes), text, [held]).anatomy(2);
      for (const id of diagram.ids) {
        expect(diagram.mean(id), id).to.equal(value(meanOf(parts[id]!)));
      }
      expect(Object.keys(diagram.consequences), 'it predicts nothing').to.deep.equal([
        englishDiagram.memoryOf('The'),
      ]);
    }
  });
});

describe('all vectors as a table', () => {
  it('are those of the drawing, and the marked unit', async () => {
    const model = await storyModel('lstm');
    const diagram = await mountDiagram('<gate-diagram step="9" unit="6"></gate-diagram>');
    const { parts } = readUnder(model, kite).anatomy(8);
    expect(diagram.has('table'), 'closed').to.equal(false);
    diagram.root.querySelector('summary')!.click();
    await waitUntil(() => diagram.has('table'));
    const rows = [...diagram.part('table').querySelectorAll('tbody tr')];
    const shown = rows.map((row) => [...row.querySelectorAll('td')].map(seen));
    expect(shown).to.deep.equal(
      diagram.ids.map((id) => [value(meanOf(parts[id]!)), id === 'x' ? '–' : value(parts[id]![6])]),
    );
  });
});

describe('holds and skips before there is a text', () => {
  it('wait for it', async () => {
    const diagram = document.createElement('gate-diagram');
    diagram.hold('forget', 0, 1);
    diagram.skip(0);
    diagram.textContent = 'One two three';
    diagram.model = 'random';
    document.body.append(diagram);
    try {
      await waitUntil(() => diagram.shadowRoot?.querySelectorAll('[part~=release]').length === 3);
      expect(seen(diagram.shadowRoot!.querySelector('[part=intervention]'))).to.contain(
        english.intervention.skipped('One', ''),
      );
    } finally {
      diagram.remove();
    }
  });
});
