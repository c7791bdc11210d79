import type { Flicks } from '../base.ts';
import { flicks } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import type { Fact, OccurrencePath } from './fact.ts';
import { isOwn } from './fact.ts';
import { epochAt, prefixOf } from './path.ts';
import type { Epoch, Recorded } from './nominal.ts';
import { isDivergent, recordOf, restore, start } from './restore.ts';
import type { Beginning } from './restore.ts';
import type { Anchor, Decisions, Happening, RunState } from './state.ts';
import { dateAt, positionOf, runningOf } from './state.ts';
import { step, withAct } from './step.ts';
import type { Act, Step, World } from './step.ts';
import { index } from './structure-index.ts';
import type { Changes } from './structure-change.ts';
import type { StructureIndex } from './structure-index.ts';
import type { Structure } from './structure.ts';
import type { Viewpoint } from './viewpoint.ts';

/**
 * The course of one run: the machine between the facts that bend it (seek, loop, speed, adopt). A pure function of
 * facts and known structures; whoever keeps cursors as checkpoints gets the same as who starts over [EX22].
 */
export interface Cursor {
  /** All actions dated before it are done. */
  readonly date: Flicks;
  /** undefined while the structure that the run obeys is not known here. */
  readonly place: { readonly structure: Structure; readonly state: RunState } | undefined;
  /** Hash of the structure that would be needed. */
  readonly wanted: string | undefined;
  readonly epoch: Epoch;
  readonly loop: { readonly start: Flicks; readonly end: Flicks } | undefined;
  /** The restoration that this epoch, or the last adoption, began with. */
  readonly base: Beginning | undefined;
  /** Where in the actions this epoch began, while a condition may be open that the jump asks for. */
  readonly begun: number | undefined;
}

export type Action = { readonly date: Flicks } & (
  | { readonly type: 'seek'; readonly to: Flicks }
  | { readonly type: 'loop'; readonly loop: Cursor['loop'] }
  | (Act & { readonly isOwn: boolean })
  | { readonly type: 'adopt'; readonly structure: string; readonly changes: Changes | null; readonly record: readonly Recorded[] }
);

export interface Course {
  readonly play: Fact & { readonly type: 'play' };
  /** Ordered by date, then as facts are. */
  readonly actions: readonly Action[];
  /** What was said to all, and what this peer said of its own. */
  readonly decisions: { readonly all: Decisions; readonly own: Decisions };
  readonly view: Viewpoint;
  /** By hash; undefined when it is not known here. */
  structure(hash: string): Structure | undefined;
  /** What an adoption leads to; `void` when its changes do not, undefined when that cannot be known here, or not yet. */
  adopted(hash: string, from: { readonly before: Structure | undefined; readonly changes: Changes | null }): Structure | 'void' | undefined;
}

/** Shorter transport loops, by the root's own time or by run time, are passed over: each pass costs a restoration. */
export const LOOP_MIN = flicks(50);

/** Dates of run time from a fact of the sequence; undefined for facts that are no action. */
export function toAction(fact: Fact, date: Flicks, play: Course['play']): Action | undefined {
  switch (fact.type) {
    case 'seek':
      return { type: 'seek', date, to: fact.to };
    case 'speed':
      return { type: 'speed', date, interval: fact.interval, path: fact.path, speed: fact.speed, isOwn: isOwn(fact) };
    case 'begin':
    case 'end':
      return { type: 'hand', date, interval: fact.interval, path: fact.path, isStart: fact.type === 'begin', isOwn: isOwn(fact) };
    case 'loop': {
      const isLong = fact.end !== null && fact.end - fact.start >= LOOP_MIN;
      return { type: 'loop', date, loop: isLong ? { start: fact.start, end: fact.end } : undefined };
    }
    case 'adopt': {
      const record = fact.fired.map(([path, sync, at, kind]): Recorded => ({
        ...{ path, sync, date: flicks(at - play.at), by: '' },
        ...(kind && { kind }),
      }));
      return { type: 'adopt', date, structure: fact.structure, changes: fact.changes, record };
    }
    default:
      return undefined;
  }
}

