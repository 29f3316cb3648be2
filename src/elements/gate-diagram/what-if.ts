// What if a gate were held, or a word skipped: the controls, and what it changes.

import { html, nothing, type TemplateResult } from 'lit';
import type { HeldGate } from '../../engine/index.js';
import { confident, isolate, type NumberWriter } from '../../model/describe.js';
import type { DiagramStrings } from '../../model/diagram-strings.js';
import { heldAt, type Reading } from '../../model/reading.js';
import type { SessionState } from '../../model/session.js';
import type { Strings } from '../../model/strings.js';
import { holdable, hueOf } from './view.js';

export interface WhatIf {
  readonly state: SessionState;
  readonly reading: Reading;
  /** The gate that is chosen; null if something else is. */
  readonly gate: HeldGate | null;
  /** Whether a hold is to last: from this word on, or at this word only. */
  readonly onward: boolean;
  /** The word at which the gate began to be held; the present one if it is not. */
  readonly since: number;
  readonly labels: Strings;
  readonly strings: DiagramStrings;
  readonly numbers: NumberWriter;
  /** Holds the chosen gate at this step; null releases it. While a value is being dragged, the page is not told. */
  readonly hold: (value: number | null, dragged?: boolean) => void;
  readonly setOnward: (onward: boolean) => void;
  readonly skip: (skipped: boolean) => void;
}

/** The controls, at a step. */
export function whatIf(view: WhatIf): TemplateResult {
  const { state, reading, gate, strings } = view;
  const t = state.step - 1;
  const word = isolate(state.tokens[t].text);
  const skipped = reading.skipped(t);
  return html`<section class="what-if" part="what-if">
    ${gate && !skipped ? holdControls(view, gate, word) : nothing}
    <button
      type="button"
      class="choice"
      part="skip"
      aria-pressed=${skipped}
      @click=${() => {
        view.skip(!skipped);
      }}
    >
      ${skipped ? strings.readAgain(word) : strings.skip(word)}
    </button>
    ${gate || skipped ? nothing : html`<p class="label">${strings.chooseGate(holdable(reading.model.cell.cell).length > 0)}</p>`}
  </section>`;
}

function holdControls(view: WhatIf, gate: HeldGate, word: string): TemplateResult {
  const { state, reading, onward, since, labels, strings, numbers } = view;
  const held = heldAt(reading, gate, state.step - 1);
  const [zero, one] = strings.holdEffect[gate];
  const choices: readonly (readonly [value: number | null, text: string])[] = [
    [null, strings.computed],
    [0, `0: ${zero}`],
    [1, `1: ${one}`],
  ];
  // reading a long text again for every pixel of a drag would block the page
  const live = state.tokens.length <= 300;
  const drag = (event: Event): void => {
    view.hold(Number((event.target as HTMLInputElement).value), event.type === 'input');
  };
  const shown = held ?? reading.gateMean(gate, state.step - 1);
  return html`<fieldset class=${`hold ${hueOf(gate)}`} part="hold">
    <legend>${strings.hold(labels.gateName[gate])}</legend>
    <div class="choices">
      ${choices.map(
        ([value, text]) =>
          html`<button
            type="button"
            class="choice"
            part="hold-value"
            aria-pressed=${value === null ? held === undefined : held === value}
            @click=${() => {
              view.hold(value);
            }}
          >
            ${text}
          </button>`,
      )}
      <label class="hold-at">
        <span>${strings.holdAt}</span>
        <input
          type="range"
          part="hold-slider"
          min="0"
          max="1"
          step="0.05"
          .value=${String(shown)}
          aria-label=${strings.holdSlider(labels.gateName[gate])}
          @input=${live ? drag : nothing}
          @change=${drag}
        />
        <span class="amount">${numbers.value(shown)}</span>
      </label>
    </div>
    <div class="scope" role="radiogroup" aria-label=${strings.scope}>
      ${[true, false].map(
        (each) =>
          html`<label
            ><input
              type="radio"
              name="scope"
              .checked=${each === onward}
              @change=${() => {
                view.setOnward(each);
              }}
            />${
              each
                ? strings.onward(isolate(state.tokens[since].text))
                : since < state.step - 1
                  ? strings.upTo(word)
                  : strings.only(word)
            }</label
          >`,
      )}
    </div>
  </fieldset>`;
}

/** The same step without and with the interventions: what is left of the followed word, and what is expected next. */
export function consequences(view: WhatIf): TemplateResult | typeof nothing {
  const { state, reading, strings } = view;
  const { free } = reading;
  if (free === reading) return nothing;
  const t = state.step - 1;
  free.readTo(state.step);
  const { follow } = state;
  const columns = [free, reading].filter(({ length }) => length > t);
  const rows: (readonly [string, readonly string[]])[] = [];
  if (follow >= 0 && follow <= t) {
    rows.push([
      strings.memoryOf(isolate(state.tokens[follow].text)),
      columns.map((each) => memoryText(view, each, t)),
    ]);
  }
  if (reading.model.predicts) {
    rows.push([strings.expects, columns.map((each) => expectationText(view, each, t))]);
  }
  if (rows.length === 0) return nothing;
  return html`<table class="consequences" part="consequences">
    <caption>
      ${strings.changes}
    </caption>
    <thead>
      <tr>
        <td></td>
        <th scope="col">${strings.without}</th>
        <th scope="col">${strings.under}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, cells]) =>
          html`<tr>
            <th scope="row">${name}</th>
            ${cells.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function memoryText({ state, labels, numbers }: WhatIf, reading: Reading, t: number): string {
  const { ratio } = reading.memory(t, state.follow);
  return ratio === null ? labels.noImprint : numbers.percent(ratio);
}

function expectationText({ strings, numbers }: WhatIf, reading: Reading, t: number): string {
  const best = reading.predictions(t, 1)?.[0];
  if (!best) return '';
  const say = best.probability < confident ? strings.guess : strings.expectation;
  return say(isolate(best.word), numbers.probability(best.probability));
}
