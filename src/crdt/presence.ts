import type { PeerId, Unsubscribe } from '../base.ts';
import type { LocalTime } from '../base.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import type { Host } from '../mesh/host.ts';
import type { Flicks } from '../base.ts';
import type { ObjectId } from './score.ts';

/** What lives only as long as it is shown: cursors, selections, drags. Musical places, never pixels. */
export interface Presence {
  /** Where the pointer is; absent when it is elsewhere. */
  readonly cursor?: { readonly scenario: ObjectId; readonly at: Flicks; readonly lane: number };
  readonly selection?: readonly ObjectId[];
  readonly drag?: { readonly id: ObjectId; readonly at: Flicks; readonly lane: number; readonly duration?: Flicks };
}

export interface PresenceExchange {
  set(presence: Presence): void;
  others(): readonly { readonly peer: PeerId; readonly presence: Presence; readonly age: number }[];
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  left(peer: PeerId): void;
  onChange(f: () => void): Unsubscribe;
  close(): void;
}

/** 20 Hz is enough: who looks interpolates. */
const FLUSH_MS = 50;
/** Said again from time to time, for newcomers and lost packets. */
const REFRESH_MS = 2000;
const SELECTION_MAX = 100;

export function createPresenceExchange(host: Host, broadcast: (payload: Uint8Array) => void): PresenceExchange {
  const known = new Map<PeerId, { readonly presence: Presence; readonly heardAt: LocalTime }>();
  const listeners = new Set<() => void>();
  let own: Presence = {};
  let cancelFlush: Unsubscribe | undefined;
  const changed = (): void => listeners.forEach((f) => f());
  const flush = (): void => {
    cancelFlush = undefined;
    broadcast(encodeAny(own));
  };
  const stopRefresh = host.timer.every(REFRESH_MS, flush);
  return {
    set(presence) {
      own = { ...presence, ...(presence.selection && { selection: presence.selection.slice(0, SELECTION_MAX) }) };
      cancelFlush ??= host.timer.after(FLUSH_MS, flush);
    },
    others: () => [...known].map(([peer, { presence, heardAt }]) => ({ peer, presence, age: host.clock.now() - heardAt })),
    receive(from, payload) {
      const presence = toPresence(decodeAny(payload));
      if (!presence) return 'refused';
      known.set(from, { presence, heardAt: host.clock.now() });
      changed();
    },
    left(peer) {
      if (known.delete(peer)) changed();
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

function toPresence(input: unknown): Presence | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { cursor, selection, drag } = input as Record<string, unknown>;
  const place = toPlace(cursor, 'scenario');
  const held = toPlace(drag, 'id');
  const ids = Array.isArray(selection) && selection.length <= SELECTION_MAX ? selection.filter(isId) : undefined;
  return {
    ...(place && { cursor: { scenario: place.id, at: place.at, lane: place.lane } }),
    ...(ids && { selection: ids }),
    ...(held && { drag: held }),
  };
}

const isId = (input: unknown): input is ObjectId => typeof input === 'string' && input.length > 0 && input.length <= 64;

function toPlace(
  input: unknown,
  key: 'id' | 'scenario',
): { readonly id: ObjectId; readonly at: Flicks; readonly lane: number; readonly duration?: Flicks } | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { [key]: id, at, lane, duration } = input as Record<string, unknown>;
  if (!isId(id) || !isFiniteNumber(at) || !isFiniteNumber(lane)) return undefined;
  return { id, at: at as Flicks, lane, ...(isFiniteNumber(duration) && { duration: duration as Flicks }) };
}

const isFiniteNumber = (input: unknown): input is number => typeof input === 'number' && Number.isFinite(input);
