import type { MeshTime, PeerId, Unsubscribe } from '../base.ts';
import { compare } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { toValue } from '../crdt/valid-value.ts';
import type { Value } from '../crdt/value.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import type { Timer } from '../mesh/host.ts';
import type { Contribution } from './combine.ts';
import { PERIOD_MIN, pitPeriod } from './rate.ts';

/**
 * What every peer puts into every pit, kept alike on all: newest of each peer wins, refreshed each second, gone with its
 * peer. Travels on `fast`, where a lost value is replaced by the next.
 *
 *   payload = any [[pit, seq, at, value | null], ...]      null withdraws
 *
 * seq grows within a life and begins at mesh time, so that it grows over a reload, too.
 */
export interface PitExchange {
  put(pit: ObjectId, value: Value | null): void;
  contributions(pit: ObjectId): readonly Contribution[];
  /** What stood in it at a mesh date, at most 0.4 s ago. */
  contributionsAt(pit: ObjectId, date: number): readonly Contribution[];
  /** Own contribution. */
  own(pit: ObjectId): Value | undefined;
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  /** A newcomer is told at once. */
  joined(peer: PeerId): void;
  left(peer: PeerId): void;
  /** Mesh time is another now: own contributions are dated anew and said again. */
  restamp(): void;
  onChange(f: (pit: ObjectId) => void): Unsubscribe;
  close(): void;
}

export interface PitWire {
  readonly self: PeerId;
  now(): MeshTime;
  /** Those whom a value is sent to directly. */
  links(): number;
  /** Messages a second and link that this peer sends besides, of the same budget. */
  besides?(): number;
  /** Whether others take what this peer puts in; absent: they do. */
  mayPut?(): boolean;
  /** What is said is signed underway, which costs everybody a millisecond; absent: it is not. */
  isSigned?(): boolean;
  send(to: PeerId, payload: Uint8Array): void;
  broadcast(payload: Uint8Array): void;
}

const REFRESH_MS = 1000;
/** ms between two values that have to be signed. */
const SIGNED_MS = 66;
/** Refreshes; four lost in a row, and whoever put this in is as good as gone. */
const AGE_MAX = 5;
/** A withdrawal is said so often, as anything said once may be lost. */
const WITHDRAWALS = 3;
/** Who put something new in within so many refreshes counts as one who moves. */
const MOVING = 2;
/** Of one peer, so that nobody keeps out the others. */
const PITS_MAX = 256;
const ENTRIES_MAX = 64;
/** ms; what was put in before, so that a date that is just past can be counted. */
const PAST_MS = 400;
const PAST_MAX = 32;
/** ms; who dates its values later than that lies, and would stay the latest for ever. */
const AHEAD_MAX = 1000;

type Entry = readonly [pit: string, seq: number, at: number, value: unknown];

interface Kept extends Omit<Contribution, 'value'> {
  /** null: withdrawn, kept for a while so that an older value that comes late does not return. */
  readonly value: Value | null;
  /** Refreshes of our own, so that neither a liar about `at` nor a step of mesh time keeps or drops anything. */
  readonly heardAt: number;
  /** What this peer said before, oldest first. */
  readonly past: readonly { readonly value: Value | null; readonly seq: number; readonly at: number }[];
}

