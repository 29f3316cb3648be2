// One step taken apart: every vector inside it, against the run, the equations, and a plain product.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Random,
  Unrolled,
  sigmoid,
  takeApart,
  tanh,
  unroll,
  type CellWeights,
  type Floats,
  type StepAnatomy,
  type StepPart,
} from '../../src/engine/index.js';
import {
  assertClose,
  assertSame,
  between,
  bothKernels,
  dot,
  normals,
  randomCell,
  randomInitial,
  randomInterventions,
  readUnder,
  roundedCell,
  variantNamed,
  variants,
} from '../support/engine.js';

/** What each cell has besides what it reads and hands on. */
const inside: Readonly<Record<string, readonly StepPart[]>> = {
  feedforward: ['fromInput'],
  rnn: ['fromInput', 'fromState', 'sum'],
  'rnn, relu': ['fromInput', 'fromState', 'sum'],
  lstm: ['input', 'forget', 'candidate', 'output', 'kept', 'added', 'squashed'],
  'gru, reset after': [
    'reset',
    'update',
    'candidate',
    'recalled',
    'gated',
    'opening',
    'kept',
    'added',
  ],
  'gru, reset before': ['reset', 'update', 'candidate', 'gated', 'opening', 'kept', 'added'],
};

/** What it reads and hands on. */
const outside: Readonly<Record<CellWeights['cell'], readonly StepPart[]>> = {
  feedforward: ['x', 'h'],
  rnn: ['x', 'hPrevious', 'h'],
  lstm: ['x', 'hPrevious', 'cPrevious', 'c', 'h'],
  gru: ['x', 'hPrevious', 'h'],
};

/** A vector made number by number of others. */
const made = (of: (...values: number[]) => number, ...from: readonly Floats[]): Float64Array =>
  Float64Array.from(from[0], (_, j) => of(...from.map((values) => values[j])));
const times = (a: number, b: number): number => a * b;
const plus = (a: number, b: number): number => a + b;

/** W v + b of one block, by plain sums. */
const affine = (matrix: Floats, bias: Floats, v: Floats, block: number, H: number): Float64Array =>
  Float64Array.from({ length: H }, (_, j) => {
    const row = block * H + j;
    return bias[row] + dot(matrix.subarray(row * v.length, (row + 1) * v.length), v);
  });

/** Asserts that the parts make one another by the cell's equations, to the bit. `held`: which blocks are. */
function checkIdentities(
  weights: CellWeights,
  { parts, fromInput, fromState }: StepAnatomy,
  held: readonly (number | undefined)[] = [],
): void {
  const { hiddenSize: H } = weights;
  const part = (name: StepPart): Floats => parts[name] ?? assert.fail(`no ${name}`);
  const block = (all: Floats, b: number): Floats => all.subarray(b * H, (b + 1) * H);
  /** What a block is before its activation. */
  const sum = (b: number): Float64Array => made(plus, block(fromInput, b), block(fromState, b));
  const gate = (name: StepPart, b: number): void => {
    const value = held[b];
    assertSame(
      part(name),
      value === undefined ? made(sigmoid, sum(b)) : made(() => value, part(name)),
      name,
    );
  };
  if (weights.cell === 'feedforward') {
    assertSame(part('fromInput'), fromInput, 'fromInput');
    assertSame(part('h'), made(tanh, fromInput), 'h');
  } else if (weights.cell === 'rnn') {
    assertSame(part('fromInput'), fromInput, 'fromInput');
    assertSame(part('fromState'), fromState, 'fromState');
    assertSame(part('sum'), sum(0), 'sum');
    const relu = (value: number): number => Math.max(0, value);
    assertSame(part('h'), made(weights.nonlinearity === 'relu' ? relu : tanh, part('sum')), 'h');
  } else if (weights.cell === 'lstm') {
    gate('input', 0);
    gate('forget', 1);
    assertSame(part('candidate'), made(tanh, sum(2)), 'candidate');
    gate('output', 3);
    assertSame(part('kept'), made(times, part('forget'), part('cPrevious')), 'kept');
    assertSame(part('added'), made(times, part('input'), part('candidate')), 'added');
    assertSame(part('c'), made(plus, part('kept'), part('added')), 'c');
    assertSame(part('squashed'), made(tanh, part('c')), 'squashed');
    assertSame(part('h'), made(times, part('output'), part('squashed')), 'h');
  } else {
    gate('reset', 0);
    gate('update', 1);
    const after = weights.resetAfter !== false;
    if (after) assertSame(part('recalled'), block(fromState, 2), 'recalled');
    assertSame(
      part('gated'),
      made(times, part('reset'), part(after ? 'recalled' : 'hPrevious')),
      'gated',
    );
    const second = after ? part('gated') : block(fromState, 2);
    assertSame(
      part('candidate'),
      made((a, b) => tanh(a + b), block(fromInput, 2), second),
      'candidate',
    );
    assertSame(
      part('opening'),
      made((z) => 1 - z, part('update')),
      'opening',
    );
    assertSame(part('kept'), made(times, part('update'), part('hPrevious')), 'kept');
    assertSame(part('added'), made(times, part('opening'), part('candidate')), 'added');
    assertSame(part('h'), made(plus, part('added'), part('kept')), 'h');
  }
}

