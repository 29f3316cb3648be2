// The four charts of a training: who answers right, the loss of the answer, recall by gap, the gradient on its way back.

import type { TemplateResult } from 'lit';
import type { CellProgress } from '../../model/training/training.js';
import { answerCount } from '../../model/training/task.js';
import { amount } from '../../ui/amount.js';
import type { Point } from '../../ui/chart.js';
import { chart, decade, thinned, type Axis, type Chart, type Line } from './charts.js';
import { lastRecall, percent, recallByGap, share, type TrainerView } from './view.js';

/** From these widths of the container on, at a text size of 16 px, the charts stand beside each other. */
export const besideFrom = 660;
export const roomyFrom = 960;

const lineGap = 36;

interface Drawn {
  readonly name: 'recall' | 'loss' | 'gaps' | 'gradient';
  readonly title: string;
  readonly unit: string;
  readonly chart: Chart;
}

export function figures(view: TrainerView): TemplateResult {
  const { html } = view.templates;
  const { width, em } = view;
  const beside = width >= besideFrom * em;
  const large = beside
    ? Math.round((width - lineGap) * (width >= roomyFrom * em ? 0.6 : 0.56))
    : width;
  const small = beside ? width - lineGap - large : width;
  const text = 13 * em;
  const full = large >= 520 * em;
  const heights = beside ? { large: 0, small: 150 * em } : { large: 250 * em, small: 170 * em };
  const one = ({ name, title, unit, chart: drawn }: Drawn): TemplateResult => {
    const main = name === 'recall';
    // beside three small charts and what is written over them
    const height = main ? heights.large || 3 * heights.small + 2 * 66 * em : heights.small;
    return html`<figure class=${main ? 'large' : 'small'} part=${`chart chart-${name}`}>
      <figcaption><b>${title}</b> <span class="quiet">${unit}</span></figcaption>
      ${chart(view.templates, drawn, {
        width: main ? large : small,
        height,
        text,
        names: main ? (full ? 16 : 10) : 6,
      })}
    </figure>`;
  };
  return html`<div class="charts" part="charts">
    ${one(recallChart(view, full))}
    <div class="small-ones">${[lossChart(view), gapChart(view), gradientChart(view)].map(one)}</div>
  </div>`;
}

function stepsAxis({ settings, numbers }: TrainerView, ticks: number): Axis {
  return {
    low: 0,
    high: settings.steps,
    log: false,
    ticks,
    smallest: 1,
    written: (value) => numbers.whole(value),
  };
}

function shareAxis({ numbers }: TrainerView, ticks: number): Axis {
  return {
    low: 0,
    high: 1,
    log: false,
    ticks,
    smallest: 0,
    written: (value) => numbers.percent(value),
  };
}

function chanceLine(view: TrainerView, y: number, written: string): Chart['chance'] {
  const { chance } = view.words.chart;
  return { y, name: written ? `${chance} ${written}` : chance };
}

function summary(view: TrainerView, title: string, values: readonly string[]): string {
  const { chart: words } = view.words;
  return values.length > 0 ? words.now(title, values.join('; ')) : words.empty(title);
}

/** A line for each cell that has points. */
function linesOf(view: TrainerView, make: (progress: CellProgress) => Omit<Line, 'cell'>): Line[] {
  return view.state.cells.flatMap((progress) => {
    const line = make(progress);
    return line.points.length > 0 ? [{ cell: progress.cell, ...line }] : [];
  });
}

function recallChart(view: TrainerView, full: boolean): Drawn {
  const { words, numbers, strings, state } = view;
  const lines = linesOf(view, (progress) => {
    const { cell, evaluations, learnedAt } = progress;
    const last = lastRecall(progress);
    const moment = evaluations.find(({ step }) => step === learnedAt);
    return {
      points: evaluations.map(({ step, recall }): Point => [step, share(recall)]),
      name: `${full ? strings.cellName[cell] : words.shortName[cell]} ${last ? percent(last, numbers) : ''}`,
      dots: [],
      mark: moment
        ? {
            at: [moment.step, share(moment.recall)],
            text: words.chart.since(numbers.whole(moment.step)),
          }
        : null,
    };
  });
  const { recall: title, recallUnit: unit } = words.chart;
  const values = lines.map(({ name }) => name);
  return {
    name: 'recall',
    title,
    unit,
    chart: {
      x: stepsAxis(view, full ? 5 : 4),
      y: shareAxis(view, 5),
      counts: words.chart.steps,
      lines,
      chance: chanceLine(view, 1 / answerCount, full ? numbers.percent(1 / answerCount) : ''),
      zones: [],
      invitation: words.chart.invitation,
      summary: summary(view, title, state.step > 0 ? values : []),
    },
  };
}

