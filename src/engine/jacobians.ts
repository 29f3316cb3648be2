// Local influence ‖∂h_t/∂x_k‖_F and the gradient through time ‖∂s_t/∂s_k‖_F: for one pair, one row, or all pairs at once.

import type { CellWeights, StepJacobian } from './cells/cell.js';
import { cells, stateSize } from './cells/index.js';
import { cellJacobians } from './cells/jacobians.js';
import { matrix, type Floats, type Kernel } from './kernels/kernel.js';
import { kernelOf, referenceKernel } from './kernels/reference.js';
import type { Unrolled } from './sequence.js';
import { unroll, type InitialState } from './sequence.js';

/**
 * What is differentiated. `input`: ∂h_t/∂x_k, the hidden state by a word (*local influence*).
 * `state`: ∂s_t/∂s_k, the whole state by an earlier one (the *gradient through time*).
 */
export type JacobianKind = 'input' | 'state';

/**
 * The Jacobian of step t of a sequence (`rows` = 1) that `unrolled` has done.
 * @param kernel whose arrays `hidden` and `input` are to be. Default that of the weights.
 */
export function stepJacobian(
  weights: CellWeights,
  unrolled: Unrolled,
  t: number,
  kernel: Kernel = kernelOf(weights),
): StepJacobian {
  const out = emptyJacobian(weights, kernel);
  cellJacobians[weights.cell](weights, unrolled.steps[t], out);
  return out;
}

/** Room for the Jacobian of one step. */
function emptyJacobian(weights: CellWeights, kernel: Kernel): StepJacobian {
  const S = stateSize(weights);
  return {
    hidden: kernel.array(S * weights.hiddenSize),
    input: kernel.array(S * weights.inputSize),
    cell: new Float64Array(cells[weights.cell].hasCellState ? S : 0),
  };
}

/** The Jacobian of one step as the products that a chain of steps is made of. */
class Link {
  /** @param jacobian in this kernel's storage. */
  constructor(
    private readonly kernel: Kernel,
    private readonly H: number,
    readonly jacobian: StepJacobian,
  ) {}

  /** M becomes what a derivative by this step begins with: ∂s/∂x `[S × I]`, or ∂s/∂s `[S × S]`. */
  begin(by: JacobianKind, M: Floats): void {
    if (by === 'input') M.set(this.jacobian.input);
    else setIdentity(M);
  }

  /** out = J · M: what M `[S × columns]`, a derivative of the state before the step, becomes by it. */
  forward(M: Floats, columns: number, out: Floats): void {
    const { kernel, H } = this;
    const { hidden } = this.jacobian;
    const S = hidden.length / H;
    kernel.multiply(S, columns, H, matrix(hidden, H), matrix(M, columns), matrix(out, columns));
    this.addCell(M, columns, out, (part) => [H, part]);
  }

  /** out = Jᵀ · M: what M `[S × columns]`, the derivatives of some later numbers by the state after the step, becomes. */
  backward(M: Floats, columns: number, out: Floats): void {
    const { kernel, H } = this;
    const { hidden } = this.jacobian;
    const S = hidden.length / H;
    const transposed = matrix(hidden, H, { transposed: true });
    kernel.multiply(H, columns, S, transposed, matrix(M, columns), matrix(out, columns));
    if (S > H) out.fill(0, H * columns, S * columns);
    this.addCell(M, columns, out, (part) => [part, H]);
  }

  /** The part through c₋: for the rows of h and of c, which H rows of M go times their diagonal to which of `out`. */
  private addCell(
    M: Floats,
    columns: number,
    out: Floats,
    way: (part: number) => readonly [source: number, target: number],
  ): void {
    const { cell } = this.jacobian;
    const { H } = this;
    if (cell.length === 0) return;
    for (const part of [0, H]) {
      const [source, target] = way(part);
      this.kernel.addScaledRows(
        cell.subarray(part, part + H),
        M.subarray(source * columns, (source + H) * columns),
        out.subarray(target * columns, (target + H) * columns),
      );
    }
  }
}

/** A matrix times a power of two, so that products of many small or large ones neither vanish nor overflow. */
interface Scaled {
  readonly values: Floats;
  exponent: number;
}

/** Divides by a power of two where the largest element has left the middle of the range. */
function rescale(kernel: Kernel, scaled: Scaled): void {
  const largest = kernel.largest(scaled.values);
  if (!(largest > 0 && largest < Infinity)) return;
  const exponent = Math.floor(Math.log2(largest));
  if (Math.abs(exponent) < 10) return;
  // in parts that are float32: what is very small takes a factor beyond the largest of them
  for (let left = exponent; left !== 0;) {
    const part = Math.max(-100, Math.min(100, left));
    kernel.scale(scaled.values, 2 ** -part);
    left -= part;
  }
  scaled.exponent += exponent;
}

