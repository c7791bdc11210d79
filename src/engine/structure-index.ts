import { compare } from '../base.ts';
import type { Flicks } from '../base.ts';
import { FLICKS_PER_MS, INFINITE } from '../base.ts';
import type { GroupId, ObjectId } from '../crdt/score.ts';
import { ALL, ROOT } from '../crdt/score.ts';
import { addresses, evaluate, parse } from './expression.ts';
import { metreFrom } from './process/metre.ts';
import type { Metre } from './process/metre.ts';
import { tempoOf } from './tempo.ts';
import type { Tempo } from './tempo.ts';
import type { Structure, StructureEvent, StructureInterval, StructureScenario, StructureSync } from './structure.ts';
import { EVERYWHERE } from './viewpoint.ts';
import type { Viewpoint } from './viewpoint.ts';

/**
 * Who comes before and after whom, looked up instead of searched: what makes a step cost what fires, not what is
 * written. Total: an object whose references lead nowhere, as a hostile adoption may contain, is left out.
 */
export interface StructureIndex {
  readonly intervals: ReadonlyMap<ObjectId, IntervalNode>;
  readonly syncs: ReadonlyMap<ObjectId, SyncNode>;
  readonly events: ReadonlyMap<ObjectId, EventNode>;
  /** The one around the root interval, of which nobody writes, is `BASE`. */
  readonly scenarios: ReadonlyMap<ObjectId, ScenarioNode>;
  /** It is the same from every viewpoint. */
  readonly isShared: boolean;
  /** How many syncs are alike for all: those in nothing that is free or mixed. */
  readonly shared: number;
}

export const BASE = '';

/** Nesting that is followed upwards: what contains itself, as a hostile adoption may say, ends there. */
export const DEPTH_MAX = 1000;
/** Where nothing depends on the tempo, a structure does not tell it. */
const BPM_DEFAULT = 120;

export interface IntervalNode {
  readonly id: ObjectId;
  readonly min: Flicks;
  readonly max: Flicks;
  readonly nominal: Flicks;
  readonly speed: number;
  readonly tempo: Tempo | undefined;
  /** Where it has signatures of its own, or is the root. */
  readonly metre: Metre | undefined;
  /** Grid of its starts and ends by hand; 0: at once. */
  readonly quantum: number;
  /** Whose it is, in a mixed scenario. */
  readonly group: GroupId;
  readonly isTransition: boolean;
  readonly scenario: ObjectId;
  readonly start: EventNode;
  readonly end: EventNode;
  /** Scenario processes inside it, by id. */
  readonly scenarios: ScenarioNode[];
}

export interface EventNode {
  readonly id: ObjectId;
  readonly sync: SyncNode;
  readonly condition: string;
  /** Outcome when nobody has to be asked: no condition, a constant one, or one that cannot be read. */
  readonly constant: boolean | undefined;
  readonly offset: StructureEvent['offset'];
  /** Transitions are not among them. By id, as `next`. */
  readonly previous: IntervalNode[];
  readonly next: IntervalNode[];
}

export interface SyncNode {
  readonly id: ObjectId;
  readonly scenario: ObjectId;
  readonly trigger: string | undefined;
  /** Someone must fire it: there is a trigger and it is not constantly true. */
  readonly isInteractive: boolean;
  /** The end of the score, unless its trigger asks for something: nobody waits for it, it comes with the root's max [EX34]. */
  readonly isOnlyAtMax: boolean;
  /** It fires or waits as soon as its scenario starts. */
  readonly isRoot: boolean;
  /** A root that is triggered while what it started runs starts it again; else it ends it and waits. */
  readonly isRetriggering: boolean;
  /** Grid on which it fires; 0: at once. */
  readonly quantum: number;
  /** Each who runs it fires it for itself [EX36]. */
  readonly isOwn: boolean;
  /** Whether a trigger of all sets going this one here: in a mixed scenario, whether any of what comes next is ours [EX37]. */
  isFollowed: boolean;
  /** What leads to it ends before what follows begins [EX38]. */
  isOrdered: boolean;
  readonly events: EventNode[];
  /** Over all events, without transitions. */
  readonly previous: IntervalNode[];
  readonly transitions: IntervalNode[];
}

export interface ScenarioNode {
  readonly id: ObjectId;
  readonly interval: ObjectId | undefined;
  readonly startSync: ObjectId;
  readonly isExclusive: boolean;
  /** What is around it counts, too: nothing in a free one is of all. */
  readonly share: 'shared' | 'mixed' | 'free';
  /** It, or something around it, need not be where it is for others. */
  readonly isDivergent: boolean;
  /** Length of one pass; Infinity: it plays once [EX35]. */
  readonly loop: number;
  /** Where in its own time a pass begins. */
  readonly offset: number;
  readonly syncs: SyncNode[];
  /** Start sync first, then those with "start on play", by id. */
  readonly roots: SyncNode[];
}

