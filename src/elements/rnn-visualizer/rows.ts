// The narrow layout: the sequence reads downwards, a row for each word with its state and its memory.

import { html, nothing, svg, type TemplateResult } from 'lit';
import { cells, type CellType } from '../../engine/index.js';
import type { Reading } from '../../model/index.js';
import { classes } from '../../ui/classes.js';
import { squareShape, stripShape, unitAt, unitGrid, unitMark } from '../../ui/unit-grid.js';
import { gateRows, gateUnits, passing } from './gates.js';
import { barButton, eachWord, imprintAt, memoryBar, nextWords, wordButton } from './parts.js';
import { markedUnit, pointIn, unitSlider, unitText } from './units.js';
import { expectsWords, laneNote, memoryOf, phase, readingOf, type View } from './view.js';

/** Height of one row in CSS pixels. */
export const rowHeight = 34;
/** Longer sentences scroll inside the element. */
export const rowsAtMost = 14;
/** From this width on every row shows the state, also side by side. */
const stripsFrom = 620;

/** Widths of a row's parts in an element of `width`, for so many cells side by side. */
export function rowMeasures(
  width: number,
  lanes: number,
  tokens: readonly { text: string }[],
  em: number,
): RowMeasures {
  const word = wordColumn(width * (lanes <= 1 ? 0.48 : 0.34), tokens, em);
  const room = (width - word - scrollbarRoom) / Math.max(1, lanes) - gap;
  const strip = lanes <= 1 ? Math.round(Math.min(260, room * 0.4)) : width >= stripsFrom ? 72 : 0;
  // where a lane is narrow, the followed word's number stands below its bar instead of beside it
  const stacked = room - strip < 110;
  const bar = room - strip - (strip ? gap : 0) - (stacked ? 4 : 54);
  return { word, strip, stacked, bar: Math.max(20, Math.round(Math.min(320, bar))) };
}

/** Wide enough for the longest word, within reason. */
function wordColumn(room: number, tokens: readonly { text: string }[], em: number): number {
  const longest = tokens.reduce((most, { text }) => Math.max(most, text.length), 1);
  return Math.round(Math.max(64, Math.min(longest * 9 * em + 16, room, 160 * em)));
}

const gap = 14;
const scrollbarRoom = 12;

export interface RowMeasures {
  readonly word: number;
  readonly bar: number;
  readonly strip: number;
  readonly stacked: boolean;
}

export function rows(view: View): TemplateResult {
  const { state, strings } = view;
  const size = rowMeasures(view.width, state.cells.length, state.tokens, view.em);
  return html`<div class=${classes({ rows: true, stacked: size.stacked })}>
    <div class="row head">
      <div class="label">${strings.reads}</div>
      ${state.cells.map(
        (cell) =>
          html`<div class="lane-head">
            <div class="lane-name">${strings.cellName[cell]}</div>
            <div class="label">
              ${
                size.strip ? html`<span class="strip-label">${strings.hiddenState}</span>` : nothing
              }<span>${strings.memory}</span>
            </div>
          </div>`,
      )}
    </div>
    <div class="rows-scroll" @scroll=${view.scrolled}>
      ${
        view.followedOutOfSight
          ? html`<div class="pinned">${row(view, state.follow, size, true)}</div>`
          : nothing
      }
      <div class="track">
        <div class="visible">${eachWord(view, (word) => row(view, word, size, false))}</div>
      </div>
    </div>
  </div>`;
}

function row(view: View, word: number, size: RowMeasures, pinned: boolean): TemplateResult {
  const when = phase(view, word);
  return html`<div
    class=${classes({ row: true, [when]: true, followed: word === view.state.follow })}
  >
    <div class="cell-word" dir=${view.rtl ? 'rtl' : 'ltr'}>${wordButton(view, word)}</div>
    ${view.state.cells.map((cell) => {
      const memory = memoryOf(view, cell, word);
      return html`<div class="lane-cell">
        ${size.strip ? strip(view, cell, word, size.strip, pinned) : nothing}
        ${barButton(
          view,
          cell,
          word,
          memory,
          html`<svg width=${size.bar} height="12" aria-hidden="true">
            <path class="bed" d=${`M0 11.5H${size.bar}`}></path>
            <path class="imprint" d=${`M${imprintAt(size.bar)} 0V12`}></path>
            ${memoryBar(memory, size.bar, 12, false)}
          </svg>`,
        )}
      </div>`;
    })}
  </div>`;
}

