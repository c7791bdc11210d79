import type { Flicks, MeshTime } from '../base.ts';
import { FLICKS_PER_MS } from '../base.ts';
import type { Metronome, ObjectId, Process, Sound } from '../crdt/score.ts';
import { IMPULSE } from '../crdt/value.ts';
import type { Address, Value } from '../crdt/value.ts';
import { contentsOf } from './contents.ts';
import { GRID_MS, isSameValue } from './flow.ts';
import type { Outbox } from './outbox.ts';
import type { PerformerDeps } from './performer-deps.ts';
import { divergence, endsIn, isContinued, isSameLine, passing } from './pieces.ts';
import { meshAt, positionAt } from './plan.ts';
import type { Piece, PlannedOccurrence } from './plan.ts';
import { addressOf, localTime, playedIn, takesNotes, valueAt } from './process.ts';
import { beatsIn } from './process/metre.ts';
import type { Metre } from './process/metre.ts';
import { tweened } from './process/tween.ts';

/** What devices were told of one interval occurrence. */
export interface Part {
  /** Names its gate: `interval@path`. */
  readonly name: string;
  told: readonly Piece[];
  toldTo: MeshTime;
  /** Until when each process's notes were told, and up to which position of the line that goes on there. */
  readonly notes: Map<ObjectId, { readonly to: MeshTime; readonly position?: Flicks }>;
  readonly curves: Map<ObjectId, Curve>;
}

interface Curve {
  to: MeshTime;
  value: Value | undefined;
  /** A tween as it begins: from what its address had then. */
  shape: Process | undefined;
}

export interface PartWindow {
  readonly now: MeshTime;
  /** Before it nothing is looked at. */
  readonly since: MeshTime;
  readonly to: MeshTime;
  readonly valuesTo: MeshTime;
  /** Before it no note is played any more. */
  readonly floor: MeshTime;
}

interface Task {
  readonly occurrence: PlannedOccurrence;
  readonly processes: readonly Process[];
  readonly window: PartWindow;
  metre(at: MeshTime): Metre;
  /** What a tween's address had when it began, if that is long ago. */
  tween(process: ObjectId): Value | undefined;
}

type Deps = Pick<PerformerDeps, 'score'> & { readonly devices: Outbox };

/** A curve that could not be told for longer goes on from here instead of catching up. */
const CURVE_LATE_MS = 50;

/** Tells what is new, cuts what is no longer true. */
export function performPart(deps: Deps, part: Part, task: Task): void {
  const { pieces } = task.occurrence;
  const { since, to } = task.window;
  const cutAt = correct(deps, part, pieces, since);
  dropOthers(deps, part, task);
  for (const process of task.processes) {
    const address = addressOf(process);
    if (process.type === 'notes' || process.type === 'pattern') tellNotes(deps, part, process, task);
    else if (process.type === 'sound') tellSound(deps, part, process, task);
    else if (process.type === 'metronome' && (address === undefined || takesNotes(address))) tellNotes(deps, part, process, task);
    else if (process.type === 'metronome') tellBeats(deps, part, process, task);
    else if (address !== undefined) tellCurve(deps, part, process, { ...task, address });
  }
  const ends = endsIn(pieces, [part.toldTo, to]).filter((piece) => piece.to !== cutAt);
  if (part.notes.size > 0) for (const { to: end } of ends) deps.devices.cut(part.name, end);
  part.told = pieces;
  part.toldTo = to;
}

/** The occurrence is not in the plan any more. */
export function cutPart(deps: Deps, part: Part, { since }: Pick<PartWindow, 'since'>): void {
  correct(deps, part, [], since);
}

