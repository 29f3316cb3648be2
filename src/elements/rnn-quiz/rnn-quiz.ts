// <rnn-quiz>: the class. Attributes and what stands there at first; all the rest loads with the part beside it.

import { css, html, type PropertyDeclarations } from 'lit';
import { figureStyles } from '../../ui/figure-styles.js';
import { PartElement, type LoadedPart } from '../../ui/part-element.js';
import { tokens } from '../../ui/tokens.js';
import type { QuizDecision, QuizPart } from './host.js';

/**
 * A question with options, one of which the reader chooses: one that is marked as right, or the one that the numbers of
 * another element of the page turn out to make right, once the reader has got there.
 *
 * @tag rnn-quiz
 *
 * @slot - A list: each `<li>` is an option. `data-correct` marks one that is right; `data-cell`, `data-word`, `data-step`
 *   and `data-gate` say what is measured for it, `data-from` and `data-to` from which value on and up to which it is right.
 * @slot question - The question, in place of the attribute.
 * @slot explanation - What is shown with the answer.
 *
 * @fires {RnnAnswerEvent} rnn-answer - An answer was checked, or what the reader guessed came out.
 *
 * @csspart base - All of it.
 * @csspart question - The question.
 * @csspart option - An option.
 * @csspart option-chosen - The one that is chosen.
 * @csspart option-right - One that turned out to be right.
 * @csspart option-wrong - One that was chosen and is not right.
 * @csspart bar - The bar of what was measured for an option.
 * @csspart act - The button.
 * @csspart narration - The sentence that tells how it stands.
 * @csspart problem - A message about what could not be done.
 * @csspart measured - What was measured, where.
 * @csspart explanation - What is shown with the answer.
 *
 * @cssprop --rnn-ink - Text.
 * @cssprop --rnn-quiet - Numbers and remarks.
 * @cssprop --rnn-faint - A button that has nothing to do.
 * @cssprop --rnn-rule - Hairlines.
 * @cssprop --rnn-now - Accent of what is chosen.
 * @cssprop --rnn-memory - Bars.
 * @cssprop --rnn-button - Background of the button.
 * @cssprop --rnn-button-text - Text of the button.
 * @cssprop --rnn-focus - Focus rings.
 */
export class RnnQuiz extends PartElement<QuizPart> {
  static override styles = [
    tokens,
    figureStyles,
    // the list stands where the options will, as high as they are, above room for the button
    css`
      .base {
        border-block-start: 1px solid var(--_rule);
        padding-block-start: 14px;
      }

      slot {
        display: block;
      }

      slot[name='question'] {
        font-weight: 600;
      }

      slot[name='explanation'] {
        display: none;
      }

      ::slotted([slot]) {
        margin-block: 0 !important;
      }

      ::slotted(:is(ul, ol):not([slot])) {
        display: grid !important;
        gap: 10px !important;
        margin: 0 !important;
        padding-block: 5px 57px !important;
        padding-inline: 26px 0 !important;
        list-style: none !important; /* markers make lines higher in WebKit and Firefox */
      }

      @media (scripting: none) {
        slot[name='explanation'] {
          display: block;
        }
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    question: {},
    htmlFor: { attribute: 'for' },
    measure: {},
    cell: {},
    word: {},
    step: { type: Number },
    gate: {},
    pick: {},
    decide: { attribute: false },
  };

  /** The question. What is in the slot `question` wins. */
  question = '';

  /**
   * The id of the element in the same document or shadow root whose numbers decide: a `<rnn-visualizer>`, or with `decide`
   * any element of the library. It may come later.
   * @attr for
   */
  htmlFor = '';

  /**
   * What decides: `data-correct`; what is left of the imprint of a word; how probable it is as the next word; or the mean
   * of a gate.
   * @type {'none' | 'memory' | 'probability' | 'gate'}
   */
  measure = 'none';

  /**
   * In which cell it is measured; the first one that the figure runs if not set.
   * @type {'feedforward' | 'rnn' | 'lstm' | 'gru' | null}
   */
  cell: string | null = null;

  /** Of which word: as it stands in the text, or its index from 0. Not set: the one that the option names. */
  word: string | null = null;

  /** After how many words, from 1; after the last one if not set. */
  step: number | null = null;

  /**
   * Which gate is measured.
   * @type {'forget' | 'input' | 'output' | 'update' | 'reset'}
   */
  gate = 'forget';

  /**
   * Which value makes an option right.
   * @type {'highest' | 'lowest'}
   */
  pick = 'highest';

  /**
   * Says which options are right, by index; `null` while that is not known yet. In place of `measure`. It is asked again
   * when the element named by `for` has changed, and after `requestUpdate()`.
   * @type {((options: readonly string[]) => readonly number[] | null) | null}
   */
  decide: QuizDecision | null = null;

  /** Whether the answer is shown. */
  get answered(): boolean {
    return !!this.panel?.answered;
  }

  /** Whether the answer is shown and the reader's was right. */
  get correct(): boolean {
    return !!this.panel?.correct;
  }

  /** Answers that were checked so far. */
  get attempts(): number {
    return this.panel?.attempts ?? 0;
  }

  /** Asks anew, as if nothing had been answered. */
  reset(): void {
    this.panel?.reset();
  }

  protected override async load(): Promise<LoadedPart<QuizPart>> {
    const { QuizPanel, panelCss } = await import('./panel.js');
    return { css: panelCss, make: (host) => new QuizPanel(this, host) };
  }

  protected override render(): unknown {
    return html`<div class="base" part="base">
      ${
        this.panel?.render() ??
        html`<slot name="question">${this.question}</slot>${this.waiting()}<slot
            name="explanation"
          ></slot>`
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rnn-quiz': RnnQuiz;
  }
}
