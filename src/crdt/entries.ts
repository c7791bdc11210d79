import { EVENT, GROUP, INTERVAL, POLICY_NAMES, PROCESS, PROCESS_TYPES, STATE, SYNC, TRACK, policyField } from './fields.ts';
import type { Fields } from './fields.ts';
import type { RawEntry } from './raw.ts';
import type { Group, Message, Policies, Process, ScoreObject, Track } from './score.ts';

/** The fields that an object of this kind stores, besides policies and nested maps. */
export function fieldsOf(object: Pick<ScoreObject, 'kind'> & { readonly type?: Process['type'] }): Fields {
  switch (object.kind) {
    case 'interval':
      return INTERVAL;
    case 'sync':
      return SYNC;
    case 'event':
      return EVENT;
    case 'state':
      return STATE;
    case 'process':
      return { ...PROCESS, ...PROCESS_TYPES[object.type!] };
  }
}

/** An object as a document holds it: what `read` makes this object of. */
export function toEntry(object: ScoreObject): RawEntry {
  const entry = new Map<string, unknown>([['kind', object.kind]]);
  if (object.kind === 'process') entry.set('type', object.type);
  writeFields(entry, fieldsOf(object), object);
  if (object.kind === 'interval' && object.isMaxInfinite) entry.delete('max');
  if (object.kind !== 'state') writePolicies(entry, object.policies);
  else entry.set('messages', new Map(object.messages.map((message, i) => [message.id, messageTuple(message, i)])));
  if (object.kind === 'process') writeContent(entry, object);
  return entry;
}

/** Ranks of messages written at once: sorted like fractional indices of four digits. */
export const messageTuple = ({ address, value }: Message, index: number): readonly unknown[] => [rankOf(index), address, value];
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const rankOf = (index: number): string =>
  `c${DIGITS[Math.floor(index / 3844) % 62]}${DIGITS[Math.floor(index / 62) % 62]}${DIGITS[index % 62]}`;

function writeContent(entry: Map<string, unknown>, process: Process): void {
  if (process.type === 'automation') entry.set('points', new Map(process.points.map(({ id, x, y, curve }) => [id, [x, y, curve]])));
  if (process.type === 'shader') entry.set('inputs', new Map(process.inputs.map(({ name, value, min, max }) => [name, [value, min, max]])));
  if (process.type === 'notes') {
    const notes = process.notes.map(({ id, start, duration, pitch, velocity }) => [id, [start, duration, pitch, velocity]] as const);
    entry.set('notes', new Map(notes));
  }
}

function writeFields(entry: Map<string, unknown>, fields: Fields, object: object): void {
  const values = object as Readonly<Record<string, unknown>>;
  for (const field of Object.keys(fields)) if (values[field] !== undefined) entry.set(field, values[field]);
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
