import type { Issue } from '../../base.ts';
import { FIXED_IDS, startOf } from '../ids.ts';
import type { Raw } from '../raw.ts';
import type { Interval, ObjectId, Process, Score, ScoreObject } from '../score.ts';
import { ISSUES_MAX } from './table.ts';
import type { Turn } from './turn.ts';

/** What was repaired for a score: of objects, and apart from it of cables, which are looked at anew as a whole. */
export interface Repairs {
  readonly objects: readonly Issue[];
  readonly cables: readonly Issue[];
  /** A way back in time was cut: where, depends on every interval. */
  readonly isCut: boolean;
}

const NONE: Repairs = { objects: [], cables: [], isCut: false };
const known = new WeakMap<Score, Repairs>();

export const repairsOf = (score: Score): Repairs => known.get(score) ?? NONE;
export function rememberRepairs(score: Score, repairs: Repairs): Score {
  known.set(score, repairs);
  return score;
}

export const issuesOf = ({ objects, cables }: Repairs): readonly Issue[] => [...objects, ...cables].slice(0, ISSUES_MAX);

/** Also an entry that was none, or that was left out. */
export const isRepaired = ({ objects }: Repairs, id: ObjectId): boolean => objects.some(({ where }) => where === id);

/** Repaired objects, and what their entries name: who comes, goes or hangs there may end a repair. */
interface Sore {
  readonly ids: ReadonlySet<ObjectId>;
  readonly edges: ReadonlySet<ObjectId>;
}
/** Kept as long as the issues are the same ones: their objects' entries have not changed then. */
const sores = new WeakMap<readonly Issue[], Sore>();
const EDGES = ['start', 'end', 'sync', 'event', 'interval', 'scenario'];

/** The repairs stand as they are, whatever these changes lead to. */
export function areUntouched({ objects, isCut }: Repairs, { before, raw }: { before: Raw; raw: Raw }, turns: readonly Turn[]): boolean {
  if (objects.length === 0) return true;
  if (objects.length >= ISSUES_MAX) return false;
  const sore = soreOf(objects, before);
  return turns.every((turn) => {
    const isNewOrGone = !turn.old || !turn.now;
    if (sore.ids.has(turn.id) || (turn.old && isMadeUp(turn.id, turn.old.kind === 'process' ? null : turn.old.scenario, before)))
      return false;
    // What a merge left out because its sync was gone is not let in by a sync made up since.
    if (turn.now && turn.now.kind !== 'process' && namesMadeUp(turn.now, raw)) return false;
    // Ids of what is made up are the first free ones of a row.
    if (isNewOrGone && (turn.id.includes('~') || sore.edges.has(turn.id))) return false;
    return turn.kind !== 'interval' || !isMoved(turn) || (!isCut && endsOf(turn).every((state) => !sore.edges.has(state)));
  });
}

function soreOf(issues: readonly Issue[], { objects }: Raw): Sore {
  const made = sores.get(issues);
  if (made) return made;
  const ids = new Set(issues.flatMap(({ where }) => where ?? []));
  const edges = new Set<ObjectId>();
  for (const id of ids) {
    const entry = objects.get(id);
    for (const edge of EDGES) edges.add(String(entry?.get(edge)));
    if (entry?.get('type') === 'scenario') for (const start of Object.values(startOf(id))) edges.add(start);
  }
  const sore = { ids, edges };
  sores.set(issues, sore);
  return sore;
}

function isMadeUp(id: ObjectId, scenario: ObjectId | null, { objects }: Raw): boolean {
  if (objects.has(id) || FIXED_IDS.has(id)) return false;
  return scenario === null || !Object.values(startOf(scenario)).includes(id);
}

function namesMadeUp(object: Exclude<ScoreObject, Process>, raw: Raw): boolean {
  const { sync, event, start, end } = object as unknown as Readonly<Record<string, ObjectId | undefined>>;
  return [sync, event, start, end].some((id) => id !== undefined && isMadeUp(id, object.scenario, raw));
}

const endsOf = ({ old, now }: Turn): readonly ObjectId[] =>
  [old, now].flatMap((it) => (it ? [(it as Interval).start, (it as Interval).end] : []));

function isMoved({ old, now }: Turn): boolean {
  if (!old || !now) return true;
  const [from, to] = [old as Interval, now as Interval];
  return from.start !== to.start || from.end !== to.end || from.isTransition !== to.isTransition;
}
