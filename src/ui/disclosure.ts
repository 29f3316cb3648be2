// Something that a reader may open: its content is made only while it is open.

import { html, nothing, type TemplateResult } from 'lit';

export function disclosure(
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
