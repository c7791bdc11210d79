import { compare } from '../base.ts';
import type { MeshTime } from '../base.ts';
import { factId, toFact } from './codec.ts';
import type { Fact, RunId } from './fact.ts';

/**
 * All facts that are known, in whatever order they came: a set, so that merging two logs is their union. Which run is
 * the present one, and what holds in it, follows from the set alone.
 */
export interface Log {
  /** The fact when it is new and valid; undefined when it is known, no fact, or the log is full. */
  add(input: unknown): Fact | undefined;
  has(id: string): boolean;
  all(): readonly Fact[];
  /** Facts of one run, ordered by (at, by), then id. */
  of(run: RunId): readonly Fact[];
  /** Runs that hold, in order; a play into a run that nobody stopped is none [LG4]. */
  runs(): readonly RunSpan[];
  /** The run that is on at `now` or will be next; else the last one. */
  current(now: MeshTime): RunSpan | undefined;
  /** Forgets all runs but these; returns the ids of what went. */
  prune(keep: readonly RunId[]): readonly string[];
}

export interface RunSpan {
  readonly run: RunId;
  readonly play: Fact & { readonly type: 'play' };
  /** Infinity while nobody stopped it. */
  readonly end: MeshTime;
}

export const FACTS_MAX = 100_000;

export const compareFacts = (a: Fact, b: Fact): number => a.at - b.at || compare(a.by, b.by) || compare(factId(a), factId(b));

export function createLog(): Log {
  const facts = new Map<string, Fact>();
  const byRun = new Map<RunId, Fact[]>();
  let spans: readonly RunSpan[] | undefined;

  const runs = (): readonly RunSpan[] => (spans ??= select(facts.values()));

  return {
    add(input) {
      const fact = toFact(input);
      // However full, a run can be begun and stopped.
      const isTransport = fact?.type === 'play' || fact?.type === 'stop';
      if (!fact || (facts.size >= FACTS_MAX && !isTransport)) return undefined;
      const id = factId(fact);
      if (facts.has(id)) return undefined;
      facts.set(id, fact);
      const own = byRun.get(fact.run) ?? [];
      byRun.set(fact.run, own);
      insertSorted(own, fact);
      if (fact.type === 'play' || fact.type === 'stop') spans = undefined;
      return fact;
    },
    has: (id) => facts.has(id),
    all: () => [...facts.values()].sort(compareFacts),
    of: (run) => byRun.get(run) ?? [],
    runs,
    current: (now) => runs().find(({ end }) => end > now) ?? runs().at(-1),
    prune(keep) {
      const gone = [...facts].filter(([, fact]) => !keep.includes(fact.run)).map(([id]) => id);
      for (const id of gone) facts.delete(id);
      for (const run of [...byRun.keys()]) if (!keep.includes(run)) byRun.delete(run);
      spans = undefined;
      return gone;
    },
  };
}

function insertSorted(list: Fact[], fact: Fact): void {
  let at = list.length;
  while (at > 0 && compareFacts(list[at - 1]!, fact) > 0) at -= 1;
  list.splice(at, 0, fact);
}

/** A stop that is dated before its play's start cancels the run: a start set for next year must not keep out all others. */
function select(facts: Iterable<Fact>): RunSpan[] {
  const plays = new Map<RunId, RunSpan['play']>();
  const stops = new Map<RunId, number>();
  for (const fact of facts) {
    const known = plays.get(fact.run);
    if (fact.type === 'play' && (!known || compareFacts(fact, known) < 0)) plays.set(fact.run, fact);
    if (fact.type === 'stop') stops.set(fact.run, Math.min(stops.get(fact.run) ?? Infinity, fact.at));
  }
  const spans: RunSpan[] = [];
  for (const play of [...plays.values()].sort(compareFacts)) {
    const end = (stops.get(play.run) ?? Infinity) as MeshTime;
    if (end <= play.at || play.at < (spans.at(-1)?.end ?? -Infinity)) continue;
    spans.push({ run: play.run, play, end });
  }
  return spans;
}
