import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import { decodeAny, encodeAny } from '../../../src/mesh/any.ts';
import { createPitExchange } from '../../../src/pit/exchange.ts';
import type { PitExchange } from '../../../src/pit/exchange.ts';
import { pitPeriod } from '../../../src/pit/rate.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

const [ada, bela] = ['ada', 'bela'] as [PeerId, PeerId];

function pair() {
  const timeline = createTimeline();
  const ends = new Map<PeerId, PitExchange>();
  let isCut = false;
  let shift = 0;
  const sent: number[] = [];
  for (const self of [ada, bela]) {
    const host = createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1));
    const send = (to: PeerId, payload: Uint8Array): void => {
      sent.push(payload.length);
      if (!isCut) timeline.at(timeline.now() + 5, () => void ends.get(to)?.receive(self, payload));
    };
    const other = self === ada ? bela : ada;
    ends.set(
      self,
      createPitExchange(host.timer, {
        ...{ self, now: () => (timeline.now() + shift) as MeshTime, links: () => 1, send },
        broadcast: (bytes) => send(other, bytes),
      }),
    );
  }
  const end = (id: PeerId): PitExchange => {
    const found = ends.get(id);
    if (!found) throw new Error('no such end');
    return found;
  };
  return {
    timeline,
    a: end(ada),
    b: end(bela),
    sent,
    cut: (next: boolean) => void (isCut = next),
    shift: (by: number) => void (shift += by),
  };
}

const values = (exchange: PitExchange) => exchange.contributions('p').map(({ peer, value }) => [peer, value]);

describe('pit exchange', () => {
  it('shows every contribution on every peer, by peer id', () => {
    const { timeline, a, b } = pair();
    b.put('p', 2);
    a.put('p', 1);
    timeline.run(100);
    expect(values(a)).toEqual([
      [ada, 1],
      [bela, 2],
    ]);
    expect(values(b)).toEqual(values(a));
  });

  it('forgets pits that nobody puts into any more, so that others find room', () => {
    const { timeline, a, b } = pair();
    for (let i = 0; i < 300; i++) {
      a.put(`old ${i}`, 1);
      timeline.run(timeline.now() + 20);
      a.put(`old ${i}`, null);
    }
    timeline.run(timeline.now() + 2000);
    a.put('p', 1);
    b.put('p', 2);
    timeline.run(timeline.now() + 100);
    expect(values(b)).toEqual([
      [ada, 1],
      [bela, 2],
    ]);
  });

  it('[PT3] sends a fader drawn fast as its newest value only', () => {
    const { timeline, a, b, sent } = pair();
    for (let i = 0; i <= 100; i++) a.put('p', i);
    timeline.run(50);
    expect(sent).toHaveLength(1);
    expect(values(b)).toEqual([[ada, 100]]);
  });

  it('[PT4] repairs a lost value within a second', () => {
    const { timeline, a, b, cut } = pair();
    cut(true);
    a.put('p', 7);
    timeline.run(500);
    expect(values(b)).toEqual([]);
    cut(false);
    timeline.run(1600);
    expect(values(b)).toEqual([[ada, 7]]);
  });

  it('[PT5] drops who left, who withdrew, and who is not heard any more', () => {
    const { timeline, a, b, cut } = pair();
    a.put('p', 7);
    timeline.run(100);
    b.left(ada);
    expect(values(b)).toEqual([]);
    timeline.run(1500);
    expect(values(b)).toEqual([[ada, 7]]);
    a.put('p', null);
    timeline.run(1600);
    expect(values(b)).toEqual([]);
    a.put('p', 8);
    timeline.run(1700);
    cut(true);
    timeline.run(9000);
    expect(values(b)).toEqual([]);
  });

  it('[PT4] does not bring back what was withdrawn when an older value comes late', () => {
    const { timeline, a, b } = pair();
    a.put('p', 7);
    timeline.run(100);
    const late = encodeAny([['p', 1, 0, 7]]);
    a.put('p', null);
    timeline.run(200);
    b.receive(ada, late);
    expect(values(b)).toEqual([]);
    timeline.run(2500);
    b.receive(ada, late);
    expect(values(b)).toEqual([]);
  });

  it('[PT4] says a withdrawal again that was lost', () => {
    const { timeline, a, b, cut } = pair();
    a.put('p', 7);
    timeline.run(100);
    cut(true);
    a.put('p', null);
    timeline.run(1500);
    cut(false);
    timeline.run(2100);
    expect(values(b)).toEqual([]);
  });

  it('[PT5] a peer that invents pits fills its own places only', () => {
    const { timeline, a, b } = pair();
    for (let i = 0; i < 400; i++) b.receive('vandal' as PeerId, encodeAny([[`invented ${i}`, 1, 0, 1]]));
    a.put('p', 1);
    timeline.run(100);
    expect(values(b)).toEqual([[ada, 1]]);
    expect(b.contributions('invented 255')).toHaveLength(1);
    expect(b.contributions('invented 256')).toHaveLength(0);
  });

  it('[PT5] does not take what is dated in the future, and dates its own anew when mesh time is another', () => {
    const { timeline, a, b, shift } = pair();
    b.receive('vandal' as PeerId, encodeAny([['p', 1, 1e12, 3]]));
    expect(values(b)).toEqual([]);
    shift(1e6);
    a.put('p', 5);
    timeline.run(100);
    shift(-1e6);
    a.restamp();
    timeline.run(200);
    expect(b.contributions('p')).toMatchObject([{ peer: ada, value: 5, at: 100 }]);
  });

  it('[PT3] keeps to the budget of packets, however many move and however many links there are', () => {
    expect(pitPeriod(1, 2)).toBe(16);
    expect(1000 / pitPeriod(1, 8)).toBeCloseTo(20, 6);
    expect(1000 / pitPeriod(200, 8)).toBeCloseTo(3, 6);
    for (let links = 1; links <= 16; links++) expect(links * (8 + 1000 / pitPeriod(1, links))).toBeLessThanOrEqual(250);
  });

  it('refuses garbage and keeps what it had', () => {
    const { timeline, a, b } = pair();
    a.put('p', 1);
    timeline.run(100);
    for (const garbage of [new Uint8Array([1, 2, 3]), encodeAny([['p', 'x', 0, 1]]), encodeAny([['p', 1, 0, { a: 1 }]]), encodeAny(null)]) {
      expect(b.receive(ada, garbage)).toBe('refused');
    }
    expect(values(b)).toEqual([[ada, 1]]);
    expect(decodeAny(new Uint8Array())).toBeUndefined();
  });
});
