import * as Y from 'yjs';
import { compare } from '../../base.ts';
import { HASH_BYTES } from './messages.ts';

/**
 * A hash of what a document holds, the same wherever the same is held: Yjs's own encoding depends on the order of
 * arrival, so contents are hashed entry by entry and summed, and only entries that changed are hashed again. Equal state
 * vectors do not tell of deletions; this does [SY6].
 */
export interface ContentHash {
  /** Eight bytes. */
  read(): Uint8Array;
  close(): void;
}

type Pair = readonly [number, number];
const ZERO: Pair = [0, 0];

export function createContentHash(doc: Y.Doc): ContentHash {
  const entries = new Map<string, Map<string, Pair>>();
  const dirty = new Map<string, Set<string>>();
  let sum: Pair = ZERO;

  const rootName = (type: unknown): string | undefined => {
    for (const [name, root] of doc.share) if ((root as unknown) === type) return name;
    return undefined;
  };
  const mark = (name: string, keys: Iterable<string>): void => {
    const set = dirty.get(name) ?? new Set();
    dirty.set(name, set);
    for (const key of keys) set.add(key);
  };
  const listen = (transaction: Y.Transaction): void => {
    for (const [type, keys] of transaction.changed) {
      const [root, key] = topOf(type as unknown as Y.AbstractType<unknown>);
      const name = rootName(root);
      if (name !== undefined) mark(name, key === undefined ? [...keys].filter((each) => each !== null) : [key]);
    }
  };
  const renew = (name: string, key: string): void => {
    const map = entries.get(name) ?? new Map<string, Pair>();
    entries.set(name, map);
    const root: unknown = doc.share.get(name);
    const value: unknown = root instanceof Y.Map ? root.get(key) : undefined;
    const next = value === undefined ? ZERO : hash(`${name}\n${key}\n${canonical(value)}`);
    const old = map.get(key) ?? ZERO;
    sum = [(sum[0] - old[0] + next[0]) >>> 0, (sum[1] - old[1] + next[1]) >>> 0];
    if (value === undefined) map.delete(key);
    else map.set(key, next);
  };

  for (const [name, root] of doc.share) if (root instanceof Y.Map) mark(name, root.keys());
  doc.on('afterTransaction', listen);
  return {
    read() {
      for (const [name, keys] of dirty) for (const key of keys) renew(name, key);
      dirty.clear();
      const bytes = new Uint8Array(HASH_BYTES);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, sum[0]);
      view.setUint32(4, sum[1]);
      return bytes;
    },
    close: () => doc.off('afterTransaction', listen),
  };
}

/** The root type above a type, and the key in it below which the type lies; no key for a root itself. */
function topOf(type: Y.AbstractType<unknown>): readonly [unknown, string | undefined] {
  let top: Y.AbstractType<unknown> = type;
  let key: string | undefined;
  while (top._item !== null) {
    key = top._item.parentSub ?? '';
    top = top._item.parent as Y.AbstractType<unknown>;
  }
  return [top, key];
}

function canonical(value: unknown): string {
  if (value instanceof Y.Map)
    return `{${[...value.entries()]
      .sort(([a], [b]) => compare(a, b))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
      .join()}}`;
  if (value instanceof Uint8Array) return `bytes ${hash(value).join()}`;
  if (value instanceof Y.AbstractType) return JSON.stringify(value.toJSON() as unknown) ?? '';
  if (Array.isArray(value)) return `[${(value as unknown[]).map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '');
  const fields = value as Readonly<Record<string, unknown>>;
  return `{${Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(fields[key])}`)
    .join()}}`;
}

/** Two FNV-1a of 32 bits: enough to notice, not meant against forgery. */
function hash(text: string | Uint8Array): Pair {
  let a = 0x811c9dc5;
  let b = 0x9dc5811c;
  for (let i = 0; i < text.length; i++) {
    const unit = typeof text === 'string' ? text.charCodeAt(i) : (text[i] ?? 0);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return [a >>> 0, b >>> 0];
}
