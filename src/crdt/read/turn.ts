import type { createIndexChange } from '../graph.ts';
import type { Interval, ObjectId, Score, ScoreObject } from '../score.ts';

/** All that is an object of a score. */
export interface Objects {
  readonly intervals: ReadonlyMap<ObjectId, Interval>;
  readonly syncs: Score['syncs'];
  readonly events: Score['events'];
  readonly states: Score['states'];
  readonly processes: Score['processes'];
  readonly comments: Score['comments'];
}
/** What one object was and is. Lists and fields are parsed, edges are not looked at yet; dates are those of before. */
export interface Turn {
  readonly id: ObjectId;
  readonly kind: ScoreObject['kind'];
  readonly old: ScoreObject | undefined;
  readonly now: ScoreObject | undefined;
}

export type Linked = ReturnType<typeof createIndexChange>;
