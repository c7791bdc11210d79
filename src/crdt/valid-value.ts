import type { Value } from './value.ts';

const DEPTH_MAX = 4;
const LENGTH_MAX = 1024;
const TEXT_MAX = 4096;

/** A value from outside, checked: finite numbers, short texts, shallow lists; undefined if it is none. */
export function toValue(input: unknown, depth = 0): Value | undefined {
  if (typeof input === 'number') return Number.isFinite(input) ? input : undefined;
  if (typeof input === 'boolean') return input;
  if (typeof input === 'string') return input.length <= TEXT_MAX ? input : undefined;
  if (Array.isArray(input)) {
    if (depth >= DEPTH_MAX || input.length > LENGTH_MAX) return undefined;
    const list = input.map((item) => toValue(item, depth + 1));
    return list.every((item) => item !== undefined) ? list : undefined;
  }
  return typeof input === 'object' && input !== null && 'impulse' in input && input.impulse === true ? { impulse: true } : undefined;
}