export function begin(course: Course): Cursor {
  const epoch: Epoch = { epoch: '', origin: 0 as Flicks, from: course.play.from };
  const blank: Cursor = {
    date: 0 as Flicks,
    place: undefined,
    wanted: course.play.structure,
    epoch,
    loop: undefined,
    base: undefined,
    begun: undefined,
  };
  const structure = course.structure(course.play.structure);
  return structure ? asking(settled(course, blank, structure, epoch), 0) : blank;
}

/** The cursor at `to` ≥ its date; `out` gets what happened meanwhile. */
export function proceed(course: Course, from: Cursor, to: Flicks, out?: Happening[]): Cursor {
  const first = course.actions.findIndex(({ date }) => date >= from.date);
  return proceedFrom(course, { cursor: from, next: first < 0 ? course.actions.length : first }, { to, out });
}

interface Place {
  readonly cursor: Cursor;
  /** Index of the next action. */
  readonly next: number;
}

function proceedFrom(course: Course, from: Place, { to, out }: { readonly to: Flicks; readonly out: Happening[] | undefined }): Cursor {
  let { cursor, next } = from;
  for (;;) {
    const fact = course.actions[next];
    const jump = loopJump(cursor);
    const action = fact && (!jump || fact.date <= jump.date) ? fact : jump;
    const until = Math.min(to, action?.date ?? Infinity) as Flicks;
    const late = lateDecision(course, cursor);
    const bend = loopBend(cursor);
    if (late < until && late <= bend) {
      const before = stepTo(course, cursor, late, out);
      cursor = enterAgain(course, before);
      tell(out, contrast(before.place?.state, cursor.place?.state, late));
      tell(out, newly(before.base, cursor.base, late));
    } else if (bend + 1 < until) {
      cursor = stepTo(course, cursor, (bend + 1) as Flicks, out);
    } else if (!action || action.date >= to) {
      return stepTo(course, cursor, to, out);
    } else {
      if (action === fact) next += 1;
      const before = stepTo(course, cursor, action.date, out);
      cursor = act(course, before, { action, next });
      tell(out, contrast(before.place?.state, cursor.place?.state, action.date));
    }
  }
}

/** One by one: there may be more than a call takes arguments. */
function tell(out: Happening[] | undefined, all: readonly Happening[]): void {
  if (out) for (const happening of all) out.push(happening);
}

/** Earliest date at which a condition is decided that the jump had left open; Infinity when there is none. */
function lateDecision(course: Course, { place, begun, date }: Cursor): Flicks {
  let first = Infinity;
  const decisions = place && begun !== undefined ? worldOf(course, place.structure).decisions : undefined;
  for (const { event, path } of place && decisions ? leftOpen(place.state) : [])
    first = Math.min(first, decisions?.decided(event, path)?.date ?? Infinity);
  return Math.max(date, first) as Flicks;
}

function* leftOpen({ origin, scenarios }: RunState): Generator<{ event: ObjectId; path: OccurrencePath }> {
  for (const { undecided } of scenarios.values())
    for (const [event, { path, since }] of undecided) if (since < origin) yield { event, path };
}

const asking = (cursor: Cursor, next: number): Cursor => ({
  ...cursor,
  begun: cursor.place && !leftOpen(cursor.place.state).next().done ? next : undefined,
});

/** The epoch anew, with the conditions that have been decided by now: what they open is entered in its middle [EX32]. */
function enterAgain(course: Course, cursor: Cursor): Cursor {
  if (!cursor.place || cursor.begun === undefined) return cursor;
  const { structure } = cursor.place;
  const base = start({ ...worldOf(course, structure), knows: cursor.date }, cursor.epoch);
  const again = { ...cursor, date: cursor.epoch.origin, place: { structure, state: base.state }, base };
  return proceedFrom(course, { cursor: asking(again, cursor.begun), next: cursor.begun }, { to: cursor.date, out: undefined });
}

