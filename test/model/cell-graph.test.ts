// What a step consists of: the nodes of every cell, their order, and that each is made of what it is said to read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Random,
  cells,
  sigmoid,
  takeApart,
  tanh,
  unroll,
  type CellWeights,
  type Floats,
  type GateName,
  type StepAnatomy,
  type StepPart,
} from '../../src/engine/index.js';
import { cellGraph, type CellNode } from '../../src/model/cell-graph.js';
import {
  assertClose,
  assertSame,
  between,
  dot,
  normals,
  randomCell,
  randomInitial,
  variants as engineVariants,
} from '../support/engine.js';

/** No element runs the original GRU. */
const variants = engineVariants.filter(({ resetAfter }) => resetAfter !== false);

/** What a step is given. */
const given: readonly StepPart[] = ['x', 'hPrevious', 'cPrevious'];

/** How many nodes one after the other it takes to make each vector, counted by hand in the equations of the cells. */
const gruStages = {
  x: 0,
  hPrevious: 0,
  reset: 1,
  update: 1,
  gated: 2,
  opening: 2,
  kept: 2,
  candidate: 3,
  added: 4,
  h: 5,
};
const stagesByHand: Readonly<Record<string, Readonly<Partial<Record<StepPart, number>>>>> = {
  feedforward: { x: 0, fromInput: 1, h: 2 },
  rnn: { x: 0, hPrevious: 0, fromInput: 1, fromState: 1, sum: 2, h: 3 },
  'rnn, relu': { x: 0, hPrevious: 0, fromInput: 1, fromState: 1, sum: 2, h: 3 },
  lstm: {
    x: 0,
    hPrevious: 0,
    cPrevious: 0,
    forget: 1,
    input: 1,
    candidate: 1,
    output: 1,
    kept: 2,
    added: 2,
    c: 3,
    squashed: 4,
    h: 5,
  },
  'gru, reset after': { ...gruStages, recalled: 1 },
};

/** W v + b of one block, by plain sums. */
const affine = (matrix: Floats, bias: Floats, v: Floats, block: number, H: number): Float64Array =>
  Float64Array.from({ length: H }, (_, j) => {
    const row = block * H + j;
    return bias[row] + dot(matrix.subarray(row * v.length, (row + 1) * v.length), v);
  });

/** A vector made number by number of others. */
const made = (of: (...values: number[]) => number, from: readonly Floats[]): Float64Array =>
  Float64Array.from(from[0], (_, j) => of(...from.map((values) => values[j])));

const plus = (...values: number[]): number => values.reduce((a, b) => a + b);

/**
 * A node's vector, computed of nothing but the weights and the vectors of the nodes that it reads.
 * @returns with the tolerance that it is exact to: 0 unless the weights took part.
 */
function evaluate(
  { id, operation, reads }: CellNode,
  weights: CellWeights,
  vectors: readonly Floats[],
): readonly [Float64Array, number] {
  const { cell, hiddenSize: H, weightIh, weightHh, biasIh, biasHh } = weights;
  // “recalled” is the candidate's; the simple cells have one block
  const block = Math.max(
    0,
    cells[cell].gates.indexOf(id === 'recalled' ? 'candidate' : (id as GateName)),
  );
  const fromInput = (x: Floats): Float64Array => affine(weightIh, biasIh, x, block, H);
  const fromState = (h: Floats): Float64Array => affine(weightHh, biasHh, h, block, H);
  /** A sum that is still to be squashed; a vector that has been through U already is added as it is. */
  const summed = (): Float64Array =>
    made(
      plus,
      reads.map((name, i) => {
        if (name === 'x') return fromInput(vectors[i]);
        return name === 'gated' ? vectors[i] : fromState(vectors[i]);
      }),
    );
  switch (operation) {
    case '×':
      assert.equal(vectors.length, 2);
      return [made((a, b) => a * b, vectors), 0];
    case '+':
      assert.equal(vectors.length, 2);
      return [made(plus, vectors), 0];
    case '1−':
      assert.equal(vectors.length, 1);
      return [made((a) => 1 - a, vectors), 0];
    case 'ReLU':
      assert.equal(vectors.length, 1);
      return [made((a) => Math.max(0, a), vectors), 0];
    case 'tanh':
      if (vectors.length === 1) return [made(tanh, vectors), 0];
      return [made(tanh, [summed()]), 1e-13];
    case 'σ':
      return [made(sigmoid, [summed()]), 1e-13];
    case 'W':
      assert.equal(vectors.length, 1);
      return [fromInput(vectors[0]), 1e-13];
    case 'U':
      assert.equal(vectors.length, 1);
      return [fromState(vectors[0]), 1e-13];
    case null:
      throw new Error(`${id} is not made of anything`);
  }
}

