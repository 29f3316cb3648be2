// The drawing: every node of a cell with its real vector, its operation, and the lines that the vectors run along.

import { nothing, svg, type SVGTemplateResult } from 'lit';
import type { Floats, StepPart } from '../../engine/index.js';
import type { CellNode } from '../../model/cell-graph.js';
import { nodeName, symbolOf, type Piece } from '../../model/step-text.js';
import { classes } from '../../ui/classes.js';
import { hasModifier } from '../../ui/keys.js';
import { unitAt, unitGrid, unitMark, unitSquares, type GridShape } from '../../ui/unit-grid.js';
import { nameHeight, radius, stripHeight, type Layout } from './layout.js';
import { hueOf, indexed, meanOf, type DiagramView } from './view.js';

/** Vectors of numbers between 0 and 1, drawn in the gate's hue. */
const isGate = (id: StepPart): boolean => hueOf(id) !== '';

/** About how wide a character of a name is; some are wider. */
const character = 5.8;
const widths: readonly (readonly [RegExp, number])[] = [
  [/[mwMW@…—]|[^\0-\u024f\u2018-\u201d\u2080-\u208b\u2212\u2032\u2299\u03c3]/gu, 1.1],
  [/[A-Z]/g, 0.4],
];
const widthOf = (text: string): number =>
  widths.reduce((sum, [wide, more]) => sum + (text.match(wide)?.length ?? 0) * more, text.length);

/** The whole drawing as an image that fills `layout`. */
export function drawing(view: DiagramView): SVGTemplateResult {
  const { layout, nodes } = view;
  const order = new Map(nodes.map(({ id }, i) => [id, i]));
  // what a skipped step leaves out is as pale as what is not computed yet
  const reached = (id: StepPart): boolean =>
    (order.get(id) ?? 0) < view.reached &&
    !(view.anatomy && order.has(id) && !view.anatomy.parts[id]);
  return svg`
    <g class="lines" aria-hidden="true">
      ${layout.lines.map(
        ({ d, from, highway }) =>
          svg`<path class=${classes({
            line: true,
            [hueOf(from)]: true,
            highway,
            ahead: !reached(from),
            missing: !order.has(from),
          })} data-stage=${nodes[order.get(from) ?? 0].stage} d=${d}></path>`,
      )}
      ${layout.dots.map(([x, y]) => svg`<circle class="dot" cx=${x} cy=${y} r="2.5"></circle>`)}
      ${layout.exits.map(
        ([x, y]) =>
          svg`<path class=${classes({ arrow: true, ahead: view.reached < nodes.length })} d=${arrow(layout, x, y)}></path>`,
      )}
    </g>
    ${missing(view)}
    ${nodes.map((node) => nodeDrawing(view, node, reached(node.id)))}
  `;
}

function arrow({ wide }: Layout, x: number, y: number): string {
  return wide ? `M${x - 6} ${y - 4}l6 4l-6 4` : `M${x - 4} ${y - 6}l4 6l4 -6`;
}

/** Where other cells have the state of the word before. */
function missing({ layout, strings }: DiagramView): SVGTemplateResult | typeof nothing {
  const place = layout.places.get('hPrevious');
  if (!place || !layout.end) return nothing;
  const [x, y] = layout.end;
  return svg`<g class="nothing" transform=${`translate(${place.x} ${place.y})`}>
    <rect class="bed" width=${layout.block} height=${stripHeight}></rect>
    <text class="name" y="-8">${strings.noState}</text>
    <path class="cross" d=${`M${x - place.x - 5} ${y - place.y - 5}l10 10m0 -10l-10 10`}></path>
  </g>`;
}

function nodeDrawing(view: DiagramView, node: CellNode, reached: boolean): SVGTemplateResult {
  const { layout, anatomy, chosen, strings, numbers, cell } = view;
  const { id } = node;
  const place = layout.places.get(id);
  if (!place) return svg``;
  const { block } = layout;
  const values = reached ? anatomy?.parts[id] : undefined;
  const held = view.held(id);
  const mean = values ? numbers.value(meanOf(values)) : '';
  const choose = (event: Event): void => {
    view.choose(id);
    const unit = event instanceof MouseEvent ? unitUnder(event, layout, values) : -1;
    if (unit >= 0 && id !== 'x') view.pick(unit);
  };
  return svg`<g
    class=${classes({
      node: true,
      [hueOf(id)]: true,
      chosen: id === chosen,
      held: held !== undefined,
      ahead: !reached,
    })}
    part=${id === chosen ? 'node node-chosen' : 'node'}
    data-node=${id}
    data-stage=${node.stage}
    role="button"
    tabindex=${id === chosen ? 0 : -1}
    aria-pressed=${id === chosen}
    aria-label=${strings.nodeLabel(nodeName(id, cell, strings), id === 'x' ? nameOf(view, id) : '', mean, held === undefined ? '' : numbers.plain(held))}
    @click=${choose}
    @keydown=${(event: KeyboardEvent) => {
      if (hasModifier(event) || (event.key !== 'Enter' && event.key !== ' ')) return;
      event.preventDefault();
      choose(event);
    }}
  >
    <rect class="hit" x=${place.x - 4} y=${place.y - nameHeight} width=${block + 8}
      height=${stripHeight + nameHeight + 16}></rect>
    <rect class="ring" x=${place.x - 3} y=${place.y - 3} width=${block + 6} height=${stripHeight + 6} rx="2"></rect>
    <text class="name" x=${place.x} y=${place.y - 8}>${label(view, id)}</text>
    <g transform=${`translate(${place.x} ${place.y})`}>
      ${values && values.length > 0 ? strip(values, id, block, id === 'x' ? -1 : view.unit) : nothing}
      <rect class="bed" width=${block} height=${stripHeight}></rect>
    </g>
    <text class="mean" x=${place.x + block} y=${place.y + stripHeight + 13}
      >${mean && block >= 124 ? strings.meanOf(mean) : mean}</text>
    ${place.operation ? operation(node, place.operation, held, view) : nothing}
  </g>`;
}

