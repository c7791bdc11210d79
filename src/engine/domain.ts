import type { Value } from '../crdt/value.ts';

/** Which values a parameter takes, and what becomes of others. */
export interface Domain {
  readonly min?: number;
  readonly max?: number;
  /** If there are any, no others exist. */
  readonly values?: readonly Value[];
}

export const CLIP_MODES = ['free', 'clip', 'wrap', 'fold', 'low', 'high'] as const;
export type ClipMode = (typeof CLIP_MODES)[number];

/**
 * A value brought into its domain, number by number where it is a list; undefined where it is none of those that exist.
 * `free` leaves all as it is; `low` and `high` keep one bound; `wrap` goes on at the other end, `fold` turns back [DM2].
 */
export function clip(value: Value, domain: Domain, mode: ClipMode): Value | undefined {
  if (mode === 'free') return value;
  if (domain.values && domain.values.length > 0) return domain.values.find((it) => isSame(it, value));
  if (typeof value === 'number') return clipNumber(value, domain, mode);
  if (!Array.isArray(value)) return value;
  return (value as readonly Value[]).map((it) => (typeof it === 'number' ? clipNumber(it, domain, mode) : it));
}

function clipNumber(value: number, domain: Domain, mode: Exclude<ClipMode, 'free'>): number {
  const min = mode === 'high' ? -Infinity : (domain.min ?? -Infinity);
  const max = mode === 'low' ? Infinity : (domain.max ?? Infinity);
  if ((value >= min && value <= max) || min > max) return value;
  const length = max - min;
  const isRound = (mode === 'wrap' || mode === 'fold') && Number.isFinite(length) && length > 0;
  if (!isRound) return Math.min(max, Math.max(min, value));
  const period = mode === 'wrap' ? length : 2 * length;
  const turned = (((value - min) % period) + period) % period;
  return Math.min(max, min + (turned > length ? period - turned : turned));
}

/** Deeply. */
export function isSame(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && (a as readonly Value[]).every((it, i) => isSame(it, (b as readonly Value[])[i]!));
  return a === b || (typeof a === 'object' && typeof b === 'object' && 'impulse' in a && 'impulse' in b);
}
