import { SCENARIOS_DEEP_MAX } from '../field.ts';
import { derived, isId, startOf } from '../ids.ts';
import { ROOT } from '../score.ts';
import type { CableEnd, ObjectId } from '../score.ts';
import { at, draftOf, idAt, listAt, objectAt, objectsAt, textAt, toNumber, objectOf } from './access.ts';
import { NODAL, SCENARIO, formOfUuid } from './forms.ts';
import { isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { opaquePorts, portAt, portsIn } from './ports.ts';
import type { Reporter } from './report.ts';

/**
 * What is in a file and what it will be called. ossia's ids are unique among siblings only, so an object's id here is made
 * from its way from the root: `o.i3` is interval 3 of the outermost scenario, `o.i3.p1.e2` event 2 of scenario 1 in it.
 * The same file gives the same ids; a file of Tutti's own says where they were others.
 */
export interface Found {
  readonly id: ObjectId;
  readonly json: JsonObject;
  /** For a person: names from the outside in. */
  readonly label: string;
}
export interface FoundInterval extends Found {
  readonly processes: readonly FoundProcess[];
}
export interface FoundProcess extends Found {
  readonly scenario: FoundScenario | undefined;
  /** The process with nodes that it was taken out of. */
  readonly nodal: ObjectId | undefined;
}
export interface FoundScenario {
  readonly syncs: readonly Found[];
  readonly events: readonly (Found & { readonly sync: ObjectId })[];
  readonly states: readonly (Found & { readonly event: ObjectId })[];
  readonly intervals: readonly (FoundInterval & { readonly start: ObjectId; readonly end: ObjectId })[];
  readonly comments: readonly Found[];
}
export interface Plan {
  readonly root: FoundInterval;
  /** By the way to it: `i0p1y3`. */
  readonly places: ReadonlyMap<string, Found>;
  readonly ports: ReadonlyMap<string, CableEnd>;
  readonly count: number;
}

export const OBJECTS_MAX = 100_000;

/** More than can be read; caught by `plan`. */
class TooMuch extends Error {}

interface Walk {
  readonly reporter: Reporter;
  readonly places: Map<string, Found>;
  readonly ports: Map<string, CableEnd>;
  readonly ids: Set<string>;
  /** Where to look on for a free id, by the one that was wanted. */
  readonly suffixes: Map<ObjectId, number>;
  count: number;
}

/** Tutti's own word on an object, in files that it wrote. */
export const ownWord = (json: JsonObject): JsonObject => objectAt(json, 'Tutti');

export function plan(base: JsonObject, reporter: Reporter): Plan | undefined {
  const walk: Walk = { reporter, places: new Map(), ports: new Map(), ids: new Set(Object.values(ROOT)), suffixes: new Map(), count: 0 };
  for (const id of Object.values(startOf(ROOT.scenario))) walk.ids.add(id);
  try {
    const json = objectAt(base, 'Constraint');
    const key = `i${idAt(json, 'id') ?? 0}`;
    const found: Found = { id: ROOT.interval, json, label: '' };
    walk.places.set(key, found);
    const root: FoundInterval = { ...found, processes: processesIn(walk, found, key, 0) };
    return { root, places: walk.places, ports: walk.ports, count: walk.count };
  } catch (error) {
    if (error instanceof TooMuch) return undefined;
    throw error;
  }
}

const nameOf = (json: JsonObject, fallback: string): string =>
  textAt(objectAt(json, 'Metadata'), 'Label') || textAt(objectAt(json, 'Metadata'), 'ScriptingName') || fallback;
const labelOf = (parent: string, json: JsonObject, fallback: string): string =>
  `${parent === '' ? '' : `${parent} / `}${nameOf(json, fallback)}`.slice(-160);

/** The first object with a number among its siblings is the one that others mean by it. */
function register(walk: Walk, key: string, found: Found): void {
  if (++walk.count > OBJECTS_MAX) throw new TooMuch();
  if (!walk.places.has(key)) walk.places.set(key, found);
  else walk.reporter.say('mended', 'two objects had the same number; the second has one of its own now', found.label);
}

function claim(walk: Walk, json: JsonObject, wanted: ObjectId): ObjectId {
  const own = textAt(ownWord(json), 'id');
  let id = isId(own) && !walk.ids.has(own) ? own : wanted;
  if (walk.ids.has(id)) {
    let i = walk.suffixes.get(wanted) ?? 2;
    do id = derived(wanted, `~${i++}`);
    while (walk.ids.has(id));
    walk.suffixes.set(wanted, i);
  }
  walk.ids.add(id);
  return id;
}

/** Ids of what lies in the outermost scenario are short. */
const inside = (id: ObjectId): string => (id === ROOT.scenario ? 'o' : id === ROOT.interval ? 'root' : id);
const numbered = (parent: ObjectId, letter: string, json: JsonObject): ObjectId =>
  derived(inside(parent), `.${letter}${toNumber(at(json, 'id')) ?? ''}`).replace(/[^A-Za-z0-9_.~-]/g, '_');

function processesIn(walk: Walk, interval: Found, key: string, level: number): readonly FoundProcess[] {
  const processes: FoundProcess[] = [];
  for (const json of objectsAt(interval.json, 'Processes')) {
    const isScenario = textAt(json, 'uuid').toLowerCase() === SCENARIO;
    const isOutermost = isScenario && interval.id === ROOT.interval && !ownWord(json).has('id') && !walk.places.has('outermost');
    const id = isOutermost ? ROOT.scenario : claim(walk, json, numbered(interval.id, 'p', json));
    if (isOutermost) walk.places.set('outermost', interval);
    processes.push(
      ...processIn(walk, { id, json, label: labelOf(interval.label, json, textAt(json, 'ObjectName', 'process')) }, key, level),
    );
  }
  return processes;
}

/** The process itself, and where it holds others side by side, those. */
function processIn(walk: Walk, found: Found, before: string, level: number, nodal?: ObjectId): readonly FoundProcess[] {
  const key = `${before}p${idAt(found.json, 'id') ?? '?'}`;
  register(walk, key, found);
  const uuid = textAt(found.json, 'uuid').toLowerCase();
  addPorts(walk, found, key);
  const scenario = uuid === SCENARIO ? scenarioIn(walk, found, key, level) : undefined;
  const nodes = uuid === NODAL ? objectsAt(found.json, 'Nodes') : [];
  const inner = nodes.flatMap((json) =>
    processIn(
      walk,
      { id: claim(walk, json, numbered(found.id, 'p', json)), json, label: labelOf(found.label, json, 'process') },
      key,
      level,
      found.id,
    ),
  );
  return [{ ...found, scenario, nodal }, ...inner];
}

function addPorts(walk: Walk, { id: process, json }: Found, key: string): void {
  const form = formOfUuid(textAt(json, 'uuid'));
  if (!form) {
    for (const { id, direction } of opaquePorts(json))
      walk.ports.set(`${key}${direction === 'in' ? '<' : '>'}${id}`, { process, port: String(id) });
    return;
  }
  // A port that a file does not say is there all the same.
  const whole = draftOf(objectOf(form.template), json);
  const found = portsIn(whole);
  for (const { place, inner, name } of form.ports) {
    const outer = portAt(whole, place);
    const port = inner === undefined ? outer : at(outer, inner);
    const seen = found.find(({ json: each }) => each === port);
    if (seen) walk.ports.set(key + seen.path, { process, port: name });
  }
}

function scenarioIn(walk: Walk, found: Found, key: string, level: number): FoundScenario {
  if (level >= SCENARIOS_DEEP_MAX) throw new TooMuch();
  const { json, label } = found;
  const starts = startOf(found.id);
  for (const id of Object.values(starts)) walk.ids.add(id);
  const take = (each: JsonObject, letter: string, fallback: string, fixed?: ObjectId): Found => {
    const id = fixed ?? claim(walk, each, numbered(found.id, letter, each));
    const taken = { id, json: each, label: labelOf(label, each, fallback) };
    register(walk, `${key}${letter}${idAt(each, 'id') ?? '?'}`, taken);
    return taken;
  };
  const first = firstOf(json);
  const syncs = objectsAt(json, 'TimeNodes').map((each) => take(each, 'y', 'sync', each === first.sync ? starts.sync : undefined));
  const events = objectsAt(json, 'Events').map((each) => take(each, 'e', 'event', each === first.event ? starts.event : undefined));
  const states = objectsAt(json, 'States')
    .filter((each) => at(ownWord(each), 'isMade') !== true)
    .map((each) => take(each, 's', 'state', each === first.state ? starts.state : undefined));
  const find = (letter: string, number: Json | undefined): ObjectId =>
    walk.places.get(`${key}${letter}${toNumber(number) ?? ''}`)?.id ?? '';
  const inSync = holders(syncs, 'Events');
  const inEvent = holders(events, 'States');
  return {
    syncs,
    events: events.map((event) => ({ ...event, sync: find('y', at(event.json, 'TimeNode')) || inSync(event.json) })),
    states: states.map((state) => ({ ...state, event: find('e', at(state.json, 'Event')) || inEvent(state.json) })),
    intervals: objectsAt(json, 'Constraints').map((each) => {
      const taken = take(each, 'i', 'interval');
      const [start, end] = (['start', 'end'] as const).map((side) => endOf(walk, each, side, find));
      return { ...taken, start: start!, end: end!, processes: processesIn(walk, taken, `${key}i${idAt(each, 'id') ?? '?'}`, level + 1) };
    }),
    comments: objectsAt(json, 'Comments').map((each) => take(each, 'c', 'comment')),
  };
}

/** The state at an end; Tutti's own word tells which one where ossia needs another. */
function endOf(
  walk: Walk,
  json: JsonObject,
  side: 'start' | 'end',
  find: (letter: string, number: Json | undefined) => ObjectId,
): ObjectId {
  const own = textAt(ownWord(json), side);
  return isId(own) && walk.ids.has(own) ? own : find('s', at(json, side === 'start' ? 'StartState' : 'EndState'));
}

/** Where the child names no parent that exists, one that lists the child. */
function holders(parents: readonly Found[], key: string): (child: JsonObject) => ObjectId {
  let known: Map<number, ObjectId> | undefined;
  return (child) => {
    if (!known) {
      known = new Map();
      for (const { id, json } of parents) {
        for (const number of listAt(json, key).map(toNumber)) if (number !== undefined && !known.has(number)) known.set(number, id);
      }
    }
    return known.get(toNumber(at(child, 'id')) ?? Number.NaN) ?? '';
  };
}

/** Where the scenario starts: as it says; where that is missing, the first that fits. */
function firstOf(json: JsonObject): { readonly sync?: JsonObject; readonly event?: JsonObject; readonly state?: JsonObject } {
  const syncs = objectsAt(json, 'TimeNodes');
  const pick = (list: readonly JsonObject[], key: string): JsonObject | undefined =>
    list.find((each) => idAt(each, 'id') === (idAt(json, key) ?? 0));
  const sync = pick(syncs, 'StartTimeNodeId') ?? syncs.find((each) => toNumber(at(each, 'Date')) === 0);
  if (!sync) return {};
  const number = idAt(sync, 'id');
  const events = objectsAt(json, 'Events').filter((each) => idAt(each, 'TimeNode') === number);
  const event = pick(events, 'StartEventId') ?? events[0];
  const states = objectsAt(json, 'States').filter((each) => event !== undefined && idAt(each, 'Event') === idAt(event, 'id'));
  const state = pick(states, 'StartStateId') ?? states[0];
  return { sync, ...(event && { event }), ...(state && { state }) };
}

const KIND_SIGNS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|::)(?:IntervalModel|ConstraintModel)$/, 'i'],
  [/(?:^|::)(?:TimeSyncModel|TimeNodeModel)$/, 'y'],
  [/(?:^|::)EventModel$/, 'e'],
  [/(?:^|::)StateModel$/, 's'],
  [/^Inlet$/, '<'],
  [/^Outlet$/, '>'],
  [/(?:ScenarioDocumentModel|BaseScenario)$/, ''],
];

/** The way that a path of `{ObjectName, ObjectId}` takes, as keys of a plan; undefined if it is none. */
export function keyOf(path: Json | undefined): string | undefined {
  if (!Array.isArray(path)) return undefined;
  let key = '';
  for (const step of path as readonly Json[]) {
    const name = isObject(step) ? textAt(step, 'ObjectName') : '';
    const number = isObject(step) ? (idAt(step, 'ObjectId') ?? idAt(step, 'id')) : undefined;
    if (name === '' || number === undefined) return undefined;
    const sign = (KIND_SIGNS.find(([pattern]) => pattern.test(name)) ?? [undefined, 'p'])[1];
    if (sign !== '') key += sign + String(number);
  }
  return key;
}
