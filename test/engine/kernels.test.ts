// The cells on both kernels: the same states and gradients, in pieces or at once, row by row or together.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BackwardWorkspace,
  Random,
  Unrolled,
  backpropagate,
  kernelOf,
  type BackwardArrays,
  type CellWeights,
  type Floats,
  type Kernel,
} from '../../src/engine/index.js';
import {
  assertSame,
  between,
  bothKernels,
  normals,
  on,
  randomCell,
  randomInitial,
  relativeDifference,
  rounded,
  roundedCell,
  variants,
  type Variant,
} from '../support/engine.js';

const [reference, simd] = await bothKernels();

/** A cell whose sums stay of the size of 1 however many units it has, and what it reads; all numbers in float32. */
interface Problem {
  readonly weights: CellWeights;
  readonly rows: number;
  readonly steps: number;
  readonly x: Float64Array;
  readonly initial: { readonly h: Float64Array; readonly c?: Float64Array };
  /** ∂L/∂h of every step. */
  readonly direct: Float64Array;
}

function randomProblem(
  variant: Variant,
  [I, H, rows, steps]: readonly [number, number, number, number],
  random: Random,
): Problem {
  const cell = randomCell(variant, I, H, random);
  const weights = roundedCell({
    ...cell,
    weightIh: cell.weightIh.map((value) => (1.4 * value) / Math.sqrt(I)),
    weightHh: cell.weightHh.map((value) => (1.6 * value) / Math.sqrt(H)),
  });
  const { h, c } = randomInitial(weights, random, rows);
  return {
    weights,
    rows,
    steps,
    x: rounded(normals(random, steps * rows * I)),
    initial: { h: rounded(h), ...(c && { c: rounded(c) }) },
    direct: rounded(normals(random, steps * rows * H)),
  };
}

function sizes(random: Random): [I: number, H: number, rows: number, steps: number] {
  return [
    between(random, 1, 40),
    between(random, 1, 40),
    between(random, 1, 9),
    between(random, 1, 12),
  ];
}

/** The problem's sequence on a kernel, not yet run. */
function start(kernel: Kernel, { weights, rows, steps, x, initial }: Problem) {
  const loaded = kernel.open(300_000).load(weights);
  const unrolled = new Unrolled(loaded, rows, steps);
  unrolled.x.set(x);
  unrolled.start(initial);
  return { loaded, unrolled };
}

/** All that a kernel computes of a problem, by name. */
function solve(kernel: Kernel, problem: Problem): Record<string, Floats> {
  const { rows, steps, initial, direct } = problem;
  const { loaded, unrolled } = start(kernel, problem);
  unrolled.run(loaded, steps, initial);
  const { h, c, gates } = unrolled;
  const found = backpropagate(loaded, unrolled, on(kernelOf(loaded), direct));
  assert.equal(h.length, (steps + 1) * rows * loaded.hiddenSize);
  return { h, c, gates, ...found };
}

/** The largest differences so far, relative to the largest number of the same array. */
const worst: Record<string, number> = {};

