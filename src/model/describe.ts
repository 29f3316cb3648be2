// Any step in plain sentences, from the real numbers: the narration, the badge, and how numbers are written.

import { cells, type CellType, type Intervention } from '../engine/index.js';
import type { Memory, Reading } from './reading.js';
import { isSkipped, type SessionState } from './session.js';
import type { Strings } from './strings.js';

/** Writes numbers the way a reader meets them everywhere. */
export class NumberWriter {
  private readonly formats = new Map<string, Intl.NumberFormat>();

  constructor(private readonly language: string) {}

  /** A share: “64%”, “2.5%”, “<0.1%”, never “0%” unless it is exactly 0. */
  percent(value: number): string {
    if (value === 0) return this.format(0, 'percent', 0);
    if (value < 0.001) return `<${this.format(0.001, 'percent', 1)}`;
    return this.format(value, 'percent', value < 0.0995 ? 1 : 0);
  }

  /** A probability: as `percent`, and never “100%” unless it is exactly 1. */
  probability(value: number): string {
    if (value < 0.01) return `<${this.format(0.01, 'percent', 0)}`;
    if (value > 0.99 && value < 1) return `>${this.format(0.99, 'percent', 0)}`;
    return this.format(value, 'percent', 0);
  }

  /** A signed unit value or a mean: two decimals, three below 0.01, “<0.001” or “>−0.001” below that. */
  value(value: number): string {
    const size = Math.abs(value);
    if (size === 0) return this.format(0, 'decimal', 2);
    if (size < 0.001) return `${value < 0 ? '>' : '<'}${this.value(value < 0 ? -0.001 : 0.001)}`;
    return this.format(value, 'decimal', size < 0.01 ? 3 : 2).replace('-', '−');
  }

  /** A non-negative quantity of unknown size: three digits that matter, “<0.001” below that. */
  quantity(value: number): string {
    if (value === 0) return this.format(0, 'decimal', 0);
    if (value < 0.001) return `<${this.format(0.001, 'decimal', 3)}`;
    return this.format(value, 'decimal', value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);
  }

  /** A factor such as 2.4. */
  times(value: number): string {
    return this.format(value, 'decimal', 1).replace('-', '−');
  }

  /** As many digits as it takes, at most three. */
  plain(value: number): string {
    return this.format(value, 'decimal', 3, 0);
  }

  whole(value: number): string {
    return this.format(value, 'decimal', 0);
  }

  private format(
    value: number,
    style: 'percent' | 'decimal',
    digits: number,
    atLeast = digits,
  ): string {
    const key = `${style}${digits}/${atLeast}`;
    if (Number.isNaN(value)) return '–';
    let format = this.formats.get(key);
    if (!format) {
      format = new Intl.NumberFormat(this.language, {
        style,
        minimumFractionDigits: atLeast,
        maximumFractionDigits: digits,
      });
      this.formats.set(key, format);
    }
    return format.format(value);
  }
}

/** From this probability on the answer is an expectation; below it the network guesses. */
export const confident = 0.5;

/**
 * The sentence or two that tell what happened at the current step.
 * @param canStep whether there is a Next button to be named.
 */
export function narrate(
  state: SessionState,
  strings: Strings,
  numbers: NumberWriter,
  canStep = true,
): string {
  const { narration } = strings;
  const { tokens, step, follow, readings, mode } = state;
  if (tokens.length === 0) return narration.empty;
  if (step === 0) {
    const first = isolate(tokens[0].text);
    return canStep ? narration.invite[mode](first) : narration.waiting(first);
  }
  const t = step - 1;
  const word = isolate(tokens[t].text);
  const sentences: string[] = [];
  // under an intervention even the word that was just read may have left less than its imprint
  const whole = follow === t && [...readings.values()].every((reading) => reading.free === reading);
  if (isSkipped(state, t)) sentences.push(`${strings.intervention.skipped(word, '')}.`);
  else if (whole) sentences.push(narration.readFollowed(word));
  else if (follow >= t) sentences.push(narration.readBefore(word));
  else sentences.push(narration.readAfter[mode](word, t - follow, isolate(tokens[follow].text)));
  if (follow <= t && !whole) {
    const clauses = [...readings].map(([cell, reading]) => {
      const clause = holding(cell, reading.memory(t, follow), strings, numbers);
      return readings.size > 1
        ? clause
        : [clause, ...gateClause(reading, t, strings, numbers)].join('; ');
    });
    if (clauses.length > 0) sentences.push(`${capitalise(clauses.join('; '), strings.language)}.`);
  }
  if (step === tokens.length) {
    const expectations = [...readings].flatMap(([cell, reading]) =>
      expectation(cell, reading, t, strings, numbers),
    );
    if (expectations.length > 0) {
      sentences.push(`${capitalise(expectations.join('; '), strings.language)}.`);
    }
  }
  return sentences.join(' ');
}

