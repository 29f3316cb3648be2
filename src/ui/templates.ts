// The template tags of Lit as a value to hand on. A part that loads on demand is a file of its own in the bundle: were it
// to import Lit, the page would run a second one, so it is given the tags of the element that loads it.

import type { html, nothing, svg } from 'lit';

export interface Templates {
  readonly html: typeof html;
  readonly svg: typeof svg;
  readonly nothing: typeof nothing;
}
