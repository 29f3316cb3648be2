// Where everything of a cell's drawing stands: strips, operations and the lines between them; wide, or turned by 90°.

import type { CellType, StepPart } from '../../engine/index.js';

type Point = readonly [x: number, y: number];

export interface Place {
  /** Left and top edge of the strip. */
  readonly x: number;
  readonly y: number;
  /** Centre of the operation that makes it; undefined for what is given. */
  readonly operation: Point | undefined;
}

export interface Line {
  readonly d: string;
  /** The node whose vector runs along it. */
  readonly from: StepPart;
  /** Whether it is part of the way straight through, on which a state can pass unchanged. */
  readonly highway: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Width of a strip. */
  readonly block: number;
  readonly places: ReadonlyMap<StepPart, Place>;
  readonly lines: readonly Line[];
  /** Where lines join; they cross without a dot. */
  readonly dots: readonly Point[];
  /** Where the state leaves for the next step. */
  readonly exits: readonly Point[];
  /** Where the way ends that the state would take in other cells; null if it is taken. */
  readonly end: Point | null;
  /** Whether it leaves at the right edge, not at the bottom. */
  readonly wide: boolean;
}

export const stripHeight = 28;
/** Room above a strip for its name. */
export const nameHeight = 20;
export const radius = 10;
const half = stripHeight / 2;

/** From this width on there is room for six strips side by side. */
const wideFrom = 600;

/**
 * The drawing of a cell in `width` units of a pixel at a text size of 16 px.
 */
export function layoutOf(cell: CellType, width: number): Layout {
  const wide = width >= wideFrom;
  switch (cell) {
    case 'lstm':
      return wide ? wideLstm(width) : narrowLstm(width);
    case 'gru':
      return wide ? wideGru(width) : narrowGru(width);
    default:
      return wide ? wideSimple(width, cell) : narrowSimple(width, cell);
  }
}

class Sketch implements Layout {
  readonly places = new Map<StepPart, Place>();
  readonly lines: Line[] = [];
  readonly dots: Point[] = [];
  readonly exits: Point[] = [];
  end: Point | null = null;

  constructor(
    readonly width: number,
    readonly height: number,
    readonly block: number,
    readonly wide: boolean,
  ) {}

  /** A strip centred at x, its top at y, and the line from its operation. */
  put(id: StepPart, x: number, y: number, operation?: Point, highway = false): void {
    const { block } = this;
    this.places.set(id, { x: x - block / 2, y, operation });
    if (!operation) return;
    const [a, b] = operation;
    let points: [Point, Point];
    if (Math.abs(a - x) < 1) {
      const above = b < y;
      const end = above ? y - nameHeight : y + stripHeight;
      points = [
        [a, b + (above ? radius : -radius)],
        [a, end],
      ];
    } else {
      const side = a < x ? 1 : -1;
      points = [
        [a + side * radius, b],
        [x - (side * block) / 2, b],
      ];
    }
    this.lines.push({ d: rounded(points), from: id, highway });
  }

  line(from: StepPart, ...points: Point[]): void {
    this.lines.push({ d: rounded(points), from, highway: false });
  }

  highway(from: StepPart, ...points: Point[]): void {
    this.lines.push({ d: rounded(points), from, highway: true });
  }

  /** The end of a line along which the state leaves the picture. */
  exit(...end: Point): Point {
    this.exits.push(end);
    return end;
  }
}

/** A path along right angles with rounded corners. */
function rounded(points: readonly Point[]): string {
  return points
    .map(([x, y], i) => {
      const before = points[i - 1] as Point | undefined;
      const after = points[i + 1] as Point | undefined;
      if (!before || !after) return `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`;
      const toward = ([a, b]: Point): string => {
        const length = Math.hypot(a - x, b - y) || 1;
        const reach = Math.min(6, length / 2) / length;
        return `${px(x + (a - x) * reach)} ${px(y + (b - y) * reach)}`;
      };
      return `L${toward(before)}Q${px(x)} ${px(y)} ${toward(after)}`;
    })
    .join('');
}

const px = (value: number): number => Math.round(value * 10) / 10;

/** Centres of columns between two edges, and the width of a strip. */
function columns(count: number, from: number, to: number, most = 150): [number[], number] {
  const room = to - from;
  const gap = Math.min(44, Math.max(18, room * 0.045));
  const block = Math.min(most, (room - gap * (count - 1)) / count);
  const pitch = (room - block) / (count - 1);
  return [Array.from({ length: count }, (_, i) => from + block / 2 + i * pitch), block];
}

/** Room for the arrows that leave at the right, and for lines at the edges of a narrow drawing. */
const leaving = 18;
const lane = 5;

