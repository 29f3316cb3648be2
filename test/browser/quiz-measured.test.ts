// <rnn-quiz> beside a figure: the reader guesses, the figure is read, and its real numbers decide.

import { expect } from '@open-wc/testing';
import '../../src/define/all.js';
import { readLogits, softmax } from '../../src/engine/index.js';
import { randomModel, storyModel } from '../../src/model/index.js';
import { englishQuiz } from '../../src/model/quiz-strings.js';
import { englishFollowing } from '../../src/model/following-strings.js';
import { chance, expected, percent, value } from '../support/expected.js';
import { eventually, seen } from '../support/figure.js';
import { mountPair, mountQuiz, type Quiz } from '../support/quiz.js';
import { servedWorkers, small } from '../support/trainer.js';

servedWorkers();

const kite = 'Anna has a red kite. The cat sat on the mat. The kite of Anna is';
const total = 18;
const text = 'The dog chases a small boat';

const list = (...options: string[]): string => `<ul>${options.join('')}</ul>`;
const option = (name: string, data = ''): string => `<li ${data}>${name}</li>`;
const untrained = (attributes: string, of = text): string =>
  `<rnn-visualizer id="story" model="random" ${attributes}>${of}</rnn-visualizer>`;
const trained = (attributes: string): string =>
  `<rnn-visualizer id="story" ${attributes}>${kite}</rnn-visualizer>`;
const asked = (attributes: string, options: string): string =>
  `<rnn-quiz for="story" question="Which?" ${attributes}>${options}
    <p slot="explanation">Because.</p></rnn-quiz>`;

/** Index of the largest number. */
const highest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** The values that the page was told of last. */
const told = (quiz: Quiz): readonly number[] => quiz.answers.at(-1)?.values ?? [];

describe('a guess', () => {
  const words = list(option('red'), option('cat'), option('mat'));

  it('waits until the last word is read, tells how far it is, and is then answered by itself', async () => {
    const { figure, quiz } = await mountPair(
      trained('compare="rnn lstm"'),
      asked('measure="memory" cell="lstm"', words),
    );
    await figure.next(4);
    expect(seen(quiz.button)).to.equal('That is my guess');
    await quiz.guess(1);
    expect(quiz.said).to.equal(englishQuiz.toTheEnd);
    expect(seen(quiz.part('base'))).to.contain(`4 of ${total} words read`);
    expect(quiz.shown, 'nothing is given away').to.deep.equal(['red', 'catyour guess', 'mat']);
    await figure.next(5);
    await quiz.settled();
    expect(seen(quiz.part('base'))).to.contain(`9 of ${total} words read`);
    expect(quiz.said, 'and is not said at every step').to.equal(englishQuiz.toTheEnd);
    expect(quiz.element.answered).to.equal(false);
    expect(quiz.answers).to.deep.equal([]);

    await figure.toTheEnd();
    await quiz.settled();
    const truth = expected(await storyModel('lstm'), kite);
    const memories = [3, 7, 11].map((word) => truth.memory(total - 1, word));
    expect(highest(memories), 'the LSTM holds the colour').to.equal(0);
    expect(quiz.those('right')).to.deep.equal([0]);
    expect(quiz.those('wrong')).to.deep.equal([1]);
    expect(quiz.amounts).to.deep.equal(memories.map(percent));
    expect(quiz.said).to.equal('Not as you guessed: it is “red”.');
    expect(seen(quiz.part('measured'))).to.equal(
      `LSTM, after ${total} words: what is left of the imprint of each word.`,
    );
    expect(quiz.has('explanation')).to.equal(true);
    expect(quiz.answers).to.have.length(1);
    expect(quiz.answers[0]).to.include({ correct: false, attempts: 1, choice: 'cat', index: 1 });
    told(quiz).forEach((each, i) => expect(each).to.be.closeTo(memories[i], 1e-9));
    const bars = [...quiz.root.querySelectorAll('rect.fill')];
    bars.forEach((bar, i) => {
      expect(parseFloat(bar.getAttribute('width')!)).to.be.closeTo(
        (100 * Math.min(memories[i], 1.4)) / 1.4,
        0.5,
      );
    });

    await figure.press('Back');
    await quiz.settled();
    expect(quiz.amounts, 'they are those of that moment').to.deep.equal(memories.map(percent));
    await figure.toTheEnd();
    await quiz.press('Ask again');
    await quiz.guess(0);
    expect(quiz.answers[1], 'answered at once').to.include({ correct: true, attempts: 2 });
    expect(quiz.said).to.equal('Right.');
    expect(quiz.shown[0]).to.match(/^red✓ right answer, your guess/);
  });

  it('can be taken back before it is answered', async () => {
    const { figure, quiz } = await mountPair(
      untrained('cell="gru"'),
      asked('measure="memory"', list(option('dog'), option('boat'))),
    );
    await quiz.guess(0);
    await quiz.choose(1);
    expect(quiz.chosen, 'a guess is a guess').to.equal(0);
    await quiz.press('Choose again');
    expect(quiz.said).to.equal('');
    await figure.toTheEnd();
    await quiz.settled();
    expect(quiz.answers, 'nothing was guessed').to.deep.equal([]);
    await quiz.guess(1);
    expect(quiz.answers.map(({ choice }) => choice)).to.deep.equal(['boat']);
  });

  it('of a word in the middle is answered there', async () => {
    const { figure, quiz } = await mountPair(
      untrained('cell="lstm"'),
      asked(
        'measure="gate" step="3"',
        list(option('a', 'data-gate="forget"'), option('b', 'data-gate="input"')),
      ),
    );
    await quiz.guess(0);
    expect(quiz.said).to.equal(englishQuiz.readTo(3, 'chases'));
    await figure.next(3);
    await quiz.settled();
    expect(quiz.element.answered).to.equal(true);
  });

  it('is answered when the page moves the figure, too', async () => {
    const { figure, quiz } = await mountPair(
      untrained(''),
      asked('measure="memory"', list(option('dog'), option('boat'))),
    );
    await quiz.guess(1);
    figure.element.seek(99);
    await eventually(() => quiz.answers.length === 1);
    expect(quiz.answers[0].correct, 'it was just read').to.equal(true);
  });
});

