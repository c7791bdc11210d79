import { changedKeys } from '../../crdt/patched.ts';
import type { Cable, Comment, Event, Interval, ObjectId, Process, Score, State, Sync } from '../../crdt/score.ts';
import { layOut } from './layout.ts';
import type { Layout } from './places.ts';
import { slotHeight } from './slot-height.ts';

/**
 * The layout after an edit. Most edits move nothing: points of a curve, addresses, conditions, names. Then every place
 * stays and only what stands there is another object, so that the cost is that of a few lists, not of placing all.
 * Whatever could move anything is laid out from scratch. The score is compared by the entries that its maps do not share.
 */
export function layOutAfter({ layout, score: before }: { readonly layout: Layout; readonly score: Score }, score: Score): Layout {
  if (before === score) return layout;
  const intervals = replaced(before.intervals, score.intervals, isIntervalAlike);
  const processes = replaced(before.processes, score.processes, isProcessAlike);
  const syncs = replaced(before.syncs, score.syncs, isSyncAlike);
  const events = replaced(before.events, score.events, isEventAlike);
  const states = replaced(before.states, score.states, isStateAlike);
  const comments = replaced(before.comments, score.comments, isCommentAlike);
  const cables = replaced(before.cables, score.cables, isCableAlike);
  if (!intervals || !processes || !syncs || !events || !states || !comments || !cables) return layOut(score);
  const boxes = withNew(layout.boxes, intervals, (box, interval) => ({ ...box, interval }));
  const slots = withNew(layout.slots, processes, (slot, process) => ({ ...slot, process }));
  const marks = withNew(layout.syncs, syncs, (mark, sync) => ({ ...mark, sync }));
  const dots = withNew(layout.dots, states, (dot, state) => ({ ...dot, state }));
  const remarks = withNew(layout.comments, comments, (mark, comment) => ({ ...mark, comment }));
  return {
    ...layout,
    ...{ boxes, slots, dots, syncs: marks, comments: remarks },
    gaps: withNew(layout.gaps, intervals, (gap, interval) => ({ ...gap, interval })),
    arcs: withNew(layout.arcs, intervals, (arc, interval) => ({ ...arc, interval })),
    conditions: withNew(layout.conditions, events, (mark, event) => ({ ...mark, event })),
    cables: withNew(layout.cables, cables, (mark, cable) => ({ ...mark, cable })),
    boxOf: boxes === layout.boxes ? layout.boxOf : byId(boxes),
    slotOf: slots === layout.slots ? layout.slotOf : byId(slots),
    syncOf: marks === layout.syncs ? layout.syncOf : byId(marks),
    dotOf: dots === layout.dots ? layout.dotOf : byId(dots),
    commentOf: remarks === layout.comments ? layout.commentOf : byId(remarks),
  };
}

const byId = <T extends { readonly id: ObjectId }>(items: readonly T[]): ReadonlyMap<ObjectId, T> =>
  new Map(items.map((item) => [item.id, item]));

function withNew<P extends { readonly id: ObjectId }, T>(
  places: readonly P[],
  changed: ReadonlyMap<ObjectId, T>,
  renew: (place: P, object: T) => P,
): readonly P[] {
  if (changed.size === 0 || !places.some(({ id }) => changed.has(id))) return places;
  return places.map((place) => {
    const object = changed.get(place.id);
    return object === undefined ? place : renew(place, object);
  });
}

/** What is another object now; undefined where one came, went, or may stand elsewhere. */
function replaced<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  isAlike: (a: T, b: T) => boolean,
): ReadonlyMap<string, T> | undefined {
  const changed = new Map<string, T>();
  for (const key of changedKeys(before, after) ?? differing(before, after)) {
    const [a, b] = [before.get(key), after.get(key)];
    if (a === undefined || b === undefined || !isAlike(a, b)) return undefined;
    changed.set(key, b);
  }
  return before.size === after.size ? changed : undefined;
}

/** Maps that were not made of one, entry by entry. */
const differing = <T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): readonly string[] =>
  [...after.keys(), ...before.keys()].filter((key) => before.get(key) !== after.get(key));

const sameIn =
  <T>(...fields: readonly (keyof T)[]) =>
  (a: T, b: T): boolean =>
    fields.every((field) => a[field] === b[field]);

const isPlacedAlike = sameIn<Interval>('scenario', 'date', 'nominal', 'lane', 'start', 'end', 'isTransition');
const isIntervalAlike = (a: Interval, b: Interval): boolean => isPlacedAlike(a, b) && (a.name === '') === (b.name === '');
const isHungAlike = sameIn<Process>('interval', 'rank', 'type');
/** The ports of a foreign process say of what kind its cables are. */
const isProcessAlike = (a: Process, b: Process): boolean =>
  isHungAlike(a, b) && a.type !== 'opaque' && a.type !== 'scenario' && slotHeight(a) === slotHeight(b);
const isDatedAlike = sameIn<Sync>('scenario', 'date');
const isSyncAlike = (a: Sync, b: Sync): boolean => isDatedAlike(a, b) && (a.trigger === undefined) === (b.trigger === undefined);
const isEventAlike = (a: Event, b: Event): boolean => a.sync === b.sync && (a.condition === '') === (b.condition === '');
const isStateAlike = sameIn<State>('event', 'lane');
const isCommentAlike = sameIn<Comment>('scenario', 'date', 'lane');
const isCableAlike = (a: Cable, b: Cable): boolean =>
  a.from.process === b.from.process && a.from.port === b.from.port && a.to.process === b.to.process && a.to.port === b.to.port;
