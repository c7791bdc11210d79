import { sha256 } from '@noble/hashes/sha2.js';
import type { LocalTime, PeerId } from '../../base.ts';
import type { Host } from '../../mesh/host.ts';
import { createPump } from '../pump.ts';
import type { BulkWire, Source } from '../pump.ts';
import { CHUNK_BYTES, decodeIndex, decodeMedia, encodeIndex, encodeMedia, MEDIUM_BYTES_MAX, PIECE_BYTES, toHex } from './messages.ts';
import type { MediaIndex } from './messages.ts';
import type { ChunkStore } from './store.ts';

/**
 * Media by content: who needs one asks those who are linked, chunk by chunk, each chunk of whoever is free; every chunk is
 * checked by its hash as it comes, so a peer that gives garbage costs one chunk and is asked no more [MD1..MD3].
 */
export interface MediaExchange {
  /**
   * Keeps a medium. `done`: once, with its id, or undefined when it is too large (about 128 MiB); at once where it is
   * small, else between other turns, until which the bytes must stay as they are.
   */
  add(bytes: Uint8Array, done: (id: string | undefined) => void): void;
  /** `done`: once; undefined when nobody who is linked has it. The same id twice is fetched once. */
  fetch(id: string, done: (bytes: Uint8Array | undefined) => void, progress?: (part: number) => void): void;
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  left(peer: PeerId): void;
  close(): void;
}

export interface MediaWire extends BulkWire {
  /** Whole links. */
  peers(): readonly PeerId[];
}

/** Chunks asked of one peer at a time: enough for 25 MB/s over 20 ms. */
const ASKED_MAX = 8;
/** Chunks one peer may want at a time. */
const WANTED_MAX = 32;
const FETCHES_MAX = 16;
/** Hashed in one turn: some ms. */
const SLICE_BYTES = 4 * CHUNK_BYTES;
/** Without a piece for so long, a chunk is asked of someone else. */
const ANSWER_MS = 8000;
/** And once it began, it comes at this pace, or so much later. */
const BYTES_PER_MS_MIN = 50;

/** Chunks that one peer wants, in pieces. */
interface Queue extends Source {
  add(hash: string, bytes: Uint8Array): void;
  length(): number;
}

function createQueue(): Queue {
  const chunks: { readonly hash: string; readonly bytes: Uint8Array }[] = [];
  let at = 0;
  return {
    add: (hash, bytes) => void chunks.push({ hash, bytes }),
    length: () => chunks.length,
    next() {
      const [first] = chunks;
      if (!first) return undefined;
      const { hash, bytes } = first;
      return encodeMedia({ kind: 'piece', hash, size: bytes.length, offset: at, bytes: bytes.subarray(at, at + PIECE_BYTES) });
    },
    left() {
      at += PIECE_BYTES;
      if (at >= (chunks[0]?.bytes.length ?? 0)) {
        chunks.shift();
        at = 0;
      }
      return chunks.length > 0;
    },
  };
}

interface Incoming {
  readonly from: PeerId;
  heardAt: LocalTime;
  beganAt: LocalTime | undefined;
  chunk: Uint8Array | undefined;
  received: number;
}

interface Fetch {
  readonly id: string;
  readonly listeners: { readonly done: (bytes: Uint8Array | undefined) => void; readonly progress: ((part: number) => void) | undefined }[];
  index: MediaIndex | undefined;
  bytes: Uint8Array;
  /** Chunks that are not here yet. */
  readonly missing: Set<string>;
  /** Who gave garbage for it, or said that it lacks a chunk, by chunk. */
  readonly without: Map<string, Set<PeerId>>;
}

