// What a server draws with lit-ssr, by the built modules: every element, in plain Node. The browser's side of it:
// contract/server.test.ts.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { elements } from '../support/manifest.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
assert.ok(existsSync(join(root, 'dist/define/all.js')), 'run "npm run build"');

const text = 'The cat sat on the mat';
/** Each element without controls, with a text between its tags, and with text and cells in attributes. */
const pages = elements.flatMap(({ tagName, attributes }) => {
  const names = attributes.map(({ name }) => name);
  const some = ['text', 'cell', 'compare'].filter((name) => names.includes(name));
  const values: Readonly<Record<string, string>> = { text, cell: 'gru', compare: 'rnn lstm' };
  const written = some.map((name) => `${name}="${values[name]}"`).join(' ');
  return ['controls="none"', `>${text}`, written].map((more) => ({
    tag: tagName,
    reads: more.includes('text='),
    markup: more.startsWith('>')
      ? `<${tagName}${more}</${tagName}>`
      : `<${tagName} ${more}></${tagName}>`,
  }));
});

/** Draws them in a process of its own, which notes every file that is loaded. */
const { drawings, loaded } = JSON.parse(
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `
      import { register } from 'node:module';
      import { MessageChannel } from 'node:worker_threads';
      const { port1, port2 } = new MessageChannel();
      const loaded = [];
      port1.on('message', (url) => loaded.push(url));
      port1.unref();
      register('data:text/javascript,' + encodeURIComponent(\`
        let port;
        export const initialize = (given) => (port = given);
        export const load = (url, context, next) => {
          port.postMessage(url);
          return next(url, context);
        };
      \`), { data: port2, transferList: [port2] });
      const { drawn } = await import('./tools/drawn.mjs');
      const drawings = [];
      for (const markup of ${JSON.stringify(pages.map(({ markup }) => markup))})
        drawings.push(await drawn(markup));
      // whatever was asked for on the way has been by now
      await new Promise((resolve) => setTimeout(resolve, 300));
      console.log(JSON.stringify({ drawings, loaded }));
      `,
    ],
    { cwd: root, encoding: 'utf8' },
  ),
) as { drawings: string[]; loaded: string[] };

test('every element is drawn into a shadow root of its own, with its text', () => {
  for (const [i, { tag, reads, markup }] of pages.entries()) {
    const start = new RegExp(`<${tag}[^>]*><template[^>]* shadowrootmode="open">`);
    assert.match(drawings[i], start, markup);
    const seen = drawings[i]
      .replace(/<style>[^]*?<\/style>/g, '')
      .replace(/<!--[^]*?-->|<[^>]*>/g, '')
      .replace(/\s+/g, ' ');
    if (reads) assert.ok(seen.includes(text), `${markup}: ${seen}`);
    if (markup.includes(`>${text}`)) {
      assert.ok(drawings[i].includes(`</template>${text}</${tag}>`), markup);
      assert.match(drawings[i], /<slot>/, markup);
    }
  }
  assert.ok(pages.some(({ reads }) => reads));
});

test('no trained weights are loaded, nor any part that loads on demand, and none are in the HTML', () => {
  const ours = loaded.filter((url) => url.includes('/dist/')).map((url) => url.split('/dist/')[1]);
  assert.ok(ours.includes('elements/rnn-visualizer/rnn-visualizer.js'), 'loads are noted');
  assert.deepEqual(
    ours.filter((file) =>
      /story\/weights\/|weight-files|\/(figure|panel|details|worker|simd-module)\.js$/.test(file),
    ),
    [],
  );
  const folder = join(root, 'dist/model/story/weights');
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  assert.equal(files.length, 4);
  for (const file of files) {
    const [, piece] = /= '[^']{1000}([^']{40})/.exec(readFileSync(join(folder, file), 'utf8'))!;
    for (const drawing of drawings) assert.ok(!drawing.includes(piece), file);
  }
});

test('the page gets no script and no inline style, and one <style> an element, of which the build has the hash', () => {
  const hashes = JSON.parse(
    readFileSync(join(root, 'dist/server-style-hashes.json'), 'utf8'),
  ) as Record<string, string[]>;
  assert.deepEqual(Object.keys(hashes).sort(), elements.map(({ tagName }) => tagName).sort());
  for (const [i, { tag, markup }] of pages.entries()) {
    assert.doesNotMatch(drawings[i], /<script|<[^>]* style=/, markup);
    const found = [...drawings[i].matchAll(/<style[^>]*>([^]*?)<\/style>/g)].map(
      ([, style]) => `sha256-${createHash('sha256').update(style).digest('base64')}`,
    );
    assert.equal(found.length, 1, markup);
    assert.deepEqual(found, hashes[tag], markup);
  }
});
