// What a reader operates: cells, stepping, position, own sentence, examples, weights.

import { html, nothing, type TemplateResult } from 'lit';
import type { CellType } from '../../engine/index.js';
import { describeModel } from '../../model/describe.js';
import type { ModelKind } from '../../model/sentence-model.js';
import type { Strings } from '../../model/strings.js';
import { joinTokens } from '../../model/tokenizer.js';
import { actButton, backButton, cellButtons, nextButton } from '../../ui/buttons.js';
import { icon } from '../../ui/icon.js';
import { hasModifier } from '../../ui/keys.js';
import type { Options } from '../../ui/options.js';
import { hasGates } from './gates.js';
import type { View } from './view.js';

/** Parts of the element that its attribute `controls` can name. */
export const controlNames = [
  'cells',
  'text',
  'examples',
  'back',
  'next',
  'play',
  'speed',
  'reset',
  'scrubber',
  'model',
  'details',
  'table',
] as const;

export type ControlName = (typeof controlNames)[number];

/** What the controls show besides the view, and what they call. */
export interface ControlPanel {
  readonly options: Options<ControlName>;
  readonly readonly: boolean;
  readonly playing: boolean;
  readonly text: string;
  readonly examples: readonly { readonly text: string; readonly follow: number | null }[];
  /** The cells that the author chose. */
  readonly authorCells: readonly CellType[];
  readonly gates: boolean;
  readonly next: () => void;
  readonly back: () => void;
  readonly play: () => void;
  readonly reset: () => void;
  readonly setInterval: (milliseconds: number) => void;
  readonly setCells: (cells: readonly CellType[]) => void;
  readonly setGates: (shown: boolean) => void;
  readonly setText: (text: string) => void;
  readonly setExample: (index: number) => void;
  readonly setModel: (kind: 'story' | 'random') => void;
  readonly setForgetBias: (bias: number) => void;
  readonly setSeed: (seed: number) => void;
}

const shows = (panel: ControlPanel, name: ControlName): boolean => panel.options.controls.has(name);

const choices: readonly (readonly CellType[])[] = [
  ['rnn'],
  ['lstm'],
  ['gru'],
  ['rnn', 'lstm', 'gru'],
];

const same = (a: readonly CellType[], b: readonly CellType[]): boolean =>
  a.length === b.length && a.every((cell) => b.includes(cell));

/** The kind of network, one at a time or side by side, and whether its gates are shown. */
export function cellSwitch(view: View, panel: ControlPanel): TemplateResult | typeof nothing {
  const { strings, state } = view;
  const switchable = shows(panel, 'cells') && !panel.readonly && state.kind !== 'file';
  const gated = hasGates(state.cells);
  const toggle = gated && panel.options.controls.size > 0;
  if (!switchable && !toggle) return nothing;
  // what the author chose can always be chosen again
  const own = [panel.authorCells, state.cells].filter(
    (cells, i, all) =>
      cells.length > 0 && ![...choices, ...all.slice(0, i)].some((other) => same(cells, other)),
  );
  return html`<div class="cells">
    ${
      switchable
        ? cellButtons(
            [...own, ...choices].map((cells) => ({
              name: same(cells, choices[3])
                ? strings.compareAll
                : cells.map((cell) => strings.cellName[cell]).join(' | '),
              chosen: same(cells, state.cells),
              choose: () => panel.setCells(cells),
            })),
            strings,
          )
        : nothing
    }
    ${
      toggle
        ? html`<button
            type="button"
            class="plain gates-toggle"
            aria-pressed=${panel.gates}
            @click=${() => panel.setGates(!panel.gates)}
          >
            ${panel.gates ? strings.hideGates : strings.showGates}
          </button>`
        : nothing
    }
  </div>`;
}