export function createPitExchange(timer: Timer, wire: PitWire): PitExchange {
  const pits = new Map<ObjectId, Map<PeerId, Kept>>();
  const counts = new Map<PeerId, number>();
  const movedAt = new Map<PeerId, number>();
  const dirty = new Set<ObjectId>();
  const listeners = new Set<(pit: ObjectId) => void>();
  let refreshes = 0;
  let seq = 0;
  let flushedAt = -Infinity;
  let cancelFlush: Unsubscribe | undefined;

  const changed = (pit: ObjectId): void => listeners.forEach((f) => f(pit));
  const ownPits = (): ObjectId[] => [...pits].flatMap(([pit, known]) => (known.has(wire.self) ? [pit] : []));

  const payloads = (ids: Iterable<ObjectId>): readonly Uint8Array[] => {
    const entries = [...ids].flatMap((pit): Entry[] => {
      const mine = pits.get(pit)?.get(wire.self);
      return mine ? [[pit, mine.seq, mine.at, mine.value]] : [];
    });
    return Array.from({ length: Math.ceil(entries.length / ENTRIES_MAX) }, (_, i) =>
      encodeAny(entries.slice(i * ENTRIES_MAX, (i + 1) * ENTRIES_MAX)),
    );
  };

  const flush = (): void => {
    cancelFlush = undefined;
    flushedAt = wire.now();
    for (const payload of payloads(dirty)) wire.broadcast(payload);
    dirty.clear();
  };

  const moving = (): number => [...movedAt.values()].filter((at) => refreshes - at <= MOVING).length;

  /** Empty pits are forgotten: deleted and invented ones would in the end fill the memory. */
  const remove = (pit: ObjectId, peer: PeerId): void => {
    const known = pits.get(pit);
    const kept = known?.get(peer);
    if (!known || !kept) return;
    known.delete(peer);
    counts.set(peer, (counts.get(peer) ?? 1) - 1);
    if (known.size === 0) pits.delete(pit);
    if (kept.value !== null) changed(pit);
  };

  const keep = (pit: ObjectId, peer: PeerId, entry: { value: Value | null; seq: number; at: number }): void => {
    const known = pits.get(pit) ?? new Map<PeerId, Kept>();
    const before = known.get(peer);
    if (before && entry.seq < before.seq) return;
    if (!before && (counts.get(peer) ?? 0) >= PITS_MAX) return;
    pits.set(pit, known);
    if (!before) counts.set(peer, (counts.get(peer) ?? 0) + 1);
    const past = before?.seq === entry.seq ? before.past : pastOf(before, entry.at);
    known.set(peer, { peer, ...entry, heardAt: refreshes, past });
    if (before?.seq === entry.seq) return;
    movedAt.set(peer, refreshes);
    if (entry.value !== null || (before && before.value !== null)) changed(pit);
  };

  const dropStale = (): void => {
    for (const [pit, known] of pits) {
      for (const [peer, { heardAt, value }] of known) {
        const limit = peer !== wire.self ? AGE_MAX : value === null ? WITHDRAWALS : Infinity;
        if (refreshes - heardAt >= limit) remove(pit, peer);
      }
    }
    for (const [peer, at] of movedAt) if (refreshes - at > MOVING) movedAt.delete(peer);
  };

  const stopRefresh = timer.every(REFRESH_MS, () => {
    refreshes += 1;
    for (const payload of payloads(ownPits())) wire.broadcast(payload);
    dropStale();
  });

  const say = (pit: ObjectId, value: Value | null): void => {
    if (wire.mayPut?.() === false) return;
    const at = wire.now();
    seq = Math.max(seq + 1, Math.floor(at));
    keep(pit, wire.self, { value, seq, at });
    dirty.add(pit);
    const period = Math.max(pitPeriod(moving(), wire.links(), wire.besides?.()), wire.isSigned?.() ? SIGNED_MS : 0);
    const waited = Math.max(0, at - flushedAt);
    cancelFlush ??= timer.after(Math.max(PERIOD_MIN, period - waited), flush);
  };

  return {
    put: say,
    contributions: (pit) =>
      [...(pits.get(pit)?.values() ?? [])]
        .flatMap(({ peer, seq, at, value }) => (value === null ? [] : [{ peer, seq, at, value }]))
        .sort((a, b) => compare(a.peer, b.peer)),
    contributionsAt: (pit, date) =>
      [...(pits.get(pit)?.values() ?? [])]
        .flatMap(({ peer, seq, at, value, past }) => {
          const said = [...past, { seq, at, value }].findLast((each) => each.at <= date);
          return said === undefined || said.value === null ? [] : [{ peer, seq: said.seq, at: said.at, value: said.value }];
        })
        .sort((a, b) => compare(a.peer, b.peer)),
    own: (pit) => pits.get(pit)?.get(wire.self)?.value ?? undefined,
    receive(from, payload) {
      const entries = decodeAny(payload);
      if (!Array.isArray(entries) || entries.length > ENTRIES_MAX) return 'refused';
      for (const entry of entries) {
        const valid = toEntry(entry);
        if (!valid) return 'refused';
        if (valid.at <= wire.now() + AHEAD_MAX) keep(valid.pit, from, valid);
      }
    },
    joined(peer) {
      for (const payload of payloads(ownPits())) wire.send(peer, payload);
    },
    left(peer) {
      for (const pit of [...pits.keys()]) remove(pit, peer);
      counts.delete(peer);
      movedAt.delete(peer);
    },
    restamp() {
      for (const pit of ownPits()) say(pit, pits.get(pit)?.get(wire.self)?.value ?? null);
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

/** The newest that was said before, and of the others what was said a moment ago. */
function pastOf(before: Kept | undefined, at: number): Kept['past'] {
  if (!before) return [];
  const { value, seq, at: said, past } = before;
  const all = [...past, { value, seq, at: said }];
  const old = all.findLastIndex((each) => each.at <= at - PAST_MS);
  return all.slice(Math.max(0, old, all.length - PAST_MAX));
}

function toEntry(input: unknown): { pit: ObjectId; seq: number; at: number; value: Value | null } | undefined {
  if (!Array.isArray(input) || input.length !== 4) return undefined;
  const [pit, seq, at, raw] = input as readonly unknown[];
  if (typeof pit !== 'string' || pit.length === 0 || pit.length > 64) return undefined;
  if (!Number.isSafeInteger(seq) || typeof at !== 'number' || !Number.isFinite(at)) return undefined;
  const value = raw === null ? null : toValue(raw);
  return value === undefined ? undefined : { pit, seq: seq as number, at, value };
}
