import { compare } from '../../base.ts';
import { isUntouched } from '../file.ts';
import { startOf } from '../ids.ts';
import { ROOT } from '../score.ts';
import type { Interval, ObjectId, Process, Score, ScoreObject } from '../score.ts';
import { idAt, objectOf, textAt } from './access.ts';
import { NODAL } from './forms.ts';
import type { Json, JsonObject } from './json.ts';
import { KEPT_NODAL, KEPT_NUMBER, shapeOf, toForeign } from './shape.ts';

/**
 * Objects by what they lie in, with the numbers that ossia knows them by. A number is the one that the object came with,
 * or that its id tells, as long as no sibling has it; else the next free one.
 */
export interface Numbers {
  readonly of: ReadonlyMap<ObjectId, number>;
  /** Steps from the document to the object. */
  readonly pathOf: ReadonlyMap<ObjectId, readonly Json[]>;
  readonly foreign: (object: Pick<ScoreObject, 'id' | 'foreign'>) => JsonObject;
  /** Ordered by rank; nodes of a process with nodes are not among their siblings. */
  readonly processes: ReadonlyMap<ObjectId, readonly Process[]>;
  readonly nodes: ReadonlyMap<ObjectId, readonly Process[]>;
  readonly inScenario: ReadonlyMap<ObjectId, readonly ScoreObject[]>;
}

const STEPS: Readonly<Record<Exclude<ScoreObject['kind'], 'process' | 'comment'>, string>> = {
  interval: 'Scenario::IntervalModel',
  sync: 'Scenario::TimeSyncModel',
  event: 'Scenario::EventModel',
  state: 'Scenario::StateModel',
};

const step = (name: string, number: number): Json => objectOf({ ObjectName: name, ObjectId: number });

/** The number that an id made by import ends with; those of fixed objects are ossia's own. */
export function numberIn(id: ObjectId): number | undefined {
  if (id === ROOT.scenario) return 1;
  if (id === ROOT.interval || id.startsWith('root.start.')) return 0;
  if (id.startsWith('root.end.')) return 1;
  if (/[.]start[.](?:sync|event|state)$/.test(id)) return 0;
  const match = /[.][iyespc](-?\d{1,15})$/.exec(id);
  return match ? Number(match[1]) : undefined;
}

export function number(score: Score): Numbers {
  const foreigns = new Map<string, JsonObject>();
  const foreign: Numbers['foreign'] = ({ id, foreign: text }) => {
    const known = foreigns.get(id) ?? toForeign(text);
    foreigns.set(id, known);
    return known;
  };
  const of = new Map<ObjectId, number>();
  const give = (siblings: readonly Pick<ScoreObject, 'id' | 'foreign'>[]): void => {
    const taken = new Set<number>();
    const late: ObjectId[] = [];
    for (const object of siblings) {
      const wanted = idAt(foreign(object), KEPT_NUMBER) ?? numberIn(object.id);
      if (wanted === undefined || taken.has(wanted)) late.push(object.id);
      else of.set(object.id, wanted);
      if (wanted !== undefined) taken.add(wanted);
    }
    let next = 0;
    for (const id of late) {
      while (taken.has(next)) next++;
      taken.add(next);
      of.set(id, next);
    }
  };
  const { processes, nodes } = processesOf(score, foreign);
  const inScenario = scenariosOf(score);
  // The outermost scenario is not written where it is empty and others are there: it takes what they leave.
  const isLast = (process: Process): boolean => process.id === ROOT.scenario && isUntouched(process);
  for (const siblings of [...processes.values(), ...nodes.values()])
    give([...siblings].sort((a, b) => Number(isLast(a)) - Number(isLast(b))));
  for (const siblings of inScenario.values()) for (const kind of KINDS) give(siblings.filter((object) => object.kind === kind));
  give([score.intervals.get(ROOT.interval)!]);
  for (const [kind, map] of [['sync', score.syncs] as const, ['event', score.events] as const, ['state', score.states] as const]) {
    give([map.get(ROOT[`start${capital(kind)}`])!, map.get(ROOT[`end${capital(kind)}`])!]);
  }
  const pathOf = new Map<ObjectId, readonly Json[]>();
  const numbers: Numbers = { of, pathOf, foreign, processes, nodes, inScenario };
  walk(score, numbers, pathOf);
  return numbers;
}