/** A gate: its operation below (wide) or above (narrow) the strip, and what it takes along two lines. */
function gate(
  s: Sketch,
  id: StepPart,
  x: number,
  y: number,
  ...lines: [StepPart, ...Point[]][]
): void {
  const operation = s.wide ? y + stripHeight + 24 : y - 36;
  const rim = operation + (s.wide ? radius : -radius);
  for (const [from, ...points] of lines) s.line(from, ...points, [x, rim]);
  s.put(id, x, y, [x, operation]);
}

function wideLstm(width: number): Layout {
  const [[c0, c1, c2, c3, c4, c5], block] = columns(6, 0, width - leaving);
  const s = new Sketch(width, 426, block, true);
  const side = block / 2;
  const [highway, product, out, gates, h, x] = [38, 150, 182, 230, 334, 394];
  const join = (c2 + c3) / 2;
  const end = width - 2;
  s.put('hPrevious', c0, h - half);
  s.put('x', c0, x - half);
  s.put('cPrevious', c0, highway - half);
  const ids = ['forget', 'input', 'candidate', 'output'] as const;
  [c1, c2, c3, c4].forEach((column, i) => {
    gate(
      s,
      ids[i],
      column,
      gates,
      ['x', [c0 + side, x], [column, x]],
      ['hPrevious', [c0 + side, h], [column, h]],
    );
    s.dots.push([column, h]);
    if (column !== c4) s.dots.push([column, x]);
  });
  s.highway('cPrevious', [c0 + side, highway], [c1 - radius, highway]);
  s.line('forget', [c1, gates - nameHeight], [c1, highway + radius]);
  s.put('kept', (c1 + join) / 2, highway - half, [c1, highway], true);
  s.highway('kept', [(c1 + join) / 2 + side, highway], [join - radius, highway]);
  s.line('input', [c2, gates - nameHeight], [c2, product], [join - radius, product]);
  s.line('candidate', [c3, gates - nameHeight], [c3, product], [join + radius, product]);
  s.put('added', join, 92, [join, product]);
  s.line('added', [join, 92 - nameHeight], [join, highway + radius]);
  s.put('c', (join + c4) / 2, highway - half, [join, highway], true);
  s.highway('c', [(join + c4) / 2 + side, highway], s.exit(end, highway));
  s.line('c', [c4, highway], [c4, 76 - radius]);
  s.dots.push([c4, highway]);
  s.put('squashed', c4, 118, [c4, 76]);
  s.line('squashed', [c4, 118 + stripHeight], [c4, out - radius]);
  s.line('output', [c4, gates - nameHeight], [c4, out + radius]);
  s.put('h', c5, out - half, [c4, out]);
  s.line('h', [c5 + side, out], s.exit(end, out));
  return s;
}

function wideGru(width: number): Layout {
  const [[c0, c1, c2, c3, c4, c5], block] = columns(6, 0, width - leaving);
  const s = new Sketch(width, 480, block, true);
  const side = block / 2;
  const [highway, product, gates, reset, h, x] = [38, 150, 230, 264, 404, 448];
  const end = width - 2;
  s.put('hPrevious', c0, highway - half);
  s.put('x', c0, x - half);
  const word: Point = [c0 + side, x];
  const state: Point[] = [
    [c0, highway + half],
    [c0, h],
  ];
  gate(s, 'update', c1, gates, ['x', word, [c1, x]], ['hPrevious', ...state, [c1, h]]);
  gate(s, 'reset', c2, gates, ['x', word, [c2, x]], ['hPrevious', ...state, [c2, h]]);
  gate(s, 'candidate', c4, gates, ['x', word, [c4, x]]);
  s.dots.push([c1, x], [c1, h], [c2, x], [c2, h]);
  s.put('gated', c3, 208, [c3, reset]);
  s.line(
    'reset',
    [c2 + side, gates + half],
    [(c2 + c3) / 2, gates + half],
    [(c2 + c3) / 2, reset],
    [c3 - radius, reset],
  );
  s.put('recalled', c3, 310, [c3, 366]);
  s.line('hPrevious', ...state, [c3, h], [c3, 366 + radius]);
  s.line('recalled', [c3, 310 - nameHeight], [c3, reset + radius]);
  const tanh = gates + stripHeight + 24;
  const between = (c3 + c4) / 2;
  s.line('gated', [c3 + side, 222], [between, 222], [between, tanh], [c4 - radius - 5, tanh]);
  s.highway('hPrevious', [c0 + side, highway], [c1 - radius, highway]);
  s.line('update', [c1, gates - nameHeight], [c1, highway + radius]);
  s.put('kept', (c1 + c4) / 2, highway - half, [c1, highway], true);
  s.highway('kept', [(c1 + c4) / 2 + side, highway], [c4 - radius, highway]);
  const turn = (c1 + c2 - side) / 2;
  s.line('update', [c1, product], [turn - radius, product]);
  s.dots.push([c1, product]);
  s.put('opening', c2, product - half, [turn, product]);
  s.line('opening', [c2 + side, product], [c4 - radius, product]);
  s.line('candidate', [c4, gates - nameHeight], [c4, product + radius]);
  s.put('added', c4, 92, [c4, product]);
  s.line('added', [c4, 92 - nameHeight], [c4, highway + radius]);
  s.put('h', c5, highway - half, [c4, highway], true);
  s.highway('h', [c5 + side, highway], s.exit(end, highway));
  return s;
}

