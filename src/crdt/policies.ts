import { ALL } from './score.ts';
import type { GroupId, ObjectId, Policies, Score } from './score.ts';

/** Policies with nothing left to inherit. */
export type EffectivePolicies = { readonly [K in keyof Policies]-?: NonNullable<Policies[K]> };

/** ossia's intended default: everyone follows one timeline, whoever sees the trigger first fires it, at once [GR2]. */
export const DEFAULT_POLICIES: EffectivePolicies = {
  group: ALL,
  share: 'shared',
  order: 'async',
  date: 'immediate',
  consensus: 'first',
};

/** Nesting that `read` lets through; a longer chain of parents is a defect of ours, not of the score. */
const DEPTH_MAX = 1000;

/** What an object inherits from; undefined at the root interval, for tracks and for unknown ids. */
export function parentOf(score: Score, id: ObjectId): ObjectId | undefined {
  const object = score.processes.get(id) ?? score.intervals.get(id) ?? score.syncs.get(id) ?? score.events.get(id) ?? score.states.get(id);
  switch (object?.kind) {
    case 'process':
      return object.interval;
    case 'event':
      return object.sync;
    case 'state':
      return object.event;
    case 'interval':
    case 'sync':
      return object.scenario ?? undefined;
    default:
      return undefined;
  }
}

const ownPolicies = (score: Score, id: ObjectId): Policies =>
  (score.processes.get(id) ?? score.intervals.get(id) ?? score.syncs.get(id) ?? score.events.get(id) ?? score.tracks.get(id))?.policies ??
  {};

const known = new WeakMap<Score, Map<ObjectId, EffectivePolicies>>();

/**
 * An object's policies after inheritance; a group that the score does not have counts as none [GR1]. Asked of all that
 * runs at every turn, so looked up once per version of the score.
 */
export function policiesOf(score: Score, id: ObjectId): EffectivePolicies {
  const all = known.get(score) ?? new Map<ObjectId, EffectivePolicies>();
  known.set(score, all);
  const way: ObjectId[] = [];
  let at: ObjectId | undefined = id;
  for (; at !== undefined && !all.has(at) && way.length < DEPTH_MAX; at = parentOf(score, at)) way.push(at);
  let found = (at === undefined ? undefined : all.get(at)) ?? DEFAULT_POLICIES;
  for (const each of way.reverse()) {
    const { group, ...rest } = ownPolicies(score, each);
    const isKnown = group === ALL || (group !== undefined && score.groups.has(group));
    if (isKnown || Object.keys(rest).length > 0) found = { ...found, ...rest, ...(isKnown && { group }) };
    all.set(each, found);
  }
  return found;
}

export const groupOf = (score: Score, id: ObjectId): GroupId => policiesOf(score, id).group;
