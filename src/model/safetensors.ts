// The safetensors container (huggingface/safetensors, format 1): writing ours, and reading untrusted ones with every check.

import { WeightFileError } from './weight-file-error.js';

/** Element types this library reads; sizes in bytes. */
const sizes = { F64: 8, F32: 4, F16: 2, BF16: 2, I8: 1 } as const;
export type TensorType = keyof typeof sizes;

export interface Tensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** Little-endian elements. */
  readonly bytes: Uint8Array;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The header's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Largest file that is looked at: 50 MB. */
export const maximumFileBytes = 50_000_000;
const maximumHeaderBytes = 1_000_000;
export const maximumTensors = 64;
/** As float64 in memory: 200 MB. What 50 MB hold in float16 or more. */
const maximumNumbers = 25_000_000;

/** @throws WeightFileError naming what is wrong; nothing is allocated from sizes that were not checked. */
export function readSafetensors(file: Uint8Array): TensorFile {
  if (file.length > maximumFileBytes) throw new WeightFileError('too-large');
  if (file.length < 8) throw new WeightFileError('too-short');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > maximumHeaderBytes || 8 + headerLength > file.length) {
    throw strangerError(view, headerLength);
  }
  const header = parseHeader(file.subarray(8, 8 + headerLength));
  const data = file.subarray(8 + headerLength);
  const tensors = new Map<string, Tensor>();
  const ranges: [begin: number, length: number][] = [];
  let metadata: Record<string, string> = {};
  let numbers = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = checkMetadata(entry);
      continue;
    }
    if (tensors.size === maximumTensors) {
      throw new WeightFileError('tensor-count', maximumTensors);
    }
    const tensor = checkTensor(name, entry, data);
    numbers += tensor.bytes.length / sizes[tensor.type];
    if (numbers > maximumNumbers) throw new WeightFileError('number-count', maximumNumbers);
    tensors.set(name, tensor);
    ranges.push([tensor.bytes.byteOffset - data.byteOffset, tensor.bytes.length]);
  }
  checkCover(ranges, data.length);
  return { tensors, metadata };
}

/** The format allows neither gaps nor overlaps: every byte belongs to one tensor. */
function checkCover(ranges: [begin: number, length: number][], length: number): void {
  let end = 0;
  for (const [begin, size] of ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (begin !== end) throw new WeightFileError('cover');
    end += size;
  }
  if (end !== length) throw new WeightFileError('rest', length - end);
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new WeightFileError('header-json');
  }
  if (!isRecord(header)) throw new WeightFileError('header-object');
  return header;
}

function checkMetadata(entry: unknown): Record<string, string> {
  if (!isRecord(entry)) throw new WeightFileError('metadata-object');
  for (const value of Object.values(entry)) {
    if (typeof value !== 'string') throw new WeightFileError('metadata-text');
  }
  return entry as Record<string, string>;
}

function checkTensor(name: string, entry: unknown, data: Uint8Array): Tensor {
  if (!isRecord(entry)) throw new WeightFileError('tensor-entry', name);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(sizes, dtype)) {
    // what is no text might not even have one
    throw new WeightFileError('element-type', name, typeof dtype === 'string' ? dtype : '?');
  }
  const type = dtype as TensorType;
  if (!isSizes(shape) || shape.length > 4) throw new WeightFileError('tensor-shape', name);
  if (!isSizes(offsets) || offsets.length !== 2) throw new WeightFileError('tensor-offsets', name);
  const [begin, end] = offsets as [number, number];
  const count = shape.reduce((product, size) => product * size, 1);
  if (end > data.length || begin > end) throw new WeightFileError('offsets-outside', name);
  if (end - begin !== count * sizes[type]) throw new WeightFileError('offsets-shape', name);
  return { type, shape, bytes: data.subarray(begin, end) };
}

/** Files that are often taken for weights deserve an answer of their own. */
function strangerError(view: DataView, headerLength: number): WeightFileError {
  // torch.save writes ZIP archives, and wrote pickles
  if ([0x504b0304, 0x80028a0a].includes(view.getUint32(0))) {
    return new WeightFileError('torch-save');
  }
  if (view.getUint8(0) === 0x3c) return new WeightFileError('web-page');
  return new WeightFileError('header-size', headerLength);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Writes a file; tensors stand in the order given. */
export function writeSafetensors(file: TensorFile): Uint8Array {
  const header: [name: string, entry: unknown][] = [['__metadata__', file.metadata]];
  let offset = 0;
  for (const [name, { type, shape, bytes }] of file.tensors) {
    header.push([name, { dtype: type, shape, data_offsets: [offset, offset + bytes.length] }]);
    offset += bytes.length;
  }
  let json = JSON.stringify(Object.fromEntries(header));
  // the format asks for data that starts at a multiple of 8
  while (new TextEncoder().encode(json).length % 8 !== 0) json += ' ';
  const text = new TextEncoder().encode(json);
  const out = new Uint8Array(8 + text.length + offset);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  let at = 8 + text.length;
  for (const { bytes } of file.tensors.values()) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}
