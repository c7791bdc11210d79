import type { Flicks } from '../../base.ts';
import { DURATION_MAX } from '../fields.ts';
import { startOf } from '../ids.ts';
import { ROOT } from '../score.ts';
import type { Interval, ObjectId } from '../score.ts';
import { syncAt } from './connect.ts';
import type { Table } from './table.ts';

/**
 * Dates by the longest way of nominal lengths, transitions apart; a sync with nothing before it keeps its own [SC7].
 * The graph has no cycles here.
 */
export function date(table: Table): void {
  const next = new Map<ObjectId, Interval[]>();
  const waiting = new Map<ObjectId, number>();
  for (const interval of table.intervals.values()) {
    if (interval.isTransition) continue;
    const from = syncAt(table, interval, 'start');
    const to = syncAt(table, interval, 'end');
    const list = next.get(from);
    if (list) list.push(interval);
    else next.set(from, [interval]);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const dates = new Map<ObjectId, number>();
  const ready = [...table.syncs.keys()].filter((id) => !waiting.has(id));
  for (const id of ready) dates.set(id, ownDate(table, id));
  for (let sync = ready.pop(); sync !== undefined; sync = ready.pop()) {
    for (const interval of next.get(sync) ?? []) {
      const to = syncAt(table, interval, 'end');
      dates.set(to, Math.max(dates.get(to) ?? 0, Math.min(DURATION_MAX, dates.get(sync)! + interval.nominal)));
      const left = waiting.get(to)! - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  write(table, dates);
}

function ownDate(table: Table, id: ObjectId): number {
  const sync = table.syncs.get(id)!;
  const isStart = id === ROOT.startSync || (sync.scenario !== null && id === startOf(sync.scenario).sync);
  return isStart ? 0 : sync.date;
}

function write(table: Table, dates: ReadonlyMap<ObjectId, number>): void {
  for (const sync of table.syncs.values()) {
    const own = dates.get(sync.id) as Flicks;
    if (own !== sync.date) table.syncs.set(sync.id, { ...sync, date: own });
  }
  for (const interval of table.intervals.values()) {
    const own = dates.get(syncAt(table, interval, 'start')) as Flicks;
    if (own !== interval.date) table.intervals.set(interval.id, { ...interval, date: own });
  }
}
