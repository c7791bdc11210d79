import type { Flicks } from '../../base.ts';
import { DURATION_MAX } from '../fields.ts';
import { syncOf as syncIn } from '../graph.ts';
import { FIXED_IDS, startOf } from '../ids.ts';
import type { Raw } from '../raw.ts';
import { ROOT } from '../score.ts';
import type { Interval, ObjectId, Sync } from '../score.ts';
import { parseObject, parseSync } from './parse.ts';
import type { Linked, Objects, Turn } from './turn.ts';

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
