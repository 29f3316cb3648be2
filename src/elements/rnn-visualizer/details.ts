// What stands in the disclosures, loaded when the first of them is opened: how the numbers are defined, and all of them
// as a table.

import type { TemplateResult } from 'lit';
import { parameterCount, type CellType, type GateName } from '../../engine/index.js';
import { englishDetails } from '../../model/detail-strings.js';
import type { Reading } from '../../model/index.js';
import type { Templates } from '../../ui/templates.js';
import { isRelu, readingOf, type View } from './view.js';

const words = englishDetails;
/** Local influence costs one backward step of every unit per word; what takes longer is not computed for display. */
const influenceAtMost = { words: 200, products: 2e9 };
/** A table of the last so many words read. */
const tableAtMost = 300;

/** The styles of all this. */
export const detailsCss = /* css */ `
  .disclosed p {
    margin: 8px 0;
  }

  .table-scroll {
    overflow: auto;
    max-block-size: 24em;
    margin-block: 8px 16px;
  }

  table {
    border-collapse: collapse;
    font-size: 0.9375em;
  }

  caption {
    text-align: start;
    font-weight: 600;
    padding-block: 4px;
  }

  th,
  td {
    padding: 3px 16px 3px 0;
    text-align: end;
    font-weight: 400;
    white-space: nowrap;
    border-block-end: 1px solid var(--_rule);
  }

  thead th {
    color: var(--_quiet);
    font-size: 0.875em;
    vertical-align: bottom;
  }

  th:nth-child(2),
  td:last-child {
    text-align: start;
  }

  tr.followed > * {
    font-weight: 600;
  }
`;

/** How the numbers are defined, with those of the followed word. */
export function definitions({ html }: Templates, view: View): TemplateResult {
  const { cellName } = view.strings;
  return html`
    ${words.computed.map((text) => html`<p>${text}</p>`)}
    ${view.state.cells.map(
      (cell) =>
        html`<p>
          <strong>${cellName[cell]}</strong> ${convention(view, cell)} ${followed(view, cell)}
        </p>`,
    )}
  `;
}

function convention(view: View, cell: CellType): string {
  const reading = readingOf(view, cell);
  return reading && isRelu(reading.model.cell) ? words.reluConvention : words.conventions[cell];
}

function followed(view: View, cell: CellType): string {
  const { strings, numbers, state } = view;
  const reading = readingOf(view, cell);
  const now = state.step - 1;
  const { follow } = state;
  if (!reading || follow < 0 || follow > now) return '';
  const { distance, imprint, ratio } = reading.memory(now, follow);
  return words.followedNumbers(
    state.tokens[follow].text,
    numbers.quantity(distance),
    numbers.quantity(imprint),
    ratio === null ? strings.noImprint : numbers.percent(ratio),
    affordable(reading, now - follow) ? numbers.quantity(reading.influence(now, follow)) : '–',
  );
}

function affordable({ model }: Reading, distance: number): boolean {
  const products = (distance + 1) * parameterCount(model.cell) * model.cell.hiddenSize;
  return distance <= influenceAtMost.words && products <= influenceAtMost.products;
}

/** All numbers, a table for each cell. */
export function tables(
  templates: Templates,
  view: View,
  gatesOf: (cell: CellType) => GateName[],
): unknown {
  return view.state.cells.map((cell) => table(templates, view, cell, gatesOf(cell)));
}

function table(
  { html, nothing }: Templates,
  view: View,
  cell: CellType,
  gates: readonly GateName[],
): TemplateResult {
  const { state, strings, numbers } = view;
  const reading = readingOf(view, cell);
  if (!reading || state.step === 0) return html`<p>${strings.noPredictionYet}</p>`;
  const now = state.step - 1;
  const first = Math.max(0, state.step - tableAtMost);
  const places = Array.from({ length: state.step - first }, (_, i) => first + i);
  reading.ensureMemory(now, places);
  const columns = words.tableColumns;
  const caption = words.tableCaption(strings.cellName[cell]);
  const { predicts } = reading.model;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${caption}>
    <table part="table">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${columns.step}</th>
          <th scope="col">${columns.word}</th>
          <th scope="col">${columns.memoryNow}</th>
          ${gates.map((gate) => html`<th scope="col">${columns.gateMean(strings.gateName[gate])}</th>`)}
          ${predicts ? html`<th scope="col">${columns.prediction}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${places.map((word) => {
          const { ratio } = reading.memory(now, word);
          const best = reading.predictions(word, 1)?.[0];
          return html`<tr class=${word === state.follow ? 'followed' : ''}>
            <td>${word + 1}</td>
            <th scope="row"><bdi>${state.tokens[word].text}</bdi></th>
            <td>${ratio === null ? strings.noImprint : numbers.percent(ratio)}</td>
            ${gates.map((gate) => html`<td>${numbers.value(reading.gateMean(gate, word))}</td>`)}
            ${
              predicts && best
                ? html`<td><bdi>${best.word}</bdi> ${numbers.probability(best.probability)}</td>`
                : nothing
            }
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
