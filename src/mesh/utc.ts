import type { LocalTime } from '../base.ts';

/**
 * What somebody who knows UTC says of it, on this machine's monotonic clock. An answer was true at some moment between
 * the question and its arrival, so each bounds the difference of the two clocks from both sides. Where most of the last
 * answers agree, their narrowest common bounds count; an answer that a busy machine, a stepped clock or a liar spoiled is
 * outvoted. Source: Marzullo, Maintaining the Time in a Distributed System, 1984.
 */
export interface UtcEstimate {
  /** False for what cannot be UTC. asked, heard: when the question left and its answer came. */
  add(asked: LocalTime, heard: LocalTime, stated: StatedUtc): boolean;
  /** undefined before the first answer. */
  at(local: LocalTime): UtcTime | undefined;
  /** undefined before the first answer. ms: UTC. */
  toLocal(ms: number, now: LocalTime): LocalTime | undefined;
  /** How many of the kept answers agree. */
  agreeing(now: LocalTime): number;
  clear(): void;
}

export interface StatedUtc {
  /** Since 1970. */
  readonly ms: number;
  /** Checked against NTP by who states it. */
  readonly isSynchronised: boolean;
  /** ± ms that who states it knows of; absent: none. */
  readonly bound?: number;
}

export interface UtcTime {
  readonly ms: number;
  /** ± ms beside what who stated it knows not of. */
  readonly bound: number;
  readonly isSynchronised: boolean;
}

interface Answer {
  readonly heard: LocalTime;
  /** UTC less local time lies between these. */
  readonly low: number;
  readonly high: number;
  readonly isSynchronised: boolean;
}

/** 2020 and 2100: a clock that was never set, and a figure that is none. */
const MS_MIN = 1_577_836_800_000;
const MS_MAX = 4_102_444_800_000;
const KEPT = 8;
/** Slower answers say too little. */
const ROUND_TRIP_MAX_MS = 5000;
/** By how much two clocks may part, 100 ppm. */
const DRIFT = 1e-4;
/** How coarse stamps are. */
const GRAIN_MS = 1;

export function createUtcEstimate(): UtcEstimate {
  let answers: readonly Answer[] = [];

  /** Bounds widen with age: the clocks part. */
  const bounds = ({ low, high, heard }: Answer, now: LocalTime): readonly [number, number] => {
    const drift = Math.max(0, now - heard) * DRIFT + GRAIN_MS;
    return [low - drift, high + drift];
  };

  /** Of those that have a point in common the most; of as many the latest. */
  function agreed(
    now: LocalTime,
  ): { readonly low: number; readonly high: number; readonly count: number; readonly last: Answer } | undefined {
    const all = answers.map((answer) => ({ answer, range: bounds(answer, now) }));
    let best: { readonly at: number; readonly count: number } | undefined;
    for (const { range } of all) {
      const [at] = range;
      const count = all.filter(({ range: [low, high] }) => low <= at && at <= high).length;
      if (!best || count >= best.count) best = { at, count };
    }
    if (!best) return undefined;
    const { at, count } = best;
    const group = all.filter(({ range: [low, high] }) => low <= at && at <= high);
    const last = group.at(-1)?.answer;
    if (!last) return undefined;
    return { low: Math.max(...group.map(({ range }) => range[0])), high: Math.min(...group.map(({ range }) => range[1])), count, last };
  }

  return {
    add(asked, heard, { ms, isSynchronised, bound = 0 }) {
      const isSound = ms >= MS_MIN && ms <= MS_MAX && bound >= 0 && heard >= asked && heard - asked + 2 * bound <= 2 * ROUND_TRIP_MAX_MS;
      if (!isSound || heard - asked > ROUND_TRIP_MAX_MS) return false;
      // What was only a machine's clock is worth nothing beside what was checked, and no longer is what was.
      const alike = answers.filter((answer) => answer.isSynchronised === isSynchronised);
      answers = [...alike, { heard, low: ms - heard - bound, high: ms - asked + bound, isSynchronised }].slice(-KEPT);
      return true;
    },
    at(local) {
      const found = agreed(local);
      if (!found) return undefined;
      const { low, high, last } = found;
      return { ms: local + (low + high) / 2, bound: (high - low) / 2, isSynchronised: last.isSynchronised };
    },
    toLocal(ms, now) {
      const found = agreed(now);
      return found && ((ms - (found.low + found.high) / 2) as LocalTime);
    },
    agreeing: (now) => agreed(now)?.count ?? 0,
    clear: () => void (answers = []),
  };
}
