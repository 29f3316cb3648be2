// Pieces that the column and the row layout share: a word, a memory bar, the expected words.

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { CellType } from '../../engine/index.js';
import type { Memory } from '../../model/index.js';
import { isSkipped } from '../../model/session.js';
import { classes } from '../../ui/classes.js';
import { consecutive } from '../../ui/consecutive.js';
import { memoryText, phase, readingOf, type View } from './view.js';

/** One drawing for each visible word, in a node of its own: the focus stays with its word while the window moves on. */
export function eachWord(view: View, draw: (word: number) => TemplateResult): unknown {
  return consecutive(view.from, view.to, draw);
}

/** A word of the sentence: a button that goes there. One of them is the group's tab stop; arrow keys step. */
export function wordButton(view: View, index: number): TemplateResult {
  const { state, strings } = view;
  const token = state.tokens[index];
  const unknown = [...state.readings.values()].some(({ model }) => !model.knows(token));
  const skipped = isSkipped(state, index);
  const when = phase(view, index);
  return html`<button
    class=${classes({ word: true, [when]: true, unknown, skipped, mark: token.mark })}
    part=${`word word-${when}`}
    type="button"
    tabindex=${index === Math.max(0, state.step - 1) ? 0 : -1}
    aria-current=${when === 'now' ? 'step' : nothing}
    aria-label=${strings.goTo(token.text, index + 1) + (unknown ? `, ${strings.unknownWord}` : '')}
    @click=${() => view.seek(index + 1)}
  >
    <bdi title=${token.text.length > 6 ? token.text : nothing}>${token.text}</bdi>
  </button>`;
}

/** A bar's reach: 1 is the imprint; what goes beyond `most` is drawn broken. */
const most = 1.4;

/** Where the imprint stands on a bar of some length. */
export const imprintAt = (length: number): number => length / most;

/** The memory of one word as a bar of `length` × `thickness`; upright ones grow from the bottom. */
export function memoryBar(
  memory: Memory | null,
  length: number,
  thickness: number,
  upright: boolean,
): SVGTemplateResult | typeof nothing {
  if (!memory || memory.ratio === null) return nothing;
  const { ratio } = memory;
  const size = Math.round((Math.min(ratio, most) / most) * length * 10) / 10;
  const drawn = ratio > 0 ? Math.max(size, 1) : 0;
  const breaks = ratio > most;
  if (upright) {
    return svg`<rect class="fill" x="0" y=${length - drawn} width=${thickness} height=${drawn}></rect>${
      breaks
        ? svg`<path class="break" d=${`M-2 ${length * 0.2}l${thickness + 4} -5`}></path>`
        : nothing
    }`;
  }
  return svg`<rect class="fill" x="0" y="0" width=${drawn} height=${thickness}></rect>${
    breaks
      ? svg`<path class="break" d=${`M${length * 0.86} ${thickness + 2}l5 ${-thickness - 4}`}></path>`
      : nothing
  }`;
}

/** A memory bar as a button that follows its word. */
export function barButton(
  view: View,
  cell: CellType,
  index: number,
  memory: Memory | null,
  drawing: SVGTemplateResult | TemplateResult,
): TemplateResult {
  const { state, strings } = view;
  const followed = index === state.follow;
  const text = memoryText(view, memory);
  return html`<button
    class=${classes({ bar: true, followed, waiting: memory === null })}
    part=${followed ? 'bar bar-followed' : 'bar'}
    type="button"
    data-cell=${cell}
    data-word=${index}
    tabindex=${index === view.barFocus ? 0 : -1}
    aria-pressed=${followed}
    aria-label=${strings.followThis(state.tokens[index].text, strings.cellName[cell], text || null)}
    @keydown=${view.barKey}
    @click=${() => view.follow(index)}
  >
    ${drawing}<span class="amount">${text}</span>
  </button>`;
}

/** A remark in the room of five expected words, so that nothing moves when they come. */
function nothingExpected(remark: string): TemplateResult {
  return html`<div class="next-waiting">
    <p class="quiet">${remark}</p>
    <ol class="next" aria-hidden="true">
      ${Array.from(
        { length: 5 },
        () =>
          html`<li>
            <span class="candidate">&nbsp;</span>
            <svg class="chance" width="100%" height="8"></svg>
            <span class="amount">&nbsp;</span>
          </li>`,
      )}
    </ol>
  </div>`;
}

/** The five most probable next words of one cell. */
export function nextWords(view: View, cell: CellType): TemplateResult {
  const { state, strings, numbers } = view;
  const reading = readingOf(view, cell);
  if (!reading) return nothingExpected(strings.loading);
  if (state.step === 0) return nothingExpected(strings.noPredictionYet);
  const predictions = reading.predictions(state.step - 1) ?? [];
  return html`<ol class="next" part="predictions">
    ${predictions.map(
      ({ word, probability }, rank) =>
        html`<li class=${rank === 0 && probability >= 0.5 ? 'sure' : ''}>
          <bdi class="candidate">${word}</bdi>
          <svg class="chance" width="100%" height="8" aria-hidden="true">
            <rect class="fill" width=${`${probability * 100}%`} height="8"></rect>
          </svg>
          <span class="amount">${numbers.probability(probability)}</span>
        </li>`,
    )}
  </ol>`;
}
