import { deflateSync } from 'fflate';
import * as sync from 'y-protocols/sync';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { LocalTime, PeerId } from '../../src/base.ts';
import type { Command } from '../../src/crdt/command.ts';
import { createDocument, seed } from '../../src/crdt/doc.ts';
import { edit } from '../../src/crdt/edit.ts';
import { read } from '../../src/crdt/read.ts';
import { createSync } from '../../src/crdt/sync.ts';
import type { Sync } from '../../src/crdt/sync.ts';
import { createTimeline } from '../sim/heap.ts';
import { createDraw } from '../sim/random.ts';
import { medians } from './measure.ts';
import { livelyScore, writtenScore } from './scores.ts';
import { bytes, ms, times } from './table.ts';
import type { Table } from './table.ts';

/** What a long score costs: to read, to change by one edit, to give to who comes late. */
export const benchCrdt = async (): Promise<readonly Table[]> => [await reading(), editsOnTheWire(), joining()];

const SIZES = [1000, 10_000, 100_000];
const LONG_SCORE = 10_000;
const draw = createDraw(1);

function written(objects: number, scoreOf = writtenScore): Y.Doc {
  const doc = createDocument(draw);
  seed(doc, draw);
  const result = edit(doc, { type: 'replace', file: scoreOf(objects) }, draw, 'bench');
  if ('issue' in result) throw new Error(result.issue.message);
  return doc;
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = createDocument(draw);
  Y.applyUpdateV2(copy, Y.encodeStateAsUpdateV2(doc));
  return copy;
}

/** A value, a structure: what people change most. */
const valueEdit = (i: number): Command => ({
  type: 'setPoint',
  process: `bar${i % 100}.curve`,
  id: `bar${i % 100}.1`,
  x: 0.4,
  y: (i % 97) / 97,
});
const lengthEdit = (i: number): Command => ({ type: 'resizeInterval', id: `bar${i % 100}`, duration: 500 + (i % 13) });

function perform(doc: Y.Doc, command: Command): void {
  const result = edit(doc, command, draw, 'bench');
  if ('issue' in result) throw new Error(result.issue.message);
}

async function reading(): Promise<Table> {
  const rows: number[][] = [];
  for (const size of SIZES) {
    const doc = written(size);
    const snapshot = Y.encodeStateAsUpdateV2(doc);
    read(doc);
    let fresh = createDocument(draw);
    let turn = 0;
    const [whole = 0, edited = 0, afterValue = 0, afterLength = 0] = await medians([
      {
        name: 'from scratch',
        prepare() {
          fresh = createDocument(draw);
          Y.applyUpdateV2(fresh, snapshot);
        },
        run: () => read(fresh),
      },
      { name: 'the edit itself', prepare: () => void read(doc), run: () => perform(doc, valueEdit(turn++)) },
      { name: 'after a value', prepare: () => perform(doc, valueEdit(turn++)), run: () => read(doc) },
      { name: 'after a length', prepare: () => perform(doc, lengthEdit(turn++)), run: () => read(doc) },
    ]);
    rows.push([whole, edited, afterValue, afterLength]);
  }
  const growth = (i: number, column: number): string => (i === 0 ? '' : times((rows[i]?.[column] ?? 0) / (rows[i - 1]?.[column] ?? 1)));
  return {
    title: 'Reading the score out of its document',
    columns: ['objects', 'from scratch', 'growth', 'an edit', 'after a value', 'growth', 'ratio', 'after a length', 'ratio'],
    rows: rows.map(([whole = 0, edited = 0, afterValue = 0, afterLength = 0], i) => [
      String(SIZES[i]),
      ...[ms(whole), growth(i, 0), ms(edited)],
      ...[ms(afterValue), growth(i, 2), times(whole / afterValue), ms(afterLength), times(whole / afterLength)],
    ]),
  };
}

interface Sent {
  readonly from: number;
  readonly bytes: number;
}

