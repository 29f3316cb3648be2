// The reading session: which networks read a text, what is kept when something changes, and what happens when it can't.

import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { cellTypes, loadKernel, type CellType } from '../../src/engine/index.js';
import { Reading } from '../../src/model/reading.js';
import { maximumFileBytes } from '../../src/model/safetensors.js';
import {
  ReadingSession,
  defaultConfig,
  longText,
  maximumTokens,
  storyShare,
  type SessionConfig,
  type SessionState,
} from '../../src/model/session.js';
import { storyModel } from '../../src/model/shipped.js';
import { storyWords } from '../../src/model/story/vocabulary.js';
import { packNetwork } from '../../src/model/weights.js';
import { randomNetwork } from '../support/model.js';
import { stateDictFile } from '../support/weight-files.js';

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

const config = (changes: Partial<SessionConfig>): SessionConfig => ({
  ...defaultConfig,
  locale: 'en',
  ...changes,
});

/** Words that the story networks know. */
const known = storyWords.filter((word) => /^[a-z]+$/.test(word));
/** `count` words, the first `ofThem` of them known. */
const mixed = (count: number, ofThem: number): string =>
  Array.from({ length: count }, (_, i) => (i < ofThem ? known[i % known.length] : `zorb${i}`)).join(
    ' ',
  );

const story = 'Anna has a red kite.';
const strange = 'Purple zorbs juggle pancakes quietly.';

async function sessionWith(changes: Partial<SessionConfig>): Promise<ReadingSession> {
  const session = new ReadingSession();
  await session.configure(config(changes));
  return session;
}

const wordsOf = ({ tokens }: SessionState): string => tokens.map(({ text }) => text).join(' ');

/** What a reading was built on. */
const modelOf = (session: ReadingSession, cell: CellType) =>
  session.state.readings.get(cell)?.model;

const fileWords = ['<unk>', '.', ',', 'red', 'kite'];
const fileBytes = (cell: CellType): Uint8Array<ArrayBuffer> =>
  new Uint8Array(packNetwork(randomNetwork(cell, fileWords), fileWords));
const dataAddress = (cell: CellType): string =>
  `data:application/octet-stream;base64,${Buffer.from(fileBytes(cell)).toString('base64')}`;

/** A fetch whose answers are given by hand. */
class Server {
  readonly asked: string[] = [];
  private readonly answers = new Map<string, (response: Response | Error) => void>();

  constructor() {
    globalThis.fetch = (input) => {
      const address = input as string;
      this.asked.push(address);
      return new Promise((resolve, reject) => {
        this.answers.set(address, (response) => {
          if (response instanceof Error) reject(response);
          else resolve(response);
        });
      });
    };
  }

  answer(address: string, response: Response | Error): void {
    this.answers.get(address)!(response);
  }
}

test('before a text there is nothing', () => {
  const { state } = new ReadingSession();
  assert.deepEqual(state, {
    tokens: [],
    mode: 'words',
    cells: [],
    readings: new Map(),
    interventions: [],
    picked: null,
    step: 0,
    follow: -1,
    kind: null,
    known: 1,
    loading: false,
    problem: null,
  });
});

test('auto reads with the story networks from two thirds of known words on', async () => {
  assert.equal(storyShare, 2 / 3);
  const cases: [string, 'story' | 'random', number][] = [
    [mixed(3, 3), 'story', 1],
    [mixed(3, 2), 'story', 2 / 3],
    [mixed(30, 20), 'story', 2 / 3],
    [mixed(300, 199), 'random', 199 / 300],
    [mixed(30, 19), 'random', 19 / 30],
    [mixed(3, 1), 'random', 1 / 3],
    [strange, 'random', 0],
    [`zorb1, ${mixed(2, 2)}!!! (“…”)`, 'story', 2 / 3],
    [`zorb1, zorb2, ${mixed(2, 2)}!!!`, 'random', 1 / 2],
    [mixed(3, 2).toUpperCase(), 'story', 2 / 3],
    ['?!', 'story', 1],
    ['', 'story', 1],
  ];
  for (const [text, kind, share] of cases) {
    const { state } = await sessionWith({ text });
    assert.equal(state.kind, kind, text);
    assert.equal(state.known, share, text);
    assert.equal(state.loading, false);
    assert.equal(state.problem, null);
  }
});