/** value · 2^exponent, where the power alone may be beyond the largest or below the smallest number. */
function unscaled(value: number, exponent: number): number {
  const half = exponent >> 1;
  return value * 2 ** half * 2 ** (exponent - half);
}

/** One step of a chain: what `step` makes of the matrix takes its place. */
function advance(
  kernel: Kernel,
  chain: Scaled,
  memory: Floats,
  step: (M: Floats, out: Floats) => void,
): void {
  const next = memory.subarray(0, chain.values.length);
  step(chain.values, next);
  chain.values.set(next);
  rescale(kernel, chain);
}

/** How many columns the derivatives of that kind have. */
function columnsOf(weights: CellWeights, by: JacobianKind): number {
  return by === 'input' ? weights.inputSize : stateSize(weights);
}

/** How many rows of them count: those of h, or all of s. */
function rowsOf(weights: CellWeights, by: JacobianKind): number {
  return by === 'input' ? weights.hiddenSize : stateSize(weights);
}

function setIdentity(values: Floats): void {
  const size = Math.sqrt(values.length);
  values.fill(0);
  for (let n = 0; n < size; n++) values[n * size + n] = 1;
}

/** ‖M‖_F of the first `count` numbers. */
function frobenius(kernel: Kernel, { values, exponent }: Scaled, count: number): number {
  return unscaled(Math.sqrt(kernel.sumOfSquares(values.subarray(0, count))), exponent);
}

/**
 * One row of the table after another: derivatives of the present state by every earlier input or state, carried forward,
 * J_t,k = ∂s_t/∂s_{t−1} · J_{t−1,k}. One step forward costs one product a source; for whole tables use `jacobianNorms`.
 */
export class JacobianRecursion {
  /** Number of sources k so far. */
  length = 0;
  private readonly columns: number;
  private readonly size: number;
  private room: Kernel;
  private sources: Scaled[] = [];
  private spare: Floats;
  private capacity = 0;

  constructor(
    private readonly weights: CellWeights,
    private readonly by: JacobianKind,
    private readonly kernel: Kernel = kernelOf(weights),
  ) {
    this.size = stateSize(weights);
    this.columns = columnsOf(weights, by);
    this.room = kernel;
    this.spare = new Float64Array(0);
  }

  /** Goes through step t of `unrolled` (single row), the one after the last; it becomes the newest source. */
  advance(unrolled: Unrolled, t = this.length): void {
    const { size: S, columns } = this;
    if (this.length === this.capacity) this.grow();
    const jacobian = stepJacobian(this.weights, unrolled, t, this.room);
    const link = new Link(this.room, this.weights.hiddenSize, jacobian);
    for (const source of this.sources) {
      advance(this.room, source, this.spare, (M, out) => {
        link.forward(M, columns, out);
      });
    }
    const values = this.room.array(S * columns);
    link.begin(this.by, values);
    this.sources.push({ values, exponent: 0 });
    this.length++;
  }

  /** ‖∂h_t/∂x_k‖_F or ‖∂s_t/∂s_k‖_F (undivided) for every source k ≤ t. */
  norms(): Float64Array {
    const rows = rowsOf(this.weights, this.by);
    return Float64Array.from(this.sources, (source) =>
      frobenius(this.room, source, rows * this.columns),
    );
  }

  /** Room for twice as many sources. */
  private grow(): void {
    const { size: S, columns } = this;
    this.capacity = Math.max(16, 2 * this.capacity);
    const each = S * (columns + this.weights.hiddenSize + this.weights.inputSize) + 32;
    this.room = this.kernel.open(this.capacity * each + S * columns + 1e4);
    this.spare = this.room.array(S * columns);
    this.sources = this.sources.map(({ values, exponent }) => {
      const copy = this.room.array(values.length);
      copy.set(values);
      return { values: copy, exponent };
    });
  }
}

/**
 * ‖∂s_t/∂s_k‖_F (undivided) of one state by all before it, `[t + 1]` with k as index: carried backward from step t,
 * (∂s_t/∂s_{k−1})ᵀ = (∂s_k/∂s_{k−1})ᵀ (∂s_t/∂s_k)ᵀ, one product a step.
 * @param unrolled what the network did (`rows` = 1), at least t + 1 steps.
 * @param kernel what computes it. Default that of the weights.
 */
