// Jacobians of one step, of a pair and of all pairs, against finite differences and against their definition.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  JacobianRecursion,
  Random,
  cellJacobians,
  cells,
  jacobianNorms,
  localInfluence,
  runSequence,
  stateSize,
  stepJacobian,
  unroll,
  type CellStep,
  type CellWeights,
  type Floats,
  type JacobianKind,
  type Unrolled,
} from '../../src/engine/index.js';
import { norm } from '../../src/engine/products.js';
import {
  assertClose,
  between,
  derivatives,
  dot,
  normals,
  randomCell,
  randomSequence,
  relativeDifferenceOfEach,
  states,
  variantNamed,
  variants,
} from '../support/engine.js';

const kinds: readonly JacobianKind[] = ['input', 'state'];

/** Column j of a row-major matrix. */
const column = (matrix: Floats, columns: number, j: number): Float64Array =>
  Float64Array.from(matrix).filter((_, i) => i % columns === j);

/** ∂s/∂s₋ of step t, `[S × S]`: the dense part by h₋ beside the diagonals by c₋. */
function stateJacobian(weights: CellWeights, unrolled: Unrolled, t: number): Float64Array {
  const { hiddenSize: H } = weights;
  const S = stateSize(weights);
  const { hidden, cell } = stepJacobian(weights, unrolled, t);
  const dense = new Float64Array(S * S);
  for (let i = 0; i < S; i++) {
    for (let j = 0; j < H; j++) dense[i * S + j] = hidden[i * H + j];
    if (cell.length > 0) dense[i * S + H + (i % H)] = cell[i];
  }
  return dense;
}

/** A · B by its definition, A `[m × k]`. */
function product(A: Float64Array, B: Float64Array, m: number): Float64Array {
  const k = A.length / m;
  const n = B.length / k;
  return Float64Array.from({ length: m * n }, (_, p) =>
    dot(A.subarray(Math.floor(p / n) * k, (Math.floor(p / n) + 1) * k), column(B, n, p % n)),
  );
}

/** The whole table by its definition: for each source, the Jacobians of the steps after it multiplied one by one. */
function tableByDefinition(
  weights: CellWeights,
  unrolled: Unrolled,
  by: JacobianKind,
): Float64Array {
  const T = unrolled.length;
  const S = stateSize(weights);
  const rows = by === 'input' ? weights.hiddenSize : S;
  const links = Array.from({ length: T }, (_, t) => stateJacobian(weights, unrolled, t));
  const table = new Float64Array(T * T);
  for (let k = 0; k < T; k++) {
    let present: Float64Array =
      by === 'input'
        ? Float64Array.from(stepJacobian(weights, unrolled, k).input)
        : Float64Array.from({ length: S * S }, (_, p) => (p % (S + 1) === 0 ? 1 : 0));
    for (let t = k; t < T; t++) {
      if (t > k) present = product(links[t], present, S);
      table[t * T + k] = norm(present, 0, (present.length / S) * rows);
    }
  }
  return table;
}

// One step ---------------------------------------------------------------------------------------------------------

