// The small grid from which each cell gets its own best learning rate and initialisation.

import type { CellType } from '../../src/engine/index.js';
import type { Choice } from './run.js';

export interface GridPoint extends Choice {
  readonly label: string;
}

/** Grid points run for this share of the full number of steps; the best of each learning rate is trained in full. */
export const gridShare = 0.125;

const learningRates = [0.003, 0.01];

/** Two learning rates × two initialisations, of the kind that matters for the cell. */
export const grid: Readonly<Record<CellType, readonly GridPoint[]>> = {
  // nothing recurrent to initialise
  feedforward: points([['input', {}]]),
  rnn: points([
    ['orthogonal', { recurrent: 'orthogonal' }],
    ['uniform', { recurrent: 'uniform' }],
  ]),
  lstm: points([
    ['forget-1', { forgetBias: 1 }],
    ['forget-3', { forgetBias: 3 }],
  ]),
  gru: points([
    ['update-1', { updateBias: 1 }],
    ['update-2', { updateBias: 2 }],
  ]),
};

function points(initialisations: [string, Choice['initialisation']][]): GridPoint[] {
  return learningRates.flatMap((learningRate) =>
    initialisations.map(([name, initialisation]) => ({
      label: `${name}-rate-${learningRate}`,
      learningRate,
      initialisation,
    })),
  );
}
