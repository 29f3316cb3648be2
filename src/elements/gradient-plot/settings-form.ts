// What the random networks are made of: sliders that the plot follows while they are dragged.

import type { TemplateResult } from 'lit';
import { measured, presets, rangeNames, ranges, type RangeName } from './settings.js';
import type { PlotHost, PlotView } from './view.js';

/** Which cell a setting is about; the others are there for all of them. */
const onlyOf: Partial<Record<RangeName, 'lstm' | 'gru'>> = {
  forgetBias: 'lstm',
  updateBias: 'gru',
};

export class SettingsForm {
  /** @param drag told when a slider begins and ends to be dragged. */
  constructor(
    private readonly host: PlotHost,
    private readonly drag: (dragging: boolean) => void,
  ) {}

  render(view: PlotView): TemplateResult {
    const { strings, cells } = view;
    const { html } = view.templates;
    const shown = rangeNames.filter((name) => {
      const cell = onlyOf[name];
      return !cell || cells.includes(cell);
    });
    return html`<section
      class="settings"
      part="settings"
      role="group"
      aria-label=${strings.settings}
    >
      <div class="sliders">${shown.map((name) => this.slider(view, name))} ${this.seed(view)}</div>
      <p class="presets">
        <span class="label">${strings.tryThis}</span>
        ${(Object.keys(presets) as (keyof typeof presets)[]).map(
          (name) =>
            html`<button
              type="button"
              class="plain"
              part="preset"
              @click=${() => {
                this.host.choose({ ...measured, ...presets[name] });
              }}
            >
              ${strings.presets[name]}
            </button>`,
        )}
      </p>
    </section>`;
  }

  private slider(
    { templates, strings, settings, numbers }: PlotView,
    name: RangeName,
  ): TemplateResult {
    const { html } = templates;
    const { slider } = ranges[name];
    const value = settings[name];
    const set = (event: Event): void => {
      // `change` comes once it is let go: then everything is computed exactly
      this.drag(event.type === 'input');
      this.host.choose({ [name]: Number((event.target as HTMLInputElement).value) });
    };
    // (dragged there and back, there is no `change`)
    const end = (): void => {
      this.drag(false);
      this.host.requestUpdate();
    };
    return html`<label class="setting">
      <span class="label">${strings.setting[name]}</span>
      <span class="amount">${numbers.plain(value).replace('-', '−')}</span>
      <input
        type="range"
        part="setting"
        name=${name}
        min=${Math.min(slider[0], value)}
        max=${Math.max(slider[1], value)}
        step=${slider[2]}
        .value=${String(value)}
        @input=${set}
        @change=${set}
        @pointerup=${end}
        @pointercancel=${end}
        @blur=${end}
      />
    </label>`;
  }

  private seed({ templates, strings, settings }: PlotView): TemplateResult {
    const { html } = templates;
    return html`<div class="setting">
      <span class="label">${strings.setting.seed}</span>
      <span class="amount">${settings.seed}</span>
      <button
        type="button"
        class="plain"
        part="seed"
        @click=${() => {
          this.host.choose({ seed: settings.seed + 1 });
        }}
      >
        ${strings.newSeed}
      </button>
    </div>`;
  }
}
