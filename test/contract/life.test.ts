// However an element comes to be on a page, and wherever it goes there: all five of them.

import { expect, fixture } from '@open-wc/testing';
import '../../src/define/all.js';
import { Diagram } from '../support/diagram.js';
import {
  comesToWork,
  furnish,
  isReady,
  markup,
  ready,
  tags,
  text,
  works,
} from '../support/every.js';
import type { Every, Tag } from '../support/every.js';
import { contentOf, eventually, Figure, frame, mount, seen } from '../support/figure.js';
import { Plot } from '../support/plot.js';
import { Trainer, wait } from '../support/trainer.js';

const place = (): Promise<HTMLElement> => fixture<HTMLElement>('<div></div>');

/** The one element of a place. */
const only = (home: ParentNode, tag: Tag): Every => home.querySelector(tag)!;

/** A new element of that kind, furnished. */
const made = (tag: Tag): Every => furnish(document.createElement<Tag>(tag));

/** Puts it into a place, and waits until it can be used. */
async function settledIn(home: HTMLElement, tag: Tag): Promise<Every> {
  const element = made(tag);
  home.append(element);
  element.scrollIntoView();
  await ready(element);
  return element;
}

describe('A page that makes elements by createElement, innerHTML or a template', () => {
  for (const tag of tags) {
    it(`${tag} by createElement has neither attributes nor children of its own`, async () => {
      const element = document.createElement<Tag>(tag);
      expect(element.attributes).to.have.length(0);
      expect(element.childNodes).to.have.length(0);
      furnish(element);
      const names = element.getAttributeNames();
      (await place()).append(element);
      await comesToWork(element);
      expect(element.getAttributeNames(), 'the author’s').to.deep.equal(names);
    });

    it(`${tag} by innerHTML`, async () => {
      const home = await place();
      home.innerHTML = markup(tag);
      await comesToWork(only(home, tag));
    });

    it(`${tag} cloned from a template, and from one that was used`, async () => {
      const template = document.createElement('template');
      template.innerHTML = markup(tag);
      const home = await place();
      home.append(template.content.cloneNode(true), template.content.cloneNode(true));
      const [first, second] = home.querySelectorAll<Every>(tag);
      await comesToWork(first);
      const copy = document.importNode(first, true);
      expect(copy.getAttributeNames()).to.deep.equal(first.getAttributeNames());
      home.append(copy);
      for (const element of [second, copy]) {
        const shown = element as { step?: unknown };
        if (tag === 'rnn-visualizer') expect(shown.step, 'each reads for itself').to.equal(0);
        await comesToWork(element);
      }
    });
  }
});

describe('A page that moves elements between parents', () => {
  /** Where a reader is in a figure, and a way to go somewhere else. */
  const positions = {
    'rnn-visualizer': (element: Every) => {
      const figure = new Figure(element as HTMLElementTagNameMap['rnn-visualizer']);
      return { at: () => figure.wordNow, move: () => figure.next() };
    },
    'gate-diagram': (element: Every) => {
      const diagram = new Diagram(element as HTMLElementTagNameMap['gate-diagram']);
      return { at: () => diagram.wordNow, move: () => diagram.next() };
    },
    'gradient-plot': (element: Every) => {
      const plot = new Plot(element as HTMLElementTagNameMap['gradient-plot']);
      return { at: () => plot.lag, move: () => plot.pointAt(plot.lag - 1) };
    },
  };

  for (const tag of ['rnn-visualizer', 'gate-diagram', 'gradient-plot'] as const) {
    it(`${tag} stays where it was, and listens once`, async () => {
      const element = await settledIn(await place(), tag);
      const { at, move } = positions[tag](element);
      await move();
      const before = at();
      const home = await place();
      const shadow = (await place()).attachShadow({ mode: 'open' });
      for (const parent of [home, shadow, home]) {
        parent.append(element);
        await element.updateComplete;
        expect(at()).to.equal(before);
      }
      const events: Event[] = [];
      element.addEventListener('rnn-step', (event) => events.push(event));
      await move();
      expect(at()).not.to.equal(before);
      expect(events).to.have.length(tag === 'gradient-plot' ? 0 : 1);
      await works(element);
    });

    it(`${tag} with another text meanwhile reads that`, async () => {
      const element = await settledIn(await place(), tag);
      element.remove();
      element.textContent = 'The cat sat down';
      (await place()).append(element);
      const base = element.shadowRoot!.querySelector('[part~=base]');
      await eventually(() => seen(base).includes('down'));
      await comesToWork(element, 'The cat sat down');
    });
  }

  it('rnn-trainer begins anew: a training is one of a place', async () => {
    const element = await settledIn(await place(), 'rnn-trainer');
    await works(element);
    (await place()).append(element);
    await element.updateComplete;
    const trainer = new Trainer(element as HTMLElementTagNameMap['rnn-trainer']);
    await eventually(() => trainer.step === 0);
    await works(element);
  });
});

