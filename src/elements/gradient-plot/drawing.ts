// The plot: one line a cell against the lag, on an absolute logarithmic axis.

import type { TemplateResult } from 'lit';
import type { CellType } from '../../engine/index.js';
import {
  bandPath,
  decades,
  keepApart,
  linePath,
  linearScale,
  linearTicks,
} from '../../ui/chart.js';
import { logScale, powerOfTen, type Point, type Scale } from '../../ui/chart.js';
import type { Templates } from '../../ui/templates.js';

/** One cell's line. */
export interface Line {
  readonly cell: CellType;
  /** Written at its end. */
  readonly name: string;
  /** At lags 0, 1, 2 … */
  readonly values: Float64Array;
  /** Quartiles, as far as there are any; null while there are none. */
  readonly band: { readonly lower: Float64Array; readonly upper: Float64Array } | null;
  /** A second line, thin, with a name of its own; null for none. */
  readonly thin: { readonly values: Float64Array; readonly name: string } | null;
}

export interface Chart {
  /** Class of its own, for tests and styles. */
  readonly name: string;
  /** Width in pixels, and size of the page's text as a multiple of 16 px. */
  readonly width: number;
  readonly em: number;
  readonly height: number;
  readonly lines: readonly Line[];
  /** Whether others are being computed. */
  readonly stale: boolean;
  readonly longest: number;
  /** Powers of ten between which values are drawn. */
  readonly domain: readonly [low: number, high: number];
  /** Whether 1 means something: a line there, and the zones above and below have names. */
  readonly reference: { readonly vanishing: string; readonly exploding: string } | null;
  readonly title: string;
  readonly formula: string;
  readonly lagAxis: string;
  readonly label: string;
  /** The lag that is pointed at. */
  readonly lag: number;
  readonly point: (lag: number) => void;
}

/** Space around the plotting area, at a text size of 16 px. */
const margin = { top: 30, bottom: 24, left: 44 };
const room = { wide: 124, narrow: 88 };
const narrowBelow = 520;

export const isNarrow = (width: number, em: number): boolean => width < narrowBelow * em;
const lineHeight = 16;
/** What the name of a line takes that leaves the drawing early. */
const inlineRoom = 110;

/** Where the plotting area stands, for what has to be in line with it. */
export function area({ width, em, height }: Pick<Chart, 'width' | 'em' | 'height'>): {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
} {
  return {
    left: margin.left * em,
    right: width - (isNarrow(width, em) ? room.narrow : room.wide) * em,
    top: margin.top * em,
    bottom: height - margin.bottom * em,
  };
}

/** The powers of ten that hold all values down to the smallest that is drawn; wider than needed rather than restless. */
export function domainOf(lines: readonly Line[], lowest: number): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of lines) {
    for (let i = 0; i < values.length; i++) {
      if (!(values[i] > 0 && values[i] < Infinity)) continue;
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
  }
  if (low > high) return [-4, 1];
  const least = Math.max(lowest, 2 * Math.floor(Math.log10(low) / 2));
  const most = Math.floor(Math.log10(high)) + 1;
  // (above and below 1 there has to be room for a name)
  return [Math.min(least, Math.floor(-most / 6)), Math.max(Math.ceil(-least / 6), most)];
}

