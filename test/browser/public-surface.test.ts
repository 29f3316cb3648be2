// Parts and custom properties, as custom-elements.json lists them, are what there is to style: every part stands
// somewhere, every property changes a colour somewhere, and none is left out.

import { expect, fixture } from '@open-wc/testing';
import '../../src/define/all.js';
import { contentOf, eventually, frame } from '../support/figure.js';
import { inTheEnd, servedWorkers, small } from '../support/trainer.js';

servedWorkers();

interface Named {
  readonly name: string;
}
interface ElementDeclaration {
  readonly tagName: string;
  readonly cssParts: readonly Named[];
  readonly cssProperties: readonly Named[];
}

const kite = 'Anna has a red kite. The cat sat on the mat. The kite of Anna is';
const colours = [
  'color',
  'background-color',
  'border-block-end-color',
  'border-block-start-color',
  'border-inline-start-color',
  'fill',
  'stroke',
  'outline-color',
  'accent-color',
  'text-decoration-color',
];

let elements: readonly ElementDeclaration[];
before(async () => {
  const { modules } = (await (await fetch('/custom-elements.json')).json()) as {
    modules: readonly {
      declarations: readonly (ElementDeclaration & { customElement?: boolean })[];
    }[];
  };
  elements = modules
    .flatMap(({ declarations }) => declarations)
    .filter((each) => each.customElement);
});

/** Everything below an element's shadow root, and the element. */
const insideOf = (element: HTMLElement): Element[] => [
  element,
  ...element.shadowRoot!.querySelectorAll('*'),
];

/** One of each kind: what has the same tag, classes and parts in the same surroundings looks the same. */
function kindsOf(element: HTMLElement): Element[] {
  const kind = (each: Element): string =>
    [each.localName, each.getAttribute('class'), each.getAttribute('part')].join();
  const parentOf = (each: Element): string => (each.parentElement ? kind(each.parentElement) : '');
  return [
    ...new Map(
      insideOf(element).map((each) => [`${kind(each)} in ${parentOf(each)}`, each]),
    ).values(),
  ];
}

/** Every colour of some elements. */
function coloursOf(all: readonly Element[]): string {
  return all
    .map((each) => {
      const style = getComputedStyle(each);
      return colours.map((name) => style.getPropertyValue(name)).join();
    })
    .join('\n');
}

/** What was found of one element so far. */
class Survey {
  readonly parts = new Set<string>();
  readonly properties = new Set<string>();
  readonly declaration: ElementDeclaration;

  constructor(tagName: string) {
    this.declaration = elements.find((each) => each.tagName === tagName)!;
  }

  /** Looks at an element as it stands. */
  look(element: HTMLElement): void {
    for (const each of insideOf(element)) each.part.forEach((name) => this.parts.add(name));
    const all = new Set(elements.flatMap((each) => each.cssProperties.map(({ name }) => name)));
    const kinds = kindsOf(element);
    const settle = (): void => {
      element.shadowRoot!.getAnimations().forEach((each) => each.finish());
    };
    settle();
    const before = coloursOf(kinds);
    for (const name of all) {
      if (this.properties.has(name)) continue;
      element.style.setProperty(name, 'rgb(1, 2, 3)');
      coloursOf(kinds); // begins what transitions there are
      settle();
      if (coloursOf(kinds) !== before) this.properties.add(name);
      element.style.removeProperty(name);
      coloursOf(kinds);
      settle();
    }
  }

  /** Found was what is listed. */
  compare(): void {
    const { cssParts, cssProperties } = this.declaration;
    const sorted = (names: Iterable<string>): string[] => [...names].sort();
    expect(sorted(this.parts)).to.deep.equal(sorted(cssParts.map(({ name }) => name)));
    expect(sorted(this.properties)).to.deep.equal(sorted(cssProperties.map(({ name }) => name)));
  }
}

/** Puts markup on a page, and waits until all elements in it are drawn, disclosures open. */
async function page(width: number, markup: string): Promise<HTMLElement> {
  const place = await fixture<HTMLElement>('<div></div>');
  place.style.width = `${width}px`;
  place.append(contentOf(markup));
  const found = [...place.children] as HTMLElement[];
  for (const each of found)
    await inTheEnd(() => partOf(each, 'base'), `${each.localName} is drawn`);
  await settled(...found);
  for (const each of found) await open(each);
  return place;
}

async function settled(...found: readonly HTMLElement[]): Promise<void> {
  for (let i = 0; i < 4; i++) {
    for (const each of found)
      await (each as HTMLElement & { updateComplete: unknown }).updateComplete;
    await frame();
  }
}

async function open(element: HTMLElement): Promise<void> {
  for (const each of element.shadowRoot!.querySelectorAll('details')) each.open = true;
  await settled(element);
}

const partOf = (element: HTMLElement, name: string): HTMLElement | null =>
  element.shadowRoot?.querySelector<HTMLElement>(`[part~="${name}"]`) ?? null;

/** Focuses a part as the keyboard does. */
function focus(element: HTMLElement, name: string): void {
  partOf(element, name)!.focus({ focusVisible: true });
}

