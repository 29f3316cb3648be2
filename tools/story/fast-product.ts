// Compiles the SIMD product and puts it in the place of the reference product, for long training runs.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useProductKernel, type MatrixView } from '../../src/engine/products.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** From here on every product large enough to be worth packing runs in WebAssembly (float32). */
export function useFastProduct(): void {
  const folder = mkdtempSync(join(tmpdir(), 'rnn-kernel-'));
  try {
    const file = join(folder, 'product.wasm');
    execFileSync(process.execPath, [
      join(root, 'node_modules/assemblyscript/bin/asc.js'),
      join(root, 'assembly/product.ts'),
      '--outFile',
      file,
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--noAssert',
      '-O3',
    ]);
    install(readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function install(bytes: Uint8Array<ArrayBuffer>): void {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {});
  const memory = instance.exports.memory as WebAssembly.Memory;
  const product = instance.exports.product as (
    m: number,
    n: number,
    k: number,
    a: number,
    b: number,
    c: number,
  ) => void;
  const start = 1024;
  let floats = new Float32Array(memory.buffer);
  useProductKernel((m, n, k, a, b, c, add) => {
    if (m < 4 || n < 8) return false;
    const rows = (m + 3) & ~3;
    const columns = (n + 7) & ~7;
    const aAt = start / 4;
    const bAt = (aAt + rows * k + 3) & ~3;
    const cAt = (bAt + columns * k + 3) & ~3;
    const needed = (cAt + rows * columns) * 4;
    if (needed > memory.buffer.byteLength) {
      memory.grow(Math.ceil((needed - memory.buffer.byteLength) / 65536));
      floats = new Float32Array(memory.buffer);
    }
    pack(floats, aAt, a.data, a.offset, a.row, a.column, m, k, 4);
    pack(floats, bAt, b.data, b.offset, b.column, b.row, n, k, 8);
    product(rows, columns, k, aAt * 4, bAt * 4, cAt * 4);
    unpack(floats, cAt, columns, c, m, n, add);
    return true;
  });
}

/** Puts the `count` rows of a matrix into strips `[count / width][k][width]`, the last one padded with zeros. */
function pack(
  to: Float32Array,
  at: number,
  from: Float64Array,
  offset: number,
  row: number,
  column: number,
  count: number,
  k: number,
  width: number,
): void {
  for (let first = 0; first < count; first += width) {
    for (let lane = 0; lane < width; lane++) {
      let q = at + first * k + lane;
      if (first + lane >= count) {
        for (let l = 0; l < k; l++, q += width) to[q] = 0;
        continue;
      }
      let p = offset + (first + lane) * row;
      for (let l = 0; l < k; l++, p += column, q += width) to[q] = from[p]!;
    }
  }
}

function unpack(
  from: Float32Array,
  at: number,
  columns: number,
  c: MatrixView,
  m: number,
  n: number,
  add: boolean,
): void {
  for (let i = 0; i < m; i++) {
    let p = at + i * columns;
    let q = c.offset + i * c.row;
    for (let j = 0; j < n; j++, p++, q += c.column) {
      c.data[q] = add ? c.data[q] + from[p] : from[p];
    }
  }
}
