// Seeded random numbers that are equal to the last bit on every machine and in every browser.

import { log } from './functions.js';

/**
 * A stream of random numbers. Only integer arithmetic, `+ − × ÷` and the square root are used, which IEEE 754
 * rounds alike everywhere; the language's own `Math.log` and `Math.cos` are left to the implementation.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private spare: number | undefined;

  /** @param seed any number or text; equal seeds give equal streams. */
  constructor(seed: number | string) {
    const text = String(seed);
    this.a = hash(text, 0x9e3779b9);
    this.b = hash(text, 0x85ebca6b);
    this.c = hash(text, 0xc2b2ae35);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** Uniform over 0 … 2³² − 1 (the generator sfc32 of Chris Doty-Humphrey's PractRand). */
  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Uniform over the integers 0 … n − 1, for n up to 2⁵³. */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** One of the items, each as likely. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)];
  }

  /** Standard normal N(0, 1), by Marsaglia's polar method (1964). */
  normal(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    let u: number;
    let v: number;
    let s: number;
    do {
      u = 2 * this.uniform() - 1;
      v = 2 * this.uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const factor = Math.sqrt((-2 * log(s)) / s);
    this.spare = v * factor;
    return u * factor;
  }

  /** `length` standard normal numbers. */
  normals(length: number): Float64Array {
    const values = new Float64Array(length);
    for (let i = 0; i < length; i++) values[i] = this.normal();
    return values;
  }
}

/** A 32-bit hash, 0 … 2³² − 1, of a text's UTF-16 code units (FNV-1a, then the finalizer of MurmurHash3). */
export function hash(text: string, seed = 0): number {
  let h = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}
