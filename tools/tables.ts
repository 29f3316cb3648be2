// What the tools that measure over many seeds share: quartiles, and tables in Markdown.

import { quantile } from '../src/engine/gain.js';

/** Lower quartile, median and upper quartile. */
export function quartiles(values: readonly number[]): [low: number, middle: number, high: number] {
  const sorted = Float64Array.from(values).sort();
  return [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
}

/** An integer as an exponent: −7 as ⁻⁷. */
export const superscript = (n: number): string =>
  Array.from(String(n), (digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])).join('');

/** A table in Markdown, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
