import { generateNKeysBetween } from 'fractional-indexing';
import { CATALOGUE } from '../catalogue.ts';
import { isUntouched } from '../file.ts';
import { startOf } from '../ids.ts';
import { ROOT } from '../score.ts';
import type { Event, Interval, ObjectId, Process, Scenario, Score, ScoreObject, State, Sync } from '../score.ts';
import { at, draftOf, duration, float, listAt, objectAt, objectOf, textAt } from './access.ts';
import type { Draft } from './access.ts';
import { placeOf } from './desk.ts';
import type { Desk } from './desk.ts';
import { documentWord, writeCables, writePlugins } from './export-besides.ts';
import { NODAL } from './forms.ts';
import { printJson } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { createPolicyWriter } from './network.ts';
import { number } from './numbers.ts';
import { nameOf, sayMissing, sayWord } from './missing.ts';
import { inOrder } from './order.ts';
import type { ListKey } from './order.ts';
import type { Fields } from './part.ts';
import { createReporter } from './report.ts';
import type { Report } from './report.ts';
import { KEPT_NODAL, KEPT_NUMBER, KEPT_ORDER, fromPlain, ownFields, racks, shapeOf, toForeign, uuidOf, written } from './shape.ts';
import { summaryOf } from './summary.ts';

/**
 * A score as a `.score` of version 4. What came from such a file and was not touched goes out as it came, to the
 * character; what ossia has no words for stands under `Tutti`, which ossia passes over and import reads [OS5, OS6].
 */
export const exportScore = (score: Score): string => exportWithReport(score).text;

/** report: what ossia has, has otherwise, or does not have of it. */
export function exportWithReport(score: Score): { readonly text: string; readonly report: Report } {
  const numbers = number(score);
  const reporter = createReporter();
  const desk: Desk = { score, numbers, policies: createPolicyWriter(score), made: new Map(), highest: new Map(), reporter };
  const kept = toForeign(score.foreign);
  const document = objectAt(kept, 'Document');
  const root = score.intervals.get(ROOT.interval)!;
  const base = draftOf(
    objectOf({ ObjectName: 'Scenario::BaseScenario', id: 0 }),
    objectAt(kept, 'BaseScenario'),
    objectOf({
      Constraint: writeInterval(desk, root),
      StartTimeNode: writeSync(desk, score.syncs.get(ROOT.startSync)!),
      EndTimeNode: writeSync(desk, score.syncs.get(ROOT.endSync)!),
      StartEvent: writeEvent(desk, score.events.get(ROOT.startEvent)!),
      EndEvent: writeEvent(desk, score.events.get(ROOT.endEvent)!),
      StartState: writeState(desk, score.states.get(ROOT.startState)!),
      EndState: writeState(desk, score.states.get(ROOT.endState)!),
    }),
  );
  const { cables, own } = writeCables(desk, listAt(document, 'Cables'));
  const file = draftOf(
    objectOf({
      Document: draftOf(
        objectOf({
          ObjectName: 'Scenario::ScenarioDocumentModel',
          id: 1,
          BaseScenario: base,
          Speed: float(root.speed),
          Cables: cables,
          BusIntervals: [],
        }),
        new Map([...document].filter(([key]) => key !== 'Cables')),
      ),
      Plugins: writePlugins(desk, listAt(kept, 'Plugins')),
      Version: 4,
      Commit: textAt(kept, 'Commit'),
      Tag: textAt(kept, 'Tag'),
    }),
  );
  file.set('Tutti', documentWord(desk, own));
  for (const line of countsOf(desk)) reporter.say('understood', line);
  sayMissing(desk, own);
  return { text: `${printJson(file, true)}\n`, report: reporter.report() };
}

const ranks = (count: number): readonly string[] => generateNKeysBetween(null, null, count);

/** The object with its number first, and Tutti's own word last. */
function finish(
  desk: Desk,
  object: ScoreObject,
  draft: Draft,
  structure: Readonly<Record<string, Json | undefined>>,
  word: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const { of } = desk.numbers;
  const id = of.get(object.id)!;
  const policies = 'policies' in object ? desk.policies.wordOf(object) : undefined;
  const own = objectOf({ ...word, policies });
  sayWord(desk, object, word['fields'], policies !== undefined);
  draft.delete('id');
  for (const mark of [KEPT_NUMBER, KEPT_ORDER, KEPT_NODAL]) draft.delete(mark);
  const head = ['uuid', 'ObjectName'].flatMap((key) => (draft.has(key) ? [[key, draft.get(key)!] as const] : []));
  return new Map<string, Json>([
    ...head,
    ['id', id],
    ...[...draft].filter(([key]) => key !== 'uuid' && key !== 'ObjectName'),
    ...objectOf(structure),
    ...(own.size > 0 ? ([['Tutti', own]] as const) : []),
  ]);
}

