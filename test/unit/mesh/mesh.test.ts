import { describe, expect, it } from 'vitest';
import { createIdentity } from '../../../src/mesh/identity.ts';
import { createMesh, type Mesh } from '../../../src/mesh/mesh.ts';
import type { SimHost } from '../../sim/host.ts';
import { createWorld, KEYS, type World } from './world.ts';

interface Node {
  readonly mesh: Mesh;
  readonly host: SimHost;
  readonly sessions: string[];
}

function createNode(world: World, fault?: { offset: number; skew: number }): Node {
  const host = world.host(fault);
  const sessions: string[] = [];
  const mesh = createMesh(host, world.network.transport(host), {
    identity: createIdentity(host.random),
    instance: 0,
    keys: KEYS,
    profile: { name: 'Ada', hue: 2 },
  });
  mesh.on('session', (id) => sessions.push(id));
  return { mesh, host, sessions };
}

const isWhole = (nodes: readonly Node[]) => (): boolean =>
  nodes.every(({ mesh }) => mesh.members().filter(({ link }) => link === 'whole').length === nodes.length - 1);

function createTrio(world: World): [Node, Node, Node] {
  const nodes: [Node, Node, Node] = [
    createNode(world),
    createNode(world, { offset: 3_600_000, skew: 300 }),
    createNode(world, { offset: -50_000, skew: -300 }),
  ];
  world.until(isWhole(nodes));
  return nodes;
}

describe('mesh', () => {
  it('[LK10] who is alone founds a session at once; joiners take it over and share its time', () => {
    const world = createWorld();
    const first = createNode(world);
    expect(world.until(() => first.sessions.length === 1, 50)).toBe(true);
    const nodes = [first, createNode(world, { offset: 3_600_000, skew: 300 }), createNode(world, { offset: -50_000, skew: -300 })];
    expect(world.until(() => isWhole(nodes)() && nodes.every(({ mesh }) => mesh.clock.isReady()), 5000)).toBe(true);
    world.pass(2000);
    const times = nodes.map(({ mesh }) => mesh.clock.now());
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(3);
    expect(new Set(nodes.map(({ mesh }) => mesh.clock.session()?.id)).size).toBe(1);
    expect(nodes.filter(({ mesh }) => mesh.clock.isMaster())).toHaveLength(1);
  });

  it('[LK10] without a server a session is founded after 3 s', () => {
    const world = createWorld();
    world.server.stop();
    const node = createNode(world);
    world.pass(2900);
    expect(node.sessions).toEqual([]);
    world.pass(500);
    expect([node.sessions.length, node.mesh.server]).toEqual([1, 'offline']);
  });

  it('carries messages of each topic to its receiver; counts what nobody knows and what is refused', () => {
    const world = createWorld();
    const [a, b, c] = createTrio(world);
    const heard: string[] = [];
    b.mesh.receive(30, (from, payload) => void heard.push(`${from === a.mesh.self} ${payload.join()}`));
    c.mesh.receive(30, () => 'refused');
    for (const channel of ['state', 'event', 'media', 'fast'] as const) a.mesh.broadcast(channel, 30, Uint8Array.of(1, 2));
    a.mesh.send(b.mesh.self, 'event', 31, Uint8Array.of(9));
    world.pass(100);
    expect(heard).toEqual(Array(4).fill('true 1,2'));
    const refusedBy = (node: Node): number | undefined => node.mesh.members().find(({ id }) => id === a.mesh.self)?.refused;
    expect([refusedBy(b), refusedBy(c)]).toEqual([1, 4]);
  });

  it('[LK9] nothing is taken for who is not whole, nor what is too large', () => {
    const world = createWorld();
    const [a, b] = createTrio(world);
    expect(a.mesh.send('nobody' as typeof b.mesh.self, 'event', 30, new Uint8Array(1))).toBe(false);
    expect(a.mesh.buffered('nobody' as typeof b.mesh.self, 'event')).toBe(Infinity);
    expect(a.mesh.send(b.mesh.self, 'event', 30, new Uint8Array(17_000))).toBe(false);
    expect(a.mesh.send(b.mesh.self, 'event', 30, new Uint8Array(16_300))).toBe(true);
  });

  it('[LK14] many messages on fast in one tick are one frame', () => {
    const world = createWorld();
    const [a, b] = createTrio(world);
    const dates: number[] = [];
    b.mesh.receive(30, () => void dates.push(world.timeline.now()));
    for (let n = 0; n < 20; n++) a.mesh.broadcast('fast', 30, new Uint8Array(10));
    world.pass(100);
    expect(dates).toHaveLength(20);
    expect(new Set(dates).size).toBe(1);
  });

  it('tells names, and tells them again when they change', () => {
    const world = createWorld();
    const [a, b] = createTrio(world);
    a.mesh.setProfile({ name: 'Bea', hue: 5 });
    world.pass(100);
    expect(b.mesh.members().find(({ id }) => id === a.mesh.self)?.profile).toEqual({ name: 'Bea', hue: 5 });
  });

  it('[LK13] latency is that of the slowest member; members show their round trip', () => {
    const world = createWorld(1, 40);
    const [a] = createTrio(world);
    world.pass(3000);
    expect(a.mesh.latency()).toBeGreaterThanOrEqual(39);
    expect(a.mesh.latency()).toBeLessThan(60);
    expect(a.mesh.members()[0]?.roundTrip).toBeGreaterThanOrEqual(79);
  });

  it('[LK11] who says goodbye is gone at once, the others go on under one master', () => {
    const world = createWorld();
    const nodes = createTrio(world);
    world.pass(3000);
    const master = nodes.find(({ mesh }) => mesh.clock.isMaster());
    const rest = nodes.filter((node) => node !== master);
    const before = rest.map(({ mesh }) => mesh.clock.now());
    master?.mesh.close();
    world.pass(3000);
    expect(isWhole(rest)()).toBe(true);
    expect(rest.filter(({ mesh }) => mesh.clock.isMaster())).toHaveLength(1);
    for (const [n, { mesh }] of rest.entries()) expect(Math.abs(mesh.clock.now() - (before[n] ?? 0) - 3000)).toBeLessThan(5);
  });
});
