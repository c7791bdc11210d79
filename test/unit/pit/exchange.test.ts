import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import { decodeAny, encodeAny } from '../../../src/mesh/any.ts';
import { createPitExchange } from '../../../src/pit/exchange.ts';
import type { PitExchange } from '../../../src/pit/exchange.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

const [ada, bela] = ['ada', 'bela'] as [PeerId, PeerId];

function pair() {
  const timeline = createTimeline();
  const ends = new Map<PeerId, PitExchange>();
  let isCut = false;
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
      createPitExchange(host.timer, { self, now: () => timeline.now() as MeshTime, send, broadcast: (bytes) => send(other, bytes) }),
    );
  }
  const end = (id: PeerId): PitExchange => {
    const found = ends.get(id);
    if (!found) throw new Error('no such end');
    return found;
  };
  return { timeline, a: end(ada), b: end(bela), sent, cut: (next: boolean) => void (isCut = next) };
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
