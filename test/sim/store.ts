import * as Y from 'yjs';
import type { DocumentStore, OpenStore } from '../../src/crdt/store.ts';
import type { Host } from '../../src/mesh/host.ts';

/** What a machine's disk holds: updates by document name. It outlives every page. */
export type Disk = Map<string, Uint8Array[]>;

const READ_MS = 4;
const WRITE_MS = 10;

/** Documents on a simulated disk: read a little later, written a little later; a page that dies loses what was under way. */
export function createSimStore(host: Host, disk: Disk): DocumentStore {
  const follow = (name: string, doc: Y.Doc): OpenStore => {
    const write = (update: Uint8Array): void => {
      const pages = disk.get(name);
      host.timer.after(WRITE_MS, () => void pages?.push(update));
    };
    doc.on('updateV2', write);
    return { close: () => doc.off('updateV2', write) };
  };
  return {
    open(name, doc, loaded) {
      let isClosed = false;
      let following: OpenStore | undefined;
      host.timer.after(READ_MS, () => {
        if (isClosed) return;
        const kept = disk.get(name) ?? [];
        disk.set(name, kept);
        if (kept.length > 0) Y.applyUpdateV2(doc, Y.mergeUpdatesV2(kept), 'disk');
        following = follow(name, doc);
        loaded();
      });
      return {
        close() {
          isClosed = true;
          following?.close();
        },
      };
    },
    renew(name, doc) {
      disk.set(name, [Y.encodeStateAsUpdateV2(doc)]);
      return follow(name, doc);
    },
    keep: (name, doc) => void disk.set(name, [Y.encodeStateAsUpdateV2(doc)]),
    list: (prefix, found) => void host.timer.after(READ_MS, () => found([...disk.keys()].filter((name) => name.startsWith(prefix)))),
    forget: (name) => void disk.delete(name),
  };
}
