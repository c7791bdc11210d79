import { utf8ToBytes } from '@noble/hashes/utils.js';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { compare, type PeerId } from '../base.ts';
import { isPeerId, sign, SIGNATURE_BYTES, verify, type Identity } from './identity.ts';
import { readProfile, writeProfile, type Profile } from './profile.ts';
import { decode } from './wire.ts';

/**
 * What a peer states of itself, for those who are not linked with it: who it is and to whom it is linked.
 *
 *   record = statement signature:byte{64}
 *   statement = version:varUint peerId:varString incarnation:varString seq:varUint profile flags:uint8 preference:uint8
 *               session:varString joinedAt:float64 count:varUint (peerId:varString delay:varUint flags:uint8){count}
 *   signed = "tutti record" LF tag LF statement
 *   flags = 1: visible (of a link: frozen), 2: ready
 *
 * Of two records of one peer the one of greater seq is the newer. A peer that comes back and meets its former life's record
 * goes on counting from there.
 */
export const RECORD_VERSION = 1;

export interface PeerLink {
  readonly peer: PeerId;
  /** ms, 99th percentile one way, whole; 0 before it is measured. */
  readonly delay: number;
  /** The other's page hangs. */
  readonly isFrozen: boolean;
}

export interface PeerRecord {
  readonly id: PeerId;
  readonly incarnation: string;
  readonly seq: number;
  readonly profile: Profile;
  readonly isVisible: boolean;
  /** Its clock is good enough to perform by. */
  readonly isReady: boolean;
  /** 0 to 255; higher is rather master. */
  readonly preference: number;
  /** Empty before the first. */
  readonly session: string;
  /** ms of mesh time. */
  readonly joinedAt: number;
  /** Whole ones, by id. */
  readonly links: readonly PeerLink[];
}

export interface SignedRecord {
  readonly record: PeerRecord;
  readonly bytes: Uint8Array;
}

export const LINKS_STATED_MAX = 64;
const TEXT_LENGTH_MAX = 32;
const DELAY_MAX_MS = 60_000;
const SEQ_MAX = 2 ** 40;

export function encodeRecord(record: PeerRecord, identity: Identity, tag: string): SignedRecord {
  const links = [...record.links].sort((a, b) => compare(a.peer, b.peer)).slice(0, LINKS_STATED_MAX);
  const stated = { ...record, links };
  const statement = encoding.encode((encoder) => write(encoder, stated));
  const bytes = new Uint8Array(statement.length + SIGNATURE_BYTES);
  bytes.set(statement);
  bytes.set(sign(identity, signedBytes(tag, statement)), statement.length);
  return { record: stated, bytes };
}

/** undefined when it is malformed or not signed by the peer it names. */
export function readRecord(bytes: Uint8Array, tag: string): SignedRecord | undefined {
  const record = peekRecord(bytes);
  return record === undefined ? undefined : proveRecord(bytes, record, tag);
}

/** Unproven: enough to see that it is nothing new. */
export const peekRecord = (bytes: Uint8Array): PeerRecord | undefined =>
  bytes.length <= SIGNATURE_BYTES ? undefined : decode(bytes.subarray(0, bytes.length - SIGNATURE_BYTES), read);

/** record: as `peekRecord` gave it of these bytes. undefined when it is not signed by the peer it names. */
export function proveRecord(bytes: Uint8Array, record: PeerRecord, tag: string): SignedRecord | undefined {
  const statement = bytes.subarray(0, bytes.length - SIGNATURE_BYTES);
  const isProven = verify(record.id, bytes.subarray(statement.length), signedBytes(tag, statement));
  return isProven ? { record, bytes: bytes.slice() } : undefined;
}

/** Total order of the records of one peer. */
export const isNewer = (a: PeerRecord, b: PeerRecord): boolean =>
  a.seq !== b.seq ? a.seq > b.seq : compare(a.incarnation, b.incarnation) > 0;

const signedBytes = (tag: string, statement: Uint8Array): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeUint8Array(encoder, utf8ToBytes(`tutti record\n${tag}\n`));
    encoding.writeUint8Array(encoder, statement);
  });

function write(encoder: encoding.Encoder, record: PeerRecord): void {
  encoding.writeVarUint(encoder, RECORD_VERSION);
  encoding.writeVarString(encoder, record.id);
  encoding.writeVarString(encoder, record.incarnation);
  encoding.writeVarUint(encoder, record.seq);
  writeProfile(encoder, record.profile);
  encoding.writeUint8(encoder, (record.isVisible ? 1 : 0) + (record.isReady ? 2 : 0));
  encoding.writeUint8(encoder, record.preference);
  encoding.writeVarString(encoder, record.session);
  encoding.writeFloat64(encoder, record.joinedAt);
  encoding.writeVarUint(encoder, record.links.length);
  for (const { peer, delay, isFrozen } of record.links) {
    encoding.writeVarString(encoder, peer);
    encoding.writeVarUint(encoder, Math.min(DELAY_MAX_MS, Math.max(0, Math.round(delay))));
    encoding.writeUint8(encoder, isFrozen ? 1 : 0);
  }
}

function read(decoder: decoding.Decoder): PeerRecord | undefined {
  if (decoding.readVarUint(decoder) !== RECORD_VERSION) return undefined;
  const id = decoding.readVarString(decoder);
  const incarnation = decoding.readVarString(decoder);
  const seq = decoding.readVarUint(decoder);
  const profile = readProfile(decoder);
  const flags = decoding.readUint8(decoder);
  const preference = decoding.readUint8(decoder);
  const session = decoding.readVarString(decoder);
  const joinedAt = decoding.readFloat64(decoder);
  const links = readLinks(decoder, decoding.readVarUint(decoder));
  const isSound = [incarnation, session].every(({ length }) => length <= TEXT_LENGTH_MAX) && seq <= SEQ_MAX && Number.isFinite(joinedAt);
  if (!isPeerId(id) || links === undefined || !isSound || flags > 3 || decoding.hasContent(decoder)) return undefined;
  if (links.some(({ peer }) => peer === id)) return undefined;
  return { id, incarnation, seq, profile, isVisible: (flags & 1) > 0, isReady: (flags & 2) > 0, preference, session, joinedAt, links };
}

/** In order and each once, so that there is one way to write a record. */
function readLinks(decoder: decoding.Decoder, count: number): PeerLink[] | undefined {
  if (count > LINKS_STATED_MAX) return undefined;
  const links: PeerLink[] = [];
  let last = '';
  for (let i = 0; i < count; i++) {
    const peer = decoding.readVarString(decoder);
    const delay = decoding.readVarUint(decoder);
    const flags = decoding.readUint8(decoder);
    if (!isPeerId(peer) || compare(last, peer) >= 0 || delay > DELAY_MAX_MS || flags > 1) return undefined;
    links.push({ peer, delay, isFrozen: flags === 1 });
    last = peer;
  }
  return links;
}
