// A weight file that is already there, as bytes.

import type { SentenceModel } from './sentence-model.js';
import { modelOfFile } from './story-model.js';
import { readWeightFile } from './weight-files.js';

/**
 * Reads a weight file: a single-layer `nn.RNN`, `nn.LSTM` or `nn.GRU` with `nn.Embedding` and perhaps `nn.Linear`, saved
 * from PyTorch with safetensors, the vocabulary in the metadata (`docs/own-network.md`); or what `packNetwork` wrote.
 *
 * A word is looked up as typed, then in lower case. One that is in the vocabulary neither way is read as the token for
 * unknown words, or as a vector of zeros if the vocabulary has none; `knows` is false for it in both cases.
 * @throws WeightFileError saying what is wrong with the file.
 */
export function loadModel(bytes: Uint8Array): SentenceModel {
  return modelOfFile('file', readWeightFile(bytes));
}
