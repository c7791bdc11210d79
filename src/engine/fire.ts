import type { PeerId } from '../base.ts';
import { flicks } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { dequeue, enqueue, lookKey, writable } from './draft.ts';
import type { Draft, DraftScenario } from './draft.ts';
import { isBooked } from './booking.ts';
import { end, start } from './occurrence.ts';
import { resetComponent, resetOthers } from './component.ts';
import type { Decisions, Firing, Lately, ScenarioState } from './state.ts';
import { remembered } from './earlier.ts';
import type { EventNode, IntervalNode, SyncNode } from './structure-index.ts';
import { get, set } from './trie.ts';

/**
 * ossia's rules of readiness, triggering, happening and disposal, on the marking. What an interval's start event was
 * shows in the interval itself: it runs, it is dead, or (neither) its time has not come.
 */

/** Passes of one sync within one instant; a zero-time cycle ends there [EX15]. */
export const PASSES_MAX = 16;

/** Run time is counted in spans of this length, from 0: so where a loop is cut does not depend on how steps are. */
export const SPAN = flicks(100);
/** Firings of one sync within a span; a loop of hardly any time ends there [EX15]. */
export const SPAN_MAX = 200;
/** The same of all syncs that fire in it again, and as many more as there are syncs twice. */
export const SPAN_ALL_MAX = 5000;

export const NONE_LATELY: Lately = { span: 0, total: 0, apart: 0, bySync: undefined };

/** Looks at syncs until nothing more can happen in this instant. */
export function settle(draft: Draft): void {
  for (let look = dequeue(draft); look; look = dequeue(draft)) {
    const sync = draft.index.syncs.get(look.sync);
    if (draft.held?.homes.has(look.scenario)) draft.held.looks.push(look);
    else if (sync && draft.scenarios.has(look.scenario)) consider(draft, writable(draft, look.scenario), sync);
  }
}

export const countIn = ({ fired, pass }: Pick<ScenarioState, 'fired' | 'pass'>, sync: ObjectId): number =>
  Math.max((get(fired, sync)?.count ?? -1) + 1, pass?.first ?? 0);

/** The fact by which what follows an ordered sync begins. */
export const begunAt = (decisions: Decisions, sync: ObjectId, path: string): ReturnType<Decisions['fired']> =>
  decisions.begun ? decisions.begun(sync, path) : decisions.fired(sync, path);

function isBegun(draft: Draft, scenario: DraftScenario, sync: ObjectId): Cause | undefined {
  const fact = begunAt(draft.decisions, sync, `${scenario.prefix}${countIn(scenario, sync)}`);
  return fact && fact.date <= draft.date ? { by: fact.by } : undefined;
}

/** What leads to a sync ends; what follows waits until all have seen that [EX38]. False where nothing leads to it just now. */
export function cross(draft: Draft, scenario: DraftScenario, sync: SyncNode, { by }: Cause): boolean {
  const before = [...sync.previous, ...sync.transitions].filter(({ id }) => scenario.running.has(id));
  if (before.length === 0) return false;
  const led = sync.previous.filter(({ id }) => scenario.running.has(id)).map(({ id }) => id);
  const alive = aliveEvents(scenario, sync).map(({ id }) => id);
  const path = `${scenario.prefix}${countIn(scenario, sync.id)}`;
  for (const set of [scenario.waiting, scenario.booked, scenario.armed]) set.delete(sync.id);
  for (const { id } of before) end(draft, scenario, id);
  scenario.crossing.set(sync.id, { path, since: draft.date, order: draft.order++, by, led, alive });
  return true;
}

function consider(draft: Draft, scenario: DraftScenario, sync: SyncNode): void {
  if (scenario.crossing.has(sync.id)) {
    const cause = scenario.isBack ? undefined : isBegun(draft, scenario, sync.id);
    if (cause) fire(draft, scenario, sync, cause);
    return;
  }
  // Backwards nothing is decided [EX33].
  const readiness = scenario.isBack ? undefined : readinessOf(scenario, sync);
  const isAgain = readiness === undefined && !scenario.isBack && scenario.again.has(sync.id);
  if (!readiness && !isAgain) {
    scenario.waiting.delete(sync.id);
    scenario.booked.delete(sync.id);
    return;
  }
  if (sync.isOnlyAtMax && readiness !== 'max') return;
  if (draft.recorded?.has(lookKey(scenario.key, sync.id))) return;
  const cause = causeOf(draft, scenario, sync, readiness);
  if (!cause) {
    if (readiness && !scenario.waiting.has(sync.id)) scenario.waiting.set(sync.id, draft.date);
    return;
  }
  if (readiness || sync.isRetriggering) {
    // What cannot go on waits for no line.
    if (readiness !== 'max' && isBooked(draft, scenario, sync, cause)) return;
    const isOrdered = sync.isOrdered && !isAgain && !draft.isAssuming && !isBegun(draft, scenario, sync.id);
    if (isOrdered && cross(draft, scenario, sync, cause)) return;
    if (!isAgain) return fire(draft, scenario, sync, cause);
  }
  trigger(draft, scenario, sync, { ...cause, kind: sync.isRetriggering ? 'again' : 'end' });
}