function wideSimple(width: number, cell: CellType): Layout {
  const [[c0, c1, c2, c3], block] = columns(4, 0, width - leaving, Math.min(150, width * 0.17));
  const s = new Sketch(width, 250, block, true);
  const side = block / 2;
  const [state, middle, word] = [46, 132, 218];
  const gap = c1 - c0 - block;
  const recurrent = cell !== 'feedforward';
  s.put('x', c0, word - half);
  s.put('fromInput', c1, word - half, [c0 + side + gap / 2, word]);
  s.line('x', [c0 + side, word], [c0 + side + gap / 2 - radius, word]);
  s.put('hPrevious', c0, state - half);
  const join = c1 + side + gap / 2;
  const tanh = c2 + side + gap / 2;
  if (recurrent) {
    s.put('fromState', c1, state - half, [c0 + side + gap / 2, state]);
    s.line('hPrevious', [c0 + side, state], [c0 + side + gap / 2 - radius, state]);
    s.line('fromState', [c1 + side, state], [join, state], [join, middle - radius]);
    s.line('fromInput', [c1 + side, word], [join, word], [join, middle + radius]);
    s.put('sum', c2, middle - half, [join, middle]);
    s.line('sum', [c2 + side, middle], [tanh - radius - 5, middle]);
  } else {
    s.line(
      'fromInput',
      [c1 + side, word],
      [join, word],
      [join, middle],
      [tanh - radius - 5, middle],
    );
    s.end = [join, state];
    s.line('hPrevious', [c0 + side, state], s.end);
  }
  s.put('h', c3, middle - half, [tanh, middle]);
  if (recurrent) s.line('h', [c3 + side, middle], s.exit(width - 2, middle));
  return s;
}

function narrowLstm(width: number): Layout {
  const [[l, m, r], block] = columns(3, lane * 2, width - lane * 2);
  const s = new Sketch(width, 556, block, false);
  const side = block / 2;
  const [given, h, x, gates, product, sum] = [nameHeight, 64, 80, 148, 208, 308];
  const right = width - lane;
  const join = (m + r) / 2;
  const bottom = (y: number): number => y + stripHeight;
  s.put('cPrevious', l, given);
  s.put('hPrevious', m, given);
  s.put('x', r, given);
  const state: Point[] = [
    [m, bottom(given)],
    [m, h],
  ];
  const word: Point[] = [
    [r, bottom(given)],
    [r, x],
  ];
  const ids = ['forget', 'input', 'candidate'] as const;
  [l, m, r].forEach((column, i) => {
    gate(
      s,
      ids[i],
      column,
      gates,
      ['hPrevious', ...state, [column, h]],
      ['x', ...word, [column, x]],
    );
  });
  s.dots.push([m, h], [r, h], [l, x], [m, x], [r, x], [right, x]);
  s.highway(
    'cPrevious',
    [l - side, given + half],
    [lane, given + half],
    [lane, product],
    [l - radius, product],
  );
  s.line('forget', [l, bottom(gates)], [l, product - radius]);
  s.put('kept', l, 250, [l, product], true);
  s.line('input', [m, bottom(gates)], [m, product], [join - radius, product]);
  s.line('candidate', [r, bottom(gates)], [r, product], [join + radius, product]);
  s.put('added', join, 250, [join, product]);
  s.highway('kept', [l, bottom(250)], [l, sum - radius]);
  s.line('added', [join, bottom(250)], [join, sum], [l + radius, sum]);
  s.put('c', l, 350, [l, sum], true);
  s.highway('c', [l - side, 364], [lane, 364], s.exit(lane, s.height - 2));
  s.line('c', [l, bottom(350)], [l, 408 - radius]);
  s.put('squashed', l, 450, [l, 408]);
  s.line('hPrevious', ...state, [right, h], [right, sum + 6], [r + radius, sum + 6]);
  s.line('x', ...word, [right, x], [right, sum + 6], [r + radius, sum + 6]);
  s.put('output', r, 356, [r, sum + 6]);
  s.line('squashed', [l + side, 464], [m - radius, 464]);
  s.line('output', [r, bottom(356)], [r, 464], [m + radius, 464]);
  s.put('h', m, 506, [m, 464]);
  s.line('h', [m, bottom(506)], s.exit(m, s.height - 2));
  return s;
}

