// The WebAssembly module of the SIMD kernel: what src/engine/kernels/simd.ts calls. Pointers in bytes, numbers float32.

export { sigmoid, tanh } from './activations';
export { gruBackward, gruForward } from './gru';
export { lstmBackward, lstmForward } from './lstm';
export { pack, packedProduct, product } from './product';
export { rnnBackward, rnnForward } from './rnn';
export { adam, exponentials } from './training';
export { addColumnSums, addScaledRows, largest, scale, sumOfSquares } from './vectors';