test('characters are read by untrained networks, even if story networks are asked for', async () => {
  const auto = await sessionWith({ text: story, mode: 'characters' });
  assert.equal(auto.state.kind, 'random');
  assert.equal(auto.state.known, 0);
  assert.equal(auto.state.mode, 'characters');
  assert.equal(auto.state.tokens.length, story.length);
  const asked = await sessionWith({ text: story, mode: 'characters', model: 'story' });
  assert.equal(asked.state.kind, 'random');
  assert.equal(asked.state.problem, null);
});

test('the weights asked for are the weights that run', async () => {
  const trained = await sessionWith({ text: strange, model: 'story', cells: ['gru'] });
  assert.equal(trained.state.kind, 'story');
  assert.equal(trained.state.known, 0);
  assert.equal(modelOf(trained, 'gru'), await storyModel('gru'), 'loaded once');
  const untrained = await sessionWith({ text: story, model: 'random', cells: ['gru'] });
  assert.equal(untrained.state.kind, 'random');
  assert.equal(untrained.state.known, 1);
});

test('untrained networks are ready at once, and take seed, size and bias', () => {
  const session = new ReadingSession();
  void session.configure(
    config({ text: strange, model: 'random', cells: ['lstm'], seed: 9, hiddenSize: 5 }),
  );
  assert.equal(session.state.loading, false);
  const first = modelOf(session, 'lstm')!;
  assert.equal(first.cell.hiddenSize, 5);
  session.seek(3);
  for (const changes of [{ seed: 10 }, { hiddenSize: 6 }, { forgetBias: 0 }]) {
    void session.configure(
      config({
        text: strange,
        model: 'random',
        cells: ['lstm'],
        seed: 9,
        hiddenSize: 5,
        ...changes,
      }),
    );
    assert.notDeepEqual(modelOf(session, 'lstm')!.cell, first.cell);
    assert.equal(session.state.step, 3, 'the step is kept');
    assert.equal(session.state.readings.get('lstm')!.length, 3, 'and read up to it');
  }
  void session.configure(
    config({ text: strange, model: 'random', cells: ['lstm'], seed: 9, hiddenSize: 5 }),
  );
  assert.equal(modelOf(session, 'lstm'), first, 'the same network as before');
});

test('a slider that is dragged far does not pile up networks, and still works', () => {
  const session = new ReadingSession();
  for (let i = 0; i < 60; i++) {
    const forgetBias = i / 10;
    void session.configure(
      config({ text: strange, model: 'random', cells: ['lstm', 'gru'], forgetBias, hiddenSize: 2 }),
    );
    for (const cell of ['lstm', 'gru'] as const) {
      const { biasIh } = modelOf(session, cell)!.cell;
      assert.equal(Math.max(...biasIh), forgetBias);
    }
  }
});

test('cells run side by side, in the order asked for, at the same step', async () => {
  for (const model of ['random', 'story']) {
    const session = await sessionWith({ text: story, model, cells: ['gru', 'rnn', 'feedforward'] });
    assert.deepEqual(session.state.cells, ['gru', 'rnn', 'feedforward']);
    assert.deepEqual([...session.state.readings.keys()], ['gru', 'rnn', 'feedforward']);
    session.seek(4);
    for (const [cell, reading] of session.state.readings) {
      assert.equal(reading.model.cell.cell, cell);
      assert.equal(reading.length, 4);
    }
    await session.configure(config({ text: story, model, cells: ['lstm', 'rnn'] }));
    assert.deepEqual(session.state.cells, ['lstm', 'rnn']);
    assert.equal(session.state.step, 4);
    for (const reading of session.state.readings.values()) assert.equal(reading.length, 4);
  }
});

test('the step is kept as far as the words before it are unchanged', async () => {
  const session = await sessionWith({ text: 'zorbs juggle seven pancakes', model: 'random' });
  const change = async (text: string): Promise<number> => {
    await session.configure(config({ text, model: 'random' }));
    const reading = session.state.readings.get('rnn')!;
    assert.equal(wordsOf(session.state), text);
    assert.ok(reading.length >= session.state.step);
    const fresh = new Reading(reading.model, reading.tokens);
    fresh.readTo(reading.length);
    assert.deepEqual(reading.trace, fresh.trace);
    return session.state.step;
  };
  session.seek(3);
  assert.equal(await change('zorbs juggle seven pancakes daily'), 3, 'a word after it');
  assert.equal(await change('zorbs juggle seven'), 3, 'words after it taken away');
  assert.equal(await change('zorbs juggle seve'), 2, 'the last word being typed');
  assert.equal(await change('zorbs juggle seven'), 2);
  assert.equal(await change('ZORBS Juggle six'), 2, 'written otherwise');
  assert.equal(await change('dragons juggle six'), 0, 'the first word');
  assert.equal(await change('dragons juggle six'), 0);
});

