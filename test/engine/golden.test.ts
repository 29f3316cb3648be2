// Both kernels against the reference numbers from PyTorch, and the comparison itself: it must be able to fail.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compareCase, type GoldenCase } from '../../tools/golden/compare.js';
import { bothKernels } from '../support/engine.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const directory = join(root, 'test', 'golden');
const files = readdirSync(directory).filter((name) => name.endsWith('.json'));

function load(file: string): GoldenCase {
  return JSON.parse(readFileSync(join(directory, file), 'utf8')) as GoldenCase;
}

/** What a case holds, by the names that the comparison uses. */
function quantitiesOf(golden: GoldenCase): string[] {
  const plain = ['h', 'c', 'h_last', 'loss', 'jacobian_norm', 'state_jacobian_norm', 'knockout'];
  return [
    ...plain.filter((key) => key in golden),
    ...Object.keys(golden.gates ?? {}).map((name) => `gates.${name}`),
    ...Object.keys(golden.grad ?? {}).map((name) => `grad.${name}`),
  ];
}

/** The largest number of a quantity. */
function largestOf(golden: GoldenCase, quantity: string): number {
  let found: unknown = golden;
  for (const key of quantity.split('.')) found = (found as Record<string, unknown>)[key];
  return Math.max(...[found].flat(3).map((value) => Math.abs(value as number)));
}

/** The case with one number of one quantity moved. */
function moved(golden: GoldenCase, quantity: string, by: number): GoldenCase {
  const copy = structuredClone(golden) as unknown as Record<string, unknown>;
  const path = quantity.split('.');
  let holder: Record<string, unknown> = copy;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  const last = path[path.length - 1];
  if (typeof holder[last] === 'number') {
    holder[last] = holder[last] + by;
  } else {
    let row = holder[last] as unknown[];
    while (Array.isArray(row[row.length - 1])) row = row[row.length - 1] as unknown[];
    row[0] = (row[0] as number) + by;
  }
  return copy as unknown as GoldenCase;
}

function find(golden: GoldenCase, quantity: string): number {
  const found = compareCase(golden).find((difference) => difference.quantity === quantity);
  assert.ok(found, `${quantity} is compared`);
  return found.difference;
}

/** A golden case's parameters and inputs without anything to compare. */
function withoutQuantities(golden: GoldenCase): GoldenCase {
  const { cell, reset_after, input_size, hidden_size, steps } = golden;
  const { weight_ih, weight_hh, bias_ih, bias_hh, x, h0, c0 } = golden;
  return {
    ...{ cell, input_size, hidden_size, steps, weight_ih, weight_hh, bias_ih, bias_hh, x },
    ...(reset_after !== undefined && { reset_after }),
    ...(h0 && { h0 }),
    ...(c0 && { c0 }),
  };
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rnn-golden-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function golden(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join('tools', 'golden.ts'), ...args],
    { cwd: root, encoding: 'utf8' },
  );
  return { code: status, out: stdout, err: stderr };
}

test('the reference cases are all there', () => {
  assert.deepEqual(
    new Set(
      files.map((file) => {
        const { cell, reset_after } = load(file);
        return reset_after === false ? `${cell}, reset before` : cell;
      }),
    ),
    new Set(['rnn', 'lstm', 'gru', 'gru, reset before']),
  );
  assert.ok(files.length >= 7, 'seven cases');
});

for (const file of files) {
  test(`${file}: every quantity is within 1e-12 of PyTorch`, () => {
    const reference = load(file);
    const differences = compareCase(reference);
    assert.deepEqual(
      differences.map(({ quantity }) => quantity).sort(),
      quantitiesOf(reference).sort(),
    );
    assert.ok(differences.length >= 11, 'nothing was left out');
    for (const { quantity, difference } of differences) {
      assert.ok(difference <= 1e-12, `${quantity}: ${difference}`);
    }
  });
}

const [, simd] = await bothKernels();

for (const file of files) {
  test(`${file}: every quantity of the SIMD kernel is within 2e-6 of PyTorch, relative to its largest number`, () => {
    const reference = load(file);
    const differences = compareCase(reference, simd);
    assert.deepEqual(
      differences.map(({ quantity }) => quantity).sort(),
      quantitiesOf(reference).sort(),
    );
    for (const { quantity, difference } of differences) {
      const relative = difference / largestOf(reference, quantity);
      assert.ok(relative <= 2e-6, `${quantity}: ${relative}`);
    }
    assert.ok(
      differences.some(({ difference }) => difference > 1e-9),
      'it computes in float32',
    );
  });
}

