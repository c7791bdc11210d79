import type * as Y from 'yjs';
import type { LocalTime, PeerId, Unsubscribe } from '../../base.ts';
import { createBucket } from '../../mesh/bucket.ts';
import type { Host } from '../../mesh/host.ts';
import { digestOf, encodeBallot, toHex, verdict } from './ballot.ts';
import type { Ballot } from './ballot.ts';
import { openCheckpoint } from './checkpoint.ts';
import { createContentHash } from './hash.ts';
import { disputed } from './units.ts';
import type { Place } from './units.ts';
import { vectorOf } from './vector.ts';

/**
 * Two peers claim the same state and hold different things: someone wrote twice under one number, and Yjs never mends
 * that by itself. Everyone at that state says what it holds; what most of them have holds. Who has something else asks one of them for
 * the whole document, verifies that it is what was claimed, and takes it in place of its own [SY9].
 * Why not by the order of arrival or the word of a master: each would let one peer replace everybody's score.
 */
export interface Dispute {
  /** At equal state the contents of a peer are, or are not, ours. */
  compared(from: PeerId, isAlike: boolean): void;
  ballot(from: PeerId, ballot: Ballot): void | 'refused';
  checkpoint(from: PeerId, update: Uint8Array): void | 'refused';
  /** The peer we asked sends something of so many bytes. */
  progressed(from: PeerId, bytes: number): void;
  isOpen(): boolean;
  /** Who gave us what did not hold, again and again: nothing is taken from it any more. */
  isOffender(peer: PeerId): boolean;
  left(peer: PeerId): void;
  close(): void;
}

export interface DisputeDeps {
  readonly document: number;
  readonly self: PeerId;
  doc(): Y.Doc;
  /** Eight bytes. */
  hash(): Uint8Array;
  /** Who may be asked. */
  linked(): readonly PeerId[];
  /** Who gave us what stands there; undefined for our own. */
  giver(place: Place): PeerId | undefined;
  broadcast(bytes: Uint8Array): void;
  ask(peer: PeerId): void;
  /** The room's, verified; to be taken in place of ours. */
  adopt(doc: Y.Doc): void;
  /** Dispute began or ended, or an offender was found. */
  changed(offender?: PeerId): void;
}

/** Deletions that got lost look the same at first and are repaired meanwhile. */
const PATIENCE_MS = 3000;
/** At most one ballot per document in this time. */
const CAST_MS = 2000;
/** Ballots are waited for so long. */
const SETTLE_MS = 1200;
const BALLOT_AGE_MS = 8000;
const BALLOTS_MAX = 256;
/** Without a sign of the checkpoint for so long, or slower than this for longer, the next is asked. */
const ASK_MS = 8000;
const BYTES_PER_MS_MIN = 50;
/** Who makes trouble without end is not followed without end. */
const HEALS = { perSecond: 1 / 30, burst: 3 };
const RECEIVE = { perSecond: 2, burst: 10 };
/** An offence proven by the offender's own ballot weighs all; being the one who passed it on, a part. */
const STRIKES_MAX = 3;
/** An honest peer may be blamed for what it passed on: so nothing is held against anyone for good. */
const STRIKE_MS = 15_000;
/** Longer than a dispute takes. */
const AGREED_MS = 20_000;
const LIAR_MS = 60_000;

interface Cast extends Ballot {
  readonly at: LocalTime;
}

