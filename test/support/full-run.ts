// A reader who uses all that an element offers, but for what begins heavy work: for tests of what pages are told of.

import { expect } from '@open-wc/testing';
import { englishDiagram } from '../../src/model/diagram-strings.js';
import { Diagram, undoName } from './diagram.js';
import type { Tag } from './every.js';
import { eventually, Figure, frame } from './figure.js';
import { Plot } from './plot.js';
import { Quiz } from './quiz.js';
import { inTheEnd, Trainer } from './trainer.js';

/** Another width, and a bad attribute put right again. */
async function disturb(element: HTMLElement, attribute = 'controls'): Promise<void> {
  element.style.inlineSize = '400px';
  for (let i = 0; i < 3; i++) await frame();
  element.setAttribute(attribute, 'nonsense');
  const problem = (): Element | null => element.shadowRoot!.querySelector('[part~=problem]');
  await eventually(problem, 'a message');
  element.removeAttribute(attribute);
  element.style.inlineSize = '';
  await eventually(() => !problem(), 'no message');
}

async function useVisualizer(element: HTMLElementTagNameMap['rnn-visualizer']): Promise<void> {
  const figure = new Figure(element);
  await eventually(() => element.shadowRoot && figure.has('badge'), 'the built library runs');
  await eventually(() => figure.badge.startsWith('Trained'), 'run "npm run build"');
  await figure.press('Side by side');
  await figure.toTheEnd();
  expect(figure.wordNow).to.equal('is');
  for (const each of ['details', 'table'] as const) await figure.disclose(each);
  await eventually(() => figure.predictions.length === 3, 'the weights of all three');
  await figure.click(figure.bar('lstm', 0));
  for (const cell of ['Simple RNN', 'LSTM', 'GRU', 'Side by side']) await figure.press(cell);
  await figure.click(figure.parts('example')[1]);
  await figure.press('Use untrained ones');
  await figure.paste('Seven <b>dragons</b> & nobody else');
  await figure.press('Start again');
  await figure.press('Auto play');
  await figure.until('rnn-step', 2);
  await figure.press('Pause');
  await disturb(element);
  await figure.toTheEnd();
}

async function useDiagram(element: HTMLElementTagNameMap['gate-diagram']): Promise<void> {
  const diagram = new Diagram(element);
  await eventually(() => element.shadowRoot, 'run "npm run build"');
  await eventually(() => diagram.words.length === 18);
  await diagram.goTo(4);
  await eventually(() => diagram.mean('h') !== '');
  for (const cell of ['GRU', 'LSTM']) await diagram.press(cell);
  await eventually(() => diagram.ids.includes('forget'));
  for (const id of diagram.ids) await diagram.choose(id);
  await diagram.hold('forget', 0);
  await diagram.press(englishDiagram.skip('kite'));
  await diagram.pickUnit(12);
  expect(diagram.held).to.have.length(2);
  await diagram.press(undoName(diagram.held[0]));
  await diagram.press(englishDiagram.slow);
  await diagram.next(5);
  await diagram.press(englishDiagram.slow);
  await diagram.press(undoName(diagram.held[0]));
  await disturb(element);
  await diagram.toTheEnd();
  expect(diagram.wordNow).to.equal('is');
}

async function usePlot(element: HTMLElementTagNameMap['gradient-plot']): Promise<void> {
  const plot = new Plot(element);
  await eventually(() => element.shadowRoot && plot.has('narration'), 'the plot has loaded');
  await plot.computed();
  await plot.pointAt(3);
  await plot.goTo(9);
  for (const each of ['facts', 'check', 'table'] as const) await plot.unfold(each);
  await plot.click(plot.part('check-again'));
  await plot.change(() => plot.choose('quantity', 1));
  await plot.click(plot.part('clip'));
  await plot.change(() => plot.choose('quantity', 0));
  await disturb(element);
  await plot.next();
  expect(plot.wordNow).not.to.equal(null);
  await plot.change(() => plot.choose('source', 1));
  await plot.change(() => plot.click(plot.part('seed')));
  await plot.change(() => plot.click(plot.parts('preset')[1]));
}

async function useTrainer(element: HTMLElementTagNameMap['rnn-trainer']): Promise<void> {
  const trainer = new Trainer(element);
  await inTheEnd(() => element.shadowRoot?.querySelector('[part~=base]'), 'the trainer has loaded');
  trainer.part('disclosure-settings').querySelector('summary')!.click();
  await inTheEnd(() => trainer.root.querySelector('input[name=seed]'), 'settings');
  await trainer.set('gap', '3');
  await trainer.set('seed', '4');
  await trainer.press('Back to the first settings');
  await disturb(element);
}

async function useQuiz(element: HTMLElementTagNameMap['rnn-quiz']): Promise<void> {
  const document = element.ownerDocument;
  const list = document.createElement('ul');
  const options = ['one', 'two'].map((option) => {
    const item = document.createElement('li');
    item.textContent = option;
    return item;
  });
  options[1].dataset['correct'] = '';
  list.append(...options);
  element.replaceChildren(list);
  const quiz = new Quiz(element);
  await eventually(() => element.shadowRoot && quiz.has('act'), 'the quiz has loaded');
  await eventually(() => !quiz.has('problem'), 'its options');
  await quiz.choose(0);
  await quiz.press('Check');
  await quiz.choose(1);
  await quiz.press('Check');
  expect(quiz.those('right')).to.deep.equal([1]);
  await quiz.press('Ask again');
  element.decide = () => [0];
  await quiz.settled();
  await quiz.guess(1);
  expect(quiz.answers.map(({ correct }) => correct)).to.deep.equal([false, true, false]);
  await disturb(element, 'pick');
}

const uses = {
  'rnn-visualizer': useVisualizer,
  'gate-diagram': useDiagram,
  'gradient-plot': usePlot,
  'rnn-trainer': useTrainer,
  'rnn-quiz': useQuiz,
};

/** Uses all of an element that stands on a page without attributes that matter. */
export async function useAll(element: Element): Promise<void> {
  await uses[element.localName as Tag](element as never);
}