test('the step survives another cell, other weights and an overtaken load', async () => {
  const session = await sessionWith({ text: story, model: 'random' });
  session.seek(4);
  session.follow(3);
  for (const changes of [
    { model: 'story' },
    { model: 'auto' },
    { model: 'random' },
    { model: 'story', cells: ['lstm'] as const },
  ]) {
    await session.configure(config({ text: story, ...changes }));
    assert.equal(session.state.step, 4);
    assert.equal(session.state.follow, 3);
    for (const reading of session.state.readings.values()) assert.equal(reading.length, 4);
  }
});

test('words and characters do not share a position', async () => {
  const session = await sessionWith({ text: 'a b c', model: 'random' });
  session.seek(1);
  await session.configure(config({ text: 'a b c', model: 'random', mode: 'characters' }));
  assert.equal(session.state.step, 0);
  assert.equal(session.state.tokens.length, 5);
});

test('the first word is followed unless another is chosen', async () => {
  const follows = async (text: string): Promise<number> => {
    const { state } = await sessionWith({ text, model: 'random' });
    return state.follow;
  };
  assert.equal(await follows('zorbs juggle'), 0);
  assert.equal(await follows('“ … zorbs juggle'), 2, 'marks are passed over');
  assert.equal(await follows('?! ...'), 2, 'only marks: the last one');
  assert.equal(await follows(''), -1);
});

test('the followed word is kept while it is unchanged', async () => {
  const session = await sessionWith({ text: 'zorbs juggle seven pancakes', model: 'random' });
  const change = async (text: string): Promise<number> => {
    await session.configure(config({ text, model: 'random' }));
    return session.state.follow;
  };
  session.follow(2);
  assert.equal(session.state.follow, 2);
  assert.equal(await change('zorbs juggle seven daily'), 2);
  assert.equal(await change('zorbs juggle six'), 0, 'gone: the first word again');
  session.follow(1);
  assert.equal(await change('zorbs juggle'), 1);
  assert.equal(await change(''), -1);
  assert.equal(await change('… new'), 1);
});

test('following is clamped to the text', async () => {
  const session = await sessionWith({ text: 'a b c', model: 'random' });
  for (const [asked, got] of [
    [1, 1],
    [2.9, 2],
    [99, 2],
    [Infinity, 2],
    [-1, 0],
    [-Infinity, 0],
    [NaN, 0],
  ]) {
    session.follow(1);
    session.follow(asked);
    assert.equal(session.state.follow, got, `follow(${asked})`);
  }
  const empty = await sessionWith({ text: '', model: 'random' });
  for (const asked of [0, 5, -5, NaN]) {
    empty.follow(asked);
    assert.equal(empty.state.follow, -1);
  }
});

test('seeking is clamped to the text', async () => {
  for (const model of ['random', 'story']) {
    const session = await sessionWith({ text: 'a red kite', model });
    for (const [asked, got] of [
      [2, 2],
      [1.9, 1],
      [4, 3],
      [1e300, 3],
      [Infinity, 3],
      [-1, 0],
      [-0.5, 0],
      [-Infinity, 0],
      [NaN, 0],
      [3, 3],
    ]) {
      session.seek(1);
      session.seek(asked);
      assert.ok(Object.is(session.state.step, got), `seek(${asked}): ${session.state.step}`);
    }
    assert.equal(session.state.readings.get('rnn')!.length, 3);
  }
});

test('an empty text is a state like any other', async () => {
  for (const model of ['auto', 'story', 'random']) {
    const session = await sessionWith({ text: '', model, cells: ['lstm'] });
    assert.deepEqual(session.state.tokens, []);
    assert.equal(session.state.problem, null);
    assert.equal(session.state.readings.get('lstm')!.length, 0);
    session.seek(5);
    assert.equal(session.state.step, 0);
    await session.configure(config({ text: story, model, cells: ['lstm'] }));
    session.seek(2);
    assert.equal(session.state.step, 2);
    await session.configure(config({ text: ' \n ', model, cells: ['lstm'] }));
    assert.equal(session.state.step, 0);
    assert.equal(session.state.follow, -1);
  }
});

