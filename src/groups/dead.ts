import type { Event, Interval, ObjectId, Score } from '../crdt/score.ts';
import type { Fact } from '../engine/fact.ts';
import { conditionConstant } from '../engine/structure-index.ts';

/**
 * Branches that were not taken, as a person sees them: what follows an event whose condition was last found false, or
 * can be nothing else, and where all that leads to an event is dead, what follows there. Never through a transition, and not beyond a jump in
 * time. The engine itself forgets a dead branch as soon as nothing hangs on it; so this is read from the facts.
 * facts: of one run, by date.
 */
export function deadIn(score: Score, facts: readonly Fact[]): readonly ObjectId[] {
  const known = memory.get(score);
  if (known?.count === facts.length && known.last === facts.at(-1)) return known.dead;
  const dead = walk(score, [...disposed(facts), ...never(score, facts)]);
  memory.set(score, { count: facts.length, last: facts.at(-1), dead });
  return dead;
}

/** The list of facts itself grows: what it was is told by its length and its end. */
const memory = new WeakMap<Score, { readonly count: number; readonly last: Fact | undefined; readonly dead: readonly ObjectId[] }>();

/** Events whose latest decision since the last jump is no. */
function disposed(facts: readonly Fact[]): readonly ObjectId[] {
  const jump = facts.findLastIndex(({ type }) => type === 'seek' || type === 'play');
  const holds = new Map<ObjectId, boolean>();
  for (const fact of facts.slice(jump + 1)) if (fact.type === 'decided') holds.set(fact.event, fact.holds);
  return [...holds].flatMap(([event, isTrue]) => (isTrue ? [] : [event]));
}

/** Events whose condition is false whatever anybody says; a jump may assume of those behind it that they held. */
function never(score: Score, facts: readonly Fact[]): readonly ObjectId[] {
  const jump = facts.findLast(({ type }) => type === 'seek' || type === 'play');
  const landed = jump?.type === 'seek' ? jump.to : jump?.type === 'play' ? jump.from : 0;
  return [...score.events.values()].flatMap((event) => (isNever(event) && !(landed > 0 && event.offset === 'true') ? [event.id] : []));
}

function isNever(event: Event): boolean {
  if (event.condition === '') return false;
  const known = constants.get(event) ?? conditionConstant(event.condition) === false;
  constants.set(event, known);
  return known;
}
const constants = new WeakMap<Event, boolean>();

function walk(score: Score, events: readonly ObjectId[]): readonly ObjectId[] {
  if (events.length === 0) return [];
  const [next, previous] = [new Map<ObjectId, Interval[]>(), new Map<ObjectId, Interval[]>()];
  for (const interval of score.intervals.values()) {
    if (interval.isTransition) continue;
    push(next, score.states.get(interval.start)?.event, interval);
    push(previous, score.states.get(interval.end)?.event, interval);
  }
  const dead = new Set<ObjectId>();
  const left: (Event['id'] | undefined)[] = [...events];
  for (let event = left.pop(); event !== undefined; event = left.pop())
    for (const interval of next.get(event) ?? []) {
      if (dead.has(interval.id)) continue;
      dead.add(interval.id);
      const end = score.states.get(interval.end)?.event;
      if (end !== undefined && (previous.get(end) ?? []).every(({ id }) => dead.has(id))) left.push(end);
    }
  return [...dead];
}

function push(map: Map<ObjectId, Interval[]>, key: ObjectId | undefined, interval: Interval): void {
  if (key === undefined) return;
  const list = map.get(key);
  if (list) list.push(interval);
  else map.set(key, [interval]);
}
