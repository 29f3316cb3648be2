// Gates held and words skipped while a sentence is read: readings, the story networks, the session, and the wording.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Random,
  cells,
  cellTypes,
  loadKernel,
  localInfluence,
  takeApart,
  traceOf,
  type CellType,
  type GateName,
  type HeldGate,
  type Intervention,
  type Trace,
  type Unrolled,
} from '../../src/engine/index.js';
import { norm } from '../../src/engine/products.js';
import { NumberWriter, describeInterventions, narrate } from '../../src/model/describe.js';
import { randomInputSize, randomModel } from '../../src/model/random-model.js';
import { Reading, heldAt } from '../../src/model/reading.js';
import type { SentenceModel } from '../../src/model/sentence-model.js';
import {
  ReadingSession,
  defaultConfig,
  longText,
  type SessionConfig,
  type SessionState,
} from '../../src/model/session.js';
import { storyModel } from '../../src/model/shipped.js';
import { trainedModel } from '../../src/model/story-model.js';
import { english } from '../../src/model/strings.js';
import type { Token } from '../../src/model/tokenizer.js';
import {
  assertClose,
  assertSame,
  between,
  heldGates,
  randomCell,
  randomInterventions,
  readUnder,
  variants,
  type Variant,
} from '../support/engine.js';
import { distinctWords, hold, inputsOf, randomNetwork, read, skip } from '../support/model.js';
import { stateDictFile } from '../support/weight-files.js';

/** The gates of a cell that can be held. */
const gatesOf = (cell: CellType): HeldGate[] =>
  heldGates.filter((gate) => cells[cell].gates.includes(gate));

/** Those that a cell can not know of. */
const foreign = (cell: CellType): Intervention[] =>
  heldGates.filter((gate) => !gatesOf(cell).includes(gate)).map((gate) => hold(gate, 0));

/** An untrained model whose cell has every number random, in any convention. */
function modelIn(variant: Variant, random: Random): SentenceModel {
  const cell = randomCell(variant, randomInputSize, between(random, 1, 4), random);
  return { ...randomModel(variant.cell, { seed: random.uint32() }), cell };
}

/** Different words that nobody knows. */
const wordsOf = (count: number, random: Random): Token[] =>
  read(distinctWords(count, random).join(' '));

/** A reading of all the words. */
function whole(model: SentenceModel, tokens: readonly Token[]): Reading {
  const reading = new Reading(model, tokens);
  reading.readTo(tokens.length);
  return reading;
}

/** All the words under interventions, from the engine: without a reading. */
const engineRun = (
  model: SentenceModel,
  tokens: readonly Token[],
  interventions: readonly Intervention[],
  missing?: number,
): Unrolled => {
  const x = inputsOf(model, tokens);
  const I = model.cell.inputSize;
  if (missing !== undefined) x.fill(0, missing * I, (missing + 1) * I);
  return readUnder(interventions, model.cell, x);
};

/** m(t,k) by reading everything again with zeros in place of word k, under the same interventions. */
function distanceByReadingAgain(
  model: SentenceModel,
  tokens: readonly Token[],
  interventions: readonly Intervention[],
  t: number,
  k: number,
): number {
  const [real, twin] = [undefined, k].map((missing) => {
    const { h, c } = engineRun(model, tokens, interventions, missing).steps[t];
    return [...h, ...c];
  });
  return norm(Float64Array.from(real, (value, j) => value - twin[j]));
}

/** Asserts that two traces have the same numbers to the bit; NaN is where NaN is. */
function assertSameTrace(actual: Trace, expected: Trace, what: string): void {
  assert.deepEqual(
    [actual.cell, actual.length, actual.hiddenSize, Object.keys(actual.gates)],
    [expected.cell, expected.length, expected.hiddenSize, Object.keys(expected.gates)],
    what,
  );
  assertSame(actual.h, expected.h, `h, ${what}`);
  assertSame(actual.c ?? new Float64Array(0), expected.c ?? [], `c, ${what}`);
  for (const [name, values] of Object.entries(expected.gates)) {
    assertSame(actual.gates[name as GateName]!, values, `${name}, ${what}`);
  }
}

/** Asserts that a reading of all its words is what the engine makes of them under these interventions. */
function assertReads(reading: Reading, interventions: readonly Intervention[], what = ''): void {
  const { model, tokens } = reading;
  assert.equal(reading.length, tokens.length, what);
  const run = engineRun(model, tokens, interventions);
  assertSameTrace(reading.trace, traceOf(model.cell, run), what);
}

// ---- a reading --------------------------------------------------------------------------------------------------------

