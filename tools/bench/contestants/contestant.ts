// What every contestant implements, whatever it is written in: prepare a workload, run it, show what came out.

export type Kind = 'forward' | 'backward' | 'influence' | 'training';

/** Named arrays; the layout is that of our engine, whatever a contestant uses itself. */
export type Outputs = Readonly<Record<string, ArrayLike<number>>>;

/** Weights and inputs of one workload, the same for everybody; it travels as JSON. */
export interface Material {
  readonly kind: Kind;
  readonly cell: 'rnn' | 'gru' | 'lstm';
  /** T */
  readonly length: number;
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** N */
  readonly rows: number;
  /** V */
  readonly vocabulary: number;
  /** As in the engine's `CellWeights`. */
  readonly weightIh: readonly number[];
  readonly weightHh: readonly number[];
  readonly biasIh: readonly number[];
  readonly biasHh: readonly number[];
  /** `[T·N × I]`; empty for training, whose inputs are embeddings. */
  readonly x: readonly number[];
  /** `[T·N × H]` backward: the loss is the sum of h·v. */
  readonly v: readonly number[];
  /** Training: `[V × I]`, `[V × H]`, `[V]`; words and targets `[T·N]`, time-major. */
  readonly embedding: readonly number[];
  readonly readoutWeight: readonly number[];
  readonly readoutBias: readonly number[];
  readonly words: readonly number[];
  readonly targets: readonly number[];
  readonly learningRate: number;
  /** Training: how many steps' losses are compared. */
  readonly losses: number;
}

/**
 * Where a peer's cell is another one than ours: the GRU that resets before the product, or one bias instead of two (which
 * makes a difference to training). Its results are compared with our own of that kind.
 */
export type Convention = 'reset-before' | 'one-bias';

/** One way of doing the work; of several correct ones the fastest counts. */
export interface Way {
  readonly name: string;
  readonly convention?: Convention;
  /** Why the outputs can not be compared. */
  readonly unchecked?: string;
  /** The work that is timed. */
  run(): unknown;
  /** What the work gives: forward `h`; backward `weightIh`, `weightHh`, `bias`, `x`; influence `norms`; training `losses`. */
  outputs(): Outputs | Promise<Outputs>;
}

export interface Contestant {
  /** Version and, where it matters, what it computes with. */
  readonly about: string;
  /** The ways it knows, or why it has none. */
  prepare(material: Material): Way[] | string | Promise<Way[] | string>;
}

export type Open = (where: 'node' | 'page', name: string) => Promise<Contestant>;
