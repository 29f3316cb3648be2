// The race itself: several networks learn step by step from the same batches, all of it in slices of a few milliseconds.

import {
  Adam,
  NetworkGradients,
  Random,
  clipGradientNorm,
  initialWeightsInSlices,
  kernelOf,
  linearDecay,
  loadNetwork,
  parametersOf,
  plainNetwork,
  type AdamState,
  type Floats,
  type Kernel,
  type Network,
  type Slices,
} from '../../engine/index.js';
import { RecallProbe, firstWordGradient, sliceSizes, type Recall } from './recall.js';
import { trainedInputSize, type TrainableCell, type TrainingSettings } from './settings.js';
import { batchOf, longestBatch, taskWords, type TaskBatch } from './task.js';

/** Recall at one gap. */
export interface GapRecall extends Recall {
  /** Words between fact and question. */
  readonly gap: number;
}

/** What was measured on held-out sentences after some step. */
export interface Evaluation {
  /** Steps done before; 0: the untrained network. */
  readonly step: number;
  /** At the trained gap. */
  readonly recall: Recall;
  /** By gap, from 0 to twice the trained one, the trained one among them; the same gaps at every evaluation. */
  readonly byGap: readonly GapRecall[];
  /**
   * ‖∂L/∂s₁‖₂: L is −log p(answer), s₁ the state after the first word (h, or [h; c] of an LSTM); the mean over a few
   * held-out sentences with the trained gap. The gradient that reaches the first word. float64.
   */
  readonly firstWord: number;
}

/** What one cell did in one step. */
export interface CellStepReport {
  /** The loss that the step made smaller: all words, the answer counting for more; nats. NaN at step 0. */
  readonly loss: number;
  /** The mean of −log p(answer) over the batch, before the update; nats. NaN at step 0. */
  readonly answerLoss: number;
  /** Its own time, without evaluation. */
  readonly milliseconds: number;
  /** Where one was due. */
  readonly evaluation: Evaluation | null;
}

/** What all cells did in one step, in the order of the settings. */
export interface StepReport {
  /** Steps done so far; 0 reports the untrained networks. */
  readonly step: number;
  readonly cells: readonly CellStepReport[];
}

/** Where a race stands between two steps, complete enough to go on elsewhere as if nothing had happened. */
export interface Snapshot {
  readonly step: number;
  /** In the order of the settings. */
  readonly cells: readonly { readonly parameters: readonly Floats[]; readonly adam: AdamState }[];
}

/** Evaluations of a race, the one at step 0 not counted. */
const evaluations = 40;
/** Nor oftener than every so many steps: an evaluation costs as much as some of them. */
const fewestSteps = 5;
/** How often the questions at the trained gap are asked, each time with other words in between. */
const rounds = 2;

/** Gaps at which recall is measured: nine from 0 to twice the trained one, fewer where that is short. */
export function testGaps(gap: number): readonly number[] {
  const quarter = Math.max(1, gap) / 4;
  return [...new Set(Array.from({ length: 9 }, (_, i) => Math.round(i * quarter)))];
}

/** Whether recall is measured after so many steps: at the ends, and some 40 times in between. */
export function evaluatedAt(step: number, { steps }: Pick<TrainingSettings, 'steps'>): boolean {
  return step === steps || step % Math.max(fewestSteps, Math.ceil(steps / evaluations)) === 0;
}

/** The network that a cell starts from: embedding N(0, 1), readout N(0, 1/H), the cell by `initialWeights`. */
export function* freshNetwork(settings: TrainingSettings, cell: TrainableCell): Slices<Network> {
  const { hiddenSize: H, seed, forgetBias } = settings;
  const random = new Random(`race/network/${seed}/${cell}`);
  const V = taskWords.length;
  const embedding = random.normals(V * trainedInputSize);
  const weight = random.normals(V * H).map((value) => value / Math.sqrt(H));
  yield;
  const weights = yield* initialWeightsInSlices(cell, trainedInputSize, H, seed, {
    forgetBias,
    updateBias: forgetBias,
    inputScale: 0.5,
  });
  return { embedding, cell: weights, readout: { weight, bias: new Float64Array(V) } };
}

/** The networks before the start, in the order of the settings: orthogonal matrices take their time. */
export function* freshNetworks(settings: TrainingSettings): Slices<readonly Network[]> {
  const networks: Network[] = [];
  for (const cell of settings.cells) networks.push(yield* freshNetwork(settings, cell));
  return networks;
}

/** The networks of a race that stands there, on no kernel, in the order of the settings. */
export function networksOf(settings: TrainingSettings, at: Snapshot): readonly Network[] {
  return settings.cells.map((cell, i) => {
    const plain = at.cells[i].parameters.map((values) => new Float64Array(values));
    const [embedding, weightIh, weightHh, biasIh, biasHh, weight, bias] = plain;
    const sizes = { inputSize: trainedInputSize, hiddenSize: settings.hiddenSize };
    return {
      embedding,
      cell: { cell, ...sizes, weightIh, weightHh, biasIh, biasHh },
      readout: { weight, bias },
    };
  });
}

/** One network that learns. */
class Learner {
  readonly network: Network;
  private readonly gradients: NetworkGradients;
  private readonly adam: Adam;
  private readonly room: Kernel;
  private readonly probe: RecallProbe;

