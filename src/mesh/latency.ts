import type { LocalTime } from '../base.ts';
import { roundTripOf, type Sample } from './time.ts';

/** Round trips of one pair over the last minute. */
export interface Latency {
  add(sample: Sample): void;
  /** ms one way: 99th percentile of half the round trip; undefined before the first sample. */
  high(now: LocalTime): number | undefined;
  /** ms there and back: the least; undefined before the first sample. */
  least(now: LocalTime): number | undefined;
  /** ms one way that the last second took longer than the least. */
  late(now: LocalTime): number;
}

const WINDOW_MS = 60_000;
/** Four a second for a minute, and the faster ones of the beginning. */
const SAMPLES_MAX = 300;
/** Pings of a second. */
const LATEST = 4;

export function createLatency(): Latency {
  let samples: { readonly at: LocalTime; readonly roundTrip: number }[] = [];
  /** Asked for far more often than a sample comes. */
  let sorted: readonly number[] | undefined;
  const recent = (now: LocalTime): readonly number[] => {
    if (samples[0] !== undefined && now - samples[0].at >= WINDOW_MS) {
      samples = samples.filter(({ at }) => now - at < WINDOW_MS);
      sorted = undefined;
    }
    return (sorted ??= samples.map(({ roundTrip }) => roundTrip).sort((a, b) => a - b));
  };
  return {
    add(sample) {
      samples.push({ at: sample.back, roundTrip: roundTripOf(sample) });
      if (samples.length > SAMPLES_MAX) samples.shift();
      sorted = undefined;
    },
    high(now) {
      const all = recent(now);
      const top = all[Math.min(all.length - 1, Math.floor(all.length * 0.99))];
      return top === undefined ? undefined : top / 2;
    },
    least: (now) => recent(now)[0],
    late(now) {
      const [least] = recent(now);
      const latest = samples.slice(-LATEST).map(({ roundTrip }) => roundTrip);
      return least === undefined ? 0 : (Math.min(...latest) - least) / 2;
    },
  };
}
