// How the parts look that figures have in common: buttons, words, labels, gates, the stepping controls.

import { css, isServer, type CSSResultGroup } from 'lit';
import { shades } from './tokens.js';

const shared = css`
  :host {
    display: block;
    box-sizing: border-box;
    min-inline-size: 280px;
    line-height: 1.45;
    font-variant-numeric: tabular-nums;
    -webkit-tap-highlight-color: transparent;
  }

  :host([hidden]) {
    display: none;
  }

  * {
    box-sizing: border-box;
  }

  .base {
    display: flex;
    flex-direction: column;
    gap: 14px;
    color: var(--_ink);
  }

  button,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }

  button {
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
  }

  button[aria-disabled='true'] {
    cursor: default;
    color: var(--_faint);
  }

  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
    border-radius: 3px;
  }

  svg {
    display: block;
    overflow: visible;
  }

  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .label,
  .quiet {
    color: var(--_quiet);
    font-size: 0.8125em;
    line-height: 1.25;
    margin: 0;
  }

  /* sentences in the language of the interface, on a page that may run the other way */
  .label,
  .quiet,
  .narration,
  .amount,
  summary,
  button {
    unicode-bidi: plaintext;
  }

  .segments {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 18px;
  }

  .segments button {
    min-block-size: 32px;
    border-block-end: 2px solid transparent;
    color: var(--_quiet);
  }

  .segments button:hover {
    color: var(--_ink);
  }

  .segments button[aria-pressed='true'] {
    color: var(--_ink);
    font-weight: 600;
    border-block-end-color: var(--_ink);
  }

  .plain {
    min-block-size: 24px;
    padding-block: 2px;
    font-size: 0.875em;
    color: var(--_quiet);
    text-decoration: underline;
    text-decoration-color: var(--_rule);
    text-underline-offset: 0.22em;
    text-align: start;
  }

  .plain:hover {
    color: var(--_ink);
    text-decoration-color: currentColor;
  }

  .word {
    position: relative;
    min-block-size: 32px;
    min-inline-size: 24px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .word.future {
    color: var(--_faint);
  }

  .word.now {
    font-weight: 650;
  }

  .word.skipped bdi {
    text-decoration: line-through;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 20px;
    margin: 10px 0 0;
    font-size: 0.8125em;
    color: var(--_quiet);
  }

  .legend span {
    display: inline-flex;
    align-items: center;
    gap: 7px;
  }

  .word.unknown bdi {
    /* (the shorthand takes no style in Safari) */
    text-decoration-line: underline;
    text-decoration-style: dotted;
    text-decoration-thickness: 1.5px;
    text-underline-offset: 0.3em;
  }

  .word:hover {
    background: var(--_wash);
  }

  .unit-mark {
    fill: none;
    stroke: var(--_ink);
    stroke-width: 1.5;
  }

  .gate-forget {
    --_hue: var(--_gate-forget);
  }

  .gate-input {
    --_hue: var(--_gate-input);
  }

  .gate-output {
    --_hue: var(--_gate-output);
  }

  .gate-update {
    --_hue: var(--_gate-update);
  }

  .gate-reset {
    --_hue: var(--_gate-reset);
  }

  ${shades('.gate-units .open', 'var(--_hue)', 'transparent')}

  .gate-units .fill {
    fill: var(--_hue);
  }

  .narration {
    min-block-size: 2.9em;
    max-inline-size: 62em;
    text-wrap: pretty;
  }

  .narrow .narration {
    min-block-size: 4.35em;
  }

  .problem,
  .intervention {
    display: block;
    border-inline-start: 3px solid var(--_now);
    padding-inline-start: 10px;
    margin-block: 6px 0;
  }

  .intervention span {
    margin-inline-start: 12px;
  }

  .intervention {
    padding-block: 6px;
    background: var(--_wash);
  }

  .transport,
  .narrow .stepping {
    position: sticky;
    inset-block-end: 0;
    z-index: 2;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 20px;
    padding-block: 8px;
    background: var(--_surface);
    border-block: 1px solid var(--_rule);
  }

  .stepping {
    display: flex;
    gap: 6px;
  }

  /* on a phone only the buttons stay in reach; the rest would cover the picture */
  .narrow .transport {
    display: contents;
  }

  .tiny .stepping button {
    font-size: 0.9em;
    padding-inline: 5px;
  }

  .tiny .icon {
    display: none;
  }

  .narrow .stepping {
    gap: 4px;
    border-block-end: 0;
  }

  .narrow .stepping button {
    flex: auto;
    padding-inline: 6px;
  }

  .stepping button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-block-size: 38px;
    padding-inline: 14px;
    border: 1px solid color-mix(in oklab, currentColor 30%, transparent);
    border-radius: 4px;
    white-space: nowrap;
  }

  .stepping button[aria-pressed='true'],
  .stepping button:hover:not(.primary, [aria-disabled='true']) {
    background: var(--_wash);
  }

  .primary {
    font-weight: 600;
  }

  .stepping .primary:not([aria-disabled='true']) {
    background: var(--_button);
    border-color: var(--_button);
    color: var(--_button-text);
  }

  .icon {
    fill: currentColor;
    inline-size: 0.8em;
    block-size: 0.8em;
  }

  .mirrored {
    transform: scaleX(-1);
  }

  .disclosure {
    border-block-start: 1px solid var(--_rule);
    padding-block-start: 8px;
    font-size: 0.9375em;
  }

  summary {
    cursor: pointer;
    min-block-size: 24px;
    color: var(--_quiet);
  }

  summary:hover {
    color: var(--_ink);
  }

  .disclosed {
    max-inline-size: 46em;
  }

  input[type='range'] {
    flex: auto;
    min-inline-size: 80px;
    min-block-size: 24px;
    margin: 0;
    accent-color: var(--_now);
  }

  select {
    min-block-size: 28px;
    border: 1px solid color-mix(in oklab, currentColor 58%, transparent);
    border-radius: 4px;
    background: var(--_surface);
  }

  @media (forced-colors: active) {
    .stepping .primary:not([aria-disabled='true']) {
      forced-color-adjust: none;
      background: ButtonText;
      border-color: ButtonText;
      color: ButtonFace;
    }

    .segments button {
      border-block-end-color: Canvas;
    }

    .segments button[aria-pressed='true'] {
      border-block-end-color: Highlight;
    }
  }
`;

/** Room for a figure whose text a server does not know, if there will be a figure. */
const unread = css`
  @media (scripting: enabled) {
    .unread {
      min-block-size: 44em;
    }
  }
`;

/** A browser never draws what a server draws. */
export const figureStyles: CSSResultGroup = isServer ? [shared, unread] : shared;
