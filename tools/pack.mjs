// Packs what `npm publish` would send, as it stands in dist/ now.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** Writes the tarball into `folder` and returns its path. */
export function pack(folder) {
  mkdirSync(folder, { recursive: true });
  // without scripts: `prepack` would build anew under the hands of whoever is testing
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { npm_execpath: npm } = process.env;
  const [command, first, shell] = npm
    ? [process.execPath, [npm], false]
    : ['npm', [], process.platform === 'win32'];
  const { status, stdout, stderr } = spawnSync(command, [...first, ...args], {
    cwd: root,
    encoding: 'utf8',
    shell,
  });
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const [{ filename }] = JSON.parse(stdout);
  return join(folder, filename);
}
