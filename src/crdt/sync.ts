import * as Y from 'yjs';
import { createEmitter } from '../base.ts';
import type { LocalTime, PeerId, Unsubscribe } from '../base.ts';
import type { Host } from '../mesh/host.ts';
import { renumber } from './doc.ts';
import { createAnswers } from './sync/answers.ts';
import { inspect, isForged } from './sync/apply.ts';
import { decodeBallot } from './sync/ballot.ts';
import { createDispute } from './sync/dispute.ts';
import type { Dispute } from './sync/dispute.ts';
import { createGivers } from './sync/givers.ts';
import type { Givers } from './sync/givers.ts';
import { createContentHash } from './sync/hash.ts';
import type { ContentHash } from './sync/hash.ts';
import { createInbox } from './sync/inbox.ts';
import type { Inbox, Outcome } from './sync/inbox.ts';
import type { Adopted, DocumentState, Progress, Sync } from './sync/interface.ts';
import { encodeSync } from './sync/messages.ts';
import type { Message } from './sync/messages.ts';
import { allowanceOf, arrivalOf, charge, createOthers } from './sync/other.ts';
import type { Arrival, Other } from './sync/other.ts';
import { portionOf } from './sync/portion.ts';
import { createRenewal } from './sync/renewal.ts';
import { createSender, LARGE_BYTES } from './sync/sender.ts';
import type { SyncWire } from './sync/sender.ts';
import { unwritten } from './sync/unwritten.ts';
import { covers, decodeVector, grownIn, vectorOf } from './sync/vector.ts';
import type { Vector } from './sync/vector.ts';

export type { Arrival, DocumentState, Sync, SyncWire };

const REPAIR_MS = 2000;
/** A receiver confirms soon, once for all that came meanwhile. */
const CONFIRM_MS = 300;
/** Without a sign of an answer for so long, or slower than this for longer, someone else is asked. */
const REQUEST_MS = 5000;
const BYTES_PER_MS_MIN = 50;
/** Hashes that differ at equal state: all deletions are asked for, seldom. */
const DIFFERENCE_MS = 10_000;
const UNCONFIRMED_MAX = 10_000;
/** A message costs work besides its bytes. */
const MESSAGE_COST = 500;
/** Updates that hold much are decoded and taken at a cost of their own, bytes for each struct. */
const STRUCT_COST = 60;
/** What is larger is not passed on unasked: who lacks it asks. */
const PASSED_BYTES_MAX = 16_384;
/** Origin of what came from peers. */
const FOREIGN = { name: 'sync' } as const;

interface Side {
  readonly doc: Y.Doc;
  readonly hash: ContentHash;
  readonly add: Inbox['add'];
  readonly givers: Givers;
  readonly stop: Unsubscribe;
  asked: { readonly peer: PeerId; readonly at: LocalTime; heardAt: LocalTime; received: number } | undefined;
}

