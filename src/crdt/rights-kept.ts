import * as Y from 'yjs';
import type { DocumentStore, OpenStore } from './store.ts';

/** The rights of a room, as this device keeps them: one value, written anew each time. */
export interface RightsKept {
  /** undefined before it is loaded, and when nothing is kept; unchecked. */
  read(): Uint8Array | undefined;
  write(chain: Uint8Array): void;
  close(): void;
}

/** One writer at a time, and each time a document that begins anew. */
const WRITER = 1;

/** loaded: once, also when nothing could be read. */
export function createRightsKept(store: DocumentStore, name: string, loaded: () => void): RightsKept {
  let doc = new Y.Doc();
  let kept: OpenStore = store.open(`rights/${name}`, doc, loaded);
  return {
    read() {
      const chain = doc.getMap('rights').get('chain');
      return chain instanceof Uint8Array ? chain : undefined;
    },
    write(chain) {
      kept.close();
      doc = new Y.Doc();
      doc.clientID = WRITER;
      doc.getMap('rights').set('chain', chain);
      kept = store.renew(`rights/${name}`, doc);
    },
    close: () => kept.close(),
  };
}
