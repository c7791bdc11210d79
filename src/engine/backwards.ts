import type { ObjectId } from '../crdt/score.ts';
import { writable } from './draft.ts';
import type { Draft, DraftScenario } from './draft.ts';
import { remembered } from './earlier.ts';
import { countIn } from './fire.ts';
import { end, enter, innerPlace, openScenario, pathOfOwn } from './occurrence.ts';
import type { IntervalNode, SyncNode } from './structure-index.ts';
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

/**
 * Time that turns back while an ordered sync is crossed [EX38]: what had led there comes back, and nothing has fired. True
 * when any did.
 */
export function uncross(draft: Draft): boolean {
  const keys = [...draft.open].filter((key) => (draft.scenarios.get(key)?.crossing.size ?? 0) > 0).sort();
  for (const key of keys) {
    const scenario = writable(draft, key);
    if (!scenario.isBack) continue;
    for (const [sync, { path, since: date, order, by, led }] of [...scenario.crossing].sort(([a], [b]) => (a < b ? -1 : 1))) {
      scenario.crossing.delete(sync);
      // So that a record of it leads here, too.
      scenario.earlier = remembered(draft.index, scenario, {
        sync,
        path,
        count: countIn(scenario, sync),
        date,
        order,
        by,
        kind: 'cross',
        led,
      });
      for (const node of nodesOf(draft, led)) if (!scenario.running.has(node.id)) resume(draft, scenario, node);
    }
  }
  return keys.length > 0;
}

const nodesOf = (draft: Draft, ids: readonly ObjectId[]): readonly IntervalNode[] =>
  ids.map((id) => draft.index.intervals.get(id)).filter((node): node is IntervalNode => node !== undefined);

/** What a condition had closed off is open again. */
function revive(scenario: DraftScenario, first: SyncNode): void {
  const syncs = new Set([first]);
  for (const sync of syncs)
    for (const { next } of sync.events) for (const { id, end: last } of next) if (scenario.dead.delete(id)) syncs.add(last.sync);
}

/** An interval comes back at its nominal length, as everything in it would stand there [EX35]. */
function resume(draft: Draft, scenario: DraftScenario, node: IntervalNode): void {
  const position = Math.min(node.nominal, node.max);
  const running = enter(draft, scenario, node, { path: pathOfOwn(draft, scenario), position });
  for (const inner of node.scenarios) openScenario(draft, inner, innerPlace(draft, scenario, running, inner), 'turn');
}
