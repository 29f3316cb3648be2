// What the browser tests of <gate-diagram> share: one as its reader meets it, and the numbers that it has to show.

import { expect, fixture, waitUntil } from '@open-wc/testing';
import {
  Unrolled,
  takeApart,
  type HeldGate,
  type Intervention,
  type StepAnatomy,
  type StepPart,
} from '../../src/engine/index.js';
import type { ErrorDetail, GateDiagram, RnnVisualizer } from '../../src/index.js';
import {
  english,
  tokenize,
  type Prediction,
  type SentenceModel,
  type Token,
  type TokenMode,
} from '../../src/model/index.js';
import { Figure, contentOf, seen } from './figure.js';

export const kite = 'Anna has a red kite. The cat sat on the mat. The kite of Anna is';

const internal: string[] = [];
window.addEventListener('rnn-error', (event) => {
  const { code, message } = (event as CustomEvent<ErrorDetail>).detail;
  if (code === 'internal-error') internal.push(message);
});
after(() => {
  expect(internal, 'elements that failed').to.deep.equal([]);
});

/** The name of the button that undoes an intervention. */
export const undoName = (text: string): string => `${english.intervention.undo} ${text}`;

/** Besides what figures have: the drawing, the texts beside it, and what can be held. */
export class Diagram extends Figure {
  constructor(readonly diagram: GateDiagram) {
    // what a Figure asks of its element every element has that reads
    super(diagram as unknown as RnnVisualizer);
    for (const name of ['rnn-gate-hold', 'rnn-gate-release', 'rnn-unit-select'] as const) {
      diagram.addEventListener(name, (event) => this.events.push(event));
    }
  }

  // ---- what is there ----------------------------------------------------------------------------------------------

  get drawing(): SVGSVGElement {
    return this.root.querySelector<SVGSVGElement>('svg.drawing')!;
  }

  override get words(): string[] {
    return this.wordButtons.map((word) => seen(word.querySelector('bdi')));
  }

  override get wordNow(): string | null {
    const now = this.wordButtons.filter((word) => word.getAttribute('aria-current') === 'step');
    expect(now.length, 'words of this step').to.be.below(2);
    return now.length ? seen(now[0].querySelector('bdi')) : null;
  }

  /** The nodes, as the tab order has them. */
  get nodes(): SVGGElement[] {
    return [...this.root.querySelectorAll<SVGGElement>('[part~="node"]')];
  }

  get ids(): StepPart[] {
    return this.nodes.map((node) => node.dataset['node'] as StepPart);
  }

  node(id: StepPart): SVGGElement {
    const found = this.nodes.find((node) => node.dataset['node'] === id);
    if (!found) throw new Error(`There is no node "${id}"`);
    return found;
  }

  /** The one that is chosen. */
  get chosen(): StepPart {
    const pressed = this.nodes.filter((node) => node.getAttribute('aria-pressed') === 'true');
    expect(pressed.length, 'chosen nodes').to.equal(1);
    return pressed[0].dataset['node'] as StepPart;
  }

  /** The name of a node for who can’t see it. */
  name(id: StepPart): string {
    return this.node(id).getAttribute('aria-label') ?? '';
  }

  /** The mean below a strip, as a number is written; empty where there is none. */
  mean(id: StepPart): string {
    return seen(this.node(id).querySelector('.mean')).replace(/^mean /, '');
  }

  /** How many shades each of the squares of a strip is away from nothing; null where nothing is drawn. */
  shades(id: StepPart, units: number): number[] | null {
    const strip = this.node(id).querySelector('.units');
    if (!strip) return null;
    const size = (name: 'width' | 'height'): number =>
      Number(this.node(id).querySelector('.bed')!.getAttribute(name));
    const found = new Map<string, number>();
    let [w, h] = [0, 0];
    for (const path of strip.querySelectorAll('path')) {
      const shade = Number(/^(?:v|open)(-?\d)$/.exec(path.getAttribute('class') ?? '')?.[1]);
      for (const square of path.getAttribute('d')!.split('z').filter(Boolean)) {
        const [x, y, width, height, back] = square.match(/-?[\d.]+/g)!.map(Number);
        expect(back).to.equal(-width);
        [w, h] = [width, height];
        const place = `${Math.round(x / w)} ${Math.round(y / h)}`;
        expect(found.has(place), `two squares in one place: ${place}`).to.equal(false);
        found.set(place, shade);
      }
    }
    const columns = Math.round(size('width') / (w || 1));
    const squares = Array.from(
      { length: units },
      (_, unit) => found.get(`${unit % columns} ${Math.floor(unit / columns)}`) ?? 0,
    );
    expect(Math.round(size('height') / (h || 1)) * columns).to.be.at.least(found.size && units);
    expect(squares.filter(Boolean), 'squares beside the strip').to.have.length(found.size);
    return squares;
  }

