import type { Flicks } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { writable } from './draft.ts';
import type { Draft, DraftScenario } from './draft.ts';
import { fire, isLedTo } from './fire.ts';
import { nominalFirings } from './nominal.ts';
import { awakenIn, end, enter, innerPlace, openScenario, pathOfOwn } from './occurrence.ts';
import { homeOf } from './path.ts';
import type { Running } from './state.ts';
import type { IntervalNode, SyncNode } from './structure-index.ts';
import { BASE } from './structure-index.ts';
import { get, set } from './trie.ts';

/**
 * Time that goes back through a sync. An interval that is at its beginning waits for those that began with it; then all
 * end, and those that had led there stand at their nominal length and go on towards their beginnings. Nothing is
 * decided, and no transition is crossed: where nothing led, an interval stays at 0 and would go forward from there.
 * True when any did.
 */
export function goBack(draft: Draft): boolean {
  let [isAny, again] = [false, true];
  while (again) {
    again = false;
    for (const [key, interval] of [...draft.reached].sort(([a, b], [c, d]) => (a === c ? (b < d ? -1 : 1) : a < c ? -1 : 1))) {
      const known = draft.scenarios.get(key);
      const sync = draft.index.intervals.get(interval)?.start.sync;
      if (!known || !sync || !known.isBack || !known.running.get(interval)?.isAtZero) continue;
      const scenario = writable(draft, key);
      if (leave(draft, scenario, sync)) isAny = again = true;
    }
  }
  return isAny;
}

/** True when time has gone back through the sync. */
function leave(draft: Draft, scenario: DraftScenario, sync: SyncNode): boolean {
  const firing = get(scenario.fired, sync.id);
  const led = nodesOf(draft, firing?.led ?? []).filter((node) => node.end.sync === sync);
  const begun = sync.events.flatMap(({ next }) => next).filter(({ id }) => scenario.running.has(id));
  if (!firing || led.length === 0 || !begun.every(({ id }) => scenario.running.get(id)?.isAtZero)) return false;
  for (const { id } of begun) end(draft, scenario, id);
  for (const event of sync.events) scenario.undecided.delete(event.id);
  revive(scenario, sync);
  scenario.fired = set(scenario.fired, sync.id, { ...firing, led: [] });
  for (const node of led) if (!scenario.running.has(node.id)) resume(draft, scenario, node);
  return true;
}

const nodesOf = (draft: Draft, ids: readonly ObjectId[]): readonly IntervalNode[] =>
  ids.map((id) => draft.index.intervals.get(id)).filter((node): node is IntervalNode => node !== undefined);

/** What a condition had closed off is open again. */
function revive(scenario: DraftScenario, first: SyncNode): void {
  const syncs = new Set([first]);
  for (const sync of syncs)
    for (const { next } of sync.events) for (const { id, end: last } of next) if (scenario.dead.delete(id)) syncs.add(last.sync);
}

/** An interval comes back at its nominal length, as everything in it would stand there. */
function resume(draft: Draft, scenario: DraftScenario, node: IntervalNode): void {
  const position = Math.min(node.nominal, node.max);
  const running = enter(draft, scenario, node, { path: pathOfOwn(draft, scenario), position });
  if (node.scenarios.length > 0) openAt(draft, scenario, running, { node, position });
}

/**
 * Content of an interval as if it had lasted its nominal length up to here. It is fired at the dates that this assumes,
 * which lie in the past and are told to nobody; what then runs is told as started now.
 */
function openAt(draft: Draft, outer: DraftScenario, running: Running, at: { node: IntervalNode; position: number }): void {
  const { date, recent, happenings } = { date: draft.date, recent: [...draft.recent], happenings: draft.happenings.length };
  const begins = (date - at.position) as Flicks;
  const places = at.node.scenarios.map((inner) => ({ inner, place: innerPlace(draft, outer, running, inner) }));
  draft.isAssuming = true;
  for (const { inner, place } of places) {
    draft.date = begins;
    const scenario = openScenario(draft, inner, { ...place, rate: 1, plain: 1, isBack: false });
    for (const entry of nominalFirings(draft.index, inner, { prefix: scenario.prefix, begins, until: date })) {
      const sync = draft.index.syncs.get(entry.sync);
      const home = homeOf(draft.index, sync?.scenario ?? BASE, entry.path);
      draft.date = entry.date;
      if (sync && draft.scenarios.has(home) && isLedTo(writable(draft, home), sync)) fire(draft, writable(draft, home), sync, { by: '' });
    }
  }
  draft.date = date;
  draft.isAssuming = false;
  for (const { place } of places) awakenIn(draft, place);
  draft.recent = recent;
  draft.happenings.length = happenings;
  for (const scenario of draft.scenarios.values()) {
    if (!places.some(({ place }) => scenario.prefix.startsWith(place.prefix))) continue;
    for (const { interval, path, anchor } of scenario.running.values())
      draft.happenings.push({ type: 'started', date, interval, path, anchor });
  }
}
