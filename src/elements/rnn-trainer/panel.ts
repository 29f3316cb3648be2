// The trainer itself, loaded on demand: one training at a time, what the reader does with it, and all that is seen.

import type { TemplateResult } from 'lit';
import {
  RnnTrainCompleteEvent,
  RnnTrainProgressEvent,
  RnnTrainStartEvent,
  RnnTrainStopEvent,
  type ErrorDetail,
  type TrainedCell,
} from '../../events.js';
import type { SentenceModel } from '../../model/sentence-model.js';
import { trainedModel } from '../../model/story-model.js';
import { englishTrainer } from '../../model/trainer-strings.js';
import { modelOfTraining, networkFile } from '../../model/training/save.js';
import {
  longestTestGap,
  trainingDefaults,
  type TrainableCell,
  type TrainingSettings,
} from '../../model/training/settings.js';
import {
  Training,
  type CellProgress,
  type Recall,
  type TrainingState,
} from '../../model/training/training.js';
import type { WeightFile } from '../../model/weight-files.js';
import { classes } from '../../ui/classes.js';
import type { Followed } from '../../ui/link.js';
import { offer } from '../../ui/offer.js';
import { besideFrom, figures, roomyFrom } from './figures.js';
import type { RawTrainerOptions, TrainerHost, TrainerPart, TrainerRoom } from './host.js';
import { resolveTrainerOptions, sameSettings, type TrainerOptions } from './options.js';
import { panelCss } from './panel-styles.js';
import { answersOf, csvOf, exampleSentence, numbersTables, results } from './report.js';
import { settingsForm, tries } from './settings-form.js';
import {
  atRest,
  lastRecall,
  listed,
  percent,
  share,
  underWay,
  type Asked,
  type TrainerView,
} from './view.js';

export { panelCss };

/** Least time between two events of progress, in milliseconds. */
const progressEvery = 100;

/** Gaps that are worth asking about, in words. */
const farGaps = [100, 300, 1000];

/** What the reader can ask for besides training. */
type Matter = 'settings' | 'weights' | 'ask';

/** A network from a file, and the file as it was. */
interface LoadedFile {
  readonly read: WeightFile;
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const icons = { start: 'M4 2l7 5-7 5z', pause: 'M3 2h3v10H3zM8 2h3v10H8z' } as const;

export class TrainerPanel implements TrainerPart {
  private readonly words = englishTrainer;
  private options: TrainerOptions = {
    settings: trainingDefaults,
    controls: new Set(),
    accelerate: true,
    problems: [],
  };
  private configured = false;
  /** What the reader set in place of the author's settings. */
  private chosen: Partial<TrainingSettings> = {};
  /** Of the next training. */
  private next: TrainingSettings = trainingDefaults;
  private training: Training;
  private state: TrainingState;
  private unsubscribe: () => void = () => undefined;
  /** Where it does one step from, to pause again: nothing to be told of until it has. */
  private stepping: 'idle' | 'paused' | null = null;
  /** Whether it goes on after that step. */
  private goesOn = false;
  /** Whether the training waits for the page to be seen again. */
  private away = false;
  private narration = '';
  /** What came of the last thing the reader did besides training, and where it is shown again. */
  private notice = '';
  private about: Matter = 'ask';
  private readonly learned = new Set<TrainableCell>();
  private told = 0;
  private completed = false;
  private asked: Asked = new Map();
  private asking: number | null = null;
  private testGap: number | null = null;
  private readonly loaded = new Map<TrainableCell, Recall>();
  private readonly files = new Map<TrainableCell, LoadedFile>();
  private settingsOpen = false;
  private tableOpen = false;
  private view: TrainerView | null = null;
  private htmlFor = '';
  private lost = false;
  /** Whether drawing has failed. */
  private broken = false;

  constructor(private readonly host: TrainerHost) {
    this.training = this.fresh();
    this.state = this.training.state;
    document.addEventListener('visibilitychange', this.visibility);
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.visibility);
    this.unsubscribe();
    this.training.dispose();
  }

