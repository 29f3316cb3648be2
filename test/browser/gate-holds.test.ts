// What if a gate were held, or a word skipped: by clicks, in a diagram and the figure it follows; and back again.

import { expect } from '@open-wc/testing';
import { sendKeys } from '../support/browser.js';
import '../../src/define/gate-diagram.js';
import '../../src/define/rnn-visualizer.js';
import type { HeldGate, Intervention, Trace } from '../../src/engine/index.js';
import { englishDiagram } from '../../src/model/diagram-strings.js';
import { english, storyModel } from '../../src/model/index.js';
import { chance, percent, share, value } from '../support/expected.js';
import { eventually, seen, type Figure } from '../support/figure.js';
import {
  bothSettled,
  heldIn,
  kite,
  meanOf,
  mountDiagram,
  mountPair,
  named,
  readUnder,
  slide,
  struckIn,
  undoName,
  type Diagram,
  type Truth,
} from '../support/diagram.js';

const colours = ['red', 'blue', 'green', 'yellow', 'white', 'black'];
/** Indices in the kite story. */
const [red, sat, is] = [3, 8, 17];
const lstm = await storyModel('lstm');

const hold = (gate: HeldGate, value: number, from: number, to = Infinity): Intervention => ({
  kind: 'hold',
  gate,
  value,
  from,
  to,
});
const skip = (word: number): Intervention => ({ kind: 'skip', from: word, to: word + 1 });

const { onward, once, skipped } = named;

/** All numbers of a trace, that may be compared to the bit. */
function numbersOf(trace: Trace | null): number[] {
  return [trace!.h, trace!.c ?? [], ...Object.values(trace!.gates)].flatMap((each) => [...each]);
}

/** The pair shows what a run under these interventions computes: bars, predictions, means, table. */
function shows(figure: Figure, diagram: Diagram, truth: Truth, free: Truth): void {
  const t = figure.element.step - 1;
  const followed = figure.element.follow;
  const { parts } = truth.anatomy(t);
  expect([...figure.element.trace!.h.slice(t * 64, t * 64 + 64)], 'the trace').to.deep.equal(
    truth.hidden(t),
  );
  for (let word = 0; word <= t; word++) {
    const where = `memory of word ${word} at ${t}`;
    expect(figure.memory('lstm', word), where).to.equal(percent(truth.memory(t, word)));
  }
  const written = (all: Truth): { word: string; chance: string }[] =>
    all.predictions(t).map(({ word, probability }) => ({ word, chance: chance(probability) }));
  expect(figure.predictions[0]).to.deep.equal(written(truth));
  for (const [id, values] of Object.entries(parts)) {
    expect(diagram.mean(id as HeldGate), id).to.equal(value(meanOf(values)));
  }
  const { consequences } = diagram;
  if (diagram.held.length === 0) {
    expect(consequences).to.deep.equal({});
    return;
  }
  if (followed <= t) {
    const row = consequences[englishDiagram.memoryOf(truth.tokens[followed].text)];
    expect(row).to.deep.equal([free, truth].map((each) => percent(each.memory(t, followed))));
  }
  const say = (all: Truth): string => {
    const [{ word, probability }] = all.predictions(t);
    const { guess, expectation } = englishDiagram;
    return (probability < 0.5 ? guess : expectation)(word, chance(probability));
  };
  expect(consequences[englishDiagram.expects]).to.deep.equal([free, truth].map(say));
}

