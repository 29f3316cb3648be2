// What a <gradient-plot> shows, in words and in tables, are the numbers of the networks that run.

import { expect } from '@open-wc/testing';
import '../../src/define/gradient-plot.js';
import {
  gatePathGainsAt,
  jacobianNorms,
  runSequence,
  stateJacobian,
  stateSize,
} from '../../src/engine/index.js';
import { englishPlot } from '../../src/model/plot-strings.js';
import { randomModel, storyModel } from '../../src/model/index.js';
import { expected, percent, value } from '../support/expected.js';
import { eventually, seen } from '../support/figure.js';
import {
  kite,
  mountPlot,
  numberOf,
  plain,
  randomRunOf,
  quartiles,
  readRun,
  recurrentCells,
  tells,
  trained,
  type Plot,
  type Run,
} from '../support/plot.js';

/** Presses the button that downloads the numbers. @returns the file, in rows and fields, and its name. */
async function csv(plot: Plot): Promise<{ name: string; text: string; rows: string[][] }> {
  const blobs: Blob[] = [];
  const links: HTMLAnchorElement[] = [];
  const create = URL.createObjectURL.bind(URL);
  Object.assign(URL, {
    createObjectURL(blob: Blob) {
      blobs.push(blob);
      return create(blob);
    },
  });
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    links.push(this);
  };
  try {
    await plot.click(plot.part('csv'));
  } finally {
    Object.assign(URL, { createObjectURL: create });
    delete (HTMLAnchorElement.prototype as { click?: unknown }).click;
  }
  expect([blobs.length, links.length]).to.deep.equal([1, 1]);
  expect(blobs[0].type).to.contain('text/csv');
  expect(links[0].href).to.match(/^blob:/);
  const text = await blobs[0].text();
  return { name: links[0].download, text, rows: parse(text) };
}

/** RFC 4180. */
function parse(text: string): string[][] {
  expect(text).to.match(/\r\n$/);
  const rows: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  rows.pop();
  return rows;
}

describe('the point in words', () => {
  it('says what each cell hands back at the lag, and at which word', async () => {
    const truth = await trained();
    const t = truth.rnn.tokens.length - 1;
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    const first = (): string => plot.narration.split(/(?<=\.) (?=In )/)[0];
    for (const lag of [t, 14, 5, 1]) {
      await plot.pointAt(lag);
      const said =
        /^(\d+) words? back, at “(.+)”, a nudge of the state is worth (.+) of itself here in the simple RNN, (.+) in the LSTM and (.+) in the GRU\.$/.exec(
          first(),
        );
      expect(said, first()).not.to.equal(null);
      const [, back, word, ...amounts] = said!;
      expect(Number(back)).to.equal(lag);
      expect(word).to.equal(truth.rnn.tokens[t - lag].text);
      recurrentCells.forEach((cell, i) => {
        tells(amounts[i], truth[cell].gains(t)[lag], `${cell} at lag ${lag}`);
      });
    }
    await plot.pointAt(0);
    expect(first()).to.equal(
      'At this step itself, at “is”, a nudge of the state is worth 1 of itself here in the simple RNN, 1 in the LSTM and 1 in the GRU.',
    );
  });

  it('begins at the word that is worth following, else where the text says', async () => {
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    expect(plot.narration).to.contain('at “red”');
    expect(plot.marked).to.equal(3);
    const other = await mountPlot(
      '<gradient-plot follow="2">The cat sat on the mat</gradient-plot>',
    );
    expect(other.narration).to.contain('at “sat”');
    expect(other.marked).to.equal(2);
  });

  it('is only said of lines that are there: while a large network is computed, of none', async () => {
    const model = randomModel('lstm', { hiddenSize: 200 });
    const run = readRun(model, kite);
    const plot = await mountPlot(
      `<gradient-plot cell="lstm" model="random" hidden-size="200">${kite}</gradient-plot>`,
    );
    for (let t = run.tokens.length - 2; t > 8; t--) {
      await plot.click(plot.part('back'));
      const { narration } = plot;
      const amount = /is worth (.+) of itself here in the LSTM/.exec(narration)?.[1];
      const truth = run.gains(t)[t - 3];
      if (amount !== undefined) tells(amount, truth, `from ${t}: ${narration}`);
      await plot.pointAt(t - 3);
    }
  });

  it('says from which lag on less than a thousandth comes back, or more than ten times', async () => {
    const plot = await mountPlot(
      '<gradient-plot source="random" compare="rnn" recurrent-scale="0.9"></gradient-plot>',
    );
    const gains = randomRunOf('rnn', { recurrentScale: 0.9 }).gains(99);
    const lag = gains.findIndex((each) => each < 1e-3);
    expect(plot.narration).to.contain(
      `In the simple RNN less than a thousandth comes back from ${lag} steps on.`,
    );
    expect(plot.narration).to.match(/^20 steps back, a nudge of the state is worth /);
    const wild = await mountPlot(
      '<gradient-plot source="random" compare="rnn" recurrent-scale="4" seed="3" hidden-size="16"></gradient-plot>',
    );
    const wildGains = randomRunOf('rnn', { recurrentScale: 4, seed: 3, hiddenSize: 16 }).gains(99);
    const first = wildGains.findIndex((each) => each > 10);
    expect(first).to.be.above(0);
    expect(wild.narration).to.contain(
      `In the simple RNN it is more than tenfold from ${first} steps on.`,
    );
  });
});

