// rnn-elements/engine: recurrent cells and their calculus. No DOM, no dependency.

export { takeApart, type StepAnatomy, type StepPart } from './anatomy.js';
export { cellJacobians } from './cells/jacobians.js';
export { cells, cellTypes, checkWeights, parameterCount, stateSize } from './cells/index.js';
export type {
  Cell,
  CellJacobian,
  CellStep,
  CellStepGradient,
  CellType,
  CellWeights,
  GateName,
  StepJacobian,
} from './cells/cell.js';
export { checkLossGradient, checkStateJacobian, type CheckedDerivative } from './checks.js';
export {
  byLag,
  gatePathGains,
  gatePathGainsAt,
  quantile,
  stateGains,
  stateGainsAt,
  type LagSummary,
} from './gain.js';
export { BackwardWorkspace, backpropagate, type SequenceGradients } from './gradients.js';
export { localInfluence } from './influence.js';
export { initialWeights, initialWeightsInSlices, type Initialisation } from './initial.js';
export { checkInterventions, type HeldGate, type Intervention } from './interventions.js';
export {
  JacobianRecursion,
  StateChain,
  jacobianNorms,
  stateJacobian,
  stateNorms,
  stepJacobian,
  type JacobianKind,
} from './jacobians.js';
export type {
  AdamStep,
  BackwardArrays,
  Floats,
  Kernel,
  MatrixView,
  TrainingKernel,
} from './kernels/kernel.js';
export { matrix } from './kernels/kernel.js';
export { loadKernel } from './kernels/load.js';
export { kernelOf, referenceKernel } from './kernels/reference.js';
export { trainingOf } from './kernels/training.js';
export {
  LossChain,
  lossGradient,
  lossGradientInSteps,
  type LossGradient,
  type PredictingNetwork,
} from './loss-gradient.js';
export { crossEntropy, softmax } from './losses.js';
export {
  NetworkGradients,
  loadNetwork,
  parametersOf,
  plainNetwork,
  type Batch,
  type LossAndGradients,
  type Network,
} from './network.js';
export { exp, log, sigmoid, tanh } from './functions.js';
export { Random, hash } from './random.js';
export {
  Unrolled,
  roomFor,
  runSequence,
  traceOf,
  unroll,
  type InitialState,
  type Trace,
} from './sequence.js';
export { finish, type Slices } from './slices.js';
export { Twins, memoryMatrix, roomForTwins } from './twins.js';
export {
  Adam,
  clipFactor,
  clipGradientNorm,
  gradientNorm,
  linearDecay,
  readLogits,
  type AdamOptions,
  type AdamState,
  type Readout,
} from './training.js';
