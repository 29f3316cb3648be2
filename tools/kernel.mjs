// Compiles assembly/ to WebAssembly and writes it as a script module, src/engine/kernels/simd-module.ts (`npm run kernel`).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const kernelFile = join(root, 'src/engine/kernels/simd-module.ts');

/** The source of the script module that holds the compiled kernel. */
export function kernelModule() {
  const folder = mkdtempSync(join(tmpdir(), 'rnn-kernel-'));
  try {
    const file = join(folder, 'kernel.wasm');
    execFileSync(process.execPath, [
      join(root, 'node_modules/assemblyscript/bin/asc.js'),
      ...[join(root, 'assembly/index.ts'), '--outFile', file],
      ...['--runtime', 'stub', '--enable', 'simd', '--noAssert', '-O3'],
      ...['--importMemory', '--noExportMemory'],
    ]);
    const bytes = readFileSync(file).toString('hex');
    return `// Compiled from assembly/ by \`npm run kernel\`: WebAssembly, in hexadecimal, which gzip packs tighter than base64. Do not edit.\n\nexport const moduleBytes =\n  '${bytes}';\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(kernelFile, kernelModule());
