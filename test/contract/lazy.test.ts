// Elements that nobody sees yet: they do no work and load nothing until a reader comes near, or somebody asks.

import { expect, fixture } from '@open-wc/testing';
import '../../src/define/all.js';
import {
  furnish,
  inside,
  isReady,
  markup,
  ready,
  tags,
  type Every,
  type Tag,
} from '../support/every.js';
import { eventually, Figure, frame, seen } from '../support/figure.js';
import { bundle, openMade } from '../support/pages.js';
import { wait } from '../support/trainer.js';

/** A place on a long page, so many window heights below its start. */
async function below(heights: number): Promise<HTMLElement> {
  const page = await fixture<HTMLElement>('<div><p></p><div></div></div>');
  page.querySelector('p')!.style.cssText = `margin: 0; block-size: ${heights * innerHeight}px`;
  page.style.paddingBlockEnd = `${5 * innerHeight}px`;
  scrollTo(0, 0);
  await frame();
  return page.querySelector('div')!;
}

/** Files that elements load when they begin to work. */
const loaded = (page: Window = window): string[] =>
  page.performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name).pathname)
    .filter((name) =>
      /story\/weights\/|elements\/.*\/(figure|panel|details)\.|\/chunks\//.test(name),
    );

const events: string[] = [];
for (const name of ['rnn-ready', 'rnn-error']) {
  addEventListener(name, ({ target, type }) =>
    events.push(`${(target as Element).localName} ${type}`),
  );
}

afterEach(() => {
  scrollTo(0, 0);
  events.length = 0;
});

