// Browser tests: test/browser and test/contract against src/ (compiled on the fly), dist/ and demo/.
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './tools/browser.mjs';
import { reportBrowser } from './tools/report-browser.mjs';

const browser = findBrowser();
Object.assign(process.env, browser.env);

/** What @web/test-runner-commands can't emulate: executeServerCommand('forced-colors', 'active' or 'none'). */
function forcedColors() {
  const clients = new Map();
  return {
    name: 'forced-colors',
    async executeCommand({ command, payload, session }) {
      if (command !== 'forced-colors') return undefined;
      const page = session.browser.getPage(session.id);
      if (!clients.has(page)) clients.set(page, await page.createCDPSession());
      const features = [{ name: 'forced-colors', value: payload }];
      await clients.get(page).send('Emulation.setEmulatedMedia', { features });
      return true;
    },
  };
}

export default {
  files: 'test/{browser,contract}/**/*.test.ts',
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  nodeResolve: { exportConditions: ['browser', 'development'] },
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('./tsconfig.base.json', import.meta.url)),
    }),
    forcedColors(),
  ],
  browsers: [
    // One page at a time: keyboard focus and pointer belong to the test that runs.
    chromeLauncher({
      concurrency: 1,
      launchOptions: { executablePath: browser.path, args: browser.args },
    }),
  ],
  reporters: [reportBrowser()],
  staticLogging: true,
  filterBrowserLogs: ({ args }) => !/^Lit is in dev mode/.test(String(args[0])),
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 240_000,
  testFramework: { config: { ui: 'bdd', timeout: '20000' } },
};
