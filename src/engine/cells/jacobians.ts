// The one-step Jacobians of all cells by name. Apart from `cells`, so that a page that needs none loads none.

import type { CellJacobian, CellType } from './cell.js';
import { feedforwardJacobian } from './feedforward.js';
import { gruJacobian } from './gru.js';
import { lstmJacobian } from './lstm.js';
import { rnnJacobian } from './rnn.js';

/** The one-step Jacobian of every cell in closed form, by the cell's name. */
export const cellJacobians: Readonly<Record<CellType, CellJacobian>> = {
  feedforward: skippable(feedforwardJacobian),
  rnn: skippable(rnnJacobian),
  lstm: skippable(lstmJacobian),
  gru: skippable(gruJacobian),
};

//  ∂s/∂s₋ = 1,   ∂s/∂x = 0   where the step was skipped;   feedforward: ∂s/∂s₋ = 0
function skippable(jacobian: CellJacobian): CellJacobian {
  return (weights, step, out) => {
    if (!step.skipped) {
      jacobian(weights, step, out);
      return;
    }
    const { hiddenSize: H, cell } = weights;
    out.hidden.fill(0);
    for (let j = 0; j < H && cell !== 'feedforward'; j++) out.hidden[j * H + j] = 1;
    out.input.fill(0);
    out.cell.fill(0, 0, H).fill(1, H);
  };
}
