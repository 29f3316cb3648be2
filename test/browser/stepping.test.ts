// Going through a sentence: buttons, words, keys, the scrubber and auto play; the events of each, and what is announced.

import { aTimeout, expect, fixture } from '@open-wc/testing';
import { emulateMedia, sendKeys, setViewport } from '../support/browser.js';
import '../../src/define/rnn-visualizer.js';
import { randomModel, storyModel } from '../../src/model/index.js';
import { expected, percent, value } from '../support/expected.js';
import { eventually, Figure, mount, seen } from '../support/figure.js';

const text = 'The red kite flew away.';
const words = ['The', 'red', 'kite', 'flew', 'away', '.'];
const plain = `<rnn-visualizer model="random" cell="rnn">${text}</rnn-visualizer>`;

const disabled = (button: Element): boolean => button.getAttribute('aria-disabled') === 'true';

describe('before the first step', () => {
  it('shows the waiting sentence, says what to do, and offers one main button', async () => {
    const figure = await mount(plain);
    expect(figure.words).to.deep.equal(words);
    expect(figure.parts('word-future')).to.have.length(words.length);
    expect(figure.wordNow).to.equal(null);
    expect(figure.narration).to.equal('Press “Next word” to let the network read “The”.');
    expect(disabled(figure.button('Next word'))).to.equal(false);
    expect(disabled(figure.button('Back'))).to.equal(true);
    expect(disabled(figure.button('Start again'))).to.equal(true);
    expect(figure.scrubber.value).to.equal('0');
    expect(figure.types).to.deep.equal(['rnn-ready']);
    expect(figure.heard('rnn-ready')).to.deep.equal([{ cells: ['rnn'], kind: 'random' }]);
  });
});

describe('the stepping buttons', () => {
  it('read word by word and tell the page about each', async () => {
    const figure = await mount(plain);
    for (const [index, word] of words.entries()) {
      figure.forgetEvents();
      await figure.next();
      expect(figure.wordNow).to.equal(word);
      expect(figure.parts('word-past')).to.have.length(index);
      expect(figure.parts('word-future')).to.have.length(words.length - index - 1);
      expect(figure.scrubber.value).to.equal(String(index + 1));
      expect(figure.element.step).to.equal(index + 1);
      expect(figure.heard('rnn-step')).to.deep.equal([
        { index, step: index + 1, total: 6, word, cells: ['rnn'], trigger: 'user' },
      ]);
      expect(figure.heard('rnn-complete')).to.deep.equal(
        index === 5 ? [{ total: 6, cells: ['rnn'] }] : [],
      );
    }
  });

  it('say at the ends that they can do no more, and keep the focus', async () => {
    const figure = await mount(plain);
    const next = figure.button('Next word');
    next.focus();
    for (let i = 0; i < words.length; i++) await sendKeys({ press: 'Enter' });
    await figure.settled();
    expect(figure.wordNow).to.equal('.');
    expect(disabled(next)).to.equal(true);
    expect(next.hasAttribute('disabled'), 'a disabled button would drop the focus').to.equal(false);
    figure.forgetEvents();
    await sendKeys({ press: 'Enter' });
    await figure.settled();
    expect(figure.events).to.deep.equal([]);
    expect(figure.focused).to.equal(next);

    const back = figure.button('Back');
    back.focus();
    for (let i = 0; i < words.length; i++) await sendKeys({ press: 'Space' });
    await figure.settled();
    expect(figure.element.step).to.equal(0);
    expect(disabled(back)).to.equal(true);
    figure.forgetEvents();
    await sendKeys({ press: 'Space' });
    await figure.settled();
    expect(figure.events).to.deep.equal([]);
    expect(figure.focused).to.equal(back);
  });

  it('go back, and start again', async () => {
    const figure = await mount(plain);
    await figure.next(3);
    figure.forgetEvents();
    await figure.press('Back');
    expect(figure.wordNow).to.equal('red');
    await figure.press('Start again');
    expect(figure.wordNow).to.equal(null);
    expect(figure.heard('rnn-step')).to.deep.equal([
      { index: 1, step: 2, total: 6, word: 'red', cells: ['rnn'], trigger: 'user' },
      { index: -1, step: 0, total: 6, word: '', cells: ['rnn'], trigger: 'user' },
    ]);
    expect(figure.types.filter((type) => type !== 'rnn-step')).to.deep.equal([]);
  });

  it('complete a text once, and another text once more', async () => {
    const figure = await mount(plain);
    await figure.toTheEnd();
    await figure.press('Back');
    await figure.toTheEnd();
    await figure.press('Start again');
    await figure.toTheEnd();
    expect(figure.heard('rnn-complete')).to.have.length(1);
    await figure.press('LSTM');
    await figure.press('Back');
    await figure.toTheEnd();
    expect(figure.heard('rnn-complete'), 'the same text in another cell').to.have.length(1);
    await figure.paste('Another text.');
    await figure.toTheEnd();
    expect(figure.heard('rnn-complete')).to.have.length(2);
    expect(figure.heard('rnn-complete')[1]).to.deep.equal({ total: 3, cells: ['lstm'] });
  });

  it('move the same figure: the live region and the buttons are never replaced', async () => {
    const figure = await mount(plain);
    const region = figure.part('narration');
    const next = figure.part('next');
    await figure.toTheEnd();
    expect(figure.part('narration')).to.equal(region);
    expect(figure.part('next')).to.equal(next);
  });
});

