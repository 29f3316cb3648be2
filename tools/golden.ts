// `npm run golden -- DIR [--tolerance 1e-9]`: compares the engine with reference cases and prints every difference.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareCase, type Difference, type GoldenCase } from './golden/compare.js';

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
let broken = 0;
for (const file of files) {
  console.log(file);
  let differences: Difference[];
  try {
    const golden = JSON.parse(readFileSync(join(directory, file), 'utf8')) as GoldenCase;
    differences = compareCase(golden);
  } catch (error) {
    console.log(`  cannot be checked: ${(error as Error).message}`);
    broken++;
    continue;
  }
  for (const { quantity, difference } of differences) {
    // a NaN must fail too, so it is not left to `Math.max`
    worst = difference > worst || Number.isNaN(difference) ? difference : worst;
    const mark = difference <= tolerance ? '' : '   above the tolerance';
    console.log(`  ${quantity.padEnd(22)} ${difference.toExponential(2)}${mark}`);
  }
}
console.log(`largest difference ${worst.toExponential(2)}, tolerance ${tolerance.toExponential()}`);
if (broken > 0) console.log(`${broken} cases could not be checked`);
process.exit(worst <= tolerance && broken === 0 ? 0 : 1);
