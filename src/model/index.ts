// rnn-elements/model: what reads a sentence. No DOM elements, no Lit.

export { NumberWriter, describeModel, narrate, suggest } from './describe.js';
export { fileModel } from './file-model.js';
export { loadModel } from './load-model.js';
export { randomInputSize, randomModel, randomModelDefaults } from './random-model.js';
export type { RandomModelOptions } from './random-model.js';
export { Reading, heldAt, type Memory } from './reading.js';
export type { ModelKind, Prediction, SentenceModel } from './sentence-model.js';
export {
  ReadingSession,
  defaultConfig,
  maximumTokens,
  sameConfig,
  storyShare,
  type SessionConfig,
  type SessionProblem,
  type SessionState,
} from './session.js';
export { storyModel } from './shipped.js';
export { trainedModel } from './story-model.js';
export { english, type Strings } from './strings.js';
export { joinTokens, tokenize, type Token, type TokenMode } from './tokenizer.js';
export { WeightFileError, type WeightFileCode } from './weight-file-error.js';
export { packNetwork, unpackNetwork } from './weights.js';
