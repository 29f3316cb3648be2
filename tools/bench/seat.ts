// One contestant as the measuring side sees it, wherever it runs; and the kind that is a process of its own.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Convention, Outputs } from './contestants/contestant.js';
import type { ContestantId } from './workloads.js';

/** What a contestant says about one of its ways of doing a workload. */
export interface WayReport {
  readonly name: string;
  readonly convention?: Convention;
  readonly unchecked?: string;
  readonly outputs?: Outputs;
  readonly error?: string;
}

export interface Seat {
  readonly id: ContestantId;
  /** Version and precision, in its own words. */
  readonly about: string;
  /** Its ways of doing the workload whose material stands in a file, or why it has none. */
  prepare(file: string): Promise<readonly WayReport[] | string>;
  /** Milliseconds a run, over about `ms` milliseconds of runs. */
  time(way: number, ms: number): Promise<number>;
  close(): Promise<void>;
}

/** How long an answer may take before the contestant is given up. */
const patience = 180_000;

/** A process that reads and writes JSON lines. */
class Conversation {
  private readonly child: ChildProcessWithoutNullStreams;
  private waiting: { resolve(value: unknown): void; reject(error: Error): void } | undefined;
  private readonly early: unknown[] = [];
  private failure: Error | undefined;
  private complaints = '';

  constructor(command: string, args: readonly string[]) {
    const threads = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
    this.child = spawn(command, args, { env: { ...process.env, ...threads } });
    this.child.stderr.on('data', (data: Buffer) => {
      this.complaints = (this.complaints + data.toString()).slice(-2000);
    });
    this.child.stdin.on('error', () => undefined); // its end says more
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        return; // something that a library prints
      }
      if (this.waiting) this.settle()?.resolve(value);
      else this.early.push(value);
    });
    const ended = (why: string): void => {
      const last = this.complaints.trim().split('\n').at(-1) ?? '';
      this.failure ??= new Error(last ? `${why}: ${last}` : why);
      this.settle()?.reject(this.failure);
    };
    this.child.on('error', (error) => ended(error.message));
    this.child.on('close', () => ended('its process ended'));
  }

  private settle(): typeof this.waiting {
    const { waiting } = this;
    this.waiting = undefined;
    return waiting;
  }

  /** The next thing it says. */
  next<T>(): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.failure = new Error(`no answer within ${patience / 1000} s`);
        this.child.kill('SIGKILL');
      }, patience);
      const done = (value: unknown): void => {
        clearTimeout(timer);
        const { error } = value as { error?: string };
        if (error === undefined) resolve(value as T);
        else reject(new Error(error));
      };
      const failed = (error: Error): void => {
        clearTimeout(timer);
        reject(error);
      };
      if (this.early.length > 0) done(this.early.shift());
      else if (this.failure) failed(this.failure);
      else this.waiting = { resolve: done, reject: failed };
    });
  }

  ask<T>(message: object): Promise<T> {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
    return this.next();
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 2000);
    await ended;
    clearTimeout(timer);
  }
}

/** Starts a contestant's process; rejects with the reason where it can not take part. */
export async function processSeat(
  id: ContestantId,
  command: string,
  args: readonly string[],
): Promise<Seat> {
  const conversation = new Conversation(command, args);
  try {
    const { about } = await conversation.next<{ about: string }>();
    return {
      id,
      about,
      async prepare(file) {
        const answer = await conversation.ask<{ none?: string; ways: WayReport[] }>({
          op: 'prepare',
          file,
        });
        return answer.none ?? answer.ways;
      },
      async time(way, ms) {
        const answer = await conversation.ask<{ runs: number; ms: number }>({
          op: 'time',
          way,
          ms,
        });
        return answer.ms / answer.runs;
      },
      close: () => conversation.end(),
    };
  } catch (error) {
    await conversation.end();
    throw error;
  }
}
