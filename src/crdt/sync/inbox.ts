import * as Y from 'yjs';
import type { LocalTime, PeerId, Unsubscribe } from '../../base.ts';
import type { Host } from '../../mesh/host.ts';
import { applyChecked, inspect } from './apply.ts';
import type { Struct } from './apply.ts';

/**
 * Foreign updates on their way into a document. Everyone reads the document after each transaction, so thousands of tiny
 * updates a second would stop a room: the first is taken at once, what comes within 20 ms of it waits and is taken together.
 */
export interface Inbox {
  /** `later`: `taken` will tell. */
  add(from: PeerId, update: Uint8Array, structs: readonly Struct[]): Outcome | 'later';
  /** Whose updates are being taken at this moment. */
  sources(): ReadonlySet<PeerId>;
  close: Unsubscribe;
}

export type Outcome = ReturnType<typeof applyChecked>;

const GATHER_MS = 20;
const WAITING_MAX = 4096;
const NOBODY: ReadonlySet<PeerId> = new Set();

interface Waiting {
  readonly from: PeerId;
  readonly update: Uint8Array;
  readonly structs: readonly Struct[];
}

export function createInbox(
  host: Pick<Host, 'clock' | 'timer'>,
  target: { readonly doc: Y.Doc; readonly origin: unknown; taken(from: PeerId, outcome: Outcome): void },
): Inbox {
  const { doc, origin, taken } = target;
  let waiting: Waiting[] = [];
  let sources = NOBODY;
  let lastAt = -Infinity as LocalTime;
  let cancel: Unsubscribe | undefined;

  const take = (froms: readonly PeerId[], update: Uint8Array, structs?: readonly Struct[]): Outcome => {
    sources = new Set(froms);
    const outcome = applyChecked(doc, update, origin, structs ?? inspect(update));
    sources = NOBODY;
    lastAt = host.clock.now();
    return outcome;
  };
  const flush = (): void => {
    cancel = undefined;
    const all = waiting;
    waiting = [];
    const froms = [...new Set(all.map(({ from }) => from))];
    const together = all.length > 1 ? merged(all) : undefined;
    const outcome = together && take(froms, together);
    if (outcome && outcome !== 'refused') {
      for (const from of froms) taken(from, outcome);
      return;
    }
    // One of them is bad: each for itself.
    for (const { from, update, structs } of all) taken(from, take([from], update, structs));
  };

  return {
    add(from, update, structs) {
      if (waiting.length === 0 && host.clock.now() - lastAt >= GATHER_MS) return take([from], update, structs);
      if (waiting.length >= WAITING_MAX) return 'refused';
      waiting.push({ from, update, structs });
      cancel ??= host.timer.after(Math.max(0, lastAt + GATHER_MS - host.clock.now()), flush);
      return 'later';
    },
    sources: () => sources,
    close() {
      cancel?.();
      waiting = [];
    },
  };
}

/** undefined when Yjs cannot. */
function merged(all: readonly Waiting[]): Uint8Array | undefined {
  try {
    return Y.mergeUpdatesV2(all.map(({ update }) => update));
  } catch {
    return undefined;
  }
}
