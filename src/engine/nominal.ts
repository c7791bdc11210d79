import type { Flicks, PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import type { OccurrencePath } from './fact.ts';
import { BASE } from './structure-index.ts';
import type { IntervalNode, ScenarioNode, StructureIndex, SyncNode } from './structure-index.ts';

/** A firing as it is told to others; `date` in run time. */
export interface Recorded {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
  readonly date: Flicks;
  readonly by: PeerId | '';
}

interface Place {
  readonly index: StructureIndex;
  readonly prefix: string;
  /** Run date at which the scenario begins, and from which on nothing is assumed. */
  readonly begins: number;
  readonly until: number;
  readonly rate: number;
}

/** What would have fired before `origin` had every interval lasted its nominal length; ordered by date, causes first. */
export function nominalFirings(index: StructureIndex, at: { epoch: string; origin: Flicks; from: Flicks }): readonly Recorded[] {
  const base = index.scenarios.get(BASE);
  if (!base || at.from <= 0) return [];
  const found: Recorded[] = [];
  collect(found, base, { index, prefix: at.epoch, begins: at.origin - at.from, until: at.origin, rate: 1 });
  return found.sort((a, b) => a.date - b.date);
}

/** Each sync is followed by what its intervals contain, so that a stable sort keeps causes before effects. */
function collect(found: Recorded[], scenario: ScenarioNode, place: Place): void {
  for (const [sync, local] of nominalDates(scenario)) {
    const date = Math.round(place.begins + local / place.rate);
    if (date >= place.until || sync.id === ROOT.endSync) continue;
    found.push({ sync: sync.id, path: `${place.prefix}0`, date: date as Flicks, by: '' });
    for (const { next } of sync.events) for (const interval of next) within(found, interval, { ...place, begins: date });
  }
}

function within(found: Recorded[], interval: IntervalNode, place: Place): void {
  const rate = place.rate * interval.speed;
  if (!(rate > 0)) return;
  const prefix = interval.scenario === BASE ? place.prefix : `${place.prefix}0.`;
  for (const scenario of interval.scenarios) collect(found, scenario, { ...place, prefix, rate });
}

/** Dates in the scenario's own time, by cause; what waits for a trigger of its own at its very start is not among them. */
export function nominalDates(scenario: ScenarioNode): ReadonlyMap<SyncNode, number> {
  const dates = new Map<SyncNode, number>();
  const open = new Map<SyncNode, number>();
  const ready = scenario.roots.filter((root, place) => place === 0 || !root.isInteractive);
  for (const root of ready) dates.set(root, 0);
  for (const sync of ready) {
    for (const { next } of sync.events) {
      for (const interval of next) {
        const target = interval.end.sync;
        if (interval.isTransition || (dates.has(target) && scenario.roots.includes(target))) continue;
        dates.set(target, Math.max(dates.get(target) ?? 0, dates.get(sync)! + interval.nominal));
        const left = (open.get(target) ?? target.previous.length) - 1;
        open.set(target, left);
        if (left === 0) ready.push(target);
      }
    }
  }
  return new Map(ready.map((sync) => [sync, dates.get(sync)!]));
}
