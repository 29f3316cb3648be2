// Long work between frames: slices of a generator for as long as there is time.

import type { Slices } from '../engine/index.js';

export type { Slices };

/**
 * Goes on until it is done or the time is up, by at least one slice. A work that is not wanted any more is simply left.
 * @param milliseconds how long; overrun by at most one slice.
 * @returns as `next` of the generator: `done` with the result as `value`, or not yet.
 */
export function workFor<T>(
  work: Slices<T>,
  milliseconds: number,
  now: () => number = () => performance.now(),
): IteratorResult<undefined, T> {
  const end = now() + milliseconds;
  for (;;) {
    const result = work.next();
    if (result.done || now() >= end) return result;
  }
}
