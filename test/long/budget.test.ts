import { deflateSync } from 'fflate';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import type { LocalTime, PeerId } from '../../src/base.ts';
import { applyChecked, inspect } from '../../src/crdt/sync/apply.ts';
import { encodeSync, toFragments } from '../../src/crdt/sync/messages.ts';
import { allowanceOf, charge, createOthers } from '../../src/crdt/sync/other.ts';
import { portionOf } from '../../src/crdt/sync/portion.ts';
import { objects, room } from '../unit/crdt/sync-room.ts';

const from = '1' as PeerId;
const MB = 1_000_000;

/** What Yjs writes of so many first words to keys of `objects`, deleted already. */
function unknowing(of: { first: number; clients: number; each: number; key?: (client: number) => string }): Uint8Array {
  const { first, clients, each, key = (client) => `a${client}` } = of;
  const encoder = new Y.UpdateEncoderV2();
  encoding.writeVarUint(encoder.restEncoder, clients);
  for (let client = first + clients - 1; client >= first; client--) {
    encoding.writeVarUint(encoder.restEncoder, each);
    encoder.writeClient(client);
    encoding.writeVarUint(encoder.restEncoder, 0);
    for (let clock = 0; clock < each; clock++) {
      const [id, content] = [Y.createID(client, clock), new Y.ContentDeleted(1)];
      new Y.Item(id, null, null, null, null, 'objects' as never, key(client), content).write(encoder, 0);
    }
  }
  encoding.writeVarUint(encoder.restEncoder, 0);
  return encoder.toUint8Array();
}

describe('[TR7] what a peer gives of documents', () => {
  it('is counted as it is when inflated', () => {
    let now = 0;
    const createOther = createOthers({ now: () => now as LocalTime });
    const fragments = toFragments(encodeSync({ kind: 'update', document: 0, update: new Uint8Array(10 * MB) }));
    const give = (other = createOther(from)): 'wrong' | 'whole' =>
      fragments.map((each) => other.assembly.add(each)).every((each) => each !== 'wrong') ? 'whole' : 'wrong';
    // Some kilobytes each, and each time as one who comes anew.
    expect(fragments.length).toBeLessThan(12);
    expect(Array.from({ length: 9 }, () => give())).toEqual([...Array<string>(7).fill('whole'), 'wrong', 'wrong']);
    expect(give(createOther('2' as PeerId))).toBe('whole');
    now += 5000;
    expect([give(), give()]).toEqual(['whole', 'wrong']);
  });

  /** A message to one of a room, as if from the first peer. */
  const giver =
    ({ syncs }: ReturnType<typeof room>, to: number, as = from) =>
    (update: Uint8Array) =>
      toFragments(encodeSync({ kind: 'update', document: 0, update })).flatMap((part) => syncs[to]!.receive(as, part) ?? []);

  it('may hold so many new client numbers at once, for everyone repeats all of them: the rest waits', () => {
    const all = room(2);
    const { docs, run, meet } = all;
    meet();
    run(500);
    const give = giver(all, 0);
    expect(give(unknowing({ first: 1000, clients: 5100, each: 1 }))).toEqual([]);
    run(100);
    // Where much was written comes first.
    const work = unknowing({ first: 9, clients: 1, each: 3, key: () => 'work' });
    expect(give(Y.mergeUpdatesV2([unknowing({ first: 10_000, clients: 5100, each: 1 }), work]))).toEqual([]);
    expect(docs[0]!.score.store.clients.size).toBe(10_000);
    expect(Y.getState(docs[0]!.score.store, 9)).toBe(3);
    // Who writes on under numbers that are there costs none.
    docs[1]!.score.getMap('objects').set('b', 2);
    run(3000);
    expect(objects(docs[0]!.score)).toMatchObject({ b: 2 });
  });

  it('may be as many numbers as two may give, of who gave none for long', () => {
    const createOther = createOthers({ now: () => 0 as LocalTime });
    const [other, doc] = [createOther(from), new Y.Doc()];
    const offer = (first: number, clients: number) => {
      const update = unknowing({ first, clients, each: 1 });
      const portion = portionOf(doc, update, inspect(update)!, allowanceOf(other, 0 as LocalTime));
      charge(other, portion, 0 as LocalTime);
      return portion.structs.length;
    };
    expect([offer(1000, 19_800), offer(50_000, 1)]).toEqual([19_800, 0]);
  });

  const crowd = (each: number, first = 5): Uint8Array => unknowing({ first, clients: 1, each, key: () => 'a' });

  it('may not make Yjs walk without end: of 15,000 first words under one key some are taken now, the rest as time goes by', () => {
    const all = room(2);
    const { docs, run, meet } = all;
    meet();
    run(500);
    const give = giver(all, 0);
    const length = (): number => Y.getState(docs[0]!.score.store, 5);
    expect(deflateSync(crowd(15_000)).length).toBeLessThan(3000);
    expect(give(crowd(15_000))).toEqual([]);
    const before = length();
    // n (n - 1) / 2 is the walk of n: 20 million at once, 2 million a second.
    expect(before).toBeGreaterThan(6000);
    expect(before).toBeLessThan(6500);
    run(2000);
    expect(give(crowd(15_000))).toEqual([]);
    expect(length() - before).toBeGreaterThan(500);
    expect(length() - before).toBeLessThan(700);
    docs[1]!.score.getMap('objects').set('b', 2);
    run(3000);
    expect(objects(docs[0]!.score)).toMatchObject({ b: 2 });
  });

  it('is a part also where several gave it within 20 ms', () => {
    const doc = new Y.Doc();
    expect(applyChecked(doc, crowd(15_000), 'test')).toBe('part');
    expect(Y.getState(doc.store, 5)).toBeGreaterThan(9000);
    expect(Y.getState(doc.store, 5)).toBeLessThan(10_500);
    // With what it has, the rest fits.
    expect(applyChecked(doc, Y.diffUpdateV2(crowd(11_000), Y.encodeStateVector(doc)), 'test')).toBe('done');
    expect(Y.getState(doc.store, 5)).toBe(11_000);
  });

  it('cannot set honest peers apart: two who were given different things in parallel, and who comes late, have all of it in the end', () => {
    const all = room(4);
    const { docs, cut, syncs, run, refused } = all;
    for (const pair of ['0,1', '0,2', '0,3', '1,3', '2,3']) cut.add(pair);
    for (const [a, b] of [
      [1, 2],
      [2, 1],
    ] as const)
      syncs[a]!.joined(String(b) as PeerId);
    docs[1]!.score.getMap('objects').set('work', 1);
    // Each as much as one may give to one; of both together more than is taken of one.
    expect(giver(all, 1, '0' as PeerId)(crowd(3700, 7000))).toEqual([]);
    expect(giver(all, 2, '0' as PeerId)(crowd(3700, 8000))).toEqual([]);
    run(7000);
    cut.delete('2,3');
    syncs[2]!.joined('3' as PeerId);
    syncs[3]!.joined('2' as PeerId);
    run(1000);
    expect(objects(docs[3]!.score)).toMatchObject({ work: 1 });
    run(8000);
    const states = docs.map(({ score }) => Y.decodeStateVector(Y.encodeStateVector(score)));
    expect(states[1]!.get(7000)).toBe(3700);
    expect(states[1]!.get(8000)).toBe(3700);
    expect(states[2]).toEqual(states[1]);
    expect(states[3]).toEqual(states[1]);
    expect(refused).toEqual([]);
  });
});
