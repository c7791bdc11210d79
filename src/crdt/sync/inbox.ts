import * as Y from 'yjs';
import type { LocalTime, PeerId, Unsubscribe } from '../../base.ts';
import type { Host } from '../../mesh/host.ts';
import { applyChecked } from './apply.ts';
import type { Applied, Struct } from './apply.ts';

/**
 * Foreign updates on their way into a document. Everyone reads the document after each transaction, so thousands of tiny
 * updates a second would stop a room: the first is taken at once, what comes within 20 ms of it waits and is taken together.
 * Who sends something bad loses all of its own that waits with it; others lose nothing, and no more transactions than senders are needed.
 */
export interface Inbox {
  /** `later`: `taken` will tell. */
  add(from: PeerId, update: Uint8Array, structs: readonly Struct[]): Outcome | 'later';
  /** Whose updates are being taken at this moment. */
  sources(): ReadonlySet<PeerId>;
  close: Unsubscribe;
}

export type Outcome = Applied;

const GATHER_MS = 20;
/** Of one sender. */
const WAITING_MAX = 2048;
const NOBODY: ReadonlySet<PeerId> = new Set();

export function createInbox(
  host: Pick<Host, 'clock' | 'timer'>,
  target: {
    readonly doc: Y.Doc;
    readonly origin: unknown;
    /** In the order in which it is applied. */
    offered(from: PeerId, structs: readonly Struct[]): void;
    taken(from: PeerId, outcome: Outcome): void;
  },
): Inbox {
  const { doc, origin, offered, taken } = target;
  let waiting = new Map<PeerId, { readonly update: Uint8Array; readonly structs: readonly Struct[] }[]>();
  let sources = NOBODY;
  let lastAt = -Infinity as LocalTime;
  let cancel: Unsubscribe | undefined;

  const take = (froms: readonly PeerId[], update: Uint8Array, structs?: readonly Struct[]): Outcome => {
    sources = new Set(froms);
    const outcome = applyChecked(doc, update, origin, structs);
    sources = NOBODY;
    lastAt = host.clock.now();
    return outcome;
  };
  const flush = (): void => {
    cancel = undefined;
    const batches = [...waiting].map(([from, list]) => ({ from, update: merged(list.map(({ update }) => update)) }));
    for (const [from, list] of waiting) for (const { structs } of list) offered(from, structs);
    waiting = new Map();
    const together = batches.length > 1 && batches.every(({ update }) => update) ? merged(batches.map(({ update }) => update!)) : undefined;
    const outcome =
      together &&
      take(
        batches.map(({ from }) => from),
        together,
      );
    for (const { from, update } of batches) {
      if (outcome && outcome !== 'refused') taken(from, outcome);
      else taken(from, update ? take([from], update) : 'refused');
    }
  };

  return {
    add(from, update, structs) {
      if (waiting.size === 0 && host.clock.now() - lastAt >= GATHER_MS) {
        offered(from, structs);
        return take([from], update, structs);
      }
      const list = waiting.get(from) ?? [];
      if (list.length >= WAITING_MAX) return 'refused';
      list.push({ update, structs });
      waiting.set(from, list);
      cancel ??= host.timer.after(Math.max(0, lastAt + GATHER_MS - host.clock.now()), flush);
      return 'later';
    },
    sources: () => sources,
    close() {
      cancel?.();
      waiting.clear();
    },
  };
}

/** undefined when Yjs cannot. */
function merged(updates: readonly Uint8Array[]): Uint8Array | undefined {
  try {
    return updates.length === 1 ? updates[0] : Y.mergeUpdatesV2([...updates]);
  } catch {
    return undefined;
  }
}
