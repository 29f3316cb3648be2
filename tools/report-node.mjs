// A reporter for node's test runner: a line per file and each failure; all results as JSON in $RNN_REPORT.
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { inspect } from 'node:util';
import { summary } from './run.mjs';

const short = (file) => relative(process.cwd(), file).replaceAll('\\', '/');

export default async function* report(events) {
  const tests = [];
  const stack = []; // names of the suites around a result, outermost first
  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type === 'test:start') stack.splice(data.nesting, Infinity, data.name);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const error = data.details.error;
    const ok = type === 'test:pass';
    const isFile = resolve(data.name) === resolve(data.file ?? ''); // reported for a crashed or empty file
    if (error?.failureType === 'subtestsFailed') continue; // its tests are counted one by one
    if (ok && data.details.type === 'suite') continue;
    const result = {
      file: short(data.file ?? data.name),
      name: isFile ? short(data.name) : [...stack.slice(0, data.nesting), data.name].join(' › '),
      ok: data.todo !== undefined || (ok && !isFile),
      skipped: data.skip !== undefined || data.todo !== undefined,
    };
    if (!result.ok)
      result.error = !isFile
        ? inspect(error?.cause ?? error)
        : ok
          ? 'The file holds no test'
          : 'The file broke off (its output is above)';
    tests.push(result);
    if (!result.ok)
      yield `  ✗ ${result.file}: ${result.name}\n${result.error.replace(/^/gm, '      ')}\n`;
  }
  for (const file of new Set(tests.map((test) => test.file)))
    yield `${summary(tests.filter((test) => test.file === file))}\n`;
  if (process.env.RNN_REPORT) writeFileSync(process.env.RNN_REPORT, JSON.stringify(tests));
}