describe('the forget gate held at 0 from “sat” on', () => {
  for (const undoIn of ['diagram', 'visualizer'] as const) {
    it(`takes the colour away; undone in the ${undoIn}, all is exactly as it was`, async () => {
      const { figure, diagram } = await mountPair();
      await diagram.toTheEnd();
      await bothSettled(figure);
      const before = numbersOf(figure.element.trace);
      const free = readUnder(lstm, kite);
      shows(figure, diagram, free, free);
      expect(figure.predictions[0][0].word).to.equal('red');
      expect(share(figure.predictions[0][0].chance)).to.be.above(0.9);

      await diagram.goTo(sat);
      expect(diagram.wordNow).to.equal('sat');
      await diagram.hold('forget', 0);
      const held = readUnder(lstm, kite, [hold('forget', 0, sat)]);
      const says = [onward('forget', '0', 'sat')];
      for (let t = sat; t <= is; t++) {
        await bothSettled(figure, diagram);
        shows(figure, diagram, held, free);
        expect(diagram.held).to.deep.equal(says);
        expect(heldIn(figure)).to.deep.equal(says);
        await diagram.next();
      }
      // the promise, as a reader sees it
      expect(share(figure.memory('lstm', red))).to.be.below(0.01);
      expect(share(diagram.consequences[englishDiagram.memoryOf('red')][1])).to.be.below(0.01);
      for (const each of figure.predictions[0]) {
        if (each.word === 'red') expect(share(each.chance)).to.be.below(0.4);
      }
      expect(held.probability(is, 'red')).to.be.below(0.4);
      expect(numbersOf(figure.element.trace)).not.to.deep.equal(before);

      await (undoIn === 'diagram' ? diagram : figure).press(undoName(says[0]));
      await bothSettled(figure, diagram);
      expect(numbersOf(figure.element.trace)).to.deep.equal(before);
      shows(figure, diagram, free, free);
      expect(diagram.has('intervention')).to.equal(false);
      expect(figure.has('intervention')).to.equal(false);
      const undone = [{ interventions: [] }];
      expect(diagram.heard('rnn-gate-release')).to.deep.equal(undoIn === 'diagram' ? undone : []);
    });
  }

  it('brings recall of all six colours down to chance', async () => {
    const { figure, diagram } = await mountPair();
    let [right, rightHeld, mean] = [0, 0, 0];
    for (const colour of colours) {
      const text = kite.replace('red', colour);
      if (colour !== 'red') await figure.paste(text);
      await diagram.settled();
      expect(diagram.held, 'a hold of another sentence').to.deep.equal([]);
      expect(diagram.words[red]).to.equal(colour);
      await diagram.goTo(is);
      await figure.settled();
      if (figure.predictions[0][0].word === colour) right++;
      await diagram.goTo(sat);
      await diagram.hold('forget', 0);
      await diagram.goTo(is);
      await figure.settled();
      const truth = readUnder(lstm, text, [hold('forget', 0, sat)]);
      const [best] = figure.predictions[0];
      const [expectedBest] = truth.predictions(is);
      expect(best.word).to.equal(expectedBest.word);
      if (best.word === colour) rightHeld++;
      mean += truth.probability(is, colour) / 6;
      const shown = figure.predictions[0].find(({ word }) => word === colour);
      expect(shown ? share(shown.chance) : 0, colour).to.be.below(0.4);
      await figure.click(figure.bar('lstm', red));
      expect(share(figure.memory('lstm', red)), colour).to.be.below(0.01);
    }
    expect(right, 'as computed').to.equal(6);
    expect(rightHeld, 'held: one of six is chance').to.be.at.most(2);
    expect(mean, 'probability of the right one').to.be.closeTo(1 / 6, 0.1);
  });
});

