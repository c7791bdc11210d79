import { FLICKS_PER_MS } from '../../base.ts';
import { at, flicksAt, objectAt, objectOf, textAt, toNumber, truthAt } from './access.ts';
import { toExpression } from './conditions.ts';
import { LOOP, SCENARIO } from './forms.ts';
import { isList, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * Files of before version 3 in the words of version 4: lengths were milliseconds ('inf' without end), triggers and
 * conditions were trees, a loop was a process of its own.
 */
const LENGTHS = new Set([
  ...['DefaultDuration', 'MinDuration', 'MaxDuration', 'GuiDuration', 'Duration', 'StartDate', 'Date', 'StartOffset', 'LoopDuration'],
]);
/** Of drawing, in other units or of no use any more. */
const FORGOTTEN = new Set(['Extent', 'Zoom', 'Center', 'Components', 'Rackes', 'SmallViewRack', 'FullViewRack', 'FullView']);

/** Whether lengths are milliseconds: the version says so, else the looks of the file. */
export function isOlder(file: JsonObject): boolean {
  const version = toNumber(at(file, 'Version'));
  if (version !== undefined && Number.isFinite(version)) return version < 3;
  if (isObject(at(file, 'Plugins'))) return true;
  const root = objectAt(objectAt(objectAt(file, 'Document'), 'BaseScenario'), 'Constraint');
  const length = toNumber(at(root, 'DefaultDuration'));
  return length !== undefined && (!Number.isInteger(length) || (length > 0 && length < 4 * FLICKS_PER_MS));
}

export function upgrade(json: Json): Json {
  if (isList(json)) return json.map(upgrade);
  if (!isObject(json)) return json;
  const result = new Map<string, Json>();
  for (const [key, value] of json) {
    if (FORGOTTEN.has(key)) continue;
    result.set(key, LENGTHS.has(key) ? toFlicks(value) : upgrade(value));
  }
  return expressions(result);
}

function toFlicks(json: Json): Json {
  const ms = toNumber(json);
  if (ms === undefined || Number.isNaN(ms)) return json;
  return Math.abs(ms) === Infinity ? { literal: '4611686018427387903' } : Math.round(ms * FLICKS_PER_MS);
}

function expressions(json: Map<string, Json>): JsonObject {
  const trigger = json.get('Trigger');
  if (isObject(trigger)) {
    json.delete('Trigger');
    json.set('Active', truthAt(trigger, 'Active'));
    json.set('Expression', toExpression(at(trigger, 'Expression')) ?? '');
  }
  const isSync = json.has('Events') && json.has('Active');
  if (isSync && !json.has('MusicalSync')) json.set('MusicalSync', { literal: '-1.0' });
  if (json.has('TimeNode') && isObject(json.get('Condition'))) json.set('Condition', toExpression(json.get('Condition')) ?? '');
  return json;
}

/** Loops of any version become a scenario whose end leads back to its start by a transition. */
export function unrollLoops(json: Json): Json {
  if (isList(json)) {
    const items = json.map(unrollLoops);
    return items.every((item, i) => item === json[i]) ? json : items;
  }
  if (!isObject(json)) return json;
  // Most files have none: what holds no loop stays the object that it is.
  let changed: Map<string, Json> | undefined;
  for (const [key, value] of json) {
    const inner = unrollLoops(value);
    if (inner !== value) (changed ??= new Map(json)).set(key, inner);
  }
  const result = changed ?? json;
  return textAt(result, 'uuid').toLowerCase() === LOOP && isObject(result.get('Constraint')) ? unrolled(result) : result;
}

function unrolled(loop: JsonObject): JsonObject {
  const inner = objectAt(loop, 'Constraint');
  const ends = ['Start', 'End'] as const;
  const [first, last] = ends.map((end) => objectAt(loop, `${end}State`));
  const numbers = { back: freeId([first!, last!]), target: freeId([first!, last!]) + 1 };
  const events = ends.map((end) => objectAt(loop, `${end}Event`));
  const withState = (event: JsonObject, id: number): JsonObject =>
    new Map([...event, ['States', [...(isList(event.get('States')) ? (event.get('States') as readonly Json[]) : []), id]]]);
  const state = (id: number, event: JsonObject): JsonObject =>
    objectOf({
      ObjectName: 'Scenario::StateModel',
      id,
      Event: at(event, 'id') ?? 0,
      HeightPercentage: { literal: '0.5' },
      Messages: objectOf({}),
    });
  const back = objectOf({
    ...{ ObjectName: 'Scenario::IntervalModel', id: freeId([inner]), Graphal: true },
    ...{ DefaultDuration: 0, MinDuration: 0, MaxDuration: 0, Rigidity: true, MinNull: false, MaxInf: false, Speed: { literal: '1.0' } },
    ...{
      StartState: numbers.back,
      EndState: numbers.target,
      StartDate: flicksAt(inner, 'DefaultDuration') ?? 0,
      HeightPercentage: { literal: '0.5' },
    },
  });
  const kept = [...loop].filter(([key]) => !/^(?:Start|End)(?:TimeNode|Event|State)$|^Constraint$/.test(key));
  return new Map<string, Json>([
    ...kept,
    ['uuid', SCENARIO],
    ['ObjectName', 'Scenario'],
    ['StartTimeNodeId', at(objectAt(loop, 'StartTimeNode'), 'id') ?? 0],
    ['StartEventId', at(events[0], 'id') ?? 0],
    ['StartStateId', at(first, 'id') ?? 0],
    ['TimeNodes', ends.map((end) => objectAt(loop, `${end}TimeNode`))],
    ['Events', [withState(events[0]!, numbers.target), withState(events[1]!, numbers.back)]],
    ['States', [first!, last!, state(numbers.back, events[1]!), state(numbers.target, events[0]!)]],
    ['Constraints', [inner, back]],
    ['Comments', []],
  ]);
}

const freeId = (taken: readonly JsonObject[]): number => Math.max(0, ...taken.map((each) => toNumber(at(each, 'id')) ?? 0)) + 1;
