// A network of one’s own in a page: files of PyTorch are read, shown as what they are, and refused in words that help.

import { expect } from '@open-wc/testing';
import '../../src/define/rnn-visualizer.js';
import { Random, initialWeights, type CellType, type Network } from '../../src/engine/index.js';
import { englishDetails } from '../../src/model/detail-strings.js';
import { english, loadModel, type SentenceModel } from '../../src/model/index.js';
import { writeSafetensors } from '../../src/model/safetensors.js';
import { chance, expected, percent, value } from '../support/expected.js';
import { eventually, type Figure, mount, seen, widen } from '../support/figure.js';
import {
  stateDict,
  stateDictFile,
  tensorOf,
  type StateDictOptions,
} from '../support/weight-files.js';

const byHand = '/test/fixtures/by-hand.safetensors';
const byPytorch = '/test/fixtures/pytorch.safetensors';
const text = 'Anna has a red kite. The kite is';

const words = ['the', 'cat', 'sat', 'on', 'mat', '.'];

function network(cell: CellType, vocabulary = words): Network {
  const random = new Random(cell);
  return {
    embedding: random.normals(vocabulary.length * 3).map((value) => 2 * value),
    cell: initialWeights(cell, 3, 7, 5),
    readout: {
      weight: random.normals(vocabulary.length * 7),
      bias: random.normals(vocabulary.length),
    },
  };
}

const addresses: string[] = [];
/** An address that answers with these bytes until the test ends. */
function addressOf(bytes: Uint8Array): string {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart]));
  addresses.push(url);
  return url;
}
afterEach(() => {
  for (const url of addresses.splice(0)) URL.revokeObjectURL(url);
});

/** A figure with a network made for the test, and the same network for comparison. */
async function mountOwn(
  cell: CellType,
  sentence: string,
  { attributes = '', ...options }: StateDictOptions & { attributes?: string } = {},
): Promise<[Figure, SentenceModel]> {
  const bytes = stateDictFile(network(cell), words, { type: 'F64', ...options });
  const figure = await mount(
    `<rnn-visualizer model="${addressOf(bytes)}" ${attributes}>${sentence}</rnn-visualizer>`,
  );
  return [figure, loadModel(bytes)];
}

async function modelAt(address: string): Promise<SentenceModel> {
  return loadModel(new Uint8Array(await (await fetch(address)).arrayBuffer()));
}

/** No number that is none stands anywhere. */
const allNumbersAreNumbers = (figure: Figure): void => {
  expect(seen(figure.part('base'))).not.to.match(/NaN|Infinity|undefined|null/);
};

