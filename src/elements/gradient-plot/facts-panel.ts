// Three things that are easily confused, with the running networks' numbers for the word that is pointed at.

import type { TemplateResult } from 'lit';
import { fullness } from '../../model/gradients/facts.js';
import type { CellType } from '../../engine/index.js';
import { Settled } from './settled.js';
import type { PlotView } from './view.js';

/** Of a word, in one cell; null for no imprint. */
interface OfWord {
  readonly memory: number | null;
  readonly influence: number;
}

export class FactsPanel {
  private readonly words: Settled<ReadonlyMap<CellType, OfWord>>;

  constructor(requestUpdate: () => void) {
    this.words = new Settled(requestUpdate);
  }

  stop(): void {
    this.words.stop();
  }

  render(view: PlotView): TemplateResult {
    const { templates, strings, labels, settings, where, result, runs, t, lag } = view;
    const { html, nothing } = templates;
    const { memory, influence, gain, share } = strings.things;
    const third = settings.quantity === 'state' ? gain : share;
    const text = settings.source === 'text';
    const cells = runs.map(({ cell }) => cell);
    const ofWord = text ? this.ofWord(view) : null;
    const row = (
      name: string,
      means: string,
      amountIn: (cell: CellType) => string | undefined,
    ): TemplateResult =>
      html`<tr>
        <th scope="row">${name}<span class="means">${means}</span></th>
        ${cells.map((cell) => html`<td>${amountIn(cell) ?? '…'}</td>`)}
      </tr>`;
    const remembered = (cell: CellType): string | undefined => {
      const found = ofWord?.get(cell);
      if (!found) return undefined;
      return found.memory === null ? labels.noImprint : view.numbers.percent(found.memory);
    };
    const influential = (cell: CellType): string | undefined => {
      const found = ofWord?.get(cell);
      return found && view.amount(found.influence);
    };
    const plotted = (cell: CellType): string | undefined => {
      const values = result?.lines.get(cell)?.values;
      if (!values) return undefined;
      return view.amount(settings.quantity === 'state' ? values[lag] : values[lag] / values[0]);
    };
    return html`<p class="quiet">${text ? strings.threeText : strings.threeOnlyText}</p>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${strings.three}>
        <table part="facts">
          <caption>
            ${where}
          </caption>
          <thead>
            <tr>
              <td></td>
              ${cells.map((cell) => html`<th scope="col" class=${`cell-${cell}`}>${strings.cell[cell]}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${
              text
                ? [
                    row(memory.name, memory.means, remembered),
                    row(influence.name, influence.means, influential),
                  ]
                : nothing
            }
            ${row(third.name, third.means, plotted)}
            ${row(strings.stateSize, strings.stateSizeHint, (cell) => {
              const run = runs.find((each) => each.cell === cell);
              return run && view.numbers.value(fullness(run, t));
            })}
          </tbody>
        </table>
      </div>`;
  }

  /** What the networks have of the word that is pointed at; null while it is being computed. */
  private ofWord({ readings, runs, t, lag }: PlotView): ReadonlyMap<CellType, OfWord> | null {
    const word = t - lag;
    return this.words.get([...runs, t, lag], () => {
      const found = new Map<CellType, OfWord>();
      for (const { cell } of runs) {
        const reading = readings.get(cell);
        if (!reading) continue;
        const { ratio } = reading.memory(t, word);
        found.set(cell, { memory: ratio, influence: reading.influence(t, word) });
      }
      return found;
    });
  }
}
