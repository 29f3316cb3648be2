// `npm run gradients [-- --seeds 100] [--write]`: how far a nudge of the state gets in untrained networks, over many seeds.

import { parseArgs } from 'node:util';
import { gatePathGainsAt, stateGainsAt, type CellType } from '../src/engine/index.js';
import { fullness } from '../src/model/gradients/facts.js';
import { randomRun, type RandomRunOptions } from '../src/model/gradients/run.js';
import { randomInputSize } from '../src/model/random-model.js';
import { section } from './markdown.mjs';
import { quartiles, superscript, table } from './tables.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    write: { type: 'boolean', default: false },
  },
});
const seeds = Number(values.seeds);
if (!Number.isInteger(seeds) || seeds < 1) {
  console.error('usage: npm run gradients [-- --seeds 100] [--write]');
  process.exit(2);
}
const units = 16;
const steps = 100;
const last = steps - 1;
const lags = [20, 40];
const radii = [0.5, 0.9, 1, 1.5, 2, 3, 4];
const forgetBiases = [-2, 0, 1, 2, 3, 5];
const updateBiases = [0, 1, 2, 3];

/** What is measured of one network at its last step. */
interface Measured {
  /** ‖∂s_t/∂s_k‖_F / √S at each of `lags`. */
  readonly gains: readonly number[];
  /** The product of the gates that keep, at each of `lags`; null without such a gate. */
  readonly paths: readonly number[] | null;
  /** ‖h‖₂ / √H: root mean square over the units. */
  readonly size: number;
}

/** What is changed of a random run. */
type Options = Partial<RandomRunOptions>;

/** Everything else as `model="random"` draws it, but for its biases. */
const plain: Options = { hiddenSize: units, length: steps, forgetBias: 0, updateBias: 0 };

function measure(cell: CellType, seed: number, options: Options): Measured {
  const run = randomRun(cell, { ...plain, ...options, seed });
  const { weights, unrolled } = run;
  const gains = stateGainsAt(weights, unrolled, last);
  const gate = { feedforward: null, rnn: null, lstm: 'forget', gru: 'update' } as const;
  const keeps = gate[cell];
  const paths = keeps && gatePathGainsAt(weights, unrolled, last, keeps);
  return {
    gains: lags.map((lag) => gains[last - lag]),
    paths: paths && lags.map((lag) => paths[last - lag]),
    size: fullness(run, last),
  };
}

const over = (cell: CellType, options: Options): Measured[] =>
  Array.from({ length: seeds }, (_, index) => measure(cell, index + 1, options));

/** Two digits that matter; below a thousandth as a power of ten. */
function written(value: number): string {
  if (value >= 1e-3 && value < 1e4) return String(Number(value.toPrecision(2)));
  const [digits, exponent] = value.toExponential(1).split('e');
  return value === 0 ? '0' : `${digits}·10${superscript(Number(exponent))}`;
}

/** The median, and in brackets the middle half of the seeds. */
function summary(all: readonly number[]): string {
  const [low, middle, high] = quartiles(all).map(written);
  return `${middle} (${low} to ${high})`;
}

/** One row: gains at all lags, then what else is wanted. */
const row = (
  name: string,
  runs: readonly Measured[],
  ...others: ((run: Measured) => number)[]
): string[] => [
  name,
  ...lags.map((_, i) => summary(runs.map(({ gains }) => gains[i]))),
  ...others.map((other) => summary(runs.map(other))),
];

const heads = lags.map((lag) => `gain at lag ${lag}`);
const pathHeads = lags.map((lag) => `gates alone, lag ${lag}`);
const byPaths = lags.map(
  (_, i) =>
    ({ paths }: Measured) =>
      paths?.[i] ?? NaN,
);
const signed = (bias: number): string => String(bias).replace('-', '−');

const result = [
  `Medians over ${seeds} seeds (1 to ${seeds}); in brackets the middle half of the seeds. ${units} units, ${randomInputSize} inputs from N(0, 1), t = ${last}, the last of ${steps} steps.`,
  'Simple RNN (tanh), by the spectral radius of U:',
  table(
    ['radius', ...heads, '‖h_t‖ / √H'],
    radii.map((recurrentScale) =>
      row(String(recurrentScale), over('rnn', { recurrentScale }), ({ size }) => size),
    ),
  ),
  'LSTM, by its forget bias:',
  table(
    ['forget bias', ...heads, ...pathHeads],
    forgetBiases.map((forgetBias) =>
      row(signed(forgetBias), over('lstm', { forgetBias }), ...byPaths),
    ),
  ),
  'GRU, by its update bias:',
  table(
    ['update bias', ...heads, ...pathHeads],
    updateBiases.map((updateBias) =>
      row(signed(updateBias), over('gru', { updateBias }), ...byPaths),
    ),
  ),
].join('\n\n');
console.log(result);
if (values.write) await section('docs/gradients.md', 'gradients', result);
