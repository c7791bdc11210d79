import * as Y from 'yjs';

/** Updates that lack what came before them wait in the document; more than this is let go and asked for again. */
const PENDING_BYTES_MAX = 4 * 1024 * 1024;

/**
 * A foreign update into a document. Yjs checks nothing and throws on some garbage, so it is decoded once before, and
 * writing under our own number, which only we do, is refused [SY5].
 * `lacking`: it was taken, but something before it is missing.
 */
export function applyChecked(doc: Y.Doc, update: Uint8Array, origin: unknown): 'done' | 'lacking' | 'refused' {
  try {
    const { structs } = Y.decodeUpdateV2(update);
    const own = Y.getState(doc.store, doc.clientID);
    if (structs.some(({ id, length }) => id.client === doc.clientID && id.clock + length > own)) return 'refused';
    Y.applyUpdateV2(doc, update, origin);
  } catch {
    return 'refused';
  }
  const { pendingStructs, pendingDs } = doc.store;
  if (pendingStructs && pendingStructs.update.length > PENDING_BYTES_MAX) doc.store.pendingStructs = null;
  if (pendingDs && pendingDs.length > PENDING_BYTES_MAX) doc.store.pendingDs = null;
  return pendingStructs || pendingDs ? 'lacking' : 'done';
}
