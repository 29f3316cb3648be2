// What tests of all five elements need: how each is put on a page to be at work within a moment, and used as a reader does.

import { expect } from '@open-wc/testing';
import { Diagram } from './diagram.js';
import { eventually, Figure, seen } from './figure.js';
import { Plot } from './plot.js';
import { Quiz } from './quiz.js';
import { inTheEnd, Trainer } from './trainer.js';

export const tags = [
  'rnn-visualizer',
  'gate-diagram',
  'gradient-plot',
  'rnn-trainer',
  'rnn-quiz',
] as const;
export type Tag = (typeof tags)[number];
export type Every = HTMLElementTagNameMap[Tag];

export const text = 'The cat sat on the mat';

/** Attributes with which an element needs no trained weights, no worker and little time. */
export const attributes: Readonly<Record<Tag, Readonly<Record<string, string>>>> = {
  'rnn-visualizer': { model: 'random' },
  'gate-diagram': { model: 'random', cell: 'lstm', step: '2' },
  'gradient-plot': { model: 'random', cell: 'gru' },
  'rnn-trainer': {
    cells: 'rnn gru',
    'hidden-size': '8',
    gap: '2',
    steps: '20',
    batch: '4',
    examples: '100',
    accelerate: 'off',
  },
  'rnn-quiz': { question: 'Where did the cat sit?' },
};

/** What stands in an element: a text, or what there is to choose. */
export const inside = (tag: Tag): string =>
  tag === 'rnn-quiz' ? '<ul><li>on the roof</li><li data-correct>on the mat</li></ul>' : text;

/** The words of it. */
export const wordsInside = (tag: Tag): string => {
  const { content } = Object.assign(document.createElement('template'), { innerHTML: inside(tag) });
  return content.textContent;
};

/** Markup of such an element. */
export const markup = (tag: Tag, more = ''): string => {
  const all = Object.entries(attributes[tag]).map(([name, value]) => `${name}="${value}"`);
  return `<${tag} ${[...all, more].join(' ')}>${inside(tag)}</${tag}>`;
};

/** Gives a new element such attributes and what stands in it. */
export function furnish<T extends Every>(element: T): T {
  const tag = element.localName as Tag;
  for (const [name, value] of Object.entries(attributes[tag])) element.setAttribute(name, value);
  element.innerHTML = inside(tag);
  return element;
}

/** Whether an element has loaded and computed what it needs. */
export function isReady(element: Every): boolean {
  const root = element.shadowRoot;
  if (!root) return false;
  if (element.localName === 'rnn-trainer') return root.querySelector('[part~=start]') !== null;
  if (element.localName === 'rnn-quiz') return root.querySelector('[part~=act]') !== null;
  if (element.localName === 'gradient-plot') {
    return root.querySelector('svg.gains path.line') !== null;
  }
  const { kind, loading } = (element as HTMLElementTagNameMap['rnn-visualizer']).session.state;
  return kind !== null && !loading;
}

export const ready = (element: Every): Promise<void> =>
  inTheEnd(() => isReady(element), `${element.localName} is ready`);

/** Uses an element that is ready as a reader does, by clicks; whatever happened before, this has to work. */
export async function works(element: Every, of = text): Promise<void> {
  const last = of.split(' ').at(-1);
  switch (element.localName as Tag) {
    case 'rnn-visualizer': {
      const figure = new Figure(element as HTMLElementTagNameMap['rnn-visualizer']);
      await figure.settled();
      await figure.toTheEnd();
      expect(figure.wordNow).to.equal(last);
      expect(figure.narration).to.contain(`Read “${last}”`);
      expect(figure.types).to.include('rnn-step').and.to.include('rnn-complete');
      await figure.press('Start again');
      expect(figure.wordNow).to.equal(null);
      break;
    }
    case 'gate-diagram': {
      const diagram = new Diagram(element as HTMLElementTagNameMap['gate-diagram']);
      await diagram.settled();
      await diagram.goTo(0);
      await diagram.toTheEnd();
      expect(diagram.wordNow).to.equal(last);
      await diagram.choose('output');
      expect(diagram.mean('output')).to.match(/\d/);
      expect(diagram.arithmetic).to.match(/\d/);
      break;
    }
    case 'gradient-plot': {
      const plot = new Plot(element as HTMLElementTagNameMap['gradient-plot']);
      await plot.settled();
      await plot.goTo(plot.words.length - 1);
      await plot.computed();
      await plot.pointAt(1);
      expect(plot.lag).to.equal(1);
      expect(plot.narration).to.match(/\d/);
      break;
    }
    case 'rnn-trainer': {
      const trainer = new Trainer(element as HTMLElementTagNameMap['rnn-trainer']);
      const before = trainer.step;
      await trainer.press('One step');
      await inTheEnd(() => trainer.step === before + 1, 'one step');
      expect(seen(trainer.part('results'))).to.contain('GRU');
      break;
    }
    case 'rnn-quiz': {
      const quiz = new Quiz(element as HTMLElementTagNameMap['rnn-quiz']);
      if (seen(quiz.button) === 'Ask again') await quiz.press('Ask again');
      for (const [index, correct] of [false, true].entries()) {
        await quiz.choose(index);
        await quiz.press('Check');
        expect(quiz.answers[index]).to.include({ index, correct });
      }
      expect(quiz.said).to.equal('Right.');
      break;
    }
  }
  expect(element.shadowRoot?.querySelector('[part~=problem]') ?? null).to.equal(null);
}

/** Waits until an element that was put on the page is at work, and uses it. */
export async function comesToWork(element: Every, of = text): Promise<void> {
  element.scrollIntoView();
  await eventually(() => element.shadowRoot, `${element.localName} is drawn`);
  await ready(element);
  await works(element, of);
}
