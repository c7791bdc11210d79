import { deflateSync } from 'fflate';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { applyChecked } from '../../../src/crdt/sync/apply.ts';
import { createAssembly, encodeSync, toFragments } from '../../../src/crdt/sync/messages.ts';
import { createOthers } from '../../../src/crdt/sync/other.ts';
import { objects, room } from './sync-room.ts';

const from = '1' as PeerId;
const MB = 1_000_000;

/** What Yjs writes of so many first words to keys of `objects`, deleted already. */
function unknowing(of: { first: number; clients: number; each: number; key?: (client: number) => string }): Uint8Array {
  const { first, clients, each, key = (client) => `a${client}` } = of;
  const encoder = new Y.UpdateEncoderV2();
  encoding.writeVarUint(encoder.restEncoder, clients);
  for (let client = first; client < first + clients; client++) {
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

  it('is asked for by what it claims, also where the kind is written in a roundabout way', () => {
    const message = encodeSync({ kind: 'update', document: 0, update: new Uint8Array(2 * MB) });
    const asked: number[] = [];
    const refuse = (bytes: number): boolean => asked.push(bytes) < 0;
    for (const each of [message, Uint8Array.from([message[0]! | 128, 0, ...message.subarray(1)])]) {
      const assembly = createAssembly(refuse);
      expect(
        toFragments(each)
          .map((fragment) => assembly.add(fragment))
          .at(-1),
      ).toBe('wrong');
    }
    expect(asked).toEqual([2 * MB, 2 * MB]);
  });

  it('may hold so many new client numbers, for everyone repeats all of them', () => {
    const { docs, syncs, run, meet } = room(2);
    meet();
    run(500);
    const give = (first: number, count: number) =>
      toFragments(encodeSync({ kind: 'update', document: 0, update: unknowing({ first, clients: count, each: 1 }) })).flatMap(
        (part) => syncs[0]!.receive(from, part) ?? [],
      );
    expect(give(1000, 5100)).toEqual([]);
    run(100);
    expect(give(10_000, 5100)).toEqual(['refused']);
    expect(docs[0]!.score.store.clients.size).toBe(5100);
    // Who writes on under numbers that are there costs none.
    docs[1]!.score.getMap('objects').set('b', 2);
    run(3000);
    expect(objects(docs[0]!.score)).toMatchObject({ b: 2 });
  });

  it('may not make Yjs walk without end: 15,000 first words under one key', () => {
    const crowd = (each: number, first = 5): Uint8Array => unknowing({ first, clients: 1, each, key: () => 'a' });
    const { docs, syncs, run, meet } = room(2);
    meet();
    run(500);
    const give = (update: Uint8Array) =>
      toFragments(encodeSync({ kind: 'update', document: 0, update })).flatMap((each) => syncs[0]!.receive(from, each) ?? []);
    expect(deflateSync(crowd(15_000)).length).toBeLessThan(3000);
    expect(give(crowd(15_000))).toEqual(['refused']);
    expect(applyChecked(new Y.Doc(), crowd(15_000), 'test')).toBe('refused');
    // Bit by bit it is no more: each of these finds all that the others wrote.
    const taken = Array.from({ length: 12 }, (_, i) => (run(30), give(crowd(2000, 100 + i)).length === 0)).filter(Boolean).length;
    expect(taken).toBeGreaterThan(2);
    expect(taken).toBeLessThan(6);
    docs[1]!.score.getMap('objects').set('b', 2);
    run(100);
    expect(objects(docs[0]!.score)).toMatchObject({ b: 2 });
  });
});
