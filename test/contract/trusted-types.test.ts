// Pages that ask for Trusted Types, with and without a list of policies, and with a Lit of their own.

import { expect } from '@open-wc/testing';
import '../../src/define/all.js'; // the pages bring their own
import { itNeeding } from '../support/browser.js';
import { tags, type Every } from '../support/every.js';
import { eventually } from '../support/figure.js';
import { useAll } from '../support/full-run.js';
import { bundle, openMade, standalone, strictPolicy, type Page } from '../support/pages.js';
import { inTheEnd, Trainer, wait } from '../support/trainer.js';

const required = `${strictPolicy}; require-trusted-types-for 'script'`;
/** What docs/embedding.md tells those who list policies. */
const listed = `${required}; trusted-types rnn-elements rnn-elements-html`;
const ownLit = '/test/contract/pages/own-lit.js';

/** Trains, and tells where. */
async function trains(page: Page): Promise<string> {
  const element = page.document.createElement('rnn-trainer');
  const run = { cells: 'rnn gru', steps: 20, gap: 2, batch: 4, examples: 100, hiddenSize: 8 };
  Object.assign(element, run, { loading: 'eager' });
  const trainer = new Trainer(element);
  page.document.body.append(element);
  await inTheEnd(() => element.shadowRoot?.querySelector('[part=start]'), 'the trainer');
  await trainer.press('Start training');
  await trainer.finished();
  return /Trained [oi][^.]*\./.exec(trainer.part('base').textContent.replace(/\s+/g, ' '))![0];
}

/** Nothing was refused or thrown, and what the page asks for is in force. */
function isClean(page: Page): void {
  expect([...page.violations]).to.deep.equal([]);
  expect([...page.thrown]).to.deep.equal([]);
  expect(() => {
    page.document.body.innerHTML = '<p>text</p>';
  }).to.throw();
}

describe('A page that asks for Trusted Types', () => {
  for (const [name, policy] of [
    ['the policies of the library', listed],
    ['them and others, with duplicates', `${listed} lit-html own 'allow-duplicates'`],
  ]) {
    for (const script of [bundle, standalone]) {
      itNeeding('Trusted Types', `listed are ${name}: ${script} draws and trains`, async () => {
        const page = await openMade({
          // (the standalone script's worker has no file)
          policy: policy.replace("'none'", "'none'; worker-src 'self' blob:"),
          scripts: [script],
          body: '<gate-diagram></gate-diagram>',
        });
        await useAll(page.document.querySelector('gate-diagram')!);
        expect([...page.violations]).to.deep.equal([]);
        expect(await trains(page)).to.equal('Trained in a worker, without WebAssembly.');
        expect(page.violations.filter((each) => !each.includes('wasm-eval'))).to.deep.equal([]);
        expect([...page.thrown]).to.deep.equal([]);
      });
    }
  }

  for (const tag of tags) {
    itNeeding(
      'Trusted Types',
      `listed are ours: ${tag} in a full run, all controls used`,
      async () => {
        const page = await openMade({
          policy: listed,
          scripts: [bundle],
          body: `<${tag}></${tag}>`,
        });
        await useAll(page.document.querySelector(tag)!);
        isClean(page);
      },
    );
  }

  for (const [duplicates, refused] of [
    ["'allow-duplicates'", 0],
    ['', 1],
  ] as const) {
    itNeeding(
      'Trusted Types',
      `two bundles that both draw, ${duplicates || 'no duplicates'}: ${refused} refused`,
      async () => {
        const page = await openMade({
          policy: `${listed} ${duplicates}`,
          scripts: ['/dist/rnn-visualizer.js', bundle],
          body: '<rnn-visualizer></rnn-visualizer><gate-diagram loading="eager"></gate-diagram>',
        });
        await useAll(page.document.querySelector('rnn-visualizer')!);
        const diagram = page.document.querySelector('gate-diagram')!;
        if (refused === 0) await useAll(diagram);
        await eventually(() => page.violations.length === refused, 'reports');
        expect([...page.thrown]).to.deep.equal([]);
      },
    );
  }

  itNeeding(
    'Trusted Types',
    'listed are others: each element tells the page, and nothing is thrown',
    async () => {
      const page = await openMade({
        policy: `${required}; trusted-types own`,
        body: tags.map((tag) => `<${tag} loading="eager">A sentence</${tag}>`).join(''),
        head: `<script src="/test/contract/pages/errors.js"></script>`,
        scripts: [bundle],
      });
      const { errors } = page as Page & { errors: readonly string[] };
      await inTheEnd(
        () => tags.every((tag) => errors.some((each) => each.startsWith(tag))),
        'errors',
      );
      expect([...page.thrown]).to.deep.equal([]);
      await eventually(() => page.violations.length > 0, 'reports');
      await wait(200);
      expect([...page.violations], 'one policy, asked for once').to.have.length(1);
    },
  );

  itNeeding('Trusted Types', 'a second copy of the library asks for nothing', async () => {
    const page = await openMade({
      policy: listed,
      scripts: [bundle, `${bundle}?again`],
      body: '<rnn-visualizer></rnn-visualizer>',
    });
    await useAll(page.document.querySelector('rnn-visualizer')!);
    expect(page.said.filter((each) => !each.startsWith('info: rnn-elements'))).to.deep.equal([]);
    isClean(page);
  });
});

describe('A page that asks for Trusted Types, with a Lit of its own', () => {
  const body = `<own-element></own-element><rnn-visualizer></rnn-visualizer>`;

  /** Both draw, each with its own Lit. */
  async function bothDraw(page: Page): Promise<void> {
    const own = page.document.querySelector<Every>('own-element' as never)!;
    await eventually(() => own.shadowRoot?.textContent.includes('by the page'), 'the page’s own');
    await useAll(page.document.querySelector('rnn-visualizer')!);
    isClean(page);
  }

  for (const [order, scripts] of [
    ['before', [ownLit, bundle]],
    ['after', [bundle, ownLit]],
    ['before the standalone script', [ownLit, standalone]],
  ] as const) {
    itNeeding('Trusted Types', `without a list, ${order}`, async () => {
      await bothDraw(await openMade({ policy: required, scripts, body }));
    });

    itNeeding('Trusted Types', `each policy listed, ${order}`, async () => {
      await bothDraw(await openMade({ policy: `${listed} lit-html`, scripts, body }));
    });
  }

  itNeeding(
    'Trusted Types',
    'only that of the page’s own is listed: that one works, and nothing is thrown',
    async () => {
      const policy = `${required}; trusted-types lit-html`;
      const page = await openMade({ policy, scripts: [bundle, ownLit], body });
      const own = page.document.querySelector('own-element')!;
      await eventually(() => own.shadowRoot?.textContent.includes('by the page'), 'the page’s own');
      expect([...page.thrown]).to.deep.equal([]);
    },
  );
});