/** Where devices were told otherwise, everything from there on is taken back. Returns where that was. */
function correct(deps: Deps, part: Part, pieces: readonly Piece[], since: MeshTime): MeshTime | undefined {
  const date = divergence(part.told, pieces, [since, part.toldTo]);
  if (date === undefined) return undefined;
  if (part.notes.size > 0) deps.devices.cut(part.name, date);
  for (const [id, { to }] of part.notes) if (to > date) part.notes.set(id, { to: date });
  for (const curve of part.curves.values()) {
    if (curve.to > date) curve.value = undefined;
    // A hair before: where it ends now is said, which drops what was said beyond.
    curve.to = Math.min(curve.to, date - 1e-3) as MeshTime;
  }
  part.toldTo = date;
  return date;
}

/** A process that was taken away, or whose group is not ours any more, falls silent; what shares its gate goes on. */
function dropOthers(deps: Deps, part: Part, { processes, window }: Task): void {
  const own = new Set(processes.map(({ id }) => id));
  for (const id of part.curves.keys()) if (!own.has(id)) part.curves.delete(id);
  const gone = [...part.notes.keys()].filter((id) => !own.has(id));
  if (gone.length === 0) return;
  deps.devices.cut(part.name, window.now);
  for (const id of gone) part.notes.delete(id);
  for (const id of part.notes.keys()) part.notes.set(id, { to: window.now });
}

/** What stands in an interval over time, piece by piece; `isGoingOn`: right behind what was told before, at `begin`. */
interface Stretch {
  readonly index: number;
  readonly piece: Piece;
  readonly from: MeshTime;
  readonly begin: Flicks;
  readonly end: Flicks;
  readonly isGoingOn: boolean;
}

/** What is new of an occurrence's pieces for a process that plays; afterwards all of it counts as told. */
function stretches(part: Part, process: Process, { occurrence: { pieces }, window }: Task): readonly Stretch[] {
  let told = part.notes.get(process.id) ?? { to: firstOf(part, window) };
  const floor = Math.max(told.to, window.floor) as MeshTime;
  const found: Stretch[] = [];
  part.notes.set(process.id, { to: window.to });
  for (const [index, piece] of pieces.entries()) {
    const [from, to] = [Math.max(floor, piece.from) as MeshTime, Math.min(window.to, piece.to) as MeshTime];
    // Backwards nothing is played.
    if (from >= to || piece.rate < 0) continue;
    const isContinuing = from > piece.from || isContinued(pieces[index - 1] ?? piece, piece);
    const isGoingOn = from === told.to && told.position !== undefined && isContinuing;
    const begin = isGoingOn && told.position !== undefined ? told.position : nearest(piece, from);
    told = { to, position: nearest(piece, to) };
    found.push({ index, piece, from, begin, end: told.position!, isGoingOn });
    if (to === window.to) part.notes.set(process.id, told);
  }
  return found;
}

function tellNotes(deps: Deps, part: Part, process: Process, task: Task): void {
  const address = addressOf(process);
  for (const { index, piece, from, begin, end } of stretches(part, process, task)) {
    if (address === undefined) continue;
    for (const { note, start, end: stop } of playedIn(process, [begin, end], () => task.metre(from))) {
      const until = passing(task.occurrence.pieces, index, stop);
      deps.devices.note(address, { occurrence: part.name, pitch: note.pitch, velocity: note.velocity, at: meshAt(piece, start), until });
    }
  }
}