for (const variant of variants) {
  const { name, cell } = variant;

  test(`${name}: what does not concern the cell leaves the very same reading`, () => {
    const random = new Random(`none/${name}`);
    const free = whole(modelIn(variant, random), wordsOf(6, random));
    assert.equal(free.free, free);
    assert.equal(free.under([]), free);
    assert.ok(foreign(cell).length > 1);
    assert.equal(free.under(foreign(cell)), free);
    for (const own of [...gatesOf(cell).map((gate) => hold(gate, 0)), skip(2)]) {
      const held = free.under([...foreign(cell), own]);
      assert.notEqual(held, free);
      assert.equal(held.free, free);
      held.readTo(6);
      assertReads(held, [own]);
      assert.throws(() => assertSameTrace(held.trace, free.trace, ''), 'it makes a difference');
    }
  });

  test(`${name}: a reading under interventions is an engine's run, and shares what was before them`, () => {
    const seen = { held: 0, skipped: 0, shared: 0 };
    for (let seed = 0; seed < 25; seed++) {
      const random = new Random(`reading/${name}/${seed}`);
      const T = between(random, 2, 9);
      const model = modelIn(variant, random);
      const tokens = wordsOf(T, random);
      const list = randomInterventions(random, T);
      const concerning = list.filter(
        (each) => each.kind === 'skip' || gatesOf(cell).includes(each.gate),
      );
      const what = `seed ${seed}`;
      const free = new Reading(model, tokens);
      free.readTo(random.integer(T + 1));
      const length = free.length;
      const reading = free.under(list);
      assert.equal(reading.free, free, what);
      assert.equal(reading === free, concerning.length === 0, what);
      const first = Math.min(...concerning.map(({ from }) => from));
      assert.equal(reading.length, Math.min(length, first), 'taken over, not read again');
      for (const count of [between(random, 0, T), T, 0]) reading.readTo(count);
      assertReads(reading, list, what);
      assert.equal(reading === free ? length : free.length, length, 'the other reads no further');

      free.readTo(T);
      assertReads(free, [], what);
      const run = engineRun(model, tokens, list);
      for (let t = 0; t < T; t++) {
        if (t < first) {
          assertSame(reading.hidden(t), free.hidden(t), `h before, ${what}`);
          assertSame(reading.cellState(t), free.cellState(t), `c before, ${what}`);
          seen.shared++;
        }
        const now = list.filter(({ from, to }) => from <= t && t < to);
        const skipped = now.some(({ kind }) => kind === 'skip');
        assert.equal(reading.skipped(t), skipped, what);
        assert.equal(free.skipped(t), false);
        if (skipped) seen.skipped++;
        assert.deepEqual(
          takeApart(model.cell, reading.unrolled, t),
          takeApart(model.cell, run, t),
          what,
        );
        for (const gate of ['state', 'candidate', ...heldGates] as const) {
          const here = cells[cell].gates.includes(gate);
          const values = reading.gate(gate, t);
          assert.equal(values !== null, here && !skipped, `${gate} at ${t}, ${what}`);
          assert.equal(Number.isNaN(reading.gateMean(gate, t)), !here || skipped);
          assert.equal(heldAt(free, gate, t), undefined);
          if (!here) assert.equal(heldAt(reading, gate, t), undefined);
          if (!here || skipped) continue;
          // of several holds the last counts
          const holds = now.flatMap((each) =>
            each.kind === 'hold' && each.gate === gate ? [each.value] : [],
          );
          const value = holds.at(-1);
          assert.equal(heldAt(reading, gate, t), value, `${gate} at ${t}, ${what}`);
          if (value === undefined) continue;
          seen.held++;
          assert.ok(values!.every((each) => each === value));
          assertClose([reading.gateMean(gate, t)], [value], 1e-15, gate);
        }
        for (let k = 0; k <= t; k++) {
          assert.equal(reading.influence(t, k), localInfluence(model.cell, run, t, k), what);
        }
      }
    }
    assert.ok(seen.skipped > 10 && seen.shared > 10, JSON.stringify(seen));
    assert.equal(seen.held > 10, gatesOf(cell).length > 0, JSON.stringify(seen));
  });

  test(`${name}: memory under interventions is the distance to a twin under the same ones, over the imprint without`, () => {
    let [changed, without] = [0, 0];
    for (let seed = 0; seed < 12; seed++) {
      const random = new Random(`memory/${name}/${seed}`);
      const T = between(random, 2, 7);
      const model = modelIn(variant, random);
      const tokens = wordsOf(T, random);
      const list = randomInterventions(random, T);
      const free = new Reading(model, tokens);
      free.readTo(random.integer(T + 1));
      // some memories are known beforehand, and taken over
      if (free.length > 0) free.ensureMemory(free.length - 1, [0, random.integer(free.length)]);
      const reading = free.under(list);
      reading.readTo(T);
      const size = Math.max(1, ...reading.trace.h.map(Math.abs), ...engineRun(model, tokens, []).h);
      for (let t = 0; t < T; t++) {
        for (let k = 0; k <= t; k++) {
          const { distance, imprint, ratio } = reading.memory(t, k);
          const what = `(${t},${k}), seed ${seed}`;
          const expected = distanceByReadingAgain(model, tokens, list, t, k);
          assertClose([distance], [expected], 1e-12 * size, `distance ${what}`);
          const plain = distanceByReadingAgain(model, tokens, [], k, k);
          assertClose([imprint], [plain], 1e-12 * size, `imprint ${what}`);
          assert.equal(ratio, imprint > 0 ? distance / imprint : null, what);
          const own = distanceByReadingAgain(model, tokens, list, k, k);
          if (Math.abs(own - plain) > 1e-3) changed++;
          if (reading.skipped(k)) {
            assert.equal(distance, 0, `skipped ${what}`);
            without++;
          }
        }
      }
      assertReads(reading, list, 'and the states stay');
      free.readTo(T);
      assertReads(free, [], 'of both');
    }
    assert.ok(changed > 20, `${changed} imprints would be others under the interventions`);
    assert.ok(without > 10);
  });

  test(`${name}: what is known of memory before the first intervention is taken over, and of no later step`, () => {
    const random = new Random(`known/${name}`);
    const free = whole(modelIn(variant, random), wordsOf(8, random));
    free.ensureMemory(3, [0, 1]);
    free.ensureMemory(6, [2]);
    const reading = free.under([skip(5, 7)]);
    reading.readTo(8);
    for (const word of [0, 1]) {
      assert.ok(reading.knownMemory(3, word));
      assert.equal(reading.memoryCost(6, [word]), 3);
      assert.deepEqual(reading.memory(3, word), free.memory(3, word));
    }
    assert.equal(reading.knownMemory(6, 2), false);
    assert.equal(reading.memoryCost(6, [2]), 5);
    reading.ensureMemory(6, [0, 2]);
    assert.ok(reading.knownMemory(6, 0) && reading.knownMemory(6, 2));
    assert.equal(free.knownMemory(6, 0), false, 'nor does it go back');
  });

  test(`${name}: what it was without can be read under others`, () => {
    for (let seed = 0; seed < 5; seed++) {
      const random = new Random(`others/${name}/${seed}`);
      const tokens = wordsOf(7, random);
      const model = modelIn(variant, random);
      const first = [skip(2), ...randomInterventions(random, 7)];
      const second = [skip(5), ...randomInterventions(random, 7)];
      const reading = whole(model, tokens).under(first);
      reading.readTo(7);
      reading.memory(6, 1);
      const other = reading.free.under(second);
      assert.equal(other.free, reading.free);
      other.readTo(7);
      assertReads(other, second, 'the other');
      assertReads(reading, first, 'the first');
      assertReads(reading.free, [], 'without');
      for (const k of [0, 1, 6]) {
        const expected = distanceByReadingAgain(model, tokens, second, 6, k);
        assertClose([other.memory(6, k).distance], [expected], 1e-10, `word ${k}`);
      }
      assert.equal(reading.free.under([]), reading.free);
    }
  });

  test(`${name}: what makes no sense is refused, and leaves the reading`, () => {
    const random = new Random(`refused/${name}`);
    const free = whole(modelIn(variant, random), wordsOf(4, random));
    const [gate] = gatesOf(cell);
    const wrong = [skip(-1), skip(3, 2), skip(NaN), skip(0, NaN)];
    if (gate) {
      for (const value of [-0.01, 1.01, NaN, Infinity]) wrong.push(hold(gate, value));
      wrong.push(hold(gate, 0, -1), hold(gate, 0, 2, 1), hold(gate, 0, NaN), hold(gate, 0, 0, NaN));
    }
    for (const each of wrong) {
      assert.throws(() => free.under([each]), RangeError, JSON.stringify(each));
      assert.throws(() => free.under([skip(0), each, skip(1)]), RangeError);
    }
    assertReads(free, []);
    for (const each of [skip(3, 3), skip(4), skip(99, Infinity)]) {
      const reading = free.under([each]);
      assert.equal(reading.length, Math.min(4, each.from), 'of no step');
      reading.readTo(4);
      assertReads(reading, []);
    }
  });
}