export function stateNorms(
  weights: CellWeights,
  unrolled: Unrolled,
  t: number,
  kernel: Kernel = kernelOf(weights),
): Float64Array {
  const norms = new Float64Array(t + 1);
  let k = t;
  for (const norm of new StateChain(weights, kernel).norms(unrolled, t)) norms[k--] = norm;
  return norms;
}

/**
 * ∂s_t/∂s_k `[S × S]`, row i the unit of s_t, column j that of s_k; the identity for k = t. float64.
 * @param unrolled what the network did (`rows` = 1), at least t + 1 steps.
 * @param k ≤ t.
 */
export function stateJacobian(
  weights: CellWeights,
  unrolled: Unrolled,
  t: number,
  k: number,
): Float64Array {
  const S = stateSize(weights);
  const jacobian = new Float64Array(S * S);
  const chain = new StateChain(weights, referenceKernel);
  for (const step of chain.back(unrolled, t)) {
    if (step === k) break;
  }
  const { values, exponent } = chain;
  for (let i = 0; i < S; i++) {
    for (let j = 0; j < S; j++) jacobian[i * S + j] = unscaled(values[j * S + i], exponent);
  }
  return jacobian;
}

/**
 * (∂s_t/∂s_k)ᵀ carried backward one step at a time, as `stateNorms` does, for whoever can't wait for all of them: stop
 * whenever you like. Its memory is that of one step, and serves one t after another.
 */
export class StateChain implements Scaled {
  /** (∂s_t/∂s_k)ᵀ `[S × S]`, or its products `[S × D]` with the directions, to be multiplied by 2^`exponent`. */
  readonly values: Floats;
  /** Powers of two carried apart, so that long vanishing chains do not underflow. */
  exponent = 0;
  private readonly room: Kernel;
  private readonly spare: Floats;
  private readonly columns: number;
  private readonly link: Link;
  private readonly recurrent: CellWeights;

  /**
   * @param kernel what computes it. Default that of the weights.
   * @param directions `[S × D]`, D of them as columns: only what arrives in s_t along these is computed, for D/S of the
   * price. Default all, the identity.
   */
  constructor(
    weights: CellWeights,
    kernel: Kernel = kernelOf(weights),
    private readonly directions: Float64Array | null = null,
  ) {
    const { hiddenSize: H } = weights;
    const S = stateSize(weights);
    // derivatives by the input are not wanted; those of a cell without any cost nothing
    this.recurrent = { ...weights, inputSize: 0 };
    this.columns = directions ? directions.length / S : S;
    this.room = kernel.open(S * (H + 2 * this.columns) + 1e4);
    this.values = this.room.array(S * this.columns);
    this.spare = this.room.array(S * this.columns);
    this.link = new Link(this.room, H, emptyJacobian(this.recurrent, this.room));
  }

  /**
   * k = t, t − 1 and so on down to 0; at each of them `values` and `exponent` are those of k.
   * @param unrolled what the network did (`rows` = 1), at least t + 1 steps.
   */
  *back(unrolled: Unrolled, t: number): Generator<number, void, undefined> {
    const { recurrent, link, columns, directions } = this;
    this.exponent = 0;
    if (directions) this.values.set(directions);
    else setIdentity(this.values);
    for (let k = t; ; k--) {
      yield k;
      if (k === 0) return;
      cellJacobians[recurrent.cell](recurrent, unrolled.steps[k], link.jacobian);
      advance(this.room, this, this.spare, (M, out) => {
        link.backward(M, columns, out);
      });
    }
  }

  /**
   * ‖∂s_t/∂s_k‖_F (undivided) for k = t, t − 1 and so on down to 0, each computed when it is asked for. With D directions:
   * the root of the sum of squares of what arrives in them.
   * @param unrolled what the network did (`rows` = 1), at least t + 1 steps.
   */
  *norms(unrolled: Unrolled, t: number): Generator<number, void, undefined> {
    const steps = this.back(unrolled, t);
    while (!steps.next().done) yield frobenius(this.room, this, this.values.length);
  }
}

/** Up to so many steps all pairs go by the recursion; longer ranges are cut in two. */
const leaf = 8;
/** So many target states are paired with the sources before the cut at a time. */
const group = 32;
/**
 * ‖U V‖² as an inner product of two Gram matrices loses digits where they are nearly orthogonal; below this cosine the
 * product itself is formed.
 */
const leastCosine = 0.02;

