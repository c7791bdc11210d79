import type { LocalTime, PeerId, Unsubscribe } from '../base.ts';
import { isSame } from './bytes.ts';
import { createBucket, type Bucket } from './bucket.ts';
import { createCourier } from './courier.ts';
import { decodeDigest, encodeDigest, RECORDS_MAX } from './digest.ts';
import { graphOver, type Graph, type GraphNode } from './graph.ts';
import type { Host } from './host.ts';
import { SIGNATURE_BYTES, type Identity } from './identity.ts';
import { createNet } from './net.ts';
import { encodeRecord, isNewer, peekRecord, proveRecord, type PeerLink, type PeerRecord, type SignedRecord } from './record.ts';
import { decodeFrame, encodeMessage, TOPIC } from './wire.ts';

/**
 * Keeps the records of all peers alike on all peers. A new one is handed on once by each, and only to those its author is
 * not linked with: a full mesh pays N − 1 sends for it. What got lost shows in digests every 5 s and on each new link.
 *
 *   records (topic 6) as in `courier.ts`
 *   digest (topic 7) as in `digest.ts`
 */
export interface LinkState {
  /** The same object until something changes. */
  graph(): Graph;
  /** By the short name that envelopes use. */
  find(name: string): PeerRecord | undefined;
  /** Something of our own may have changed. */
  touch(): void;
  /** A link became whole. */
  linked(peer: PeerId): void;
  /** It said goodbye: nobody's older word makes it present again. */
  parted(peer: PeerId, incarnation: string): void;
  records(from: PeerId, payload: Uint8Array): 'refused' | 'forged' | undefined;
  digest(from: PeerId, payload: Uint8Array): 'refused' | undefined;
  /** At least four times a second. */
  turn(): void;
  /** States that we leave, to those who hear it by others only. */
  leave(): void;
}

/** What a record says beside its links and numbers. */
export type About = Pick<PeerRecord, 'profile' | 'isVisible' | 'isReady' | 'preference' | 'session' | 'joinedAt'>;

export interface LinkStateDeps {
  readonly host: Host;
  readonly identity: Identity;
  readonly self: PeerId;
  readonly incarnation: string;
  readonly tag: string;
  readonly about: () => About;
  /** Our whole links. */
  readonly links: () => readonly PeerLink[];
  /** On `event`, to a whole link. message: topic and payload. */
  readonly post: (to: PeerId, message: Uint8Array) => void;
  /** The graph may be another. */
  readonly changed: () => void;
}

interface Entry extends SignedRecord {
  readonly bucket: Bucket;
  readonly receivedAt: LocalTime;
}

const DEPARTED_MAX = 512;
/** The first change is told at once, those that follow together; the rarer the more peers are told: each hears of all. */
const COALESCE_MS = 20;
const STATE_EVERY_MS = 250;
const STATE_EVERY_PER_PEER_MS = 5;
/** Peers from which on the graph is not built anew for each record, and ms for which it waits then. */
const SWARM = 16;
const REBUILD_MS = 40;
/** For what nobody tells of: delays, and what the clock says of itself. */
const TOUCH_EVERY_MS = 250;
const DIGEST_EVERY_MS = 5000;
/** What one peer may state; it states at most four a second itself. */
const RECORDS = { perSecond: 8, burst: 60 };
/** What one neighbour may bring that has to be checked; a room of 200 is there at once. */
const BROUGHT = { perSecond: 50, burst: 600 };
/** Questions of one neighbour after the records; an honest one has one every 5 s. */
const QUESTIONS = { perSecond: 1, burst: 10 };
/** ms; a path that lengthens or shortens by less is not news. */
const DELAY_NEWS_MS = 5;

/** Short and yet unique: ten characters of a key are 60 bits; the number of a tab follows. */
export const nameOf = (id: PeerId): string => id.slice(0, 10) + id.slice(43);

