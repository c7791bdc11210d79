import type { PeerId } from '../base.ts';
import { ALL } from '../crdt/score.ts';
import type { GroupId, ObjectId, Track } from '../crdt/score.ts';

export { DEFAULT_POLICIES, groupOf, parentOf, policiesOf, type EffectivePolicies } from '../crdt/policies.ts';

/** Who is in which group, as the room document says; everyone present is in `all`. */
export type Memberships = ReadonlyMap<PeerId, readonly GroupId[]>;

export const isMember = (memberships: Memberships, peer: PeerId, group: GroupId): boolean =>
  group === ALL || (memberships.get(peer)?.includes(group) ?? false);

/** Of `present`, those who are in the group, in the order given. */
export const membersOf = (memberships: Memberships, present: readonly PeerId[], group: GroupId): readonly PeerId[] =>
  present.filter((peer) => isMember(memberships, peer, group));

/** Tracks as this machine sounds them: of a group only its members do, for others they are silent [UI83]. */
export const sounded = (tracks: Iterable<Track>, isMine: (track: ObjectId) => boolean): readonly Track[] =>
  [...tracks].map((track) => (isMine(track.id) ? track : { ...track, isMuted: true }));
