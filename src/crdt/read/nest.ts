import { flicks } from '../../base.ts';
import type { Flicks } from '../../base.ts';
import { DURATION_MIN, SCENARIOS_DEEP_MAX } from '../fields.ts';
import { BASE_IDS, FIXED_IDS, startOf } from '../ids.ts';
import type { Raw, RawEntry } from '../raw.ts';
import { ROOT } from '../score.ts';
import type { Interval, ObjectId, Scenario, ScoreObject } from '../score.ts';
import { parseEvent, parseInterval, parseObject, parseProcessOf, parseState, parseSync } from './parse.ts';
import { complain, createTable, place } from './table.ts';
import type { Table } from './table.ts';

const NONE: RawEntry = new Map();
const ROOT_NOMINAL = flicks(60_000);

/**
 * Which objects are part of the score: the fixed ones, and what hangs on them from scenario to interval to process. What
 * hangs on nothing, or on itself, is left out (its entry stays, so an undo elsewhere may bring it back).
 */
export function nest(raw: Raw, order: readonly ObjectId[]): Table {
  const table = createTable();
  const children = childrenOf(raw, order, table);
  for (const id of [...BASE_IDS, ROOT.interval, ROOT.scenario]) place(table, fixedObject(raw, id));
  const scenarios: Nested[] = [{ scenario: ROOT.scenario, depth: 1 }];
  openInterval({ id: ROOT.interval, depth: 0 }, children, table, scenarios);
  for (let i = 0; i < scenarios.length; i++) {
    const { scenario, depth } = scenarios[i]!;
    for (const id of Object.values(startOf(scenario))) place(table, startObject(raw, scenario, id)!);
    const inside = children.get(scenario) ?? [];
    children.delete(scenario);
    for (const object of inside) {
      if (object.kind !== 'process') place(table, object);
      if (object.kind === 'interval') openInterval({ id: object.id, depth }, children, table, scenarios);
    }
  }
  for (const objects of children.values()) {
    for (const { id } of objects) complain(table, id, 'What this object lies in is gone; it is left out.');
  }
  return table;
}

/** Objects by what they lie in; ids that belong to the starts of scenarios are not for others. */
function childrenOf(raw: Raw, order: readonly ObjectId[], table: Table): Map<ObjectId, ScoreObject[]> {
  const objects: ScoreObject[] = [];
  const reserved = new Set<ObjectId>(FIXED_IDS);
  for (const id of order) {
    const object = FIXED_IDS.has(id) ? undefined : parseObject(id, raw.objects.get(id) ?? NONE);
    if (object) objects.push(object);
    else if (!FIXED_IDS.has(id)) complain(table, id, 'This entry of the document is not an object and was left out.');
    if (object?.kind === 'process' && object.type === 'scenario') for (const start of Object.values(startOf(id))) reserved.add(start);
  }
  const children = new Map<ObjectId, ScoreObject[]>();
  for (const object of objects) {
    if (reserved.has(object.id)) continue;
    const parent = (object.kind === 'process' ? object.interval : object.scenario) ?? '';
    const siblings = children.get(parent);
    if (siblings) siblings.push(object);
    else children.set(parent, [object]);
  }
  return children;
}

interface Nested {
  readonly scenario: ObjectId;
  /** Of the root's scenario 1. */
  readonly depth: number;
}

/** Processes of an interval; what lies in its scenarios comes later. depth: scenarios around it. */
function openInterval(
  { id, depth }: { readonly id: ObjectId; readonly depth: number },
  children: Map<ObjectId, ScoreObject[]>,
  table: Table,
  scenarios: Nested[],
): void {
  const inside = children.get(id) ?? [];
  children.delete(id);
  for (const process of inside) {
    if (process.kind !== 'process') continue;
    if (process.type !== 'scenario') place(table, process);
    else if (depth >= SCENARIOS_DEEP_MAX) complain(table, process.id, 'Scenarios lie too deep in one another here; this one is left out.');
    else {
      place(table, { ...process, startSync: startOf(process.id).sync });
      scenarios.push({ scenario: process.id, depth: depth + 1 });
    }
  }
}

/** Bounds of the root interval, itself, its scenario: what every score has, whatever the document says of it. */
export function fixedObject(raw: Raw, id: ObjectId): ScoreObject {
  const entry = raw.objects.get(id) ?? NONE;
  if (id === ROOT.interval) return rootInterval(entry);
  if (id === ROOT.scenario) {
    const process = parseProcessOf(id, 'scenario', entry) as Scenario;
    return { ...process, interval: ROOT.interval, startSync: startOf(id).sync };
  }
  if (!BASE_IDS.has(id)) return startObject(raw, ROOT.scenario, id)!;
  const isStart = id.startsWith('root.start');
  const scenario = null;
  if (id.endsWith('.sync')) return { ...(!isStart && endTrigger(entry)), ...parseSync(id, entry), scenario, isStart };
  if (id.endsWith('.event')) return { ...parseEvent(id, entry), scenario, sync: isStart ? ROOT.startSync : ROOT.endSync };
  return { ...parseState(id, entry), scenario, event: isStart ? ROOT.startEvent : ROOT.endEvent };
}

/** The root interval has no end of its own: only a stop ends it. null: nobody is waited for where it has one. */
const endTrigger = (entry: RawEntry): { readonly trigger?: string } => (entry.get('trigger') === null ? {} : { trigger: '' });
/** How a document says that a sync has no trigger: the field is absent, but where absent means one that waits for ever. */
export const absentTrigger = (id: ObjectId): null | undefined => (id === ROOT.endSync ? null : undefined);

function rootInterval(stored: RawEntry): Interval {
  const defaults: readonly (readonly [string, unknown])[] = [
    ['nominal', ROOT_NOMINAL],
    ['isRigid', false],
    ['isMinNull', true],
    ['isMaxInfinite', true],
  ];
  const entry = new Map([...defaults, ...stored]);
  const nominal = entry.get('nominal');
  if (typeof nominal === 'number' && nominal < DURATION_MIN) entry.set('nominal', DURATION_MIN);
  return {
    ...parseInterval(ROOT.interval, entry),
    scenario: null,
    start: ROOT.startState,
    end: ROOT.endState,
    isTransition: false,
    date: 0 as Flicks,
  };
}

/** Start sync, event and state of a scenario exist whether or not they are stored [SC3]. undefined for another id. */
export function startObject(raw: Raw, scenario: ObjectId, id: ObjectId): ScoreObject | undefined {
  const ids = startOf(scenario);
  const stored = (kind: string): RawEntry => {
    const entry = raw.objects.get(id) ?? NONE;
    return FIXED_IDS.has(id) || entry.get('kind') === kind ? entry : NONE;
  };
  if (id === ids.sync) return { ...parseSync(id, stored('sync')), scenario, isStart: true, date: 0 as Flicks };
  if (id === ids.event) return { ...parseEvent(id, stored('event')), scenario, sync: ids.sync };
  return id === ids.state ? { ...parseState(id, stored('state')), scenario, event: ids.event } : undefined;
}
