// “Build your embed” as an author uses it: the form is filled in, the figure follows, the snippets are pasted and work.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, type Page } from '../../tools/drive.mjs';
import { engines, serveProject, until, writePage } from '../support/driven.js';
import { readToTheEnd } from '../support/reader.js';

const sentence = 'Tom lives in the forest. "A & <b>B</b>". Today Tom walks home to the';

const home = serveProject();

/** Puts a snippet on a page of its own, which lies on the same server. @returns its address. */
function paste(name: string, snippet: string): string {
  return home() + writePage(name, `<title>Pasted</title><p>Before.</p>\n${snippet}\n<p>After.</p>`);
}

describe('A page that builds an embed', () => {
  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let page: Page;
      before(async () => {
        page = await launch(engine);
      });
      after(() => page.close());

      /** Opens the form, with what stands in the address, and waits for its figure. */
      async function open(address: string): Promise<void> {
        await page.goto('about:blank');
        await page.goto(address);
        await until(page, 'there is a figure', () =>
          page.evaluate(() => !!document.querySelector('#preview')?.firstElementChild),
        );
      }

      /** Clicks, and waits until the page has had the click. */
      async function click(selector: string): Promise<void> {
        await page.evaluate(() => {
          delete document.body.dataset['clicked'];
          const heard = (): void => {
            document.body.dataset['clicked'] = 'yes';
          };
          document.addEventListener('click', heard, { once: true });
        });
        await page.click((wanted) => {
          const found = document.querySelector(wanted);
          found?.scrollIntoView({ behavior: 'instant', block: 'center' });
          return found;
        }, selector);
        await until(page, `a click on ${selector}`, () =>
          page.evaluate(() => document.body.dataset['clicked'] === 'yes'),
        );
      }

      /** Replaces what stands in a field, by typing. */
      async function type(selector: string, text: string): Promise<void> {
        await click(selector);
        await page.evaluate((wanted) => {
          document.querySelector<HTMLInputElement>(wanted)!.select();
        }, selector);
        await page.keys({ type: text });
      }

      const choose = (selector: string, value: string): Promise<void> =>
        page.evaluate(
          (wanted, option) => {
            const menu = document.querySelector<HTMLSelectElement>(wanted)!;
            menu.value = option;
            menu.dispatchEvent(new Event('input', { bubbles: true }));
            menu.dispatchEvent(new Event('change', { bubbles: true }));
          },
          selector,
          value,
        );

      const text = (selector: string): Promise<string> =>
        page.evaluate((wanted) => document.querySelector(wanted)!.textContent, selector);

      /** What stands in the preview. */
      const preview = (): Promise<[string, Record<string, string>, string]> =>
        page.evaluate(() => {
          const figure = document.querySelector('#preview')!.firstElementChild!;
          const attributes = [...figure.attributes].map(
            ({ name, value }) => [name, value] as const,
          );
          return [figure.localName, Object.fromEntries(attributes), figure.textContent];
        });

      /** The snippet of a kind. */
      async function snippet(kind: string): Promise<string> {
        await click(`input[name=kind][value=${kind}]`);
        return text('#code');
      }

      it('the figure and the snippets follow the form, and work where they are pasted', async () => {
        await open(`${home()}/demo/authors/build.html`);
        await type('#text', sentence);
        await click('input[name=cells][value=rnn]');
        await page.click(() => [...document.querySelectorAll('summary')][1]);
        await type('#of-follow', '4');
        assert.equal(await text('#of-follow-help'), 'This is “forest”.');
        await page.click(() => [...document.querySelectorAll('summary')][2]);
        await click('input[name=controls][value=examples]');
        await click('input[name=controls][value=text]');
        await choose('#of-model', 'story');
        await choose('#of-theme', 'dark');
        const attributes = {
          compare: 'lstm gru',
          model: 'story',
          follow: '4',
          theme: 'dark',
          controls: 'cells back next play speed reset scrubber model details table',
        };
        assert.deepEqual(await preview(), ['rnn-visualizer', attributes, sentence]);
        await type('#files', '/dist');
        const address = await page.evaluate(() => location.href);
        const [tag, frame, link] = [
          await snippet('tag'),
          await snippet('frame'),
          await snippet('link'),
        ];
        const { said } = await page.evaluate(readToTheEnd);
        assert.match(said, /“forest”.*The LSTM expects “forest”/);

        // the address of the page is the figure
        await open(address);
        assert.deepEqual(await preview(), ['rnn-visualizer', attributes, sentence]);
        assert.ok((await snippet('tag')).endsWith(tag.slice(tag.indexOf('<rnn-'))));

        await page.goto(paste('tag.html', tag));
        assert.deepEqual(
          await page.evaluate(() => document.querySelector('rnn-visualizer')!.textContent),
          sentence,
        );
        assert.equal((await page.evaluate(readToTheEnd)).said, said);
        assert.equal(await page.evaluate(() => document.querySelectorAll('b, p').length), 2);

        await page.goto(paste('frame.html', frame));
        const height = (): string => document.querySelector('iframe')!.style.height;
        await until(page, 'the frame has a height', () => page.evaluate(height));
        assert.match(await page.evaluate(height), /^\d{3,4}px$/);
        const shown = await page.evaluate(() => document.querySelector('iframe')!.src);

        await page.goto(paste('link.html', link));
        assert.equal(await text('a'), 'A sentence read by LSTM and GRU');
        assert.equal(await page.evaluate(() => document.querySelector('a')!.href), shown);
        assert.deepEqual(page.errors(), []);
        // a page with nothing but the figure, without an icon even: asking for one may fail
        await page.goto(shown);
        assert.equal((await page.evaluate(readToTheEnd)).said, said);
      });

      it('copies, and selects the snippet where it may not', async () => {
        await open(`${home()}/demo/authors/build.html#cell=gru`);
        for (const allowed of [true, false]) {
          await page.evaluate((may) => {
            const writeText = (copied: string): Promise<void> => {
              document.title = copied;
              return may ? Promise.resolve() : Promise.reject(new Error('no'));
            };
            Object.defineProperty(navigator, 'clipboard', {
              value: { writeText },
              configurable: true,
            });
            getSelection()!.removeAllRanges();
          }, allowed);
          await click('#copy');
          await page.evaluate(async () => {
            while (!document.querySelector('output')!.value)
              await new Promise(requestAnimationFrame);
          });
          const [copied, selected] = await page.evaluate(() => [
            document.title,
            String(getSelection()),
          ]);
          const code = await text('#code');
          assert.ok(code.includes('<rnn-visualizer cell="gru"></rnn-visualizer>'));
          assert.equal(copied.replace(/\s+/g, ' '), code.replace(/\s+/g, ' '));
          assert.equal(selected.trim(), allowed ? '' : code);
          assert.match(await text('#status'), allowed ? /^Copied/ : /is selected: press Ctrl\+C/);
          // the next change takes the message back
          await click('input[name=cells][value=lstm]');
          assert.equal(await text('#status'), '');
          await click('input[name=cells][value=lstm]');
        }
      });

      it('begins where the author left the preview; another figure keeps what it has, too', async () => {
        const before = page.errors().length;
        await open(`${home()}/demo/authors/build.html#cell=gru&follow=3&seed=5&theme=light`);
        await page.evaluate(readToTheEnd);
        await click('#take');
        const [, first] = await preview();
        assert.deepEqual(first, {
          cell: 'gru',
          follow: '3',
          seed: '5',
          theme: 'light',
          step: '18',
        });
        await choose('#element', 'gate-diagram');
        assert.deepEqual(await preview(), ['gate-diagram', first, '']);
        await choose('#element', 'rnn-trainer');
        assert.deepEqual(await preview(), ['rnn-trainer', { seed: '5', theme: 'light' }, '']);
        assert.match(await snippet('jsx'), /<rnn-trainer theme="light" seed=\{5\} \/>/);
        assert.deepEqual(page.errors().slice(before), []);
      });

      it('says why there is no address for a long text', async () => {
        const long = 'tree '.repeat(2000);
        await open(`${home()}/demo/authors/build.html`);
        await page.evaluate((value) => {
          const box = document.querySelector<HTMLTextAreaElement>('#text')!;
          box.value = value;
          box.dispatchEvent(new Event('input', { bubbles: true }));
        }, long);
        assert.ok((await snippet('tag')).includes('tree tree'));
        assert.equal(await snippet('frame'), '');
        assert.match(
          await text('#problem'),
          /has 10,\d{3} characters, and many servers refuse more/,
        );
        assert.ok(
          await page.evaluate(() => document.querySelector<HTMLButtonElement>('#copy')!.disabled),
        );
      });
    });
  }
});