/** Events that a late decision lets happen after all: their states are sent now. */
function newly(before: Step | undefined, after: Step | undefined, date: Flicks): Happening[] {
  const known = new Set(before?.happenings.map((it) => (it.type === 'happened' ? `${it.event}@${it.path}` : '')));
  return (after?.happenings ?? []).flatMap((it) =>
    it.type === 'happened' && !known.has(`${it.event}@${it.path}`) ? [{ ...it, date }] : [],
  );
}

function worldOf({ view, decisions }: Course, structure: Structure): World {
  const nodes = index(structure, view);
  return { index: nodes, decisions: nodes.isShared ? decisions.all : seen(nodes, decisions) };
}

/** What is said of an object counts where it is whose it is said to be; in a mixed scenario, where it sets going anything of ours. */
const seen = ({ syncs, events }: StructureIndex, { all, own }: Course['decisions']): Decisions => ({
  ending: (sync, path) => (syncs.get(sync)?.isFollowed === true ? all.ending?.(sync, path) : undefined),
  // A free one has no order; who stands between in a mixed one waits like all others there.
  begun: (sync, path) => all.fired(sync, path),
  fired(sync, path) {
    const node = syncs.get(sync);
    if (node?.isFollowed === false) return undefined;
    return (node?.isOwn === true ? own : all).fired(sync, path);
  },
  // What all had decided while it was shared still holds.
  decided: (event, path) => (events.get(event)?.sync.isOwn === true ? own.decided(event, path) : undefined) ?? all.decided(event, path),
});

/** Whether what somebody did by hand is about what it says it is about. */
const isInPlace = (nodes: StructureIndex, { interval, isOwn: isSaid }: Act & { readonly isOwn: boolean }): boolean =>
  (nodes.scenarios.get(nodes.intervals.get(interval)?.scenario ?? '')?.share === 'free') === isSaid;

function stepTo(course: Course, cursor: Cursor, to: Flicks, out?: Happening[]): Cursor {
  if (!cursor.place) return { ...cursor, date: to };
  const { structure, state } = cursor.place;
  const done = step(state, worldOf(course, structure), to);
  tell(out, done.happenings);
  return { ...cursor, date: to, place: { structure, state: done.state } };
}

/** When the transport loop next goes back; nothing when the end lies behind already, or beyond where the root ends. */
function loopJump({ place, loop, date }: Cursor): Action | undefined {
  const line = place && loop && rootLine(place);
  if (!line || line.anchor.position > loop.end || line.max < loop.end) return undefined;
  if (loop.end - loop.start < LOOP_MIN * line.anchor.rate) return undefined;
  const end = dateAt(line.anchor, loop.end);
  return end >= date && end < line.until ? { type: 'seek', date: end, to: loop.start } : undefined;
}

/** When the root's tempo changes: until then nobody can say where the loop ends. */
const loopBend = ({ place, loop }: Cursor): Flicks => ((place && loop && rootLine(place)?.until) ?? Infinity) as Flicks;

/** The root interval's line, also in the very instant in which it will start. */
function rootLine({ structure, state }: NonNullable<Cursor['place']>): { anchor: Anchor; until: Flicks; max: Flicks } | undefined {
  const node = index(structure).intervals.get(ROOT.interval);
  if (!node) return undefined;
  for (const { interval, anchor, bendDate } of runningOf(state))
    if (interval === ROOT.interval) return { anchor, until: bendDate, max: node.max };
  const cell = node.speed > 0 ? node.tempo?.cell(0, true) : undefined;
  const anchor = { date: state.date, position: 0, rate: node.speed * (cell?.rate ?? 1) };
  return state.isFresh ? { anchor, until: dateAt(anchor, cell?.to ?? Infinity), max: node.max } : undefined;
}

