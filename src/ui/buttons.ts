// Buttons that several figures have: Back and Next, and one for each cell.

import { html, type TemplateResult } from 'lit';
import type { SessionState } from '../model/session.js';
import type { Strings } from '../model/strings.js';
import { icon } from './icon.js';

export interface Stepping {
  readonly state: SessionState;
  readonly strings: Strings;
  /** Whether the sentence runs right to left. */
  readonly rtl: boolean;
}

/** A button that, while it has nothing to do, stays in its place and can have the focus. */
export function actButton(
  part: string,
  idle: boolean,
  press: () => void,
  content: unknown,
  look = '',
): TemplateResult {
  return html`<button
    type="button"
    class=${look}
    part=${part}
    aria-disabled=${idle}
    @click=${press}
  >
    ${content}
  </button>`;
}

export const backButton = ({ state, strings, rtl }: Stepping, press: () => void): TemplateResult =>
  actButton('back', state.step === 0, press, [icon('back', rtl), strings.back]);

/** @param label what it says instead of “Next word”, to do what does not depend on there being one. */
export const nextButton = (
  { state, strings, rtl }: Stepping,
  press: () => void,
  label?: string,
): TemplateResult =>
  actButton(
    'next',
    !label && state.step >= state.tokens.length,
    press,
    [label ?? strings.next[state.mode], icon('next', rtl)],
    'primary',
  );

/** One of several that are chosen among. */
export interface Choice {
  readonly name: string;
  readonly chosen: boolean;
  readonly choose: () => void;
}

export const cellButtons = (choices: readonly Choice[], { cells }: Strings): TemplateResult =>
  html`<div class="segments" part="cells" role="group" aria-label=${cells}>
    ${choices.map(
      ({ name, chosen, choose }) =>
        html`<button type="button" part="cell-button" aria-pressed=${chosen} @click=${choose}>
          ${name}
        </button>`,
    )}
  </div>`;
