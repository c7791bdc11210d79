import type { Flicks, PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import type { OccurrencePath } from './fact.ts';
import type { Firing } from './state.ts';
import { BASE } from './structure-index.ts';
import type { IntervalNode, ScenarioNode, StructureIndex, SyncNode } from './structure-index.ts';

/** A firing as it is told to others; `date` in run time. */
export interface Recorded {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
  readonly date: Flicks;
  readonly by: PeerId | '';
  readonly kind?: Firing['kind'] & string;
}

/** A run since the play or the last jump. */
export interface Epoch {
  readonly epoch: string;
  /** Run date at which it began, and where in the root interval. */
  readonly origin: Flicks;
  readonly from: Flicks;
}

interface Place {
  readonly index: StructureIndex;
  readonly prefix: string;
  /** Run date at which the scenario begins, and from which on nothing is assumed. */
  readonly begins: number;
  readonly until: number;
}

/**
 * What would have fired in a scenario between `begins` and `until` had every interval lasted its nominal length at
 * speed 1; ordered by date, causes first. prefix: of the paths of its objects.
 */
export function nominalFirings(
  index: StructureIndex,
  scenario: ScenarioNode,
  at: { readonly prefix: string; readonly begins: number; readonly until: number },
): readonly Recorded[] {
  const found: Recorded[] = [];
  collect(found, scenario, { index, ...at });
  return found.sort((a, b) => a.date - b.date);
}

/** Each sync is followed by what its intervals contain, so that a stable sort keeps causes before effects. */
function collect(found: Recorded[], scenario: ScenarioNode, place: Place): void {
  for (const [sync, local] of nominalDates(scenario)) {
    const date = place.begins + local;
    if (date >= place.until) break;
    if (sync.id === ROOT.endSync) continue;
    found.push({ sync: sync.id, path: `${place.prefix}0`, date: date as Flicks, by: '' });
    for (const { next } of sync.events) for (const interval of next) within(found, interval, { ...place, begins: date });
  }
}

function within(found: Recorded[], interval: IntervalNode, place: Place): void {
  const prefix = interval.scenario === BASE ? place.prefix : `${place.prefix}0.`;
  // What loops by itself, or begins further on, is entered in its middle [EX35].
  for (const scenario of interval.scenarios)
    if (scenario.loop === Infinity && scenario.offset === 0) collect(found, scenario, { ...place, prefix });
}

const known = new WeakMap<ScenarioNode, readonly (readonly [SyncNode, number])[]>();

/** Dates in the scenario's own time, in order, worked out once: a seek looks at what lies before it, no further. */
function nominalDates(scenario: ScenarioNode): readonly (readonly [SyncNode, number])[] {
  const dates = known.get(scenario) ?? [...datesIn(scenario)].sort(([, a], [, b]) => a - b);
  known.set(scenario, dates);
  return dates;
}

/** By cause; what waits for a trigger of its own at its very start is not among them. */
function datesIn(scenario: ScenarioNode): ReadonlyMap<SyncNode, number> {
  const dates = new Map<SyncNode, number>();
  const open = new Map<SyncNode, number>();
  const ready = scenario.roots.filter((root, place) => place === 0 || !root.isInteractive);
  for (const root of ready) dates.set(root, 0);
  for (const sync of ready) {
    for (const { next } of sync.events) {
      for (const interval of next) {
        const target = interval.end.sync;
        if (interval.isTransition || (dates.has(target) && target.isRoot)) continue;
        dates.set(target, Math.max(dates.get(target) ?? 0, dates.get(sync)! + interval.nominal));
        const left = (open.get(target) ?? target.previous.length) - 1;
        open.set(target, left);
        if (left === 0) ready.push(target);
      }
    }
  }
  return new Map(ready.map((sync) => [sync, dates.get(sync)!]));
}
