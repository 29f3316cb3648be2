// The demo's pages about embedding, as a reader uses them: each figure reads to the end, and the page shows what it tells.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, type Page } from '../../tools/drive.mjs';
import { engines, serveProject, until } from '../support/driven.js';

const folder = new URL('../../demo/embedding/', import.meta.url);

const home = serveProject();

describe('A page about embedding', () => {
  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let page: Page;
      before(async () => {
        page = await launch(engine);
      });
      after(() => page.close());

      const output = (id: string): Promise<string> =>
        page.evaluate(
          (wanted) => document.querySelector<HTMLOutputElement>(wanted)!.value,
          `#${id}`,
        );

      /** What the page shows of the event that its figure sent last: its name, and its detail. */
      async function told(): Promise<[string, Record<string, unknown>]> {
        const [, name, detail] = /^(rnn-[a-z-]+) (.*)$/.exec(await output('events')) ?? [];
        return [name ?? '', JSON.parse(detail ?? '{}') as Record<string, unknown>];
      }

      /** Waits until the page shows an event. */
      async function hears(name: string, has: Record<string, unknown> = {}): Promise<void> {
        await until(page, `${name} ${JSON.stringify(has)}`, async () => {
          const [heard, detail] = await told();
          return (
            heard === name && Object.entries(has).every(([key, value]) => detail[key] === value)
          );
        });
      }

      const inFigure = (selector: string): Promise<string> =>
        page.evaluate(
          (wanted) =>
            (
              document.querySelector('rnn-visualizer')?.shadowRoot?.querySelector(wanted)
                ?.textContent ?? ''
            ).trim(),
          selector,
        );

      /** Clicks “Next word”. */
      const next = (): Promise<void> =>
        page.click(() =>
          document.querySelector('rnn-visualizer')!.shadowRoot!.querySelector('[part~=next]'),
        );

      /** Waits for the figure's weights, and clicks “Next word” until there is none. */
      async function clickToTheEnd(): Promise<void> {
        const total = 18;
        await until(page, 'the weights', async () =>
          (await inFigure('[part~=badge]')).startsWith('Trained'),
        );
        for (let step = 1; step <= total; step++) {
          await next();
          if (step < total) await hears('rnn-step', { step, total, trigger: 'user' });
        }
        await hears('rnn-complete', { total });
        assert.match(await inFigure('[role=status]'), /^Read “/);
      }

      let earlier = 0;
      /** Errors since a page was opened, but for the icon that two browsers ask for by themselves. */
      const errors = (): string[] =>
        page
          .errors()
          .slice(earlier)
          .filter((error) => !error.includes('/favicon.ico '));

      async function open(file: string): Promise<void> {
        await page.goto('about:blank');
        earlier = page.errors().length;
        await page.goto(file.startsWith('file:') ? file : `${home()}/demo/embedding/${file}`);
      }

      for (const file of ['bundle.html', 'standalone.html', 'strict-csp.html']) {
        it(`${file}: the figure reads to the end, and tells the page`, async () => {
          await open(file);
          await clickToTheEnd();
          if (file === 'strict-csp.html') assert.equal(await output('violations'), '0');
          assert.deepEqual(errors(), []);
        });
      }

      it('standalone.html from the folder, without a server', async () => {
        await open(new URL('standalone.html', folder).href);
        await clickToTheEnd();
        assert.deepEqual(errors(), []);
      });

      it('two-versions.html: the second copy says so, once, and the figure works', async () => {
        await open('two-versions.html');
        await until(page, 'the notice', async () => (await output('console')) !== 'nothing yet');
        await clickToTheEnd();
        assert.match(
          await output('console'),
          /^rnn-elements: <rnn-visualizer> is already defined by version (\d+\.\d+\.\d+); version \1 is not used\.$/,
        );
        assert.deepEqual(errors(), []);
      });

      it('right-to-left.html: words run to the left, and so does the arrow key', async () => {
        await open('right-to-left.html');
        await until(page, 'the figure', () => inFigure('[part~=next]'));
        const [direction, first, second] = await page.evaluate(() => {
          const figure = document.querySelector('rnn-visualizer')!;
          const words = [...figure.shadowRoot!.querySelectorAll('[part~=word]')];
          const places = words.slice(0, 2).map((word) => word.getBoundingClientRect().x);
          return [getComputedStyle(figure).direction, ...places] as const;
        });
        assert.equal(direction, 'rtl');
        assert.ok(first > second, 'the second word stands left of the first');
        await next();
        await hears('rnn-step', { step: 1 });
        for (let step = 2; step < 11; step++) {
          await page.keys({ press: 'ArrowLeft' });
          await hears('rnn-step', { step, total: 11, trigger: 'user' });
        }
        await page.keys({ press: 'ArrowLeft' });
        await hears('rnn-complete', { total: 11 });
        await page.keys({ press: 'ArrowRight' });
        await hears('rnn-step', { step: 10, trigger: 'user' });
        assert.deepEqual(errors(), []);
      });

      it('frame.html: the frame is as high as the figure, and the page hears what is done in it', async () => {
        await page.resize({ width: 1280, height: 1800 });
        await open('frame.html');
        const [src, width] = await page.evaluate(() => {
          const frame = document.querySelector('iframe')!;
          return [frame.src, frame.clientWidth] as const;
        });

        // nobody sees into the frame: where its button is, the same page tells by itself
        await page.resize({ width, height: 1800 });
        await page.goto(src);
        await until(page, 'the weights', async () =>
          (await inFigure('[part~=badge]')).startsWith('Trained'),
        );
        const [height, x, y] = await page.evaluate(() => {
          const { shadowRoot } = document.querySelector('rnn-visualizer')!;
          const button = shadowRoot!.querySelector('[part~=next]')!.getBoundingClientRect();
          const page = document.documentElement.getBoundingClientRect();
          return [Math.ceil(page.height), button.x + 10, button.y + 10] as const;
        });

        await page.resize({ width: 1280, height: 1800 });
        await open('frame.html');
        await hears('rnn-ready', { kind: 'story' });
        await until(page, `the frame is ${height} px high`, () =>
          page.evaluate(
            (wanted) => document.querySelector('iframe')!.clientHeight === wanted,
            height,
          ),
        );
        assert.notEqual(height, 150);
        const [left, top] = await page.evaluate(() => {
          const frame = document.querySelector('iframe')!.getBoundingClientRect();
          return [frame.x, frame.y] as const;
        });
        const position: [number, number] = [Math.round(left + x), Math.round(top + y)];
        await page.mouse({ type: 'click', position });
        await hears('rnn-step', { step: 1, total: 18, trigger: 'user' });
        await page.keys({ press: 'End' });
        await hears('rnn-complete', { total: 18 });
        assert.deepEqual(errors(), []);
      });
    });
  }
});
