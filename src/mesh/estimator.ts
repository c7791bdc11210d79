import type { LocalTime } from '../base.ts';
import { DRIFT, type Fit, fitTo } from './fit.ts';
import { grainOf } from './grain.ts';
import type { ClockMap, Sample } from './time.ts';

/**
 * What another machine's clock shows when ours shows t. Delay on a path is one-sided: it can be late, never early. So
 * averages are wrong, and extremes are right: the ping left before it was received (an upper bound of their difference, at
 * `sent`), and was returned before it came back (a lower bound, at `back`). The line in the middle of the widest gap between
 * the two clouds is offset and skew at once; Huygens (NSDI 2018) calls it the max-margin line.
 *
 * A long history gives the best line while rates are constant and the path is what it was; a short one forgives both. So
 * lines are fitted to stretches of several lengths, each says how far off it may be, and the surest is taken. What shorter
 * ones contradict is less sure than it thinks.
 *
 * Why not a filter of the best round trips alone: it needs a lucky packet both ways at once, and has no skew.
 * The best round trip is the cross-check: no two constant clocks leave a gap much narrower than it, so then a clock drifted
 * or was stepped, and the older half of the samples goes.
 */
export interface Estimator {
  add(sample: Sample): void;
  /** Samples in use, at most 500. */
  count(): number;
  /** Of the other's clock, without unit, as a long history told it; undefined before. */
  rate(): number | undefined;
  /** undefined before the first sample [CK1]. */
  estimate(at: LocalTime): Estimate | undefined;
}

export interface Estimate {
  /** From own local time to the other's. */
  readonly map: ClockMap;
  /** ms; the error cannot be larger while rates change by less than 1 ppm a second, on whatever paths [CK2]. */
  readonly bound: number;
  /** ms; p95 of the error when both paths have the same least delay [CK3]. */
  readonly spread: number;
  /** ms, the least in use, without the time spent over there. */
  readonly roundTrip: number;
}

/** ms of history, longest first. */
const STRETCHES = [120_000, 30_000, 8000];
const SAMPLES_MAX = 500;
/** ms; browsers round their clock to as much, and one that does so rarely is not found out. */
const STAMP = 0.1;
/** Stamps that tell how coarse a clock is. */
const STAMPS = 32;
const YOUNG = 4;
/** A stretch little shorter than another would say the same. */
const DISTINCT = 1.2;
/** Rate differences of ordinary machines; of one pair over minutes. */
const DOUBT = 2e-4;
const DOUBT_KNOWN = 2e-5;
const DOUBT_REMEMBERED = 1e-4;
/** Samples that tell a rate. */
const RATE_KNOWN = 100;
/** Share of the causes of error, density, slope, wander and rounding, in the spread; fitted to symmetric profiles in simulation. */
const DENSITY_SHARE = 0.7;
const SLOPE_SHARE = 0.8;
const WANDER_SHARE = 4;
const GRAIN_SHARE = 0.5;
/** Of its spread, how far a shorter stretch may be off by chance where it differs. */
const TRUST = 0.5;
/** Samples after which a fit is made anew, at most, and as a share of it: a long stretch changes slowly. */
const STALE = 4;
const STALE_SHARE = 32;
/** A shorter stretch must be surer by so much: the luckiest of three guesses is not as good as it looks. */
const SURER = 3;

