// The same cells by hand from TensorFlow.js' operators, with as few of them a step as we could find.

import { fromOrder, toOrder, transpose } from './blocks.mjs';

/** The sigmoid's gates side by side, so that one operator does them all. */
const orders = { rnn: ['n'], gru: ['r', 'z', 'n'], lstm: ['i', 'f', 'o', 'g'] };

/** One step: `fromInput` is x·W + b, `state` is [h] or [h, c]. */
const steps = {
  rnn: (tf, fromInput, [h], { recurrent }) => [tf.tanh(tf.add(fromInput, tf.matMul(h, recurrent)))],
  gru(tf, fromInput, [h], { recurrent, recurrentBias }, H) {
    const fromState = tf.add(tf.matMul(h, recurrent), recurrentBias);
    const [gatesX, candidateX] = tf.split(fromInput, [2 * H, H], 1);
    const [gatesH, candidateH] = tf.split(fromState, [2 * H, H], 1);
    const [reset, update] = tf.split(tf.sigmoid(tf.add(gatesX, gatesH)), 2, 1);
    const candidate = tf.tanh(tf.add(candidateX, tf.mul(reset, candidateH)));
    return [tf.add(candidate, tf.mul(update, tf.sub(h, candidate)))];
  },
  lstm(tf, fromInput, [h, c], { recurrent }, H) {
    const [gates, candidate] = tf.split(tf.add(fromInput, tf.matMul(h, recurrent)), [3 * H, H], 1);
    const [input, forget, output] = tf.split(tf.sigmoid(gates), 3, 1);
    const cell = tf.add(tf.mul(forget, c), tf.mul(input, tf.tanh(candidate)));
    return [tf.mul(output, tf.tanh(cell)), cell];
  },
};

/** All hidden states `[T·N × H]` of inputs `[T·N × I]`. */
function unrolled(tf, x, weights, { cell, length: T, rows: N, hiddenSize: H }) {
  const inputs = tf.split(tf.add(tf.matMul(x, weights.input), weights.bias), T, 0);
  let state = Array.from({ length: cell === 'lstm' ? 2 : 1 }, () => tf.zeros([N, H]));
  const h = [];
  for (const fromInput of inputs) {
    state = steps[cell](tf, fromInput, state, weights, H);
    h.push(state[0]);
  }
  return tf.concat(h, 0);
}

/** The weights as tensors; but for the GRU the two biases are one. */
function weightsOf(tf, material) {
  const { cell, inputSize: I, hiddenSize: H } = material;
  const ordered = (values) => toOrder(cell, orders[cell], values);
  const width = orders[cell].length * H;
  const { biasIh, biasHh } = material;
  const apart = cell === 'gru';
  return {
    input: tf.tensor2d(transpose(ordered(material.weightIh), I), [I, width]),
    recurrent: tf.tensor2d(transpose(ordered(material.weightHh), H), [H, width]),
    bias: tf.tensor1d(ordered(apart ? biasIh : biasIh.map((value, i) => value + biasHh[i]))),
    ...(apart ? { recurrentBias: tf.tensor1d(ordered(biasHh)) } : {}),
  };
}

function forward(tf, material) {
  const weights = weightsOf(tf, material);
  const x = tf.tensor2d(material.x, [material.length * material.rows, material.inputSize]);
  const run = () => tf.tidy(() => unrolled(tf, x, weights, material).dataSync());
  return { name: 'operators', run, outputs: () => ({ h: run() }) };
}

function backward(tf, material) {
  const { cell, length: T, rows: N, inputSize: I, hiddenSize: H } = material;
  const { input, recurrent, bias } = weightsOf(tf, material);
  const x = tf.tensor2d(material.x, [T * N, I]);
  const v = tf.tensor2d(material.v, [T * N, H]);
  const gradient = tf.grads((...[dx, ...rest]) => {
    const [inputWeights, recurrentWeights, b] = rest;
    const weights = { input: inputWeights, recurrent: recurrentWeights, bias: b };
    return unrolled(tf, dx, weights, material).mul(v).sum();
  });
  const run = () =>
    tf.tidy(() => gradient([x, input, recurrent, bias]).map((each) => each.dataSync()));
  return {
    name: 'operators',
    run,
    outputs() {
      const [dx, dInput, dRecurrent, dBias] = run();
      const ours = (values) => fromOrder(cell, orders[cell], values);
      const width = dBias.length;
      return {
        x: dx,
        weightIh: ours(transpose(dInput, width)),
        weightHh: ours(transpose(dRecurrent, width)),
        bias: ours(dBias),
      };
    },
  };
}

/** With optimizer.minimize; words are one-hot rows, since this backend can not go back through a look-up. */
function training(tf, material) {
  const { vocabulary: V, inputSize: I, hiddenSize: H } = material;
  const oneHot = (words) => tf.tidy(() => tf.oneHot(tf.tensor1d(words, 'int32'), V).toFloat());
  const words = oneHot(material.words);
  const targets = oneHot(material.targets);
  const start = {
    ...weightsOf(tf, material),
    embedding: tf.tensor2d(material.embedding, [V, I]),
    readout: tf.tensor2d(transpose(material.readoutWeight, H), [H, V]),
    readoutBias: tf.tensor1d(material.readoutBias),
  };
  const variables = Object.fromEntries(
    Object.entries(start).map(([name, tensor]) => [name, tf.variable(tensor)]),
  );
  let optimizer;
  const loss = () => {
    const x = tf.matMul(words, variables.embedding);
    const h = unrolled(tf, x, variables, material);
    const logits = tf.add(tf.matMul(h, variables.readout), variables.readoutBias);
    return tf.losses.softmaxCrossEntropy(targets, logits);
  };
  const run = () => tf.tidy(() => optimizer.minimize(loss, true).dataSync()[0]);
  return {
    name: 'operators, optimizer.minimize',
    convention: 'one-bias',
    run,
    outputs() {
      for (const [name, variable] of Object.entries(variables)) variable.assign(start[name]);
      optimizer = tf.train.adam(material.learningRate, 0.9, 0.999, 1e-8);
      return { losses: Array.from({ length: material.losses }, run) };
    },
  };
}

export function coreWays(tf, material) {
  const make = { forward, backward, training }[material.kind];
  return make ? [make(tf, material)] : [];
}
