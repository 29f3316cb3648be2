// Which cells read and with which weights: the cell switch, trained and untrained networks, seeds, files of one’s own.

import { expect } from '@open-wc/testing';
import '../../src/define/rnn-visualizer.js';
import { Random, initialWeights, type CellType, type Network } from '../../src/engine/index.js';
import {
  english,
  packNetwork,
  randomInputSize,
  randomModel,
  storyModel,
  trainedModel,
  unpackNetwork,
} from '../../src/model/index.js';
import { bytesOf } from '../../src/model/story/weight-text.js';
import { weights as gruWeights } from '../../src/model/story/weights/gru.js';
import { chance, expected, percent, value } from '../support/expected.js';
import { eventually, type Figure, mount, seen } from '../support/figure.js';
import { randomNetwork } from '../support/model.js';

const text = 'The dog chases a small boat';
const all = ['rnn', 'lstm', 'gru'] as const;

const pressed = (figure: Figure): string[] =>
  figure
    .parts('cell-button')
    .filter((button) => button.getAttribute('aria-pressed') === 'true')
    .map(seen);

/** Moves a range input as a hand does. */
async function slide(figure: Figure, input: HTMLElement, to: number): Promise<void> {
  (input as HTMLInputElement).value = String(to);
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await figure.settled();
}

/** The shown memory of every word up to the present one equals the engine’s. */
function checkMemory(
  figure: Figure,
  cell: CellType,
  step: number,
  truth: ReturnType<typeof expected>,
): void {
  for (let word = 0; word < step; word++) {
    expect(figure.memory(cell, word), `${cell}, word ${word}`).to.equal(
      percent(truth.memory(step - 1, word)),
    );
  }
}

describe('the cell switch', () => {
  it('reads the same words with another cell and keeps the step', async () => {
    const figure = await mount(`<rnn-visualizer model="random">${text}</rnn-visualizer>`);
    expect(pressed(figure)).to.deep.equal(['Simple RNN']);
    await figure.next(4);
    for (const [name, cell] of [
      ['LSTM', 'lstm'],
      ['GRU', 'gru'],
      ['Simple RNN', 'rnn'],
    ] as const) {
      figure.forgetEvents();
      await figure.press(name);
      expect(pressed(figure)).to.deep.equal([name]);
      expect(figure.wordNow).to.equal('a');
      expect(figure.types).to.deep.equal(['rnn-cell-change']);
      expect(figure.heard('rnn-cell-change')).to.deep.equal([{ cells: [cell] }]);
      checkMemory(figure, cell, 4, expected(randomModel(cell), text));
      expect(figure.has('highway'), 'the cell state').to.equal(cell === 'lstm');
    }
    figure.forgetEvents();
    await figure.press('Simple RNN');
    expect(figure.types, 'nothing was changed').to.deep.equal([]);
  });

  it('puts the three side by side, in lock-step', async () => {
    const figure = await mount(`<rnn-visualizer model="random">${text}</rnn-visualizer>`);
    await figure.next(2);
    await figure.press('Side by side');
    expect(pressed(figure)).to.deep.equal(['Side by side']);
    expect(figure.heard('rnn-cell-change')).to.deep.equal([{ cells: [...all] }]);
    expect(figure.wordNow).to.equal('dog');
    for (let step = 3; step <= 6; step++) {
      await figure.next();
      for (const cell of all) {
        checkMemory(figure, cell, step, expected(randomModel(cell), text));
      }
    }
    expect(figure.heard('rnn-step').at(-1)?.cells).to.deep.equal([...all]);
    await figure.press('GRU');
    expect(figure.wordNow).to.equal('boat');
    expect(figure.heard('rnn-cell-change').at(-1)).to.deep.equal({ cells: ['gru'] });
  });

  it('takes the author’s own comparison, in the author’s order', async () => {
    const figure = await mount(
      `<rnn-visualizer cell="rnn" compare="gru feedforward gru" model="random">${text}</rnn-visualizer>`,
    );
    expect(pressed(figure)).to.deep.equal(['GRU | Feedforward']);
    await figure.next();
    expect(figure.heard('rnn-step')[0].cells).to.deep.equal(['gru', 'feedforward']);
  });

  it('loads trained networks when they are needed, without losing the place', async () => {
    const figure = await mount('<rnn-visualizer></rnn-visualizer>');
    await figure.next(9);
    for (const [name, cell] of [
      ['GRU', 'gru'],
      ['LSTM', 'lstm'],
    ] as const) {
      await figure.press(name);
      const truth = expected(await storyModel(cell), figure.words.join(' '));
      await eventually(() => pressed(figure)[0] === name);
      expect(figure.wordNow).to.equal('sat');
      checkMemory(figure, cell, 9, truth);
    }
    expect(figure.heard('rnn-model-change')).to.deep.equal([]);
    expect(figure.heard('rnn-ready'), 'once').to.have.length(1);
  });

  it('shows and hides the gates, with their means', async () => {
    const figure = await mount(
      `<rnn-visualizer cell="gru" model="random">${text}</rnn-visualizer>`,
    );
    await figure.next(3);
    const truth = expected(randomModel('gru'), text);
    const shown = (): string => seen(figure.part('base'));
    for (const gate of ['reset', 'update'] as const) {
      expect(shown()).to.contain(`${gate} gate ${value(truth.gateMean(gate, 2))}`);
    }
    await figure.press('Hide gates');
    expect(shown()).not.to.contain('reset gate');
    await figure.press('Show gates');
    expect(shown()).to.contain('reset gate');
    await figure.press('Simple RNN');
    expect(shown(), 'it has no gates').not.to.contain('gates');
  });

  it('leaves everything to the author with readonly', async () => {
    const figure = await mount(`<rnn-visualizer readonly>The cat sat on the mat</rnn-visualizer>`);
    for (const part of ['cells', 'text', 'example', 'model-switch', 'forget-bias']) {
      expect(figure.has(part), part).to.equal(false);
    }
    await figure.toTheEnd();
    expect(figure.wordNow).to.equal('mat');
    expect(figure.badge).to.contain('Trained');
  });
});

