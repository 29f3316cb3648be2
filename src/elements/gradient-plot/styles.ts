// How the plot looks, as text: it loads with the plot.

import { chartCss } from '../../ui/chart-styles.js';
import { sliderCss } from '../../ui/slider-styles.js';

export const figureCss = /* css */ `
  ${chartCss}
  ${sliderCss}

  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 4px 28px;
  }

  .narration {
    margin: 0;
    font-size: 1.125em;
    line-height: 1.4;
    min-block-size: max(2.8em, var(--_tall, 0px));
    max-inline-size: 46em;
    text-wrap: pretty;
  }

  .plot {
    touch-action: pan-y;
  }

  .chart .title {
    fill: var(--_ink);
    font-size: 0.8125em;
  }

  .chart .formula {
    fill: var(--_quiet);
    font-style: italic;
  }

  .chart .zone {
    font-style: italic;
    paint-order: stroke;
    stroke: var(--_surface);
    stroke-width: 3px;
  }

  .chart .above {
    fill: var(--_wash);
  }

  .chart .thin-name {
    fill: var(--_line);
    font-size: 0.75em;
  }

  .chart.stale :is(.line, .thin, .band, .dot) {
    opacity: 0.35;
  }

  .chart .thin {
    fill: none;
    stroke: var(--_line);
    stroke-width: 1;
  }

  .lag {
    display: block;
    margin-block-start: -14px;
    padding-inline-start: var(--_from);
    padding-inline-end: var(--_to);
  }

  .lag input {
    display: block;
    inline-size: calc(100% + 16px);
    margin-inline: -8px;
    block-size: 24px;
    --_thumb: var(--_now);
  }

  .stepping {
    flex-wrap: wrap;
  }

  .caption {
    display: grid;
    max-inline-size: 60em;
    text-wrap: pretty;
  }

  .caption > * {
    grid-area: 1 / 1;
  }

  .later {
    visibility: hidden;
  }

  .sliders {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(8.5em, 1fr));
    gap: 10px 24px;
  }

  .setting {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: baseline;
    gap: 0 8px;
  }

  .setting .amount {
    font-size: 0.875em;
  }

  .setting input {
    grid-column: 1 / -1;
    inline-size: 100%;
    min-inline-size: 0;
    margin: 0;
    block-size: 24px;
  }

  .setting .plain {
    grid-column: 1 / -1;
    justify-self: start;
  }

  .presets {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 16px;
    margin: 10px 0 0;
  }

  .shares {
    border-block-start: 1px solid var(--_rule);
    padding-block-start: 12px;
    display: flex;
    flex-direction: column;
    gap: 8px;
  }

  .heading {
    margin: 0;
    font-size: 1em;
    font-weight: 600;
  }

  .clip {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 28px;
  }

  .toggle {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-block-size: 24px;
  }

  .clip-at {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 10px;
  }

  .clip-at input {
    inline-size: 11em;
  }

  .shares .chart {
    flex: none;
  }

  .norms {
    margin: 0;
    padding-inline-start: 1.2em;
    font-size: 0.875em;
  }

  .disclosed > * {
    margin-block: 0 10px;
  }

  .disclosed {
    max-inline-size: none;
  }

  .disclosed > .quiet {
    max-inline-size: 60em;
  }

  .table-scroll {
    overflow-x: auto;
    max-inline-size: 100%;
  }

  .disclosed table {
    border-collapse: collapse;
    font-size: 0.875em;
  }

  .disclosed caption {
    text-align: start;
    color: var(--_quiet);
    padding-block-end: 4px;
  }

  .disclosed th,
  .disclosed td {
    text-align: start;
    font-weight: 400;
    vertical-align: baseline;
    padding: 5px 20px 5px 0;
    border-block-end: 1px solid var(--_rule);
  }

  .disclosed thead th {
    color: var(--_quiet);
    white-space: nowrap;
  }

  /* numbers and formulas, on a page that may run the other way */
  .disclosed :is(th, td, caption),
  .norms li {
    unicode-bidi: plaintext;
  }

  .disclosed td,
  .check-entry {
    white-space: nowrap;
  }

  .disclosed thead th[class] {
    color: var(--_line);
    font-weight: 600;
  }

  .means {
    display: block;
    color: var(--_quiet);
    max-inline-size: 26em;
    min-inline-size: 11em;
    line-height: 1.3;
  }

  .numbers {
    max-block-size: 22em;
    overflow: auto;
  }

  sub {
    font-size: 0.75em;
    line-height: 0;
  }

  @media print {
    .lag,
    .choices,
    .presets {
      display: none;
    }
  }
`;
