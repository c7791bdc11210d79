import type { LocalTime } from '../base.ts';
import { corners, type Gap, gapAt, type Point, steepest, touch, widest } from './hull.ts';
import type { ClockMap, Sample } from './time.ts';

/**
 * What another machine's clock shows when ours shows t. Delay on a path is one-sided: it can be late, never early. So
 * averages are wrong, and extremes are right: the ping left before it was received (an upper bound of their difference, at
 * `sent`), and was returned before it came back (a lower bound, at `back`). The line in the middle of the widest gap between
 * the two clouds is offset and skew at once; Huygens (NSDI 2018) calls it the max-margin line.
 *
 * Why not a filter of the best round trips alone: it needs a lucky packet both ways at once, and has no skew.
 * The best round trip is the cross-check: no two constant clocks leave a gap much narrower than it, so then a clock drifted
 * or was stepped, and the older half of the samples goes.
 */
export interface Estimator {
  add(sample: Sample): void;
  /** Samples in use, at most 500. */
  count(): number;
  /** undefined before the first sample [CK1]. */
  estimate(at: LocalTime): Estimate | undefined;
}

export interface Estimate {
  /** From own local time to the other's. */
  readonly map: ClockMap;
  /** ms; the error cannot be larger while both clocks keep their rate, on whatever paths [CK2]. */
  readonly bound: number;
  /** ms; p95 of the error when both paths have the same least delay [CK3]. */
  readonly spread: number;
  /** ms, the least in use, without the time spent over there. */
  readonly roundTrip: number;
}

const WINDOW = 120_000;
const SAMPLES_MAX = 500;
/** Two oscillators of ± 1000 ppm each, the worst that any computer has. */
const SKEW_MAX = 2e-3;
/** Two ordinary ones. */
const SKEW_LIKELY = 6e-4;
/** ms of gap that a unit of slope must win: below half a second of history the rates count as equal. */
const INERTIA = 500;
/** ms; browsers round their clock to as much. */
const STAMP = 0.1;
/** The fifth best sample of a direction tells how dense its best ones lie. */
const RANK = 4;
const YOUNG = 4;
/** Share of the two causes of error, density and slope, in the spread; fitted to symmetric profiles in simulation. */
const DENSITY_SHARE = 0.4;
const SLOPE_SHARE = 0.85;

interface Fit {
  /** Local time that all lines refer to. */
  readonly origin: number;
  readonly slope: number;
  readonly middle: Gap;
  /** Steepest and flattest lines possible, and likely. */
  readonly possible: readonly [Line, Line];
  readonly likely: readonly [Line, Line];
  /** ms; how far the best samples of both directions lie apart. */
  readonly density: number;
  /** ms; half of what the gap is narrower than the best round trip beyond its noise: rates that wander narrow it. */
  readonly wander: number;
  /** Too few samples to know how good they are. */
  readonly isYoung: boolean;
  readonly roundTrip: number;
}

interface Line extends Gap {
  readonly slope: number;
}

export function createEstimator(): Estimator {
  let samples: Sample[] = [];
  let fit: Fit | undefined;

  function current(): Fit | undefined {
    while (fit === undefined && samples.length > 0) {
      fit = fitTo(samples);
      if (fit === undefined) samples = samples.slice(Math.ceil(samples.length / 2));
    }
    return fit;
  }

  return {
    add(sample) {
      fit = undefined;
      samples.push(sample);
      const oldest = sample.back - WINDOW;
      if (samples.length > SAMPLES_MAX || samples[0]!.sent < oldest)
        samples = samples.slice(-SAMPLES_MAX).filter((old) => old.sent >= oldest);
    },
    count: () => samples.length,
    estimate(at) {
      const found = current();
      return found && evaluate(found, at);
    },
  };
}

