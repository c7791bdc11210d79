import { flicks } from '../../base.ts';
import type { Flicks } from '../../base.ts';
import { DURATION_MIN } from '../fields.ts';
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
  addBase(raw, table);
  addRoot(raw, table);
  const scenarios: ObjectId[] = [ROOT.scenario];
  openInterval(ROOT.interval, children, table, scenarios);
  for (let i = 0; i < scenarios.length; i++) {
    const scenario = scenarios[i]!;
    addStart(raw, table, scenario);
    const inside = children.get(scenario) ?? [];
    children.delete(scenario);
    for (const object of inside) {
      if (object.kind !== 'process') place(table, object);
      if (object.kind === 'interval') openInterval(object.id, children, table, scenarios);
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

/** Processes of an interval; what lies in its scenarios comes later. */
function openInterval(id: ObjectId, children: Map<ObjectId, ScoreObject[]>, table: Table, scenarios: ObjectId[]): void {
  const inside = children.get(id) ?? [];
  children.delete(id);
  for (const process of inside) {
    if (process.kind !== 'process') continue;
    place(table, process.type === 'scenario' ? { ...process, startSync: startOf(process.id).sync } : process);
    if (process.type === 'scenario') scenarios.push(process.id);
  }
}

/** The root interval has no end of its own: only a stop ends it. */
function addBase(raw: Raw, table: Table): void {
  for (const id of BASE_IDS) {
    const entry = raw.objects.get(id) ?? NONE;
    const isStart = id.startsWith('root.start');
    const scenario = null;
    if (id.endsWith('.sync')) {
      const sync = parseSync(id, entry);
      place(table, { ...(!isStart && { trigger: '' }), ...sync, scenario, isStart });
    } else if (id.endsWith('.event')) place(table, { ...parseEvent(id, entry), scenario, sync: isStart ? ROOT.startSync : ROOT.endSync });
    else place(table, { ...parseState(id, entry), scenario, event: isStart ? ROOT.startEvent : ROOT.endEvent });
  }
}

function addRoot(raw: Raw, table: Table): void {
  const defaults: readonly (readonly [string, unknown])[] = [
    ['nominal', ROOT_NOMINAL],
    ['isRigid', false],
    ['isMinNull', true],
    ['isMaxInfinite', true],
  ];
  const entry = new Map([...defaults, ...(raw.objects.get(ROOT.interval) ?? NONE)]);
  const root = parseInterval(ROOT.interval, entry);
  const interval: Interval = {
    ...root,
    nominal: Math.max(DURATION_MIN, root.nominal) as Flicks,
    scenario: null,
    start: ROOT.startState,
    end: ROOT.endState,
    isTransition: false,
    date: 0 as Flicks,
  };
  place(table, interval);
  const process = parseProcessOf(ROOT.scenario, 'scenario', raw.objects.get(ROOT.scenario) ?? NONE) as Scenario;
  place(table, { ...process, interval: ROOT.interval, startSync: startOf(ROOT.scenario).sync });
}

/** Start sync, event and state of a scenario exist whether or not they are stored [SC3]. */
function addStart(raw: Raw, table: Table, scenario: ObjectId): void {
  const ids = startOf(scenario);
  const stored = (id: ObjectId, kind: string): RawEntry => {
    const entry = raw.objects.get(id) ?? NONE;
    return FIXED_IDS.has(id) || entry.get('kind') === kind ? entry : NONE;
  };
  place(table, { ...parseSync(ids.sync, stored(ids.sync, 'sync')), scenario, isStart: true, date: 0 as Flicks });
  place(table, { ...parseEvent(ids.event, stored(ids.event, 'event')), scenario, sync: ids.sync });
  place(table, { ...parseState(ids.state, stored(ids.state, 'state')), scenario, event: ids.event });
}