/** Where import would give another id. */
function wordOn(object: ScoreObject, expected: ObjectId, fields: Fields): Record<string, Json | undefined> {
  return {
    id: object.id === expected ? undefined : object.id,
    fields: Object.keys(fields).length === 0 ? undefined : fromPlain(fields),
  };
}

const expectedId = ({ numbers }: Desk, object: ScoreObject, parent: ObjectId | null, letter: string): ObjectId => {
  if (parent === null || isFixed(object, parent)) return object.id;
  // Else the first of them would be taken for the outermost one.
  if (parent === ROOT.interval && object.kind === 'process' && object.type === 'scenario') return '';
  const stem = parent === ROOT.scenario ? 'o' : parent === ROOT.interval ? 'root' : parent;
  return `${stem}.${letter}${numbers.of.get(object.id)}`;
};
const isFixed = (object: ScoreObject, parent: ObjectId): boolean =>
  object.id === ROOT.scenario || (Object.values(startOf(parent)) as readonly string[]).includes(object.id);

function draftFor(
  desk: Desk,
  object: ScoreObject,
  fields: Fields,
  isStart = false,
): { readonly draft: Draft; readonly rest: Fields } | undefined {
  const foreign = desk.numbers.foreign(object);
  const shape = shapeOf(object, uuidOf(foreign));
  if (!shape) return undefined;
  const place = placeOf(desk, object, isStart);
  const draft = written(shape, fields, foreign, place, object.kind === 'process');
  return { draft, rest: ownFields({ ...object, ...fields } as ScoreObject, shape, draft, place) };
}

function writeInterval(desk: Desk, interval: Interval): JsonObject {
  const { draft, rest } = draftFor(desk, interval, interval as unknown as Fields)!;
  const word = wordOn(interval, expectedId(desk, interval, interval.scenario, 'i'), rest);
  const [start, end] = (['start', 'end'] as const).map((side) => stateFor(desk, interval, side));
  const ends = { StartState: start!.number, EndState: end!.number, StartDate: duration(interval.date) };
  Object.assign(word, { start: start!.own, end: end!.own });
  if (interval.isTransition) return finish(desk, interval, draft, { Graphal: true, ...ends }, word);
  const { written: processes, own } = writeProcesses(desk, interval);
  if (own.length > 0) word['processes'] = own;
  for (const [key, rack] of racks(processes)) if (!draft.has(key)) draft.set(key, rack);
  return finish(desk, interval, draft, { Processes: processes, ...ends }, word);
}

interface End {
  readonly number: Json;
  /** The state that is meant, where the file needs another one. */
  readonly own: Json | undefined;
}

/** ossia lets one interval end and one begin at a state: further ones get a state that is only there for them. */
function stateFor(desk: Desk, interval: Interval, side: 'start' | 'end'): End {
  const { score, numbers, made } = desk;
  const id = interval[side];
  const first = sidesOf(score).get(`${side} ${id}`);
  if (interval.scenario === null || first === interval.id) return { number: numbers.of.get(id)!, own: undefined };
  const list = made.get(interval.scenario) ?? [];
  made.set(interval.scenario, list);
  desk.reporter.say('approximated', 'where intervals share a state, each has a state of its own in ossia', nameOf(interval));
  const next = highestState(desk, interval.scenario) + 1 + list.length;
  const state = score.states.get(id)!;
  const twin = written(
    shapeOf({ kind: 'state' })!,
    { name: '', lane: interval.lane, messages: [] },
    objectOf({}),
    placeOf(desk, state),
    false,
  );
  const own = numbers.of.get(interval.id)!;
  list.push(
    new Map<string, Json>([
      ...twin,
      ['id', next],
      ['Event', numbers.of.get(state.event)!],
      ['PreviousConstraint', side === 'end' ? own : null],
      ['NextConstraint', side === 'start' ? own : null],
      ['Tutti', objectOf({ isMade: true })],
    ]),
  );
  return { number: next, own: id };
}

