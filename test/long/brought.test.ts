import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../src/base.ts';
import { encodeEnvelope } from '../../src/mesh/envelope.ts';
import type { Graph } from '../../src/mesh/graph.ts';
import { createIdentity, peerIdOf, sign, type Identity } from '../../src/mesh/identity.ts';
import { createLinkState, nameOf } from '../../src/mesh/link-state.ts';
import { encodeRecord, type PeerRecord } from '../../src/mesh/record.ts';
import { createRelay } from '../../src/mesh/relay.ts';
import { encodeFrame, encodeMessage } from '../../src/mesh/wire.ts';
import { DIRECT, FREE_TOPIC } from '../unit/mesh/square.ts';
import { createWorld, KEYS } from '../unit/mesh/world.ts';

interface Someone {
  readonly identity: Identity;
  readonly record: PeerRecord;
}

/** We, one whom we hear of through a neighbour, and that neighbour. */
function createThree() {
  const host = createWorld().host();
  const about = { profile: { name: 'Ada', hue: 1 }, isVisible: true, isReady: true, preference: 0, session: 's', joinedAt: 0 };
  const someone = (): Someone => {
    const identity = createIdentity(host.random);
    return { identity, record: { ...about, id: peerIdOf(identity, 0), incarnation: 'now', seq: 1, links: [] } };
  };
  return { host, about, someone, self: someone(), origin: someone(), neighbour: someone() };
}

describe('what a neighbour brings in the name of others', () => {
  it('[LK20] envelopes beyond what is checked take nothing from their origin, and are not held against it', () => {
    const { host, self, origin, neighbour } = createThree();
    const heard: string[] = [];
    const refused: PeerId[] = [];
    const records = new Map([origin, neighbour].map(({ record }) => [nameOf(record.id), record]));
    const graph = {
      hops: () => 2,
      neighbours: () => [],
      nodes: () => [],
      nextHop: () => undefined,
      around: () => ({}),
    } as unknown as Graph;
    const relay = createRelay({
      ...{ host, identity: self.identity, self: self.record.id, incarnation: 'now', tag: KEYS.tag },
      state: { graph: () => graph, find: (name) => records.get(name) },
      post: () => true,
      deliver: (from, _topic, said) => void heard.push(`${from} ${said}`),
      wrap: (envelope) => envelope,
      counts: () => true,
      refuse: (from) => void refused.push(from),
    });
    const say = (of: Someone, seq: number, said: number, isForged = false): Uint8Array => {
      const message = encodeMessage(FREE_TOPIC, Uint8Array.of(said));
      const bare = encodeEnvelope({ kind: 'flood', origin: nameOf(of.record.id), life: 'now', seq, channel: 'event', to: '', message });
      const head = utf8ToBytes(`tutti relay\n${KEYS.tag}\n${of.record.id}\n`);
      return Uint8Array.from([...bare, ...(isForged ? new Uint8Array(64) : sign(of.identity, Uint8Array.from([...head, ...bare])))]);
    };
    // Its own, true ones, until we check no more of what it brings.
    for (let seq = 1; seq <= 400; seq++) relay.receive(neighbour.record.id, say(neighbour, seq, 0));
    refused.length = heard.length = 0;
    for (let seq = 1; seq <= 400; seq++) relay.receive(neighbour.record.id, say(origin, seq, 1, true));
    expect([heard, refused]).toEqual([[], []]);
    expect(relay.receive(peerIdOf(createIdentity(host.random), 0), say(origin, 1, 2))).toBeUndefined();
    expect(heard).toEqual([`${origin.record.id} 2`]);
  });

  it('[LK20] an envelope too fast for its origin is counted once, however often it is brought', () => {
    const { host, self, origin, neighbour } = createThree();
    const refused: PeerId[] = [];
    const graph = { hops: () => 2, neighbours: () => [], nodes: () => [], around: () => ({}) } as unknown as Graph;
    const relay = createRelay({
      ...{ host, identity: self.identity, self: self.record.id, incarnation: 'now', tag: KEYS.tag },
      state: { graph: () => graph, find: () => origin.record },
      ...{ post: () => true, deliver: () => undefined, wrap: (envelope: Uint8Array) => envelope, counts: () => true },
      refuse: (from) => void refused.push(from),
    });
    const head = utf8ToBytes(`tutti relay\n${KEYS.tag}\n${origin.record.id}\n`);
    const said = Array.from({ length: 253 }, (_, i) => {
      const message = encodeMessage(FREE_TOPIC, Uint8Array.of(1));
      const at = { origin: nameOf(origin.record.id), life: 'now', seq: i + 1, channel: 'event', to: '', message } as const;
      const bare = encodeEnvelope({ kind: 'flood', ...at });
      return Uint8Array.from([...bare, ...sign(origin.identity, Uint8Array.from([...head, ...bare]))]);
    });
    for (const each of said) relay.receive(neighbour.record.id, each);
    for (let i = 0; i < 20; i++) for (const each of said.slice(250)) relay.receive(neighbour.record.id, each);
    expect(refused).toEqual([origin.record.id, origin.record.id, origin.record.id]);
  });

  it('[LK20] records beyond what is checked of a neighbour take nothing from their authors', () => {
    const { host, about, self, origin, neighbour, someone } = createThree();
    const state = createLinkState({
      ...{ host, identity: self.identity, self: self.record.id, incarnation: 'now', tag: KEYS.tag },
      about: () => about,
      links: () => [{ peer: neighbour.record.id, ...DIRECT }],
      ...{ post: () => undefined, changed: () => undefined },
    });
    const record = ({ identity, record: said }: Someone, seq: number): Uint8Array =>
      encodeFrame([encodeRecord({ ...said, seq }, identity, KEYS.tag).bytes]);
    expect(state.records(neighbour.record.id, record(origin, 1))).toBeUndefined();
    const ghosts = Array.from({ length: 10 }, someone);
    for (let seq = 1; seq <= 60; seq++) for (const ghost of ghosts) state.records(neighbour.record.id, record(ghost, seq));
    const forgery = record({ identity: neighbour.identity, record: origin.record }, 100);
    for (let i = 0; i < 100; i++) state.records(neighbour.record.id, forgery);
    const other = peerIdOf(createIdentity(host.random), 0);
    state.records(other, record({ ...origin, record: { ...origin.record, preference: 7 } }, 2));
    expect(state.find(nameOf(origin.record.id))?.preference).toBe(7);
  });
});
