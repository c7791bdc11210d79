import { at, flicksAt, objectAt, objectOf, textAt, toNumber } from './access.ts';
import { LOOP, SCENARIO } from './forms.ts';
import { isList, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';

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
