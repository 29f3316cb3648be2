// A training race as an element uses it: start, pause, step, stop, and one immutable state at each change.

import { referenceKernel, type Kernel, type Network, type Slices } from '../../engine/index.js';
import type { WeightFile } from '../weight-files.js';
import { Collector, type Command, type Report } from './messages.js';
import { pump, type Pumped } from './pump.js';
import {
  TrainingRace,
  freshNetworks,
  networksOf,
  type CellStepReport,
  type Evaluation,
  type Snapshot,
  type StepReport,
} from './race.js';
import { RecallProbe, type Recall } from './recall.js';
import {
  longestTestGap,
  parameterCount,
  type ParameterCount,
  type TrainableCell,
  type TrainingSettings,
} from './settings.js';
import { refuseWorkers, startWorker } from './start-worker.js';
import { taskWords } from './task.js';

export type { CellStepReport, Evaluation, GapRecall } from './race.js';
export type { Recall } from './recall.js';

/** One cell's part of the race. */
export interface CellProgress {
  readonly cell: TrainableCell;
  readonly parameters: ParameterCount;
  /** Entry i: the mean of −log p(answer) over the batch of step i + 1, before its update; nats. Chance is ln 6. */
  readonly answerLoss: Float64Array;
  /** The first is of the untrained network, at step 0; about 40 follow. */
  readonly evaluations: readonly Evaluation[];
  /** Mean time of one step of this cell alone, without evaluations; null before the first. */
  readonly millisecondsPerStep: number | null;
  /** Steps after which recall at the trained gap was first measured as 95 % or more; null until then. */
  readonly learnedAt: number | null;
}

export type TrainingPhase =
  'idle' | 'starting' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed';

/** Everything a view draws from. A new object at every change; what hangs on an old one never changes. */
export interface TrainingState {
  readonly phase: TrainingPhase;
  /** Whole steps done, of all cells. */
  readonly step: number;
  readonly steps: number;
  /** Over the last seconds; null unless running, and before it is known. */
  readonly stepsPerSecond: number | null;
  /** At that pace; null where that is. */
  readonly secondsLeft: number | null;
  /** Whether the steps done last were computed in a worker; null before the first. */
  readonly inWorker: boolean | null;
  /** What computes; null before that is known. */
  readonly kernel: Kernel['name'] | null;
  /** In the order of the settings. */
  readonly cells: readonly CellProgress[];
  /** What went wrong, in the browser's words, in the phase `failed`; null otherwise. */
  readonly problem: string | null;
}

export interface TrainingOptions {
  /** False: neither WebAssembly nor a worker is tried. */
  readonly accelerate: boolean;
  /** False: no worker is tried. */
  readonly worker: boolean;
  /** The page's own, so that a page whose policy forbids WebAssembly is asked once. */
  readonly loadKernel: (numbers?: number) => Promise<Kernel>;
  /** Milliseconds. Default `performance.now`. It changes what is said of time, never what is computed. */
  readonly now?: () => number;
}

/** A recall of 95 % counts as having learned it. */
const learnedRecall = 0.95;

/** Milliseconds of a task on the main thread: half a frame. */
const budget = 8;

/** The pace is that of so many milliseconds. */
const paceWindow = 3000;

/** A cell's measurements as they come in. Its arrays only grow, so that earlier views of them stay what they were. */
class CellRecord {
  private readonly answerLosses: Float64Array;
  private evaluations: readonly Evaluation[] = [];
  private milliseconds = 0;
  private learnedAt: number | null = null;
  private readonly parameters: ParameterCount;

  constructor(
    settings: TrainingSettings,
    private readonly cell: TrainableCell,
  ) {
    this.answerLosses = new Float64Array(settings.steps);
    this.parameters = parameterCount(settings, cell);
  }

  add(step: number, { answerLoss, milliseconds, evaluation }: CellStepReport): void {
    if (step > 0) {
      this.answerLosses[step - 1] = answerLoss;
      this.milliseconds += milliseconds;
    }
    if (!evaluation) return;
    this.evaluations = [...this.evaluations, evaluation];
    const { right, asked } = evaluation.recall;
    if (right >= learnedRecall * asked) this.learnedAt ??= step;
  }

  after(step: number): CellProgress {
    const { cell, parameters, evaluations, learnedAt } = this;
    return {
      cell,
      parameters,
      answerLoss: this.answerLosses.subarray(0, step),
      evaluations,
      millisecondsPerStep: step === 0 ? null : this.milliseconds / step,
      learnedAt,
    };
  }
}