describe('A page with elements far below what is seen', () => {
  // first, since what has been loaded is not asked for again
  it('no element loads or computes anything; near, each does', async () => {
    const home = await below(4);
    const content = (tag: Tag): string =>
      tag === 'rnn-quiz' ? inside(tag) : 'Anna has a red kite';
    home.innerHTML = tags.map((tag) => `<${tag}>${content(tag)}</${tag}>`).join('');
    const elements = [...home.children] as Every[];
    await wait(300);
    expect(loaded()).to.deep.equal([]);
    expect(events).to.deep.equal([]);
    for (const element of elements) expect(isReady(element), element.localName).to.equal(false);
    expect((elements[0] as HTMLElementTagNameMap['rnn-visualizer']).trace).to.equal(null);
    // the sentence is there all the same
    for (const element of elements.slice(0, 2)) {
      expect(seen(element.shadowRoot!.querySelector('[part~=base]'))).to.contain('kite');
    }

    for (const element of elements) {
      // not seen yet, but less than a window’s height away
      scrollTo(0, scrollY + element.getBoundingClientRect().top - 1.6 * innerHeight);
      await frame();
      expect(element.getBoundingClientRect().top).to.be.above(innerHeight);
      await ready(element);
    }
    for (const part of ['weights', 'figure', 'panel']) {
      expect(
        loaded().some((name) => name.includes(part)),
        part,
      ).to.equal(true);
    }
    expect(events.filter((each) => each.endsWith('ready'))).to.have.length(3);
    expect(events.filter((each) => each.endsWith('error'))).to.deep.equal([]);
  });

  for (const tag of tags) {
    it(`${tag} with loading="eager" does not wait`, async () => {
      const element = furnish(document.createElement<typeof tag>(tag));
      element.setAttribute('loading', 'eager');
      (await below(4)).append(element);
      await ready(element);
      expect(scrollY).to.equal(0);
    });

    it(`${tag} with another value of loading says so, and waits`, async () => {
      const element = furnish(document.createElement<typeof tag>(tag));
      element.setAttribute('loading', 'sometimes');
      (await below(4)).append(element);
      await wait(100);
      expect(isReady(element)).to.equal(false);
      element.scrollIntoView();
      await ready(element);
      await eventually(() => events.includes(`${tag} rnn-error`));
      const message = element.shadowRoot!.querySelector('[part~=problem]');
      expect(seen(message)).to.contain('loading="sometimes"');
    });
  }

  it('a method wakes', async () => {
    const calls: [tag: (typeof tags)[number], call: (element: never) => void][] = [
      ['rnn-visualizer', (element: HTMLElementTagNameMap['rnn-visualizer']) => element.next()],
      ['rnn-visualizer', (element: HTMLElementTagNameMap['rnn-visualizer']) => element.play()],
      ['gate-diagram', (element: HTMLElementTagNameMap['gate-diagram']) => element.seek(1)],
      ['gradient-plot', (element: HTMLElementTagNameMap['gradient-plot']) => element.seek(1)],
      ['rnn-trainer', (element: HTMLElementTagNameMap['rnn-trainer']) => element.step()],
    ];
    for (const [tag, call] of calls) {
      const element = furnish(document.createElement<typeof tag>(tag));
      (await below(4)).append(element);
      await wait(50);
      expect(isReady(element), `${tag} waits`).to.equal(false);
      call(element as never);
      await ready(element);
      if ('pause' in element) element.pause();
    }
  });

  for (const tag of ['gate-diagram', 'gradient-plot'] as const) {
    it(`${tag} that is seen wakes the figure that it follows`, async () => {
      const home = await below(4);
      home.innerHTML = '<rnn-visualizer id="far" model="random">The cat sat</rnn-visualizer>';
      const far = home.querySelector('rnn-visualizer')!;
      await wait(50);
      expect(far.trace).to.equal(null);
      const near = document.createElement(tag);
      near.htmlFor = 'far';
      home.parentElement!.prepend(near);
      await eventually(() => far.trace !== null, 'the one far below reads');
      await new Figure(far).next();
      await eventually(() => near.step === 1);
      await ready(near);
    });
  }

  it('rnn-quiz that is seen wakes the figure that decides', async () => {
    const home = await below(4);
    home.innerHTML = '<rnn-visualizer id="far" model="random">The cat sat</rnn-visualizer>';
    const far = home.querySelector('rnn-visualizer')!;
    await wait(50);
    expect(far.trace).to.equal(null);
    home.parentElement!.insertAdjacentHTML('afterbegin', markup('rnn-quiz', 'for="far"'));
    await eventually(() => far.trace !== null, 'the one far below reads');
  });

  it('an element wakes when a button of it is pressed that nobody sees', async () => {
    const home = await below(4);
    home.innerHTML = '<rnn-visualizer>Anna has a red kite</rnn-visualizer>';
    const element = home.querySelector('rnn-visualizer')!;
    await element.updateComplete;
    expect(element.trace).to.equal(null);
    const top = scrollY;
    element.shadowRoot!.querySelector<HTMLElement>('[part~=next]')!.click(); // as a screen reader does
    await ready(element);
    const figure = new Figure(element);
    await eventually(() => figure.wordNow === 'Anna', 'the first word is read');
    expect(element.trace).not.to.equal(null);
    expect(scrollY).to.equal(top);
  });

  it('one that follows, far below, wakes nothing', async () => {
    const home = await below(4);
    home.innerHTML = `<rnn-visualizer id="far" model="random">The cat sat</rnn-visualizer>
      <gate-diagram for="far"></gate-diagram>${markup('rnn-quiz', 'for="far"')}`;
    await wait(150);
    expect(home.querySelector('rnn-visualizer')!.trace).to.equal(null);
  });

  it('the bundle asks for none of its files', async () => {
    const page = await openMade({
      scripts: [bundle],
      body: `<div style="block-size: 4000px"></div>${tags.map((tag) => `<${tag}></${tag}>`).join('')}`,
    });
    await page.customElements.whenDefined('rnn-trainer');
    await wait(300);
    expect(loaded(page)).to.deep.equal([]);
    for (const tag of tags) {
      const element = page.document.querySelector(tag)!;
      element.scrollIntoView();
      await ready(element);
    }
    expect(loaded(page).length).to.be.above(2);
  });
});
