// Every reader of a <gradient-plot>: by keyboard, by mouse, by ear, in the dark, with forced colours.

import { expect } from '@open-wc/testing';
import { emulateMedia, itNeeding, sendKeys, sendMouse, tabThrough } from '../support/browser.js';
import '../../src/define/gradient-plot.js';
import '../../src/define/rnn-visualizer.js';
import { englishPlot } from '../../src/model/plot-strings.js';
import { bothSettled, key } from '../support/diagram.js';
import { eventually, seen, widen } from '../support/figure.js';
import { mountPair, mountPlot, plain, recurrentCells, nameOf, placeOf } from '../support/plot.js';

const text = 'The cat sat on the mat';
const untrained = (attributes = ''): string =>
  `<gradient-plot model="random" ${attributes}>${text}</gradient-plot>`;
const random = (attributes = ''): string =>
  `<gradient-plot source="random" hidden-size="8" length="40" ${attributes}></gradient-plot>`;

describe('by keyboard', () => {
  for (const [name, markup] of [
    ['a sentence', untrained()],
    ['random networks', random()],
    ['a loss', `<gradient-plot quantity="loss" step="9"></gradient-plot>`],
  ] as const) {
    it(`everything can be reached, once and in order (${name})`, async () => {
      const plot = await mountPlot(markup);
      for (const each of ['facts', 'check', 'table'] as const) await plot.unfold(each);
      const stops = await tabThrough(plot.element);
      const reachable = [
        ...plot.root.querySelectorAll<HTMLInputElement>('button, input, summary, [tabindex="0"]'),
      ].filter((each) => each.tabIndex === 0 && !each.disabled);
      expect(stops).to.deep.equal(reachable);
      for (const each of stops) expect(nameOf(each), each.outerHTML.slice(0, 80)).not.to.equal('');
      expect(stops.filter((each) => each.matches('.word')).length, 'one stop').to.be.below(2);
    });
  }

  it('the lag is moved with arrow keys, Home and End: words, cursor and value say the same', async () => {
    const plot = await mountPlot(untrained());
    plot.lagSlider.focus();
    const at = async (press: string, lag: number): Promise<void> => {
      await sendKeys({ press });
      await plot.settled();
      expect(plot.lag, press).to.equal(lag);
      expect(plot.marked, press).to.equal(5 - lag);
      expect(plot.wordNow, 'the reader stays').to.equal('mat');
      expect(plot.focused).to.equal(plot.lagSlider);
    };
    await at('Home', 0);
    await at('ArrowRight', 1);
    await at('ArrowUp', 2);
    await at('ArrowLeft', 1);
    await at('End', 5);
    await at('ArrowRight', 5);
  });

  it('a setting is moved with arrow keys, and everything is exact after each', async () => {
    const plot = await mountPlot(random());
    const slider = plot.setting('recurrentScale');
    slider.focus();
    await plot.change(() => sendKeys({ press: 'ArrowRight' }));
    expect(slider.value).to.equal('1.1');
    expect(plot.focused).to.equal(slider);
    expect(plot.root.querySelectorAll('path.band').length, 'not a draft').to.equal(3);
  });

  it('words are walked through, and the arrows of buttons step, too', async () => {
    const plot = await mountPlot(untrained());
    plot.wordButtons[5].focus();
    for (const [press, word] of [
      ['ArrowLeft', 'the'],
      ['ArrowUp', 'on'],
      ['ArrowRight', 'the'],
      ['Home', null],
      ['ArrowRight', 'The'],
      ['End', 'mat'],
    ] as const) {
      await sendKeys({ press });
      await plot.settled();
      expect(plot.wordNow, press).to.equal(word);
      expect(plot.focused!.matches('.word'), press).to.equal(true);
    }
    plot.part('back').focus();
    await sendKeys({ press: 'Enter' });
    await plot.settled();
    expect(plot.wordNow).to.equal('the');
    await sendKeys({ press: 'ArrowRight' });
    await plot.settled();
    expect(plot.wordNow).to.equal('mat');
    expect(plot.focused).to.equal(plot.part('back'));
  });

  it('keys that a slider or a table needs move no word, and others go to the page', async () => {
    const plot = await mountPlot(untrained('step="3"'));
    await plot.unfold('table');
    plot.forgetEvents();
    const scroll = plot.root.querySelector('.table-scroll')!;
    for (const target of [plot.lagSlider, scroll]) {
      for (const name of ['ArrowLeft', 'ArrowRight', 'Home', 'End']) {
        expect(await key(plot, target, name), name).to.deep.equal({ left: true, bubbled: false });
      }
    }
    for (const name of ['Tab', 'a', 'Escape', 'PageDown']) {
      expect(await key(plot, plot.wordButtons[2], name)).to.deep.equal({
        left: true,
        bubbled: true,
      });
    }
    for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) {
      const { left } = await key(plot, plot.wordButtons[2], 'ArrowRight', { [modifier]: true });
      expect(left, modifier).to.equal(true);
    }
    expect(plot.types).to.deep.equal([]);
  });

  it('arrows with random networks move no word that nobody sees', async () => {
    const { figure, plot } = await mountPair('cell="gru" model="random" step="3"', text);
    await plot.change(() => plot.choose('source', 1));
    figure.forgetEvents();
    for (const part of ['source-button', 'preset', 'seed']) {
      for (const name of ['ArrowRight', 'Home', 'End']) {
        await key(plot, plot.part(part), name);
        expect(figure.element.step, `${name} on ${part}`).to.equal(3);
      }
    }
    expect(figure.types).to.deep.equal([]);
  });

  it('what is pressed keeps the focus', async () => {
    const plot = await mountPlot(random());
    for (const part of ['quantity-button', 'preset', 'seed', 'source-button']) {
      const button = plot.parts(part).at(-1)!;
      button.focus();
      await sendKeys({ press: 'Enter' });
      await plot.settled();
      expect(plot.focused, part).to.equal(plot.parts(part).at(-1));
    }
  });
});

