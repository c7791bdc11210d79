import type { Flicks } from '../../base.ts';
import { DURATION_MAX } from '../fields.ts';
import { FIXED_IDS, startOf } from '../ids.ts';
import { ROOT } from '../score.ts';
import type { Interval, ObjectId, Sync } from '../score.ts';
import { syncAt } from './connect.ts';
import type { Linked, Objects, Turn } from './revise.ts';
import { syncOf as syncIn } from '../graph.ts';
import { parseObject, parseSync } from './parse.ts';
import type { Table } from './table.ts';
import type { Raw } from '../raw.ts';

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

/** Rounds of looking again; a graph as it should be needs far fewer. */
const ROUNDS_MAX = 100_000;

interface Changed {
  readonly before: Objects;
  readonly score: Objects;
  readonly index: Linked;
  readonly raw: Raw;
}

/**
 * The same dates, looked at only where something changed and onwards from there; writes what has another date. False
 * where it does not come to an end.
 */
export function redate(
  { before: former, score, index, raw }: Changed,
  turns: readonly Turn[],
  write: (object: Interval | Sync) => void,
): boolean {
  const written = new Map<ObjectId, Interval | Sync>();
  const put = (object: Interval | Sync): void => {
    written.set(object.id, object);
    write(object);
  };
  const intervalOf = (id: ObjectId): Interval => (written.get(id) ?? score.intervals.get(id)) as Interval;
  const syncOf = (id: ObjectId): Sync | undefined => (written.get(id) as Sync | undefined) ?? score.syncs.get(id);
  const at = (state: ObjectId): ObjectId => syncIn(score, state);
  const open = new Set<ObjectId>();
  for (const { id, kind, old, now } of turns) {
    if (kind === 'sync') open.add(id);
    if (now?.kind === 'interval') open.add(at(now.end)).add(at(now.start));
    if (old?.kind === 'interval') open.add(syncIn(former, old.end)).add(syncIn(former, old.start));
  }
  const fresh = new Set<ObjectId>(turns.flatMap(({ id, now }) => (now?.kind === 'interval' ? [id] : [])));
  let rounds = 0;
  for (const id of open) {
    open.delete(id);
    const sync = syncOf(id);
    if (!sync) continue;
    if (rounds++ > ROUNDS_MAX) return false;
    const before = index
      .get('before', id)
      .map(intervalOf)
      .filter(({ isTransition }) => !isTransition);
    const date =
      before.length > 0 ? Math.max(0, ...before.map((it) => Math.min(DURATION_MAX, it.date + it.nominal))) : storedDate(raw, sync);
    if (date !== sync.date) put({ ...sync, date: date as Flicks });
    for (const after of index.get('after', id).map(intervalOf)) {
      if (after.date === date && !fresh.has(after.id)) continue;
      fresh.delete(after.id);
      if (after.date !== date) put({ ...after, date: date as Flicks });
      if (!after.isTransition) open.add(at(after.end));
    }
  }
  return true;
}

/** Of a sync with nothing before it. */
function storedDate(raw: Raw, { id, scenario }: Sync): number {
  const isStart = id === ROOT.startSync || (scenario !== null && id === startOf(scenario).sync);
  if (isStart) return 0;
  const entry = raw.objects.get(id);
  const stored = FIXED_IDS.has(id) ? (entry ? parseSync(id, entry) : undefined) : entry && parseObject(id, entry);
  return stored?.kind === 'sync' ? stored.date : 0;
}
