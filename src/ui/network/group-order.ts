import { CATALOGUE } from '../../crdt/catalogue.ts';
import type { Command } from '../../crdt/command.ts';
import type { Group, GroupId, ObjectId, Score } from '../../crdt/score.ts';
import { plural } from '../format.ts';

const order = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** As the score has them. */
export const inOrder = <T extends Pick<Group, 'id' | 'rank'>>(groups: Iterable<T>): readonly T[] =>
  [...groups].sort((a, b) => order(a.rank, b.rank) || order(a.id, b.id));

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const rankAt = (place: number): string => `b${DIGITS[Math.floor(place / 62) % 62] ?? '0'}${DIGITS[place % 62] ?? '0'}`;

/** One place to the left (-1) or right (1); undefined where there is none. All get a place, since two may have had one. */
export function moved(groups: readonly Group[], id: GroupId, by: -1 | 1): Command | undefined {
  const from = groups.findIndex((group) => group.id === id);
  const to = from + by;
  const [one, other] = [groups[from], groups[to]];
  if (!one || !other) return undefined;
  const next = groups.map((group, place) => (place === from ? other : place === to ? one : group));
  const commands = next.flatMap((group, place): Command[] =>
    group.rank === rankAt(place) ? [] : [{ type: 'set', id: group.id, fields: { rank: rankAt(place) } }],
  );
  return { type: 'batch', commands };
}

/** How many objects say that they are of this group: without it they are of what surrounds them. */
export function sizeOf(score: Score, group: GroupId): number {
  const maps = [score.intervals, score.syncs, score.events, score.processes, score.tracks] as const;
  return maps.reduce((sum, map) => sum + [...map.values()].filter(({ policies }) => policies.group === group).length, 0);
}

/** A group that was there before and is no more, in words; undefined also where several went, as with another score. */
export function groupGone(before: Score, after: Score): { readonly id: GroupId; readonly text: string } | undefined {
  if (before.groups === after.groups) return undefined;
  const [gone, ...others] = [...before.groups.values()].filter(({ id }) => !after.groups.has(id));
  if (!gone || others.length > 0) return undefined;
  const count = sizeOf(before, gone.id);
  const what =
    count === 0
      ? 'Nothing was in it.'
      : `${plural(count, 'object')} now ${count === 1 ? 'is' : 'are'} of what surrounds ${count === 1 ? 'it' : 'them'}.`;
  return { id: gone.id, text: `“${gone.name}” is deleted. ${what}` };
}

const NAMES_MAX = 2;

/** A few of them by name. */
export function namesOf(ids: readonly ObjectId[], score: Score): string {
  const names = ids.map((id) => {
    const process = score.processes.get(id);
    if (process) return `“${process.name || CATALOGUE[process.type].label}”`;
    if (score.events.has(id)) return 'a condition';
    return score.syncs.has(id) ? 'a trigger' : 'something';
  });
  const told = names.slice(0, NAMES_MAX).join(' and ');
  return names.length > NAMES_MAX ? `${told} and ${plural(names.length - NAMES_MAX, 'other')}` : told;
}
