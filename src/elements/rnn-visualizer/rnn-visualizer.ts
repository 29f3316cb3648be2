// <rnn-visualizer>: the class. Attributes in, session in the middle, drawings and events out.

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { keyed } from 'lit/directives/keyed.js';
import { parameterCount, type CellType, type Trace } from '../../engine/index.js';
import { NumberWriter, narrate, suggest } from '../../model/describe.js';
import type { Reading } from '../../model/reading.js';
import {
  ReadingSession,
  sameConfig,
  storyShare,
  type SessionConfig,
  type SessionState,
} from '../../model/session.js';
import { english, type Strings } from '../../model/strings.js';
import { tokenize } from '../../model/tokenizer.js';
import {
  RnnCellChangeEvent,
  RnnCompleteEvent,
  RnnErrorEvent,
  RnnFollowChangeEvent,
  RnnModelChangeEvent,
  RnnPauseEvent,
  RnnPlayEvent,
  RnnReadyEvent,
  RnnStepEvent,
  RnnTextChangeEvent,
  type ErrorDetail,
  type StepTrigger,
} from '../../events.js';
import { inherited } from '../../ui/language.js';
import { Player } from '../../ui/player.js';
import { tokens as designTokens, valueScale } from '../../ui/tokens.js';
import { Width } from '../../ui/width.js';
import { columns, legend, predictsBeside, rowCount, typeScale } from './columns.js';
import {
  cellSwitch,
  examplesOf,
  modelControls,
  problemText,
  textControls,
  transport,
  type ControlPanel,
} from './controls.js';
import { computedDetails, tableDetails } from './details.js';
import { resolveOptions, type Options } from './options.js';
import { problemsOf } from './problems.js';
import { nextPanel, rowMeasures, rows, rowsAtMost } from './rows.js';
import { Sight } from './sight.js';
import { styles } from './styles.js';
import { expectsWords, readingsOf, shownWords, type Inspected, type View } from './view.js';

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
 * @slot - The sentence, as plain text; also what is seen without JavaScript.
 * @slot examples - `<li>` items with sentences to try instead of the built-in ones; `data-follow` names the word to follow.
 *
 * @fires {RnnReadyEvent} rnn-ready - The weights are there and the element can be stepped; once.
 * @fires {RnnStepEvent} rnn-step - The reader or auto play went to another word.
 * @fires {RnnCellChangeEvent} rnn-cell-change - The reader chose other cells.
 * @fires {RnnFollowChangeEvent} rnn-follow-change - The reader follows another word.
 * @fires {RnnModelChangeEvent} rnn-model-change - Other weights run since the reader changed them or the text.
 * @fires {RnnTextChangeEvent} rnn-text-change - The reader typed another sentence or chose an example.
 * @fires {RnnPlayEvent} rnn-play - Auto play started.
 * @fires {RnnPauseEvent} rnn-pause - Auto play stopped.
 * @fires {RnnCompleteEvent} rnn-complete - The last word was read; once per text.
 * @fires {RnnErrorEvent} rnn-error - Something could not be done; the element shows the same message.
 *
 * @csspart base - The whole figure.
 * @csspart cells - The group of cell buttons.
 * @csspart cell-button - One of them.
 * @csspart narration - The sentence that tells what happened.
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
export class RnnVisualizer extends LitElement {
  static override styles = [designTokens, valueScale, styles];

  /** The sentence. Without it, the element's text content; without that, a default sentence. */
  @property() text: string | null = null;

  /**
   * The cell that reads; in a network of your own, the file decides.
   * @type {'feedforward' | 'rnn' | 'lstm' | 'gru'}
   */
  @property() cell = 'rnn';

  /** Cells stepped side by side in lock-step, separated by spaces; overrides `cell`. */
  @property() compare = '';

  /**
   * Milliseconds between two words of auto play, 100 to 60000.
   * @type {number}
   * @default 1200
   */
  @property({ type: Number }) interval = 1200;

  /** Starts auto play when the element is ready and in view; not under reduced motion. */
  @property({ type: Boolean }) autoplay = false;

  /**
   * Which weights run: `story` (trained), `random` (untrained), `auto` (story when it knows two thirds of the words), or
   * the address of a safetensors file with a network of your own, which then decides about the cell (docs/own-network.md).
   * @type {'auto' | 'story' | 'random' | string}
   */
  @property() model = 'auto';

