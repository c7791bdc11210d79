import { compare } from '../base.ts';
import { patched } from './patched.ts';
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
  processesOf(interval: ObjectId): readonly ObjectId[];
  startSync(interval: Interval): Sync;
  endSync(interval: Interval): Sync;
}

/** What the graph looks up: ids under ids, each list in order. */
export interface Index {
  readonly before: Lists;
  readonly after: Lists;
  readonly at: Lists;
  readonly states: Lists;
  readonly events: Lists;
  readonly processes: Lists;
}
type Lists = ReadonlyMap<ObjectId, readonly ObjectId[]>;
type Objects = Pick<Score, 'intervals' | 'syncs' | 'events' | 'states' | 'processes'>;

const indices = new WeakMap<Objects, Index>();
const graphs = new WeakMap<Objects, Graph>();

export function graphOf(score: Objects): Graph {
  const known = graphs.get(score);
  if (known) return known;
  const graph = createGraph(score, indexOf(score));
  graphs.set(score, graph);
  return graph;
}

export function indexOf(score: Objects): Index {
  const known = indices.get(score);
  if (known) return known;
  const index = createIndex(score);
  indices.set(score, index);
  return index;
}

/** Who changed a score knows what became of its index; undefined: it is that of the score before. */
export function rememberIndex(score: Objects, before: Objects, index = indices.get(before)): void {
  if (index) indices.set(score, index);
}

const NONE: readonly ObjectId[] = [];

function createGraph(score: Objects, index: Index): Graph {
  const intervals = (ids: readonly ObjectId[] = NONE): readonly Interval[] => ids.map((id) => score.intervals.get(id)!);
  const syncAt = (state: ObjectId): Sync => score.syncs.get(syncOf(score, state))!;
  return {
    before: (sync) => intervals(index.before.get(sync)),
    after: (sync) => intervals(index.after.get(sync)),
    at: (state) => intervals(index.at.get(state)),
    statesOf: (event) => index.states.get(event) ?? NONE,
    eventsOf: (sync) => index.events.get(sync) ?? NONE,
    processesOf: (interval) => index.processes.get(interval) ?? NONE,
    startSync: (interval) => syncAt(interval.start),
    endSync: (interval) => syncAt(interval.end),
  };
}

export const syncOf = (score: Pick<Score, 'events' | 'states'>, state: ObjectId): ObjectId =>
  score.events.get(score.states.get(state)!.event)!.sync;

function createIndex(score: Objects): Index {
  const lists = {
    before: new Map(),
    after: new Map(),
    at: new Map(),
    states: new Map(),
    events: new Map(),
    processes: new Map(),
  } as Record<keyof Index, Map<ObjectId, ObjectId[]>>;
  const add = (name: keyof Index, key: ObjectId, id: ObjectId): void => {
    const list = lists[name].get(key);
    if (list) list.push(id);
    else lists[name].set(key, [id]);
  };
  for (const [id, { start, end }] of score.intervals) {
    add('before', syncOf(score, end), id);
    add('after', syncOf(score, start), id);
    add('at', start, id);
    if (end !== start) add('at', end, id);
  }
  for (const [id, { event }] of score.states) add('states', event, id);
  for (const [id, { sync }] of score.events) add('events', sync, id);
  for (const [id, { interval }] of score.processes) add('processes', interval, id);
  return lists;
}

/** Collects what changes in an index, and makes the new one. */
export function createIndexChange(index: Index): {
  add(name: keyof Index, key: ObjectId, id: ObjectId): void;
  remove(name: keyof Index, key: ObjectId, id: ObjectId): void;
  get(name: keyof Index, key: ObjectId): readonly ObjectId[];
  done(): Index;
} {
  const changes = new Map<keyof Index, Map<ObjectId, readonly ObjectId[] | undefined>>();
  const of = (name: keyof Index): Map<ObjectId, readonly ObjectId[] | undefined> => {
    const own = changes.get(name) ?? new Map<ObjectId, readonly ObjectId[] | undefined>();
    changes.set(name, own);
    return own;
  };
  const get = (name: keyof Index, key: ObjectId): readonly ObjectId[] => {
    const own = changes.get(name);
    return (own?.has(key) ? own.get(key) : index[name].get(key)) ?? NONE;
  };
  return {
    get,
    add: (name, key, id) => void of(name).set(key, [...get(name, key).filter((each) => each !== id), id].sort(compare)),
    remove(name, key, id) {
      const rest = get(name, key).filter((each) => each !== id);
      of(name).set(key, rest.length > 0 ? rest : undefined);
    },
    done: () =>
      Object.fromEntries(
        Object.entries(index).map(([name, lists]) => [name, patched(lists as Lists, changes.get(name as keyof Index) ?? new Map())]),
      ) as unknown as Index,
  };
}

export const isOrdinary = (interval: Interval): boolean => !interval.isTransition;

/** Whether ordinary intervals lead from one sync to another. */
export function leads(graph: Pick<Graph, 'after' | 'endSync'>, from: ObjectId, to: ObjectId): boolean {
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