describe('what is measured', () => {
  it('probabilities of the next word, of all its vocabulary', async () => {
    const { figure, quiz } = await mountPair(
      trained('cell="gru"'),
      asked(
        'measure="probability"',
        list(option('red'), option('blue'), option('Anna'), option('a sad one', 'data-word="the"')),
      ),
    );
    await figure.toTheEnd();
    await quiz.guess(1);
    const model = await storyModel('gru');
    const { trace, tokens } = expected(model, kite);
    const { hiddenSize: H } = model.cell;
    const p = softmax(readLogits(model.readout!, trace.h.slice((total - 1) * H), 1, H));
    const rows = ['red', 'blue', 'anna', 'the'].map((key) =>
      model.row({ text: key, key, mark: false })!,
    );
    expect(tokens).to.have.length(total);
    expect(quiz.amounts).to.deep.equal(rows.map((row) => chance(p[row])));
    told(quiz).forEach((each, i) => expect(each).to.be.closeTo(p[rows[i]], 1e-12));
    expect(quiz.those('right')).to.deep.equal([0]);
    expect(seen(quiz.part('measured'))).to.equal(
      `GRU, after ${total} words: probability of each word as the next one.`,
    );
  });

  for (const cell of ['lstm', 'gru'] as const) {
    it(`means of the gates (${cell})`, async () => {
      const gates =
        cell === 'lstm' ? (['forget', 'input', 'output'] as const) : (['update', 'reset'] as const);
      const { figure, quiz } = await mountPair(
        untrained(`cell="${cell}"`),
        asked(
          'measure="gate" step="4"',
          list(...gates.map((gate) => option(gate, `data-gate="${gate}"`))),
        ),
      );
      await figure.toTheEnd();
      await quiz.guess(0);
      const truth = expected(randomModel(cell), text);
      const means = gates.map((gate) => truth.gateMean(gate, 3));
      expect(quiz.amounts).to.deep.equal(means.map(value));
      told(quiz).forEach((each, i) => expect(each).to.be.closeTo(means[i], 1e-12));
      expect(quiz.those('right')).to.deep.equal([highest(means)]);
      // and the state of the figure says the same
      expect(truth.trace.h).to.deep.equal(figure.element.trace!.h);
    });
  }

  it('one gate over the words', async () => {
    const steps = [1, 2, 3, 4, 5, 6];
    const { figure, quiz } = await mountPair(
      untrained('cell="lstm"'),
      asked(
        'measure="gate" gate="output" pick="lowest"',
        list(...steps.map((step) => option(`word ${step}`, `data-step="${step}"`))),
      ),
    );
    await figure.toTheEnd();
    await quiz.guess(0);
    const truth = expected(randomModel('lstm'), text);
    const means = steps.map((step) => truth.gateMean('output', step - 1));
    expect(quiz.amounts).to.deep.equal(means.map(value));
    expect(quiz.those('right')).to.include(means.indexOf(Math.min(...means)));
    expect(seen(quiz.part('measured'))).to.equal('LSTM: mean of the output gate.');
  });

  it('one word over the cells', async () => {
    const cells = ['rnn', 'lstm', 'gru'] as const;
    const { figure, quiz } = await mountPair(
      untrained('compare="rnn lstm gru"'),
      asked(
        'measure="memory" word="dog"',
        list(...cells.map((cell) => option(cell, `data-cell="${cell}"`))),
      ),
    );
    await figure.toTheEnd();
    await quiz.guess(0);
    const memories = cells.map((cell) => expected(randomModel(cell), text).memory(5, 1));
    expect(quiz.amounts).to.deep.equal(memories.map(percent));
    expect(quiz.those('right')).to.deep.equal([highest(memories)]);
    expect(seen(quiz.part('measured'))).to.equal(
      'after 6 words: what is left of the imprint of “dog”.',
    );
  });

  it('one number, and in which range it is', async () => {
    const { figure, quiz } = await mountPair(
      untrained('cell="lstm"'),
      asked(
        'measure="memory" word="The"',
        list(
          option('less than half', 'data-to="0.5"'),
          option('more than half', 'data-from="0.5" data-to="1"'),
          option('more than all', 'data-from="1"'),
          option('who knows'),
        ),
      ),
    );
    await figure.toTheEnd();
    await quiz.guess(3);
    const memory = expected(randomModel('lstm'), text).memory(5, 0);
    expect(quiz.those('right')).to.deep.equal([memory < 0.5 ? 0 : memory < 1 ? 1 : 2]);
    expect(quiz.amounts, 'it is one for all').to.deep.equal([]);
    expect(seen(quiz.part('measured'))).to.equal(
      `LSTM, after 6 words: what is left of the imprint of “The”, ${percent(memory)}.`,
    );
    expect(told(quiz)).to.have.length(4);
  });

  it('what reads alike is equally right', async () => {
    // a feedforward layer hands on nothing
    const { figure, quiz } = await mountPair(
      untrained('cell="feedforward"'),
      asked('measure="memory"', list(option('dog'), option('chases'), option('small'))),
    );
    await figure.toTheEnd();
    await quiz.guess(2);
    expect(quiz.amounts).to.deep.equal(['0%', '0%', '0%']);
    expect(quiz.those('right')).to.deep.equal([0, 1, 2]);
    expect(quiz.answers[0].correct).to.equal(true);
  });

  it('so is what differs by less than is shown', async () => {
    const { figure, quiz } = await mountPair(
      trained('cell="lstm"'),
      asked(
        'measure="probability" pick="lowest"',
        list(option('dog'), option('red'), option('tree')),
      ),
    );
    await figure.toTheEnd();
    await quiz.guess(0);
    expect(quiz.amounts).to.deep.equal(['<1%', '>99%', '<1%']);
    expect(told(quiz)[0]).not.to.equal(told(quiz)[2]);
    expect(quiz.those('right')).to.deep.equal([0, 2]);
  });

  it('words by how they are written, by what they are, and by their number', async () => {
    const { figure, quiz } = await mountPair(
      untrained('cell="gru"', 'The cat saw the 3 dogs'),
      asked(
        'measure="memory"',
        list(
          option('the'),
          option('The'),
          option('CAT'),
          option('by number', 'data-word="4"'),
          option('3'),
        ),
      ),
    );
    await figure.toTheEnd();
    await quiz.guess(0);
    const truth = expected(randomModel('gru'), 'The cat saw the 3 dogs');
    expect(quiz.amounts).to.deep.equal(
      [3, 0, 1, 4, 4].map((word) => percent(truth.memory(5, word))),
    );
  });

  it('a word that comes later has left nothing to be measured', async () => {
    const { figure, quiz } = await mountPair(
      untrained('cell="gru"'),
      asked('measure="memory" step="2"', list(option('dog'), option('boat'))),
    );
    await figure.toTheEnd();
    await quiz.guess(0);
    expect(quiz.amounts).to.deep.equal(['100%', '–']);
    expect(quiz.answers[0].correct).to.equal(true);
    expect(told(quiz)[1]).to.be.NaN;
  });

  it('gates that are held and words that are skipped count', async () => {
    const { figure, quiz } = await mountPair(
      trained('cell="lstm"'),
      asked('measure="memory"', list(option('red'), option('mat'))),
    );
    figure.element.session.intervene([
      { kind: 'hold', gate: 'forget', value: 0, from: 6, to: Infinity },
    ]);
    await figure.toTheEnd();
    await quiz.guess(0);
    expect(quiz.amounts[0], 'forgotten').to.equal(figure.memory('lstm', 3));
    expect(quiz.those('right')).to.deep.equal([1]);
  });
});

