// `npm run golden -- DIR [--tolerance 1e-9]`: compares the engine with reference cases and prints every difference.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareCase, type GoldenCase } from './golden/compare.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tolerance: { type: 'string', default: '1e-9' } },
});
const directory = positionals[0];
const tolerance = Number(values.tolerance);
if (!directory || !(tolerance > 0)) {
  console.error('usage: npm run golden -- DIR [--tolerance 1e-9]');
  process.exit(2);
}
const files = readdirSync(resolve(directory))
  .filter((name) => name.endsWith('.json'))
  .sort();
if (files.length === 0) {
  console.error(`no .json case in ${directory}`);
  process.exit(2);
}
let worst = 0;
for (const file of files) {
  console.log(file);
  for (const { quantity, difference } of compareCase(
    JSON.parse(readFileSync(join(directory, file), 'utf8')) as GoldenCase,
  )) {
    // a NaN must fail too, so it is not left to `Math.max`
    worst = difference > worst || Number.isNaN(difference) ? difference : worst;
    const mark = difference <= tolerance ? '' : '   above the tolerance';
    console.log(`  ${quantity.padEnd(22)} ${difference.toExponential(2)}${mark}`);
  }
}
console.log(`largest difference ${worst.toExponential(2)}, tolerance ${tolerance.toExponential()}`);
process.exit(worst <= tolerance ? 0 : 1);
