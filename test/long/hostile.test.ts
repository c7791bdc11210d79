import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import { encodeSync, toFragments } from '../../src/crdt/sync/messages.ts';
import { factId } from '../../src/engine/codec.ts';
import type { Fact } from '../../src/engine/fact.ts';
import { encodeAny } from '../../src/mesh/any.ts';
import { decodeBeacon, encodeBeacon, type Beacon } from '../../src/mesh/beacon.ts';
import { CHANNELS } from '../../src/mesh/transport.ts';
import { TOPIC } from '../../src/mesh/wire.ts';
import type { Draw } from '../sim/random.ts';
import { createRoom, type Room } from '../sim/room.ts';
import { createVandal, type Vandal } from '../sim/vandal.ts';

interface Siege {
  readonly room: Room;
  readonly vandal: Vandal;
  readonly draw: Draw;
  /** How many bursts there were before. */
  readonly burst: number;
}

/** Three who perform, and one who means harm and is linked with all of them. */
function besieged(seed = 1): Omit<Siege, 'burst'> {
  const room = createRoom({ seed, peers: 3 });
  const { world } = room;
  const vandal = createVandal(world);
  const isIn = (): boolean => vandal.peer.room.peers().filter(({ link }) => link === 'whole').length === 3;
  expect(world.until(isIn, 10_000)).toBe(true);
  expect(world.until(() => vandal.peer.score.save() === room.machines[0]?.peer.score.save(), 10_000)).toBe(true);
  room.play();
  world.pass(2000);
  return { room, vandal, draw: world.draw.fork('siege') };
}

const run = ({ room }: Pick<Siege, 'room'>): string => room.machines[0]?.peer.run.log()[0]?.run ?? '';
const now = ({ vandal }: Pick<Siege, 'vandal'>): number => vandal.peer.clock.now();

/** What every honest peer must still be able to do, and what none may show. */
function mustStand({ room, vandal }: Omit<Siege, 'burst'>, isTransportTouched = false): void {
  const { world, machines } = room;
  expect(world.until(() => world.isTogether(), 15_000)).toBe(true);
  const [first, second] = machines;
  if (isTransportTouched) {
    for (const { peer } of machines) peer.run.stop();
    world.pass(1500);
    room.play(first);
    world.pass(3000);
  }
  second?.peer.run.trigger('one');
  first?.peer.score.edit({ type: 'setTitle', title: 'still here' });
  world.pass(4000);
  for (const { number, peer, page } of machines) {
    const who = `machine ${number}`;
    expect(
      page.notices.filter(({ level }) => level === 'error').map(({ message }) => message),
      who,
    ).toEqual([]);
    expect(peer.score.read().title, who).toBe('still here');
    expect(peer.run.view().state, who).toBe('playing');
    expect(
      peer.run.view().fired.some(({ sync }) => sync === 'one'),
      who,
    ).toBe(true);
  }
  expect(new Set(machines.map(({ peer }) => peer.score.save())).size).toBe(1);
  expect(new Set(machines.map(({ peer }) => JSON.stringify(peer.run.log()))).size).toBe(1);
  expect(new Set(machines.map(({ peer }) => JSON.stringify(peer.run.view().fired))).size).toBe(1);
  const positions = machines.map(({ peer }) => (peer.run.position() ?? NaN) - peer.clock.now());
  expect(Math.max(...positions) - Math.min(...positions)).toBeLessThan(0.05);
  const mesh = machines.map(({ peer }) => peer.clock.now());
  expect(Math.max(...mesh) - Math.min(...mesh)).toBeLessThan(3);
  expect(vandal.host.isDead).toBe(false);
  // Who comes later finds the same.
  const late = room.newcomer();
  late.join();
  expect(world.until(() => world.isTogether(), 15_000)).toBe(true);
  world.pass(3000);
  expect(JSON.stringify(late.peer.run.log())).toBe(JSON.stringify(machines[0]?.peer.run.log()));
  expect(late.peer.run.view().state).toBe('playing');
}

