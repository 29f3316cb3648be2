// Turns the attributes of <rnn-trainer> into settings, and says what could not be used.

import type { Strings } from '../../model/strings.js';
import {
  allows,
  trainableCells,
  trainingDefaults,
  trainingLimits,
  type NumericSetting,
  type TrainableCell,
  type TrainingSettings,
} from '../../model/training/settings.js';
import type { RawTrainerOptions } from './host.js';

export const controlNames = [
  'settings',
  'transport',
  'charts',
  'test-gap',
  'weights',
  'table',
] as const;
export type TrainerControl = (typeof controlNames)[number];

export const numericSettings = Object.keys(trainingLimits) as NumericSetting[];

export interface TrainerOptions {
  readonly settings: TrainingSettings;
  readonly controls: ReadonlySet<TrainerControl>;
  readonly accelerate: boolean;
  /** One message for each value that could not be used. */
  readonly problems: readonly string[];
}

export function resolveTrainerOptions(raw: RawTrainerOptions, strings: Strings): TrainerOptions {
  const problems: string[] = [];
  const refuse = (attribute: string, value: unknown, used: string): void => {
    problems.push(strings.problem.badValue(attribute, String(value).slice(0, 60), used));
  };
  const numbers = Object.fromEntries(
    numericSettings.map((name) => {
      const [value, fallback] = [raw[name], trainingDefaults[name]];
      if (value === null || value === undefined || allows(name, value))
        return [name, value ?? fallback];
      refuse(attributeOf(name), value, String(fallback));
      return [name, fallback];
    }),
  ) as Record<NumericSetting, number>;
  const oneOf = (attribute: string, value: unknown, allowed: readonly string[]): string => {
    const found = allowed.find((each) => each === (value ?? allowed[0]));
    if (found === undefined) refuse(attribute, value, allowed[0]);
    return found ?? allowed[0];
  };

  const asked = list(raw.cells ?? trainableCells.join(' '));
  const known = trainableCells.filter((cell) => asked.includes(cell));
  const cells = known.length > 0 ? known : trainingDefaults.cells;
  const unknown = asked.filter((name) => !trainableCells.includes(name as TrainableCell));
  if (unknown.length > 0 || asked.length === 0) {
    refuse('cells', unknown.join(' '), cells.join(' '));
  }
  const controls = new Set<TrainerControl>();
  for (const name of list(raw.controls ?? 'all')) {
    if (name === 'all') controlNames.forEach((each) => controls.add(each));
    else if (controlNames.includes(name as TrainerControl)) controls.add(name as TrainerControl);
    else if (name !== 'none') refuse('controls', name, 'the rest');
  }
  oneOf('theme', raw.theme, ['auto', 'light', 'dark']);
  oneOf('loading', raw.loading, ['lazy', 'eager']);
  return {
    settings: { ...numbers, cells },
    controls,
    accelerate: oneOf('accelerate', raw.accelerate, ['auto', 'off']) === 'auto',
    problems,
  };
}

/** hidden-size for hiddenSize */
const attributeOf = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const list = (value: unknown): string[] =>
  typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : [];

export function sameSettings(a: TrainingSettings, b: TrainingSettings): boolean {
  return numericSettings.every((name) => a[name] === b[name]) && a.cells.join() === b.cells.join();
}