for (const variant of variants) {
  test(`${variant.name}: the Jacobian of one step agrees with finite differences`, () => {
    for (let seed = 0; seed < 8; seed++) {
      const random = new Random(`step/${variant.name}/${seed}`);
      const [I, H] = [between(random, 1, 4), between(random, 1, 4)];
      const { weights, x, initial } = randomSequence(variant, I, H, 1, random);
      const S = stateSize(weights);
      const after = (): Float64Array => states(weights, x, initial);
      const unrolled = unroll(weights, x, initial);
      const { hidden, input, cell } = stepJacobian(weights, unrolled, 0);
      assert.deepEqual(
        [hidden.length, input.length, cell.length],
        [S * H, S * I, variant.cell === 'lstm' ? S : 0],
      );
      for (let j = 0; j < I; j++) {
        assertClose(column(input, I, j), derivatives(after, x, j), 1e-9, `∂s/∂x[${j}]`);
      }
      const dense = stateJacobian(weights, unrolled, 0);
      for (const [part, offset] of [
        [initial.h, 0],
        [initial.c, H],
      ] as const) {
        for (let j = 0; part && j < H; j++) {
          assertClose(
            column(dense, S, offset + j),
            derivatives(after, part, j),
            1e-9,
            `∂s/∂s₋[${offset + j}]`,
          );
        }
      }
    }
  });

  test(`${variant.name}: the Jacobian of one step is what unit vectors become on the way back`, () => {
    for (let seed = 0; seed < 8; seed++) {
      const random = new Random(`unit vectors/${variant.name}/${seed}`);
      const [I, H, T] = [between(random, 1, 6), between(random, 1, 9), 3];
      const { weights, x, initial } = randomSequence(variant, I, H, T, random);
      const unrolled = unroll(weights, x, initial);
      for (let t = 0; t < T; t++) {
        const { hidden, input, cell } = stepJacobian(weights, unrolled, t);
        for (let i = 0; i < stateSize(weights); i++) {
          const back = unitVectorBack(weights, unrolled.steps[t], i);
          assertClose(hidden.subarray(i * H, (i + 1) * H), back.h, 1e-14, `row ${i} of ∂s/∂h₋`);
          assertClose(input.subarray(i * I, (i + 1) * I), back.x, 1e-14, `row ${i} of ∂s/∂x`);
          const own = back.c.map((_, j) => (j === i % H ? cell[i] : 0));
          assertClose(back.c, own, 1e-15, `row ${i} of ∂s/∂c₋ has one number`);
        }
      }
    }
  });

  test(`${variant.name}: the Jacobian of one step overwrites what was there`, () => {
    const random = new Random('overwrites');
    const { weights, x, initial } = randomSequence(variant, 3, 4, 1, random);
    const unrolled = unroll(weights, x, initial);
    const clean = stepJacobian(weights, unrolled, 0);
    const used = {
      hidden: clean.hidden.slice().fill(7),
      input: clean.input.slice().fill(7),
      cell: clean.cell.slice().fill(7),
    };
    cellJacobians[variant.cell](weights, unrolled.steps[0], used);
    assert.deepEqual(used, clean);
  });
}

/** Sends unit vector i of s back through a step of one row: row i of ∂s/∂h₋, ∂s/∂c₋ and ∂s/∂x. */
function unitVectorBack(weights: CellWeights, step: CellStep, i: number) {
  const { hiddenSize: H, inputSize: I, weightIh } = weights;
  const unit = (from: number): Float64Array =>
    Float64Array.from({ length: H }, (_, j) => (from + j === i ? 1 : 0));
  const width = weights.biasIh.length;
  const gradient = {
    h: unit(0),
    c: step.c.length > 0 ? unit(H) : new Float64Array(0),
    input: new Float64Array(width),
    recurrent: new Float64Array(width),
    hPrevious: new Float64Array(H),
    cPrevious: new Float64Array(step.c.length),
  };
  cells[weights.cell].backward(weights, step, gradient);
  return {
    h: gradient.hPrevious,
    c: gradient.cPrevious,
    x: product(gradient.input, Float64Array.from(weightIh), 1).subarray(0, I),
  };
}

// Pairs of steps ---------------------------------------------------------------------------------------------------

