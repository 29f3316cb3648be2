// The documents: generated tables are fresh, and every name in them exists.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { storyVocabulary } from '../../src/model/story/language.js';
import { settings } from '../../tools/story/run.js';
import { elements } from '../support/manifest.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const documents = ['', 'docs']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.md'));

const names = (kind: 'attributes' | 'events' | 'cssProperties' | 'cssParts'): Set<string> =>
  new Set(elements.flatMap((each) => each[kind].map(({ name }) => name)));

/** The contents of a document's fenced blocks in one of the languages. */
function blocks(file: string, ...languages: string[]): string[] {
  return [...read(file).matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .filter(([, language]) => languages.includes(language))
    .map(([, , content]) => content);
}

/** Every match of a pattern in any document, with the place for the message. */
function mentions(pattern: RegExp): [name: string, file: string][] {
  return documents.flatMap((file) =>
    [...read(file).matchAll(pattern)].map((match): [string, string] => [match[1], file]),
  );
}

test('the reference tables of README.md are what the manifest says', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'tools/api-tables.mjs'), '--check'],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
});

test('examples use attributes that the elements have', () => {
  const known = new Set([...names('attributes'), 'id', 'class', 'lang', 'dir', 'hidden', 'slot']);
  let seen = 0;
  for (const file of documents) {
    for (const html of blocks(file, 'html')) {
      for (const [, written] of html.matchAll(/<rnn-[\w-]+([^>]*)>/g)) {
        for (const [, attribute] of written.matchAll(/([\w-]+)(?:="[^"]*")?/g)) {
          assert.ok(known.has(attribute), `${file}: ${attribute}`);
          seen++;
        }
      }
    }
  }
  assert.ok(seen > 10);
});

test('events, custom properties and parts in the documents exist', () => {
  const events = names('events');
  for (const [name, file] of mentions(
    /[`']rnn-((?!elements|visualizer|trainer|quiz)[a-z-]+)[`']/g,
  )) {
    assert.ok(events.has(`rnn-${name}`), `${file}: rnn-${name}`);
  }
  const properties = names('cssProperties');
  for (const [name, file] of mentions(/(--rnn-\w[\w-]*)/g)) {
    assert.ok(properties.has(name), `${file}: ${name}`);
  }
  const parts = names('cssParts');
  for (const [name, file] of mentions(/::part\(([\w-]+)\)/g)) {
    assert.ok(parts.has(name), `${file}: ::part(${name})`);
  }
});

test('commands in the documents exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const [name, file] of mentions(/npm run ([\w:-]+)/g)) {
    assert.ok(name in scripts, `${file}: npm run ${name}`);
  }
  for (const [path, file] of mentions(/node (tools\/[\w./-]+)/g)) {
    assert.ok(existsSync(join(root, path)), `${file}: ${path}`);
  }
});

test('links lead somewhere', () => {
  // as GitHub makes an anchor of a heading
  const anchor = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
  const links = [/\]\(([^)\s]+)\)/g, /(?:src|srcset)="(docs\/[^"]+)"/g].flatMap(mentions);
  for (const [link, file] of links) {
    if (/^https?:/.test(link)) continue;
    const [path, fragment] = link.split('#');
    const target = path ? join(dirname(file), path) : file;
    assert.ok(existsSync(join(root, target)), `${file}: ${link}`);
    if (fragment === undefined) continue;
    const places = target.endsWith('.html')
      ? [...read(target).matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
      : [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, text]) => anchor(text));
    assert.ok(places.includes(fragment), `${file}: ${link}`);
  }
});

test('docs/stories.md has the settings of the training and the size of the vocabulary', () => {
  const text = read('docs/stories.md');
  const listed = [...text.matchAll(/^\| `(\w+)` +\| +([\d.]+) \|/gm)].map(([, name, value]) => [
    name,
    Number(value),
  ]);
  assert.deepEqual(Object.fromEntries(listed), settings);
  // the token for unknown words is neither word nor mark
  const size = `${storyVocabulary().length - 1} words and marks`;
  assert.ok(text.includes(size), size);
  assert.ok(read('README.md').includes(size), size);
});

test('the lesson has the numbers of docs/training.md on longer gaps', () => {
  const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());
  const measured = read('docs/training.md').split('asked across longer gaps')[1];
  const medians = ['Simple RNN', 'LSTM', 'GRU'].map((name) => {
    const row = measured.split('\n').find((line) => line.startsWith(`| ${name} `))!;
    return [
      name,
      ...cells(row)
        .slice(2, -1)
        .map((cell) => cell.split(' ')[0]),
    ];
  });
  const table = /<table[^>]* id="longer">[^]*?<\/table>/.exec(read('demo/index.html'))![0];
  const rows = [...table.matchAll(/<tr>[^]*?<\/tr>/g)]
    .slice(1)
    .map(([row]) => [...row.matchAll(/<t[hd][^>]*>([^<]*)</g)].map(([, text]) => text));
  assert.deepEqual(rows, medians);
});

test('docs/pages.md has a row for each suite of tests of pages, and no other', () => {
  const suites = ['test/contract', 'test/driven'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.test.ts'))
      .flatMap((name) => {
        const titles = [...read(join(folder, name)).matchAll(/^describe\(\s*'(.+?)',/gm)];
        assert.ok(titles.length > 0, `${name} has a suite`);
        return titles.map(([, title]) => `${title} ../${folder}/${name}`);
      }),
  );
  const rows = [...read('docs/pages.md').matchAll(/^\| \[(.+?)\]\((.+?)\) /gm)].map(
    ([, title, file]) => `${title} ${file}`,
  );
  assert.deepEqual(rows.sort(), suites.sort(), 'npm run pages');
  for (const row of rows) assert.match(row, /^(A page|A frame) /);
});

test('the recipes of docs/frameworks.md are parts of the example projects', () => {
  const lines = (text: string): string => text.replace(/^[ ]+/gm, '').trim();
  const files = readdirSync(join(root, 'examples'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => lines(readFileSync(join(parentPath, name), 'utf8')));
  const recipes = [...read('docs/frameworks.md').matchAll(/^ *```\w+\n(.*?)^ *```/gms)];
  assert.ok(recipes.length > 8);
  for (const [, recipe] of recipes) {
    assert.ok(
      files.some((file) => file.includes(lines(recipe))),
      recipe,
    );
  }
});