describe('a network of one’s own', () => {
  it('made by hand: it is read step by step, keeps the colour, and says it in the end', async () => {
    const figure = await mount(
      `<rnn-visualizer model="${byHand}" follow="3">${text}</rnn-visualizer>`,
    );
    expect(figure.heard('rnn-ready')).to.deep.equal([{ cells: ['lstm'], kind: 'file' }]);
    expect(figure.badge).to.equal(english.modelBadge.file);
    expect(figure.has('problem')).to.equal(false);
    await figure.next(4);
    expect(figure.wordNow).to.equal('red');
    expect(figure.narration).to.contain('Read “red”, the word to watch');
    expect(figure.predictions[0].map((each) => each.chance)).to.deep.equal(Array(5).fill('11%'));
    expect(figure.memory('lstm', 3)).to.equal('100%');
    await figure.toTheEnd();
    // c is still (1, −1), and at “is” the output gate lets it out: √(2 + 2 tanh² 1) ÷ √2
    expect(figure.memory('lstm', 3)).to.equal('126%');
    expect(figure.memory('lstm', 4)).to.equal('no imprint');
    expect(figure.predictions[0][0]).to.deep.equal({ word: 'red', chance: '93%' });
    expect(figure.narration).to.contain('The LSTM expects “red” (93%).');
    expect(figure.narration).to.contain('the LSTM holds 126% of that imprint'.slice(4));
    allNumbersAreNumbers(figure);

    await figure.paste('Anna has a blue kite. The kite is');
    await figure.toTheEnd();
    expect(figure.predictions[0][0]).to.deep.equal({ word: 'blue', chance: '93%' });
    expect(figure.heard('rnn-error')).to.deep.equal([]);
  });

  it('trained in PyTorch: every number is the one that PyTorch computed', async () => {
    const truth = (await (await fetch('/test/fixtures/pytorch.json')).json()) as {
      words: string[];
      sentence: string[];
      probabilities: number[][];
    };
    const figure = await mount(
      `<rnn-visualizer model="${byPytorch}">${truth.sentence.join(' ')}</rnn-visualizer>`,
    );
    expect(figure.words).to.deep.equal(truth.sentence);
    for (const row of truth.probabilities) {
      await figure.next();
      const best = row
        .map((probability, i) => ({ word: truth.words[i], probability }))
        .sort((a, b) => b.probability - a.probability)
        .slice(0, 5)
        .map(({ word, probability }) => ({ word, chance: chance(probability) }));
      expect(figure.predictions[0]).to.deep.equal(best);
    }
    const model = expected(await modelAt(byPytorch), truth.sentence.join(' '));
    truth.sentence.forEach((_, word) => {
      expect(figure.memory('lstm', word)).to.equal(percent(model.memory(16, word)));
    });
  });

  it('decides about the cell, whatever the attributes name', async () => {
    for (const attributes of ['cell="gru"', 'compare="rnn lstm gru"', 'cell="feedforward"']) {
      const figure = await mount(
        `<rnn-visualizer model="${byHand}" ${attributes}>${text}</rnn-visualizer>`,
      );
      expect(figure.element.trace?.cell).to.equal('lstm');
      expect(figure.element.traceFor('gru')).to.equal(null);
      expect(figure.has('cells'), 'there is nothing to choose').to.equal(false);
      expect(figure.heard('rnn-error')).to.deep.equal([]);
      await figure.toTheEnd();
      expect(figure.narration).to.contain(english.narration.tryLonger);
      expect(figure.narration).not.to.contain('simple RNN');
      // with other networks the attributes count again
      figure.element.model = 'random';
      await eventually(() => figure.badge.startsWith('Untrained'));
      expect(figure.has('cells')).to.equal(true);
      expect(figure.element.trace?.cell).not.to.equal('lstm', attributes);
      expect(figure.wordNow).to.equal('is');
    }
  });

  it('without a readout predicts nothing, and says so', async () => {
    for (const width of [1000, 700, 360]) {
      const [figure, model] = await mountOwn('gru', 'The cat sat on the mat.', { readout: false });
      await widen(figure, width);
      expect(figure.badge).to.equal(english.modelBadge.fileWithoutReadout);
      await figure.toTheEnd();
      const truth = expected(model, 'The cat sat on the mat.');
      for (let word = 0; word < 7; word++) {
        expect(figure.memory('gru', word)).to.equal(percent(truth.memory(6, word)));
      }
      expect(figure.has('predictions')).to.equal(false);
      expect(seen(figure.part('base'))).not.to.contain(english.thinksNext);
      expect(figure.narration).not.to.match(/expects|guess/);
      await figure.disclose('details');
      const table = await figure.disclose('table');
      expect(seen(table)).not.to.contain(englishDetails.tableColumns.prediction);
      expect(seen(table)).to.contain('update gate, mean');
      allNumbersAreNumbers(figure);
    }
  });

  it('with ReLU is told as what it is', async () => {
    const metadata = { nonlinearity: 'relu' };
    const [figure, model] = await mountOwn('rnn', 'The cat sat on the mat.', { metadata });
    await figure.toTheEnd();
    const truth = expected(model, 'The cat sat on the mat.');
    const largest = Math.max(...truth.hidden(6));
    expect(largest).to.be.above(1);
    expect(figure.memory('rnn', 2)).to.equal(percent(truth.memory(6, 2)));
    const details = await figure.disclose('details');
    expect(seen(details)).to.contain('h = max(0, W x + b + U h₋ + b′)');
    expect(seen(details)).not.to.contain('tanh');
    expect(seen(figure.part('base'))).to.contain('from −1 to +1 and beyond');
    const states = figure.part('states');
    states.focus();
    const unit = truth.hidden(6).indexOf(largest);
    for (let i = 0; i < unit; i++) {
      states.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
      await figure.settled();
    }
    if (unit > 0) expect(states.getAttribute('aria-valuetext')).to.contain(`: ${value(largest)}`);
    const tanh = await mountOwn('rnn', 'The cat sat on the mat.');
    expect(seen(tanh[0].part('base'))).not.to.contain('and beyond');
  });

  it('reads words it does not know as nothing if it has no token for them', async () => {
    const [figure] = await mountOwn('lstm', 'The dog sat on the sofa.');
    expect(figure.button('Go to word 2, dog, unknown word')).to.be.ok;
    expect(seen(figure.part('model'))).to.contain(
      'Underdotted (2): not in the vocabulary of the network; read as a vector of zeros.',
    );
    await figure.next(2);
    expect(figure.memory('lstm', 1)).to.equal('no imprint');
    await figure.paste('The dog sat');
    expect(seen(figure.part('model'))).to.contain(
      'Underdotted (1): not in the vocabulary of the network; read as a vector of zeros.',
    );
    await figure.paste('The cat sat');
    expect(seen(figure.part('model'))).to.equal('Your own weights.');
    const withToken = await mount(
      `<rnn-visualizer model="${byHand}">Anna has a dog</rnn-visualizer>`,
    );
    expect(seen(withToken.part('model'))).to.contain('read as “some word”.');
  });

  it('may read characters', async () => {
    const characters = ' ,a,b,c,d,e,T,.'.split(',');
    const bytes = stateDictFile(network('gru', characters), characters, { type: 'F64' });
    const figure = await mount(
      `<rnn-visualizer model="${addressOf(bytes)}" tokens="characters">Tea bad.</rnn-visualizer>`,
    );
    expect(figure.badge).to.equal('Your own weights.');
    expect(figure.words.join(' ')).to.equal('T e a ␣ b a d .');
    await figure.toTheEnd();
    const truth = expected(loadModel(bytes), 'Tea bad.', 'characters');
    expect(figure.predictions[0]).to.deep.equal(
      truth.predictions(7).map(({ word, probability }) => ({ word, chance: chance(probability) })),
    );
    expect(figure.memory('gru', 0)).to.equal(percent(truth.memory(7, 0)));
  });

  it('that grows beyond all bounds is read as far as it goes', async () => {
    const bytes = writeSafetensors({
      tensors: new Map([
        ['embedding.weight', tensorOf([1, 0, 0], [3, 1])],
        ['rnn.weight_ih_l0', tensorOf([1], [1, 1])],
        ['rnn.weight_hh_l0', tensorOf([1000], [1, 1])],
      ]),
      metadata: { vocabulary: 'up\nand\nmore', nonlinearity: 'relu' },
    });
    const figure = await mount(
      `<rnn-visualizer model="${addressOf(bytes)}">Up and more and more and more</rnn-visualizer>`,
    );
    await figure.next(4);
    expect(figure.wordNow).to.equal('and');
    expect(figure.memory('rnn', 0)).to.equal('100,000,000,000%');
    expect(figure.heard('rnn-error')).to.deep.equal([]);
    const message =
      'The state of this network grows beyond all bounds, so it can be read up to word 4.';
    await figure.next(2);
    expect(figure.wordNow).to.equal('and');
    expect(figure.heard('rnn-error')).to.deep.equal([{ code: 'state-overflow', message }]);
    expect(seen(figure.part('problem'))).to.equal(message);
    await figure.press('Back');
    expect(figure.wordNow).to.equal('more');
    expect(figure.has('problem')).to.equal(false);
    figure.element.seek(7);
    await figure.settled();
    expect(figure.element.step).to.equal(4);
    expect(seen(figure.part('problem'))).to.equal(message);
    allNumbersAreNumbers(figure);
    await figure.press('Auto play');
    await eventually(() => seen(figure.part('play')) === 'Auto play', 'it stops by itself');
  });
});

