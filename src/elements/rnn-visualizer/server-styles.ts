// What the class sets by script, for the frame that a server draws: there, a column's width can only be a class.

import { isServer, unsafeCSS, type CSSResultGroup } from 'lit';

/** Widths of columns where all words fit into the width that is assumed before anything was measured, in pixels. */
const widths = Array.from({ length: 97 }, (_, width) => width).slice(32);

/** The class that stands for a width. */
export const columnClass = (column: number): string => `column-${column}`;

/** Nothing in a browser. */
export const serverStyles: CSSResultGroup = isServer
  ? unsafeCSS(widths.map((width) => `.${columnClass(width)}{--_column:${width}px}`).join(''))
  : [];
