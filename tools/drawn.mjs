// Draws elements as a server does: by lit-ssr, with the modules of dist/.
import { render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import { html } from 'lit';

/** The HTML that a server sends for some markup. */
export async function drawn(markup) {
  await import('../dist/define/all.js'); // there may be none yet when this is loaded
  // the template of an author is as constant as one in a program
  return collectResult(render(html(Object.assign([markup], { raw: [markup] }))));
}