  configure(raw: RawTrainerOptions): void {
    const options = resolveTrainerOptions(raw, this.host.strings);
    const before = this.options;
    this.options = options;
    this.htmlFor = raw.htmlFor ?? '';
    if (
      this.configured &&
      sameSettings(options.settings, before.settings) &&
      options.accelerate === before.accelerate
    )
      return;
    this.configured = true;
    // another task of the author's begins anew, whatever the reader had set
    this.chosen = {};
    this.next = options.settings;
    this.renew();
  }

  problems(): readonly ErrorDetail[] {
    const { options, lost, words, state } = this;
    const messages: ErrorDetail[] = options.problems.map((message) => ({
      code: 'bad-attribute',
      message,
    }));
    if (lost) messages.push({ code: 'bad-attribute', message: words.lost(this.htmlFor) });
    if (state.phase === 'failed') {
      messages.push({ code: 'internal-error', message: words.failed(state.problem ?? '') });
    }
    if (this.broken) {
      messages.push({ code: 'internal-error', message: this.host.strings.problem.internal });
    }
    return messages;
  }

  // ---- the training -----------------------------------------------------------------------------------------------

  private fresh(): Training {
    const { host, next, options } = this;
    const { accelerate } = options;
    const training = new Training(next, {
      accelerate,
      worker: accelerate,
      loadKernel: host.loadKernel,
    });
    this.unsubscribe = training.subscribe((state) => {
      this.take(state);
    });
    return training;
  }

  /** Gives up the training that is shown for one with the next settings, which waits to be started. */
  private renew(): void {
    this.unsubscribe();
    this.training.dispose();
    this.away = false;
    this.stepping = null;
    this.goesOn = false;
    this.narration = '';
    this.notice = '';
    this.learned.clear();
    this.told = 0;
    this.completed = false;
    this.asked = new Map();
    this.asking = null;
    this.loaded.clear();
    this.files.clear();
    this.training = this.fresh();
    this.state = this.training.state;
    this.host.redraw();
  }

  start(): void {
    const { phase } = this.state;
    if (this.stepping) {
      this.goesOn = true;
      this.host.redraw();
    }
    if (!atRest(this.state)) return;
    this.notice = '';
    if (phase === 'paused') this.training.resume();
    else {
      // a run is one of its own networks, not of those that came from files before it
      if (phase !== 'idle' || this.files.size > 0) this.renew();
      this.training.start();
    }
    if (document.hidden) this.leave();
  }

  pause(): void {
    this.away = false;
    // a single step comes to its end
    if (this.stepping) this.goesOn = false;
    else this.training.pause();
    this.host.redraw();
  }

  step(): void {
    const { phase } = this.state;
    if (phase !== 'idle' && (phase !== 'paused' || this.away)) return;
    this.notice = '';
    if (phase === 'idle' && this.files.size > 0) this.renew();
    this.narration = this.words.stepping;
    this.stepping = phase;
    this.training.stepOnce();
  }

  stop(): void {
    this.away = false;
    if (underWay(this.state)) this.training.stop();
  }

  /** Nothing goes on while nobody can see it. */
  private readonly visibility = (): void => {
    if (document.hidden) this.leave();
    else if (this.away) {
      this.away = false;
      this.training.resume();
    }
  };

  private leave(): void {
    // a single step comes to its end
    if (this.stepping || atRest(this.training.state)) return;
    this.away = true;
    this.training.pause();
  }

