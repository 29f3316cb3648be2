// The GRU (Cho et al. 2014), in PyTorch's convention (z near 1 keeps, reset after the product) and in the original one.
//
// x `[I]` input, h₋ `[H]` state before, W `[3·H × I]`, U `[3·H × H]`, b and b' `[3·H]`, each of three blocks in the order
// r, z, n. Unit by unit, the update gate z mixes the old state and the candidate n; the reset gate r says how much the
// candidate sees of the old state. (Chung et al. 2014 and others swap z and 1 − z.)

import { sigmoid, tanh } from '../functions.js';
import { matrix } from '../kernels/kernel.js';
import { multiply } from '../products.js';
import type { Cell, CellJacobian } from './cell.js';
import { addRecurrent, combineRows } from './recurrent.js';

export const gru: Cell = {
  type: 'gru',
  gates: ['reset', 'update', 'candidate'],
  hasCellState: false,
  recurrent: true,
  keeps: true, // reset after: U_n h₋ + b'_n;  reset before: r ⊙ h₋
  separateRecurrentGradient: true,
  keptOperandBlocks: (weights) => (weights.resetAfter === false ? [2, 3] : [0, 0]),

  //  r = σ(W_r x + b_r + U_r h₋ + b'_r)      z alike
  //  n = tanh(W_n x + b_n + r ⊙ (U_n h₋ + b'_n))        reset after the product (default)
  //  n = tanh(W_n x + b_n + U_n (r ⊙ h₋) + b'_n)        reset before it
  //  h = (1 − z) ⊙ n + z ⊙ h₋
  forward(weights, step) {
    const H = weights.hiddenSize;
    const { rows, input, hPrevious, gates, kept, h, held: { 0: hr, 1: hz } = [] } = step;
    const resetAfter = weights.resetAfter !== false;
    addRecurrent(weights, step, gates, 0, resetAfter ? 3 : 2);
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < H; j++) {
        const p = n * 3 * H + j;
        const r = hr ?? sigmoid(input[p] + gates[p]);
        gates[p] = r;
        gates[p + H] = hz ?? sigmoid(input[p + H] + gates[p + H]);
        kept[n * H + j] = resetAfter ? gates[p + 2 * H] : r * hPrevious[n * H + j];
      }
    }
    if (!resetAfter) addRecurrent(weights, step, gates, 2, 3, kept);
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < H; j++) {
        const p = n * 3 * H + j;
        const recurrent = resetAfter ? gates[p] * kept[n * H + j] : gates[p + 2 * H];
        const z = gates[p + H];
        const candidate = tanh(input[p + 2 * H] + recurrent);
        gates[p + 2 * H] = candidate;
        h[n * H + j] = (1 - z) * candidate + z * hPrevious[n * H + j];
      }
    }
  },

  //  ∂L/∂n = ∂L/∂h ⊙ (1 − z);   ∂L/∂z = ∂L/∂h ⊙ (h₋ − n);   ∂L/∂h₋ = ∂L/∂h ⊙ z + Uᵀ δ
  //  δ, the derivatives by the sums inside: δ_n = ∂L/∂n ⊙ (1 − n²), δ_z = ∂L/∂z ⊙ z (1 − z), δ_r alike
  //  reset after:   ∂L/∂r = δ_n ⊙ (U_n h₋ + b'_n),  and U_n sees δ_n ⊙ r
  //  reset before:  with e = U_nᵀ δ_n:  ∂L/∂r = e ⊙ h₋,  and h₋ gets e ⊙ r
  //  a gate that is held has δ = 0
  backward(weights, { rows, hPrevious, gates, kept, held: { 0: hr, 1: hz } = [] }, gradient) {
    const H = weights.hiddenSize;
    const resetAfter = weights.resetAfter !== false;
    const { input, recurrent, hPrevious: dPrevious } = gradient;
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < H; j++) {
        const p = n * 3 * H + j;
        const q = n * H + j;
        const r = gates[p];
        const z = gates[p + H];
        const candidate = gates[p + 2 * H];
        const dh = gradient.h[q];
        const dn = dh * (1 - z) * (1 - candidate * candidate);
        const dz = hz === undefined ? dh * (hPrevious[q] - candidate) * z * (1 - z) : 0;
        input[p + 2 * H] = dn;
        input[p + H] = dz;
        recurrent[p + H] = dz;
        recurrent[p + 2 * H] = resetAfter ? dn * r : dn;
        if (resetAfter) {
          const dr = hr === undefined ? dn * kept[q] * r * (1 - r) : 0;
          input[p] = dr;
          recurrent[p] = dr;
        }
        dPrevious[q] = dh * z;
      }
    }
    const W = matrix(weights.weightHh, H);
    const dH = matrix(dPrevious, H);
    if (resetAfter) {
      multiply(rows, H, 3 * H, matrix(recurrent, 3 * H), W, dH, true);
      return;
    }
    const candidateWeights = matrix(weights.weightHh, H, { offset: 2 * H * H });
    const throughReset = new Float64Array(rows * H);
    multiply(
      rows,
      H,
      H,
      matrix(recurrent, 3 * H, { offset: 2 * H }),
      candidateWeights,
      matrix(throughReset, H),
    );
    for (let n = 0; n < rows; n++) {
      for (let j = 0; j < H; j++) {
        const p = n * 3 * H + j;
        const q = n * H + j;
        const r = gates[p];
        const e = throughReset[q];
        const dr = hr === undefined ? e * hPrevious[q] * r * (1 - r) : 0;
        input[p] = dr;
        recurrent[p] = dr;
        dPrevious[q] = dPrevious[q] + e * r;
      }
    }
    multiply(rows, H, 2 * H, matrix(recurrent, 3 * H), W, dH, true);
  },
};

