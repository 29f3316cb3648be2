// What the class of <rnn-trainer> and its on-demand part know of each other: types only, so that neither holds the other.

import type { loadKernel } from '../../engine/index.js';
import type { ErrorDetail, TrainingEventDetails } from '../../events.js';
import type { NumberWriter } from '../../model/describe.js';
import type { Strings } from '../../model/strings.js';
import type { Followed } from '../../ui/link.js';
import type { Templates } from '../../ui/templates.js';

/** Attribute values as they are, before any check. */
export interface RawTrainerOptions {
  readonly cells: string | null;
  readonly gap: number | null;
  readonly examples: number | null;
  readonly hiddenSize: number | null;
  readonly learningRate: number | null;
  readonly batch: number | null;
  readonly steps: number | null;
  readonly seed: number | null;
  readonly forgetBias: number | null;
  readonly clip: number | null;
  readonly htmlFor: string | null;
  readonly controls: string | null;
  readonly theme: string | null;
  readonly loading: string | null;
  readonly accelerate: string | null;
}

/** What the part is given: what it may not import a second time. */
export interface TrainerHost {
  readonly templates: Templates;
  readonly loadKernel: typeof loadKernel;
  readonly strings: Strings;
  readonly numbers: NumberWriter;
  /** Something to be drawn has changed. */
  readonly redraw: () => void;
  /** Tells the page what the reader or the element does. */
  readonly tell: <Name extends keyof TrainingEventDetails>(
    name: Name,
    detail: TrainingEventDetails[Name],
  ) => void;
}

/** Where the part draws. */
export interface TrainerRoom {
  /** Pixels. */
  readonly width: number;
  /** Size of the page's text, as a multiple of 16 px. */
  readonly em: number;
  /** The element named by `for`, once it is there. */
  readonly target: Followed | null;
}

/** The part, as the class sees it. */
export interface TrainerPart {
  configure(raw: RawTrainerOptions): void;
  start(): void;
  pause(): void;
  step(): void;
  stop(): void;
  /** Ends all work and gives back what it held. */
  close(): void;
  problems(): readonly ErrorDetail[];
  render(room: TrainerRoom): unknown;
}