  private take(state: TrainingState): void {
    const before = this.state;
    this.state = state;
    const stepped = this.stepping !== null && atRest(state);
    if (stepped) this.stepping = null;
    // what was answered before is no answer of the networks as they are now
    if (state.step !== before.step) this.forget((cell) => !this.loaded.has(cell));
    // the last steps of a worker come in after it was told to pause
    const late = state.step !== before.step && atRest(state);
    if ((state.phase !== before.phase || late) && !this.stepping) this.narratePhase(state);
    this.narrateLearning(state);
    if (state.step !== before.step) this.tellProgress(state);
    if (state.phase === 'finished' && !this.completed) {
      this.completed = true;
      const { step, steps } = state;
      this.host.tell(new RnnTrainCompleteEvent({ step, steps, cells: state.cells.map(summed) }));
    }
    this.host.redraw();
    if (!stepped || !this.goesOn) return;
    this.goesOn = false;
    if (state.phase === 'paused') this.start();
  }

  /** Takes back what such cells answered. */
  private forget(which: (cell: TrainableCell) => boolean): void {
    const kept = [...this.asked].map(
      ([gap, answers]) => [gap, new Map([...answers].filter(([cell]) => !which(cell)))] as const,
    );
    this.asked = new Map(kept.filter(([, answers]) => answers.size > 0));
  }

  private tellProgress({ step, steps, cells }: TrainingState): void {
    const now = performance.now();
    if (now - this.told < progressEvery) return;
    this.told = now;
    this.host.tell(new RnnTrainProgressEvent({ step, steps, cells: cells.map(summed) }));
  }

  private narratePhase(state: TrainingState): void {
    const { words } = this;
    const { strings, numbers } = this.host;
    const name = ({ cell }: CellProgress): string => strings.cellName[cell];
    const list = (items: readonly string[]): string => listed(items, strings.language);
    const step = numbers.whole(state.step);
    switch (state.phase) {
      case 'starting':
        this.narration = words.starting;
        break;
      case 'running':
        this.narration = words.started(list(state.cells.map(name)));
        break;
      case 'paused':
        this.narration = this.away ? words.away : words.paused(step);
        break;
      case 'stopped':
        this.narration = words.stopped(step);
        break;
      case 'finished':
        this.narration = words.finished(
          step,
          list(
            state.cells.map((progress) => {
              const recall = lastRecall(progress);
              return words.recallOf(name(progress), recall ? percent(recall, numbers) : '–');
            }),
          ),
        );
        break;
      default:
        this.narration = '';
    }
  }

  /** The moment at which a cell first gets it is worth saying. */
  private narrateLearning({ cells, phase }: TrainingState): void {
    const { strings, numbers } = this.host;
    const said: string[] = [];
    for (const { cell, learnedAt, evaluations } of cells) {
      if (learnedAt === null || this.learned.has(cell)) continue;
      this.learned.add(cell);
      const moment = evaluations.find(({ step }) => step === learnedAt);
      const recall = moment ? percent(moment.recall, numbers) : '';
      said.push(this.words.learned(strings.cellName[cell], recall, numbers.whole(learnedAt)));
    }
    if (said.length > 0 && phase === 'running') this.narration = said.join(' ');
  }

  /** Said where the training is told of, and once more beside what it is about. */
  private say(about: Matter, notice: string): void {
    this.about = about;
    this.notice = notice;
    this.host.redraw();
  }

  // ---- what the reader does ---------------------------------------------------------------------------------------

  private readonly userStart = (): void => {
    if (this.going) {
      this.pause();
      return;
    }
    const anew = atRest(this.state) && this.state.phase !== 'paused';
    this.start();
    if (anew) this.tellStart();
  };

  private readonly userStep = (): void => {
    const { phase } = this.state;
    if (phase !== 'idle' && phase !== 'paused') return;
    this.step();
    if (phase === 'idle') this.tellStart();
  };

  private tellStart(): void {
    const { cells, steps } = this.training.settings;
    this.host.tell(new RnnTrainStartEvent({ cells, steps }));
  }

  private readonly userStop = (): void => {
    if (!underWay(this.state)) return;
    this.stop();
    const { step, steps } = this.training.state;
    this.host.tell(new RnnTrainStopEvent({ step, steps }));
  };

