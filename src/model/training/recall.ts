// How many held-out questions a network answers, at any gap; and the gradient that an answer sends back to the first word.

import {
  LossChain,
  Unrolled,
  plainNetwork,
  readLogits,
  roomFor,
  type CellWeights,
  type Floats,
  type Kernel,
  type Network,
  type Slices,
} from '../../engine/index.js';
import { unknownWord } from '../story/language.js';
import {
  heldOutInSlices,
  heldOutSentences,
  questionCount,
  taskWords,
  type TaskSentence,
} from './task.js';

/** Answers that were right, of all that were asked. */
export interface Recall {
  readonly right: number;
  readonly asked: number;
}

/** So many multiply-adds make a slice: about a millisecond each. No result depends on it. */
export const sliceSizes: Readonly<Record<Kernel['name'], number>> = {
  reference: 1_000_000,
  simd: 8_000_000,
};

/** Steps that are kept at once: a long gap takes no more memory than a short one. */
const mostSteps = 32;

/** Asks networks of one shape and one vocabulary all held-out questions at once, in memory of its own. */
export class RecallProbe {
  private readonly room: Kernel;
  private readonly cell: CellWeights;
  private readonly readout: { readonly weight: Floats; readonly bias: Floats };
  private readonly unrolled: Unrolled;
  /** `[N × H]` the states that the answers are read from. */
  private readonly states: Floats;
  /** `[N × V]` */
  private readonly logits: Floats;
  private readonly rows: ReadonlyMap<string, number>;

  /**
   * @param kernel what computes.
   * @param network any of that shape.
   * @param words its vocabulary; the task's words, at least.
   * @throws RangeError if the machine has no such memory.
   */
  constructor(
    kernel: Kernel,
    network: Network,
    private readonly words: readonly string[] = taskWords,
  ) {
    const { cell, readout } = network;
    const { inputSize: I, hiddenSize: H } = cell;
    const N = questionCount;
    const step = N * cell.biasIh.length * (I + H);
    const capacity = Math.max(1, Math.min(mostSteps, Math.floor(sliceSizes[kernel.name] / step)));
    const ends = readout.weight.length + readout.bias.length + N * (H + readout.bias.length);
    this.room = kernel.open(roomFor(cell, N, capacity) + ends + 1000);
    const own = (length: number): Floats => this.room.array(length);
    // of its own on every kernel, so that training may go on meanwhile
    this.cell = this.room.load(plainNetwork(network).cell);
    this.readout = { weight: own(readout.weight.length), bias: own(readout.bias.length) };
    this.unrolled = new Unrolled(this.cell, N, capacity);
    this.states = own(N * H);
    this.logits = own(N * readout.bias.length);
    this.rows = new Map(words.map((word, row) => [word, row]));
  }

  /**
   * The questions at one gap, as many times as there are rounds, each with other words in between. An answer is right if
   * no other word is expected more.
   * @param network is read before the first slice ends; it may move afterwards.
   */
  *ask(network: Network, gap: number, rounds = 1): Slices<Recall> {
    const embedding = network.embedding.slice();
    this.take(network);
    let right = 0;
    let asked = 0;
    for (let round = 0; round < rounds; round++) {
      const sentences = yield* heldOutInSlices(gap, round);
      yield* this.read(embedding, sentences);
      right += this.count(sentences);
      asked += sentences.length;
      yield;
    }
    return { right, asked };
  }

  private take({ cell, readout }: Network): void {
    this.cell.weightIh.set(cell.weightIh);
    this.cell.weightHh.set(cell.weightHh);
    this.cell.biasIh.set(cell.biasIh);
    this.cell.biasHh.set(cell.biasHh);
    this.room.changed(this.cell);
    this.readout.weight.set(readout.weight);
    this.readout.bias.set(readout.bias);
  }

  /** Reads all sentences side by side up to their answers, and keeps the states there. */
  private *read(embedding: Floats, sentences: readonly TaskSentence[]): Slices<void> {
    const { cell, unrolled, room, states } = this;
    const { inputSize: I, hiddenSize: H } = cell;
    const N = sentences.length;
    const T = Math.max(...sentences.map(({ answer }) => answer));
    const last = (values: Floats): Floats =>
      values.subarray(unrolled.length * N * H, (unrolled.length + 1) * N * H);
    unrolled.start();
    for (let from = 0; from < T; from += unrolled.capacity) {
      if (from > 0) unrolled.start({ h: last(unrolled.h), c: last(unrolled.c) });
      const steps = Math.min(unrolled.capacity, T - from);
      for (let t = 0; t < steps; t++) {
        sentences.forEach(({ tokens }, n) => {
          const row = this.rowOf(tokens[from + t] ?? unknownWord);
          unrolled.x.set(embedding.subarray(row * I, (row + 1) * I), (t * N + n) * I);
        });
      }
      room.projectInputs(cell, unrolled.x, unrolled.input, steps * N);
      room.forward(cell, unrolled, 0, steps);
      unrolled.length = steps;
      sentences.forEach(({ answer }, n) => {
        const t = answer - from;
        if (t < 1 || t > steps) return;
        const start = (t * N + n) * H;
        states.set(unrolled.h.subarray(start, start + H), n * H);
      });
      yield;
    }
  }

  private count(sentences: readonly TaskSentence[]): number {
    const { logits, room, words } = this;
    const V = words.length;
    readLogits(this.readout, this.states, sentences.length, this.cell.hiddenSize, room, logits);
    return sentences.filter(({ tokens, answer }, n) => {
      const own = logits.subarray(n * V, (n + 1) * V);
      let best = 0;
      own.forEach((value, row) => {
        if (value > own[best]) best = row;
      });
      return words[best] === tokens[answer];
    }).length;
  }

  private rowOf(word: string): number {
    return this.rows.get(word) ?? this.rows.get(unknownWord) ?? 0;
  }
}

/** Every seventh question, so that each thing and each colour has its turn. */
const gradientQuestions = 7;

/**
 * ‖∂L/∂s₁‖₂, L = −log p(answer) and s₁ what the cell hands on after the first word (see `lossGradient`), the mean over a
 * few held-out sentences. float64, in slices of a step.
 * @param network of the task's words.
 */
export function* firstWordGradient(network: Network, gap: number): Slices<number> {
  const plain = plainNetwork(network);
  const { cell, embedding } = plain;
  const I = cell.inputSize;
  const sentences = heldOutSentences(gap).filter((_, i) => i % gradientQuestions === 0);
  let sum = 0;
  for (const { tokens, answer } of sentences) {
    const unrolled = new Unrolled(cell, 1, answer);
    for (const token of tokens.slice(0, answer)) {
      const row = taskWords.indexOf(token);
      unrolled.advance(cell, embedding.subarray(row * I, (row + 1) * I));
      yield;
    }
    const target = taskWords.indexOf(tokens[answer]);
    let norm = 0;
    for (norm of new LossChain(plain, answer).norms(unrolled, answer - 1, target)) yield;
    sum += norm;
  }
  return sum / sentences.length;
}
