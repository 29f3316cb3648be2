// The numbers behind the plot: a table, and the same as CSV.

import type { TemplateResult } from 'lit';
import { csvOf } from '../../model/gradients/csv.js';
import { offer } from '../../ui/offer.js';
import type { Result } from './calculation.js';
import type { PlotView } from './view.js';

export function numbersTable(view: PlotView): TemplateResult {
  const { templates, strings, settings, result, runs, t, labels } = view;
  const { html, nothing } = templates;
  const lines = [...(result?.lines.values() ?? [])];
  const words = runs[0]?.words ?? [];
  const withPath = lines.filter(({ gatePath }) => gatePath);
  return html`<p>
      <button
        type="button"
        class="plain"
        part="csv"
        @click=${() => {
          if (result) offer('gradients.csv', csvOf(result, words, t), 'text/csv;charset=utf-8');
        }}
      >
        ${strings.csv}
      </button>
    </p>
    <div class="table-scroll numbers" tabindex="0" role="region" aria-label=${strings.table}>
      <table part="table">
        <caption>
          ${strings.tableCaption(strings.quantity[settings.quantity])}
        </caption>
        <thead>
          <tr>
            <th scope="col">${strings.tableLag}</th>
            ${words.length > 0 ? html`<th scope="col">${strings.tableWord}</th>` : nothing}
            ${lines.map(
              ({ cell }) =>
                html`<th scope="col">${labels.cellName[cell]}</th>
                  <th scope="col">${strings.tableBand(strings.cell[cell])}</th>`,
            )}
            ${withPath.map(() => html`<th scope="col">${strings.path}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${result && rowsOf(view, result)}
        </tbody>
      </table>
    </div>`;
}

/** The rows of a result: written once, however often it is drawn. */
const written = new WeakMap<Result, readonly TemplateResult[]>();

function rowsOf(view: PlotView, result: Result): readonly TemplateResult[] {
  let rows = written.get(result);
  if (!rows) {
    rows = rowsAnew(view, result);
    written.set(result, rows);
  }
  return rows;
}

function rowsAnew({ templates, runs, t, amount }: PlotView, result: Result): TemplateResult[] {
  const { html, nothing } = templates;
  const lines = [...result.lines.values()];
  const words = runs[0]?.words ?? [];
  const withPath = lines.filter(({ gatePath }) => gatePath);
  return Array.from(
    { length: Math.max(0, ...lines.map(({ values }) => values.length)) },
    (_, lag) =>
      html`<tr>
        <th scope="row">${lag}</th>
        ${words.length > 0 ? html`<td><bdi>${words[t - lag]}</bdi></td>` : nothing}
        ${lines.map(({ cell, values }) => {
          const band = result.bands.get(cell);
          const there = band && lag < band.lower.length;
          return html`<td>${amount(values[lag])}</td>
            <td>
              ${there ? html`${amount(band.lower[lag])} – ${amount(band.upper[lag])}` : '–'}
            </td>`;
        })}
        ${withPath.map(({ gatePath }) => html`<td>${amount(gatePath?.[lag] ?? NaN)}</td>`)}
      </tr>`,
  );
}
