import type { Spline } from '../../crdt/score.ts';

type Point = readonly [number, number];

/**
 * Point of a clamped uniform B-spline of degree 3 (less with fewer points) at u, 0 to 1: it begins in the first and ends
 * in the last control point and is drawn by those between, as ossia's (tinyspline). By de Boor's algorithm.
 * undefined without points.
 */
export function splineAt(points: Spline['points'], u: number): Point | undefined {
  const degree = Math.min(3, points.length - 1);
  if (degree < 0) return undefined;
  const spans = points.length - degree;
  const at = Math.min(1, Math.max(0, u)) * spans;
  const span = Math.min(spans - 1, Math.floor(at));
  const knot = (i: number): number => Math.min(spans, Math.max(0, i - degree));
  let row: readonly Point[] = points.slice(span, span + degree + 1).map(({ x, y }) => [x, y] as const);
  for (let level = 1; level <= degree; level++) {
    const below = row;
    row = below.slice(1).map(([x, y], i) => {
      const [before, first] = [below[i]!, span + level + i];
      const [from, to] = [knot(first), knot(first + degree - level + 1)];
      const share = (at - from) / (to - from);
      return [before[0] + (x - before[0]) * share, before[1] + (y - before[1]) * share] as const;
    });
  }
  return row[0];
}
