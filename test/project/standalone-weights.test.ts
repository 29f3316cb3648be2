// The networks of the standalone script: rounder than those beside the other bundles, and no worse at what they are for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CellType, Network } from '../../src/engine/index.js';
import { Reading } from '../../src/model/reading.js';
import { families } from '../../src/model/story/language.js';
import { trainedModel } from '../../src/model/story-model.js';
import { english } from '../../src/model/strings.js';
import { packNetwork, unpackNetwork } from '../../src/model/weights.js';
import { alphabet, decode, encode, small } from '../../tools/dense.mjs';
import { recall } from '../../tools/story/measure.js';
import { read } from '../support/model.js';

interface Shipped {
  readonly network: Network;
  readonly words: readonly string[];
}

/** A story network as it is, and as the standalone script has it. */
async function networks(cell: CellType): Promise<{ whole: Shipped; rounded: Shipped }> {
  const { weights } = (await import(`../../src/model/story/weights/${cell}.ts`)) as {
    weights: string;
  };
  const whole = unpackNetwork(Buffer.from(weights, 'base64'));
  const text = encode(packNetwork(whole.network, whole.words, small));
  const bytes = Buffer.from(decode(text, alphabet, small), 'base64');
  return { whole, rounded: unpackNetwork(bytes) };
}

test('every byte survives the text that it is written as, which needs no escape anywhere', () => {
  const bytes = Uint8Array.from({ length: 4096 }, (_, i) => i ^ (i >> 4));
  assert.equal(new Set(bytes).size, 256);
  const text = encode(bytes);
  assert.deepEqual([...Buffer.from(decode(text, alphabet, small), 'base64')], [...bytes]);
  assert.match(text, /^[ -~]+$/);
  assert.doesNotMatch(text, /['"`\\$<]/);
  assert.equal(encode(Uint8Array.of(0, 15, 241)).length, 3, 'small numbers are short');
});

test('weights are off by half a step of 31 at most', async () => {
  const { whole, rounded } = await networks('gru');
  assert.deepEqual(rounded.words, whole.words);
  const { hiddenSize: H } = whole.network.cell;
  const [before, after] = [whole, rounded].map(({ network }) => network.cell.weightHh);
  for (let row = 0; row < before.length; row += H) {
    const most = Math.max(...before.subarray(row, row + H).map(Math.abs));
    for (let i = row; i < row + H; i++) {
      // the scale of a row is a float16
      assert.ok(Math.abs(before[i] - after[i]) <= (most / small / 2) * 1.01, `${i}`);
    }
  }
});

for (const cell of ['lstm', 'gru'] as const) {
  test(`${cell}: recalls every family across 0, 20 and 40 words`, async (t) => {
    const { network, words } = (await networks(cell)).rounded;
    const indexOf = new Map(words.map((word, index) => [word, index]));
    for (const family of families) {
      const shares = [0, 20, 40].flatMap((gap) =>
        (['known', 'unknown'] as const).map((kind) =>
          recall(network, indexOf, { family, gap, kind, count: 40 }),
        ),
      );
      t.diagnostic(`${cell}, ${family}: ${shares.join(' ')}`);
      assert.ok(Math.min(...shares) >= 0.95, `${family}: ${shares.join(' ')}`);
    }
  });
}

test('the figure of the page tells the same story with either', async (t) => {
  const tokens = read(english.defaultText);
  for (const [cell, word] of [
    ['rnn', null],
    ['lstm', 'red'],
    ['gru', 'red'],
  ] as const) {
    const { whole, rounded } = await networks(cell);
    const [before, after] = [whole, rounded].map(({ network, words }) => {
      const reading = new Reading(trainedModel('story', network, words), tokens);
      reading.readTo(tokens.length);
      const [best] = reading.predictions(tokens.length - 1, 1)!;
      return { best, held: reading.memory(tokens.length - 1, 3).ratio! };
    });
    t.diagnostic(`${cell}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`);
    assert.ok(Math.abs(before.held - after.held) < 0.06, cell);
    if (word === null) assert.ok(after.best.probability < 0.3, 'it can only guess');
    else assert.deepEqual([after.best.word, after.best.probability > 0.98], [word, true]);
  }
});
