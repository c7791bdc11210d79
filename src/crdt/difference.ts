import { COLLECTIONS } from './doc.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';
import type { ObjectId, Score } from './score.ts';
import type * as Y from 'yjs';

const MAPS = ['intervals', 'syncs', 'events', 'states', 'processes', 'comments', 'cables', 'devices', 'groups', 'tracks'] as const;

/** Whether a person would see no difference: derived values count, issues and lineage do not. */
export function isAlike(a: Score, b: Score): boolean {
  if (a === b) return true;
  if (a.title !== b.title || a.tempo !== b.tempo) return false;
  return MAPS.every((name) => {
    const [left, right] = [a[name] as ReadonlyMap<string, unknown>, b[name] as ReadonlyMap<string, unknown>];
    return left.size === right.size && [...left].every(([id, object]) => isSame(object, right.get(id)));
  });
}

/** Ids of what is stored differently in two documents; `score` stands for title and tempo. */
export function differing(a: Y.Doc, b: Y.Doc): readonly ObjectId[] {
  const [left, right] = [rawOf(a), rawOf(b)];
  const ids = new Set<ObjectId>();
  for (const part of COLLECTIONS) for (const id of differingKeys(left[part], right[part])) ids.add(id);
  for (const key of differingKeys(left.registers, right.registers)) ids.add(key.slice(0, key.indexOf('/')));
  if (title(left) !== title(right)) ids.add('score');
  return [...ids].sort();
}

const title = (raw: Raw): unknown => raw.meta.get('title');

function* differingKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): Generator<string> {
  for (const [key, value] of a) if (!isSame(value, b.get(key))) yield key;
  for (const key of b.keys()) if (!a.has(key)) yield key;
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
