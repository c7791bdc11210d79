import { createEmitter, compare, type PeerId, type Unsubscribe } from '../base.ts';
import { createCensus } from './census.ts';
import { createMeshClock, type MeshClock } from './clock.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { Speaker } from './hello.ts';
import type { Host } from './host.ts';
import { createId } from './host.ts';
import { peerIdOf, type Identity } from './identity.ts';
import type { Link } from './link.ts';
import { createLinkState, type About } from './link-state.ts';
import { createLinks, type Links } from './links.ts';
import { createMembers, type Member } from './members.ts';
import { createPacer, PERIOD_MS } from './pacer.ts';
import { tidyProfile, type Profile } from './profile.ts';
import type { PeerLink } from './record.ts';
import { createRelay } from './relay.ts';
import type { RoomKeys } from './room-code.ts';
import type { IceServer } from './signal.ts';
import type { Channel, Transport } from './transport.ts';
import type { UtcEstimate } from './utc.ts';
import { decodeText, encodeMessage, encodeText, FIRST_FREE_TOPIC, TOPIC } from './wire.ts';

export type { Member } from './members.ts';
export type { Profile } from './profile.ts';

export interface MeshNotice {
  readonly level: 'hint' | 'warning';
  readonly message: string;
}

export interface MeshEvents {
  /** Someone came, went, or changed link, name or frozenness. */
  members: undefined;
  server: undefined;
  /** Another clock master, a step, or moved figures. */
  clock: undefined;
  /** Id of the session founded or adopted: what belonged to the former is void. */
  session: string;
  notice: MeshNotice;
}

/** Everyone in the room, links to all of them, and the time they share. */
export interface Mesh {
  readonly self: PeerId;
  readonly clock: MeshClock;
  /** `connecting` until the first answer; `offline` leaves the links as they are. */
  readonly server: 'connecting' | 'open' | 'offline';
  /** The others, by id; the same list until the next `members` event. */
  members(): readonly Member[];
  /** Who is reached through whom; the same object until it changes. */
  graph(): Graph;
  /** False when nothing is sent: there is no way, or a channel is full. Who is not linked is reached on event and fast only.
   *  payload: at most 16,000 bytes. */
  send(to: PeerId, channel: Channel, topic: number, payload: Uint8Array): boolean;
  /** To every whole link and, on event and fast, over neighbours to who has none [LK16]. On fast, messages of about 8 ms share
   *  a frame. */
  broadcast(channel: Channel, topic: number, payload: Uint8Array): void;
  /** Bytes that wait to leave; Infinity without a whole link. */
  buffered(to: PeerId, channel: Channel): number;
  /** f: returns 'refused' for what is not well formed. */
  receive(topic: number, f: (from: PeerId, payload: Uint8Array) => void | 'refused'): Unsubscribe;
  /** Counts one more message that was not well formed. */
  refuse(from: PeerId, why: string): void;
  /** ms, 0 to 250: within this a message reaches every unfrozen member, in 99 of 100 cases. */
  latency(): number;
  /** As the server states it, on this machine's clock. */
  readonly utc: UtcEstimate;
  /** Values that this peer puts into pits have to be signed on their way: they should be few. */
  arePitsSigned(): boolean;
  /** ms that messages take longer now than at their best. */
  delay(): number;
  /** What the server recommends for connections; empty before its first answer. */
  iceServers(): readonly IceServer[];
  setProfile(profile: Profile): void;
  setVisible(isVisible: boolean): void;
  /** 0 to 255; higher is rather clock master. */
  setPreference(preference: number): void;
  on<K extends keyof MeshEvents>(type: K, f: (event: MeshEvents[K]) => void): Unsubscribe;
  /** Says goodbye. */
  close(): void;
}

export interface MeshOptions {
  readonly identity: Identity;
  /** 0 for the first tab of an installation. */
  readonly instance: number;
  readonly keys: RoomKeys;
  readonly profile: Profile;
  /** True while this page may not enter yet: its wait for others has not begun. */
  readonly isHeldBack?: () => boolean;
  /** Whose word is taken on what somebody else put into pits. */
  readonly mayCarry?: (peer: PeerId) => boolean;
  /** Only in tests: another protocol version to say hello with. */
  readonly version?: number;
}