interface Cause {
  readonly by: PeerId | '';
}

interface How extends Cause {
  readonly count?: number;
  readonly kind?: Firing['kind'] & string;
  readonly isAssumed?: boolean;
}

/** Why it fires now, or on the next line of its grid; undefined: it does not. */
function causeOf(draft: Draft, scenario: DraftScenario, sync: SyncNode, readiness: 'ready' | 'max' | undefined): Cause | undefined {
  const booked = scenario.booked.get(sync.id);
  if (booked) return booked;
  if (!sync.isInteractive) return { by: '' };
  const path = `${scenario.prefix}${countIn(scenario, sync.id)}`;
  for (const fact of [draft.decisions.fired(sync.id, path), draft.decisions.ending?.(sync.id, path)])
    if (fact && fact.date <= draft.date) return { by: fact.by };
  return readiness === 'max' ? { by: '' } : undefined;
}

/** 'max': a branch cannot go on, whatever the trigger says. Dead branches do not count; the others wait for each other. */
function readinessOf(scenario: DraftScenario, sync: SyncNode): 'ready' | 'max' | undefined {
  const jump = sync.transitions.map(({ id }) => scenario.running.get(id)).filter((it) => it?.isPastMin);
  if (jump.some((it) => it?.isAtMax)) return 'max';
  const branches = sync.previous.filter(({ id }) => !scenario.dead.has(id)).map(({ id }) => scenario.running.get(id));
  const isReached = branches.length > 0 && branches.every((it) => it?.isPastMin);
  if (isReached && branches.some((it) => it?.isAtMax)) return 'max';
  return isReached || jump.length > 0 || scenario.armed.has(sync.id) ? 'ready' : undefined;
}

/** It is a root that has not fired, or something on the way to it runs. */
export const isLedTo = (scenario: DraftScenario, sync: SyncNode): boolean =>
  scenario.armed.has(sync.id) || [...sync.previous, ...sync.transitions].some(({ id }) => scenario.running.has(id));

/** Fires a sync now: what led here ends, and each event happens, is disposed, or waits for its condition. */
export function fire(draft: Draft, scenario: DraftScenario, sync: SyncNode, how: How): void {
  if (!mayFire(draft, scenario, sync)) {
    scenario.waiting.delete(sync.id);
    scenario.booked.delete(sync.id);
    scenario.again.delete(sync.id);
    scenario.crossing.delete(sync.id);
    if (!draft.capped.includes(sync.id)) draft.capped = [...draft.capped, sync.id];
    return;
  }
  const crossing = scenario.crossing.get(sync.id);
  scenario.crossing.delete(sync.id);
  const led = crossing?.led ?? sync.previous.filter(({ id }) => scenario.running.has(id)).map(({ id }) => id);
  const { path } = note(draft, scenario, sync, { ...how, led });
  scenario.waiting.delete(sync.id);
  scenario.booked.delete(sync.id);
  scenario.armed.delete(sync.id);
  if (sync.isRoot && sync.isInteractive) scenario.again.add(sync.id);
  const alive = crossing ? sync.events.filter(({ id }) => crossing.alive.includes(id)) : aliveEvents(scenario, sync);
  for (const { id } of [...sync.previous, ...sync.transitions]) {
    end(draft, scenario, id);
    scenario.dead.delete(id);
  }
  const isExclusive = draft.index.scenarios.get(scenario.scenario)?.isExclusive === true;
  if (isExclusive) resetOthers(draft, scenario, sync);
  for (const event of alive) decide(draft, scenario, event, { path, by: how.by });
}

/** Counts it; false where too much fires in no time, or in hardly any. Whoever fires for the first time in a span may. */
function mayFire(draft: Draft, scenario: DraftScenario, sync: SyncNode): boolean {
  const pass = lookKey(scenario.key, sync.id);
  const passes = draft.passes.get(pass) ?? 0;
  const span = Math.floor(draft.date / SPAN);
  const lately = draft.lately.span === span ? draft.lately : { ...NONE_LATELY, span };
  const times = get(lately.bySync, sync.id) ?? 0;
  if (passes >= PASSES_MAX || times >= SPAN_MAX) return false;
  // What is each one's own cuts nothing that all share, and the other way round.
  const { syncs, shared, scenarios } = draft.index;
  const isApart = scenarios.get(scenario.scenario)?.isDivergent === true;
  const among = isApart ? syncs.size - shared : shared;
  if (times > 0 && (isApart ? lately.apart : lately.total) >= SPAN_ALL_MAX + 2 * among) return false;
  draft.passes.set(pass, passes + 1);
  const [total, apart] = isApart ? [lately.total, lately.apart + 1] : [lately.total + 1, lately.apart];
  draft.lately = { span, total, apart, bySync: set(lately.bySync, sync.id, times + 1) };
  return true;
}

