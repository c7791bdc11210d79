import { FLICKS_PER_MS } from '../base.ts';
import { contentOf } from './content.ts';
import type { Content } from './content.ts';
import { isSame } from './difference.ts';
import { KINDS, cableFields, fieldsOf, isUntriggeredEnd, messageTuple, parameterEntry } from './entries.ts';
import { CABLE, DEVICE, INTERVAL, POLICY_NAMES, PROCESS, PROCESS_TYPES, TRACK, msToFlicks, policyField } from './fields.ts';
import type { PlainKind } from './entries.ts';
import type { Fields } from './fields.ts';
import type { RawEntry } from './raw.ts';
import type { Cable, DeviceDeclaration, Message, ObjectId, Policies, ScoreObject, Signature, Track } from './score.ts';

/** One object of a file: plain JSON, times in ms. */
export type FileEntry = Readonly<Record<string, unknown>>;

/**
 * A score as a file: readable JSON, times in ms. What has its default value is left out; fixed objects only appear where
 * something about them was changed. Derived values (date of a sync that something stands before) may be there and are
 * ignored.
 *
 *   file    = { tutti: 2, id, title, tempo, syncTimeout?, groups: {id: entry}, tracks: {id: entry}, objects: {id: entry},
 *               cables: {id: entry}, devices: {id: entry}, foreign? }
 *   entry   = { kind, type?, field*, policies?, messages? | points? | notes? | ... }      as in score.ts
 *
 * Version 1 had no cables, no devices, fewer kinds and fields; what it has means the same.
 */
export interface ScoreFile {
  readonly tutti: 2;
  readonly id: string;
  readonly title: string;
  readonly tempo: number;
  /** ms; absent: 2000. */
  readonly syncTimeout?: number;
  readonly groups: Readonly<Record<string, FileEntry>>;
  readonly tracks: Readonly<Record<string, FileEntry>>;
  readonly objects: Readonly<Record<ObjectId, FileEntry>>;
  readonly cables: Readonly<Record<ObjectId, FileEntry>>;
  readonly devices: Readonly<Record<ObjectId, FileEntry>>;
  readonly foreign?: string;
}

/** isWhole: also what has its default value. */
export function toFileEntry(object: ScoreObject, isWhole: boolean): FileEntry {
  const entry: Record<string, unknown> = { kind: object.kind };
  if (object.kind === 'process') entry['type'] = object.type;
  writeFields(entry, fieldsOf(object), object, isWhole);
  if (isUntriggeredEnd(object)) entry['trigger'] = null;
  if (object.kind === 'interval') {
    if (object.isMaxInfinite) delete entry['max'];
    if (object.signatures.length > 0) entry['signatures'] = object.signatures.map((each) => inMs(each, ['date']));
  }
  if ('policies' in object) writePolicies(entry, object.policies);
  if (object.kind === 'state' && object.messages.length > 0) entry['messages'] = object.messages;
  const content = object.kind === 'process' ? contentOf(object.type) : undefined;
  if (content)
    entry[content.field] = listInMs(content, (object as unknown as Readonly<Record<string, readonly unknown[]>>)[content.field]!);
  return entry;
}

const listInMs = ({ durations }: Content, list: readonly unknown[]): readonly unknown[] =>
  durations.length === 0 ? list : list.map((item) => inMs(item as FileEntry, durations));
const inMs = (item: object, durations: readonly string[]): FileEntry =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, durations.includes(name) ? (value as number) / FLICKS_PER_MS : (value as unknown)]),
  );

export function toFileTrack(track: Track): FileEntry {
  const entry: Record<string, unknown> = {};
  writeFields(entry, TRACK, track, true);
  entry['volume'] = track.volume;
  writePolicies(entry, track.policies);
  return entry;
}

export function toFileCable(cable: Cable): FileEntry {
  const entry: Record<string, unknown> = {};
  writeFields(entry, CABLE, cableFields(cable), false);
  return entry;
}

/** parameters: {path: what differs from a parameter's defaults}. */
export function toFileDevice(device: DeviceDeclaration): FileEntry {
  const entry: Record<string, unknown> = {};
  writeFields(entry, DEVICE, device, true);
  entry['parameters'] = Object.fromEntries([...device.parameters].map(([path, parameter]) => [path, parameterEntry(parameter)]));
  return entry;
}

