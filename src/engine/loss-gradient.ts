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
import { finish, type Slices } from './slices.js';
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
  return finish(lossGradientInSteps(network, unrolled, t, target));
}

/** So many multiply-adds at a time make up the gradient's last part: half a millisecond. */
const piece = 400_000;

/**
 * `lossGradient` for whoever can't wait for all of it: it stops after every step on the way back, and every half
 * millisecond or so of what follows, and returns the same result.
 */
export function* lossGradientInSteps(
  network: PredictingNetwork,
  unrolled: Unrolled,
  t: number,
  target: number,
): Slices<LossGradient> {
  const weights = referenceKernel.load(network.cell);
  const workspace = new BackwardWorkspace(weights, 1, t + 1);
  const states = new Float64Array(t + 1);
  const steps = new Float64Array(t + 1);
  let loss = NaN;
  for (const back of lossBack(network, unrolled, t, target, workspace)) {
    loss = back.loss;
    states[back.k] = norm(back.gradient);
    yield;
  }
  for (let k = 0; k <= t; k++) {
    steps[k] = stepNorm(weights, unrolled, k, workspace);
    yield;
  }
  const gradients = yield* gradientsOfSteps(weights, unrolled, t + 1, workspace, piece);
  const { weightIh, weightHh, biasIh, biasHh } = gradients;
  const total = gradientNorm([weightIh, weightHh, biasIh, biasHh]);
  return { loss, states, steps, total };
}

/**
 * ‖∂L_t/∂s_k‖₂ alone, going back one step at a time, for whoever does not want all of them: stop whenever you like. Its
 * memory serves one t after another.
 */
export class LossChain {
  /** L_t of the last t, in nats, once its first norm has been asked for. */
  loss = NaN;
  private readonly workspace: BackwardWorkspace;

  /** @param capacity the longest way back: one more than the largest t. */
  constructor(
    private readonly network: PredictingNetwork,
    capacity: number,
  ) {
    this.workspace = new BackwardWorkspace(referenceKernel.load(network.cell), 1, capacity);
  }

  /**
   * The norms for k = t, t − 1 and so on down to 0, each computed when it is asked for.
   * @param unrolled what the network's cell did (`rows` = 1).
   * @param target the right word after step t, 0 … V − 1.
   * @throws RangeError as `lossGradient`, at the first one.
   */
  *norms(unrolled: Unrolled, t: number, target: number): Generator<number, void, undefined> {
    for (const { gradient, loss } of lossBack(this.network, unrolled, t, target, this.workspace)) {
      this.loss = loss;
      yield norm(gradient);
    }
  }
}

/** What predicts: a cell and its readout. */
export type PredictingNetwork = Pick<Network, 'cell' | 'readout'>;

/** Where a loss has been followed back to. */
interface LossBack {
  /** L_t, in nats. */
  readonly loss: number;
  readonly k: number;
  /** ∂L_t/∂s_k `[S]`, always in the same array. */
  readonly gradient: Float64Array;
}

/**
 * Goes back from L_t to k = t, t − 1, … 0, one step each time it is asked, and leaves in the workspace what
 * `gradientsOfSteps` needs.
 * @param workspace is overwritten.
 * @throws RangeError as `lossGradient`.
 */
export function* lossBack(
  { cell: weights, readout }: PredictingNetwork,
  unrolled: Unrolled,
  t: number,
  target: number,
  workspace: BackwardWorkspace,
): Generator<LossBack, void, undefined> {
  const { hiddenSize: H } = weights;
  const width = weights.biasIh.length;
  const { dh, dc, input, recurrent } = workspace;
  if (!(t in unrolled.steps && t < unrolled.length)) {
    throw new RangeError(`step ${t} has not been done`);
  }
  const p = readLogits(readout, unrolled.steps[t].h, 1, H, referenceKernel);
  const loss = lossOf(p, target);
  multiply(1, H, p.length, matrix(p, p.length), matrix(readout.weight, H), matrix(dh, H));
  dc.fill(0);
  const gradient = new Float64Array(stateSize(weights));
  for (let k = t; k >= 0; k--) {
    gradient.set(dh);
    gradient.set(dc, H);
    yield { loss, k, gradient };
    cells[weights.cell].backward(weights, unrolled.steps[k], {
      h: dh,
      c: dc,
      input: input.subarray(k * width, (k + 1) * width),
      recurrent: recurrent.subarray(k * width, (k + 1) * width),
      hPrevious: dh,
      cPrevious: dc,
    });
  }
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