for (const variant of variants) {
  const names = [...outside[variant.cell], ...inside[variant.name]].sort();

  test(`${variant.name}: the parts make one another to the bit, held or not, and are those of the run`, () => {
    let [held, skipped] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const random = new Random(`anatomy/${variant.name}/${seed}`);
      const [I, H, T] = [between(random, 1, 9), between(random, 1, 9), between(random, 1, 7)];
      const weights = randomCell(variant, I, H, random);
      const x = normals(random, T * I);
      const list = seed < 10 ? [] : randomInterventions(random, T);
      const unrolled = readUnder(list, weights, x, randomInitial(weights, random));
      unrolled.steps.forEach((step, t) => {
        const anatomy = takeApart(weights, unrolled, t);
        const { parts, fromInput, fromState } = anatomy;
        assertSame(parts.x!, x.subarray(t * I, (t + 1) * I), 'x');
        for (const name of outside[variant.cell].slice(1)) {
          assertSame(parts[name]!, step[name as 'h' | 'c'], name);
        }
        if (step.skipped) {
          skipped++;
          assert.deepEqual(Object.keys(parts).sort(), [...outside[variant.cell]].sort());
          assert.deepEqual([fromInput.length, fromState.length], [0, 0]);
          return;
        }
        assert.deepEqual(Object.keys(parts).sort(), names);
        for (const [name, values] of Object.entries(parts)) {
          assert.equal(values.length, name === 'x' ? I : H, name);
          assert.ok(!values.some(Number.isNaN), name);
        }
        checkIdentities(weights, anatomy, step.held);
        if (step.held?.some((value) => value !== undefined)) held++;
        // and the products are what they are called
        const G = weights.biasIh.length / H;
        const { weightIh, weightHh, biasIh, biasHh } = weights;
        const blocks = Array.from({ length: G }, (_, b) => b);
        const input = blocks.flatMap((b) => [...affine(weightIh, biasIh, parts.x!, b, H)]);
        assertClose(fromInput, input, 1e-13, 'W x + b');
        const state = blocks.flatMap((b) => {
          if (!parts.hPrevious) return [];
          const original = variant.resetAfter === false && b === 2;
          return [...affine(weightHh, biasHh, original ? parts.gated! : parts.hPrevious, b, H)];
        });
        assertClose(fromState, state, 1e-13, 'U h₋ + b′');
      });
    }
    assert.ok(skipped > 3);
    assert.equal(held > 10, variant.cell === 'lstm' || variant.cell === 'gru');
  });
}

test('a switch that belongs to another cell changes nothing', () => {
  for (const variant of variants.filter(({ cell }) => cell !== 'gru')) {
    const random = new Random(`switch/${variant.name}`);
    const weights = randomCell(variant, 3, 4, random);
    const unrolled = unroll(weights, normals(random, 2 * 3));
    const other = takeApart({ ...weights, resetAfter: false }, unrolled, 1);
    assert.deepEqual(other, takeApart(weights, unrolled, 1));
  }
});

test('on the SIMD kernel the parts add up as far as float32 goes', async () => {
  const [, simd] = await bothKernels();
  for (const variant of variants) {
    const random = new Random(`simd/${variant.name}`);
    const loaded = simd.open(1e4).load(roundedCell(randomCell(variant, 3, 5, random)));
    const { parts } = takeApart(loaded, unroll(loaded, normals(random, 4 * 3)), 3);
    assert.deepEqual(
      Object.keys(parts).sort(),
      [...outside[variant.cell], ...inside[variant.name]].sort(),
    );
    if (!parts.kept) continue;
    const sum = made(plus, parts.kept, parts.added!);
    assertClose(sum, parts.c ?? parts.h!, 1e-6, variant.name);
  }
});

test('a step that has not been done is refused', () => {
  const random = new Random('refused');
  const weights = randomCell(variantNamed('lstm'), 2, 3, random);
  const unrolled = new Unrolled(weights, 1, 4);
  unrolled.start();
  for (const t of [0, 1, -1]) assert.throws(() => takeApart(weights, unrolled, t), RangeError);
  unrolled.advance(weights, normals(random, 2));
  assert.equal(takeApart(weights, unrolled, 0).parts.h?.length, 3);
  for (const t of [1, 4, -1, 0.5, NaN, Infinity]) {
    assert.throws(() => takeApart(weights, unrolled, t), /has not been done yet/);
  }
});