test('the imprint is asked of the network without interventions, which reads as far as the word and no further', () => {
  const tokens = wordsOf(9, new Random('imprint'));
  const model = randomModel('lstm', { hiddenSize: 5 });
  const free = new Reading(model, tokens);
  const list = [hold('input', 0.1, 2), hold('output', 0.5)];
  const reading = free.under(list);
  reading.readTo(9);
  assert.equal(free.length, 0);
  const { imprint, distance, ratio } = reading.memory(5, 5);
  assert.equal(free.length, 6);
  assert.equal(imprint, whole(model, tokens).memory(5, 5).distance);
  assert.ok(
    distance < 0.5 * imprint && ratio! < 0.5,
    'right after the word less than 100% is there',
  );
  assert.equal(reading.memory(8, 5).imprint, imprint);
  assert.equal(reading.memory(8, 8).imprint, free.memory(8, 8).imprint);
  assert.equal(free.length, 9);
});

test('what a network expects is what it expects of the state under interventions', () => {
  const words = ['<unk>', 'red', 'kite', 'anna'];
  const tokens = read('Anna red kite Anna kite');
  for (const cell of cellTypes) {
    const model = trainedModel('file', randomNetwork(cell, words), words);
    const free = whole(model, tokens);
    const before = free.predictions(4);
    const list = [skip(4), hold('forget', 0, 2), hold('update', 1, 2)];
    const reading = free.under(list);
    reading.readTo(5);
    const { h } = engineRun(model, tokens, list).steps[4];
    assert.deepEqual(reading.predictions(4), model.predict(h, 5));
    assert.notDeepEqual(reading.predictions(4), before);
    assert.deepEqual(free.predictions(4), before);
  }
});

test('interventions are never accelerated, what they leave is', async () => {
  const kernel = await loadKernel(0);
  const tokens = wordsOf(30, new Random('slow'));
  const model = randomModel('gru', { hiddenSize: 6 });
  const list = [hold('update', 0.9, 10)];
  const exact = whole(model, tokens).under(list);
  const free = whole(model, tokens);
  const reading = free.under(list);
  for (const each of [exact, reading]) each.readTo(30);
  reading.accelerate(kernel);
  free.accelerate(kernel);
  let rounded = 0;
  for (let k = 0; k < 30; k++) {
    const [a, b] = [reading.memory(29, k), exact.memory(29, k)];
    assert.equal(a.distance, b.distance);
    assertClose([a.imprint], [b.imprint], 2e-6, 'the imprint is the other one’s');
    if (free.memory(29, k).distance !== exact.free.memory(29, k).distance) rounded++;
  }
  assert.ok(rounded > 20, 'the one without is in float32');
});

// ---- the story networks -----------------------------------------------------------------------------------------------

const colours = ['red', 'blue', 'green', 'yellow', 'white', 'black'] as const;
type Colour = (typeof colours)[number];

const kite = (colour: Colour): string =>
  `Anna has a ${colour} kite. The cat sat on the mat. The kite of Anna is`;
/** Which word of it is what: counted by hand, marks too. */
const [colourWord, sat, is] = [3, 8, 17];

test('the words of the sentence are where they are said to be', () => {
  const words = read(kite('red')).map(({ text }) => text);
  assert.deepEqual(
    [words[colourWord], words[sat], words[is], words.length],
    ['red', 'sat', 'is', is + 1],
  );
});

interface Recalled {
  readonly colour: Colour;
  /** Probability of the right colour at the end, and of each. */
  readonly right: number;
  readonly of: (colour: Colour) => number;
  readonly best: Colour;
  /** Memory of the colour word at the end. */
  readonly memory: number;
  readonly reading: Reading;
}

