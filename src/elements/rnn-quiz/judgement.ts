// What is right, from the real numbers of a figure: measured as its bars and gates are, at a place of its text.

import { readLogits, softmax, type CellType } from '../../engine/index.js';
import { isolate, type NumberWriter } from '../../model/describe.js';
import type { QuizStrings } from '../../model/quiz-strings.js';
import type { Reading } from '../../model/reading.js';
import type { ReadingSession, SessionState } from '../../model/session.js';
import type { Strings } from '../../model/strings.js';
import { tokenize, type Token } from '../../model/tokenizer.js';
import type { QuizSettings, Subject } from './options.js';

/** What turned out: the indices of the options that are right, and what was measured if anything was. */
export interface Outcome {
  readonly right: readonly number[];
  /** For each option, NaN where there is no such number. */
  readonly values: readonly number[] | null;
  /** The values as they are read. Empty if it is the same one for all: `measured` then has it. */
  readonly amounts: readonly string[];
  /** What was measured, where. */
  readonly measured: string;
}

/** What a guess waits for. */
export interface Wait {
  readonly wait: string;
  /** How far the figure has read. */
  readonly progress?: string;
}

export interface Problem {
  readonly problem: string;
}

export type Judgement = Outcome | Wait | Problem;

/** What to judge by, and how to say it. */
export interface Case {
  readonly settings: QuizSettings;
  readonly strings: Strings;
  readonly words: QuizStrings;
  readonly numbers: NumberWriter;
}

/** A subject in the text and the cells that there are. */
interface Place extends Subject {
  readonly cell: CellType;
  /** Index of the word in the text; −1 if it is not there. */
  readonly at: number;
  readonly token: Token | undefined;
}

/** @param wanted whether somebody waits for the outcome; otherwise only what hinders it is looked for. */
export function judge(session: ReadingSession, by: Case, wanted: boolean): Judgement {
  const { tokens, readings, cells, loading, step: read, mode } = session.state;
  const { settings, strings, words } = by;
  const { measure, subjects } = settings;
  const total = tokens.length;
  const places = subjects.map((subject): Place => {
    const at = indexIn(session.state, subject.word);
    const token = tokens[at] ?? tokenize(subject.word, mode, session.config?.locale)[0];
    return {
      ...subject,
      cell: subject.cell ?? cells[0],
      step: Math.min(Math.trunc(subject.step), total),
      word: isolate(tokens[at]?.text ?? subject.word),
      at,
      token,
    };
  });
  const missing = total > 0 && measure === 'memory' && places.find(({ at }) => at < 0);
  if (missing) return { problem: words.problem.noWord(missing.word) };
  if (total === 0 || loading) return { wait: strings.loading };
  const absent = places.find(({ cell }) => !readings.has(cell));
  if (absent) return { wait: words.run(strings.theCell[absent.cell]) };
  const last = Math.max(...places.map(({ step }) => step));
  if (read < last || !wanted) {
    const word = isolate(tokens[last - 1].text);
    return {
      wait: last === total ? words.toTheEnd : words.readTo(last, word),
      progress: words.readSoFar(read, last),
    };
  }
  const found = places.map((place) => amountOf(place, readings.get(place.cell) as Reading, by));
  const problem = found.find((each) => typeof each === 'string');
  if (problem !== undefined) return { problem };
  return outcome(places, found as Amount[], by);
}

/** The first place of a word as it is written, or as the networks look it up; or a place by its number. */
function indexIn({ tokens, mode }: SessionState, word: string): number {
  const [key] = tokenize(word, mode).map((each) => each.key);
  const number = /^\d+$/.test(word) ? Number(word) : NaN;
  const places = [
    tokens.findIndex(({ text }) => text === word),
    tokens.findIndex((each) => each.key === key),
    number < tokens.length ? number : -1,
  ];
  return places.find((at) => at >= 0) ?? -1;
}

type Amount = readonly [value: number, written: string];

/** What was asked for, or why there is no such thing. */
function amountOf(place: Place, reading: Reading, by: Case): Amount | string {
  const { cell, step, at, token, word, gate } = place;
  const { settings, strings, words, numbers } = by;
  const { model } = reading;
  const t = step - 1;
  const name = strings.theCell[cell];
  switch (settings.measure) {
    case 'gate': {
      if (!reading.gate(gate, t) && !reading.skipped(t)) {
        return words.problem.noGate(name, strings.gateName[gate]);
      }
      const mean = reading.gateMean(gate, t);
      return [mean, numbers.value(mean)];
    }
    case 'probability': {
      if (!model.readout) return words.problem.predictsNothing;
      const row = token && model.knows(token) ? model.row(token) : null;
      if (row === null) return words.problem.unknownWord(name, word);
      const p = softmax(readLogits(model.readout, reading.hidden(t), 1, model.cell.hiddenSize))[
        row
      ];
      return [p, numbers.probability(p)];
    }
    default: {
      const ratio = at > t ? NaN : reading.memory(t, at).ratio;
      return ratio === null ? [NaN, strings.noImprint] : [ratio, numbers.percent(ratio)];
    }
  }
}

function outcome(places: readonly Place[], found: readonly Amount[], by: Case): Outcome | Problem {
  const { settings, strings, words } = by;
  const values = found.map(([value]) => value);
  const amounts = found.map(([, written]) => written);
  const known = values.filter((value) => !Number.isNaN(value));
  const best = settings.lowest ? Math.min(...known) : Math.max(...known);
  // what reads alike is alike
  const winner = amounts[values.indexOf(best)];
  const right = [...places.keys()].filter((i) => {
    const { range } = places[i];
    return range ? values[i] >= range[0] && values[i] < range[1] : amounts[i] === winner;
  });
  if (right.length === 0) return { problem: words.problem.noneRight };

  const [first] = places;
  const alike = (key: keyof Place): boolean => places.every((each) => each[key] === first[key]);
  const where = [
    ...(alike('cell') ? [strings.cellName[first.cell]] : []),
    ...(alike('step') ? [words.afterWords(first.step)] : []),
  ];
  const { measure } = settings;
  const ofGate = measure === 'gate';
  const one = alike(ofGate ? 'gate' : 'word');
  const name = ofGate ? strings.gateName[first.gate] : first.word;
  const what = words.measures[measure](one ? name : null);
  const shared = one && where.length === 2;
  return {
    right,
    values,
    amounts: shared ? [] : amounts,
    measured: words.measured(where, what, shared ? amounts[0] : null),
  };
}
