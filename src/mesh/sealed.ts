import * as v from 'valibot';
import type { PeerId } from '../base.ts';
import type { Host } from './host.ts';
import { seal, unseal, type RoomKeys } from './room-code.ts';
import { parseJson } from './signal-decode.ts';
import type { ConnectionId } from './signal.ts';

/**
 * What peers say to each other through the server or through neighbours, before there is a link: sealed with the room's key.
 *
 *   text = attempt:decimal "." base64(sealed JSON of a PairSignal)
 *
 * The sender, the receiver and the attempt are bound in, so that the server can neither read, forge nor redirect, and
 * what belongs to an attempt given up is dropped [LK3].
 */
export type PairSignal =
  | Greeting
  /** In a large room, from who was greeted: so both know each other, whether or not they are to be linked. */
  | { readonly type: 'here'; readonly by: Greeting }
  /** The transport's own: offer, answer, candidates. by: who says it, so that neighbours can carry on where the server ends. */
  | { readonly type: 'signal'; readonly data: unknown; readonly by?: Greeting | undefined }
  /** From the answerer: this attempt is dead, make another. */
  | { readonly type: 'redial' };

/** "Here I am": from a newcomer to all present; back from who is linked already with this very page. `greeting.ts` proves it. */
export interface Greeting {
  readonly type: 'greet';
  readonly peer: string;
  readonly incarnation: string;
  /** base64url */
  readonly signature: string;
}

export interface Envelope {
  /** Connection ids where the server carries it, peer ids where neighbours do. */
  readonly from: ConnectionId | PeerId;
  readonly to: ConnectionId | PeerId;
  /** Greater than any that either side has seen before; 0 says: none yet. */
  readonly attempt: number;
}

/** Nobody gets there by trying: who says more would only spoil the counting. */
const ATTEMPT_MAX = 2 ** 40;

const GreetingSchema = v.object({ type: v.literal('greet'), peer: v.string(), incarnation: v.string(), signature: v.string() });
const Schema = v.variant('type', [
  GreetingSchema,
  v.object({ type: v.literal('here'), by: GreetingSchema }),
  v.object({ type: v.literal('signal'), data: v.unknown(), by: v.optional(GreetingSchema) }),
  v.object({ type: v.literal('redial') }),
]);

const contextOf = (tag: string, { from, to, attempt }: Envelope): string => `${tag} ${from} ${to} ${attempt}`;

export const sealSignal = (host: Host, keys: RoomKeys, envelope: Envelope, signal: PairSignal): string =>
  `${envelope.attempt}.${seal(keys.key, JSON.stringify(signal), { context: contextOf(keys.tag, envelope), random: host.random })}`;

/** undefined when it was not sealed by a member of the room for this pair and attempt. */
export function openSignal(
  keys: RoomKeys,
  pair: Pick<Envelope, 'from' | 'to'>,
  text: string,
): { readonly attempt: number; readonly signal: PairSignal } | undefined {
  const dot = text.indexOf('.');
  const attempt = Number(text.slice(0, Math.max(0, dot)));
  if (dot < 1 || !Number.isSafeInteger(attempt) || attempt < 0 || attempt > ATTEMPT_MAX) return undefined;
  const plain = unseal(keys.key, text.slice(dot + 1), contextOf(keys.tag, { ...pair, attempt }));
  const result = plain === undefined ? undefined : v.safeParse(Schema, parseJson(plain));
  return result?.success ? { attempt, signal: result.output as PairSignal } : undefined;
}
