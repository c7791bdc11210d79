import { pairs, type Row } from './pairs.ts';

/** What a trigger and the scenario around it may be, and what may happen meanwhile. */
export const AXES = {
  share: ['shared', 'mixed', 'free'],
  order: ['async', 'sync'],
  date: ['immediate', 'compensated'],
  consensus: ['first', 'majority', 'all'],
  /** Who is in the groups of the parts, and of the trigger. */
  layout: ['all', 'apart', 'overlapping', 'empty part', 'empty trigger'],
  /** Whose parts come next: both groups', or one's. */
  next: ['both', 'one'],
  /** What makes the trigger fire; max: the end of what stands before it. */
  cause: ['click', 'expression', 'max'],
  /** A condition before one of the parts that come next; true on one machine only. */
  condition: ['none', 'of one'],
  /** Where the policies stand: at the trigger, or at the scenario, for all in it. */
  said: ['at the trigger', 'around'],
  /** How it comes round again. */
  again: ['loop', 'seek', 'play'],
  /** In the middle of the votes of the first time round. */
  fault: ['none', 'loss', 'partition', 'reload', 'leave', 'master dies', 'freeze', 'late joiner', 'edit', 'another group'],
} as const;

export type AxisRow = Row<typeof AXES>;

export const ROWS: readonly AxisRow[] = pairs(AXES);

export const titleOf = (row: AxisRow): string => Object.values(row).join(', ');
