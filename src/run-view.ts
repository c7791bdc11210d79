import type { PeerId } from './base.ts';
import type { Score } from './crdt/score.ts';
import type { Moment } from './engine/moment.ts';
import { groupOf, isMember, membersOf } from './groups/placement.ts';
import type { Memberships } from './groups/placement.ts';
import type { RunView } from './peer-api.ts';

/** The run as the interface shows it: what runs, and who of those present runs it. */
export function runView(
  moment: Moment,
  score: Score,
  memberships: Memberships,
  { self, present }: { readonly self: PeerId; readonly present: readonly PeerId[] },
): RunView {
  const isMine = (id: string): boolean => isMember(memberships, self, groupOf(score, id));
  return {
    state: moment.state,
    run: moment.run,
    startsAt: moment.startsAt,
    running: moment.running.map(({ interval, path, position }) => ({
      ...{ interval, path, position, isMine: isMine(interval) },
      isHeld: membersOf(memberships, present, groupOf(score, interval)).length > 0,
    })),
    waiting: moment.waiting.map(({ sync, path }) => ({ sync, path, isMine: isMine(sync) })),
    fired: moment.fired,
  };
}
