// The way into everything that reads weight files. Elements import it when they need weights: it is a script of its own.

import { readStateDict, type WeightFile } from './pytorch.js';
import { maximumFileBytes, readSafetensors } from './safetensors.js';
import { bytesOf } from './story/weight-text.js';
import { WeightFileError } from './weight-file-error.js';

// nothing below imports anything that other modules run, or the script would not stand alone

export type { WeightFile };

/**
 * Reads a network that `packNetwork` or PyTorch wrote.
 * @throws WeightFileError saying what is wrong with the file.
 */
export function readWeightFile(bytes: Uint8Array): WeightFile {
  return readStateDict(readSafetensors(bytes));
}

/** The same for what a module of a story network holds. */
export function readWeightText(text: string): WeightFile {
  return readWeightFile(bytesOf(text));
}

/** The same for what a server sends; reading stops at the size limit instead of taking in whatever comes. */
export async function readResponse(response: Response): Promise<WeightFile> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total > maximumFileBytes) {
      await reader.cancel();
      throw new WeightFileError('too-large');
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(total);
  parts.reduce((at, part) => {
    bytes.set(part, at);
    return at + part.length;
  }, 0);
  return readWeightFile(bytes);
}
