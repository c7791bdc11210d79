import { clearDocument, IndexeddbPersistence } from 'y-indexeddb';
import type * as Y from 'yjs';
import type { DocumentStore, OpenStore } from './store.ts';

/** Documents in IndexedDB. Private windows and full disks are said once; the room goes on without a copy here. */
export function createDocumentStore(onNotice: (message: string) => void): DocumentStore {
  let isSaid = false;
  const complain = (): void => {
    if (!isSaid) onNotice('This browser keeps no copy of the score: after a reload it comes back only from the others, or from a file.');
    isSaid = true;
  };

  /** Loaded in any case, for nobody may be kept out by a broken disk. */
  const attach = (name: string, doc: Y.Doc, before: Promise<unknown>, loaded?: () => void): OpenStore => {
    let persistence: IndexeddbPersistence | undefined;
    let isClosed = false;
    const begin = async (): Promise<void> => {
      await before;
      if (isClosed) return;
      persistence = new IndexeddbPersistence(`tutti/${name}`, doc);
      yieldToOthers(persistence);
      await opened(persistence);
    };
    void begin()
      .catch(complain)
      .finally(() => isClosed || loaded?.());
    return {
      close() {
        isClosed = true;
        void persistence?.destroy().catch(complain);
      },
    };
  };

  return {
    open: (name, doc, loaded) => attach(name, doc, Promise.resolve(), loaded),
    renew: (name, doc) => attach(name, doc, clearDocument(`tutti/${name}`)),
    keep(name, doc) {
      const store = attach(name, doc, Promise.resolve(), () => store.close());
    },
    list(prefix, found) {
      const named = (all: readonly IDBDatabaseInfo[]): readonly string[] =>
        all.flatMap(({ name }) => (name?.startsWith(`tutti/${prefix}`) === true ? [name.slice('tutti/'.length)] : []));
      // Older Firefox cannot tell.
      const all = typeof indexedDB !== 'undefined' && 'databases' in indexedDB ? indexedDB.databases() : Promise.resolve([]);
      void all.then(named, () => []).then(found);
    },
    forget: (name) => void clearDocument(`tutti/${name}`).catch(complain),
  };
}

/**
 * Another tab that begins this document anew closes our database. Writing to it would then throw in the middle of every
 * transaction, before the edit is sent; so that tab alone keeps it from there on.
 */
const yieldToOthers = (persistence: IndexeddbPersistence): void => {
  const end = (): void => void persistence.destroy();
  const listen = (db: IDBDatabase): void => ['versionchange', 'close'].forEach((type) => db.addEventListener(type, end));
  void persistence._db.then(listen, () => undefined);
};

/** `whenSynced` never comes when the database cannot be opened, so that is awaited first. */
const opened = async (persistence: IndexeddbPersistence): Promise<void> => {
  await persistence._db;
  await persistence.whenSynced;
};