/** Stepping: always in reach, also while a long sentence scrolls. */
export function transport(view: View, panel: ControlPanel): TemplateResult | typeof nothing {
  const { state, strings, rtl } = view;
  const total = state.tokens.length;
  const shown = (name: ControlName, button: TemplateResult): TemplateResult | typeof nothing =>
    shows(panel, name) ? button : nothing;
  const stepping = (['back', 'next', 'play'] as const).some((name) => shows(panel, name));
  const rest = (['speed', 'reset'] as const).some((name) => shows(panel, name));
  if (!stepping && !rest && !shows(panel, 'scrubber')) return nothing;
  return html`<div class="transport" part="transport">
    ${
      stepping
        ? html`<div class="stepping">
            ${shown('back', backButton(view, panel.back))}
            ${shown('next', nextButton(view, panel.next))}
            ${shown(
              'play',
              actButton(
                'play',
                total === 0,
                panel.play,
                panel.playing
                  ? [icon('pause', rtl), strings.pause]
                  : [icon('play', rtl), strings.play],
              ),
            )}
          </div>`
        : nothing
    }
    ${shows(panel, 'scrubber') ? scrubber(view) : nothing}
    ${
      rest
        ? html`<div class="secondary">
            ${shows(panel, 'speed') ? speed(view, panel) : nothing}
            ${shown(
              'reset',
              actButton('reset', state.step === 0, panel.reset, strings.reset, 'plain'),
            )}
          </div>`
        : nothing
    }
  </div>`;
}

function scrubber(view: View): TemplateResult {
  const { state, strings } = view;
  const total = state.tokens.length;
  const word = state.tokens[state.step - 1]?.text ?? null;
  return html`<label class="scrubber">
    <span class="hidden">${strings.position}</span>
    <input
      type="range"
      part="scrubber"
      min="0"
      max=${total}
      step="1"
      dir=${view.rtl ? 'rtl' : 'ltr'}
      .value=${String(state.step)}
      aria-valuetext=${strings.positionValue(state.step, total, word)}
      @input=${(event: Event) => view.seek(Number((event.target as HTMLInputElement).value))}
      @keydown=${(event: KeyboardEvent) => {
        // a slider that runs to the left keeps these keys as they were in WebKit
        const onward = { ArrowLeft: 1, ArrowRight: -1 }[event.key];
        if (!view.rtl || !onward || hasModifier(event)) return;
        event.preventDefault();
        view.seek(Math.max(0, Math.min(total, state.step + onward)));
      }}
    />
    <span class="amount" aria-hidden="true">${state.step} / ${total}</span>
  </label>`;
}

const speeds = [2400, 1200, 600, 300];

function speed(view: View, panel: ControlPanel): TemplateResult {
  const { strings, numbers } = view;
  const { interval } = panel.options;
  const offered = [...new Set([...speeds, interval])].sort((a, b) => b - a);
  return html`<label class="speed">
    <span>${strings.speed}</span>
    <select
      part="speed"
      @change=${(event: Event) => panel.setInterval(Number((event.target as HTMLSelectElement).value))}
    >
      ${offered.map(
        (milliseconds) =>
          html`<option value=${milliseconds} ?selected=${milliseconds === interval}>
            ⁨${strings.speedValue(numbers.plain(milliseconds / 1000))}⁩
          </option>`,
      )}
    </select>
  </label>`;
}

