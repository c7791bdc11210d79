import { FLICKS_PER_MS, flicks, type Flicks } from '../../base.ts';
import { ROOT, type Score } from '../../crdt/score.ts';
import { quarterOf } from '../../engine/metres.ts';
import { gridIn, measuresOf, type Measure, type Metre } from '../../engine/process/metre.ts';
import { toDate, toX, type Camera } from './camera.ts';

/** Two grid lines never stand closer than this, in px. */
const STEP_MIN = 14;
const MAGNET = 8;
/** Parts of a beat, finest first. */
const DIVISIONS = [16, 8, 4, 2, 1];
/** Bars from one line to the next, where zoom leaves no room for each. */
const BARS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384];
/** Steps of the clock ruler in seconds. */
const SECONDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800];

/** Bars and beats of the whole score: the root's signatures at the score's tempo. */
export function rootMetre(score: Score): Metre {
  const signatures = score.intervals.get(ROOT.interval)?.signatures ?? NONE;
  const known = metres.get(signatures);
  const quarter = quarterOf(score);
  if (known?.quarter === quarter) return known;
  const metre = { signatures, quarter, shift: 0 };
  metres.set(signatures, metre);
  return metre;
}
const NONE: Metre['signatures'] = [];
const metres = new WeakMap<Metre['signatures'], Metre>();

function measures(metre: Metre): readonly Measure[] {
  const known = laid.get(metre) ?? measuresOf(metre);
  laid.set(metre, known);
  return known;
}
const laid = new WeakMap<Metre, readonly Measure[]>();

/** The one around a date; what came before the first counts as its. */
function measureAt(metre: Metre, at: number): Measure {
  const all = measures(metre);
  let low = 0;
  for (let high = all.length - 1; low < high;) {
    const middle = (low + high + 1) >> 1;
    if (all[middle]!.date <= at) low = middle;
    else high = middle - 1;
  }
  return all[low]!;
}

export const beatOf = (metre: Metre, at: number): number => measureAt(metre, at).beat;
export const barOf = (metre: Metre, at: number): number => measureAt(metre, at).bar;

/** The finest musical step that is still legible at this zoom and place, in flicks (not rounded, so that bar 400 lies where it should). */
export const gridStep = (camera: Camera, metre: Metre, at: number, pxMin = STEP_MIN): Flicks =>
  stepIn(metre, measureAt(metre, at), { shortest: pxMin / perFlick(camera) }) as Flicks;

/** px */
const perFlick = ({ scale }: Camera): number => scale / (1000 * FLICKS_PER_MS);

/** A part of a beat, a beat, so many of them as a bar has groups of, or bars. */
function stepIn(metre: Metre, { bar, beat }: Measure, { shortest, isCoarse = false }: { shortest: number; isCoarse?: boolean }): number {
  const beats = Math.round(bar / beat);
  const group = beats > 3 && beats % 3 === 0 ? 3 : beats > 2 && beats % 2 === 0 ? 2 : 1;
  const parts = isCoarse ? [beat] : DIVISIONS.map((count) => beat / count);
  // A grid within bars divides the whole note.
  const within = [...parts, beat * group].filter((step) => step < 4 * metre.quarter);
  const steps = [...within, ...BARS.map((count) => bar * count)];
  return steps.find((step) => step >= shortest) ?? steps.at(-1)!;
}

/** As the engine names a grid: 1 is a bar, 0.5 every second, 4 a quarter. */
const rateOf = (metre: Metre, { bar }: Measure, step: number): number =>
  step >= bar * (1 - SAME) ? bar / step : (4 * metre.quarter) / step;

export interface GridLine {
  readonly at: Flicks;
  /** From 1. */
  readonly bar: number;
  readonly beat: number;
  readonly isOnBar: boolean;
  readonly isOnBeat: boolean;
}

/** Lines of a view, as fine as so many px allow; the first bar of a signature is one always. isCoarse: nothing within beats. */
export function linesIn(
  camera: Camera,
  metre: Metre,
  { pxMin, isCoarse = false }: { pxMin: number; isCoarse?: boolean },
): readonly GridLine[] {
  const shortest = pxMin / perFlick(camera);
  const lines: GridLine[] = [];
  const to = toDate(camera, camera.width);
  for (let from: number = Math.max(0, toDate(camera, -LABEL_PX)); from < to;) {
    const measure = measureAt(metre, from);
    const until = Math.min(to, measure.end);
    const rate = rateOf(metre, measure, stepIn(metre, measure, { shortest, isCoarse }));
    for (const { date } of gridIn(metre, rate, [Math.max(from, measure.date), until])) {
      const last = lines.at(-1);
      // What a change of signature cut short leaves no room before it.
      if (last && date - last.at < shortest - 1) lines.pop();
      lines.push({ at: date, ...barsIn(measure, date) });
    }
    from = Math.max(until, from + shortest);
  }
  return lines;
}
/** A line's words reach so far into the view from outside. */
const LABEL_PX = 60;
/** Of a step; less is rounding. */
const SAME = 1e-6;