const cache = new WeakMap<Structure, Map<string, StructureIndex>>();
/** What all share, whatever the viewpoint; no group is called so. */
const OF_ALL = '.';

/** As seen by somebody: a free scenario of others is not there. Made once per structure object and viewpoint. */
export function index(structure: Structure, view: Viewpoint = EVERYWHERE): StructureIndex {
  const known = cache.get(structure) ?? new Map<string, StructureIndex>();
  cache.set(structure, known);
  const made = known.get(OF_ALL) ?? known.get(view.key) ?? build(structure, view);
  known.set(made.isShared ? OF_ALL : view.key, made);
  return made;
}

/** undefined when the text mentions an address or cannot be read. */
function constantOf(text: string): boolean | undefined {
  const parsed = parse(text);
  if ('issue' in parsed || addresses(parsed.expression).length > 0) return undefined;
  return evaluate(parsed.expression, { read: () => undefined, impulse: () => false });
}

/** Whether it depends on any device. */
function asks(trigger: string | null): boolean {
  const parsed = parse(trigger ?? '');
  return 'expression' in parsed && addresses(parsed.expression).length > 0;
}

/** What a condition comes to when nobody has to be asked; undefined when somebody has. */
export function conditionConstant(condition: string): boolean | undefined {
  if (condition.trim() === '' || 'issue' in parse(condition)) return true;
  return constantOf(condition);
}

interface Sorted {
  readonly intervals: [ObjectId, StructureInterval][];
  readonly syncs: [ObjectId, StructureSync][];
  readonly events: [ObjectId, StructureEvent][];
  readonly scenarios: [ObjectId, StructureScenario][];
}

function sorted(structure: Structure): Sorted {
  const all: Sorted = { intervals: [], syncs: [], events: [], scenarios: [] };
  for (const id of Object.keys(structure.objects).sort(compare)) {
    const object = structure.objects[id]!;
    if (object.kind === 'interval') all.intervals.push([id, object]);
    else if (object.kind === 'sync') all.syncs.push([id, object]);
    else if (object.kind === 'event') all.events.push([id, object]);
    else all.scenarios.push([id, object]);
  }
  return all;
}

function build(structure: Structure, view: Viewpoint): StructureIndex {
  const all = sorted(structure);
  const isShared = all.scenarios.every(([, { share }]) => share === undefined);
  const base: ScenarioNode = {
    ...{ id: BASE, interval: undefined, startSync: ROOT.startSync, isExclusive: false, share: 'shared', isDivergent: false },
    ...{ loop: Infinity, offset: 0, syncs: [], roots: [] },
  };
  const scenarios = new Map<ObjectId, ScenarioNode>([[BASE, base]]);
  const sharing = isShared ? () => [] : sharingIn(all);
  for (const [id, it] of all.scenarios) {
    const { interval, startSync, isExclusive, loopDuration: loop = Infinity, startOffset: offset = 0, share = 'shared', group = ALL } = it;
    if (share === 'free' && !view.isIn(group)) continue;
    const around = sharing(id);
    const node = { id, interval, startSync, isExclusive, share: around.includes('free') ? 'free' : share, loop, offset } as const;
    scenarios.set(id, { ...node, isDivergent: around.some((each) => each !== 'shared'), syncs: [], roots: [] });
  }
  const syncs = new Map<ObjectId, SyncNode>();
  const quantum = quantumIn(all);
  for (const [id, it] of all.syncs) {
    const scenario = scenarios.get(it.scenario ?? BASE);
    if (!scenario) continue;
    // Without a trigger there is nothing to start on play [EX12].
    const isRoot = id === scenario.startSync || (it.isStart && it.trigger !== null);
    const isOwn = scenario.share === 'free';
    const node = { ...syncNode(id, it), isRoot, isOwn, quantum: it.trigger === null ? 0 : quantum(it) };
    syncs.set(id, node);
    scenario.syncs.push(node);
    if (id === scenario.startSync) scenario.roots.unshift(node);
    else if (isRoot) scenario.roots.push(node);
  }
  const events = new Map<ObjectId, EventNode>();
  for (const [id, { sync: syncId, condition, offset }] of all.events) {
    const sync = syncs.get(syncId);
    if (!sync) continue;
    const node: EventNode = { id, sync, condition, constant: conditionConstant(condition), offset, previous: [], next: [] };
    events.set(id, node);
    sync.events.push(node);
  }
  const intervals = connect(all, events, scenarios, quantum);
  for (const { share, syncs: own } of scenarios.values())
    if (share === 'mixed') for (const sync of own) sync.isFollowed = follows(sync, view);
  for (const sync of syncs.values())
    sync.isOrdered &&= sync.isInteractive && !sync.isOnlyAtMax && !sync.isOwn && sync.previous.length + sync.transitions.length > 0;
  const shared = [...scenarios.values()].reduce((sum, it) => sum + (it.isDivergent ? 0 : it.syncs.length), 0);
  return { syncs, events, scenarios, intervals, isShared, shared };
}

