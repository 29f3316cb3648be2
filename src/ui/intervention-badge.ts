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
  const button = (part: string, label: string, name: string, act: () => void): TemplateResult =>
    html`<button type="button" class="plain" part=${part} aria-label=${name} @click=${act}>
      ${label}
    </button>`;
  if (active.length === 0) return nothing;
  return html`<p class="intervention" part="intervention">
    <strong>${words.title}</strong>
    ${active.map(
      ({ intervention, text }) =>
        html`<span
          >${text}
          ${button('release', words.undo, words.undoOne(text), () => {
            undo(intervention);
          })}</span
        >`,
    )}
    ${
      active.length > 1
        ? button('release-all', words.undoAll, words.undoAll, () => {
            undo();
          })
        : nothing
    }
  </p>`;
}
