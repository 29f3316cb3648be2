// Turns the attributes of <rnn-quiz>, and those of its options, into what is to be measured, and says what could not be used.

import type { CellType } from '../../engine/index.js';
import type { QuizStrings } from '../../model/quiz-strings.js';
import type { Strings } from '../../model/strings.js';
import type { RawQuizOptions } from './host.js';

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
  readonly problems: ReadonlySet<string>;
}

/** An option, as far as it says what is measured. */
export interface Measurable {
  readonly text: string;
  readonly data: DOMStringMap;
}

const measures = ['none', 'memory', 'probability', 'gate'] as const;
const gates = ['forget', 'input', 'output', 'update', 'reset'] as const;

export function resolveQuizOptions(
  raw: RawQuizOptions,
  options: readonly Measurable[],
  strings: Strings,
  words: QuizStrings,
): QuizSettings {
  const problems = new Set<string>();
  const oneOf = <T>(attribute: string, value: unknown, allowed: readonly T[], used = ''): T => {
    const [usual] = allowed;
    const found = allowed.find((each) => each === (value ?? usual));
    if (found === undefined) {
      const shown = String(value).slice(0, 60);
      problems.add(strings.problem.badValue(attribute, shown, used || String(usual)));
    }
    return found ?? usual;
  };
  const cells = Object.keys(strings.cellName) as CellType[];
  const ranged = options.some(({ data }) => 'from' in data || 'to' in data);
  const subjects = options.map(({ text, data }): Subject => {
    // an option may say it in place of them all
    const cell = data['cell'] ?? raw.cell ?? null;
    const step = data['step'] ?? raw.step ?? Infinity;
    return {
      cell: cell === null ? null : oneOf('cell', cell, cells),
      word: data['word'] ?? raw.word ?? text,
      step: Number(step) >= 1 ? Number(step) : oneOf('step', step, [Infinity], words.problem.end),
      gate: oneOf('gate', data['gate'] ?? raw.gate, gates),
      range: ranged
        ? // (one without limits is not right by chance)
          [Number(data['from'] ?? ('to' in data ? -Infinity : NaN)), Number(data['to'] ?? Infinity)]
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
