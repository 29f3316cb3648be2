// Finds the language an element inherits, also across shadow roots, and the direction of a text.

import type { Token } from '../model/tokenizer.js';

/** The value of an attribute on the nearest ancestor that has it (the element included), or an empty string. */
export function inherited(element: Element, attribute: 'lang' | 'dir'): string {
  const nearest = element.closest(`[${attribute}]:not([${attribute}=''])`);
  if (nearest) return nearest.getAttribute(attribute) ?? '';
  const { host } = element.getRootNode() as Partial<ShadowRoot>;
  return host ? inherited(host, attribute) : '';
}

/** Whether a text begins in a script that runs right to left. */
export function startsRightToLeft(tokens: readonly Token[]): boolean {
  const first = tokens.find(({ mark }) => !mark);
  return (
    first !== undefined &&
    /^[^\p{L}]*[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}]/u.test(first.text)
  );
}
