import { inletsOf, outletsOf } from '../../src/crdt/catalogue.ts';
import { graphOf } from '../../src/crdt/graph.ts';
import { ROOT } from '../../src/crdt/score.ts';
import type { Score } from '../../src/crdt/score.ts';

/** Every way in which a score is not valid; empty when it is. */
export function faults(score: Score): string[] {
  const wrong: string[] = [];
  const check = (isRight: boolean, what: string): void => void (isRight || wrong.push(what));
  for (const id of [ROOT.interval, ROOT.scenario, ROOT.startSync, ROOT.endSync]) {
    check(score.intervals.has(id) || score.processes.has(id) || score.syncs.has(id), `${id} is there`);
  }
  for (const event of score.events.values()) check(score.syncs.get(event.sync)?.scenario === event.scenario, `sync of ${event.id}`);
  for (const state of score.states.values()) check(score.events.get(state.event)?.scenario === state.scenario, `event of ${state.id}`);
  const sides = new Set<string>();
  for (const interval of score.intervals.values()) {
    const { id, start, end, scenario, nominal, min, max } = interval;
    for (const state of [start, end]) check(score.states.has(state) && score.states.get(state)!.scenario === scenario, `ends of ${id}`);
    check(scenario === null ? id === ROOT.interval : score.processes.get(scenario)?.type === 'scenario', `scenario of ${id}`);
    check(Number.isInteger(nominal) && nominal >= 0 && min >= 0 && min <= max && !Number.isNaN(max), `durations of ${id}`);
    check(!interval.isRigid || (min === nominal && max === nominal), `rigidity of ${id}`);
    if (interval.isTransition) continue;
    for (const side of [`${start} after`, `${end} before`]) {
      check(!sides.has(side), side);
      sides.add(side);
    }
  }
  for (const process of score.processes.values()) {
    check(score.intervals.has(process.interval), `interval of ${process.id}`);
    if (process.type === 'scenario') check(score.syncs.get(process.startSync)?.scenario === process.id, `start of ${process.id}`);
  }
  if (wrong.length === 0) checkDates(score, check);
  for (const { id, scenario } of score.comments.values()) check(score.processes.get(scenario)?.type === 'scenario', `scenario of ${id}`);
  for (const { id, from, to } of score.cables.values()) {
    const [source, sink] = [score.processes.get(from.process), score.processes.get(to.process)];
    check(source !== undefined && outletsOf(source).includes(from.port), `source of ${id}`);
    check(sink !== undefined && inletsOf(sink).includes(to.port), `sink of ${id}`);
  }
  for (const keys of keysOf(score)) check(new Set(keys).size === keys.length, `unique keys ${keys.join()}`);
  for (const map of [
    score.intervals,
    score.syncs,
    score.events,
    score.states,
    score.processes,
    score.comments,
    score.cables,
    score.devices,
  ]) {
    const ids = [...map.keys()];
    check(
      ids.every((id, i) => i === 0 || ids[i - 1]! < id),
      'ordered by id',
    );
  }
  check(Number.isFinite(score.tempo) && score.tempo >= 20 && score.tempo <= 500, 'tempo');
  return wrong;
}

/** Dates that fit the lengths. */
function checkDates(score: Score, check: (isRight: boolean, what: string) => void): void {
  const graph = graphOf(score);
  for (const interval of score.intervals.values()) {
    check(interval.date === graph.startSync(interval).date, `date of ${interval.id}`);
    if (!interval.isTransition)
      check(graph.endSync(interval).date >= Math.min(2 ** 50, interval.date + interval.nominal), `end of ${interval.id}`);
  }
  for (const process of score.processes.values())
    if (process.type === 'scenario') check(score.syncs.get(process.startSync)!.date === 0, `start of ${process.id} at 0`);
}

const keysOf = (score: Score): readonly string[][] => {
  const processes = [...score.processes.values()];
  const of = (type: string): string[] => processes.flatMap((process) => (process.type === type && 'key' in process ? [process.key] : []));
  return [of('shader'), of('pit'), [...score.tracks.values()].map(({ key }) => key), [...score.devices.values()].map(({ name }) => name)];
};
