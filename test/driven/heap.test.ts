// A page that mounts and removes elements a thousand times: nothing of them stays. Chromium alone tells.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { launch, type Page } from '../../tools/drive.mjs';
import { engines, serveProject, until, writePage } from '../support/driven.js';

/** The elements, as they draw soon; what says that one has drawn. */
const kinds = [
  ['rnn-visualizer model="random"', 'The cat sat on the mat', '[part~=next]'],
  ['gate-diagram model="random" cell="lstm" step="2"', 'The cat sat on the mat', 'svg'],
  ['gradient-plot model="random" cell="gru"', 'The cat sat', 'svg.gains path.line'],
  ['rnn-trainer hidden-size="8"', '', '[part~=start]'],
  ['rnn-quiz question="Where?"', '<ul><li>On<li data-correct>Under</ul>', '[part~=act]'],
] as const;

type Memory = Awaited<ReturnType<Page['memory']>>;

const home = serveProject();

/** In the page: mounts twenty elements, waits until all have drawn, and removes them, again and again. */
async function mountAndRemove(
  elements: readonly (readonly [string, string, string])[],
  times: number,
): Promise<number> {
  const main = document.querySelector('main')!;
  let mounted = 0;
  for (; times > 0; times--) {
    for (const [tag, inside] of [...elements, ...elements, ...elements, ...elements]) {
      const template = document.createElement('template');
      template.innerHTML = `<${tag} loading="eager">${inside}</${tag.split(' ')[0]}>`;
      main.append(template.content);
    }
    for (const element of main.children) {
      const drawn = elements.find(([tag]) => tag.startsWith(element.localName))![2];
      while (!element.shadowRoot?.querySelector(drawn)) await new Promise(requestAnimationFrame);
      mounted++;
    }
    main.replaceChildren();
    await new Promise(requestAnimationFrame);
  }
  return mounted;
}

describe('A page that mounts and removes elements', () => {
  describe('in chromium', () => {
    it(
      'keeps no node and no listener of a thousand, and no heap',
      { skip: !engines.includes('chromium') },
      async () => {
        const page = await launch('chromium');
        try {
          const blank = '<script type="module" src="/dist/rnn-elements.js"></script><main>';
          await page.goto(home() + writePage('blank.html', blank));

          /** What is left when nothing but `nodes` is. One more round: the browser keeps the last one now and then. */
          async function settled(nodes: number): Promise<Memory> {
            let left: Memory;
            await until(page, `${nodes} nodes and no listener are left`, async () => {
              await page.evaluate(mountAndRemove, kinds, 1);
              await pause(500); // what an element had begun may end
              left = await page.memory();
              return left.listeners === 0 && left.nodes <= nodes;
            });
            return left!;
          }

          // templates and the like stay, and code is compiled
          assert.equal(await page.evaluate(mountAndRemove, kinds, 5), 100);
          const first = await settled(2000);
          assert.equal(await page.evaluate(mountAndRemove, kinds, 50), 1000);
          const last = await settled(first.nodes);
          // measured: 300 bytes, and less and less the longer it goes on: compiled code, and what the engine notes for it
          const grown = (last.heap - first.heap) / 1000;
          assert.ok(grown < 600, `${grown} bytes an element`);
          assert.deepEqual(page.errors(), []);
        } finally {
          await page.close();
        }
      },
    );
  });
});
