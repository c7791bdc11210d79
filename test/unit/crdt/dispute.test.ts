import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { PeerId } from '../../../src/base.ts';
import type { Sync } from '../../../src/crdt/sync.ts';
import { digestOf, encodeBallot } from '../../../src/crdt/sync/ballot.ts';
import type { Ballot } from '../../../src/crdt/sync/ballot.ts';
import { encodeSync, toFragments } from '../../../src/crdt/sync/messages.ts';
import { vectorOf } from '../../../src/crdt/sync/vector.ts';
import { objects, room, twice } from './sync-room.ts';

describe('someone who writes different things to different people', () => {
  it('[SY9] leaves the room with what most of it has', () => {
    const { docs, syncs, run, meet, adopted, ids } = room(4);
    twice(
      docs.map(({ score }) => score),
      ['x', 'x', 'y', 'x'],
    );
    meet();
    run(3500);
    const seen: string[] = [];
    syncs[2]!.onState((peer) => seen.push(syncs[2]!.stateOf(peer)));
    run(6000);
    expect(docs.map(({ score }) => objects(score))).toEqual(Array(4).fill({ a: 'x' }));
    expect(adopted).toEqual([2]);
    expect(seen).toContain('healing');
    expect(syncs.every((sync, i) => ids.every((id, j) => i === j || sync.stateOf(id) === 'same'))).toBe(true);
  });

  it('[SY9] ends alike for two: by the hash, not by who spoke first', () => {
    const outcomes = [
      ['x', 'y'],
      ['y', 'x'],
    ].map((values) => {
      const { docs, run, meet, adopted } = room(2);
      twice(
        docs.map(({ score }) => score),
        values,
      );
      meet();
      run(10_000);
      expect(adopted).toHaveLength(1);
      expect(objects(docs[0]!.score)).toEqual(objects(docs[1]!.score));
      return objects(docs[0]!.score);
    });
    expect(outcomes[0]).toEqual(outcomes[1]);
  });

  it('[SY9] is healed in the room document and across hops, too', () => {
    const { docs, run, meet, cut, key } = room(4);
    for (const [i, j] of [
      [0, 2],
      [0, 3],
      [1, 3],
    ] as const)
      cut.add(key(i, j));
    twice(
      docs.map((pair) => pair.room),
      ['x', 'y', 'y', 'y'],
    );
    twice(
      docs.map(({ score }) => score),
      ['x', 'x', 'x', 'y'],
    );
    meet();
    run(25_000);
    expect(docs.map((pair) => objects(pair.room))).toEqual(Array(4).fill({ a: 'y' }));
    expect(docs.map(({ score }) => objects(score))).toEqual(Array(4).fill({ a: 'x' }));
  });

  it('[SY9] is named by who was deceived, and nothing is taken from it for a while', () => {
    const { docs, syncs, run, meet, offenders } = room(4);
    meet();
    run(1000);
    // 3 gives 0 and 1 one thing, 2 another, and holds with the most.
    const forge = (to: number, value: string, number = 77) => {
      const forger = new Y.Doc();
      forger.clientID = number;
      forger.getMap('objects').set('a', value);
      const [bytes] = toFragments(encodeSync({ kind: 'update', document: 0, update: Y.encodeStateAsUpdateV2(forger) }));
      return syncs[to]!.receive('3' as PeerId, bytes!);
    };
    twice([docs[3]!.score], ['x']);
    forge(0, 'x');
    forge(1, 'x');
    forge(2, 'y');
    run(12_000);
    expect(docs.map(({ score }) => objects(score))).toEqual(Array(4).fill({ a: 'x' }));
    expect(offenders).toEqual(['2: 3']);
    expect(forge(2, 'z', 78)).toBe('refused');
    expect(forge(1, 'z', 78)).toBeUndefined();
    run(12_000);
    // Honest peers pass on what they took: what the offender says comes through them, alike for all.
    expect(new Set(docs.map(({ score }) => JSON.stringify(objects(score)))).size).toBe(1);
  });

  it('[SY9] is named, and not the author who wrote on under the number', () => {
    const { docs, syncs, run, meet, offenders } = room(4);
    meet();
    run(1000);
    const [first, second] = written(77, ['x', 'on']);
    give(syncs[2]!, '3', written(77, ['y'])[0]!);
    for (const update of [first!, second!]) Y.applyUpdateV2(docs[0]!.score, update, 'disk');
    run(12_000);
    expect(docs.map(({ score }) => objects(score))).toEqual(Array(4).fill({ a0: 'x', a1: 'on' }));
    expect(offenders).toEqual(['2: 3']);
  });

  it('[SY9] is not who was believed no more than we were, however often it is outvoted', () => {
    const { docs, syncs, run, meet, offenders } = room(5);
    meet();
    run(1000);
    for (let i = 0; i < 3; i++) {
      // 0 writes; 4 has given 2 and 3 something else under its number before; 1 has it of 0.
      for (const to of [2, 3]) give(syncs[to]!, '4', written(80 + i, ['forged'])[0]!);
      Y.applyUpdateV2(docs[0]!.score, written(80 + i, ['x'])[0]!, 'disk');
      Y.applyUpdateV2(docs[4]!.score, written(80 + i, ['forged'])[0]!, 'disk');
      run(7500);
    }
    expect(new Set(docs.map(({ score }) => JSON.stringify(objects(score)))).size).toBe(1);
    expect(offenders.filter((each) => each.endsWith(' 0'))).toEqual([]);
  });

  it('[SY9] heals though the first who is asked dribbles', () => {
    const { docs, syncs, run, meet, control } = room(4);
    twice(
      docs.map(({ score }) => score),
      ['x', 'x', 'x', 'y'],
    );
    meet();
    run(3500);
    control.delay = ({ from, to }) => (from === 0 && to === 3 ? 1e9 : 5);
    const crumbs = [...toFragments(new Uint8Array(2_000_000))];
    for (let i = 0; i < 40; i++) {
      syncs[3]!.receive('0' as PeerId, crumbs.shift()!);
      run(1000);
    }
    expect(objects(docs[3]!.score)).toEqual({ a: 'x' });
  });

  it('[SY9] cannot make others heal without end, nor claim what it does not give', () => {
    const { docs, syncs, run, meet, adopted, ids } = room(2);
    meet();
    run(1000);
    docs[0]!.score.getMap('objects').set('good', 1);
    run(1000);
    const state = digestOf(vectorOf(docs[0]!.score));
    // Peer 1 claims the least of all hashes and keeps answering with what it has.
    const liar = setLiar(syncs[0]!, ids[1]!, { document: 0, state, hash: '0'.repeat(16) });
    for (let i = 0; i < 30; i++) {
      liar();
      run(2000);
    }
    expect(adopted).toEqual([]);
    expect(objects(docs[0]!.score)).toEqual({ good: 1 });
    let number = 100;
    for (let i = 0; i < 40; i++) {
      number += 1;
      twice([docs[0]!.score, docs[1]!.score], [`x${i}`, `y${i}`], number);
      run(5000);
    }
    expect(adopted.length).toBeLessThanOrEqual(2 * (3 + 200_000 / 30_000));
  });

  it('[SY9] is outvoted, however many voted once and left', () => {
    const { docs, syncs, run, meet } = room(3);
    for (let i = 0; i < 300; i++) setLiar(syncs[2]!, `gone${i}` as PeerId, { document: 0, state: '0'.repeat(16), hash: '0'.repeat(16) })();
    run(9000);
    twice(
      docs.map(({ score }) => score),
      ['x', 'x', 'y'],
    );
    meet();
    run(12_000);
    expect(docs.map(({ score }) => objects(score))).toEqual(Array(3).fill({ a: 'x' }));
  });

  it('[SY10] under our number finds us under another', () => {
    const { docs, syncs, run, meet } = room(3);
    meet();
    run(1000);
    const victim = docs[0]!.score;
    const number = victim.clientID;
    const forger = new Y.Doc();
    forger.clientID = number;
    forger.getMap('objects').set('a', 'forged');
    const message = encodeSync({ kind: 'update', document: 0, update: Y.encodeStateAsUpdateV2(forger) });
    syncs[1]!.receive('2' as PeerId, toFragments(message)[0]!);
    run(2500);
    expect(victim.clientID).not.toBe(number);
    victim.getMap('objects').set('b', 'mine');
    run(3000);
    expect(docs.map(({ score }) => objects(score))).toEqual(Array(3).fill({ a: 'forged', b: 'mine' }));
  });
});

const setLiar = (sync: Sync, from: PeerId, ballot: Ballot) => () => void sync.receiveBallot(from, encodeBallot(ballot));

/** One update for each value, all under one number. */
function written(number: number, values: readonly string[]): readonly Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = number;
  return values.map((value, i) => {
    const before = Y.encodeStateVector(doc);
    doc.getMap('objects').set(`a${i}`, value);
    return Y.encodeStateAsUpdateV2(doc, before);
  });
}

const give = (to: Sync, from: string, update: Uint8Array) =>
  to.receive(from as PeerId, toFragments(encodeSync({ kind: 'update', document: 0, update }))[0]!);
