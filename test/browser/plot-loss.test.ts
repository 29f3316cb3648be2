// The gradient of the loss in a <gradient-plot>: of which word, in which networks, what each step adds, and clipping.

import { expect } from '@open-wc/testing';
import '../../src/define/gradient-plot.js';
import {
  runSequence,
  stateSize,
  type CellType,
  type LossGradient,
} from '../../src/engine/index.js';
import { englishPlot } from '../../src/model/plot-strings.js';
import { english, storyModel } from '../../src/model/index.js';
import { slide } from '../support/diagram.js';
import { seen } from '../support/figure.js';
import {
  byLag,
  draws,
  kite,
  mountPlot,
  numberOf,
  plain,
  recurrentCells,
  tells,
  trained,
  type Plot,
  type Run,
} from '../support/plot.js';

const lossPlot = (attributes = ''): string =>
  `<gradient-plot quantity="loss" ${attributes}></gradient-plot>`;

/** Own sum of squares: the norm of the whole gradient can't be more than all shares together. */
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('the gradient of the loss', () => {
  it('is that of the word that follows, from every step, cell by cell', async () => {
    const truth = await trained();
    const plot = await mountPlot(lossPlot());
    for (const t of [12, 5, 1]) {
      await plot.goTo(t);
      const next = truth.rnn.tokens[t + 1].text;
      expect(plot.caption).to.contain('of the word that follows');
      for (const cell of recurrentCells) {
        const said = new RegExp(`([^ ]+) nats for “${next}” in ${english.theCell[cell]}`);
        tells(said.exec(plot.caption)![1], truth[cell].loss(t).loss, `L in the ${cell} from ${t}`);
        draws(plot, plot.line(cell), byLag(truth[cell].loss(t).states), `${cell} from ${t}`);
      }
    }
  });

  it('is at the end that of the word which each network expects most', async () => {
    const truth = await trained();
    const plot = await mountPlot(lossPlot());
    const t = truth.rnn.tokens.length - 1;
    for (const cell of recurrentCells) {
      const model = await storyModel(cell);
      const [{ word, probability }] = model.predict(truth[cell].unrolled.steps[t].h, 1)!;
      const { loss, states } = truth[cell].loss(t);
      expect(loss, 'the most expected word').to.be.closeTo(-Math.log(probability), 1e-9);
      expect(plot.caption).to.contain(`“${word}” in ${english.theCell[cell]}`);
      draws(plot, plot.line(cell), byLag(states), cell);
    }
    expect(plot.caption).to.contain('of the word that is expected most');
  });

  it('is told in words, and has no zones: there is no 1 that it stays at', async () => {
    const truth = await trained();
    const plot = await mountPlot(lossPlot('step="12"'));
    await plot.pointAt(4);
    const said =
      /^4 words back, at “(.+)”, the gradient of the loss is (.+) in the simple RNN, (.+) in the LSTM and (.+) in the GRU: (.+), (.+) and (.+) of what it is at this step\.$/.exec(
        plot.narration,
      );
    expect(said, plot.narration).not.to.equal(null);
    expect(said![1]).to.equal(truth.rnn.tokens[7].text);
    recurrentCells.forEach((cell, i) => {
      const gradient = byLag(truth[cell].loss(11).states);
      tells(said![i + 2], gradient[4], cell);
      tells(said![i + 5], gradient[4] / gradient[0], `${cell}, its share`);
    });
    expect(plot.chart().querySelector('.reference, .zone')).to.equal(null);
    expect(plot.chart().querySelector('path.thin'), 'no forget gates here').to.equal(null);
  });

  it('is switched on and off by the reader', async () => {
    const truth = await trained();
    const plot = await mountPlot('<gradient-plot step="10"></gradient-plot>');
    expect(plot.chosenQuantity).to.equal(englishPlot.quantity.state);
    expect(plot.has('shares')).to.equal(false);
    await plot.change(() => plot.choose('quantity', 1));
    expect(plot.chosenQuantity).to.equal(englishPlot.quantity.loss);
    for (const cell of recurrentCells) {
      draws(plot, plot.line(cell), byLag(truth[cell].loss(9).states), cell);
    }
    expect(plot.has('shares')).to.equal(true);
    await plot.change(() => plot.choose('quantity', 0));
    draws(plot, plot.line('rnn'), truth.rnn.gains(9));
    expect(plot.plot.getAttribute('quantity'), 'the author’s').to.equal(null);
    expect(plot.plot.quantity).to.equal('state');
  });

  it('is off for untrained networks, and says why', async () => {
    for (const attributes of ['model="random"', 'source="random"']) {
      const plot = await mountPlot(lossPlot(attributes), { lines: false });
      expect(plot.narration).to.equal(englishPlot.noLoss);
      expect(plot.cells, 'nothing is drawn').to.deep.equal([]);
      for (const part of ['shares', 'lag', 'caption', 'disclosure-table']) {
        expect(plot.has(part), part).to.equal(false);
      }
      expect(plot.heard('rnn-error')).to.deep.equal([]);
      await plot.change(() => plot.choose('quantity', 0));
      expect(plot.cells).to.deep.equal([...recurrentCells]);
    }
  });

  it('is that of the first word alone, after the first word', async () => {
    const truth = await trained();
    const plot = await mountPlot(lossPlot('step="1" compare="gru"'));
    draws(plot, plot.line('gru'), byLag(truth.gru.loss(0).states));
    expect(plot.has('lag'), 'there is one lag').to.equal(false);
  });

  it('has tables and a check of its own', async () => {
    const truth = await trained();
    const plot = await mountPlot(lossPlot('step="12" compare="lstm"'));
    await plot.pointAt(3);
    await plot.unfold('table');
    plot.rows('table').forEach(([lag, word, amount], i) => {
      expect(Number(lag)).to.equal(i);
      expect(word).to.equal(truth.lstm.tokens[11 - i].text);
      tells(amount, byLag(truth.lstm.loss(11).states)[i], `lag ${i}`);
    });
    await plot.unfold('check');
    const rows = plot.rows('check');
    expect(rows).to.have.length(6);
    for (const [name, exact, estimate] of rows) {
      const [, kind, index] = /^∂L∕∂([hc])(\d+)$/.exec(name.replace(/\s/g, ''))!;
      const H = truth.lstm.weights.hiddenSize;
      const column = Number(index) - 1 + (kind === 'c' ? H : 0);
      const byHand = nudged(truth.lstm, 11, 8, column, truth.lstm.loss(11));
      expect(numberOf(exact), name).to.be.closeTo(byHand, 1e-7);
      expect(numberOf(estimate), name).to.be.closeTo(byHand, 1e-7);
    }
  });

  /** ∂L_t/∂s_k by central differences: the engine reads on from two nudged states, and log softmax is done here. */
  function nudged(
    { weights, unrolled, readout }: Run,
    t: number,
    k: number,
    column: number,
    { row }: { readonly row: number },
  ): number {
    const { inputSize: I, hiddenSize: H } = weights;
    const rest = unrolled.x.slice((k + 1) * I, (t + 1) * I);
    const loss = (by: number): number => {
      const state = [...unrolled.steps[k].h, ...unrolled.steps[k].c].slice(0, stateSize(weights));
      state[column] += by;
      const trace = runSequence(weights, rest, { h: state.slice(0, H), c: state.slice(H) });
      const h = [...trace.h.slice(-H)];
      const { weight, bias } = readout!;
      const logits = [...bias].map((each, v) =>
        sum([each, ...h.map((unit, j) => unit * weight[v * H + j])]),
      );
      const most = Math.max(...logits);
      return most + Math.log(sum(logits.map((each) => Math.exp(each - most)))) - logits[row];
    };
    return (loss(1e-4) - loss(-1e-4)) / 2e-4;
  }
});

