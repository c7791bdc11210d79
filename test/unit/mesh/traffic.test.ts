import { describe, expect, it } from 'vitest';
import type { LocalTime } from '../../../src/base.ts';
import { PING_PERIOD } from '../../../src/mesh/pinger.ts';
import { createTraffic } from '../../../src/mesh/traffic.ts';
import { createDraw } from '../../sim/random.ts';

const at = (ms: number): LocalTime => ms as LocalTime;
const sample = (sent: number) => ({ sent: at(sent), received: at(0), returned: at(0), back: at(sent + 5) });

describe('traffic', () => {
  it('[LK19] tells the part of pings without an answer from the holes between those that have one', () => {
    const draw = createDraw(5);
    for (const loss of [0, 0.05, 0.3]) {
      const traffic = createTraffic(at(0));
      expect(traffic.loss(at(0))).toBeUndefined();
      let now = 0;
      for (let i = 0; i < 240; i++) {
        now += PING_PERIOD * draw.between(0.9, 1.1);
        if (!draw.chance(loss)) traffic.sample(sample(now));
      }
      expect(Math.abs((traffic.loss(at(now)) ?? NaN) - loss)).toBeLessThan(loss === 0 ? 1e-9 : 0.06);
    }
  });

  it('[LK19] a sleep is no loss, and a minute later nothing is known', () => {
    const traffic = createTraffic(at(0));
    for (const sent of [250, 500, 750, 10_750, 11_000]) traffic.sample(sample(sent));
    expect(traffic.loss(at(11_000))).toBe(0);
    expect(traffic.loss(at(80_000))).toBeUndefined();
  });

  it('[LK19] rates are averages over about 5 s', () => {
    const traffic = createTraffic(at(0));
    for (let second = 1; second <= 40; second++) {
      for (let i = 0; i < 30; i++) traffic.sent();
      for (let i = 0; i < 4; i++) traffic.received();
      traffic.turn(at(second * 1000));
    }
    expect(traffic.rates().sent).toBeCloseTo(30, 0);
    expect(traffic.rates().received).toBeCloseTo(4, 0);
    for (let second = 41; second <= 45; second++) traffic.turn(at(second * 1000));
    expect(traffic.rates().sent).toBeCloseTo(30 / Math.E, 0);
  });
});