/** undefined when no line fits or the best one is worse than the best round trip allows; a single sample always fits. */
function fitTo(samples: readonly Sample[]): Fit | undefined {
  const last = samples.at(-1)!;
  const origin = last.back;
  const [base, shift] = [last.received - last.sent, origin];
  const above = byTime(samples.map((sample) => ({ t: sample.sent - shift, y: sample.received - sample.sent - base })));
  const below = byTime(samples.map((sample) => ({ t: sample.back - shift, y: sample.returned - sample.back - base })));
  const [upper, lower] = [corners(above, 1), corners(below, -1)];
  const slope = widest(upper, lower, SKEW_MAX, INERTIA);
  const middle = gapAt(upper, lower, slope);
  const roundTrip = samples.reduce((least, sample) => Math.min(least, roundTripOf(sample)), Infinity);
  const density = (rankOf(above, slope, 1) + rankOf(below, slope, -1)) / 2;
  if (samples.length > 1 && middle.high - middle.low < leastGap(roundTrip, density)) return undefined;
  // Stamps are rounded, so each point may lie a little outside.
  const [loose, tight] = [raise(upper, STAMP), raise(upper, density - (middle.high - middle.low))];
  const lines = (points: readonly Point[], limit: number): [Line, Line] => [
    lineAt(upper, lower, steepest(points, lower, slope, Math.max(slope, limit))),
    lineAt(upper, lower, steepest(points, lower, slope, Math.min(slope, -limit))),
  ];
  const possible = lines(loose, SKEW_MAX);
  const likely = lines(tight, SKEW_LIKELY);
  const rebase = (line: Line): Line => ({ ...line, high: line.high + base, low: line.low + base });
  return {
    origin,
    slope,
    middle: { high: middle.high + base, low: middle.low + base, growth: 0 },
    possible: [rebase(possible[0]), rebase(possible[1])],
    likely: [rebase(likely[0]), rebase(likely[1])],
    density,
    wander: Math.max(0, roundTrip - (middle.high - middle.low) - 3 * density) / 2,
    isYoung: samples.length < YOUNG,
    roundTrip,
  };
}

/** ms; a gap narrower than the best round trip by more than its noise betrays a change of rate or a step. */
const leastGap = (roundTrip: number, density: number): number => Math.max(-2 * STAMP, roundTrip - 6 * density - 2 * STAMP);

const roundTripOf = (sample: Sample): number => Math.max(0, sample.back - sample.sent - (sample.returned - sample.received));

const lineAt = (upper: readonly Point[], lower: readonly Point[], slope: number): Line => ({ slope, ...gapAt(upper, lower, slope) });

const raise = (points: readonly Point[], by: number): Point[] => points.map(({ t, y }) => ({ t, y: y + by }));

/** Almost sorted already: only answers that overtook another are out of place. */
const byTime = (points: Point[]): Point[] => points.sort((a, b) => a.t - b.t);

/** ms by which the fifth best point of a direction is worse than the best. */
function rankOf(points: readonly Point[], slope: number, side: 1 | -1): number {
  const best = touch(points, slope, side);
  const least = new Array<number>(Math.min(RANK + 1, points.length)).fill(Infinity);
  for (const { t, y } of points) {
    let excess = side * (y - best.y - slope * (t - best.t));
    for (let rank = 0; rank < least.length; rank++) {
      const held = least[rank]!;
      if (excess < held) [least[rank], excess] = [excess, held];
    }
  }
  return least.at(-1)!;
}

function evaluate(fit: Fit, at: LocalTime): Estimate {
  const dt = at - fit.origin;
  const offset = (fit.middle.high + fit.middle.low) / 2 + fit.slope * dt;
  const [steep, flat] = fit.possible;
  // Before the newest sample the steepest line is not the highest one; the rate alone then bounds nothing narrower.
  const ahead = Math.max(0, dt);
  const now = offset + fit.slope * (ahead - dt);
  const bound = Math.max(steep.high + steep.slope * ahead - now, now - flat.low - flat.slope * ahead) + STAMP;
  const stray = fit.likely.map((line) => Math.abs((line.high + line.low) / 2 + line.slope * dt - offset));
  const spread = DENSITY_SHARE * fit.density + SLOPE_SHARE * Math.max(...stray) + fit.wander;
  return {
    map: { origin: at, offset, skew: fit.slope },
    bound,
    spread: Math.min(bound, fit.isYoung ? fit.roundTrip / 2 : spread),
    roundTrip: fit.roundTrip,
  };
}
