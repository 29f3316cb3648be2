// Workspaces of the SIMD kernel: their room, what they refuse, how they are loaded, and where they can not be.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import {
  Adam,
  BackwardWorkspace,
  NetworkGradients,
  Random,
  Unrolled,
  loadKernel,
  loadNetwork,
  matrix,
  memoryMatrix,
  parametersOf,
  referenceKernel,
  roomFor,
  runSequence,
  trainingOf,
  type Floats,
  type Kernel,
} from '../../src/engine/index.js';
import { kernelFile, kernelModule } from '../../tools/kernel.mjs';
import {
  assertSame,
  bothKernels,
  normals,
  on,
  randomCell,
  randomInitial,
  variantNamed,
  variants,
} from '../support/engine.js';

const [, simd] = await bothKernels();
const root = fileURLToPath(new URL('../../', import.meta.url));

// Room -------------------------------------------------------------------------------------------------------------

test('a workspace has the room that was asked for, in one array or in many', () => {
  for (const numbers of [0, 1, 15, 1000, 16384, 100_000, 123_457]) {
    assert.equal(simd.open(numbers).array(numbers).length, numbers);
    const room = simd.open(numbers);
    for (let left = numbers; left > 0; left -= 500) room.array(Math.min(500, left));
  }
});

test('more memory than there can be is refused', () => {
  for (const numbers of [Infinity, NaN, 2 ** 40]) {
    assert.throws(() => simd.open(numbers), { name: 'RangeError', message: /no memory has room/ });
  }
});

test('arrays are zeros, apart from each other, and may be empty', () => {
  const room = simd.open(5000);
  const lengths = [0, 1, 2, 3, 4, 5, 8, 13, 0, 100];
  const arrays = lengths.map((length) => room.array(length));
  arrays.forEach((values, i) => {
    assert.equal(values.length, lengths[i]);
    assert.ok(
      values.every((value) => value === 0),
      'zeros',
    );
    values.fill(i + 1);
  });
  arrays.forEach((values, i) => {
    assert.ok(
      values.every((value) => value === i + 1),
      'not overwritten by another',
    );
  });
});

test('a workspace that is used up says so, and goes on with what fits', () => {
  const room = simd.open(1000);
  const first = on(room, [1, 2, 3]);
  const usedUp = { name: 'RangeError', message: /^\d+ numbers do not fit .*open a larger one$/ };
  assert.throws(() => room.array(1_000_000), usedUp);
  assert.throws(() => {
    for (;;) room.array(5000);
  }, usedUp);
  const weights = randomCell(variantNamed('lstm'), 30, 60, new Random('large'));
  assert.throws(() => room.load(weights), usedUp);
  const small = simd.open(0).load(randomCell(variantNamed('lstm'), 3, 4, new Random('small')));
  assert.throws(() => new Unrolled(small, 8, 1000), usedUp);
  assert.throws(() => new BackwardWorkspace(small, 8, 1000), usedUp);
  assertSame(first, [1, 2, 3], 'what is there stays');
  assertSame(simd.open(0).array(2), [0, 0], 'and another is not affected');
});

test('an upper bound of the room for a cell and its steps is one', () => {
  for (const variant of variants) {
    for (const [I, H, rows, capacity] of [
      [1, 1, 1, 0],
      [1, 1, 64, 1],
      [7, 13, 3, 21],
      [50, 8, 1, 300],
      [3, 100, 5, 7],
      [64, 128, 2, 50],
    ]) {
      const weights = randomCell(variant, I, H, new Random('room'));
      const loaded = simd.open(roomFor(weights, rows, capacity)).load(weights);
      const unrolled = new Unrolled(loaded, rows, capacity);
      unrolled.run(loaded, capacity, randomInitial(weights, new Random('room'), rows));
      assert.equal(unrolled.length, capacity);
    }
  }
});

test('the table of twins has room for any size', () => {
  for (const variant of variants) {
    for (const [I, H, T] of [
      [1, 1, 1],
      [3, 100, 70],
      [64, 40, 9],
    ]) {
      const random = new Random('twins');
      const weights = randomCell(variant, I, H, random);
      const found = memoryMatrix(weights, normals(random, T * I), {}, simd);
      assert.equal(found.length, T * T);
    }
  }
});

