import * as Y from 'yjs';
import { createEmitter } from '../base.ts';
import type { LocalTime, PeerId, Unsubscribe } from '../base.ts';
import { createBucket } from '../mesh/bucket.ts';
import type { Bucket } from '../mesh/bucket.ts';
import type { Host } from '../mesh/host.ts';
import { applyChecked } from './sync/apply.ts';
import { createContentHash } from './sync/hash.ts';
import type { ContentHash } from './sync/hash.ts';
import { createAssembly, decodeSync, encodeSync } from './sync/messages.ts';
import type { Assembly, Message } from './sync/messages.ts';
import { createSender } from './sync/sender.ts';
import type { SyncWire } from './sync/sender.ts';
import { covers, decodeVector, vectorOf } from './sync/vector.ts';
import type { Vector } from './sync/vector.ts';

export type { SyncWire };

/**
 * Keeps two documents the same on all peers. An own edit is sent once to every peer; what came from one peer is not sent
 * on. Every 2 s everyone says what it has, and who misses something asks one of those who have it: that brings newcomers
 * up, carries edits over pairs that never connected, and repairs whatever was lost [SY1..SY3].
 * Why not y-protocols' sync as it is: there everyone answers a newcomer with the whole document, and deletions that got
 * lost are never noticed.
 */
export interface Sync {
  receive(from: PeerId, payload: Uint8Array): 'refused' | void;
  joined(peer: PeerId): void;
  left(peer: PeerId): void;
  /** Own edits of the score that no other peer is known to have. Deletions alone are not counted. */
  unconfirmed(): number;
  /** Whether a peer's score is ours, by hash at equal state; undefined while that is not known. */
  isSame(peer: PeerId): boolean | undefined;
  /** What `isSame` says of a peer changed. */
  onSame(f: (peer: PeerId) => void): Unsubscribe;
  /** A long message is under way. */
  onProgress(f: (progress: Progress) => void): Unsubscribe;
  close(): void;
}

export interface Progress {
  readonly peer: PeerId;
  readonly received: number;
  readonly total: number;
}

const REPAIR_MS = 2000;
/** A receiver confirms soon, once for all that came meanwhile. */
const CONFIRM_MS = 300;
/** Without a sign of an answer for so long, someone else is asked. */
const REQUEST_MS = 5000;
/** Hashes that differ at equal state: all deletions are asked for, seldom. */
const DIFFERENCE_MS = 10_000;
const UNCONFIRMED_MAX = 10_000;
const RECEIVE_LIMITS = { perSecond: 16_000_000, burst: 100_000_000 };
/** A message costs work besides its bytes. */
const MESSAGE_COST = 500;
/** Answers cost work: so many a second for one peer. */
const REQUEST_LIMITS = { perSecond: 1, burst: 8 };
/** Origin of what came from peers. */
const FOREIGN = { name: 'sync' } as const;

interface Side {
  readonly doc: Y.Doc;
  readonly hash: ContentHash;
  readonly stop: Unsubscribe;
  asked: { readonly peer: PeerId; readonly at: LocalTime } | undefined;
}

interface Other {
  readonly assembly: Assembly;
  readonly bucket: Bucket;
  readonly requests: Bucket;
  readonly known: ({ readonly vector: Vector; readonly hash: Uint8Array } | undefined)[];
  readonly complainedAt: (LocalTime | undefined)[];
  isSame: boolean | undefined;
}

