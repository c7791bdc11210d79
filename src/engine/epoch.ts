import type { Flicks } from '../base.ts';
import type { AssumedPast } from './assumed.ts';
import type { Happening } from './state.ts';

/** What happened in an epoch until a date. */
export interface EpochPast {
  /** What its jump assumes, where that can be looked up; begins: run date at which the score would have begun. */
  readonly assumed: { readonly past: AssumedPast; readonly from: Flicks; readonly begins: Flicks } | undefined;
  /** What happened since, in order. */
  readonly since: readonly Happening[];
  /** What happened and what is assumed, in order; slow where much is. */
  all(): readonly Happening[];
}
