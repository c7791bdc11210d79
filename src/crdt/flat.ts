import { isSame } from './difference.ts';
import { COLLECTIONS, NESTED, entryOf } from './doc.ts';
import type { Collection, Nested } from './doc.ts';
import type * as Y from 'yjs';
import { createEntry, nestedMap, put, removeEntry, setField } from './entry-writer.ts';
import { rootMap } from './doc.ts';
import { FIXED_IDS } from './ids.ts';
import { changedKeys } from './patched.ts';
import type { Raw, RawEntry } from './raw.ts';
import type { ObjectId } from './score.ts';

/**
 * What a document holds of one object, flat: 'field' or 'nested field/key' → plain value, so that two versions can be
 * told apart and mixed field by field. An owner is '<part>/<id>': an entry of a collection, the registers of an object
 * ('registers/<id>', by whole key), or 'meta/score' (title, foreign text, and what concerns all of it).
 */
export type Flat = ReadonlyMap<string, unknown>;
export type Owner = string;

type Part = Collection | 'registers' | 'meta';

export const partOf = (owner: Owner): Part => owner.slice(0, owner.indexOf('/')) as Part;
export const idOf = (owner: Owner): ObjectId => owner.slice(owner.indexOf('/') + 1);

/** Is never there or away as a whole: what every score has, and what is no entry. */
export const isStanding = (owner: Owner): boolean => {
  const part = partOf(owner);
  return part === 'registers' || part === 'meta' || (part === 'objects' && FIXED_IDS.has(idOf(owner)));
};

const META = ['title', 'syncTimeout', 'foreign'] as const;
const isNested = (field: string): field is Nested => (NESTED as readonly string[]).includes(field);
const EMPTY: Flat = new Map();
const flats = new WeakMap<RawEntry, Flat>();

function flatten(entry: RawEntry): Flat {
  const known = flats.get(entry);
  if (known) return known;
  const flat = new Map<string, unknown>();
  for (const [field, value] of entry) {
    if (!(value instanceof Map)) flat.set(field, value);
    else for (const [key, item] of value as RawEntry) flat.set(`${field}/${key}`, item);
  }
  flats.set(entry, flat);
  return flat;
}

/** undefined: the entry is not there. */
export function flatOf(raw: Raw, owner: Owner): Flat | undefined {
  const [part, id] = [partOf(owner), idOf(owner)];
  if (part === 'registers') return new Map([...raw.registers].filter(([key]) => key.startsWith(`${id}/`)));
  if (part === 'meta') return new Map(META.flatMap((field) => (raw.meta.has(field) ? [[field, raw.meta.get(field)] as const] : [])));
  const entry = raw[part].get(id);
  return entry ? flatten(entry) : isStanding(owner) ? EMPTY : undefined;
}

/** Of what changed between two versions, the owners. */
export function changedOwners(before: Raw, after: Raw): readonly Owner[] {
  const keys = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): readonly string[] =>
    changedKeys(a, b) ?? [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key));
  const registers = keys(before.registers, after.registers).map((key) => `registers/${key.slice(0, key.indexOf('/'))}`);
  return [
    ...COLLECTIONS.flatMap((part) => keys(before[part], after[part]).map((id) => `${part}/${id}`)),
    ...new Set(registers),
    ...(before.meta === after.meta ? [] : ['meta/score']),
  ];
}

/** Of two versions, the paths that differ. */
export const differingPaths = (a: Flat, b: Flat): readonly string[] =>
  a === b
    ? []
    : [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.has(path) !== b.has(path) || !isSame(a.get(path), b.get(path)));

/** Brings what the document holds from one version to another; to be called inside a transaction, with what it holds now. */
export function writeFlat(doc: Y.Doc, owner: Owner, now: Flat | undefined, wanted: Flat | undefined): void {
  const [part, id] = [partOf(owner), idOf(owner)];
  if (part === 'registers' || part === 'meta') {
    for (const path of differingPaths(now ?? EMPTY, wanted ?? EMPTY)) put(rootMap(doc, part), path, wanted?.get(path));
    return;
  }
  if (!wanted) return removeEntry(doc, part, id);
  if (!now) return createEntry(doc, part, id, unflatten(wanted));
  for (const path of differingPaths(now, wanted)) {
    const [field, key] = split(path);
    if (key === undefined) setField(entryOf(doc, part, id), field, wanted.get(path));
    else if (isNested(field)) put(nestedMap(doc, part, id, field), key, wanted.get(path));
  }
}

function split(path: string): readonly [field: string, key: string | undefined] {
  const end = path.indexOf('/');
  return end > 0 && isNested(path.slice(0, end)) ? [path.slice(0, end), path.slice(end + 1)] : [path, undefined];
}

function unflatten(flat: Flat): RawEntry {
  const entry = new Map<string, unknown>();
  for (const [path, value] of flat) {
    const [field, key] = split(path);
    if (key === undefined) entry.set(field, value);
    else entry.set(field, new Map(entry.get(field) as RawEntry | undefined).set(key, value));
  }
  return entry;
}