/** All six colours read to the end under interventions. */
async function recalled(
  cell: CellType,
  interventions: readonly Intervention[],
): Promise<Recalled[]> {
  const model = await storyModel(cell);
  return colours.map((colour) => {
    const reading = new Reading(model, read(kite(colour))).under(interventions);
    reading.readTo(is + 1);
    const predictions = reading.predictions(is, model.vocabularySize!)!;
    const of = (asked: Colour): number =>
      predictions.find(({ word }) => word === asked)!.probability;
    const best = colours.reduce((a, b) => (of(b) > of(a) ? b : a));
    const memory = reading.memory(is, colourWord).ratio!;
    return { colour, right: of(colour), of, best, memory, reading };
  });
}

const countRight = (all: readonly Recalled[]): number =>
  all.filter(({ colour, best }) => best === colour).length;

/** The interventions that wipe out what was read before “sat”. */
const wiping = { lstm: [hold('forget', 0, sat)], gru: [hold('update', 0, sat)] } as const;

for (const cell of ['lstm', 'gru'] as const) {
  test(`story, ${cell}: without interventions all six colours are recalled`, async () => {
    const all = await recalled(cell, []);
    for (const { colour, right, best, memory } of all) {
      assert.equal(best, colour);
      assert.ok(right > 0.9, `${colour}: ${right}`);
      // the least was 60 %
      assert.ok(memory > 0.5, `${colour}: ${memory}`);
    }
  });

  test(`story, ${cell}: with nothing kept from “sat” on, the colour is gone and recall at chance`, async () => {
    const all = await recalled(cell, wiping[cell]);
    for (const { colour, memory } of all) {
      // the most was 0.016 % in the LSTM, 0.86 % in the GRU
      assert.ok(memory > 0 && memory < (cell === 'lstm' ? 0.01 : 0.02), `${colour}: ${memory}`);
    }
    assert.ok(countRight(all) <= 2, `${countRight(all)} of 6`);
    // whatever the colour was, the same is expected
    for (const asked of colours) {
      const [least, most] = [Math.min, Math.max].map((of) =>
        of(...all.map((each) => each.of(asked))),
      );
      assert.ok(most - least < 0.05, `${asked}: ${least} to ${most}`);
    }
  });

  test(`story, ${cell}: a colour that is skipped was never there`, async () => {
    const all = await recalled(cell, [skip(colourWord)]);
    const [first] = all;
    for (const { colour, memory, reading, of } of all) {
      assert.equal(memory, 0, colour);
      assertSame(reading.hidden(is), first.reading.hidden(is), colour);
      assert.deepEqual(colours.map(of), colours.map(first.of));
    }
    assert.equal(countRight(all), 1);
    // and it is the sentence without the word
    const model = await storyModel(cell);
    const short = whole(model, read(kite('red').replace(' red', '')));
    assertSame(first.reading.hidden(is), short.hidden(is - 1), 'the shorter sentence');
  });

  test(`story, ${cell}: release restores what was there, to the bit`, async () => {
    const model = await storyModel(cell);
    const reading = whole(model, read(kite('red')));
    const before = structuredClone(reading.trace);
    const held = reading.under([...wiping[cell], skip(colourWord)]);
    held.readTo(is + 1);
    held.memory(is, colourWord);
    held.predictions(is);
    assert.throws(() => assertSameTrace(held.trace, before, ''));
    assert.equal(held.free, reading);
    assertSameTrace(held.free.trace, before, 'of the reading');

    const session = await sessionWith({ text: kite('red'), model: 'story', cells: [cell] });
    session.seek(is + 1);
    const running = (): Reading => session.state.readings.get(cell)!;
    const free = running();
    assertSameTrace(free.trace, before, 'in the session');
    session.intervene([...wiping[cell], skip(colourWord)]);
    assertSameTrace(running().trace, held.trace, 'held');
    session.intervene([]);
    assert.equal(running(), free);
    assertSameTrace(running().trace, before, 'released');
    assert.equal(session.state.step, is + 1);
  });
}

test('story, lstm: with the forget gate at 0 the right colour is not expected', async () => {
  for (const { colour, right } of await recalled('lstm', wiping.lstm)) {
    // the most was 15 %, of “white”
    assert.ok(right < 0.4, `${colour}: ${right}`);
  }
});

test('story, gru: with the update gate at 1 a word keeps the state to the bit', async () => {
  const [red] = await recalled('gru', [hold('update', 1, sat, sat + 3)]);
  for (let t = sat; t < sat + 3; t++) {
    assertSame(red.reading.hidden(t), red.reading.hidden(sat - 1), `word ${t}`);
    const { distance } = red.reading.memory(t, colourWord);
    assert.equal(distance, red.reading.memory(sat - 1, colourWord).distance);
    assert.equal(red.reading.memory(t, t).ratio, 0, 'and it leaves nothing');
  }
  assert.throws(() => assertSame(red.reading.hidden(sat + 3), red.reading.hidden(sat), ''));
  const [skipped] = await recalled('gru', [skip(sat, sat + 3)]);
  assertSame(red.reading.hidden(is), skipped.reading.hidden(is), 'it is as if it had been skipped');
});

test('story, lstm: with the input gate at 0 while it is read, a colour comes in weaker, through the other gates', async () => {
  const free = await recalled('lstm', []);
  const all = await recalled('lstm', [hold('input', 0, colourWord, colourWord + 1)]);
  all.forEach(({ colour, memory, reading }, i) => {
    assert.ok(memory > 0, colour);
    const { distance, imprint } = reading.memory(colourWord, colourWord);
    assert.ok(distance > 0 && distance < imprint, colour);
    assert.equal(imprint, free[i].reading.memory(colourWord, colourWord).distance);
  });
  // 50 % in place of more than 99 %
  assert.ok(all[0].right < free[0].right - 0.3, `${all[0].right}, ${free[0].right}`);
});

test('story, rnn: it has no gate to hold, but words to skip', async () => {
  const model = await storyModel('rnn');
  const reading = new Reading(model, read(kite('red')));
  assert.equal(reading.under([...wiping.lstm, ...wiping.gru]), reading);
  const held = reading.under([skip(colourWord), ...wiping.lstm]);
  held.readTo(is + 1);
  assertReads(held, [skip(colourWord)]);
  assert.equal(held.memory(is, colourWord).ratio, 0);
});

