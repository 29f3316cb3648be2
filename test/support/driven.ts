// What tests that drive whole pages from outside share: the browsers, the project's own server, and waiting.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Engine, Page } from '../../tools/drive.mjs';

/** Which browsers RNN_ENGINES names, as firefox,webkit; without it Chromium. */
export const engines = (process.env['RNN_ENGINES'] ?? 'chromium').split(',') as Engine[];

/** Serves the project as `npm start` does, on a free port. */
export async function serveProject(): Promise<{
  readonly home: string;
  readonly stop: () => void;
}> {
  const server = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../tools/serve.mjs', import.meta.url))],
    { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [said] = (await once(server.stdout, 'data')) as [Buffer];
  return {
    home: /http:\/\/[^/]+/.exec(said.toString())![0],
    stop: () => {
      server.kill();
    },
  };
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