describe('other ways to a word', () => {
  it('is a click on it', async () => {
    const figure = await mount(plain);
    await figure.press('Go to word 4, flew');
    expect(figure.wordNow).to.equal('flew');
    await figure.press('Go to word 2, red');
    expect(figure.wordNow).to.equal('red');
    await figure.press('Go to word 2, red');
    expect(figure.heard('rnn-step').map(({ step }) => step)).to.deep.equal([4, 2]);
  });

  it('is the scrubber, which tells its place in words', async () => {
    const figure = await mount(plain);
    const { scrubber } = figure;
    expect([scrubber.min, scrubber.max, scrubber.step]).to.deep.equal(['0', '6', '1']);
    expect(scrubber.getAttribute('aria-valuetext')).to.equal('0 of 6, nothing read yet');
    scrubber.focus();
    for (const [key, step, told] of [
      ['ArrowRight', 1, '1 of 6, The'],
      ['ArrowRight', 2, '2 of 6, red'],
      ['End', 6, '6 of 6, .'],
      ['ArrowLeft', 5, '5 of 6, away'],
      ['Home', 0, '0 of 6, nothing read yet'],
    ] as const) {
      await sendKeys({ press: key });
      await figure.settled();
      expect(figure.element.step, key).to.equal(step);
      expect(scrubber.getAttribute('aria-valuetext')).to.equal(told);
      expect(figure.focused).to.equal(scrubber);
    }
    expect(figure.heard('rnn-step').map(({ step }) => step)).to.deep.equal([1, 2, 6, 5, 0]);
    expect(figure.heard('rnn-step').every(({ trigger }) => trigger === 'user')).to.equal(true);
  });

  it('are the arrow keys, and the focus goes with the word', async () => {
    const figure = await mount(plain);
    const [first] = figure.wordButtons;
    first.focus();
    for (const [key, step] of [
      ['ArrowRight', 1],
      ['ArrowRight', 2],
      ['ArrowLeft', 1],
      ['End', 6],
      ['ArrowRight', 6],
      ['ArrowLeft', 5],
      ['Home', 0],
      ['ArrowLeft', 0],
    ] as const) {
      await sendKeys({ press: key });
      await figure.settled();
      expect(figure.element.step, key).to.equal(step);
      expect(seen(figure.focused), key).to.equal(words[Math.max(0, step - 1)]);
    }
    const tabStops = figure.wordButtons.filter((word) => word.tabIndex === 0);
    expect(tabStops, 'words are one tab stop').to.have.length(1);
  });

  it('are the arrow keys on any button, but not in the text field and not with a modifier', async () => {
    const figure = await mount(plain);
    figure.button('Next word').focus();
    await sendKeys({ press: 'ArrowRight' });
    await figure.settled();
    expect(figure.element.step).to.equal(1);
    expect(figure.focused).to.equal(figure.button('Next word'));
    await sendKeys({ down: 'Control' });
    await sendKeys({ press: 'ArrowRight' });
    await sendKeys({ up: 'Control' });
    figure.field.focus();
    for (const press of ['ArrowRight', 'ArrowLeft', 'Home', 'End']) await sendKeys({ press });
    await figure.settled();
    expect(figure.element.step).to.equal(1);
  });
});

