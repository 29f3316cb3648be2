// The curves of the gradient plot: a gradient against how far it went back, its spread over steps, and its shares.

import {
  LossChain,
  Random,
  StateChain,
  cells,
  clipFactor,
  gatePathGainsAt,
  lossGradientInSteps,
  quantile,
  stateSize,
  type CellType,
  type Kernel,
  type PredictingNetwork,
  type Slices,
} from '../../engine/index.js';
import type { GradientRun, LossTarget } from './run.js';

/** `state`: ‖∂s_t/∂s_k‖_F / √S, the gain of a nudge. `loss`: ‖∂L_t/∂s_k‖₂ of the prediction after step t. */
export type GradientQuantity = 'state' | 'loss';

/** Lags are followed so far back. */
export const maximumLag = 300;

export interface LineOptions {
  /** The longest lag wanted. Default and most: `maximumLag`. */
  readonly longest?: number;
  /** What computes `state`; on the SIMD kernel its derivatives are float32. The loss is always float64. Default reference. */
  readonly kernel?: Kernel;
  /**
   * For a control that is being dragged: `state` in 16 random directions of s_t in place of all S. An estimate of all lags
   * for between a quarter and three quarters of the time, exact at lag 0 and for S ≤ 16. In random networks of 32 and 64
   * units half of its values are within 2 % below lag 10 and within 8 % beyond, nine of ten within 20 %, all within 45 %:
   * about a line's width on an axis of many powers of ten. The directions are always the same, so that the line doesn't
   * flicker. Default false: exact.
   */
  readonly coarse?: boolean;
}

/** One cell's gradient from one step back. */
export interface GradientLine {
  readonly cell: CellType;
  readonly quantity: GradientQuantity;
  /** t, the step it goes back from. */
  readonly step: number;
  /** The value at each lag t − k, `[min(t, longest) + 1]`. */
  readonly values: Float64Array;
  /** L_t in nats, and its word; null for `state`. */
  readonly loss: { readonly value: number; readonly target: LossTarget } | null;
  /** The product of the forget gates alone (see `gatePathGains`), as `values`; null but for the `state` of an LSTM. */
  readonly gatePath: Float64Array | null;
  /** Whether `values` are those of some directions alone. */
  readonly coarse: boolean;
}

/**
 * The line from step t.
 * @throws RangeError if step t has not been done, or for `loss` if it has no target (`run.target(t)` is null).
 */
export function* lineOf(
  run: GradientRun,
  quantity: GradientQuantity,
  t: number,
  options: LineOptions = {},
): Slices<GradientLine> {
  checkStep(run, t);
  const { cell, weights, unrolled } = run;
  const ways = quantity === 'state' ? stateWays(run, options) : lossWays(run, t);
  const values = yield* wayOf(ways, t, longestLag(t, options));
  const direct = quantity === 'state' && cell === 'lstm';
  return {
    cell,
    quantity,
    step: t,
    values,
    loss: ways.loss(t),
    gatePath: direct
      ? byLags(gatePathGainsAt(weights, unrolled, t, 'forget'), values.length)
      : null,
    coarse: ways.coarse,
  };
}

/** The middle half of a gradient over the steps t' ≤ t that it goes back from. */
export interface GradientBand {
  /** A quarter of the steps lies below, by lag. */
  readonly lower: Float64Array;
  /** Half of them. */
  readonly median: Float64Array;
  /** A quarter lies above. All three have the same length, shorter than the line: each value is of at least 8 steps. */
  readonly upper: Float64Array;
  /** How many steps it is made of. */
  readonly steps: number;
  /** How many there are; `steps` of them are evenly spread where all take too long. */
  readonly available: number;
}

/** A quartile of fewer numbers says nothing. */
const fewest = 8;

/**
 * The spread over the steps up to t; null if there are fewer than 8, or if so many would take too long (from about 100
 * units in an LSTM on).
 * @param options its `coarse` plays no part.
 * @throws RangeError if step t has not been done.
 */
export function* bandOf(
  run: GradientRun,
  quantity: GradientQuantity,
  t: number,
  options: LineOptions = {},
): Slices<GradientBand | null> {
  checkStep(run, t);
  const all = Array.from({ length: t + 1 }, (_, step) => step).filter(
    (step) => quantity === 'state' || run.target(step),
  );
  const chosen = affordable(run, quantity, all, options);
  if (chosen.length === 0) return null;
  const exact = { ...options, coarse: false };
  const last = chosen[chosen.length - 1];
  const ways = quantity === 'state' ? stateWays(run, exact) : lossWays(run, last);
  const rows: Float64Array[] = [];
  for (const step of chosen) rows.push(yield* wayOf(ways, step, longestLag(step, options)));
  // rows grow longer with the step: so far back go eight of them
  const length = rows[rows.length - fewest].length;
  const [lower, median, upper] = Array.from({ length: 3 }, () => new Float64Array(length));
  for (let lag = 0; lag < length; lag++) {
    const reaching = rows.filter((row) => lag < row.length);
    const values = Float64Array.from(reaching, (row) => row[lag]).sort();
    lower[lag] = quantile(values, 0.25);
    median[lag] = quantile(values, 0.5);
    upper[lag] = quantile(values, 0.75);
    yield;
  }
  return { lower, median, upper, steps: chosen.length, available: all.length };
}

/** What each step adds to the gradient of the weights (see `LossGradient.steps`). */
export interface GradientShares {
  readonly cell: CellType;
  /** t, the step whose loss it is. */
  readonly step: number;
  readonly target: LossTarget;
  /** ‖∂L_t/∂θ_k‖_F at each lag t − k, `[min(t, maximumLag) + 1]`. */
  readonly values: Float64Array;
  /** ‖∂L_t/∂θ‖_F of the whole gradient, of all steps: what clipping compares with its limit. */
  readonly total: number;
}

