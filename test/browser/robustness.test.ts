// Any page, any value, any reader: bad attributes, odd lives of an element, strict policies, the demo, accessibility.

import { aTimeout, expect, fixture } from '@open-wc/testing';
import { emulateMedia, itNeeding, sendKeys } from '../support/browser.js';
import '../../src/define/rnn-visualizer.js';
import { eventually, Figure, frame, mount, seen, widen } from '../support/figure.js';

const text = 'The cat sat on the mat';
const words = text.split(' ');

/** Reads to the end by clicks; whatever happened before, this has to work. */
async function works(figure: Figure, of: readonly string[] = words): Promise<void> {
  await figure.toTheEnd();
  expect(figure.wordNow).to.equal(of.at(-1));
  expect(figure.narration).to.contain(`Read “${of.at(-1)}”`);
  await figure.press('Start again');
  expect(figure.wordNow).to.equal(null);
}

describe('attribute values that are none', () => {
  for (const [attribute, value] of [
    ['cell', 'transformer'],
    ['cell', 'LSTM'],
    ['compare', 'rnn elman'],
    ['compare', 'nothing'],
    ['model', 'best'],
    ['hidden-size', '0'],
    ['hidden-size', '100000'],
    ['hidden-size', '3.5'],
    ['hidden-size', 'many'],
    ['seed', 'apple'],
    ['seed', '1e300'],
    ['forget-bias', '99'],
    ['forget-bias', 'NaN'],
    ['interval', '5'],
    ['interval', 'fast'],
    ['layout', 'diagonal'],
    ['controls', 'all volume'],
    ['theme', 'purple'],
    ['tokens', 'syllables'],
    ['accelerate', 'maybe'],
    ['cell', `long${'g'.repeat(5000)}`],
  ]) {
    it(`${attribute}="${value.slice(0, 20)}" leaves a working figure, says so, and tells the page once`, async () => {
      const figure = await mount(
        `<rnn-visualizer ${attribute}="${value}">${text}</rnn-visualizer>`,
      );
      await works(figure);
      const errors = figure.heard('rnn-error');
      expect(errors).to.have.length(1);
      const [{ code, message }] = errors;
      expect(code).to.equal('bad-attribute');
      expect(message).to.contain(`${attribute}="`);
      expect(message.length).to.be.below(200);
      expect(figure.narration).to.contain(message);
      expect(seen(figure.part('problem'))).to.equal(message);

      // put right, there is no message; broken again, it is told again
      figure.element.removeAttribute(attribute);
      await figure.settled();
      expect(figure.has('problem'), 'put right').to.equal(false);
      figure.element.setAttribute(attribute, value);
      await figure.settled();
      expect(figure.heard('rnn-error')).to.have.length(2);
    });
  }

  it('a step or a followed word that is no number counts as 0', async () => {
    for (const value of ['abc', '-3', '', '1e99', 'Infinity']) {
      const figure = await mount(
        `<rnn-visualizer step="${value}" follow="${value}">${text}</rnn-visualizer>`,
      );
      expect(figure.element.step).to.be.within(0, 6);
      await figure.press('Go to word 1, The');
      await works(figure);
    }
  });

  it('a language that is none is no obstacle', async () => {
    for (const lang of ['not a language', 'x', '123', 'en-']) {
      const figure = await mount(
        `<div lang="${lang}"><rnn-visualizer>${text}</rnn-visualizer></div>`,
      );
      await works(figure);
    }
  });

  it('every attribute may be taken away, and every property unset as frameworks do', async () => {
    const values = {
      text: 'Something else',
      cell: 'gru',
      compare: 'rnn lstm',
      model: 'random',
      step: '1',
      follow: '1',
      autoplay: '',
      interval: '60000',
      'hidden-size': '8',
      seed: '3',
      'forget-bias': '1',
      layout: 'rows',
      controls: 'next reset cells',
      readonly: '',
      theme: 'dark',
      tokens: 'characters',
      accelerate: 'off',
    };
    const all = Object.entries(values)
      .map(([name, value]) => `${name}="${value}"`)
      .join(' ');
    const figure = await mount(`<rnn-visualizer ${all}>${text}</rnn-visualizer>`);
    for (const name of Object.keys(values)) {
      figure.element.removeAttribute(name);
      await figure.settled();
    }
    await eventually(() => figure.words.join(' ') === text);
    expect(figure.heard('rnn-error')).to.deep.equal([]);
    expect(figure.badge).to.contain('Trained');
    await works(figure);

    for (const unset of [undefined, null]) {
      for (const name of Object.keys(values)) {
        const property = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
        Object.assign(figure.element, { [property]: unset });
        await figure.settled();
      }
      expect(figure.heard('rnn-error')).to.deep.equal([]);
      await works(figure);
    }
  });

  it('properties of the wrong type are refused with a message, not thrown', async () => {
    const figure = await mount(`<rnn-visualizer>${text}</rnn-visualizer>`);
    for (const [name, value] of [
      ['compare', ['lstm', 'gru']],
      ['cell', 3],
      ['seed', {}],
      ['controls', { next: true }],
      ['model', 7],
      ['layout', true],
    ] as const) {
      figure.forgetEvents();
      Object.assign(figure.element, { [name]: value });
      await figure.settled();
      expect(
        figure.heard('rnn-error').map(({ code }) => code),
        name,
      ).to.deep.equal(['bad-attribute']);
      Object.assign(figure.element, { [name]: undefined });
      await figure.settled();
      await works(figure);
    }
  });
});

