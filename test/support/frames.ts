// Frames as an author puts them on a page, and everything that they post to it.

import { fixture } from '@open-wc/testing';
import { eventually } from './figure.js';

export type Message = Readonly<Record<string, unknown>>;

/** A frame on the page, sandboxed or not; listens before it loads. */
export class Frame {
  readonly messages: Message[] = [];
  readonly element = document.createElement('iframe');

  constructor(attributes: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(attributes)) this.element.setAttribute(name, value);
    window.addEventListener('message', ({ source, data }) => {
      // what a frame that is gone had posted has no source any more
      if (source && source === this.element.contentWindow) this.messages.push(data as Message);
    });
  }

  /** Puts the frame on the page. */
  async open(): Promise<this> {
    (await fixture<HTMLElement>('<div></div>')).append(this.element);
    return this;
  }

  /** Messages with such a value in one of their fields. */
  with(field: string, value: unknown): Message[] {
    return this.messages.filter((message) => message[field] === value);
  }

  /** Waits for such a message, the first or the `count`th. */
  async until(field: string, value: unknown, count = 1): Promise<Message> {
    const what = `message ${count} with ${field} ${String(value)}`;
    await eventually(() => this.with(field, value).length >= count, what);
    return this.with(field, value)[count - 1];
  }

  /** The frame's window; of a sandboxed one there is no more to see. */
  get window(): Window & typeof globalThis {
    return this.element.contentWindow as Window & typeof globalThis;
  }
}
