// A next-word network: embedding → cell → readout, its loss on a batch and the gradients of everything in it.

import type { CellWeights } from './cells/cell.js';
import { BackwardWorkspace, gradientsOfSteps } from './gradients.js';
import { matrix, type Floats, type Kernel } from './kernels/kernel.js';
import { kernelOf } from './kernels/reference.js';
import { trainingOf } from './kernels/training.js';
import { crossEntropy, sumOf } from './losses.js';
import { Unrolled, arrayFrom } from './sequence.js';
import { finish, inPieces, multiplyInPieces, type Slices } from './slices.js';
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
  /** Entries whose loss is told by itself, too. Default none. */
  readonly watched?: ArrayLike<number>;
}

/** What `NetworkGradients` finds out about a batch. */
export interface LossAndGradients {
  /** The weighted mean cross-entropy, in nats. */
  readonly loss: number;
  /** The mean −log p(target) of the watched entries, each counting the same; NaN without any. */
  readonly watched: number;
  /** ∂loss by every array of `parametersOf`, in that order and of these lengths. */
  readonly gradients: readonly Floats[];
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
  private *forward(batch: Batch, { unrolled, logits }: Working, most: number): Slices<Floats> {
    const { kernel } = this;
    const { embedding, cell, readout } = this.network;
    const { inputSize: I, hiddenSize: H } = cell;
    const { rows: N, length: T } = batch;
    const V = readout.bias.length;
    const width = cell.biasIh.length;
    const total = N * T;
    for (let i = 0; i < total; i++) {
      const start = batch.words[i] * I;
      if (!(start >= 0 && start < embedding.length)) {
        throw new RangeError(`word ${batch.words[i]} is not in the vocabulary`);
      }
      const target = batch.targets[i];
      if (batch.weights[i] !== 0 && !(target >= 0 && target < V)) {
        throw new RangeError(`target ${target} is not in the vocabulary`);
      }
      for (let j = 0; j < I; j++) unrolled.x[i * I + j] = embedding[start + j];
    }
    // the parameters may have moved since the last batch
    kernel.changed(cell);
    unrolled.start();
    yield* inPieces(total, width * I, most, (from, to) => {
      const part = unrolled.x.subarray(from * I, to * I);
      kernel.projectInputs(cell, part, unrolled.input.subarray(from * width), to - from);
    });
    yield* inPieces(T, N * width * H, most, (from, to) => {
      kernel.forward(cell, unrolled, from, to);
    });
    unrolled.length = T;
    const h = unrolled.h.subarray(N * H);
    yield* inPieces(total, V * H, most, (from, to) => {
      const out = logits.subarray(from * V, to * V);
      readLogits(readout, h.subarray(from * H), to - from, H, kernel, out);
    });
    return logits.subarray(0, total * V);
  }

  /** The loss; the logits become the derivatives of it by them. */
  private *crossEntropy(logits: Floats, batch: Batch, most: number): Slices<number> {
    const total = batch.rows * batch.length;
    const V = this.network.readout.bias.length;
    const sum = sumOf(batch.weights, total);
    const training = trainingOf(this.kernel);
    const part = (values: ArrayLike<number>, from: number, to: number): ArrayLike<number> =>
      to - from === total ? values : Array.prototype.slice.call(values, from, to);
    let loss = 0;
    yield* inPieces(total, V * exponential, most, (from, to) => {
      const rows = logits.subarray(from * V, to * V);
      const [targets, weights] = [part(batch.targets, from, to), part(batch.weights, from, to)];
      loss += training.crossEntropy(rows, targets, weights, to - from, sum);
    });
    return loss;
  }

  /**
   * The weighted mean cross-entropy alone, in nats.
   * @throws RangeError if a word is not in the vocabulary.
   */
  loss(batch: Batch): number {
    const logits = finish(this.forward(batch, this.workingFor(batch), Infinity));
    return finish(this.crossEntropy(logits, batch, Infinity));
  }

  /**
   * The loss and its derivatives. The next call overwrites them.
   * @throws RangeError if a word is not in the vocabulary.
   */
  lossAndGradients(batch: Batch): LossAndGradients {
    return finish(this.inSlices(batch, Infinity));
  }

  /**
   * `lossAndGradients` in slices, for a page that must go on answering: the same gradients to the bit, however it is cut.
   * Until it is done, nothing else may be asked of this object and the network may not move.
   * @param most multiply-adds of a slice; one step of the recurrence is never cut.
   * @throws RangeError if a word is not in the vocabulary.
   */
  *inSlices(batch: Batch, most: number): Slices<LossAndGradients> {
    const { cell, readout } = this.network;
    const { inputSize: I, hiddenSize: H } = cell;
    const { kernel } = this;
    const { embedding, weight, bias } = this.gradients;
    const { rows: N, length: T } = batch;
    const V = readout.bias.length;
    const total = N * T;
    const working = this.workingFor(batch);
    const { unrolled, workspace, dh } = working;
    const delta = yield* this.forward(batch, working, most);
    const watched = watchedLoss(delta, batch, V);
    const loss = yield* this.crossEntropy(delta, batch, most);
    const h = matrix(unrolled.h, H, { offset: N * H });
    const transposed = matrix(delta, V, { transposed: true });
    yield* multiplyInPieces(kernel, V, H, total, transposed, h, matrix(weight, H), most);
    bias.fill(0);
    kernel.addColumnSums(bias, delta, total);
    const W = matrix(readout.weight, H);
    yield* multiplyInPieces(kernel, total, H, V, matrix(delta, V), W, matrix(dh, H), most);
    workspace.dh.fill(0);
    workspace.dc.fill(0);
    // the last steps first
    yield* inPieces(T, N * cell.biasIh.length * H, most, (from, to) => {
      kernel.backward(cell, unrolled, dh, workspace, T - to, T - from);
    });
    const inner = yield* gradientsOfSteps(cell, unrolled, T, workspace, most);
    embedding.fill(0);
    for (let i = 0; i < total; i++) {
      const start = batch.words[i] * I;
      for (let j = 0; j < I; j++) {
        embedding[start + j] = embedding[start + j] + inner.x[i * I + j];
      }
    }
    const { weightIh, weightHh, biasIh, biasHh } = inner;
    const gradients = [embedding, weightIh, weightHh, biasIh, biasHh, weight, bias];
    return { loss, watched, gradients };
  }
}

/** What e^x costs in multiply-adds, about. */
const exponential = 16;

/** The mean −log p(target) of the watched entries. float64. */
function watchedLoss(logits: Floats, { watched, targets }: Batch, V: number): number {
  if (!watched?.length) return NaN;
  const entries = Array.from(watched);
  const rows = new Float64Array(entries.length * V);
  entries.forEach((entry, i) => {
    rows.set(logits.subarray(entry * V, (entry + 1) * V), i * V);
  });
  const wanted = entries.map((entry) => targets[entry]);
  return crossEntropy(rows, wanted, new Uint8Array(entries.length).fill(1), entries.length);
}
