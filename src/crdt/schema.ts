import type * as Y from 'yjs';
import type { Issue } from '../base.ts';
import { SCHEMA, SEED, rootMap } from './doc.ts';

/**
 * Documents outlive versions of Tutti. An older one is brought up when it is opened; whoever does it writes the same, so
 * two peers may do it at once. A newer one is shown as far as it is understood and edited only by who insists.
 * Only what this device had stored counts as newer: a new schema comes with a new version of the protocol, so nobody
 * who is linked can have one, and a number that comes by sync must not lock a room.
 */

/** undefined: nobody said. */
const schemaOf = (doc: Y.Doc): number | undefined => {
  const schema = rootMap(doc, 'meta')?.get('schema');
  return Number.isInteger(schema) && (schema as number) >= 1 && (schema as number) <= 1000 ? (schema as number) : undefined;
};
const isNewer = (doc: Y.Doc): boolean => (schemaOf(doc) ?? SCHEMA) > SCHEMA;

export const NEWER: Issue = {
  message:
    'This score was written by a newer version of Tutti. Update to edit it; until then it can be seen and played, or edited anyway (properties of the score).',
};

/** Documents that were newer when they were loaded. */
const loaded = new WeakSet<Y.Doc>();

/** Not to be edited: until a file takes its place, or someone who could edit it did. */
export const isLocked = (doc: Y.Doc): boolean => loaded.has(doc) && isNewer(doc);
/** A copy of it is as it is. */
export function lockAs(doc: Y.Doc, original: Y.Doc): void {
  if (isLocked(original)) loaded.add(doc);
}

/**
 * Brings a document that was loaded up to this version, in one transaction that nobody can undo; or says why it is left
 * as it is [SC14]. Version 2 only added to version 1, whose entries mean the same.
 */
export function migrate(doc: Y.Doc): Issue | undefined {
  if (isNewer(doc)) {
    loaded.add(doc);
    return NEWER;
  }
  if ((schemaOf(doc) ?? SCHEMA) < SCHEMA) state(doc);
  return undefined;
}

/** Who edits writes this version: a higher number that came by sync does not outlive that, nor come back by undo. */
export function lower(doc: Y.Doc): void {
  if (isNewer(doc) && !isLocked(doc)) state(doc);
}

function state(doc: Y.Doc): void {
  doc.transact(() => rootMap(doc, 'meta')?.set('schema', SCHEMA), SEED);
}