describe('the page and the figure', () => {
  it('events bubble and cross shadow roots', async () => {
    const host = await fixture<HTMLElement>('<div></div>');
    const element = document.createElement('rnn-visualizer');
    const figure = new Figure(element);
    element.textContent = text;
    element.model = 'random';
    host.attachShadow({ mode: 'open' }).append(element);
    await figure.until('rnn-ready');
    const outside: string[] = [];
    const hear = (event: Event): void => {
      outside.push(event.type);
    };
    const types = ['rnn-step', 'rnn-complete', 'rnn-cell-change', 'rnn-follow-change'];
    for (const type of types) document.addEventListener(type, hear);
    await figure.toTheEnd();
    await figure.press('GRU');
    await figure.click(figure.bar('gru', 2));
    for (const type of types) document.removeEventListener(type, hear);
    expect(new Set(outside)).to.deep.equal(new Set(types));
    expect(figure.events.every(({ bubbles, composed }) => bubbles && composed)).to.equal(true);
  });

  it('what the page itself does fires no event', async () => {
    const figure = await mount(plain);
    const { element } = figure;
    figure.forgetEvents();
    const at = async (step: number, word: string | null): Promise<void> => {
      await figure.settled();
      expect(element.step).to.equal(step);
      expect(figure.wordNow).to.equal(word);
    };
    element.next();
    await at(1, 'The');
    element.next();
    element.next();
    await at(3, 'kite');
    element.previous();
    await at(2, 'red');
    element.seek(5);
    await at(5, 'away');
    element.step = 4;
    await at(4, 'flew');
    element.setAttribute('step', '6');
    await at(6, '.');
    element.reset();
    await at(0, null);
    element.follow = 2;
    element.cell = 'gru';
    element.setAttribute('text', 'A new text');
    await at(0, null);
    element.model = 'story';
    await eventually(() => figure.badge.startsWith('Trained'));
    expect(figure.types).to.deep.equal([]);
  });

  it('keeps every asked-for step inside the text', async () => {
    const figure = await mount(plain);
    const { element } = figure;
    for (const [asked, step] of [
      [99, 6],
      [-5, 0],
      [2.7, 2],
      [Number.NaN, 0],
      [Number.POSITIVE_INFINITY, 6],
    ]) {
      element.seek(asked);
      await figure.settled();
      expect(element.step, String(asked)).to.equal(step);
      element.seek(0);
      element.step = asked;
      await figure.settled();
      expect(element.step, `step = ${asked}`).to.equal(step);
    }
  });

  it('starts at the author’s step', async () => {
    const figure = await mount(`<rnn-visualizer model="random" step="3">${text}</rnn-visualizer>`);
    expect(figure.wordNow).to.equal('kite');
    expect(figure.types).to.deep.equal(['rnn-ready']);
    await figure.next();
    expect(figure.wordNow).to.equal('flew');

    const trained = await mount('<rnn-visualizer cell="gru" step="5"></rnn-visualizer>');
    expect(trained.wordNow, 'weights that load').to.equal('kite');
  });

  it('never rewrites what the author wrote', async () => {
    const figure = await mount(
      `<rnn-visualizer id="mine" class="big" cell="lstm" step="1" follow="1" model="random" seed="7"
        forget-bias="2" interval="600" style="max-width: 700px">${text}</rnn-visualizer>`,
    );
    const { element } = figure;
    const attributes = (): Record<string, string> =>
      Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
    const before = attributes();
    const children = element.innerHTML;
    await figure.next(2);
    await figure.click(figure.bar('lstm', 0));
    await figure.press('GRU');
    await figure.press('Side by side');
    await figure.press('Another seed');
    const bias = figure.part('forget-bias') as HTMLInputElement;
    bias.value = '0';
    bias.dispatchEvent(new InputEvent('input', { bubbles: true }));
    const speed = figure.part('speed') as HTMLSelectElement;
    speed.value = '300';
    speed.dispatchEvent(new Event('change', { bubbles: true }));
    await figure.paste('The cat sat on the mat.');
    await figure.press('Use the trained ones');
    await eventually(() => figure.badge.startsWith('Trained'));
    await figure.click(figure.parts('example')[1]);
    await figure.toTheEnd();
    expect(attributes()).to.deep.equal(before);
    expect(element.innerHTML).to.equal(children);
  });
});