describe('A page that loads the library late, and sets properties before', () => {
  for (const tag of tags) {
    it(`${tag} takes them`, async () => {
      const inert = document.implementation.createHTMLDocument();
      const element = inert.createElement<Tag>(tag);
      expect('updateComplete' in element, 'not upgraded yet').to.equal(false);
      furnish(element);
      const properties: Record<Tag, Readonly<Record<string, unknown>>> = {
        'rnn-visualizer': { text: 'A late text', cell: 'gru', step: 2, follow: 1, seed: 5 },
        'gate-diagram': { text: 'A late text', cell: 'gru', step: 2, seed: 5, unit: 4 },
        'gradient-plot': { text: 'A late text', compare: 'rnn lstm', step: 2, seed: 5 },
        'rnn-trainer': { cells: 'lstm', gap: 4, seed: 5 },
        'rnn-quiz': { question: 'A late text', htmlFor: 'later', step: 2, decide: () => [1] },
      };
      Object.assign(element, properties[tag]);
      (await place()).append(element);
      await ready(element);
      for (const [name, value] of Object.entries(properties[tag])) {
        expect(Reflect.get(element, name), name).to.equal(value);
        expect(Object.hasOwn(element, name), `${name} is the class’s`).to.equal(false);
      }
      const told = '[part~=word], [part~=results] th, [part~=question]';
      const parts = [...element.shadowRoot!.querySelectorAll(told)];
      const shown = parts.map(seen).join(' ');
      expect(shown).to.contain(tag === 'rnn-trainer' ? 'LSTM' : 'late');
      expect(shown).not.to.match(/\bmat\b|GRU/);
    });
  }
});

describe('A page with elements in other shadow roots, open or closed', () => {
  for (const mode of ['open', 'closed'] as const) {
    for (const tag of tags) {
      it(`${tag}, ${mode}`, async () => {
        const home = await place();
        home.attachShadow({ mode }).append(made(tag));
        const root = home.shadowRoot ?? closedRoots.get(home)!;
        await comesToWork(only(root, tag));
      });
    }

    it(`figures find the one that they follow there, and only there (${mode})`, async () => {
      const [home, other] = [await place(), await place()];
      other.innerHTML = '<rnn-visualizer id="chain" model="random">Not this</rnn-visualizer>';
      const root = home.attachShadow({ mode });
      root.append(
        contentOf(
          `<rnn-visualizer id="chain" model="random" cell="lstm">${text}</rnn-visualizer>
           <gate-diagram for="chain"></gate-diagram><gradient-plot for="chain"></gradient-plot>`,
        ),
      );
      const figure = new Figure(root.querySelector('rnn-visualizer')!);
      const diagram = new Diagram(root.querySelector('gate-diagram')!);
      const plot = new Plot(root.querySelector('gradient-plot')!);
      await figure.until('rnn-ready');
      await figure.next(3);
      await eventually(() => diagram.wordNow === 'sat' && plot.wordNow === 'sat');
      await diagram.next();
      expect(figure.wordNow).to.equal('on');
      expect(other.querySelector('rnn-visualizer')!.step).to.equal(0);
    });

    it(`its language is that of what is around it (${mode})`, async () => {
      const outer = await place();
      outer.lang = 'ja';
      const element = document.createElement('rnn-visualizer');
      element.textContent = '私は猫です';
      const figure = new Figure(element);
      outer.attachShadow({ mode }).append(element);
      await figure.until('rnn-ready');
      expect(figure.words.length).to.be.above(2);
      expect(figure.field.lang).to.equal('ja');
    });
  }

  const closedRoots = new WeakMap<Element, ShadowRoot>();
  const attachShadow = Reflect.get(Element.prototype, 'attachShadow');
  before(() => {
    Element.prototype.attachShadow = function (this: Element, init: ShadowRootInit): ShadowRoot {
      const root = attachShadow.call(this, init);
      closedRoots.set(this, root);
      return root;
    };
  });
  after(() => {
    Element.prototype.attachShadow = attachShadow;
  });
});