  /** The unit, from 0, that is marked in a strip; −1 for none. */
  marked(id: StepPart): number {
    const mark = this.node(id).querySelector('.unit-mark');
    if (!mark) return -1;
    const [x, y, w, h] = ['x', 'y', 'width', 'height'].map((name) =>
      Number(mark.getAttribute(name)),
    );
    const width = Number(this.node(id).querySelector('.bed')!.getAttribute('width'));
    return Math.round(y / h) * Math.round(width / w) + Math.round(x / w);
  }

  get arithmetic(): string {
    return seen(this.part('arithmetic'));
  }

  get unitSlider(): HTMLInputElement {
    return this.part('unit') as HTMLInputElement;
  }

  get holdSlider(): HTMLInputElement {
    return this.part('hold-slider') as HTMLInputElement;
  }

  /** What is held: the texts of the badge, without its buttons. */
  get held(): string[] {
    return heldIn(this);
  }

  /** The rows of the table of consequences: without and with the interventions. */
  get consequences(): Record<string, [without: string, under: string]> {
    const rows = this.has('consequences')
      ? [...this.part('consequences').querySelectorAll('tbody tr')]
      : [];
    return Object.fromEntries(
      rows.map((row) => {
        const [name, ...numbers] = [...row.children].map(seen);
        expect(numbers).to.have.length(2);
        return [name, numbers as [string, string]];
      }),
    );
  }

  /** The words that are struck through. */
  get struck(): string[] {
    return struckIn(this);
  }

  get cellShown(): string {
    const pressed = this.parts('cell-button').filter(
      (button) => button.getAttribute('aria-pressed') === 'true',
    );
    expect(pressed.length, 'cells shown').to.equal(1);
    return seen(pressed[0]);
  }

  // ---- what a reader does -----------------------------------------------------------------------------------------

  /** Clicks a node where it has no unit: on its name. */
  async choose(id: StepPart): Promise<void> {
    this.node(id).dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
    await this.settled();
  }

  /** The button that holds the chosen gate at 0 or 1, or (null) releases it. */
  holdButton(value: 0 | 1 | null): HTMLElement {
    return this.parts('hold-value')[value === null ? 0 : value + 1];
  }

  /** Chooses a gate and presses the button that holds it. */
  async hold(id: StepPart, value: 0 | 1 | null): Promise<void> {
    await this.choose(id);
    await this.click(this.holdButton(value));
  }

  /** Chooses from when to when. */
  async scope(onward: boolean): Promise<void> {
    await this.click(this.radio(onward));
  }

  radio(onward: boolean): HTMLInputElement {
    const [first, second] = this.root.querySelectorAll<HTMLInputElement>('input[type="radio"]');
    return onward ? first : second;
  }

  async pickUnit(unit: number): Promise<void> {
    await slide(this, this.unitSlider, unit + 1, ['input']);
  }

  /** Goes to a word by a click on it. */
  async goTo(word: number): Promise<void> {
    await this.click(this.wordButtons[word]);
  }
}

/** How badges and announcements name what is held, and what is skipped. */
export const named = {
  onward: (gate: HeldGate, value: string, word: string): string =>
    `${gate} gate held at ${value} from “${word}” on`,
  once: (gate: HeldGate, value: string, word: string): string =>
    `${gate} gate held at ${value} at “${word}”`,
  skipped: (word: string): string => `“${word}” skipped`,
};

/** What the badge of an element says, without its buttons. */
export const heldIn = (figure: Figure): string[] =>
  figure.parts('release').flatMap((button) => {
    const copy = button.parentElement!.cloneNode(true) as Element;
    copy.querySelector('button')!.remove();
    return seen(copy) || []; // the one that undoes all names none
  });

/** The words of an element that are struck through. */
export const struckIn = (figure: Figure): string[] =>
  figure.wordButtons
    .filter((word) =>
      getComputedStyle(word.querySelector('bdi')!).textDecorationLine.includes('line-through'),
    )
    .map((word) => seen(word.querySelector('bdi')));

/** Moves a range input as a hand does: it tells every value on the way, and the last one when it is let go. */
export async function slide(
  figure: Figure,
  input: HTMLInputElement,
  to: number,
  types: readonly string[] = ['input', 'change'],
): Promise<void> {
  input.value = String(to);
  for (const type of types) {
    input.dispatchEvent(new Event(type, { bubbles: true, composed: type === 'input' }));
  }
  await figure.settled();
}

/** Presses a key on an element. @returns whether nobody handled it, and whether it went on to the page. */
export async function key(
  figure: Figure,
  target: Element,
  name: string,
  options: KeyboardEventInit = {},
): Promise<{ readonly left: boolean; readonly bubbled: boolean }> {
  let bubbled = false;
  const hear = (): void => {
    bubbled = true;
  };
  document.addEventListener('keydown', hear);
  const event = new KeyboardEvent('keydown', {
    key: name,
    bubbles: true,
    composed: true,
    cancelable: true,
    ...options,
  });
  const left = target.dispatchEvent(event);
  document.removeEventListener('keydown', hear);
  await figure.settled();
  return { left, bubbled };
}

