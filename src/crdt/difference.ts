import type { Score } from './score.ts';

const MAPS = ['intervals', 'syncs', 'events', 'states', 'processes', 'comments', 'cables', 'devices', 'groups', 'tracks'] as const;

/** Whether a person would see no difference: derived values count, issues and lineage do not. */
export function isAlike(a: Score, b: Score): boolean {
  if (a === b) return true;
  if (a.title !== b.title || a.tempo !== b.tempo || a.syncTimeout !== b.syncTimeout) return false;
  return MAPS.every((name) => {
    const [left, right] = [a[name] as ReadonlyMap<string, unknown>, b[name] as ReadonlyMap<string, unknown>];
    return left.size === right.size && [...left].every(([id, object]) => isSame(object, right.get(id)));
  });
}

/** Deep equality of plain data and maps. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map || b instanceof Map) {
    return (
      a instanceof Map && b instanceof Map && a.size === b.size && [...a].every(([key, value]) => b.has(key) && isSame(value, b.get(key)))
    );
  }
  const [left, right] = [Object.entries(a), b as Readonly<Record<string, unknown>>];
  return left.length === Object.keys(b).length && left.every(([key, value]) => Object.hasOwn(right, key) && isSame(value, right[key]));
}
