import { changedKeys } from '../crdt/patched.ts';
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
}

/** Of more, compiling all is no dearer. */
const CHANGED_MAX = 400;

const isTempo = (it: Process | undefined): it is Tempo => it?.type === 'tempo';

function fromScratch(score: Score): Compiled {
  let grids = 0;
  for (const it of score.intervals.values()) grids += Number(isGrid(it));
  for (const it of score.syncs.values()) grids += Number(isGrid(it));
  const tempos = new Map<ObjectId, Tempo>();
  for (const it of score.processes.values()) if (isTempo(it)) tempos.set(it.id, it);
  return { score, structure: compile(score), grids, tempos };
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
  return { score, structure: changes.size > 0 ? derived(known.structure, changes) : known.structure, grids, tempos };
}

const gridOf = (it: Interval | Sync | undefined): number => Number(it !== undefined && isGrid(it));
