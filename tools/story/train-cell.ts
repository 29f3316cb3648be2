// Child process of `npm run train`: the grid and the full run of one cell; reports progress as JSON lines.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { CellType } from '../../src/engine/index.js';
import { hash } from '../../src/engine/index.js';
import { packNetwork } from '../../src/model/weights.js';
import { useFastProduct } from './fast-product.js';
import { grid, gridShare, type GridPoint } from './grid.js';
import {
  batchOf,
  settings,
  trainNetwork,
  validationLoss,
  vocabulary,
  type Checkpoint,
} from './run.js';

/** One line of a child's output. */
export type Report =
  | { kind: 'progress'; cell: CellType; label: string; step: number; steps: number; loss: number }
  | { kind: 'grid'; cell: CellType; label: string; validationLoss: number }
  | { kind: 'done'; cell: CellType; label: string; validationLoss: number; weights: string };

const report = (line: Report): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const cell = process.argv[2] as CellType;
const cache = process.argv[3];
// a checkpoint is good only for the same settings and the same sentences
const fingerprint = hash(
  JSON.stringify([settings, vocabulary, Array.from(batchOf(3, settings.steps).words)]),
).toString(16);

/** Trains (or resumes) one grid point for a number of steps; null losses are never written. */
function run(point: GridPoint, steps: number): { loss: number; weights: () => Uint8Array } {
  const file = join(cache, `${cell}-${point.label}-${steps}-${fingerprint}.checkpoint`);
  const resume = existsSync(file) ? (deserialize(readFileSync(file)) as Checkpoint) : undefined;
  let average = 0;
  const network = trainNetwork({
    cell,
    choice: point,
    steps,
    resume,
    checkpointEvery: 250,
    onStep(step, loss) {
      average = average === 0 ? loss : 0.98 * average + 0.02 * loss;
      if (step % 25 === 0 || step === steps) {
        report({ kind: 'progress', cell, label: point.label, step, steps, loss: average });
      }
    },
    onCheckpoint(checkpoint) {
      mkdirSync(cache, { recursive: true });
      writeFileSync(`${file}.new`, serialize(checkpoint));
      renameSync(`${file}.new`, file);
    },
  });
  return { loss: validationLoss(network), weights: () => packNetwork(network, vocabulary) };
}

useFastProduct();
let best: { point: GridPoint; loss: number } | undefined;
for (const point of grid[cell]) {
  const { loss } = run(point, Math.round(settings.steps * gridShare));
  report({ kind: 'grid', cell, label: point.label, validationLoss: loss });
  if (!best || loss < best.loss) best = { point, loss };
}
const { loss, weights } = run(best!.point, settings.steps);
report({
  kind: 'done',
  cell,
  label: best!.point.label,
  validationLoss: loss,
  weights: Buffer.from(weights()).toString('base64'),
});
