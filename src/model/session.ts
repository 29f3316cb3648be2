// The reading session: which text, which cells, which weights, how far read. A store without DOM; views subscribe.

import {
  checkInterventions,
  loadKernel,
  type CellType,
  type Intervention,
} from '../engine/index.js';
import { fileModel } from './file-model.js';
import { randomModel, randomModelDefaults } from './random-model.js';
import { Reading } from './reading.js';
import type { ModelKind, SentenceModel } from './sentence-model.js';
import { storyModel } from './shipped.js';
import { knownShare } from './story-model.js';
import { storyWords } from './story/vocabulary.js';
import { commonPrefix, tokenize, type Token, type TokenMode } from './tokenizer.js';

/** What the author or the reader chose. */
export interface SessionConfig {
  readonly text: string;
  readonly mode: TokenMode;
  /** Language of the text; empty for the runtime's default. */
  readonly locale: string;
  readonly cells: readonly CellType[];
  /** `auto`, `story`, `random`, or the address of a weight file. */
  readonly model: string;
  readonly seed: number;
  readonly hiddenSize: number;
  readonly forgetBias: number;
  /** Whether long texts may use the fastest kernel that the page allows (WebAssembly). */
  readonly accelerate: boolean;
}

export const defaultConfig: SessionConfig = {
  text: '',
  mode: 'words',
  locale: '',
  cells: ['rnn'],
  model: 'auto',
  ...randomModelDefaults,
  accelerate: true,
};

/** Why a change could not be made. The text before it is kept, the networks that ran, or the step, whichever it was about. */
export interface SessionProblem {
  readonly code: 'text-too-long' | 'model-load-failed' | 'state-overflow';
  /** For `text-too-long`: how many tokens the text has. For `state-overflow`: how many can be read. */
  readonly count?: number;
  /** For `model-load-failed`: what went wrong, in the words of the browser or the file check. */
  readonly reason?: string;
}

/** Everything a view draws from. A new object at every change. */
export interface SessionState {
  readonly tokens: readonly Token[];
  readonly mode: TokenMode;
  /** The cells that run, in display order. */
  readonly cells: readonly CellType[];
  readonly readings: ReadonlyMap<CellType, Reading>;
  /** What is done to the networks while they read: gates held, words skipped. */
  readonly interventions: readonly Intervention[];
  /** The unit of the present state that a view has picked for all of them to mark. */
  readonly picked: { readonly cell: CellType; readonly unit: number } | null;
  /** Words read: 0 (nothing yet) to `tokens.length`. */
  readonly step: number;
  /** Index of the word whose memory is followed; -1 without words. */
  readonly follow: number;
  /** Which weights run, or are going to; null while the first ones are loading. */
  readonly kind: ModelKind | null;
  /** Share of the words that the story networks know, or those that were adopted; 0 to 1. */
  readonly known: number;
  readonly loading: boolean;
  readonly problem: SessionProblem | null;
}

/** The longest text that is read, in tokens. Longer ones are refused with `text-too-long`. */
export const maximumTokens = 5000;

/** Texts of so many tokens are heavy work: their memories are computed by the fastest kernel. */
export const longText = 500;

/** `auto` reads with the story networks from this share of known words on. */
export const storyShare = 2 / 3;

const storyVocabulary: ReadonlySet<string> = new Set(storyWords);

export class ReadingSession {
  private current: SessionState = {
    tokens: [],
    mode: 'words',
    cells: [],
    readings: new Map(),
    interventions: [],
    picked: null,
    step: 0,
    follow: -1,
    kind: null,
    known: 1,
    loading: false,
    problem: null,
  };
  private readonly listeners = new Set<() => void>();
  private readonly randomModels = new Map<string, SentenceModel>();
  /** The file that was asked for last. */
  private file: { address: string; model: Promise<SentenceModel>; failed: boolean } | null = null;
  private request = 0;
  /** Why the latest text was not read. */
  private refused: SessionProblem | null = null;
  /** The configuration with the last text that was not refused. */
  private accepted: SessionConfig | null = null;
  private adopted: ReadonlyMap<CellType, SentenceModel> | null = null;

  get state(): SessionState {
    return this.current;
  }

  /** The configuration that was applied last, with the last text that was not refused; null before the first. */
  get config(): SessionConfig | null {
    return this.accepted;
  }

  /** Calls back after every change, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Applies a configuration. The step is kept as far as the words before it are unchanged. Untrained networks are ready
   * at once; trained ones when they have loaded. A later call overtakes an earlier one.
   */
  async configure(config: SessionConfig): Promise<void> {
    const tokens = tokenize(config.text, config.mode, config.locale);
    if (tokens.length <= maximumTokens) {
      this.refused = null;
      await this.read(tokens, config);
      return;
    }
    // what is still loading goes on: it will be the last good state
    this.refused = { code: 'text-too-long', count: tokens.length };
    this.set({ problem: this.refused });
    if (!this.accepted) return;
    const { text, mode, locale } = this.accepted;
    const last = { ...config, text, mode, locale };
    // only the text is refused: other cells or weights read the last one
    if (!sameConfig(this.accepted, last)) await this.readAgain(last);
  }