// ---- the session ------------------------------------------------------------------------------------------------------

const config = (changes: Partial<SessionConfig>): SessionConfig => ({
  ...defaultConfig,
  locale: 'en',
  hiddenSize: 4,
  ...changes,
});

async function sessionWith(changes: Partial<SessionConfig>): Promise<ReadingSession> {
  const session = new ReadingSession();
  await session.configure(config(changes));
  return session;
}

const strange = 'zorbs juggle seven pancakes quietly';

/** Asserts that every running network has read its words under these interventions, as far as the step. */
function assertStates({ readings, tokens, step, interventions }: SessionState): void {
  assert.ok(readings.size > 0);
  for (const [cell, reading] of readings) {
    assert.equal(reading.tokens, tokens);
    assert.ok(reading.length >= step, `${cell} has read ${reading.length} of ${step}`);
    const { h } = engineRun(reading.model, tokens, interventions).steps[Math.max(0, step - 1)];
    if (step > 0) assertSame(reading.hidden(step - 1), h, cell);
  }
}

test('session: to intervene keeps the step, and everything else', async () => {
  const session = await sessionWith({ text: strange, model: 'random', cells: [...cellTypes] });
  for (const step of [0, 1, 3, 5]) {
    session.seek(step);
    session.follow(1);
    session.pick({ cell: 'gru', unit: 2 });
    const before = session.state;
    for (const interventions of [
      [hold('forget', 0, 1)],
      [skip(0), hold('update', 0.5), hold('reset', 1, 2, 3)],
      [skip(4)],
      [],
    ]) {
      session.intervene(interventions);
      const { readings, ...rest } = session.state;
      const { readings: earlier, ...others } = before;
      assert.deepEqual(rest, { ...others, interventions });
      assert.deepEqual([...readings.keys()], [...earlier.keys()]);
      assertStates(session.state);
      for (const [cell, reading] of readings) assert.equal(reading.free, earlier.get(cell));
    }
    assert.deepEqual([...session.state.readings], [...before.readings]);
  }
});

test('session: a network that an intervention does not concern goes on as it is', async () => {
  const session = await sessionWith({ text: strange, model: 'random', cells: [...cellTypes] });
  session.seek(4);
  const before = new Map(session.state.readings);
  session.intervene([hold('forget', 0, 1)]);
  for (const [cell, reading] of session.state.readings) {
    assert.equal(reading === before.get(cell), cell !== 'lstm', cell);
  }
});

test('session: what makes no sense is thrown back, and changes nothing', async () => {
  const session = await sessionWith({ text: strange, model: 'random', cells: ['lstm', 'rnn'] });
  session.seek(3);
  for (const good of [[], [hold('input', 0.5, 1)]]) {
    session.intervene(good);
    const before = session.state;
    let calls = 0;
    const leave = session.subscribe(() => calls++);
    for (const each of [
      hold('forget', -0.1),
      hold('forget', 1.1),
      hold('forget', NaN),
      hold('forget', 0.5, -1),
      hold('forget', 0.5, 3, 2),
      hold('forget', 0.5, NaN),
      hold('forget', 0.5, 0, NaN),
      skip(-1),
      skip(2, 1),
    ]) {
      assert.throws(() => session.intervene([...good, each]), RangeError, JSON.stringify(each));
      assert.equal(session.state, before);
    }
    leave();
    assert.equal(calls, 0);
    session.seek(5);
    assertStates(session.state);
    session.seek(3);
  }
});

test('session: what makes no sense is thrown back, too, where no running network has such a gate, or none runs yet', async () => {
  const wrong = [hold('forget', 7)];
  const other = await sessionWith({ text: strange, model: 'random', cells: ['rnn'] });
  assert.throws(() => other.intervene(wrong), RangeError);
  const session = new ReadingSession();
  assert.throws(() => session.intervene(wrong), RangeError);
  const loading = session.configure(config({ text: strange, model: 'story', cells: ['lstm'] }));
  assert.throws(() => session.intervene(wrong), RangeError);
  await loading;
  assert.equal(session.state.kind, 'story');
  assert.equal(session.state.loading, false);
});

test('session: steps are whole numbers', async () => {
  const session = await sessionWith({ text: strange, model: 'random', cells: ['lstm'] });
  for (const step of [0, 3]) {
    session.seek(step);
    assert.throws(() => session.intervene([hold('forget', 0, 1.5)]), RangeError);
    assert.throws(() => session.intervene([skip(1.5)]), RangeError);
  }
});

test('session: interventions outlast another cell, other weights and a load', async () => {
  const session = await sessionWith({ text: kite('red'), model: 'random', cells: ['rnn'] });
  const interventions = [...wiping.lstm, ...wiping.gru, skip(2)];
  session.intervene(interventions);
  session.seek(10);
  for (const changes of [
    { cells: ['lstm'] },
    { cells: ['gru', 'lstm'] },
    { cells: ['lstm'], seed: 5 },
    { cells: ['lstm'], hiddenSize: 7 },
    { cells: ['lstm', 'gru'], model: 'story' },
    { cells: ['rnn'] },
    { cells: [...cellTypes], model: 'story' },
  ] satisfies Partial<SessionConfig>[]) {
    await session.configure(config({ text: kite('red'), model: 'random', ...changes }));
    assert.deepEqual(session.state.cells, changes.cells);
    assert.deepEqual(session.state.interventions, interventions);
    assert.equal(session.state.step, 10);
    assertStates(session.state);
    assert.ok([...session.state.readings.values()].every((reading) => reading.skipped(2)));
  }
  session.intervene([]);
  assertStates(session.state);
});