export function createSync(
  host: Pick<Host, 'clock' | 'timer'>,
  wire: SyncWire,
  docs: { readonly score: Y.Doc; readonly room: Y.Doc },
): Sync {
  const { on, emit } = createEmitter<{ progress: Progress; same: PeerId }>();
  const sender = createSender(host, wire);
  const others = new Map<PeerId, Other>();
  const owed = new Set<PeerId>();
  let own: Vector[] = [];
  let cancelConfirm: (() => void) | undefined;

  const other = (peer: PeerId): Other => {
    const known = others.get(peer) ?? createOther();
    others.set(peer, known);
    return known;
  };
  const say = (to: PeerId, message: Message): void => void sender.send(to, encodeSync(message));
  const announce = (to: PeerId): void => {
    sides.forEach(({ doc, hash }, document) =>
      say(to, { kind: 'announce', document, vector: Y.encodeStateVector(doc), hash: hash.read() }),
    );
  };

  const sides: readonly Side[] = [docs.score, docs.room].map((doc, document) => {
    const listen = (update: Uint8Array, origin: unknown, _: Y.Doc, transaction: Y.Transaction): void => {
      if (origin === FOREIGN) return;
      if (document === 0) remember(transaction);
      const message = encodeSync({ kind: 'update', document, update });
      for (const peer of wire.peers()) sender.send(peer, message);
    };
    doc.on('updateV2', listen);
    return { doc, hash: createContentHash(doc), stop: () => doc.off('updateV2', listen), asked: undefined };
  });

  const remember = ({ beforeState, afterState }: Y.Transaction): void => {
    const grown = [...afterState].filter(([client, clock]) => (beforeState.get(client) ?? 0) < clock);
    if (grown.length === 0) return;
    own.push(new Map(grown));
    if (own.length > UNCONFIRMED_MAX) own.shift();
  };

  /** Asks one peer for what this document misses, if someone has it and nobody was asked just now; after who did not answer, the next. */
  const ask = (document: number): void => {
    const side = sides[document]!;
    const now = host.clock.now();
    if (side.asked && now - side.asked.at < REQUEST_MS && others.has(side.asked.peer)) return;
    const mine = vectorOf(side.doc);
    const isAhead = (peer: PeerId): boolean => {
      const known = others.get(peer)?.known[document];
      return known !== undefined && !covers(mine, known.vector);
    };
    const ahead = wire.peers().filter(isAhead);
    const next = ahead[(side.asked ? ahead.indexOf(side.asked.peer) + 1 : 0) % Math.max(1, ahead.length)];
    side.asked = undefined;
    if (next !== undefined) request(next, document);
  };
  const request = (peer: PeerId, document: number): void => {
    const side = sides[document]!;
    side.asked = { peer, at: host.clock.now() };
    say(peer, { kind: 'request', document, vector: Y.encodeStateVector(side.doc) });
  };

  const compared = (id: PeerId, isSame: boolean | undefined): void => {
    const peer = other(id);
    if (peer.isSame === isSame) return;
    peer.isSame = isSame;
    emit('same', id);
  };
  const heard = (from: PeerId, document: number, vector: Vector, hash: Uint8Array): void => {
    const peer = other(from);
    const side = sides[document]!;
    peer.known[document] = { vector, hash };
    if (document === 0) own = own.filter((edit) => !covers(vector, edit));
    const mine = vectorOf(side.doc);
    const isEqual = covers(mine, vector) && covers(vector, mine);
    const isAlike = isEqual && side.hash.read().every((byte, i) => byte === hash[i]);
    if (document === 0) compared(from, isEqual ? isAlike : undefined);
    const now = host.clock.now();
    if (isEqual && !isAlike && now - (peer.complainedAt[document] ?? -Infinity) >= DIFFERENCE_MS) {
      peer.complainedAt[document] = now;
      say(from, { kind: 'request', document, vector: Y.encodeStateVector(side.doc) });
    }
    ask(document);
  };

  const take = (from: PeerId, document: number, update: Uint8Array): 'refused' | void => {
    const side = sides[document]!;
    const outcome = applyChecked(side.doc, update, FOREIGN);
    if (side.asked?.peer === from) side.asked = undefined;
    if (outcome === 'refused') return 'refused';
    confirmSoon(from);
    if (outcome === 'lacking' && !side.asked) return request(from, document);
    ask(document);
  };
  const confirmSoon = (to: PeerId): void => {
    owed.add(to);
    cancelConfirm ??= host.timer.after(CONFIRM_MS, () => {
      cancelConfirm = undefined;
      for (const peer of owed) if (others.has(peer)) announce(peer);
      owed.clear();
    });
  };

  const obey = (from: PeerId, bytes: Uint8Array): 'refused' | void => {
    const message = decodeSync(bytes);
    if (!message) return 'refused';
    const { document } = message;
    if (message.kind === 'update') return take(from, document, message.update);
    const vector = decodeVector(message.vector);
    if (!vector) return 'refused';
    if (message.kind === 'announce') return heard(from, document, vector, message.hash);
    if (!other(from).requests.take(1, host.clock.now())) return 'refused';
    say(from, { kind: 'update', document, update: Y.encodeStateAsUpdateV2(sides[document]!.doc, message.vector) });
  };

  const stopRepair = host.timer.every(REPAIR_MS, () => {
    for (const peer of wire.peers()) announce(peer);
    for (const document of sides.keys()) ask(document);
  });

  return {
    receive(from, payload) {
      const peer = other(from);
      if (!peer.bucket.take(payload.length + MESSAGE_COST, host.clock.now())) return 'refused';
      const message = peer.assembly.add(payload);
      if (message === 'wrong') return 'refused';
      if (message !== 'more') return obey(from, message);
      const progress = peer.assembly.progress();
      for (const side of sides) if (side.asked?.peer === from) side.asked = { peer: from, at: host.clock.now() };
      if (progress) emit('progress', { peer: from, ...progress });
    },
    joined(peer) {
      other(peer);
      announce(peer);
    },
    left(peer) {
      others.delete(peer);
      owed.delete(peer);
      sender.drop(peer);
      for (const [document, side] of sides.entries()) {
        if (side.asked?.peer !== peer) continue;
        side.asked = undefined;
        ask(document);
      }
    },
    unconfirmed: () => own.length,
    isSame: (peer) => others.get(peer)?.isSame,
    onSame: (f) => on('same', f),
    onProgress: (f) => on('progress', f),
    close() {
      stopRepair();
      cancelConfirm?.();
      sender.close();
      for (const side of sides) {
        side.stop();
        side.hash.close();
      }
    },
  };
}

const createOther = (): Other => ({
  assembly: createAssembly(),
  bucket: createBucket(RECEIVE_LIMITS),
  requests: createBucket(REQUEST_LIMITS),
  known: [],
  complainedAt: [],
  isSame: undefined,
});
