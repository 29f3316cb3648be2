// rnn-elements/engine: recurrent cells and their calculus. No DOM, no dependency.

export { cells, cellTypes, checkWeights, parameterCount, stateSize } from './cells/index.js';
export type {
  Cell,
  CellStep,
  CellStepGradient,
  CellType,
  CellWeights,
  GateName,
} from './cells/cell.js';
export { BackwardWorkspace, backpropagate, type SequenceGradients } from './gradients.js';
export { initialWeights, type Initialisation } from './initial.js';
export {
  JacobianRecursion,
  Twins,
  jacobianNorms,
  localInfluence,
  memoryMatrix,
  stepJacobians,
} from './memory.js';
export { NetworkGradients, parametersOf, type Batch, type Network } from './network.js';
export { Random, exactLog, hash } from './random.js';
export {
  Unrolled,
  runSequence,
  traceOf,
  unroll,
  type InitialState,
  type Trace,
} from './sequence.js';
export {
  Adam,
  clipGradientNorm,
  crossEntropy,
  gradientNorm,
  linearDecay,
  readLogits,
  softmax,
  type AdamState,
  type Readout,
} from './training.js';
