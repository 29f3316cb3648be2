// Taking over what a server drew, by Lit's part for it. The bundles, which draw anew, go without (rollup.config.mjs).

import { render, type LitElement } from 'lit';

/** Whether Lit will take over what a shadow root holds; where it cannot, it is about to draw before it. */
export function takesOver({ renderOptions }: LitElement, root: ShadowRoot): boolean {
  if (renderOptions.renderBefore) return false;
  // an empty text has no node in HTML: Lit would write what comes in its place into the mark that ends it
  const marks = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  while (marks.nextNode()) {
    const mark = marks.currentNode as Comment;
    if ((mark.nextSibling as Comment | null)?.data === '/lit-part') mark.after('');
  }
  return true;
}

/** As much of a drawing as tells whether two of them are the same. */
const outline = (root: ParentNode & Node): string =>
  `${root.querySelectorAll('*').length}${root.textContent}`;

/** Whether what was taken over is what was meant: Lit looks at few of the nodes, and for lack of its marks at none. */
export function isAsMeant(drawing: unknown, root: Element | DocumentFragment): boolean {
  const meant = document.createElement('div');
  render(drawing, meant);
  return root.firstChild instanceof Comment && outline(meant) === outline(root);
}
