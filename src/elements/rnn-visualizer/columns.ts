// The wide layout: words are columns, and each cell has a lane of states with the memory of every word below.

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { cells, type CellType, type GateName } from '../../engine/index.js';
import type { Reading, SessionState } from '../../model/index.js';
import { classes } from '../../ui/classes.js';
import { squareShape, swatch, unitAt, unitGrid, unitMark } from '../../ui/unit-grid.js';
import { gateRows, gateUnits, passing } from './gates.js';
import { barButton, eachWord, imprintAt, memoryBar, nextWords, wordButton } from './parts.js';
import { markedUnit, unitSlider, unitText } from './units.js';
import {
  expectsWords,
  isRelu,
  laneNote,
  memoryOf,
  phase,
  readingOf,
  visibleWords,
  type View,
} from './view.js';

/** Room for the labels at the start of the lanes, and for the expected words at their end. */
const labelWidth = 108;
const nextWidth = 216;
/** From this width on the expected words stand beside the lanes, else below them. */
const besideFrom = 880;
const narrowest = 44;
const widest = 76;
const barLength = 58;
const unitsHeight = 12;
const highwayHeight = 26;
const gateHeight = 26;

/** Whether there is anything to expect next, and room for it beside the lanes. */
export function predictsBeside(width: number, state: SessionState): boolean {
  return width >= besideFrom && expectsWords(state);
}

/** The narrowest column in which every word can be read at full size; `em` is the text size over 16 px. */
function readableColumn(words: readonly { text: string }[], em: number): number {
  const longest = words.reduce((most, { text }) => Math.max(most, text.length), 1);
  return Math.max(narrowest, Math.min(96, longest * 7.6 + 8) * em);
}

/** Width of one column if all words fit beside the labels, or null if they do not. */
export function fittingColumn(width: number, state: SessionState, em: number): number | null {
  const { tokens: words } = state;
  const room = width - labelWidth - (predictsBeside(width, state) ? nextWidth : 0);
  const column = Math.floor(room / Math.max(1, words.length));
  const readable = readableColumn(words, em);
  const needed = Math.max(narrowest, readable * smallestType);
  return column >= needed ? Math.min(column, Math.max(widest, Math.ceil(readable))) : null;
}

/** How much smaller than the page's text the words are set, so that the longest fits its column. */
export function typeScale(column: number, words: readonly { text: string }[], em: number): number {
  return Math.max(smallestType, Math.min(1, column / readableColumn(words, em)));
}

const smallestType = 0.76;

/** Width of a column where the sentence scrolls. */
export const scrollingColumn = 64;

/** Number of grid rows that lanes need, with the one of the words. */
export function rowCount(shown: readonly CellType[], gates: boolean): number {
  return shown.reduce(
    (sum, cell) =>
      sum + 3 + (cells[cell].hasCellState ? 1 : 0) + (gates ? gateRows(cell).length : 0),
    1,
  );
}

export function columns(view: View, column: number, gates: boolean): TemplateResult {
  const { state, strings, width, rtl } = view;
  const beside = predictsBeside(width, state);
  const pinned = view.followedOutOfSight;
  return html`<div class="columns">
    <div class="labels">
      <div class="label reads">${strings.reads}</div>
      ${state.cells.map((cell) => laneLabels(view, cell, gates))}
    </div>
    <div class="scroller" dir=${rtl ? 'rtl' : 'ltr'} @scroll=${view.scrolled}>
      <div class="words" role="group" aria-label=${strings.yourText}>
        ${pinned ? html`<div class="pin">${wordButton(view, state.follow)}</div>` : nothing}
        ${eachWord(view, (i) => wordButton(view, i))}
      </div>
      ${state.cells.map((cell) => lane(view, cell, column, gates, pinned))}
    </div>
    ${
      beside
        ? html`<div class="nexts beside">
            <div class="label reads">${strings.thinksNext}</div>
            ${state.cells.map(
              (cell) =>
                html`<div class="lane-next span-${rowCount([cell], gates) - 1}">
                  ${nextWords(view, cell)}
                </div>`,
            )}
          </div>`
        : nothing
    }
  </div>`;
}

function each<T>(view: View, draw: (word: number) => T): T[] {
  return visibleWords(view).map(draw);
}

function laneLabels(view: View, cell: CellType, gates: boolean): TemplateResult {
  const { strings, inspected } = view;
  const pointed = inspected?.cell === cell ? unitText(view, cell) : undefined;
  return html`<div class="lane-name">${strings.cellName[cell]}</div>
    ${cells[cell].hasCellState ? html`<div class="label">${strings.cellState}</div>` : nothing}
    <div class=${classes({ label: true, pointed: pointed !== undefined })}>
      ${pointed ?? strings.hiddenState}
    </div>
    ${gates ? gateRows(cell).map((gate) => gateLabel(view, cell, gate)) : nothing}
    <div class="label">${strings.memoryOfEach[view.state.mode]}</div>`;
}