for (const file of ['rnn-3x4.json', 'lstm-3x4.json', 'gru-3x4.json']) {
  test(`${file}: one number moved by 1e-6 is noticed in each quantity`, () => {
    const reference = load(file);
    for (const quantity of quantitiesOf(reference)) {
      const difference = find(moved(reference, quantity, 1e-6), quantity);
      assert.ok(Math.abs(difference - 1e-6) < 1e-9, `${quantity}: ${difference}`);
    }
  });
}

test('a moved parameter or input is noticed', () => {
  const reference = load('lstm-3x4.json');
  const parameters = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh', 'x', 'h0', 'c0'];
  for (const name of parameters) {
    assert.ok(find(moved(reference, name, 1e-3), 'h') > 1e-9, name);
  }
});

test('the two conventions of the GRU are told apart', () => {
  const reference = load('gru-reset-before-4x6.json');
  assert.ok(find({ ...reference, reset_after: true }, 'h') > 1e-3, 'reset after, said');
  const { reset_after, ...after } = reference;
  assert.equal(reset_after, false);
  assert.ok(find(after, 'h') > 1e-3, 'absent means reset after the product');
});

test('a case may hold only some of the quantities', () => {
  const reference = load('gru-5x8.json');
  const bare = withoutQuantities(reference);
  assert.ok(reference.h, 'the case has h');
  const last = reference.h[reference.h.length - 1];
  const onlyLast = compareCase({ ...bare, h_last: last });
  assert.deepEqual(
    onlyLast.map(({ quantity }) => quantity),
    ['h_last'],
  );
  assert.ok(onlyLast[0].difference <= 1e-12, 'h_last agrees');
  assert.ok(find({ ...bare, h_last: reference.h[0] }, 'h_last') > 1e-3, 'another state does not');
  assert.ok(reference.gates && reference.grad && reference.v, 'the case has these');
  const some: GoldenCase = {
    ...bare,
    gates: { update: reference.gates.update },
    v: reference.v,
    grad: { h0: reference.grad.h0 },
  };
  const differences = compareCase(some);
  assert.deepEqual(
    differences.map(({ quantity }) => quantity),
    ['gates.update', 'grad.h0'],
  );
  assert.ok(
    differences.every(({ difference }) => difference <= 1e-12),
    'they agree',
  );
});

test('a case without initial states starts from zeros', () => {
  const { h0, c0, ...bare } = withoutQuantities(load('lstm-5x8.json'));
  assert.ok(h0 && c0, 'the case has both');
  const h_last = h0.map(() => 0);
  const zeros = { ...bare, h0: h_last, c0: h_last, h_last };
  assert.equal(find({ ...bare, h_last }, 'h_last'), find(zeros, 'h_last'));
});

test('missing, surplus and undefined numbers are differences of NaN', () => {
  const reference = load('rnn-3x4.json');
  const bare = withoutQuantities(reference);
  assert.ok(reference.h, 'the case has h');
  assert.equal(find({ ...bare, h: reference.h.slice(1) }, 'h'), NaN);
  assert.equal(find({ ...bare, h: [...reference.h, reference.h[0]] }, 'h'), NaN);
  assert.equal(find({ ...bare, h: [] }, 'h'), NaN);
  assert.equal(find({ ...bare, h_last: [] }, 'h_last'), NaN);
  assert.equal(find({ ...bare, h_last: [0, 0, NaN, 0] }, 'h_last'), NaN);
  // what this cell does not have
  assert.equal(find({ ...bare, c: reference.h }, 'c'), NaN);
  assert.equal(find({ ...bare, gates: { forget: reference.h } }, 'gates.forget'), NaN);
  assert.ok(reference.v && reference.grad, 'the case has both');
  const grad = { c0: reference.grad.h0, nonsense: [1] };
  assert.equal(find({ ...bare, v: reference.v, grad }, 'grad.c0'), NaN);
  assert.equal(find({ ...bare, v: reference.v, grad }, 'grad.nonsense'), NaN);
  // a NaN among the weights reaches everything that is compared
  assert.equal(find({ ...reference, bias_ih: [NaN, 0, 0, 0] }, 'h'), NaN);
});

