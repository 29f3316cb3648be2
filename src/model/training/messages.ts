// What a page and its training worker say to each other.

import type { Kernel, Network } from '../../engine/index.js';
import type { Snapshot, StepReport } from './race.js';
import type { TrainingSettings } from './settings.js';

/** From the page. */
export type Command =
  /** The first one: run this race on such a kernel. */
  | {
      readonly type: 'begin';
      readonly settings: TrainingSettings;
      readonly kernel: Kernel['name'];
      readonly from: Snapshot | null;
    }
  /** End after the step that is under way. */
  | { readonly type: 'halt' }
  /** Tell the networks as they are. */
  | { readonly type: 'networks' };

/** From the worker. */
export type Report =
  /** The kernel is there, the race begins. */
  | { readonly type: 'ready' }
  /** There is no such kernel here: the race has to run elsewhere. */
  | { readonly type: 'refused' }
  /** What was done since the last one, at most some ten times a second. */
  | { readonly type: 'steps'; readonly steps: readonly StepReport[] }
  /** In the order of the settings; null if they are the untrained ones. */
  | { readonly type: 'networks'; readonly networks: readonly Network[] | null }
  /** The last one: halted, or all steps done. Null if there is nothing that a new race would not do anew. */
  | { readonly type: 'ended'; readonly snapshot: Snapshot | null }
  | { readonly type: 'failed'; readonly message: string };

/** Between two batches of progress, in milliseconds. */
export const progressInterval = 100;

/** Collects what comes often and hands it on at most every `progressInterval`, the rest when it is flushed. */
export class Collector<T> {
  private waiting: T[] = [];
  private last = -Infinity;

  constructor(
    private readonly hand: (items: readonly T[]) => void,
    private readonly now: () => number,
  ) {}

  add(item: T): void {
    this.waiting.push(item);
    if (this.now() - this.last >= progressInterval) this.flush();
  }

  flush(): void {
    if (this.waiting.length === 0) return;
    this.last = this.now();
    const items = this.waiting;
    this.waiting = [];
    this.hand(items);
  }
}