/** What leads to nothing is for all. */
function follows({ events }: SyncNode, view: Viewpoint): boolean {
  const next = events.flatMap((event) => event.next);
  return next.length === 0 || next.some(({ group }) => view.isIn(group));
}

/** What a scenario and those around it say, the innermost first. */
function sharingIn({ intervals, scenarios }: Sorted): (id: ObjectId) => readonly ScenarioNode['share'][] {
  const [homes, byId] = [new Map(scenarios), new Map(intervals)];
  return (id) => {
    const found: ScenarioNode['share'][] = [];
    let at = homes.get(id);
    for (let depth = 0; at && depth < DEPTH_MAX; depth++) {
      found.push(at.share ?? 'shared');
      at = homes.get(byId.get(at.interval)?.scenario ?? BASE);
    }
    return found;
  };
}

const syncNode = (id: ObjectId, it: StructureSync): Omit<SyncNode, 'isRoot' | 'quantum' | 'isOwn'> => ({
  isFollowed: true,
  isOrdered: it.order === 'sync',
  id,
  scenario: it.scenario ?? BASE,
  trigger: it.trigger ?? undefined,
  isInteractive: it.trigger !== null && constantOf(it.trigger) !== true,
  isOnlyAtMax: id === ROOT.endSync && !asks(it.trigger),
  isRetriggering: it.isRetriggering,
  events: [],
  previous: [],
  transitions: [],
});

type Quantum = (it: { readonly scenario: ObjectId | null; readonly quantisation?: number }) => number;

/** The nearest grid, its own or of an interval around it; none is 0. */
function quantumIn({ intervals, scenarios }: Sorted): Quantum {
  const homes = new Map(scenarios);
  const byId = new Map(intervals);
  return (from) => {
    let it: { readonly scenario: ObjectId | null; readonly quantisation?: number } | undefined = from;
    for (let depth = 0; it && depth < DEPTH_MAX; depth++) {
      if (it.quantisation !== undefined) return it.quantisation;
      it = it.scenario === null ? undefined : byId.get(homes.get(it.scenario)?.interval ?? BASE);
    }
    return 0;
  };
}

function connect(
  all: Sorted,
  events: ReadonlyMap<ObjectId, EventNode>,
  scenarios: ReadonlyMap<ObjectId, ScenarioNode>,
  quantum: Quantum,
): Map<ObjectId, IntervalNode> {
  const intervals = new Map<ObjectId, IntervalNode>();
  const bpm = all.intervals.find(([id]) => id === ROOT.interval)?.[1].bpm ?? BPM_DEFAULT;
  for (const [id, it] of all.intervals) {
    const [start, end] = [events.get(it.start), events.get(it.end)];
    const scenario = it.scenario ?? BASE;
    if (!start || !end || start.sync.scenario !== scenario || end.sync.scenario !== scenario) continue;
    const { min, nominal, speed, isTransition, tempo, signatures } = it;
    const hasMetre = signatures !== undefined || id === ROOT.interval;
    const node: IntervalNode = {
      ...{ id, nominal: nominal as Flicks, speed, isTransition, scenario, start, end, scenarios: [] },
      ...{ min: min as Flicks, max: maxOf(it, end.sync), quantum: quantum(it), group: it.group ?? ALL },
      tempo: tempo && tempoOf(tempo, nominal as Flicks, bpm),
      metre: hasMetre ? metreFrom(signatures ?? [], (60_000 * FLICKS_PER_MS) / bpm) : undefined,
    };
    intervals.set(id, node);
    start.next.push(node);
    if (isTransition) end.sync.transitions.push(node);
    else {
      end.previous.push(node);
      end.sync.previous.push(node);
    }
  }
  for (const scenario of scenarios.values()) intervals.get(scenario.interval ?? BASE)?.scenarios.push(scenario);
  return intervals;
}

/** A jump of length 0 into a trigger waits there: were it to force the trigger, the trigger would be no trigger [EX14]. */
function maxOf({ isTransition, min, max }: StructureInterval, end: SyncNode): Flicks {
  if (max === null || (isTransition && max === 0 && end.isInteractive)) return INFINITE;
  return Math.max(min, max) as Flicks;
}