describe('controls', () => {
  const parts = {
    cells: 'cells',
    text: 'text',
    examples: 'example',
    back: 'back',
    next: 'next',
    play: 'play',
    speed: 'speed',
    reset: 'reset',
    scrubber: 'scrubber',
    model: 'model-switch',
    details: 'disclosure-details',
    table: 'disclosure-table',
  };

  it('are all there unless the author says which', async () => {
    for (const [value, expectedNames] of [
      ['', Object.keys(parts)],
      ['controls="all"', Object.keys(parts)],
      ['controls="none"', []],
      ['controls=""', []],
      ['controls="next  back"', ['next', 'back']],
      ['controls="scrubber model table"', ['scrubber', 'model', 'table']],
    ] as const) {
      const figure = await mount(`<rnn-visualizer ${value}>${text}</rnn-visualizer>`);
      const found = Object.entries(parts)
        .filter(([, part]) => figure.has(part))
        .map(([name]) => name);
      expect(new Set(found), value).to.deep.equal(new Set(expectedNames));
      expect(figure.heard('rnn-error')).to.deep.equal([]);
      figure.wordButtons[0].focus();
      await sendKeys({ press: 'End' });
      await figure.settled();
      expect(figure.wordNow, 'words and keys are always there').to.equal('mat');
    }
  });
});

describe('the life of an element', () => {
  const place = (): Promise<HTMLElement> => fixture<HTMLElement>('<div></div>');

  it('keeps what an author says about it', async () => {
    const figure = await mount(
      `<rnn-visualizer role="figure" tabindex="-1" class="mine" aria-label="Mine" style="width: 500px"
        model="random">${text}</rnn-visualizer>`,
    );
    await works(figure);
    const { element } = figure;
    expect([element.role, element.tabIndex, element.className, element.ariaLabel]).to.deep.equal([
      'figure',
      -1,
      'mine',
      'Mine',
    ]);
    expect(element.getAttribute('style')).to.equal('width: 500px');
    element.setAttribute('style', 'width: 650px');
    await widen(figure, 700);
    for (const word of figure.wordButtons) {
      expect(word.getBoundingClientRect().width, 'a page may set style at any time').above(23);
    }
  });

  it('takes the author’s colours', async () => {
    const figure = await mount(
      `<rnn-visualizer model="random" style="--rnn-memory: rgb(1, 2, 3); color: rgb(4, 5, 6)"
        >${text}</rnn-visualizer>`,
    );
    await figure.next();
    const fill = figure.bar('rnn', 0).querySelector('.fill')!;
    expect(getComputedStyle(fill).fill).to.equal('rgb(1, 2, 3)');
    expect(getComputedStyle(figure.part('base')).color).to.equal('rgb(4, 5, 6)');
  });

  it('stops playing when it is taken away', async () => {
    const figure = await mount(
      `<rnn-visualizer model="random" interval="100">${text}</rnn-visualizer>`,
    );
    await figure.press('Auto play');
    await figure.until('rnn-step');
    const home = figure.element.parentElement!;
    figure.element.remove();
    const { step } = figure.element;
    figure.forgetEvents();
    await aTimeout(350);
    expect(figure.element.step).to.equal(step);
    expect(figure.heard('rnn-step')).to.deep.equal([]);
    home.append(figure.element);
    await aTimeout(250);
    expect(figure.element.step, 'nobody asked for it').to.equal(step);
    expect(seen(figure.part('play'))).to.equal('Auto play');
    await figure.press('Auto play');
    await figure.until('rnn-step');
    await figure.press('Pause');
    await works(figure);
  });

  it('is taken away while its weights load', async () => {
    const element = document.createElement('rnn-visualizer');
    const home = await place();
    home.append(element);
    element.remove();
    element.cell = 'lstm';
    await aTimeout(50);
    const figure = new Figure(element);
    home.append(element);
    await eventually(() => figure.has('badge') && figure.badge.startsWith('Trained'));
    await figure.next(2);
    expect(figure.wordNow).to.equal('has');
  });
});