/** A medium sounds from where its interval stands: at its own speed, or, repitched, at the interval's, piece by piece. */
function tellSound(deps: Deps, part: Part, process: Sound, task: Task): void {
  const address = addressOf(process);
  const { pieces } = task.occurrence;
  const loop = process.isLooping && process.loopDuration > 0 ? { loop: process.loopDuration / FLICKS_PER_S } : {};
  for (const { index, piece, from, isGoingOn } of stretches(part, process, task)) {
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

/** Impulses at the dates of the beats. */
function tellBeats(deps: Deps, part: Part, process: Metronome, { occurrence, window, metre }: Task): void {
  const curve = curveOf(part, process.id, window);
  for (const piece of occurrence.pieces) {
    const [a, b] = [Math.max(piece.from, curve.to - 1) as MeshTime, Math.min(piece.to, window.valuesTo) as MeshTime];
    if (a > b || piece.rate < 0) continue;
    for (const { date } of beatsIn(metre(a), [nearest(piece, a), nearest(piece, b) + 1])) {
      const at = Math.max(piece.from, meshAt(piece, date)) as MeshTime;
      if (at > curve.to && at <= window.valuesTo && at < piece.to && at >= window.now - CURVE_LATE_MS)
        deps.devices.send(process.address, IMPULSE, at);
    }
  }
  curve.to = Math.max(curve.to, window.valuesTo) as MeshTime;
}

function curveOf(part: Part, process: ObjectId, window: PartWindow): Curve {
  const curve = part.curves.get(process) ?? {
    to: Math.max(window.since, window.floor - 1) as MeshTime,
    value: undefined,
    shape: undefined,
  };
  part.curves.set(process, curve);
  return curve;
}

/** A process that becomes ours in the middle starts now; a part that has just come starts at its beginning. */
const firstOf = (part: Part, { now, since }: PartWindow): MeshTime => (part.told.length > 0 ? now : since);

/** Whole flick nearest to a date: dates are floats, and a note must not fall between two windows, nor into both. */
const nearest = (piece: Piece, at: MeshTime): Flicks =>
  Math.round(piece.position + (at - piece.from) * FLICKS_PER_MS * piece.rate) as Flicks;

function tellCurve(
  deps: Deps,
  part: Part,
  process: Process,
  { occurrence, window, address, tween }: Task & { readonly address: Address },
): void {
  const score = deps.score();
  const nominal = score.intervals.get(occurrence.interval)?.nominal ?? (0 as Flicks);
  const curve = curveOf(part, process.id, window);
  const isTween = process.type === 'automation' && process.isTween;
  const tell = (piece: Piece, at: MeshTime, isEnd: boolean): void => {
    const shape = isTween ? (curve.shape ??= tweened(process, tween(process.id) ?? deps.devices.read(address, piece.from))) : process;
    const value = valueAt(shape, { position: positionAt(piece, at), nominal, tempo: score.tempo, steps: contentsOf(score).steps });
    if (value === undefined || isSameValue(value, curve.value)) return;
    curve.value = value;
    deps.devices.send(address, value, at, isEnd ? 'ended' : 'running');
  };
  const { pieces } = occurrence;
  for (const [i, piece] of pieces.entries()) {
    const edges = { isBegin: !pieces[i - 1] || !isContinued(pieces[i - 1]!, piece), isEnd: !isContinued(piece, pieces[i + 1]) };
    for (const at of samples(piece, curve.to, { ...window, ...edges })) tell(piece, at, edges.isEnd && at === piece.to);
  }
  curve.to = Math.max(curve.to, window.valuesTo) as MeshTime;
}

/** Dates in (after, valuesTo] at which a curve speaks: its beginning, a grid that all peers share, and its very end. */
function samples(
  piece: Piece,
  after: MeshTime,
  { now, valuesTo, isBegin, isEnd }: PartWindow & { readonly isBegin: boolean; readonly isEnd: boolean },
): MeshTime[] {
  const isTold = (at: number): boolean => at <= after || at > valuesTo;
  const begin = Math.max(piece.from, after, now - CURVE_LATE_MS);
  const dates = isTold(piece.from) || !isBegin ? [] : [piece.from];
  // Products of floats: what a division says is off by one at times. An instant on a bend belongs to what goes on from there.
  const isPast = (at: number): boolean => (isBegin || begin > piece.from ? at <= begin : at < begin);
  let k = Math.floor(begin / GRID_MS);
  while (isPast(k * GRID_MS)) k++;
  for (; k * GRID_MS < piece.to && k * GRID_MS <= valuesTo; k++) dates.push((k * GRID_MS) as MeshTime);
  return isTold(piece.to) || !isEnd ? dates : [...dates, piece.to];
}
