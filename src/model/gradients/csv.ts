// The curves as a file for a spreadsheet (CSV, RFC 4180), with every digit.

import type { CellType } from '../../engine/index.js';
import type { GradientBand, GradientLine, GradientShares } from './curves.js';

/** What is known of the curves from one step back. */
export interface Curves {
  readonly lines: ReadonlyMap<CellType, GradientLine>;
  readonly bands: ReadonlyMap<CellType, GradientBand>;
  readonly shares: ReadonlyMap<CellType, GradientShares>;
}

/**
 * One row a lag, under a row of names: `lag`; `word`, the one read that many steps before (not for random inputs); and for
 * each cell, as far as they are known, `CELL`, `CELL_lower`, `CELL_median` and `CELL_upper` (quartiles over the steps),
 * `CELL_forget_gates` and `CELL_share`. Fields without a value are empty. Lines end in CR LF.
 * @param words what is read at each step (see `GradientRun`).
 * @param t the step that the curves go back from.
 */
export function csvOf(curves: Curves, words: readonly string[], t: number): string {
  const columns = [...curves.lines.keys()].flatMap((cell) => columnsOf(cell, curves));
  const rows = Math.max(0, ...columns.map(({ values }) => values.length));
  const word = words.length > 0;
  const head = ['lag', ...(word ? ['word'] : []), ...columns.map(({ name }) => name)];
  const lines = Array.from({ length: rows }, (_, lag) => [
    String(lag),
    ...(word ? [textField(words[t - lag])] : []),
    ...columns.map(({ values }) => (lag < values.length ? String(values[lag]) : '')),
  ]);
  return [head, ...lines].map((fields) => `${fields.join(',')}\r\n`).join('');
}

interface Column {
  readonly name: string;
  readonly values: Float64Array;
}

function columnsOf(cell: CellType, { lines, bands, shares }: Curves): Column[] {
  const line = lines.get(cell);
  const band = bands.get(cell);
  const all: readonly (readonly [string, Float64Array | null | undefined])[] = [
    [cell, line?.values],
    [`${cell}_lower`, band?.lower],
    [`${cell}_median`, band?.median],
    [`${cell}_upper`, band?.upper],
    [`${cell}_forget_gates`, line?.gatePath],
    [`${cell}_share`, shares.get(cell)?.values],
  ];
  return all.flatMap(([name, values]) => (values ? [{ name, values }] : []));
}

/** Text as a field. A spreadsheet would run what begins like a formula; an apostrophe before it makes it text. */
function textField(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
