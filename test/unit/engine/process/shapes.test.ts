import { describe, expect, it } from 'vitest';
import type { Flicks } from '../../../../src/base.ts';
import { flicks } from '../../../../src/base.ts';
import { EASINGS } from '../../../../src/crdt/score.ts';
import { curveAt } from '../../../../src/engine/process/curve.ts';
import { ease } from '../../../../src/engine/process/easing.ts';
import { gradientAt } from '../../../../src/engine/process/gradient.ts';
import { beatsIn, gridCount, gridIn } from '../../../../src/engine/process/metre.ts';
import type { Metre } from '../../../../src/engine/process/metre.ts';
import { splineAt } from '../../../../src/engine/process/spline.ts';
import { smooth, smoothed } from '../../../../src/engine/process/smooth.ts';
import type { SmoothSettings, SmoothState } from '../../../../src/engine/process/smooth.ts';

describe('easings', () => {
  it('[EX24] all thirty-one go from 0 to 1', () => {
    expect(EASINGS).toHaveLength(31);
    for (const name of EASINGS) expect([ease(name, 0), ease(name, 1)], name).toEqual([expect.closeTo(0, 9), expect.closeTo(1, 9)]);
  });
  it('[EX24] an Out is its In turned round, an InOut is symmetric', () => {
    for (const name of EASINGS.filter((it) => it.endsWith('InOut')))
      for (const x of [0.1, 0.3, 0.45]) expect(ease(name, x) + ease(name, 1 - x), name).toBeCloseTo(1, 9);
    expect(ease('cubicOut', 0.25)).toBeCloseTo(1 - 0.75 ** 3, 12);
  });
  it('[EX24] known values', () => {
    expect(ease('quadraticInOut', 0.25)).toBe(0.125);
    expect(ease('sineIn', 0.5)).toBeCloseTo(1 - Math.SQRT1_2, 12);
    expect(ease('circularOut', 0.5)).toBeCloseTo(Math.sqrt(0.75), 12);
    expect(ease('exponentialIn', 0.5)).toBeCloseTo(2 ** -5, 12);
    expect(ease('bounceOut', 4 / 11)).toBeCloseTo(1, 12);
    expect(ease('backIn', 0.5)).toBeCloseTo(0.125 - 0.5, 12);
    expect(ease('perlinInOut', 0.25)).toBeCloseTo(0.103515625, 12);
  });
  it('[EX24] a segment of a curve may be an easing', () => {
    const points = [
      { id: 'a', x: 0, y: 1, curve: 'quadraticIn' as const },
      { id: 'b', x: 2, y: 0, curve: 1 },
    ];
    expect([0, 1, 2, 9].map((x) => curveAt(points, x))).toEqual([1, 0.75, 0, 0]);
  });
});

describe('gradient', () => {
  const stops = [
    { id: 'a', x: 0.2, color: [1, 0, 0, 1] },
    { id: 'b', x: 0.8, color: [0, 0, 1, 0] },
  ] as const;
  it('[PR1] holds before and beyond, passes through its stops', () => {
    expect(gradientAt(stops, 0)).toEqual([1, 0, 0, 1]);
    expect(gradientAt(stops, 5)).toEqual([0, 0, 1, 0]);
    expect(gradientAt([], 0)).toBeUndefined();
    const near = gradientAt(stops, 0.2000001)!;
    expect(near[0]).toBeCloseTo(1, 3);
    expect(near[2]).toBeCloseTo(0, 2);
  });
  it('[PR1] greys in between are lighter than the mean of their numbers: it looks even, not counts even', () => {
    const [red, green, blue, alpha] = gradientAt(
      [
        { id: 'a', x: 0, color: [0, 0, 0, 1] },
        { id: 'b', x: 1, color: [1, 1, 1, 0] },
      ],
      0.5,
    )!;
    expect(red).toBeCloseTo(green, 2);
    expect(green).toBeCloseTo(blue, 2);
    // A quarter of the light (L is a square root), seen through the gamma of sRGB.
    expect(green).toBeCloseTo(0.537, 2);
    expect(alpha).toBe(0.5);
  });
});

describe('spline', () => {
  const points = (...at: [number, number][]) => at.map(([x, y], i) => ({ id: `${i}`, x, y }));
  it('[PR2] begins and ends in its outer points and holds there', () => {
    const it = points([0, 1], [1, 3], [2, -1], [3, 0], [5, 5]);
    expect(splineAt(it, 0)).toEqual([0, 1]);
    expect(splineAt(it, 1)).toEqual([5, 5]);
    expect(splineAt(it, 7)).toEqual([5, 5]);
  });
  it('[PR2] of four points it is their Bézier curve, of two their line', () => {
    const [x, y] = splineAt(points([0, 0], [0, 1], [1, 1], [1, 0]), 0.5)!;
    expect([x, y]).toEqual([0.5, 0.75]);
    expect(splineAt(points([0, 0], [4, 8]), 0.25)).toEqual([1, 2]);
    expect(splineAt(points([3, 4]), 0.5)).toEqual([3, 4]);
    expect(splineAt([], 0.5)).toBeUndefined();
  });
  it('[PR2] more points: smooth, within their hull', () => {
    const it = points([0, 0], [1, 2], [2, -2], [3, 2], [4, -2], [5, 0]);
    let before = splineAt(it, 0)!;
    for (let u = 0.001; u <= 1; u += 0.001) {
      const at = splineAt(it, u)!;
      expect(Math.hypot(at[0] - before[0], at[1] - before[1])).toBeLessThan(0.03);
      before = at;
    }
  });
});

