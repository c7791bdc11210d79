import type { PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import { dequeue, enqueue, lookKey, writable } from './draft.ts';
import type { Draft, DraftScenario } from './draft.ts';
import { end, start } from './occurrence.ts';
import type { EventNode, IntervalNode, SyncNode } from './structure-index.ts';
import { get, set } from './trie.ts';

/**
 * ossia's rules of readiness, triggering, happening and disposal, on the marking. What an interval's start event was
 * shows in the interval itself: it runs, it is dead, or (neither) its time has not come.
 */

/** Passes of one sync within one instant; a zero-time cycle ends there [EX15]. */
export const PASSES_MAX = 16;

/** Looks at syncs until nothing more can happen in this instant. */
export function settle(draft: Draft): void {
  for (let look = dequeue(draft); look; look = dequeue(draft)) {
    const sync = draft.index.syncs.get(look.sync);
    if (sync && draft.scenarios.has(look.scenario)) consider(draft, writable(draft, look.scenario), sync);
  }
}

export const countIn = (scenario: Pick<DraftScenario, 'fired'>, sync: ObjectId): number => (get(scenario.fired, sync)?.count ?? -1) + 1;

function consider(draft: Draft, scenario: DraftScenario, sync: SyncNode): void {
  const readiness = readinessOf(scenario, sync);
  if (!readiness) {
    scenario.waiting.delete(sync.id);
    return;
  }
  if (sync.id === ROOT.endSync && readiness !== 'max') return;
  if (draft.recorded?.has(lookKey(scenario.key, sync.id))) return;
  if (!sync.isInteractive) return fire(draft, scenario, sync, { by: '' });
  const fact = draft.decisions.fired(sync.id, `${scenario.prefix}${countIn(scenario, sync.id)}`);
  if (fact && fact.date <= draft.date) return fire(draft, scenario, sync, { by: fact.by });
  if (readiness === 'max') return fire(draft, scenario, sync, { by: '' });
  if (!scenario.waiting.has(sync.id)) scenario.waiting.set(sync.id, draft.date);
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

/** Fires a sync now: what led here ends, and each event happens, is disposed, or waits for its condition. */
export function fire(draft: Draft, scenario: DraftScenario, sync: SyncNode, how: { by: PeerId | ''; count?: number }): void {
  const pass = lookKey(scenario.key, sync.id);
  const passes = (draft.passes.get(pass) ?? 0) + 1;
  if (passes > PASSES_MAX) {
    scenario.waiting.delete(sync.id);
    if (!draft.capped.includes(sync.id)) draft.capped = [...draft.capped, sync.id];
    return;
  }
  draft.passes.set(pass, passes);
  const count = how.count ?? countIn(scenario, sync.id);
  const path = `${scenario.prefix}${count}`;
  const firing = { sync: sync.id, path, count, date: draft.date, order: draft.order++, by: how.by };
  scenario.fired = set(scenario.fired, sync.id, firing);
  draft.recent.push(firing);
  draft.happenings.push({ type: 'fired', date: draft.date, sync: sync.id, path, by: how.by });
  scenario.waiting.delete(sync.id);
  scenario.armed.delete(sync.id);
  const alive = aliveEvents(scenario, sync);
  for (const { id } of [...sync.previous, ...sync.transitions]) {
    end(draft, scenario, id);
    scenario.dead.delete(id);
  }
  const isExclusive = draft.index.scenarios.get(scenario.scenario)?.isExclusive === true;
  if (isExclusive) resetOthers(draft, scenario, sync);
  for (const event of alive) decide(draft, scenario, event, { path, by: how.by });
}

/** A jump revives every event; otherwise one whose every branch is dead was disposed with them. */
function aliveEvents(scenario: DraftScenario, sync: SyncNode): readonly EventNode[] {
  if (sync.transitions.some(({ id }) => scenario.running.has(id))) return sync.events;
  return sync.events.filter(({ previous }) => previous.length === 0 || previous.some(({ id }) => !scenario.dead.has(id)));
}

function decide(draft: Draft, scenario: DraftScenario, event: EventNode, { path, by }: { path: string; by: PeerId | '' }): void {
  scenario.undecided.delete(event.id);
  const outcome = outcomeOf(draft, event, path);
  if (outcome === undefined) scenario.undecided.set(event.id, { path, since: draft.date, firedBy: by });
  else if (outcome) happen(draft, scenario, event, path);
  else dispose(draft, scenario, event, path);
}

/** Before the origin of an epoch nothing was asked: there the event's offset behaviour speaks [EX18]. */
function outcomeOf(draft: Draft, event: EventNode, path: string): boolean | undefined {
  if (draft.date < draft.origin && event.offset !== 'evaluate') return event.offset === 'true';
  if (event.constant !== undefined) return event.constant;
  const fact = draft.decisions.decided(event.id, path);
  return fact && fact.date <= draft.date ? fact.holds : undefined;
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
  const count = countIn(scenario, event.sync.id) - 1;
  for (const interval of event.next) start(draft, scenario, interval, count);
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
  if (isDead(scenario, sync.previous) && !scenario.armed.has(sync.id)) {
    for (const { id } of sync.previous) scenario.dead.delete(id);
    scenario.waiting.delete(sync.id);
    return sync.events;
  }
  enqueue(draft, scenario.key, sync.id);
  return isDead(scenario, interval.end.previous) ? [interval.end] : [];
}

/** In an exclusive scenario whoever fires stops all that is not connected to it; stopped roots wait again. */
function resetOthers(draft: Draft, scenario: DraftScenario, sync: SyncNode): void {
  const node = draft.index.scenarios.get(scenario.scenario);
  if (!node) return;
  const mine = connectedTo(sync);
  for (const other of node.syncs) {
    if (mine.has(other)) continue;
    for (const event of other.events) {
      scenario.undecided.delete(event.id);
      for (const { id } of event.next) {
        end(draft, scenario, id);
        scenario.dead.delete(id);
      }
    }
    scenario.waiting.delete(other.id);
    if (node.roots.includes(other) && other.isInteractive && !scenario.armed.has(other.id)) scenario.armed.add(other.id);
    if (scenario.armed.has(other.id)) enqueue(draft, scenario.key, other.id);
  }
}

function connectedTo(sync: SyncNode): ReadonlySet<SyncNode> {
  const found = new Set([sync]);
  for (const it of found) {
    for (const { next } of it.events) for (const { end: last } of next) found.add(last.sync);
    for (const { start: first } of [...it.previous, ...it.transitions]) found.add(first.sync);
  }
  return found;
}
