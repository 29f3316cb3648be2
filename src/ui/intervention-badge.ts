// The badge that says what is held or skipped, with a button to undo each.

import { html, nothing, type TemplateResult } from 'lit';
import type { Intervention } from '../engine/index.js';
import { describeInterventions, type NumberWriter } from '../model/describe.js';
import type { SessionState } from '../model/session.js';
import type { Strings } from '../model/strings.js';

/** @param undo without an intervention: all of them. */
export function interventionBadge(
  state: SessionState,
  strings: Strings,
  numbers: NumberWriter,
  undo: (intervention?: Intervention) => void,
): TemplateResult | typeof nothing {
  const { intervention: words } = strings;
  const active = describeInterventions(state, strings, numbers);
  const entry = (text: string, label: string, one?: Intervention): TemplateResult =>
    html`<span
      >${text}
      <button
        type="button"
        class="plain"
        part="release"
        aria-label=${`${label} ${text}`}
        @click=${() => {
          undo(one);
        }}
      >
        ${label}
      </button></span
    > `;
  if (active.length === 0) return nothing;
  return html`<p class="intervention" part="intervention">
    <strong>${words.title}</strong>
    ${active.map(({ intervention, text }) => entry(text, words.undo, intervention))}
    ${active.length > 1 ? entry('', words.undoAll) : nothing}
  </p>`;
}
