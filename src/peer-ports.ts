import type { LocalTime, MeshTime, Unsubscribe } from './base.ts';
import type { CompanionHost } from './crdt/companion.ts';
import type { DocumentStore } from './crdt/store.ts';
import type { Host } from './mesh/host.ts';
import type { Identity } from './mesh/identity.ts';
import type { Profile } from './mesh/mesh.ts';
import type { RoomKeys } from './mesh/room-code.ts';
import type { IceServer } from './mesh/signal.ts';
import type { Transport } from './mesh/transport.ts';
import type { CallPort } from './pit/call-port.ts';
import type { Notice, Peer } from './peer-api.ts';

/** What a peer stands on; the simulator's are simulated. */
export interface PeerPorts {
  readonly host: Host;
  readonly transport: Transport;
  readonly store: DocumentStore;
  /** Absent: this peer never hosts the companion door. */
  readonly companion?: CompanionHost;
  /** Absent: this peer neither sends nor hears live sound and pictures. */
  readonly calls?: CallPort;
}

export interface PeerOptions {
  readonly identity: Identity;
  /** 0 for the first tab of an installation. */
  readonly instance: number;
  readonly code: string;
  readonly keys: RoomKeys;
  readonly profile: Profile;
  /** Fingerprint of who made the room, from its link; that of the own key where the room is made here. */
  readonly root?: string;
  /** The `.tutti` file that a room without a score begins with. */
  readonly initial?: unknown;
}

/** A peer, and what only its machine's edge may do with it. */
export interface PerformingPeer extends Peer {
  toLocal(at: MeshTime): LocalTime;
  fromLocal(at: LocalTime): MeshTime;
  /** A hidden page is a poor clock master and schedules further ahead. */
  setVisible(isVisible: boolean): void;
  notify(notice: Notice): void;
  /** The room is another session's now: what was said in the former one, memberships too, is void. */
  onSession(f: () => void): Unsubscribe;
  iceServers(): readonly IceServer[];
}
