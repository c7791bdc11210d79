import type * as Y from 'yjs';
import { isSame } from './difference.ts';
import { SCHEMA, entryOf, rootMap } from './doc.ts';
import { createEntry, nestedMap, put, removeEntry, setField } from './entry-writer.ts';
import type { Collection, Nested } from './doc.ts';
import { patched } from './patched.ts';
import { rawOf } from './raw.ts';
import type { Raw, RawEntry } from './raw.ts';
import { follow, read } from './read.ts';
import type { Reading } from './read.ts';
import { lower } from './schema.ts';
import type { Score } from './score.ts';

/**
 * Yjs has no way back out of a transaction, yet a command is all or nothing and a later part of it must see what an
 * earlier one did. So commands write a draft: plain maps over the document's, and a list of what to do to the document,
 * done at once when nothing was refused.
 */
export interface Draft {
  /** Valid score of what the draft holds now. */
  score(): Score;
  raw(): Raw;
  create(collection: Collection, id: string, entry: RawEntry): void;
  remove(collection: Collection, id: string): void;
  /** undefined makes a field absent. */
  set(collection: Collection, id: string, field: string, value: unknown): void;
  /** As `set`, also where that is the value already. */
  insist(collection: Collection, id: string, field: string, value: unknown): void;
  setNested(id: string, nested: Nested, key: string, value: unknown, collection?: Collection): void;
  setMeta(field: string, value: unknown): void;
  setRegister(key: string, value: unknown): void;
  commit(origin: unknown): void;
}

type Part = keyof Raw;

export function createDraft(doc: Y.Doc): Draft {
  let raw = rawOf(doc);
  let reading: Reading = { raw, score: read(doc) };
  let pending = new Map<Part, Map<string, unknown>>();
  /** Objects that changed since the score was read. */
  let changed = new Set<string>();
  const writes: (() => void)[] = [];

  const change = (part: Part, key: string, value: unknown): void => {
    const own = pending.get(part);
    if (own) own.set(key, value);
    else pending.set(part, new Map([[key, value]]));
    if (part === 'objects') changed.add(key);
  };
  const settle = (): Raw => {
    if (pending.size === 0) return raw;
    const next: Record<Part, ReadonlyMap<string, unknown>> = { ...raw };
    for (const [part, changes] of pending) next[part] = patched(raw[part] as ReadonlyMap<string, unknown>, changes);
    raw = next as unknown as Raw;
    pending = new Map();
    return raw;
  };
  const score = (): Score => {
    const now = settle();
    if (now === reading.raw) return reading.score;
    reading = { raw: now, score: follow(reading, now, [...changed]) };
    changed = new Set();
    return reading.score;
  };
  const lookUp = (part: Part, id: string): unknown => {
    const own = pending.get(part);
    return own?.has(id) ? own.get(id) : raw[part].get(id);
  };
  const entry = (part: Part, id: string): RawEntry => (lookUp(part, id) as RawEntry | undefined) ?? new Map<string, unknown>();

  const write = (collection: Collection, id: string, field: string, value: unknown): void => {
    change(collection, id, withField(entry(collection, id), field, value));
    writes.push(() => setField(entryOf(doc, collection, id), field, value));
  };

  return {
    raw: settle,
    score,
    create(collection, id, fields) {
      change(collection, id, fields);
      writes.push(() => createEntry(doc, collection, id, fields));
    },
    remove(collection, id) {
      if (lookUp(collection, id) === undefined) return;
      change(collection, id, undefined);
      writes.push(() => removeEntry(doc, collection, id));
    },
    set(collection, id, field, value) {
      if (!isSame(entry(collection, id).get(field), value)) write(collection, id, field, value);
    },
    insist: write,
    setNested(id, nested, key, value, collection = 'objects') {
      const old = entry(collection, id);
      const map = old.get(nested);
      change(collection, id, withField(old, nested, withField(map instanceof Map ? (map as RawEntry) : new Map(), key, value)));
      writes.push(() => put(nestedMap(doc, collection, id, nested), key, value));
    },
    setMeta(field, value) {
      if (lookUp('meta', field) === value) return;
      change('meta', field, value);
      writes.push(() => put(rootMap(doc, 'meta'), field, value));
    },
    setRegister(key, value) {
      change('registers', key, value);
      writes.push(() => put(rootMap(doc, 'registers'), key, value));
    },
    commit(origin) {
      if (writes.length === 0) return;
      lower(doc);
      doc.transact(() => {
        if (rootMap(doc, 'meta')?.get('schema') === undefined) put(rootMap(doc, 'meta'), 'schema', SCHEMA);
        for (const each of writes) each();
      }, origin);
    },
  };
}

function withField(entry: RawEntry, field: string, value: unknown): RawEntry {
  const copy = new Map(entry);
  if (value === undefined) copy.delete(field);
  else copy.set(field, value);
  return copy;
}