describe('parts and custom properties', () => {
  it('of <rnn-visualizer>', async () => {
    const survey = new Survey('rnn-visualizer');
    const wide = await page(
      1100,
      `<rnn-visualizer id="wide" cell="lstm" step="6" layout="columns" theme="nonsense">
         ${kite}
       </rnn-visualizer>
       <gate-diagram for="wide"></gate-diagram>`,
    );
    const reader = wide.querySelector('rnn-visualizer')!;
    await eventually(() => partOf(reader, 'predictions'), 'predictions');
    wide.querySelector('gate-diagram')!.hold('forget', 0);
    await eventually(() => partOf(reader, 'release'), 'a hold');
    focus(reader, 'next');
    survey.look(reader);
    const narrow = await page(
      380,
      `<rnn-visualizer cell="gru" step="6" model="random">${kite}</rnn-visualizer>`,
    );
    const untrained = narrow.querySelector('rnn-visualizer')!;
    await eventually(() => partOf(untrained, 'forget-bias'), 'untrained networks');
    survey.look(untrained);
    survey.compare();
  });

  it('of <gate-diagram>', async () => {
    const survey = new Survey('gate-diagram');
    for (const [cell, gate] of [
      ['lstm', 'forget'],
      ['gru', 'update'],
    ] as const) {
      const place = await page(
        1100,
        `<gate-diagram cell="${cell}" step="6" theme="nonsense">${kite}</gate-diagram>`,
      );
      const diagram = place.querySelector('gate-diagram')!;
      await eventually(() => partOf(diagram, 'arithmetic'), 'a step');
      diagram
        .shadowRoot!.querySelector(`[data-node="${gate}"]`)!
        .dispatchEvent(new MouseEvent('click', { bubbles: true }));
      diagram.hold(gate, 0);
      await eventually(() => partOf(diagram, 'consequences'), 'a hold');
      focus(diagram, 'next');
      survey.look(diagram);
    }
    survey.compare();
  });

  it('of <gradient-plot>', async () => {
    const survey = new Survey('gradient-plot');
    for (const [quantity, source] of [
      ['loss', 'text'],
      ['state', 'random'],
    ]) {
      const place = await page(
        900,
        `<gradient-plot quantity="${quantity}" source="${source}" length="20" theme="nonsense">
           ${kite}
         </gradient-plot>`,
      );
      const plot = place.querySelector('gradient-plot')!;
      await inTheEnd(() => partOf(plot, quantity === 'loss' ? 'shares' : 'settings'), 'a plot');
      await open(plot);
      await inTheEnd(() => partOf(plot, 'csv') && partOf(plot, 'check-cell'), 'tables');
      focus(plot, 'lag');
      await settled(plot);
      survey.look(plot);
    }
    const place = await page(
      900,
      `<rnn-visualizer id="held" cell="gru" step="6">${kite}</rnn-visualizer>
       <gradient-plot for="held"></gradient-plot>
       <gate-diagram for="held"></gate-diagram>`,
    );
    const follower = place.querySelector('gradient-plot')!;
    place.querySelector('gate-diagram')!.skip(2);
    await eventually(() => partOf(follower, 'release'), 'a skipped word');
    focus(follower, 'next');
    survey.look(follower);
    survey.compare();
  });

  it('of <rnn-trainer>', async () => {
    const survey = new Survey('rnn-trainer');
    const place = await page(
      900,
      `<rnn-trainer for="runs" theme="nonsense" ${small}></rnn-trainer>`,
    );
    const trainer = place.querySelector('rnn-trainer')!;
    const complete = new Promise((resolve) => {
      trainer.addEventListener('rnn-train-complete', resolve);
    });
    trainer.start();
    await complete;
    place.append(contentOf(`<rnn-visualizer id="runs">${kite}</rnn-visualizer>`));
    await open(trainer);
    await inTheEnd(() => partOf(trainer, 'csv') && partOf(trainer, 'use'), 'tables');
    focus(trainer, 'start');
    survey.look(trainer);
    survey.compare();
  });

  it('of <rnn-quiz>', async () => {
    const survey = new Survey('rnn-quiz');
    const list = '<ul><li>red</li><li>cat</li></ul>';
    const place = await page(
      900,
      `<rnn-visualizer id="read" cell="lstm">${kite}</rnn-visualizer>
       <rnn-quiz for="read" measure="memory" theme="nonsense">${list}</rnn-quiz>`,
    );
    const quiz = place.querySelector('rnn-quiz')!;
    await inTheEnd(() => partOf(quiz, 'act'), 'the quiz has loaded');
    survey.look(quiz);
    quiz.shadowRoot!.querySelectorAll('input')[1].click();
    await settled(quiz);
    focus(quiz, 'act');
    survey.look(quiz);
    partOf(quiz, 'act')!.click();
    place.querySelector('rnn-visualizer')!.seek(99);
    await eventually(() => partOf(quiz, 'bar'), 'an answer');
    survey.look(quiz);
    survey.compare();
  });
});
