import type { LocalTime, PeerId } from '../base.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import { createBucket } from '../mesh/bucket.ts';
import { isPeerId, SIGNATURE_BYTES } from '../mesh/identity.ts';
import { decodeCount, differ } from './epochs.ts';

/**
 * Whether who counts aligned pits says the same to all. A count is signed; every 2 s neighbours tell one another the
 * beginnings of the signatures that they took. Where they differ, they show each other the counts: two that say different
 * things under one number, both signed, are a proof, which is handed on to everybody; from then on nothing that its
 * maker counts is taken, and the next in line counts [PT40]. Nobody can accuse another without its signatures.
 *
 *   message  = signature:byte{64} count                     count: `epochs.ts`, on topic `epoch`
 *   signed   = "tutti count" LF tag LF session LF count
 *   digest   = any [0, maker, [[k, first 8 bytes of a signature], ...]]
 *   evidence = any [1, maker, message]
 *   proof    = any [2, maker, message, message]
 */
export interface Watch {
  /** A count as it goes out; said again in the same words it is signed once. */
  seal(count: Uint8Array): Uint8Array;
  /** What was heard on topic `epoch`: the count in it; undefined when it cannot be one. */
  open(from: PeerId, message: Uint8Array): Uint8Array | undefined;
  /** A digest, evidence or a proof. */
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  isLiar(peer: PeerId): boolean;
  /** It is told what is proven. */
  joined(peer: PeerId): void;
  /** Every 25 ms or so. */
  turn(): void;
  /** Another session: nothing of it holds. */
  reset(): void;
}

export interface WatchDeps {
  now(): LocalTime;
  master(): PeerId | undefined;
  sign(count: Uint8Array): Uint8Array;
  verify(maker: PeerId, count: Uint8Array, signature: Uint8Array): boolean;
  send(to: PeerId, payload: Uint8Array): void;
  /** To neighbours. */
  broadcast(payload: Uint8Array): void;
  found(liar: PeerId): void;
}

const DIGEST_MS = 2000;
/** Two digests long, and what was under way. */
const KEPT_MS = 5000;
const KEPT_MAX = 256;
/** What is on its way to others. */
const FRESH_MS = 300;
/** Who comes knows by then what it came to. */
const AGAIN_MS = 4000;
const SHORT = 8;
const DIGEST_MAX = 128;
/** A check takes a millisecond or more, and who differs in much is shown a part of it. */
const CHECKS = { perSecond: 6, burst: 20 };
const SHOWN = { perSecond: 4, burst: 8 };
const LIARS_MAX = 64;

interface Taken {
  readonly k: number;
  readonly message: Uint8Array;
  readonly at: LocalTime;
}

