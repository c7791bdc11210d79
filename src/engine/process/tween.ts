import type { Automation } from '../../crdt/score.ts';
import type { Value } from '../../crdt/value.ts';

/** An automation that begins at the value its address has, whatever its first point says; unknown values change nothing. */
export function tweened(process: Automation, begins: Value | undefined): Automation {
  const [first, ...others] = process.points;
  if (!first || typeof begins !== 'number' || process.max === process.min) return process;
  return { ...process, points: [{ ...first, y: (begins - process.min) / (process.max - process.min) }, ...others] };
}
