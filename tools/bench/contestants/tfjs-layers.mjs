// TensorFlow.js' ready-made layers: tf.layers.lstm and its like.

import { fromOrder, toOrder, transpose } from './blocks.mjs';

const orders = { rnn: ['n'], gru: ['z', 'r', 'n'], lstm: ['i', 'f', 'g', 'o'] };
const makers = { rnn: 'simpleRNN', gru: 'gru', lstm: 'lstm' };

/** The layer with the weights of `material`; its one bias is the sum of our two. */
function layerOf(tf, material, options = {}) {
  const { cell, inputSize: I, hiddenSize: H } = material;
  const ordered = (values) => toOrder(cell, orders[cell], values);
  const width = orders[cell].length * H;
  const layer = tf.layers[makers[cell]]({
    units: H,
    returnSequences: true,
    unroll: false,
    ...(cell === 'rnn' ? {} : { recurrentActivation: 'sigmoid' }),
    ...options,
  });
  const set = () =>
    tf.tidy(() =>
      layer.setWeights([
        tf.tensor2d(transpose(ordered(material.weightIh), I), [I, width]),
        tf.tensor2d(transpose(ordered(material.weightHh), H), [H, width]),
        tf.tensor1d(ordered(material.biasIh.map((value, i) => value + material.biasHh[i]))),
      ]),
    );
  return { layer, set };
}

function forward(tf, material) {
  const { cell, length: T, rows: N, inputSize: I } = material;
  const { layer, set } = layerOf(tf, material);
  const x = tf.tensor3d(material.x, [N, T, I]);
  tf.tidy(() => layer.apply(x)); // makes its weights
  set();
  const run = () => tf.tidy(() => layer.apply(x).dataSync());
  return {
    name: 'layers',
    ...(cell === 'gru' ? { convention: 'reset-before' } : {}),
    run,
    outputs: () => ({ h: run() }),
  };
}

function backward(tf, material) {
  const { cell, length: T, rows: N, inputSize: I, hiddenSize: H } = material;
  const { layer, set } = layerOf(tf, material);
  const x = tf.variable(tf.tensor3d(material.x, [N, T, I]));
  const v = tf.tensor3d(material.v, [N, T, H]);
  tf.tidy(() => layer.apply(x)); // makes its weights
  set();
  const variables = [x, ...layer.trainableWeights.map((weight) => weight.val)];
  const run = () =>
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => layer.apply(x).mul(v).sum(), variables);
      return variables.map((variable) => grads[variable.name].dataSync());
    });
  return {
    name: 'layers',
    run,
    outputs() {
      const [dx, kernel, recurrent, bias] = run();
      const ours = (values) => fromOrder(cell, orders[cell], values);
      const width = bias.length;
      return {
        x: dx,
        weightIh: ours(transpose(kernel, width)),
        weightHh: ours(transpose(recurrent, width)),
        bias: ours(bias),
      };
    },
  };
}

/** As tf.Sequential; the embedding is a layer without bias on one-hot words, since this backend can not go back through a look-up. */
function training(tf, material) {
  const { length: T, rows: N, vocabulary: V, inputSize: I, hiddenSize: H } = material;
  const byRow = (values) =>
    Array.from({ length: N * T }, (_, i) => values[(i % T) * N + Math.floor(i / T)]);
  const oneHot = (words) =>
    tf.tidy(() =>
      tf
        .oneHot(tf.tensor1d(byRow(words), 'int32'), V)
        .toFloat()
        .reshape([N, T, V]),
    );
  const x = oneHot(material.words);
  const y = oneHot(material.targets);
  const embed = tf.layers.dense({ units: I, useBias: false, inputShape: [T, V] });
  const readout = tf.layers.dense({ units: V });
  const { layer, set } = layerOf(tf, material);
  const model = tf.sequential({ layers: [embed, layer, readout] });
  const reset = () => {
    set();
    tf.tidy(() => {
      embed.setWeights([tf.tensor2d(material.embedding, [V, I])]);
      readout.setWeights([
        tf.tensor2d(transpose(material.readoutWeight, H), [H, V]),
        tf.tensor1d(material.readoutBias),
      ]);
    });
    model.compile({
      optimizer: tf.train.adam(material.learningRate, 0.9, 0.999, 1e-8),
      loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits),
    });
  };
  return {
    name: 'layers, trainOnBatch',
    convention: 'one-bias',
    run: () => model.trainOnBatch(x, y),
    async outputs() {
      reset();
      const losses = [];
      while (losses.length < material.losses) losses.push(await model.trainOnBatch(x, y));
      return { losses };
    },
  };
}

export function layerWays(tf, material) {
  const make = { forward, backward, training }[material.kind];
  return make ? [make(tf, material)] : [];
}
