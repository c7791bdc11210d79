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
  get(id: string): Fact | undefined;
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
 * the order of arrival, and whoever states too much crowds out nobody else. A trigger each second is 3600 an hour.
 */
export const FACTS_MAX = 5000;

const ids = new WeakMap<Fact, string>();

const idOf = (fact: Fact): string => {
  const id = ids.get(fact) ?? factId(fact);
  ids.set(fact, id);
  return id;
};

export const compareFacts = (a: Fact, b: Fact): number => a.at - b.at || compare(a.by, b.by) || compare(idOf(a), idOf(b));

export function createLog(factsMax = FACTS_MAX): Log {
  const facts = new Map<string, Fact>();
  const byRun = new Map<RunId, Fact[]>();
  let spans: readonly RunSpan[] | undefined;

  /** What counts together, in order. */
  const shares = new Map<string, Fact[]>();

  const remove = (fact: Fact): void => {
    facts.delete(idOf(fact));
    for (const list of [byRun.get(fact.run), shares.get(shareOf(fact))]) list?.splice(placeOf(list, fact), 1);
    if (isTransport(fact)) spans = undefined;
  };

  const runs = (): readonly RunSpan[] => (spans ??= select(facts.values()));

  return {
    add(input) {
      const fact = toFact(input);
      if (!fact) return undefined;
      const id = idOf(fact);
      if (facts.has(id)) return undefined;
      const share = listOf(shares, shareOf(fact));
      const last = share.at(-1);
      if (last && share.length >= factsMax) {
        if (compareFacts(last, fact) < 0) return undefined;
        remove(last);
      }
      facts.set(id, fact);
      for (const list of [share, listOf(byRun, fact.run)]) list.splice(placeOf(list, fact), 0, fact);
      if (isTransport(fact)) spans = undefined;
      return fact;
    },
    has: (id) => facts.has(id),
    get: (id) => facts.get(id),
    all: () => [...facts.values()].sort(compareFacts),
    of: (run) => byRun.get(run) ?? [],
    runs,
    current: (now) => runs().find(({ end }) => end > now) ?? runs().at(-1),
    prune(keep) {
      const gone = [...facts].filter(([, fact]) => !keep.includes(fact.run)).map(([id]) => id);
      for (const id of gone) facts.delete(id);
      for (const run of [...byRun.keys()]) if (!keep.includes(run)) byRun.delete(run);
      for (const [share, list] of shares) {
        const left = list.filter(({ run }) => keep.includes(run));
        if (left.length > 0) shares.set(share, left);
        else shares.delete(share);
      }
      spans = undefined;
      return gone;
    },
  };
}

const isTransport = ({ type }: Fact): boolean => type === 'play' || type === 'stop';

/** What counts together: however much somebody stated, a run can be begun and stopped. */
const shareOf = (fact: Fact): string => (isTransport(fact) ? fact.by : `${fact.by}|${fact.run}`);

function listOf<K>(lists: Map<K, Fact[]>, key: K): Fact[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** Where the fact lies in a sorted list, or belongs. Most come in order. */
function placeOf(list: readonly Fact[], fact: Fact): number {
  let [low, high] = [0, list.length];
  if (high > 0 && compareFacts(list[high - 1]!, fact) < 0) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareFacts(list[middle]!, fact) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
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
