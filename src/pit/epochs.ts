import type { MeshTime, PeerId, Unsubscribe } from '../base.ts';
import { compare } from '../base.ts';
import type { Combination, ObjectId } from '../crdt/score.ts';
import { toValue } from '../crdt/valid-value.ts';
import type { Value } from '../crdt/value.ts';
import { isSameValue } from '../engine/flow.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import type { Timer } from '../mesh/host.ts';
import { combine } from './combine.ts';
import type { Contribution } from './combine.ts';

/**
 * Values of aligned pits. Everyone hears contributions at other moments, so what each would combine differs for as long
 * as something moves. So one peer, the clock master, counts what was put in up to a date and states what came out, with
 * a date that all can meet; all take it from then on, and who did not hear it keeps what it had, and knows it.
 *
 *   payload = any [k, at, [[pit, contributors, value | null], ...]]
 *
 * k: number of the 25 ms of mesh time in which it was counted; at: mesh date from which it holds; contributors: of each the
 * first 8 characters of its id, in order; null: nothing is put in. A count bears its number and who made it: two masters
 * of one moment never say two things under one name, so no two peers ever have different values of one count [PT9].
 */
export interface Epochs {
  /** A master states what is due; every 25 ms or so. */
  turn(): void;
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  /** The one that holds at a date, at most 2 s ago. */
  at(pit: ObjectId, date: number): Epoch | undefined;
  /** Those that are known and will hold after a date. */
  ahead(pit: ObjectId, date: number): readonly Epoch[];
  /** Nothing was heard for a while, or it is of who is master no more: it may not be what others have. */
  isHeld(pit: ObjectId): boolean;
  /** All that holds is said anew. */
  joined(): void;
  /** Mesh time is another now. */
  restart(): void;
  /** Messages a second that this peer states. */
  rate(): number;
  /** One is known, mostly before it holds. */
  onStated(f: (pit: ObjectId, epoch: Epoch) => void): Unsubscribe;
  /** Another one holds. */
  onChange(f: (pit: ObjectId, epoch: Epoch) => void): Unsubscribe;
  close(): void;
}

export interface Epoch {
  readonly k: number;
  readonly by: PeerId;
  readonly at: MeshTime;
  /** Beginnings of peer ids, in order. */
  readonly contributors: readonly string[];
  /** undefined: nothing is put in. */
  readonly value: Value | undefined;
}

export interface EpochsDeps {
  readonly self: PeerId;
  readonly timer: Timer;
  now(): MeshTime;
  master(): PeerId | undefined;
  /** ms within which a message reaches everyone in 99 of 100 cases. */
  latency(): number;
  /** ms: uncertainty of this peer's mesh time. */
  spread(): number;
  /** Aligned pits of the score that all share. */
  pits(): readonly { readonly id: ObjectId; readonly combination: Combination }[];
  contributionsAt(pit: ObjectId, date: number): readonly Contribution[];
  /** ms between two statements. */
  period(): number;
  /** Numbers begin anew with each; absent: there is only one. */
  session?(): string;
  /** To everybody, on `event` or on `fast`. */
  broadcast(channel: 'event' | 'fast', payload: Uint8Array): void;
}

/** ms */
export const SLOT_MS = 25;
/** A lost packet on `event` waits for a retransmission; copies on `fast` do not. */
const COPIES_AFTER_MS = [0, 15];
/** For devices to be ready when the date comes. */
const DEVICE_MS = 15;
/** What has not changed is stated again so often, so that a lost statement is missed no longer. */
const REFRESH_MS = 1000;
/** Nobody spoke for so long. */
const SILENCE_MS = 2500;
/** A new master lets the old one's last words arrive, and the news that it is one. */
const HANDOVER_MS = 1000;
/** That nothing is put in any more is said for so long. */
const EMPTY_MS = 5000;
const KEPT_MS = 2000;
const KEPT_MAX = 128;
const PITS_MAX = 256;
const ENTRIES_MAX = 64;
const AHEAD_MAX = 1000;
const PAST_MAX = 10_000;
/** Two of them, signed, go into one message (`watch.ts`). */
const MESSAGE_MAX = 7 * 1024;
const NAME_LENGTH = 8;
const NAMES_MAX = 512;

type Entry = readonly [pit: string, contributors: string, value: Value | null];

