import { at, idAt, listAt, objectOf, toNumber } from './access.ts';
import { isList } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * Lists of objects and of numbers mean the same in whatever order; ossia writes them as they came about, Tutti by number. A
 * file's own order is kept beside what it says, so that it goes out as it came.
 */
const LISTS = ['TimeNodes', 'Events', 'States', 'Constraints', 'Comments'] as const;
export type ListKey = (typeof LISTS)[number];
/** Longer ones are not worth it. */
const LENGTH_MAX = 5000;

const numberOf = (item: Json): number | undefined => toNumber(item) ?? idAt(item, 'id');

/** Lists that are not by number, as numbers; undefined when all are. */
export function orderOf(json: JsonObject): JsonObject | undefined {
  const kept = LISTS.flatMap((key) => {
    const list = at(json, key);
    const numbers = isList(list) && list.length <= LENGTH_MAX ? list.map(numberOf) : [];
    const isPlain = numbers.every((number, i) => number !== undefined && (i === 0 || number > (numbers[i - 1] ?? 0)));
    return isPlain || numbers.includes(undefined) ? [] : [[key, numbers as readonly number[]] as const];
  });
  return kept.length === 0 ? undefined : objectOf(Object.fromEntries(kept));
}

/** kept: what `orderOf` gave. What it does not name comes after what it names, by number. */
export function inOrder<T>(items: readonly T[], number: (item: T) => number, kept: Json | undefined, key: ListKey): readonly T[] {
  const places = new Map(listAt(kept, key).map((each, i) => [toNumber(each), i] as const));
  const placeOf = (item: T): number => places.get(number(item)) ?? Infinity;
  const byPlace = (a: T, b: T): number => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b));
  return [...items].sort((a, b) => byPlace(a, b) || number(a) - number(b));
}
