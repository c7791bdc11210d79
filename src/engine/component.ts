import { enqueue } from './draft.ts';
import type { Draft, DraftScenario } from './draft.ts';
import { end } from './occurrence.ts';
import type { SyncNode } from './structure-index.ts';

/** Parts of a scenario that no interval connects, stopped as a whole: by exclusion, or by a root that is triggered again. */

/** All that intervals and transitions connect with a sync, itself included. */
function connectedTo(sync: SyncNode): ReadonlySet<SyncNode> {
  const found = new Set([sync]);
  for (const it of found) {
    for (const { next } of it.events) for (const { end: last } of next) found.add(last.sync);
    for (const { start: first } of [...it.previous, ...it.transitions]) found.add(first.sync);
  }
  return found;
}

/** Nothing of it runs, waits or is closed off any more; its triggered roots wait again. */
function reset(draft: Draft, scenario: DraftScenario, sync: SyncNode): void {
  for (const event of sync.events) {
    scenario.undecided.delete(event.id);
    for (const { id } of event.next) {
      end(draft, scenario, id);
      scenario.dead.delete(id);
      scenario.asked.delete(id);
    }
  }
  scenario.waiting.delete(sync.id);
  scenario.crossing.delete(sync.id);
  scenario.booked.delete(sync.id);
  scenario.again.delete(sync.id);
  if (sync.isRoot && sync.isInteractive) scenario.armed.add(sync.id);
  if (scenario.armed.has(sync.id)) enqueue(draft, scenario.key, sync.id);
}

/** In an exclusive scenario whoever fires stops all that is not connected to it [EX19]. */
export function resetOthers(draft: Draft, scenario: DraftScenario, sync: SyncNode): void {
  const mine = connectedTo(sync);
  for (const other of draft.index.scenarios.get(scenario.scenario)?.syncs ?? []) if (!mine.has(other)) reset(draft, scenario, other);
}

/** A root that is triggered while what it started runs stops that first [EX30]. */
export function resetComponent(draft: Draft, scenario: DraftScenario, sync: SyncNode): void {
  for (const each of connectedTo(sync)) reset(draft, scenario, each);
}
