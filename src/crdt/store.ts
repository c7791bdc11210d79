import type * as Y from 'yjs';

/** Port: where this device keeps documents. None of it can fail: who keeps nothing goes on without. */
export interface DocumentStore {
  /** Fills `doc` with what is kept under this name, then keeps what happens to it. `loaded`: once, also when nothing could be read. */
  open(name: string, doc: Y.Doc, loaded: () => void): OpenStore;
  /** Forgets what is kept under this name and keeps `doc` instead. */
  renew(name: string, doc: Y.Doc): OpenStore;
  /** Keeps a document as it is now. */
  keep(name: string, doc: Y.Doc): void;
  /** Names under which something is kept and that begin like this, in no order; none where that cannot be told. */
  list(prefix: string, found: (names: readonly string[]) => void): void;
  forget(name: string): void;
}

export interface OpenStore {
  close(): void;
}
