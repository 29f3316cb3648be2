// What worker.test.ts runs in a worker: the same training as on the main thread.

import { parentPort, workerData } from 'node:worker_threads';
import { loadKernel, referenceKernel, type CellType } from '../../src/engine/index.js';
import { trainBriefly } from './training-run.js';

const { cell, fast } = workerData as { cell: CellType; fast: boolean };
const kernel = fast ? await loadKernel(0) : referenceKernel;
parentPort?.postMessage({ name: kernel.name, ...trainBriefly(cell, kernel) });
