// Something that a reader may open: its content is made only while it is open.

import type { TemplateResult } from 'lit';
import type { Templates } from './templates.js';

export function disclosure(
  { html, nothing }: Templates,
  title: string,
  name: string,
  open: boolean,
  toggle: (open: boolean) => void,
  content: () => unknown,
): TemplateResult {
  return html`<details
    class="disclosure"
    part=${`disclosure disclosure-${name}`}
    ?open=${open}
    @toggle=${(event: Event) => toggle((event.currentTarget as HTMLDetailsElement).open)}
  >
    <summary>${title}</summary>
    ${open ? html`<div class="disclosed">${content()}</div>` : nothing}
  </details>`;
}