export function createLinkState(deps: LinkStateDeps): LinkState {
  const { host, self } = deps;
  const entries = new Map<PeerId, Entry>();
  /** Records that are held, by a part of their signature: most of what comes has come over another link. */
  const held = new Map<number, SignedRecord>();
  const net = createNet(self);
  const courier = createCourier(host, () => ownLinks, deps.post);
  /** Of whom the net does not know the newest. */
  const unread = new Set<PeerId>();
  const names = new Map<string, PeerId>();
  const departed = new Map<PeerId, string>();
  const buckets = new Map<PeerId, { readonly brought: Bucket; readonly questions: Bucket }>();
  let own: SignedRecord | undefined;
  let ownLinks: readonly PeerLink[] = [];
  let areLinksRead = false;
  let seq = 0;
  let statedAt = -Infinity;
  let touchAt = host.clock.now();
  let digestAt = host.clock.now() + DIGEST_EVERY_MS;
  let cancelStatement: Unsubscribe | undefined;
  let known: Graph | undefined;
  let sum: number | undefined;
  let cancelRebuild: Unsubscribe | undefined;

  function bucketsOf(neighbour: PeerId): { readonly brought: Bucket; readonly questions: Bucket } {
    const known = buckets.get(neighbour);
    if (known !== undefined) return known;
    const made = { brought: createBucket(BROUGHT), questions: createBucket(QUESTIONS) };
    const oldest = buckets.keys().next();
    if (buckets.size >= RECORDS_MAX && !oldest.done) buckets.delete(oldest.value);
    buckets.set(neighbour, made);
    return made;
  }

  function forgive(peer: PeerId): void {
    departed.delete(peer);
    unread.add(peer);
  }

  const isHere = ({ record }: SignedRecord): boolean => departed.get(record.id) !== record.incarnation;

  function heldLike(bytes: Uint8Array): SignedRecord | undefined {
    const like = held.get(markOf(bytes));
    return like !== undefined && isSame(like.bytes, bytes) ? like : undefined;
  }

  function graph(): Graph {
    if (known !== undefined) return known;
    for (const id of unread) {
      const entry = entries.get(id);
      net.setRecord(id, entry !== undefined && isHere(entry) ? entry.record : undefined);
    }
    unread.clear();
    if (!areLinksRead) net.setLinks(ownLinks);
    areLinksRead = true;
    return (known = graphOver(net));
  }

  function setOwnLinks(links: readonly PeerLink[]): void {
    ownLinks = links;
    areLinksRead = false;
  }

  function altered(): void {
    known = undefined;
    sum = undefined;
    cancelRebuild?.();
    cancelRebuild = undefined;
    deps.changed();
  }

  /** In a large room records come in swarms: one graph for all that came within a moment. */
  function alteredByOthers(): void {
    sum = undefined;
    if (entries.size < SWARM) altered();
    else cancelRebuild ??= host.timer.after(REBUILD_MS, altered);
  }

  function touch(): void {
    const links = deps.links();
    if (!isSameLinks(ownLinks, links)) {
      setOwnLinks(links);
      altered();
    }
    const every = Math.max(STATE_EVERY_MS, STATE_EVERY_PER_PEER_MS * entries.size);
    const wait = Math.max(COALESCE_MS, statedAt + every - host.clock.now());
    if (isNews()) cancelStatement ??= host.timer.after(wait, stateNews);
  }

  function stateNews(): void {
    cancelStatement = undefined;
    setOwnLinks(deps.links());
    if (isNews()) state(ownLinks);
  }

  function isNews(): boolean {
    if (own === undefined) return ownLinks.length > 0;
    const { record } = own;
    return !isSameAbout(record, deps.about()) || !isSameLinks(record.links, ownLinks) || haveDelaysMoved(record.links, ownLinks);
  }

  function state(links: readonly PeerLink[]): void {
    const { id, incarnation } = { id: self, incarnation: deps.incarnation };
    seq += 1;
    statedAt = host.clock.now();
    own = encodeRecord({ ...deps.about(), id, incarnation, seq, links }, deps.identity, deps.tag);
    sum = undefined;
    for (const { peer } of ownLinks) courier.give(peer, [own]);
  }

  /** A record of our former life, still told: ours has to be newer. */
  function outlive(record: PeerRecord): void {
    if (own !== undefined && !isNewer(record, own.record)) return;
    if (record.incarnation === deps.incarnation) return;
    seq = Math.max(seq, record.seq);
    state(ownLinks);
  }

  function keep(signed: SignedRecord, bucket: Bucket): void {
    const { id } = signed.record;
    const before = entries.get(id);
    if (before !== undefined) held.delete(markOf(before.bytes));
    held.set(markOf(signed.bytes), signed);
    entries.set(id, { ...signed, bucket, receivedAt: host.clock.now() });
    names.set(nameOf(id), id);
    unread.add(id);
    alteredByOthers();
  }

  function drop({ record, bytes }: Entry): void {
    entries.delete(record.id);
    names.delete(nameOf(record.id));
    held.delete(markOf(bytes));
    unread.add(record.id);
  }

  /** Makes room by forgetting who has been out of reach for longest; for one who is linked, one of those that a single neighbour
   *  brought most of. False when there is nobody to be forgotten. */
  function makeRoom(isLinked: boolean): boolean {
    if (entries.size < RECORDS_MAX) return true;
    const now = graph();
    const gone = [...entries.values()].filter(({ record }) => now.hops(record.id) === undefined);
    const oldest = gone.reduce<Entry | undefined>((a, b) => (a === undefined || b.receivedAt < a.receivedAt ? b : a), undefined);
    const leaving =
      oldest?.record.id ?? (isLinked ? dispensable(now.nodes().filter(({ id, hops }) => hops > 1 && entries.has(id))) : undefined);
    if (leaving === undefined) return false;
    drop(entries.get(leaving)!);
    return true;
  }

  function checksum(): number {
    if (sum !== undefined) return sum;
    sum = 0;
    for (const { record } of stated()) sum = (sum + hash(`${record.id} ${record.seq} ${record.incarnation}`)) >>> 0;
    return sum;
  }

  const stated = (): readonly SignedRecord[] => (own === undefined ? [...entries.values()] : [own, ...entries.values()]);

  const inventory = (): Uint8Array => encodeDigest(new Map(stated().map(({ record }) => [nameOf(record.id), record.seq] as const)));

  function supply(to: PeerId, has: ReadonlyMap<string, number>): void {
    courier.give(
      to,
      stated().filter(({ record }) => (has.get(nameOf(record.id)) ?? -1) < record.seq),
    );
  }

  function receive(from: PeerId, bytes: Uint8Array): 'refused' | 'forged' | undefined {
    const like = heldLike(bytes);
    if (like !== undefined) return void courier.has(like.record.id, from);
    const said = peekRecord(bytes);
    if (said === undefined) return 'refused';
    const before = entries.get(said.id);
    const last = said.id === self ? own : before;
    if (last !== undefined && !isNewer(said, last.record)) return undefined;
    const now = host.clock.now();
    const bucket = before?.bucket ?? createBucket(RECORDS);
    // What does not get through is told again by a digest. Only what is proven is counted at its author.
    if (!bucket.holds(1, now) || !bucketsOf(from).brought.take(1, now)) return undefined;
    const signed = proveRecord(bytes, said, deps.tag);
    if (signed === undefined) return 'forged';
    bucket.take(1, now);
    if (signed.record.id === self) return void outlive(signed.record);
    if (before === undefined && !makeRoom(from === signed.record.id)) return undefined;
    keep(signed, bucket);
    courier.handOn(from, signed, entries.size < SWARM);
    return undefined;
  }

  return {
    graph,
    find: (name) => entries.get(names.get(name) ?? ('' as PeerId))?.record,
    touch,
    linked(peer) {
      touch();
      deps.post(peer, encodeMessage(TOPIC.digest, inventory()));
    },
    parted(peer, incarnation) {
      departed.delete(peer);
      departed.set(peer, incarnation);
      unread.add(peer);
      const oldest = departed.keys().next();
      if (departed.size > DEPARTED_MAX && !oldest.done) forgive(oldest.value);
      altered();
    },
    records(from, payload) {
      const outcomes = decodeFrame(payload)?.map((bytes) => receive(from, bytes));
      if (outcomes === undefined) return 'refused';
      return outcomes.find((outcome) => outcome === 'forged') ?? outcomes.find((outcome) => outcome !== undefined);
    },
    digest(from, payload) {
      const digest = decodeDigest(payload);
      if (digest === undefined || !bucketsOf(from).questions.take(1, host.clock.now())) return 'refused';
      if (typeof digest !== 'number') supply(from, digest);
      else if (digest !== checksum()) deps.post(from, encodeMessage(TOPIC.digest, inventory()));
      return undefined;
    },
    turn() {
      const now = host.clock.now();
      if (now < touchAt) return;
      touchAt = (now + TOUCH_EVERY_MS) as LocalTime;
      touch();
      if (now < digestAt) return;
      digestAt = now + DIGEST_EVERY_MS;
      const message = encodeMessage(TOPIC.digest, encodeDigest(checksum()));
      for (const { peer } of ownLinks) deps.post(peer, message);
    },
    leave() {
      cancelStatement?.();
      cancelRebuild?.();
      if (
        graph()
          .nodes()
          .some(({ hops }) => hops > 1)
      )
        state([]);
    },
  };
}

