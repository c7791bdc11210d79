import type { PeerId } from './base.ts';
import type { MeshClock } from './mesh/clock.ts';
import type { Member } from './mesh/mesh.ts';
import type { Profile } from './mesh/profile.ts';
import type { DocumentState, PeerView } from './peer-api.ts';

/** What the sight of everyone is made of. */
export interface Sight {
  readonly self: PeerId;
  readonly clock: MeshClock;
  profile(): Profile;
  preference(): number;
  members(): readonly Member[];
  document(peer: PeerId): DocumentState;
  progress(peer: PeerId): number | undefined;
}

/** Everyone present as the interface sees them: self first, then by id. */
export function viewsOf({ self, clock, profile, preference, members, document, progress }: Sight): readonly PeerView[] {
  const master = clock.master();
  const me: PeerView = {
    ...{ id: self, name: profile().name, hue: profile().hue, isSelf: true, link: 'self', isFrozen: false, isMaster: clock.isMaster() },
    ...{ via: undefined, hops: 0, age: 0, preference: preference(), roundTrip: 0, spread: clock.spread(), refused: 0 },
    ...{ document: 'same', progress: undefined, health: undefined },
  };
  const others = members().map((member): PeerView => {
    const { id, profile, link, isFrozen, roundTrip, spread, refused, joinedAge } = member;
    return {
      ...{ id, name: profile.name, hue: profile.hue, isSelf: false, link, isFrozen, isMaster: id === master },
      ...{ via: member.via, hops: member.hops, age: joinedAge, preference: member.preference },
      ...{ roundTrip, spread, refused, document: document(id), progress: progress(id), health: member.health },
    };
  });
  return [me, ...others];
}