test('a thousand workspaces, one after another', () => {
  for (let i = 0; i < 1000; i++) {
    const values = on(simd.open(10_000), [3, 4]);
    assert.equal(values[0] + values[1], 7);
  }
});

// What does not belong together ------------------------------------------------------------------------------------

/** Everything in the memory of a workspace from its first array on (before it stands what the kernel keeps for itself). */
function snapshot(first: Floats): Float32Array {
  return new Float32Array(first.buffer, first.byteOffset).slice();
}

/** What a kernel does with arrays: their lengths and the call. */
function operations(kernel: Kernel): [lengths: number[], call: (...arrays: Floats[]) => unknown][] {
  const training = trainingOf(kernel);
  const step = { rate: 0.1, correction: 0.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  return [
    [
      [6, 8, 12],
      (a, b, c) => kernel.multiply(3, 4, 2, matrix(a, 2), matrix(b, 4), matrix(c, 4), true),
    ],
    [[5], (values) => kernel.sigmoid(values)],
    [[5], (values) => kernel.tanh(values)],
    [[5], (values) => kernel.scale(values, 2)],
    [[5], (values) => kernel.sumOfSquares(values)],
    [[5], (values) => kernel.largest(values)],
    [[3, 6], (target, block) => kernel.addColumnSums(target, block, 2)],
    [[6, 6], (source, target) => kernel.addScaledRows(Float64Array.of(1, 2), source, target)],
    [[6], (logits) => training.crossEntropy(logits, [0, 1], [1, 1], 2)],
    [[5, 5, 5, 5], (p, g, m, v) => training.adam(p, g, m, v, step)],
  ];
}

test('arrays of another workspace, or of none, are refused, and nothing is written', () => {
  const own = simd.open(20_000);
  const other = simd.open(20_000);
  for (const elsewhere of [
    (length: number) => other.array(length),
    (length: number) => new Float64Array(length),
    (length: number) => new Float32Array(length),
  ]) {
    for (const [lengths, call] of operations(own)) {
      for (const foreign of lengths.keys()) {
        const arrays = lengths.map((length, i) => {
          const array = i === foreign ? elsewhere(length) : own.array(length);
          return array.fill(i + 2);
        });
        assert.throws(() => call(...arrays), { name: 'TypeError', message: /array\(\) or load/ });
        for (const [i, array] of arrays.entries()) {
          assertSame(array, new Float64Array(lengths[i]).fill(i + 2), call.toString());
        }
      }
      // and with its own it works
      call(...lengths.map((length) => own.array(length)));
    }
  }
});

for (const variant of variants) {
  test(`${variant.name}: weights that were not loaded here are refused, and nothing is written`, () => {
    const random = new Random('not loaded');
    const plain = randomCell(variant, 3, 5, random);
    const [own, other] = [simd.open(20_000), simd.open(20_000)];
    const [loaded, foreign] = [own.load(plain), other.load(plain)];
    const unrolled = new Unrolled(loaded, 2, 4);
    unrolled.run(loaded, 4, randomInitial(plain, random, 2));
    const workspace = new BackwardWorkspace(loaded, 2, 4);
    const direct = on(own, normals(random, 4 * 2 * 5));
    const before = snapshot(loaded.weightIh);
    for (const weights of [plain, foreign, { ...loaded }]) {
      for (const call of [
        () => own.projectInputs(weights, unrolled.x, unrolled.input, 8),
        () => own.forward(weights, unrolled, 0, 4),
        () => own.backward(weights, unrolled, direct, workspace, 0, 4),
        () => own.changed(weights),
      ]) {
        assert.throws(call, { name: 'TypeError', message: /not loaded into this workspace/ });
      }
    }
    assertSame(snapshot(loaded.weightIh), before, 'the memory');
  });

  test(`${variant.name}: steps and derivatives of another workspace are refused, and nothing is written`, () => {
    const random = new Random('elsewhere');
    const plain = randomCell(variant, 3, 5, random);
    const [own, other] = [simd.open(20_000), simd.open(20_000)];
    const rooms = [own, other, referenceKernel].map((kernel) => {
      const loaded = kernel.load(plain);
      const unrolled = new Unrolled(loaded, 2, 4);
      unrolled.x.set(normals(random, 4 * 2 * 3));
      unrolled.run(loaded, 4, randomInitial(plain, random, 2));
      const workspace = new BackwardWorkspace(loaded, 2, 4);
      return { loaded, unrolled, workspace, direct: on(kernel, normals(random, 4 * 2 * 5)) };
    });
    const [here, ...elsewhere] = rooms;
    const { loaded } = here;
    const before = rooms.slice(0, 2).map((room) => snapshot(room.loaded.weightIh));
    for (const { unrolled, workspace, direct } of elsewhere) {
      for (const call of [
        () => own.projectInputs(loaded, unrolled.x, here.unrolled.input, 8),
        () => own.projectInputs(loaded, here.unrolled.x, unrolled.input, 8),
        () => own.forward(loaded, unrolled, 0, 4),
        () => own.backward(loaded, unrolled, here.direct, here.workspace, 0, 4),
        () => own.backward(loaded, here.unrolled, direct, here.workspace, 0, 4),
        () => own.backward(loaded, here.unrolled, here.direct, workspace, 0, 4),
      ]) {
        assert.throws(call, { name: 'TypeError', message: /does not belong to this workspace/ });
      }
    }
    rooms.slice(0, 2).forEach((room, i) => {
      assertSame(snapshot(room.loaded.weightIh), before[i], 'the memory');
    });
  });
}

test('weights loaded twice are apart, and loading copies', () => {
  const plain = randomCell(variantNamed('gru, reset after'), 2, 3, new Random('twice'));
  const room = simd.open(5000);
  const [a, b] = [room.load(plain), room.load(plain)];
  a.weightHh.fill(0);
  assert.ok(
    plain.weightHh.every((value) => value !== 0) && b.weightHh.every((value) => value !== 0),
    'the others stay',
  );
  assert.equal(a.kernel, room);
  assert.equal(plain.kernel, undefined);
});

test('numbers of loaded weights changed in place count once the kernel is told', () => {
  for (const variant of variants) {
    const random = new Random(`changed/${variant.name}`);
    const [first, second] = [0, 1].map(() => randomCell(variant, 3, 5, random));
    const x = normals(random, 6 * 3);
    const run = (weights: typeof first): Floats => {
      const unrolled = new Unrolled(weights, 1, 6);
      unrolled.x.set(x);
      unrolled.run(weights, 6);
      return unrolled.h.slice();
    };
    const room = simd.open(20_000);
    const loaded = room.load(first);
    const before = run(loaded);
    for (const name of ['weightIh', 'weightHh', 'biasIh', 'biasHh'] as const) {
      loaded[name].set(second[name]);
    }
    room.changed(loaded);
    const after = run(loaded);
    assertSame(after, run(simd.open(20_000).load(second)), variant.name);
    assert.notDeepEqual(after, before);
  }
});

test('a loaded network that Adam has moved is read as it is now', () => {
  for (const variant of variants) {
    const random = new Random(`moved/${variant.name}`);
    const plain = {
      embedding: normals(random, 5 * 3),
      cell: randomCell(variant, 3, 5, random),
      readout: { weight: normals(random, 5 * 5), bias: normals(random, 5) },
    };
    const network = loadNetwork(simd, plain, 1, 4);
    const calculus = new NetworkGradients(network, 1, 4);
    const words = Int32Array.of(0, 1, 2, 3);
    const { gradients } = calculus.lossAndGradients({
      rows: 1,
      length: 4,
      words,
      targets: words,
      weights: [1, 1, 1, 1],
    });
    const x = normals(random, 6 * 3);
    const before = runSequence(network.cell, x).h;
    new Adam(parametersOf(network), { kernel: network.cell.kernel! }).update(gradients, 0.1);
    const after = runSequence(network.cell, x).h;
    assertSame(after, runSequence(simd.open(20_000).load(network.cell), x).h, variant.name);
    assert.notDeepEqual(after, before);
  }
});

// Loading ----------------------------------------------------------------------------------------------------------

let instances = 0;

/** `loadKernel` of a page that has not asked yet. */
async function freshLoadKernel(): Promise<typeof loadKernel> {
  const url = new URL(`../../src/engine/kernels/load.ts?${instances++}`, import.meta.url);
  return ((await import(url.href)) as { loadKernel: typeof loadKernel }).loadKernel;
}

/** Runs with other values for some of the platform's names; undefined takes a name away. */
async function withGlobals(
  values: Readonly<Record<string, unknown>>,
  run: () => Promise<void>,
): Promise<void> {
  const kept = Object.keys(values).map((name) => {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
    assert.ok(descriptor, name);
    return [name, descriptor] as const;
  });
  try {
    for (const [name, value] of Object.entries(values)) {
      Reflect.deleteProperty(globalThis, name);
      if (value !== undefined)
        Object.defineProperty(globalThis, name, { value, configurable: true });
    }
    await run();
  } finally {
    for (const [name, descriptor] of kept) Object.defineProperty(globalThis, name, descriptor);
  }
}

test('each load opens a workspace of its own', async () => {
  const [a, b, again] = [await loadKernel(1000), await loadKernel(1000), await loadKernel()];
  for (const kernel of [a, b, again]) assert.equal(kernel.name, 'simd');
  const values = on(a, [1, 2]);
  assert.throws(() => b.tanh(values), TypeError);
  a.tanh(values);
  assert.ok(values[0] < 1);
  assert.equal(again.array(4_000_000).length, 4_000_000, 'of 4 million numbers by default');
});

test('the module is compiled once', async () => {
  let compiled = 0;
  const platform = WebAssembly;
  const compile = (bytes: BufferSource): Promise<WebAssembly.Module> => {
    compiled++;
    return platform.compile(bytes);
  };
  const { Memory, Instance } = platform;
  await withGlobals({ WebAssembly: { compile, Memory, Instance } }, async () => {
    const load = await freshLoadKernel();
    const kernels = await Promise.all([load(10), load(10), load(10)]);
    kernels.push(await load(10));
    assert.deepEqual(
      kernels.map(({ name }) => name),
      ['simd', 'simd', 'simd', 'simd'],
    );
  });
  assert.equal(compiled, 1);
});

test('without WebAssembly there is the reference', async () => {
  await withGlobals({ WebAssembly: undefined }, async () => {
    assert.ok(!('WebAssembly' in globalThis), 'it is gone');
    const load = await freshLoadKernel();
    for (const kernel of [await load(), await load(5)]) assert.equal(kernel.name, 'reference');
  });
  assert.equal((await (await freshLoadKernel())(5)).name, 'simd', 'it is back');
});

test('where a policy forbids WebAssembly, it is tried once, and there is the reference', async () => {
  // as a browser does under a Content-Security-Policy
  const page = createContext({}, { codeGeneration: { strings: true, wasm: false } });
  const forbidden = runInContext('WebAssembly', page) as typeof WebAssembly;
  const errors: unknown[] = [];
  const compile = async (bytes: BufferSource): Promise<WebAssembly.Module> => {
    try {
      return await forbidden.compile(bytes);
    } catch (error) {
      errors.push(error);
      throw error;
    }
  };
  const { Memory, Instance } = WebAssembly;
  await withGlobals({ WebAssembly: { compile, Memory, Instance } }, async () => {
    const load = await freshLoadKernel();
    const kernels = await Promise.all([load(), load(), load()]);
    kernels.push(await load());
    for (const { name } of kernels) assert.equal(name, 'reference');
  });
  assert.equal(errors.length, 1);
  assert.match(String(errors[0]), /CompileError.*disallowed/);
});

test('on a machine without WebAssembly all works, on the reference', () => {
  const script = `
    import { loadKernel, memoryMatrix, initialWeights } from './src/engine/index.ts';
    const kernel = await loadKernel();
    const x = Float64Array.of(1, 2, 3, 4);
    const table = memoryMatrix(initialWeights('lstm', 2, 3, 1), x, {}, kernel);
    console.log(typeof WebAssembly, kernel.name, table.every(Number.isFinite));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--jitless', '--import', 'tsx', '--input-type=module', '--eval', script],
    { cwd: root, encoding: 'utf8' },
  );
  assert.equal(stdout, 'undefined reference true\n', stderr);
});

// The compiled module ----------------------------------------------------------------------------------------------

test('the committed module is what assembly/ compiles to, and small', () => {
  const committed = readFileSync(kernelFile, 'utf8');
  const bytes = (text: string): string | undefined => /'([A-Za-z0-9+/=]{1000,})'/.exec(text)?.[1];
  assert.ok(bytes(committed), 'there is one');
  assert.equal(bytes(committed), bytes(kernelModule()), 'run `npm run kernel`');
  const size = gzipSync(committed).length;
  assert.ok(size <= 15_000, `${size} bytes in a download`);
});
