// What is trained, as a form: the networks, the gap, the sentences, and the rest behind a disclosure. And what to try.

import type { TemplateResult } from 'lit';
import {
  trainableCells,
  trainingLimits,
  type NumericSetting,
  type TrainableCell,
  type TrainingSettings,
} from '../../model/training/settings.js';
import { sameSettings } from './options.js';
import { underWay, type TrainerView } from './view.js';

export interface SettingsActs {
  /** Whether the rest of the settings is open. */
  readonly open: boolean;
  readonly toggle: (open: boolean) => void;
  readonly change: (changes: Partial<TrainingSettings>) => void;
  /** Takes back what the reader changed; null if there is nothing to be taken back. */
  readonly restore: (() => void) | null;
  /** What was said of a value that can't be used. */
  readonly refusal: string;
  readonly refuse: (message: string) => void;
}

const rest = [
  'hiddenSize',
  'learningRate',
  'batch',
  'steps',
  'forgetBias',
  'clip',
  'seed',
] as const;

/** By how much the arrows of a number field change it; any value between can be typed. (A `min` would shift them.) */
const increments: Readonly<Partial<Record<NumericSetting, number>>> = {
  examples: 10,
  hiddenSize: 4,
  learningRate: 0.001,
  steps: 100,
  forgetBias: 0.5,
  clip: 0.1,
};

export function settingsForm(view: TrainerView, acts: SettingsActs): TemplateResult {
  const { words, state, settings, next, templates } = view;
  const { html, nothing } = templates;
  const { restore } = acts;
  const busy = underWay(state);
  const stale = state.step > 0 && !sameSettings(next, settings);
  return html`<fieldset class="settings" part="settings" ?disabled=${busy}>
      <legend class="hidden">${words.settings}</legend>
      <div class="fields">
        ${cellChoice(view, acts)} ${gapField(view, acts)} ${numberField(view, acts, 'examples')}
      </div>
      <details
        class="more"
        part="disclosure disclosure-settings"
        ?open=${acts.open}
        @toggle=${(event: Event) => {
          acts.toggle((event.currentTarget as HTMLDetailsElement).open);
        }}
      >
        <summary>${words.moreSettings}</summary>
        ${
          acts.open
            ? html`<div class="fields">${rest.map((name) => numberField(view, acts, name))}</div>`
            : nothing
        }
      </details>
    </fieldset>
    <p class="label settings-note">
      ${busy ? words.settingsOff : acts.refusal || (stale ? words.settingsWait : '')}
      ${
        restore && !busy
          ? html`<button
              type="button"
              class="plain"
              @click=${(event: Event) => {
                // the button goes
                const root = (event.target as Element).getRootNode() as ShadowRoot;
                root.querySelector<HTMLElement>('[name="gap"]')?.focus();
                restore();
              }}
            >
              ${words.restore}
            </button>`
          : nothing
      }
    </p>`;
}

function cellChoice(view: TrainerView, { change }: SettingsActs): TemplateResult {
  const { words, strings, next, templates } = view;
  const { html } = templates;
  const choose = (cell: TrainableCell, event: Event): void => {
    const { checked } = event.target as HTMLInputElement;
    change({
      cells: trainableCells.filter((each) => (each === cell ? checked : next.cells.includes(each))),
    });
  };
  return html`<div class="field" role="group" aria-labelledby="cells">
    <span class="label" id="cells">${words.cells}</span>
    <span class="cell-choice"
      >${trainableCells.map((cell) => {
        const chosen = next.cells.includes(cell);
        return html`<label
          ><input
            type="checkbox"
            name=${cell}
            .checked=${chosen}
            ?disabled=${chosen && next.cells.length === 1}
            @change=${(event: Event) => {
              choose(cell, event);
            }}
          />${strings.cellName[cell]} ${lineKey(view, cell)}</label
        >`;
      })}</span
    >
  </div>`;
}

/** A sample of a cell's line. */
export function lineKey({ templates }: TrainerView, cell: TrainableCell): TemplateResult {
  return templates.html`<svg class=${`chart key cell-${cell}`} viewBox="0 0 26 8" aria-hidden="true">
    <path class="line" d="M1 4h24"></path>
  </svg>`;
}

function gapField(view: TrainerView, { change }: SettingsActs): TemplateResult {
  const { words, numbers, next, templates } = view;
  const shown = words.words(next.gap, numbers.whole(next.gap));
  const { min, max } = trainingLimits.gap;
  return templates.html`<label class="field gap">
    <span class="label">${words.setting.gap}</span>
    <span class="with-amount"
      ><input
        type="range"
        name="gap"
        min=${min}
        max=${max}
        step="1"
        .value=${String(next.gap)}
        aria-valuetext=${shown}
        @input=${(event: Event) => {
          change({ gap: Number((event.target as HTMLInputElement).value) });
        }}
      /><span class="amount">${shown}</span></span
    >
    <span class="label hint">${words.hint.gap}</span>
  </label>`;
}

function numberField(
  { words, numbers, next, templates: { html, nothing } }: TrainerView,
  { change, refuse }: SettingsActs,
  name: NumericSetting,
): TemplateResult {
  const { min, max, integer } = trainingLimits[name];
  const take = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const value = field.value === '' ? NaN : Number(field.value);
    if (value >= min && value <= max && (!integer || Number.isInteger(value))) {
      change({ [name]: value });
    } else {
      refuse(
        words.outside(words.setting[name], field.value, numbers.plain(min), numbers.plain(max)),
      );
      field.value = String(next[name]);
    }
  };
  return html`<label class="field">
    <span class="label">${words.setting[name]}</span>
    <input
      type="number"
      name=${name}
      max=${max}
      step=${increments[name] ?? 1}
      inputmode=${min < 0 ? 'text' : integer ? 'numeric' : 'decimal'}
      .value=${String(next[name])}
      @change=${take}
    />
    ${words.hint[name] ? html`<span class="label hint">${words.hint[name]}</span>` : nothing}
  </label>`;
}

const experiments = {
  gap: { gap: 1 },
  examples: { gap: 4, examples: 60 },
  longer: { gap: 60 },
  bias: { forgetBias: 0 },
} as const satisfies Record<string, Partial<TrainingSettings>>;

/** Settings worth trying. What comes of them, the reader sees. */
export function tries(
  view: TrainerView,
  set: (changes: Partial<TrainingSettings>) => void,
): TemplateResult {
  const { words, numbers, state, templates } = view;
  const { html } = templates;
  const busy = underWay(state);
  return html`<div class="tries" part="tries" role="group" aria-label=${words.tryThis}>
    <span class="label">${words.tryThis}</span>
    <span class="try-list">
      ${(Object.keys(experiments) as (keyof typeof experiments)[]).map((name) => {
        const changes = experiments[name];
        const written = (Object.entries(changes) as [NumericSetting, number][]).map(
          ([setting, value]) =>
            [
              words.setting[setting].toLocaleLowerCase(view.strings.language),
              numbers.plain(value),
            ] as const,
        );
        return html`<button
          type="button"
          class="plain"
          aria-disabled=${busy}
          @click=${() => {
            if (!busy) set(changes);
          }}
        >
          ${words.tries[name](words.sets(written))}
        </button>`;
      })}
    </span>
  </div>`;
}
