import { expect, it } from 'vitest';
import type { LocalTime } from '../../../src/base.ts';
import { createUtcEstimate } from '../../../src/mesh/utc.ts';

const EPOCH = Date.UTC(2026, 10, 21, 20);
const local = (ms: number): LocalTime => ms as LocalTime;
const own = (ms: number): { readonly ms: number; readonly isSynchronised: boolean } => ({ ms, isSynchronised: true });

it('[RN20] half the round trip bounds what time it is, and the quickest of several answers counts', () => {
  const estimate = createUtcEstimate();
  expect([estimate.at(local(0)), estimate.toLocal(EPOCH, local(0))]).toEqual([undefined, undefined]);
  // It left there 90 ms after the question, and was here 10 ms later.
  estimate.add(local(0), local(100), own(EPOCH + 90));
  const first = estimate.at(local(100))!;
  expect(first.bound).toBeCloseTo(51, 5);
  expect(Math.abs(first.ms - (EPOCH + 100))).toBeLessThanOrEqual(first.bound);
  estimate.add(local(1000), local(1004), own(EPOCH + 1002));
  const second = estimate.at(local(1004))!;
  expect(second.bound).toBeLessThan(3.2);
  expect(Math.abs(second.ms - (EPOCH + 1004))).toBeLessThanOrEqual(second.bound);
  expect(Math.abs(estimate.toLocal(EPOCH + 60_000, local(1004))! - 60_000)).toBeLessThanOrEqual(second.bound);
});

it('[RN20] bounds widen while nobody is asked, and hold for clocks that part by 100 ppm', () => {
  const estimate = createUtcEstimate();
  estimate.add(local(0), local(2), own(EPOCH + 1));
  for (const skew of [-1e-4, 1e-4]) {
    const [now, truth] = [600_000, EPOCH + 600_000 * (1 + skew)];
    const { ms, bound } = estimate.at(local(now))!;
    expect(bound).toBeGreaterThan(59);
    expect(Math.abs(ms - truth)).toBeLessThanOrEqual(bound);
  }
});

it('[RN20] one answer that is an hour off is outvoted; when most say so, the clock was set', () => {
  const estimate = createUtcEstimate();
  const HOUR = 3_600_000;
  for (const at of [0, 1000, 2000]) estimate.add(local(at), local(at + 4), own(EPOCH + at + 2));
  estimate.add(local(3000), local(3004), own(EPOCH + HOUR + 3002));
  expect(Math.abs(estimate.at(local(3004))!.ms - (EPOCH + 3004))).toBeLessThan(5);
  expect(estimate.agreeing(local(3004))).toBe(3);
  for (const at of [4000, 5000]) estimate.add(local(at), local(at + 4), own(EPOCH + HOUR + at + 2));
  expect(Math.abs(estimate.at(local(5004))!.ms - (EPOCH + HOUR + 5004))).toBeLessThan(5);
});

it('[RN20] what was not checked against NTP is dropped for what was, and the other way round', () => {
  const estimate = createUtcEstimate();
  for (const at of [0, 10, 20]) estimate.add(local(at), local(at), { ms: EPOCH + 90_000 + at, isSynchronised: false });
  expect(estimate.at(local(20))!.isSynchronised).toBe(false);
  estimate.add(local(30), local(34), { ms: EPOCH + 32, isSynchronised: true, bound: 8 });
  const { ms, bound, isSynchronised } = estimate.at(local(34))!;
  expect([isSynchronised, Math.abs(ms - EPOCH - 34) <= bound, bound > 8]).toEqual([true, true, true]);
  estimate.clear();
  expect(estimate.at(local(40))).toBeUndefined();
});

it('[RN20] what cannot be UTC is not taken', () => {
  const estimate = createUtcEstimate();
  for (const ms of [0, -1, NaN, Infinity, 1e15, 2_000_000_000]) expect(estimate.add(local(0), local(1), own(ms))).toBe(false);
  expect(estimate.add(local(0), local(6000), own(EPOCH))).toBe(false);
  expect(estimate.add(local(5), local(0), own(EPOCH))).toBe(false);
  for (const bound of [-1, NaN, 1e9]) expect(estimate.add(local(0), local(1), { ...own(EPOCH), bound })).toBe(false);
  expect(estimate.at(local(1))).toBeUndefined();
});
