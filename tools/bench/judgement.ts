// Puts the results of a workload beside its targets.

import { multiplyAdds as peakMultiplyAdds } from './contestants/peak.mjs';
import type { Result } from './rounds.js';
import { digits, ratios, spread, type Spread } from './statistics.js';
import { multiplyAdds, type ContestantId, type Target, type Workload } from './workloads.js';

/** Below a target by no more than this share counts as noise of the machine. */
export const noise = 0.25;

export type Verdict = 'met' | 'within noise' | 'missed' | 'not measured';

export interface Judged extends Result {
  /** Milliseconds a run. */
  readonly time?: Spread;
  /** Its time divided by that of our WebAssembly kernel, and by that of our reference path. */
  readonly ratio: { readonly ours?: Spread; readonly reference?: Spread };
  /** Multiply-adds a nanosecond, at the median. */
  readonly speed?: number;
}

export interface JudgedTarget extends Target {
  readonly verdict: Verdict;
}

export interface JudgedWorkload {
  readonly workload: Workload;
  readonly results: readonly Judged[];
  readonly targets: readonly JudgedTarget[];
  /** The machine's limit during these rounds, in multiply-adds a nanosecond. */
  readonly limit?: number;
}

function judgeResult(workload: Workload, result: Result, all: readonly Result[]): Judged {
  if (result.absent !== undefined) return { ...result, ratio: {} };
  const against = (id: ContestantId): Spread | undefined => {
    const own = all.find((each) => each.id === id && each.absent === undefined);
    return own && result.id !== 'peak' ? ratios(result.rounds, own.rounds) : undefined;
  };
  const [ours, reference] = [against('ours'), against('reference')];
  const time = spread(result.rounds);
  const work = result.id === 'peak' ? peakMultiplyAdds : multiplyAdds(workload);
  return {
    ...result,
    time,
    ratio: { ...(ours ? { ours } : {}), ...(reference ? { reference } : {}) },
    speed: work / (time.median * 1e6),
  };
}

function verdictOf(target: Target, results: readonly Judged[]): Verdict {
  const grade = (reached: number | undefined): Verdict => {
    if (reached === undefined) return 'not measured';
    return reached >= 1 ? 'met' : reached >= 1 - noise ? 'within noise' : 'missed';
  };
  if (target.ms !== undefined) {
    const time = results.find(({ id }) => id === target.of)?.time;
    return grade(time && target.ms / time.median);
  }
  const { against, ratio = NaN } = target;
  const theirs = results.find(({ id }) => id === against)?.ratio[target.of];
  return grade(theirs && theirs.median / ratio);
}

export function judgeWorkload(workload: Workload, results: readonly Result[]): JudgedWorkload {
  const judged = results.map((result) => judgeResult(workload, result, results));
  const limit = judged.find(({ id }) => id === 'peak')?.speed;
  return {
    workload,
    results: judged,
    targets: workload.targets.map((target) => ({ ...target, verdict: verdictOf(target, judged) })),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** What a target asks for: `≥ 5` or `≤ 15 ms`. */
export function asked(target: Target): string {
  return target.ms === undefined ? `≥ ${digits(target.ratio ?? NaN)}` : `≤ ${target.ms} ms`;
}