/** The hidden state after a word as a flat strip; the thread above it is the hand-over. */
function strip(
  view: View,
  cell: CellType,
  word: number,
  width: number,
  pinned: boolean,
): TemplateResult {
  const reading = readingOf(view, cell);
  const done = reading !== undefined && word <= view.state.step - 1;
  const units = reading?.model.cell.hiddenSize ?? 64;
  const shape = stripShape(units, width < 120 ? 4 : 2);
  const height = 16;
  const top = rowHeight - height - 4;
  const handsOn = cells[cell].recurrent && word > 0 && !pinned;
  const marked = markedUnit(view, cell, word);
  // the LSTM's cell state passes as thick as the forget gate lets it through
  const highway =
    handsOn && done && cells[cell].hasCellState
      ? svg`<path class="flow" stroke-width=${(1 + 9 * passing(reading, word)).toFixed(1)}
          d=${`M${width / 2 - 14} -2V${top}`}></path>`
      : nothing;
  const point = (event: PointerEvent): void => {
    const [x, y] = pointIn(event, width);
    const unit = unitAt(x, y - top, units, shape, width, height);
    view.inspect(done && unit >= 0 ? { cell, word, unit } : null, event);
  };
  return html`<svg
    class=${`strip ${phase(view, word)}`}
    width=${width}
    height=${rowHeight}
    aria-hidden="true"
    @pointermove=${point}
    @pointerdown=${point}
    @pointerleave=${(event: PointerEvent) => {
      // a finger leaves at once; what it pointed at stays
      if (event.pointerType !== 'touch') view.inspect(null);
    }}
  >
    ${highway}
    ${
      handsOn
        ? svg`<path class=${done ? 'hand-over' : 'hand-over waiting'}
          d=${`M${width / 2} -4V${top - 4}m-3 -3l3 3l3 -3`}></path>`
        : nothing
    }
    <g class="state ${phase(view, word)}" transform=${`translate(0 ${top})`}>
      <g class="travels">
        ${done ? unitGrid(reading.hidden(word), shape, width, height) : nothing}
        ${done ? unitMark(marked, shape, width, height) : nothing}
        <rect class="frame" x="0.5" y="0.5" width=${width - 1} height=${height - 1} rx="2"></rect>
      </g>
    </g>
  </svg>`;
}

/** Below the rows (and below lanes that leave no room beside them): the present state and the expected words. */
export function nextPanel(view: View, withState: boolean, gates: boolean): TemplateResult {
  const { state, strings } = view;
  const predicts = expectsWords(state);
  return html`<div class=${classes({ nexts: true, below: true, single: state.cells.length === 1 })}>
    ${state.cells.map((cell) => {
      const reading = readingOf(view, cell);
      return html`<section>
        ${
          state.cells.length > 1 || predicts
            ? html`<p class="next-head">
                ${
                  state.cells.length > 1
                    ? html`<span class="lane-name">${strings.cellName[cell]}</span>`
                    : nothing
                }
                ${predicts ? html`<span class="label">${strings.thinksNext}</span>` : nothing}
              </p>`
            : nothing
        }
        <div class="now-and-next">
          ${withState ? presentState(view, cell) : nothing}
          ${predicts ? nextWords(view, cell) : nothing}
        </div>
        ${gates ? presentGates(view, cell, reading) : nothing}
        ${
          withState
            ? html`<p class="lane-note quiet">${reading ? laneNote(view, reading) : '\u00a0'}</p>`
            : nothing
        }
      </section>`;
    })}
  </div>`;
}

/** Every unit of every gate while the present word was read, and the means. */
function presentGates(
  view: View,
  cell: CellType,
  reading: Reading | undefined,
): TemplateResult | typeof nothing {
  const now = view.state.step - 1;
  const done = now < 0 ? undefined : reading;
  if (gateRows(cell).length === 0) return nothing;
  return html`<div class="gate-now">
    ${gateRows(cell).map((gate) => {
      return html`<span title=${view.strings.gateHint[gate] ?? nothing}
          >${view.strings.gateName[gate]}</span
        >
        <svg
          class="gate-units gate-${gate}"
          width="100%"
          height="14"
          viewBox="0 0 100 14"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <rect class="bed" width="100" height="14"></rect>
          ${done ? gateUnits(gate, done.gate(gate, now), 2, 100, 14, markedUnit(view, cell, now)) : nothing}
        </svg>
        <span class="amount">${done ? view.numbers.value(done.gateMean(gate, now)) : ''}</span>`;
    })}
  </div>`;
}

/** The hidden state at the present step, large enough to point at with a finger. */
function presentState(view: View, cell: CellType): TemplateResult {
  const reading = readingOf(view, cell);
  const now = view.state.step - 1;
  const units = reading?.model.cell.hiddenSize ?? 64;
  const shape = squareShape(units);
  const size = 72;
  const height = Math.round((size * shape.rows) / shape.columns);
  const marked = markedUnit(view, cell, now);
  return html`<div class="present">
    ${unitSlider(view, {
      cell,
      width: size,
      height,
      find(x, y) {
        const unit = unitAt(x, y, units, shape, size, height);
        return now >= 0 && unit >= 0 ? { cell, word: now, unit } : null;
      },
      drawing: svg`<g class=${now >= 0 ? 'state now' : 'state future'}>
        ${reading && now >= 0 ? unitGrid(reading.hidden(now), shape, size, height) : nothing}
        ${unitMark(marked, shape, size, height)}
        <rect class="frame" x="0.5" y="0.5" width=${size - 1} height=${height - 1} rx="2"></rect>
      </g>`,
    })}
    <span class="label"
      >${view.inspected?.cell === cell ? unitText(view, cell) : view.strings.hiddenState}</span
    >
  </div>`;
}
