// How much of a nudge of an earlier state arrives: the gain of the gradient through time, and of the gates' direct path.

import type { CellWeights } from './cells/cell.js';
import { cells, stateSize } from './cells/index.js';
import { jacobianNorms, stateNorms } from './jacobians.js';
import type { Kernel } from './kernels/kernel.js';
import { kernelOf } from './kernels/reference.js';
import { norm } from './products.js';
import type { InitialState, Unrolled } from './sequence.js';

/**
 * The average gain ‖∂s_t/∂s_k‖_F / √S of all pairs, `[T × T]` row-major with zeros for k > t: a small nudge of s_k in a
 * direction drawn at random arrives in s_t so many times as long (root mean square over the directions). 1 for k = t; 0
 * before it in a feedforward layer.
 * @param run `[T × I]` inputs; or what was done with them (`rows` = 1), under interventions if need be.
 * @param initial the state the inputs are read from. Default zeros.
 * @param kernel what computes it (see `jacobianNorms`). Default that of the weights.
 */
export function stateGains(
  weights: CellWeights,
  run: ArrayLike<number> | Unrolled,
  initial: InitialState = {},
  kernel: Kernel = kernelOf(weights),
): Float64Array {
  return perDirection(weights, jacobianNorms(weights, run, 'state', initial, kernel));
}

/**
 * Row t of `stateGains`, `[t + 1]` with k as index. One product of matrices a step, where the table costs many.
 * @param unrolled what the network did (`rows` = 1), at least t + 1 steps.
 * @param kernel what computes it. Default that of the weights.
 */
export function stateGainsAt(
  weights: CellWeights,
  unrolled: Unrolled,
  t: number,
  kernel: Kernel = kernelOf(weights),
): Float64Array {
  return perDirection(weights, stateNorms(weights, unrolled, t, kernel));
}

/** Norms of derivatives by S numbers become the gain of a nudge that goes in one direction. */
function perDirection(weights: CellWeights, norms: Float64Array): Float64Array {
  const directions = Math.sqrt(stateSize(weights));
  return norms.map((value) => value / directions);
}

/**
 * The direct path alone: ‖diag(∏ f_j)‖_F / √H over the steps j = k + 1 … t, `[T × T]` row-major with zeros for k > t. It
 * is the gain of c_k on c_t in an LSTM (of h_k on h_t in a GRU, with its update gate) if gates and candidates are taken
 * for constants: what there is besides the paths through h, not a bound of their sum. 1 for k = t; a skipped step hands
 * all on.
 * @param unrolled what the network did (`rows` = 1).
 * @param gate `forget` of an LSTM, `update` of a GRU.
 * @throws RangeError if the cell has no such gate.
 */
export function gatePathGains(
  weights: CellWeights,
  unrolled: Unrolled,
  gate: 'forget' | 'update',
): Float64Array {
  const T = unrolled.length;
  const gains = new Float64Array(T * T);
  for (let t = 0; t < T; t++) gains.set(gatePathGainsAt(weights, unrolled, t, gate), t * T);
  return gains;
}

/**
 * Row t of `gatePathGains`, `[t + 1]` with k as index.
 * @param unrolled what the network did (`rows` = 1), at least t + 1 steps.
 * @throws RangeError if the cell has no such gate.
 */
export function gatePathGainsAt(
  weights: CellWeights,
  unrolled: Unrolled,
  t: number,
  gate: 'forget' | 'update',
): Float64Array {
  const { hiddenSize: H } = weights;
  const block = cells[weights.cell].gates.indexOf(gate);
  if (block < 0) throw new RangeError(`a ${weights.cell} has no ${gate} gate`);
  const gains = new Float64Array(t + 1);
  const units = Math.sqrt(H);
  const path = new Float64Array(H).fill(1);
  for (let k = t; k >= 0; k--) {
    gains[k] = norm(path) / units;
    const { skipped, gates } = unrolled.steps[k];
    for (let j = 0; j < H && !skipped; j++) path[j] = path[j] * gates[block * H + j];
  }
  return gains;
}

/** What a table of pairs (t, k) is at each lag t − k over all steps t; every array `[T]`, with the lag as index. */
export interface LagSummary {
  /** Half of the pairs lie below. */
  readonly median: Float64Array;
  /** A quarter of the pairs lies below. */
  readonly lower: Float64Array;
  /** A quarter of the pairs lies above. */
  readonly upper: Float64Array;
}

/**
 * Medians and quartiles over all pairs of the same lag. Of T − lag values each, so that those of the largest lags say
 * little of other steps; on a logarithmic axis the same as those of the logarithms, but for interpolation between
 * neighbours. Zeros are values like any other; NaN counts as the largest.
 * @param table `[T × T]`, such as `stateGains`.
 */
export function byLag(table: Float64Array): LagSummary {
  const T = Math.round(Math.sqrt(table.length));
  const summary = {
    median: new Float64Array(T),
    lower: new Float64Array(T),
    upper: new Float64Array(T),
  };
  for (let lag = 0; lag < T; lag++) {
    const values = Float64Array.from({ length: T - lag }, (_, k) => table[(k + lag) * T + k]);
    values.sort();
    summary.median[lag] = quantile(values, 0.5);
    summary.lower[lag] = quantile(values, 0.25);
    summary.upper[lag] = quantile(values, 0.75);
  }
  return summary;
}

/** The value below which a share (0 to 1) of the sorted numbers lies, between neighbours if need be. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  // (neighbours may both be infinite)
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}
