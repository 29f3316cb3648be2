// What the drawing functions get: the session's state, the wording, the measures, and what a reader's act calls.

import { cells, parameterCount, type CellType, type CellWeights } from '../../engine/index.js';
import type { Memory, NumberWriter, Reading, SessionState, Strings } from '../../model/index.js';

/** A unit that the reader points at. */
export interface Inspected {
  readonly cell: CellType;
  readonly word: number;
  readonly unit: number;
}

export interface View {
  readonly state: SessionState;
  readonly strings: Strings;
  readonly numbers: NumberWriter;
  /** Width of the element in CSS pixels. */
  readonly width: number;
  /** Size of the page's text, as a multiple of 16 px. */
  readonly em: number;
  /** Whether the text runs right to left. */
  readonly rtl: boolean;
  readonly locale: string;
  /** First word drawn, and the one after the last: only what is visible is drawn. */
  readonly from: number;
  readonly to: number;
  /** Whether the followed word is scrolled away, so that it has to be shown at the edge. */
  readonly followedOutOfSight: boolean;
  readonly inspected: Inspected | null;
  /** Word that has the bars' only tab stop. */
  readonly barFocus: number;
  readonly seek: (step: number) => void;
  readonly follow: (word: number) => void;
  /** Looks at a unit; what was pressed to get there, but not a mere movement, also picks it for linked elements. */
  readonly inspect: (inspected: Inspected | null, event?: Event) => void;
  readonly scrolled: (event: Event) => void;
  readonly barKey: (event: KeyboardEvent) => void;
}

/** Whether word i has been read, is being read, or waits. */
export function phase(view: View, word: number): 'past' | 'now' | 'future' {
  const now = view.state.step - 1;
  return word < now ? 'past' : word === now ? 'now' : 'future';
}

/** The reading of a cell up to the present step; undefined while its weights load. */
export function readingOf(view: View, cell: CellType): Reading | undefined {
  const reading = view.state.readings.get(cell);
  return reading && reading.length >= view.state.step ? reading : undefined;
}

/** Memory of a word at the present step; null before it was read, or while it is being computed. */
export function memoryOf(view: View, cell: CellType, word: number): Memory | null {
  const now = view.state.step - 1;
  const reading = readingOf(view, cell);
  return reading && word <= now && reading.knownMemory(now, word)
    ? reading.memory(now, word)
    : null;
}

/** The running networks that have read up to the present step, if there is one. */
export function readingsOf(view: View): { step: number; reading: Reading }[] {
  const { step, cells } = view.state;
  if (step === 0) return [];
  return cells.flatMap((cell) => {
    const reading = readingOf(view, cell);
    return reading ? [{ step, reading }] : [];
  });
}

/** Whether any of the networks expects next words. As long as none has loaded there is room for them. */
export function expectsWords({ readings, kind }: SessionState): boolean {
  if (readings.size === 0) return kind !== 'random';
  return [...readings.values()].some(({ model }) => model.predicts);
}

/** Whether the units of a cell have no upper bound. */
export const isRelu = ({ nonlinearity }: CellWeights): boolean => nonlinearity === 'relu';

/** The words that are drawn. */
export function visibleWords({ from, to }: Pick<View, 'from' | 'to'>): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** The words whose memory the view shows now: the visible ones and the followed one. */
export function shownWords(view: Pick<View, 'from' | 'to' | 'state'>): number[] {
  const words = visibleWords(view);
  const { follow } = view.state;
  if (follow >= 0 && (follow < view.from || follow >= view.to)) words.push(follow);
  return words;
}

/** How a memory is written: “64%”, or that the word left no imprint. */
export function memoryText(view: View, memory: Memory | null): string {
  if (!memory) return '';
  return memory.ratio === null ? view.strings.noImprint : view.numbers.percent(memory.ratio);
}

/** What a lane says of its cell: the same weights at every word, or that nothing is handed on. */
export function laneNote(view: View, { model }: Reading): string {
  return cells[model.cell.cell].recurrent
    ? view.strings.sameCell(view.numbers.whole(parameterCount(model.cell)))
    : view.strings.noHandOver;
}
