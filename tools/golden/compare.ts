// Compares the engine with one reference case (format: test/golden/FORMAT.md).

import {
  backpropagate,
  cells,
  checkWeights,
  jacobianNorms,
  memoryMatrix,
  referenceKernel,
  traceOf,
  unroll,
  type CellWeights,
  type GateName,
  type Kernel,
} from '../../src/engine/index.js';

type Rows = readonly (readonly number[])[];

/** One reference case; everything after `h0` is optional. */
export interface GoldenCase {
  readonly cell: 'rnn' | 'lstm' | 'gru';
  readonly reset_after?: boolean;
  readonly input_size: number;
  readonly hidden_size: number;
  readonly steps: number;
  readonly weight_ih: Rows;
  readonly weight_hh: Rows;
  readonly bias_ih: readonly number[];
  readonly bias_hh: readonly number[];
  readonly x: Rows;
  readonly h0?: readonly number[];
  readonly c0?: readonly number[];
  readonly h?: Rows;
  readonly c?: Rows;
  readonly h_last?: readonly number[];
  readonly gates?: Readonly<Record<string, Rows>>;
  readonly v?: Rows;
  readonly loss?: number;
  readonly grad?: Readonly<Record<string, readonly number[] | Rows>>;
  readonly jacobian_norm?: Rows;
  readonly state_jacobian_norm?: Rows;
  readonly knockout?: Rows;
}

/** The largest absolute difference found in one quantity of a case. */
export interface Difference {
  readonly quantity: string;
  readonly difference: number;
}

/** The cell of a case. Throws where a length does not fit. */
export function weightsOf(golden: GoldenCase): CellWeights {
  const weights: CellWeights = {
    cell: golden.cell,
    inputSize: golden.input_size,
    hiddenSize: golden.hidden_size,
    weightIh: flat(golden.weight_ih),
    weightHh: flat(golden.weight_hh),
    biasIh: flat(golden.bias_ih),
    biasHh: flat(golden.bias_hh),
    resetAfter: golden.reset_after !== false,
  };
  checkWeights(weights);
  return weights;
}

/** Checks every quantity that the case holds, computed by this kernel. Throws where the case itself is malformed or holds nothing to check. */
export function compareCase(golden: GoldenCase, kernel: Kernel = referenceKernel): Difference[] {
  const weights = weightsOf(golden);
  const x = flat(golden.x);
  const initial = {
    ...(golden.h0 && { h: flat(golden.h0) }),
    ...(golden.c0 && { c: flat(golden.c0) }),
  };
  const room = kernel.open(1e6);
  const loaded = room.load(weights);
  const unrolled = unroll(loaded, x, initial);
  const trace = traceOf(loaded, unrolled);
  const differences: Difference[] = [];
  const check = (
    quantity: string,
    expected: readonly number[] | Rows | undefined,
    actual: () => ArrayLike<number>,
  ): void => {
    if (expected === undefined) return;
    differences.push({ quantity, difference: largest(flat(expected), actual()) });
  };

  check('h', golden.h, () => trace.h);
  check('c', golden.c, () => trace.c ?? new Float64Array(0));
  check('h_last', golden.h_last, () => trace.h.slice(-golden.hidden_size));
  for (const [name, values] of Object.entries(golden.gates ?? {})) {
    check(`gates.${name}`, values, () => trace.gates[name as GateName] ?? new Float64Array(0));
  }
  const loss = golden.loss === undefined ? undefined : [golden.loss];
  if (golden.v) {
    const v = flat(golden.v);
    check('loss', loss, () =>
      Float64Array.of(v.reduce((sum, value, i) => sum + value * trace.h[i], 0)),
    );
    const dh = room.array(v.length);
    dh.set(v);
    const gradients = backpropagate(loaded, unrolled, dh);
    const named: Record<string, ArrayLike<number>> = {
      weight_ih: gradients.weightIh,
      weight_hh: gradients.weightHh,
      bias_ih: gradients.biasIh,
      bias_hh: gradients.biasHh,
      x: gradients.x,
      h0: gradients.h0,
      c0: cells[golden.cell].hasCellState ? gradients.c0 : new Float64Array(0),
    };
    for (const [name, values] of Object.entries(golden.grad ?? {})) {
      check(`grad.${name}`, values, () => named[name] ?? new Float64Array(0));
    }
  } else {
    // without the v that defines them they can't be checked, so they can't pass
    check('loss', loss, () => new Float64Array(0));
    for (const [name, values] of Object.entries(golden.grad ?? {})) {
      check(`grad.${name}`, values, () => new Float64Array(0));
    }
  }
  check('jacobian_norm', golden.jacobian_norm, () =>
    jacobianNorms(weights, x, 'input', initial, kernel),
  );
  check('state_jacobian_norm', golden.state_jacobian_norm, () =>
    jacobianNorms(weights, x, 'state', initial, kernel),
  );
  check('knockout', golden.knockout, () => memoryMatrix(weights, x, initial, kernel));
  if (differences.length === 0) throw new Error('the case holds no quantity to check');
  return differences;
}

function flat(values: readonly number[] | Rows): Float64Array {
  return Float64Array.from((values as (number | readonly number[])[]).flat());
}

/** NaN when the lengths differ, so that a missing quantity can't pass. */
function largest(expected: Float64Array, actual: ArrayLike<number>): number {
  if (expected.length !== actual.length) return NaN;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(expected[i] - actual[i]);
    if (Number.isNaN(difference)) return NaN;
    worst = Math.max(worst, difference);
  }
  return worst;
}
