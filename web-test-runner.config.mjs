// Browser tests: test/browser and test/contract against src/ (compiled on the fly), dist/ and demo/.
// RNN_ENGINES names the engines, chromium,firefox,webkit; without it the tests run in Chromium.
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { commands, launcher } from './tools/browsers/launcher.mjs';
import { madePages } from './tools/browsers/made-pages.mjs';
import { reportBrowser } from './tools/report-browser.mjs';

const engines = (process.env.RNN_ENGINES ?? 'chromium').split(',');
/** Milliseconds for a test: WebKitGTK is several times as slow as the others, and all three together share a machine. */
const timeout = engines.join() === 'chromium' ? 60_000 : 240_000;
// (a page waits a third of its time: for frames, for a second look)
const pages = engines.length > 1 ? 1 : Math.min(4, availableParallelism() + 1);

export default {
  files: 'test/{browser,contract}/**/*.test.ts',
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  nodeResolve: { exportConditions: ['browser'] },
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('./tsconfig.base.json', import.meta.url)),
    }),
    commands(),
    madePages(),
  ],
  browsers: engines.map((engine) => launcher(engine, pages)),
  concurrentBrowsers: engines.length,
  reporters: [reportBrowser()],
  staticLogging: true,
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 15 * timeout,
  testFramework: { config: { ui: 'bdd', timeout: String(timeout) } },
};
