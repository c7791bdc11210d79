import type { ObjectId } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import { nominalFirings } from './nominal.ts';
import { spansOf } from './spans.ts';
import type { Span, Spans } from './spans.ts';
import { BASE } from './structure-index.ts';
import type { EventNode, IntervalNode, ScenarioNode, StructureIndex, SyncNode } from './structure-index.ts';

/**
 * What a jump assumes of the past is the same for every jump: every interval lasts its nominal length, nobody is asked.
 * So it is worked out once per structure, when somebody first jumps: when everything begins and ends, which conditions are
 * open, what is closed off. What stands at a date is then looked up, instead of firing all that lies before it.
 * All dates are flicks of the root interval's own time.
 */
export interface AssumedPast {
  /** Jumps beyond it have to be lived through: transitions lead back, or a scenario is exclusive, or content stands still. */
  readonly until: number;
  readonly running: Spans<AssumedInterval>;
  /** Intervals that are closed off. */
  readonly dead: Spans<AssumedDead>;
  /** Events whose condition is open. */
  readonly open: Spans<AssumedOpen>;
  /** In order. */
  readonly firings: readonly AssumedFiring[];
  readonly firingOf: ReadonlyMap<ObjectId, AssumedFiring>;
  readonly firingsIn: ReadonlyMap<ObjectId, readonly AssumedFiring[]>;
  /** Syncs that fire at a date of their own, if anything leads to them; dates in order. */
  readonly listed: ReadonlySet<ObjectId>;
  readonly dates: readonly number[];
  /** In order. */
  readonly marks: readonly AssumedMark[];
}

export interface AssumedInterval extends Span {
  readonly node: IntervalNode;
  /** Among marks. */
  readonly begins: number;
}
export interface AssumedDead extends Span {
  readonly interval: IntervalNode;
}
export interface AssumedOpen extends Span {
  readonly event: EventNode;
}
export interface AssumedFiring {
  readonly sync: SyncNode;
  readonly date: number;
  /** How many have fired before. */
  readonly place: number;
  /** Nesting of its scenario: 0 around the root interval. */
  readonly depth: number;
  readonly led: readonly ObjectId[];
}
export type AssumedMark =
  | { readonly type: 'happened'; readonly date: number; readonly event: ObjectId }
  | { readonly type: 'started'; readonly date: number; readonly interval: ObjectId }
  /** begins: place of its beginning among marks. position: where it ended. */
  | { readonly type: 'ended'; readonly date: number; readonly interval: ObjectId; readonly begins: number; readonly position: number };

const cache = new WeakMap<StructureIndex, AssumedPast>();

/** Made once per index. */
export function assumedPast(index: StructureIndex): AssumedPast {
  const known = cache.get(index);
  if (known) return known;
  const made = live(index);
  cache.set(index, made);
  return made;
}

interface Open {
  readonly depth: number;
  readonly armed: Set<ObjectId>;
  readonly running: Map<ObjectId, { readonly node: IntervalNode; readonly from: number; readonly begins: number }>;
  readonly dead: Map<ObjectId, { readonly interval: IntervalNode; readonly from: number }>;
  readonly undecided: { readonly event: EventNode; readonly from: number }[];
}

/** It is passed through once, from its start; what loops by itself is entered by whoever jumps into it [EX35]. */
export const isPassed = ({ loop, offset }: ScenarioNode): boolean => loop === Infinity && offset === 0;

