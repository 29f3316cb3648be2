// `npm run pytorch [-- --write]`: runs the recipe of docs/own-network.md in PyTorch and compares every prediction with ours.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadModel } from '../src/model/index.js';
import { largestError, type PytorchCase } from './pytorch/compare.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const tolerance = 1e-6;
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const python = process.env['PYTHON'] ?? 'python3';

const folder = mkdtempSync(join(tmpdir(), 'rnn-pytorch-'));
try {
  const document = readFileSync(join(root, 'docs/own-network.md'), 'utf8');
  const blocks = [...document.matchAll(/^```python\n(.*?)^```/gms)].map(([, code]) => code);
  writeFileSync(join(folder, 'recipe.py'), blocks.join('\n'));
  const { status } = spawnSync(
    python,
    [join(root, 'tools/pytorch/check.py'), join(folder, 'recipe.py'), folder],
    { stdio: 'inherit' },
  );
  if (status !== 0) {
    console.error(`${python} needs torch and safetensors; PYTHON names another one`);
    process.exitCode = 2;
  } else compare();
} finally {
  rmSync(folder, { recursive: true });
}

function compare(): void {
  const { torch, cases } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as {
    torch: string;
    cases: PytorchCase[];
  };
  console.log(`PyTorch ${torch}, largest difference of a probability`);
  let worst = 0;
  for (const each of cases) {
    const error = largestError(loadModel(readFileSync(join(folder, each.file))), each);
    // a NaN must fail too, so it is not left to `Math.max`
    worst = error > worst || Number.isNaN(error) ? error : worst;
    console.log(`  ${each.file.padEnd(40)} ${error.toExponential(1)}`);
  }
  const ok = worst <= tolerance;
  console.log(
    `${ok ? 'ok' : 'DIFFERENT'}: at most ${worst.toExponential(1)}, allowed ${tolerance}`,
  );
  process.exitCode = ok ? 0 : 1;
  if (!ok || !values.write) return;
  const [recipe] = cases;
  const fixtures = join(root, 'test/fixtures');
  copyFileSync(join(folder, recipe.file), join(fixtures, 'pytorch.safetensors'));
  writeFileSync(join(fixtures, 'pytorch.json'), `${JSON.stringify({ torch, ...recipe })}\n`);
}
