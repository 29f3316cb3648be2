// The quiz itself, loaded on demand: what the reader chooses, what comes of it, and all that is seen.

import type { ReactiveController, TemplateResult } from 'lit';
import { RnnAnswerEvent, type ErrorDetail } from '../../events.js';
import { isolate, list, NumberWriter } from '../../model/describe.js';
import { englishFollowing } from '../../model/following-strings.js';
import { englishQuiz } from '../../model/quiz-strings.js';
import { classes } from '../../ui/classes.js';
import { canBeFollowed, Link, type Followed } from '../../ui/link.js';
import type { PartHost } from '../../ui/part-element.js';
import type { QuizElement, QuizPart } from './host.js';
import { judge, type Judgement, type Outcome } from './judgement.js';
import { resolveQuizOptions, type Measurable, type QuizSettings } from './options.js';
import { panelCss } from './panel-styles.js';

export { panelCss };

/** What an element is followed by: the changes of its session, if it has one, and these events. */
const events = [
  'rnn-step',
  'rnn-train-start',
  'rnn-train-progress',
  'rnn-train-complete',
  'rnn-train-stop',
];

/** A memory bar's reach, as in the visualizer: 1 is the imprint. What goes beyond is told by its number. */
const most = 1.4;

interface Option extends Measurable {
  /** A copy of what the author wrote, to be shown. */
  readonly content: HTMLElement;
  readonly marked: boolean;
}

type Target = HTMLElement & Partial<Pick<Followed, 'session' | 'wake'>>;

export class QuizPanel implements QuizPart, ReactiveController {
  attempts = 0;
  private readonly words = englishQuiz;
  private readonly numbers: NumberWriter;
  private readonly link: Link<Target>;
  private readonly observer: MutationObserver;
  private htmlFor: string | null = '';
  private followed: Target | null = null;
  private leave: () => void = () => undefined;
  private options: readonly Option[] = [];
  private settings: QuizSettings | null = null;
  private judgement: Judgement = { wait: '' };
  private chosen: number | null = null;
  /** Whether the reader waits for what was guessed to come out. */
  private waiting = false;
  /** What came out, with the numbers of that moment. */
  private outcome: Outcome | null = null;
  /** What was tried and is not right. */
  private tried: ReadonlySet<number> = new Set();
  private feedback = '';

  constructor(
    private readonly element: QuizElement,
    private readonly host: PartHost,
  ) {
    this.numbers = new NumberWriter(host.strings.language);
    this.observer = new MutationObserver(() => {
      this.read();
    });
    element.addController(this);
    this.link = new Link<Target>(
      element,
      () => element.htmlFor ?? '',
      host.redraw,
      (found) => found.matches(':defined'),
    );
  }

  get answered(): boolean {
    return this.outcome !== null;
  }

  get correct(): boolean {
    return this.outcome?.right.includes(this.chosen ?? -1) ?? false;
  }

  reset(): void {
    this.attempts = 0;
    this.clear();
  }

  problems(): readonly ErrorDetail[] {
    const { settings, judgement, outcome } = this;
    const messages = [...(settings?.problems ?? [])];
    // what has come out stays
    if ('problem' in judgement && !outcome) messages.push(judgement.problem);
    return messages.map((message) => ({ code: 'bad-attribute', message }));
  }

  // ---- the options ------------------------------------------------------------------------------------------------

  hostConnected(): void {
    this.observer.observe(this.element, {
      childList: true,
      characterData: true,
      subtree: true,
      attributes: true,
    });
    this.read();
  }

  hostDisconnected(): void {
    this.observer.disconnect();
  }

  /** Reads the list anew. With other options it is another question. */
  private read(): void {
    const before = this.options.map(({ text }) => text).join('\n');
    const items = this.element.querySelectorAll<HTMLElement>(
      'li:not(:scope li li, :scope [slot], :scope [slot] *)',
    );
    this.options = Array.from(items, (item) => {
      const content = document.createElement('bdi');
      if (item.lang) content.lang = item.lang;
      content.append(...item.cloneNode(true).childNodes);
      return {
        text: (item.textContent ?? '').replace(/\s+/g, ' ').trim(),
        data: item.dataset,
        content,
        marked: 'correct' in item.dataset,
      };
    });
    if (before !== this.options.map(({ text }) => text).join('\n')) this.reset();
    this.host.redraw();
  }

  // ---- what is right ----------------------------------------------------------------------------------------------

