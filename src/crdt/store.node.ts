import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as Y from 'yjs';
import { toWellFormed } from '../base.ts';
import type { DocumentStore, OpenStore } from './store.ts';

const ENDING = '.updates';

/**
 * Documents in a folder that one process has for itself, a file each.
 *
 *   file = (length:uint32 big-endian  update:length bytes, Yjs format 2)*
 *
 * What happens is appended, a moment after it did; a file that grew is written anew, beside, and put in its place. The
 * end of a file may be missing: what is whole before it counts.
 */
export function createNodeStore(folder: string, onNotice: (message: string) => void): DocumentStore {
  let isSaid = false;
  /** What is not kept here the others still have, so it is said once and the performance goes on. */
  const guard = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      if (!isSaid) onNotice(`No copy of the score is kept in ${folder}: ${error instanceof Error ? error.message : String(error)}`);
      isSaid = true;
    }
  };
  guard(() => mkdirSync(folder, { recursive: true }));
  const pathOf = (name: string): string => join(folder, `${encodeURIComponent(toWellFormed(name))}${ENDING}`);

  return {
    open(name, doc, loaded) {
      const file = createLog(pathOf(name), guard);
      let opened: OpenStore | undefined;
      let isClosed = false;
      // Never before this returns, as elsewhere.
      queueMicrotask(() => {
        if (isClosed) return;
        guard(() => file.readInto(doc));
        opened = follow(file, doc);
        loaded();
      });
      return {
        close() {
          isClosed = true;
          opened?.close();
        },
      };
    },
    renew(name, doc) {
      const file = createLog(pathOf(name), guard);
      file.rewrite(doc);
      return follow(file, doc);
    },
    keep: (name, doc) => createLog(pathOf(name), guard).rewrite(doc),
    list: (prefix, found) => queueMicrotask(() => found(namesIn(folder).filter((name) => name.startsWith(prefix)))),
    forget: (name) => guard(() => rmSync(pathOf(name), { force: true })),
  };
}

/** What else lies there is none of ours. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).flatMap((file) => (file.endsWith(ENDING) ? nameOf(file.slice(0, -ENDING.length)) : []));
  } catch {
    return [];
  }
}

function nameOf(file: string): readonly string[] {
  try {
    return [decodeURIComponent(file)];
  } catch {
    return [];
  }
}

/** How long what happened waits for more, ms. */
const GATHER_MS = 200;
/** A file is written anew when it holds so many times what it would then. */
const GROWTH_MAX = 4;
const REWRITE_BYTES_MIN = 64 * 1024;

function follow(file: Log, doc: Y.Doc): OpenStore {
  let gathered: Uint8Array[] = [];
  let waiting: NodeJS.Timeout | undefined;
  const flush = (): void => {
    waiting = void clearTimeout(waiting);
    if (gathered.length > 0) file.append(Y.mergeUpdatesV2(gathered), doc);
    gathered = [];
  };
  const gather = (update: Uint8Array): void => {
    gathered.push(update);
    waiting ??= setTimeout(flush, GATHER_MS);
  };
  doc.on('updateV2', gather);
  return {
    close() {
      doc.off('updateV2', gather);
      flush();
    },
  };
}

interface Log {
  readInto(doc: Y.Doc): void;
  append(update: Uint8Array, doc: Y.Doc): void;
  rewrite(doc: Y.Doc): void;
}

function createLog(path: string, guard: (write: () => void) => void): Log {
  let size = 0;
  let sizeAnew = 0;

  function rewrite(doc: Y.Doc): void {
    guard(() => {
      const bytes = framed(Y.encodeStateAsUpdateV2(doc));
      writeFileSync(`${path}.new`, bytes);
      renameSync(`${path}.new`, path);
      size = sizeAnew = bytes.length;
    });
  }

  return {
    rewrite,
    readInto(doc) {
      if (!existsSync(path)) return;
      const bytes = readFileSync(path);
      try {
        const updates = unframed(bytes);
        if (updates.length > 0) Y.applyUpdateV2(doc, Y.mergeUpdatesV2(updates), 'disk');
      } catch {
        // Kept for who wants to look into it, but not in the way.
        rmSync(`${path}.broken`, { force: true });
        renameSync(path, `${path}.broken`);
      }
      rewrite(doc);
    },
    append(update, doc) {
      const bytes = framed(update);
      if (size + bytes.length > Math.max(REWRITE_BYTES_MIN, GROWTH_MAX * sizeAnew)) return rewrite(doc);
      guard(() => appendFileSync(path, bytes));
      size += bytes.length;
    },
  };
}

function framed(update: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + update.length);
  new DataView(bytes.buffer).setUint32(0, update.length);
  bytes.set(update, 4);
  return bytes;
}

function unframed(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const updates: Uint8Array[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) break;
    updates.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return updates;
}
