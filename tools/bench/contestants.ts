// Who takes part, and how each of them is started as a process.

import { join } from 'node:path';
import { javascriptFolder, root } from './javascript.js';
import { findPython } from './peers.js';
import { processSeat, type Seat } from './seat.js';
import type { ContestantId } from './workloads.js';

export interface Entry {
  readonly id: ContestantId;
  readonly title: string;
  /** The module in tools/bench/contestants. */
  readonly module: string;
  /** Whether it is one of us, not a peer. */
  readonly own: boolean;
  readonly inPages: boolean;
}

export const entries: readonly Entry[] = [
  { id: 'ours', title: 'ours, WebAssembly', module: 'engine.js', own: true, inPages: true },
  { id: 'reference', title: 'ours, reference', module: 'engine.js', own: true, inPages: true },
  { id: 'loops', title: 'plain loops', module: 'loops.js', own: true, inPages: true },
  {
    id: 'ort-node',
    title: 'ONNX Runtime for Node',
    module: 'ort.mjs',
    own: false,
    inPages: false,
  },
  { id: 'ort-web', title: 'ONNX Runtime Web', module: 'ort.mjs', own: false, inPages: true },
  { id: 'torch', title: 'PyTorch', module: 'torch_peer.py', own: false, inPages: false },
  { id: 'tfjs', title: 'TensorFlow.js', module: 'tfjs.mjs', own: false, inPages: true },
  { id: 'brain', title: 'brain.js', module: 'brain.mjs', own: false, inPages: false },
  { id: 'peak', title: "the machine's limit", module: 'peak.mjs', own: true, inPages: true },
];

export const titleOf = (id: ContestantId): string =>
  entries.find((entry) => entry.id === id)?.title ?? id;

/** Where a contestant's module stands: ours translated, the peers' beside their packages. */
export const moduleOf = ({ module }: Entry): string =>
  module.endsWith('.js')
    ? join(javascriptFolder, 'tools/bench/contestants', module)
    : join(root, 'tools/bench/contestants', module);

/** Starts a contestant as a process of its own; rejects with the reason where it is absent. */
export async function openProcess(entry: Entry): Promise<Seat> {
  if (entry.id === 'torch') {
    const python = findPython();
    if (python === undefined) throw new Error('no Python with torch found (PYTHON names one)');
    return processSeat('torch', python, [moduleOf(entry)]);
  }
  const driver = join(root, 'tools/bench/contestants/stdio.mjs');
  return processSeat(entry.id, process.execPath, [driver, moduleOf(entry), entry.id]);
}