test('the sentence stands in its place while the first weights load', async () => {
  const server = new Server();
  const session = new ReadingSession();
  const done = session.configure(
    config({ text: story, model: 'https://example.org/a', cells: ['rnn', 'lstm'] }),
  );
  assert.equal(session.state.loading, true);
  assert.equal(session.state.kind, null);
  assert.equal(wordsOf(session.state), 'Anna has a red kite .');
  assert.deepEqual(session.state.cells, ['rnn'], 'a file will hold one cell');
  assert.equal(session.state.readings.size, 0);
  session.seek(3);
  session.follow(3);
  server.answer('https://example.org/a', new Response(fileBytes('rnn')));
  await done;
  assert.equal(session.state.loading, false);
  assert.equal(session.state.kind, 'file');
  assert.equal(session.state.step, 3, 'where the reader went meanwhile');
  assert.equal(session.state.follow, 3);
  assert.equal(session.state.readings.get('rnn')!.length, 3);
});

test('while other weights load the old ones go on', async () => {
  const server = new Server();
  const session = await sessionWith({ text: strange, model: 'random' });
  const before = session.state;
  const done = session.configure(config({ text: story, model: 'https://example.org/a' }));
  assert.deepEqual(session.state, { ...before, loading: true });
  session.seek(2);
  assert.equal(session.state.readings.get('rnn')!.length, 2);
  server.answer('https://example.org/a', new Response(fileBytes('rnn')));
  await done;
  assert.equal(session.state.kind, 'file');
  assert.equal(wordsOf(session.state), 'Anna has a red kite .');
});

test('a later configuration overtakes an earlier one', async () => {
  const server = new Server();
  const [slow, fast] = ['https://example.org/slow', 'https://example.org/fast'];
  const session = await sessionWith({ text: strange, model: 'random' });
  const first = session.configure(config({ text: 'one', model: slow }));
  const second = session.configure(config({ text: 'two', model: fast, cells: ['gru'] }));
  server.answer(fast, new Response(fileBytes('gru')));
  await second;
  assert.deepEqual(session.state.cells, ['gru']);
  const settled = session.state;
  server.answer(slow, new Response(fileBytes('rnn')));
  await first;
  assert.equal(session.state, settled, 'the slow answer changes nothing');

  const third = session.configure(config({ text: 'three', model: 'https://example.org/c' }));
  void session.configure(config({ text: 'four', model: 'random' }));
  const now = session.state;
  assert.equal(now.loading, false);
  assert.equal(wordsOf(now), 'four');
  server.answer('https://example.org/c', new Error('gone'));
  await third;
  assert.equal(session.state, now, 'nor does its failure');
});

test('the same change asked for twice in a row ends well', async () => {
  const session = new ReadingSession();
  await Promise.all(
    [story, `${story} The`, `${story} The cat`].map((text) =>
      session.configure(config({ text, model: 'story' })),
    ),
  );
  assert.equal(wordsOf(session.state), 'Anna has a red kite . The cat');
  assert.equal(session.state.loading, false);
});

const tooLong = 'zorb '.repeat(maximumTokens + 1);

test('the longest text is read, a longer one is refused', async () => {
  const session = await sessionWith({ text: 'zorb '.repeat(maximumTokens), hiddenSize: 1 });
  assert.equal(session.state.tokens.length, maximumTokens);
  assert.equal(session.state.problem, null);
  session.seek(Infinity);
  assert.equal(session.state.readings.get('rnn')!.length, maximumTokens);
  await session.configure(config({ text: tooLong, hiddenSize: 1 }));
  assert.deepEqual(session.state.problem, { code: 'text-too-long', count: maximumTokens + 1 });
});

test('a text that is too long leaves the last good state, and says so', async () => {
  for (const model of ['random', 'story']) {
    const session = await sessionWith({ text: story, model, cells: ['gru'] });
    session.seek(4);
    session.follow(3);
    const before = session.state;
    await session.configure(config({ text: tooLong, model, cells: ['gru'] }));
    const problem = { code: 'text-too-long', count: maximumTokens + 1 };
    assert.deepEqual(session.state, { ...before, problem });
    assert.equal(session.state.readings, before.readings);
    session.seek(6);
    assert.equal(session.state.readings.get('gru')!.length, 6, 'and it still works');
    await session.configure(config({ text: story, model, cells: ['gru'] }));
    assert.equal(session.state.problem, null, 'a good text clears the message');
    assert.equal(session.state.step, 6);
  }
});