test('session: while weights load, it is the networks to come that are held', async () => {
  for (const first of [true, false]) {
    const session = new ReadingSession();
    if (!first) await session.configure(config({ text: kite('red'), model: 'random' }));
    const done = session.configure(config({ text: kite('red'), model: 'story', cells: ['lstm'] }));
    assert.equal(session.state.loading, true);
    session.intervene(wiping.lstm);
    session.seek(is + 1);
    await done;
    assert.deepEqual(session.state.interventions, wiping.lstm);
    assert.equal(session.state.kind, 'story');
    assertStates(session.state);
    assert.equal(heldAt(session.state.readings.get('lstm')!, 'forget', is), 0);
  }
});

test('session: another text keeps what begins before the change', async () => {
  const all = [
    hold('forget', 0.2, 0, 1),
    skip(1),
    hold('input', 0.3, 2),
    hold('output', 0.4, 3, 4),
    hold('forget', 0.5, 4, Infinity),
  ];
  const changed: [text: string, kept: number[]][] = [
    [strange, [0, 1, 2, 3, 4]],
    [`${strange} today`, [0, 1, 2, 3, 4]],
    ['ZORBS juggle Seven pancakes quietly', [0, 1, 2, 3, 4]],
    ['zorbs juggle seven pancakes', [0, 1, 2, 3]],
    ['zorbs juggle seven pancake quietly', [0, 1, 2]],
    ['zorbs juggle six pancakes quietly', [0, 1]],
    ['zorbs toss seven pancakes quietly', [0]],
    ['dragons juggle seven pancakes quietly', []],
    ['', []],
  ];
  const lstm = { model: 'random', cells: ['lstm'] } as const;
  for (const [text, kept] of changed) {
    const session = await sessionWith({ text: strange, ...lstm });
    session.seek(5);
    // in an order of their own, which is kept
    session.intervene([...all].reverse());
    await session.configure(config({ text, ...lstm }));
    assert.deepEqual(
      session.state.interventions,
      all.filter((_, i) => kept.includes(i)).reverse(),
      text,
    );
    if (text === '') continue;
    session.seek(Infinity);
    assertStates(session.state);
    const reading = session.state.readings.get('lstm')!;
    for (let k = 0; k < reading.length; k++) {
      const imprint = distanceByReadingAgain(reading.model, reading.tokens, [], k, k);
      assertClose([reading.memory(k, k).imprint], [imprint], 1e-12, `of ${k} in ${text}`);
    }
    session.intervene([]);
    assertReads(session.state.readings.get('lstm')!, [], `${text}, released`);
  }
  const session = await sessionWith({ text: 'a b c', ...lstm });
  session.intervene([skip(0), hold('forget', 0, 1)]);
  await session.configure(config({ text: 'a b c', mode: 'characters', ...lstm }));
  assert.deepEqual(session.state.interventions, [], 'words and characters share no position');
});

test('session: typing on keeps them, and the word that is being typed has its own only once it stands', async () => {
  const lstm = { model: 'random', cells: ['lstm', 'gru'] } as const;
  const session = await sessionWith({ text: 'zorbs juggle', ...lstm });
  session.seek(2);
  const held = [hold('forget', 0, 1), hold('update', 0.5)];
  session.intervene(held);
  for (const text of ['zorbs juggle s', 'zorbs juggle sev', 'zorbs juggle seven', strange]) {
    await session.configure(config({ text, ...lstm }));
    assert.deepEqual(session.state.interventions, held, text);
    assert.equal(session.state.step, 2);
    assertStates(session.state);
    session.seek(Infinity);
    assertStates(session.state);
    session.seek(2);
  }
  session.seek(Infinity);
  session.intervene([...held, skip(4)]);
  await session.configure(config({ text: `${strange} now`, ...lstm }));
  assert.deepEqual(session.state.interventions, [...held, skip(4)]);
  await session.configure(config({ text: strange.slice(0, -1), ...lstm }));
  assert.deepEqual(session.state.interventions, held);
  session.intervene([]);
  assert.equal(session.state.step, 4);
  assertStates(session.state);
  session.seek(Infinity);
  for (const reading of session.state.readings.values()) assertReads(reading, [], 'released');
});

test('session: a refused text leaves them', async () => {
  const session = await sessionWith({ text: strange, model: 'random', cells: ['gru'] });
  session.seek(4);
  session.intervene([hold('update', 0, 2)]);
  const before = session.state;
  const text = 'zorb '.repeat(5001);
  await session.configure(config({ text, model: 'random', cells: ['gru'] }));
  assert.equal(session.state.problem?.code, 'text-too-long');
  assert.equal(session.state.readings, before.readings);
  session.intervene([skip(1)]);
  assert.equal(session.state.problem?.code, 'text-too-long', 'and the message stays');
  assertStates(session.state);
});

test('session: seeking under interventions', async () => {
  const session = await sessionWith({ text: strange, model: 'random', cells: [...cellTypes] });
  session.intervene([hold('forget', 0, 1), hold('update', 1, 3), hold('reset', 0), skip(2)]);
  for (const [asked, got] of [
    [1, 1],
    [5, 5],
    [2, 2],
    [3, 3],
    [99, 5],
    [-1, 0],
    [4, 4],
  ]) {
    session.seek(asked);
    assert.equal(session.state.step, got);
    assertStates(session.state);
    assert.equal(session.state.interventions.length, 4);
  }
  for (const reading of session.state.readings.values()) {
    assert.equal(reading.skipped(2), true);
    assert.equal(reading.memory(3, 2).ratio, 0);
  }
});

/** A ReLU network whose state is ten times larger after every word, and empty after “off”. */
function explosive(): string {
  const bytes = stateDictFile(
    {
      embedding: Float64Array.of(1, 0, -1e12),
      cell: {
        cell: 'rnn',
        inputSize: 1,
        hiddenSize: 1,
        weightIh: Float64Array.of(1),
        weightHh: Float64Array.of(10),
        biasIh: Float64Array.of(0),
        biasHh: Float64Array.of(0),
      },
      readout: { weight: new Float64Array(3), bias: new Float64Array(3) },
    },
    ['up', 'down', 'off'],
    { metadata: { nonlinearity: 'relu' } },
  );
  return `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`;
}

