import type { ObjectId, Score } from '../../crdt/score.ts';
import { DEFAULT_POLICIES } from '../../groups/placement.ts';
import type { Hit } from '../timeline/hit.ts';
import { axesOf, shareAt } from './axes.ts';
import { outlineOf } from './kinds.ts';
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

/** Sentences for what is not as it is by default: of it, and of scenarios that lie in it. */
export function remarksOn(score: Score, id: ObjectId): readonly (readonly [name: string, meaning: string])[] {
  const inside = outlineOf(score).nesting.has(id)
    ? [...score.processes.values()].filter((each) => each.type === 'scenario' && each.interval === id)
    : [];
  const remarks = [id, ...inside.map((each) => each.id)].flatMap((each) =>
    axesOf(score, [each]).flatMap((view) =>
      view.axis === 'group' || view.isIdle || view.value === DEFAULT_POLICIES[view.axis]
        ? []
        : [[NAMES[view.axis], meaningOf(score, view)] as const],
    ),
  );
  return remarks.filter(([name, meaning], i) => remarks.findIndex((each) => each[0] === name && each[1] === meaning) === i);
}