describe('auto play', () => {
  const quick = `<rnn-visualizer model="random" interval="100">${text}</rnn-visualizer>`;

  it('steps by itself, says so in its events, and stops at the end', async () => {
    const figure = await mount(quick);
    figure.forgetEvents();
    await figure.press('Auto play');
    expect(seen(figure.part('play'))).to.equal('Pause');
    await figure.until('rnn-pause');
    expect(seen(figure.part('play'))).to.equal('Auto play');
    expect(figure.types).to.deep.equal([
      'rnn-play',
      ...words.map(() => 'rnn-step'),
      'rnn-complete',
      'rnn-pause',
    ]);
    const steps = figure.heard('rnn-step');
    expect(steps.map(({ word }) => word)).to.deep.equal(words);
    expect(steps.every(({ trigger }) => trigger === 'autoplay')).to.equal(true);

    figure.forgetEvents();
    await figure.press('Auto play');
    await figure.until('rnn-pause');
    expect(figure.heard('rnn-step').at(-1)?.step, 'from the start again').to.equal(6);
    expect(figure.heard('rnn-step').filter(({ trigger }) => trigger === 'autoplay')).to.have.length(
      6,
    );
  });

  it('pauses when asked, and whenever the reader goes somewhere', async () => {
    const figure = await mount(quick);
    const acts: [string, () => Promise<void>][] = [
      ['Pause', () => figure.press('Pause')],
      ['a word', () => figure.press('Go to word 4, flew')],
      ['Next word', () => figure.next()],
      ['a key', () => sendKeys({ press: 'ArrowLeft' })],
      ['Start again', () => figure.press('Start again')],
    ];
    figure.part('play').focus();
    for (const [name, act] of acts) {
      figure.element.reset();
      await figure.settled();
      figure.forgetEvents();
      await figure.press('Auto play');
      await figure.until('rnn-step', 2);
      await act();
      await figure.until('rnn-pause');
      const { step } = figure.element;
      figure.forgetEvents();
      await aTimeout(250); // more than two words' time in which nothing may happen
      expect(figure.types, name).to.deep.equal([]);
      expect(figure.element.step, name).to.equal(step);
    }
  });

  it('runs at the speed that is chosen', async () => {
    const figure = await mount(
      `<rnn-visualizer model="random" interval="5000">${text}</rnn-visualizer>`,
    );
    const speed = figure.part('speed') as HTMLSelectElement;
    expect(seen(speed.selectedOptions[0])).to.equal('\u20685 s per word\u2069');
    speed.value = '300';
    speed.dispatchEvent(new Event('change', { bubbles: true }));
    await figure.press('Auto play');
    await figure.until('rnn-step', 4);
    const times = figure.events
      .filter(({ type }) => type === 'rnn-step')
      .map(({ timeStamp }) => timeStamp);
    expect((times[3] - times[0]) / 3).to.be.within(290, 1500);
    await figure.press('Pause');
  });

  it('asked for by the page, moves without rnn-play', async () => {
    const figure = await mount(quick);
    figure.forgetEvents();
    figure.element.play();
    await figure.until('rnn-step', 2);
    figure.element.pause();
    await figure.settled();
    expect(seen(figure.part('play'))).to.equal('Auto play');
    expect(figure.types.filter((type) => type !== 'rnn-step')).to.deep.equal([]);
    expect(figure.heard('rnn-step').every(({ trigger }) => trigger === 'autoplay')).to.equal(true);
  });

  describe('by the autoplay attribute', () => {
    afterEach(async () => {
      await emulateMedia({ reducedMotion: 'no-preference' });
      await setViewport({ width: 800, height: 600 });
      window.scrollTo(0, 0);
    });

    it('starts once the trained networks are there', async () => {
      const figure = await mount('<rnn-visualizer autoplay interval="100"></rnn-visualizer>');
      await figure.until('rnn-step', 2);
      expect(figure.types.slice(0, 3)).to.deep.equal(['rnn-ready', 'rnn-play', 'rnn-step']);
      expect(figure.heard('rnn-step')[0]).to.include({ step: 1, trigger: 'autoplay' });
      await figure.press('Pause');
      expect(figure.types.at(-1)).to.equal('rnn-pause');
    });

    it('does not start where less motion is wanted, but the button does', async () => {
      await emulateMedia({ reducedMotion: 'reduce' });
      const figure = await mount(
        `<rnn-visualizer autoplay model="random" interval="100">${text}</rnn-visualizer>`,
      );
      await aTimeout(450); // the first word would be read after 100 ms
      expect(figure.types).to.deep.equal(['rnn-ready']);
      await figure.press('Auto play');
      await figure.until('rnn-step');
      await figure.press('Pause');
    });

    for (const [name, height] of [
      ['waits until it is in view', 600],
      ['starts in a window much lower than the figure, too', 260],
    ] as const) {
      it(name, async () => {
        await setViewport({ width: 400, height });
        const figure = await mount(
          `<div style="height: 3000px"></div>
          <rnn-visualizer autoplay model="random" interval="100">${text}</rnn-visualizer>
          <div style="height: 3000px"></div>`,
        );
        await aTimeout(300);
        expect(figure.types).to.deep.equal(['rnn-ready']);
        figure.element.scrollIntoView();
        await figure.until('rnn-step');
        expect(figure.types.slice(0, 3)).to.deep.equal(['rnn-ready', 'rnn-play', 'rnn-step']);
        await figure.press('Pause');
      });
    }
  });
});