export function createWatch(deps: WatchDeps): Watch {
  const checks = createBucket(CHECKS);
  const shown = createBucket(SHOWN);
  let maker: PeerId | undefined;
  let taken: readonly Taken[] = [];
  let sealed: { readonly count: Uint8Array; readonly message: Uint8Array } | undefined;
  let saidAt = -Infinity;
  const proofs = new Map<PeerId, Uint8Array>();
  /** Who came a moment ago: it may not have known the session yet, and could not check. */
  const fresh = new Map<PeerId, LocalTime>();

  const countOf = (message: Uint8Array): Uint8Array => message.subarray(SIGNATURE_BYTES);
  const isSigned = (by: PeerId, message: Uint8Array): boolean => deps.verify(by, countOf(message), message.subarray(0, SIGNATURE_BYTES));
  const areTwo = (a: Uint8Array, b: Uint8Array): boolean => {
    const [one, other] = [decodeCount(countOf(a)), decodeCount(countOf(b))];
    return one !== undefined && other !== undefined && differ(one, other);
  };

  const prove = (liar: PeerId, proof: Uint8Array): void => {
    if (proofs.has(liar) || proofs.size >= LIARS_MAX) return;
    proofs.set(liar, proof);
    deps.broadcast(proof);
    deps.found(liar);
  };

  const tell = (peer: PeerId): void => {
    for (const proof of proofs.values()) if (proof.length > 0) deps.send(peer, proof);
  };

  const compareDigest = (from: PeerId, of: PeerId, list: readonly unknown[]): void | 'refused' => {
    if (list.length > DIGEST_MAX) return 'refused';
    const proof = proofs.get(of);
    if (proof !== undefined && proof.length > 0 && shown.take(1, deps.now())) deps.send(from, proof);
    for (const entry of list) {
      const [k, begin] = Array.isArray(entry) && entry.length === 2 ? (entry as readonly unknown[]) : [];
      if (!(begin instanceof Uint8Array) || begin.length !== SHORT) return 'refused';
      if (of !== maker) continue;
      const mine = taken.filter((each) => each.k === k);
      if (mine.length === 0 || mine.some(({ message }) => begin.every((byte, i) => byte === message[i]))) continue;
      for (const { message } of mine) if (shown.take(1, deps.now())) deps.send(from, encodeAny([1, of, message]));
    }
  };

  const weigh = (of: PeerId, message: Uint8Array): void => {
    const k = decodeCount(countOf(message))?.k;
    const mine = of === maker && !proofs.has(of) ? taken.find((each) => each.k === k && areTwo(each.message, message)) : undefined;
    // What is not signed proves nothing of its maker, for its bringer may have made it up.
    if (!mine || !checks.take(2, deps.now()) || !isSigned(of, message)) return;
    if (isSigned(of, mine.message)) prove(of, encodeAny([2, of, mine.message.slice(), message]));
    // Its maker alone could give us this one: to us it is proven.
    else if (proofs.size < LIARS_MAX) {
      proofs.set(of, new Uint8Array());
      deps.found(of);
    }
  };

  return {
    seal(count) {
      if (sealed?.count !== count) {
        const message = new Uint8Array(SIGNATURE_BYTES + count.length);
        message.set(deps.sign(count));
        message.set(count, SIGNATURE_BYTES);
        sealed = { count, message };
      }
      return sealed.message;
    },
    open(from, message) {
      if (message.length <= SIGNATURE_BYTES) return undefined;
      const count = countOf(message);
      if (from !== deps.master()) return count;
      if (from !== maker) [maker, taken] = [from, []];
      const isKnown = taken.some((each) => each.message.length === message.length && each.message.every((byte, i) => byte === message[i]));
      const k = isKnown ? undefined : decodeCount(count)?.k;
      const now = deps.now();
      if (k !== undefined)
        taken = [...taken, { k, message: message.slice(), at: now }].filter(({ at }) => now - at < KEPT_MS).slice(-KEPT_MAX);
      return count;
    },
    receive(from, payload) {
      const said = decodeAny(payload);
      if (!Array.isArray(said)) return 'refused';
      const [kind, of, first, second] = said as readonly unknown[];
      if (typeof of !== 'string' || !isPeerId(of)) return 'refused';
      if (kind === 0 && said.length === 3 && Array.isArray(first)) return compareDigest(from, of, first as readonly unknown[]);
      if (!(first instanceof Uint8Array) || first.length <= SIGNATURE_BYTES) return 'refused';
      if (kind === 1 && said.length === 3) return weigh(of, first);
      if (kind !== 2 || said.length !== 4 || !(second instanceof Uint8Array) || second.length <= SIGNATURE_BYTES) return 'refused';
      if (!areTwo(first, second)) return 'refused';
      // It comes again from each neighbour.
      if (proofs.has(of) || !checks.take(2, deps.now())) return undefined;
      if (!isSigned(of, first) || !isSigned(of, second)) return 'refused';
      prove(of, payload.slice());
      return undefined;
    },
    isLiar: (peer) => proofs.has(peer),
    joined(peer) {
      tell(peer);
      if (proofs.size > 0) fresh.set(peer, deps.now());
    },
    turn() {
      const now = deps.now();
      if (now - saidAt < DIGEST_MS) return;
      saidAt = now;
      for (const [peer, at] of fresh) {
        if (now - at < AGAIN_MS) continue;
        fresh.delete(peer);
        tell(peer);
      }
      const list = taken.filter(({ at }) => now - at >= FRESH_MS && now - at < FRESH_MS + 2 * DIGEST_MS).slice(-DIGEST_MAX);
      if (list.length === 0 || maker === undefined || proofs.has(maker)) return;
      deps.broadcast(encodeAny([0, maker, list.map(({ k, message }) => [k, message.slice(0, SHORT)])]));
    },
    reset() {
      [maker, taken, sealed] = [undefined, [], undefined];
      proofs.clear();
      fresh.clear();
    },
  };
}
