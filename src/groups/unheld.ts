import type { PeerId } from '../base.ts';
import { compare } from '../base.ts';
import { graphOf } from '../crdt/graph.ts';
import type { GroupId, ObjectId, Score } from '../crdt/score.ts';
import { groupOf, membersOf } from './placement.ts';
import type { Memberships } from './placement.ts';

/** What runs nowhere, or soon will: nobody who is here is in its group. */
export interface Unheld {
  readonly group: GroupId;
  /** By id: processes, time syncs that nobody can trigger, and events whose condition is for others to decide [GR8]. */
  readonly objects: readonly ObjectId[];
  /** One of them runs or waits now; else it is next. */
  readonly isNow: boolean;
}

export interface Stand {
  readonly running: readonly ObjectId[];
  readonly waiting: readonly ObjectId[];
  /** Events whose condition is open. */
  readonly pending: readonly ObjectId[];
  /** Who may not performs processes, but triggers and decides nothing. */
  mayControl(peer: PeerId): boolean;
}

/** By group. Next are the intervals that start where a running one ends, or where a trigger waits [GR22]. */
export function unheld(
  score: Score,
  { running, waiting, pending, mayControl }: Stand,
  memberships: Memberships,
  present: readonly PeerId[],
): readonly Unheld[] {
  const graph = graphOf(score);
  const isEmpty = (id: ObjectId): boolean =>
    !membersOf(memberships, present, groupOf(score, id)).some((peer) => score.processes.has(id) || mayControl(peer));
  const contentOf = (intervals: readonly ObjectId[]): readonly ObjectId[] =>
    intervals.flatMap((id) => graph.processesOf(id)).filter((id) => score.processes.get(id)?.type !== 'scenario');
  const ends = running.flatMap((id) => (score.intervals.has(id) ? [graph.endSync(score.intervals.get(id)!).id] : []));
  const next = [...new Set([...ends, ...waiting])].filter((id) => score.syncs.has(id));
  const now = [...contentOf(running), ...waiting, ...pending].filter(isEmpty);
  const triggers = ends.filter((id) => score.syncs.get(id)?.trigger !== undefined);
  const conditions = [...score.events.values()]
    .filter(({ sync, condition }) => next.includes(sync) && condition !== '')
    .map(({ id }) => id);
  const after = contentOf(next.flatMap((id) => graph.after(id).map((interval) => interval.id)));
  const soon = [...after, ...triggers, ...conditions].filter(isEmpty);
  const groups = new Map<GroupId, Set<ObjectId>>();
  for (const id of [...now, ...soon]) groups.set(groupOf(score, id), (groups.get(groupOf(score, id)) ?? new Set()).add(id));
  return [...groups]
    .map(([group, ids]) => ({ group, objects: [...ids].sort(compare), isNow: now.some((id) => ids.has(id)) }))
    .sort((a, b) => compare(a.group, b.group));
}
