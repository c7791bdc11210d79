import { describe, expect, it } from 'vitest';
import { type Figure, figuresOf } from '../clock/figures.ts';
import { createTrace, type Profile, type ProfileName, PROFILES, quantile } from '../clock/traces.ts';
import { errorsOf, OTHERS, OURS, type Way } from '../clock/ways.ts';

const SEEDS = Array.from({ length: 6 }, (_, i) => i + 1);
const LENGTH = 240_000;
/** ms of age from which an estimate must hold what it promises of its spread. */
const GROWN = 20_000;
const NAMES = Object.keys(PROFILES) as ProfileName[];

const known = new Map<ProfileName, Figure[]>();
function figures(name: ProfileName): Figure[] {
  const seen = known.get(name) ?? SEEDS.flatMap((seed) => figuresOf(PROFILES[name], seed, LENGTH));
  known.set(name, seen);
  return seen;
}
const errors = (seen: readonly Figure[]): number[] => seen.map(({ error }) => error);
const coverage = (seen: readonly Figure[]): number => seen.filter(({ error, spread }) => error <= spread).length / seen.length;

describe('estimates over traces of which the truth is known', () => {
  // A step is unknown until the first ping after it, a sudden other rate until it adds up: both have tests of their own.
  for (const name of NAMES.filter((name) => name !== 'stepping' && name !== 'disciplined'))
    it(`[CK2] the error never exceeds bound: ${PROFILES[name].title}`, () => {
      expect(figures(name).filter(({ error, bound }) => error > bound)).toEqual([]);
    });

  for (const name of NAMES.filter((name) => (PROFILES[name] as Profile).isSymmetric && !/stepping|disciplined|drifting$/.test(name)))
    it(`[CK3] spread covers 95 % and is at most three times the true p95: ${PROFILES[name].title}`, () => {
      const seen = figures(name).filter(({ at }) => at > GROWN);
      const spread = quantile(
        seen.map((figure) => figure.spread),
        0.5,
      );
      expect(coverage(seen)).toBeGreaterThanOrEqual(0.95);
      expect(spread).toBeLessThanOrEqual(3 * quantile(errors(seen), 0.95));
    });

  it('[CK3] spread follows a rate that changes as fast as no machine does: still 90 %', () => {
    expect(coverage(figures('drifting'))).toBeGreaterThanOrEqual(0.9);
    expect(coverage(figures('disciplined'))).toBeGreaterThanOrEqual(0.9);
  });

  for (const [name, limit] of [
    ['lan', 0.2],
    ['skewed', 0.2],
    ['oneSided', 1],
    ['wan', 1],
    ['skewedWan', 1],
    ['powerSave', 1],
    ['bursty', 1],
    ['longer', 1],
    ['drifting', 0.2],
  ] as const)
    it(`[CK3] p99 of the error is at most ${limit} ms: ${PROFILES[name].title}`, () => {
      const seen = figures(name).filter(({ at }) => at > 5000);
      expect(quantile(errors(seen), 0.99)).toBeLessThanOrEqual(limit);
    });

  it('[CK3] a path that suddenly is six times as long costs less than a millisecond, and bound says what it must', () => {
    const seen = figures('longer').filter(({ at }) => at > 90_000);
    expect(Math.max(...errors(seen))).toBeLessThan(1);
    expect(Math.max(...seen.map(({ bound }) => bound))).toBeGreaterThan(25);
  });

  it('[CK2] a detour one way only leads to half of it, never beyond', () => {
    const seen = figures('detour').filter(({ at }) => at > 90_000);
    expect(Math.max(...errors(seen))).toBeLessThan(15.2);
  });

  it('[CK7] a step is unlearnt within half a second, by whatever it was, in either direction', () => {
    const seen = figures('stepping').filter(({ at }) => at > 5000);
    const since = (at: number): number => at % 30_000;
    expect(Math.max(...errors(seen.filter(({ at }) => since(at) > 500)))).toBeLessThan(1);
    expect(seen.filter(({ at, error, bound }) => since(at) > 500 && error > bound)).toEqual([]);
  });

  it('[CK7] another rate all of a sudden (400 ppm) never costs more than 1.2 ms', () => {
    const seen = figures('disciplined').filter(({ at }) => at > 5000);
    expect(Math.max(...errors(seen))).toBeLessThan(1.2);
    expect(Math.max(...seen.map(({ error, bound }) => error - bound))).toBeLessThan(0.1);
  });

  it('[CK2] stamps of a millisecond cost about that, and no sample is thrown away for them', () => {
    for (const [name, limit] of [
      ['coarse', 1.6],
      ['halfCoarse', 0.8],
      ['loopback', 0.2],
    ] as const)
      expect(quantile(errors(figures(name).filter(({ at }) => at > 5000)), 0.99)).toBeLessThanOrEqual(limit);
  });
});

describe('against others on the same trace', () => {
  const COMPARED = SEEDS.slice(0, 3);
  const SYMMETRIC = ['lan', 'wan', 'oneSided', 'bursty', 'powerSave', 'skewed', 'skewedWan', 'stepping'] as const;

  async function errorsOn(name: ProfileName, way: Way): Promise<number[]> {
    const all: number[] = [];
    for (const seed of COMPARED) all.push(...(await errorsOf(way, createTrace(PROFILES[name], seed, 200_000))));
    return all;
  }

  for (const name of SYMMETRIC)
    it(`[CK1] at most a third of the error of the best of @ircam/sync, timesync and least round trips: ${PROFILES[name].title}`, async () => {
      const ours = await errorsOn(name, OURS);
      const others: number[][] = [];
      for (const way of OTHERS) others.push(await errorsOn(name, way));
      for (const share of name === 'stepping' ? [0.5, 0.95] : [0.5, 0.95, 0.99]) {
        const best = Math.min(...others.map((other) => quantile(other, share)));
        expect(best).toBeGreaterThan(0);
        expect(quantile(ours, share)).toBeLessThanOrEqual(best / 3);
      }
    });

  it('[CK1] on the asymmetric path comes nearest to the floor, half of the asymmetry', async () => {
    const FLOOR = 15;
    const distance = async (way: Way): Promise<number> => {
      const off = (await errorsOn('asymmetric', way)).map((error) => Math.abs(error - FLOOR));
      return quantile(off, 0.95);
    };
    const ours = await distance(OURS);
    for (const other of OTHERS) expect(await distance(other)).toBeGreaterThan(3 * ours);
  });
});