describe('by mouse and finger', () => {
  it('hovering a lag marks its word, and says it', async () => {
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    plot.element.scrollIntoView();
    for (const lag of [5, 11, 0, 17]) {
      const { x, y } = placeOf(plot, lag);
      await sendMouse({ type: 'move', position: [Math.round(x), Math.round(y)] });
      await eventually(() => plot.lag === lag);
      expect(plot.marked).to.equal(17 - lag);
      expect(plot.narration).to.contain(`at “${plot.words[17 - lag]}”`);
      expect(plot.lagSlider.getAttribute('aria-valuetext')).to.contain(plot.words[17 - lag]);
    }
    expect(plot.wordNow, 'it does not move the step').to.equal('is');
  });

  it('works where the page is scaled', async () => {
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    plot.plot.style.transform = 'scale(0.6)';
    plot.plot.style.transformOrigin = '0 0';
    const { x, y } = placeOf(plot, 9);
    for (const type of ['pointermove', 'pointerdown']) {
      const event = new PointerEvent(type, { clientX: x, clientY: y, bubbles: true });
      plot.chart().dispatchEvent(event);
      await plot.settled();
      expect(plot.lag).to.equal(9);
    }
  });

  it('a dot stands on each line at the lag, and outside the axes the nearest lag counts', async () => {
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    await plot.pointAt(6);
    const axes = plot.axes();
    for (const cell of recurrentCells) {
      const dot = plot.chart().querySelector(`circle.cell-${cell}`)!;
      const at = (name: string): number => Number(dot.getAttribute(name));
      expect(axes.lag(at('cx'))).to.be.closeTo(6, 1e-6);
      expect(axes.exponent(at('cy'))).to.be.closeTo(plot.line(cell)[6].exponent, axes.grain);
    }
    for (const [clientX, lag] of [
      [-1000, 0],
      [5000, 17],
    ]) {
      plot.chart().dispatchEvent(new PointerEvent('pointermove', { clientX, bubbles: true }));
      await plot.settled();
      expect(plot.lag).to.equal(lag);
    }
  });

  for (const [where, last] of [
    ['elsewhere', 3],
    ['where it was', 1],
  ] as const) {
    it(`a slider that is dragged and let go ${where} is exact, with its bands`, async () => {
      const plot = await mountPlot(random());
      const slider = plot.setting('recurrentScale');
      slider.scrollIntoView({ block: 'center' });
      const { left, width, top, height } = slider.getBoundingClientRect();
      const place = (value: number): [number, number] => [
        // a thumb of 16 px goes from one end to the other
        Math.round(left + 8 + ((width - 16) * (value - 0.5)) / 3.5),
        Math.round(top + height / 2),
      ];
      await sendMouse({ type: 'move', position: place(1) });
      await sendMouse({ type: 'down' });
      for (const value of [1.5, 2, last]) {
        await sendMouse({ type: 'move', position: place(value) });
        await plot.settled();
      }
      await sendMouse({ type: 'up' });
      expect(Number(slider.value)).to.be.closeTo(last, 0.15);
      await eventually(() => plot.root.querySelectorAll('path.band').length === 3, 'bands');
    });
  }

  it('the page can be scrolled with a finger on the plot', async () => {
    const plot = await mountPlot(untrained());
    const touch = getComputedStyle(plot.chart().parentElement!).touchAction;
    expect(touch).to.equal('pan-y');
  });
});

