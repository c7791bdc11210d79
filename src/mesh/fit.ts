import { type Cloud, corners, farthest, heightOf, likeliest, likelihood, type Point, touch } from './hull.ts';
import { roundTripOf, type Sample } from './time.ts';

/**
 * One line through the samples of a stretch of time. Delays lie above a hard least value, most of them near it, as an
 * exponential does: then the likeliest line is the one that leaves the widest gap, the direction that jitters less having
 * more say. How much the likelihood falls along other slopes tells how far off the line may be.
 *
 * Why not least squares: delay is one-sided, a mean errs by the mean delay.
 */
export interface Fit {
  /** Local time that all intercepts refer to: the newest sample's. */
  readonly origin: number;
  readonly slope: number;
  /** ms, in the middle of the gap at `origin`. */
  readonly offset: number;
  /** Slopes that are almost as likely, each with its middle at `origin`. */
  readonly likely: readonly [Line, Line];
  /** Steepest and flattest line that is possible at all: its highest, its lowest point at `origin`. */
  readonly possible: readonly [Line, Line];
  /** ms; how far the best samples of both directions lie apart. */
  readonly density: number;
  /** ms; half of what the gap is narrower than the best round trip beyond its noise: rates that wander narrow it. */
  readonly wander: number;
  readonly samples: number;
  /** ms, the least. */
  readonly roundTrip: number;
}

export interface Line {
  readonly slope: number;
  readonly at: number;
}

export interface FitOptions {
  /** What the rate difference is thought to be, and how far that is off. */
  readonly prior: number;
  readonly doubt: number;
  /** ms to which the own and the other's stamps are rounded. */
  readonly grain: readonly [own: number, theirs: number];
}

/** Two oscillators of ± 1000 ppm each, the worst that any computer has. */
const SKEW_MAX = 2e-3;
/** Per ms: rates change by 1 ppm a second at most, faster than any room warms up. A parabola this open holds the truth. */
export const DRIFT = 0.5e-9;
/** The fifth best sample of a direction tells how dense its best ones lie. */
const RANK = 4;
/** ms; two samples are never closer than what stamps can tell. */
const DENSITY_MIN = 0.005;
/** Gap in densities that the best round trip may be wider than the gap. */
const NOISE = 6;
/** ms of gap that a unit of slope must win, before it is known how dense the samples are. */
const INERTIA = 500;
/** Samples of a quarter of a stretch, below which nothing is said about bows. */
const QUARTER_MIN = 4;
/** What a line errs by at its end, doubled, where its quarters bend by 1; what they bend by chance, in noises. */
const BOW = 2;
const BOW_NOISE = 1;
/** Jitter of the directions differs in earnest from this ratio on. */
const UNLIKE = 3;
/** Of the likelihood's logarithm: what is lost at the ends of the likely slopes. */
const LIKELY = 2;

/** samples: not empty. undefined when no line fits, or the gap is narrower than the best round trip allows [CK7]. */
export function fitTo(samples: readonly Sample[], { prior, doubt, grain }: FitOptions): Fit | undefined {
  const origin = samples.at(-1)!.back;
  const base = samples[0]!.received - samples[0]!.sent;
  const above = byTime(samples.map(({ sent, received }) => ({ t: sent - origin, y: received - sent - base })));
  const below = byTime(samples.map(({ returned, back }) => ({ t: back - origin, y: returned - back - base })));
  const [upper, lower] = weigh(cloudOf(above, 1), cloudOf(below, -1), above, below, prior);
  const slope = likeliest([upper, lower], SKEW_MAX, prior, 1 / doubt);
  const [high, low] = [heightOf(upper, slope), heightOf(lower, slope)];
  const density = (upper.density + lower.density) / 2;
  const roundTrip = samples.reduce((least, sample) => Math.min(least, roundTripOf(sample)), Infinity);
  const rounding = grain[0] + grain[1];
  if (samples.length > 1 && high - low < Math.max(0, roundTrip - NOISE * density) - rounding) return undefined;

  const loss = (at: number): number => Math.abs(at - prior) / doubt - likelihood(upper, at) - likelihood(lower, at);
  const least = loss(slope);
  const likelyTo = (limit: number): Line => {
    const at = farthest(slope, limit, (tried) => loss(tried) - least <= LIKELY);
    return { slope: at, at: (heightOf(upper, at) + heightOf(lower, at)) / 2 + base };
  };
  // Rounding and a rate that is not constant put each point a little outside.
  const loose = cloudOf(
    above.map(({ t, y }) => ({ t, y: y + grain[1] + DRIFT * t * t })),
    1,
  );
  const looser = cloudOf(
    below.map(({ t, y }) => ({ t, y: y - grain[0] - DRIFT * t * t })),
    -1,
  );
  const isPossible = (at: number): boolean => heightOf(loose, at) >= heightOf(looser, at);
  const [steep, flat] = [farthest(slope, SKEW_MAX, isPossible), farthest(slope, -SKEW_MAX, isPossible)];
  return {
    origin,
    slope,
    offset: (high + low) / 2 + base,
    likely: [likelyTo(SKEW_MAX), likelyTo(-SKEW_MAX)],
    possible: [
      { slope: steep, at: heightOf(loose, steep) + base },
      { slope: flat, at: heightOf(looser, flat) + base },
    ],
    density,
    wander: Math.max(roundTrip - (high - low) - 3 * density - rounding, bentness(above, below, slope), 0) / 2,
    samples: samples.length,
    roundTrip,
  };
}