describe('the numbers as a table', () => {
  it('are those of the lines, with words and bands', async () => {
    const truth = await trained();
    const t = truth.rnn.tokens.length - 1;
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    await plot.unfold('table');
    const bands = Object.fromEntries(
      recurrentCells.map((cell) => [cell, quartiles(truth[cell], t)] as const),
    );
    const path = [
      ...gatePathGainsAt(truth.lstm.weights, truth.lstm.unrolled, t, 'forget'),
    ].reverse();
    const rows = plot.rows('table');
    expect(plot.head('table')).to.have.length(9);
    expect(rows).to.have.length(t + 1);
    rows.forEach(([lag, word, ...amounts], i) => {
      expect(Number(lag)).to.equal(i);
      expect(word).to.equal(truth.rnn.tokens[t - i].text);
      recurrentCells.forEach((cell, column) => {
        tells(amounts[2 * column], truth[cell].gains(t)[i], `${cell}, row ${i}`);
        const { lower, upper } = bands[cell];
        const range = amounts[2 * column + 1];
        if (i >= lower.length) expect(range).to.equal('–');
        else {
          const [from, to] = range.split(' – ');
          tells(from, lower[i], `${cell}, row ${i}, lower`);
          tells(to, upper[i], `${cell}, row ${i}, upper`);
        }
      });
      tells(amounts[6], path[i], `gates, row ${i}`);
    });
  });

  it('are a CSV file with every digit', async () => {
    const truth = await trained();
    const t = truth.rnn.tokens.length - 1;
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    await plot.unfold('table');
    const { name, rows } = await csv(plot);
    expect(name).to.match(/\.csv$/);
    const [head, ...body] = rows;
    expect(head.slice(0, 2)).to.deep.equal(['lag', 'word']);
    expect(body).to.have.length(t + 1);
    const column = (title: string): string[] => body.map((row) => row[head.indexOf(title)]);
    expect(column('lag').map(Number)).to.deep.equal(body.map((_, i) => i));
    expect(column('word')).to.deep.equal(truth.rnn.tokens.map((each) => each.text).reverse());
    for (const cell of recurrentCells) {
      expect(column(cell).map(Number), cell).to.deep.equal(truth[cell].gains(t));
      const bands = quartiles(truth[cell], t);
      for (const kind of ['lower', 'median', 'upper'] as const) {
        column(`${cell}_${kind}`).forEach((field, i) => {
          if (i < bands[kind].length) expect(Number(field)).to.be.closeTo(bands[kind][i], 1e-12);
          else expect(field).to.equal('');
        });
      }
    }
    expect(column('lstm_forget_gates').map(Number)).to.deep.equal(
      [...gatePathGainsAt(truth.lstm.weights, truth.lstm.unrolled, t, 'forget')].reverse(),
    );
  });

  it('of words that are signs of the format, or formulas of a spreadsheet, stay in their fields', async () => {
    const text = 'He said “stop”, "now" , then = + @ 1';
    const plot = await mountPlot(`<gradient-plot model="random"></gradient-plot>`);
    plot.plot.text = text;
    await eventually(() => plot.words.includes('@'));
    await plot.computed();
    await plot.unfold('table');
    const { rows } = await csv(plot);
    const [head, ...body] = rows;
    for (const row of body) expect(row).to.have.length(head.length);
    const words = body.map((row) => row[1]).reverse();
    expect(words.map((word) => word.replace(/^'/, ''))).to.deep.equal(plot.words);
    for (const word of words) expect(word).not.to.match(/^[=+@]/);
  });

  it('of random networks have no words', async () => {
    const plot = await mountPlot('<gradient-plot source="random" cell="gru"></gradient-plot>');
    await plot.unfold('table');
    expect(plot.rows('table')[0]).to.have.length(3);
    const { rows } = await csv(plot);
    expect(rows[0]).to.deep.equal(['lag', 'gru', 'gru_lower', 'gru_median', 'gru_upper']);
    expect(rows.slice(1).map((row) => Number(row[1]))).to.deep.equal(randomRunOf('gru').gains(99));
  });
});

describe('three different things', () => {
  it('have the numbers of the engine: what is left, what a nudge of the vector does, what comes back', async () => {
    const truth = await trained();
    const t = truth.rnn.tokens.length - 1;
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    await plot.unfold('facts');
    const independent = Object.fromEntries(
      await Promise.all(
        recurrentCells.map(async (cell) => [cell, expected(await storyModel(cell), kite)] as const),
      ),
    );
    for (const lag of [14, 6, 0]) {
      await plot.pointAt(lag);
      const rows = plot.rows('facts');
      expect(rows).to.have.length(4);
      expect(
        rows.map(([name]) => name.replace(/(.)(What|How|A state).*$/, '$1').trim()),
      ).to.have.members([
        englishPlot.things.memory.name,
        englishPlot.things.influence.name,
        englishPlot.things.gain.name,
        englishPlot.stateSize,
      ]);
      recurrentCells.forEach((cell, i) => {
        const [memory, influence, gain, size] = rows.map((row) => row[i + 1]);
        const where = `${cell} at lag ${lag}`;
        expect(memory, where).to.equal(percent(independent[cell].memory(t, t - lag)));
        tells(influence, independent[cell].influence(t, t - lag), `influence, ${where}`);
        tells(gain, truth[cell].gains(t)[lag], `gain, ${where}`);
        const h = independent[cell].hidden(t);
        expect(size, where).to.equal(value(Math.hypot(...h) / Math.sqrt(h.length)));
      });
      const caption = plain(seen(plot.part('facts').querySelector('caption')));
      expect(caption).to.contain(`“${truth.rnn.tokens[t - lag].text}”`);
    }
  });

  it('are one with random networks, which read no word', async () => {
    const plot = await mountPlot('<gradient-plot source="random"></gradient-plot>');
    await plot.unfold('facts');
    const rows = plot.rows('facts');
    expect(rows).to.have.length(2);
    recurrentCells.forEach((cell, i) => {
      const run = randomRunOf(cell);
      tells(rows[0][i + 1], run.gains(99)[20], cell);
      const h = [...run.unrolled.steps[99].h];
      expect(rows[1][i + 1]).to.equal(value(Math.hypot(...h) / Math.sqrt(h.length)));
    });
  });
});

describe('“Check it”', () => {
  interface Entry {
    readonly name: string;
    readonly row: number;
    readonly column: number;
    readonly exact: number;
    readonly estimate: number;
    readonly difference: string;
  }

  /** The rows of the table, with numbers of s (h, then c) from 0. */
  function entries(plot: Plot, H: number): Entry[] {
    return plot.rows('check').map(([name, exact, estimate, difference]) => {
      const found = /^∂([hc])(\d+) ?∕ ?∂([hc])(\d+)$/.exec(name.replace(/\s/g, ''));
      expect(found, name).not.to.equal(null);
      const place = (kind: string, index: string): number =>
        Number(index) - 1 + (kind === 'c' ? H : 0);
      return {
        name,
        row: place(found![1], found![2]),
        column: place(found![3], found![4]),
        exact: numberOf(exact),
        estimate: numberOf(estimate),
        difference,
      };
    });
  }

  /** ∂s_t/∂s_k by central differences: the engine reads the rest of the text from two nudged states. */
  function nudged({ weights, unrolled }: Run, t: number, k: number, column: number): number[] {
    const { inputSize: I, hiddenSize: H } = weights;
    const rest = unrolled.x.slice((k + 1) * I, (t + 1) * I);
    const end = (by: number): number[] => {
      const state = [...unrolled.steps[k].h, ...unrolled.steps[k].c].slice(0, stateSize(weights));
      state[column] += by;
      const { h, c } = runSequence(weights, rest, { h: state.slice(0, H), c: state.slice(H) });
      return [...h.slice(-H), ...(c?.slice(-H) ?? [])];
    };
    const [up, down] = [end(1e-4), end(-1e-4)];
    return up.map((each, i) => (each - down[i]) / 2e-4);
  }

  it('puts entries of the derivative beside what nudging does; both are what they are called', async () => {
    const truth = await trained();
    const t = truth.rnn.tokens.length - 1;
    const plot = await mountPlot('<gradient-plot></gradient-plot>');
    await plot.pointAt(4);
    await plot.unfold('check');
    const shown = new Set<string>();
    for (const [i, cell] of recurrentCells.entries()) {
      await plot.click(plot.parts('check-cell')[i]);
      expect(
        plot.parts('check-cell').map((each) => each.getAttribute('aria-pressed')),
      ).to.deep.equal(recurrentCells.map((each) => String(each === cell)));
      const run = truth[cell];
      const S = stateSize(run.weights);
      const jacobian = stateJacobian(run.weights, run.unrolled, t, t - 4);
      const found = entries(plot, run.weights.hiddenSize);
      expect(found).to.have.length(6);
      expect(new Set(found.map(({ name }) => name)).size).to.equal(6);
      for (const { name, row, column, exact, estimate, difference } of found) {
        const truly = jacobian[row * S + column];
        expect(exact, `${cell} ${name}`).to.be.closeTo(truly, 1e-6 * Math.abs(truly));
        const byHand = nudged(run, t, t - 4, column)[row];
        expect(estimate, `${cell} ${name}`).to.be.closeTo(byHand, 1e-7);
        expect(Math.abs(estimate - exact), `${cell} ${name}`).to.be.below(1e-6);
        expect(numberOf(difference), 'a relative difference').to.be.below(1e-3);
        shown.add(`${cell} ${name}`);
      }
    }
  });

  it('draws other entries on demand, and other numbers at another lag or step', async () => {
    const plot = await mountPlot('<gradient-plot cell="gru"></gradient-plot>');
    await plot.pointAt(3);
    await plot.unfold('check');
    const rows = (): string => JSON.stringify(plot.rows('check'));
    const seenBefore = new Set([rows()]);
    const fresh = async (what: string, act: () => Promise<void>): Promise<void> => {
      await act();
      expect(seenBefore.has(rows()), what).to.equal(false);
      seenBefore.add(rows());
    };
    await fresh('other entries', () => plot.click(plot.part('check-again')));
    await fresh('and others again', () => plot.click(plot.part('check-again')));
    await fresh('another lag', () => plot.pointAt(4));
    await fresh('another step', () => plot.change(() => plot.click(plot.part('back'))));
    const before = rows();
    await plot.change(() => plot.click(plot.part('next')));
    await plot.change(() => plot.click(plot.part('back')));
    expect(rows(), 'the same draw of the same').to.equal(before);
  });

  it('says what nudging can not tell from nothing', async () => {
    const plot = await mountPlot(
      '<gradient-plot source="random" cell="rnn" recurrent-scale="0.5"></gradient-plot>',
    );
    await plot.pointAt(60);
    const details = await plot.unfold('check');
    const run = randomRunOf('rnn', { recurrentScale: 0.5 });
    const jacobian = stateJacobian(run.weights, run.unrolled, 99, 39);
    for (const { name, row, column, exact, difference } of entries(plot, 32)) {
      expect(difference, 'no difference means anything').to.equal(englishPlot.checkTooSmall);
      const truly = jacobian[row * 32 + column];
      expect(exact, name).to.be.closeTo(truly, 1e-6 * Math.abs(truly));
      expect(Math.abs(exact)).to.be.below(1e-12);
    }
    const limit = /cannot tell derivatives below about (.+) from 0/.exec(seen(details));
    expect(numberOf(limit![1])).to.be.within(1e-14, 1e-9);
  });

  it('is asked of the state that a word left, not of the word: other things have other tables', async () => {
    const plot = await mountPlot('<gradient-plot cell="rnn"></gradient-plot>');
    await plot.unfold('facts');
    const { weights, unrolled } = (await trained()).rnn;
    const t = unrolled.length - 1;
    const T = unrolled.length;
    const influence = jacobianNorms(weights, unrolled.x, 'input')[t * T + 3];
    const [, shown, gain] = plot.rows('facts');
    tells(shown[1], influence);
    expect(shown[1]).not.to.equal(gain[1]);
    // a twin that never read the word
    const model = await storyModel('rnn');
    const twins = expected(model, kite);
    expect(plot.rows('facts')[0][1]).to.equal(percent(twins.memory(t, 3)));
  });
});
