import type { PeerId } from './base.ts';
import type { Score } from './crdt/score.ts';
import type { Moment, WaitingTrigger } from './engine/moment.ts';
import { isOwn } from './engine/fact.ts';
import type { Fact } from './engine/fact.ts';
import type { Awaited } from './groups/crossings.ts';
import { deadIn } from './groups/dead.ts';
import { groupOf, isMember, membersOf } from './groups/placement.ts';
import type { Memberships } from './groups/placement.ts';
import type { Tally } from './groups/triggers.ts';
import type { RunView, WaitingSync } from './peer-api.ts';

export interface RunSight {
  readonly self: PeerId;
  readonly present: readonly PeerId[];
  readonly facts: readonly Fact[];
  readonly coming: readonly Fact[];
  readonly awaited: readonly Awaited[];
  readonly tallies: readonly Tally[];
  /** Of this peer. */
  readonly mayControl: boolean;
}

/** The run as the interface shows it: what runs, and who of those present runs it. */
export function runView(
  moment: Moment,
  score: Score,
  memberships: Memberships,
  { self, present, facts, coming, awaited, tallies, mayControl }: RunSight,
): RunView {
  const isMine = (id: string): boolean => isMember(memberships, self, groupOf(score, id));
  const watched = ({ sync, path, share }: WaitingTrigger): WaitingSync => ({
    ...{ sync, path, isMine: (mayControl || share === 'free') && (share === 'free' || isMine(sync)) },
    tally: tallies.find((it) => it.sync === sync && it.path === path),
  });
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
    waiting: moment.waiting.map(watched),
    again: moment.again.map(watched),
    ...{ booked: moment.booked, coming, awaited },
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

/** Likewise of what is said and has not come. */
export const wordsOf = ({ coming, awaited, tallies }: Pick<RunSight, 'coming' | 'awaited' | 'tallies'>): string =>
  [
    coming.map(({ type, at, by }) => `${type}${at}${by}`),
    awaited.map(({ sync, path, peers }) => `${sync}${path}${peers.join()}`),
    tallies.map(({ sync, path, yes, missing, isPressed }) => `${sync}${path}${yes.join()}/${missing.join()}${isPressed ? '!' : ''}`),
  ].join(' ');
