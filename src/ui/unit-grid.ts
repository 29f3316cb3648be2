// Draws a vector of unit values as a small grid of coloured squares: one path for each of 13 shades.

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { Floats } from '../engine/index.js';

/** How the units of a vector are arranged. */
export interface GridShape {
  readonly columns: number;
  readonly rows: number;
}

const shades = 6;

/** The squarest arrangement with at least as many columns as rows and no more empty places than needed. */
export function squareShape(units: number): GridShape {
  const columns = Math.ceil(Math.sqrt(units));
  for (let c = columns; c <= columns * 2; c++) {
    if (units % c === 0) return { columns: c, rows: units / c };
  }
  return { columns, rows: Math.ceil(units / columns) };
}

/** A flat arrangement for a strip, at most `rows` high. */
export function stripShape(units: number, rows: number): GridShape {
  return { columns: Math.ceil(units / rows), rows: Math.min(rows, units) };
}

/** The squares of `values` (−1 … 1), filling `width` × `height` from the origin. */
export function unitGrid(
  values: Floats,
  shape: GridShape,
  width: number,
  height: number,
): SVGTemplateResult {
  return svg`<rect class="v0" width=${width} height=${height}></rect>${unitSquares(values, shape, width, height, 'v')}`;
}

/** The squares alone, with class `PREFIX1` to `PREFIX6` (or −1 to −6) by value; values near 0 are left out. */
export function unitSquares(
  values: Floats,
  shape: GridShape,
  width: number,
  height: number,
  prefix: string,
): SVGTemplateResult {
  const w = width / shape.columns;
  const h = height / shape.rows;
  const paths = new Map<number, string>();
  values.forEach((value, unit) => {
    const shade = Math.max(-shades, Math.min(shades, Math.round(value * shades)));
    if (shade === 0) return;
    const x = (unit % shape.columns) * w;
    const y = Math.floor(unit / shape.columns) * h;
    const square = `M${round(x)} ${round(y)}h${round(w)}v${round(h)}h${round(-w)}z`;
    paths.set(shade, (paths.get(shade) ?? '') + square);
  });
  return svg`${[...paths].map(([shade, d]) => svg`<path class="${prefix}${shade}" d=${d}></path>`)}`;
}

/** Which unit stands at a point of the grid; -1 for none. */
export function unitAt(
  x: number,
  y: number,
  units: number,
  shape: GridShape,
  width: number,
  height: number,
): number {
  const column = Math.floor((x / width) * shape.columns);
  const row = Math.floor((y / height) * shape.rows);
  if (column < 0 || row < 0 || column >= shape.columns || row >= shape.rows) return -1;
  const unit = row * shape.columns + column;
  return unit < units ? unit : -1;
}

/** Outline of one unit, to mark it. */
export function unitMark(
  unit: number,
  shape: GridShape,
  width: number,
  height: number,
): SVGTemplateResult | typeof nothing {
  if (unit < 0 || unit >= shape.columns * shape.rows) return nothing;
  const w = width / shape.columns;
  const h = height / shape.rows;
  return svg`<rect class="unit-mark" x=${round((unit % shape.columns) * w)}
    y=${round(Math.floor(unit / shape.columns) * h)} width=${round(w)} height=${round(h)}></rect>`;
}

/** Some shades from one end of a scale to the other, for legends. */
export function swatch(prefix: string, shades: readonly number[]): TemplateResult {
  return html`<svg class="gate-units" width=${shades.length * 8} height="10" aria-hidden="true">
    ${shades.map((shade, i) => svg`<rect class="${prefix}${shade}" x=${i * 8} width="8" height="10"></rect>`)}
  </svg>`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
