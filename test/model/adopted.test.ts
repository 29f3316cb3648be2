// Networks that were trained on the page: a session runs them instead of its own, until somebody chooses others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLogits, type CellType } from '../../src/engine/index.js';
import { NumberWriter, describeModel } from '../../src/model/describe.js';
import { randomModel } from '../../src/model/random-model.js';
import type { SentenceModel } from '../../src/model/sentence-model.js';
import { ReadingSession, defaultConfig, type SessionConfig } from '../../src/model/session.js';
import { storyModel } from '../../src/model/shipped.js';
import { trainedModel } from '../../src/model/story-model.js';
import { english } from '../../src/model/strings.js';
import { hold, randomNetwork, read } from '../support/model.js';

const words = ['<unk>', 'Anna', 'has', 'a', 'red', 'kite', '.'];
const text = 'Anna has a red kite today.';

const config = (changes: Partial<SessionConfig> = {}): SessionConfig => ({
  ...defaultConfig,
  text,
  locale: 'en',
  model: 'random',
  cells: ['lstm'],
  ...changes,
});

const trained = (...cells: CellType[]): Map<CellType, SentenceModel> =>
  new Map(cells.map((cell) => [cell, trainedModel('trained', randomNetwork(cell, words), words)]));

async function sessionWith(changes: Partial<SessionConfig> = {}): Promise<ReadingSession> {
  const session = new ReadingSession();
  await session.configure(config(changes));
  return session;
}

const modelsOf = ({ state }: ReadingSession): SentenceModel[] =>
  [...state.readings.values()].map(({ model }) => model);

test('adopted networks read the same text at the same step under the same interventions', async () => {
  const session = await sessionWith({ cells: ['lstm', 'gru'] });
  session.seek(4);
  session.follow(3);
  session.intervene([hold('forget', 0, 1)]);
  const { tokens, interventions } = session.state;
  const models = trained('lstm', 'gru');
  await session.adopt(models);
  const { state } = session;
  assert.deepEqual(modelsOf(session), [...models.values()]);
  assert.equal(state.kind, 'trained');
  assert.deepEqual(
    { step: state.step, follow: state.follow, text: state.tokens.map((each) => each.text) },
    { step: 4, follow: 3, text: tokens.map((each) => each.text) },
  );
  assert.deepEqual(state.interventions, interventions);
  for (const reading of state.readings.values()) assert.equal(reading.length, 4);
  assert.notEqual(state.readings.get('lstm')?.free, state.readings.get('lstm'), 'held');
});

test('of several, those of the configured cells run; all of them if there is none', async () => {
  const session = await sessionWith({ cells: ['gru', 'rnn'] });
  const models = trained('rnn', 'lstm');
  await session.adopt(models);
  assert.deepEqual(session.state.cells, ['rnn']);
  await session.configure(config({ cells: ['gru'] }));
  assert.deepEqual(session.state.cells, ['rnn', 'lstm']);
  await session.configure(config({ cells: ['lstm'] }));
  assert.deepEqual(modelsOf(session), [models.get('lstm')]);
});

test('they stay for another text, and go with another model or when they are given back', async () => {
  const session = await sessionWith();
  await session.adopt(trained('lstm'));
  await session.configure(config({ text: 'Anna has a kite.', seed: 2 }));
  assert.equal(session.state.kind, 'trained');
  await session.configure(config({ model: 'story' }));
  assert.deepEqual(modelsOf(session), [await storyModel('lstm')]);
  await session.configure(config());
  assert.equal(session.state.kind, 'random', 'they do not come back by themselves');

  await session.adopt(trained('lstm'));
  await session.adopt(null);
  assert.equal(session.state.kind, 'random');
  await session.adopt(new Map());
  assert.equal(session.state.kind, 'random', 'none are none');
});

test('they overtake weights that are still loading, and wait for the first configuration', async () => {
  const session = new ReadingSession();
  const loading = session.configure(config({ model: 'story' }));
  assert.equal(session.state.loading, true);
  await session.adopt(trained('lstm'));
  await loading;
  assert.equal(session.state.kind, 'trained');
  assert.equal(session.state.loading, false);

  const early = new ReadingSession();
  await early.adopt(trained('lstm'));
  assert.equal(early.state.kind, null);
  await early.configure(config());
  assert.equal(early.state.kind, 'trained');
});

test('a text that was refused stays refused, and the last one is read on', async () => {
  const session = await sessionWith();
  await session.configure(config({ text: 'word '.repeat(6000) }));
  await session.adopt(trained('lstm'));
  assert.equal(session.state.problem?.code, 'text-too-long');
  assert.equal(session.state.tokens.length, 7);
  assert.equal(session.state.kind, 'trained');
});

test('the known words are those of the adopted network', async () => {
  const session = await sessionWith();
  await session.adopt(trained('lstm'));
  assert.equal(session.state.known, 5 / 6, 'all but “today”');
  assert.equal(
    describeModel(session.state, 'auto', defaultConfig, english, new NumberWriter('en')),
    english.modelBadge.trained,
  );
});

test('the accepted configuration can be read', async () => {
  assert.equal(new ReadingSession().config, null);
  const session = new ReadingSession();
  const first = config();
  await session.configure(first);
  assert.equal(session.config, first);
  await session.configure(config({ text: 'word '.repeat(6000), seed: 9 }));
  assert.equal(session.config?.text, text, 'a refused text is none');
  assert.equal(session.config.seed, 9);
});

test('row and readout belong to what is predicted', () => {
  const network = randomNetwork('gru', words);
  const model = trainedModel('trained', network, words);
  const [anna, , , , , today] = read(text);
  assert.equal(model.row(anna), words.indexOf('Anna'));
  assert.equal(model.row(today), words.indexOf('<unk>'));
  assert.equal(model.readout, network.readout);
  const h = Float64Array.from({ length: model.cell.hiddenSize }, (_, i) => Math.sin(i));
  const logits = [...readLogits(network.readout, h, 1, h.length)];
  const [first] = model.predict(h, 1) ?? [];
  assert.equal(logits.indexOf(Math.max(...logits.slice(1))), words.indexOf(first.word));

  const bare = trainedModel('file', { ...network, readout: null }, words.slice(1));
  assert.equal(bare.readout, null);
  assert.equal(bare.row(today), null);
  const untrained = randomModel('gru');
  assert.equal(untrained.readout, null);
  assert.equal(untrained.row(anna), null);
});
