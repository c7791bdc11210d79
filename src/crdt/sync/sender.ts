import type { PeerId } from '../../base.ts';
import { createBucket } from '../../mesh/bucket.ts';
import type { Host } from '../../mesh/host.ts';
import { toFragments } from './messages.ts';

/** Where fragments go: one ordered, reliable channel to each peer. */
export interface SyncWire {
  /** Who takes part: whole links whose documents may merge with ours. */
  peers(): readonly PeerId[];
  /** False when it could not be sent. */
  send(to: PeerId, bytes: Uint8Array): boolean;
  /** Bytes that wait to leave towards a peer. */
  buffered(to: PeerId): number;
  /** While a run is on, documents give way to what sounds. */
  isRunning(): boolean;
}

/**
 * Fragments leave in order to each peer, in turn between peers; as fast as the channel takes them, while a run is on at
 * 1 MB/s in all. A queue that grows too long is cleared: the peer asks again for what it misses [SY4].
 */
export interface Sender {
  /** False when the queue was full and nothing was queued. */
  send(to: PeerId, message: Uint8Array): boolean;
  drop(peer: PeerId): void;
  close(): void;
}

const RUNNING_BYTES_PER_S = 1_000_000;
const BURST_BYTES = 32_000;
const BUFFERED_MAX = 128 * 1024;
const QUEUE_BYTES_MAX = 80 * 1024 * 1024;
const PUMP_MS = 10;
/** Fragments that left but are not yet forgotten: a queue that is always filled anew never runs empty. */
const SENT_MAX = 1024;

interface Queue {
  fragments: Uint8Array[];
  next: number;
  bytes: number;
}

export function createSender(host: Pick<Host, 'clock' | 'timer'>, wire: SyncWire): Sender {
  const queues = new Map<PeerId, Queue>();
  const bucket = createBucket({ perSecond: RUNNING_BYTES_PER_S, burst: BURST_BYTES });
  let cancel: (() => void) | undefined;

  /** Whether one fragment left. */
  const sendOne = (to: PeerId, queue: Queue): boolean => {
    const fragment = queue.fragments[queue.next];
    if (!fragment || wire.buffered(to) > BUFFERED_MAX) return false;
    if (wire.isRunning() && !bucket.take(fragment.length, host.clock.now())) return false;
    if (!wire.send(to, fragment)) return false;
    queue.next += 1;
    queue.bytes -= fragment.length;
    if (queue.next === queue.fragments.length) queues.delete(to);
    if (queue.next >= SENT_MAX) {
      queue.fragments.splice(0, queue.next);
      queue.next = 0;
    }
    return true;
  };
  const pump = (): void => {
    cancel?.();
    cancel = undefined;
    for (let isMoving = true; isMoving;) {
      isMoving = false;
      for (const [to, queue] of queues) isMoving = sendOne(to, queue) || isMoving;
    }
    if (queues.size > 0) cancel = host.timer.after(PUMP_MS, pump);
  };

  return {
    send(to, message) {
      const queue = queues.get(to) ?? { fragments: [], next: 0, bytes: 0 };
      if (queue.bytes + message.length > QUEUE_BYTES_MAX) return false;
      queues.set(to, queue);
      for (const fragment of toFragments(message)) {
        queue.fragments.push(fragment);
        queue.bytes += fragment.length;
      }
      pump();
      return true;
    },
    drop: (peer) => void queues.delete(peer),
    close() {
      cancel?.();
      queues.clear();
    },
  };
}