describe('a gate', () => {
  const free = readUnder(lstm, kite);

  it('is held open, and says so everywhere', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="9"');
    await diagram.hold('forget', 1);
    await bothSettled(figure);
    shows(figure, diagram, readUnder(lstm, kite, [hold('forget', 1, sat)]), free);
    expect(diagram.held).to.deep.equal([onward('forget', '1', 'sat')]);
    const { nodeLabel, nodeName } = englishDiagram;
    expect(diagram.name('forget')).to.equal(nodeLabel(nodeName.forget, '', '1.00', '1'));
    expect(diagram.name('input')).not.to.contain('held');
    expect(seen(diagram.node('forget').querySelector('.operation'))).to.equal('1');
    expect(seen(diagram.node('input').querySelector('.operation'))).to.equal('σ');
    expect(diagram.arithmetic).to.equal(`f = 1 (${englishDiagram.held})`);
    expect(diagram.holdButton(1).getAttribute('aria-pressed')).to.equal('true');
    expect(diagram.holdButton(0).getAttribute('aria-pressed')).to.equal('false');
    expect(diagram.holdButton(null).getAttribute('aria-pressed')).to.equal('false');
    expect(diagram.narration).to.contain(diagram.held[0]);
    expect(seen(diagram.wordButtons[sat].querySelector('.amount'))).to.equal('1.00');

    await diagram.click(diagram.holdButton(null));
    await bothSettled(figure);
    shows(figure, diagram, free, free);
    expect(diagram.holdButton(null).getAttribute('aria-pressed')).to.equal('true');
    expect(diagram.name('forget')).not.to.contain('held');
    expect(diagram.narration).not.to.contain(english.intervention.title);
  });

  it('is held at any value between by the slider, with a hand or with keys', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="9"');
    await diagram.choose('forget');
    const mean = meanOf(free.anatomy(sat).parts.forget!);
    const { holdSlider } = diagram;
    expect(Number(holdSlider.value), 'where the gate is').to.be.closeTo(mean, 0.025);
    await slide(diagram, holdSlider, 0.35);
    await figure.settled();
    shows(figure, diagram, readUnder(lstm, kite, [hold('forget', 0.35, sat)]), free);
    expect(diagram.held).to.deep.equal([onward('forget', '0.35', 'sat')]);
    expect(seen(holdSlider.parentElement!.querySelector('.amount'))).to.equal('0.35');
    holdSlider.focus();
    await sendKeys({ press: 'ArrowRight' });
    await diagram.settled();
    expect(diagram.held).to.deep.equal([onward('forget', '0.4', 'sat')]);
    expect(diagram.focused, 'the focus stays').to.equal(holdSlider);
    await sendKeys({ press: 'End' });
    await diagram.settled();
    expect(diagram.held).to.deep.equal([onward('forget', '1', 'sat')]);
    expect(diagram.holdButton(1).getAttribute('aria-pressed')).to.equal('true');
    await diagram.click(diagram.holdButton(null));
    expect(Number(holdSlider.value), 'back where it was').to.be.closeTo(mean, 0.025);
    expect(
      diagram.heard('rnn-gate-hold').map(({ intervention }) => intervention),
      'each value once',
    ).to.deep.equal([0.35, 0.4, 1].map((each) => hold('forget', each, sat)));
  });

  it('is held at one word, or from it on; which of them can be changed afterwards', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="9"');
    await diagram.choose('forget');
    expect([true, false].map((each) => seen(diagram.radio(each).parentElement))).to.deep.equal([
      englishDiagram.onward('sat'),
      englishDiagram.only('sat'),
    ]);
    expect(diagram.radio(true).checked).to.equal(true);
    await diagram.scope(false);
    expect(diagram.heard('rnn-gate-hold'), 'nothing is held yet').to.deep.equal([]);
    await diagram.hold('forget', 0);
    const alone = readUnder(lstm, kite, [hold('forget', 0, sat, sat + 1)]);
    expect(diagram.held).to.deep.equal([once('forget', '0', 'sat')]);
    await diagram.goTo(is);
    await figure.settled();
    shows(figure, diagram, alone, free);
    expect(diagram.name('forget')).not.to.contain('held');

    await diagram.goTo(sat);
    await diagram.scope(true);
    expect(diagram.held).to.deep.equal([onward('forget', '0', 'sat')]);
    await diagram.goTo(is);
    await figure.settled();
    const onwards = readUnder(lstm, kite, [hold('forget', 0, sat)]);
    shows(figure, diagram, onwards, free);
    await diagram.goTo(sat);
    await diagram.scope(false);
    expect(diagram.held).to.deep.equal([once('forget', '0', 'sat')]);
    await diagram.goTo(is);
    await figure.settled();
    shows(figure, diagram, alone, free);
    const every = [sat + 1, Infinity, sat + 1].map((to) => hold('forget', 0, sat, to));
    expect(diagram.heard('rnn-gate-hold')).to.deep.equal(
      every.map((each) => ({ intervention: each, word: 'sat', interventions: [each] })),
    );
  });

  it('has its scope told as it is, whatever was chosen at another word', async () => {
    const { diagram } = await mountPair('cell="lstm" step="9"');
    await diagram.choose('forget');
    await diagram.scope(false);
    await diagram.hold('forget', 0);
    await diagram.goTo(11);
    await diagram.scope(true);
    await diagram.hold('input', 0);
    await diagram.goTo(sat);
    await diagram.choose('forget');
    expect(diagram.held).to.include(once('forget', '0', 'sat'));
    expect(diagram.radio(false).checked, 'only at “sat”').to.equal(true);
    await diagram.goTo(11);
    await diagram.choose('input');
    expect(diagram.radio(true).checked, 'from “mat” on').to.equal(true);
  });

  it('is no longer held from a later word on, if that is what is chosen there', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="9"');
    await diagram.hold('forget', 0);
    await diagram.goTo(11);
    await diagram.scope(false);
    expect(diagram.name('forget')).to.contain('held at 0');
    await diagram.next();
    await figure.settled();
    expect(diagram.name('forget'), '“only at “mat”” was chosen').not.to.contain('held');
  });

  it('is held anew at the same word in place of before', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="9"');
    await diagram.hold('forget', 0);
    await diagram.hold('forget', 1);
    expect(diagram.held).to.deep.equal([onward('forget', '1', 'sat')]);
    const [, { interventions }] = diagram.heard('rnn-gate-hold');
    expect(interventions).to.deep.equal([hold('forget', 1, sat)]);
    // at another word both are there, and the later one counts from then on
    await diagram.goTo(11);
    await diagram.hold('forget', 0);
    expect(diagram.held).to.have.length(2);
    await diagram.goTo(is);
    await figure.settled();
    const both = [hold('forget', 1, sat), hold('forget', 0, 11)];
    shows(figure, diagram, readUnder(lstm, kite, both), free);
    expect(heldIn(figure)).to.deep.equal(diagram.held);
    await diagram.click(diagram.holdButton(null));
    await figure.settled();
    expect(diagram.held, 'as computed, whatever held it').to.deep.equal([]);
    expect(diagram.heard('rnn-gate-release')).to.deep.equal([{ interventions: [] }]);
    shows(figure, diagram, free, free);
  });

  it('is released without another one; “Undo all” undoes all', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="9"');
    await diagram.hold('forget', 0);
    expect(diagram.parts('release'), 'of one').to.have.length(1);
    await diagram.hold('input', 1);
    await bothSettled(figure);
    const both = [hold('forget', 0, sat), hold('input', 1, sat)];
    shows(figure, diagram, readUnder(lstm, kite, both), free);
    expect(diagram.heard('rnn-gate-hold')).to.deep.equal([
      { intervention: both[0], word: 'sat', interventions: [both[0]] },
      { intervention: both[1], word: 'sat', interventions: both },
    ]);
    const names = [onward('forget', '0', 'sat'), onward('input', '1', 'sat')];
    expect(diagram.held).to.deep.equal(names);
    await figure.press(undoName(names[0]));
    await diagram.settled();
    expect(diagram.held).to.deep.equal([names[1]]);
    shows(figure, diagram, readUnder(lstm, kite, [both[1]]), free);

    await diagram.hold('output', 0);
    await diagram.press(english.intervention.undoAll);
    await figure.settled();
    shows(figure, diagram, free, free);
    expect(diagram.heard('rnn-gate-release')).to.deep.equal([{ interventions: [] }]);
    expect(diagram.has('release')).to.equal(false);
  });

  it('stays held while the reader goes back and forth', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="9"');
    await diagram.hold('forget', 0);
    const held = readUnder(lstm, kite, [hold('forget', 0, sat)]);
    for (const step of [12, 3, 18, 0, 9]) {
      figure.element.seek(step);
      await bothSettled(figure, diagram);
      expect(diagram.held, `at ${step}`).to.have.length(1);
      if (step > 0) shows(figure, diagram, held, free);
    }
    await figure.toTheEnd();
    await diagram.settled();
    shows(figure, diagram, held, free);
  });

  it('that is not chosen has no controls, and what is no gate neither', async () => {
    const diagram = await mountDiagram('<gate-diagram step="9"></gate-diagram>');
    for (const id of diagram.ids) {
      await diagram.choose(id);
      const gate = ['forget', 'input', 'output'].includes(id);
      expect(diagram.has('hold'), id).to.equal(gate);
      if (gate) {
        expect(seen(diagram.part('hold'))).to.contain(
          englishDiagram.hold(english.gateName[id as HeldGate]),
        );
      } else expect(seen(diagram.part('what-if'))).to.contain(englishDiagram.chooseGate(true));
    }
    for (const cell of ['rnn', 'feedforward']) {
      const other = await mountDiagram(`<gate-diagram cell="${cell}" step="2"></gate-diagram>`);
      expect(other.has('hold')).to.equal(false);
      expect(seen(other.part('what-if'))).to.contain(englishDiagram.chooseGate(false));
    }
  });

  it('of a GRU is held as well', async () => {
    const gru = await storyModel('gru');
    const diagram = await mountDiagram('<gate-diagram cell="gru" step="9"></gate-diagram>');
    for (const [gate, at0or1] of [
      ['update', 0],
      ['reset', 1],
      ['update', 1],
    ] as const) {
      diagram.diagram.release();
      await diagram.hold(gate, at0or1);
      const { parts } = readUnder(gru, kite, [hold(gate, at0or1, sat)]).anatomy(sat);
      for (const id of diagram.ids) {
        expect(diagram.mean(id), id).to.equal(value(meanOf(parts[id]!)));
      }
    }
  });
});

