// Writes the table of docs/pages.md, what pages do × browser × result, from what the last runs of the tests left in
// build/test/: npm run pages. A run of all tests in all browsers (npm run test:browsers) ends with it.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { engines } from './browser.mjs';
import { section } from './markdown.mjs';
import { root } from './run.mjs';

const names = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKitGTK' };

function report(name) {
  const file = join(root, 'build/test', `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** The suites of the tests that put elements on other people's pages: {file, title}. */
function suites() {
  return ['test/contract', 'test/driven']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/^describe\(\s*(['"])(.+)\1,/gm)].map(
        ([, , title]) => ({ file, title }),
      ),
    );
}

const inSuite = ({ file, title }, test) =>
  test.file === file && test.name.startsWith(`${title} › `);

/** What was run in an engine: its version, tests, and those that it cannot run. */
function runOf(engine) {
  const { version, tests = [], lacking = [] } = report(engine) ?? {};
  // pages that are driven from outside have the engine in the names of their tests; without a run in all of them there
  // is the one in Chromium, with the tests of Node
  const driven = (report('driven') ?? report('node') ?? []).filter(({ name }) =>
    name.includes(` › in ${engine} › `),
  );
  return { version, lacking, tests: [...tests, ...driven].filter(({ skipped }) => !skipped) };
}

/** What a suite has come to in one of the runs. */
function result(suite, run, runs) {
  const ofFile = run.tests.filter(({ file }) => file === suite.file);
  const tests = ofFile.filter((test) => inSuite(suite, test));
  const bad = tests.filter(({ ok }) => !ok).length;
  // a test that an engine cannot run is known by its own name alone: another engine has it in its suite
  const lacking = run.lacking.filter(({ file, name }) =>
    runs.some((other) =>
      other.tests.some(
        (test) => test.file === file && inSuite(suite, test) && test.name.endsWith(` › ${name}`),
      ),
    ),
  );
  const abilities = [...new Set(lacking.map(({ ability }) => ability))].join(', ');
  const parts = [
    bad ? `✗ ${bad} of ${tests.length}` : tests.length ? `✓ ${tests.length}` : '',
    ofFile.some(({ ok, name }) => !ok && name === '(the file itself)') ? '✗ broke off' : '',
    lacking.length ? `– ${lacking.length} (lacks ${abilities})` : '',
  ];
  return parts.filter(Boolean).join(', ') || (ofFile.length ? '✗ 0 ran' : 'not run');
}

export async function writePages() {
  const runs = engines.map(runOf);
  const head = engines.map((engine, i) => {
    const [version] = /\d+\.\d+/.exec(runs[i].version ?? '') ?? [];
    return [names[engine], version].filter(Boolean).join(' ');
  });
  const rows = suites().map((suite) => [
    `[${suite.title}](../${suite.file})`,
    ...runs.map((run) => result(suite, run, runs)),
  ]);
  const lines = [['The page', ...head], ['---', ...head.map(() => '---')], ...rows];
  await section(
    'docs/pages.md',
    'pages',
    lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await writePages();