  /**
   * Runs these networks from now on, whatever the configuration's `model` says: those of the configured cells that there
   * are, or all if there are none of them. Text, step and interventions stay.
   * @param models at most one for each cell; null: what the configuration says, as after one with another `model`.
   */
  async adopt(models: ReadonlyMap<CellType, SentenceModel> | null): Promise<void> {
    this.adopted = models;
    if (this.accepted) await this.readAgain(this.accepted);
  }

  /** Shows a text whose words wait, as while weights load, until it is configured; a text that is too long, not at all. */
  arrange(config: SessionConfig): void {
    const tokens = tokenize(config.text, config.mode, config.locale);
    if (tokens.length > maximumTokens) return;
    const known = storyKnows(tokens, config);
    this.wait(tokens, config, resolveKind(config, known), known);
  }

  private wait(tokens: readonly Token[], config: SessionConfig, kind: string, known: number): void {
    this.set({
      ...this.arranged(tokens, config),
      // a file holds one cell
      cells: ['story', 'random'].includes(kind) ? config.cells : config.cells.slice(0, 1),
      kind: kind === 'random' ? kind : null,
      known,
      loading: true,
    });
  }

  private async readAgain(config: SessionConfig): Promise<void> {
    await this.read(tokenize(config.text, config.mode, config.locale), config);
  }

  private async read(tokens: readonly Token[], config: SessionConfig): Promise<void> {
    if (this.accepted && this.accepted.model !== config.model) this.adopted = null;
    this.accepted = config;
    const request = ++this.request;
    const adopted = this.adoptedFor(config);
    if (adopted) {
      const share = knownShare(tokens, (token) => adopted[0].knows(token));
      this.apply(tokens, config, adopted, share, this.refused);
      return;
    }
    const known = storyKnows(tokens, config);
    const kind = resolveKind(config, known);
    // a broken file is not asked for again at every word that is typed, but it is when somebody comes back to it
    if (this.file?.failed && this.file.address !== kind) this.file = null;
    const models = this.modelsFor(kind, config);
    if (models instanceof Promise) {
      // the sentence stands in its place before its weights do, so that nothing moves when they arrive
      if (this.current.readings.size > 0) this.set({ loading: true });
      else this.wait(tokens, config, kind, known);
      try {
        const ready = await models;
        if (request === this.request) this.apply(tokens, config, ready, known, this.refused);
      } catch (error) {
        if (request !== this.request) return;
        const problem: SessionProblem = {
          code: 'model-load-failed',
          reason: error instanceof Error ? error.message : String(error),
        };
        // the networks that run read on; before there are any, untrained ones keep the element useful
        const { kind: running, readings } = this.current;
        const instead =
          running === null || running === 'random'
            ? this.randomFor(config)
            : [...readings.values()].map(({ model }) => model);
        this.apply(tokens, config, instead, known, this.refused ?? problem);
      }
    } else {
      this.apply(tokens, config, models, known, this.refused);
    }
  }

  /** Goes to the state after `step` words, clamped to the text. */
  seek(step: number): void {
    const { tokens, readings } = this.current;
    this.readTo(Math.max(0, Math.min(Math.trunc(step) || 0, tokens.length)), readings);
  }

  /** Follows the memory of another word. */
  follow(word: number): void {
    const last = this.current.tokens.length - 1;
    this.set({ follow: Math.max(Math.min(0, last), Math.min(Math.trunc(word) || 0, last)) });
  }

  /**
   * Holds gates and skips words from now on; an empty list undoes it. They stay as long as the words up to them do; what
   * concerns no word of the text is left out.
   * @throws RangeError if one makes no sense (see `Unrolled.intervene`).
   */
  intervene(all: readonly Intervention[]): void {
    checkInterventions(all);
    const end = this.current.tokens.length;
    const interventions = all.filter(({ from, to }) => from < Math.min(to, end));
    const readings = under(this.current.readings, interventions);
    this.readTo(this.current.step, readings, { interventions });
  }

  /** Picks a unit; null: none. */
  pick(picked: SessionState['picked']): void {
    this.set({ picked });
  }

  private adoptedFor({ cells }: SessionConfig): SentenceModel[] | null {
    const { adopted } = this;
    if (!adopted || adopted.size === 0) return null;
    const asked = cells.flatMap((cell) => adopted.get(cell) ?? []);
    return asked.length > 0 ? asked : [...adopted.values()];
  }

  private modelsFor(
    kind: string,
    config: SessionConfig,
  ): SentenceModel[] | Promise<SentenceModel[]> {
    if (kind === 'random') return this.randomFor(config);
    if (kind === 'story') return Promise.all(config.cells.map(storyModel));
    if (this.file?.address !== kind) {
      const file = { address: kind, model: fileModel(kind), failed: false };
      file.model.catch(() => {
        file.failed = true;
      });
      this.file = file;
    }
    return this.file.model.then((model) => [model]);
  }

