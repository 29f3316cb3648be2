// What a gradient is taken of: one cell's run through a sequence, of a reader's text or of a random network.

import {
  Random,
  initialWeights,
  readLogits,
  referenceKernel,
  softmax,
  unroll,
  type CellType,
  type CellWeights,
  type Initialisation,
  type PredictingNetwork,
  type Unrolled,
} from '../../engine/index.js';
import { randomInputSize } from '../random-model.js';
import type { Reading } from '../reading.js';

/** The word whose loss −log p is differentiated. */
export interface LossTarget {
  /** Its row in the vocabulary, 0 … V − 1. */
  readonly row: number;
  /** As the text has it, or the prediction. */
  readonly word: string;
  /** Whether it stands in the text; else it is what the network expects most, after the last word. */
  readonly read: boolean;
}

/** One run to differentiate. */
export interface GradientRun {
  readonly cell: CellType;
  /** Plain weights, on the reference. */
  readonly weights: CellWeights;
  /** What the cell did (`rows` = 1), under interventions if need be. */
  readonly unrolled: Unrolled;
  /** What predicts; null: there is no loss. */
  readonly network: PredictingNetwork | null;
  /** What is read at each step; empty for random inputs. */
  readonly words: readonly string[];
  /**
   * The word after step t (which has been done): the one in the text, or after its last word the one that the network
   * expects most. Null for networks that predict nothing, and for a word that the vocabulary has no row for.
   */
  target(t: number): LossTarget | null;
}

/**
 * A reading as a run, with its interventions. It shares the reading's memory: steps are added as the text is read on, and
 * only those that have been read can be differentiated.
 */
export function runOfReading(reading: Reading): GradientRun {
  const { model, tokens, unrolled } = reading;
  const { readout } = model;
  const weights = referenceKernel.load(model.cell);
  let expected: LossTarget | null | undefined;
  return {
    cell: weights.cell,
    weights,
    unrolled,
    network: readout && { cell: weights, readout },
    words: tokens.map(({ text }) => text),
    target(t) {
      if (!readout) return null;
      // a large vocabulary takes its time
      if (t + 1 === tokens.length) return (expected ??= mostExpected(reading, t));
      const row = model.row(tokens[t + 1]);
      return row === null ? null : { row, word: tokens[t + 1].text, read: true };
    },
  };
}

/** What the reading's first prediction is, with its row. */
function mostExpected(reading: Reading, t: number): LossTarget | null {
  const { readout, cell } = reading.model;
  const first = reading.predictions(t, 1)?.[0];
  if (!readout || !first) return null;
  // names are not unique once they are made visible; probabilities come from the same sum, to the bit
  const p = softmax(readLogits(readout, reading.hidden(t), 1, cell.hiddenSize));
  const row = p.indexOf(first.probability);
  return row < 0 ? null : { row, word: first.word, read: false };
}

/** A random network on random inputs. */
export interface RandomRunOptions {
  /** Any number; equal seeds give equal runs on every machine. Default 1. */
  readonly seed: number;
  /** H. Default 32. */
  readonly hiddenSize: number;
  /** T, steps. Default 100. */
  readonly length: number;
  /** Factor on the recurrent blocks, their spectral radius. Default 1. */
  readonly recurrentScale: number;
  /** Factor on the input weights. Default 1. */
  readonly inputScale: number;
  /** Bias of the LSTM's forget gate. Default 1. */
  readonly forgetBias: number;
  /** Bias of the GRU's update gate. Default 1. */
  readonly updateBias: number;
}

export const randomRunDefaults: RandomRunOptions = {
  seed: 1,
  hiddenSize: 32,
  length: 100,
  recurrentScale: 1,
  inputScale: 1,
  forgetBias: 1,
  updateBias: 1,
};

/**
 * An untrained network reading N(0, 1) inputs: the initialisation of `model="random"` (16 inputs, input weights N(0, 1/I)
 * and orthogonal recurrent blocks, both times their factor, biases 0 but for the one gate that keeps). It predicts
 * nothing. Cells of the same seed read the same inputs; a longer run begins with the shorter one.
 */
export function randomRun(cell: CellType, options: Partial<RandomRunOptions> = {}): GradientRun {
  const { seed, hiddenSize, length, ...rest } = { ...randomRunDefaults, ...options };
  const initialisation: Initialisation = rest;
  const weights = initialWeights(cell, randomInputSize, hiddenSize, seed, initialisation);
  const inputs = new Random(`${seed}/inputs`).normals(length * randomInputSize);
  return {
    cell,
    weights,
    unrolled: unroll(weights, inputs),
    network: null,
    words: [],
    target: () => null,
  };
}
