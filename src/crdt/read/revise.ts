import { FIXED_IDS, startOf } from '../ids.ts';
import { createIndexChange, indexOf, leads } from '../graph.ts';
import type { Index } from '../graph.ts';
import { patched } from '../patched.ts';
import type { Raw } from '../raw.ts';
import type { Interval, ObjectId, Process, Score, ScoreObject, Sync } from '../score.ts';
import { redate } from './redate.ts';
import { areUntouched, isRepaired, repairsOf } from './repairs.ts';
import type { Linked, Objects, Turn } from './turn.ts';
import { fixedObject, startObject } from './nest.ts';
import { parseObject } from './parse.ts';

/**
 * The score after changes of a few objects, made from the score before them: whoever edits a long score changes one or
 * two, and what does not hang together with them is not looked at. Only where what had to be repaired before is not
 * concerned, and nothing has to be now; whatever is not plainly right is left to reading all, so the outcome is always
 * the same [SC2].
 */
type Maps = { readonly [K in keyof Objects]: Map<ObjectId, ScoreObject | undefined> };
const MAP_OF = {
  interval: 'intervals',
  sync: 'syncs',
  event: 'events',
  state: 'states',
  process: 'processes',
  comment: 'comments',
} as const;

/** Of more, reading all is no dearer. */
const CHANGED_MAX = 200;

/** What came of the objects; undefined: read all. */
export interface Revision {
  readonly objects: Objects;
  readonly index: Index;
  /** A process came, went or changed its ports. */
  readonly hasPorts: boolean;
}

export function revise(score: Score, before: Raw, raw: Raw, changed: readonly ObjectId[]): Revision | undefined {
  if (changed.length > CHANGED_MAX) return undefined;
  const turns: Turn[] = [];
  for (const id of changed) {
    const turn = turnOf(score, before, raw, id);
    if (!turn || isRepaired(repairsOf(score), id)) return undefined;
    if (turn.old || turn.now) turns.push(turn);
  }
  if (!areUntouched(repairsOf(score), { before, raw }, turns)) return undefined;
  const maps: Maps = {
    intervals: new Map(),
    syncs: new Map(),
    events: new Map(),
    states: new Map(),
    processes: new Map(),
    comments: new Map(),
  };
  for (const { id, kind, now } of turns) maps[MAP_OF[kind]].set(id, now);
  const linked = linkedAnew(score, overlay(score, maps), turns);
  if (!linked || !isWhole(overlay(score, maps), linked, turns)) return undefined;
  if (
    !redate({ before: score, score: overlay(score, maps), index: linked, raw }, turns, (object) =>
      maps[MAP_OF[object.kind]].set(object.id, object),
    )
  )
    return undefined;
  const objects = overlay(score, maps);
  const index = linked.done();
  return { objects, index, hasPorts: turns.some(({ old, now }) => hasOtherPorts(old, now)) };
}

export const objectIn = (score: Objects, id: ObjectId): ScoreObject | undefined =>
  score.intervals.get(id) ??
  score.syncs.get(id) ??
  score.events.get(id) ??
  score.states.get(id) ??
  score.processes.get(id) ??
  score.comments.get(id);

function turnOf(score: Score, before: Raw, raw: Raw, id: ObjectId): Turn | undefined {
  const old = objectIn(score, id);
  const entry = raw.objects.get(id);
  const scenario = old && 'scenario' in old ? old.scenario : undefined;
  const start = scenario ? startObject(raw, scenario, id) : undefined;
  const parsed = FIXED_IDS.has(id) ? fixedObject(raw, id) : (start ?? (entry && parseObject(id, entry)));
  // Nobody says what it is, or it is something else now.
  if (entry && !parsed) return undefined;
  if (old && parsed && old.kind !== parsed.kind) return undefined;
  const kind = (old ?? parsed)?.kind ?? 'sync';
  if (!parsed || !old) {
    const isPlain = (old ?? parsed)?.kind !== 'process' || !isSpecial((old ?? parsed) as Process);
    return isPlain && !(parsed && isReserved(score, raw, parsed)) ? { id, kind, old, now: parsed } : undefined;
  }
  const now = carried(score, before, old, parsed);
  return now && { id, kind, old, now };
}

/** A scenario brings a world of its own, a key is unique among others. */
const isSpecial = (process: Process): boolean => process.type === 'scenario' || 'key' in process;

/** The start of a scenario, or a group that is not there: not for this way. */
function isReserved(score: Score, raw: Raw, object: ScoreObject): boolean {
  if ('policies' in object && !isGroupThere(score, object.policies.group)) return true;
  if (!('scenario' in object) || object.scenario === null) return object.kind !== 'process';
  return Object.values(startOf(object.scenario)).includes(object.id) || !raw.objects.has(object.id);
}
const isGroupThere = (score: Score, group: string | undefined): boolean =>
  group === undefined || group === 'all' || score.groups.has(group);

