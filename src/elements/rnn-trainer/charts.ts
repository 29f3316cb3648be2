// The drawings: one line a cell over training steps or gaps, named at its end, on axes that are there from the start.

import type { SVGTemplateResult } from 'lit';
import type { CellType } from '../../engine/index.js';
import {
  decades,
  keepApart,
  linePath,
  linearScale,
  linearTicks,
  logScale,
  powerOfTen,
  type Point,
  type Scale,
} from '../../ui/chart.js';
import type { Templates } from '../../ui/templates.js';

/** The line of a cell, in the numbers it is about. */
export interface Line {
  readonly cell: CellType;
  readonly points: readonly Point[];
  /** What stands at its end. */
  readonly name: string;
  /** Single points, such as gaps that were asked for. */
  readonly dots: readonly Point[];
  /** A place on the line that is worth a word. */
  readonly mark: { readonly at: Point; readonly text: string } | null;
}

export interface Axis {
  readonly low: number;
  readonly high: number;
  /** Powers of ten, on a logarithmic axis. */
  readonly log: boolean;
  /** Roughly how many ticks. */
  readonly ticks: number;
  /** The smallest distance between ticks. */
  readonly smallest: number;
  readonly written: (value: number) => string;
  /** The ticks, where they are no round numbers. */
  readonly at?: readonly number[];
}

export interface Chart {
  readonly x: Axis;
  readonly y: Axis;
  /** What x counts; it follows the last number of the axis. */
  readonly counts: string;
  readonly lines: readonly Line[];
  /** What guessing comes to. */
  readonly chance: { readonly y: number; readonly name: string } | null;
  /** Ranges of x with names, from left to right. */
  readonly zones: readonly {
    readonly from: number;
    readonly to: number;
    readonly name: string;
    readonly marked: boolean;
  }[];
  /** What stands in a chart without lines. */
  readonly invitation: string;
  /** What there is to see, for who can't see it. */
  readonly summary: string;
}

export interface Room {
  readonly width: number;
  readonly height: number;
  /** Size of a character of the chart, in pixels. */
  readonly text: number;
  /** Characters that the longest name at the end of a line takes. */
  readonly names: number;
}

export function chart(
  { svg, nothing }: Templates,
  { x, y, counts, lines, chance, zones, invitation, summary }: Chart,
  { width, height, text, names }: Room,
): SVGTemplateResult {
  const left = 3 * text;
  const right = Math.max(left + 60, width - (names * 0.53 + 0.9) * text);
  const top = (zones.length > 0 ? 1.6 : 0.8) * text;
  const bottom = height - 1.75 * text;
  const acrossX = scaleOf(x, [left, right]);
  const acrossY = scaleOf(y, [bottom, top]);
  const inside = (value: number): number => Math.min(Math.max(value, y.low), y.high);
  const placed = ([a, b]: Point): Point => [acrossX(a), acrossY(inside(b))];
  const ends = lines.map(({ points }) =>
    points.length > 0 ? placed(points[points.length - 1]) : null,
  );
  // a line that has come to the end of the chart meets the name of chance there
  const crowded = ends.some((end) => end && end[0] > right - (names + 2) * 0.53 * text);
  const wanted = [
    ...ends.flatMap((end) => (end ? [end[1]] : [])),
    ...(chance && crowded ? [acrossY(chance.y)] : []),
  ];
  const places = keepApart(wanted, text * 1.15, [top, bottom - 2]);
  const chancePlace = chance ? (crowded ? places[places.length - 1] : acrossY(chance.y)) : 0;
  const rows = markRows(lines, acrossX, text);
  let next = 0;
  const named = ends.map((end) => (end ? places[next++] : 0));
  const xTicks = ticksOf(x);
  const last = xTicks[xTicks.length - 1];
  return svg`<svg
    class="chart"
    role="img"
    aria-label=${summary}
    width=${width}
    height=${height}
    viewBox=${`0 0 ${width} ${height}`}
    font-size=${text}
  >
    ${zones.map(
      ({ from, to, name, marked }) => svg`
        ${
          marked
            ? svg`<rect class="zone" x=${acrossX(from)} y=${top}
                width=${Math.max(0, acrossX(to) - acrossX(from))} height=${bottom - top}></rect>`
            : nothing
        }
        ${
          // a name that there is no room for is left out
          (marked ? acrossX(to) : width) - acrossX(from) > name.length * 0.56 * text
            ? svg`<text x=${acrossX(from) + (marked ? 0 : 6)} y=${top - 0.45 * text}>${name}</text>`
            : nothing
        }`,
    )}
    ${ticksOf(y).map(
      (tick) => svg`
        <line class="tick" x1=${left} x2=${right} y1=${acrossY(tick)} y2=${acrossY(tick)}></line>
        <text x=${left - 6} y=${acrossY(tick) + 0.33 * text} text-anchor="end">${y.written(tick)}</text>`,
    )}
    <line class="axis" x1=${left} x2=${right} y1=${bottom} y2=${bottom}></line>
    ${xTicks.map(
      (tick) => svg`
        <line class="axis" x1=${acrossX(tick)} x2=${acrossX(tick)} y1=${bottom} y2=${bottom + 4}></line>
        ${
          tick === last
            ? lastTick(
                svg,
                `${x.written(tick)} ${counts}`,
                x.written(tick),
                [acrossX(tick), bottom],
                width,
                text,
              )
            : svg`<text x=${acrossX(tick)} y=${bottom + 1.4 * text} text-anchor="middle">${x.written(tick)}</text>`
        }`,
    )}
    ${
      chance
        ? svg`<line class="reference" x1=${left} x2=${right} y1=${acrossY(chance.y)} y2=${acrossY(chance.y)}></line>
            <text x=${right + 6} y=${chancePlace + 0.33 * text}>${chance.name}</text>`
        : nothing
    }
    ${
      lines.length === 0 && invitation
        ? svg`<text class="invitation" x=${(left + right) / 2} y=${(top + bottom) / 2} text-anchor="middle">${invitation}</text>`
        : nothing
    }
    ${lines.map(
      ({ cell, points, dots, mark }) => svg`<g class=${`cell-${cell}`}>
        <path class="line" d=${linePath(points.map(placed))}></path>
        ${dots.map((dot) => {
          const [cx, cy] = placed(dot);
          return svg`<circle class="dot" cx=${cx} cy=${cy} r="4"></circle>`;
        })}
        ${
          mark
            ? svg`<line class="leader" x1=${acrossX(mark.at[0])} x2=${acrossX(mark.at[0])}
                  y1=${acrossY(inside(mark.at[1]))} y2=${bottom}></line>
                <circle class="dot" cx=${acrossX(mark.at[0])} cy=${acrossY(inside(mark.at[1]))} r="4.5"></circle>`
            : nothing
        }
      </g>`,
    )}
    ${lines.map(({ cell, name, points, mark }, i) => {
      const end = ends[i];
      if (!end) return nothing;
      const [endX, endY] = end;
      const shifted = Math.abs(named[i] - endY) > 5;
      return svg`<g class=${`cell-${cell}`}>
        ${
          shifted
            ? svg`<path class="leader" fill="none" d=${`M${endX} ${endY}L${endX + 7} ${named[i]}`}></path>`
            : nothing
        }
        ${
          points.length === 1 || endX < right - 1
            ? svg`<circle class="dot" cx=${endX} cy=${endY} r="4"></circle>`
            : nothing
        }
        <text class="line-name" x=${endX + 9} y=${named[i] + 0.33 * text}>${name}</text>
        ${
          mark
            ? svg`<text class="line-name mark" x=${acrossX(mark.at[0]) + 6} y=${
                bottom - (0.5 + 1.25 * rows[i]) * text
              }>${mark.text}</text>`
            : nothing
        }
      </g>`;
    })}
  </svg>`;
}

