import type { PeerId } from '../base.ts';
import { compare } from '../base.ts';
import { ALL } from '../crdt/score.ts';
import type { GroupId } from '../crdt/score.ts';
import type { StandIn, TakeOver } from '../crdt/room.ts';
import { isMember, membersOf } from './placement.ts';
import type { Memberships } from './placement.ts';

/**
 * Who stands in for whom. The room document says it, so that all agree on who plays; the clock master writes it, once a
 * group has been empty for a while, so that a reload hands over nothing.
 */
export interface Cast {
  readonly groups: readonly GroupId[];
  /** Without stand-ins. */
  readonly memberships: Memberships;
  readonly present: readonly PeerId[];
  /** Who may not can perform a part, but neither trigger nor vote. */
  mayControl(peer: PeerId): boolean;
  readonly standIns: readonly StandIn[];
  readonly rule: TakeOver;
  /** Nobody has been here of it for long enough. */
  isDeserted(group: GroupId): boolean;
}

/** What is to be changed: who steps back, and who takes over [GR21]. */
export function recast(cast: Cast): { readonly back: readonly StandIn[]; readonly over: readonly StandIn[] } {
  const { groups, memberships, present, standIns, rule, mayControl } = cast;
  const canDoMore = present.some(mayControl);
  const back = standIns.filter(
    ({ peer, group, of }) =>
      present.includes(of) ||
      !present.includes(peer) ||
      !isMember(memberships, of, group) ||
      isMember(memberships, peer, group) ||
      // Under the other rules it was a person who said so, or somebody who may stands in as well.
      (rule === 'one' && canDoMore && !mayControl(peer)),
  );
  const staying = standIns.filter((each) => !back.includes(each));
  const parts = new Map(present.map((peer) => [peer, memberships.get(peer)?.length ?? 0]));
  for (const { peer } of staying) parts.set(peer, (parts.get(peer) ?? 0) + 1);
  const over: StandIn[] = [];
  for (const group of [...groups].sort(compare)) {
    const away = awayOf(memberships, present, group)[0];
    if (rule === 'nobody' || away === undefined || isHeld(cast, group, staying) || !cast.isDeserted(group)) continue;
    const rank = (peer: PeerId): number => (mayControl(peer) ? 0 : 1);
    const byParts = [...present].sort((a, b) => rank(a) - rank(b) || (parts.get(a) ?? 0) - (parts.get(b) ?? 0) || compare(a, b));
    for (const peer of rule === 'one' ? byParts.slice(0, 1) : byParts) {
      over.push({ peer, group, of: away });
      parts.set(peer, (parts.get(peer) ?? 0) + 1);
    }
  }
  return { back, over };
}

/** Someone who is here belongs to it or stands in. */
const isHeld = ({ memberships, present }: Cast, group: GroupId, standIns: readonly StandIn[]): boolean =>
  membersOf(memberships, present, group).length > 0 || standIns.some((each) => each.group === group);

/** Who belongs to a group and is not here, by id. */
export const awayOf = (memberships: Memberships, present: readonly PeerId[], group: GroupId): readonly PeerId[] =>
  [...memberships.keys()].filter((peer) => group !== ALL && isMember(memberships, peer, group) && !present.includes(peer)).sort(compare);

/** Memberships with those who stand in. */
export function withStandIns(memberships: Memberships, standIns: readonly StandIn[]): Memberships {
  if (standIns.length === 0) return memberships;
  const all = new Map(memberships);
  for (const { peer, group } of standIns) if (!isMember(all, peer, group)) all.set(peer, [...(all.get(peer) ?? []), group]);
  return all;
}
