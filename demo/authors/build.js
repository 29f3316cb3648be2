// “Build your embed”: a form, the figure that it describes, and what to copy. The state is the page's fragment.
import { tokenize } from '../../dist/model/tokenizer.js';
import { elements } from './attributes.js';
import { figures, groups } from './labels.js';
import {
  attributesOf,
  cellAttributes,
  cellsOf,
  directions,
  frameSnippet,
  fromQuery,
  isFile,
  jsxSnippet,
  languages,
  linkSnippet,
  longest,
  matters,
  plain,
  readsText,
  tagSnippet,
  titleOf,
  toQuery,
  worthWriting,
} from './snippets.js';

/** @typedef {import('./snippets.js').Figure} Figure */

/** @template {Element} T @param {string} id @param {new () => T} type */
function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`no ${id}`);
  return found;
}
const form = byId('form', HTMLFormElement);
const place = byId('place', HTMLFormElement);
const preview = byId('preview', HTMLElement);
const groupsBox = byId('groups', HTMLElement);
const elementMenu = byId('element', HTMLSelectElement);
const textBox = byId('text', HTMLTextAreaElement);
const langBox = byId('lang', HTMLInputElement);
const dirMenu = byId('dir', HTMLSelectElement);
const titleBox = byId('title', HTMLInputElement);
const filesBox = byId('files', HTMLInputElement);
const status = byId('status', HTMLOutputElement);

/** @param {string} tag @param {Record<string, string | boolean>} attributes @param {...(Node | string)} children */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== false) element.setAttribute(name, value === true ? '' : value);
  element.append(...children);
  return element;
}

/** Whether the form stands beside the preview: above it, it is short at first. */
const wide = matchMedia('(min-width: 62rem)').matches;

/** The control of an attribute. @param {string} name @returns {any} */
const control = (name) => form.elements.namedItem(name);
/** The boxes of a list that are ticked. @param {string} name */
const ticked = (name) =>
  [...form.querySelectorAll(`input[name="${name}"]:checked`)].map(
    (box) => /** @type {HTMLInputElement} */ (box).value,
  );

// ---- the form --------------------------------------------------------------------------------------------------------

/** The attribute behind a field; `cells` may be several. @param {string} element @param {string} name */
function attributeOf(element, name) {
  const attributes = elements[element];
  return name === 'cells'
    ? (attributes['cells'] ?? attributes['compare'] ?? attributes['cell'])
    : attributes[name];
}

/** A line of a control with its label. @param {string} label @param {string} help @param {Element} box */
function field(label, help, box) {
  const small = make('small', { id: `${box.id}-help` }, help);
  box.setAttribute('aria-describedby', small.id);
  return make('p', { class: 'field' }, make('label', { for: box.id }, label), box, small);
}

/** @param {string} type @param {string} name @param {string} label @param {Readonly<Record<string, string>>} words @param {readonly string[]} shown @param {string} help */
function boxes(type, name, label, words, shown, help) {
  const list = shown.map((value) =>
    make('label', {}, make('input', { type, name, value }), ` ${words[value] ?? value}`),
  );
  const legend = make('legend', {}, label);
  return make(
    'fieldset',
    { class: 'choice' },
    legend,
    ...list,
    ...(help ? [make('small', {}, help)] : []),
  );
}

/** What stands in the form for an attribute. @param {string} element @param {string} name @param {import('./labels.js').Label} texts */
function controlOf(element, name, { label, help = '', words = {} }) {
  const attribute = attributeOf(element, name);
  if (name === 'cells' || name === 'controls') {
    const one = attribute.kind === 'word';
    return boxes(
      one ? 'radio' : 'checkbox',
      name,
      label,
      words,
      attribute.words ?? [],
      one ? '' : help,
    );
  }
  const id = `of-${name}`;
  if (attribute.kind === 'yes') {
    const box = make('input', { type: 'checkbox', id, name });
    const line = field('', help, box);
    line.replaceChildren(make('label', {}, box, ` ${label}`), ...line.querySelectorAll('small'));
    return line;
  }
  if (attribute.kind === 'number') {
    const { min, max, default: usual } = attribute;
    const range = { ...(max !== undefined && { min: String(min), max: String(max) }) };
    const limits = max === undefined ? '' : `${min} to ${max}.`.replace('-', '−');
    const box = make('input', {
      type: 'number',
      step: 'any',
      id,
      name,
      ...range,
      placeholder: name === 'follow' ? '' : usual.replace('Infinity', 'all'),
    });
    return field(label, [help, limits].filter(Boolean).join(' '), box);
  }
  const options = (attribute.words ?? []).map((value) =>
    make('option', { value }, words[value] ?? value),
  );
  const menu = make('select', { id, name }, ...options);
  const line = field(label, help, menu);
  if (name !== 'model') return line;
  menu.append(make('option', { value: 'file' }, 'A file of my own'));
  const address = make('input', {
    type: 'text',
    id: 'of-file',
    name: 'file',
    placeholder: '/assets/my-lstm.safetensors',
    spellcheck: 'false',
  });
  const note = 'A safetensors file; it decides about the cell.';
  return make('div', {}, line, field('Address of the file', note, address));
}

