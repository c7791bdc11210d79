import { FLICKS_PER_MS, type Flicks } from '../../base.ts';
import { toX, type Camera } from './camera.ts';

/** Two grid lines never stand closer than this, in px. */
const STEP_MIN = 14;
const BEATS_PER_BAR = 4;
const MAGNET = 8;
/** Steps in quarter notes, finest first: 1/64 to 16384 bars, so that every zoom finds one. */
const STEPS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536];
/** Steps of the clock ruler in seconds. */
const SECONDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800];

export const beatOf = (tempo: number): Flicks => ((60_000 / tempo) * FLICKS_PER_MS) as Flicks;
export const barOf = (tempo: number): Flicks => (beatOf(tempo) * BEATS_PER_BAR) as Flicks;

/** The finest musical step that is still legible at this zoom, in flicks (not rounded, so that bar 400 lies where it should). */
export function gridStep(camera: Camera, tempo: number, pxMin = STEP_MIN): Flicks {
  const beat = beatOf(tempo);
  const pxPerBeat = (60 / tempo) * camera.scale;
  const beats = STEPS.find((step) => step * pxPerBeat >= pxMin) ?? STEPS.at(-1)!;
  return (beat * beats) as Flicks;
}

/** Seconds between labels of the clock ruler. */
export const clockStep = (camera: Camera, pxMin: number): number => SECONDS.find((step) => step * camera.scale >= pxMin) ?? SECONDS.at(-1)!;

/** 1-based bar and beat of a date, and whether the date is exactly on them. */
export function barsOf(at: Flicks, tempo: number): { readonly bar: number; readonly beat: number; readonly isOnBar: boolean } {
  const beats = at / beatOf(tempo);
  const whole = Math.floor(beats + 1e-6);
  return {
    bar: Math.floor(whole / BEATS_PER_BAR) + 1,
    beat: (((whole % BEATS_PER_BAR) + BEATS_PER_BAR) % BEATS_PER_BAR) + 1,
    isOnBar: Math.abs(beats / BEATS_PER_BAR - Math.round(beats / BEATS_PER_BAR)) < 1e-6,
  };
}

/** What a dragged date is drawn to. Dates are absolute, in the root interval. */
export interface Magnets {
  readonly camera: Camera;
  readonly tempo: number;
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

const toGrid = (at: number, step: number): Flicks => Math.round(Math.round(at / step) * step) as Flicks;

/** Snaps one date: neighbours first, then the grid [TL5]. */
export function snap(at: Flicks, magnets: Magnets): Flicks {
  if (magnets.isOff) return at;
  const neighbour = nearest(at, magnets.neighbours);
  if (neighbour !== undefined && isClose(magnets, at, neighbour)) return neighbour;
  return toGrid(at, gridStep(magnets.camera, magnets.tempo));
}

/** Snaps a moved stretch: either end to a neighbour, else by whole grid steps, so that an offset from the grid is kept [TL5]. */
export function snapMove(start: Flicks, duration: Flicks, delta: Flicks, magnets: Magnets): Flicks {
  if (magnets.isOff) return delta;
  const moved = (start + delta) as Flicks;
  const end = (moved + duration) as Flicks;
  const toStart = nearest(moved, magnets.neighbours);
  if (toStart !== undefined && isClose(magnets, moved, toStart)) return (toStart - start) as Flicks;
  const toEnd = nearest(end, magnets.neighbours);
  if (toEnd !== undefined && isClose(magnets, end, toEnd)) return (toEnd - duration - start) as Flicks;
  return toGrid(delta, gridStep(magnets.camera, magnets.tempo));
}