function act(course: Course, cursor: Cursor, { action, next }: { readonly action: Action; readonly next: number }): Cursor {
  switch (action.type) {
    case 'loop':
      return { ...cursor, loop: action.loop };
    case 'speed':
    case 'hand': {
      if (!cursor.place) return cursor;
      const { structure, state } = cursor.place;
      const world = worldOf(course, structure);
      return isInPlace(world.index, action) ? { ...cursor, place: { structure, state: withAct(state, world, action) } } : cursor;
    }
    case 'seek': {
      const epoch: Epoch = { epoch: epochAt(action.date), origin: action.date, from: action.to };
      return cursor.place ? asking(settled(course, cursor, cursor.place.structure, epoch), next) : { ...cursor, epoch, begun: undefined };
    }
    case 'adopt':
      return adopt(course, cursor, action);
  }
}

/** Where others may be elsewhere, each goes on with its own. */
function adopt(course: Course, cursor: Cursor, { structure: hash, changes, record: told, date }: Action & { type: 'adopt' }): Cursor {
  const structure = course.adopted(hash, { before: cursor.place?.structure, changes });
  if (structure === 'void') return cursor;
  if (!structure) return { ...cursor, place: undefined, base: undefined, begun: undefined, wanted: hash };
  const epoch = epochOf(told) ?? cursor.epoch;
  if (told.length === 0) return { ...settled(course, cursor, structure, epoch), begun: undefined };
  const world = worldOf(course, structure);
  const record = withOwn(course, cursor, { told, nodes: world.index });
  const acts = course.actions.flatMap((it) =>
    (it.type === 'speed' || it.type === 'hand') && it.date < date && (!it.isOwn || isInPlace(world.index, it)) ? [it] : [],
  );
  const base = restore(world, epoch, { record, acts, until: date });
  return { ...cursor, place: { structure, state: base.state }, base, begun: undefined, epoch, wanted: undefined };
}

function withOwn(
  { view }: Course,
  { place }: Cursor,
  { told, nodes }: { readonly told: readonly Recorded[]; readonly nodes: StructureIndex },
): readonly Recorded[] {
  if (nodes.isShared) return told;
  const own = place ? recordOf({ index: index(place.structure, view) }, place.state) : [];
  // What is around comes first.
  return [...told.filter((it) => !isDivergent(nodes, it)), ...own.filter((it) => isDivergent(nodes, it))].sort((a, b) => a.date - b.date);
}

/** The record says itself which epoch it is of, so that someone who saw no jump gets there, too. */
function epochOf(record: readonly Recorded[]): Epoch | undefined {
  const root = record.find(({ sync }) => sync === ROOT.startSync);
  if (!root) return undefined;
  const epoch = prefixOf(root.path);
  const origin = epoch === '' ? 0 : parseInt(epoch, 36);
  return Number.isSafeInteger(origin) && origin >= root.date
    ? { epoch, origin: origin as Flicks, from: (origin - root.date) as Flicks }
    : undefined;
}

function settled(course: Course, cursor: Cursor, structure: Structure, epoch: Epoch): Cursor {
  const base = start(worldOf(course, structure), epoch);
  const until = Math.max(cursor.date, epoch.origin) as Flicks;
  const state = until > base.state.date ? step(base.state, worldOf(course, structure), until).state : base.state;
  return { ...cursor, place: { structure, state }, base, epoch, wanted: undefined };
}

const keyed = (state: RunState | undefined) => new Map(state ? [...runningOf(state)].map((it) => [`${it.interval}@${it.path}`, it]) : []);

/** What an action did to what runs, told as happenings. */
function contrast(before: RunState | undefined, after: RunState | undefined, date: Flicks): Happening[] {
  if (before === after) return [];
  const [old, now] = [keyed(before), keyed(after)];
  const found: Happening[] = [];
  for (const [key, { interval, path, anchor }] of old)
    if (!now.has(key)) found.push({ type: 'ended', date, interval, path, position: positionOf(anchor, date) });
  for (const [key, { interval, path, anchor }] of now) {
    const line = { date, position: anchor.position + (date - anchor.date) * anchor.rate, rate: anchor.rate };
    const known = old.get(key)?.anchor;
    if (!known) found.push({ type: 'started', date, interval, path, anchor: line });
    else if (known.rate !== line.rate || positionOf(known, date) !== positionOf(line, date))
      found.push({ type: 'bent', date, interval, path, anchor: line });
  }
  return found;
}