export function chart(templates: Templates, view: Chart): TemplateResult {
  const { html, svg, nothing } = templates;
  const { width, height, em, lines, domain, reference, longest } = view;
  const { left, right, top, bottom } = area(view);
  const x = linearScale([0, Math.max(1, longest)], [left, right]);
  const y = logScale([10 ** domain[0], 10 ** domain[1]], [bottom, top]);
  const clip = `${view.name}-area`;
  const pointTo = (event: PointerEvent): void => {
    const { left: from, width: drawn } = (
      event.currentTarget as SVGElement
    ).getBoundingClientRect();
    // (a slide may be scaled)
    const at = ((event.clientX - from) / drawn) * width;
    const share = (at - left) / (right - left);
    view.point(Math.max(0, Math.min(longest, Math.round(share * longest))));
  };
  return html`<svg
    class=${`chart ${view.name}${view.stale ? ' stale' : ''}`}
    part="chart"
    viewBox=${`0 0 ${width} ${height}`}
    width=${width}
    height=${height}
    role="img"
    aria-label=${view.label}
    @pointermove=${pointTo}
    @pointerdown=${pointTo}
  >
    <clipPath id=${clip}>
      <rect
        x=${left - 2}
        y=${top - 2}
        width=${Math.max(0, right - left + 4)}
        height=${Math.max(0, bottom - top + 4)}
      ></rect>
    </clipPath>
    ${
      reference
        ? svg`<rect class="above" x=${left} y=${top} width=${right - left} height=${Math.max(0, y(1) - top)}></rect>`
        : nothing
    }
    ${valueAxis(templates, view, y)} ${lagAxis(templates, view, x)}
    ${
      reference
        ? svg`<line class="reference" x1=${left} x2=${right} y1=${y(1)} y2=${y(1)}></line>
            <text class="zone" x=${left + 8 * em} y=${top + 15 * em}>${reference.exploding}</text>
            <text class="zone" x=${left + 8 * em} y=${bottom - 8 * em}>${reference.vanishing}</text>`
        : nothing
    }
    <g clip-path=${`url(#${clip})`}>
      ${lines.map(({ cell, band }) =>
        band
          ? svg`<path class=${`band cell-${cell}`} d=${bandPath(points(band.upper, domain, x, y), points(band.lower, domain, x, y))}></path>`
          : nothing,
      )}
      ${lines.map(
        ({ cell, values, thin }) => svg`
          ${
            thin
              ? svg`<path class=${`thin cell-${cell}`} d=${linePath(points(thin.values, domain, x, y))}></path>`
              : nothing
          }
          <path class=${`line cell-${cell}`} d=${linePath(points(values, domain, x, y))}></path>`,
      )}
    </g>
    ${longest > 0 ? cursor(templates, view, x, y) : nothing} ${names(templates, view, x, y)}
  </svg>`;
}

function valueAxis({ svg }: Templates, view: Chart, y: Scale): unknown {
  const { em, domain, height } = view;
  const { left, right, top, bottom } = area(view);
  const ticks = decades(domain[0], domain[1], Math.max(2, Math.round(height / (46 * em))));
  return svg`
    <text class="title" x="0" y=${14 * em}>${view.title}<tspan class="formula" dx=${view.title ? 6 * em : 0}>${view.formula}</tspan></text>
    ${ticks.map(
      (exponent) => svg`
        <line class="tick" x1=${left} x2=${right} y1=${y(10 ** exponent)} y2=${y(10 ** exponent)}></line>
        <text class="tick-name" x=${left - 7 * em} y=${y(10 ** exponent) + 4.5 * em} text-anchor="end">${powerOfTen(exponent)}</text>`,
    )}
    <line class="axis" x1=${left} x2=${left} y1=${top} y2=${bottom}></line>`;
}

function lagAxis({ svg }: Templates, view: Chart, x: Scale): unknown {
  const { em, longest } = view;
  const { left, right, bottom } = area(view);
  const ticks = linearTicks(0, longest, Math.max(2, Math.round((right - left) / (64 * em))), 1);
  return svg`
    <line class="axis" x1=${left} x2=${right} y1=${bottom} y2=${bottom}></line>
    ${ticks.map(
      (lag) => svg`
        <line class="axis" x1=${x(lag)} x2=${x(lag)} y1=${bottom} y2=${bottom + 4}></line>
        <text class="tick-name" x=${x(lag)} y=${bottom + 18 * em} text-anchor="middle">${lag}</text>`,
    )}
    <text class="title" x=${right + 11 * em} y=${bottom + 18 * em}>${view.lagAxis}</text>`;
}

/** A line that falls below what is drawn goes on to the edge, and on under it. */
function points(
  values: Float64Array,
  [low]: readonly [number, number],
  x: Scale,
  y: Scale,
): Point[] {
  const floor = 10 ** low;
  return Array.from(values, (value, lag): Point => [
    x(lag),
    value < floor ? y(floor) + 6 : value === Infinity ? NaN : y(value),
  ]);
}

function cursor({ svg, nothing }: Templates, view: Chart, x: Scale, y: Scale): unknown {
  const { lag, lines, domain } = view;
  const { top, bottom } = area(view);
  return svg`<g class="pointed">
    <line class="cursor" x1=${x(lag)} x2=${x(lag)} y1=${top} y2=${bottom}></line>
    ${lines.map(({ cell, values }) => {
      const value = values[lag] ?? NaN;
      return value >= 10 ** domain[0] && value < Infinity
        ? svg`<circle class=${`dot cell-${cell}`} cx=${x(lag)} cy=${y(value)} r="4.5"></circle>`
        : nothing;
    })}
  </g>`;
}

/** Each line's name at its end, or where it leaves the drawing on the way there. */
function names({ svg, nothing }: Templates, view: Chart, x: Scale, y: Scale): unknown {
  const { lines, em, domain } = view;
  const { right, top, bottom } = area(view);
  const floor = 10 ** domain[0];
  const all = lines.flatMap(({ cell, name, values, thin }) =>
    [
      { look: `line-name cell-${cell}`, name, values },
      ...(thin?.name ? [{ look: `thin-name cell-${cell}`, ...thin }] : []),
    ].map((each) => {
      const below = each.values.findIndex((value) => value < floor);
      const out = x(below < 0 ? each.values.length - 1 : below);
      return { ...each, cell, out, left: below > 0 && out + inlineRoom * em < right };
    }),
  );
  const ends = all
    .filter(({ left }) => !left)
    .map((each) => ({ ...each, at: y(Math.max(each.values.at(-1) ?? 0, floor)) }));
  const places = keepApart(
    ends.map(({ at }) => at),
    lineHeight * em,
    // (the name of the axis stands below)
    [top + 4, bottom - 8 * em],
  );
  return [
    all
      .filter(({ left }) => left)
      .map(
        ({ look, name, out }) =>
          svg`<text class=${look} x=${out + 6 * em} y=${bottom - 8 * em}>${name}</text>`,
      ),
    ends.map(({ cell, look, name, out, at }, i) => {
      const far = Math.abs(places[i] - at) > 5 || out < right - 2;
      return svg`${
        far
          ? svg`<line class=${`leader cell-${cell}`} x1=${out + 3} y1=${at} x2=${right + 8 * em} y2=${places[i]}></line>`
          : nothing
      }
        <text class=${look} x=${right + 11 * em} y=${places[i] + 4.5 * em}>${name}</text>`;
    }),
  ];
}
