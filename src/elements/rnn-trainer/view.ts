// What all that is drawn is drawn from.

import type { NumberWriter } from '../../model/describe.js';
import type { Strings } from '../../model/strings.js';
import type { TrainerStrings } from '../../model/trainer-strings.js';
import type { TrainableCell, TrainingSettings } from '../../model/training/settings.js';
import type { CellProgress, Recall, TrainingState } from '../../model/training/training.js';
import type { Templates } from '../../ui/templates.js';
import type { TrainerControl } from './options.js';

/** Answers across a gap that the reader chose, of the networks as they are now; none is empty. */
export type Asked = ReadonlyMap<number, ReadonlyMap<TrainableCell, Recall>>;

export interface TrainerView {
  readonly templates: Templates;
  readonly strings: Strings;
  readonly words: TrainerStrings;
  readonly numbers: NumberWriter;
  readonly controls: ReadonlySet<TrainerControl>;
  readonly state: TrainingState;
  /** Of the run that is shown. */
  readonly settings: TrainingSettings;
  /** Of the next run. */
  readonly next: TrainingSettings;
  readonly asked: Asked;
  /** Recall at the trained gap of networks that came from a file. */
  readonly loaded: ReadonlyMap<TrainableCell, Recall>;
  /** The networks that can be asked, used and saved now. */
  readonly ready: readonly TrainableCell[];
  readonly width: number;
  readonly em: number;
}

/** Whether the training is under way, paused or not. */
export const underWay = ({ phase }: TrainingState): boolean =>
  phase === 'starting' || phase === 'running' || phase === 'paused';

/** Whether nothing is computed, or about to be. */
export const atRest = ({ phase }: TrainingState): boolean =>
  phase !== 'starting' && phase !== 'running';

export const share = ({ right, asked }: Recall): number => (asked > 0 ? right / asked : NaN);

/** A share of right answers: “100%” and “0%” only if it is that. */
export function percent(recall: Recall, numbers: NumberWriter): string {
  const value = share(recall);
  return value === 0 ? numbers.percent(0) : numbers.probability(value);
}

/** What is known of a cell by gap, short ones first: what was measured in training, and what the reader asked since. */
export function recallByGap(
  { asked, loaded }: Pick<TrainerView, 'asked' | 'loaded'>,
  { cell, evaluations }: CellProgress,
): ReadonlyMap<number, Recall> {
  // of a network from a file nothing is known but what it was asked
  const measured = loaded.has(cell) ? [] : (evaluations[evaluations.length - 1]?.byGap ?? []);
  const known = new Map<number, Recall>(measured.map((each) => [each.gap, each]));
  for (const [gap, answers] of asked) {
    const recall = answers.get(cell);
    if (recall) known.set(gap, recall);
  }
  return new Map([...known].sort(([a], [b]) => a - b));
}

/** At the trained gap, when last asked. */
export const lastRecall = ({ evaluations }: CellProgress): Recall | null =>
  evaluations.length > 0 ? evaluations[evaluations.length - 1].recall : null;

/** “a, b and c” */
export const listed = (items: readonly string[], language: string): string =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(items);

export const capital = (text: string, language: string): string =>
  text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
