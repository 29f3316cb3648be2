// Child process of `npm run train`: the grid and the full run of one cell; reports progress as JSON lines.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { CellType } from '../../src/engine/index.js';
import { hash, loadKernel } from '../../src/engine/index.js';
import { storyLimit } from '../../src/model/story/weight-text.js';
import { packNetwork } from '../../src/model/weights.js';
import { grid, gridShare, type GridPoint } from './grid.js';
import {
  batchOf,
  settings,
  trainNetwork,
  validationLoss,
  vocabulary,
  type Checkpoint,
} from './run.js';
import { textOf } from './text-of.js';

/** One line of a child's output. */
export type Report =
  | { kind: 'progress'; cell: CellType; label: string; step: number; steps: number; loss: number }
  | { kind: 'grid' | 'full'; cell: CellType; label: string; validationLoss: number }
  | { kind: 'done'; cell: CellType; label: string; validationLoss: number; weights: string };

const report = (line: Report): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const cell = process.argv[2] as CellType;
const cache = process.argv[3];
// a checkpoint is good only for the same settings and the same sentences
const fingerprint = hash(
  JSON.stringify([settings, vocabulary, Array.from(batchOf(3, settings.steps).words)]),
).toString(16);

/** Trains (or resumes) one grid point for a number of steps; null losses are never written. */
function run(point: GridPoint, steps: number): Finished {
  const file = join(cache, `${cell}-${point.label}-${steps}-${fingerprint}.checkpoint`);
  const resume = existsSync(file) ? (deserialize(readFileSync(file)) as Checkpoint) : undefined;
  let average = 0;
  const network = trainNetwork({
    cell,
    choice: point,
    kernel,
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
  return {
    point,
    loss: validationLoss(network),
    weights: () => textOf(packNetwork(network, vocabulary, storyLimit)),
  };
}

/** A finished run with its validation loss. */
interface Finished {
  readonly point: GridPoint;
  readonly loss: number;
  readonly weights: () => string;
}

const lowest = (runs: readonly Finished[]): Finished =>
  runs.reduce((best, each) => (each.loss < best.loss ? each : best));

const kernel = await loadKernel();
// short runs choose the initialisation for each learning rate; between the rates, short runs would favour the fastest
// start, which is not what serves a cell best in the end, so the rates are compared in full
const short = grid[cell].map((point): Finished => {
  const finished = run(point, Math.round(settings.steps * gridShare));
  report({ kind: 'grid', cell, label: point.label, validationLoss: finished.loss });
  return finished;
});
const rates = [...new Set(short.map(({ point }) => point.learningRate))];
const full = rates.map((rate): Finished => {
  const { point } = lowest(short.filter((each) => each.point.learningRate === rate));
  const finished = run(point, settings.steps);
  report({ kind: 'full', cell, label: point.label, validationLoss: finished.loss });
  return finished;
});
const { point, loss, weights } = lowest(full);
report({
  kind: 'done',
  cell,
  label: point.label,
  validationLoss: loss,
  weights: weights(),
});
