// <rnn-quiz> as a plain question: options of a list, one marked as right; and what is wrong with a question.

import { expect } from '@open-wc/testing';
import { sendKeys } from '../support/browser.js';
import '../../src/define/rnn-quiz.js';
import { RnnTrainCompleteEvent } from '../../src/index.js';
import { englishQuiz } from '../../src/model/quiz-strings.js';
import { seen } from '../support/figure.js';
import { mountQuiz } from '../support/quiz.js';

const plain = `<rnn-quiz>
  <p slot="question">What is handed on?</p>
  <ol><li>The words</li><li data-correct>A <em>state</em></li><li>The weights</li></ol>
  <p slot="explanation">The state is all it knows.</p>
</rnn-quiz>`;

describe('a question with an answer that is marked', () => {
  it('is answered wrongly, then rightly; the page is told of each', async () => {
    const quiz = await mountQuiz(plain);
    const { element } = quiz;
    expect(quiz.shown).to.deep.equal(['The words', 'A state', 'The weights']);
    expect(quiz.radios.every(({ type }) => type === 'radio')).to.equal(true);
    expect(quiz.chosen).to.equal(-1);
    expect(quiz.said).to.equal('');
    expect(quiz.has('explanation')).to.equal(false);
    expect(quiz.button.getAttribute('aria-disabled')).to.equal('true');
    await quiz.press('Check');
    expect(quiz.answers, 'nothing was chosen').to.deep.equal([]);

    await quiz.choose(0);
    expect(quiz.answers, 'nothing was checked').to.deep.equal([]);
    await quiz.press('Check');
    expect(quiz.said).to.equal(englishQuiz.isWrong);
    expect(quiz.shown).to.deep.equal(['The words✗ not right', 'A state', 'The weights']);
    expect(quiz.answers).to.deep.equal([
      { correct: false, attempts: 1, choice: 'The words', index: 0, values: null },
    ]);
    expect([element.answered, element.correct, element.attempts]).to.deep.equal([false, false, 1]);
    expect(quiz.has('explanation'), 'the answer is not given away').to.equal(false);

    await quiz.choose(2);
    expect(quiz.said, 'so that it can be said again').to.equal('');
    await quiz.press('Check');
    expect(quiz.said).to.equal(englishQuiz.isWrong);
    await quiz.choose(1);
    await quiz.press('Check');
    expect(quiz.said).to.equal('Right.');
    expect(quiz.those('wrong'), 'what was tried stays marked').to.deep.equal([0, 2]);
    expect(quiz.those('right')).to.deep.equal([1]);
    expect(quiz.shown[1]).to.equal('A state✓ right answer');
    expect(quiz.answers.at(-1)).to.deep.equal({
      correct: true,
      attempts: 3,
      choice: 'A state',
      index: 1,
      values: null,
    });
    expect([element.answered, element.correct, element.attempts]).to.deep.equal([true, true, 3]);
    expect(element.querySelector('[slot=explanation]')!.getBoundingClientRect().height).above(10);
  });

  it('stays answered until the reader asks again, whose answers so far count', async () => {
    const quiz = await mountQuiz(plain);
    await quiz.choose(1);
    await quiz.press('Check');
    await quiz.choose(0);
    expect(quiz.chosen, 'nothing can be chosen now').to.equal(1);
    await quiz.press('Ask again');
    expect([quiz.chosen, quiz.said]).to.deep.equal([-1, '']);
    expect([...quiz.those('right'), ...quiz.those('wrong')]).to.deep.equal([]);
    expect(quiz.element.answered).to.equal(false);
    await quiz.choose(1);
    await quiz.press('Check');
    expect(quiz.answers.map(({ attempts }) => attempts)).to.deep.equal([1, 2]);
  });

  it('reset() asks as if for the first time, without an event', async () => {
    const quiz = await mountQuiz(plain);
    await quiz.choose(1);
    await quiz.press('Check');
    quiz.element.reset();
    await quiz.settled();
    const { answered, correct, attempts } = quiz.element;
    expect([answered, correct, attempts, quiz.chosen]).to.deep.equal([false, false, 0, -1]);
    await quiz.choose(1);
    await quiz.press('Check');
    expect(quiz.answers.map((each) => each.attempts)).to.deep.equal([1, 1]);
  });

  it('any of several that are marked is right', async () => {
    const quiz = await mountQuiz(
      '<rnn-quiz question="Which?"><ul><li data-correct>a<li>b<li data-correct>c</ul></rnn-quiz>',
    );
    await quiz.choose(2);
    await quiz.press('Check');
    expect(quiz.answers[0].correct).to.equal(true);
    expect(quiz.those('right')).to.deep.equal([0, 2]);
  });

  it('by keys alone: arrows choose, Enter checks, and the focus stays', async () => {
    const quiz = await mountQuiz(plain);
    const used: string[] = [];
    quiz.root.addEventListener('keydown', (event) => {
      const { key, defaultPrevented } = event as KeyboardEvent;
      if (defaultPrevented) used.push(key);
    });
    quiz.radios[0].focus();
    await sendKeys({ press: 'Space' });
    await sendKeys({ press: 'ArrowDown' });
    await quiz.settled();
    expect(quiz.chosen).to.equal(1);
    expect(used, 'the browser chooses').to.deep.equal([]);
    await sendKeys({ press: 'Enter' });
    await quiz.settled();
    expect(used).to.deep.equal(['Enter']);
    expect(quiz.answers.map(({ choice }) => choice)).to.deep.equal(['A state']);
    expect(quiz.root.activeElement).to.equal(quiz.radios[1]);
    // what is answered can't be changed, nor lost by another Enter
    for (const press of ['ArrowDown', 'ArrowUp', 'Enter']) await sendKeys({ press });
    await quiz.settled();
    expect(quiz.chosen).to.equal(1);
    expect(used).to.deep.equal(['Enter', 'ArrowDown', 'ArrowUp']);
    expect(quiz.element.answered).to.equal(true);
    await sendKeys({ press: 'Tab' });
    expect(quiz.root.activeElement).to.equal(quiz.button);
    await sendKeys({ press: 'Enter' });
    await quiz.settled();
    expect(seen(quiz.button)).to.equal('Check');
    expect(quiz.root.activeElement, 'the button is still the same').to.equal(quiz.button);
  });

  it('the question is the slot’s, or else the attribute’s', async () => {
    const quiz = await mountQuiz(
      plain.replace('<rnn-quiz>', '<rnn-quiz question="From the attribute">'),
    );
    const slotted = quiz.element.querySelector('[slot=question]')!;
    expect(slotted.assignedSlot?.closest('legend')).not.to.equal(null);
    slotted.remove();
    expect(seen(quiz.part('question'))).to.equal('From the attribute');
  });
});

