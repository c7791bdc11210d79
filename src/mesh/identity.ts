import { ed25519 } from '@noble/curves/ed25519.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64UrlEncoded, toBase64UrlEncoded } from 'lib0/buffer';
import type { PeerId } from '../base.ts';
import { isSame } from './bytes.ts';
import type { Random } from './host.ts';

/** Who an installation is: an Ed25519 key that never leaves it. */
export interface Identity {
  /** 32 bytes */
  readonly secret: Uint8Array;
  /** Public half in base64url, 43 characters. */
  readonly id: string;
}

/** Ed25519 as RFC 8032 has it. */
export interface Scheme {
  sign(said: Uint8Array, secret: Uint8Array): Uint8Array;
  verify(signature: Uint8Array, said: Uint8Array, key: Uint8Array): boolean;
}

/** One implementation for all: others judge signatures that are made to be doubtful otherwise, and who hands on a forgery is cut. */
let scheme: Scheme = ed25519;

/** Only for a simulator, whose one process does the work of hundreds. */
export const useScheme = (other: Scheme): void => void (scheme = other);

export const SECRET_BYTES = 32;
export const SIGNATURE_BYTES = 64;
const INSTANCES_MAX = 1000;
const PEER_ID = /^([A-Za-z0-9_-]{43})(?:\.([1-9][0-9]{0,2}))?$/;

export const createIdentity = (random: Random): Identity => identityFrom(random.bytes(SECRET_BYTES));

/** secret: 32 bytes */
export const identityFrom = (secret: Uint8Array): Identity => ({
  secret,
  id: toBase64UrlEncoded(ed25519.getPublicKey(secret)).replaceAll('=', ''),
});

/** instance: 0 for the first tab of an installation. */
export const peerIdOf = (identity: Identity, instance: number): PeerId =>
  (instance > 0 && instance < INSTANCES_MAX ? `${identity.id}.${instance}` : identity.id) as PeerId;

export const isPeerId = (text: string): text is PeerId => PEER_ID.test(text);

export const sign = (identity: Identity, said: string | Uint8Array): Uint8Array => scheme.sign(bytesOf(said), identity.secret);

/** False on anything malformed too: `id` and `signature` come from outside [ID2]. */
export function verify(id: string, signature: Uint8Array, said: string | Uint8Array): boolean {
  const key = PEER_ID.exec(id)?.[1];
  if (key === undefined || signature.length !== SIGNATURE_BYTES) return false;
  const bytes = bytesOf(said);
  const name = toBase64UrlEncoded(signature);
  const proof = proven.get(name);
  if (proof !== undefined && proof.key === key && isSame(proof.bytes, bytes)) return true;
  const isProven = check(key, signature, bytes);
  if (isProven) remember(name, { key, bytes: bytes.slice() });
  return isProven;
}

/**
 * What was found true before, by signature, oldest first: a flooded record comes over several links, and a check takes a
 * millisecond.
 */
const proven = new Map<string, { readonly key: string; readonly bytes: Uint8Array }>();
const PROVEN_MAX = 2000;

function remember(name: string, proof: { readonly key: string; readonly bytes: Uint8Array }): void {
  const oldest = proven.keys().next();
  if (proven.size >= PROVEN_MAX && !oldest.done) proven.delete(oldest.value);
  proven.set(name, proof);
}

function check(key: string, signature: Uint8Array, bytes: Uint8Array): boolean {
  try {
    return scheme.verify(signature, bytes, fromBase64UrlEncoded(key));
  } catch {
    return false;
  }
}

const bytesOf = (said: string | Uint8Array): Uint8Array => (typeof said === 'string' ? utf8ToBytes(said) : said);
