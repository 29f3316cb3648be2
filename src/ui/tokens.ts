// Colours and measures that all elements share: custom properties an author may set, and what they are made of.

import { css, unsafeCSS, type CSSResult } from 'lit';

/**
 * Public properties have the prefix `--rnn-`; those with `--_` are the element's own.
 * `light-dark()` follows the page's `color-scheme`, or the element's `theme`.
 */
export const tokens = css`
  :host {
    --_surface: var(--rnn-surface, Canvas);
    --_ink: var(--rnn-ink, currentColor);
    --_quiet: var(--rnn-quiet, color-mix(in oklab, currentColor 74%, transparent));
    --_faint: var(--rnn-faint, color-mix(in oklab, currentColor 63%, transparent));
    --_rule: var(--rnn-rule, color-mix(in oklab, currentColor 16%, transparent));
    --_wash: color-mix(in oklab, currentColor 5%, transparent);
    --_now: var(--rnn-now, light-dark(#b3261e, #ff8a7a));
    --_memory: var(--rnn-memory, light-dark(#5b3fa0, #b9a5f5));
    --_negative: var(--rnn-negative, light-dark(#1d5fa6, #6cb2f5));
    --_neutral: var(--rnn-neutral, light-dark(#f7f5f0, #24272b));
    --_positive: var(--rnn-positive, light-dark(#c9560f, #ffa05c));
    --_gate-forget: var(--rnn-gate-forget, light-dark(#2c7553, #6fcb9f));
    --_gate-input: var(--rnn-gate-input, light-dark(#9a6a00, #e3b341));
    --_gate-output: var(--rnn-gate-output, light-dark(#a0357d, #f08fce));
    --_gate-update: var(--rnn-gate-update, light-dark(#2c7553, #6fcb9f));
    --_gate-reset: var(--rnn-gate-reset, light-dark(#9a6a00, #e3b341));
    --_button: var(--rnn-button, CanvasText);
    --_button-text: var(--rnn-button-text, Canvas);
    --_focus: var(--rnn-focus, light-dark(#1a56b8, #8ab8ff));
  }

  :host([theme='light']) {
    color-scheme: light;
    background: Canvas;
    color: CanvasText;
  }

  :host([theme='dark']) {
    color-scheme: dark;
    background: Canvas;
    color: CanvasText;
  }

  @media (forced-colors: active) {
    :host {
      --_quiet: CanvasText;
      --_faint: GrayText;
      --_rule: GrayText;
      --_now: Highlight;
      --_memory: CanvasText;
      --_focus: Highlight;
      --_surface: Canvas;
    }
  }
`;

/** Fills of a scale of six shades from `ground`, which is none of them, to `full`: classes `PREFIX1` to `PREFIX6`. */
export function shades(prefix: string, full: string, ground: string): CSSResult {
  const percents = [17, 33, 50, 67, 83, 100];
  return unsafeCSS(
    percents
      .map(
        (percent, i) => `${prefix}${i + 1}{fill:color-mix(in oklab,${full} ${percent}%,${ground})}`,
      )
      .join(''),
  );
}

/** Fills of the signed-value scale: class `v-6` (most negative) to `v6`. */
export const valueScale = css`
  ${shades('.v-', 'var(--_negative)', 'var(--_neutral)')}
  ${shades('.v', 'var(--_positive)', 'var(--_neutral)')}
  .v0 {
    fill: var(--_neutral);
  }
`;
