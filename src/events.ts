// The events of the elements: typed, bubbling, composed, and only for what the reader or the element does.

import type { CellType, Intervention } from './engine/index.js';
import type { ModelKind } from './model/sentence-model.js';

/** Who moved: the reader, the running autoplay, or an element linked to this one. */
export type StepTrigger = 'user' | 'autoplay' | 'linked';

export interface StepDetail {
  /** Index of the word just read, from 0; −1 before the first. */
  readonly index: number;
  /** Words read: index + 1. */
  readonly step: number;
  /** Words in the text, punctuation marks included. */
  readonly total: number;
  /** The word as typed; empty before the first. */
  readonly word: string;
  readonly cells: readonly CellType[];
  readonly trigger: StepTrigger;
}

export interface CellChangeDetail {
  readonly cells: readonly CellType[];
}

export interface FollowChangeDetail {
  /** Index of the word that is followed now. */
  readonly index: number;
  readonly word: string;
}

export interface ModelChangeDetail {
  /** What was asked for: auto, story, random, an address, or `trained` for networks trained on this page. */
  readonly model: string;
  /** Which weights run now. */
  readonly kind: ModelKind;
}

export interface TextChangeDetail {
  readonly text: string;
  readonly total: number;
}

export interface CompleteDetail {
  readonly total: number;
  readonly cells: readonly CellType[];
}

export interface ReadyDetail {
  readonly cells: readonly CellType[];
  readonly kind: ModelKind;
}

export interface GateHoldDetail {
  /** The gate that was held, or the word that was skipped. Steps count from 0; `to` is the step after the last one. */
  readonly intervention: Intervention;
  /** The word at which it begins. */
  readonly word: string;
  /** All interventions that are active now. */
  readonly interventions: readonly Intervention[];
}

export interface GateReleaseDetail {
  /** Those that are still active; empty when everything was released. */
  readonly interventions: readonly Intervention[];
}

export interface UnitSelectDetail {
  readonly cell: CellType;
  /** Index of the unit, from 0. */
  readonly unit: number;
}

/** How one network of a training stands. */
export interface TrainedCell {
  readonly cell: CellType;
  /** Share of held-out questions answered right at the trained gap, when last asked; null if it was not asked yet. */
  readonly recall: number | null;
  /** Loss of the answer in the last step, −ln p of the right word; null before the first. */
  readonly loss: number | null;
  /** Steps after which recall was first measured as 95 % or more; null until then. */
  readonly learnedAt: number | null;
}

export interface TrainStartDetail {
  readonly cells: readonly CellType[];
  readonly steps: number;
}

export interface TrainProgressDetail {
  /** Steps done, of all cells. */
  readonly step: number;
  readonly steps: number;
  readonly cells: readonly TrainedCell[];
}

export interface TrainCompleteDetail {
  /** All steps. */
  readonly step: number;
  readonly steps: number;
  /** With the final recall of every cell. */
  readonly cells: readonly TrainedCell[];
}

export interface TrainStopDetail {
  readonly step: number;
  readonly steps: number;
}

export interface AnswerDetail {
  /** Whether the option that was chosen is right. */
  readonly correct: boolean;
  /** Answers so far, this one included. */
  readonly attempts: number;
  /** Text of the option that was chosen. */
  readonly choice: string;
  /** Its index, from 0. */
  readonly index: number;
  /** What was measured for each option, NaN where there is no such number; null if nothing was measured. */
  readonly values: readonly number[] | null;
}

export type ErrorCode =
  | 'bad-attribute'
  | 'text-too-long'
  | 'model-load-failed'
  | 'figure-load-failed'
  | 'state-overflow'
  | 'internal-error';

export interface ErrorDetail {
  readonly code: ErrorCode;
  /** The message that the reader sees. */
  readonly message: string;
}

class RnnEvent<Detail> extends CustomEvent<Detail> {
  constructor(type: string, detail: Detail) {
    super(type, { detail, bubbles: true, composed: true });
  }
}

/** The reader or autoplay went to another word. */
export class RnnStepEvent extends RnnEvent<StepDetail> {
  constructor(detail: StepDetail) {
    super('rnn-step', detail);
  }
}

/** The reader chose other cells. */
export class RnnCellChangeEvent extends RnnEvent<CellChangeDetail> {
  constructor(detail: CellChangeDetail) {
    super('rnn-cell-change', detail);
  }
}

