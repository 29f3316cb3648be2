// Whose sentence it is: typed, chosen, written by the author; any script, any length.

import { aTimeout, expect } from '@open-wc/testing';
import { sendKeys, setViewport } from '../support/browser.js';
import '../../src/define/rnn-visualizer.js';
import { Twins, unroll } from '../../src/engine/index.js';
import { english, maximumTokens, randomModel, tokenize } from '../../src/model/index.js';
import { percent } from '../support/expected.js';
import { eventually, type Figure, frame, mount, seen, widen } from '../support/figure.js';

/** Nonsense of so many different words. */
const long = (words: number): string => Array.from({ length: words }, (_, i) => `w${i}q`).join(' ');

describe('typing', () => {
  it('at the end keeps the step', async () => {
    const figure = await mount('<rnn-visualizer model="random">A small boat</rnn-visualizer>');
    await figure.next(2);
    figure.forgetEvents();
    figure.field.focus();
    expect(figure.field.value).to.equal('A small boat');
    await sendKeys({ press: 'End' });
    await sendKeys({ type: ' sails home' });
    await eventually(() => figure.words.at(-1) === 'home');
    await figure.settled();
    expect(figure.words).to.deep.equal(['A', 'small', 'boat', 'sails', 'home']);
    expect(figure.wordNow).to.equal('small');
    expect(figure.field.value).to.equal('A small boat sails home');
    expect(figure.focused).to.equal(figure.field);
    expect(new Set(figure.types), 'no step was made').to.deep.equal(new Set(['rnn-text-change']));
    expect(figure.heard('rnn-text-change').at(-1)).to.deep.equal({
      text: 'A small boat sails home',
      total: 5,
    });
    await figure.next();
    expect(figure.wordNow).to.equal('boat');
  });

  it('before the present word goes back to what is unchanged', async () => {
    const figure = await mount(
      '<rnn-visualizer model="random">A small boat drifted down the river</rnn-visualizer>',
    );
    await figure.toTheEnd();
    for (const [changed, step, word] of [
      ['A small boat drifted down the stream', 6, 'the'],
      ['a  SMALL boat drifted down the stream', 6, 'the'],
      ['A small boat, drifted down the stream', 3, 'boat'],
      ['A tiny boat drifted down', 1, 'A'],
      ['One tiny boat', 0, null],
    ] as const) {
      await figure.paste(changed);
      expect(figure.element.step, changed).to.equal(step);
      expect(figure.wordNow, changed).to.equal(word);
    }
    expect(figure.heard('rnn-text-change')).to.have.length(5);
  });

  it('leaves the caret where it is', async () => {
    const figure = await mount('<rnn-visualizer model="random">big boat</rnn-visualizer>');
    figure.field.focus();
    figure.field.setSelectionRange(3, 3);
    await sendKeys({ type: 'ger' });
    await figure.until('rnn-text-change');
    await frame();
    await sendKeys({ type: ' old' });
    await eventually(() => figure.words.length === 3);
    expect(figure.field.value).to.equal('bigger old boat');
    expect(figure.field.selectionStart).to.equal(10);
  });

  it('nothing at all is answered with an invitation', async () => {
    const figure = await mount('<rnn-visualizer model="random">A small boat</rnn-visualizer>');
    await figure.next(2);
    for (const nothing of ['', '   \n ']) {
      await figure.paste(nothing);
      expect(figure.words).to.deep.equal([]);
      expect(figure.narration).to.equal(
        'Type a sentence, and the network will read it word by word.',
      );
      for (const part of ['next', 'back', 'play', 'reset']) {
        expect(figure.part(part).getAttribute('aria-disabled'), part).to.equal('true');
        await figure.click(figure.part(part));
      }
      figure.part('next').focus();
      for (const press of ['ArrowRight', 'End', 'Home']) await sendKeys({ press });
      await figure.disclose('table');
      await figure.disclose('details');
    }
    await figure.paste('Hello again');
    expect(figure.words).to.deep.equal(['Hello', 'again']);
    await figure.toTheEnd();
    expect(figure.wordNow).to.equal('again');
  });
});

