import type { Flicks } from '../../base.ts';
import { DURATION_MIN } from '../fields.ts';
import { startOf } from '../ids.ts';
import { graphOf, isOrdinary, leads } from '../graph.ts';
import { ALL, ROOT } from '../score.ts';
import type { Interval, ObjectId, Score } from '../score.ts';
import {
  claimId,
  create,
  createGap,
  createInstant,
  createStateOn,
  missing,
  newInterval,
  refuse,
  settle,
  taken,
  toFlicks,
} from './context.ts';
import type { Edit, Refusal } from './context.ts';
import type { CommandOf } from './schema.ts';

type Command = CommandOf<'createInterval'>;
interface Place {
  readonly scenario: ObjectId;
  readonly lane: number;
}

/** [ED5] The interval with its ends, and the gap before it. */
export function createInterval(edit: Edit, command: Command): Refusal {
  const score = edit.draft.score();
  const scenario = command.scenario ?? (command.from === undefined ? undefined : score.states.get(command.from)?.scenario) ?? ROOT.scenario;
  const refusal = check(score, command, scenario);
  if (refusal) return refusal;
  const id = claimId(edit, command.id);
  if (id === undefined) return taken(command.id);
  edit.created.push(id);
  const lane = command.lane ?? (command.from === undefined ? 0 : score.states.get(command.from)!.lane);
  const place = { scenario, lane };
  const start =
    command.from === undefined ? startAt(edit, place, toFlicks(command.at ?? 0)) : startFrom(edit, command, place, command.from);
  const isTransition = command.isTransition ?? false;
  const date = dateOf(edit.draft.score(), start);
  const span = command.to === undefined ? 0 : dateOf(score, command.to) - date;
  const nominal = Math.max(DURATION_MIN, !isTransition && span > 0 ? span : toFlicks(command.duration)) as Flicks;
  const end =
    command.to === undefined ? createInstant(edit, place, (date + nominal) as Flicks) : endAt(edit, place, command.to, isTransition);
  const isActive = command.to !== undefined && triggerOf(score, command.to) !== undefined;
  const interval: Interval = {
    ...newInterval(id, place, start, end, nominal),
    name: command.name ?? '',
    policies: command.group === undefined ? {} : { group: command.group },
    ...(isTransition ? transition(isActive) : isActive && { isRigid: false, isMinNull: true, isMaxInfinite: true }),
  };
  create(edit, interval);
  // Main object first, once.
  edit.created.pop();
  return undefined;
}

function check(score: Score, command: Command, scenario: ObjectId): Refusal {
  if (score.processes.get(scenario)?.type !== 'scenario') return missing('scenario', scenario);
  for (const state of [command.from, command.to]) {
    if (state === undefined) continue;
    if (!score.states.has(state)) return missing('state', state);
    if (score.states.get(state)!.scenario !== scenario) return refuse('Both ends of an interval lie in one scenario.', state);
  }
  if (command.group !== undefined && command.group !== ALL && !score.groups.has(command.group)) return missing('group', command.group);
  if (command.isTransition && (command.from === undefined || command.to === undefined)) return refuse('A transition needs both ends.');
  if (command.to === undefined || command.isTransition) return undefined;
  const graph = graphOf(score);
  const to = syncOf(score, command.to);
  const from = command.from === undefined ? startOf(scenario).sync : syncOf(score, command.from);
  if (to === startOf(scenario).sync) return refuse('Only a transition leads back to the start.', command.to);
  if (command.from !== undefined && leads(graph, to, from))
    return refuse('This would lead back in time; make it a transition.', command.to);
  return undefined;
}

const transition = (isActive: boolean): Partial<Interval> => ({
  isTransition: true,
  isRigid: false,
  isMinNull: true,
  isMaxInfinite: isActive,
  min: 0 as Flicks,
  max: 0 as Flicks,
});

export const syncOf = (score: Score, state: ObjectId): ObjectId => score.events.get(score.states.get(state)!.event)!.sync;
export const dateOf = (score: Score, state: ObjectId): Flicks => score.syncs.get(syncOf(score, state))!.date;
const triggerOf = (score: Score, state: ObjectId): string | undefined => score.syncs.get(syncOf(score, state))!.trigger;

/** A state at a date, tied to the scenario's start by a gap. */
function startAt(edit: Edit, place: Place, at: Flicks): ObjectId {
  const start = freeStart(edit, place);
  if (at < DURATION_MIN) return start;
  const state = createInstant(edit, place, at);
  createGap(edit, place, start, state, at);
  return state;
}

/** A state on the scenario's start with nothing after it yet. */
export function freeStart(edit: Edit, place: Place): ObjectId {
  const { event, state } = startOf(place.scenario);
  settle(edit, state);
  const isTaken = graphOf(edit.draft.score()).at(state).some(isOrdinary);
  return isTaken ? createStateOn(edit, place, event) : state;
}

function startFrom(edit: Edit, command: Command, place: Place, from: ObjectId): ObjectId {
  settle(edit, from);
  const score = edit.draft.score();
  const isTaken = graphOf(score)
    .at(from)
    .some((interval) => isOrdinary(interval) && interval.start === from);
  return isTaken && !command.isTransition ? createStateOn(edit, place, score.states.get(from)!.event) : from;
}

function endAt(edit: Edit, place: Place, to: ObjectId, isTransition: boolean): ObjectId {
  settle(edit, to);
  const score = edit.draft.score();
  const isTaken = graphOf(score)
    .at(to)
    .some((interval) => isOrdinary(interval) && interval.end === to);
  return isTaken && !isTransition ? createStateOn(edit, place, score.states.get(to)!.event) : to;
}
