// Training: cross-entropy readout, gradient-norm clipping, Adam, linear learning-rate decay.

import { matrix, multiply } from './products.js';

/** p = softmax(logits) for one row, in place of a fresh array; shifted by the maximum so that nothing overflows. */
export function softmax(logits: Float64Array): Float64Array {
  let maximum = -Infinity;
  for (const value of logits) maximum = Math.max(maximum, value);
  const p = new Float64Array(logits.length);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    p[i] = Math.exp(logits[i] - maximum);
    sum += p[i];
  }
  for (let i = 0; i < p.length; i++) p[i] = p[i] / sum;
  return p;
}

/** The linear readout: logits = W h + b. */
export interface Readout {
  /** `[V × H]` */
  readonly weight: Float64Array;
  /** `[V]` */
  readonly bias: Float64Array;
}

/** logits `[n × V]` of `rows` hidden states `[n × H]`. */
export function readLogits(
  readout: Readout,
  h: Float64Array,
  rows: number,
  hiddenSize: number,
): Float64Array {
  const V = readout.bias.length;
  const logits = new Float64Array(rows * V);
  for (let n = 0; n < rows; n++) logits.set(readout.bias, n * V);
  multiply(
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
 * Weighted cross-entropy Σ_n w_n · −log softmax(logits_n)[target_n] / Σ_n w_n.
 * Overwrites `logits` `[n × V]` with the derivative by the logits.
 */
export function crossEntropy(
  logits: Float64Array,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
  rows: number,
): number {
  const V = rows === 0 ? 0 : logits.length / rows;
  let total = 0;
  for (let n = 0; n < rows; n++) total += weights[n];
  if (total === 0) {
    logits.fill(0);
    return 0;
  }
  let loss = 0;
  for (let n = 0; n < rows; n++) {
    const start = n * V;
    const share = weights[n] / total;
    if (share === 0) {
      logits.fill(0, start, start + V);
      continue;
    }
    let maximum = -Infinity;
    for (let v = start; v < start + V; v++) if (logits[v] > maximum) maximum = logits[v];
    let sum = 0;
    const target = start + targets[n];
    const shifted = logits[target] - maximum;
    for (let v = start; v < start + V; v++) {
      const e = Math.exp(logits[v] - maximum);
      logits[v] = e;
      sum += e;
    }
    loss += share * (Math.log(sum) - shifted);
    const factor = share / sum;
    for (let v = start; v < start + V; v++) logits[v] = logits[v] * factor;
    logits[target] = logits[target] - share;
  }
  return loss;
}

/** Euclidean norm of all gradients together. */
export function gradientNorm(gradients: readonly Float64Array[]): number {
  let sum = 0;
  for (const gradient of gradients) {
    for (let i = 0; i < gradient.length; i++) sum += gradient[i] * gradient[i];
  }
  return Math.sqrt(sum);
}

/**
 * Scales all gradients by one factor so that their joint norm is at most `limit` (Pascanu et al. 2013).
 * @returns the norm before clipping.
 */
export function clipGradientNorm(gradients: readonly Float64Array[], limit: number): number {
  const total = gradientNorm(gradients);
  if (total > limit) {
    const factor = limit / total;
    for (const gradient of gradients) {
      for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i] * factor;
    }
  }
  return total;
}

/** Learning rate falling linearly from `initial` at step 0 to 0 at step `total`. */
export function linearDecay(initial: number, step: number, total: number): number {
  return initial * Math.max(0, 1 - step / total);
}

/** State of the optimiser, so that a checkpoint can resume exactly. */
export interface AdamState {
  readonly step: number;
  readonly first: readonly Float64Array[];
  readonly second: readonly Float64Array[];
}

/** Adam (Kingma & Ba 2015) with bias correction, as torch.optim.Adam: β₁ 0.9, β₂ 0.999, ε 1e-8 unless given. */
export class Adam {
  private steps = 0;
  private readonly first: readonly Float64Array[];
  private readonly second: readonly Float64Array[];

  constructor(
    private readonly parameters: readonly Float64Array[],
    private readonly options: { beta1?: number; beta2?: number; epsilon?: number } = {},
    resume?: AdamState,
  ) {
    this.steps = resume?.step ?? 0;
    this.first = parameters.map((p, i) => resume?.first[i]?.slice() ?? new Float64Array(p.length));
    this.second = parameters.map(
      (p, i) => resume?.second[i]?.slice() ?? new Float64Array(p.length),
    );
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
  update(gradients: readonly Float64Array[], learningRate: number): void {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = this.options;
    this.steps++;
    const correction1 = 1 - Math.pow(beta1, this.steps);
    const correction2 = 1 - Math.pow(beta2, this.steps);
    const rate = learningRate / correction1;
    this.parameters.forEach((parameter, index) => {
      const gradient = gradients[index];
      const m = this.first[index];
      const v = this.second[index];
      for (let i = 0; i < parameter.length; i++) {
        const g = gradient[i];
        m[i] = beta1 * m[i] + (1 - beta1) * g;
        v[i] = beta2 * v[i] + (1 - beta2) * g * g;
        parameter[i] = parameter[i] - (rate * m[i]) / (Math.sqrt(v[i] / correction2) + epsilon);
      }
    });
  }
}
