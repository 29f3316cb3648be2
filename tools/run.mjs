// Shared by the tools: runs a program of the installed packages and waits for it; a line about a test file.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The script behind the command `name` of an installed package, so that no shell is needed to start it. */
const packages = {
  attw: '@arethetypeswrong/cli',
  tsc: 'typescript',
  cem: '@custom-elements-manifest/analyzer',
  wtr: '@web/test-runner',
};
function script(name) {
  const from = join(root, 'node_modules', packages[name] ?? name, 'package.json');
  const { bin } = JSON.parse(readFileSync(from, 'utf8'));
  return join(dirname(from), typeof bin === 'string' ? bin : bin[name]);
}

/**
 * Starts `tool` (a package's command, or 'node') in the project's folder and resolves to {code, output} when it
 * has ended; after `minutes` it is ended with all it started. `quiet` collects the output instead of showing it.
 */
export function run(tool, args = [], { env = {}, quiet = false, minutes = 60 } = {}) {
  const argv = tool === 'node' ? args : [script(tool), ...args];
  const output = quiet ? 'pipe' : 'inherit';
  const posix = process.platform !== 'win32';
  return new Promise((resolve) => {
    const child = spawn(process.execPath, argv, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', output, output],
      detached: posix, // a process group of its own, to be ended as a whole
    });
    const end = () => {
      try {
        process.kill(posix ? -child.pid : child.pid, 'SIGKILL');
      } catch {
        // it has ended by itself
      }
    };
    const stop = () => {
      end();
      process.exit(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
    let text = '';
    child.stdout?.on('data', (data) => (text += data));
    child.stderr?.on('data', (data) => (text += data));
    const timer = setTimeout(() => {
      text += `\n${tool} was ended after ${minutes} minutes`;
      if (!quiet) console.log(`${tool} was ended after ${minutes} minutes`);
      end();
    }, minutes * 60_000);
    const done = (code) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM']) process.removeListener(signal, stop);
      resolve({ code, output: text });
    };
    child.on('error', (error) => {
      text += error.stack;
      done(1);
    });
    child.on('close', (code) => done(code ?? 1));
  });
}

/** One line about the results of one test file. */
export function summary(results, where = '') {
  const skipped = results.filter((result) => result.skipped).length;
  const mark = results.every((result) => result.ok) ? '✓' : '✗';
  const aside = skipped ? ` (${skipped} skipped)` : '';
  return `  ${mark}${where && ` ${where}`} ${results[0].file}: ${results.length - skipped} tests${aside}`;
}
