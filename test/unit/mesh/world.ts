import type { Host } from '../../../src/mesh/host.ts';
import { createIdentity, peerIdOf } from '../../../src/mesh/identity.ts';
import { createLinks, type Links, type LinksHandlers } from '../../../src/mesh/links.ts';
import { createMemoryNetwork, type MemoryNetwork, type MemorySocket } from '../../../src/mesh/memory.ts';
import type { RoomKeys } from '../../../src/mesh/room-code.ts';
import type { Transport } from '../../../src/mesh/transport.ts';
import { createTimeline, type Timeline } from '../../sim/heap.ts';
import { createSimHost, type SimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';
import { createRosterServer, type RosterServer } from './roster-server.ts';

export const KEYS: RoomKeys = { tag: '00112233445566778899aabbccddeeff', key: Uint8Array.from({ length: 32 }, (_, i) => i) };

/** Virtual machines on a memory network, with a signalling side that can be taken away. */
export interface World {
  readonly timeline: Timeline;
  readonly network: MemoryNetwork;
  readonly server: RosterServer;
  /** These two never open a link. */
  shut(a: SimHost, b: SimHost): void;
  host(fault?: { offset: number; skew: number }): SimHost;
  /** Lets virtual time pass until `isDone` or `limit` ms; returns whether it is done. */
  until(isDone: () => boolean, limit?: number): boolean;
  pass(ms: number): void;
}

export function createWorld(seed = 1, delay = 5): World {
  const timeline = createTimeline();
  const draw = createDraw(seed);
  let hosts = 0;
  const server = createRosterServer(() => timeline.now());
  const pairs: (readonly unknown[])[] = [];
  const isShut = (a: Host, b: Host): boolean => pairs.some((pair) => pair.includes(a) && pair.includes(b));
  const network = createMemoryNetwork({ delay, server: (client: MemorySocket) => server.accept(client), isShut });
  return {
    shut: (a, b) => void pairs.push([a, b]),
    timeline,
    network,
    server,
    host: (fault = { offset: 0, skew: 0 }) => createSimHost(timeline, fault, draw.fork(`host ${++hosts}`)),
    until(isDone, limit = 30_000) {
      const end = timeline.now() + limit;
      while (!isDone() && timeline.now() < end) timeline.run(timeline.now() + 1);
      return isDone();
    },
    pass: (ms) => timeline.run(timeline.now() + ms),
  };
}

const ALONE = { reaches: () => false, missing: () => [], known: () => [], carry: () => undefined };

/** A peer's links alone, without clock: what it hears is kept. */
export interface LinkedPeer {
  readonly id: string;
  readonly host: SimHost;
  readonly links: Links;
  readonly heard: { readonly from: string; readonly topic: number; readonly payload: Uint8Array }[];
  readonly notices: string[];
  readonly refused: string[];
  readonly gone: string[];
  whole(): number;
}

export interface PeerOptions {
  readonly host?: SimHost;
  readonly identity?: ReturnType<typeof createIdentity>;
  readonly wrap?: (transport: Transport) => Transport;
  readonly version?: number;
  readonly name?: string;
}

export function createLinkedPeer(world: World, options: PeerOptions = {}): LinkedPeer {
  const host = options.host ?? world.host();
  const identity = options.identity ?? createIdentity(host.random);
  const id = peerIdOf(identity, 0);
  const incarnation = `life ${host.random.next()}`;
  const peer: Omit<LinkedPeer, 'links' | 'whole'> = { id, host, heard: [], notices: [], refused: [], gone: [] };
  const handlers: LinksHandlers = {
    server: () => undefined,
    welcome: () => undefined,
    changed: () => undefined,
    message: (from, topic, payload) => void peer.heard.push({ from, topic, payload }),
    sample: () => undefined,
    beat: () => undefined,
    refuse: (from) => void peer.refused.push(from),
    gone: (from) => void peer.gone.push(from),
    notice: (message) => void peer.notices.push(message),
  };
  const speaker = { identity, id, incarnation, profile: { name: options.name ?? 'Ada', hue: 3 } };
  const transport = (options.wrap ?? ((plain) => plain))(world.network.transport(host as Host));
  const links = createLinks(
    {
      host,
      transport,
      keys: KEYS,
      neighbours: ALONE,
      speaker: () => (options.version === undefined ? speaker : { ...speaker, version: options.version }),
    },
    handlers,
  );
  host.timer.every(250, () => links.turn());
  return { ...peer, links, whole: () => [...links.peers.values()].filter((link) => link.attempt?.phase === 'whole').length };
}
