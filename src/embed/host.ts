// For the page around embed.html: gives its frames their height, and repeats on them what the figures tell.

import { askType, eventType, field, resizeType } from './messages.js';

const lowest = 100;
const highest = 10_000;

/** Frames outside of the document, as in shadow roots, and whether the page listens: once, if this is there twice. */
const key = Symbol.for('rnn-elements/embed-host');
const page = globalThis as { [key]?: Set<HTMLIFrameElement> };

function ask(frame: HTMLIFrameElement): void {
  frame.contentWindow?.postMessage({ type: askType }, '*');
}

function receive({ source, data }: MessageEvent<unknown>): void {
  const type = field(data, 'type');
  if (type !== resizeType && type !== eventType) return;
  const marked = document.querySelectorAll<HTMLIFrameElement>('iframe[data-rnn-elements]');
  // by its window: the origin of a sandboxed frame is "null", as anybody's may be
  const frame = [...marked, ...(page[key] ?? [])].find((each) => each.contentWindow === source);
  if (!frame || !source) return;
  const name = field(data, 'event');
  const height = field(data, 'height');
  if (type === eventType && typeof name === 'string' && /^rnn-[a-z-]+$/.test(name)) {
    const detail = field(data, 'detail');
    frame.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
  if (type === resizeType && typeof height === 'number' && Number.isFinite(height)) {
    const { boxSizing, paddingTop, paddingBottom } = getComputedStyle(frame);
    // what `height` holds besides the content: border and padding, where the page counts them in
    const around =
      boxSizing === 'border-box'
        ? frame.offsetHeight -
          frame.clientHeight +
          parseFloat(paddingTop) +
          parseFloat(paddingBottom)
        : 0;
    frame.style.height = `${Math.min(highest, Math.max(lowest, Math.ceil(height))) + around}px`;
  }
}

/** Has frames, from now on. */
function listen(): Set<HTMLIFrameElement> {
  window.addEventListener('message', receive);
  document.querySelectorAll<HTMLIFrameElement>('iframe[data-rnn-elements]').forEach(ask);
  return new Set();
}

if (typeof window !== 'undefined') page[key] ??= listen();

/**
 * Looks after a frame that a search of the document would not find, as one in a shadow root. Frames in the document need
 * the attribute `data-rnn-elements` only.
 * @returns what ends it.
 */
export function connectFrame(frame: HTMLIFrameElement): () => void {
  page[key]?.add(frame);
  ask(frame);
  return () => {
    page[key]?.delete(frame);
  };
}
