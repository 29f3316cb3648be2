// A next-word network: embedding → cell → readout, its loss on a batch and the gradients of everything in it.

import type { CellWeights } from './cells/cell.js';
import { BackwardWorkspace, backpropagate } from './gradients.js';
import { matrix, type Floats, type Kernel } from './kernels/kernel.js';
import { kernelOf } from './kernels/reference.js';
import { trainingOf } from './kernels/training.js';
import { Unrolled, arrayFrom } from './sequence.js';
import { readLogits, type Readout } from './training.js';

/** A network that reads words and predicts the next one. All of its arrays are on one kernel. */
export interface Network {
  /** `[V × I]` one input vector a word. */
  readonly embedding: Floats;
  /** What reads the vectors. */
  readonly cell: CellWeights;
  /** From the hidden state to one number a word. */
  readonly readout: Readout;
}

/** All arrays that training changes, in a fixed order: embedding, W, U, b, b', readout weight and bias. Not copies. */
export function parametersOf(network: Network): readonly Floats[] {
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
  /** N */
  readonly rows: number;
  /** T */
  readonly length: number;
  /** `[T·N]` the words read, 0 … V − 1. */
  readonly words: Int32Array;
  /** `[T·N]` the right prediction after each word, 0 … V − 1: usually the word that follows. */
  readonly targets: Int32Array;
  /** `[T·N]` how much each prediction counts, ≥ 0; 0 for padding. */
  readonly weights: ArrayLike<number>;
}

/**
 * The network's numbers in a workspace of a kernel, with room for `NetworkGradients` of batches up to `rows × capacity`
 * and for `Adam` (pass it `{ kernel: network.cell.kernel }`). The reference kernel returns the network itself, not a copy.
 * @param rows N of the largest batch.
 * @param capacity T of the longest batch.
 * @throws RangeError if the machine has no such memory.
 */
export function loadNetwork(
  kernel: Kernel,
  network: Network,
  rows: number,
  capacity: number,
): Network {
  const { embedding, cell, readout } = network;
  const count = parametersOf(network).reduce((sum, { length }) => sum + length, 0);
  // each step of a row: states and gates, what they came from, the derivatives of all, logits
  const wide = 4 * cell.biasIh.length + 2 * cell.inputSize + 4 * cell.hiddenSize;
  const steps = rows * (capacity + 1) * (wide + readout.bias.length);
  // parameters, their panels (padded), gradients and two moments; the slack of some fifty arrays
  const room = kernel.open(steps + 9 * count + 16 * (cell.inputSize + cell.hiddenSize) + 50_000);
  if (room === kernel) return cell.kernel ? plainNetwork(network) : network;
  const own = (values: Floats): Floats => {
    const copy = room.array(values.length);
    copy.set(values);
    return copy;
  };
  return {
    embedding: own(embedding),
    cell: room.load(cell),
    readout: { weight: own(readout.weight), bias: own(readout.bias) },
  };
}

/** A copy of the network in float64, on no kernel: what training has reached, for a file or a reader. */
export function plainNetwork({ embedding, cell, readout }: Network): Network {
  const plain = (values: Floats): Float64Array => new Float64Array(values);
  return {
    embedding: plain(embedding),
    cell: {
      ...cell,
      weightIh: plain(cell.weightIh),
      weightHh: plain(cell.weightHh),
      biasIh: plain(cell.biasIh),
      biasHh: plain(cell.biasHh),
      kernel: undefined,
    },
    readout: { weight: plain(readout.weight), bias: plain(readout.bias) },
  };
}

/** The arrays of a batch's size that a forward and backward pass work in. */
interface Working {
  readonly unrolled: Unrolled;
  readonly workspace: BackwardWorkspace;
  readonly logits: Floats;
  readonly dh: Floats;
}

/**
 * Computes loss and gradients of batches of one network, on the kernel of its cell, keeping its working memory between
 * calls.
 */
export class NetworkGradients {
  private readonly kernel: Kernel;
  /** By number of rows; all stand in the memory of the largest. */
  private readonly shapes = new Map<number, Working>();
  private readonly gradients: { embedding: Floats; weight: Floats; bias: Floats };