describe('a feedforward layer', () => {
  it('hands nothing on: no memory of any earlier word', async () => {
    const figure = await mount(
      `<rnn-visualizer cell="feedforward" model="random">${text}</rnn-visualizer>`,
    );
    expect(pressed(figure)).to.deep.equal(['Feedforward']);
    await figure.next(5);
    expect([0, 1, 2, 3, 4].map((word) => figure.memory('feedforward', word))).to.deep.equal([
      '0%',
      '0%',
      '0%',
      '0%',
      '100%',
    ]);
    expect(figure.narration).to.contain('hands nothing on, so nothing of it is left');
    expect(seen(figure.part('base'))).to.contain('Nothing is handed to the next word');
  });
});

describe('which weights run', () => {
  it('is told, and one click changes it', async () => {
    const figure = await mount('<rnn-visualizer cell="gru"></rnn-visualizer>');
    await figure.next(5);
    figure.forgetEvents();
    expect(figure.badge).to.contain('Trained story network');
    expect(figure.predictions[0]).to.have.length(5);
    await figure.press('Use untrained ones');
    expect(figure.badge).to.contain('Untrained networks (seed 1, 32 units)');
    expect(figure.has('predictions')).to.equal(false);
    expect(figure.wordNow, 'the step stays').to.equal('kite');
    await figure.press('Use the trained ones');
    await figure.until('rnn-model-change', 2);
    expect(figure.badge).to.contain('Trained story network');
    expect(figure.types).to.deep.equal(['rnn-model-change', 'rnn-model-change']);
    expect(figure.heard('rnn-model-change')).to.deep.equal([
      { model: 'random', kind: 'random' },
      // what "auto" would choose is "auto" again
      { model: 'auto', kind: 'story' },
    ]);
  });

  it('is chosen by the known words, marks not counted', async () => {
    for (const [sentence, kind] of [
      ['The cat zooms', 'story'],
      ['The cat zooms wildly', 'random'],
      ['The zooms . , ! ? ; :', 'random'],
      ['Zooms', 'random'],
      ['…', 'story'],
    ]) {
      const figure = await mount(`<rnn-visualizer>${sentence}</rnn-visualizer>`);
      expect(figure.heard('rnn-ready')[0].kind, sentence).to.equal(kind);
      if (kind === 'random') expect(figure.badge).to.contain('so untrained ones read them');
    }
  });

  it('changes with the reader’s text', async () => {
    const figure = await mount('<rnn-visualizer>The cat sat on the mat</rnn-visualizer>');
    await figure.paste('Quantum cats entangle');
    expect(figure.badge).to.contain('Untrained');
    await figure.paste('The cat sat');
    await figure.until('rnn-model-change', 2);
    expect(figure.badge).to.contain('Trained');
    expect(figure.heard('rnn-model-change').map(({ kind }) => kind)).to.deep.equal([
      'random',
      'story',
    ]);
  });

  it('is nobody else’s news when the page changes it', async () => {
    const figure = await mount('<rnn-visualizer></rnn-visualizer>');
    // the example that is shown already: a click that changes no text
    await figure.click(figure.parts('example')[0]);
    figure.forgetEvents();
    figure.element.model = 'random';
    await figure.settled();
    expect(figure.badge).to.contain('Untrained');
    expect(figure.types).to.deep.equal([]);
  });

  it('can be a training on the page, until the reader or the author chooses others', async () => {
    const vocabulary = ['<unk>', 'the', 'dog', 'a', 'boat'];
    const trained = (...cells: CellType[]) =>
      new Map(
        cells.map((cell) => [
          cell,
          trainedModel('trained', randomNetwork(cell, vocabulary), vocabulary),
        ]),
      );
    for (const [model, choice] of [
      ['auto', 'random'],
      ['random', 'random'],
      ['story', 'random'],
    ]) {
      const figure = await mount(
        `<rnn-visualizer cell="gru" model="${model}">${text}</rnn-visualizer>`,
      );
      await figure.next(3);
      figure.forgetEvents();
      const models = trained('rnn', 'gru');
      figure.element.linkedModels(models);
      await figure.until('rnn-model-change');
      expect(figure.heard('rnn-model-change')).to.deep.equal([
        { model: 'trained', kind: 'trained' },
      ]);
      expect(figure.badge).to.equal(english.modelBadge.trained);
      expect(figure.wordNow).to.equal('chases');
      checkMemory(figure, 'gru', 3, expected(models.get('gru')!, text));
      expect(pressed(figure)).to.deep.equal(['GRU']);
      await figure.press('Simple RNN');
      checkMemory(figure, 'rnn', 3, expected(models.get('rnn')!, text));
      await figure.paste('The dog has a boat');
      expect(figure.badge, 'of another text').to.equal(english.modelBadge.trained);

      await figure.press('Use untrained ones');
      await figure.until('rnn-model-change', 2);
      expect(figure.badge).to.contain('Untrained');
      expect(figure.heard('rnn-model-change')[1]).to.deep.equal({ model: choice, kind: 'random' });
      expect(figure.heard('rnn-model-change').length).to.equal(2);
    }
    const figure = await mount('<rnn-visualizer model="random"></rnn-visualizer>');
    figure.element.linkedModels(trained('lstm'));
    await figure.until('rnn-model-change');
    expect(pressed(figure), 'the only one there is').to.deep.equal(['LSTM']);
    figure.element.model = 'story';
    await eventually(() => figure.badge.startsWith('Trained story'));
    expect(figure.heard('rnn-model-change').length, 'the author’s doing').to.equal(1);
  });

  it('unknown words are marked and explained, not hidden', async () => {
    const figure = await mount('<rnn-visualizer>The purple cat sat on the sofa.</rnn-visualizer>');
    const unknown = figure.wordButtons.filter((word) =>
      word.getAttribute('aria-label')!.endsWith(', unknown word'),
    );
    expect(unknown.map(seen)).to.deep.equal(['purple', 'sofa']);
    for (const word of figure.wordButtons) {
      const style = getComputedStyle(word.querySelector('bdi')!);
      expect(style.textDecorationStyle === 'dotted', seen(word)).to.equal(unknown.includes(word));
    }
    expect(seen(figure.part('model'))).to.contain(
      'Underdotted (2): not among the words the network was trained on',
    );
    await figure.press('Use untrained ones');
    expect(seen(figure.part('model')), 'untrained networks take any word').not.to.contain(
      'Underdotted',
    );
  });
});

