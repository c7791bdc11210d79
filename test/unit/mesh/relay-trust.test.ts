import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { encodeEnvelope } from '../../../src/mesh/envelope.ts';
import { createIdentity, peerIdOf, sign, type Identity } from '../../../src/mesh/identity.ts';
import { encodeRecord } from '../../../src/mesh/record.ts';
import { encodeFrame, encodeMessage, TOPIC } from '../../../src/mesh/wire.ts';
import { createSquare, DIRECT, FREE_TOPIC, lifeOf, linkOf, payload } from './square.ts';
import { KEYS } from './world.ts';

describe('relays and who means harm', () => {
  it('[LK20] what a neighbour makes up of unsigned words is not held against who is said to have spoken', () => {
    const { world, nodes } = createSquare();
    const [a, b, c, d] = nodes;
    const designated = linkOf(c, a)?.via === b.mesh.self ? b : d;
    const [origin, to] = [a.mesh.self.slice(0, 10), c.mesh.self.slice(0, 10)];
    for (let seq = 1; seq <= 700; seq++) {
      const message = encodeMessage(TOPIC.pit, Uint8Array.of(seq >> 8, seq & 255));
      const envelope = { kind: 'addressed unsigned', origin, life: lifeOf(a).slice(0, 4), seq, channel: 'fast', to, message } as const;
      designated.say(encodeMessage(TOPIC.relay, encodeEnvelope(envelope)));
    }
    world.pass(100);
    expect(c.heard.length).toBeGreaterThan(400);
    expect(linkOf(c, a)?.refused).toBe(0);
  });

  it('[LK16] what somebody kept of a former life of a page, or says of lives made up, is not heard', () => {
    const { world, nodes } = createSquare();
    const [a, b, c] = nodes;
    const former = { kind: 'flood', origin: a.mesh.self.slice(0, 10), life: 'former', to: '', channel: 'event', seq: 1 } as const;
    const bare = encodeEnvelope({ ...former, message: encodeMessage(FREE_TOPIC, payload) });
    const head = utf8ToBytes(`tutti relay\n${KEYS.tag}\n${a.mesh.self}\n`);
    b.say(encodeMessage(TOPIC.relay, Uint8Array.from([...bare, ...sign(a.identity, Uint8Array.from([...head, ...bare]))])));
    world.pass(100);
    expect(c.heard).toEqual([]);
    expect(linkOf(c, b)?.link).toBe('whole');
  });

  it('[LK20] lives made up are no new allowance, for whoever signs and for whoever does not', () => {
    const { world, nodes } = createSquare();
    const [a, b, c, d] = nodes;
    const designated = linkOf(c, a)?.via === b.mesh.self ? b : d;
    const [origin, to] = [a.mesh.self.slice(0, 10), c.mesh.self.slice(0, 10)];
    for (let i = 0; i < 1500; i++) {
      const life = i % 2 === 0 ? lifeOf(a).slice(0, 4) : `${1000 + i}`;
      const message = encodeMessage(TOPIC.pit, Uint8Array.of(i >> 8, i & 255));
      const envelope = { kind: 'addressed unsigned', origin, life, seq: i + 1, channel: 'fast', to, message } as const;
      designated.say(encodeMessage(TOPIC.relay, encodeEnvelope(envelope)));
    }
    world.pass(100);
    expect(c.heard.length).toBeGreaterThan(400);
    expect(c.heard.length).toBeLessThan(560);
  });

  it('[LR5] invented peers are seen and have no vote, with the server or without; who is really there has one', () => {
    const { world, nodes } = createSquare();
    const [a, b, c] = nodes;
    const ghosts = Array.from({ length: 9 }, () => createIdentity(a.host.random));
    const invent = (): void => {
      const about = { profile: { name: 'Ghost', hue: 1 }, isVisible: true, isReady: true, preference: 255, session: 's', joinedAt: 0 };
      const state = (of: Identity, incarnation: string, links: readonly PeerId[]): void => {
        const record = {
          ...about,
          id: peerIdOf(of, 0),
          incarnation,
          seq: 1e6,
          links: links.map((peer) => ({ peer, ...DIRECT })),
        };
        b.say(encodeMessage(TOPIC.record, encodeFrame([encodeRecord(record, of, KEYS.tag).bytes])));
      };
      state(b.identity, lifeOf(b), [
        ...nodes.filter((each) => each !== b).map(({ mesh }) => mesh.self),
        ...ghosts.map((each) => peerIdOf(each, 0)),
      ]);
      for (const ghost of ghosts) state(ghost, 'boo', [b.mesh.self]);
    };
    const counted = () =>
      a.mesh
        .members()
        .filter(({ link, isCounted }) => link === 'relayed' && isCounted)
        .map(({ id }) => id);
    invent();
    world.pass(1000);
    expect(a.mesh.members().filter(({ link }) => link === 'relayed')).toHaveLength(10);
    expect(counted()).toEqual([c.mesh.self]);
    world.server.stop();
    world.pass(3000);
    expect(counted()).toEqual([c.mesh.self]);
  });
});
