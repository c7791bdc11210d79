import type { LocalTime, PeerId } from '../base.ts';
import type { EndReason } from './attempt.ts';
import { createGreeters } from './greeting.ts';
import type { Hello, Speaker } from './hello.ts';
import type { Host } from './host.ts';
import { createLink, type Link } from './link.ts';
import { createNames } from './names.ts';
import { createRendezvous, type Rendezvous } from './rendezvous.ts';
import type { RoomKeys } from './room-code.ts';
import { openSignal, sealSignal, type PairSignal } from './sealed.ts';
import type { ConnectionId } from './signal.ts';
import type { Sample } from './time.ts';
import { createCircle } from './circle.ts';
import { DEGREE_MAX } from './topology.ts';
import type { Beat, Transport } from './transport.ts';

/**
 * Who is to be linked with whom. The server's connection ids say who offers (who was here first, the lower id), peer ids
 * say who it is. A newcomer greets all present; who is linked with that very page already (the server was restarted, or
 * only the socket was lost) keeps the link and greets back, any other dials. So nobody dials twice and nobody crosses.
 *
 * Where the server is away, or does not know one of the two, signals take the road by neighbours; there the lesser peer id
 * offers [LK18]. Each pair of pages has one link object, whichever road its signals take.
 */
export interface Links {
  readonly rendezvous: Rendezvous;
  /** Those whose hello held, one per peer id, while their link is not given up. */
  readonly peers: ReadonlyMap<PeerId, Link>;
  /** A sealed signal that neighbours brought. */
  relayed(from: PeerId, text: string): void;
  /** For good, with a notice: nobody honest does that. */
  cut(peer: PeerId): void;
  turn(): void;
  /** How many packets left. */
  flush(): number;
  close(): void;
}

export interface LinksDeps {
  readonly host: Host;
  readonly transport: Transport;
  readonly keys: RoomKeys;
  readonly speaker: () => Speaker;
  /** The road by neighbours. */
  readonly neighbours: {
    /** Within reach over others. */
    readonly reaches: (peer: PeerId) => boolean;
    /** Within reach and not linked with us. */
    readonly missing: () => readonly PeerId[];
    /** Everyone within reach. */
    readonly known: () => Iterable<{ readonly id: PeerId }>;
    readonly carry: (to: PeerId, text: string) => void;
  };
}

export interface LinksHandlers {
  /** The server came or went. */
  server(): void;
  welcome(): void;
  /** A peer's link changed: whole, silent, frozen, named. */
  changed(peer: PeerId): void;
  message(peer: PeerId, topic: number, payload: Uint8Array): void;
  sample(peer: PeerId, sample: Sample): void;
  beat(peer: PeerId, beat: Beat): void;
  refuse(peer: PeerId): void;
  /** A peer's only link ended; another attempt may follow, unless it said goodbye. */
  gone(peer: PeerId, isFarewell: boolean): void;
  notice(message: string): void;
}

/** ms for the server to bring together those who know of each other. */
const SEEK_BESIDE_SERVER_MS = 10_000;
const SEEK_MS = 500;
const LINKS_MAX = 256;
const OUTCASTS_MAX = 256;

const isAlive = (link: Link): boolean => link.attempt?.phase === 'whole' || link.attempt?.phase === 'silent';