/** Everyone honest has the vandal's misdeeds on the screen: by number, or because it was cut off by name. */
const isShown = ({ room, vandal }: Omit<Siege, 'burst'>): boolean =>
  room.machines.every(
    ({ peer, page }) =>
      (peer.room.peers().find(({ id }) => id === vandal.id)?.refused ?? 0) > 0 ||
      page.notices.some(({ message }) => message.includes('Vandal')),
  );

const stated = (siege: Pick<Siege, 'vandal' | 'room'>, more: object, at = now(siege)): Fact =>
  ({ run: run(siege), by: siege.vandal.id, at, ...more }) as Fact;
const fact = (...of: Parameters<typeof stated>): Uint8Array => of[0].vandal.statement(stated(...of));
const fired = (path = '0', sync = 'one'): object => ({ type: 'fired', path, sync, reason: 'click' });
const sync = (siege: Siege, message: Parameters<typeof encodeSync>[0]): void => {
  for (const fragment of toFragments(encodeSync(message))) siege.vandal.say('state', TOPIC.sync, fragment);
};

/** What it says of its clock with every ping. */
const altered =
  (how: (beacon: Beacon) => Beacon) =>
  (bytes: Uint8Array): Uint8Array => {
    const beacon = decodeBeacon(bytes);
    return beacon ? encodeBeacon(how(beacon)) : bytes;
  };

interface Attack {
  readonly burst: (siege: Siege) => void;
  readonly bursts?: number;
  /** ms between bursts */
  readonly every?: number;
  /** Nobody can tell it from what people do. */
  readonly isUnseen?: boolean;
  readonly isTransportTouched?: boolean;
  readonly isCut?: boolean;
}

