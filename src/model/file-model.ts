// A reader's or author's own weight file, by its address.

import type { SentenceModel } from './sentence-model.js';
import { modelOfFile } from './story-model.js';

/**
 * Downloads and checks a weight file: of PyTorch, or in the format of `packNetwork`.
 * @throws WeightFileError if it is no usable network; the fetch's own error if it can't be had.
 */
export async function fileModel(address: string): Promise<SentenceModel> {
  const [response, { readResponse }] = await Promise.all([
    fetch(address, { credentials: 'same-origin' }),
    import('./weight-files.js'),
  ]);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return modelOfFile('file', await readResponse(response));
}
