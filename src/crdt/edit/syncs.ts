import { DURATION_MAX } from '../fields.ts';
import { graphOf, isOrdinary } from '../graph.ts';
import { ROOT } from '../score.ts';
import type { Score } from '../score.ts';
import { claimId, createEventOn, createStateOn, missing, refuse, set, settle, taken } from './context.ts';
import type { Edit, Refusal } from './context.ts';
import type { CommandOf } from './schema.ts';

/** A trigger and the flexibility of what stands before it go together, in one step [ED7]. Source: score-language 2.3.2. */
export function setTrigger(edit: Edit, { id, expression }: CommandOf<'setTrigger'>): Refusal {
  const score = edit.draft.score();
  const sync = score.syncs.get(id);
  if (!sync) return missing('sync', id);
  if (id === ROOT.endSync && expression === null) return refuse('The end of the score has no date of its own.', id);
  settle(edit, id);
  set(edit, id, { trigger: expression ?? undefined });
  const isNew = sync.trigger === undefined && expression !== null;
  const isGone = sync.trigger !== undefined && expression === null;
  if (!isNew && !isGone) return undefined;
  for (const interval of graphOf(score).before(id).filter(isOrdinary)) {
    set(edit, interval.id, { isRigid: isGone, isMinNull: isNew, isMaxInfinite: isNew });
    if (isNew && interval.isRigid) set(edit, interval.id, dormant(interval.nominal));
  }
  return undefined;
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
