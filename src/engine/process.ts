import type { Flicks } from '../base.ts';
import { FLICKS_PER_MS } from '../base.ts';
import type { Automation, Generator, Note, Notes, Process } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { curveAt } from './process/curve.ts';
import { formulaOf, isFormula } from './process/formula.ts';
import { gradientAt } from './process/gradient.ts';
import { lfoAt } from './process/lfo.ts';
import { NOTES_MAX, clicksIn, patternIn, stepAt } from './process/sequence.ts';
import type { SoundingNote } from './process/sequence.ts';
import { splineAt } from './process/spline.ts';
import type { Metre } from './process/metre.ts';

/**
 * What a process says at a position, purely: nothing is remembered from one moment to the next, so that who joins late
 * or goes back says the same as everyone else.
 */
export interface Place {
  /** Of the interval, ≥ 0. */
  readonly position: Flicks;
  /** Nominal length of the interval: the scale of its processes. */
  readonly nominal: Flicks;
  /** BPM at which the score's time runs at speed 1; 120 where nobody says. */
  readonly tempo?: number;
  /** Operations that a formula may take [XF3]. */
  readonly steps?: number;
}

/** Where a process's output goes; undefined when it has none, or none was written yet. */
export const addressOf = (process: Process): Address | undefined =>
  'address' in process && process.address !== '' ? process.address : undefined;

/**
 * Of processes that need neither an input nor a past; undefined for others, and for those that are empty: an automation
 * without points, steps without steps, a formula that is wrong.
 */
export function valueAt(process: Process, { position, nominal, tempo = 120, steps }: Place): Value | undefined {
  const local = localTime(process, position);
  const x = nominal > 0 ? local / nominal : 0;
  switch (process.type) {
    case 'automation':
      return scaled(process, curveAt(process.points, x));
    case 'tempo':
      return scaled({ min: TEMPO_MIN, max: TEMPO_MAX }, curveAt(process.points, x));
    case 'gradient':
      return gradientAt(process.stops, x);
    case 'spline':
      return splineAt(process.points, x);
    case 'lfo':
      return lfoAt(process, local, tempo);
    case 'steps':
      return stepAt(process, local);
    case 'generator':
      return generated(process, local, x, steps);
    default:
      return undefined;
  }
}

/** BPM that a tempo's curve spans. */
export const TEMPO_MIN = 20;
export const TEMPO_MAX = 500;

const scaled = ({ min, max }: Pick<Automation, 'min' | 'max'>, y: number | undefined): number | undefined =>
  y === undefined ? undefined : min + y * (max - min);

function generated(process: Generator, local: number, x: number, steps?: number): Value | undefined {
  const formula = formulaOf(process.expression);
  if (!isFormula(formula) || formula.isRemembering) return undefined;
  const { a, b, c } = process;
  return formula.run({ a, b, c, t: local, pos: x, fs: FLICKS_PER_MS * 1000 }, () => 0, steps).value;
}

/** The process's own time: shifted by its start offset, wrapped where it loops [EX25]. */
export function localTime({ isLooping, loopDuration, startOffset }: Process, position: Flicks): Flicks {
  const wrapped = isLooping && loopDuration > 0 ? position % loopDuration : position;
  return (wrapped + startOffset) as Flicks;
}

/** Turns of a process loop looked at in one window: a loop of a few flicks must not hang a page. */
const TURNS_MAX = 1000;

/** Whether an address is an instrument: a track of `sound`, or a channel of a MIDI port. */
export const takesNotes = (address: Address): boolean => /^(?:sound:\/[^/]+|midi:\/[^/]+\/[^/]+)$/.test(address);

/** Notes of any process that plays, which start in [from, to), positions of the interval; ordered by start [EX25]. */
export function playedIn(process: Process, [from, to]: readonly [Flicks, Flicks], metre: () => Metre): readonly SoundingNote[] {
  if (process.type === 'notes') return notesIn(process, from, to);
  if (process.type === 'pattern') return patternIn(process, metre(), [from, to]);
  return process.type === 'metronome' ? clicksIn(metre(), [from, to]) : [];
}

/** Notes that start in [from, to), positions of the interval; ordered by start [EX25]. */
export function notesIn(process: Notes, from: Flicks, to: Flicks): readonly SoundingNote[] {
  const { isLooping, loopDuration, startOffset } = process;
  if (!isLooping || loopDuration <= 0) return pass(process, { begins: -startOffset, from: Math.max(0, from), to, wraps: Infinity });
  const found: SoundingNote[] = [];
  const first = Math.max(0, Math.floor(from / loopDuration));
  const last = Math.min(first + TURNS_MAX, Math.ceil(to / loopDuration));
  for (let turn = first; turn < last && found.length < NOTES_MAX; turn++) {
    const begins = turn * loopDuration;
    const wraps = begins + loopDuration;
    found.push(...pass(process, { begins: begins - startOffset, from: Math.max(begins, from), to: Math.min(to, wraps), wraps }));
  }
  return found;
}

/** `begins`: interval position of the process's own 0. */
function pass({ notes }: Notes, { begins, from, to, wraps }: { begins: number; from: number; to: number; wraps: number }): SoundingNote[] {
  const found: SoundingNote[] = [];
  for (let i = firstFrom(notes, from - begins); i < notes.length; i++) {
    const note = notes[i]!;
    const start = begins + note.start;
    if (start >= to || found.length >= NOTES_MAX) break;
    found.push({ note, start: start as Flicks, end: Math.min(wraps, start + note.duration) as Flicks });
  }
  return found;
}

/** Index of the first note that starts at `start` or later; notes are ordered. */
function firstFrom(notes: readonly Note[], start: number): number {
  let low = 0;
  for (let high = notes.length; low < high;) {
    const middle = (low + high) >> 1;
    if (notes[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
