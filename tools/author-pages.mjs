// Writes the reference pages of demo/authors/ and what “Build your embed” knows of the attributes; part of npm run docs
//   node tools/author-pages.mjs --check    writes nothing and fails if any of them is out of date
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { figures } from '../demo/authors/labels.js';
import { tables } from './api.mjs';
import { declared } from './manifest.mjs';
import { root } from './run.mjs';

const authors = 'demo/authors';
const elements = declared();
const check = process.argv.includes('--check');

/** Writes a file in the formatter's form, or says that it should be. */
async function put(file, text) {
  const path = join(root, file);
  const formatted = await format(text, { ...(await resolveConfig(path)), filepath: path });
  const old = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : '';
  if (old === formatted) return;
  if (!check) return writeFileSync(path, formatted);
  console.error(`${file} is out of date: run "npm run docs" and commit it`);
  process.exitCode = 1;
}

// ---- attributes ------------------------------------------------------------------------------------------------------

const number = (text) => Number(text.replace('−', '-').replaceAll(',', ''));

/** What a form has to know of an attribute. The manifest has ranges and the names of controls in the description alone. */
function attribute({ name, type, default: usual, description }, all) {
  const words = [...type.text.matchAll(/'([^']*)'/g)].map(([, word]) => word);
  const open = /\bstring\b/.test(type.text);
  const plain = usual.replace(/^'(.*)'$/, '$1');
  if (type.text === 'number') {
    const [, min, max] = /(−?\d[\d.,]*) to (−?\d[\d.,]*\d)/.exec(description) ?? [];
    return { kind: 'number', default: plain, ...(max && { min: number(min), max: number(max) }) };
  }
  if (type.text === 'boolean') return { kind: 'yes', default: 'false' };
  if (name === 'controls') {
    const [, list] = /separated by spaces: ([^;]+);/.exec(description.replace(/\s+/g, ' '));
    return { kind: 'words', default: plain, words: list.split(' ') };
  }
  if (['compare', 'cells'].includes(name)) {
    const cells = all.find((each) => each.name === 'cell');
    const known = cells ? attribute(cells, all).words : words.flatMap((word) => word.split(' '));
    return { kind: 'words', default: plain, words: known };
  }
  if (!open) return { kind: 'word', default: plain, words };
  return { kind: 'text', default: usual === 'null' ? '' : plain, words };
}

const known = Object.fromEntries(
  Object.keys(figures).map((tag) => {
    const { attributes } = elements.find(({ tagName }) => tagName === tag);
    const own = attributes.filter(({ name }) => name !== 'for');
    return [tag, Object.fromEntries(own.map((each) => [each.name, attribute(each, own)]))];
  }),
);

await put(
  `${authors}/attributes.js`,
  `// The attributes of the figures, with defaults, words and ranges: made by npm run docs from custom-elements.json.

/**
 * @typedef {object} Attribute
 * @property {'number' | 'yes' | 'word' | 'words' | 'text'} kind \`yes\` is there or not; \`word\`: one of them; \`words\`: some of them
 * @property {string} default
 * @property {readonly string[]} [words]
 * @property {number} [min]
 * @property {number} [max]
 */

/** By the tag. @type {Readonly<Record<string, Readonly<Record<string, Attribute>>>>} */
export const elements = ${JSON.stringify(known)};
`,
);

// ---- reference -------------------------------------------------------------------------------------------------------

// it reads what was just written
const { tag, toQuery } = await import('../demo/authors/snippets.js');

const kite = 'Anna has a red kite. The cat sat on the mat. The kite of Anna is';

