// “Check it”: entries of the derivative beside what nudging the state really does.

import type { TemplateResult } from 'lit';
import type { CellType } from '../../engine/index.js';
import { checkGradient, type GradientCheck } from '../../model/gradients/check.js';
import { powerOfTen } from '../../ui/chart.js';
import { Settled } from './settled.js';
import type { PlotView } from './view.js';

const entries = 6;
/** As many rows as there will be, so that nothing moves. */
const waiting: readonly null[] = Array.from({ length: entries }, () => null);

export class CheckPanel {
  private cell: CellType | null = null;
  private draw = 1;
  private readonly checks: Settled<GradientCheck[]>;

  constructor(private readonly requestUpdate: () => void) {
    this.checks = new Settled(requestUpdate);
  }

  stop(): void {
    this.checks.stop();
  }

  render(view: PlotView): TemplateResult {
    const { templates, strings, settings, where, labels, runs, t, lag } = view;
    const { html } = templates;
    const able = runs.filter((run) => settings.quantity === 'state' || run.target(t) !== null);
    const run = able.find(({ cell }) => cell === this.cell) ?? able[0];
    if (!run) return html``;
    const { quantity } = settings;
    const checks = this.checks.get([run, quantity, t, lag, this.draw], () =>
      checkGradient(run, quantity, t, lag, this.draw, entries),
    );
    const limit = Math.max(...(checks ?? []).map(({ resolution }) => resolution));
    return html`
      <p class="quiet">
        ${strings.checkText[quantity](where.charAt(0).toLocaleLowerCase(labels.language) + where.slice(1))}
      </p>
      <div class="choices">
        <div class="segments" role="group" aria-label=${strings.checkCell}>
          ${able.map(
            ({ cell }) =>
              html`<button
                type="button"
                part="check-cell"
                aria-pressed=${cell === run.cell}
                @click=${() => {
                  this.cell = cell;
                  this.requestUpdate();
                }}
              >
                ${strings.cell[cell]}
              </button>`,
          )}
        </div>
        <button
          type="button"
          class="plain"
          part="check-again"
          @click=${() => {
            this.draw++;
            this.requestUpdate();
          }}
        >
          ${strings.checkAgain}
        </button>
      </div>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${strings.check}>
        <table part="check">
          <thead>
            <tr>
              ${strings.checkColumns.map((title) => html`<th scope="col">${title}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${(checks ?? waiting).map((check) => {
              if (!check)
                return html`<tr>
                  <th scope="row">…</th>
                  <td></td>
                  <td></td>
                  <td></td>
                </tr>`;
              const { row, column, exact, estimate, relativeError, resolved } = check;
              return html`<tr>
                <th scope="row" class="check-entry">
                  ${this.entry(view, run.weights.hiddenSize, row, column)}
                </th>
                <td>${digits(exact, labels.language)}</td>
                <td>${digits(estimate, labels.language)}</td>
                <td>${resolved ? view.amount(relativeError) : strings.checkTooSmall}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      <p class="quiet">${checks ? strings.checkLimit(view.amount(limit)) : '…'}</p>
    `;
  }

  /** ∂h₃∕∂c₁₂: which number by which. */
  private entry(
    { settings, templates }: PlotView,
    hiddenSize: number,
    row: number,
    column: number,
  ): TemplateResult {
    const { html } = templates;
    const part = (index: number): TemplateResult =>
      html`${index < hiddenSize ? 'h' : 'c'}<sub>${(index % hiddenSize) + 1}</sub>`;
    return html`∂${settings.quantity === 'loss' ? 'L' : part(row)} ∕ ∂${part(column)}`;
  }
}

/** Enough digits to compare two of them. */
function digits(value: number, language: string): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4) {
    return new Intl.NumberFormat(language, {
      minimumSignificantDigits: 7,
      maximumSignificantDigits: 7,
    })
      .format(value)
      .replace('-', '−');
  }
  const [mantissa, exponent] = value.toExponential(6).split('e');
  const shown = new Intl.NumberFormat(language, { minimumFractionDigits: 6 }).format(
    Number(mantissa),
  );
  return `${shown} · ${powerOfTen(Number(exponent))}`.replace('-', '−');
}