describe('a word', () => {
  const free = readUnder(lstm, kite);

  it('is skipped: struck through, and forgotten to the last bit; and read after all', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="4"');
    const before = numbersOf(figure.element.trace);
    await diagram.press(englishDiagram.skip('red'));
    const under = readUnder(lstm, kite, [skip(red)]);
    await bothSettled(figure);
    shows(figure, diagram, under, free);
    expect(figure.memory('lstm', red)).to.equal('0%');
    for (const each of [diagram, figure]) {
      expect(struckIn(each)).to.deep.equal(['red']);
      expect(heldIn(each)).to.deep.equal([skipped('red')]);
    }
    expect(diagram.wordButtons[red].getAttribute('aria-label')).to.contain(skipped('red'));
    expect(diagram.heard('rnn-gate-hold')).to.deep.equal([
      { intervention: skip(red), word: 'red', interventions: [skip(red)] },
    ]);
    // nothing was computed in this step
    for (const id of diagram.ids) {
      const given = id in under.anatomy(red).parts;
      expect(diagram.mean(id) !== '', id).to.equal(given);
      expect(diagram.shades(id, id === 'x' ? 24 : 64) !== null, id).to.equal(given);
    }
    expect(diagram.has('hold'), 'nothing to hold').to.equal(false);
    expect(seen(diagram.part('base'))).not.to.match(/NaN|undefined|null/);
    for (const id of diagram.ids) {
      await diagram.choose(id);
      expect(seen(diagram.part('base')), id).not.to.match(/NaN|undefined|null/);
    }

    await diagram.goTo(is);
    await figure.settled();
    shows(figure, diagram, under, free);
    expect(figure.memory('lstm', red)).to.equal('0%');
    expect(diagram.consequences[englishDiagram.memoryOf('red')][1]).to.equal('0%');
    expect(under.probability(is, 'red')).to.be.below(0.4);

    await diagram.goTo(red);
    await diagram.press(englishDiagram.readAgain('red'));
    await bothSettled(figure);
    expect(numbersOf(figure.element.trace).slice(0, 4 * 64)).to.deep.equal(before.slice(0, 4 * 64));
    expect(struckIn(diagram)).to.deep.equal([]);
    expect(struckIn(figure)).to.deep.equal([]);
    expect(diagram.heard('rnn-gate-release')).to.deep.equal([{ interventions: [] }]);
    shows(figure, diagram, free, free);
  });

  it('that is skipped is struck through in both wherever the reader is', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="4"');
    await diagram.press(englishDiagram.skip('red'));
    for (const step of [2, 0, 18, 3]) {
      figure.element.seek(step);
      await bothSettled(figure, diagram);
      expect(struckIn(figure), `at ${step}`).to.deep.equal(['red']);
      expect(struckIn(diagram), `at ${step}`).to.deep.equal(['red']);
    }
  });

  it('is skipped in a simple RNN and in a feedforward layer, too', async () => {
    for (const cell of ['rnn', 'feedforward'] as const) {
      const diagram = await mountDiagram(`<gate-diagram cell="${cell}" step="4"></gate-diagram>`);
      await diagram.press(englishDiagram.skip('red'));
      const { parts } = readUnder(await storyModel(cell), kite, [skip(red)]).anatomy(red);
      for (const id of diagram.ids) {
        await diagram.choose(id);
        const there = parts[id];
        expect(diagram.mean(id), id).to.equal(there ? value(meanOf(there)) : '');
        expect(diagram.narration).not.to.match(/NaN|undefined|null/);
      }
    }
  });
});