/** A network that was loaded, with its own vocabulary. */
interface Loaded {
  readonly network: Network;
  readonly words: readonly string[];
}

/** A worker that runs the race. */
interface Remote {
  readonly worker: Worker;
  /** Whether it was told to end. */
  halted: boolean;
  /** Who has asked for the networks. */
  readonly waiting: {
    readonly resolve: (networks: readonly Network[] | null) => void;
    readonly reject: (error: Error) => void;
  }[];
}

const disposed = (): Error => new Error('this race has been disposed of');

/**
 * One race from its start to its end; another one is another object. What it computes depends on settings and kernel
 * alone, to the bit: with or without a worker, paused or not.
 */
export class Training {
  private readonly records: readonly CellRecord[];
  private readonly listeners = new Set<(state: TrainingState) => void>();
  private readonly loaded = new Map<TrainableCell, Loaded>();
  private readonly now: () => number;
  private current: TrainingState;
  /** Steps reported; −1 before the untrained networks have been. */
  private reported = -1;
  private kernel: Promise<Kernel> | null = null;
  /** Where the race stood when it last left a thread. */
  private snapshot: Snapshot | null = null;
  /** The race on this thread, and its work; null while it is elsewhere, or nowhere yet. */
  private race: TrainingRace | null = null;
  private work: Slices<void> | null = null;
  /** The race in a worker. */
  private remote: Remote | null = null;
  /** What is under way on this thread. */
  private readonly pumps = new Set<Pumped<unknown>>();
  /** Whether something computes steps, or is about to. */
  private active = false;
  /** The step to rest at. */
  private last = Infinity;
  /** Ends the stretch that is under way. */
  private halt: () => void = () => undefined;
  private pace: readonly { readonly time: number; readonly step: number }[] = [];
  private gone = false;
  private readonly progress: Collector<StepReport>;

  constructor(
    readonly settings: TrainingSettings,
    private readonly options: TrainingOptions,
  ) {
    this.now = options.now ?? (() => performance.now());
    this.records = settings.cells.map((cell) => new CellRecord(settings, cell));
    this.progress = new Collector<StepReport>((steps) => {
      this.take(steps, false);
    }, this.now);
    this.current = {
      phase: 'idle',
      step: 0,
      steps: settings.steps,
      stepsPerSecond: null,
      secondsLeft: null,
      inWorker: null,
      kernel: null,
      cells: this.records.map((record) => record.after(0)),
      problem: null,
    };
  }

  get state(): TrainingState {
    return this.current;
  }

  /** The vocabulary, in the order of the embeddings' rows; `<unk>` is among them. */
  get words(): readonly string[] {
    return taskWords;
  }

