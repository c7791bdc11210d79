import type { Automation, CurvePoint, Process } from '../../crdt/score.ts';
import { ease } from '../../engine/process/easing.ts';

/** How a straight piece of curve bends: px between two samples of a bent segment. */
const SAMPLE_PX = 4;
/** Below this an oscillation is drawn as the band that it covers. */
export const WAVE_PX_MIN = 5;

/** y on the way from one point to the next; t: 0 to 1. */
export const shape = (from: CurvePoint, to: CurvePoint, t: number): number =>
  from.y + (to.y - from.y) * (typeof from.curve === 'number' ? t ** from.curve : ease(from.curve, t));

/**
 * Corners of an automation between two shares of the interval, as x, y, x, y...; x in shares, y in 0..1.
 * Before the first point and after the last the value holds.
 */
export function curveCorners(points: Automation['points'], from: number, to: number, pxPerShare: number): number[] {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return [];
  const out: number[] = [];
  if (first.x > from) out.push(from, first.y);
  for (let i = 0; i < points.length; i++) {
    const here = points[i]!;
    const there = points[i + 1];
    if (here.x >= from && here.x <= to) out.push(here.x, here.y);
    if (!there || there.x < from || here.x > to || (here.curve === 1 && here.x >= from && there.x <= to)) continue;
    pushSegment(out, here, there, { from, to, pxPerShare });
  }
  if (last.x < to) out.push(to, last.y);
  return out;
}

function pushSegment(
  out: number[],
  here: CurvePoint,
  there: CurvePoint,
  { from, to, pxPerShare }: { from: number; to: number; pxPerShare: number },
): void {
  const start = Math.max(here.x, from);
  const end = Math.min(there.x, to);
  const length = there.x - here.x;
  if (length <= 0 || end <= start) return;
  const steps = here.curve === 1 ? 1 : Math.min(256, Math.max(2, Math.ceil(((end - start) * pxPerShare) / SAMPLE_PX)));
  for (let i = here.x >= from ? 1 : 0; i <= steps; i++) {
    const x = start + ((end - start) * i) / steps;
    if (i === steps && there.x <= to) break;
    out.push(x, shape(here, there, (x - here.x) / length));
  }
}

/** What is drawn of it once does not hold to the end: its own time wraps, or begins elsewhere. */
export const repeats = ({ isLooping, loopDuration, startOffset }: Process): boolean => (isLooping && loopDuration > 0) || startOffset !== 0;

/** Values asked for one curve: a formula takes its time. */
const SAMPLES_MAX = 600;
const SAMPLE_PX_MIN = 1.5;
/** A greater leap between two samples, in heights of the curve, is drawn upright. */
const LEAP = 0.25;

/**
 * Corners of whatever says a value at a px, x in px, y in 0..1 of the bounds; where it says nothing there is no corner.
 * A leap is upright, not slanted over a sample.
 */
export function valueCorners(
  valueAt: (x: number) => unknown,
  [left, right]: readonly [number, number],
  [low, high]: readonly [number, number],
): number[] {
  const step = Math.max(SAMPLE_PX_MIN, (right - left) / SAMPLES_MAX);
  const out: number[] = [];
  let before = NaN;
  for (let x = left; x <= right; x += step) {
    const value = valueAt(x);
    if (typeof value !== 'number' || Number.isNaN(value)) continue;
    const y = high === low ? 0.5 : Math.min(1, Math.max(0, (value - low) / (high - low)));
    if (Math.abs(y - before) > LEAP) out.push(x, before);
    out.push(x, y);
    before = y;
  }
  return out;
}
