import { FLICKS_PER_MS } from '../../base.ts';
import { at, draftOf, listAt, objectAt, objectOf, objectsAt, toNumber, truthAt } from './access.ts';
import { toExpression } from './conditions.ts';
import { isList, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * Files of before version 3 in the words of version 4: lengths were milliseconds ('inf' without end), triggers and
 * conditions were trees, a loop was a process of its own. What changed when, by the history of ossia's own writer:
 *
 *   2015-10   a state's messages leave `States`
 *   2017-01   intervals no longer repeat their processes (`Looping`)
 *   2017-09   one release (1.0.0-b32) says `Interval` and `TimeSync` where all others say `Constraint` and `TimeNode`
 *   2020-04   lengths in flicks, plugins as a list, paths without `Identifiers`, cables without `Data`, values no longer among
 *             the keys of what holds them; the version stays 2
 *   2020-09   version 3, two weeks later 4
 */
const LENGTHS = new Set([
  ...['DefaultDuration', 'MinDuration', 'MaxDuration', 'GuiDuration', 'Duration', 'StartDate', 'Date', 'StartOffset', 'LoopDuration'],
]);
/** Of drawing, in other units or of no use any more. */
const FORGOTTEN = new Set([
  ...['Extent', 'Zoom', 'Center', 'Components', 'Rackes', 'SmallViewRack', 'FullViewRack', 'FullView'],
  ...['PluginsMetadata', 'UseParentDuration', 'EndTimeNodeId', 'EndEventId'],
]);
/** Names that came and went. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['Interval', 'Constraint'],
  ['Intervals', 'Constraints'],
  ['StartTimeSync', 'StartTimeNode'],
  ['EndTimeSync', 'EndTimeNode'],
  ['StartTimeSyncId', 'StartTimeNodeId'],
  ['TimeSync', 'TimeNode'],
  ['TimeSyncs', 'TimeNodes'],
  ['PreviousInterval', 'PreviousConstraint'],
  ['NextInterval', 'NextConstraint'],
]);

/** The root interval under either of its names. */
export const rootOf = (file: JsonObject): JsonObject => {
  const base = objectAt(objectAt(file, 'Document'), 'BaseScenario');
  const root = objectAt(base, 'Constraint');
  return root.size > 0 ? root : objectAt(base, 'Interval');
};

/** Whether lengths are milliseconds: the version says so, between 2 and 3 the form of the plugins, else the looks of the file. */
export function isOlder(file: JsonObject): boolean {
  const version = toNumber(at(file, 'Version')) ?? Number.NaN;
  if (version >= 3) return false;
  const plugins = at(file, 'Plugins');
  if (isObject(plugins) || (Number.isFinite(version) && !isList(plugins))) return true;
  const length = toNumber(at(rootOf(file), 'DefaultDuration'));
  return length !== undefined && (!Number.isInteger(length) || (length > 0 && length < 4 * FLICKS_PER_MS));
}

export const upgradeFile = (file: JsonObject): JsonObject =>
  upgrade(file, objectAt(objectAt(file, 'Document'), 'BaseScenario').has('Interval')) as JsonObject;

function upgrade(json: Json, isRenamed: boolean): Json {
  if (isList(json)) return json.map((item) => upgrade(item, isRenamed));
  if (!isObject(json)) return json;
  const way = at(json, 'Identifiers');
  if (json.size === 1 && isList(way)) return way;
  const result = new Map<string, Json>();
  for (const [key, value] of json) {
    if (FORGOTTEN.has(key)) continue;
    const name = isRenamed ? (RENAMED.get(key) ?? key) : key;
    result.set(name, LENGTHS.has(key) ? toFlicks(value) : upgrade(value, isRenamed));
  }
  return repeated(flattened(expressions(result)));
}

function toFlicks(json: Json): Json {
  const ms = toNumber(json);
  if (ms === undefined || Number.isNaN(ms)) return json;
  return Math.abs(ms) === Infinity ? { literal: '4611686018427387903' } : Math.round(ms * FLICKS_PER_MS);
}

function expressions(json: Map<string, Json>): Map<string, Json> {
  const trigger = json.get('Trigger');
  if (isObject(trigger)) {
    json.delete('Trigger');
    json.set('Active', truthAt(trigger, 'Active'));
    json.set('Expression', toExpression(at(trigger, 'Expression')) ?? '');
  }
  const isSync = json.has('Events') && json.has('Active');
  if (isSync && !json.has('MusicalSync')) json.set('MusicalSync', { literal: '-1.0' });
  if (json.has('Power') && json.has('Start')) json.set('Power', exponent(json.get('Power')));
  if (json.has('TimeNode') && isObject(json.get('Condition'))) json.set('Condition', toExpression(json.get('Condition')) ?? '');
  return json;
}

/** Parts that stood elsewhere: ends of a cable, value and tags of a parameter, messages of a state. */
function flattened(json: Map<string, Json>): Map<string, Json> {
  const cable = json.get('Data');
  if (isObject(cable) && cable.has('Source') && cable.has('Sink')) {
    json.delete('Data');
    for (const [key, value] of cable) json.set(key, value);
  }
  if (json.has('ClipMode') && typeof json.get('Type') === 'string') {
    const isUnset = json.get('Type') === 'None';
    json.set('Value', objectOf(isUnset ? {} : { Type: json.get('Type')!, Value: json.get('Value') ?? null }));
    json.delete('Type');
  }
  const tags = listAt(json, 'Tags');
  if (json.has('ClipMode') && tags.length > 0) json.set('Extended', draftOf(objectOf({ tags }), objectAt(json, 'Extended')));
  const messages = json.get('States');
  if (json.has('NextConstraint') && isObject(messages) && !json.has('Messages')) {
    json.delete('States');
    json.set('Messages', messages);
  }
  return json;
}

/** An interval that repeats its processes, each after its own length. */
function repeated(json: Map<string, Json>): JsonObject {
  if (at(json, 'Looping') === true && json.has('Processes'))
    json.set(
      'Processes',
      objectsAt(json, 'Processes').map((process) =>
        draftOf(objectOf({ Loops: true, LoopDuration: at(process, 'Duration') ?? at(json, 'DefaultDuration') }), process),
      ),
    );
  json.delete('Looping');
  return json;
}

/** A bend was counted downwards, and a line was 11.05, in the oldest files 12.05. Source: score-plugin-curve, Segment/Power. */
function exponent(json: Json | undefined): Json {
  const bend = toNumber(json);
  if (bend === undefined || Number.isNaN(bend)) return json ?? null;
  return bend === 11.05 || bend === 12.05 ? 1 : 12.05 - bend;
}
