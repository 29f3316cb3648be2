// What an author copies from “Build your embed”: one figure as a tag, a frame, a link, and JSX; and as a page's address.
import { elements } from './attributes.js';

/**
 * A figure as an author wants it.
 * @typedef {object} Figure
 * @property {string} element its tag
 * @property {string} text the sentence; empty: the default one
 * @property {string} title what the frame or the link is called; empty: `titleOf`
 * @property {string} lang of the text; empty: that of the page
 * @property {string} dir of the text; empty: that of the page
 * @property {Record<string, string>} attributes all others, as they are written; no defaults
 */

/**
 * A snippet, or what stands against it.
 * @typedef {{readonly code: string} | {readonly problem: 'long' | 'model', readonly length: number}} Snippet
 */

/** @typedef {keyof typeof titles} Cell */

/** The cells by their names. */
export const cellNames = {
  feedforward: 'feedforward layer',
  rnn: 'simple RNN',
  lstm: 'LSTM',
  gru: 'GRU',
};

/** What the frame or the link is called where one cell reads. */
const titles = {
  feedforward: 'A feedforward layer',
  rnn: 'A simple RNN',
  lstm: 'An LSTM',
  gru: 'A GRU',
};

const cells = /** @type {Cell[]} */ (Object.keys(cellNames));

/** Longer addresses are refused by many servers. */
export const longest = 8000;

// ---- figures ---------------------------------------------------------------------------------------------------------

/** Whether an element reads a text. @param {string} element */
export const readsText = (element) => 'text' in elements[element];

/** A text as a page and an address can hold it, without what no parser would leave as it is. @param {string} text */
export function plain(text) {
  const kept = text
    .replace(/\r\n?/g, '\n')
    .replace(/\0/g, '')
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
  return kept.trim() === '' ? '' : kept;
}

/** Weights of the library's own, or a file of the same server: what embed.html takes. */
const ofTheServer = /^(auto|story|random|(?!\/\/)[\w./%~+-]+\.safetensors)$/;

/** Whether `model` is the address of a file. @param {string} model */
export const isFile = (model) => /[./]/.test(model);

/**
 * Whether an attribute can have an effect beside the others.
 * @param {string} element
 * @param {string} name
 * @param {Record<string, string>} values of all attributes, as far as they are no defaults
 */
export function matters(element, name, values) {
  const { model = 'auto', source } = values;
  const random = source === 'random';
  if (name === 'interval') return 'autoplay' in values;
  if (element === 'rnn-trainer') return true;
  if (['cell', 'compare'].includes(name)) return random || !isFile(model);
  if (['model', 'tokens', 'step', 'follow', 'text'].includes(name)) return !random;
  if (['recurrent-scale', 'input-scale', 'update-bias', 'length'].includes(name)) return random;
  if (['hidden-size', 'seed', 'forget-bias'].includes(name))
    return random || ['auto', 'random'].includes(model);
  return true;
}

/**
 * Those of the values that are worth writing: no defaults, and nothing without an effect.
 * @param {string} element
 * @param {Record<string, string>} values
 */
export function worthWriting(element, values) {
  const attributes = elements[element];
  const others = Object.entries(values).filter(
    // which word is followed without it depends on the text
    ([name, value]) => name === 'follow' || value !== attributes[name].default,
  );
  return Object.fromEntries(
    others.filter(([name]) => matters(element, name, Object.fromEntries(others))),
  );
}

/** The cells that run. @param {string} element @param {Record<string, string>} values */
export function cellsOf(element, values) {
  const attributes = elements[element];
  const several = ['compare', 'cells'].find((name) => name in attributes) ?? '';
  const one = values['cell'];
  const list =
    values[several] || one || attributes[several]?.default || attributes['cell']?.default || '';
  return cells.filter((cell) => list.split(' ').includes(cell));
}

/** The attributes that make these cells run. @param {string} element @param {readonly string[]} chosen */
export function cellAttributes(element, chosen) {
  const attributes = elements[element];
  const list = chosen.join(' ');
  if ('cells' in attributes) return { cells: list };
  return chosen.length > 1 ? { compare: list } : { cell: list };
}

