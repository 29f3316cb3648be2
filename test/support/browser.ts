// What tests do with the browser around the page, in every engine alike: keys, mouse, window, the reader's settings.

import { executeServerCommand } from '@web/test-runner-commands';
import type { Engine, Page } from '../../tools/drive.mjs';

type Ability =
  | 'forced colours'
  | 'reports of refused WebAssembly'
  | 'places in zoomed content'
  | 'Trusted Types';

/** What an engine has no way to do. Tests that need it are counted and named when the tests have run. */
const lacks: Record<Engine, readonly Ability[]> = {
  chromium: [],
  firefox: [],
  webkit: ['forced colours', 'reports of refused WebAssembly', 'places in zoomed content'],
};

const engine = (new URLSearchParams(location.search).get('engine') ?? 'chromium') as Engine;

/** Whether the engine can do something, for what differs inside a test. */
export const offers = (ability: Ability): boolean => !lacks[engine].includes(ability);

const perform = async (
  command: 'keys' | 'mouse' | 'release' | 'resize' | 'emulate',
  what?: unknown,
): Promise<void> => {
  await executeServerCommand(command, what);
};

/** Types a text, or presses, holds down or lets go one key. */
export const sendKeys = (keys: Parameters<Page['keys']>[0]): Promise<void> => perform('keys', keys);

/** Moves the mouse, and clicks there, or holds down or lets go a button. */
export const sendMouse = async (mouse: Parameters<Page['mouse']>[0]): Promise<void> => {
  // a browser finds what is under the mouse in what it has drawn
  for (let i = 0; i < 2; i++) {
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
  }
  await perform('mouse', mouse);
};

/** Lets go all buttons of the mouse. */
export const resetMouse = (): Promise<void> => perform('release');

export const setViewport = (size: Parameters<Page['resize']>[0]): Promise<void> =>
  perform('resize', size);

/** Sets what the reader's system asks for; what is not named is as the browser has it. */
export const emulateMedia = (media: Parameters<Page['emulate']>[0]): Promise<void> =>
  perform('emulate', media);

/** A test that exists only where the engine can do what it needs. */
export function itNeeding(ability: Ability, name: string, run: () => Promise<void>): void {
  if (offers(ability)) it(name, run);
  else void executeServerCommand('lacks', { ability, name });
}

/**
 * What Tab reaches inside an element, in order, from a button before it to one after it (in some browsers a page that is
 * left by Tab gets no keys any more).
 * @param arrived is called at each stop.
 */
export async function tabThrough(
  element: Element,
  arrived: (stop: Element) => void = () => undefined,
): Promise<Element[]> {
  const [before, after] = ['before', 'after'].map((name) =>
    Object.assign(document.createElement('button'), { textContent: name }),
  );
  element.before(before);
  element.after(after);
  const stops: Element[] = [];
  before.focus();
  for (;;) {
    await sendKeys({ press: 'Tab' });
    const stop = element.shadowRoot?.activeElement;
    if (!stop) break;
    if (stops.includes(stop)) throw new Error(`Tab reaches ${stop.outerHTML.slice(0, 80)} again`);
    stops.push(stop);
    arrived(stop);
  }
  const end = document.activeElement;
  for (const button of [before, after]) button.remove();
  if (end !== after) throw new Error('Tab does not lead on from the element');
  return stops;
}
