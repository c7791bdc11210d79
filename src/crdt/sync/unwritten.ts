import type * as Y from 'yjs';

/** Of `updateV2`. */
type Listen = (update: Uint8Array, origin: unknown, doc: Y.Doc, transaction: Y.Transaction) => void;

/**
 * Calls f while `listen` does not hear transactions of this origin, so that Yjs need not write out what they did: a tenth
 * of a second for a long score. What observers write meanwhile comes after, as transactions of their own, and is heard.
 */
export function unwritten<T>(doc: Y.Doc, origin: unknown, listen: Listen, f: () => T): T {
  const choose = (transaction: Y.Transaction): void => {
    if (transaction.origin === origin) doc.off('updateV2', listen);
    else doc.on('updateV2', listen);
  };
  doc.on('afterTransactionCleanup', choose);
  try {
    return f();
  } finally {
    doc.off('afterTransactionCleanup', choose);
    doc.on('updateV2', listen);
  }
}
