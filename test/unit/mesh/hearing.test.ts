import { describe, expect, it } from 'vitest';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { createHearing, type Hearing } from '../../../src/mesh/hearing.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

const peer = 'peer' as PeerId;
const SKEW = 300e-6;

/** Somebody whose clock is an hour ahead and 300 ppm fast, pinged four times a second over 20 ms each way. */
function create() {
  const timeline = createTimeline();
  const draw = createDraw(4);
  const host = createSimHost(timeline, { offset: 0, skew: 0 }, draw);
  const hearing = createHearing(host);
  return {
    hearing,
    timeline,
    ping(count: number, offset: number): void {
      for (let i = 0; i < count; i++) {
        const [sent, there, back] = [timeline.now(), 20 + draw.exponential(5), 20 + draw.exponential(5)];
        const remote = ((sent + there) * (1 + SKEW) + offset) as LocalTime;
        timeline.run(sent + there + back);
        hearing.sample(peer, { sent: sent as LocalTime, received: remote, returned: remote, back: host.clock.now() });
        timeline.run(sent + 250);
      }
    },
    estimate: () => hearing.get(peer)!.estimator.estimate(host.clock.now())!,
  };
}

/** The link ends and is made again by this life of the page. */
function relink(hearing: Hearing, life: string): void {
  hearing.leave(peer);
  expect(hearing.get(peer)).toBeUndefined();
  hearing.recognise(peer, life);
}

describe('a clock that is met again', () => {
  it('[CK13] of the same page is as well known as before from its first sample on', () => {
    const { hearing, ping, estimate } = create();
    hearing.recognise(peer, 'first');
    ping(400, 3.6e6);
    const before = estimate().spread;
    relink(hearing, 'first');
    ping(1, 3.6e6);
    expect(hearing.get(peer)!.estimator.count()).toBeGreaterThan(300);
    expect(estimate().spread).toBeLessThan(1.5 * before);
  });

  it('[CK13] of a reloaded page has its rate, and nothing of its former offset', () => {
    const { hearing, ping, estimate, timeline } = create();
    hearing.recognise(peer, 'first');
    ping(400, 3.6e6);
    relink(hearing, 'second');
    ping(8, -500);
    expect(hearing.get(peer)!.estimator.count()).toBe(8);
    const { map, spread } = estimate();
    expect(Math.abs(map.skew - SKEW)).toBeLessThan(10e-6);
    expect(Math.abs(map.offset - SKEW * timeline.now() + 500)).toBeLessThan(spread);
  });

  it('[CK13] after a minute, or of an unknown life, is learnt anew', () => {
    for (const [life, wait] of [
      ['first', 61_000],
      ['', 0],
    ] as const) {
      const { hearing, ping, timeline } = create();
      if (life !== '') hearing.recognise(peer, life);
      ping(40, 0);
      hearing.leave(peer);
      timeline.run(timeline.now() + wait);
      ping(1, 0);
      expect(hearing.get(peer)!.estimator.count()).toBe(1);
    }
  });

  it('[CK13] is still doubted', () => {
    const { hearing, ping } = create();
    hearing.recognise(peer, 'first');
    ping(4, 0);
    hearing.doubt(peer);
    relink(hearing, 'second');
    ping(1, 0);
    expect(hearing.get(peer)!.isDoubted).toBe(true);
  });
});