/** What was derived goes on; undefined where something else about it is to be decided. */
function carried(score: Score, before: Raw, old: ScoreObject, now: ScoreObject): ScoreObject | undefined {
  if ('policies' in now && !isGroupThere(score, now.policies.group)) return undefined;
  if (now.kind === 'interval' || now.kind === 'sync') {
    const { date } = old as Interval | Sync;
    return (old as Interval | Sync).scenario === now.scenario ? { ...now, date } : undefined;
  }
  if (now.kind !== 'process') return 'scenario' in old && 'scenario' in now && old.scenario === now.scenario ? now : undefined;
  const was = old as Process;
  if (was.type !== now.type || was.interval !== now.interval) return undefined;
  if (now.type === 'scenario') return { ...now, startSync: (was as typeof now).startSync };
  if (!('key' in now)) return now;
  const entry = before.objects.get(now.id);
  const stored = entry && parseObject(now.id, entry);
  const isSame = stored?.kind === 'process' && 'key' in stored && stored.key === now.key;
  return isSame ? ({ ...now, key: (was as typeof now).key } as Process) : undefined;
}

function overlay(score: Objects, maps: Maps): Objects {
  const of = <K extends keyof Objects>(name: K): Objects[K] =>
    patched(score[name] as ReadonlyMap<ObjectId, never>, maps[name] as unknown as ReadonlyMap<ObjectId, never>) as Objects[K];
  return {
    intervals: of('intervals'),
    syncs: of('syncs'),
    events: of('events'),
    states: of('states'),
    processes: of('processes'),
    comments: of('comments'),
  };
}

const syncIn = ({ events, states }: Objects, state: ObjectId): ObjectId | undefined => events.get(states.get(state)?.event ?? '')?.sync;

/** The index with these objects taken out and put in again; undefined where an edge leads nowhere. */
function linkedAnew(before: Score, score: Objects, turns: readonly Turn[]): Linked | undefined {
  const index = createIndexChange(indexOf(before));
  for (const { id, old, now } of turns) {
    if (old?.kind === 'state' && (now as typeof old | undefined)?.event !== old.event) index.remove('states', old.event, id);
    if (old?.kind === 'event' && (now as typeof old | undefined)?.sync !== old.sync) index.remove('events', old.sync, id);
    if (old?.kind === 'process' && !now) index.remove('processes', old.interval, id);
    if (old?.kind === 'interval') {
      index.remove('before', syncIn(before, old.end)!, id);
      index.remove('after', syncIn(before, old.start)!, id);
      for (const state of [old.start, old.end]) index.remove('at', state, id);
    }
  }
  for (const { id, now } of turns) {
    if (now?.kind === 'state') index.add('states', now.event, id);
    if (now?.kind === 'event') index.add('events', now.sync, id);
    if (now?.kind === 'process') index.add('processes', now.interval, id);
    if (now?.kind !== 'interval') continue;
    const [start, end] = [syncIn(score, now.start), syncIn(score, now.end)];
    if (start === undefined || end === undefined) return undefined;
    index.add('before', end, id);
    index.add('after', start, id);
    for (const state of [now.start, now.end]) index.add('at', state, id);
  }
  return index;
}

/** Every edge from and to what changed leads where it should [SC4, SC6]. */
function isWhole(score: Objects, index: Linked, turns: readonly Turn[]): boolean {
  return turns.every(({ id, kind, old, now }) => {
    // Who moves an event or a state moves what hangs on it: too far for this way.
    if (old?.kind === 'event' && now && (now as typeof old).sync !== old.sync) return false;
    if (old?.kind === 'state' && now && (now as typeof old).event !== old.event) return false;
    if (now) return isRight(score, index, now);
    const left = {
      interval: index.get('processes', id),
      sync: index.get('events', id),
      event: index.get('states', id),
      state: index.get('at', id),
    };
    return kind === 'process' || kind === 'comment' || left[kind].length === 0;
  });
}

function isRight(score: Objects, index: Linked, object: ScoreObject): boolean {
  if (object.kind === 'process') return score.intervals.has(object.interval);
  if (object.scenario === null) return FIXED_IDS.has(object.id);
  if (score.processes.get(object.scenario)?.type !== 'scenario') return false;
  if (object.kind === 'event') return score.syncs.get(object.sync)?.scenario === object.scenario;
  if (object.kind === 'state') return score.events.get(object.event)?.scenario === object.scenario;
  return object.kind !== 'interval' || isRightInterval(score, index, object);
}

function isRightInterval(score: Objects, index: Linked, interval: Interval): boolean {
  const { scenario, isTransition } = interval;
  if ([interval.start, interval.end].some((state) => score.states.get(state)?.scenario !== scenario)) return false;
  if (isTransition) return true;
  for (const side of ['start', 'end'] as const) {
    const others = index.get('at', interval[side]).flatMap((id) => (id === interval.id ? [] : (score.intervals.get(id) ?? [])));
    if (others.some((other) => !other.isTransition && other[side] === interval[side])) return false;
  }
  const [start, end] = [syncIn(score, interval.start)!, syncIn(score, interval.end)!];
  if (end === startOf(scenario!).sync) return false;
  const after = (sync: ObjectId): readonly Interval[] => index.get('after', sync).flatMap((id) => score.intervals.get(id) ?? []);
  const endSync = ({ end: state }: Interval): Sync => score.syncs.get(syncIn(score, state)!)!;
  return !leads({ after, endSync }, end, start);
}

function hasOtherPorts(old: ScoreObject | undefined, now: ScoreObject | undefined): boolean {
  const process = old ?? now;
  if (process?.kind !== 'process') return false;
  return !old || !now || process.type === 'shader' || process.type === 'opaque';
}
