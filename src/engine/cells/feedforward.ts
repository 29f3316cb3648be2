// The feedforward layer h = tanh(W x + b): the same word gives the same output wherever it stands.
//
// x `[I]`, W `[H × I]`, b `[H]`, h `[H]`. The contrast to the recurrent cells: there is no U, and nothing is handed on.

import { tanh } from '../functions.js';
import type { Cell, CellJacobian } from './cell.js';
import { combineRows } from './recurrent.js';

export const feedforward: Cell = {
  type: 'feedforward',
  gates: ['state'],
  hasCellState: false,
  recurrent: false,
  keeps: false,
  separateRecurrentGradient: false,
  keptOperandBlocks: () => [0, 0],

  //  h = tanh(W x + b)
  forward(_weights, { rows, input, gates, h }) {
    const size = rows === 0 ? 0 : h.length;
    for (let i = 0; i < size; i++) {
      h[i] = tanh(input[i]);
      gates[i] = h[i];
    }
  },

  //  ∂L/∂(W x + b) = ∂L/∂h · (1 − h²);  nothing goes back to the step before
  backward(_weights, { h }, gradient) {
    for (let i = 0; i < h.length; i++) {
      gradient.input[i] = gradient.h[i] * (1 - h[i] * h[i]);
    }
    gradient.hPrevious.fill(0);
  },
};

//  ∂h/∂x = diag(1 − h²) W,   ∂h/∂h₋ = 0
export const feedforwardJacobian: CellJacobian = (weights, { h }, out) => {
  out.hidden.fill(0);
  const slopes = Array.from(h, (value) => 1 - value * value);
  combineRows(out.input, 0, weights.weightIh, weights.inputSize, [slopes]);
};
