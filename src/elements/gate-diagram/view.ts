// What the drawing functions get: one step of one network, what is chosen, the wording, and what a reader's act calls.

import {
  cellTypes,
  cells,
  type CellType,
  type Floats,
  type HeldGate,
  type StepAnatomy,
  type StepPart,
} from '../../engine/index.js';
import type { CellNode } from '../../model/cell-graph.js';
import type { NumberWriter } from '../../model/describe.js';
import type { DiagramStrings } from '../../model/diagram-strings.js';
import type { Piece, StepWeights } from '../../model/step-text.js';
import type { Layout } from './layout.js';

export interface DiagramView {
  readonly cell: CellType;
  readonly weights: StepWeights;
  /** The word of this step, or the one to be read first. */
  readonly word: string;
  readonly nodes: readonly CellNode[];
  /** Null before the first word. */
  readonly anatomy: StepAnatomy | null;
  readonly layout: Layout;
  readonly chosen: StepPart;
  readonly unit: number;
  /** How many nodes, in the order of computation, have been computed: fewer than all in slow motion. */
  readonly reached: number;
  readonly strings: DiagramStrings;
  readonly numbers: NumberWriter;
  /** At what value a node is held at this step. */
  readonly held: (id: StepPart) => number | undefined;
  readonly choose: (id: StepPart) => void;
  readonly pick: (unit: number) => void;
}

/** The gates of a cell that can be held: those between 0 and 1. */
export function holdable(cell: CellType): HeldGate[] {
  return cells[cell].gates.filter(
    (gate): gate is HeldGate => gate !== 'state' && gate !== 'candidate',
  );
}

/** Those of all cells. */
export const gates: readonly StepPart[] = cellTypes.flatMap(holdable);

/** Whether a node has been computed in this step: not yet, perhaps, in slow motion. */
export const isComputed = ({ nodes, reached }: DiagramView, id: StepPart | null): boolean =>
  nodes.findIndex((node) => node.id === id) < reached;

/** Class of the colour that a node's symbol and vector have everywhere; empty for those in the text's colour. */
export const hueOf = (id: StepPart): string =>
  id === 'opening' ? 'gate-update' : gates.includes(id) ? `gate-${id}` : '';

export function meanOf(values: Floats): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The state before, h₋ and c₋, as it stands in drawings and equations: with the index t − 1. */
export function indexed(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece) =>
    piece.text.endsWith('₋') ? { ...piece, text: piece.text.slice(0, -1), sub: 't−1' } : piece,
  );
}
