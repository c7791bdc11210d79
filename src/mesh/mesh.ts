import { createEmitter, compare, type LocalTime, type PeerId, type Unsubscribe } from '../base.ts';
import { createMeshClock, type MeshClock } from './clock.ts';
import type { Host } from './host.ts';
import { createId } from './host.ts';
import { peerIdOf, type Identity } from './identity.ts';
import { createLatency, type Latency } from './latency.ts';
import type { Link } from './link.ts';
import { createLinks } from './links.ts';
import { tidyProfile, type Profile } from './profile.ts';
import type { RoomKeys } from './room-code.ts';
import type { IceServer } from './signal.ts';
import type { Channel, Transport } from './transport.ts';
import { encodeMessage } from './wire.ts';

export type { Profile } from './profile.ts';

/** Another peer, as its link shows it. */
export interface Member {
  readonly id: PeerId;
  readonly profile: Profile;
  readonly link: 'connecting' | 'whole' | 'silent';
  /** Its page hangs while its worker lives: not counted, not eligible. */
  readonly isFrozen: boolean;
  /** ms, least of the last minute. */
  readonly roundTrip?: number;
  /** ms, uncertainty of the pair's clock estimate. */
  readonly spread?: number;
  /** Messages refused from it since it came. */
  readonly refused: number;
  /** ms since it came. */
  readonly joinedAge: number;
}

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
  /** The others, by id. */
  members(): readonly Member[];
  /** False when there is no whole link or its channel is full; nothing is sent then. payload: at most 16,300 bytes. */
  send(to: PeerId, channel: Channel, topic: number, payload: Uint8Array): boolean;
  /** To every whole link. On fast, messages of about 8 ms share a frame. */
  broadcast(channel: Channel, topic: number, payload: Uint8Array): void;
  /** Bytes that wait to leave; Infinity without a whole link. */
  buffered(to: PeerId, channel: Channel): number;
  /** f: returns 'refused' for what is not well formed. */
  receive(topic: number, f: (from: PeerId, payload: Uint8Array) => void | 'refused'): Unsubscribe;
  /** Counts one more message that was not well formed. */
  refuse(from: PeerId, why: string): void;
  /** ms, 0 to 250: within this a message reaches every whole, unfrozen member, in 99 of 100 cases. */
  latency(): number;
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
  /** Only in tests: another protocol version to say hello with. */
  readonly version?: number;
}

const TURN_MS = 250;
const FLUSH_MS = 8;
const LATENCY_MAX_MS = 250;
/** Without server and links for so long: a room of one's own. */
const FOUND_OFFLINE_MS = 3000;
/** Others are listed but nobody could be reached for so long: likewise. */
const FOUND_UNREACHED_MS = 8000;

interface Presence {
  readonly joinedAt: LocalTime;
  readonly latency: Latency;
  refused: number;
}

