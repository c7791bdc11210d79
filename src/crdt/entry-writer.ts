import * as Y from 'yjs';
import { entryOf, messagesName, rootMap } from './doc.ts';
import type { Collection, Nested } from './doc.ts';
import type { RawEntry } from './raw.ts';

/** Fields that two people may type in at once. */
export const isWritten = (field: string): boolean => field === 'source' || field === 'text';

export function put(map: Y.Map<unknown> | undefined, key: string, value: unknown): void {
  if (value === undefined) map?.delete(key);
  else map?.set(key, value);
}

export function createEntry(doc: Y.Doc, collection: Collection, id: string, fields: RawEntry): void {
  const fixed = collection === 'objects' && messagesName(id) !== undefined ? id : undefined;
  const entry = entryOf(doc, collection, id);
  const isRoot = entry !== undefined && entry.parent === null;
  const target = isRoot ? entry : new Y.Map<unknown>();
  for (const [field, value] of fields) {
    if (!(value instanceof Map)) put(target, field, isWritten(field) && typeof value === 'string' ? new Y.Text(value) : value);
    else if (!isRoot) target.set(field, new Y.Map(value as ReadonlyMap<string, unknown>));
    else if (fixed)
      for (const [key, item] of value as ReadonlyMap<string, unknown>) put(nestedMap(doc, 'objects', id, 'messages'), key, item);
  }
  if (!isRoot) put(rootMap(doc, collection), id, target);
}

export function removeEntry(doc: Y.Doc, collection: Collection, id: string): void {
  const entry = entryOf(doc, collection, id);
  if (entry && entry.parent !== null) return put(rootMap(doc, collection), id, undefined);
  entry?.clear();
  const messages = messagesName(id);
  if (messages) rootMap(doc, messages)?.clear();
}

export function nestedMap(doc: Y.Doc, collection: Collection, id: string, nested: Nested): Y.Map<unknown> | undefined {
  const root = nested === 'messages' ? messagesName(id) : undefined;
  if (root) return rootMap(doc, root);
  const entry = entryOf(doc, collection, id);
  const map = entry?.get(nested);
  if (map instanceof Y.Map || !entry) return map as Y.Map<unknown> | undefined;
  return entry.set(nested, new Y.Map<unknown>()) as Y.Map<unknown>;
}

/** A text keeps what two people type in it: only what differs is replaced. */
export function setField(entry: Y.Map<unknown> | undefined, field: string, value: unknown): void {
  const old = entry?.get(field);
  if (!isWritten(field) || typeof value !== 'string') return put(entry, field, value);
  if (!(old instanceof Y.Text)) return put(entry, field, new Y.Text(value));
  const text = old.toString();
  let start = 0;
  while (start < text.length && start < value.length && text[start] === value[start]) start++;
  let end = 0;
  while (end < text.length - start && end < value.length - start && text.at(-1 - end) === value.at(-1 - end)) end++;
  old.delete(start, text.length - start - end);
  old.insert(start, value.slice(start, value.length - end));
}