/** The unit of a strip that a pointer is on; −1 for none. The page may show the drawing at any scale. */
function unitUnder(
  { currentTarget, clientX, clientY }: MouseEvent,
  { block }: Layout,
  values: Floats | undefined,
): number {
  const box = (currentTarget as Element).querySelector('.bed')?.getBoundingClientRect();
  if (!box || !values || box.width === 0) return -1;
  const scale = box.width / block;
  const x = (clientX - box.left) / scale;
  const y = (clientY - box.top) / scale;
  return unitAt(x, y, values.length, shapeOf(values.length, block), block, stripHeight);
}

/** What of a symbol there is room for above its strip, and whether there is room for the name behind it. */
function fitted(view: DiagramView, id: StepPart): { shown: Piece[]; named: boolean } {
  let room = view.layout.block / character;
  const shown: Piece[] = [];
  for (const piece of indexed(symbolOf(id, view.weights))) {
    room -= widthOf(piece.text) + (piece.sub?.length ?? 0) * 0.8;
    shown.push(room < 0 ? { text: '…' } : piece);
    if (room < 0) break;
  }
  return { shown, named: isNamed(id) && widthOf(nameOf(view, id)) + 1 <= room };
}

/** The nodes whose symbols are letters without their names. */
export function unnamed(view: DiagramView): StepPart[] {
  return view.nodes
    .filter(({ id, operation }) => operation && isNamed(id) && !fitted(view, id).named)
    .map(({ id }) => id);
}

/** The input is called by its word. */
const nameOf = ({ cell, word, strings }: DiagramView, id: StepPart): string =>
  id === 'x' && word ? `“${word}”` : nodeName(id, cell, strings);

function label(view: DiagramView, id: StepPart): SVGTemplateResult {
  const { shown, named } = fitted(view, id);
  return svg`${shown.map(
    ({ text, part, sub }) =>
      svg`<tspan class=${part ? `symbol ${hueOf(part)}` : 'letter'}>${text}</tspan>${
        sub ? svg`<tspan class="sub" dy="3">${sub}</tspan><tspan dy="-3">\u200b</tspan>` : nothing
      }`,
  )}${named ? svg`<tspan dx="5">${nameOf(view, id)}</tspan>` : nothing}`;
}

/** Whether the symbol is a letter that stands for something; products speak for themselves. */
const isNamed = (id: StepPart): boolean =>
  !['kept', 'added', 'gated', 'recalled', 'opening', 'squashed', 'fromInput', 'fromState'].includes(
    id,
  );

function operation(
  { operation: sign }: CellNode,
  [x, y]: readonly [number, number],
  held: number | undefined,
  { numbers }: DiagramView,
): SVGTemplateResult {
  const text = held === undefined ? (sign ?? '') : numbers.plain(held);
  const width = text.length > 2 ? radius + 6 : radius;
  return svg`<g class="operation" aria-hidden="true">
    <rect x=${x - width} y=${y - radius} width=${2 * width} height=${2 * radius} rx=${radius}></rect>
    <text x=${x} y=${y}>${text}</text>
  </g>`;
}

function strip(values: Floats, id: StepPart, width: number, unit: number): SVGTemplateResult {
  const shape = shapeOf(values.length, width);
  const squares = isGate(id)
    ? unitSquares(values, shape, width, stripHeight, 'open')
    : unitGrid(values, shape, width, stripHeight);
  return svg`<g class=${isGate(id) ? 'units gate-units' : 'units'}>${squares}${unitMark(unit, shape, width, stripHeight)}</g>`;
}

/** Rows and columns of a strip, the squares as square as they can be without empty places. */
export function shapeOf(units: number, width: number): GridShape {
  const ideal = Math.sqrt((units * stripHeight) / width);
  let rows = Math.max(1, Math.round(ideal));
  for (const each of [rows, rows + 1, rows - 1]) {
    if (each > 0 && units % each === 0) {
      rows = each;
      break;
    }
  }
  return { columns: Math.ceil(units / rows), rows };
}
