import { assert } from '../base.ts';
import type { Flicks } from '../base.ts';
import { close, dueOf, enqueue, open, sortQueue, writable } from './draft.ts';
import type { Draft } from './draft.ts';
import { countIn, resolve, settle } from './fire.ts';
import { hold, setSpeed } from './occurrence.ts';
import type { Bend } from './occurrence.ts';
import type { Decisions, Happening, RunState, ScenarioState } from './state.ts';
import type { StructureIndex } from './structure-index.ts';

/**
 * The score as an exact machine. Time goes from one due date to the next (a bound that is reached, a fact that takes
 * effect), and within such an instant everything that follows follows at once. There is no tick, so no result can
 * depend on one; between due dates a step costs nothing.
 */
export interface World {
  readonly index: StructureIndex;
  readonly decisions: Decisions;
}

export interface Step {
  readonly state: RunState;
  readonly happenings: readonly Happening[];
}

/** Covers [state.date, to): what is due at `to` itself is not done. Two steps equal one long step [EX4]. */
export function step(state: RunState, world: World, to: Flicks): Step {
  assert(to >= state.date, 'a step goes forward');
  if (to === state.date) return { state, happenings: [] };
  const first = state.isFresh ? state.date : nextDate(state, state.due, world.decisions);
  if (first >= to) return { state: { ...state, date: to }, happenings: [] };
  const draft = open(state, world);
  for (let date = first; date < to; date = nextDate(draft, dueOf(draft), world.decisions)) {
    instant(draft, date, state.isFresh && date === first);
  }
  return { state: close(draft, to, false), happenings: draft.happenings };
}

/** The same instant with another speed for one occurrence. */
export function withSpeed(state: RunState, world: World, change: Bend): Step {
  const draft = open(state, world);
  setSpeed(draft, change);
  return { state: close(draft, state.date, state.isFresh), happenings: draft.happenings };
}

/** Next date at which anything can happen, not before the state's own. */
export function nextDate(state: Pick<RunState, 'scenarios' | 'date'>, due: Flicks, decisions: Decisions): Flicks {
  let next: number = due;
  for (const scenario of state.scenarios.values()) next = Math.min(next, factDate(scenario, decisions));
  return Math.max(state.date, next) as Flicks;
}

function factDate(scenario: ScenarioState, decisions: Decisions): number {
  let next = Infinity;
  for (const sync of scenario.waiting.keys()) {
    next = Math.min(next, decisions.fired(sync, `${scenario.prefix}${countIn(scenario, sync)}`)?.date ?? Infinity);
  }
  for (const [event, { path }] of scenario.undecided) next = Math.min(next, decisions.decided(event, path)?.date ?? Infinity);
  return next;
}

/** Everything of one date. `isFirst`: nothing is known to be settled, so every sync is looked at. */
export function instant(draft: Draft, date: Flicks, isFirst: boolean): void {
  draft.date = date;
  draft.passes.clear();
  const open: [string, string][] = [];
  for (const { key } of [...draft.scenarios.values()]) {
    passBounds(draft, key, isFirst);
    const scenario = draft.scenarios.get(key)!;
    for (const sync of scenario.waiting.keys()) if (isFirst || hasFact(draft, scenario, sync)) enqueue(draft, key, sync);
    if (isFirst) for (const sync of scenario.armed) enqueue(draft, key, sync);
    for (const event of scenario.undecided.keys()) open.push([key, event]);
  }
  sortQueue(draft);
  settle(draft);
  for (const [key, event] of open.sort(([a, b], [c, d]) => (a === c ? (b < d ? -1 : 1) : a < c ? -1 : 1))) resolve(draft, key, event);
  settle(draft);
  hold(draft);
}

function hasFact(draft: Draft, scenario: ScenarioState, sync: string): boolean {
  const fact = draft.decisions.fired(sync, `${scenario.prefix}${countIn(scenario, sync)}`);
  return fact !== undefined && fact.date <= draft.date;
}

function passBounds(draft: Draft, key: string, isFirst: boolean): void {
  for (const it of draft.scenarios.get(key)!.running.values()) {
    const isPastMin = it.isPastMin || it.minDate <= draft.date;
    const isAtMax = it.isAtMax || it.maxDate <= draft.date;
    const isChanged = isPastMin !== it.isPastMin || isAtMax !== it.isAtMax;
    if (isChanged) writable(draft, key).running.set(it.interval, { ...it, isPastMin, isAtMax });
    const sync = (isChanged || isFirst) && isPastMin ? draft.index.intervals.get(it.interval)?.end.sync : undefined;
    if (sync) enqueue(draft, key, sync.id);
  }
}
