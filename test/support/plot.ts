// What the browser tests of <gradient-plot> share: one as its reader meets it, and the numbers that it has to show.

import { englishPlot } from '../../src/model/plot-strings.js';
import { expect, fixture } from '@open-wc/testing';
import {
  Random,
  Unrolled,
  initialWeights,
  lossGradient,
  readLogits,
  stateGains,
  stateGainsAt,
  unroll,
  type CellType,
  type CellWeights,
  type Intervention,
  type LossGradient,
  type Readout,
} from '../../src/engine/index.js';
import type { ErrorDetail, GradientPlot, RnnVisualizer } from '../../src/index.js';
import {
  storyModel,
  tokenize,
  type SentenceModel,
  type Token,
  type TokenMode,
} from '../../src/model/index.js';
import { slide } from './diagram.js';
import { Figure, contentOf, eventually, seen } from './figure.js';

export const recurrentCells = ['rnn', 'lstm', 'gru'] as const satisfies readonly CellType[];

export const kite = 'Anna has a red kite. The cat sat on the mat. The kite of Anna is';

const internal: string[] = [];
window.addEventListener('rnn-error', (event) => {
  const { code, message } = (event as CustomEvent<ErrorDetail>).detail;
  if (code === 'internal-error') internal.push(message);
});
after(() => {
  expect(internal, 'plots that failed').to.deep.equal([]);
});

/** A text without the invisible marks that keep words of other scripts apart. */
export const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻';

/** What a reader takes a written number for: “0.81”, “3.1 · 10⁻⁹”, “−4,600”, “10⁻⁵”, “64%”. */
export function numberOf(written: string): number {
  const found = /^(−?[\d,.]+(?:∞)?|−?∞)(?: · 10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?$/.exec(written);
  const power = /^10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)$/.exec(written);
  const exponent = (marks: string): number =>
    Number(marks.replace(/./g, (mark) => '0123456789-'[raised.indexOf(mark)]));
  if (power) return 10 ** exponent(power[1]);
  if (!found) throw new Error(`“${written}” is no number`);
  const digits = Number(found[1].replace('−', '-').replaceAll(',', '').replace('∞', 'Infinity'));
  return found[2] ? Number(`${digits}e${exponent(found[2])}`) : digits;
}

/** A written number tells this one, to the two digits that it has. */
export function tells(written: string, value: number, what = ''): void {
  const rounded = Number(value.toPrecision(2));
  const shown = numberOf(written);
  // halves may be rounded either way
  const slack = Math.abs(value) * 0.0501;
  expect(Math.abs(shown - value), `${what}: “${written}” for ${value}`).to.be.at.most(slack);
  if (Math.abs(value) >= 1e-300) {
    expect(Number(shown.toPrecision(2)), `${what}: at most two digits`).to.equal(shown);
    expect(rounded / shown, `${what}: “${written}” for ${value}`).to.be.closeTo(1, 0.051);
  }
}

/** Where the numbers of a chart stand, as its ticks say. */
interface Axes {
  /** What an upright place means. */
  readonly exponent: (y: number) => number;
  readonly lag: (x: number) => number;
  /** Orders of magnitude a tenth of a pixel. */
  readonly grain: number;
  /** Lags a tenth of a pixel. */
  readonly lagGrain: number;
  /** The lowest power of ten that is drawn. */
  readonly low: number;
  readonly high: number;
}

export interface DrawnLine {
  readonly lag: number;
  readonly exponent: number;
}

/** Besides what figures have: the drawing, read as a reader does, by its axes. */
export class Plot extends Figure {
  constructor(readonly plot: GradientPlot) {
    // what a Figure asks of its element every element has that reads
    super(plot as unknown as RnnVisualizer);
    plot.addEventListener('rnn-gate-release', (event) => this.events.push(event));
  }

  // ---- what is there ----------------------------------------------------------------------------------------------

  /** The plot (`gains`), or what the steps add (`share-lines`). */
  chart(name: 'gains' | 'share-lines' = 'gains'): SVGSVGElement {
    const found = this.root.querySelector<SVGSVGElement>(`svg.${name}`);
    if (!found) throw new Error(`There is no chart "${name}"`);
    return found;
  }

  /** Cells that have a line, in order. */
  get cells(): string[] {
    return [...this.root.querySelectorAll('svg.gains path.line')].map(cellOf);
  }

