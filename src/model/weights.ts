// Networks as weight files: int8 matrices with one scale a row, in safetensors, with the vocabulary in the metadata.

import { cells, checkWeights, cellTypes, type CellType, type Network } from '../engine/index.js';
import {
  WeightFileError,
  readSafetensors,
  writeSafetensors,
  type Tensor,
  type TensorFile,
} from './safetensors.js';
import { unknownWord } from './story/language.js';

/** PyTorch's names for the arrays of a network. */
const names = {
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
 * @param words the vocabulary, in the order of the embedding's rows; must hold the unknown-word token.
 */
export function packNetwork(network: Network, words: readonly string[]): Uint8Array {
  const { embedding, cell, readout } = network;
  const { inputSize: I, hiddenSize: H } = cell;
  const tensors = new Map<string, Tensor>();
  const matrix = (name: string, values: Float64Array, columns: number): void => {
    if (values.length === 0) return;
    const rows = values.length / columns;
    const scales = new Float64Array(rows);
    const quantised = new Int8Array(values.length);
    for (let i = 0; i < rows; i++) {
      const row = values.subarray(i * columns, (i + 1) * columns);
      const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const scale = fromFloat16(toFloat16(largest / 127));
      scales[i] = scale;
      row.forEach((value, j) => {
        quantised[i * columns + j] =
          scale === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(value / scale)));
      });
    }
    tensors.set(name, {
      type: 'I8',
      shape: [rows, columns],
      bytes: new Uint8Array(quantised.buffer),
    });
    vector(`${name}.scale`, scales);
  };
  const vector = (name: string, values: Float64Array): void => {
    if (values.length === 0) return;
    const bytes = new Uint8Array(values.length * 2);
    const view = new DataView(bytes.buffer);
    values.forEach((value, i) => {
      view.setUint16(i * 2, toFloat16(value), true);
    });
    tensors.set(name, { type: 'F16', shape: [values.length], bytes });
  };
  matrix(names.embedding, embedding, I);
  matrix(names.weightIh, cell.weightIh, I);
  matrix(names.weightHh, cell.weightHh, H);
  vector(names.biasIh, cell.biasIh);
  vector(names.biasHh, cell.biasHh);
  matrix(names.readout, readout.weight, H);
  vector(names.readoutBias, readout.bias);
  return writeSafetensors({
    tensors,
    metadata: { cell: cell.cell, vocabulary: words.join('\n') },
  });
}

/**
 * Reads a network that `packNetwork` wrote.
 * @throws WeightFileError if anything is missing, does not fit together or is not a finite number.
 */
export function unpackNetwork(file: Uint8Array): { network: Network; words: readonly string[] } {
  const { tensors, metadata } = readSafetensors(file);
  const type = metadata['cell'] as CellType;
  if (!cellTypes.includes(type)) throw new WeightFileError(`unknown cell ${type}`);
  const words = (metadata['vocabulary'] ?? '').split('\n');
  const read = (name: string): Float64Array => numbers({ tensors, metadata }, name);
  const biasIh = read(names.biasIh);
  const H = biasIh.length / cells[type].gates.length;
  const weightIh = read(names.weightIh);
  const I = weightIh.length / biasIh.length;
  const recurrent = cells[type].recurrent;
  const network: Network = {
    embedding: read(names.embedding),
    cell: {
      cell: type,
      inputSize: I,
      hiddenSize: H,
      weightIh,
      weightHh: recurrent ? read(names.weightHh) : new Float64Array(0),
      biasIh,
      biasHh: recurrent ? read(names.biasHh) : new Float64Array(0),
    },
    readout: { weight: read(names.readout), bias: read(names.readoutBias) },
  };
  try {
    checkWeights(network.cell);
  } catch (error) {
    throw new WeightFileError((error as Error).message);
  }
  if (!words.includes(unknownWord)) {
    throw new WeightFileError(`the vocabulary has no ${unknownWord} for unknown words`);
  }
  const V = words.length;
  if (
    network.embedding.length !== V * I ||
    network.readout.weight.length !== V * H ||
    network.readout.bias.length !== V
  ) {
    throw new WeightFileError(`embedding or readout do not fit a vocabulary of ${V} words`);
  }
  return { network, words };
}

function numbers(file: TensorFile, name: string): Float64Array {
  const tensor = file.tensors.get(name);
  if (!tensor) throw new WeightFileError(`no tensor ${name}`);
  const { type, bytes, shape } = tensor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let values: Float64Array;
  if (type === 'F32' || type === 'F16') {
    const size = type === 'F32' ? 4 : 2;
    values = Float64Array.from({ length: bytes.length / size }, (_, i) =>
      type === 'F32' ? view.getFloat32(i * 4, true) : fromFloat16(view.getUint16(i * 2, true)),
    );
  } else if (type === 'I8' && shape.length === 2) {
    const columns = shape[1];
    const scales = numbers(file, `${name}.scale`);
    if (scales.length !== shape[0]) throw new WeightFileError(`${name}.scale has the wrong length`);
    values = Float64Array.from(
      { length: bytes.length },
      (_, i) => view.getInt8(i) * scales[Math.floor(i / columns)],
    );
  } else {
    throw new WeightFileError(`tensor ${name} is ${type} of ${shape.length} dimensions`);
  }
  if (values.some((value) => !Number.isFinite(value))) {
    throw new WeightFileError(`tensor ${name} holds a number that is not finite`);
  }
  return values;
}

/** The bits of the nearest IEEE 754 half-precision number (ties away from zero; too large ones become infinite). */
export function toFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  let exponent = 0;
  let scaled = size;
  while (scaled >= 2 && exponent < 15) {
    scaled /= 2;
    exponent++;
  }
  while (scaled < 1 && exponent > -14) {
    scaled *= 2;
    exponent--;
  }
  // below 1 here: a subnormal number, exponent field 0
  const fraction = scaled < 1 ? Math.round(scaled * 1024) : Math.round((scaled - 1) * 1024);
  const field = scaled < 1 ? 0 : exponent + 15;
  return sign | ((field << 10) + fraction);
}

/** The number that 16 bits stand for (IEEE 754 half precision). */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
