// How <gate-diagram> looks, besides what all figures share.

import { css } from 'lit';

export const styles = css`
  .body {
    display: grid;
    gap: 18px 28px;
  }

  .beside .body {
    grid-template-columns: minmax(0, 1fr) 292px;
  }

  .stage {
    min-inline-size: 0;
    direction: ltr;
  }

  /* ---- the sentence ---- */

  .drive {
    /* as wide as the word, which it must not widen */
    inline-size: 0;
    min-inline-size: 100%;
    background: var(--_wash);
  }

  .drive .fill {
    fill: var(--_hue, var(--_quiet));
    opacity: 0.75;
  }

  .word.now .drive .fill {
    opacity: 1;
  }

  .word.held .drive {
    outline: 1.5px dashed var(--_now);
    outline-offset: 1px;
  }

  .word .amount {
    font-size: 0.6875em;
    line-height: 1.2;
    min-block-size: 1.2em;
    font-weight: 400;
    color: var(--_quiet);
  }

  .drive-name {
    color: var(--_hue);
  }

  /* ---- the drawing ---- */

  .drawing {
    max-inline-size: 100%;
    block-size: auto;
  }

  .line {
    fill: none;
    stroke: color-mix(in oklab, currentColor 55%, var(--_surface));
    stroke-width: 1.25;
  }

  .line[class*='gate-'] {
    stroke: var(--_hue);
  }

  .line.highway {
    stroke: color-mix(in oklab, var(--_gate-forget) 78%, var(--_surface));
    stroke-width: 4;
  }

  /* not computed yet, in slow motion */
  .line.ahead,
  .arrow.ahead,
  .ahead .bed,
  .ahead .operation rect {
    opacity: 0.35;
  }

  .drawing .ahead .symbol,
  .drawing .ahead text {
    fill: var(--_faint);
  }

  .line.missing,
  .nothing .bed,
  .cross {
    fill: none;
    stroke: var(--_quiet);
    stroke-dasharray: 3 4;
  }

  .cross {
    stroke-dasharray: none;
    stroke-width: 1.5;
  }

  .dot {
    fill: var(--_ink);
  }

  .arrow {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
  }

  .node {
    cursor: pointer;
    outline: none;
  }

  .hit {
    fill: transparent;
  }

  .ring {
    fill: none;
    stroke: transparent;
    stroke-width: 2;
  }

  .node:hover .ring {
    stroke: var(--_rule);
  }

  .node.chosen .ring {
    stroke: var(--_ink);
  }

  .node:focus-visible .ring {
    stroke: var(--_focus);
    stroke-width: 3;
  }

  .bed {
    fill: none;
    stroke: color-mix(in oklab, currentColor 45%, transparent);
  }

  .node[class*='gate-'] .bed {
    stroke: var(--_hue);
  }

  .node.held .bed {
    stroke: var(--_now);
    stroke-width: 2;
    stroke-dasharray: 4 3;
  }

  .drawing text {
    font-size: 12px;
    fill: var(--_quiet);
    stroke: var(--_surface);
    stroke-width: 3px;
    paint-order: stroke;
    stroke-linejoin: round;
  }

  .drawing .symbol {
    font-size: 14px;
    font-style: italic;
    font-weight: 600;
    fill: var(--_hue, var(--_ink));
  }

  .drawing .letter {
    font-size: 13px;
    fill: var(--_ink);
  }

  .drawing .sub {
    font-size: 9.5px;
    font-style: italic;
    font-weight: 400;
  }

  .node.chosen .name {
    fill: var(--_ink);
  }

  .drawing .mean {
    font-size: 11px;
    text-anchor: end;
  }

  .operation rect {
    fill: var(--_surface);
    stroke: color-mix(in oklab, currentColor 70%, transparent);
    stroke-width: 1.25;
  }

  .drawing .operation text {
    font-size: 13px;
    fill: var(--_ink);
    stroke: none;
    text-anchor: middle;
    dominant-baseline: central;
  }

  [class*='gate-'] > .operation rect {
    stroke: var(--_hue);
  }

  .chosen > .operation rect {
    fill: var(--_ink);
    stroke: var(--_ink);
  }

  .drawing .chosen > .operation text {
    fill: var(--_surface);
  }

  .held > .operation rect {
    fill: var(--_now);
    stroke: var(--_now);
  }

  .drawing .held > .operation text {
    fill: var(--_surface);
    font-weight: 700;
  }

  /* ---- beside it ---- */

  .texts,
  .acts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 18px 32px;
    align-content: start;
  }

  .base {
    overflow-wrap: anywhere;
  }

  .scope label,
  .consequences :is(th, td),
  .intervention,
  .hold-at span,
  .unit span {
    unicode-bidi: plaintext;
  }

  table {
    border-collapse: collapse;
    font-size: 0.875em;
  }

  .disclosure :is(th, td) {
    text-align: start;
    font-weight: 400;
    padding-block: 3px;
    padding-inline-end: 18px;
    border-block-end: 1px solid var(--_rule);
  }

  .base:not(.beside) .texts {
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr));
  }

  .explanation,
  .what-if {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    align-content: start;
    justify-items: start;
  }

  .node-name {
    margin: 0;
    font: inherit;
    font-weight: 600;
    color: var(--_hue, var(--_ink));
  }

  p {
    margin: 0;
  }

  .equation {
    font-size: 1.125em;
  }

  .letter {
    font-style: italic;
  }

  .equation .letter[class*='gate-'] {
    color: var(--_hue);
    font-weight: 600;
  }

  sub {
    font-size: 0.7em;
    line-height: 0;
  }

  .before span {
    font-size: 0;
  }

  .before::after {
    content: 't−1';
    font-style: italic;
  }

  /* while its weights load, a network has no units yet; there is room for them */
  .absent {
    visibility: hidden;
  }

  /* what it says while weights load, and of another node, is shorter */
  .explanation .label {
    min-block-size: 3.75em;
  }

  .one-unit {
    display: grid;
    gap: 4px;
    inline-size: 100%;
  }

  .unit,
  .hold-at {
    display: flex;
    align-items: center;
    gap: 10px;
    font-size: 0.875em;
  }

  .arithmetic {
    min-block-size: 2.9em;
    font-size: 0.9375em;
  }

  fieldset {
    border: 0;
    margin: 0;
    padding: 0;
    min-inline-size: 0;
    inline-size: 100%;
  }

  /* floating, for WebKit would count the height of a legend twice */
  legend {
    float: left;
    inline-size: 100%;
    padding: 0 0 6px;
    font-weight: 600;
  }

  .choices {
    clear: both;
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin-block-end: 6px;
  }

  .choice {
    min-block-size: 30px;
    padding-inline: 10px;
    border: 1px solid color-mix(in oklab, currentColor 45%, transparent);
    border-radius: 4px;
    font-size: 0.875em;
  }

  .choice[aria-pressed='true'] {
    background: var(--_button);
    border-color: var(--_button);
    color: var(--_button-text);
  }

  .hold-at {
    flex: 1 1 100%;
  }

  .hold-at input[type='range'] {
    accent-color: var(--_hue);
  }

  .scope {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    font-size: 0.875em;
  }

  .scope label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-block-size: 24px;
  }

  .consequences {
    border-collapse: collapse;
    font-size: 0.875em;
    align-self: start;
  }

  .consequences caption {
    text-align: start;
    font-weight: 600;
    padding-block-end: 4px;
  }

  .consequences th,
  .consequences td {
    text-align: start;
    font-weight: 400;
    padding-block: 4px;
    padding-inline-end: 14px;
    border-block-end: 1px solid var(--_rule);
    vertical-align: baseline;
  }

  .consequences th {
    color: var(--_quiet);
  }

  .consequences td:last-child {
    font-weight: 600;
  }

  .stepping button[aria-pressed='true'] {
    border-color: currentColor;
  }

  .scope {
    accent-color: var(--_now);
  }

  @media (forced-colors: active) {
    .choice[aria-pressed='true'],
    .stepping button[aria-pressed='true'] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }

  @media print {
    .transport,
    .segments,
    .what-if {
      display: none;
    }
  }
`;
