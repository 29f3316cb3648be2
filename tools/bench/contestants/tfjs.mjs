// TensorFlow.js on its WebAssembly backend (SIMD, one thread): with the ready-made layers, and by hand from its operators.

import { coreWays } from './tfjs-core.mjs';
import { layerWays } from './tfjs-layers.mjs';

async function load(where) {
  if (where === 'page') {
    globalThis.tf.wasm.setWasmPaths('/peers/@tensorflow/tfjs-backend-wasm/dist/');
    return globalThis.tf;
  }
  const { default: tf } = await import('@tensorflow/tfjs');
  const { default: wasm } = await import('@tensorflow/tfjs-backend-wasm');
  const { fileURLToPath } = await import('node:url');
  wasm.setWasmPaths(
    fileURLToPath(new URL('./', import.meta.resolve('@tensorflow/tfjs-backend-wasm'))),
  );
  return tf;
}

export async function open(where) {
  const tf = await load(where);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend does not start');
  await tf.ready();
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return {
    about: `TensorFlow.js ${tf.version.tfjs} (wasm${simd ? ', SIMD' : ''})`,
    prepare(material) {
      if (material.kind === 'influence') return 'no such function';
      return [...layerWays(tf, material), ...coreWays(tf, material)];
    },
  };
}
