// What the browser tests of <rnn-trainer> share: one as its reader meets it, its files and numbers, what it leaves behind.

import { expect, fixture, waitUntil } from '@open-wc/testing';
import type { ErrorDetail, RnnTrainer } from '../../src/index.js';
import { lossGradient, runSequence, unroll } from '../../src/engine/index.js';
import { loadModel, tokenize, type SentenceModel, type Token } from '../../src/model/index.js';
import { heldOutSentences } from '../../src/model/training/task.js';
import { contentOf, seen } from './figure.js';
import { inputsOf } from './model.js';

export const trainedCells = ['rnn', 'lstm', 'gru'] as const;
export type TrainedName = (typeof trainedCells)[number];

const names = [
  'rnn-train-start',
  'rnn-train-progress',
  'rnn-train-complete',
  'rnn-train-stop',
  'rnn-error',
] as const;
type Name = (typeof names)[number];

const internal: string[] = [];
window.addEventListener('rnn-error', (event) => {
  const { code, message } = (event as CustomEvent<ErrorDetail>).detail;
  if (code === 'internal-error') internal.push(message);
});
after(() => {
  expect(internal.join('\n'), 'trainers that failed').to.equal('');
});

/** A run of about a second. */
export const small = 'hidden-size="12" gap="2" steps="40" batch="8" examples="200"';
/** One that does not end within a test. */
export const long = 'hidden-size="12" gap="2" steps="20000" batch="8"';

const ServedWorker = window.Worker;

/** The sources are served as they are called; a worker's address is no import that the server would see to. */
export class SourceWorker extends ServedWorker {
  constructor(address: string | URL, options?: WorkerOptions) {
    super(String(address).replace(/\.js$/, '.ts'), options);
  }
}

/** For a file whose trainers run from the sources. To be called at its top. */
export function servedWorkers(): void {
  before(() => {
    window.Worker = SourceWorker;
  });
  after(() => {
    window.Worker = ServedWorker;
  });
}

export const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** Waits as long as a training on a busy machine may take. */
export const inTheEnd = (condition: () => unknown, message: string): Promise<void> =>
  waitUntil(() => Boolean(condition()), message, { interval: 20, timeout: 100_000 });

/** What stands in a CSV file of the trainer: two tables with an empty line between them. */
export interface Csv {
  readonly text: string;
  /** Over the steps, then by gap; the first row of each is its head. */
  readonly tables: readonly [readonly string[][], readonly string[][]];
}

/** One trainer, through its parts and the names a reader knows. */
export class Trainer {
  readonly events: CustomEvent[] = [];

  constructor(readonly element: RnnTrainer) {
    for (const name of names) {
      element.addEventListener(name, (event) => this.events.push(event));
    }
  }

  heard<N extends Name>(name: N): HTMLElementEventMap[N]['detail'][] {
    return this.events
      .filter(({ type }) => type === name)
      .map(({ detail }) => detail as HTMLElementEventMap[N]['detail']);
  }

  // ---- what is there ----------------------------------------------------------------------------------------------

  get root(): ShadowRoot {
    return this.element.shadowRoot!;
  }

