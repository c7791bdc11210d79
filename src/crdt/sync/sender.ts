import type { PeerId } from '../../base.ts';
import type { Host } from '../../mesh/host.ts';
import type { Pace } from '../pace.ts';
import { toFragments } from './messages.ts';

/** Where fragments go: one ordered, reliable channel to each peer. */
export interface SyncWire {
  readonly self: PeerId;
  /** Who takes part: whole links whose documents may merge with ours. */
  peers(): readonly PeerId[];
  /** False when it could not be sent. */
  send(to: PeerId, bytes: Uint8Array): boolean;
  /** Bytes that wait to leave towards a peer. */
  buffered(to: PeerId): number;
  /** While a run is on, documents give way to what sounds. */
  readonly pace: Pace;
  /** Whether two others are linked with each other: then nothing is passed on between them. */
  areLinked(a: PeerId, b: PeerId): boolean;
  /** To everyone in the room, linked or not: small, and seldom. */
  broadcast(bytes: Uint8Array): void;
  /** Counts one more message that was not well formed, of one that was taken at first. */
  refuse(from: PeerId): void;
}

/**
 * Fragments leave in order to each peer, in turn between peers; as fast as the channel takes them, while a run is on at
 * the pace that all that is large shares. A queue that grows too long is cleared: the peer asks again for what it misses [SY4].
 */
export interface Sender {
  /** False when the queue was full and nothing was queued. */
  send(to: PeerId, message: Uint8Array): boolean;
  drop(peer: PeerId): void;
  /** Of what is on its way to a peer, the part that left, 0 to 1; undefined when it is little. */
  progress(to: PeerId): number | undefined;
  close(): void;
}

const BUFFERED_MAX = 128 * 1024;
const QUEUE_BYTES_MAX = 80 * 1024 * 1024;
/** What takes long enough to be shown. */
export const LARGE_BYTES = 50_000;
const PUMP_MS = 10;
/** Fragments that left but are not yet forgotten: a queue that is always filled anew never runs empty. */
const SENT_MAX = 1024;

interface Queue {
  fragments: Uint8Array[];
  next: number;
  /** Still to leave. */
  bytes: number;
  /** In all, since the queue was empty. */
  total: number;
}

export function createSender(host: Pick<Host, 'timer'>, wire: SyncWire): Sender {
  const queues = new Map<PeerId, Queue>();
  let cancel: (() => void) | undefined;

  /** Whether one fragment left. */
  const sendOne = (to: PeerId, queue: Queue): boolean => {
    const fragment = queue.fragments[queue.next];
    if (!fragment || wire.buffered(to) > BUFFERED_MAX) return false;
    if (!wire.pace.take(to, fragment.length)) return false;
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
      const queue = queues.get(to) ?? { fragments: [], next: 0, bytes: 0, total: 0 };
      if (queue.bytes + message.length > QUEUE_BYTES_MAX) return false;
      queues.set(to, queue);
      for (const fragment of toFragments(message)) {
        queue.fragments.push(fragment);
        queue.bytes += fragment.length;
        queue.total += fragment.length;
      }
      pump();
      return true;
    },
    drop: (peer) => void queues.delete(peer),
    progress(to) {
      const queue = queues.get(to);
      return queue && queue.total >= LARGE_BYTES ? 1 - queue.bytes / queue.total : undefined;
    },
    close() {
      cancel?.();
      queues.clear();
    },
  };
}
