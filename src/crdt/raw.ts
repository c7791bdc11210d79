import * as Y from 'yjs';
import { COLLECTIONS, messagesName, rootMap } from './doc.ts';
import type { Collection } from './doc.ts';
import { FIXED_IDS } from './ids.ts';
import { patched } from './patched.ts';

/**
 * The document as plain immutable data, unchecked: the one place that looks into Yjs types for reading. Kept per
 * document and renewed only where something changed; an entry that did not change keeps its identity, so that whoever
 * parses entries may remember the outcome.
 */
export interface Raw {
  readonly meta: RawEntry;
  readonly objects: ReadonlyMap<string, RawEntry>;
  readonly groups: ReadonlyMap<string, RawEntry>;
  readonly tracks: ReadonlyMap<string, RawEntry>;
  readonly cables: ReadonlyMap<string, RawEntry>;
  readonly devices: ReadonlyMap<string, RawEntry>;
  readonly registers: RawEntry;
}
/** Fields; a nested map is a ReadonlyMap, a text a string. */
export type RawEntry = ReadonlyMap<string, unknown>;

interface Mirror {
  raw: Raw;
  /** Which version of the document a raw is, and which objects changed with each version since `floor`. */
  readonly versions: WeakMap<Raw, number>;
  version: number;
  log: readonly { readonly version: number; readonly ids: readonly string[] }[];
  floor: number;
  readonly dirty: Map<Collection | 'meta' | 'registers', Set<string>>;
}

/** Objects that changed, kept for who reads seldom. */
const LOG_MAX = 4000;

const mirrors = new WeakMap<Y.Doc, Mirror>();

/** What the document holds now; not to be called inside a transaction that wrote. */
export function rawOf(doc: Y.Doc): Raw {
  const mirror = mirrors.get(doc) ?? createMirror(doc);
  if (mirror.dirty.size > 0) renew(doc, mirror);
  return mirror.raw;
}

/** Objects that changed between that state of the document and `rawOf` now; undefined where nobody remembers. */
export function changedSince(doc: Y.Doc, raw: Raw): readonly string[] | undefined {
  const mirror = mirrors.get(doc);
  const version = mirror?.versions.get(raw);
  if (!mirror || version === undefined || version < mirror.floor) return undefined;
  return [...new Set(mirror.log.flatMap((change) => (change.version > version ? change.ids : [])))];
}

function createMirror(doc: Y.Doc): Mirror {
  const raw = extract(doc);
  const mirror: Mirror = { raw, dirty: new Map(), versions: new WeakMap([[raw, 0]]), version: 0, log: [], floor: 0 };
  mirrors.set(doc, mirror);
  const mark = (part: Collection | 'meta' | 'registers', id: string): void => {
    const ids = mirror.dirty.get(part) ?? new Set();
    mirror.dirty.set(part, ids.add(id));
  };
  for (const part of [...COLLECTIONS, 'meta', 'registers'] as const) {
    rootMap(doc, part)?.observeDeep((events) => {
      for (const event of events) {
        if (event.path.length > 0) mark(part, String(event.path[0]));
        else for (const key of event.keys.keys()) mark(part, key);
      }
    });
  }
  for (const id of FIXED_IDS) {
    rootMap(doc, id)?.observeDeep(() => mark('objects', id));
    const messages = messagesName(id);
    if (messages) rootMap(doc, messages)?.observeDeep(() => mark('objects', id));
  }
  return mirror;
}

function extract(doc: Y.Doc): Raw {
  const objects = toEntries(rootMap(doc, 'objects'));
  for (const id of FIXED_IDS) put(objects, id, fixedEntry(doc, id));
  return {
    meta: toEntry(rootMap(doc, 'meta')) ?? new Map(),
    objects,
    groups: toEntries(rootMap(doc, 'groups')),
    tracks: toEntries(rootMap(doc, 'tracks')),
    cables: toEntries(rootMap(doc, 'cables')),
    devices: toEntries(rootMap(doc, 'devices')),
    registers: toEntry(rootMap(doc, 'registers')) ?? new Map(),
  };
}

function renew(doc: Y.Doc, mirror: Mirror): void {
  const next: Record<keyof Raw, ReadonlyMap<string, unknown>> = { ...mirror.raw };
  for (const [part, ids] of mirror.dirty) {
    const root = rootMap(doc, part);
    const changes = new Map<string, unknown>();
    for (const id of ids) {
      if (part === 'objects' && FIXED_IDS.has(id)) changes.set(id, fixedEntry(doc, id));
      else if (part === 'meta' || part === 'registers') changes.set(id, toPlain(root?.get(id)));
      else changes.set(id, toEntry(root?.get(id)));
    }
    next[part] = patched(mirror.raw[part] as ReadonlyMap<string, unknown>, changes);
  }
  remember(mirror, [...(mirror.dirty.get('objects') ?? [])]);
  mirror.dirty.clear();
  mirror.raw = next as unknown as Raw;
  mirror.versions.set(mirror.raw, mirror.version);
}

function remember(mirror: Mirror, ids: readonly string[]): void {
  mirror.version += 1;
  mirror.log = [...mirror.log, { version: mirror.version, ids }];
  let count = mirror.log.reduce((sum, change) => sum + change.ids.length + 1, 0);
  while (count > LOG_MAX) {
    const [first, ...rest] = mirror.log;
    if (!first) return;
    count -= first.ids.length + 1;
    mirror.floor = first.version;
    mirror.log = rest;
  }
}

const put = (map: Map<string, unknown>, id: string, value: unknown): void => {
  if (value === undefined) map.delete(id);
  else map.set(id, value);
};

function toEntries(root: Y.Map<unknown> | undefined): Map<string, RawEntry> {
  const entries = new Map<string, RawEntry>();
  root?.forEach((value, id) => {
    const entry = toEntry(value);
    if (entry) entries.set(id, entry);
  });
  return entries;
}

function fixedEntry(doc: Y.Doc, id: string): RawEntry | undefined {
  const fields = new Map(toEntry(rootMap(doc, id)));
  const name = messagesName(id);
  const messages = name === undefined ? undefined : toEntry(rootMap(doc, name));
  if (messages && messages.size > 0) fields.set('messages', messages);
  return fields.size > 0 ? fields : undefined;
}

function toEntry(type: unknown): RawEntry | undefined {
  if (!(type instanceof Y.Map)) return undefined;
  const entry = new Map<string, unknown>();
  type.forEach((value: unknown, field: string) => {
    const plain = value instanceof Y.Map ? toNested(value) : toPlain(value);
    if (plain !== undefined) entry.set(field, plain);
  });
  return entry;
}

function toNested(type: Y.Map<unknown>): RawEntry {
  const nested = new Map<string, unknown>();
  type.forEach((value, key) => {
    const plain = toPlain(value);
    if (plain !== undefined) nested.set(key, plain);
  });
  return nested;
}

/** Plain data as it is, texts as strings; other types inside are nothing. */
function toPlain(value: unknown): unknown {
  if (value instanceof Y.Text) return value.toString();
  return value instanceof Y.AbstractType || value instanceof Y.Doc ? undefined : value;
}