  axes(name: 'gains' | 'share-lines' = 'gains'): Axes {
    const chart = this.chart(name);
    const names = [...chart.querySelectorAll('text.tick-name')];
    const upright = names.filter((each) => each.getAttribute('text-anchor') === 'end');
    const along = names.filter((each) => each.getAttribute('text-anchor') === 'middle');
    const heights = [...chart.querySelectorAll('line.tick')].map((each) => at(each, 'y1'));
    expect(upright.length, 'ticks of the values').to.be.above(1);
    expect(heights).to.have.length(upright.length);
    const exponents = upright.map((each) => Math.log10(numberOf(seen(each))));
    const lags = along.map((each) => Number(seen(each)));
    const places = along.map((each) => at(each, 'x'));
    const exponent = through(heights, exponents);
    const lag = through(places, lags);
    // every tick stands where the axis says, and its name beside it
    heights.forEach((y, i) => {
      expect(exponent(y), 'an even axis').to.be.closeTo(exponents[i], 1e-6);
      expect(Math.abs(at(upright[i], 'y') - y), 'a name beside its tick').to.be.below(8);
    });
    places.forEach((x, i) => {
      expect(lag(x), 'an even axis').to.be.closeTo(lags[i], 1e-6);
    });
    const axis = [...chart.querySelectorAll('line.axis')].find(
      (each) => at(each, 'x1') === at(each, 'x2') && at(each, 'y2') - at(each, 'y1') > 50,
    )!;
    return {
      exponent,
      lag,
      grain: Math.abs(exponent(0.1) - exponent(0)),
      lagGrain: Math.abs(lag(0.1) - lag(0)),
      low: exponent(at(axis, 'y2')),
      high: exponent(at(axis, 'y1')),
    };
  }

  /** The line of a cell, decoded; `thin` is the second one. */
  line(
    cell: string,
    kind: 'line' | 'thin' = 'line',
    name: 'gains' | 'share-lines' = 'gains',
  ): DrawnLine[] {
    const path = this.chart(name).querySelector(`path.${kind}.cell-${cell}`);
    if (!path) throw new Error(`There is no ${kind} of the ${cell}`);
    return this.decode(path.getAttribute('d')!, name);
  }

  /** Upper and lower edge of the band of a cell, by lag. */
  band(cell: string): { readonly upper: DrawnLine[]; readonly lower: DrawnLine[] } {
    const path = this.chart().querySelector(`path.band.cell-${cell}`);
    if (!path) throw new Error(`There is no band of the ${cell}`);
    const points = this.decode(path.getAttribute('d')!.replace(/Z$/, ''), 'gains');
    const half = points.length / 2;
    return { upper: points.slice(0, half), lower: points.slice(half).reverse() };
  }

  private decode(d: string, name: 'gains' | 'share-lines'): DrawnLine[] {
    const axes = this.axes(name);
    expect(d, 'one line without a gap').to.match(/^M[^M]+$/);
    return d
      .slice(1)
      .split('L')
      .map((point) => {
        const [x, y] = point.split(',').map(Number);
        return { lag: axes.lag(x), exponent: axes.exponent(y) };
      });
  }

  /** What stands at the end of the lines. */
  get lineNames(): string[] {
    return [...this.chart().querySelectorAll('text.line-name')].map(seen);
  }

  get caption(): string {
    return this.has('caption') ? plain(seen(this.part('caption'))) : '';
  }

  /** The point in words. */
  override get narration(): string {
    return plain(seen(this.part('narration')));
  }

  get problem(): string {
    return this.has('problem') ? seen(this.part('problem')) : '';
  }

  override get words(): string[] {
    return this.wordButtons.map((word) => seen(word.querySelector('bdi')));
  }

  override get wordNow(): string | null {
    const now = this.wordButtons.filter((word) => word.getAttribute('aria-current') === 'step');
    expect(now.length, 'words of this step').to.be.below(2);
    return now.length ? seen(now[0].querySelector('bdi')) : null;
  }

  /** Index of the word that is marked; −1 for none. */
  get marked(): number {
    const marked = this.wordButtons.filter((word) => word.classList.contains('marked'));
    expect(marked.length, 'marked words').to.be.below(2);
    return marked.length ? this.wordButtons.indexOf(marked[0]) : -1;
  }

