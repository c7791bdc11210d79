import { changedKeys } from '../crdt/patched.ts';
import { parentOf } from '../crdt/policies.ts';
import type { Interval, ObjectId, Process, Score, Sync, Tempo } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import { canonical, derived } from './structure-hash.ts';
import { objectsOf } from './structure-objects.ts';
import { compile, isGrid, objectOf, temposOf } from './structure.ts';
import type { Structure, StructureObject } from './structure.ts';

/**
 * `compile` for who compiles a score after each edit of it: where the score was made of the one before, only what is not
 * the same is looked at, and the structure is the one before but for that. The outcome is always that of `compile` [EX1].
 */
export function createCompiler(): (score: Score) => Structure {
  let known: Compiled | undefined;
  return (score) => {
    if (known?.score !== score) known = (known && revised(known, score)) ?? fromScratch(score);
    return known.structure;
  };
}

interface Compiled {
  readonly score: Score;
  readonly structure: Structure;
  /** How many intervals and syncs have a grid. */
  readonly grids: number;
  readonly tempos: ReadonlyMap<ObjectId, Tempo>;
  /** How many objects say of their own that time is not shared, or that order counts. */
  readonly axes: number;
}

/** Of more, compiling all is no dearer. */
const CHANGED_MAX = 400;

const isTempo = (it: Process | undefined): it is Tempo => it?.type === 'tempo';

function fromScratch(score: Score): Compiled {
  let grids = 0;
  for (const it of score.intervals.values()) grids += Number(isGrid(it));
  for (const it of score.syncs.values()) grids += Number(isGrid(it));
  let axes = 0;
  for (const all of [score.intervals, score.syncs, score.processes]) for (const it of all.values()) axes += Number(hasAxis(it));
  const tempos = new Map<ObjectId, Tempo>();
  for (const it of score.processes.values()) if (isTempo(it)) tempos.set(it.id, it);
  return { score, structure: compile(score), grids, tempos, axes };
}

/** undefined: what changed cannot be told, or reaches too far. */
function revised(known: Compiled, score: Score): Compiled | undefined {
  const before = known.score;
  const intervals = changedKeys(before.intervals, score.intervals);
  const syncs = changedKeys(before.syncs, score.syncs);
  const events = changedKeys(before.events, score.events);
  const states = changedKeys(before.states, score.states);
  const processes = changedKeys(before.processes, score.processes);
  if (!intervals || !syncs || !events || !states || !processes) return undefined;
  const ids = new Set([...intervals, ...syncs, ...events, ...processes, ROOT.interval]);
  // An interval begins and ends at the event of a state.
  if (ids.size > CHANGED_MAX || states.some((id) => before.states.get(id)?.event !== score.states.get(id)?.event && before.states.has(id)))
    return undefined;
  let { grids } = known;
  for (const id of intervals) grids += gridOf(score.intervals.get(id)) - gridOf(before.intervals.get(id));
  for (const id of syncs) grids += gridOf(score.syncs.get(id)) - gridOf(before.syncs.get(id));
  // Grids count for all, or for none.
  if (grids > 0 !== known.grids > 0) return undefined;
  let { axes } = known;
  for (const id of [...intervals, ...syncs, ...processes])
    axes += Number(hasAxis(objectIn(score, id))) - Number(hasAxis(objectIn(before, id)));
  // Policies are inherited: what is said of one is said of all in it.
  const isInherited = (id: ObjectId): boolean => placeOf(before, id) !== placeOf(score, id);
  if (axes + known.axes > 0 && (changedKeys(before.groups, score.groups)?.length !== 0 || [...ids].some(isInherited))) return undefined;
  const tempos = new Map(known.tempos);
  for (const id of processes) {
    const [old, now] = [before.processes.get(id), score.processes.get(id)];
    for (const it of [old, now]) if (isTempo(it)) ids.add(it.interval);
    if (isTempo(now)) tempos.set(id, now);
    else tempos.delete(id);
  }
  const musical = { hasGrids: grids > 0, tempos: temposOf(tempos.values()) };
  const objects = objectsOf(known.structure);
  const changes = new Map<ObjectId, StructureObject | undefined>();
  for (const id of ids) {
    const [old, now] = [objects.get(id), objectOf(score, id, musical)];
    if (old && now ? canonical(old) !== canonical(now) : old !== now) changes.set(id, now);
  }
  return { score, structure: changes.size > 0 ? derived(known.structure, changes) : known.structure, grids, tempos, axes };
}

const gridOf = (it: Interval | Sync | undefined): number => Number(it !== undefined && isGrid(it));

type Placed = Interval | Sync | Process;

const objectIn = (score: Score, id: ObjectId): Placed | undefined =>
  score.intervals.get(id) ?? score.syncs.get(id) ?? score.processes.get(id);

const hasAxis = (it: Placed | undefined): boolean => {
  const { share = 'shared', order = 'async' } = it?.policies ?? {};
  return share !== 'shared' || order !== 'async';
};

/** What an object says of its policies, and what it inherits the rest from. */
function placeOf(score: Score, id: ObjectId): string {
  const { group, share, order } = objectIn(score, id)?.policies ?? {};
  return [group, share, order, parentOf(score, id)].join('|');
}