describe('options', () => {
  it('are the items of the list, but not those within them, nor those of the explanation', async () => {
    const quiz = await mountQuiz(`<ul><li><rnn-quiz question="Which?">
      <div><ul><li data-correct>one <ul><li>within</li></ul></li><li>two</li></ul></div>
      <ul slot="explanation"><li>because</li></ul>
    </rnn-quiz></li></ul>`);
    expect(quiz.shown).to.deep.equal(['one within', 'two']);
  });

  it('may be markup, emoji, right to left, empty, and very long; there may be two hundred', async () => {
    const long = 'word '.repeat(500).trim();
    const emoji = '👩‍🔬'.repeat(80);
    const texts = ['<code>h<sub>t</sub></code>', '<img alt="" src="data:,">', 'אדום', emoji, long];
    const items = texts.map((each) => `<li data-correct>${each}</li>`).join('');
    const more = Array.from({ length: 195 }, (_, i) => `<li>${i}</li>`).join('');
    const quiz = await mountQuiz(`<rnn-quiz question="?"><ul>${items}${more}</ul></rnn-quiz>`);
    expect(quiz.options).to.have.length(200);
    expect(quiz.options[0].querySelector('sub')?.textContent).to.equal('t');
    expect(quiz.shown.slice(2, 5)).to.deep.equal(['אדום', emoji, long]);
    await quiz.choose(3);
    await quiz.press('Check');
    expect(quiz.answers[0]).to.include({ correct: true, choice: emoji, index: 3 });
    expect(quiz.element.scrollWidth).to.be.at.most(quiz.element.clientWidth);
  });

  it('that the page changes later are taken; with other texts it is another question', async () => {
    const quiz = await mountQuiz(plain);
    const [, second, third] = quiz.element.querySelectorAll('li');
    await quiz.choose(2);
    second.removeAttribute('data-correct');
    third.setAttribute('data-correct', '');
    await quiz.settled();
    expect(quiz.chosen, 'the texts are the same').to.equal(2);
    await quiz.press('Check');
    expect(quiz.answers[0].correct).to.equal(true);
    third.textContent = 'The kite';
    await quiz.settled();
    expect(quiz.shown).to.deep.equal(['The words', 'A state', 'The kite']);
    expect([quiz.element.answered, quiz.element.attempts, quiz.chosen]).to.deep.equal([
      false,
      0,
      -1,
    ]);
    expect(quiz.answers).to.have.length(1);
  });

  it('an answer stays where the quiz is moved to', async () => {
    const quiz = await mountQuiz(plain);
    await quiz.choose(1);
    await quiz.press('Check');
    const home = document.createElement('div');
    quiz.element.before(home);
    home.append(quiz.element);
    await quiz.settled();
    expect(quiz.element.answered).to.equal(true);
    expect(quiz.those('right')).to.deep.equal([1]);
    quiz.element.querySelector('li')!.textContent = 'Noticed here, too';
    await quiz.settled();
    expect(quiz.shown[0]).to.equal('Noticed here, too');
  });
});

