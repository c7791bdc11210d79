import type { PeerId } from '../../base.ts';
import type { Host } from '../../mesh/host.ts';
import { createPump } from '../pump.ts';
import type { BulkWire, Source } from '../pump.ts';
import { toFragments } from './messages.ts';

/** Where fragments go. */
export interface SyncWire extends BulkWire {
  readonly self: PeerId;
  /** Who takes part: whole links whose documents may merge with ours. */
  peers(): readonly PeerId[];
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

const QUEUE_BYTES_MAX = 80 * 1024 * 1024;
/** What takes long enough to be shown. */
export const LARGE_BYTES = 50_000;
/** Fragments that left but are not yet forgotten: a queue that is always filled anew never runs empty. */
const SENT_MAX = 1024;

interface Queue extends Source {
  add(message: Uint8Array): void;
  /** Still to leave. */
  bytes(): number;
  /** In all, since the queue was empty. */
  total(): number;
}

function createQueue(): Queue {
  const fragments: Uint8Array[] = [];
  let at = 0;
  let bytes = 0;
  let total = 0;
  return {
    add(message) {
      for (const fragment of toFragments(message)) {
        fragments.push(fragment);
        bytes += fragment.length;
        total += fragment.length;
      }
    },
    bytes: () => bytes,
    total: () => total,
    next: () => fragments[at],
    left() {
      bytes -= fragments[at]?.length ?? 0;
      at += 1;
      if (at >= SENT_MAX) {
        fragments.splice(0, at);
        at = 0;
      }
      return at < fragments.length;
    },
  };
}

export function createSender(host: Pick<Host, 'timer'>, wire: SyncWire): Sender {
  const queues = new Map<PeerId, Queue>();
  const pump = createPump(host.timer, wire, queues);
  return {
    send(to, message) {
      const queue = queues.get(to) ?? createQueue();
      if (queue.bytes() + message.length > QUEUE_BYTES_MAX) return false;
      queues.set(to, queue);
      queue.add(message);
      pump.run();
      return true;
    },
    drop: (peer) => void queues.delete(peer),
    progress(to) {
      const queue = queues.get(to);
      return queue && queue.total() >= LARGE_BYTES ? 1 - queue.bytes() / queue.total() : undefined;
    },
    close() {
      pump.close();
      queues.clear();
    },
  };
}
