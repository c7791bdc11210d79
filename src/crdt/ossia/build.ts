import { generateNKeysBetween } from 'fractional-indexing';
import type { Flicks, Issue } from '../../base.ts';
import { SYNC_TIMEOUT } from '../fields.ts';
import { startOf } from '../ids.ts';
import { ROOT } from '../score.ts';
import type { Comment, Event, Interval, ObjectId, Policies, Process, Score, ScoreObject, State, Sync } from '../score.ts';
import { parseAddress } from '../value.ts';
import { at, draftOf, idAt, listAt, numberAt, objectAt, objectOf, objectsAt, textAt, toNumber } from './access.ts';
import { readCables } from './cables.ts';
import { isBare } from './conditions.ts';
import { knownAddress, otherName } from './device-names.ts';
import { readDevices } from './devices.ts';
import { formOfUuid } from './forms.ts';
import { printJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { readNetwork } from './network.ts';
import type { Network } from './network.ts';
import { numberIn } from './numbers.ts';
import { orderOf } from './order.ts';
import { OTHERS } from './others.ts';
import { ownFieldsOf, ownPolicies, ownProcess } from './own.ts';
import { readParts } from './part.ts';
import type { Fields, Place } from './part.ts';
import { keyOf, ownWord } from './plan.ts';
import type { Found, FoundInterval, FoundProcess, FoundScenario, Plan } from './plan.ts';
import { opaquePorts, portsIn } from './ports.ts';
import type { Reporter } from './report.ts';
import { KEPT_NODAL, KEPT_NUMBER, KEPT_ORDER, canonical, racks, residue, shapeOf, uuidOf } from './shape.ts';
import { summaryOf } from './summary.ts';
import { toAddress } from './values.ts';

export interface BuildOptions {
  readonly reporter: Reporter;
  readonly isOld: boolean;
  readonly options: { readonly title?: string; readonly explain?: (expression: string) => Issue | undefined };
}

/** Objects under construction; nothing is checked here that `read` repairs. */
interface Site extends BuildOptions {
  readonly plan: Plan;
  readonly network: Network;
  readonly naming: (name: string) => string;
  readonly intervals: Map<ObjectId, Interval>;
  readonly syncs: Map<ObjectId, Sync>;
  readonly events: Map<ObjectId, Event>;
  readonly states: Map<ObjectId, State>;
  readonly processes: Map<ObjectId, Process>;
  readonly comments: Map<ObjectId, Comment>;
}

const ranks = (count: number): readonly string[] => generateNKeysBetween(null, null, count);
const TITLE_MAX = 200;

export function build(file: JsonObject, plan: Plan, given: BuildOptions): Score {
  const { reporter, options } = given;
  const naming = createNaming(reporter);
  const own = objectAt(file, 'Tutti');
  const plugins = at(file, 'Plugins');
  const network = readNetwork(plugins, plan, reporter, ranks);
  const site: Site = {
    ...given,
    ...{ plan, network, naming },
    ...{ intervals: new Map(), syncs: new Map(), events: new Map(), states: new Map(), processes: new Map(), comments: new Map() },
  };
  const devices = readDevices(plugins, naming, reporter, listAt(own, 'devices'));
  const base = objectAt(objectAt(file, 'Document'), 'BaseScenario');
  addBase(site, base);
  addInterval(site, rootOf(plan.root, file), { scenario: null, start: ROOT.startState, end: ROOT.endState });
  const cables = readCables(objectAt(file, 'Document'), plan, site.processes, reporter);
  summarise(site, { cables: cables.size, devices: devices.size });
  const rootName = site.intervals.get(ROOT.interval)!.name;
  return {
    id: '',
    title: (own.has('title') ? textAt(own, 'title') : options.title || rootName).slice(0, TITLE_MAX),
    tempo: numberAt(own, 'tempo', 120),
    syncTimeout: SYNC_TIMEOUT.accept(numberAt(own, 'syncTimeout', SYNC_TIMEOUT.initial)) ?? SYNC_TIMEOUT.initial,
    ...site,
    ...{ cables, devices, groups: network.groups, tracks: new Map(), issues: [] },
  };
}

/** The document's speed is that of its root. */
function rootOf(root: FoundInterval, file: JsonObject): FoundInterval {
  const speed = at(objectAt(file, 'Document'), 'Speed');
  // Of two that say the same, the root's own spelling is what is kept of it.
  const isSaid = speed === undefined || toNumber(speed) === toNumber(at(root.json, 'Speed'));
  return isSaid ? root : { ...root, json: new Map([...root.json, ['Speed', speed]]) };
}

/** Names of devices that addresses here cannot begin with get another one, the same everywhere. */
function createNaming(reporter: Reporter): (name: string) => string {
  return (name) => {
    if (parseAddress(`${name}:/`)) return name;
    const other = otherName(name);
    reporter.say('approximated', `a device has the name ${other} here`, name);
    return other;
  };
}

/** `process:/id/parameter`, which states and automations write. */
const PARAMETER = 'process:/';

function placeOf(site: Site, found: Found, given: Partial<Place> = {}): Place {
  const { reporter, plan, naming } = site;
  return {
    nominal: 0 as Flicks,
    isStart: false,
    number: Math.round(numberAt(found.json, 'id', 0)),
    address(text) {
      const known = knownAddress(text, naming);
      if (known === undefined) reporter.say('approximated', 'what is no address here is left out', `${found.label}: ${text.slice(0, 80)}`);
      return known ?? '';
    },
    originally: (device) => device,
    parameterOf(path) {
      const key = keyOf(path) ?? '';
      const end = plan.ports.get(key);
      const process = plan.places.get(key.replace(/[<>].*$/, ''));
      const codec = process && formOfUuid(uuidOf(process.json))?.ports.find(({ name }) => name === end?.port)?.codec;
      return end && { address: `${PARAMETER}${end.process}/${end.port}`, codec };
    },
    controlOf: (address) => (address.startsWith(PARAMETER) ? { path: null } : undefined),
    note: (message) => reporter.say('approximated', message, found.label),
    ...given,
  };
}

type Kind = ScoreObject['kind'];

interface Reading {
  readonly fields: Fields;
  readonly foreign: { readonly foreign?: string };
  readonly policies: Policies;
}

/** What the object says itself, Tutti's own word before ossia's. */
function read(
  site: Site,
  found: Found,
  shaped: { readonly kind: Kind; readonly type?: Process['type']; readonly isTransition?: boolean },
  place: Place,
): Reading {
  const made = shapeOf(shaped, uuidOf(found.json))!;
  const fields: Fields = { ...readParts(made.parts, found.json, place), ...ownFieldsOf(ownWord(found.json), shaped) };
  const quiet = { ...place, note: () => undefined };
  const own = shaped.type === 'opaque' ? objectOf({}) : canonical(made, fields, quiet, shaped.kind === 'process');
  const drawn = shaped.kind === 'interval' && !shaped.isTransition ? racks(objectsAt(found.json, 'Processes')) : objectOf({});
  const foreign = residue(withMarks(found, shaped.type === 'opaque'), draftOf(own, drawn), made, site.isOld && shaped.type !== 'opaque');
  const policies = ownPolicies(at(ownWord(found.json), 'policies'));
  return {
    fields,
    foreign: foreign === undefined ? {} : { foreign },
    policies: Object.keys(policies).length > 0 ? policies : (site.network.policies.get(found.id) ?? {}),
  };
}

/** With what neither ids nor fields tell: a number of its own, the order of its lists. */
function withMarks({ id, json }: Found, isOpaque: boolean): JsonObject {
  const number = idAt(json, 'id');
  const isTold = number === undefined || number === numberIn(id) || textAt(ownWord(json), 'id') === id;
  const order = isOpaque ? undefined : orderOf(json);
  return isTold && !order ? json : draftOf(json, objectOf({ [KEPT_NUMBER]: isTold ? undefined : number, [KEPT_ORDER]: order }));
}

function addBase(site: Site, base: JsonObject): void {
  for (const side of ['Start', 'End'] as const) {
    const ids = side === 'Start' ? startIds : endIds;
    const found = (key: string, id: ObjectId): Found => ({
      id,
      json: objectAt(base, `${side}${key}`),
      label: `${side.toLowerCase()} of the score`,
    });
    addSync(site, found('TimeNode', ids.sync), null, side === 'Start');
    addEvent(site, { ...found('Event', ids.event), sync: ids.sync }, null);
    addState(site, { ...found('State', ids.state), event: ids.event }, null);
  }
}
const startIds = { sync: ROOT.startSync, event: ROOT.startEvent, state: ROOT.startState };
const endIds = { sync: ROOT.endSync, event: ROOT.endEvent, state: ROOT.endState };

type Ends = Pick<Interval, 'scenario' | 'start' | 'end'>;

function addInterval(site: Site, found: FoundInterval, ends: Ends): void {
  const isTransition = at(found.json, 'Graphal') === true;
  const { fields, foreign, policies } = read(site, found, { kind: 'interval', isTransition }, placeOf(site, found));
  const rest = { isMuted: false, signatures: [], quantisation: -1, date: 0 as Flicks, ...fields } as unknown as Interval;
  const interval: Interval = { ...rest, kind: 'interval', id: found.id, policies, ...ends, isTransition, ...foreign };
  site.intervals.set(found.id, interval);
  const order = ranks(found.processes.length);
  found.processes.forEach((process, i) => addProcess(site, process, { interval, rank: order[i]! }));
  addOwn(site, found, interval);
}

/** Processes that ossia has no form for, in Tutti's own words. */
function addOwn(site: Site, found: Found, interval: Interval): void {
  for (const json of objectsAt(ownWord(found.json), 'processes')) {
    const process = ownProcess(json, interval.id);
    if (process) site.processes.set(process.id, process);
    else site.reporter.say('mended', 'a process that is none is left out', found.label);
  }
}

function addProcess(site: Site, found: FoundProcess, { interval, rank }: { readonly interval: Interval; readonly rank: string }): void {
  const type = typeOf(found);
  const place = placeOf(site, found, { nominal: interval.nominal });
  const { fields, foreign, policies } = read(site, found, { kind: 'process', type }, place);
  const uuid = uuidOf(found.json);
  const rest: Fields = {
    ...fields,
    ...(type === 'opaque' && { uuid, label: OTHERS[uuid] ?? textAt(found.json, 'ObjectName'), ports: opaquePorts(found.json) }),
    ...(type === 'scenario' && { startSync: startOf(found.id).sync }),
  };
  const kept = found.nodal === undefined ? foreign : { foreign: withNodal(foreign.foreign, found.nodal) };
  site.processes.set(found.id, {
    rank,
    ...rest,
    kind: 'process',
    id: found.id,
    policies,
    interval: interval.id,
    type,
    ...kept,
  } as unknown as Process);
  const form = formOfUuid(uuid);
  if (form) sayBound(site, found, Object.values(fields));
  if (form?.caveat !== undefined) site.reporter.say('approximated', form.caveat, found.label);
  if (found.scenario) addScenario(site, found, found.scenario);
}

/** Controls that follow an address, or outlets besides the one that there is here, do not. */
function sayBound({ reporter }: Site, { json, label }: Found, taken: readonly unknown[]): void {
  for (const port of portsIn(json)) {
    const address = toAddress(at(port.json, 'Address'));
    if (address === '' || taken.includes(address)) continue;
    const name = textAt(port.json, 'Custom') || 'port';
    reporter.say('approximated', 'a control or port that is bound to an address of its own is not, here', `${label}: ${name} ${address}`);
  }
}

const typeOf = (found: FoundProcess): Process['type'] => (found.scenario ? 'scenario' : (formOfUuid(uuidOf(found.json))?.type ?? 'opaque'));
/** Where a node is to go back to. */
const withNodal = (foreign: string | undefined, nodal: ObjectId): string => {
  const mark = printJson(objectOf({ [KEPT_NODAL]: nodal }));
  return foreign === undefined ? mark : `${foreign.slice(0, -1)},${mark.slice(1)}`;
};

function addScenario(site: Site, { id: scenario, json }: Found, found: FoundScenario): void {
  const starts = startOf(scenario);
  for (const sync of found.syncs) addSync(site, sync, scenario, sync.id === starts.sync);
  for (const event of found.events) addEvent(site, event, scenario);
  for (const state of found.states) addState(site, state, scenario);
  for (const interval of found.intervals) addInterval(site, interval, { scenario, start: interval.start, end: interval.end });
  for (const comment of found.comments) {
    const { fields, foreign } = read(site, comment, { kind: 'comment' }, placeOf(site, comment));
    site.comments.set(comment.id, { ...(fields as unknown as Comment), kind: 'comment', id: comment.id, scenario, ...foreign });
  }
  if (objectsAt(json, 'TimeNodes').length === 0) site.reporter.say('mended', 'a scenario had no start; it has one now');
}

function addSync(site: Site, found: Found, scenario: ObjectId | null, isStart: boolean): void {
  const { fields, foreign, policies } = read(site, found, { kind: 'sync' }, placeOf(site, found, { isStart }));
  const { trigger, ...rest } = fields as { readonly trigger?: string };
  if (trigger !== undefined) check(site, trigger, found.label);
  site.syncs.set(found.id, {
    ...(rest as unknown as Sync),
    ...{ kind: 'sync', id: found.id, policies, scenario, ...foreign },
    ...(trigger !== undefined && { trigger }),
  });
}

function addEvent(site: Site, found: Found & { readonly sync: ObjectId }, scenario: ObjectId | null): void {
  const { fields, foreign, policies } = read(site, found, { kind: 'event' }, placeOf(site, found));
  const event = {
    ...(fields as unknown as Event),
    ...{ kind: 'event', id: found.id, policies, scenario, sync: found.sync, ...foreign },
  } as Event;
  if (event.condition !== '') check(site, event.condition, found.label);
  site.events.set(found.id, event);
}

function addState(site: Site, found: Found & { readonly event: ObjectId }, scenario: ObjectId | null): void {
  const { fields, foreign } = read(site, found, { kind: 'state' }, placeOf(site, found));
  site.states.set(found.id, { ...(fields as unknown as State), kind: 'state', id: found.id, scenario, event: found.event, ...foreign });
  const instant = objectsAt(found.json, 'StateProcesses');
  for (const process of instant)
    site.reporter.say('kept', 'a process that a state runs at once', `${found.label}: ${textAt(process, 'ObjectName')}`);
}

/** Expressions stay as they were written; what is odd about them is told. */
function check({ reporter, options }: Site, expression: string, label: string): void {
  if (isBare(expression))
    reporter.say('approximated', 'an expression names addresses without %, which ossia itself cannot read; here it counts', label);
  const issue = expression === '' ? undefined : options.explain?.(expression);
  if (issue) reporter.say('approximated', `an expression cannot be understood: ${issue.message}`, label);
}

function summarise(site: Site, others: Readonly<Record<'cables' | 'devices', number>>): void {
  const { reporter, processes } = site;
  const [counts, ...kinds] = summaryOf({ ...site, cables: { size: others.cables }, devices: { size: others.devices } }, processes.values());
  reporter.say('understood', counts!);
  for (const process of processes.values())
    if (process.type === 'opaque') reporter.say('kept', `${process.label || 'a process'} is a grey block`, process.name || process.id);
  for (const line of kinds) reporter.say('understood', line);
}