describe('what each step adds to the gradient of the weights', () => {
  const t = 12;
  const mount = (attributes = ''): Promise<Plot> => mountPlot(lossPlot(`step="13" ${attributes}`));
  const lines = (plot: Plot, cell: CellType): number[] =>
    plot.line(cell, 'line', 'share-lines').map(({ exponent }) => exponent);
  const norms = (plot: Plot): string[] => [...plot.part('shares').querySelectorAll('li')].map(seen);
  const clip = async (plot: Plot): Promise<void> => {
    await plot.click(plot.part('clip'));
  };
  const clipAt = (plot: Plot): HTMLInputElement => plot.part('clip-at') as HTMLInputElement;
  const loss = async (): Promise<Record<string, LossGradient>> => {
    const truth = await trained();
    return Object.fromEntries(recurrentCells.map((cell) => [cell, truth[cell].loss(t)]));
  };

  it('is drawn step by step, with the norm of the whole', async () => {
    const truth = await loss();
    const plot = await mount();
    recurrentCells.forEach((cell, i) => {
      const { steps, total } = truth[cell];
      draws(plot, plot.line(cell, 'line', 'share-lines'), byLag(steps), cell, 'share-lines');
      const said = /^(.+): norm (.+)\.$/.exec(norms(plot)[i]);
      expect(said?.[1]).to.equal(english.cellName[cell]);
      tells(said![2], total, cell);
      expect(total, 'shares can cancel, not grow').to.be.below(sum([...steps]) + 1e-12);
    });
    expect(clipAt(plot).disabled, 'clipping is off').to.equal(true);
  });

  it('is scaled by one factor when it is clipped: the ratios stay', async () => {
    const truth = await loss();
    const plot = await mount();
    const before = recurrentCells.map((cell) => lines(plot, cell));
    const ratios = (): string =>
      /(\S.* back, at “.+”, a step adds .+ in the GRU)/.exec(
        plain(seen(plot.part('shares').querySelector('p:last-child'))),
      )![1];
    const said = ratios();
    await clip(plot);
    expect((plot.part('clip') as HTMLInputElement).checked).to.equal(true);
    for (const exponent of [-2, -4, 0.5, 2]) {
      await slide(plot, clipAt(plot), exponent, ['input']);
      const limit = 10 ** exponent;
      tells(clipAt(plot).getAttribute('aria-valuetext')!, limit);
      const { grain } = plot.axes('share-lines');
      recurrentCells.forEach((cell, i) => {
        const { steps, total } = truth[cell];
        const factor = Math.min(1, limit / total);
        const clipped = byLag(steps).map((each) => each * factor);
        draws(plot, plot.line(cell, 'line', 'share-lines'), clipped, cell, 'share-lines');
        // one factor for all
        lines(plot, cell).forEach((each, lag) => {
          const shift = each - before[i][lag];
          if (each > plot.axes('share-lines').low) {
            expect(shift, `${cell} ${lag}`).to.be.closeTo(Math.log10(factor), 3 * grain);
          }
        });
        // what it was is still there
        draws(plot, plot.line(cell, 'thin', 'share-lines'), byLag(steps), cell, 'share-lines');
        const [norm] = norms(plot).filter((each) => each.startsWith(english.cellName[cell]));
        if (factor < 1) {
          const [, whole, by] = /: norm (.+), so everything is multiplied by (.+)\.$/.exec(norm)!;
          tells(whole, total, cell);
          tells(by, factor, cell);
        } else {
          const [, whole] = /: norm (.+), below the limit: nothing changes\.$/.exec(norm)!;
          tells(whole, total, cell);
        }
      });
      expect(ratios(), 'the same ratios').to.equal(said);
    }
    // the gradient by earlier states is not the gradient of the weights: it is as it was
    draws(plot, plot.line('rnn'), byLag(truth['rnn'].states));
    await clip(plot);
    expect(recurrentCells.map((cell) => lines(plot, cell))).to.deep.equal(before);
    expect(clipAt(plot).disabled).to.equal(true);
  });

  it('has ratios in words: those of the shares', async () => {
    const truth = await loss();
    const plot = await mount();
    for (const lag of [1, 9]) {
      await plot.pointAt(lag);
      const text = plain(seen(plot.part('shares').querySelector('p:last-child')));
      const found =
        /a step adds (\S+(?: · \S+)?) of what the last one adds in the simple RNN, (.+) in the LSTM and (.+) in the GRU/.exec(
          text,
        );
      expect(found, text).not.to.equal(null);
      recurrentCells.forEach((cell, i) => {
        const shares = byLag(truth[cell].steps);
        tells(found![i + 1], shares[lag] / shares[0], `${cell} at ${lag}`);
      });
      expect(text).to.contain(`${lag} word${lag === 1 ? '' : 's'} back`);
    }
  });

  it('begins, when clipping is switched on, with a limit that clips every cell', async () => {
    const truth = await loss();
    const plot = await mount();
    await clip(plot);
    const limit = 10 ** Number(clipAt(plot).value);
    for (const cell of recurrentCells) expect(truth[cell].total).to.be.above(limit);
    for (const norm of norms(plot)) expect(norm).to.contain('multiplied by');
  });

  it('has the same lag as the plot above, and moves it', async () => {
    const plot = await mount();
    const chart = plot.chart('share-lines');
    const { left, width, top } = chart.getBoundingClientRect();
    const { lag } = plot.axes('share-lines');
    // where lag 7 stands
    const slope = lag(1) - lag(0);
    const x = (7 - lag(0)) / slope;
    chart.dispatchEvent(
      new PointerEvent('pointermove', {
        clientX: left + (x * width) / chart.viewBox.baseVal.width,
        clientY: top + 50,
        bubbles: true,
      }),
    );
    await plot.settled();
    expect(plot.lag).to.equal(7);
    expect(plot.marked).to.equal(t - 7);
    const cursor = chart.querySelector('line.cursor')!;
    expect(lag(Number(cursor.getAttribute('x1')))).to.be.closeTo(7, 1e-6);
  });

  it('explodes and vanishes as the text of the page says: nothing hard-coded', async () => {
    const other = 'The dog bites the man. It rains on the roof.';
    const truth = await trained(other);
    const plot = await mountPlot(
      `<gradient-plot quantity="loss" step="9">${other}</gradient-plot>`,
    );
    for (const cell of recurrentCells) {
      const { steps } = truth[cell].loss(8);
      draws(plot, plot.line(cell, 'line', 'share-lines'), byLag(steps), cell, 'share-lines');
    }
    expect(plot.words.join(' ')).not.to.equal(kite);
  });
});
