// Initial weights of a cell, from a seed, equal to the last bit everywhere.

import type { CellType, CellWeights } from './cells/cell.js';
import { cells, checkCell } from './cells/index.js';
import { Random } from './random.js';
import { finish, type Slices } from './slices.js';

/** How the weights of a new cell are drawn. */
export interface Initialisation {
  /** Factor on the input weights. Default 1. */
  readonly inputScale?: number;
  /** Recurrent blocks: `orthogonal` (Saxe et al. 2014) or `uniform` in ±1/√H (PyTorch's default). Default orthogonal. */
  readonly recurrent?: 'orthogonal' | 'uniform';
  /** Factor on the recurrent blocks; for orthogonal ones it is their spectral radius. Default 1. */
  readonly recurrentScale?: number;
  /** Bias of the LSTM's forget gate (Gers et al. 2000; Jozefowicz et al. 2015). Default 0. */
  readonly forgetBias?: number;
  /** Bias of the GRU's update gate; positive keeps, in the convention z near 1 keeps. Default 0. */
  readonly updateBias?: number;
}

/**
 * Draws a cell: input weights N(0, 1/I), each recurrent block `[H × H]` orthogonal (or uniform), both times their factor,
 * biases 0 except the forget bias and the update bias, which go into `biasIh`. The arrays are new and the caller's to
 * change.
 * @param inputSize I, a positive integer.
 * @param hiddenSize H, a positive integer.
 * @param seed any number or text; equal seeds give equal weights.
 */
export function initialWeights(
  cell: CellType,
  inputSize: number,
  hiddenSize: number,
  seed: number | string,
  options: Initialisation = {},
): CellWeights {
  return finish(initialWeightsInSlices(cell, inputSize, hiddenSize, seed, options));
}

/** `initialWeights` in slices, of a row where the blocks are orthogonal: those of a large cell take a while. */
export function* initialWeightsInSlices(
  cell: CellType,
  inputSize: number,
  hiddenSize: number,
  seed: number | string,
  options: Initialisation = {},
): Slices<CellWeights> {
  checkCell(cell);
  const { gates, recurrent } = cells[cell];
  const G = gates.length;
  const H = hiddenSize;
  const random = new Random(`${seed}/${cell}`);
  const weightIh = random.normals(G * H * inputSize);
  const scale = (options.inputScale ?? 1) / Math.sqrt(inputSize);
  for (let i = 0; i < weightIh.length; i++) weightIh[i] = weightIh[i] * scale;
  const weightHh = new Float64Array(recurrent ? G * H * H : 0);
  if (recurrent) {
    const factor = options.recurrentScale ?? 1;
    for (let block = 0; block < G; block++) {
      const values =
        options.recurrent === 'uniform'
          ? uniformBlock(H, random)
          : yield* orthogonalRows(H, random);
      for (let i = 0; i < values.length; i++) weightHh[block * H * H + i] = values[i] * factor;
    }
  }
  const biasIh = new Float64Array(G * H);
  gates.forEach((gate, block) => {
    const bias =
      gate === 'forget'
        ? (options.forgetBias ?? 0)
        : gate === 'update'
          ? (options.updateBias ?? 0)
          : 0;
    biasIh.fill(bias, block * H, (block + 1) * H);
  });
  return {
    cell,
    inputSize,
    hiddenSize,
    weightIh,
    weightHh,
    biasIh,
    biasHh: new Float64Array(recurrent ? G * H : 0),
  };
}

/** `[H × H]` uniform in ±1/√H. */
function uniformBlock(H: number, random: Random): Float64Array {
  const bound = 1 / Math.sqrt(H);
  return Float64Array.from({ length: H * H }, () => (2 * random.uniform() - 1) * bound);
}

/** `[H × H]` orthogonal, uniformly distributed: Gram–Schmidt, done twice, on the rows of a normal matrix. */
export function orthogonalBlock(H: number, random: Random): Float64Array {
  return finish(orthogonalRows(H, random));
}

function* orthogonalRows(H: number, random: Random): Slices<Float64Array> {
  const Q = random.normals(H * H);
  for (let i = 0; i < H; i++) {
    yield;
    orthonormalise(Q, H, i);
  }
  return Q;
}

/** Makes row i a unit vector at right angles to those before it. */
function orthonormalise(Q: Float64Array, H: number, i: number): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < i; k++) {
      let dot = 0;
      for (let j = 0; j < H; j++) dot += Q[i * H + j] * Q[k * H + j];
      for (let j = 0; j < H; j++) Q[i * H + j] = Q[i * H + j] - dot * Q[k * H + j];
    }
  }
  let square = 0;
  for (let j = 0; j < H; j++) square += Q[i * H + j] * Q[i * H + j];
  const length = Math.sqrt(square);
  for (let j = 0; j < H; j++) Q[i * H + j] = Q[i * H + j] / length;
}
