// The task of the training race: what is learned and what is asked are kept apart, and every gap has as many words as it says.

import assert from 'node:assert/strict';
import test from 'node:test';
import { tokenize } from '../../src/model/tokenizer.js';
import { countWords, isHeldOut, unknownWord } from '../../src/model/story/language.js';
import { trainingDefaults } from '../../src/model/training/settings.js';
import {
  answerCount,
  batchOf,
  example,
  heldOutSentences,
  longestBatch,
  packed,
  questionCount,
  taskWords,
  trainingSentence,
  type TaskSentence,
} from '../../src/model/training/task.js';

const settings = trainingDefaults;

const between = ({ tokens, roles }: TaskSentence): string[] => {
  const from = roles.indexOf('mark') + 1;
  return tokens.slice(from, roles.indexOf('question'));
};
const trainingSet = (options: { gap?: number; examples?: number; seed?: number }) => {
  const all = { ...settings, ...options };
  return Array.from({ length: all.examples }, (_, i) => trainingSentence(all, i));
};
/** “kite of anna”; of a sentence about somebody unknown “kite of <unk>”. */
const pairOf = ({ tokens, roles }: TaskSentence): string => {
  const question = tokens.filter((_, i) => roles[i] === 'question');
  return question.slice(1, 4).join(' ');
};

test('the vocabulary: every word once, <unk> first, and every sentence written with it', () => {
  assert.equal(new Set(taskWords).size, taskWords.length);
  assert.equal(taskWords[0], unknownWord);
  const known = new Set(taskWords);
  const sentences = [...trainingSet({}), ...heldOutSentences(40)];
  for (const { tokens } of sentences) for (const word of tokens) assert.ok(known.has(word), word);
  const used = new Set(sentences.flatMap(({ tokens }) => tokens));
  assert.deepEqual([...used].sort(), [...taskWords].sort());
});

test("the visualizer's own sentence has no word that a trained network does not know", () => {
  const text = 'Anna has a red kite. The cat sat on the mat. The kite of Anna is';
  for (const { key } of tokenize(text)) assert.ok(taskWords.includes(key), key);
});

test('gaps: exactly the words that were asked for, in whole sentences, spread evenly over the training set', () => {
  const counts = new Map<number, number>();
  for (const sentence of trainingSet({})) {
    const words = between(sentence);
    const gap = countWords(words);
    counts.set(gap, (counts.get(gap) ?? 0) + 1);
    if (gap > 0) assert.equal(words.at(-1), '.');
  }
  assert.deepEqual(
    [...counts.keys()].sort((a, b) => a - b),
    Array.from({ length: 21 }, (_, gap) => gap),
  );
  assert.ok([...counts.values()].every((count) => count === 47 || count === 48));
  for (const gap of [0, 1, 7, 100, 333]) {
    for (const sentence of heldOutSentences(gap)) assert.equal(countWords(between(sentence)), gap);
  }
});

test('what recall asks about is never in the training set, whatever its size and seed', () => {
  const asked = new Set([0, 20, 40].flatMap((gap) => heldOutSentences(gap).map(pairOf)));
  assert.equal(asked.size * answerCount, questionCount);
  for (const pair of asked) assert.ok(isHeldOut(pair), pair);
  for (const options of [{ examples: 5000 }, { examples: 500, seed: 7, gap: 3 }]) {
    const set = trainingSet(options);
    const learned = new Set(set.map(pairOf));
    for (const pair of learned) assert.ok(!asked.has(pair), pair);
    // somebody unknown may have a thing that is asked about; such a fact is in no question
    assert.ok(set.every((each) => each.tokens.includes(unknownWord) || !isHeldOut(pairOf(each))));
  }
});

test('held-out questions have every answer equally often', () => {
  const counts = new Map<string, number>();
  for (const { tokens, answer } of heldOutSentences(20)) {
    counts.set(tokens[answer], (counts.get(tokens[answer]) ?? 0) + 1);
    assert.equal(tokens.filter((token) => token === tokens[answer]).length, 2);
  }
  assert.equal(counts.size, answerCount);
  assert.equal(new Set(counts.values()).size, 1);
});

test('rounds of questions differ in the words in between alone', () => {
  const [first, second] = [heldOutSentences(20, 0), heldOutSentences(20, 1)];
  assert.deepEqual(first.map(pairOf), second.map(pairOf));
  assert.notDeepEqual(first.map(between), second.map(between));
  assert.deepEqual(heldOutSentences(20, 0), first);
});

