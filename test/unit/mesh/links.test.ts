import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../../../src/mesh/wire.ts';
import type { Transport } from '../../../src/mesh/transport.ts';
import { PROTOCOL_VERSION } from '../../../src/mesh/hello.ts';
import { createIdentity } from '../../../src/mesh/identity.ts';
import { createGreeting } from '../../../src/mesh/greeting.ts';
import { sealSignal, type PairSignal } from '../../../src/mesh/sealed.ts';
import { createLinkedPeer, createWorld, KEYS, type LinkedPeer, type World } from './world.ts';

const crowd = (world: World, size: number): LinkedPeer[] => Array.from({ length: size }, () => createLinkedPeer(world));
const allWhole = (peers: readonly LinkedPeer[]) => (): boolean => peers.every((peer) => peer.whole() === peers.length - 1);

/** Counts connections made, and lets a test spoil them. */
const tapped =
  (tap: { connections: number; spoil?: (n: number) => boolean }) =>
  (transport: Transport): Transport => ({
    openSocket: (handlers) => transport.openSocket(handlers),
    connect(options, handlers) {
      const n = ++tap.connections;
      if (!tap.spoil?.(n)) return transport.connect(options, handlers);
      return transport.connect(options, { ...handlers, signal: () => undefined });
    },
  });