  parts(name: string): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  }

  part(name: string): HTMLElement {
    const [found] = this.parts(name);
    if (!found) throw new Error(`There is no part "${name}"`);
    return found;
  }

  field(name: string): HTMLInputElement {
    const found = this.root.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (!found) throw new Error(`There is no field "${name}"`);
    return found;
  }

  /** The first button whose text begins like this. */
  button(text: string): HTMLButtonElement {
    const found = [...this.root.querySelectorAll('button')].find((each) =>
      seen(each).startsWith(text),
    );
    if (!found) throw new Error(`There is no button "${text}"`);
    return found;
  }

  /** What was announced last. */
  get narration(): string {
    const regions = this.root.querySelectorAll('[role="status"], [aria-live]');
    expect(regions.length, 'live regions').to.equal(1);
    return seen(this.part('narration'));
  }

  /** Steps done, as the progress bar tells. */
  get step(): number {
    return Number(this.part('progress').getAttribute('aria-valuenow'));
  }

  /** A row of the table of networks, by cell. */
  result(cell: TrainedName): { readonly parameters: string; readonly right: string } {
    const row = this.root.querySelector(`[part=results] tbody tr:has(.cell-${cell})`)!;
    const columns = [...row.querySelectorAll('td')].map(seen);
    return { parameters: columns[0], right: columns[2] };
  }

  get running(): boolean {
    return seen(this.part('start')) === 'Pause';
  }

  // ---- what a reader does -----------------------------------------------------------------------------------------

  /** Waits until everything that was asked for is drawn. */
  async settled(): Promise<void> {
    while (!(await this.element.updateComplete));
  }

  async press(text: string): Promise<void> {
    this.button(text).click();
    await this.settled();
  }

  async set(name: string, value: string): Promise<void> {
    const field = this.field(name);
    field.value = value;
    field.dispatchEvent(new Event(field.type === 'range' ? 'input' : 'change', { bubbles: true }));
    await this.settled();
  }

  /** Starts by the button and waits for some steps. */
  async runs(): Promise<void> {
    await this.press('Start training');
    await inTheEnd(() => this.step > 3, 'some steps');
  }

  async finished(runs = 1): Promise<void> {
    await inTheEnd(() => this.heard('rnn-train-complete').length >= runs, 'the run is complete');
    await this.settled();
  }

  /** Trains to the end. */
  async train(): Promise<void> {
    const runs = this.heard('rnn-train-complete').length;
    this.element.start();
    await this.finished(runs + 1);
  }

  /** Asks across a gap: what was said, by cell. */
  async ask(gap: number): Promise<Record<TrainedName, { right: number; asked: number } | null>> {
    await this.set('test-gap', String(gap));
    await this.press('Ask');
    const words = gap.toLocaleString('en');
    await inTheEnd(() => this.narration.startsWith(`Across ${words} words: `), `asked ${gap}`);
    const { narration } = this;
    const of = (name: string): { right: number; asked: number } | null => {
      const found = new RegExp(`${name} \\S+ right \\((\\d+) of (\\d+)\\)`).exec(narration);
      return found && { right: Number(found[1]), asked: Number(found[2]) };
    };
    return { rnn: of('Simple RNN'), lstm: of('LSTM'), gru: of('GRU') };
  }

  /** The tables below the disclosure, row by row, as they are read. */
  async tables(): Promise<string[][][]> {
    const details = this.part('disclosure-table') as HTMLDetailsElement;
    details.open = true;
    await inTheEnd(() => this.parts('table').length === 2, 'the tables');
    return this.parts('table').map((table) =>
      [...table.querySelectorAll('tr')].map((row) => [...row.children].map(seen)),
    );
  }

  /** All numbers with every digit. */
  async csv(): Promise<Csv> {
    await this.tables();
    const text = await (await offeredBy(this.part('csv'))).text();
    const [overSteps, byGap] = text.split('\r\n\r\n').map((table) =>
      table
        .trim()
        .split('\r\n')
        .map((row) =>
          row.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((each) => each.replace(/"/g, '')),
        ),
    );
    return { text, tables: [overSteps, byGap] };
  }

  /** The bytes that “Save weights” offers for a cell. */
  async save(cell: TrainedName): Promise<Uint8Array> {
    const name = { rnn: 'Simple RNN', lstm: 'LSTM', gru: 'GRU' }[cell];
    const button = this.parts('save').find((each) => seen(each) === name);
    if (!button) throw new Error(`${name} can not be saved`);
    return new Uint8Array(await (await offeredBy(button)).arrayBuffer());
  }

  /** The network that “Save weights” offers, read as anybody may. */
  async network(cell: TrainedName): Promise<SentenceModel> {
    return loadModel(await this.save(cell));
  }

  /** Chooses a file, and waits until something was said of it. */
  async load(content: BlobPart | Uint8Array, name = 'a.safetensors'): Promise<string> {
    const files = new DataTransfer();
    files.items.add(new File([content as BlobPart], name));
    const field = this.part('load').querySelector('input')!;
    const before = this.narration;
    field.files = files.files;
    field.dispatchEvent(new Event('change'));
    await inTheEnd(() => this.narration !== before, `something is said of ${name}`);
    return this.narration;
  }
}

// Files that are offered are looked at, never kept: after a dozen of them WebKit's small browser asks its user.
HTMLAnchorElement.prototype.click = () => undefined;

/** The file that a button offers on its page. */
async function offeredBy(button: HTMLElement): Promise<Blob> {
  const blobs: Blob[] = [];
  const addresses = (button.ownerDocument.defaultView as typeof globalThis & Window).URL;
  const createObjectURL = addresses.createObjectURL.bind(addresses);
  addresses.createObjectURL = (blob: Blob): string => {
    blobs.push(blob);
    return createObjectURL(blob);
  };
  try {
    button.click();
    await inTheEnd(() => blobs.length > 0, 'a file is offered');
  } finally {
    addresses.createObjectURL = createObjectURL;
  }
  return blobs[0];
}

/** Puts a trainer on the page, behind other markup, and waits until it can be used. */
export async function mountTrainer(
  attributes: string,
  before = '',
  place?: HTMLElement,
): Promise<Trainer> {
  place ??= await fixture<HTMLElement>('<div></div>');
  const content = contentOf(`${before}<rnn-trainer ${attributes}>A fallback</rnn-trainer>`);
  const trainer = new Trainer(content.querySelector('rnn-trainer')!);
  place.append(content);
  await ready(trainer);
  return trainer;
}

export const ready = (trainer: Trainer): Promise<void> =>
  inTheEnd(
    () => trainer.element.shadowRoot?.querySelector('[part~="base"]'),
    'the part has loaded',
  );

/** Hides the page, or shows it again, as far as its scripts can tell. */
export function hide(hidden: boolean): void {
  if (hidden) Object.defineProperty(document, 'hidden', { value: true, configurable: true });
  else Reflect.deleteProperty(document, 'hidden');
  document.dispatchEvent(new Event('visibilitychange'));
}

// ---- what goes on -----------------------------------------------------------------------------------------------------

type Timer = ReturnType<typeof setTimeout> | number;

/** What the library has opened and not closed again, and how many workers it ever had. */
export interface Census {
  readonly workers: ReadonlySet<Worker>;
  readonly workersStarted: () => number;
  readonly channels: ReadonlySet<MessageChannel>;
  readonly timers: ReadonlySet<Timer>;
  /** Steps that were reported by workers. */
  readonly stepsHeard: () => number;
  /** Messages that slices send themselves. */
  readonly turns: () => number;
  /** Listeners of `visibilitychange` on the document. */
  readonly listeners: () => number;
  readonly end: () => void;
}

/** Only what the library does counts, not what the test or its runner does. */
const byLibrary = (): boolean =>
  /\/src\/(elements|model|engine|ui)\//.test(new Error().stack ?? '');

/** Counts from now on what the library opens, until it is ended. */
export function census(): Census {
  const workers = new Set<Worker>();
  const channels = new Set<MessageChannel>();
  const timers = new Set<Timer>();
  let [started, steps, turns, listeners] = [0, 0, 0, 0];
  const { Worker: WorkerBefore, MessageChannel: ChannelBefore } = window;
  const originals = Object.fromEntries(
    ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'].map(
      (name) => [name, Reflect.get(window, name) as unknown] as const,
    ),
  );
  const [setBefore, clearBefore] = [
    window.setTimeout.bind(window),
    window.clearTimeout.bind(window),
  ];
  const intervalBefore = window.setInterval.bind(window);
  const clearIntervalBefore = window.clearInterval.bind(window);

  window.Worker = class extends WorkerBefore {
    constructor(address: string | URL, options?: WorkerOptions) {
      super(address, options);
      started++;
      workers.add(this);
      this.addEventListener('message', ({ data }: MessageEvent<{ type: string }>) => {
        if (data.type === 'steps') steps++;
      });
    }
    override terminate(): void {
      workers.delete(this);
      super.terminate();
    }
  };
  window.MessageChannel = class extends ChannelBefore {
    constructor() {
      super();
      if (!byLibrary()) return;
      channels.add(this);
      const close = (): void => void channels.delete(this);
      for (const port of [this.port1, this.port2]) {
        port.addEventListener('message', () => turns++);
        const closePort = port.close.bind(port);
        port.close = () => {
          close();
          closePort();
        };
      }
    }
  };
  window.setTimeout = ((run: () => void, milliseconds?: number) => {
    const counts = byLibrary();
    const timer = setBefore(() => {
      timers.delete(timer);
      run();
    }, milliseconds);
    if (counts) timers.add(timer);
    return timer;
  }) as typeof setTimeout;
  window.setInterval = ((run: () => void, milliseconds?: number) => {
    const timer = intervalBefore(run, milliseconds);
    if (byLibrary()) timers.add(timer);
    return timer;
  }) as typeof setInterval;
  window.clearTimeout = ((timer?: Timer) => {
    if (timer !== undefined) timers.delete(timer);
    clearBefore(timer);
  }) as typeof clearTimeout;
  window.clearInterval = ((timer?: Timer) => {
    if (timer !== undefined) timers.delete(timer);
    clearIntervalBefore(timer);
  }) as typeof clearInterval;
  const add = document.addEventListener.bind(document);
  const remove = document.removeEventListener.bind(document);
  document.addEventListener = ((type: string, ...rest: [EventListener]) => {
    if (type === 'visibilitychange' && byLibrary()) listeners++;
    add(type, ...rest);
  }) as typeof document.addEventListener;
  document.removeEventListener = ((type: string, ...rest: [EventListener]) => {
    if (type === 'visibilitychange' && byLibrary()) listeners--;
    remove(type, ...rest);
  }) as typeof document.removeEventListener;

  return {
    workers,
    workersStarted: () => started,
    channels,
    timers,
    stepsHeard: () => steps,
    turns: () => turns,
    listeners: () => listeners,
    end() {
      window.Worker = WorkerBefore;
      window.MessageChannel = ChannelBefore;
      Object.assign(window, originals);
      Reflect.deleteProperty(document, 'addEventListener');
      Reflect.deleteProperty(document, 'removeEventListener');
    },
  };
}