/**
 * What could be tried when the text has been read to its end.
 * @param can which of the ideas the reader has controls for.
 */
export function suggest(
  state: SessionState,
  strings: Strings,
  can: { readonly switchCells: boolean; readonly changeText: boolean },
): string {
  const others = (['rnn', 'lstm', 'gru'] as const).filter((cell) => !state.cells.includes(cell));
  const { narration } = strings;
  // a file holds one cell
  if (can.switchCells && others.length > 0 && state.kind !== 'file') {
    const names = others.map((cell) => strings.theCell[cell]);
    return `${narration.end} ${narration.tryOther(list(names, strings))}`;
  }
  return can.changeText ? `${narration.end} ${narration.tryLonger}` : narration.end;
}

function holding(cell: CellType, memory: Memory, strings: Strings, numbers: NumberWriter): string {
  const { narration } = strings;
  const name = strings.theCell[cell];
  if (memory.ratio === null) return narration.noImprint(name);
  if (cell === 'feedforward') return narration.holdsNothing(name);
  return memory.ratio > 1.05
    ? narration.holdsMore(name, numbers.percent(memory.ratio))
    : narration.holds(name, numbers.percent(memory.ratio));
}

function gateClause(
  reading: Reading,
  t: number,
  strings: Strings,
  numbers: NumberWriter,
): string[] {
  const { narration } = strings;
  if (reading.skipped(t)) return [];
  switch (reading.model.cell.cell) {
    case 'lstm':
      return [narration.forgetGate(numbers.value(reading.gateMean('forget', t)))];
    case 'gru':
      return [narration.updateGate(numbers.value(reading.gateMean('update', t)))];
    default:
      return [];
  }
}

function expectation(
  cell: CellType,
  reading: Reading,
  t: number,
  strings: Strings,
  numbers: NumberWriter,
): string[] {
  const best = reading.predictions(t, 1)?.[0];
  if (!best) return [];
  const say = best.probability >= confident ? strings.narration.expects : strings.narration.guesses;
  return [say(strings.theCell[cell], best.word, numbers.probability(best.probability))];
}

interface Described {
  readonly intervention: Intervention;
  readonly text: string;
}

/** The interventions that concern a running cell: “forget gate held at 0 from “sat” on”. */
export function describeInterventions(
  { interventions, tokens, cells: running }: SessionState,
  strings: Strings,
  numbers: NumberWriter,
): Described[] {
  const { intervention: say } = strings;
  return interventions.flatMap((intervention): Described[] => {
    const { kind, from, to } = intervention;
    const [first, end] = [from, Math.min(to, tokens.length) - 1].map((i) =>
      isolate(tokens[i].text),
    );
    const last = to === Infinity ? null : to > from + 1 ? end : '';
    if (kind === 'skip') return [{ intervention, text: say.skipped(first, last ?? end) }];
    const { gate, value } = intervention;
    if (!running.some((cell) => cells[cell].gates.includes(gate))) return [];
    const text = say.held(strings.gateName[gate], numbers.plain(value), first, last);
    return [{ intervention, text }];
  });
}

/** Which weights run, and why. */
export function describeModel(
  state: SessionState,
  choice: string,
  options: { seed: number; hiddenSize: number },
  strings: Strings,
  numbers: NumberWriter,
): string {
  const { modelBadge } = strings;
  const known = numbers.percent(state.known);
  switch (state.kind) {
    case null:
      return state.loading ? strings.loading : '';
    case 'file':
      return [...state.readings.values()].some(({ model }) => !model.predicts)
        ? modelBadge.fileWithoutReadout
        : modelBadge.file;
    case 'trained':
      return modelBadge.trained;
    case 'story':
      return state.known < 1 || choice === 'auto'
        ? modelBadge.story(known)
        : modelBadge.storyForced;
    case 'random': {
      const what = modelBadge.random(options.seed, options.hiddenSize);
      const because =
        choice === 'auto' && state.mode === 'words' && state.problem === null
          ? ` ${state.known === 0 ? modelBadge.randomBecauseNone : modelBadge.randomBecause(known)}`
          : '';
      return what + because;
    }
  }
}

/** “a, b or c” */
export function list(items: readonly string[], strings: Strings): string {
  return new Intl.ListFormat(strings.language, { type: 'disjunction' }).format(items);
}

/** Keeps a right-to-left word from rearranging the sentence around it (Unicode isolates). */
export function isolate(word: string): string {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(word) ? `\u2068${word}\u2069` : word;
}

function capitalise(text: string, language: string): string {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}