/** Peers that know one another, over links of 40 ms each way, in virtual time. Nothing limits the bytes in flight. */
function room(docs: readonly Y.Doc[]) {
  const ONE_WAY_MS = 40;
  const timeline = createTimeline();
  const host = {
    clock: { now: () => timeline.now() as LocalTime },
    random: draw,
    timer: {
      after: (delay: number, f: () => void) => timeline.at(timeline.now() + delay, f),
      every(period: number, f: () => void) {
        let cancel = timeline.at(timeline.now() + period, again);
        function again(): void {
          cancel = timeline.at(timeline.now() + period, again);
          f();
        }
        return () => cancel();
      },
    },
  };
  const log: Sent[] = [];
  const ids = docs.map((_, i) => String(i) as PeerId);
  const syncs: Sync[] = docs.map((score, i) =>
    createSync(
      host,
      {
        peers: () => ids.filter((_, j) => j !== i),
        send(to, payload) {
          log.push({ from: i, bytes: payload.length });
          timeline.at(timeline.now() + ONE_WAY_MS, () => void syncs[Number(to)]?.receive(ids[i]!, payload));
          return true;
        },
        buffered: () => 0,
        ...{ self: ids[i]!, pace: { take: () => true, left: () => undefined }, areLinked: () => true },
        broadcast: () => undefined,
        refuse: () => undefined,
      },
      { score, room: createDocument(draw) },
    ),
  );
  const meet = (): void => ids.forEach((_, i) => ids.forEach((peer, j) => i !== j && syncs[i]?.joined(peer)));
  return { timeline, log, meet, close: () => syncs.forEach((each) => each.close()) };
}

const total = (log: readonly Sent[]): number => log.reduce((sum, sent) => sum + sent.bytes, 0);

/** Bytes of what a y-protocols client sends for the same update: no deflate, format 1. */
const stock = (write: (encoder: encoding.Encoder) => void): number => encoding.toUint8Array(encoded(write)).length;
function encoded(write: (encoder: encoding.Encoder) => void): encoding.Encoder {
  const encoder = encoding.createEncoder();
  // y-webrtc's own message type.
  encoding.writeVarUint(encoder, 0);
  write(encoder);
  return encoder;
}

const EDITS: readonly (readonly [string, (i: number) => Command])[] = [
  ['a point dragged', valueEdit],
  ['an interval resized', lengthEdit],
  ['a name', (i) => ({ type: 'set', id: `bar${i}`, fields: { name: `verse ${i}` } })],
  ['a new interval', (i) => ({ type: 'createInterval', at: 100 * i, duration: 1000, name: 'new' })],
];

function editsOnTheWire(): Table {
  const ROUNDS = 50;
  const source = written(LONG_SCORE);
  const docs = [source, copyOf(source), copyOf(source), copyOf(source)];
  const { timeline, log, meet, close } = room(docs);
  meet();
  timeline.run(1000);
  const rows = EDITS.map(([name, command]) => {
    let stockBytes = 0;
    const count = (update: Uint8Array): void => {
      stockBytes += stock((encoder) => sync.writeUpdate(encoder, update));
    };
    source.on('update', count);
    const before = log.length;
    let sends = 0;
    let sentBytes = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const at = log.length;
      perform(source, command(i));
      const own = log.slice(at).filter(({ from }) => from === 0);
      sends += own.length;
      sentBytes += total(own) / Math.max(1, own.length);
      timeline.run(timeline.now() + 5000);
    }
    source.off('update', count);
    const others = log.slice(before).length - sends;
    return [name, (sends / ROUNDS).toFixed(1), bytes(sentBytes / ROUNDS), bytes(stockBytes / ROUNDS), (others / ROUNDS).toFixed(1)];
  });
  close();
  return {
    title: `One edit of a score of ${LONG_SCORE} objects, four peers`,
    columns: ['edit', 'sends', 'bytes of each', 'y-protocols', 'other messages of all in 5 s'],
    rows,
  };
}

function joining(): Table {
  const rows = [1000, LONG_SCORE].flatMap((size) => {
    const source = written(size, livelyScore);
    return [1, 3].map((present) => {
      const docs = [source, ...Array.from({ length: present - 1 }, () => copyOf(source)), createDocument(draw)];
      const newcomer = docs.at(-1)!;
      const { timeline, log, meet, close } = room(docs);
      const startedAt = performance.now();
      meet();
      let at = 0;
      const isWhole = (): boolean => Y.encodeStateVector(newcomer).length > 1 && newcomer.getMap('objects').size >= size;
      while (!isWhole() && at < 60_000) timeline.run((at += 10));
      const work = performance.now() - startedAt;
      const toNewcomer = log.filter(({ from }) => from !== docs.length - 1);
      const naive = Y.encodeStateAsUpdate(source).length;
      close();
      return [
        `${size} objects from ${present}`,
        ...[
          ms(at),
          ms(work),
          String(log.length),
          bytes(total(toNewcomer)),
          bytes(naive * present),
          bytes(deflateSync(Y.encodeStateAsUpdate(source)).length),
        ],
      ];
    });
  });
  return {
    title: 'A late joiner, 80 ms round trip',
    columns: [
      'score',
      'until whole',
      'work of all',
      'messages',
      'bytes to it',
      'y-protocols, every peer answers',
      'format 1 deflated once',
    ],
    rows,
  };
}