describe('what hinders', () => {
  const two = list(option('dog'), option('boat'));

  it('a cell that the figure does not run is asked for', async () => {
    const { figure, quiz } = await mountPair(
      untrained('cell="rnn"'),
      asked('measure="memory" cell="lstm"', two),
    );
    await figure.toTheEnd();
    await quiz.guess(0);
    expect(quiz.said).to.equal(englishQuiz.run('the LSTM'));
    await figure.press('LSTM');
    await eventually(() => quiz.element.answered || quiz.said === englishQuiz.toTheEnd);
    await figure.toTheEnd();
    await eventually(() => quiz.element.answered);
    expect(seen(quiz.part('measured'))).to.match(/^LSTM/);
  });

  it('a word that a changed text has no more is named, until it is there again', async () => {
    const { figure, quiz } = await mountPair(
      untrained('cell="gru"'),
      asked('measure="memory"', two),
    );
    expect(quiz.has('problem')).to.equal(false);
    await figure.paste('The dog sleeps');
    await quiz.settled();
    const message = englishQuiz.problem.noWord('boat');
    expect(quiz.problem).to.equal(message);
    expect(quiz.errors).to.deep.equal([{ code: 'bad-attribute', message }]);
    await quiz.choose(0);
    await quiz.press('That is my guess');
    expect(seen(quiz.button), 'nothing to guess').to.equal('That is my guess');
    await figure.paste('The dog has a boat');
    await quiz.settled();
    expect(quiz.has('problem')).to.equal(false);
    await figure.toTheEnd();
    await quiz.press('That is my guess');
    expect(quiz.answers).to.have.length(1);
  });

  const cases: Readonly<Record<string, readonly [figure: string, quiz: string, message: string]>> =
    {
      'networks that expect nothing': [
        untrained('cell="gru"'),
        asked('measure="probability"', two),
        englishQuiz.problem.predictsNothing,
      ],
      'a word that they do not know': [
        trained('cell="gru"'),
        asked('measure="probability"', list(option('red'), option('zebra'))),
        englishQuiz.problem.unknownWord('the GRU', 'zebra'),
      ],
      'a gate that there is not': [
        untrained('cell="gru"'),
        asked('measure="gate"', two),
        englishQuiz.problem.noGate('the GRU', 'forget gate'),
      ],
      'ranges that the value is in none of': [
        untrained('cell="gru"'),
        asked('measure="memory"', list(option('dog', 'data-from="7"'), option('boat'))),
        englishQuiz.problem.noneRight,
      ],
    };
  for (const [name, [before, after, message]] of Object.entries(cases)) {
    it(`${name}: it is said, and nothing is answered`, async () => {
      const { figure, quiz } = await mountPair(before, after);
      await figure.toTheEnd();
      await quiz.guess(0);
      expect(quiz.problem).to.equal(message);
      expect(quiz.errors.map((each) => each.message)).to.deep.equal([message]);
      expect(quiz.answers).to.deep.equal([]);
      await quiz.press('Choose again');
      expect(quiz.chosen).to.equal(0);
    });
  }

  it('a figure that does not come is named after a while; one that comes late is taken', async function () {
    const quiz = await mountQuiz(asked('measure="memory"', two));
    await eventually(() => quiz.has('problem'), 'nothing came');
    expect(quiz.problem).to.equal(englishFollowing.lost('story'));
    const late = document.createElement('rnn-visualizer');
    Object.assign(late, { id: 'story', model: 'random', text, step: 6, loading: 'eager' });
    quiz.element.after(late);
    await eventually(() => late.trace?.length === 6);
    await quiz.settled();
    expect(quiz.has('problem')).to.equal(false);
    await quiz.guess(1);
    expect(quiz.answers).to.have.length(1);
  });

  it('what has no numbers of its own can’t be measured', async () => {
    const quiz = await mountQuiz(`<p id="story">Once</p>${asked('measure="memory"', two)}`);
    expect(quiz.problem).to.equal(englishFollowing.lost('story'));
  });
});

