// The trained story networks that come with the library, each in a script module of its own that loads when needed.

import type { CellType } from '../engine/index.js';
import type { SentenceModel } from './sentence-model.js';
import { modelOfFile } from './story-model.js';

// a `fetch` would need `connect-src` on pages with a strict policy; a script module does not
const modules: Readonly<Record<CellType, () => Promise<{ weights: string }>>> = {
  feedforward: () => import('./story/weights/feedforward.js'),
  rnn: () => import('./story/weights/rnn.js'),
  lstm: () => import('./story/weights/lstm.js'),
  gru: () => import('./story/weights/gru.js'),
};

const loaded = new Map<CellType, Promise<SentenceModel>>();

/** Loads a story network once a page; a failed download is tried again at the next call. */
export function storyModel(cell: CellType): Promise<SentenceModel> {
  let model = loaded.get(cell);
  if (!model) {
    model = Promise.all([modules[cell](), import('./weight-files.js')]).then(
      ([{ weights }, { readWeightText }]) => modelOfFile('story', readWeightText(weights)),
    );
    model.catch(() => loaded.delete(cell));
    loaded.set(cell, model);
  }
  return model;
}