export function createSync(
  host: Pick<Host, 'clock' | 'timer' | 'random'>,
  wire: SyncWire,
  docs: { readonly score: Y.Doc; readonly room: Y.Doc },
): Sync {
  const { on, emit } = createEmitter<{
    progress: Progress;
    state: PeerId;
    adopt: Adopted;
    offender: PeerId;
  }>();
  const sender = createSender(host, wire);
  const answers = createAnswers(host.timer, sender);
  const give = (...answer: Parameters<typeof answers.give>): 'refused' | void => (answers.give(...answer) ? undefined : 'refused');
  const others = new Map<PeerId, Other>();
  const createOther = createOthers(host.clock);
  const owed = new Set<PeerId>();
  const given: readonly Set<PeerId>[] = [new Set(), new Set()];
  let own: Vector[] = [];
  let cancelConfirm: (() => void) | undefined;

  const other = (peer: PeerId): Other => {
    const known = others.get(peer) ?? createOther(peer);
    others.set(peer, known);
    return known;
  };
  /** Only they are asked, believed and followed [RI4]. */
  const mayWrite = (peer: PeerId, document: number): boolean => wire.mayWrite?.(peer, document) ?? true;
  const entitled = (document: number): readonly PeerId[] => wire.peers().filter((peer) => mayWrite(peer, document));
  const say = (to: PeerId, message: Message): void => void sender.send(to, encodeSync(message));
  const announce = (to: PeerId): void => {
    sides.forEach(({ doc, hash }, document) =>
      say(to, { kind: 'announce', document, vector: Y.encodeStateVector(doc), hash: hash.read() }),
    );
  };

  const openSide = (doc: Y.Doc, document: number): Side => {
    const givers = createGivers();
    const { offered } = givers;
    const inbox = createInbox(host, { doc, origin: FOREIGN, offered, taken: (from, outcome) => settled(from, document, outcome) });
    const settleGivers = (transaction: Y.Transaction): void =>
      givers.settled(transaction, inbox.sources(), doc.store.pendingStructs !== null);
    const listen = (update: Uint8Array, origin: unknown, _: Y.Doc, transaction: Y.Transaction): void => {
      settleGivers(transaction);
      if (origin === FOREIGN) return passOn(document, inbox.sources(), update, transaction);
      if (document === 0) remember(transaction);
      const message = encodeSync({ kind: 'update', document, update });
      for (const peer of wire.peers()) sender.send(peer, message);
    };
    doc.on('updateV2', listen);
    /** What is large is not passed on as it came. */
    const addLarge: Inbox['add'] = (...offer) => {
      const settle = (transaction: Y.Transaction): void => {
        if (transaction.origin !== FOREIGN) return;
        settleGivers(transaction);
        if (transaction.changed.size > 0) peersLacking(document, inbox.sources(), transaction).forEach(announce);
      };
      doc.on('afterTransaction', settle);
      const outcome = unwritten(doc, FOREIGN, listen, () => inbox.add(...offer));
      doc.off('afterTransaction', settle);
      return outcome;
    };
    const add: Inbox['add'] = (from, update, structs) => (update.length > PASSED_BYTES_MAX ? addLarge : inbox.add)(from, update, structs);
    const stop = (): void => void (doc.off('updateV2', listen), inbox.close());
    return { doc, hash: createContentHash(doc), add, givers, stop, asked: undefined };
  };
  const sides: Side[] = [docs.score, docs.room].map(openSide);

  /** Those to whom this is new, and who cannot have it from who gave it to us. */
  const peersLacking = (document: number, sources: ReadonlySet<PeerId>, transaction: Y.Transaction): readonly PeerId[] => {
    const grown = grownIn(transaction);
    return wire.peers().filter((peer) => {
      const known = others.get(peer)?.known[document]?.vector;
      if (grown.size > 0 && known && covers(known, grown)) return false;
      return [...sources].some((source) => source !== peer && !wire.areLinked(source, peer));
    });
  };
  const passOn = (document: number, sources: ReadonlySet<PeerId>, update: Uint8Array, transaction: Y.Transaction): void => {
    const peers = peersLacking(document, sources, transaction);
    if (peers.length === 0) return;
    if (update.length > PASSED_BYTES_MAX) return peers.forEach(announce);
    const message = encodeSync({ kind: 'update', document, update });
    for (const peer of peers) if (!sources.has(peer)) sender.send(peer, message);
  };

  const remember = (transaction: Y.Transaction): void => {
    const grown = grownIn(transaction);
    if (grown.size === 0) return;
    own.push(grown);
    if (own.length > UNCONFIRMED_MAX) own.shift();
  };

  const isAhead = (peer: PeerId, document: number): boolean => {
    const known = others.get(peer)?.known[document];
    return known !== undefined && !covers(vectorOf(sides[document]!.doc), known.vector);
  };
  /** Asks one peer for what this document misses, if someone has it and nobody is waited for; who was late, after all others. */
  const ask = (document: number): void => {
    const side = sides[document]!;
    const [now, late] = [host.clock.now(), side.asked && others.get(side.asked.peer)];
    if (side.asked && late) {
      const { at, heardAt, received } = side.asked;
      if (now - heardAt < REQUEST_MS && now - at < REQUEST_MS + received / BYTES_PER_MS_MIN) return;
      late.late += 1;
    }
    side.asked = undefined;
    const [next] = entitled(document)
      .filter((peer) => isAhead(peer, document))
      .sort((a, b) => other(a).late - other(b).late);
    if (next !== undefined) request(next, document);
  };
  const request = (peer: PeerId, document: number): void => {
    const side = sides[document]!;
    const now = host.clock.now();
    if (!other(peer).asking.take(1, now)) return;
    side.asked = { peer, at: now, heardAt: now, received: 0 };
    say(peer, { kind: 'request', document, vector: Y.encodeStateVector(side.doc) });
  };

  const disputes: readonly Dispute[] = [0, 1].map((document) =>
    createDispute(host, {
      document,
      self: wire.self,
      doc: () => sides[document]!.doc,
      hash: () => sides[document]!.hash.read(),
      linked: () => entitled(document),
      giver: ({ client, clock }) => sides[document]!.givers.of(client, clock),
      broadcast: (bytes) => wire.broadcast(bytes),
      ask: (peer) => say(peer, { kind: 'ask', document }),
      adopt: (doc) => emit('adopt', { document, doc, because: 'dispute' }),
      changed(offender) {
        if (offender !== undefined) emit('offender', offender);
        for (const peer of others.keys()) emit('state', peer);
      },
    }),
  );

  const renewals = [0, 1].map((document) =>
    createRenewal(host, {
      doc: () => sides[document]!.doc,
      entitled: () => entitled(document).filter((peer) => others.get(peer)?.known[document] !== undefined),
      ask: (peer) => say(peer, { kind: 'ask', document }),
      adopt: (doc) => emit('adopt', { document, doc, because: 'rights' }),
    }),
  );

  const compared = (id: PeerId, document: number, isAlike: boolean | undefined): void => {
    const { isAlike: before } = other(id);
    if (isAlike !== undefined && mayWrite(id, document)) disputes[document]?.compared(id, isAlike);
    if (before[document] === isAlike) return;
    before[document] = isAlike;
    emit('state', id);
  };
  /** Someone writes under our number: what we write next must not fall where that stands [SY10]. */
  const leaveNumber = (side: Side): void => renumber(side.doc, host.random);

  /** undefined while one of the two lacks something. */
  const isSame = (side: Side, vector: Vector, hash: Uint8Array): boolean | undefined => {
    const mine = vectorOf(side.doc);
    return covers(mine, vector) && covers(vector, mine) ? side.hash.read().every((byte, i) => byte === hash[i]) : undefined;
  };

  const heard = (from: PeerId, document: number, vector: Vector, hash: Uint8Array): void => {
    const peer = other(from);
    const side = sides[document]!;
    peer.known[document] = { vector, hash };
    if (document === 0) own = own.filter((edit) => !covers(vector, edit));
    if (!mayWrite(from, document)) return void compared(from, document, isSame(side, vector, hash));
    if ((vector.get(side.doc.clientID) ?? 0) > Y.getState(side.doc.store, side.doc.clientID)) leaveNumber(side);
    const isAlike = isSame(side, vector, hash);
    compared(from, document, isAlike);
    const now = host.clock.now();
    if (isAlike === false && now - (peer.complainedAt[document] ?? -Infinity) >= DIFFERENCE_MS) {
      peer.complainedAt[document] = now;
      say(from, { kind: 'request', document, vector: Y.encodeStateVector(side.doc) });
    }
    ask(document);
  };

  const take = (from: PeerId, document: number, update: Uint8Array): 'refused' | void => {
    const side = sides[document]!;
    const structs = inspect(update);
    if (!structs || disputes.some((dispute) => dispute.isOffender(from))) return 'refused';
    if (!other(from).bucket.take(structs.length * STRUCT_COST, host.clock.now())) return 'refused';
    if (isForged(side.doc, structs)) {
      leaveNumber(side);
      return 'refused';
    }
    const now = host.clock.now();
    const portion = portionOf(side.doc, update, structs, allowanceOf(other(from), now));
    charge(other(from), portion, now);
    if (portion.isPart) divided(from, side);
    const outcome = side.add(from, portion.update, portion.structs);
    if (outcome === 'refused') return 'refused';
    if (outcome !== 'later') settled(from, document, portion.isPart ? 'part' : outcome);
  };
  /** The rest is asked for with the next repair, of somebody else if there is one: what each may cost is counted apart. */
  const divided = (from: PeerId, side: Side): void => {
    if (side.asked?.peer === from) side.asked = undefined;
    other(from).late += 1;
  };
  const settled = (from: PeerId, document: number, outcome: Outcome): void => {
    const side = sides[document]!;
    // Until it gave what it says it has: crumbs are no answer.
    if (side.asked?.peer === from && !isAhead(from, document)) side.asked = undefined;
    if (outcome === 'refused') return wire.refuse(from);
    given[document]!.add(from);
    confirmSoon(from);
    if (outcome === 'lacking' && !side.asked) request(from, document);
    else if (outcome !== 'part') ask(document);
  };
  const confirmSoon = (to: PeerId): void => {
    owed.add(to);
    cancelConfirm ??= host.timer.after(CONFIRM_MS, () => {
      cancelConfirm = undefined;
      for (const peer of owed) if (others.has(peer)) announce(peer);
      owed.clear();
    });
  };

  const obey = (from: PeerId, message: Message): 'refused' | void => {
    const { document } = message;
    if (message.kind === 'update' || message.kind === 'checkpoint') {
      if (!mayWrite(from, document)) return wire.notEntitled?.(from);
      if (message.kind === 'update') return take(from, document, message.update);
      return renewals[document]!.checkpoint(from, message.update) ? undefined : disputes[document]!.checkpoint(from, message.update);
    }
    if (message.kind === 'ask') {
      if (!other(from).requests.take(1, host.clock.now())) return 'refused';
      return give(from, { kind: 'checkpoint', document, update: Y.encodeStateAsUpdateV2(sides[document]!.doc) });
    }
    const vector = decodeVector(message.vector);
    if (!vector) return 'refused';
    if (message.kind === 'announce') return heard(from, document, vector, message.hash);
    if (!other(from).requests.take(1, host.clock.now())) return 'refused';
    return give(from, { kind: 'update', document, update: Y.encodeStateAsUpdateV2(sides[document]!.doc, message.vector) });
  };

  const stopRepair = host.timer.every(REPAIR_MS, () => {
    for (const peer of wire.peers()) announce(peer);
    for (const document of sides.keys()) ask(document);
    for (const renewal of renewals) renewal.turn();
    // Also while nobody is here: who comes first should not wait for it.
    for (const { hash } of sides) hash.read();
  });

  return {
    receive(from, payload) {
      const peer = other(from);
      if (!peer.bucket.take(payload.length + MESSAGE_COST, host.clock.now())) return 'refused';
      const message = peer.assembly.add(payload);
      if (message === 'wrong') return 'refused';
      if (message !== 'more') return obey(from, message);
      const progress = peer.assembly.progress();
      for (const { asked } of sides) {
        if (asked?.peer !== from) continue;
        asked.heardAt = host.clock.now();
        asked.received += payload.length;
      }
      for (const dispute of disputes) dispute.progressed(from, payload.length);
      for (const renewal of renewals) renewal.progressed(from);
      if (progress) emit('progress', { peer: from, ...progress });
    },
    receiveBallot(from, payload) {
      const ballot = decodeBallot(payload);
      if (ballot && !mayWrite(from, ballot.document)) return wire.notEntitled?.(from);
      return ballot ? disputes[ballot.document]?.ballot(from, ballot) : 'refused';
    },
    joined(peer) {
      other(peer);
      announce(peer);
    },
    left(peer) {
      others.delete(peer);
      owed.delete(peer);
      sender.drop(peer);
      answers.left(peer);
      for (const dispute of disputes) dispute.left(peer);
      for (const renewal of renewals) renewal.left(peer);
      for (const [document, side] of sides.entries()) {
        if (side.asked?.peer !== peer) continue;
        side.asked = undefined;
        ask(document);
      }
    },
    unconfirmed: () => own.length,
    stateOf(peer) {
      const isAlike = others.get(peer)?.isAlike ?? [];
      const at = isAlike.indexOf(false);
      if (at >= 0) return disputes[at]?.isOpen() === true ? 'healing' : 'differs';
      return isAlike[0] === true ? 'same' : 'comparing';
    },
    onState: (f) => on('state', f),
    progress(peer) {
      const coming = others.get(peer)?.assembly.progress();
      return coming && coming.total >= LARGE_BYTES ? coming.received / coming.total : sender.progress(peer);
    },
    arrival: () => arrivalOf(others),
    onProgress: (f) => on('progress', f),
    onAdopt: (f) => on('adopt', f),
    onOffender: (f) => on('offender', f),
    renew: (document) => renewals[document]?.begin(),
    givers: (document) => given[document] ?? new Set(),
    replace(document, doc) {
      given[document]?.clear();
      sides[document]?.stop();
      sides[document]?.hash.close();
      sides[document] = openSide(doc, document);
      if (document === 0) own = [];
      for (const [peer, { isAlike }] of others) {
        isAlike[document] = undefined;
        emit('state', peer);
      }
      for (const peer of wire.peers()) announce(peer);
      ask(document);
    },
    close() {
      stopRepair();
      cancelConfirm?.();
      sender.close();
      answers.close();
      for (const dispute of disputes) dispute.close();
      for (const side of sides) {
        side.stop();
        side.hash.close();
      }
    },
  };
}
