// The sentence as a line of buttons, with the mean of one gate at each word that was read: what makes it open.

import { html, nothing, svg, type TemplateResult } from 'lit';
import type { HeldGate } from '../../engine/index.js';
import type { NumberWriter } from '../../model/describe.js';
import type { DiagramStrings } from '../../model/diagram-strings.js';
import type { Reading } from '../../model/reading.js';
import { covers, isSkipped, type SessionState } from '../../model/session.js';
import type { Strings } from '../../model/strings.js';
import { classes } from '../../ui/classes.js';
import { consecutive } from '../../ui/consecutive.js';
import { hueOf } from './view.js';

/** Of a longer text, so many words around the present one. */
const wordsAtMost = 60;
const barHeight = 20;

export interface Sentence {
  readonly state: SessionState;
  readonly reading: Reading | undefined;
  /** The gate whose means are shown; null for cells without gates. */
  readonly gate: HeldGate | null;
  /** Whether the gate has been computed at the present word. */
  readonly computed: boolean;
  readonly rtl: boolean;
  readonly labels: Strings;
  readonly strings: DiagramStrings;
  readonly numbers: NumberWriter;
  readonly seek: (step: number) => void;
}

export function sentence(view: Sentence): TemplateResult {
  const { state, gate, labels, strings, numbers } = view;
  const { tokens, step } = state;
  const from = Math.max(0, Math.min(step - wordsAtMost / 2, tokens.length - wordsAtMost));
  const to = Math.min(tokens.length, from + wordsAtMost);
  return html`<div class="sentence">
    <p class="label">
      ${
        gate
          ? html`<span class=${`drive-name ${hueOf(gate)}`}
              >${strings.drive[state.mode](labels.gateName[gate])}</span
            >`
          : nothing
      }
      ${
        to - from < tokens.length
          ? strings.window(numbers.whole(from + 1), numbers.whole(to), numbers.whole(tokens.length))
          : nothing
      }
    </p>
    <div
      class=${`words ${gate ? hueOf(gate) : ''}`}
      part="words"
      role="group"
      aria-label=${strings.sentence}
      dir=${view.rtl ? 'rtl' : 'ltr'}
    >
      ${consecutive(from, to, (word) => wordButton(view, word))}
    </div>
  </div>`;
}

function wordButton(view: Sentence, word: number): TemplateResult {
  const { state, reading, gate, labels, strings, numbers } = view;
  const now = state.step - 1;
  const { text } = state.tokens[word];
  const read = reading && word <= now && word < reading.length;
  const skipped = isSkipped(state, word);
  const shown = read && !skipped && (word < now || view.computed);
  const mean = shown && gate ? reading.gateMean(gate, word) : null;
  const held = state.interventions.some(
    (each) => each.kind === 'hold' && each.gate === gate && covers(each, word),
  );
  const value = mean === null ? '' : numbers.value(mean);
  const name = labels.goTo(text, word + 1);
  return html`<button
    class=${classes({
      word: true,
      past: word < now,
      now: word === now,
      future: word > now,
      unknown: reading ? !reading.model.knows(state.tokens[word]) : false,
      skipped,
      held,
    })}
    part=${`word word-${word < now ? 'past' : word === now ? 'now' : 'future'}`}
    type="button"
    tabindex=${word === Math.max(0, now) ? 0 : -1}
    aria-current=${word === now ? 'step' : nothing}
    aria-label=${
      skipped
        ? `${name}, ${labels.intervention.skipped(text, '')}`
        : gate && value
          ? `${name}, ${strings.driven(labels.gateName[gate], value)}`
          : name
    }
    @click=${() => {
      view.seek(word + 1);
    }}
  >
    <bdi title=${text.length > 12 ? text : nothing}>${text}</bdi>
    ${
      gate
        ? html`<svg class="drive" width="100%" height=${barHeight} aria-hidden="true">
              ${
                mean === null
                  ? nothing
                  : svg`<rect class="fill" y=${(1 - mean) * barHeight} width="100%" height=${
                      mean * barHeight
                    }></rect>`
              }
            </svg>
            <span class="amount">${value}</span>`
        : nothing
    }
  </button>`;
}
