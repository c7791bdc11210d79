import { describe, expect, it } from 'vitest';
import type { LocalTime } from '../../../src/base.ts';
import { createPacer } from '../../../src/mesh/pacer.ts';

/** Packets a second besides pings, when something new is to be said every ms for so long. */
function drive(links: number, ms: number, besides = 0): { readonly perSecond: number; readonly first: number } {
  const pacer = createPacer();
  let [flushAt, packets, first] = [Infinity, 0, Infinity];
  for (let now = 0; now < ms; now++) {
    for (let i = Math.floor((now * besides) / 1000); i < Math.floor(((now + 1) * besides) / 1000); i++) pacer.besides(now as LocalTime);
    if (flushAt === Infinity) flushAt = now + pacer.wait(links, now as LocalTime);
    if (now < flushAt) continue;
    first = Math.min(first, now);
    packets += links;
    pacer.sent(links, now as LocalTime);
    flushAt = Infinity;
  }
  return { perSecond: (packets / ms) * 1000, first };
}

describe('pacing', () => {
  it('[LR3] keeps 250 packets a second, pings included, over any number of links', () => {
    for (const links of [1, 3, 8, 11, 16]) {
      const { perSecond, first } = drive(links, 20_000);
      expect(perSecond + 8 * links).toBeLessThanOrEqual(250);
      expect(perSecond).toBeGreaterThan(links > 2 ? 50 : 100);
      expect(first).toBeLessThanOrEqual(9);
    }
  });

  it('[LR3] makes room for what leaves besides, and is not stopped by it', () => {
    for (const besides of [50, 120]) {
      const { perSecond } = drive(6, 20_000, besides);
      expect(perSecond + besides + 8 * 6).toBeLessThanOrEqual(250);
      expect(perSecond).toBeGreaterThan(30);
    }
    // A flood of facts, which do not wait, leaves frames one in a while.
    expect(drive(6, 20_000, 1000).perSecond).toBeGreaterThan(6);
  });
});
