import type * as Y from 'yjs';
import type { PeerId, Unsubscribe } from '../../base.ts';
import type { Arrival } from './other.ts';

/**
 * Keeps two documents the same on all peers. An own edit is sent once to every peer; what came from one peer is sent on
 * only to those who are not linked with it. Every 2 s everyone says what it has, and who misses something asks one of those who have it: that brings newcomers
 * up, carries edits over pairs that never connected, and repairs whatever was lost [SY1..SY3].
 * Why not y-protocols' sync as it is: there everyone answers a newcomer with the whole document, and deletions that got
 * lost are never noticed.
 */
export interface Sync {
  receive(from: PeerId, payload: Uint8Array): 'refused' | void;
  /** What someone in the room, linked or not, says that it holds. */
  receiveBallot(from: PeerId, payload: Uint8Array): 'refused' | void;
  joined(peer: PeerId): void;
  left(peer: PeerId): void;
  /** Own edits of the score that no other peer is known to have. Deletions alone are not counted. */
  unconfirmed(): number;
  /** A peer's documents against ours, by hash at equal state. */
  stateOf(peer: PeerId): DocumentState;
  /** What `stateOf` says of a peer changed. */
  onState(f: (peer: PeerId) => void): Unsubscribe;
  /** Of something large that comes from a peer, or goes to it, the part that came; 0 to 1. */
  progress(peer: PeerId): number | undefined;
  /** All that is large and on its way here. */
  arrival(): Arrival | undefined;
  /** What holds in the room, not what we had: to be taken in place of a document [SY9, RI6]. */
  onAdopt(f: (adopted: Adopted) => void): Unsubscribe;
  /** Who gave us what did not hold: nothing is taken from it any more. */
  onOffender(f: (peer: PeerId) => void): Unsubscribe;
  /** From now on another document is synced, by the same conversation. */
  replace(document: number, doc: Y.Doc): void;
  /** Takes a document whole from somebody who may write it, as soon as there is somebody. */
  renew(document: number): void;
  /** Who gave something of a document since it is synced. */
  givers(document: number): ReadonlySet<PeerId>;
  /** A long message is under way. */
  onProgress(f: (progress: Progress) => void): Unsubscribe;
  close(): void;
}

export interface Adopted {
  readonly document: number;
  readonly doc: Y.Doc;
  /** Most of the room hold it; or those who may write. */
  readonly because: 'dispute' | 'rights';
}

/** `comparing`: one of the two lacks something, or nothing is known yet; `healing`: it differed, and is being made the same. */
export type DocumentState = 'same' | 'comparing' | 'differs' | 'healing';

export interface Progress {
  readonly peer: PeerId;
  readonly received: number;
  readonly total: number;
}
