import { DURATION_MAX } from '../fields.ts';
import { graphOf, isOrdinary } from '../graph.ts';
import { absentTrigger } from '../read/nest.ts';
import { ROOT } from '../score.ts';
import type { Interval, Score } from '../score.ts';
import { claimId, createEventOn, createStateOn, insist, missing, refuse, set, settle, taken } from './context.ts';
import type { Edit, Refusal } from './context.ts';
import type { CommandOf } from './schema.ts';

/**
 * A trigger and the flexibility of what stands before it go together, in one step [ED7]. Who takes a trigger away makes
 * fields absent, who changes it writes them all: of two who do so at once the change holds, as a whole.
 * Source: score-language 2.3.2.
 */
export function setTrigger(edit: Edit, { id, expression }: CommandOf<'setTrigger'>): Refusal {
  const score = edit.draft.score();
  const sync = score.syncs.get(id);
  if (!sync) return missing('sync', id);
  // What stands before the end of the score is the score, flexible or not.
  const before = id === ROOT.endSync ? [] : graphOf(score).before(id).filter(isOrdinary);
  const isNew = sync.trigger === undefined;
  if ((sync.trigger ?? null) === expression && (isNew || before.every(({ isRigid }) => !isRigid))) return undefined;
  settle(edit, id);
  set(edit, id, { trigger: expression ?? absentTrigger(id) });
  for (const interval of before) {
    if (expression === null) set(edit, interval.id, { isRigid: undefined, isMinNull: undefined, isMaxInfinite: undefined });
    else if (isNew || interval.isRigid) loosen(edit, interval);
    else insist(edit, interval.id, { isRigid: false, isMinNull: interval.isMinNull, isMaxInfinite: interval.isMaxInfinite });
  }
  return undefined;
}

function loosen(edit: Edit, { id, nominal, isRigid }: Interval): void {
  insist(edit, id, { isRigid: false, isMinNull: true, isMaxInfinite: true });
  if (isRigid) set(edit, id, dormant(nominal));
}

/** Numbers that show when someone switches the flags off. */
const dormant = (nominal: number): { readonly min: number; readonly max: number } => ({
  min: Math.round(nominal * 0.8),
  max: Math.min(DURATION_MAX, Math.round(nominal * 1.2)),
});

export function createEvent(edit: Edit, command: CommandOf<'createEvent'>): Refusal {
  const sync = edit.draft.score().syncs.get(command.sync);
  if (!sync) return missing('sync', command.sync);
  if (sync.scenario === null) return refuse('The bounds of the score have one event each.', sync.id);
  const id = claimId(edit, command.id);
  if (id === undefined) return taken(command.id);
  settle(edit, sync.id);
  const place = { scenario: sync.scenario, lane: command.lane ?? nextLane(edit.draft.score(), sync.id) };
  createEventOn(edit, place, sync.id, id, command.condition ?? '');
  createStateOn(edit, place, id);
  return undefined;
}

/** Below the lowest state of the sync. */
function nextLane(score: Score, sync: string): number {
  const graph = graphOf(score);
  const lanes = graph
    .eventsOf(sync)
    .flatMap((event) => graph.statesOf(event))
    .map((state) => score.states.get(state)!.lane);
  return Math.min(10_000, Math.max(-1, ...lanes) + 1);
}

export function createState(edit: Edit, command: CommandOf<'createState'>): Refusal {
  const event = edit.draft.score().events.get(command.event);
  if (!event) return missing('event', command.event);
  if (event.scenario === null) return refuse('The bounds of the score have one state each.', event.id);
  const id = claimId(edit, command.id);
  if (id === undefined) return taken(command.id);
  settle(edit, event.id);
  createStateOn(edit, { scenario: event.scenario, lane: command.lane ?? nextLane(edit.draft.score(), event.sync) }, event.id, id);
  return undefined;
}
