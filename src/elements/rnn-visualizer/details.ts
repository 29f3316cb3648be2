// The disclosures: how the numbers are defined, and all of them as a table. Computed only while open.

import { html, nothing, type TemplateResult } from 'lit';
import { parameterCount, type CellType } from '../../engine/index.js';
import type { Reading } from '../../model/index.js';
import { disclosure } from '../../ui/disclosure.js';
import { gateRows } from './gates.js';
import { isRelu, readingOf, type View } from './view.js';

/** Local influence costs one backward step of every unit per word; what takes longer is not computed for display. */
const influenceAtMost = { words: 200, products: 2e9 };
/** A table of the last so many words read. */
const tableAtMost = 300;

export function computedDetails(
  view: View,
  open: boolean,
  toggle: (open: boolean) => void,
): TemplateResult {
  const { strings } = view;
  return disclosure(
    strings.details,
    'details',
    open,
    toggle,
    () => html`
      ${strings.computed.map((text) => html`<p>${text}</p>`)}
      ${view.state.cells.map((cell) => html`<p>${definition(view, cell)}</p>`)}
    `,
  );
}

function definition(view: View, cell: CellType): TemplateResult {
  const { strings, numbers, state } = view;
  const reading = readingOf(view, cell);
  const now = state.step - 1;
  const { follow } = state;
  const numbersNow =
    reading && follow >= 0 && follow <= now
      ? (() => {
          const { distance, imprint, ratio } = reading.memory(now, follow);
          return strings.followedNumbers(
            state.tokens[follow].text,
            numbers.quantity(distance),
            numbers.quantity(imprint),
            ratio === null ? strings.noImprint : numbers.percent(ratio),
            affordable(reading, now - follow)
              ? numbers.quantity(reading.influence(now, follow))
              : '–',
          );
        })()
      : '';
  const convention =
    reading && isRelu(reading.model.cell) ? strings.reluConvention : strings.conventions[cell];
  return html`<strong>${strings.cellName[cell]}</strong> ${convention} ${numbersNow}`;
}

function affordable({ model }: Reading, words: number): boolean {
  const products = (words + 1) * parameterCount(model.cell) * model.cell.hiddenSize;
  return words <= influenceAtMost.words && products <= influenceAtMost.products;
}

export function tableDetails(
  view: View,
  open: boolean,
  toggle: (open: boolean) => void,
): TemplateResult {
  return disclosure(view.strings.table, 'table', open, toggle, () =>
    view.state.cells.map((cell) => table(view, cell)),
  );
}

function table(view: View, cell: CellType): TemplateResult | typeof nothing {
  const { state, strings, numbers } = view;
  const reading = readingOf(view, cell);
  if (!reading || state.step === 0) return html`<p>${strings.noPredictionYet}</p>`;
  const now = state.step - 1;
  const first = Math.max(0, state.step - tableAtMost);
  const words = Array.from({ length: state.step - first }, (_, i) => first + i);
  reading.ensureMemory(now, words);
  const columns = strings.tableColumns;
  const gates = gateRows(cell);
  const { predicts } = reading.model;
  return html`<div
    class="table-scroll"
    tabindex="0"
    role="region"
    aria-label=${strings.tableCaption(strings.cellName[cell])}
  >
    <table part="table">
      <caption>
        ${strings.tableCaption(strings.cellName[cell])}
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
        ${words.map((word) => {
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
