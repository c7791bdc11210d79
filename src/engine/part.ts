import type { Flicks, MeshTime } from '../base.ts';
import { FLICKS_PER_MS } from '../base.ts';
import type { Metronome, ObjectId, Process, Steps } from '../crdt/score.ts';
import { IMPULSE } from '../crdt/value.ts';
import type { Address } from '../crdt/value.ts';
import { contentsOf } from './contents.ts';
import { GRID_MS, isSameValue } from './flow.ts';
import { divergence, endsIn, isContinued } from './pieces.ts';
import { meshAt, nearest, positionAt } from './plan.ts';
import type { Piece } from './plan.ts';
import { addressOf, isPlaying, localTime, takesNotes, valueAt } from './process.ts';
import { beatsIn } from './process/metre.ts';
import { stepAt, stepsIn } from './process/sequence.ts';
import { tweened } from './process/tween.ts';
import { cutNotes, gateOf, tellNotes, tellSound } from './sounding.ts';
import type { Curve, Part, PartDeps, PartWindow, Task } from './told.ts';

export type { Part } from './told.ts';

/** Flicks of the grid: shorter steps are sampled like a curve. */
const GRID = GRID_MS * FLICKS_PER_MS;
/** A curve that could not be told for longer goes on from here instead of catching up. */
const CURVE_LATE_MS = 50;
/** Samples of one curve at one turn, more than fit between what is late and how far ahead values are told. */
const SAMPLES_MAX = 64;

/** Tells what is new, cuts what is no longer true. */
export function performPart(deps: PartDeps, part: Part, task: Task): void {
  const { pieces } = task.occurrence;
  const { since, to } = task.window;
  const takers = takersOf(task);
  const cutAt = correct(deps, part, { pieces, takers }, since);
  dropOthers(deps, part, task);
  for (const process of task.processes) {
    const address = addressOf(process);
    if (isPlaying(process)) tellNotes(deps, part, process, task);
    if (process.type === 'sound') tellSound(deps, part, process, task);
    else if (process.type === 'metronome' && address !== undefined && !takesNotes(address)) tellBeats(deps, part, process, task);
    else if (process.type === 'steps' && address !== undefined && process.duration >= GRID) tellSteps(deps, part, process, task);
    else if (address !== undefined && !isPlaying(process)) tellCurve(deps, part, process, { ...task, address });
  }
  const ends = endsIn(pieces, [part.toldTo, to]).filter((piece) => piece.to !== cutAt);
  if (part.notes.size > 0) for (const { to: end } of ends) cutNotes(deps, part, end);
  for (const [id, runs] of takers)
    for (const { to: end } of endsIn(runs, [part.toldTo, to])) if (end !== cutAt) deps.devices.cut(gateOf(part, id), end);
  part.told = pieces;
  part.toldTo = Math.max(part.toldTo, to) as MeshTime;
}

/** Unknown processes that play its notes, with when they run. */
function takersOf({ processes, instruments }: Task): ReadonlyMap<ObjectId, readonly Piece[]> {
  if (!processes.some(isPlaying)) return NOBODY;
  return new Map(
    processes.flatMap((it) => instruments(it).flatMap(({ taker }) => (taker ? [[taker.process, taker.pieces] as const] : []))),
  );
}
const NOBODY: ReadonlyMap<ObjectId, readonly Piece[]> = new Map();

/** The occurrence is not in the plan any more. */
export function cutPart(deps: PartDeps, part: Part, { since }: Pick<PartWindow, 'since'>): void {
  correct(deps, part, { pieces: [], takers: NOBODY }, since);
}

