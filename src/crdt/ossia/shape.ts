import { compare } from '../../base.ts';
import type { Flicks } from '../../base.ts';
import { contentOf } from '../content.ts';
import { fieldsOf } from '../entries.ts';
import type { PlainKind } from '../entries.ts';
import type { Process, ScoreObject } from '../score.ts';
import { draftOf, idAt, objectAt, objectOf, textAt } from './access.ts';
import type { Draft } from './access.ts';
import {
  COMMENT_PARTS,
  EVENT_PARTS,
  INTERVAL_PARTS,
  PROCESS_PARTS,
  STATE_PARTS,
  SYNC_PARTS,
  TRANSITION_PARTS,
  metadata,
} from './elements.ts';
import type { Form } from './form.ts';
import { formOfType, formOfUuid } from './forms.ts';
import { isObject, isSame, parseJson, printJson } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { isSameField, truthPart, writeParts } from './part.ts';
import type { Fields, Part, Place } from './part.ts';
import { PORT, newAudioOut, newPort } from './ports.ts';

/**
 * How an object of each kind is written: what every new one has, its parts, and the keys that say how objects hang
 * together. What a file says beyond that goes into the object's `foreign` and comes out again.
 */
export interface Shape {
  readonly template: JsonObject;
  readonly parts: readonly Part[];
  /** Keys that are written from the score alone, or that hold other objects. */
  readonly structure: ReadonlySet<string>;
}

const ZERO: Json = { literal: '0.0' };
const audioIn = newPort(PORT.audioIn, 'Inlet', 0, 'Audio in');
const COMMON = ['id', 'Tutti'] as const;
const shape = (template: Readonly<Record<string, Json>>, parts: readonly Part[], structure: readonly string[]): Shape => ({
  template: objectOf(template),
  parts,
  structure: new Set([...COMMON, ...structure]),
});

const INTERVAL = shape(
  {
    ObjectName: 'Scenario::IntervalModel',
    Metadata: metadata('Interval'),
    Inlet: audioIn,
    Outlet: newAudioOut(0),
    NodalSlotHeight: { literal: '100.0' },
    Zoom: { literal: '-1.0' },
    Center: 0,
    ViewMode: 0,
    SmallViewShown: true,
  },
  INTERVAL_PARTS,
  ['Processes', 'StartState', 'EndState', 'StartDate', 'Graphal'],
);
const TRANSITION = shape({ ObjectName: 'Scenario::IntervalModel', Metadata: metadata('Interval') }, TRANSITION_PARTS, [
  ...['Processes', 'StartState', 'EndState', 'StartDate', 'Graphal'],
]);
const SYNC = shape(
  { ObjectName: 'Scenario::TimeSyncModel', Metadata: metadata('Sync', 'Gray'), Expression: ' { true == false } ' },
  SYNC_PARTS,
  ['Events', 'Trigger'],
);
const EVENT = shape({ ObjectName: 'Scenario::EventModel', Metadata: metadata('Event', 'Emphasis4') }, EVENT_PARTS, [
  'TimeNode',
  'States',
  'Date',
]);
const STATE = shape({ ObjectName: 'Scenario::StateModel', Metadata: metadata('State', 'Base1'), StateProcesses: [] }, STATE_PARTS, [
  ...['Event', 'PreviousConstraint', 'NextConstraint'],
]);
const COMMENT = shape({ ObjectName: 'Scenario::CommentBlockModel', Metadata: metadata('Comment') }, COMMENT_PARTS, []);

const process = (uuid: string, form: Pick<Form, 'objectName' | 'label' | 'template' | 'parts'>, structure: readonly string[] = []): Shape =>
  shape(
    {
      uuid,
      ObjectName: form.objectName,
      Metadata: metadata(form.label),
      Duration: 0,
      Height: { literal: '300.0' },
      Pos: [ZERO, ZERO],
      Size: [{ literal: '200.0' }, { literal: '100.0' }],
      ...form.template,
    },
    [...PROCESS_PARTS, ...form.parts],
    structure,
  );

const scenarioForm: Pick<Form, 'objectName' | 'label' | 'template' | 'parts'> = {
  objectName: 'Scenario',
  label: 'Scenario',
  template: { Inlet: audioIn, Outlet: newAudioOut(0) },
  parts: [truthPart('isExclusive', 'Exclusive')],
};
const SCENARIO_SHAPE = process('de035912-5b03-49a8-bc4d-b2cba68e21d9', scenarioForm, [
  ...['StartTimeNodeId', 'StartEventId', 'StartStateId', 'TimeNodes', 'Events', 'States', 'Constraints', 'Comments'],
]);
/** Kept whole, to the character. */
const OPAQUE: Shape = { template: objectOf({}), parts: PROCESS_PARTS, structure: new Set([...COMMON, 'Nodes']) };
const FORM_SHAPES = new Map<Form, Shape>();

export function shapeOf(
  object: Pick<ScoreObject, 'kind'> & { readonly type?: Process['type']; readonly isTransition?: boolean },
  uuid = '',
): Shape | undefined {
  if (object.kind !== 'process') return object.isTransition ? TRANSITION : PLAIN[object.kind];
  if (object.type === 'scenario') return SCENARIO_SHAPE;
  return object.type === 'opaque' ? OPAQUE : processShape(object.type!, uuid);
}
const PLAIN: Readonly<Record<PlainKind, Shape>> = { interval: INTERVAL, sync: SYNC, event: EVENT, state: STATE, comment: COMMENT };

