// Guarded registration: loading the library twice, or two versions of it, harms nothing and is said once.

/** Set by the release; the one place a version stands in the sources. */
const version = '0.1.0';
const mark = Symbol.for('rnn-elements.version');

/** Registers an element class under a name. The first one on a page wins. */
export function define(name: string, element: CustomElementConstructor): void {
  if (typeof customElements === 'undefined') return; // rendering on a server
  const existing = customElements.get(name) as (CustomElementConstructor & Marked) | undefined;
  if (!existing) {
    Object.defineProperty(element, mark, { value: version });
    customElements.define(name, element);
    return;
  }
  if (existing === element || said) return;
  said = true;
  console.info(
    `rnn-elements: <${name}> is already defined by version ${existing[mark] ?? 'unknown'}; version ${version} is not used.`,
  );
}

/** Whether this copy of the library has found another one. */
let said = false;

interface Marked {
  readonly [mark]?: string;
}
