// One training run of one story network, from seed, with checkpoints: what the grid and the full training share.

import {
  Adam,
  NetworkGradients,
  Random,
  clipGradientNorm,
  initialWeights,
  kernelOf,
  linearDecay,
  loadNetwork,
  parametersOf,
  plainNetwork,
  referenceKernel,
  type AdamState,
  type Batch,
  type CellType,
  type Floats,
  type Initialisation,
  type Kernel,
  type Network,
} from '../../src/engine/index.js';
import { storyVocabulary, trainingSequence } from '../../src/model/story/language.js';

/** What all cells have in common: same data, size, optimiser and number of steps. */
export const settings = {
  inputSize: 24,
  hiddenSize: 64,
  batch: 32,
  steps: 8000,
  clip: 1,
  answerWeight: 5,
  secondFact: 0.3,
  /** Longest gap in training, in words; reached after this share of the steps. */
  longestGap: 56,
  curriculum: 0.4,
  seed: 1,
} as const;

/** What a cell may choose for itself, from the grid. */
export interface Choice {
  readonly learningRate: number;
  readonly initialisation: Initialisation;
}

export const vocabulary = storyVocabulary();
const indexOf = new Map(vocabulary.map((word, index) => [word, index]));

/** A new network: embedding N(0, 1), readout N(0, 1/H), the cell as `initialWeights` says. */
export function newNetwork(cell: CellType, choice: Choice): Network {
  const { inputSize, hiddenSize, seed } = settings;
  const random = new Random(`story/${seed}/${cell}`);
  const V = vocabulary.length;
  const weight = random.normals(V * hiddenSize).map((value) => value / Math.sqrt(hiddenSize));
  return {
    embedding: random.normals(V * inputSize),
    cell: initialWeights(cell, inputSize, hiddenSize, seed, choice.initialisation),
    readout: { weight, bias: new Float64Array(V) },
  };
}

/** The batch of one step: equal for every cell, since it depends on the step's number alone. */
export function batchOf(
  step: number,
  totalSteps: number,
  longestGap: number = settings.longestGap,
): Batch {
  const random = new Random(`story/batch/${settings.seed}/${step}/${totalSteps}`);
  const reached = Math.min(1, step / (settings.curriculum * totalSteps));
  const gap = gapAt(random.uniform(), reached * longestGap);
  return makeBatch(random, settings.batch, () => gap);
}

/**
 * The gap at a place (0 to 1) in their distribution: short gaps more often than long ones, or a cell that can only manage
 * those would hardly ever see them.
 */
function gapAt(place: number, longest: number): number {
  return Math.floor(place ** 3 * (1 + longest));
}

/** Sequences that no training step draws, with the gaps of the full training: for choosing among grid points. */
export function validationBatches(count: number): Batch[] {
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(`story/validation/${index}`);
    const gap = gapAt((index + 0.5) / count, settings.longestGap);
    return makeBatch(random, settings.batch, () => gap);
  });
}

function makeBatch(random: Random, rows: number, gap: () => number): Batch {
  const sequences = Array.from({ length: rows }, () =>
    trainingSequence(random, {
      gap: gap(),
      answerWeight: settings.answerWeight,
      secondFact: settings.secondFact,
    }),
  );
  const length = Math.max(...sequences.map(({ tokens }) => tokens.length)) - 1;
  const words = new Int32Array(rows * length);
  const targets = new Int32Array(rows * length);
  const weights = new Float64Array(rows * length);
  sequences.forEach((sequence, n) => {
    sequence.weights.forEach((weight, t) => {
      words[t * rows + n] = indexOf.get(sequence.tokens[t])!;
      targets[t * rows + n] = indexOf.get(sequence.tokens[t + 1])!;
      weights[t * rows + n] = weight;
    });
  });
  return { rows, length, words, targets, weights };
}

/** More steps than any batch has: fact, gap in whole sentences, a second fact, question. */
export const longestBatch = 3 * settings.longestGap;

/** Where a run stands, complete enough to go on exactly as if it had not stopped. */
export interface Checkpoint {
  readonly step: number;
  readonly parameters: readonly Floats[];
  readonly adam: AdamState;
}

export interface RunOptions {
  readonly cell: CellType;
  readonly choice: Choice;
  readonly steps: number;
  /** Longest gap in the training sentences, in words; that of the settings unless given. */
  readonly longestGap?: number;
  readonly resume?: Checkpoint | undefined;
  /** Called after every step. */
  readonly onStep?: (step: number, loss: number, norm: number) => void;
  /** Called every `checkpointEvery` steps. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void;
  readonly checkpointEvery?: number;
  /** What computes; the float64 reference unless given. */
  readonly kernel?: Kernel;
}

/** Trains a network and returns it. */
export function trainNetwork(options: RunOptions): Network {
  const { cell, choice, steps, resume, kernel = referenceKernel } = options;
  const network = loadNetwork(kernel, newNetwork(cell, choice), settings.batch, longestBatch);
  const parameters = parametersOf(network);
  if (resume) resume.parameters.forEach((values, i) => parameters[i].set(values));
  const room = kernelOf(network.cell);
  const adam = new Adam(parameters, { kernel: room }, resume?.adam);
  const gradients = new NetworkGradients(network, settings.batch, longestBatch);
  for (let step = resume?.step ?? 0; step < steps; step++) {
    const result = gradients.lossAndGradients(batchOf(step, steps, options.longestGap));
    const norm = clipGradientNorm(result.gradients, settings.clip, room);
    adam.update(result.gradients, linearDecay(choice.learningRate, step, steps));
    options.onStep?.(step + 1, result.loss, norm);
    if (options.checkpointEvery && (step + 1) % options.checkpointEvery === 0) {
      const copies = parameters.map((values) => values.slice());
      options.onCheckpoint?.({ step: step + 1, parameters: copies, adam: adam.state });
    }
  }
  return plainNetwork(network);
}

/** Mean validation loss. */
export function validationLoss(network: Network): number {
  const gradients = new NetworkGradients(network, settings.batch, longestBatch);
  const batches = validationBatches(32);
  return batches.reduce((sum, batch) => sum + gradients.loss(batch), 0) / batches.length;
}