/** Its own origin only, and nothing missing. */
async function requests(page: Window): Promise<string[]> {
  const entries = (
    page.performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  ).filter(({ name }) => !name.endsWith('/favicon.ico')); // what the test runner's page asks for
  for (const { name, responseStatus } of entries) {
    expect(new URL(name).origin, name).to.equal(location.origin);
    // (WebKit does not tell the status of what was loaded)
    expect(responseStatus ?? (await fetch(name)).status, name).to.be.below(400);
  }
  return entries.map(({ name }) => name);
}

describe('pages', () => {
  it('ask nobody else for anything', async () => {
    expect((await requests(window)).length).to.be.above(10);
  });
});

describe('readers', () => {
  afterEach(async () => {
    await emulateMedia({ reducedMotion: 'no-preference', colorScheme: 'light' });
    document.documentElement.style.colorScheme = '';
    document.body.style.background = '';
  });

  it('who want less motion get none', async () => {
    const moving = async (): Promise<number> => {
      const figure = await mount('<rnn-visualizer compare="rnn lstm gru"></rnn-visualizer>');
      await figure.next(2);
      await frame();
      return figure.root.getAnimations().length;
    };
    expect(await moving()).to.be.above(0);
    await emulateMedia({ reducedMotion: 'reduce' });
    expect(await moving()).to.equal(0);
  });

  for (const scheme of ['light', 'dark'] as const) {
    for (const [layout, width] of [
      ['columns', 1240],
      ['rows', 360],
    ] as const) {
      it(`with assistive technology find no barrier (${scheme}, ${layout})`, async () => {
        await emulateMedia({ colorScheme: scheme });
        document.documentElement.style.colorScheme = 'light dark';
        document.body.style.background = 'Canvas'; // axe takes a page without a background for white
        const attributes = layout === 'rows' ? 'cell="lstm"' : 'compare="rnn lstm gru"';
        const figure = await mount(`<rnn-visualizer ${attributes}></rnn-visualizer>`);
        await widen(figure, width);
        await expect(figure.element).to.be.accessible();
        figure.element.seek(9);
        await figure.settled();
        await expect(figure.element).to.be.accessible();
        await figure.disclose('details');
        await figure.disclose('table');
        figure.element.seek(18);
        await figure.settled();
        await expect(figure.element).to.be.accessible();
      });
    }
  }

  for (const [name, theme, background, color] of [
    ['a paper page', 'auto', '#fdfcf9', '#1d1c1a'],
    ['a night page', 'auto', '#17181a', '#e9e6df'],
    ['theme="light"', 'light', '', ''],
    ['theme="dark"', 'dark', '', ''],
  ]) {
    it(`find no barrier on ${name}, with unknown words, untrained networks and a message`, async () => {
      const dark = color === '#e9e6df';
      if (dark) await emulateMedia({ colorScheme: 'dark' });
      document.documentElement.style.colorScheme = theme === 'auto' ? 'light dark' : '';
      document.body.style.background = background;
      const figure = await mount(
        `<rnn-visualizer theme="${theme}" cell="gru" layout="up" style="--rnn-surface: ${background}; color: ${color}"
          >The purple cat sat on the mat</rnn-visualizer>`,
      );
      await figure.next(3);
      expect(figure.has('problem')).to.equal(true);
      await expect(figure.element).to.be.accessible();
      await figure.press('Use untrained ones');
      await expect(figure.element).to.be.accessible();
    });
  }

  itNeeding(
    'forced colours',
    'with forced colours see the bars, the states and what is read now',
    async () => {
      await emulateMedia({ forcedColors: 'active' });
      try {
        expect(matchMedia('(forced-colors: active)').matches).to.equal(true);
        for (const width of [1240, 360]) {
          const figure = await mount('<rnn-visualizer cell="lstm"></rnn-visualizer>');
          await widen(figure, width);
          await figure.next(4);
          const canvas = getComputedStyle(document.body).backgroundColor;
          const filled = (selector: string, property: 'fill' | 'stroke'): void => {
            const found = figure.root.querySelector(selector);
            expect(found, selector).to.be.ok;
            const colour = getComputedStyle(found!)[property];
            expect(colour, selector).not.to.equal(canvas);
            expect(colour, selector).not.to.equal('none');
          };
          filled('.bar .fill', 'fill');
          filled('.state.now .frame', 'stroke');
          filled('.next .chance .fill', 'fill');
          expect(figure.wordNow).to.equal('red');
          await expect(figure.element).to.be.accessible();
          await works(figure, ['is']);
        }
      } finally {
        await emulateMedia({});
      }
    },
  );
});