describe('untrained networks', () => {
  it('are the ones that seed, size and gate bias describe', async () => {
    for (const [cell, seed, hiddenSize, forgetBias] of [
      ['rnn', 7, 8, 3],
      ['lstm', 7, 20, 1],
      ['gru', -3, 5, 0.5],
      ['lstm', 9007199254740991, 1, -2],
    ] as const) {
      const figure = await mount(
        `<rnn-visualizer model="random" cell="${cell}" seed="${seed}" hidden-size="${hiddenSize}"
          forget-bias="${forgetBias}">${text}</rnn-visualizer>`,
      );
      await figure.toTheEnd();
      const model = randomModel(cell, { seed, hiddenSize, forgetBias });
      const truth = expected(model, text);
      checkMemory(figure, cell, 6, truth);
      expect(figure.element.trace?.h, cell).to.deep.equal(truth.trace.h);
      expect(model.cell.inputSize).to.equal(randomInputSize);
      expect(figure.badge).to.contain(`seed ${seed}, ${hiddenSize} unit`);
      expect(figure.heard('rnn-error')).to.deep.equal([]);
    }
  });

  it('are drawn anew by a click, and the same seed gives the same again', async () => {
    const figure = await mount(`<rnn-visualizer model="random">${text}</rnn-visualizer>`);
    await figure.next(4);
    const first = figure.memory('rnn', 0);
    await figure.press('Another seed');
    expect(figure.badge).to.contain('seed 2');
    checkMemory(figure, 'rnn', 4, expected(randomModel('rnn', { seed: 2 }), text));
    figure.element.seed = 1;
    await figure.settled();
    expect(figure.memory('rnn', 0)).to.equal(first);
  });

  it('hold what the gate bias lets them hold', async () => {
    const figure = await mount(
      `<rnn-visualizer model="random" cell="lstm">${text}</rnn-visualizer>`,
    );
    await figure.toTheEnd();
    const held: number[] = [];
    for (const forgetBias of [4, 0, -2]) {
      await slide(figure, figure.part('forget-bias'), forgetBias);
      expect(figure.wordNow).to.equal('boat');
      const truth = expected(randomModel('lstm', { forgetBias }), text);
      checkMemory(figure, 'lstm', 6, truth);
      held.push(truth.memory(5, 0));
    }
    expect(held[0]).to.be.above(held[1]);
    expect(held[1]).to.be.above(held[2]);
    await figure.press('Simple RNN');
    expect(figure.has('forget-bias'), 'it has no gates').to.equal(false);
  });

  it('read letters with tokens="characters"', async () => {
    const figure = await mount(
      '<rnn-visualizer tokens="characters" cell="gru">Ab  c, é👩‍👩‍👧</rnn-visualizer>',
    );
    expect(figure.words).to.deep.equal(['A', 'b', '␣', 'c', ',', '␣', 'é', '👩‍👩‍👧']);
    expect(seen(figure.part('next'))).to.equal(english.next.characters);
    expect(figure.badge).to.equal(
      'Untrained networks (seed 1, 32 units): they have learned nothing, so they predict nothing.',
    );
    expect(figure.has('model-switch'), 'no network was trained on letters').to.equal(false);
    await figure.toTheEnd();
    const truth = expected(randomModel('gru'), 'Ab  c, é👩‍👩‍👧', 'characters');
    checkMemory(figure, 'gru', 8, truth);
  });
});