/** Seconds between labels of the clock ruler. */
export const clockStep = (camera: Camera, pxMin: number): number => SECONDS.find((step) => step * camera.scale >= pxMin) ?? SECONDS.at(-1)!;

/** 1-based bar and beat of a date, and whether the date is exactly on them. */
export const barsOf = (at: Flicks, metre: Metre): Omit<GridLine, 'at'> => barsIn(measureAt(metre, at), at);

function barsIn({ date, bar, beat, before }: Measure, at: Flicks): Omit<GridLine, 'at'> {
  const bars = Math.floor((at - date) / bar + SAME);
  const beats = (at - date - bars * bar) / beat;
  const whole = Math.floor(beats + SAME);
  const isOnBeat = Math.abs(beats - Math.round(beats)) < SAME;
  return { bar: before + bars + 1, beat: Math.max(0, whole) + 1, isOnBar: isOnBeat && whole === 0, isOnBeat };
}

/** `3.2.1`: bar, beat, sixteenth, each from 1, as the signatures count. */
export function barsText(ms: number | undefined, metre: Metre): string {
  const at = flicks(Math.max(0, ms ?? 0));
  const measure = measureAt(metre, at);
  const { bar, beat } = barsIn(measure, at);
  const within = at - measure.date - (bar - 1 - measure.before) * measure.bar - (beat - 1) * measure.beat;
  return `${bar}.${beat}.${Math.floor(Math.max(0, within) / (metre.quarter / 4) + SAME) + 1}`;
}

/** What a dragged date is drawn to. Dates are absolute, in the root interval. */
export interface Magnets {
  readonly camera: Camera;
  readonly metre: Metre;
  /** Dates of neighbours; they win over the grid within 8 px. */
  readonly neighbours: readonly Flicks[];
  /** Alt or Ctrl held: the date stays where the hand is. */
  readonly isOff: boolean;
}

const nearest = (at: number, dates: readonly Flicks[]): Flicks | undefined =>
  dates.reduce<Flicks | undefined>(
    (best, date) => (best === undefined || Math.abs(date - at) < Math.abs(best - at) ? date : best),
    undefined,
  );

const isClose = (magnets: Magnets, a: Flicks, b: Flicks): boolean => Math.abs(toX(magnets.camera, a) - toX(magnets.camera, b)) <= MAGNET;

/** The line nearest to a date; before the score's beginning they go on as if there were bars. */
function toGrid(at: number, { camera, metre }: Magnets): Flicks {
  const measure = measureAt(metre, at);
  const step = gridStep(camera, metre, at);
  if (at < measure.date) return Math.round(measure.date + Math.round((at - measure.date) / step) * step) as Flicks;
  const around: readonly [number, number] = [Math.max(measure.date, at - step - 1), Math.min(measure.end, at + step + 1)];
  const dates = gridIn(metre, rateOf(metre, measure, step), around).map(({ date }) => date);
  return nearest(at, measure.end <= at + step ? [...dates, measure.end as Flicks] : dates) ?? (Math.round(at) as Flicks);
}

/** Snaps one date: neighbours first, then the grid [TL5]. */
export function snap(at: Flicks, magnets: Magnets): Flicks {
  if (magnets.isOff) return at;
  const neighbour = nearest(at, magnets.neighbours);
  if (neighbour !== undefined && isClose(magnets, at, neighbour)) return neighbour;
  return toGrid(at, magnets);
}

/** Snaps a moved stretch: either end to a neighbour, else as far from a line as it was [TL5]. */
export function snapMove(start: Flicks, duration: Flicks, delta: Flicks, magnets: Magnets): Flicks {
  if (magnets.isOff) return delta;
  const moved = (start + delta) as Flicks;
  const end = (moved + duration) as Flicks;
  const toStart = nearest(moved, magnets.neighbours);
  if (toStart !== undefined && isClose(magnets, moved, toStart)) return (toStart - start) as Flicks;
  const toEnd = nearest(end, magnets.neighbours);
  if (toEnd !== undefined && isClose(magnets, end, toEnd)) return (toEnd - duration - start) as Flicks;
  const offset = start - toGrid(start, magnets);
  return (toGrid(moved - offset, magnets) + offset - start) as Flicks;
}
