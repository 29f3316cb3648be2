// The LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000), as torch.nn.LSTM.

import { matrix, multiply } from '../products.js';
import { type Cell, sigmoid } from './cell.js';
import { addRecurrent } from './recurrent.js';

export const lstm: Cell = {
  type: 'lstm',
  gates: ['input', 'forget', 'candidate', 'output'],
  hasCellState: true,
  recurrent: true,
  keeps: true, // tanh(c)
  separateRecurrentGradient: false,
  keptOperandBlocks: () => [0, 0],

  //  i = σ(W_i x + b_i + U_i h₋ + b'_i)     f, o alike
  //  g = tanh(W_g x + b_g + U_g h₋ + b'_g)
  //  c = f ⊙ c₋ + i ⊙ g
  //  h = o ⊙ tanh(c)
  forward(weights, step) {
    const H = weights.hiddenSize;
    const { rows, input, cPrevious, gates, kept, h, c } = step;
    addRecurrent(weights, step, gates);
    for (let n = 0; n < rows; n++) {
      const row = n * 4 * H;
      const state = n * H;
      for (let j = 0; j < H; j++) {
        const pi = row + j;
        const pf = pi + H;
        const pg = pf + H;
        const po = pg + H;
        const i = sigmoid(input[pi] + gates[pi]);
        const f = sigmoid(input[pf] + gates[pf]);
        const g = Math.tanh(input[pg] + gates[pg]);
        const o = sigmoid(input[po] + gates[po]);
        const cell = f * cPrevious[state + j] + i * g;
        const squashed = Math.tanh(cell);
        gates[pi] = i;
        gates[pf] = f;
        gates[pg] = g;
        gates[po] = o;
        c[state + j] = cell;
        kept[state + j] = squashed;
        h[state + j] = o * squashed;
      }
    }
  },

  //  ∂L/∂o = ∂L/∂h ⊙ tanh c;   ∂L/∂c += ∂L/∂h ⊙ o ⊙ (1 − tanh² c)
  //  ∂L/∂i = ∂L/∂c ⊙ g;   ∂L/∂g = ∂L/∂c ⊙ i;   ∂L/∂f = ∂L/∂c ⊙ c₋;   ∂L/∂c₋ = ∂L/∂c ⊙ f
  //  through σ' = σ(1 − σ) and tanh' = 1 − tanh²;   ∂L/∂h₋ = Uᵀ δ
  backward(weights, { rows, cPrevious, gates, kept }, gradient) {
    const H = weights.hiddenSize;
    const delta = gradient.input;
    for (let n = 0; n < rows; n++) {
      const row = n * 4 * H;
      const state = n * H;
      for (let j = 0; j < H; j++) {
        const pi = row + j;
        const pf = pi + H;
        const pg = pf + H;
        const po = pg + H;
        const i = gates[pi];
        const f = gates[pf];
        const g = gates[pg];
        const o = gates[po];
        const squashed = kept[state + j];
        const dh = gradient.h[state + j];
        const dc = gradient.c[state + j] + dh * o * (1 - squashed * squashed);
        delta[pi] = dc * g * i * (1 - i);
        delta[pf] = dc * cPrevious[state + j] * f * (1 - f);
        delta[pg] = dc * i * (1 - g * g);
        delta[po] = dh * squashed * o * (1 - o);
        gradient.cPrevious[state + j] = dc * f;
      }
    }
    multiply(
      rows,
      H,
      4 * H,
      matrix(delta, 4 * H),
      matrix(weights.weightHh, H),
      matrix(gradient.hPrevious, H),
    );
  },
};
