import type { ObjectId, Score } from '../../crdt/score.ts';
import { DEFAULT_POLICIES } from '../../groups/placement.ts';
import type { Hit } from '../timeline/hit.ts';
import { axesOf, shareAt } from './axes.ts';
import { kindOf } from './kinds.ts';
import { meaningOf, NAMES } from './words.ts';

/** Of what a hand rests on, what has an owner; ground only where its time is not everybody's. */
export function objectAt(score: Score, hit: Hit): ObjectId | undefined {
  switch (hit.type) {
    case 'body':
    case 'edge':
    case 'sync':
    case 'state':
      return hit.id;
    case 'trigger':
      return hit.sync;
    case 'slot':
    case 'point':
      return hit.process;
    case 'empty':
      return shareAt(score, hit.scenario) === 'shared' ? undefined : hit.scenario;
    default:
      return undefined;
  }
}

/** Sentences for what is not as it is by default: of a trigger, of a scenario, of an interval with one inside. */
export function remarksOn(score: Score, id: ObjectId): readonly (readonly [name: string, meaning: string])[] {
  if (kindOf(score, id) === undefined) return [];
  return axesOf(score, [id]).flatMap((view) =>
    view.axis === 'group' || view.isIdle || view.value === DEFAULT_POLICIES[view.axis]
      ? []
      : [[NAMES[view.axis], meaningOf(score, view)] as const],
  );
}