/** In which row above the axis each mark has its words, so that none covers another's. */
function markRows(lines: readonly Line[], x: Scale, text: number): number[] {
  const rows: number[] = [];
  const ends: number[] = [];
  lines
    .map(({ mark }, i) => ({ i, mark, at: mark ? x(mark.at[0]) : 0 }))
    .sort((a, b) => a.at - b.at)
    .forEach(({ i, mark, at }) => {
      if (!mark) return;
      let row = 0;
      while ((ends[row] ?? -Infinity) > at) row++;
      rows[i] = row;
      ends[row] = at + (0.53 * mark.text.length + 1) * text;
    });
  return rows;
}

/** The last number of an axis with what it counts behind it, as far to the right as there is room. */
function lastTick(
  svg: Templates['svg'],
  name: string,
  number: string,
  [x, bottom]: Point,
  width: number,
  text: number,
): SVGTemplateResult {
  const start = x - 0.27 * text * number.length;
  const fits = start + 0.53 * text * name.length < width;
  return svg`<text x=${fits ? start : width} y=${bottom + 1.4 * text} text-anchor=${fits ? 'start' : 'end'}>${name}</text>`;
}

function scaleOf({ low, high, log }: Axis, range: readonly [number, number]): Scale {
  return log ? logScale([low, high], range) : linearScale([low, high], range);
}

function ticksOf({ low, high, log, ticks, smallest, at }: Axis): readonly number[] {
  if (at) return at;
  return log
    ? decades(Math.log10(low), Math.log10(high), ticks).map((exponent) => 10 ** exponent)
    : linearTicks(low, high, ticks, smallest);
}

/** The label of a tick on a logarithmic axis. */
export const decade = (value: number): string => powerOfTen(Math.round(Math.log10(value)));

/**
 * Means of values that stood together, so many groups over the whole axis; what is not finite is left out.
 * @param total how many values there will be in the end.
 */
export function thinned(values: ArrayLike<number>, total: number, most: number): Point[] {
  const size = Math.max(1, Math.ceil(total / most));
  const points: Point[] = [];
  for (let from = 0; from < values.length; from += size) {
    const to = Math.min(values.length, from + size);
    let [sum, count] = [0, 0];
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(values[i])) continue;
      sum += values[i];
      count++;
    }
    // value i is that of step i + 1
    if (count > 0) points.push([(from + 1 + to) / 2, sum / count]);
  }
  return points;
}
