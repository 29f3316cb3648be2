// A reader's or author's own weight file, by its address.

import { maximumFileBytes, WeightFileError } from './safetensors.js';
import type { SentenceModel } from './sentence-model.js';
import { trainedModel } from './story-model.js';
import { unpackNetwork } from './weights.js';

/**
 * Downloads and checks a weight file in the format of `packNetwork`.
 * @throws WeightFileError if it is no usable network; the fetch's own error if it can't be had.
 */
export async function fileModel(address: string): Promise<SentenceModel> {
  const response = await fetch(address, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const { network, words } = unpackNetwork(await limitedBytes(response));
  return trainedModel('file', network, words);
}

/** Stops reading at the size limit instead of taking in whatever a server sends. */
async function limitedBytes(response: Response): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total > maximumFileBytes) {
      await reader.cancel();
      throw new WeightFileError('the file is larger than 50 MB');
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(total);
  parts.reduce((at, part) => {
    bytes.set(part, at);
    return at + part.length;
  }, 0);
  return bytes;
}
