// The engine's guide: its examples run and print what stands beside them, its tables name every export, comments exist.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const engine = join(root, 'src/engine/index.ts');
const read = (file: string): string =>
  readFileSync(join(root, file), 'utf8').replace(/\r\n/g, '\n');

// The convention -----------------------------------------------------------------------------------------------------

/** One line that prints, and the comment behind it. */
interface Check {
  readonly line: string;
  readonly shown: string;
}

/** One fenced block of a document. */
interface Example {
  readonly place: string;
  readonly code: string;
}

/** The blocks in JavaScript that import the engine. */
function examplesOf(file: string): Example[] {
  const text = read(file);
  return [...text.matchAll(/^```(?:js|javascript|mjs)\n(.*?)^```/gms)]
    .map(({ 1: code, index }) => ({
      place: `${file}:${text.slice(0, index).split('\n').length}`,
      code,
    }))
    .filter(({ code }) => code.includes("'rnn-elements/engine'"));
}

/**
 * Every line that prints is a statement of its own with what it prints in a comment behind it: `console.log(x); // 0.45`.
 * @throws if one has none, or if nothing is printed.
 */
function checksOf({ place, code }: Example): Check[] {
  const lines = code.split('\n').filter((line) => line.includes('console.log('));
  assert.ok(lines.length > 0, `${place} shows no value`);
  return lines.map((line) => {
    const shown = /^console\.log\(.*\); \/\/ (.+)$/.exec(line)?.[1];
    assert.ok(shown, `${place}: no value behind ${line.trim()}`);
    return { line, shown };
  });
}

const numbers = /(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])/g;

/** A number as it is written: how many decimals, in how many powers of ten. */
function digits(written: string): { decimals: number; exponent: number | undefined } {
  const [, decimals = '', exponent] = /^-?\d+(?:\.(\d+))?(?:e(.+))?$/.exec(written)!;
  return { decimals: decimals.length, exponent: exponent ? Number(exponent) : undefined };
}

/** One unit of the last digit that is written. */
function unitOf(written: string): number {
  const { decimals, exponent = 0 } = digits(written);
  return 10 ** (exponent - decimals);
}

/** The number with so many decimals as another one is written with. */
function like(written: string, value: number): string {
  const { decimals, exponent } = digits(written);
  return exponent === undefined ? value.toFixed(decimals) : value.toExponential(decimals);
}

/** Does the comment say what was printed? Its numbers may have fewer digits; `Float64Array(2)` and spaces are left out. */
function says(shown: string, printed: string): boolean {
  const plain = (text: string): string =>
    text
      .replace(/\w+Array\(\d+\) /g, '')
      .replace(/\s+/g, ' ')
      .replace(/(?<=\[) | (?=\])/g, '');
  const [comment, output] = [plain(shown), plain(printed)];
  if (comment.replace(numbers, '#') !== output.replace(numbers, '#')) return false;
  const actual = output.match(numbers) ?? [];
  return (comment.match(numbers) ?? []).every((written, i) => {
    const difference = Math.abs(Number(written) - Number(actual[i]));
    // an integer is shown as it is
    return difference <= (/[.e]/.test(written) ? 0.5 * unitOf(written) * (1 + 1e-9) : 0);
  });
}

/** Runs an example against the sources; what each `console.log` printed. */
async function run(t: TestContext, { place, code }: Example): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rnn-example-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const specifiers = ts.preProcessFile(code, true, true).importedFiles;
  for (const { fileName } of specifiers) assert.equal(fileName, 'rnn-elements/engine', place);
  const file = join(folder, 'example.mjs');
  writeFileSync(file, code.replaceAll("'rnn-elements/engine'", `'${pathToFileURL(engine).href}'`));
  const printed: string[] = [];
  const log = t.mock.method(console, 'log', (...values: unknown[]) => {
    const options = { breakLength: Infinity, maxArrayLength: null };
    printed.push(
      values.map((each) => (typeof each === 'string' ? each : inspect(each, options))).join(' '),
    );
  });
  await import(pathToFileURL(file).href);
  log.mock.restore();
  return printed;
}

const guide = examplesOf('docs/engine.md');
const examples = [...guide, ...examplesOf('README.md')];

// The examples -------------------------------------------------------------------------------------------------------

