// What each step adds to the gradient of the weights, and what clipping does to it.

import type { TemplateResult } from 'lit';
import { clippedShares } from '../../model/gradients/curves.js';
import { chart, domainOf, type Line } from './drawing.js';
import type { PlotView } from './view.js';

/** Norms between which the reader can choose, as powers of ten. */
const exponents = [-4, 2] as const;
const lowest = -16;

export class SharesPanel {
  private clipping = false;
  /** The largest norm that clipping leaves, as a power of ten; null: one that clips all cells. */
  private exponent: number | null = null;

  constructor(private readonly requestUpdate: () => void) {}

  render(view: PlotView): TemplateResult {
    const { templates, strings, drawn, lag, where, width, em, labels } = view;
    const { html } = templates;
    const shares = [...(drawn?.shares.values() ?? [])];
    if (shares.length === 0) return html``;
    const smallest = Math.log10(Math.min(...shares.map(({ total }) => total)));
    const least = Math.max(exponents[0], Math.min(Math.floor(smallest), exponents[1]));
    const exponent = this.exponent ?? least;
    const limit = 10 ** exponent;
    const plain: Line[] = shares.map(({ cell, values }) => ({
      cell,
      name: strings.cell[cell],
      values,
      band: null,
      thin: null,
    }));
    const clipped = shares.map((each) => clippedShares(each, limit));
    const lines = this.clipping
      ? plain.map((line, i) => ({
          ...line,
          values: clipped[i].values,
          thin: { values: line.values, name: '' },
        }))
      : plain;
    const ratios = shares.map(
      ({ cell, values }) =>
        [view.amount((values[lag] ?? NaN) / values[0]), labels.theCell[cell]] as const,
    );
    return html`<section class="shares" part="shares">
      <h3 class="heading">${strings.shares}</h3>
      <p class="quiet">${strings.sharesText}</p>
      ${chart(templates, {
        name: 'share-lines',
        width,
        em,
        height: 220 * em,
        lines,
        stale: drawn !== view.result,
        longest: plain[0].values.length - 1,
        // what clipping moves is seen to move: the axis stays
        domain: domainOf([...plain, ...lines], lowest),
        reference: null,
        title: '',
        formula: strings.formula.share,
        lagAxis: strings.lagAxis(view.unit),
        label: strings.drawing(strings.shares, ''),
        lag,
        point: view.point,
      })}
      <div class="clip">
        <label class="toggle"
          ><input
            type="checkbox"
            part="clip"
            .checked=${this.clipping}
            @change=${() => {
              this.clipping = !this.clipping;
              this.requestUpdate();
            }}
          />${strings.clip}</label
        >
        <label class="setting clip-at">
          <span class="label">${strings.clipAt}</span>
          <input
            type="range"
            part="clip-at"
            min=${exponents[0]}
            max=${exponents[1]}
            step="0.5"
            .value=${String(exponent)}
            ?disabled=${!this.clipping}
            aria-valuetext=${view.amount(limit)}
            @input=${(event: Event) => {
              this.exponent = Number((event.target as HTMLInputElement).value);
              this.requestUpdate();
            }}
          />
          <span class="amount">${view.amount(limit)}</span>
        </label>
      </div>
      <ul class="norms">
        ${shares.map(({ cell, total }, i) => {
          const { factor } = clipped[i];
          const name = labels.cellName[cell];
          return html`<li>
            ${
              this.clipping && factor < 1
                ? strings.clipped(name, view.amount(total), view.amount(factor))
                : strings.unclipped(name, view.amount(total), this.clipping)
            }
          </li>`;
        })}
      </ul>
      <p class="quiet">${strings.clipMeaning(this.clipping, where, ratios)}</p>
    </section>`;
  }
}
