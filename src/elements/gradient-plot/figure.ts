// The plot itself, loaded on demand: what is computed and pointed at, and all that is seen of it.

import type { TemplateResult } from 'lit';
import type { Kernel } from '../../engine/index.js';
import { isolate } from '../../model/describe.js';
import { maximumLag } from '../../model/gradients/curves.js';
import { limitsOf } from '../../model/gradients/facts.js';
import { randomRun, runOfReading, type GradientRun } from '../../model/gradients/run.js';
import { englishPlot, type PlotStrings } from '../../model/plot-strings.js';
import type { Reading } from '../../model/reading.js';
import { amount } from '../../ui/amount.js';
import { disclosure } from '../../ui/disclosure.js';
import { Calculation } from './calculation.js';
import { CheckPanel } from './check-panel.js';
import { area, chart, domainOf, isNarrow, type Line } from './drawing.js';
import { FactsPanel } from './facts-panel.js';
import { SettingsForm } from './settings-form.js';
import { resolveSettings } from './settings.js';
import { SharesPanel } from './shares-panel.js';
import { figureCss } from './styles.js';
import { numbersTable } from './table.js';
import { type PlotHost, type PlotInput, type PlotView } from './view.js';

export { figureCss, resolveSettings };

/** Below this power of ten nothing is drawn: no difference that small means anything to a learning network. */
const lowest = -16;

export class GradientFigure {
  private readonly strings: PlotStrings = englishPlot;
  private readonly calculation: Calculation;
  private readonly form: SettingsForm;
  private readonly check: CheckPanel;
  private readonly facts: FactsPanel;
  private readonly shares: SharesPanel;
  private readonly runs = new WeakMap<Reading, GradientRun>();
  private readonly randomRuns = new Map<string, GradientRun>();
  private view: PlotView | null = null;
  /** The lag that the reader points at; null: that of the followed word. */
  private pointed: number | null = null;
  /** The step at which the reader last pointed: who points at lags hears of them from the slider. */
  private pointedAt = -1;
  private domain: readonly [number, number] = [-4, 1];
  private dragging = false;
  /** The last caption: while something is dragged it stays, or what is dragged would move. */
  private captioned = '';
  /** For the same reason: the tallest that the narration has been, in pixels. */
  private tall = 0;
  private kernel: Kernel | null = null;
  private asked = false;
  private readonly open = new Set<string>();

  constructor(private readonly host: PlotHost) {
    this.calculation = new Calculation(host.requestUpdate, host.fail);
    this.form = new SettingsForm(host, (dragging) => {
      this.dragging = dragging;
    });
    this.check = new CheckPanel(host.requestUpdate);
    this.facts = new FactsPanel(host.requestUpdate);
    this.shares = new SharesPanel(host.requestUpdate);
  }

  /** Leaves what is being computed. */
  stop(): void {
    this.calculation.stop();
    this.dragging = false;
    this.check.stop();
    this.facts.stop();
  }

  /** What the figure is called. */
  get label(): string {
    return this.strings.label[this.view?.settings.quantity ?? 'state'];
  }

  /** Whether the reader points at a lag: then its word has to be in sight. */
  get pointing(): boolean {
    return this.pointed !== null;
  }

  /** Index of the word that is pointed at; null if there is none. */
  get markedWord(): number | null {
    const { view } = this;
    return view && view.settings.source === 'text' && view.t >= 0 ? view.t - view.lag : null;
  }

  /** Brings runs and results up to the input; to be called before `render`. */
  update(input: PlotInput): void {
    const random = input.settings.source === 'random';
    const t = random ? input.settings.length - 1 : input.state.step - 1;
    const runs = t < 0 ? [] : random ? this.randomOnes(input) : this.readOnes(input, t);
    const { quantity } = input.settings;
    if (this.dragging && input.accelerate) this.speedUp();
    const draft = this.dragging;
    const kernel = draft ? this.kernel : null;
    if (runs.length > 0) this.calculation.want({ runs, t, quantity, draft, kernel });
    else this.calculation.stop();
    const { result, current } = this.calculation;
    const lag = Math.max(0, Math.min(this.pointed ?? this.defaultLag(input, t), t, maximumLag));
    this.view = {
      ...input,
      templates: this.host.templates,
      strings: this.strings,
      runs,
      t,
      result: runs.length > 0 ? current : null,
      drawn: runs.length > 0 && result?.wanted.quantity === quantity ? result : null,
      lag,
      unit: random ? 'steps' : input.state.mode,
      where: '',
      amount: (value) => amount(value, input.labels.language),
      point: this.point,
    };
    this.view = { ...this.view, where: this.whereOf(this.view) };
  }

