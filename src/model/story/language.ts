// The little language that the story networks are trained on: facts, everyday filler sentences, and questions.

import { hash, type Random } from '../../engine/index.js';

/** What an answer depends on. Each family needs another kind of memory. */
export type Family = 'colour' | 'place' | 'order' | 'sense' | 'number';

export const families: readonly Family[] = ['colour', 'place', 'order', 'sense', 'number'];

/** A fact, the question about it much later, and the one right answer. Words are lower case; marks are tokens. */
export interface Story {
  readonly family: Family;
  readonly fact: readonly string[];
  /** Everything up to the answer. */
  readonly question: readonly string[];
  readonly answer: string;
  /** What decides whether the story is held out; chosen so that a held-out question has every answer. */
  readonly key: string;
}

export const names = ['anna', 'ben', 'mia', 'tom', 'lily', 'max'];
const colours = ['red', 'blue', 'green', 'yellow', 'white', 'black'];
export const things = ['kite', 'ball', 'hat', 'boat', 'bike', 'coat'];
const places = ['village', 'city', 'forest', 'valley', 'castle', 'desert'];
const actors = ['dog', 'man', 'boy', 'girl', 'fox', 'cow'];
const actions = [
  ['bites', 'bitten'],
  ['chases', 'chased'],
  ['pushes', 'pushed'],
] as const;
const senses = [
  { word: 'bank', answers: ['water', 'gold'], question: 'at the bank there is a lot of' },
  { word: 'bat', answers: ['fly', 'break'], question: 'the bat can' },
] as const;
const senseCues: Record<string, readonly string[]> = {
  'bank/water': [
    'NAME swims to the bank .',
    'NAME rows to the bank .',
    'NAME fishes by the bank .',
  ],
  'bank/gold': ['NAME pays at the bank .', 'NAME saves at the bank .', 'NAME works for the bank .'],
  'bat/fly': ['NAME hears a bat at night .', 'in the cave NAME saw a bat .'],
  'bat/break': ['NAME buys a bat for the game .', 'in the shop NAME saw a bat .'],
};
const numbered = [
  ['key', 'keys'],
  ['letter', 'letters'],
  ['map', 'maps'],
  ['ring', 'rings'],
] as const;
const attractors = ['cabinet', 'cabinets', 'house', 'houses'];

/** Everyday sentences that have nothing to do with the facts. `a|b` is a free choice. */
const everyday = [
  'the cat sat on the mat .',
  'the cat sat on the mat .',
  'the cat sat on the mat .',
  'the bird sat on the roof .',
  'the baby slept in the bed .',
  'the sun is warm|bright today .',
  'the wind is cold|strong today .',
  'birds sing in the old|tall tree .',
  'we walk to the shop|school|park .',
  'mother|father|grandma reads a good|long book .',
  'mother|father|grandma makes soup|tea for us .',
  'the children play in the garden|park|rain .',
  'we eat bread and cheese|soup .',
  'it rains on the roof|garden .',
  'the clock on the wall is slow|old .',
  'a mouse runs under the table|bed .',
  'the train was late again .',
  'snow falls on the hills|roof .',
  'the moon was bright and the night was cold .',
  'then it was time for bed|school|soup .',
];

const words = (text: string): string[] => text.split(' ');

/** One in six combinations is never trained on, so that recall is measured on sentences the network has not seen. */
export function isHeldOut(key: string): boolean {
  return hash(key, heldOutSalt) % 6 === 0;
}

/** Chosen so that every answer has trained and held-out sentences (a test counts them). */
const heldOutSalt = 3;

/** All answers of a family, each as likely: guessing among them is chance. */
export function answersOf(family: Family): readonly string[] {
  switch (family) {
    case 'colour':
      return colours;
    case 'place':
      return places;
    case 'order':
      return actors;
    case 'sense':
      return senses.flatMap(({ answers }) => answers);
    case 'number':
      return ['it', 'them'];
  }
}

/** Draws a story of a family; `heldOut` chooses between the trained and the unseen combinations. */
export function story(family: Family, random: Random, heldOut = false): Story {
  // the answer first, so that holding out combinations makes no answer rarer than another
  const answer = random.pick(answersOf(family));
  for (let tries = 0; tries < 100_000; tries++) {
    const candidate = draw(family, random);
    if (candidate.answer === answer && isHeldOut(candidate.key) === heldOut) return candidate;
  }
  throw new Error(`no ${heldOut ? 'held-out' : 'trained'} ${family} sentence answers ${answer}`);
}

function draw(family: Family, random: Random): Story {
  const name = random.pick(names);
  switch (family) {
    case 'colour': {
      const colour = random.pick(colours);
      const thing = random.pick(things);
      return {
        family,
        fact: words(`${name} has a ${colour} ${thing} .`),
        question: words(`the ${thing} of ${name} is`),
        answer: colour,
        key: `${thing} of ${name}`,
      };
    }
    case 'place': {
      const place = random.pick(places);
      const question = `${random.pick(['now', 'today', 'later'])} ${name} ${random.pick(['goes', 'walks', 'drives'])} home to the`;
      return {
        family,
        fact: words(`${name} lives in the ${place} .`),
        question: words(question),
        answer: place,
        key: question,
      };
    }
    case 'order': {
      const subject = random.pick(actors);
      const object = random.pick(actors.filter((actor) => actor !== subject));
      const [verb, participle] = random.pick(actions);
      const fact = `the ${subject} ${verb} the ${object} .`;
      return {
        family,
        fact: words(fact),
        question: words(`who was ${participle} ? the`),
        answer: object,
        key: fact,
      };
    }
    case 'sense': {
      const { word, answers, question } = random.pick(senses);
      const answer = random.pick(answers);
      const fact = random.pick(senseCues[`${word}/${answer}`]).replace('NAME', name);
      return {
        family,
        fact: words(fact),
        question: words(question),
        answer,
        key: fact,
      };
    }
    case 'number': {
      const plural = random.integer(2);
      const noun = random.pick(numbered)[plural];
      const link = noun.startsWith('letter') ? 'from' : noun.startsWith('map') ? 'of' : 'to';
      const fact = `the ${noun} ${link} the old ${random.pick(attractors)} ${plural ? 'were' : 'was'} lost .`;
      return {
        family,
        fact: words(fact),
        question: words(`now ${name} finds`),
        answer: plural ? 'them' : 'it',
        key: fact,
      };
    }
  }
}

