import type { Flicks } from '../../base.ts';
import type { Signature } from '../../crdt/score.ts';

/**
 * Bars and beats of an interval: where its signatures change, a bar begins. Rates up to 1 count bars from the last
 * change (0.5 = every second bar), finer ones divide the whole note and start again at every bar line, as ossia's do.
 */
export interface Metre {
  /** Ordered by date; before the first and without any it is 4/4. */
  readonly signatures: readonly Signature[];
  /** Flicks per quarter. */
  readonly quarter: number;
  /** Where the interval's beginning lies in the time that the signatures count: that of whoever has them, 0 its own. */
  readonly shift: number;
}

export interface GridPoint {
  readonly date: Flicks;
  /** Whether a bar begins there. */
  readonly isBar: boolean;
}

/** date: flicks of the interval's own time; numerator, denominator. */
export type SignatureEntry = readonly [date: number, numerator: number, denominator: number];

/** quarter: flicks of the interval's own time; need not be whole. */
export const metreFrom = (signatures: readonly SignatureEntry[], quarter: number): Metre => ({
  signatures: [...signatures]
    .sort(([a], [b]) => a - b)
    .map(([date, numerator, denominator]) => ({ date: date as Flicks, numerator, denominator })),
  quarter,
  shift: 0,
});

/** Points looked at in one window: a grid of a few flicks must not hang a page. */
const POINTS_MAX = 2000;

interface Stretch {
  readonly date: number;
  readonly end: number;
  readonly bar: number;
  /** As long as the signature's denominator says. */
  readonly beat: number;
  /** Bars from one point to the next; 1 where bars are divided. */
  readonly stride: number;
  /** Points per bar. */
  readonly parts: number;
}

/** Made once per list of signatures and what divides it: a score has few. */
const known = new WeakMap<Metre['signatures'], Map<string, readonly Stretch[]>>();
/** Kept per list of signatures; beyond, all are made anew. */
const KNOWN_MAX = 64;

function stretches(metre: Metre, rate: number): readonly Stretch[] {
  const made = known.get(metre.signatures) ?? new Map<string, readonly Stretch[]>();
  const key = `${rate} ${metre.quarter}`;
  const found = made.get(key) ?? stretched(metre, rate);
  if (made.size >= KNOWN_MAX) made.clear();
  made.set(key, found);
  known.set(metre.signatures, made);
  return found;
}

function stretched({ signatures, quarter }: Metre, rate: number): readonly Stretch[] {
  const starts = signatures[0] && signatures[0].date <= 0 ? signatures : [{ date: 0, numerator: 4, denominator: 4 }, ...signatures];
  return starts.map(({ date, numerator, denominator }, i) => ({
    date,
    end: starts[i + 1]?.date ?? Infinity,
    bar: (quarter * 4 * numerator) / denominator,
    beat: (quarter * 4) / denominator,
    stride: rate <= 1 ? Math.max(1, Math.round(1 / rate)) : 1,
    parts: rate <= 1 ? 1 : Math.ceil((rate * numerator) / denominator - 1e-9),
  }));
}

/** A stretch of one signature; flicks, bars and beats need not be whole. */
export interface Measure extends Pick<Stretch, 'date' | 'end' | 'bar' | 'beat'> {
  /** Bars that began before it: one that a change cuts short counts. */
  readonly before: number;
}

/** How bars and beats lie from 0 on, signature by signature. */
export function measuresOf(metre: Metre): readonly Measure[] {
  let before = 0;
  return stretches(metre, 1).map(({ date, end, bar, beat }) => {
    const measure = { date, end, bar, beat, before };
    before += Math.ceil((end - date) / bar - SAME);
    return measure;
  });
}

/** Points of a grid in [from, to), positions of the interval, in order. rate: > 0, 1 = bar, 4 = quarter, … */
export function gridIn(metre: Metre, rate: number, [first, last]: readonly [number, number]): readonly GridPoint[] {
  const points: GridPoint[] = [];
  const [from, to] = [first + metre.shift, last + metre.shift];
  if (!(rate > 0) || !(metre.quarter > 0)) return points;
  for (const { date, end, bar, stride, parts } of stretches(metre, rate)) {
    const until = Math.min(to, end);
    if (until <= from || until <= date) continue;
    for (let count = Math.max(0, Math.floor((from - date) / bar / stride) * stride); date + count * bar < until; count += stride) {
      for (let part = 0; part < parts; part++) {
        const at = Math.round(date + count * bar + (part * metre.quarter * 4) / rate);
        if (at >= from && at < until) points.push({ date: (at - metre.shift) as Flicks, isBar: part === 0 });
        if (points.length >= POINTS_MAX) return points;
      }
    }
  }
  return points;
}

/**
 * The first line of a grid at a position or after it, in whole flicks; a change of signature is one. Lines need not be
 * whole, nor positions: what is less than `near` beyond a line stands on it.
 */
export function nextLine(metre: Metre, rate: number, { position, near }: { readonly position: number; readonly near: number }): number {
  const all = stretches(metre, rate);
  const at = position + metre.shift;
  const { date, end, bar, stride } = all.findLast((it) => it.date <= at) ?? all[0]!;
  const within = Math.max(0, at - date);
  const after = Math.max(0, within - near);
  const line = (within: number): number => Math.min(end, Math.round(date + within)) - metre.shift;
  if (rate <= 1) return line(Math.ceil(after / (bar * stride)) * bar * stride);
  // One flick on, so that a bar line, which need not be whole, has begun.
  const begins = Math.floor((within + 1) / bar) * bar;
  const beat = (metre.quarter * 4) / rate;
  return line(begins + Math.min(bar, Math.ceil(Math.max(0, after - begins) / beat) * beat));
}

/** How many points of a grid lie before a position, those before the interval's beginning included. */
export function gridCount(metre: Metre, rate: number, position: number): number {
  const to = position + metre.shift;
  if (!(rate > 0) || !(metre.quarter > 0)) return 0;
  let count = 0;
  for (const { date, end, bar, stride, parts } of stretches(metre, rate)) {
    const length = Math.min(to, end) - date;
    if (length <= 0) break;
    const bars = Math.floor(length / bar + 1e-9);
    const rest = Math.max(0, length - bars * bar);
    if (rate <= 1) count += Math.ceil(length / (bar * stride) - 1e-9);
    else count += bars * parts + Math.min(parts, Math.ceil((rest * rate) / (metre.quarter * 4) - 1e-6));
  }
  return count;
}

/** Beats in [from, to): every bar line, and the quarters from it. */
export const beatsIn = (metre: Metre, window: readonly [number, number]): readonly GridPoint[] => gridIn(metre, QUARTERS, window);
const QUARTERS = 4;

/** Bars that have gone by at a position of the interval since its beginning, or since a change of signature cut one short. */
export function barsTo(metre: Metre, position: number): number {
  const [from, to] = [metre.shift, position + metre.shift];
  let bars = 0;
  for (const { date, end, bar } of stretches(metre, 1)) {
    if (end <= from && end !== Infinity) continue;
    if (date >= to) break;
    const whole = (end - date) / bar;
    bars += (Math.min(to, end) - Math.max(from, date === 0 ? -Infinity : date)) / bar;
    if (end <= to && Math.abs(whole - Math.round(whole)) > SAME) bars = 0;
  }
  return bars;
}
/** Of a bar; less is rounding. */
const SAME = 1e-6;