test('only the text is refused: other cells read the last one', async () => {
  for (const model of ['random', 'story']) {
    const session = await sessionWith({ text: story, model, cells: ['gru'] });
    session.seek(4);
    await session.configure(config({ text: tooLong, model, cells: ['lstm', 'rnn'] }));
    assert.equal(session.state.problem?.code, 'text-too-long');
    assert.deepEqual(session.state.cells, ['lstm', 'rnn']);
    assert.equal(session.state.step, 4);
    assert.equal(session.state.readings.get('lstm')!.length, 4);
    await session.configure(config({ text: tooLong, model: 'random', cells: ['rnn'] }));
    assert.equal(session.state.kind, 'random');
    assert.equal(session.state.problem?.code, 'text-too-long', 'the message stays');
    assert.equal(session.state.loading, false);
  }
});

test('a first text that is too long leaves nothing, and the next one is read', async () => {
  const session = await sessionWith({ text: tooLong });
  assert.equal(session.state.problem?.code, 'text-too-long');
  assert.equal(session.state.kind, null);
  assert.equal(session.state.loading, false);
  assert.deepEqual(session.state.tokens, []);
  await session.configure(config({ text: strange }));
  assert.equal(session.state.problem, null);
  assert.equal(session.state.kind, 'random');
});

test('a text that is too long does not stop the weights that are loading', async () => {
  for (const good of [true, false]) {
    const server = new Server();
    const session = new ReadingSession();
    const first = session.configure(config({ text: story, model: 'https://example.org/a' }));
    await session.configure(config({ text: tooLong, model: 'https://example.org/a' }));
    assert.equal(session.state.loading, true);
    assert.equal(session.state.problem?.code, 'text-too-long');
    server.answer(
      'https://example.org/a',
      good ? new Response(fileBytes('rnn')) : new Error('gone'),
    );
    await first;
    assert.equal(session.state.loading, false);
    assert.equal(session.state.kind, good ? 'file' : 'random');
    assert.equal(wordsOf(session.state), 'Anna has a red kite .');
    assert.equal(session.state.problem?.code, 'text-too-long', 'the message stays');
  }
});

test('a weight file at an address reads', async () => {
  for (const cell of cellTypes) {
    const session = await sessionWith({
      text: 'A red kite.',
      model: dataAddress(cell),
      cells: ['rnn'],
    });
    assert.equal(session.state.problem, null);
    assert.equal(session.state.kind, 'file');
    assert.deepEqual(session.state.cells, [cell], 'the cell is the file’s');
    session.seek(4);
    const reading = session.state.readings.get(cell)!;
    assert.equal(reading.model.vocabularySize, fileWords.length);
    assert.ok(reading.hidden(3).some((value) => value !== 0));
    const predicted = reading.predictions(3, 10)!.map(({ word }) => word);
    assert.deepEqual([...predicted].sort(), [...fileWords].sort());
  }
});

test('a weight file has one cell, whatever cells are asked for', async () => {
  const choices: readonly (readonly CellType[])[] = [
    ['gru'],
    ['lstm'],
    ['rnn', 'lstm', 'gru'],
    ['feedforward', 'rnn'],
  ];
  const session = new ReadingSession();
  for (const cells of choices) {
    await session.configure(config({ text: 'A red kite.', model: dataAddress('gru'), cells }));
    assert.deepEqual(session.state.cells, ['gru']);
    assert.deepEqual([...session.state.readings.keys()], ['gru']);
    assert.equal(session.state.problem, null);
    session.seek(2);
  }
  // and what was asked for comes back with networks that have them
  await session.configure(
    config({ text: 'A red kite.', model: 'random', cells: ['rnn', 'lstm', 'gru'] }),
  );
  assert.deepEqual(session.state.cells, ['rnn', 'lstm', 'gru']);
  assert.equal(session.state.step, 2);
});