test('every block of JavaScript in the guide is an example, and README has one', () => {
  assert.equal(guide.length, read('docs/engine.md').match(/^```\w/gm)?.length);
  assert.ok(guide.length >= 7);
  assert.equal(examples.length, guide.length + 1);
});

for (const example of examples) {
  test(`${example.place} prints what its comments say`, async (t) => {
    const checks = checksOf(example);
    const printed = await run(t, example);
    assert.equal(printed.length, checks.length, `lines printed`);
    checks.forEach(({ line, shown }, i) => {
      assert.ok(says(shown, printed[i]), `${line}\nprints ${printed[i]}`);
    });
  });
}

test('a comment with one digit changed, or of another wording, is found', async (t) => {
  let seen = 0;
  for (const example of examples) {
    const printed = await run(t, example);
    checksOf(example).forEach(({ line, shown }, i) => {
      assert.ok(!says(`${shown} x`, printed[i]), line);
      for (const match of shown.matchAll(numbers)) {
        const [written] = match;
        for (const units of [1, -1, 10]) {
          const other = like(written, Number(written) + units * unitOf(written));
          const changed =
            shown.slice(0, match.index) + other + shown.slice(match.index + written.length);
          assert.ok(!says(changed, printed[i]), `${line}: ${other}`);
          seen++;
        }
      }
    });
  }
  assert.ok(seen > 40, `${seen}`);
});

test('a line without a value, or a block without a line, is found', () => {
  const check = (code: string): unknown => checksOf({ place: 'here', code });
  assert.throws(() => check('const a = 1;\n'), /shows no value/);
  assert.throws(() => check('console.log(1);\n'), /no value behind/);
  assert.throws(() => check('console.log(1); // 1\nif (true) {\n  console.log(2);\n}\n'), /behind/);
  assert.deepEqual(check('console.log(1); // 1\n'), [{ line: 'console.log(1); // 1', shown: '1' }]);
});

test('what a comment says is compared to the digits it shows', () => {
  assert.ok(says('0.45', '0.4521'));
  assert.ok(!says('0.46', '0.4521'));
  assert.ok(says('1.2e-7', '1.2345e-7'));
  assert.ok(!says('1.3e-7', '1.2345e-7'));
  assert.ok(says('21 words', '21 words'));
  assert.ok(!says('21', '21.2'));
  assert.ok(says('[0.5, -0.2]', 'Float64Array(2) [ 0.5, -0.21 ]'));
  assert.ok(!says('[0.5]', 'Float64Array(2) [ 0.5, -0.21 ]'));
  assert.ok(!says('-0.45', '0.4521'));
  assert.ok(!says('0.45', 'NaN'));
});

// The tables ---------------------------------------------------------------------------------------------------------

/** The names in the first columns of the tables below “What there is”. */
function listed(text: string): string[] {
  const tables = text.slice(text.indexOf('## What there is'));
  return [...tables.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, names]) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
}

const program = ts.createProgram([engine], {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  types: [],
});
const checker = program.getTypeChecker();

/** What the engine exports, types included. */
const exported = checker.getExportsOfModule(
  checker.getSymbolAtLocation(program.getSourceFile(engine)!)!,
);

test('the tables of the guide name every export once, and nothing else', () => {
  const names = exported.map(({ name }) => name).sort();
  assert.ok(names.length > 60 && names.includes('runSequence') && names.includes('CellWeights'));
  assert.deepEqual(listed(read('docs/engine.md')).sort(), names);
});

// The comments -------------------------------------------------------------------------------------------------------

const documented = (symbol: ts.Symbol): boolean =>
  symbol.getDocumentationComment(checker).length > 0;

/** Public methods and fields, without constructors. */
function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  if (!(symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface))) return [];
  return [...(symbol.members?.values() ?? [])].filter((member) => {
    const [declaration] = member.declarations ?? [];
    if (!declaration || ts.isConstructorDeclaration(declaration)) return false;
    return !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private);
  });
}

test('everything that the engine exports has a comment, and so has every public member', () => {
  const missing = exported.flatMap((alias) => {
    const { name } = alias;
    const symbol = checker.getAliasedSymbol(alias);
    const members = membersOf(symbol).filter((member) => !documented(member));
    return [
      ...(documented(symbol) ? [] : [name]),
      ...members.map((member) => `${name}.${member.name}`),
    ];
  });
  assert.deepEqual(missing, []);
});
