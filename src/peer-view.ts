import type { MeshTime, PeerId } from './base.ts';
import type { Documents } from './crdt/documents.ts';
import type { RoomMember } from './crdt/room.ts';
import type { DeviceRegistry } from './engine/devices.ts';
import type { MeshClock } from './mesh/clock.ts';
import type { Member, Mesh } from './mesh/mesh.ts';
import type { Profile } from './mesh/profile.ts';
import type { Devices, Groups, PeerView, Room } from './peer-api.ts';

/** What the sight of everyone is made of. */
export interface Sight {
  readonly mesh: Mesh;
  readonly code: string;
  profile(): Profile;
  readonly documents: Pick<Documents, 'stateOf' | 'progress'>;
  /** Messages that were not taken for want of rights. */
  refusals(peer: PeerId): number;
  /** This peer's own figures are others. */
  changed(): void;
}

/** The beacon has one byte for it. */
const PREFERENCE_MAX = 255;

/** The room and everyone in it as the interface sees them. */
export function createRoomView({ mesh, code, profile, documents, refusals, changed }: Sight): Room {
  const { clock, self } = mesh;
  const { stateOf, progress } = documents;
  let preference = 0;

  const me = (): PeerView => ({
    ...{ id: self, name: profile().name, hue: profile().hue, isSelf: true, link: 'self', isFrozen: false, isMaster: clock.isMaster() },
    ...{ via: undefined, hops: 0, age: 0, preference, roundTrip: 0, spread: clock.spread(), refused: 0 },
    ...{ document: 'same', progress: undefined, health: undefined },
  });
  const others = (master: ReturnType<MeshClock['master']>): readonly PeerView[] =>
    mesh.members().map((member) => {
      const { id, link, isFrozen, roundTrip, spread, refused } = member;
      return {
        ...{ id, name: member.profile.name, hue: member.profile.hue, isSelf: false, link, isFrozen, isMaster: id === master },
        ...{ via: member.via, hops: member.hops, age: member.joinedAge, preference: member.preference },
        ...{ roundTrip, spread, refused: refused + refusals(id), document: stateOf(id), progress: progress(id), health: member.health },
      };
    });

  return {
    code,
    get state() {
      return mesh.server;
    },
    peers: () => [me(), ...others(clock.master())],
    get preference() {
      return preference;
    },
    setPreference(wish) {
      preference = Math.max(0, Math.min(PREFERENCE_MAX, Math.round(wish) || 0));
      mesh.setPreference(preference);
      changed();
    },
  };
}

/** Known identities that are away, with their names. */
export function absentOf(members: ReadonlyMap<PeerId, RoomMember>, here: readonly PeerView[]): ReturnType<Groups['absent']> {
  const present = new Set(here.map(({ id }) => id));
  return [...members].flatMap(([id, { name, hue }]) => (present.has(id) ? [] : [{ id, name, hue }]));
}

/** Devices as the interface and scripts use them. panicForAll: tells everybody else. */
export const createDevicesView = (devices: DeviceRegistry, now: () => MeshTime, panicForAll: () => void): Devices => ({
  add: (device) => devices.add(device),
  list: () => devices.list(),
  send: (address, value) => devices.send(address, value, now()),
  read: (address) => devices.read(address),
  addresses: () => devices.addresses(),
  note: (address, pitch, velocity) => devices.note(address, { occurrence: '', pitch, velocity, at: now(), until: Infinity as MeshTime }),
  panic(isForAll) {
    devices.panic();
    if (isForAll) panicForAll();
  },
});

/** Who counts when votes are taken and pits combined: this peer, who is linked, and who is vouched for; not whose page hangs. */
export const presentOf = (self: PeerId, members: readonly Member[]): readonly PeerId[] => [
  self,
  ...members.flatMap(({ id, link, isFrozen, isCounted }) =>
    (link === 'whole' || (link === 'relayed' && isCounted)) && !isFrozen ? [id] : [],
  ),
];