function writeFields(entry: Record<string, unknown>, fields: Fields, object: object, isWhole: boolean): void {
  const values = object as Readonly<Record<string, unknown>>;
  for (const [name, { initial, isDuration, isFixed }] of Object.entries(fields)) {
    const value = values[name];
    if (value === undefined || (!isWhole && !isFixed && isSame(value, initial))) continue;
    entry[name] = isDuration ? (value as number) / FLICKS_PER_MS : value;
  }
}

const writePolicies = (entry: Record<string, unknown>, policies: Policies): void => {
  if (Object.keys(policies).length > 0) entry['policies'] = policies;
};

const ALL_FIELDS: Fields = { ...PROCESS, ...TRACK, ...CABLE, ...DEVICE };

/** What a document would hold for it; whatever is wrong in it is for `read` to repair. */
export function fromFileEntry(entry: FileEntry): RawEntry {
  const fields = new Map<string, unknown>();
  const table = tableOf(entry);
  for (const [name, value] of Object.entries(entry)) {
    const field = Object.hasOwn(table, name) ? table[name] : undefined;
    if (name === 'kind' || name === 'type') fields.set(name, value);
    else if (field) fields.set(name, field.isDuration && typeof value === 'number' ? msToFlicks(value) : value);
  }
  if (table === INTERVAL && Array.isArray(entry['signatures'])) fields.set('signatures', signaturesInFlicks(entry['signatures']));
  readPolicies(fields, entry['policies']);
  readMessages(fields, entry['messages']);
  const content = entry['kind'] === 'process' && typeof entry['type'] === 'string' ? contentOf(entry['type']) : undefined;
  if (content) readContent(fields, content, entry[content.field]);
  const { parameters } = entry;
  if (table === ALL_FIELDS && isRecord(parameters)) fields.set('parameters', new Map(Object.entries(parameters)));
  return fields;
}

const isRecord = (input: unknown): input is FileEntry => typeof input === 'object' && input !== null && !Array.isArray(input);

const signaturesInFlicks = (list: readonly unknown[]): readonly unknown[] =>
  list.map((item) => (isRecord(item) ? inFlicks(item, ['date']) : item)) as readonly Signature[];

const inFlicks = (item: FileEntry, durations: readonly string[]): FileEntry =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, durations.includes(name) && typeof value === 'number' ? msToFlicks(value) : value]),
  );

function tableOf(entry: FileEntry): Fields {
  const { kind, type } = entry;
  if (kind !== 'process') return typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? KINDS[kind as PlainKind] : ALL_FIELDS;
  const isKnown = typeof type === 'string' && Object.hasOwn(PROCESS_TYPES, type);
  return isKnown ? { ...PROCESS, ...PROCESS_TYPES[type as keyof typeof PROCESS_TYPES] } : ALL_FIELDS;
}

function readPolicies(fields: Map<string, unknown>, input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  const policies = input as Readonly<Record<string, unknown>>;
  for (const name of POLICY_NAMES) if (policies[name] !== undefined) fields.set(policyField(name), policies[name]);
}

function readMessages(fields: Map<string, unknown>, list: unknown): void {
  if (!Array.isArray(list)) return;
  const messages = (list as readonly unknown[]).filter(isRecord);
  fields.set('messages', new Map(messages.map((item, i) => [idOf(item, `messages${i}`), messageTuple(item as unknown as Message, i)])));
}

const idOf = ({ id }: FileEntry, fallback: string): string => (typeof id === 'string' ? id : fallback);

/** What makes no sense in an item is its default value; an item that is none is left out, one without an id is named by its place. */
function readContent(fields: Map<string, unknown>, content: Content, list: unknown): void {
  if (!Array.isArray(list)) return;
  const items = (list as readonly unknown[]).flatMap((item, i) => {
    const given = isRecord(item) ? inFlicks(item, content.durations) : item;
    const read = content.accept(given, () => `${content.field}${i}`) ?? content.repair(given, () => `${content.field}${i}`);
    return read === undefined ? [] : [read];
  });
  fields.set(content.nested, content.toTuples(items));
}