/** Puts the fields of an element into the form. @param {string} element */
function build(element) {
  if (groupsBox.dataset['element'] === element) return;
  const open = [...groupsBox.children].map((each) => each.hasAttribute('open'));
  const made = groups.map(({ title, open: first = false, fields }, i) => {
    const lines = Object.entries(fields)
      .filter(([name]) => attributeOf(element, name))
      .map(([name, texts]) => make('div', { 'data-field': name }, controlOf(element, name, texts)));
    const summary = make('summary', {}, title);
    return make(
      'details',
      { open: open[i] ?? (first && wide), hidden: !lines.length },
      summary,
      ...lines,
    );
  });
  groupsBox.replaceChildren(...made);
  groupsBox.dataset['element'] = element;
}

/** Shows a figure in the form. @param {Figure} figure */
function fill({ element, text, title, lang, dir, attributes }) {
  build(element);
  elementMenu.value = element;
  // what an element does not read stays for the next one
  if (readsText(element) && textBox.value !== text) textBox.value = text;
  [titleBox.value, langBox.value, dirMenu.value] = [title, lang, dir];
  const cells = cellsOf(element, attributes);
  const { controls = 'all', model = 'auto' } = attributes;
  for (const box of form.querySelectorAll('input, select')) {
    const input = /** @type {HTMLInputElement} */ (box);
    const { name, value } = input;
    const attribute = elements[element][name];
    if (name === 'cells') input.checked = cells.some((cell) => cell === value);
    else if (name === 'controls')
      input.checked = controls === 'all' || controls.split(' ').includes(value);
    else if (name === 'file') input.value = isFile(model) ? model : '';
    else if (name === 'model') input.value = isFile(model) ? 'file' : model;
    else if (attribute?.kind === 'yes') input.checked = name in attributes;
    else if (name === 'follow') input.value = attributes[name] ?? '';
    else if (attribute) input.value = attributes[name] ?? attribute.default.replace('Infinity', '');
  }
}

/** The value of one attribute in the form; nothing where it says nothing. @param {string} element @param {string} name */
function valueOf(element, name) {
  const { kind, words = [] } = elements[element][name];
  const box = control(name);
  if (name === 'controls') {
    const chosen = ticked(name);
    return chosen.length === words.length ? 'all' : chosen.join(' ') || 'none';
  }
  if (name === 'model' && box.value === 'file') {
    const address = control('file').value.trim();
    return isFile(address) ? address : null;
  }
  if (kind === 'yes') return box.checked ? '' : null;
  if (kind === 'number') return box.value === '' ? null : String(Number(box.value));
  return box.value;
}

/** What the form says. @returns {Figure} */
function read() {
  const element = elementMenu.value;
  build(element);
  const names = Object.keys(elements[element]).filter((name) => control(name));
  const values = names
    .filter((name) => !['text', 'cells'].includes(name))
    .flatMap((name) => {
      const value = valueOf(element, name);
      return value === null ? [] : [[name, value]];
    });
  const cells = ticked('cells');
  const all = {
    ...Object.fromEntries(values),
    ...(cells.length > 0 && cellAttributes(element, cells)),
  };
  return {
    element,
    text: readsText(element) && all.source !== 'random' ? plain(textBox.value) : '',
    title: plain(titleBox.value).trim(),
    lang: readsText(element) && languages.test(langBox.value) ? langBox.value : '',
    dir: readsText(element) && directions.includes(dirMenu.value) ? dirMenu.value : '',
    attributes: worthWriting(element, all),
  };
}

// ---- what follows from it --------------------------------------------------------------------------------------------

/** What each kind of snippet is for, and how it is made. */
const kinds = {
  tag: {
    make: tagSnippet,
    help: 'Paste both lines where the figure shall be. One script is enough for a page.',
  },
  frame: {
    make: frameSnippet,
    help: 'For platforms that take out scripts, but let frames stand. If the first line goes, too, the frame keeps its height of 600 pixels, and scrolls.',
  },
  link: {
    make: linkSnippet,
    help: 'For platforms that take out everything but links. The figure has a page of its own.',
  },
  jsx: {
    make: jsxSnippet,
    help: 'For React 19, with the package rnn-elements in your project.',
  },
};

/** Shows the fields that matter, and the words that numbers mean. @param {Figure} figure */
function showFields({ element, text, lang, attributes }) {
  for (const line of groupsBox.querySelectorAll('[data-field]')) {
    const box = /** @type {HTMLElement} */ (line);
    const name = box.dataset['field'] ?? '';
    box.hidden = !matters(element, name === 'cells' ? 'compare' : name, attributes);
  }
  const address = document.getElementById('of-file')?.closest('p');
  if (address) address.hidden = control('model').value !== 'file';
  const reads = readsText(element) && matters(element, 'text', attributes);
  byId('sentence', HTMLElement).hidden = !reads;
  byId('take', HTMLElement).hidden = !reads;
  const mode = attributes['tokens'] === 'characters' ? 'characters' : 'words';
  const words = text ? tokenize(text, mode, lang || undefined) : [];
  for (const [name, index] of [
    ['step', Number(control('step')?.value) - 1],
    ['follow', Number(control('follow')?.value)],
  ]) {
    const small = document.getElementById(`of-${name}-help`);
    if (!small) continue;
    const usual = groups.flatMap(({ fields }) => (name in fields ? [fields[name].help ?? ''] : []));
    const word = control(String(name)).value === '' ? undefined : words[Number(index)];
    small.textContent = word
      ? `${name === 'step' ? 'Up to' : 'This is'} “${word.text}”.`
      : usual[0];
  }
}

