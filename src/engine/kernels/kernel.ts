// The narrow interface between the calculus and the arithmetic: everything heavy that an engine function asks for.

import type { CellWeights } from '../cells/cell.js';
import type { Unrolled } from '../sequence.js';

/** Numbers in a kernel's precision: float64 on the reference, float32 on the SIMD kernel. */
export type Floats = Float64Array | Float32Array;

/** A matrix inside a typed array: element (i, j) stands at `offset + i * row + j * column`. */
export interface MatrixView {
  /** The array it stands in. */
  readonly data: Floats;
  /** Index of element (0, 0). */
  readonly offset: number;
  /** Numbers from one row to the next. */
  readonly row: number;
  /** Numbers from one column to the next. */
  readonly column: number;
}

/**
 * View of an array as rows of `columns` numbers each.
 * @param options `offset`: where it starts, default 0. `transposed`: whether rows are taken as columns, default false.
 */
export function matrix(
  data: Floats,
  columns: number,
  options: { offset?: number; transposed?: boolean } = {},
): MatrixView {
  const offset = options.offset ?? 0;
  return options.transposed
    ? { data, offset, row: 1, column: columns }
    : { data, offset, row: columns, column: 1 };
}

/** What the backward pass through a range of steps reads and writes; shapes as in `BackwardWorkspace`. */
export interface BackwardArrays {
  /** `[T·N × G·H]` written: ∂L/∂(W_ih x + b_ih) of every step. */
  readonly input: Floats;
  /** `[T·N × G·H]` written: ∂L/∂(W_hh · operand + b_hh); the same array as `input` where the two are equal. */
  readonly recurrent: Floats;
  /** `[N × H]` read and written: ∂L/∂h carried back from the steps after; ends as ∂L/∂h before the range. */
  readonly dh: Floats;
  /** `[N × H]` as `dh`, for the cell state (lstm; empty otherwise). */
  readonly dc: Floats;
}

/** Step sizes of one Adam update, bias corrections included (see `Adam`). */
export interface AdamStep {
  /** Learning rate ÷ (1 − β₁ᵗ). */
  readonly rate: number;
  /** 1 − β₂ᵗ. */
  readonly correction: number;
  /** β₁, how much of the first moment is kept. */
  readonly beta1: number;
  /** β₂, how much of the second moment is kept. */
  readonly beta2: number;
  /** ε, added to the root of the second moment. */
  readonly epsilon: number;
}

/**
 * An arithmetic to compute with. `reference` is TypeScript in float64; `simd` is WebAssembly in float32.
 *
 * A kernel works on arrays of its own (`array`, `load`) and refuses others with a `TypeError`; the reference takes any.
 * Arrays are never freed one by one: a workspace goes with the last reference to it.
 */
export interface Kernel {
  /** Which one it is. */
  readonly name: 'reference' | 'simd';

  /**
   * A workspace with room for at least `numbers` numbers in arrays of its own (4 bytes each). The reference needs none and
   * returns itself.
   * @throws RangeError if the machine has no such memory.
   */
  open(numbers: number): Kernel;

  /**
   * `length` zeros that this kernel can work on.
   * @throws RangeError if the workspace is used up.
   */
  array(length: number): Floats;

  /**
   * The weights in this kernel's storage; functions that get them run on this kernel. A copy, but for plain weights on the
   * reference, which are returned as they are. Needs about three times as many numbers as the weights have (`roomFor`).
   * @throws RangeError if the workspace is used up.
   */
  load(weights: CellWeights): CellWeights;

  /** To be called after the numbers of loaded weights were changed in place by anything but `Adam`. */
  changed(weights: CellWeights): void;

  /** out[n × G·H] = x[n × I] · W_ihᵀ + b_ih: what the inputs of any number of steps give, as one product. */
  projectInputs(weights: CellWeights, x: Floats, out: Floats, rows: number): void;

  /** Runs the steps `[from, to)`, whose input part stands in `unrolled.input`. */
  forward(weights: CellWeights, unrolled: Unrolled, from: number, to: number): void;

  /**
   * Goes back through the steps from `to − 1` to `from`.
   * @param direct `[T·N × H]` ∂L/∂h of every step through the readout.
   */
  backward(
    weights: CellWeights,
    unrolled: Unrolled,
    direct: Floats,
    arrays: BackwardArrays,
    from: number,
    to: number,
  ): void;

  /** C[m × n] = (add ? C : 0) + A[m × k] · B[k × n]. C is row-major; a matrix–vector product is m = 1. */
  multiply(
    m: number,
    n: number,
    k: number,
    a: MatrixView,
    b: MatrixView,
    c: MatrixView,
    add?: boolean,
  ): void;

  /** σ(x) of every number, in place. */
  sigmoid(values: Floats): void;

  /** tanh of every number, in place. */
  tanh(values: Floats): void;

  /** target[columns] += the sum over the rows of a `[rows × columns]` block. */
  addColumnSums(target: Floats, block: Floats, rows: number): void;

  /** Σ values². */
  sumOfSquares(values: Floats): number;

  /** The largest |value|; 0 of none. */
  largest(values: Floats): number;

  /** Row i of `target` += factors[i] · row i of `source`, for as many rows as factors. */
  addScaledRows(factors: Float64Array, source: Floats, target: Floats): void;

  /** values ×= factor. */
  scale(values: Floats, factor: number): void;

  /** Loss and optimiser, where this kernel has its own; the reference's serve any arrays (see `trainingOf`). */
  readonly training?: TrainingKernel;
}

/** What training needs besides the cells and products. Apart from `Kernel`, so that a page that only reads is spared it. */
export interface TrainingKernel {
  /** See `crossEntropy`. */
  crossEntropy(
    logits: Floats,
    targets: ArrayLike<number>,
    weights: ArrayLike<number>,
    rows: number,
    total?: number,
  ): number;

  /** One update of a parameter, its first and its second moment in place. */
  adam(parameter: Floats, gradient: Floats, first: Floats, second: Floats, step: AdamStep): void;
}
