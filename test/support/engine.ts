// Helpers of the engine's tests: random cells and sequences from a seed, finite differences, comparisons, kernels.

import assert from 'node:assert/strict';
import type {
  CellType,
  CellWeights,
  Floats,
  HeldGate,
  InitialState,
  Intervention,
  Kernel,
  Random,
} from '../../src/engine/index.js';
import {
  Unrolled,
  cells,
  loadKernel,
  referenceKernel,
  runSequence,
  stateSize,
  unroll,
} from '../../src/engine/index.js';

/** A cell together with the convention it is used in. */
export interface Variant {
  readonly name: string;
  readonly cell: CellType;
  readonly resetAfter?: boolean;
  readonly nonlinearity?: 'tanh' | 'relu';
}

/** All cells, the simple RNN with both activations and the GRU in both conventions. */
export const variants: readonly Variant[] = [
  { name: 'feedforward', cell: 'feedforward' },
  { name: 'rnn', cell: 'rnn' },
  { name: 'rnn, relu', cell: 'rnn', nonlinearity: 'relu' },
  { name: 'lstm', cell: 'lstm' },
  { name: 'gru, reset after', cell: 'gru' },
  { name: 'gru, reset before', cell: 'gru', resetAfter: false },
];

/** The variants that hand something on. */
export const recurrentVariants: readonly Variant[] = variants.filter(
  ({ cell }) => cell !== 'feedforward',
);

/** The variant of that name. */
export function variantNamed(name: string): Variant {
  const found = variants.find((variant) => variant.name === name);
  assert.ok(found, name);
  return found;
}

/** `length` normal numbers of standard deviation `scale`. */
export function normals(random: Random, length: number, scale = 1): Float64Array {
  return random.normals(length).map((value) => value * scale);
}

/** A cell whose every number is random, the recurrent biases included, so that none of them can be forgotten. */
export function randomCell(
  { cell, resetAfter, nonlinearity }: Variant,
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
    ...(nonlinearity !== undefined && { nonlinearity }),
  };
}

/** Random initial states `[N × H]` as the cell has them. */
export function randomInitial(
  weights: CellWeights,
  random: Random,
  rows = 1,
): { h: Float64Array; c?: Float64Array } {
  const size = rows * weights.hiddenSize;
  const h = normals(random, size, 0.5);
  return cells[weights.cell].hasCellState ? { h, c: normals(random, size, 0.8) } : { h };
}

/** An integer from `low` to `high`, both included. */
export function between(random: Random, low: number, high: number): number {
  return low + random.integer(high - low + 1);
}

// Interventions ----------------------------------------------------------------------------------------------------

/** The gates that can be held, of all cells. */
export const heldGates: readonly HeldGate[] = ['input', 'forget', 'output', 'reset', 'update'];

/** Holds at 0, 1 or 0.37 and skips over random parts of T steps; some may concern no step, or gates of other cells. */
export function randomInterventions(random: Random, T: number): Intervention[] {
  return Array.from({ length: between(random, 1, 8) }, () => {
    const from = random.integer(T);
    const to = random.integer(4) === 0 ? Infinity : between(random, from, T);
    if (random.integer(5) === 0) return { kind: 'skip', from, to: Math.min(to, from + 2) };
    const gate = heldGates[random.integer(heldGates.length)];
    return { kind: 'hold', gate, value: [0, 1, 0.37][random.integer(3)], from, to };
  });
}

/** Reads x `[T·N × I]` under these interventions, keeping what derivatives need. */
export function readUnder(
  interventions: readonly Intervention[],
  weights: CellWeights,
  x: Floats,
  initial: InitialState = {},
  rows = 1,
): Unrolled {
  const length = x.length / (rows * weights.inputSize);
  const unrolled = new Unrolled(weights, rows, length);
  unrolled.x.set(x);
  unrolled.intervene(weights, interventions);
  unrolled.run(weights, length, initial);
  return unrolled;
}

// Comparisons ------------------------------------------------------------------------------------------------------

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

/** The largest absolute difference over the largest expected value (over `atLeast`, if that is more). */
export function relativeDifference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  atLeast = Number.MIN_VALUE,
): number {
  let largest = atLeast;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i]));
  return largestDifference(actual, expected) / largest;
}

/** Of all numbers, the largest difference over the expected one itself; two zeros are equal. */
export function relativeDifferenceOfEach(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): number {
  if (actual.length !== expected.length) return NaN;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    if (actual[i] === expected[i]) continue;
    const difference = Math.abs(actual[i] - expected[i]) / Math.abs(expected[i]);
    if (Number.isNaN(difference)) return NaN;
    worst = Math.max(worst, difference);
  }
  return worst;
}

/** Asserts that the numbers are the same to the last bit, which tells 0 from −0 and takes one NaN for another. */
export function assertSame(actual: Floats, expected: ArrayLike<number>, what: string): void {
  assert.equal(actual.length, expected.length, what);
  const differs = actual.findIndex((value, i) => !Object.is(value, expected[i]));
  assert.equal(differs, -1, `${what}: ${actual[differs]} at ${differs}, not ${expected[differs]}`);
}

