// What one step of a cell consists of, in the order of computation: nodes, the operation of each, and what it reads.

import type { CellWeights, StepPart } from '../engine/index.js';

/** What makes a node's vector out of those it reads; null for what the step is given. */
export type Operation = 'σ' | 'tanh' | 'ReLU' | '×' | '+' | '1−' | 'W' | 'U' | null;

export interface CellNode {
  readonly id: StepPart;
  readonly operation: Operation;
  readonly reads: readonly StepPart[];
  /** Length of the longest way from what is given: nodes of one stage need nothing of each other. */
  readonly stage: number;
}

type Entry = readonly [id: StepPart, operation: Operation, ...reads: StepPart[]];

const given: readonly Entry[] = [
  ['x', null],
  ['hPrevious', null],
];

const entries: Readonly<Record<CellWeights['cell'], readonly Entry[]>> = {
  feedforward: [
    ['x', null],
    ['fromInput', 'W', 'x'],
    ['h', 'tanh', 'fromInput'],
  ],
  rnn: [
    ...given,
    ['fromInput', 'W', 'x'],
    ['fromState', 'U', 'hPrevious'],
    ['sum', '+', 'fromInput', 'fromState'],
    ['h', 'tanh', 'sum'],
  ],
  lstm: [
    ...given,
    ['cPrevious', null],
    ['forget', 'σ', 'x', 'hPrevious'],
    ['kept', '×', 'forget', 'cPrevious'],
    ['input', 'σ', 'x', 'hPrevious'],
    ['candidate', 'tanh', 'x', 'hPrevious'],
    ['added', '×', 'input', 'candidate'],
    ['c', '+', 'kept', 'added'],
    ['output', 'σ', 'x', 'hPrevious'],
    ['squashed', 'tanh', 'c'],
    ['h', '×', 'output', 'squashed'],
  ],
  gru: [
    ...given,
    ['reset', 'σ', 'x', 'hPrevious'],
    ['recalled', 'U', 'hPrevious'],
    ['gated', '×', 'reset', 'recalled'],
    ['candidate', 'tanh', 'x', 'gated'],
    ['update', 'σ', 'x', 'hPrevious'],
    ['opening', '1−', 'update'],
    ['kept', '×', 'update', 'hPrevious'],
    ['added', '×', 'opening', 'candidate'],
    ['h', '+', 'kept', 'added'],
  ],
};

/** The nodes of a cell in the order of computation; of the GRU whose reset gate acts after the matrix product. */
export function cellGraph(weights: Pick<CellWeights, 'cell' | 'nonlinearity'>): CellNode[] {
  const stages = new Map<StepPart, number>();
  return entries[weights.cell].map(([id, operation, ...reads]) => {
    const stage = Math.max(-1, ...reads.map((each) => stages.get(each) ?? 0)) + 1;
    stages.set(id, stage);
    const relu = id === 'h' && weights.cell === 'rnn' && weights.nonlinearity === 'relu';
    return { id, operation: relu ? 'ReLU' : operation, reads, stage };
  });
}
