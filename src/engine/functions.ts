// exp, tanh, σ and log by `+ − × ÷` alone, which IEEE 754 rounds alike everywhere: the same bits on every machine.
// (`Math.exp` and its like are left to the implementation, and V8's are slower.)

/** 2ⁿ at index n + 1022, for every n of a normal float64. */
const powers = new Float64Array(2046);
for (let n = 0, power = 1; n < 1024; n++, power *= 2) {
  powers[1022 + n] = power;
  if (n < 1023) powers[1022 - n] = 1 / power;
}

/** Adding and subtracting it rounds to an integer. */
const rounder = 6755399441055744;

/**
 * eˣ, within 3 units in the last place. x = n·ln 2 + r, and eʳ = (1 + tanh(r/2)) / (1 − tanh(r/2)) with six terms of
 * Lambert's continued fraction of tanh (1768), whose error for |r| ≤ ln 2 / 2 is below 1e-17.
 */
export function exp(x: number): number {
  if (x > 709.79) return Infinity;
  if (x < -745.2) return 0;
  const n = x * 1.4426950408889634 + rounder - rounder;
  // ln 2 in two parts, the first short enough that n times it is exact
  const y = 0.5 * (x - n * 0.6931471803691238 - n * 1.9082149292705877e-10);
  const s = y * y;
  const even = 10395 + s * (4725 + s * (210 + s));
  const odd = y * (10395 + s * (1260 + s * 21));
  const result = (even + odd) / (even - odd);
  // at the ends the power itself is no normal number, so it is taken in two parts
  if (n > 1023) return result * 2 * powers[n + 1021];
  if (n < -1022) return result * powers[n + 1122] * powers[922];
  return result * powers[n + 1022];
}

/** The logistic function σ(x) = 1 / (1 + e⁻ˣ), within 4 units in the last place. */
export function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}

/** tanh x, within 3 units in the last place: eight terms of Lambert's continued fraction near 0, by `exp` elsewhere. */
export function tanh(x: number): number {
  if (x < 0.5 && x > -0.5) {
    const s = x * x;
    const odd = 2027025 + s * (270270 + s * (6930 + s * 36));
    const even = 2027025 + s * (945945 + s * (51975 + s * (630 + s)));
    return (x * odd) / even;
  }
  if (x > 0) return 1 - 2 / (exp(2 * x) + 1);
  return 2 / (exp(-2 * x) + 1) - 1;
}

const LN2 = 0.6931471805599453;

/**
 * Natural logarithm of a positive number by a series of fixed length: the same bits everywhere,
 * within 3 units in the last place. −∞ of 0, NaN of a negative number.
 */
export function log(x: number): number {
  if (x <= 0) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let exponent = 0;
  while (x < 0.7071067811865476) {
    x *= 2;
    exponent--;
  }
  while (x >= 1.4142135623730951) {
    x /= 2;
    exponent++;
  }
  // log x = 2 (y + y³/3 + y⁵/5 + …) with y = (x − 1)/(x + 1), |y| < 0.172
  const y = (x - 1) / (x + 1);
  const square = y * y;
  let sum = 0;
  for (let power = 21; power >= 1; power -= 2) sum = sum * square + 1 / power;
  return exponent * LN2 + 2 * y * sum;
}