describe('by ear', () => {
  it('the slider says the sentence, the drawing its title and the point', async () => {
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    await plot.pointAt(4);
    const sentence = plain(plot.lagSlider.getAttribute('aria-valuetext')!);
    expect(sentence).to.match(/^4 words back, at “The”, a nudge of the state is worth /);
    expect(plot.narration.startsWith(sentence)).to.equal(true);
    const chart = plot.chart();
    expect(chart.getAttribute('role')).to.equal('img');
    const label = plain(chart.getAttribute('aria-label')!);
    expect(label).to.contain(englishPlot.label.state);
    expect(label).to.contain('4 words back');
    expect(plot.part('base').getAttribute('aria-label')).to.equal(englishPlot.label.state);
    expect(seen(plot.lagSlider.closest('label'))).to.equal(englishPlot.lag);
    for (const setting of plot.parts('setting')) expect(nameOf(setting)).not.to.equal('');
  });

  it('a step is announced, a lag is not said twice: who points hears the slider', async () => {
    const plot = await mountPlot(untrained());
    const live = (): string | null => plot.part('narration').getAttribute('aria-live');
    const region = plot.part('narration');
    expect(live()).to.equal('polite');
    await plot.pointAt(2);
    expect(live()).to.equal('off');
    await plot.click(plot.part('back'));
    expect(live()).to.equal('polite');
    expect(plot.part('narration'), 'never replaced').to.equal(region);
  });

  it('comes from one voice: in a plot that follows only while its reader is there', async () => {
    const { figure, plot } = await mountPair('cell="lstm" model="random"', text);
    const live = (): string | null => plot.part('narration').getAttribute('aria-live');
    expect(live()).to.equal('off');
    await figure.next(2);
    await plot.settled();
    expect(live()).to.equal('off');
    plot.part('next').focus();
    await sendKeys({ press: 'Enter' });
    await bothSettled(plot, figure);
    expect(live()).to.equal('polite');
    figure.part('next').focus();
    await sendKeys({ press: 'Enter' });
    await bothSettled(figure, plot);
    expect(live()).to.equal('off');
  });

  it('tables have captions and heads, and disclosures stay open from step to step', async () => {
    const plot = await mountPlot(untrained());
    for (const name of ['facts', 'check', 'table'] as const) await plot.unfold(name);
    await plot.click(plot.part('back'));
    for (const name of ['facts', 'check', 'table'] as const) {
      expect((plot.part(`disclosure-${name}`) as HTMLDetailsElement).open, name).to.equal(true);
      const table = plot.part(name);
      for (const row of table.querySelectorAll('tbody tr')) {
        expect(row.firstElementChild!.matches('th[scope="row"]'), name).to.equal(true);
      }
      const columns = plot.head(name).length;
      for (const row of plot.rows(name)) expect(row, name).to.have.length(columns);
    }
    await plot.unfold('facts', false);
    expect(plot.has('facts'), 'nothing is computed for what is closed').to.equal(false);
  });

  it('a table without a heading for a column is none: forget gates have theirs', async () => {
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    await plot.unfold('table');
    expect(plot.head('table').at(-1)).to.equal(englishPlot.path);
    for (const title of plot.head('table')) expect(title).not.to.equal('');
  });
});

