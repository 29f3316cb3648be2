// The SIMD kernel: float32 in WebAssembly (written in assembly/), each workspace with a memory of its own. A script module
// of its own in the bundles, so it imports nothing from the engine but types.

import type { CellWeights } from '../cells/cell.js';
import type { Unrolled } from '../sequence.js';
import type {
  AdamStep,
  BackwardArrays,
  Floats,
  Kernel,
  MatrixView,
  TrainingKernel,
} from './kernel.js';
import { moduleBytes } from './simd-module.js';

/** What assembly/index.ts exports. Sizes and byte addresses, all 32-bit. */
interface Exports {
  pack(n: number, k: number, b: number, row: number, column: number, to: number): void;
  packedProduct(...sizesAndPointers: number[]): void;
  product(...sizesAndPointers: number[]): void;
  rnnForward(...sizesAndPointers: number[]): void;
  rnnBackward(...sizesAndPointers: number[]): void;
  lstmForward(...sizesAndPointers: number[]): void;
  lstmBackward(...sizesAndPointers: number[]): void;
  gruForward(...sizesAndPointers: number[]): void;
  gruBackward(...sizesAndPointers: number[]): void;
  tanh(count: number, x: number, out: number): void;
  sigmoid(count: number, x: number, out: number): void;
  exponentials(V: number, logits: number, maximum: number): number;
  scale(count: number, values: number, factor: number): void;
  addColumnSums(rows: number, columns: number, block: number, target: number): void;
  sumOfSquares(count: number, values: number): number;
  largest(count: number, values: number): number;
  addScaledRows(...sizesAndPointers: number[]): void;
  adam(...sizesPointersAndRates: number[]): void;
}

/** The few names of the WebAssembly API that are used; the engine is compiled without the DOM's types. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const platform = globalThis as { WebAssembly?: WebAssemblyApi };

/** Weights once more in panels, as the products read them. */
interface Packed {
  readonly biasIh: number;
  readonly biasHh: number;
  readonly input: number;
  /** U, from h₋ to the gates: one part, or gates and candidate apart for the GRU. */
  readonly forward: readonly number[];
  /** Uᵀ, from the gates' derivatives back to h₋, in the same parts. */
  readonly backward: readonly number[];
  /** Whether the weights have moved since they were packed. */
  stale: boolean;
}

/** Where the arrays of an `Unrolled` stand, in bytes. */
interface Addresses {
  readonly input: number;
  readonly gates: number;
  readonly kept: number;
  readonly h: number;
  readonly c: number;
}

/** Numbers after each array that a load of four lanes, or a row of biases, may touch. */
const slack = 8;
/** Before it the module keeps its constants. */
const firstByte = 4096;
const pageBytes = 65536;
/** 4 GB, all that a 32-bit address reaches. */
const mostPages = 65536;
/** A product packs so many rows of B at a time, eight columns each, and adds up over them: 16 kB, which stay in the cache. */
const panelRows = 512;

/**
 * Compiles the module and opens a first workspace.
 * @throws where WebAssembly or its SIMD is missing or the page's policy forbids it.
 */
