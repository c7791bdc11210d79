import { compare } from '../../base.ts';
import type { Comment, Event, Interval, ObjectId, Process, Score, State, Sync } from '../../crdt/score.ts';

/** The score's edges the other way round, made once per score. Lists are in drawing order, equal on every machine. */
export interface ScoreIndex {
  readonly score: Score;
  /** By date, then id. */
  intervalsIn(scenario: ObjectId): readonly Interval[];
  /** By rank, then id. */
  processesOf(interval: ObjectId): readonly Process[];
  /** By date, then id. */
  commentsIn(scenario: ObjectId): readonly Comment[];
  eventsOf(sync: ObjectId): readonly Event[];
  statesOf(event: ObjectId): readonly State[];
  next(state: ObjectId): Interval | undefined;
  previous(state: ObjectId): Interval | undefined;
  syncOfState(state: ObjectId): Sync | undefined;
  /** It only keeps time: neither name nor processes. */
  isGap(interval: Interval): boolean;
  /** A lozenge or a bracket stands at one of its ends. */
  hasMark(interval: Interval): boolean;
}

function group<T>(items: Iterable<T>, key: (item: T) => ObjectId | null, order: (a: T, b: T) => number): Map<ObjectId, T[]> {
  const groups = new Map<ObjectId, T[]>();
  for (const item of items) {
    const k = key(item);
    if (k === null) continue;
    const list = groups.get(k);
    if (list) list.push(item);
    else groups.set(k, [item]);
  }
  for (const list of groups.values()) list.sort(order);
  return groups;
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => compare(a.id, b.id);

export function indexScore(score: Score): ScoreIndex {
  const ordinary = [...score.intervals.values()].filter((interval) => !interval.isTransition);
  const intervals = group(
    score.intervals.values(),
    (i) => i.scenario,
    (a, b) => a.date - b.date || byId(a, b),
  );
  const processes = group(
    score.processes.values(),
    (p) => p.interval,
    (a, b) => compare(a.rank, b.rank) || byId(a, b),
  );
  const comments = group(
    score.comments.values(),
    (c) => c.scenario,
    (a, b) => a.date - b.date || byId(a, b),
  );
  const events = group(score.events.values(), (e) => e.sync, byId);
  const states = group(score.states.values(), (s) => s.event, byId);
  const next = new Map(ordinary.map((interval) => [interval.start, interval]));
  const previous = new Map(ordinary.map((interval) => [interval.end, interval]));
  const eventOf = (state: ObjectId): Event | undefined => score.events.get(score.states.get(state)?.event ?? '');
  const syncOfState = (state: ObjectId): Sync | undefined => score.syncs.get(eventOf(state)?.sync ?? '');
  const isMarked = (state: ObjectId): boolean => syncOfState(state)?.trigger !== undefined || (eventOf(state)?.condition ?? '') !== '';
  return {
    score,
    intervalsIn: (scenario) => intervals.get(scenario) ?? [],
    processesOf: (interval) => processes.get(interval) ?? [],
    commentsIn: (scenario) => comments.get(scenario) ?? [],
    eventsOf: (sync) => events.get(sync) ?? [],
    statesOf: (event) => states.get(event) ?? [],
    next: (state) => next.get(state),
    previous: (state) => previous.get(state),
    syncOfState,
    isGap: (interval) => interval.name === '' && !interval.isTransition && !processes.has(interval.id),
    hasMark: (interval) => isMarked(interval.start) || isMarked(interval.end),
  };
}
