// Networks as our own weight files: int8 matrices with one scale a row, in safetensors, the vocabulary in the metadata.

import type { Floats, Network } from '../engine/index.js';
import { writeSafetensors, type Tensor } from './safetensors.js';
import { fromFloat16, toFloat16 } from './tensor-numbers.js';
import { WeightFileError } from './weight-file-error.js';
import { readWeightFile } from './weight-files.js';

/** PyTorch's names for the arrays of a network. */
export const tensorNames = {
  embedding: 'embedding.weight',
  weightIh: 'cell.weight_ih_l0',
  weightHh: 'cell.weight_hh_l0',
  biasIh: 'cell.bias_ih_l0',
  biasHh: 'cell.bias_hh_l0',
  readout: 'readout.weight',
  readoutBias: 'readout.bias',
} as const;

/**
 * Writes a network: matrices as int8 with a float16 scale for each row (`NAME.scale`), biases as float16.
 * @param words the vocabulary, in the order of the embedding's rows; `<unk>` in it stands for all other words.
 * @param levels the largest number in a matrix, at most 127: a smaller one makes rougher weights that compress better.
 */
export function packNetwork(network: Network, words: readonly string[], levels = 127): Uint8Array {
  const { embedding, cell, readout } = network;
  const { inputSize: I, hiddenSize: H } = cell;
  const tensors = new Map<string, Tensor>();
  const matrix = (name: string, values: Floats, columns: number): void => {
    if (values.length === 0) return;
    const rows = values.length / columns;
    const scales = new Float64Array(rows);
    const quantised = new Int8Array(values.length);
    for (let i = 0; i < rows; i++) {
      const row = values.subarray(i * columns, (i + 1) * columns);
      let largest = 0;
      for (const value of row) largest = Math.max(largest, Math.abs(value));
      const scale = fromFloat16(toFloat16(largest / levels));
      scales[i] = scale;
      row.forEach((value, j) => {
        quantised[i * columns + j] =
          scale === 0 ? 0 : Math.max(-levels, Math.min(levels, Math.round(value / scale)));
      });
    }
    tensors.set(name, {
      type: 'I8',
      shape: [rows, columns],
      bytes: new Uint8Array(quantised.buffer),
    });
    vector(`${name}.scale`, scales);
  };
  const vector = (name: string, values: Floats): void => {
    if (values.length === 0) return;
    const bytes = new Uint8Array(values.length * 2);
    const view = new DataView(bytes.buffer);
    values.forEach((value, i) => {
      view.setUint16(i * 2, toFloat16(value), true);
    });
    tensors.set(name, { type: 'F16', shape: [values.length], bytes });
  };
  matrix(tensorNames.embedding, embedding, I);
  matrix(tensorNames.weightIh, cell.weightIh, I);
  matrix(tensorNames.weightHh, cell.weightHh, H);
  vector(tensorNames.biasIh, cell.biasIh);
  vector(tensorNames.biasHh, cell.biasHh);
  matrix(tensorNames.readout, readout.weight, H);
  vector(tensorNames.readoutBias, readout.bias);
  return writeSafetensors({
    tensors,
    metadata: {
      cell: cell.cell,
      vocabulary: words.join('\n'),
      ...(cell.nonlinearity && { nonlinearity: cell.nonlinearity }),
    },
  });
}

/**
 * Reads a network that `packNetwork` wrote.
 * @throws WeightFileError if anything is missing, does not fit together or is not a finite number.
 */
export function unpackNetwork(file: Uint8Array): { network: Network; words: readonly string[] } {
  const { embedding, cell, readout, words } = readWeightFile(file);
  if (!readout) throw new WeightFileError('no-readout');
  return { network: { embedding, cell, readout }, words };
}
