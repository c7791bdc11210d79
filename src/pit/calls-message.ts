import type { PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import { isPeerId } from '../mesh/identity.ts';
import { CALL_STATES, type CallState } from './calls-api.ts';
import type { LiveKind } from './calls-plan.ts';

/**
 * What a peer says of its live calls, over proven links, whenever it is another and every 5 s while a pit of live sound or
 * pictures is on. What it says holds whole: the newest replaces the one before.
 *
 *   payload = any [id, fingerprint, inputs, [[kind, from, state, latency, isMuted], ...], [pit, ...]]
 *
 * id: under which its page is called, empty: it has no calls; inputs: 1 sound + 2 pictures; the list: whom it hears or
 * sees, kind 0 sound · 1 pictures, state by its place in CALL_STATES, latency in ms or −1, isMuted 0 or 1;
 * pits: those of live sound and pictures that are on where it stands in the score.
 */
export interface Told {
  readonly id: string;
  readonly fingerprint: string;
  readonly inputs: ReadonlySet<LiveKind>;
  readonly ways: readonly ToldWay[];
  readonly on: ReadonlySet<ObjectId>;
}

export interface ToldWay {
  readonly kind: LiveKind;
  readonly from: PeerId;
  readonly state: CallState;
  readonly latencyMs: number | undefined;
  readonly isMuted: boolean;
}

export const LIVE_KINDS: readonly LiveKind[] = ['audio', 'video'];
export const WAYS_MAX = 128;
const PITS_MAX = 256;
const PIT_LENGTH_MAX = 256;
const LATENCY_MAX = 60_000;
const CALLER_ID = /^[A-Za-z0-9-]{16,64}$/;
const FINGERPRINT = /^sha-(256|384|512) ([0-9a-f]{2}:){31,63}[0-9a-f]{2}$/;

export const encodeTold = ({ id, fingerprint, inputs, ways, on }: Told): Uint8Array =>
  encodeAny([
    id,
    fingerprint,
    LIVE_KINDS.reduce((sum, kind, i) => sum + (inputs.has(kind) ? 1 << i : 0), 0),
    ways
      .slice(0, WAYS_MAX)
      .map(({ kind, from, state, latencyMs, isMuted }) => [
        LIVE_KINDS.indexOf(kind),
        from,
        CALL_STATES.indexOf(state),
        latencyMs === undefined ? -1 : Math.min(LATENCY_MAX, Math.round(latencyMs)),
        Number(isMuted),
      ]),
    [...on].slice(0, PITS_MAX),
  ]);

/** undefined where it is not well formed. */
export function decodeTold(payload: Uint8Array): Told | undefined {
  const input = decodeAny(payload);
  if (!Array.isArray(input) || input.length !== 5) return undefined;
  const [id, fingerprint, inputs, list, on] = input as readonly unknown[];
  if (typeof id !== 'string' || typeof fingerprint !== 'string') return undefined;
  if (id === '' ? fingerprint !== '' : !CALLER_ID.test(id) || !FINGERPRINT.test(fingerprint)) return undefined;
  if (!isWithin(inputs, 3) || !Array.isArray(list) || list.length > WAYS_MAX) return undefined;
  if (!Array.isArray(on) || on.length > PITS_MAX || !on.every(isPit)) return undefined;
  const ways = list.map(toWay);
  if (!ways.every((way) => way !== undefined)) return undefined;
  return { id, fingerprint, inputs: new Set(LIVE_KINDS.filter((_, i) => (inputs & (1 << i)) !== 0)), ways, on: new Set(on) };
}

const isPit = (input: unknown): input is ObjectId => typeof input === 'string' && input.length > 0 && input.length <= PIT_LENGTH_MAX;
const isWithin = (input: unknown, max: number): input is number =>
  Number.isInteger(input) && (input as number) >= 0 && (input as number) <= max;

function toWay(input: unknown): ToldWay | undefined {
  if (!Array.isArray(input) || input.length !== 5) return undefined;
  const [kind, from, state, latency, isMuted] = input as readonly unknown[];
  if (
    !isWithin(kind, 1) ||
    typeof from !== 'string' ||
    !isPeerId(from) ||
    !isWithin(state, CALL_STATES.length - 1) ||
    !isWithin(isMuted, 1)
  )
    return undefined;
  if (latency !== -1 && !isWithin(latency, LATENCY_MAX)) return undefined;
  return {
    kind: LIVE_KINDS[kind]!,
    from,
    state: CALL_STATES[state]!,
    latencyMs: latency === -1 ? undefined : latency,
    isMuted: isMuted === 1,
  };
}
