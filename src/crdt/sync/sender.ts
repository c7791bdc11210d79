import type { PeerId } from '../../base.ts';
import type { Host } from '../../mesh/host.ts';
import { createPump } from '../pump.ts';
import type { BulkWire, Source } from '../pump.ts';
import { createFragmentation, toFragments } from './messages.ts';

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
  /** Whether what somebody, or this peer itself, writes in a document is taken; absent: of everybody. */
  mayWrite?(peer: PeerId, document: number): boolean;
  /** Counts what was not taken for want of rights. */
  notEntitled?(from: PeerId): void | 'refused';
}

/**
 * Fragments leave in order to each peer, in turn between peers; as fast as the channel takes them, while a run is on at
 * the pace that all that is large shares. A queue that grows too long is cleared: the peer asks again for what it misses [SY4].
 */
export interface Sender {
  /** False when the queue was full and nothing was queued. */
  send(to: PeerId, message: Uint8Array): boolean;
  /** A message that leaves while it is made; what is sent meanwhile follows it. undefined when the queue is full. */
  open(to: PeerId): Outlet | undefined;
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

export interface Outlet {
  /** part: how much of the whole is written by now, 0 to 1. */
  write(bytes: Uint8Array, part: number): void;
  end(): void;
}

interface Queue extends Source {
  /** Bytes that wait. */
  waiting(): number;
  send(message: Uint8Array): void;
  open(): Outlet;
  /** The part of all that left. */
  progress(): number | undefined;
}

function createQueue(changed: () => void): Queue {
  const fragments: Uint8Array[] = [];
  let at = 0;
  let bytes = 0;
  let total = 0;
  /** Of the message that is being made; undefined when none is. */
  let part: number | undefined;
  let behind: Uint8Array[] = [];
  const push = (fragment: Uint8Array): void => {
    fragments.push(fragment);
    bytes += fragment.length;
    total += fragment.length;
  };
  return {
    waiting: () => behind.reduce((sum, { length }) => sum + length, bytes),
    send(message) {
      if (part !== undefined) behind.push(message);
      else toFragments(message).forEach(push);
      changed();
    },
    open() {
      const fragmentation = createFragmentation();
      part = 0;
      return {
        write(more, written) {
          fragmentation.add(more).forEach(push);
          part = written;
          changed();
        },
        end() {
          push(fragmentation.end());
          for (const message of behind) toFragments(message).forEach(push);
          behind = [];
          part = undefined;
          changed();
        },
      };
    },
    progress() {
      const inAll = part === undefined ? total : total / Math.max(part, 0.01);
      return inAll >= LARGE_BYTES ? (total - bytes) / inAll : undefined;
    },
    next: () => fragments[at],
    left() {
      bytes -= fragments[at]?.length ?? 0;
      at += 1;
      if (at >= SENT_MAX) {
        fragments.splice(0, at);
        at = 0;
      }
      return at < fragments.length || part !== undefined;
    },
  };
}

export function createSender(host: Pick<Host, 'timer'>, wire: SyncWire): Sender {
  const queues = new Map<PeerId, Queue>();
  const pump = createPump(host.timer, wire, queues);
  /** undefined when it is full. */
  const queueOf = (to: PeerId, more: number): Queue | undefined => {
    const queue = queues.get(to) ?? createQueue(pump.run);
    if (queue.waiting() + more > QUEUE_BYTES_MAX) return undefined;
    queues.set(to, queue);
    return queue;
  };
  return {
    send(to, message) {
      const queue = queueOf(to, message.length);
      queue?.send(message);
      return queue !== undefined;
    },
    open: (to) => queueOf(to, 0)?.open(),
    drop: (peer) => void queues.delete(peer),
    progress: (to) => queues.get(to)?.progress(),
    close() {
      pump.close();
      queues.clear();
    },
  };
}