  /**
   * @param network is read anew by every call: moving its numbers in place, as `Adam` does, is training it.
   * @param rows N of the largest batch. Memory for another N is added when such a batch comes.
   * @param capacity T of the longest batch.
   */
  constructor(
    private readonly network: Network,
    rows: number,
    capacity: number,
  ) {
    this.kernel = kernelOf(network.cell);
    this.shapes.set(rows, this.room(rows, capacity));
    this.gradients = {
      embedding: this.kernel.array(network.embedding.length),
      weight: this.kernel.array(network.readout.weight.length),
      bias: this.kernel.array(network.readout.bias.length),
    };
  }

  private room(rows: number, capacity: number, memory?: Working): Working {
    const { kernel } = this;
    const { cell, readout } = this.network;
    const total = rows * capacity;
    return {
      unrolled: new Unrolled(cell, rows, capacity, memory?.unrolled),
      workspace: new BackwardWorkspace(cell, rows, capacity, memory?.workspace),
      logits: arrayFrom(kernel, total * readout.bias.length, memory?.logits),
      dh: arrayFrom(kernel, total * cell.hiddenSize, memory?.dh),
    };
  }

  private workingFor({ rows, length }: Batch): Working {
    const known = this.shapes.get(rows);
    if (known && length <= known.unrolled.capacity) return known;
    const [largest] = [...this.shapes.values()].sort((a, b) => b.dh.length - a.dh.length);
    const made = this.room(rows, length, largest);
    this.shapes.set(rows, made);
    return made;
  }

  /** Runs the batch forward; logits `[T·N × V]`. */
  private forward(batch: Batch, { unrolled, logits }: Working): Floats {
    const { embedding, cell, readout } = this.network;
    const { inputSize: I, hiddenSize: H } = cell;
    const total = batch.rows * batch.length;
    for (let i = 0; i < total; i++) {
      const start = batch.words[i] * I;
      if (!(start >= 0 && start < embedding.length)) {
        throw new RangeError(`word ${batch.words[i]} is not in the vocabulary`);
      }
      const target = batch.targets[i];
      if (batch.weights[i] !== 0 && !(target >= 0 && target < readout.bias.length)) {
        throw new RangeError(`target ${target} is not in the vocabulary`);
      }
      for (let j = 0; j < I; j++) unrolled.x[i * I + j] = embedding[start + j];
    }
    // the parameters may have moved since the last batch
    this.kernel.changed(cell);
    unrolled.run(cell, batch.length);
    const h = unrolled.h.subarray(batch.rows * H);
    const out = logits.subarray(0, total * readout.bias.length);
    return readLogits(readout, h, total, H, this.kernel, out);
  }

  /**
   * The weighted mean cross-entropy alone, in nats.
   * @throws RangeError if a word is not in the vocabulary.
   */
  loss(batch: Batch): number {
    const logits = this.forward(batch, this.workingFor(batch));
    const { targets, weights, rows, length } = batch;
    return trainingOf(this.kernel).crossEntropy(logits, targets, weights, rows * length);
  }

  /**
   * The loss and its derivatives by every array of `parametersOf`, in that order and of these lengths. The next call
   * overwrites them.
   * @throws RangeError if a word is not in the vocabulary.
   */
  lossAndGradients(batch: Batch): { readonly loss: number; readonly gradients: readonly Floats[] } {
    const { cell, readout } = this.network;
    const { inputSize: I, hiddenSize: H } = cell;
    const { kernel } = this;
    const { embedding, weight, bias } = this.gradients;
    const V = readout.bias.length;
    const total = batch.rows * batch.length;
    const working = this.workingFor(batch);
    const { unrolled, workspace, dh } = working;
    const delta = this.forward(batch, working);
    const loss = trainingOf(kernel).crossEntropy(delta, batch.targets, batch.weights, total);
    const h = matrix(unrolled.h, H, { offset: batch.rows * H });
    const transposed = matrix(delta, V, { transposed: true });
    kernel.multiply(V, H, total, transposed, h, matrix(weight, H));
    bias.fill(0);
    kernel.addColumnSums(bias, delta, total);
    kernel.multiply(total, H, V, matrix(delta, V), matrix(readout.weight, H), matrix(dh, H));
    const inner = backpropagate(cell, unrolled, dh, workspace);
    embedding.fill(0);
    for (let i = 0; i < total; i++) {
      const start = batch.words[i] * I;
      for (let j = 0; j < I; j++) {
        embedding[start + j] = embedding[start + j] + inner.x[i * I + j];
      }
    }
    const { weightIh, weightHh, biasIh, biasHh } = inner;
    return {
      loss,
      gradients: [embedding, weightIh, weightHh, biasIh, biasHh, weight, bias],
    };
  }
}
