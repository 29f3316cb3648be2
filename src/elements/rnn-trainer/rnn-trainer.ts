// <rnn-trainer>: the class. Attributes and events; all that is seen, and the training, load with the part beside it.

import {
  css,
  html,
  noChange,
  unsafeCSS,
  type PropertyDeclarations,
  type PropertyValues,
} from 'lit';
import { loadKernel } from '../../engine/index.js';
import { NumberWriter } from '../../model/describe.js';
import { english } from '../../model/strings.js';
import { figureStyles } from '../../ui/figure-styles.js';
import { Link } from '../../ui/link.js';
import { PartElement, type LoadedPart } from '../../ui/part-element.js';
import { tokens } from '../../ui/tokens.js';
import { unscripted } from '../../ui/unscripted.js';
import type { TrainerPart } from './host.js';

/** From which width on how much room is needed, besides what has a size in pixels; both in em. */
const rooms = [
  [22.5, 116.5],
  [25, 107.2],
  [27.5, 102.5],
  [33.75, 97.7],
  [36.25, 91],
  [41.25, 66.3],
  [43.75, 62.5],
  [53.75, 57.9],
  [61.25, 45.4],
  [70, 44.1],
];

/**
 * Trains a simple RNN, an LSTM and a GRU from scratch, side by side, in the reader's browser, on the same task: what
 * colour was it, some words ago? The gated cells get it; the reader sees when, and what the simple RNN lacks.
 *
 * @tag rnn-trainer
 *
 * @slot - What is seen without JavaScript, and until the figure has loaded.
 *
 * @fires {RnnTrainStartEvent} rnn-train-start - The reader started a training.
 * @fires {RnnTrainProgressEvent} rnn-train-progress - The training goes on; at most ten times a second.
 * @fires {RnnTrainCompleteEvent} rnn-train-complete - The training did its last step; with the final recall of each cell.
 * @fires {RnnTrainStopEvent} rnn-train-stop - The reader stopped the training.
 *
 * @csspart base - The whole figure.
 * @csspart intro - The sentence that says what happens.
 * @csspart example - A sentence of the task.
 * @csspart settings - What can be set.
 * @csspart tries - Settings worth trying.
 * @csspart narration - What has just happened.
 * @csspart problem - A message about what could not be done.
 * @csspart charts - The charts.
 * @csspart chart - One of them.
 * @csspart chart-recall - The one of recall.
 * @csspart chart-loss - The one of the loss.
 * @csspart chart-gaps - The one of recall by gap.
 * @csspart chart-gradient - The one of gradient norms.
 * @csspart transport - The bar with the buttons.
 * @csspart start - The button that starts, pauses and resumes.
 * @csspart step - The One step button.
 * @csspart stop - The Stop button.
 * @csspart progress - The progress bar.
 * @csspart results - The table of the networks.
 * @csspart test-gap - Where the reader asks across another gap.
 * @csspart weights - Where weights are used, saved and loaded.
 * @csspart use - The button that has them run in the element named by `for`.
 * @csspart save - A button that saves one of them.
 * @csspart load - What loads one that was saved.
 * @csspart disclosure - What can be opened.
 * @csspart disclosure-settings - The one with the settings.
 * @csspart disclosure-table - The one with all numbers.
 * @csspart table - The tables of all numbers.
 * @csspart csv - The button that downloads them.
 *
 * @cssprop --rnn-surface - Background of parts that cover others (default: the page's Canvas).
 * @cssprop --rnn-ink - Text.
 * @cssprop --rnn-quiet - Labels.
 * @cssprop --rnn-faint - Words of an example that do not matter.
 * @cssprop --rnn-rule - Hairlines.
 * @cssprop --rnn-now - Accent.
 * @cssprop --rnn-cell-rnn - The lines of the simple RNN.
 * @cssprop --rnn-cell-lstm - The lines of the LSTM.
 * @cssprop --rnn-cell-gru - The lines of the GRU.
 * @cssprop --rnn-button - Background of the Start button.
 * @cssprop --rnn-button-text - Text of the Start button.
 * @cssprop --rnn-focus - Focus rings.
 */
