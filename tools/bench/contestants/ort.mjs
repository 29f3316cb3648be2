// ONNX Runtime, for pages (WebAssembly) and for Node (native code), one thread each: the forward pass as one ONNX operator.

import { toOrder } from './blocks.mjs';
import { recurrentModel } from './onnx.mjs';

const orders = { rnn: ['n'], gru: ['z', 'r', 'n'], lstm: ['i', 'o', 'f', 'g'] };

async function load(where, name) {
  if (name === 'ort-node') return (await import('onnxruntime-node')).default;
  const ort =
    where === 'page'
      ? await import('/peers/onnxruntime-web/dist/ort.wasm.min.mjs')
      : await import('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  return ort;
}

/** The layer of `material` as an ONNX model. */
function modelOf(material) {
  const { cell, length: T, rows: N, inputSize: I, hiddenSize: H } = material;
  const order = orders[cell];
  const G = order.length;
  const ordered = (values) => toOrder(cell, order, values);
  return recurrentModel(cell.toUpperCase(), {
    tensors: [
      { name: 'W', dims: [1, G * H, I], values: ordered(material.weightIh) },
      { name: 'R', dims: [1, G * H, H], values: ordered(material.weightHh) },
      {
        name: 'B',
        dims: [1, 2 * G * H],
        values: [...ordered(material.biasIh), ...ordered(material.biasHh)],
      },
    ],
    attributes: { hidden_size: H, ...(cell === 'gru' ? { linear_before_reset: 1 } : {}) },
    input: [T, N, I],
    output: [T, 1, N, H],
  });
}

export async function open(where, name) {
  const ort = await load(where, name);
  const provider = name === 'ort-node' ? 'cpu' : 'wasm';
  return {
    about: `onnxruntime-${name.slice(4)} ${ort.env.versions[name === 'ort-node' ? 'node' : 'web']}`,
    async prepare(material) {
      if (material.kind !== 'forward') return 'has no gradients';
      const { length: T, rows: N, inputSize: I } = material;
      const session = await ort.InferenceSession.create(modelOf(material), {
        executionProviders: [provider],
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
      });
      const feeds = { x: new ort.Tensor('float32', Float32Array.from(material.x), [T, N, I]) };
      return [
        {
          name: 'one operator',
          run: () => session.run(feeds),
          outputs: async () => ({ h: (await session.run(feeds)).y.data }),
        },
      ];
    },
  };
}
