import { fromBase64UrlEncoded, toBase64UrlEncoded } from 'lib0/buffer';
import type { PeerId } from '../base.ts';
import { createBucket, createBuckets } from './bucket.ts';
import type { Speaker } from './hello.ts';
import type { Host } from './host.ts';
import { isPeerId, sign, verify } from './identity.ts';
import type { Envelope, Greeting } from './sealed.ts';

/**
 * Everybody in the room knows its key, and of everybody there the peer id and the incarnation. So a greeting is signed by
 * who it names, for this connection alone: links are kept, and bans lifted, at the word of nobody else [LK4].
 *
 *   signed = "tutti greet" LF tag LF from LF to LF peer LF incarnation
 */
export type Pair = Pick<Envelope, 'from' | 'to'>;

const INCARNATION_LENGTH_MAX = 32;
/** Greetings of one connection and of all together that are checked, for a millisecond or more each. */
const EACH = { perSecond: 1, burst: 8 };
const TOGETHER = { perSecond: 20, burst: 300 };
const GREETERS_MAX = 1024;
/** 64 bytes in base64url. */
const SIGNATURE = /^[A-Za-z0-9_-]{86}$/;

const signedText = (tag: string, { from, to }: Pair, who: { readonly peer: string; readonly incarnation: string }): string =>
  ['tutti greet', tag, from, to, who.peer, who.incarnation].join('\n');

export function createGreeting(tag: string, pair: Pair, { identity, id: peer, incarnation }: Speaker): Greeting {
  const signature = toBase64UrlEncoded(sign(identity, signedText(tag, pair, { peer, incarnation })));
  return { type: 'greet', peer, incarnation, signature };
}

/** undefined when it was not signed by who it names, for this pair. */
export function greeterOf(tag: string, pair: Pair, said: Greeting): PeerId | undefined {
  if (!isPeerId(said.peer) || said.incarnation.length > INCARNATION_LENGTH_MAX || !SIGNATURE.test(said.signature)) return undefined;
  return verify(said.peer, fromBase64UrlEncoded(said.signature), signedText(tag, pair, said)) ? said.peer : undefined;
}

/** As `greeterOf`, for so many as there is time for: an honest one greets once, and asks to be dialled if that was not heard. */
export function createGreeters(clock: Host['clock'], tag: string): (pair: Pair, said: Greeting) => PeerId | undefined {
  const each = createBuckets<Pair['from']>(EACH, GREETERS_MAX);
  const together = createBucket(TOGETHER);
  return (pair, said) => {
    const now = clock.now();
    return each.take(pair.from, now) && together.take(1, now) ? greeterOf(tag, pair, said) : undefined;
  };
}
