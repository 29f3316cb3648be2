// The one-step Jacobians of all cells by name. Apart from `cells`, so that a page that needs none loads none.

import type { CellJacobian, CellType } from './cell.js';
import { feedforwardJacobian } from './feedforward.js';
import { gruJacobian } from './gru.js';
import { lstmJacobian } from './lstm.js';
import { rnnJacobian } from './rnn.js';

/** The one-step Jacobian of every cell in closed form, by the cell's name. */
export const cellJacobians: Readonly<Record<CellType, CellJacobian>> = {
  feedforward: feedforwardJacobian,
  rnn: rnnJacobian,
  lstm: lstmJacobian,
  gru: gruJacobian,
};