describe('A page with elements in closed details, a hidden tab, a dialog', () => {
  /** Ways to be out of sight at first, and what a reader does then. */
  const ways: Record<
    string,
    { markup: (inside: string) => string; show: (home: Element) => void }
  > = {
    'closed details': {
      markup: (inside) => `<details><summary>More</summary>${inside}</details>`,
      show: (home) => home.querySelector('summary')!.click(),
    },
    'a hidden tab': {
      markup: (inside) => `<div class="tab" style="display: none">${inside}</div>`,
      show: (home) => {
        home.querySelector<HTMLElement>('.tab')!.style.display = '';
      },
    },
    'a dialog': {
      markup: (inside) => `<dialog style="inline-size: 700px">${inside}</dialog>`,
      show: (home) => home.querySelector('dialog')!.showModal(),
    },
  };

  for (const [way, { markup: around, show }] of Object.entries(ways)) {
    for (const tag of tags) {
      it(`${tag} in ${way} waits, and is drawn as wide as it can be when it is shown`, async () => {
        const home = await place();
        home.innerHTML = around(markup(tag));
        const element = only(home, tag);
        await wait(60);
        expect(isReady(element), 'nobody sees it').to.equal(false);
        show(home);
        await ready(element);
        for (let i = 0; i < 4; i++) await frame();
        await element.updateComplete;
        const { width } = element.getBoundingClientRect();
        expect(width).to.be.above(500);
        expect(element.scrollWidth).to.be.at.most(element.clientWidth);
        if (tag === 'rnn-quiz') return works(element); // that draws nothing yet
        const drawings = [...element.shadowRoot!.querySelectorAll('svg')];
        const widths = drawings.map((each) => each.getBoundingClientRect().width);
        expect(Math.max(...widths)).to.be.above(250);
        await works(element);
      });
    }
  }

  it('an element that a method has woken there is drawn when it is shown, too', async () => {
    const inside = `<rnn-visualizer model="random">${text}</rnn-visualizer>`;
    const figure = await mount(`<details><summary>More</summary>${inside}</details>`);
    await figure.next(2);
    figure.element.closest('details')!.open = true;
    for (let i = 0; i < 4; i++) await frame();
    await figure.settled();
    expect(figure.element.scrollWidth).to.be.at.most(figure.element.clientWidth);
    for (const word of figure.wordButtons) {
      expect(word.getBoundingClientRect().width).to.be.above(23);
    }
    expect(figure.wordNow).to.equal('cat');
    figure.element.hidden = true;
    expect(figure.element.getBoundingClientRect().height).to.equal(0);
  });
});

describe('A page with fifty elements', () => {
  it('all come to work, and each is used for itself', async function () {
    const home = await place();
    const cells = ['rnn', 'lstm', 'gru', 'feedforward'];
    const elements = Array.from({ length: 50 }, (_, i) => {
      // as a page has them: most are of one kind
      const element = made(i % 10 === 9 ? tags[1 + (Math.floor(i / 10) % 4)] : tags[0]);
      if (element.localName === 'rnn-visualizer') {
        element.setAttribute('cell', cells[i % 4]);
        if (i % 2) element.removeAttribute('model');
      }
      element.loading = 'eager';
      home.append(element);
      return element;
    });
    for (const element of elements) await ready(element);
    const figures = elements
      .filter((each) => each.localName === 'rnn-visualizer')
      .map((each) => new Figure(each as HTMLElementTagNameMap['rnn-visualizer']));
    expect(figures).to.have.length(45);
    for (const [i, figure] of figures.entries()) await figure.next(1 + (i % 5));
    const words = text.split(' ');
    for (const [i, figure] of figures.entries()) expect(figure.wordNow).to.equal(words[i % 5]);
    for (const element of elements) {
      if (element.localName !== 'rnn-visualizer') await works(element);
    }
  });
});