  hostUpdate(): void {
    const { element, link, host } = this;
    if (this.htmlFor !== element.htmlFor) {
      this.htmlFor = element.htmlFor;
      link.observe();
    }
    this.follow(link.target);
    this.settings = resolveQuizOptions(element, this.options, host.strings, this.words);
    this.judgement = this.judge(this.settings);
    if (this.waiting && 'right' in this.judgement) this.count(this.judgement);
  }

  private follow(target: Target | null): void {
    if (this.followed === target) return;
    this.leave();
    this.followed = target;
    const { redraw } = this.host;
    const unsubscribe = target?.session?.subscribe(redraw);
    for (const name of events) target?.addEventListener(name, redraw);
    target?.wake?.();
    this.leave = () => {
      unsubscribe?.();
      for (const name of events) target?.removeEventListener(name, redraw);
    };
  }

  /** Whether the answer is to be guessed before it is known. */
  private get guessed(): boolean {
    return this.element.decide !== null || this.settings?.measure !== 'none';
  }

  private judge(settings: QuizSettings): Judgement {
    const { element, host, link, numbers, options, waiting, words } = this;
    const { strings } = host;
    const { decide, htmlFor } = element;
    if (options.length < 2) return { problem: words.problem.fewOptions };
    const { target } = link;
    // whatever can tell of itself may be decided about; only what reads can be measured
    const session = target && canBeFollowed(target) ? target.session : null;
    if (link.lost || (target && !session && !decide)) {
      return { problem: englishFollowing.lost(htmlFor ?? '') };
    }
    if (decide) return waiting ? this.decided(decide) : { wait: '' };
    if (settings.measure === 'none') {
      return this.found([...options.keys()].filter((i) => options[i].marked));
    }
    if (!htmlFor) return { problem: words.problem.noFigure(settings.measure) };
    return session
      ? judge(session, { settings, strings, words, numbers }, waiting)
      : { wait: strings.loading };
  }

  private decided(decide: NonNullable<QuizElement['decide']>): Judgement {
    const { words } = this;
    try {
      const right = decide(this.options.map(({ text }) => text));
      return right ? this.found(right) : { wait: words.undecided };
    } catch (error) {
      return { problem: words.problem.undecidable(String(error)) };
    }
  }

  private found(indices: readonly number[]): Judgement {
    const right = indices.filter((i) => i in this.options);
    return right.length > 0
      ? { right, values: null, amounts: [], measured: '' }
      : { problem: this.words.problem.noneRight };
  }

  /** Counts the answer that the reader has given, which shows what came out if anything has, and tells the page. */
  private count(outcome: Outcome | null): void {
    const { element, words, options, guessed } = this;
    this.waiting = false;
    this.outcome = outcome;
    const { correct, chosen } = this;
    const index = chosen ?? 0;
    const named = outcome?.right.map((i) => `“${isolate(shortened(options[i].text))}”`) ?? [];
    this.feedback = correct
      ? words.isRight
      : guessed
        ? words.answerIs(list(named, this.host.strings))
        : words.isWrong;
    if (!correct) this.tried = new Set(this.tried).add(index);
    const event = new RnnAnswerEvent({
      correct,
      attempts: ++this.attempts,
      choice: options[index].text,
      index,
      values: outcome?.values ?? null,
    });
    // the page finds the answer shown
    this.host.redraw();
    void element.updateComplete.then(() => element.dispatchEvent(event));
  }

  // ---- what the reader does ---------------------------------------------------------------------------------------

  /** Whether nothing can be chosen now. */
  private get locked(): boolean {
    return this.waiting || this.answered;
  }

  private get idle(): boolean {
    return !this.locked && (this.chosen === null || 'problem' in this.judgement);
  }

  private readonly act = (): void => {
    const { chosen, judgement } = this;
    if (this.idle) return;
    if (this.answered) this.clear();
    else if (this.waiting) this.waiting = false;
    else if (this.guessed) this.waiting = true;
    else if ('right' in judgement && chosen !== null) {
      this.count(judgement.right.includes(chosen) ? judgement : null);
    }
    this.host.redraw();
  };

  /** Asks anew; the answers so far count. */
  private clear(): void {
    this.chosen = null;
    this.waiting = false;
    this.outcome = null;
    this.tried = new Set();
    this.feedback = '';
    this.host.redraw();
  }

  private choose(index: number): void {
    this.chosen = index;
    // so that the same words are said again
    this.feedback = '';
    this.host.redraw();
  }

