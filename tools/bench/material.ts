// The seeded weights and inputs of a workload, and what the reference path makes of them.

import {
  Adam,
  BackwardWorkspace,
  NetworkGradients,
  Random,
  Unrolled,
  backpropagate,
  initialWeights,
  jacobianNorms,
  parametersOf,
  type CellWeights,
  type Floats,
} from '../../src/engine/index.js';
import type { Convention, Material, Outputs } from './contestants/contestant.js';
import type { Workload } from './workloads.js';

/** How many of the first training losses everybody has to agree on. */
const comparedLosses = 5;

/** Weights as of an untrained network (forget bias 1), but with noise on all biases, so that none can be forgotten. */
export function materialOf(workload: Workload): Material {
  const { kind, cell, length, inputSize, hiddenSize, rows, vocabulary } = workload;
  const weights = initialWeights(cell, inputSize, hiddenSize, 'bench', { forgetBias: 1 });
  const random = new Random(`bench ${workload.id}`);
  const normals = (count: number, scale = 1): number[] =>
    Array.from({ length: count }, () => scale * random.normal());
  const noisy = (bias: Floats): number[] =>
    Array.from(bias, (value) => value + 0.1 * random.normal());
  const total = length * rows;
  const training = kind === 'training';
  const draw = (): number[] => Array.from({ length: total }, () => random.integer(vocabulary));
  return {
    kind,
    cell,
    length,
    inputSize,
    hiddenSize,
    rows,
    vocabulary,
    weightIh: Array.from(weights.weightIh),
    weightHh: Array.from(weights.weightHh),
    biasIh: noisy(weights.biasIh),
    biasHh: noisy(weights.biasHh),
    x: training ? [] : normals(total * inputSize),
    v: kind === 'backward' ? normals(total * hiddenSize) : [],
    embedding: normals(vocabulary * inputSize),
    readoutWeight: normals(vocabulary * hiddenSize, 1 / Math.sqrt(hiddenSize)),
    readoutBias: normals(vocabulary, 0.1),
    words: training ? draw() : [],
    targets: training ? draw() : [],
    learningRate: 0.01,
    losses: training ? comparedLosses : 0,
  };
}

/** The cell's weights in float64. */
function cellOf(material: Material, convention?: Convention): CellWeights {
  const { cell, inputSize, hiddenSize } = material;
  const [biasIh, biasHh] = [material.biasIh, material.biasHh].map((bias) =>
    Float64Array.from(bias),
  );
  if (convention === 'one-bias') {
    biasHh.forEach((value, i) => (biasIh[i] = biasIh[i] + value));
    biasHh.fill(0);
  }
  return {
    cell,
    inputSize,
    hiddenSize,
    weightIh: Float64Array.from(material.weightIh),
    weightHh: Float64Array.from(material.weightHh),
    biasIh,
    biasHh,
    resetAfter: convention !== 'reset-before',
  };
}

/** The results in float64, which every contestant's are compared with. */
export function expectedOf(material: Material, convention?: Convention): Outputs {
  const { kind, length: T, rows: N, hiddenSize: H } = material;
  const cell = cellOf(material, convention);
  const x = Float64Array.from(material.x);
  if (kind === 'influence') return { norms: jacobianNorms(cell, x, 'input') };
  if (kind === 'training') {
    return { losses: trainingLosses(material, cell, convention === 'one-bias') };
  }
  const unrolled = new Unrolled(cell, N, T);
  unrolled.x.set(x);
  unrolled.run(cell, T);
  if (kind === 'forward') return { h: unrolled.h.slice(N * H) };
  const workspace = new BackwardWorkspace(cell, N, T);
  const gradients = backpropagate(cell, unrolled, Float64Array.from(material.v), workspace);
  return {
    weightIh: gradients.weightIh,
    weightHh: gradients.weightHh,
    bias: gradients.biasIh,
    x: gradients.x,
  };
}

function trainingLosses(material: Material, cell: CellWeights, oneBias: boolean): number[] {
  const network = {
    embedding: Float64Array.from(material.embedding),
    cell,
    readout: {
      weight: Float64Array.from(material.readoutWeight),
      bias: Float64Array.from(material.readoutBias),
    },
  };
  const batch = {
    rows: material.rows,
    length: material.length,
    words: Int32Array.from(material.words),
    targets: Int32Array.from(material.targets),
    weights: new Float64Array(material.rows * material.length).fill(1),
  };
  const gradients = new NetworkGradients(network, batch.rows, batch.length);
  const parameters = parametersOf(network);
  const moved = parameters.map((parameter) => !oneBias || parameter !== cell.biasHh);
  const adam = new Adam(parameters.filter((_, i) => moved[i]));
  return Array.from({ length: material.losses }, () => {
    const step = gradients.lossAndGradients(batch);
    adam.update(
      step.gradients.filter((_, i) => moved[i]),
      material.learningRate,
    );
    return step.loss;
  });
}

/** The largest difference, as a share of the largest expected value; infinite where sizes or names differ. */
export function difference(actual: Outputs, expected: Outputs): number {
  let worst = 0;
  for (const [name, values] of Object.entries(expected)) {
    const given = actual[name];
    if (given?.length !== values.length) return Infinity;
    let apart = 0;
    let largest = 0;
    for (let i = 0; i < values.length; i++) {
      // written so that NaN counts as infinitely far
      const distance = Math.abs(given[i] - values[i]);
      apart = distance <= apart ? apart : Number.isNaN(distance) ? Infinity : distance;
      largest = Math.max(largest, Math.abs(values[i]));
    }
    worst = Math.max(worst, apart / largest);
  }
  return worst;
}
