import { assert } from '../base.ts';
import type { Flicks } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import type { Decisions, Firing, Happening, Running, RunState, ScenarioState, Undecided } from './state.ts';
import { RECENT_MAX } from './state.ts';
import type { StructureIndex } from './structure-index.ts';

/** A run state being changed within one step: each scenario occurrence is copied when it is first touched. */
export interface Draft {
  readonly index: StructureIndex;
  readonly decisions: Decisions;
  readonly happenings: Happening[];
  readonly scenarios: Map<string, DraftScenario | ScenarioState>;
  readonly owned: Set<string>;
  readonly origin: Flicks;
  readonly epoch: string;
  /** The instant at work; time stands still in it. */
  date: Flicks;
  order: number;
  recent: Firing[];
  capped: readonly ObjectId[];
  /** Syncs to look at in this instant, by depth. */
  readonly queue: Map<string, Look>[];
  /** How often each sync fired in this instant. */
  readonly passes: Map<string, number>;
  /** How many recorded firings are still to come, by scenario occurrence and sync; absent outside a restoration. */
  readonly recorded: Map<string, number> | undefined;
}

export interface DraftScenario extends ScenarioState {
  rate: number;
  running: Map<ObjectId, Running>;
  dead: Set<ObjectId>;
  waiting: Map<ObjectId, Flicks>;
  undecided: Map<ObjectId, Undecided>;
  armed: Set<ObjectId>;
  fired: ScenarioState['fired'];
}

export interface Look {
  readonly scenario: string;
  readonly sync: ObjectId;
}

export const lookKey = (scenario: string, sync: ObjectId): string => `${scenario}/${sync}`;

export const open = (
  state: Omit<RunState, 'due' | 'isFresh'>,
  world: { readonly index: StructureIndex; readonly decisions: Decisions; readonly recorded?: Map<string, number> },
): Draft => ({
  index: world.index,
  decisions: world.decisions,
  recorded: world.recorded,
  happenings: [],
  scenarios: new Map(state.scenarios),
  owned: new Set(),
  origin: state.origin,
  epoch: state.epoch,
  date: state.date,
  order: state.order,
  recent: [...state.recent],
  capped: state.capped,
  queue: [],
  passes: new Map(),
});

export const close = (draft: Draft, date: Flicks, isFresh: boolean): RunState => ({
  date,
  origin: draft.origin,
  epoch: draft.epoch,
  due: dueOf(draft),
  isFresh,
  order: draft.order,
  scenarios: draft.scenarios,
  recent: draft.recent.slice(-RECENT_MAX),
  capped: draft.capped,
});

/** Earliest date at which an interval passes a bound by itself. */
export function dueOf(draft: Draft): Flicks {
  let due = Infinity;
  for (const { running } of draft.scenarios.values()) {
    for (const it of running.values()) {
      if (!it.isPastMin) due = Math.min(due, it.minDate);
      if (!it.isAtMax) due = Math.min(due, it.maxDate);
    }
  }
  return due as Flicks;
}

/** The occurrence, free to change; it must run. */
export function writable(draft: Draft, key: string): DraftScenario {
  const known = draft.scenarios.get(key);
  assert(known, `scenario occurrence ${key} runs`);
  if (draft.owned.has(key)) return known as DraftScenario;
  const copy: DraftScenario = {
    ...known,
    running: new Map(known.running),
    dead: new Set(known.dead),
    waiting: new Map(known.waiting),
    undecided: new Map(known.undecided),
    armed: new Set(known.armed),
  };
  draft.owned.add(key);
  draft.scenarios.set(key, copy);
  return copy;
}

export function enqueue(draft: Draft, scenario: string, sync: ObjectId): void {
  const depth = draft.scenarios.get(scenario)?.depth;
  if (depth === undefined) return;
  for (let level = draft.queue.length; level <= depth; level++) draft.queue.push(new Map());
  const level = draft.queue[depth]!;
  const key = lookKey(scenario, sync);
  if (!level.has(key)) level.set(key, { scenario, sync });
}

/** Innermost first: what ends inside together with its parent still ends by itself. */
export function dequeue(draft: Draft): Look | undefined {
  for (let depth = draft.queue.length - 1; depth >= 0; depth--) {
    for (const [key, look] of draft.queue[depth]!) {
      draft.queue[depth]!.delete(key);
      return look;
    }
  }
  return undefined;
}

/** Initial looks of an instant come in whatever order maps keep; this makes it one that all share. */
export function sortQueue(draft: Draft): void {
  for (const level of draft.queue) {
    const entries = [...level].sort(([a], [b]) => (a < b ? -1 : 1));
    level.clear();
    for (const [key, look] of entries) level.set(key, look);
  }
}