  /** Settings are those of the next training; one that was not begun yet is the next one. */
  private readonly change = (changes: Partial<TrainingSettings>): void => {
    if (underWay(this.state)) return;
    this.notice = '';
    this.chosen = { ...this.chosen, ...changes };
    this.settle({ ...this.options.settings, ...this.chosen });
  };

  private readonly restore = (): void => {
    this.chosen = {};
    this.settle(this.options.settings);
  };

  private settle(next: TrainingSettings): void {
    const shown = this.training.settings;
    // what was changed back is what is shown again
    this.next = sameSettings(next, shown) ? shown : next;
    if (this.state.phase === 'idle' && this.next !== shown) this.renew();
    this.host.redraw();
  }

  /** Does what the reader asked for; why it can't be done is said, unless another training is shown by then. */
  private async attempt(
    about: Matter,
    act: (training: Training) => Promise<void>,
    refused: (reason: string) => string = this.words.notDone,
  ): Promise<void> {
    const { training } = this;
    try {
      await act(training);
    } catch (error) {
      if (training !== this.training) return;
      this.say(about, refused(error instanceof Error ? error.message : String(error)));
    }
  }

  /** The networks that can be asked, used and saved: trained or loaded. */
  private get ready(): readonly TrainableCell[] {
    const { state, files } = this;
    if (!atRest(state)) return [];
    const trained = state.step > 0 && state.phase !== 'failed';
    return state.cells.flatMap(({ cell }) => (trained || files.has(cell) ? [cell] : []));
  }

  private ask(gap: number): Promise<void> {
    const { words, host, ready } = this;
    const { numbers } = host;
    const { step } = this.state;
    const files = new Map(this.files);
    this.asking = gap;
    this.say('ask', words.asking(numbers.whole(gap)));
    return this.attempt('ask', async (training) => {
      let found: ReadonlyMap<TrainableCell, Recall>;
      try {
        found = await training.measure(gap, ready);
      } finally {
        if (training === this.training) this.asking = null;
      }
      if (training !== this.training) return;
      const moved = this.state.step !== step;
      const resting = atRest(this.state);
      // a worker's last step was still on its way
      if (moved && resting) return this.ask(gap);
      const still = ([cell]: [TrainableCell, Recall]): boolean =>
        this.files.get(cell) === files.get(cell) && (!moved || files.has(cell));
      const answers = new Map([...found].filter(still));
      if (answers.size > 0) this.asked = new Map(this.asked).set(gap, answers);
      const said = answersOf({ words, strings: host.strings, numbers }, answers);
      // while it trains, the training is what is told of
      if (resting) this.say('ask', said && words.asked(numbers.whole(gap), said));
      else host.redraw();
    });
  }

  private use(target: Followed): Promise<void> {
    const { ready } = this;
    return this.attempt('weights', async (training) => {
      const models = new Map<TrainableCell, SentenceModel>();
      for (const cell of ready) {
        const read = this.files.get(cell)?.read;
        models.set(
          cell,
          read
            ? trainedModel('trained', read, read.words, read.unknown)
            : modelOfTraining(await training.network(cell), training.words),
        );
      }
      if (training !== this.training) return;
      target.linkedModels(models);
      this.say('weights', this.words.used(this.htmlFor));
    });
  }

  private save(cell: TrainableCell): Promise<void> {
    const type = 'application/octet-stream';
    return this.attempt('weights', async (training) => {
      const file = this.files.get(cell);
      if (file) {
        offer(file.name, file.bytes, type);
        return;
      }
      const bytes = networkFile(await training.network(cell), training.state.kernel ?? 'reference');
      offer(this.words.fileName(cell, training.settings), new Uint8Array(bytes), type);
    });
  }