/** The reader follows another word. */
export class RnnFollowChangeEvent extends RnnEvent<FollowChangeDetail> {
  constructor(detail: FollowChangeDetail) {
    super('rnn-follow-change', detail);
  }
}

/** Other weights run, because the reader chose so or because another text needs them. */
export class RnnModelChangeEvent extends RnnEvent<ModelChangeDetail> {
  constructor(detail: ModelChangeDetail) {
    super('rnn-model-change', detail);
  }
}

/** The reader typed another text or chose an example. */
export class RnnTextChangeEvent extends RnnEvent<TextChangeDetail> {
  constructor(detail: TextChangeDetail) {
    super('rnn-text-change', detail);
  }
}

/** The last word was read; once per text. */
export class RnnCompleteEvent extends RnnEvent<CompleteDetail> {
  constructor(detail: CompleteDetail) {
    super('rnn-complete', detail);
  }
}

/** Weights are loaded and the element can be stepped; once. */
export class RnnReadyEvent extends RnnEvent<ReadyDetail> {
  constructor(detail: ReadyDetail) {
    super('rnn-ready', detail);
  }
}

/** The reader held a gate at a value, or skipped a word. */
export class RnnGateHoldEvent extends RnnEvent<GateHoldDetail> {
  constructor(detail: GateHoldDetail) {
    super('rnn-gate-hold', detail);
  }
}

/** The reader released a gate, or has a skipped word read again. */
export class RnnGateReleaseEvent extends RnnEvent<GateReleaseDetail> {
  constructor(detail: GateReleaseDetail) {
    super('rnn-gate-release', detail);
  }
}

/** The reader picked a unit of the state. */
export class RnnUnitSelectEvent extends RnnEvent<UnitSelectDetail> {
  constructor(detail: UnitSelectDetail) {
    super('rnn-unit-select', detail);
  }
}

/** Auto play started. */
export class RnnPlayEvent extends RnnEvent<null> {
  constructor() {
    super('rnn-play', null);
  }
}

/** Auto play stopped. */
export class RnnPauseEvent extends RnnEvent<null> {
  constructor() {
    super('rnn-pause', null);
  }
}

/** The reader started a training. */
export class RnnTrainStartEvent extends RnnEvent<TrainStartDetail> {
  constructor(detail: TrainStartDetail) {
    super('rnn-train-start', detail);
  }
}

/** A training goes on; at most ten times a second. */
export class RnnTrainProgressEvent extends RnnEvent<TrainProgressDetail> {
  constructor(detail: TrainProgressDetail) {
    super('rnn-train-progress', detail);
  }
}

/** A training did its last step; once a run. */
export class RnnTrainCompleteEvent extends RnnEvent<TrainCompleteDetail> {
  constructor(detail: TrainCompleteDetail) {
    super('rnn-train-complete', detail);
  }
}

/** The reader stopped a training before its last step. */
export class RnnTrainStopEvent extends RnnEvent<TrainStopDetail> {
  constructor(detail: TrainStopDetail) {
    super('rnn-train-stop', detail);
  }
}

/** An answer was checked, or what the reader guessed came out. */
export class RnnAnswerEvent extends RnnEvent<AnswerDetail> {
  constructor(detail: AnswerDetail) {
    super('rnn-answer', detail);
  }
}

/** Something could not be done; the element shows the same message and keeps its last good state. */
export class RnnErrorEvent extends RnnEvent<ErrorDetail> {
  constructor(detail: ErrorDetail) {
    super('rnn-error', detail);
  }
}

declare global {
  interface HTMLElementEventMap {
    'rnn-ready': RnnReadyEvent;
    'rnn-step': RnnStepEvent;
    'rnn-cell-change': RnnCellChangeEvent;
    'rnn-follow-change': RnnFollowChangeEvent;
    'rnn-model-change': RnnModelChangeEvent;
    'rnn-text-change': RnnTextChangeEvent;
    'rnn-gate-hold': RnnGateHoldEvent;
    'rnn-gate-release': RnnGateReleaseEvent;
    'rnn-unit-select': RnnUnitSelectEvent;
    'rnn-play': RnnPlayEvent;
    'rnn-pause': RnnPauseEvent;
    'rnn-complete': RnnCompleteEvent;
    'rnn-train-start': RnnTrainStartEvent;
    'rnn-train-progress': RnnTrainProgressEvent;
    'rnn-train-complete': RnnTrainCompleteEvent;
    'rnn-train-stop': RnnTrainStopEvent;
    'rnn-answer': RnnAnswerEvent;
    'rnn-error': RnnErrorEvent;
  }
}