/** Of the states that lie in a scenario; counted once, as thousands of intervals may ask. */
function highestState({ numbers, highest }: Desk, scenario: ObjectId): number {
  const known = highest.get(scenario);
  if (known !== undefined) return known;
  let most = 0;
  for (const { kind, id } of numbers.inScenario.get(scenario) ?? []) if (kind === 'state') most = Math.max(most, numbers.of.get(id)!);
  highest.set(scenario, most);
  return most;
}

const sides = new WeakMap<Score, ReadonlyMap<string, ObjectId>>();
/** The interval that has each side of a state: an ordinary one before a transition, then the first by id. */
function sidesOf(score: Score): ReadonlyMap<string, ObjectId> {
  const made = sides.get(score) ?? new Map<string, ObjectId>();
  if (!sides.has(score)) {
    const ordered = [...score.intervals.values()].sort((a, b) => Number(a.isTransition) - Number(b.isTransition));
    for (const { id, start, end } of ordered) {
      for (const key of [`start ${start}`, `end ${end}`]) if (!made.has(key)) (made as Map<string, ObjectId>).set(key, id);
    }
    sides.set(score, made);
  }
  return made;
}

function writeProcesses(desk: Desk, interval: Interval): { readonly written: readonly JsonObject[]; readonly own: readonly Json[] } {
  const all = desk.numbers.processes.get(interval.id) ?? [];
  const here = all.filter((process) => isWritable(desk, process) && !isLeftOut(desk, process));
  const own = all.filter((process) => !isWritable(desk, process));
  for (const process of own) desk.reporter.say('kept', `${CATALOGUE[process.type].label}: ossia has no such process`, nameOf(process));
  const order = ranks(here.length + here.reduce((sum, { id }) => sum + (desk.numbers.nodes.get(id)?.length ?? 0), 0));
  let i = 0;
  const jsons = here.map((process) => {
    const rank = order[i++]!;
    const nodes = (desk.numbers.nodes.get(process.id) ?? []).map((node) => writeProcess(desk, node, process.id, order[i++]!));
    return writeProcess(desk, process, interval.id, rank, nodes);
  });
  return { written: jsons, own: own.map((process) => ownProcess(process)) };
}

/** The score's own scenario, where there is nothing in it but something beside it. */
const isLeftOut = (desk: Desk, process: Process): boolean =>
  process.id === ROOT.scenario &&
  isUntouched(process) &&
  (desk.numbers.processes.get(process.interval) ?? []).some(({ type }) => type !== 'scenario') &&
  isEmpty(desk, process);

/** Counts of what ossia has words for. */
function countsOf(desk: Desk): readonly string[] {
  const { score } = desk;
  const isGone = [...score.processes.values()].some((process) => isLeftOut(desk, process));
  const here = <T extends { readonly scenario: ObjectId | null }>(objects: ReadonlyMap<ObjectId, T>): { readonly size: number } =>
    isGone ? { size: [...objects.values()].filter(({ scenario }) => scenario !== ROOT.scenario).length } : objects;
  const { intervals, syncs, events, states } = score;
  const counted = { ...score, intervals: here(intervals), syncs: here(syncs), events: here(events), states: here(states) };
  return summaryOf(
    counted,
    [...score.processes.values()].filter((process) => isWritable(desk, process) && !isLeftOut(desk, process)),
  );
}

const isWritable = ({ numbers }: Desk, process: Process): boolean =>
  process.type === 'opaque' ? numbers.foreign(process).size > 0 : shapeOf(process, uuidOf(numbers.foreign(process))) !== undefined;
const isEmpty = ({ numbers }: Desk, process: Process): boolean => (numbers.inScenario.get(process.id) ?? []).every(isUntouched);

/** A process that ossia would not know, as the score has it. */
const ownProcess = (process: Process): Json =>
  fromPlain(Object.fromEntries(Object.entries(process).filter(([key]) => key !== 'kind' && key !== 'interval')));

function writeProcess(desk: Desk, process: Process, parent: ObjectId, rank: string, nodes: readonly JsonObject[] = []): JsonObject {
  const { draft, rest } = draftFor(desk, process, process as unknown as Fields)!;
  const fields = process.rank === rank ? rest : { ...rest, rank: process.rank };
  const word = wordOn(process, expectedId(desk, process, parent, 'p'), fields);
  const scenario = process.type === 'scenario' ? writeScenario(desk, process) : {};
  const isNodal = process.type === 'opaque' && process.uuid === NODAL;
  return finish(desk, process, draft, { ...scenario, Nodes: isNodal ? nodes : undefined }, word);
}