/** known: the rate of that machine's clock, where it was met before. */
export function createEstimator(known?: number): Estimator {
  let samples: Sample[] = [];
  let grain: readonly [number, number] = [0, 0];
  /** One for each stretch that is distinct, longest first. */
  let fits: Held[] = [];
  /** The last rate that a long history gave: it outlives steps and paths. */
  let rate = known;
  /** Samples that the fits have not seen. */
  let fresh = 0;

  function refresh(): void {
    if (fresh === 0) return;
    grain = grainsOf(samples);
    fits = fits.map((held) => ({ ...held, age: held.age + fresh }));
    fresh = 0;
    let found = fitAll(fits);
    // What contradicts a short stretch may be news that the long ones have not seen.
    if (found.isContradicted) found = fitAll([]);
    while (found.fits.length === 0) {
      samples = samples.slice(Math.ceil(samples.length / 2));
      found = fitAll([]);
    }
    fits = found.fits;
    const [longest] = fits;
    if (longest !== undefined && longest.fit.samples >= RATE_KNOWN) rate = longest.fit.slope;
  }

  /** Keeps what is hardly stale. No fits when the longest stretch, which is all there is, has none. */
  function fitAll(held: readonly Held[]): { readonly fits: Held[]; readonly isContradicted: boolean } {
    const newest = samples.at(-1)!.back;
    const reach = newest - samples[0]!.sent;
    const stretches = STRETCHES.filter((stretch, index) => index === 0 || reach > stretch * DISTINCT);
    const found: Held[] = [];
    for (const [index, stretch] of stretches.entries()) {
      const kept = held[index];
      const isLast = index === stretches.length - 1;
      if (!isLast && kept !== undefined && kept.age < Math.min(STALE, kept.fit.samples / STALE_SHARE)) {
        found.push(kept);
        continue;
      }
      const recent = index === 0 ? samples : samples.filter(({ sent }) => sent >= newest - stretch);
      if (index > 0 && recent.length < YOUNG) break;
      const known = found.at(-1)?.fit.slope;
      const doubt = known !== undefined ? DOUBT_KNOWN : rate !== undefined ? DOUBT_REMEMBERED : DOUBT;
      const fit = fitTo(recent, { prior: known ?? rate ?? 0, doubt, grain });
      if (fit !== undefined) found.push({ fit, age: 0 });
      else return { fits: found, isContradicted: held.length > 0 };
    }
    return { fits: found, isContradicted: false };
  }

  return {
    add(sample) {
      fresh++;
      samples.push(sample);
      const oldest = sample.back - STRETCHES[0]!;
      if (samples.length > SAMPLES_MAX || samples[0]!.sent < oldest)
        samples = samples.slice(-SAMPLES_MAX).filter((old) => old.sent >= oldest);
    },
    count: () => samples.length,
    rate() {
      refresh();
      return rate;
    },
    estimate(at) {
      if (samples.length === 0) return undefined;
      refresh();
      return surest(
        fits.map(({ fit }) => fit),
        at,
        grain,
      );
    },
  };
}

interface Held {
  readonly fit: Fit;
  /** Samples that came since. */
  readonly age: number;
}

/** ms, of the own clock and the other's. */
function grainsOf(samples: readonly Sample[]): readonly [number, number] {
  const recent = samples.slice(-STAMPS / 2);
  return [
    grainOf(recent.flatMap(({ sent, back }) => [sent, back])),
    grainOf(recent.flatMap(({ received, returned }) => [received, returned])),
  ];
}

interface Reading {
  readonly fit: Fit;
  readonly offset: number;
  readonly high: number;
  readonly low: number;
  /** ms: what is off by chance, and by what a line does not explain. */
  readonly spread: number;
  readonly wander: number;
}

function read(fit: Fit, at: LocalTime): Reading {
  const dt = at - fit.origin;
  const offset = fit.offset + fit.slope * dt;
  const [steep, flat] = fit.possible;
  // Before the newest sample the steepest line is not the highest one; the rate alone then bounds nothing narrower.
  const ahead = Math.max(0, dt);
  const back = fit.slope * (dt - ahead);
  const bend = DRIFT * ahead * ahead;
  const stray = fit.likely.map((line) => Math.abs(line.at + line.slope * dt - offset));
  return {
    fit,
    offset,
    high: steep.at + steep.slope * ahead + back + bend,
    low: flat.at + flat.slope * ahead + back - bend,
    spread: fit.samples < YOUNG ? fit.roundTrip / 2 : DENSITY_SHARE * fit.density + SLOPE_SHARE * Math.max(...stray),
    wander: fit.wander,
  };
}

/** A shorter stretch speaks against a longer one by what they differ beyond its own spread and a detour of the path. */
function doubt(reading: Reading, shorter: readonly Reading[]): Reading {
  const against = shorter.map(
    ({ offset, spread, fit }) =>
      Math.abs(offset - reading.offset) - TRUST * spread - Math.max(0, fit.roundTrip - reading.fit.roundTrip) / 2 - reading.spread,
  );
  return { ...reading, wander: Math.max(reading.wander, ...against) };
}

const priceOf = ({ spread, wander }: Reading): number => spread + SURER * wander;

function surest(fits: readonly Fit[], at: LocalTime, [own, theirs]: readonly [number, number]): Estimate {
  const readings = fits.map((fit) => read(fit, at)).map((reading, index, all) => doubt(reading, all.slice(index + 1)));
  const best = readings.reduce((surer, reading) => (priceOf(reading) * SURER < priceOf(surer) ? reading : surer));
  const high = Math.min(...readings.map((reading) => reading.high));
  const low = Math.max(...readings.map((reading) => reading.low));
  const offset = Math.max(low, Math.min(high, best.offset));
  const bound = Math.max(high - offset, offset - low) + STAMP;
  return {
    map: { origin: at, offset, skew: best.fit.slope },
    bound,
    spread: Math.min(bound, best.spread + WANDER_SHARE * best.wander + GRAIN_SHARE * (own + theirs)),
    roundTrip: Math.min(...fits.map((fit) => fit.roundTrip)),
  };
}
