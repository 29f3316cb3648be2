// What an element leaves to the page around it: keys, names, head, storage, other people's servers.

import { expect, fixture } from '@open-wc/testing';
import '../../src/define/all.js';
import { sendKeys } from '../support/browser.js';
import { Diagram, key } from '../support/diagram.js';
import { furnish, ready, tags, text, works, type Every, type Tag } from '../support/every.js';
import { contentOf, Figure, frame, mount } from '../support/figure.js';
import { useAll } from '../support/full-run.js';
import { bundle, openMade, standalone, type Page } from '../support/pages.js';

/** An element that is ready on the page. */
async function at(tag: Tag): Promise<Every> {
  const element = furnish(document.createElement<Tag>(tag));
  element.loading = 'eager';
  (await fixture<HTMLElement>('<div></div>')).append(element);
  await ready(element);
  return element;
}

const arrows = ['ArrowLeft', 'ArrowRight', 'Home', 'End'];
const all = [...arrows, 'ArrowUp', 'ArrowDown'];

/** What in each element has keys of its own, and which. */
const places: readonly [tag: Tag, name: string, selector: string, keys: readonly string[]][] = [
  ['rnn-visualizer', 'a word', '[part~=word]', arrows],
  [
    'rnn-visualizer',
    'a memory bar',
    '[part~=bar][tabindex="0"]',
    [...arrows, 'ArrowUp', 'ArrowDown'],
  ],
  ['rnn-visualizer', 'the states', '[part~=states]', all],
  ['rnn-visualizer', 'a button', '[part~=next]', arrows],
  ['gate-diagram', 'a word', '[part~=word]', all],
  ['gate-diagram', 'a node', '[part~=node][tabindex="0"]', [...all, 'Enter', ' ']],
  ['gradient-plot', 'a word', '[part~=word]', all],
];

describe('A page that has keys of its own', () => {
  for (const [tag, name, selector, keys] of places) {
    it(`${name} of ${tag} uses its own up, and leaves the rest to the page`, async () => {
      const element = await at(tag);
      // what a Figure asks of its element every element has that reads
      const figure = new Figure(element as HTMLElementTagNameMap['rnn-visualizer']);
      figure.element.seek(3);
      await figure.settled();
      for (const each of keys) {
        const target = figure.root.querySelector(selector)!;
        expect(await key(figure, target, each), each).to.deep.equal({
          left: false,
          bubbled: false,
        });
      }
      const target = (): Element => figure.root.querySelector(selector)!;
      for (const each of ['a', 'Escape', 'PageDown', 'Tab', 'F5', '/']) {
        expect(await key(figure, target(), each), each).to.deep.equal({
          left: true,
          bubbled: true,
        });
      }
      for (const modifier of ['altKey', 'ctrlKey', 'metaKey']) {
        for (const each of keys) {
          const found = await key(figure, target(), each, { [modifier]: true });
          expect(found, `${modifier} ${each}`).to.deep.equal({ left: true, bubbled: true });
        }
      }
    });
  }

  it('the page does not scroll by those that are used, and does by others', async () => {
    const figure = await mount(
      `<rnn-visualizer layout="rows" model="random">${text}</rnn-visualizer>`,
    );
    const room = document.createElement('div');
    room.style.blockSize = '3000px';
    figure.element.after(room);
    scrollTo(0, 0);
    figure.wordButtons[0].focus({ preventScroll: true });
    for (const press of ['ArrowDown', 'ArrowDown', 'End', 'Home', 'ArrowUp']) {
      await sendKeys({ press });
      await figure.settled();
    }
    for (let i = 0; i < 10; i++) await frame();
    expect(scrollY).to.equal(0);
    expect(figure.wordNow).to.equal(null);
    await sendKeys({ press: 'PageDown' });
    for (let i = 0; i < 60 && scrollY === 0; i++) await frame();
    expect(scrollY).to.be.above(0);
    scrollTo(0, 0);
  });

  /** Keys that a control of an element uses by itself: the page can't see the control, so it must not hear them. */
  const controls: readonly [tag: Tag, selector: string, used: string[], left: string[]][] = [
    ['rnn-visualizer', 'textarea', ['a', ' ', '/', 'ArrowLeft', 'Enter'], ['Escape', 'Tab', 'F5']],
    [
      'rnn-visualizer',
      '[part~=scrubber]',
      ['ArrowLeft', 'End', 'PageDown'],
      ['a', 'Escape', 'Tab'],
    ],
    ['rnn-visualizer', '[part~=speed]', ['ArrowDown', 's'], ['Tab']],
    ['rnn-visualizer', '[part~=next]', ['Enter', ' '], ['a', '/', 'PageDown', 'Escape', 'Tab']],
    ['rnn-visualizer', 'summary', ['Enter', ' '], ['a', 'Escape', 'Tab']],
    ['gate-diagram', '[part~=unit]', ['ArrowRight', 'Home'], ['Escape', 'Tab']],
    ['rnn-trainer', '[name=test-gap]', ['1', 'Enter', 'ArrowUp'], ['Escape', 'Tab']],
    ['rnn-quiz', 'input', ['ArrowDown', ' ', 'Enter'], ['a', 'Escape', 'Tab']],
  ];
  for (const [tag, selector, used, left] of controls) {
    it(`${selector} of ${tag} has its own for itself, and leaves the rest to the page`, async () => {
      const element = await at(tag);
      const figure = new Figure(element as HTMLElementTagNameMap['rnn-visualizer']);
      const bubbles = async (name: string, options?: KeyboardEventInit): Promise<boolean> =>
        (await key(figure, figure.root.querySelector(selector)!, name, options)).bubbled;
      for (const each of left) expect(await bubbles(each), each).to.equal(true);
      expect(await bubbles('s', { ctrlKey: true }), 'with a modifier').to.equal(true);
      for (const each of used) expect(await bubbles(each), each).to.equal(false);
    });
  }

  it('what is slotted is the page’s, keys and all', async () => {
    const quiz = furnish(document.createElement('rnn-quiz'));
    const question = document.createElement('p');
    question.slot = 'question';
    const field = question.appendChild(document.createElement('input'));
    quiz.append(question);
    quiz.loading = 'eager';
    (await fixture<HTMLElement>('<div></div>')).append(quiz);
    await ready(quiz);
    const figure = new Figure(quiz as unknown as HTMLElementTagNameMap['rnn-visualizer']);
    expect((await key(figure, field, 'a')).bubbled).to.equal(true);
  });

  it('those of a field are the field’s', async () => {
    const figure = await mount(`<rnn-visualizer model="random">${text}</rnn-visualizer>`);
    await figure.next(2);
    figure.field.focus();
    for (const press of ['ArrowLeft', 'Home', 'End', 'ArrowUp']) await sendKeys({ press });
    await figure.settled();
    expect(figure.wordNow, 'the step stays').to.equal('cat');
  });
});

