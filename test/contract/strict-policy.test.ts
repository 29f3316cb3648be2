// Pages whose policy allows scripts and styles from files only: nothing of ours is refused.

import { expect } from '@open-wc/testing';
import '../../src/define/all.js'; // the pages bring their own
import { tags } from '../support/every.js';
import { eventually } from '../support/figure.js';
import { useAll } from '../support/full-run.js';
import { bundle, openMade, standalone, strictPolicy, type Page } from '../support/pages.js';

/** Nothing is on the record of a page, and its policy is in force. */
async function isClean(page: Page): Promise<void> {
  expect([...page.violations]).to.deep.equal([]);
  expect([...page.thrown]).to.deep.equal([]);
  const style = page.document.createElement('style');
  style.textContent = 'body { color: red }';
  page.document.head.append(style);
  await eventually(() => page.violations.length > 0, 'the policy is in force');
}

describe('A page with a strict policy', () => {
  for (const tag of tags) {
    it(`${tag}: no report in a full run, all controls used, with Trusted Types asked for, too`, async function () {
      // (a browser that does not know Trusted Types passes over them)
      const page = await openMade({
        policy: `${strictPolicy}; require-trusted-types-for 'script'`,
        scripts: [bundle],
        body: `<${tag}></${tag}>`,
      });
      await useAll(page.document.querySelector(tag)!);
      await isClean(page);
    });
  }

  it('figures that follow another one: no report', async function () {
    const page = await openMade({
      policy: strictPolicy,
      scripts: [bundle],
      body: `<rnn-visualizer id="chain" cell="lstm"></rnn-visualizer>
        ${tags
          .slice(1)
          .map((tag) => `<${tag} for="chain"></${tag}>`)
          .join('')}`,
    });
    for (const tag of tags) {
      const element = page.document.querySelector(tag)!;
      element.scrollIntoView();
      await eventually(() => element.shadowRoot?.querySelector('[part~=base] button'), tag);
    }
    page.document.querySelector('rnn-visualizer')!.seek(9);
    const diagram = page.document.querySelector('gate-diagram')!;
    await eventually(() => diagram.step === 9);
    await diagram.updateComplete;
    await isClean(page);
  });

  it('the standalone script: no report', async function () {
    const page = await openMade({
      policy: strictPolicy,
      scripts: [standalone],
      body: '<rnn-visualizer></rnn-visualizer>',
    });
    await useAll(page.document.querySelector('rnn-visualizer')!);
    await isClean(page);
  });

  it('asks for no file but those beside the script', async function () {
    const page = await openMade({
      policy: strictPolicy,
      scripts: [bundle],
      body: '<rnn-visualizer></rnn-visualizer>',
    });
    await useAll(page.document.querySelector('rnn-visualizer')!);
    const entries = page.performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const ours = entries.filter(({ name }) => !/\/pages\/|favicon|__web-dev/.test(name));
    expect(ours.length).to.be.above(2);
    for (const { name, responseStatus } of ours) {
      expect(name).to.contain(`${location.origin}/dist/`);
      // (WebKit does not tell the status of what was loaded)
      expect(responseStatus ?? 200, name).to.equal(200);
    }
  });
});
