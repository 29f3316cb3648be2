// How <rnn-visualizer> looks, besides what figures share. Measures that follow the sentence are set from the class.

import { css } from 'lit';

export const styles = css`
  .legend span,
  .model p,
  .disclosed p {
    unicode-bidi: plaintext;
  }

  .lane-name {
    font-weight: 600;
  }

  /* ---- which cell ---- */

  .cells {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 16px;
  }

  .gates-toggle {
    margin-inline-start: auto;
  }

  /* ---- columns ---- */

  .columns {
    display: grid;
    grid-template-columns: 108px minmax(0, 1fr);
    /* more than there will be: empty ones take no room */
    grid-template-rows: repeat(40, auto);
  }

  .columns:has(.beside) {
    grid-template-columns: 108px minmax(0, 1fr) 216px;
  }

  .labels,
  .scroller,
  .beside {
    grid-row: 1 / -1;
    display: grid;
    grid-template-rows: subgrid;
  }

  .labels > *,
  .scroller > * {
    align-self: center;
  }

  .labels .reads,
  .beside .reads,
  .words {
    padding-block-end: 6px;
    align-self: end;
  }

  .labels .label {
    padding-inline-end: 12px;
  }

  .labels .pointed {
    color: var(--_ink);
  }

  .scroller {
    overflow-x: auto;
    overflow-y: hidden;
    justify-items: start;
    /* room for focus rings and for what grows beyond its column */
    margin: -6px;
    padding: 6px;
    scrollbar-width: thin;
  }

  /* beyond the figure's own edge there is none, or the page would scroll sideways */
  .columns:not(:has(.beside)) .scroller {
    margin-right: 0;
    padding-right: 0;
  }

  .columns:not(:has(.beside)) .scroller :focus-visible {
    outline-offset: -2px;
  }

  .words,
  .bars,
  .scroller > svg {
    margin-inline-start: calc(var(--_before, 0) * var(--_column));
    margin-inline-end: calc(var(--_after, 0) * var(--_column));
  }

  .words,
  .bars {
    display: flex;
    inline-size: max-content;
  }

  .words {
    font-size: calc(var(--_type, 1) * 1em);
  }

  .words .word,
  .bars .bar {
    inline-size: var(--_column);
    flex: none;
  }

  .words .word::after {
    content: '';
    position: absolute;
    inset-inline: 18%;
    inset-block-end: 1px;
    block-size: 3px;
  }

  .words .word.now::after {
    background: var(--_now);
  }

  .pin {
    position: sticky;
    inset-inline-start: -6px;
    z-index: 1;
    background: var(--_surface);
    inline-size: 0;
  }

  .pin > * {
    background: var(--_surface);
    box-shadow: 1px 0 0 var(--_rule);
  }

  .columns .lane-name,
  .scroller .lane-note {
    border-block-start: 1px solid var(--_rule);
    margin-block-start: 10px;
    padding-block: 10px 6px;
    align-self: stretch;
    justify-self: stretch;
  }

  .scroller .lane-note {
    display: flex;
    align-items: end;
    min-block-size: 42px;
  }

  .stays {
    position: sticky;
    inset-inline-start: 0;
  }

  .states {
    cursor: crosshair;
    touch-action: pan-x pan-y;
  }

  .frame,
  .hand-over {
    fill: none;
    stroke: color-mix(in oklab, currentColor 60%, transparent);
  }

  .state.future .frame,
  .hand-over.waiting {
    stroke: var(--_rule);
  }

  .state.future .frame {
    stroke-dasharray: 2 3;
  }

  .state.past .travels {
    opacity: 0.8;
  }

  .state.now .frame {
    stroke: var(--_now);
    stroke-width: 2.5;
  }

  .highway .bed {
    stroke: var(--_wash);
    stroke-width: 12;
  }

  .flow,
  .highway circle {
    stroke: var(--_gate-forget);
  }

  .join,
  .plus {
    stroke: var(--_gate-input);
  }

  .highway circle {
    fill: var(--_surface);
  }

  .highway circle,
  .plus {
    stroke-width: 1.25;
  }

  .gate-now .bed,
  .gate-strip .bed {
    fill: var(--_wash);
  }

  .gate-strip .past {
    opacity: 0.85;
  }

  .labels [class*='gate-'] {
    display: flex;
    justify-content: space-between;
    gap: 6px;
    padding-inline-end: 14px;
    color: var(--_hue, var(--_quiet));
  }

  /* ---- memory ---- */

  .bar {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 2px;
    min-block-size: 24px;
    padding-block: 4px 2px;
  }

  .bar .fill {
    fill: var(--_memory);
    opacity: 0.62;
  }

  .bar .amount {
    font-size: 0.75em;
    line-height: 1.3;
    min-block-size: 1.3em;
    color: var(--_quiet);
    visibility: hidden;
    white-space: nowrap;
  }

  .bar:hover .amount,
  .bar:focus-visible .amount,
  .bar.followed .amount {
    visibility: visible;
  }

  .bar:hover .fill {
    opacity: 0.8;
  }

  .bar.followed .fill {
    opacity: 1;
  }

  .bar.followed .amount {
    color: var(--_memory);
    font-weight: 700;
    font-size: 0.8125em;
  }

  .bars {
    padding-block-start: 4px;
  }

  .bars svg {
    border-block-end: 1px solid color-mix(in oklab, currentColor 55%, transparent);
  }

  .bars .bar.waiting svg {
    border-block-end-color: var(--_rule);
  }

  .imprint {
    fill: none;
    stroke: color-mix(in oklab, currentColor 58%, transparent);
    stroke-dasharray: 2 2;
  }

  .break {
    fill: none;
    stroke: var(--_surface);
    stroke-width: 3;
  }

  /* ---- what comes next ---- */

  .next {
    list-style: none;
    margin: 0;
    padding: 0;
    display: grid;
    gap: 3px;
    font-size: 0.9375em;
  }

  /* what is expected next takes its room before there is anything to expect */
  .next-waiting {
    display: grid;
  }

  .next-waiting > * {
    grid-area: 1 / 1;
  }

  .next li {
    display: grid;
    grid-template-columns: minmax(3.5em, max-content) minmax(24px, 1fr) 2.9em;
    align-items: center;
    gap: 8px;
    color: var(--_quiet);
  }

  .narrow .below:not(.single) .next {
    gap: 7px;
  }

  .narrow .below:not(.single) .next li {
    grid-template-columns: minmax(0, 1fr) max-content;
    gap: 1px 6px;
  }

  .narrow .below:not(.single) .chance {
    grid-row: 2;
    grid-column: 1 / -1;
    block-size: 4px;
  }

  .next .candidate {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .next .amount {
    text-align: end;
    font-size: 0.8125em;
  }

  .next li:first-child {
    color: var(--_ink);
    font-weight: 600;
  }

  .chance .fill {
    fill: color-mix(in oklab, currentColor 62%, transparent);
  }

  .next .sure .chance .fill {
    fill: var(--_now);
  }

  .beside {
    padding-inline-start: 20px;
  }

  .lane-next {
    align-self: stretch;
    border-block-start: 1px solid var(--_rule);
    margin-block-start: 10px;
    padding-block-start: 12px;
  }

  .span-3 {
    grid-row: span 3;
  }
  .span-4 {
    grid-row: span 4;
  }
  .span-6 {
    grid-row: span 6;
  }
  .span-8 {
    grid-row: span 8;
  }

  .below {
    display: grid;
    grid-auto-columns: minmax(0, 1fr);
    grid-auto-flow: column;
    gap: 16px;
    border-block-start: 1px solid var(--_rule);
    margin-block-start: 12px;
    padding-block-start: 12px;
  }

  .below section {
    min-inline-size: 0;
  }

  .next-head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 8px;
    margin: 0 0 8px;
  }

  .now-and-next {
    display: grid;
    gap: 12px;
  }

  .below.single .now-and-next:has(.present) {
    grid-template-columns: 84px minmax(0, 22em);
    gap: 20px;
  }

  .below.single:not(:has(.present)) .next {
    max-inline-size: 24em;
  }

  .gate-now {
    display: grid;
    grid-template-columns: minmax(0, max-content) minmax(20px, 1fr) max-content;
    align-items: center;
    gap: 2px 8px;
    max-inline-size: 24em;
    margin-block-start: 10px;
    font-size: 0.8125em;
    color: var(--_quiet);
  }

  .below:not(.single) .gate-now {
    grid-template-columns: minmax(0, 1fr) max-content;
  }

  .below:not(.single) .gate-now svg {
    display: none;
  }

  .present {
    display: grid;
    gap: 4px;
    align-content: start;
  }

  .present .label {
    min-block-size: 2.5em;
  }

  .narrow .next-head {
    flex-direction: column;
  }

  .below .lane-note {
    margin-block-start: 6px;
  }

  /* four lines, also while there is nothing to be said */
  .below:not(.single) .lane-note {
    min-block-size: 5em;
  }

  /* ---- rows ---- */

  .row {
    display: grid;
    grid-template-columns: var(--_word, 96px);
    grid-auto-columns: minmax(0, 1fr);
    grid-auto-flow: column;
    gap: 14px;
    block-size: 34px;
    align-items: center;
    position: relative;
  }

  .row.head {
    block-size: auto;
    align-items: end;
    padding-block-end: 6px;
    border-block-end: 1px solid var(--_rule);
    overflow: hidden;
  }

  /* whatever room a scroll bar takes beside the rows, it takes beside their heads */
  .row.head,
  .rows-scroll {
    scrollbar-width: thin;
    scrollbar-gutter: stable;
  }

  .row.head .label {
    display: flex;
    gap: 14px;
  }

  .row.head .strip-label {
    flex: none;
    inline-size: var(--_strip, auto);
  }

  .cell-word {
    min-inline-size: 0;
    display: grid;
  }

  .rows .word {
    padding-inline: 8px 4px;
    text-align: start;
  }

  .row.now::before {
    content: '';
    position: absolute;
    inset-inline-start: 0;
    inset-block: 5px;
    inline-size: 3px;
    background: var(--_now);
  }

  .lane-cell {
    display: flex;
    align-items: center;
    gap: 14px;
    min-inline-size: 0;
  }

  .rows .bar {
    flex: auto;
    flex-direction: row;
    gap: 8px;
    padding: 0;
    min-block-size: 30px;
    min-inline-size: 0;
  }

  .rows .bar svg {
    flex: none;
  }

  :host(:dir(rtl)) .rows .bar svg {
    transform: scaleX(-1);
  }

  .rows.stacked .bar {
    flex-direction: column;
    align-items: start;
    justify-content: center;
    gap: 1px;
  }

  .rows.stacked .bar:not(.followed) .amount {
    display: none;
  }

  .rows.stacked .bar .amount {
    line-height: 1;
    min-block-size: 0;
  }

  .rows .bed {
    fill: none;
    stroke: var(--_rule);
  }

  .rows-scroll {
    max-block-size: calc(var(--_shown, 14) * 34px + 10px);
    overflow-y: auto;
    padding-block: 4px;
  }

  .track {
    block-size: calc(var(--_count) * 34px);
  }

  .visible {
    padding-block-start: calc(var(--_before, 0) * 34px);
  }

  /* lies over the first row, so that nothing moves when it appears */
  .pinned {
    position: sticky;
    inset-block-start: -4px;
    z-index: 1;
    block-size: 0;
    margin-block-end: -4px;
    padding-block-end: 4px;
  }

  .pinned .row {
    border-block-end: 1px solid var(--_rule);
    background: color-mix(in oklab, var(--_surface) 95%, currentColor);
  }

  /* ---- narration ---- */

  .several .narration {
    min-block-size: 4.35em;
  }

  .narrow.several .narration {
    min-block-size: 5.8em;
  }

  .tiny.several .narration {
    min-block-size: 8.7em;
  }

  .suggestion {
    color: var(--_quiet);
  }

  /* ---- transport ---- */

  .narrow .scrubber {
    flex: none;
  }

  .scrubber {
    flex: 1 1 160px;
    display: flex;
    align-items: center;
    gap: 12px;
    white-space: nowrap;
  }

  .secondary {
    display: flex;
    align-items: center;
    gap: 18px;
  }

  .speed {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    font-size: 0.875em;
    color: var(--_quiet);
  }

  /* ---- own sentence ---- */

  .texts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
    gap: 14px 32px;
  }

  .own-text {
    display: grid;
    gap: 4px;
    align-content: start;
  }

  textarea {
    inline-size: 100%;
    min-block-size: 3.6em;
    padding: 8px 10px;
    border: 1px solid color-mix(in oklab, currentColor 58%, transparent);
    border-radius: 4px;
    background: var(--_surface);
    resize: vertical;
    line-height: 1.4;
  }

  .examples ul {
    list-style: none;
    margin: 4px 0 0;
    padding: 0;
    display: grid;
    gap: 2px;
  }

  .examples .plain {
    max-inline-size: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .examples .plain[aria-pressed='true'] {
    color: var(--_ink);
    text-decoration: none;
  }

  .model {
    font-size: 0.875em;
    color: var(--_quiet);
  }

  /* as high with the button, which comes when networks have loaded, as without it */
  .model p {
    margin: 0;
    min-block-size: 1.8em;
  }

  .narrow .model p {
    min-block-size: 3.2em;
  }

  .model .plain {
    font-size: 1em;
    color: inherit;
  }

  .random {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 24px;
  }

  .random label {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-inline-size: 220px;
  }

  /* what stands in the disclosures is styled by details.ts */

  @media (forced-colors: active) {
    svg,
    .word::after,
    .row.now::before {
      forced-color-adjust: none;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    .chance .fill,
    .bar .fill {
      transition: 200ms ease-out;
      transition-property: width, height, y;
    }
  }

  @media print {
    .transport,
    .texts,
    .cells {
      display: none;
    }

    .rows-scroll {
      max-block-size: none;
      overflow: visible;
    }

    .scroller {
      overflow: visible;
    }

    /* a long text prints what is in sight, without the empty room of the rest */
    .track {
      block-size: auto;
    }

    .visible {
      padding-block-start: 0;
    }
  }
`;