const ATTACKS: Readonly<Record<string, Attack>> = {
  'noise on every channel': {
    burst: ({ vandal, draw }) => CHANNELS.forEach((channel) => vandal.shout(channel, draw.bytes(draw.int(1, 300)))),
  },
  'rubbish under every topic': {
    burst: ({ vandal, draw }) => {
      for (let topic = 5; topic < 32; topic++) vandal.say(draw.pick(CHANNELS), topic, draw.bytes(draw.int(0, 200)));
    },
  },
  'a flood of a topic that nobody knows': {
    burst: ({ vandal, draw }) => {
      for (let i = 0; i < 2000; i++) vandal.say('event', 100, draw.bytes(50));
    },
    isCut: true,
  },
  'a flood of votes about syncs that are none': {
    burst: ({ vandal, room, burst }) => {
      for (let i = 0; i < 100; i++)
        vandal.say('event', TOPIC.vote, encodeAny([run({ room }), `${burst}.${i}`, 'one', true, Number.MAX_SAFE_INTEGER]));
    },
  },
  'a flood of facts': {
    burst(siege) {
      for (let i = 0; i < 200; i++) siege.vandal.say('event', TOPIC.fact, fact(siege, fired(`${siege.burst}.${i}`)));
    },
  },
  'facts in the names of others': {
    burst(siege) {
      const victim = siege.room.machines[siege.burst % 3]?.id ?? '';
      siege.vandal.say('event', TOPIC.fact, fact(siege, { ...fired(), by: victim }));
      siege.vandal.say('event', TOPIC.fact, fact(siege, { type: 'stop', by: victim }));
    },
  },
  'facts told to one alone, and never written down': {
    burst(siege) {
      siege.vandal.tamper = (channel, bytes) => (channel === 'state' && bytes[0] === TOPIC.sync ? undefined : bytes);
      siege.vandal.say('event', TOPIC.fact, fact(siege, fired('0', 'two')), siege.burst % 3);
    },
    isUnseen: true,
  },
  'this fact for one and that for another, at one date': {
    burst(siege) {
      const at = now(siege);
      const to = (seek: number): Uint8Array => fact(siege, { type: 'seek', to: 705_600 * seek }, at);
      [100, 200, 300].forEach((seek, only) => siege.vandal.say('event', TOPIC.fact, to(seek), only));
    },
    bursts: 3,
    every: 500,
    isUnseen: true,
  },
  'facts taken out of the room, and others put in their place': {
    burst(siege) {
      const doc = siege.vandal.room();
      const before = Y.encodeStateVector(doc);
      const facts = doc.getMap('facts');
      for (const [id, known] of [...facts.entries()])
        if (siege.burst % 2 === 0) facts.delete(id);
        else facts.set(id, { ...(known as object), type: 'fired', path: '0', sync: 'three', reason: 'click' });
      sync(siege, { kind: 'update', document: 1, update: Y.encodeStateAsUpdateV2(doc, before) });
    },
    bursts: 4,
    every: 1000,
    isUnseen: true,
  },
  'facts in the names of others, written into the room': {
    burst(siege) {
      const doc = siege.vandal.room();
      const before = Y.encodeStateVector(doc);
      const victim = siege.room.machines[siege.burst % 3]?.id ?? '';
      for (const more of [{ type: 'stop' }, fired(), { type: 'seek', to: 705_600_000 * 30 }]) {
        const said = stated(siege, { ...more, by: victim });
        const proofs = [{}, { proof: new Uint8Array(64) }, siege.vandal.entry(said)];
        doc.getMap('facts').set(factId(said), { ...said, ...proofs[siege.burst % 3] });
      }
      sync(siege, { kind: 'update', document: 1, update: Y.encodeStateAsUpdateV2(doc, before) });
    },
    isUnseen: true,
  },
  'facts dated back to the beginning': {
    burst: (siege) => siege.vandal.say('event', TOPIC.fact, fact(siege, fired(`${siege.burst}`, 'two'), -50_000 + siege.burst)),
  },
  'facts dated a year ahead': {
    burst(siege) {
      for (const type of ['stop', 'pause', 'resume']) siege.vandal.say('event', TOPIC.fact, fact(siege, { type }, 3e10 + siege.burst));
      siege.vandal.say('event', TOPIC.fact, fact(siege, fired(), 3e10));
    },
  },
  'an adoption of a structure that nobody has': {
    burst: (siege) =>
      siege.vandal.say('event', TOPIC.fact, fact(siege, { type: 'adopt', structure: 'f'.repeat(32), changes: [], fired: [] })),
    bursts: 2,
    isUnseen: true,
  },
  'a play that names a structure that nobody has': {
    burst(siege) {
      siege.vandal.say('event', TOPIC.fact, fact(siege, { type: 'stop' }));
      siege.vandal.say('event', TOPIC.fact, fact(siege, { type: 'play', run: 'evil', from: 0, structure: 'e'.repeat(32) }, now(siege) + 5));
    },
    bursts: 1,
    isTransportTouched: true,
    isUnseen: true,
  },
  'fragments that promise 60 MB and never end': {
    burst({ vandal, draw }) {
      const head = Uint8Array.from([1, 128, 128, 128, 28]);
      vandal.say('state', TOPIC.sync, Uint8Array.from([...head, ...draw.bytes(1000)]));
      for (let i = 0; i < 50; i++) vandal.say('state', TOPIC.sync, Uint8Array.from([0, ...draw.bytes(1000)]));
    },
    isUnseen: true,
  },
  'a flood of requests for everything': {
    burst(siege) {
      for (let i = 0; i < 20; i++) sync(siege, { kind: 'request', document: i % 2, vector: Uint8Array.of(0) });
    },
  },
  'a vector that claims what it never gives': {
    burst: (siege) =>
      sync(siege, {
        ...{ kind: 'announce', document: siege.burst % 2, hash: new Uint8Array(8) },
        vector: Y.encodeStateVector(new Map([[7_777_777, 5000 + siege.burst]])),
      }),
    isUnseen: true,
  },

  'updates that lack what came before them': {
    burst(siege) {
      const doc = new Y.Doc();
      doc.getMap('objects').set('first', 1);
      const known = Y.encodeStateVector(doc);
      for (let i = 0; i < 20; i++) doc.getMap('objects').set(`later ${i}`, 'x'.repeat(500));
      sync(siege, { kind: 'update', document: 0, update: Y.encodeStateAsUpdateV2(doc, known) });
    },
    isUnseen: true,
  },
  'a flood of tiny edits of the room': {
    burst(siege) {
      for (let i = 0; i < 100; i++) {
        const doc = new Y.Doc();
        doc.clientID = 1_000_000 + siege.burst * 1000 + i;
        doc.getMap('facts').set(`x${i}`, { type: 'stop', run: 'none', at: i, by: siege.vandal.id });
        sync(siege, { kind: 'update', document: 1, update: Y.encodeStateAsUpdateV2(doc) });
      }
    },
    isUnseen: true,
  },

  'a reign in the year 30000': {
    burst({ vandal }) {
      vandal.lie = altered((beacon) => ({ ...beacon, term: 2 ** 30, master: vandal.id, preference: 255 }));
    },
    isUnseen: true,
  },
  'a session from before all sessions': {
    burst({ vandal, burst }) {
      vandal.lie = altered((beacon) => ({ ...beacon, session: 'aaaa', map: { ...beacon.map, offset: beacon.map.offset + 1e9 + burst } }));
    },
    isUnseen: true,
  },
  'a clock that jumps with every word': {
    burst({ vandal, burst }) {
      vandal.lie = altered((beacon) => ({ ...beacon, map: { ...beacon.map, offset: beacon.map.offset + ((burst * 700) % 3000) } }));
    },
    bursts: 50,
    isUnseen: true,
  },
  'a master that leads astray': {
    burst({ vandal, burst }) {
      vandal.lie = altered((beacon) => ({
        ...{ ...beacon, term: beacon.term + 3, master: vandal.id, preference: 255, spread: 0, bound: 0 },
        map: { ...beacon.map, offset: beacon.map.offset + burst * 40 },
      }));
    },
    bursts: 100,
    isUnseen: true,
  },
  'writing under the client number of another': {
    burst(siege) {
      const victims = [...Y.decodeStateVector(Y.encodeStateVector(siege.vandal.score()))].map(([client]) => client);
      for (const client of victims) {
        const doc = new Y.Doc();
        doc.clientID = client;
        const clock = Y.decodeStateVector(Y.encodeStateVector(siege.vandal.score())).get(client) ?? 0;
        // As many structs as it has, and some more, so that the last lie ahead of what is known.
        for (let i = 0; i < clock + 3; i++) doc.getMap('meta').set(`forged ${i}`, siege.burst);
        sync(siege, { kind: 'update', document: 0, update: Y.encodeStateAsUpdateV2(doc) });
      }
    },
    bursts: 3,
    every: 1500,
    isUnseen: true,
  },
  'another score that claims to be older': {
    burst: ({ vandal, burst }) => vandal.say('state', TOPIC.lineage, encodeAny([vandal.session(), `evil-${burst}`, -1e9])),
    bursts: 5,
    isUnseen: true,
  },
  'a thousand pits': {
    burst({ vandal, burst }) {
      for (let i = 0; i < 8; i++)
        vandal.say('fast', TOPIC.pit, encodeAny(Array.from({ length: 40 }, (_, j) => [`p${burst}-${i}-${j}`, 1, 0, 1])));
    },
    isUnseen: true,
  },
  'questions for structures': {
    burst({ vandal, room }) {
      const play = room.machines[0]?.peer.run.log().find((each) => each.type === 'play');
      for (let i = 0; i < 50; i++) vandal.say('state', TOPIC.structure, encodeAny([0, play?.type === 'play' ? play.structure : '']));
    },
    isUnseen: true,
  },
  'pings and pongs of its own': {
    burst({ vandal, draw }) {
      for (let i = 0; i < 100; i++) {
        vandal.ping(Uint8Array.of(0, ...draw.bytes(12), ...draw.bytes(draw.int(0, 60))));
        vandal.ping(Uint8Array.of(1, ...draw.bytes(28)));
      }
    },
    isUnseen: true,
  },
};

describe('[TR4] honest peers neither crash, stall nor diverge under', () => {
  it.each(Object.entries(ATTACKS))('%s', (_, attack) => {
    const siege = besieged();
    const { world } = siege.room;
    for (let burst = 0; burst < (attack.bursts ?? 20); burst++) {
      if (siege.vandal.links() > 0) attack.burst({ ...siege, burst });
      world.pass(attack.every ?? 100);
    }
    if (attack.isUnseen !== true) expect(isShown(siege)).toBe(true);
    if (attack.isCut === true)
      expect(siege.room.machines.every(({ page }) => page.notices.some(({ message }) => message.includes('cut off')))).toBe(true);
    mustStand(siege, attack.isTransportTouched);
  });
});
