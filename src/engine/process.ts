import type { Flicks } from '../base.ts';
import { FLICKS_PER_MS } from '../base.ts';
import type { Automation, Lfo, Note, Notes, Process } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { ease } from './process/easing.ts';

/**
 * What a process says at a position, purely: nothing is remembered from one moment to the next, so that who joins late
 * or goes back says the same as everyone else.
 */
export interface Place {
  /** Of the interval, ≥ 0. */
  readonly position: Flicks;
  /** Nominal length of the interval: the scale of its processes. */
  readonly nominal: Flicks;
}

/** Where a process's output goes; undefined when it has none, or none was written yet. */
export const addressOf = (process: Process): Address | undefined =>
  (process.type === 'automation' || process.type === 'lfo' || process.type === 'notes') && process.address !== ''
    ? process.address
    : undefined;

/** undefined for processes that have no value over time, and for automations without points. */
export function valueAt(process: Process, place: Place): Value | undefined {
  const local = localTime(process, place.position);
  if (process.type === 'automation') return automationAt(process, place.nominal > 0 ? local / place.nominal : 0);
  return process.type === 'lfo' ? lfoAt(process, local) : undefined;
}

/** The process's own time: shifted by its start offset, wrapped where it loops [EX25]. */
export function localTime({ isLooping, loopDuration, startOffset }: Process, position: Flicks): Flicks {
  const wrapped = isLooping && loopDuration > 0 ? position % loopDuration : position;
  return (wrapped + startOffset) as Flicks;
}

/** x in shares of the nominal length. Before the first and beyond the last point their values hold [EX24]. */
function automationAt({ points, min, max }: Automation, x: number): number | undefined {
  const after = points.findIndex((point) => point.x > x);
  const left = points[after < 0 ? points.length - 1 : Math.max(0, after - 1)];
  const right = points[after];
  if (!left) return undefined;
  if (!right || x <= left.x) return min + left.y * (max - min);
  const way = (x - left.x) / (right.x - left.x);
  const share = typeof left.curve === 'number' ? way ** left.curve : ease(left.curve, way);
  return min + (left.y + (right.y - left.y) * share) * (max - min);
}

function lfoAt({ id, waveform, frequency, amplitude, offset, phase }: Lfo, local: number): number {
  const turns = (local / (FLICKS_PER_MS * 1000)) * frequency + phase;
  return offset + amplitude * wave(waveform, turns, id);
}

/** −1 to 1. All begin at 0 and rise, but the square, which begins high; the others hold a new value each turn. */
function wave(waveform: Lfo['waveform'], turns: number, seed: string): number {
  const turn = Math.floor(turns);
  const part = turns - turn;
  switch (waveform) {
    case 'sine':
      return Math.sin(part * 2 * Math.PI);
    case 'triangle':
      return part < 0.25 ? part * 4 : part < 0.75 ? 2 - part * 4 : part * 4 - 4;
    case 'saw':
      return part < 0.5 ? part * 2 : part * 2 - 2;
    case 'square':
      return part < 0.5 ? 1 : -1;
    default:
      return noise(seed, turn);
  }
}

/** Uniform in [−1, 1), the same on every peer: a hash of the process's id and the number of the turn [EX26]. */
function noise(seed: string, turn: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${seed}/${turn}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 31 - 1;
}

export interface SoundingNote {
  readonly note: Note;
  /** Positions of the interval; a note ends where its process wraps. */
  readonly start: Flicks;
  readonly end: Flicks;
}

/** Turns of a process loop looked at in one window: a loop of a few flicks must not hang a page. */
const TURNS_MAX = 1000;

/** Notes that start in [from, to), positions of the interval; ordered by start [EX25]. */
export function notesIn(process: Notes, from: Flicks, to: Flicks): readonly SoundingNote[] {
  const { isLooping, loopDuration, startOffset } = process;
  if (!isLooping || loopDuration <= 0) return pass(process, { begins: -startOffset, from: Math.max(0, from), to, wraps: Infinity });
  const found: SoundingNote[] = [];
  const first = Math.max(0, Math.floor(from / loopDuration));
  const last = Math.min(first + TURNS_MAX, Math.ceil(to / loopDuration));
  for (let turn = first; turn < last; turn++) {
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
    if (start >= to) break;
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
