// What the browser tests share: a <rnn-visualizer> as its reader meets it, and every event and error it causes.

import { expect, fixture, waitUntil } from '@open-wc/testing';
import type { RnnVisualizer } from '../../src/index.js';

type EventName = Extract<keyof HTMLElementEventMap, `rnn-${string}`>;

const eventNames: readonly EventName[] = [
  'rnn-ready',
  'rnn-step',
  'rnn-cell-change',
  'rnn-follow-change',
  'rnn-model-change',
  'rnn-text-change',
  'rnn-play',
  'rnn-pause',
  'rnn-complete',
  'rnn-error',
];

// Whatever a test is about: nothing may be thrown into the page. (An `afterEach` that fails would end the file.)
const thrown: string[] = [];
window.addEventListener('error', (event) => thrown.push(event.message));
window.addEventListener('unhandledrejection', (event) => thrown.push(String(event.reason)));
after(() => {
  expect(thrown, 'errors that reached the page').to.deep.equal([]);
});

/** What a reader sees of some element: its text without the white space of the templates. */
export const seen = (element: Element | null): string =>
  (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

/** One visualizer, through its parts and the names a reader knows. */
export class Figure {
  /** Every event of the element, in order. */
  readonly events: CustomEvent[] = [];

  constructor(readonly element: RnnVisualizer) {
    for (const name of eventNames) {
      element.addEventListener(name, (event) => this.events.push(event));
    }
  }

  /** Details of the events of one type so far. */
  heard<Name extends EventName>(name: Name): HTMLElementEventMap[Name]['detail'][] {
    return this.events
      .filter(({ type }) => type === name)
      .map(({ detail }) => detail as HTMLElementEventMap[Name]['detail']);
  }

  /** Types of all events so far, in order. */
  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  forgetEvents(): void {
    this.events.length = 0;
  }

  /** Waits until the next event of a type, if `count` of them were not heard yet. */
  async until(name: EventName, count = 1, timeout = 30_000): Promise<void> {
    await waitUntil(() => this.heard(name).length >= count, `${count} × ${name}`, {
      interval: 5,
      timeout,
    });
    await this.settled();
  }

  /** Waits until everything that was asked for is drawn. */
  async settled(): Promise<void> {
    // an update may ask for another one
    while (!(await this.element.updateComplete));
  }

  // ---- what is there ----------------------------------------------------------------------------------------------

  get root(): ShadowRoot {
    return this.element.shadowRoot!;
  }

  /** The first element with a part name. */
  part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[part~="${name}"]`);
    if (!found) throw new Error(`There is no part "${name}"`);
    return found;
  }

  parts(name: string): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  }

  has(name: string): boolean {
    return this.parts(name).length > 0;
  }

  /** A button by its accessible name. */
  button(name: string): HTMLButtonElement {
    const found = [...this.root.querySelectorAll('button')].find(
      (button) => (button.getAttribute('aria-label')?.trim() ?? seen(button)) === name,
    );
    if (!found) throw new Error(`There is no button "${name}"`);
    return found;
  }

  /** The words of the sentence as buttons, in order; what is repeated at the edge is left out. */
  get wordButtons(): HTMLElement[] {
    return this.parts('word').filter((word) => !word.closest('.pin, .pinned'));
  }

  get words(): string[] {
    return this.wordButtons.map(seen);
  }

  /** The word that is being read, or null. */
  get wordNow(): string | null {
    const now = this.wordButtons.filter((word) => word.getAttribute('aria-current') === 'step');
    expect(now.length, 'words that are read now').to.be.below(2);
    return now.length ? seen(now[0]) : null;
  }

  /** What was announced last. */
  get narration(): string {
    const regions = this.root.querySelectorAll('[role="status"]');
    expect(regions.length, 'live regions').to.equal(1);
    return seen(regions[0]);
  }

  get badge(): string {
    return seen(this.part('badge'));
  }

  get field(): HTMLTextAreaElement {
    return this.part('text') as HTMLTextAreaElement;
  }

  get scrubber(): HTMLInputElement {
    return this.part('scrubber') as HTMLInputElement;
  }

  /** The memory bar of a word in the lane of a cell. */
  bar(cell: string, word: number): HTMLElement {
    const found = this.parts('bar').find(
      (bar) =>
        bar.dataset['cell'] === cell &&
        bar.dataset['word'] === String(word) &&
        !bar.closest('.pin'),
    );
    if (!found) throw new Error(`There is no ${cell} bar of word ${word}`);
    return found;
  }

  /** The number that a bar tells, in its accessible name and on the screen. */
  memory(cell: string, word: number): string {
    const bar = this.bar(cell, word);
    const text = seen(bar);
    expect(bar.getAttribute('aria-label')).to.contain(text);
    return text;
  }

  /** The expected words of every lane: word and probability as written. */
  get predictions(): { word: string; chance: string }[][] {
    return this.parts('predictions').map((list) =>
      [...list.querySelectorAll('li')].map((item) => ({
        word: seen(item.querySelector('.candidate')),
        chance: seen(item.querySelector('.amount')),
      })),
    );
  }

  /** The element that has the focus inside the figure. */
  get focused(): HTMLElement | null {
    return this.root.activeElement as HTMLElement | null;
  }

  // ---- what a reader does -----------------------------------------------------------------------------------------

  /** Clicks a button by its accessible name. */
  async press(name: string): Promise<void> {
    this.button(name).click();
    await this.settled();
  }

  async click(element: HTMLElement): Promise<void> {
    element.click();
    await this.settled();
  }

  /** Clicks “Next word” (or letter). */
  async next(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) await this.click(this.part('next'));
  }

  /** Clicks “Next word” until it says that there is no more. */
  async toTheEnd(): Promise<void> {
    while (this.part('next').getAttribute('aria-disabled') !== 'true') await this.next();
  }

  /** Puts a text into the field as pasting does, and waits until it is read. */
  async paste(text: string): Promise<void> {
    const changes = this.heard('rnn-text-change').length;
    this.field.focus();
    this.field.value = text;
    this.field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await this.until('rnn-text-change', changes + 1);
  }

  /** Opens or closes a disclosure. */
  async disclose(name: 'details' | 'table', open = true): Promise<HTMLElement> {
    const details = this.part(`disclosure-${name}`) as HTMLDetailsElement;
    if (details.open !== open) {
      details.querySelector('summary')!.click();
      await waitUntil(() => (details.querySelector('.disclosed') !== null) === open);
    }
    await this.settled();
    return details;
  }
}

/** Puts markup with one visualizer on the page, listens from the start, and waits until it can be stepped. */
/** Elements for the page, which work at once: as if the reader were there. That others wait: contract/lazy.test.ts. */
export function contentOf(markup: string): DocumentFragment {
  const template = document.createElement('template');
  template.innerHTML = markup;
  const content = document.importNode(template.content, true);
  for (const element of content.querySelectorAll(
    'rnn-visualizer, gate-diagram, gradient-plot, rnn-trainer, rnn-quiz',
  )) {
    Object.assign(element, { loading: element.getAttribute('loading') ?? 'eager' });
  }
  return content;
}

export async function mount(markup: string, { ready = true } = {}): Promise<Figure> {
  const place = await fixture<HTMLElement>('<div></div>');
  const content = contentOf(markup);
  const element = content.querySelector('rnn-visualizer');
  if (!element) throw new Error('There is no <rnn-visualizer> in the markup');
  const figure = new Figure(element);
  place.append(content);
  if (ready) await figure.until('rnn-ready');
  else await figure.settled();
  return figure;
}

/** Sets the width of the place a figure stands in. */
export async function widen(figure: Figure, width: number): Promise<void> {
  const place = figure.element.parentElement!;
  place.style.width = `${width}px`;
  // the observer of the width reports with the next frames
  for (let i = 0; i < 3; i++) await frame();
  await figure.settled();
}

export const frame = (): Promise<number> =>
  new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });

/** Waits until something is so, as long as a busy machine may take. */
export const eventually = (
  condition: () => unknown,
  message = 'what was waited for',
): Promise<void> =>
  waitUntil(() => Boolean(condition()), message, { interval: 10, timeout: 30_000 });