describe('examples', () => {
  const shown = (figure: Figure): string[] => figure.parts('example').map(seen);

  it('are there to try, and follow what is worth following', async () => {
    const figure = await mount('<rnn-visualizer></rnn-visualizer>');
    expect(shown(figure)).to.deep.equal(english.examples.map(({ text }) => text));
    await figure.next(3);
    for (const [index, { text, follow }] of english.examples.entries()) {
      figure.forgetEvents();
      await figure.click(figure.parts('example')[index]);
      await eventually(() => figure.words.join('') === text.replaceAll(' ', ''));
      await figure.settled();
      expect(figure.heard('rnn-text-change')).to.deep.equal([
        { text, total: tokenize(text).length },
      ]);
      expect(figure.element.step).to.equal(0);
      expect(figure.element.follow, text).to.equal(follow);
      expect(figure.field.value).to.equal(text);
      expect(figure.parts('example')[index].getAttribute('aria-pressed')).to.equal('true');
      await figure.next(2);
      expect(figure.element.step).to.equal(2);
    }
  });

  it('may be the author’s own, and are no part of the sentence', async () => {
    const figure = await mount(
      `<rnn-visualizer model="random"><!-- a comment -->One two <b>three</b>
        <ul slot="examples"><li data-follow="1"> Four five six </li><li></li><li>Seven</li></ul>
        <li slot="examples">Eight</li>
      </rnn-visualizer>`,
    );
    expect(figure.words).to.deep.equal(['One', 'two', 'three']);
    expect(shown(figure)).to.deep.equal(['Four five six', 'Seven', 'Eight']);
    await figure.press('Four five six');
    expect(figure.words).to.deep.equal(['Four', 'five', 'six']);
    expect(figure.element.follow).to.equal(1);

    figure.element.querySelector('li')!.textContent = 'Nine ten';
    const more = document.createElement('li');
    more.slot = 'examples';
    more.textContent = 'Eleven';
    figure.element.append(more);
    await eventually(() => shown(figure).length === 4);
    expect(shown(figure)).to.deep.equal(['Nine ten', 'Seven', 'Eight', 'Eleven']);
    expect(figure.words, 'what is being read stays').to.deep.equal(['Four', 'five', 'six']);
  });
});

describe('the author’s text', () => {
  it('is the default sentence if there is none', async () => {
    for (const content of ['', ' \n ', '<!-- nothing -->']) {
      const figure = await mount(`<rnn-visualizer>${content}</rnn-visualizer>`);
      expect(figure.field.value).to.equal(english.defaultText);
      expect(figure.element.follow).to.equal(english.defaultFollow);
    }
  });

  it('is read again when it changes, without an event', async () => {
    const figure = await mount('<rnn-visualizer model="random">One two three</rnn-visualizer>');
    const { element } = figure;
    const reads = async (words: string[], step: number): Promise<void> => {
      await eventually(() => figure.words.join(' ') === words.join(' '), words.join(' '));
      await figure.settled();
      expect(element.step).to.equal(step);
      expect(figure.field.value.split(/\s+/)).to.deep.equal(words);
    };
    await figure.next(2);
    figure.forgetEvents();
    element.textContent = 'One two four';
    await reads(['One', 'two', 'four'], 2);
    (element.firstChild as Text).data = 'One more';
    await reads(['One', 'more'], 1);
    element.setAttribute('text', 'One attribute');
    await reads(['One', 'attribute'], 1);
    element.textContent = 'Not seen';
    element.text = 'Two';
    await reads(['Two'], 0);
    element.removeAttribute('text');
    await reads(['Not', 'seen'], 0);
    expect(figure.types).to.deep.equal([]);

    await figure.paste('What the reader wrote');
    element.textContent = 'The author again';
    await reads(['The', 'author', 'again'], 0);
    await figure.paste('What the reader wrote');
    element.text = 'The author, too';
    await eventually(() => figure.words.length === 4);
    expect(figure.heard('rnn-text-change')).to.have.length(2);
  });

  it('may be empty on purpose', async () => {
    const figure = await mount('<rnn-visualizer text="">Not this</rnn-visualizer>');
    expect(figure.words).to.deep.equal([]);
    expect(figure.narration).to.contain('Type a sentence');
  });

  it('follows the word that the author names, or the first one that is no mark', async () => {
    const named = await mount(
      '<rnn-visualizer model="random" follow="2">One two three</rnn-visualizer>',
    );
    expect(named.element.follow).to.equal(2);
    const first = await mount('<rnn-visualizer model="random">“One” two</rnn-visualizer>');
    expect(first.element.follow).to.equal(1);
    const far = await mount(
      '<rnn-visualizer model="random" follow="99">One two three</rnn-visualizer>',
    );
    expect(far.element.follow).to.equal(2);
  });
});

