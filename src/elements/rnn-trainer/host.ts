// What the class of <rnn-trainer> and its on-demand part know of each other: types only, so that neither holds the other.

import type { loadKernel } from '../../engine/index.js';
import type { NumberWriter } from '../../model/describe.js';
import type { Followed } from '../../ui/link.js';
import type { Part, PartHost } from '../../ui/part-element.js';

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

/** What the part is given. */
export interface TrainerHost extends PartHost {
  readonly loadKernel: typeof loadKernel;
  readonly numbers: NumberWriter;
  /** Tells the page what the reader or the element does. */
  readonly tell: (event: Event) => void;
}

/** Where the part draws. */
export interface TrainerRoom {
  /** Pixels. */
  readonly width: number;
  /** Size of the page's text, as a multiple of 16 px. */
  readonly em: number;
  /** The element named by `for`, once it is there. */
  readonly target: Followed | null;
  /** Whether it is missing for long. */
  readonly lost: boolean;
}

/** The part, as the class sees it. */
export interface TrainerPart extends Part {
  configure(raw: RawTrainerOptions): void;
  start(): void;
  pause(): void;
  step(): void;
  stop(): void;
  /** Ends all work and gives back what it held. */
  close(): void;
  render(room: TrainerRoom): unknown;
}