interface Line {
  /** In order of (k, by). */
  epochs: readonly Epoch[];
  /** The last that was told to hold. */
  told: Epoch | undefined;
  heardAt: number;
  /** Since when nothing is put in, at this peer as master. */
  emptySince: number | undefined;
}

const order = (a: Epoch, b: Epoch): number => a.k - b.k || compare(a.by, b.by);

export function createEpochs(deps: EpochsDeps): Epochs {
  const lines = new Map<ObjectId, Line>();
  const onStated = new Set<(pit: ObjectId, epoch: Epoch) => void>();
  const onChange = new Set<(pit: ObjectId, epoch: Epoch) => void>();
  let cancel: Unsubscribe | undefined;
  let mastered: PeerId | undefined;
  /** Others' statements were heard up to here. */
  let othersAt = -Infinity;
  let statedAt = -Infinity;
  let refreshedAt = -Infinity;
  let movedAt = -Infinity;
  let isQuietUntil = -Infinity;
  /** Mesh time may step back; the same number never says two things. */
  let last = { k: -Infinity, session: '' };

  const at = (pit: ObjectId, date: number): Epoch | undefined => lines.get(pit)?.epochs.findLast((each) => each.at <= date);

  /** Tells what holds by now, and comes back for what is to. */
  const settle = (): void => {
    cancel?.();
    cancel = undefined;
    const now = deps.now();
    let next = Infinity;
    for (const [pit, line] of lines) {
      const holding = at(pit, now);
      if (holding && (!line.told || order(line.told, holding) < 0)) {
        line.told = holding;
        for (const f of onChange) f(pit, holding);
      }
      for (const each of line.epochs) if (each.at > now && each.at < next) next = each.at;
    }
    if (next < Infinity) cancel = deps.timer.after(Math.max(1, next - deps.now()), settle);
  };

  const keep = (pit: ObjectId, epoch: Epoch): void => {
    const known = lines.get(pit);
    if (!known && lines.size >= PITS_MAX) return;
    const line = known ?? { epochs: [], told: undefined, heardAt: 0, emptySince: undefined };
    // It comes several times, and may be overtaken.
    if (line.epochs.some((each) => order(each, epoch) === 0) || (line.told && order(line.told, epoch) > 0)) return;
    const now = deps.now();
    lines.set(pit, line);
    line.heardAt = now;
    const all = [...line.epochs, epoch].sort(order);
    const old = all.findLastIndex((each) => each.at <= now - KEPT_MS);
    line.epochs = all.slice(Math.max(0, old, all.length - KEPT_MAX));
    for (const f of onStated) f(pit, epoch);
  };

  /** Who has just become master says nothing while the former may be believed elsewhere. */
  const isStating = (now: number): boolean => {
    const master = deps.master();
    if (mastered !== master && master === deps.self) isQuietUntil = now - othersAt < 2 * SILENCE_MS ? now + HANDOVER_MS : now;
    mastered = master;
    return master === deps.self && now >= isQuietUntil;
  };

  const count = (now: number, isRefresh: boolean): readonly Entry[] => {
    const date = now - deps.latency();
    return deps.pits().flatMap(({ id, combination }): Entry[] => {
      const line = lines.get(id);
      const last = line?.epochs.at(-1);
      const all = deps.contributionsAt(id, date);
      const value = combine(combination, all);
      const names = all.map(({ peer }) => peer.slice(0, NAME_LENGTH)).join('');
      if (!last && value === undefined) return [];
      const isMoved = !last || !isSameValue(last.value, value) || last.contributors.join('') !== names;
      if (isMoved) movedAt = now;
      if (line) line.emptySince = value === undefined ? (line.emptySince ?? now) : undefined;
      const isGone = line?.emptySince !== undefined && now - line.emptySince > EMPTY_MS;
      return isMoved || (isRefresh && !isGone) ? [[id, names, value ?? null]] : [];
    });
  };

  const state = (now: MeshTime, entries: readonly Entry[]): void => {
    const k = Math.floor(now / SLOT_MS);
    const session = deps.session?.() ?? '';
    if (last.session === session && k <= last.k) return;
    last = { k, session };
    const date = (now + deps.latency() + deps.spread() + DEVICE_MS) as MeshTime;
    for (const part of parted(entries)) {
      const payload = encodeAny([k, date, part]);
      if (payload.length > MESSAGE_MAX) continue;
      deps.broadcast('event', payload);
      for (const ms of COPIES_AFTER_MS) deps.timer.after(ms, () => deps.broadcast('fast', payload));
      for (const [pit, names, value] of part)
        keep(pit, { k, by: deps.self, at: date, contributors: namesOf(names), value: value ?? undefined });
    }
    statedAt = now;
  };

  return {
    turn() {
      const now = deps.now();
      if (isStating(now) && now - statedAt >= deps.period() - 1) {
        const isRefresh = now - refreshedAt >= REFRESH_MS;
        const entries = count(now, isRefresh);
        if (isRefresh) refreshedAt = now;
        if (entries.length > 0) state(now, entries);
      }
      settle();
    },
    receive(from, payload) {
      const said = decodeCount(payload);
      if (!said) return 'refused';
      const now = deps.now();
      // Who is master is seen a little earlier here and later there: not to be believed is no offence.
      if (from !== deps.master() || from === deps.self) return undefined;
      if (said.at > now + AHEAD_MAX || said.at < now - PAST_MAX || said.k * SLOT_MS > said.at) return undefined;
      othersAt = now;
      for (const [pit, names, value] of said.entries)
        keep(pit, { k: said.k, by: from, at: said.at as MeshTime, contributors: namesOf(names), value: value ?? undefined });
      settle();
    },
    at,
    ahead: (pit, date) => lines.get(pit)?.epochs.filter((each) => each.at > date) ?? [],
    isHeld(pit) {
      const line = lines.get(pit);
      const holding = at(pit, deps.now());
      if (!line || !holding) return false;
      return holding.by !== deps.master() || (holding.value !== undefined && deps.now() - line.heardAt > SILENCE_MS);
    },
    joined: () => void (refreshedAt = -Infinity),
    restart() {
      cancel?.();
      cancel = undefined;
      lines.clear();
      mastered = undefined;
      [othersAt, statedAt, refreshedAt, movedAt, isQuietUntil] = [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity];
    },
    rate: () => (deps.master() === deps.self && deps.now() - movedAt < REFRESH_MS ? 1000 / deps.period() : 0),
    onStated(f) {
      onStated.add(f);
      return () => onStated.delete(f);
    },
    onChange(f) {
      onChange.add(f);
      return () => onChange.delete(f);
    },
    close() {
      cancel?.();
      onStated.clear();
      onChange.clear();
    },
  };
}

