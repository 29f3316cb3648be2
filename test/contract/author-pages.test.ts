// The pages for authors under a strict policy: every figure on them works, and nothing is refused.

import { expect } from '@open-wc/testing';
import '../../src/define/all.js'; // the pages bring their own
import { english } from '../../src/model/strings.js';
import type { RnnVisualizer } from '../../src/index.js';
import { eventually, seen } from '../support/figure.js';
import { also, open, strictPolicy, type Page } from '../support/pages.js';

const figures = 'rnn-visualizer, gate-diagram, gradient-plot, rnn-trainer';
const policy = `${strictPolicy}; img-src 'self'; frame-src 'self'`;

/** Opens a page under a policy. @returns it, with what was refused or thrown so far. */
async function openStrict(address: string, allowed = policy): Promise<[Page, string[]]> {
  const wrong: string[] = [];
  const page = await open(`/demo/authors/${address}`, (early) => {
    // as soon as there is a place for it: modules run later
    const watch = new MutationObserver(() => {
      if (!early.document.head) return;
      watch.disconnect();
      also(early, allowed);
    });
    watch.observe(early.document, { childList: true, subtree: true });
    early.document.addEventListener('securitypolicyviolation', (event) => {
      wrong.push(`${event.effectiveDirective} ${event.blockedURI}`);
    });
    early.addEventListener('error', ({ message }) => wrong.push(message));
  });
  return [page, wrong];
}

/** Goes from figure to figure; each begins when it is seen, and can be used then. */
async function useAll(page: Page): Promise<void> {
  for (const figure of page.document.querySelectorAll('rnn-visualizer, gate-diagram')) {
    figure.scrollIntoView();
    const next = figure.shadowRoot!.querySelector<HTMLElement>('[part~=next]')!;
    const loading = (): boolean => figure.shadowRoot!.textContent.includes(english.loading);
    await eventually(() => next.ariaDisabled === 'false' && !loading(), 'a first step');
    next.click();
  }
  for (const figure of page.document.querySelectorAll('gradient-plot, rnn-trainer')) {
    figure.scrollIntoView();
    const drawn = (): unknown => figure.shadowRoot?.querySelector('[part~=base] button');
    await eventually(drawn, figure.localName);
  }
}

describe('A page for authors, under a strict policy', () => {
  for (const address of [
    '',
    'gallery.html',
    'build.html',
    'reference/gate-diagram.html',
    'reference/gradient-plot.html',
    'reference/rnn-quiz.html',
    'reference/rnn-trainer.html',
    'reference/rnn-visualizer.html',
  ]) {
    it(`demo/authors/${address} works under “${policy}”`, async () => {
      const [page, wrong] = await openStrict(address);
      await useAll(page);
      for (const figure of page.document.querySelectorAll(figures)) {
        expect(figure.shadowRoot!.querySelector('[part~=problem]')).to.equal(null);
      }
      expect(page.document.documentElement.scrollWidth, 'no scrolling sideways').to.be.at.most(
        page.innerWidth,
      );
      expect(wrong).to.deep.equal([]);
    });
  }
});

describe('A page that lets its reader choose a file of weights, under a strict policy', () => {
  const allowed = `${policy}; connect-src 'self' blob:`;

  it('reads with the file beside it, then with one of the reader’s own, and says what is wrong with another', async () => {
    const [page, wrong] = await openStrict('own-network.html', allowed);
    await useAll(page);
    const figure = page.document.querySelector<RnnVisualizer>('#own')!;
    const badge = (): string => seen(figure.shadowRoot!.querySelector('[part~=badge]'));
    const problem = (): string => seen(figure.shadowRoot!.querySelector('[part~=problem]'));
    await eventually(() => badge() === 'Your own weights.', 'the file beside the page');
    const failed = page.document.querySelector('#wrong')!.shadowRoot!;
    await eventually(() =>
      seen(failed.querySelector('[part~=problem]')).includes(
        'this is a web page, no safetensors file',
      ),
    );

    const input = page.document.querySelector<HTMLInputElement>('#file')!;
    const choose = (name: string, bytes: BlobPart): void => {
      const files = new DataTransfer();
      files.items.add(new File([bytes], name));
      input.files = files.files;
      input.dispatchEvent(new Event('change'));
    };
    const byHand = await (await fetch('/test/fixtures/by-hand.safetensors')).arrayBuffer();
    choose('by-hand.safetensors', byHand);
    expect(seen(page.document.querySelector('#chosen'))).to.include('by-hand.safetensors');
    await eventually(() => figure.trace?.hiddenSize === 2, 'two units');
    expect(problem()).to.equal('');
    choose('notes.txt', 'no network at all');
    await eventually(() => problem() !== '', 'what is wrong');
    expect(wrong).to.deep.equal([]);
  });
});
