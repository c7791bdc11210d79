import { contentOf, rankOf } from './content.ts';
import { isSame } from './difference.ts';
import {
  CABLE,
  COMMENT,
  DEVICE,
  EVENT,
  GROUP,
  INTERVAL,
  PARAMETER,
  POLICY_NAMES,
  PROCESS,
  PROCESS_TYPES,
  STATE,
  SYNC,
  TRACK,
  policyField,
} from './fields.ts';
import type { Fields } from './fields.ts';
import { FIXED_IDS } from './ids.ts';
import type { RawEntry } from './raw.ts';
import { ROOT } from './score.ts';
import type { Cable, DeviceDeclaration, Group, Message, ParameterDeclaration, Policies, Process, ScoreObject, Track } from './score.ts';

export type PlainKind = Exclude<ScoreObject['kind'], 'process'>;
export const KINDS: Readonly<Record<PlainKind, Fields>> = { interval: INTERVAL, sync: SYNC, event: EVENT, state: STATE, comment: COMMENT };

/** The fields that an object of this kind stores, besides policies and nested maps. */
export const fieldsOf = (object: Pick<ScoreObject, 'kind'> & { readonly type?: Process['type'] }): Fields =>
  object.kind === 'process' ? { ...PROCESS, ...PROCESS_TYPES[object.type!] } : KINDS[object.kind];

/** The end of the score without a trigger: there, absent would mean one that waits for ever. */
export const isUntriggeredEnd = (object: ScoreObject): boolean =>
  object.id === ROOT.endSync && object.kind === 'sync' && object.trigger === undefined;

/** An object as a document holds it: what `read` makes this object of. */
export function toEntry(object: ScoreObject): RawEntry {
  const entry = new Map<string, unknown>([['kind', object.kind]]);
  if (object.kind === 'process') entry.set('type', object.type);
  writeFields(entry, fieldsOf(object), object, FIXED_IDS.has(object.id));
  if (object.kind === 'interval' && object.isMaxInfinite) entry.delete('max');
  if (isUntriggeredEnd(object)) entry.set('trigger', null);
  if ('policies' in object) writePolicies(entry, object.policies);
  if (object.kind === 'state') entry.set('messages', new Map(object.messages.map((message, i) => [message.id, messageTuple(message, i)])));
  if (object.kind === 'process') writeContent(entry, object);
  return entry;
}

/** Ranks of messages written at once: sorted like fractional indices of four digits. */
export const messageTuple = ({ address, value }: Message, index: number): readonly unknown[] => [rankOf(index), address, value];

function writeContent(entry: Map<string, unknown>, process: Process): void {
  const content = contentOf(process.type);
  const list = (process as unknown as Readonly<Record<string, readonly unknown[]>>)[content?.field ?? ''];
  if (content && list) entry.set(content.nested, content.toTuples(list));
}

/** Numbers are always written; of others what has its default value only where `isWhole`. */
function writeFields(entry: Map<string, unknown>, fields: Fields, object: object, isWhole = true): void {
  const values = object as Readonly<Record<string, unknown>>;
  for (const [name, { initial, isFixed, choices }] of Object.entries(fields)) {
    const value = values[name];
    const isLeftOut = !isWhole && !isFixed && (typeof value !== 'number' || choices !== undefined) && isSame(value, initial);
    if (value !== undefined && !isLeftOut) entry.set(name, value);
  }
}

export function writePolicies(entry: Map<string, unknown>, policies: Policies): void {
  for (const name of POLICY_NAMES) if (policies[name] !== undefined) entry.set(policyField(name), policies[name]);
}

export function groupEntry(group: Group): RawEntry {
  const entry = new Map<string, unknown>();
  writeFields(entry, GROUP, group);
  return entry;
}

/** Without the volume, which is a register. */
export function trackEntry(track: Track): RawEntry {
  const entry = new Map<string, unknown>();
  writeFields(entry, TRACK, track);
  writePolicies(entry, track.policies);
  return entry;
}

/** The ends of a cable as the fields that hold them. */
export const cableFields = ({ from, to, ...cable }: Cable): Readonly<Record<string, unknown>> => ({
  ...cable,
  fromProcess: from.process,
  fromPort: from.port,
  toProcess: to.process,
  toPort: to.port,
});

export function cableEntry(cable: Cable): RawEntry {
  const entry = new Map<string, unknown>();
  writeFields(entry, CABLE, cableFields(cable), false);
  return entry;
}

export function deviceEntry(device: DeviceDeclaration): RawEntry {
  const entry = new Map<string, unknown>();
  writeFields(entry, DEVICE, device);
  entry.set('parameters', new Map([...device.parameters].map(([path, parameter]) => [path, parameterEntry(parameter)])));
  return entry;
}

/** A plain record without what has its default value. */
export function parameterEntry(parameter: ParameterDeclaration): Readonly<Record<string, unknown>> {
  const kept = Object.entries(PARAMETER as Fields).filter(([name, { initial }]) => !isSame(valueOf(parameter, name), initial));
  return Object.fromEntries(kept.map(([name]) => [name, valueOf(parameter, name)]));
}
const valueOf = (object: object, name: string): unknown => (object as Readonly<Record<string, unknown>>)[name];
