// The built <rnn-trainer> and <gradient-plot> on pages with policies, or without what makes them fast: all of it works.

import { expect } from '@open-wc/testing';
import '../../src/define/rnn-trainer.js'; // the pages bring their own
import { offers } from '../support/browser.js';
import { slide } from '../support/diagram.js';
import { addressOf, also, bundle, open, strictPolicy, type Page } from '../support/pages.js';
import { Plot } from '../support/plot.js';
import { Trainer, inTheEnd, ready, wait } from '../support/trainer.js';

const plain = addressOf({ scripts: [bundle] });
const strict = addressOf({ scripts: [bundle], policy: strictPolicy });
const trusted = addressOf({
  scripts: [bundle],
  policy: `${strictPolicy}; require-trusted-types-for 'script'`,
});

/** A run of a second, without WebAssembly as well, wherever the element stands. */
const settings = {
  hiddenSize: 8,
  gap: 2,
  steps: 20,
  batch: 4,
  examples: 100,
  cells: 'rnn gru',
  loading: 'eager',
};

/** Puts a built trainer on a page that has loaded the library. */
async function trainerOn(page: Page, accelerate = 'auto'): Promise<Trainer> {
  await page.customElements.whenDefined('rnn-trainer');
  const element = page.document.createElement('rnn-trainer');
  Object.assign(element, settings, { accelerate });
  const trainer = new Trainer(element);
  page.document.body.append(element);
  await ready(trainer);
  return trainer;
}

/** Puts a built plot of random networks on a page. */
async function plotOn(page: Page, accelerate = 'auto'): Promise<Plot> {
  const element = page.document.createElement('gradient-plot');
  Object.assign(element, {
    source: 'random',
    length: 30,
    hiddenSize: 8,
    loading: 'eager',
    accelerate,
  });
  const plot = new Plot(element);
  page.document.body.append(element);
  await inTheEnd(() => plot.element.shadowRoot && plot.has('narration'), 'the plot has loaded');
  await plot.computed();
  return plot;
}

const where = (trainer: Trainer): string =>
  /Trained [^.]*\./.exec(trainer.part('base').textContent.replace(/\s+/g, ' '))?.[0] ?? '';

/** What a training comes to on a page: every number and where it was computed. */
async function run(trainer: Trainer): Promise<{ tables: string[][][]; where: string }> {
  await trainer.press('Start training');
  await trainer.finished();
  expect(trainer.heard('rnn-error')).to.deep.equal([]);
  return { tables: await trainer.tables(), where: where(trainer) };
}

/** How often a page was told of each thing that it forbids. */
function reports(page: Page): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of page.violations) {
    const mechanism = each.split(' ').slice(0, 2).join(' ');
    counts[mechanism] = (counts[mechanism] ?? 0) + 1;
  }
  return counts;
}

/** Uses all of a trainer, as a reader does. */
async function useAll(trainer: Trainer): Promise<void> {
  trainer.part('disclosure-settings').querySelector('summary')!.click();
  await inTheEnd(() => trainer.root.querySelector('input[name=seed]'), 'settings');
  await trainer.set('gap', '3');
  await trainer.set('seed', '4');
  await trainer.press('Back to the first settings');
}

let fast: string[][][];
let exact: string[][][];

describe('A page without a policy, where a training runs', () => {
  it('trains in a worker with WebAssembly; with accelerate="off" without either', async function () {
    const page = await open(plain);
    const trainer = await trainerOn(page);
    await useAll(trainer);
    const found = await run(trainer);
    expect(found.where).to.equal('Trained in a worker, with WebAssembly.');
    fast = found.tables;
    const off = await run(await trainerOn(page, 'off'));
    expect(off.where).to.equal('Trained on the page itself, in slices, without WebAssembly.');
    exact = off.tables;
    expect([...page.violations, ...page.thrown]).to.deep.equal([]);
  });
});

describe('A page in a sandbox, where a training runs', () => {
  it('may not submit forms, and needs none', async () => {
    const page = await open(plain, undefined, 'allow-scripts allow-same-origin');
    const trainer = await trainerOn(page);
    await run(trainer);
    const { gru } = await trainer.ask(5);
    expect(gru!.asked).to.be.above(0);
    expect([...page.violations, ...page.thrown]).to.deep.equal([]);
  });
});