test('a batch follows from its step alone, has one gap, and only sentences of the set', () => {
  assert.deepEqual(batchOf(settings, 7), batchOf(settings, 7));
  assert.notDeepEqual(batchOf(settings, 7).words, batchOf(settings, 8).words);
  assert.notDeepEqual(batchOf(settings, 7), batchOf({ ...settings, seed: 2 }, 7));
  const small = { ...settings, examples: 30 };
  const known = new Set(
    trainingSet({ examples: 30 }).map(({ tokens }) => tokens.slice(0, -1).join(' ')),
  );
  const gaps = new Set<number>();
  for (let step = 0; step < 200; step++) {
    const { rows, length, words, weights } = batchOf(small, step);
    const found = new Set<number>();
    for (let n = 0; n < rows; n++) {
      const tokens: string[] = [];
      for (let t = 0; t < length; t++) {
        const entry = t * rows + n;
        // <unk> as a target has no weight, and padding stands at the end
        const rest = Array.from({ length: length - t }, (_, i) => weights[entry + i * rows]);
        if (rest.every((weight) => weight === 0)) break;
        tokens.push(taskWords[words[entry]]);
      }
      assert.ok(known.has(tokens.join(' ')), tokens.join(' '));
      // five words of the fact, five of the question, the answer
      found.add(countWords(tokens) - 11);
    }
    assert.equal(found.size, 1);
    for (const gap of found) gaps.add(gap);
  }
  assert.ok(gaps.has(0) && gaps.has(20) && gaps.size > 15);
});

test('few sentences: every batch still has some, and they reach from short gaps to long ones', () => {
  for (const examples of [1, 2, 5, 12]) {
    const few = { ...settings, examples, batch: 4 };
    const gaps = trainingSet({ examples }).map((each) => countWords(between(each)));
    assert.equal(new Set(gaps).size, examples);
    for (let step = 0; step < 20; step++) assert.equal(batchOf(few, step).rows, 4);
    if (examples === 5) assert.deepEqual(gaps, [2, 6, 10, 14, 18]);
  }
});

test('the answer counts for fifteen words, <unk> for none, and the answers are watched', () => {
  const sentences = trainingSet({ examples: 60 }).slice(20, 30);
  const { rows, words, targets, weights, watched } = packed(sentences);
  sentences.forEach(({ tokens, answer }, n) => {
    tokens.slice(1).forEach((token, t) => {
      const entry = t * rows + n;
      assert.equal(taskWords[words[entry]], tokens[t]);
      assert.equal(taskWords[targets[entry]], token);
      const expected = t + 1 === answer ? 15 : token === unknownWord ? 0 : 1;
      assert.equal(weights[entry], expected);
    });
    assert.equal(taskWords[targets[watched?.[n] ?? 0]], tokens[answer]);
    assert.equal(taskWords[words[watched?.[n] ?? 0]], 'is');
  });
});

test('some names and some words in between are unknown, and never the cue', () => {
  const set = trainingSet({ examples: 2000 });
  const share = (count: number, of: number): number => count / of;
  const strangers = set.filter(({ tokens }) => tokens[0] === unknownWord);
  assert.ok(Math.abs(share(strangers.length, set.length) - 0.1) < 0.03);
  for (const { tokens, roles } of strangers) {
    assert.equal(tokens[roles.lastIndexOf('question') - 1], unknownWord);
  }
  const words = set.flatMap(between).filter((word) => word !== '.');
  const unknown = words.filter((word) => word === unknownWord);
  assert.ok(Math.abs(share(unknown.length, words.length) - 0.05) < 0.01);
  for (const { tokens, roles } of set) assert.notEqual(tokens[roles.indexOf('cue')], unknownWord);
});

test('no batch is longer than there is room for', () => {
  for (const gap of [0, 1, 20, 100]) {
    const lengths = Array.from(
      { length: 50 },
      (_, step) => batchOf({ ...settings, gap, examples: 300 }, step).length,
    );
    assert.ok(Math.max(...lengths) <= longestBatch({ gap }));
  }
});

test('the example is readable, has the gap of the settings, and says what each word is for', () => {
  const words = example({ gap: 6, seed: 1 });
  const text = words.map((each) => each.text).join(' ');
  assert.match(text, /^[A-Z]\w+ has a \w+ \w+ \. [A-Z].* \. The \w+ of [A-Z]\w+ is \w+ \.$/);
  assert.equal(words.filter(({ role }) => role === 'filler').length, 6);
  const said = (role: string): string[] =>
    words.filter((each) => each.role === role).map((each) => each.text);
  assert.deepEqual(said('cue'), said('answer'));
  assert.deepEqual(example({ gap: 6, seed: 1 }), words);
});
