// What is done to a network from outside while it reads: gates held at a value, words skipped.

/** The gates that can be held: those with values between 0 and 1. */
export type HeldGate = 'input' | 'forget' | 'output' | 'reset' | 'update';

/**
 * Something done to a network from outside while it reads: `hold` gives a gate a value in place of the one it would
 * compute; `skip` lets the state pass by a word. Steps count from 0; `to` is the step after the last one and may be
 * Infinity.
 */
export type Intervention =
  | {
      readonly kind: 'hold';
      readonly gate: HeldGate;
      /** 0 to 1, for all units. */
      readonly value: number;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'skip'; readonly from: number; readonly to: number };

/** An intervention with all its fields in sight, whichever kind it is. */
export interface AnyIntervention {
  readonly kind: Intervention['kind'];
  /** A skip is the one of no gate. */
  readonly gate?: HeldGate;
  readonly value?: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Whether they make sense.
 * @throws RangeError if steps are no whole numbers from 0 on, the last not before the first, or a value is not from 0 to 1.
 */
export function checkInterventions(interventions: readonly AnyIntervention[]): void {
  for (const { kind, value = kind === 'skip' ? 0 : NaN, from, to } of interventions) {
    const whole = from % 1 === 0 && (to % 1 === 0 || to === Infinity);
    if (!(whole && from >= 0 && from <= to && value >= 0 && value <= 1)) {
      throw new RangeError(`no ${kind} ${value} from ${from} to ${to}`);
    }
  }
}