/** Every step of a random run of a random cell, taken apart. */
function randomSteps(weights: CellWeights, random: Random): StepAnatomy[] {
  const T = between(random, 1, 4);
  const x = normals(random, T * weights.inputSize);
  const run = unroll(weights, x, randomInitial(weights, random));
  return Array.from({ length: T }, (_, t) => takeApart(weights, run, t));
}

for (const variant of variants) {
  const weights = randomCell(variant, 3, 4, new Random(`graph/${variant.name}`));
  const graph = cellGraph(weights);
  const nodes = new Map(graph.map((node) => [node.id, node]));

  test(`${variant.name}: the nodes are the vectors of a step, each once`, () => {
    const [{ parts }] = randomSteps(weights, new Random('parts'));
    assert.deepEqual(graph.map(({ id }) => id).sort(), Object.keys(parts).sort());
  });

  test(`${variant.name}: what a node reads comes before it, and nothing is made in vain`, () => {
    graph.forEach(({ id, reads }, i) => {
      const before = graph.slice(0, i).map((node) => node.id);
      for (const name of reads) assert.ok(before.includes(name), `${id} reads ${name}`);
      assert.equal(new Set(reads).size, reads.length, `${id} reads each once`);
      const read = graph.some((node) => node.reads.includes(id));
      assert.equal(read, id !== 'h', `${id} is ${read ? '' : 'not '}read`);
    });
    assert.equal(graph.at(-1)!.id, 'h');
  });

  test(`${variant.name}: only what the step is given is made of nothing`, () => {
    for (const { id, operation, reads, stage } of graph) {
      const isGiven = given.includes(id);
      assert.equal(operation === null, isGiven, id);
      assert.equal(reads.length === 0, isGiven, id);
      assert.equal(stage === 0, isGiven, id);
    }
  });

  test(`${variant.name}: the stage of a node is its longest way from what is given`, () => {
    const longest = (id: StepPart): number =>
      Math.max(0, ...nodes.get(id)!.reads.map((name) => longest(name) + 1));
    const stages = Object.fromEntries(graph.map(({ id, stage }) => [id, stage]));
    assert.deepEqual(stages, Object.fromEntries(graph.map(({ id }) => [id, longest(id)])));
    assert.deepEqual(stages, stagesByHand[variant.name]);
  });

  test(`${variant.name}: every node is what its operation makes of the nodes it reads`, () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(`operation/${variant.name}/${seed}`);
      const drawn = randomCell(variant, between(random, 1, 9), between(random, 1, 9), random);
      for (const { parts, fromInput, fromState } of randomSteps(drawn, random)) {
        for (const node of cellGraph(drawn)) {
          if (node.operation === null) continue;
          const vectors = node.reads.map((name) => parts[name] ?? assert.fail(`no ${name}`));
          const [expected, tolerance] = evaluate(node, drawn, vectors);
          const actual = parts[node.id]!;
          const what = `${node.id}, seed ${seed}`;
          if (tolerance === 0) assertSame(actual, expected, what);
          else assertClose(actual, expected, tolerance, what);
          // the products of the simple cells are those that the step was made with
          if (node.id === 'fromInput') assertSame(actual, fromInput, what);
          if (node.id === 'fromState') assertSame(actual, fromState, what);
        }
      }
    }
  });
}

test('an activation that belongs to another cell changes nothing', () => {
  for (const cell of ['feedforward', 'lstm', 'gru'] as const) {
    assert.deepEqual(cellGraph({ cell, nonlinearity: 'relu' }), cellGraph({ cell }), cell);
  }
});
