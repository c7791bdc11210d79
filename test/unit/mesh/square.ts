import { utf8ToBytes } from '@noble/hashes/utils.js';
import { expect } from 'vitest';
import { encodeEnvelope, type Envelope } from '../../../src/mesh/envelope.ts';
import { createIdentity, sign, type Identity } from '../../../src/mesh/identity.ts';
import { createMesh, type Mesh } from '../../../src/mesh/mesh.ts';
import type { PeerId } from '../../../src/base.ts';
import type { Connection, Transport } from '../../../src/mesh/transport.ts';
import { peekRecord } from '../../../src/mesh/record.ts';
import { decodeFrame, decodeMessage, encodeMessage, TOPIC } from '../../../src/mesh/wire.ts';
import type { SimHost } from '../../sim/host.ts';
import { createWorld, KEYS, type World } from './world.ts';

/** One of those that relays carry, and signed. */
export const FREE_TOPIC: number = TOPIC.vote;

export interface Node {
  readonly identity: Identity;
  readonly mesh: Mesh;
  readonly host: SimHost;
  readonly heard: string[];
  readonly notices: string[];
  /** What leaves, by link; may be changed on the way. */
  readonly sent: Uint8Array[];
  tamper: (bytes: Uint8Array) => Uint8Array;
  say(bytes: Uint8Array): void;
  /** Its oldest connection dies. */
  breakFirst(): void;
}

export function createNode(world: World, name: string, mayCarry?: (peer: PeerId) => boolean): Node {
  const host = world.host();
  const connections: Connection[] = [];
  const inner = world.network.transport(host);
  const transport: Transport = {
    openSocket: (handlers) => inner.openSocket(handlers),
    connect(options, handlers) {
      const connection = inner.connect(options, handlers);
      connections.push(connection);
      return {
        ...connection,
        send(channel, bytes) {
          if (channel === 'event') node.sent.push(bytes);
          return connection.send(channel, channel === 'event' ? node.tamper(bytes) : bytes);
        },
      };
    },
  };
  const identity = createIdentity(host.random);
  const mesh = createMesh(host, transport, { identity, instance: 0, keys: KEYS, profile: { name, hue: 2 }, ...(mayCarry && { mayCarry }) });
  const node: Node = {
    ...{ identity, mesh, host, heard: [], notices: [], sent: [], tamper: (bytes) => bytes },
    breakFirst: () => connections[0]?.close(),
    say: (bytes) => connections.forEach((connection) => connection.send('event', bytes)),
  };
  for (const topic of [FREE_TOPIC, TOPIC.pit]) mesh.receive(topic, (from, payload) => void node.heard.push(`${from} ${topic} ${payload}`));
  mesh.on('notice', ({ message }) => node.notices.push(message));
  return node;
}

export const linkOf = (from: Node, to: Node) => from.mesh.members().find(({ id }) => id === to.mesh.self);

/** a and c are linked with b and d, and never with each other. */
export function createSquare(mayCarry?: (peer: PeerId) => boolean): {
  readonly world: World;
  readonly nodes: readonly [Node, Node, Node, Node];
} {
  const world = createWorld();
  const nodes = ['Ada', 'Bob', 'Cleo', 'Dora'].map((name) => createNode(world, name, mayCarry)) as unknown as [Node, Node, Node, Node];
  world.shut(nodes[0].host, nodes[2].host);
  const isReady = (): boolean =>
    nodes.every(({ mesh }) => mesh.members().filter(({ link }) => link === 'whole' || link === 'relayed').length === 3);
  expect(world.until(isReady, 5000)).toBe(true);
  world.pass(500);
  return { world, nodes };
}

export const DIRECT = { delay: 1, isFrozen: false };

/** As its first record says. */
export const lifeOf = (node: Node): string =>
  node.sent
    .map((bytes) => decodeMessage(bytes)!)
    .flatMap(({ topic, payload }) => (topic === TOPIC.record ? decodeFrame(payload)! : []))
    .map((bytes) => peekRecord(bytes)!)
    .find(({ id }) => id === node.mesh.self)!.incarnation;

/** What a might say who does not keep to the rules. */
export function signed(a: Node, said: Pick<Envelope, 'kind' | 'to' | 'seq' | 'message'>): Uint8Array {
  const bare = encodeEnvelope({ ...said, origin: a.mesh.self.slice(0, 10), life: lifeOf(a), channel: 'event' });
  const head = utf8ToBytes(`tutti relay\n${KEYS.tag}\n${a.mesh.self}\n`);
  return encodeMessage(TOPIC.relay, Uint8Array.from([...bare, ...sign(a.identity, Uint8Array.from([...head, ...bare]))]));
}

export const payload = Uint8Array.of(1, 2, 3);
export const line = (from: Node, topic = FREE_TOPIC): string => `${from.mesh.self} ${topic} ${payload}`;