function gateLabel(view: View, cell: CellType, gate: GateName): TemplateResult {
  const reading = readingOf(view, cell);
  const now = view.state.step - 1;
  return html`<div class="label gate-${gate}" title=${view.strings.gateHint[gate] ?? nothing}>
    ${view.strings.gateName[gate]}
    <span class="amount"
      >${reading && now >= 0 ? view.numbers.value(reading.gateMean(gate, now)) : ''}</span
    >
  </div>`;
}

function lane(
  view: View,
  cell: CellType,
  column: number,
  gates: boolean,
  pinned: boolean,
): TemplateResult {
  const reading = readingOf(view, cell);
  const geometry = new Geometry(view, column, reading?.model.cell.hiddenSize ?? 64);
  return html`<div class="lane-note quiet">
      <span class="stays">${reading ? laneNote(view, reading) : nothing}</span>
    </div>
    ${cells[cell].hasCellState ? highway(view, geometry, reading) : nothing}
    ${states(view, cell, geometry, reading)}
    ${gates ? gateRows(cell).map((gate) => gateStrip(view, geometry, gate, reading)) : nothing}
    <div
      class="bars"
      role="group"
      aria-label=${view.strings.memoryIn[view.state.mode](view.strings.cellName[cell])}
    >
      ${pinned ? html`<div class="pin">${uprightBar(view, cell, view.state.follow, column)}</div>` : nothing}
      ${eachWord(view, (i) => uprightBar(view, cell, i, column))}
    </div>`;
}

/** Where things stand in a lane's drawings. */
class Geometry {
  readonly size: number;
  readonly shape;
  readonly total: number;

  constructor(
    private readonly view: View,
    readonly column: number,
    units: number,
  ) {
    this.shape = squareShape(units);
    this.size = Math.min(46, column - 16);
    this.total = (view.to - view.from) * column;
  }

  /** Height of a state's grid: its squares are square, and few units make no tower. */
  get height(): number {
    return Math.max(16, Math.round((this.size * this.shape.rows) / this.shape.columns));
  }

  /** Middle of a word's column. */
  x(word: number): number {
    const x = (word - this.view.from + 0.5) * this.column;
    return this.view.rtl ? this.total - x : x;
  }

  /** +1 where the sequence runs to the right, −1 where it runs to the left. */
  get forward(): number {
    return this.view.rtl ? -1 : 1;
  }
}

/** The hidden state after every word, and the hand-over between them. */
function states(
  view: View,
  cell: CellType,
  geometry: Geometry,
  reading: Reading | undefined,
): TemplateResult {
  const { size, height, shape, total, column, forward } = geometry;
  const y = 4;
  const now = view.state.step - 1;
  const units = reading?.model.cell.hiddenSize ?? 0;
  const handsOn = cells[cell].recurrent;
  const draw = (word: number): SVGTemplateResult => {
    const x = geometry.x(word) - size / 2;
    const done = reading !== undefined && word <= now;
    const arrow =
      handsOn && word > 0
        ? svg`<path class=${word <= now ? 'hand-over' : 'hand-over waiting'}
            d=${arrowPath(geometry.x(word) - forward * (column - size / 2 - 2), geometry.x(word) - forward * (size / 2 + 3), y + height / 2, forward)}></path>`
        : nothing;
    const marked = markedUnit(view, cell, word);
    return svg`${arrow}<g class=${`state ${phase(view, word)}`} transform=${`translate(${x} ${y})`}>
      <g class="travels">
        ${done ? unitGrid(reading.hidden(word), shape, size, height) : nothing}
        ${done ? unitMark(marked, shape, size, height) : nothing}
        <rect class="frame" x="-0.5" y="-0.5" width=${size + 1} height=${height + 1} rx="2"></rect>
      </g>
    </g>`;
  };
  return unitSlider(view, {
    cell,
    width: total,
    height: height + y * 2,
    find(px, py) {
      const word = Math.floor((view.rtl ? total - px : px) / column) + view.from;
      const unit = unitAt(px - geometry.x(word) + size / 2, py - y, units, shape, size, height);
      return word <= now && unit >= 0 ? { cell, word, unit } : null;
    },
    drawing: each(view, draw),
  });
}

function arrowPath(from: number, to: number, y: number, forward: number): string {
  return `M${from} ${y}H${to}m${-3 * forward} -3l${3 * forward} 3l${-3 * forward} 3`;
}