describe('with assistive technology', () => {
  afterEach(async () => {
    await emulateMedia({ colorScheme: 'light' });
    document.documentElement.style.colorScheme = '';
    document.body.style.background = '';
  });

  async function inScheme(scheme: 'light' | 'dark'): Promise<void> {
    await emulateMedia({ colorScheme: scheme });
    document.documentElement.style.colorScheme = 'light dark';
    document.body.style.background = 'Canvas'; // axe takes a page without a background for white
  }

  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1240, 360]) {
      it(`there is no barrier (${scheme}, ${width} px)`, async () => {
        await inScheme(scheme);
        for (const markup of [
          '<gradient-plot quantity="loss" step="13" controls="all volume"></gradient-plot>',
          // (a table of few rows)
          '<gradient-plot source="random" hidden-size="8" length="12"></gradient-plot>',
        ]) {
          const plot = await mountPlot(markup);
          await widen(plot, width);
          if (plot.has('clip')) await plot.click(plot.part('clip'));
          for (const each of ['facts', 'check', 'table'] as const) await plot.unfold(each);
          await expect(plot.element).to.be.accessible();
        }
      });
    }
  }

  /** Contrast of a colour with what is behind it: axe does not look into drawings. */
  function contrast(
    element: Element,
    property: 'fill' | 'stroke',
    canvas: CanvasRenderingContext2D,
  ): number {
    const paint = (colour: string): number => {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((each) => {
        const c = each / 255;
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = paint(getComputedStyle(document.body).backgroundColor);
    const front = paint(getComputedStyle(element)[property]);
    const [dark, light] = [behind, front].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  for (const scheme of ['light', 'dark'] as const) {
    it(`every text of the drawing can be read, every line be seen and told apart without colour (${scheme})`, async () => {
      await inScheme(scheme);
      const canvas = document
        .createElement('canvas')
        .getContext('2d', { willReadFrequently: true })!;
      for (const markup of [
        random(),
        '<gradient-plot quantity="loss" step="13"></gradient-plot>',
      ]) {
        const plot = await mountPlot(markup);
        const pale = [...plot.root.querySelectorAll('.chart text')]
          .map((each) => ({ name: seen(each), ratio: contrast(each, 'fill', canvas) }))
          .filter(({ ratio }) => ratio < 4.5)
          .map(({ name, ratio }) => `${name} ${ratio.toFixed(1)}`);
        expect(pale).to.deep.equal([]);
        const dashes = new Set<string>();
        for (const cell of recurrentCells) {
          const line = plot.chart().querySelector(`path.line.cell-${cell}`)!;
          expect(contrast(line, 'stroke', canvas), cell).to.be.at.least(3);
          dashes.add(getComputedStyle(line).strokeDasharray);
        }
        expect(dashes.size).to.equal(3);
      }
    });
  }

  itNeeding(
    'forced colours',
    'with forced colours lines, names and the marked word can be seen',
    async () => {
      await emulateMedia({ forcedColors: 'active' });
      try {
        const plot = await mountPlot('<gradient-plot></gradient-plot>');
        await plot.pointAt(4);
        const canvas = getComputedStyle(document.body).backgroundColor;
        const visible = (element: Element | null, property: 'fill' | 'stroke'): void => {
          const colour = getComputedStyle(element!)[property];
          expect([canvas, 'none', 'rgba(0, 0, 0, 0)'], element!.outerHTML).not.to.include(colour);
        };
        const chart = plot.chart();
        for (const cell of recurrentCells) {
          visible(chart.querySelector(`path.line.cell-${cell}`), 'stroke');
          visible(chart.querySelector(`text.line-name.cell-${cell}`), 'fill');
          visible(chart.querySelector(`circle.cell-${cell}`), 'fill');
        }
        visible(chart.querySelector('path.thin'), 'stroke');
        visible(chart.querySelector('.reference'), 'stroke');
        visible(chart.querySelector('.axis'), 'stroke');
        visible(chart.querySelector('.cursor'), 'stroke');
        for (const name of chart.querySelectorAll('text')) visible(name, 'fill');
        const border = (word: number): string =>
          getComputedStyle(plot.wordButtons[word].querySelector('bdi')!).borderBlockEndColor;
        expect(border(plot.marked), 'the mark').not.to.equal(border(2));
        await expect(plot.element).to.be.accessible();
      } finally {
        await emulateMedia({});
      }
    },
  );

  it('a reader who wants other colours gets them', async () => {
    const plot = await mountPlot(untrained());
    plot.plot.style.setProperty('--rnn-cell-lstm', 'rgb(1, 2, 3)');
    const line = plot.chart().querySelector('path.line.cell-lstm')!;
    expect(getComputedStyle(line).stroke).to.equal('rgb(1, 2, 3)');
  });
});
