import { bytesToHex } from '@noble/hashes/utils.js';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { PeerId } from '../base.ts';
import type { Random } from './host.ts';
import { isPeerId, sign, verify, type Identity } from './identity.ts';
import { readProfile, tidyProfile, writeProfile, type Profile } from './profile.ts';
import { decode } from './wire.ts';

/**
 * The first message on a link proves who speaks. The signature covers both DTLS fingerprints, so it is worth nothing on
 * any other connection: neither the server nor a peer in between can use it.
 *
 *   hello     = version:varUint profile peerId:varString incarnation:varString nonce:byte{16} signature:byte{64}
 *   signed    = "tutti hello" LF version LF tag LF role LF offerer's fingerprint LF answerer's LF peerId LF incarnation LF nonce in hex
 *
 * Version and profile stay first in every version to come, so that a stranger can be named [LK6].
 */
export const PROTOCOL_VERSION = 3;

export interface Hello {
  readonly id: PeerId;
  /** Differs for each life of a page: a reload is somebody new on the old peer id. */
  readonly incarnation: string;
  readonly profile: Profile;
}

/** Who speaks. version: other than ours only in tests. */
export interface Speaker {
  readonly identity: Identity;
  readonly id: PeerId;
  readonly incarnation: string;
  readonly profile: Profile;
  readonly version?: number;
}

/** What both ends know of the connection without being told. */
export interface Surroundings {
  readonly tag: string;
  /** Of the speaker, not of the reader. */
  readonly isInitiator: boolean;
  readonly fingerprints: { readonly offerer: string; readonly answerer: string };
}

export type HelloOutcome =
  | { readonly kind: 'verified'; readonly hello: Hello }
  | { readonly kind: 'incompatible'; readonly name: string }
  | { readonly kind: 'forged'; readonly name: string }
  | { readonly kind: 'garbage' };

const NONCE_BYTES = 16;
const SIGNATURE_BYTES = 64;
const INCARNATION_LENGTH_MAX = 32;

export function encodeHello(speaker: Speaker, around: Surroundings, random: Random): Uint8Array {
  const version = speaker.version ?? PROTOCOL_VERSION;
  const nonce = random.bytes(NONCE_BYTES);
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, version);
    writeProfile(encoder, tidyProfile(speaker.profile));
    encoding.writeVarString(encoder, speaker.id);
    encoding.writeVarString(encoder, speaker.incarnation);
    encoding.writeUint8Array(encoder, nonce);
    encoding.writeUint8Array(encoder, sign(speaker.identity, signedText(around, speaker, nonce)));
  });
}

/** Total: anything but a verified hello is one of the other kinds. */
export function readHello(bytes: Uint8Array, around: Surroundings): HelloOutcome {
  const stranger = decode(bytes, (decoder) => ({ version: decoding.readVarUint(decoder), profile: readProfile(decoder) }));
  if (stranger === undefined) return { kind: 'garbage' };
  if (stranger.version !== PROTOCOL_VERSION) return { kind: 'incompatible', name: stranger.profile.name };
  const said = decode(bytes, readBody);
  if (said === undefined || !isPeerId(said.id) || said.incarnation.length > INCARNATION_LENGTH_MAX) return { kind: 'garbage' };
  const hello: Hello = { id: said.id, incarnation: said.incarnation, profile: said.profile };
  const isProven = verify(said.id, said.signature, signedText(around, hello, said.nonce));
  return isProven ? { kind: 'verified', hello } : { kind: 'forged', name: said.profile.name };
}

function readBody(decoder: decoding.Decoder): Omit<Hello, 'id'> & { id: string; nonce: Uint8Array; signature: Uint8Array } {
  decoding.readVarUint(decoder);
  return {
    profile: readProfile(decoder),
    id: decoding.readVarString(decoder),
    incarnation: decoding.readVarString(decoder),
    nonce: decoding.readUint8Array(decoder, NONCE_BYTES),
    signature: decoding.readUint8Array(decoder, SIGNATURE_BYTES),
  };
}

function signedText(around: Surroundings, who: { readonly id: string; readonly incarnation: string }, nonce: Uint8Array): string {
  const role = around.isInitiator ? 'offerer' : 'answerer';
  const { offerer, answerer } = around.fingerprints;
  return ['tutti hello', PROTOCOL_VERSION, around.tag, role, offerer, answerer, who.id, who.incarnation, bytesToHex(nonce)].join('\n');
}
