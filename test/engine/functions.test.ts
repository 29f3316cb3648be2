// exp, tanh and σ by elementary operations: their accuracy, their limits, and the same bits everywhere.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Random, exp, sigmoid, tanh } from '../../src/engine/index.js';

/** How far apart two numbers are, relative to the second. */
const apart = (a: number, b: number): number => (a === b ? 0 : Math.abs(a - b) / Math.abs(b));
/** The distance of 1 to the next larger number. */
const unit = 2 ** -52;

const random = new Random('functions');
const samples = (count: number, from: number, to: number): number[] =>
  Array.from({ length: count }, () => from + (to - from) * random.uniform());

test('exp is within 3 units in the last place of Math.exp over its whole normal range', () => {
  for (const x of [...samples(50_000, -708, 709.7), ...samples(50_000, -2, 2)]) {
    assert.ok(apart(exp(x), Math.exp(x)) <= 3 * unit, `exp(${x}) = ${exp(x)}, not ${Math.exp(x)}`);
  }
});

test('exp at its limits', () => {
  assert.equal(exp(0), 1);
  assert.equal(exp(-0), 1);
  assert.equal(exp(Infinity), Infinity);
  assert.equal(exp(-Infinity), 0);
  assert.equal(exp(NaN), NaN);
  assert.equal(exp(709.9), Infinity);
  assert.ok(apart(exp(709.78), Math.exp(709.78)) <= 4 * unit);
  for (const x of [-708.5, -720, -740, -744]) {
    // a subnormal number has fewer digits
    assert.ok(Math.abs(exp(x) - Math.exp(x)) <= 5e-324 + 4 * unit * Math.exp(x), `exp(${x})`);
  }
  assert.equal(exp(-746), 0);
});

test('tanh is within 4 units in the last place of Math.tanh, odd, and keeps tiny numbers', () => {
  const near = samples(20_000, -0.51, 0.51);
  const tiny = samples(1_000, -300, -1).map((exponent) => 10 ** exponent);
  for (const x of [...samples(50_000, -25, 25), ...near, ...tiny]) {
    assert.ok(apart(tanh(x), Math.tanh(x)) <= 4 * unit, `tanh(${x}) = ${tanh(x)}`);
    assert.equal(tanh(-x), -tanh(x));
  }
  assert.ok(Object.is(tanh(0), 0) && Object.is(tanh(-0), -0));
  assert.deepEqual([tanh(Infinity), tanh(-Infinity), tanh(NaN)], [1, -1, NaN]);
});

test('σ keeps its relative accuracy where it is small, and is never outside 0 … 1', () => {
  for (const x of [...samples(50_000, -700, 0), ...samples(20_000, -10, 40)]) {
    const y = sigmoid(x);
    assert.ok(apart(y, 1 / (1 + Math.exp(-x))) <= 4 * unit, `σ(${x}) = ${y}`);
    assert.ok(y >= 0 && y <= 1);
  }
  assert.deepEqual([sigmoid(0), sigmoid(Infinity), sigmoid(-Infinity)], [0.5, 1, 0]);
  assert.equal(sigmoid(NaN), NaN);
});

// computed by the same steps in another language
test('the bits are those of the definition, whatever machine computes them', () => {
  const bits = (x: number): string => new BigUint64Array(Float64Array.of(x).buffer)[0].toString(16);
  assert.deepEqual(
    [exp(1), exp(-12.5), tanh(0.3), tanh(-1.7), sigmoid(2.25), sigmoid(-30)].map(bits),
    [
      '4005bf0a8b145769',
      '3ecf42ed3f68e691',
      '3fd2a4dda7d914f9',
      'bfedeedf00d3e7f5',
      '3fecf2e5add226b5',
      '3d3a56e0c2ac7cbf',
    ],
  );
});