  private defaultLag({ settings, state }: PlotInput, t: number): number {
    if (settings.source === 'random') return 20;
    return state.follow >= 0 && state.follow <= t ? t - state.follow : Math.min(20, t);
  }

  private readOnes({ cells, readings }: PlotInput, t: number): GradientRun[] {
    return cells.flatMap((cell) => {
      const reading = readings.get(cell);
      if (!reading || reading.length <= t) return [];
      let run = this.runs.get(reading);
      if (!run) {
        run = runOfReading(reading);
        this.runs.set(reading, run);
      }
      return [run];
    });
  }

  private randomOnes({ cells, settings }: PlotInput): GradientRun[] {
    return cells.map((cell) => {
      const { seed, hiddenSize, length, recurrentScale, inputScale } = settings;
      // what a cell has no gate for does not change it
      const forgetBias = cell === 'lstm' ? settings.forgetBias : 0;
      const updateBias = cell === 'gru' ? settings.updateBias : 0;
      const options = {
        seed,
        hiddenSize,
        length,
        recurrentScale,
        inputScale,
        forgetBias,
        updateBias,
      };
      const key = `${cell}/${Object.values(options).join('/')}`;
      let run = this.randomRuns.get(key);
      if (!run) {
        // a dragged slider must not pile up networks
        if (this.randomRuns.size > 16) this.randomRuns.clear();
        run = randomRun(cell, options);
        this.randomRuns.set(key, run);
      }
      return run;
    });
  }

  /** Loads the fast kernel, once, when something is first dragged. */
  private speedUp(): void {
    if (this.asked) return;
    this.asked = true;
    this.host
      .loadKernel()
      .then((kernel) => {
        this.kernel = kernel;
      })
      .catch(() => {
        // no memory for it: the reference goes on
      });
  }

  private whereOf({ unit, lag, numbers, runs, t }: PlotView): string {
    const back = this.strings.back(lag, numbers.whole(lag), unit);
    const word = runs[0]?.words[t - lag];
    return word === undefined ? back : this.strings.backAt(back, isolate(word));
  }

  private readonly point = (lag: number): void => {
    if (this.pointed === lag) return;
    this.pointed = lag;
    this.pointedAt = this.view?.t ?? -1;
    this.host.requestUpdate();
  };

  // ---- what is seen -----------------------------------------------------------------------------------------------

  /** Everything above the sentence: what is shown, the plot, and the point in words. */
  render(): TemplateResult {
    const { view } = this;
    const { html, nothing } = this.host.templates;
    if (!view) return html``;
    const { settings, controls, strings, t } = view;
    const { quantity, source } = settings;
    const hint = this.hint(view);
    return html`
      <div class="choices">
        ${
          controls.has('quantity')
            ? this.segments('quantity', strings.quantities, strings.quantity, quantity, (each) => {
                this.host.choose({ quantity: each });
              })
            : nothing
        }
        ${
          controls.has('source')
            ? this.segments('source', strings.sources, strings.source, source, (each) => {
                this.pointed = null;
                this.host.choose({ source: each });
              })
            : nothing
        }
      </div>
      <p class="narration" part="narration" aria-live=${this.pointedAt === t ? 'off' : view.voice}>
        ${hint ?? [this.sentence(view), ...this.limits(view)].join(' ')}
      </p>
      <div class="plot">${this.plot(view)}</div>
      ${controls.has('lag') && t > 0 && !hint ? this.slider(view) : nothing}
      ${
        view.drawn && !hint
          ? html`<p class="quiet caption" part="caption">
              <span>${this.caption(view)}</span>
              ${
                // as long as it will be: what stands below must not move when the band is there
                view.result?.complete
                  ? nothing
                  : html`<span class="later" aria-hidden="true"
                      >${this.explained(view, true)}</span
                    >`
              }
            </p>`
          : nothing
      }
      ${source === 'random' && controls.has('settings') ? this.form.render(view) : nothing}
      ${quantity === 'loss' && view.drawn && !hint ? this.shares.render(view) : nothing}
    `;
  }

