import type { Flicks } from '../../../base.ts';
import type { Metronome, Notes, Pattern } from '../../../crdt/score.ts';
import { contentsOf } from '../../../engine/contents.ts';
import { quarterOf } from '../../../engine/metres.ts';
import { playedIn } from '../../../engine/process.ts';
import type { Metre } from '../../../engine/process/metre.ts';
import { BAR_PITCH } from '../../../engine/process/sequence.ts';
import { SLOT_LABEL, SLOT_PADDING } from '../hit.ts';
import type { Slot } from '../places.ts';
import type { Pen } from './pen.ts';
import type { Ground } from './ground.ts';

/** Notes of one slot that are drawn. */
const NOTES_MAX = 4000;
/** Notes this wide on average are drawn one by one, narrower ones as the band that they fill. */
const NOTE_PX_MIN = 0.5;
const PITCHES_MIN = 6;
/** px of the frame at a slot's left, under which the first note lies. */
const EDGE = 2;

/** What notes, patterns and metronomes will play, high above low. */
export function drawPlayed(pen: Pen, process: Notes | Pattern | Metronome, ground: Ground): void {
  const { slot, x0, width, left, right, colour, alpha } = ground;
  const duration = slot.end - slot.at;
  if (width < 4 || duration <= 0) return;
  const toFlicks = (x: number): Flicks => Math.round(((x - x0) / width) * duration) as Flicks;
  const turn = turnOf(process);
  const notes = tooMany(process, { from: toFlicks(left), to: toFlicks(right), px: width / duration })
    ? undefined
    : playedIn(process, [Math.max(0, toFlicks(left - EDGE) - longest(process, pen)) as Flicks, toFlicks(right)], () => metreOf(pen, slot));
  const [top, height] = [slot.y + SLOT_LABEL, slot.height - SLOT_LABEL - SLOT_PADDING];
  if (!notes || notes.length > NOTES_MAX) return pen.shapes.rect(left, top, right - left, height, { colour, alpha: 0.28 * alpha });
  const rows = rowsOf(process);
  const thick = Math.max(2, Math.min(5, Math.floor(height / rows.count)));
  for (const { note, start, end } of notes) {
    const from = Math.max(left, Math.round(x0 + (start / duration) * width));
    const until = Math.min(right, Math.round(x0 + (end / duration) * width) - 1);
    if (until < from) continue;
    const y = Math.round(top + (1 - rows.shareOf(note.pitch)) * (height - thick));
    const strength = (0.35 + 0.6 * note.velocity) * (start < turn ? 1 : 0.6);
    pen.shapes.rect(from, y, Math.max(2, until - from), thick, { colour, alpha: alpha * strength });
  }
}

/** When what was drawn begins again. */
function turnOf(process: Notes | Pattern | Metronome): number {
  return process.isLooping && process.loopDuration > 0 ? process.loopDuration : Infinity;
}

/** Flicks before a window in which what still sounds there may have begun. */
const longest = (process: Notes | Pattern | Metronome, { score }: Pick<Pen, 'score'>): number =>
  process.type === 'notes' ? process.notes.reduce((most, { duration }) => Math.max(most, duration), 0) : quarterOf(score);

function tooMany(process: Notes | Pattern | Metronome, { from, to, px }: { from: number; to: number; px: number }): boolean {
  if (process.type !== 'notes' || !process.isLooping || process.loopDuration <= 0) return false;
  const turns = (to - from) / process.loopDuration;
  return turns * process.notes.length > NOTES_MAX || process.loopDuration * px < NOTE_PX_MIN;
}

/** Where a pitch stands, 0 at the foot to 1; of a pattern each lane is a row, the first on top. */
function rowsOf(process: Notes | Pattern | Metronome): { readonly count: number; shareOf(pitch: number): number } {
  const pitches =
    process.type === 'notes'
      ? process.notes.map(({ pitch }) => pitch)
      : process.type === 'pattern'
        ? (process.patterns[process.current] ?? process.patterns[0])?.lanes.map(({ note }) => note)
        : [BAR_PITCH];
  const low = (pitches ?? []).reduce((a, b) => Math.min(a, b), 127) - 1;
  const high = (pitches ?? []).reduce((a, b) => Math.max(a, b), 0) + 1;
  const count = Math.max(PITCHES_MIN, high - low);
  // The bar's click stands above the beats'.
  if (process.type === 'metronome') return { count, shareOf: (pitch) => (pitch === BAR_PITCH ? 0.6 : 0.3) };
  if (process.type !== 'pattern') return { count, shareOf: (pitch) => Math.min(1, Math.max(0, (pitch - low) / count)) };
  const rows = [...new Set(pitches)];
  return { count: Math.max(1, rows.length), shareOf: (pitch) => 1 - Math.max(0, rows.indexOf(pitch)) / Math.max(1, rows.length - 1) };
}

/** Bars and beats as the engine counts them while everything keeps its nominal length. */
function metreOf({ layout, score }: Pen, slot: Slot): Metre {
  const owner = score.intervals.get(contentsOf(score).metreOf(slot.process.interval));
  const from = layout.boxOf.get(owner?.id ?? '')?.at ?? 0;
  return { signatures: owner?.signatures ?? [], quarter: quarterOf(score), shift: slot.at - from };
}
