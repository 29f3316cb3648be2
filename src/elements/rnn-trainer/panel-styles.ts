// How the trainer looks, as text: it loads with the trainer.

import { chartCss } from '../../ui/chart-styles.js';
import { sliderCss } from '../../ui/slider-styles.js';

export const panelCss = /* css */ `
  ${chartCss}
  ${sliderCss}

  .base {
    gap: 20px;
  }

  p,
  figure {
    margin: 0;
  }

  /* sentences in the language of the interface, on a page that may run the other way */
  p,
  li,
  th,
  td,
  small,
  label,
  .load span,
  figcaption {
    unicode-bidi: plaintext;
  }

  .intro {
    font-size: 1.125em;
    line-height: 1.4;
    max-inline-size: 46em;
    text-wrap: pretty;
  }

  .example {
    margin-block-start: 12px;
    padding-inline-start: 14px;
    border-inline-start: 1px solid var(--_rule);
    max-inline-size: 50em;
  }

  .example p:first-child {
    min-block-size: 2.9em;
    text-wrap: pretty;
  }

  .narrow .example p:first-child {
    min-block-size: 5.8em;
  }

  .filler {
    color: var(--_faint);
  }

  .cue,
  .answer {
    background: none;
    color: var(--_now);
    font-weight: 650;
  }

  .answer {
    text-decoration: underline;
    text-decoration-thickness: 2px;
    text-underline-offset: 0.22em;
  }

  .settings {
    display: flex;
    flex-direction: column;
    gap: 10px;
    min-inline-size: 0;
    margin: 0;
    border: 0;
    border-block-start: 1px solid var(--_rule);
    padding: 14px 0 0;
  }

  .fields {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: 12px 36px;
  }

  .field {
    display: flex;
    flex-direction: column;
    gap: 2px;
  }

  .field.gap {
    flex: 1 1 15em;
    max-inline-size: 24em;
  }

  .hint {
    color: var(--_faint);
    max-inline-size: 22em;
  }

  .more .hint {
    max-inline-size: 13em;
  }

  .more .fields {
    padding-block: 10px 4px;
  }

  .with-amount {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 32px;
  }

  .with-amount .amount {
    min-inline-size: 5em;
  }

  .cell-choice {
    display: flex;
    flex-wrap: wrap;
    gap: 0 20px;
  }

  .cell-choice label {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    min-block-size: 32px;
  }

  input[type='checkbox'] {
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    accent-color: var(--_ink);
  }

  input[type='number'] {
    font: inherit;
    color: inherit;
    inline-size: 6em;
    min-block-size: 32px;
    padding: 0 6px;
    border: 1px solid color-mix(in oklab, currentColor 58%, transparent);
    border-radius: 4px;
    background: var(--_surface);
  }

  .settings:disabled {
    color: var(--_faint);
  }

  /* what is said here must not move the charts */
  .settings-note {
    min-block-size: 26px;
    margin-block: -18px;
  }

  .tries {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 2px 14px;
    align-items: baseline;
  }

  .try-list {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 24px;
  }

  .example .label {
    margin-block-start: 4px;
  }

  .narration {
    max-inline-size: none;
    padding-block-start: 14px;
    border-block-start: 1px solid var(--_rule);
    font-size: 1.125em;
    line-height: 1.4;
    min-block-size: calc(2.8em + 14px);
  }

  .roomy .narration {
    min-block-size: calc(1.4em + 14px);
  }

  .narrow .narration {
    min-block-size: calc(4.2em + 14px);
  }

  .charts,
  .small-ones {
    display: flex;
    flex-direction: column;
    gap: 22px;
  }

  .base:not(.narrow) .charts {
    flex-direction: row;
    gap: 36px;
  }

  .large {
    flex: none;
  }

  .base:not(.narrow) .small-ones {
    flex: 1;
    min-inline-size: 0;
    gap: 0;
    justify-content: space-between;
  }

  figcaption {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 8px;
    margin-block-end: 4px;
    line-height: 1.25;
    min-block-size: 1.3em;
    /* as wide as its chart, whatever it says */
    inline-size: 0;
    min-inline-size: 100%;
  }

  .small figcaption {
    font-size: 0.9375em;
  }

  figcaption b {
    font-weight: 600;
  }

  .chart {
    max-inline-size: 100%;
    block-size: auto;
  }

  .chart text {
    font-size: inherit;
  }

  .chart .zone {
    fill: var(--_wash);
  }

  .chart .invitation {
    font-style: italic;
    paint-order: stroke;
    stroke: var(--_surface);
    stroke-width: 6px;
  }

  .chart .mark {
    font-weight: 400;
  }

  .small .line {
    stroke-width: 1.75;
  }

  .key {
    block-size: 8px;
  }

  .transport {
    align-items: center;
  }

  .progress {
    flex: 1 1 16em;
    display: flex;
    flex-direction: column;
    gap: 5px;
  }

  .bar {
    background: var(--_rule);
  }

  .bar:dir(rtl) svg {
    transform: scaleX(-1);
  }

  .done {
    fill: var(--_ink);
  }

  .narrow .progress {
    flex-basis: 100%;
  }

  table {
    border-collapse: collapse;
    inline-size: 100%;
    font-size: 0.9375em;
  }

  th,
  td {
    padding: 6px 14px 6px 0;
    text-align: start;
    font-weight: 400;
    vertical-align: baseline;
    border-block-end: 1px solid var(--_rule);
  }

  thead th {
    color: var(--_quiet);
    font-size: 0.875em;
    line-height: 1.25;
    vertical-align: end;
  }

  tbody th .key {
    margin-inline-start: 8px;
  }

  .narrow tbody .key {
    display: none;
  }

  .narrow th,
  .narrow td {
    padding-inline-end: 8px;
  }

  .results {
    display: grid;
    align-items: start;
    gap: 10px 36px;
  }

  .acts {
    display: grid;
    gap: 20px 36px;
  }

  .roomy .results,
  .roomy .acts {
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
  }

  .results small {
    display: block;
    color: var(--_quiet);
    font-size: 0.875em;
    line-height: 1.25;
  }

  .comparison {
    max-inline-size: 46em;
    text-wrap: pretty;
    min-block-size: 2.9em;
  }

  .heading {
    font-weight: 600;
  }

  .test-gap,
  .weights {
    border-block-start: 1px solid var(--_rule);
    padding-block-start: 12px;
    display: flex;
    flex-direction: column;
    gap: 6px;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 18px;
  }

  .row label {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
  }

  .act {
    min-block-size: 32px;
    padding-inline: 12px;
    border: 1px solid color-mix(in oklab, currentColor 30%, transparent);
    border-radius: 4px;
  }

  .act:hover:not([aria-disabled='true']) {
    background: var(--_wash);
  }

  .saves {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 14px;
  }

  .plain[aria-disabled='true'] {
    text-decoration: none;
    color: var(--_faint);
  }

  .load {
    position: relative;
    cursor: pointer;
  }

  .load,
  .load:hover {
    text-decoration: none;
  }

  .load span {
    text-decoration: underline;
    text-decoration-color: var(--_rule);
    text-underline-offset: 0.22em;
  }

  .load:focus-within {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
    border-radius: 3px;
  }

  .answers {
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.9375em;
  }

  .scroll {
    overflow: auto;
    max-block-size: 22em;
    margin-block: 10px;
  }

  .scroll th,
  .scroll td {
    white-space: nowrap;
    padding-block: 4px;
  }

  .scroll caption {
    text-align: start;
    padding-block-end: 4px;
  }

  .scroll thead th {
    position: sticky;
    inset-block-start: 0;
    background: var(--_surface);
  }

  @media (forced-colors: active) {
    .bar {
      forced-color-adjust: none;
      background: Canvas;
      outline: 1px solid CanvasText;
    }
  }

  @media print {
    .settings,
    .tries,
    .transport,
    .test-gap,
    .weights {
      display: none;
    }
  }
`;