for (const variant of variants) {
  test(`${variant.name}: local influence is the norm of ∂h_t/∂x_k by finite differences`, () => {
    for (let seed = 0; seed < 4; seed++) {
      const random = new Random(`influence/${variant.name}/${seed}`);
      const [I, H, T] = [between(random, 1, 6), between(random, 1, 5), between(random, 2, 11)];
      const { weights, x, initial } = randomSequence(variant, I, H, T, random);
      const squares = new Float64Array(T * T);
      for (let i = 0; i < T * I; i++) {
        const k = Math.floor(i / I);
        derivatives(() => runSequence(weights, x, initial).h, x, i).forEach(
          (value, p) => (squares[Math.floor(p / H) * T + k] += value * value),
        );
      }
      const found = jacobianNorms(weights, x, 'input', initial);
      assertClose(found, squares.map(Math.sqrt), 1e-8, `I=${I} H=${H} T=${T}`);
    }
  });

  test(`${variant.name}: the gradient through time is the norm of ∂s_t/∂s_k by finite differences`, () => {
    for (let seed = 0; seed < 4; seed++) {
      const random = new Random(`through time/${variant.name}/${seed}`);
      const [I, H, T] = [between(random, 1, 3), between(random, 1, 5), between(random, 2, 11)];
      const { weights, x, initial } = randomSequence(variant, I, H, T, random);
      const S = stateSize(weights);
      const real = states(weights, x, initial);
      const squares = new Float64Array(T * T);
      for (let k = 0; k < T; k++) {
        squares[k * T + k] = S;
        const h = real.slice(k * S, k * S + H);
        const c = real.slice(k * S + H, (k + 1) * S);
        const rest = x.subarray((k + 1) * I);
        const later = (): Float64Array =>
          states(weights, rest, cells[weights.cell].hasCellState ? { h, c } : { h });
        for (const part of [h, c]) {
          for (let j = 0; j < part.length; j++) {
            derivatives(later, part, j).forEach(
              (value, p) => (squares[(k + 1 + Math.floor(p / S)) * T + k] += value * value),
            );
          }
        }
      }
      const found = jacobianNorms(weights, x, 'state', initial);
      assertClose(found, squares.map(Math.sqrt), 1e-8, `I=${I} H=${H} T=${T}`);
      for (let t = 0; t < T; t++) assertClose([found[t * T + t]], [Math.sqrt(S)], 1e-14, 'lag 0');
    }
  });

  // pairs go by the recursion within 8 steps and by Gram matrices across a cut, 32 targets at a time
  for (const by of kinds) {
    test(`${variant.name}: ${by} norms of all pairs are products of step Jacobians`, () => {
      for (const T of [0, 1, 2, 7, 8, 9, 16, 17, 33, 70]) {
        const random = new Random(`definition/${variant.name}/${T}`);
        const [I, H] = [between(random, 1, 7), between(random, 1, 5)];
        const { weights, x, initial } = sequence(variant, [I, H, T], random);
        const unrolled = unroll(weights, x, initial);
        const expected = tableByDefinition(weights, unrolled, by);
        const what = `I=${I} H=${H} T=${T}`;
        const found = jacobianNorms(weights, x, by, initial);
        assertEach(found, expected, 1e-10, what);
        assertEach(byRecursion(weights, unrolled, by), expected, 1e-12, `recursion, ${what}`);
      }
    });
  }

  test(`${variant.name}: the influence of one word is its entry in the table`, () => {
    const random = new Random(`entry/${variant.name}`);
    const [I, H, T] = [3, 5, 20];
    const { weights, x, initial } = sequence(variant, [I, H, T], random);
    const unrolled = unroll(weights, x, initial);
    const table = jacobianNorms(weights, x, 'input', initial);
    for (let t = 0; t < T; t++) {
      for (let k = 0; k <= t; k++) {
        const found = localInfluence(weights, unrolled, t, k);
        assertEach([found], [table[t * T + k]], 1e-11, `(${t},${k})`);
      }
    }
  });

  test(`${variant.name}: a Jacobian recursion grows by one source a step`, () => {
    const random = new Random(`recursion/${variant.name}`);
    const [I, T] = [2, 40]; // beyond the 16 and the 32 sources that there is room for at first
    const { weights, x, initial } = sequence(variant, [I, 3, T], random);
    const unrolled = unroll(weights, x, initial);
    for (const by of kinds) {
      const table = tableByDefinition(weights, unrolled, by);
      const recursion = new JacobianRecursion(weights, by);
      assert.equal(recursion.length, 0);
      assert.equal(recursion.norms().length, 0);
      for (let t = 0; t < T; t++) {
        recursion.advance(unrolled);
        assert.equal(recursion.length, t + 1);
        assertEach(recursion.norms(), table.subarray(t * T, t * T + t + 1), 1e-12, `${by}, t=${t}`);
      }
    }
  });
}

test('feedforward: nothing comes from earlier words', () => {
  const random = new Random('feedforward');
  const [I, T] = [4, 20];
  const weights = randomCell(variantNamed('feedforward'), I, 6, random);
  const x = normals(random, T * I);
  for (const by of kinds) {
    const table = jacobianNorms(weights, x, by);
    for (let t = 0; t < T; t++) {
      for (let k = 0; k < T; k++) {
        const value = table[t * T + k];
        assert.ok(k === t ? value > 0 : value === 0, `${by} (${t},${k}) = ${value}`);
      }
    }
  }
});

/** As `randomSequence`, for long sequences, in which some sum always is near to 0. */
function sequence(
  variant: (typeof variants)[number],
  [I, H, T]: readonly [number, number, number],
  random: Random,
) {
  const weights = randomCell(variant, I, H, random);
  const { initial } = randomSequence(variant, I, H, 0, random);
  return { weights, x: normals(random, T * I), initial };
}

/** The table row by row. */
function byRecursion(weights: CellWeights, unrolled: Unrolled, by: JacobianKind): Float64Array {
  const T = unrolled.length;
  const table = new Float64Array(T * T);
  const recursion = new JacobianRecursion(weights, by);
  for (let t = 0; t < T; t++) {
    recursion.advance(unrolled);
    table.set(recursion.norms(), t * T);
  }
  return table;
}

function assertEach(
  actual: ArrayLike<number>,
  expected: Floats | number[],
  tolerance: number,
  what: string,
): void {
  const difference = relativeDifferenceOfEach(actual, expected);
  assert.ok(difference <= tolerance, `${what}: relative difference ${difference}`);
}
