// The gates of a cell: which of them are shown, and how all units of one are drawn.

import { svg, type SVGTemplateResult } from 'lit';
import { cells, type CellType, type Floats, type GateName } from '../../engine/index.js';
import type { Reading } from '../../model/reading.js';
import { stripShape, unitGrid, unitMark, unitSquares } from '../../ui/unit-grid.js';

/** Gates and candidate, in the order of the cell's weights. */
export function gateRows(cell: CellType): GateName[] {
  return cells[cell].gates.filter((gate) => gate !== 'state');
}

/** Whether any of the cells has gates to show. */
export function hasGates(types: readonly CellType[]): boolean {
  return types.some((cell) => gateRows(cell).length > 0);
}

/** Every unit of a gate as a strip of `rows` rows: the fuller the hue, the more open; the candidate is signed. */
export function gateUnits(
  gate: GateName,
  values: Floats | null,
  rows: number,
  width: number,
  height: number,
  marked: number,
): SVGTemplateResult {
  if (!values) return svg``;
  const shape = stripShape(values.length, rows);
  return svg`${
    gate === 'candidate'
      ? unitGrid(values, shape, width, height)
      : unitSquares(values, shape, width, height, 'open')
  }${unitMark(marked, shape, width, height)}`;
}

/** How much of the LSTM's cell state a word let through, on average: all of it where the word was skipped. */
export function passing(reading: Reading, word: number): number {
  return reading.skipped(word) ? 1 : reading.gateMean('forget', word);
}
