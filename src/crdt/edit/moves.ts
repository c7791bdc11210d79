import type { Flicks } from '../../base.ts';
import { DURATION_MAX, DURATION_MIN } from '../fields.ts';
import { graphOf, isOrdinary } from '../graph.ts';
import { FIXED_IDS, startOf } from '../ids.ts';
import { ROOT } from '../score.ts';
import type { Interval, ObjectId, Score, Sync } from '../score.ts';
import { createGap, createInstant, missing, refuse, set, settle, toFlicks } from './context.ts';
import type { Edit, Refusal } from './context.ts';
import type { CommandOf } from './schema.ts';

/**
 * Dates derive from lengths, so moving is lengthening what stands before [ED6]. Nothing gets shorter than 1 ms: an
 * interval that was tied to the start by a gap and is moved to 0 is tied to the start itself.
 */
export function moveInterval(edit: Edit, { id, at, lane }: CommandOf<'moveInterval'>): Refusal {
  const score = edit.draft.score();
  const interval = score.intervals.get(id);
  if (!interval) return missing('interval', id);
  if (interval.scenario === null) return refuse('The root interval does not move.', id);
  if (lane !== undefined) setLane(edit, interval, lane);
  if (interval.isTransition) return undefined;
  const date = toFlicks(at);
  const sync = graphOf(score).startSync(interval);
  if (sync.id === startOf(interval.scenario).sync) leaveStart(edit, interval, date);
  else if (date >= DURATION_MIN || !returnToStart(edit, interval, sync)) arrive(edit, sync, date);
  return undefined;
}

function setLane(edit: Edit, interval: Interval, lane: number): void {
  set(edit, interval.id, { lane });
  for (const state of [interval.start, interval.end]) {
    if (FIXED_IDS.has(state) || (interval.scenario !== null && state === startOf(interval.scenario).state)) continue;
    settle(edit, state);
    set(edit, state, { lane });
  }
}

/** A gap comes between the scenario's start and the interval. */
function leaveStart(edit: Edit, interval: Interval, date: Flicks): void {
  if (date < DURATION_MIN || interval.scenario === null) return;
  const place = { scenario: interval.scenario, lane: interval.lane };
  settle(edit, interval.start);
  const state = createInstant(edit, place, date);
  createGap(edit, place, interval.start, state, date);
  set(edit, interval.id, { start: state });
}

/** Where the interval alone hangs on a gap, the gap goes. False where it does not. */
function returnToStart(edit: Edit, interval: Interval, sync: Sync): boolean {
  const score = edit.draft.score();
  const graph = graphOf(score);
  const [gap, ...others] = graph.before(sync.id);
  const isAlone = others.length === 0 && graph.after(sync.id).length === 1 && graph.eventsOf(sync.id).length === 1;
  const state = score.states.get(interval.start)!;
  const isPlain = sync.trigger === undefined && graph.statesOf(state.event).length === 1 && state.messages.length === 0;
  if (!gap || !isAlone || !isPlain || !isGap(score, gap)) return false;
  settle(edit, gap.start);
  set(edit, interval.id, { start: gap.start });
  for (const id of [gap.id, state.id, state.event, sync.id]) edit.draft.remove('objects', id);
  return true;
}

/** Only there to keep what follows at its date. */
export function isGap(score: Score, interval: Interval): boolean {
  if (interval.scenario === null || interval.name !== '' || !interval.isRigid || interval.isTransition) return false;
  if (Object.keys(interval.policies).length > 0) return false;
  const isAtStart = graphOf(score).startSync(interval).id === startOf(interval.scenario).sync;
  if (!isAtStart) return false;
  return graphOf(score).processesOf(interval.id).length === 0;
}

/** Everything that ends at this sync gets the length that takes it there. */
function arrive(edit: Edit, sync: Sync, date: Flicks): void {
  const before = graphOf(edit.draft.score()).before(sync.id).filter(isOrdinary);
  for (const interval of before) stretch(edit, interval, (date - interval.date) as Flicks);
  if (before.length > 0) return;
  settle(edit, sync.id);
  set(edit, sync.id, { date: clamp(date, 0) });
}

const clamp = (duration: number, min: number): Flicks => Math.min(DURATION_MAX, Math.max(min, duration)) as Flicks;

/** min and max move with the length; a max that would fall below it becomes 1.05 of it. */
function stretch(edit: Edit, interval: Interval, length: Flicks): void {
  const nominal = clamp(length, DURATION_MIN);
  const delta = nominal - interval.nominal;
  if (delta === 0) return;
  const raw = edit.draft.raw().objects.get(interval.id);
  const stored = (field: 'min' | 'max'): number => {
    const value = raw?.get(field);
    return typeof value === 'number' ? value : Math.min(DURATION_MAX, interval[field]);
  };
  const max = Math.max(stored('max') + delta, Math.round(nominal * (stored('max') + delta < nominal ? 1.05 : 0)));
  set(edit, interval.id, { nominal, min: clamp(stored('min') + delta, 0), max: clamp(max, 0) });
}

export function resizeInterval(edit: Edit, { id, duration }: CommandOf<'resizeInterval'>): Refusal {
  const score = edit.draft.score();
  const interval = score.intervals.get(id);
  if (!interval) return missing('interval', id);
  if (interval.isTransition) return refuse('A transition takes no time.', id);
  arrive(edit, graphOf(score).endSync(interval), (interval.date + Math.max(DURATION_MIN, toFlicks(duration))) as Flicks);
  return undefined;
}

export function moveSync(edit: Edit, { id, at }: CommandOf<'moveSync'>): Refusal {
  const score = edit.draft.score();
  const sync = score.syncs.get(id);
  if (!sync) return missing('sync', id);
  if (id === ROOT.startSync || (sync.scenario !== null && id === startOf(sync.scenario).sync)) return refuse('The start stays at 0.', id);
  const graph = graphOf(score);
  const after = graph.after(id).filter(isOrdinary);
  const ends = new Map<ObjectId, Flicks>(after.map((interval) => [interval.id, graph.endSync(interval).date]));
  const least = Math.max(
    0,
    ...graph
      .before(id)
      .filter(isOrdinary)
      .map((interval) => interval.date + DURATION_MIN),
  );
  const most = Math.min(DURATION_MAX, ...[...ends.values()].map((end) => end - DURATION_MIN));
  const date = Math.max(least, Math.min(most, toFlicks(at))) as Flicks;
  arrive(edit, sync, date);
  for (const interval of after) stretch(edit, interval, (ends.get(interval.id)! - date) as Flicks);
  return undefined;
}