/** Steps of the loss that make one point; a batch has one gap, so single steps differ widely. */
const lossPoints = 60;

function lossChart(view: TrainerView): Drawn {
  const { words, numbers } = view;
  const lines = linesOf(view, ({ cell, answerLoss }) => ({
    points: thinned(answerLoss, view.settings.steps, lossPoints),
    name: words.shortName[cell],
    dots: [],
    mark: null,
  }));
  const { loss: title, lossUnit: unit } = words.chart;
  const highest = Math.max(4, ...lines.flatMap(({ points }) => points.map(([, loss]) => loss)));
  const values = lines.map(({ name, points }) =>
    words.chart.value(name, numbers.quantity(points[points.length - 1][1])),
  );
  return {
    name: 'loss',
    title,
    unit,
    chart: {
      x: stepsAxis(view, 3),
      y: {
        low: 0,
        high: Math.ceil(highest),
        log: false,
        ticks: 3,
        smallest: 1,
        written: (value) => numbers.whole(value),
      },
      counts: words.chart.steps,
      lines,
      chance: chanceLine(view, Math.log(answerCount), ''),
      zones: [],
      invitation: '',
      summary: summary(view, title, values),
    },
  };
}

function gapChart(view: TrainerView): Drawn {
  const { words, numbers, settings, asked } = view;
  const gaps = [...asked.keys()];
  const high = Math.max(2 * settings.gap, 2, ...gaps);
  const lines = linesOf(view, (progress) => {
    const { cell } = progress;
    const points = [...recallByGap(view, progress)].map(([gap, recall]): Point => [
      gap,
      share(recall),
    ]);
    return {
      points,
      name: words.shortName[cell],
      dots: points.filter(([gap]) => asked.get(gap)?.has(cell)),
      mark: null,
    };
  });
  const { byGap: title, byGapUnit: unit, trainedOn, beyond } = words.chart;
  const values = lines.map(({ name, points }) =>
    words.chart.value(
      name,
      points
        .map(([gap, y]) => words.chart.atGap(numbers.percent(y), numbers.whole(gap)))
        .join(', '),
    ),
  );
  return {
    name: 'gaps',
    title,
    unit,
    chart: {
      x: {
        low: 0,
        high,
        log: false,
        ticks: 3,
        smallest: 1,
        written: (value) => numbers.whole(value),
        // the trained gap, if its number has room beside that of none
        at: [0, settings.gap, high].filter((gap, i) => i !== 1 || gap > 0.15 * high),
      },
      y: shareAxis(view, 2),
      counts: words.chart.gap,
      lines,
      chance: chanceLine(view, 1 / answerCount, ''),
      zones: [
        { from: 0, to: settings.gap, name: trainedOn, marked: true },
        { from: settings.gap, to: high, name: beyond, marked: false },
      ],
      invitation: '',
      summary: summary(view, title, values),
    },
  };
}

function gradientChart(view: TrainerView): Drawn {
  const { words, strings } = view;
  const lines = linesOf(view, ({ cell, evaluations }) => ({
    // a logarithm has no place for zero
    points: evaluations.map(({ step, firstWord }): Point => [step, firstWord || NaN]),
    name: words.shortName[cell],
    dots: [],
    mark: null,
  }));
  const { gradient: title, gradientUnit: unit } = words.chart;
  const sizes = lines.flatMap(({ points }) => points.map(([, size]) => size)).filter(Boolean);
  const exponents = sizes.map((size) => Math.log10(size));
  const low = Math.min(-10, 2 * Math.floor(Math.min(...exponents, 0) / 2));
  const values = lines.map(({ name, points }) =>
    words.chart.value(name, amount(points[points.length - 1][1], strings.language)),
  );
  return {
    name: 'gradient',
    title,
    unit,
    chart: {
      x: stepsAxis(view, 3),
      y: {
        low: 10 ** Math.max(low, -40),
        high: 10 ** Math.max(1, Math.ceil(Math.max(...exponents, 0))),
        log: true,
        ticks: 4,
        smallest: 0,
        written: decade,
      },
      counts: words.chart.steps,
      lines,
      chance: null,
      zones: [],
      invitation: '',
      summary: summary(view, title, values),
    },
  };
}