export class RnnTrainer extends PartElement<TrainerPart> {
  static override styles = [
    tokens,
    figureStyles,
    // room for what is on its way, so that nothing moves when it is there: all of it in a usual font, rather too much than
    // too little; or about that of the opening and each of the parts
    css`
      .place {
        container-type: inline-size;
      }

      .stack {
        display: grid;
        grid-template-columns: 100%;
      }

      .stack > * {
        grid-area: 1 / 1;
      }

      .room {
        --_all: 129em;
      }

      .room:not(:has([data-for='all'])) {
        padding-block-end: 440px;
      }

      i {
        display: block;
      }

      [data-for='all'] {
        block-size: calc(860px + var(--_all));
      }

      [data-for='settings'] {
        block-size: 560px;
      }

      [data-for='transport'] {
        block-size: 124px;
      }

      [data-for='charts'] {
        block-size: 1373px;
      }

      [data-for='test-gap'],
      [data-for='weights'] {
        block-size: 168px;
      }

      [data-for='table'] {
        block-size: 53px;
      }

      @container (min-width: 460px) {
        .room:not(:has([data-for='all'])) {
          padding-block-end: 352px;
        }

        [data-for='settings'] {
          block-size: 466px;
        }

        [data-for='charts'] {
          block-size: 1215px;
        }
      }

      @container (min-width: 660px) {
        .room:not(:has([data-for='all'])) {
          padding-block-end: 255px;
        }

        [data-for='settings'] {
          block-size: 384px;
        }

        [data-for='transport'] {
          block-size: 77px;
        }

        [data-for='charts'] {
          block-size: 918px;
        }

        [data-for='test-gap'],
        [data-for='weights'] {
          block-size: 121px;
        }
      }

      @container (min-width: 960px) {
        .room:not(:has([data-for='all'])) {
          padding-block-end: 214px;
        }

        [data-for='settings'] {
          block-size: 235px;
        }

        [data-for='charts'] {
          block-size: 830px;
        }
      }
      ${unsafeCSS(
        rooms
          .map(([from, all]) => `@container (min-width:${from}em){.room{--_all:${all}em}}`)
          .join(''),
      )}
    `,
    unscripted,
  ];
  static override properties: PropertyDeclarations = {
    cells: {},
    gap: { type: Number },
    examples: { type: Number },
    hiddenSize: { type: Number, attribute: 'hidden-size' },
    learningRate: { type: Number, attribute: 'learning-rate' },
    batch: { type: Number },
    steps: { type: Number },
    seed: { type: Number },
    forgetBias: { type: Number, attribute: 'forget-bias' },
    clip: { type: Number },
    htmlFor: { attribute: 'for' },
    controls: {},
    accelerate: {},
  };

  /**
   * Which networks are trained, separated by spaces.
   * @type {'rnn lstm gru' | string}
   */
  cells = 'rnn lstm gru';

  /** Most words between the fact and the question in training, 0 to 100. */
  gap = 20;

  /** How many different sentences there are to learn from, 1 to 20,000. */
  examples = 1000;

  /** Units of each network, 4 to 96. */
  hiddenSize = 48;

  /** Learning rate of Adam at the first step, 0.0001 to 1; it falls linearly to 0 at the last. */
  learningRate = 0.01;

  /** Sentences a step, 1 to 64. */
  batch = 32;

  /** Steps of a training, 1 to 20,000. */
  steps = 1000;

  /** Seed of first weights and sentences: equal seeds give equal trainings. 0 to 4,294,967,295. */
  seed = 1;

  /** First bias of the forget gate (LSTM) and the update gate (GRU), −10 to 10. */
  forgetBias = 2;

  /** Largest norm of a step's gradient, 0.01 to 100. */
  clip = 1;

  /**
   * The id of a `<rnn-visualizer>` in the same document or shadow root that can run the trained networks.
   * @attr for
   */
  htmlFor = '';

  /**
   * Which parts are there, separated by spaces: settings transport charts test-gap weights table; or `all`, or `none`.
   * @type {'all' | 'none' | string}
   */
  controls = 'all';

  /**
   * Whether the training may use WebAssembly and a worker. A page whose policy forbids them reports one refused try of
   * each; with `off` there is none.
   * @type {'auto' | 'off'}
   */
  accelerate = 'auto';

  private readonly asked: ('start' | 'pause' | 'step' | 'stop')[] = [];
  private readonly link = new Link(
    this,
    () => this.htmlFor,
    () => {
      this.requestUpdate();
    },
  );

  /** Starts the training, or goes on with one that was paused. Fires no `rnn-train-start`. */
  start(): void {
    this.ask('start');
  }

  /** Pauses the training. */
  pause(): void {
    this.ask('pause');
  }

  /** Trains every network for one step, and pauses. */
  step(): void {
    this.ask('step');
  }

  /** Ends the training where it stands. Fires no `rnn-train-stop`. */
  stop(): void {
    this.ask('stop');
  }

  private ask(act: 'start' | 'pause' | 'step' | 'stop'): void {
    // attributes that were set just before count
    if (this.panel && !this.isUpdatePending) this.panel[act]();
    else this.asked.push(act);
    this.wake();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.panel?.close();
    this.panel = undefined;
    this.asked.length = 0;
  }

  protected override async load(): Promise<LoadedPart<TrainerPart>> {
    const { TrainerPanel, panelCss } = await import('./panel.js');
    return {
      css: panelCss,
      make: (host) =>
        new TrainerPanel({
          ...host,
          loadKernel,
          numbers: new NumberWriter(english.language),
          tell: (event) => {
            this.dispatchEvent(event);
          },
        }),
    };
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('htmlFor')) this.link.observe();
    const { panel, asked } = this;
    if (!panel) return;
    panel.configure(this);
    for (const act of asked.splice(0)) panel[act]();
  }

  protected override render(): unknown {
    const { panel, width, link } = this;
    // put back on the page: what stood there stays until the part is there again
    if (this.returning) return noChange;
    return html`<div class="place">
      <div class="stack">
        <div class="room">${this.parts.map((name) => html`<i data-for=${name}></i>`)}</div>
        ${
          panel?.render({
            width: width.value,
            em: width.em,
            target: link.target,
            lost: link.lost,
          }) ?? html`<div class="waiting">${this.waiting()}</div>`
        }
      </div>
    </div>`;
  }

  /** Names of what is on its way. */
  private get parts(): readonly string[] {
    const { controls } = this as { readonly controls: unknown };
    return typeof controls === 'string' ? controls.split(/\s+/) : ['all'];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rnn-trainer': RnnTrainer;
  }
}
