// Opens pages in frames: those of the project, and those that a test makes up.

import { fixture } from '@open-wc/testing';
import { frame } from './figure.js';

/** A page that loads pages/violations.js, and pages/said.js: what was refused, thrown, and said in the console. */
export interface PageWindow extends Window {
  readonly violations: string[];
  readonly thrown: string[];
  readonly said: string[];
}

export type Page = Window & typeof globalThis & PageWindow;

/** Opens a page of the project in a frame. `early` is called before its scripts run, if `sandbox` lets them. */
export async function open(
  address: string,
  early: (page: Page) => void = () => undefined,
  sandbox?: string,
): Promise<Page> {
  const iframe = document.createElement('iframe');
  if (sandbox !== undefined) iframe.setAttribute('sandbox', sandbox);
  iframe.style.cssText = 'width: 1100px; height: 800px; border: 0';
  const loaded = new Promise((resolve) => {
    iframe.addEventListener('load', resolve);
  });
  const home = await fixture<HTMLElement>('<div></div>');
  iframe.src = address;
  home.append(iframe);
  const page = (): Page | null => iframe.contentWindow as Page | null;
  while (!page()?.location.href.includes(address)) await frame();
  early(page()!);
  await loaded;
  return page()!;
}

/** What shall be on a page that tools/browsers/made-pages.mjs makes. */
export interface Made {
  /** Its Content-Security-Policy, sent in the header. */
  readonly policy?: string | undefined;
  /** Addresses, in the order in which they run; modules but for the standalone script. */
  readonly scripts?: readonly string[];
  readonly head?: string;
  readonly body?: string;
  /** Whether the server draws the elements of `body`, by lit-ssr. */
  readonly served?: boolean;
}

export const addressOf = (made: Made): string =>
  `/made/?${String(new URLSearchParams({ page: JSON.stringify(made) }))}`;

/** Opens a page that notes what is refused, thrown and said from the start. */
export const openMade = (made: Made, early?: (page: Page) => void): Promise<Page> =>
  open(addressOf(made), early);

/** Opens a page without JavaScript, as a reader has it who switched it off. */
export const openWithout = (made: Made): Promise<Page> =>
  open(addressOf(made), undefined, 'allow-same-origin');

/** Adds a module script to a page, and waits until it has run. */
export async function addScript(page: Page, src: string): Promise<void> {
  const script = Object.assign(page.document.createElement('script'), { type: 'module', src });
  const run = new Promise((resolve, reject) => {
    script.addEventListener('load', resolve);
    script.addEventListener('error', reject);
  });
  page.document.body.append(script);
  await run;
}

/** As strict as pages come. */
export const strictPolicy = "default-src 'none'; script-src 'self'; style-src 'self'";
export const bundle = '/dist/rnn-elements.js';
export const standalone = '/dist/rnn-elements.standalone.js';

/** One more policy for a page: what several say together holds. */
export function also(page: Page, policy: string): void {
  const meta = page.document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = policy;
  page.document.head.append(meta);
}
