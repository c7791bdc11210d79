import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import * as Y from 'yjs';
import { expect, it } from 'vitest';
import { edit } from '../../src/crdt/edit.ts';
import { encodeSync, toFragments } from '../../src/crdt/sync/messages.ts';
import type { Fact } from '../../src/engine/fact.ts';
import { encodeAny } from '../../src/mesh/any.ts';
import { identityFrom } from '../../src/mesh/identity.ts';
import { change, encodeChain } from '../../src/mesh/rights.ts';
import type { Channel } from '../../src/mesh/transport.ts';
import { TOPIC } from '../../src/mesh/wire.ts';
import { ALL, createOwnedRoom, LOOK } from '../sim/owned.ts';
import { createDraw } from '../sim/random.ts';
import { createVandal, type Vandal } from '../sim/vandal.ts';
import { KEYS, type Machine } from '../sim/world.ts';

interface Scene {
  readonly vandal: Vandal;
  readonly owner: Machine;
  readonly run: string;
  readonly turn: number;
  now(): number;
}

type Word = readonly [channel: Channel, payload: Uint8Array];

const one = (channel: Channel, said: unknown): readonly Word[] => [[channel, encodeAny(said)]];
const update = (document: number, before: Y.Doc, change: (doc: Y.Doc) => void): readonly Word[] => {
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(before));
  const state = Y.encodeStateVector(doc);
  change(doc);
  return toFragments(encodeSync({ kind: 'update', document, update: Y.encodeStateAsUpdateV2(doc, state) })).map((part) => ['state', part]);
};

/** What who may only look might say on each topic, so that something would be another. */
const WORDS: Readonly<Record<keyof typeof TOPIC, (scene: Scene) => readonly Word[]>> = {
  sync: ({ vandal, turn }) => [
    ...update(0, vandal.score(), (doc) => edit(doc, { type: 'setTitle', title: `mine ${turn}` }, createDraw(turn) as never, undefined)),
    ...update(1, vandal.room(), (doc) => {
      doc.getMap('memberships').set(`${vandal.id}/strings`, true);
      doc.getMap('customs').set('takeOver', 'everyone');
      doc.getMap('people').set(vandal.id, { name: 'Boss', hue: 1 });
      doc.getMap('vouchers').set(`${vandal.id}/${vandal.id}`, { ids: new Uint8Array(16), proof: new Uint8Array(64) });
    }),
  ],
  fact: ({ vandal, run, now, turn }) =>
    ['stop', 'pause'].map((type) => ['event', vandal.statement({ type, run, by: vandal.id, at: now() + 200 + turn } as unknown as Fact)]),
  vote: ({ run, turn }) => one('event', [run, '', 'one', true, turn + 1]),
  pit: ({ now, turn }) => one('fast', [['energy', 1e9 + turn, now(), 0.9]]),
  epoch({ vandal, now }) {
    const count = encodeAny([Math.floor(now() / 25), now() + 60, [['energy', '', 0.9]]]);
    const said = concatBytes(utf8ToBytes(`tutti count\n${KEYS.tag}\n${vandal.session()}\n`), count);
    return [['event', concatBytes(vandal.sign(said), count)]];
  },
  counts: ({ owner }) => one('event', [2, owner.id, new Uint8Array(80), new Uint8Array(80).fill(1)]),
  midi: ({ now, turn }) => one('event', [['keys', 1e9 + turn, now(), 1, 0, 60, 0.9]]),
  call: ({ vandal, turn }) => one('event', [1, turn, [['energy', vandal.id]]]),
  panic: () => [['event', new Uint8Array()]],
  structure: ({ run }) => one('state', [run, { intervals: [] }]),
  lineage: ({ vandal, turn }) => one('state', [vandal.session(), `another${turn}`, 0, true]),
  ballot: ({ vandal, turn }) => one('event', [0, encodeAny([vandal.id, turn]), new Uint8Array(16)]),
  media: ({ turn }) => one('media', ['chunk', turn]),
  presence: ({ turn }) => one('fast', { cursor: { scenario: 'x', at: turn, lane: 0 }, drag: { id: 'one', at: turn, lane: 1 } }),
  rights: ({ vandal }) => {
    const secret = identityFrom(new Uint8Array(32).fill(77));
    const by = { identity: secret, tag: KEYS.tag, until: { session: '', at: 0 } };
    return [['event', encodeChain(change(undefined, by, { peers: new Map([[vandal.id, ALL]]) })!)]];
  },
  // What keeps links and the room together is of all who are there.
  hello: () => one('event', 'x'),
  probe: () => one('event', 'x'),
  echo: () => one('event', 'x'),
  bye: () => [],
  profile: () => one('event', 'x'),
  record: () => one('event', 'x'),
  digest: () => one('event', 'x'),
  relay: () => one('event', 'x'),
  signal: () => one('event', 'x'),
};