describe('what is wrong with a question', () => {
  const two = '<ul><li>a</li><li>b</li></ul>';
  const cases: Readonly<Record<string, readonly [markup: string, message: string]>> = {
    'no options': ['<rnn-quiz question="?"></rnn-quiz>', englishQuiz.problem.fewOptions],
    'one option': [
      '<rnn-quiz><ul><li data-correct>a</ul></rnn-quiz>',
      englishQuiz.problem.fewOptions,
    ],
    'none marked': [`<rnn-quiz>${two}</rnn-quiz>`, englishQuiz.problem.noneRight],
    'no figure': [
      `<rnn-quiz measure="memory">${two}</rnn-quiz>`,
      englishQuiz.problem.noFigure('memory'),
    ],
  };
  for (const [name, [markup, message]] of Object.entries(cases)) {
    it(`${name}: it is said, and nothing can be answered`, async () => {
      const quiz = await mountQuiz(markup);
      expect(quiz.problem).to.equal(message);
      expect(quiz.errors).to.deep.equal([{ code: 'bad-attribute', message }]);
      quiz.options[0]?.click();
      await quiz.settled();
      quiz.button.click();
      await quiz.settled();
      expect(quiz.answers).to.deep.equal([]);
      expect(quiz.errors, 'told once').to.have.length(1);
    });
  }

  it('attributes that are no such thing are named, and something is used instead', async () => {
    const quiz = await mountQuiz(
      `<rnn-quiz measure="size" cell="transformer" step="0" gate="garden" pick="middle" theme="red"
        loading="never"><ul><li data-correct>a</li><li data-cell="cell">b</li></ul></rnn-quiz>`,
    );
    const named = ['measure="size"', 'cell="transformer"', 'step="0"', 'gate="garden"'];
    for (const each of [...named, 'pick="middle"', 'theme="red"', 'loading="never"', 'cell="cell"'])
      expect(quiz.problem).to.contain(each);
    expect(quiz.errors).to.have.length(8);
    await quiz.choose(0);
    await quiz.press('Check');
    expect(quiz.answers[0].correct).to.equal(true);
  });
});

describe('the guide', () => {
  before(() => import('../../src/define/rnn-trainer.js'));

  /** The first block of JavaScript in docs/embedding.md with some text in it. */
  async function example(within: string): Promise<string> {
    const guide = await (await fetch('/docs/embedding.md')).text();
    const blocks = [...guide.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code);
    return blocks.find((code) => code.includes(within))!;
  }

  /** Runs it as the module that it is on a page. */
  const run = (code: string): Promise<unknown> =>
    import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));

  it('its decision is the one of the training', async () => {
    const quiz = await mountQuiz(
      `<rnn-quiz id="sooner"><ul><li>LSTM</li><li>GRU</li></ul></rnn-quiz>`,
    );
    // what it asks for by the tag is anything that tells how a training went
    const trainer = document.createElement('rnn-trainer');
    trainer.id = 'race-itself';
    quiz.element.before(trainer);
    await run(await example('quiz.decide'));
    await quiz.settled();
    await quiz.guess(0);
    expect(quiz.element.answered).to.equal(false);
    const cells = [
      { cell: 'lstm', recall: 1, loss: 0, learnedAt: null },
      { cell: 'gru', recall: 1, loss: 0, learnedAt: 700 },
    ] as const;
    trainer.dispatchEvent(new RnnTrainCompleteEvent({ step: 900, steps: 900, cells }));
    await quiz.settled();
    expect(quiz.answers).to.have.length(1);
    expect(quiz.those('right')).to.deep.equal([1]);
  });

  it('its listener scores the answers of a page', async () => {
    const scores: unknown[] = [];
    const { log } = console;
    console.log = (score: unknown) => scores.push(score);
    try {
      const quiz = await mountQuiz(plain);
      const other = await mountQuiz(plain);
      await run(await example("'rnn-answer'"));
      for (const index of [0, 2, 1]) {
        await quiz.choose(index);
        await quiz.press('Check');
      }
      await quiz.press('Ask again');
      await quiz.choose(0);
      await quiz.press('Check');
      await other.choose(1);
      await other.press('Check');
    } finally {
      console.log = log;
    }
    expect(scores).to.deep.equal([0, 0, 1 / 6, 1 / 6, (1 / 3 + 1) / 2]);
  });
});