function narrowGru(width: number): Layout {
  const [[l, m, r], block] = columns(3, lane * 2, width - lane * 2);
  const s = new Sketch(width, 612, block, false);
  const side = block / 2;
  const [given, h, x, gates, product, tanh] = [nameHeight, 64, 80, 148, 208, 308];
  const right = width - lane;
  const join = (m + r) / 2;
  const bottom = (y: number): number => y + stripHeight;
  s.put('hPrevious', l, given);
  s.put('x', r, given);
  const state: Point[] = [
    [l, bottom(given)],
    [l, h],
  ];
  const word: Point[] = [
    [r, bottom(given)],
    [r, x],
  ];
  gate(s, 'update', l, gates, ['hPrevious', ...state], ['x', ...word, [l, x]]);
  gate(s, 'reset', r, gates, ['hPrevious', ...state, [r, h]], ['x', ...word]);
  s.dots.push([l, h], [r, h], [l, x], [r, x]);
  s.dots.push([m, h]);
  gate(s, 'recalled', m, gates, ['hPrevious', ...state, [m, h]]);
  s.line('recalled', [m, bottom(gates)], [m, product], [join - radius, product]);
  s.line('reset', [r, bottom(gates)], [r, product], [join + radius, product]);
  s.put('gated', join, 250, [join, product]);
  s.line('gated', [join, bottom(250)], [join, tanh - radius]);
  s.line('x', ...word, [right, x], [right, tanh], [join + radius + 5, tanh]);
  s.put('candidate', join, 350, [join, tanh]);
  s.highway(
    'hPrevious',
    [l - side, given + half],
    [lane, given + half],
    [lane, product],
    [l - radius, product],
  );
  s.line('update', [l, bottom(gates)], [l, product - radius]);
  s.put('kept', l, 250, [l, product], true);
  const gutter = (l + m) / 2;
  s.line(
    'update',
    [l + side, gates + half],
    [gutter, gates + half],
    [gutter, tanh],
    [l + radius, tanh],
  );
  s.put('opening', l, 350, [l, tanh]);
  const middle = (l + join) / 2;
  s.line('opening', [l, bottom(350)], [l, 410], [middle - radius, 410]);
  s.line('candidate', [join, bottom(350)], [join, 410], [middle + radius, 410]);
  s.put('added', middle, 452, [middle, 410]);
  s.line('added', [middle, bottom(452)], [middle, 510 - radius]);
  s.highway('kept', [l - side, 264], [lane, 264], [lane, 510], [middle - radius, 510]);
  s.put('h', middle, 552, [middle, 510], true);
  s.highway('h', [middle, bottom(552)], s.exit(middle, s.height - 2));
  return s;
}

function narrowSimple(width: number, cell: CellType): Layout {
  const [[l, r], block] = columns(2, 0, width, Math.min(150, width * 0.42));
  const s = new Sketch(width, 384, block, false);
  const recurrent = cell !== 'feedforward';
  const middle = width / 2;
  const bottom = (y: number): number => y + stripHeight;
  const given = nameHeight;
  s.put('hPrevious', l, given);
  s.put('x', r, given);
  s.line('x', [r, bottom(given)], [r, 78 - radius]);
  s.put('fromInput', r, 120, [r, 78]);
  if (recurrent) {
    s.line('hPrevious', [l, bottom(given)], [l, 78 - radius]);
    s.put('fromState', l, 120, [l, 78]);
    s.line('fromState', [l, 148], [l, 184], [middle - radius, 184]);
    s.line('fromInput', [r, 148], [r, 184], [middle + radius, 184]);
    s.put('sum', middle, 226, [middle, 184]);
    s.line('sum', [middle, bottom(226)], [middle, 286 - radius]);
  } else {
    s.end = [l, 148];
    s.line('hPrevious', [l, bottom(given)], s.end);
    s.line('fromInput', [r, 148], [r, 184], [middle, 184], [middle, 286 - radius]);
  }
  s.put('h', middle, 328, [middle, 286]);
  if (recurrent) s.line('h', [middle, bottom(328)], s.exit(middle, s.height - 2));
  return s;
}
