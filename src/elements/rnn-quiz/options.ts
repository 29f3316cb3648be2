// Turns the attributes of <rnn-quiz>, and those of its options, into what is to be measured, and says what could not be used.

import type { CellType } from '../../engine/index.js';
import type { QuizStrings } from '../../model/quiz-strings.js';
import type { Strings } from '../../model/strings.js';
import type { RawQuizOptions } from './host.js';

const measures = ['none', 'memory', 'probability', 'gate'] as const;
const gates = ['forget', 'input', 'output', 'update', 'reset'] as const;

/** What is measured for one option. */
export interface Subject {
  /** Null: in the first cell that the figure runs. */
  readonly cell: CellType | null;
  /** As it stands in the text, or an index. */
  readonly word: string;
  /** Infinity: at the end. */
  readonly step: number;
  readonly gate: (typeof gates)[number];
  /** From which value on it is right, and up to which; null if the values of the options are compared. */
  readonly range: readonly [from: number, to: number] | null;
}

export interface QuizSettings {
  readonly measure: (typeof measures)[number];
  readonly lowest: boolean;
  readonly subjects: readonly Subject[];
  /** One message for each value that could not be used. */
  readonly problems: readonly string[];
}

/** An option, as far as it says what is measured. */
export interface Measurable {
  readonly text: string;
  readonly data: DOMStringMap;
}

export function resolveQuizOptions(
  raw: RawQuizOptions,
  options: readonly Measurable[],
  strings: Strings,
  words: QuizStrings,
): QuizSettings {
  const problems: string[] = [];
  const oneOf = <T>(attribute: string, value: unknown, allowed: readonly T[], used = ''): T => {
    const given = value ?? allowed[0];
    const found = allowed.find((each) => each === given);
    if (found === undefined) {
      const fallback = used || String(allowed[0]);
      problems.push(strings.problem.badValue(attribute, String(value).slice(0, 60), fallback));
    }
    return found ?? allowed[0];
  };
  const cells = Object.keys(strings.cellName) as CellType[];
  const cellOf = (name: string, value: unknown): CellType | null =>
    (value ?? null) === null ? null : oneOf(name, value, cells);
  const stepOf = (name: string, value: unknown): number => {
    const step = Number(value ?? Infinity);
    return step >= 1 ? step : oneOf(name, value, [Infinity], words.problem.end);
  };
  const [cell, step] = [cellOf('cell', raw.cell), stepOf('step', raw.step)];
  const gate = oneOf('gate', raw.gate, gates);
  const ranged = options.some(({ data }) => 'from' in data || 'to' in data);
  const subjects = options.map(({ text, data }): Subject => {
    const { from, to } = data;
    return {
      cell: data['cell'] === undefined ? cell : cellOf('data-cell', data['cell']),
      word: data['word'] ?? raw.word ?? text,
      step: data['step'] === undefined ? step : stepOf('data-step', data['step']),
      gate: data['gate'] === undefined ? gate : oneOf('data-gate', data['gate'], gates),
      // one without limits is not right by chance
      range: ranged
        ? [
            from === undefined && to === undefined ? NaN : Number(from ?? -Infinity),
            Number(to ?? Infinity),
          ]
        : null,
    };
  });
  oneOf('theme', raw.theme, ['auto', 'light', 'dark']);
  oneOf('loading', raw.loading, ['lazy', 'eager']);
  return {
    measure: oneOf('measure', raw.measure, measures),
    lowest: oneOf('pick', raw.pick, ['highest', 'lowest']) === 'lowest',
    subjects,
    problems,
  };
}