describe('metre', () => {
  const metre = (signatures: Metre['signatures'] = [], shift = 0): Metre => ({ signatures, quarter: 100, shift });
  const at = (date: number, numerator: number, denominator: 4 | 8) => ({ date: date as Flicks, numerator, denominator });
  const dates = (points: readonly { date: number }[]) => points.map(({ date }) => date);
  it('[PR3] quarters, bars, every second bar; the end of a window belongs to the next', () => {
    expect(dates(gridIn(metre(), 4, [0, 400]))).toEqual([0, 100, 200, 300]);
    expect(dates(gridIn(metre(), 1, [1, 1200]))).toEqual([400, 800]);
    expect(dates(gridIn(metre(), 0.5, [0, 1601]))).toEqual([0, 800, 1600]);
  });
  it('[PR3] finer grids begin again at every bar line, bars at every change', () => {
    expect(dates(gridIn(metre([at(0, 3, 8)]), 4, [0, 300]))).toEqual([0, 100, 150, 250]);
    expect(dates(gridIn(metre([at(0, 4, 4), at(600, 3, 4)]), 1, [0, 1300]))).toEqual([0, 400, 600, 900, 1200]);
  });
  it('[PR3] an interval that inherits its bars begins in the middle of one', () => {
    expect(gridIn(metre([], 250), 4, [0, 300])).toEqual([
      { date: 50, isBar: false },
      { date: 150, isBar: true },
      { date: 250, isBar: false },
    ]);
  });
  it('[PR3] counting agrees with listing', () => {
    for (const rate of [0.25, 0.5, 1, 2, 4, 8, 16])
      for (const signatures of [[], [at(0, 3, 8)], [at(0, 7, 8), at(350 * 3, 4, 4), at(3000, 5, 4)]])
        for (const to of [0, 1, 99, 100, 101, 350, 777, 1050, 3000, 4321])
          expect(gridCount(metre(signatures), rate, to), `${rate} ${signatures.length} ${to}`).toBe(
            gridIn(metre(signatures), rate, [0, to]).length,
          );
  });
  it('[PR3] beats are quarters from every bar line', () => {
    expect(dates(beatsIn(metre([at(0, 7, 8), at(350, 3, 4)]), [0, 700]))).toEqual([0, 100, 200, 300, 350, 450, 550, 650]);
  });
  it('[PR3] a grid of a few flicks does not hang', () => {
    expect(gridIn({ ...metre(), quarter: 0.001 }, 64, [0, flicks(1000)]).length).toBeLessThanOrEqual(2000);
  });
});

describe('smooth', () => {
  const settings: SmoothSettings = { mode: 'lowPass', amount: 0.1, frequency: 120, cutoff: 1, beta: 1 };
  const feed = (set: SmoothSettings, inputs: readonly number[]): number[] => {
    let state: SmoothState | undefined;
    return inputs.map((input) => smoothed((state = smooth(set, state, input)), set.mode));
  };
  it('[PR4] the first value passes, a step is followed and reached', () => {
    for (const mode of ['oneEuro', 'lowPass', 'average', 'median'] as const) {
      const out = feed({ ...settings, mode }, [0, 0, ...Array<number>(400).fill(1)]);
      expect(out[0], mode).toBe(0);
      expect(out.at(-1), mode).toBeCloseTo(1, 4);
      expect(
        [...out].sort((a, b) => a - b),
        mode,
      ).toEqual(out);
    }
  });
  it('[PR4] a low pass takes as long as its cutoff says', () => {
    const out = feed({ ...settings, frequency: 300 }, [0, ...Array<number>(60).fill(1)]);
    // Time constant 1 / (2π cutoff) = 159 ms, hence 63 % after some ten ticks.
    expect(out[10]).toBeGreaterThan(0.58);
    expect(out[10]).toBeLessThan(0.7);
  });
  it('[PR4] a median forgets a spike, a mean divides it', () => {
    const spike = [0, 0, 0, 0, 0, 0, 60, 0, 0, 0];
    expect(Math.max(...feed({ ...settings, mode: 'median' }, spike))).toBe(0);
    expect(Math.max(...feed({ ...settings, mode: 'average' }, spike))).toBe(10);
  });
  it('[PR4] a 1€ filter is slow at rest and fast on the way', () => {
    const slow = feed({ ...settings, mode: 'oneEuro', beta: 0.001 }, [0, ...Array<number>(10).fill(10)]);
    const fast = feed({ ...settings, mode: 'oneEuro', beta: 5 }, [0, ...Array<number>(10).fill(10)]);
    expect(fast[3]).toBeGreaterThan(slow[3]! + 1);
  });
});
