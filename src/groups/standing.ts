import type { PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import type { OccurrencePath } from '../engine/fact.ts';
import type { Engine } from '../engine/run.ts';
import { viewpointOf } from '../engine/viewpoint.ts';
import type { Memberships } from './placement.ts';

/**
 * Who is where in a mixed scenario, where not all need be at the same place. That follows from facts and groups, so
 * nobody has to say it: the run is looked at with the eyes of each set of groups [EX51].
 */
export interface Standing {
  /** The trigger waits for this peer, who has not been left behind at it. */
  waits(peer: PeerId, of: Place<'sync'>): boolean;
  /** What leads to an ordered sync has ended for this peer, and what follows has not begun. */
  crosses(peer: PeerId, of: Place<'sync'>): boolean;
  /** The condition is open for this peer. */
  asks(peer: PeerId, of: Place<'event'>): boolean;
}

export type Place<K extends string> = { readonly path: OccurrencePath } & Readonly<Record<K, ObjectId>>;

export interface StandingDeps {
  engine(): Pick<Engine, 'seenBy'>;
  memberships(): Memberships;
}

export function createStanding({ engine, memberships }: StandingDeps): Standing {
  const seen = (peer: PeerId): ReturnType<Engine['seenBy']> => engine().seenBy(viewpointOf('' as PeerId, memberships().get(peer) ?? []));
  return {
    waits: (peer, { sync, path }) => {
      const { waiting, again } = seen(peer);
      return [...waiting, ...again].some((it) => it.sync === sync && it.path === path);
    },
    crosses: (peer, { sync, path }) => seen(peer).crossing.some((it) => it.sync === sync && it.path === path),
    asks: (peer, { event, path }) => seen(peer).pending.some((it) => it.event === event && it.path === path),
  };
}
