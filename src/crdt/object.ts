import type { Flicks } from '../base.ts';

/** What every object of a score is named and who runs it. */
export type ObjectId = string;
export type GroupId = string;

/** Who runs an object and how its decisions are taken. What is absent is inherited along the score. */
export interface Policies {
  readonly group?: GroupId;
  readonly share?: 'shared' | 'mixed' | 'free';
  readonly order?: 'async' | 'sync';
  readonly date?: 'immediate' | 'compensated';
  readonly consensus?: 'first' | 'majority' | 'all';
}

/**
 * What came with an imported file and has no meaning here, as JSON text, kept for export; never executed. At most 1 MiB
 * each, 16 MiB in a score.
 */
export interface Foreign {
  readonly foreign?: string;
}

/**
 * Grid of musical time, as ossia counts it: −1 inherit, 0 free, below 1 several bars (0.25: four), 1 the bar, above 1 a
 * division of the whole note (4: a quarter).
 */
export const QUANTISATIONS = [-1, 0, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32] as const;
export type Quantisation = (typeof QUANTISATIONS)[number];

/** date: own time of the interval; numerator 1 to 512; denominator a power of two up to 64. */
export interface Signature {
  readonly date: Flicks;
  readonly numerator: number;
  readonly denominator: number;
}
