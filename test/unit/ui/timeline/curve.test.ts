import { expect, it } from 'vitest';
import { curveCorners, valueCorners } from '../../../../src/ui/timeline/curve.ts';

const points = [
  { id: 'a', x: 0.2, y: 0.5, curve: 1 },
  { id: 'b', x: 0.6, y: 1, curve: 2 },
  { id: 'c', x: 1, y: 0, curve: 1 },
];

it('[TL3] a straight curve needs no more corners than points, and holds before and after', () => {
  expect(curveCorners(points.slice(0, 2), 0, 1, 1000)).toEqual([0, 0.5, 0.2, 0.5, 0.6, 1, 1, 1]);
});

it('[TL3] a bent segment follows its exponent', () => {
  const corners = curveCorners(points, 0, 1, 400);
  const i = corners.findIndex((value, k) => k % 2 === 0 && Math.abs(value - 0.8) < 1e-6);
  expect(corners[i + 1]).toBeCloseTo(1 - 0.25);
});

it('[TL3] x never goes back, whatever part is asked for', () => {
  for (const [from, to] of [
    [0, 1],
    [0.3, 0.4],
    [0.7, 3],
    [-1, 0.1],
  ] as const) {
    const xs = curveCorners(points, from, to, 777).filter((_, i) => i % 2 === 0);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(from - 1e-9);
    expect(Math.max(...xs)).toBeLessThanOrEqual(to + 1e-9);
  }
});

it('[TL3] no points, no curve', () => expect(curveCorners([], 0, 1, 100)).toEqual([]));

it('[TL3] what is asked along a slot keeps within it, leaps upright, and leaves out what says nothing', () => {
  const square = valueCorners((x) => (x < 50 ? -1 : 1), [0, 100], [-1, 1]);
  const leap = square.findIndex((value, i) => i % 2 === 1 && value === 1);
  expect([square[leap - 3], square[leap - 2], square[leap]]).toEqual([square[leap - 1], 0, 1]);
  const ys = (corners: readonly number[]) => corners.filter((_, i) => i % 2 === 1);
  expect(ys(valueCorners((x) => x * 9, [0, 100], [0, 100])).every((y) => y >= 0 && y <= 1)).toBe(true);
  expect(valueCorners((x) => (x > 20 ? undefined : NaN), [0, 100], [0, 1])).toEqual([]);
  expect(valueCorners(() => 3, [0, 1e6], [0, 6]).length).toBeLessThan(2000);
});
