import { FLICKS_PER_MS } from '../../base.ts';
import type { Automation, CurvePoint, Lfo } from '../../crdt/score.ts';
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

/** −1 to 1 at a phase in turns; `random` is a fixed staircase that merely looks random, since its real values are drawn when played. */
export function waveAt(waveform: Lfo['waveform'], turns: number): number {
  const phase = turns - Math.floor(turns);
  if (waveform === 'sine') return Math.sin(2 * Math.PI * phase);
  if (waveform === 'triangle') return phase < 0.25 ? 4 * phase : phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4;
  if (waveform === 'saw') return 2 * phase - 1;
  if (waveform === 'square') return phase < 0.5 ? 1 : -1;
  const step = Math.sin(Math.floor(turns) * 127.1 + 311.7) * 43758.5453;
  return 2 * (step - Math.floor(step)) - 1;
}

export const turnsAt = (lfo: Lfo, flicks: number): number => lfo.phase + (lfo.frequency * flicks) / (FLICKS_PER_MS * 1000);