export async function compileKernel(numbers: number): Promise<Kernel> {
  const { WebAssembly } = platform;
  if (!WebAssembly) throw new Error('no WebAssembly');
  const bytes = Uint8Array.from(moduleBytes.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  return new SimdKernel(WebAssembly, await WebAssembly.compile(bytes), numbers);
}

class SimdKernel implements Kernel, TrainingKernel {
  readonly name = 'simd';
  readonly training = this;
  private readonly buffer: ArrayBuffer;
  private readonly run: Exports;
  private readonly packs = new WeakMap<CellWeights, Packed>();
  /** The same by the matrices that are packed. */
  private readonly packsOf = new WeakMap<Floats, Packed>();
  private readonly places = new WeakMap<Unrolled, Addresses>();
  private end = firstByte;
  /** Never smaller than the panel of a product. */
  private scratch: Float32Array;

  constructor(
    private readonly api: WebAssemblyApi,
    private readonly module: object,
    numbers: number,
  ) {
    const pages = Math.ceil((numbers * 4 + pageBytes) / pageBytes);
    if (!(pages <= mostPages)) throw new RangeError(`no memory has room for ${numbers} numbers`);
    const memory = new api.Memory({ initial: pages });
    // it never grows, so that every view of it stays valid
    this.buffer = memory.buffer;
    this.run = new api.Instance(module, { env: { memory } }).exports as Exports;
    this.scratch = this.array(8 * panelRows);
  }

  open(numbers: number): Kernel {
    return new SimdKernel(this.api, this.module, numbers);
  }

  array(length: number): Float32Array {
    const start = this.end;
    const end = start + ((length + slack + 3) & ~3) * 4;
    if (end > this.buffer.byteLength) {
      throw new RangeError(
        `${length} numbers do not fit into what is left of a workspace of ${this.buffer.byteLength / 4}; open a larger one`,
      );
    }
    this.end = end;
    return new Float32Array(this.buffer, start, length);
  }

  load(weights: CellWeights): CellWeights {
    const own = (values: Floats): Float32Array => {
      const copy = this.array(values.length);
      copy.set(values);
      return copy;
    };
    const { inputSize: I, hiddenSize: H } = weights;
    const width = weights.biasIh.length;
    const loaded: CellWeights = {
      ...weights,
      weightIh: own(weights.weightIh),
      weightHh: own(weights.weightHh),
      biasIh: own(weights.biasIh),
      biasHh: own(weights.biasHh),
      kernel: this,
    };
    const room = (n: number, k: number): number => this.array(((n + 7) & ~7) * k).byteOffset;
    const parts = partsOf(weights);
    const packed: Packed = {
      biasIh: this.at(loaded.biasIh),
      biasHh: this.at(loaded.biasHh),
      input: room(width, I),
      forward: parts.map(([first, end]) => room((end - first) * H, H)),
      backward: parts.map(([first, end]) => room(H, (end - first) * H)),
      stale: false,
    };
    this.packs.set(loaded, packed);
    for (const matrix of [loaded.weightIh, loaded.weightHh]) this.packsOf.set(matrix, packed);
    this.pack(loaded, packed);
    return loaded;
  }

  changed(weights: CellWeights): void {
    this.find(weights).stale = true;
  }

  private pack(weights: CellWeights, packed: Packed): void {
    const { inputSize: I, hiddenSize: H } = weights;
    this.run.pack(weights.biasIh.length, I, this.at(weights.weightIh), 4, I * 4, packed.input);
    partsOf(weights).forEach(([first, end], part) => {
      const block = this.at(weights.weightHh) + first * H * H * 4;
      const rows = (end - first) * H;
      this.run.pack(rows, H, block, 4, H * 4, packed.forward[part]);
      this.run.pack(H, rows, block, H * 4, 4, packed.backward[part]);
    });
    packed.stale = false;
  }

  projectInputs(weights: CellWeights, x: Floats, out: Floats, rows: number): void {
    const I = weights.inputSize;
    const width = weights.biasIh.length;
    const { input, biasIh } = this.packed(weights);
    this.run.packedProduct(
      rows,
      width,
      I,
      this.at(x),
      I * 4,
      4,
      input,
      biasIh,
      0,
      this.at(out),
      width * 4,
    );
  }

  forward(weights: CellWeights, unrolled: Unrolled, from: number, to: number): void {
    const { hiddenSize: H, cell } = weights;
    const N = unrolled.rows;
    const steps = to - from;
    const size = from * N * H * 4;
    const wide = from * N * weights.biasIh.length * 4;
    const place = this.place(unrolled);
    const input = place.input + wide;
    const gates = place.gates + wide;
    const h = place.h + size;
    const { forward, biasHh } = this.packed(weights);
    if (cell === 'feedforward') {
      this.run.tanh(steps * N * H, input, gates);
      this.run.tanh(steps * N * H, input, h + N * H * 4);
      return;
    }
    if (cell === 'rnn') {
      const relu = weights.nonlinearity === 'relu' ? 1 : 0;
      this.run.rnnForward(steps, N, H, relu, input, h, gates, forward[0], biasHh);
      return;
    }
    const kept = place.kept + size;
    if (cell === 'lstm') {
      const c = place.c + size;
      this.run.lstmForward(steps, N, H, input, h, c, gates, kept, forward[0], biasHh);
      return;
    }
    const after = weights.resetAfter === false ? 0 : 1;
    this.run.gruForward(steps, N, H, after, input, h, gates, kept, forward[0], forward[1], biasHh);
  }

  backward(
    weights: CellWeights,
    unrolled: Unrolled,
    direct: Floats,
    arrays: BackwardArrays,
    from: number,
    to: number,
  ): void {
    const { hiddenSize: H, cell } = weights;
    const N = unrolled.rows;
    const steps = to - from;
    if (steps <= 0) return;
    const { backward } = this.packed(weights);
    const last = to - 1;
    const size = last * N * H * 4;
    const wide = last * N * weights.biasIh.length * 4;
    const place = this.place(unrolled);
    const d = this.at(direct) + size;
    const dh = this.at(arrays.dh);
    const delta = this.at(arrays.input) + wide;
    const h = place.h + size;
    if (cell === 'feedforward') {
      backwardWithoutState(unrolled, direct, arrays, from, to);
      return;
    }
    if (cell === 'rnn') {
      const relu = weights.nonlinearity === 'relu' ? 1 : 0;
      this.run.rnnBackward(steps, N, H, relu, h + N * H * 4, d, dh, delta, backward[0]);
      return;
    }
    const gates = place.gates + wide;
    const kept = place.kept + size;
    if (cell === 'lstm') {
      const c = place.c + size;
      const dc = this.at(arrays.dc);
      this.run.lstmBackward(steps, N, H, c, gates, kept, d, dh, dc, delta, backward[0]);
      return;
    }
    const after = weights.resetAfter === false ? 0 : 1;
    const recurrent = this.at(arrays.recurrent) + wide;
    const scratch = this.scratchFor(N * H);
    this.run.gruBackward(
      steps,
      N,
      H,
      after,
      h,
      gates,
      kept,
      d,
      dh,
      delta,
      recurrent,
      backward[0],
      backward[1],
      scratch,
    );
  }

  multiply(
    m: number,
    n: number,
    k: number,
    a: MatrixView,
    b: MatrixView,
    c: MatrixView,
    add = false,
  ): void {
    if (c.column !== 1) throw new TypeError('the product is written row by row');
    const scratch = this.scratch.byteOffset;
    const A = this.at(a.data) + a.offset * 4;
    const B = this.at(b.data) + b.offset * 4;
    const C = this.at(c.data) + c.offset * 4;
    for (let done = 0; done === 0 || done < k; done += panelRows) {
      const rows = Math.min(panelRows, k - done);
      this.run.product(
        m,
        n,
        rows,
        A + done * a.column * 4,
        a.row * 4,
        a.column * 4,
        B + done * b.row * 4,
        b.row * 4,
        b.column * 4,
        add || done > 0 ? 1 : 0,
        C,
        c.row * 4,
        scratch,
      );
    }
  }

  sigmoid(values: Floats): void {
    this.run.sigmoid(values.length, this.at(values), this.at(values));
  }

  tanh(values: Floats): void {
    this.run.tanh(values.length, this.at(values), this.at(values));
  }

  crossEntropy(
    logits: Floats,
    targets: ArrayLike<number>,
    weights: ArrayLike<number>,
    rows: number,
    total?: number,
  ): number {
    const V = rows === 0 ? 0 : logits.length / rows;
    const start = this.at(logits);
    const { scratch } = this;
    let sumOfWeights = 0;
    for (let n = 0; n < rows; n++) sumOfWeights += weights[n];
    const all = total ?? sumOfWeights;
    let loss = 0;
    for (let n = 0; n < rows; n++) {
      const share = all === 0 ? 0 : weights[n] / all;
      if (share === 0) {
        logits.fill(0, n * V, (n + 1) * V);
        continue;
      }
      const target = n * V + targets[n];
      const logit = logits[target];
      const sum = this.run.exponentials(V, start + n * V * 4, scratch.byteOffset);
      loss += share * (Math.log(sum) - (logit - scratch[0]));
      this.run.scale(V, start + n * V * 4, share / sum);
      logits[target] = logits[target] - share;
    }
    return loss;
  }

  addColumnSums(target: Floats, block: Floats, rows: number): void {
    this.run.addColumnSums(rows, target.length, this.at(block), this.at(target));
  }

  sumOfSquares(values: Floats): number {
    return this.run.sumOfSquares(values.length, this.at(values));
  }

  largest(values: Floats): number {
    return this.run.largest(values.length, this.at(values));
  }

  addScaledRows(factors: Float64Array, source: Floats, target: Floats): void {
    const rows = factors.length;
    const scratch = this.scratchFor(rows);
    this.scratch.set(factors);
    this.run.addScaledRows(rows, source.length / rows, scratch, this.at(source), this.at(target));
  }

  scale(values: Floats, factor: number): void {
    this.run.scale(values.length, this.at(values), factor);
  }

  adam(parameter: Floats, gradient: Floats, first: Floats, second: Floats, step: AdamStep): void {
    const { rate, correction, beta1, beta2, epsilon } = step;
    this.run.adam(
      parameter.length,
      this.at(parameter),
      this.at(gradient),
      this.at(first),
      this.at(second),
      rate,
      correction,
      beta1,
      beta2,
      epsilon,
    );
    const packed = this.packsOf.get(parameter);
    if (packed) packed.stale = true;
  }

  /** The address of an array of this workspace. */
  private at(values: Floats): number {
    if (values.buffer !== this.buffer) {
      throw new TypeError('the array does not belong to this workspace; use array() or load()');
    }
    return values.byteOffset;
  }

  private place(unrolled: Unrolled): Addresses {
    let place = this.places.get(unrolled);
    if (!place) {
      place = {
        input: this.at(unrolled.input),
        gates: this.at(unrolled.gates),
        kept: this.at(unrolled.kept),
        h: this.at(unrolled.h),
        c: this.at(unrolled.c),
      };
      this.places.set(unrolled, place);
    }
    return place;
  }

  private find(weights: CellWeights): Packed {
    const packed = this.packs.get(weights);
    if (!packed) throw new TypeError('the weights were not loaded into this workspace');
    return packed;
  }

  /** The weights in panels, as they are now. */
  private packed(weights: CellWeights): Packed {
    const packed = this.find(weights);
    if (packed.stale) this.pack(weights, packed);
    return packed;
  }

  private scratchFor(numbers: number): number {
    if (this.scratch.length < numbers) this.scratch = this.array(numbers);
    return this.scratch.byteOffset;
  }
}

/** Which blocks of W_hh are packed together: all, but for the GRU the gates apart from the candidate. */
function partsOf(weights: CellWeights): readonly (readonly [first: number, end: number])[] {
  const { cell, hiddenSize, biasIh } = weights;
  if (cell === 'feedforward') return [];
  if (cell === 'gru') {
    return [
      [0, 2],
      [2, 3],
    ];
  }
  return [[0, biasIh.length / hiddenSize]];
}

/** Nothing is carried back from step to step: ∂L/∂(W x + b) = ∂L/∂h ⊙ (1 − h²). */
function backwardWithoutState(
  unrolled: Unrolled,
  direct: Floats,
  { input, dh }: BackwardArrays,
  from: number,
  to: number,
): void {
  const size = dh.length;
  for (let i = from * size; i < to * size; i++) {
    const h = unrolled.h[i + size];
    // what was carried in belongs to the last step
    const carried = i >= (to - 1) * size ? dh[i - (to - 1) * size] : 0;
    input[i] = (direct[i] + carried) * (1 - h * h);
  }
  dh.fill(0);
}