const cloudOf = (points: readonly Point[], side: 1 | -1): Cloud => ({
  hull: corners(points, side),
  side,
  mean: points.reduce((sum, { t }) => sum + t, 0) / points.length,
  weight: 1,
  density: 0,
});

/** Gives each direction as much say as half of its delays lie near the edge: the nearest few would be as dense by luck. */
function weigh(upper: Cloud, lower: Cloud, above: readonly Point[], below: readonly Point[], prior: number): [Cloud, Cloud] {
  const rough = likeliest([upper, lower], SKEW_MAX, prior, INERTIA);
  const weightOf = (cloud: Cloud, points: readonly Point[]): Cloud => {
    const excess = excessOf(points, cloud, rough);
    const mean = excess[excess.length >> 1]! / Math.LN2;
    const rank = excess[Math.min(RANK, excess.length - 1)]!;
    const weight = points.length / Math.max((DENSITY_MIN * points.length) / RANK, mean);
    return { ...cloud, weight, density: Math.max(RANK / weight, rank, DENSITY_MIN) };
  };
  const [high, low] = [weightOf(upper, above), weightOf(lower, below)];
  // A small difference is chance, and would turn a line that little else holds.
  if (Math.max(high.weight, low.weight) > UNLIKE * Math.min(high.weight, low.weight)) return [high, low];
  const weight = (high.weight + low.weight) / 2;
  return [
    { ...high, weight },
    { ...low, weight },
  ];
}

/** ms by which the quarters of a stretch lie on a bow rather than on a line, beyond what chance and detours of the path explain.
 *  Half of it is about what the line errs by at its end. */
function bentness(above: readonly Point[], below: readonly Point[], slope: number): number {
  const start = Math.min(above[0]!.t, below[0]!.t);
  const [up, down] = [quartersOf(above, slope, 1, start), quartersOf(below, slope, -1, start)];
  if (Math.min(...up.map(({ count }) => count), ...down.map(({ count }) => count)) < QUARTER_MIN) return 0;
  const quarters = up.map((high, index) => {
    const low = down[index]!;
    return { middle: (high.edge - low.edge) / 2, gap: high.edge + low.edge, noise: Math.hypot(high.noise, low.noise) / 2 };
  });
  const least = Math.min(...quarters.map(({ gap }) => gap));
  const detour = quarters.reduce((sum, { gap, noise }) => sum + Math.max(0, gap - least - NOISE * noise), 0) / 2;
  const noise = Math.sqrt(quarters.reduce((sum, quarter) => sum + quarter.noise ** 2, 0));
  const [first, second, third, last] = quarters.map(({ middle }) => middle) as [number, number, number, number];
  return BOW * (Math.abs(first - second - third + last) - detour - BOW_NOISE * noise);
}

interface Quarter {
  /** ms above (for side −1: below) a line through 0, of the best point. */
  edge: number;
  /** ms that the best one is off, likely. */
  noise: number;
  count: number;
}

function quartersOf(points: readonly Point[], slope: number, side: 1 | -1, start: number): Quarter[] {
  const quarters = Array.from({ length: 4 }, () => ({ edge: Infinity, noise: 0, count: 0 }));
  for (const { t, y } of points) {
    const quarter = quarters[Math.min(3, Math.max(0, Math.floor(4 - (4 * t) / start)))]!;
    const height = side * (y - slope * t);
    quarter.edge = Math.min(quarter.edge, height);
    quarter.noise += height;
    quarter.count++;
  }
  for (const quarter of quarters) quarter.noise = (quarter.noise / quarter.count - quarter.edge) / quarter.count;
  return quarters;
}

/** Almost sorted already: only answers that overtook another are out of place. */
const byTime = (points: Point[]): Point[] => points.sort((a, b) => a.t - b.t);

/** ms by which each point is worse than the best, the least first. */
function excessOf(points: readonly Point[], { hull, side }: Cloud, slope: number): Float64Array {
  const best = touch(hull, slope, side);
  return Float64Array.from(points, ({ t, y }) => side * (y - best.y - slope * (t - best.t))).sort();
}
