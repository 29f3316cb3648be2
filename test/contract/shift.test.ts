// Nothing on a page moves when weights and parts of a figure arrive, and when a reader scrolls down to one.

import { expect, fixture } from '@open-wc/testing';
import '../../src/define/all.js';
import { setViewport } from '../support/browser.js';
import { inside, ready, tags, type Every, type Tag } from '../support/every.js';
import { frame } from '../support/figure.js';
import { wait } from '../support/trainer.js';

/** What Chromium tells of a shift. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Node | null }[];
}

/** Every element with the attributes that make a difference to its room. */
const subjects: readonly [tag: Tag, attributes: string][] = [
  ['rnn-visualizer', ''],
  ['rnn-visualizer', 'cell="lstm"'],
  ['rnn-visualizer', 'compare="rnn lstm gru"'],
  ['rnn-visualizer', 'controls="none"'],
  ['gate-diagram', ''],
  ['gate-diagram', 'cell="gru"'],
  ['gradient-plot', ''],
  ['gradient-plot', 'source="random"'],
  ['gradient-plot', 'controls="back next"'],
  ['rnn-trainer', ''],
  ['rnn-quiz', 'question="Where did the cat sit?"'],
  ['rnn-quiz', 'for="nothing" measure="memory" question="Which word lasts?"'],
];

/** An element without a text of its own; what can be chosen has to be there. */
const element = (tag: Tag, attributes = ''): string =>
  `<${tag} ${attributes}>${tag === 'rnn-quiz' ? inside(tag) : ''}</${tag}>`;

/** The heights that an element has had from its first frame on. */
async function heights(element: Every): Promise<number[]> {
  const all: number[] = [];
  const note = (): void => {
    const { height } = element.getBoundingClientRect();
    if (height !== all.at(-1)) all.push(height);
  };
  await element.updateComplete;
  note();
  const observer = new MutationObserver(note);
  observer.observe(element.shadowRoot!, { childList: true, subtree: true, attributes: true });
  await ready(element);
  await wait(600);
  await element.updateComplete;
  note();
  observer.disconnect();
  return all;
}

/** What stands where on the page, as far as scrolling does not matter. */
const places = (marks: Iterable<Element>): number[] =>
  [...marks].map((mark) => Math.round(mark.getBoundingClientRect().top + scrollY));

before(() => setViewport({ width: 1300, height: 800 }));
after(() => setViewport({ width: 800, height: 600 }));

describe('A page on which nothing may shift', () => {
  for (const width of [360, 680, 1240]) {
    it(`all keep their heights while they load, ${width} px wide`, async () => {
      const page = await fixture<HTMLElement>('<div></div>');
      // one over the other, so that all are in view and wake
      page.style.cssText = `display: grid; grid-template: auto / ${width}px; align-items: start; font: 16px sans-serif`;
      page.innerHTML = subjects.map((each) => element(...each)).join('');
      const all = [...page.querySelectorAll<Every>(tags.join())];
      for (const each of all) each.style.gridArea = '1 / 1';
      const found = await Promise.all(all.map(heights));
      expect(found).to.have.length(subjects.length);
      subjects.forEach(([tag, attributes], i) => {
        expect(found[i], `${tag} ${attributes}: ${found[i].join(', ')}`).to.have.length(1);
      });
    });
  }

  it('a reader scrolls down a page with all of them: nothing moves', async function () {
    const page = await fixture<HTMLElement>('<div></div>');
    page.style.cssText = 'inline-size: 720px; font: 16px sans-serif';
    page.innerHTML = tags
      .map((tag) => `<p style="block-size: 2200px">Text</p>${element(tag)}<p>And more</p>`)
      .join('');
    const marks = [...page.querySelectorAll('p')];
    const shifts: string[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        const moved = entry.sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 80));
        shifts.push(`${entry.value}: ${moved.join(', ')}`);
      }
    });
    scrollTo(0, 0);
    for (let i = 0; i < 3; i++) await frame();
    // (Firefox and WebKit know no such entries)
    observer.observe({ type: 'layout-shift', buffered: false });
    const before = places(marks);
    const end = document.documentElement.scrollHeight;
    for (let y = 0; y < end; y += 150) {
      scrollTo(0, y);
      await frame();
      await frame();
    }
    for (const element of page.querySelectorAll<Every>(tags.join())) {
      await ready(element);
      expect(places(marks), `${element.localName} is ready`).to.deep.equal(before);
    }
    await wait(600);
    expect(places(marks)).to.deep.equal(before);
    expect(observer.takeRecords()).to.deep.equal([]);
    expect(shifts).to.deep.equal([]);
    observer.disconnect();
    scrollTo(0, 0);
  });
});