/** Silence of others must be noticed early; the clock takes its time. */
const TURN_MS = 100;
const TICK_MS = 250;
const FIGURES_MS = 1000;
const LATENCY_MAX_MS = 250;
/** Without server and links for so long: a room of one's own. */
const FOUND_OFFLINE_MS = 3000;
/** Others are listed but nobody could be reached for so long: likewise. */
const FOUND_UNREACHED_MS = 8000;

export function createMesh(host: Host, transport: Transport, options: MeshOptions): Mesh {
  const self = peerIdOf(options.identity, options.instance);
  const incarnation = createId(host.random);
  const emitter = createEmitter<MeshEvents>();
  const graph = (): Graph => linkState.graph();
  const census = createCensus({
    ...{ self, graph, now: () => host.clock.now() },
    roster: () => (links.rendezvous.state === 'open' ? links.rendezvous.roster().length : undefined),
    linked: (of) =>
      [...links.peers.values()].filter(({ attempt, remote }) => attempt?.phase === 'whole' && (of === 'all' || remote !== undefined))
        .length,
  });
  const clock = createMeshClock(host, self, graph, (node) => census.counts(node));
  const receivers = new Map<number, (from: PeerId, payload: Uint8Array) => void | 'refused'>();
  /** Relayed members as they were told of last. */
  let reach: readonly GraphNode[] = [];
  let counted = reach;
  let startedAt = host.clock.now();
  let profile = tidyProfile(options.profile);
  const pacer = createPacer();
  let cancelFlush: (() => void) | undefined;
  let isClosed = false;

  const speaker = (): Speaker => ({
    ...{ identity: options.identity, id: self, incarnation, profile },
    ...(options.version === undefined ? {} : { version: options.version }),
  });
  const links: Links = createLinks(
    {
      ...{ host, transport, keys: options.keys, speaker },
      neighbours: {
        reaches: (peer) => (graph().hops(peer) ?? 0) > 1,
        known: () => graph().nodes().filter(census.counts),
        missing: () => relayed().map(({ id }) => id),
        carry: (to, text) => void relay.send(to, 'event', encodeMessage(TOPIC.signal, encodeText(text))),
      },
    },
    {
      server: () => emitter.emit('server', undefined),
      welcome: maybeFound,
      changed,
      message: arrived,
      sample(peer, sample) {
        const { latency, traffic } = members.presence(peer);
        latency.add(sample);
        traffic.sample(sample);
        clock.sample(peer, sample);
      },
      beat: (peer, beat) => clock.beat(peer, beat),
      refuse,
      gone,
      notice: (message) => emitter.emit('notice', { level: 'warning', message }),
    },
  );
  const counts = (peer: PeerId): boolean => {
    const node = graph().node(peer);
    return node === undefined || census.counts(node);
  };
  const members = createMembers({ host, clock, graph: () => graph(), links: () => links.peers, counts });
  const own = { host, identity: options.identity, self, incarnation, tag: options.keys.tag };
  const linkState = createLinkState({
    ...own,
    about,
    links: wholeLinks,
    post: (to, message) => void post(wholeLink(to), 'event', message),
    changed: graphChanged,
  });
  const relay = createRelay({
    ...own,
    state: linkState,
    post: (to, channel, message) => post(wholeLink(to), channel, message),
    wrap: (payload) => encodeMessage(TOPIC.relay, payload),
    deliver,
    refuse,
    counts,
    mayCarry: options.mayCarry,
  });

  const relayed = (): readonly GraphNode[] =>
    relay.isNeeded()
      ? graph()
          .nodes()
          .filter(({ hops }) => hops > 1)
      : [];

  /** Before it is ready, a clock settles anew with every sample: that is no news. */
  function about(): About {
    const stated = clock.stated();
    return { profile, ...stated, joinedAt: stated.isReady ? stated.joinedAt : 0 };
  }

  function wholeLinks(): PeerLink[] {
    const now = host.clock.now();
    const found: PeerLink[] = [];
    for (const [peer, { attempt }] of links.peers) {
      if (attempt?.phase !== 'whole') continue;
      found.push({ peer, delay: Math.round(members.presence(peer).latency.high(now) ?? 0), isFrozen: attempt.isFrozen });
    }
    return found.sort((a, b) => compare(a.peer, b.peer));
  }

  function changed(peer: PeerId): void {
    const kept = members.presence(peer);
    const attempt = links.peers.get(peer)?.attempt;
    const life = attempt?.hello?.incarnation;
    if (kept.incarnation !== undefined && life !== undefined && life !== kept.incarnation) linkState.parted(peer, kept.incarnation);
    kept.incarnation = life ?? kept.incarnation;
    if (life !== undefined) clock.recognise(peer, life);
    attempt?.setBeacon(clock.beacon());
    members.changed();
    if (attempt?.phase === 'whole' && !graph().areLinked(self, peer)) linkState.linked(peer);
    else linkState.touch();
    emitter.emit('members', undefined);
  }

  function gone(peer: PeerId, isFarewell: boolean): void {
    clock.leave(peer);
    const life = members.presence(peer).incarnation;
    if (isFarewell && life !== undefined) linkState.parted(peer, life);
    relay.unlinked(peer);
    linkState.touch();
    members.changed();
    emitter.emit('members', undefined);
  }

  /** Of links everybody is told by their own events; here it is about who has none. */
  function graphChanged(): void {
    members.changed();
    clock.graphChanged();
    const now = relayed();
    const nowCounted = now.filter(census.counts);
    if (areAlike(now, reach) && areAlike(nowCounted, counted)) return;
    counted = nowCounted;
    reach = now;
    emitter.emit('members', undefined);
  }

  /** A little may be a mistake; who goes on is cut off [LK9]. */
  function refuse(peer: PeerId): void {
    const kept = members.presence(peer);
    kept.refused++;
    if (!kept.patience.take(1, host.clock.now())) links.cut(peer);
  }

  /** What a link brings: of the mesh itself, or for those above. */
  function arrived(peer: PeerId, topic: number, payload: Uint8Array): void {
    members.presence(peer).traffic.received();
    if (topic >= FIRST_FREE_TOPIC) return deliver(peer, topic, payload);
    const outcome = receiveOwn(peer, topic, payload);
    if (outcome !== undefined) refuse(peer);
    // Everyone checks before handing on, so a forgery is of the peer that brings it.
    if (outcome === 'forged') links.cut(peer);
  }

  function receiveOwn(peer: PeerId, topic: number, payload: Uint8Array): 'refused' | 'forged' | undefined {
    if (topic === TOPIC.record) return linkState.records(peer, payload);
    if (topic === TOPIC.digest) return linkState.digest(peer, payload);
    return topic === TOPIC.relay ? relay.receive(peer, payload) : 'refused';
  }

  function hearSignal(peer: PeerId, payload: Uint8Array): void {
    const text = decodeText(payload);
    if (text === undefined) refuse(peer);
    else links.relayed(peer, text);
  }

  function deliver(peer: PeerId, topic: number, payload: Uint8Array): void {
    if (topic === TOPIC.signal) return hearSignal(peer, payload);
    const receiver = receivers.get(topic);
    if (receiver === undefined || receiver(peer, payload) === 'refused') refuse(peer);
  }

  const wholeLink = (peer: PeerId): Link | undefined => {
    const link = links.peers.get(peer);
    return link?.attempt?.phase === 'whole' ? link : undefined;
  };

  function post(link: Link | undefined, channel: Channel, message: Uint8Array): boolean {
    if (link?.attempt?.hello === undefined) return false;
    members.presence(link.attempt.hello.id).traffic.sent();
    if (channel === 'fast') cancelFlush ??= host.timer.after(pacer.wait(linkCount(), host.clock.now()), flush);
    else if (channel === 'event') pacer.besides(host.clock.now());
    return link.attempt.send(channel, message);
  }

  /** A fact does not wait for the budget; it is on account. */
  function hurry(): void {
    if (cancelFlush === undefined) return;
    cancelFlush();
    cancelFlush = host.timer.after(PERIOD_MS, flush);
  }

  const linkCount = (): number => [...links.peers.values()].filter(({ attempt }) => attempt?.phase === 'whole').length;

  function flush(): void {
    cancelFlush = undefined;
    pacer.sent(links.flush(), host.clock.now());
  }

  /** A session is founded by who is first; or alone, rather than wait for who cannot be reached [LK10]. */
  function maybeFound(): void {
    if (clock.session() !== undefined || [...links.peers.keys()].some(wholeLink)) return;
    if (options.isHeldBack?.() === true) startedAt = host.clock.now();
    const waited = host.clock.now() - startedAt;
    const isAlone = links.rendezvous.state === 'open' && links.rendezvous.roster().length === 0;
    const isCutOff = links.rendezvous.state !== 'open' && waited > FOUND_OFFLINE_MS;
    if (isAlone || isCutOff || waited > FOUND_UNREACHED_MS) clock.found();
  }

  function shareBeacon(): void {
    const beacon = clock.beacon();
    for (const link of links.peers.values()) link.attempt?.setBeacon(beacon);
  }

  function turn(): void {
    if (census.turn()) graphChanged();
    links.turn();
    linkState.turn();
  }

  function tick(): void {
    maybeFound();
    clock.tick();
    shareBeacon();
  }

  clock.on('master', () => {
    shareBeacon();
    emitter.emit('clock', undefined);
  });
  clock.on('stepped', () => emitter.emit('clock', undefined));
  clock.on('tick', () => emitter.emit('clock', undefined));
  clock.on('session', (id) => emitter.emit('session', id));
  const endTurns = [host.timer.every(TURN_MS, turn), host.timer.every(TICK_MS, tick), host.timer.every(FIGURES_MS, () => members.turn())];

  return {
    self,
    clock,
    get server() {
      return links.rendezvous.state;
    },
    members: () => members.list(),
    graph,
    send(to, channel, topic, payload) {
      const message = encodeMessage(topic, payload);
      const link = wholeLink(to);
      return link === undefined ? relay.send(to, channel, message) : post(link, channel, message);
    },
    broadcast(channel, topic, payload) {
      const message = encodeMessage(topic, payload);
      if (relay.isNeeded()) relay.broadcast(channel, topic, message);
      else for (const link of links.peers.values()) post(link, channel, message);
      if (channel === 'fast' && topic === TOPIC.fact) hurry();
    },
    buffered: (to, channel) => wholeLink(to)?.attempt?.buffered(channel) ?? Infinity,
    receive(topic, f) {
      receivers.set(topic, f);
      return () => receivers.get(topic) === f && receivers.delete(topic);
    },
    refuse: (from) => void ((links.peers.has(from) || graph().hops(from) !== undefined) && refuse(from)),
    latency: () => Math.min(LATENCY_MAX_MS, members.latency()),
    utc: links.rendezvous.utc,
    arePitsSigned: () => relay.isWalled(),
    delay: () => members.delay(),
    iceServers: () => links.rendezvous.iceServers,
    setProfile(next) {
      profile = tidyProfile(next);
      for (const link of links.peers.values()) link.attempt?.setProfile(profile);
      linkState.touch();
    },
    setVisible: (isVisible) => clock.setVisible(isVisible),
    setPreference: (preference) => clock.setPreference(preference),
    on: (type, f) => emitter.on(type, f),
    close() {
      if (isClosed) return;
      isClosed = true;
      cancelFlush?.();
      linkState.leave();
      links.flush();
      for (const end of endTurns) end();
      links.close();
    },
  };
}

const areAlike = (a: readonly GraphNode[], b: readonly GraphNode[]): boolean =>
  a.length === b.length && a.every(({ id, via, isFrozen }, i) => id === b[i]?.id && via === b[i].via && isFrozen === b[i].isFrozen);
