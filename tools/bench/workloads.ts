// What is measured: the sizes of every workload, its multiply-adds, and the ratios we set out to reach.

import { cells, type CellType } from '../../src/engine/index.js';
import { trainedInputSize, trainingDefaults } from '../../src/model/training/settings.js';
import { taskWords } from '../../src/model/training/task.js';
import type { Kind } from './contestants/contestant.js';

/** Everybody who can take part, by the name that `--peers` knows; `peak` is the machine's own limit. */
export type ContestantId =
  'ours' | 'reference' | 'loops' | 'tfjs' | 'ort-web' | 'ort-node' | 'brain' | 'torch' | 'peak';

/** What one of our two paths should reach. */
export interface Target {
  /** W7 asks for the reference path, all others for the WebAssembly kernel. */
  readonly of: 'ours' | 'reference';
  /** Their time divided by ours should be at least this. */
  readonly ratio?: number;
  readonly against?: ContestantId;
  /** Our own time should be at most this. */
  readonly ms?: number;
  readonly note?: string;
}

export interface Workload {
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
  readonly cell: Exclude<CellType, 'feedforward'>;
  /** T: steps. */
  readonly length: number;
  /** I */
  readonly inputSize: number;
  /** H */
  readonly hiddenSize: number;
  /** N: sequences at once. */
  readonly rows: number;
  /** V: words and classes (training only). */
  readonly vocabulary: number;
  readonly targets: readonly Target[];
}

const ours = (against: ContestantId, ratio: number, note?: string): Target => ({
  of: 'ours',
  against,
  ratio,
  ...(note === undefined ? {} : { note }),
});
const reference = (against: ContestantId, ratio: number): Target => ({
  of: 'reference',
  against,
  ratio,
});

const single = { rows: 1, vocabulary: 0 };
const long = { length: 256, inputSize: 64, hiddenSize: 128, ...single };

/** The defaults of `<rnn-trainer>`; its batches have 28 steps on average. */
const race = {
  kind: 'training',
  length: 28,
  inputSize: trainedInputSize,
  hiddenSize: trainingDefaults.hiddenSize,
  rows: trainingDefaults.batch,
  vocabulary: taskWords.length,
  targets: [],
} as const;

export const workloads: readonly Workload[] = [
  {
    id: 'W1',
    title: 'LSTM forward, small',
    kind: 'forward',
    cell: 'lstm',
    length: 32,
    inputSize: 16,
    hiddenSize: 16,
    ...single,
    targets: [
      ours('ort-node', 5),
      ours('ort-web', 6),
      ours('torch', 60),
      ours('tfjs', 400),
      reference('loops', 2.5),
    ],
  },
  {
    id: 'W2',
    title: 'LSTM forward, long',
    kind: 'forward',
    cell: 'lstm',
    ...long,
    targets: [
      ours('ort-node', 0.75, '1 would be better'),
      ours('ort-web', 1.3),
      ours('torch', 6),
      ours('tfjs', 20),
      reference('loops', 2.5),
      reference('tfjs', 2),
    ],
  },
  {
    id: 'W3-GRU',
    title: 'GRU forward, long',
    kind: 'forward',
    cell: 'gru',
    ...long,
    targets: [ours('ort-web', 1.3)],
  },
  {
    id: 'W3-RNN',
    title: 'Simple RNN forward, long',
    kind: 'forward',
    cell: 'rnn',
    ...long,
    targets: [ours('ort-web', 3)],
  },
  {
    id: 'W4',
    title: 'LSTM forward and backpropagation through time',
    kind: 'backward',
    cell: 'lstm',
    length: 64,
    inputSize: 32,
    hiddenSize: 64,
    ...single,
    targets: [ours('torch', 20), ours('tfjs', 150), reference('loops', 2.5), reference('tfjs', 15)],
  },
  {
    id: 'W5',
    title: 'All pairs ‖∂h_t/∂x_k‖ of an LSTM',
    kind: 'influence',
    cell: 'lstm',
    length: 64,
    inputSize: 32,
    hiddenSize: 32,
    ...single,
    targets: [{ of: 'ours', ms: 15 }, ours('torch', 40)],
  },
  {
    id: 'W6',
    title: 'Training step of an LSTM, batch 32, Adam',
    kind: 'training',
    cell: 'lstm',
    length: 32,
    inputSize: 16,
    hiddenSize: 64,
    rows: 32,
    vocabulary: 32,
    targets: [ours('torch', 1.5), ours('tfjs', 15)],
  },
  { id: 'W8-RNN', title: 'Step of the training race, simple RNN', cell: 'rnn', ...race },
  { id: 'W8-LSTM', title: 'Step of the training race, LSTM', cell: 'lstm', ...race },
  { id: 'W8-GRU', title: 'Step of the training race, GRU', cell: 'gru', ...race },
];

/** Whether it belongs to the tables of the training race. */
export const isRace = ({ id }: Workload): boolean => id.startsWith('W8');

/**
 * Multiply-adds of one run, as the textbook does it: a gradient costs twice what the forward pass does. For all pairs
 * it is the forward recursion of ∂h_t/∂x_k and ∂c_t/∂x_k after the gates of a step have been put together.
 */
export function multiplyAdds(workload: Workload): number {
  const { kind, cell, length: T, inputSize: I, hiddenSize: H, rows: N, vocabulary: V } = workload;
  const forward = T * N * (cells[cell].gates.length * H * (I + H) + V * H);
  if (kind === 'forward') return forward;
  if (kind === 'influence') return forward + ((T * (T - 1)) / 2) * 2 * H * H * I;
  return 3 * forward;
}

/** The sizes in words. */
export function sizes(workload: Workload): string {
  const { length: T, inputSize: I, hiddenSize: H, rows: N, vocabulary: V } = workload;
  const parts = [`T = ${T}`, `I = ${I}`, `H = ${H}`];
  if (N > 1) parts.push(`N = ${N}`);
  if (V > 0) parts.push(`V = ${V}`);
  return parts.join(', ');
}
