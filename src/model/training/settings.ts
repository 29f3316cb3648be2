// What a training race is made of: which cells, how hard the task is, how they learn. Defaults, limits, sizes.

import { cells as equations, type CellType } from '../../engine/index.js';
import { taskWords } from './task.js';

/** The cells that can learn it: a feedforward layer hands on nothing, so it has nothing to learn from a gap. */
export type TrainableCell = Exclude<CellType, 'feedforward'>;

/** In the order in which the subject is taught. */
export const trainableCells: readonly TrainableCell[] = ['rnn', 'lstm', 'gru'];

/** One race. Everything that is measured follows from these numbers, the kernel and nothing else. */
export interface TrainingSettings {
  /** Which networks learn, each from its own first weights, on the same batches. */
  readonly cells: readonly TrainableCell[];
  /** Most words between fact and question in training; each batch has one gap, drawn from 0 … gap. */
  readonly gap: number;
  /** How many different sentences there are to learn from. */
  readonly examples: number;
  /** H, units of each cell. */
  readonly hiddenSize: number;
  /** Adam's, at the first step; it falls linearly to 0 at the last. */
  readonly learningRate: number;
  /** Sentences a step. */
  readonly batch: number;
  /** Steps of training. */
  readonly steps: number;
  /** Of sentences, batches and first weights. */
  readonly seed: number;
  /** First bias of the LSTM's forget gate and of the GRU's update gate. */
  readonly forgetBias: number;
  /** Largest norm of all gradients of a step together; larger ones are scaled down to it. */
  readonly clip: number;
}

/** All that are numbers. */
export type NumericSetting = Exclude<keyof TrainingSettings, 'cells'>;

export const trainingDefaults: TrainingSettings = {
  cells: trainableCells,
  gap: 20,
  examples: 1000,
  hiddenSize: 48,
  learningRate: 0.01,
  batch: 32,
  steps: 1000,
  seed: 1,
  forgetBias: 2,
  clip: 1,
};

/** What a setting may be, ends included. */
export interface SettingLimit {
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

/** So that nothing exhausts a phone: the largest LSTM of all learns in 90 MB (180 MB on the reference kernel). */
export const trainingLimits: Readonly<Record<NumericSetting, SettingLimit>> = {
  gap: { min: 0, max: 100, integer: true },
  examples: { min: 1, max: 20_000, integer: true },
  hiddenSize: { min: 4, max: 96, integer: true },
  learningRate: { min: 0.0001, max: 1, integer: false },
  batch: { min: 1, max: 64, integer: true },
  steps: { min: 1, max: 20_000, integer: true },
  seed: { min: 0, max: 4_294_967_295, integer: true },
  forgetBias: { min: -10, max: 10, integer: false },
  clip: { min: 0.01, max: 100, integer: false },
};

/** The longest gap that `measure` asks about, in words. */
export const longestTestGap = 2000;

/** Whether a setting may have this value. */
export function allows(setting: NumericSetting, value: number): boolean {
  const { min, max, integer } = trainingLimits[setting];
  return value >= min && value <= max && (!integer || Number.isInteger(value));
}

/** I: length of a word's vector. */
export const trainedInputSize = 24;

/** How many numbers one network learns. */
export interface ParameterCount {
  /** Embedding, cell and readout together. */
  readonly network: number;
  /** The cell alone: what tells the cells apart. */
  readonly cell: number;
}

/** How many numbers a cell of these settings learns. */
export function parameterCount(
  { hiddenSize: H }: Pick<TrainingSettings, 'hiddenSize'>,
  cell: TrainableCell,
): ParameterCount {
  const own = equations[cell].gates.length * H * (trainedInputSize + H + 2);
  const V = taskWords.length;
  return { cell: own, network: own + V * trainedInputSize + V * (H + 1) };
}
