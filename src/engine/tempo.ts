import type { Flicks } from '../base.ts';
import { flicks } from '../base.ts';
import type { CurvePoint } from '../crdt/score.ts';
import { ease } from './process/easing.ts';
import { pow } from './process/exact.ts';

/**
 * A tempo curve as an interval obeys it. Its rate changes all the time, yet every position in a run is a line from an
 * anchor: so the curve is cut into cells, and within a cell the rate is the one constant that takes exactly as long as
 * the curve does there. At the edges of cells the position is the curve's own, whatever was cut between, so nothing
 * drifts; inside of one it is off by less than a hundredth of a cell's length for every doubling of the tempo within it.
 */
export interface Tempo {
  /** The cell around a position of the interval; at an edge, the one that lies ahead in the direction of the motion. */
  cell(position: number, isForward: boolean): TempoCell;
}

export interface TempoCell {
  /** Flicks of the interval's own time per flick of the score's at speed 1; > 0. */
  readonly rate: number;
  /** Positions of the interval, −Infinity before the first and Infinity beyond the last point. */
  readonly from: number;
  readonly to: number;
}

/** x: share of the nominal length; BPM; curve of the segment that begins here. Ordered by x. */
export type TempoPoint = readonly [x: number, bpm: number, curve: CurvePoint['curve']];

export const BPM_MIN = 20;
export const BPM_MAX = 500;
const RATE_MIN = BPM_MIN / BPM_MAX;
/** Edges lie at whole multiples of it in the interval's own time, and at every point. */
export const CELL = flicks(50);

/** All peers agree on a rate to the last bit; it has few, so that steps of it add up alike. */
const rounded = (rate: number): number => Math.round(rate * 2 ** 32) / 2 ** 32;

interface Corner {
  readonly at: number;
  readonly rate: number;
  readonly curve: CurvePoint['curve'];
}

/** scoreBpm: the tempo at which the score's time runs at speed 1. undefined without points. */
export function tempoOf(points: readonly TempoPoint[], nominal: Flicks, scoreBpm: number): Tempo | undefined {
  const ordered = [...points].sort(([a], [b]) => a - b);
  const corners = ordered.map(([x, bpm, curve]): Corner => ({
    at: Math.round(x * nominal),
    rate: Math.min(BPM_MAX, Math.max(BPM_MIN, bpm)) / scoreBpm,
    curve,
  }));
  const [first, last] = [corners[0], corners.at(-1)];
  if (!first || !last) return undefined;
  return {
    cell(position, isForward) {
      const isBefore = ({ at }: Corner): boolean => (isForward ? at <= position : at < position);
      const next = firstNot(corners, isBefore);
      const [left, right] = [corners[next - 1], corners[next]];
      if (!left) return { rate: rounded(first.rate), from: -Infinity, to: first.at };
      if (!right) return { rate: rounded(last.rate), from: last.at, to: Infinity };
      if (left.rate === right.rate) return { rate: rounded(left.rate), from: left.at, to: right.at };
      const number = isForward ? Math.floor(position / CELL) : Math.ceil(position / CELL) - 1;
      const [from, to] = [Math.max(left.at, number * CELL), Math.min(right.at, (number + 1) * CELL)];
      return { rate: rounded(mean([left, right], from, to)), from, to };
    },
  };
}

function firstNot<T>(all: readonly T[], isBefore: (it: T) => boolean): number {
  let low = 0;
  for (let high = all.length; low < high;) {
    const middle = (low + high) >> 1;
    if (isBefore(all[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The constant that takes as long from `from` to `to` as the curve: ∫ 1/rate by Simpson's rule. */
function mean(segment: readonly [Corner, Corner], from: number, to: number): number {
  const slowness = (at: number): number => 1 / rateAt(segment, at);
  return 6 / (slowness(from) + 4 * slowness((from + to) / 2) + slowness(to));
}

function rateAt([left, right]: readonly [Corner, Corner], at: number): number {
  const share = (at - left.at) / (right.at - left.at);
  const shaped = typeof left.curve === 'number' ? pow(share, left.curve) : ease(left.curve, share);
  // Some easings swing beyond their ends.
  return Math.max(RATE_MIN, left.rate + (right.rate - left.rate) * shaped);
}
