// Opens pages of the project in frames, as the browser tests of policies and of the demo need them.

import { fixture } from '@open-wc/testing';
import { frame } from './figure.js';

/** A page that loads pages/violations.js. */
export interface PageWindow extends Window {
  readonly violations: string[];
  readonly thrown: string[];
}

/** Opens a page of the project in a frame. `early` is called before its scripts run. */
export async function open(
  address: string,
  early: (page: Window & typeof globalThis) => void = () => undefined,
): Promise<Window & typeof globalThis> {
  const iframe = document.createElement('iframe');
  iframe.style.cssText = 'width: 1100px; height: 800px; border: 0';
  const loaded = new Promise((resolve) => {
    iframe.addEventListener('load', resolve);
  });
  const home = await fixture<HTMLElement>('<div></div>');
  iframe.src = address;
  home.append(iframe);
  const page = (): (Window & typeof globalThis) | null =>
    iframe.contentWindow as (Window & typeof globalThis) | null;
  while (!page()?.location.href.includes(address)) await frame();
  early(page()!);
  await loaded;
  return page()!;
}