describe('the narration', () => {
  it('is one polite live region', async () => {
    const figure = await mount(plain);
    const regions = figure.root.querySelectorAll('[aria-live], [role="status"], [role="alert"]');
    expect([...regions]).to.deep.equal([figure.part('narration')]);
    expect(figure.part('narration').getAttribute('aria-live')).to.equal('polite');
  });

  it('tells at every step what is left of the followed word, in the network’s own numbers', async () => {
    const figure = await mount(plain);
    const truth = expected(randomModel('rnn'), text);
    await figure.next();
    expect(figure.narration).to.equal(
      'Read “The”, the word to watch: what it has changed now is its imprint.',
    );
    for (let t = 1; t < words.length; t++) {
      await figure.next();
      const after = t === 1 ? 'right after “The”' : `${t} words after “The”`;
      const ratio = truth.memory(t, 0);
      expect(ratio).to.be.below(1.05);
      expect(figure.narration).to.match(
        new RegExp(
          `^Read “${words[t].replace('.', '\\.')}”, ${after}\\. ` +
            `The simple RNN has ${percent(ratio)} of that imprint left\\.`,
        ),
      );
    }
    expect(figure.narration).to.contain('That was the last word. Read the same sentence with');
  });

  it('tells the gate of a gated cell and, at the end, what a trained one expects', async () => {
    const kite = 'Anna has a red kite. The kite of Anna is';
    for (const [cell, name, gate] of [
      ['lstm', 'The LSTM', 'forget'],
      ['gru', 'The GRU', 'update'],
    ] as const) {
      const figure = await mount(
        `<rnn-visualizer cell="${cell}" follow="3">${kite}</rnn-visualizer>`,
      );
      const truth = expected(await storyModel(cell), kite);
      await figure.next(4);
      expect(figure.narration).to.equal(
        'Read “red”, the word to watch: what it has changed now is its imprint.',
      );
      for (let t = 4; t < truth.tokens.length; t++) {
        await figure.next();
        const ratio = truth.memory(t, 3);
        const held =
          ratio > 1.05
            ? `holds ${percent(ratio)} of that imprint`
            : `has ${percent(ratio)} of that imprint left`;
        const mean = value(truth.gateMean(gate, t));
        expect(figure.narration).to.contain(`${name} ${held}; its ${gate} gate averages ${mean}.`);
      }
      const [best] = truth.predictions(truth.tokens.length - 1);
      expect(figure.narration).to.contain(`“${best.word}” (`);
    }
  });

  it('compares the cells side by side', async () => {
    const figure = await mount(
      `<rnn-visualizer compare="rnn lstm gru" model="random">${text}</rnn-visualizer>`,
    );
    await figure.next(5);
    const left = (['rnn', 'lstm', 'gru'] as const).map((cell) =>
      percent(expected(randomModel(cell), text).memory(4, 0)),
    );
    expect(figure.narration).to.equal(
      `Read “away”, 4 words after “The”. The simple RNN has ${left[0]} of that imprint left; ` +
        `the LSTM has ${left[1]} of that imprint left; the GRU has ${left[2]} of that imprint left.`,
    );
  });
});
