// The little language of the story networks: fair questions, held-out sentences that training never sees, few words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../src/engine/index.js';
import {
  answersOf,
  countWords,
  families,
  filler,
  gapFiller,
  isHeldOut,
  isMark,
  story,
  storyVocabulary,
  trainingSequence,
  unknownWord,
  type Family,
  type Story,
} from '../../src/model/story/language.js';
import { storyWords } from '../../src/model/story/vocabulary.js';
import { read } from '../support/model.js';

/** Many stories of a family. */
function draw(family: Family, heldOut: boolean, count: number): Story[] {
  const random = new Random(`${family}/${heldOut}`);
  return Array.from({ length: count }, () => story(family, random, heldOut));
}

const enough = 3000;
const drawn = new Map(
  families.map((family) => [
    family,
    { trained: draw(family, false, enough), heldOut: draw(family, true, enough) },
  ]),
);

const options = { gap: 0, answerWeight: 5, secondFact: 0.3 };

/** 10,000 training sequences of all gaps. */
const sequences = Array.from({ length: 10_000 }, (_, i) =>
  trainingSequence(new Random(`sequence/${i}`), { ...options, gap: i % 57 }),
);

test('every answer of every family has trained and held-out sentences', (t) => {
  for (const [family, { trained, heldOut }] of drawn) {
    for (const answer of answersOf(family)) {
      const keys = (stories: Story[]): number =>
        new Set(stories.filter((each) => each.answer === answer).map(({ key }) => key)).size;
      const [many, few] = [keys(trained), keys(heldOut)];
      t.diagnostic(`${family}, ${answer}: ${many} trained, ${few} held out`);
      assert.ok(many >= 2, `${family}, ${answer}: ${many} trained`);
      assert.ok(few >= 1, `${family}, ${answer}: ${few} held out`);
      assert.ok(many > few, `${family}, ${answer}: more held out than trained`);
    }
  }
});

test('trained and held-out sentences never overlap', () => {
  for (const [family, { trained, heldOut }] of drawn) {
    const keys = new Set(trained.map(({ key }) => key));
    for (const { key } of trained) assert.ok(!isHeldOut(key));
    for (const each of heldOut) {
      assert.ok(isHeldOut(each.key));
      assert.ok(!keys.has(each.key), `${family}: ${each.key}`);
    }
    const text = ({ fact, question }: Story): string => [...fact, ...question].join(' ');
    const texts = new Set(trained.map(text));
    for (const each of heldOut) assert.ok(!texts.has(text(each)), text(each));
  }
});

test('training sequences never hold a held-out sentence', () => {
  const keys = [...drawn].flatMap(([family, { heldOut }]) =>
    [...new Set(heldOut.map(({ key }) => key))].map((key) => ({ family, key })),
  );
  assert.ok(keys.length >= 40, `${keys.length} held-out keys`);
  const texts = sequences.map(({ tokens }) => ` ${tokens.join(' ')} `);
  for (const { family, key } of keys) {
    assert.equal(
      texts.find((text) => text.includes(` ${key} `)),
      undefined,
      `${family}: ${key}`,
    );
  }
  // the same search does find what is trained on
  for (const [family, { trained }] of drawn) {
    const found = new Set(
      trained
        .map(({ key }) => key)
        .filter((key) => texts.some((text) => text.includes(` ${key} `))),
    );
    assert.ok(found.size >= 4, `${family}: ${found.size} trained keys found`);
  }
});

test('the answers of a family are equally likely, trained and held out', () => {
  for (const [family, { trained, heldOut }] of drawn) {
    const answers = answersOf(family);
    for (const stories of [trained, heldOut]) {
      for (const answer of answers) {
        const count = stories.filter((each) => each.answer === answer).length;
        const expected = enough / answers.length;
        // five standard deviations
        assert.ok(Math.abs(count - expected) < 5 * Math.sqrt(expected), `${family}, ${answer}`);
      }
    }
  }
});

test('no question gives its answer away', () => {
  for (const [family, { trained, heldOut }] of drawn) {
    const possible = new Map<string, Set<string>>();
    for (const { question, answer, fact } of [...trained, ...heldOut]) {
      assert.ok(!question.includes(answer), question.join(' '));
      const key = question.join(' ');
      possible.set(key, (possible.get(key) ?? new Set()).add(answer));
      assert.equal(fact.at(-1), '.');
      assert.ok(!isMark(question.at(-1)!), 'the answer is a word of the question’s sentence');
    }
    for (const [question, answers] of possible) {
      // word senses: the question names the word, which leaves two of the four
      const expected = family === 'sense' ? 2 : answersOf(family).length;
      assert.equal(answers.size, expected, `${family}: ${question}`);
    }
  }
});

