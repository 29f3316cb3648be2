// What stands beside the drawing about the chosen node: its equation, what it does in this step, one unit in numbers.

import { html, nothing, type TemplateResult } from 'lit';
import {
  arithmeticOf,
  equationOf,
  nodeName,
  sentenceOf,
  shapesOf,
  spokenEquation,
  type Piece,
} from '../../model/step-text.js';
import { hueOf, isComputed, type DiagramView } from './view.js';

export function explanation(view: DiagramView): TemplateResult {
  const { chosen, weights, strings, numbers, cell, word } = view;
  return html`<section class="explanation" part="explanation">
    <p class=${`node-name ${hueOf(chosen)}`}>${nodeName(chosen, cell, strings)}</p>
    <p class="equation" part="equation">
      <span class="hidden">${spokenEquation(chosen, weights, strings, word)}</span>
      <span aria-hidden="true">${equationOf(chosen, weights, strings, word).map(written)}</span>
    </p>
    <p class="label">
      ${weights.hiddenSize > 0 ? typeset(shapesOf(chosen, weights, strings, numbers)) : '\u00a0'}
    </p>
    ${oneUnit(view)}
  </section>`;
}

/** The sentence about the chosen node; empty before the first word. */
export function doing(view: DiagramView): string {
  const { chosen, anatomy, weights, strings, numbers, cell } = view;
  if (!isComputed(view, chosen)) return strings.later(nodeName(chosen, cell, strings));
  return anatomy ? sentenceOf(chosen, anatomy, weights, view.held(chosen), strings, numbers) : '';
}

/** The sign of the step before, which few fonts have, is shown as the index t − 1. */
function typeset(text: string): unknown {
  return text.split('₋').map((part, i) =>
    i > 0
      ? html`<sub class="before"><span>₋</span></sub
          >${part}`
      : part,
  );
}

/** A character of an equation; symbols of nodes have their colours, and all letters stand in italics. */
function written({ text, part, sub }: Piece): TemplateResult {
  const letters = part !== undefined || /^[WUb]/.test(text);
  return html`<span class=${letters ? `letter ${part ? hueOf(part) : ''}` : ''}
      >${typeset(text)}</span
    >${sub ? html`<sub class="letter">${sub}</sub>` : nothing}`;
}

function oneUnit(view: DiagramView): TemplateResult {
  const { chosen, unit, anatomy, weights, strings, numbers } = view;
  const units = weights.hiddenSize;
  const shown =
    anatomy && isComputed(view, chosen)
      ? arithmeticOf(chosen, unit, anatomy, weights, view.held(chosen), strings, numbers)
      : '';
  return html`<div class=${units > 0 ? 'one-unit' : 'one-unit absent'}>
    <label class="unit">
      <span>${strings.unit}</span>
      <input
        type="range"
        part="unit"
        min="1"
        max=${units}
        step="1"
        .value=${String(unit + 1)}
        aria-valuetext=${strings.unitOf(unit + 1, units)}
        @input=${(event: Event) => {
          view.pick(Number((event.target as HTMLInputElement).value) - 1);
        }}
      />
      <span class="amount">${strings.unitOf(unit + 1, units)}</span>
    </label>
    <p class="arithmetic" part="arithmetic">${typeset(shown)}</p>
  </div>`;
}