test('session: a state that grows beyond all bounds under interventions is read as far as it goes; released, on', async () => {
  const model = explosive();
  const text = 'up down down down off down down down down down down down up';
  const session = await sessionWith({ text, model });
  session.seek(13);
  assert.equal(session.state.step, 13);
  assert.equal(session.state.problem, null);
  const overflow = { code: 'state-overflow', count: 11 } as const;
  session.intervene([skip(4)]);
  assert.equal(session.state.step, 11, '1, 10, 100, 1000, once more 1000, … 10⁹');
  assert.deepEqual(session.state.problem, overflow);
  assert.deepEqual([...session.state.readings.get('rnn')!.hidden(10)], [1e9]);
  session.seek(13);
  assert.deepEqual(session.state.problem, overflow);
  session.intervene([]);
  assert.equal(session.state.problem, null);
  assert.equal(session.state.step, 11);
  session.seek(13);
  assert.equal(session.state.step, 13);
  assert.equal(session.state.problem, null);

  // and the other way round: what is skipped keeps the state within bounds
  const growing = 'up down down down down down down down down down down down down';
  await session.configure(config({ text: growing, model }));
  session.seek(13);
  assert.deepEqual(session.state.problem, { code: 'state-overflow', count: 10 });
  session.intervene([skip(3, 9)]);
  assert.equal(session.state.problem, null);
  assert.equal(session.state.step, 10);
  session.seek(13);
  assert.equal(session.state.step, 13);
  assert.equal(session.state.problem, null);
  assertStates(session.state);
  const { distance, imprint, ratio } = session.state.readings.get('rnn')!.memory(12, 0);
  assert.deepEqual([distance, imprint, ratio], [1e6, 1, 1e6]);
  session.intervene([]);
  assert.equal(session.state.step, 10, 'without them it does not come so far');
  assert.deepEqual(session.state.problem, { code: 'state-overflow', count: 10 });
});

test('session: subscribers are told of interventions and of what is picked', async () => {
  const session = await sessionWith({ text: strange, model: 'random', cells: ['lstm'] });
  session.seek(3);
  const heard: SessionState[] = [];
  const leave = session.subscribe(() => heard.push(session.state));
  const list = [hold('forget', 0)];
  session.intervene(list);
  session.pick({ cell: 'lstm', unit: 3 });
  session.intervene([]);
  session.pick(null);
  assert.deepEqual(
    heard.map(({ interventions, picked }) => [interventions, picked]),
    [
      [list, null],
      [list, { cell: 'lstm', unit: 3 }],
      [[], { cell: 'lstm', unit: 3 }],
      [[], null],
    ],
  );
  assert.equal(new Set(heard).size, 4, 'a new state each time');
  assert.ok(heard.every(({ step }) => step === 3));
  leave();
  session.intervene(list);
  assert.equal(heard.length, 4);
});

test('session: a unit is picked and let go, and nothing else changes', async () => {
  const session = await sessionWith({ text: strange, model: 'random', cells: ['lstm', 'rnn'] });
  session.seek(2);
  session.intervene([hold('forget', 0)]);
  const before = session.state;
  assert.equal(before.picked, null);
  for (const picked of [{ cell: 'rnn', unit: 0 }, { cell: 'lstm', unit: 3 }, null] as const) {
    session.pick(picked);
    assert.deepEqual(session.state, { ...before, picked });
    assert.equal(session.state.readings, before.readings);
  }
});

/** Lets what waits for the kernel happen. */
async function kernelLoaded(): Promise<void> {
  await loadKernel(0);
  await new Promise((resolve) => setImmediate(resolve));
}

for (const early of [true, false]) {
  test(`session: a long text under interventions is exact, released it is the fast one (${early ? 'held before the kernel came' : 'held later'})`, async () => {
    const T = longText + 20;
    const text = distinctWords(T, new Random('long')).join(' ');
    const long = { text, model: 'random', cells: ['lstm', 'gru'] } as const;
    const session = new ReadingSession();
    void session.configure(config({ ...long, accelerate: true }));
    const list = [hold('forget', 0.98, 400), hold('update', 0.97, 450), skip(480, 483)];
    if (early) session.intervene(list);
    await kernelLoaded();
    session.seek(T);
    const accelerated = new Map(
      [...session.state.readings].map(([cell, reading]) => [cell, reading.free]),
    );
    if (!early) session.intervene(list);
    const words = [0, 390, 420, 460, 475, 481, 500, T - 1];
    for (const [cell, reading] of session.state.readings) {
      const { model, tokens } = reading;
      assertReads(reading, list, cell);
      const exact = whole(model, tokens).under(list);
      exact.readTo(T);
      const free = accelerated.get(cell)!;
      for (const k of words) {
        const { distance, imprint, ratio } = reading.memory(T - 1, k);
        const expected = exact.memory(T - 1, k);
        const what = `${cell}, word ${k}`;
        assert.equal(distance, expected.distance, what);
        const again = distanceByReadingAgain(model, tokens, list, T - 1, k);
        assertClose([distance], [again], 1e-13, what);
        // of the run without, which is the fast one
        assertClose([imprint], [expected.imprint], 2e-6, what);
        assert.equal(imprint, free.memory(k, k).distance, what);
        assert.equal(ratio, distance / imprint, what);
        if (k === 481) assert.equal(distance, 0, 'skipped');
      }
    }
    session.intervene([]);
    assert.equal(session.state.step, T);
    let rounded = 0;
    for (const [cell, reading] of session.state.readings) {
      assert.equal(reading, accelerated.get(cell));
      assertReads(reading, [], cell);
      const exact = whole(reading.model, reading.tokens);
      for (const k of words) {
        const { distance } = reading.memory(T - 1, k);
        const expected = exact.memory(T - 1, k).distance;
        assertClose([distance], [expected], 1e-5, `${cell}, word ${k}`);
        if (distance !== expected) rounded++;
      }
    }
    assert.ok(rounded > words.length, `${rounded} memories were computed in float32`);
  });
}