  private load(file: File): Promise<void> {
    const { words } = this;
    const { name } = file;
    const take = async (training: Training): Promise<void> => {
      const { readWeightFile } = await import('../../model/weight-files.js');
      const bytes = new Uint8Array(await file.arrayBuffer());
      // WebKit goes on here amid the observers of sizes, where whatever is drawn is reported to the page as an error
      await new Promise((resolve) => setTimeout(resolve));
      const read = readWeightFile(bytes);
      if (training !== this.training) return;
      const cell = training.settings.cells.find((each) => each === read.cell.cell);
      if (!cell) throw new Error(words.otherCell(this.host.strings.theCell[read.cell.cell]));
      if (!training.load(cell, read)) throw new Error(words.otherTask);
      const { gap } = training.settings;
      let recall: Recall | undefined;
      try {
        recall = (await training.measure(gap, [cell])).get(cell);
      } finally {
        // what can't be asked is not there
        if (!recall) training.load(cell, this.files.get(cell)?.read ?? null);
      }
      if (training === this.training && recall) this.adopt(cell, { read, name, bytes }, recall);
    };
    return this.attempt('weights', take, (reason) => words.refused(name, reason));
  }

  /** From now on a network from a file stands for its cell. */
  private adopt(cell: TrainableCell, file: LoadedFile, recall: Recall): void {
    const { words } = this;
    const { strings, numbers } = this.host;
    const { gap } = this.training.settings;
    this.files.set(cell, file);
    this.loaded.set(cell, recall);
    // what its predecessor answered is not its own
    this.forget((each) => each === cell);
    this.asked = new Map(this.asked).set(gap, new Map(this.asked.get(gap)).set(cell, recall));
    const shown = percent(recall, numbers);
    this.say('weights', words.loadedFile(strings.cellName[cell], shown, numbers.whole(gap)));
  }

  // ---- what is seen -----------------------------------------------------------------------------------------------

  /** A drawing that fails is said in its place; nothing is thrown into the page. */
  render(room: TrainerRoom): TemplateResult {
    try {
      return this.draw(room);
    } catch {
      this.broken = true;
      const { html } = this.host.templates;
      return html`<p class="problem" part="problem">${this.host.strings.problem.internal}</p>`;
    }
  }

  private draw(room: TrainerRoom): TemplateResult {
    const { words, options, host, state } = this;
    const { templates, strings, numbers } = host;
    const { html, nothing } = templates;
    const { width, em, target } = room;
    const { controls } = options;
    this.lost = room.lost;
    const view: TrainerView = {
      templates,
      strings,
      words,
      numbers,
      controls,
      state,
      settings: this.training.settings,
      next: this.next,
      asked: this.asked,
      loaded: this.loaded,
      ready: this.ready,
      width,
      em,
    };
    this.view = view;
    const problems = this.problems();
    return html`<div
      class=${classes({
        base: true,
        narrow: width < besideFrom * em,
        roomy: width >= roomyFrom * em,
        tiny: width < 340 * em,
      })}
      part="base"
      role="group"
      aria-label=${words.label}
    >
      <div class="opening">
        <p class="intro" part="intro">${words.intro(this.next.cells.length)}</p>
        ${exampleSentence(view)}
      </div>
      ${
        controls.has('settings')
          ? html`${settingsForm(view, {
              open: this.settingsOpen,
              toggle: (open) => {
                this.settingsOpen = open;
                host.redraw();
              },
              change: this.change,
              restore: sameSettings(this.next, options.settings) ? null : this.restore,
              refusal: this.about === 'settings' ? this.notice : '',
              refuse: (message) => {
                this.say('settings', message);
              },
            })}
            ${tries(view, this.change)}`
          : nothing
      }
      <p class="narration" part="narration" role="status" aria-live="polite">
        ${this.narrated()}
        ${
          problems.length > 0
            ? html`<span class="problem" part="problem"
                >${problems.map(({ message }) => message).join(' ')}</span
              >`
            : nothing
        }
      </p>
      ${controls.has('charts') ? figures(view) : nothing}
      ${controls.has('transport') ? this.transport(view) : nothing}
      ${controls.has('charts') ? results(view) : nothing}
      ${
        controls.has('test-gap') || controls.has('weights')
          ? html`<div class="acts">
              ${controls.has('test-gap') ? this.testGapForm(view) : nothing}
              ${controls.has('weights') ? this.weightActs(view, target) : nothing}
            </div>`
          : nothing
      }
      ${
        controls.has('table')
          ? html`<details
              class="disclosure"
              part="disclosure disclosure-table"
              ?open=${this.tableOpen}
              @toggle=${(event: Event) => {
                this.tableOpen = (event.currentTarget as HTMLDetailsElement).open;
                host.redraw();
              }}
            >
              <summary>${words.table}</summary>
              ${this.tableOpen ? numbersTables(view, this.saveCsv) : nothing}
            </details>`
          : nothing
      }
    </div>`;
  }

