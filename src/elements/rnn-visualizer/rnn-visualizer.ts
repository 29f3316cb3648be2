// <rnn-visualizer>: the class. Attributes in, session in the middle, drawings and events out.

import {
  html,
  nothing,
  svg,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { parameterCount, type CellType, type Trace } from '../../engine/index.js';
import { narrate, suggest } from '../../model/describe.js';
import type { Reading } from '../../model/reading.js';
import type { Prediction } from '../../model/sentence-model.js';
import { storyShare, type SessionConfig } from '../../model/session.js';
import { tokenize } from '../../model/tokenizer.js';
import {
  RnnCellChangeEvent,
  RnnFollowChangeEvent,
  RnnPauseEvent,
  RnnPlayEvent,
  RnnTextChangeEvent,
} from '../../events.js';
import { classes } from '../../ui/classes.js';
import { placeOf } from '../../ui/keys.js';
import { startsRightToLeft } from '../../ui/language.js';
import { reducedMotion } from '../../ui/motion.js';
import { disclosure } from '../../ui/disclosure.js';
import { addStyles } from '../../ui/part-styles.js';
import { Player } from '../../ui/player.js';
import { problemText } from '../../ui/problems.js';
import { ReadingElement } from '../../ui/reading-element.js';
import { figureStyles } from '../../ui/figure-styles.js';
import type { Templates } from '../../ui/templates.js';
import { tokens as designTokens, valueScale } from '../../ui/tokens.js';
import { unscripted } from '../../ui/unscripted.js';
import { columns, legend, predictsBeside, typeScale } from './columns.js';
import {
  cellSwitch,
  controlNames,
  examplesOf,
  modelControls,
  textControls,
  transport,
  type ControlName,
  type ControlPanel,
} from './controls.js';
import type * as Details from './details.js';
import { gateRows } from './gates.js';
import { nextPanel, rowMeasures, rows, rowsAtMost } from './rows.js';
import { columnClass, serverStyles } from './server-styles.js';
import { Sight } from './sight.js';
import { styles } from './styles.js';
import { expectsWords, readingsOf, shownWords, type Inspected, type View } from './view.js';

type Disclosed = 'details' | 'table';

const templates: Templates = { html, svg, nothing };
/** Text typed by a reader is read after a pause this long, in milliseconds; longer texts wait longer. */
const typingPause = 120;
/** Cell steps of twins that are done before drawing, and their products; more are done in slices after it. */
const atOnce = { steps: 4000, products: 1e8 };

/**
 * Steps a recurrent network through a sentence, word by word, and shows what is still remembered of each earlier word.
 *
 * The text is the `text` attribute or the element's own text content. Trained networks load as script modules when the
 * element starts; untrained ones need no download.
 *
 * @tag rnn-visualizer
 *
 * @slot examples - `<li>` items with sentences to try instead of the built-in ones; `data-follow` names the word to follow.
 *
 * @fires {RnnCellChangeEvent} rnn-cell-change - The reader chose other cells.
 * @fires {RnnFollowChangeEvent} rnn-follow-change - The reader follows another word.
 * @fires {RnnTextChangeEvent} rnn-text-change - The reader typed another sentence or chose an example.
 * @fires {RnnPlayEvent} rnn-play - Auto play started.
 * @fires {RnnPauseEvent} rnn-pause - Auto play stopped.
 *
 * @csspart base - The whole figure.
 * @csspart cells - The group of cell buttons.
 * @csspart cell-button - One of them.
 * @csspart narration - The sentence that tells what happened.
 * @csspart intervention - What is held or skipped, by an element that follows this one.
 * @csspart release - A button that undoes one or all of it.
 * @csspart problem - A message about what could not be done.
 * @csspart word - A word of the sentence.
 * @csspart word-past - A word that has been read.
 * @csspart word-now - The word that is being read.
 * @csspart word-future - A word that waits.
 * @csspart states - The hidden states of a lane, or the present one below the rows.
 * @csspart highway - The LSTM's cell state.
 * @csspart bar - A memory bar.
 * @csspart bar-followed - The memory bar of the followed word.
 * @csspart predictions - The list of expected words.
 * @csspart transport - The bar with the stepping controls.
 * @csspart back - The Back button.
 * @csspart next - The Next word button.
 * @csspart play - The Auto play button.
 * @csspart scrubber - The position slider.
 * @csspart speed - The speed menu.
 * @csspart reset - The Start again button.
 * @csspart text - The field for the reader's own sentence.
 * @csspart example - A sentence to try.
 * @csspart model - The lines about the weights.
 * @csspart badge - Which weights are running.
 * @csspart model-switch - The button that changes the weights.
 * @csspart forget-bias - The gate bias slider of untrained networks.
 * @csspart disclosure - Both disclosures.
 * @csspart disclosure-details - The one that says how the numbers are computed.
 * @csspart disclosure-table - The one with all numbers.
 * @csspart table - A table of numbers, one for each cell.
 *
 * @cssprop --rnn-surface - Background of parts that cover others (default: the page's Canvas).
 * @cssprop --rnn-ink - Text.
 * @cssprop --rnn-quiet - Labels.
 * @cssprop --rnn-faint - Words not read yet.
 * @cssprop --rnn-rule - Hairlines.
 * @cssprop --rnn-now - Accent of the word that is being read.
 * @cssprop --rnn-memory - Memory bars.
 * @cssprop --rnn-negative - Unit values near −1.
 * @cssprop --rnn-neutral - Unit values near 0.
 * @cssprop --rnn-positive - Unit values near +1.
 * @cssprop --rnn-gate-forget - The forget gate and the cell state.
 * @cssprop --rnn-gate-input - The input gate.
 * @cssprop --rnn-gate-output - The output gate.
 * @cssprop --rnn-gate-update - The update gate.
 * @cssprop --rnn-gate-reset - The reset gate.
 * @cssprop --rnn-button - Background of the Next word button.
 * @cssprop --rnn-button-text - Text of the Next word button.
 * @cssprop --rnn-focus - Focus rings.
 */
export class RnnVisualizer extends ReadingElement<ControlName> {
  static override styles = [
    designTokens,
    valueScale,
    figureStyles,
    styles,
    serverStyles,
    unscripted,
  ];
  static override properties: PropertyDeclarations = {
    compare: {},
    interval: { type: Number },
    autoplay: { type: Boolean },
    layout: {},
    controls: {},
    readonly: { type: Boolean },
    inspected: { state: true },
    gatesShown: { state: true },
    barFocus: { state: true },
    offset: { state: true },
    opened: { state: true },
    details: { state: true },
  };

  /**
   * Cells stepped side by side in lock-step, separated by spaces; overrides `cell`.
   * @type {'rnn lstm gru' | string}
   */
  compare = '';

  /**
   * Milliseconds between two words of auto play, 100 to 60000.
   * @type {number}
   * @default 1200
   */
  interval = 1200;

  /** Starts auto play when the element is ready and in view; not under reduced motion. */
  autoplay = false;

  /**
   * Words as columns, as rows, or whichever fits the width.
   * @type {'auto' | 'columns' | 'rows'}
   */
  layout = 'auto';

  /**
   * Which controls are there, separated by spaces: cells text examples back next play speed reset scrubber model details
   * table; or `all`, or `none`.
   * @type {'all' | 'none' | string}
   */
  controls = 'all';

  /** The reader can step, but not change sentence, cells or weights. */
  readonly = false;

  private inspected: Inspected | null = null;
  private gatesShown: boolean | null = null;
  private barFocus: number | null = null;
  private offset = 0;
  private opened: Readonly<Partial<Record<Disclosed, boolean>>> = {};
  /** What stands in the disclosures, once it has loaded. */
  private details: typeof Details | undefined;
  private fetching: Promise<void> | undefined;
  private readonly player = new Player(
    this,
    () => this.go(this.session.state.step + 1, 'autoplay'),
    () => this.options.interval,
    () => this.dispatchEvent(new RnnPauseEvent()),
  );
  private viewport: IntersectionObserver | undefined;
  private typing: ReturnType<typeof setTimeout> | undefined;
  private authorCells: readonly CellType[] = [];
  private typed: string | null = null;
  private autoplayed = false;
  private drawnStep = 0;
  private drawnLayout = '';
  private filling: ReturnType<typeof setTimeout> | undefined;

  /** What the first running cell did so far, as an immutable trace; null while its weights load. */
  get trace(): Trace | null {
    return this.traceFor(this.session.state.cells[0]);
  }

  /** What one of the running cells did so far; null if it does not run or its weights are loading. */
  traceFor(cell: CellType): Trace | null {
    const reading = this.session.state.readings.get(cell);
    return reading ? reading.trace : null;
  }

  /**
   * The words that one of the running cells expects next, most probable first: up to `count` of them (default: 5). null
   * before the first word, if the cell does not run or its weights are loading, or if its network predicts nothing.
   */
  predictionsFor(cell: CellType, count?: number): readonly Prediction[] | null {
    const { step, readings } = this.session.state;
    return (step && readings.get(cell)?.predictions(step - 1, count)) || null;
  }

  /** Starts auto play. */
  play(): void {
    this.wake();
    const { step, tokens } = this.session.state;
    if (!this.stale() && tokens.length > 0 && step >= tokens.length) this.seek(0);
    this.player.start();
  }

  /** Stops auto play. */
  pause(): void {
    this.player.stop();
  }

  /** Stops auto play and goes back to before the first word. */
  reset(): void {
    this.pause();
    this.seek(0);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.viewport = new IntersectionObserver(
      ([{ intersectionRatio, intersectionRect }]) => {
        // a figure higher than the window never shows a third of itself
        const enough = intersectionRatio >= 0.3 || intersectionRect.height >= innerHeight / 2;
        if (enough) this.autoplayOnce();
      },
      { threshold: [0.05, 0.1, 0.2, 0.3] },
    );
    this.viewport.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.viewport?.disconnect();
    clearTimeout(this.filling);
    this.flushTyping();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { tokens, cells } = this.snapshot;
    const sight = this.sight();
    const rowSizes = rowMeasures(this.width.value, cells.length, tokens, this.width.em);
    const base = this.renderRoot.querySelector<HTMLElement>('.base');
    // set through the CSSOM: a style attribute would be refused by strict pages
    const measures: Record<string, string | number> = {
      '--_column': `${sight.column}px`,
      '--_type': typeScale(sight.column, tokens, this.width.em),
      '--_before': sight.from,
      '--_after': tokens.length - sight.to,
      '--_count': tokens.length,
      '--_shown': Math.min(tokens.length, rowsAtMost),
      '--_word': `${rowSizes.word}px`,
      '--_strip': `${rowSizes.strip}px`,
    };
    for (const [name, value] of Object.entries(measures)) {
      base?.style.setProperty(name, String(value));
    }
    super.updated(changed);
    this.followStep(sight);
    this.fillMemory(sight);
    if (changed.has('autoplay')) this.autoplayOnce();
  }

  protected override draw(): TemplateResult {
    const sight = this.sight();
    const view = this.view(sight);
    const panel = this.panel();
    const { strings, options } = this;
    const { asRows, column } = sight;
    // networks that expect nothing have nothing to show below the lanes either
    const below = asRows || (expectsWords(view.state) && !predictsBeside(view.width, view.state));
    const words = shownWords(view);
    const told = html`${narrate(view.state, strings, this.numbers, options.controls.has('next'))}
    ${
      view.state.tokens.length > 0 && view.state.step === view.state.tokens.length
        ? html`<span class="suggestion"
            >${suggest(view.state, strings, {
              switchCells: options.controls.has('cells') && !this.readonly,
              changeText: options.controls.has('text') && !this.readonly,
            })}</span
          >`
        : nothing
    }
    ${problemText(this.problems().map(({ message }) => message))}`;
    this.guard(() => {
      for (const { step, reading } of readingsOf(view)) {
        // what takes longer is filled in afterwards, but the followed word is part of the sentence above
        const steps = reading.memoryCost(step - 1, words);
        const products = steps * parameterCount(reading.model.cell);
        const cheap = steps <= atOnce.steps && products <= atOnce.products;
        reading.ensureMemory(step - 1, cheap ? words : [view.state.follow]);
      }
    });
    return html`<div
      class=${classes({
        base: true,
        narrow: this.width.value < 560,
        tiny: this.width.value < 330,
        several: view.state.cells.length > 1,
        [columnClass(column)]: this.served,
      })}
      part="base"
      role="group"
      aria-label=${strings.label}
      @keydown=${this.onKey}
    >
      ${cellSwitch(view, panel)}
      ${
        // while it plays, a screen reader could never finish a sentence; the last one is said when it stops: by another
        // element, since one that was silent before it is not listened to
        this.player.playing
          ? html`<div class="narration" part="narration" role="status" aria-live="off">
              ${told}
            </div>`
          : html`<div class="narration" part="narration" role="status" aria-live="polite">
              ${told}
            </div>`
      }
      ${this.badge()}
      <div class="stage">
        ${asRows ? rows(view) : columns(view, column, this.showsGates())} ${legend(view, asRows)}
        ${below ? nextPanel(view, asRows, asRows && this.showsGates()) : nothing}
      </div>
      ${transport(view, panel)} ${textControls(view, panel)} ${modelControls(view, panel)}
      ${this.disclosure('details', (part) => part.definitions(templates, view))}
      ${this.disclosure('table', (part) => part.tables(templates, view, gateRows))}
    </div>`;
  }

  private disclosure(name: Disclosed, content: (part: typeof Details) => unknown): unknown {
    const { opened, details, strings, options } = this;
    if (!options.controls.has(name)) return nothing;
    return disclosure(
      templates,
      strings[name],
      name,
      opened[name] ?? false,
      (open) => {
        this.opened = { ...opened, [name]: open };
        if (open && !details) this.fetching = this.loadDetails();
      },
      () => details && content(details),
    );
  }

  /** If it fails, the disclosures stay empty until one of them is opened again. */
  private async loadDetails(): Promise<void> {
    try {
      const details = await import('./details.js');
      addStyles(this, details.detailsCss);
      this.details = details;
    } catch {
      this.failed = true;
    }
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    await this.fetching;
    return super.getUpdateComplete();
  }

  // ---- what the author asked for ----------------------------------------------------------------------------------

  protected override get controlNames(): readonly ControlName[] {
    return controlNames;
  }

  protected override authorChose({ cells }: SessionConfig): void {
    this.authorCells = cells;
  }

  protected override started(): void {
    this.autoplayOnce();
  }

  /** @internal */
  override linkedSeek(step: number): void {
    this.stop();
    super.linkedSeek(step);
  }

  // ---- what the reader does ---------------------------------------------------------------------------------------

  private stop(): void {
    if (this.player.stop()) this.dispatchEvent(new RnnPauseEvent());
  }

  private readonly userSeek = (step: number): void => {
    this.wake(); // a screen reader presses what is out of sight, too
    this.stop();
    this.go(step, 'user');
  };

  private togglePlay(): void {
    if (this.player.playing) {
      this.stop();
      return;
    }
    if (this.session.state.tokens.length === 0) return;
    if (this.session.state.step >= this.session.state.tokens.length) this.go(0, 'user');
    this.player.start();
    this.dispatchEvent(new RnnPlayEvent());
  }

  private autoplayOnce(): void {
    if (!this.autoplay || !this.ready || this.autoplayed || this.player.playing) return;
    const box = this.getBoundingClientRect();
    if (box.bottom < 0 || box.top > window.innerHeight || box.width === 0) return;
    this.autoplayed = true;
    if (reducedMotion()) return;
    this.player.start();
    this.dispatchEvent(new RnnPlayEvent());
  }

  private userFollow(word: number): void {
    const before = this.session.state.follow;
    this.guard(() => this.session.follow(word));
    const { follow, tokens } = this.session.state;
    this.barFocus = follow;
    if (follow === before) return;
    this.dispatchEvent(new RnnFollowChangeEvent({ index: follow, word: tokens[follow].text }));
  }

  /** Reads what was typed without waiting for the pause. */
  private flushTyping(): void {
    clearTimeout(this.typing);
    const text = this.typed;
    this.typed = null;
    if (text !== null) this.userText(text);
  }

  private userText(text: string, follow: number | null = null): void {
    this.stop();
    this.byReader = true;
    this.readerText = text;
    this.wantedFollow = follow;
    this.requestUpdate();
    this.dispatchEvent(
      new RnnTextChangeEvent({
        text,
        total: tokenize(text, this.options.tokens, this.locale).length,
      }),
    );
  }

  private userCells(cells: readonly CellType[]): void {
    if (cells.join() === this.options.cells.join()) return;
    this.byReader = true;
    if (cells.length === 1) {
      this.compare = '';
      this.cell = cells[0];
    } else {
      this.compare = cells.join(' ');
    }
    this.gatesShown = null;
    this.dispatchEvent(new RnnCellChangeEvent({ cells }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const { step, tokens } = this.session.state;
    const to = placeOf(event, step, tokens.length, this.rtl(), this.sight().asRows);
    if (to === null) return;
    this.userSeek(to);
    if ((event.target as Element).matches('.word')) void this.focusOn('.word[tabindex="0"]');
  };

  /** Moves the keyboard focus once everything is drawn; what is repeated at the edge is passed over. */
  private async focusOn(selector: string): Promise<void> {
    while (!(await this.updateComplete)); // bringing a word into view asks for one more update
    [...this.renderRoot.querySelectorAll<HTMLElement>(selector)]
      .find((each) => !each.closest('.pin, .pinned'))
      ?.focus();
  }

  private readonly onBarKey = (event: KeyboardEvent): void => {
    if (event.key === 'Home' || event.key === 'End') return; // through the sentence, as elsewhere
    const button = event.currentTarget as HTMLElement;
    const word = placeOf(event, Number(button.dataset['word']), 0, this.rtl(), true);
    const { from, to } = this.sight();
    if (word === null || word < from || word >= to) return;
    this.barFocus = word;
    void this.focusOn(`.bar[data-cell="${button.dataset['cell']}"][data-word="${word}"]`);
  };

  // ---- drawing ----------------------------------------------------------------------------------------------------

  private sight(): Sight {
    return new Sight(
      this.snapshot,
      this.width.value,
      this.options.layout,
      this.rtl(),
      this.offset,
      this.width.em,
    );
  }

  private view(sight: Sight): View {
    const { from, to, followedOutOfSight } = sight;
    const state = this.snapshot;
    const { picked, step } = state;
    const wanted = this.barFocus ?? state.follow;
    return {
      state,
      strings: this.strings,
      numbers: this.numbers,
      width: this.width.value,
      em: this.width.em,
      rtl: this.rtl(),
      locale: this.locale,
      from,
      to,
      followedOutOfSight,
      inspected: this.inspected ?? (picked && step > 0 ? { ...picked, word: step - 1 } : null),
      barFocus: wanted >= from && wanted < to ? wanted : from,
      seek: this.userSeek,
      follow: (word) => this.userFollow(word),
      inspect: (inspected, event) => {
        if (inspected && event && event.type !== 'pointermove') this.session.pick(inspected);
        // a pointer that moves within a unit changes nothing
        if (JSON.stringify(inspected) !== JSON.stringify(this.inspected)) {
          this.inspected = inspected;
        }
      },
      scrolled: (event) => {
        this.offset = sight.offsetOf(event.currentTarget as Element);
      },
      barKey: this.onBarKey,
    };
  }

  private panel(): ControlPanel {
    return {
      options: this.options,
      readonly: this.readonly,
      playing: this.player.playing,
      text: this.currentText(),
      examples: this.served ? this.strings.examples : examplesOf(this, this.strings),
      authorCells: this.authorCells,
      gates: this.showsGates(),
      next: () => {
        if (this.session.state.step < this.session.state.tokens.length) {
          this.userSeek(this.session.state.step + 1);
        }
      },
      back: () => {
        if (this.session.state.step > 0) this.userSeek(this.session.state.step - 1);
      },
      play: () => this.togglePlay(),
      reset: () => this.userSeek(0),
      setInterval: (milliseconds) => {
        this.interval = milliseconds;
      },
      setCells: (cells) => this.userCells(cells),
      setGates: (shown) => {
        this.gatesShown = shown;
      },
      setText: (text) => {
        clearTimeout(this.typing);
        this.typed = text;
        const pause = Math.min(600, typingPause + text.length / 40);
        this.typing = setTimeout(() => this.flushTyping(), pause);
      },
      setExample: (index) => {
        this.flushTyping();
        const { text, follow } = examplesOf(this, this.strings)[index];
        this.userText(text, follow);
        this.step = 0;
      },
      setModel: (kind) => {
        const { kind: running, known } = this.session.state;
        const adopted = running === 'trained';
        // what `auto` would choose is `auto` again, so that another sentence can choose anew
        const automatic = known >= storyShare ? 'story' : 'random';
        const model = kind === automatic && !adopted ? 'auto' : kind;
        if (adopted && model === this.options.model) this.linkedModels(null);
        else {
          this.byReader = true;
          this.model = model;
        }
      },
      setForgetBias: (bias) => {
        this.forgetBias = bias;
      },
      setSeed: (seed) => {
        this.seed = seed;
      },
    };
  }

  private rtl(): boolean {
    return startsRightToLeft(this.snapshot.tokens);
  }

  private showsGates(): boolean {
    return this.gatesShown ?? this.snapshot.cells.length === 1;
  }

  /** After a step forward the state moves to its new place; the current word comes into view, also in a new layout. */
  private followStep(sight: Sight): void {
    const { step } = this.snapshot;
    const before = this.drawnStep;
    const layout = `${sight.asRows} ${sight.column}`;
    if (step !== before || layout !== this.drawnLayout) sight.reveal(this.renderRoot, step - 1);
    this.drawnStep = step;
    this.drawnLayout = layout;
    // a box that was drawn anew has not been scrolled, whatever the old one was
    const offset = sight.position(this.renderRoot);
    if (offset !== this.offset) this.offset = offset;
    if (step !== before + 1 || before === 0 || reducedMotion()) return;
    sight.travel(this.renderRoot, Math.min(320, this.options.interval * 0.6));
  }

  /** Computes the memories in sight that are missing yet, in slices that leave the page responsive. */
  private fillMemory(sight: Sight): void {
    clearTimeout(this.filling);
    const { step, readings } = this.snapshot;
    if (step === 0) return;
    const words = shownWords({ from: sight.from, to: sight.to, state: this.snapshot });
    const missing = (): { reading: Reading; word: number } | null => {
      for (const reading of readings.values()) {
        if (reading.length < step) continue;
        const word = words.find((each) => each < step && !reading.knownMemory(step - 1, each));
        if (word !== undefined) return { reading, word };
      }
      return null;
    };
    if (!missing()) return;
    this.filling = setTimeout(() => {
      const end = performance.now() + 12;
      this.guard(() => {
        for (let next = missing(); next && performance.now() < end; next = missing()) {
          next.reading.ensureMemory(step - 1, [next.word]);
        }
      });
      this.requestUpdate();
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rnn-visualizer': RnnVisualizer;
  }
}
