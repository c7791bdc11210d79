import { expect, it } from 'vitest';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { createMediaExchange } from '../../../src/crdt/media/exchange.ts';
import { decodeIndex, encodeIndex, PIECE_BYTES } from '../../../src/crdt/media/messages.ts';
import { createMemoryChunks } from '../../../src/crdt/media/store.ts';
import { createPace } from '../../../src/crdt/pace.ts';
import { noiseByte } from './sync-room.ts';
import { createTimeline } from '../../sim/heap.ts';

const untouched = {
  isRunning: false,
  tamper: (_from: number, bytes: Uint8Array): Uint8Array | undefined => bytes,
  delay: (_from: number, _bytes: Uint8Array) => 5,
};

/** Peers that hear each other after 5 ms; `tamper` changes what leaves. */
function room(count: number, control = { ...untouched }) {
  const timeline = createTimeline();
  const after = (delay: number, f: () => void) => timeline.at(timeline.now() + delay, f);
  const every = (period: number, f: () => void) => {
    let cancel = after(period, function again() {
      cancel = after(period, again);
      f();
    });
    return () => cancel();
  };
  const host = { clock: { now: () => timeline.now() as LocalTime }, timer: { after, every } };
  const ids = Array.from({ length: count }, (_, i) => String(i) as PeerId);
  const gone = new Set<number>();
  const sent = ids.map(() => 0);
  const refused: string[] = [];
  const peers = ids.map((_, i) =>
    createMediaExchange(
      host,
      {
        peers: () => ids.filter((_, j) => j !== i && !gone.has(j)),
        send(to, message) {
          expect(message.length).toBeLessThanOrEqual(PIECE_BYTES + 50);
          const bytes = gone.has(i) ? undefined : control.tamper(i, message);
          if (!bytes) return true;
          sent[i]! += bytes.length;
          after(control.delay(i, bytes), () => {
            if (peers[Number(to)]!.receive(ids[i]!, bytes) === 'refused') refused.push(`${to} refused ${i}`);
          });
          return true;
        },
        buffered: () => 0,
        pace: createPace(host, () => control.isRunning),
      },
      createMemoryChunks(16_000_000),
    ),
  );
  return { peers, timeline, ids, sent, gone, refused, control, run: (ms: number) => timeline.run(timeline.now() + ms) };
}

const isSame = (a: Uint8Array | undefined, b: Uint8Array): boolean => a?.length === b.length && a.every((byte, i) => byte === b[i]);
/** The id of what a peer keeps from now on. */
const added = ({ peers, run }: ReturnType<typeof room>, peer: number, medium: Uint8Array): string | undefined => {
  let id: string | undefined;
  peers[peer]!.add(medium, (kept) => (id = kept));
  run(1);
  return id;
};

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => noiseByte(i + length));

it('[MD1] gives a medium by its hash, in shares of those who have it, and says how far it is', () => {
  const them = room(3);
  const { peers, run, sent } = them;
  const medium = bytes(300_000);
  const id = added(them, 0, medium)!;
  expect(added(them, 1, medium)).toBe(id);
  let got: Uint8Array | undefined;
  const progress: number[] = [];
  peers[2]!.fetch(
    id,
    (found) => (got = found),
    (part) => progress.push(part),
  );
  run(500);
  expect(isSame(got, medium)).toBe(true);
  expect(progress.at(-1)).toBe(1);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(Math.min(sent[0]!, sent[1]!)).toBeGreaterThan(60_000);
  expect(sent[0]! + sent[1]!).toBeLessThan(320_000);
  // Now it has it, too; nothing travels.
  let again: Uint8Array | undefined;
  peers[2]!.fetch(id, (found) => (again = found));
  expect(isSame(again, medium)).toBe(true);
});

it('[MD2] takes nothing that is not what its hash says, asks another, and gives up when nobody has it', () => {
  const them = room(3);
  const { peers, run, refused, control } = them;
  const medium = bytes(100_000);
  const id = added(them, 0, medium)!;
  added(them, 1, medium);
  control.tamper = (from, message) => {
    if (from !== 0 || message.length < 500) return message;
    const changed = message.slice();
    changed[400]! ^= 1;
    return changed;
  };
  let got: Uint8Array | undefined;
  peers[2]!.fetch(id, (found) => (got = found));
  run(500);
  expect(isSame(got, medium)).toBe(true);
  expect(new Set(refused)).toEqual(new Set(['2 refused 0']));
  const outcomes: unknown[] = [];
  for (const wrong of ['ab'.repeat(32), 'no hash', '']) peers[2]!.fetch(wrong, (found) => outcomes.push(found));
  run(500);
  expect(outcomes).toEqual([undefined, undefined, undefined]);
});

