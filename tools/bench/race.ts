// W8: the whole default run of <rnn-trainer>, on both of our paths.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { titleOf } from './contestants.js';
import type { RaceTime } from './contestants/race.js';
import { javascriptFolder } from './javascript.js';
import { digits } from './statistics.js';
import { table } from './tables.js';

/** Where the page's server and the translation have the module, below their folders. */
export const raceModule = 'tools/bench/contestants/race.js';

export interface TimedRace extends RaceTime {
  readonly id: 'ours' | 'reference';
  readonly place: string;
}

/** In a process of its own. */
export function raceInNode(id: TimedRace['id']): TimedRace {
  const module = JSON.stringify(pathToFileURL(join(javascriptFolder, raceModule)).href);
  const script = `import(${module}).then(({ runRace }) => runRace('${id}')).then((time) => console.log(JSON.stringify(time)))`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script]);
  return { id, place: 'Node', ...(JSON.parse(out.toString()) as RaceTime) };
}

const cellTitles = { rnn: 'simple RNN', lstm: 'LSTM', gru: 'GRU' } as const;

export function raceTable(races: readonly TimedRace[]): string {
  const [{ cells }] = races;
  const head = ['', ...cells.map(({ cell }) => `${cellTitles[cell]}, ms a step`), 'all, s'];
  const rows = races.map(({ id, place, cells: times, seconds }) => [
    `${titleOf(id)}, ${place}`,
    ...times.map(({ step }) => digits(step)),
    digits(seconds),
  ]);
  const ends = races.map(
    ({ id, place, cells: times }) =>
      `- Right answers in the end, ${titleOf(id)}, ${place}: ${times.map(({ cell, recall }) => `${cellTitles[cell]} ${Math.round(100 * recall)} %`).join(', ')}.`,
  );
  return `${table(head, rows)}\n\n${ends.join('\n')}`;
}
