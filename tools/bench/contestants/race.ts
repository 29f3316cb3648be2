// The whole default run of <rnn-trainer>, from first weights to last evaluation, timed wherever this module is loaded.

import { finish, loadKernel, referenceKernel } from '../../../src/engine/index.js';
import { TrainingRace, type StepReport } from '../../../src/model/training/race.js';
import { trainingDefaults, type TrainableCell } from '../../../src/model/training/settings.js';

export interface RaceTime {
  /** Everything together. */
  readonly seconds: number;
  readonly cells: readonly {
    readonly cell: TrainableCell;
    /** Milliseconds a step, without evaluations. */
    readonly step: number;
    /** Right answers at the trained gap in the end, 0 to 1. */
    readonly recall: number;
  }[];
}

/** @param name `ours` for the WebAssembly kernel, `reference` for the other. */
export async function runRace(name: string): Promise<RaceTime> {
  const kernel = name === 'ours' ? await loadKernel(0) : referenceKernel;
  if (name === 'ours' && kernel.name !== 'simd') throw new Error('no WebAssembly SIMD here');
  const { cells, steps } = trainingDefaults;
  const times = cells.map(() => 0);
  let last: StepReport | undefined;
  const start = performance.now();
  const race = new TrainingRace(trainingDefaults, kernel);
  const work = race.run(
    (report) => {
      last = report;
      report.cells.forEach(({ milliseconds }, i) => (times[i] += milliseconds));
    },
    () => steps,
  );
  finish(work);
  return {
    seconds: (performance.now() - start) / 1000,
    cells: cells.map((cell, i) => {
      const { right, asked } = last?.cells[i].evaluation?.recall ?? { right: 0, asked: NaN };
      return { cell, step: times[i] / steps, recall: right / asked };
    }),
  };
}