test('the answer to each family’s question is what its fact says', () => {
  const check: Record<Family, (fact: readonly string[]) => string> = {
    colour: (fact) => fact[3],
    place: (fact) => fact[4],
    order: (fact) => fact[4],
    sense: (fact) => {
      const text = fact.join(' ');
      if (fact.includes('bank')) return /swims|rows|fishes/.test(text) ? 'water' : 'gold';
      return /night|cave/.test(text) ? 'fly' : 'break';
    },
    number: (fact) => (fact[1].endsWith('s') ? 'them' : 'it'),
  };
  for (const [family, { trained, heldOut }] of drawn) {
    for (const { fact, answer } of [...trained, ...heldOut]) {
      assert.equal(answer, check[family](fact), fact.join(' '));
    }
  }
});

test('order: the same words in another order have another answer', () => {
  const { trained, heldOut } = drawn.get('order')!;
  const answers = new Map<string, Set<string>>();
  for (const { fact, answer } of [...trained, ...heldOut]) {
    const bag = [...fact].sort().join(' ');
    answers.set(bag, (answers.get(bag) ?? new Set()).add(answer));
  }
  for (const [bag, found] of answers) assert.equal(found.size, 2, bag);
});

test('number: a noun of the other number may stand in between', () => {
  const { trained } = drawn.get('number')!;
  for (const plural of [true, false]) {
    const between = trained
      .filter(({ answer }) => (answer === 'them') === plural)
      .map(({ fact }) => fact.slice(2, -3).join(' '));
    for (const attractor of ['cabinet', 'cabinets']) {
      assert.ok(between.some((text) => text.split(' ').includes(attractor)));
    }
  }
});

test('the vocabulary covers all that is said, with at most 200 words', () => {
  const vocabulary = storyVocabulary();
  assert.ok(vocabulary.length <= 200, `${vocabulary.length} words`);
  assert.equal(new Set(vocabulary).size, vocabulary.length, 'no word twice');
  assert.equal(vocabulary[0], unknownWord);
  assert.ok(vocabulary.every((word) => word && !/[\s|A-Z]/.test(word)));
  const known = new Set(vocabulary);
  const said = new Set(sequences.flatMap(({ tokens }) => tokens));
  for (const { trained, heldOut } of drawn.values()) {
    for (const { fact, question, answer } of [...trained, ...heldOut]) {
      for (const word of [...fact, ...question, answer]) said.add(word);
    }
  }
  for (const word of said) assert.ok(known.has(word), word);
  for (const word of vocabulary) assert.ok(said.has(word), `${word} is never said`);
});

test('the shipped vocabulary is the one of the language', () => {
  assert.deepEqual(storyWords, storyVocabulary());
});

test('a reader who types the sentences gets the same tokens', () => {
  const typed = (tokens: readonly string[]): void => {
    const words = tokens.filter((word) => word !== unknownWord);
    const text = words.join(' ').replace(/ ([.,?!])/g, '$1');
    assert.deepEqual(
      read(text.charAt(0).toUpperCase() + text.slice(1)).map(({ key }) => key),
      words,
    );
  };
  for (const { trained, heldOut } of drawn.values()) {
    for (const { fact, question } of [...trained, ...heldOut].slice(0, 500)) {
      typed([...fact, ...question]);
    }
  }
  const random = new Random('typed');
  for (let i = 0; i < 200; i++) typed(filler(random));
});

test('weights of a sequence: answers count most, unknown words little', () => {
  let answers = 0;
  for (const { tokens, weights } of sequences) {
    assert.equal(weights.length, tokens.length - 1);
    weights.forEach((weight, i) => {
      const next = tokens[i + 1];
      if (weight === options.answerWeight) {
        answers++;
        assert.ok(
          families.some((family) => answersOf(family).includes(next)),
          next,
        );
      } else assert.equal(weight, next === unknownWord ? 0.2 : 1);
    });
    const asked = weights.filter((weight) => weight === options.answerWeight).length;
    assert.ok(asked === 1 || asked === 2, `${asked} questions`);
  }
  const share = answers / sequences.length - 1;
  assert.ok(Math.abs(share - options.secondFact) < 0.03, `a second fact in ${share}`);
});