//  ∂h = (1 − z) n' ∂(n's sum) + (h₋ − n) z' ∂(z's sum) + z ∂h₋,   with n' = 1 − n², z' = z (1 − z), r' = r (1 − r)
//  reset after:   n's sum has r ⊙ (U_n h₋ + b'_n):   r U_n + (U_n h₋ + b'_n) r' U_r
//  reset before:  n's sum has U_n (r ⊙ h₋):          U_n (diag(r) + diag(h₋ r') U_r)
export const gruJacobian: CellJacobian = (weights, step, out) => {
  const { hPrevious, gates, kept, held: { 0: hr, 1: hz } = [] } = step;
  const { hiddenSize: H, inputSize: I } = weights;
  const resetAfter = weights.resetAfter !== false;
  const [byReset, byUpdate, byInput, byHidden, slope] = Array.from(
    { length: 5 },
    () => new Float64Array(H),
  );
  for (let j = 0; j < H; j++) {
    const r = gates[j];
    const z = gates[j + H];
    const n = gates[j + 2 * H];
    byInput[j] = (1 - z) * (1 - n * n);
    byUpdate[j] = hz === undefined ? (hPrevious[j] - n) * z * (1 - z) : 0;
    slope[j] = hr === undefined ? r * (1 - r) : 0;
    if (!resetAfter) continue;
    byHidden[j] = byInput[j] * r;
    byReset[j] = byInput[j] * kept[j] * slope[j];
  }
  combineRows(out.hidden, 0, weights.weightHh, H, [byReset, byUpdate, byHidden]);
  combineRows(out.input, 0, weights.weightIh, I, [byReset, byUpdate, byInput]);
  for (let j = 0; j < H; j++) {
    out.hidden[j * H + j] = out.hidden[j * H + j] + gates[j + H];
    if (resetAfter) continue;
    for (let k = 0; k < H; k++) {
      const through = byInput[j] * weights.weightHh[(2 * H + j) * H + k];
      const reset = through * hPrevious[k] * slope[k];
      out.hidden[j * H + k] = out.hidden[j * H + k] + through * gates[k];
      for (let l = 0; l < H; l++) {
        out.hidden[j * H + l] = out.hidden[j * H + l] + reset * weights.weightHh[k * H + l];
      }
      for (let l = 0; l < I; l++) {
        out.input[j * I + l] = out.input[j * I + l] + reset * weights.weightIh[k * I + l];
      }
    }
  }
};