  /** Calls back after every change, at most some ten times a second, until the returned function is called. */
  subscribe(listener: (state: TrainingState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** From idle: runs. Anywhere else it does nothing: a new race is a new `Training`. */
  start(): void {
    if (this.current.phase === 'idle') this.go(Infinity);
  }

  /** From starting or running. Nothing is left under way: a worker ends with its present step. */
  pause(): void {
    if (this.isGoing) this.rest('paused');
  }

  /** From paused. */
  resume(): void {
    if (this.current.phase === 'paused') this.go(Infinity);
  }

  /** From idle or paused: one step of all cells on this thread, then paused again (or finished). */
  stepOnce(): void {
    const { phase } = this.current;
    if (phase === 'idle' || phase === 'paused') this.go(1);
  }

  /** Ends the race where it stands. Networks can still be had and measured. */
  stop(): void {
    if (this.isGoing || this.current.phase === 'paused') this.rest('stopped');
  }

  /** Ends everything at once, and gives all memory back. Promises that wait are rejected. */
  dispose(): void {
    this.gone = true;
    this.listeners.clear();
    if (this.isGoing) this.end('stopped');
    this.closeWorker(disposed());
    for (const each of this.pumps) each.cancel();
    this.race = null;
    this.work = null;
    this.snapshot = null;
    this.loaded.clear();
  }

  /** The network as it is now, in float64 arrays of its own, or the one that was loaded; untrained before the start. */
  async network(cell: TrainableCell): Promise<Network> {
    const index = this.indexOf(cell);
    return this.loaded.get(cell)?.network ?? (await this.networks())[index];
  }

  /**
   * Recall of the present weights, or of those loaded, on held-out sentences at any gap.
   * @param cells which are asked. Default all.
   * @throws RangeError for a gap that is no whole number from 0 to 2000.
   */
  async measure(
    gap: number,
    cells: readonly TrainableCell[] = this.settings.cells,
  ): Promise<ReadonlyMap<TrainableCell, Recall>> {
    if (!(Number.isInteger(gap) && gap >= 0 && gap <= longestTestGap)) {
      throw new RangeError(`a gap has 0 to ${longestTestGap} words, not ${gap}`);
    }
    const kernel = await this.loadKernel();
    // all as they are at one moment
    const asked = cells.map((cell) => [cell, this.loaded.get(cell)] as const);
    const trained = asked.some(([, file]) => !file) ? await this.networks() : [];
    const found = new Map<TrainableCell, Recall>();
    for (const [cell, file] of asked) {
      const own = { network: trained[this.indexOf(cell)], words: taskWords };
      const { network, words } = file ?? own;
      const probe = new RecallProbe(kernel, network, words);
      const recall = await this.pump(probe.ask(network, gap)).result;
      if (!recall) throw disposed();
      found.set(cell, recall);
    }
    return found;
  }

  /**
   * From now on `network` and `measure` mean this network for its cell, such as one that `networkFile` wrote. The race
   * itself goes on with its own. Null: those of the race again.
   * @returns false, and nothing changes, if it can't answer: its cell is not in the race, it has no readout, or one of
   * the task's words is not in its vocabulary.
   */
  load(cell: TrainableCell, file: WeightFile | null): boolean {
    if (!file) return this.loaded.delete(cell);
    const known = new Set(file.words);
    const { embedding, cell: weights, readout, words } = file;
    const fits = weights.cell === cell && this.settings.cells.includes(cell);
    if (!fits || !readout || !taskWords.every((word) => known.has(word))) return false;
    this.loaded.set(cell, { network: { embedding, cell: weights, readout }, words });
    return true;
  }

  private indexOf(cell: TrainableCell): number {
    const index = this.settings.cells.indexOf(cell);
    if (index < 0) throw new RangeError(`no ${cell} takes part`);
    return index;
  }

  private get isGoing(): boolean {
    const { phase } = this.current;
    return phase === 'starting' || phase === 'running';
  }

  private get isDone(): boolean {
    return this.reported === this.settings.steps;
  }

  private set(change: Partial<TrainingState>): void {
    this.current = { ...this.current, ...change };
    for (const listener of [...this.listeners]) listener(this.current);
  }

  /** @param count of steps, from here. */
  private go(count: number): void {
    if (this.gone) return;
    this.last = Math.max(0, this.reported) + count;
    this.pace = [];
    this.set({ phase: 'starting' });
    if (!this.active) void this.runOn();
  }

  private rest(phase: 'paused' | 'stopped'): void {
    this.progress.flush();
    this.end(this.isDone ? 'finished' : phase);
    this.halt();
  }

  private end(phase: TrainingPhase): void {
    this.set({ phase, stepsPerSecond: null, secondsLeft: null });
    if (!this.race || phase === 'paused') return;
    // it will not go on: what is needed is its networks, not the memory that it worked in
    this.snapshot = this.race.snapshot;
    this.race = null;
    this.work = null;
  }

  /** Goes on, stretch by stretch, as long as that is wanted. */
  private async runOn(): Promise<void> {
    this.active = true;
    try {
      const kernel = await this.loadKernel();
      while (this.isGoing) {
        const single = this.last < Infinity;
        if (single || !(await this.runThere(kernel))) await this.runHere(kernel, single);
        if (this.isDone && this.current.phase !== 'stopped') this.end('finished');
        else if (single && this.reported >= this.last && this.isGoing) this.end('paused');
      }
    } catch (error) {
      this.set({ problem: error instanceof Error ? error.message : String(error) });
      this.end('failed');
    }
    this.active = false;
  }

  /** The same for the race and all measurements. */
  private loadKernel(): Promise<Kernel> {
    this.kernel ??= this.findKernel();
    return this.kernel;
  }

  private async findKernel(): Promise<Kernel> {
    const { accelerate, loadKernel } = this.options;
    const found = accelerate ? await loadKernel(0) : referenceKernel;
    this.set({ kernel: found.name });
    // the page's may be of another copy of the engine, whose reference is another object
    return found.name === 'reference' ? referenceKernel : found;
  }

  /** Takes in what was done. */
  private take(steps: readonly StepReport[], inWorker: boolean): void {
    for (const { step, cells } of steps) {
      // a worker that was ended before its first step leaves the untrained networks to be measured again
      if (step <= this.reported) continue;
      this.reported = step;
      cells.forEach((cell, i) => {
        this.records[i].add(step, cell);
      });
    }
    const step = Math.max(0, this.reported);
    const cells = this.records.map((record) => record.after(step));
    this.set({ step, cells, inWorker, ...this.paceAt(step) });
  }

  private paceAt(step: number): Pick<TrainingState, 'stepsPerSecond' | 'secondsLeft'> {
    const time = this.now();
    this.pace = [...this.pace.filter((each) => time - each.time < paceWindow), { time, step }];
    const [first] = this.pace;
    if (!this.isGoing || step === first.step || time === first.time) {
      return { stepsPerSecond: null, secondsLeft: null };
    }
    const stepsPerSecond = ((step - first.step) * 1000) / (time - first.time);
    return { stepsPerSecond, secondsLeft: (this.settings.steps - step) / stepsPerSecond };
  }

  /** A stretch on this thread. One step is always done to its end, so that a worker could go on from there. */
  private async runHere(kernel: Kernel, single: boolean): Promise<void> {
    if (!this.isGoing) return;
    this.set({ phase: 'running' });
    this.race ??= new TrainingRace(this.settings, kernel, this.snapshot, this.now);
    this.snapshot = null;
    this.work ??= this.race.run(
      (step) => {
        this.progress.add(step);
      },
      () => this.last,
    );
    const stretch = this.pump(this.work);
    this.halt = () => {
      if (!single || this.current.phase === 'stopped') stretch.cancel();
    };
    // left within a step, it is taken up there
    if ((await stretch.result) !== null) this.work = null;
    this.progress.flush();
  }

  private pump<T>(work: Slices<T>): Pumped<T> {
    const pumped = pump(work, budget, this.now);
    const forget = (): boolean => this.pumps.delete(pumped);
    if (this.gone) pumped.cancel();
    this.pumps.add(pumped);
    pumped.result.then(forget, forget);
    return pumped;
  }

  /**
   * A stretch in a worker, which ends with it.
   * @returns false if there can be none.
   */
  private runThere(kernel: Kernel): Promise<boolean> {
    const { accelerate, worker: wanted } = this.options;
    const worker = accelerate && wanted ? startWorker() : null;
    if (!worker) return Promise.resolve(false);
    const say = (command: Command): void => {
      worker.postMessage(command);
    };
    const from = this.race?.snapshot ?? this.snapshot;
    return new Promise((resolve, reject) => {
      let ready = false;
      const end = (error: Error | null, ran = true): void => {
        this.closeWorker(error);
        if (error) reject(error);
        else resolve(ran);
      };
      const refuse = (): void => {
        refuseWorkers();
        end(null, false);
      };
      const remote: Remote = { worker, halted: false, waiting: [] };
      this.remote = remote;
      this.halt = () => {
        remote.halted = true;
        if (ready) say({ type: 'halt' });
        else end(null);
      };
      worker.onerror = (event) => {
        // it is said in the figure, if it has to be said
        event.preventDefault();
        if (ready) end(new Error(event.message));
        else refuse();
      };
      worker.onmessage = ({ data }: MessageEvent<Report>) => {
        switch (data.type) {
          case 'ready':
            ready = true;
            this.race = null;
            this.snapshot = from;
            this.set({ phase: 'running' });
            break;
          case 'refused':
            refuse();
            break;
          case 'steps':
            this.take(data.steps, true);
            break;
          case 'networks':
            this.remote?.waiting.shift()?.resolve(data.networks);
            break;
          case 'ended':
            this.snapshot = data.snapshot;
            end(null);
            break;
          case 'failed':
            end(new Error(data.message));
        }
      };
      say({ type: 'begin', settings: this.settings, kernel: kernel.name, from });
    });
  }

  /** @param error for whoever waits for an answer; null: what it knew is here now. */
  private closeWorker(error: Error | null): void {
    const { remote } = this;
    if (!remote) return;
    this.remote = null;
    remote.worker.onmessage = remote.worker.onerror = null;
    remote.worker.terminate();
    for (const { resolve, reject } of remote.waiting) {
      if (error) reject(error);
      else resolve(null);
    }
  }

  /** The race's networks, wherever it is. */
  private async networks(): Promise<readonly Network[]> {
    if (this.gone) throw disposed();
    const { remote, settings } = this;
    const there = remote && (await this.ask(remote));
    const { race, snapshot } = this;
    const trained = there ?? race?.networks ?? (snapshot && networksOf(settings, snapshot));
    const networks = trained ?? (await this.pump(freshNetworks(settings)).result);
    if (!networks) throw disposed();
    return networks;
  }

  private ask({ waiting, worker, halted }: Remote): Promise<readonly Network[] | null> {
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      // its last step may be under way: then they are what it leaves
      if (!halted) worker.postMessage({ type: 'networks' } satisfies Command);
    });
  }
}
