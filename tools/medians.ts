// `npm run medians [-- --seeds 400] [--write]`: what untrained networks still hold of the first word, over many seeds.

import { parseArgs } from 'node:util';
import type { CellType } from '../src/engine/index.js';
import { Reading, randomModel, randomModelDefaults, type Token } from '../src/model/index.js';
import { section } from './markdown.mjs';
import { quartiles, superscript, table } from './tables.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '400' },
    write: { type: 'boolean', default: false },
  },
});
const seeds = Number(values.seeds);
if (!Number.isInteger(seeds) || seeds < 1) {
  console.error('usage: npm run medians [-- --seeds 400] [--write]');
  process.exit(2);
}
const lags = [8, 20, 40, 100];
const cells = [
  ['rnn', 'Simple RNN'],
  ['lstm', 'LSTM'],
  ['gru', 'GRU'],
] as const satisfies [CellType, string][];
const biases = [0, 1, 2, 3];
const biasLag = 20;

/** Memory of the first word (a ratio to its imprint) at every lag, one row for each seed. */
function memories(cell: CellType, at: readonly number[], forgetBias: number): number[][] {
  return Array.from({ length: seeds }, (_, index) => {
    const seed = index + 1;
    // an untrained network draws a vector from each word's hash, so any distinct words will do
    const tokens = Array.from({ length: Math.max(...at) + 1 }, (_, i): Token => {
      const word = `word ${i} of ${seed}`;
      return { text: word, key: word, mark: false };
    });
    const reading = new Reading(randomModel(cell, { seed, forgetBias }), tokens);
    reading.readTo(tokens.length);
    return at.map((lag) => reading.memory(lag, 0).ratio ?? NaN);
  });
}

/** Below this the two states differ by no more than float64 can tell. */
const resolution = 1e-12;
/** Below this only the power of ten is written. */
const tiny = 1e-5;

/** A share of the imprint: two digits that matter as percent; very small ones as the next higher power of ten. */
function written(ratio: number): string {
  if (ratio < tiny) return `<10${superscript(Math.ceil(Math.log10(Math.max(ratio, resolution))))}`;
  return `${Number((ratio * 100).toPrecision(2))}%`;
}

/** The median, and in brackets the middle half of the seeds. */
function summary(ratios: readonly number[]): string {
  const [low, middle, high] = quartiles(ratios);
  return middle < tiny
    ? written(middle)
    : `${written(middle)} (${written(low)} to ${written(high)})`;
}

const { hiddenSize, forgetBias } = randomModelDefaults;
const byLag = cells.map(([cell, name]) => {
  const rows = memories(cell, lags, forgetBias);
  return [name, ...lags.map((_, i) => summary(rows.map((row) => row[i])))];
});
const byBias = biases.map((bias) => summary(memories('lstm', [biasLag], bias).flat()));

const result = [
  `Medians over ${seeds} seeds (1 to ${seeds}), ${hiddenSize} units, gate bias ${forgetBias}; in brackets the middle half of the seeds.`,
  table(['further words read', ...lags.map(String)], byLag),
  `The LSTM again, ${biasLag} further words after the first one, by its forget bias:`,
  table(['forget bias', ...biases.map(String)], [['LSTM', ...byBias]]),
].join('\n\n');
console.log(result);
if (values.write) await section('docs/numbers.md', 'medians', result);