// ---- the wording ------------------------------------------------------------------------------------------------------

const numbers = new NumberWriter('en');

/** What is said of interventions. */
async function told(
  interventions: readonly Intervention[],
  { text = kite('red'), cells: running = ['lstm'] as readonly CellType[] } = {},
): Promise<string[]> {
  const session = await sessionWith({ text, model: 'random', cells: running });
  session.intervene(interventions);
  const described = describeInterventions(session.state, english, numbers);
  for (const { intervention } of described) {
    assert.equal(interventions.includes(intervention), true, 'the very one');
  }
  return described.map((each) => each.text);
}

test('wording: from a word on, at a word, and skipped', async () => {
  assert.deepEqual(
    await told([
      hold('forget', 0, sat),
      hold('input', 0, colourWord, colourWord + 1),
      skip(colourWord),
      hold('output', 0.5, 0),
    ]),
    [
      'forget gate held at 0 from “sat” on',
      'input gate held at 0 at “red”',
      '“red” skipped',
      'output gate held at 0.5 from “Anna” on',
    ],
    'in the order in which they came',
  );
  assert.deepEqual(
    await told([hold('update', 1, is), hold('reset', 0.25, 5, 6)], { cells: ['gru'] }),
    ['update gate held at 1 from “is” on', 'reset gate held at 0.25 at “.”'],
  );
  assert.deepEqual(await told([]), []);
});

test('wording: values have as many digits as it takes', async () => {
  for (const [value, written] of [
    [0, '0'],
    [1, '1'],
    [0.5, '0.5'],
    [0.37, '0.37'],
    [1 / 3, '0.333'],
  ] as const) {
    assert.deepEqual(await told([hold('forget', value)]), [
      `forget gate held at ${written} from “Anna” on`,
    ]);
  }
  const session = await sessionWith({ text: strange, model: 'random', cells: ['lstm'] });
  session.intervene([hold('forget', 0.5)]);
  const [german] = describeInterventions(session.state, english, new NumberWriter('de'));
  assert.ok(german.text.includes(' 0,5 '), german.text);
});

test('wording: what concerns no running cell is left out, a skip never', async () => {
  const all = [...heldGates.map((gate) => hold(gate, 0)), skip(1)];
  const names = (gates: readonly HeldGate[]): string[] =>
    gates.map((gate) => `${english.gateName[gate]} held at 0 from “Anna” on`);
  for (const cell of cellTypes) {
    const expected = [...names(gatesOf(cell)), '“has” skipped'];
    assert.deepEqual(await told(all, { cells: [cell] }), expected, cell);
  }
  const both: CellType[] = ['rnn', 'gru', 'lstm'];
  assert.deepEqual(await told(all, { cells: both }), [...names(heldGates), '“has” skipped']);
});

test('wording: it is there while the first weights load', () => {
  const session = new ReadingSession();
  void session.configure(config({ text: kite('red'), model: 'story', cells: ['lstm'] }));
  session.intervene(wiping.lstm);
  assert.equal(session.state.readings.size, 0);
  const described = describeInterventions(session.state, english, numbers);
  assert.deepEqual(
    described.map(({ text }) => text),
    ['forget gate held at 0 from “sat” on'],
  );
});

test('wording: a word from right to left does not rearrange what stands around it', async () => {
  assert.deepEqual(
    await told([skip(0), hold('forget', 1, 0), hold('forget', 1, 0, 1), skip(1)], {
      text: 'שלום kite',
    }),
    [
      '“\u2068שלום\u2069” skipped',
      'forget gate held at 1 from “\u2068שלום\u2069” on',
      'forget gate held at 1 at “\u2068שלום\u2069”',
      '“kite” skipped',
    ],
  );
});

test('wording: markup in a word is left as it is', async () => {
  const [text] = await told([hold('forget', 1, 2)], { text: 'a b <b>c' });
  assert.ok(text.endsWith(`from “${read('a b <b>c')[2].text}” on`), text);
});

test('wording: what begins behind the text is refused or left out', async () => {
  const session = await sessionWith({ text: strange, model: 'random', cells: ['lstm'] });
  for (const each of [hold('forget', 0, 5), skip(99), hold('forget', 0, Infinity)]) {
    try {
      session.intervene([each]);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
    assert.deepEqual(describeInterventions(session.state, english, numbers), []);
  }
});

test('wording: a hold that ends is not said to go on, nor several skipped words to be one', async () => {
  const [held, skipped] = await told([hold('forget', 0, sat, sat + 3), skip(1, 4)]);
  assert.ok(!/ on$/.test(held), held);
  assert.notEqual(skipped, '“has” skipped');
});

test('narration: a skipped word was not read, and what a hold let in is no whole imprint', async () => {
  const session = await sessionWith({ text: kite('red'), model: 'story', cells: ['lstm'] });
  session.follow(3);
  const say = (step: number): string => {
    session.seek(step);
    return narrate(session.state, english, numbers);
  };
  const whole = say(4);
  assert.equal(whole, english.narration.readFollowed('red'));
  session.intervene([skip(3)]);
  assert.match(say(4), /^“red” skipped\. The LSTM has 0% of that imprint left/);
  assert.match(say(5), /0% of that imprint left/);
  session.intervene([skip(4)]);
  assert.match(say(5), /^“kite” skipped\. The LSTM has /);
  session.intervene([hold('input', 0, 3, 4)]);
  assert.match(say(4), /^Read “red”\. The LSTM has \d\d% of that imprint left/);
  session.intervene([]);
  assert.equal(say(4), whole);
});