/** A root is triggered again: what it had started ends, and it starts anew or waits [EX30]. */
export function trigger(draft: Draft, scenario: DraftScenario, sync: SyncNode, how: How & Required<Pick<Firing, 'kind'>>): void {
  if (how.kind === 'end') note(draft, scenario, sync, { ...how, led: [] });
  resetComponent(draft, scenario, sync);
  if (how.kind === 'again') fire(draft, scenario, sync, how);
}

/** Keeps who fired, and what ends by it. */
function note(draft: Draft, scenario: DraftScenario, sync: SyncNode, how: How & Pick<Firing, 'led'>): Firing {
  const count = how.count ?? countIn(scenario, sync.id);
  const path = `${scenario.prefix}${count}`;
  const known = get(scenario.fired, sync.id);
  if (known) scenario.earlier = remembered(draft.index, scenario, known);
  const { by, led, kind, isAssumed } = how;
  const firing: Firing = {
    sync: sync.id,
    path,
    count,
    date: draft.date,
    order: draft.order++,
    by,
    led,
    ...(kind && { kind }),
    ...(isAssumed && { isAssumed }),
  };
  scenario.fired = set(scenario.fired, sync.id, firing);
  draft.recent.push(firing);
  draft.happenings.push({ type: 'fired', date: draft.date, sync: sync.id, path, by });
  return firing;
}

/** A jump revives every event; otherwise one whose every branch is dead was disposed with them. */
function aliveEvents(scenario: DraftScenario, sync: SyncNode): readonly EventNode[] {
  if (sync.transitions.some(({ id }) => scenario.running.has(id))) return sync.events;
  return sync.events.filter(({ previous }) => previous.length === 0 || previous.some(({ id }) => !scenario.dead.has(id)));
}

function decide(draft: Draft, scenario: DraftScenario, event: EventNode, { path, by }: Pick<Firing, 'path' | 'by'>): void {
  scenario.undecided.delete(event.id);
  const outcome = outcomeOf(draft, event, path);
  if (outcome === undefined) scenario.undecided.set(event.id, { path, since: draft.date, firedBy: by });
  else if (outcome) happen(draft, scenario, event, path);
  else dispose(draft, scenario, event, path);
}

/** Before the origin of an epoch nothing was asked: there the event's offset behaviour speaks [EX18]. */
function outcomeOf(draft: Draft, event: EventNode, path: string): boolean | undefined {
  if (draft.isAssuming && event.offset !== 'evaluate') return event.offset === 'true';
  if (event.constant !== undefined) return event.constant;
  const fact = draft.decisions.decided(event.id, path);
  return fact && fact.date <= (draft.isAssuming ? draft.knows : draft.date) ? fact.holds : undefined;
}

/** An open condition whose fact has come. */
export function resolve(draft: Draft, key: string, eventId: ObjectId): void {
  if (!draft.scenarios.has(key)) return;
  const scenario = writable(draft, key);
  const open = scenario.undecided.get(eventId);
  const event = draft.index.events.get(eventId);
  const fact = open && draft.decisions.decided(eventId, open.path);
  if (!open || !event || !fact || fact.date > draft.date) return;
  scenario.undecided.delete(eventId);
  if (fact.holds) happen(draft, scenario, event, open.path);
  else dispose(draft, scenario, event, open.path);
}

function happen(draft: Draft, scenario: DraftScenario, event: EventNode, path: string): void {
  draft.happenings.push({ type: 'happened', date: draft.date, event: event.id, path });
  for (const interval of event.next) start(draft, scenario, interval, path);
}

/** What follows a disposed event dies; where all ways in are dead, so is what follows there. Never through a transition. */
function dispose(draft: Draft, scenario: DraftScenario, first: EventNode, path: string): void {
  const events: EventNode[] = [first];
  const seen = new Set<EventNode>();
  for (let event = events.pop(); event; event = events.pop()) {
    if (seen.has(event)) continue;
    seen.add(event);
    const own = event === first ? path : `${scenario.prefix}${countIn(scenario, event.sync.id)}`;
    draft.happenings.push({ type: 'disposed', date: draft.date, event: event.id, path: own });
    for (const interval of event.next) if (!interval.isTransition) events.push(...kill(draft, scenario, interval));
  }
}

const isDead = (scenario: DraftScenario, intervals: readonly IntervalNode[]): boolean => intervals.every(({ id }) => scenario.dead.has(id));

/** Returns the events that are disposed with it. */
function kill(draft: Draft, scenario: DraftScenario, interval: IntervalNode): readonly EventNode[] {
  if (scenario.running.has(interval.id) || scenario.dead.has(interval.id)) return [];
  scenario.dead.add(interval.id);
  const sync = interval.end.sync;
  // A jump that waits there revives every event.
  if (sync.transitions.some(({ id }) => scenario.running.has(id))) return [];
  if (isDead(scenario, sync.previous) && !scenario.armed.has(sync.id)) {
    for (const { id } of sync.previous) scenario.dead.delete(id);
    scenario.waiting.delete(sync.id);
    return sync.events;
  }
  enqueue(draft, scenario.key, sync.id);
  return isDead(scenario, interval.end.previous) ? [interval.end] : [];
}