  private narrated(): string {
    const { words, notice, narration, options } = this;
    return (
      notice || narration || (options.controls.has('transport') ? words.invite : words.waiting)
    );
  }

  private readonly saveCsv = (): void => {
    if (this.view) offer('training.csv', csvOf(this.view), 'text/csv');
  };

  /** Whether steps are done, or will be, until somebody says otherwise. */
  private get going(): boolean {
    return this.stepping ? this.goesOn : !atRest(this.state);
  }

  private transport(view: TrainerView): TemplateResult {
    const { words, state } = this;
    const { html, svg } = view.templates;
    const { phase, step, steps } = state;
    const { going } = this;
    const from = this.stepping ?? phase;
    const label = going
      ? words.pause
      : from === 'paused'
        ? words.resume
        : from === 'idle'
          ? words.start
          : words.startAgain;
    const canStep = phase === 'idle' || phase === 'paused';
    const text = this.progressText(view);
    return html`<div class="transport" part="transport">
      <div class="stepping">
        <button type="button" class="primary" part="start" @click=${this.userStart}>
          <svg class="icon" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
            <path d=${going ? icons.pause : icons.start}></path>
          </svg>
          ${label}
        </button>
        <button type="button" part="step" aria-disabled=${!canStep} @click=${this.userStep}>
          ${words.step}
        </button>
        <button type="button" part="stop" aria-disabled=${!underWay(state)} @click=${this.userStop}>
          ${words.stop}
        </button>
      </div>
      <div class="progress">
        <div
          class="bar"
          part="progress"
          role="progressbar"
          aria-label=${words.progress}
          aria-valuemin="0"
          aria-valuemax=${steps}
          aria-valuenow=${step}
          aria-valuetext=${text}
        >
          <svg width="100%" height="6" aria-hidden="true">
            ${svg`<rect class="done" width=${`${steps > 0 ? (100 * step) / steps : 0}%`} height="6"></rect>`}
          </svg>
        </div>
        <span class="label">${text}</span>
      </div>
    </div>`;
  }

  private progressText({ words, numbers, state }: TrainerView): string {
    const { step, steps, stepsPerSecond, secondsLeft } = state;
    const parts = [words.stepOf(numbers.whole(step), numbers.whole(steps))];
    if (stepsPerSecond !== null && stepsPerSecond > 0) {
      parts.push(words.pace(numbers.whole(Math.round(stepsPerSecond))));
    }
    if (secondsLeft !== null) {
      // a number that changes with every look says nothing
      const coarse = secondsLeft > 20 ? 5 : 1;
      parts.push(words.secondsLeft(Math.ceil(secondsLeft / coarse) * coarse));
    }
    return parts.join(' · ');
  }

