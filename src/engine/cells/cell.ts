// What a recurrent cell is to the rest of the engine: sizes, one step forward, one step backward, for N rows at once.
//
// Symbols, in this folder and everywhere: x input, h hidden state, c cell state, h₋ and c₋ those of the step before;
// W = weightIh, U = weightHh, b = biasIh, b' = biasHh, with an index for one block of H rows; σ the logistic function,
// ⊙ the product number by number, L a loss. I inputs, H units, G blocks, N rows (independent sequences), T steps.

import type { Floats, Kernel } from '../kernels/kernel.js';

/** The cells of this library. `feedforward` hands nothing on; it is the contrast, not a recurrent cell. */
export type CellType = 'feedforward' | 'rnn' | 'lstm' | 'gru';

/** Names of the blocks of G·H rows that a cell's weight matrices consist of (after the activation). */
export type GateName = 'state' | 'input' | 'forget' | 'candidate' | 'output' | 'reset' | 'update';

/**
 * The parameters of one single-layer cell in PyTorch's layout (`torch.nn.RNN`, `LSTM`, `GRU`), all row-major.
 * G is the number of blocks: 1 (feedforward, rnn), 4 (lstm: i, f, g, o) or 3 (gru: r, z, n).
 */
export interface CellWeights {
  /** Which equations. */
  readonly cell: CellType;
  /** I: length of an input vector. */
  readonly inputSize: number;
  /** H: number of units. */
  readonly hiddenSize: number;
  /** W `[G·H × I]`: `weight_ih_l0` of a PyTorch module. */
  readonly weightIh: Floats;
  /** U `[G·H × H]`: `weight_hh_l0`; empty for `feedforward`. */
  readonly weightHh: Floats;
  /** b `[G·H]`: `bias_ih_l0`. */
  readonly biasIh: Floats;
  /** b' `[G·H]`: `bias_hh_l0`; empty for `feedforward`. */
  readonly biasHh: Floats;
  /**
   * GRU only, default true. True: n = tanh(W_n x + b_n + r ⊙ (U_n h₋ + b'_n)), as PyTorch and cuDNN do.
   * False: n = tanh(W_n x + b_n + U_n (r ⊙ h₋) + b'_n), as in Cho et al. 2014 and by default in ONNX.
   */
  readonly resetAfter?: boolean;
  /** Simple RNN only: the activation of the state, `tanh` (default) or `relu` = max(0, x), as `torch.nn.RNN`. */
  readonly nonlinearity?: 'tanh' | 'relu';
  /** The kernel that `Kernel.load` put these weights into; absent for plain arrays, which the reference reads. */
  readonly kernel?: Kernel | undefined;
}

/** One step of N independent rows. Every array is row-major with N rows. */
export interface CellStep {
  /** N: sequences that make this step together. */
  readonly rows: number;
  /** `[N × G·H]` what comes from the input: W_ih x + b_ih. */
  readonly input: Floats;
  /** `[N × H]` hidden state before the step. */
  readonly hPrevious: Floats;
  /** `[N × H]` cell state before the step (lstm; empty otherwise). */
  readonly cPrevious: Floats;
  /** `[N × G·H]` written: the gates and the candidate after their activations. */
  readonly gates: Floats;
  /** `[N × H]` written: one vector that the backward step needs again (see the cell's file; empty if unused). */
  readonly kept: Floats;
  /** `[N × H]` written: hidden state after the step. */
  readonly h: Floats;
  /** `[N × H]` written: cell state after the step (lstm; empty otherwise). */
  readonly c: Floats;
  /**
   * The value that a gate is held at in all rows and units, or undefined where it is computed: one entry a block. (Cells
   * read it by index: WebKit's compiled code now and then finds no iterator on the empty list that stands in for it.)
   */
  readonly held?: readonly (number | undefined)[];
  /** Whether the state passes by: h = h₋ and c = c₋ (feedforward: h = 0), the gates NaN, `kept` 0. Default false. */
  readonly skipped?: boolean;
}

/** Derivatives of a loss by what one step read and wrote. */
export interface CellStepGradient {
  /** `[N × H]` read: ∂L/∂h of this step. */
  readonly h: Floats;
  /** `[N × H]` read: ∂L/∂c of this step through later steps only (lstm; empty otherwise). */
  readonly c: Floats;
  /** `[N × G·H]` written: ∂L/∂(W_ih x + b_ih). */
  readonly input: Floats;
  /** `[N × G·H]` written: ∂L/∂(W_hh · operand + b_hh). The same array as `input` where the two are equal. */
  readonly recurrent: Floats;
  /** `[N × H]` written: ∂L/∂h of the step before. May be the same array as `h`. */
  readonly hPrevious: Floats;
  /** `[N × H]` written: ∂L/∂c of the step before. May be the same array as `c`. */
  readonly cPrevious: Floats;
}

/**
 * The derivatives of one step of a single row by what it read. s is what the step hands on: h, or [h; c] in the LSTM
 * (S numbers). The arrays need not be zero before.
 */
export interface StepJacobian {
  /** `[S × H]` ∂s/∂h₋. */
  readonly hidden: Floats;
  /** `[S × I]` ∂s/∂x. */
  readonly input: Floats;
  /** `[S]` ∂s/∂c₋ (lstm; empty otherwise): unit j of h and of c depends on unit j of c₋ alone. */
  readonly cell: Float64Array;
}

/** Writes the Jacobian of one step of a single row (`rows` = 1) that `forward` has done to `out`. */
export type CellJacobian = (weights: CellWeights, step: CellStep, out: StepJacobian) => void;

/** The calculus of one cell. Stateless: everything it works on is passed in. */
export interface Cell {
  /** Its name. */
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
  /** One step of N rows: reads `input`, `hPrevious`, `cPrevious`, `held` and `skipped`, writes the rest of the step. */
  forward(weights: CellWeights, step: CellStep): void;
  /** Goes back through a step that `forward` has done (one step of backpropagation through time, Werbos 1990). */
  backward(weights: CellWeights, step: CellStep, gradient: CellStepGradient): void;
  /** Which blocks of W_hh multiply `kept` instead of h: `[first, end)`. Only the original GRU has any. */
  keptOperandBlocks(weights: CellWeights): readonly [number, number];
}
