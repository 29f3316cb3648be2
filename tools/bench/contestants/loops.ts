// The baseline: the equations as a textbook writes them, one array of weights for each gate, nested loops, no cleverness.

import type { Contestant, Material, Way } from './contestant.js';

/** The weights of one gate. */
interface Gate {
  /** `[H × I]` */
  readonly W: Float64Array;
  /** `[H × H]` */
  readonly U: Float64Array;
  /** `[H]` */
  readonly b: Float64Array;
  /** `[H]` */
  readonly bU: Float64Array;
}

/** The gates of a cell, in the engine's order. */
function gatesOf(material: Material): Gate[] {
  const { weightIh, weightHh, biasIh, biasHh, inputSize: I, hiddenSize: H } = material;
  return Array.from({ length: biasIh.length / H }, (_, gate) => ({
    W: Float64Array.from(weightIh.slice(gate * H * I, (gate + 1) * H * I)),
    U: Float64Array.from(weightHh.slice(gate * H * H, (gate + 1) * H * H)),
    b: Float64Array.from(biasIh.slice(gate * H, (gate + 1) * H)),
    bU: Float64Array.from(biasHh.slice(gate * H, (gate + 1) * H)),
  }));
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** b + Σ M[row, j] · v[from + j] over the columns of a matrix. */
function affine(
  b: Float64Array,
  M: Float64Array,
  v: Float64Array,
  from: number,
  columns: number,
  row: number,
): number {
  let sum = b[row];
  for (let j = 0; j < columns; j++) sum += M[row * columns + j] * v[from + j];
  return sum;
}

/** Hidden states `[(T + 1) × H]`, the first of them zeros. */
function rnnForward([state]: Gate[], x: Float64Array, T: number, I: number, H: number) {
  const h = new Float64Array((T + 1) * H);
  for (let t = 0; t < T; t++) {
    for (let j = 0; j < H; j++) {
      const input = affine(state.b, state.W, x, t * I, I, j);
      h[(t + 1) * H + j] = Math.tanh(input + affine(state.bU, state.U, h, t * H, H, j));
    }
  }
  return h;
}

function gruForward(
  [reset, update, candidate]: Gate[],
  x: Float64Array,
  T: number,
  I: number,
  H: number,
) {
  const h = new Float64Array((T + 1) * H);
  for (let t = 0; t < T; t++) {
    for (let j = 0; j < H; j++) {
      const both = (gate: Gate): number =>
        affine(gate.b, gate.W, x, t * I, I, j) + affine(gate.bU, gate.U, h, t * H, H, j);
      const r = sigmoid(both(reset));
      const z = sigmoid(both(update));
      const recurrent = affine(candidate.bU, candidate.U, h, t * H, H, j);
      const n = Math.tanh(affine(candidate.b, candidate.W, x, t * I, I, j) + r * recurrent);
      h[(t + 1) * H + j] = (1 - z) * n + z * h[t * H + j];
    }
  }
  return h;
}

/** What the LSTM's backward pass needs: activations `[T × H]` of i, f, g, o; h and c `[(T + 1) × H]`. */
interface LstmRun {
  readonly h: Float64Array;
  readonly c: Float64Array;
  readonly activations: readonly Float64Array[];
}

function lstmForward(gates: Gate[], x: Float64Array, T: number, I: number, H: number): LstmRun {
  const h = new Float64Array((T + 1) * H);
  const c = new Float64Array((T + 1) * H);
  const activations = gates.map(() => new Float64Array(T * H));
  for (let t = 0; t < T; t++) {
    for (let gate = 0; gate < 4; gate++) {
      const { W, U, b, bU } = gates[gate];
      const out = activations[gate];
      for (let j = 0; j < H; j++) {
        const sum = affine(b, W, x, t * I, I, j) + affine(bU, U, h, t * H, H, j);
        out[t * H + j] = gate === 2 ? Math.tanh(sum) : sigmoid(sum);
      }
    }
    const [i, f, g, o] = activations;
    for (let j = 0; j < H; j++) {
      const now = t * H + j;
      c[now + H] = f[now] * c[now] + i[now] * g[now];
      h[now + H] = o[now] * Math.tanh(c[now + H]);
    }
  }
  return { h, c, activations };
}

/** Gradients of the sum of h·v. */
function lstmBackward(
  gates: Gate[],
  x: Float64Array,
  v: Float64Array,
  run: LstmRun,
  T: number,
  I: number,
  H: number,
) {
  const { h, c, activations } = run;
  const [i, f, g, o] = activations;
  const dW = gates.map(() => new Float64Array(H * I));
  const dU = gates.map(() => new Float64Array(H * H));
  const db = gates.map(() => new Float64Array(H));
  const dx = new Float64Array(T * I);
  const delta = gates.map(() => new Float64Array(H));
  const dh = new Float64Array(H);
  const dc = new Float64Array(H);
  for (let t = T - 1; t >= 0; t--) {
    for (let j = 0; j < H; j++) {
      const now = t * H + j;
      const squashed = Math.tanh(c[now + H]);
      const toH = dh[j] + v[now];
      const toC = dc[j] + toH * o[now] * (1 - squashed * squashed);
      delta[0][j] = toC * g[now] * i[now] * (1 - i[now]);
      delta[1][j] = toC * c[now] * f[now] * (1 - f[now]);
      delta[2][j] = toC * i[now] * (1 - g[now] * g[now]);
      delta[3][j] = toH * squashed * o[now] * (1 - o[now]);
      dc[j] = toC * f[now];
    }
    dh.fill(0);
    for (let gate = 0; gate < 4; gate++) {
      const { W, U } = gates[gate];
      for (let j = 0; j < H; j++) {
        const d = delta[gate][j];
        db[gate][j] += d;
        for (let k = 0; k < I; k++) {
          dW[gate][j * I + k] += d * x[t * I + k];
          dx[t * I + k] += d * W[j * I + k];
        }
        for (let k = 0; k < H; k++) {
          dU[gate][j * H + k] += d * h[t * H + k];
          dh[k] += d * U[j * H + k];
        }
      }
    }
  }
  return { dW, dU, db, dx };
}

const joined = (arrays: readonly Float64Array[]): number[] =>
  arrays.flatMap((each) => Array.from(each));

function waysOf(material: Material): Way[] | string {
  const { kind, cell, length: T, inputSize: I, hiddenSize: H } = material;
  const gates = gatesOf(material);
  const x = Float64Array.from(material.x);
  const v = Float64Array.from(material.v);
  if (kind === 'forward') {
    const forward = (): Float64Array => {
      if (cell === 'lstm') return lstmForward(gates, x, T, I, H).h;
      return cell === 'gru' ? gruForward(gates, x, T, I, H) : rnnForward(gates, x, T, I, H);
    };
    return [{ name: 'loops', run: forward, outputs: () => ({ h: forward().subarray(H) }) }];
  }
  if (kind === 'backward') {
    const backward = () => lstmBackward(gates, x, v, lstmForward(gates, x, T, I, H), T, I, H);
    return [
      {
        name: 'loops',
        run: backward,
        outputs() {
          const { dW, dU, db, dx } = backward();
          return { weightIh: joined(dW), weightHh: joined(dU), bias: joined(db), x: dx };
        },
      },
    ];
  }
  return 'not written out';
}

export const open = (): Promise<Contestant> =>
  Promise.resolve({ about: 'float64, one loop inside the other', prepare: waysOf });
