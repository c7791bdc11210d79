import { describe, expect, it } from 'vitest';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { encodeBeacon } from '../../../src/mesh/beacon.ts';
import { createMeshClock } from '../../../src/mesh/clock.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

/** One clock among neighbours who say what the test lets them say, four times a second. */
function createListener(self: string) {
  const timeline = createTimeline();
  const host = createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1));
  const clock = createMeshClock(host, self as PeerId);
  const said = new Map<PeerId, { master: string; term: number }>();
  return {
    clock,
    say: (id: string, master: string, term: number) => void said.set(id as PeerId, { master, term }),
    pass(ms: number) {
      for (const end = timeline.now() + ms; timeline.now() < end;) {
        timeline.run(timeline.now() + 250);
        const now = host.clock.now();
        for (const [id, { master, term }] of said) {
          const map = { origin: 0, offset: 0, skew: 0 };
          const figures = { spread: 0.1, bound: 0.2, isVisible: true, isReady: true, preference: 0, heard: [] };
          const beacon = encodeBeacon({ session: 's', term, master: master as PeerId, since: 0, joinedAt: 0, map, ...figures });
          clock.sample(id, { sent: (now - 2) as LocalTime, received: (now - 1) as LocalTime, returned: (now - 1) as LocalTime, back: now });
          clock.beat(id, { mainAge: 0, beacon, receivedAt: now });
        }
        clock.tick();
      }
    },
  };
}

describe('a master that never took office', () => {
  it('[EL7] is given up after 2 s for whom it says itself, though that is of an earlier term', () => {
    const { clock, say, pass } = createListener('d');
    for (const id of ['a', 'b', 'c']) say(id, 'a', 1);
    pass(3000);
    expect([clock.master(), clock.term()]).toEqual(['a', 1]);
    say('b', 'b', 2);
    pass(500);
    expect([clock.master(), clock.term()]).toEqual(['b', 2]);
    say('b', 'a', 1);
    pass(1750);
    expect([clock.master(), clock.term()]).toEqual(['b', 2]);
    pass(1000);
    expect([clock.master(), clock.term()]).toEqual(['a', 1]);
    pass(10_000);
    expect([clock.master(), clock.term()]).toEqual(['a', 1]);
  });

  it('[EL7] and of two who name each other one takes it', () => {
    const { clock, say, pass } = createListener('d');
    for (const id of ['a', 'b', 'c']) say(id, 'a', 1);
    pass(3000);
    say('a', 'd', 2);
    pass(4000);
    expect(clock.isMaster()).toBe(true);
    expect(clock.term()).toBeGreaterThan(2);
  });

  it('[EL7] who holds itself for master yields after 2 s to whom most of those heard hold for it, be its id lesser or not', () => {
    const { clock, say, pass } = createListener('a');
    for (const id of ['b', 'c', 'd']) say(id, 'a', 1);
    pass(3000);
    expect(clock.isMaster()).toBe(true);
    // They doubt it, and have lost it, while it hears them.
    for (const id of ['b', 'c']) say(id, 'b', 1);
    pass(1500);
    expect(clock.isMaster()).toBe(true);
    pass(1000);
    expect([clock.master(), clock.term()]).toEqual(['b', 1]);
    pass(10_000);
    expect([clock.master(), clock.term()]).toEqual(['b', 1]);
  });

  it('[EL7] but not to who is held for it by as many as not', () => {
    const { clock, say, pass } = createListener('a');
    for (const id of ['b', 'c', 'd']) say(id, 'a', 1);
    say('e', 'a', 1);
    pass(3000);
    for (const id of ['b', 'c']) say(id, 'b', 1);
    pass(10_000);
    expect(clock.isMaster()).toBe(true);
  });
});
