// Looking at single units of a state: by pointing, by touch, or with the arrow keys of a slider.

import { html, nothing, type TemplateResult } from 'lit';
import type { CellType } from '../../engine/index.js';
import { placeOf } from '../../ui/keys.js';
import { readingOf, type Inspected, type View } from './view.js';

export interface UnitSlider {
  readonly cell: CellType;
  readonly width: number;
  readonly height: number;
  /** The unit drawn at a point of the drawing, in its own pixels; null if there is none. */
  readonly find: (x: number, y: number) => Inspected | null;
  /** One or more SVG templates. */
  readonly drawing: unknown;
}

/** A drawing of states whose units can be read one by one. */
export function unitSlider(view: View, slider: UnitSlider): TemplateResult {
  const { cell, width, height, find, drawing } = slider;
  const { state, strings, inspected } = view;
  const units = readingOf(view, cell)?.model.cell.hiddenSize ?? 0;
  const point = (event: PointerEvent): void => {
    view.inspect(find(...pointIn(event, width)), event);
  };
  const clear = (): void => {
    view.inspect(null);
  };
  return html`<svg
    class="states"
    part="states"
    width=${width}
    height=${height}
    role="slider"
    tabindex="0"
    aria-label=${strings.stateOf(
      strings.cellName[cell],
      state.tokens[Math.max(0, state.step - 1)]?.text ?? '',
    )}
    aria-valuemin="1"
    aria-valuemax=${Math.max(1, units)}
    aria-valuenow=${(inspected?.cell === cell ? inspected.unit : 0) + 1}
    aria-valuetext=${unitText(view, cell) ?? nothing}
    @keydown=${(event: KeyboardEvent) => walk(event, view, cell, units)}
    @pointermove=${point}
    @pointerdown=${point}
    @pointerleave=${(event: PointerEvent) => {
      // a finger leaves at once; what it pointed at stays
      if (event.pointerType !== 'touch') clear();
    }}
    @blur=${clear}
  >
    ${drawing}
  </svg>`;
}

/** Where a drawing of `width` is pointed at, in its own pixels: the page may show it scaled. */
export function pointIn(event: PointerEvent, width: number): [x: number, y: number] {
  const box = (event.currentTarget as SVGElement).getBoundingClientRect();
  const scale = box.width / width;
  return [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
}

/** The unit of a word's state that is pointed at, or −1. */
export function markedUnit(view: View, cell: CellType, word: number): number {
  const { inspected } = view;
  return inspected?.cell === cell && inspected.word === word ? inspected.unit : -1;
}

/** “unit 12 of 64: −0.83” for the unit pointed at, or else the first one. */
export function unitText(view: View, cell: CellType): string | undefined {
  const now = view.state.step - 1;
  const reading = readingOf(view, cell);
  if (!reading || now < 0) return undefined;
  const { unit, word } = view.inspected?.cell === cell ? view.inspected : { unit: 0, word: now };
  if (word > now || unit >= reading.model.cell.hiddenSize) return undefined;
  return view.strings.unitValue(
    view.state.tokens[word].text,
    unit + 1,
    reading.model.cell.hiddenSize,
    view.numbers.value(reading.hidden(word)[unit]),
  );
}

/** Arrow keys, Home and End walk through the units of the present state. */
function walk(event: KeyboardEvent, view: View, cell: CellType, units: number): void {
  const now = view.state.step - 1;
  // the first unit is the one that was announced before any key
  const at = view.inspected?.cell === cell ? view.inspected.unit : 0;
  const to = now < 0 || units === 0 ? null : placeOf(event, at, units - 1, false, true);
  if (to !== null) view.inspect({ cell, word: now, unit: (to + units) % units }, event);
}
