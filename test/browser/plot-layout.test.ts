// How a <gradient-plot> fits: any width, large text, fingers, sentences that run to the left.

import { expect } from '@open-wc/testing';
import { sendKeys } from '../support/browser.js';
import '../../src/define/gradient-plot.js';
import '../../src/define/rnn-visualizer.js';
import { eventually, seen, widen } from '../support/figure.js';
import { mountPlot, nameOf, page, placeOf, type Plot } from '../support/plot.js';

const random = (attributes = ''): string =>
  `<gradient-plot source="random" hidden-size="8" length="40" ${attributes}></gradient-plot>`;

describe('at every width', () => {
  /** Nothing of the plot is wider than its place, and no text of the drawing is cut off or covered. */
  function faults(plot: Plot): string[] {
    const { element, root } = plot;
    const { left, right } = element.getBoundingClientRect();
    const found =
      element.scrollWidth > element.clientWidth ? [`scrolls: ${element.scrollWidth}`] : [];
    for (const each of root.querySelectorAll(
      'button, input, p, svg, section, .table-scroll, .narration, .chart text',
    )) {
      const box = each.getBoundingClientRect();
      // what stands in a table that scrolls is out of sight; what is only for who listens is a pixel
      if (
        box.width < 2 ||
        each.closest('.table-scroll') !== (each.matches('.table-scroll') ? each : null)
      )
        continue;
      if (box.left < left - 1 || box.right > right + 1) {
        found.push(
          `${each.localName}.${each.getAttribute('class') ?? ''} “${seen(each).slice(0, 30)}”: ${Math.round(box.left - left)} to ${Math.round(box.right - right)}`,
        );
      }
    }
    for (const chart of root.querySelectorAll('svg.chart')) {
      const texts = [...chart.querySelectorAll('text')].map((each) => ({
        name: seen(each),
        box: each.getBoundingClientRect(),
      }));
      for (const [i, a] of texts.entries()) {
        for (const b of texts.slice(i + 1)) {
          const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
          // letters stand in the middle of their line
          const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) - 5;
          if (x > 1 && y > 1)
            found.push(`“${a.name}” and “${b.name}” overlap by ${x.toFixed()} × ${y.toFixed()}`);
        }
      }
    }
    return found;
  }

  const widths = [280, 320, 360, 440, 519, 520, 600, 680, 768, 1000, 1280];

  for (const [name, markup] of [
    ['a sentence', '<gradient-plot></gradient-plot>'],
    ['a loss', '<gradient-plot quantity="loss" step="13"></gradient-plot>'],
    ['random networks', random()],
    ['gains that explode', random('recurrent-scale="4" seed="3"')],
  ] as const) {
    it(`nothing runs over the edge or over anything else (${name})`, async () => {
      const plot = await mountPlot(markup);
      if (plot.has('clip')) await plot.click(plot.part('clip'));
      for (const each of ['facts', 'check', 'table'] as const) await plot.unfold(each);
      const found: string[] = [];
      for (const width of widths) {
        await widen(plot, width);
        await eventually(() => plot.chart().viewBox.baseVal.width === width, `${width}`);
        found.push(...faults(plot).map((each) => `${width}: ${each}`));
        expect(plot.lag, 'axes as ever').to.be.at.least(0);
      }
      expect(found).to.deep.equal([]);
    });
  }

  it('of large text, too', async () => {
    const { plots, place } = await page(
      `<div style="font-size: 32px"><gradient-plot step="12"></gradient-plot></div>`,
    );
    const [plot] = plots;
    await plot.computed();
    const found: string[] = [];
    for (const width of [320, 680, 1280]) {
      place.style.width = `${width}px`;
      await eventually(() => plot.chart().viewBox.baseVal.width === width, `${width}`);
      await plot.settled();
      found.push(...faults(plot).map((each) => `${width}: ${each}`));
    }
    expect(found).to.deep.equal([]);
  });

  it('the slider stands under the lags of the plot', async () => {
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    for (const width of [320, 680, 1280]) {
      await widen(plot, width);
      await eventually(() => plot.chart().viewBox.baseVal.width === width);
      const { left, right } = plot.lagSlider.getBoundingClientRect();
      // a thumb of 16 px goes from one end to the other
      expect(left + 8, `first at ${width}`).to.be.closeTo(placeOf(plot, 0).x, 2);
      expect(right - 8, `last at ${width}`).to.be.closeTo(placeOf(plot, 17).x, 2);
    }
  });

  it('targets are large enough for a finger', async () => {
    for (const markup of ['<gradient-plot quantity="loss" step="13"></gradient-plot>', random()]) {
      const plot = await mountPlot(markup);
      for (const each of ['facts', 'check', 'table'] as const) await plot.unfold(each);
      for (const width of [1000, 320]) {
        await widen(plot, width);
        const small = [...plot.root.querySelectorAll<HTMLElement>('button, input, summary')]
          .map((each) => (each.matches('[type=checkbox]') ? each.closest('label')! : each))
          .map((each) => ({ name: nameOf(each), box: each.getBoundingClientRect() }))
          .filter(({ box }) => box.width < 23.9 || box.height < 23.9)
          .map(({ name, box }) => `${name}: ${box.width} × ${box.height} at ${width}`);
        expect(small).to.deep.equal([]);
      }
    }
  });

  it('a sentence that runs to the left has a plot that does not', async () => {
    const arabic = 'قرأت البنت كتابا جديدا في البيت';
    const plot = await mountPlot(
      `<gradient-plot model="random" dir="rtl">${arabic}</gradient-plot>`,
    );
    expect(plot.part('words').getAttribute('dir')).to.equal('rtl');
    // (the page's scroll bar may just have made it narrower)
    await eventually(() => plot.chart().viewBox.baseVal.width === plot.element.clientWidth);
    const [first, second] = plot.wordButtons.map((each) => each.getBoundingClientRect());
    expect(second.right).to.be.at.most(first.left + 1);
    expect(placeOf(plot, 3).x, 'lags to the right').to.be.above(placeOf(plot, 1).x);
    const ticks = [...plot.chart().querySelectorAll('text.tick-name[text-anchor="end"]')];
    const { left } = plot.chart().getBoundingClientRect();
    for (const tick of ticks) {
      const box = tick.getBoundingClientRect();
      expect(box.left, 'names left of the axis').to.be.at.least(left - 1);
      expect(box.right).to.be.below(placeOf(plot, 0).x + 1);
    }
    for (const text of plot.chart().querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      expect(box.right, seen(text)).to.be.at.most(
        left + plot.chart().getBoundingClientRect().width + 1,
      );
    }
    const { left: from } = plot.lagSlider.getBoundingClientRect();
    expect(from + 8).to.be.closeTo(placeOf(plot, 0).x, 2);
    plot.lagSlider.focus();
    await plot.pointAt(2);
    await sendKeys({ press: 'ArrowRight' });
    await plot.settled();
    expect(plot.lag).to.equal(3);
    plot.wordButtons[5].focus();
    await sendKeys({ press: 'ArrowRight' });
    await plot.settled();
    expect(plot.plot.step, 'back, to the right').to.equal(5);
  });
});