/** The reader's own sentence, and sentences worth trying. */
export function textControls(view: View, panel: ControlPanel): TemplateResult | typeof nothing {
  const { strings, state } = view;
  const field = shows(panel, 'text') && !panel.readonly;
  const examples = shows(panel, 'examples') && !panel.readonly && panel.examples.length > 0;
  if (!field && !examples) return nothing;
  const current = joinTokens(state.tokens, state.mode);
  // dir="auto" takes browsers seconds to lay out when somebody pastes a book
  return html`<div class="texts">
    ${
      field
        ? html`<label class="own-text">
            <span class="label">${strings.yourText}</span>
            <textarea
              part="text"
              rows="2"
              spellcheck="false"
              autocomplete="off"
              .value=${panel.text}
              lang=${view.locale || nothing}
              dir=${state.tokens.length === 0 ? nothing : view.rtl ? 'rtl' : 'ltr'}
              aria-description=${strings.yourTextHint}
              @input=${(event: Event) => panel.setText((event.target as HTMLTextAreaElement).value)}
            ></textarea>
          </label>`
        : nothing
    }
    ${
      examples
        ? html`<div class="examples">
            <span class="label">${strings.tryThis}</span>
            <ul>
              ${panel.examples.map(
                ({ text }, index) =>
                  html`<li>
                    <button
                      type="button"
                      class="plain"
                      part="example"
                      aria-pressed=${joined(text) === joined(current)}
                      @click=${() => panel.setExample(index)}
                    >
                      <bdi>${text}</bdi>
                    </button>
                  </li>`,
              )}
            </ul>
          </div>`
        : nothing
    }
  </div>`;
}

const joined = (text: string): string => text.replace(/\s+/g, '');

/** Which weights run, why, and what can be changed about them. */
export function modelControls(view: View, panel: ControlPanel): TemplateResult {
  const { state, strings, numbers } = view;
  const { options } = panel;
  const other: ModelKind = state.kind === 'random' ? 'story' : 'random';
  const changeable = shows(panel, 'model') && !panel.readonly;
  const model = [...state.readings.values()][0]?.model;
  const unknownCount = model ? state.tokens.filter((token) => !model.knows(token)).length : 0;
  const unknownNote = model?.unknownAsZeros ? strings.unknownAsZeros : strings.unknownNote;
  return html`<div class="model" part="model">
    <p>
      <span class="badge" part="badge"
        >${describeModel(state, options.model, options, strings, numbers)}</span
      >
      ${unknownCount > 0 ? unknownNote(unknownCount) : nothing}
      ${
        changeable && state.kind !== null && state.kind !== 'file' && state.mode === 'words'
          ? html`<button
              type="button"
              class="plain"
              part="model-switch"
              @click=${() => panel.setModel(other)}
            >
              ${strings.modelBadge.switchTo[other]}
            </button>`
          : nothing
      }
    </p>
    ${changeable && state.kind === 'random' ? randomControls(view, panel) : nothing}
  </div>`;
}

function randomControls(view: View, panel: ControlPanel): TemplateResult {
  const { strings, numbers, state } = view;
  const { forgetBias, seed } = panel.options;
  const setBias = (event: Event): void => {
    panel.setForgetBias(Number((event.target as HTMLInputElement).value));
  };
  // reading a long text again for every pixel of a drag would block the page
  const live = state.tokens.length <= 300;
  const gated = hasGates(state.cells);
  return html`<div class="random">
    ${
      gated
        ? html`<label>
            <span>${strings.forgetBias}</span>
            <input
              type="range"
              part="forget-bias"
              min="-2"
              max="5"
              step="0.5"
              .value=${String(forgetBias)}
              title=${strings.forgetBiasHint}
              @input=${live ? setBias : nothing}
              @change=${setBias}
            />
            <span class="amount">${numbers.times(forgetBias)}</span>
          </label>`
        : nothing
    }
    <button type="button" class="plain" @click=${() => panel.setSeed(seed + 1)}>
      ${strings.newSeed}
    </button>
  </div>`;
}

/** Sentences that can be tried: the author's own, or those that come with the language. */
export function examplesOf(
  host: Element,
  strings: Strings,
): readonly { readonly text: string; readonly follow: number | null }[] {
  const own = [...host.querySelectorAll('[slot="examples"]')]
    .flatMap((element) => (element.matches('li') ? [element] : [...element.querySelectorAll('li')]))
    .map((item) => ({
      text: item.textContent.trim(),
      follow: item.hasAttribute('data-follow') ? Number(item.getAttribute('data-follow')) : null,
    }))
    .filter(({ text }) => text !== '');
  return own.length > 0 ? own : strings.examples;
}