describe('weights of one’s own', () => {
  const words = ['<unk>', '.', ',', 'hello', 'big', 'world'];
  const tiny: Network = {
    embedding: new Random('e').normals(6 * 4),
    cell: initialWeights('lstm', 4, 5, 3, { forgetBias: 1 }),
    readout: { weight: new Random('r').normals(6 * 5), bias: new Random('b').normals(6) },
  };

  const addresses: string[] = [];
  const address = (parts: (Uint8Array | string)[]): string => {
    const url = URL.createObjectURL(new Blob(parts as BlobPart[]));
    addresses.push(url);
    return url;
  };
  afterEach(() => {
    for (const url of addresses.splice(0)) URL.revokeObjectURL(url);
  });

  it('are read from a file, whatever cell and words it holds', async () => {
    const file = packNetwork(tiny, words);
    const data = `data:application/octet-stream;base64,${btoa(String.fromCharCode(...file))}`;
    for (const url of [data, address([file])]) {
      const figure = await mount(`<rnn-visualizer>Hello big big planet.</rnn-visualizer>`);
      figure.element.model = url;
      await eventually(() => figure.badge === 'Your own weights.');
      expect(figure.heard('rnn-error')).to.deep.equal([]);
      expect(figure.element.trace?.cell).to.equal('lstm');
      expect(figure.has('cells'), 'the file decides about the cell').to.equal(false);
      expect(figure.button('Go to word 4, planet, unknown word')).to.be.ok;
      await figure.toTheEnd();
      // int8 weights are not the very same: read back what was written
      const read = unpackNetwork(file);
      const truth = expected(
        trainedModel('file', read.network, read.words),
        'Hello big big planet.',
      );
      checkMemory(figure, 'lstm', 5, truth);
      expect(figure.predictions[0]).to.deep.equal(
        truth
          .predictions(4)
          .map(({ word, probability }) => ({ word, chance: chance(probability) })),
      );
      expect(figure.words).to.deep.equal(['Hello', 'big', 'big', 'planet', '.']);
    }
  });

  it('may be there from the start', async () => {
    const { network, words: known } = unpackNetwork(bytesOf(gruWeights));
    const url = address([packNetwork(network, known)]);
    const figure = await mount(`<rnn-visualizer model="${url}" step="4"></rnn-visualizer>`);
    expect(figure.heard('rnn-ready')).to.deep.equal([{ cells: ['gru'], kind: 'file' }]);
    expect(figure.wordNow).to.equal('red');
    await figure.toTheEnd();
    expect(figure.predictions[0][0].word).to.equal('red');
  });

  const broken: [string, () => string][] = [
    ['no weights at all', () => address(['<!doctype html><title>Not found</title>'])],
    ['an empty file', () => address([''])],
    ['half a file', () => address([packNetwork(tiny, words).slice(0, 600)])],
    [
      'a header that lies',
      () => address([new Uint8Array([255, 255, 255, 255, 255, 255, 255, 255])]),
    ],
    ['words that do not fit', () => address([packNetwork(tiny, [...words, 'more'])])],
    ['a file that is not there', () => '/there/is/no.safetensors'],
    ['an address that is none', () => 'https://[bad/'],
  ];
  for (const [name, url] of broken) {
    it(`${name}: the last good state stays, with a message`, async () => {
      const figure = await mount('<rnn-visualizer cell="gru"></rnn-visualizer>');
      await figure.next(5);
      const before = figure.predictions;
      figure.forgetEvents();
      figure.element.model = url();
      await figure.until('rnn-error');
      const [error, ...more] = figure.heard('rnn-error');
      expect(more).to.deep.equal([]);
      expect(error.code).to.equal('model-load-failed');
      expect(error.message).to.match(/^The weights could not be loaded \(.+\)\.$/);
      expect(seen(figure.part('problem'))).to.equal(error.message);
      expect(figure.narration, 'announced').to.contain(error.message);
      expect(figure.badge).to.contain('Trained');
      expect(figure.wordNow).to.equal('kite');
      expect(figure.predictions).to.deep.equal(before);
      await figure.toTheEnd();
      expect(figure.heard('rnn-error'), 'said once').to.have.length(1);

      figure.element.model = 'story';
      await eventually(() => !figure.has('problem'));
      expect(figure.wordNow).to.equal('is');
    });
  }

  it('that never worked leave untrained networks, and say so', async () => {
    const figure = await mount(
      `<rnn-visualizer model="${address(['nonsense'])}" cell="lstm">The cat sat</rnn-visualizer>`,
    );
    await figure.until('rnn-error');
    const [{ message }] = figure.heard('rnn-error');
    expect(message).to.contain('Untrained networks read the sentence instead.');
    expect(seen(figure.part('problem'))).to.equal(message);
    expect(figure.heard('rnn-ready')).to.deep.equal([{ cells: ['lstm'], kind: 'random' }]);
    await figure.toTheEnd();
    expect(figure.wordNow).to.equal('sat');
  });
});
