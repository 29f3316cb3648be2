// Long work in slices: a generator that stops between short pieces, done at once or bit by bit, with the same result.

import type { Kernel, MatrixView } from './kernels/kernel.js';

/** Work that stops between pieces; what it returns does not depend on where it was left and taken up again. */
export type Slices<T> = Generator<undefined, T, undefined>;

/** Does all of it now. */
export function finish<T>(work: Slices<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/**
 * Calls `piece` for consecutive ranges of 0 … count − 1.
 * @param cost of one of them, in multiply-adds.
 * @param most a piece may cost, though one is always done.
 */
export function* inPieces(
  count: number,
  cost: number,
  most: number,
  piece: (from: number, to: number) => void,
): Slices<void> {
  const size = Math.max(1, Math.floor(most / cost));
  for (let from = 0; from < count; from += size) {
    piece(from, Math.min(count, from + size));
    yield;
  }
}

/** C = A · B as `Kernel.multiply`, some rows at a time: equal to the bit, since no row depends on another. */
export function multiplyInPieces(
  kernel: Kernel,
  m: number,
  n: number,
  k: number,
  a: MatrixView,
  b: MatrixView,
  c: MatrixView,
  most: number,
): Slices<void> {
  const from = (view: MatrixView, row: number): MatrixView => ({
    ...view,
    offset: view.offset + row * view.row,
  });
  return inPieces(m, n * k, most, (first, end) => {
    kernel.multiply(end - first, n, k, from(a, first), b, from(c, first));
  });
}
