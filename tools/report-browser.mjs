// A reporter for @web/test-runner: a line per file and each failure; the results as JSON in build/test/ENGINE.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { format } from 'node:util';
import { root, summary } from './run.mjs';

const short = (file) => relative(root, file).replaceAll('\\', '/');

/** Every test of a session as {file, name, ok, skipped, error}; what broke outside a test counts as one. */
function resultsOf(session) {
  const file = short(session.testFile);
  const results = [];
  const visit = (suite, path) => {
    for (const { name, passed, skipped, error } of suite.tests) {
      const ok = passed || skipped;
      // without an error of its own: a hook around it failed, which is among the errors of the file
      const text = ok ? undefined : (error?.stack ?? error?.message ?? 'did not run to its end');
      const values =
        error?.expected !== undefined && `\nexpected: ${error.expected}\nactual: ${error.actual}`;
      const message =
        text && error?.message && !text.includes(error.message)
          ? `${error.message}\n${text}`
          : text;
      results.push({
        file,
        name: [...path, name].join(' › '),
        ok,
        skipped,
        error: message && message + (values || ''),
      });
    }
    for (const inner of suite.suites) visit(inner, [...path, inner.name]);
  };
  if (session.testResults) visit(session.testResults, []);
  const broken = [...session.errors];
  if (!results.length && !broken.length) broken.push({ message: 'The file holds no test' });
  if (!session.passed && !broken.length && results.every(({ ok }) => ok))
    broken.push({ message: 'The file failed outside its tests' });
  for (const { message, stack } of broken)
    results.push({
      file,
      name: '(the file itself)',
      ok: false,
      skipped: false,
      error: stack?.includes(message) ? stack : `${message}\n${stack ?? ''}`,
    });
  return results;
}

export function reportBrowser() {
  let engines;
  return {
    start({ config }) {
      engines = new Map(config.browsers.map((browser) => [browser, []]));
    },
    reportTestFileResults({ sessionsForTestFile }) {
      for (const session of sessionsForTestFile) {
        const { browser, logs, request404s } = session;
        const own = resultsOf(session);
        engines.get(browser).push(...own);
        const lines = [
          ...own
            .filter(({ ok }) => !ok)
            .map(
              ({ file, name, error }) =>
                `  ✗ ${browser.name} ${file}: ${name}\n${error.replace(/^/gm, '      ')}`,
            ),
          ...logs.map((log) => `      ${format(...log)}`),
          ...request404s.map((url) => `      not found: ${url}`),
          summary(own, browser.name),
        ];
        process.stdout.write(`${lines.join('\n')}\n`); // console.log is the test runner's, with a progress bar
      }
    },
    stop() {
      const folder = join(root, 'build', 'test');
      mkdirSync(folder, { recursive: true });
      for (const [{ name, version, lacks = [] }, tests] of engines) {
        const lacking = lacks.map((test) => ({ ...test, file: short(test.file) }));
        const results = { engine: name, version, tests, lacking };
        writeFileSync(join(folder, `${name}.json`), JSON.stringify(results));
      }
    },
  };
}
