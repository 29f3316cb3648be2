// What every element is that reads a text: attributes in, a session in the middle, events out. Subclasses draw.

import { html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { CellType, Intervention } from '../engine/index.js';
import { NumberWriter } from '../model/describe.js';
import type { SentenceModel } from '../model/sentence-model.js';
import {
  ReadingSession,
  sameConfig,
  type SessionConfig,
  type SessionState,
} from '../model/session.js';
import { english, type Strings } from '../model/strings.js';
import {
  RnnCompleteEvent,
  RnnErrorEvent,
  RnnGateReleaseEvent,
  RnnModelChangeEvent,
  RnnReadyEvent,
  RnnStepEvent,
  type ErrorDetail,
  type StepTrigger,
} from '../events.js';
import { interventionBadge } from './intervention-badge.js';
import { resolveOptions, type Options } from './options.js';
import { problemsOf } from './problems.js';
import { RnnElement } from './rnn-element.js';

/**
 * @slot - The sentence, as plain text; also what is seen without JavaScript.
 *
 * @fires {RnnReadyEvent} rnn-ready - The weights are there and the element can be stepped; once.
 * @fires {RnnStepEvent} rnn-step - The reader or auto play went to another word.
 * @fires {RnnModelChangeEvent} rnn-model-change - Other weights run since the reader changed them or the text.
 * @fires {RnnCompleteEvent} rnn-complete - The last word was read; once per text.
 * @fires {RnnGateReleaseEvent} rnn-gate-release - The reader undid one or all interventions.
 * @fires {RnnErrorEvent} rnn-error - Something could not be done; the element shows the same message.
 */
export abstract class ReadingElement<Control extends string = never> extends RnnElement {
  static override properties: PropertyDeclarations = {
    text: {},
    cell: {},
    model: {},
    hiddenSize: { type: Number, attribute: 'hidden-size' },
    seed: { type: Number },
    forgetBias: { type: Number, attribute: 'forget-bias' },
    tokens: {},
    accelerate: {},
    step: { type: Number },
    follow: { type: Number },
    snapshot: { state: true },
    readerText: { state: true },
    failed: { state: true },
  };

  /** The sentence. Without it, the element's text content; without that, a default sentence. */
  text: string | null = null;

  /**
   * The cell that reads; in a network of your own, the file decides.
   * @type {'feedforward' | 'rnn' | 'lstm' | 'gru'}
   */
  cell = 'rnn';

  /**
   * Which weights run: `story` (trained), `random` (untrained), `auto` (story when it knows two thirds of the words), or
   * the address of a safetensors file with a network of your own, which then decides about the cell (docs/own-network.md).
   * @type {'auto' | 'story' | 'random' | string}
   */
  model = 'auto';

  /** Units of untrained networks, 1 to 256. */
  hiddenSize = 32;

  /** Seed of untrained networks: equal seeds give equal networks everywhere. */
  seed = 1;

  /** Bias of the forget gate (LSTM) and the update gate (GRU) of untrained networks, −10 to 10. */
  forgetBias = 3;

  /**
   * What one step reads. Characters are read by untrained networks, or by one of your own that knows them.
   * @type {'words' | 'characters'}
   */
  tokens = 'words';

  /**
   * Whether heavy work may use WebAssembly: the memories of texts of 500 words or more. A page whose policy forbids it
   * reports one refused try; with `off` there is none. The last digit of these memories may differ.
   * @type {'auto' | 'off'}
   */
  accelerate = 'auto';

  protected readonly strings: Strings = english;
  protected readonly numbers = new NumberWriter(this.strings.language);
  /** What the session has come to, as of the latest change. */
  protected snapshot: SessionState;
  protected options: Options<Control>;
  /** What a reader typed: it is read until the author puts another text in its place. */
  protected readerText: string | null = null;
  /** Whether the next change of the configuration is the reader's doing. */
  protected byReader = false;
  /** Whether `rnn-ready` was sent. */
  protected ready = false;
  private current = new ReadingSession();
  /** Whether something went wrong inside. */
  protected failed = false;
  private wantedStep: number | null = null;
  /** The word that is to be followed once there is a text. */
  protected wantedFollow: number | null = null;
  private childText = '';
  private childObserver: MutationObserver | undefined;
  private unsubscribe: (() => void) | undefined;
  private configured: SessionConfig | null = null;
  /** Whether the session reads what was configured, or only shows it. */
  private reads = false;
  private completed = false;
  private reported = new Set<string>();

  constructor() {
    super();
    this.snapshot = this.session.state;
    this.options = this.resolve();
  }

  /**
   * Words read so far: 0 (nothing yet) to the number of words. Setting it moves there without an event.
   * @type {number}
   * @default 0
   */
  get step(): number {
    return this.wantedStep ?? this.session.state.step;
  }
  set step(value: number) {
    this.wantedStep = value;
  }

  /**
   * Index of the word (from 0) whose memory is followed; the first one if not set. −1 while there are no words.
   * @type {number}
   * @default 0
   */
  get follow(): number {
    return this.wantedFollow ?? this.session.state.follow;
  }
  set follow(value: number) {
    this.wantedFollow = value;
  }

  /**
   * Goes to the state after `step` words, clamped to the text.
   * @param step words read, from 0.
   */
  seek(step: number): void {
    this.wantedStep = step;
    this.wake();
    this.requestUpdate();
    // with another text or other weights on their way, the step is meant for those
    if (!this.stale()) this.place();
  }

  /** Reads the next word. */
  next(): void {
    this.seek(this.step + 1);
  }

  /** Goes one word back. */
  previous(): void {
    this.seek(this.step - 1);
  }

  // ---- for subclasses, and for elements that follow this one ------------------------------------------------------

  /**
   * What this element shows; other elements may show it, too.
   * @internal
   */
  get session(): ReadingSession {
    return this.current;
  }

  /**
   * Goes where the reader went in an element that follows this one.
   * @internal
   */
  linkedSeek(step: number): void {
    this.wake();
    this.go(step, 'linked');
  }

  /**
   * Runs, for the reader, networks that were trained on the page; null: what `model` says again.
   * @internal
   */
  linkedModels(models: ReadonlyMap<CellType, SentenceModel> | null): void {
    this.wake();
    this.await(this.session.adopt(models), () => true, models ? 'trained' : this.options.model);
  }

  /** The parts of the element that its attribute `controls` can name, if it has one. */
  protected get controlNames(): readonly Control[] {
    return [];
  }

  /** Whether the element reads its own text. One that does not leaves its session to whom it belongs. */
  protected get standsAlone(): boolean {
    return true;
  }

  /** Shows another session: that of the element it follows from now on, or a new one to stand alone again. */
  protected use(session: ReadingSession): void {
    if (session === this.current) return;
    this.current = session;
    this.configured = null;
    this.failed = false;
    if (this.isConnected) this.subscribe();
    else this.snapshot = session.state;
  }

  /** Called before the session gets a configuration that is not the reader's doing. */
  protected authorChose?(config: SessionConfig): void;

  /** Called after `rnn-ready`. */
  protected started?(): void;

  // ---- life of the element ----------------------------------------------------------------------------------------

  override connectedCallback(): void {
    super.connectedCallback();
    this.subscribe();
    this.childObserver = new MutationObserver(() => {
      this.readChildren();
      this.requestUpdate(); // some children are no text, but shown all the same
    });
    this.childObserver.observe(this, { childList: true, characterData: true, subtree: true });
    if (!this.served) this.readChildren();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
    this.childObserver?.disconnect();
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    this.readChildren();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('text')) this.readerText = null;
    this.options = this.resolve();
    this.guard(() => this.configure());
    this.place();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.reportProblems();
  }

  protected override broke(): void {
    this.failed = true;
    this.reportProblems();
  }

  private subscribe(): void {
    const { session } = this;
    const take = (): void => {
      this.snapshot = session.state;
    };
    this.unsubscribe?.();
    this.unsubscribe = session.subscribe(take);
    take();
  }

  protected override render(): TemplateResult {
    // a server does not know the children: they are seen as they are, and read later
    return this.served && this.text === null && this.standsAlone
      ? html`<div class="unread" part="base"><slot>${this.strings.defaultText}</slot></div>`
      : this.draw();
  }

  /** Draws the figure. */
  protected abstract draw(): TemplateResult;

  // ---- options and text -------------------------------------------------------------------------------------------

  private resolve(): Options<Control> {
    return resolveOptions(this, this.controlNames, this.strings);
  }

  /** The text that is read. */
  protected currentText(): string {
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
      locale: this.locale,
      cells,
      model,
      seed,
      hiddenSize,
      forgetBias,
      accelerate,
    };
  }

  /** Whether attributes or properties were changed since the session got its configuration. */
  protected stale(): boolean {
    this.options = this.resolve();
    return this.asleep || !this.reads || !sameConfig(this.configured, this.config());
  }

  /** Hands a changed configuration to the session. */
  private configure(): void {
    if (!this.standsAlone) return;
    const config = this.config();
    const { byReader, configured, session } = this;
    const reads = !this.asleep;
    this.byReader = false;
    if (sameConfig(configured, config) && reads === this.reads) return;
    const newText = configured?.text !== config.text;
    if (newText) this.completed = false;
    if (!byReader) {
      this.authorChose?.(config);
      if (newText) this.wantedFollow ??= this.worthFollowing(config.text);
    }
    this.configured = config;
    this.reads = reads;
    this.failed = false;
    if (!reads) {
      session.arrange(config);
      this.snapshot = session.state;
      return;
    }
    const before = session.state.kind;
    this.await(
      session.configure(config),
      () => byReader && before !== session.state.kind,
      config.model,
    );
    this.snapshot = session.state;
  }

  /** @param changed whether the reader's doing has brought other weights; asked when they are there. */
  private await(work: Promise<void>, changed: () => boolean, model: string): void {
    const { session } = this;
    work
      .then(() => {
        if (session === this.session) this.settled(changed(), model);
      })
      .catch(() => {
        this.failed = true;
      });
  }

  /** Tells the page that weights are there: the first ones, or others because of the reader. */
  private settled(changed: boolean, model: string): void {
    const { kind, loading, cells } = this.session.state;
    if (loading || !kind) return;
    if (!this.ready) {
      this.ready = true;
      this.dispatchEvent(new RnnReadyEvent({ cells, kind }));
      this.started?.();
    } else if (changed) {
      this.dispatchEvent(new RnnModelChangeEvent({ model, kind }));
    }
  }

  /** The word to follow in a new text of the author's; null: the first one. */
  private worthFollowing(text: string): number | null {
    if (this.hasAttribute('follow')) return Number(this.getAttribute('follow'));
    return text === this.strings.defaultText ? this.strings.defaultFollow : null;
  }

  /** Applies a step or a followed word that was asked for before there was a text to apply it to. */
  private place(): void {
    const { tokens, loading, readings } = this.session.state;
    // while other weights load, the old text is still there
    if (!this.standsAlone || tokens.length === 0 || (loading && readings.size > 0)) return;
    const { wantedStep, wantedFollow } = this;
    this.wantedStep = null;
    this.wantedFollow = null;
    this.guard(() => {
      if (wantedFollow !== null) this.session.follow(wantedFollow);
      if (wantedStep !== null) this.session.seek(wantedStep);
    });
    this.snapshot = this.session.state;
  }

  /** Moves and tells the page. @returns whether there is more to read. */
  protected go(
    step: number,
    trigger: StepTrigger,
    seek = (): void => {
      this.session.seek(step);
    },
  ): boolean {
    const before = this.session.state.step;
    this.guard(seek);
    const { step: now, tokens, cells } = this.session.state;
    const total = tokens.length;
    if (now !== before) {
      const word = tokens[now - 1]?.text ?? '';
      this.dispatchEvent(
        new RnnStepEvent({ index: now - 1, step: now, total, word, cells, trigger }),
      );
      // the text of another element is completed there
      if (now === total && !this.completed && this.standsAlone) {
        this.completed = true;
        this.dispatchEvent(new RnnCompleteEvent({ total, cells }));
      }
    }
    return now !== before && now < total;
  }

  // ---- interventions ----------------------------------------------------------------------------------------------

  /** Undoes, for the reader, those interventions that are meant. */
  protected undo(meant: (each: Intervention) => boolean): void {
    const { interventions } = this.session.state;
    const left = interventions.filter((each) => !meant(each));
    if (left.length === interventions.length) return;
    const focused = this.shadowRoot?.activeElement;
    this.guard(() => this.session.intervene(left));
    this.dispatchEvent(new RnnGateReleaseEvent({ interventions: left }));
    // the button that was pressed may be gone
    void this.updateComplete.then(() => {
      if (!focused || this.shadowRoot?.activeElement) return;
      this.renderRoot.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
    });
  }

  /** What is held or skipped, and how to undo it. */
  protected badge(): unknown {
    return interventionBadge(this.snapshot, this.strings, this.numbers, (one) => {
      this.undo((each) => !one || each === one);
    });
  }

  // ---- problems ---------------------------------------------------------------------------------------------------

  /** What the element says about what could not be done. */
  protected problems(): ErrorDetail[] {
    return problemsOf(
      this.options.problems,
      // what is wrong with another's session is for that one to say
      this.standsAlone ? this.snapshot : { ...this.snapshot, problem: null },
      this.failed,
      this.strings,
      this.numbers,
    );
  }

  /** One event for each problem that was not there at the last update. */
  private reportProblems(): void {
    const found = this.problems();
    const key = ({ code, message }: ErrorDetail): string => code + message;
    for (const each of found) {
      if (!this.reported.has(key(each))) this.dispatchEvent(new RnnErrorEvent(each));
    }
    this.reported = new Set(found.map(key));
  }

  /** Whatever goes wrong inside must not reach the host page. */
  protected guard(work: () => void): void {
    try {
      work();
    } catch {
      this.failed = true;
    }
  }
}
