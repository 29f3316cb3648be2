// The engine, the models and our own contestants as plain JavaScript modules in .cache/bench/js, as a build would leave them.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const cache = join(root, '.cache/bench');
/** Stands for the project's folder: what was src/a.ts is src/a.js here. */
export const javascriptFolder = join(cache, 'js');

/**
 * Translates file by file with the project's own options. Loaders that translate while they run add helpers of their own
 * to closures, which would be timed too.
 */
export function translate(): void {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), (file) =>
    ts.sys.readFile(file),
  ) as { config: { compilerOptions: unknown } };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  rmSync(javascriptFolder, { recursive: true, force: true });
  for (const folder of ['src/engine', 'src/model', 'tools/bench/contestants']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.endsWith('.d.ts')) continue;
      const source = readFileSync(join(root, folder, name), 'utf8');
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: { ...options, module: ts.ModuleKind.ES2022 },
        fileName: name,
      });
      const target = join(javascriptFolder, folder, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, outputText);
    }
  }
}
