import type { Flicks } from '../../base.ts';
import { DURATION_MAX, DURATION_MIN } from '../fields.ts';
import { graphOf, isOrdinary } from '../graph.ts';
import { FIXED_IDS, startOf } from '../ids.ts';
import type { Interval, ObjectId, Score, Sync } from '../score.ts';
import { createGap, createStateOn, missing, objectOf, refuse, set, settle } from './context.ts';
import type { Edit, Refusal } from './context.ts';
import { freeStart } from './intervals.ts';
import { isGap } from './moves.ts';
import type { CommandOf } from './schema.ts';

/**
 * What is deleted takes along what lies in it and the instants that nothing uses any more; what followed keeps its date
 * by a gap [ED8].
 */
export function remove(edit: Edit, { ids }: CommandOf<'delete'>): Refusal {
  const before = edit.draft.score();
  const known = ids.filter((id) => objectOf(before, id) ?? besideOf(before, id));
  if (known.length === 0) return missing('object', ids[0] ?? '');
  for (const id of known)
    if (FIXED_IDS.has(id) || isStart(before, id)) return refuse('Every score and scenario keeps its start and end.', id);
  const touched = new Set<ObjectId>();
  for (const id of known) removeOne(edit, before, id, touched);
  for (let more = [...touched]; more.length > 0;) more = prune(edit, more);
  heal(edit, before, touched);
  return undefined;
}

const besideOf = (score: Score, id: ObjectId): unknown =>
  score.tracks.get(id) ?? score.groups.get(id) ?? score.cables.get(id) ?? score.devices.get(id);

function isStart(score: Score, id: ObjectId): boolean {
  const object = objectOf(score, id);
  if (!object || !('scenario' in object) || object.kind === 'interval' || object.scenario === null) return false;
  return Object.values(startOf(object.scenario)).includes(id);
}

/** It begins by itself; without a trigger nothing does. */
const isRoot = ({ isStart, trigger }: Sync): boolean => isStart && trigger !== undefined;

function removeOne(edit: Edit, score: Score, id: ObjectId, touched: Set<ObjectId>): void {
  const graph = graphOf(score);
  const interval = score.intervals.get(id);
  if (interval) return removeInterval(edit, score, interval, touched);
  if (score.processes.has(id)) return removeProcess(edit, score, id);
  if (score.groups.has(id)) return edit.draft.remove('groups', id);
  if (score.tracks.has(id)) return removeTrack(edit, id);
  if (score.cables.has(id)) return edit.draft.remove('cables', id);
  if (score.devices.has(id)) return edit.draft.remove('devices', id);
  if (score.comments.has(id)) return edit.draft.remove('objects', id);
  if (score.syncs.has(id) && join(edit, id, touched)) return;
  const events = score.syncs.has(id) ? graph.eventsOf(id) : score.events.has(id) ? [id] : [];
  const states = score.states.has(id) ? [id] : events.flatMap((event) => graph.statesOf(event));
  for (const state of states) for (const attached of graph.at(state)) removeInterval(edit, score, attached, touched);
  for (const each of [...states, ...events, id]) edit.draft.remove('objects', each);
  for (const event of score.states.has(id) ? [score.states.get(id)!.event] : events) touched.add(score.events.get(event)!.sync);
}

/**
 * A sync in the middle of a plain chain: the interval before it takes over the time of the one after, where that has
 * nothing in it. False where something would be lost but the instant itself.
 */
function join(edit: Edit, id: ObjectId, touched: Set<ObjectId>): boolean {
  const score = edit.draft.score();
  const graph = graphOf(score);
  const [events, before, after] = [graph.eventsOf(id), graph.before(id), graph.after(id)];
  const [first, second] = [before[0], after[0]];
  if (!score.syncs.has(id) || !first || !second || events.length !== 1 || before.length !== 1 || after.length !== 1) return false;
  const isPlain = !first.isTransition && !second.isTransition && graph.processesOf(second.id).length === 0;
  if (!isPlain || score.events.get(events[0]!)?.condition !== '' || first.nominal + second.nominal > DURATION_MAX) return false;
  const nominal = first.nominal + second.nominal;
  const most = second.max - second.nominal;
  set(edit, first.id, {
    end: second.end,
    nominal,
    isRigid: second.isRigid,
    isMinNull: second.isMinNull,
    isMaxInfinite: second.isMaxInfinite,
    min: Math.max(0, nominal - (second.nominal - second.min)),
    max: Math.min(DURATION_MAX, nominal + (Number.isFinite(most) ? Math.max(0, most) : 0)),
  });
  touched.add(graph.endSync(second).id);
  edit.draft.remove('objects', second.id);
  for (const each of [...graph.statesOf(events[0]!), events[0]!, id]) edit.draft.remove('objects', each);
  return true;
}

