// <gradient-plot>: the class. What it reads and follows; the plot itself loads on demand.

import {
  css,
  html,
  nothing,
  svg,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { loadKernel, type CellType, type Intervention } from '../../engine/index.js';
import { RnnReadyEvent, type ErrorDetail } from '../../events.js';
import { describeModel } from '../../model/describe.js';
import { englishFollowing } from '../../model/following-strings.js';
import type { Reading } from '../../model/reading.js';
import { ReadingSession, sameConfig, type SessionConfig } from '../../model/session.js';
import { backButton, nextButton } from '../../ui/buttons.js';
import { FollowingElement } from '../../ui/following-element.js';
import { figureStyles } from '../../ui/figure-styles.js';
import { addStyles } from '../../ui/part-styles.js';
import { problemText } from '../../ui/problems.js';
import { sentence, sentenceStyles } from '../../ui/sentence.js';
import { tokens as designTokens } from '../../ui/tokens.js';
import { unscripted } from '../../ui/unscripted.js';
import type * as Figure from './figure.js';
import type { PlotSettings } from './settings.js';
import { plotControls, type PlotControl } from './view.js';

type Part = typeof Figure;

/**
 * Plots how far gradients get on their way back through a recurrent network: the gain of a nudge of the state, or the
 * gradient of the loss, against the lag, one line a cell, on an absolute logarithmic axis. Computed by backpropagation
 * through the running networks.
 *
 * It follows a `<rnn-visualizer>` on the same page (`for`), reads a text of its own, or takes random networks on random
 * inputs whose weights the reader can scale.
 *
 * @tag gradient-plot
 *
 * @csspart base - The whole figure.
 * @csspart quantity - The group of buttons that choose what is plotted.
 * @csspart quantity-button - One of them.
 * @csspart source - The group of buttons that choose the networks.
 * @csspart source-button - One of them.
 * @csspart narration - The point in words.
 * @csspart chart - A plot.
 * @csspart lag - The slider that points at a lag.
 * @csspart caption - What line and band are.
 * @csspart settings - What random networks are made of.
 * @csspart setting - A slider there.
 * @csspart preset - A button that sets several of them.
 * @csspart seed - The button for another seed.
 * @csspart shares - What each step adds to the gradient of the weights.
 * @csspart clip - The switch of clipping.
 * @csspart clip-at - The slider with its limit.
 * @csspart problem - A message about what could not be done.
 * @csspart intervention - What is held or skipped.
 * @csspart release - A button that undoes one or all of it.
 * @csspart words - The sentence.
 * @csspart word - A word of the sentence.
 * @csspart word-past - A word that has been read.
 * @csspart word-now - The word from which the gradient goes back.
 * @csspart word-future - A word that waits.
 * @csspart transport - The bar with the stepping controls.
 * @csspart back - The Back button.
 * @csspart next - The Next word button.
 * @csspart model - Which weights are running.
 * @csspart disclosure - A disclosure below.
 * @csspart disclosure-facts - The one with three things that are easily confused.
 * @csspart disclosure-check - The one with checked derivatives.
 * @csspart disclosure-table - The one with all numbers.
 * @csspart facts - The table of three things that are easily confused.
 * @csspart check - The table of checked derivatives.
 * @csspart check-cell - A button that chooses the cell that is checked.
 * @csspart check-again - The button that draws other entries.
 * @csspart table - The table of all numbers.
 * @csspart csv - The button that downloads them.
 *
 * @cssprop --rnn-surface - Background of parts that cover others (default: the page's Canvas).
 * @cssprop --rnn-ink - Text.
 * @cssprop --rnn-quiet - Labels and axes.
 * @cssprop --rnn-faint - Words not read yet.
 * @cssprop --rnn-rule - Hairlines.
 * @cssprop --rnn-now - Accent of what is pointed at.
 * @cssprop --rnn-memory - The mark below the word that is pointed at.
 * @cssprop --rnn-cell-rnn - Line of the simple RNN.
 * @cssprop --rnn-cell-lstm - Line of the LSTM.
 * @cssprop --rnn-cell-gru - Line of the GRU.
 * @cssprop --rnn-button - Background of the Next word button.
 * @cssprop --rnn-button-text - Text of the Next word button.
 * @cssprop --rnn-focus - Focus rings.
 */
export class GradientPlot extends FollowingElement<PlotControl> {
  static override styles = [
    designTokens,
    figureStyles,
    sentenceStyles,
    css`
      .room {
        display: grid;
        grid-template-columns: 100%;
      }

      .room > * {
        grid-area: 1 / 1;
      }

      .room .base {
        align-self: start;
      }
    `,
    unscripted,
  ];
  static override properties: PropertyDeclarations = {
    compare: {},
    quantity: {},
    source: {},
    recurrentScale: { type: Number, attribute: 'recurrent-scale' },
    inputScale: { type: Number, attribute: 'input-scale' },
    updateBias: { type: Number, attribute: 'update-bias' },
    length: { type: Number },
    controls: {},
    chosen: { state: true },
    figure: { state: true },
    unavailable: { state: true },
  };

  /**
   * One cell, in place of the three of `compare`.
   * @type {'feedforward' | 'rnn' | 'lstm' | 'gru'}
   */
  override cell = '';

  /**
   * Whether WebAssembly may be used, while a slider is dragged. A page whose policy forbids it reports one refused try;
   * with `off` there is none.
   * @type {'auto' | 'off'}
   */
  override accelerate = 'auto';

  /**
   * What is plotted: the gain of a nudge of the state, or the gradient of the loss of the next word.
   * @type {'state' | 'loss'}
   */
  quantity = 'state';

  /**
   * Which networks: those that read the text, or random ones on random inputs.
   * @type {'text' | 'random'}
   */
  source = 'text';

  /** Units of untrained networks, 1 to 256; with `source="random"` 1 to 64. */
  override hiddenSize = 32;

  /**
   * Bias of the forget gate (LSTM) and the update gate (GRU) of untrained networks, −10 to 10; with `source="random"` of
   * the forget gate alone.
   */
  override forgetBias = 3;

  /** Random networks: factor on the recurrent blocks, which is their spectral radius, 0 to 10. */
  recurrentScale = 1;

  /** Random networks: factor on the input weights, 0 to 10. */
  inputScale = 1;

  /** Random networks: bias of the GRU's update gate, −10 to 10. */
  updateBias = 3;

  /** Random networks: how many steps, 2 to 300. */
  length = 100;

  /**
   * Which controls are there, separated by spaces: quantity source words back next lag settings facts check table; or
   * `all`, or `none`.
   * @type {'all' | 'none' | string}
   */
  controls = 'all';

  private compared: string | null = null;
  /** What the reader chose in place of the attributes. */
  private chosen: Partial<PlotSettings> = {};
  private figure: InstanceType<Part['GradientFigure']> | null = null;
  private resolved: ReturnType<Part['resolveSettings']> | null = null;
  private resolveSettings: Part['resolveSettings'] | null = null;
  /** Why the plot could not be loaded. */
  private unavailable: string | null = null;
  /** Reads in the cells that the followed element does not run. */
  private readonly companion = new ReadingSession();
  private companionConfig: SessionConfig | null = null;
  private companionInterventions: readonly Intervention[] = [];
  private leave: (() => void) | undefined;
  private readText: string | null = null;
  private opened = false;

  constructor() {
    super();
    // a plot has something to show once everything is read
    this.step = Infinity;
  }

  /**
   * The cells that are plotted, separated by spaces.
   * @type {'rnn lstm gru' | string | null}
   * @default 'rnn lstm gru'
   */
  get compare(): string | null {
    return this.compared ?? (this.cell ? null : 'rnn lstm gru');
  }
  set compare(value: string | null) {
    this.compared = value;
  }

  protected override get controlNames(): readonly PlotControl[] {
    return plotControls;
  }

  /** With random networks there is no text to be read. */
  protected override get standsAlone(): boolean {
    return super.standsAlone && this.shownSource !== 'random';
  }

  private get shownSource(): string {
    // (asked for before the fields of this class are there)
    return (this.chosen as typeof this.chosen | undefined)?.source ?? this.source;
  }

  protected override authorChose({ text }: SessionConfig): void {
    const { readText } = this;
    this.readText = text;
    if (readText !== null && readText !== text && !this.hasAttribute('step')) this.step = Infinity;
  }

  // ---- life of the element ----------------------------------------------------------------------------------------

  override connectedCallback(): void {
    super.connectedCallback();
    this.leave = this.companion.subscribe(() => {
      this.requestUpdate();
    });
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leave?.();
    this.figure?.stop();
  }

  /** Loads the plot. */
  private open(): void {
    this.opened = true;
    const fail = (reason: unknown): void => {
      this.unavailable = reason instanceof Error ? reason.message : String(reason);
    };
    import('./figure.js')
      .then(({ GradientFigure, figureCss, resolveSettings }) => {
        addStyles(this, figureCss);
        this.resolveSettings = resolveSettings;
        this.figure = new GradientFigure({
          templates: { html, svg, nothing },
          loadKernel: () => loadKernel(),
          requestUpdate: () => {
            this.requestUpdate();
          },
          choose: (change) => {
            this.chosen = { ...this.chosen, ...change };
          },
          fail: () => {
            this.failed = true;
          },
        });
      })
      .catch(fail);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.asleep && !this.opened) this.open();
    const kept = Object.entries(this.chosen).filter(([name]) => !changed.has(name));
    if (kept.length < Object.keys(this.chosen).length) this.chosen = Object.fromEntries(kept);
    super.willUpdate(changed);
    const { figure, options, resolveSettings } = this;
    // what was taken off the page computes nothing; it is asked again when it is back
    if (!figure || !resolveSettings || !this.isConnected) return;
    const { quantity, source, recurrentScale, inputScale, updateBias, length } = this;
    const { forgetBias, hiddenSize, seed } = options;
    const author = { quantity, source, recurrentScale, inputScale, updateBias, length };
    const resolved = resolveSettings(
      { ...author, forgetBias, hiddenSize, seed, ...this.chosen },
      this.strings,
    );
    this.resolved = resolved;
    this.guard(() => {
      const readings = this.allReadings();
      figure.update({
        settings: resolved.settings,
        cells: options.cells,
        state: this.snapshot,
        readings,
        accelerate: options.accelerate,
        width: this.width.value,
        em: this.width.em,
        labels: this.strings,
        numbers: this.numbers,
        controls: options.controls,
        voice: this.voice,
      });
    });
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { figure } = this;
    if (!figure) return;
    const base = this.renderRoot.querySelector<HTMLElement>('.base');
    if (base) figure.align(base);
    if (!this.ready && this.resolved?.settings.source === 'random') {
      this.ready = true;
      this.dispatchEvent(new RnnReadyEvent({ cells: this.options.cells, kind: 'random' }));
    }
  }

  protected override problems(): ErrorDetail[] {
    const found = super.problems();
    for (const message of this.resolved?.problems ?? []) {
      found.push({ code: 'bad-attribute', message });
    }
    if (this.unavailable !== null) {
      const message = englishFollowing.unavailable(this.unavailable);
      found.push({ code: 'figure-load-failed', message });
    }
    return found;
  }

  // ---- what reads -------------------------------------------------------------------------------------------------

  /** What reads the sentence, also in those of the wanted cells that the followed element does not run. */
  private allReadings(): ReadonlyMap<CellType, Reading> {
    const { kind, loading, readings, step, interventions } = this.snapshot;
    const { config } = this.session;
    const { companion } = this;
    const missing = this.options.cells.filter((cell) => !readings.has(cell));
    const shared = kind === 'story' || kind === 'random';
    if (this.standsAlone || !shared || loading || !config || missing.length === 0) return readings;
    const wanted = { ...config, cells: missing, model: kind, accelerate: false };
    if (!sameConfig(this.companionConfig, wanted)) {
      this.companionConfig = wanted;
      companion.configure(wanted).catch(() => {
        // these cells are not shown then
      });
    }
    if (companion.state.kind !== kind || companion.state.loading) return readings;
    if (this.companionInterventions !== interventions) {
      this.companionInterventions = interventions;
      companion.intervene(interventions);
    }
    if (companion.state.step !== step) companion.seek(step);
    return new Map([...readings, ...companion.state.readings]);
  }

  // ---- what is seen -----------------------------------------------------------------------------------------------

  protected override draw(): TemplateResult {
    const { figure, snapshot, strings, options } = this;
    const { controls } = options;
    const { tokens, kind } = snapshot;
    const reads = this.shownSource !== 'random';
    return html`<div
      class="base"
      part="base"
      role="group"
      aria-label=${figure?.label ?? nothing}
      @keydown=${reads ? this.sentenceKey : nothing}
      @focusin=${this.hear}
      @focusout=${this.hear}
    >
      ${this.room(
        this.roomAbove(),
        figure?.render() ??
          html`<p class="quiet">
            ${this.unavailable === null ? englishFollowing.waiting : nothing}
          </p>`,
      )}
      <div role="status">${problemText(this.problems().map(({ message }) => message))}</div>
      ${reads ? this.badge() : nothing}
      ${reads && controls.has('words') && tokens.length > 0 ? this.words() : nothing}
      ${reads ? this.transport() : nothing} ${this.room(this.roomBelow(), figure?.more())}
      ${
        this.standsAlone
          ? html`<p class="label" part="model">
              ${kind ? describeModel(snapshot, options.model, options, strings, this.numbers) : '\u00a0'}
            </p>`
          : nothing
      }
    </div>`;
  }

  /** Keeps room for what is on its way, so that nothing moves when it is there. */
  private room(height: number, content: unknown): TemplateResult {
    return html`<div class="room">
      <svg width="1" height=${height} aria-hidden="true"></svg>
      <div class="base">${content}</div>
    </div>`;
  }

  /** What the plot needs, with its words in a usual font; rather too much than too little. */
  private roomAbove(): number {
    const { controls } = this.options;
    const { value: width, em } = this.width;
    const random = this.shownSource === 'random';
    const lines = (length: number, least: number): number =>
      Math.max(least, Math.ceil((length * em) / width));
    const choices = ['quantity', 'source'].filter((each) => controls.has(each as PlotControl));
    const rows =
      choices.length && (choices.length > 1 && width < 630 ? 2 : 1) + (width < 340 ? 1 : 0);
    const narration = 25.2 * lines(random ? 1700 : 1078, 2);
    const chart = width < 520 * em ? 270 : 320;
    const caption = 16.25 * lines(2036, 3);
    const settings = [300, 430, 460, 620, 1100, Infinity].findIndex((to) => width < to * em);
    return (
      Math.max(0, 36 * rows - 4) +
      (narration + chart + caption) * em +
      42 +
      (controls.has('lag') ? 38 : 0) +
      (random && controls.has('settings') ? [431, 268, 242, 188, 134, 79][settings] * em + 14 : 0)
    );
  }

  private roomBelow(): number {
    const { controls } = this.options;
    const more = ['facts', 'check', 'table'].filter((each) => controls.has(each as PlotControl));
    return Math.max(0, more.length * (43 + 4 * this.width.em) - 14);
  }

  private words(): TemplateResult {
    const [reading] = this.snapshot.readings.values();
    const marked = this.figure?.markedWord;
    return sentence({
      ...this.sentenceView(reading),
      note: (word) => (word === marked ? { look: 'marked' } : {}),
      keep: this.figure?.pointing ? (marked ?? null) : null,
    });
  }

  private transport(): TemplateResult | typeof nothing {
    const { step } = this.snapshot;
    const { controls } = this.options;
    const stepping = { state: this.snapshot, strings: this.strings, rtl: this.rtl };
    const move = (to: number) => () => {
      this.seekHere(to);
    };
    return controls.has('back') || controls.has('next')
      ? html`<div class="transport" part="transport">
          <div class="stepping">
            ${controls.has('back') ? backButton(stepping, move(step - 1)) : nothing}
            ${controls.has('next') ? nextButton(stepping, move(step + 1)) : nothing}
          </div>
        </div>`
      : nothing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gradient-plot': GradientPlot;
  }
}