/** Where devices were told otherwise, everything from there on is taken back. Returns where that was. */
function correct(
  deps: PartDeps,
  part: Part,
  plan: Pick<Part, 'takers'> & { pieces: readonly Piece[] },
  since: MeshTime,
): MeshTime | undefined {
  const lines = [[part.told, plan.pieces], ...[...part.takers].map(([id, told]) => [told, plan.takers.get(id) ?? []])] as const;
  const dates = lines.map(([told, is]) => divergence(told!, is!, [since, part.toldTo]) ?? Infinity);
  const date = Math.min(...dates) as MeshTime;
  if (date !== Infinity && part.notes.size > 0) cutNotes(deps, part, date);
  part.takers = plan.takers;
  if (date === Infinity) return undefined;
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
function dropOthers(deps: PartDeps, part: Part, { processes, window }: Task): void {
  const isGone = (known: ObjectId): boolean => !processes.some(({ id }) => id === known);
  for (const id of part.curves.keys()) if (isGone(id)) part.curves.delete(id);
  const gone = part.notes.size === 0 ? [] : [...part.notes.keys()].filter(isGone);
  if (gone.length === 0) return;
  cutNotes(deps, part, window.now);
  for (const id of gone) part.notes.delete(id);
  for (const id of part.notes.keys()) part.notes.set(id, { to: window.now });
}

/** What is said at its own dates: the impulses of beats. */
function tellBeats(deps: PartDeps, part: Part, process: Metronome, { occurrence, window, metre }: Task): void {
  const curve = curveOf(part, process.id, window);
  for (const piece of occurrence.pieces.filter(({ rate }) => rate > 0))
    for (const at of datesOf(piece, curve, window, (range) => beatsIn(metre(piece.from), range).map(({ date }) => date)))
      deps.devices.send(process.address, IMPULSE, at);
  curve.to = Math.max(curve.to, window.valuesTo) as MeshTime;
}

/** Each step at its date, whatever stood before it; in the middle of one what holds there. Backwards a step begins at its end. */
function tellSteps(deps: PartDeps, part: Part, process: Steps, { occurrence: { pieces }, window }: Task): void {
  const curve = curveOf(part, process.id, window);
  const late = (window.now - CURVE_LATE_MS) as MeshTime;
  const tell = (piece: Piece, at: MeshTime, isStep: boolean): void => {
    const position = nearest(piece, at) - (isStep && piece.rate < 0 ? 1 : 0);
    const value = stepAt(process, localTime(process, position as Flicks));
    if (value === undefined || (!isStep && value === curve.value)) return;
    curve.value = value;
    deps.devices.send(process.address, value, at);
  };
  for (const [i, piece] of pieces.entries()) {
    const isBegin = piece.from > curve.to && !(pieces[i - 1] && isContinued(pieces[i - 1]!, piece));
    const enters = Math.max(piece.from, late) as MeshTime;
    const dates = datesOf(piece, curve, window, (range) => stepsIn(process, range));
    const isEntered = piece.rate !== 0 && enters < piece.to && enters <= window.valuesTo && (isBegin || curve.to < late);
    if (isEntered && dates[0] !== enters) tell(piece, enters, false);
    for (const at of dates) tell(piece, at, true);
  }
  curve.to = Math.max(curve.to, window.valuesTo) as MeshTime;
}

/** Dates of positions in a piece, those that have not been told and are not late, in order; at 0 nothing lies before. */
function datesOf(
  piece: Piece,
  curve: Curve,
  { now, valuesTo }: PartWindow,
  positions: (range: readonly [number, number]) => readonly number[],
): readonly MeshTime[] {
  const [a, b] = [Math.max(piece.from, curve.to - 1) as MeshTime, Math.min(piece.to, valuesTo) as MeshTime];
  if (a > b) return [];
  const isBack = piece.rate < 0;
  const range = isBack
    ? ([Math.max(1, nearest(piece, b)), nearest(piece, a) + 1] as const)
    : ([nearest(piece, a), nearest(piece, b) + 1] as const);
  const found = positions(range);
  return (isBack ? found.toReversed() : found)
    .map((position) => Math.max(piece.from, meshAt(piece, position)) as MeshTime)
    .filter((at) => at > curve.to && at <= valuesTo && at < piece.to && at >= now - CURVE_LATE_MS);
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

function tellCurve(
  deps: PartDeps,
  part: Part,
  process: Process,
  { occurrence, window, address, metre, tween }: Task & { readonly address: Address },
): void {
  const score = deps.score();
  const nominal = score.intervals.get(occurrence.interval)?.nominal ?? (0 as Flicks);
  const curve = curveOf(part, process.id, window);
  const isTween = process.type === 'automation' && process.isTween;
  const tell = (piece: Piece, at: MeshTime, isEnd: boolean): void => {
    const shape = isTween ? (curve.shape ??= tweened(process, tween(process.id, address, piece.from))) : process;
    const place = { position: positionAt(piece, at), nominal, tempo: score.tempo, steps: contentsOf(score).steps, metre: () => metre(at) };
    const value = valueAt(shape, place);
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
  const end = Math.min(piece.to, valuesTo);
  const first = Math.floor(begin / GRID_MS);
  for (let k = first; k * GRID_MS <= end && k < first + SAMPLES_MAX; k++) {
    const at = k * GRID_MS;
    if (!isPast(at) && at < piece.to) dates.push(at as MeshTime);
  }
  return isTold(piece.to) || !isEnd ? dates : [...dates, piece.to];
}