/**
 * ‖∂h_t/∂x_k‖_F or ‖∂s_t/∂s_k‖_F (undivided) for all pairs, `[T × T]` row-major with zeros for k > t. Exact: no entry is
 * interpolated or cut off, and powers of two are carried apart so that long vanishing chains do not underflow.
 *
 * Time is cut in two again and again. Across a cut m (state s_m), ∂h_t/∂x_k = U_t V_k with U_t = ∂h_t/∂s_m and
 * V_k = ∂s_m/∂x_k, and ‖U_t V_k‖² = ⟨U_tᵀU_t, V_k V_kᵀ⟩: each side has its chain and its Gram matrices once, a pair is one
 * inner product of S² numbers, and all of them together are one matrix product. O(T log T) chain products in all.
 *
 * @param run `[T × I]` inputs; or what was done with them (`rows` = 1), under interventions if need be.
 * @param initial the state the inputs are read from. Default zeros.
 * @param kernel what computes it. Default that of the weights. float64 on the reference. On the SIMD kernel the states of
 * inputs are float64, too, and the derivatives float32: the relative error of an entry is typically 1e-7, and up to a few
 * 1e-5 where products nearly cancel (more where a chain of steps shrinks much faster than each step does).
 */
export function jacobianNorms(
  weights: CellWeights,
  run: ArrayLike<number> | Unrolled,
  by: JacobianKind,
  initial: InitialState = {},
  kernel: Kernel = kernelOf(weights),
): Float64Array {
  // the states are the smallest part of the work, and what float32 leaves of them would be the largest part of the error
  const exact = referenceKernel.load(weights);
  // (one from another copy of the engine is as good)
  const unrolled = 'steps' in run ? run : unroll(exact, run, initial);
  const T = unrolled.length;
  const S = stateSize(weights);
  const columns = columnsOf(weights, by);
  const half = Math.ceil(T / 2);
  const links = T * (S * (weights.hiddenSize + weights.inputSize) + 32);
  const pairs = half * S * (S + columns) + Math.min(group, half) * (2 * S * S + half);
  const chains = 3 * S * Math.max(S, columns);
  const room = kernel.open(links + pairs + chains + 1e4);
  return new JacobianTable(exact, unrolled, by, room).norms;
}

/** The divide-and-conquer of `jacobianNorms`, with its working memory. */
class JacobianTable {
  /** `[T × T]` */
  readonly norms: Float64Array;
  private readonly T: number;
  private readonly S: number;
  /** Rows of ∂s_t that count: those of h_t, or all. */
  private readonly rows: number;
  private readonly columns: number;
  private readonly links: readonly Link[];
  private readonly chain: Floats;
  private readonly next: Floats;
  private readonly block: Floats;
  /** `[half × S²]` and `[half × columns·S]`: Gram matrices and V_kᵀ of the sources before a cut. */
  private readonly sourceGrams: Floats;
  private readonly sources: Floats;
  /** `[group × S²]` and `[group × rows·S]`: Gram matrices and U_t of some targets after it. */
  private readonly targetGrams: Floats;
  private readonly targets: Floats;
  private readonly products: Floats;

  constructor(
    weights: CellWeights,
    unrolled: Unrolled,
    private readonly by: JacobianKind,
    private readonly kernel: Kernel,
  ) {
    const T = unrolled.length;
    const S = stateSize(weights);
    const { hiddenSize: H } = weights;
    this.T = T;
    this.S = S;
    this.rows = rowsOf(weights, by);
    this.columns = columnsOf(weights, by);
    this.norms = new Float64Array(T * T);
    this.links = Array.from(
      { length: T },
      (_, t) => new Link(kernel, H, stepJacobian(weights, unrolled, t, kernel)),
    );
    const half = Math.ceil(T / 2);
    const targets = Math.min(group, half);
    const largest = S * Math.max(S, this.columns);
    this.chain = kernel.array(largest);
    this.next = kernel.array(largest);
    this.block = kernel.array(largest);
    this.sourceGrams = kernel.array(half * S * S);
    this.sources = kernel.array(half * S * this.columns);
    this.targetGrams = kernel.array(targets * S * S);
    this.targets = kernel.array(targets * S * this.rows);
    this.products = kernel.array(targets * half);
    this.solve(0, T);
  }

  private solve(from: number, to: number): void {
    if (to - from <= leaf) {
      for (let k = from; k < to; k++) this.recursion(k, to);
      return;
    }
    const cut = (from + to) >> 1;
    this.solve(from, cut);
    this.solve(cut, to);
    this.acrossCut(from, cut, to);
  }

