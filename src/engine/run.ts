import type { Flicks, MeshTime, PeerId } from '../base.ts';
import { flicks, toMs } from '../base.ts';
import { encodeAny } from '../mesh/any.ts';
import { CHANGES_MAX, FACT_BYTES_MAX } from './codec.ts';
import { begin, proceed, toAction } from './course.ts';
import type { Action, Course, Cursor } from './course.ts';
import { isOwn } from './fact.ts';
import type { Fact, FiredEntry, RunId } from './fact.ts';
import type { EpochPast } from './epoch.ts';
import { createLog } from './log.ts';
import type { Log, RunSpan } from './log.ts';
import { momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import { planOf } from './plan.ts';
import type { Plan } from './plan.ts';
import { isDivergent, recordOf } from './restore.ts';
import type { Decisions, Happening } from './state.ts';
import { apply, difference } from './structure-change.ts';
import type { Changes } from './structure-change.ts';
import { hash } from './structure-hash.ts';
import { index } from './structure-index.ts';
import type { Structure } from './structure.ts';
import { timeline } from './timeline.ts';
import type { Timeline } from './timeline.ts';
import { EVERYWHERE } from './viewpoint.ts';
import type { Viewpoint } from './viewpoint.ts';

/**
 * The run as everyone computes it: a pure function of the facts, the structures and a date, kept cheap by checkpoints.
 * A fact may come in any order and late; the engine goes back to before its date and on again [EX22].
 */
export interface Engine {
  readonly log: Log;
  /** Whose run it is from now on, and was from the beginning: like one who comes late. True when that may make a difference [EX36]. */
  setViewpoint(view: Viewpoint): boolean;
  /** Makes a structure known under its hash, which is returned. */
  setStructure(structure: Structure): string;
  /** The fact when it is new; undefined when it is known or no fact. */
  insert(input: unknown): Fact | undefined;
  /** The state at `to`; what is due at `to` itself has not happened. */
  advance(to: MeshTime): Moment;
  /** What `advance` saw last. */
  view(): Moment;
  /** The same with other eyes: where the members of other groups are [EX37], what each says in free scenarios left out. */
  seenBy(view: Viewpoint): Moment;
  /** The state at `to` as if no further fact came. */
  preview(to: MeshTime): Moment;
  /** All that runs and happens in [from, to) of the run that is on at `at` (default: from), as if no further fact came. */
  plan(from: MeshTime, to: MeshTime, at?: MeshTime): Plan;
  /** What happened from the beginning of the epoch until `to`, what a play from the middle assumes included. */
  history(to: MeshTime): readonly Happening[];
  /** The same, what is assumed to be looked up. */
  past(to: MeshTime): EpochPast;
  /** The same for who enters at a date, and what runs then: a jump at that very date has been made, nothing more. */
  entry(at: MeshTime): EpochPast & Pick<Moment, 'running'>;
  /** The structure that the run obeys at `at`; undefined when idle, or not known here. */
  structure(at: MeshTime): Structure | undefined;
  /**
   * Content of an `adopt` at this date; undefined when there is no run, or nothing would change. isRescue: the structure
   * that the run obeys is nowhere to be had, and from this date on it begins anew from the play.
   */
  adoption(structure: Structure, at: MeshTime, isRescue?: boolean): Adoption | undefined;
}

export interface Adoption {
  readonly structure: string;
  /** null: too many to tell; the structure goes by its name, and must be held for whoever asks. */
  readonly changes: Changes | null;
  readonly fired: readonly FiredEntry[];
}

const NOTHING: Structure = { objects: {} };
/** Of an adoption, beside its changes and its record. */
const REST_BYTES = 4096;
const CHECKPOINTS_MAX = 128;
/** Performers look back one second. */
const BACK = flicks(1500);
const STRUCTURES_MAX = 32;
/** Sets of groups whose members' runs are kept, too. */
const SEATS_MAX = 16;
/** A plan names the epoch of so much later: a jump is entered as early as values are told. */
const EPOCH_MS = 100;

/** One run with what was computed of it. */
interface Track {
  readonly run: RunId;
  readonly course: Course;
  readonly timeline: Timeline;
  /** In order of date; the first is the beginning. */
  checkpoints: Cursor[];
  /** What was planned last; the next plan goes on from there. */
  ahead: Ahead | undefined;
  /** Whoever comes late has lived through all from the beginning, and need not do so again to say what happened. */
  lived: { readonly cursor: Cursor; readonly happenings: readonly Happening[] } | undefined;
}

/** Somebody's run, as far as it is computed. */
interface Seat {
  readonly view: Viewpoint;
  track: Track | undefined;
  /** Run time from which facts came that the track does not have yet. */
  stale: Flicks | undefined;
}

interface Ahead {
  readonly from: Flicks;
  readonly last: Cursor;
  /** All in [from, last.date), in order. */
  readonly happenings: readonly Happening[];
}

export function createEngine(): Engine {
  const log = createLog();
  const seatOf = (view: Viewpoint): Seat => ({ view, track: undefined, stale: undefined });
  let own = seatOf(EVERYWHERE);
  const others = new Map<string, Seat>();
  const seats = (): readonly Seat[] => [own, ...others.values()];
  const structures = new Map<string, Structure>();
  let now = -Infinity as MeshTime;
  /** What `advance` saw; asked for again and again until the next tick. */
  let seen: Moment | undefined;

  const made = new WeakMap<Changes, WeakMap<Structure, Structure>>();
  const applied = (before: Structure, changes: Changes): Structure => {
    const known = made.get(changes) ?? new WeakMap<Structure, Structure>();
    made.set(changes, known);
    const structure = known.get(before) ?? apply(before, changes) ?? NOTHING;
    known.set(before, structure);
    return structure;
  };
  /**
   * Whether an adoption holds must not depend on what a peer happens to know, so its hash is believed only where nothing
   * can be checked: else its changes must lead there, from what was before or from nothing [EX27].
   */
  const adopted: Course['adopted'] = (wanted, { before, changes }) => {
    const found = [before, NOTHING].map((from) => from && changes && applied(from, changes)).find((it) => it && hash(it) === wanted);
    if (!found) return before && changes ? 'void' : structures.get(wanted);
    const known = structures.get(wanted) ?? found;
    keep(wanted, known);
    return known;
  };
  const structureOf: Course['structure'] = (wanted) => structures.get(wanted);
  const keep = (key: string, structure: Structure): void => {
    structures.set(key, structure);
    const oldest = structures.keys().next().value;
    if (structures.size > STRUCTURES_MAX && oldest !== undefined) structures.delete(oldest);
  };

  const stated = (structure: Structure, changes: Changes, fired: readonly FiredEntry[]): Adoption => {
    const key = hash(structure);
    // Also where its changes tell it: what the next edit makes of it is told from it at little cost.
    keep(key, structure);
    return { structure: key, changes: isTellable(changes, fired) ? changes : null, fired };
  };

  const trackOf = (span: RunSpan, seat = own): Track => {
    const { track, stale, view } = seat;
    const known = { structure: structureOf, adopted, view };
    let next = track;
    if (track?.run !== span.run || track.course.play !== span.play) next = createTrack(span, log, known);
    else if (stale !== undefined) {
      const checkpoints = track.checkpoints.filter(({ date }, i) => i === 0 || date <= stale);
      next = { ...createTrack(span, log, known), checkpoints };
    }
    seat.stale = undefined;
    return (seat.track = next!);
  };

  const cursorAt = (on: Track, at: MeshTime): Cursor => {
    const date = reached(on.timeline, at);
    const nearest = on.checkpoints.findLastIndex((known) => known.date <= date);
    const from = on.checkpoints[nearest] ?? begin(on.course);
    if (nearest < 0) on.checkpoints.unshift(from);
    if (from.date === date) return from;
    const lived: Happening[] | undefined = nearest <= 0 ? [] : undefined;
    // Plans look back: who comes from afar stops there on the way.
    const stop = Math.max(from.date, date - BACK) as Flicks;
    const stopped = stop > from.date ? [proceed(on.course, from, stop, lived)] : [];
    const cursor = proceed(on.course, stopped[0] ?? from, date, lived);
    if (lived && from.base && from.base === cursor.base) on.lived = { cursor, happenings: lived };
    on.checkpoints.splice(Math.max(0, nearest) + 1, 0, ...stopped, cursor);
    if (on.checkpoints.length > CHECKPOINTS_MAX) on.checkpoints = thinned(on.checkpoints);
    return cursor;
  };

  const moment = (at: MeshTime, seat = own): Moment => {
    const span = log.current(at);
    if (!span || span.end <= at) return momentOf(undefined, at);
    const on = trackOf(span, seat);
    return momentOf({ ...on, span, cursor: cursorAt(on, at) }, at);
  };

  const past = (to: MeshTime): EpochPast => {
    const span = log.current(to);
    const on = span && trackOf(span);
    return pastOf(on, on && cursorAt(on, Math.min(to, span.end) as MeshTime));
  };

  /** Behind a jump that is due at its date. */
  const jumped = ({ course }: Track, cursor: Cursor): Cursor => {
    const next = proceed(course, cursor, (cursor.date + 1) as Flicks);
    const isJump = next.epoch !== cursor.epoch && next.epoch.origin === cursor.date;
    return isJump && next.place && next.base?.state.date === cursor.date
      ? { ...next, date: cursor.date, place: { structure: next.place.structure, state: next.base.state } }
      : cursor;
  };

  const entry = (at: MeshTime): EpochPast & Pick<Moment, 'running'> => {
    const span = log.current(at);
    if (!span || span.end <= at) return { ...past(at), running: [] };
    const on = trackOf(span);
    const cursor = jumped(on, cursorAt(on, at));
    return { ...pastOf(on, cursor), running: momentOf({ ...on, span, cursor }, at).running };
  };

  const pastOf = (on: Track | undefined, cursor: Cursor | undefined): EpochPast => {
    if (!on || !cursor?.base || !cursor.place) return { assumed: undefined, since: [], all: () => [] };
    const { base, epoch } = cursor;
    const since = sinceBase(on, cursor);
    const begins = (epoch.origin - epoch.from) as Flicks;
    return {
      assumed: base.assumed && { past: base.assumed.past, from: base.assumed.from, begins },
      since: base.assumed ? [...base.assumed.happenings, ...since] : since,
      all: () => [...base.happenings, ...since],
    };
  };

  /** Done once for all that came since the last look: many facts may come at once. */
  const forget = (fact: Fact): void => {
    for (const seat of seats()) {
      const { track, stale } = seat;
      if (!track || fact.run !== track.run || fact.type === 'stop') continue;
      seat.stale = Math.min(stale ?? Infinity, track.timeline.toRun(fact.at)) as Flicks;
    }
  };

  return {
    log,
    setViewpoint(next) {
      const { view, track } = own;
      if (next.key === view.key && next.self === view.self) return false;
      const { place } = track?.checkpoints.at(-1) ?? {};
      own = seatOf(next);
      seen = undefined;
      return place !== undefined && !index(place.structure).isShared;
    },
    setStructure(structure) {
      const key = hash(structure);
      if (structures.has(key)) return key;
      keep(key, structure);
      seen = undefined;
      for (const seat of seats()) {
        // What was planned may have lacked it.
        if (seat.track) seat.track.ahead = undefined;
        if (seat.track?.checkpoints.some(({ wanted }) => wanted === key)) seat.track = undefined;
      }
      return key;
    },
    insert(input) {
      const fact = log.add(input);
      if (fact) forget(fact);
      seen = undefined;
      return fact;
    },
    advance(to) {
      now = to;
      return (seen = moment(to));
    },
    view: () => (seen ??= moment(now)),
    seenBy(view) {
      const seat = view.key === own.view.key ? own : (others.get(view.key) ?? seatOf(view));
      if (seat === own) return (seen ??= moment(now));
      others.delete(view.key);
      others.set(view.key, seat);
      const oldest = others.keys().next().value;
      if (others.size > SEATS_MAX && oldest !== undefined) others.delete(oldest);
      return moment(now, seat);
    },
    preview: (at) => moment(at),
    plan(from, to, at = from) {
      const span = log.current(at);
      if (!span) return { run: undefined, epoch: undefined, begins: from, occurrences: [], events: [] };
      const on = trackOf(span);
      const end = Math.max(span.play.at, Math.min(to, span.end)) as MeshTime;
      const first = cursorAt(on, Math.min(from, end) as MeshTime);
      const { last, happenings } = lookAhead(on, first, Math.max(first.date, reached(on.timeline, end)) as Flicks);
      const { epoch } = cursorAt(on, Math.min(at + EPOCH_MS, end) as MeshTime);
      return planOf({ span, timeline: on.timeline, first, last, epoch, happenings, from, to });
    },
    history: (to) => past(to).all(),
    past,
    entry,
    structure(at) {
      const span = log.current(at);
      return span && span.end > at ? cursorAt(trackOf(span), at).place?.structure : undefined;
    },
    adoption(structure, at, isRescue = false) {
      const span = log.current(at);
      if (!span || span.end <= at) return undefined;
      const { place } = cursorAt(trackOf(span), at);
      if (!place && isRescue) return stated(structure, difference(NOTHING, structure), []);
      const changes = place ? difference(place.structure, structure) : [];
      if (!place || changes.length === 0) return undefined;
      const nodes = index(structure);
      const record = recordOf({ index: index(place.structure, own.view) }, place.state).filter((it) => !isDivergent(nodes, it));
      const fired = record.map(({ sync, path, date, kind }): FiredEntry => {
        const at = (span.play.at + toMs(date)) as MeshTime;
        return kind ? [path, sync, at, kind] : [path, sync, at];
      });
      return stated(structure, changes, fired);
    },
  };
}

/** Whether it goes into a fact with the rest of it. */
const isTellable = (changes: Changes, fired: readonly FiredEntry[]): boolean =>
  changes.length <= CHANGES_MAX && encodeAny([changes, fired]).length <= FACT_BYTES_MAX - REST_BYTES;

/** Plans overlap: of sixteen tenths of a second only the last fortieth is new at each turn. Two steps equal one long step [EX4]. */
function lookAhead(on: Track, first: Cursor, to: Flicks): Ahead {
  const known =
    on.ahead && on.ahead.from <= first.date && first.date <= on.ahead.last.date && on.ahead.last.date <= to ? on.ahead : undefined;
  const happenings = known ? known.happenings.filter(({ date }) => date >= first.date) : [];
  const last = proceed(on.course, known?.last ?? first, to, happenings);
  return (on.ahead = { from: first.date, last, happenings });
}

/** What happened between what the epoch began with and a cursor. */
function sinceBase({ course, lived }: Track, cursor: Cursor): readonly Happening[] {
  const { base, place } = cursor;
  if (!base || !place) return [];
  const isLived = lived?.cursor.base === base && lived.cursor.date <= cursor.date;
  const happenings = isLived ? [...lived.happenings] : [];
  const from = isLived ? lived.cursor : { ...cursor, date: base.state.date, place: { structure: place.structure, state: base.state } };
  proceed(course, { ...from, loop: undefined }, cursor.date, happenings);
  return happenings;
}

/** A pause stands just behind its date, so that what is said while it lasts (a seek, a click) shows at once. */
const reached = (time: Timeline, at: MeshTime): Flicks => Math.max(0, time.toRun(at) + (time.isPaused(at) ? 1 : 0)) as Flicks;

/** Half of the older ones go: the further back, the wider apart, and the beginning stays. */
const thinned = (checkpoints: readonly Cursor[]): Cursor[] =>
  checkpoints.filter((_, i) => i === 0 || i >= checkpoints.length / 2 || i % 2 === 0);

function createTrack({ run, play }: RunSpan, log: Log, known: Pick<Course, 'structure' | 'adopted' | 'view'>): Track {
  const facts = log.of(run).filter((fact) => !isOwn(fact) || fact.by === known.view.self);
  const time = timeline(play.at, facts);
  const dateOf = (fact: Fact): Flicks => Math.max(0, time.toRun(fact.at)) as Flicks;
  const actions = facts.map((fact) => toAction(fact, dateOf(fact), play)).filter((action): action is Action => action !== undefined);
  const decisions = {
    all: decisionsOf(
      facts.filter((fact) => !isOwn(fact)),
      dateOf,
    ),
    own: decisionsOf(facts.filter(isOwn), dateOf),
  };
  const course: Course = { play, actions, ...known, decisions };
  return { run, course, timeline: time, checkpoints: [], ahead: undefined, lived: undefined };
}

/** Of several facts about one occurrence the least by (at, by) holds [LG3]. */
function decisionsOf(facts: readonly Fact[], dateOf: (fact: Fact) => Flicks): Decisions {
  const fired = new Map<string, { date: Flicks; by: PeerId | '' }>();
  const ending = new Map<string, { date: Flicks; by: PeerId | '' }>();
  const decided = new Map<string, { date: Flicks; holds: boolean }>();
  for (const fact of facts) {
    if (fact.type !== 'fired' && fact.type !== 'ending' && fact.type !== 'decided') continue;
    const key = `${fact.type === 'decided' ? fact.event : fact.sync}@${fact.path}`;
    const date = dateOf(fact);
    if (fact.type === 'decided') decided.set(key, decided.get(key) ?? { date, holds: fact.holds });
    else {
      const said = fact.type === 'fired' ? fired : ending;
      said.set(key, said.get(key) ?? { date, by: fact.by });
    }
  }
  return {
    fired: (sync, path) => fired.get(`${sync}@${path}`),
    ending: (sync, path) => ending.get(`${sync}@${path}`),
    decided: (event, path) => decided.get(`${event}@${path}`),
  };
}
