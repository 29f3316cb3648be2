// A short training run from a seed, for comparing kernels, threads and browsers bit by bit.

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
  type CellType,
  type Kernel,
} from '../../src/engine/index.js';

/** All parameters of a small next-word network after a few steps, one after the other, and the losses. */
export function trainBriefly(
  cell: CellType,
  kernel: Kernel,
  steps = 12,
): { parameters: Float64Array; losses: number[] } {
  const [V, I, H, rows, length] = [11, 6, 13, 5, 9];
  const random = new Random(`training run/${cell}`);
  const fresh = {
    embedding: random.normals(V * I),
    cell: initialWeights(cell, I, H, 'training run', { forgetBias: 1, updateBias: 1 }),
    readout: { weight: random.normals(V * H), bias: new Float64Array(V) },
  };
  const network = loadNetwork(kernel, fresh, rows, length);
  const room = kernelOf(network.cell);
  const gradients = new NetworkGradients(network, rows, length);
  const adam = new Adam(parametersOf(network), { kernel: room });
  const losses: number[] = [];
  const draw = (): Int32Array =>
    Int32Array.from({ length: rows * length }, () => random.integer(V));
  for (let step = 0; step < steps; step++) {
    const weights = new Float64Array(rows * length).fill(1);
    const batch = { rows, length, words: draw(), targets: draw(), weights };
    const { loss, gradients: found } = gradients.lossAndGradients(batch);
    clipGradientNorm(found, 1, room);
    adam.update(found, linearDecay(0.02, step, steps));
    losses.push(loss);
  }
  const parameters = parametersOf(plainNetwork(network)).flatMap((values) => [...values]);
  return { parameters: Float64Array.from(parameters), losses };
}
