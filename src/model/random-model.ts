// Untrained networks for any text: seeded word vectors, the same initialisation for every cell, nothing to download.

import { Random, hash, initialWeights, type CellType } from '../engine/index.js';
import type { SentenceModel } from './sentence-model.js';

export interface RandomModelOptions {
  /** Any number; equal seeds give equal networks on every machine. Default 1. */
  readonly seed?: number;
  /** H, 1 to 256. Default 32. */
  readonly hiddenSize?: number;
  /** Bias of the LSTM's forget gate and of the GRU's update gate. Default 3. */
  readonly forgetBias?: number;
}

export const randomModelDefaults = { seed: 1, hiddenSize: 32, forgetBias: 3 } as const;

/** I: length of a random word vector. */
export const randomInputSize = 16;

/**
 * A network that has learned nothing. Every distinct word gets its own N(0, 1) vector from the hash of the word and the
 * seed; input weights N(0, 1/I), recurrent blocks orthogonal, biases 0 except the forget and update bias.
 */
export function randomModel(cell: CellType, options: RandomModelOptions = {}): SentenceModel {
  const { seed, hiddenSize, forgetBias } = { ...randomModelDefaults, ...options };
  const vectors = new Map<string, Float64Array>();
  return {
    kind: 'random',
    cell: initialWeights(cell, randomInputSize, hiddenSize, seed, {
      forgetBias,
      updateBias: forgetBias,
    }),
    vocabularySize: null,
    predicts: false,
    readout: null,
    unknownAsZeros: false,
    knows: () => true,
    row: () => null,
    vector({ key }) {
      let vector = vectors.get(key);
      if (!vector) {
        vector = new Random(`${seed}/${hash(key)}/${key}`).normals(randomInputSize);
        vectors.set(key, vector);
      }
      return vector;
    },
    predict: () => null,
  };
}
