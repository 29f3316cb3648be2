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
