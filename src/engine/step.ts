import { assert } from '../base.ts';
import type { Flicks } from '../base.ts';
import { goBack, uncross } from './backwards.ts';
import { ask, obey } from './booking.ts';
import type { Hand } from './booking.ts';
import { agendaOf, bookingDate, close, dueOf, enqueue, open, openOf, put, sortQueue, writable } from './draft.ts';
import type { Draft } from './draft.ts';
import { begunAt, countIn, resolve, settle } from './fire.ts';
import { hold, reline, setSpeed } from './occurrence.ts';
import type { Bend } from './occurrence.ts';
import type { Decisions, Happening, Running, RunState, ScenarioState } from './state.ts';
import type { StructureIndex } from './structure-index.ts';
import { enterAll, turn } from './turn.ts';

/**
 * The score as an exact machine. Time goes from one due date to the next (a bound that is reached, a fact that takes
 * effect), and within such an instant everything that follows follows at once. There is no tick, so no result can
 * depend on one; between due dates a step costs nothing.
 */
export interface World {
  readonly index: StructureIndex;
  readonly decisions: Decisions;
  /** What is assumed before a jump knows the conditions that were decided until then [EX32]. */
  readonly knows?: Flicks;
}

export interface Step {
  readonly state: RunState;
  readonly happenings: readonly Happening[];
}

/** Covers [state.date, to): what is due at `to` itself is not done. Two steps equal one long step [EX4]. */
export function step(state: RunState, world: World, to: Flicks): Step {
  assert(to >= state.date, 'a step goes forward');
  if (to === state.date) return { state, happenings: [] };
  const first = state.isFresh ? state.date : nextDate(state, state.due, state.scenarios.values(), world.decisions);
  if (first >= to) return { state: { ...state, date: to }, happenings: [] };
  const draft = open(state, world);
  for (let date = first; date < to; date = nextInstant(draft)) {
    instant(draft, date, state.isFresh && date === first);
  }
  return { state: close(draft, to, false), happenings: draft.happenings };
}

export type Act = ({ readonly type: 'speed' } & Bend) | ({ readonly type: 'hand' } & Hand);

/** The same instant after what somebody did: another speed, an interval begun or ended by hand. */
export function withAct(state: RunState, world: World, act: Act): RunState {
  const draft = open(state, world);
  const isTurned = perform(draft, act);
  return close(draft, state.date, state.isFresh || isTurned);
}

/** True when time turns round somewhere, so that everything is to be looked at. */
export function perform(draft: Draft, act: Act): boolean {
  if (act.type === 'hand') return (ask(draft, act), false);
  const isTurned = setSpeed(draft, act);
  if (isTurned && uncross(draft)) enterAll(draft);
  return isTurned;
}

/** Next date at which anything can happen, not before the state's own. */
export function nextDate(state: { readonly date: Flicks }, due: Flicks, open: Iterable<ScenarioState>, decisions: Decisions): Flicks {
  let next: number = due;
  for (const scenario of open) next = Math.min(next, factDate(scenario, decisions));
  return Math.max(state.date, next) as Flicks;
}

export const nextInstant = (draft: Draft): Flicks => nextDate(draft, dueOf(draft), openOf(draft), draft.decisions);

function factDate(scenario: ScenarioState, decisions: Decisions): number {
  let next = Infinity;
  for (const sync of scenario.waiting.keys()) next = Math.min(next, firedDate(scenario, sync, decisions));
  // What is booked has its fact already, and backwards nothing is triggered.
  for (const sync of scenario.isBack ? [] : scenario.again)
    if (!scenario.booked.has(sync)) next = Math.min(next, firedDate(scenario, sync, decisions));
  for (const [sync, { path }] of scenario.isBack ? [] : scenario.crossing)
    next = Math.min(next, begunAt(decisions, sync, path)?.date ?? Infinity);
  for (const [event, { path }] of scenario.undecided) next = Math.min(next, decisions.decided(event, path)?.date ?? Infinity);
  return next;
}

function firedDate(scenario: ScenarioState, sync: string, decisions: Decisions): number {
  const path = `${scenario.prefix}${countIn(scenario, sync)}`;
  return Math.min(decisions.fired(sync, path)?.date ?? Infinity, decisions.ending?.(sync, path)?.date ?? Infinity);
}

/** Everything of one date. `isFirst`: nothing is known to be settled, so every sync is looked at. */
export function instant(draft: Draft, date: Flicks, isFirst: boolean): void {
  if (date !== draft.date) draft.passes.clear();
  draft.date = date;
  if (isFirst)
    for (const { key, running } of [...draft.scenarios.values()]) for (const it of [...running.values()]) passBounds(draft, key, it, true);
  for (const { key, interval } of agendaOf(draft).take(date)) {
    const running = draft.scenarios.get(key)?.running.get(interval);
    if (running) passBounds(draft, key, running, false);
  }
  const asking = [...openOf(draft)].map(({ key }) => key).sort();
  for (const key of asking) obey(draft, key);
  const open: [string, string][] = [];
  for (const key of asking) {
    const scenario = draft.scenarios.get(key);
    if (!scenario) continue;
    for (const sync of [...scenario.waiting.keys(), ...scenario.again])
      if (isFirst || firedDate(scenario, sync, draft.decisions) <= date) enqueue(draft, key, sync);
    for (const [sync, booking] of scenario.booked) if (isFirst || bookingDate(draft, booking) <= date) enqueue(draft, key, sync);
    for (const [sync, { path }] of scenario.crossing)
      if (isFirst || (begunAt(draft.decisions, sync, path)?.date ?? Infinity) <= date) enqueue(draft, key, sync);
    for (const event of scenario.undecided.keys()) open.push([key, event]);
  }
  if (isFirst) for (const { key, armed } of draft.scenarios.values()) for (const sync of armed) enqueue(draft, key, sync);
  sortQueue(draft);
  settle(draft);
  for (const [key, event] of open.sort(([a, b], [c, d]) => (a === c ? (b < d ? -1 : 1) : a < c ? -1 : 1))) resolve(draft, key, event);
  do settle(draft);
  while (goBack(draft) || turn(draft));
  hold(draft);
}

function passBounds(draft: Draft, key: string, it: Running, isFirst: boolean): void {
  const isPastMin = it.isPastMin || it.minDate <= draft.date;
  const isAtMax = it.isAtMax || it.maxDate <= draft.date;
  const isAtZero = it.isAtZero || it.zeroDate <= draft.date;
  const isReached = isAtMax !== it.isAtMax || isAtZero !== it.isAtZero;
  const isChanged = isReached || isPastMin !== it.isPastMin;
  if (isReached) draft.reached.push([key, it.interval]);
  if (isChanged) put(draft, writable(draft, key), { ...it, isPastMin, isAtMax, isAtZero });
  // Whoever reached an end is made to stand by `hold`, if nothing frees it.
  if (it.bendDate <= draft.date && !isReached) reline(draft, writable(draft, key), { ...it, isPastMin, isAtMax, isAtZero });
  const sync = (isChanged || isFirst) && isPastMin ? draft.index.intervals.get(it.interval)?.end.sync : undefined;
  if (sync) enqueue(draft, key, sync.id);
}
