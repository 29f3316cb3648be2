// The task of a training race: to say, after a gap of everyday words, which colour a thing had. Words, sentences, batches.

import { Random, finish, type Batch, type Slices } from '../../engine/index.js';
import { answersOf, isHeldOut, isMark, names, things, unknownWord } from '../story/language.js';
import type { TrainingSettings } from './settings.js';

/** What a word of a sentence is there for. `cue` is the colour in the fact. */
export type Role = 'fact' | 'cue' | 'filler' | 'question' | 'answer' | 'mark';

/** A sentence of the task, from the fact to the full stop after the answer. */
export interface TaskSentence {
  /** Lower case; marks are tokens. */
  readonly tokens: readonly string[];
  readonly roles: readonly Role[];
  /** Index of the answer. */
  readonly answer: number;
}

/** A word of the example that a reader sees. */
export interface ExampleToken {
  /** Sentences and names begin with a capital letter. */
  readonly text: string;
  readonly role: Role;
}

/** A batch with where its answers are. */
export interface TaskBatch extends Batch {
  /** Entries (t·N + n) of the predictions that should be the answers. */
  readonly watched: Int32Array;
}

const colours = answersOf('colour');

/** How many colours there are: guessing among them is chance, 1/6 right, ln 6 nats. */
export const answerCount = colours.length;

/** Everyday sentences without their full stops, by number of words. `a|b` is a free choice. */
const everyday: readonly (readonly string[])[] = [
  ['listen|look|wait'],
  ['it rains|snows', 'birds sing'],
  ['the sun shines', 'the wind blows', 'we eat soup|bread'],
  ['the moon was bright', 'mother reads a book'],
  ['the train was late again', 'the baby sleeps in bed', 'we walk to the park|shop'],
  ['the cat sat on the mat', 'a mouse runs under the table'],
];

/** Every word, `<unk>` first, in the order of the embeddings' rows. */
export const taskWords: readonly string[] = [
  ...new Set([
    unknownWord,
    '.',
    ...names,
    ...colours,
    ...things,
    ...'has a the of is'.split(' '),
    ...everyday.flatMap((sentences) => sentences.flatMap((sentence) => sentence.split(/[ |]/))),
  ]),
];

const rows = new Map(taskWords.map((word, row) => [word, row]));

/** Row of a word in the embedding; that of `<unk>` for a word that there is not. */
const rowOf = (word: string): number => rows.get(word) ?? 0;

/** How much an answer counts against any other word. */
const answerWeight = 15;
/** Share of the sentences about a person with a name that nobody knows. */
const unknownNames = 0.1;
/** Share of the words in between that nobody knows: so a word that is none of ours does not derail the network. */
const unknownFiller = 0.05;

/** A thing and whose it is. */
interface Owned {
  readonly name: string;
  readonly thing: string;
}

const pairs: readonly Owned[] = names.flatMap((name) => things.map((thing) => ({ name, thing })));
const heldOut = ({ name, thing }: Owned): boolean => isHeldOut(`${thing} of ${name}`);
const learned = pairs.filter((pair) => !heldOut(pair));
const unseen = pairs.filter(heldOut);

/** Every colour of every thing that is never trained on: the questions that recall is measured with. */
const questions = unseen.flatMap((pair) => colours.map((colour) => ({ ...pair, colour })));

/** How many questions are asked about a gap, unless several rounds are. */
export const questionCount = questions.length;

/** Marks of the longest filler: so that a batch has a longest one that is not much longer than others. */
const mostSentences = (gap: number): number => Math.ceil(gap / 2) + 4;

/** Whole sentences of exactly `gap` words together (marks not counted). */
function filler(gap: number, random: Random): string[] {
  const tokens: string[] = [];
  for (let left = gap; left > 0;) {
    const length = 1 + random.integer(Math.min(left, everyday.length));
    const words = random.pick(everyday[length - 1]).split(' ');
    tokens.push(...words.map((word) => random.pick(word.split('|'))), '.');
    left -= length;
  }
  // very short sentences throughout: one in a million of long gaps
  return tokens.length - gap > mostSentences(gap) ? filler(gap, random) : tokens;
}

function sentenceAbout(
  { name, thing, colour }: Owned & { readonly colour: string },
  between: readonly string[],
): TaskSentence {
  const tokens: string[] = [];
  const roles: Role[] = [];
  const put = (role: Role, words: readonly string[]): void => {
    for (const word of words) {
      tokens.push(word);
      roles.push(isMark(word) ? 'mark' : role);
    }
  };
  put('fact', [name, 'has', 'a']);
  put('cue', [colour]);
  put('fact', [thing, '.']);
  put('filler', between);
  put('question', ['the', thing, 'of', name, 'is']);
  put('answer', [colour, '.']);
  return { tokens, roles, answer: tokens.length - 2 };
}

