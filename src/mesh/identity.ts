import { ed25519 } from '@noble/curves/ed25519.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64UrlEncoded, toBase64UrlEncoded } from 'lib0/buffer';
import type { PeerId } from '../base.ts';
import type { Random } from './host.ts';

/** Who an installation is: an Ed25519 key that never leaves it. */
export interface Identity {
  /** 32 bytes */
  readonly secret: Uint8Array;
  /** Public half in base64url, 43 characters. */
  readonly id: string;
}

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

export const sign = (identity: Identity, text: string): Uint8Array => ed25519.sign(utf8ToBytes(text), identity.secret);

/** False on anything malformed too: `id` and `signature` come from outside [ID2]. */
export function verify(id: string, signature: Uint8Array, text: string): boolean {
  const key = PEER_ID.exec(id)?.[1];
  if (key === undefined || signature.length !== SIGNATURE_BYTES) return false;
  try {
    return ed25519.verify(signature, utf8ToBytes(text), fromBase64UrlEncoded(key));
  } catch {
    return false;
  }
}
