// brain.js, whose time-step networks come nearest: other equations and a readout of their own, so only the time is comparable.

const names = { rnn: 'RNNTimeStep', gru: 'GRUTimeStep', lstm: 'LSTMTimeStep' };

export async function open() {
  const { createRequire } = await import('node:module');
  const require = createRequire(import.meta.url);
  const brain = require('brain.js');
  const { version } = JSON.parse(
    (await import('node:fs')).readFileSync(require.resolve('brain.js/package.json'), 'utf8'),
  );
  return {
    about: `brain.js ${version}`,
    prepare(material) {
      const { kind, cell, length: T, inputSize: I, hiddenSize: H } = material;
      if (kind !== 'forward' && kind !== 'backward') return 'no such function';
      const sequence = Array.from({ length: T }, (_, t) => material.x.slice(t * I, (t + 1) * I));
      const network = new brain.recurrent[names[cell]]({
        inputSize: I,
        hiddenLayers: [H],
        outputSize: kind === 'forward' ? 1 : I,
      });
      network.initialize();
      const unchecked =
        cell === 'lstm'
          ? 'not comparable: its cell forgets by h, not by c, and it has a readout'
          : 'not comparable: it has a readout';
      if (kind === 'forward') {
        network.bindEquation(); // it runs only what was trained before
        network.run(sequence);
        return [{ name: 'run', unchecked, run: () => network.run(sequence), outputs: () => ({}) }];
      }
      network.verifyIsInitialized([sequence]);
      const run = () => {
        network.trainInput(sequence);
        network.backpropagate(sequence);
      };
      return [{ name: 'trainInput and backpropagate', unchecked, run, outputs: () => ({}) }];
    },
  };
}
