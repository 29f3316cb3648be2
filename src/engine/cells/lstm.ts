// The LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000), as torch.nn.LSTM.
//
// x `[I]` input, h₋ and c₋ `[H]` state before, W `[4·H × I]`, U `[4·H × H]`, b and b' `[4·H]`, each of four blocks in the
// order i, f, g, o. The cell state c is the memory. Unit by unit, the forget gate f says how much of it stays, the input
// gate i how much of the candidate g is added, and the output gate o how much of it shows in h.

import { sigmoid, tanh } from '../functions.js';
import { matrix, type Floats } from '../kernels/kernel.js';
import { multiply } from '../products.js';
import type { Cell, CellJacobian } from './cell.js';
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
    const { rows, input, cPrevious, gates, kept, h, c, held: { 0: hi, 1: hf, 3: ho } = [] } = step;
    addRecurrent(weights, step, gates);
    for (let n = 0; n < rows; n++) {
      const row = n * 4 * H;
      const state = n * H;
      for (let j = 0; j < H; j++) {
        const pi = row + j;
        const pf = pi + H;
        const pg = pf + H;
        const po = pg + H;
        const i = hi ?? sigmoid(input[pi] + gates[pi]);
        const f = hf ?? sigmoid(input[pf] + gates[pf]);
        const g = tanh(input[pg] + gates[pg]);
        const o = ho ?? sigmoid(input[po] + gates[po]);
        const cell = f * cPrevious[state + j] + i * g;
        const squashed = tanh(cell);
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
  //  δ, the derivatives by the sums inside: δ_i = ∂L/∂i ⊙ i (1 − i), δ_f and δ_o alike, δ_g = ∂L/∂g ⊙ (1 − g²)
  //  ∂L/∂h₋ = Uᵀ δ;   a gate that is held has δ = 0
  backward(
    weights,
    { rows, cPrevious, gates, kept, held: { 0: hi, 1: hf, 3: ho } = [] },
    gradient,
  ) {
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
        delta[pi] = hi === undefined ? dc * g * i * (1 - i) : 0;
        delta[pf] = hf === undefined ? dc * cPrevious[state + j] * f * (1 - f) : 0;
        delta[pg] = dc * i * (1 - g * g);
        delta[po] = ho === undefined ? dh * squashed * o * (1 - o) : 0;
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

//  ∂c/∂h₋ = diag(g i') U_i + diag(c₋ f') U_f + diag(i g') U_g;   ∂c/∂c₋ = diag(f)
//  ∂h = tanh(c) ∂o + o (1 − tanh² c) ∂c;   by x alike, with W for U
//  (i' = i (1 − i), f' and o' alike, g' = 1 − g²; s = [h; c], so that rows 0 … H − 1 of `out` are ∂h, the others ∂c)
export const lstmJacobian: CellJacobian = (weights, step, out) => {
  const { cPrevious, gates, kept, held: { 0: hi, 1: hf, 3: ho } = [] } = step;
  const { hiddenSize: H, inputSize: I } = weights;
  const [ci, cf, cg, through, byOutput] = Array.from({ length: 5 }, () => new Float64Array(H));
  for (let j = 0; j < H; j++) {
    const i = gates[j];
    const f = gates[j + H];
    const g = gates[j + 2 * H];
    const o = gates[j + 3 * H];
    ci[j] = hi === undefined ? g * i * (1 - i) : 0;
    cf[j] = hf === undefined ? cPrevious[j] * f * (1 - f) : 0;
    cg[j] = i * (1 - g * g);
    through[j] = o * (1 - kept[j] * kept[j]);
    byOutput[j] = ho === undefined ? kept[j] * o * (1 - o) : 0;
    out.cell[j] = through[j] * f;
    out.cell[H + j] = f;
  }
  const derivatives: [Floats, Floats, number][] = [
    [out.hidden, weights.weightHh, H],
    [out.input, weights.weightIh, I],
  ];
  for (const [to, from, columns] of derivatives) {
    const block = H * columns;
    for (let j = 0, p = 0; j < H; j++) {
      for (let l = 0; l < columns; l++, p++) {
        const dc = ci[j] * from[p] + cf[j] * from[p + block] + cg[j] * from[p + 2 * block];
        to[block + p] = dc;
        to[p] = through[j] * dc + byOutput[j] * from[p + 3 * block];
      }
    }
  }
};
