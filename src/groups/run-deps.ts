import type { MeshTime, PeerId } from '../base.ts';
import type { Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import type { Fact } from '../engine/fact.ts';
import type { Host } from '../mesh/host.ts';
import type { Memberships } from './placement.ts';

/** What a run of this peer is given. */
export interface RunDeps {
  readonly host: Host;
  readonly self: PeerId;
  now(): MeshTime;
  /** ms within which a message reaches everyone in 99 of 100 cases. */
  latency(): number;
  /** ms: uncertainty of this peer's mesh time. */
  spread(): number;
  isMaster(): boolean;
  /** Mesh time is what others mean by it: dates of others may be judged. */
  isReady(): boolean;
  score(): Score;
  memberships(): Memberships;
  present(): readonly PeerId[];
  read(address: Address): Value | undefined;
  matching?(pattern: Address): readonly Address[];
  unitOf?(address: Address): string | undefined;
  /** To everybody, on `event` or on `fast`. False when it is too long for a message. */
  broadcastFact(channel: 'event' | 'fast', payload: Uint8Array): void;
  broadcastVote(payload: Uint8Array): void;
  sendStructure(to: PeerId, payload: Uint8Array): boolean;
  linked(): readonly PeerId[];
  /** Signature of a fact of our own, by its id; 64 bytes. */
  prove(id: string): Uint8Array;
  isProven(by: PeerId, id: string, proof: Uint8Array): boolean;
  /** It is in our session, and says so. */
  isOfSession(peer: PeerId): boolean;
  /** Writes a fact with its proof into the room document, unless what is there under its id is as good. */
  record(id: string, entry: object, isSound: (known: unknown) => boolean): void;
  /** Takes out of the room document what this tells. */
  forget(isToGo: (id: string, entry: unknown) => boolean): void;
  /** Whether others take what this peer states; absent: they do. */
  mayState?(): boolean;
  /** To the person, what is about to stop the show. */
  warn?(message: string): void;
  /** Whether a proven fact holds by the rights of its author; absent: all do [RI5]. */
  holds?(fact: Fact): boolean;
  /** Where a mistake of ours ends [RN6]. */
  contain(what: string, f: () => void): void;
  /** This peer sees the run with other eyes: as if it had just come. */
  reentered(): void;
  /** A fact was heard or stated: something about the run may be different. */
  changed(): void;
}