function processShape(type: Process['type'], uuid: string): Shape | undefined {
  const known = formOfUuid(uuid);
  const form = known?.type === type ? known : formOfType(type);
  if (!form) return undefined;
  // The uuid of the form that is written: one that a file has instead is kept with it.
  const made = FORM_SHAPES.get(form) ?? process(formOfType(type)!.uuids[0]!, form);
  FORM_SHAPES.set(form, made);
  return made;
}

/** Words that ossia numbers where a person gave no name. */
const NUMBERED = new Set(['Interval', 'Sync', 'Event', 'State', 'Scenario']);

/** The object as a new one would be written. */
export function canonical({ template, parts }: Shape, fields: Fields, place: Place, isProcess: boolean): Draft {
  const draft = draftOf(template);
  const names = objectAt(draft, 'Metadata');
  if (NUMBERED.has(textAt(names, 'ScriptingName'))) {
    draft.set('Metadata', draftOf(names, objectOf({ ScriptingName: `${textAt(names, 'ScriptingName')}.${place.number}` })));
  }
  if (isProcess && template.size > 0) draft.set('Duration', place.nominal as Flicks);
  for (const each of parts) each.write(draft, fields, place);
  return draft;
}

/** A slot for each process of an interval, small and full. */
export function racks(processes: readonly JsonObject[]): JsonObject {
  const ids = processes.map((process) => idAt(process, 'id') ?? 0);
  return objectOf({
    SmallViewRack: ids.map((id) => objectOf({ Processes: [id], Process: id, Height: { literal: '200.0' }, Nodal: false })),
    FullViewRack: ids.map((id) => objectOf({ Process: id, Nodal: false })),
  });
}

/** Among what is kept: the number of an object whose id does not tell it, the order of lists, the process that a node goes back to. */
export const KEPT_NUMBER = 'Tutti.Number';
export const KEPT_ORDER = 'Tutti.Order';
export const KEPT_NODAL = 'Tutti.Nodal';

/** What a file says beyond that, as text; undefined when nothing. `isOlder`: of another version, so only keys that are not ours. */
export function residue(json: JsonObject, own: JsonObject, { structure }: Shape, isOlder: boolean): string | undefined {
  const rest: Draft = new Map();
  for (const [key, value] of json) {
    if (structure.has(key) || isSame(value, own.get(key)) || (isOlder && own.has(key))) continue;
    rest.set(key, value);
  }
  return rest.size === 0 ? undefined : printJson(new Map([...rest].sort(([a], [b]) => compare(a, b))));
}

export function toForeign(text: string | undefined): JsonObject {
  const parsed = text === undefined ? undefined : parseJson(text);
  return parsed && 'json' in parsed && isObject(parsed.json) ? parsed.json : objectOf({});
}

/** The object as it is written: new, then as it came, then what the score says otherwise by now. */
export function written(made: Shape, fields: Fields, foreign: JsonObject, place: Place, isProcess: boolean): Draft {
  const draft = made.template.size === 0 ? draftOf(foreign) : draftOf(canonical(made, fields, place, isProcess), foreign);
  writeParts(made.parts, draft, fields, place);
  return draft;
}

/** How objects hang together, which keys of ossia's own tell. */
export const STRUCTURAL: ReadonlySet<string> = new Set([
  'scenario',
  'start',
  'end',
  'event',
  'sync',
  'interval',
  'isTransition',
  'rank',
  'foreign',
  'uuid',
  'ports',
  'label',
]);

/** Fields that ossia has no words for, or none that mean quite the same: Tutti's own word on the object. */
export function ownFields(object: ScoreObject, made: Shape, draft: JsonObject, place: Place): Fields {
  const read = Object.assign({}, ...made.parts.map((each) => each.read(draft, place))) as Fields;
  const table = fieldsOf(object);
  const list = object.kind === 'process' ? contentOf(object.type)?.field : undefined;
  const names = [...Object.keys(table), ...(list === undefined ? [] : [list]), ...(object.kind === 'state' ? ['messages'] : [])];
  const values = object as unknown as Fields;
  const rest: Record<string, unknown> = {};
  for (const name of names) {
    if (STRUCTURAL.has(name)) continue;
    const known = name in read ? read[name] : table[name]?.initial;
    if (!isSameField(known, values[name])) rest[name] = values[name];
  }
  return rest;
}

/** Plain data as JSON and back; the score's own field values are plain. */
export function fromPlain(value: unknown): Json {
  if (value === undefined) return null;
  if (Array.isArray(value)) return (value as readonly unknown[]).map(fromPlain);
  if (typeof value === 'object' && value !== null)
    return objectOf(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromPlain(item)])));
  return value as Json;
}
export function toPlain(json: Json): unknown {
  if (isObject(json))
    return Object.fromEntries([...json].filter(([key]) => key !== '__proto__').map(([key, item]) => [key, toPlain(item)]));
  if (Array.isArray(json)) return (json as readonly Json[]).map(toPlain);
  return typeof json === 'object' && json !== null && 'literal' in json ? Number(json.literal) : json;
}

export const uuidOf = (json: JsonObject): string => textAt(json, 'uuid').toLowerCase();
