// Numbers that sentences about a curve need: how far it falls or rises, and how full the state is meanwhile.

import { referenceKernel } from '../../engine/index.js';
import type { GradientLine } from './curves.js';
import type { GradientRun } from './run.js';

/** Below this share of lag 0 a gradient has all but vanished. */
export const vanishedShare = 1e-3;

/** Above this multiple of lag 0 it explodes. */
export const explodedShare = 10;

/** Where a line leaves what a network could learn from. */
export interface LineLimits {
  /** The first lag whose value is less than `vanishedShare` of lag 0; null if there is none. */
  readonly vanishedAt: number | null;
  /** The first lag whose value is more than `explodedShare` times that of lag 0; null if there is none. */
  readonly explodedAt: number | null;
}

export function limitsOf({ values }: Pick<GradientLine, 'values'>): LineLimits {
  const [first] = values;
  const firstLag = (is: (value: number) => boolean): number | null => {
    const lag = values.findIndex(is);
    return lag < 0 ? null : lag;
  };
  return {
    vanishedAt: firstLag((value) => value < vanishedShare * first),
    explodedAt: firstLag((value) => value > explodedShare * first),
  };
}

/** ‖h_t‖₂ / √H, the root mean square of the units: how full the state is, whatever its gradient. */
export function fullness({ weights, unrolled }: GradientRun, t: number): number {
  return Math.sqrt(referenceKernel.sumOfSquares(unrolled.steps[t].h) / weights.hiddenSize);
}