export function createLinks(deps: LinksDeps, handlers: LinksHandlers): Links {
  const { host, transport, keys, neighbours } = deps;
  const greeterOf = createGreeters(host.clock, keys.tag);
  const all = new Set<Link>();
  const byConnection = new Map<ConnectionId, Link>();
  const peers = new Map<PeerId, Link>();
  /** Whose last signal came by neighbours, or who did not answer by the server. */
  const byNeighbours = new Set<Link>();
  const outcasts = new Set<PeerId>();
  let attempts = 0;
  let missingSince: ReadonlyMap<PeerId, LocalTime> = new Map();
  let isClosed = false;

  const rendezvous = createRendezvous(host, transport, keys.tag, {
    state: handlers.server,
    welcome,
    joined: () => undefined,
    left,
    signal: receive,
    refused: (reason) => handlers.notice(`The meeting point refused: ${reason.slice(0, 200)}`),
  });

  /** Whom to be linked with in this room, as large as it is [LR1]. */
  const circle = createCircle({
    self: () => deps.speaker().id,
    known: function* () {
      for (const { id } of neighbours.known()) yield id;
      for (const { peer, remote } of all) if (peer !== undefined && remote !== undefined) yield peer;
    },
    linked: () => [...peers].flatMap(([id, link]) => (isAlive(link) ? [id] : [])),
    size: () => rendezvous.roster().length + 1,
    now: () => host.clock.now(),
  });

  /** Whom we want to be linked with. */
  const wants = (peer: PeerId): boolean => !outcasts.has(peer) && circle.wants(peer);

  function post(to: ConnectionId, attempt: number, signal: PairSignal): void {
    const from = rendezvous.id;
    if (from !== undefined) rendezvous.signal(to, sealSignal(host, keys, { from, to, attempt }, signal));
  }

  function greet(to: ConnectionId): void {
    const { id: from } = rendezvous;
    if (from !== undefined) post(to, 0, names.own({ from, to }));
  }

  const isNameless = (link: Link): boolean => link.peer === undefined && all.has(link);
  const names = createNames<Link>({ timer: host.timer, tag: keys.tag, speaker: deps.speaker, isNeeded: isNameless, found: name });

  const isInitiatorTo = (remote: ConnectionId): boolean => (rendezvous.id ?? Infinity) < remote;

  function road({ remote, peer }: Link, isByNeighbours: boolean): 'server' | 'neighbours' | undefined {
    const isReached = peer !== undefined && neighbours.reaches(peer);
    if (isReached && isByNeighbours) return 'neighbours';
    if (rendezvous.id !== undefined && remote !== undefined) return 'server';
    return isReached ? 'neighbours' : undefined;
  }

  function roleOf(link: Link): boolean | undefined {
    // In a large room nobody looks for whom he does not know.
    if (link.peer === undefined ? circle.isLarge() : !wants(link.peer)) return undefined;
    const way = road(link, byNeighbours.has(link));
    if (way === undefined) return undefined;
    return way === 'server' ? isInitiatorTo(link.remote!) : deps.speaker().id < link.peer!;
  }

  function postTo(link: Link, attempt: number, signal: PairSignal): void {
    const { id: from } = deps.speaker();
    const { remote, peer: to } = link;
    const way = road(link, byNeighbours.has(link));
    const by = way === 'server' && signal.type === 'signal' ? names.own({ from: rendezvous.id!, to: remote! }) : undefined;
    if (way === 'server') post(remote!, attempt, signal.type === 'signal' ? { ...signal, by } : signal);
    else if (way === 'neighbours') neighbours.carry(to!, sealSignal(host, keys, { from, to: to!, attempt }, signal));
  }

  function create(remote: ConnectionId | undefined): Link {
    const link: Link = createLink(
      {
        host,
        transport,
        tag: keys.tag,
        speaker: deps.speaker,
        iceServers: () => rendezvous.iceServers,
        nextAttempt: () => ++attempts,
        role: () => roleOf(link),
        post: (attempt, signal) => postTo(link, attempt, signal),
      },
      {
        verified: (hello) => admit(link, hello),
        changed: () => withPeer(link, handlers.changed),
        message: (topic, payload) => withPeer(link, (peer) => handlers.message(peer, topic, payload)),
        sample: (sample) => withPeer(link, (peer) => handlers.sample(peer, sample)),
        beat: (beat) => withPeer(link, (peer) => handlers.beat(peer, beat)),
        refuse: () => withPeer(link, handlers.refuse),
        // Perhaps the one road is shut; the next attempt takes the other.
        unanswered: () => void (byNeighbours.delete(link) || byNeighbours.add(link)),
        ended: (reason, name, isFinal) => ended(link, { reason, name, isFinal }),
      },
    );
    all.add(link);
    bind(link, remote);
    return link;
  }

  function bind(link: Link, remote: ConnectionId | undefined): void {
    const { remote: before } = link;
    if (before !== undefined && byConnection.get(before) === link) byConnection.delete(before);
    if (remote !== undefined) byConnection.set(remote, link);
    byNeighbours.delete(link);
    link.bind(remote);
  }

  function withPeer(link: Link, f: (peer: PeerId) => void): void {
    const id = link.attempt?.hello?.id;
    if (id !== undefined && peers.get(id) === link) f(id);
  }

  /** The newer of two links of one peer id stays: the older is a page that was reloaded [LK7]. */
  function admit(link: Link, hello: Hello): boolean {
    if (hello.id === deps.speaker().id) return false;
    const older = peers.get(hello.id);
    // Dropped first: what is known of the older page's clock is wrong for the new one.
    if (older !== undefined && older !== link) drop(older);
    link.name(hello.id);
    circle.changed();
    for (const other of all) if (other !== link && other.peer === hello.id && !other.isOver) replace(other, link);
    peers.set(hello.id, link);
    return true;
  }

  /** Two roads led to one peer. */
  function replace(other: Link, link: Link): void {
    const { remote } = other;
    drop(other);
    if (link.remote === undefined && remote !== undefined) bind(link, remote);
  }

  function drop(link: Link): void {
    link.close();
    all.delete(link);
    if (link.remote !== undefined && byConnection.get(link.remote) === link) byConnection.delete(link.remote);
    forget(link);
  }

  function forget(link: Link, isFarewell = false): void {
    for (const [id, other] of peers) {
      if (other !== link) continue;
      peers.delete(id);
      handlers.gone(id, isFarewell);
    }
  }

  function ended(link: Link, how: { readonly reason: EndReason; readonly name: string | undefined; readonly isFinal: boolean }): void {
    const who = how.name ?? 'Someone';
    if (how.reason === 'incompatible') handlers.notice(`${who} runs another version of Tutti: reload both pages to play together`);
    if (how.reason === 'refused') banish(link);
    if (how.reason === 'refused') handlers.notice(`${who} was cut off: what came from there was not as it must be`);
    if (how.reason === 'silent') rendezvous.check();
    forget(link, how.reason === 'bye');
    // A refused connection stays in the books, so that its next signals do not begin anew.
    if (how.isFinal && link.remote === undefined) drop(link);
  }

  /** Until it comes anew, nobody here looks for it. */
  function banish(link: Link): void {
    for (const [id, other] of peers) if (other === link) outcasts.add(id);
    const oldest = outcasts.values().next();
    if (outcasts.size > OUTCASTS_MAX && !oldest.done) outcasts.delete(oldest.value);
  }

  /** A new life of our socket: links that are whole go on without it, all others begin again. */
  function welcome(): void {
    byConnection.clear();
    for (const link of all) {
      if (isAlive(link)) bind(link, undefined);
      else drop(link);
    }
    for (const remote of rendezvous.roster()) {
      create(remote);
      greet(remote);
    }
    handlers.welcome();
  }

  function left(remote: ConnectionId): void {
    const link = byConnection.get(remote);
    if (link === undefined) return;
    bind(link, undefined);
    if (!isAlive(link) && roleOf(link) === undefined) drop(link);
  }

  function receive(from: ConnectionId, text: string): void {
    const to = rendezvous.id;
    const opened = to === undefined || isClosed ? undefined : openSignal(keys, { from, to }, text);
    if (to === undefined || opened === undefined) return;
    const { attempt, signal } = opened;
    if (signal.type === 'greet') return greeted(from, greeterOf({ from, to }, signal), signal.incarnation);
    if (signal.type === 'here') return void (byConnection.has(from) && names.hear(byConnection.get(from)!, { from, to }, signal.by));
    const isInitiator = isInitiatorTo(from);
    const isForNew = (signal.type === 'redial') === isInitiator;
    const link = byConnection.get(from) ?? (isForNew ? create(from) : undefined);
    if (link === undefined) return;
    if (signal.type === 'signal' && link.peer === undefined) names.hear(link, { from, to }, signal.by);
    byNeighbours.delete(link);
    if (!isWelcome(link)) return;
    hand(link, signal, { attempt, isInitiator });
  }

  /** Others may know more than we do and dial us; but a peer has only so many links. */
  function isWelcome(link: Link): boolean {
    if (link.attempt !== undefined || link.peer === undefined || wants(link.peer)) return true;
    return [...all].filter(({ attempt }) => attempt !== undefined).length < DEGREE_MAX;
  }

  function relayed(from: PeerId, text: string): void {
    const { id: self } = deps.speaker();
    const opened = isClosed ? undefined : openSignal(keys, { from, to: self }, text);
    if (opened === undefined || opened.signal.type === 'greet' || opened.signal.type === 'here' || outcasts.has(from)) return;
    const link = linkTo(from) ?? seek(from);
    if (!isWelcome(link)) return;
    byNeighbours.add(link);
    hand(link, opened.signal, { attempt: opened.attempt, isInitiator: self < from });
  }

  function hand(link: Link, signal: PairSignal, of: { readonly attempt: number; readonly isInitiator: boolean }): void {
    link.receive(signal, of);
    if (signal.type === 'redial') link.dial();
  }

  /** That of several which lives, else the newest. */
  function linkTo(peer: PeerId): Link | undefined {
    const found = [...all].filter((link) => link.peer === peer && !link.isOver);
    return found.find(isAlive) ?? found.at(-1);
  }

  function name(link: Link, peer: PeerId): void {
    if (link.peer !== undefined) return;
    link.name(peer);
    circle.changed();
  }

  function seek(peer: PeerId): Link {
    const link = create(undefined);
    link.name(peer);
    return link;
  }

  function greeted(from: ConnectionId, peer: PeerId | undefined, incarnation: string): void {
    if (peer === undefined) return;
    const mine = isInitiatorTo(from);
    outcasts.delete(peer);
    const linked = peers.get(peer);
    if (linked !== undefined && isAlive(linked) && linked.attempt?.hello?.incarnation === incarnation) return rebind(linked, from);
    // They believe in a link that is dead here.
    if (!mine) return post(from, 0, { type: 'redial' });
    const link = byConnection.get(from) ?? create(from);
    name(link, peer);
    // Where many come at once, the next turn knows better who is to be dialled.
    if (circle.isLarge()) post(from, 0, { type: 'here', by: names.own({ from: rendezvous.id!, to: from }) });
    else link.dial();
  }

  function rebind(link: Link, remote: ConnectionId): void {
    const fresh = byConnection.get(remote);
    if (fresh !== undefined && fresh !== link) drop(fresh);
    bind(link, remote);
    if (isInitiatorTo(remote)) greet(remote);
  }

  /** Whoever is in the room and was never met, or is unknown to the server, is looked for by neighbours. */
  function seekMissing(): void {
    const now = host.clock.now();
    const patience = rendezvous.state === 'open' ? SEEK_BESIDE_SERVER_MS : SEEK_MS;
    const missing = neighbours.missing().filter((peer) => wants(peer) && linkTo(peer) === undefined);
    const since = new Map(missing.map((peer) => [peer, missingSince.get(peer) ?? now]));
    missingSince = since;
    for (const [peer, at] of since) if (now - at > patience && all.size < LINKS_MAX) seek(peer);
  }

  /** What no ring asks for is given up, one link at a time [LR2]. */
  function release(): void {
    const peer = circle.surplus();
    if (peer !== undefined) peers.get(peer)?.release();
  }

  function cut(peer: PeerId): void {
    const link = peers.get(peer);
    if (link === undefined) return;
    const how = { reason: 'refused', name: link.attempt?.hello?.profile.name, isFinal: true } as const;
    // Closed without a word, it stays in the books under its connection.
    link.close();
    ended(link, how);
  }

  return {
    rendezvous,
    peers,
    relayed,
    cut,
    turn() {
      circle.changed();
      release();
      seekMissing();
      for (const link of [...all]) {
        link.turn();
        const isLost = link.attempt === undefined && link.remote === undefined;
        if (isLost && roleOf(link) === undefined) drop(link);
      }
    },
    flush: () => [...peers.values()].reduce((sum, { attempt }) => sum + (attempt?.flush() ?? 0), 0),
    close() {
      isClosed = true;
      names.close();
      for (const link of all) link.close({ bye: true });
      all.clear();
      byConnection.clear();
      peers.clear();
      rendezvous.close();
    },
  };
}
