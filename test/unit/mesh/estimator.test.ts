import { describe, expect, it } from 'vitest';
import type { LocalTime } from '../../../src/base.ts';
import { createEstimator } from '../../../src/mesh/estimator.ts';
import { createRandom, PATHS, type Path, quantile } from './clock-room.ts';
import { type Sample, toMesh } from '../../../src/mesh/time.ts';

/** The other's clock minus ours when ours shows t. */
type Truth = (t: number) => number;

function* pingsOver(path: Path, truth: Truth, random: () => number, length: number): Generator<Sample> {
  for (let t = 0, count = 0; t < length; count++) {
    t += count < 20 ? 50 : 250;
    const arrived = t + path.there(random);
    const remote = (arrived + truth(arrived)) as LocalTime;
    const back = arrived + path.back(random);
    if (random() >= path.loss) yield { sent: t as LocalTime, received: remote, returned: remote, back: back as LocalTime };
  }
}

function run(seed: number, path: Path, truth: Truth, length: number) {
  const estimator = createEstimator();
  const seen: { at: number; error: number; bound: number; spread: number }[] = [];
  for (const sample of pingsOver(path, truth, createRandom(seed), length)) {
    estimator.add(sample);
    const at = (sample.back + 100) as LocalTime;
    const { map, bound, spread } = estimator.estimate(at)!;
    seen.push({ at, error: Math.abs(toMesh(map, at) - at - truth(at)), bound, spread });
  }
  return { estimator, seen };
}

const SKEWS = [-600e-6, -40e-6, 0, 40e-6, 600e-6, 1600e-6];

describe('estimator', () => {
  it('[CK1] knows nothing before the first sample, and from it the middle and half the round trip', () => {
    const estimator = createEstimator();
    expect(estimator.estimate(0 as LocalTime)).toBeUndefined();
    estimator.add({ sent: 100.03, received: 5105.33, returned: 5106.3833, back: 111.0833 } as unknown as Sample);
    const estimate = estimator.estimate(111 as LocalTime)!;
    expect(estimate.map.offset).toBeCloseTo(5000.3, 1);
    expect(estimate.map.skew).toBe(0);
    expect(estimate.roundTrip).toBeCloseTo(10, 6);
    expect(estimate.spread).toBeCloseTo(5, 6);
    expect(estimate.bound).toBeGreaterThan(5);
    expect(estimate.bound).toBeLessThan(5.5);
  });

  for (const [name, path] of Object.entries(PATHS))
    it(`[CK2] bound holds on ${name} from the first sample on, at any offset and skew up to 1600 ppm`, () => {
      for (const [seed, skew] of SKEWS.entries()) {
        const { seen } = run(seed, path, (t) => 3_600_000 * (seed - 2) + skew * t, 40_000);
        expect(Math.max(...seen.map(({ error, bound }) => error - bound))).toBeLessThanOrEqual(0);
      }
    });

  for (const name of ['lan', 'wan', 'wifi', 'bursty'] as const)
    it(`[CK3] spread covers 95 % on ${name} and is at most three times the true p95`, () => {
      const seen = SKEWS.slice(0, 5).flatMap((skew, seed) =>
        run(seed, PATHS[name], (t) => skew * t, 60_000).seen.filter(({ at }) => at > 20_000),
      );
      const errors = seen.map(({ error }) => error);
      const spread = quantile(
        seen.map((figure) => figure.spread),
        0.5,
      );
      expect(seen.filter((figure) => figure.error <= figure.spread).length / seen.length).toBeGreaterThanOrEqual(0.95);
      expect(spread).toBeLessThanOrEqual(3 * quantile(errors, 0.95));
    });

  it('[CK2] on an asymmetric path errs by half the asymmetry, which no two-way method passes, and its bound says so', () => {
    const { seen } = run(1, PATHS.asymmetric, () => 0, 60_000);
    const { error, bound } = seen.at(-1)!;
    expect(error).toBeCloseTo(15, 0);
    expect(bound).toBeGreaterThan(24);
  });

  it('[CK7] starts over when a clock was stepped', () => {
    const truth: Truth = (t) => (t < 30_000 ? 0 : 500);
    const { seen } = run(2, PATHS.lan, truth, 40_000);
    const later = seen.filter(({ at }) => at > 31_500);
    expect(Math.max(...later.map(({ error }) => error))).toBeLessThan(0.5);
  });

  it('[CK7] forgets sooner when a rate wanders', () => {
    const { seen, estimator } = run(3, PATHS.lan, (t) => 0.4 * Math.sin(t / 20_000), 150_000);
    expect(
      quantile(
        seen.map(({ error }) => error),
        0.99,
      ),
    ).toBeLessThan(0.4);
    expect(Math.max(...seen.map(({ error, bound }) => error - bound))).toBeLessThanOrEqual(0);
    expect(estimator.count()).toBeLessThanOrEqual(500);
  });
});
