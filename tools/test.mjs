// Runs every check of the project and ends with "N passed, N failed".
//   node tools/test.mjs                                all of them, in the order below
//   node tools/test.mjs lint node                      some of them, by name
//   node tools/test.mjs test/browser/click.test.ts     some test files
//   node tools/test.mjs browsers                       the browser tests in Chromium, Firefox and WebKit; docs/pages.md
//   node tools/test.mjs browsers webkit                … in some of them; test files may follow, too
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { engines, findBrowser } from './browser.mjs';
import { pack } from './pack.mjs';
import { writePages } from './pages.mjs';
import { root, run } from './run.mjs';

process.chdir(root);
const words = process.argv.slice(2);
const files = words
  .filter((word) => word.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/').replace(/^\.\//, ''));

const inBrowser = ['test/browser', 'test/contract'];
const driven = 'test/driven';

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
    const { code, output } = await run(tool, args, { quiet: true, minutes: 15 });
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

/** What counts of the results of `list`; no file may be without. */
function counted(results, list, where = '') {
  const counts = results.filter(({ skipped }) => !skipped).map(({ ok }) => ({ ok }));
  for (const file of list)
    if (!results.some((result) => result.file === file))
      counts.push({ ok: false, error: `${where}No results came from ${file}` });
  return counts;
}

/** The same, and a failure if nothing says why the runner ended with a code. */
function explained(counts, code) {
  const fine = counts.every(({ ok }) => ok);
  if (counts.length && (code === 0 || !fine)) return counts;
  return [...counts, { ok: false, error: `The test runner broke off (exit code ${code})` }];
}

/** A file of results, in build/test, that a run is to write. */
function report(name) {
  const file = join(root, 'build', 'test', `${name}.json`);
  mkdirSync(join(root, 'build', 'test'), { recursive: true });
  rmSync(file, { force: true });
  return file;
}

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

/** Runs tests in Node. The reporter leaves its results in a file; its text goes to the screen. */
async function nodeTests(name, list, env = {}) {
  if (!list.length) return [{ ok: false, error: 'No test files found' }];
  const RNN_REPORT = report(name);
  const args = ['--import', 'tsx', '--test', `--test-concurrency=${availableParallelism()}`];
  const reporter = ['--test-reporter', './tools/report-node.mjs'];
  const { code } = await run(
    'node',
    [...args, ...reporter, '--test-reporter-destination', 'stdout', ...list],
    { env: { ...env, RNN_REPORT }, minutes: 15 },
  );
  return explained(counted(read(RNN_REPORT) ?? [], list), code);
}

/** Last words, before the count of all tests. */
const closing = [];

/** Those of the engines that are there. A missing one is said, and no failure. */
function present(asked) {
  return asked.filter((engine) => {
    try {
      console.log(`  ${engine} is ${findBrowser(engine).name}`);
      return true;
    } catch (error) {
      const line = `${engine} IS MISSING, nothing ran in it. ${error.message}`;
      console.log(`  ${line}`);
      closing.push(line);
      return false;
    }
  });
}

/** Runs tests in browsers, at the same time. */
async function browserTests(found) {
  if (!found.length) return [{ ok: false, error: 'There is no browser to run the tests in' }];
  // the longest first, so that none of them is what is left at the end
  const list = testFiles(...inBrowser).sort((a, b) => statSync(b).size - statSync(a).size);
  if (!list.length) return [{ ok: false, error: 'No test files found' }];
  const env = { RNN_ENGINES: found.join() };
  const reports = found.map(report);
  const { code } = await run('wtr', list, { env, minutes: 30 });
  const all = found.flatMap((engine, i) => {
    const { tests = [], lacking = [], version = engine } = read(reports[i]) ?? {};
    const counts = counted(tests, list, `${engine}: `);
    const failed = counts.filter(({ ok }) => !ok).length;
    closing.push(`${engine} (${version}): ${counts.length - failed} passed, ${failed} failed`);
    for (const ability of new Set(lacking.map((test) => test.ability))) {
      const { length } = lacking.filter((test) => test.ability === ability);
      closing.push(`${engine}: ${length} tests need ${ability}, which it does not offer`);
    }
    return counts;
  });
  return explained(all, code);
}

/** What only reads the sources: begins at once and goes on beside the rest, until its turn. */
const beside = {
  lint: check('eslint', '.', '--max-warnings', '0'),
  format: check('prettier', '--check', '.', '--log-level', 'warn'),
  types: async () => {
    const [engine] = await check('tsc', '-p', 'src/engine', '--noEmit')();
    return engine.ok ? check('tsc', '-p', '.', '--noEmit')() : [engine];
  },
};

const stages = {
  manifest,
  build: check('node', 'tools/build.mjs'),
  size: check('size-limit'),
  package: async () => {
    const [lint] = await check('publint', '--strict')();
    return lint.ok ? check('attw', pack(join(root, 'build', 'package')))() : [lint];
  },
  node: () => nodeTests('node', testFiles('test/engine', 'test/model', 'test/project', driven)),
  browser: () => browserTests(present(['chromium'])),
  ...beside,
};
const all = Object.keys(stages);
const named = words.filter((word) => engines.includes(word));
stages.browsers = async () => {
  // what an earlier run left of an engine that is missing now is no result
  for (const engine of named.length || files.length ? [] : engines) report(engine);
  const found = present(named.length ? named : engines);
  // what drives pages from outside has run with the tests of Node, but in Chromium alone
  const outside = testFiles(driven);
  const env = { RNN_ENGINES: found.join() };
  const pages = outside.length && found.length ? await nodeTests('driven', outside, env) : [];
  const rest = files.length && !testFiles(...inBrowser).length ? [] : await browserTests(found);
  if (!named.length && !files.length) await writePages();
  return [...pages, ...rest];
};

const asked =
  words[0] === 'browsers'
    ? files.length
      ? ['browsers']
      : ['build', 'browsers']
    : files.length
      ? ['node', 'browser'].filter((name) =>
          files.some(
            (file) =>
              inBrowser.some((folder) => file.startsWith(`${folder}/`)) === (name === 'browser'),
          ),
        )
      : words.length
        ? words
        : all;
for (const name of asked)
  if (!stages[name]) throw new Error(`Unknown check "${name}"; there are ${all}, browsers`);

/** Runs a stage; never rejects. */
const start = (name) => stages[name]().catch((error) => [{ ok: false, error: error.stack }]);

const early = new Map(
  Object.keys(beside).flatMap((name) => (asked.includes(name) ? [[name, start(name)]] : [])),
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
console.log(['', ...closing, `${passed} passed, ${failed} failed`].join('\n'));
process.exitCode = failed || !passed ? 1 : 0;