describe('links', () => {
  it('[LK4] five who join in one millisecond are whole, each pair with one connection', () => {
    const world = createWorld();
    const tap = { connections: 0 };
    const peers = Array.from({ length: 5 }, () => createLinkedPeer(world, { wrap: tapped(tap) }));
    expect(world.until(allWhole(peers), 2000)).toBe(true);
    expect(tap.connections).toBe(20);
  });

  it('[LK1] links go on while the server is away, and are kept under new ids when it is back', () => {
    const world = createWorld();
    const tap = { connections: 0 };
    const peers = Array.from({ length: 3 }, () => createLinkedPeer(world, { wrap: tapped(tap) }));
    world.until(allWhole(peers));
    world.server.stop();
    world.pass(10_000);
    expect(peers.map((peer) => [peer.links.rendezvous.state, peer.whole()])).toEqual(Array(3).fill(['offline', 2]));
    world.server.start();
    expect(world.until(() => peers.every((peer) => peer.links.rendezvous.state === 'open'), 6000)).toBe(true);
    world.pass(15_000);
    expect(peers.map((peer) => [peer.whole(), peer.gone.length])).toEqual(Array(3).fill([2, 0]));
    expect(tap.connections).toBe(6);
    const fourth = createLinkedPeer(world);
    expect(world.until(allWhole([...peers, fourth]), 2000)).toBe(true);
  });

  it('[LK4] a greeting in the name of another moves no link', () => {
    const world = createWorld();
    const identity = createIdentity(world.host().random);
    const a = createLinkedPeer(world);
    const victim = createLinkedPeer(world, { identity });
    let say: (text: string) => void = () => undefined;
    const forger = createLinkedPeer(world, {
      wrap: (transport) => ({
        ...transport,
        openSocket(handlers) {
          const socket = transport.openSocket(handlers);
          say = (text) => socket.send(text);
          return socket;
        },
      }),
    });
    world.until(allWhole([a, victim, forger]));
    const link = [...a.links.peers.values()].find(({ peer }) => peer === victim.id)!;
    const { incarnation, profile } = link.attempt!.hello!;
    const speaker = { id: link.peer!, incarnation, profile };
    const own = createGreeting(KEYS.tag, { from: 3, to: 1 }, { ...speaker, identity: createIdentity(world.host().random) });
    const replayed = createGreeting(KEYS.tag, { from: 2, to: 1 }, { ...speaker, identity });
    const elsewhere = createGreeting('another room', { from: 3, to: 1 }, { ...speaker, identity });
    const shoot = (signal: PairSignal): void => {
      const data = sealSignal(forger.host, KEYS, { from: 3, to: 1, attempt: 0 }, signal);
      say(JSON.stringify({ type: 'signal', to: 1, data }));
    };
    for (const greeting of [own, replayed, elsewhere, { ...own, peer: 'nobody' }, { ...own, signature: '' }]) {
      shoot(greeting);
      shoot({ type: 'redial' });
      world.pass(50);
    }
    expect([link.remote, link.attempt?.phase, a.gone.includes(victim.id)]).toEqual([2, 'whole', false]);
    shoot(createGreeting(KEYS.tag, { from: 3, to: 1 }, { ...speaker, identity }));
    world.pass(50);
    expect(link.remote).toBe(3);
  });

  it('[LK20] who greets without end is checked a few times, and others who come meanwhile at once', () => {
    const world = createWorld();
    const identity = createIdentity(world.host().random);
    let answers = 0;
    const a = createLinkedPeer(world, {
      wrap: (transport) => ({
        ...transport,
        openSocket(handlers) {
          const socket = transport.openSocket(handlers);
          return { ...socket, send: (text) => (answers++, socket.send(text)) };
        },
      }),
    });
    let say: (text: string) => void = () => undefined;
    const flooder = createLinkedPeer(world, {
      identity,
      wrap: (transport) => ({
        ...transport,
        openSocket(handlers) {
          const socket = transport.openSocket(handlers);
          say = (text) => socket.send(text);
          return socket;
        },
      }),
    });
    world.until(allWhole([a, flooder]));
    const { id, incarnation, profile } = [...a.links.peers.values()][0]!.attempt!.hello!;
    const greeting = createGreeting(KEYS.tag, { from: 2, to: 1 }, { identity, id, incarnation, profile });
    const data = sealSignal(flooder.host, KEYS, { from: 2, to: 1, attempt: 0 }, greeting);
    answers = 0;
    for (let i = 0; i < 300; i++) say(JSON.stringify({ type: 'signal', to: 1, data }));
    world.pass(500);
    expect(answers).toBeGreaterThan(0);
    expect(answers).toBeLessThan(12);
    const newcomer = createLinkedPeer(world);
    expect(world.until(allWhole([a, flooder, newcomer]), 1000)).toBe(true);
  });

  it('[LK5] an attempt that is not whole after 6 s is made again', () => {
    const world = createWorld();
    const a = createLinkedPeer(world, { wrap: tapped({ connections: 0, spoil: (n) => n < 3 }) });
    const b = createLinkedPeer(world);
    world.pass(5900);
    expect(a.whole()).toBe(0);
    expect(world.until(allWhole([a, b]), 8000)).toBe(true);
  });

  it('[LK5] an answerer who cannot asks for another attempt', () => {
    const world = createWorld();
    const a = createLinkedPeer(world);
    const b = createLinkedPeer(world, { wrap: tapped({ connections: 0, spoil: (n) => n < 2 }) });
    expect(world.until(allWhole([a, b]), 8000)).toBe(true);
  });

  it('[LK7] a reloaded page replaces its former self', () => {
    const world = createWorld();
    const a = createLinkedPeer(world);
    const identity = createIdentity(world.host().random);
    const old = createLinkedPeer(world, { identity });
    world.until(allWhole([a, old]));
    old.host.kill();
    const fresh = createLinkedPeer(world, { identity });
    expect(world.until(() => a.whole() === 1 && fresh.whole() === 1 && a.gone.length === 1, 1000)).toBe(true);
    world.pass(3000);
    expect(a.links.peers.size).toBe(1);
  });

  it('[LK11] silence of 1 s is shown, of 1.5 s is the end; what heals is whole again', () => {
    const world = createWorld();
    const [a, b] = crowd(world, 2) as [LinkedPeer, LinkedPeer];
    world.until(allWhole([a, b]));
    world.pass(1000);
    world.network.setCut(true);
    const phases = (): (string | undefined)[] => [...a.links.peers.values()].map((link) => link.attempt?.phase);
    expect(world.until(() => phases()[0] === 'silent', 1600)).toBe(true);
    expect(world.until(() => phases().length === 0, 1000)).toBe(true);
    world.pass(20_000);
    world.network.setCut(false);
    expect(world.until(allWhole([a, b]), 40_000)).toBe(true);
  });

  it('[LK11] a short hole in the air costs no link', () => {
    const world = createWorld();
    const peers = crowd(world, 2);
    world.until(allWhole(peers));
    world.pass(1000);
    world.network.setCut(true);
    world.pass(1100);
    world.network.setCut(false);
    world.pass(1000);
    expect(peers.map((peer) => [peer.whole(), peer.gone.length])).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it('[LK11] who says bye is gone at once', () => {
    const world = createWorld();
    const [a, b] = crowd(world, 2) as [LinkedPeer, LinkedPeer];
    world.until(allWhole([a, b]));
    b.links.close();
    expect(world.until(() => a.gone.length === 1, 20)).toBe(true);
  });

  it('[LK6] another protocol version is named on both sides, and not dialled again', () => {
    const world = createWorld();
    const tap = { connections: 0 };
    const a = createLinkedPeer(world, { name: 'Ada', wrap: tapped(tap) });
    const b = createLinkedPeer(world, { name: 'Bob', version: PROTOCOL_VERSION + 1 });
    world.pass(20_000);
    expect(a.notices).toEqual(['Bob runs another version of Tutti: reload both pages to play together']);
    expect([a.links.peers.size, b.links.peers.size, tap.connections]).toEqual([0, 0, 1]);
  });

  it('[LK3] a key of another room opens nothing, and garbage from the server does no harm', () => {
    const world = createWorld();
    const peers = crowd(world, 2);
    world.until(allWhole(peers));
    for (const text of ['', '{', 'null', '{"type":"joined"}', '{"type":"signal","from":1,"data":"1.AAAA"}', '{"type":"left","id":-1}'])
      world.server.say(text);
    world.pass(1000);
    expect(peers.map((peer) => peer.whole())).toEqual([1, 1]);
  });

  it('[LK9] garbage on any channel is counted, a flood is cut with a notice', () => {
    const world = createWorld();
    let shoot: ((channel: 'state' | 'event' | 'fast' | 'media', bytes: Uint8Array) => void) | undefined;
    const a = createLinkedPeer(world);
    const b = createLinkedPeer(world, {
      wrap: (transport) => ({
        ...transport,
        connect(options, handlers) {
          const connection = transport.connect(options, handlers);
          shoot = (channel, bytes) => void connection.send(channel, bytes);
          return connection;
        },
      }),
    });
    world.until(allWhole([a, b]));
    for (const channel of ['state', 'event', 'fast', 'media'] as const)
      for (const bytes of [[], [255, 255], [0], [1, 2, 3], [9], [5, 255]]) shoot?.(channel, Uint8Array.from(bytes));
    world.pass(50);
    expect(a.whole()).toBe(1);
    expect(a.refused.length).toBeGreaterThan(10);
    for (let i = 0; i < 10_000; i++) shoot?.('event', encodeMessage(20, new Uint8Array(2)));
    world.pass(50);
    expect(a.links.peers.size).toBe(0);
    expect(a.notices).toHaveLength(1);
  });

  it('[LK20] who offers again and again makes nobody open connections without end', () => {
    const world = createWorld();
    const tap = { connections: 0 };
    let again: ((text: string) => void) | undefined;
    const a = createLinkedPeer(world, {
      wrap: (transport) => ({
        ...transport,
        openSocket(handlers) {
          const socket = transport.openSocket(handlers);
          again = (text) => socket.send(text);
          return socket;
        },
      }),
    });
    const b = createLinkedPeer(world, { wrap: tapped(tap) });
    world.until(allWhole([a, b]));
    const before = tap.connections;
    for (let attempt = 2; attempt < 300; attempt++) {
      const signal = sealSignal(a.host, KEYS, { from: 1, to: 2, attempt }, { type: 'signal', data: {} });
      again?.(JSON.stringify({ type: 'signal', to: 2, data: signal }));
      world.pass(10);
    }
    expect(tap.connections - before).toBeGreaterThan(5);
    expect(tap.connections - before).toBeLessThan(20);
    expect(world.until(allWhole([a, b]), 20_000)).toBe(true);
  });

  it('[LK8] what is sent when one side is whole arrives at the other, once it is', () => {
    const world = createWorld();
    const [a, b] = crowd(world, 2) as [LinkedPeer, LinkedPeer];
    const send = (from: LinkedPeer): boolean[] =>
      [...from.links.peers.values()].map((link) => link.attempt?.send('state', encodeMessage(30, Uint8Array.of(7))) ?? false);
    world.until(() => a.whole() + b.whole() > 0);
    const sent = [...send(a), ...send(b)].filter(Boolean).length;
    world.pass(100);
    expect(sent).toBeGreaterThan(0);
    expect(a.heard.length + b.heard.length).toBe(sent);
  });
});
