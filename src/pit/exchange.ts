import type { MeshTime, PeerId, Unsubscribe } from '../base.ts';
import { compare } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { toValue } from '../crdt/valid-value.ts';
import type { Value } from '../crdt/value.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import type { Timer } from '../mesh/host.ts';
import type { Contribution } from './combine.ts';

/**
 * What every peer puts into every pit, kept alike on all: newest of each peer wins, refreshed each second, gone with its
 * peer. Travels on `fast`, where a lost value is replaced by the next.
 *
 *   payload = any [[pit, seq, at, value | null], ...]      null withdraws
 */
export interface PitExchange {
  put(pit: ObjectId, value: Value | null): void;
  contributions(pit: ObjectId): readonly Contribution[];
  /** Own contribution. */
  own(pit: ObjectId): Value | undefined;
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  /** A newcomer is told at once. */
  joined(peer: PeerId): void;
  left(peer: PeerId): void;
  onChange(f: (pit: ObjectId) => void): Unsubscribe;
  close(): void;
}

export interface PitWire {
  readonly self: PeerId;
  now(): MeshTime;
  send(to: PeerId, payload: Uint8Array): void;
  broadcast(payload: Uint8Array): void;
}

/** Values of one pit leave at most this often: a fader drawn fast is sixty values a second. */
const FLUSH_MS = 16;
const REFRESH_MS = 1000;
/** Four refreshes lost in a row: whoever put this in is as good as gone. */
const AGE_MAX_MS = 4500;
const PITS_MAX = 256;
const ENTRIES_MAX = 64;

type Entry = readonly [pit: string, seq: number, at: number, value: unknown];

interface Kept extends Contribution {
  /** Date by our own mesh clock, so that a liar about `at` ages like everyone. */
  readonly heardAt: number;
}

export function createPitExchange(timer: Timer, wire: PitWire): PitExchange {
  const pits = new Map<ObjectId, Map<PeerId, Kept>>();
  const own = new Map<ObjectId, { readonly value: Value; readonly seq: number; readonly at: MeshTime }>();
  const withdrawn = new Map<ObjectId, { readonly seq: number; readonly at: MeshTime }>();
  const dirty = new Set<ObjectId>();
  const listeners = new Set<(pit: ObjectId) => void>();
  let seq = 0;
  let cancelFlush: Unsubscribe | undefined;

  const changed = (pit: ObjectId): void => listeners.forEach((f) => f(pit));

  const entryOf = (pit: ObjectId): Entry | undefined => {
    const mine = own.get(pit);
    if (mine) return [pit, mine.seq, mine.at, mine.value];
    const gone = withdrawn.get(pit);
    return gone && [pit, gone.seq, gone.at, null];
  };

  const payloads = (ids: Iterable<ObjectId>): readonly Uint8Array[] => {
    const entries = [...ids].map(entryOf).filter((entry) => entry !== undefined);
    return Array.from({ length: Math.ceil(entries.length / ENTRIES_MAX) }, (_, i) =>
      encodeAny(entries.slice(i * ENTRIES_MAX, (i + 1) * ENTRIES_MAX)),
    );
  };

  const flush = (): void => {
    cancelFlush = undefined;
    for (const payload of payloads(dirty)) wire.broadcast(payload);
    dirty.clear();
  };

  /** Empty pits are forgotten, or deleted and invented ones would in the end keep out all others. */
  const remove = (pit: ObjectId, peer: PeerId): void => {
    const known = pits.get(pit);
    if (known?.delete(peer) !== true) return;
    if (known.size === 0) pits.delete(pit);
    changed(pit);
  };

  const keep = (pit: ObjectId, peer: PeerId, entry: { value: Value | null; seq: number; at: number }): void => {
    const known = pits.get(pit) ?? new Map<PeerId, Kept>();
    const before = known.get(peer);
    if (before && entry.seq < before.seq) return;
    if (entry.value === null) return remove(pit, peer);
    if (!pits.has(pit) && pits.size >= PITS_MAX && peer !== wire.self) return;
    pits.set(pit, known);
    known.set(peer, { peer, value: entry.value, seq: entry.seq, at: entry.at, heardAt: wire.now() });
    if (before?.seq !== entry.seq) changed(pit);
  };

  const dropStale = (): void => {
    const oldest = wire.now() - AGE_MAX_MS;
    for (const [pit, known] of pits) {
      for (const [peer, { heardAt }] of known) {
        if (peer !== wire.self && heardAt < oldest) remove(pit, peer);
      }
    }
  };

  const stopRefresh = timer.every(REFRESH_MS, () => {
    for (const payload of payloads(new Set([...own.keys(), ...withdrawn.keys()]))) wire.broadcast(payload);
    withdrawn.clear();
    dropStale();
  });

  return {
    put(pit, value) {
      seq += 1;
      const at = wire.now();
      if (value === null) {
        own.delete(pit);
        withdrawn.set(pit, { seq, at });
      } else {
        own.set(pit, { value, seq, at });
        withdrawn.delete(pit);
      }
      keep(pit, wire.self, { value, seq, at });
      dirty.add(pit);
      cancelFlush ??= timer.after(FLUSH_MS, flush);
    },
    contributions: (pit) => [...(pits.get(pit)?.values() ?? [])].sort((a, b) => compare(a.peer, b.peer)),
    own: (pit) => own.get(pit)?.value,
    receive(from, payload) {
      const entries = decodeAny(payload);
      if (!Array.isArray(entries) || entries.length > ENTRIES_MAX) return 'refused';
      for (const entry of entries) {
        const valid = toEntry(entry);
        if (!valid) return 'refused';
        keep(valid.pit, from, valid);
      }
    },
    joined(peer) {
      for (const payload of payloads(own.keys())) wire.send(peer, payload);
    },
    left(peer) {
      for (const pit of [...pits.keys()]) remove(pit, peer);
    },
    onChange(f) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    close() {
      cancelFlush?.();
      stopRefresh();
    },
  };
}

function toEntry(input: unknown): { pit: ObjectId; seq: number; at: number; value: Value | null } | undefined {
  if (!Array.isArray(input) || input.length !== 4) return undefined;
  const [pit, seq, at, raw] = input as readonly unknown[];
  if (typeof pit !== 'string' || pit.length === 0 || pit.length > 64) return undefined;
  if (!Number.isSafeInteger(seq) || typeof at !== 'number' || !Number.isFinite(at)) return undefined;
  const value = raw === null ? null : toValue(raw);
  return value === undefined ? undefined : { pit, seq: seq as number, at, value };
}
