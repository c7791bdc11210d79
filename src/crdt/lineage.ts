import type { PeerId } from '../base.ts';
import { compare } from '../base.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';

/**
 * Which documents may merge. Yjs merges anything with anything, so a copy of last week's score, or of a room that only
 * shares its code, must not meet the one that is played now. Peers tell each other the session and the id of their
 * score; documents are exchanged only between equals, or with someone who has none yet. Of two different scores in one
 * session the one that came later gives way: it is kept aside, never lost. But the date is only the peer's own word: a
 * score that at least twice as many state holds, whatever is said of dates, and nobody is older than the founder [LI4].
 * Only who has a whole link counts: of others, whoever invents keys could make as many as it likes.
 *
 *   payload = any [session, scoreId, since]     since: mesh date, ms, at which this peer entered the session
 */
export interface Lineage {
  /** A link is whole: says who we are. */
  joined(peer: PeerId): void;
  left(peer: PeerId): void;
  /** Own session or score changed. */
  restate(): void;
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  isCompatible(peer: PeerId): boolean;
}

export interface LineageDeps {
  readonly self: PeerId;
  /** `since` is fixed once in a session, so that both sides of a comparison see the same two numbers. */
  session(): { readonly id: string; readonly since: number; readonly isFounder: boolean } | undefined;
  /** Mesh date, ms. */
  now(): number;
  /** Empty while there is none. */
  scoreId(): string;
  send(to: PeerId, payload: Uint8Array): void;
  /** From now on documents may (or may no more) be exchanged with this peer. */
  compatible(peer: PeerId, isCompatible: boolean): void;
  /** Our score gives way to the room's. */
  giveWay(): void;
  /** Who may write the score, this peer included: nobody gives way to others, and they do to them [RI4]. Absent: all. */
  mayWrite?(peer: PeerId): boolean;
}

const SLACK_MS = 10_000;
const FUTURE_MS = 3_600_000;

interface Statement {
  readonly session: string;
  readonly scoreId: string;
  readonly since: number;
}

export function createLineage(deps: LineageDeps): Lineage {
  const stated = new Map<PeerId, Statement>();
  const present = new Set<PeerId>();
  const open = new Set<PeerId>();

  const say = (to: PeerId): void => {
    const session = deps.session();
    if (session) deps.send(to, encodeAny([session.id, deps.scoreId(), session.since]));
  };

  const mayMerge = (theirs: Statement | undefined): boolean => {
    const own = deps.scoreId();
    return theirs !== undefined && theirs.session === deps.session()?.id && (theirs.scoreId === own || theirs.scoreId === '' || own === '');
  };

  const mayWrite = (peer: PeerId): boolean => deps.mayWrite?.(peer) ?? true;

  /** Who of this session states this score. */
  const holders = (scoreId: string): number => {
    const session = deps.session()?.id;
    const others = [...stated].filter(([peer, each]) => each.session === session && each.scoreId === scoreId && mayWrite(peer)).length;
    return others + (deps.scoreId() === scoreId && mayWrite(deps.self) ? 1 : 0);
  };
  const isYounger = (peer: PeerId, theirs: Statement): boolean => {
    const session = deps.session();
    if (!session || !mayWrite(peer)) return false;
    if (!mayWrite(deps.self)) return true;
    const [ours, others] = [holders(deps.scoreId()), holders(theirs.scoreId)];
    if (ours >= 2 * others || others >= 2 * ours) return others > ours;
    if (session.isFounder) return false;
    return session.since !== theirs.since ? session.since > theirs.since : compare(deps.self, peer) > 0;
  };

  const weigh = (peer: PeerId): void => {
    const theirs = stated.get(peer);
    const isOpen = mayMerge(theirs);
    if (isOpen !== open.has(peer)) {
      if (isOpen) open.add(peer);
      else open.delete(peer);
      deps.compatible(peer, isOpen);
    }
    const session = deps.session();
    if (isOpen || !theirs || theirs.session !== session?.id) return;
    if (isYounger(peer, theirs)) deps.giveWay();
  };

  /** Nobody entered before the session was founded, or comes from the future; clocks that are not set yet forgiven. */
  const isPlausible = (since: number): boolean => since >= -SLACK_MS && (deps.session() === undefined || since <= deps.now() + FUTURE_MS);

  return {
    joined(peer) {
      present.add(peer);
      say(peer);
      weigh(peer);
    },
    left(peer) {
      present.delete(peer);
      stated.delete(peer);
      if (open.delete(peer)) deps.compatible(peer, false);
    },
    restate() {
      for (const peer of present) say(peer);
      for (const peer of present) weigh(peer);
    },
    receive(from, payload) {
      if (!present.has(from)) return 'refused';
      const input = decodeAny(payload);
      if (!Array.isArray(input) || input.length !== 3) return 'refused';
      const [session, scoreId, since] = input as readonly unknown[];
      if (typeof session !== 'string' || typeof scoreId !== 'string' || typeof since !== 'number') return 'refused';
      if (session.length > 64 || scoreId.length > 64 || !isPlausible(since)) return 'refused';
      stated.set(from, { session, scoreId, since });
      weigh(from);
      for (const peer of present) weigh(peer);
    },
    isCompatible: (peer) => open.has(peer),
  };
}
