// What stands at each word of the sentence: the mean of one gate there, which makes it open.

import { html, nothing, svg, type TemplateResult } from 'lit';
import type { HeldGate } from '../../engine/index.js';
import type { DiagramStrings } from '../../model/diagram-strings.js';
import { covers, isSkipped } from '../../model/session.js';
import { sentence, type SentenceView, type WordNote } from '../../ui/sentence.js';
import { hueOf } from './view.js';

const barHeight = 20;

export interface DrivenSentence extends SentenceView {
  /** The gate whose means are shown; null for cells without gates. */
  readonly gate: HeldGate | null;
  /** Whether the gate has been computed at the present word. */
  readonly computed: boolean;
  readonly strings: DiagramStrings;
}

export function drivenSentence(view: DrivenSentence): TemplateResult {
  const { gate, state, labels, strings } = view;
  if (!gate) return sentence(view);
  const hue = hueOf(gate);
  return sentence({
    ...view,
    look: hue,
    caption: html`<span class=${`drive-name ${hue}`}
      >${strings.drive[state.mode](labels.gateName[gate])}</span
    >`,
    note: (word) => gateAt(view, gate, word),
  });
}

function gateAt(view: DrivenSentence, gate: HeldGate, word: number): WordNote {
  const { state, reading, labels, strings, numbers } = view;
  const now = state.step - 1;
  const read = reading && word <= now && word < reading.length;
  const shown = read && !isSkipped(state, word) && (word < now || view.computed);
  const mean = shown ? reading.gateMean(gate, word) : null;
  const held = state.interventions.some(
    (each) => each.kind === 'hold' && each.gate === gate && covers(each, word),
  );
  const value = mean === null ? '' : numbers.value(mean);
  return {
    look: held ? 'held' : '',
    says: value && strings.driven(labels.gateName[gate], value),
    content: html`<svg class="drive" width="100%" height=${barHeight} aria-hidden="true">
        ${
          mean === null
            ? nothing
            : svg`<rect class="fill" y=${(1 - mean) * barHeight} width="100%" height=${
                mean * barHeight
              }></rect>`
        }
      </svg>
      <span class="amount">${value}</span>`,
  };
}