  get lagSlider(): HTMLInputElement {
    return this.part('lag') as HTMLInputElement;
  }

  /** The lag that is pointed at: by the slider, and by the line in the drawing. */
  get lag(): number {
    const value = Number(this.lagSlider.value);
    const cursor = this.chart().querySelector('line.cursor')!;
    expect(this.axes().lag(at(cursor, 'x1')), 'cursor and slider').to.be.closeTo(value, 1e-6);
    return value;
  }

  setting(name: string): HTMLInputElement {
    const found = this.parts('setting').find((each) => each.getAttribute('name') === name);
    if (!found) throw new Error(`There is no setting "${name}"`);
    return found as HTMLInputElement;
  }

  get chosenQuantity(): string {
    return this.pressed('quantity-button');
  }

  get chosenSource(): string {
    return this.pressed('source-button');
  }

  private pressed(part: string): string {
    const found = this.parts(part).filter((each) => each.getAttribute('aria-pressed') === 'true');
    expect(found.length, `pressed among ${part}`).to.equal(1);
    return seen(found[0]);
  }

  /** The cells of a table by rows, without its head. */
  rows(part: 'table' | 'facts' | 'check'): string[][] {
    return [...this.part(part).querySelectorAll('tbody tr')].map((row) =>
      [...row.children].map((each) => plain(seen(each))),
    );
  }

  head(part: 'table' | 'facts' | 'check'): string[] {
    return [...this.part(part).querySelectorAll('thead tr > *')].map(seen);
  }

  // ---- what a reader does -----------------------------------------------------------------------------------------

  /** Waits until everything is computed and drawn: lines, bands, shares. */
  async computed(): Promise<void> {
    await eventually(
      () => this.root.querySelector('svg.gains path.line') && this.has('caption'),
      'a line',
    );
    // (the last lines stay until there are others)
    await eventually(() => this.whole, 'lines as long as the axis');
    await eventually(() => !this.caption.includes(englishPlot.computing), 'the band');
    await this.settled();
  }

  /** Whether every line goes to the end of the axis. */
  private get whole(): boolean {
    const chart = this.root.querySelector('svg.gains')!;
    // of one lag there is nothing to point at
    const single = !chart.querySelector('line.cursor');
    const along = [...chart.querySelectorAll('line.axis')].find(
      (each) => at(each, 'y1') === at(each, 'y2'),
    )!;
    return [...chart.querySelectorAll('path.line')].every((each) => {
      const points = each.getAttribute('d')!.slice(1).split('L');
      const end = Number(points.at(-1)!.split(',')[0]);
      return single ? points.length === 1 : Math.abs(end - at(along, 'x2')) < 0.1;
    });
  }

  /** Does what gives other lines, and waits until they are there. (Until then the last ones are left standing.) */
  async change(act: () => Promise<void> | void): Promise<void> {
    const lines = (): string =>
      [...this.root.querySelectorAll('svg.gains path.line')]
        .map((each) => `${each.getAttribute('class')} ${each.getAttribute('d')}`)
        .join();
    const before = lines();
    await act();
    await this.settled();
    await eventually(() => lines() !== before, 'other lines');
    await this.computed();
  }

  async choose(part: 'quantity' | 'source', index: number): Promise<void> {
    await this.click(this.parts(`${part}-button`)[index]);
  }

  /** Points at a lag by the slider. */
  async pointAt(lag: number): Promise<void> {
    await slide(this, this.lagSlider, lag, ['input']);
    await this.figured();
  }

  override async click(element: HTMLElement): Promise<void> {
    await super.click(element);
    await this.figured();
  }

  /** Waits until nothing stands for numbers that are still being computed. */
  async figured(): Promise<void> {
    await eventually(() =>
      [...this.root.querySelectorAll('.disclosed')].every((each) => !seen(each).includes('…')),
    );
  }

  /** Sets a slider of the random networks, as a hand does that lets it go. */
  async set(name: string, value: number): Promise<void> {
    await this.change(() => slide(this, this.setting(name), value));
  }

  /** Clicks a word and waits for the lines from there. */
  async goTo(word: number): Promise<void> {
    if (this.wordButtons[word].getAttribute('aria-current') === 'step') return;
    await this.change(() => this.click(this.wordButtons[word]));
  }

