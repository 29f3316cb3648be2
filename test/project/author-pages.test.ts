// The pages for authors: what is made of the manifest is fresh, links lead somewhere, and they read without any script.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { elements } from '../support/manifest.js';
import { elementsIn, parseHtml, textOf, type Markup } from '../support/markup.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = 'demo/authors';
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const pages = new Map(
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((name) => {
      const file = join(folder, name).replaceAll('\\', '/');
      return [file, elementsIn(parseHtml(read(file)))];
    }),
);
const each = (check: (file: string, all: Markup[]) => void): void => {
  for (const [file, all] of pages) check(file, all);
};
const tagged = (all: readonly Markup[], ...tags: string[]): Markup[] =>
  all.filter(({ tag }) => tags.includes(tag));
const figures = elements.map(({ tagName }) => tagName);

test('the reference pages and the form know what the manifest says', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'tools/author-pages.mjs'), '--check'],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  for (const tag of figures) assert.ok(pages.has(`${folder}/reference/${tag}.html`), tag);
});

test('a reference page names every member, event, slot, part and custom property, and every value', () => {
  for (const { tagName, members, events, slots, cssParts, cssProperties } of elements) {
    const all = pages.get(`${folder}/reference/${tagName}.html`)!;
    const terms = tagged(all, 'dt').map((term) => textOf(term).trim());
    const fields = members.filter(({ kind }) => kind === 'field');
    const methods = members.filter(({ kind }) => kind === 'method');
    const wanted = [
      ...fields.map(({ name, attribute, readonly }) =>
        attribute ? attribute : readonly ? `${name} (read-only)` : name,
      ),
      ...methods.map(({ name }) => `${name}(`),
      ...slots.map(({ name }) => name || '(none)'),
      ...[events, cssParts, cssProperties].flatMap((list) => list.map(({ name }) => name)),
    ];
    for (const name of wanted) {
      assert.ok(
        terms.some((term) => (name.endsWith('(') ? term.startsWith(name) : term === name)),
        `${tagName}: ${name}`,
      );
    }
    const codes = tagged(all, 'code').map((code) => textOf(code).replace(/\s+/g, ' ').trim());
    for (const { type, default: usual } of fields) {
      if (type) assert.ok(codes.includes(type.text.replace(/\s+/g, ' ')), type.text);
      if (usual) assert.ok(codes.includes(usual), usual);
    }
  }
});

test('links, scripts and styles are files of the project, and so are the places in them', () => {
  let seen = 0;
  each((file, all) => {
    for (const { attributes } of all) {
      const address = attributes['href'] ?? attributes['src'];
      if (address === undefined) continue;
      assert.doesNotMatch(address, /^[a-z]+:|^\/\//, `${file}: ${address}`);
      const [path, fragment] = address.split('#');
      const target = path ? join(dirname(file), path).replaceAll('\\', '/') : file;
      // dist/ is there once it is built
      if (!target.startsWith('dist/'))
        assert.ok(existsSync(join(root, target)), `${file}: ${address}`);
      const page = pages.get(target.endsWith('/') ? `${target}index.html` : target);
      if (fragment && page && !target.endsWith('build.html')) {
        assert.ok(
          page.some((one) => one.attributes['id'] === fragment),
          `${file}: ${address}`,
        );
      }
      seen++;
    }
  });
  assert.ok(seen > 100);
});

test('every page has the same links at the top, its own name among them', () => {
  const at = (file: string, address: string): string => join(dirname(file), address);
  const expected = [
    'demo/',
    'demo/authors/',
    'gallery',
    'build',
    'rnn-visualizer',
    'own',
    'bundle',
  ];
  each((file, all) => {
    const [nav] = tagged(all, 'nav');
    const items = tagged(elementsIn(nav.children), 'a', 'b');
    assert.equal(items.length, expected.length, file);
    for (const [i, { tag, attributes }] of items.entries()) {
      if (tag === 'a') assert.ok(at(file, attributes['href']).includes(expected[i]), file);
    }
    const current = all.filter(({ attributes }) => attributes['aria-current'] === 'page');
    assert.equal(current.length, 1, file);
    assert.equal(tagged(all, 'h1').length, 1, file);
    const title = textOf(tagged(all, 'title')[0]);
    assert.match(title, / · rnn-elements$/, file);
  });
});

test('no page needs a script to be read, nor one of its own lines to be allowed', () => {
  each((file, all) => {
    assert.equal(tagged(all, 'style').length, 0, file);
    for (const { tag, attributes } of all) {
      assert.ok(!('style' in attributes), `${file}: ${tag}`);
      assert.ok(!Object.keys(attributes).some((name) => name.startsWith('on')), `${file}: ${tag}`);
    }
    for (const script of tagged(all, 'script')) {
      assert.equal(script.attributes['type'], 'module', file);
      assert.ok(script.attributes['src'], file);
    }
    for (const figure of tagged(all, ...figures)) {
      if (figure.tag !== 'rnn-trainer') assert.ok(textOf(figure).trim(), `${file}: ${figure.tag}`);
    }
    // what a script would have to fill or to serve is not shown, and something is said instead
    const unready = all.filter(({ attributes }) => 'hidden' in attributes);
    assert.equal(tagged(all, 'noscript').length > 0, unready.length > 0, file);
  });
});

test('the walk to a network of one’s own says what docs/own-network.md says, and brings its file', () => {
  const document = read('docs/own-network.md');
  const page = pages.get(`${folder}/own-network.html`)!;
  const code = tagged(page, 'pre').map((pre) => textOf(pre).trim());
  const python = [...document.matchAll(/^```python\n(.*?)^```/gms)].map(([, block]) =>
    block.trim(),
  );
  assert.equal(python.length, 2);
  for (const block of python) assert.ok(code.includes(block), block);
  const messages = tagged(page, 'dt').map((term) => textOf(term).replace(/\s+/g, ' ').trim());
  assert.ok(messages.length >= 4);
  for (const message of messages) assert.ok(document.includes(`| ${message} `), message);
  const bytes = (file: string): Buffer => readFileSync(join(root, file));
  assert.ok(
    bytes(`${folder}/my-lstm.safetensors`).equals(bytes('test/fixtures/pytorch.safetensors')),
  );
});