/** s_t of every step, `[T × S]`: h, or h and c. */
export function states(weights: CellWeights, x: Floats, initial: InitialState = {}): Float64Array {
  const { h, c, length } = runSequence(weights, x, initial);
  const H = weights.hiddenSize;
  const S = stateSize(weights);
  const rows = new Float64Array(length * S);
  for (let t = 0; t < length; t++) {
    rows.set(h.subarray(t * H, (t + 1) * H), t * S);
    if (c) rows.set(c.subarray(t * H, (t + 1) * H), t * S + H);
  }
  return rows;
}

// Finite differences -----------------------------------------------------------------------------------------------

/** How far a number is moved for a difference quotient, at most to twice this. */
const step = 1e-4;

/**
 * Derivatives of a vector by one number, values[index], by a central difference of fourth order:
 * an error of about 1e-11 for functions of the size of 1, so that 1e-8 tells a wrong derivative from a right one.
 */
export function derivatives(of: () => Floats, values: Floats, index: number): Float64Array {
  const kept = values[index];
  const at = (offset: number): Float64Array => {
    values[index] = kept + offset;
    return Float64Array.from(of());
  };
  const [a, b, c, d] = [at(-2 * step), at(-step), at(step), at(2 * step)];
  values[index] = kept;
  return a.map((_, i) => (8 * (c[i] - b[i]) - (d[i] - a[i])) / (12 * step));
}

/** The gradient of a number by every one of `values`, by finite differences. */
export function gradient(of: () => number, values: Floats): Float64Array {
  return Float64Array.from(
    values,
    (_, i) => derivatives(() => Float64Array.of(of()), values, i)[0],
  );
}

/** How far the sums of ReLU units have to be from 0. */
const clearance = 100 * step;

/**
 * Draws until no ReLU unit's sum W x + b + U h₋ + b' is so near to 0 that a difference quotient could reach across the
 * kink; any other cell is smooth, and its first draw is taken. Which derivatives are compared does not depend on it.
 * @param run the weights and the steps done with them in what was drawn.
 */
export function awayFromKinks<Drawn>(
  draw: () => Drawn,
  run: (drawn: Drawn) => readonly [CellWeights, Unrolled],
): Drawn {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const drawn = draw();
    if (smallestSum(...run(drawn)) > clearance) return drawn;
  }
  throw new Error('no draw is away from the kinks');
}

/** The smallest |sum| of all ReLU units at all steps; Infinity for other cells. */
function smallestSum(weights: CellWeights, { length, steps }: Unrolled): number {
  if (weights.nonlinearity !== 'relu') return Infinity;
  const { hiddenSize: H, weightHh, biasHh } = weights;
  let smallest = Infinity;
  for (const { rows, input, hPrevious } of steps.slice(0, length)) {
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < H; j++) {
        const before = hPrevious.subarray(n * H, (n + 1) * H);
        const sum = dot(weightHh.subarray(j * H, (j + 1) * H), before) + biasHh[j];
        smallest = Math.min(smallest, Math.abs(input[n * H + j] + sum));
      }
    }
  }
  return smallest;
}

/** A random cell, T inputs and an initial state, away from the kinks of ReLU units. */
export function randomSequence(
  variant: Variant,
  I: number,
  H: number,
  T: number,
  random: Random,
): { weights: CellWeights; x: Float64Array; initial: { h: Float64Array; c?: Float64Array } } {
  return awayFromKinks(
    () => {
      const weights = randomCell(variant, I, H, random);
      return { weights, x: normals(random, T * I), initial: randomInitial(weights, random) };
    },
    ({ weights, x, initial }) => [weights, unroll(weights, x, initial)],
  );
}

/** Σ aᵢ bᵢ. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

// Kernels ----------------------------------------------------------------------------------------------------------

/** Both kernels. Here the SIMD one has to be there: without it, half of the tests would test nothing. */
export async function bothKernels(): Promise<readonly [reference: Kernel, simd: Kernel]> {
  const simd = await loadKernel(0);
  assert.equal(simd.name, 'simd');
  return [referenceKernel, simd];
}

/** A copy of these numbers that the kernel can work on. */
export function on(kernel: Kernel, values: ArrayLike<number>): Floats {
  const copy = kernel.array(values.length);
  copy.set(values);
  return copy;
}

/** The numbers as float32 has them, so that both kernels start from the same. */
export function rounded(values: Float64Array): Float64Array {
  return Float64Array.from(values, Math.fround);
}

/** Weights whose numbers are float32, so that both kernels compute the same function. */
export function roundedCell(weights: CellWeights): CellWeights {
  return {
    ...weights,
    weightIh: Float64Array.from(weights.weightIh, Math.fround),
    weightHh: Float64Array.from(weights.weightHh, Math.fround),
    biasIh: Float64Array.from(weights.biasIh, Math.fround),
    biasHh: Float64Array.from(weights.biasHh, Math.fround),
  };
}

/** One call of `Kernel.forward`: so many rows through so many steps. */
export interface ForwardCall {
  readonly rows: number;
  readonly steps: number;
}

/** The reference kernel with a list of the forward passes it is asked for; everything loaded into it is counted. */
export function countingKernel(): { kernel: Kernel; calls: ForwardCall[] } {
  const calls: ForwardCall[] = [];
  const kernel: Kernel = {
    ...referenceKernel,
    open: () => kernel,
    load: (weights) => ({ ...weights, kernel }),
    forward(weights, unrolled, from, to) {
      calls.push({ rows: unrolled.rows, steps: to - from });
      referenceKernel.forward(weights, unrolled, from, to);
    },
  };
  return { kernel, calls };
}
