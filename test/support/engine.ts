// Helpers of the engine's tests: random cells and sequences from a seed, finite differences, comparisons.

import assert from 'node:assert/strict';
import type { CellType, CellWeights, InitialState, Random } from '../../src/engine/index.js';
import { cells } from '../../src/engine/index.js';

/** A cell together with the convention it is used in. */
export interface Variant {
  readonly name: string;
  readonly cell: CellType;
  readonly resetAfter?: boolean;
}

/** All cells, the GRU in both conventions. */
export const variants: readonly Variant[] = [
  { name: 'feedforward', cell: 'feedforward' },
  { name: 'rnn', cell: 'rnn' },
  { name: 'lstm', cell: 'lstm' },
  { name: 'gru, reset after', cell: 'gru' },
  { name: 'gru, reset before', cell: 'gru', resetAfter: false },
];

/** The variants that hand something on. */
export const recurrentVariants: readonly Variant[] = variants.filter(
  ({ cell }) => cell !== 'feedforward',
);

/** `length` normal numbers of standard deviation `scale`. */
export function normals(random: Random, length: number, scale = 1): Float64Array {
  return random.normals(length).map((value) => value * scale);
}

/** A cell whose every number is random, the recurrent biases included, so that none of them can be forgotten. */
export function randomCell(
  { cell, resetAfter }: Variant,
  inputSize: number,
  hiddenSize: number,
  random: Random,
): CellWeights {
  const { gates, recurrent } = cells[cell];
  const width = gates.length * hiddenSize;
  return {
    cell,
    inputSize,
    hiddenSize,
    weightIh: normals(random, width * inputSize, 0.7),
    weightHh: normals(random, recurrent ? width * hiddenSize : 0, 0.6),
    biasIh: normals(random, width, 0.4),
    biasHh: normals(random, recurrent ? width : 0, 0.4),
    ...(resetAfter !== undefined && { resetAfter }),
  };
}

/** Random initial states `[N × H]` as the cell has them. */
export function randomInitial(weights: CellWeights, random: Random, rows = 1): InitialState {
  const size = rows * weights.hiddenSize;
  const h = normals(random, size, 0.5);
  return cells[weights.cell].hasCellState ? { h, c: normals(random, size, 0.8) } : { h };
}

/** An integer from `low` to `high`, both included. */
export function between(random: Random, low: number, high: number): number {
  return low + random.integer(high - low + 1);
}

/** The largest absolute difference; NaN where a number is missing or not a number. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = actual[i] === expected[i] ? 0 : Math.abs(actual[i] - expected[i]);
    if (Number.isNaN(difference)) return NaN;
    worst = Math.max(worst, difference);
  }
  return worst;
}

/** Asserts that no number differs by more than `tolerance` (0: equal) and that the lengths are equal. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  const difference = largestDifference(actual, expected);
  assert.ok(
    difference <= tolerance,
    `${what}: differs by ${difference} (tolerance ${tolerance}, lengths ${actual.length} and ${expected.length})`,
  );
}

/**
 * Derivatives of a vector by one number, values[index], by a central difference of fourth order:
 * an error of about 1e-11 for functions of the size of 1, so that 1e-8 tells a wrong derivative from a right one.
 */
export function derivatives(
  of: () => Float64Array,
  values: Float64Array,
  index: number,
): Float64Array {
  const step = 1e-3;
  const kept = values[index];
  const at = (offset: number): Float64Array => {
    values[index] = kept + offset;
    return of().slice();
  };
  const [a, b, c, d] = [at(-2 * step), at(-step), at(step), at(2 * step)];
  values[index] = kept;
  return a.map((_, i) => (8 * (c[i] - b[i]) - (d[i] - a[i])) / (12 * step));
}

/** The gradient of a number by every one of `values`, by finite differences. */
export function gradient(of: () => number, values: Float64Array): Float64Array {
  return Float64Array.from(
    values,
    (_, i) => derivatives(() => Float64Array.of(of()), values, i)[0],
  );
}

/** Σ aᵢ bᵢ. */
export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
