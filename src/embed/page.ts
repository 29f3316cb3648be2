// The script of embed.html: makes one figure of what the page's address says, and tells the page around what it does.

import { englishEmbed } from '../model/embed-strings.js';
import { askType, eventType, field, resizeType } from './messages.js';

/** Tags with the attributes that an address may set, and the names of all events: put in by the build, from custom-elements.json. */
declare const published: {
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly events: readonly string[];
};

const query = new URLSearchParams(location.search);
const page = document.documentElement;

/** What an address asks for and does not get is said to whoever wrote it. */
function refuse(name: string, value: string): void {
  console.info(`rnn-elements: embed.html does not take ${name}=${JSON.stringify(value)}`);
}

/** Weights that come with the library, or a file of the page's own origin: what an address says, anybody may have written. */
const loadable = /^(auto|story|random|(?!\/\/)[\w./%~+-]+\.safetensors)$/;

/** The attributes of the page itself, with the values that they may have. */
const ofPage = new Map([
  ['lang', /^[a-z\d-]+$/i],
  ['dir', /^(ltr|rtl|auto)$/],
]);

function figure(): HTMLElement {
  const asked = query.get('element');
  const known = asked !== null && Object.hasOwn(published.attributes, asked);
  const tag = known ? asked : 'rnn-visualizer';
  const element = document.createElement(tag);
  const title = query.get('title')?.trim() || englishEmbed.titles[tag];
  for (const [name, value] of query) {
    if (name === 'title' || (name === 'element' && known)) continue;
    if (ofPage.get(name)?.test(value)) page.setAttribute(name, value);
    else if (published.attributes[tag].includes(name) && (name !== 'model' || loadable.test(value)))
      element.setAttribute(name, value);
    else refuse(name, value);
  }
  // the page around the figure follows: its colours are the figure's
  page.dataset['theme'] = element.getAttribute('theme') ?? 'auto';
  document.title = title;
  const main = document.createElement('main');
  main.setAttribute('aria-label', title);
  main.append(element);
  document.body.append(main);
  return element;
}

/** The height that was told last; 0: none was. */
let told = 0;

/** Nothing of this is secret, and a host's origin can't be known. */
function post(message: object): void {
  parent.postMessage(message, '*');
}

/** Says how high the page is, in the words of every host that listens to such. */
function tellHeight(): void {
  const height = Math.ceil(page.getBoundingClientRect().height);
  if (height === told || height < 1) return;
  told = height;
  post({ type: resizeType, height });
  post({ subject: 'lti.frameResize', height }); // Canvas
  post({ type: 'plugin.resize', payload: { height } }); // Open edX
  // WordPress; it may add the secret after the page has loaded
  const secret = /[#?&]secret=([a-z\d]+)/i.exec(location.hash)?.[1];
  if (secret) post({ message: 'height', value: height, secret });
}

function tellHeightAgain(): void {
  if (told === 0) return; // nothing is ready: it will be told
  told = 0;
  tellHeight();
}

async function start(): Promise<void> {
  const framed = parent !== window;
  if (framed) {
    for (const name of published.events) {
      document.addEventListener(name, (event) => {
        const { detail = null } = event as CustomEvent<unknown>;
        post({
          type: eventType,
          event: name,
          detail: JSON.parse(JSON.stringify(detail)) as unknown,
        });
      });
    }
  }
  const element = figure();
  if (!framed) return;
  await customElements.whenDefined(element.localName);
  await (element as HTMLElement & { readonly updateComplete?: Promise<unknown> }).updateComplete;
  new ResizeObserver(tellHeight).observe(page);
  window.addEventListener('hashchange', tellHeightAgain);
  window.addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
    if (source !== parent) return;
    // our helper, or the script of WordPress, began to listen after the height was told
    if (field(data, 'type') === askType || field(data, 'message') === 'ready') tellHeightAgain();
  });
}

void start();