  /** Units of untrained networks, 1 to 256. */
  @property({ type: Number, attribute: 'hidden-size' }) hiddenSize = 32;

  /** Seed of untrained networks: equal seeds give equal networks everywhere. */
  @property({ type: Number }) seed = 1;

  /** Bias of the forget gate (LSTM) and the update gate (GRU) of untrained networks, −10 to 10. */
  @property({ type: Number, attribute: 'forget-bias' }) forgetBias = 3;

  /**
   * Words as columns, as rows, or whichever fits the width.
   * @type {'auto' | 'columns' | 'rows'}
   */
  @property() layout = 'auto';

  /**
   * Which controls are there, separated by spaces: cells text examples back next play speed reset scrubber model details
   * table; or `all`, or `none`.
   */
  @property() controls = 'all';

  /** The reader can step, but not change sentence, cells or weights. */
  @property({ type: Boolean }) readonly = false;

  /**
   * Light, dark, or as the page's `color-scheme` says.
   * @type {'auto' | 'light' | 'dark'}
   */
  @property({ reflect: true, useDefault: true }) theme = 'auto';

  /**
   * What one step reads. Characters are read by untrained networks, or by one of your own that knows them.
   * @type {'words' | 'characters'}
   */
  @property() tokens = 'words';

  /**
   * Whether heavy work may use WebAssembly: the memories of texts of 500 words or more. A page whose policy forbids it
   * reports one refused try; with `off` there is none. The last digit of these memories may differ.
   * @type {'auto' | 'off'}
   */
  @property() accelerate = 'auto';

  @state() private snapshot: SessionState;
  @state() private readerText: string | null = null;
  @state() private inspected: Inspected | null = null;
  @state() private gatesShown: boolean | null = null;
  @state() private barFocus: number | null = null;
  @state() private offset = 0;
  @state() private detailsOpen = false;
  @state() private tableOpen = false;
  @state() private failure: string | null = null;

