// The numbers of a tensor as float64, whatever they are stored as: float64, float32, float16, bfloat16, or scaled int8.

import type { Tensor, TensorFile, TensorType } from './safetensors.js';
import { WeightFileError } from './weight-file-error.js';

/** Reads element i. */
const readers: Readonly<Record<TensorType, (view: DataView, i: number) => number>> = {
  F64: (view, i) => view.getFloat64(8 * i, true),
  F32: (view, i) => view.getFloat32(4 * i, true),
  F16: (view, i) => fromFloat16(view.getUint16(2 * i, true)),
  BF16: (view, i) => fromBfloat16(view.getUint16(2 * i, true)),
  I8: (view, i) => view.getInt8(i),
};

/** Nothing a network computes from numbers up to float32's largest overflows within a step. */
const largest = 3.4028234663852886e38;

/**
 * Reads a tensor. An int8 matrix is multiplied by `NAME.scale`, which holds a number for each of its rows.
 * @throws WeightFileError for numbers that are not finite or larger than float32 can hold.
 */
export function readNumbers(
  { tensors }: TensorFile,
  tensor: Tensor & { readonly name: string },
): Float64Array {
  const { name, type, shape } = tensor;
  const values = plainNumbers(name, tensor);
  if (type !== 'I8') return values;
  const scale = tensors.get(`${name}.scale`);
  const fits = shape.length === 2 && scale?.shape.length === 1 && scale.shape[0] === shape[0];
  if (!fits || scale.type === 'I8') throw new WeightFileError('int8', name);
  const columns = shape[1];
  plainNumbers(`${name}.scale`, scale).forEach((factor, row) => {
    for (let i = row * columns; i < (row + 1) * columns; i++) values[i] = values[i] * factor;
  });
  return values;
}

function plainNumbers(name: string, { type, shape, bytes }: Tensor): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[type];
  // the container has checked that the file holds as many
  const values = new Float64Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < values.length; i++) {
    const value = read(view, i);
    if (!Number.isFinite(value)) throw new WeightFileError('not-finite', name);
    if (Math.abs(value) > largest) throw new WeightFileError('out-of-range', name);
    values[i] = value;
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
export const fromFloat16 = (bits: number): number => fromBits(bits, 5, 10);

/** The number that 16 bits stand for as bfloat16: the upper half of a float32. */
export const fromBfloat16 = (bits: number): number => fromBits(bits, 8, 7);

/** 16 bits as a sign, an exponent and a fraction; the least exponent is that of subnormal numbers. */
function fromBits(bits: number, exponentBits: number, fractionBits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const most = 2 ** exponentBits - 1;
  const bias = most >> 1;
  const exponent = (bits >> fractionBits) & most;
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  if (exponent === most) return fraction ? NaN : sign * Infinity;
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias)
    : sign * (1 + fraction) * 2 ** (exponent - bias);
}