  /**
   * @param network where it starts, on no kernel.
   * @param adam where its optimiser starts, unless afresh.
   */
  constructor(
    private readonly settings: TrainingSettings,
    network: Network,
    kernel: Kernel,
    adam?: AdamState,
  ) {
    const capacity = longestBatch(settings);
    this.network = loadNetwork(kernel, network, settings.batch, capacity);
    this.room = kernelOf(this.network.cell);
    this.adam = new Adam(parametersOf(this.network), { kernel: this.room }, adam);
    this.gradients = new NetworkGradients(this.network, settings.batch, capacity);
    this.probe = new RecallProbe(kernel, this.network);
  }

  *learn(batch: TaskBatch, step: number): Slices<{ loss: number; answerLoss: number }> {
    const { learningRate, steps, clip } = this.settings;
    const most = sliceSizes[this.room.name];
    const { loss, watched, gradients } = yield* this.gradients.inSlices(batch, most);
    clipGradientNorm(gradients, clip, this.room);
    this.adam.update(gradients, linearDecay(learningRate, step, steps));
    return { loss, answerLoss: watched };
  }

  *evaluate(step: number): Slices<Evaluation> {
    const trained = this.settings.gap;
    const byGap: GapRecall[] = [];
    for (const gap of testGaps(trained)) {
      const times = gap === trained ? rounds : 1;
      byGap.push({ gap, ...(yield* this.probe.ask(this.network, gap, times)) });
    }
    const firstWord = yield* firstWordGradient(this.network, trained);
    const { right, asked } = byGap.find(({ gap }) => gap === trained) ?? { right: 0, asked: 0 };
    return { step, recall: { right, asked }, byGap, firstWord };
  }

  get snapshot(): Snapshot['cells'][number] {
    return {
      parameters: parametersOf(this.network).map((values) => values.slice()),
      adam: this.adam.state,
    };
  }
}

/**
 * All cells, on one kernel. What it computes depends on settings and kernel alone: not on the clock, nor on where it is
 * left and taken up again.
 */
export class TrainingRace {
  /** In the order of the settings; none before the first slices. */
  private learners: readonly Learner[] = [];
  private done: number;

  /**
   * @param from where another race of these settings on such a kernel stood.
   * @param now milliseconds, for `CellStepReport.milliseconds`.
   */
  constructor(
    private readonly settings: TrainingSettings,
    private readonly kernel: Kernel,
    private readonly from: Snapshot | null = null,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.done = from?.step ?? 0;
  }

  /** Steps done. */
  get step(): number {
    return this.done;
  }

  /**
   * Goes on until so many steps are done, or all.
   * @param report is told of every step, and first of the untrained networks.
   * @param until asked after every step.
   * @throws RangeError in the first slices if the machine has no such memory.
   */
  *run(report: (report: StepReport) => void, until: () => number): Slices<void> {
    const { steps } = this.settings;
    if (this.learners.length === 0) yield* this.open();
    if (this.done === 0) {
      const untrained = { loss: NaN, answerLoss: NaN };
      report({ step: 0, cells: yield* this.eachCell(() => untrainedStep(untrained), 0) });
    }
    while (this.done < Math.min(steps, until())) {
      const batch = batchOf(this.settings, this.done);
      const learn = (learner: Learner) => learner.learn(batch, this.done);
      const reports = yield* this.eachCell(learn, this.done + 1);
      this.done++;
      report({ step: this.done, cells: reports });
    }
  }

  /** One step of each cell in turn, then the evaluations if they are due. */
  private *eachCell(
    learn: (learner: Learner) => Slices<{ loss: number; answerLoss: number }>,
    step: number,
  ): Slices<CellStepReport[]> {
    const reports: CellStepReport[] = [];
    const due = evaluatedAt(step, this.settings);
    for (const learner of this.learners) {
      const { value, milliseconds } = yield* timed(learn(learner), this.now);
      const evaluation = due ? yield* learner.evaluate(step) : null;
      reports.push({ ...value, milliseconds, evaluation });
    }
    return reports;
  }

  /** The networks as they are now, on no kernel, in the order of the settings; null before the first slices. */
  get networks(): readonly Network[] | null {
    if (this.learners.length === 0) return this.from && networksOf(this.settings, this.from);
    return this.learners.map(({ network }) => plainNetwork(network));
  }

  /** Where it stands, between two steps; null before the first slices of a new race. */
  get snapshot(): Snapshot | null {
    if (this.learners.length === 0) return this.from;
    return { step: this.done, cells: this.learners.map(({ snapshot }) => snapshot) };
  }

  private *open(): Slices<void> {
    const { settings, kernel, from } = this;
    const networks = from ? networksOf(settings, from) : yield* freshNetworks(settings);
    const learners: Learner[] = [];
    for (const [i, network] of networks.entries()) {
      learners.push(new Learner(settings, network, kernel, from?.cells[i].adam));
      yield;
    }
    this.learners = learners;
  }
}

// eslint-disable-next-line require-yield -- nothing to do, but told like a step
function* untrainedStep<T>(value: T): Slices<T> {
  return value;
}

/** The same work, and how long it took, without the time between its slices. */
function* timed<T>(
  work: Slices<T>,
  now: () => number,
): Slices<{ readonly value: T; readonly milliseconds: number }> {
  let milliseconds = 0;
  for (;;) {
    const start = now();
    const { done, value } = work.next();
    milliseconds += now() - start;
    if (done) return { value, milliseconds };
    yield;
  }
}
