import type { Interval, ObjectId, Score, Sync } from './score.ts';

/** Who stands before and after whom, for commands and for whoever shows it. Ordinary intervals unless said otherwise. */
export interface Graph {
  /** Intervals that end at a sync, transitions too. */
  before(sync: ObjectId): readonly Interval[];
  /** Intervals that start at a sync, transitions too. */
  after(sync: ObjectId): readonly Interval[];
  /** Intervals that start or end at a state, transitions too. */
  at(state: ObjectId): readonly Interval[];
  statesOf(event: ObjectId): readonly ObjectId[];
  eventsOf(sync: ObjectId): readonly ObjectId[];
  startSync(interval: Interval): Sync;
  endSync(interval: Interval): Sync;
}

const graphs = new WeakMap<Score, Graph>();

export function graphOf(score: Score): Graph {
  const known = graphs.get(score);
  if (known) return known;
  const syncOf = (state: ObjectId): Sync => score.syncs.get(score.events.get(score.states.get(state)!.event)!.sync)!;
  const before = createIndex<Interval>();
  const after = createIndex<Interval>();
  const at = createIndex<Interval>();
  for (const interval of score.intervals.values()) {
    before.add(syncOf(interval.end).id, interval);
    after.add(syncOf(interval.start).id, interval);
    at.add(interval.start, interval);
    at.add(interval.end, interval);
  }
  const states = createIndex<ObjectId>();
  for (const state of score.states.values()) states.add(state.event, state.id);
  const events = createIndex<ObjectId>();
  for (const event of score.events.values()) events.add(event.sync, event.id);
  const graph: Graph = {
    before: before.get,
    after: after.get,
    at: at.get,
    statesOf: states.get,
    eventsOf: events.get,
    startSync: (interval) => syncOf(interval.start),
    endSync: (interval) => syncOf(interval.end),
  };
  graphs.set(score, graph);
  return graph;
}

export const isOrdinary = (interval: Interval): boolean => !interval.isTransition;

/** Whether ordinary intervals lead from one sync to another. */
export function leads(graph: Graph, from: ObjectId, to: ObjectId): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let sync = open.pop(); sync !== undefined; sync = open.pop()) {
    if (sync === to) return true;
    for (const interval of graph.after(sync)) {
      const next = graph.endSync(interval).id;
      if (interval.isTransition || seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}

function createIndex<T>(): { add(key: ObjectId, item: T): void; get(key: ObjectId): readonly T[] } {
  const lists = new Map<ObjectId, T[]>();
  return {
    add(key, item) {
      const list = lists.get(key);
      if (list) list.push(item);
      else lists.set(key, [item]);
    },
    get: (key) => lists.get(key) ?? [],
  };
}
