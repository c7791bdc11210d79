import { CATALOGUE } from '../../crdt/catalogue.ts';
import { ROOT, type ObjectId, type Score } from '../../crdt/score.ts';
import { plural } from '../format.ts';

/** What an object is where it matters who runs it; a trigger is a sync that has one. */
export type Kind = 'interval' | 'scenario' | 'process' | 'trigger' | 'sync' | 'event' | 'state' | 'track' | 'comment';

export function kindOf(score: Score, id: ObjectId): Kind | undefined {
  if (score.intervals.has(id)) return 'interval';
  const process = score.processes.get(id);
  if (process) return process.type === 'scenario' ? 'scenario' : 'process';
  const sync = score.syncs.get(id);
  if (sync) return sync.trigger === undefined ? 'sync' : 'trigger';
  if (score.events.has(id)) return 'event';
  if (score.states.has(id)) return 'state';
  if (score.comments.has(id)) return 'comment';
  return score.tracks.has(id) ? 'track' : undefined;
}

const WORDS: Readonly<Record<Kind, string>> = {
  ...{ interval: 'interval', scenario: 'scenario', process: 'process', trigger: 'trigger', sync: 'time sync' },
  ...{ event: 'event', state: 'state', track: 'track', comment: 'comment' },
};

/** `interval “Verse”`, `scenario in “Verse”`, `the score`; by what it is where it has no name. */
export function titleOf(score: Score, id: ObjectId): string {
  if (id === ROOT.interval || id === ROOT.scenario) return 'the score';
  const kind = kindOf(score, id);
  if (kind === undefined) return 'something that is gone';
  const process = score.processes.get(id);
  if (process?.type === 'scenario' && process.name === '') {
    const around = score.intervals.get(process.interval)?.name;
    return around ? `scenario in “${around}”` : 'a scenario';
  }
  const named = score.intervals.get(id) ?? score.syncs.get(id) ?? process ?? score.states.get(id) ?? score.tracks.get(id);
  const word = process && kind === 'process' ? CATALOGUE[process.type].label.toLowerCase() : WORDS[kind];
  return named?.name ? `${word} “${named.name}”` : `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

export const kindsOf = (score: Score, ids: readonly ObjectId[]): readonly Kind[] => [
  ...new Set(ids.flatMap((id) => kindOf(score, id) ?? [])),
];

/** `2 intervals, 1 trigger`; one alone by its name. */
export function lotOf(score: Score, ids: readonly ObjectId[]): string {
  const [first, ...rest] = ids;
  if (first !== undefined && rest.length === 0) return titleOf(score, first);
  const counts = new Map<Kind, number>();
  for (const kind of ids.map((id) => kindOf(score, id))) if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => plural(count, WORDS[kind], kind === 'process' ? 'processes' : undefined)).join(', ');
}

/** What axes hang on, looked up once per version of the score. */
export interface Outline {
  /** Intervals with a scenario inside. */
  readonly nesting: ReadonlySet<ObjectId>;
  /** Syncs at which ordinary intervals end. */
  readonly ending: ReadonlySet<ObjectId>;
}

const known = new WeakMap<Score, Outline>();

export function outlineOf(score: Score): Outline {
  const found = known.get(score);
  if (found) return found;
  const nesting = new Set<ObjectId>();
  const ending = new Set<ObjectId>();
  for (const { type, interval } of score.processes.values()) if (type === 'scenario') nesting.add(interval);
  for (const { end, isTransition } of score.intervals.values()) {
    const sync = isTransition ? undefined : score.events.get(score.states.get(end)?.event ?? '')?.sync;
    if (sync !== undefined) ending.add(sync);
  }
  const outline = { nesting, ending };
  known.set(score, outline);
  return outline;
}
