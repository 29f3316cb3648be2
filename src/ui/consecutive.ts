// Draws a window of a sequence, one node for each place: a node stays with its place while the window moves on.

import { noChange } from 'lit';
import {
  getCommittedValue,
  insertPart,
  removePart,
  setChildPartValue,
} from 'lit/directive-helpers.js';
import { Directive, directive, type ChildPart } from 'lit/directive.js';

class Consecutive extends Directive {
  /** Place of the first node. */
  private first = 0;

  override render(from: number, to: number, draw: (place: number) => unknown): unknown[] {
    return Array.from({ length: Math.max(0, to - from) }, (_, i) => draw(from + i));
  }

  override update(part: ChildPart, [from, to, draw]: Parameters<this['render']>): unknown {
    const drawn = this.render(from, to, draw);
    const nodes = getCommittedValue(part) as ChildPart[] | undefined;
    if (!Array.isArray(nodes)) {
      this.first = from;
      return drawn;
    }
    // what left the window goes, on either side
    nodes.splice(Math.max(0, to - this.first)).forEach(removePart);
    nodes.splice(0, from - this.first).forEach(removePart);
    // what came into it is added
    for (; this.first > from && nodes.length < drawn.length; this.first--) {
      nodes.unshift(insertPart(part, nodes[0]));
    }
    while (nodes.length < drawn.length) nodes.push(insertPart(part));
    nodes.forEach((node, i) => setChildPartValue(node, drawn[i]));
    this.first = from;
    return noChange;
  }
}

/** What `draw` makes of each place from `from` to the one before `to`. */
export const consecutive = directive(Consecutive);
