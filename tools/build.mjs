// Builds everything from scratch: dist/ (modules with types, then the bundles, then what editors read) and
// custom-elements.json.
import { rmSync } from 'node:fs';
import { run } from './run.mjs';

for (const stale of ['dist', 'build/tsc']) rmSync(stale, { recursive: true, force: true });
for (const [tool, ...args] of [
  ['tsc', '-b', 'src'],
  ['rollup', '--config', '--silent'],
  ['cem', 'analyze'],
  ['node', 'tools/editor-data.mjs'],
]) {
  const { code } = await run(tool, args);
  if (code !== 0) {
    console.error(`build: ${tool} failed`);
    process.exit(1);
  }
}
