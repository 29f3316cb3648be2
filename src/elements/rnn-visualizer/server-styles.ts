// What the class sets by script, for the frame that a server draws: there, a column's width can only be a class.

import { isServer, unsafeCSS, type CSSResultGroup } from 'lit';

/** The class that stands for a width, in pixels. */
export const columnClass = (column: number): string => `column-${column}`;

/** Nothing in a browser; for a server the widths of columns where all words fit into the one that is assumed. */
export const serverStyles: CSSResultGroup = isServer
  ? unsafeCSS(
      Array.from({ length: 65 }, (_, i) => 32 + i)
        .map((width) => `.${columnClass(width)}{--_column:${width}px}`)
        .join(''),
    )
  : [];
