import type { LocalTime, MeshTime, PeerId, Unsubscribe } from '../base.ts';
import type { Sample } from './time.ts';
import type { Beat } from './transport.ts';

/** Mesh time as the rest of a peer reads it. */
export interface MeshClock {
  /** Never runs backwards, save at a `stepped` or `session` event. */
  now(): MeshTime;
  toLocal(mesh: MeshTime): LocalTime;
  fromLocal(local: LocalTime): MeshTime;
  /** ms, p95 of the error against the master, assuming symmetric paths; 0 for the master, Infinity before the first estimate. */
  spread(): number;
  /** ms, holds always; 0 for the master, Infinity before the first estimate. */
  bound(): number;
  isMaster(): boolean;
  master(): PeerId | undefined;
  /** Rises with each master of a session; fences stale claims. */
  term(): number;
  /** undefined before the first session; age in ms. */
  session(): { readonly id: string; readonly age: number; readonly isFounder: boolean } | undefined;
  /** A session is there and, if another is its master, an estimate good enough to perform by. */
  isReady(): boolean;
  /** Clock of another peer against one's own, all in ms; undefined before the first sample. */
  pair(peer: PeerId): { readonly roundTrip: number; readonly spread: number; readonly offset: number } | undefined;
  on<K extends keyof ClockEvents>(type: K, f: (event: ClockEvents[K]) => void): Unsubscribe;
}

export interface ClockEvents {
  /** Another master or term: the beacon changed, send it soon. */
  master: PeerId;
  /** The session's id: founded or adopted. What belonged to the former session is void. */
  session: string;
  /** ms by which mesh time jumped: leave the run and re-enter. */
  stepped: number;
  /** Figures moved. */
  tick: undefined;
}

/** What the mesh feeds the clock with. */
export interface ClockInput {
  /** Nobody else is in the room: start a session. Nothing happens when one is there. */
  found(): void;
  sample(peer: PeerId, sample: Sample): void;
  beat(peer: PeerId, beat: Beat): void;
  /** The link to a peer is gone for good. */
  leave(peer: PeerId): void;
  setVisible(isVisible: boolean): void;
  /** 0 to 255; higher is rather master. */
  setPreference(preference: number): void;
  /** To be given to every connection after each tick and each `master` event; at most 256 bytes. */
  beacon(): Uint8Array;
  /** Every 250 ms. */
  tick(): void;
}
