// Training: readout, gradient-norm clipping, Adam, linear learning-rate decay.

import { matrix, type Floats, type Kernel } from './kernels/kernel.js';
import { referenceKernel } from './kernels/reference.js';
import { trainingOf } from './kernels/training.js';
import { fillRows } from './products.js';

/** The linear readout: logits = W h + b. */
export interface Readout {
  /** `[V × H]` */
  readonly weight: Floats;
  /** `[V]` */
  readonly bias: Floats;
}

/**
 * logits `[rows × V]`, one number a word, of hidden states.
 * @param h `[rows × H]`
 * @param kernel whose arrays all of them are. Default the reference.
 * @param logits array to write to. Default a new one.
 */
export function readLogits(
  readout: Readout,
  h: Floats,
  rows: number,
  hiddenSize: number,
  kernel: Kernel = referenceKernel,
  logits: Floats = kernel.array(rows * readout.bias.length),
): Floats {
  const V = readout.bias.length;
  fillRows(logits, readout.bias, rows);
  kernel.multiply(
    rows,
    V,
    hiddenSize,
    matrix(h, hiddenSize),
    matrix(readout.weight, hiddenSize, { transposed: true }),
    matrix(logits, V),
    true,
  );
  return logits;
}

/**
 * Euclidean norm of all gradients together.
 * @param kernel whose arrays they are. Default the reference.
 */
export function gradientNorm(
  gradients: readonly Floats[],
  kernel: Kernel = referenceKernel,
): number {
  return Math.sqrt(gradients.reduce((sum, gradient) => sum + kernel.sumOfSquares(gradient), 0));
}

/**
 * The one factor by which clipping scales all gradients: min(1, limit / norm) (Pascanu et al. 2013).
 * @param norm of all gradients together.
 */
export function clipFactor(norm: number, limit: number): number {
  return norm > limit ? limit / norm : 1;
}

/**
 * Scales all gradients in place by one factor so that their joint norm is at most `limit` (Pascanu et al. 2013).
 * @param kernel whose arrays they are. Default the reference.
 * @returns the norm before clipping.
 */
export function clipGradientNorm(
  gradients: readonly Floats[],
  limit: number,
  kernel: Kernel = referenceKernel,
): number {
  const total = gradientNorm(gradients, kernel);
  const factor = clipFactor(total, limit);
  if (factor < 1) for (const gradient of gradients) kernel.scale(gradient, factor);
  return total;
}

/** Learning rate falling linearly from `initial` at step 0 to 0 at step `total`. */
export function linearDecay(initial: number, step: number, total: number): number {
  return initial * Math.max(0, 1 - step / total);
}

/** xⁿ by multiplications alone, so that a training run has the same bits in every browser. */
function power(x: number, n: number): number {
  let result = 1;
  for (let square = x; n > 0; n = Math.floor(n / 2), square *= square) {
    if (n % 2 === 1) result *= square;
  }
  return result;
}

/** State of the optimiser, so that a checkpoint can resume exactly. */
export interface AdamState {
  /** Updates done so far. */
  readonly step: number;
  /** Mean of the gradients of each parameter, in the order of the parameters. */
  readonly first: readonly Floats[];
  /** Mean of their squares. */
  readonly second: readonly Floats[];
}

/** How Adam moves; the defaults are those of `torch.optim.Adam`. */
export interface AdamOptions {
  /** β₁, default 0.9. */
  readonly beta1?: number;
  /** β₂, default 0.999. */
  readonly beta2?: number;
  /** ε, default 1e-8. */
  readonly epsilon?: number;
  /** The kernel whose arrays the parameters are. Default the reference. */
  readonly kernel?: Kernel;
}

/** Adam with bias correction (Kingma & Ba 2015), as torch.optim.Adam. */
export class Adam {
  private steps = 0;
  private readonly kernel: Kernel;
  private readonly first: readonly Floats[];
  private readonly second: readonly Floats[];

  /**
   * @param parameters what `update` moves, in place.
   * @param resume where another run stood, for the same parameters. Default a fresh start.
   */
  constructor(
    private readonly parameters: readonly Floats[],
    private readonly options: AdamOptions = {},
    resume?: AdamState,
  ) {
    const kernel = options.kernel ?? referenceKernel;
    const moments = (saved?: readonly Floats[]): Floats[] =>
      parameters.map((parameter, i) => {
        const moment = kernel.array(parameter.length);
        if (saved) moment.set(saved[i]);
        return moment;
      });
    this.kernel = kernel;
    this.steps = resume?.step ?? 0;
    this.first = moments(resume?.first);
    this.second = moments(resume?.second);
  }

  /** A copy, which later updates do not change. */
  get state(): AdamState {
    return {
      step: this.steps,
      first: this.first.map((m) => m.slice()),
      second: this.second.map((v) => v.slice()),
    };
  }

  /** Moves every parameter along its gradient (same order and lengths as the parameters). */
  update(gradients: readonly Floats[], learningRate: number): void {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = this.options;
    this.steps++;
    const rate = learningRate / (1 - power(beta1, this.steps));
    const correction = 1 - power(beta2, this.steps);
    const training = trainingOf(this.kernel);
    const step = { rate, correction, beta1, beta2, epsilon };
    this.parameters.forEach((parameter, i) => {
      training.adam(parameter, gradients[i], this.first[i], this.second[i], step);
    });
  }
}
