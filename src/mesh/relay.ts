import { utf8ToBytes } from '@noble/hashes/utils.js';
import * as encoding from 'lib0/encoding';
import type { PeerId } from '../base.ts';
import { isSame } from './bytes.ts';
import { createBucket, createBuckets, type Bucket } from './bucket.ts';
import { decodeEnvelope, encodeEnvelope, isSigned, type Envelope, type Kind } from './envelope.ts';
import type { Host } from './host.ts';
import { sign, SIGNATURE_BYTES, verify, type Identity } from './identity.ts';
import { nameOf, type LinkState } from './link-state.ts';
import { createRoutes } from './routes.ts';
import type { Channel } from './transport.ts';
import { decodeMessage, TOPIC } from './wire.ts';

/**
 * Brings messages to those who are in the room and not linked with us. Three ways, by what is at stake:
 *
 * - *flood*: facts, votes, counts of pits, whatever must arrive. Signed by who says it; each peer hands each on once, to neighbours who are
 *   not linked with the origin. Over several ways, so that one peer lost underway loses nothing.
 * - *latest*: pits and presence, of which only the newest counts. Along the tree of the origin, unsigned (a signature takes
 *   a peer a millisecond to check), taken only from the neighbour whose part it is to hand it on. Pit values go round who
 *   may not put any in; where there is no way round, they are flooded.
 * - *addressed*: to one peer, by the next on the shortest way; unsigned for pits and presence only.
 *
 * Their grammar is in `envelope.ts`. While everybody is linked with everybody nothing of this is sent.
 */
export interface Relay {
  /** Who is not linked with us, but within reach. */
  isNeeded(): boolean;
  /** Pit values of this peer are signed, for some hear them only through who may not carry them: they should be few. */
  isWalled(): boolean;
  /** message: topic and payload, as a link takes it. */
  broadcast(channel: Channel, topic: number, message: Uint8Array): void;
  /** A link of ours is over: until all know, nobody hands its peer on what we say. */
  unlinked(peer: PeerId): void;
  /** False when there is no way, or the next on it does not take it. */
  send(to: PeerId, channel: Channel, message: Uint8Array): boolean;
  receive(from: PeerId, payload: Uint8Array): 'refused' | 'forged' | undefined;
}

export interface RelayDeps {
  readonly host: Host;
  readonly identity: Identity;
  readonly self: PeerId;
  readonly incarnation: string;
  readonly tag: string;
  readonly state: Pick<LinkState, 'graph' | 'find'>;
  /** To a whole link; false when there is none or its channel is full. */
  readonly post: (to: PeerId, channel: Channel, message: Uint8Array) => boolean;
  readonly deliver: (origin: PeerId, topic: number, payload: Uint8Array) => void;
  /** Wraps an envelope as a message of a link. */
  readonly wrap: (payload: Uint8Array) => Uint8Array;
  /** Whose word is taken on what somebody else put into pits; absent: of all. */
  readonly mayCarry?: ((peer: PeerId) => boolean) | undefined;
  /** Who is there, or may as well be invented [LR5]. */
  readonly counts: (peer: PeerId) => boolean;
  /** Too fast: counted at its author, who signed it or brought it himself. */
  readonly refuse: (origin: PeerId) => void;
}

/** What came of one origin, signed or not: of old numbers nothing is known, so they are refused. */
interface Window {
  /** Outlasts the life of a page, for who makes up lives would make up buckets. */
  readonly bucket: Bucket;
  life: string;
  seen: Set<number>;
  highest: number;
}

const WINDOW = 512;
const WINDOWS_MAX = 1024;
/** What one origin may have handed on. */
const SIGNED = { perSecond: 100, burst: 250 };
const UNSIGNED = { perSecond: 250, burst: 500 };
/** A signature takes a millisecond or more to check: so many that one neighbour brings, and of all who do not count together. */
const BROUGHT = { perSecond: 100, burst: 400 };
const UNCOUNTED = { perSecond: 10, burst: 60 };
const NEIGHBOURS_MAX = 64;
/** Of an unsigned origin so much tells two lives apart. */
const LIFE_SHORT = 4;
/** ms; by then others have our record without the link. */
const UNLINKED_MS = 1000;
/** Copies of facts and counts follow within 40 ms; they go under the number of the first. */
const RECENT_MAX = 16;

/** Topics of which the newest counts, while on `fast`; nothing else is believed unsigned. */
const LATEST: ReadonlySet<number> = new Set([TOPIC.pit, TOPIC.presence]);
/** Said several times, under one number. */
const COPIED: ReadonlySet<number> = new Set([TOPIC.fact, TOPIC.epoch]);
/** All that is said over others; whatever else comes so, somebody made up: documents and what they state go by links only. */
const CARRIED: ReadonlySet<number> = new Set([
  ...LATEST,
  TOPIC.signal,
  TOPIC.fact,
  TOPIC.vote,
  TOPIC.panic,
  TOPIC.ballot,
  TOPIC.epoch,
  TOPIC.midi,
  TOPIC.call,
]);

