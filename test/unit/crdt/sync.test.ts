import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { PeerId } from '../../../src/base.ts';
import { encodeSync, FRAGMENT_BYTES_MAX, toFragments } from '../../../src/crdt/sync/messages.ts';
import { createDraw } from '../../sim/random.ts';
import { noiseByte, objects, room, twice, updates } from './sync-room.ts';

describe('an edit', () => {
  it('[SY1] is sent once to every peer and by nobody else', () => {
    const { docs, log, run, meet, syncs } = room(5);
    meet();
    run(1000);
    log.length = 0;
    docs[0]!.score.getMap('objects').set('a', 1);
    run(1000);
    expect(updates(log)).toHaveLength(4);
    expect(docs.map(({ score }) => objects(score))).toEqual(Array(5).fill({ a: 1 }));
    expect(syncs[0]!.unconfirmed()).toBe(0);
  });

  it('[SY3] is unconfirmed until someone has it', () => {
    const { docs, run, meet, syncs, cut, key } = room(2);
    cut.add(key(0, 1));
    docs[0]!.score.getMap('objects').set('a', 1);
    run(3000);
    expect(syncs[0]!.unconfirmed()).toBe(1);
    cut.clear();
    meet();
    run(1000);
    expect(syncs[0]!.unconfirmed()).toBe(0);
    expect(syncs[0]!.stateOf('1' as PeerId)).toBe('same');
  });

  it('[SY3] crosses a pair that never connected, deletions too', () => {
    const { docs, run, meet, cut, key, control } = room(3);
    control.knowsLinks = false;
    cut.add(key(0, 2));
    meet();
    docs[0]!.score.getMap('objects').set('a', 1);
    docs[0]!.score.getMap('objects').set('b', 1);
    run(5000);
    expect(objects(docs[2]!.score)).toEqual({ a: 1, b: 1 });
    docs[0]!.score.getMap('objects').delete('a');
    run(15_000);
    expect(objects(docs[2]!.score)).toEqual({ b: 1 });
  });
});

/** Text that deflate makes little of. */
const noise = (i: number): string =>
  Array.from({ length: 12 }, (_, k) => (Math.imul(i * 12 + k + 1, 0x9e3779b1) >>> 0).toString(36)).join('');