  /** What can be opened below. */
  more(): TemplateResult {
    const { view } = this;
    const { html, nothing } = this.host.templates;
    if (!view?.drawn || this.hint(view)) return html``;
    const { controls, strings } = view;
    const parts: readonly (readonly ['facts' | 'check' | 'table', string, () => unknown])[] = [
      ['facts', strings.three, () => this.facts.render(view)],
      ['check', strings.check, () => this.check.render(view)],
      ['table', strings.table, () => numbersTable(view)],
    ];
    return html`${parts.map(([name, title, content]) =>
      controls.has(name)
        ? disclosure(
            this.host.templates,
            title,
            name,
            this.open.has(name),
            (open) => {
              if (open) this.open.add(name);
              else this.open.delete(name);
              this.host.requestUpdate();
            },
            content,
          )
        : nothing,
    )}`;
  }

  /** Why there is nothing to plot; null if there is. */
  private hint({ settings, state, labels, runs, t, result }: PlotView): string | null {
    const { strings } = this;
    if (t < 0) return state.tokens.length > 0 ? strings.notRead : labels.narration.empty;
    if (runs.length === 0) return '';
    if (settings.quantity === 'loss') {
      if (runs.every(({ network }) => network === null)) return strings.noLoss;
      if (result && result.lines.size === 0) return strings.noLossYet;
    }
    return null;
  }

  private segments<T extends string>(
    name: string,
    label: string,
    choices: Readonly<Record<T, string>>,
    chosen: T,
    choose: (choice: T) => void,
  ): TemplateResult {
    const { html } = this.host.templates;
    return html`<div class="segments" part=${name} role="group" aria-label=${label}>
      ${(Object.entries(choices) as [T, string][]).map(
        ([choice, text]) =>
          html`<button
            type="button"
            part=${`${name}-button`}
            aria-pressed=${choice === chosen}
            @click=${() => {
              choose(choice);
            }}
          >
            ${text}
          </button>`,
      )}
    </div>`;
  }

  /** The point in words: what is left at this lag, cell by cell. */
  private sentence({ result, lag, settings, strings, labels, where, amount }: PlotView): string {
    const amounts = [...(result?.lines ?? [])].map(([cell, { values, coarse }]) => {
      const value = values[lag] ?? NaN;
      // an estimate says that it is one
      const about = coarse ? '≈ ' : '';
      return [value === 0 ? strings.nothing : about + amount(value), labels.theCell[cell]] as const;
    });
    if (amounts.length === 0) return '';
    if (settings.quantity === 'state') return strings.point.state(where, amounts);
    const shares = [...(result?.lines.values() ?? [])].map(({ values }) =>
      amount((values[lag] ?? NaN) / values[0]),
    );
    return strings.point.loss(where, amounts, shares);
  }

  /** Where lines leave what a network could learn from. */
  private limits({ result, settings, strings, labels, numbers, unit }: PlotView): string[] {
    if (settings.quantity === 'loss') return [];
    return [...(result?.lines ?? [])].flatMap(([cell, line]) => {
      const { vanishedAt, explodedAt } = limitsOf(line);
      const name = labels.theCell[cell];
      return [
        ...(vanishedAt === null
          ? []
          : [strings.vanished(name, vanishedAt, numbers.whole(vanishedAt), unit)]),
        ...(explodedAt === null
          ? []
          : [strings.exploded(name, explodedAt, numbers.whole(explodedAt), unit)]),
      ];
    });
  }

