// Training gives the same bits with and without a worker, and nearly the same numbers on either kernel.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { Worker } from 'node:worker_threads';
import { loadKernel, referenceKernel, type CellType } from '../../src/engine/index.js';
import { trainBriefly } from '../support/training-run.js';

const simd = await loadKernel(0);
const file = JSON.stringify(new URL('../support/training-worker.ts', import.meta.url).href);
/** A worker of Node does not take over what lets this thread import TypeScript. */
const start = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${file}, ${file}))`;

for (const cell of ['rnn', 'lstm', 'gru'] satisfies CellType[]) {
  test(`${cell}: a worker trains to the same bits, on either kernel`, async () => {
    for (const kernel of [referenceKernel, simd]) {
      const worker = new Worker(start, {
        eval: true,
        workerData: { cell, fast: kernel === simd },
      });
      const [found] = (await once(worker, 'message')) as [
        { name: string; parameters: Float64Array; losses: number[] },
      ];
      await worker.terminate();
      assert.equal(found.name, kernel.name);
      const here = trainBriefly(cell, kernel);
      assert.deepEqual(found.parameters, here.parameters);
      assert.deepEqual(found.losses, here.losses);
    }
  });

  test(`${cell}: after 12 steps of training the kernels differ by less than 1e-3 of a parameter's size`, () => {
    // Adam divides by the size of the gradient, so that a rounding error in a tiny one counts in full
    const exact = trainBriefly(cell, referenceKernel);
    const fast = trainBriefly(cell, simd);
    let worst = 0;
    exact.parameters.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(fast.parameters[i] - value) / Math.max(1, Math.abs(value)));
    });
    exact.losses.forEach((loss, i) => assert.ok(Math.abs(fast.losses[i] - loss) < 1e-4 * loss));
    assert.ok(worst > 0 && worst < 1e-3, `they differ by ${worst}`);
  });
}
