// Runs every check of the project and ends with "N passed, N failed".
//   node tools/test.mjs                                all of them, in the order below
//   node tools/test.mjs lint node                      some of them, by name
//   node tools/test.mjs test/browser/click.test.ts     some test files
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { root, run } from './run.mjs';

process.chdir(root);
const words = process.argv.slice(2);
const files = words
  .filter((word) => word.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/').replace(/^\.\//, ''));

/** The test files in `folders`, or those among them that were asked for. */
function testFiles(...folders) {
  const found = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
  return files.length ? found.filter((file) => files.includes(file)) : found;
}

/** A check that passes or fails as one; its output is shown when it fails. */
function check(...command) {
  return async () => {
    const [tool, ...args] = command;
    const { code, output } = await run(tool, args, { quiet: true, minutes: 5 });
    return code === 0 ? [{ ok: true }] : [{ ok: false, error: output }];
  };
}

/** Is the committed manifest what the sources say now? */
async function manifest() {
  const { code, output } = await run('cem', ['analyze', '--quiet', '--outdir', 'build/manifest'], {
    quiet: true,
  });
  if (code !== 0) return [{ ok: false, error: output }];
  const read = (file) =>
    existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '';
  const fresh = read('custom-elements.json') === read('build/manifest/custom-elements.json');
  return [
    {
      ok: fresh,
      error: 'custom-elements.json is out of date: run "npm run manifest" and commit it',
    },
  ];
}

/** Tests that count one by one. The reporter leaves its results in a file; its text goes to the screen. */
async function tests(name, list, tool, args) {
  if (!list.length) return [{ ok: false, error: 'No test files found' }];
  const RNN_REPORT = join(root, 'build', 'test', `${name}.json`);
  mkdirSync(join(root, 'build', 'test'), { recursive: true });
  rmSync(RNN_REPORT, { force: true });
  const { code } = await run(tool, [...args, ...list], { env: { RNN_REPORT }, minutes: 15 });
  const results = existsSync(RNN_REPORT) ? JSON.parse(readFileSync(RNN_REPORT, 'utf8')) : [];
  const counted = results.filter(({ skipped }) => !skipped).map(({ ok }) => ({ ok }));
  for (const file of list)
    if (code !== 0 && !results.some((result) => result.file === file))
      counted.push({ ok: false, error: `No results came from ${file}` });
  if (!counted.length) return [{ ok: false, error: `No test ran (exit code ${code})` }];
  if (code !== 0 && counted.every(({ ok }) => ok))
    counted.push({ ok: false, error: `The test runner broke off (exit code ${code})` });
  return counted;
}

const reporter = [
  '--test-reporter',
  './tools/report-node.mjs',
  '--test-reporter-destination',
  'stdout',
];
const stages = {
  lint: check('eslint', '.', '--max-warnings', '0'),
  format: check('prettier', '--check', '.', '--log-level', 'warn'),
  types: async () => {
    const [engine] = await check('tsc', '-p', 'src/engine', '--noEmit')();
    return engine.ok ? check('tsc', '-p', '.', '--noEmit')() : [engine];
  },
  manifest,
  build: check('node', 'tools/build.mjs'),
  size: check('size-limit'),
  package: check('publint', '--strict'),
  node: () =>
    tests('node', testFiles('test/engine', 'test/model', 'test/project'), 'node', [
      '--import',
      'tsx',
      '--test',
      `--test-concurrency=${availableParallelism()}`,
      ...reporter,
    ]),
  browser: async () => {
    try {
      console.log(`  in ${findBrowser().name}`);
    } catch (error) {
      return [{ ok: false, error: error.message }];
    }
    return tests('browser', testFiles('test/browser', 'test/contract'), 'wtr', []);
  },
};

const asked = files.length
  ? ['node', 'browser'].filter((name) =>
      files.some((f) => /test\/(browser|contract)\//.test(f) === (name === 'browser')),
    )
  : words.length
    ? words
    : Object.keys(stages);
for (const name of asked)
  if (!stages[name]) throw new Error(`Unknown check "${name}"; there are ${Object.keys(stages)}`);

/** Runs a stage; never rejects. */
const start = (name) => stages[name]().catch((error) => [{ ok: false, error: error.stack }]);

// what only reads the sources may go on side by side
const early = new Map(
  ['lint', 'format', 'types'].flatMap((name) =>
    asked.includes(name) ? [[name, start(name)]] : [],
  ),
);

let passed = 0;
let failed = 0;
for (const name of asked) {
  console.log(`\n${name} …`);
  const begin = performance.now();
  const results = await (early.get(name) ?? start(name));
  for (const { ok, error } of results) {
    if (ok) passed++;
    else failed++;
    if (!ok && error) console.log(error.trimEnd().replace(/^/gm, '    '));
  }
  const bad = results.filter(({ ok }) => !ok).length;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const verdict = bad ? `${bad} FAILED` : 'ok';
  console.log(
    `${name}: ${verdict}${results.length > 1 ? `, ${results.length - bad} passed` : ''} (${seconds} s)`,
  );
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