describe('A page whose names, head and storage are its own', () => {
  /** Names and other things that everything on a page shares. */
  const traces = (page: Page): Record<string, unknown> => ({
    names: Object.getOwnPropertyNames(page).sort(),
    symbol: Object.getOwnPropertyNames(page.Symbol).sort(),
    head: page.document.head.innerHTML.replace(/\s+/g, ' '),
    sheets: page.document.styleSheets.length + page.document.adoptedStyleSheets.length,
    classes: page.document.documentElement.className + page.document.body.className,
    local: page.localStorage.length,
    session: page.sessionStorage.length,
    cookie: page.document.cookie,
  });

  for (const script of [bundle, '/dist/rnn-visualizer.js', standalone]) {
    it(`${script}, through a full run of each element`, async function () {
      this.timeout(120_000);
      const changes: string[] = [];
      const page = await openMade({});
      const before = traces(page);
      const databases = await page.indexedDB.databases();
      const caches = await page.caches.keys();
      const element = page.document.createElement('script');
      if (script !== standalone) element.type = 'module';
      element.src = script;
      const loaded = new Promise((resolve) => {
        element.addEventListener('load', resolve);
      });
      // in the body, so that the head is as it was
      page.document.body.append(element);
      await loaded;
      new page.MutationObserver((records) => {
        for (const { type, target } of records) changes.push(`${type} ${target.nodeName}`);
      }).observe(page.document.head, {
        childList: true,
        subtree: true,
        attributes: true,
        characterData: true,
      });
      for (const tag of script.includes('visualizer') ? tags.slice(0, 1) : tags) {
        const used = page.document.createElement(tag);
        page.document.body.append(used);
        used.scrollIntoView();
        await useAll(used);
        used.remove();
      }
      expect(traces(page)).to.deep.equal(before);
      expect(changes).to.deep.equal([]);
      expect(await page.indexedDB.databases()).to.deep.equal(databases);
      expect(await page.caches.keys()).to.deep.equal(caches);
      expect(page.navigator.serviceWorker.controller).to.equal(null);
      const asked = page.performance.getEntriesByType('resource').map(({ name }) => name);
      const others = asked.filter(
        (name) =>
          !name.startsWith(`${location.origin}/dist/`) && !/\/pages\/|__web-dev|favicon/.test(name),
      );
      expect(others, 'requests').to.deep.equal([]);
      expect(asked.length).to.be.above(script === standalone ? 0 : 2);
    });
  }

  it('the modules of src/ leave the head alone, too', async () => {
    const before = document.head.innerHTML;
    for (const tag of tags) await works(await at(tag));
    const place = await fixture<HTMLElement>('<div></div>');
    place.append(contentOf('<gate-diagram for="nobody"></gate-diagram>'));
    await new Diagram(place.querySelector('gate-diagram')!).settled();
    expect(document.head.innerHTML).to.equal(before);
  });
});