test('a file that could be read stays while other networks run; another file takes its place', async () => {
  const server = new Server();
  const session = new ReadingSession();
  const [first, second] = ['https://example.org/first', 'https://example.org/second'];
  const load = async (model: string, cell: CellType): Promise<void> => {
    const done = session.configure(config({ text: 'A red kite.', model }));
    server.answer(model, new Response(fileBytes(cell)));
    await done;
    assert.deepEqual(session.state.cells, [cell]);
  };
  await load(first, 'gru');
  await session.configure(config({ text: 'A red kite.', model: 'random' }));
  await load(first, 'gru');
  assert.deepEqual(server.asked, [first]);
  await load(second, 'lstm');
  await load(first, 'gru');
  assert.deepEqual(server.asked, [first, second, first]);
});

test('a broken file leaves the file before it', async () => {
  const session = await sessionWith({ text: 'A red kite.', model: dataAddress('lstm') });
  session.seek(3);
  const model = modelOf(session, 'lstm');
  for (const text of ['A red kite.', 'A red kite, a red kite.']) {
    await session.configure(config({ text, model: 'data:,nonsense', cells: ['gru'] }));
    assert.equal(session.state.problem?.code, 'model-load-failed');
    assert.equal(session.state.kind, 'file');
    assert.deepEqual(session.state.cells, ['lstm']);
    assert.equal(modelOf(session, 'lstm'), model);
    assert.equal(session.state.step, 3);
  }
});

/** A ReLU network whose state is ten times larger after every word. */
function explosive(): string {
  const bytes = stateDictFile(
    {
      embedding: Float64Array.of(1, 0),
      cell: {
        cell: 'rnn',
        inputSize: 1,
        hiddenSize: 1,
        weightIh: Float64Array.of(1),
        weightHh: Float64Array.of(10),
        biasIh: Float64Array.of(0),
        biasHh: Float64Array.of(0),
      },
      readout: { weight: new Float64Array(2), bias: new Float64Array(2) },
    },
    ['up', 'down'],
    { metadata: { nonlinearity: 'relu' } },
  );
  return `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`;
}

test('a state that grows beyond all bounds is read as far as it goes, and no further', async () => {
  const text = 'up down down down down down down down down down down down';
  const session = await sessionWith({ text, model: explosive() });
  assert.equal(session.state.problem, null);
  for (const target of [12, 11, 12]) {
    session.seek(target);
    assert.equal(session.state.step, 10, '1, 10, 100, … 10⁹');
    assert.deepEqual(session.state.problem, { code: 'state-overflow', count: 10 });
  }
  assert.deepEqual([...session.state.readings.get('rnn')!.hidden(9)], [1e9]);
  assert.equal(session.state.readings.get('rnn')!.memory(9, 0).ratio, 1e9);
  session.seek(10);
  assert.equal(session.state.problem, null, 'the last good state has none');
  session.seek(12);
  await session.configure(config({ text: `${text} up`, model: explosive() }));
  assert.equal(session.state.step, 10);
  await session.configure(config({ text: 'down down up', model: explosive() }));
  assert.equal(session.state.problem, null);
  session.seek(3);
  assert.equal(session.state.step, 3);
});

test('a weight file is asked for once, with the page’s own credentials only', async () => {
  const server = new Server();
  const inits: (RequestInit | undefined)[] = [];
  const answering = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    inits.push(init);
    return answering(input, init);
  };
  const session = new ReadingSession();
  const address = 'https://example.org/a';
  const both = [story, strange].map((text) => session.configure(config({ text, model: address })));
  server.answer(address, new Response(fileBytes('lstm')));
  await Promise.all(both);
  await session.configure(config({ text: 'red', model: address }));
  assert.deepEqual(server.asked, [address]);
  assert.deepEqual(inits, [{ credentials: 'same-origin' }]);
  assert.equal(session.state.kind, 'file');
});

const failures: [string, () => Response | Error, RegExp][] = [
  ['no network', () => new TypeError('fetch failed'), /fetch failed/],
  ['404', () => new Response('not here', { status: 404 }), /404/],
  ['500', () => new Response(fileBytes('rnn'), { status: 500 }), /500/],
  ['a page instead of weights', () => new Response('<!doctype html><p>Sorry'), /web page/],
  ['nothing', () => new Response(null), /short/],
  ['half a file', () => new Response(fileBytes('rnn').slice(0, -9)), /offsets/],
  [
    'more words than rows',
    () => new Response(new Uint8Array(packNetwork(randomNetwork('rnn', ['a']), ['a', 'b']))),
    /2 words, but embedding.weight has 1 row/,
  ],
];

