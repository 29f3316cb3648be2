// Every reader of <rnn-quiz>: assistive technology, any width, either direction, forced colours, paper, no script.

import { expect, fixture } from '@open-wc/testing';
import { emulateMedia, itNeeding } from '../support/browser.js';
import '../../src/define/rnn-quiz.js';
import '../../src/define/rnn-visualizer.js';
import { eventually, frame, seen } from '../support/figure.js';
import { addressOf, bundle, openMade } from '../support/pages.js';
import { arrived, mountPair, mountQuiz, Quiz, widenQuiz } from '../support/quiz.js';

const text = 'The dog chases a small boat';
const figure = `<rnn-visualizer id="story" model="random" cell="lstm" controls="next">${text}</rnn-visualizer>`;
const measured = `<rnn-quiz for="story" measure="memory" step="5">
  <p slot="question">Which word will the LSTM still hold?</p>
  <ul><li>dog</li><li>chases</li><li data-word="small">an option that takes more than one line where there is little room, as on a phone</li></ul>
  <p slot="explanation">That is how it is.</p>
</rnn-quiz>`;
const plain = `<rnn-quiz question="What is handed on?">
  <ul><li>The words</li><li data-correct>A state</li></ul><p slot="explanation">Only that.</p>
</rnn-quiz>`;

afterEach(async () => {
  await emulateMedia({ colorScheme: 'light', media: 'screen' });
  document.documentElement.style.colorScheme = '';
  document.body.style.background = '';
});

/** Nothing is wider than its place, nor stands beside it. */
function fits({ element, root }: Quiz, when: string): void {
  const place = element.getBoundingClientRect();
  for (const each of root.querySelectorAll('*')) {
    const { left, right, width } = each.getBoundingClientRect();
    if (width === 0) continue;
    expect(right, `${when}: ${each.outerHTML.slice(0, 60)}`).to.be.at.most(place.right + 1);
    expect(left, when).to.be.at.least(place.left - 1);
  }
}

