// Loss and optimiser of the reference kernel, and which kernel's a training run uses.

import { crossEntropy } from '../losses.js';
import type { Kernel, TrainingKernel } from './kernel.js';

const referenceTraining: TrainingKernel = {
  crossEntropy,

  adam(parameter, gradient, first, second, step) {
    const { rate, correction, beta1, beta2, epsilon } = step;
    for (let i = 0; i < parameter.length; i++) {
      const g = gradient[i];
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      parameter[i] =
        parameter[i] - (rate * first[i]) / (Math.sqrt(second[i] / correction) + epsilon);
    }
  },
};

/** The loss and the optimiser for arrays of this kernel. */
export function trainingOf(kernel: Kernel): TrainingKernel {
  return kernel.training ?? referenceTraining;
}
