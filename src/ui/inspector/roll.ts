import type { Note } from '../../crdt/score.ts';

/** A note while the hand has it: start and duration in ms; without id it is not written yet. */
export interface Sketch {
  readonly id?: string;
  readonly start: number;
  readonly duration: number;
  readonly pitch: number;
  readonly velocity: number;
}

const PITCH_MAX = 127;
const ROWS_MIN = 24;
const MARGIN = 4;
/** Finer than this, lines would stand closer than a finger can aim. */
const CELLS_MAX = 64;

/** ms of a cell: a sixteenth, or its doubles where the length is long. */
export function gridOf(tempo: number, length: number): number {
  let cell = 60_000 / tempo / 4;
  while (length / cell > CELLS_MAX) cell *= 2;
  return cell;
}

/** Pitches to show: all notes with a margin, at least two octaves, middle C where there is none. */
export function rangeOf(notes: readonly Note[]): { readonly low: number; readonly high: number } {
  const pitches = notes.map(({ pitch }) => Math.round(pitch));
  const least = pitches.length ? Math.min(...pitches) : 54;
  const most = pitches.length ? Math.max(...pitches) : 66;
  const margin = Math.max(MARGIN, Math.ceil((ROWS_MIN - (most - least + 1)) / 2));
  return { low: Math.max(0, least - margin), high: Math.min(PITCH_MAX, most + margin) };
}

const NAMES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];
export const pitchName = (pitch: number): string => `${NAMES[Math.round(pitch) % 12] ?? ''}${Math.floor(Math.round(pitch) / 12) - 1}`;

/** Relative snap: the offset from the grid that a note had stays. */
export function shifted(note: Sketch, by: { readonly ms: number; readonly pitch: number }, grid: number): Sketch {
  const start = Math.max(0, note.start + Math.round(by.ms / grid) * grid);
  return { ...note, start, pitch: Math.min(PITCH_MAX, Math.max(0, note.pitch + by.pitch)) };
}

export const resized = (note: Sketch, by: number, grid: number): Sketch => ({
  ...note,
  duration: Math.max(Math.min(grid, note.duration), note.duration + Math.round(by / grid) * grid),
});

/** to: ms where the hand is; the note reaches to the end of that cell. */
export const drawn = (note: Sketch, to: number, grid: number): Sketch => ({
  ...note,
  duration: Math.max(grid, Math.ceil((to - note.start) / grid) * grid),
});
