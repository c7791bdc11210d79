import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { createCourier } from '../../../src/mesh/courier.ts';
import type { PeerRecord, SignedRecord } from '../../../src/mesh/record.ts';
import { decodeFrame, decodeMessage } from '../../../src/mesh/wire.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

const id = (name: string): PeerId => name as PeerId;
const record = (name: string, links: string, size = 10): SignedRecord => ({
  record: { id: id(name), links: [...links].map((peer) => ({ peer: id(peer), delay: 1, isFrozen: false })) } as unknown as PeerRecord,
  bytes: new Uint8Array(size).fill(name.charCodeAt(0)),
});

/** A courier with neighbours b, c and d, and what each was given: authors by message. */
function create() {
  const timeline = createTimeline();
  const given = new Map<string, string[]>();
  const host = createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1));
  const neighbours = [...'bcd'].map((peer) => ({ peer: id(peer) }));
  const courier = createCourier(
    host,
    () => neighbours,
    (to, message) => {
      const records = decodeFrame(decodeMessage(message)!.payload)!;
      given.set(to, [...(given.get(to) ?? []), records.map(([first]) => String.fromCharCode(first!)).join('')]);
    },
  );
  return { courier, given, pass: () => timeline.run(timeline.now() + 50) };
}

describe('records on their way', () => {
  it('[LK15] go once to each neighbour, but not to who brought one, wrote it or is linked with its author', () => {
    const { courier, given } = create();
    courier.handOn(id('b'), record('x', 'd'), true);
    courier.handOn(id('b'), record('c', ''), true);
    expect([...given]).toEqual([
      ['c', ['x']],
      ['d', ['c']],
    ]);
  });

  it('[LR4] of a moment go together, and not to who has brought the same meanwhile', () => {
    const { courier, given, pass } = create();
    courier.handOn(id('b'), record('x', ''), false);
    courier.handOn(id('c'), record('y', ''), false);
    courier.has(id('x'), id('d'));
    expect(given.size).toBe(0);
    pass();
    expect([...given]).toEqual([
      ['b', ['y']],
      ['c', ['x']],
      ['d', ['y']],
    ]);
    courier.handOn(id('c'), record('z', ''), false);
    pass();
    expect(given.get('b')).toEqual(['y', 'z']);
  });

  it('[LK9] never make a message larger than a link takes', () => {
    const { courier, given } = create();
    courier.give(
      id('b'),
      [...'uvwxyz'].map((name) => record(name, '', 5000)),
    );
    expect(given.get('b')).toEqual(['uv', 'wx', 'yz']);
  });
});
