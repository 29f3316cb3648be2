// One network reading one sentence: states, gates, memory of every word and predictions, computed as far as asked.

import {
  Twins,
  Unrolled,
  cells,
  localInfluence,
  roomFor,
  roomForTwins,
  traceOf,
  type CellWeights,
  type Floats,
  type GateName,
  type Intervention,
  type Kernel,
  type Trace,
} from '../engine/index.js';
import type { Prediction, SentenceModel } from './sentence-model.js';
import { commonPrefix, type Token } from './tokenizer.js';

/** What is still in the state of a word read earlier. */
export interface Memory {
  /** m(t,k) = ‖s_t − s_t⁽⁻ᵏ⁾‖₂. */
  readonly distance: number;
  /** m(k,k): the distance right after the word was read, without interventions. */
  readonly imprint: number;
  /** distance ÷ imprint; may exceed 1, without end in a ReLU network; null if the word left no imprint. */
  readonly ratio: number | null;
}

/** A state with a larger number is no longer read on: only a ReLU network that feeds on itself comes so far. */
const largestState = 1e9;

/** Grows step by step; everything that was computed stays valid, so going back costs nothing. */
export class Reading {
  /** The run itself, for functions of the engine; grows with the reading and must not be changed. */
  readonly unrolled: Unrolled;
  private readonly twins: Twins;
  /** The same run and its twins once more on a faster kernel, in float32; for memories that are not known yet. */
  private fast: {
    readonly real: Unrolled;
    readonly weights: CellWeights;
    readonly twins: Twins;
  } | null = null;
  /** The reading without interventions: this one, if it has none. */
  readonly free: Reading;
  private readonly predicted = new Map<number, Prediction[]>();
  private traced: Trace | undefined;

  /**
   * @param previous a reading by the same model whose first words may be shared; their states are taken over.
   * @param interventions what is done to this network, but not to `previous`, which then has to read the same words.
   */
  constructor(
    readonly model: SentenceModel,
    readonly tokens: readonly Token[],
    previous?: Reading,
    interventions: readonly Intervention[] = [],
  ) {
    this.unrolled = new Unrolled(model.cell, 1, tokens.length);
    this.twins = new Twins(model.cell, this.unrolled);
    this.unrolled.start();
    if (interventions.length > 0) this.unrolled.intervene(model.cell, interventions);
    if (previous?.model === model) {
      const shared = Math.min(
        sameTokens(tokens, previous.tokens),
        previous.length,
        ...interventions.map(({ from }) => from),
      );
      this.unrolled.copyPrefix(previous.unrolled, shared);
      this.twins.adopt(previous.twins, shared);
    }
    this.free = (interventions.length > 0 && previous) || this;
  }

  /** The same words read by the same network under interventions; `free` if none concerns its cell. */
  under(interventions: readonly Intervention[]): Reading {
    const { model, tokens } = this;
    const own = interventions.filter(
      (each) => each.kind === 'skip' || cells[model.cell.cell].gates.includes(each.gate),
    );
    return own.length > 0 ? new Reading(model, tokens, this.free, own) : this.free;
  }

  /**
   * From now on twins run on this kernel, if it is the faster one: for long texts. Distances then err by some 1e-6 of the
   * states' size; of a word that has faded further, nothing or a rest of that size may be left. Interventions stay exact.
   */
  accelerate(kernel: Kernel): void {
    if (this.fast || this.free !== this || kernel.name === 'reference') return;
    const { cell } = this.model;
    const capacity = this.tokens.length;
    const room = kernel.open(roomFor(cell, 1, capacity) + roomForTwins(cell));
    const weights = room.load(cell);
    const real = new Unrolled(weights, 1, capacity);
    real.start();
    this.fast = { real, weights, twins: new Twins(weights, real) };
  }

  /** Words read so far, by any request. */
  get length(): number {
    return this.unrolled.length;
  }

  /** Reads on until `count` words have been read, or the state grows beyond all bounds: `length` tells. */
  readTo(count: number): void {
    const { unrolled, model, tokens } = this;
    const end = Math.min(count, tokens.length);
    while (unrolled.length < end) {
      const { h } = unrolled.advance(model.cell, model.vector(tokens[unrolled.length]));
      if (!h.every((value) => Math.abs(value) <= largestState)) {
        unrolled.length--;
        return;
      }
    }
  }

  /** Everything read so far, as an immutable trace. */
  get trace(): Trace {
    if (this.traced?.length !== this.length) this.traced = traceOf(this.model.cell, this.unrolled);
    return this.traced;
  }

  /** `[H]` hidden state after word t (0-based; must have been read). */
  hidden(t: number): Floats {
    return this.unrolled.steps[t].h;
  }