// ---- what has to be shown ---------------------------------------------------------------------------------------------

/** Reads the questions one by one and asks for the word that is expected most after each. */
export function recallOf(
  model: SentenceModel,
  gap: number,
  rounds = 1,
): { right: number; asked: number } {
  const found = { right: 0, asked: 0 };
  for (let round = 0; round < rounds; round++) {
    for (const { tokens, answer } of heldOutSentences(gap, round)) {
      const read = readUpTo(model, tokens, answer);
      const H = model.cell.hiddenSize;
      const { h } = runSequence(model.cell, inputsOf(model, read));
      const [{ word }] = model.predict(h.slice((answer - 1) * H, answer * H), 1)!;
      found.asked++;
      if (word === tokens[answer]) found.right++;
    }
  }
  return found;
}

/** The words before the answer, as a reader's sentence is cut into words. */
function readUpTo(model: SentenceModel, words: readonly string[], answer: number): Token[] {
  const tokens = tokenize(words.slice(0, answer).join(' '), 'words', 'en');
  expect(tokens.map(({ key }) => key)).to.deep.equal(words.slice(0, answer));
  for (const token of tokens) expect(model.knows(token), token.text).to.equal(true);
  return tokens;
}

/** ‖∂L/∂s₁‖ of the answer's loss, the mean over every seventh question. */
export function firstWordGradientOf(model: SentenceModel, gap: number): number {
  const { cell, readout } = model;
  const sentences = heldOutSentences(gap).filter((_, i) => i % 7 === 0);
  const norms = sentences.map(({ tokens, answer }) => {
    const read = readUpTo(model, tokens, answer);
    const unrolled = unroll(cell, inputsOf(model, read));
    const [word] = tokenize(tokens[answer], 'words', 'en');
    const target = model.row(word)!;
    return lossGradient({ cell, readout: readout! }, unrolled, answer - 1, target).states[0];
  });
  return norms.reduce((sum, norm) => sum + norm, 0) / norms.length;
}

/** How a share of right answers is written: “100%” and “0%” only if it is that. */
export function written({ right, asked }: { right: number; asked: number }): string {
  const share = right / asked;
  if (share === 0 || share === 1) return `${share * 100}%`;
  if (share > 0.99) return '>99%';
  return share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`;
}
