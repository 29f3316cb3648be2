// The standalone script: alone on a page, in a sandboxed frame, under policies, and beside the module bundle.

import { expect } from '@open-wc/testing';
import '../../src/define/all.js'; // the pages bring their own
import { eventually, Figure } from '../support/figure.js';
import { Frame } from '../support/frames.js';
import { addressOf, also, bundle, open, standalone, type Page } from '../support/pages.js';
import { inTheEnd, ready, Trainer } from '../support/trainer.js';

const alone = '/test/contract/pages/standalone.html';
const blank = addressOf({});

/** Reads to the end with trained networks, by clicks. */
async function reads(page: Window): Promise<void> {
  const figure = new Figure(page.document.querySelector('rnn-visualizer')!);
  await eventually(() => figure.element.shadowRoot && figure.has('badge'));
  await eventually(() => figure.badge.startsWith('Trained'), 'run "npm run build"');
  await figure.toTheEnd();
  expect(figure.wordNow).to.equal('is');
  const best = figure.predictions.map(([{ word }]) => word);
  expect(best.slice(1)).to.deep.equal(['red', 'red']);
  expect(figure.has('problem')).to.equal(false);
}

/** Trains, and tells where. */
async function trains(page: Page): Promise<string> {
  await page.customElements.whenDefined('rnn-trainer');
  const element = page.document.createElement('rnn-trainer');
  Object.assign(element, {
    cells: 'rnn gru',
    steps: 20,
    gap: 2,
    batch: 4,
    examples: 100,
    loading: 'eager',
  });
  const trainer = new Trainer(element);
  page.document.body.append(element);
  await ready(trainer);
  await trainer.press('Start training');
  await trainer.finished();
  expect(trainer.heard('rnn-error')).to.deep.equal([]);
  return /Trained [oi][^.]*\./.exec(trainer.part('base').textContent.replace(/\s+/g, ' '))![0];
}

/** Files of ours that the page asked for. */
const requested = (page: Window): string[] =>
  page.performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .filter((name) => name.includes('/dist/') || name.startsWith('blob:'));

/** Adds a script and waits until it has run. */
function load(page: Window, src: string): Promise<unknown> {
  const script = page.document.createElement('script');
  if (src.startsWith(bundle)) script.type = 'module';
  script.src = src;
  page.document.head.append(script);
  return new Promise((resolve) => {
    script.addEventListener('load', resolve);
  });
}

describe('A page with the standalone script', () => {
  it('reads, draws and trains, and asks for no file but itself', async function () {
    const page = await open(alone);
    const names = new Set(Object.keys(page));
    await reads(page);
    for (const tag of ['gate-diagram', 'gradient-plot']) {
      const { shadowRoot } = page.document.querySelector(tag)!;
      await inTheEnd(() => shadowRoot!.querySelector('[part~=base] button'), tag);
      expect(shadowRoot!.querySelector('[part=problem]'), tag).to.equal(null);
    }
    expect(await trains(page)).to.equal('Trained in a worker, with WebAssembly.');
    expect(requested(page).filter((name) => !name.startsWith('blob:'))).to.deep.equal([
      new URL(standalone, location.href).href,
    ]);
    // what this page and Lit put there, as every Lit does
    const known =
      /^(violations|thrown|said|lit(Element|Html)Versions|reactiveElementVersions|litPropertyMetadata)$/;
    const fresh = await open(blank);
    const added = [...names].filter((name) => !(name in fresh) && !known.test(name));
    expect(added, 'names that are new on the page').to.deep.equal([]);
    expect([...page.violations, ...page.thrown, ...page.said]).to.deep.equal([]);
  });

  for (const [name, policy, where] of [
    ['allows workers from texts', 'worker-src blob:', 'in a worker, with WebAssembly'],
    ['allows none', "worker-src 'self'", 'on the page itself, in slices, with WebAssembly'],
    [
      'lists the policies of Trusted Types',
      "require-trusted-types-for 'script'; trusted-types rnn-elements rnn-elements-html",
      'in a worker, with WebAssembly',
    ],
  ]) {
    it(`trains where a policy ${name}, with at most one report`, async function () {
      const page = await open(alone);
      also(page, policy);
      await reads(page);
      expect([...page.violations], 'before a training').to.deep.equal([]);
      expect(await trains(page)).to.equal(`Trained ${where}.`);
      expect(await trains(page)).to.equal(`Trained ${where}.`);
      const mechanisms = page.violations.map((each) => each.split(':')[0]);
      expect(mechanisms).to.deep.equal(where.includes('slices') ? ['worker-src'] : []);
      expect([...page.thrown]).to.deep.equal([]);
    });
  }

  it('works in a sandboxed frame, whose origin is none', async function () {
    const src = '/test/contract/pages/sandboxed.html';
    const opened = await new Frame({ sandbox: 'allow-scripts', src }).open();
    await inTheEnd(() => opened.messages.length > 0, 'the page has told');
    const [told] = opened.messages;
    expect(told['thrown']).to.deep.equal([]);
    expect(told['origin']).to.equal('null');
    expect(told['said']).to.match(/^Read “is”.*the GRU expects “red”/);
    expect(told['trained']).to.equal('Trained in a worker, with WebAssembly.');
    // WebKit does not tell such a page what it asked for
    const others = (told['requested'] as string[]).filter(
      (name) => name.includes('/dist/') && !name.endsWith(standalone),
    );
    expect(others).to.deep.equal([]);
  });
});

describe('A page with the standalone script and the module', () => {
  for (const order of [
    [standalone, bundle],
    [bundle, standalone],
    [standalone, standalone],
  ]) {
    it(`${order.join(', then ')}: the first one stays, which is said once`, async function () {
      const page = await open(blank);
      const [first, second] = order;
      await load(page, first);
      const tags = ['gate-diagram', 'gradient-plot', 'rnn-quiz', 'rnn-trainer', 'rnn-visualizer'];
      const classes = tags.map((tag) => page.customElements.get(tag));
      expect(classes).not.to.include(undefined);
      await load(page, second);
      await load(page, `${second}?again`);
      expect(tags.map((tag) => page.customElements.get(tag))).to.deep.equal(classes);
      const element = page.document.createElement('rnn-visualizer');
      element.compare = 'rnn lstm gru';
      page.document.body.append(element);
      await reads(page);
      expect(await trains(page)).to.equal('Trained in a worker, with WebAssembly.');
      expect([...page.thrown]).to.deep.equal([]);
      for (const line of page.said) {
        expect(line).to.match(
          /^info: rnn-elements: .*version \d+\.\d+\.\d+.*version \d+\.\d+\.\d+/,
        );
      }
      expect(page.said, 'one for each further copy').to.have.length(2);
    });
  }
});
