// HTML as a browser's parser reads it, for tests that run without one.

import * as parse5 from 'parse5';

/** An element of a page. */
export interface Markup {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Elements and texts in it. */
  readonly children: readonly (Markup | string)[];
}

/** What the parser gives, as far as it is needed: its types say more, and leave out the errors. */
interface Node {
  readonly tagName?: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Node[];
  readonly value?: string;
}
type Parse = (
  html: string,
  options: { onParseError: (error: { readonly code: string }) => void },
) => Node;

function markup({ tagName, attrs = [], childNodes = [], value }: Node): (Markup | string)[] {
  if (value !== undefined) return [value];
  if (tagName === undefined) return []; // a comment, or the doctype
  const attributes = Object.fromEntries(attrs.map((each) => [each.name, each.value]));
  return [{ tag: tagName, attributes, children: childNodes.flatMap(markup) }];
}

/** What stands in a piece of HTML, or in a page. Errors of the author's are thrown. */
export function parseHtml(html: string): (Markup | string)[] {
  const errors: string[] = [];
  const parse = (html.startsWith('<!doctype') ? parse5.parse : parse5.parseFragment) as Parse;
  const { childNodes = [] } = parse(html, {
    onParseError: ({ code }) => {
      // controls are frowned upon, and come through
      if (code !== 'control-character-in-input-stream') errors.push(code);
    },
  });
  if (errors.length > 0) throw new Error(`${errors.join(', ')}: ${html.slice(0, 200)}`);
  return childNodes.flatMap(markup);
}

/** All elements in document order. */
export const elementsIn = (nodes: readonly (Markup | string)[]): Markup[] =>
  nodes.flatMap((node) => (typeof node === 'string' ? [] : [node, ...elementsIn(node.children)]));

/** The text of an element, without that of the elements which `skip` names. */
export const textOf = ({ children }: Markup, skip = ''): string =>
  children
    .map((node) => (typeof node === 'string' ? node : node.tag === skip ? '' : textOf(node, skip)))
    .join('');
