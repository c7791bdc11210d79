/**
 * Lines between two clouds of points. A ping's way out bounds the difference of two clocks from above, its way back from
 * below; the true difference is a line under all of the former and over all of the latter. Only corners of the two convex
 * hulls can touch such a line, so a few points stand for hundreds.
 */
export interface Point {
  /** ms, increasing along every list. */
  readonly t: number;
  readonly y: number;
}

/** Corners that a line from below (side 1) or from above (side −1) can touch, in order of time; Andrew 1979. */
export function corners(points: readonly Point[], side: 1 | -1): Point[] {
  const hull: Point[] = [];
  for (const point of points) {
    while (hull.length > 1 && side * turn(hull.at(-2)!, hull.at(-1)!, point) <= 0) hull.pop();
    hull.push(point);
  }
  return hull;
}

const turn = (a: Point, b: Point, c: Point): number => (b.t - a.t) * (c.y - a.y) - (b.y - a.y) * (c.t - a.t);

/** Corner touched by a line of a slope coming from below (side 1) or from above (side −1). */
export function touch(hull: readonly Point[], slope: number, side: 1 | -1): Point {
  let best = hull[0]!;
  for (const point of hull) if (side * (point.y - slope * point.t - (best.y - slope * best.t)) < 0) best = point;
  return best;
}

export interface Gap {
  /** Intercepts at t = 0 of the two parallel lines that enclose the gap. */
  readonly high: number;
  readonly low: number;
  /** How fast the gap widens as the slope grows, in ms. */
  readonly growth: number;
}

/** The gap between the clouds for lines of one slope; negative when none fits. */
export function gapAt(upper: readonly Point[], lower: readonly Point[], slope: number): Gap {
  const [above, below] = [touch(upper, slope, 1), touch(lower, slope, -1)];
  return { high: above.y - slope * above.t, low: below.y - slope * below.t, growth: below.t - above.t };
}

const STEPS = 24;

/** Slope in [−limit, limit] of the widest gap, where each unit of slope away from 0 costs `inertia` ms of gap:
 *  a short history has no say about the rate. The gap is concave in the slope, so bisection finds it. */
export function widest(upper: readonly Point[], lower: readonly Point[], limit: number, inertia: number): number {
  const { growth } = gapAt(upper, lower, 0);
  if (Math.abs(growth) <= inertia) return 0;
  const sign = Math.sign(growth);
  let [from, to] = [0, limit];
  for (let step = 0; step < STEPS; step++) {
    const middle = (from + to) / 2;
    if (sign * gapAt(upper, lower, sign * middle).growth > inertia) from = middle;
    else to = middle;
  }
  return sign * from;
}

/** Farthest slope from `start` towards `limit` at which a line still fits; `start` itself must fit. */
export function steepest(upper: readonly Point[], lower: readonly Point[], start: number, limit: number): number {
  const fits = (slope: number): boolean => {
    const { high, low } = gapAt(upper, lower, slope);
    return high >= low;
  };
  if (fits(limit)) return limit;
  let [inside, outside] = [start, limit];
  for (let step = 0; step < STEPS; step++) {
    const middle = (inside + outside) / 2;
    if (fits(middle)) inside = middle;
    else outside = middle;
  }
  // The outer one: it errs towards uncertainty.
  return outside;
}
