// What the browser tests of <rnn-quiz> share: one as its reader meets it, and what it tells the page.

import { expect, fixture } from '@open-wc/testing';
import type { AnswerDetail, ErrorDetail, RnnQuiz } from '../../src/index.js';
import { contentOf, eventually, Figure, frame, seen } from './figure.js';

/** One quiz, through its parts and the names a reader knows. */
export class Quiz {
  readonly answers: AnswerDetail[] = [];
  readonly errors: ErrorDetail[] = [];

  constructor(readonly element: RnnQuiz) {
    element.addEventListener('rnn-answer', ({ detail }) => this.answers.push(detail));
    element.addEventListener('rnn-error', ({ detail }) => this.errors.push(detail));
  }

  /** Waits until everything that was asked for is drawn. */
  async settled(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      // what changes in the list is noticed a moment later
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
      while (!(await this.element.updateComplete));
    }
  }

  get root(): ShadowRoot {
    return this.element.shadowRoot!;
  }

  has(name: string): boolean {
    return this.root.querySelector(`[part~="${name}"]`) !== null;
  }

  part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[part~="${name}"]`);
    if (!found) throw new Error(`There is no part "${name}"`);
    return found;
  }

  get options(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>('[part~="option"]')];
  }

  /** What stands at each option: its text, what became of it, and its number. */
  get shown(): string[] {
    return this.options.map(seen);
  }

  get radios(): HTMLInputElement[] {
    return [...this.root.querySelectorAll('input')];
  }

  /** Which one is chosen; −1 for none. */
  get chosen(): number {
    return this.radios.findIndex(({ checked }) => checked);
  }

  get button(): HTMLButtonElement {
    return this.part('act') as HTMLButtonElement;
  }

  /** Indices of the options with a part: right, wrong or chosen. */
  those(what: 'right' | 'wrong' | 'chosen'): number[] {
    return [...this.options.entries()].flatMap(([i, option]) =>
      option.part.contains(`option-${what}`) ? [i] : [],
    );
  }

  /** What was announced last. */
  get said(): string {
    const regions = this.root.querySelectorAll('[role="status"]');
    expect(regions.length, 'live regions').to.equal(1);
    return seen(regions[0]);
  }

  get problem(): string {
    return seen(this.part('problem'));
  }

  /** The number at each option, as written. */
  get amounts(): string[] {
    return [...this.root.querySelectorAll('.measure')].map(seen);
  }

  async choose(index: number): Promise<void> {
    this.options[index].click();
    await this.settled();
  }

  /** Presses the button, which has to say so. */
  async press(name: string): Promise<void> {
    expect(seen(this.button)).to.equal(name);
    this.button.click();
    await this.settled();
  }

  async guess(index: number): Promise<void> {
    await this.choose(index);
    await this.press('That is my guess');
  }
}

/** Waits until the options can be chosen among. */
export const arrived = (element: RnnQuiz): Promise<void> =>
  eventually(() => element.shadowRoot?.querySelector('[part~=act]'), 'the quiz has loaded');

/** Puts markup with one quiz on the page. */
export async function mountQuiz(markup: string): Promise<Quiz> {
  const place = await fixture<HTMLElement>('<div></div>');
  const content = contentOf(markup);
  const quiz = new Quiz(content.querySelector('rnn-quiz')!);
  place.append(content);
  await arrived(quiz.element);
  await quiz.settled();
  return quiz;
}

/** The same with the visualizer that stands before it, whose id is `story`, ready to be stepped. */
export async function mountPair(
  figure: string,
  quiz: string,
): Promise<{ figure: Figure; quiz: Quiz }> {
  const place = await fixture<HTMLElement>('<div></div>');
  const content = contentOf(`${figure}${quiz}`);
  const pair = {
    figure: new Figure(content.querySelector('rnn-visualizer')!),
    quiz: new Quiz(content.querySelector('rnn-quiz')!),
  };
  place.append(content);
  await pair.figure.until('rnn-ready');
  await arrived(pair.quiz.element);
  await pair.quiz.settled();
  return pair;
}

export async function widenQuiz({ element }: Quiz, width: number): Promise<void> {
  element.parentElement!.style.width = `${width}px`;
  for (let i = 0; i < 3; i++) await frame();
}
