// What tests that drive whole pages from outside share: the browsers, the project's own server, and waiting.

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Engine, Page } from '../../tools/drive.mjs';

/** Which browsers RNN_ENGINES names, as firefox,webkit; without it Chromium. */
export const engines = (process.env['RNN_ENGINES'] ?? 'chromium').split(',') as Engine[];

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Serves the project as `npm start` does, on a free port, while the tests of the file run: its address then. */
export function serveProject(): () => string {
  let server: ChildProcess;
  let home: string;
  before(async () => {
    server = spawn(process.execPath, [`${root}tools/serve.mjs`], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(server.stdout!, 'data')) as [Buffer];
    home = /http:\/\/[^/]+/.exec(said.toString())![0];
  });
  after(() => {
    server.kill();
  });
  return () => home;
}

/** Writes a page, without an icon to be asked for. @returns its path on the project's server. */
export function writePage(name: string, markup: string): string {
  mkdirSync(`${root}build/driven`, { recursive: true });
  writeFileSync(
    `${root}build/driven/${name}`,
    `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${markup}`,
  );
  return `/build/driven/${name}`;
}

/** Waits until something is so. @param patience in milliseconds. */
export async function until(
  page: Page,
  what: string,
  condition: () => Promise<unknown>,
  patience = 20_000,
): Promise<void> {
  for (const end = Date.now() + patience; Date.now() < end;) {
    if (await condition()) return;
    await pause(30);
  }
  assert.fail(`${what}; errors: ${page.errors().join('\n')}`);
}