describe('A page with a strict policy, where a training runs or a plot is dragged', () => {
  for (const [name, address] of [
    ['a strict policy', strict],
    ['a strict policy and Trusted Types', trusted],
  ] as const) {
    it(`with ${name} are told nothing before a start or a drag, and of WebAssembly once after it`, async function () {
      const page = await open(address);
      const trainer = await trainerOn(page);
      const plot = await plotOn(page);
      await useAll(trainer);
      await wait(300);
      expect([...page.violations], 'before anybody does anything').to.deep.equal([]);

      const found = await run(trainer);
      expect(found.where).to.equal('Trained in a worker, without WebAssembly.');
      expect(found.tables).to.deep.equal(exact);
      for (const scale of [0.5, 1.5]) {
        await plot.change(() => slide(plot, plot.setting('recurrentScale'), scale));
      }
      for (const each of ['facts', 'check', 'table'] as const) await plot.unfold(each);
      await trainer.ask(5);
      await trainer.save('gru');
      await trainer.csv();
      await run(trainer.element.isConnected ? await trainerOn(page) : trainer);
      const told = reports(page);
      expect(told).to.deep.equal(
        offers('reports of refused WebAssembly') ? { 'script-src: wasm-eval': 1 } : {},
      );
      expect([...page.thrown]).to.deep.equal([]);
      expect(plot.problem).to.equal('');
    });

    it(`with ${name} are told nothing at all with accelerate="off"`, async function () {
      const page = await open(address);
      const plot = await plotOn(page, 'off');
      await plot.change(() => slide(plot, plot.setting('recurrentScale'), 1.5));
      const found = await run(await trainerOn(page, 'off'));
      expect(found.where).to.equal('Trained on the page itself, in slices, without WebAssembly.');
      expect(found.tables).to.deep.equal(exact);
      expect([...page.violations, ...page.thrown]).to.deep.equal([]);
    });
  }

  for (const [name, address, policy, mechanism] of [
    ['workers', plain, "worker-src 'none'", /^worker-src: /],
    [
      'Trusted Types policy “rnn-elements”',
      plain,
      "require-trusted-types-for 'script'; trusted-types rnn-elements-html",
      /^trusted-types: /,
    ],
  ] as const) {
    it(`that allow no ${name} are told so once, and train in slices`, async function () {
      const page = await open(address);
      also(page, policy);
      const trainer = await trainerOn(page);
      await useAll(trainer);
      expect([...page.violations]).to.deep.equal([]);
      const found = await run(trainer);
      expect(found.where).to.equal('Trained on the page itself, in slices, with WebAssembly.');
      expect(found.tables).to.deep.equal(fast);
      await run(await trainerOn(page));
      expect(page.violations, page.violations.join('; ')).to.have.length(1);
      expect(page.violations[0]).to.match(mechanism);
      expect([...page.thrown]).to.deep.equal([]);
    });
  }

  it('that list the policies “rnn-elements” and “rnn-elements-html” train in a worker', async function () {
    const page = await open(plain);
    also(page, "require-trusted-types-for 'script'; trusted-types rnn-elements rnn-elements-html");
    const found = await run(await trainerOn(page));
    expect(found.where).to.equal('Trained in a worker, with WebAssembly.');
    expect(found.tables).to.deep.equal(fast);
    expect([...page.violations, ...page.thrown]).to.deep.equal([]);
  });
});

describe('A page without workers and WebAssembly', () => {
  /** Counts the workers that are tried. */
  function replaceWorker(
    page: Page,
    addressOf: (address: string) => string,
  ): { tried: number; ended: number } {
    const counts = { tried: 0, ended: 0 };
    page.Worker = class extends page.Worker {
      constructor(address: string | URL, options?: WorkerOptions) {
        counts.tried++;
        super(addressOf(String(address)), options);
      }
      override terminate(): void {
        counts.ended++;
        super.terminate();
      }
    };
    return counts;
  }

  const inSlices = async (page: Page): Promise<void> => {
    const found = await run(await trainerOn(page));
    expect(found.where).to.equal('Trained on the page itself, in slices, with WebAssembly.');
    expect(found.tables).to.deep.equal(fast);
    expect([...page.thrown]).to.deep.equal([]);
  };

  it('because it has none', async function () {
    await inSlices(
      await open(plain, (page) => {
        Reflect.deleteProperty(page, 'Worker');
      }),
    );
  });

  it('because the library comes from another origin', async function () {
    const page = await open(plain);
    const counts = replaceWorker(page, (address) => {
      const other = new URL(address);
      other.hostname = other.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
      return other.href;
    });
    await inSlices(page);
    await inSlices(page);
    expect(counts.tried, 'once a page').to.equal(1);
  });

  it('because what is at its address is no script', async function () {
    const page = await open(plain);
    const counts = replaceWorker(page, () => new URL('/README.md', location.href).href);
    await inSlices(page);
    await inSlices(page);
    expect(counts, 'once a page').to.deep.equal({ tried: 1, ended: 1 });
  });

  it('and with neither WebAssembly nor workers', async function () {
    const page = await open(plain, (window) => {
      Reflect.deleteProperty(window, 'Worker');
      Reflect.deleteProperty(window, 'WebAssembly');
    });
    const found = await run(await trainerOn(page));
    expect(found.where).to.equal('Trained on the page itself, in slices, without WebAssembly.');
    expect(found.tables).to.deep.equal(exact);
  });
});