  /** Opens one of the disclosures below. */
  async unfold(name: 'facts' | 'check' | 'table', open = true): Promise<HTMLDetailsElement> {
    const details = this.part(`disclosure-${name}`) as HTMLDetailsElement;
    if (details.open !== open) {
      details.querySelector('summary')!.click();
      await eventually(() => (details.querySelector('.disclosed') !== null) === open);
    }
    await this.settled();
    if (open) await this.figured();
    return details;
  }
}

/** What a reader calls a control. */
export const nameOf = (element: Element): string =>
  element.getAttribute('aria-label') ?? seen(element.closest('label') ?? element);

/** Where a lag stands in the window. */
export function placeOf(plot: Plot, lag: number): { x: number; y: number } {
  const chart = plot.chart();
  const { left, width, top, height } = chart.getBoundingClientRect();
  const axes = plot.axes();
  const x = (lag - axes.lag(0)) / (axes.lag(1) - axes.lag(0));
  return { x: left + (x * width) / chart.viewBox.baseVal.width, y: top + height / 2 };
}

const cellOf = (element: Element): string =>
  /cell-(\w+)/.exec(element.getAttribute('class') ?? '')?.[1] ?? '';

const at = (element: Element, name: string): number => Number(element.getAttribute(name));

/** The straight line through the first and the last of these points. */
function through(from: readonly number[], to: readonly number[]): (value: number) => number {
  const [a, b] = [0, from.length - 1];
  if (b < 1) return () => to[0];
  const slope = (to[b] - to[a]) / (from[b] - from[a]);
  return (value) => to[a] + (value - from[a]) * slope;
}

/** A drawn line is at these values, by lag, as exactly as its path is written. */
export function draws(
  plot: Plot,
  line: readonly DrawnLine[],
  values: ArrayLike<number>,
  what = '',
  name: 'gains' | 'share-lines' = 'gains',
): void {
  const { grain, lagGrain, low, high } = plot.axes(name);
  expect(line, what).to.have.length(values.length);
  line.forEach(({ lag, exponent }, i) => {
    const where = `${what} at lag ${i}`;
    expect(lag, where).to.be.closeTo(i, lagGrain);
    const truth = Math.log10(values[i]);
    if (truth < low) expect(exponent, `${where}, below the drawing`).to.be.below(low);
    else expect(exponent, where).to.be.closeTo(truth, grain);
    expect(truth, `${where}, above the drawing`).to.be.at.most(high);
  });
}

// ---- on a page --------------------------------------------------------------------------------------------------------

export interface Page {
  readonly place: HTMLElement;
  readonly figures: Figure[];
  readonly plots: Plot[];
}

/** Puts markup with any number of elements on the page, and listens to them from the start. */
export async function page(markup: string): Promise<Page> {
  const place = await fixture<HTMLElement>('<div></div>');
  const content = contentOf(markup);
  const figures = [...content.querySelectorAll('rnn-visualizer')].map((each) => new Figure(each));
  const plots = [...content.querySelectorAll('gradient-plot')].map((each) => new Plot(each));
  place.append(content);
  for (const each of [...figures, ...plots]) await each.settled();
  return { place, figures, plots };
}

/** A plot alone; waits until it is computed, or with `lines: false` until there is a figure. */
export async function mountPlot(markup: string, { lines = true } = {}): Promise<Plot> {
  const {
    plots: [plot],
  } = await page(markup);
  if (lines) await plot.computed();
  else await loaded(plot);
  return plot;
}

/** Waits until the part that draws is there, and the networks. */
export async function loaded(plot: Plot): Promise<void> {
  await eventually(() => plot.has('narration') && plot.heard('rnn-ready').length > 0, 'the figure');
  await plot.settled();
}

/** A visualizer and a plot that follows it. */
export async function mountPair(
  attributes = 'cell="lstm"',
  text = '',
  plotAttributes = '',
): Promise<{ readonly figure: Figure; readonly plot: Plot; readonly place: HTMLElement }> {
  const {
    place,
    figures: [figure],
    plots: [plot],
  } = await page(
    `<rnn-visualizer id="chain" ${attributes}>${text}</rnn-visualizer>
     <gradient-plot for="chain" ${plotAttributes}></gradient-plot>`,
  );
  await figure.until('rnn-ready');
  await loaded(plot);
  return { figure, plot, place };
}

// ---- what has to be shown ---------------------------------------------------------------------------------------------

