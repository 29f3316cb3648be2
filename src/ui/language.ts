// Finds the language and direction an element inherits, also across shadow roots.

/** The value of an attribute on the nearest ancestor that has it (the element included), or an empty string. */
export function inherited(element: Element, attribute: 'lang' | 'dir'): string {
  for (let node: Node | null = element; node;) {
    if (node instanceof Element) {
      const value = node.getAttribute(attribute);
      if (value) return value;
    }
    node = node instanceof ShadowRoot ? node.host : (node.parentNode ?? null);
  }
  return '';
}
