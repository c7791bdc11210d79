import type { Flicks } from '../base.ts';
import { FLICKS_PER_MS } from '../base.ts';
import type { Automation, Generator, Process } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { curveAt } from './process/curve.ts';
import { formulaOf, isFormula } from './process/formula.ts';
import { colouring, gradientAt } from './process/gradient.ts';
import { lfoAt } from './process/lfo.ts';
import { notesAt, notesBackIn, notesIn } from './process/notes.ts';
import { clicksIn, patternIn, stepAt } from './process/sequence.ts';
import type { SoundingNote } from './process/notes.ts';
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
  /** Bars and beats around; 4/4 from its beginning where nobody says. */
  metre?(): Metre;
}

/** Flicks per minute. */
const MINUTE = 60_000 * FLICKS_PER_MS;

/** Where a process's output goes; undefined when it has none, or none was written yet. */
export function addressOf(process: Process): Address | undefined {
  if (!('address' in process) || process.address === '') return undefined;
  return process.type === 'gradient' ? colouring(process.address).address : process.address;
}

/**
 * Of processes that need neither an input nor a past; undefined for others, and for those that are empty: an automation
 * without points, steps without steps, a formula that is wrong.
 */
export function valueAt(process: Process, place: Place): Value | undefined {
  const { position, nominal, steps } = place;
  const local = localTime(process, position);
  const x = nominal > 0 ? local / nominal : 0;
  switch (process.type) {
    case 'automation':
      return scaled(process, curveAt(process.points, x));
    case 'tempo':
      return scaled({ min: TEMPO_MIN, max: TEMPO_MAX }, curveAt(process.points, x));
    case 'gradient': {
      const colour = gradientAt(process.stops, x);
      return colour && colouring(process.address).say(colour);
    }
    case 'spline':
      return splineAt(process.points, x);
    case 'lfo':
      return lfoAt(process, position, metreAt(place));
    case 'steps':
      return stepAt(process, local);
    case 'generator':
      return generated(process, local, x, steps);
    default:
      return undefined;
  }
}

/** What it has said last when its interval ends there: a step that would begin then does not. */
export const lastAt = (process: Process, place: Place): Value | undefined =>
  valueAt(process, process.type === 'steps' && place.position > 0 ? { ...place, position: (place.position - 1) as Flicks } : place);

export const metreAt = ({ metre, tempo = 120 }: Place): (() => Metre) =>
  metre ?? (() => ({ signatures: [], quarter: MINUTE / tempo, shift: 0 }));

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

/** Whether an address is an instrument: a track of `sound`, a MIDI port, or a channel of one. */
export const takesNotes = (address: Address): boolean => /^(?:sound:\/[^/]+|midi:\/[^/]+(?:\/[^/]+)?)$/.test(address);

/** Where what it plays goes: to its channel, of a MIDI port that is named without one. */
export function instrumentOf(process: Process): Address | undefined {
  const address = addressOf(process);
  return address !== undefined && /^midi:\/[^/]+$/.test(address) ? `${address}/${'channel' in process ? process.channel : 1}` : address;
}

/** It plays notes, of its own or, of a metronome, clicks. */
export const isPlaying = ({ type }: Process): boolean => type === 'notes' || type === 'pattern' || type === 'metronome';

/** Notes come out of it: those of people, too. */
export const givesNotes = (process: Process): boolean => isPlaying(process) || process.type === 'midiPit';

/** Notes of any process that plays, which begin in [from, to), positions of the interval; ordered by beginning [EX25]. */
export function playedIn(process: Process, [from, to]: readonly [Flicks, Flicks], metre: () => Metre): readonly SoundingNote[] {
  if (process.type === 'notes') return notesIn(process, from, to);
  if (process.type === 'pattern') return patternIn(process, metre(), [from, to]);
  return process.type === 'metronome' ? clicksIn(metre(), [from, to]) : [];
}

/** The same where time goes back from `from` to `to`: of piano rolls, each note from its end to its start. */
export const playedBackIn = (process: Process, [from, to]: readonly [Flicks, Flicks]): readonly SoundingNote[] =>
  process.type === 'notes' ? notesBackIn(process, from, to) : [];

/** Notes that sound on at a position, which lies within them. */
export const playedAt = (process: Process, position: Flicks): readonly SoundingNote[] =>
  process.type === 'notes' ? notesAt(process, position) : [];
