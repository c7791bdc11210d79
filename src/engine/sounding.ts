import type { Flicks, MeshTime } from '../base.ts';
import { FLICKS_PER_MS } from '../base.ts';
import type { ObjectId, Process, Sound } from '../crdt/score.ts';
import { isContinued, isSameLine, passing } from './pieces.ts';
import { meshAt, nearest } from './plan.ts';
import type { Piece } from './plan.ts';
import { addressOf, localTime, playedAt, playedBackIn, playedIn } from './process.ts';
import type { SoundingNote } from './process/notes.ts';
import type { Part, PartDeps, PartWindow, Task } from './told.ts';

/** What stands in an interval over time, piece by piece; `isGoingOn`: right behind what was told before, at `begin`. */
interface Stretch {
  readonly index: number;
  readonly piece: Piece;
  readonly from: MeshTime;
  readonly begin: Flicks;
  readonly end: Flicks;
  readonly isGoingOn: boolean;
  /** What starts before it was told already and sounds. */
  readonly heardTo: number;
}

/** What is new of an occurrence's pieces for a process that plays; afterwards all of it counts as told. */
function stretches(part: Part, process: Process, { occurrence: { pieces }, window }: Task): readonly Stretch[] {
  let told = part.notes.get(process.id) ?? { to: firstOf(part, window) };
  // Two turns of one date, or a page that is seen again: all is told already.
  if (window.to <= told.to) return [];
  const floor = Math.max(told.to, window.floor) as MeshTime;
  const found: Stretch[] = [];
  part.notes.set(process.id, { to: window.to });
  for (const [index, piece] of pieces.entries()) {
    const [from, to] = [Math.max(floor, piece.from) as MeshTime, Math.min(window.to, piece.to) as MeshTime];
    if (from >= to) continue;
    const isContinuing = from > piece.from || isContinued(pieces[index - 1] ?? piece, piece);
    const isGoingOn = from === told.to && told.position !== undefined && isContinuing;
    const begin = isGoingOn && told.position !== undefined ? told.position : nearest(piece, from);
    const heardTo = isContinuing && told.position !== undefined ? told.position : -Infinity;
    told = { to, position: nearest(piece, to) };
    found.push({ index, piece, from, begin, end: told.position!, isGoingOn, heardTo });
    if (to === window.to) part.notes.set(process.id, told);
  }
  return found;
}

/** Who enters in the middle of a note of a piano roll begins it there. */
export function tellNotes(deps: PartDeps, part: Part, process: Process, task: Task): void {
  const { pieces } = task.occurrence;
  const instruments = task.instruments(process);
  for (const { index, piece, from, begin, end, isGoingOn, heardTo } of stretches(part, process, task)) {
    if (instruments.length === 0) continue;
    const tell = ({ note: { pitch, velocity }, end: stop }: SoundingNote, at: MeshTime): void => {
      const note = { pitch, velocity, at, until: passing(pieces, index, stop) };
      for (const { address, taker } of instruments) {
        const until = taker ? endAt(taker.pieces, at) : Infinity;
        if (until > at)
          deps.devices.note(address, { ...note, occurrence: gateOf(part, taker?.process), until: Math.min(note.until, until) as MeshTime });
      }
    };
    const isBack = piece.rate < 0;
    if (!isGoingOn)
      for (const it of playedAt(process, begin)) if (it.start >= heardTo || isBack) tell(isBack ? { ...it, end: it.start } : it, from);
    const played = isBack ? playedBackIn(process, [begin, end]) : playedIn(process, [begin, end], () => task.metre(from));
    for (const it of played) tell(it, meshAt(piece, it.start));
  }
}

/** Notes that play while somebody else runs pass a gate of their own. */
export const gateOf = ({ name }: Part, taker?: ObjectId): string => (taker === undefined ? name : `${name}>${taker}`);

/** Ends what an occurrence plays, whoever plays it. */
export function cutNotes(deps: PartDeps, part: Part, at: MeshTime): void {
  for (const taker of [undefined, ...part.takers.keys()]) deps.devices.cut(gateOf(part, taker), at);
}

/** Until when a process that runs at a date goes on; −Infinity where it does not run. */
function endAt(pieces: readonly Piece[], at: MeshTime): number {
  const first = pieces.findIndex(({ from, to }) => from <= at && at < to);
  return first < 0 ? -Infinity : passing(pieces, first, Infinity);
}

/** A medium sounds from where its interval stands: at its own speed, or, repitched, at the interval's, piece by piece. */
export function tellSound(deps: PartDeps, part: Part, process: Sound, task: Task): void {
  const address = addressOf(process);
  const { pieces } = task.occurrence;
  const loop = process.isLooping && process.loopDuration > 0 ? { loop: process.loopDuration / FLICKS_PER_S } : {};
  for (const { index, piece, from, isGoingOn } of stretches(part, process, task)) {
    if (piece.rate < 0) continue;
    const isOwnSpeed = process.mode === 'none';
    const isSounding = isGoingOn && (isOwnSpeed || from > piece.from || isSameLine(pieces[index - 1], piece));
    if (address === undefined || process.media === '' || isSounding) continue;
    deps.devices.play(address, {
      ...{ occurrence: part.name, media: process.media, at: from, until: isOwnSpeed ? passing(pieces, index, Infinity) : piece.to },
      ...{ rate: isOwnSpeed ? 1 : piece.rate, gain: process.gain, ...loop },
      offset: (process.start + localTime(process, nearest(piece, from))) / FLICKS_PER_S,
      loopStart: (process.start + process.startOffset) / FLICKS_PER_S,
    });
  }
}

const FLICKS_PER_S = FLICKS_PER_MS * 1000;

/** A process that becomes ours in the middle starts now; a part that has just come starts at its beginning. */
const firstOf = (part: Part, { now, since }: PartWindow): MeshTime => (part.told.length > 0 ? now : since);
