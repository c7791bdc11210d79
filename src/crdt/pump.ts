import type { PeerId } from '../base.ts';
import type { Host } from '../mesh/host.ts';
import type { Pace } from './pace.ts';

/** One ordered, reliable channel to each peer, for what is large. */
export interface BulkWire {
  /** False when it could not be sent. */
  send(to: PeerId, bytes: Uint8Array): boolean;
  /** Bytes that wait to leave towards a peer. */
  buffered(to: PeerId): number;
  /** While a run is on, what is large gives way to what sounds. */
  readonly pace: Pace;
}

/** What waits to leave towards one peer. */
export interface Source {
  /** What is next; the same until it left. */
  next(): Uint8Array | undefined;
  /** That one left: false when it was the last. */
  left(): boolean;
}

/** Empties queues, one message to each peer in turn, as fast as channel and pace take them. */
export interface Pump {
  run(): void;
  close(): void;
}

const BUFFERED_MAX = 128 * 1024;
const PUMP_MS = 10;

/** Such as a map; what is empty is taken out. */
interface Queues extends Iterable<readonly [PeerId, Source]> {
  readonly size: number;
  delete(peer: PeerId): boolean;
}

export function createPump(timer: Host['timer'], wire: BulkWire, queues: Queues): Pump {
  let cancel: (() => void) | undefined;
  /** Whether one message left. */
  const sendOne = (to: PeerId, queue: Source): boolean => {
    if (wire.buffered(to) > BUFFERED_MAX) return false;
    const bytes = queue.next();
    if (!bytes || !wire.pace.take(to, bytes.length) || !wire.send(to, bytes)) return false;
    if (!queue.left()) queues.delete(to);
    return true;
  };
  let isRunning = false;
  const run = (): void => {
    // From within a send: what was queued meanwhile leaves in this turn as well.
    if (isRunning) return;
    isRunning = true;
    cancel?.();
    cancel = undefined;
    for (let isMoving = true; isMoving;) {
      isMoving = false;
      for (const [to, queue] of queues) isMoving = sendOne(to, queue) || isMoving;
    }
    isRunning = false;
    if (queues.size > 0) cancel = timer.after(PUMP_MS, run);
  };
  return { run, close: () => cancel?.() };
}