  private readonly key = (event: KeyboardEvent): void => {
    const { key, target } = event;
    if (!(target as Element).matches('input')) return;
    // what is guessed or answered stays; and Enter is nobody else's here
    const uses = this.locked ? /^(Arrow.*| )$/.test(key) : key === 'Enter';
    if (uses) event.preventDefault();
    if (uses && !this.locked) this.act();
  };

  private readonly click = (event: Event): void => {
    if (this.locked && (event.target as Element).matches('input')) event.preventDefault();
  };

  // ---- what is seen -----------------------------------------------------------------------------------------------

  render(): TemplateResult {
    const { element, host, judgement, options, outcome, words, waiting, idle } = this;
    const { html, nothing } = host.templates;
    const act = outcome
      ? words.askAgain
      : waiting
        ? words.chooseAgain
        : this.guessed
          ? words.guess
          : words.check;
    const wait = waiting && 'wait' in judgement ? judgement : null;
    const problems = this.problems();
    return html`<fieldset
        class=${outcome ? 'answered' : nothing}
        @keydown=${this.key}
        @click=${this.click}
      >
        <legend part="question"><slot name="question">${element.question}</slot></legend>
        ${options.map((option, i) => this.option(option, i))}
      </fieldset>
      <div class="act">
        <div class="stepping">
          <button
            type="button"
            class=${this.locked ? '' : 'primary'}
            part="act"
            aria-disabled=${idle}
            @click=${this.act}
          >
            ${act}
          </button>
        </div>
        <p class="narration" part="narration" role="status" aria-live="polite">
          ${wait ? wait.wait : this.feedback}${
            problems.length > 0
              ? html`<span class="problem" part="problem"
                  >${problems.map(({ message }) => message).join(' ')}</span
                >`
              : nothing
          }
        </p>
        ${wait?.progress ? html`<span class="quiet">${wait.progress}</span>` : nothing}
      </div>
      ${
        outcome
          ? html`${
                outcome.measured
                  ? html`<p class="quiet" part="measured">${outcome.measured}</p>`
                  : nothing
              }
              <div class="explanation" part="explanation"><slot name="explanation"></slot></div>`
          : nothing
      }`;
  }

  private option({ content }: Option, i: number): TemplateResult {
    const { locked, outcome, words } = this;
    const { html, nothing } = this.host.templates;
    const chosen = i === this.chosen;
    const right = outcome?.right.includes(i) ?? false;
    const wrong = this.tried.has(i);
    const yours = chosen && locked && this.guessed;
    const names = classes({
      option: true,
      'option-chosen': chosen,
      'option-right': right,
      'option-wrong': wrong,
    });
    const mark = right ? words.right : wrong && !yours ? words.wrong : '';
    return html`<label class=${names} part=${names}>
      <input
        type="radio"
        name="option"
        .checked=${chosen}
        aria-disabled=${locked}
        @change=${() => {
          this.choose(i);
        }}
      />
      <span class="said"
        >${content}<span class="mark"
          ><span aria-hidden="true">${right ? '✓ ' : wrong ? '✗ ' : ''}</span
          >${[mark, yours ? words.yours : ''].filter(Boolean).join(', ')}</span
        ></span
      >
      ${outcome && i in outcome.amounts ? this.bar(outcome, i) : nothing}
    </label>`;
  }

  /** How much of it there is, drawn as the visualizer draws a memory. */
  private bar({ values, amounts }: Outcome, i: number): TemplateResult {
    const { html, svg, nothing } = this.host.templates;
    const ofMemory = this.settings?.measure === 'memory';
    const reach = ofMemory ? most : 1;
    const share = Math.min((values?.[i] ?? 0) / reach, 1) || 0;
    const imprint = `${100 / most}%`;
    return html`<span class="measure"
      ><svg part="bar" height="8" aria-hidden="true">
        ${
          share > 0
            ? svg`<rect class="fill" width=${`${Math.max(100 * share, 0.4)}%`} height="8"></rect>`
            : nothing
        }
        ${ofMemory ? svg`<line x1=${imprint} x2=${imprint} y2="8"></line>` : nothing}</svg
      ><span class="quiet">${amounts[i]}</span></span
    >`;
  }
}

/** An option may be a whole paragraph; what is said of it must not. */
const shortened = (text: string): string => text.replace(/^(.{59}).{2,}$/su, '$1…');