for (const [name, response, reason] of failures) {
  test(`weights that can't be had (${name}): the networks that run read on`, async () => {
    for (const running of ['story', 'random'] as const) {
      const session = await sessionWith({ text: story, model: running, cells: ['lstm', 'gru'] });
      session.seek(4);
      session.follow(3);
      const before = session.state;
      const problemCode = (): string | undefined => session.state.problem?.code;
      const server = new Server();
      const load = async (text: string, cells: readonly CellType[]): Promise<void> => {
        const done = session.configure(
          config({ text, model: 'https://example.org/broken', cells }),
        );
        server.answer('https://example.org/broken', response());
        await done;
      };
      await load(story, ['lstm', 'gru']);
      const { problem, readings, ...rest } = session.state;
      const { problem: none, readings: kept, ...expected } = before;
      assert.equal(none, null);
      assert.deepEqual(rest, expected);
      assert.equal(problem?.code, 'model-load-failed');
      assert.match(problem.reason!, reason);
      for (const [cell, reading] of readings) {
        assert.equal(reading.model, kept.get(cell)!.model);
        assert.equal(reading.length, 4);
      }
      // the address stays broken, and the reader types on
      await load(`${story} The cat`, ['lstm', 'gru']);
      assert.equal(wordsOf(session.state), 'Anna has a red kite . The cat');
      assert.equal(session.state.step, 4);
      assert.equal(session.state.kind, running);
      assert.equal(session.state.problem?.code, 'model-load-failed');
      session.seek(8);
      for (const reading of session.state.readings.values()) assert.equal(reading.length, 8);
      assert.equal(server.asked.length, 1, 'what is broken is not asked for at every word');
      await session.configure(config({ text: story, model: running, cells: ['lstm', 'gru'] }));
      assert.equal(session.state.problem, null);
      await load(story, ['lstm', 'gru']);
      assert.equal(server.asked.length, 2, 'but it is when somebody comes back to it');
      assert.equal(problemCode(), 'model-load-failed');
    }
  });

  test(`weights that can't be had (${name}): untrained networks read a first text`, async () => {
    const server = new Server();
    const session = new ReadingSession();
    const load = async (text: string, cells: readonly CellType[]): Promise<void> => {
      const done = session.configure(
        config({ text, model: 'https://example.org/broken', cells, seed: 4 }),
      );
      server.answer('https://example.org/broken', response());
      await done;
    };
    await load(story, ['rnn', 'gru']);
    assert.equal(session.state.kind, 'random');
    assert.equal(session.state.loading, false);
    assert.deepEqual(session.state.cells, ['rnn', 'gru']);
    assert.equal(session.state.problem?.code, 'model-load-failed');
    assert.match(session.state.problem.reason!, reason);
    session.seek(3);
    assert.equal(session.state.readings.get('gru')!.length, 3);
    await load(strange, ['lstm']);
    assert.equal(wordsOf(session.state), 'Purple zorbs juggle pancakes quietly .');
    assert.deepEqual(session.state.cells, ['lstm']);
    assert.equal(server.asked.length, 1);
    const other = session.configure(config({ text: story, model: 'https://example.org/other' }));
    server.answer('https://example.org/other', new Error('gone, too'));
    await other;
    assert.equal(session.state.problem.reason, 'gone, too');
    const done = session.configure(config({ text: story, model: 'https://example.org/broken' }));
    server.answer('https://example.org/broken', new Response(fileBytes('rnn')));
    await done;
    assert.equal(session.state.kind, 'file', 'a later try may succeed');
    assert.equal(session.state.problem, null);
  });
}

test('an address that is none fails like any other', async () => {
  for (const model of ['', 'https://', '/weights.safetensors', 'data:,', 'Story', '__proto__']) {
    const { state } = await sessionWith({ text: story, model });
    assert.equal(state.kind, 'random', model);
    assert.equal(state.problem?.code, 'model-load-failed', model);
    assert.ok(state.problem.reason);
  }
});