export function createDispute(host: Pick<Host, 'clock' | 'timer' | 'random'>, deps: DisputeDeps): Dispute {
  const differing = new Map<PeerId, LocalTime>();
  const ballots = new Map<PeerId, Cast>();
  const limits = new Map<PeerId, { readonly bucket: ReturnType<typeof createBucket>; at: LocalTime }>();
  const strikes = new Map<PeerId, { readonly count: number; readonly at: LocalTime }>();
  const liars = new Map<PeerId, LocalTime>();
  const heals = createBucket(HEALS);
  let castAt = -Infinity as LocalTime;
  let asked: { readonly peer: PeerId; readonly ballot: Ballot; readonly at: LocalTime; heardAt: LocalTime; received: number } | undefined;
  /** Who held the same as we did, when it was disputed last. */
  const agreed = new Map<PeerId, LocalTime>();
  let lastAsked: PeerId | undefined;
  let cancel: Unsubscribe | undefined;

  const mine = (): Ballot => ({ document: deps.document, state: digestOf(vectorOf(deps.doc())), hash: toHex(deps.hash()) });
  const cast = (): void => {
    const now = host.clock.now();
    if (now - castAt < CAST_MS) return;
    castAt = now;
    deps.broadcast(encodeBallot(mine()));
    deps.changed();
    cancel ??= host.timer.after(SETTLE_MS, decide);
  };

  function decide(): void {
    cancel = undefined;
    const now = host.clock.now();
    const own = mine();
    const valid = new Map<PeerId, Ballot>([[deps.self, own]]);
    for (const [peer, ballot] of ballots) {
      const isLiar = now - (liars.get(peer) ?? -Infinity) < LIAR_MS;
      if (now - ballot.at < BALLOT_AGE_MS && ballot.state === own.state && !isLiar) valid.set(peer, ballot);
    }
    const winner = verdict(valid);
    if (winner === own.hash) return;
    if (asked && now - asked.heardAt < ASK_MS && now - asked.at < ASK_MS + asked.received / BYTES_PER_MS_MIN) return;
    const sources = deps.linked().filter((peer) => valid.get(peer)?.hash === winner);
    const next = sources[(lastAsked === undefined ? 0 : sources.indexOf(lastAsked) + 1) % Math.max(1, sources.length)];
    if (next === undefined) return;
    asked = { peer: next, ballot: { ...own, hash: winner }, at: now, heardAt: now, received: 0 };
    lastAsked = next;
    deps.ask(next);
  }

  /** Ballots come from the whole room, and who is not linked leaves unnoticed. */
  const forgetOld = (now: LocalTime): void => {
    for (const [peer, { at }] of ballots) if (now - at >= BALLOT_AGE_MS) ballots.delete(peer);
    for (const [peer, { at }] of limits) if (now - at >= BALLOT_AGE_MS) limits.delete(peer);
    for (const [peer, at] of agreed) if (now - at >= AGREED_MS) agreed.delete(peer);
  };

  /**
   * Who gave us what does not hold. Its own ballot for what holds proves that it gave us something else; who held the same
   * as we did was deceived as we were, or wrote what a forger contradicted, and is blamed for nothing.
   */
  const blame = (theirs: Y.Doc, winner: string): void => {
    const givers = new Set(disputed(deps.doc(), theirs).map((place) => deps.giver(place)));
    for (const giver of givers) {
      if (giver === undefined || agreed.has(giver)) continue;
      const isProven = ballots.get(giver)?.hash === winner;
      const now = host.clock.now();
      const before = strikes.get(giver);
      const count = (before && now - before.at < STRIKE_MS ? before.count : 0) + (isProven ? STRIKES_MAX : 1);
      strikes.set(giver, { count, at: now });
      if (count >= STRIKES_MAX) deps.changed(giver);
    }
  };

  return {
    compared(from, isAlike) {
      const now = host.clock.now();
      if (isAlike) {
        if (differing.delete(from)) deps.changed();
        return;
      }
      const since = differing.get(from) ?? now;
      if (since === now) deps.changed();
      differing.set(from, since);
      if (now - since >= PATIENCE_MS) cast();
    },
    ballot(from, ballot) {
      const now = host.clock.now();
      forgetOld(now);
      if (limits.size >= BALLOTS_MAX && !limits.has(from)) return;
      const limit = limits.get(from) ?? { bucket: createBucket(RECEIVE), at: now };
      limits.set(from, limit);
      limit.at = now;
      if (!limit.bucket.take(1, now)) return 'refused';
      ballots.set(from, { ...ballot, at: now });
      const own = mine();
      if (ballot.state !== own.state) return;
      if (ballot.hash === own.hash && agreed.size < BALLOTS_MAX) agreed.set(from, now);
      cast();
    },
    checkpoint(from, update) {
      if (asked?.peer !== from) return 'refused';
      const { ballot } = asked;
      asked = undefined;
      const theirs = openCheckpoint(host.random, update, deps.doc());
      if (theirs === undefined) return 'refused';
      const sum = createContentHash(theirs);
      const hash = toHex(sum.read());
      sum.close();
      // They wrote on meanwhile: the next ballots will tell.
      if (digestOf(vectorOf(theirs)) !== ballot.state) return;
      if (hash !== ballot.hash) {
        liars.set(from, host.clock.now());
        return 'refused';
      }
      if (!heals.take(1, host.clock.now())) return;
      blame(theirs, ballot.hash);
      deps.adopt(theirs);
    },
    progressed(from, bytes) {
      if (asked?.peer !== from) return;
      asked.heardAt = host.clock.now();
      asked.received += bytes;
    },
    isOpen: () => differing.size > 0 && host.clock.now() - castAt < BALLOT_AGE_MS,
    isOffender(peer) {
      const { count = 0, at = -Infinity } = strikes.get(peer) ?? {};
      return count >= STRIKES_MAX && host.clock.now() - at < STRIKE_MS;
    },
    left(peer) {
      differing.delete(peer);
      ballots.delete(peer);
      limits.delete(peer);
      if (asked?.peer === peer) asked = undefined;
    },
    close: () => cancel?.(),
  };
}