function removeInterval(edit: Edit, score: Score, interval: Interval, touched: Set<ObjectId>): void {
  const graph = graphOf(score);
  edit.draft.remove('objects', interval.id);
  for (const process of graph.processesOf(interval.id)) removeProcess(edit, score, process);
  touched.add(graph.startSync(interval).id);
  touched.add(graph.endSync(interval).id);
}

function removeProcess(edit: Edit, score: Score, id: ObjectId): void {
  edit.draft.remove('objects', id);
  for (const { id: cable, from, to } of score.cables.values())
    if (from.process === id || to.process === id) edit.draft.remove('cables', cable);
  if (score.processes.get(id)?.type !== 'scenario') return;
  for (const map of [score.syncs, score.events, score.states, score.comments]) {
    for (const object of map.values()) if (object.scenario === id) edit.draft.remove('objects', object.id);
  }
  for (const interval of score.intervals.values()) {
    if (interval.scenario !== id) continue;
    edit.draft.remove('objects', interval.id);
    for (const process of graphOf(score).processesOf(interval.id)) removeProcess(edit, score, process);
  }
}

function removeTrack(edit: Edit, id: ObjectId): void {
  edit.draft.remove('tracks', id);
  for (const key of edit.draft.raw().registers.keys()) if (key.startsWith(`${id}/`)) edit.draft.setRegister(key, undefined);
}

/** Takes away what nothing uses at these syncs; returns the syncs before them, where a gap has become useless. */
function prune(edit: Edit, syncs: readonly ObjectId[]): ObjectId[] {
  const more: ObjectId[] = [];
  for (const id of syncs) {
    const score = edit.draft.score();
    const graph = graphOf(score);
    const sync = score.syncs.get(id);
    if (!sync || sync.scenario === null || isStart(score, id)) {
      if (sync?.scenario) pruneStates(edit, score, sync);
      continue;
    }
    const before = graph.before(id);
    const isUseless = graph.after(id).length === 0 && !isRoot(sync) && before.every((interval) => isGap(score, interval));
    if (!isUseless || (before.length > 0 && hasContent(score, sync))) {
      pruneStates(edit, score, sync);
      continue;
    }
    for (const gap of before) {
      edit.draft.remove('objects', gap.id);
      more.push(graph.startSync(gap).id);
    }
    for (const event of graph.eventsOf(id)) {
      for (const state of graph.statesOf(event)) edit.draft.remove('objects', state);
      edit.draft.remove('objects', event);
    }
    edit.draft.remove('objects', id);
  }
  return more;
}

/** Something that would be missed: a trigger, a branch, messages. */
function hasContent(score: Score, sync: Sync): boolean {
  const graph = graphOf(score);
  const events = graph.eventsOf(sync.id);
  const states = events.flatMap((event) => graph.statesOf(event));
  return sync.trigger !== undefined || events.length > 1 || states.some((state) => score.states.get(state)!.messages.length > 0);
}

/** States without intervals and messages, beside others of their event. */
function pruneStates(edit: Edit, score: Score, sync: Sync): void {
  const graph = graphOf(score);
  for (const event of graph.eventsOf(sync.id)) {
    const states = graph.statesOf(event);
    const idle = states.filter((id) => !isStart(score, id) && graph.at(id).length === 0 && score.states.get(id)!.messages.length === 0);
    const spare = idle.length === states.length ? idle.slice(1) : idle;
    for (const id of spare) edit.draft.remove('objects', id);
  }
}

function heal(edit: Edit, before: Score, touched: ReadonlySet<ObjectId>): void {
  for (const id of touched) {
    const score = edit.draft.score();
    const graph = graphOf(score);
    const sync = score.syncs.get(id);
    if (!sync || sync.scenario === null || isRoot(sync) || isStart(score, id)) continue;
    if (graph.before(id).some(isOrdinary) || !graphOf(before).before(id).some(isOrdinary)) continue;
    const event = graph.eventsOf(id)[0];
    if (event === undefined) continue;
    const state = graph.statesOf(event).find((each) => graph.at(each).every((interval) => interval.end !== each));
    const place = { scenario: sync.scenario, lane: score.states.get(graph.statesOf(event)[0] ?? '')?.lane ?? 0 };
    settle(edit, state ?? event);
    const end = state ?? createStateOn(edit, place, event);
    const date = before.syncs.get(id)!.date;
    createGap(edit, place, freeStart(edit, place), end, Math.max(DURATION_MIN, date) as Flicks);
  }
}
