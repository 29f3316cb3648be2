// One network reading one sentence: states, gates, memory of every word and predictions, computed as far as asked.

import {
  Twins,
  Unrolled,
  cells,
  localInfluence,
  traceOf,
  type GateName,
  type Trace,
} from '../engine/index.js';
import type { Prediction, SentenceModel } from './sentence-model.js';
import { commonPrefix, type Token } from './tokenizer.js';

/** What is still in the state of a word read earlier. */
export interface Memory {
  /** m(t,k) = ‖s_t − s_t⁽⁻ᵏ⁾‖₂. */
  readonly distance: number;
  /** m(k,k): the distance right after the word was read. */
  readonly imprint: number;
  /** distance ÷ imprint; may exceed 1; null if the word left no imprint. */
  readonly ratio: number | null;
}

/** Grows step by step; everything that was computed stays valid, so going back costs nothing. */
export class Reading {
  private readonly unrolled: Unrolled;
  private readonly twins: Twins;
  private traced: Trace | undefined;

  /** @param previous a reading by the same model whose first words may be shared; their states are taken over. */
  constructor(
    readonly model: SentenceModel,
    readonly tokens: readonly Token[],
    previous?: Reading,
  ) {
    this.unrolled = new Unrolled(model.cell, 1, tokens.length);
    this.twins = new Twins(model.cell, this.unrolled);
    this.unrolled.start();
    if (previous?.model === model) {
      const shared = Math.min(commonPrefix(tokens, previous.tokens), previous.length);
      this.unrolled.copyPrefix(previous.unrolled, shared);
      this.twins.adopt(previous.twins, shared);
    }
  }

  /** Words read so far, by any request. */
  get length(): number {
    return this.unrolled.length;
  }

  /** Reads on until `count` words have been read. */
  readTo(count: number): void {
    const end = Math.min(count, this.tokens.length);
    while (this.unrolled.length < end) {
      this.unrolled.advance(this.model.cell, this.model.vector(this.tokens[this.unrolled.length]));
    }
  }

  /** Everything read so far, as an immutable trace. */
  get trace(): Trace {
    if (this.traced?.length !== this.length) this.traced = traceOf(this.model.cell, this.unrolled);
    return this.traced;
  }

  /** `[H]` hidden state after word t (0-based; must have been read). */
  hidden(t: number): Float64Array {
    return this.unrolled.steps[t].h;
  }

  /** `[H]` cell state after word t; empty unless the cell is an LSTM. */
  cellState(t: number): Float64Array {
    return this.unrolled.steps[t].c;
  }

  /** `[H]` one gate while word t was read; null if the cell has no such gate. */
  gate(name: GateName, t: number): Float64Array | null {
    const H = this.model.cell.hiddenSize;
    const block = cells[this.model.cell.cell].gates.indexOf(name);
    return block < 0 ? null : this.unrolled.steps[t].gates.subarray(block * H, (block + 1) * H);
  }

  /** Mean of a gate over its units; NaN if the cell has no such gate. */
  gateMean(name: GateName, t: number): number {
    const values = this.gate(name, t);
    return values ? values.reduce((sum, value) => sum + value, 0) / values.length : NaN;
  }

  /** Runs the twins of these words up to step t, so that `memory(t, word)` can be read. */
  ensureMemory(t: number, words: Iterable<number>): void {
    this.twins.ensure(t, words);
  }

  /** Whether the memory of `word` after step t has been computed. */
  knownMemory(t: number, word: number): boolean {
    return !Number.isNaN(this.twins.distance(t, word));
  }

  /** How many cell steps `ensureMemory` would take. */
  memoryCost(t: number, words: Iterable<number>): number {
    return this.twins.cost(t, words);
  }

  /** Memory of `word` after step t; computes it if `ensureMemory` has not. */
  memory(t: number, word: number): Memory {
    if (Number.isNaN(this.twins.distance(t, word))) this.twins.ensure(t, [word]);
    const distance = this.twins.distance(t, word);
    const imprint = this.twins.distance(word, word);
    return { distance, imprint, ratio: imprint > 0 ? distance / imprint : null };
  }

  /** Local influence ‖∂h_t/∂x_k‖_F of `word` at step t: another thing than its memory. */
  influence(t: number, word: number): number {
    return localInfluence(this.model.cell, this.unrolled, t, word);
  }

  /** The most probable next words after step t; null for networks that have learned nothing to predict. */
  predictions(t: number, count = 5): Prediction[] | null {
    return this.model.predict(this.hidden(t), count);
  }
}