it('[RI4, RI5, RI8] who may only look changes nothing for anybody, whatever it says, on every topic one by one', () => {
  expect(Object.keys(WORDS).sort()).toEqual(Object.keys(TOPIC).sort());
  const { world, machines, owner } = createOwnedRoom(3);
  owner.peer.rights.setNewcomers(LOOK);
  for (const { id } of machines.slice(1)) owner.peer.rights.set(id, ALL);
  owner.peer.pits.put('energy', 0.4);
  world.pass(500);
  const vandal = createVandal(world);
  expect(world.until(() => vandal.links() === 3, 10_000)).toBe(true);
  expect(world.until(() => vandal.peer.score.save() === owner.peer.score.save(), 10_000)).toBe(true);
  owner.peer.run.play();
  world.pass(4000);
  const { run } = owner.peer.run.log()[0]!;
  const sight = (): readonly unknown[] =>
    machines.map(({ peer }) => [
      ...[peer.score.save(), peer.run.log().map(({ type, by }) => `${type} ${by}`), peer.run.view().state],
      ...[peer.groups.of(vandal.id), peer.groups.rule, peer.groups.newcomers(), peer.calls.list().length],
      peer.pits.contributions('energy').map(({ value, peer: by }) => [value, by]),
      ...[peer.pits.read('energy'), peer.rights.owner, peer.rights.of(vandal.id)],
      peer.room
        .peers()
        .filter(({ id }) => id !== vandal.id)
        .map(({ id, name, link }) => [id, name, link]),
    ]);
  const before = sight();
  let turn = 0;
  for (const topic of Object.keys(WORDS) as (keyof typeof TOPIC)[]) {
    expect(
      world.until(() => vandal.links() === 3, 20_000),
      topic,
    ).toBe(true);
    for (let i = 0; i < 4; i++, turn++, world.pass(100))
      for (const [channel, payload] of WORDS[topic]({ vandal, owner, run, turn, now: () => owner.peer.clock.now() }))
        vandal.say(channel, TOPIC[topic], payload);
    expect(sight(), topic).toEqual(before);
  }
  world.pass(5000);
  expect(sight()).toEqual(before);
  for (const { peer } of machines) expect(peer.room.peers().find(({ id }) => id === vandal.id)?.refused ?? 0).toBeGreaterThan(20);
  for (const { page } of machines) expect(page.notices.filter(({ level }) => level === 'error')).toEqual([]);
  // The same words of who may control do count.
  owner.peer.rights.set(vandal.id, ALL);
  world.pass(1000);
  expect(world.until(() => vandal.links() === 3, 20_000)).toBe(true);
  for (const topic of ['sync', 'pit', 'fact'] as const)
    for (const [channel, payload] of WORDS[topic]({ vandal, owner, run, turn: 99, now: () => owner.peer.clock.now() }))
      vandal.say(channel, TOPIC[topic], payload);
  world.pass(3000);
  expect(owner.peer.score.read().title).toBe('mine 99');
  expect(owner.peer.run.view().state).not.toBe('playing');
  expect(owner.peer.pits.contributions('energy').map(({ peer }) => peer)).toContain(vandal.id);
});