export function createRelay(deps: RelayDeps): Relay {
  const { host, self, state } = deps;
  const signedWindows = new Map<string, Window>();
  const unsignedWindows = new Map<string, Window>();
  const route = createRoutes({ self, clock: host.clock, graph: () => state.graph(), mayCarry: deps.mayCarry });
  const brought = createBuckets<PeerId>(BROUGHT, NEIGHBOURS_MAX);
  const uncounted = createBucket(UNCOUNTED);
  const unlinkedAt = new Map<PeerId, number>();
  let signedSeq = 0;
  let unsignedSeq = 0;
  let recent: { readonly message: Uint8Array; readonly envelope: Uint8Array }[] = [];

  function seal(kind: Kind, channel: 'event' | 'fast', { to, message }: { readonly to: string; readonly message: Uint8Array }): Uint8Array {
    const life = isSigned(kind) ? deps.incarnation : deps.incarnation.slice(0, LIFE_SHORT);
    const seq = isSigned(kind) ? ++signedSeq : ++unsignedSeq;
    const bare = encodeEnvelope({ kind, origin: nameOf(self), life, seq, channel, to, message });
    if (!isSigned(kind)) return deps.wrap(bare);
    const bytes = new Uint8Array(bare.length + SIGNATURE_BYTES);
    bytes.set(bare);
    bytes.set(sign(deps.identity, signedBytes(deps.tag, self, bare)), bare.length);
    return deps.wrap(bytes);
  }

  /** Whoever says anything else in the same words again means it. */
  function flooded(channel: 'event' | 'fast', message: Uint8Array): Uint8Array {
    const known = recent.find((each) => isSame(each.message, message));
    if (known !== undefined) return known.envelope;
    const envelope = seal('flood', channel, { to: '', message });
    recent = [{ message: message.slice(), envelope }, ...recent.slice(0, RECENT_MAX - 1)];
    return envelope;
  }

  function broadcast(channel: Channel, topic: number, message: Uint8Array): void {
    const { isNeeded, flood, latest, isWalled } = route();
    const isOfPits = topic === TOPIC.pit;
    const isLatest = channel === 'fast' && LATEST.has(topic) && !(isOfPits && isWalled);
    const by = isLatest ? latest(isOfPits) : flood;
    const carried = CARRIED.has(topic) && (channel === 'event' || channel === 'fast') ? channel : undefined;
    const envelope =
      !isNeeded || carried === undefined || by.size === 0
        ? undefined
        : isLatest
          ? seal('latest', carried, { to: '', message })
          : COPIED.has(topic)
            ? flooded(carried, message)
            : seal('flood', carried, { to: '', message });
    for (const id of state.graph().neighbours(self)) deps.post(id, channel, envelope !== undefined && by.has(id) ? envelope : message);
    if (carried !== undefined && !isLatest) tellUnlinked(carried, message);
  }

  function send(to: PeerId, channel: Channel, message: Uint8Array): boolean {
    const next = state.graph().nextHop(to);
    const topic = decodeMessage(message)?.topic ?? 0;
    if (next === undefined || (channel !== 'event' && channel !== 'fast') || !CARRIED.has(topic)) return false;
    const isLatest = channel === 'fast' && LATEST.has(topic) && !(topic === TOPIC.pit && route().isShut);
    const kind = isLatest ? 'addressed unsigned' : 'addressed';
    return deps.post(next, channel, seal(kind, channel, { to: nameOf(to), message }));
  }

  /** Others believe that they are linked with us still, and leave them out. */
  function tellUnlinked(channel: 'event' | 'fast', message: Uint8Array): void {
    for (const [id, at] of unlinkedAt) {
      const hops = state.graph().hops(id) ?? 0;
      if (host.clock.now() - at > UNLINKED_MS || hops === 1) unlinkedAt.delete(id);
      else if (hops > 1) send(id, channel, message);
    }
  }

  /** False when it came before, or so long ago that nobody knows. */
  function isFirst(window: Window, seq: number): boolean {
    if (seq <= window.highest - WINDOW || window.seen.has(seq)) return false;
    window.seen.add(seq);
    window.highest = Math.max(window.highest, seq);
    if (window.seen.size > 2 * WINDOW) window.seen = new Set([...window.seen].filter((each) => each > window.highest - WINDOW));
    return true;
  }

  /** Unsigned numbers may be the bringer's invention: they say nothing of what another brings. */
  function windowOf(envelope: Envelope, origin: PeerId, from: PeerId): Window {
    const isProven = isSigned(envelope.kind);
    const windows = isProven ? signedWindows : unsignedWindows;
    const key = isProven ? origin : `${origin} ${from}`;
    const known = windows.get(key);
    if (known !== undefined) {
      if (known.life !== envelope.life) Object.assign(known, { life: envelope.life, seen: new Set(), highest: 0 });
      return known;
    }
    const oldest = windows.keys().next();
    if (windows.size >= WINDOWS_MAX && !oldest.done) windows.delete(oldest.value);
    const made: Window = { bucket: createBucket(isProven ? SIGNED : UNSIGNED), life: envelope.life, seen: new Set(), highest: 0 };
    windows.set(key, made);
    return made;
  }

  /** What is dropped for want of time comes another way, or is said again. */
  function mayCheck(from: PeerId, origin: PeerId): boolean {
    const now = host.clock.now();
    return brought.take(from, now) && (deps.counts(origin) || uncounted.take(1, now));
  }

  const hasSeen = (window: Window, seq: number): boolean => seq <= window.highest - WINDOW || window.seen.has(seq);

  /** Unsigned words are believed of the one neighbour whose part it is to bring them. */
  const isOnWay = (envelope: Envelope, from: PeerId, origin: PeerId): boolean => {
    const graph = state.graph();
    if (from === origin) return true;
    if (envelope.kind === 'latest') return route().ways(isOfPits(envelope)).parent(origin, self) === from;
    return (graph.distance(origin, from) ?? Infinity) < (graph.distance(origin, self) ?? 0);
  };

  function pass(envelope: Envelope, from: PeerId, { origin, payload }: { readonly origin: PeerId; readonly payload: Uint8Array }): void {
    const graph = state.graph();
    const wrapped = deps.wrap(payload);
    const ways = route().ways(isOfPits(envelope));
    for (const id of graph.neighbours(self)) {
      if (id === from || id === origin || graph.areLinked(id, origin)) continue;
      if (envelope.kind === 'latest') {
        if (ways.parent(origin, id) === self) deps.post(id, 'fast', wrapped);
        continue;
      }
      deps.post(id, 'event', wrapped);
      // Reliable channels wait for a retransmission; what hurries goes twice.
      if (COPIED.has(decodeMessage(envelope.message)?.topic ?? 0)) deps.post(id, 'fast', wrapped);
    }
  }

  function handOn(envelope: Envelope, payload: Uint8Array): void {
    const to = state.find(envelope.to)?.id;
    const next = to === undefined ? undefined : state.graph().nextHop(to);
    if (next !== undefined) deps.post(next, envelope.channel, deps.wrap(payload));
  }

  return {
    isNeeded: () => route().isNeeded,
    isWalled: () => route().isWalled,
    broadcast,
    send,
    unlinked: (peer) => void unlinkedAt.set(peer, host.clock.now()),
    receive(from, payload) {
      const found = decodeEnvelope(payload);
      if (found === undefined) return 'refused';
      const { envelope, bare, signature } = found;
      const origin = state.find(envelope.origin);
      // Of ourselves: it came round. Of somebody unknown: their record is on its way, or they are gone.
      if (origin === undefined || state.graph().hops(origin.id) === undefined) return undefined;
      const message = decodeMessage(envelope.message);
      // Before it is handed on, so that it is of the one who brings it.
      if (message === undefined || !(signature === undefined ? LATEST : CARRIED).has(message.topic)) return 'refused';
      // Of a life that is over, or whose record is on its way: what somebody kept of the former one is not said again.
      if (envelope.life !== (signature === undefined ? origin.incarnation.slice(0, LIFE_SHORT) : origin.incarnation)) return undefined;
      if (signature === undefined && !isOnWay(envelope, from, origin.id)) return undefined;
      // Nothing proves that it is not its own invention [RI8].
      const isOwn = signature !== undefined || from === origin.id || message.topic !== TOPIC.pit;
      if (!isOwn && deps.mayCarry?.(from) === false) return undefined;
      const window = windowOf(envelope, origin.id, from);
      if (hasSeen(window, envelope.seq)) return undefined;
      if (signature !== undefined && !mayCheck(from, origin.id)) return undefined;
      if (signature !== undefined && !verify(origin.id, signature, signedBytes(deps.tag, origin.id, bare))) return 'forged';
      // What is not proven takes nothing from the origin, and what is proven is counted once.
      isFirst(window, envelope.seq);
      if (!window.bucket.take(1, host.clock.now())) {
        if (signature !== undefined || from === origin.id) deps.refuse(origin.id);
        return undefined;
      }
      const isForUs = envelope.to === '' || envelope.to === nameOf(self);
      if (envelope.to === '') pass(envelope, from, { origin: origin.id, payload });
      else if (!isForUs) handOn(envelope, payload);
      if (isForUs) deps.deliver(origin.id, message.topic, message.payload);
      return undefined;
    },
  };
}

const isOfPits = ({ message }: Envelope): boolean => decodeMessage(message)?.topic === TOPIC.pit;

const signedBytes = (tag: string, origin: PeerId, bare: Uint8Array): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeUint8Array(encoder, utf8ToBytes(`tutti relay\n${tag}\n${origin}\n`));
    encoding.writeUint8Array(encoder, bare);
  });