function live(index: StructureIndex): AssumedPast {
  const base = index.scenarios.get(BASE);
  const list = base ? nominalFirings(index, base, { prefix: '', begins: 0, until: Infinity }) : [];
  const listed = new Set(list.map(({ sync }) => sync));
  const running: AssumedInterval[] = [];
  const dead: AssumedDead[] = [];
  const open: AssumedOpen[] = [];
  const firings: AssumedFiring[] = [];
  const firingOf = new Map<ObjectId, AssumedFiring>();
  const marks: AssumedMark[] = [];
  const scenarios = new Map<ObjectId, Open>();
  let until = endOf(index);
  let date = 0;

  const fail = (at: number): void => void (until = Math.min(until, at));

  const enter = (node: ScenarioNode, depth: number): void => {
    if (!isPassed(node)) return;
    if (node.isExclusive) fail(date);
    const armed = new Set(node.roots.map(({ id }) => id));
    scenarios.set(node.id, { depth, armed, running: new Map(), dead: new Map(), undecided: [] });
  };
  const leave = (node: ScenarioNode): void => {
    const scenario = scenarios.get(node.id);
    if (!scenario) return;
    for (const id of [...scenario.running.keys()].sort()) end(scenario, id);
    for (const it of scenario.dead.values()) keep(dead, { ...it, to: date });
    for (const it of scenario.undecided) keep(open, { ...it, to: date });
    scenarios.delete(node.id);
  };
  const start = (scenario: Open, node: IntervalNode): void => {
    const { sync } = node.end;
    // It leads back, or to a root that has fired already and will fire again.
    if (node.isTransition || firingOf.has(sync.id)) fail(date);
    // A root that waits for a trigger of its own may be made to fire by what leads there.
    if (sync.isRoot && !listed.has(sync.id)) fail(date + node.min);
    revive(scenario, [node]);
    scenario.running.set(node.id, { node, from: date, begins: marks.length });
    marks.push({ type: 'started', date, interval: node.id });
    for (const inner of node.scenarios) enter(inner, scenario.depth + 1);
  };
  const end = (scenario: Open, id: ObjectId): void => {
    const it = scenario.running.get(id);
    if (!it) return;
    for (const inner of it.node.scenarios) leave(inner);
    scenario.running.delete(id);
    keep(running, { ...it, to: date });
    // What stands at its max stands with all in it.
    if (it.node.scenarios.length > 0 && it.from + it.node.max < date) fail(it.from + it.node.max);
    const position = Math.min(date - it.from, it.node.max);
    marks.push({ type: 'ended', date, interval: id, begins: it.begins, position });
  };
  const revive = (scenario: Open, intervals: readonly IntervalNode[]): void => {
    for (const { id } of intervals) {
      const it = scenario.dead.get(id);
      if (it) keep(dead, { ...it, to: date });
      scenario.dead.delete(id);
    }
  };
  /** The events that are disposed with an interval. */
  const kill = (scenario: Open, interval: IntervalNode): readonly EventNode[] => {
    const { sync } = interval.end;
    if (scenario.running.has(interval.id) || scenario.dead.has(interval.id)) return [];
    // It may be all that the sync waits for, though no date says so.
    if (!listed.has(sync.id)) fail(date);
    scenario.dead.set(interval.id, { interval, from: date });
    const isDead = ({ id }: IntervalNode): boolean => scenario.dead.has(id);
    if (sync.previous.every(isDead) && !scenario.armed.has(sync.id)) {
      revive(scenario, sync.previous);
      return sync.events;
    }
    return interval.end.previous.every(isDead) ? [interval.end] : [];
  };
  const dispose = (scenario: Open, first: EventNode): void => {
    const events = new Set([first]);
    const left = [first];
    for (let event = left.pop(); event; event = left.pop()) {
      for (const interval of event.next) {
        for (const disposed of interval.isTransition ? [] : kill(scenario, interval)) {
          if (!events.has(disposed)) left.push(disposed);
          events.add(disposed);
        }
      }
    }
  };
  const fire = (scenario: Open, sync: SyncNode): void => {
    const led = sync.previous.filter(({ id }) => scenario.running.has(id)).map(({ id }) => id);
    const firing = { sync, date, place: firings.length, depth: scenario.depth, led };
    firings.push(firing);
    firingOf.set(sync.id, firing);
    scenario.armed.delete(sync.id);
    const isAlive = ({ previous }: EventNode): boolean => previous.length === 0 || previous.some(({ id }) => !scenario.dead.has(id));
    const alive = sync.events.filter(isAlive);
    for (const { id } of sync.previous) end(scenario, id);
    revive(scenario, sync.previous);
    for (const event of alive) {
      const holds = event.offset === 'evaluate' ? event.constant : event.offset === 'true';
      if (holds === undefined) scenario.undecided.push({ event, from: date });
      else if (holds) {
        marks.push({ type: 'happened', date, event: event.id });
        for (const interval of event.next) start(scenario, interval);
      } else dispose(scenario, event);
    }
  };

  if (base) enter(base, 0);
  for (const entry of list) {
    if (entry.date >= until) break;
    const sync = index.syncs.get(entry.sync)!;
    const scenario = scenarios.get(sync.scenario);
    if (!scenario || (!scenario.armed.has(sync.id) && !sync.previous.some(({ id }) => scenario.running.has(id)))) continue;
    date = entry.date;
    fire(scenario, sync);
  }
  for (const scenario of scenarios.values()) {
    for (const it of scenario.running.values()) {
      running.push({ ...it, to: Infinity });
      if (it.node.scenarios.length > 0) fail(it.from + it.node.max);
    }
    for (const it of scenario.dead.values()) dead.push({ ...it, to: Infinity });
    for (const it of scenario.undecided) open.push({ ...it, to: Infinity });
  }
  const firingsIn = new Map<ObjectId, AssumedFiring[]>();
  for (const firing of firings) {
    const all = firingsIn.get(firing.sync.scenario);
    if (all) all.push(firing);
    else firingsIn.set(firing.sync.scenario, [firing]);
  }
  return {
    ...{ until, firings, firingsIn, listed, marks, firingOf },
    ...{ running: spansOf(inOrder(running)), dead: spansOf(dead), open: spansOf(open), dates: list.map((it) => it.date) },
  };
}

function keep<T extends Span>(all: T[], it: T): void {
  if (it.from < it.to) all.push(it);
}

const inOrder = (all: readonly AssumedInterval[]): readonly AssumedInterval[] => [...all].sort((a, b) => a.begins - b.begins);

/** Where the score ends, or somebody may end it. */
function endOf(index: StructureIndex): number {
  const root = index.intervals.get(ROOT.interval);
  if (!root) return -Infinity;
  return root.end.sync.isOnlyAtMax ? root.max : root.min;
}