test('a loss or gradient without the v that defines it does not pass', () => {
  const { v, ...reference } = load('gru-3x4.json');
  assert.ok(v, 'the case has v');
  assert.equal(find(reference, 'loss'), NaN);
  assert.equal(find(reference, 'grad.weight_ih'), NaN);
});

test('malformed cases throw', () => {
  const reference = load('gru-3x4.json');
  assert.throws(() => compareCase(withoutQuantities(reference)), /no quantity to check/);
  const weight_ih = reference.weight_ih.slice(1);
  assert.throws(() => compareCase({ ...reference, weight_ih }), RangeError);
  assert.throws(() => compareCase({ ...reference, h0: [0] }), RangeError);
  assert.throws(() => compareCase({ ...reference, x: [[1, 2, 3, 4]] }), RangeError);
});

test('the command prints every difference and exits 0 on the reference cases', () => {
  const { code, out, err } = golden(join('test', 'golden'));
  assert.equal(code, 0, err);
  const lines = out.trimEnd().split('\n');
  const expected = files.reduce((sum, file) => sum + 1 + quantitiesOf(load(file)).length, 1);
  assert.equal(lines.length, 2 * expected);
  for (const kernel of ['reference', 'simd']) {
    for (const file of files) {
      const start = lines.indexOf(`${file}, ${kernel} kernel`);
      assert.ok(start >= 0, file);
      for (const quantity of quantitiesOf(load(file))) {
        const line = lines.slice(start + 1).find((text) => text.trim().startsWith(`${quantity} `));
        assert.match(line ?? '', /^ {2}\S+ +\d\.\d\de[+-]\d+$/);
      }
    }
  }
  assert.match(
    lines[expected - 1],
    /^reference: largest difference \d\.\d\de-1\d, tolerance 1e-12$/,
  );
  assert.match(
    lines[2 * expected - 1],
    /^simd: largest difference \d\.\d\de-[67], tolerance 1e-5$/,
  );
});

test('the command exits 1 on a corrupted copy, and 0 again with a wider tolerance', (t) => {
  const folder = temporaryFolder(t);
  cpSync(directory, folder, { recursive: true });
  const corrupted = moved(load('gru-3x4.json'), 'knockout', 1e-6);
  writeFileSync(join(folder, 'gru-3x4.json'), JSON.stringify(corrupted));
  const strict = golden(folder);
  assert.equal(strict.code, 1, strict.err);
  assert.deepEqual(strict.out.match(/^.*above the tolerance$/gm), [
    '  knockout               1.00e-6   above the tolerance',
  ]);
  const wide = golden(folder, '--tolerance', '1e-5');
  assert.equal(wide.code, 0, wide.err);
  assert.doesNotMatch(wide.out, /above/);
});

test('the command exits 1 when a number is missing, whatever the tolerance', (t) => {
  const folder = temporaryFolder(t);
  const reference = load('rnn-3x4.json');
  writeFileSync(
    join(folder, 'a.json'),
    JSON.stringify({ ...withoutQuantities(reference), h_last: [0] }),
  );
  writeFileSync(join(folder, 'b.json'), JSON.stringify(reference));
  const { code, out } = golden(folder, '--tolerance', '1000');
  assert.equal(code, 1);
  assert.match(out, /h_last +NaN/);
});

test('the command exits 1 when a case can not be read, and checks the others', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'a.json'), '{');
  cpSync(join(directory, 'rnn-3x4.json'), join(folder, 'b.json'));
  const { code, out } = golden(folder);
  assert.equal(code, 1);
  assert.match(out, /^a\.json, reference kernel\n {2}cannot be checked: .*JSON/m);
  assert.match(out, /^b\.json, simd kernel\n {2}h {22}/m);
  assert.match(out, /^2 cases could not be checked$/m);
});

test('the command exits 2 when there is nothing to compare', (t) => {
  const folder = temporaryFolder(t);
  const empty = golden(folder);
  assert.equal(empty.code, 2);
  assert.match(empty.err, /no \.json case/);
  const usage = golden();
  assert.equal(usage.code, 2);
  assert.match(usage.err, /^usage:/);
  assert.equal(golden(folder, '--tolerance', 'small').code, 2);
});
