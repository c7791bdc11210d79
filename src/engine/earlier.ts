import type { Earlier, Firing, ScenarioState } from './state.ts';
import type { StructureIndex } from './structure-index.ts';

/**
 * What an adoption tells of a sync beside its last firing [EX21]: what an earlier one left running, waiting for its
 * condition or closed off is there again only if that one is fired again, too. A loop would make such a record as long
 * as the run, so of old firings only those stay that something running hangs on.
 */

/** Kept whatever hangs on them. */
export const EARLIER_MAX = 64;
/** The same where time has turned back: that passes syncs the other way round, and needs to know what had led there. */
export const TURNED_MAX = 1000;

type Place = Pick<ScenarioState, 'earlier' | 'hasTurned' | 'running' | 'undecided'>;

/** The list with one more; cut now and then, so that the cost of one is small. */
export function remembered(index: StructureIndex, scenario: Place, firing: Firing): Earlier {
  const list = add(scenario.earlier, firing);
  const max = scenario.hasTurned ? TURNED_MAX : EARLIER_MAX;
  if (list.size < 2 * max) return list;
  return told(index, { ...scenario, earlier: list }).reduce<Earlier | undefined>(add, undefined)!;
}

const add = (rest: Earlier | undefined, firing: Firing): Earlier => ({ firing, rest, size: (rest?.size ?? 0) + 1 });

/** What a record tells of it, oldest first. */
export function told(index: StructureIndex, scenario: Place): readonly Firing[] {
  const needed = new Set<string>();
  const need = (sync: string | undefined, path: string): void => void (sync !== undefined && needed.add(`${sync}@${path}`));
  for (const { interval, path } of scenario.running.values()) need(index.intervals.get(interval)?.start.sync.id, path);
  for (const [event, { path }] of scenario.undecided) need(index.events.get(event)?.sync.id, path);
  const max = scenario.hasTurned ? TURNED_MAX : EARLIER_MAX;
  const found: Firing[] = [];
  let place = 0;
  for (let it = scenario.earlier; it; it = it.rest, place++)
    if (place < max || needed.has(`${it.firing.sync}@${it.firing.path}`)) found.push(it.firing);
  return found.reverse();
}
