// The simple RNN (Elman 1990) with tanh, as torch.nn.RNN: h = tanh(W x + b + U h₋ + b').

import { matrix, multiply } from '../products.js';
import type { Cell } from './cell.js';
import { addRecurrent } from './recurrent.js';

export const rnn: Cell = {
  type: 'rnn',
  gates: ['state'],
  hasCellState: false,
  recurrent: true,
  keeps: false,
  separateRecurrentGradient: false,
  keptOperandBlocks: () => [0, 0],

  //  h = tanh(W x + b + U h₋ + b')
  forward(weights, step) {
    const { gates, h, input } = step;
    addRecurrent(weights, step, gates);
    for (let i = 0; i < h.length; i++) {
      h[i] = Math.tanh(input[i] + gates[i]);
      gates[i] = h[i];
    }
  },

  //  δ = ∂L/∂h ⊙ (1 − h²);  ∂L/∂h₋ = Uᵀ δ
  backward(weights, { rows, h }, gradient) {
    const H = weights.hiddenSize;
    const delta = gradient.input;
    for (let i = 0; i < h.length; i++) delta[i] = gradient.h[i] * (1 - h[i] * h[i]);
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
