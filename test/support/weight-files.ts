// Weight files for the tests: networks as PyTorch saves them with safetensors, under any names and in any element type.

import type { Network } from '../../src/engine/index.js';
import { writeSafetensors, type Tensor, type TensorType } from '../../src/model/safetensors.js';
import { toFloat16 } from '../../src/model/tensor-numbers.js';

export type FloatType = Exclude<TensorType, 'I8'>;

/** The upper 16 bits of the nearest float32, rounded to the nearest (ties away from zero). */
export function toBfloat16(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return (view.getUint32(0) + 0x8000) >>> 16;
}

/** Numbers as a tensor of some element type. */
export function tensorOf(
  values: ArrayLike<number>,
  shape: readonly number[] = [values.length],
  type: FloatType = 'F32',
): Tensor {
  const size = { F64: 8, F32: 4, F16: 2, BF16: 2 }[type];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    if (type === 'F64') view.setFloat64(8 * i, values[i], true);
    else if (type === 'F32') view.setFloat32(4 * i, values[i], true);
    else {
      const bits = type === 'F16' ? toFloat16(values[i]) : toBfloat16(values[i]);
      view.setUint16(2 * i, bits & 0xffff, true);
    }
  }
  return { type, shape, bytes };
}

/** What the parts of a state dict are called: `lstm.` and `_l0` make `lstm.weight_hh_l0`. */
export interface Names {
  readonly embedding: string;
  readonly cell: string;
  readonly end: string;
  readonly readout: string;
  readonly readoutBias: string;
}

export const usualNames: Names = {
  embedding: 'embedding.weight',
  cell: 'rnn.',
  end: '_l0',
  readout: 'fc.weight',
  readoutBias: 'fc.bias',
};

export interface StateDictOptions {
  readonly names?: Partial<Names>;
  readonly type?: FloatType;
  /** Without them: `bias=False` in the cell. */
  readonly biases?: boolean;
  readonly readout?: boolean;
  readonly readoutBias?: boolean;
  /** Added to the vocabulary, which is a JSON array unless it is given here. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The tensors and the metadata of a network, to be changed before they are written. */
export function stateDict(
  network: Network,
  words: readonly string[],
  options: StateDictOptions = {},
): { readonly tensors: Map<string, Tensor>; readonly metadata: Record<string, string> } {
  const { type = 'F32', biases = true, readout = true, readoutBias = true } = options;
  const names = { ...usualNames, ...options.names };
  const { inputSize: I, hiddenSize: H, ...cell } = network.cell;
  const width = cell.biasIh.length;
  const tensors = new Map<string, Tensor>();
  const add = (name: string, values: ArrayLike<number>, ...shape: number[]): void => {
    tensors.set(name, tensorOf(values, shape, type));
  };
  add(names.embedding, network.embedding, words.length, I);
  add(`${names.cell}weight_ih${names.end}`, cell.weightIh, width, I);
  add(`${names.cell}weight_hh${names.end}`, cell.weightHh, width, H);
  if (biases) {
    add(`${names.cell}bias_ih${names.end}`, cell.biasIh, width);
    add(`${names.cell}bias_hh${names.end}`, cell.biasHh, width);
  }
  if (readout) {
    add(names.readout, network.readout.weight, words.length, H);
    if (readoutBias) add(names.readoutBias, network.readout.bias, words.length);
  }
  return { tensors, metadata: { vocabulary: JSON.stringify(words), ...options.metadata } };
}

/** The same as a file. */
export function stateDictFile(
  network: Network,
  words: readonly string[],
  options: StateDictOptions = {},
): Uint8Array {
  return writeSafetensors(stateDict(network, words, options));
}

/** A safetensors file with this header, whatever it says. */
export function fileWithHeader(header: unknown, data: Uint8Array | number = 0): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const bytes = typeof data === 'number' ? new Uint8Array(data) : data;
  const out = new Uint8Array(8 + text.length + bytes.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  out.set(bytes, 8 + text.length);
  return out;
}
