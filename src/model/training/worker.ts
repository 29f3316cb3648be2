// The training worker: runs a race where it disturbs nobody. Loaded anywhere but in a worker, it does nothing.

import { loadKernel, referenceKernel } from '../../engine/index.js';
import { Collector, type Command, type Report } from './messages.js';
import { pump } from './pump.js';
import { TrainingRace, type StepReport } from './race.js';

/** What is used of a worker's global scope; the DOM's types know a page's only. */
export interface WorkerScope {
  postMessage(report: Report): void;
  onmessage: ((event: { readonly data: Command }) => void) | null;
}

/** So long a task, in milliseconds, that messages are still read in time. */
const budget = 30;

/** Waits for a race to run. */
export function serve(scope: WorkerScope): void {
  let race: TrainingRace | null = null;
  let last = Infinity;
  const now = (): number => performance.now();

  const begin = async (command: Extract<Command, { type: 'begin' }>): Promise<void> => {
    const { settings, from } = command;
    const kernel = command.kernel === 'simd' ? await loadKernel(0) : referenceKernel;
    if (kernel.name !== command.kernel) {
      scope.postMessage({ type: 'refused' });
      return;
    }
    scope.postMessage({ type: 'ready' });
    const runs = new TrainingRace(settings, kernel, from, now);
    race = runs;
    const progress = new Collector<StepReport>((steps) => {
      scope.postMessage({ type: 'steps', steps });
    }, now);
    const work = runs.run(
      (step) => {
        progress.add(step);
      },
      () => last,
    );
    await pump(work, budget, now).result;
    progress.flush();
    scope.postMessage({ type: 'ended', snapshot: runs.snapshot });
  };

  scope.onmessage = ({ data }) => {
    if (data.type === 'halt') last = 0;
    else if (data.type === 'networks') {
      scope.postMessage({ type: 'networks', networks: race?.networks ?? null });
    } else {
      begin(data).catch((error: unknown) => {
        scope.postMessage({ type: 'failed', message: String(error) });
      });
    }
  };
}

if ('DedicatedWorkerGlobalScope' in globalThis) serve(globalThis as unknown as WorkerScope);
