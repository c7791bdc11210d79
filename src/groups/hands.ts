import type { MeshTime } from '../base.ts';
import type { ObjectId, Score } from '../crdt/score.ts';
import type { Fact, OccurrencePath } from '../engine/fact.ts';
import { pathWithin } from '../engine/path.ts';
import type { Engine } from '../engine/run.ts';
import { index } from '../engine/structure-index.ts';

/** What a person does to intervals while a run is on. In a free scenario it concerns nobody else, and waits for nobody [EX36]. */
export interface Hands {
  /** Another speed for every running occurrence of an interval: 1 as written, 0 stands, below 0 backwards; −100 to 100. */
  speed(interval: ObjectId, factor: number): void;
  /** Begins an interval by hand wherever what it lies in runs; on its grid. */
  begin(interval: ObjectId): void;
  /** Ends every running occurrence of an interval by hand; on its grid. */
  end(interval: ObjectId): void;
  /** It lies in a free scenario of the run that is on: what one does to it concerns nobody else. */
  isOwn(object: ObjectId): boolean;
}

/** A fact that its author has not put a name to. */
export type Draft<T> = T extends Fact ? Omit<T, 'by' | 'run'> : never;

export interface HandsDeps {
  engine(): Engine;
  score(): Score;
  now(): MeshTime;
  /** Of the run that is on; nothing when none is. at: when all can be there. */
  state(draft: (at: MeshTime) => Draft<Fact>): void;
}

export function createHands({ engine, score, now, state }: HandsDeps): Hands {
  const isOwnAt = (object: ObjectId): boolean => {
    const structure = engine().structure(now());
    const nodes = structure && index(structure);
    const home = nodes?.intervals.get(object)?.scenario ?? nodes?.syncs.get(object)?.scenario;
    return nodes?.scenarios.get(home ?? '')?.share === 'free';
  };

  /** Once for each running occurrence of the interval, or of the one around it. */
  const each = (interval: ObjectId, draft: (at: MeshTime, path: OccurrencePath) => Draft<Fact>, around = interval): void => {
    const isOwn = isOwnAt(interval);
    for (const { path } of engine()
      .advance(now())
      .running.filter((it) => it.interval === around))
      state((at) => ({ ...draft(isOwn ? now() : at, path), ...(isOwn && { scope: 'own' as const }) }));
  };

  return {
    isOwn: isOwnAt,
    speed: (interval, speed) => each(interval, (at, path) => ({ type: 'speed', at, interval, path, speed })),
    begin(interval) {
      const all = score();
      const home = all.processes.get(all.intervals.get(interval)?.scenario ?? '')?.interval;
      if (home !== undefined) each(interval, (at, path) => ({ type: 'begin', at, interval, path: pathWithin(home, path) }), home);
    },
    end: (interval) => each(interval, (at, path) => ({ type: 'end', at, interval, path })),
  };
}
