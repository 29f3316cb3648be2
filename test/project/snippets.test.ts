// “Build your embed”: whatever an author chooses, every snippet means just that, to parsers, embed.html and TypeScript.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Script, runInNewContext } from 'node:vm';
import ts from 'typescript';
import { elements as known } from '../../demo/authors/attributes.js';
import { figures, groups } from '../../demo/authors/labels.js';
import {
  attributesOf,
  cellAttributes,
  cellsOf,
  frameSnippet,
  fromQuery,
  jsxSnippet,
  linkSnippet,
  longest,
  plain,
  tagSnippet,
  titleOf,
  toQuery,
  worthWriting,
  type Figure,
  type Snippet,
} from '../../demo/authors/snippets.js';
import { Random } from '../../src/engine/index.js';
import { elements } from '../support/manifest.js';
import { parseHtml, textOf, type Markup } from '../support/markup.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

// ---- figures that nobody would think of --------------------------------------------------------------------------------

const pieces = [
  'Anna has a red kite. ',
  '"',
  "'",
  '<b>bold</b>',
  '</script>',
  '</rnn-visualizer>',
  '<!-- ',
  '-->',
  '&',
  '&amp;',
  '&lt;',
  '&nbsp',
  '%20',
  '+',
  '#',
  '?',
  '=',
  '\\',
  '\\n',
  '{x}',
  '{"a"}',
  '`${x}`',
  '🪁👩‍👩‍👧',
  'قرأت سلمى القصة ',
  '言葉',
  '\n',
  '\n\n  ',
  '\t',
  '\r\n',
  '\0',
  '\u00A0',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u200F',
  '\uFEFF',
  '\uD83E',
  '\uDE81',
  ']]>',
  'é',
  'e\u0301',
];

function anyText(random: Random): string {
  const text = Array.from({ length: random.integer(12) }, () => random.pick(pieces)).join('');
  return plain(text);
}

/** A value that an attribute can have. */
function anyValue(random: Random, name: string, element: string): string | null {
  const { kind, words = [], min = -5, max = 500 } = known[element][name];
  if (name === 'model')
    return random.pick([
      'auto',
      'story',
      'random',
      '/nets/my-lstm.safetensors',
      'a%20b.safetensors',
    ]);
  if (kind === 'yes') return '';
  if (kind === 'number') {
    const value = min + random.uniform() * (max - min);
    return String(random.uniform() < 0.5 ? Math.round(value) : value);
  }
  if (kind === 'word') return random.pick(words);
  const some = words.filter(() => random.uniform() < 0.5);
  if (name === 'controls') return some.join(' ') || random.pick(['all', 'none']);
  return null; // cells: below
}

function anyFigure(random: Random): Figure {
  const element = random.pick(Object.keys(known));
  const attributes = known[element];
  const values: Record<string, string> = {};
  for (const name of Object.keys(attributes)) {
    if (name === 'text' || random.uniform() < 0.5) continue;
    const value = anyValue(random, name, element);
    if (value !== null) values[name] = value;
  }
  delete values['cell'];
  const cells = ['rnn', 'lstm', 'gru'].filter(() => random.uniform() < 0.5);
  const chosen = element === 'gate-diagram' ? cells.slice(0, 1) : cells;
  if (chosen.length > 0) Object.assign(values, cellAttributes(element, chosen));
  return {
    element,
    text: 'text' in attributes ? anyText(random) : '',
    title: anyText(random).trim(),
    lang: random.pick(['', 'ar', 'zh-Hans', 'EN']),
    dir: random.pick(['', 'ltr', 'rtl', 'auto']),
    attributes: worthWriting(element, values),
  };
}

const random = new Random('snippets');
const many: readonly Figure[] = Array.from({ length: 300 }, () => anyFigure(random));

const codeOf = (snippet: Snippet): string => {
  assert.ok('code' in snippet, JSON.stringify(snippet));
  return snippet.code;
};

// ---- HTML ------------------------------------------------------------------------------------------------------------

/** The elements of a snippet; nothing but white space stands between. */
function parse(code: string): Markup[] {
  const nodes = parseHtml(code);
  for (const node of nodes) assert.ok(typeof node !== 'string' || node.trim() === '', code);
  return nodes.filter((node) => typeof node !== 'string');
}

test('the tag parses to its attributes and its text, beside one script', () => {
  let texts = 0;
  for (const figure of many) {
    const [script, element, ...others] = parse(codeOf(tagSnippet(figure, '/assets')));
    assert.deepEqual(others, []);
    assert.deepEqual(script.attributes, { type: 'module', src: '/assets/rnn-elements.js' });
    assert.equal(element.tag, figure.element);
    assert.deepEqual(element.attributes, attributesOf(figure));
    assert.equal(textOf(element), figure.text);
    if (figure.text) texts++;
  }
  assert.ok(texts > 100);
});

