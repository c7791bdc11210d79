import type { CurvePoint } from '../../crdt/score.ts';
import { ease } from './easing.ts';
import { pow } from './exact.ts';

/**
 * Value of a curve at x, in the range of its points. Before the first and beyond the last point their values hold;
 * where two stand at one place, the later one counts from there on [EX24].
 * points: ordered by x; undefined when there are none.
 */
export function curveAt(points: readonly CurvePoint[], x: number): number | undefined {
  const after = firstBeyond(points, x);
  const left = points[Math.max(0, after - 1)];
  const right = points[after];
  if (!left) return undefined;
  if (!right || x <= left.x) return left.y;
  const share = (x - left.x) / (right.x - left.x);
  return left.y + (right.y - left.y) * (typeof left.curve === 'number' ? pow(share, left.curve) : ease(left.curve, share));
}

/** Index of the first that lies beyond x, by halving; their number when none does. */
export function firstBeyond(points: readonly { readonly x: number }[], x: number): number {
  let low = 0;
  for (let high = points.length; low < high;) {
    const middle = (low + high) >> 1;
    if (points[middle]!.x > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
