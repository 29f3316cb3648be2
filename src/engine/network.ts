// A next-word network: embedding → cell → readout, its loss on a batch and the gradients of everything in it.

import type { CellWeights } from './cells/cell.js';
import { BackwardWorkspace, backpropagate } from './gradients.js';
import { addColumnSums, matrix, multiply } from './products.js';
import { Unrolled } from './sequence.js';
import { crossEntropy, readLogits, type Readout } from './training.js';

export interface Network {
  /** `[V × I]` one input vector a word. */
  readonly embedding: Float64Array;
  readonly cell: CellWeights;
  readonly readout: Readout;
}

/** All arrays that training changes, in a fixed order. */
export function parametersOf(network: Network): Float64Array[] {
  const { cell, readout } = network;
  return [
    network.embedding,
    cell.weightIh,
    cell.weightHh,
    cell.biasIh,
    cell.biasHh,
    readout.weight,
    readout.bias,
  ];
}

/** N sequences of T word indices, time-major: entry t·N + n is word t of sequence n. */
export interface Batch {
  readonly rows: number;
  readonly length: number;
  readonly words: Int32Array;
  /** The word that follows each word. */
  readonly targets: Int32Array;
  /** How much each prediction counts; 0 for padding. */
  readonly weights: Float64Array;
}

/** Computes loss and gradients of batches of one network, keeping its working memory between calls. */
export class NetworkGradients {
  private unrolled: Unrolled;
  private workspace: BackwardWorkspace;

  constructor(
    private readonly network: Network,
    rows: number,
    capacity: number,
  ) {
    this.unrolled = new Unrolled(network.cell, rows, capacity);
    this.workspace = new BackwardWorkspace(network.cell, rows, capacity);
  }

  /** Runs the batch forward; logits `[T·N × V]`. */
  private forward(batch: Batch): Float64Array {
    const { embedding, cell, readout } = this.network;
    const { inputSize: I, hiddenSize: H } = cell;
    if (batch.rows !== this.unrolled.rows || batch.length > this.unrolled.capacity) {
      this.unrolled = new Unrolled(cell, batch.rows, batch.length);
      this.workspace = new BackwardWorkspace(cell, batch.rows, batch.length);
    }
    const total = batch.rows * batch.length;
    for (let i = 0; i < total; i++) {
      const start = batch.words[i] * I;
      if (!(start >= 0 && start < embedding.length)) {
        throw new RangeError(`word ${batch.words[i]} is not in the vocabulary`);
      }
      this.unrolled.x.set(embedding.subarray(start, start + I), i * I);
    }
    this.unrolled.run(cell, batch.length);
    return readLogits(readout, this.unrolled.h.subarray(batch.rows * H), total, H);
  }

  /** The weighted mean cross-entropy alone. */
  loss(batch: Batch): number {
    const logits = this.forward(batch);
    return crossEntropy(logits, batch.targets, batch.weights, batch.rows * batch.length);
  }

  /** Loss and ∂loss/∂ of every array of `parametersOf`. */
  lossAndGradients(batch: Batch): { loss: number; gradients: Float64Array[] } {
    const { embedding, cell, readout } = this.network;
    const { inputSize: I, hiddenSize: H } = cell;
    const V = readout.bias.length;
    const total = batch.rows * batch.length;
    const delta = this.forward(batch);
    const loss = crossEntropy(delta, batch.targets, batch.weights, total);
    const h = this.unrolled.h.subarray(batch.rows * H);
    const weight = new Float64Array(V * H);
    multiply(V, H, total, matrix(delta, V, { transposed: true }), matrix(h, H), matrix(weight, H));
    const bias = new Float64Array(V);
    addColumnSums(bias, delta, total);
    const dh = new Float64Array(total * H);
    multiply(total, H, V, matrix(delta, V), matrix(readout.weight, H), matrix(dh, H));
    const inner = backpropagate(cell, this.unrolled, dh, this.workspace);
    const dEmbedding = new Float64Array(embedding.length);
    for (let i = 0; i < total; i++) {
      const start = batch.words[i] * I;
      for (let j = 0; j < I; j++) {
        dEmbedding[start + j] = dEmbedding[start + j] + inner.x[i * I + j];
      }
    }
    return {
      loss,
      gradients: [
        dEmbedding,
        inner.weightIh,
        inner.weightHh,
        inner.biasIh,
        inner.biasHh,
        weight,
        bias,
      ],
    };
  }
}