describe('other words, other cells', () => {
  it('a hold stays as long as the words up to it do', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="9"');
    await diagram.hold('forget', 0);
    await figure.paste(kite.replace('mat', 'roof'));
    await diagram.settled();
    expect(diagram.held).to.deep.equal([onward('forget', '0', 'sat')]);
    const text = kite.replace('mat', 'roof');
    shows(figure, diagram, readUnder(lstm, text, [hold('forget', 0, sat)]), readUnder(lstm, text));
    await figure.paste(kite.replace('cat', 'bird'));
    await diagram.settled();
    expect(diagram.held).to.deep.equal([]);
    expect(heldIn(figure)).to.deep.equal([]);
    expect(diagram.heard('rnn-gate-release'), 'nobody undid it').to.deep.equal([]);
  });

  it('a hold waits while a cell without its gate runs', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="9"');
    await diagram.hold('forget', 0);
    await figure.press('GRU');
    await eventually(() => diagram.ids.includes('update'));
    await bothSettled(figure, diagram);
    expect(diagram.held).to.deep.equal([]);
    expect(heldIn(figure)).to.deep.equal([]);
    const gru = readUnder(await storyModel('gru'), kite);
    for (const id of diagram.ids) {
      expect(diagram.mean(id), id).to.equal(value(meanOf(gru.anatomy(sat).parts[id]!)));
    }
    await figure.press('LSTM');
    await eventually(() => diagram.ids.includes('forget'));
    await bothSettled(figure, diagram);
    expect(diagram.held).to.deep.equal([onward('forget', '0', 'sat')]);
    expect(diagram.mean('forget')).to.equal('0.00');
  });

  it('beside other cells only the one with the gate is changed', async () => {
    const { figure, diagram } = await mountPair('compare="rnn lstm gru" step="9"');
    await diagram.hold('forget', 0);
    await diagram.goTo(is);
    await figure.settled();
    for (const cell of ['rnn', 'lstm', 'gru'] as const) {
      const under = cell === 'lstm' ? [hold('forget', 0, sat)] : [];
      const truth = readUnder(await storyModel(cell), kite, under);
      expect(figure.memory(cell, red), cell).to.equal(percent(truth.memory(is, red)));
    }
    await diagram.goTo(sat);
    await diagram.press(englishDiagram.skip('sat'));
    await figure.settled();
    for (const cell of ['rnn', 'lstm', 'gru'] as const) {
      expect(figure.memory(cell, sat), `skipped in all: ${cell}`).to.equal('0%');
    }
  });
});