/** What the training set follows from. */
type SetSettings = Pick<TrainingSettings, 'gap' | 'examples' | 'seed'>;

/** The gap of sentence i of the training set: they are spread evenly over 0 … gap, short ones first. */
const gapOf = ({ gap, examples }: SetSettings, i: number): number =>
  Math.floor(((i + 0.5) * (gap + 1)) / examples);

/** The first sentence whose gap is at least this. */
function firstOf(settings: SetSettings, gap: number): number {
  let first = Math.max(0, Math.floor((gap * settings.examples) / (settings.gap + 1)) - 1);
  while (first < settings.examples && gapOf(settings, first) < gap) first++;
  return first;
}

/** Sentence i of the training set, 0 … examples − 1. It is drawn anew each time, so that a large set takes no memory. */
export function trainingSentence(settings: SetSettings, i: number): TaskSentence {
  const random = new Random(`race/set/${settings.seed}/${i}`);
  const pair = random.pick(learned);
  const colour = random.pick(colours);
  const name = random.uniform() < unknownNames ? unknownWord : pair.name;
  const between = filler(gapOf(settings, i), random).map((word) =>
    !isMark(word) && random.uniform() < unknownFiller ? unknownWord : word,
  );
  return sentenceAbout({ ...pair, name, colour }, between);
}

/**
 * The batch of one step, the same for every cell: one gap, each of those that the set has as likely, and sentences of
 * the set with that gap.
 */
export function batchOf(
  settings: SetSettings & Pick<TrainingSettings, 'batch'>,
  step: number,
): TaskBatch {
  const random = new Random(`race/batch/${settings.seed}/${step}`);
  let first: number;
  let end: number;
  do {
    const gap = random.integer(settings.gap + 1);
    first = firstOf(settings, gap);
    end = firstOf(settings, gap + 1);
  } while (first === end);
  const draw = (): TaskSentence => trainingSentence(settings, first + random.integer(end - first));
  return packed(Array.from({ length: settings.batch }, draw));
}

/** Sentences as a batch of next-word predictions, those of the answers counting for more; shorter ones are padded. */
export function packed(sentences: readonly TaskSentence[]): TaskBatch {
  const N = sentences.length;
  const length = Math.max(...sentences.map(({ tokens }) => tokens.length)) - 1;
  const words = new Int32Array(N * length);
  const targets = new Int32Array(N * length);
  const weights = new Float64Array(N * length);
  const watched = sentences.map(({ tokens, answer }, n) => {
    for (let t = 0; t + 1 < tokens.length; t++) {
      const next = tokens[t + 1];
      words[t * N + n] = rowOf(tokens[t]);
      targets[t * N + n] = rowOf(next);
      // “some other word” is nothing to expect
      weights[t * N + n] = t + 1 === answer ? answerWeight : next === unknownWord ? 0 : 1;
    }
    return (answer - 1) * N + n;
  });
  return { rows: N, length, words, targets, weights, watched: Int32Array.from(watched) };
}

/** Steps of the longest batch: fact, filler, question and answer, the full stop after it being predicted alone. */
export const longestBatch = ({ gap }: Pick<TrainingSettings, 'gap'>): number =>
  12 + gap + mostSentences(gap);

/**
 * The questions about things that are never trained on, one of each with each colour, with words in between that depend
 * on gap and round alone.
 */
export function heldOutSentences(gap: number, round = 0): readonly TaskSentence[] {
  return finish(heldOutInSlices(gap, round));
}

/** The same, one at a time: thousands of words take a while. */
export function* heldOutInSlices(gap: number, round: number): Slices<readonly TaskSentence[]> {
  const random = new Random(`race/held out/${gap}/${round}`);
  const sentences: TaskSentence[] = [];
  for (const question of questions) {
    sentences.push(sentenceAbout(question, filler(gap, random)));
    yield;
  }
  return sentences;
}

/** A sentence to show, with the longest gap of the training: “Anna has a red kite. Birds sing. The kite of Anna is red.” */
export function example({ gap, seed }: Pick<TrainingSettings, 'gap' | 'seed'>): ExampleToken[] {
  const random = new Random(`race/example/${seed}`);
  const { tokens, roles } = sentenceAbout(
    { ...random.pick(learned), colour: random.pick(colours) },
    filler(gap, random),
  );
  return tokens.map((token, i) => {
    const capital = i === 0 || isMark(tokens[i - 1]) || names.includes(token);
    const text = capital ? token.charAt(0).toUpperCase() + token.slice(1) : token;
    return { text, role: roles[i] };
  });
}
