// <rnn-trainer>: what a reader does with it, on runs that are small enough for a test.

import { expect, fixture } from '@open-wc/testing';
import { sendKeys } from '../support/browser.js';
import '../../src/define/rnn-trainer.js';
import '../../src/define/rnn-visualizer.js';
import type { RnnTrainer } from '../../src/index.js';
import { contentOf, eventually, seen } from '../support/figure.js';

const names = [
  'rnn-train-start',
  'rnn-train-progress',
  'rnn-train-complete',
  'rnn-train-stop',
  'rnn-error',
] as const;
type Name = (typeof names)[number];

/** The sources are served as they are called; a worker's address is no import that the server would see to. */
const ServedWorker = window.Worker;
class SourceWorker extends ServedWorker {
  constructor(address: string | URL, options?: WorkerOptions) {
    super(String(address).replace(/\.js$/, '.ts'), options);
  }
}
before(() => {
  window.Worker = SourceWorker;
});
after(() => {
  window.Worker = ServedWorker;
});

/** A run of about a second. */
const small = 'hidden-size="16" gap="2" steps="60" batch="8" examples="200"';
/** One that does not end within a test. */
const long = 'hidden-size="16" gap="2" steps="20000" batch="8"';

class Trainer {
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

  get root(): ShadowRoot {
    return this.element.shadowRoot!;
  }

