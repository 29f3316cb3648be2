// What the plot is told to show: the author's attributes, and the reader's choices in their place.

import { randomRunDefaults, type RandomRunOptions } from '../../model/gradients/run.js';
import type { Strings } from '../../model/strings.js';
import type { GradientQuantity } from '../../model/gradients/curves.js';

export interface PlotSettings extends RandomRunOptions {
  readonly quantity: GradientQuantity;
  readonly source: 'text' | 'random';
}

/** As attributes and properties have them, before any check. */
export type RawSettings = { readonly [Name in keyof PlotSettings]: unknown };

/** A number that the reader may set: the slider's range, and what an attribute may go up to. */
interface Range {
  readonly attribute: string;
  readonly slider: readonly [least: number, most: number, step: number];
  readonly limits: readonly [least: number, most: number];
  readonly fallback: number;
}

/** Numbers that sliders set, in their order. */
export const ranges = {
  recurrentScale: {
    attribute: 'recurrent-scale',
    slider: [0.5, 4, 0.1],
    limits: [0, 10],
    fallback: randomRunDefaults.recurrentScale,
  },
  inputScale: {
    attribute: 'input-scale',
    slider: [0, 3, 0.1],
    limits: [0, 10],
    fallback: randomRunDefaults.inputScale,
  },
  forgetBias: { attribute: 'forget-bias', slider: [-2, 5, 0.25], limits: [-10, 10], fallback: 3 },
  updateBias: { attribute: 'update-bias', slider: [-2, 5, 0.25], limits: [-10, 10], fallback: 3 },
  length: {
    attribute: 'length',
    slider: [10, 300, 10],
    limits: [2, 300],
    fallback: randomRunDefaults.length,
  },
  hiddenSize: {
    attribute: 'hidden-size',
    slider: [4, 64, 4],
    limits: [1, 64],
    fallback: randomRunDefaults.hiddenSize,
  },
} as const satisfies Partial<Record<keyof PlotSettings, Range>>;

export type RangeName = keyof typeof ranges;
export const rangeNames = Object.keys(ranges) as RangeName[];
const whole: readonly string[] = ['length', 'hiddenSize'] satisfies RangeName[];

/** Valid settings, and one message for each value that could not be used. */
export function resolveSettings(
  raw: RawSettings,
  strings: Strings,
): { readonly settings: PlotSettings; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const refuse = (attribute: string, value: unknown, used: string | number): void => {
    const shown = typeof value === 'string' ? value.slice(0, 60) : String(Number(value));
    problems.push(strings.problem.badValue(attribute, shown, String(used)));
  };
  const oneOf = <T extends string>(attribute: string, value: unknown, allowed: readonly T[]): T => {
    const found = allowed.find((each) => each === value);
    if (!found && value !== null && value !== undefined) refuse(attribute, value, allowed[0]);
    return found ?? allowed[0];
  };
  const source = oneOf('source', raw.source, ['text', 'random']);
  const random = source === 'random';
  const number = (name: RangeName): number => {
    const { attribute, limits, fallback } = ranges[name];
    const value = raw[name];
    if (value === null || value === undefined) return fallback;
    const good =
      typeof value === 'number' &&
      value >= limits[0] &&
      value <= limits[1] &&
      (Number.isInteger(value) || !whole.includes(name));
    // (networks that read a text may have more units)
    if (!good && (random || name !== 'hiddenSize')) refuse(attribute, value, fallback);
    return good ? value : fallback;
  };
  return {
    settings: {
      quantity: oneOf('quantity', raw.quantity, ['state', 'loss']),
      source,
      recurrentScale: number('recurrentScale'),
      inputScale: number('inputScale'),
      forgetBias: number('forgetBias'),
      updateBias: number('updateBias'),
      length: number('length'),
      hiddenSize: number('hiddenSize'),
      seed: typeof raw.seed === 'number' ? raw.seed : randomRunDefaults.seed,
    },
    problems,
  };
}

/** Settings that show something: all as the facts of docs/gradients.md were measured, but for the one that is named. */
export const presets = {
  vanish: { recurrentScale: 0.9 },
  saturate: { recurrentScale: 1.5 },
  explode: { recurrentScale: 4 },
  shut: { forgetBias: 0 },
  open: { forgetBias: 3 },
} as const satisfies Record<string, Partial<PlotSettings>>;

export const measured = {
  recurrentScale: 1,
  inputScale: 1,
  forgetBias: 3,
  updateBias: 3,
  length: 100,
  hiddenSize: 16,
} as const;