/**
 * The shares of all steps in the gradient of one prediction's loss.
 * @throws RangeError as `lineOf` for `loss`.
 */
export function* sharesOf(run: GradientRun, t: number): Slices<GradientShares> {
  checkStep(run, t);
  const { network, target } = lossAt(run, t);
  const { steps, total } = yield* lossGradientInSteps(network, run.unrolled, t, target.row);
  const values = byLags(steps, longestLag(t) + 1);
  return { cell: run.cell, step: t, target, values, total };
}

/** Shares after clipping to a norm (Pascanu et al. 2013): all by the same factor, so that their ratios stay. */
export function clippedShares(
  { values, total }: GradientShares,
  limit: number,
): { readonly factor: number; readonly values: Float64Array } {
  const factor = clipFactor(total, limit);
  return { factor, values: values.map((value) => factor * value) };
}

/** How far back a line goes from step t. */
function longestLag(t: number, { longest = maximumLag }: LineOptions = {}): number {
  return Math.min(t, longest, maximumLag);
}

function checkStep({ unrolled }: GradientRun, t: number): void {
  if (!(Number.isInteger(t) && t >= 0 && t < unrolled.length)) {
    throw new RangeError(`step ${t} has not been done`);
  }
}

/** @throws RangeError if nothing is predicted after step t. */
function lossAt(
  run: GradientRun,
  t: number,
): { readonly network: PredictingNetwork; readonly target: LossTarget } {
  const { network } = run;
  const target = run.target(t);
  if (!network || !target) throw new RangeError(`step ${t} has no word to predict`);
  return { network, target };
}

/** Numbers by step k as numbers by lag: the last `count`, the other way round. */
function byLags(bySteps: Float64Array, count: number): Float64Array {
  return bySteps.slice(bySteps.length - count).reverse();
}

/** The values at lag 0, 1 and so on from any step, in memory that one step after another uses. */
interface WaysBack {
  readonly coarse: boolean;
  from(t: number): Generator<number, void, undefined>;
  /** What was differentiated last, at that step. */
  loss(t: number): GradientLine['loss'];
}

/** How many directions make a coarse line. */
const coarseDirections = 16;

function stateWays({ weights, unrolled }: GradientRun, options: LineOptions): WaysBack {
  const S = stateSize(weights);
  const coarse = options.coarse === true && S > coarseDirections;
  const signs = new Random('directions');
  // of independent signs each, so that ‖Jᵀv‖² is ‖J‖_F² on average (Hutchinson 1990)
  const directions = Float64Array.from({ length: coarse ? coarseDirections * S : 0 }, () =>
    signs.integer(2) === 0 ? 1 : -1,
  );
  const chain = new StateChain(weights, options.kernel, coarse ? directions : null);
  // each direction has the length √S
  const root = Math.sqrt(coarse ? coarseDirections * S : S);
  return {
    coarse,
    *from(t) {
      for (const norm of chain.norms(unrolled, t)) yield norm / root;
    },
    loss: () => null,
  };
}

/** @param last the last step that is asked for. */
function lossWays(run: GradientRun, last: number): WaysBack {
  const { network } = lossAt(run, last);
  const chain = new LossChain(network, last + 1);
  return {
    coarse: false,
    from: (t) => chain.norms(run.unrolled, t, lossAt(run, t).target.row),
    loss: (t) => ({ value: chain.loss, target: lossAt(run, t).target }),
  };
}

/** The values from step t to a lag, one a slice. */
function* wayOf(ways: WaysBack, t: number, longest: number): Slices<Float64Array> {
  const values = new Float64Array(longest + 1);
  const way = ways.from(t);
  for (let lag = 0; lag <= longest; lag++) {
    const { value, done } = way.next();
    if (done) break;
    values[lag] = value;
    yield;
  }
  return values;
}

/** A band may cost so many multiply-adds, of which the reference does about one a nanosecond. */
const bandBudget = 8e8;
/** More than this nobody waits for, not even for the fewest steps. */
const bandLimit = 2e9;

/**
 * As many steps of a band as can be paid for, evenly spread over all of them; over the later half, where they are so few
 * that the fewest would not come far back otherwise. None if even these are too dear.
 */
function affordable(
  run: GradientRun,
  quantity: GradientQuantity,
  all: readonly number[],
  options: LineOptions,
): readonly number[] {
  if (all.length < fewest) return [];
  const { step, start } = costs(run, quantity);
  let sum = 0;
  for (const t of all) sum += start + (longestLag(t, options) + 1) * step;
  const count = Math.floor((bandBudget * all.length) / sum);
  if (count >= all.length) return all;
  if ((sum / all.length) * fewest > bandLimit) return [];
  if (count >= 2 * fewest) return spread(all, count);
  return spread(all.slice(Math.floor(all.length / 2)), Math.max(fewest, count));
}

/** `count` of them, evenly spread, the last one included. */
function spread(all: readonly number[], count: number): number[] {
  if (count >= all.length) return [...all];
  return Array.from(
    { length: count },
    (_, i) => all[Math.ceil(((i + 1) * all.length) / count) - 1],
  );
}

/** About how many multiply-adds one step back takes, and what comes before the first. */
function costs(
  { weights, network }: GradientRun,
  quantity: GradientQuantity,
): { readonly step: number; readonly start: number } {
  const { cell, hiddenSize: H } = weights;
  const S = stateSize(weights);
  const gates = cells[cell].gates.length;
  if (quantity === 'state') return { step: S * H * (S + gates) + 4e3, start: 0 };
  const V = network?.readout.bias.length ?? 0;
  return { step: 2 * gates * H * H + 4e3, start: 4 * V * H };
}
