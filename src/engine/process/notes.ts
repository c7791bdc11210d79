import type { Flicks } from '../../base.ts';
import type { Note, Notes } from '../../crdt/score.ts';

/** Piano rolls: notes of a process's own time, wrapped and shifted as it is [EX25], in positions of the interval. */
export interface SoundingNote {
  readonly note: Note;
  /** Where it begins and ends to sound; a note ends where its process wraps. Where time goes back, `end` is the lesser. */
  readonly start: Flicks;
  readonly end: Flicks;
}

/** Notes of one process in one window: nobody hears more, and a page has others to play. */
export const NOTES_MAX = 2000;
/** Turns of a process loop looked at in one window: a loop of a few flicks must not hang a page. */
const TURNS_MAX = 1000;

/** One passage through the process's own time: interval positions of its own 0, of where it begins, and of where it wraps. */
interface Turn {
  readonly zero: number;
  readonly begins: number;
  readonly wraps: number;
}

/** Those that touch [from, to]. */
function turnsIn({ isLooping, loopDuration, startOffset }: Notes, from: number, to: number): readonly Turn[] {
  if (!isLooping || loopDuration <= 0) return [{ zero: -startOffset, begins: 0, wraps: Infinity }];
  const turns: Turn[] = [];
  const first = Math.max(0, Math.floor(from / loopDuration));
  const last = Math.min(first + TURNS_MAX, Math.ceil(to / loopDuration));
  for (let turn = first; turn < last; turn++) {
    const begins = turn * loopDuration;
    turns.push({ zero: begins - startOffset, begins, wraps: begins + loopDuration });
  }
  return turns;
}

const sounding = (note: Note, { zero, wraps }: Turn): SoundingNote => ({
  note,
  start: (zero + note.start) as Flicks,
  end: Math.min(wraps, zero + note.start + note.duration) as Flicks,
});

/** Of those that start in [from, to), within the turn. */
function* startingIn(notes: readonly Note[], turn: Turn, from: number, to: number): Generator<SoundingNote> {
  const until = Math.min(to, turn.wraps);
  for (let i = firstFrom(notes, Math.max(turn.begins, from) - turn.zero); i < notes.length; i++) {
    const found = sounding(notes[i]!, turn);
    if (found.start >= until) return;
    yield found;
  }
}

/** Those that start before `to` and, in turns that touch the window, at `first` or later, as far as they are wanted. */
function startingAt(
  process: Notes,
  [from, to]: readonly [number, number],
  first: number,
  isWanted: (it: SoundingNote) => boolean,
): readonly SoundingNote[] {
  const found: SoundingNote[] = [];
  for (const turn of turnsIn(process, from, Math.max(to, from + 1))) {
    for (const it of startingIn(process.notes, turn, first, to)) {
      if (isWanted(it)) found.push(it);
      if (found.length >= NOTES_MAX) return found;
    }
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

/** Notes that start in [from, to); ordered by start. */
export const notesIn = (process: Notes, from: Flicks, to: Flicks): readonly SoundingNote[] =>
  startingAt(process, [from, to], from, () => true);

/** Where time goes back from `from` to `to`, those whose end lies in (to, from]: each sounds from there to its start, as ossia's do. */
export const notesBackIn = (process: Notes, from: Flicks, to: Flicks): readonly SoundingNote[] =>
  startingAt(process, [to, from], -Infinity, ({ end }) => end > to && end <= from)
    .map(({ note, start, end }) => ({ note, start: end, end: start }))
    .sort((a, b) => b.start - a.start);

/** The note that has begun last at a position, in this turn or the one before. */
export function lastAt(process: Notes, position: Flicks): Note | undefined {
  const { notes, isLooping, loopDuration, startOffset } = process;
  const [turn] = turnsIn(process, position, position + 1);
  const before = turn && notes[firstFrom(notes, position + 1 - turn.zero) - 1];
  if (before && before.start >= startOffset) return before;
  const last = isLooping && position >= loopDuration ? notes[firstFrom(notes, startOffset + loopDuration) - 1] : undefined;
  return last && last.start >= startOffset ? last : undefined;
}

/** Those that a position lies within. */
export const notesAt = (process: Notes, position: Flicks): readonly SoundingNote[] =>
  startingAt(process, [position, position], -Infinity, ({ end }) => end > position);
