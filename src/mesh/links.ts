import type { PeerId } from '../base.ts';
import type { EndReason } from './attempt.ts';
import type { Hello, Speaker } from './hello.ts';
import type { Host } from './host.ts';
import { createLink, type Link } from './link.ts';
import { createRendezvous, type Rendezvous } from './rendezvous.ts';
import type { RoomKeys } from './room-code.ts';
import { openSignal, sealSignal, type PairSignal } from './sealed.ts';
import type { ConnectionId } from './signal.ts';
import type { Sample } from './time.ts';
import type { Beat, Transport } from './transport.ts';

/**
 * Who is to be linked with whom. The server's connection ids say who offers (who was here first, the lower id), peer ids
 * say who it is. A newcomer greets all present; who is linked with that very page already (the server was restarted, or
 * only the socket was lost) keeps the link and greets back, any other dials. So nobody dials twice and nobody crosses.
 */
export interface Links {
  readonly rendezvous: Rendezvous;
  /** Those whose hello held, one per peer id, while their link is not given up. */
  readonly peers: ReadonlyMap<PeerId, Link>;
  turn(): void;
  flush(): void;
  close(): void;
}

export interface LinksDeps {
  readonly host: Host;
  readonly transport: Transport;
  readonly keys: RoomKeys;
  readonly speaker: () => Speaker;
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
  /** A peer's only link ended; another attempt may follow. */
  gone(peer: PeerId): void;
  notice(message: string): void;
}

const isAlive = (link: Link): boolean => link.attempt?.phase === 'whole' || link.attempt?.phase === 'silent';

export function createLinks(deps: LinksDeps, handlers: LinksHandlers): Links {
  const { host, transport, keys } = deps;
  const all = new Set<Link>();
  const byConnection = new Map<ConnectionId, Link>();
  const peers = new Map<PeerId, Link>();
  let attempts = 0;
  let isClosed = false;

  const rendezvous = createRendezvous(host, transport, keys.tag, {
    state: handlers.server,
    welcome,
    joined: () => undefined,
    left,
    signal: receive,
    refused: (reason) => handlers.notice(`The meeting point refused: ${reason.slice(0, 200)}`),
  });

  function post(to: ConnectionId, attempt: number, signal: PairSignal): void {
    const from = rendezvous.id;
    if (from !== undefined) rendezvous.signal(to, sealSignal(host, keys, { from, to, attempt }, signal));
  }

  function greet(to: ConnectionId): void {
    const { id, incarnation } = deps.speaker();
    post(to, 0, { type: 'greet', peer: id, incarnation });
  }

  const isInitiatorTo = (remote: ConnectionId): boolean => (rendezvous.id ?? Infinity) < remote;

  function create(remote: ConnectionId): Link {
    const link: Link = createLink(
      {
        host,
        transport,
        tag: keys.tag,
        speaker: deps.speaker,
        iceServers: () => rendezvous.iceServers,
        nextAttempt: () => ++attempts,
        post,
      },
      { remote, isInitiator: isInitiatorTo(remote) },
      {
        verified: (hello) => admit(link, hello),
        changed: () => withPeer(link, handlers.changed),
        message: (topic, payload) => withPeer(link, (peer) => handlers.message(peer, topic, payload)),
        sample: (sample) => withPeer(link, (peer) => handlers.sample(peer, sample)),
        beat: (beat) => withPeer(link, (peer) => handlers.beat(peer, beat)),
        refuse: () => withPeer(link, handlers.refuse),
        ended: (reason, name, isFinal) => ended(link, { reason, name, isFinal }),
      },
    );
    all.add(link);
    byConnection.set(remote, link);
    return link;
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
    peers.set(hello.id, link);
    return true;
  }

  function drop(link: Link): void {
    link.close();
    all.delete(link);
    if (link.remote !== undefined && byConnection.get(link.remote) === link) byConnection.delete(link.remote);
    forget(link);
  }

  function forget(link: Link): void {
    for (const [id, other] of peers) {
      if (other !== link) continue;
      peers.delete(id);
      handlers.gone(id);
    }
  }

  function ended(link: Link, how: { readonly reason: EndReason; readonly name: string | undefined; readonly isFinal: boolean }): void {
    const who = how.name ?? 'Someone';
    if (how.reason === 'incompatible') handlers.notice(`${who} runs another version of Tutti: reload both pages to play together`);
    if (how.reason === 'refused') handlers.notice(`${who} was cut off: what came from there was not as it must be`);
    forget(link);
    // A refused connection stays in the books, so that its next signals do not begin anew.
    if (how.isFinal && link.remote === undefined) drop(link);
  }

  /** A new life of our socket: links that are whole go on without it, all others begin again. */
  function welcome(): void {
    byConnection.clear();
    for (const link of all) {
      if (isAlive(link)) link.bind(undefined);
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
    byConnection.delete(remote);
    if (link === undefined) return;
    if (isAlive(link)) link.bind(undefined);
    else drop(link);
  }

  function receive(from: ConnectionId, text: string): void {
    const to = rendezvous.id;
    const opened = to === undefined || isClosed ? undefined : openSignal(keys, { from, to }, text);
    if (opened === undefined) return;
    const { attempt, signal } = opened;
    if (signal.type === 'greet') return greeted(from, signal);
    const isForNew = (signal.type === 'redial') === isInitiatorTo(from);
    const link = byConnection.get(from) ?? (isForNew ? create(from) : undefined);
    link?.receive(attempt, signal);
    if (signal.type === 'redial') link?.dial();
  }

  function greeted(from: ConnectionId, who: { readonly peer: string; readonly incarnation: string }): void {
    const mine = isInitiatorTo(from);
    const linked = peers.get(who.peer as PeerId);
    if (linked !== undefined && isAlive(linked) && linked.attempt?.hello?.incarnation === who.incarnation) {
      return rebind(linked, from);
    }
    if (mine) (byConnection.get(from) ?? create(from)).dial();
    // They believe in a link that is dead here.
    else post(from, 0, { type: 'redial' });
  }

  function rebind(link: Link, remote: ConnectionId): void {
    const fresh = byConnection.get(remote);
    if (fresh !== undefined && fresh !== link) drop(fresh);
    if (link.remote !== undefined && byConnection.get(link.remote) === link) byConnection.delete(link.remote);
    const isInitiator = isInitiatorTo(remote);
    link.bind({ remote, isInitiator });
    byConnection.set(remote, link);
    if (isInitiator) greet(remote);
  }

  return {
    rendezvous,
    peers,
    turn: () => {
      for (const link of [...all]) link.turn();
    },
    flush: () => {
      for (const link of peers.values()) link.attempt?.flush();
    },
    close() {
      isClosed = true;
      for (const link of all) link.close({ bye: true });
      all.clear();
      byConnection.clear();
      peers.clear();
      rendezvous.close();
    },
  };
}
