// Long texts: their memories by WebAssembly where the page allows it, by the reference path where it does not.

import { expect } from '@open-wc/testing';
import '../../src/define/rnn-visualizer.js';
import { offers } from '../support/browser.js';
import { eventually, Figure, mount } from '../support/figure.js';
import { addressOf, bundle, open, strictPolicy, type Page } from '../support/pages.js';

const page = {
  scripts: [bundle],
  body: '<rnn-visualizer compare="rnn lstm gru"></rnn-visualizer>',
};
const plain = addressOf(page);
const strict = addressOf({ ...page, policy: strictPolicy });

/** A text of so many words, which untrained networks read. */
const longText = (words: number): string =>
  Array.from({ length: words }, (_, i) => `w${(i * i) % 97}`).join(' ');

const kernelLoaded = (page: Window): boolean =>
  page.performance.getEntriesByType('resource').some(({ name }) => /kernels-simd-/.test(name));

/** Steps to the end by the scrubber and tells what the bars in sight show. */
async function memories(figure: Figure): Promise<string[]> {
  const { scrubber } = figure;
  scrubber.value = scrubber.max;
  scrubber.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  await figure.settled();
  const bars = (): HTMLElement[] =>
    figure.parts('bar').filter(({ dataset }) => Number(dataset['word']) < Number(scrubber.max));
  await eventually(
    () => bars().length > 5 && bars().every((bar) => /\d/.test(bar.textContent)),
    'all bars in sight are filled',
  );
  return bars().map(
    (bar) => `${bar.dataset['cell']} ${bar.dataset['word']} ${bar.textContent.trim()}`,
  );
}

/** The built library in a frame, reading a long text. */
async function longReading(
  address: string,
  prepare: (page: Page) => void = () => undefined,
  accelerate = 'auto',
): Promise<{ page: Page; figure: Figure; shown: string[] }> {
  const page = await open(address, prepare);
  const element = page.document.querySelector('rnn-visualizer')!;
  element.setAttribute('accelerate', accelerate);
  const figure = new Figure(element);
  await eventually(() => element.shadowRoot && figure.has('badge'), 'the built library runs');
  await eventually(() => figure.badge.startsWith('Trained'), 'run "npm run build"');
  await figure.paste(longText(600));
  return { page, figure, shown: await memories(figure) };
}

describe('A page with a strict policy, where a long text is read', () => {
  it('show the same memories with and without WebAssembly', async () => {
    const markup = (attribute: string): string =>
      `<rnn-visualizer compare="rnn lstm gru" controls="scrubber next" ${attribute}>${longText(600)}</rnn-visualizer>`;
    const plain = await memories(await mount(markup('accelerate="off"')));
    const fast = await memories(await mount(markup('')));
    expect(plain.length).to.be.above(10);
    expect(fast).to.deep.equal(plain);
  });

  it('a strict page reports one refused try at most, and everything works', async () => {
    const { page, figure, shown } = await longReading(strict);
    const reported = offers('reports of refused WebAssembly') ? 1 : 0;
    await eventually(() => page.violations.length === reported, 'the try was made');
    await figure.press('Start again');
    await figure.paste(`${longText(700)} again`);
    expect((await memories(figure)).length).to.be.above(5);
    expect(page.violations).to.have.length(reported);
    for (const each of page.violations) expect(each).to.match(/^script-src: wasm-eval/);
    expect([...page.thrown]).to.deep.equal([]);
    expect(shown.length).to.be.above(5);
    expect(figure.has('problem')).to.equal(false);
  });

  it('a strict page reports nothing with accelerate="off"', async () => {
    const { page, shown } = await longReading(strict, undefined, 'off');
    expect(shown.length).to.be.above(5);
    expect([...page.violations]).to.deep.equal([]);
    expect(kernelLoaded(page)).to.equal(false);
  });

  it('a browser without WebAssembly shows the same', async () => {
    const allowed = await longReading(plain);
    await eventually(() => kernelLoaded(allowed.page), 'with WebAssembly the kernel is loaded');
    const without = await longReading(plain, (page) => {
      Reflect.deleteProperty(page, 'WebAssembly');
    });
    expect('WebAssembly' in without.page).to.equal(false);
    expect(without.shown).to.deep.equal(allowed.shown);
    expect(kernelLoaded(without.page)).to.equal(false);
    expect([...without.page.thrown]).to.deep.equal([]);
  });
});
