// What the parts of the plot are drawn from: the present results, what is pointed at, the wording, and the reader's acts.

import type { CellType, Kernel } from '../../engine/index.js';
import type { NumberWriter } from '../../model/describe.js';
import type { GradientRun } from '../../model/gradients/run.js';
import type { LagUnit, PlotStrings } from '../../model/plot-strings.js';
import type { Reading } from '../../model/reading.js';
import type { SessionState } from '../../model/session.js';
import type { Strings } from '../../model/strings.js';
import type { Templates } from '../../ui/templates.js';
import type { Result } from './calculation.js';
import type { PlotSettings } from './settings.js';

/** What the element gives to its figure for good. */
export interface PlotHost {
  readonly templates: Templates;
  /** The page's, so that its policy is asked once. */
  readonly loadKernel: () => Promise<Kernel>;
  readonly requestUpdate: () => void;
  /** The reader's choices; null gives them back to the author's attributes. */
  readonly choose: (change: Partial<PlotSettings>) => void;
  /** Something went wrong inside. */
  readonly fail: () => void;
}

/** What the element gives to its figure at each update. */
export interface PlotInput {
  readonly settings: PlotSettings;
  /** The cells to be shown, in this order. */
  readonly cells: readonly CellType[];
  readonly state: SessionState;
  /** Those of `state`, and of the cells that the followed element does not run. */
  readonly readings: ReadonlyMap<CellType, Reading>;
  readonly accelerate: boolean;
  readonly width: number;
  readonly em: number;
  readonly labels: Strings;
  readonly numbers: NumberWriter;
  readonly controls: ReadonlySet<PlotControl>;
  readonly voice: 'polite' | 'off';
}

export const plotControls = [
  'quantity',
  'source',
  'words',
  'back',
  'next',
  'lag',
  'settings',
  'facts',
  'check',
  'table',
] as const;
export type PlotControl = (typeof plotControls)[number];

/** What is drawn. */
export interface PlotView extends PlotInput {
  readonly templates: Templates;
  readonly strings: PlotStrings;
  readonly runs: readonly GradientRun[];
  /** The step from which it goes back; −1 if nothing is read. */
  readonly t: number;
  /** Null while nothing has been computed of what is shown. */
  readonly result: Result | null;
  /** Whose lines are drawn: the result, or the one before it, about which nothing is said. */
  readonly drawn: Result | null;
  readonly lag: number;
  /** What lies between two lags. */
  readonly unit: LagUnit;
  /** “20 words back, at “red””. */
  readonly where: string;
  readonly amount: (value: number) => string;
  readonly point: (lag: number) => void;
}