function writeScenario(desk: Desk, scenario: Scenario): Readonly<Record<string, Json>> {
  const { numbers, made } = desk;
  const objects = numbers.inScenario.get(scenario.id) ?? [];
  const starts = startOf(scenario.id);
  const pick = <K extends ScoreObject['kind']>(kind: K, key: ListKey): readonly Extract<ScoreObject, { kind: K }>[] =>
    listed(
      desk,
      scenario,
      key,
      objects.filter((object): object is Extract<ScoreObject, { kind: K }> => object.kind === kind),
    );
  const intervals = pick('interval', 'Constraints').map((interval) => writeInterval(desk, interval));
  return {
    StartTimeNodeId: numbers.of.get(starts.sync)!,
    StartEventId: numbers.of.get(starts.event)!,
    StartStateId: numbers.of.get(starts.state)!,
    TimeNodes: pick('sync', 'TimeNodes').map((sync) => writeSync(desk, sync)),
    Events: pick('event', 'Events').map((event) => writeEvent(desk, event)),
    States: [...pick('state', 'States').map((state) => writeState(desk, state)), ...(made.get(scenario.id) ?? [])],
    Constraints: intervals,
    Comments: pick('comment', 'Comments').map((comment) => {
      const { draft, rest } = draftFor(desk, comment, comment as unknown as Fields)!;
      return finish(desk, comment, draft, {}, wordOn(comment, expectedId(desk, comment, scenario.id, 'c'), rest));
    }),
  };
}

function writeSync(desk: Desk, sync: Sync): JsonObject {
  const isStart = sync.id === ROOT.startSync || (sync.scenario !== null && sync.id === startOf(sync.scenario).sync);
  const { draft, rest } = draftFor(desk, sync, sync as unknown as Fields, isStart)!;
  const events = childrenOf(desk.score).get(sync.id) ?? [];
  const word = wordOn(sync, expectedId(desk, sync, sync.scenario, 'y'), rest);
  return finish(desk, sync, draft, { Events: numbersOf(desk, sync, 'Events', events) }, word);
}

const children = new WeakMap<Score, ReadonlyMap<ObjectId, readonly ScoreObject[]>>();
/** Events by their sync, states by their event. */
function childrenOf(score: Score): ReadonlyMap<ObjectId, readonly ScoreObject[]> {
  const known = children.get(score);
  if (known) return known;
  const made = new Map<ObjectId, ScoreObject[]>();
  const add = (parent: ObjectId, child: ScoreObject): unknown => made.get(parent)?.push(child) ?? made.set(parent, [child]);
  for (const event of score.events.values()) add(event.sync, event);
  for (const state of score.states.values()) add(state.event, state);
  children.set(score, made);
  return made;
}

const listed = <T extends ScoreObject>({ numbers }: Desk, parent: ScoreObject, key: ListKey, objects: readonly T[]): readonly T[] =>
  inOrder(objects, ({ id }) => numbers.of.get(id)!, at(numbers.foreign(parent), KEPT_ORDER), key);
const numbersOf = (desk: Desk, parent: ScoreObject, key: ListKey, objects: readonly ScoreObject[]): Json =>
  listed(desk, parent, key, objects).map(({ id }) => desk.numbers.of.get(id)!);

function writeEvent(desk: Desk, event: Event): JsonObject {
  const { score, numbers } = desk;
  const { draft, rest } = draftFor(desk, event, event as unknown as Fields)!;
  const states = childrenOf(score).get(event.id) ?? [];
  const structure = {
    TimeNode: numbers.of.get(event.sync)!,
    States: numbersOf(desk, event, 'States', states),
    Date: duration(score.syncs.get(event.sync)!.date),
  };
  return finish(desk, event, draft, structure, wordOn(event, expectedId(desk, event, event.scenario, 'e'), rest));
}

function writeState(desk: Desk, state: State): JsonObject {
  const { numbers, score } = desk;
  const { draft, rest } = draftFor(desk, state, state as unknown as Fields)!;
  const side = (name: 'start' | 'end'): Json => numbers.of.get(sidesOf(score).get(`${name} ${state.id}`) ?? '') ?? null;
  const structure = { Event: numbers.of.get(state.event)!, PreviousConstraint: side('end'), NextConstraint: side('start') };
  return finish(desk, state, draft, structure, wordOn(state, expectedId(desk, state, state.scenario, 's'), rest));
}