  /** Pairs of one source with the targets up to `to`, by carrying its derivative forward. */
  private recursion(k: number, to: number): void {
    const { kernel, S, columns, T } = this;
    const source: Scaled = { values: this.chain.subarray(0, S * columns), exponent: 0 };
    this.links[k].begin(this.by, source.values);
    for (let t = k; ;) {
      this.norms[t * T + k] = frobenius(kernel, source, this.rows * columns);
      if (++t === to) return;
      advance(kernel, source, this.next, (M, out) => {
        this.links[t].forward(M, columns, out);
      });
    }
  }

  /** Pairs of every source in [from, cut) with every target in [cut, to). */
  private acrossCut(from: number, cut: number, to: number): void {
    const { kernel, S } = this;
    const sources = this.prepareSources(from, cut);
    const chain = this.identity();
    for (let t = cut; t < to;) {
      const first = t;
      const targets: Side[] = [];
      for (; t < to && t < first + group; t++) {
        advance(kernel, chain, this.next, (M, out) => {
          this.links[t].forward(M, S, out);
        });
        const size = this.rows * S;
        const values = this.targets.subarray((t - first) * size, (t - first + 1) * size);
        values.set(chain.values.subarray(0, size));
        targets.push(this.side(values, chain.exponent, this.rows, this.targetGrams, t - first));
      }
      this.pair(first, targets, from, sources);
    }
  }

  /** V_k of every source before the cut, from the cut backwards. */
  private prepareSources(from: number, cut: number): Side[] {
    const { kernel, S, columns } = this;
    const sides: Side[] = [];
    const chain = this.identity();
    for (let k = cut - 1; k >= from; k--) {
      if (k < cut - 1) {
        advance(kernel, chain, this.next, (M, out) => {
          this.links[k + 1].backward(M, S, out);
        });
      }
      const size = columns * S;
      const values = this.sources.subarray((k - from) * size, (k - from + 1) * size);
      if (this.by === 'state') values.set(chain.values);
      else {
        const X = matrix(this.links[k].jacobian.input, columns, { transposed: true });
        kernel.multiply(columns, S, S, X, matrix(chain.values, S), matrix(values, S));
      }
      sides[k - from] = this.side(values, chain.exponent, columns, this.sourceGrams, k - from);
    }
    return sides;
  }

  /** Where a chain of steps begins: the identity `[S × S]`. */
  private identity(): Scaled {
    const { S } = this;
    const values = this.chain.subarray(0, S * S);
    setIdentity(values);
    return { values, exponent: 0 };
  }

  /** One factor of a pair with its Gram matrix AᵀA `[S × S]`, A `[count × S]`, which goes to its place in `grams`. */
  private side(
    values: Floats,
    exponent: number,
    count: number,
    grams: Floats,
    place: number,
  ): Side {
    const { kernel, S } = this;
    const side = { values, exponent };
    rescale(kernel, side);
    const gram = grams.subarray(place * S * S, (place + 1) * S * S);
    const A = matrix(values, S);
    const transposed = matrix(values, S, { transposed: true });
    kernel.multiply(S, S, count, transposed, A, matrix(gram, S));
    return { ...side, size: Math.sqrt(kernel.sumOfSquares(gram)) };
  }

  private pair(
    firstTarget: number,
    targets: readonly Side[],
    firstSource: number,
    sources: readonly Side[],
  ): void {
    const { kernel, S, T, columns, rows } = this;
    const length = S * S;
    const dots = matrix(this.products, sources.length);
    const columnsOfGrams = matrix(this.sourceGrams, length, { transposed: true });
    const rowsOfGrams = matrix(this.targetGrams, length);
    kernel.multiply(targets.length, sources.length, length, rowsOfGrams, columnsOfGrams, dots);
    targets.forEach((U, i) => {
      sources.forEach((V, j) => {
        const dot = this.products[i * sources.length + j];
        const exponent = U.exponent + V.exponent;
        let norm: number;
        if (dot > leastCosine * U.size * V.size) norm = unscaled(Math.sqrt(dot), exponent);
        else {
          const values = this.block.subarray(0, rows * columns);
          const right = matrix(V.values, S, { transposed: true });
          kernel.multiply(rows, columns, S, matrix(U.values, S), right, matrix(values, columns));
          norm = frobenius(kernel, { values, exponent }, values.length);
        }
        this.norms[(firstTarget + i) * T + firstSource + j] = norm;
      });
    });
  }
}

/** U_t `[rows × S]` or V_kᵀ `[columns × S]` with the Frobenius norm of its Gram matrix. */
interface Side extends Scaled {
  readonly size: number;
}