  private randomFor(config: SessionConfig): SentenceModel[] {
    const { seed, hiddenSize, forgetBias } = config;
    return config.cells.map((cell) => {
      const key = `${cell}/${seed}/${hiddenSize}/${forgetBias}`;
      let model = this.randomModels.get(key);
      if (!model) {
        // a dragged slider must not pile up networks
        if (this.randomModels.size > 16) this.randomModels.clear();
        model = randomModel(cell, { seed, hiddenSize, forgetBias });
        this.randomModels.set(key, model);
      }
      return model;
    });
  }

  private apply(
    tokens: readonly Token[],
    config: SessionConfig,
    models: readonly SentenceModel[],
    known: number,
    problem: SessionProblem | null,
  ): void {
    const before = this.current;
    const arranged = this.arranged(tokens, config);
    const free = new Map(
      models.map((model) => [
        model.cell.cell,
        new Reading(model, tokens, before.readings.get(model.cell.cell)?.free),
      ]),
    );
    const readings = under(free, arranged.interventions);
    this.readTo(arranged.step, readings, {
      ...arranged,
      cells: [...readings.keys()],
      kind: models[0]?.kind ?? null,
      known,
      loading: false,
      problem,
    });
    if (config.accelerate && tokens.length >= longText) void this.accelerate(tokens);
  }

  private async accelerate(tokens: readonly Token[]): Promise<void> {
    try {
      const kernel = await loadKernel(0);
      // what has taken their place meanwhile may be short, or not to be accelerated
      if (tokens !== this.current.tokens) return;
      for (const { free } of this.current.readings.values()) free.accelerate(kernel);
    } catch {
      // no memory for it: the reference path goes on
    }
  }

  /** The new text with as much of the old position as still means the same. */
  private arranged(
    tokens: readonly Token[],
    config: SessionConfig,
  ): Pick<SessionState, 'tokens' | 'mode' | 'interventions' | 'step' | 'follow'> {
    const before = this.current;
    const shared = before.mode === config.mode ? commonPrefix(tokens, before.tokens) : 0;
    return {
      tokens,
      mode: config.mode,
      interventions: before.interventions.filter(({ from }) => from < shared),
      step: Math.min(before.step, shared),
      follow: before.follow >= 0 && before.follow < shared ? before.follow : firstWord(tokens),
    };
  }

  /** Lets all networks read up to a step, or as far as all of them can, and makes it the state's. */
  private readTo(
    target: number,
    readings: SessionState['readings'],
    changes: Partial<SessionState> = {},
  ): void {
    const all = [...readings.values()];
    for (const reading of all) reading.readTo(target);
    const step = Math.min(target, ...all.map(({ length }) => length));
    const { problem = this.current.problem } = changes;
    const lasting = problem?.code === 'state-overflow' ? null : problem;
    const stopped = step < target ? ({ code: 'state-overflow', count: step } as const) : null;
    this.set({ ...changes, readings, step, problem: lasting ?? stopped });
  }

  private set(changes: Partial<SessionState>): void {
    this.current = { ...this.current, ...changes };
    for (const listener of this.listeners) listener();
  }
}

function under(
  readings: SessionState['readings'],
  interventions: readonly Intervention[],
): SessionState['readings'] {
  return new Map([...readings].map(([cell, reading]) => [cell, reading.under(interventions)]));
}

/** Whether an intervention acts at step t. */
export const covers = ({ from, to }: Intervention, t: number): boolean => from <= t && t < to;

/** Whether word t passes the networks by. */
export const isSkipped = ({ interventions }: SessionState, t: number): boolean =>
  interventions.some((each) => each.kind === 'skip' && covers(each, t));

/** Whether two configurations ask for the same. */
export function sameConfig(a: SessionConfig | null, b: SessionConfig): boolean {
  return (
    a !== null &&
    a.cells.join() === b.cells.join() &&
    (Object.keys(b) as (keyof SessionConfig)[]).every((key) => key === 'cells' || a[key] === b[key])
  );
}

/** Share of the words that the story networks know. */
const storyKnows = (tokens: readonly Token[], { mode }: SessionConfig): number =>
  mode === 'words' ? knownShare(tokens, ({ key }) => storyVocabulary.has(key)) : 0;

/** Characters are nothing the story networks were trained with, whoever asks for them. */
function resolveKind({ model, mode }: SessionConfig, known: number): string {
  if (model === 'auto') return known >= storyShare ? 'story' : 'random';
  return model === 'story' && mode === 'characters' ? 'random' : model;
}

function firstWord(tokens: readonly Token[]): number {
  const word = tokens.findIndex(({ mark }) => !mark);
  return word < 0 ? tokens.length - 1 : word;
}