test('sequences hold unknown words, marks and everything a reader may type', () => {
  const share = (test: (tokens: readonly string[]) => boolean): number =>
    sequences.filter(({ tokens }) => test(tokens)).length / sequences.length;
  assert.ok(share((tokens) => tokens.includes(unknownWord)) > 0.3);
  assert.ok(share((tokens) => tokens.includes('!')) > 0.05);
  assert.ok(share((tokens) => tokens.includes(',')) > 0.05);
  assert.ok(share((tokens) => tokens.includes('cat') && tokens.includes('mat')) > 0.1);
});

test('the gap between the fact and the question has at least the words asked for', () => {
  for (const gap of [0, 1, 10, 40]) {
    for (let i = 0; i < 100; i++) {
      const { tokens } = trainingSequence(new Random(`gap/${i}`), {
        gap,
        answerWeight: 7,
        secondFact: 0,
      });
      assert.ok(countWords(tokens) >= gap + 6, tokens.join(' '));
    }
  }
});

test('a filler sentence is plain, ends with its mark, and has no choices left', () => {
  const random = new Random('filler');
  const facts = new Set(families.flatMap((family) => answersOf(family)));
  facts.delete('it'); // “it rains”
  for (let i = 0; i < 1000; i++) {
    const sentence = filler(random);
    assert.equal(sentence.at(-1), '.');
    assert.ok(
      sentence.every((word) => /^([a-z]+|\.)$/.test(word)),
      sentence.join(' '),
    );
    assert.ok(!sentence.some((word) => facts.has(word)), sentence.join(' '));
  }
});

test('unknown filler has the same lengths and marks, and no known word', () => {
  for (let i = 0; i < 200; i++) {
    const known = filler(new Random(i));
    const unknown = filler(new Random(i), 'unknown');
    assert.equal(unknown.length, known.length);
    unknown.forEach((word, j) => {
      assert.equal(word, isMark(known[j]) ? known[j] : unknownWord);
    });
  }
});

test('gap filler is the fewest whole sentences that make the gap', () => {
  for (const kind of ['known', 'unknown'] as const) {
    for (const gap of [1, 5, 10, 20, 40, 80, 320]) {
      for (let i = 0; i < 50; i++) {
        const tokens = gapFiller(gap, new Random(`${gap}/${i}`), kind);
        assert.equal(tokens.at(-1), '.', 'whole sentences');
        assert.ok(countWords(tokens) >= gap);
        const withoutLast = tokens.slice(0, tokens.lastIndexOf('.', -2) + 1);
        assert.ok(countWords(withoutLast) < gap, 'one sentence fewer is too few');
      }
    }
  }
});

test('a gap of nothing is nothing', () => {
  assert.deepEqual(gapFiller(0, new Random(1)), []);
  assert.deepEqual(gapFiller(0, new Random(1), 'unknown'), []);
});

test('words are counted without marks', () => {
  assert.equal(countWords([]), 0);
  assert.equal(countWords(['.', ',', '?', '!']), 0);
  assert.equal(countWords(['the', 'cat', ',', unknownWord, '.']), 3);
});

test('equal seeds say the same, other seeds something else', () => {
  const say = (seed: number): string => {
    const random = new Random(seed);
    const stories = families.flatMap((family) => [
      story(family, random),
      story(family, random, true),
    ]);
    return JSON.stringify([
      stories,
      gapFiller(40, random),
      gapFiller(40, random, 'unknown'),
      trainingSequence(random, { ...options, gap: 20 }),
    ]);
  };
  assert.equal(say(1), say(1));
  assert.equal(new Set([1, 2, 3, 4, 5].map(say)).size, 5);
});

test('asking for a story that can’t be ends with a message', () => {
  const never = new Random(1);
  never.pick = <T>(items: readonly T[]): T => items[0];
  // always the same combination: it is either trained or held out
  const key = story('colour', never, isHeldOut('kite of anna')).key;
  assert.equal(key, 'kite of anna');
  assert.throws(
    () => story('colour', never, !isHeldOut(key)),
    /no (held-out|trained) colour sentence answers red/,
  );
});
