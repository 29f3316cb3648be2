// Lets @web/test-runner run its pages in any of the three engines, and its tests use keyboard, mouse and settings.
import { launch } from '../drive.mjs';

/**
 * The launcher of an engine for the test runner's configuration. Each of `concurrency` pages has a browser of its own,
 * since keyboard focus and pointer belong to the test that runs.
 */
export function launcher(engine, concurrency) {
  const all = [];
  const idle = [];
  const active = new Map();
  return {
    name: engine,
    type: 'rnn-elements',
    version: undefined, // known once the browser runs
    concurrency,

    async startSession(id, url) {
      let page = idle.pop();
      if (page) await page.renew();
      else {
        page = await launch(engine);
        all.push(page);
        this.version = page.version;
      }
      active.set(id, page);
      await page.resize({ width: 800, height: 600 });
      await page.goto(`${url}&engine=${engine}`);
    },

    isActive: (id) => active.has(id),
    getPage: (id) => active.get(id),
    getBrowserUrl: (id) => active.get(id)?.run('location.href'),

    async stopSession(id) {
      const page = active.get(id);
      active.delete(id);
      await page.goto('about:blank'); // ends whatever still runs
      idle.push(page);
      return {};
    },

    async stop() {
      await Promise.all(all.map((page) => page.close()));
    },
  };
}

/** What test/support/browser.ts asks for: methods of the page, and word of tests that an engine cannot run. */
export function commands() {
  return {
    name: 'commands',
    async executeCommand({ command, payload, session }) {
      const { browser, id } = session;
      if (command === 'lacks') {
        browser.lacks ??= [];
        browser.lacks.push({ file: session.testFile, ...payload });
        return true;
      }
      if (!['keys', 'mouse', 'release', 'resize', 'emulate'].includes(command)) return undefined;
      await browser.getPage(id)[command](payload);
      return true;
    },
  };
}