/** The LSTM's cell state: as thick as the mean forget gate lets it through, with what the input gate adds. */
function highway(view: View, geometry: Geometry, reading: Reading | undefined): TemplateResult {
  const { total, column, forward } = geometry;
  const y = highwayHeight / 2;
  const now = view.state.step - 1;
  const span = (word: number): string => {
    const x = geometry.x(word);
    return `M${x - (word === 0 ? 0 : forward * column)} ${y}H${x}`;
  };
  const flow = (word: number): SVGTemplateResult => {
    if (!reading || word > now) return svg`<path class="bed" d=${span(word)}></path>`;
    return svg`<path class="flow" stroke-width=${(1 + 11 * passing(reading, word)).toFixed(1)} d=${span(word)}></path>`;
  };
  const joint = (word: number): SVGTemplateResult | typeof nothing => {
    if (!reading || word > now || reading.skipped(word)) return nothing;
    const x = geometry.x(word);
    const forget = reading.gateMean('forget', word);
    const input = reading.gateMean('input', word);
    return svg`<g class="joint">
      <title>${view.strings.highwayOf(view.numbers.value(forget), view.numbers.value(input))}</title>
      <path class="join" stroke-width=${(0.5 + 7 * input).toFixed(1)} d=${`M${x} ${highwayHeight}V${y}`}></path>
      <circle cx=${x} cy=${y} r="5"></circle>
      <path class="plus" d=${`M${x - 2.5} ${y}h5M${x} ${y - 2.5}v5`}></path>
    </g>`;
  };
  // joints stand on top of the flow of both their neighbours
  return html`<svg
    class="highway"
    part="highway"
    width=${total}
    height=${highwayHeight}
    aria-hidden="true"
  >
    ${each(view, flow)} ${each(view, joint)}
  </svg>`;
}

/** One gate at every step: all its units, and their mean as a bar from 0 to 1 below them. */
function gateStrip(
  view: View,
  geometry: Geometry,
  gate: GateName,
  reading: Reading | undefined,
): TemplateResult {
  const { total, size } = geometry;
  const now = view.state.step - 1;
  const draw = (word: number): SVGTemplateResult => {
    const x = geometry.x(word) - size / 2;
    const done = reading !== undefined && word <= now;
    const mean =
      done && gate !== 'candidate' && !reading.skipped(word) ? reading.gateMean(gate, word) : null;
    return svg`<g class=${phase(view, word)} transform=${`translate(${x} 3)`}>
      <rect class="bed" width=${size} height=${unitsHeight} rx="1"></rect>
      ${done ? gateUnits(gate, reading.gate(gate, word), 4, size, unitsHeight, markedUnit(view, reading.model.cell.cell, word)) : nothing}
      ${
        mean === null
          ? nothing
          : svg`<rect class="bed" y="16" width=${size} height="4"></rect>
            <rect class="fill" y="16" width=${size * mean} height="4"></rect>`
      }
    </g>`;
  };
  return html`<svg
    class="gate-strip gate-units gate-${gate}"
    width=${total}
    height=${gateHeight}
    aria-hidden="true"
  >
    ${each(view, draw)}
  </svg>`;
}

/** What the drawing's colours and widths mean, in one line. */
export function legend(view: View, asRows: boolean): TemplateResult {
  const { strings, state } = view;
  const highways = state.cells.some((cell) => cells[cell].hasCellState);
  const unbounded = [...state.readings.values()].some(({ model }) => isRelu(model.cell));
  return html`<p class="legend">
    <span
      >${swatch('v', [-6, -4, -2, 0, 2, 4, 6])}${unbounded ? strings.legend.unboundedUnits : strings.legend.units}</span
    >
    <span
      ><svg width="18" height="10" aria-hidden="true">
        <path class="imprint" d=${asRows ? 'M9 0V10' : 'M0 5H18'}></path></svg
      >${strings.legend.imprint}</span
    >
    ${
      highways
        ? html`<span
              ><svg width="18" height="10" aria-hidden="true">
                <path class="flow" stroke-width="7" d="M0 5H18"></path></svg
              >${strings.legend.flow}</span
            >${
              asRows
                ? nothing
                : html`<span
                    ><svg width="6" height="10" aria-hidden="true">
                      <path class="join" stroke-width="5" d="M3 0V10"></path></svg
                    >${strings.legend.join}</span
                  >`
            }`
        : nothing
    }
  </p>`;
}

function uprightBar(view: View, cell: CellType, word: number, column: number): TemplateResult {
  const memory = memoryOf(view, cell, word);
  const thickness = Math.min(26, column - 22);
  return barButton(
    view,
    cell,
    word,
    memory,
    html`<svg width=${thickness} height=${barLength} aria-hidden="true">
      <path class="imprint" d=${`M-4 ${barLength - imprintAt(barLength)}h${thickness + 8}`}></path>
      ${memoryBar(memory, barLength, thickness, true)}
    </svg>`,
  );
}
