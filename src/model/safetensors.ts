// The safetensors container (huggingface/safetensors, format 1): writing ours, and reading untrusted ones with every check.

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

/** Why a weight file was refused. */
export class WeightFileError extends Error {
  override readonly name = 'WeightFileError';
}

/** Largest file that is looked at: 50 MB. */
export const maximumFileBytes = 50_000_000;
const maximumHeaderBytes = 1_000_000;
const maximumTensors = 64;

/** @throws WeightFileError naming what is wrong; nothing is allocated from sizes that were not checked. */
export function readSafetensors(file: Uint8Array): TensorFile {
  if (file.length > maximumFileBytes) throw new WeightFileError('the file is larger than 50 MB');
  if (file.length < 8) throw new WeightFileError('the file is too short to be a safetensors file');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > maximumHeaderBytes || 8 + headerLength > file.length) {
    throw new WeightFileError(`the header claims ${headerLength} bytes`);
  }
  const header = parseHeader(file.subarray(8, 8 + headerLength));
  const data = file.subarray(8 + headerLength);
  const tensors = new Map<string, Tensor>();
  const ranges: [begin: number, length: number][] = [];
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = checkMetadata(entry);
      continue;
    }
    if (tensors.size === maximumTensors) {
      throw new WeightFileError(`more than ${maximumTensors} tensors`);
    }
    const tensor = checkTensor(name, entry, data);
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
    if (begin !== end) throw new WeightFileError('tensors overlap or leave a gap');
    end += size;
  }
  if (end !== length) throw new WeightFileError(`${length - end} bytes belong to no tensor`);
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new WeightFileError('the header is not valid JSON');
  }
  if (!isRecord(header)) throw new WeightFileError('the header is not a JSON object');
  return header;
}

function checkMetadata(entry: unknown): Record<string, string> {
  if (!isRecord(entry)) throw new WeightFileError('__metadata__ is not an object');
  for (const value of Object.values(entry)) {
    if (typeof value !== 'string')
      throw new WeightFileError('__metadata__ holds something else than text');
  }
  return entry as Record<string, string>;
}

function checkTensor(name: string, entry: unknown, data: Uint8Array): Tensor {
  const fail = (why: string): never => {
    throw new WeightFileError(`tensor ${name.slice(0, 80)}: ${why}`);
  };
  if (!isRecord(entry)) return fail('no description');
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(sizes, dtype)) {
    return fail(`element type ${String(dtype).slice(0, 20)} is not supported`);
  }
  const type = dtype as TensorType;
  if (!isSizes(shape) || shape.length > 4) return fail('no valid shape');
  if (!isSizes(offsets) || offsets.length !== 2) return fail('no valid offsets');
  const [begin, end] = offsets as [number, number];
  const count = shape.reduce((product, size) => product * size, 1);
  if (end > data.length || begin > end) return fail('offsets lie outside the file');
  if (end - begin !== count * sizes[type]) return fail('offsets do not fit the shape');
  return { type, shape, bytes: data.subarray(begin, end) };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Writes a file; tensors stand in the order given. */
export function writeSafetensors(file: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: file.metadata };
  let offset = 0;
  for (const [name, { type, shape, bytes }] of file.tensors) {
    header[name] = { dtype: type, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
  }
  let json = JSON.stringify(header);
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
