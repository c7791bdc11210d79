import type { Flicks } from '../../base.ts';
import { derived, startOf } from '../ids.ts';
import type { Event, Interval, ObjectId, State, Sync } from '../score.ts';
import { complain, freeId, place } from './table.ts';
import type { Table } from './table.ts';

/**
 * Edges made right: what names a missing or foreign object is left out (events, states) or given ends of its own
 * (intervals: work hangs on them); a state keeps one interval on each side, of several the first by id [SC4].
 */
export function connect(table: Table, order: readonly ObjectId[]): void {
  for (const event of table.events.values()) {
    if (table.syncs.get(event.sync)?.scenario === event.scenario) continue;
    table.events.delete(event.id);
    complain(table, event.id, 'The sync of this event is gone; the event is left out.');
  }
  for (const state of table.states.values()) {
    if (table.events.get(state.event)?.scenario === state.scenario) continue;
    table.states.delete(state.id);
    complain(table, state.id, 'The event of this state is gone; the state is left out.');
  }
  const intervals = order.flatMap((id) => table.intervals.get(id) ?? []);
  for (const interval of intervals) attach(table, interval);
  separate(table, intervals, 'start');
  separate(table, intervals, 'end');
}

function attach(table: Table, interval: Interval): void {
  for (const side of ['start', 'end'] as const) {
    if (interval.scenario !== null && table.states.get(interval[side])?.scenario === interval.scenario) continue;
    if (interval.scenario === null) continue;
    setSide(table, interval.id, side, addLoose(table, interval, side));
    complain(
      table,
      interval.id,
      side === 'start'
        ? 'What came before this interval is gone; connect it again.'
        : 'The end of this interval was gone and is made anew.',
    );
  }
}

export function setSide(table: Table, id: ObjectId, side: 'start' | 'end', state: ObjectId): void {
  const interval = table.intervals.get(id);
  if (interval) table.intervals.set(id, { ...interval, [side]: state });
}

/** A sync with one event and state that nothing else uses; its state's id. */
export function addLoose(table: Table, interval: Interval, side: 'start' | 'end'): ObjectId {
  const { scenario, id, lane } = interval;
  const sync = freeId(table, derived(id, `~${side}.sync`));
  place(table, {
    kind: 'sync',
    id: sync,
    policies: {},
    scenario,
    name: '',
    isStart: false,
    isRetriggering: false,
    quantisation: -1,
    date: 0 as Flicks,
  } satisfies Sync);
  const event = freeId(table, derived(id, `~${side}.event`));
  place(table, { kind: 'event', id: event, policies: {}, scenario, sync, condition: '', offset: 'true' } satisfies Event);
  const state = freeId(table, derived(id, `~${side}`));
  place(table, { kind: 'state', id: state, scenario, event, name: '', lane, messages: [] } satisfies State);
  return state;
}

/** Further ordinary intervals of a state get states of their own on the same event. */
function separate(table: Table, intervals: readonly Interval[], side: 'start' | 'end'): void {
  const taken = new Set<ObjectId>();
  for (const { id, isTransition } of intervals) {
    const interval = table.intervals.get(id);
    if (!interval || isTransition) continue;
    const state = interval[side];
    if (taken.has(state)) setSide(table, id, side, split(table, state, interval));
    taken.add(state);
  }
}

function split(table: Table, id: ObjectId, interval: Interval): ObjectId {
  const { scenario, event } = table.states.get(id)!;
  const own = freeId(table, derived(id, `~${interval.id}`));
  place(table, { kind: 'state', id: own, scenario, event, name: '', lane: interval.lane, messages: [] });
  complain(table, interval.id, 'Two intervals took the same state; each has its own now.');
  return own;
}

/** Sync at one end of an interval. */
export const syncAt = (table: Table, interval: Interval, side: 'start' | 'end'): ObjectId =>
  table.events.get(table.states.get(interval[side])!.event)!.sync;

/**
 * No way back in time but by transitions: a walk through each scenario, ids in order, that comes back to where it is cuts
 * the interval which led there off its end; so does one that ends at the scenario's start [SC6].
 */
export function cutCycles(table: Table, order: readonly ObjectId[]): void {
  const next = new Map<ObjectId, Interval[]>();
  for (const id of order) {
    const interval = table.intervals.get(id);
    if (!interval || interval.isTransition || interval.scenario === null) continue;
    if (syncAt(table, interval, 'end') === startOf(interval.scenario).sync) {
      cut(table, interval);
      continue;
    }
    const from = syncAt(table, interval, 'start');
    const list = next.get(from);
    if (list) list.push(interval);
    else next.set(from, [interval]);
  }
  const isDone = new Set<ObjectId>();
  for (const sync of [...next.keys()].sort()) walk(table, sync, next, isDone);
}

function walk(table: Table, from: ObjectId, next: ReadonlyMap<ObjectId, readonly Interval[]>, isDone: Set<ObjectId>): void {
  if (isDone.has(from)) return;
  const onPath = new Set([from]);
  const path = [{ sync: from, index: 0 }];
  for (let place = path.at(-1); place; place = path.at(-1)) {
    const interval = next.get(place.sync)?.[place.index++];
    if (!interval) {
      onPath.delete(place.sync);
      isDone.add(place.sync);
      path.pop();
      continue;
    }
    const to = syncAt(table, interval, 'end');
    if (onPath.has(to)) cut(table, interval);
    else if (!isDone.has(to)) {
      onPath.add(to);
      path.push({ sync: to, index: 0 });
    }
  }
}

function cut(table: Table, { id }: Interval): void {
  const interval = table.intervals.get(id)!;
  setSide(table, id, 'end', addLoose(table, interval, 'end'));
  table.cut.add(id);
  complain(table, id, 'This interval led back in time; its end is free now. Use a transition for a loop.');
}