describe('any script', () => {
  it('reads emoji as words', async () => {
    const figure = await mount('<rnn-visualizer>👩‍🚀 flies 🚀 to the 🌙 🇫🇷</rnn-visualizer>');
    expect(figure.words).to.deep.equal(['👩‍🚀', 'flies', '🚀', 'to', 'the', '🌙', '🇫🇷']);
    await figure.toTheEnd();
    expect(figure.narration).to.contain('“🇫🇷”');
    expect(figure.memory('rnn', 6)).to.equal('100%');
  });

  for (const [language, text] of [
    ['he', 'הכלב נשך את האיש'],
    ['ar', 'الكلب عض الرجل الكبير'],
  ] as const) {
    it(`runs right to left (${language}), keys included`, async () => {
      const figure = await mount(`<rnn-visualizer>${text}</rnn-visualizer>`);
      await widen(figure, 760);
      const words = text.split(' ');
      expect(figure.words).to.deep.equal(words);
      const places = figure.wordButtons.map((word) => word.getBoundingClientRect().left);
      expect(places, 'from right to left').to.deep.equal([...places].sort((a, b) => b - a));
      expect(new Set(places).size).to.equal(4);
      figure.wordButtons[0].focus();
      for (const [key, step] of [
        ['ArrowLeft', 1],
        ['ArrowLeft', 2],
        ['ArrowRight', 1],
        ['End', 4],
        ['ArrowRight', 3],
        ['Home', 0],
        ['ArrowLeft', 1],
      ] as const) {
        await sendKeys({ press: key });
        await figure.settled();
        expect(figure.element.step, key).to.equal(step);
        expect(seen(figure.focused)).to.equal(words[Math.max(0, step - 1)]);
      }
      figure.scrubber.focus();
      await sendKeys({ press: 'ArrowLeft' });
      await figure.settled();
      expect(figure.element.step, 'the scrubber').to.equal(2);
      expect(getComputedStyle(figure.field).direction).to.equal('rtl');

      // the bars and the states stand where their words do, once the state has travelled there
      await eventually(() => figure.root.getAnimations().length === 0);
      const middle = (element: Element): number => {
        const box = element.getBoundingClientRect();
        return Math.round(box.left + box.width / 2);
      };
      const now = [...figure.part('states').querySelectorAll('.state.now')];
      expect(now).to.have.length(1);
      expect(middle(now[0])).to.be.closeTo(middle(figure.wordButtons[1]), 2);
      for (const [word, button] of figure.wordButtons.entries()) {
        expect(middle(figure.bar('rnn', word))).to.be.closeTo(middle(button), 2);
      }

      await widen(figure, 320);
      expect(figure.words).to.deep.equal(words);
      const tops = figure.wordButtons.map((word) => word.getBoundingClientRect().top);
      expect(tops, 'downwards').to.deep.equal([...tops].sort((a, b) => a - b));
      figure.wordButtons[1].focus();
      await sendKeys({ press: 'ArrowDown' });
      await figure.settled();
      expect(figure.element.step).to.equal(3);
    });
  }

  it('runs left to right in a right-to-left page', async () => {
    const figure = await mount(
      '<div dir="rtl" lang="he"><rnn-visualizer model="random">One two three</rnn-visualizer></div>',
    );
    await widen(figure, 760);
    const places = figure.wordButtons.map((word) => word.getBoundingClientRect().left);
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
    figure.wordButtons[0].focus();
    await sendKeys({ press: 'ArrowRight' });
    await figure.settled();
    expect(figure.element.step).to.equal(1);
  });

  it('splits languages that write no spaces', async () => {
    const figure = await mount(
      '<div lang="ja"><rnn-visualizer>私は猫です。</rnn-visualizer></div>',
    );
    expect(figure.words).to.deep.equal(tokenize('私は猫です。', 'words', 'ja').map((t) => t.text));
    expect(figure.words.length).to.be.above(3);
  });
});