const KINDS = ['interval', 'sync', 'event', 'state', 'comment'] as const;
const capital = <T extends string>(word: T): Capitalize<T> => (word[0]!.toUpperCase() + word.slice(1)) as Capitalize<T>;

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function processesOf(score: Score, foreign: Numbers['foreign']): Pick<Numbers, 'processes' | 'nodes'> {
  const processes = new Map<ObjectId, Process[]>();
  const nodes = new Map<ObjectId, Process[]>();
  const ordered = [...score.processes.values()].sort((a, b) => compare(a.rank, b.rank) || compare(a.id, b.id));
  for (const process of ordered) {
    const nodal = score.processes.get(textAt(foreign(process), KEPT_NODAL));
    const isNode = nodal?.type === 'opaque' && nodal.uuid === NODAL && nodal.interval === process.interval;
    if (isNode) push(nodes, nodal.id, process);
    else push(processes, process.interval, process);
  }
  return { processes, nodes };
}

function scenariosOf(score: Score): ReadonlyMap<ObjectId, readonly ScoreObject[]> {
  const inScenario = new Map<ObjectId, ScoreObject[]>();
  for (const map of [score.intervals, score.syncs, score.events, score.states, score.comments] as ReadonlyMap<ObjectId, ScoreObject>[]) {
    for (const object of map.values()) if ('scenario' in object && object.scenario !== null) push(inScenario, object.scenario, object);
  }
  // The start comes first, as it is where others begin.
  for (const [scenario, objects] of inScenario) {
    const starts = new Set<string>(Object.values(startOf(scenario)));
    objects.sort((a, b) => Number(starts.has(b.id)) - Number(starts.has(a.id)));
  }
  return inScenario;
}

function walk(score: Score, { of, processes, nodes, inScenario, foreign }: Numbers, pathOf: Map<ObjectId, readonly Json[]>): void {
  const base: readonly Json[] = [step('Scenario::ScenarioDocumentModel', 1), step('Scenario::BaseScenario', 0)];
  const add = (object: ScoreObject, before: readonly Json[]): readonly Json[] => {
    const name = object.kind === 'process' ? nameOf(object, foreign(object)) : object.kind === 'comment' ? '' : STEPS[object.kind];
    const path = [...before, step(name, of.get(object.id)!)];
    pathOf.set(object.id, path);
    return path;
  };
  const intervals: Interval[] = [score.intervals.get(ROOT.interval)!];
  for (const id of ['startSync', 'endSync'] as const) add(score.syncs.get(ROOT[id])!, base);
  for (const id of ['startEvent', 'endEvent'] as const) add(score.events.get(ROOT[id])!, base);
  for (const id of ['startState', 'endState'] as const) add(score.states.get(ROOT[id])!, base);
  for (let i = 0; i < intervals.length; i++) {
    const interval = intervals[i]!;
    const path = add(interval, interval.scenario === null ? base : pathOf.get(interval.scenario)!);
    for (const process of processes.get(interval.id) ?? []) {
      const own = add(process, path);
      for (const node of nodes.get(process.id) ?? []) openScenario(node, add(node, own));
      openScenario(process, own);
    }
  }
  function openScenario(process: Process, path: readonly Json[]): void {
    if (process.type !== 'scenario') return;
    for (const object of inScenario.get(process.id) ?? []) {
      if (object.kind === 'interval') intervals.push(object);
      else add(object, path);
    }
  }
}

const nameOf = (process: Process, foreign: JsonObject): string =>
  textAt(foreign, 'ObjectName') || textAt(shapeOf(process, textAt(foreign, 'uuid'))?.template, 'ObjectName', 'Process');
