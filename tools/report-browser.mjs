// A reporter for @web/test-runner: a line per file and each failure; all results as JSON in $RNN_REPORT.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { format } from 'node:util';
import { summary } from './run.mjs';

/** Every test of a session as {file, name, ok, skipped, error}; what broke outside a test counts as one. */
function resultsOf(session) {
  const file = relative(process.cwd(), session.testFile).replaceAll('\\', '/');
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
  const tests = new Map();
  return {
    reportTestFileResults({ sessionsForTestFile, testFile }) {
      const own = sessionsForTestFile.flatMap(resultsOf);
      tests.set(testFile, own);
      const lines = [
        ...own
          .filter(({ ok }) => !ok)
          .map(
            ({ file, name, error }) => `  ✗ ${file}: ${name}\n${error.replace(/^/gm, '      ')}`,
          ),
        ...sessionsForTestFile.flatMap(({ logs }) => logs.map((log) => `      ${format(...log)}`)),
        ...sessionsForTestFile.flatMap(({ request404s }) =>
          request404s.map((url) => `      not found: ${url}`),
        ),
        summary(own),
      ];
      process.stdout.write(`${lines.join('\n')}\n`); // console.log is the test runner's, with a progress bar
    },
    stop() {
      if (process.env.RNN_REPORT)
        writeFileSync(process.env.RNN_REPORT, JSON.stringify([...tests.values()].flat()));
    },
  };
}