export function createMesh(host: Host, transport: Transport, options: MeshOptions): Mesh {
  const self = peerIdOf(options.identity, options.instance);
  const incarnation = createId(host.random);
  const emitter = createEmitter<MeshEvents>();
  const clock = createMeshClock(host, self);
  const receivers = new Map<number, (from: PeerId, payload: Uint8Array) => void | 'refused'>();
  const presences = new Map<PeerId, Presence>();
  let startedAt = host.clock.now();
  let profile = tidyProfile(options.profile);
  let cancelFlush: (() => void) | undefined;
  let isClosed = false;

  const links = createLinks(
    {
      host,
      transport,
      keys: options.keys,
      speaker: () => ({
        identity: options.identity,
        id: self,
        incarnation,
        profile,
        ...(options.version === undefined ? {} : { version: options.version }),
      }),
    },
    {
      server: () => emitter.emit('server', undefined),
      welcome: maybeFound,
      changed,
      message: deliver,
      sample(peer, sample) {
        presenceOf(peer).latency.add(sample);
        clock.sample(peer, sample);
      },
      beat: (peer, beat) => clock.beat(peer, beat),
      refuse: (peer) => void presenceOf(peer).refused++,
      gone,
      notice: (message) => emitter.emit('notice', { level: 'warning', message }),
    },
  );

  function presenceOf(peer: PeerId): Presence {
    const known = presences.get(peer) ?? { joinedAt: host.clock.now(), latency: createLatency(), refused: 0 };
    presences.set(peer, known);
    return known;
  }

  function changed(peer: PeerId): void {
    presenceOf(peer);
    links.peers.get(peer)?.attempt?.setBeacon(clock.beacon());
    emitter.emit('members', undefined);
  }

  function gone(peer: PeerId): void {
    presences.delete(peer);
    clock.leave(peer);
    emitter.emit('members', undefined);
  }

  function deliver(peer: PeerId, topic: number, payload: Uint8Array): void {
    const receiver = receivers.get(topic);
    if (receiver === undefined || receiver(peer, payload) === 'refused') presenceOf(peer).refused++;
  }

  const wholeLink = (peer: PeerId): Link | undefined => {
    const link = links.peers.get(peer);
    return link?.attempt?.phase === 'whole' ? link : undefined;
  };

  function post(link: Link | undefined, channel: Channel, message: Uint8Array): boolean {
    if (link?.attempt === undefined) return false;
    if (channel === 'fast') cancelFlush ??= host.timer.after(FLUSH_MS, flush);
    return link.attempt.send(channel, message);
  }

  function flush(): void {
    cancelFlush = undefined;
    links.flush();
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
    links.turn();
    maybeFound();
    clock.tick();
    shareBeacon();
  }

  function view(id: PeerId, link: Link): Member {
    const now = host.clock.now();
    const presence = presenceOf(id);
    const roundTrip = presence.latency.least(now);
    const spread = clock.pair(id)?.spread;
    const phase = link.attempt?.phase;
    return {
      id,
      profile: link.attempt?.hello?.profile ?? tidyProfile({ name: '', hue: 0 }),
      link: phase === 'whole' || phase === 'silent' ? phase : 'connecting',
      isFrozen: link.attempt?.isFrozen ?? false,
      ...(roundTrip === undefined ? {} : { roundTrip }),
      ...(spread === undefined ? {} : { spread }),
      refused: presence.refused,
      joinedAge: now - presence.joinedAt,
    };
  }

  function latency(): number {
    const now = host.clock.now();
    const each = [...links.peers].map(([id, link]) =>
      link.attempt?.phase === 'whole' && !link.attempt.isFrozen ? (presences.get(id)?.latency.high(now) ?? 0) : 0,
    );
    return Math.min(LATENCY_MAX_MS, Math.max(0, ...each));
  }

  clock.on('master', () => {
    shareBeacon();
    emitter.emit('clock', undefined);
  });
  clock.on('stepped', () => emitter.emit('clock', undefined));
  clock.on('tick', () => emitter.emit('clock', undefined));
  clock.on('session', (id) => emitter.emit('session', id));
  const endTurns = host.timer.every(TURN_MS, turn);

  return {
    self,
    clock,
    get server() {
      return links.rendezvous.state;
    },
    members: () => [...links.peers].map(([id, link]) => view(id, link)).sort((a, b) => compare(a.id, b.id)),
    send: (to, channel, topic, payload) => post(wholeLink(to), channel, encodeMessage(topic, payload)),
    broadcast(channel, topic, payload) {
      const message = encodeMessage(topic, payload);
      for (const link of links.peers.values()) post(link, channel, message);
    },
    buffered: (to, channel) => wholeLink(to)?.attempt?.buffered(channel) ?? Infinity,
    receive(topic, f) {
      receivers.set(topic, f);
      return () => receivers.get(topic) === f && receivers.delete(topic);
    },
    refuse: (from) => void (links.peers.has(from) && presenceOf(from).refused++),
    latency,
    iceServers: () => links.rendezvous.iceServers,
    setProfile(next) {
      profile = tidyProfile(next);
      for (const link of links.peers.values()) link.attempt?.setProfile(profile);
    },
    setVisible: (isVisible) => clock.setVisible(isVisible),
    setPreference: (preference) => clock.setPreference(preference),
    on: (type, f) => emitter.on(type, f),
    close() {
      if (isClosed) return;
      isClosed = true;
      cancelFlush?.();
      links.flush();
      endTurns();
      links.close();
    },
  };
}
