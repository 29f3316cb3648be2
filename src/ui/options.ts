// Turns whatever an author wrote into attributes into valid options, and says what could not be used.

import { cellTypes, type CellType } from '../engine/index.js';
import { randomModelDefaults } from '../model/random-model.js';
import type { Strings } from '../model/strings.js';
import type { TokenMode } from '../model/tokenizer.js';

/** Attribute values as they are, before any check: null where one was removed, nothing where the element has none. */
export interface RawOptions {
  readonly cell?: string | null;
  /** What to take without a `cell` that there is. */
  readonly defaultCell?: CellType;
  readonly compare?: string | null;
  readonly model?: string | null;
  readonly hiddenSize?: number | null;
  readonly seed?: number | null;
  readonly forgetBias?: number | null;
  readonly interval?: number | null;
  readonly layout?: string | null;
  readonly controls?: string | null;
  readonly theme?: string | null;
  readonly loading?: string | null;
  readonly tokens?: string | null;
  readonly accelerate?: string | null;
}

/** Options of an element whose `controls` attribute can name `Control`. */
export interface Options<Control extends string> {
  readonly accelerate: boolean;
  readonly cells: readonly CellType[];
  readonly model: string;
  readonly hiddenSize: number;
  readonly seed: number;
  readonly forgetBias: number;
  readonly interval: number;
  readonly layout: 'auto' | 'columns' | 'rows';
  readonly controls: ReadonlySet<Control>;
  readonly tokens: TokenMode;
  /** One message for each value that could not be used. */
  readonly problems: readonly string[];
}

const defaultInterval = 1200;

/** @param controlNames the parts of the element that `controls` can name. */
export function resolveOptions<Control extends string>(
  raw: RawOptions,
  controlNames: readonly Control[],
  strings: Strings,
): Options<Control> {
  const problems: string[] = [];
  const refuse = (attribute: string, value: unknown, used: string | number): void => {
    // an attribute may hold a whole book; the message must not
    const shown = String(value).slice(0, 60);
    problems.push(strings.problem.badValue(attribute, shown, String(used)));
  };
  const oneOf = <T extends string>(
    attribute: string,
    value: string | null | undefined,
    allowed: readonly T[],
  ): T => {
    if (isUnset(value)) return allowed[0];
    const found = allowed.find((each) => each === value);
    if (!found) refuse(attribute, value, allowed[0]);
    return found ?? allowed[0];
  };
  const number = (
    attribute: string,
    value: number | null | undefined,
    fallback: number,
    valid: (value: number) => boolean,
  ): number => {
    if (isUnset(value)) return fallback;
    if (Number.isFinite(value) && valid(value)) return value;
    refuse(attribute, value, fallback);
    return fallback;
  };

  const compared = list(raw.compare);
  const known = compared.filter((name): name is CellType => cellTypes.includes(name as CellType));
  compared
    .filter((name) => !cellTypes.includes(name as CellType))
    .forEach((name) => {
      refuse('compare', name, known.join(' ') || 'rnn');
    });
  const names = list(raw.controls ?? 'all');
  const controls = new Set<Control>();
  for (const name of names) {
    if (name === 'all') controlNames.forEach((each) => controls.add(each));
    else if (controlNames.includes(name as Control)) controls.add(name as Control);
    else if (name !== 'none') refuse('controls', name, 'the rest');
  }
  oneOf('theme', raw.theme, ['auto', 'light', 'dark']);
  oneOf('loading', raw.loading, ['lazy', 'eager']);
  return {
    accelerate: oneOf('accelerate', raw.accelerate, ['auto', 'off']) === 'auto',
    cells:
      known.length > 0
        ? [...new Set(known)]
        : [oneOf('cell', raw.cell, [raw.defaultCell ?? 'rnn', ...cellTypes])],
    model: modelChoice(raw.model, refuse),
    hiddenSize: number(
      'hidden-size',
      raw.hiddenSize,
      randomModelDefaults.hiddenSize,
      (n) => Number.isInteger(n) && n >= 1 && n <= 256,
    ),
    seed: number('seed', raw.seed, randomModelDefaults.seed, Number.isSafeInteger),
    forgetBias: number(
      'forget-bias',
      raw.forgetBias,
      randomModelDefaults.forgetBias,
      (n) => Math.abs(n) <= 10,
    ),
    interval: number('interval', raw.interval, defaultInterval, (n) => n >= 100 && n <= 60_000),
    layout: oneOf('layout', raw.layout, ['auto', 'columns', 'rows']),
    controls,
    tokens: oneOf('tokens', raw.tokens, ['words', 'characters']),
    problems,
  };
}

/** Anything that looks like an address is one; any other unknown word is a mistake. */
function modelChoice(
  value: unknown,
  refuse: (attribute: string, value: string, used: string) => void,
): string {
  const model = written(value).trim() || 'auto';
  if (['auto', 'story', 'random'].includes(model) || /[./]/.test(model)) return model;
  refuse('model', model, 'auto');
  return 'auto';
}

/** A removed attribute, or what frameworks set a property to in order to unset it. */
const isUnset = (value: unknown): value is null | undefined =>
  value === null || value === undefined;

const written = (value: unknown): string =>
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- no object is left for it
  isUnset(value) ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

const list = (value: unknown): string[] => written(value).split(/\s+/).filter(Boolean);
