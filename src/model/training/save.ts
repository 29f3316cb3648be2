// A trained network as a safetensors file that this library and PyTorch read, and as a model that reads sentences.

import type { Floats, Kernel, Network } from '../../engine/index.js';
import { writeSafetensors, type Tensor } from '../safetensors.js';
import type { SentenceModel } from '../sentence-model.js';
import { trainedModel } from '../story-model.js';
import { tensorNames } from '../weights.js';
import { taskWords } from './task.js';

/**
 * The bytes of a safetensors file with PyTorch's names, the vocabulary in the metadata (docs/own-network.md). Nothing is
 * rounded: float32 holds what the SIMD kernel trained, float64 what the reference did.
 * @param kernel what trained it.
 * @param words the vocabulary, in the order of the embedding's rows.
 */
export function networkFile(
  network: Network,
  kernel: Kernel['name'],
  words: readonly string[] = taskWords,
): Uint8Array {
  const { embedding, cell, readout } = network;
  const { inputSize: I, hiddenSize: H } = cell;
  const tensor = (values: Floats, ...columns: number[]): Tensor => {
    const exact = kernel === 'simd' ? new Float32Array(values) : new Float64Array(values);
    return {
      type: kernel === 'simd' ? 'F32' : 'F64',
      shape: [values.length / (columns[0] ?? 1), ...columns],
      bytes: littleEndian(exact),
    };
  };
  return writeSafetensors({
    tensors: new Map([
      [tensorNames.embedding, tensor(embedding, I)],
      [tensorNames.weightIh, tensor(cell.weightIh, I)],
      [tensorNames.weightHh, tensor(cell.weightHh, H)],
      [tensorNames.biasIh, tensor(cell.biasIh)],
      [tensorNames.biasHh, tensor(cell.biasHh)],
      [tensorNames.readout, tensor(readout.weight, H)],
      [tensorNames.readoutBias, tensor(readout.bias)],
    ]),
    metadata: { cell: cell.cell, vocabulary: JSON.stringify(words) },
  });
}

/** The bytes that the format asks for, whatever this machine's order is. */
function littleEndian(values: Floats): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  const size = values.BYTES_PER_ELEMENT;
  values.forEach((value, i) => {
    if (size === 4) view.setFloat32(i * size, value, true);
    else view.setFloat64(i * size, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** The network as a model of kind `trained`. */
export function modelOfTraining(
  network: Network,
  words: readonly string[] = taskWords,
): SentenceModel {
  return trainedModel('trained', network, words);
}