for (const variant of variants) {
  test(`${variant.name}: both kernels find the same states, gates and gradients`, () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = new Random(`kernels/${variant.name}/${seed}`);
      const size = sizes(random);
      const problem = randomProblem(variant, size, random);
      const expected = solve(reference, problem);
      const found = solve(simd, problem);
      for (const [name, values] of Object.entries(expected)) {
        assert.ok(found[name] instanceof Float32Array && values instanceof Float64Array, name);
        const difference = relativeDifference(found[name], values);
        assert.ok(difference <= 3e-6, `${name} of ${size.join('×')}: ${difference}`);
        worst[name] = Math.max(worst[name] ?? 0, difference);
      }
    }
  });

  test(`${variant.name}: a SIMD run in pieces is bit for bit the run in one go`, () => {
    for (let seed = 0; seed < 6; seed++) {
      const random = new Random(`pieces/${variant.name}/${seed}`);
      const [I, H, rows] = sizes(random);
      const steps = 11;
      const problem = randomProblem(variant, [I, H, rows, steps], random);
      const whole = start(simd, problem);
      whole.unrolled.run(whole.loaded, steps, problem.initial);
      const pieces = start(simd, problem);
      simdOf(pieces.loaded).projectInputs(
        pieces.loaded,
        pieces.unrolled.x,
        pieces.unrolled.input,
        steps * rows,
      );
      for (const [from, to] of cuts(steps, random)) {
        simdOf(pieces.loaded).forward(pieces.loaded, pieces.unrolled, from, to);
      }
      pieces.unrolled.length = steps;
      for (const name of ['h', 'c', 'gates', 'kept', 'input'] as const) {
        assertSame(pieces.unrolled[name], whole.unrolled[name], name);
      }

      const workspaces = [whole, pieces].map(({ loaded }) => {
        const workspace = new BackwardWorkspace(loaded, rows, steps);
        return { workspace, direct: on(simdOf(loaded), problem.direct) };
      });
      const [a, b] = workspaces;
      simdOf(whole.loaded).backward(whole.loaded, whole.unrolled, a.direct, a.workspace, 0, steps);
      for (const [from, to] of cuts(steps, random).reverse()) {
        const { loaded, unrolled } = pieces;
        simdOf(loaded).backward(loaded, unrolled, b.direct, b.workspace, from, to);
      }
      for (const name of [
        'input',
        'recurrent',
        'dh',
        'dc',
      ] as const satisfies readonly (keyof BackwardArrays)[]) {
        assertSame(b.workspace[name], a.workspace[name], `∂ by ${name}`);
      }
      assert.ok(steps === 11 && a.workspace.input.some((value) => value !== 0));
    }
  });

  test(`${variant.name}: on either kernel a row is bit for bit the same in any company`, () => {
    for (const kernel of [reference, simd]) {
      const random = new Random(`company/${variant.name}`);
      for (const H of [1, 3, 8, 13, 24, 37]) {
        const [I, rows, steps] = [between(random, 1, 20), 11, 4];
        const problem = randomProblem(variant, [I, H, rows, steps], random);
        const together = solve(kernel, problem);
        // 1 row is another way through the products than 4, and 5 are 4 and 1
        for (const chosen of [[0], [7], [10], [9, 2], [1, 2, 3, 4], [6, 0, 10, 5, 3]]) {
          const pick = (values: Floats, width: number): Float64Array =>
            Float64Array.from({ length: (values.length / rows) * chosen.length }, (_, p) => {
              const [group, column] = [Math.floor(p / width), p % width];
              const [t, n] = [Math.floor(group / chosen.length), group % chosen.length];
              return values[(t * rows + chosen[n]) * width + column];
            });
          const few = solve(kernel, {
            ...problem,
            rows: chosen.length,
            x: pick(problem.x, I),
            initial: {
              h: pick(problem.initial.h, H),
              ...(problem.initial.c && { c: pick(problem.initial.c, H) }),
            },
            direct: pick(problem.direct, H),
          });
          const width = problem.weights.biasIh.length;
          for (const [name, columns] of [
            ['h', H],
            ['c', H],
            ['gates', width],
            ['x', I],
            ['h0', H],
            ['c0', H],
          ] as const) {
            assertSame(few[name], pick(together[name], columns), `${name} of ${chosen.join()}`);
          }
        }
      }
    }
  });

  test(`${variant.name}: a cell reads and writes its own numbers only`, () => {
    for (const H of [1, 2, 5, 7, 16, 18]) {
      const random = new Random(`own/${variant.name}/${H}`);
      const problem = randomProblem(variant, [3, H, 3, 3], random);
      const { rows, steps } = problem;
      const { loaded, unrolled } = start(simd, problem);
      const kernel = simdOf(loaded);
      unrolled.run(loaded, steps, problem.initial);
      const direct = on(kernel, problem.direct);
      const workspace = new BackwardWorkspace(loaded, rows, steps);
      kernel.backward(loaded, unrolled, direct, workspace, 0, steps);
      const expected = [unrolled.h.slice(), workspace.input.slice(), workspace.dh.slice()];
      // all other steps, the last one's surroundings and the numbers before and after each array become NaN
      const { h, c, gates, kept, input } = unrolled;
      const { dh, dc, input: delta, recurrent } = workspace;
      const arrays = [h, c, gates, kept, input, direct, dh, dc, delta, recurrent];
      const everything = new Float32Array(h.buffer);
      const inside = new Uint8Array(everything.length);
      for (const { byteOffset, length } of arrays) {
        inside.fill(1, byteOffset / 4, byteOffset / 4 + length);
      }
      const first = Math.min(...arrays.map(({ byteOffset }) => byteOffset / 4));
      // the weights and what is packed of them stand before
      const outside = everything.map((value, i) => (inside[i] || i < first ? value : NaN));
      everything.set(outside);
      for (const values of [gates, kept, delta, recurrent]) values.fill(NaN);
      h.fill(NaN, rows * H);
      c.fill(NaN, rows * H);
      dh.fill(0);
      dc.fill(0);
      kernel.forward(loaded, unrolled, 0, steps);
      kernel.backward(loaded, unrolled, direct, workspace, 0, steps);
      assertSame(h, expected[0], `h, H=${H}`);
      assertSame(delta, expected[1], `∂ by the sums, H=${H}`);
      assertSame(dh, expected[2], `∂ by the initial state, H=${H}`);
      for (let i = first; i < everything.length; i++) {
        if (!inside[i]) assert.ok(Number.isNaN(everything[i]), `number ${i} is nobody's`);
      }
    }
  });
}

test('the largest differences between the kernels', (t) => {
  for (const [name, difference] of Object.entries(worst)) {
    t.diagnostic(`${name}: ${difference.toExponential(1)}`);
    assert.ok(difference > 0, `${name} has been computed in float32`);
  }
});

/** The workspace that the weights were loaded into. */
function simdOf(weights: CellWeights): Kernel {
  const kernel = kernelOf(weights);
  assert.equal(kernel.name, 'simd');
  return kernel;
}

/** 0 … `length` in pieces of random length, some empty. */
function cuts(length: number, random: Random): [from: number, to: number][] {
  const pieces: [number, number][] = [];
  for (let from = 0; from < length;) {
    const to = Math.min(length, from + random.integer(5));
    pieces.push([from, to]);
    from = to;
  }
  return pieces;
}