/** What embed.html makes of an address: its own script, run on a page that only notes. */
const embedScript = new Script(readFileSync(join(root, 'dist/embed.js'), 'utf8'));
function embedded(address: string): {
  tag: string;
  attributes: Record<string, string>;
  page: Record<string, string>;
  title: string;
  refused: string[];
} {
  const refused: string[] = [];
  const page: Record<string, string> = {};
  let tag = '';
  const attributes: Record<string, string> = {};
  const element = (into: Record<string, string>): object => ({
    setAttribute: (name: string, value: string) => (into[name] = value),
    getAttribute: (name: string) => into[name] ?? null,
    append: () => undefined,
    dataset: {},
  });
  const document = {
    documentElement: element(page),
    createElement: (name: string) => {
      if (name === 'main') return element({});
      tag = name;
      return element(attributes);
    },
    body: element({}),
    title: '',
  };
  const url = new URL(address, 'https://course.example/page/');
  const window = {};
  const info = (text: string): number => refused.push(text);
  embedScript.runInNewContext({
    ...{ document, window, parent: window, URLSearchParams, console: { info } },
    location: { search: url.search, hash: url.hash },
  });
  return { tag, attributes, page, title: document.title, refused };
}

test('embed.html takes all of an address, and makes the same figure of it', () => {
  for (const figure of many) {
    const { element, text, title, lang, dir, attributes } = figure;
    const [script, frame, ...others] = parse(
      codeOf(frameSnippet(figure, 'https://lms.example/rnn/')),
    );
    assert.deepEqual(others, []);
    assert.deepEqual(script.attributes, {
      type: 'module',
      src: 'https://lms.example/rnn/embed-host.js',
    });
    const { src, sandbox, ...rest } = frame.attributes;
    assert.equal(frame.tag, 'iframe');
    assert.deepEqual(rest, {
      'data-rnn-elements': '',
      title: titleOf(figure),
      width: '100%',
      height: '600',
      loading: 'lazy',
    });
    const file = attributes['model']?.includes('.');
    assert.equal(sandbox, file ? undefined : 'allow-scripts allow-downloads');
    assert.ok(src.startsWith('https://lms.example/rnn/embed.html'));
    const made = embedded(src);
    assert.deepEqual(made.refused, []);
    assert.equal(made.tag, element);
    assert.deepEqual(made.attributes, { ...attributes, ...(text && { text }) });
    assert.deepEqual(made.page, { ...(lang && { lang }), ...(dir && { dir }) });
    if (title) assert.equal(made.title, title);

    const [link, ...more] = parse(codeOf(linkSnippet(figure, '/assets/')));
    assert.deepEqual(more, []);
    assert.deepEqual([link.tag, textOf(link)], ['a', titleOf(figure)]);
    assert.deepEqual(embedded(link.attributes['href']), made);
  }
});

test('an address that servers would refuse is none: 5,000 words go into the tag alone', () => {
  const text = 'tree '.repeat(5000).trim();
  const figure = { ...fromQuery(''), text };
  for (const snippet of [frameSnippet, linkSnippet]) {
    const made = snippet(figure, '/assets/');
    assert.ok('problem' in made && made.problem === 'long' && made.length > 25_000);
    const short = { ...figure, text: text.slice(0, longest - 100) };
    assert.ok('code' in snippet(short, '/assets/'));
  }
  const [, element] = parse(codeOf(tagSnippet(figure, '/assets/')));
  assert.equal(textOf(element), text);
  assert.ok(codeOf(jsxSnippet(figure)).includes(text));
});

test('weights that a frame may not load are said, not written', () => {
  for (const model of [
    'https://other.example/net.safetensors',
    '//other.example/n.safetensors',
    '/n.bin',
  ]) {
    const figure = { ...fromQuery(''), attributes: { model } };
    for (const snippet of [frameSnippet, linkSnippet]) {
      assert.deepEqual(Object.keys(snippet(figure, '/assets/')), ['problem', 'length']);
    }
    assert.ok(codeOf(tagSnippet(figure, '/assets/')).includes(model));
    // nor is one loaded because somebody wrote a link to the form
    assert.deepEqual(fromQuery(toQuery(figure)).attributes, {});
  }
});

// ---- JSX -------------------------------------------------------------------------------------------------------------

/** The props that an element gets when the code runs. */
function propsOf(code: string): [tag: string, props: Record<string, unknown>] {
  const { outputText } = ts.transpileModule(code, {
    fileName: 'figure.tsx',
    compilerOptions: {
      jsx: ts.JsxEmit.React,
      jsxFactory: 'jsx',
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
    },
  });
  const exports: { Figure?: () => [string, Record<string, unknown>] } = {};
  const jsx = (tag: string, props: Record<string, unknown> | null): unknown => [tag, props ?? {}];
  const required: string[] = [];
  runInNewContext(outputText, { exports, jsx, require: (name: string) => required.push(name) });
  const [tag, props] = exports.Figure!();
  assert.deepEqual(required, [`rnn-elements/define/${tag}.js`]);
  return [tag, { ...props }];
}