describe('long texts', () => {
  it(`are read up to ${maximumTokens} words, and beyond refused with a message`, async () => {
    const figure = await mount('<rnn-visualizer model="random">A small boat</rnn-visualizer>');
    await figure.next(2);
    for (const count of [100_000, maximumTokens + 1]) {
      figure.forgetEvents();
      await figure.paste(long(count));
      await figure.until('rnn-error');
      await frame();
      const [error, ...more] = figure.heard('rnn-error');
      expect(more).to.deep.equal([]);
      expect(error.code).to.equal('text-too-long');
      for (const number of [count, maximumTokens]) {
        expect(error.message).to.contain(number.toLocaleString('en'));
      }
      expect(error.message).to.contain('The last text is still here.');
      expect(seen(figure.part('problem'))).to.equal(error.message);
      expect(figure.words).to.deep.equal(['A', 'small', 'boat']);
      expect(figure.wordNow).to.equal('small');
      expect(figure.field.value.length, 'what was typed can be mended').to.be.above(10_000);
    }
    await figure.next();
    expect(figure.wordNow).to.equal('boat');
    await figure.press('LSTM');
    expect(figure.wordNow, 'the last good text with another cell').to.equal('boat');
    expect(figure.memory('lstm', 2)).to.equal('100%');
    await figure.paste(long(maximumTokens));
    expect(figure.has('problem')).to.equal(false);
    expect(figure.scrubber.max).to.equal(String(maximumTokens));
  });

  it('from an author are refused as well, and the field still works', async () => {
    const figure = await mount('<rnn-visualizer></rnn-visualizer>', { ready: false });
    figure.element.text = long(6000);
    await figure.until('rnn-error');
    expect(figure.heard('rnn-error')[0].code).to.equal('text-too-long');
    await figure.paste('Short enough');
    await eventually(() => figure.words.join(' ') === 'Short enough');
    expect(figure.has('problem')).to.equal(false);
  });

  const nodes = (figure: Figure): number => figure.root.querySelectorAll('*').length;

  for (const [layout, width] of [
    ['columns', 760],
    ['rows', 400],
  ] as const) {
    describe(`of 2,000 words in ${layout}`, () => {
      afterEach(() => setViewport({ width: 800, height: 600 }));

      const text = long(2000);
      const markup = (words: number, attributes = ''): string =>
        `<rnn-visualizer model="random" layout="${layout}" ${attributes}>${long(words)}</rnn-visualizer>`;

      /** The present word stands inside the element’s own scroll box. */
      const inView = (figure: Figure): void => {
        const word = figure.wordButtons.find((each) => each.ariaCurrent === 'step')!;
        const box = figure.root.querySelector('.scroller, .rows-scroll')!.getBoundingClientRect();
        const place = word.getBoundingClientRect();
        expect(place.left).to.be.at.least(box.left - 1);
        expect(place.right).to.be.at.most(box.right + 1);
        expect(place.top).to.be.at.least(box.top - 1);
        expect(place.bottom).to.be.at.most(box.bottom + 1);
      };

      it('draw only what is visible', async () => {
        const short = await mount(markup(100));
        await widen(short, width);
        short.element.step = 100;
        await short.settled();
        const figure = await mount(markup(2000));
        await widen(figure, width);
        figure.element.step = 1000;
        await figure.settled();
        await frame();
        await figure.settled();
        expect(nodes(figure)).to.be.below(nodes(short) * 1.3);
        expect(figure.wordButtons.length).to.be.below(40);
        inView(figure);
      });

      it('are stepped by keys, with the focus on the word and the word in view', async () => {
        await setViewport({ width: 800, height: 900 }); // all of the figure is in sight
        const figure = await mount(markup(2000));
        await widen(figure, width);
        figure.wordButtons[0].focus();
        await frame();
        const { scrollY } = window;
        const step = async (press: string, to: number): Promise<void> => {
          await sendKeys({ press });
          await eventually(() => figure.wordNow === `w${to - 1}q`, `${press} to ${to}`);
          await figure.settled();
          inView(figure);
          expect(seen(figure.focused), press).to.equal(`w${to - 1}q`);
        };
        for (let i = 1; i <= 30; i++) await step('ArrowRight', i);
        await step('End', 2000);
        for (let i = 1999; i > 1990; i--) await step('ArrowLeft', i);
        await sendKeys({ press: 'Home' });
        await figure.settled();
        await step('ArrowRight', 1);
        expect(window.scrollY, 'the page stays').to.equal(scrollY);
      });

      it('keep the followed word at the edge, with its memory', async () => {
        const figure = await mount(markup(2000, 'cell="lstm"'));
        await widen(figure, width);
        expect(figure.root.querySelector('.pin, .pinned')).to.equal(null);
        figure.element.seek(120);
        await eventually(() => figure.root.querySelector('.pin, .pinned'));
        const pins = [...figure.root.querySelectorAll('.pin, .pinned')];
        const word = pins.flatMap((pin) => [...pin.querySelectorAll('[part~="word"]')]);
        expect(word.map(seen)).to.deep.equal(['w0q']);
        const bars = pins.flatMap((pin) => [...pin.querySelectorAll('[part~="bar"]')]);
        expect(bars).to.have.length(1);
        const weights = randomModel('lstm');
        const x = Float64Array.from(
          tokenize(text)
            .slice(0, 120)
            .flatMap((token) => [...weights.vector(token)]),
        );
        const twins = new Twins(weights.cell, unroll(weights.cell, x));
        twins.ensure(119, [0]);
        expect(seen(bars[0])).to.equal(percent(twins.distance(119, 0) / twins.distance(0, 0)));
        const box = figure.root.querySelector('.scroller, .rows')!.getBoundingClientRect();
        const place = bars[0].getBoundingClientRect();
        expect(place.left).to.be.at.least(box.left - 1);
        expect(place.right).to.be.at.most(box.right + 1);
        expect(place.height).to.be.above(10);

        (word[0] as HTMLElement).click();
        await figure.settled();
        expect(figure.wordNow).to.equal('w0q');
      });

      it('draw what the reader scrolls to', async () => {
        const figure = await mount(markup(2000));
        await widen(figure, width);
        const box = figure.root.querySelector('.scroller, .rows-scroll')!;
        const whole = layout === 'columns' ? box.scrollWidth : box.scrollHeight;
        box.scrollTo({ [layout === 'columns' ? 'left' : 'top']: whole / 2, behavior: 'instant' });
        await eventually(() => figure.words.includes('w1000q'));
        await figure.press('Go to word 1001, w1000q');
        expect(figure.wordNow).to.equal('w1000q');
        inView(figure);
      });

      it('let the focus walk from bar to bar beyond what is drawn', async () => {
        const figure = await mount(markup(2000));
        await widen(figure, width);
        figure.element.seek(60);
        figure.element.follow = 2;
        await figure.settled();
        figure.element.seek(3);
        await figure.settled();
        await eventually(() => figure.words.includes('w2q'));
        figure.bar('rnn', 2).focus();
        const key = layout === 'columns' ? 'ArrowRight' : 'ArrowDown';
        for (let word = 3; word < 45; word++) {
          await sendKeys({ press: key });
          await frame();
          await figure.settled();
          await eventually(
            () => figure.focused?.dataset['word'] === String(word),
            `the bar of word ${word}`,
          );
        }
      });
    });
  }

  it('typing into one never blocks: the field takes every key', async () => {
    const figure = await mount(
      `<rnn-visualizer model="random" text="${long(2000)}"></rnn-visualizer>`,
    );
    figure.field.focus();
    figure.field.setSelectionRange(0, 0);
    await sendKeys({ type: 'Once upon a time ' });
    expect(figure.field.value.startsWith('Once upon a time w0q')).to.equal(true);
    await eventually(() => figure.words[3] === 'time');
    await aTimeout(0);
    expect(figure.scrubber.max).to.equal('2004');
  });
});
