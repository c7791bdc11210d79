import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { createSync } from '../../../src/crdt/sync.ts';
import type { Sync } from '../../../src/crdt/sync.ts';
import { createAssembly, decodeSync, encodeSync, FRAGMENT_BYTES_MAX, toFragments } from '../../../src/crdt/sync/messages.ts';
import { createDraw } from '../../sim/random.ts';

interface Sent {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** Peers over a wire of virtual time: delay 5 ms, and pairs that can be cut. */
function room(count: number) {
  let now = 0;
  let order = 0;
  const tasks: { readonly at: number; readonly order: number; readonly f: () => void }[] = [];
  const after = (delay: number, f: () => void) => {
    const task = { at: now + delay, order: order++, f };
    tasks.push(task);
    return () => void (tasks.includes(task) && tasks.splice(tasks.indexOf(task), 1));
  };
  const every = (period: number, f: () => void) => {
    let cancel = after(period, function again() {
      cancel = after(period, again);
      f();
    });
    return () => cancel();
  };
  const host = { clock: { now: () => now as LocalTime }, timer: { after, every } };
  const log: Sent[] = [];
  const cut = new Set<string>();
  const key = (a: number, b: number) => [a, b].sort().join();
  const control = { isRunning: false, bufferedMax: 0 };
  const ids = Array.from({ length: count }, (_, i) => String(i) as PeerId);
  const docs = ids.map((_, i) => {
    const pair = { score: new Y.Doc(), room: new Y.Doc() };
    pair.score.clientID = i + 1;
    pair.room.clientID = i + 100;
    for (const doc of Object.values(pair)) doc.getMap('objects');
    return pair;
  });
  const linked = (i: number) => ids.filter((_, j) => j !== i && !cut.has(key(i, j)));
  const syncs: Sync[] = docs.map((pair, i) =>
    createSync(
      host,
      {
        peers: () => linked(i),
        send(to, bytes) {
          const j = Number(to);
          log.push({ from: i, to: j, bytes });
          after(5, () => void (cut.has(key(i, j)) || syncs[j]!.receive(ids[i]!, bytes)));
          return true;
        },
        buffered: () => 0,
        isRunning: () => control.isRunning,
      },
      pair,
    ),
  );
  const run = (ms: number) => {
    const end = now + ms;
    for (;;) {
      tasks.sort((a, b) => a.at - b.at || a.order - b.order);
      const task = tasks[0];
      if (!task || task.at > end) break;
      tasks.shift();
      now = task.at;
      task.f();
    }
    now = end;
  };
  const meet = () => ids.forEach((_, i) => linked(i).forEach((peer) => syncs[i]!.joined(peer)));
  return { docs, syncs, ids, log, cut, key, run, meet, control };
}

const objects = (doc: Y.Doc) => doc.getMap('objects').toJSON();
const updates = (log: readonly Sent[]) =>
  log.filter(({ bytes }) => {
    const whole = createAssembly().add(bytes);
    return typeof whole === 'string' || decodeSync(whole)?.kind === 'update';
  });

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
    expect(syncs[0]!.isSame('1' as PeerId)).toBe(true);
  });

  it('[SY3] crosses a pair that never connected, deletions too', () => {
    const { docs, run, meet, cut, key } = room(3);
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

describe('a newcomer', () => {
  it('[SY2] gets a large document once, in fragments of one packet', () => {
    const { docs, run, meet, log, syncs } = room(4);
    const draw = createDraw(3);
    docs[0]!.score.transact(() => {
      for (let i = 0; i < 3000; i++) docs[0]!.score.getMap('objects').set(`k${i}`, [...draw.bytes(30)].join(' '));
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

  it('[SY4] is served at 1 MB/s while a run is on', () => {
    const { docs, run, meet, log, control } = room(2);
    control.isRunning = true;
    const draw = createDraw(3);
    docs[0]!.score.getMap('objects').set('big', draw.bytes(1_500_000));
    log.length = 0;
    meet();
    run(1000);
    const sent = () => log.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(sent()).toBeGreaterThan(800_000);
    expect(sent()).toBeLessThan(1_100_000);
    run(3000);
    expect(docs[1]!.score.getMap('objects').has('big')).toBe(true);
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
    const [one, two] = [new Y.Doc(), new Y.Doc()];
    one.clientID = two.clientID = 77;
    one.getMap('objects').set('a', 'x');
    two.getMap('objects').set('a', 'y');
    Y.applyUpdate(docs[0]!.score, Y.encodeStateAsUpdate(one), 'disk');
    Y.applyUpdate(docs[1]!.score, Y.encodeStateAsUpdate(two), 'disk');
    meet();
    run(5000);
    expect(syncs[0]!.isSame('1' as PeerId)).toBe(false);
  });
});
