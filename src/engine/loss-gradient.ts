// What one prediction asks of every earlier state and step: the gradient of its loss, backward through the network.

import type { CellWeights } from './cells/cell.js';
import { cells, stateSize } from './cells/index.js';
import { BackwardWorkspace, gradientsOfSteps } from './gradients.js';
import { matrix, type Floats } from './kernels/kernel.js';
import { referenceKernel } from './kernels/reference.js';
import { crossEntropy } from './losses.js';
import type { Network } from './network.js';
import { multiply, norm } from './products.js';
import type { Unrolled } from './sequence.js';
import { gradientNorm, readLogits, type Readout } from './training.js';

/** The loss L_t = −log p(target) of the prediction after step t, and where its gradient goes. */
export interface LossGradient {
  /** L_t, in nats. */
  readonly loss: number;
  /**
   * ‖∂L_t/∂s_k‖₂, `[t + 1]` with k as index; s is h, or [h; c] in the LSTM. h_k and c_k are independent variables, and
   * only what comes after step k counts: c_k is felt through step k + 1, not through h_k. At k = t only h_t is felt.
   */
  readonly states: Float64Array;
  /**
   * ‖·‖_F of what step k adds to ∂L_t/∂(W, U, b, b'), the cell's four arrays together, `[t + 1]` with k as index. The
   * gradient is the sum of what all steps add; the norm of the sum is `total`, not the sum of these norms.
   */
  readonly steps: Float64Array;
  /** ‖∂L_t/∂(W, U, b, b')‖_F, the norm of the whole gradient of the cell's arrays. */
  readonly total: number;
}

/**
 * The gradient of one prediction's loss, exactly, by one backward pass. float64.
 * @param network on any kernel; its embedding plays no part.
 * @param unrolled what its cell did (`rows` = 1).
 * @param t a step that has been done.
 * @param target the right word after step t, 0 … V − 1.
 * @throws RangeError if step t has not been done or the target is not in the vocabulary.
 */
export function lossGradient(
  network: PredictingNetwork,
  unrolled: Unrolled,
  t: number,
  target: number,
): LossGradient {
  const weights = referenceKernel.load(network.cell);
  const workspace = new BackwardWorkspace(weights, 1, t + 1);
  const states = new Float64Array(t + 1);
  const loss = carryLossBack(network, unrolled, t, target, workspace, (k, gradient) => {
    states[k] = norm(gradient);
  });
  const steps = states.map((_, k) => stepNorm(weights, unrolled, k, workspace));
  const { weightIh, weightHh, biasIh, biasHh } = gradientsOfSteps(
    weights,
    unrolled,
    t + 1,
    workspace,
  );
  return { loss, states, steps, total: gradientNorm([weightIh, weightHh, biasIh, biasHh]) };
}

/** What predicts: a cell and its readout. */
export type PredictingNetwork = Pick<Network, 'cell' | 'readout'>;

/**
 * Goes back from L_t through all steps, leaving in the workspace what `gradientsOfSteps` needs.
 * @param workspace a new one.
 * @param visit is shown ∂L_t/∂s_k `[S]` for k = t, t − 1, … 0, always in the same array.
 * @returns L_t.
 * @throws RangeError as `lossGradient`.
 */
export function carryLossBack(
  { cell: weights, readout }: PredictingNetwork,
  unrolled: Unrolled,
  t: number,
  target: number,
  workspace: BackwardWorkspace,
  visit: (k: number, gradient: Float64Array) => void,
): number {
  const { hiddenSize: H } = weights;
  const width = weights.biasIh.length;
  const { dh, dc, input, recurrent } = workspace;
  if (!(t in unrolled.steps && t < unrolled.length)) {
    throw new RangeError(`step ${t} has not been done`);
  }
  const p = readLogits(readout, unrolled.steps[t].h, 1, H, referenceKernel);
  const loss = lossOf(p, target);
  multiply(1, H, p.length, matrix(p, p.length), matrix(readout.weight, H), matrix(dh, H));
  const gradient = new Float64Array(stateSize(weights));
  for (let k = t; k >= 0; k--) {
    gradient.set(dh);
    gradient.set(dc, H);
    visit(k, gradient);
    cells[weights.cell].backward(weights, unrolled.steps[k], {
      h: dh,
      c: dc,
      input: input.subarray(k * width, (k + 1) * width),
      recurrent: recurrent.subarray(k * width, (k + 1) * width),
      hPrevious: dh,
      cPrevious: dc,
    });
  }
  return loss;
}

/**
 * −log p(target) of the prediction from one hidden state, in nats.
 * @param h `[H]`
 * @throws RangeError if the target is not in the vocabulary.
 */
export function predictionLoss(readout: Readout, h: Float64Array, target: number): number {
  return lossOf(readLogits(readout, h, 1, h.length, referenceKernel), target);
}

/** −log softmax(logits)[target]; the logits become the derivatives of it by them. */
function lossOf(logits: Floats, target: number): number {
  if (!(target in logits)) {
    throw new RangeError(`target ${target} is not in the vocabulary`);
  }
  return crossEntropy(logits, [target], [1], 1);
}

/**
 * ‖·‖_F of what step k adds to the gradient of all four arrays. The part of a matrix is an outer product δ xᵀ, whose norm
 * is ‖δ‖ ‖x‖.
 */
function stepNorm(
  weights: CellWeights,
  unrolled: Unrolled,
  k: number,
  workspace: BackwardWorkspace,
): number {
  const { inputSize: I, hiddenSize: H } = weights;
  const cell = cells[weights.cell];
  const width = weights.biasIh.length;
  const { hPrevious, kept } = unrolled.steps[k];
  const input = norm(workspace.input, k * width, width);
  const parts = [input * norm(unrolled.x, k * I, I), input];
  if (cell.recurrent) {
    const [first, end] = cell.keptOperandBlocks(weights).map((block) => block * H);
    const delta = (from: number, to: number): number =>
      norm(workspace.recurrent, k * width + from, to - from);
    parts.push(
      delta(0, first) * norm(hPrevious),
      delta(first, end) * norm(kept),
      delta(end, width) * norm(hPrevious),
      delta(0, width),
    );
  }
  return norm(Float64Array.from(parts));
}