describe('decide', () => {
  const two = list(option('gru'), option('rnn'));

  it('is asked when the reader waits, again when its element changes, and by requestUpdate()', async () => {
    const { figure, quiz } = await mountPair(untrained(''), asked('', two));
    const asks: (readonly string[])[] = [];
    let right: readonly number[] | null = null;
    quiz.element.decide = (options) => {
      asks.push(options);
      return right;
    };
    await quiz.settled();
    expect(asks, 'nobody has guessed').to.deep.equal([]);
    await quiz.guess(0);
    expect(asks[0]).to.deep.equal(['gru', 'rnn']);
    expect(quiz.said).to.equal(englishQuiz.undecided);
    const before = asks.length;
    await figure.next();
    await quiz.settled();
    expect(asks.length).to.be.above(before);
    right = [1];
    quiz.element.requestUpdate();
    await quiz.settled();
    expect(quiz.those('right')).to.deep.equal([1]);
    expect(quiz.answers).to.deep.equal([
      { correct: false, attempts: 1, choice: 'gru', index: 0, values: null },
    ]);
    expect(quiz.has('measured')).to.equal(false);
  });

  it('on the outcome of a training', async function () {
    const quiz = await mountQuiz(
      `<rnn-trainer id="story" ${small} cells="rnn gru"></rnn-trainer>${asked('', two)}`,
    );
    const trainer = quiz.element.parentElement!.querySelector('rnn-trainer')!;
    let complete = false;
    trainer.addEventListener('rnn-train-complete', () => (complete = true));
    quiz.element.decide = () => (complete ? [0] : null);
    await quiz.guess(0);
    expect(quiz.element.answered).to.equal(false);
    trainer.start();
    await eventually(() => quiz.element.answered, 'the training decides');
    expect(quiz.answers).to.have.length(1);
    expect(quiz.answers[0].correct).to.equal(true);
  });

  for (const [name, decide] of Object.entries<() => readonly number[]>({
    throws: () => {
      throw new Error('no idea');
    },
    'names none': () => [],
    'names what is not there': () => [2, -1, NaN],
  })) {
    it(`that ${name}: it is said, and nothing reaches the page`, async () => {
      const quiz = await mountQuiz(asked('', two));
      quiz.element.decide = decide;
      await quiz.settled();
      expect(quiz.has('problem')).to.equal(false);
      quiz.errors.length = 0;
      await quiz.guess(0);
      expect(quiz.problem).to.equal(
        name === 'throws'
          ? englishQuiz.problem.undecidable('Error: no idea')
          : englishQuiz.problem.noneRight,
      );
      expect(quiz.errors).to.have.length(1);
      expect(quiz.answers).to.deep.equal([]);
    });
  }
});