  part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[part~="${name}"]`);
    if (!found) throw new Error(`There is no part "${name}"`);
    return found;
  }

  parts(name: string): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  }

  field(name: string): HTMLInputElement {
    return this.root.querySelector<HTMLInputElement>(`input[name="${name}"]`)!;
  }

  button(text: string): HTMLButtonElement {
    const found = [...this.root.querySelectorAll('button')].find((each) =>
      seen(each).startsWith(text),
    );
    if (!found) throw new Error(`There is no button "${text}"`);
    return found;
  }

  get narration(): string {
    expect(this.root.querySelectorAll('[role="status"]').length, 'live regions').to.equal(1);
    return seen(this.part('narration'));
  }

  /** Steps done, as the progress bar tells. */
  get step(): number {
    return Number(this.part('progress').getAttribute('aria-valuenow'));
  }

  async set(name: string, value: string): Promise<void> {
    const field = this.field(name);
    field.value = value;
    field.dispatchEvent(new Event(field.type === 'range' ? 'input' : 'change', { bubbles: true }));
    await this.element.updateComplete;
  }

  async press(text: string): Promise<void> {
    this.button(text).click();
    await this.element.updateComplete;
  }

  async finished(runs = 1): Promise<void> {
    await eventually(() => this.heard('rnn-train-complete').length >= runs, 'the run is complete');
    await this.element.updateComplete;
  }

  /** All numbers of the run, as the tables tell them. */
  async numbers(): Promise<string[]> {
    const details = this.part('disclosure-table') as HTMLDetailsElement;
    details.open = true;
    await eventually(() => this.parts('table').length > 0);
    return this.parts('table').flatMap((table) =>
      [...table.querySelectorAll('tr')].map((row) => [...row.children].map(seen).join(' ')),
    );
  }
}

async function mount(attributes: string): Promise<Trainer> {
  const place = await fixture<HTMLElement>('<div></div>');
  const content = contentOf(`<rnn-trainer ${attributes}>A fallback</rnn-trainer>`);
  const trainer = new Trainer(content.querySelector('rnn-trainer')!);
  place.append(content);
  await eventually(() => trainer.root.querySelector('[part~="base"]'), 'the part has loaded');
  return trainer;
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** Chooses a file, and waits for what is said of it. */
async function load(
  trainer: Trainer,
  content: BlobPart,
  answer: RegExp,
  name = 'a.safetensors',
): Promise<void> {
  const files = new DataTransfer();
  files.items.add(new File([content], name));
  const field = trainer.part('load').querySelector('input')!;
  field.files = files.files;
  field.dispatchEvent(new Event('change'));
  await eventually(() => answer.test(trainer.narration), String(answer));
}

/** The GRU of a short run, as a file. */
async function gruFile(attributes = small): Promise<Blob> {
  const trainer = await mount(attributes);
  trainer.element.start();
  await trainer.finished();
  const [blob] = await offered(() => {
    trainer.parts('save')[2].click();
  });
  trainer.element.remove();
  return blob;
}

/** What is offered to be saved as files. */
async function offered(act: () => void): Promise<Blob[]> {
  const blobs: Blob[] = [];
  const createObjectURL = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (blob: Blob): string => {
    blobs.push(blob);
    return createObjectURL(blob);
  };
  try {
    act();
    await eventually(() => blobs.length > 0, 'a file is offered');
  } finally {
    URL.createObjectURL = createObjectURL;
  }
  return blobs;
}

function hide(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('rnn-trainer', () => {
  it('invites, with the task, labelled settings and all axes, and does nothing yet', async () => {
    const trainer = await mount(small);
    expect(trainer.narration).to.contain('Start training');
    expect(seen(trainer.part('example'))).to.match(/The \w+ of \w+ is answer: (\w+)\..*“\1”/);
    expect(trainer.parts('chart')).to.have.length(4);
    for (const chart of trainer.parts('chart')) {
      expect(chart.querySelectorAll('.line')).to.have.length(0);
      expect(chart.querySelectorAll('.axis').length).to.be.above(1);
    }
    trainer.part('disclosure-settings').querySelector('summary')!.click();
    await eventually(() => trainer.field('seed'));
    for (const field of trainer.root.querySelectorAll('input')) {
      expect(field.labels?.length, field.name).to.equal(1);
    }
    expect(trainer.step).to.equal(0);
    expect(trainer.events).to.deep.equal([]);
  });

  it('trains when told to: announced, drawn, measured, completed', async () => {
    const trainer = await mount(small);
    await trainer.press('Start training');
    expect(trainer.heard('rnn-train-start')).to.deep.equal([
      { cells: ['rnn', 'lstm', 'gru'], steps: 60 },
    ]);
    await trainer.finished();
    const [{ step, steps, cells }] = trainer.heard('rnn-train-complete');
    expect([step, steps]).to.deep.equal([60, 60]);
    expect(cells.map(({ cell }) => cell)).to.deep.equal(['rnn', 'lstm', 'gru']);
    for (const { recall, loss } of cells) {
      expect(recall).to.be.within(0, 1);
      expect(loss).to.be.within(0, 5);
    }
    const heard = trainer.heard('rnn-train-progress').map((each) => each.step);
    expect(heard.length).to.be.above(0);
    expect(heard).to.deep.equal([...heard].sort((a, b) => a - b));
    expect(trainer.narration).to.match(/^Finished after 60 steps\. Right answers: Simple RNN \d/);
    for (const chart of trainer.parts('chart')) {
      expect(chart.querySelectorAll('.line')).to.have.length(3);
      expect(chart.querySelectorAll('.line-name:not(.mark)')).to.have.length(3);
    }
    expect(seen(trainer.part('results'))).to.match(/Simple RNN \d.*in the cell \d+\.\d \d/);
    expect(trainer.heard('rnn-error')).to.deep.equal([]);
  });

  it('tells of progress at most ten times a second', async () => {
    const trainer = await mount(long);
    await trainer.press('Start training');
    await eventually(() => trainer.heard('rnn-train-progress').length > 0);
    const before = trainer.heard('rnn-train-progress').length;
    await wait(1000);
    const heard = trainer.heard('rnn-train-progress').length - before;
    expect(heard).to.be.within(1, 11);
    await trainer.press('Stop');
  });

  it('methods do the same without rnn-train-start and rnn-train-stop', async () => {
    const trainer = await mount(small);
    trainer.element.start();
    await trainer.finished();
    expect(trainer.heard('rnn-train-start')).to.deep.equal([]);
    expect(trainer.heard('rnn-train-progress').length).to.be.above(0);
    trainer.element.steps = 20_000;
    trainer.element.start();
    await eventually(() => trainer.step > 0 && trainer.narration.startsWith('Training'));
    trainer.element.stop();
    await eventually(() => trainer.narration.startsWith('Stopped after step'));
    expect(trainer.heard('rnn-train-stop')).to.deep.equal([]);
  });

  it('a method called before anything has loaded is not forgotten', async () => {
    const element = document.createElement('rnn-trainer');
    Object.assign(element, { hiddenSize: 16, gap: 2, steps: 10, batch: 8, cells: 'gru' });
    const trainer = new Trainer(element);
    (await fixture<HTMLElement>('<div></div>')).append(element);
    element.start();
    await trainer.finished();
  });

  it('pauses at once, steps, goes on, stops', async () => {
    const trainer = await mount(long);
    await trainer.press('Start training');
    await eventually(() => trainer.step > 3);
    await trainer.press('Pause');
    // a step that is under way in a worker may still be reported
    await wait(200);
    const paused = trainer.step;
    await wait(300);
    expect(trainer.step).to.equal(paused);
    await trainer.press('One step');
    await eventually(() => trainer.narration === `Paused after step ${paused + 1}.`);
    await trainer.press('Resume');
    await eventually(() => trainer.step > paused + 3);
    await trainer.press('Stop');
    await wait(200);
    const stopped = trainer.step;
    await wait(300);
    expect(trainer.step).to.equal(stopped);
    expect(trainer.heard('rnn-train-stop')).to.have.length(1);
    expect(trainer.heard('rnn-train-complete')).to.deep.equal([]);
    // the next one begins anew
    await trainer.press('Train anew');
    expect(trainer.step).to.equal(0);
    expect(trainer.heard('rnn-train-start')).to.have.length(2);
    trainer.element.stop();
  });

  it('started twice is one run', async () => {
    const trainer = await mount(small);
    trainer.element.start();
    trainer.element.start();
    await trainer.finished();
    await wait(200);
    expect(trainer.heard('rnn-train-complete')).to.have.length(1);
  });

  it('nothing goes on after it was removed; put back, it waits', async () => {
    const trainer = await mount(long);
    await trainer.press('Start training');
    await eventually(() => trainer.step > 3);
    const place = trainer.element.parentElement!;
    trainer.element.remove();
    const heard = trainer.events.length;
    await wait(400);
    expect(trainer.events).to.have.length(heard);
    place.append(trainer.element);
    await eventually(() => trainer.step === 0 && seen(trainer.part('start')) === 'Start training');
  });

  it('rests while the page is hidden', async () => {
    const trainer = await mount(long);
    await trainer.press('Start training');
    await eventually(() => trainer.step > 3);
    try {
      hide(true);
      await wait(200);
      const { step } = trainer;
      await wait(300);
      expect(trainer.step).to.equal(step);
      hide(false);
      await eventually(() => trainer.step > step);
      // what its reader has paused stays paused
      await trainer.press('Pause');
      hide(true);
      hide(false);
      await wait(300);
      expect(seen(trainer.part('start'))).to.equal('Resume');
    } finally {
      Reflect.deleteProperty(document, 'hidden');
    }
    await trainer.press('Stop');
  });

  it('says which attributes it can not use, and takes the defaults', async () => {
    const trainer = await mount(
      'cells="rnn cnn" gap="-3" hidden-size="1e9" steps="many" controls="all wheel" accelerate="so"',
    );
    const messages = trainer.heard('rnn-error').map(({ code, message }) => {
      expect(code).to.equal('bad-attribute');
      return message;
    });
    for (const name of ['cells', 'gap', 'hidden-size', 'steps', 'controls', 'accelerate']) {
      const message = messages.find((each) => each.startsWith(`${name}="`));
      expect(message, name).to.be.a('string');
      expect(seen(trainer.part('problem'))).to.contain(message);
    }
    expect(messages).to.have.length(6);
    expect(trainer.field('gap').value).to.equal('20');
    expect(trainer.part('progress').getAttribute('aria-valuemax')).to.equal('1000');
    expect(trainer.field('lstm').checked).to.equal(false);
    expect(trainer.element.getAttribute('gap')).to.equal('-3');
  });

  it('settings are those of the next run, and the attributes stay the author’s', async () => {
    const trainer = await mount(small);
    await trainer.set('gap', '0');
    expect(seen(trainer.part('example'))).to.match(/^\w+ has a \w+ \w+\. The \w+ of/);
    trainer.field('rnn').click();
    await trainer.element.updateComplete;
    await trainer.press('Start training');
    expect(trainer.root.querySelector('fieldset')!.disabled).to.equal(true);
    expect(trainer.heard('rnn-train-start')[0].cells).to.deep.equal(['lstm', 'gru']);
    await trainer.finished();
    expect(trainer.element.getAttribute('gap')).to.equal('2');
    expect(trainer.element.gap).to.equal(2);
    // after a run its picture stays until the next one
    await trainer.set('examples', '50');
    expect(seen(trainer.part('base'))).to.contain('The picture shows the last run');
    expect(trainer.step).to.equal(60);
    await trainer.press('Back to the first settings');
    expect(trainer.field('gap').value).to.equal('2');
    // what can't be used is said, and not taken
    await trainer.set('examples', '0');
    expect(trainer.narration).to.contain('Training sentences: 0 cannot be used');
    expect(trainer.field('examples').value).to.equal('200');
  });

  it('another attribute of the author’s begins anew', async () => {
    const trainer = await mount(small);
    trainer.element.start();
    await trainer.finished();
    trainer.element.gap = 3;
    await eventually(() => trainer.step === 0);
    expect(trainer.field('gap').value).to.equal('3');
    expect(seen(trainer.part('start'))).to.equal('Start training');
  });

  it('comes to the same numbers in a worker and in slices', async () => {
    const run = async (): Promise<{ numbers: string[]; where: string }> => {
      const trainer = await mount(small);
      trainer.element.start();
      await trainer.finished();
      const where = /Trained [^.]*\./.exec(seen(trainer.part('base')))?.[0] ?? '';
      return { numbers: await trainer.numbers(), where };
    };
    const there = await run();
    let here: typeof there;
    try {
      Reflect.deleteProperty(window, 'Worker');
      here = await run();
    } finally {
      window.Worker = SourceWorker;
    }
    expect(there.where).to.contain('in a worker');
    expect(here.where).to.contain('in slices');
    expect(here.numbers.length).to.be.above(10);
    expect(here.numbers).to.deep.equal(there.numbers);
  });

  it('trains without worker and WebAssembly where accelerate is off', async () => {
    const trainer = await mount(`${small} cells="gru" steps="10" accelerate="off"`);
    trainer.element.start();
    await trainer.finished();
    expect(seen(trainer.part('base'))).to.contain(
      'on the page itself, in slices, without WebAssembly',
    );
  });

  it('asks across another gap, and draws the answers', async () => {
    const trainer = await mount(small);
    expect(trainer.button('Ask').getAttribute('aria-disabled')).to.equal('true');
    trainer.element.start();
    await trainer.finished();
    await trainer.set('test-gap', '7');
    await trainer.press('Ask');
    await eventually(() => trainer.narration.startsWith('Across 7 words: Simple RNN'));
    expect(seen(trainer.part('test-gap'))).to.match(/GRU \S+ right \(\d+ of \d+\)/);
    expect(trainer.part('chart-gaps').querySelectorAll('.dot').length).to.be.at.least(3);
    expect((await trainer.numbers()).some((row) => row.startsWith('7 '))).to.equal(true);
  });

  it('asks on Enter for the gap that was just typed, and refuses one that is too long', async () => {
    const trainer = await mount(`${small} cells="gru"`);
    trainer.element.start();
    await trainer.finished();
    const type = async (text: string): Promise<void> => {
      trainer.field('test-gap').focus();
      trainer.field('test-gap').select();
      await sendKeys({ type: text });
      await sendKeys({ press: 'Enter' });
    };
    await type('9');
    await eventually(() => trainer.narration.startsWith('Across 9 words: GRU'));
    await type('2001');
    await eventually(() => trainer.narration.startsWith('Words between: 2001 cannot be used'));
  });

  it('writes all numbers as CSV', async () => {
    const trainer = await mount(small);
    trainer.element.start();
    await trainer.finished();
    const rows = await trainer.numbers();
    const [blob] = await offered(() => {
      trainer.part('csv').click();
    });
    const lines = (await blob.text()).split('\r\n');
    expect(lines.filter(Boolean)).to.have.length(rows.length);
    expect(lines[0]).to.match(
      /^"step","Simple RNN, right","LSTM, right","GRU, right","Simple RNN, loss"/,
    );
    const recall = trainer.heard('rnn-train-complete')[0].cells.map((each) => String(each.recall));
    const last = lines[lines.indexOf('') - 1].split(',');
    expect(last.slice(0, 4)).to.deep.equal(['60', ...recall]);
  });

  it('hands its networks to a visualizer', async () => {
    const place = await fixture<HTMLElement>(
      `<div><rnn-visualizer id="reads" cell="gru"></rnn-visualizer></div>`,
    );
    const trainer = await mount(`${small} for="reads"`);
    const visualizer = place.querySelector('rnn-visualizer')!;
    const badge = (): string => seen(visualizer.shadowRoot!.querySelector('[part~="badge"]'));
    await eventually(() => badge().startsWith('Trained story'));
    trainer.element.start();
    await trainer.finished();
    await eventually(() => trainer.part('use'));
    trainer.part('use').click();
    await eventually(() => badge().startsWith('Trained on this page'));
    expect(trainer.narration).to.contain('“reads”');
  });

  it('says that there is nothing by the id that it is for', async () => {
    const trainer = await mount('for="nobody"');
    await eventually(() => trainer.heard('rnn-error').length > 0);
    expect(trainer.heard('rnn-error')[0].code).to.equal('bad-attribute');
    expect(seen(trainer.part('problem'))).to.contain('“nobody”');
    expect(trainer.parts('use')).to.deep.equal([]);
  });

  it('saves networks as files, and takes them back', async () => {
    const trainer = await mount(small);
    trainer.element.start();
    await trainer.finished();
    await trainer.set('test-gap', '2');
    await trainer.press('Ask');
    await eventually(() => trainer.narration.startsWith('Across 2 words'));
    const shown = /GRU (\S+) right/.exec(trainer.narration)?.[1];
    const blobs = await offered(() => {
      trainer.parts('save')[2].click();
    });
    await load(trainer, 'no network', /“a\.safetensors” could not be read: \w/);
    // in another run, it is that one's GRU
    trainer.element.seed = 5;
    await eventually(() => trainer.step === 0);
    await load(trainer, blobs[0], /^GRU from the file: /);
    expect(trainer.narration).to.equal(`GRU from the file: ${shown} right across 2 words.`);
    expect(seen(trainer.part('results'))).to.contain('from a file');
  });

  it('forgets what was answered across a gap when it has learned on', async () => {
    const trainer = await mount(`${small} cells="gru" accelerate="off"`);
    for (let step = 1; step <= 3; step++) {
      await trainer.press('One step');
      await eventually(() => trainer.narration === `Paused after step ${step}.`);
    }
    for (const gap of ['1', '7']) {
      await trainer.set('test-gap', gap);
      await trainer.press('Ask');
      await eventually(() => trainer.narration.startsWith(`Across ${gap} words: GRU`));
    }
    expect((await trainer.numbers()).some((row) => row.startsWith('7 '))).to.equal(true);
    await trainer.press('Resume');
    await trainer.finished();
    expect(seen(trainer.part('test-gap'))).not.to.contain('Across');
    expect((await trainer.numbers()).some((row) => row.startsWith('7 '))).to.equal(false);
    expect(trainer.part('chart-gaps').querySelectorAll('circle')).to.have.length(0);
  });

  it('asks, uses and saves a network from a file before anything was trained', async () => {
    const blob = await gruFile();
    const trainer = await mount(small);
    await load(trainer, blob, /^GRU from the file: /, 'mine.safetensors');
    await trainer.set('test-gap', '7');
    await trainer.press('Ask');
    await eventually(() => trainer.narration.startsWith('Across 7 words: GRU'));
    expect(trainer.narration).not.to.contain('LSTM');
    expect(trainer.parts('save').map((each) => each.getAttribute('aria-disabled'))).to.deep.equal([
      'true',
      'true',
      'false',
    ]);
    const names: string[] = [];
    HTMLAnchorElement.prototype.click = function () {
      names.push(this.download);
    };
    try {
      const [saved] = await offered(() => {
        trainer.parts('save')[2].click();
      });
      // the very file, under its own name: nothing in it is of this run
      const bytes = async (of: Blob): Promise<number[]> => [
        ...new Uint8Array(await of.arrayBuffer()),
      ];
      expect(await bytes(saved)).to.deep.equal(await bytes(blob));
      expect(names).to.deep.equal(['mine.safetensors']);
    } finally {
      Reflect.deleteProperty(HTMLAnchorElement.prototype, 'click');
    }
    // a run is one of its own networks
    trainer.element.start();
    await trainer.finished();
    expect(seen(trainer.part('results'))).not.to.contain('from a file');
  });

  it('leaves no empty sentence of what the predecessor of a loaded network was asked', async () => {
    const blob = await gruFile();
    const trainer = await mount(`${small} cells="gru"`);
    trainer.element.start();
    await trainer.finished();
    await trainer.set('test-gap', '7');
    await trainer.press('Ask');
    await eventually(() => trainer.narration.startsWith('Across 7 words'));
    await load(trainer, blob, /^GRU from the file: /);
    const answers = [...trainer.part('test-gap').querySelectorAll('li')].map(seen);
    expect(answers).to.have.length(1);
    expect(answers[0]).to.match(/^Across 2 words: GRU /);
  });

  it('during a single step: says so, keeps its button, and goes on afterwards if told to', async () => {
    const trainer = await mount('accelerate="off" hidden-size="48" cells="gru" gap="20"');
    trainer.button('One step').click();
    await trainer.element.updateComplete;
    expect(trainer.narration).to.equal('One step …');
    expect(seen(trainer.part('start'))).to.equal('Start training');
    await trainer.press('Start training');
    expect(seen(trainer.part('start'))).to.equal('Pause');
    await eventually(() => trainer.step > 2);
    expect(trainer.heard('rnn-train-start')).to.have.length(1);
    await trainer.press('Pause');
    await wait(200);
    const { step } = trainer;
    trainer.button('One step').click();
    await trainer.element.updateComplete;
    expect(seen(trainer.part('start'))).to.equal('Resume');
    // told to, and told not to
    await trainer.press('Resume');
    await trainer.press('Pause');
    await eventually(() => trainer.narration === `Paused after step ${step + 1}.`);
    await wait(300);
    expect(trainer.step).to.equal(step + 1);
    await trainer.press('Stop');
  });

  it('says what went wrong in a training, and that what was asked for can not be had', async () => {
    const rejected: unknown[] = [];
    const note = ({ reason }: PromiseRejectionEvent): void => void rejected.push(reason);
    window.addEventListener('unhandledrejection', note);
    let fail = (): void => undefined;
    class FailingWorker extends SourceWorker {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        fail = () => {
          this.onmessage?.(
            new MessageEvent('message', { data: { type: 'failed', message: 'no <memory>' } }),
          );
        };
      }
    }
    try {
      window.Worker = FailingWorker;
      const trainer = await mount(long);
      await trainer.press('Start training');
      await eventually(() => trainer.step > 3);
      fail();
      await eventually(() => trainer.heard('rnn-error').length > 0);
      const [{ code, message }] = trainer.heard('rnn-error');
      expect(code).to.equal('internal-error');
      expect(message).to.contain('“no <memory>”');
      expect(seen(trainer.part('problem'))).to.equal(message);
      expect(trainer.button('Ask').getAttribute('aria-disabled')).to.equal('true');

      // asked for its networks, and gone before it has answered
      const other = await mount(small);
      other.element.start();
      await other.finished();
      other.parts('save')[0].click();
      other.button('Ask').click();
      other.element.remove();
      await wait(200);
      expect(rejected).to.deep.equal([]);
    } finally {
      window.removeEventListener('unhandledrejection', note);
      window.Worker = SourceWorker;
    }
  });

  it('compares what there is to compare', async () => {
    const alone = await mount('cells="gru" gap="0" steps="100"');
    alone.element.start();
    await alone.finished();
    const said = (trainer: Trainer): string => seen(trainer.root.querySelector('.comparison'));
    expect(said(alone)).to.match(/^The GRU reached 95% at step \d+\.$/);
    const three = await mount(small);
    expect(said(three)).to.equal(
      'The GRU has 672 fewer parameters in its cell than the LSTM (25% fewer).',
    );
    await three.press('Start training');
    await three.finished();
    expect(three.narration).to.match(/Simple RNN \d+%, LSTM \d+% and GRU \d+%\.$/);
    expect(seen(three.part('chart-gradient'))).to.contain('nothing left to correct');
  });

  it('keeps about as much room as it will take, whatever its controls are', async () => {
    for (const controls of ['all', 'none', 'transport', 'charts transport']) {
      for (const width of [360, 700, 1248]) {
        const place = await fixture<HTMLElement>('<div></div>');
        place.style.width = `${width}px`;
        const element = document.createElement('rnn-trainer');
        element.controls = controls;
        element.loading = 'eager';
        place.append(element);
        const trainer = new Trainer(element);
        await element.updateComplete;
        expect(trainer.root.querySelector('.waiting'), 'still on its way').not.to.equal(null);
        const before = element.offsetHeight;
        await eventually(() => trainer.root.querySelector('[part~="base"]'));
        await wait(50);
        // another font, other lines
        const there = element.offsetHeight;
        const off = Math.abs(there - before) / there;
        expect(off, `${controls} at ${width}: ${before}, ${there}`).to.be.below(0.2);
      }
    }
  });

  it('can be read by everybody: before, after, narrow, in the dark', async () => {
    const trainer = await mount(`${small} theme="dark"`);
    await expect(trainer.element).to.be.accessible();
    trainer.element.start();
    await trainer.finished();
    await trainer.numbers();
    trainer.part('disclosure-settings').querySelector('summary')!.click();
    await eventually(() => trainer.field('seed'));
    await expect(trainer.element).to.be.accessible();
    trainer.element.theme = 'light';
    trainer.element.parentElement!.style.width = '300px';
    await eventually(() => trainer.root.querySelector('.narrow'));
    await expect(trainer.element).to.be.accessible();
    expect(trainer.part('base').scrollWidth).to.be.at.most(300);
  });

  it('buttons and fields can be hit: 24 pixels at least', async () => {
    const trainer = await mount(small);
    trainer.part('disclosure-settings').querySelector('summary')!.click();
    await eventually(() => trainer.field('seed'));
    for (const each of trainer.root.querySelectorAll('button, summary, label, select')) {
      const { width, height } = each.getBoundingClientRect();
      expect(Math.min(width, height), seen(each)).to.be.at.least(24);
    }
  });
});
