// Loads the SIMD kernel where the machine and the page's policy allow one.

import type { Kernel } from './kernel.js';
import { referenceKernel } from './reference.js';

async function compile(): Promise<Kernel | null> {
  if (!('WebAssembly' in globalThis)) return null;
  const { compileKernel } = await import('./simd.js');
  return compileKernel(0);
}

let compiled: Promise<Kernel | null> | undefined;

/**
 * The fastest kernel there is: WebAssembly SIMD (float32), else the float64 reference. The module is loaded and compiled
 * at the first call. A page whose policy forbids it (a `Content-Security-Policy` without `'wasm-unsafe-eval'`) is asked
 * once and gets one report; later calls return the reference at once.
 *
 * @param numbers room of the workspace, as for `Kernel.open`; default 4 million (16 MB, of which a system usually commits
 * what is touched). Each call opens a workspace of its own.
 * @throws RangeError if the machine has no such memory.
 */
export async function loadKernel(numbers = 4_000_000): Promise<Kernel> {
  compiled ??= compile().catch(() => null);
  return (await compiled)?.open(numbers) ?? referenceKernel;
}