describe('readers of a question', () => {
  for (const scheme of ['light', 'dark'] as const) {
    it(`with assistive technology find no barrier before, while it waits, and after (${scheme})`, async function () {
      await emulateMedia({ colorScheme: scheme });
      document.documentElement.style.colorScheme = 'light dark';
      document.body.style.background = 'Canvas'; // axe takes a page without a background for white
      const pair = await mountPair(figure, measured);
      const { quiz } = pair;
      await expect(quiz.element).to.be.accessible();
      await quiz.guess(0);
      await expect(quiz.element).to.be.accessible();
      await pair.figure.toTheEnd();
      await quiz.settled();
      expect(quiz.element.answered).to.equal(true);
      await expect(quiz.element).to.be.accessible();
      const other = await mountQuiz(plain);
      await other.choose(0);
      await other.press('Check');
      other.element.setAttribute('measure', 'nothing');
      await other.settled();
      expect(other.has('problem')).to.equal(true);
      await expect(other.element).to.be.accessible();
    });
  }

  it('hear the question with the group, what became of an option in its name, and the rest once', async () => {
    const { figure: reader, quiz } = await mountPair(figure, measured);
    const fieldset = quiz.radios[0].closest('fieldset')!;
    const slot = fieldset.querySelector('legend slot') as HTMLSlotElement;
    expect(slot.assignedElements().map(seen)).to.deep.equal([
      'Which word will the LSTM still hold?',
    ]);
    await reader.toTheEnd();
    await quiz.guess(0);
    for (const [i, radio] of quiz.radios.entries()) {
      expect(radio.labels).to.have.length(1);
      expect(seen(radio.labels![0])).to.equal(quiz.shown[i]);
      expect(radio.getAttribute('aria-disabled')).to.equal('true');
    }
    expect(quiz.shown[0]).to.match(/your guess/);
    expect(quiz.root.querySelectorAll('[aria-live]')).to.have.length(1);
  });

  for (const width of [280, 320, 360, 768, 1280]) {
    it(`at ${width} px have room to press, and nothing beside the page`, async () => {
      const { figure: reader, quiz } = await mountPair(figure, measured);
      await widenQuiz(quiz, width);
      const heights = (): number[] =>
        quiz.options.map((each) => each.getBoundingClientRect().height);
      fits(quiz, 'before');
      for (const height of heights()) expect(height).to.be.at.least(24);
      expect(quiz.button.getBoundingClientRect().height).to.be.at.least(24);
      await quiz.guess(1);
      fits(quiz, 'waiting');
      await reader.toTheEnd();
      await quiz.settled();
      fits(quiz, 'after');
      expect(quiz.amounts).to.have.length(3);
    });
  }

  it('from the right to the left see bars that grow to the left', async () => {
    const pair = await mountPair(figure, measured);
    const { quiz } = pair;
    quiz.element.parentElement!.dir = 'rtl';
    await pair.figure.toTheEnd();
    await quiz.guess(0);
    await widenQuiz(quiz, 768);
    fits(quiz, 'right to left');
    const svg = quiz.part('bar').getBoundingClientRect();
    const fill = quiz.part('bar').querySelector('.fill')!.getBoundingClientRect();
    expect(fill.right).to.be.closeTo(svg.right, 1);
    const [radio, option] = [quiz.radios[0], quiz.options[0]].map((each) =>
      each.getBoundingClientRect(),
    );
    expect(radio.right).to.be.closeTo(option.right, 1);
  });

  it('with enlarged text, and with options that can’t be broken', async () => {
    const quiz = await mountQuiz(
      `<rnn-quiz question="${'W'.repeat(90)}"><ul><li data-correct>${'W'.repeat(300)}</li><li>b</li></ul></rnn-quiz>`,
    );
    quiz.element.style.fontSize = '32px';
    await widenQuiz(quiz, 320);
    await quiz.choose(0);
    await quiz.press('Check');
    expect(quiz.element.scrollWidth).to.be.at.most(quiz.element.clientWidth);
  });

  itNeeding('forced colours', 'in forced colours see the bars', async () => {
    await emulateMedia({ forcedColors: 'active' });
    const pair = await mountPair(figure, measured);
    await pair.figure.toTheEnd();
    await pair.quiz.guess(0);
    const bar = pair.quiz.part('bar').querySelector('.fill')!;
    const { color } = getComputedStyle(pair.quiz.part('base'));
    expect(getComputedStyle(bar).fill).to.equal(color);
    await emulateMedia({ forcedColors: 'none' });
  });

  it('on paper have empty circles, or the answer; and no buttons', async () => {
    const quiz = await mountQuiz(plain);
    await quiz.choose(0);
    await emulateMedia({ media: 'print' });
    const circles = (): string[] =>
      quiz.radios.map((each) => getComputedStyle(each).borderTopWidth);
    expect(circles()).to.deep.equal(['1px', '1px']);
    expect(getComputedStyle(quiz.radios[0]).appearance).to.equal('none');
    expect(quiz.button.getBoundingClientRect().height).to.equal(0);
    await emulateMedia({ media: 'screen' });
    await quiz.choose(1);
    await quiz.press('Check');
    await emulateMedia({ media: 'print' });
    expect(circles()).to.deep.equal(['1px', '5px']);
    expect(quiz.shown[1]).to.contain('right answer');
  });

  it('see the question and the list before the quiz has loaded, in the same places, and no explanation', async () => {
    const home = await fixture<HTMLElement>(
      '<div style="font: 16px sans-serif; inline-size: 360px"></div>',
    );
    home.innerHTML = `<style>ul { margin: 3em; padding: 4em; line-height: 1.45 } p { margin: 2em }</style>${measured}`;
    const element = home.querySelector('rnn-quiz')!;
    await element.updateComplete;
    expect(element.shadowRoot!.querySelector('fieldset'), 'not there yet').to.equal(null);
    expect(element.querySelector('[slot=explanation]')!.getBoundingClientRect().height).to.equal(0);
    const place = (each: Element): number[] => {
      const { left, top, height } = each.getBoundingClientRect();
      return [left, top, height].map((number) => Math.round(10 * number) / 10);
    };
    const question = element.querySelector('[slot=question]')!;
    const before = [question, ...element.querySelectorAll('li')].map(place);
    const { height } = element.getBoundingClientRect();
    await eventually(() => element.shadowRoot!.querySelector('fieldset'), 'the quiz has loaded');
    await frame();
    const options = [...element.shadowRoot!.querySelectorAll('.said')];
    expect([question, ...options].map(place)).to.deep.equal(before);
    expect(element.getBoundingClientRect().height).to.equal(height);
  });

  it('with a server’s page see question and options at once, and use what the script makes of it', async () => {
    const page = await openMade({ scripts: [bundle], body: plain, served: true });
    const element = page.document.querySelector('rnn-quiz')!;
    const list = element.querySelector('li')!.getBoundingClientRect();
    const options = element.shadowRoot!.querySelector('label')?.getBoundingClientRect();
    expect((options ?? list).height, options ? 'options' : 'the list').to.be.above(10);
    await arrived(element);
    const quiz = new Quiz(element);
    expect(seen(quiz.part('question'))).to.equal('What is handed on?');
    await quiz.choose(1);
    await quiz.press('Check');
    expect(quiz.answers[0].correct).to.equal(true);
    expect([...page.thrown]).to.deep.equal([]);
  });

  it('without script read all of it, with or without a server’s frame', async () => {
    for (const served of [true, false]) {
      const home = await fixture<HTMLElement>('<div></div>');
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-same-origin');
      frame.src = addressOf({ body: measured, served });
      const loaded = new Promise((resolve) => {
        frame.addEventListener('load', resolve);
      });
      home.append(frame);
      await loaded;
      const element = frame.contentDocument!.querySelector('rnn-quiz')!;
      expect(element.shadowRoot !== null, 'a frame').to.equal(served);
      for (const each of element.querySelectorAll('p, li'))
        expect(each.getBoundingClientRect().height, each.outerHTML).to.be.above(10);
    }
  });
});
