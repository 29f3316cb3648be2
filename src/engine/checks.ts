// Derivatives beside what a nudge really does: the network reads the rest of the sequence again from a nudged state.

import type { CellWeights } from './cells/cell.js';
import { stateSize } from './cells/index.js';
import { BackwardWorkspace } from './gradients.js';
import { stateJacobian } from './jacobians.js';
import { referenceKernel } from './kernels/reference.js';
import { lossBack, predictionLoss, type PredictingNetwork } from './loss-gradient.js';
import type { Random } from './random.js';
import { Unrolled } from './sequence.js';

/** A derivative of number `row` by number `column` of s_k, in two ways. */
export interface CheckedDerivative {
  /** Which number of s_t; 0 where the loss is differentiated. */
  readonly row: number;
  /** Which number of s_k: 0 … H − 1 are those of h, the others those of c. */
  readonly column: number;
  /** By the chain of derivatives. */
  readonly exact: number;
  /** By the central difference (f(s + ε) − f(s − ε)) / 2ε, from two runs of the network. */
  readonly estimate: number;
  /** About the smallest derivative that this difference can tell from 0: rounding over 2ε. */
  readonly resolution: number;
}

/**
 * Checks entries of ∂s_t/∂s_k, drawn at random without repetition. An estimate comes near the exact value up to its
 * resolution and about 1e-6 of the largest entries, except where a ReLU unit has its kink within the nudge.
 * @param unrolled what the network did (`rows` = 1), at least t + 1 steps.
 * @param k ≤ t.
 * @param count how many entries, if there are so many. Default 8.
 */
export function checkStateJacobian(
  weights: CellWeights,
  unrolled: Unrolled,
  t: number,
  k: number,
  random: Random,
  count = 8,
): CheckedDerivative[] {
  const S = stateSize(weights);
  const jacobian = stateJacobian(weights, unrolled, t, k);
  const rerun = new Rerun(weights, unrolled, t, k);
  return drawn(jacobian.length, count, random).map((entry) => {
    const [row, column] = [Math.floor(entry / S), entry % S];
    return {
      row,
      column,
      exact: jacobian[entry],
      ...rerun.difference(column, (state) => state[row]),
    };
  });
}

/**
 * Checks entries of ∂L_t/∂s_k (see `lossGradient`), drawn at random without repetition.
 * @param unrolled what the network's cell did (`rows` = 1).
 * @param k ≤ t.
 * @param target the right word after step t, 0 … V − 1.
 * @param count how many entries, if there are so many. Default 8.
 * @throws RangeError if step t has not been done or the target is not in the vocabulary.
 */
export function checkLossGradient(
  network: PredictingNetwork,
  unrolled: Unrolled,
  t: number,
  k: number,
  target: number,
  random: Random,
  count = 8,
): CheckedDerivative[] {
  const weights = referenceKernel.load(network.cell);
  const workspace = new BackwardWorkspace(weights, 1, t + 1);
  const gradient = new Float64Array(stateSize(weights));
  for (const back of lossBack(network, unrolled, t, target, workspace)) {
    if (back.k === k) gradient.set(back.gradient);
  }
  const rerun = new Rerun(weights, unrolled, t, k);
  const loss = (state: Float64Array): number =>
    predictionLoss(network.readout, state.subarray(0, weights.hiddenSize), target);
  return drawn(gradient.length, count, random).map((column) => ({
    row: 0,
    column,
    exact: gradient[column],
    ...rerun.difference(column, loss),
  }));
}

/** `count` different integers from 0 to n − 1, or all of them. */
function drawn(n: number, count: number, random: Random): number[] {
  const found = new Set<number>();
  while (found.size < Math.min(n, count)) found.add(random.integer(n));
  return [...found];
}

/** ε, unless a state on the way would go further than `reach`. */
const nudge = 1e-4;
/** How far a nudge may carry a state: where gains are large, a large nudge says nothing of small ones. */
const reach = 1e-3;
/** The smallest ε; below it there is nothing but rounding. */
const smallest = 1e-12;

/** The steps k + 1 … t once more, under the same interventions, from a state of one's choice. */
class Rerun {
  private readonly weights: CellWeights;
  private readonly again: Unrolled;
  private readonly state: Float64Array;
  private readonly real: readonly Float64Array[];

  constructor(weights: CellWeights, unrolled: Unrolled, t: number, k: number) {
    const { inputSize: I, hiddenSize: H } = weights;
    this.weights = referenceKernel.load(weights);
    this.again = new Unrolled(this.weights, 1, t - k);
    this.again.x.set(unrolled.x.subarray((k + 1) * I, (t + 1) * I));
    this.again.steps.forEach((step, n) => {
      const { held, skipped } = unrolled.steps[k + 1 + n];
      Object.assign(step, { held, skipped });
    });
    this.state = new Float64Array(stateSize(weights));
    this.state.set(unrolled.steps[k].h);
    this.state.set(unrolled.steps[k].c, H);
    this.real = this.statesFrom(this.state);
  }

  /** The central difference of a function of s_t by one number of s_k. */
  difference(
    column: number,
    of: (state: Float64Array) => number,
  ): Pick<CheckedDerivative, 'estimate' | 'resolution'> {
    for (let size = nudge; ; size /= 10) {
      const [up, down] = [size, -size].map((by) => {
        const state = this.state.slice();
        state[column] = state[column] + by;
        return { at: state[column], states: this.statesFrom(state) };
      });
      const moved = Math.max(this.distance(up.states), this.distance(down.states));
      if (moved > reach && size > smallest) continue;
      const [above, below] = [up, down].map(({ states }) => of(states[states.length - 1]));
      // what was really added: s ± ε is rounded
      const width = up.at - down.at;
      const rounding = 2 ** -50 * Math.max(1, Math.abs(above), Math.abs(below));
      return { estimate: (above - below) / width, resolution: rounding / width };
    }
  }

  /** s_k and what follows from it, up to s_t. */
  private statesFrom(state: Float64Array): Float64Array[] {
    const { weights, again } = this;
    const { hiddenSize: H } = weights;
    const C = state.length - H;
    again.run(weights, again.capacity, { h: state.subarray(0, H), c: state.subarray(H) });
    return Array.from({ length: again.capacity + 1 }, (_, n) => {
      const s = new Float64Array(state.length);
      s.set(again.h.subarray(n * H, (n + 1) * H));
      s.set(again.c.subarray(n * C, (n + 1) * C), H);
      return s;
    });
  }

  /** The largest change of any number of any state. */
  private distance(states: readonly Float64Array[]): number {
    let largest = 0;
    states.forEach((state, n) => {
      state.forEach((value, j) => {
        largest = Math.max(largest, Math.abs(value - this.real[n][j]));
      });
    });
    return largest;
  }
}
