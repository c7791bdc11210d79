import type { Issue } from '../../base.ts';
import type { Comment, Event, Interval, ObjectId, Process, ScoreObject, State, Sync } from '../score.ts';

/** The score while it is being put right: each step takes the table and leaves it closer to a valid score. */
export interface Table {
  readonly intervals: Map<ObjectId, Interval>;
  readonly syncs: Map<ObjectId, Sync>;
  readonly events: Map<ObjectId, Event>;
  readonly states: Map<ObjectId, State>;
  readonly processes: Map<ObjectId, Process>;
  readonly comments: Map<ObjectId, Comment>;
  readonly issues: Issue[];
  /** Intervals that led back in time. */
  readonly cut: Set<ObjectId>;
}

export const ISSUES_MAX = 200;

export const createTable = (): Table => ({
  intervals: new Map(),
  syncs: new Map(),
  events: new Map(),
  states: new Map(),
  processes: new Map(),
  comments: new Map(),
  issues: [],
  cut: new Set(),
});

export function complain(table: Pick<Table, 'issues'>, where: ObjectId, message: string): void {
  if (table.issues.length < ISSUES_MAX) table.issues.push({ message, where });
}

export function place(table: Table, object: ScoreObject): void {
  if (object.kind === 'interval') table.intervals.set(object.id, object);
  else if (object.kind === 'sync') table.syncs.set(object.id, object);
  else if (object.kind === 'event') table.events.set(object.id, object);
  else if (object.kind === 'state') table.states.set(object.id, object);
  else if (object.kind === 'comment') table.comments.set(object.id, object);
  else table.processes.set(object.id, object);
}

type Objects = Pick<Table, 'syncs' | 'events' | 'states' | 'processes' | 'intervals' | 'comments'>;
export const has = (table: { readonly [K in keyof Objects]: ReadonlyMap<ObjectId, unknown> }, id: ObjectId): boolean =>
  table.intervals.has(id) ||
  table.syncs.has(id) ||
  table.events.has(id) ||
  table.states.has(id) ||
  table.processes.has(id) ||
  table.comments.has(id);

/** `wanted`, or the next free one after it. */
export function freeId(table: Table, wanted: ObjectId): ObjectId {
  let id = wanted;
  while (has(table, id)) id += '~';
  return id;
}
