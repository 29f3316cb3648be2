// The simple RNN (Elman 1990), as torch.nn.RNN: h = tanh(W x + b + U h₋ + b'), or with max(0, ·) in place of tanh.
//
// x `[I]` input, h₋ `[H]` state before, W `[H × I]`, U `[H × H]`, b and b' `[H]`. The whole state is computed anew at
// every step; whatever is to last has to come through U and tanh each time.

import { tanh } from '../functions.js';
import { matrix } from '../kernels/kernel.js';
import { multiply } from '../products.js';
import type { Cell, CellJacobian } from './cell.js';
import { addRecurrent, combineRows } from './recurrent.js';

export const rnn: Cell = {
  type: 'rnn',
  gates: ['state'],
  hasCellState: false,
  recurrent: true,
  keeps: false,
  separateRecurrentGradient: false,
  keptOperandBlocks: () => [0, 0],

  //  h = tanh(W x + b + U h₋ + b')      or h = max(0, W x + b + U h₋ + b')
  forward(weights, step) {
    const { gates, h, input } = step;
    const relu = weights.nonlinearity === 'relu';
    addRecurrent(weights, step, gates);
    for (let i = 0; i < h.length; i++) {
      const sum = input[i] + gates[i];
      h[i] = relu ? Math.max(0, sum) : tanh(sum);
      gates[i] = h[i];
    }
  },

  //  δ, the derivative by the sum inside: ∂L/∂h ⊙ (1 − h²), or ∂L/∂h where h > 0 and 0 elsewhere;  ∂L/∂h₋ = Uᵀ δ
  backward(weights, { rows, h }, gradient) {
    const H = weights.hiddenSize;
    const delta = gradient.input;
    const relu = weights.nonlinearity === 'relu';
    for (let i = 0; i < h.length; i++) {
      const slope = relu ? (h[i] > 0 ? 1 : 0) : 1 - h[i] * h[i];
      delta[i] = gradient.h[i] * slope;
    }
    multiply(
      rows,
      H,
      H,
      matrix(delta, H),
      matrix(weights.weightHh, H),
      matrix(gradient.hPrevious, H),
    );
  },
};

//  ∂h/∂h₋ = diag(φ') U,   ∂h/∂x = diag(φ') W,   with φ' = 1 − h², or 1 where h > 0 and 0 elsewhere
export const rnnJacobian: CellJacobian = (weights, { h }, out) => {
  const relu = weights.nonlinearity === 'relu';
  // (a state that has grown until it is no number has no derivative either: NaN, not 0)
  const slopes = Array.from(h, (value) => (relu ? (value > 0 ? 1 : value) : 1 - value * value));
  combineRows(out.hidden, 0, weights.weightHh, weights.hiddenSize, [slopes]);
  combineRows(out.input, 0, weights.weightIh, weights.inputSize, [slopes]);
};
