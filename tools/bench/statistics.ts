// Medians and spreads of rounds, and how they are written.

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2,
    min: sorted[0],
    max: sorted[sorted.length - 1],
  };
}

/** Their time divided by ours, round by round: what slows the machine down for a while slows both. */
export function ratios(theirs: readonly number[], ours: readonly number[]): Spread {
  return spread(theirs.map((time, round) => time / ours[round]));
}

/** Three digits that matter. */
export function digits(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** `0.812 (0.799 to 0.905)` */
export function written({ median, min, max }: Spread): string {
  return `${digits(median)} (${digits(min)} to ${digits(max)})`;
}
