// Times one workload: everybody checked first, then in interleaved rounds, one at a time.

import { readFileSync } from 'node:fs';
import type { Convention, Material, Outputs } from './contestants/contestant.js';
import { difference, expectedOf } from './material.js';
import type { Seat, WayReport } from './seat.js';
import { digits } from './statistics.js';
import type { ContestantId } from './workloads.js';

/** Results may be this far from the reference, as a share of the largest value. */
export const tolerance = 1e-4;

/** What came of one contestant in one workload. */
export interface Result {
  readonly id: ContestantId;
  /** Why it has no time. */
  readonly absent?: string;
  /** The way that was the fastest of those that are right. */
  readonly way?: string;
  /** What came of its other ways: the time of a short trial, or why not. */
  readonly others?: readonly string[];
  /** Largest difference from the reference, as a share of the largest value. */
  readonly difference?: number;
  /** Why its results were not compared. */
  readonly unchecked?: string;
  /** Milliseconds a run, by round. */
  readonly rounds: readonly number[];
}

export interface Effort {
  readonly rounds: number;
  /** Milliseconds a contestant runs in each round. */
  readonly ms: number;
}

interface Ready {
  readonly seat: Seat;
  readonly index: number;
  readonly report: WayReport;
  readonly apart: number | undefined;
  readonly others: readonly string[];
  readonly rounds: number[];
}

/** What a problem is, without where it came up. */
const firstLine = (text: string): string => text.split('\n')[0];

type Expected = (convention?: Convention) => Outputs;

/** How far a way's results are from the reference of its convention. */
function judge(report: WayReport, expected: Expected): number | undefined {
  if (report.unchecked !== undefined) return undefined;
  return difference(report.outputs ?? {}, expected(report.convention));
}

/** The fastest right way of a contestant, or why there is none. */
async function prepare(
  seat: Seat,
  file: string,
  expected: Expected,
  ms: number,
): Promise<Ready | string> {
  const ways = await seat.prepare(file);
  if (typeof ways === 'string') return ways;
  const problems: string[] = [];
  const right: { index: number; report: WayReport; apart: number | undefined; time: number }[] = [];
  for (const [index, report] of ways.entries()) {
    if (report.error !== undefined) {
      problems.push(`${report.name}: ${firstLine(report.error)}`);
      continue;
    }
    const apart = judge(report, expected);
    if (apart !== undefined && !(apart <= tolerance)) {
      problems.push(`${report.name}: its results are off by ${apart.toExponential(1)}`);
      continue;
    }
    await seat.time(index, ms); // compilers have their chance first
    const trials = [await seat.time(index, ms)];
    if (ways.length > 1) trials.push(await seat.time(index, ms));
    right.push({ index, report, apart, time: Math.min(...trials) });
  }
  const [best, ...slower] = right.sort((a, b) => a.time - b.time);
  if (!best) return problems.join('; ');
  const others = slower.map(({ report, time }) => `${report.name}: ${digits(time)} ms`);
  return { seat, ...best, others: [...others, ...problems], rounds: [] };
}

export async function measure(
  seats: readonly Seat[],
  file: string,
  effort: Effort,
): Promise<Result[]> {
  const material = JSON.parse(readFileSync(file, 'utf8')) as Material;
  const known = new Map<Convention | undefined, Outputs>();
  const expected: Expected = (convention) => {
    const value = known.get(convention) ?? expectedOf(material, convention);
    known.set(convention, value);
    return value;
  };
  const results: Result[] = [];
  const ready: Ready[] = [];
  const give = (seat: Seat, reason: string): void => {
    results.push({ id: seat.id, absent: firstLine(reason), rounds: [] });
  };
  for (const seat of seats) {
    try {
      const one = await prepare(seat, file, expected, effort.ms);
      if (typeof one === 'string') give(seat, one);
      else ready.push(one);
    } catch (error) {
      give(seat, (error as Error).message);
    }
  }
  for (let round = 0; round < effort.rounds; round++) {
    // there and back again, so that nobody always follows the same neighbour
    for (const one of round % 2 === 0 ? [...ready] : ready.toReversed()) {
      try {
        one.rounds.push(await one.seat.time(one.index, effort.ms));
      } catch (error) {
        ready.splice(ready.indexOf(one), 1);
        give(one.seat, (error as Error).message);
      }
    }
  }
  for (const { seat, report, apart, others, rounds } of ready) {
    results.push({
      id: seat.id,
      way: report.name,
      ...(others.length > 0 ? { others } : {}),
      ...(apart === undefined ? {} : { difference: apart }),
      ...(report.unchecked === undefined ? {} : { unchecked: report.unchecked }),
      rounds,
    });
  }
  return results;
}
