// Our engine, twice: `ours` on the WebAssembly kernel (float32), `reference` on the TypeScript path (float64).

import {
  Adam,
  BackwardWorkspace,
  NetworkGradients,
  Unrolled,
  backpropagate,
  jacobianNorms,
  loadKernel,
  loadNetwork,
  parametersOf,
  referenceKernel,
  type CellWeights,
  type Floats,
  type Kernel,
} from '../../../src/engine/index.js';
import type { Contestant, Material, Way } from './contestant.js';

/** Numbers of room for one workload (float32: 16 MB). */
const room = 4_000_000;

function weightsOf(material: Material): CellWeights {
  const { cell, inputSize, hiddenSize } = material;
  return {
    cell,
    inputSize,
    hiddenSize,
    weightIh: Float64Array.from(material.weightIh),
    weightHh: Float64Array.from(material.weightHh),
    biasIh: Float64Array.from(material.biasIh),
    biasHh: Float64Array.from(material.biasHh),
  };
}

/** Numbers in the precision of a kernel, outside its memory: what a caller has. */
function given(kernel: Kernel, values: readonly number[]): Floats {
  return kernel.name === 'simd' ? Float32Array.from(values) : Float64Array.from(values);
}

function forward(kernel: Kernel, material: Material): Way {
  const { length: T, rows: N, hiddenSize: H } = material;
  const cell = kernel.open(room).load(weightsOf(material));
  const unrolled = new Unrolled(cell, N, T);
  const x = given(kernel, material.x);
  const run = (): void => {
    unrolled.x.set(x);
    unrolled.run(cell, T);
  };
  return {
    name: 'Unrolled',
    run,
    outputs() {
      run();
      return { h: unrolled.h.subarray(N * H) };
    },
  };
}

function backward(kernel: Kernel, material: Material): Way {
  const { length: T, rows: N } = material;
  const own = kernel.open(room);
  const cell = own.load(weightsOf(material));
  const unrolled = new Unrolled(cell, N, T);
  const workspace = new BackwardWorkspace(cell, N, T);
  const x = given(kernel, material.x);
  const v = own.array(material.v.length);
  v.set(material.v);
  const run = () => {
    unrolled.x.set(x);
    unrolled.run(cell, T);
    return backpropagate(cell, unrolled, v, workspace);
  };
  return {
    name: 'Unrolled, backpropagate',
    run,
    outputs() {
      const { weightIh, weightHh, biasIh, x: dx } = run();
      return { weightIh, weightHh, bias: biasIh, x: dx };
    },
  };
}

function influence(kernel: Kernel, material: Material): Way {
  const cell = weightsOf(material);
  const x = Float64Array.from(material.x);
  const run = () => jacobianNorms(cell, x, 'input', {}, kernel);
  return { name: 'jacobianNorms', run, outputs: () => ({ norms: run() }) };
}

function training(kernel: Kernel, material: Material): Way {
  const batch = {
    rows: material.rows,
    length: material.length,
    words: Int32Array.from(material.words),
    targets: Int32Array.from(material.targets),
    weights: new Float64Array(material.rows * material.length).fill(1),
  };
  const start = (): (() => number) => {
    const plain = {
      embedding: Float64Array.from(material.embedding),
      cell: weightsOf(material),
      readout: {
        weight: Float64Array.from(material.readoutWeight),
        bias: Float64Array.from(material.readoutBias),
      },
    };
    const network = loadNetwork(kernel, plain, batch.rows, batch.length);
    const gradients = new NetworkGradients(network, batch.rows, batch.length);
    const own = network.cell.kernel ?? referenceKernel;
    const adam = new Adam(parametersOf(network), { kernel: own });
    return () => {
      const step = gradients.lossAndGradients(batch);
      adam.update(step.gradients, material.learningRate);
      return step.loss;
    };
  };
  let step = start();
  return {
    name: 'NetworkGradients, Adam',
    run: () => step(),
    outputs() {
      step = start();
      return { losses: Array.from({ length: material.losses }, step) };
    },
  };
}

export async function open(_where: 'node' | 'page', name: string): Promise<Contestant> {
  const kernel = name === 'ours' ? await loadKernel() : referenceKernel;
  if (name === 'ours' && kernel.name !== 'simd') throw new Error('no WebAssembly SIMD here');
  const make = { forward, backward, influence, training };
  return {
    about: name === 'ours' ? 'WebAssembly SIMD, float32' : 'TypeScript, float64',
    prepare: (material) => [make[material.kind](kernel, material)],
  };
}
