import { describe, expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope } from '../../../src/mesh/envelope.ts';
import { decodeMessage, encodeMessage, TOPIC } from '../../../src/mesh/wire.ts';
import { createNode, createSquare, FREE_TOPIC, lifeOf, line, linkOf, payload, signed, type Node } from './square.ts';
import { createWorld } from './world.ts';

describe('relay', () => {
  it('[LK16] who has no link is a member over others, and hears all once, from its author', () => {
    const { world, nodes } = createSquare();
    const [a, b, c, d] = nodes;
    expect(linkOf(a, c)).toMatchObject({ link: 'relayed', hops: 2, profile: { name: 'Cleo' }, isFrozen: false });
    expect([b.mesh.self, d.mesh.self].sort()[0]).toBe(linkOf(a, c)?.via);
    a.mesh.broadcast('event', FREE_TOPIC, payload);
    a.mesh.broadcast('fast', TOPIC.pit, payload);
    expect(c.mesh.send(a.mesh.self, 'event', FREE_TOPIC, payload)).toBe(true);
    expect(c.mesh.send(a.mesh.self, 'state', FREE_TOPIC, payload)).toBe(false);
    world.pass(100);
    for (const node of [b, c, d]) expect(node.heard.sort()).toEqual([line(a, TOPIC.pit), line(a)].sort());
    expect(a.heard).toEqual([line(c)]);
    expect(nodes.map((node) => node.mesh.members().reduce((sum, { refused }) => sum + refused, 0))).toEqual([0, 0, 0, 0]);
  });

  it('[LK16] what is said again in the same words is heard again, but for copies of facts', () => {
    const { world, nodes } = createSquare();
    const [a, b, c, d] = nodes;
    for (const { mesh, heard } of nodes) mesh.receive(TOPIC.fact, (from) => void heard.push(`fact of ${from}`));
    for (let times = 0; times < 2; times++) {
      a.mesh.broadcast('event', FREE_TOPIC, payload);
      a.mesh.broadcast('event', TOPIC.fact, payload);
      world.pass(300);
    }
    for (const node of [b, c, d]) expect(node.heard.filter((each) => each === line(a))).toHaveLength(2);
    expect(c.heard.filter((each) => each === `fact of ${a.mesh.self}`)).toHaveLength(1);
  });

  it('[LK16] what is said right after a link is over is heard by who was linked, though others believe it still is', () => {
    const world = createWorld();
    const nodes = ['Ada', 'Bob', 'Cleo'].map((name) => createNode(world, name));
    const [a] = nodes as [Node];
    world.until(() => nodes.every(({ mesh }) => mesh.members().filter(({ link }) => link === 'whole').length === 2));
    world.pass(1000);
    a.breakFirst();
    world.until(() => nodes.slice(1).some((node) => linkOf(a, node)?.link !== 'whole'), 100);
    expect(nodes.slice(1).filter((node) => linkOf(a, node)?.link === 'whole')).toHaveLength(1);
    a.mesh.broadcast('event', FREE_TOPIC, payload);
    world.pass(100);
    for (const node of nodes.slice(1)) expect([...new Set(node.heard)]).toEqual([line(a)]);
  });

  it('[LK16] a goodbye is believed over others, too', () => {
    const { world, nodes } = createSquare();
    const [a, , c] = nodes;
    c.mesh.close();
    expect(world.until(() => linkOf(a, c) === undefined, 300)).toBe(true);
  });

  it('[LK16] among four who are all linked nothing is relayed, and a message costs three sends', () => {
    const world = createWorld();
    const nodes = ['Ada', 'Bob', 'Cleo', 'Dora'].map((name) => createNode(world, name));
    world.until(() => nodes.every(({ mesh }) => mesh.members().filter(({ link }) => link === 'whole').length === 3));
    world.pass(1000);
    for (const node of nodes) node.sent.length = 0;
    nodes[0]?.mesh.broadcast('event', FREE_TOPIC, payload);
    world.pass(200);
    const sent = nodes.flatMap((node) => node.sent.map((bytes) => decodeMessage(bytes)?.topic));
    expect(sent.filter((topic) => topic !== TOPIC.digest)).toEqual([FREE_TOPIC, FREE_TOPIC, FREE_TOPIC]);
  });

  it('[LK16] who changes what it relays is cut, and nothing of it is heard', () => {
    const { world, nodes } = createSquare();
    const [a, b, c, d] = nodes;
    const forge = (bytes: Uint8Array): Uint8Array => {
      const message = decodeMessage(bytes);
      const opened = message?.topic === TOPIC.relay ? decodeEnvelope(message.payload) : undefined;
      if (opened?.signature === undefined) return bytes;
      const envelope = encodeEnvelope({ ...opened.envelope, message: encodeMessage(FREE_TOPIC, Uint8Array.of(6, 6, 6)) });
      return encodeMessage(TOPIC.relay, Uint8Array.from([...envelope, ...opened.signature]));
    };
    b.tamper = forge;
    d.tamper = forge;
    a.mesh.broadcast('event', FREE_TOPIC, payload);
    world.pass(100);
    expect(c.heard).toEqual([]);
    expect(c.notices).toHaveLength(2);
    expect(c.notices[0]).toContain('was cut off');
    expect([linkOf(c, b)?.link, linkOf(c, d)?.link]).toEqual([undefined, undefined]);
  });

  it('[LK15] a record of somebody else, or one changed underway, is refused and its bringer cut', () => {
    const { world, nodes } = createSquare();
    const [, b, c] = nodes;
    b.tamper = (bytes) =>
      decodeMessage(bytes)?.topic === TOPIC.record ? bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)) : bytes;
    b.mesh.setProfile({ name: 'Robert', hue: 3 });
    world.pass(600);
    expect(c.notices).toEqual(['Robert was cut off: what came from there was not as it must be']);
  });

  it('[LK16] an old envelope said again, one of nobody, and one of oneself that comes round are not heard', () => {
    const { world, nodes } = createSquare();
    const [a, b, c] = nodes;
    a.mesh.broadcast('event', FREE_TOPIC, payload);
    world.pass(100);
    const heard = c.heard.length;
    const again = b.sent.filter((bytes) => decodeMessage(bytes)?.topic === TOPIC.relay);
    expect(again.length).toBeGreaterThan(0);
    for (const bytes of again) b.say(bytes);
    const stranger = {
      kind: 'latest',
      origin: 'x',
      life: 'y',
      seq: 1,
      channel: 'fast',
      to: '',
      message: encodeMessage(FREE_TOPIC, payload),
    } as const;
    b.say(encodeMessage(TOPIC.relay, encodeEnvelope(stranger)));
    world.pass(100);
    expect([c.heard.length, a.heard.length]).toEqual([heard, 0]);
    expect(linkOf(c, b)?.link).toBe('whole');
  });

  it('[LK16] unsigned words of another are taken only from whose part it is to bring them', () => {
    const { world, nodes } = createSquare();
    const [a, b, c, d] = nodes;
    const forged = (node: Node, seq: number): Uint8Array => {
      const origin = node.mesh.self;
      const message = encodeMessage(TOPIC.pit, payload);
      return encodeMessage(
        TOPIC.relay,
        encodeEnvelope({
          kind: 'latest',
          origin: origin.slice(0, 10),
          life: lifeOf(node).slice(0, 4),
          seq,
          channel: 'fast',
          to: '',
          message,
        }),
      );
    };
    const designated = linkOf(c, a)?.via === b.mesh.self ? b : d;
    const other = designated === b ? d : b;
    other.say(forged(a, 2 ** 40));
    other.say(forged(designated, 2 ** 40));
    world.pass(100);
    expect(c.heard).toEqual([]);
    a.mesh.broadcast('fast', TOPIC.pit, payload);
    world.pass(100);
    expect(c.heard).toEqual([line(a, TOPIC.pit)]);
  });

  it('[LK16] what must be signed is not taken unsigned, not even from whose part it is to bring it', () => {
    const { world, nodes } = createSquare();
    const [a, b, c, d] = nodes;
    const designated = linkOf(c, a)?.via === b.mesh.self ? b : d;
    const kinds = [
      { kind: 'latest', to: '' },
      { kind: 'addressed unsigned', to: c.mesh.self.slice(0, 10) },
    ] as const;
    for (const [i, { kind, to }] of kinds.entries()) {
      const message = encodeMessage(FREE_TOPIC, payload);
      const forged = {
        kind,
        to,
        origin: a.mesh.self.slice(0, 10),
        life: lifeOf(a).slice(0, 4),
        seq: 1 + i,
        channel: 'fast',
        message,
      } as const;
      designated.say(encodeMessage(TOPIC.relay, encodeEnvelope(forged)));
    }
    world.pass(100);
    expect(c.heard).toEqual([]);
    expect(linkOf(c, designated)?.refused).toBe(2);
  });

  it('[LK16] numbers that a relay makes up silence nobody on another way', () => {
    const { world, nodes } = createSquare();
    const [a, b, c, d] = nodes;
    const other = linkOf(c, a)?.via === b.mesh.self ? d : b;
    a.mesh.broadcast('event', FREE_TOPIC, payload);
    world.pass(100);
    const life = lifeOf(a).slice(0, 4);
    const [origin, to] = [a.mesh.self.slice(0, 10), c.mesh.self.slice(0, 10)];
    const pit = encodeMessage(TOPIC.pit, Uint8Array.of(6));
    const envelope = { kind: 'addressed unsigned', origin, life, seq: 2 ** 48, channel: 'fast', to, message: pit } as const;
    other.say(encodeMessage(TOPIC.relay, encodeEnvelope(envelope)));
    world.pass(100);
    c.heard.length = 0;
    a.mesh.broadcast('fast', TOPIC.pit, payload);
    world.pass(100);
    expect(c.heard).toEqual([line(a, TOPIC.pit)]);
  });

  it('[LK16] what goes by links only is not taken over others, be it signed, and not handed on', () => {
    const { world, nodes } = createSquare();
    const [a, b, c, d] = nodes;
    for (const { mesh, heard } of nodes) mesh.receive(TOPIC.lineage, (from) => void heard.push(`lineage of ${from}`));
    expect(a.mesh.send(c.mesh.self, 'event', TOPIC.lineage, payload)).toBe(false);
    a.mesh.broadcast('event', TOPIC.lineage, payload);
    world.pass(100);
    expect([b.heard, c.heard, d.heard]).toEqual([[`lineage of ${a.mesh.self}`], [], [`lineage of ${a.mesh.self}`]]);
    const before = b.sent.length;
    for (const node of nodes) node.heard.length = 0;
    for (const [kind, to] of [
      ['flood', ''],
      ['addressed', c.mesh.self.slice(0, 10)],
    ] as const)
      a.say(signed(a, { kind, to, seq: 1000 + to.length, message: encodeMessage(TOPIC.lineage, payload) }));
    world.pass(100);
    expect(nodes.map(({ heard }) => heard)).toEqual([[], [], [], []]);
    expect(linkOf(b, a)).toMatchObject({ link: 'whole', refused: 2 });
    expect(b.sent.slice(before).filter((bytes) => decodeMessage(bytes)?.topic === TOPIC.relay)).toEqual([]);
  });

  it('[LK16] an envelope is handed on once by each: one for somebody out of reach, or said in a circle, dies out', () => {
    const { world, nodes } = createSquare();
    const [a, , c] = nodes;
    a.mesh.send(c.mesh.self, 'event', FREE_TOPIC, payload);
    world.pass(100);
    const again = a.sent.filter((bytes) => decodeMessage(bytes)?.topic === TOPIC.relay);
    expect(c.heard).toHaveLength(1);
    const before = nodes.reduce((sum, { sent }) => sum + sent.length, 0);
    for (let i = 0; i < 20; i++) for (const bytes of again) a.say(bytes);
    world.pass(100);
    expect(c.heard).toHaveLength(1);
    expect(nodes.reduce((sum, { sent }) => sum + sent.length, 0) - before).toBeLessThan(20);
  });

  it('[LK20] who is refused again and again is cut, whatever it was', () => {
    const { world, nodes } = createSquare();
    const [, b, c] = nodes;
    for (let i = 0; i < 900; i++) b.say(encodeMessage(TOPIC.digest, Uint8Array.of(9, 9)));
    world.pass(50);
    expect(linkOf(c, b)?.link).toBe('whole');
    for (let i = 0; i < 300; i++) b.say(encodeMessage(63, payload));
    world.pass(50);
    expect(linkOf(c, b)?.link).not.toBe('whole');
    expect(c.notices[0]).toBe('Bob was cut off: what came from there was not as it must be');
  });

  it('[LK18] with the server away a dead link is rebuilt by neighbours', () => {
    const { world, nodes } = createSquare();
    const [a] = nodes;
    world.server.stop();
    world.pass(1000);
    const whole = (): number => nodes.flatMap(({ mesh }) => mesh.members().filter(({ link }) => link === 'whole')).length;
    expect(whole()).toBe(10);
    a.breakFirst();
    expect(world.until(() => whole() < 10, 2000)).toBe(true);
    expect(world.until(() => whole() === 10, 5000)).toBe(true);
    expect(nodes.map(({ mesh }) => [mesh.server, mesh.members().length])).toEqual(Array(4).fill(['offline', 3]));
  });
});