it('[MD2] goes on with another when one leaves or does not answer', () => {
  const them = room(4);
  const { peers, run, gone, ids, control } = them;
  const medium = bytes(400_000);
  const id = added(them, 0, medium)!;
  added(them, 1, medium);
  let got: Uint8Array | undefined;
  peers[2]!.fetch(id, (found) => (got = found));
  run(20);
  control.tamper = (from, message) => (from === 0 ? undefined : message);
  run(25_000);
  expect(isSame(got, medium)).toBe(true);
  gone.add(0);
  peers[3]!.left(ids[0]!);
  let third: Uint8Array | undefined;
  peers[3]!.fetch(id, (found) => (third = found));
  run(10_000);
  expect(isSame(third, medium)).toBe(true);
});

it('[MD2] goes on with another when one gives crumbs, and asks that one last', () => {
  const them = room(3);
  const { peers, run, control } = them;
  const medium = bytes(1_500_000);
  const id = added(them, 0, medium)!;
  added(them, 1, medium);
  let count = 0;
  control.delay = (from, message) => (from === 0 && message.length > 500 ? 2000 * ++count : 5);
  let got: Uint8Array | undefined;
  peers[2]!.fetch(id, (found) => (got = found));
  run(25_000);
  expect(isSame(got, medium)).toBe(true);
});

it('[SY4] shares one pace with documents while a run is on', () => {
  const them = room(2);
  const { peers, run, sent, control } = them;
  control.isRunning = true;
  const id = added(them, 0, bytes(1_200_000))!;
  let got: Uint8Array | undefined;
  peers[1]!.fetch(id, (found) => (got = found));
  run(1000);
  expect(sent[0]).toBeGreaterThan(800_000);
  expect(sent[0]).toBeLessThan(1_100_000);
  run(2000);
  expect(got).toHaveLength(1_200_000);
});

it('[MD3] hashes what is long between other turns, and nothing after its end', () => {
  const them = room(1);
  const medium = bytes(2_000_000);
  const ids: unknown[] = [];
  them.peers[0]!.add(medium, (id) => ids.push(id));
  expect(ids).toEqual([]);
  them.run(1);
  expect(ids).toHaveLength(1);
  them.peers[0]!.add(bytes(1000), (id) => ids.push(id));
  expect(ids).toHaveLength(2);
  them.peers[0]!.add(bytes(2_000_001), (id) => ids.push(id));
  them.peers[0]!.close();
  them.run(1);
  expect(ids).toHaveLength(2);
});

it('[MD3] has an end: media, chunks wanted at once, what is kept', () => {
  const them = room(2);
  const { run, refused } = them;
  expect(added(them, 0, new Uint8Array(130 * 1024 * 1024))).toBeUndefined();
  expect(decodeIndex(encodeIndex({ size: 70_000, hashes: ['ab'.repeat(32)] }))).toBeUndefined();
  expect(decodeIndex(new Uint8Array(3))).toBeUndefined();
  const store = createMemoryChunks(1000);
  for (let i = 0; i < 10; i++) store.write(String(i), new Uint8Array(300));
  const kept: string[] = [];
  for (let i = 0; i < 10; i++) store.read(String(i), (found) => found && kept.push(String(i)));
  expect(kept).toEqual(['7', '8', '9']);
  run(10);
  expect(refused).toEqual([]);
});

it('[SY4] a peer is never sent what its link would take for a flood', () => {
  const clock = { now: 0 };
  const pace = createPace({ clock: { now: () => clock.now as LocalTime } }, () => false);
  let sent = 0;
  for (; clock.now < 10_000; clock.now += 10) while (pace.take('a' as PeerId, 1100)) sent += 1;
  expect(sent).toBeLessThan(9000 + 30_000);
  expect(sent).toBeGreaterThan(25_000);
  expect(pace.take('b' as PeerId, 1100)).toBe(true);
});
