import { compare } from '../base.ts';
import type { MeshTime } from '../base.ts';
import { factId, toFact } from './codec.ts';
import type { Fact, RunId } from './fact.ts';

/**
 * All facts that are known, in whatever order they came: a set, so that merging two logs is their union. Which run is
 * the present one, and what holds in it, follows from the set alone.
 */
export interface Log {
  /** The fact when it is new and valid; undefined when it is known, no fact, or beyond what its author may state [LG2]. */
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

/**
 * Of one author in one run, and as many plays and stops in all; of more the earliest hold. That is the same set whatever
 * the order of arrival, and whoever states too much crowds out nobody else.
 */
export const FACTS_MAX = 50_000;

export const compareFacts = (a: Fact, b: Fact): number => a.at - b.at || compare(a.by, b.by) || compare(factId(a), factId(b));

export function createLog(factsMax = FACTS_MAX): Log {
  const facts = new Map<string, Fact>();
  const byRun = new Map<RunId, Fact[]>();
  let spans: readonly RunSpan[] | undefined;

  const counts = new Map<string, number>();

  const lastOf = (share: string): Fact | undefined => {
    let last: Fact | undefined;
    for (const fact of facts.values()) if (shareOf(fact) === share && (!last || compareFacts(fact, last) > 0)) last = fact;
    return last;
  };
  const remove = (fact: Fact): void => {
    facts.delete(factId(fact));
    const own = byRun.get(fact.run);
    own?.splice(own.indexOf(fact), 1);
    if (isTransport(fact)) spans = undefined;
  };

  const runs = (): readonly RunSpan[] => (spans ??= select(facts.values()));

  return {
    add(input) {
      const fact = toFact(input);
      if (!fact) return undefined;
      const id = factId(fact);
      if (facts.has(id)) return undefined;
      const share = shareOf(fact);
      const count = counts.get(share) ?? 0;
      if (count >= factsMax) {
        const last = lastOf(share);
        if (!last || compareFacts(last, fact) < 0) return undefined;
        remove(last);
      }
      counts.set(share, Math.min(count + 1, factsMax));
      facts.set(id, fact);
      const own = byRun.get(fact.run) ?? [];
      byRun.set(fact.run, own);
      insertSorted(own, fact);
      if (isTransport(fact)) spans = undefined;
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
      counts.clear();
      for (const fact of facts.values()) counts.set(shareOf(fact), (counts.get(shareOf(fact)) ?? 0) + 1);
      spans = undefined;
      return gone;
    },
  };
}

const isTransport = ({ type }: Fact): boolean => type === 'play' || type === 'stop';

/** What counts together: however much somebody stated, a run can be begun and stopped. */
const shareOf = (fact: Fact): string => (isTransport(fact) ? fact.by : `${fact.by}|${fact.run}`);

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