// ---- on a page --------------------------------------------------------------------------------------------------------

export interface Page {
  readonly place: HTMLElement;
  readonly figures: Figure[];
  readonly diagrams: Diagram[];
}

/** Puts markup with any number of elements on the page, and listens to them from the start. */
export async function page(markup: string): Promise<Page> {
  const place = await fixture<HTMLElement>('<div></div>');
  const content = contentOf(markup);
  const figures = [...content.querySelectorAll('rnn-visualizer')].map((each) => new Figure(each));
  const diagrams = [...content.querySelectorAll('gate-diagram')].map((each) => new Diagram(each));
  place.append(content);
  for (const each of [...figures, ...diagrams]) await each.settled();
  return { place, figures, diagrams };
}

/** A diagram alone; waits until it can be stepped. */
export async function mountDiagram(markup: string, { ready = true } = {}): Promise<Diagram> {
  const {
    diagrams: [diagram],
  } = await page(markup);
  if (ready) await diagram.until('rnn-ready');
  return diagram;
}

/** A visualizer and a diagram that follows it. */
export async function mountPair(
  attributes = 'cell="lstm"',
  text = '',
  diagramAttributes = '',
): Promise<{ readonly figure: Figure; readonly diagram: Diagram; readonly place: HTMLElement }> {
  const {
    place,
    figures: [figure],
    diagrams: [diagram],
  } = await page(
    `<rnn-visualizer id="chain" ${attributes}>${text}</rnn-visualizer>
     <gate-diagram for="chain" ${diagramAttributes}></gate-diagram>`,
  );
  await figure.until('rnn-ready');
  await diagram.settled();
  return { figure, diagram, place };
}

/** Waits until both have drawn what was done to either of them. */
export async function bothSettled(...figures: readonly Figure[]): Promise<void> {
  for (const figure of figures) await figure.settled();
}

/** Waits until an element on the page is there, and drawn. */
export async function drawn(figure: Figure): Promise<void> {
  await waitUntil(() => figure.element.shadowRoot !== null);
  await figure.settled();
}

// ---- what has to be shown ---------------------------------------------------------------------------------------------

export interface Truth {
  readonly tokens: readonly Token[];
  /** Step t taken apart. */
  anatomy(t: number): StepAnatomy;
  hidden(t: number): number[];
  /** Memory of word k after word t, by a twin that reads a vector of zeros, relative to its imprint without anything held. */
  memory(t: number, k: number): number;
  /** Probability of a word after word t. */
  probability(t: number, word: string): number;
  predictions(t: number): Prediction[];
}

/** Reads a text, anew and step by step, with gates held and words skipped. */
export function readUnder(
  model: SentenceModel,
  text: string,
  interventions: readonly Intervention[] = [],
  mode: TokenMode = 'words',
): Truth {
  const tokens = tokenize(text, mode, 'en');
  const { cell } = model;
  const runs = new Map<string, Unrolled>();
  const run = (under: readonly Intervention[], without = -1): Unrolled => {
    const key = `${under.length} ${without}`;
    const known = runs.get(key);
    if (known) return known;
    const unrolled = new Unrolled(cell, 1, tokens.length);
    runs.set(key, unrolled);
    unrolled.start();
    unrolled.intervene(cell, under);
    tokens.forEach((token, t) => {
      const x = model.vector(token);
      unrolled.advance(cell, t === without ? x.map(() => 0) : x);
    });
    return unrolled;
  };
  const real = run(interventions);
  const state = (of: Unrolled, t: number): number[] => [...of.steps[t].h, ...of.steps[t].c];
  const distance = (under: readonly Intervention[], t: number, k: number): number => {
    const [mine, twins] = [run(under), run(under, k)].map((each) => state(each, t));
    return Math.hypot(...mine.map((value, i) => value - twins[i]));
  };
  const predictions = (t: number, count: number): Prediction[] =>
    model.predict(real.steps[t].h, count) ?? [];
  return {
    tokens,
    anatomy: (t) => takeApart(cell, real, t),
    hidden: (t) => [...real.steps[t].h],
    memory: (t, k) => distance(interventions, t, k) / distance([], k, k),
    probability: (t, word) =>
      predictions(t, model.vocabularySize ?? 0).find((each) => each.word === word)?.probability ??
      0,
    predictions: (t) => predictions(t, 5),
  };
}

/** The class that a square of this value has: a sixth of the way to ±1 for each. */
export const shadeOf = (value: number): number =>
  Math.max(-6, Math.min(6, Math.round(value * 6))) + 0;

export const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