describe('a network that is not supported', () => {
  /** nn.LSTM(3, 7, num_layers=2) */
  function twoLayers(): string {
    const { tensors, metadata } = stateDict(network('lstm'), words, {});
    for (const part of ['weight_ih', 'weight_hh']) {
      tensors.set(`rnn.${part}_l1`, tensorOf(new Float32Array(28 * 7), [28, 7]));
    }
    return addressOf(writeSafetensors({ tensors, metadata }));
  }
  const reason =
    'the file holds an LSTM of 2 layers; one layer, one direction, no projection is supported';

  it('is named, and the last good state stays', async () => {
    const figure = await mount(
      `<rnn-visualizer model="${byHand}" follow="3" step="9">${text}</rnn-visualizer>`,
    );
    const [before, memory] = [figure.predictions, figure.memory('lstm', 3)];
    figure.forgetEvents();
    figure.element.model = twoLayers();
    await figure.until('rnn-error');
    const message = `The weights could not be loaded (${reason}).`;
    expect(figure.heard('rnn-error')).to.deep.equal([{ code: 'model-load-failed', message }]);
    expect(seen(figure.part('problem'))).to.equal(message);
    expect(figure.narration, 'announced').to.contain(message);
    expect(figure.badge).to.equal('Your own weights.');
    expect(figure.wordNow).to.equal('is');
    expect(figure.predictions).to.deep.equal(before);
    expect(figure.memory('lstm', 3)).to.equal(memory);
    // it reads on, with the network that it has
    await figure.paste('Anna has a blue kite. The kite is');
    await figure.toTheEnd();
    expect(figure.predictions[0][0].word).to.equal('blue');
    expect(figure.heard('rnn-error'), 'said once').to.have.length(1);
    figure.element.model = byHand;
    await eventually(() => !figure.has('problem'));
  });

  it('leaves untrained networks if there was none before', async () => {
    const figure = await mount(
      `<rnn-visualizer model="${twoLayers()}" cell="gru">The cat sat</rnn-visualizer>`,
    );
    expect(seen(figure.part('problem'))).to.equal(
      `The weights could not be loaded (${reason}). ${english.problem.fallback}`,
    );
    expect(figure.heard('rnn-ready')).to.deep.equal([{ cells: ['gru'], kind: 'random' }]);
  });

  it('is not asked for again at every word that is typed', async () => {
    const asked: string[] = [];
    const fetching = window.fetch.bind(window);
    window.fetch = (input, init) => {
      asked.push(input as string);
      return fetching(input, init);
    };
    try {
      const figure = await mount(
        '<rnn-visualizer model="/there/is/no.safetensors">The cat</rnn-visualizer>',
      );
      for (const typed of ['The cat sat', 'The cat sat on', 'The cat sat on the mat']) {
        await figure.paste(typed);
        expect(figure.badge).to.contain('Untrained');
        expect(seen(figure.part('problem'))).to.contain('/there/is/no.safetensors: 404');
      }
      expect(asked).to.deep.equal(['/there/is/no.safetensors']);
      expect(figure.heard('rnn-error')).to.have.length(1);
      figure.element.model = byHand;
      await eventually(() => figure.badge === 'Your own weights.');
      figure.element.model = '/there/is/no.safetensors';
      await figure.until('rnn-error', 2);
      expect(asked).to.have.length(3);
    } finally {
      window.fetch = fetching;
    }
  });
});