function dispensable(relayed: readonly GraphNode[]): PeerId | undefined {
  const brought = new Map<PeerId, number>();
  for (const { via } of relayed) brought.set(via, (brought.get(via) ?? 0) + 1);
  const most = Math.max(...brought.values());
  return relayed.findLast(({ via }) => brought.get(via) === most)?.id;
}

const isSameLinks = (a: readonly PeerLink[], b: readonly PeerLink[]): boolean =>
  a.length === b.length && a.every((link, index) => link.peer === b[index]?.peer && link.isFrozen === b[index].isFrozen);

const haveDelaysMoved = (a: readonly PeerLink[], b: readonly PeerLink[]): boolean =>
  a.some(({ delay }, index) => Math.abs(delay - (b[index]?.delay ?? 0)) > Math.max(DELAY_NEWS_MS, delay / 2));

const isSameAbout = (a: About, b: About): boolean =>
  a.profile.name === b.profile.name &&
  a.profile.hue === b.profile.hue &&
  a.isVisible === b.isVisible &&
  a.isReady === b.isReady &&
  a.preference === b.preference &&
  a.session === b.session &&
  a.joinedAt === b.joinedAt;

/** As many as a number holds. */
const MARK_BYTES = 6;

/** The first bytes of the signature that ends a record. */
function markOf(record: Uint8Array): number {
  const at = record.length - SIGNATURE_BYTES;
  let mark = 0;
  for (let i = at; i >= 0 && i < at + MARK_BYTES; i++) mark = mark * 256 + record[i]!;
  return mark;
}

/** FNV-1a, 32 bits: finds differences, proves nothing. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
