// `npm run races [-- --seeds 5] [--write]`: trains as <rnn-trainer> does, over several seeds, and measures what was learned.

import { parseArgs } from 'node:util';
import { finish, loadKernel } from '../src/engine/index.js';
import { TrainingRace, type StepReport } from '../src/model/training/race.js';
import { RecallProbe } from '../src/model/training/recall.js';
import {
  parameterCount,
  trainingDefaults,
  type TrainingSettings,
} from '../src/model/training/settings.js';
import { section } from './markdown.mjs';
import { table } from './tables.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
  },
});
const seeds = Number(values.seeds);
if (!Number.isInteger(seeds) || seeds < 1) {
  console.error('usage: npm run races [-- --seeds 5] [--write]');
  process.exit(2);
}

/** What is changed of the defaults, as the table names it. */
const variants: readonly (readonly [name: string, changes: Partial<TrainingSettings>])[] = [
  ['defaults', {}],
  ['gap 0', { gap: 0 }],
  ['gap 1', { gap: 1 }],
  ['gap 2', { gap: 2 }],
  ['gap 4', { gap: 4 }],
  ['gap 60', { gap: 60 }],
  ['gap 4, examples 60', { gap: 4, examples: 60 }],
  ['forget-bias 0', { forgetBias: 0 }],
  ['forget-bias 1', { forgetBias: 1 }],
  ['hidden-size 16', { hiddenSize: 16 }],
];
/** Gaps asked about after the default training, in words. */
const farGaps = [20, 40, 100, 300, 1000, 2000];
/** Share of right answers from which on a cell has learned it. */
const enough = 0.95;
const { cells } = trainingDefaults;
const titles = { rnn: 'Simple RNN', lstm: 'LSTM', gru: 'GRU' } as const;

/** What one cell came to in one training. */
interface Outcome {
  readonly recall: number;
  readonly learnedAt: number | null;
  readonly far: readonly number[];
}

const kernel = await loadKernel();

function train(settings: TrainingSettings, gaps: readonly number[]): Outcome[] {
  const reports: StepReport[] = [];
  const race = new TrainingRace(settings, kernel);
  finish(
    race.run(
      (report) => reports.push(report),
      () => settings.steps,
    ),
  );
  const networks = race.networks ?? [];
  return settings.cells.map((_, i) => {
    const evaluations = reports.flatMap(({ cells: each }) => each[i].evaluation ?? []);
    const share = ({ right, asked }: { right: number; asked: number }): number => right / asked;
    return {
      recall: share(evaluations[evaluations.length - 1].recall),
      learnedAt: evaluations.find(({ recall }) => share(recall) >= enough)?.step ?? null,
      far: gaps.map((gap) =>
        share(finish(new RecallProbe(kernel, networks[i]).ask(networks[i], gap, 4))),
      ),
    };
  });
}

const percent = (value: number): string => `${Math.round(100 * value)}%`;

/** Median, and in brackets the extremes. */
function summary(all: readonly number[], written: (value: number) => string): string {
  const sorted = [...all].sort((a, b) => a - b);
  const [low, middle, high] = [0, Math.floor((sorted.length - 1) / 2), sorted.length - 1].map((i) =>
    written(sorted[i]),
  );
  return low === high ? middle : `${middle} (${low} to ${high})`;
}

const outcomes = variants.map(([name, changes]) => {
  console.error(name);
  const runs = Array.from({ length: seeds }, (_, i) =>
    train({ ...trainingDefaults, ...changes, seed: i + 1 }, name === 'defaults' ? farGaps : []),
  );
  return { name, runs };
});

/** When the cell had learned it: in how many of the seeds, and the median step. */
function moment(runs: readonly Outcome[]): string {
  const steps = runs.flatMap(({ learnedAt }) => learnedAt ?? []).sort((a, b) => a - b);
  if (steps.length === 0) return 'never';
  const middle = `step ${steps[Math.floor((steps.length - 1) / 2)]}`;
  return steps.length === runs.length ? middle : `${middle} (${steps.length} of ${runs.length})`;
}

const result = [
  `Seeds 1 to ${seeds}: the median, and in brackets the extremes. A guess is right in 17%. What stands in the first column differs from the defaults.`,
  table(
    ['', ...cells.flatMap((cell) => [`${titles[cell]}: right`, 'first 95%'])],
    outcomes.map(({ name, runs }) => [
      name,
      ...cells.flatMap((_, i) => {
        const own = runs.map((run) => run[i]);
        return [
          summary(
            own.map(({ recall }) => recall),
            percent,
          ),
          moment(own),
        ];
      }),
    ]),
  ),
  'The defaults, asked across longer gaps than any in training (168 questions each):',
  table(
    ['', ...farGaps.map((gap) => `${gap} words`)],
    cells.map((cell, i) => [
      titles[cell],
      ...farGaps.map((_, at) =>
        summary(
          outcomes[0].runs.map((run) => run[i].far[at]),
          percent,
        ),
      ),
    ]),
  ),
  `Numbers that each of them learns: ${cells
    .map((cell) => {
      const count = parameterCount(trainingDefaults, cell);
      return `${titles[cell]} ${count.network.toLocaleString('en')} (${count.cell.toLocaleString('en')} in the cell)`;
    })
    .join(', ')}.`,
].join('\n\n');
console.log(result);
if (values.write) await section('docs/training.md', 'races', result);