test('a server that sends without end is cut off at the size limit', async () => {
  const part = new Uint8Array(4_000_000);
  let sent = 0;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      sent += part.length;
      controller.enqueue(part);
    },
    cancel() {
      cancelled = true;
    },
  });
  globalThis.fetch = () => Promise.resolve(new Response(body));
  const { state } = await sessionWith({ text: story, model: 'https://example.org/endless' });
  assert.match(state.problem!.reason!, /larger than 50 MB/);
  assert.ok(cancelled);
  assert.ok(sent <= maximumFileBytes + 3 * part.length, `${sent} bytes were taken`);
});

/** Lets what waits for the kernel happen. */
async function kernelLoaded(): Promise<void> {
  await loadKernel(0);
  await new Promise((resolve) => setImmediate(resolve));
}

test('a long text gets the fast kernel; a short one does not, nor one that must not, even in a hurry', async () => {
  await loadKernel(0);
  const accelerate = mock.method(Reading.prototype, 'accelerate');
  try {
    const count = async (...changes: Partial<SessionConfig>[]): Promise<number> => {
      accelerate.mock.resetCalls();
      const session = new ReadingSession();
      for (const each of changes) {
        void session.configure(config({ cells: ['rnn', 'gru'], model: 'random', ...each }));
      }
      await kernelLoaded();
      const running = new Set(session.state.readings.values());
      assert.ok(accelerate.mock.calls.every((call) => running.has(call.this as Reading)));
      return accelerate.mock.callCount();
    };
    const long = { text: mixed(longText, 0) };
    const [short, off] = [{ text: mixed(longText - 1, 0) }, { ...long, accelerate: false }];
    assert.equal(await count(long), 2);
    assert.equal(await count(short), 0);
    assert.equal(await count(off), 0);
    // the second comes before the kernel of the first has been opened
    assert.equal(await count(long, short), 0);
    assert.equal(await count(long, off), 0);
    assert.equal(await count(short, long, { ...long, seed: 2 }), 2);
  } finally {
    accelerate.mock.restore();
  }
});

test('where no memory is left for the fast kernel, a long text is read without it', async () => {
  await loadKernel(0);
  const api = (globalThis as unknown as { WebAssembly: { Memory: unknown } }).WebAssembly;
  const { Memory } = api;
  const refused: unknown[] = [];
  const refuse = (reason: unknown): unknown => refused.push(reason);
  process.on('unhandledRejection', refuse);
  try {
    api.Memory = function () {
      throw new RangeError('could not allocate memory');
    };
    const session = new ReadingSession();
    await session.configure(config({ model: 'random', text: mixed(longText, 0) }));
    await kernelLoaded().catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    session.seek(3);
    assert.ok(session.state.readings.get('rnn')!.memory(2, 0).ratio! > 0);
    assert.deepEqual(refused, []);
  } finally {
    api.Memory = Memory;
    process.off('unhandledRejection', refuse);
  }
});

test('listeners hear of every change, until they leave', async () => {
  const session = new ReadingSession();
  const heard: SessionState[] = [];
  const leave = session.subscribe(() => heard.push(session.state));
  const others: SessionState[] = [];
  const leaveOther = session.subscribe(() => others.push(session.state));
  await session.configure(config({ text: story, model: 'random' }));
  assert.equal(heard.length, 1);
  session.seek(2);
  session.follow(1);
  assert.equal(heard.length, 3);
  assert.deepEqual(
    heard.map(({ step, follow }) => [step, follow]),
    [
      [0, 0],
      [2, 0],
      [2, 1],
    ],
  );
  assert.equal(new Set(heard).size, 3, 'a new state each time');
  await session.configure(config({ text: story, model: 'story' }));
  assert.deepEqual(
    heard.slice(3).map(({ loading }) => loading),
    [true, false],
  );
  await session.configure(config({ text: tooLong }));
  assert.equal(heard.at(-1)!.problem?.code, 'text-too-long');
  const count = Number(heard.length);
  leave();
  session.seek(3);
  assert.equal(heard.length, count);
  assert.equal(others.length, count + 1);
  leaveOther();
  leaveOther();
  session.seek(4);
  assert.equal(others.length, count + 1);
});

test('a listener may leave while it is called', () => {
  const session = new ReadingSession();
  let calls = 0;
  const leave = session.subscribe(() => {
    calls++;
    leave();
  });
  let after = 0;
  session.subscribe(() => after++);
  session.seek(1);
  session.seek(1);
  assert.equal(calls, 1);
  assert.equal(after, 2);
});