/** The token that stands for every word outside the vocabulary. */
export const unknownWord = '<unk>';

/** How the words between a fact and its question are made. */
export type FillerKind = 'known' | 'unknown';

/** One everyday sentence; `unknown` keeps its length and marks and makes every word a word nobody knows. */
export function filler(random: Random, kind: FillerKind = 'known'): string[] {
  const sentence = words(random.pick(everyday)).map((word) =>
    word.includes('|') ? random.pick(word.split('|')) : word,
  );
  return kind === 'known' ? sentence : sentence.map((word) => (isMark(word) ? word : unknownWord));
}

/** Punctuation marks are tokens of their own. */
export function isMark(word: string): boolean {
  return word === '.' || word === '?' || word === '!' || word === ',';
}

/** Words without punctuation marks: how gaps are counted. */
export function countWords(tokens: readonly string[]): number {
  return tokens.reduce((count, token) => count + (isMark(token) ? 0 : 1), 0);
}

/** The fewest whole filler sentences that make at least `gap` words. */
export function gapFiller(gap: number, random: Random, kind: FillerKind = 'known'): string[] {
  const result: string[] = [];
  while (countWords(result) < gap) result.push(...filler(random, kind));
  return result;
}

/** Every word the language can produce, `<unk>` first, in a fixed order. */
export function storyVocabulary(): string[] {
  const all = new Set<string>([unknownWord, '.', ',', '?', '!']);
  const add = (text: string): void => {
    for (const word of text.split(/[ |]/)) if (word !== 'NAME') all.add(word);
  };
  [names, colours, things, places, actors, attractors].flat().forEach(add);
  [...actions.flat(), ...numbered.flat(), ...everyday].forEach(add);
  Object.values(senseCues).flat().forEach(add);
  senses.forEach(({ answers, question }) => [...answers, question].forEach(add));
  add('has a of is lives in the now today later goes walks drives home to who was were lost from');
  add('old finds it them');
  return [...all];
}

/** One training sequence: tokens, and how much each prediction of the next token counts. */
export interface TrainingSequence {
  readonly tokens: readonly string[];
  /** `weights[i]` belongs to the prediction of `tokens[i + 1]`. */
  readonly weights: readonly number[];
}

/** How training sequences are made. */
export interface SequenceOptions {
  /** Words between the last fact and the first question, at least. */
  readonly gap: number;
  /** How much an answer counts against any other word. */
  readonly answerWeight: number;
  /** Chance of a second fact, of another family. */
  readonly secondFact: number;
}

/** Draws a training sequence: perhaps a lead-in, one or two facts, filler, their questions and answers. */
export function trainingSequence(random: Random, options: SequenceOptions): TrainingSequence {
  const tokens: string[] = [];
  const answers = new Set<number>();
  const put = (sentence: readonly string[]): void => {
    tokens.push(...sentence);
  };
  const fillers = (gap: number): void => {
    for (let count = 0; count < gap;) {
      const kind = random.uniform();
      let sentence = filler(random, kind < 0.2 ? 'unknown' : 'known');
      if (kind > 0.9) {
        sentence = sentence.map((word) =>
          !isMark(word) && random.uniform() < 0.3 ? unknownWord : word,
        );
      }
      put(punctuated(sentence, random));
      count += countWords(sentence);
    }
  };
  const chosen = [random.pick(families)];
  if (random.uniform() < options.secondFact) {
    chosen.push(random.pick(families.filter((family) => family !== chosen[0])));
  }
  if (random.uniform() < 0.25) fillers(1);
  const stories = chosen.map((family) => withUnknownName(story(family, random), random));
  stories.forEach((each, index) => {
    if (index > 0 && random.uniform() < 0.3) fillers(1);
    put(each.fact);
  });
  fillers(options.gap);
  if (random.uniform() < 0.5) stories.reverse();
  stories.forEach((each, index) => {
    if (index > 0 && random.uniform() < 0.3) fillers(1);
    put(each.question);
    answers.add(tokens.length);
    put([each.answer, '.']);
  });
  const weights = tokens
    .slice(1)
    .map((token, i) =>
      answers.has(i + 1) ? options.answerWeight : token === unknownWord ? 0.2 : 1,
    );
  return { tokens, weights };
}

/** Everyday marks: now and then a comma somewhere, or an exclamation mark at the end. */
function punctuated(sentence: readonly string[], random: Random): string[] {
  const result = [...sentence];
  if (random.uniform() < 0.06) result[result.length - 1] = '!';
  if (random.uniform() < 0.06) result.splice(1 + random.integer(result.length - 2), 0, ',');
  return result;
}

/** Now and then the person is somebody nobody has heard of. */
function withUnknownName(original: Story, random: Random): Story {
  if (random.uniform() > 0.15) return original;
  const name = names.find((each) => original.fact.includes(each));
  if (!name) return original;
  const swap = (tokens: readonly string[]): string[] =>
    tokens.map((token) => (token === name ? unknownWord : token));
  return { ...original, fact: swap(original.fact), question: swap(original.question) };
}
