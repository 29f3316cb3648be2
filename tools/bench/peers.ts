// Brings the peers: the packages of tools/bench/package.json, and a Python that has PyTorch.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './javascript.js';

const folder = join(root, 'tools/bench');

/** Installs the peers' packages unless they are there. No install scripts run: one of them wants a download. */
export function installPeers(): void {
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return;
  console.error('Installing the peers into tools/bench/node_modules, once (about 800 MB) …');
  const shell = process.platform === 'win32';
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell,
  });
}

/** A Python that can import torch: PYTHON, or one of the usual names. */
export function findPython(): string | undefined {
  const named = process.env['PYTHON'];
  const candidates = named ? [named] : ['python3', '/usr/bin/python3', 'python'];
  return candidates.find(
    (python) => spawnSync(python, ['-c', 'import torch'], { timeout: 60_000 }).status === 0,
  );
}
