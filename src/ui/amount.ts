// How a number of any size is written: two digits that matter, as a power of ten where a decimal would be all zeros.

import { powerOfTen } from './chart.js';

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(language: string): Intl.NumberFormat {
  let format = formats.get(language);
  if (!format) {
    format = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });
    formats.set(language, format);
  }
  return format;
}

/** “0.81”, “0.00002”, “3.1 · 10⁻⁹”, “4,600”; “–” for what is no number. */
export function amount(value: number, language: string): string {
  if (Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  const format = (number: number): string => formatOf(language).format(number).replace('-', '−');
  if (size === 0 || size === Infinity || (size >= 1e-6 && size < 1e6)) return format(value);
  const [digits, exponent] = value.toExponential(1).split('e');
  return `${format(Number(digits))} · ${powerOfTen(Number(exponent))}`;
}