describe('a newcomer', () => {
  it('[SY2] gets a large document once, in fragments of one packet', () => {
    const { docs, run, meet, log, syncs } = room(4);
    docs[0]!.score.transact(() => {
      for (let i = 0; i < 1000; i++) docs[0]!.score.getMap('objects').set(`k${i}`, noise(i));
    });
    for (const i of [1, 2]) Y.applyUpdate(docs[i]!.score, Y.encodeStateAsUpdate(docs[0]!.score), 'disk');
    run(1);
    log.length = 0;
    const progress: number[] = [];
    syncs[3]!.onProgress(({ received, total }) => progress.push(received / total));
    meet();
    run(2000);
    expect(objects(docs[3]!.score)).toEqual(objects(docs[0]!.score));
    expect(Math.max(...log.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(FRAGMENT_BYTES_MAX);
    const toNewcomer = log.filter(({ to }) => to === 3).reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(toNewcomer).toBeLessThan(1.1 * Y.encodeStateAsUpdateV2(docs[0]!.score).length);
    expect(progress.length).toBeGreaterThan(50);
  });

  it('[SY4] gets the beginning while the rest is still being deflated, and what was edited meanwhile behind it', () => {
    const { docs, run, meet, log, syncs, ids, cut, key } = room(2);
    cut.add(key(0, 1));
    docs[0]!.score.transact(() => {
      for (let i = 0; i < 4000; i++) docs[0]!.score.getMap('objects').set(`k${i}`, noise(i));
    });
    cut.clear();
    // Deflate is done slice by slice in turns of no time: an edit from within the first of them comes in between.
    let isEdited = false;
    const half: number[] = [];
    syncs[1]!.onProgress(({ received, total }) => half.push(received / total));
    const edit = (): void => {
      isEdited = true;
      docs[0]!.score.getMap('objects').set('late', 1);
    };
    const { push } = log;
    log.push = (...sent) => {
      const length = push.apply(log, sent);
      if (!isEdited && sent.some(({ from, bytes }) => from === 0 && bytes.length > 1000)) edit();
      return length;
    };
    meet();
    run(500);
    expect(isEdited).toBe(true);
    expect(objects(docs[1]!.score)).toEqual(objects(docs[0]!.score));
    expect(objects(docs[1]!.score)).toHaveProperty('late', 1);
    expect(half).toEqual(half.toSorted((a, b) => a - b));
    expect(syncs[0]!.progress(ids[1]!)).toBeUndefined();
  });

  it('[SY1] sends at once what observers write while something large is taken', () => {
    const { docs, run, meet, syncs } = room(2);
    const { score } = docs[1]!;
    let answer: 'none' | 'written' = 'none';
    score.on('afterTransaction', () => {
      if (answer === 'written' || !score.getMap('objects').has('k3999')) return;
      answer = 'written';
      score.getMap('objects').set('answer', 1);
    });
    meet();
    docs[0]!.score.transact(() => {
      for (let i = 0; i < 4000; i++) docs[0]!.score.getMap('objects').set(`k${i}`, noise(i));
    });
    for (let ms = 0; ms < 1500 && answer === 'none'; ms++) run(1);
    expect(answer).toBe('written');
    expect(syncs[1]!.unconfirmed()).toBe(1);
    run(20);
    expect(objects(docs[0]!.score)).toHaveProperty('answer', 1);
    score.getMap('objects').set('next', 1);
    run(20);
    expect(objects(docs[0]!.score)).toHaveProperty('next', 1);
  });

  it('[SY4] is served at 1 MB/s while a run is on', () => {
    const { docs, run, meet, log, control } = room(2);
    control.isRunning = true;
    const big = Uint8Array.from({ length: 1_500_000 }, (_, i) => noiseByte(i));
    docs[0]!.score.getMap('objects').set('big', big);
    log.length = 0;
    meet();
    run(1000);
    const sent = () => log.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(sent()).toBeGreaterThan(800_000);
    expect(sent()).toBeLessThan(1_100_000);
    run(3000);
    expect(docs[1]!.score.getMap('objects').has('big')).toBe(true);
  });

  it('[SY2] asks someone else when the one asked gives crumbs', () => {
    const { docs, run, meet, control, cut, key } = room(3);
    for (const i of [0, 1]) cut.add(key(i, 2));
    docs[0]!.score.getMap('objects').set(
      'big',
      Uint8Array.from({ length: 100_000 }, (_, i) => noiseByte(i)),
    );
    Y.applyUpdate(docs[1]!.score, Y.encodeStateAsUpdate(docs[0]!.score), 'disk');
    run(1000);
    cut.clear();
    // Of what is large 0 gives 2 a fragment every 4 s.
    let count = 0;
    control.delay = ({ from, to, bytes }) => (from === 0 && to === 2 && bytes.length > 1000 ? 4000 * ++count : 5);
    meet();
    run(10_000);
    expect(docs[2]!.score.getMap('objects').has('big')).toBe(true);
  });

  it('[SY2] asks someone else when the one asked goes', () => {
    const { docs, run, meet, syncs, cut, key, ids } = room(3);
    docs[0]!.score.getMap('objects').set('a', 1);
    Y.applyUpdate(docs[1]!.score, Y.encodeStateAsUpdate(docs[0]!.score), 'disk');
    meet();
    run(7);
    cut.add(key(0, 2));
    cut.add(key(0, 1));
    syncs[2]!.left(ids[0]!);
    run(100);
    expect(objects(docs[2]!.score)).toEqual({ a: 1 });
  });
});

describe('garbage', () => {
  it('[SY5] is refused and changes nothing', () => {
    const { docs, syncs, run, meet } = room(2);
    docs[0]!.score.getMap('objects').set('a', 1);
    meet();
    run(1000);
    const draw = createDraw(9);
    let refused = 0;
    for (let i = 0; i < 2000; i++) {
      if (syncs[1]!.receive('0' as PeerId, draw.bytes(draw.int(0, 60))) === 'refused') refused += 1;
    }
    expect(refused).toBeGreaterThan(1000);
    expect(objects(docs[1]!.score)).toEqual({ a: 1 });
    const bomb = encodeSync({ kind: 'update', document: 0, update: new Uint8Array(1_000_000) });
    expect(
      toFragments(bomb)
        .map((bytes) => syncs[1]!.receive('0' as PeerId, bytes))
        .at(-1),
    ).toBe('refused');
  });

  it('[SY5] under our own number is refused', () => {
    const { syncs, run, meet, docs } = room(2);
    meet();
    run(1000);
    const forger = new Y.Doc();
    forger.clientID = docs[1]!.score.clientID;
    forger.getMap('objects').set('a', 'forged');
    const message = encodeSync({ kind: 'update', document: 0, update: Y.encodeStateAsUpdateV2(forger) });
    expect(syncs[1]!.receive('0' as PeerId, toFragments(message)[0]!)).toBe('refused');
    expect(objects(docs[1]!.score)).toEqual({});
  });

  it('[SY6] a difference at equal state is seen', () => {
    const { docs, syncs, run, meet } = room(2);
    twice(docs.map(({ score }) => score));
    meet();
    run(2500);
    expect(syncs[0]!.stateOf('1' as PeerId)).toBe('differs');
  });

  it('[SY5] that waits for what is withheld is bounded, and costs no more for being long', () => {
    const { docs, syncs, run, meet } = room(2);
    meet();
    run(1000);
    const writer = new Y.Doc();
    const parts: Uint8Array[] = [];
    writer.on('updateV2', (update: Uint8Array) => parts.push(update));
    for (let i = 0; i < 150; i++) writer.getMap('objects').set(`k${i}`, 'x'.repeat(1000));
    for (const update of parts.slice(1)) {
      for (const bytes of toFragments(encodeSync({ kind: 'update', document: 0, update }))) syncs[1]!.receive('0' as PeerId, bytes);
    }
    run(100);
    expect(docs[1]!.score.store.pendingStructs?.update.length ?? 0).toBeLessThanOrEqual(64 * 1024);
    expect(objects(docs[1]!.score)).toEqual({});
    const whole = encodeSync({ kind: 'update', document: 0, update: Y.encodeStateAsUpdateV2(writer) });
    for (const bytes of toFragments(whole)) syncs[1]!.receive('0' as PeerId, bytes);
    run(100);
    expect(Object.keys(objects(docs[1]!.score))).toHaveLength(150);
  });

  it('[SY5] in thousands of tiny updates is taken together', () => {
    const { docs, syncs, run, meet } = room(2);
    meet();
    run(1000);
    let transactions = 0;
    docs[1]!.score.on('update', () => (transactions += 1));
    const writer = new Y.Doc();
    writer.on('updateV2', (update: Uint8Array) => {
      for (const bytes of toFragments(encodeSync({ kind: 'update', document: 0, update }))) syncs[1]!.receive('0' as PeerId, bytes);
    });
    for (let i = 0; i < 1000; i++) writer.getMap('objects').set('a', i);
    run(100);
    expect(objects(docs[1]!.score)).toEqual({ a: 999 });
    expect(transactions).toBeLessThanOrEqual(3);
  });
});

describe('where a pair is not linked', () => {
  it('[SY8] an edit is passed on at once, hop by hop, and once', () => {
    const { docs, run, meet, cut, key, log } = room(5);
    // A chain: 0 - 1 - 2 - 3 - 4.
    for (let i = 0; i < 5; i++) for (let j = i + 2; j < 5; j++) cut.add(key(i, j));
    meet();
    run(1000);
    log.length = 0;
    docs[0]!.score.getMap('objects').set('a', 1);
    run(30);
    expect(docs.map(({ score }) => objects(score))).toEqual(Array(5).fill({ a: 1 }));
    run(1000);
    expect(updates(log).map(({ from, to }) => `${from}${to}`)).toEqual(['01', '12', '23', '34']);
    docs[4]!.score.getMap('objects').delete('a');
    run(30);
    expect(objects(docs[0]!.score)).toEqual({});
  });

  it('[SY8] what is large is not passed on unasked', () => {
    const { docs, run, meet, cut, key, log } = room(3);
    cut.add(key(0, 2));
    meet();
    run(1000);
    log.length = 0;
    docs[0]!.score.getMap('objects').set(
      'big',
      Uint8Array.from({ length: 50_000 }, (_, i) => noiseByte(i)),
    );
    run(1000);
    expect(docs[2]!.score.getMap('objects').has('big')).toBe(true);
    const bytesTo2 = log.filter(({ to }) => to === 2).reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(bytesTo2).toBeLessThan(55_000);
  });
});