describe('what a page does', () => {
  it('holds, skips and releases without events', async () => {
    const { figure, diagram } = await mountPair('cell="lstm" step="9"');
    const free = readUnder(lstm, kite);
    diagram.forgetEvents();
    figure.forgetEvents();
    const element = diagram.diagram;
    element.hold('forget', 0);
    await bothSettled(diagram, figure);
    shows(figure, diagram, readUnder(lstm, kite, [hold('forget', 0, sat)]), free);
    element.hold('forget', 0.25, 6, 8);
    element.skip();
    element.skip(1);
    await bothSettled(diagram, figure);
    const all = [hold('forget', 0, sat), hold('forget', 0.25, 6, 8), skip(sat), skip(1)];
    shows(figure, diagram, readUnder(lstm, kite, all), free);
    expect(diagram.held).to.have.length(4);
    element.release();
    await bothSettled(diagram, figure);
    shows(figure, diagram, free, free);
    expect(diagram.events).to.deep.equal([]);
    expect(figure.events).to.deep.equal([]);
  });

  it('is kept while the diagram is away', async () => {
    const diagram = await mountDiagram('<gate-diagram step="9"></gate-diagram>');
    const home = diagram.element.parentElement!;
    diagram.element.remove();
    diagram.diagram.hold('forget', 0);
    diagram.diagram.hold('input', 1);
    home.append(diagram.element);
    await diagram.settled();
    expect(diagram.held).to.deep.equal([onward('forget', '0', 'sat'), onward('input', '1', 'sat')]);
    expect([diagram.mean('forget'), diagram.mean('input')]).to.deep.equal(['0.00', '1.00']);
  });

  it('skips a word once, however often it is told to', async () => {
    const diagram = await mountDiagram('<gate-diagram step="9"></gate-diagram>');
    for (let i = 0; i < 3; i++) diagram.diagram.skip(3);
    await diagram.settled();
    expect(diagram.held).to.deep.equal([skipped('red')]);
    await diagram.click(diagram.part('release'));
    expect(diagram.struck).to.deep.equal([]);
  });

  it('is told by a RangeError when a hold makes no sense; everything stays as it was', async () => {
    const nonsense: readonly (readonly unknown[])[] = [
      ['forget', -0.1],
      ['forget', 1.5],
      ['forget', NaN],
      ['forget', Infinity],
      ['forget', undefined],
      ['forget', null],
      ['forget', 'open'],
      ['forget', 0, -1],
      ['forget', 0, NaN],
      ['forget', 0, 4, 2],
      ['forget', 0, 2.5],
      ['candidate', 0.5],
      ['state', 0.5],
      ['nonsense', 0.5],
      ['', 0.5],
      [undefined, 0.5],
    ];
    const diagram = await mountDiagram('<gate-diagram step="9"></gate-diagram>');
    const element = diagram.diagram;
    element.hold('input', 1, 2, 4);
    await diagram.settled();
    const before = diagram.drawing.innerHTML;
    const accepted: string[] = [];
    for (const args of nonsense) {
      const written = `hold(${args.map(String).join(', ')})`;
      try {
        (element.hold as (...all: readonly unknown[]) => void)(...args);
        accepted.push(written);
        element.release();
        element.hold('input', 1, 2, 4);
      } catch (error) {
        if (!(error instanceof RangeError)) accepted.push(`${written}: ${String(error)}`);
      }
      await diagram.settled();
      expect(diagram.held, written).to.have.length(1);
      expect(diagram.drawing.innerHTML, written).to.equal(before);
    }
    expect(accepted, 'not refused').to.deep.equal([]);
    expect(diagram.events.map(({ type }) => type)).to.deep.equal(['rnn-ready']);
    await diagram.toTheEnd();
    expect(diagram.wordNow).to.equal('is');
  });

  it('skip() of what is no word is refused, too', async () => {
    const diagram = await mountDiagram('<gate-diagram step="9"></gate-diagram>');
    for (const word of [-1, 1.5, NaN, 'red' as never]) {
      expect(() => {
        diagram.diagram.skip(word);
      }, String(word)).to.throw(RangeError);
      await diagram.settled();
      expect(diagram.held).to.deep.equal([]);
    }
    expect(diagram.heard('rnn-error')).to.deep.equal([]);
    await diagram.toTheEnd();
    expect(diagram.wordNow).to.equal('is');
  });

  it('what concerns words that the text does not have is nothing', async () => {
    const diagram = await mountDiagram('<gate-diagram step="9"></gate-diagram>');
    const before = diagram.drawing.innerHTML;
    for (const act of [
      () => diagram.diagram.hold('forget', 0, 18),
      () => diagram.diagram.hold('forget', 0, 99),
      () => diagram.diagram.hold('forget', 0, 3, 3),
      () => diagram.diagram.skip(18),
      () => diagram.diagram.skip(1e9),
    ]) {
      act();
      await diagram.settled();
      expect(diagram.held).to.deep.equal([]);
      expect(diagram.drawing.innerHTML).to.equal(before);
    }
    await diagram.toTheEnd();
    expect(diagram.wordNow).to.equal('is');
    expect(diagram.heard('rnn-error')).to.deep.equal([]);
  });

  it('nonsense is refused where the gate does not exist, and before there are weights', async () => {
    const other = await mountDiagram('<gate-diagram cell="rnn" step="9"></gate-diagram>');
    expect(() => {
      other.diagram.hold('forget', 7);
    }, 'in a simple RNN').to.throw(RangeError);
    const early = await mountDiagram('<gate-diagram></gate-diagram>', { ready: false });
    expect(() => {
      early.diagram.hold('forget', 7);
    }, 'while the weights load').to.throw(RangeError);
    await early.until('rnn-ready');
    await early.toTheEnd();
    expect(early.heard('rnn-error')).to.deep.equal([]);
    expect(early.mean('forget')).not.to.equal('');
  });

  it('a hold before the weights are there counts when they are', async () => {
    const early = await mountDiagram('<gate-diagram step="9"></gate-diagram>', { ready: false });
    early.diagram.hold('forget', 0, sat);
    await early.until('rnn-ready');
    expect(early.held).to.deep.equal([onward('forget', '0', 'sat')]);
    expect(early.mean('forget')).to.equal('0.00');
  });

  it('no gate of a gate’s own name is held in a cell that lacks it', async () => {
    const diagram = await mountDiagram('<gate-diagram cell="gru" step="9"></gate-diagram>');
    const truth = readUnder(await storyModel('gru'), kite);
    diagram.diagram.hold('forget', 0);
    await diagram.settled();
    expect(diagram.held).to.deep.equal([]);
    for (const id of diagram.ids) {
      expect(diagram.mean(id), id).to.equal(value(meanOf(truth.anatomy(sat).parts[id]!)));
    }
  });
});
