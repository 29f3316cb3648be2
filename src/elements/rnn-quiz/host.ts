// What the class of <rnn-quiz> and its on-demand part know of each other: types only, so that neither holds the other.

import type { ReactiveControllerHost } from 'lit';
import type { Part } from '../../ui/part-element.js';

/** Says which options are right, by index; null while that is not known yet. */
export type QuizDecision = (options: readonly string[]) => readonly number[] | null;

/** Attribute values as they are, before any check. */
export interface RawQuizOptions {
  readonly measure: string | null;
  readonly cell: string | null;
  readonly word: string | null;
  readonly step: number | null;
  readonly gate: string | null;
  readonly pick: string | null;
  readonly theme: string | null;
  readonly loading: string | null;
}

/** The class, as the part sees it. */
export interface QuizElement extends RawQuizOptions, ReactiveControllerHost, HTMLElement {
  readonly question: string | null;
  readonly htmlFor: string | null;
  readonly decide: QuizDecision | null;
}

/** The part, as the class sees it. */
export interface QuizPart extends Part {
  readonly answered: boolean;
  readonly correct: boolean;
  readonly attempts: number;
  reset(): void;
  render(): unknown;
}
