import { FLICKS_PER_MS } from '../base.ts';
import { fieldsOf, messageTuple } from './entries.ts';
import { EVENT, INTERVAL, NOTE, POLICY_NAMES, PROCESS, PROCESS_TYPES, STATE, SYNC, TRACK, msToFlicks, policyField } from './fields.ts';
import type { Fields } from './fields.ts';
import type { RawEntry } from './raw.ts';
import type { Message, Note, Policies, ScoreObject, Track } from './score.ts';

/** One object of a file: plain JSON, times in ms. */
export type FileEntry = Readonly<Record<string, unknown>>;

/** isWhole: also what has its default value. */
export function toFileEntry(object: ScoreObject, isWhole: boolean): FileEntry {
  const entry: Record<string, unknown> = { kind: object.kind };
  if (object.kind === 'process') entry['type'] = object.type;
  writeFields(entry, fieldsOf(object), object, isWhole);
  if (object.kind === 'interval' && object.isMaxInfinite) delete entry['max'];
  if (object.kind !== 'state') writePolicies(entry, object.policies);
  else if (object.messages.length > 0) entry['messages'] = object.messages;
  if (object.kind !== 'process') return entry;
  if (object.type === 'automation') entry['points'] = object.points;
  if (object.type === 'shader') entry['inputs'] = object.inputs;
  if (object.type === 'notes') entry['notes'] = object.notes.map(noteToMs);
  return entry;
}

export function toFileTrack(track: Track): FileEntry {
  const entry: Record<string, unknown> = {};
  writeFields(entry, TRACK, track, true);
  entry['volume'] = track.volume;
  writePolicies(entry, track.policies);
  return entry;
}

function writeFields(entry: Record<string, unknown>, fields: Fields, object: object, isWhole: boolean): void {
  const values = object as Readonly<Record<string, unknown>>;
  for (const [name, { initial, isDuration, isFixed }] of Object.entries(fields)) {
    const value = values[name];
    if (value === undefined || (!isWhole && !isFixed && value === initial)) continue;
    entry[name] = isDuration ? (value as number) / FLICKS_PER_MS : value;
  }
}

const writePolicies = (entry: Record<string, unknown>, policies: Policies): void => {
  if (Object.keys(policies).length > 0) entry['policies'] = policies;
};

const noteToMs = (note: Note): FileEntry => ({ ...note, start: note.start / FLICKS_PER_MS, duration: note.duration / FLICKS_PER_MS });

const KINDS: Readonly<Record<string, Fields>> = { interval: INTERVAL, sync: SYNC, event: EVENT, state: STATE };
const ALL_FIELDS: Fields = { ...PROCESS, ...TRACK };

/** What a document would hold for it; whatever is wrong in it is for `read` to repair. */
export function fromFileEntry(entry: FileEntry): RawEntry {
  const fields = new Map<string, unknown>();
  const table = tableOf(entry);
  for (const [name, value] of Object.entries(entry)) {
    const field = Object.hasOwn(table, name) ? table[name] : undefined;
    if (name === 'kind' || name === 'type') fields.set(name, value);
    else if (field) fields.set(name, field.isDuration && typeof value === 'number' ? msToFlicks(value) : value);
  }
  readPolicies(fields, entry['policies']);
  readNested(fields, 'messages', entry['messages'], (item, i) => messageTuple(item as unknown as Message, i));
  readNested(fields, 'points', entry['points'], ({ x, y, curve }) => [x, y, curve]);
  readNested(fields, 'inputs', entry['inputs'], ({ value, min, max }) => [value, min, max]);
  readNested(fields, 'notes', entry['notes'], ({ start, duration, pitch, velocity }) => [
    inFlicks(start),
    inFlicks(duration),
    pitch,
    velocity,
  ]);
  return fields;
}

function tableOf(entry: FileEntry): Fields {
  const { kind, type } = entry;
  if (kind !== 'process') return (typeof kind === 'string' && Object.hasOwn(KINDS, kind) && KINDS[kind]) || ALL_FIELDS;
  const isKnown = typeof type === 'string' && Object.hasOwn(PROCESS_TYPES, type);
  return isKnown ? { ...PROCESS, ...PROCESS_TYPES[type as keyof typeof PROCESS_TYPES] } : ALL_FIELDS;
}

const inFlicks = (ms: unknown): unknown => (typeof ms === 'number' ? msToFlicks(ms) : (NOTE.start.initial as unknown));

function readPolicies(fields: Map<string, unknown>, input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  const policies = input as Readonly<Record<string, unknown>>;
  for (const name of POLICY_NAMES) if (policies[name] !== undefined) fields.set(policyField(name), policies[name]);
}

/** A list of items with an id (inputs: a name); an item without one is named by its place. */
function readNested(
  fields: Map<string, unknown>,
  name: string,
  list: unknown,
  toTuple: (item: FileEntry, index: number) => readonly unknown[],
): void {
  if (!Array.isArray(list)) return;
  const nested = new Map<string, unknown>();
  (list as readonly unknown[]).forEach((item, i) => {
    if (typeof item !== 'object' || item === null) return;
    const entry = item as FileEntry;
    const key = entry['id'] ?? entry['name'];
    nested.set(typeof key === 'string' ? key : `${name}${i}`, toTuple(entry, i));
  });
  fields.set(name, nested);
}