export function createMediaExchange(host: Pick<Host, 'clock' | 'timer'>, wire: MediaWire, store: ChunkStore): MediaExchange {
  const queues = new Map<PeerId, Queue>();
  const pump = createPump(host.timer, wire, queues);
  const fetches = new Map<string, Fetch>();
  const asked = new Map<string, Incoming>();
  const wrong = new Set<PeerId>();
  const late = new Set<PeerId>();
  let isClosed = false;

  const give = (to: PeerId, hash: string): void | 'refused' => {
    if ((queues.get(to)?.length() ?? 0) >= WANTED_MAX) return 'refused';
    store.read(hash, (bytes) => {
      if (!bytes) return void wire.send(to, encodeMedia({ kind: 'none', hash }));
      const queue = queues.get(to) ?? createQueue();
      queues.set(to, queue);
      queue.add(hash, bytes);
      pump.run();
    });
  };

  const fetchOf = (hash: string): readonly Fetch[] => [...fetches.values()].filter(({ missing }) => missing.has(hash));
  const load = (peer: PeerId): number => [...asked.values()].filter(({ from }) => from === peer).length;
  /** Asks for what is missing, of whoever is free; who nobody can give ends. */
  const ask = (): void => {
    for (const fetch of [...fetches.values()]) {
      for (const hash of fetch.missing) {
        if (asked.has(hash)) continue;
        const able = wire.peers().filter((peer) => !wrong.has(peer) && fetch.without.get(hash)?.has(peer) !== true);
        if (able.length === 0) {
          end(fetch, undefined);
          break;
        }
        const quick = able.filter((peer) => !late.has(peer));
        const [free] = (quick.length > 0 ? quick : able).filter((peer) => load(peer) < ASKED_MAX).sort((a, b) => load(a) - load(b));
        if (free === undefined) break;
        if (!wire.send(free, encodeMedia({ kind: 'want', hash }))) break;
        asked.set(hash, { from: free, heardAt: host.clock.now(), beganAt: undefined, chunk: undefined, received: 0 });
      }
    }
  };
  const end = (fetch: Fetch, bytes: Uint8Array | undefined): void => {
    fetches.delete(fetch.id);
    for (const hash of fetch.missing) if (fetchOf(hash).length === 0) asked.delete(hash);
    for (const { done } of fetch.listeners) done(bytes);
  };
  const lacks = (peer: PeerId, hash: string): void => {
    for (const { without } of fetchOf(hash)) without.set(hash, new Set([...(without.get(hash) ?? []), peer]));
  };

  /** A chunk is here, and is what its hash says. */
  const arrived = (hash: string, chunk: Uint8Array): void => {
    for (const fetch of fetchOf(hash)) {
      fetch.missing.delete(hash);
      if (hash === fetch.id && !fetch.index) {
        const index = decodeIndex(chunk);
        if (!index) {
          end(fetch, undefined);
          continue;
        }
        fetch.index = index;
        fetch.bytes = new Uint8Array(index.size);
        for (const each of new Set(index.hashes)) fetch.missing.add(each);
        for (const each of [...fetch.missing]) store.read(each, (kept) => kept && arrived(each, kept));
      } else {
        fetch.index?.hashes.forEach(
          (each, i) => each === hash && chunk.length <= fetch.bytes.length - i * CHUNK_BYTES && fetch.bytes.set(chunk, i * CHUNK_BYTES),
        );
      }
      if (!fetches.has(fetch.id) || !fetch.index) continue;
      const count = Math.max(1, new Set(fetch.index.hashes).size);
      for (const { progress } of fetch.listeners) progress?.(1 - fetch.missing.size / count);
      if (fetch.missing.size === 0) end(fetch, fetch.bytes);
    }
  };
  const take = (from: PeerId, hash: string, size: number, offset: number, bytes: Uint8Array): void | 'refused' => {
    const incoming = asked.get(hash);
    // Asked of someone else meanwhile.
    if (incoming?.from !== from) return;
    incoming.chunk ??= new Uint8Array(size);
    if (incoming.chunk.length !== size || incoming.received !== offset) return 'refused';
    incoming.chunk.set(bytes, offset);
    incoming.received += bytes.length;
    incoming.heardAt = host.clock.now();
    incoming.beganAt ??= incoming.heardAt;
    if (incoming.received < size) return;
    asked.delete(hash);
    if (toHex(sha256(incoming.chunk)) !== hash) {
      wrong.add(from);
      ask();
      return 'refused';
    }
    store.write(hash, incoming.chunk);
    arrived(hash, incoming.chunk);
    ask();
  };

  const stopLooking = host.timer.every(ANSWER_MS / 4, () => {
    const now = host.clock.now();
    for (const [hash, { from, heardAt, beganAt = now, chunk }] of asked) {
      if (now - heardAt < ANSWER_MS && now - beganAt < ANSWER_MS + (chunk?.length ?? 0) / BYTES_PER_MS_MIN) continue;
      asked.delete(hash);
      late.add(from);
      lacks(from, hash);
    }
    ask();
  });

  return {
    add(bytes, done) {
      if (bytes.length > MEDIUM_BYTES_MAX) return done(undefined);
      const hashes: string[] = [];
      const keep = (chunk: Uint8Array): string => {
        const hash = toHex(sha256(chunk));
        store.write(hash, chunk);
        return hash;
      };
      const step = (from: number): void => {
        if (isClosed) return;
        const end = Math.min(bytes.length, from + SLICE_BYTES);
        for (let at = from; at < end; at += CHUNK_BYTES) hashes.push(keep(bytes.slice(at, at + CHUNK_BYTES)));
        if (end < bytes.length) host.timer.after(0, () => step(end));
        else done(keep(encodeIndex({ size: bytes.length, hashes })));
      };
      step(0);
    },
    fetch(id, done, progress) {
      const known = fetches.get(id);
      if (known) return void known.listeners.push({ done, progress });
      if (fetches.size >= FETCHES_MAX || !/^[0-9a-f]{64}$/.test(id)) return done(undefined);
      const listeners = [{ done, progress }];
      fetches.set(id, { id, listeners, index: undefined, bytes: new Uint8Array(), missing: new Set([id]), without: new Map() });
      store.read(id, (kept) => kept && arrived(id, kept));
      ask();
    },
    receive(from, payload) {
      const message = decodeMedia(payload);
      if (!message) return 'refused';
      const { hash } = message;
      if (message.kind === 'want') return give(from, hash);
      if (message.kind === 'piece') return take(from, hash, message.size, message.offset, message.bytes);
      if (asked.get(hash)?.from !== from) return;
      asked.delete(hash);
      lacks(from, hash);
      ask();
    },
    left(peer) {
      queues.delete(peer);
      late.delete(peer);
      for (const [hash, { from }] of asked) if (from === peer) asked.delete(hash);
      ask();
    },
    close() {
      isClosed = true;
      pump.close();
      stopLooking();
      queues.clear();
      fetches.clear();
    },
  };
}
