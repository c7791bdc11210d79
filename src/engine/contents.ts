import { compare } from '../base.ts';
import type { Interval, ObjectId, Process, Score, State } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import { stepsOf } from './process/formula.ts';

/** What lies in an interval and what an event sends, looked up; made once per version of the score. */
export interface Contents {
  processesIn(interval: ObjectId): readonly Process[];
  /** In the order in which they are sent. */
  statesOf(event: ObjectId): readonly State[];
  /** It or an interval around it is muted: it runs and says nothing. */
  isMuted(interval: ObjectId): boolean;
  /** Whose signatures hold in an interval: its own, else those of the nearest around it; of none the root's. */
  metreOf(interval: ObjectId): ObjectId;
  /** Operations that each formula may take in an instant [XF3]. */
  readonly steps: number;
}

const cache = new WeakMap<Score, Contents>();

/** Nesting that is followed. */
const DEPTH_MAX = 1000;

export function contentsOf(score: Score): Contents {
  const known = cache.get(score);
  if (known) return known;
  const processes = grouped(
    [...score.processes.values()].sort((a, b) => compare(a.rank, b.rank) || compare(a.id, b.id)),
    (it) => it.interval,
  );
  const states = grouped(
    [...score.states.values()].sort((a, b) => a.lane - b.lane || compare(a.id, b.id)),
    (it) => it.event,
  );
  const parentOf = (interval: ObjectId): ObjectId | undefined => {
    const scenario = score.intervals.get(interval)?.scenario;
    return scenario === undefined || scenario === null ? undefined : score.processes.get(scenario)?.interval;
  };
  const nearest = (interval: ObjectId, is: (interval: Interval) => boolean): ObjectId | undefined => {
    let at: ObjectId | undefined = interval;
    for (let depth = 0; at !== undefined && depth < DEPTH_MAX; depth++) {
      const found = score.intervals.get(at);
      if (found && is(found)) return at;
      at = parentOf(at);
    }
    return undefined;
  };
  const made: Contents = {
    processesIn: (interval) => processes.get(interval) ?? [],
    statesOf: (event) => states.get(event) ?? [],
    isMuted: (interval) => nearest(interval, (it) => it.isMuted) !== undefined,
    metreOf: (interval) => nearest(interval, ({ signatures }) => signatures.length > 0) ?? ROOT.interval,
    steps: stepsOf([...score.processes.values()].filter((it) => 'expression' in it).length),
  };
  cache.set(score, made);
  return made;
}

function grouped<T>(all: readonly T[], keyOf: (it: T) => ObjectId): Map<ObjectId, T[]> {
  const groups = new Map<ObjectId, T[]>();
  for (const it of all) {
    const group = groups.get(keyOf(it));
    if (group) group.push(it);
    else groups.set(keyOf(it), [it]);
  }
  return groups;
}