  /** Asks the networks across a gap of the reader's choice. */
  private testGapForm(view: TrainerView): TemplateResult {
    const { words, state, asking } = this;
    const { html, nothing } = view.templates;
    const { numbers } = view;
    const ready = view.ready.length > 0 && asking === null;
    const gap = this.testGap ?? Math.min(longestTestGap, Math.max(1, 2 * view.settings.gap));
    const ask = (far: number): void => {
      if (!ready) return;
      this.testGap = far;
      void this.ask(far);
    };
    /** (Enter asks before what it has changed is drawn.) */
    const take = (field: HTMLInputElement): number | null => {
      const value = field.value === '' ? NaN : Number(field.value);
      const fits = Number.isInteger(value) && value >= 0 && value <= longestTestGap;
      if (fits) this.testGap = value;
      else {
        const most = numbers.whole(longestTestGap);
        this.say('ask', words.outside(words.askGap, field.value, '0', most));
      }
      this.host.redraw();
      return fits ? value : null;
    };
    // no form: a sandboxed frame may not submit one
    const askField = (event: Event): void => {
      const field = (event.target as Element).closest('.row')?.querySelector('input');
      const far = field && take(field);
      if (typeof far === 'number') ask(far);
    };
    return html`<div class="test-gap" part="test-gap">
      <p class="heading">${words.ask}</p>
      <div class="row">
        <label
          ><span class="label">${words.askGap}</span>
          <input
            type="number"
            name="test-gap"
            max=${longestTestGap}
            step="10"
            inputmode="numeric"
            .value=${String(gap)}
            @change=${(event: Event) => {
              take(event.target as HTMLInputElement);
            }}
            @keydown=${(event: KeyboardEvent) => {
              if (event.key === 'Enter') askField(event);
            }}
        /></label>
        <button class="act" type="button" aria-disabled=${!ready} @click=${askField}>
          ${words.askButton}
        </button>
        ${farGaps.map(
          (far) =>
            html`<button
              class="plain"
              type="button"
              aria-disabled=${!ready}
              @click=${() => {
                ask(far);
              }}
            >
              ${words.words(far, numbers.whole(far))}
            </button>`,
        )}
      </div>
      ${
        this.asked.size > 0
          ? html`<ul class="answers">
              ${[...this.asked].map(
                ([far, answers]) =>
                  html`<li>${words.asked(numbers.whole(far), answersOf(view, answers))}</li>`,
              )}
            </ul>`
          : html`<p class="label">${state.step === 0 ? words.askLater : nothing}</p>`
      }
    </div>`;
  }

  private weightActs(view: TrainerView, target: Followed | null): TemplateResult {
    const { words, state } = this;
    const { html, nothing } = view.templates;
    const { ready } = view;
    const usable = ready.length > 0;
    return html`<div class="weights" part="weights">
      <p class="heading">${words.weights}</p>
      <div class="row">
        ${
          target
            ? html`<button
                class="act"
                type="button"
                part="use"
                aria-disabled=${!usable}
                @click=${() => {
                  if (usable) void this.use(target);
                }}
              >
                ${words.use}
              </button>`
            : nothing
        }
        <span class="saves" role="group" aria-label=${words.save}>
          <span class="label">${words.save}</span>
          ${state.cells.map(
            ({ cell }) =>
              html`<button
                class="plain"
                type="button"
                part="save"
                aria-disabled=${!ready.includes(cell)}
                @click=${() => {
                  if (ready.includes(cell)) void this.save(cell);
                }}
              >
                ${view.strings.cellName[cell]}
              </button>`,
          )}
        </span>
        <label class="load plain" part="load"
          ><span>${words.load}</span>
          <input
            type="file"
            class="hidden"
            accept=".safetensors"
            ?disabled=${!atRest(state)}
            @change=${(event: Event) => {
              const field = event.target as HTMLInputElement;
              const file = field.files?.[0];
              if (file) void this.load(file);
              field.value = '';
            }}
          />
          ${words.loadHint}</label
        >
      </div>
      <p class="label">${this.about === 'weights' ? this.notice : ''}</p>
    </div>`;
  }
}

/** What an event says of a cell. */
function summed(progress: CellProgress): TrainedCell {
  const { cell, answerLoss, learnedAt } = progress;
  const recall = lastRecall(progress);
  return {
    cell,
    recall: recall ? share(recall) : null,
    loss: answerLoss.length > 0 ? answerLoss[answerLoss.length - 1] : null,
    learnedAt,
  };
}
