import type { GroupId, ObjectId, Score } from '../../crdt/score.ts';
import { groupOf } from '../../groups/placement.ts';
import { shareAt, type Axis } from './axes.ts';
import { kindOf } from './kinds.ts';
import { NAMES } from './words.ts';

/** Whose word counts for an object: in a free scenario a trigger is fired by who runs the scenario. */
function actingGroup(score: Score, id: ObjectId): GroupId {
  const sync = score.syncs.get(id) ?? score.syncs.get(score.events.get(id)?.sync ?? '');
  return sync?.scenario && shareAt(score, sync.scenario) === 'free' ? groupOf(score, sync.scenario) : groupOf(score, id);
}

/** Of all that is selected, each once. */
export const groupsOf = (score: Score, ids: readonly ObjectId[]): readonly GroupId[] => [
  ...new Set(ids.filter((id) => !score.comments.has(id)).map((id) => actingGroup(score, id))),
];

/** The scenario that an object of time lies in. */
function scenarioAround(score: Score, id: ObjectId): ObjectId | null | undefined {
  const process = score.processes.get(id);
  if (process) return process.type === 'scenario' ? score.intervals.get(process.interval)?.scenario : undefined;
  return score.syncs.get(id)?.scenario;
}

/** What a scenario in one of these says itself, whatever is said around it. */
function saidInside(score: Score, ids: readonly ObjectId[]): string | undefined {
  const around = new Set(ids);
  const said = new Set<string>();
  for (const { type, interval, policies } of score.processes.values())
    if (type === 'scenario' && around.has(interval)) for (const axis of Object.keys(policies)) said.add(NAMES[axis as Axis].toLowerCase());
  return said.size === 0 ? undefined : `The scenario in it has a word of its own: ${[...said].join(', ')}.`;
}

/** What no field can say. */
export function noteOf(score: Score, ids: readonly ObjectId[]): string | undefined {
  const free = ids.filter((id) => {
    const around = scenarioAround(score, id);
    return typeof around === 'string' && shareAt(score, around) === 'free';
  });
  if (free.length === 0) return saidInside(score, ids);
  return free.some((id) => kindOf(score, id) === 'trigger')
    ? 'It lies in a free scenario: each who plays that fires it for itself.'
    : 'It lies in a free scenario, so it is free, too.';
}