/** Makes the preview what the snippet says. @param {Figure} figure */
function showPreview(figure) {
  const { element, text } = figure;
  const wanted = attributesOf(figure);
  let shown = preview.firstElementChild;
  if (shown?.localName !== element) {
    shown = make(element, wanted, text);
    preview.replaceChildren(shown);
    return;
  }
  for (const name of shown.getAttributeNames()) if (!(name in wanted)) shown.removeAttribute(name);
  for (const [name, value] of Object.entries(wanted))
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  if (shown.textContent !== text) shown.textContent = text;
}

/** @param {Figure} figure */
function showSnippet(figure) {
  const kind = /** @type {keyof typeof kinds} */ (new FormData(place).get('kind'));
  const { make: snippet, help } = kinds[kind];
  const made = snippet(figure, filesBox.value);
  byId('kind-help', HTMLElement).textContent = help;
  byId('title-field', HTMLElement).hidden = kind === 'tag' || kind === 'jsx';
  byId('place-fields', HTMLElement).hidden = kind === 'jsx';
  titleBox.placeholder = titleOf({ ...figure, title: '' });
  byId('code', HTMLElement).textContent = 'code' in made ? made.code : '';
  byId('code', HTMLElement).parentElement?.toggleAttribute('hidden', !('code' in made));
  byId('copy', HTMLButtonElement).disabled = !('code' in made);
  const problem = byId('problem', HTMLElement);
  problem.hidden = true;
  const say = (/** @type {string} */ text) => {
    problem.textContent = text;
    problem.hidden = false;
  };
  const { model = 'auto' } = figure.attributes;
  if (!('code' in made)) {
    say(
      made.problem === 'long'
        ? `As an address this has ${made.length.toLocaleString('en')} characters, and many servers refuse more than ${longest.toLocaleString('en')}. Use the tag, or a shorter text.`
        : 'A frame loads weights from its own server only: write a path that ends in .safetensors.',
    );
  } else if (isFile(model) && !model.startsWith('/') && ['frame', 'link'].includes(kind)) {
    say('The address of the file is read from where embed.html lies.');
  }
  if (status.value) status.value = '';
}

/** What is shown. */
let current = fromQuery('');

/** @param {Figure} figure */
function show(figure) {
  current = figure;
  showFields(figure);
  showPreview(figure);
  showSnippet(figure);
}

/** After a change of the form. */
function changed() {
  const figure = read();
  show(figure);
  history.replaceState(null, '', `#${toQuery(figure)}`);
}

/** What a page without a fragment begins with. */
const start =
  'compare=rnn+lstm+gru&follow=3&text=Anna+has+a+red+kite.+The+cat+sat+on+the+mat.+The+kite+of+Anna+is';

/** What the fragment says; the address of the files is none of its business: a link might name somebody else's. */
function load() {
  const figure = fromQuery(location.hash || start);
  fill(figure);
  show(figure);
}

// ---- what the author does --------------------------------------------------------------------------------------------

elementMenu.append(
  ...Object.entries(figures).map(([value, label]) => make('option', { value }, label)),
);
form.addEventListener('input', ({ target }) => {
  const element = elementMenu.value;
  if (target === elementMenu) {
    // what the other element has, too, stays
    const text = readsText(element) ? textBox.value : '';
    fill(fromQuery(toQuery({ ...current, text, element })));
  }
  // an address is fetched once it is complete
  if (/** @type {Element} */ (target).id !== 'of-file') changed();
});
form.addEventListener('change', changed);
place.addEventListener('input', changed);
for (const each of [form, place])
  each.addEventListener('submit', (event) => event.preventDefault());
window.addEventListener('hashchange', load);

byId('take', HTMLButtonElement).addEventListener('click', () => {
  const { step, follow } = /** @type {any} */ (preview.firstElementChild);
  control('step').value = step;
  control('follow').value = follow;
  changed();
});

byId('copy', HTMLButtonElement).addEventListener('click', async () => {
  const code = byId('code', HTMLElement);
  try {
    await navigator.clipboard.writeText(code.textContent);
    status.value = 'Copied.';
  } catch {
    getSelection()?.selectAllChildren(code);
    status.value =
      'Your browser does not let the page copy. The snippet is selected: press Ctrl+C, or ⌘C.';
  }
});

load();
form.hidden = false;
byId('result', HTMLElement).hidden = false;