/** What a figure is called. @param {Figure} figure */
export function titleOf({ element, title, attributes }) {
  if (title) return title;
  const names = cellsOf(element, attributes);
  if (element === 'gradient-plot') return 'How far gradients reach back in time';
  if (element === 'rnn-trainer') return 'Recurrent networks learn a task';
  if (isFile(attributes['model'] ?? '')) return 'A network of our own reads a sentence';
  if (element === 'gate-diagram')
    return `Inside one step of ${titles[names[0]].replace(/^A/, 'a')}`;
  if (names.length === 1) return `${titles[names[0]]} reads a sentence`;
  const all = names.map((name) => cellNames[name]);
  return `A sentence read by ${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

// ---- addresses -------------------------------------------------------------------------------------------------------

/**
 * A figure as embed.html's query; it is the fragment of the page “Build your embed”, too.
 * @param {Figure} figure
 */
export function toQuery({ element, text, title, lang, dir, attributes }) {
  const query = new URLSearchParams();
  if (element !== 'rnn-visualizer') query.set('element', element);
  for (const [name, value] of Object.entries({ ...attributes, lang, dir, title, text }))
    if (value || name in attributes) query.set(name, value);
  return query.toString();
}

/** A value as it is written, or nothing if the attribute can't have it. @param {import('./attributes.js').Attribute} attribute @param {string} value */
function valid({ kind, words = [], default: usual }, value) {
  if (kind === 'number')
    return value.trim() && Number.isFinite(Number(value)) ? String(Number(value)) : null;
  if (kind === 'yes') return '';
  const list = value.split(/\s+/).filter(Boolean);
  if (kind === 'word') return words.includes(value) ? value : null;
  if (kind === 'words')
    return list.length &&
      list.every((word) => word === usual || word === 'none' || words.includes(word))
      ? list.join(' ')
      : null;
  // `model`: anybody may have written the address, and nothing shall be loaded from elsewhere
  return ofTheServer.test(value) ? value : null;
}

/**
 * The figure that a fragment means; what is wrong in it is left out.
 * @param {string} fragment
 * @returns {Figure}
 */
export function fromQuery(fragment) {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  const asked = query.get('element') ?? '';
  const element = Object.hasOwn(elements, asked) ? asked : 'rnn-visualizer';
  const attributes = elements[element];
  const values = [...query].flatMap(([name, value]) => {
    const attribute = name !== 'text' && Object.hasOwn(attributes, name) && attributes[name];
    const written = attribute ? valid(attribute, value) : null;
    return written === null ? [] : [[name, written]];
  });
  const [lang, dir] = [query.get('lang') ?? '', query.get('dir') ?? ''];
  return {
    element,
    text: readsText(element) ? plain(query.get('text') ?? '') : '',
    title: plain(query.get('title') ?? '').trim(),
    lang: languages.test(lang) ? lang : '',
    dir: directions.includes(dir) ? dir : '',
    attributes: worthWriting(element, Object.fromEntries(values)),
  };
}

/** What embed.html takes for `lang` and `dir`. */
export const languages = /^[a-z\d-]+$/i;
export const directions = ['ltr', 'rtl', 'auto'];

/** Where embed.html shows the figure. @param {Figure} figure @param {string} files @returns {Snippet} */
function address(figure, files) {
  const query = toQuery(figure);
  const code = `${folder(files)}embed.html${query && `?${query}`}`;
  if (!ofTheServer.test(figure.attributes['model'] ?? 'auto'))
    return { problem: 'model', length: code.length };
  return code.length > longest ? { problem: 'long', length: code.length } : { code };
}

/** @param {string} files */
const folder = (files) => files.trim().replace(/\/*$/, '/');

// ---- snippets --------------------------------------------------------------------------------------------------------

/** @param {string} text */
const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** @param {string} value */
const quoted = (value) => `"${escaped(value).replaceAll('"', '&quot;')}"`;

/** A start tag. @param {string} tag @param {Record<string, string>} attributes */
function startTag(tag, attributes) {
  const written = Object.entries(attributes).map(
    ([name, value]) => ` ${name}${value === '' ? '' : `=${quoted(value)}`}`,
  );
  return `<${tag}${written.join('')}>`;
}

/** The attributes of the tag, but for the text. @param {Figure} figure */
export function attributesOf({ lang, dir, attributes }) {
  return { ...(lang && { lang }), ...(dir && { dir }), ...attributes };
}

/** The tag alone. @param {Figure} figure */
export function tag(figure) {
  const { element, text } = figure;
  return `${startTag(element, attributesOf(figure))}${escaped(text)}</${element}>`;
}

/** The tag and the script. @param {Figure} figure @param {string} files where the scripts are @returns {Snippet} */
export function tagSnippet(figure, files) {
  const script = startTag('script', { type: 'module', src: `${folder(files)}rnn-elements.js` });
  return { code: `${script}</script>\n\n${tag(figure)}` };
}

/** A frame, and the script that gives it its height. @param {Figure} figure @param {string} files @returns {Snippet} */
export function frameSnippet(figure, files) {
  const src = address(figure, files);
  if (!('code' in src)) return src;
  const script = startTag('script', { type: 'module', src: `${folder(files)}embed-host.js` });
  const frame = startTag('iframe', {
    'data-rnn-elements': '',
    title: titleOf(figure),
    // in a sandbox a file would need CORS headers, and the page is the author's own
    ...(!isFile(figure.attributes['model'] ?? '') && { sandbox: 'allow-scripts allow-downloads' }),
    width: '100%',
    height: '600',
    // in a frame a figure sees no further than the frame: it would begin at once, however far below
    loading: 'lazy',
    src: src.code,
  });
  return { code: `${script}</script>\n\n${frame}</iframe>` };
}

/** A mere link. @param {Figure} figure @param {string} files @returns {Snippet} */
export function linkSnippet(figure, files) {
  const href = address(figure, files);
  if (!('code' in href)) return href;
  return { code: `${startTag('a', { href: href.code })}${escaped(titleOf(figure))}</a>` };
}

/** An attribute in JSX, where quotes know no escapes but entities. @param {string} element @param {string} name @param {string} value */
function prop(element, name, value) {
  const kind = elements[element][name]?.kind;
  if (kind === 'yes') return name;
  if (kind === 'number') return `${name}={${value}}`;
  // eslint-disable-next-line no-control-regex -- they would not survive between quotes
  return /["&\\\u0000-\u001F\u0085\u2028\u2029]/.test(value)
    ? `${name}={${JSON.stringify(value)}}`
    : `${name}="${value}"`;
}

/** JSX for React 19. @param {Figure} figure @returns {Snippet} */
export function jsxSnippet(figure) {
  const { element, text } = figure;
  const props = Object.entries({ ...attributesOf(figure), ...(text && { text }) }).map(
    ([name, value]) => prop(element, name, value),
  );
  const line = `  <${[element, ...props].join(' ')} />`;
  const code = line.length <= 80 ? line : `  <${[element, ...props].join('\n    ')}\n  />`;
  return {
    code: `import 'rnn-elements/define/${element}.js';
// in TypeScript also: import type {} from 'rnn-elements/jsx';

export const Figure = () => (
${code}
);`,
  };
}
