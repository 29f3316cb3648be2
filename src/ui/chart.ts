// What charts are made of, without a page: scales, ticks, paths, and labels that keep out of each other's way.

/** From a value to a place in the drawing. */
export type Scale = (value: number) => number;

type Pair = readonly [number, number];

export function linearScale([low, high]: Pair, [from, to]: Pair): Scale {
  const slope = high === low ? 0 : (to - from) / (high - low);
  return (value) => from + (value - low) * slope;
}

/** Values outside the domain, zeros among them, stand at its ends. */
export function logScale([low, high]: Pair, range: Pair): Scale {
  const inner = linearScale([Math.log10(low), Math.log10(high)], range);
  return (value) => inner(Math.log10(Math.min(Math.max(value, low), high)));
}

/** Round numbers from `low` to `high`, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function linearTicks(low: number, high: number, count: number, smallest = 0): number[] {
  const raw = (high - low) / Math.max(1, count);
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(
    smallest,
    ([1, 2, 5].find((each) => each * power >= raw * 0.999) ?? 10) * power,
  );
  const ticks: number[] = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) {
    ticks.push(Number((n * step).toPrecision(12)));
  }
  return ticks;
}

/** Exponents from `low` to `high`, about `count` of them, 0 always among them if it is in reach. */
export function decades(low: number, high: number, count: number): number[] {
  const step =
    [1, 2, 3, 5, 10, 20, 50].find((each) => (high - low) / each <= Math.max(1, count)) ?? 100;
  const ticks: number[] = [];
  for (let n = Math.ceil(low / step); n * step <= high; n++) ticks.push(n * step);
  return ticks;
}

/** 10⁻⁵; 1 and 10 as they are. */
export function powerOfTen(exponent: number): string {
  if (exponent === 0) return '1';
  if (exponent === 1) return '10';
  return `10${String(exponent).replace(/./g, (sign) => '⁰¹²³⁴⁵⁶⁷⁸⁹⁻'['0123456789-'.indexOf(sign)])}`;
}

export type Point = readonly [x: number, y: number];

const place = ([x, y]: Point): string => `${x.toFixed(1)},${y.toFixed(1)}`;

/** The line through points; it is broken where one is not finite. */
export function linePath(points: readonly Point[]): string {
  let path = '';
  let drawing = false;
  for (const point of points) {
    const there = Number.isFinite(point[0]) && Number.isFinite(point[1]);
    if (there) path += `${drawing ? 'L' : 'M'}${place(point)}`;
    drawing = there;
  }
  return path;
}

/** The area between two lines with as many points; where one of them is not finite there is none. */
export function bandPath(upper: readonly Point[], lower: readonly Point[]): string {
  const there = (edge: readonly Point[]): Point[] =>
    edge.filter((_, i) => Number.isFinite(upper[i][1] + lower[i][1]));
  const [high, low] = [there(upper), there(lower)];
  if (high.length < 2) return '';
  return `M${high.map(place).join('L')}L${low.reverse().map(place).join('L')}Z`;
}

/**
 * Moves labels apart as little as their order allows.
 * @param wanted where each would stand.
 * @param distance between two neighbours, at least.
 * @param range they stay within, if there is room.
 * @returns the places, in the order of `wanted`.
 */
export function keepApart(
  wanted: readonly number[],
  distance: number,
  [low, high]: Pair,
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const places = [...wanted];
  let least = low;
  for (const i of order) {
    places[i] = Math.max(wanted[i], least);
    least = places[i] + distance;
  }
  let most = high;
  for (const i of order.reverse()) {
    places[i] = Math.min(places[i], most);
    most = places[i] - distance;
  }
  return places;
}