  private lines({ drawn, strings, width, em }: PlotView): Line[] {
    const narrow = isNarrow(width, em);
    return [...(drawn?.lines ?? [])].map(([cell, { values, gatePath }]) => ({
      cell,
      name: strings.cell[cell],
      values,
      band: drawn?.bands.get(cell) ?? null,
      thin: gatePath && { values: gatePath, name: narrow ? strings.pathShort : strings.path },
    }));
  }

  private plot(view: PlotView): TemplateResult {
    const { settings, strings, width, em, lag, t, where } = view;
    const { quantity } = settings;
    const lines = this.hint(view) === null ? this.lines(view) : [];
    const [low, high] = domainOf(lines, lowest);
    // an axis that moved with every pixel of a drag would hide what the drag does
    this.domain = this.dragging
      ? [Math.min(low, this.domain[0]), Math.max(high, this.domain[1])]
      : [low, high];
    return chart(view.templates, {
      name: 'gains',
      width,
      em,
      height: (isNarrow(width, em) ? 270 : 320) * em,
      lines,
      stale: view.drawn !== view.result && !this.dragging,
      longest: Math.min(Math.max(0, t), maximumLag),
      domain: this.domain,
      reference:
        quantity === 'state'
          ? { vanishing: strings.vanishing, exploding: strings.exploding }
          : null,
      title: strings.axis[quantity],
      formula: strings.formula[quantity],
      lagAxis: strings.lagAxis(view.unit),
      label: strings.drawing(strings.label[quantity], where),
      lag,
      point: this.point,
    });
  }

  /** Puts the slider under the lags of the plot; to be called after drawing. */
  align(base: HTMLElement): void {
    const { view } = this;
    if (!view) return;
    const { left, right } = area({ ...view, height: 0 });
    base.style.setProperty('--_from', `${left}px`);
    base.style.setProperty('--_to', `${view.width - right}px`);
    const narration = base.querySelector<HTMLElement>('.narration');
    this.tall = this.dragging ? Math.max(this.tall, narration?.offsetHeight ?? 0) : 0;
    base.style.setProperty('--_tall', `${this.tall}px`);
  }

  private slider(view: PlotView): TemplateResult {
    const { html } = this.host.templates;
    const { t, lag, strings } = view;
    // the lags run from left to right on every page, as above
    return html`<label class="lag" dir="ltr">
      <span class="hidden">${strings.lag}</span>
      <input
        type="range"
        part="lag"
        min="0"
        max=${Math.min(t, maximumLag)}
        step="1"
        .value=${String(lag)}
        aria-valuetext=${this.sentence(view)}
        @input=${(event: Event) => {
          this.point(Number((event.target as HTMLInputElement).value));
        }}
      />
    </label>`;
  }

  /** What line and band are, which loss, and what is missing. */
  private caption(view: PlotView): string {
    if (!this.dragging) this.captioned = this.explained(view);
    return this.captioned;
  }

  private explained(view: PlotView, complete = false): string {
    const { result, settings, strings, numbers, labels, runs, t } = view;
    const random = settings.source === 'random';
    const lines = [...(result?.lines.values() ?? [])];
    const losses = lines.flatMap(({ cell, loss }) => (loss ? [{ cell, ...loss }] : []));
    const word = runs[0]?.words[t];
    const said = [
      strings.line(word === undefined ? numbers.whole(t + 1) : `“${isolate(word)}”`, random),
    ];
    const [band] = result?.bands.values() ?? [];
    if (band) {
      const all = band.steps === band.available;
      said.push(strings.band(numbers.whole(band.steps), all, view.unit));
    } else if (complete) said.push(strings.band(numbers.whole(t + 1), true, view.unit));
    else said.push(result?.complete ? strings.noBand : strings.computing);
    if (losses.length > 0) {
      const targets = losses.map(
        ({ cell, value, target }) =>
          [isolate(target.word), labels.theCell[cell], view.amount(value)] as const,
      );
      said.push(strings.loss(targets, losses[0].target.read));
    }
    if (
      complete ? runs.some(({ cell }) => cell === 'lstm') : lines.some(({ gatePath }) => gatePath)
    )
      said.push(strings.pathText);
    if (t > maximumLag) said.push(strings.longest(numbers.whole(maximumLag)));
    return said.join(' ');
  }
}
