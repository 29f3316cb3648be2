// All cells by name, and the checks that a set of weights fits one of them.

import type { Cell, CellType, CellWeights } from './cell.js';
import type { Floats } from '../kernels/kernel.js';
import { feedforward } from './feedforward.js';
import { gru } from './gru.js';
import { lstm } from './lstm.js';
import { rnn } from './rnn.js';

/** The equations of every cell, by its name. (Marked as pure: what needs no cell is bundled without them.) */
export const cells: Readonly<Record<CellType, Cell>> = {
  feedforward: /* @__PURE__ */ skippable(feedforward),
  rnn: /* @__PURE__ */ skippable(rnn),
  lstm: /* @__PURE__ */ skippable(lstm),
  gru: /* @__PURE__ */ skippable(gru),
};

/** The cell with steps that may be skipped. */
function skippable(cell: Cell): Cell {
  return {
    ...cell,

    forward(weights, step) {
      if (step.skipped) {
        step.gates.fill(NaN);
        // part of a product in the backward pass, where NaN · 0 would not be 0
        step.kept.fill(0);
        step.h.set(step.hPrevious);
        step.c.set(step.cPrevious);
        if (!cell.recurrent) step.h.fill(0);
      } else cell.forward(weights, step);
    },

    backward(weights, step, gradient) {
      if (step.skipped) {
        gradient.input.fill(0);
        gradient.recurrent.fill(0);
        gradient.hPrevious.set(gradient.h);
        gradient.cPrevious.set(gradient.c);
        if (!cell.recurrent) gradient.hPrevious.fill(0);
      } else cell.backward(weights, step, gradient);
    },
  };
}

/** The cell names in the order in which the subject is taught. */
export const cellTypes: readonly CellType[] = ['feedforward', 'rnn', 'lstm', 'gru'];

/** S: how many numbers the cell hands to the next step. H, and 2·H for the LSTM (h and c). */
export function stateSize(weights: Pick<CellWeights, 'cell' | 'hiddenSize'>): number {
  return weights.hiddenSize * (cells[weights.cell].hasCellState ? 2 : 1);
}

/** Number of trainable numbers in the cell (embedding and readout not counted). */
export function parameterCount(weights: CellWeights): number {
  return (
    weights.weightIh.length +
    weights.weightHh.length +
    weights.biasIh.length +
    weights.biasHh.length
  );
}

/** @throws RangeError if there is no such cell. */
export function checkCell(cell: CellType): void {
  if (!cellTypes.includes(cell)) throw new RangeError(`there is no cell named ${cell}`);
}

/**
 * Checks that the lengths of all arrays fit the cell and its sizes, as `unroll` does before it reads.
 * @throws RangeError that names the first length, size or cell that is wrong.
 */
export function checkWeights(weights: CellWeights): void {
  const { cell, inputSize: I, hiddenSize: H } = weights;
  if (!Number.isInteger(I) || I < 1 || !Number.isInteger(H) || H < 1) {
    throw new RangeError(`inputSize and hiddenSize must be positive integers, not ${I} and ${H}`);
  }
  checkCell(cell);
  const { gates, recurrent } = cells[cell];
  const G = gates.length;
  const expected: [keyof CellWeights, number][] = [
    ['weightIh', G * H * I],
    ['weightHh', recurrent ? G * H * H : 0],
    ['biasIh', G * H],
    ['biasHh', recurrent ? G * H : 0],
  ];
  for (const [name, length] of expected) {
    const actual = (weights[name] as Floats).length;
    if (actual !== length) {
      throw new RangeError(
        `${name} of a ${cell} (I=${I}, H=${H}) has ${length} numbers, not ${actual}`,
      );
    }
  }
}