/** Such as one message holds. */
function parted(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const parts: Entry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const length = encodeAny(entry).length;
    if (bytes + length > MESSAGE_MAX - 64 || parts.at(-1)!.length >= ENTRIES_MAX) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(entry);
    bytes += length;
  }
  return parts;
}

const namesOf = (names: string): readonly string[] =>
  Array.from({ length: names.length / NAME_LENGTH }, (_, i) => names.slice(i * NAME_LENGTH, (i + 1) * NAME_LENGTH));

export interface Count {
  readonly k: number;
  readonly at: number;
  readonly entries: readonly Entry[];
}

/** Two counts under one number say different things. */
export function differ(a: Count, b: Count): boolean {
  if (a.k !== b.k) return false;
  return a.entries.some(([pit, names, value]) =>
    b.entries.some(
      (other) => other[0] === pit && (a.at !== b.at || other[1] !== names || !isSameValue(other[2] ?? undefined, value ?? undefined)),
    ),
  );
}

/** undefined on garbage. */
export function decodeCount(payload: Uint8Array): Count | undefined {
  const input = decodeAny(payload);
  if (!Array.isArray(input) || input.length !== 3) return undefined;
  const [k, at, raw] = input as readonly unknown[];
  if (!Number.isSafeInteger(k) || typeof at !== 'number' || !Number.isFinite(at)) return undefined;
  if (!Array.isArray(raw) || raw.length > ENTRIES_MAX) return undefined;
  const entries = raw.map(toEntry);
  return entries.every((entry) => entry !== undefined) ? { k: k as number, at, entries } : undefined;
}

function toEntry(input: unknown): Entry | undefined {
  if (!Array.isArray(input) || input.length !== 3) return undefined;
  const [pit, names, raw] = input as readonly unknown[];
  if (typeof pit !== 'string' || pit.length === 0 || pit.length > 64) return undefined;
  if (typeof names !== 'string' || names.length % NAME_LENGTH !== 0 || names.length > NAME_LENGTH * NAMES_MAX) return undefined;
  const value = raw === null ? null : toValue(raw);
  return value === undefined ? undefined : [pit, names, value];
}
