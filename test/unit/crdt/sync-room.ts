import * as Y from 'yjs';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { createPace } from '../../../src/crdt/pace.ts';
import { createSync } from '../../../src/crdt/sync.ts';
import type { Sync } from '../../../src/crdt/sync.ts';
import { createAssembly } from '../../../src/crdt/sync/messages.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createDraw } from '../../sim/random.ts';

export interface Sent {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** Peers over a wire of virtual time: delay 5 ms, and pairs that can be cut. */
export function room(count: number) {
  const timeline = createTimeline();
  const after = (delay: number, f: () => void) => timeline.at(timeline.now() + delay, f);
  const every = (period: number, f: () => void) => {
    let cancel = after(period, function again() {
      cancel = after(period, again);
      f();
    });
    return () => cancel();
  };
  const draw = createDraw(5);
  const host = { clock: { now: () => timeline.now() as LocalTime }, timer: { after, every }, random: draw };
  const log: Sent[] = [];
  const cut = new Set<string>();
  const key = (a: number, b: number) => [a, b].sort().join();
  const control = { isRunning: false, bufferedMax: 0, knowsLinks: true, delay: (_sent: Sent) => 5 };
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
        self: ids[i]!,
        peers: () => linked(i),
        send(to, bytes) {
          const j = Number(to);
          const sent = { from: i, to: j, bytes };
          log.push(sent);
          after(control.delay(sent), () => void (cut.has(key(i, j)) || syncs[j]!.receive(ids[i]!, bytes)));
          return true;
        },
        buffered: () => 0,
        pace: createPace(host, () => control.isRunning),
        areLinked: (a, b) => !control.knowsLinks || !cut.has(key(Number(a), Number(b))),
        // As the mesh does, over others where there is no link.
        broadcast: (bytes) =>
          ids.forEach((_, j) => j !== i && after(10, () => void (reaches(i, j) && syncs[j]!.receiveBallot(ids[i]!, bytes)))),
        refuse: (from) => refused.push(from),
      },
      pair,
    ),
  );
  const reaches = (i: number, j: number) =>
    !cut.has(key(i, j)) || ids.some((_, k) => k !== i && k !== j && !cut.has(key(i, k)) && !cut.has(key(k, j)));
  const refused: PeerId[] = [];
  const offenders: string[] = [];
  const adopted: number[] = [];
  syncs.forEach((sync, i) => {
    sync.onAdopt(({ document, doc }) => {
      adopted.push(i);
      docs[i]![document === 0 ? 'score' : 'room'] = doc;
      sync.replace(document, doc);
    });
    sync.onOffender((peer) => offenders.push(`${i}: ${peer}`));
  });
  const run = (ms: number) => timeline.run(timeline.now() + ms);
  const meet = () => ids.forEach((_, i) => linked(i).forEach((peer) => syncs[i]!.joined(peer)));
  return { docs, syncs, ids, log, cut, key, run, meet, control, refused, offenders, adopted };
}

export const objects = (doc: Y.Doc) => doc.getMap('objects').toJSON();
export const updates = (log: readonly Sent[]) =>
  log.filter(({ bytes }) => {
    const whole = createAssembly().add(bytes);
    return typeof whole === 'string' || whole.kind === 'update';
  });

/** The same number used for different things, as only a forger does. */
export function twice(docs: readonly Y.Doc[], values: readonly unknown[] = docs.map((_, i) => i), number = 77): void {
  docs.forEach((doc, i) => {
    const forger = new Y.Doc();
    forger.clientID = number;
    forger.getMap('objects').set('a', values[i]);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(forger), 'disk');
  });
}

/** A byte that deflate can make nothing of, and quickly: MurmurHash3's mixing of a number. */
export function noiseByte(i: number): number {
  let x = Math.imul(i ^ (i >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) & 255;
}