/** One network's run through a sequence, done anew with the engine. */
export interface Run {
  readonly weights: CellWeights;
  readonly unrolled: Unrolled;
  readonly readout: Readout | null;
  readonly tokens: readonly Token[];
  /** ‖∂s_t/∂s_k‖_F / √S by lag. */
  gains(t: number): number[];
  /** The loss gradient of the next word, or after the last one of the word that is expected most. */
  loss(t: number): LossGradient & { readonly row: number };
}

/** Numbers by step as numbers by lag. */
export const byLag = (bySteps: Float64Array): number[] => [...bySteps].reverse();

function runOf(
  weights: CellWeights,
  unrolled: Unrolled,
  readout: Readout | null = null,
  tokens: readonly Token[] = [],
  rowOf: (token: Token) => number | null = () => null,
): Run {
  return {
    weights,
    unrolled,
    readout,
    tokens,
    gains: (t) => byLag(stateGainsAt(weights, unrolled, t)),
    loss(t) {
      if (!readout) throw new Error('nothing is predicted');
      const logits = [...readLogits(readout, unrolled.steps[t].h, 1, weights.hiddenSize)];
      const next =
        t + 1 < tokens.length ? rowOf(tokens[t + 1]) : logits.indexOf(Math.max(...logits));
      if (next === null) throw new Error('a word without a row');
      return { row: next, ...lossGradient({ cell: weights, readout }, unrolled, t, next) };
    },
  };
}

/** A text, read anew step by step, with gates held and words skipped. */
export function readRun(
  model: SentenceModel,
  text: string,
  interventions: readonly Intervention[] = [],
  mode: TokenMode = 'words',
): Run {
  const tokens = tokenize(text, mode, 'en');
  const { cell } = model;
  const unrolled = new Unrolled(cell, 1, tokens.length);
  unrolled.start();
  unrolled.intervene(cell, interventions);
  for (const token of tokens) unrolled.advance(cell, model.vector(token));
  return runOf(cell, unrolled, model.readout, tokens, (token) => model.row(token));
}

export interface RandomSettings {
  readonly seed: number;
  readonly hiddenSize: number;
  readonly length: number;
  readonly recurrentScale: number;
  readonly inputScale: number;
  readonly forgetBias: number;
  readonly updateBias: number;
}

/** The element's own defaults, as its attributes are documented. */
export const randomDefaults: RandomSettings = {
  seed: 1,
  hiddenSize: 32,
  length: 100,
  recurrentScale: 1,
  inputScale: 1,
  forgetBias: 3,
  updateBias: 3,
};

/** The initialisation of `model="random"` (16 inputs) on inputs from N(0, 1), all from the seed. */
export function randomRunOf(cell: CellType, settings: Partial<RandomSettings> = {}): Run {
  const { seed, hiddenSize, length, ...rest } = { ...randomDefaults, ...settings };
  const weights = initialWeights(cell, 16, hiddenSize, seed, rest);
  return runOf(weights, unroll(weights, new Random(`${seed}/inputs`).normals(length * 16)));
}

/** The trained networks that read a text. */
export async function trained(text = kite): Promise<Record<CellType, Run>> {
  const runs = await Promise.all(
    (['feedforward', ...recurrentCells] as const).map(
      async (cell) => [cell, readRun(await storyModel(cell), text)] as const,
    ),
  );
  return Object.fromEntries(runs) as Record<CellType, Run>;
}

/** Quartiles over the steps up to t that reach this lag, of which there have to be 8. */
export function quartiles(
  run: Run,
  t: number,
): { lower: number[]; median: number[]; upper: number[] } {
  const T = run.unrolled.length;
  const gains = stateGains(run.weights, run.unrolled);
  const found = { lower: [] as number[], median: [] as number[], upper: [] as number[] };
  for (let lag = 0; t - lag + 1 >= 8; lag++) {
    const values = Array.from({ length: t - lag + 1 }, (_, k) => gains[(k + lag) * T + k]);
    values.sort((a, b) => a - b);
    const quartile = (share: number): number => {
      const place = share * (values.length - 1);
      const [low, high] = [values[Math.floor(place)], values[Math.ceil(place)]];
      return low + (high - low) * (place % 1);
    };
    found.lower.push(quartile(0.25));
    found.median.push(quartile(0.5));
    found.upper.push(quartile(0.75));
  }
  return found;
}