test('JSX gives the element its attributes and its text', () => {
  for (const figure of many) {
    const { element, text } = figure;
    const wanted = Object.entries({ ...attributesOf(figure), ...(text && { text }) });
    const typed = wanted.map(([name, value]) => {
      const kind = known[element][name]?.kind;
      return [name, kind === 'number' ? Number(value) : kind === 'yes' ? true : value];
    });
    const code = codeOf(jsxSnippet(figure));
    assert.deepEqual(propsOf(code), [element, Object.fromEntries(typed)], code);
  }
});

test('JSX is accepted by TypeScript with the types of the package', () => {
  const sample = Object.keys(known).flatMap((element) =>
    many.filter((each) => each.element === element).slice(0, 6),
  );
  const folder = join(root, 'build/snippets');
  const codes = sample.map(
    (figure) => `import type {} from 'rnn-elements/jsx';\n${codeOf(jsxSnippet(figure))}`,
  );
  // what the types do not know would be an error
  const wrong = codes[0].replace(/<([\w-]+)/, '<$1 sentence="x"');
  const files = new Map([...codes, wrong].map((code, i) => [join(folder, `${i}.tsx`), code]));
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    jsx: ts.JsxEmit.ReactJSX,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    paths: { 'rnn-elements/*': [join(root, 'dist/*')] },
  };
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  const program = ts.createProgram([...files.keys()], options, host);
  const found = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => ({
    code: file && files.get(file.fileName),
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
  assert.ok(sample.length === 24);
  assert.deepEqual(
    found.filter(({ code }) => code !== wrong),
    [],
  );
  assert.equal(found.length, 1);
});

// ---- the form --------------------------------------------------------------------------------------------------------

test('a fragment means the figure that it was made of; what is wrong in one is left out', () => {
  for (const figure of many) {
    const { text, title, lang, dir, attributes } = fromQuery(`#${toQuery(figure)}`);
    assert.deepEqual({ element: figure.element, text, title, lang, dir, attributes }, figure);
  }
  const wrong =
    'element=script&onclick=alert(1)&cell=transformer&step=x&follow=&compare=rnn+cnn&lang=a b&dir=up&theme=pink&__proto__=1&for=x&step=Infinity&style=x';
  assert.deepEqual(fromQuery(wrong), {
    ...{ element: 'rnn-visualizer', text: '', title: '', lang: '', dir: '', attributes: {} },
  });
});

test('defaults are not written, nor what has no effect', () => {
  const defaults = (element: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(known[element])
        .filter(([name]) => name !== 'follow' && name !== 'text')
        .map(([name, attribute]) => [name, attribute.default]),
    );
  for (const element of Object.keys(known)) {
    assert.deepEqual(worthWriting(element, defaults(element)), {}, element);
  }
  const written = (values: Record<string, string>): string[] =>
    Object.keys(worthWriting('rnn-visualizer', values));
  assert.deepEqual(written({ seed: '4', model: 'story', interval: '900' }), ['model']);
  assert.deepEqual(written({ seed: '4', model: 'random' }), ['seed', 'model']);
  assert.deepEqual(written({ cell: 'gru', model: 'mine.safetensors' }), ['model']);
  assert.deepEqual(written({ autoplay: '', interval: '900' }), ['autoplay', 'interval']);
  // the default sentence has another word to follow
  assert.deepEqual(written({ follow: '0' }), ['follow']);
});

test('the cells that run are those of the attributes, or of none', () => {
  assert.deepEqual(cellsOf('rnn-visualizer', {}), ['rnn']);
  assert.deepEqual(cellsOf('gate-diagram', {}), ['lstm']);
  assert.deepEqual(cellsOf('gradient-plot', {}), ['rnn', 'lstm', 'gru']);
  assert.deepEqual(cellsOf('rnn-trainer', {}), ['rnn', 'lstm', 'gru']);
  assert.deepEqual(cellsOf('rnn-visualizer', { cell: 'rnn', compare: 'lstm gru' }), [
    'lstm',
    'gru',
  ]);
  for (const element of Object.keys(known)) {
    for (const chosen of element === 'gate-diagram' ? [['gru']] : [['gru'], ['rnn', 'lstm']]) {
      assert.deepEqual(cellsOf(element, cellAttributes(element, chosen)), chosen, element);
    }
  }
});

test('every attribute of the elements on offer has a field, and every word of it a name', () => {
  assert.deepEqual(Object.keys(figures), Object.keys(known));
  const labels = Object.assign(
    {},
    ...groups.map(({ fields }) => fields),
  ) as (typeof groups)[0]['fields'];
  const seen = new Set<string>();
  for (const element of Object.keys(figures)) {
    const { attributes } = elements.find(({ tagName }) => tagName === element)!;
    for (const { name } of attributes) {
      if (['for', 'text'].includes(name)) continue; // stands alone; has a field of its own
      const field = ['cell', 'compare'].includes(name) ? 'cells' : name;
      assert.ok(labels[field], `${element} ${name}`);
      seen.add(field);
      for (const word of known[element][name].words ?? []) {
        assert.ok(labels[field].words?.[word], `${element} ${name}=${word}`);
      }
    }
  }
  assert.deepEqual([...seen].sort(), Object.keys(labels).sort());
});