  /** `[H]` cell state after word t; empty unless the cell is an LSTM. */
  cellState(t: number): Floats {
    return this.unrolled.steps[t].c;
  }

  /** `[H]` one gate while word t was read; null if the cell has no such gate, or the word was skipped. */
  gate(name: GateName, t: number): Floats | null {
    const H = this.model.cell.hiddenSize;
    const block = cells[this.model.cell.cell].gates.indexOf(name);
    const { gates, skipped } = this.unrolled.steps[t];
    return block < 0 || skipped ? null : gates.subarray(block * H, (block + 1) * H);
  }

  /** Whether word t passed the network by. */
  skipped(t: number): boolean {
    return this.unrolled.steps[t].skipped ?? false;
  }

  /** Mean of a gate over its units; NaN where there is none (see `gate`). */
  gateMean(name: GateName, t: number): number {
    const values = this.gate(name, t);
    if (!values) return NaN;
    let sum = 0;
    for (const value of values) sum += value;
    return sum / values.length;
  }

  /** Runs the twins of these words up to step t, so that `memory(t, word)` can be read. */
  ensureMemory(t: number, words: Iterable<number>): void {
    const { fast, twins, unrolled } = this;
    if (!fast) {
      twins.ensure(t, words);
      return;
    }
    const unknown = [...words].filter((word) => twins.cost(t, [word]) > 0);
    // what is known from before needs no step here, and this run may not have come so far
    if (unknown.length === 0) return;
    const { real, weights } = fast;
    const I = weights.inputSize;
    while (real.length <= t) {
      const from = real.length * I;
      real.advance(weights, unrolled.x.subarray(from, from + I));
    }
    fast.twins.ensure(t, unknown);
  }

  /** The twins that know the memory of `word` at step t, or are nearest to it. */
  private nearest(t: number, word: number): Twins {
    const { fast, twins } = this;
    return fast && twins.cost(t, [word]) > 0 ? fast.twins : twins;
  }

  /** Whether the memory of `word` after step t has been computed. */
  knownMemory(t: number, word: number): boolean {
    return word <= t && this.nearest(t, word).cost(t, [word]) === 0;
  }

  /** How many cell steps `ensureMemory` would take. */
  memoryCost(t: number, words: Iterable<number>): number {
    let steps = 0;
    for (const word of new Set(words)) steps += this.nearest(t, word).cost(t, [word]);
    return steps;
  }

  /** Memory of `word` after step t; computes it if `ensureMemory` has not. */
  memory(t: number, word: number): Memory {
    this.ensureMemory(t, [word]);
    const imprint = this.free.imprint(word);
    const twins = this.nearest(t, word);
    let found = twins.distance(t, word);
    // what float32 rounds to nothing is very little, but not nothing
    if (found === 0 && twins !== this.twins && word < t && cells[this.model.cell.cell].recurrent) {
      found = Number.MIN_VALUE;
    }
    // a twin that grows beyond all bounds is infinitely far away
    const distance = Number.isNaN(found) ? Infinity : found;
    const share = distance === Infinity ? distance : distance / imprint;
    return { distance, imprint, ratio: imprint > 0 ? share : null };
  }

  /** m(word, word); NaN for a word that the state grew too large for. */
  private imprint(word: number): number {
    this.readTo(word + 1);
    if (this.length > word) this.ensureMemory(word, [word]);
    return this.nearest(word, word).distance(word, word);
  }

  /** Local influence ‖∂h_t/∂x_k‖_F of `word` at step t: another thing than its memory. */
  influence(t: number, word: number): number {
    return localInfluence(this.model.cell, this.unrolled, t, word);
  }

  /** The most probable next words after step t; null for networks that predict nothing. */
  predictions(t: number, count = 5): Prediction[] | null {
    // a large vocabulary takes its time, and a drawing asks more than once
    const known = this.predicted.get(t);
    if (known && known.length >= count) return known.slice(0, count);
    const found = this.model.predict(this.hidden(t), Math.max(count, 5));
    if (found) this.predicted.set(t, found);
    return found && found.slice(0, count);
  }
}

/** At what value a gate was held while word t was read; undefined if it was not, or if the word was skipped. */
export function heldAt(
  { model, unrolled }: Reading,
  name: GateName,
  t: number,
): number | undefined {
  const { held, skipped } = unrolled.steps[t];
  return skipped ? undefined : held?.[cells[model.cell.cell].gates.indexOf(name)];
}

/** How many tokens two texts begin with that every network reads alike: case may matter. */
function sameTokens(a: readonly Token[], b: readonly Token[]): number {
  const end = commonPrefix(a, b);
  const differing = a.findIndex(({ text }, i) => i < end && text !== b[i].text);
  return differing < 0 ? end : differing;
}
