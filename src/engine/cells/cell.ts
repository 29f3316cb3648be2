// What a recurrent cell is to the rest of the engine: sizes, one step forward, one step backward, for N rows at once.

/** The cells of this library. `feedforward` hands nothing on; it is the contrast, not a recurrent cell. */
export type CellType = 'feedforward' | 'rnn' | 'lstm' | 'gru';

/** Names of the blocks of G·H rows that a cell's weight matrices consist of (after the activation). */
export type GateName = 'state' | 'input' | 'forget' | 'candidate' | 'output' | 'reset' | 'update';

/**
 * The parameters of one single-layer cell in PyTorch's layout (`torch.nn.RNN`, `LSTM`, `GRU`), all row-major.
 * G is the number of blocks: 1 (feedforward, rnn), 4 (lstm: i, f, g, o) or 3 (gru: r, z, n).
 */
export interface CellWeights {
  readonly cell: CellType;
  /** I: length of an input vector. */
  readonly inputSize: number;
  /** H: number of units. */
  readonly hiddenSize: number;
  /** `[G·H × I]` */
  readonly weightIh: Float64Array;
  /** `[G·H × H]`; empty for `feedforward`. */
  readonly weightHh: Float64Array;
  /** `[G·H]` */
  readonly biasIh: Float64Array;
  /** `[G·H]`; empty for `feedforward`. */
  readonly biasHh: Float64Array;
  /**
   * GRU only, default true. True: n = tanh(W x + b + r ⊙ (U h + b')), as PyTorch and cuDNN do.
   * False: n = tanh(W x + b + U (r ⊙ h) + b'), as in Cho et al. 2014 and by default in ONNX.
   */
  readonly resetAfter?: boolean;
}

/** One step of N independent rows. Every array is row-major with N rows. */
export interface CellStep {
  readonly rows: number;
  /** `[N × G·H]` what comes from the input: W_ih x + b_ih. */
  readonly input: Float64Array;
  /** `[N × H]` hidden state before the step. */
  readonly hPrevious: Float64Array;
  /** `[N × H]` cell state before the step (lstm; empty otherwise). */
  readonly cPrevious: Float64Array;
  /** `[N × G·H]` written: the gates and the candidate after their activations. */
  readonly gates: Float64Array;
  /** `[N × H]` written: one vector that the backward step needs again (see the cell's file; empty if unused). */
  readonly kept: Float64Array;
  /** `[N × H]` written: hidden state after the step. */
  readonly h: Float64Array;
  /** `[N × H]` written: cell state after the step (lstm; empty otherwise). */
  readonly c: Float64Array;
}

/** Derivatives of a loss by what one step read and wrote. */
export interface CellStepGradient {
  /** `[N × H]` read: ∂L/∂h of this step. */
  readonly h: Float64Array;
  /** `[N × H]` read: ∂L/∂c of this step through later steps only (lstm; empty otherwise). */
  readonly c: Float64Array;
  /** `[N × G·H]` written: ∂L/∂(W_ih x + b_ih). */
  readonly input: Float64Array;
  /** `[N × G·H]` written: ∂L/∂(W_hh · operand + b_hh). The same array as `input` where the two are equal. */
  readonly recurrent: Float64Array;
  /** `[N × H]` written: ∂L/∂h of the step before. May be the same array as `h`. */
  readonly hPrevious: Float64Array;
  /** `[N × H]` written: ∂L/∂c of the step before. May be the same array as `c`. */
  readonly cPrevious: Float64Array;
}

/** The calculus of one cell. Stateless: everything it works on is passed in. */
export interface Cell {
  readonly type: CellType;
  /** The G blocks in the order of the weight matrices' rows. */
  readonly gates: readonly GateName[];
  /** Whether the step hands on a cell state c besides h. */
  readonly hasCellState: boolean;
  /** False for `feedforward`: nothing is handed on. */
  readonly recurrent: boolean;
  /** Whether `CellStep.kept` is used. */
  readonly keeps: boolean;
  /** Whether ∂L/∂(recurrent part) differs from ∂L/∂(input part), so that it needs an array of its own. */
  readonly separateRecurrentGradient: boolean;
  forward(weights: CellWeights, step: CellStep): void;
  backward(weights: CellWeights, step: CellStep, gradient: CellStepGradient): void;
  /** Which blocks of W_hh multiply `kept` instead of h: `[first, end)`. Only the original GRU has any. */
  keptOperandBlocks(weights: CellWeights): readonly [number, number];
}

/** The logistic function σ(x) = 1 / (1 + e⁻ˣ). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
