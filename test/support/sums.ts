// Reads the sums that stand beside a drawing, and says whether each “=” and “≈” in them is true. For Node and for pages.

/** What `assert.ok` would be, which pages do not have. */
function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** A decimal number without rounding: digits · 10^−places; or a float where a function was applied. */
type Exact = { readonly digits: bigint; readonly places: number } | number;

const toFloat = (value: Exact): number =>
  typeof value === 'number' ? value : Number(value.digits) / 10 ** value.places;

/** Reads “0.94 · 0.31 + 0.06 · (−0.20)” and the like; NaN if it has a number that is only said to be small. */
function evaluate(source: string): Exact {
  const tokens = source.match(/tanh|σ|max\(0,|[<>]?−?\d[\d,]*(\.\d+)?|[()+−·]/g) ?? [];
  check(tokens.join('') === source.replaceAll(' ', ''), source);
  let next = 0;
  const expect = (token: string): void => {
    check(tokens[next++] === token, source);
  };
  const number = (token: string): Exact => {
    check(/^[<>]?−?(\d{1,3}(,\d{3})*)(\.\d+)?$/.test(token), source);
    if (/[<>]/.test(token)) {
      check(['<0.001', '>−0.001'].includes(token), token);
      return NaN;
    }
    const [whole, fraction = ''] = token.replace('−', '-').replaceAll(',', '').split('.');
    return { digits: BigInt(whole + fraction), places: fraction.length };
  };
  const product = (a: Exact, b: Exact): Exact =>
    typeof a === 'number' || typeof b === 'number'
      ? toFloat(a) * toFloat(b)
      : { digits: a.digits * b.digits, places: a.places + b.places };
  const plus = (a: Exact, b: Exact): Exact => {
    if (typeof a === 'number' || typeof b === 'number') return toFloat(a) + toFloat(b);
    const places = Math.max(a.places, b.places);
    const scaled = (value: typeof a): bigint => value.digits * 10n ** BigInt(places - value.places);
    return { digits: scaled(a) + scaled(b), places };
  };
  const factor = (): Exact => {
    const token = tokens[next++];
    if (token === '(') {
      const inner = sum();
      expect(')');
      return inner;
    }
    if (token === 'max(0,') {
      const inner = sum();
      expect(')');
      return toFloat(inner) < 0 ? { digits: 0n, places: 0 } : inner;
    }
    if (token === 'tanh' || token === 'σ') {
      expect('(');
      const inner = toFloat(sum());
      expect(')');
      return token === 'tanh' ? Math.tanh(inner) : 1 / (1 + Math.exp(-inner));
    }
    return number(token);
  };
  const term = (): Exact => {
    let value = factor();
    while (tokens[next] === '·') {
      next++;
      value = product(value, factor());
    }
    return value;
  };
  const sum = (): Exact => {
    let value = term();
    while (tokens[next] === '+' || tokens[next] === '−') {
      const negative = tokens[next++] === '−';
      value = plus(value, product({ digits: negative ? -1n : 1n, places: 0 }, term()));
    }
    return value;
  };
  const value = sum();
  check(next === tokens.length, source);
  return value;
}

/** Whether a value, rounded to as many places as `shown` has, halves away from zero, is what is shown. */
function roundsTo(value: Exact, shown: string): boolean {
  const target = evaluate(shown);
  if (typeof target === 'number' || Number.isNaN(toFloat(value))) return false;
  if (typeof value === 'number') {
    const scaled = Math.abs(value) * 10 ** target.places;
    check(Math.abs((scaled % 1) - 0.5) > 1e-7, `a function hits a half: ${value}`);
    return BigInt(Math.sign(value) * Math.round(scaled)) === target.digits;
  }
  const unit = 10n ** BigInt(Math.max(0, value.places - target.places));
  const size = value.digits < 0n ? -value.digits : value.digits;
  const digits = value.digits * 10n ** BigInt(Math.max(0, target.places - value.places));
  const rounded =
    unit === 1n ? digits : ((2n * size + unit) / (2n * unit)) * (value.digits < 0n ? -1n : 1n);
  return rounded === target.digits;
}

/** Checks every sign of a text, and returns them. */
export function checkSigns(shown: string): string[] {
  const parts = shown.split(/ (=|≈) /);
  const signs: string[] = [];
  for (let i = 1; i < parts.length; i += 2) {
    const [before, mark, after] = parts.slice(i - 1, i + 2);
    // a stage in symbols comes to nothing
    if (/[a-zA-Zα-ω′]/.test(before.replace(/tanh|max|σ/g, ''))) {
      check(mark === '=', shown);
      continue;
    }
    const around = /^(σ|tanh)\((.*)\)$/;
    const [from, to] = around.test(after)
      ? [around.exec(before)![2], around.exec(after)![2]]
      : [before, after];
    check(mark === (roundsTo(evaluate(from), to) ? '=' : '≈'), shown);
    signs.push(mark);
  }
  return signs;
}
