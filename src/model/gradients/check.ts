// “Check it”: entries of a gradient, drawn at random, beside what nudging the state really does.

import {
  Random,
  checkLossGradient,
  checkStateJacobian,
  type CheckedDerivative,
} from '../../engine/index.js';
import type { GradientQuantity } from './curves.js';
import type { GradientRun } from './run.js';

/** One checked entry of ∂s_t/∂s_k or ∂L_t/∂s_k. */
export interface GradientCheck extends CheckedDerivative {
  /** |estimate − exact| over the larger of the two; 0 if both are 0. */
  readonly relativeError: number;
  /** Whether the estimate can tell so small a derivative from 0; if not, its relative error says nothing. */
  readonly resolved: boolean;
}

/**
 * Checks entries of the derivative by the state `lag` steps before t, drawn without repetition. float64.
 * @param seed equal seeds draw the same entries.
 * @param count how many, if there are so many. Default 8.
 * @throws RangeError if the step has not been done, if it is less than `lag`, or for `loss` if it has no target.
 */
export function checkGradient(
  run: GradientRun,
  quantity: GradientQuantity,
  t: number,
  lag: number,
  seed: number | string,
  count = 8,
): GradientCheck[] {
  const { weights, unrolled, network } = run;
  const k = t - lag;
  if (!(Number.isInteger(k) && k >= 0 && k <= t && t < unrolled.length)) {
    throw new RangeError(`there is no step ${lag} before step ${t}`);
  }
  const random = new Random(`${seed}/check`);
  const entries = (): CheckedDerivative[] => {
    if (quantity === 'state') return checkStateJacobian(weights, unrolled, t, k, random, count);
    const target = run.target(t);
    if (!network || !target) throw new RangeError(`step ${t} predicts nothing`);
    return checkLossGradient(network, unrolled, t, k, target.row, random, count);
  };
  return entries().map((entry) => {
    const { exact, estimate, resolution } = entry;
    const size = Math.max(Math.abs(exact), Math.abs(estimate));
    return {
      ...entry,
      relativeError: size === 0 ? 0 : Math.abs(estimate - exact) / size,
      resolved: Math.abs(exact) > resolution,
    };
  });
}
