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

/** One of the two clouds. */
export interface Cloud {
  /** Its corners on the side of the gap. */
  readonly hull: readonly Point[];
  /** 1 for the upper cloud, −1 for the lower. */
  readonly side: 1 | -1;
  /** ms, mean date of all its points. */
  readonly mean: number;
  /** Say of the cloud, per ms: how many points lie within a ms of its edge. */
  readonly weight: number;
  /** ms; how far the best points may be from the edge. */
  readonly density: number;
}

/** Where the touching line of a slope crosses t = 0. */
export function heightOf({ hull, side }: Cloud, slope: number): number {
  const { t, y } = touch(hull, slope, side);
  return y - slope * t;
}

/** Logarithm of the likelihood, but for a constant, that the cloud's delays are exponential over a line of a slope. */
export const likelihood = (cloud: Cloud, slope: number): number =>
  cloud.side * cloud.weight * (heightOf(cloud, slope) + slope * cloud.mean);

const STEPS = 28;

/** Likeliest slope within ± limit, when each unit away from `prior` costs `inertia`: a short history has no say about the
 *  rate. The likelihood is concave in the slope, so bisection of its derivative finds it. */
export function likeliest(clouds: readonly Cloud[], limit: number, prior: number, inertia: number): number {
  const growth = (slope: number): number =>
    clouds.reduce((sum, { hull, side, mean, weight }) => sum + side * weight * (mean - touch(hull, slope, side).t), 0);
  const sign = Math.sign(growth(prior));
  let [from, to] = [prior, sign * limit];
  if (sign * growth(prior) <= inertia) return prior;
  for (let step = 0; step < STEPS; step++) {
    const middle = (from + to) / 2;
    if (sign * growth(middle) > inertia) from = middle;
    else to = middle;
  }
  return from;
}

/** Farthest slope from `start` towards `limit` that is still `ok`; `start` itself is, and what is not has only such beyond. */
export function farthest(start: number, limit: number, ok: (slope: number) => boolean): number {
  if (ok(limit)) return limit;
  let [inside, outside] = [start, limit];
  for (let step = 0; step < STEPS; step++) {
    const middle = (inside + outside) / 2;
    if (ok(middle)) inside = middle;
    else outside = middle;
  }
  // The outer one: it errs towards uncertainty.
  return outside;
}
