import type { PeerId } from './base.ts';
import type { Score } from './crdt/score.ts';
import type { Moment } from './engine/moment.ts';
import { isOwn } from './engine/fact.ts';
import type { Fact } from './engine/fact.ts';
import { deadIn } from './groups/dead.ts';
import { groupOf, isMember, membersOf } from './groups/placement.ts';
import type { Memberships } from './groups/placement.ts';
import type { RunView } from './peer-api.ts';

/** The run as the interface shows it: what runs, and who of those present runs it. */
export function runView(
  moment: Moment,
  score: Score,
  memberships: Memberships,
  { self, present, facts }: { readonly self: PeerId; readonly present: readonly PeerId[]; readonly facts: readonly Fact[] },
): RunView {
  const isMine = (id: string): boolean => isMember(memberships, self, groupOf(score, id));
  const ours = facts.filter((fact) => !isOwn(fact) || fact.by === self);
  return {
    state: moment.state,
    run: moment.run,
    startsAt: moment.startsAt,
    running: moment.running.map((running) => ({
      ...running,
      isMine: isMine(running.interval),
      isHeld: membersOf(memberships, present, groupOf(score, running.interval)).length > 0,
    })),
    waiting: moment.waiting.map(({ sync, path }) => ({ sync, path, isMine: isMine(sync) })),
    again: moment.again.map(({ sync, path }) => ({ sync, path, isMine: isMine(sync) })),
    booked: moment.booked,
    dead: moment.state === 'idle' ? [] : deadIn(score, ours).filter((id) => !moment.running.some(({ interval }) => interval === id)),
    fired: moment.fired,
  };
}

/** What the interface must be told of: equal texts, equal pictures but for what moves by itself. */
export const sightOf = ({ state, running, waiting, again, booked }: Moment): string =>
  [
    state,
    running.map(({ interval, path, speed, rate, isAtMax }) => `${interval}${path}${isAtMax ? 'max' : speed}${rate < 0 ? 'back' : ''}`),
    ...[waiting, again].map((list) => list.map(({ sync, path }) => sync + path)),
    booked.map(({ object, path, at }) => `${object}${path}${Math.round(at)}`),
  ].join(' ');