/** The figure at the top of each page, with what to say of it. */
const examples = {
  'rnn-visualizer': {
    text: kite,
    attributes: { compare: 'rnn lstm gru', follow: '3', step: '4' },
    caption:
      'Press “Next word” until the end: three networks read the same sentence, and the bar says how much of “red” each of them still holds.',
  },
  'gate-diagram': {
    text: kite,
    attributes: { step: '4', follow: '3' },
    caption:
      'The LSTM has just read “red”. Choose a node to see its numbers; hold a gate at 0 and read on.',
  },
  'gradient-plot': {
    text: kite,
    attributes: {},
    caption:
      'How much a nudge of an earlier state would still move the last one, in three trained networks.',
  },
  'rnn-trainer': {
    text: '',
    attributes: {},
    caption: 'Nothing is trained before the reader presses “Start”.',
  },
  'rnn-quiz': {
    markup: `<rnn-quiz for="kite" measure="memory" cell="lstm">
  <p slot="question">Which of these words will the LSTM hold most of at the end?</p>
  <ul>
    <li data-word="red">red</li>
    <li data-word="cat">cat</li>
    <li data-word="mat">mat</li>
  </ul>
  <p slot="explanation">It was trained to be asked for colours.</p>
</rnn-quiz>

<rnn-visualizer id="kite" cell="lstm" follow="3">
  ${kite}
</rnn-visualizer>`,
    caption: 'Guess, then read to the last word: the numbers of the figure decide what was right.',
  },
};

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** Text with \`code\` in backticks, which may name a file of docs/. */
const inline = (text) =>
  escaped(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\((docs\/([\w-]+)\.md)\)/g, '(<a href="../../../$1">$2</a>)');
const slug = (title) => title.toLowerCase().replaceAll(' ', '-');

/** A table as a list of things: its first column names one, its last says what it is, those between are facts. */
function list({ title, head, rows }) {
  const entry = (cells) => {
    const facts = head.slice(1, -1).flatMap((name, i) => {
      const cell = cells[i + 1];
      return cell ? [`<span><b>${inline(name)}</b> ${inline(cell)}</span>`] : [];
    });
    // a property without an attribute is named by itself
    const name = cells[0] || cells[1];
    return `<div><dt>${inline(name)}</dt><dd><p>${inline(cells.at(-1))}</p>${
      facts.length ? `<p class="facts">${facts.join(' ')}</p>` : ''
    }</dd></div>`;
  };
  return `<section><h2 id="${slug(title)}">${title}</h2><dl class="reference">${rows.map(entry).join('\n')}</dl></section>`;
}

function page(element) {
  const { tagName, description } = element;
  if (!examples[tagName]) throw new Error(`tools/author-pages.mjs has no example of <${tagName}>`);
  const { caption, markup, ...shown } = examples[tagName];
  const figure = { element: tagName, title: '', lang: '', dir: '', ...shown };
  const example = markup ?? tag(figure);
  const sections = tables(element);
  const [first, ...others] = description.split('\n\n').map((each) => inline(each));
  const link = (name) =>
    name === tagName
      ? `<li><b aria-current="page">${name}</b></li>`
      : `<li><a href="${name}.html">${name}</a></li>`;
  return `<!doctype html>
<!-- Made by npm run docs from custom-elements.json: edit the comments of the class instead. -->
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>&lt;${tagName}&gt; · rnn-elements</title>
    <link rel="icon" href="../../embedding/icon.svg" />
    <link rel="stylesheet" href="../../article.css" />
    <link rel="stylesheet" href="../authors.css" />
    <script type="module" src="../../../dist/rnn-elements.js"></script>
  </head>
  <body>
    <header><nav aria-label="For authors">
        <ul>
          <li><a href="../../">Lesson</a></li>
          <li><a href="../">For authors</a></li>
          <li><a href="../gallery.html">Gallery</a></li>
          <li><a href="../build.html">Build your embed</a></li>
          <li><b>Reference</b></li>
          <li><a href="../own-network.html">Your own network</a></li>
          <li><a href="../../embedding/bundle.html">Ways to embed</a></li>
        </ul>
      </nav>
      <nav aria-label="Elements">
        <ul>${elements.map((each) => link(each.tagName)).join('\n')}</ul>
      </nav></header><main><article>
      <h1><code>&lt;${tagName}&gt;</code></h1>
      <p class="standfirst">${first}</p>
      ${others.map((text) => `<p>${text}</p>`).join('\n')}
    </article>
    <figure class="full">
      ${example}
      <figcaption>${escaped(caption)}</figcaption>
    </figure>
    <article>
      <pre><code>${escaped(`<script type="module" src="/assets/rnn-elements.js"></script>\n\n${example}`)}</code></pre>
      ${markup ? '' : `<p><a href="../build.html#${escaped(toQuery(figure))}">Build your own from this</a></p>`}
      <nav aria-label="On this page" class="contents">
        <ul>${sections.map(({ title }) => `<li><a href="#${slug(title)}">${title}</a></li>`).join('\n')}</ul>
      </nav>
      ${sections.map(list).join('\n')}
    </article>
  </main></body>
</html>
`;
}

for (const element of elements)
  await put(`${authors}/reference/${element.tagName}.html`, page(element));
