// `npm run golden -- DIR [--tolerance N]`: compares both kernels with reference cases and prints every difference.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadKernel, referenceKernel } from '../src/engine/index.js';
import { compareCase, type Difference, type GoldenCase } from './golden/compare.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tolerance: { type: 'string' } },
});
const directory = positionals[0];
if (!directory || (values.tolerance !== undefined && !(Number(values.tolerance) > 0))) {
  console.error('usage: npm run golden -- DIR [--tolerance N, in place of 1e-12 and 1e-5]');
  process.exit(2);
}
const files = readdirSync(resolve(directory))
  .filter((name) => name.endsWith('.json'))
  .sort();
if (files.length === 0) {
  console.error(`no .json case in ${directory}`);
  process.exit(2);
}
const simd = await loadKernel();
if (simd === referenceKernel) console.log('no WebAssembly here: the SIMD kernel is not checked');
let broken = 0;
for (const kernel of new Set([referenceKernel, simd])) {
  const tolerance = Number(values.tolerance ?? (kernel.name === 'simd' ? 1e-5 : 1e-12));
  let worst = 0;
  for (const file of files) {
    console.log(`${file}, ${kernel.name} kernel`);
    let differences: Difference[];
    try {
      const golden = JSON.parse(readFileSync(join(directory, file), 'utf8')) as GoldenCase;
      differences = compareCase(golden, kernel);
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
  console.log(
    `${kernel.name}: largest difference ${worst.toExponential(2)}, tolerance ${tolerance.toExponential()}`,
  );
  if (!(worst <= tolerance)) process.exitCode = 1;
}
if (broken > 0) {
  console.log(`${broken} cases could not be checked`);
  process.exitCode = 1;
}
