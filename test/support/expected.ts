// What a figure has to show, computed anew from the engine: states, twins, predictions, and how numbers are written.

import { jacobianNorms, memoryMatrix, runSequence, type Trace } from '../../src/engine/index.js';
import {
  tokenize,
  type Prediction,
  type SentenceModel,
  type Token,
  type TokenMode,
} from '../../src/model/index.js';

export interface Expected {
  readonly tokens: readonly Token[];
  readonly trace: Trace;
  /** Hidden state after word t (from 0). */
  hidden(t: number): number[];
  /** Twin memory of word k after word t, relative to its imprint. */
  memory(t: number, k: number): number;
  /** m(t,k) itself. */
  distance(t: number, k: number): number;
  /** Local influence ‖∂h_t/∂x_k‖ of word k after word t. */
  influence(t: number, k: number): number;
  /** Mean of a gate while word t was read. */
  gateMean(gate: keyof Trace['gates'], t: number): number;
  predictions(t: number): Prediction[];
}

/** Reads a whole text with a model, the plain way: all at once. */
export function expected(model: SentenceModel, text: string, mode: TokenMode = 'words'): Expected {
  const tokens = tokenize(text, mode, 'en');
  const x = Float64Array.from(tokens.flatMap((token) => [...model.vector(token)]));
  const trace = runSequence(model.cell, x);
  const T = tokens.length;
  const H = model.cell.hiddenSize;
  const twins = memoryMatrix(model.cell, x);
  const row = (values: Float64Array, t: number): number[] => [
    ...values.subarray(t * H, (t + 1) * H),
  ];
  return {
    tokens,
    trace,
    hidden: (t) => row(trace.h, t),
    memory: (t, k) => twins[t * T + k] / twins[k * T + k],
    distance: (t, k) => twins[t * T + k],
    influence: (t, k) => jacobianNorms(model.cell, x, 'input')[t * T + k],
    gateMean: (gate, t) => {
      const values = trace.gates[gate];
      if (!values) throw new Error(`no gate ${gate}`);
      return row(values, t).reduce((sum, value) => sum + value, 0) / H;
    },
    predictions: (t) => model.predict(trace.h.slice(t * H, (t + 1) * H), 5) ?? [],
  };
}

/** A share as a reader meets it: “64%”, “2.5%”, “<0.1%”. */
export function percent(share: number): string {
  if (share === 0) return '0%';
  if (share < 0.001) return '<0.1%';
  return share < 0.0995 ? `${(share * 100).toFixed(1)}%` : `${grouped(share * 100)}%`;
}

/** A probability as a reader meets it. */
export function chance(probability: number): string {
  if (probability < 0.01) return '<1%';
  if (probability > 0.99 && probability < 1) return '>99%';
  return `${grouped(probability * 100)}%`;
}

/** A unit or a mean gate as a reader meets it. */
export function value(number: number): string {
  const size = Math.abs(number);
  if (size > 0 && size < 0.001) return number < 0 ? '>−0.001' : '<0.001';
  return number.toFixed(size > 0 && size < 0.01 ? 3 : 2).replace('-', '−');
}

/** A quantity of unknown size as a reader meets it: three digits that matter. */
export function quantity(number: number): string {
  if (number > 0 && number < 0.001) return '<0.001';
  const digits = number >= 100 ? 0 : number >= 10 ? 1 : number >= 1 ? 2 : 3;
  return number.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** The number that a share or a probability tells; “<0.1%” counts as what it stays below. */
export const share = (written: string): number => Number(written.replace(/[<>%,]/g, '')) / 100;

const grouped = (number: number): string =>
  Math.round(number).toLocaleString('en', { maximumFractionDigits: 0 });