  private readonly session = new ReadingSession();
  private readonly strings: Strings = english;
  private readonly numbers = new NumberWriter(this.strings.language);
  private readonly width = new Width(this);
  private readonly player = new Player(
    this,
    () => this.advance('autoplay'),
    () => this.options.interval,
    () => this.dispatchEvent(new RnnPauseEvent()),
  );
  private options: Options = this.resolve();
  private wantedStep: number | null = null;
  private wantedFollow: number | null = null;
  private childText = '';
  private childObserver: MutationObserver | undefined;
  private viewport: IntersectionObserver | undefined;
  private unsubscribe: (() => void) | undefined;
  private typing: ReturnType<typeof setTimeout> | undefined;
  private configured: SessionConfig | null = null;
  private authorCells: readonly CellType[] = [];
  private typed: string | null = null;
  private ready = false;
  private autoplayed = false;
  private completed = false;
  private readonly reported = new Set<string>();
  private byReader = false;
  private drawnStep = 0;
  private drawnLayout = '';
  private filling: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.snapshot = this.session.state;
  }

  /**
   * Words read so far: 0 (nothing yet) to the number of words. Setting it moves there without an event.
   * @default 0
   */
  @property({ type: Number })
  get step(): number {
    return this.wantedStep ?? this.session.state.step;
  }
  set step(value: number) {
    this.wantedStep = value;
  }

  /**
   * Index of the word (from 0) whose memory is followed. The first word if not set.
   * @default 0
   */
  @property({ type: Number })
  get follow(): number {
    return this.wantedFollow ?? this.session.state.follow;
  }
  set follow(value: number) {
    this.wantedFollow = value;
  }

  /** What the first running cell did so far, as an immutable trace; null while its weights load. */
  get trace(): Trace | null {
    return this.traceFor(this.session.state.cells[0]);
  }

  /** What one of the running cells did so far; null if it does not run or its weights are loading. */
  traceFor(cell: CellType): Trace | null {
    const reading = this.session.state.readings.get(cell);
    return reading ? reading.trace : null;
  }

  /** Reads the next word. */
  next(): void {
    this.seek(this.step + 1);
  }

  /** Goes one word back. */
  previous(): void {
    this.seek(this.step - 1);
  }

  /** Starts auto play. */
  play(): void {
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

  /**
   * Goes to the state after `step` words, clamped to the text.
   * @param step words read, from 0.
   */
  seek(step: number): void {
    this.wantedStep = step;
    this.requestUpdate();
    // with another text or other weights on their way, the step is meant for those
    if (!this.stale()) this.place();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unsubscribe = this.session.subscribe(() => {
      this.snapshot = this.session.state;
    });
    this.snapshot = this.session.state;
    this.childObserver = new MutationObserver(() => {
      this.readChildren();
      this.requestUpdate(); // the examples are children, too
    });
    this.childObserver.observe(this, { childList: true, characterData: true, subtree: true });
    this.readChildren();
    if (typeof IntersectionObserver !== 'undefined') {
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
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
    this.childObserver?.disconnect();
    this.viewport?.disconnect();
    clearTimeout(this.filling);
    this.flushTyping();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text')) this.readerText = null;
    this.options = this.resolve();
    this.guard(() => {
      this.configure();
    });
    this.place();
  }

  /** A drawing that fails leaves the last good one; the page learns of it by `rnn-error` only. */
  protected override performUpdate(): void {
    try {
      super.performUpdate();
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      this.reportProblems();
    }
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
      '--_rows': rowCount(cells, this.showsGates()),
      '--_lanes': Math.max(1, cells.length),
      '--_word': `${rowSizes.word}px`,
      '--_strip': `${rowSizes.strip}px`,
    };
    for (const [name, value] of Object.entries(measures)) {
      base?.style.setProperty(name, String(value));
    }
    this.reportProblems();
    this.followStep(sight);
    this.fillMemory(sight);
    if (changed.has('autoplay')) this.autoplayOnce();
  }

  protected override render(): TemplateResult {
    const sight = this.sight();
    const view = this.view(sight);
    const panel = this.panel();
    const { strings, options } = this;
    const { asRows, column } = sight;
    // networks that expect nothing have nothing to show below the lanes either
    const below = asRows || (expectsWords(view.state) && !predictsBeside(view.width, view.state));
    const words = shownWords(view);
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
      class=${classMap({
        base: true,
        narrow: this.width.value < 560,
        tiny: this.width.value < 330,
        several: view.state.cells.length > 1,
      })}
      part="base"
      role="group"
      aria-label=${strings.label}
      @keydown=${this.onKey}
    >
      ${cellSwitch(view, panel)}
      ${
        // while it plays, a screen reader could never finish a sentence; the last one is said when it stops
        keyed(
          this.player.playing,
          html`<div
            class="narration"
            part="narration"
            role="status"
            aria-live=${this.player.playing ? 'off' : 'polite'}
          >
            ${narrate(view.state, strings, this.numbers, options.controls.has('next'))}
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
            ${problemText(this.problems().map(({ message }) => message))}
          </div>`,
        )
      }
      <div class="stage">
        ${asRows ? rows(view) : columns(view, column, this.showsGates())} ${legend(view, asRows)}
        ${below ? nextPanel(view, asRows, asRows && this.showsGates()) : nothing}
      </div>
      ${transport(view, panel)} ${textControls(view, panel)} ${modelControls(view, panel)}
      ${
        options.controls.has('details')
          ? computedDetails(view, this.detailsOpen, (open) => {
              this.detailsOpen = open;
            })
          : nothing
      }
      ${
        options.controls.has('table')
          ? tableDetails(view, this.tableOpen, (open) => {
              this.tableOpen = open;
            })
          : nothing
      }
    </div>`;
  }

  // ---- options and text -------------------------------------------------------------------------------------------

  private resolve(): Options {
    return resolveOptions(
      {
        cell: this.cell,
        compare: this.compare,
        model: this.model,
        hiddenSize: this.hiddenSize,
        seed: this.seed,
        forgetBias: this.forgetBias,
        interval: this.interval,
        layout: this.layout,
        controls: this.controls,
        theme: this.theme,
        tokens: this.tokens,
        accelerate: this.accelerate,
      },
      this.strings,
    );
  }

  /** The text that is read, and the word worth following if it is the default sentence. */
  private currentText(): string {
    return this.readerText ?? this.text ?? (this.childText || this.strings.defaultText);
  }

  private readChildren(): void {
    const text = [...this.childNodes]
      .filter((node) => !(node instanceof Element && node.hasAttribute('slot')))
      .map((node) => (node.nodeType === Node.COMMENT_NODE ? '' : (node.textContent ?? '')))
      .join('')
      .replace(/\s+/g, ' ')
      .trim();
    if (text === this.childText) return;
    this.childText = text;
    this.readerText = null;
    this.requestUpdate();
  }

  private config(): SessionConfig {
    const { cells, model, seed, hiddenSize, forgetBias, tokens, accelerate } = this.options;
    return {
      text: this.currentText(),
      mode: tokens,
      locale: inherited(this, 'lang'),
      cells,
      model,
      seed,
      hiddenSize,
      forgetBias,
      accelerate,
    };
  }

  /** Whether attributes or properties were changed since the session got its configuration. */
  private stale(): boolean {
    this.options = this.resolve();
    return !sameConfig(this.configured, this.config());
  }

  /** Hands a changed configuration to the session. */
  private configure(): void {
    const config = this.config();
    const { text, model } = config;
    const byReader = this.byReader;
    this.byReader = false;
    if (sameConfig(this.configured, config)) return;
    const newText = this.configured?.text !== text;
    if (!byReader) this.authorCells = config.cells;
    this.configured = config;
    this.failure = null;
    const before = this.session.state.kind;
    if (newText) {
      this.completed = false;
      if (!byReader) {
        this.wantedFollow ??= this.hasAttribute('follow')
          ? Number(this.getAttribute('follow'))
          : text === this.strings.defaultText
            ? this.strings.defaultFollow
            : null;
      }
    }
    this.session
      .configure(config)
      .then(() => {
        this.settled(byReader && before !== this.session.state.kind, model);
      })
      .catch((error: unknown) => {
        this.failure = String(error);
      });
    this.snapshot = this.session.state;
  }

  /** Tells the page that weights are there: the first ones, or others because of the reader. */
  private settled(changed: boolean, model: string): void {
    const { kind, loading, cells } = this.session.state;
    if (loading || !kind) return;
    if (!this.ready) {
      this.ready = true;
      this.dispatchEvent(new RnnReadyEvent({ cells, kind }));
      this.autoplayOnce();
    } else if (changed) {
      this.dispatchEvent(new RnnModelChangeEvent({ model, kind }));
    }
  }

  /** Applies a step or a followed word that was asked for before there was a text to apply it to. */
  private place(): void {
    const { tokens, loading, kind } = this.session.state;
    // while other weights load, the old text is still there
    if (tokens.length === 0 || (loading && kind !== null)) return;
    const { wantedStep, wantedFollow } = this;
    this.wantedStep = null;
    this.wantedFollow = null;
    this.guard(() => {
      if (wantedFollow !== null) this.session.follow(wantedFollow);
      if (wantedStep !== null) this.session.seek(wantedStep);
    });
    this.snapshot = this.session.state;
  }

  // ---- what the reader does ---------------------------------------------------------------------------------------

  /** Moves and tells the page. @returns whether there is more to read. */
  private go(step: number, trigger: StepTrigger): boolean {
    const before = this.session.state.step;
    this.guard(() => {
      this.session.seek(step);
    });
    const { step: now, tokens, cells } = this.session.state;
    if (now !== before) {
      this.dispatchEvent(
        new RnnStepEvent({
          index: now - 1,
          step: now,
          total: tokens.length,
          word: tokens[now - 1]?.text ?? '',
          cells,
          trigger,
        }),
      );
      if (now === tokens.length && !this.completed) {
        this.completed = true;
        this.dispatchEvent(new RnnCompleteEvent({ total: tokens.length, cells }));
      }
    }
    return now !== before && now < tokens.length;
  }

  private advance(trigger: StepTrigger): boolean {
    return this.go(this.session.state.step + 1, trigger);
  }

  private stop(): void {
    if (this.player.stop()) this.dispatchEvent(new RnnPauseEvent());
  }

  private readonly userSeek = (step: number): void => {
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
    this.guard(() => {
      this.session.follow(word);
    });
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
        total: tokenize(text, this.options.tokens, inherited(this, 'lang')).length,
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
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as Element;
    if (target.matches('textarea, select, input, summary, .table-scroll')) return;
    const forward = this.rtl() ? 'ArrowLeft' : 'ArrowRight';
    const backward = this.rtl() ? 'ArrowRight' : 'ArrowLeft';
    const { step, tokens } = this.session.state;
    const { asRows } = this.sight();
    const targets: Record<string, number> = {
      [forward]: step + 1,
      [backward]: step - 1,
      ...(asRows && { ArrowDown: step + 1, ArrowUp: step - 1 }),
      Home: 0,
      End: tokens.length,
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    event.stopPropagation();
    this.userSeek(targets[event.key]);
    if (target.matches('.word')) void this.focusOn('.word[tabindex="0"]');
  };

  /** Moves the keyboard focus once everything is drawn; what is repeated at the edge is passed over. */
  private async focusOn(selector: string): Promise<void> {
    while (!(await this.updateComplete)); // bringing a word into view asks for one more update
    [...this.renderRoot.querySelectorAll<HTMLElement>(selector)]
      .find((each) => !each.closest('.pin, .pinned'))
      ?.focus();
  }

  private readonly onBarKey = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowRight: this.rtl() ? -1 : 1,
      ArrowLeft: this.rtl() ? 1 : -1,
      ArrowDown: 1,
      ArrowUp: -1,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.currentTarget as HTMLElement;
    const { from, to } = this.sight();
    const word = Number(button.dataset['word']) + moves[event.key];
    if (word < from || word >= to) return;
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
    const wanted = this.barFocus ?? state.follow;
    return {
      state,
      strings: this.strings,
      numbers: this.numbers,
      width: this.width.value,
      em: this.width.em,
      rtl: this.rtl(),
      locale: inherited(this, 'lang'),
      from,
      to,
      followedOutOfSight,
      inspected: this.inspected,
      barFocus: wanted >= from && wanted < to ? wanted : from,
      seek: this.userSeek,
      follow: (word) => {
        this.userFollow(word);
      },
      inspect: (inspected) => {
        const before = this.inspected;
        const same =
          before?.cell === inspected?.cell &&
          before?.word === inspected?.word &&
          before?.unit === inspected?.unit;
        if (!same) this.inspected = inspected;
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
      interval: this.options.interval,
      text: this.currentText(),
      examples: examplesOf(this, this.strings),
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
      toggle: () => {
        this.togglePlay();
      },
      reset: () => {
        this.userSeek(0);
      },
      setInterval: (milliseconds) => {
        this.interval = milliseconds;
      },
      setCells: (cells) => {
        this.userCells(cells);
      },
      setGates: (shown) => {
        this.gatesShown = shown;
      },
      setText: (text) => {
        clearTimeout(this.typing);
        this.typed = text;
        const pause = Math.min(600, typingPause + text.length / 40);
        this.typing = setTimeout(() => {
          this.flushTyping();
        }, pause);
      },
      setExample: (index) => {
        this.flushTyping();
        const { text, follow } = examplesOf(this, this.strings)[index];
        this.userText(text, follow);
        this.wantedStep = 0;
      },
      setModel: (kind) => {
        this.byReader = true;
        // what `auto` would choose is `auto` again, so that another sentence can choose anew
        const automatic = this.session.state.known >= storyShare ? 'story' : 'random';
        this.model = kind === automatic ? 'auto' : kind;
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
    const first = this.snapshot.tokens.find(({ mark }) => !mark);
    return (
      first !== undefined &&
      /^[^\p{L}]*[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}]/u.test(first.text)
    );
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

  // ---- problems ---------------------------------------------------------------------------------------------------

  private problems(): ErrorDetail[] {
    return problemsOf(
      this.options.problems,
      this.snapshot,
      this.failure,
      this.strings,
      this.numbers,
    );
  }

  /** One event for each problem that was not there at the last update. */
  private reportProblems(): void {
    const found = this.problems();
    const keys = new Set(found.map(({ code, message }) => code + message));
    for (const { code, message } of found) {
      if (this.reported.has(code + message)) continue;
      this.dispatchEvent(new RnnErrorEvent({ code, message }));
    }
    this.reported.clear();
    keys.forEach((key) => this.reported.add(key));
  }

  /** Whatever goes wrong inside must not reach the host page. */
  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
  }
}

function reducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

declare global {
  interface HTMLElementTagNameMap {
    'rnn-visualizer': RnnVisualizer;
  }
}
